//! Which decisions, positions and proposals belong to which row.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Inputs,
    coverage::Weighed,
    evidence::Held,
    settle::{Open, settle},
};
use crate::{
    config::Config,
    domain::{
        Applicability, Assessment, Band, Conclusion, Decision, EvidenceKind, ISO42001,
        ImplementationStatus, Level, MachineView, Position, Proposal, ProposalId, ProvidedBy,
        Target, TargetId, TargetKind, TargetView, Verdict,
    },
};

/// The decisions and positions in force.
pub(super) struct Ledger<'a> {
    /// Per proposal id and target, in the order of the ledger.
    pub(super) decisions: Vec<&'a Decision>,
    /// Accepted by somebody, but not in force.
    pub(super) open: Vec<Open<'a>>,
    positions: BTreeMap<(&'a TargetId, Option<&'a str>), &'a Position>,
    /// Ids that anybody ever decided on.
    decided: BTreeSet<&'a ProposalId>,
}

impl<'a> Ledger<'a> {
    pub(super) fn read(inputs: &Inputs<'a>) -> Self {
        let settled = settle(inputs.decisions, inputs.positions, inputs.config);
        let positions =
            inputs.positions.iter().map(|p| ((&p.target, p.system.as_deref()), p)).collect();
        Self {
            decisions: settled.in_force,
            open: settled.open,
            positions,
            decided: inputs.decisions.iter().map(|d| &d.proposal_id).collect(),
        }
    }

    /// The position on exactly this target and system.
    pub(super) fn position(&self, target: &TargetId, system: Option<&str>) -> Option<&'a Position> {
        self.positions.get(&(target, system)).copied()
    }

    /// All positions in force, by target and system.
    pub(super) fn positions(&self) -> impl Iterator<Item = &'a Position> {
        self.positions.values().copied()
    }

    /// Whether a person should still look at it.
    pub(super) fn is_pending(&self, proposal: &Proposal) -> bool {
        matches!(proposal.band, Band::Strong | Band::Likely) && !self.decided.contains(&proposal.id)
    }
}

/// What persons state about a row. A system's own position comes first. Where it is silent, the
/// position on the control as a whole (`system: None`) speaks: at application level on everything,
/// at level `both` on applicability and provider only, since the rest is about the organisation.
#[derive(Clone, Copy)]
pub(super) struct Stand<'a> {
    own: Option<&'a Position>,
    whole: Option<&'a Position>,
    level: Level,
}

impl<'a> Stand<'a> {
    pub(super) fn of(target: &Target, system: Option<&str>, ledger: &Ledger<'a>) -> Self {
        Self {
            own: ledger.position(&target.id, system),
            whole: system.and_then(|_| ledger.position(&target.id, None)),
            level: target.level,
        }
    }

    fn statement<T>(&self, get: impl Fn(&'a Position) -> Option<T>) -> Option<(T, &'a Position)> {
        let inherited = self.whole.filter(|_| self.level == Level::Application);
        [self.own, inherited].into_iter().flatten().find_map(|p| Some((get(p)?, p)))
    }

    /// The row's own position, then that on the control as a whole.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a Position> {
        [self.own, self.whole].into_iter().flatten()
    }

    /// The position to show on the row.
    pub(super) fn shown(&self) -> Option<&'a Position> {
        self.statement(|_| Some(())).map(|(_, p)| p)
    }

    pub(super) fn applicability(&self) -> Option<Applicability> {
        [self.own, self.whole].into_iter().flatten().find_map(|p| p.applicability)
    }

    pub(super) fn provided_by(&self) -> Option<ProvidedBy> {
        [self.own, self.whole].into_iter().flatten().find_map(|p| p.provided_by)
    }

    /// Who provides the control, with the position that says so.
    pub(super) fn provider(&self) -> Option<(ProvidedBy, &'a Position)> {
        let both = [self.own, self.whole].into_iter().flatten();
        both.into_iter().find_map(|p| Some((p.provided_by?, p)))
    }

    pub(super) fn conclusion(&self) -> Option<Conclusion> {
        self.statement(|p| p.conclusion).map(|(c, _)| c)
    }

    pub(super) fn status(&self) -> Option<(ImplementationStatus, &'a Position)> {
        self.statement(|p| p.implementation_status)
    }

    pub(super) fn asserted(&self) -> Option<(crate::domain::Coverage, &'a Position)> {
        self.statement(|p| p.override_coverage)
    }
}

