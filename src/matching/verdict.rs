//! Three verdicts on a target as a whole: likely evidence, unsure, likely gap.
//!
//! The thresholds lean towards the gap: a false alarm costs a person a look, a hidden gap costs the
//! audit. Measured by removing documents (docs/matching.md).

use crate::domain::MachineView;

/// At or above this probability of any evidence the view is `likely-evidence`.
pub(super) const EVIDENCE: f32 = 0.86;
/// Below this one it is `likely-gap`.
pub(super) const GAP: f32 = 0.60;

/// The verdict for a probability.
pub fn view(evidence_probability: f32) -> MachineView {
    if evidence_probability >= EVIDENCE {
        MachineView::LikelyEvidence
    } else if evidence_probability < GAP {
        MachineView::LikelyGap
    } else {
        MachineView::Unsure
    }
}
