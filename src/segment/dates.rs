//! Dates as European and ISO documents write them. An ambiguous form is reported as such, never
//! guessed.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::domain::{Date, Language, ORDINAL, month_names, month_of};

/// What a date-like piece of text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFinding {
    Date(Date),
    /// `03/04/2026`: day and month can't be told apart.
    Ambiguous,
}

/// Names that are words of other languages, too: without a day before them they are no month
/// ("rolled out 2026", "set 2026").
const WORDS_TOO: [&str; 6] = ["ago", "gen", "mag", "set", "out", "marco"];

/// A pattern in which `MONTH` stands for every month's name (but for those left out), `ORDINAL` for
/// the signs of an ordinal number.
fn with_months(pattern: &str, left_out: &[&str]) -> Regex {
    let mut names = month_names();
    names.retain(|name| !left_out.contains(name));
    let names = format!("(?:{})", names.join("|"));
    let pattern = pattern.replace("MONTH", &names).replace("ORDINAL", ORDINAL);
    Regex::new(&pattern).unwrap_or_else(|error| unreachable!("{error}"))
}

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    with_months(
        concat!(
            r"(?i)\b(?P<y>\d{4})(?:-(?P<m>\d{1,2})-(?P<d>\d{1,2})|/(?P<m2>\d{1,2})/(?P<d2>\d{1,2}))(?:T\d\d:|\b)",
            r"|\b(?P<gd>\d{1,2})\.\s?(?P<gm>\d{1,2})\.\s?(?P<gy>\d{4})\b",
            r"|\b(?P<s1>\d{1,2})(?:/(?P<s2>\d{1,2})/|-(?P<s3>\d{1,2})-)(?P<sy>\d{4})\b",
            r"|\b(?P<ld>\d{1,2})(?:ORDINAL(?:\s+(?:of\s+|de\s+)?|-)|[./º°])(?P<lm>MONTH)(?:\.?,?\s+(?:del?\s+)?|[./-])(?P<ly>\d{4})\b",
            r"|\b(?P<um>MONTH)\.?\s+(?P<ud>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<uy>\d{4})\b",
        ),
        &[],
    )
});

static PERIODS: LazyLock<Regex> = LazyLock::new(|| {
    with_months(
        concat!(
            r"(?i)\b(?P<qy>\d{4})[\s/-]?[QT](?P<q>[1-4])\b|\b[QT](?P<q2>[1-4])[\s/-]?(?P<qy2>\d{4})\b",
            r"|\b(?P<q3>[1-4])ORDINAL\s+(?:quarter|quartal|trimestre|kwartaal)(?:\s+(?:of|del?))?\s+(?P<qy3>\d{4})\b",
            r"|\b(?P<hy>\d{4})[\s/-]?H(?P<h>[12])\b|\bH(?P<h2>[12])[\s/-]?(?P<hy2>\d{4})\b",
            r"|\b(?P<h3>[12])ORDINAL\s+(?:half|halbjahr|semestre|halfjaar)(?:\s+(?:of|del?))?\s+(?P<hy3>\d{4})\b",
            r"|\b(?P<y>(?:19|20)\d{2})-(?P<m>0[1-9]|1[0-2])\b|\b(?P<m2>0?[1-9]|1[0-2])/(?P<y2>(?:19|20)\d{2})\b",
            r"|\b(?P<name>MONTH)\.?,?[\s-]+(?:del?\s+|of\s+)?(?P<y3>(?:19|20)\d{2})\b",
            r"|\b(?P<y4>(?:19|20)\d{2})[\s-]+(?P<name2>MONTH)\b",
        ),
        &WORDS_TOO,
    )
});

/// A month, quarter or half-year that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    pub range: Range<usize>,
    pub first: Date,
    pub last: Date,
}

