//! Document-control facts: version, owner, approval and the like, where a document states them in
//! a label and value ("Version 2.1", "Freigegeben durch: …", a row of a control table).

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{Block, BlockKind, Properties, squash_whitespace};

/// Document control stands at the start of a document.
const FIRST_BLOCKS: usize = 40;

/// A value longer than this is prose that happens to start with a label.
const VALUE_CHARS: usize = 120;

/// Labels of each property, lower case; alternatives of one property are tried longest first.
const LABELS: [(&str, &[&str]); 10] = [
    (
        "version",
        &[
            "version",
            "document version",
            "version number",
            "version no",
            "version no.",
            "revision",
            "revision number",
            "rev.",
            "rev",
            "issue",
            "issue no",
            "dokumentversion",
            "versionsnummer",
            "fassung",
        ],
    ),
    ("status", &["status", "document status", "dokumentstatus", "dokumentenstatus", "state"]),
    (
        "owner",
        &[
            "owner",
            "document owner",
            "policy owner",
            "procedure owner",
            "process owner",
            "responsible",
            "dokumenteigentümer",
            "eigentümer",
            "dokumentenverantwortlicher",
            "dokumentverantwortlicher",
            "verantwortlich",
            "verantwortlicher",
            "eigner",
            "dokumenteneigner",
        ],
    ),
    (
        "approved_by",
        &[
            "approved by",
            "approver",
            "authorised by",
            "authorized by",
            "approval by",
            "freigegeben durch",
            "freigegeben von",
            "freigabe durch",
            "genehmigt durch",
            "genehmigt von",
            "freigeber",
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
            "freigegeben am",
            "freigabedatum",
            "freigabe am",
            "genehmigt am",
            "freigabe",
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
            "gültig ab",
            "gültig seit",
            "in kraft seit",
            "inkrafttreten",
            "stand",
        ],
    ),
    (
        "reviewed_on",
        &[
            "last review",
            "last reviewed",
            "review date",
            "reviewed on",
            "date of last review",
            "last review date",
            "letzte überprüfung",
            "zuletzt überprüft",
            "überprüft am",
            "letzte prüfung",
            "geprüft am",
        ],
    ),
    (
        "next_review_on",
        &[
            "next review",
            "next review date",
            "review due",
            "next review due",
            "date of next review",
            "review by",
            "nächste überprüfung",
            "nächste prüfung",
            "nächste revision",
            "überprüfung fällig",
            "wiedervorlage",
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
            "einstufung",
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

/// A label at the start of a line, then a separator. Group `l` is the label, `s` what separates.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    let mut labels: Vec<&str> = LABELS.iter().flat_map(|(_, l)| l.iter().copied()).collect();
    labels.sort_by_key(|label| std::cmp::Reverse(label.len()));
    let labels: Vec<String> = labels.iter().map(|label| regex::escape(label)).collect();
    let pattern = format!(
        r"(?i)(?:^|[|•·;\t]|\s{{2,}}|\s[-–—]\s)[\s*_#>-]*(?P<l>{})[\s*_]*(?P<s>[:|=]+|\s)[\s*_|:]*",
        labels.join("|")
    );
    Regex::new(&pattern).unwrap_or_else(|error| unreachable!("{error}"))
});

/// `2`, `2.1`, `v1.0.3`, `1.2 draft`.
static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^v?\d+(\.\d+)*[a-z]?\b"));

/// A day, month or year: `2025-01-31`, `31.01.2025`, `31 January 2025`, `Januar 2025`.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(
            \d{4}-\d{1,2}-\d{1,2} | \d{1,2}[./-]\d{1,2}[./-]\d{2,4} | \d{4}/\d{1,2}/\d{1,2}
            | \d{1,2}(st|nd|rd|th|\.)?\s+\p{L}{3,10}\.?,?\s+\d{4} | \p{L}{3,10}\.?\s+\d{1,2},?\s+\d{4}
            | \p{L}{3,10}\s+\d{4} | \d{1,2}/\d{4} | Q[1-4][\s/]\d{4}
        )",
    )
});

