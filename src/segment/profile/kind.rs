//! The type of a document.
//!
//! In this order; the first that says something decides:
//! 1. the file's form: a mail;
//! 2. a number of a single event in the name (`INC-2026-03`): a record, unless the name itself is
//!    that of a rule;
//! 3. a kind of document that the name names ("policy", "Verzeichnis");
//! 4. the prefix of a document number (`SOP-12`);
//! 5. a kind of document in the title that stands in the text;
//! 6. a sentence about itself ("This procedure describes …");
//! 7. a subject in the name, else in the title ("review", "incident", "training"). A folder of
//!    policies or procedures overrules it, for there "Access Review" is the rule, not the record;
//! 8. the folder;
//! 9. the form: slides are training, a table is a register.
//!
//! Within a name, the part before a preposition counts first ("Procedure for risk assessments").
//! In English the last word tells ("Impact Assessment Procedure"), where a subject directly behind
//! a kind overrules it ("Policy Review" is a review) and one further away does not ("Procedure
//! Access Review"). Kinds of other languages lead ("Richtlinie Schulung").

use std::sync::LazyLock;

use regex::Regex;

use super::{
    name::{self, bare_words},
    text,
    words::{EVENTS, FOLDERS, PHRASES, PREFIXES, SHEET_RECORDS, WORDS, Weight},
};
use crate::domain::{BlockKind, ByLanguage, DocumentType, Extracted, Language};

type Table = Vec<(Regex, DocumentType, Weight)>;

fn compiled(table: &[(&str, DocumentType, Weight)], end: &str) -> Table {
    let of = |(words, kind, weight): &(&str, _, _)| {
        (text::pattern(&format!("^(?:{words}){end}")), *kind, *weight)
    };
    table.iter().map(of).collect()
}

static PHRASE: LazyLock<Table> = LazyLock::new(|| compiled(PHRASES, r"(?:\s|$)"));
static WORD: LazyLock<Table> = LazyLock::new(|| compiled(WORDS, "$"));

static PREPOSITION: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"^(of|for|on|to|in|with|by|from|about|fur|uber|von|vom|zur|zum|der|des|im|mit|bei|de|du|d|sur|pour|del|para|sobre|relative|relatif|di|della|delle|dei|degli|dell|sul|sulla|sulle|per|da|do|dos|das|sobre|van|voor|over|inzake|betreffende|bij)$",
    )
});

/// Words between a kind and a subject that belong to the subject: "policy annual review".
static MODIFIER: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"^(annual|yearly|quarterly|monthly|half|final|internal|new|jahrliche?|annuelle?|anual|annuale|trimestral|trimestrale|trimestriel(le)?|jaarlijkse)$",
    )
});

/// A word or phrase that says something, by its words' positions.
#[derive(Debug, Clone, Copy)]
struct Hit {
    kind: DocumentType,
    weight: Weight,
    from: usize,
    to: usize,
}

pub(super) fn document_type(document: &Extracted, title: &str) -> DocumentType {
    use DocumentType as T;
    let file = name::file(&document.path);
    let extension = name::extension(file);
    let sheet = ["csv", "tsv", "xlsx", "xls", "xlsm", "xlsb", "ods", "log"].contains(&&*extension);
    let slides = ["pptx", "pptm", "ppt", "odp"].contains(&&*extension);
    if ["eml", "msg"].contains(&&*extension) {
        return T::Mail;
    }
    let stem = name::stem(file);
    let named = of_name(stem);
    let rule = |kind: DocumentType| matches!(kind, T::Policy | T::Procedure | T::Plan);
    let fitting = |(kind, weight): (DocumentType, Weight)| {
        // A sheet is a list, whatever its subject.
        let list = sheet && weight == Weight::Weak;
        if list && matches!(kind, T::Procedure | T::Statement | T::Other) {
            T::Register
        } else {
            kind
        }
    };
    if is_event(stem) && !named.is_some_and(|(kind, _)| rule(kind)) {
        return T::Record;
    }
    if let Some(kind) = strong(named) {
        return kind;
    }
    if let Some(kind) = prefix(stem).or_else(|| prefix(title)) {
        return kind;
    }
    let titled = of_name(title);
    if let Some(kind) = strong(titled).filter(|_| stands_in_text(document, title)) {
        return kind;
    }
    if let Some(kind) = self_named(document) {
        return kind;
    }
    let folder = of_folder(&document.path);
    if let Some(found) = named.or(titled) {
        let ruled = folder.filter(|_| name::event_dates(stem, None).is_none() && !sheet);
        let event =
            matches!(found.0, T::Record | T::Report | T::Minutes | T::Training | T::Assessment);
        return match ruled {
            Some(kind @ (T::Policy | T::Procedure)) if event => kind,
            _ => fitting(found),
        };
    }
    if sheet && bare_words(stem).iter().any(|word| SHEET.is_match(word)) {
        return T::Record;
    }
    if let Some(kind) = folder.filter(|_| !slides) {
        return kind;
    }
    by_form(document, stem, slides)
}

