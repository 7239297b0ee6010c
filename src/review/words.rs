//! The words that people use, in the languages that reviewers work in.

mod actions;
mod verdicts;

use crate::domain::{
    Applicability, Conclusion, Coverage, EvidenceKind, ExclusionReason, ImplementationStatus,
    InclusionReason, ProvidedBy,
};

pub(super) use actions::ACTION_STATUSES;
pub(super) use verdicts::VERDICTS;

/// A value and the words for it; the first one is ours.
type Words<T> = [(T, &'static [&'static str])];

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
            "zutreffend",
            "sì",
            "van toepassing",
            "toepasselijk",
            "aplicável",
            "sim",
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
            "entfällt",
            "n.a",
            "no aplica",
            "niet van toepassing",
            "nvt",
            "n.v.t",
            "nee",
            "exclu",
            "excluido",
            "escluso",
            "ausgeschlossen",
            "não aplicável",
            "não",
            "não se aplica",
            "excluído",
            "exclue",
            "excluida",
            "uitgesloten",
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
            "implementiert",
            "vollständig",
            "en place",
            "mis en oeuvre",
            "implantado",
            "implementato",
            "attuato",
            "geïmplementeerd",
            "implantada",
            "implementada",
            "mise en œuvre",
            "mise en oeuvre",
            "attuata",
            "totalmente implementado",
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
            "teilweise implementiert",
            "partiellement",
            "partiellement mis en oeuvre",
            "parcialmente",
            "parzialmente",
            "parzialmente implementato",
            "gedeeltelijk",
            "gedeeltelijk geïmplementeerd",
            "deels geïmplementeerd",
            "partiellement mise en œuvre",
            "partiellement mise en oeuvre",
            "parcialmente implantado",
            "parzialmente attuato",
            "parcial",
        ],
    ),
    (
        ImplementationStatus::Planned,
        &[
            "planned",
            "geplant",
            "prévu",
            "planifié",
            "planificado",
            "in planung",
            "pianificato",
            "previsto",
            "gepland",
            "planeado",
            "planejado",
            "prevista",
            "prévue",
            "planifiée",
        ],
    ),
    (
        ImplementationStatus::NotImplemented,
        &[
            "not implemented",
            "nicht umgesetzt",
            "non mis en œuvre",
            "no implementado",
            "nicht implementiert",
            "non mis en oeuvre",
            "no implantado",
            "non implementato",
            "non attuato",
            "niet geïmplementeerd",
            "não implementado",
            "non mise en œuvre",
            "non mise en oeuvre",
        ],
    ),
];

pub(super) const PROVIDERS: &Words<ProvidedBy> = &[
    (
        ProvidedBy::Own,
        &[
            "own",
            "self",
            "ourselves",
            "nous-mêmes",
            "eigen",
            "selbst",
            "propre",
            "propio",
            "interne",
            "interno",
            "zelf",
            "eigenes",
            "próprio",
            "proprio",
        ],
    ),
    (
        ProvidedBy::Shared,
        &[
            "shared",
            "geteilt",
            "gemeinsam",
            "partagé",
            "compartido",
            "partagée",
            "compartida",
            "condiviso",
            "condivisa",
            "gedeeld",
            "partilhado",
            "compartilhado",
        ],
    ),
    (
        ProvidedBy::Inherited,
        &[
            "inherited",
            "geerbt",
            "übernommen",
            "hérité",
            "heredado",
            "héritée",
            "heredada",
            "ereditato",
            "ereditata",
            "overgenomen",
            "geërfd",
            "herdado",
            "herdada",
        ],
    ),
];

pub(super) const CONCLUSIONS: &Words<Conclusion> = &[
    (
        Conclusion::EvidenceSufficient,
        &[
            "evidence sufficient",
            "sufficient",
            "ausreichend",
            "nachweis ausreichend",
            "nachweise ausreichend",
            "suffisant",
            "suficiente",
            "preuve suffisante",
            "preuves suffisantes",
            "evidencia suficiente",
            "sufficiente",
            "evidenza sufficiente",
            "voldoende",
            "bewijs voldoende",
            "evidência suficiente",
            "evidências suficientes",
            "evidencias suficientes",
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
            "nachweis nicht ausreichend",
            "nachweise unzureichend",
            "nachweise nicht ausreichend",
            "preuve insuffisante",
            "preuves insuffisantes",
            "evidencia insuficiente",
            "insufficiente",
            "evidenza insufficiente",
            "onvoldoende",
            "bewijs onvoldoende",
            "insuficientes",
            "evidência insuficiente",
            "evidencias insuficientes",
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
            "gesucht nichts gefunden",
            "cherché, rien trouvé",
            "buscado, nada encontrado",
            "no se encontró nada",
            "niente trovato",
            "cercato, niente trovato",
            "niets gevonden",
            "gezocht, niets gevonden",
            "nada foi encontrado",
            "procurado, nada encontrado",
            "nulla trovato",
        ],
    ),
];

