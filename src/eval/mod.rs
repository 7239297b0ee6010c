//! Measures the matcher against labels, and fits its calibration. Used by `evimap eval` only; no
//! stage of the pipeline depends on it.

mod metrics;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use metrics::{Ranking, auc, expected_calibration_error};

use crate::{
    domain::{ISO27001, ISO42001, TargetId, letters_and_digits},
    index::IndexError,
    matching::{Considered, Inputs, Logistic, Matcher, TargetFeatures},
};

/// A label of a document, section or passage.
#[derive(Debug, Clone, Deserialize)]
pub struct Gold {
    /// The document as labelled, and its masked copy if there is one.
    pub doc: String,
    #[serde(default)]
    pub doc_masked: Option<String>,
    pub standard: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub level: String,
    #[serde(default)]
    pub text_masked: Option<String>,
    #[serde(default)]
    pub nature: String,
}

/// A labelled text without a collection.
#[derive(Debug, Clone, Deserialize)]
pub struct LabelledText {
    pub text: String,
    pub standard: String,
    pub refs: Vec<String>,
}

/// The target that a label means; `None` for a standard that we don't know.
pub fn target_of(standard: &str, reference: &str) -> Option<TargetId> {
    let lower = standard.to_lowercase();
    let framework = if lower.contains("42001") {
        ISO42001
    } else if lower.contains("27001") {
        ISO27001
    } else {
        return None;
    };
    format!("{framework}:{reference}").parse().ok()
}

/// A measured collection: matcher's inputs and labels.
pub struct Set<'a> {
    pub name: String,
    pub inputs: Inputs<'a>,
    pub gold: Vec<Gold>,
}

/// What one collection gave.
#[derive(Debug, Clone, Serialize)]
pub struct SetFigures {
    pub name: String,
    pub documents: usize,
    pub passages: usize,
    /// For each labelled target: where the first labelled document stands among the documents.
    pub target_to_document: Ranking,
    /// For each labelled section or passage: where a labelled target stands.
    pub passage_to_target: Ranking,
    /// Of the exported bands, best passage per document and target.
    pub proposals: usize,
    pub precision_at_9: f64,
    pub share_at_9: f64,
    pub calibration_error: f64,
    /// Half of the documents removed, 20 seeded repeats.
    pub gap_auc: f64,
    pub gap_f1: f64,
    /// Of targets whose documents were removed: still called likely evidence.
    pub hidden_gaps: f64,
}

/// Labels as (document position, target).
fn pairs(set: &Set<'_>) -> BTreeSet<(usize, TargetId)> {
    let mut out = BTreeSet::new();
    for gold in set.gold.iter().filter(|g| g.nature != "risk-or-finding") {
        let Some(target) = target_of(&gold.standard, &gold.reference) else { continue };
        let name = gold.doc_masked.as_ref().unwrap_or(&gold.doc);
        let found = set.inputs.documents.iter().position(|d| {
            name == d.path
                || name.ends_with(&format!("/{}", d.path))
                || d.path.ends_with(name.as_str())
        });
        out.extend(found.map(|d| (d, target)));
    }
    out
}

/// A leaf target for a label that may name an inner clause (`9.2` → `9.2.1`, `9.2.2`).
fn leaves(matcher: &Matcher<'_>, target: &TargetId) -> BTreeSet<TargetId> {
    let inner = format!("{target}.");
    matcher
        .target_ids()
        .filter(|id| *id == target || id.as_str().starts_with(&inner))
        .cloned()
        .collect()
}

