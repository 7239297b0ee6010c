//! Passages and targets in, proposals out.
//!
//! A passage is scored against every target in memory ([`lexicon`]), so that scores don't depend on
//! the collection; tantivy scores the opposite direction (which passages answer a target best,
//! with the collection's own statistics). Both are standardised and summed with the document's
//! prior and its title; an exact citation overrides for the section in which it stands. The sum is
//! turned into a probability by a logistic fit ([`calibrate`]), talk is capped ([`talk`]), and the
//! smallest verbatim quote is cut out ([`evidence`]).

mod answers;
mod calibrate;
mod citation;
mod compounds;
mod condition;
mod copies;
mod evidence;
mod features;
mod forward;
mod gate;
mod learn;
mod lexicon;
mod meaning;
mod named;
mod nudge;
mod pairs;
mod propose;
mod rank;
mod reader;
mod stems;
mod subject;
mod systems;
mod table;
mod talk;
mod talk_words;
mod trace;
mod verdict;

#[cfg(test)]
mod tests_hostile;
#[cfg(test)]
mod tests_language;

pub use calibrate::{Calibration, Logistic, PassageFeatures, ProposalFeatures, TargetFeatures};
pub use citation::{Citation, Context, Edition};
pub use features::Features;
pub use learn::Example;
pub use propose::{Considered, DocumentInput, Inputs, Matched};
pub use rank::band;
pub use trace::{FIELDS, Part, Rival, Step, Trace};
pub use verdict::view;

use std::{collections::BTreeSet, sync::OnceLock};

use crate::{
    catalog::Catalog,
    domain::{Language, SoaLink, Target, TargetId},
    segment::detect,
};
use evidence::PointWords;
use lexicon::{Bag, Lexicon};
use meaning::{Likeness, Meaning};
use stems::Stems;

/// What the embedding table, which is made of English texts, counts for in others, beside what it
/// counts for in English. Measured: docs/languages.md.
const FOREIGN_MEANING: f32 = 0.75;
/// Fewer words than this make no statement.
const STATEMENT_WORDS: usize = 4;

/// One target's fit to a text, for `evimap match`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub target: TargetId,
    /// Standard score among the targets considered.
    pub score: f32,
    /// Calibrated probability that the text is about the target.
    pub confidence: f32,
}

/// Everything about a catalogue that matching needs, prepared once.
pub struct Matcher<'a> {
    catalog: &'a Catalog,
    targets: Vec<&'a Target>,
    /// By language; made when the first text in it is met.
    lexicons: [OnceLock<Lexicon>; Language::ALL.len()],
    meaning: Meaning,
    /// Lower-cased terms by target: of confusable neighbours, its own.
    terms: Vec<(Vec<String>, Vec<String>)>,
    point_words: PointWords,
    calibration: Calibration,
    features: Features,
    examples: Vec<Example>,
    links: Vec<SoaLink>,
}

impl<'a> Matcher<'a> {
    /// Prepares a catalogue with the shipped calibration.
    pub fn new(catalog: &'a Catalog) -> Self {
        Self::with_features(catalog, Features::default())
    }

    /// The same with some features switched off; the calibration stays as it is.
    pub fn with_features(catalog: &'a Catalog, features: Features) -> Self {
        let targets: Vec<&Target> = catalog.targets().collect();
        Self {
            catalog,
            meaning: Meaning::new(&targets, features),
            terms: targets.iter().map(|t| (lower(&t.negative_terms), lower(&t.terms))).collect(),
            targets,
            lexicons: Default::default(),
            point_words: PointWords::new(catalog.targets()),
            calibration: Calibration::shipped(),
            features,
            examples: Vec::new(),
            links: Vec::new(),
        }
    }

    /// The lexicon that texts in a language are read by.
    fn lexicon(&self, language: Language) -> &Lexicon {
        let language = if self.features.languages { language } else { Language::En };
        self.lexicons[language as usize]
            .get_or_init(|| Lexicon::new(self.catalog, language, self.features))
    }

    /// The standard scores of a text in a language, by its words and its meaning.
    fn fuse(&self, language: Language, likeness: &Likeness, raw: &[f32]) -> Vec<f32> {
        match language {
            Language::En => likeness.fuse(raw, 1.0),
            _ => likeness.fuse(raw, FOREIGN_MEANING),
        }
    }

