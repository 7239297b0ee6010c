//! When the event that a document records took place. Approval, review and due dates are other
//! dates, and a date that may be read in two ways is none.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    name,
    rows::{latest, reviewed},
    text,
};
use crate::{
    domain::{BlockKind, ByLanguage, Date, DocumentType, Extracted, Language},
    segment::dates::{DateFinding, find_dates, find_periods},
};

const FIRST_LINES: usize = 60;
/// A review of a quarter is dated up to this many days after it.
const GRACE_DAYS: i64 = 45;
/// An unlabelled date is looked for in this much text.
const FIRST_BYTES: usize = 1_200;

/// Labels of the event itself.
const EVENT: ByLanguage<&str> = ByLanguage {
    en: r"date (?:detected|reported|discovered|occurred|performed|held)|date of (?:the )?(?:detection|meeting|test|incident|audit|assessment|review|exercise|training|event|inspection|workshop)|(?:meeting|test|audit|assessment|review|exercise|scan|incident|training|inspection|event|workshop|drill) (?:date|period)|held(?: on)?|(?:performed|conducted|carried out|tested|executed|assessed|occurred|detected|found|discovered|reported|observed|reviewed|took place)(?: on| at)?|(?:reporting |review |audit )?period(?: under review| covered)?|time ?frame",
    de: r"(?:sitzungs|test|prüf|audit|vorfalls|schulungs|übungs|besprechungs|melde|erkennungs)datum|datum (?:der|des) (?:sitzung|prüfung|tests?|audits?|vorfalls|schulung|übung|besprechung|meldung|feststellung|entdeckung)|durchgeführt(?: am)?|(?:prüf|berichts|test)?zeitraum|festgestellt(?: am)?|gemeldet(?: am)?|geprüft am",
    fr: r"date (?:de (?:la )?|du |de l['’])(?:réunion|séance|test|essai|audit|incident|exercice|formation|évaluation|contrôle|revue|inspection|détection|signalement|constat|réalisation|restauration|survenance)|(?:réalisée?|effectuée?|menée?|tenue?|testée?|contrôlée?|constatée?|détectée?|signalée?|survenue?)(?: le)?|période(?: (?:concernée|couverte|contrôlée))?",
    es: r"fecha (?:de (?:la |el )?|del )(?:reunión|prueba|auditoría|incidente|evaluación|revisión|ejercicio|simulacro|formación|inspección|sesión|detección|notificación|ocurrencia|realización|celebración|restauración)|(?:realizad[oa]|celebrad[oa]|efectuad[oa]|probad[oa]|detectad[oa]|notificad[oa]|ocurrid[oa])(?: el)?|per[ií]odo(?: (?:revisado|cubierto|de revisión))?",
    it: r"data (?:della |del(?:lo)? |dell['’]|di )(?:riunione|seduta|test|prova|audit|incidente|valutazione|verifica|riesame|esercitazione|formazione|ispezione|rilevazione|rilevamento|segnalazione|accadimento|esecuzione|svolgimento|ripristino)|(?:eseguit[oa]|effettuat[oa]|svolt[oa]|condott[oa]|tenut[oa]|rilevat[oa]|segnalat[oa])(?: il)?|periodo(?: (?:di riferimento|esaminato|verificato))?",
    pt: r"data (?:d[aoe] )(?:reunião|sessão|teste|auditoria|incidente|avaliação|revisão|exercício|simulacro|formação|treinamento|inspeção|dete[c]?ção|ocorrência|comunicação|notificação|realização|reposição)|(?:realizad[oa]|efetuad[oa]|conduzid[oa]|testad[oa]|dete[c]?tad[oa]|comunicad[oa]|ocorrid[oa])(?: em| a)?|período(?: (?:revisto|abrangido))?",
    nl: r"datum (?:van )?(?:de |het )?(?:vergadering|overleg|test|audit|incident|beoordeling|controle|oefening|training|inspectie|melding|ontdekking|constatering|uitvoering|detectie)|(?:vergader|test|audit|incident|controle|oefen|overleg|meldings?|uitvoerings)datum|(?:uitgevoerd|gehouden|getest|vastgesteld|gemeld|ontdekt|gecontroleerd)(?: op)?|(?:controle|audit|rapportage|test)?periode",
};

