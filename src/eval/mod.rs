//! Measures the matcher against labels, and fits its calibration. Used by `evimap eval` only; no
//! stage of the pipeline depends on it.

mod ablation;
mod compare;
mod decisions;
mod errors;
mod fit;
mod judged;
mod learning;
mod markdown;
mod measure;
mod metrics;
mod plot;
mod removal;

use std::collections::BTreeSet;

use serde::Deserialize;

pub use ablation::{Ablated, Compared, ablation, ablation_markdown};
pub use compare::{Agreement, Change, Comparison, JudgedRun, compare_judged, comparison_text};
pub use decisions::{
    Decided, DecisionFigures, FEWEST, FEWEST_OF_EACH, NoFit, Plain, Refit, measure_decisions, refit,
};
pub use errors::{Fault, Faults, faults, faults_markdown};
pub use fit::{LeftOut, Sample, Texts, calibrate, fit, leave_one_out};
pub use judged::{JudgedFigures, StanceFigures, judged_text, measure_judged};
pub use learning::{HalfFigures, LearningFigures, learning, learning_text};
pub use markdown::{decisions as decisions_markdown, figures as markdown};
pub use measure::{BandFigures, SetFigures, TargetFigures, TextFigures, measure, measure_texts};
pub use metrics::{Bin, Ranking, auc, expected_calibration_error, kappa, reliability, wilson};
pub use plot::{Panel, reliability_svg};
pub use removal::REPEATS;

use crate::{
    domain::{ISO27001, ISO42001, TargetId},
    matching::{Inputs, Matcher},
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
