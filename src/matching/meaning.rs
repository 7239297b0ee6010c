//! How near a text's meaning lies to each target's.
//!
//! Two views: the target's subject (title, description and key terms as one text), and what
//! evidence for it would say (points, typical evidence and exemplars, each by itself, the mean of
//! the two nearest). Both are standardised and added to the lexicon's standard score at half
//! weight: chosen on labelled texts of three authors (docs/matching.md); the plain sum holds across
//! authors where a learned one does not.

use std::sync::Arc;

use super::{
    features::Features,
    lexicon::standardise,
    table::{Table, Vector},
};
use crate::domain::Target;

/// Weight of each of the two views beside the lexicon's 1.
const WEIGHT: f32 = 0.5;

/// All targets' vectors.
pub(super) struct Meaning {
    table: Arc<Table>,
    weight: f32,
    /// targets × dims.
    subjects: Vec<f32>,
    /// Statements of all targets one after the other, × dims …
    statements: Vec<f32>,
    /// … and where each target's end.
    ends: Vec<usize>,
}

/// Cosines of one text, by target.
pub(super) struct Likeness {
    weight: f32,
    subject: Vec<f32>,
    statement: Vec<f32>,
}

impl Meaning {
    pub(super) fn new(targets: &[&Target], features: Features) -> Self {
        let table = Table::shipped();
        let weight = if features.meaning { WEIGHT } else { 0.0 };
        let mut meaning =
            Self { table, weight, subjects: Vec::new(), statements: Vec::new(), ends: Vec::new() };
        for target in targets {
            let subject =
                format!("{}. {} {}", target.title, target.description, target.terms.join(", "));
            meaning.subjects.extend(meaning.table.embed(&subject));
            let points = target.points.iter().filter(|_| features.points);
            let points = points.flat_map(|p| [&p.text, &p.typical_evidence]);
            for statement in points.chain(target.exemplars.iter().filter(|_| features.exemplars)) {
                meaning.statements.extend(meaning.table.embed(statement));
            }
            meaning.ends.push(meaning.statements.len() / meaning.table.dims());
        }
        meaning
    }

    /// The vector of a text made of several parts.
    pub(super) fn embed<'t>(&self, parts: impl Iterator<Item = &'t str>) -> Vector {
        let mut text = String::new();
        for part in parts.filter(|part| !part.is_empty()) {
            text.push_str(part);
            text.push('\n');
        }
        self.table.embed(&text)
    }

    /// The cosines of a unit vector with every target.
    pub(super) fn likeness(&self, vector: &Vector) -> Likeness {
        let dims = self.table.dims();
        let subject = self.subjects.chunks_exact(dims).map(|s| dot(s, vector)).collect();
        let mut start = 0;
        let statement = self
            .ends
            .iter()
            .map(|end| {
                let mut best = [0f32; 2];
                for s in self.statements[start * dims..end * dims].chunks_exact(dims) {
                    let cosine = dot(s, vector);
                    if cosine > best[0] {
                        best = [cosine, best[0]];
                    } else if cosine > best[1] {
                        best[1] = cosine;
                    }
                }
                start = *end;
                (best[0] + best[1]) / 2.0
            })
            .collect();
        Likeness { weight: self.weight, subject, statement }
    }
}

impl Likeness {
    /// The standard scores of a text: the lexicon's raw scores and both views of its meaning.
    /// All three are by target, in the same order.
    pub(super) fn fuse(&self, raw: &[f32]) -> Vec<f32> {
        let words = standardise(raw);
        let subject = standardise(&self.subject);
        let statement = standardise(&self.statement);
        let sum: Vec<f32> = words
            .iter()
            .zip(subject.iter().zip(&statement))
            .map(|(w, (a, b))| w + self.weight * (a + b))
            .collect();
        standardise(&sum)
    }

    /// The same for some of the targets only.
    pub(super) fn narrow(&self, chosen: &[usize]) -> Self {
        let pick = |all: &[f32]| chosen.iter().map(|n| all[*n]).collect();
        Self { weight: self.weight, subject: pick(&self.subject), statement: pick(&self.statement) }
    }
}

/// Eight sums side by side, so that the compiler can use vector registers. The order of additions
/// is fixed: results are the same on every machine.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum()
}
