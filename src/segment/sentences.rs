//! Sentence bounds, after UAX #29 with abbreviations mended.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Words after which a full stop does not end a sentence, in lower case.
const ABBREVIATIONS: [&str; 30] = [
    "e.g.", "i.e.", "etc.", "approx.", "no.", "nr.", "vs.", "incl.", "excl.", "ref.", "sec.",
    "para.", "fig.", "ltd.", "inc.", "dr.", "mr.", "mrs.", "ms.", "st.", "z.b.", "b.", "z.",
    "d.h.", "bzw.", "ggf.", "abs.", "art.", "cf.", "p.",
];

/// Byte ranges of the sentences of a text, white space at the ends left out. Every non-blank
/// character lies in exactly one range.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    for (start, piece) in text.split_sentence_bound_indices() {
        let from = open.take().unwrap_or(start);
        let end = start + piece.len();
        if ends_in_abbreviation(&text[from..end]) && end < text.len() {
            open = Some(from);
        } else {
            push_trimmed(text, from..end, &mut out);
        }
    }
    if let Some(from) = open {
        push_trimmed(text, from..text.len(), &mut out);
    }
    out
}

fn ends_in_abbreviation(piece: &str) -> bool {
    let Some(word) = piece.split_whitespace().next_back() else { return false };
    let word = word.trim_start_matches(['(', '"', '„', '“']).to_lowercase();
    // "3." at the start of a line is a list number, not the end of a sentence.
    let list_number = word.ends_with('.')
        && word.len() > 1
        && word[..word.len() - 1].bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && piece.split_whitespace().count() == 1;
    (ABBREVIATIONS.contains(&word.as_str()) && !piece.ends_with('\n')) || list_number
}

fn push_trimmed(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let piece = &text[range.clone()];
    let trimmed = piece.trim();
    if !trimmed.is_empty() {
        let start = range.start + (piece.len() - piece.trim_start().len());
        out.push(start..start + trimmed.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn abbreviations_and_list_numbers_do_not_end_a_sentence() {
        assert_eq!(
            split("Keys, e.g. AES keys, are rotated. Logs are kept.\n3. Review yearly."),
            ["Keys, e.g. AES keys, are rotated.", "Logs are kept.", "3. Review yearly."]
        );
    }

    #[test]
    fn blank_text_has_no_sentences() {
        assert!(split("  \n ").is_empty());
    }
}
