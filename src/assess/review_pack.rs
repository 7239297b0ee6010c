//! Inputs of a management review (9.3.2 of both standards), as far as the workspace knows them.
//!
//! Facts are counts, accepted evidence and what people stated; beside them stand suggestions that
//! nobody decided, marked as such. A topic without any says "nothing accepted". Trends compare with
//! [`BACK`] days earlier: decisions and positions of then, on the documents of today.

use super::{Assessed, Inputs, assess, rollup::roll_up};
use crate::domain::{
    Action, ActionStatus, Assessment, Audit, AuditProgramme, Band, Coverage, CoverageReason, Date,
    Decision, Evidence, ISO27001, ISO42001, PackItem, PackTopic, Planned, PointId, Position,
    Proposal, RegisteredRisk, ReviewPack, RiskBand, RiskOption, RiskRegister, TargetId, Verdict,
    squash_whitespace,
};

/// A quarter, the usual interval of reports to management.
const BACK: i64 = 90;
/// Items of one kind that a topic shows.
const SHOWN: usize = 5;
const QUOTE: usize = 240;

/// A topic: which sub-items ask for it, its name, and points or whole targets whose evidence tells of
/// it.
type Topic = (&'static [&'static str], &'static str, &'static [&'static str]);

const TOPICS: [Topic; 10] = [
    (
        &["ISO27001 9.3.2 a", "ISO42001 9.3.2 a"],
        "Actions from earlier reviews",
        &["ISO27001:9.3.2#o1", "ISO42001:9.3.2#o1", "ISO27001:9.3.3", "ISO42001:9.3.3"],
    ),
    (
        &["ISO27001 9.3.2 b", "ISO42001 9.3.2 b"],
        "Changes in external and internal issues",
        &["ISO27001:9.3.2#o2", "ISO42001:9.3.2#o2", "ISO27001:4.1", "ISO42001:4.1"],
    ),
    (
        &["ISO27001 9.3.2 c", "ISO42001 9.3.2 c"],
        "Changes in what interested parties need and expect",
        &["ISO27001:9.3.2#o3", "ISO42001:9.3.2#o3", "ISO27001:4.2", "ISO42001:4.2"],
    ),
    (
        &["ISO27001 9.3.2 d", "ISO42001 9.3.2 d"],
        "Deviations found and corrective actions",
        &["ISO27001:9.3.2#o4", "ISO27001:10.2", "ISO42001:10.2"],
    ),
    (
        &["ISO27001 9.3.2 d", "ISO42001 9.3.2 d"],
        "Monitoring and measurement, and how the assessment moves",
        &["ISO27001:9.3.2#o5", "ISO42001:9.3.2#o4", "ISO27001:9.1", "ISO42001:9.1"],
    ),
    (
        &["ISO27001 9.3.2 d", "ISO42001 9.3.2 d"],
        "Audit results",
        &[
            "ISO27001:9.3.2#o6",
            "ISO27001:9.2.1",
            "ISO42001:9.2.1",
            "ISO27001:9.2.2",
            "ISO42001:9.2.2",
        ],
    ),
    (
        &["ISO27001 9.3.2 d", "ISO42001 9.3.2 d"],
        "Objectives",
        &["ISO27001:9.3.2#o7", "ISO27001:6.2", "ISO42001:6.2"],
    ),
    (&["ISO27001 9.3.2 e"], "Feedback from interested parties", &["ISO27001:9.3.2#o8"]),
    (
        &["ISO27001 9.3.2 f"],
        "Risk assessment, treatment plan and AI impact assessments",
        &[
            "ISO27001:9.3.2#o9",
            "ISO27001:8.2",
            "ISO27001:8.3",
            "ISO42001:8.2",
            "ISO42001:8.3",
            "ISO42001:8.4",
            "ISO27001:6.1.1",
            "ISO42001:6.1.1",
        ],
    ),
    (
        &["ISO27001 9.3.2 g", "ISO42001 9.3.2 e"],
        "Opportunities for continual improvement",
        &["ISO27001:9.3.2#o10", "ISO42001:9.3.2#o5", "ISO27001:10.1", "ISO42001:10.1"],
    ),
];

/// The pack. `actions` come with what people said of them.
pub fn review_pack(
    assessed: &Assessed,
    inputs: &Inputs<'_>,
    actions: &[Action],
    programme: &AuditProgramme,
) -> ReviewPack {
    let topics = TOPICS.iter().enumerate().map(|(n, (asked_by, title, about))| {
        let mut items = match n {
            0 => action_items(actions, inputs.as_of),
            4 => trends(assessed, inputs, actions),
            5 => audit_items(programme, inputs.as_of),
            8 => risk_items(assessed, inputs.register),
            9 => improvements(actions),
            _ => Vec::new(),
        };
        let accepted = accepted(assessed, about);
        if accepted.is_empty() {
            items.push(fact("Nothing accepted in documents on this topic.", "decisions"));
        }
        items.extend(accepted);
        items.extend(pending(inputs, about));
        PackTopic {
            asked_by: asked_by.iter().map(|s| (*s).to_owned()).collect(),
            title: (*title).to_owned(),
            items,
        }
    });
    ReviewPack { topics: topics.collect() }
}

fn fact(text: impl Into<String>, source: impl Into<String>) -> PackItem {
    PackItem { text: text.into(), source: source.into(), machine: false }
}

/// Whether a target, or one of the points of a piece, is what a topic is about.
fn is_about(about: &[&str], target: &TargetId, points: &[PointId]) -> bool {
    about.iter().any(|wanted| {
        *wanted == target.as_str() || points.iter().any(|point| point.as_str() == *wanted)
    })
}

fn excerpt(text: &str) -> String {
    let text = squash_whitespace(text);
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("“{} …”", text[..end].trim_end()),
        None => format!("“{text}”"),
    }
}