/// The words that a status may be.
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(
            (final\s+|working\s+|first\s+)?draft | (in|under)\s+review | approved | final | released
            | published | in\s+force | effective | active | superseded | withdrawn | obsolete
            | archived | retired | for\s+approval | pending(\s+approval)? | proposed
            | entwurf | in\s+(prüfung|bearbeitung|überarbeitung) | freigegeben | gültig | in\s+kraft
            | veröffentlicht | genehmigt | ungültig | abgelöst | zurückgezogen | archiviert
        )\b",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Adds the document-control facts that the blocks state to the properties. What is there already
/// stays. Values are verbatim, trimmed.
pub(super) fn control_properties(blocks: &[Block], properties: &mut Properties) {
    let edge = |block: &&Block| matches!(block.kind, BlockKind::Header | BlockKind::Footer);
    let first = blocks.iter().take(FIRST_BLOCKS);
    let edges = blocks.iter().skip(FIRST_BLOCKS).filter(edge).take(FIRST_BLOCKS);
    for block in first.chain(edges) {
        // A mail's own header lines say who wrote, not who approved.
        if block.text.len() > 2000 {
            continue;
        }
        for line in block.text.lines() {
            facts(line, block.kind, properties);
        }
    }
}

fn facts(line: &str, kind: BlockKind, properties: &mut Properties) {
    let labels: Vec<_> = LABELLED.captures_iter(line).collect();
    for (n, found) in labels.iter().enumerate() {
        let (Some(whole), Some(label), Some(separator)) =
            (found.get(0), found.name("l"), found.name("s"))
        else {
            continue;
        };
        let end = labels.get(n + 1).and_then(|next| next.get(0)).map_or(line.len(), |m| m.start());
        let rest = line.get(whole.end()..end).unwrap_or_default();
        let rest = rest.split(['|', '\t', '•']).next().unwrap_or_default();
        let value = squash_whitespace(rest.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '*' | '_' | '|' | ';' | ',' | '"')
        }));
        let Some(key) = key_of(label.as_str()) else { continue };
        let spaced = label.as_str().contains(' ');
        let explicit = !separator.as_str().trim().is_empty();
        if !is_placeholder(&value)
            && value.chars().count() <= VALUE_CHARS
            && let Some(value) = accept(key, &value, explicit, spaced, kind)
        {
            properties.entry(key.to_owned()).or_insert(value);
        }
    }
}

/// A template's blank says that nobody filled it in: `[NAME]`, `<date>`, `TBD`, `—`.
fn is_placeholder(value: &str) -> bool {
    let bracketed = (value.starts_with('[') && value.contains(']'))
        || (value.starts_with('<') && value.ends_with('>'))
        || value.starts_with("{{");
    let unknown = ["tbd", "tba", "tbc", "n/a", "n.a.", "k. a.", "none", "xx", "xxx", "offen"];
    bracketed
        || !value.contains(char::is_alphanumeric)
        || unknown.contains(&value.to_lowercase().as_str())
}

fn key_of(label: &str) -> Option<&'static str> {
    let label = label.to_lowercase();
    LABELS.iter().find(|(_, labels)| labels.contains(&label.as_str())).map(|(key, _)| *key)
}

