//! What an auditor asks for in Stage 1 and Stage 2, and how far people accepted evidence for it.
//!
//! - **Stage 1** looks at what has to be there: documented information that is demanded, scope, risk
//!   assessment, Statement of Applicability, internal audit and management review, planned and
//!   performed. One row a requirement with points whose documentation is `required`; audit and review
//!   have a row for the plan and one for what was done.
//! - **Stage 2** looks at practice over a period. One row a clause or theme with all operation points
//!   whose documentation is not optional, and the days of the accepted records.
//!
//! Everything but the machine's columns stands on accepted evidence. No row says that anybody is
//! ready: that is for the auditor.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assessed, Inputs, rollup::deciding, soa};
use crate::domain::{
    Accepted, Assessment, Coverage, CoverageReason, Date, Documented, EvidenceKind, MachineView,
    Point, PointId, Readiness, Target, TargetId, TargetKind,
};

/// Subjects of Stage 1 beside the documented information that is demanded: clause, point kind, words.
const PLANNED_AND_DONE: [(&[&str], EvidenceKind, &str); 4] = [
    (&["9.2.1", "9.2.2"], EvidenceKind::Design, "Internal audit planned"),
    (&["9.2.1", "9.2.2"], EvidenceKind::Operation, "Internal audit performed"),
    (&["9.3.1", "9.3.2"], EvidenceKind::Design, "Management review planned"),
    (&["9.3.1", "9.3.2", "9.3.3"], EvidenceKind::Operation, "Management review performed"),
];

/// All subjects: per standard Stage 1 by clause, then Stage 2 by clause and theme.
pub fn readiness(assessed: &Assessed, inputs: &Inputs<'_>) -> Vec<Readiness> {
    let mut rows: BTreeMap<&TargetId, Vec<&Assessment>> = BTreeMap::new();
    for row in &assessed.assessments {
        rows.entry(&row.target).or_default().push(row);
    }
    let mut out = Vec::new();
    for framework in inputs.catalog.frameworks() {
        let all: Vec<&Target> =
            inputs.catalog.targets().filter(|t| t.framework == framework).collect();
        let subject = |stage,
                       theme: &str,
                       title: &str,
                       targets: Vec<&Target>,
                       wanted: &dyn Fn(&Point) -> bool| {
            look(stage, theme, title, &targets, wanted, &rows)
        };
        let audited =
            |t: &Target| t.id.local().starts_with("9.2.") || t.id.local().starts_with("9.3.");
        let clauses = all.iter().copied().filter(|t| t.kind == TargetKind::Requirement);
        for target in clauses.filter(|t| !audited(t)) {
            let required = |p: &Point| p.documented == Documented::Required;
            if target.points.iter().any(required) {
                out.push(subject(1, &target.theme, &target.title, vec![target], &required));
            }
            if target.id.local() == "6.1.3" {
                out.extend(decided(framework, &target.theme, assessed, inputs, &rows));
            }
        }
        for (numbers, kind, title) in PLANNED_AND_DONE {
            let targets: Vec<&Target> =
                all.iter().copied().filter(|t| numbers.contains(&t.id.local())).collect();
            let Some(theme) = targets.first().map(|t| t.theme.clone()) else { continue };
            let wanted = |p: &Point| p.kind == kind && p.documented != Documented::Optional;
            out.push(subject(1, &theme, title, targets, &wanted));
        }
        let mut themes: Vec<&str> = Vec::new();
        for target in &all {
            if !themes.contains(&target.theme.as_str()) {
                themes.push(&target.theme);
            }
        }
        for theme in themes {
            let targets: Vec<&Target> = all
                .iter()
                .copied()
                .filter(|t| t.theme == theme && !is_excluded(rows.get(&t.id)))
                .collect();
            let wanted = |p: &Point| {
                p.kind == EvidenceKind::Operation && p.documented != Documented::Optional
            };
            out.push(subject(2, theme, "Records of practice", targets, &wanted));
        }
    }
    out
}

