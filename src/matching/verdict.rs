//! Three verdicts on a target as a whole: likely evidence, unsure, likely gap.

use crate::domain::MachineView;

/// At or above this probability of any evidence the view is `likely-evidence`.
pub(super) const EVIDENCE: f32 = 0.70;
/// Below this one it is `likely-gap`.
pub(super) const GAP: f32 = 0.35;

/// The verdict for a probability.
pub(super) fn view(evidence_probability: f32) -> MachineView {
    if evidence_probability >= EVIDENCE {
        MachineView::LikelyEvidence
    } else if evidence_probability < GAP {
        MachineView::LikelyGap
    } else {
        MachineView::Unsure
    }
}
