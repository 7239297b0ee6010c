//! The languages that documents are read in, and those that reports are written in.

use serde::{Deserialize, Serialize};

/// A language with its own stems, stop words and (but for English, the catalogue's own) key terms.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English. Also what nobody could tell.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
    /// Dutch.
    Nl,
}

impl Language {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 7] =
        [Self::En, Self::De, Self::Fr, Self::Es, Self::It, Self::Pt, Self::Nl];

    /// Those that reports and review files are written in.
    pub const WRITTEN: [Self; 3] = [Self::En, Self::De, Self::Fr];

    /// The two letters of ISO 639-1, used in JSON, CSV and evimap.toml.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::It => "it",
            Self::Pt => "pt",
            Self::Nl => "nl",
        }
    }

    /// The language of a code as [`Language::as_str`] gives it, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str().eq_ignore_ascii_case(code))
    }
}

/// One value for each language. A table of words is made of it, so that no language is left out.
#[derive(Debug, Clone, Copy)]
pub struct ByLanguage<T> {
    /// English.
    pub en: T,
    /// German.
    pub de: T,
    /// French.
    pub fr: T,
    /// Spanish.
    pub es: T,
    /// Italian.
    pub it: T,
    /// Portuguese.
    pub pt: T,
    /// Dutch.
    pub nl: T,
}

impl<T> ByLanguage<T> {
    /// The values with their languages, in the order of [`Language::ALL`].
    pub fn all(&self) -> [(Language, &T); 7] {
        let Self { en, de, fr, es, it, pt, nl } = self;
        let [a, b, c, d, e, f, g] = Language::ALL;
        [(a, en), (b, de), (c, fr), (d, es), (e, it), (f, pt), (g, nl)]
    }
}

impl ByLanguage<&'static str> {
    /// The words between `|` of all languages.
    pub fn listed(&self) -> impl Iterator<Item = &'static str> + use<> {
        let own = self.all().map(|(_, own)| *own).into_iter();
        own.flat_map(|own| own.split('|')).filter(|word| !word.is_empty())
    }

    /// Whether a text is one of these words.
    pub fn is_listed(&self, text: &str) -> bool {
        self.listed().any(|word| word == text)
    }
}

impl ByLanguage<&str> {
    /// The patterns as alternatives of one; a language without any of its own has an empty text.
    pub fn any(&self) -> String {
        let own: Vec<&str> =
            self.all().into_iter().map(|(_, own)| *own).filter(|own| !own.is_empty()).collect();
        own.join("|")
    }
}

impl ByLanguage<&'static [&'static str]> {
    /// All words, language by language.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.all().map(|(_, own)| *own).into_iter().flatten().copied()
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
