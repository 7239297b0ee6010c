//! Counts for covers and charts. Targets are counted once, by the roll-up of their rows.

use serde::{Deserialize, Serialize};

use super::{
    ActionCounts, Assessed, Inputs,
    rollup::{deciding, roll_up},
    rows::Ledger,
    soa,
};
use crate::domain::{
    Applicability, Assessment, Coverage, CoverageReason, FrameworkId, ImplementationStatus,
    MachineView, Target, TargetKind,
};

/// Counts per framework, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub frameworks: Vec<FrameworkSummary>,
    /// Filled in by whoever knows what people said of actions; else all zero.
    #[serde(default)]
    pub actions: ActionCounts,
}

/// Counts of one framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameworkSummary {
    pub framework: FrameworkId,
    /// Clauses and Annex A themes, in catalogue order.
    pub themes: Vec<ThemeSummary>,
    pub total: Counts,
    pub soa: SoaCounts,
}

/// Counts of one clause or theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeSummary {
    pub theme: String,
    pub counts: Counts,
}

/// Counts of targets. `full + partial + none + not_reviewed + not_applicable = targets`, and so is
/// the sum of the three machine views.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub targets: u32,
    /// Assessment rows: more than targets where there are systems.
    pub rows: u32,
    pub full: u32,
    pub partial: u32,
    pub none: u32,
    pub not_reviewed: u32,
    /// Controls that a person excluded (for every system).
    pub not_applicable: u32,
    /// Targets of which every row that counts is reviewed: the share that goes with any percentage.
    pub reviewed: u32,
    /// Targets where a person asserts more than the evidence shows; they are counted above as what
    /// the evidence shows.
    pub asserted: u32,
    /// Targets with evidence that asks for reconfirmation.
    pub reconfirm: u32,
    /// Proposals in bands strong and likely that nobody has decided.
    pub pending: u32,
    pub likely_evidence: u32,
    pub unsure: u32,
    pub likely_gap: u32,
}

/// Counts of a Statement of Applicability.
/// `applicable + not_applicable + not_decided = controls`; the five statuses add up to the controls
/// that are not excluded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoaCounts {
    pub controls: u32,
    pub applicable: u32,
    pub not_applicable: u32,
    pub not_decided: u32,
    pub implemented: u32,
    pub partially_implemented: u32,
    pub planned: u32,
    pub not_implemented: u32,
    pub status_not_decided: u32,
    pub open_justifications: u32,
}

/// Counts everything.
pub fn summary(assessed: &Assessed, inputs: &Inputs<'_>) -> Summary {
    let ledger = Ledger::read(inputs);
    let frameworks = inputs.catalog.frameworks().into_iter().map(|framework| {
        let mut total = Counts::default();
        let mut themes: Vec<ThemeSummary> = Vec::new();
        for target in inputs.catalog.targets().filter(|t| t.framework == framework) {
            let one = count(target, assessed, inputs, &ledger);
            total.add(one);
            match themes.iter_mut().find(|t| t.theme == target.theme) {
                Some(theme) => theme.counts.add(one),
                None => themes.push(ThemeSummary { theme: target.theme.clone(), counts: one }),
            }
        }
        let soa = count_soa(framework, assessed, inputs);
        FrameworkSummary { framework: framework.to_owned(), themes, total, soa }
    });
    Summary { frameworks: frameworks.collect(), actions: ActionCounts::default() }
}

fn count(target: &Target, assessed: &Assessed, inputs: &Inputs<'_>, ledger: &Ledger<'_>) -> Counts {
    let rows: Vec<&Assessment> =
        assessed.assessments.iter().filter(|a| a.target == target.id).collect();
    let mut counts = Counts { targets: 1, rows: rows.len() as u32, ..Counts::default() };
    let counting = deciding(&rows);
    let has =
        |reason: &CoverageReason| counting.iter().any(|r| r.coverage_reasons.contains(reason));
    let excluded = target.kind == TargetKind::Control
        && counting.iter().all(|r| r.coverage_reasons.contains(&CoverageReason::NotApplicable));
    if excluded {
        counts.not_applicable = 1;
    } else {
        match roll_up(&rows).0 {
            Coverage::Full => counts.full = 1,
            Coverage::Partial => counts.partial = 1,
            Coverage::None => counts.none = 1,
            Coverage::NotReviewed => counts.not_reviewed = 1,
        }
        counts.reviewed = counting.iter().all(|r| r.coverage != Coverage::NotReviewed).into();
        counts.asserted = has(&CoverageReason::OverrideAsserted).into();
        counts.reconfirm = has(&CoverageReason::Reconfirm).into();
    }
    let pending = inputs.proposals.iter().filter(|p| p.target == target.id && ledger.is_pending(p));
    counts.pending = pending.map(|p| &p.id).collect::<std::collections::BTreeSet<_>>().len() as u32;
    // The machine's least hopeful view of a system is its view of the target.
    match counting.iter().map(|r| r.view.machine_view).max() {
        Some(MachineView::LikelyEvidence) => counts.likely_evidence = 1,
        Some(MachineView::LikelyGap) => counts.likely_gap = 1,
        Some(MachineView::Unsure) | None => counts.unsure = 1,
    }
    counts
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.targets += other.targets;
        self.rows += other.rows;
        self.full += other.full;
        self.partial += other.partial;
        self.none += other.none;
        self.not_reviewed += other.not_reviewed;
        self.not_applicable += other.not_applicable;
        self.reviewed += other.reviewed;
        self.asserted += other.asserted;
        self.reconfirm += other.reconfirm;
        self.pending += other.pending;
        self.likely_evidence += other.likely_evidence;
        self.unsure += other.unsure;
        self.likely_gap += other.likely_gap;
    }
}