static SHEET: LazyLock<Regex> = LazyLock::new(|| text::pattern(&format!("^(?:{SHEET_RECORDS})$")));

fn by_form(document: &Extracted, stem: &str, slides: bool) -> DocumentType {
    let count = |kind| document.blocks.iter().filter(|b| b.kind == kind).count();
    let (rows, body) = (count(BlockKind::Row), count(BlockKind::Body));
    if slides {
        DocumentType::Training
    } else if rows <= 5 || rows <= 2 * body {
        DocumentType::Other
    } else if name::event_dates(stem, None).is_some() {
        DocumentType::Record
    } else {
        DocumentType::Register
    }
}

fn strong(found: Option<(DocumentType, Weight)>) -> Option<DocumentType> {
    found.filter(|(_, weight)| *weight != Weight::Weak).map(|(kind, _)| kind)
}

/// What a name or title says, and how surely.
fn of_name(name: &str) -> Option<(DocumentType, Weight)> {
    let words: Vec<String> =
        bare_words(name).into_iter().filter(|w| !MODIFIER.is_match(w)).collect();
    // A long title is a sentence.
    if words.len() > 20 {
        return None;
    }
    let hits = hits(&words);
    let inside = |n: usize| hits.iter().any(|hit| hit.from < n && n < hit.to);
    let cut = (1..words.len())
        .find(|n| PREPOSITION.is_match(&words[*n]) && !inside(*n))
        .unwrap_or(words.len());
    let said = |hits: &[Hit]| -> Vec<Hit> {
        hits.iter().filter(|hit| hit.weight != Weight::Mute).copied().collect()
    };
    let head: Vec<Hit> = hits.iter().filter(|hit| hit.to <= cut).copied().collect();
    choose(&said(&head)).or_else(|| choose(&said(&hits)))
}

fn hits(words: &[String]) -> Vec<Hit> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let rest = words[at..].join(" ");
        let phrase = PHRASE.iter().find_map(|(pattern, kind, weight)| {
            let found = pattern.find(&rest)?;
            Some((found.as_str().split_whitespace().count(), *kind, *weight))
        });
        let word = || {
            let found = WORD.iter().find(|(pattern, ..)| pattern.is_match(&words[at]))?;
            Some((1, found.1, found.2))
        };
        let Some((length, kind, weight)) = phrase.or_else(word) else {
            at += 1;
            continue;
        };
        out.push(Hit { kind, weight, from: at, to: at + length });
        at += length;
    }
    out
}

fn choose(hits: &[Hit]) -> Option<(DocumentType, Weight)> {
    let last = hits.last()?;
    let of = |hit: &Hit| Some((hit.kind, hit.weight));
    let first_kind = hits.iter().find(|hit| hit.weight != Weight::Weak);
    let Some(first) = first_kind else { return of(last) };
    if first.weight == Weight::Leads && first.from == 0 {
        return of(first);
    }
    let kind = hits.iter().rev().find(|hit| hit.weight != Weight::Weak).unwrap_or(first);
    if last.weight == Weight::Weak && last.from == kind.to { of(last) } else { of(kind) }
}

static PREFIX: LazyLock<Vec<(Regex, DocumentType)>> = LazyLock::new(|| {
    let of = |(words, kind): &(&str, DocumentType)| {
        let long: Vec<&str> = words.split('|').filter(|word| word.len() > 2).collect();
        let long = if long.is_empty() { "pol" } else { &long.join("|") };
        let pattern = format!(
            r"(?i)(?:^|[-_ .])(?:{words})[-_ ]?\d|^(?-i:{upper})[-_ ]+\p{{L}}",
            upper = long.to_uppercase()
        );
        (text::pattern(&pattern), *kind)
    };
    PREFIXES.iter().map(of).collect()
});

