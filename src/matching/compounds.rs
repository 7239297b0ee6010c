//! German and Dutch words that the catalogue does not know, taken apart into words that it knows:
//! "Lieferantenprüfung" speaks of suppliers and of checks.
//!
//! Only unknown words: taking known ones apart too finds more of single sentences and less of whole
//! documents (docs/languages.md).

use std::collections::HashMap;

use crate::domain::Language;

/// Letters of a part at least: below, chance syllables fit.
const SHORTEST: usize = 4;

/// Parts of a word at most.
const MOST: usize = 3;

/// Words remembered at most, so that a collection of random letters fills no memory.
const REMEMBERED: usize = 100_000;

/// What may stand between two parts; empty for languages that write no compounds.
fn links(language: Language) -> &'static [&'static str] {
    match language {
        Language::De => &["", "s", "es", "n", "en", "er", "e"],
        Language::Nl => &["", "s", "en", "e"],
        _ => &[],
    }
}

/// The parts of words met so far.
#[derive(Debug, Default)]
pub(super) struct Compounds {
    known: HashMap<(Language, String), Vec<String>>,
}

impl Compounds {
    /// The known stems that a stemmed, folded word is made of, in order; nothing if it is no
    /// compound of such. `known` gives the stem of a word if that is one of the language's.
    pub(super) fn parts(
        &mut self,
        language: Language,
        word: &str,
        mut known: impl FnMut(&str) -> Option<String>,
    ) -> &[String] {
        let links = links(language);
        if links.is_empty() || word.len() < 2 * SHORTEST || !word.is_ascii() {
            return &[];
        }
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known
            .entry((language, word.to_owned()))
            .or_insert_with(|| split(links, word, MOST, &mut known).unwrap_or_default())
    }
}

/// The fewest parts; among those the longest first part.
fn split(
    links: &[&str],
    word: &str,
    most: usize,
    known: &mut impl FnMut(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    for at in (SHORTEST..=word.len().checked_sub(SHORTEST)?).rev() {
        let (left, right) = word.split_at(at);
        let bare = links.iter().filter_map(|link| left.strip_suffix(link));
        let first = bare.filter(|bare| bare.len() >= SHORTEST).find_map(&mut *known);
        let Some(first) = first else { continue };
        // The end of the word has been stemmed with it.
        let rest = match known(right) {
            Some(last) => vec![last],
            None if most > 2 => match split(links, right, most - 1, known) {
                Some(rest) => rest,
                None => continue,
            },
            None => continue,
        };
        if best.as_ref().is_none_or(|best| rest.len() + 1 < best.len()) {
            best = Some(std::iter::once(first).chain(rest).collect());
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(language: Language, word: &str) -> Vec<String> {
        let words = ["zugang", "steuerung", "richtlini", "lieferant", "pruf", "leverancier"];
        let known = |word: &str| words.contains(&word).then(|| word.to_owned());
        Compounds::default().parts(language, word, known).to_vec()
    }

    #[test]
    fn compounds_are_taken_apart_with_what_links_them() {
        for (language, word, expected) in [
            (Language::De, "lieferantenpruf", &["lieferant", "pruf"][..]),
            (Language::De, "steuerungsrichtlini", &["steuerung", "richtlini"]),
            // The longer first part of two ways; three parts.
            (Language::De, "zugangssteuerung", &["zugang", "steuerung"]),
            (Language::De, "zugangssteuerungsrichtlini", &["zugang", "steuerung", "richtlini"]),
            (Language::Nl, "leverancierspruf", &["leverancier", "pruf"]),
        ] {
            assert_eq!(parts(language, word), expected, "{word}");
        }
    }

    #[test]
    fn what_is_no_compound_of_known_words_stays_whole() {
        for (language, word) in [
            (Language::De, "pruf"),
            (Language::De, "lieferantenxyz"),
            (Language::De, "xyzpruf"),
            (Language::De, "lieferant"),
            (Language::De, "prufprufprufpruf"),
            (Language::De, "größenpruf"),
            (Language::Fr, "lieferantenpruf"),
        ] {
            assert!(parts(language, word).is_empty(), "{word}");
        }
    }
}
