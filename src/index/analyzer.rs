//! One way to cut text into comparable words, shared by the index and the matcher.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer,
    StopWordFilter, TextAnalyzer, TokenStream,
};

pub(super) const NAME: &str = "evimap";

fn build() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(StopWordFilter::new(Language::English).expect("English stop words are compiled in"))
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .build()
}

pub(super) fn register(index: &tantivy::Index) {
    index.tokenizers().register(NAME, build());
}

/// Lower-cased, folded, stemmed words without stop words.
pub struct Analyzer(TextAnalyzer);

impl Default for Analyzer {
    fn default() -> Self {
        Self(build())
    }
}

impl Analyzer {
    /// The words of a text, in order, with repetitions.
    pub fn words(&mut self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        self.each(text, |word| words.push(word.to_owned()));
        words
    }

    /// Calls `take` with each word, without allocating for it.
    pub fn each(&mut self, text: &str, mut take: impl FnMut(&str)) {
        let mut stream = self.0.token_stream(text);
        while let Some(token) = stream.next() {
            take(&token.text);
        }
    }
}
