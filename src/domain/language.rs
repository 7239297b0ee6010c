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

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
