//! Compares quotes that went through a spreadsheet program, and finds quotes in documents.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::super::{columns::CELL_LIMIT, export::CUT};
use crate::domain::{Block, Locator, letters_and_digits, squash_whitespace};

/// A quote as it came back: letters and digits, with gaps where a program put `?` or U+FFFD for
/// what it could not write.
pub(super) struct Returned {
    tokens: Vec<Token>,
    /// A cell that was as full as a cell can be holds the beginning of a quote.
    cut: bool,
}

enum Token {
    Letter(char),
    /// Stands for nothing (it was a real question mark), one letter, or a ligature of two.
    Gap,
}

impl Returned {
    pub(super) fn new(cell: &str) -> Self {
        let full = cell.len() >= CELL_LIMIT - 1
            && (cell.ends_with(CUT) || cell.encode_utf16().count() >= CELL_LIMIT - 1);
        let cell = cell.strip_suffix(CUT).unwrap_or(cell);
        let mut tokens = Vec::new();
        for c in cell.nfkc() {
            if matches!(c, '?' | '\u{fffd}') {
                tokens.push(Token::Gap);
            } else if c.is_alphanumeric() {
                tokens.extend(c.to_lowercase().map(Token::Letter));
            }
        }
        Self { tokens, cut: full }
    }

    /// The letters and digits that are left. `None` for the beginning of a quote.
    pub(super) fn kept(&self) -> Option<String> {
        let letter = |token: &Token| match token {
            Token::Letter(c) => Some(*c),
            Token::Gap => None,
        };
        (!self.cut).then(|| self.tokens.iter().filter_map(letter).collect())
    }

    /// Whether letters may have been lost.
    pub(super) fn is_worn(&self) -> bool {
        self.cut || self.tokens.iter().any(|token| matches!(token, Token::Gap))
    }

    /// Holds nothing that could tell one quote from another.
    pub(super) fn is_empty(&self) -> bool {
        !self.tokens.iter().any(|token| matches!(token, Token::Letter(_)))
    }

    /// Whether this is the quote with these letters and digits.
    pub(super) fn fits(&self, letters: &str) -> bool {
        if self.kept().is_some_and(|kept| kept == letters) {
            return true;
        }
        let mut letters: Vec<char> = letters.chars().collect();
        if self.cut {
            letters.truncate(self.tokens.len());
        }
        let gaps = self.tokens.iter().filter(|token| matches!(token, Token::Gap)).count();
        let least = self.tokens.len() - gaps;
        if !(least..=least + 2 * gaps).contains(&letters.len()) {
            return false;
        }
        let mut reached = BTreeSet::from([0]);
        for token in &self.tokens {
            reached = match token {
                Token::Letter(c) => {
                    let hits = reached.iter().filter(|at| letters.get(**at) == Some(c));
                    hits.map(|at| at + 1).collect()
                }
                Token::Gap => reached.iter().flat_map(|at| *at..=(*at + 2)).collect(),
            };
            if reached.is_empty() {
                return false;
            }
        }
        reached.contains(&letters.len())
    }
}

/// Where a quote stands in a document, compared by letters and digits; it may run over blocks. The
/// place of its first block where no single locator covers all of them.
pub(super) fn locate(quote: &str, blocks: &[Block]) -> Option<Locator> {
    let wanted = letters_and_digits(quote);
    if wanted.is_empty() {
        return None;
    }
    let (mut text, mut ends) = (String::new(), Vec::new());
    for block in blocks {
        text.push_str(&letters_and_digits(&block.text));
        ends.push(text.len());
    }
    let start = text.find(&wanted)?;
    let end = start + wanted.len();
    let first = ends.partition_point(|e| *e <= start);
    let last = ends.partition_point(|e| *e < end);
    let place = &blocks[first].locator;
    let joined = blocks[first..=last]
        .iter()
        .try_fold(place.clone(), |so_far, block| so_far.join(&block.locator));
    Some(joined.unwrap_or_else(|| place.clone()))
}

/// The block that shares most words with a quote, at least a third of them.
pub(super) fn nearest<'a>(quote: &str, blocks: &'a [Block]) -> Option<&'a Block> {
    let words = |text: &str| -> BTreeSet<String> {
        let split = text.split(|c: char| !c.is_alphanumeric());
        split.filter(|w| w.chars().count() > 2).map(str::to_lowercase).collect()
    };
    let wanted = words(quote);
    let mut best = None;
    for block in blocks {
        let shared = words(&block.text).intersection(&wanted).count();
        if shared * 3 >= wanted.len().max(1) && best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, block));
        }
    }
    best.map(|(_, block)| block)
}

/// The beginning of a text for a message.
pub(super) fn excerpt(text: &str) -> String {
    let plain = squash_whitespace(text);
    match plain.char_indices().nth(120) {
        Some((cut, _)) => format!("{}…", &plain[..cut]),
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BlockKind, HeadingPath};

    #[test]
    fn a_quote_fits_through_the_losses_of_a_code_page() {
        let letters = letters_and_digits("Die Prüfung – öffentlich? – „final“");
        for cell in [
            "Die Prüfung – öffentlich? – „final“",
            "Die Pr?fung ? ?ffentlich? ? ?final?",
            "die pr\u{fffd}fung \u{fffd}ffentlich  'final'",
        ] {
            assert!(Returned::new(cell).fits(&letters), "{cell}");
        }
        for cell in
            ["Die Prüfung", "Die Prüfung öffentlich final x", "", "Die Prufung öffentlich final"]
        {
            assert!(!Returned::new(cell).fits(&letters), "{cell}");
        }
    }

    fn block(line: u32, text: &str) -> Block {
        Block {
            kind: BlockKind::Body,
            locator: Locator::lines(line, line),
            heading: HeadingPath::default(),
            text: text.to_owned(),
            marks: Default::default(),
        }
    }

    #[test]
    fn a_quote_is_found_within_and_across_blocks() {
        let blocks =
            [block(1, "Access is reviewed."), block(2, "—"), block(3, "Twice a year, by owners.")];
        assert_eq!(locate("access IS", &blocks), Some(Locator::lines(1, 1)));
        assert_eq!(locate("twice a year", &blocks), Some(Locator::lines(3, 3)));
        assert_eq!(locate("reviewed. Twice a year", &blocks), Some(Locator::lines(1, 3)));
        assert_eq!(locate("reviewed monthly", &blocks), None);
        assert_eq!(locate("…", &blocks), None);
        assert_eq!(
            nearest("reviewed once a year by owners", &blocks).unwrap().locator,
            Locator::lines(3, 3)
        );
        assert!(nearest("cryptography keys rotated", &blocks).is_none());
    }
}
