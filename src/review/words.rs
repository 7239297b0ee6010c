//! The words that people use, in the languages that reviewers work in.

use crate::domain::{
    ActionStatus, Applicability, Conclusion, Coverage, EvidenceKind, ExclusionReason, ImplementationStatus,
    InclusionReason, ProvidedBy, Verdict,
};

/// A value and the words for it; the first one is ours.
type Words<T> = [(T, &'static [&'static str])];

pub(super) const VERDICTS: &Words<Verdict> = &[
    (
        Verdict::Accept,
        &[
            "accept",
            "accepted",
            "yes",
            "y",
            "x",
            "ok",
            "true",
            "approve",
            "approved",
            "akzeptiert",
            "akzeptieren",
            "angenommen",
            "annehmen",
            "ja",
            "j",
            "oui",
            "o",
            "accepter",
            "accepté",
            "acceptée",
            "accepte",
            "sí",
            "si",
            "s",
            "aceptar",
            "aceptado",
            "aceptada",
            "sì",
            "accetta",
            "accettato",
            "tak",
            "geaccepteerd",
        ],
    ),
    (
        Verdict::Reject,
        &[
            "reject",
            "rejected",
            "no",
            "n",
            "false",
            "abgelehnt",
            "ablehnen",
            "nein",
            "non",
            "rejeter",
            "rejeté",
            "rejetée",
            "rejete",
            "refusé",
            "rechazar",
            "rechazado",
            "rechazada",
            "rifiuta",
            "rifiutato",
            "nie",
            "nee",
            "afgewezen",
        ],
    ),
    (
        Verdict::Defer,
        &[
            "defer",
            "deferred",
            "later",
            "zurückgestellt",
            "zurückstellen",
            "zurueckgestellt",
            "später",
            "spaeter",
            "offen",
            "différer",
            "différé",
            "reporté",
            "plus tard",
            "aplazar",
            "aplazado",
            "más tarde",
            "rinvia",
            "rinviato",
        ],
    ),
];

pub(super) const APPLICABILITY: &Words<Applicability> = &[
    (
        Applicability::Applicable,
        &[
            "applicable",
            "yes",
            "y",
            "anwendbar",
            "ja",
            "oui",
            "aplicable",
            "sí",
            "si",
            "applicabile",
        ],
    ),
    (
        Applicability::NotApplicable,
        &[
            "not applicable",
            "n/a",
            "na",
            "no",
            "n",
            "excluded",
            "nicht anwendbar",
            "nein",
            "nicht zutreffend",
            "non applicable",
            "non",
            "no aplicable",
            "non applicabile",
        ],
    ),
];

pub(super) const STATUSES: &Words<ImplementationStatus> = &[
    (
        ImplementationStatus::Implemented,
        &[
            "implemented",
            "fully implemented",
            "umgesetzt",
            "vollständig umgesetzt",
            "mis en œuvre",
            "implementado",
        ],
    ),
    (
        ImplementationStatus::PartiallyImplemented,
        &[
            "partially implemented",
            "partial",
            "partially",
            "partly implemented",
            "teilweise umgesetzt",
            "teilweise",
            "partiellement mis en œuvre",
            "parcialmente implementado",
        ],
    ),
    (ImplementationStatus::Planned, &["planned", "geplant", "prévu", "planifié", "planificado"]),
    (
        ImplementationStatus::NotImplemented,
        &["not implemented", "nicht umgesetzt", "non mis en œuvre", "no implementado"],
    ),
];

pub(super) const PROVIDERS: &Words<ProvidedBy> = &[
    (ProvidedBy::Own, &["own", "self", "ourselves", "eigen", "selbst", "propre", "propio"]),
    (ProvidedBy::Shared, &["shared", "geteilt", "gemeinsam", "partagé", "compartido"]),
    (ProvidedBy::Inherited, &["inherited", "geerbt", "übernommen", "hérité", "heredado"]),
];

pub(super) const CONCLUSIONS: &Words<Conclusion> = &[
    (
        Conclusion::EvidenceSufficient,
        &[
            "evidence sufficient",
            "sufficient",
            "ausreichend",
            "nachweis ausreichend",
            "suffisant",
            "suficiente",
        ],
    ),
    (
        Conclusion::EvidenceInsufficient,
        &[
            "evidence insufficient",
            "insufficient",
            "not sufficient",
            "evidence not sufficient",
            "nicht ausreichend",
            "unzureichend",
            "insuffisant",
            "insuficiente",
        ],
    ),
    (
        Conclusion::NothingFound,
        &[
            "looked, nothing found",
            "looked nothing found",
            "nothing found",
            "none found",
            "no evidence found",
            "nichts gefunden",
            "gesucht, nichts gefunden",
            "rien trouvé",
            "nada encontrado",
        ],
    ),
];

