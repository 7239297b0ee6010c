//! One way for each language to cut text into comparable words, shared by the index and the matcher.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language as Snowball, LowerCaser, RemoveLongFilter, SimpleTokenizer,
    Stemmer, StopWordFilter, TextAnalyzer, TokenStream,
};

use crate::domain::Language;

pub(super) const NAME: &str = "evimap";

/// In bytes; longer words are dropped.
const LONGEST: usize = 40;

fn build(language: Language) -> TextAnalyzer {
    let stops = |language| StopWordFilter::new(language).expect("its stop words are compiled in");
    let words = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(stops(Snowball::English));
    let own = match language {
        Language::En => {
            let folded = words.filter(AsciiFoldingFilter);
            return folded.filter(Stemmer::new(Snowball::English)).build();
        }
        Language::De => Snowball::German,
        Language::Fr => Snowball::French,
        Language::Es => Snowball::Spanish,
        Language::It => Snowball::Italian,
        Language::Pt => Snowball::Portuguese,
        Language::Nl => Snowball::Dutch,
    };
    // Endings are told by their accents; only then these go, as do those that people leave out.
    words.filter(stops(own)).filter(Stemmer::new(own)).filter(AsciiFoldingFilter).build()
}

pub(super) fn register(index: &tantivy::Index, language: Language) {
    index.tokenizers().register(NAME, build(language));
}

/// Lower-cased, folded, stemmed words without stop words (its language's and English ones).
pub struct Analyzer(TextAnalyzer);

impl Default for Analyzer {
    fn default() -> Self {
        Self::of(Language::En)
    }
}

impl Analyzer {
    /// The analyzer of a language.
    pub fn of(language: Language) -> Self {
        Self(build(language))
    }

    /// The words of a text, in order, with repetitions.
    pub fn words(&mut self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        self.each(text, |_, word| words.push(word.to_owned()));
        words
    }

    /// Calls `take` with each word and its place among all words of the text, those left out
    /// included, without allocating for it. Every language counts places alike.
    pub fn each(&mut self, text: &str, mut take: impl FnMut(usize, &str)) {
        let mut stream = self.0.token_stream(text);
        while let Some(token) = stream.next() {
            take(token.position, &token.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_word_in_its_own_language() {
        for (language, forms) in [
            (Language::En, ["reviews", "reviewed"]),
            (Language::De, ["Prüfungen", "Prüfung"]),
            (Language::Fr, ["sauvegardées", "sauvegarder"]),
            (Language::Es, ["revisión", "revisiones"]),
            (Language::It, ["verificato", "verificare"]),
            (Language::Pt, ["cópias", "cópia"]),
            (Language::Nl, ["toegangsrechten", "toegangsrecht"]),
        ] {
            let words = Analyzer::of(language).words(&forms.join(" "));
            assert_eq!(words.len(), 2, "{words:?}");
            assert_eq!(words[0], words[1], "{language:?}");
        }
    }

    #[test]
    fn places_count_words_that_are_left_out() {
        for language in Language::ALL {
            let mut places = Vec::new();
            Analyzer::of(language).each("the backup and the plan", |place, _| places.push(place));
            assert_eq!(places, [1, 4]);
        }
    }
}