/// Measures one collection.
///
/// # Errors
/// The index is damaged.
pub fn measure(matcher: &Matcher<'_>, set: &Set<'_>) -> Result<SetFigures, IndexError> {
    let considered = matcher.considered(&set.inputs)?;
    let gold = pairs(set);
    let matched = matcher.propose(&set.inputs)?;

    // Target → document, by the order of proposals.
    let mut by_target: BTreeMap<&TargetId, Vec<&str>> = BTreeMap::new();
    for proposal in &matched.proposals {
        let list = by_target.entry(&proposal.target).or_default();
        for path in std::iter::once(&proposal.document).chain(&proposal.also_in) {
            if !list.contains(&path.as_str()) {
                list.push(path);
            }
        }
    }
    let labelled: BTreeSet<&TargetId> = gold.iter().map(|(_, t)| t).collect();
    let mut ranks = Vec::new();
    for label in labelled {
        let right: BTreeSet<&str> = gold
            .iter()
            .filter(|(_, t)| t == label)
            .map(|(d, _)| set.inputs.documents[*d].path)
            .collect();
        let best = leaves(matcher, label)
            .iter()
            .filter_map(|leaf| by_target.get(leaf)?.iter().position(|d| right.contains(d)))
            .min();
        ranks.push(best);
    }

    let precision = best_per_document(&considered, &gold);
    let sure: Vec<_> = precision.iter().filter(|(p, _)| *p >= 0.9).collect();
    let gaps = removal(matcher, set, &considered, &gold);
    let gap_samples: Vec<(f32, bool)> =
        gaps.iter().map(|(_, p, there)| (1.0 - p, !there)).collect();
    let called: Vec<(bool, bool)> = gaps.iter().map(|(_, p, there)| (*p < 0.5, !there)).collect();
    let hits = called.iter().filter(|(said, is)| *said && *is).count() as f64;
    let said = called.iter().filter(|(said, _)| *said).count() as f64;
    let is = called.iter().filter(|(_, is)| *is).count() as f64;
    let hidden = gaps.iter().filter(|(_, p, there)| !there && *p >= 0.80).count() as f64;
    Ok(SetFigures {
        name: set.name.clone(),
        documents: set.inputs.documents.len(),
        passages: set.inputs.passages.len(),
        target_to_document: Ranking::of(&ranks),
        passage_to_target: Ranking::of(&passage_ranks(matcher, set, &considered)),
        proposals: precision.len(),
        precision_at_9: sure.iter().filter(|(_, right)| *right).count() as f64
            / (sure.len().max(1) as f64),
        share_at_9: sure.len() as f64 / precision.len().max(1) as f64,
        calibration_error: expected_calibration_error(&precision),
        gap_auc: auc(&gap_samples),
        gap_f1: 2.0 * hits / (said + is).max(1.0),
        hidden_gaps: hidden / is.max(1.0),
    })
}

/// For each labelled section: the first passage that lies in it, and where a labelled target
/// stands among that passage's targets of the same framework and kind.
fn passage_ranks(
    matcher: &Matcher<'_>,
    set: &Set<'_>,
    considered: &[Considered],
) -> Vec<Option<usize>> {
    let mut by_passage: BTreeMap<usize, Vec<&Considered>> = BTreeMap::new();
    for c in considered {
        by_passage.entry(c.passage).or_default().push(c);
    }
    let keys: Vec<String> =
        set.inputs.passages.iter().map(|p| letters_and_digits(p.text())).collect();
    let mut sections: BTreeMap<(usize, String), BTreeSet<TargetId>> = BTreeMap::new();
    for gold in &set.gold {
        let (Some(text), Some(target)) =
            (&gold.text_masked, target_of(&gold.standard, &gold.reference))
        else {
            continue;
        };
        let name = gold.doc_masked.as_ref().unwrap_or(&gold.doc);
        let Some(d) = set.inputs.documents.iter().position(|d| name.ends_with(d.path)) else {
            continue;
        };
        sections.entry((d, letters_and_digits(text))).or_default().extend(leaves(matcher, &target));
    }
    let mut ranks = Vec::new();
    for ((d, section), right) in sections {
        let range = set.inputs.documents[d].passages.clone();
        let inside: Vec<usize> = range
            .filter(|p| {
                keys[*p].len() > 20 && (section.contains(&keys[*p]) || keys[*p].contains(&section))
            })
            .collect();
        if inside.is_empty() {
            continue;
        }
        // The section's targets by their best passage.
        let mut best: BTreeMap<&TargetId, f32> = BTreeMap::new();
        for c in inside.iter().filter_map(|p| by_passage.get(p)).flatten() {
            let slot = best.entry(&c.target).or_insert(f32::MIN);
            *slot = slot.max(c.fused);
        }
        let frameworks: BTreeSet<&str> = right.iter().map(TargetId::framework).collect();
        let mut order: Vec<(&TargetId, f32)> =
            best.into_iter().filter(|(t, _)| frameworks.contains(t.framework())).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        ranks.push(order.iter().position(|(t, _)| right.contains(*t)));
    }
    ranks
}

/// The best pair for each (document, target) of labelled documents with its confidence and whether
/// the label says so. Only pairs above the floor count.
fn best_per_document(
    considered: &[Considered],
    gold: &BTreeSet<(usize, TargetId)>,
) -> Vec<(f32, bool)> {
    best_pairs(considered, gold)
        .into_iter()
        .filter(|(c, _)| c.confidence >= 0.1)
        .map(|(c, right)| (c.confidence, right))
        .collect()
}

