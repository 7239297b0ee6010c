//! Texts as words of a lexicon: stemmed by its language, or as English where the language does not
//! know them. Documents in every language are full of English terms.

use std::collections::BTreeMap;

use super::{compounds::Compounds, lexicon::Lexicon};
use crate::{domain::Language, index::Analyzer};

/// The analyzers that one thread needs, made as they are needed.
#[derive(Default)]
pub(super) struct Stems {
    english: Analyzer,
    others: BTreeMap<Language, Analyzer>,
    compounds: Compounds,
}

impl Stems {
    /// The analyzer of a language.
    pub(super) fn of(&mut self, language: Language) -> &mut Analyzer {
        match language {
            Language::En => &mut self.english,
            _ => self.others.entry(language).or_insert_with(|| Analyzer::of(language)),
        }
    }

    /// The words of a text as a lexicon knows them, in order, with repetitions.
    pub(super) fn words(&mut self, lexicon: &Lexicon, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        self.each(lexicon, text, |word| words.push(word.to_owned()));
        words
    }

    /// Calls `take` with each word as a lexicon knows it.
    pub(super) fn each(&mut self, lexicon: &Lexicon, text: &str, take: impl FnMut(&str)) {
        let compounds = lexicon.splits_compounds();
        self.each_by(lexicon.language(), compounds, |stem| lexicon.is_own(stem), text, take);
    }

    /// The same for a lexicon in the making, of whose language `is_own` knows the stems. After a
    /// word that it does not know come the parts that it does, if `compounds` are taken apart.
    pub(super) fn each_by(
        &mut self,
        language: Language,
        compounds: bool,
        is_own: impl Fn(&str) -> bool,
        text: &str,
        mut take: impl FnMut(&str),
    ) {
        if language == Language::En {
            self.english.each(text, |_, word| take(word));
            return;
        }
        let mut own: Vec<(usize, String)> = Vec::new();
        self.of(language).each(text, |place, word| own.push((place, word.to_owned())));
        if own.iter().all(|(_, word)| is_own(word)) {
            own.iter().for_each(|(_, word)| take(word));
            return;
        }
        let analyzer = self.others.entry(language).or_insert_with(|| Analyzer::of(language));
        // The language's analyzer drops all that the English one drops, and its own stop words.
        let mut own = own.iter().peekable();
        self.english.each(text, |place, english| {
            let Some((_, word)) = own.next_if(|(at, _)| *at == place) else { return };
            if is_own(word) {
                return take(word);
            }
            take(english);
            if compounds {
                let known = |word: &str| {
                    let mut stem = None;
                    analyzer.each(word, |_, own| stem = is_own(own).then(|| own.to_owned()));
                    stem
                };
                self.compounds.parts(language, word, known).iter().for_each(|part| take(part));
            }
        });
    }
}
