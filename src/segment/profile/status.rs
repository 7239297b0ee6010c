//! Whether a document is in force.
//!
//! Only what a document says about itself counts: its control data, its name and title, its folder,
//! and sentences about "this document". Control data that ends a document or calls it a draft come
//! first; what calls it approved comes last, so that a draft kept from an approved copy stays one.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::{
    name::{self, bare_words},
    text::{self, property},
};
use crate::domain::{BlockKind, DocumentStatus, DocumentType, Extracted};

/// Statements about the document stand in its first lines.
const FIRST_LINES: usize = 30;

/// Words of a status in control data, the first that matches counts ("not approved" before
/// "approved").
static STATED: LazyLock<[(Regex, DocumentStatus); 5]> = LazyLock::new(|| {
    use DocumentStatus::{Approved, Draft, Superseded, Unapproved, Withdrawn};
    [
        (r"withdrawn|retired|zurückgezogen", Withdrawn),
        (r"superseded|obsolete|replaced|ersetzt|abgelöst|archived|archiviert|ungültig|obsolète|obsoleto", Superseded),
        (r"unapproved|not (yet )?approved|nicht freigegeben|(pending|for|awaiting) approval|^pending", Unapproved),
        (r"draft|entwurf|in review|under review|in progress|in prüfung|in bearbeitung|in überarbeitung|proposed|brouillon|^projet|borrador", Draft),
        (r"approved|freigegeben|genehmigt|in force|released|published|effective|^active|^valid|gültig|in kraft|veröffentlicht|^final|approuvé|en vigueur|aprobado|vigente", Approved),
    ]
    .map(|(words, status)| (text::pattern(&format!("(?i){words}")), status))
});

const OWN: &str = r"\b(?:this|the present)\s(?:document|version|edition|policy|procedure|process|standard|guideline|plan|manual|statement|register|concept)(?:\s(?:version|of\s[^.\n]{1,40}?))?";
const OWN_DE: &str = r"\b(?:diese[rs]?|vorliegende[rs]?)\s\p{L}*(?:dokument|version|fassung|richtlinie|leitlinie|anweisung|plan|konzept|handbuch|verfahren|regelung)";

static ENDED: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        // A condition or a rhythm is a rule, not a state: "is withdrawn if", "is replaced every".
        &format!(
            r"(?i){OWN}\s(?:is|was|has\sbeen)\s(?:now\s|hereby\s)?(?:superseded|obsolete|retired|archived|no\slonger\s(?:valid|in\sforce|applicable)|replaced\s(?:by|with))\b"
        ),
        &format!(
            r"(?i){OWN_DE}\s(?:ist|wurde)\s[^.\n]{{0,40}}(?:ersetzt|abgelöst|ungültig|nicht\smehr\sgültig|außer\sKraft)"
        ),
        r"(?i)^\W*(?:superseded|obsolete|ersetzt|abgelöst|ungültig|obsolète|obsoleto)\b(?:\s(?:by|durch|on|am|since|seit|from|ab|par|por)\b.{0,60})?\W*$",
        r"(?i)^\W*replaced by\b.{0,60}$",
    ])
});

static WITHDRAWN: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        &format!(r"(?i){OWN}\s(?:was|has\sbeen)\s(?:now\s|hereby\s)?withdrawn\b"),
        &format!(r"(?i){OWN_DE}\swurde\s[^.\n]{{0,40}}zurückgezogen"),
        r"(?i)^\W*(?:withdrawn|zurückgezogen)\b(?:\s(?:on|am|since|seit)\b.{0,40})?\W*$",
    ])
});

static DRAFT: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"(?i)^\W*(?:working )?(?:draft|entwurf|borrador|brouillon)\b\W*$",
        r"(?i)^\W*(?:draft|entwurf)\s*(?:[-–—:]\s*)?(?:for (?:review|comments?|discussion|approval|information|internal)|version|v?\d|zur|vom|not (?:yet )?(?:approved|in force)|do not)\b",
        r"(?i)\b(?:document |approval )?status\b[\s:|*–-]{1,5}(?:draft|entwurf|work in progress)\b",
        r"(?i)\bversion\W{0,3}\d[\d.]*\W{1,4}(?:draft|entwurf)\b",
        &format!(r"(?i){OWN}\sis\s(?:still\s)?(?:a\s|in\s)?(?:working\s)?draft\b"),
        &format!(r"(?i){OWN_DE}\sist\s(?:noch\s)?(?:ein|im)\sEntwurf"),
    ])
});