fn best_pairs<'c>(
    considered: &'c [Considered],
    gold: &BTreeSet<(usize, TargetId)>,
) -> Vec<(&'c Considered, bool)> {
    let labelled: BTreeSet<usize> = gold.iter().map(|(d, _)| *d).collect();
    let frameworks: BTreeSet<&str> = gold.iter().map(|(_, t)| t.framework()).collect();
    let mut best: BTreeMap<(usize, &TargetId), &Considered> = BTreeMap::new();
    for c in considered.iter().filter(|c| {
        labelled.contains(&c.document) && frameworks.contains(c.target.framework()) && !c.talk
    }) {
        let slot = best.entry((c.document, &c.target)).or_insert(c);
        if c.fused > slot.fused {
            *slot = c;
        }
    }
    best.into_iter()
        .map(|((d, t), c)| {
            // A label on an inner clause speaks of all its leaves.
            let right = gold
                .iter()
                .any(|(gd, gt)| *gd == d && (gt == t || t.as_str().starts_with(&format!("{gt}."))));
            (c, right)
        })
        .collect()
}

/// Removes half of the documents twenty times (seeded) and looks at every labelled target: is any
/// of its documents still there, and what does the matcher say? Gives features, probability and
/// truth.
fn removal(
    matcher: &Matcher<'_>,
    set: &Set<'_>,
    considered: &[Considered],
    gold: &BTreeSet<(usize, TargetId)>,
) -> Vec<(TargetFeatures, f32, bool)> {
    let mut out = Vec::new();
    let labelled: BTreeSet<&TargetId> = gold.iter().map(|(_, t)| t).collect();
    let mut seed: u64 = 0x5eed;
    for _ in 0..20 {
        let mut kept = BTreeSet::new();
        for d in 0..set.inputs.documents.len() {
            // SplitMix64: small, seeded, the same everywhere.
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut x = seed;
            x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            if (x ^ (x >> 31)) & 1 == 0 {
                kept.insert(d);
            }
        }
        for label in &labelled {
            let there = gold.iter().any(|(d, t)| t == *label && kept.contains(d));
            let leaves = leaves(matcher, label);
            let mut best: Option<(TargetFeatures, f32)> = None;
            for leaf in &leaves {
                let mut features = TargetFeatures::default();
                for c in considered.iter().filter(|c| {
                    c.target == *leaf && !c.talk && c.subject >= 0.5 && kept.contains(&c.document)
                }) {
                    let log_odds = matcher.log_odds_alone(&c.features, c.subject);
                    features.add(log_odds, c.features.passage.margin > 0.0, c.document_score);
                }
                let p = matcher.calibration().target.probability(&features.values());
                if best.as_ref().is_none_or(|(_, q)| p > *q) {
                    best = Some((features, p));
                }
            }
            if let Some((features, p)) = best {
                out.push((features, p, there));
            }
        }
    }
    out
}

/// A feature vector, its outcome and its weight.
pub type Sample = (Vec<f32>, bool, f32);

/// Samples for the fits of a passage in its collection and in its document, from one collection,
/// each set weighing 1000 in total so that no author dominates.
///
/// # Errors
/// The index is damaged.
pub fn proposal_samples(
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
pub fn target_samples(matcher: &Matcher<'_>, set: &Set<'_>) -> Result<Vec<Sample>, IndexError> {
    let considered = matcher.considered(&set.inputs)?;
    let removed = removal(matcher, set, &considered, &pairs(set));
    let weight = 1000.0 / removed.len().max(1) as f32;
    Ok(removed.into_iter().map(|(f, _, there)| (f.values().to_vec(), there, weight)).collect())
}

/// Ranks labelled texts among the Annex A controls of their framework.
pub fn measure_texts(matcher: &Matcher<'_>, texts: &[LabelledText]) -> (Ranking, f64) {
    let mut ranks = Vec::new();
    let mut probabilities = Vec::new();
    for text in texts {
        let right: BTreeSet<TargetId> =
            text.refs.iter().filter_map(|r| target_of(&text.standard, r)).collect();
        let Some(framework) = right.first().map(|t| t.framework().to_owned()) else { continue };
        let fits = matcher.fits(&text.text, &BTreeSet::from([framework]), usize::MAX);
        let controls: Vec<_> = fits.iter().filter(|f| f.target.local().starts_with("A.")).collect();
        ranks.push(controls.iter().position(|f| right.contains(&f.target)));
        probabilities
            .extend(controls.iter().take(10).map(|f| (f.confidence, right.contains(&f.target))));
    }
    (Ranking::of(&ranks), expected_calibration_error(&probabilities))
}

/// Samples for the fit of texts without a collection.
pub fn text_samples(matcher: &Matcher<'_>, texts: &[LabelledText]) -> Vec<Sample> {
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
