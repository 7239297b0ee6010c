//! The labels of document control, and where they stand in a text.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// Labels of each property, lower case. A label is never a value.
const LABELS: [(&str, &[&str]); 11] = [
    (
        "version",
        &[
            "version",
            "document version",
            "version number",
            "version no",
            "version no.",
            "current version",
            "revision",
            "revision number",
            "rev.",
            "rev",
            "issue",
            "issue no",
            "dokumentversion",
            "versionsnummer",
            "fassung",
            "versión",
        ],
    ),
    (
        "status",
        &[
            "status",
            "document status",
            "approval status",
            "dokumentstatus",
            "dokumentenstatus",
            "state",
            "statut",
            "estado",
        ],
    ),
    (
        "owner",
        &[
            "owner",
            "document owner",
            "policy owner",
            "procedure owner",
            "process owner",
            "plan owner",
            "responsible",
            "dokumenteigentümer",
            "dokumenteneigentümer",
            "eigentümer",
            "dokumentenverantwortlicher",
            "dokumentverantwortlicher",
            "verantwortlich",
            "verantwortlicher",
            "eigner",
            "dokumenteneigner",
            "propriétaire",
            "propietario",
            "responsable",
        ],
    ),
    (
        "approved_by",
        &[
            "approved by",
            "approver",
            "authorised by",
            "authorized by",
            "released by",
            "approval by",
            "freigegeben durch",
            "freigegeben von",
            "freigabe durch",
            "genehmigt durch",
            "genehmigt von",
            "verabschiedet durch",
            "freigeber",
            "approuvé par",
            "validé par",
            "aprobado por",
        ],
    ),
    (
        "approved_on",
        &[
            "approval date",
            "approved on",
            "date approved",
            "date of approval",
            "approved",
            "released on",
            "freigegeben am",
            "freigegeben",
            "freigabedatum",
            "datum der freigabe",
            "freigabe am",
            "genehmigt am",
            "verabschiedet am",
            "freigabe",
            "approuvé le",
            "date d'approbation",
            "date d’approbation",
            "aprobado el",
            "fecha de aprobación",
        ],
    ),
    (
        "effective_on",
        &[
            "effective date",
            "effective from",
            "effective",
            "valid from",
            "in force since",
            "issue date",
            "issued on",
            "date of issue",
            "release date",
            "edition",
            "gültig ab",
            "gültig seit",
            "in kraft seit",
            "inkrafttreten",
            "ausgabedatum",
            "stand",
            "en vigueur depuis",
            "date d'entrée en vigueur",
            "vigente desde",
            "fecha de entrada en vigor",
        ],
    ),
    (
        "reviewed_on",
        &[
            "last review",
            "last reviewed",
            "last reviewed on",
            "last check",
            "last checked",
            "last update",
            "last updated",
            "reviewed on",
            "date of last review",
            "last review date",
            "letzte überprüfung",
            "zuletzt überprüft",
            "zuletzt geprüft",
            "letzte aktualisierung",
            "überprüft am",
            "letzte prüfung",
            "geprüft am",
            "dernière révision",
            "última revisión",
        ],
    ),
    // Last or next? Other dates of the document tell, so it has a property of its own.
    ("review_date", &["review date", "date of review", "überprüfungsdatum"]),
    (
        "next_review_on",
        &[
            "next review",
            "next review date",
            "review due",
            "review due date",
            "due for review",
            "next review due",
            "date of next review",
            "review by",
            "nächste überprüfung",
            "nächste prüfung",
            "nächste revision",
            "überprüfung fällig",
            "wiedervorlage",
            "prochaine révision",
            "prochaine revue",
            "próxima revisión",
        ],
    ),
    (
        "classification",
        &[
            "classification",
            "document classification",
            "information classification",
            "confidentiality",
            "security classification",
            "klassifizierung",
            "dokumentenklassifizierung",
            "klassifikation",
            "vertraulichkeit",
            "vertraulichkeitsstufe",
            "schutzklasse",
            "einstufung",
            "clasificación",
        ],
    ),
    (
        "document_id",
        &[
            "document id",
            "document number",
            "document no",
            "document no.",
            "doc id",
            "doc no",
            "doc. no.",
            "document ref",
            "document reference",
            "dokument-id",
            "dokumentennummer",
            "dokumentnummer",
            "dokumenten-id",
            "dok.-nr.",
            "dok-nr",
        ],
    ),
];

/// Labels that stand beside those above in a control table, and give no property.
const NEUTRAL: &[&str] = &[
    "document",
    "document title",
    "title",
    "author",
    "authors",
    "author(s)",
    "prepared by",
    "created by",
    "written by",
    "date",
    "change",
    "changes",
    "description",
    "comment",
    "comments",
    "remark",
    "remarks",
    "distribution",
    "page",
    "pages",
    "field",
    "entry",
    "item",
    "value",
    "attribute",
    "reviewed by",
    "reviewer",
    "reason",
    "dokument",
    "titel",
    "autor",
    "verfasser",
    "ersteller",
    "erstellt von",
    "erstellt am",
    "datum",
    "änderung",
    "änderungen",
    "bemerkung",
    "beschreibung",
    "geprüft von",
    "verteiler",
    "seite",
    "feld",
    "angabe",
    "inhalt",
    "auteur",
    "modification",
    "modifications",
    "fecha",
    "cambios",
    "descripción",
];

/// What a cell of a header row labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Key(&'static str),
    /// A cell of document control that gives no property.
    Neutral(&'static str),
}

/// The property of a label, whatever its case and marks.
pub(super) fn key_of(label: &str) -> Option<&'static str> {
    let label = bare(label);
    LABELS.iter().find(|(_, labels)| labels.contains(&label.as_str())).map(|(key, _)| *key)
}

/// What a whole cell labels.
pub(super) fn label_of(cell: &str) -> Option<Label> {
    let name = bare(cell);
    let neutral = || NEUTRAL.iter().find(|n| **n == name).map(|n| Label::Neutral(n));
    key_of(&name).map(Label::Key).or_else(neutral)
}

fn bare(text: &str) -> String {
    let marks = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | ':' | '#' | '`');
    text.trim_matches(marks).to_lowercase()
}

/// Every label, longest first, as alternatives of a pattern.
pub(super) fn alternatives() -> String {
    let keys: Vec<&str> = LABELS.iter().flat_map(|(_, l)| l.iter().copied()).collect();
    joined(keys)
}

fn joined(mut labels: Vec<&str>) -> String {
    labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
    labels.iter().map(|label| regex::escape(label)).collect::<Vec<_>>().join("|")
}

static AT_START: LazyLock<Regex> = LazyLock::new(|| {
    let all = LABELS.iter().flat_map(|(_, l)| l.iter().copied()).chain(NEUTRAL.iter().copied());
    pattern(&format!(r"(?i)^[\s*_#]*(?:{})(?:[\s:*_]+|$)", joined(all.collect())))
});

/// The label at the start of a text, and what follows it.
pub(super) fn at_start(text: &str) -> Option<(Label, &str)> {
    let found = AT_START.find(text)?;
    Some((label_of(found.as_str())?, text.get(found.end()..)?))
}

/// The labels of a row that holds nothing else: `Version Status Approved by`.
pub(super) fn run(text: &str) -> Option<Vec<Label>> {
    let mut rest = text.trim();
    let mut labels = Vec::new();
    while !rest.is_empty() {
        let (label, after) = at_start(rest)?;
        labels.push(label);
        rest = after;
    }
    Some(labels)
}
