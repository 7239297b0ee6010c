//! The labels of document control, and where they stand in a text.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    neutral::{DATES, JOBS, LISTS, NEUTRAL},
    pattern,
    words::LABELS,
};

/// What a cell of a header row labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Key(&'static str),
    /// A cell of document control that gives no property.
    Neutral(&'static str),
    /// A date that may be anything, as in a version history.
    Date,
}

/// The property of a label, whatever its case and marks.
pub(super) fn key_of(label: &str) -> Option<&'static str> {
    let label = bare(label);
    LABELS.iter().find(|(_, labels)| labels.words().any(|own| own == label)).map(|(key, _)| *key)
}

/// True if a label is also what a person's post begins with.
pub(super) fn is_job(label: &str) -> bool {
    let label = bare(label);
    JOBS.words().any(|own| own == label)
}

/// What a whole cell labels.
pub(super) fn label_of(cell: &str) -> Option<Label> {
    let name = bare(cell);
    let date = || DATES.words().any(|own| own == name).then_some(Label::Date);
    let neutral =
        || NEUTRAL.words().chain(LISTS.words()).find(|own| *own == name).map(Label::Neutral);
    key_of(&name).map(Label::Key).or_else(date).or_else(neutral)
}

fn bare(text: &str) -> String {
    let marks = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | ':' | '#' | '`');
    text.trim_matches(marks).to_lowercase()
}

/// Every label, longest first, as alternatives of a pattern.
pub(super) fn alternatives() -> String {
    joined(LABELS.iter().flat_map(|(_, labels)| labels.words()).collect())
}

fn joined(mut labels: Vec<&str>) -> String {
    labels.sort_by_key(|label| (std::cmp::Reverse(label.len()), *label));
    labels.dedup();
    labels.iter().map(|label| regex::escape(label)).collect::<Vec<_>>().join("|")
}

static AT_START: LazyLock<Regex> = LazyLock::new(|| {
    let all = LABELS.iter().flat_map(|(_, labels)| labels.words());
    let all = all.chain(NEUTRAL.words()).chain(LISTS.words()).chain(DATES.words());
    pattern(&format!(r"(?i)^[\s*_#]*(?:{})(?:[\s:*_]+|$)", joined(all.collect())))
});

/// The label at the start of a text, and what follows it.
pub(super) fn at_start(text: &str) -> Option<(Label, &str)> {
    let found = AT_START.find(text)?;
    Some((label_of(found.as_str())?, text.get(found.end()..)?))
}

/// The labels of a row that holds nothing else: `Version Status Approved by`.
pub(super) fn run(text: &str) -> Option<Vec<Label>> {
    let mut rest = text.trim();
    let mut labels = Vec::new();
    while !rest.is_empty() {
        let (label, after) = at_start(rest)?;
        labels.push(label);
        rest = after;
    }
    Some(labels)
}
