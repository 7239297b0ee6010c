//! Small things that several signals need.

use regex::Regex;

use crate::domain::{Extracted, squash_whitespace};

/// Document control stands in the first few thousand characters.
const HEAD_BYTES: usize = 4_000;

pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Lower case without accents; `ß` is `ss`.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => out.push('a'),
            'ç' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'ß' => out.push_str("ss"),
            // Names from macOS carry accents as characters of their own.
            '\u{300}'..='\u{36f}' => {}
            c => out.push(c),
        }
    }
    out
}

/// A property without surplus white space; `None` if it is blank.
pub(super) fn property(document: &Extracted, key: &str) -> Option<String> {
    document.properties.get(key).map(|v| squash_whitespace(v)).filter(|v| !v.is_empty())
}

/// The first few thousand characters, headers included, a line a block line.
pub(super) fn head(document: &Extracted) -> String {
    let mut head = String::new();
    for block in &document.blocks {
        if head.len() > HEAD_BYTES {
            break;
        }
        head.push_str(&block.text);
        head.push('\n');
    }
    head
}
