//! Headers and words of registers of impact assessments, in English and German.

use super::super::fields::{Field, field, many, norm};
use crate::domain::Done;

/// What a column may mean. Of two that a header fits equally well the earlier one is taken.
pub(super) const FIELDS: &[Field] = &[
    field(
        "id",
        &[
            "id",
            "aia id",
            "assessment id",
            "impact assessment id",
            "assessment no",
            "no",
            "nr",
            "ref",
            "ai id",
            "kennung",
            "nummer",
            "lfd nr",
            "bewertung nr",
            "ki id",
        ],
    ),
    field(
        "system",
        &[
            "system",
            "ai system",
            "ki system",
            "system name",
            "assessed system",
            "application",
            "ai application",
            "anwendung",
            "ki anwendung",
            "systemname",
            "name",
            "model",
            "modell",
            "name des systems",
            "bewertetes system",
            "asset",
            "bezeichnung",
        ],
    ),
    field(
        "done",
        &[
            "done",
            "performed",
            "conducted",
            "completed",
            "assessed",
            "impact assessment",
            "impact assessment done",
            "impact assessment status",
            "assessment status",
            "assessment done",
            "ai impact assessment",
            "aia",
            "aisia",
            "fria",
            "durchgeführt",
            "erledigt",
            "abgeschlossen",
            "folgenabschätzung",
            "ki folgenabschätzung",
            "folgenabschätzung durchgeführt",
            "auswirkungsbewertung",
            "folgenabschätzung status",
        ],
    ),
    field(
        "date",
        &[
            "date",
            "assessment date",
            "date of assessment",
            "date of impact assessment",
            "impact assessment date",
            "assessed on",
            "performed on",
            "conducted on",
            "completed on",
            "done on",
            "datum",
            "durchgeführt am",
            "bewertet am",
            "datum der bewertung",
            "datum der folgenabschätzung",
            "erledigt am",
            "abgeschlossen am",
        ],
    ),
    field(
        "trigger",
        &[
            "trigger",
            "triggered by",
            "reason",
            "reason for assessment",
            "occasion",
            "cause",
            "anlass",
            "auslöser",
            "grund",
        ],
    ),
    many(
        "affected",
        &[
            "affected",
            "affected parties",
            "affected persons",
            "affected groups",
            "affected people",
            "who is affected",
            "individuals affected",
            "stakeholders",
            "impacted groups",
            "impacted parties",
            "betroffene",
            "betroffene personen",
            "betroffene gruppen",
            "betroffenengruppen",
            "wer ist betroffen",
        ],
    ),
    field(
        "result",
        &[
            "result",
            "results",
            "outcome",
            "conclusion",
            "impact level",
            "level",
            "overall impact",
            "severity",
            "rating",
            "finding",
            "ergebnis",
            "einstufung",
            "bewertung",
            "stufe",
            "fazit",
            "gesamtbewertung",
            "auswirkung",
        ],
    ),
    many(
        "risk_ids",
        &[
            "risk id",
            "risk ids",
            "risks",
            "linked risks",
            "related risks",
            "risk",
            "risk register",
            "risk reference",
            "risiko",
            "risiken",
            "risiko id",
            "risiko ids",
            "verknüpfte risiken",
            "zugehörige risiken",
        ],
    ),
    many(
        "document",
        &[
            "document",
            "documents",
            "report",
            "file",
            "reference",
            "evidence",
            "link",
            "dokument",
            "dokumente",
            "bericht",
            "nachweis",
            "ablage",
            "datei",
            "referenz",
        ],
    ),
    field(
        "owner",
        &[
            "owner",
            "responsible",
            "assessor",
            "accountable",
            "performed by",
            "conducted by",
            "assessed by",
            "author",
            "system owner",
            "verantwortlich",
            "verantwortlicher",
            "eigentümer",
            "bewertet von",
            "durchgeführt von",
            "ersteller",
        ],
    ),
    field(
        "approved_on",
        &[
            "approved on",
            "approval date",
            "date of approval",
            "freigegeben am",
            "freigabedatum",
            "genehmigt am",
        ],
    ),
    field(
        "approved_by",
        &[
            "approved by",
            "approver",
            "approval",
            "signed by",
            "freigegeben von",
            "freigabe",
            "freigabe durch",
            "genehmigt von",
            "genehmigt durch",
        ],
    ),
    field(
        "next_review",
        &[
            "next review",
            "review date",
            "next review on",
            "next assessment",
            "review due",
            "valid until",
            "nächste überprüfung",
            "nächste prüfung",
            "nächste bewertung",
            "wiedervorlage",
            "überprüfung am",
            "gültig bis",
        ],
    ),
    field("status", &["status", "state", "stand", "bearbeitungsstand"]),
    many(
        "comment",
        &[
            "comment",
            "comments",
            "remark",
            "remarks",
            "note",
            "notes",
            "bemerkung",
            "bemerkungen",
            "kommentar",
            "anmerkung",
            "anmerkungen",
        ],
    ),
];

/// Parts of a header or sheet name that speak of impact assessments.
pub(super) const NAMES: &[&str] =
    &["impact assessment", "folgenabschätzung", "auswirkungsbewertung", "aia", "fria"];

