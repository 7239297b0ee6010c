//! Headers and words of Statements of Applicability, in English and German.

use super::super::{
    fields::{Field, field, many, norm},
    words,
};
use crate::domain::{Applicability, ImplementationStatus};

const fn shaped(
    name: &'static str,
    headers: &'static [&'static str],
    fits: fn(&str) -> bool,
    by_content: bool,
) -> Field {
    Field { name, headers, fits: Some(fits), by_content, many: false }
}

/// What a column of a SoA may mean. Of two that a header fits equally well the earlier one is taken.
pub(super) const FIELDS: &[Field] = &[
    field(
        "id",
        &[
            "id",
            "no",
            "nr",
            "ref",
            "reference",
            "control id",
            "control no",
            "control number",
            "clause",
            "annex a",
            "control ref",
            "referenz",
            "nummer",
            "maßnahme nr",
            "massnahme nr",
            "ziffer",
            "anhang a",
            "control nr",
            "kontrolle nr",
            "section",
            "abschnitt",
        ],
    ),
    field(
        "title",
        &[
            "title",
            "control",
            "control title",
            "control name",
            "titel",
            "bezeichnung",
            "name",
            "maßnahme",
            "massnahme",
            "kontrolle",
            "description",
            "beschreibung",
            "control objective",
            "maßnahmentitel",
            "überschrift",
        ],
    ),
    shaped(
        "excluded",
        &[
            "excluded",
            "exclusion",
            "not applicable",
            "not relevant",
            "nicht anwendbar",
            "ausgeschlossen",
            "ausschluss",
            "nicht relevant",
        ],
        |cell| flag(cell).is_some(),
        false,
    ),
    shaped(
        "applicable",
        &[
            "applicable",
            "applicability",
            "applies",
            "applicable y n",
            "applicable yes no",
            "in scope",
            "included",
            "inclusion",
            "selected",
            "relevant",
            "anwendbar",
            "anwendbarkeit",
            "anwendung",
            "relevanz",
            "ausgewählt",
            "zutreffend",
            "eingeschlossen",
            "anwendbar ja nein",
        ],
        |cell| applicability(cell).is_some(),
        true,
    ),
    shaped(
        "legal",
        &[
            "lr",
            "legal",
            "legal requirement",
            "legal requirements",
            "law",
            "gesetz",
            "gesetzlich",
            "gesetzliche anforderung",
            "rechtlich",
            "reasons lr",
        ],
        |cell| flag(cell).is_some(),
        false,
    ),
    shaped(
        "contractual",
        &[
            "co",
            "contractual",
            "contractual obligation",
            "contractual obligations",
            "contract",
            "vertrag",
            "vertraglich",
            "vertragliche anforderung",
        ],
        |cell| flag(cell).is_some(),
        false,
    ),
    shaped(
        "business",
        &[
            "br",
            "bp",
            "br bp",
            "business",
            "business requirement",
            "business requirements",
            "best practice",
            "geschäftlich",
            "geschäftsanforderung",
            "best practices",
        ],
        |cell| flag(cell).is_some(),
        false,
    ),
    shaped(
        "risk",
        &[
            "rra",
            "ra",
            "risk",
            "risk assessment",
            "results of risk assessment",
            "risiko",
            "risikobeurteilung",
            "risikoanalyse",
            "risk treatment",
            "risikobehandlung",
        ],
        |cell| flag(cell).is_some(),
        false,
    ),
    field(
        "risk_ids",
        &[
            "risk id",
            "risk ids",
            "risks",
            "linked risks",
            "related risks",
            "risk ref",
            "risk reference",
            "risiken",
            "risiko id",
            "risiko ids",
            "verknüpfte risiken",
            "zugehörige risiken",
            "risiko nr",
        ],
    ),
    field(
        "exclusion_justification",
        &[
            "justification for exclusion",
            "justification exclusion",
            "reason for exclusion",
            "exclusion justification",
            "justification of exclusion",
            "begründung ausschluss",
            "begründung für ausschluss",
            "begründung des ausschlusses",
            "begründung für den ausschluss",
            "ausschlussgrund",
            "begründung nichtanwendbarkeit",
            "begründung der nichtanwendbarkeit",
        ],
    ),
    field(
        "justification",
        &[
            "justification",
            "justification for inclusion",
            "reason for inclusion",
            "rationale",
            "reason",
            "reasons",
            "reason for selection",
            "inclusion justification",
            "begründung",
            "begründung einschluss",
            "begründung für aufnahme",
            "begründung für einschluss",
            "begründung der auswahl",
            "grund",
            "begründung der anwendbarkeit",
            "justification for inclusion exclusion",
            "begründung für auswahl ausschluss",
        ],
    ),
    shaped(
        "status",
        &[
            "status",
            "implementation status",
            "implemented",
            "implementation",
            "state",
            "umsetzungsstatus",
            "umsetzung",
            "umgesetzt",
            "umsetzungsgrad",
            "stand",
            "implementierungsstatus",
            "implementiert",
            "reifegrad",
            "stand der umsetzung",
        ],
        |cell| status(cell).is_some() || flag(cell).is_some(),
        false,
    ),
    shaped(
        "due",
        &[
            "due",
            "due date",
            "target date",
            "planned for",
            "planned date",
            "deadline",
            "termin",
            "zieldatum",
            "zieltermin",
            "fällig",
            "fällig am",
            "umsetzung bis",
            "frist",
            "bis wann",
            "implementation date",
            "planned completion",
        ],
        |cell| super::super::dates::read_date(cell, None).is_ok(),
        false,
    ),
    field(
        "owner",
        &[
            "owner",
            "control owner",
            "responsible",
            "responsibility",
            "accountable",
            "responsible person",
            "verantwortlich",
            "verantwortlicher",
            "verantwortung",
            "zuständig",
            "zuständigkeit",
            "maßnahmenverantwortlicher",
            "verantwortliche person",
            "eigentümer",
            "eigner",
        ],
    ),
    field(
        "provider",
        &[
            "provider",
            "provided by",
            "service provider",
            "supplier",
            "dienstleister",
            "anbieter",
            "lieferant",
        ],
    ),
    many(
        "evidence",
        &[
            "evidence",
            "document",
            "documents",
            "documentation",
            "reference document",
            "reference documents",
            "related documents",
            "policy",
            "policy reference",
            "link",
            "links",
            "procedure",
            "proof",
            "nachweis",
            "nachweise",
            "dokument",
            "dokumente",
            "dokumentation",
            "mitgeltende dokumente",
            "mitgeltende unterlagen",
            "richtlinie",
            "verweis",
            "referenzdokument",
            "dokumentenverweis",
            "nachweisdokument",
        ],
    ),
    many(
        "how",
        &[
            "how implemented",
            "how it is implemented",
            "implementation description",
            "implementation method",
            "implementation details",
            "method of implementation",
            "description of implementation",
            "beschreibung der umsetzung",
            "umsetzungsbeschreibung",
            "art der umsetzung",
            "umsetzung beschreibung",
            "wie umgesetzt",
        ],
    ),
    many(
        "remarks",
        &[
            "remarks",
            "remark",
            "comment",
            "comments",
            "notes",
            "note",
            "bemerkung",
            "bemerkungen",
            "kommentar",
            "kommentare",
            "anmerkung",
            "anmerkungen",
            "hinweis",
            "hinweise",
        ],
    ),
    field("framework", &["standard", "framework", "norm", "regelwerk", "iso"]),
];