    /// The same matcher with another calibration.
    #[must_use]
    pub fn with_calibration(mut self, calibration: Calibration) -> Self {
        self.calibration = calibration;
        self
    }

    /// The same matcher with what people have decided so far: proposals like it move.
    #[must_use]
    pub fn with_examples(mut self, examples: Vec<Example>) -> Self {
        self.examples = examples;
        self
    }

    /// The same matcher with the rows of imported Statements of Applicability: documents that they name
    /// for a target are raised as by a Statement among the sources.
    #[must_use]
    pub fn with_links(mut self, links: Vec<SoaLink>) -> Self {
        self.links = links;
        self
    }

    /// The calibration in use.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// The log-odds that a passage is evidence, by what does not depend on the rest of the
    /// collection, with the subject's fit (0 to 1) as a factor on the odds.
    pub fn log_odds_alone(&self, features: &ProposalFeatures, subject: f32) -> f32 {
        self.calibration.alone.log_odds(&features.alone()) + subject.max(1e-3).ln()
    }

    /// Ids of all targets, in order.
    pub fn target_ids(&self) -> impl Iterator<Item = &TargetId> {
        self.targets.iter().map(|target| &target.id)
    }

    /// Ranks the targets of the given frameworks (all if empty) for one text, best first, ties in
    /// catalogue order. Always `top` of them, or all if there are fewer.
    pub fn fits(&self, text: &str, frameworks: &BTreeSet<String>, top: usize) -> Vec<Fit> {
        // A word or two name a subject and state nothing.
        let words = text.split_whitespace().count().min(STATEMENT_WORDS);
        let enough = words as f32 / STATEMENT_WORDS as f32;
        self.ranked(text, frameworks, top)
            .into_iter()
            .map(|(n, features)| Fit {
                target: self.targets[n].id.clone(),
                score: features.z,
                confidence: self.calibration.passage.probability(&features.values()) * enough,
            })
            .collect()
    }

    /// The features behind [`Matcher::fits`], for fitting.
    pub fn fit_features(
        &self,
        text: &str,
        frameworks: &BTreeSet<String>,
        top: usize,
    ) -> Vec<(TargetId, [f32; 4])> {
        self.ranked(text, frameworks, top)
            .into_iter()
            .map(|(n, features)| (self.targets[n].id.clone(), features.values()))
            .collect()
    }

    fn ranked(
        &self,
        text: &str,
        frameworks: &BTreeSet<String>,
        top: usize,
    ) -> Vec<(usize, PassageFeatures)> {
        let mut bag = Bag::default();
        let language = detect(text).unwrap_or_default();
        let lexicon = self.lexicon(language);
        bag.add(&mut Stems::default(), lexicon, text);
        let raw = lexicon.scores(&bag);
        let chosen: Vec<usize> = (0..self.targets.len())
            .filter(|n| frameworks.is_empty() || frameworks.contains(&self.targets[*n].framework))
            .collect();
        let narrowed: Vec<f32> = chosen.iter().map(|n| raw[*n]).collect();
        let vector = self.meaning.table().embed(text);
        let likeness = self.meaning.likeness(&vector).narrow(&chosen);
        let z = self.fuse(language, &likeness, &narrowed);
        let mut order: Vec<usize> = (0..chosen.len()).collect();
        order.sort_by(|a, b| z[*b].total_cmp(&z[*a]).then(a.cmp(b)));
        order
            .iter()
            .take(top)
            .enumerate()
            .map(|(rank, n)| {
                (chosen[*n], PassageFeatures::new(&z, &order, rank, narrowed[*n], bag.words()))
            })
            .collect()
    }
}

/// The language whose words texts are read by, beside the English ones. For English texts that is
/// German, whose words are full of English terms and add weight to them: without them two of 41
/// labelled sections lose their first place, and nothing is won (docs/matching.md).
fn beside_english(language: Language) -> Language {
    if language == Language::En { Language::De } else { language }
}

fn lower(terms: &[String]) -> Vec<String> {
    terms.iter().map(|term| term.to_lowercase()).collect()
}
