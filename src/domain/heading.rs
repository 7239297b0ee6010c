//! The headings that a text stands under.

use std::{ops::Deref, sync::Arc};

use serde::{Deserialize, Serialize};

/// Headings, outermost first. Cloning one costs nothing and shares the text: the passages of a
/// section are many, and a collection is held in memory as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct HeadingPath(Arc<[String]>);

impl HeadingPath {
    /// Takes the other one's text if it says the same, so that only one of them is kept.
    pub fn share(&mut self, other: &Self) {
        if self == other {
            *self = other.clone();
        }
    }
}

impl Default for HeadingPath {
    fn default() -> Self {
        Self(Arc::new([]))
    }
}

impl Deref for HeadingPath {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl Serialize for HeadingPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

impl From<Vec<String>> for HeadingPath {
    fn from(path: Vec<String>) -> Self {
        Self(path.into())
    }
}

impl FromIterator<String> for HeadingPath {
    fn from_iter<I: IntoIterator<Item = String>>(path: I) -> Self {
        Self(path.into_iter().collect())
    }
}

impl<T: AsRef<str>, const N: usize> PartialEq<[T; N]> for HeadingPath {
    fn eq(&self, other: &[T; N]) -> bool {
        self.len() == N && other.iter().zip(self.iter()).all(|(one, text)| one.as_ref() == text)
    }
}
