//! What a document is: type, status, dates, whether it is talk.
//!
//! Every signal is taken from the document itself (title, document control, layout, wording) or
//! from its place in the folder; where a document says nothing, the profile says nothing.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::dates::{DateFinding, find_dates};
use crate::domain::{
    Block, BlockKind, Date, DocumentProfile, DocumentStatus, DocumentType, Extracted,
    StatedInterval, Talk, squash_whitespace,
};

/// Words of a title or file name that name a type; the first match wins, so narrow types come
/// before wide ones ("risk treatment plan" is a plan, "audit report" a report, "training policy" a
/// policy).
const TYPE_WORDS: [(&str, DocumentType); 17] = [
    (
        r"statement of applicability|\bsoa\b|control[s]? matrix|anwendbarkeitserkl",
        DocumentType::Soa,
    ),
    (
        r"minutes|protokoll|management review|meeting notes|steering committee",
        DocumentType::Minutes,
    ),
    (r"polic(y|ies)|richtlinie|leitlinie|politique|\baup\b|code of conduct", DocumentType::Policy),
    (r"contract|agreement|vertrag|\bdpa\b|terms and conditions|\bnda\b", DocumentType::Contract),
    (
        r"register|inventory|registry|catalogue|\blist\b|directory|verzeichnis|inventar|matrix",
        DocumentType::Register,
    ),
    (r"training|awareness|onboarding deck|slides|schulung|e-?learning", DocumentType::Training),
    (
        r"assessment|analysis|evaluation|beurteilung|bewertung|\bdpia\b|\baiia\b",
        DocumentType::Assessment,
    ),
    (r"report|bericht|findings|model card|results|summary", DocumentType::Report),
    (
        r"procedure|process|guideline|playbook|runbook|standard|verfahren|prozess|anweisung|handbook|work instruction|instruction|checklist template",
        DocumentType::Procedure,
    ),
    (r"\bplan\b|programme|program|roadmap|schedule|\bplanung", DocumentType::Plan),
    (
        r"\blogs?\b|record|ticket|incident|export|review|test|drill|exercise|scan|certificate|checklist|visitor|protocol|nachweis|sign-?off|acceptance",
        DocumentType::Record,
    ),
    (r"scope|charter|statement|mission|declaration|geltungsbereich", DocumentType::Statement),
    (r"config|settings|baseline|\.ya?ml|\.ini", DocumentType::Configuration),
    (r"diagram|topology|architecture overview|netzplan", DocumentType::Diagram),
    (r"job description|role description|stellenbeschreibung", DocumentType::Record),
    (r"objectives|\bkpi", DocumentType::Plan),
    (r"context|interested parties|stakeholder", DocumentType::Statement),
];

static TYPES: LazyLock<Vec<(Regex, DocumentType)>> = LazyLock::new(|| {
    TYPE_WORDS
        .iter()
        .map(|(words, kind)| (Regex::new(&format!("(?i){words}")).expect("constant"), *kind))
        .collect()
});

static DRAFT: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)\b(status|document status)\b\W{0,4}(draft|entwurf|work in progress)",
        r"(?i)^\W*(draft|entwurf)\b",
        r"(?i)\bdraft (for|version|v?\d)|\bnot (yet )?approved\b|\bpending approval\b|noch nicht freigegeben",
    ])
    .expect("constant")
});

static ENDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(superseded|obsolete|replaced) by\b|\bstatus\b\W{0,4}(superseded|obsolete|withdrawn|retired|archived|ersetzt|ungültig)|\bthis version (is|was) superseded")
        .expect("constant")
});

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\[(company|organi[sz]ation|client|name|date|insert|your|role|title|department|version|x+|tbd|fill)[^\]\n]{0,40}\]|<(company|organi[sz]ation|insert|name|date|your|role|tbd)[^>\n]{0,40}>|\{\{[^}\n]{1,40}\}\}|\bTBD\b|_{6,}|\bYYYY-MM-DD\b|\bDD[./-]MM[./-]YYYY\b")
        .expect("constant")
});

static INTERVAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)[^.\n]{0,80}\b(?:review|reviewed|updated?|repeated|tested|performed|conducted|carried out|assessed|recertified|überprüft|geprüft|wiederholt)\b[^.\n]{0,60}?",
        r"\b(?:(?P<every>(?:at least )?every (?P<n>\d{1,2}|one|two|three|four|six|nine|twelve|eighteen|twenty-four) (?P<unit>day|week|month|quarter|year)s?)",
        r"|(?P<word>weekly|monthly|quarterly|half-yearly|semi-annually|biannually|annually|yearly|every month|every quarter|each quarter|every year|each year|once a year|once a quarter|once a month|twice a year|jährlich|halbjährlich|vierteljährlich|quartalsweise|monatlich))",
    ))
    .expect("constant")
});