fn is_excluded(rows: Option<&Vec<&Assessment>>) -> bool {
    rows.is_some_and(|rows| {
        rows.iter().all(|r| r.coverage_reasons.contains(&CoverageReason::NotApplicable))
    })
}

fn look(
    stage: u8,
    theme: &str,
    subject: &str,
    targets: &[&Target],
    wanted: &dyn Fn(&Point) -> bool,
    all: &BTreeMap<&TargetId, Vec<&Assessment>>,
) -> Readiness {
    let mut found = blank(stage, theme, subject, targets);
    let mut dates: BTreeSet<Date> = BTreeSet::new();
    let mut reviewed = false;
    for target in targets {
        let Some(rows) = all.get(&target.id) else { continue };
        let counting = deciding(rows);
        reviewed |= counting.iter().any(|r| r.coverage != Coverage::NotReviewed);
        let points: BTreeSet<&PointId> =
            target.points.iter().filter(|p| wanted(p)).map(|p| &p.id).collect();
        for id in &points {
            // As strong as its weakest system.
            let covered = !counting.is_empty()
                && counting.iter().all(|r| r.points.iter().any(|p| p.point == **id && p.covered));
            found.points += 1;
            found.accepted += u32::from(covered);
            if !covered {
                found.open.push((*id).clone());
            }
        }
        let records = counting.iter().flat_map(|r| &r.evidence);
        let records = records.filter(|e| !e.lost && e.evidence_kind == EvidenceKind::Operation);
        dates.extend(
            records.filter(|e| e.points.iter().any(|p| points.contains(p))).filter_map(|e| e.date),
        );
        machine(&mut found, rows);
    }
    if stage == 2 {
        found.first = dates.first().copied();
        found.last = dates.last().copied();
        found.days = dates.len() as u32;
    }
    found.state = state(&found, reviewed);
    found
}

/// The Statement of Applicability: controls with a decision and a justification.
fn decided(
    framework: &str,
    theme: &str,
    assessed: &Assessed,
    inputs: &Inputs<'_>,
    all: &BTreeMap<&TargetId, Vec<&Assessment>>,
) -> Option<Readiness> {
    let subject = "Statement of Applicability: controls decided and justified";
    let mut found = blank(1, theme, subject, &[]);
    found.framework = framework.to_owned();
    for entry in soa(framework, assessed, inputs) {
        found.points += 1;
        let done = entry.applicability.is_some() && !entry.justification.trim().is_empty();
        found.accepted += u32::from(done);
        if let Some(rows) = all.get(&entry.target) {
            machine(&mut found, rows);
        }
        found.targets.push(entry.target);
    }
    found.state = state(&found, false);
    (found.points > 0).then_some(found)
}

fn blank(stage: u8, theme: &str, subject: &str, targets: &[&Target]) -> Readiness {
    Readiness {
        framework: targets.first().map(|t| t.framework.clone()).unwrap_or_default(),
        stage,
        theme: theme.to_owned(),
        subject: subject.to_owned(),
        targets: targets.iter().map(|t| t.id.clone()).collect(),
        accepted: 0,
        points: 0,
        state: Accepted::NotReviewed,
        open: Vec::new(),
        first: None,
        last: None,
        days: 0,
        likely_evidence: 0,
        unsure: 0,
        likely_gap: 0,
        pending: 0,
    }
}

fn state(found: &Readiness, reviewed: bool) -> Accepted {
    match (found.accepted, found.points) {
        (0, _) if reviewed => Accepted::Nothing,
        (0, _) => Accepted::NotReviewed,
        (accepted, points) if accepted == points => Accepted::All,
        _ => Accepted::Some,
    }
}

fn machine(found: &mut Readiness, rows: &[&Assessment]) {
    found.pending += rows.iter().map(|r| r.pending).sum::<u32>();
    *match deciding(rows).iter().map(|r| r.view.machine_view).max() {
        Some(MachineView::LikelyEvidence) => &mut found.likely_evidence,
        Some(MachineView::LikelyGap) => &mut found.likely_gap,
        Some(MachineView::Unsure) | None => &mut found.unsure,
    } += 1;
}