/// Every month, quarter and half-year in a text, in reading order; a full date is none.
pub(super) fn find_periods(text: &str) -> Vec<Period> {
    let days: Vec<Range<usize>> = PATTERN.find_iter(text).map(|m| m.range()).collect();
    let period = |caught: &regex::Captures<'_>| -> Option<Period> {
        let range = caught.get(0)?.range();
        if days.iter().any(|day| day.start < range.end && range.start < day.end) {
            return None;
        }
        let number = |names: &[&str]| -> Option<u16> {
            names.iter().find_map(|n| caught.name(n)).and_then(|m| m.as_str().parse().ok())
        };
        let year = number(&["qy", "qy2", "qy3", "hy", "hy2", "hy3", "y", "y2", "y3", "y4"])?;
        let named = || {
            let name = caught.name("name").or(caught.name("name2"))?;
            month_of(&name.as_str().to_lowercase()).map(u16::from)
        };
        let (from, to) = if let Some(quarter) = number(&["q", "q2", "q3"]) {
            (3 * quarter - 2, 3 * quarter)
        } else if let Some(half) = number(&["h", "h2", "h3"]) {
            (6 * half - 5, 6 * half)
        } else {
            let month = number(&["m", "m2"]).or_else(named)?;
            (month, month)
        };
        let start = |year: u16, month: u16| Date::new(i32::from(year), month as u8, 1);
        let after = if to == 12 { start(year + 1, 1) } else { start(year, to + 1) };
        Some(Period { range, first: start(year, from)?, last: after?.plus_days(-1) })
    };
    PERIODS.captures_iter(text).filter_map(|caught| period(&caught)).collect()
}