const SAMPLE_CHARS: usize = 4_000;

/// Derives a document's profile. `system` is left to the caller, who knows the configuration.
pub fn profile(document: &Extracted) -> DocumentProfile {
    let title = title(document);
    let name = document.path.rsplit('/').next().unwrap_or(&document.path);
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let head = head_text(document);
    let document_type = document_type(document, &title, name);
    let date = |key: &str| property_date(document, key);
    let approved_on = date("approved_on");
    let next_review_on = date("next_review_on");
    DocumentProfile {
        document_type,
        status: status(document, name, folder, &head, approved_on),
        version: property(document, "version"),
        owner: property(document, "owner"),
        approved_by: property(document, "approved_by").filter(|who| !is_blank_value(who)),
        approved_on,
        effective_on: date("effective_on"),
        reviewed_on: date("reviewed_on"),
        next_review_on,
        event_on: event_date(document, document_type, name, &head),
        stated_interval: stated_interval(document),
        classification: property(document, "classification"),
        talk: talk(document, document_type, &title, name, &head),
        system: None,
        title,
    }
}

fn property(document: &Extracted, key: &str) -> Option<String> {
    document.properties.get(key).map(|v| squash_whitespace(v)).filter(|v| !v.is_empty())
}

fn is_blank_value(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    value.is_empty()
        || ["-", "–", "—", "n/a", "tbd", "pending", "open", "none", "offen"]
            .contains(&value.as_str())
        || PLACEHOLDER.is_match(&value)
}

fn property_date(document: &Extracted, key: &str) -> Option<Date> {
    match find_dates(document.properties.get(key)?).first()?.1 {
        DateFinding::Date(date) => Some(date),
        DateFinding::Ambiguous => None,
    }
}

fn title(document: &Extracted) -> String {
    let first_heading = document.blocks.iter().find(|b| b.kind == BlockKind::Heading);
    let usable = |text: &String| text.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    property(document, "title")
        .filter(usable)
        .or_else(|| first_heading.map(|b| squash_whitespace(b.text.trim_start_matches(['#', ' ']))))
        .filter(usable)
        .unwrap_or_else(|| {
            let name = document.path.rsplit('/').next().unwrap_or(&document.path);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            squash_whitespace(&stem.replace(['_', '-'], " "))
        })
}

/// The first few thousand characters, headers included: where document control stands.
fn head_text(document: &Extracted) -> String {
    let mut head = String::new();
    for block in &document.blocks {
        if head.len() > SAMPLE_CHARS {
            break;
        }
        head.push_str(&block.text);
        head.push('\n');
    }
    head
}

fn document_type(document: &Extracted, title: &str, name: &str) -> DocumentType {
    let lower = name.to_lowercase();
    if [".eml", ".msg"].iter().any(|e| lower.ends_with(e)) {
        return DocumentType::Mail;
    }
    if [".pptx", ".pptm", ".odp", ".ppt"].iter().any(|e| lower.ends_with(e)) {
        return DocumentType::Training;
    }
    let spaced = lower.replace(['_', '-'], " ");
    let find = |text: &str| TYPES.iter().find(|(r, _)| r.is_match(text)).map(|(_, kind)| *kind);
    if let Some(kind) = find(&spaced).or_else(|| find(title)) {
        return kind;
    }
    let rows = document.blocks.iter().filter(|b| b.kind == BlockKind::Row).count();
    let body = document.blocks.iter().filter(|b| b.kind == BlockKind::Body).count();
    if rows > 5 && rows > 2 * body { DocumentType::Register } else { DocumentType::Other }
}

fn status(
    document: &Extracted,
    name: &str,
    folder: &str,
    head: &str,
    approved_on: Option<Date>,
) -> DocumentStatus {
    let stated = property(document, "status").unwrap_or_default().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| stated.contains(w));
    if says(&["withdrawn", "retired", "zurückgezogen"]) {
        return DocumentStatus::Withdrawn;
    }
    if says(&["superseded", "obsolete", "ersetzt", "archived"]) || ENDED.is_match(head) {
        return DocumentStatus::Superseded;
    }
    if says(&["draft", "entwurf", "in review", "in progress"]) {
        return DocumentStatus::Draft;
    }
    let names = name.to_lowercase().replace(['_', '-', '.'], " ");
    let folders = folder.to_lowercase();
    if folders.split('/').any(|f| {
        ["archive", "archiv", "superseded", "obsolete", "old"].iter().any(|w| f.contains(w))
    }) {
        return DocumentStatus::Superseded;
    }
    if says(&["approved", "freigegeben", "in force", "released", "effective", "in kraft", "final"])
    {
        return DocumentStatus::Approved;
    }
    let drafted = names.split(' ').any(|w| ["draft", "entwurf"].contains(&w))
        || head.lines().take(25).any(|line| DRAFT.is_match(line));
    if drafted {
        return DocumentStatus::Draft;
    }
    match document.properties.get("approved_by") {
        Some(who) if is_blank_value(who) && approved_on.is_none() => DocumentStatus::Unapproved,
        Some(_) => DocumentStatus::Approved,
        None if approved_on.is_some() => DocumentStatus::Approved,
        None => DocumentStatus::Unstated,
    }
}