/// Accepted evidence on a topic, the latest first.
fn accepted(assessed: &Assessed, about: &[&str]) -> Vec<PackItem> {
    let rows = assessed.assessments.iter();
    let mut found: Vec<(&TargetId, &Evidence)> = rows
        .flat_map(|row| row.evidence.iter().map(move |e| (&row.target, e)))
        .filter(|(target, e)| !e.lost && is_about(about, target, &e.points))
        .collect();
    found.sort_by(|(t1, a), (t2, b)| {
        (b.date, &a.document, &a.quote, t1).cmp(&(a.date, &b.document, &b.quote, t2))
    });
    found.dedup_by(|(_, a), (_, b)| a.document == b.document && a.quote == b.quote);
    let more = found.len().saturating_sub(SHOWN);
    let mut items: Vec<PackItem> = found
        .into_iter()
        .take(SHOWN)
        .map(|(target, e)| {
            let place = e.locator.as_ref().map_or_else(String::new, |l| format!(", {l}"));
            let dated = e.date.map_or_else(String::new, |day| format!(" of {day}"));
            let stale = if e.stale { "; out of date" } else { "" };
            let source = format!(
                "{}{place}{dated}; accepted for {target} by {} on {}{stale}",
                e.document, e.decided_by, e.decided_on
            );
            fact(excerpt(&e.quote), source)
        })
        .collect();
    if more > 0 {
        items.push(fact(format!("and {more} more accepted pieces"), "evidence-index.csv"));
    }
    items
}

/// Suggestions on a topic that nobody decided, best first.
fn pending(inputs: &Inputs<'_>, about: &[&str]) -> Vec<PackItem> {
    let decided = |p: &Proposal| inputs.decisions.iter().any(|d| d.proposal_id == p.id);
    let mut found: Vec<&Proposal> = inputs
        .proposals
        .iter()
        .filter(|p| p.band != Band::Possible && is_about(about, &p.target, &p.points))
        .collect();
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.id.cmp(&b.id)));
    found.dedup_by(|a, b| a.document == b.document && a.quote == b.quote);
    let open = found.into_iter().filter(|p| !decided(p)).take(3);
    open.map(|p| PackItem {
        text: excerpt(&p.quote),
        source: format!(
            "{}, {}; suggested for {}, nobody decided",
            p.document, p.locator, p.target
        ),
        machine: true,
    })
    .collect()
}

