//! Dates in the rows of tables. Cells have no bounds there, so a date belongs to a column only
//! where counting leaves no doubt.

use std::sync::LazyLock;

use regex::Regex;

use super::text;
use crate::{
    domain::{Block, BlockKind, Date, Extracted},
    segment::dates::{DateFinding, find_dates},
};

/// What a column of dates says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// When the row was last looked at.
    Review,
    /// When something is due or ends.
    Due,
    Other,
}

/// Labels of columns that hold dates. Groups: `due`, `review`, `other`.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(concat!(
        r"(?i)(?P<due>\b(?:next|due|until|valid[ _](?:until|to|thru)|expir\w*|deadline|target|planned|renewal|nächste\w*|fällig\w*|gültig[ _]bis|frist|ablauf\w*|end[ _]of)\b(?:[ _](?:date|review|check|test|assessment|on|am|prüfung|überprüfung))*)",
        r"|(?P<review>\b(?:last|latest)[ _](?:\w+[ _])?(?:review|check|update|assessment|checked|reviewed|updated|verified|test|tested|change)\w*(?:[ _](?:date|on))?|\b(?:reviewed|checked|updated|verified|assessed|evaluated|bewertet|geprüft|überprüft|aktualisiert)[ _](?:on|am|at)\b|\bstand\b|\bas[ _]of\b|\bstatus[ _]date\b|\bletzte\w*[ _](?:prüfung|überprüfung|bewertung|aktualisierung|kontrolle)|\bzuletzt[ _]\w+)",
        r"|(?P<other>\b\w*(?:date|datum|timestamp)\b|\bday\b|\bsince\b|\bfirst_seen\b|\b(?:opened|closed|created|reported|detected|started|finished|approved|accepted|implemented|done|completed|received|returned)[ _](?:on|at)\b|\bseit\b|\bfecha\b)",
    ))
});

/// What stands before a date in a row that is no event.
static DUE: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"(?i)\b(due|until|next|by|valid|planned|expires?|deadline|bis|fällig|gültig)\s+(?:\p{L}+\s+)?$",
    )
});

/// Titles may stand above a header.
const HEADER_ROWS: usize = 3;

/// Rows with dates, below a header whose `columns` are those of dates.
struct Table<'a> {
    header: &'a str,
    columns: Vec<Column>,
    rows: Vec<&'a str>,
}

/// The tables, with their columns of dates.
fn tables(document: &Extracted) -> Vec<Table<'_>> {
    let mut out: Vec<Table<'_>> = Vec::new();
    let mut before: Option<&Block> = None;
    let mut rows = 0;
    for block in &document.blocks {
        if block.kind != BlockKind::Row {
            before = None;
            continue;
        }
        let sheet = |b: &Block| b.locator.sheet_and_cells().map(|(sheet, _)| sheet.to_owned());
        if before.is_none_or(|b| sheet(b) != sheet(block)) {
            out.push(Table { header: "", columns: Vec::new(), rows: Vec::new() });
            rows = 0;
        }
        before = Some(block);
        rows += 1;
        let Some(table) = out.last_mut() else { continue };
        if !find_dates(&block.text).is_empty() {
            table.rows.push(&block.text);
        } else if table.rows.is_empty() && table.columns.is_empty() && rows <= HEADER_ROWS {
            (table.header, table.columns) = (&block.text, columns(&block.text));
        }
    }
    out
}

fn columns(header: &str) -> Vec<Column> {
    let of = |c: regex::Captures<'_>| {
        if c.name("due").is_some() {
            Column::Due
        } else if c.name("review").is_some() {
            Column::Review
        } else {
            Column::Other
        }
    };
    LABEL.captures_iter(header).map(of).collect()
}

