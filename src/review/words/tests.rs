//! Every word is known, in any dress, and means one thing.

use super::*;
use crate::domain::{ActionStatus, Verdict};

#[test]
fn words_are_found_in_any_dress_and_unknown_ones_are_not() {
    assert_eq!(find(VERDICTS, " ACCEPTED "), Some(Verdict::Accept));
    assert_eq!(find(VERDICTS, "Zurückgestellt"), Some(Verdict::Defer));
    assert_eq!(find(VERDICTS, "rejete\u{301}"), Some(Verdict::Reject));
    for (word, verdict) in [
        ("annehmen", Verdict::Accept),
        ("Accepter", Verdict::Accept),
        ("aceptar", Verdict::Accept),
        ("ACCETTARE", Verdict::Accept),
        ("aceitar", Verdict::Accept),
        ("accepteren", Verdict::Accept),
        ("ablehnen", Verdict::Reject),
        ("rejeter", Verdict::Reject),
        ("rechazar", Verdict::Reject),
        ("rifiutare", Verdict::Reject),
        ("rejeitar", Verdict::Reject),
        ("afwijzen", Verdict::Reject),
        ("zurückstellen", Verdict::Defer),
        ("différer", Verdict::Defer),
        ("aplazar", Verdict::Defer),
        ("rinviare", Verdict::Defer),
        ("adiar", Verdict::Defer),
        ("uitstellen", Verdict::Defer),
    ] {
        assert_eq!(find(VERDICTS, word), Some(verdict), "{word}");
    }
    assert_eq!(find(VERDICTS, "maybe"), None);
    assert_eq!(find(VERDICTS, ""), None);
    assert_eq!(
        find(STATUSES, "Partially-Implemented"),
        Some(ImplementationStatus::PartiallyImplemented)
    );
    assert_eq!(find(EXCLUSIONS, "not our role"), Some(ExclusionReason::NotOurRole));
    assert_eq!(find(APPLICABILITY, "N/A"), Some(Applicability::NotApplicable));
}

#[test]
fn no_word_means_two_things_and_ours_are_those_of_the_exports() {
    fn hold<T: Copy + PartialEq + std::fmt::Debug>(words: &Words<T>, own: fn(T) -> &'static str) {
        for (value, forms) in words {
            assert_eq!(forms[0], own(*value));
            for form in *forms {
                assert_eq!(find(words, form), Some(*value), "{form}");
                assert_eq!(normal(form), form.replace('-', " "), "in its normal form");
            }
        }
    }
    hold(VERDICTS, Verdict::as_str);
    hold(APPLICABILITY, Applicability::as_str);
    hold(STATUSES, ImplementationStatus::as_str);
    hold(PROVIDERS, ProvidedBy::as_str);
    hold(CONCLUSIONS, Conclusion::as_str);
    hold(OVERRIDES, Coverage::as_str);
    hold(KINDS, EvidenceKind::as_str);
    hold(INCLUSIONS, InclusionReason::as_str);
    hold(EXCLUSIONS, ExclusionReason::as_str);
    hold(ACTION_STATUSES, ActionStatus::as_str);
}

/// What a report in German or French shows may come back in a file.
#[test]
fn the_words_that_reports_show_are_read_as_what_they_mean() {
    use crate::{domain::Language, words::Words as Shown};
    fn hold<T: Copy + PartialEq + std::fmt::Debug>(words: &Words<T>, own: fn(T) -> &'static str) {
        for language in [Language::De, Language::Fr] {
            for (value, _) in words {
                let shown = Shown::of(language).word(own(*value));
                assert_ne!(shown, "", "{language}");
                assert_eq!(find(words, shown), Some(*value), "{language}: {shown}");
            }
        }
    }
    // Of a decision, reports show what was decided.
    hold(VERDICTS, |verdict| match verdict {
        Verdict::Accept => "accepted",
        Verdict::Reject => "rejected",
        Verdict::Defer => "deferred",
    });
    hold(APPLICABILITY, Applicability::as_str);
    hold(STATUSES, ImplementationStatus::as_str);
    hold(PROVIDERS, ProvidedBy::as_str);
    hold(CONCLUSIONS, Conclusion::as_str);
    hold(OVERRIDES, Coverage::as_str);
    hold(KINDS, EvidenceKind::as_str);
    hold(INCLUSIONS, InclusionReason::as_str);
    hold(EXCLUSIONS, ExclusionReason::as_str);
    hold(ACTION_STATUSES, ActionStatus::as_str);
}

/// Reports say so where nobody decided anything.
#[test]
fn a_word_for_undecided_is_no_decision_to_defer() {
    for word in ["offen", "en attente", "pendiente", "pendente", "in sospeso", "open", "OFFEN"] {
        assert_eq!(find(VERDICTS, word), None, "{word}");
    }
    for word in ["nicht entschieden", "non tranchée", "undecided"] {
        assert_eq!(find(VERDICTS, word), None, "{word}");
    }
}
