//! Control tables that lie on their side: a row of labels, the values below. And version histories,
//! whose highest version is the document's.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    labels::{self, Label},
    neutral::LISTS,
    pattern, values,
};
use crate::domain::{Block, BlockKind, Properties};

/// A header has at least this many labels, so that no two-column table is taken for one.
const LABELS: usize = 3;

/// A table that gave properties, or was seen to give none: its rows are no lines of document
/// control.
pub(super) struct Table {
    /// Blocks after the header that belong to it.
    pub rows: usize,
    pub stated: Properties,
    /// From the last row of a history, which an outright statement overrides.
    pub history: Properties,
}

/// The control table whose header is the first block. `None` if it is no such header.
pub(super) fn table(blocks: &[&Block]) -> Option<Table> {
    let (header, rest) = blocks.split_first()?;
    let labels = header_of(header)?;
    let rows: Vec<&str> = rest
        .iter()
        .take_while(|b| b.kind == BlockKind::Row && b.heading == header.heading)
        .map(|b| b.text.as_str())
        .collect();
    let mut cells: Vec<Vec<Option<String>>> =
        rows.iter().map_while(|row| cells_of(row, &labels)).collect();
    // A header of the next table that happens to have as many cells.
    if let Some(end) = rows.iter().position(|row| header_labels(row).is_some()) {
        cells.truncate(end);
    }
    let mut found =
        Table { rows: cells.len(), stated: Properties::new(), history: Properties::new() };
    match cells.as_slice() {
        [] => {}
        [only] => found.stated = properties(&labels, only),
        all => found.history = newest(&labels, all).unwrap_or_default(),
    }
    Some(found)
}

fn header_of(block: &Block) -> Option<Vec<Label>> {
    (block.kind == BlockKind::Row).then(|| header_labels(&block.text)).flatten()
}

fn header_labels(text: &str) -> Option<Vec<Label>> {
    let labels = match split(text) {
        Some(cells) => cells.iter().map(|c| labels::label_of(c)).collect::<Option<Vec<_>>>()?,
        None => labels::run(text)?,
    };
    let keys = labels.iter().filter(|l| matches!(l, Label::Key(_))).count();
    // "Version, date, author, changes": a history.
    let history = labels.contains(&Label::Key("version")) && labels.contains(&Label::Date);
    (labels.len() >= LABELS && (keys >= 2 || history)).then_some(labels)
}

/// The cells of a Markdown row.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('|')?;
    let inner = inner.strip_suffix('|').unwrap_or(inner).replace("\\|", "\u{1}");
    Some(inner.split('|').map(|cell| cell.replace('\u{1}', "|").trim().to_owned()).collect())
}

fn cells_of(row: &str, labels: &[Label]) -> Option<Vec<Option<String>>> {
    match split(row) {
        Some(cells) => {
            let full = |cell: String| Some(cell).filter(|c| !c.is_empty());
            (cells.len() == labels.len()).then(|| cells.into_iter().map(full).collect())
        }
        None => by_type(row, labels),
    }
}

/// Cells of a row whose bounds are lost, told apart by their form. `None` unless each value that
/// has a form stands in its place, in one way only; neighbours without one can't be told apart and
/// stay empty.
fn by_type(row: &str, labels: &[Label]) -> Option<Vec<Option<String>>> {
    let form = |label: &Label| match label {
        Label::Key("version") => Some(values::VERSION),
        Label::Key("status") => Some(values::STATUS.as_str()),
        Label::Key("classification") => Some(values::CLASS.as_str()),
        Label::Key(key) if key.ends_with("_on") || *key == "review_date" => {
            Some(values::DATE.as_str())
        }
        Label::Date => Some(values::DATE.as_str()),
        _ => None,
    };
    let (mut lazy, mut greedy) = (String::from("(?i)^"), String::from("(?i)^"));
    // Labels of each group; a run of free ones shares a group.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (n, label) in labels.iter().enumerate() {
        let joins = n > 0 && form(label).is_none() && form(&labels[n - 1]).is_none();
        if joins {
            groups.last_mut()?.push(n);
            continue;
        }
        if n > 0 {
            lazy.push(' ');
            greedy.push(' ');
        }
        let (a, b) = form(label).map_or((".+?", ".+"), |form| (form, form));
        lazy.push_str(&format!("({a})"));
        greedy.push_str(&format!("({b})"));
        groups.push(vec![n]);
    }
    if groups.iter().filter(|g| form(&labels[g[0]]).is_some()).count() < 2 {
        return None;
    }
    let matched = |text: &str| -> Option<Vec<String>> {
        let found = Regex::new(&format!("{text}$")).ok()?.captures(row)?;
        found.iter().skip(1).map(|m| m.map(|m| m.as_str().to_owned())).collect()
    };
    let parts = matched(&lazy)?;
    if matched(&greedy)? != parts {
        return None;
    }
    let mut cells = vec![None; labels.len()];
    for (group, part) in groups.iter().zip(parts) {
        if let [n] = group.as_slice() {
            cells[*n] = Some(part);
        }
    }
    Some(cells)
}

fn properties(labels: &[Label], cells: &[Option<String>]) -> Properties {
    let mut out = Properties::new();
    for (label, cell) in labels.iter().zip(cells) {
        if let (Label::Key(key), Some(cell)) = (label, cell) {
            out.extend(super::lines::values_of(key, cell, true).into_iter().filter(|(k, _)| {
                // A cell's own column beats a date that stands beside a name.
                k == key || !labels.iter().any(|l| matches!(l, Label::Key(own) if own == k))
            }));
        }
    }
    out
}

/// What the newest row of a version history says. `None` if the table is none: a list of documents
/// has versions in no order.
fn newest(labels: &[Label], rows: &[Vec<Option<String>>]) -> Option<Properties> {
    static DIGITS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+"));
    let at = labels.iter().position(|l| *l == Label::Key("version"))?;
    if labels
        .iter()
        .any(|l| matches!(l, Label::Neutral(name) if LISTS.words().any(|own| own == *name)))
    {
        return None;
    }
    let number = |row: &Vec<Option<String>>| -> Option<Vec<u32>> {
        let cell = row.get(at)?.as_deref()?;
        let value = values::typed("version", cell)?;
        DIGITS.find_iter(value).map(|m| m.as_str().parse().ok()).collect()
    };
    let numbers = rows.iter().map(number).collect::<Option<Vec<_>>>()?;
    let rising = numbers.windows(2).all(|w| w[0] < w[1]);
    let falling = numbers.windows(2).all(|w| w[0] > w[1]);
    let row = match (rising, falling) {
        (true, _) => rows.last()?,
        (_, true) => rows.first()?,
        _ => return None,
    };
    let mut out = properties(labels, row);
    out.retain(|key, _| {
        matches!(key.as_str(), "version" | "status" | "approved_by" | "approved_on")
    });
    Some(out)
}
