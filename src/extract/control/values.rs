//! What a property may hold.

use std::sync::LazyLock;

use regex::Regex;

use super::{labels, pattern};
use crate::domain::{ByLanguage, ORDINAL, month_names, squash_whitespace};

/// A value longer than this is prose that happens to start with a label.
const VALUE_CHARS: usize = 120;

/// A day, month or quarter: `2025-01-31`, `31.01.2025`, `31 January 2025`, `Januar 2025`. Months by how their names
/// begin, for the pattern stands in many others.
pub(super) static DATE: LazyLock<String> = LazyLock::new(|| {
    let mut starts: Vec<String> =
        month_names().iter().map(|name| name.chars().take(3).collect()).collect();
    starts.sort();
    starts.dedup();
    let month = format!(r"(?:{})\p{{L}}{{0,7}}\.?", starts.join("|"));
    format!(
        concat!(
            r"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{4}}/\d{{1,2}}/\d{{1,2}}|\d{{1,2}}[./-]\s?\d{{1,2}}[./-]\s?\d{{2,4}}",
            r"|\d{{1,2}}(?:{ORDINAL}[\s-]+(?:de\s+|of\s+)?|[./º°]){month}(?:,?[\s-]+(?:del?\s+)?|/)\d{{4}}",
            r"|{month}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+|del?\s+)?\d{{4}}",
            r"|\d{{1,2}}/\d{{4}}|\d{{4}}-\d{{2}}|[QT][1-4][\s/]\d{{4}})",
        ),
        ORDINAL = ORDINAL,
        month = month,
    )
});

/// `2`, `2.1`, `v1.0.3`.
pub(super) const VERSION: &str = r"[vV]?\d+(?:[.-]\d+)*[a-z]?";

/// The words that a status may be.
pub(crate) const STATUS_WORDS: ByLanguage<&str> = ByLanguage {
    en: r"(?:(?:final|working|first)\s+)?draft|(?:in|under)\s+review|(?:not\s+(?:yet\s+)?)?approved|unapproved|final|released|published|in\s+force|effective|active|superseded|withdrawn|obsolete|archived|retired|for\s+approval|pending(?:\s+approval)?|proposed|work\s+in\s+progress",
    de: r"entwurf|in\s+(?:prüfung|bearbeitung|überarbeitung)|(?:(?:noch\s+)?nicht\s+)?freigegeben|gültig|in\s+kraft|veröffentlicht|genehmigt|verabschiedet|ungültig|aufgehoben|veraltet|ersetzt|abgelöst|zurückgezogen|archiviert|zur\s+freigabe",
    fr: r"brouillon|projet|en\s+(?:cours\s+de\s+)?(?:révision|rédaction|validation|attente)|(?:non\s+)?approuvée?|(?:non\s+)?validée?|en\s+vigueur|publiée?|diffusée?|abrogée?|caduc|caduque|obsolète|remplacée?|annulée?|retirée?|archivée?|périmée?|définiti(?:f|ve)",
    es: r"borrador|en\s+(?:revisión|elaboración)|(?:no\s+)?aprobad[oa]|(?:no\s+)?vigente|en\s+vigor|publicad[oa]|obsolet[oa]|derogad[oa]|sustituid[oa]|retirad[oa]|anulad[oa]|archivad[oa]|pendiente(?:\s+de\s+aprobación)?|definitiv[oa]",
    it: r"bozza|in\s+(?:revisione|lavorazione|approvazione)|(?:non\s+(?:ancora\s+)?)?approvat[oa]|in\s+vigore|vigente|pubblicat[oa]|emess[oa]|obsolet[oa]|abrogat[oa]|annullat[oa]|superat[oa]|sostituit[oa]|ritirat[oa]|revocat[oa]|archiviat[oa]",
    pt: r"rascunho|minuta|em\s+(?:revisão|elaboração|aprovação)|(?:não\s+)?aprovad[oa]|em\s+vigor|vigente|publicad[oa]|obsolet[oa]|anulad[oa]|retirad[oa]|substituíd[oa]|revogad[oa]|arquivad[oa]|pendente(?:\s+de\s+aprovação)?",
    nl: r"concept|in\s+(?:bewerking|herziening|behandeling)|ter\s+goedkeuring|(?:(?:nog\s+)?niet\s+)?goedgekeurd|vastgesteld|van\s+kracht|definitief|gepubliceerd|geldig|vervangen|vervallen|verouderd|ingetrokken|gearchiveerd",
};