/// Every date in a text with its byte offset, in reading order. In `03/04/2026` the day comes first
/// in all languages here but English, which is written in both ways; `told` is the text's language
/// as far as it is sure.
pub fn find_dates(text: &str, told: Option<Language>) -> Vec<(usize, DateFinding)> {
    let day_first = told.is_some_and(|language| language != Language::En);
    let mut out = Vec::new();
    for caught in PATTERN.captures_iter(text) {
        let number = |name: &str| caught.name(name).and_then(|m| m.as_str().parse::<u16>().ok());
        let month =
            |name: &str| month_of(&caught.name(name)?.as_str().to_lowercase()).map(u16::from);
        let date = |y: Option<u16>, m: Option<u16>, d: Option<u16>| {
            Date::new(i32::from(y?), u8::try_from(m?).ok()?, u8::try_from(d?).ok()?)
                .map(DateFinding::Date)
        };
        let found = if caught.name("y").is_some() {
            date(number("y"), number("m").or(number("m2")), number("d").or(number("d2")))
        } else if caught.name("gy").is_some() {
            date(number("gy"), number("gm"), number("gd"))
        } else if caught.name("sy").is_some() {
            let (first, second) = (number("s1"), number("s2").or(number("s3")));
            match (first, second) {
                (Some(a), Some(b)) if a > 12 => date(number("sy"), Some(b), Some(a)),
                (Some(a), Some(b)) if b > 12 => date(number("sy"), Some(a), Some(b)),
                (Some(a), Some(b)) if a == b || day_first => date(number("sy"), Some(b), Some(a)),
                _ => Some(DateFinding::Ambiguous),
            }
        } else if caught.name("ly").is_some() {
            date(number("ly"), month("lm"), number("ld"))
        } else {
            date(number("uy"), month("um"), number("ud"))
        };
        if let (Some(found), Some(whole)) = (found, caught.get(0)) {
            out.push((whole.start(), found));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<String> {
        of(text, None)
    }

    fn of(text: &str, told: Option<Language>) -> Option<String> {
        find_dates(text, told).first().map(|(_, f)| match f {
            DateFinding::Date(d) => d.to_string(),
            DateFinding::Ambiguous => "ambiguous".into(),
        })
    }

    #[test]
    fn usual_forms_are_read() {
        for (text, date) in [
            ("on 2026-03-01 we", "2026-03-01"),
            ("am 1.3.2026", "2026-03-01"),
            ("am 1. März 2026", "2026-03-01"),
            ("1st March 2026", "2026-03-01"),
            ("March 1, 2026", "2026-03-01"),
            ("Approved 14 Sept. 2025", "2025-09-14"),
            ("25/12/2025", "2025-12-25"),
            ("12/25/2025", "2025-12-25"),
            ("03/03/2026", "2026-03-03"),
            ("2026/03/01", "2026-03-01"),
            ("2026-03-01T08:30:00Z", "2026-03-01"),
            ("25-12-2025", "2025-12-25"),
            ("12-Mar-2026", "2026-03-12"),
            ("le 12 février 2026", "2026-02-12"),
            ("1er août 2026", "2026-08-01"),
            ("le 1ER AOUT 2026", "2026-08-01"),
            ("1.März 2026", "2026-03-01"),
            ("1. Maerz 2026", "2026-03-01"),
            ("5. Mrz. 2026", "2026-03-05"),
            ("1st of March 2026", "2026-03-01"),
            ("12/Mar/2026", "2026-03-12"),
            ("1º de marzo de 2026", "2026-03-01"),
            ("1ro de marzo de 2026", "2026-03-01"),
            ("1.° gennaio 2026", "2026-01-01"),
            ("1º de março de 2026", "2026-03-01"),
            ("1ste januari 2026", "2026-01-01"),
            ("el 12 de marzo de 2026", "2026-03-12"),
            ("el 1.º de setiembre del 2026", "2026-09-01"),
            ("il 1° maggio 2026", "2026-05-01"),
            ("l'8 gennaio 2026", "2026-01-08"),
            ("30 set 2026", "2026-09-30"),
            ("1 de março de 2026", "2026-03-01"),
            ("12 out. 2026", "2026-10-12"),
            ("op 1 maart 2026", "2026-03-01"),
            ("5 mrt. 2026", "2026-03-05"),
        ] {
            assert_eq!(first(text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn what_can_not_be_told_apart_is_not_guessed() {
        assert_eq!(first("03/04/2026").as_deref(), Some("ambiguous"));
        assert_eq!(first("03-04-2026").as_deref(), Some("ambiguous"));
        assert_eq!(first("31.02.2026"), None);
        assert_eq!(first("12 items 2026"), None);
        assert_eq!(first("4 reviewed 2026-01-02").as_deref(), Some("2026-01-02"));
        assert_eq!(first("version 10.2.2026b"), None);
    }

    #[test]
    fn the_language_tells_day_from_month_but_not_in_english() {
        for language in Language::ALL {
            let told = Some(language);
            let day = if language == Language::En { "ambiguous" } else { "2026-04-03" };
            assert_eq!(of("03/04/2026", told).as_deref(), Some(day), "{language}");
            assert_eq!(of("03-04-2026", told).as_deref(), Some(day), "{language}");
            // Only one reading exists.
            assert_eq!(of("04/25/2026", told).as_deref(), Some("2026-04-25"), "{language}");
        }
    }

    #[test]
    fn every_month_is_known_in_every_language() {
        for (language, months) in crate::domain::MONTHS.all() {
            for (n, names) in months.iter().enumerate() {
                for name in *names {
                    let date = Date::new(2026, n as u8 + 1, 7).unwrap().to_string();
                    assert_eq!(first(&format!("7 {name} 2026")), Some(date), "{language}");
                }
            }
        }
    }

    #[test]
    fn months_quarters_and_half_years_are_periods() {
        for (text, first, last) in [
            ("review 2026-Q1", "2026-01-01", "2026-03-31"),
            ("Q4/2025", "2025-10-01", "2025-12-31"),
            ("3. Quartal 2026", "2026-07-01", "2026-09-30"),
            ("H1 2026", "2026-01-01", "2026-06-30"),
            ("tickets 2026-02", "2026-02-01", "2026-02-28"),
            ("June 2026", "2026-06-01", "2026-06-30"),
            ("Stand: Dezember 2025", "2025-12-01", "2025-12-31"),
            ("02/2024", "2024-02-01", "2024-02-29"),
            ("1er trimestre 2026", "2026-01-01", "2026-03-31"),
            ("T2 2026", "2026-04-01", "2026-06-30"),
            ("3.º trimestre de 2026", "2026-07-01", "2026-09-30"),
            ("1e kwartaal 2026", "2026-01-01", "2026-03-31"),
            ("1. Halbjahr 2026", "2026-01-01", "2026-06-30"),
            ("2° semestre 2026", "2026-07-01", "2026-12-31"),
            ("revisão em outubro de 2026", "2026-10-01", "2026-10-31"),
            ("maart 2026", "2026-03-01", "2026-03-31"),
        ] {
            let found = find_periods(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].first.to_string(), first, "{text}");
            assert_eq!(found[0].last.to_string(), last, "{text}");
        }
        for text in [
            "2026-2027",
            "2026-14",
            "on 2026-06-11",
            "1 June 2026",
            "ISO 27001-2022",
            "2026",
            "rolled out 2026",
        ] {
            assert_eq!(find_periods(text), [], "{text}");
        }
    }
}