/// The first row of a stage with this subject or theme.
#[cfg(test)]
fn of<'r>(all: &'r [Readiness], framework: &str, stage: u8, subject: &str) -> &'r Readiness {
    all.iter()
        .find(|r| {
            r.framework == framework
                && r.stage == stage
                && (r.subject == subject || r.theme == subject)
        })
        .unwrap()
}

#[cfg(test)]
mod tests {
    use super::{super::testkit::*, *};
    use crate::domain::{Applicability, ISO27001, ISO42001};

    fn all(world: &World) -> Vec<Readiness> {
        readiness(&world.assess(), &world.inputs())
    }

    #[test]
    fn with_nothing_decided_nothing_is_accepted_and_the_machine_stands_apart() {
        let mut world = World::new();
        world.propose("ISO27001:9.2.1", "o1", "audit.md");
        world.view("ISO27001:9.2.1", None, MachineView::LikelyEvidence);
        let all = all(&world);
        assert!(all.iter().all(|r| r.state == Accepted::NotReviewed && r.accepted == 0));
        let audit = of(&all, ISO27001, 1, "Internal audit performed");
        assert_eq!((audit.likely_evidence, audit.pending), (1, 1));
        for framework in [ISO27001, ISO42001] {
            for subject in
                ["Internal audit planned", "Management review performed", "Records of practice"]
            {
                assert!(all.iter().any(|r| r.framework == framework && r.subject == subject));
            }
        }
        // Every point with demanded documentation is asked for in Stage 1.
        let asked: BTreeSet<&PointId> =
            all.iter().filter(|r| r.stage == 1).flat_map(|r| &r.open).collect();
        let inputs = world.inputs();
        let clauses = inputs.catalog.targets().filter(|t| t.kind == TargetKind::Requirement);
        for point in clauses.flat_map(|t| &t.points) {
            assert!(
                point.documented != Documented::Required || asked.contains(&point.id),
                "{}",
                point.id
            );
        }
    }

    #[test]
    fn accepted_evidence_counts_by_point_and_records_give_a_period() {
        let mut world = World::new();
        world.accept("ISO27001:9.2.2", "d1 d2 d3", "programme.md");
        world.accept("ISO27001:9.2.1", "d1", "procedure.md");
        assert_eq!(of(&all(&world), ISO27001, 1, "Internal audit planned").state, Accepted::All);
        assert_eq!(
            of(&all(&world), ISO27001, 1, "Internal audit performed").state,
            Accepted::Nothing
        );

        world.accept("ISO27001:9.2.1", "o1", "report-1.md").evidence_date =
            Some(date("2026-01-10"));
        world.accept("ISO27001:9.2.1", "o1 o2", "report-2.md").evidence_date =
            Some(date("2026-04-10"));
        let all = all(&world);
        let done = of(&all, ISO27001, 1, "Internal audit performed");
        assert_eq!((done.state, done.accepted), (Accepted::Some, 2));
        let practice = all
            .iter()
            .find(|r| r.framework == ISO27001 && r.stage == 2 && r.theme == "Clause 9")
            .unwrap();
        assert_eq!(
            (practice.first, practice.last),
            (Some(date("2026-01-10")), Some(date("2026-04-10")))
        );
        assert_eq!((practice.days, practice.accepted), (2, 2));
    }

    #[test]
    fn the_statement_of_applicability_counts_decisions_with_a_justification() {
        let mut world = World::new();
        world.position("ISO27001:A.6.3", None).applicability = Some(Applicability::Applicable);
        let position = world.position("ISO27001:A.6.4", None);
        position.applicability = Some(Applicability::NotApplicable);
        position.justification = "No staff of our own.".into();
        let all = all(&world);
        let soa =
            of(&all, ISO27001, 1, "Statement of Applicability: controls decided and justified");
        assert_eq!((soa.accepted, soa.points, soa.state), (1, 93, Accepted::Some));
    }
}
