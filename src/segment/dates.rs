//! Dates as European and ISO documents write them. An ambiguous form is reported as such, never
//! guessed.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::Date;

/// What a date-like piece of text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFinding {
    Date(Date),
    /// `03/04/2026`: day and month can't be told apart.
    Ambiguous,
}

const MONTHS: [(&str, u8); 36] = [
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("sept", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("januar", 1),
    ("februar", 2),
    ("märz", 3),
    ("mai", 5),
    ("juni", 6),
    ("juli", 7),
    ("oktober", 10),
    ("dezember", 12),
    ("jänner", 1),
    ("mrz", 3),
    ("okt", 10),
    ("dez", 12),
];

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b",
        r"|\b(?P<gd>\d{1,2})\.\s?(?P<gm>\d{1,2})\.\s?(?P<gy>\d{4})\b",
        r"|\b(?P<s1>\d{1,2})/(?P<s2>\d{1,2})/(?P<sy>\d{4})\b",
        r"|\b(?P<ld>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?P<lm>\p{L}{3,9})\.?,?\s+(?P<ly>\d{4})\b",
        r"|\b(?P<um>\p{L}{3,9})\.?\s+(?P<ud>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<uy>\d{4})\b",
    ))
    .expect("the pattern is a constant")
});

/// Every date in a text with its byte offset, in reading order.
pub fn find_dates(text: &str) -> Vec<(usize, DateFinding)> {
    let mut out = Vec::new();
    for caught in PATTERN.captures_iter(text) {
        let number = |name: &str| caught.name(name).and_then(|m| m.as_str().parse::<u16>().ok());
        let month = |name: &str| {
            let word = caught.name(name)?.as_str().to_lowercase();
            MONTHS.iter().find(|(name, _)| *name == word).map(|(_, month)| u16::from(*month))
        };
        let date = |y: Option<u16>, m: Option<u16>, d: Option<u16>| {
            Date::new(i32::from(y?), u8::try_from(m?).ok()?, u8::try_from(d?).ok()?)
                .map(DateFinding::Date)
        };
        let found = if caught.name("y").is_some() {
            date(number("y"), number("m"), number("d"))
        } else if caught.name("gy").is_some() {
            date(number("gy"), number("gm"), number("gd"))
        } else if caught.name("sy").is_some() {
            let (first, second) = (number("s1"), number("s2"));
            match (first, second) {
                (Some(a), Some(b)) if a > 12 => date(number("sy"), Some(b), Some(a)),
                (Some(a), Some(b)) if b > 12 => date(number("sy"), Some(a), Some(b)),
                (Some(a), Some(b)) if a == b => date(number("sy"), Some(a), Some(b)),
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
        find_dates(text).first().map(|(_, f)| match f {
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
        ] {
            assert_eq!(first(text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn what_can_not_be_told_apart_is_not_guessed() {
        assert_eq!(first("03/04/2026").as_deref(), Some("ambiguous"));
        assert_eq!(first("31.02.2026"), None);
        assert_eq!(first("version 10.2.2026b"), None);
    }
}
