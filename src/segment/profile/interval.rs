//! The interval at which a document says that it, or what it lays down, is repeated.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::text;
use crate::{
    domain::{BlockKind, DocumentType, Extracted, StatedInterval, squash_whitespace},
    segment::sentences,
};

/// A quote is cut here, between words.
const QUOTE_CHARS: usize = 300;

const NUMBER: &str = "two|three|four|five|six|nine|twelve|eighteen|twenty-four|thirty-six|zwei|drei|vier|sechs|neun|zwölf|deux|trois|six|douze|dos|tres|seis|doce";

static REPEATED: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(&format!(
        concat!(
            r"(?i)\b(?:(?:every|alle|todos los|tous les|cada|intervals? of|interval:?|cycle:?|zyklus:?|turnus:?|intervall:?)\s+(?:at\s+(?:least|most)\s+|höchstens\s+|max\.?\s+)?(?P<n>\d{{1,3}}|{number})\s*(?P<unit>days?|weeks?|months?|quarters?|years?|tage|wochen|monate|quartale|jahre|jours|semaines|mois|ans|días|semanas|meses|años)",
            r"|(?:every|each|once (?:a|per)|once every|one(?:ce)? in a|jede[nsr]?|pro|einmal (?:pro|im)|cada|une fois par|una vez al|chaque)\s+(?:calendar\s+)?(?P<one>day|week|month|quarter|half[- ]year|year|january|february|march|april|may|june|july|august|september|october|november|december|tag|woche|monat|quartal|halbjahr|jahr|jour|semaine|mois|trimestre|semestre|an|année|mes|año)\b",
            r"|(?P<twice>twice (?:a|per) year|zweimal (?:jährlich|im jahr|pro jahr)|deux fois par an|dos veces al año)",
            r"|every (?P<other>other|second) year",
            r"|(?P<word>daily|weekly|monthly|quarterly|half[- ]yearly|semi-?annually|semi-?annual|biannually|annually|annual|yearly|täglich\w{{0,2}}|wöchentlich\w{{0,2}}|monatlich\w{{0,2}}|vierteljährlich\w{{0,2}}|quartalsweise|halbjährlich\w{{0,2}}|jährlich\w{{0,2}}|annuelle?(?:ment)?|anual(?:mente)?|trimestral(?:mente)?|semestral(?:mente)?)\b)",
        ),
        number = NUMBER
    ))
});

/// Work that is repeated so that what it yields stays true.
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"(?i)\b(re-?views?|reviewed|reviewing|updates?|updated|repeat(?:s|ed)?|tests?|tested|performed|conducted|carried out|assess(?:es|ed)?|evaluate[sd]?|recertif\w+|re-?approve[sd]?|checks?|checked|verif(?:y|ies|ied)|audits?|audited|exercised?|(?:is|are) (?:made|done|run)|takes? place|überprüf\w*|geprüft|prüf(?:t|en|ung)|aktualisier\w*|wiederhol\w*|getestet|bewertet|revis\w+|révis\w+|réexamin\w+|revisa\w*|contrôl\w+)\b",
    )
});

/// The subject of a sentence about the document itself.
static SELF: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(concat!(
        r"(?i)\b(?:this|the present|diese[rs]?|vorliegende[rs]?|cette|ce|la presente|esta|este)\s(?:\p{L}+\s){0,2}(?:document|polic\w+|procedure|process|standard|guideline|plan|manual|statement|register|list|inventory|assessment|methodology|programme|concept|matrix|catalogue|framework|scope|",
        r"\p{L}*(?:dokument|richtlinie|leitlinie|anweisung|konzept|handbuch|verfahren|liste|verzeichnis|register|bewertung|regelung)|politique|procédure|política|procedimiento|documento)\b",
        r"|^\W*(?:document |policy )?(?:review|revision) (?:cycle|interval|frequency|period)\b|^\W*(?:reviewed|überprüfung|überprüfungs(?:zyklus|intervall|turnus)|prüfzyklus|prüfintervall|revisionszyklus)\b\W{1,4}",
        r"|^\W*it is (?:re-?viewed|checked|updated)",
    ))
});

/// Prefers a sentence about the document itself; else the first rule about its subject, for only
/// documents that lay something down.
pub(super) fn stated_interval(document: &Extracted, kind: DocumentType) -> Option<StatedInterval> {
    use DocumentType as T;
    let mut own = None;
    let mut subject = None;
    for block in &document.blocks {
        if !matches!(block.kind, BlockKind::Body | BlockKind::Row) {
            continue;
        }
        for range in sentences(&block.text) {
            let sentence = &block.text[range];
            let Some(caught) = REPEATED.captures(sentence) else { continue };
            let Some(days) = days(&caught) else { continue };
            let about_itself = SELF.is_match(sentence);
            // Rows say what holds for their own subject.
            let rule = VERB.is_match(sentence) && block.kind == BlockKind::Body;
            let place = match about_itself {
                true if rule || block.text.len() < 100 => &mut own,
                _ if rule => &mut subject,
                _ => continue,
            };
            place.get_or_insert_with(|| StatedInterval { days, quote: quote(sentence) });
        }
    }
    let lays_down = matches!(kind, T::Policy | T::Procedure | T::Plan | T::Statement | T::Other);
    own.or(subject.filter(|_| lays_down))
}

fn quote(sentence: &str) -> String {
    let text = squash_whitespace(sentence);
    match text.char_indices().nth(QUOTE_CHARS) {
        None => text,
        Some((at, _)) => {
            let cut = text[..at].rfind(' ').unwrap_or(at);
            text[..cut].to_owned()
        }
    }
}

fn days(caught: &Captures<'_>) -> Option<u32> {
    let of = |name: &str| caught.name(name).map(|m| m.as_str().to_lowercase());
    if of("twice").is_some() {
        return Some(183);
    }
    if of("other").is_some() {
        return Some(732);
    }
    let word = of("unit").or(of("one")).or(of("word"))?;
    let unit = unit(&word)?;
    let n = match of("n") {
        Some(n) => number(&n)?,
        None => 1,
    };
    // Twelve months are a year, not twelve long months.
    let days = if unit == 31 && n % 12 == 0 { n / 12 * 366 } else { n * unit };
    (days > 0).then_some(days)
}

/// Days of a unit or adverb; the longest month, quarter and year, for nothing is overdue before.
fn unit(word: &str) -> Option<u32> {
    let starts = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    Some(if starts(&["half", "halb", "semi", "semes", "biannual"]) && !word.starts_with("semain") {
        183
    } else if starts(&["quart", "viertel", "trimes"]) {
        92
    } else if starts(&["day", "dai", "tag", "täg", "jour", "día"]) {
        1
    } else if starts(&["week", "woch", "wöch", "semain", "seman"]) {
        7
    } else if starts(&["month", "monat", "mois", "mes"]) {
        31
    } else {
        // Years, and months by name: each January.
        366
    })
}

fn number(word: &str) -> Option<u32> {
    Some(match word {
        "two" | "zwei" | "deux" | "dos" => 2,
        "three" | "drei" | "trois" | "tres" => 3,
        "four" | "vier" => 4,
        "five" => 5,
        "six" | "sechs" | "seis" => 6,
        "nine" | "neun" => 9,
        "twelve" | "zwölf" | "douze" | "doce" => 12,
        "eighteen" => 18,
        "twenty-four" => 24,
        "thirty-six" => 36,
        digits => digits.parse().ok()?,
    })
}