/// Labels of a plain date. The Italian and Portuguese "data" is English for something else; it needs
/// a sign behind it.
const PLAIN: ByLanguage<&str> = ByLanguage {
    en: "dates?|as of|day",
    de: "datum|stand",
    fr: "fait le",
    es: "fecha",
    it: r"data\s*[:|]",
    pt: r"data\s*[:|]",
    nl: "datum",
};

/// Labels of the report about it.
const ABOUT: ByLanguage<&str> = ByLanguage {
    en: "(?:report|export|issue) date|date of (?:the )?report|exported(?: on)?|generated(?: on)?|completed(?: on)?",
    de: "berichtsdatum|exportiert am|erstellt am",
    fr: "date du rapport|(?:exporté|généré|établi)e?(?: le)?",
    es: "fecha del informe|(?:exportad|generad)[oa](?: el)?",
    it: "data del rapporto|(?:esportat|generat)[oa](?: il)?",
    pt: "data do relatório|(?:exportad|gerad)[oa](?: em)?",
    nl: "rapportdatum|datum van het rapport|(?:geëxporteerd|gegenereerd)(?: op)?",
};

/// Labels, the better sort first.
static LABELS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [EVENT, PLAIN, ABOUT].map(|labels| {
        text::pattern(&format!(
            r"(?i)(?:^|[|·•;]|\.\s)[\s*_#>|-]*(?:{})[\s*_]*(?:[:|]|\s)[\s*_|:]*",
            labels.any()
        ))
    })
});

/// The same label where the document is in a language of which it is one.
static DATA: LazyLock<Regex> =
    LazyLock::new(|| text::pattern(r"(?i)(?:^|[|·•;]|\.\s)[\s*_#>|-]*data[\s*_]+"));

/// What stands before a date that is still to come.
pub(super) const DUE: ByLanguage<&str> = ByLanguage {
    en: "next|due|until|till|by|before|planned|scheduled|deadline|expires?|valid|target|postponed|moved to",
    de: "nächste[rsn]?|fällig|bis|frist|gültig|geplant",
    fr: "prochaine?|avant|échéance|jusqu['’]au|prévue?s?|planifiée?s?|valable|expire",
    es: "próxim[oa]|antes|hasta|vence|vencimiento|plazo|previst[oa]s?|planificad[oa]s?|válid[oa]",
    it: "prossim[oa]|entro|fino|scade|scadenza|previst[oa]|pianificat[oa]|valid[oa]",
    pt: "próxim[oa]|até|antes|vence|vencimento|prazo|previst[oa]s?|planead[oa]s?|planejad[oa]s?|válid[oa]",
    nl: "volgende|uiterlijk|vóór|tot|gepland|geldig|vervalt|streefdatum",
};

static DUE_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| text::pattern(&format!(r"(?i)\b({})\b[^.;|\n]{{0,25}}$", DUE.any())));

/// What takes place, or that it took place.
const DEEDS: ByLanguage<&str> = ByLanguage {
    en: "workshop|meeting|session|exercise|test|audit|review|assessment|drill|interviews?|inspection|simulation|training|scan|held|performed|conducted|carried out|took place|executed",
    de: "sitzung|übung|prüfung|besprechung|schulung|durchgeführt|stattgefunden|geprüft",
    fr: "réunion|séance|exercice|essai|revue|évaluation|formation|entretien|contrôle|réalisée?s?|effectuée?s?|menée?s?|tenue",
    es: "reunión|sesión|ejercicio|simulacro|prueba|auditoría|revisión|evaluación|formación|realizó|realizaron|realizad[oa]s?|celebró|celebrad[oa]|llevó a cabo",
    it: "riunione|seduta|esercitazione|prova|riesame|verifica|valutazione|formazione|eseguit[aoei]|effettuat[aoei]|svolt[aoei]|tenut[ao]",
    pt: "reunião|sessão|exercício|simulacro|teste|auditoria|revisão|avaliação|formação|realizou|realizaram|realizad[oa]s?|efetuad[oa]s?|decorreu",
    nl: "vergadering|overleg|oefening|beoordeling|controle|uitgevoerd|gehouden|plaatsgevonden|getest",
};

/// What stands between that and the date.
const ON: ByLanguage<&str> = ByLanguage {
    en: "on|from|between",
    de: "am|vom",
    fr: "le|du",
    es: "el|del",
    it: "il|dal|in data",
    pt: "em|de|a|no dia",
    nl: "op|van",
};