fn event_date(document: &Extracted, kind: DocumentType, name: &str, head: &str) -> Option<Date> {
    use DocumentType as T;
    if kind == T::Mail {
        return property_date(document, "date");
    }
    if !matches!(
        kind,
        T::Record | T::Report | T::Minutes | T::Assessment | T::Training | T::Register
    ) {
        return None;
    }
    let only = |finding: &(usize, DateFinding)| match finding.1 {
        DateFinding::Date(date) => Some(date),
        DateFinding::Ambiguous => None,
    };
    if let Some(date) = find_dates(&name.replace('_', " ")).first().and_then(only) {
        return Some(date);
    }
    if let Some(date) = property_date(document, "date") {
        return Some(date);
    }
    const LABELS: [&str; 14] = [
        "date",
        "datum",
        "held on",
        "performed on",
        "as of",
        "stand",
        "test date",
        "report date",
        "meeting date",
        "assessment date",
        "review date",
        "exported",
        "period",
        "conducted",
    ];
    for line in head.lines().take(40) {
        let start = line.trim_start_matches(['#', '*', '|', '-', ' ']).to_lowercase();
        if LABELS.iter().any(|label| start.starts_with(label))
            && let Some(date) = find_dates(line).last().and_then(only)
        {
            return Some(date);
        }
    }
    if kind == T::Register {
        return None;
    }
    find_dates(head.get(..floor(head, 800)).unwrap_or(head)).first().and_then(only)
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The review interval that the document states for itself or its subject.
fn stated_interval(document: &Extracted) -> Option<StatedInterval> {
    for block in &document.blocks {
        let Some(caught) = INTERVAL.captures(&block.text) else { continue };
        let days = match (caught.name("word"), caught.name("n"), caught.name("unit")) {
            (Some(word), _, _) => match word.as_str().to_lowercase().as_str() {
                "weekly" => 7,
                "monthly" | "every month" | "once a month" | "monatlich" => 31,
                "quarterly" | "every quarter" | "each quarter" | "once a quarter"
                | "vierteljährlich" | "quartalsweise" => 92,
                "half-yearly" | "semi-annually" | "biannually" | "twice a year"
                | "halbjährlich" => 183,
                _ => 366,
            },
            (None, Some(n), Some(unit)) => {
                let n = match n.as_str().to_lowercase().as_str() {
                    "one" => 1,
                    "two" => 2,
                    "three" => 3,
                    "four" => 4,
                    "six" => 6,
                    "nine" => 9,
                    "twelve" => 12,
                    "eighteen" => 18,
                    "twenty-four" => 24,
                    digits => digits.parse().unwrap_or(0),
                };
                n * match unit.as_str().to_lowercase().as_str() {
                    "day" => 1,
                    "week" => 7,
                    "month" => 31,
                    "quarter" => 92,
                    _ => 366,
                }
            }
            _ => continue,
        };
        if days > 0 {
            let quote = squash_whitespace(caught.get(0).map_or("", |m| m.as_str()));
            return Some(StatedInterval { days, quote });
        }
    }
    None
}

/// Whether a document as a whole talks about controls instead of being evidence for them.
fn talk(
    document: &Extracted,
    kind: DocumentType,
    title: &str,
    name: &str,
    head: &str,
) -> Option<Talk> {
    let names = format!("{title} {}", name.replace(['_', '-'], " ")).to_lowercase();
    let named = |words: &[&str]| words.iter().any(|w| names.contains(w));
    if head.contains("evimap:generated")
        || document.properties.values().any(|v| v.contains("evimap:generated"))
    {
        return Some(Talk::OwnOutput);
    }
    if named(&[
        "gap list",
        "gap analysis",
        "gap assessment",
        "gaps",
        "compliance matrix",
        "control mapping",
        "mapping matrix",
        "self assessment questionnaire",
        "readiness checklist",
    ]) {
        return Some(Talk::GapList);
    }
    if kind == DocumentType::Soa {
        return Some(Talk::Soa);
    }
    if named(&["glossary", "definitions", "glossar", "abbreviations"]) {
        return Some(Talk::Glossary);
    }
    let placeholders: usize =
        document.blocks.iter().map(|b| PLACEHOLDER.find_iter(&b.text).count()).sum();
    let words: usize = document.blocks.iter().map(|b| b.text.split_whitespace().count()).sum();
    // Four unfilled blanks, and one for every 150 words: more than a form's leftover.
    if placeholders >= 4 && placeholders * 150 >= words {
        return Some(Talk::Template);
    }
    if kind == DocumentType::Training && names_slides(name, document) {
        return Some(Talk::TrainingMaterial);
    }
    None
}

fn names_slides(name: &str, document: &Extracted) -> bool {
    let lower = name.to_lowercase();
    let deck = [".pptx", ".pptm", ".odp", ".ppt"].iter().any(|e| lower.ends_with(e));
    deck || document.blocks.iter().take(20).any(|b: &Block| {
        let text = b.text.to_lowercase();
        text.contains("learning objective")
            || text.contains("in this training")
            || text.contains("quiz")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ExtractStatus, Locator, Properties};

    fn document(path: &str, properties: &[(&str, &str)], lines: &[&str]) -> Extracted {
        Extracted {
            path: path.into(),
            hash: String::new(),
            status: ExtractStatus::Ok,
            diagnostics: vec![],
            properties: properties
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect::<Properties>(),
            blocks: lines
                .iter()
                .zip(1..)
                .map(|(text, n)| Block {
                    kind: BlockKind::Body,
                    locator: Locator::lines(n, n),
                    heading: vec![],
                    text: (*text).into(),
                })
                .collect(),
        }
    }

    #[test]
    fn types_come_from_names_and_narrow_ones_win() {
        for (path, kind) in [
            ("p/Access_Control_Policy.docx", DocumentType::Policy),
            ("r/supplier-register.xlsx", DocumentType::Register),
            ("m/2026-03 management review.md", DocumentType::Minutes),
            ("a/internal-audit-report.pdf", DocumentType::Report),
            ("x/SoA_2025.xlsx", DocumentType::Soa),
            ("x/hello.eml", DocumentType::Mail),
        ] {
            assert_eq!(profile(&document(path, &[], &["x"])).document_type, kind, "{path}");
        }
    }

    #[test]
    fn status_is_read_where_it_is_said_and_nowhere_else() {
        let of = |path: &str, properties: &[(&str, &str)], lines: &[&str]| {
            profile(&document(path, properties, lines)).status
        };
        assert_eq!(of("a.md", &[], &["Rules"]), DocumentStatus::Unstated);
        assert_eq!(of("a.md", &[("status", "Draft 0.3")], &["x"]), DocumentStatus::Draft);
        assert_eq!(of("a.md", &[], &["Status: DRAFT", "x"]), DocumentStatus::Draft);
        assert_eq!(of("archive/a.md", &[], &["x"]), DocumentStatus::Superseded);
        assert_eq!(of("a.md", &[("approved_by", "CEO")], &["x"]), DocumentStatus::Approved);
        assert_eq!(of("a.md", &[("approved_by", "pending")], &["x"]), DocumentStatus::Unapproved);
        assert_eq!(
            of("a.md", &[], &["", "The draft is circulated before approval."]),
            DocumentStatus::Unstated
        );
    }

    #[test]
    fn intervals_are_quoted() {
        let lines = ["All access rights are reviewed every six months by the owner."];
        let interval = profile(&document("a.md", &[], &lines)).stated_interval.unwrap();
        assert_eq!(interval.days, 186);
        assert!(interval.quote.contains("every six months"));
    }

    #[test]
    fn a_template_with_blanks_is_talk() {
        let lines = [
            "[Company Name] policy",
            "Owner: [insert role]",
            "Date: YYYY-MM-DD",
            "Approved: ________",
        ];
        assert_eq!(profile(&document("t.md", &[], &lines)).talk, Some(Talk::Template));
        assert_eq!(profile(&document("t.md", &[], &["Owner: [1] CISO"])).talk, None);
    }

    #[test]
    fn an_event_date_is_the_records_own() {
        let record = document("r/restore-test-2026-02-11.md", &[], &["Performed by ops"]);
        assert_eq!(profile(&record).event_on.unwrap().to_string(), "2026-02-11");
        let policy = document("p/policy.md", &[], &["Date: 2026-02-11"]);
        assert_eq!(profile(&policy).event_on, None);
    }
}
