//! Is the quote in the passage?

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::letters_and_digits;

/// Letters and digits that a quote needs, unless it is the whole passage: a single word stands in
/// any passage and proves nothing.
const MIN_LETTERS: usize = 8;

/// Finds a quote in a passage up to NFKC and white space, and gives its place there in bytes. `None`
/// where it isn't there or says too little.
pub(super) fn find(passage: &str, quote: &str) -> Option<Range<usize>> {
    let wanted = Folded::new(quote);
    let wanted = wanted.text.trim();
    let letters = letters_and_digits(wanted);
    let enough = letters.chars().count() >= MIN_LETTERS
        || (!letters.is_empty() && letters == letters_and_digits(passage));
    if !enough {
        return None;
    }
    let folded = Folded::new(passage);
    let start = folded.text.find(wanted)?;
    folded.source(start..start + wanted.len())
}

/// A text after NFKC with single blanks, and where each piece came from.
struct Folded {
    text: String,
    /// Start in `text`, byte range in the source; ascending, none empty.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Folded {
    fn new(source: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(source.len()), pieces: Vec::new() };
        for (at, cluster) in source.grapheme_indices(true) {
            let start = folded.text.len();
            for c in cluster.nfkc() {
                if !c.is_whitespace() {
                    folded.text.push(c);
                } else if !folded.text.ends_with(' ') {
                    folded.text.push(' ');
                }
            }
            if folded.text.len() > start {
                folded.pieces.push((start, at..at + cluster.len()));
            }
        }
        folded
    }

    /// The source range of a non-empty range of `text`, widened to whole characters.
    fn source(&self, range: Range<usize>) -> Option<Range<usize>> {
        let holding = |offset: usize| {
            let after = self.pieces.partition_point(|(start, _)| *start <= offset);
            self.pieces.get(after.checked_sub(1)?).map(|(_, source)| source)
        };
        Some(holding(range.start)?.start..holding(range.end.checked_sub(1)?)?.end)
    }
}

#[cfg(test)]
mod tests {
    fn find<'p>(passage: &'p str, quote: &str) -> Option<&'p str> {
        passage.get(super::find(passage, quote)?)
    }

    #[test]
    fn layout_and_ligatures_do_not_matter_and_the_source_is_returned() {
        let passage =
            "Rights are\r\n  reviewed by\u{a0}the o\u{fb03}ce\tquarterly. Cafe\u{301} too.";
        assert_eq!(
            find(passage, " reviewed  by the office quarterly.\n"),
            Some("reviewed by\u{a0}the o\u{fb03}ce\tquarterly.")
        );
        assert_eq!(find(passage, "quarterly. Caf\u{e9}"), Some("quarterly. Cafe\u{301}"));
        assert_eq!(find(passage, "Rights are reviewed"), Some("Rights are\r\n  reviewed"));
    }

    #[test]
    fn other_words_letter_case_and_gaps_are_no_match() {
        let passage = "Rights are reviewed quarterly by the owner.";
        for quote in [
            "Rights are reviewed monthly",
            "rights are reviewed quarterly",
            "Rights are reviewed … by the owner",
            "Rights quarterly",
        ] {
            assert_eq!(find(passage, quote), None, "{quote}");
        }
    }

    #[test]
    fn a_word_is_too_little_unless_it_is_all() {
        assert_eq!(find("Rights are reviewed.", "are"), None);
        assert_eq!(find("Rights are reviewed.", ""), None);
        assert_eq!(find("— …", "— …"), None);
        assert_eq!(find(" Done ", "Done"), Some("Done"));
    }
}
