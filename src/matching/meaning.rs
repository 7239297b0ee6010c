//! How near a text's meaning lies to each target's.
//!
//! Two views: the target's subject (title, description and key terms as one text), and what
//! evidence for it would say (points, typical evidence and exemplars, each by itself, the mean of
//! the two nearest). Both are standardised and added to the lexicon's standard score at half
//! weight: chosen on labelled texts of three authors (docs/matching.md); the plain sum holds across
//! authors where a learned one does not.

use std::sync::Arc;

use super::{features::Features, lexicon::standardise, table::Table};
use crate::domain::Target;

/// Weight of each of the two views beside the lexicon's 1.
const WEIGHT: f32 = 0.5;

/// Vectors are kept in whole numbers of this part of 1: sums of products of unit vectors stay below
/// 2^30, and cosines are off by less than 10^-4 (measured: 2·10^-5).
const UNIT: f32 = 32767.0;

/// All targets' vectors.
pub(super) struct Meaning {
    table: Arc<Table>,
    weight: f32,
    /// targets × dims.
    subjects: Vec<i16>,
    /// Statements of all targets one after the other, × dims …
    statements: Vec<i16>,
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
            meaning.subjects.extend(quantised(&meaning.table.embed(&subject)));
            let points = target.points.iter().filter(|_| features.points);
            let points = points.flat_map(|p| [&p.text, &p.typical_evidence]);
            for statement in points.chain(target.exemplars.iter().filter(|_| features.exemplars)) {
                meaning.statements.extend(quantised(&meaning.table.embed(statement)));
            }
            meaning.ends.push(meaning.statements.len() / meaning.table.dims());
        }
        meaning
    }

    /// Word pieces and their vectors.
    pub(super) fn table(&self) -> &Table {
        &self.table
    }

    /// The cosines of a unit vector with every target.
    pub(super) fn likeness(&self, vector: &[f32]) -> Likeness {
        let dims = self.table.dims();
        let vector: Vec<i16> = quantised(vector).collect();
        let subject = self.subjects.chunks_exact(dims).map(|s| cosine(dot(s, &vector))).collect();
        let mut start = 0;
        let statement = self
            .ends
            .iter()
            .map(|end| {
                let mut best = [0i32; 2];
                for s in self.statements[start * dims..end * dims].chunks_exact(dims) {
                    let product = dot(s, &vector);
                    if product > best[1] {
                        best = [best[0].max(product), best[0].min(product)];
                    }
                }
                start = *end;
                (cosine(best[0]) + cosine(best[1])) / 2.0
            })
            .collect();
        Likeness { weight: self.weight, subject, statement }
    }
}

impl Likeness {
    /// The standard scores of a text: the lexicon's raw scores and both views of its meaning.
    /// All three are by target, in the same order; meaning counts a `share` of its usual weight.
    pub(super) fn fuse(&self, raw: &[f32], share: f32) -> Vec<f32> {
        let weight = self.weight * share;
        let words = standardise(raw);
        let subject = standardise(&self.subject);
        let statement = standardise(&self.statement);
        let sum: Vec<f32> = words
            .iter()
            .zip(subject.iter().zip(&statement))
            .map(|(w, (a, b))| w + weight * (a + b))
            .collect();
        standardise(&sum)
    }

    /// The same for some of the targets only.
    pub(super) fn narrow(&self, chosen: &[usize]) -> Self {
        let pick = |all: &[f32]| chosen.iter().map(|n| all[*n]).collect();
        Self { weight: self.weight, subject: pick(&self.subject), statement: pick(&self.statement) }
    }
}

/// A unit vector in whole numbers.
fn quantised(vector: &[f32]) -> impl Iterator<Item = i16> {
    vector.iter().map(|value| (value * UNIT).round() as i16)
}

fn cosine(product: i32) -> f32 {
    product as f32 / (UNIT * UNIT)
}

/// In blocks of a fixed length with eight sums side by side: what compiles to the widest multiply-add
/// that every x86-64 has (measured: a third of the time of the plain loop). Whole numbers may be
/// added in any order.
fn dot(a: &[i16], b: &[i16]) -> i32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<128>(), b.as_chunks::<128>());
    let mut sums = [0i32; 8];
    for (x, y) in a.iter().zip(b) {
        for n in 0..16 {
            for lane in 0..8 {
                sums[lane] += i32::from(x[8 * n + lane]) * i32::from(y[8 * n + lane]);
            }
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(x, y)| i32::from(*x) * i32::from(*y));
    sums.iter().sum::<i32>() + rest.sum::<i32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_give_the_same_cosines() {
        let table = Table::shipped();
        let texts = ["Access rights are reviewed.", "Model drift is monitored.", "", "Zugriff"];
        let vectors: Vec<Vec<f32>> = texts.iter().map(|text| table.embed(text)).collect();
        for a in &vectors {
            for b in &vectors {
                let exact: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                let (a, b): (Vec<i16>, Vec<i16>) = (quantised(a).collect(), quantised(b).collect());
                assert!((cosine(dot(&a, &b)) - exact).abs() < 1e-4);
            }
        }
        // The largest possible sums don't overflow.
        let mut one = vec![0.0; table.dims()];
        one[0] = -1.0;
        let one: Vec<i16> = quantised(&one).collect();
        assert!((cosine(dot(&one, &one)) - 1.0).abs() < 1e-4);
    }
}
