//! Sentence bounds, after UAX #29 with abbreviations mended.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::ByLanguage;

/// Words after which a full stop does not end a sentence, in lower case.
const ABBREVIATIONS: ByLanguage<&[&str]> = ByLanguage {
    en: &[
        "e.g.", "i.e.", "etc.", "approx.", "no.", "vs.", "incl.", "excl.", "ref.", "sec.", "para.",
        "fig.", "ltd.", "inc.", "mr.", "mrs.", "ms.", "st.", "cf.", "p.",
    ],
    de: &["nr.", "dr.", "z.b.", "b.", "z.", "d.h.", "bzw.", "ggf.", "abs.", "art."],
    fr: &["mme.", "p.ex.", "ex.", "chap.", "env."],
    es: &["sr.", "sra.", "núm.", "pág.", "ej.", "p.ej.", "apdo."],
    it: &["sig.", "dott.", "cap.", "pag."],
    pt: &["dra.", "eng.", "aprox."],
    nl: &["bijv.", "bv.", "d.w.z.", "m.b.t.", "i.v.m.", "o.a.", "t.a.v.", "blz.", "incl."],
};

/// Byte ranges of the sentences of a text, white space at the ends left out. Every non-blank
/// character lies in exactly one range.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let joined = join_wrapped_lines(text);
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    for (start, piece) in joined.split_sentence_bound_indices() {
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

/// Lines shorter than this end where their sentence or item ends, not at a margin.
const WRAPPED: usize = 60;

/// The same bytes with a blank for each line break that only wraps a line, as PDF and Markdown have
/// them within a paragraph. A break stays before a list item, a row or a heading, and where a short
/// line is followed by a capital.
fn join_wrapped_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        let Some(next) = lines.peek() else { break };
        let start = next.trim_start();
        let item = start.starts_with(['-', '*', '•', '–', '|', '#', '>'])
            || start.split_once(['.', ')']).is_some_and(|(number, rest)| {
                rest.starts_with(' ')
                    && !number.is_empty()
                    && number.len() < 4
                    && number.bytes().all(|b| b.is_ascii_alphanumeric())
            });
        let fresh = !start.starts_with(char::is_lowercase) && line.chars().count() < WRAPPED;
        let blank = line.trim().is_empty() || start.is_empty();
        out.push(if item || fresh || blank { '\n' } else { ' ' });
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
    (ABBREVIATIONS.words().any(|own| own == word) && !piece.ends_with('\n')) || list_number
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
    fn abbreviations_of_other_languages_end_none_either() {
        for text in [
            "La revue est faite par Mme. Roy et consignée.",
            "Se revisan las cuentas, p.ej. Las de administración, cada mes.",
            "Il riesame è svolto dal Sig. Conti e registrato.",
            "A revisão é feita pela Sra. Lopes e registada.",
            "Sleutels, bijv. AES-sleutels, worden vervangen.",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn a_wrapped_line_does_not_end_a_sentence_and_an_item_does() {
        assert_eq!(
            split("Documents are controlled; two printed\ncopies were out of date. Fixed."),
            ["Documents are controlled; two printed\ncopies were out of date.", "Fixed."]
        );
        assert_eq!(
            split(
                "Die Schlüssel werden jährlich durch den Leiter des Betriebs der\nInformationstechnik erneuert."
            ),
            [
                "Die Schlüssel werden jährlich durch den Leiter des Betriebs der\nInformationstechnik erneuert."
            ]
        );
        assert_eq!(
            split("Owners review\n- access\n- logs"),
            ["Owners review", "- access", "- logs"]
        );
        assert_eq!(
            split("Visitors sign in\nBadges are worn"),
            ["Visitors sign in", "Badges are worn"]
        );
    }

    #[test]
    fn blank_text_has_no_sentences() {
        assert!(split("  \n ").is_empty());
    }
}