/// The kind that a document number says.
fn prefix(name: &str) -> Option<DocumentType> {
    let start: String = name.chars().take(24).collect();
    PREFIX.iter().find(|(pattern, _)| pattern.is_match(&start)).map(|(_, kind)| *kind)
}

fn is_event(stem: &str) -> bool {
    static EVENT: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(&format!(r"(?i)(?:^|[-_ ])(?:{EVENTS})[-_ ]?(?:\d{{2,4}}[-_]\d+|\d{{3,}})"))
    });
    EVENT.is_match(stem)
}

/// A title in the metadata may be another document's, of which this one was a copy.
fn stands_in_text(document: &Extracted, title: &str) -> bool {
    let title = text::folded(title);
    document.blocks.iter().take(12).any(|block| text::folded(&block.text).contains(&title))
}

/// "This policy applies …": the words that name the document, and what it does.
const SELF_NAMES: ByLanguage<(&str, &str, &str)> = ByLanguage {
    en: (
        "this|the present",
        "policy|procedure|process|standard|guideline|plan|manual|register|report|record|agreement|contract",
        r"(?:applies|appl|describes?|defines?|sets|says|covers|governs|lays|specif|establish)",
    ),
    de: (
        "diese[rs]?|vorliegende[rs]?",
        "richtlinie|leitlinie|verfahrensanweisung|arbeitsanweisung|verfahren|bericht|vertrag|konzept|plan|protokoll",
        "(?:regelt|beschreibt|gilt|legt|definiert|dokumentiert)",
    ),
    fr: (
        "cette|ce|la présente|le présent",
        "politique|procédure|charte|directive|plan|rapport|contrat|registre|manuel|compte rendu|procès-verbal",
        r"(?:définit|d[eé]crit|s['’]applique|fixe|établit|précise|régit)",
    ),
    es: (
        "la presente|el presente|est[ae]",
        "política|procedimiento|plan|informe|contrato|registro|manual|acta|norma",
        "(?:establece|define|describe|se aplica|aplica|regula|fija)",
    ),
    it: (
        "la presente|il presente|quest[oa]",
        "politica|procedura|piano|rapporto|contratto|registro|manuale|verbale|linea guida",
        "(?:stabilisce|definisce|descrive|si applica|regola|disciplina)",
    ),
    pt: (
        "a presente|o presente|est[ae]",
        "política|procedimento|plano|relatório|contrato|registo|registro|manual|ata|norma",
        "(?:estabelece|define|descreve|aplica-se|se aplica|regula|fixa)",
    ),
    nl: (
        "dit|deze",
        r"\p{L}*beleid|beleid|procedure|plan|rapport|contract|overeenkomst|register|handboek|verslag|richtlijn|werkinstructie",
        "(?:beschrijft|bepaalt|geldt|regelt|legt|is van toepassing)",
    ),
};

fn self_named(document: &Extracted) -> Option<DocumentType> {
    static SELF: LazyLock<Regex> = LazyLock::new(|| {
        let all = SELF_NAMES.all().map(|(language, (this, names, does))| {
            format!(r"(?:{this})\s(?P<{language}>{names})\s{does}")
        });
        text::pattern(&format!(r"(?i)(?:^|[.:]\s)(?:{})", all.join("|")))
    });
    let first = document.blocks.iter().filter(|b| b.kind == BlockKind::Body).take(8);
    let word = first
        .filter_map(|b| SELF.captures(&b.text))
        .find_map(|caught| Language::ALL.into_iter().find_map(|own| caught.name(own.as_str())))?;
    of_name(word.as_str()).map(|(kind, _)| kind)
}

fn of_folder(path: &str) -> Option<DocumentType> {
    static FOLDER: LazyLock<Vec<(Regex, DocumentType)>> = LazyLock::new(|| {
        let of = |(words, kind): &(&str, _)| (text::pattern(&format!(r"\b(?:{words})$")), *kind);
        FOLDERS.iter().map(of).collect()
    });
    let folders = path.rsplit('/').skip(1);
    folders.map(|folder| bare_words(folder).join(" ")).find_map(|folder| {
        FOLDER.iter().find(|(pattern, _)| pattern.is_match(&folder)).map(|(_, kind)| *kind)
    })
}
