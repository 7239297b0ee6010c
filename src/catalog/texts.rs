//! What the catalogue says in other languages than English, for readers and for the matcher: titles,
//! descriptions, points and typical evidence of
//! targets; titles, purposes, roles and scopes of common controls (`seeds/texts/`). What a language lacks, and all
//! of a user's own targets, stays English.

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use super::Catalog;
use crate::domain::{Language, Target, TargetId};

/// One file a language: language, name and content.
pub(super) const FILES: [(Language, &str, &str); 2] = [
    (Language::De, "seeds/texts/de.toml", include_str!("../../seeds/texts/de.toml")),
    (Language::Fr, "seeds/texts/fr.toml", include_str!("../../seeds/texts/fr.toml")),
];

/// The words of one target or common control; empty where none are given.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Texts {
    pub title: String,
    pub description: String,
    /// Of a common control, as the next two.
    pub(super) purpose: String,
    pub(super) accountable: String,
    pub(super) scope: String,
    /// By the short id of a point: `d1`, `o2`.
    pub points: BTreeMap<String, String>,
    /// Typical evidence, by the same ids.
    pub evidence: BTreeMap<String, String>,
}

/// By id of target or common control.
pub(super) type TextFile = BTreeMap<String, Texts>;

/// Reads a file of texts.
pub(super) fn read(text: &str) -> Result<TextFile, toml::de::Error> {
    toml::from_str(text)
}

/// All texts of a language, read when first asked for; none where nobody wrote any.
fn of(language: Language) -> &'static TextFile {
    static READ: [OnceLock<TextFile>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    READ[language as usize].get_or_init(|| {
        let text = FILES.iter().find(|(own, ..)| *own == language).map_or("", |(.., text)| text);
        // That every file is sound is held by a test.
        read(text).unwrap_or_default()
    })
}

impl Catalog {
    /// A target's texts in a language other than English; `None` where nobody wrote any.
    pub fn texts(&self, id: &TargetId, language: Language) -> Option<&'static Texts> {
        of(language).get(id.as_str())
    }

    /// The catalogue as it is told in a language; ids, terms and all that the matcher looks at stay
    /// as they are.
    pub fn told(&self, language: Language) -> Cow<'_, Self> {
        let texts = of(language);
        if texts.is_empty() {
            return Cow::Borrowed(self);
        }
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
                put(&mut control.accountable, &ours.accountable, &texts.accountable);
                put(&mut control.scope, &ours.scope, &texts.scope);
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
        if let Some((own, text)) = own.zip(texts.evidence.get(point.id.short())) {
            put(&mut point.typical_evidence, &own.typical_evidence, text);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_point_and_common_control_is_told_and_nothing_else_is() {
        let catalog = Catalog::builtin();
        let mut faults = Vec::new();
        for (language, file, text) in FILES {
            let texts = read(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            let mut lacks = |what: String, text: Option<&String>| {
                if text.is_none_or(|text| text.trim().is_empty()) {
                    faults.push(format!("{file} lacks {what}"));
                }
            };
            for target in catalog.targets() {
                let own = texts.get(target.id.as_str());
                lacks(format!("title of {}", target.id), own.map(|t| &t.title));
                lacks(format!("description of {}", target.id), own.map(|t| &t.description));
                for point in &target.points {
                    let text = own.and_then(|t| t.points.get(point.id.short()));
                    lacks(point.id.to_string(), text);
                    let evidence = own.and_then(|t| t.evidence.get(point.id.short()));
                    lacks(format!("typical evidence of {}", point.id), evidence);
                }
            }
            for control in catalog.common_controls() {
                let own = texts.get(&control.id);
                lacks(format!("title of {}", control.id), own.map(|t| &t.title));
                lacks(format!("purpose of {}", control.id), own.map(|t| &t.purpose));
                lacks(format!("accountable of {}", control.id), own.map(|t| &t.accountable));
                lacks(format!("scope of {}", control.id), own.map(|t| &t.scope));
            }
            for (id, own) in &texts {
                let target = catalog.targets().find(|t| t.id.as_str() == id);
                if target.is_none() && catalog.common_control(id).is_none() {
                    faults.push(format!("{file}: {id} is not in the catalogue"));
                }
                for point in own.points.keys().chain(own.evidence.keys()) {
                    let points = target.map_or(&[][..], |t| &t.points);
                    if points.iter().all(|p| p.id.short() != point) {
                        faults.push(format!("{file}: {id} has no point {point}"));
                    }
                }
                if target.is_some() && !own.purpose.is_empty() {
                    faults.push(format!("{file}: {id} is no common control and has no purpose"));
                }
            }
            assert!(!matches!(catalog.told(language), Cow::Borrowed(_)));
        }
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }

    #[test]
    fn what_the_matcher_looks_at_and_what_users_wrote_stays() {
        let mut catalog = Catalog::builtin().clone();
        let own = "Our own title".to_owned();
        let id = "ISO27001:A.5.15".parse().unwrap();
        catalog.targets.get_mut(&id).unwrap().title.clone_from(&own);
        let told = catalog.told(Language::De);
        assert_eq!(told.get(&id).unwrap().title, own);
        for (target, other) in catalog.targets().zip(told.targets()) {
            assert_eq!((&target.id, &target.terms), (&other.id, &other.terms));
            assert_eq!(target.exemplars, other.exemplars);
        }
        let there = "ISO27001:A.5.18".parse().unwrap();
        assert_ne!(told.get(&there).unwrap().title, catalog.get(&there).unwrap().title);
        assert!(matches!(catalog.told(Language::Es), Cow::Borrowed(_)));
    }
}
