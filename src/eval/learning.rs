//! What decisions are worth for what is not decided yet: half of the documents are "reviewed" by
//! their labels, and the proposals of the other half are measured with and without that.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use serde::Serialize;

use super::{
    BandFigures, Set, leaves,
    measure::{FLOOR, documents_by_target, first_of},
    metrics::{Ranking, auc, expected_calibration_error},
    pairs,
    removal::heads,
};
use crate::{
    domain::{Band, Date, TargetId},
    index::IndexError,
    matching::{Example, Matched, Matcher},
};

/// How often the documents are split; each split is used both ways.
const SPLITS: usize = 10;

/// Figures over the undecided halves of all splits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HalfFigures {
    /// For each labelled target: where the first labelled document stands among the undecided.
    pub target_to_document: Ranking,
    pub bands: Vec<BandFigures>,
    /// How often a right proposal has a higher confidence than a wrong one.
    pub auc: f64,
    pub calibration_error: f64,
}

/// What decisions on one half of a set do to the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearningFigures {
    pub name: String,
    /// Halves measured.
    pub halves: usize,
    /// Decisions on a half, on average.
    pub accepted: f64,
    pub rejected: f64,
    /// Share of undecided proposals (best of each document and target) whose confidence moved up
    /// or down, and how many of these are right.
    pub raised: f64,
    pub raised_right: Option<f64>,
    pub lowered: f64,
    pub lowered_right: Option<f64>,
    pub without: HalfFigures,
    pub with: HalfFigures,
}

/// Collects what [`HalfFigures`] are made of.
#[derive(Default)]
struct Tally {
    ranks: Vec<Option<usize>>,
    samples: Vec<(f32, bool)>,
}

impl Tally {
    fn figures(&self) -> HalfFigures {
        HalfFigures {
            target_to_document: Ranking::of(&self.ranks),
            bands: BandFigures::of(&self.samples),
            auc: auc(&self.samples),
            calibration_error: expected_calibration_error(&self.samples),
        }
    }
}