fn action_items(actions: &[Action], as_of: Date) -> Vec<PackItem> {
    let said: Vec<&Action> = actions.iter().filter(|a| a.work.stated_on.is_some()).collect();
    let mut items = Vec::new();
    if said.is_empty() {
        items.push(fact("Nobody has stated anything on an action yet.", "review/actions.csv"));
    } else {
        let count = |status| said.iter().filter(|a| a.status == status).count();
        let words = ActionStatus::ALL.map(|s| format!("{} {}", count(s), s.as_str()));
        items.push(fact(
            format!(
                "Of {} actions that people stated something on: {}.",
                said.len(),
                words.join(", ")
            ),
            "review/actions.csv",
        ));
    }
    let overdue: Vec<&Action> = actions.iter().filter(|a| a.is_overdue(as_of)).collect();
    for action in overdue.iter().take(SHOWN) {
        let due = action.due.map_or_else(String::new, |day| day.to_string());
        let owner = if action.owner.is_empty() { "no owner" } else { action.owner.as_str() };
        let text = format!("Overdue since {due}, {owner}: {}", named(action));
        items.push(fact(text, format!("action {}", action.id)));
    }
    if overdue.len() > SHOWN {
        let more = overdue.len() - SHOWN;
        items.push(fact(format!("and {more} more overdue actions"), "review/actions.csv"));
    }
    items
}

/// An action in few words.
fn named(action: &Action) -> String {
    let targets: Vec<&str> = action.targets.iter().take(4).map(TargetId::as_str).collect();
    let more = if action.targets.len() > 4 { " …" } else { "" };
    let title = if action.work.title.is_empty() {
        String::new()
    } else {
        format!("{}: ", action.work.title)
    };
    format!("{title}{} ({}{more})", action.kind, targets.join(", "))
}

/// Figures of the assessment, now and then.
fn trends(assessed: &Assessed, inputs: &Inputs<'_>, actions: &[Action]) -> Vec<PackItem> {
    let then = inputs.as_of.plus_days(-BACK);
    let decisions: Vec<Decision> =
        inputs.decisions.iter().filter(|d| d.decided_on <= then).cloned().collect();
    let positions: Vec<Position> = inputs
        .positions
        .iter()
        .filter(|p| p.decided_on.is_some_and(|day| day <= then))
        .cloned()
        .collect();
    let before = assess(&Inputs {
        decisions: &decisions,
        positions: &positions,
        proposals: &[],
        as_of: then,
        ..*inputs
    });
    let source = format!("decisions and positions up to {} and up to {then}", inputs.as_of);
    let mut items = Vec::new();
    for framework in [ISO27001, ISO42001] {
        let figures = |all: &Assessed| Figures::of(framework, &all.assessments);
        let (now, earlier) = (figures(assessed), figures(&before));
        let move_of = |what: &str, now: usize, then: usize| format!("{what} {now} ({then} before)");
        let text = format!(
            "{framework}: of {} targets {}, {}, {}, {}, {}; {}.",
            now.targets,
            move_of("reviewed", now.reviewed, earlier.reviewed),
            move_of("full", now.full, earlier.full),
            move_of("partial", now.partial, earlier.partial),
            move_of("none", now.none, earlier.none),
            move_of("excluded", now.excluded, earlier.excluded),
            move_of("targets with evidence out of date or lost", now.stale, earlier.stale),
        );
        items.push(fact(text, source.clone()));
    }
    let made = |d: &&Decision| d.decided_on > then && d.verdict != Verdict::Defer;
    let recent = inputs.decisions.iter().filter(made).count();
    items.push(fact(
        format!("{recent} suggestions accepted or rejected since {then}."),
        "decisions",
    ));
    let overdue = actions.iter().filter(|a| a.is_overdue(inputs.as_of)).count();
    let open = actions.iter().filter(|a| !a.work.gone && a.status.is_open()).count();
    items.push(fact(
        format!("{open} actions open, {overdue} of them overdue."),
        "review/actions.csv",
    ));
    items
}