/// Yes or no: words in two languages, marks, and `1` and `0`.
pub(super) fn flag(cell: &str) -> Option<bool> {
    match cell.trim() {
        "x" | "X" | "✓" | "✔" | "☑" | "1" => return Some(true),
        "-" | "–" | "—" | "✗" | "✘" | "☐" | "☒" | "0" => return Some(false),
        _ => {}
    }
    match norm(cell).as_str() {
        "yes" | "y" | "ja" | "j" | "true" | "wahr" => Some(true),
        "no" | "n" | "nein" | "false" | "falsch" => Some(false),
        _ => None,
    }
}

/// What a cell of an applicability column says, whatever is explained behind its first words:
/// `Nein – keine eigene Entwicklung` is not applicable.
pub(super) fn applicability(cell: &str) -> Option<Applicability> {
    let known = |text: &str| {
        if let Some(yes) = flag(text) {
            let (one, other) = (Applicability::Applicable, Applicability::NotApplicable);
            return Some(if yes { one } else { other });
        }
        words::find(words::APPLICABILITY, text).or(match norm(text).as_str() {
            "included" | "selected" | "relevant" | "in scope" | "eingeschlossen" | "ausgewählt"
            | "applies" => Some(Applicability::Applicable),
            "not relevant" | "not selected" | "out of scope" | "nicht relevant"
            | "nicht ausgewählt" | "does not apply" | "n a" => Some(Applicability::NotApplicable),
            _ => None,
        })
    };
    known(cell).or_else(|| known(head(cell)?))
}

/// How far a control is implemented. Whole percentages count: 100 is implemented, 0 is not.
pub(super) fn status(cell: &str) -> Option<ImplementationStatus> {
    let known = |text: &str| {
        use ImplementationStatus::{Implemented, NotImplemented, PartiallyImplemented, Planned};
        words::find(words::STATUSES, text).or_else(|| match norm(text).as_str() {
            "complete"
            | "completed"
            | "in place"
            | "done"
            | "erledigt"
            | "abgeschlossen"
            | "voll umgesetzt"
            | "fully"
            | "vollständig implementiert"
            | "100%"
            | "operational"
            | "in betrieb" => Some(Implemented),
            "partly" | "in part" | "zum teil umgesetzt" | "tlw umgesetzt" | "teilw umgesetzt" => {
                Some(PartiallyImplemented)
            }
            "to be implemented" | "vorgesehen" | "zu planen" | "scheduled" => Some(Planned),
            "not started" | "open" | "offen" | "nicht begonnen" | "missing" | "0%"
            | "not in place" => Some(NotImplemented),
            other => {
                let share: u32 = other.strip_suffix('%')?.trim().parse().ok()?;
                (share < 100).then_some(PartiallyImplemented)
            }
        })
    };
    known(cell).or_else(|| known(head(cell)?))
}

/// The words before the first sign that begins an explanation.
fn head(cell: &str) -> Option<&str> {
    let end = cell.find(|c: char| ",;:(–—\n".contains(c)).or_else(|| cell.find(" - "))?;
    Some(cell[..end].trim()).filter(|head| !head.is_empty())
}
