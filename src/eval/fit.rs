//! Samples for the calibration, and the fit.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    LabelledText, Set, measure, measure::best_pairs, measure_texts, pairs, removal::removal,
    target_of,
};
use crate::{
    domain::TargetId,
    index::IndexError,
    matching::{Calibration, Logistic, Matcher},
};

/// A feature vector, its outcome and its weight.
pub type Sample = (Vec<f32>, bool, f32);

/// Samples for the fits of a passage in its collection and in its document, from one collection,
/// each set weighing 1000 in total so that no author dominates.
///
/// # Errors
/// The index is damaged.
pub(super) fn proposal_samples(
    matcher: &Matcher<'_>,
    set: &Set<'_>,
) -> Result<(Vec<Sample>, Vec<Sample>), IndexError> {
    let considered = matcher.considered(&set.inputs)?;
    let best = best_pairs(&considered, &pairs(set));
    let weight = 1000.0 / best.len().max(1) as f32;
    let within =
        best.iter().map(|(c, right)| (c.features.values().to_vec(), *right, weight)).collect();
    let alone =
        best.iter().map(|(c, right)| (c.features.alone().to_vec(), *right, weight)).collect();
    Ok((within, alone))
}

/// Samples for the fit of a target over a collection; needs a matcher whose `alone` fit is final.
///
/// # Errors
/// The index is damaged.
pub(super) fn target_samples(
    matcher: &Matcher<'_>,
    set: &Set<'_>,
) -> Result<Vec<Sample>, IndexError> {
    let considered = matcher.considered(&set.inputs)?;
    let removed = removal(matcher, set, &considered, &pairs(set));
    let weight = 1000.0 / removed.len().max(1) as f32;
    Ok(removed.into_iter().map(|r| (r.features.values().to_vec(), r.there, weight)).collect())
}

/// Samples for the fit of texts without a collection.
pub(super) fn text_samples(matcher: &Matcher<'_>, texts: &[LabelledText]) -> Vec<Sample> {
    let mut out = Vec::new();
    for text in texts {
        let right: BTreeSet<TargetId> =
            text.refs.iter().filter_map(|r| target_of(&text.standard, r)).collect();
        let Some(framework) = right.first().map(|t| t.framework().to_owned()) else { continue };
        for (target, features) in matcher.fit_features(&text.text, &BTreeSet::from([framework]), 12)
        {
            out.push((features.to_vec(), right.contains(&target), 1.0));
        }
    }
    let weight = 1000.0 / out.len().max(1) as f32;
    for sample in &mut out {
        sample.2 = weight;
    }
    out
}

/// A ridge that keeps a fit to a few thousand weighted samples from chasing single documents.
pub const RIDGE: f64 = 5.0;

/// Fits one logistic function to samples of several sets.
pub fn fit(samples: &[Sample]) -> Logistic {
    Logistic::fit(samples, RIDGE)
}

/// A named file of labelled texts.
pub type Texts = (String, Vec<LabelledText>);

/// Fits everything there are labels for; what there are none for stays as shipped. `build` makes a
/// matcher with a calibration.
///
/// # Errors
/// The index is damaged.
pub fn calibrate<'m>(
    build: &dyn Fn(Calibration) -> Matcher<'m>,
    sets: &[&Set<'_>],
    texts: &[&Texts],
) -> Result<Calibration, IndexError> {
    let shipped = Calibration::shipped();
    let matcher = build(shipped.clone());
    let (mut within, mut alone, mut passages) = (Vec::new(), Vec::new(), Vec::new());
    for set in sets {
        let (w, a) = proposal_samples(&matcher, set)?;
        within.extend(w);
        alone.extend(a);
    }
    for (_, rows) in texts {
        passages.extend(text_samples(&matcher, rows));
    }
    let or = |samples: &[Sample], old: &Logistic| {
        if samples.is_empty() { old.clone() } else { fit(samples) }
    };
    let names: Vec<&str> =
        sets.iter().map(|s| s.name.as_str()).chain(texts.iter().map(|(n, _)| n.as_str())).collect();
    let mut calibration = Calibration {
        provenance: format!(
            "evimap eval --fit over {}; each set weighs the same",
            names.join(", ")
        ),
        passage: or(&passages, &shipped.passage),
        proposal: or(&within, &shipped.proposal),
        alone: or(&alone, &shipped.alone),
        target: shipped.target.clone(),
    };
    let refitted = build(calibration.clone());
    let mut targets = Vec::new();
    for set in sets {
        targets.extend(target_samples(&refitted, set)?);
    }
    calibration.target = or(&targets, &shipped.target);
    Ok(calibration)
}

/// What a fit on the other sets is worth on the one left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// The set that was left out.
    pub name: String,
    /// What is stated: the confidence of `proposals`, of `texts`, or the probability behind
    /// `verdicts`.
    pub of: &'static str,
    pub calibration_error: f64,
    /// The same set with the fit over all of them, itself included.
    pub in_sample: f64,
}

/// Leaves out one set after the other: fits on the rest and measures on it. `all` is the fit over
/// everything. Sets of one kind alone can't be left out.
///
/// # Errors
/// The index is damaged.
pub fn leave_one_out<'m>(
    build: &dyn Fn(Calibration) -> Matcher<'m>,
    sets: &[&Set<'_>],
    texts: &[&Texts],
    all: &Calibration,
) -> Result<Vec<LeftOut>, IndexError> {
    let mut out = Vec::new();
    let fitted = build(all.clone());
    for (n, set) in sets.iter().enumerate().filter(|_| sets.len() > 1) {
        let others: Vec<&Set<'_>> = except(sets, n);
        let held = measure(&build(calibrate(build, &others, &[])?), set)?;
        let own = measure(&fitted, set)?;
        for (of, calibration_error, in_sample) in [
            ("proposals", held.calibration_error, own.calibration_error),
            ("verdicts", held.gaps.calibration_error, own.gaps.calibration_error),
        ] {
            out.push(LeftOut { name: set.name.clone(), of, calibration_error, in_sample });
        }
    }
    for (n, (name, rows)) in texts.iter().enumerate().filter(|_| texts.len() > 1) {
        let others: Vec<&Texts> = except(texts, n);
        let held = measure_texts(&build(calibrate(build, &[], &others)?), name, rows);
        let in_sample = measure_texts(&fitted, name, rows).calibration_error;
        let calibration_error = held.calibration_error;
        out.push(LeftOut { name: name.clone(), of: "texts", calibration_error, in_sample });
    }
    Ok(out)
}

fn except<'t, T: ?Sized>(all: &[&'t T], n: usize) -> Vec<&'t T> {
    all.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, one)| *one).collect()
}
