//! Days as spreadsheet programs and people write them.

use crate::domain::Date;

/// Day 0 of the serial numbers that Excel and LibreOffice keep dates as.
const EPOCH: (i32, u8, u8) = (1899, 12, 30);

/// Reads a day: ISO, `31.12.2026`, `12/31/2026` or `31/12/2026` where only one reading exists, and
/// serial numbers from 20000 to 80000 (1954 to 2119). `Ok(None)` for a blank cell. Where both
/// readings exist, the one that gives `known`, the value that was exported, is taken.
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
    // A time of day behind the date says nothing about the day.
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let unreadable = || format!("`{text}` is not a date");
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

fn serial(text: &str) -> Option<Date> {
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
        ] {
            assert_eq!(read_date(form, None), Ok(Some(day("2026-03-25"))), "{form}");
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
        ] {
            assert!(read_date(bad, None).is_err(), "{bad}");
        }
    }
}
