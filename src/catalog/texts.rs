//! What the catalogue says in other languages than English: titles, descriptions and points of
//! targets, titles and purposes of common controls (`seeds/texts/`). What a language lacks, and all
//! of a user's own targets, stays English.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;

use super::Catalog;
use crate::domain::{Language, Target};

/// One file a language: language, name and content.
pub(super) const FILES: [(Language, &str, &str); 2] = [
    (Language::De, "seeds/texts/de.toml", include_str!("../../seeds/texts/de.toml")),
    (Language::Fr, "seeds/texts/fr.toml", include_str!("../../seeds/texts/fr.toml")),
];

/// The words of one target or common control; empty where none are given.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Texts {
    pub(super) title: String,
    pub(super) description: String,
    /// Of a common control.
    pub(super) purpose: String,
    /// By the short id of a point: `d1`, `o2`.
    pub(super) points: BTreeMap<String, String>,
}

/// By id of target or common control.
pub(super) type TextFile = BTreeMap<String, Texts>;

/// Reads a file of texts.
pub(super) fn read(text: &str) -> Result<TextFile, toml::de::Error> {
    toml::from_str(text)
}

impl Catalog {
    /// The catalogue as it is told in a language; ids, terms and all that the matcher looks at stay
    /// as they are.
    pub fn told(&self, language: Language) -> Cow<'_, Self> {
        let Some((_, _, text)) = FILES.iter().find(|(own, ..)| *own == language) else {
            return Cow::Borrowed(self);
        };
        // That every file is sound is held by a test.
        let texts = read(text).unwrap_or_default();
        let builtin = Self::builtin();
        let mut out = self.clone();
        for target in out.targets.values_mut() {
            let ours = builtin.get(&target.id);
            if let Some((ours, texts)) = ours.zip(texts.get(target.id.as_str())) {
                tell(target, ours, texts);
            }
        }
        for control in &mut out.common_controls {
            let ours = builtin.common_control(&control.id);
            if let Some((ours, texts)) = ours.zip(texts.get(&control.id)) {
                put(&mut control.title, &ours.title, &texts.title);
                put(&mut control.purpose, &ours.purpose, &texts.purpose);
            }
        }
        Cow::Owned(out)
    }
}

fn tell(target: &mut Target, ours: &Target, texts: &Texts) {
    put(&mut target.title, &ours.title, &texts.title);
    put(&mut target.description, &ours.description, &texts.description);
    for point in &mut target.points {
        let own = ours.points.iter().find(|p| p.id == point.id);
        if let Some((own, text)) = own.zip(texts.points.get(point.id.short())) {
            put(&mut point.text, &own.text, text);
        }
    }
}

/// Only what we wrote is told in our words: a user's text stays.
fn put(place: &mut String, ours: &str, text: &str) {
    if place == ours && !text.trim().is_empty() {
        place.clear();
        place.push_str(text);
    }
}