/// [`STATUS_WORDS`] as one pattern.
pub(super) static STATUS: LazyLock<String> =
    LazyLock::new(|| format!("(?:{})", STATUS_WORDS.any()));

/// Classes as they stand in headers, footers and control tables. "Interna" alone may end a title
/// ("Auditoría Interna"); behind a label it is read anyway.
const CLASS_WORDS: ByLanguage<&str> = ByLanguage {
    en: r"(?:(?:strictly|highly|company)\s*-?)?(?:confidential|internal(?:\s+use)?(?:\s+only)?|public|restricted|secret)",
    de: r"(?:(?:streng|strikt)\s*-?\s*)?(?:vertraulich|intern|öffentlich|geheim)|nur\s+für\s+den\s+(?:internen\s+)?dienstgebrauch",
    fr: r"(?:(?:très|strictement)\s+)?confidentiel(?:le)?|diffusion\s+(?:restreinte|interne|limitée)|(?:usage\s+)?interne|secret",
    es: r"(?:(?:estrictamente|muy)\s+)?confidencial|(?:de\s+)?uso\s+interno|restringid[oa]|reservad[oa]",
    it: r"(?:strettamente\s+)?riservat[oa]|(?:ad\s+)?uso\s+interno|confidenziale",
    pt: r"(?:estritamente\s+)?confidencial|(?:de\s+)?uso\s+interno|restrit[oa]|reservad[oa]",
    nl: r"(?:strikt\s+)?vertrouwelijk|(?:voor\s+)?intern(?:\s+gebruik)?|openbaar|geheim",
};

/// [`CLASS_WORDS`] as one pattern.
pub(super) static CLASS: LazyLock<String> = LazyLock::new(|| {
    format!(r"(?:{}|tlp:(?:red|amber(?:\+strict)?|green|clear|white))", CLASS_WORDS.any())
});

fn start(of: &str) -> Regex {
    pattern(&format!(r"(?i)^{of}(?:[^\p{{L}}\d]|$)"))
}

static VERSION_START: LazyLock<Regex> = LazyLock::new(|| start(VERSION));
static DATE_START: LazyLock<Regex> = LazyLock::new(|| start(&DATE));
static STATUS_START: LazyLock<Regex> = LazyLock::new(|| start(&STATUS));
static DATE_INSIDE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[\s(,:]){}(?:[^\p{{L}}\d]|$)", *DATE)));

/// An approval that is still to come.
pub(crate) const PENDING: ByLanguage<&str> = ByLanguage {
    en: "pending|outstanding|open|tbd|tba|tbc|to be (?:done|defined|confirmed)|not (?:yet )?approved",
    de: "ausstehend|offen|noch nicht|steht aus",
    fr: "en attente|à définir|à venir|non approuvée?|pas encore",
    es: "pendiente|por definir|aún no|sin aprobar",
    it: "in attesa|da definire|non ancora|da approvare",
    pt: "pendente|a definir|por aprovar|ainda não",
    nl: "nog niet|nog te bepalen|in afwachting|volgt",
};

/// Worth keeping, for it says that nobody has approved.
static UNFILLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)^\W*({})\b.{{0,20}}$", PENDING.any())));

/// How a label stands before its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// A colon, bar or the like separates them.
    pub explicit: bool,
    /// The text is one of several labelled values: a control table or control line.
    pub among_others: bool,
    /// The label has two words, which prose seldom starts with.
    pub spaced: bool,
}

/// True if only values of a certain form may follow the label.
pub(super) fn is_typed(key: &str) -> bool {
    is_date(key) || matches!(key, "version" | "status")
}

fn is_date(key: &str) -> bool {
    key.ends_with("_on") || key == "review_date"
}

/// The value of a typed property at the start of a text, with its length in bytes.
pub(super) fn typed<'a>(key: &str, text: &'a str) -> Option<&'a str> {
    let found = match key {
        "version" => VERSION_START.find(text),
        "status" => STATUS_START.find(text),
        _ if is_date(key) => DATE_START.find(text),
        _ => None,
    }?;
    // The character that ends the match is no part of the value.
    let value = found.as_str();
    let ends = |c: char| !c.is_alphanumeric() && c != '+';
    Some(value.strip_suffix(ends).unwrap_or(value))
}

/// True if a text starts with a usual class.
pub(super) fn is_class(text: &str) -> bool {
    static CLASS_START: LazyLock<Regex> = LazyLock::new(|| start(&CLASS));
    CLASS_START.is_match(text.trim())
}

/// True if a text says that an approval is still to come.
pub(super) fn is_unfilled(text: &str) -> bool {
    UNFILLED.is_match(text)
}

