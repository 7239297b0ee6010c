//! Days as spreadsheet programs and people write them.

use unicode_normalization::UnicodeNormalization;

use crate::domain::{Date, month_of, ordinal};

/// Day 0 of the serial numbers that Excel and LibreOffice keep dates as.
const EPOCH: (i32, u8, u8) = (1899, 12, 30);

/// Reads a day: ISO, `31.12.2026`, `12/31/2026` or `31/12/2026` where only one reading exists,
/// `31-Dec-26` with months in seven languages, and serial numbers from 20000 to 80000 (1954 to 2119),
/// also with a thousands separator. `Ok(None)` for a blank cell. Where both readings exist, the one
/// that gives `known`, the value that was exported, is taken.
///
/// # Errors
/// A sentence for the person who wrote it.
pub(super) fn read_date(text: &str, known: Option<Date>) -> Result<Option<Date>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(date) = serial(text) {
        return Ok(Some(date));
    }
    if is_scientific(text) {
        return Err(format!(
            "`{text}` is a number whose last digits were lost; the day can't be told"
        ));
    }
    let unreadable = || format!("`{text}` is not a date");
    // A time of day behind the date says nothing about the day.
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    if ['.', '/', '-'].into_iter().all(|s| three(day, s).is_none()) {
        return named_month(text).map(Some).ok_or_else(unreadable);
    }
    let (separator, parts) = ['.', '/', '-']
        .into_iter()
        .find_map(|s| Some((s, three(day, s)?)))
        .ok_or_else(unreadable)?;
    let (first, second, third) = (parts[0], parts[1], parts[2]);
    if first >= 1000 {
        return date(first, second, third).map(Some).ok_or_else(unreadable);
    }
    let year = if third < 100 { 2000 + third } else { third };
    let day_first = date(year, second, first);
    if separator == '.' {
        return day_first.map(Some).ok_or_else(unreadable);
    }
    let month_first = date(year, first, second);
    match (day_first, month_first) {
        (None, None) => Err(unreadable()),
        (Some(one), None) | (None, Some(one)) => Ok(Some(one)),
        (Some(one), Some(other)) if one == other => Ok(Some(one)),
        (Some(one), Some(other)) => match known {
            Some(known) if known == one || known == other => Ok(Some(known)),
            _ => Err(format!("`{text}` may be {one} or {other}")),
        },
    }
}

/// Whether a text is a day in parts, with signs between them or a month's name.
pub(super) fn is_day(text: &str) -> bool {
    let signs = ['.', '/', '-', ' '].iter().any(|sign| text.contains(*sign));
    signs && serial(text).is_none() && read_date(text, None).is_ok()
}

/// Whether a spreadsheet program wrote a number with an exponent: `4.6E+04`.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.trim().split_once(['e', 'E']) else { return false };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let sign = exponent.strip_prefix(['+', '-']).unwrap_or_default();
    digits(sign)
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// A day with the month as a word: `31-Dec-26`, `Dec 31, 2026`, `31. Dezember 2026`, with a day of
/// the week before it or not.
fn named_month(text: &str) -> Option<Date> {
    let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let (mut month, mut numbers) = (None, Vec::new());
    for word in words {
        if let Some(number) = ordinal(word) {
            numbers.push(number);
        } else if let Some(found) = month_of(word) {
            // `mar` is also a Tuesday in three languages: then a month follows, and two are too many.
            if month.replace(found).is_some() {
                return None;
            }
        } else {
            // A day of the week stands first.
            let weekday = numbers.is_empty() && month.is_none();
            if !weekday && !matches!(word, "de" | "del" | "of" | "º" | "ª") {
                return None;
            }
        }
    }
    let [first, second] = numbers[..] else { return None };
    let month = month?;
    let full = |year: u16| if year < 100 { 2000 + year } else { year };
    if first >= 1000 {
        date(first, u16::from(month), second)
    } else {
        date(full(second), u16::from(month), first)
    }
}