/// A target (and system) with what persons decided on it.
pub(super) struct Row<'a> {
    pub(super) target: &'a Target,
    pub(super) system: Option<&'a str>,
    pub(super) stand: Stand<'a>,
    /// Accepted evidence that serves this row, lost evidence included.
    pub(super) held: Vec<&'a Held<'a>>,
    /// What would, once people settle it.
    pub(super) open: Vec<&'a Open<'a>>,
    pub(super) rejected: u32,
    pub(super) deferred: u32,
}

impl<'a> Row<'a> {
    /// Whether a person excluded the control. A clause can't be excluded.
    pub(super) fn is_excluded(&self) -> bool {
        self.target.kind == TargetKind::Control
            && self.stand.applicability() == Some(Applicability::NotApplicable)
    }

    /// `ISO27001:A.5.8` or `ISO42001:A.6.2.4 (triage-model)`.
    pub(super) fn name(&self) -> String {
        match self.system {
            Some(system) => format!("{} ({system})", self.target.id),
            None => self.target.id.to_string(),
        }
    }

    pub(super) fn assessment(
        &self,
        inputs: &Inputs<'_>,
        ledger: &Ledger<'_>,
        weighed: Weighed,
    ) -> Assessment {
        let target = self.target;
        let pending = inputs
            .proposals
            .iter()
            .filter(|p| {
                p.target == target.id
                    && serves(target.level, self.system, p.system.as_deref(), p.evidence_kind)
                    && ledger.is_pending(p)
            })
            .count() as u32;
        Assessment {
            target: target.id.clone(),
            title: target.title.clone(),
            framework: target.framework.clone(),
            kind: target.kind,
            theme: target.theme.clone(),
            level: target.level,
            system: self.system.map(str::to_owned),
            coverage: weighed.coverage,
            coverage_reasons: weighed.reasons.into_iter().collect(),
            coverage_note: weighed.note,
            points: weighed.points,
            evidence: weighed.evidence,
            unsettled: self.open.iter().map(|open| open.shown()).collect(),
            pending,
            rejected: self.rejected,
            view: view(inputs, target, self.system),
            position: self.stand.shown().cloned(),
        }
    }
}

/// The machine's view of a row. Where it gave none, it is unsure: no data is never a gap.
fn view(inputs: &Inputs<'_>, target: &Target, system: Option<&str>) -> TargetView {
    let of = |system: Option<&str>| {
        inputs.views.iter().find(|v| v.target == target.id && v.system.as_deref() == system)
    };
    let found = of(system).or_else(|| of(None));
    TargetView {
        target: target.id.clone(),
        system: system.map(str::to_owned),
        machine_view: found.map_or(MachineView::Unsure, |v| v.machine_view),
        evidence_probability: found.map_or(0.0, |v| v.evidence_probability),
        nearest_miss: found.and_then(|v| v.nearest_miss.clone()),
    }
}

/// Ids of the systems that a framework's application-level targets are assessed for.
pub(super) fn systems<'a>(config: &'a Config, framework: &str) -> Vec<&'a str> {
    let systems = config.systems.iter().filter(|s| framework != ISO42001 || s.ai);
    systems.map(|s| s.id.as_str()).collect()
}

/// The systems that a target has rows for; `None` is the organisation, or no system declared.
pub(super) fn row_systems<'a>(config: &'a Config, target: &Target) -> Vec<Option<&'a str>> {
    let mut rows = Vec::new();
    if target.level != Level::Application {
        rows.push(None);
    }
    if target.level != Level::Organisation {
        rows.extend(systems(config, &target.framework).into_iter().map(Some));
    }
    if rows.is_empty() {
        rows.push(None);
    }
    rows
}

/// Whether evidence with this system serves the row of that system (see the module's docs).
pub(super) fn serves(
    level: Level,
    row: Option<&str>,
    evidence: Option<&str>,
    kind: EvidenceKind,
) -> bool {
    match (level, row, evidence) {
        // There is one row only, and dropping what a person accepted helps nobody.
        (Level::Organisation, _, _) | (Level::Application, _, None) => true,
        (Level::Both, Some(_), None) => kind == EvidenceKind::Design,
        (_, row, evidence) => row == evidence,
    }
}

