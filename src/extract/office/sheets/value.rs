//! Cell values as a person would see them, with dates in ISO form.

use std::borrow::Cow;

use calamine::{Data, DataRef, ExcelDateTime};

/// A value as text; `percent` is the number of decimals if the cell shows percentages.
pub(super) fn shown<'v>(value: &'v DataRef<'_>, percent: Option<usize>) -> Cow<'v, str> {
    match value {
        DataRef::String(s) => Cow::Borrowed(s),
        DataRef::SharedString(s) => Cow::Borrowed(s),
        DataRef::Int(i) => match percent {
            Some(decimals) => Cow::Owned(percentage(*i as f64, decimals)),
            None => Cow::Owned(i.to_string()),
        },
        DataRef::Float(f) => Cow::Owned(match percent {
            Some(decimals) => percentage(*f, decimals),
            None => number(*f),
        }),
        DataRef::Bool(b) => Cow::Borrowed(boolean(*b)),
        DataRef::DateTime(d) => Cow::Owned(date_time(d)),
        DataRef::DateTimeIso(s) => Cow::Owned(iso(s)),
        DataRef::DurationIso(s) => Cow::Borrowed(s),
        DataRef::Error(e) => Cow::Owned(e.to_string()),
        DataRef::Empty => Cow::Borrowed(""),
    }
}

/// The same for owned values, which come without a number format.
pub(super) fn shown_owned(value: &Data) -> Cow<'_, str> {
    match value {
        Data::String(s) | Data::DurationIso(s) => Cow::Borrowed(s),
        Data::Int(i) => Cow::Owned(i.to_string()),
        Data::Float(f) => Cow::Owned(number(*f)),
        Data::Bool(b) => Cow::Borrowed(boolean(*b)),
        Data::DateTime(d) => Cow::Owned(date_time(d)),
        Data::DateTimeIso(s) => Cow::Owned(iso(s)),
        Data::Error(e) => Cow::Owned(e.to_string()),
        Data::Empty => Cow::Borrowed(""),
    }
}

fn boolean(b: bool) -> &'static str {
    if b { "TRUE" } else { "FALSE" }
}

/// An ISO date without a midnight that nobody entered.
pub(in crate::extract::office) fn iso(text: &str) -> String {
    text.strip_suffix("T00:00:00").unwrap_or(text).replace('T', " ")
}

/// A number with the 15 digits that spreadsheets keep, without a trailing `.0`.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e15 {
        return format!("{value:.0}");
    }
    let rounded = format!("{value:.14e}").parse().unwrap_or(value);
    if (1e-5..1e15).contains(&size) { format!("{rounded}") } else { format!("{rounded:e}") }
}

fn percentage(value: f64, decimals: usize) -> String {
    format!("{:.decimals$}%", value * 100.0)
}

fn date_time(value: &ExcelDateTime) -> String {
    if value.is_duration() {
        return duration(value.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let time = if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    };
    // A serial below 1 is a time of day; the date would be that of the epoch.
    if (0.0..1.0).contains(&value.as_f64()) {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {time}") }
}

fn duration(days: f64) -> String {
    let seconds = (days.abs() * 86_400.0).round().min(1e15) as u64;
    let sign = if days < 0.0 { "-" } else { "" };
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 {
        format!("{sign}{hours}:{minutes:02}")
    } else {
        format!("{sign}{hours}:{minutes:02}:{seconds:02}")
    }
}

/// The decimals of a percentage format such as `0.0%`; `None` if it is another format.
pub(super) fn percent_decimals(format: &str) -> Option<usize> {
    let first = format.split(';').next().unwrap_or_default();
    let (mut quoted, mut escaped, mut decimals, mut point) = (false, false, 0, false);
    for c in first.chars() {
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '%' => return Some(decimals),
            '.' => point = true,
            '0' | '#' | '?' if point => decimals += 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_have_no_noise() {
        let shown: Vec<String> =
            [3.0, -0.5, 0.1 + 0.2, 1234567.25, 1e300, 1e-9, f64::NAN].map(number).to_vec();
        assert_eq!(shown, ["3", "-0.5", "0.3", "1234567.25", "1e300", "1e-9", ""]);
    }

    #[test]
    fn percentages_by_their_format() {
        assert_eq!(percent_decimals("0%"), Some(0));
        assert_eq!(percent_decimals("#,##0.0%;[Red]-0.0%"), Some(1));
        assert_eq!(percent_decimals("0\"%\""), None);
        assert_eq!(percent_decimals("0\\%"), None);
        assert_eq!(percent_decimals("General"), None);
        assert_eq!(shown(&DataRef::Float(0.125), Some(1)), "12.5%");
        assert_eq!(shown(&DataRef::Int(1), Some(0)), "100%");
    }

    #[test]
    fn dates_are_iso_and_times_stay_times() {
        let at = |value, kind| date_time(&ExcelDateTime::new(value, kind, false));
        assert_eq!(at(45943.0, ExcelDateTimeType::DateTime), "2025-10-13");
        assert_eq!(at(45943.5, ExcelDateTimeType::DateTime), "2025-10-13 12:00");
        assert_eq!(at(0.75, ExcelDateTimeType::DateTime), "18:00");
        assert_eq!(at(1.5, ExcelDateTimeType::TimeDelta), "36:00");
        assert_eq!(iso("2024-05-01T00:00:00"), "2024-05-01");
        assert_eq!(iso("2024-05-01T10:30:00"), "2024-05-01 10:30:00");
    }
}