/// The labels of a set by path of document.
struct Labels<'s> {
    /// Paths of labelled documents.
    paths: BTreeSet<&'s str>,
    right: BTreeSet<(&'s str, TargetId)>,
    /// Labels as they are, each with its leaves and documents.
    queries: Vec<(BTreeSet<TargetId>, BTreeSet<&'s str>)>,
    frameworks: BTreeSet<String>,
}

impl<'s> Labels<'s> {
    fn of(matcher: &Matcher<'_>, set: &'s Set<'_>) -> Self {
        let mut by_label: BTreeMap<TargetId, BTreeSet<&str>> = BTreeMap::new();
        for (d, label) in pairs(set) {
            by_label.entry(label).or_default().insert(set.inputs.documents[d].path);
        }
        let queries: Vec<(BTreeSet<TargetId>, BTreeSet<&str>)> =
            by_label.iter().map(|(label, paths)| (leaves(matcher, label), paths.clone())).collect();
        let right = queries
            .iter()
            .flat_map(|(leaves, paths)| {
                paths.iter().flat_map(|path| leaves.iter().map(|leaf| (*path, leaf.clone())))
            })
            .collect();
        Self {
            paths: by_label.values().flatten().copied().collect(),
            right,
            queries,
            frameworks: by_label.keys().map(|label| label.framework().to_owned()).collect(),
        }
    }

    fn says(&self, path: &str, target: &TargetId) -> bool {
        self.right.iter().any(|(p, t)| *p == path && t == target)
    }
}

/// Splits the labelled documents in two again and again (seeded); what is proposed for one half in
/// a band that people are shown is decided as the labels have it, and the other half is measured.
///
/// # Errors
/// The index is damaged.
pub fn learning(matcher: &Matcher<'_>, set: &Set<'_>) -> Result<LearningFigures, IndexError> {
    let labels = Labels::of(matcher, set);
    let base = matcher.propose(&set.inputs)?;
    let mut seed: u64 = 0x1ea2;
    let mut halves: Vec<BTreeSet<&str>> = Vec::new();
    for _ in 0..SPLITS {
        let (one, other) = labels.paths.iter().partition(|_| heads(&mut seed));
        halves.extend([one, other]);
    }
    let decided: Vec<Vec<Example>> =
        halves.iter().map(|half| decide(set, &labels, &base, half)).collect();
    let after = matcher.propose_after(&set.inputs, &decided)?;

    let (mut without, mut with) = (Tally::default(), Tally::default());
    let mut moved: [Vec<bool>; 2] = Default::default();
    for (half, matched) in halves.iter().zip(&after) {
        let rest: BTreeSet<&str> = labels.paths.difference(half).copied().collect();
        let before = tally(&base, &labels, &rest, &mut without);
        let now = tally(matched, &labels, &rest, &mut with);
        for (key, (was, right)) in &before {
            let Some((is, _)) = now.get(key) else { continue };
            if is != was {
                moved[usize::from(is < was)].push(*right);
            }
        }
    }
    let count =
        |evidence| decided.iter().flatten().filter(|e| e.evidence == Some(evidence)).count();
    let mean = |n: usize| n as f64 / halves.len().max(1) as f64;
    let all = without.samples.len().max(1) as f64;
    let right = |moved: &[bool]| {
        let share = moved.iter().filter(|right| **right).count() as f64 / moved.len() as f64;
        (!moved.is_empty()).then_some(share)
    };
    Ok(LearningFigures {
        name: set.name.clone(),
        halves: halves.len(),
        accepted: mean(count(true)),
        rejected: mean(count(false)),
        raised: moved[0].len() as f64 / all,
        raised_right: right(&moved[0]),
        lowered: moved[1].len() as f64 / all,
        lowered_right: right(&moved[1]),
        without: without.figures(),
        with: with.figures(),
    })
}

/// What a reviewer who knows the labels decides on a half of the documents.
fn decide(
    set: &Set<'_>,
    labels: &Labels<'_>,
    base: &Matched,
    half: &BTreeSet<&str>,
) -> Vec<Example> {
    let types: BTreeMap<&str, _> =
        set.inputs.documents.iter().map(|d| (d.path, d.profile.document_type)).collect();
    base.proposals
        .iter()
        .filter(|p| {
            half.contains(p.document.as_str())
                && p.band != Band::Possible
                && labels.frameworks.contains(p.target.framework())
        })
        .filter_map(|p| {
            Some(Example {
                target: p.target.clone(),
                evidence: Some(labels.says(&p.document, &p.target)),
                quote: p.quote.clone(),
                document_type: *types.get(p.document.as_str())?,
                by: "label".to_owned(),
                on: Date::new(2026, 1, 1)?,
            })
        })
        .collect()
}

/// A confidence, and whether it is right, by document and target.
type Best<'m> = BTreeMap<(&'m str, &'m TargetId), (f32, bool)>;

/// Adds the figures of undecided documents; gives the best proposal of each with each target.
fn tally<'m>(
    matched: &'m Matched,
    labels: &Labels<'_>,
    rest: &BTreeSet<&str>,
    into: &mut Tally,
) -> Best<'m> {
    let mut ranked = documents_by_target(&matched.proposals);
    ranked.values_mut().for_each(|documents| documents.retain(|path| rest.contains(path)));
    for (leaves, paths) in &labels.queries {
        let there: BTreeSet<&str> = paths.intersection(rest).copied().collect();
        if !there.is_empty() {
            into.ranks.push(first_of(&ranked, leaves, |path| there.contains(path)));
        }
    }
    let mut best = Best::new();
    for p in matched.proposals.iter().filter(|p| {
        p.talk.is_none()
            && p.confidence >= FLOOR
            && rest.contains(p.document.as_str())
            && labels.frameworks.contains(p.target.framework())
    }) {
        let right = || labels.says(&p.document, &p.target);
        let slot =
            best.entry((p.document.as_str(), &p.target)).or_insert_with(|| (p.confidence, right()));
        slot.0 = slot.0.max(p.confidence);
    }
    into.samples.extend(best.values());
    best
}

/// The figures of all sets for people.
pub fn learning_text(figures: &[LearningFigures]) -> String {
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
    let mut out = String::new();
    for f in figures {
        let _ = writeln!(
            out,
            "{}: {} halves, on average {:.0} accepted and {:.0} rejected on the other half",
            f.name, f.halves, f.accepted, f.rejected
        );
        for (name, half) in [("without", &f.without), ("with", &f.with)] {
            let r = &half.target_to_document;
            let _ = writeln!(
                out,
                "  {name:<8} hit@1 {:.4}  hit@5 {:.4}  MRR {:.4}  AUC {:.4}  ECE {:.4}  ({} targets)",
                r.hit_at_1, r.hit_at_5, r.mrr, half.auc, half.calibration_error, r.queries
            );
            let bands: Vec<String> = half
                .bands
                .iter()
                .map(|b| {
                    let precision = share(b.precision);
                    format!("{} {precision} ({}/{})", b.band.as_str(), b.right, b.proposals)
                })
                .collect();
            let _ = writeln!(out, "           precision  {}", bands.join("  "));
        }
        let _ = writeln!(
            out,
            "  raised   {:.3} of the proposals, {} of them right; lowered {:.3}, {} right",
            f.raised,
            share(f.raised_right),
            f.lowered,
            share(f.lowered_right)
        );
    }
    out.trim_end().to_owned()
}