/// Days of the week before a date.
const WEEKDAYS: ByLanguage<&str> = ByLanguage {
    en: "(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    de: r"\p{L}+(?:tag|woch)",
    fr: "(?:lun|mar|mercre|jeu|vendre|same)di|dimanche",
    es: "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    it: "(?:lune|marte|mercole|giove|vener)dì|sabato|domenica",
    pt: "(?:segunda|terça|quarta|quinta|sexta)-feira|sábado|domingo",
    nl: r"\p{L}+dag",
};

/// What stands before the date of an event in a sentence.
static HAPPENED: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(&format!(
        r"(?i)(?:(?:^|[.:]\s)(?:on|am|le|el|il|em|op)|\b(?:{})\b[^.\n]{{0,50}}?\b(?:{}))\s+(?:(?:{}),?\s+(?:den\s+)?)?$",
        DEEDS.any(),
        ON.any(),
        WEEKDAYS.any(),
    ))
});

pub(super) fn event_on(
    document: &Extracted,
    kind: DocumentType,
    title: &str,
    head: &str,
    told: Option<Language>,
) -> Option<Date> {
    use DocumentType as T;
    match kind {
        T::Mail => return super::property_date(document, "date", told),
        T::Record | T::Report | T::Minutes | T::Assessment | T::Training => {}
        T::Register => return of_register(document, told),
        _ => return None,
    }
    let stem = name::stem(name::file(&document.path));
    let named = name::event_dates(stem, told).filter(|_| !numbered(stem, title, head));
    if let Some(day) = named.filter(|(first, last)| first == last || !is_period(*first, *last)) {
        return Some(day.1);
    }
    if let Some(day) = super::property_date(document, "date", told) {
        return Some(day);
    }
    let fits = |day: &Date| named.is_none_or(|(first, last)| (first..=last).contains(day));
    // What a month or quarter is looked at for is often done soon after it.
    let fits_late = |day: &Date| {
        named.is_none_or(|(first, last)| (first..=last.plus_days(GRACE_DAYS)).contains(day))
    };
    match labelled(head, told) {
        Some(Labelled::Day(day)) if fits_late(&day) => return Some(day),
        Some(Labelled::Ambiguous) if named.is_none() => return None,
        // The name's month against a date far from it: the name's.
        _ => {}
    }
    let review = super::property_date(document, "review_date", told)
        .or_else(|| super::property_date(document, "reviewed_on", told))
        .or_else(|| reviewed(document, told));
    if let Some(day) = review.filter(fits_late) {
        return Some(day);
    }
    let rows = latest(document, &fits, told);
    let sheet = document.blocks.iter().all(|b| b.kind == BlockKind::Row);
    if sheet && rows.is_some() {
        return rows;
    }
    let in_text = of_title(title, told)
        .filter(fits)
        .or_else(|| sentence(head, told).filter(fits))
        .or_else(|| only_date(document, head, &fits, told));
    in_text.or(named.map(|(_, last)| last)).or(rows).or_else(|| of_period(title))
}

/// True if what looks like a month in a file's name is the number of an incident or the like, by which the text
/// calls itself: `incident 2026-07` with `INC-2026-07`.
fn numbered(stem: &str, title: &str, head: &str) -> bool {
    static ID: LazyLock<Regex> =
        LazyLock::new(|| text::pattern(r"\b\p{Lu}{2,8}[-_ ]?((?:19|20)\d\d-\d{2})\b"));
    /// The id stands in the title or soon after it.
    const LINES: usize = 5;
    let lines = std::iter::once(title).chain(head.lines().take(LINES));
    lines.flat_map(|line| ID.captures_iter(line)).any(|id| stem.contains(&id[1]))
}

/// A month or longer, as opposed to the days from one to another.
fn is_period(first: Date, last: Date) -> bool {
    let ((.., day), (.., next)) = (first.ymd(), last.plus_days(1).ymd());
    day == 1 && next == 1
}

/// A register shows its state: the day of its name, the last check of its rows or of the whole.
fn of_register(document: &Extracted, told: Option<Language>) -> Option<Date> {
    let named = name::event_dates(name::stem(name::file(&document.path)), told);
    let checked = reviewed(document, told).max(super::property_date(document, "reviewed_on", told));
    match named {
        Some((first, last)) if first == last => Some(last),
        Some((_, last)) => checked.filter(|day| *day <= last).or(Some(last)),
        None => checked,
    }
}