/// Counts of targets of one standard.
#[derive(Default)]
struct Figures {
    targets: usize,
    reviewed: usize,
    full: usize,
    partial: usize,
    none: usize,
    /// Controls that a person excluded.
    excluded: usize,
    stale: usize,
}

impl Figures {
    fn of(framework: &str, assessments: &[Assessment]) -> Self {
        let mut figures = Self::default();
        let own: Vec<&Assessment> =
            assessments.iter().filter(|a| a.framework == framework).collect();
        for rows in own.chunk_by(|a, b| a.target == b.target) {
            figures.targets += 1;
            let excluded =
                |r: &&Assessment| r.coverage_reasons.contains(&CoverageReason::NotApplicable);
            match roll_up(rows).0 {
                _ if rows.iter().all(excluded) => figures.excluded += 1,
                Coverage::Full => figures.full += 1,
                Coverage::Partial => figures.partial += 1,
                Coverage::None => figures.none += 1,
                Coverage::NotReviewed => {}
            }
            let stale = rows.iter().any(|r| {
                let has = |reason| r.coverage_reasons.contains(&reason);
                has(CoverageReason::Stale) || has(CoverageReason::EvidenceLost)
            });
            figures.stale += usize::from(stale);
        }
        figures.reviewed = figures.full + figures.partial + figures.none + figures.excluded;
        figures
    }
}

fn audit_items(programme: &AuditProgramme, as_of: Date) -> Vec<PackItem> {
    let internal = || programme.audits.iter().filter(|a| a.kind == Planned::InternalAudit);
    let told = |word: &str, audit: &Audit| {
        let auditor = match audit.said.auditor.trim() {
            "" => "no auditor named",
            name => name,
        };
        let text = format!(
            "{word}: {} ({}), {} to {}, {auditor}.",
            audit.title, audit.round, audit.from, audit.to
        );
        fact(text, format!("review/audit-programme.csv, {}", audit.id))
    };
    let done = internal().filter(|a| a.said.status == ActionStatus::Done).collect::<Vec<_>>();
    let dropped = internal().filter(|a| a.said.status == ActionStatus::Dropped);
    let late = internal().filter(|a| a.is_planned() && a.to < as_of);
    let ahead = internal().filter(|a| a.is_planned() && a.to >= as_of);
    let mut items: Vec<PackItem> =
        done.into_iter().rev().take(SHOWN).map(|a| told("Stated as done", a)).collect();
    items.extend(dropped.take(SHOWN).map(|a| told("Dropped", a)));
    items.extend(late.take(SHOWN).map(|a| match a.said.stated_on {
        Some(_) => told("Not done, its day has passed", a),
        None => told("Its day has passed, nobody stated anything", a),
    }));
    items.extend(ahead.take(3).map(|a| told("Planned", a)));
    items
}

/// What the register holds, and what positions link.
fn risk_items(assessed: &Assessed, register: &RiskRegister) -> Vec<PackItem> {
    let mut items = linked(assessed);
    if register.is_read() {
        let open: Vec<&RegisteredRisk> = register.risks.iter().filter(|r| !r.closed).collect();
        let count = |wanted: &dyn Fn(&RegisteredRisk) -> bool| {
            open.iter().filter(|risk| wanted(risk)).count()
        };
        let text = format!(
            "{} open risks in the register: {} high or critical, {} to be modified, {} without a \
             decided treatment, {} residual risks that nobody accepted.",
            open.len(),
            count(&|r| r.band >= Some(RiskBand::High)),
            count(&|r| r.option == Some(RiskOption::Modify)),
            count(&|r| r.option.is_none()),
            count(&|r| r.is_to_be_accepted() && r.accepted_by.is_empty()),
        );
        items.insert(0, fact(text, "review/risks.csv"));
    }
    items
}

fn linked(assessed: &Assessed) -> Vec<PackItem> {
    let positions = assessed.assessments.iter().filter_map(|row| row.position.as_ref());
    let mut risks: Vec<&str> = positions.flat_map(|p| &p.risk_ids).map(String::as_str).collect();
    risks.sort_unstable();
    risks.dedup();
    if risks.is_empty() {
        return vec![fact("No control is linked to a risk by a person.", "review/positions.csv")];
    }
    let text = format!("{} risks are linked to controls by people.", risks.len());
    vec![fact(text, "review/positions.csv")]
}