impl Table<'_> {
    /// Dates of the row with their columns, where these are certain.
    fn of(&self, row: &str) -> Vec<(Date, Column)> {
        let found = find_dates(row);
        let day = |d: &(usize, DateFinding)| match d.1 {
            DateFinding::Date(day) => Some(day),
            DateFinding::Ambiguous => None,
        };
        let Some(days) = found.iter().map(day).collect::<Option<Vec<Date>>>() else {
            return Vec::new();
        };
        let starts: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
        if days.len() == self.columns.len() && self.spaced_alike(row, &starts) {
            return days.into_iter().zip(self.columns.iter().copied()).collect();
        }
        let mut out = Vec::new();
        let header = self.header.trim_matches(['|', ' ']);
        // With fewer dates than columns the last one may be another column's.
        let enough = self.columns.len() == 1 || days.len() > self.columns.len();
        let ends =
            enough && LABEL.find_iter(header).last().is_some_and(|m| m.end() == header.len());
        let row = row.trim_matches(['|', ' ']);
        if let (true, Some(day), Some(column)) = (ends, days.last(), self.columns.last()) {
            let (at, _) = found[found.len() - 1];
            // The date is all that is left of the row.
            if row.get(at..).is_some_and(|rest| rest.split_whitespace().count() == 1) {
                out.push((*day, *column));
            }
        }
        out
    }

    /// True if about as much text stands between the dates of a row as between their labels. A
    /// date in a free text, beside an empty cell, gives itself away so.
    fn spaced_alike(&self, row: &str, starts: &[usize]) -> bool {
        let words = |text: Option<&str>| text.unwrap_or_default().split_whitespace().count();
        let labels: Vec<_> = LABEL.find_iter(self.header).collect();
        labels.windows(2).zip(starts.windows(2)).all(|(labels, dates)| {
            let columns = words(self.header.get(labels[0].end()..labels[1].start()));
            // The first date itself is a word.
            let between = words(row.get(dates[0]..dates[1])).saturating_sub(1);
            between <= 3 * columns + 1
        })
    }

    /// True if the first column of dates is one of the first three words of the header, so that
    /// the first date of each row is its.
    fn leads(&self) -> bool {
        let first = LABEL.find(self.header).map(|m| m.start());
        let words =
            first.and_then(|at| self.header.get(..at)).map(|w| w.split_whitespace().count());
        words.is_some_and(|words| words <= 2) && self.columns.first() == Some(&Column::Other)
    }
}

/// The latest date of a column that says when rows were last looked at.
pub(super) fn reviewed(document: &Extracted) -> Option<Date> {
    tables(document)
        .iter()
        .flat_map(|table| table.rows.iter().flat_map(|row| table.of(row)))
        .filter(|(_, column)| *column == Column::Review)
        .map(|(day, _)| day)
        .max()
}

/// The latest date in the rows of a log, due dates left out.
pub(super) fn latest(document: &Extracted, fits: &dyn Fn(&Date) -> bool) -> Option<Date> {
    let tables = tables(document);
    let certain = |day: &(Date, Column)| day.1 != Column::Due;
    let mut days: Vec<Date> = Vec::new();
    for table in &tables {
        for row in &table.rows {
            if table.leads() {
                days.extend(undue(row).first());
            } else {
                days.extend(table.of(row).iter().filter(|d| certain(d)).map(|(day, _)| *day));
                if !table.columns.is_empty() && !table.columns.contains(&Column::Due) {
                    days.extend(undue(row));
                }
            }
        }
    }
    if tables.iter().all(|table| table.columns.is_empty()) {
        let rows = document.blocks.iter().filter(|b| b.kind == BlockKind::Row);
        days.extend(rows.flat_map(|b| undue(&b.text)));
    }
    days.into_iter().filter(|day| fits(day)).max()
}

fn undue(row: &str) -> Vec<Date> {
    let of = |(at, found): (usize, DateFinding)| match found {
        DateFinding::Date(day) => row.get(..at).filter(|b| !DUE.is_match(b)).map(|_| day),
        DateFinding::Ambiguous => None,
    };
    find_dates(row).into_iter().filter_map(of).collect()
}