/// Every row in catalogue order.
pub(super) fn rows<'a>(
    inputs: &Inputs<'a>,
    ledger: &'a Ledger<'a>,
    held: &'a [Held<'a>],
) -> Vec<Row<'a>> {
    let mut accepted: BTreeMap<&TargetId, Vec<&Held<'_>>> = BTreeMap::new();
    for held in held {
        accepted.entry(&held.decision.target).or_default().push(held);
    }
    let mut rows = Vec::new();
    for target in inputs.catalog.targets() {
        for system in row_systems(inputs.config, target) {
            let ours =
                |d: &Decision| serves(target.level, system, d.system.as_deref(), d.evidence_kind);
            let count = |verdict| {
                let of_target = ledger.decisions.iter().filter(|d| d.target == target.id);
                of_target.filter(|d| d.verdict == verdict && ours(d)).count() as u32
            };
            rows.push(Row {
                target,
                system,
                stand: Stand::of(target, system, ledger),
                held: accepted
                    .get(&target.id)
                    .into_iter()
                    .flatten()
                    .filter(|h| ours(h.decision))
                    .copied()
                    .collect(),
                open: ledger
                    .open
                    .iter()
                    .filter(|o| o.decision.target == target.id && ours(o.decision))
                    .collect(),
                rejected: count(Verdict::Reject),
                deferred: count(Verdict::Defer),
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{super::testkit::*, *};
    use crate::domain::{Coverage, CoverageReason};

    /// Application level; d1, d2, o1 to o2.
    const VERIFICATION: &str = "ISO42001:A.6.2.4";
    /// Level both.
    const PROJECTS: &str = "ISO27001:A.5.8";
    const ACCESS: &str = "ISO27001:A.5.15";

    fn two_ai_systems() -> World {
        let mut world = World::new();
        world.system("triage", true);
        world.system("billing", false);
        world.system("chat", true);
        world
    }

    fn systems_of(world: &World, id: &str) -> Vec<Option<String>> {
        world.rows(id).into_iter().map(|row| row.system).collect()
    }

    #[test]
    fn rows_follow_level_framework_and_declared_systems() {
        let some = |ids: &[&str]| ids.iter().map(|id| Some((*id).to_owned())).collect::<Vec<_>>();
        let world = two_ai_systems();
        assert_eq!(systems_of(&world, ACCESS), [None]);
        assert_eq!(systems_of(&world, VERIFICATION), some(&["triage", "chat"]));
        let both = systems_of(&world, PROJECTS);
        assert_eq!((&both[0], &both[1..]), (&None, &some(&["triage", "billing", "chat"])[..]));

        let world = World::new();
        assert_eq!(systems_of(&world, VERIFICATION), [None]);
        assert_eq!(systems_of(&world, PROJECTS), [None]);
        assert_eq!(world.found("no-system-declared").len(), 2, "once a framework");

        let mut world = World::new();
        world.system("billing", false);
        assert_eq!(systems_of(&world, VERIFICATION), [None]);
        assert_eq!(world.found("no-system-declared").len(), 1);
    }

    #[test]
    fn evidence_of_one_system_serves_that_system_only() {
        let mut world = two_ai_systems();
        world.accept_all(VERIFICATION, Some("triage"));
        let coverage: Vec<_> = world.rows(VERIFICATION).iter().map(|r| r.coverage).collect();
        assert_eq!(coverage, [Coverage::Full, Coverage::NotReviewed]);
    }

    #[test]
    fn a_corrected_system_moves_the_evidence() {
        let mut world = two_ai_systems();
        let reviewed = |world: &World| -> Vec<bool> {
            let rows = world.rows(VERIFICATION);
            rows.iter().map(|r| r.coverage != Coverage::NotReviewed).collect()
        };
        world.accept(VERIFICATION, "o1", "report.md").system = Some("triage".into());
        assert_eq!(reviewed(&world), [true, false]);
        world.accept(VERIFICATION, "o1", "report.md").system = Some("chat".into());
        assert_eq!(reviewed(&world), [false, true]);
    }

    #[test]
    fn evidence_without_a_system_serves_all() {
        let mut world = two_ai_systems();
        world.accept_all(VERIFICATION, None);
        assert!(world.rows(VERIFICATION).iter().all(|r| r.coverage == Coverage::Full));
        assert_eq!(world.found("evidence-without-system").len(), 1);
    }

    #[test]
    fn at_level_both_a_rule_of_the_house_binds_the_systems_and_its_records_do_not() {
        let mut world = two_ai_systems();
        world.accept_all(PROJECTS, None);
        let rows = world.rows(PROJECTS);
        assert_eq!(rows[0].coverage, Coverage::Full);
        for row in &rows[1..] {
            assert_eq!(row.coverage_reasons, [CoverageReason::DesignOnly], "{:?}", row.system);
        }
    }

    #[test]
    fn a_system_that_is_not_assessed_is_reported() {
        let mut world = two_ai_systems();
        world.accept_all(VERIFICATION, Some("billing"));
        world.accept_all(ACCESS, Some("triage"));
        world.position(VERIFICATION, Some("gone")).owner = "Bob".into();
        assert!(world.rows(VERIFICATION).iter().all(|r| r.coverage == Coverage::NotReviewed));
        assert_eq!(world.found("undeclared-system").len(), 3, "two decisions and a position");
        assert_eq!(world.row(ACCESS).coverage, Coverage::Full, "there is one row only");
        assert_eq!(world.found("system-ignored").len(), 2);
    }

    #[test]
    fn a_systems_position_comes_before_that_on_the_whole_control() {
        let mut world = two_ai_systems();
        let whole = world.position(VERIFICATION, None);
        whole.conclusion = Some(Conclusion::NothingFound);
        whole.owner = "All".into();
        let own = world.position(VERIFICATION, Some("chat"));
        own.conclusion = Some(Conclusion::EvidenceInsufficient);
        let rows = world.rows(VERIFICATION);
        assert_eq!(rows[0].coverage, Coverage::None);
        assert_eq!(rows[0].position.as_ref().unwrap().owner, "All");
        assert_eq!(rows[1].coverage, Coverage::NotReviewed);
        assert_eq!(rows[1].position.as_ref().unwrap().owner, "");
    }

    #[test]
    fn at_level_both_the_organisations_conclusion_is_about_the_organisation() {
        let mut world = two_ai_systems();
        let whole = world.position(PROJECTS, None);
        whole.conclusion = Some(Conclusion::NothingFound);
        whole.applicability = Some(Applicability::NotApplicable);
        let rows = world.rows(PROJECTS);
        assert_eq!(rows[0].coverage, Coverage::None);
        for row in &rows[1..] {
            assert_eq!(row.coverage, Coverage::NotReviewed);
            assert_eq!(row.coverage_reasons, [CoverageReason::NotApplicable]);
            assert_eq!(row.position, None);
        }
    }

    #[test]
    fn pending_are_undecided_strong_and_likely_proposals() {
        let mut world = two_ai_systems();
        world.propose(VERIFICATION, "d1", "all.md");
        world.propose(VERIFICATION, "d1", "likely.md").band = Band::Likely;
        world.propose(VERIFICATION, "d1", "possible.md").band = Band::Possible;
        world.propose(VERIFICATION, "d1", "triage.md").system = Some("triage".into());
        let pending = |world: &World| -> Vec<_> {
            world.rows(VERIFICATION).iter().map(|r| r.pending).collect()
        };
        assert_eq!(pending(&world), [3, 2]);
        world.reject(VERIFICATION, "d1", "all.md");
        assert_eq!(pending(&world), [2, 1]);
        world.reject(VERIFICATION, "d1", "likely.md").verdict = Verdict::Defer;
        assert_eq!(pending(&world), [1, 0]);
    }

    #[test]
    fn pending_stands_beside_coverage_and_never_changes_it() {
        let mut world = World::new();
        world.accept_all(ACCESS, None);
        world.propose(ACCESS, "d1", "other.md");
        let row = world.row(ACCESS);
        assert_eq!((row.coverage, row.pending), (Coverage::Full, 1));
    }

    #[test]
    fn without_a_view_the_machine_is_unsure() {
        let mut world = two_ai_systems();
        world.view(VERIFICATION, Some("chat"), MachineView::LikelyGap);
        let views: Vec<_> = world
            .rows(VERIFICATION)
            .into_iter()
            .map(|r| (r.view.system, r.view.machine_view))
            .collect();
        assert_eq!(
            views,
            [
                (Some("triage".to_owned()), MachineView::Unsure),
                (Some("chat".to_owned()), MachineView::LikelyGap)
            ]
        );
    }
}