pub(super) const OVERRIDES: &Words<Coverage> = &[
    (
        Coverage::Full,
        &["full", "voll", "vollständig", "complet", "completo", "complète", "completa", "volledig"],
    ),
    (
        Coverage::Partial,
        &["partial", "teilweise", "partiel", "parcial", "partielle", "parziale", "gedeeltelijk"],
    ),
    (
        Coverage::None,
        &[
            "none", "keine", "aucune", "ninguna", "kein", "aucun", "ninguno", "nessuna", "nessuno",
            "geen", "nenhuma", "nenhum",
        ],
    ),
];

pub(super) const KINDS: &Words<EvidenceKind> = &[
    (
        EvidenceKind::Design,
        &[
            "design",
            "konzept",
            "festlegung",
            "définition",
            "gestaltung",
            "vorgabe",
            "conception",
            "diseño",
            "progettazione",
            "ontwerp",
            "opzet",
            "conceção",
            "concepção",
            "projeto",
        ],
    ),
    (
        EvidenceKind::Operation,
        &[
            "operation",
            "operational",
            "operating",
            "betrieb",
            "durchführung",
            "wirksamkeit",
            "umsetzung",
            "fonctionnement",
            "pratique",
            "opération",
            "operación",
            "operatività",
            "funzionamento",
            "werking",
            "operação",
            "operazione",
            "esercizio",
        ],
    ),
];

pub(super) const INCLUSIONS: &Words<InclusionReason> = &[
    (
        InclusionReason::Risk,
        &[
            "risk", "risks", "risiko", "risiken", "risque", "risques", "riesgo", "riesgos",
            "rischio", "rischi", "risco", "riscos", "risico", "risico's",
        ],
    ),
    (
        InclusionReason::Legal,
        &[
            "legal",
            "law",
            "gesetzlich",
            "gesetz",
            "rechtlich",
            "légal",
            "loi",
            "ley",
            "legge",
            "legale",
            "wettelijk",
            "légale",
            "lei",
            "wet",
        ],
    ),
    (
        InclusionReason::Contractual,
        &[
            "contractual",
            "contract",
            "vertraglich",
            "vertrag",
            "contractuel",
            "contrat",
            "contrato",
            "contrattuale",
            "contratto",
            "contractueel",
            "contractuelle",
            "contratual",
        ],
    ),
    (
        InclusionReason::Business,
        &[
            "business",
            "geschäftlich",
            "geschäft",
            "métier",
            "negocio",
            "attività",
            "negócio",
            "zakelijk",
        ],
    ),
    (
        InclusionReason::Baseline,
        &[
            "baseline",
            "basis",
            "grundschutz",
            "socle",
            "línea base",
            "base",
            "linha de base",
            "basislijn",
        ],
    ),
];

pub(super) const EXCLUSIONS: &Words<ExclusionReason> = &[
    (
        ExclusionReason::NoRisk,
        &[
            "no-risk",
            "kein risiko",
            "pas de risque",
            "aucun risque",
            "sin riesgo",
            "nessun rischio",
            "sem risco",
            "geen risico",
        ],
    ),
    (
        ExclusionReason::NoActivity,
        &[
            "no-activity",
            "keine tätigkeit",
            "pas d'activité",
            "pas d’activité",
            "aucune activité",
            "sin actividad",
            "nessuna attività",
            "sem atividade",
            "geen activiteit",
        ],
    ),
    (
        ExclusionReason::NotOurRole,
        &[
            "not-our-role",
            "nicht unsere rolle",
            "pas notre rôle",
            "no es nuestro rol",
            "non è il nostro ruolo",
            "não é a nossa função",
            "niet onze rol",
        ],
    ),
    (
        ExclusionReason::NotRequiredExternally,
        &[
            "not-required-externally",
            "nicht extern gefordert",
            "pas exigé",
            "extern nicht verlangt",
            "non exigé par des tiers",
            "no exigido",
            "non richiesto",
            "não exigido",
            "niet vereist",
        ],
    ),
];

/// Looks a cell up, whatever its letter case, hyphens, blanks and final stop.
pub(super) fn find<T: Copy>(words: &Words<T>, cell: &str) -> Option<T> {
    let cell = normal(cell);
    // Words are written in their normal form but for hyphens; a test holds it.
    let is = |form: &str| form == cell || (form.contains('-') && normal(form) == cell);
    words.iter().find(|(_, forms)| forms.iter().any(|f| is(f))).map(|(value, _)| *value)
}

/// Our own words, in order.
pub(super) fn own<T>(words: &Words<T>) -> Vec<String> {
    words.iter().map(|(_, forms)| forms[0].to_owned()).collect()
}

/// Our own words, for a remedy.
pub(super) fn list<T>(words: &Words<T>) -> String {
    own(words).join(", ")
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
mod tests;