/// The value if it is one that the property may have. Without a separator ("Version 2.1", a table
/// row) the value must have the property's form.
fn accept(key: &str, value: &str, explicit: bool, spaced: bool, kind: BlockKind) -> Option<String> {
    let found = |regex: &Regex| regex.find(value).map(|m| m.as_str().to_owned());
    match key {
        "version" => found(&VERSION),
        "status" => found(&STATUS),
        "approved_on" | "effective_on" | "reviewed_on" | "next_review_on" => found(&DATED),
        _ => {
            // Without a separator, only a label of two words before a name is no prose: the cells
            // of a table in a PDF.
            let words = value.split(' ').count();
            let cells = spaced && words <= 6 && !value.starts_with(char::is_lowercase);
            let stated = explicit || kind == BlockKind::Row || cells;
            (stated && words <= 12 && !value.ends_with('.')).then(|| value.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locator;

    fn of(lines: &[(BlockKind, &str)]) -> Properties {
        let blocks: Vec<_> = lines
            .iter()
            .map(|(kind, text)| Block {
                kind: *kind,
                locator: Locator::page(1),
                heading: Vec::new(),
                text: (*text).to_owned(),
            })
            .collect();
        let mut properties = Properties::new();
        control_properties(&blocks, &mut properties);
        properties
    }

    fn pairs(properties: &Properties) -> Vec<(&str, &str)> {
        properties.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }

    #[test]
    fn an_english_control_table() {
        use BlockKind::*;
        let got = of(&[
            (Row, "Version 2.1"),
            (Row, "| **Document owner** | CISO |"),
            (Row, "Approved by Jane Doe, CEO"),
            (Row, "Approval date 2025-03-01"),
            (Row, "Effective date 1 April 2025"),
            (Row, "Next review 31.03.2026"),
            (Footer, "Classification: Internal"),
            (Body, "Status: Draft"),
            (Body, "Document ID ISMS-POL-07"),
        ]);
        assert_eq!(
            pairs(&got),
            [
                ("approved_by", "Jane Doe, CEO"),
                ("approved_on", "2025-03-01"),
                ("classification", "Internal"),
                ("document_id", "ISMS-POL-07"),
                ("effective_on", "1 April 2025"),
                ("next_review_on", "31.03.2026"),
                ("owner", "CISO"),
                ("status", "Draft"),
                ("version", "2.1"),
            ]
        );
    }

    #[test]
    fn a_german_header() {
        use BlockKind::*;
        let got = of(&[
            (Header, "Version: 1.4 | Stand: 12.05.2025 | Klassifizierung: intern"),
            (Row, "Freigegeben durch Dr. Müller"),
            (Row, "Freigegeben am 01.06.2025"),
            (Row, "Nächste Überprüfung Juni 2026"),
            (Row, "Eigentümer ISB"),
            (Body, "Status: Entwurf"),
        ]);
        assert_eq!(
            pairs(&got),
            [
                ("approved_by", "Dr. Müller"),
                ("approved_on", "01.06.2025"),
                ("classification", "intern"),
                ("effective_on", "12.05.2025"),
                ("next_review_on", "Juni 2026"),
                ("owner", "ISB"),
                ("status", "Entwurf"),
                ("version", "1.4"),
            ]
        );
    }

    #[test]
    fn prose_is_no_label() {
        use BlockKind::*;
        let got = of(&[
            (Body, "Version control is used for all documents."),
            (Body, "Status reports go to the board."),
            (Body, "Owner of the process is whoever changes it last."),
            (Body, "Approved changes are recorded."),
            (Body, "Document owner is whoever wrote it"),
            (Body, "Approved by the board"),
            (Heading, "Classification of information"),
        ]);
        assert_eq!(got, Properties::new());
    }

    #[test]
    fn a_blank_template_states_nothing() {
        use BlockKind::*;
        let got = of(&[
            (Row, "| Owner | [POLICY_OWNER_ROLE, e.g. CISO] |"),
            (Row, "| Approved by | TBD |"),
            (Row, "| Approval date | — |"),
            (Row, "| Version | <version> |"),
        ]);
        assert_eq!(got, Properties::new());
    }

    #[test]
    fn the_first_statement_and_what_the_file_says_itself_win() {
        let got = of(&[(BlockKind::Body, "Version: 2.0"), (BlockKind::Body, "Version: 1.0")]);
        assert_eq!(got["version"], "2.0");
    }
}
