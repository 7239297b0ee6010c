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
    domain::{BlockKind, Date, DocumentType, Extracted},
    segment::dates::{DateFinding, find_dates, find_periods},
};

const FIRST_LINES: usize = 60;
/// A review of a quarter is dated up to this many days after it.
const GRACE_DAYS: i64 = 45;
/// An unlabelled date is looked for in this much text.
const FIRST_BYTES: usize = 1_200;

/// Labels of the event itself, before those of a plain date, before those of the report about it.
static LABELS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        r"date of (?:the )?(?:meeting|test|incident|audit|assessment|review|exercise|training|event|inspection|workshop)|(?:meeting|test|audit|assessment|review|exercise|scan|incident|training|inspection|event|workshop|drill) (?:date|period)|held(?: on)?|(?:performed|conducted|carried out|tested|executed|assessed|occurred|detected|found|discovered|reported|observed|reviewed|took place)(?: on| at)?|(?:reporting |review |audit )?period(?: under review| covered)?|time ?frame|(?:sitzungs|test|prüf|audit|vorfalls|schulungs)datum|durchgeführt(?: am)?|(?:prüf|berichts|test)?zeitraum|festgestellt(?: am)?|gemeldet(?: am)?|geprüft am|période|periodo|date de (?:la )?(?:réunion|séance)|fecha de (?:la )?(?:reunión|prueba)",
        r"dates?|datum|fecha|as of|stand|day",
        r"(?:report|export|issue) date|date of (?:the )?report|exported(?: on)?|generated(?: on)?|completed(?: on)?|berichtsdatum|exportiert am|date du rapport",
    ]
    .map(|labels| {
        text::pattern(&format!(
            r"(?i)(?:^|[|·•;]|\.\s)[\s*_#>|-]*(?:{labels})[\s*_]*(?:[:|]|\s)[\s*_|:]*"
        ))
    })
});

/// What stands before a date that is still to come.
static DUE: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"(?i)\b(next|due|until|till|by|before|planned|scheduled|deadline|expires?|valid|target|postponed|moved to|nächste[rsn]?|fällig|bis|frist|gültig|geplant)\b[^.;|\n]{0,25}$",
    )
});

/// What stands before the date of an event in a sentence.
static HAPPENED: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(concat!(
        r"(?i)(?:(?:^|[.:]\s)(?:on|am)",
        r"|\b(?:workshop|meeting|session|exercise|test|audit|review|assessment|drill|interviews?|inspection|simulation|training|scan|held|performed|conducted|carried out|took place|executed|sitzung|übung|prüfung|besprechung|durchgeführt|réunion|reunión)\b[^.\n]{0,50}?\b(?:on|from|between|am|vom|le|du|el|del))",
        r"\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+|\p{L}+tag,?\s+(?:den\s+)?)?$",
    ))
});

pub(super) fn event_on(
    document: &Extracted,
    kind: DocumentType,
    title: &str,
    head: &str,
) -> Option<Date> {
    use DocumentType as T;
    match kind {
        T::Mail => return super::property_date(document, "date"),
        T::Record | T::Report | T::Minutes | T::Assessment | T::Training => {}
        T::Register => return of_register(document),
        _ => return None,
    }
    let named = name::event_dates(name::stem(name::file(&document.path)));
    if let Some(day) = named.filter(|(first, last)| first == last || !is_period(*first, *last)) {
        return Some(day.1);
    }
    if let Some(day) = super::property_date(document, "date") {
        return Some(day);
    }
    let fits = |day: &Date| named.is_none_or(|(first, last)| (first..=last).contains(day));
    // What a month or quarter is looked at for is often done soon after it.
    let fits_late = |day: &Date| {
        named.is_none_or(|(first, last)| (first..=last.plus_days(GRACE_DAYS)).contains(day))
    };
    match labelled(head) {
        Some(Labelled::Day(day)) if fits_late(&day) => return Some(day),
        Some(Labelled::Ambiguous) if named.is_none() => return None,
        // The name's month against a date far from it: the name's.
        _ => {}
    }
    let review = super::property_date(document, "review_date")
        .or_else(|| super::property_date(document, "reviewed_on"))
        .or_else(|| reviewed(document));
    if let Some(day) = review.filter(fits_late) {
        return Some(day);
    }
    let rows = latest(document, &fits);
    let sheet = document.blocks.iter().all(|b| b.kind == BlockKind::Row);
    if sheet && rows.is_some() {
        return rows;
    }
    let in_text = of_title(title)
        .filter(fits)
        .or_else(|| sentence(head).filter(fits))
        .or_else(|| only_date(document, head, &fits));
    in_text.or(named.map(|(_, last)| last)).or(rows).or_else(|| of_period(title))
}

/// A month or longer, as opposed to the days from one to another.
fn is_period(first: Date, last: Date) -> bool {
    let ((.., day), (.., next)) = (first.ymd(), last.plus_days(1).ymd());
    day == 1 && next == 1
}

/// A register shows its state: the day of its name, the last check of its rows or of the whole.
fn of_register(document: &Extracted) -> Option<Date> {
    let named = name::event_dates(name::stem(name::file(&document.path)));
    let checked = reviewed(document).max(super::property_date(document, "reviewed_on"));
    match named {
        Some((first, last)) if first == last => Some(last),
        Some((_, last)) => checked.filter(|day| *day <= last).or(Some(last)),
        None => checked,
    }
}

fn of_title(title: &str) -> Option<Date> {
    match find_dates(title).as_slice() {
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
fn labelled(head: &str) -> Option<Labelled> {
    LABELS.iter().find_map(|label| {
        head.lines().take(FIRST_LINES).find_map(|line| {
            label.find_iter(line).find_map(|found| value(line, found.start(), found.end()))
        })
    })
}

/// The end of the date or period that a label's value starts with.
fn value(line: &str, from: usize, to: usize) -> Option<Labelled> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| text::pattern(r"[|·•;]|\.\s|\s\("));
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(r"^[^\p{L}]*(?:to|until|and|bis|und|au|al|through)?[^\p{L}]*$")
    });
    /// Letters before the date: a weekday or "on".
    const LEAD: usize = 16;
    if DUE.is_match(line.get(..from)?) {
        return None;
    }
    let rest = line.get(to..)?;
    let rest = NEXT.find(rest).map_or(rest, |end| &rest[..end.start()]);
    let days = find_dates(rest);
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
fn sentence(head: &str) -> Option<Date> {
    head.lines().take(FIRST_LINES).find_map(|line| {
        find_dates(line).into_iter().find_map(|(at, found)| match found {
            DateFinding::Date(day) => {
                let before = line.get(..at)?;
                (HAPPENED.is_match(before) && !DUE.is_match(before)).then_some(day)
            }
            DateFinding::Ambiguous => None,
        })
    })
}

/// The date of a text that names no other, document control and due dates left out.
fn only_date(document: &Extracted, head: &str, fits: &dyn Fn(&Date) -> bool) -> Option<Date> {
    let control: Vec<Date> = ["approved_on", "effective_on", "next_review_on"]
        .iter()
        .filter_map(|key| super::property_date(document, key))
        .collect();
    let mut end = FIRST_BYTES.min(head.len());
    while !head.is_char_boundary(end) {
        end -= 1;
    }
    let start = head.get(..end)?;
    let mut days = Vec::new();
    for (at, found) in find_dates(start) {
        let DateFinding::Date(day) = found else { return None };
        if fits(&day) && !control.contains(&day) && !DUE.is_match(start.get(..at)?) {
            days.push(day);
        }
    }
    days.dedup();
    if let [day] = days.as_slice() { Some(*day) } else { None }
}
