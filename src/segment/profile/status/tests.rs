//! Every word of a status leads to a state.

use super::*;
use crate::extract::{PENDING, STATUS_WORDS};

/// The texts that a pattern of words, groups, `?` and classes of letters matches.
fn texts(pattern: &str) -> Vec<String> {
    let pattern = pattern.replace(r"\s+", " ").replace("[oa]", "(?:o|a)");
    let mut rest = pattern.chars().peekable();
    let all = alternatives(&mut rest);
    assert_eq!(rest.next(), None, "{pattern}");
    all
}

fn alternatives(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Vec<String> {
    let (mut all, mut own) = (Vec::new(), vec![String::new()]);
    while let Some(c) = rest.next_if(|c| *c != ')') {
        if c == '|' {
            all.append(&mut own);
            own.push(String::new());
            continue;
        }
        let mut next = if c == '(' {
            assert_eq!((rest.next(), rest.next()), (Some('?'), Some(':')));
            let inner = alternatives(rest);
            assert_eq!(rest.next(), Some(')'));
            inner
        } else {
            vec![c.to_string()]
        };
        if rest.next_if_eq(&'?').is_some() {
            next.push(String::new());
        }
        own = own.iter().flat_map(|o| next.iter().map(move |n| format!("{o}{n}"))).collect();
    }
    all.append(&mut own);
    all
}

#[test]
fn every_status_that_is_read_leads_to_a_state_and_none_unapproved_to_approved() {
    let approves = text::pattern(
        r"(?:approved|freigegeben|(?:approuv|valid)ée?|aprobad[oa]|vigente|approvat[oa]|aprovad[oa]|goedgekeurd)$",
    );
    for (language, words) in STATUS_WORDS.all() {
        for word in texts(words) {
            let state = STATED_WORDS.iter().find(|(words, _)| words.is_match(&word));
            let Some((_, state)) = state else { panic!("{language}: {word}: no state") };
            let denied = ["not ", "un", "nicht ", "non ", "no ", "não ", "niet "];
            let open = word.contains("validation") || word.contains("aprova\u{e7}");
            if open || (approves.is_match(&word) && denied.iter().any(|no| word.contains(no))) {
                assert_ne!(*state, DocumentStatus::Approved, "{language}: {word}");
            }
        }
    }
    let state = |word: &str| {
        STATED_WORDS.iter().find(|(words, _)| words.is_match(word)).map(|(_, state)| *state)
    };
    for word in ["non validé", "en cours de validation", "in approvazione", "em aprovação"] {
        assert_eq!(state(word), Some(DocumentStatus::Unapproved), "{word}");
    }
    assert_eq!(state("en rédaction"), Some(DocumentStatus::Draft));
    assert_eq!(state("validée"), Some(DocumentStatus::Approved));
}

#[test]
fn an_approval_that_is_still_to_come_names_nobody() {
    for (language, words) in PENDING.all() {
        for word in texts(words) {
            assert!(is_blank(&word), "{language}: {word}");
        }
    }
}