/// Whether an impact assessment was done, by the words of a cell; none if they don't say.
pub(super) fn done(cell: &str) -> Option<Done> {
    Some(match norm(cell).as_str() {
        "yes" | "y" | "ja" | "j" | "x" | "true" | "wahr" | "done" | "completed" | "complete"
        | "performed" | "conducted" | "finished" | "erledigt" | "durchgeführt"
        | "abgeschlossen" | "fertig" | "liegt vor" => Done::Yes,
        "planned" | "scheduled" | "in progress" | "ongoing" | "started" | "draft" | "in work"
        | "geplant" | "in arbeit" | "in bearbeitung" | "begonnen" | "entwurf" | "läuft"
        | "vorgesehen" => Done::Planned,
        "no"
        | "n"
        | "nein"
        | "false"
        | "falsch"
        | "none"
        | "not started"
        | "not done"
        | "open"
        | "missing"
        | "not yet"
        | "pending"
        | "outstanding"
        | "overdue"
        | "offen"
        | "keine"
        | "keiner"
        | "nicht begonnen"
        | "nicht durchgeführt"
        | "ausstehend"
        | "fehlt"
        | "noch nicht" => Done::No,
        "" if matches!(cell.trim(), "✓" | "✔" | "☑") => Done::Yes,
        "" if matches!(cell.trim(), "-" | "–" | "—" | "✗" | "☐") => Done::No,
        _ => return None,
    })
}

/// As `done` of the register has it.
pub(super) fn done_word(done: Done) -> &'static str {
    match done {
        Done::Yes => "yes",
        Done::Planned => "planned",
        Done::No => "no",
        Done::Unsaid => "",
    }
}

/// Whether a cell says that there is nothing.
pub(super) fn is_nothing(cell: &str) -> bool {
    matches!(norm(cell).as_str(), "" | "none" | "no" | "n a" | "keine" | "keins" | "entfällt")
}

/// Words by what they mean.
type Meanings = &'static [(&'static str, &'static [&'static str])];

/// What may set off an assessment. The beginnings of words count.
pub(super) const TRIGGERS: Meanings = &[
    ("new-system", &["new", "initial", "introduc", "first", "launch", "neu", "einführ", "erst"]),
    (
        "change",
        &[
            "change",
            "release",
            "update",
            "version",
            "modif",
            "retrain",
            "änder",
            "geändert",
            "anpassung",
            "aktualisier",
        ],
    ),
    (
        "periodic",
        &[
            "periodic",
            "annual",
            "yearly",
            "regular",
            "schedul",
            "quarterly",
            "turnus",
            "jährlich",
            "regelmäßig",
            "periodisch",
            "wiederkehrend",
        ],
    ),
    ("incident", &["incident", "complaint", "accident", "vorfall", "beschwerde", "störung"]),
];

/// Whom a system's use may affect. The beginnings of words count.
pub(super) const AFFECTED: Meanings = &[
    (
        "individuals",
        &[
            "individual",
            "person",
            "people",
            "patient",
            "applicant",
            "candidate",
            "customer",
            "user",
            "employee",
            "staff",
            "nurse",
            "citizen",
            "consumer",
            "einzelne",
            "bewerber",
            "kund",
            "nutzer",
            "beschäftigte",
            "mitarbeit",
            "bürger",
            "verbraucher",
            "natürliche person",
        ],
    ),
    (
        "groups",
        &[
            "group",
            "minorit",
            "communit",
            "vulnerable",
            "children",
            "elderly",
            "gruppe",
            "minderheit",
            "kinder",
            "ältere",
            "schutzbedürftig",
        ],
    ),
    (
        "society",
        &[
            "societ",
            "public",
            "environment",
            "democra",
            "gesellschaft",
            "öffentlichkeit",
            "umwelt",
            "demokrat",
            "allgemeinheit",
        ],
    ),
];

/// Everything that a text names, in the order of the meanings.
pub(super) fn all(cell: &str, meanings: Meanings) -> Vec<&'static str> {
    let text = format!(" {}", norm(cell));
    let named = |words: &[&str]| words.iter().any(|word| text.contains(&format!(" {word}")));
    meanings.iter().filter(|(_, words)| named(words)).map(|(meaning, _)| *meaning).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_says_and_what_it_does_not() {
        assert_eq!(done("Durchgeführt"), Some(Done::Yes));
        assert_eq!(done("not started"), Some(Done::No));
        assert_eq!(done("in Arbeit"), Some(Done::Planned));
        assert_eq!(done("–"), Some(Done::No));
        for unsaid in ["approved", "AIA-2026-01 of 2026-07-23", "", "not completed in full"] {
            assert_eq!(done(unsaid), None, "{unsaid}");
        }
        assert_eq!(all("Major release 2.4 after an incident", TRIGGERS), ["change", "incident"]);
        assert_eq!(all("Neues System", TRIGGERS), ["new-system"]);
        assert_eq!(all("new-system", TRIGGERS), ["new-system"]);
        assert!(all("on request", TRIGGERS).is_empty());
        assert_eq!(
            all("Patients over 80, nurses; Gesellschaft", AFFECTED),
            ["individuals", "society"]
        );
        assert_eq!(all("individuals; groups; society", AFFECTED).len(), 3);
    }
}