fn of_title(title: &str, told: Option<Language>) -> Option<Date> {
    match find_dates(title, told).as_slice() {
        [(_, DateFinding::Date(day))] => Some(*day),
        _ => None,
    }
}

fn of_period(title: &str) -> Option<Date> {
    find_periods(title).last().map(|period| period.last)
}

enum Labelled {
    Day(Date),
    Ambiguous,
}

/// The date behind the first label of the best sort.
fn labelled(head: &str, told: Option<Language>) -> Option<Labelled> {
    let data = matches!(told, Some(Language::It | Language::Pt)).then_some(&*DATA);
    let (before, about) = LABELS.split_at(2);
    before.iter().chain(data).chain(about).find_map(|label| {
        head.lines().take(FIRST_LINES).find_map(|line| {
            label.find_iter(line).find_map(|found| value(line, found.start(), found.end(), told))
        })
    })
}

/// The end of the date or period that a label's value starts with.
fn value(line: &str, from: usize, to: usize, told: Option<Language>) -> Option<Labelled> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| text::pattern(r"[|·•;]|\.\s|\s\("));
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"^[^\p{L}]*(?:to|until|and|bis|und|au|al|through|et|y|e|a|até|tot|en)?[^\p{L}]*$",
        )
    });
    /// Letters before the date: a weekday or "on".
    const LEAD: usize = 16;
    if DUE_BEFORE.is_match(line.get(..from)?) {
        return None;
    }
    let rest = line.get(to..)?;
    // "12. Juni": the day's full stop ends nothing.
    let of_day = |at: usize| {
        let before = rest.get(..at).unwrap_or_default();
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
    };
    let ends = |m: &regex::Match<'_>| !(m.as_str().starts_with('.') && of_day(m.start()));
    let rest = NEXT.find_iter(rest).find(ends).map_or(rest, |end| &rest[..end.start()]);
    let days = find_dates(rest, told);
    let Some((at, first)) = days.first() else {
        let periods = find_periods(rest);
        let near = periods.first().filter(|period| period.range.start <= LEAD)?;
        let last = periods.last().unwrap_or(near).last;
        return Some(Labelled::Day(last.max(near.last)));
    };
    if *at > LEAD {
        return None;
    }
    let DateFinding::Date(first) = first else { return Some(Labelled::Ambiguous) };
    let second = days.get(1).and_then(|(next, day)| match day {
        // The first date ends ten or more bytes after its start.
        DateFinding::Date(day) if RANGE.is_match(after_date(rest.get(*at..*next)?)) => Some(*day),
        _ => None,
    });
    Some(Labelled::Day(second.filter(|day| day > first).unwrap_or(*first)))
}

/// What stands between two dates, the first one's own month and year left out.
fn after_date(between: &str) -> &str {
    let end = between.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    between.get(end..).unwrap_or_default()
}

/// The first date of which a sentence says that something took place on it.
fn sentence(head: &str, told: Option<Language>) -> Option<Date> {
    head.lines().take(FIRST_LINES).find_map(|line| {
        find_dates(line, told).into_iter().find_map(|(at, found)| match found {
            DateFinding::Date(day) => {
                let before = line.get(..at)?;
                (HAPPENED.is_match(before) && !DUE_BEFORE.is_match(before)).then_some(day)
            }
            DateFinding::Ambiguous => None,
        })
    })
}

/// The date of a text that names no other, document control and due dates left out.
fn only_date(
    document: &Extracted,
    head: &str,
    fits: &dyn Fn(&Date) -> bool,
    told: Option<Language>,
) -> Option<Date> {
    let control: Vec<Date> = ["approved_on", "effective_on", "next_review_on"]
        .iter()
        .filter_map(|key| super::property_date(document, key, told))
        .collect();
    let mut end = FIRST_BYTES.min(head.len());
    while !head.is_char_boundary(end) {
        end -= 1;
    }
    let start = head.get(..end)?;
    let mut days = Vec::new();
    for (at, found) in find_dates(start, told) {
        let DateFinding::Date(day) = found else { return None };
        if fits(&day) && !control.contains(&day) && !DUE_BEFORE.is_match(start.get(..at)?) {
            days.push(day);
        }
    }
    days.dedup();
    if let [day] = days.as_slice() { Some(*day) } else { None }
}