pub(super) const OVERRIDES: &Words<Coverage> = &[
    (Coverage::Full, &["full", "voll", "vollständig", "complet", "completo"]),
    (Coverage::Partial, &["partial", "teilweise", "partiel", "parcial"]),
    (Coverage::None, &["none", "keine", "aucune", "ninguna"]),
];

pub(super) const KINDS: &Words<EvidenceKind> = &[
    (EvidenceKind::Design, &["design"]),
    (EvidenceKind::Operation, &["operation", "operational", "operating"]),
];

pub(super) const INCLUSIONS: &Words<InclusionReason> = &[
    (InclusionReason::Risk, &["risk", "risks", "risiko"]),
    (InclusionReason::Legal, &["legal", "law", "gesetzlich"]),
    (InclusionReason::Contractual, &["contractual", "contract", "vertraglich"]),
    (InclusionReason::Business, &["business", "geschäftlich"]),
    (InclusionReason::Baseline, &["baseline", "basis"]),
];

pub(super) const EXCLUSIONS: &Words<ExclusionReason> = &[
    (ExclusionReason::NoRisk, &["no-risk"]),
    (ExclusionReason::NoActivity, &["no-activity"]),
    (ExclusionReason::NotOurRole, &["not-our-role"]),
    (ExclusionReason::NotRequiredExternally, &["not-required-externally"]),
];

/// Whether an action is done.
pub(super) const ACTION_STATUSES: &Words<ActionStatus> = &[
    (ActionStatus::Open, &["open", "todo", "to do", "offen", "ouvert", "à faire", "abierto", "aperto"]),
    (
        ActionStatus::InProgress,
        &[
            "in progress",
            "ongoing",
            "started",
            "in arbeit",
            "in bearbeitung",
            "laufend",
            "en cours",
            "en curso",
            "in corso",
        ],
    ),
    (
        ActionStatus::Done,
        &[
            "done",
            "closed",
            "completed",
            "erledigt",
            "abgeschlossen",
            "fait",
            "terminé",
            "hecho",
            "fatto",
        ],
    ),
    (
        ActionStatus::Dropped,
        &["dropped", "cancelled", "canceled", "verworfen", "entfällt", "abandonné", "cancelado"],
    ),
];

/// Looks a cell up, whatever its letter case, hyphens, blanks and final stop.
pub(super) fn find<T: Copy>(words: &Words<T>, cell: &str) -> Option<T> {
    let cell = normal(cell);
    words.iter().find(|(_, forms)| forms.iter().any(|f| normal(f) == cell)).map(|(value, _)| *value)
}

/// Our own words, for a remedy.
pub(super) fn list<T>(words: &Words<T>) -> String {
    words.iter().map(|(_, forms)| forms[0]).collect::<Vec<_>>().join(", ")
}

/// All words, for a remedy where people use their own language.
pub(super) fn list_all<T>(words: &Words<T>) -> String {
    let groups: Vec<String> = words
        .iter()
        .map(|(_, forms)| match forms {
            [ours, others @ ..] if !others.is_empty() => {
                format!("{ours} (also {})", others.join(", "))
            }
            forms => forms.join(", "),
        })
        .collect();
    groups.join("; ")
}

/// A value by the word that stands for it in JSON and CSV.
pub(super) fn word<T: serde::de::DeserializeOwned>(cell: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(cell.trim().to_lowercase())).ok()
}

fn normal(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let composed: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let plain = composed.replace(['-', '_'], " ");
    crate::domain::squash_whitespace(plain.trim_end_matches(['.', '!']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_dress_and_unknown_ones_are_not() {
        assert_eq!(find(VERDICTS, " ACCEPTED "), Some(Verdict::Accept));
        assert_eq!(find(VERDICTS, "Zurückgestellt"), Some(Verdict::Defer));
        assert_eq!(find(VERDICTS, "rejete\u{301}"), Some(Verdict::Reject));
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
        fn hold<T: Copy + PartialEq + std::fmt::Debug>(
            words: &Words<T>,
            own: fn(T) -> &'static str,
        ) {
            for (value, forms) in words {
                assert_eq!(forms[0], own(*value));
                for form in *forms {
                    assert_eq!(find(words, form), Some(*value), "{form}");
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
}
