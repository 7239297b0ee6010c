//! Which rows a target is assessed in, and which documents serve a row.

use crate::{
    config::System,
    domain::{DocumentProfile, ISO42001, Level, Passage, Target},
};

/// What a passage of a document that serves all systems is worth for one of them, unless it names
/// that system: it lays down how things are done, and does not show that they were done for this
/// one.
const UNNAMED: f32 = 0.6;

/// The systems for which a target is assessed; `None` is the organisation.
pub(super) fn rows<'a>(target: &Target, systems: &'a [System]) -> Vec<Option<&'a str>> {
    let mine = || {
        systems
            .iter()
            .filter(|s| target.framework != ISO42001 || s.ai)
            .map(|s| Some(s.id.as_str()))
            .collect::<Vec<_>>()
    };
    match target.level {
        Level::Organisation => vec![None],
        Level::Application => {
            let rows = mine();
            if rows.is_empty() { vec![None] } else { rows }
        }
        Level::Both => std::iter::once(None).chain(mine()).collect(),
    }
}

/// Whether a document can hold evidence for a row: its own system's, or none's.
pub(super) fn serves(target: &Target, profile: &DocumentProfile, system: Option<&str>) -> bool {
    match (system, profile.system.as_deref()) {
        (Some(row), Some(own)) => row == own,
        (None, Some(_)) => target.level != Level::Both,
        (Some(_), None) => target.level != Level::Both,
        (None, None) => true,
    }
}

/// How documents call the systems.
pub(super) struct Names<'a>(Vec<(&'a str, Vec<String>)>);

impl<'a> Names<'a> {
    /// A system's full name and those words of its name and id that are no words of the catalogue:
    /// "Ambra" names a system, "triage" and "customer portal" name anything.
    pub(super) fn new(systems: &'a [System], mut is_common: impl FnMut(&str) -> bool) -> Self {
        let names = systems.iter().map(|system| {
            let mut names = vec![system.name.to_lowercase()];
            let words = system.name.split_whitespace().chain([system.id.as_str()]);
            for word in words.filter(|w| w.chars().count() >= 4) {
                if !is_common(word) {
                    names.push(word.to_lowercase());
                }
            }
            names.sort_unstable();
            names.dedup();
            (system.id.as_str(), names)
        });
        Self(names.collect())
    }

    /// A factor for a passage of a document that serves all systems, towards one system's row:
    /// 1 if it names the system, 0 if it names another one only.
    pub(super) fn fit(&self, system: &str, document: &str, passage: &Passage) -> f32 {
        let text =
            format!("{document} {} {}", passage.heading.join(" "), passage.text()).to_lowercase();
        let named = |names: &[String]| names.iter().any(|name| text.contains(name.as_str()));
        if self.0.iter().any(|(id, names)| *id == system && named(names)) {
            1.0
        } else if self.0.iter().any(|(id, names)| *id != system && named(names)) {
            0.0
        } else {
            UNNAMED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::Catalog,
        domain::{BlockKind, Language, Locator, Part},
        matching::{Features, lexicon::Lexicon, stems::Stems},
    };

    #[test]
    fn a_passage_about_one_system_is_no_evidence_for_another() {
        let system = |id: &str, name: &str| System {
            id: id.into(),
            name: name.into(),
            ai: true,
            roles: vec![],
            paths: vec![],
        };
        let systems =
            [system("triage", "Zorblax Triage"), system("screening", "Quivex CV screening")];
        let lexicon = Lexicon::new(Catalog::builtin(), Language::En, Features::default());
        let mut stems = Stems::default();
        let names = Names::new(&systems, |word| {
            stems.words(&lexicon, word).iter().any(|stem| lexicon.knows(stem))
        });
        let passage = |text: &str| {
            let part = Part { range: 0..text.len(), locator: Locator::lines(1, 1) };
            Passage::new("d".into(), 0, BlockKind::Body, vec![], text.into(), vec![part]).unwrap()
        };
        let about = passage("Zorblax was tested on unseen data.");
        assert_eq!(names.fit("triage", "report", &about), 1.0);
        assert_eq!(names.fit("screening", "report", &about), 0.0);
        let general = passage("Models are tested on unseen data during screening.");
        assert_eq!(names.fit("screening", "procedure", &general), UNNAMED);
    }
}