fn count_soa(framework: &str, assessed: &Assessed, inputs: &Inputs<'_>) -> SoaCounts {
    let mut counts = SoaCounts::default();
    for entry in soa(framework, assessed, inputs) {
        counts.controls += 1;
        counts.open_justifications += u32::from(entry.justification.is_empty());
        match entry.applicability {
            Some(Applicability::Applicable) => counts.applicable += 1,
            Some(Applicability::NotApplicable) => {
                counts.not_applicable += 1;
                continue;
            }
            None => counts.not_decided += 1,
        }
        let status = ImplementationStatus::ALL
            .into_iter()
            .find(|s| s.as_str() == entry.implementation_status);
        *match status {
            Some(ImplementationStatus::Implemented) => &mut counts.implemented,
            Some(ImplementationStatus::PartiallyImplemented) => &mut counts.partially_implemented,
            Some(ImplementationStatus::Planned) => &mut counts.planned,
            Some(ImplementationStatus::NotImplemented) => &mut counts.not_implemented,
            None => &mut counts.status_not_decided,
        } += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{super::testkit::*, *};
    use crate::domain::{ISO27001, ISO42001};

    const ACCESS: &str = "ISO27001:A.5.15";
    const VERIFICATION: &str = "ISO42001:A.6.2.4";

    fn of(world: &World, framework: &str) -> FrameworkSummary {
        let all = summary(&world.assess(), &world.inputs());
        all.frameworks.into_iter().find(|f| f.framework == framework).unwrap()
    }

    fn holds(summary: &FrameworkSummary) {
        let c = &summary.total;
        assert_eq!(c.full + c.partial + c.none + c.not_reviewed + c.not_applicable, c.targets);
        assert_eq!(c.likely_evidence + c.unsure + c.likely_gap, c.targets);
        assert_eq!(summary.themes.iter().map(|t| t.counts.targets).sum::<u32>(), c.targets);
        let s = &summary.soa;
        assert_eq!(s.applicable + s.not_applicable + s.not_decided, s.controls);
        let statuses = s.implemented + s.partially_implemented + s.planned + s.not_implemented;
        assert_eq!(statuses + s.status_not_decided + s.not_applicable, s.controls);
    }

    #[test]
    fn with_nothing_decided_everything_is_open() {
        let mut world = World::new();
        world.propose(ACCESS, "d1", "policy.md");
        world.view(ACCESS, None, MachineView::LikelyEvidence);
        let summary = of(&world, ISO27001);
        holds(&summary);
        let total = summary.total;
        assert_eq!((total.not_reviewed, total.reviewed), (total.targets, 0));
        assert_eq!((total.pending, total.likely_evidence), (1, 1));
        let soa = summary.soa;
        assert_eq!(
            (soa.not_decided, soa.status_not_decided, soa.open_justifications),
            (soa.controls, soa.controls, soa.controls)
        );
    }

    #[test]
    fn each_target_is_counted_once_where_it_belongs() {
        let mut world = World::new();
        world.accept_all(ACCESS, None);
        world.accept("ISO27001:A.5.16", "d1", "policy.md");
        world.position("ISO27001:9.2.1", None).conclusion =
            Some(crate::domain::Conclusion::NothingFound);
        let excluded = world.position("ISO27001:A.6.7", None);
        excluded.applicability = Some(Applicability::NotApplicable);
        excluded.justification = "Nobody works remotely.".into();
        let asserted = world.position("ISO27001:A.5.17", None);
        asserted.override_coverage = Some(Coverage::Full);
        asserted.applicability = Some(Applicability::Applicable);
        asserted.implementation_status = Some(ImplementationStatus::Implemented);
        let summary = of(&world, ISO27001);
        holds(&summary);
        let total = summary.total;
        assert_eq!((total.full, total.partial, total.none, total.not_applicable), (1, 1, 1, 1));
        assert_eq!((total.reviewed, total.asserted), (3, 1));
        let soa = summary.soa;
        assert_eq!((soa.applicable, soa.not_applicable, soa.implemented), (1, 1, 1));
        assert_eq!(soa.open_justifications, soa.controls - 1);
        let theme = |name: &str| summary.themes.iter().find(|t| t.theme == name).unwrap().counts;
        assert_eq!((theme("Organizational").full, theme("Organizational").targets), (1, 37));
        assert_eq!((theme("Clause 9").none, theme("People").not_applicable), (1, 1));
    }

    #[test]
    fn a_target_is_reviewed_once_every_system_is() {
        let mut world = World::new();
        world.system("triage", true);
        world.system("chat", true);
        world.view(VERIFICATION, Some("triage"), MachineView::LikelyEvidence);
        world.view(VERIFICATION, Some("chat"), MachineView::LikelyGap);
        world.accept_all(VERIFICATION, Some("triage"));
        let nothing = Some(crate::domain::Conclusion::NothingFound);
        let summary = of(&world, ISO42001);
        holds(&summary);
        assert_eq!((summary.total.reviewed, summary.total.full), (0, 0));
        assert_eq!((summary.total.likely_gap, summary.total.likely_evidence), (1, 0));
        assert!(summary.total.rows > summary.total.targets);
        world.position(VERIFICATION, Some("chat")).conclusion = nothing;
        let total = of(&world, ISO42001).total;
        assert_eq!((total.reviewed, total.none), (1, 1));
    }
}