/// A template's blank says that nobody filled it in: `[NAME]`, `<date>`, `TBD`, `—`.
pub(super) fn is_placeholder(value: &str) -> bool {
    let bracketed = (value.starts_with('[') && value.contains(']'))
        || (value.starts_with('<') && value.ends_with('>'))
        || value.starts_with("{{");
    let unknown = ["tbd", "tba", "tbc", "n/a", "n.a.", "k. a.", "none", "xx", "xxx", "offen"];
    // A text that explains what belongs there.
    let explains = [
        "e.g",
        "z. b",
        "z.b",
        "p. ex",
        "name of ",
        "name and ",
        "name und ",
        "name, role",
        "nom et ",
        "nombre y ",
        "nome e ",
        "naam en ",
    ];
    let lower = value.to_lowercase();
    bracketed
        || explains.iter().any(|words| lower.starts_with(words))
        || !value.contains(char::is_alphanumeric)
        || unknown.contains(&lower.as_str())
}

/// The value without what surrounds it; `None` for blanks, labels and what is too long.
pub(super) fn cleaned(raw: &str) -> Option<String> {
    let edge = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|' | ';' | ',' | '"' | '·');
    let value = squash_whitespace(raw.trim_matches(edge));
    let fits = !is_placeholder(&value)
        && value.chars().count() <= VALUE_CHARS
        && labels::run(&value).is_none();
    fits.then_some(value)
}

/// A name, a class or an id, if it is not prose.
pub(super) fn free(raw: &str, standing: Standing) -> Option<String> {
    let value = cleaned(first_sentence(raw))?;
    let words = value.split(' ').count();
    let named = value.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase());
    let stated = standing.explicit
        || (standing.among_others && named)
        || (standing.spaced && words <= 6 && named);
    (stated && words <= 12 && !value.ends_with('.')).then_some(value)
}

/// Who and when, from what follows an approval label: `Jane Doe (CEO) on 2026-01-02`,
/// `2026-01-02 by Jane Doe`.
pub(super) fn approval(key: &str, raw: &str) -> (Option<String>, Option<String>) {
    static BY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^[\s,(]*(?:by|durch|von|par|por|da|dal|dalla|pela|pelo|door)\s+(?P<who>.+)$")
    });
    static JOINT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)[\s,;:(–—-]*(?:\b(?:on|am|vom|le|el|il|em|a|op|in data|dated|date))?[\s:(]*$")
    });
    if key == "approved_on" {
        let Some(date) = typed(key, raw) else { return (None, None) };
        let rest = raw.get(date.len()..).unwrap_or_default();
        let who = BY.captures(rest).and_then(|c| c.name("who")).and_then(|m| who(m.as_str()));
        return (who, Some(date.to_owned()));
    }
    let Some(found) = DATE_INSIDE.find(raw) else { return (None, None) };
    let lead = |c: char| !c.is_alphanumeric();
    let date = found.as_str().trim_matches(lead).to_owned();
    let before = raw.get(..found.start()).unwrap_or_default();
    // A sentence between the name and the date says something else.
    if first_sentence(before).len() < before.trim_end().len() {
        return (None, None);
    }
    let end = JOINT.find(before).map_or(before.len(), |m| m.start());
    (who(before.get(..end).unwrap_or_default()), Some(date))
}

fn who(raw: &str) -> Option<String> {
    let raw = first_sentence(raw).trim_end_matches(['.', ':']);
    let open = raw.matches('(').count() > raw.matches(')').count();
    let raw = if open { raw.trim_end_matches('(') } else { raw };
    cleaned(raw).filter(|w| w.contains(char::is_alphabetic) && w.split(' ').count() <= 12)
}

/// The text up to the end of its first sentence. An initial or a title ends none.
pub(super) fn first_sentence(text: &str) -> &str {
    static END: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?P<word>[\p{L}\d)]+)\.\s+[\p{Lu}\d]"));
    const TITLES: [&str; 20] = [
        "dr", "prof", "mr", "mrs", "ms", "dipl", "ing", "no", "nr", "st", "med", "jur", "inc",
        "ltd", "sr", "sra", "mme", "dott", "sig", "drs",
    ];
    for found in END.captures_iter(text) {
        let Some(word) = found.name("word") else { continue };
        let lower = word.as_str().to_lowercase();
        if lower.chars().count() > 1 && !TITLES.contains(&lower.as_str()) {
            return text.get(..word.end()).unwrap_or(text);
        }
    }
    text
}