fn serial(text: &str) -> Option<Date> {
    // `46,106`: no date has two parts.
    let grouped = |separator: char| {
        let (thousands, rest) = text.split_once(separator)?;
        let plain =
            |part: &str, digits| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        (plain(thousands, 2) && plain(rest, 3)).then(|| format!("{thousands}{rest}"))
    };
    let joined = grouped(',').or_else(|| grouped('.'));
    let text = joined.as_deref().unwrap_or(text);
    let whole = text.split_once(['.', ',']).map_or(text, |(whole, rest)| {
        if rest.is_empty() || rest.bytes().any(|b| !b.is_ascii_digit()) { "" } else { whole }
    });
    let days: i64 = whole.parse().ok().filter(|days| (20_000..=80_000).contains(days))?;
    Date::new(EPOCH.0, EPOCH.1, EPOCH.2).map(|epoch| epoch.plus_days(days))
}

fn three(text: &str, separator: char) -> Option<[u16; 3]> {
    let parts: Vec<u16> = text
        .split(separator)
        .map(|part| part.trim().parse().ok().filter(|_| part.trim().len() <= 4))
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}

fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    let plausible = (1900..=2199).contains(&year);
    plausible.then_some(())?;
    Date::new(i32::from(year), month.try_into().ok()?, day.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn one_day_in_many_forms() {
        for form in [
            "2026-03-25",
            " 2026-03-25 ",
            "2026-3-25",
            "2026/03/25",
            "2026-03-25T00:00:00",
            "2026-03-25 00:00:00",
            "25.03.2026",
            "25.3.26",
            "25/03/2026",
            "3/25/2026",
            "3/25/26",
            "25-03-2026",
            "46106",
            "46106.0",
            "46,106",
            "46.106",
            "25-Mar-26",
            "25-Mrz-2026",
            "25. März 2026",
            "Mar 25, 2026",
            "Wed, Mar 25, 2026",
            "Mittwoch, 25. März 2026",
            "25 mars 2026",
            "25 de marzo de 2026",
            "25 maart 2026",
            "25 de março de 2026",
            "25 marzo 2026",
            "25. Maerz 2026",
            "25e mars 2026",
            "25.º de marzo de 2026",
            "25º de março de 2026",
            "25.° marzo 2026",
            "25ste maart 2026",
            "25th of March 2026",
            "2026-Mar-25",
            "3/25/2026 12:00 AM",
        ] {
            assert_eq!(read_date(form, None), Ok(Some(day("2026-03-25"))), "{form}");
        }
        assert_eq!(read_date("1er août 2026", None), read_date("1 AOUT 2026", None));
        assert_eq!(read_date("1er aou\u{302}t 2026", None), Ok(Some(day("2026-08-01"))));
        for (_, months) in crate::domain::MONTHS.all() {
            for (month, names) in (1..).zip(months) {
                for name in *names {
                    let read = read_date(&format!("7 {name} 2026"), None);
                    assert_eq!(read, Ok(date(2026, month, 7)), "{name}");
                }
            }
        }
        assert_eq!(read_date(" ", None), Ok(None));
        assert_eq!(read_date("05/05/2026", None), Ok(Some(day("2026-05-05"))));
    }

    #[test]
    fn day_or_month_is_not_guessed_unless_the_exported_value_tells() {
        let why = read_date("03/12/2026", None).unwrap_err();
        assert_eq!(why, "`03/12/2026` may be 2026-12-03 or 2026-03-12");
        let known = Some(day("2026-03-12"));
        assert_eq!(read_date("3/12/2026", known), Ok(known));
        assert!(read_date("3/12/2026", Some(day("2026-01-01"))).is_err());
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for bad in [
            "soon",
            "31.02.2026",
            "2026",
            "12345",
            "90000",
            "2026-13-01",
            "1/2/3/4",
            "25.03",
            "0.5",
            "4.61E+04",
            "soon 2026",
            "25 March",
            "32 March 2026",
            "March April 2026",
            "25 March 2026 or later",
            "decided 25 2026",
        ] {
            assert!(read_date(bad, None).is_err(), "{bad}");
        }
    }
}