static UNAPPROVED: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        &format!(r"(?i){OWN}\s(?:is|has)\snot\s(?:yet\s)?(?:been\s)?(?:approved|in\sforce)\b"),
        &format!(r"(?i){OWN_DE}\s(?:ist|wurde)\snoch\snicht\sfreigegeben"),
        r"(?i)^\W*(?:not (?:yet )?approved|pending approval|noch nicht freigegeben)\b.{0,30}$",
    ])
});

fn set(patterns: &[&str]) -> RegexSet {
    RegexSet::new(patterns).unwrap_or_else(|error| unreachable!("{error}"))
}

pub(super) fn status(
    document: &Extracted,
    kind: DocumentType,
    title: &str,
    head: &str,
) -> DocumentStatus {
    use DocumentStatus as S;
    let stated = property(document, "status").and_then(|stated| {
        STATED.iter().find(|(words, _)| words.is_match(&stated)).map(|(_, status)| *status)
    });
    if let Some(status) = stated.filter(|status| *status != S::Approved) {
        return status;
    }
    let own = own_lines(document, head);
    let says = |patterns: &RegexSet| own.iter().any(|line| patterns.is_match(line));
    if says(&WITHDRAWN) {
        return S::Withdrawn;
    }
    if says(&ENDED) {
        return S::Superseded;
    }
    if let Some(status) = named(name::stem(name::file(&document.path)), title) {
        return status;
    }
    if let Some(status) = of_folder(&document.path, kind) {
        return status;
    }
    if says(&DRAFT) {
        return S::Draft;
    }
    if says(&UNAPPROVED) {
        return S::Unapproved;
    }
    let approval = |key| property(document, key).map(|value| is_blank(&value));
    match (stated, approval("approved_by"), approval("approved_on")) {
        (Some(status), ..) => status,
        // Somebody has to approve it, and has not.
        (None, Some(true), Some(true) | None) | (None, _, Some(true)) => S::Unapproved,
        (None, None, None) => S::Unstated,
        (None, ..) => S::Approved,
    }
}

/// The lines in which a document speaks of itself: the first ones, headers and footers.
fn own_lines<'a>(document: &'a Extracted, head: &'a str) -> Vec<&'a str> {
    let edges = document
        .blocks
        .iter()
        .filter(|b| matches!(b.kind, BlockKind::Header | BlockKind::Footer))
        .take(FIRST_LINES)
        .flat_map(|b| b.text.lines());
    head.lines().take(FIRST_LINES).chain(edges).collect()
}

/// True if nobody and nothing is named.
pub(super) fn is_blank(value: &str) -> bool {
    static BLANK: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(concat!(
            r"(?i)^\W*(n/a|tbd|tba|tbc|open|none|offen|pendiente)?\W*$",
            r"|^\W*(pending|outstanding|ausstehend|to be \w+|not (yet )?approved|noch nicht|en attente)\b.{0,20}$",
        ))
    });
    BLANK.is_match(value) || super::talk::is_placeholder(value)
}

fn named(stem: &str, title: &str) -> Option<DocumentStatus> {
    static TITLE: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"(?i)^\W*(?:draft|entwurf)\b\s*[-–—:)\]]|[-–—(\[,]\s*(?:draft|entwurf)\b\W*$|^DRAFT\b",
        )
    });
    let stem = text::folded(stem);
    let words: Vec<&str> =
        stem.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let many = words.len() > 1;
    if has(&["withdrawn", "zuruckgezogen"]) {
        Some(DocumentStatus::Withdrawn)
    } else if has(&["superseded", "obsolete", "outdated", "veraltet", "ungultig", "abgelost"])
        || (many && words.last().is_some_and(|word| ["old", "alt"].contains(word)))
    {
        Some(DocumentStatus::Superseded)
    } else if has(&["draft", "entwurf", "wip", "borrador", "brouillon"]) || TITLE.is_match(title) {
        Some(DocumentStatus::Draft)
    } else {
        None
    }
}

/// A folder of old or unfinished documents. Records of what happened are archived without losing
/// their worth.
fn of_folder(path: &str, kind: DocumentType) -> Option<DocumentStatus> {
    use DocumentType as T;
    let happened = matches!(kind, T::Record | T::Minutes | T::Mail);
    let of = |folder: &str| {
        let words = bare_words(folder);
        let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
        if has(&["obsolete", "superseded", "veraltet", "abgelost", "outdated"]) {
            Some(DocumentStatus::Superseded)
        } else if has(&["withdrawn", "zuruckgezogen"]) {
            Some(DocumentStatus::Withdrawn)
        } else if !happened
            && has(&["archive", "archived", "archives", "archiv", "old", "alt", "archivo"])
        {
            Some(DocumentStatus::Superseded)
        } else if has(&["drafts", "entwurfe", "wip"]) {
            Some(DocumentStatus::Draft)
        } else {
            None
        }
    };
    path.rsplit('/').skip(1).find_map(of)
}