/// Work that serves both standards, in the order of the actions.
fn improvements(actions: &[Action]) -> Vec<PackItem> {
    let joint = actions.iter().filter(|a| {
        !a.work.gone && a.status.is_open() && a.is_joint() && !matches!(a.kind.as_str(), "decide")
    });
    let items = joint.take(SHOWN).map(|action| {
        let text = format!(
            "Serves {} targets of both standards, effort {}: {}",
            action.targets.len(),
            action.work.effort.as_str(),
            named(action)
        );
        fact(text, format!("action {}, derived from reviewed and open targets", action.id))
    });
    items.collect()
}

#[cfg(test)]
mod tests {
    use super::{super::testkit::*, super::*, *};

    fn pack(world: &World) -> ReviewPack {
        let (assessed, inputs) = (world.assess(), world.inputs());
        let programme = programme(&assessed, &inputs, AssumedStage2::first(world.as_of));
        review_pack(&assessed, &inputs, &actions(&assessed, &inputs), &programme)
    }

    #[test]
    fn every_topic_of_both_standards_is_there_and_says_when_nothing_is_accepted() {
        let world = World::new();
        let pack = pack(&world);
        let asked: std::collections::BTreeSet<&str> =
            pack.topics.iter().flat_map(|t| &t.asked_by).map(String::as_str).collect();
        for wanted in ["a", "b", "c", "d", "e", "f", "g"] {
            assert!(asked.contains(format!("ISO27001 9.3.2 {wanted}").as_str()), "{wanted}");
        }
        for wanted in ["a", "b", "c", "d", "e"] {
            assert!(asked.contains(format!("ISO42001 9.3.2 {wanted}").as_str()), "{wanted}");
        }
        for topic in &pack.topics {
            assert!(topic.items.iter().any(|i| i.text.starts_with("Nothing accepted")));
            assert!(topic.items.iter().all(|i| !i.source.is_empty() && !i.machine));
        }
        // Every target and point that a topic names exists.
        let catalog = world.inputs().catalog;
        for about in TOPICS.iter().flat_map(|(_, _, about)| *about) {
            let point: Option<PointId> = about.parse().ok();
            let target = point.as_ref().and_then(PointId::target).or_else(|| about.parse().ok());
            let target = catalog.get(&target.unwrap()).unwrap();
            assert!(point.is_none_or(|p| target.points.iter().any(|q| q.id == p)), "{about}");
        }
    }

    #[test]
    fn accepted_evidence_and_suggestions_stand_apart_and_trends_look_back() {
        let mut world = World::new();
        world.accept("ISO27001:4.1", "d1", "context.md").decided_on = date("2026-01-05");
        world.propose("ISO42001:4.1", "d1", "ai-context.md");
        world.accept("ISO27001:10.2", "o1", "log.md");
        let pack = pack(&world);
        let issues = &pack.topics[1];
        assert!(issues.items.iter().any(|i| !i.machine && i.source.contains("context.md")));
        let machine: Vec<_> = issues.items.iter().filter(|i| i.machine).collect();
        assert_eq!(machine.len(), 1);
        assert!(machine[0].source.contains("nobody decided"));
        assert!(!issues.items.iter().any(|i| i.text.starts_with("Nothing accepted")));
        // 4.1 was decided 90 days ago or more, 10.2 was not.
        let trend = &pack.topics[4].items[0].text;
        assert!(trend.contains("reviewed 2 (1 before)"), "{trend}");
        // A control that is excluded is reviewed, as everywhere else.
        let position = world.position("ISO27001:A.6.7", None);
        position.applicability = Some(crate::domain::Applicability::NotApplicable);
        let trend = &super::tests::pack(&world).topics[4].items[0].text;
        assert!(trend.contains("reviewed 3 (1 before)"), "{trend}");
        assert!(trend.contains("excluded 1 (0 before)"), "{trend}");
    }
}
