//! What headers, footers and the lines that look like them say: version, status, class.

use std::sync::LazyLock;

use regex::Regex;

use super::{pattern, values};
use crate::domain::{Block, BlockKind, Properties, squash_whitespace};

/// A running header that a PDF gives as body text stands among the first blocks.
const FIRST: usize = 3;
/// A line longer than this is no running header.
const WORDS: usize = 18;

static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?:^|[\s|·,;(-])(?:version|versión|versione|versão|versie|rev(?:ision|isione|\.)?|révision|revisión|revisão|fassung|v\.?)\s?:?\s?(?P<v>\d+(?:\.\d+)+|\d{{1,2}}\b)(?:\s*[-–—|·,(]\s*(?P<s>{})\b)?",
        *values::STATUS
    ))
});

static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[\s|·,–—-]*(?:page|seite|página|pagina|pág\.|pag\.|blz\.?|p\.|s\.)?\s*\d*\s*(?:of|von|/|de|sur|di|van)?\s*\d*\s*$",
    )
});

/// A class in capitals or with a capital, at the end of a line or alone.
static CLASS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?:^|[\s|·,:;(–—-])(?P<c>(?i:{}))[\s).*_]*$", *values::CLASS))
});

/// Adds what a header or footer says. Its labels have been read as any line's.
pub(super) fn edge(block: &Block, properties: &mut Properties) {
    for line in block.text.lines() {
        if let Some(caught) = VERSION.captures(line) {
            for (key, group) in [("version", "v"), ("status", "s")] {
                if let Some(found) = caught.name(group) {
                    properties.entry(key.to_owned()).or_insert_with(|| found.as_str().to_owned());
                }
            }
        }
        class(line, properties);
    }
}

/// A class that stands alone in a line, or ends a line that looks like a running header.
pub(super) fn lone_class(n: usize, block: &Block, properties: &mut Properties) {
    if !matches!(block.kind, BlockKind::Body | BlockKind::Row) {
        return;
    }
    for line in block.text.lines() {
        let words = line.split_whitespace().count();
        let alone = words <= 3;
        let header = n < FIRST && block.kind == BlockKind::Body && words <= WORDS;
        if (alone && n < 2 * FIRST) || (header && !line.trim_end().ends_with('.')) {
            class(line, properties);
        }
    }
}

fn class(line: &str, properties: &mut Properties) {
    let line = line.trim();
    let end = PAGE.find(line).map_or(line.len(), |m| m.start());
    let Some(found) = CLASS.captures(line.get(..end).unwrap_or(line)).and_then(|c| c.name("c"))
    else {
        return;
    };
    if found.as_str().starts_with(char::is_uppercase) {
        let value = squash_whitespace(found.as_str());
        properties.entry("classification".to_owned()).or_insert(value);
    }
}
