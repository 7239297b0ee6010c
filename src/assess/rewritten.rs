//! Where a decided quote no longer stands: the words that took its place, and a word diff.

use std::{collections::BTreeSet, ops::Range};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::domain::{BlockKind, Locator, Passage, letters_and_digits};

/// Of the quote's longer words, this share must come back in the same order for a passage to count
/// as the same statement, changed. Below it the quote is lost: a diff of two different statements
/// helps nobody. A convention.
const SHARE: f64 = 0.5;

/// Words with fewer letters say little: "the", "and", "is".
const LONG: usize = 4;

/// Equal words shown on either side of a change; more are cut.
const AROUND: usize = 4;

/// The words that stand where a quote stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rewritten {
    pub(super) locator: Locator,
    /// Verbatim.
    pub(super) quote: String,
}

/// Finds the words nearest to a quote among the passages of its document.
pub(super) fn nearest(quote: &str, passages: &[&Passage]) -> Option<Rewritten> {
    let old = words(quote);
    let wanted: BTreeSet<&str> = long(&old).collect();
    if wanted.is_empty() {
        return None;
    }
    let shared = |passage: &&&Passage| {
        let there = words(passage.text());
        long(&there).filter(|w| wanted.contains(w)).collect::<BTreeSet<_>>().len()
    };
    let text = passages.iter().filter(|p| !matches!(p.kind, BlockKind::Header | BlockKind::Footer));
    // The first of those that share most.
    let best = text.map(|p| (shared(&p), p)).reduce(|a, b| if b.0 > a.0 { b } else { a });
    let (_, passage) = best.filter(|(shared, _)| *shared > 0)?;
    let new = words(passage.text());
    let ops = diff(&old, &new);
    let kept: Vec<usize> = ops.iter().flat_map(equal).collect();
    let held = kept.iter().filter(|at| new[**at].key.chars().count() >= LONG).count();
    if (held as f64) < SHARE * long(&old).count() as f64 {
        return None;
    }
    let (first, last) = (*kept.first()?, *kept.last()?);
    let range = sentences(passage.text(), &new, first, last);
    Some(Rewritten { locator: passage.locate(&range), quote: passage.text()[range].to_owned() })
}

/// What became of a text, word by word: `reviewed [-twice-] {+once+} a year`. Long equal stretches
/// are cut.
pub(super) fn word_diff(old: &str, new: &str) -> String {
    let (before, after) = (words(old), words(new));
    let ops = diff(&before, &after);
    let mut out: Vec<String> = Vec::new();
    for (n, op) in ops.iter().enumerate() {
        let (gone, come) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            let all: Vec<&str> = come.map(|at| after[at].text).collect();
            let head = if n == 0 { 0 } else { AROUND };
            let tail = if n + 1 == ops.len() { 0 } else { AROUND };
            if ops.len() == 1 || all.len() <= head + tail + 1 {
                out.extend(all.into_iter().map(str::to_owned));
            } else {
                out.extend(all[..head].iter().map(|w| (*w).to_owned()));
                out.push("…".to_owned());
                out.extend(all[all.len() - tail..].iter().map(|w| (*w).to_owned()));
            }
            continue;
        }
        let run = |words: &[Word<'_>]| words.iter().map(|w| w.text).collect::<Vec<_>>().join(" ");
        if !gone.is_empty() {
            out.push(format!("[-{}-]", run(&before[gone])));
        }
        if !come.is_empty() {
            out.push(format!("{{+{}+}}", run(&after[come])));
        }
    }
    out.join(" ")
}

/// A word as it stands, and its letters and digits.
struct Word<'a> {
    text: &'a str,
    key: String,
    range: Range<usize>,
}

/// The words of a text; what has neither letter nor digit belongs to none.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split_whitespace() {
        let start = at + text[at..].find(word).unwrap_or(0);
        at = start + word.len();
        let key = letters_and_digits(word);
        if !key.is_empty() {
            found.push(Word { text: word, key, range: start..at });
        }
    }
    found
}

fn long<'a>(words: &'a [Word<'_>]) -> impl Iterator<Item = &'a str> {
    words.iter().map(|w| w.key.as_str()).filter(|key| key.chars().count() >= LONG)
}

fn diff(old: &[Word<'_>], new: &[Word<'_>]) -> Vec<DiffOp> {
    let keys = |words: &[Word<'_>]| words.iter().map(|w| w.key.clone()).collect::<Vec<_>>();
    capture_diff_slices(Algorithm::Myers, &keys(old), &keys(new))
}

fn equal(op: &DiffOp) -> Range<usize> {
    match op {
        DiffOp::Equal { .. } => op.new_range(),
        _ => 0..0,
    }
}

/// From the beginning of the sentence of one word to the end of that of another.
fn sentences(text: &str, words: &[Word<'_>], first: usize, last: usize) -> Range<usize> {
    let ends = |at: usize| {
        let next = words.get(at + 1).map_or(text.len(), |w| w.range.start);
        let word = words[at].text.trim_end_matches(['"', '\'', ')', '”', '“', '’']);
        word.ends_with(['.', '!', '?', ';']) || text[words[at].range.end..next].contains('\n')
    };
    let start = (0..first).rev().find(|at| ends(*at)).map_or(0, |at| at + 1);
    let end = (last..words.len()).find(|at| ends(*at)).unwrap_or(words.len() - 1);
    words[start].range.start..words[end].range.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Part;

    fn passage(n: u32, text: &str) -> Passage {
        let parts = vec![Part { range: 0..text.len(), locator: Locator::lines(n, n) }];
        let made = Passage::new("a.md".into(), n, BlockKind::Body, vec![], text.to_owned(), parts);
        made.unwrap()
    }

    const QUOTE: &str = "Access rights are reviewed twice a year by the owner of the system.";

    #[test]
    fn the_nearest_words_are_whole_sentences_of_the_document() {
        let passages = [
            passage(
                1,
                "Rights end on the last day. The owner of the system is named in the register.",
            ),
            passage(
                2,
                "Purpose. Access rights are reviewed once a year by the owner of each system. More follows.",
            ),
        ];
        let found = nearest(QUOTE, &passages.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(
            found.quote,
            "Access rights are reviewed once a year by the owner of each system."
        );
        assert_eq!(found.locator, Locator::lines(2, 2));
        assert_eq!(
            word_diff(QUOTE, &found.quote),
            "Access rights are reviewed [-twice-] {+once+} a year by the owner of [-the-] {+each+} system."
        );
    }

    #[test]
    fn another_statement_is_none_that_changed() {
        let passages = [passage(1, "The owner of the system pays for the review.")];
        assert_eq!(nearest(QUOTE, &passages.iter().collect::<Vec<_>>()), None);
        assert_eq!(nearest("…", &passages.iter().collect::<Vec<_>>()), None);
    }

    #[test]
    fn a_diff_cuts_what_stayed() {
        let old = "one two three four five six seven eight nine ten eleven twelve";
        let new = "one two three four five six seven eight nine ten eleven thirteen";
        assert_eq!(word_diff(old, new), "… eight nine ten eleven [-twelve-] {+thirteen+}");
        assert_eq!(word_diff("A, b", "a b"), "a b", "punctuation is no change");
    }
}
