//! The view model that all formats share: rows in reading order, groups, and counts of rows.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::domain::{
    Action, Assessment, Band, Coverage, CoverageReason, Date, Evidence, ExtractStatus, MachineView,
    Proposal, ProposalId, TargetId, Verdict,
};

/// What a row shows as its coverage. Finer than [`Coverage`], so that an assertion or an exclusion
/// is never counted as evidence or as a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Full,
    Partial,
    None,
    Asserted,
    NotApplicable,
    NotReviewed,
}

impl State {
    pub(super) const ALL: [Self; 6] = [
        Self::Full,
        Self::Partial,
        Self::None,
        Self::Asserted,
        Self::NotApplicable,
        Self::NotReviewed,
    ];

    pub(super) fn of(coverage: Coverage, reasons: &[CoverageReason]) -> Self {
        if reasons.contains(&CoverageReason::NotApplicable) {
            Self::NotApplicable
        } else if reasons.contains(&CoverageReason::OverrideAsserted) {
            Self::Asserted
        } else {
            match coverage {
                Coverage::Full => Self::Full,
                Coverage::Partial => Self::Partial,
                Coverage::None => Self::None,
                Coverage::NotReviewed => Self::NotReviewed,
            }
        }
    }

    /// The words on the page.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
            Self::Asserted => "asserted",
            Self::NotApplicable => "not applicable",
            Self::NotReviewed => "not reviewed",
        }
    }

    /// What the words mean, for legends.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Full => "accepted evidence on every required point",
            Self::Partial => "accepted evidence on some points, or with a limit named in the row",
            Self::None => "a person looked: no evidence accepted",
            Self::Asserted => "a person asserts more than the evidence shows; counted apart",
            Self::NotApplicable => "a person excluded the control",
            Self::NotReviewed => "no decision by a person yet",
        }
    }

    /// Short name for style sheets.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
            Self::Asserted => "asserted",
            Self::NotApplicable => "excluded",
            Self::NotReviewed => "open",
        }
    }
}

pub(super) const MACHINE_VIEWS: [MachineView; 3] =
    [MachineView::LikelyEvidence, MachineView::Unsure, MachineView::LikelyGap];

/// Counts of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: usize,
    states: [usize; 6],
    machine: [usize; 3],
    /// Accepted evidence.
    pub(super) evidence: usize,
    /// Of it, what asks for reconfirmation.
    pub(super) reconfirm: usize,
    /// Of it, what was accepted in a block without comment or correction.
    pub(super) in_block: usize,
    /// Accepted by somebody, but in conflict or waiting for a second person.
    pub(super) unsettled: usize,
    /// Undecided proposals in bands strong and likely.
    pub(super) pending: usize,
}

impl Tally {
    pub(super) fn of<'r, 'a: 'r>(rows: impl IntoIterator<Item = &'r Row<'a>>) -> Self {
        let mut tally = Self::default();
        for row in rows {
            tally.rows += 1;
            tally.states[row.state as usize] += 1;
            tally.machine[machine_index(row.assessment.view.machine_view)] += 1;
            let evidence = &row.assessment.evidence;
            tally.evidence += evidence.len();
            tally.reconfirm += evidence.iter().filter(|e| e.reconfirm.is_some()).count();
            tally.in_block += evidence.iter().filter(|e| e.block > 0).count();
            tally.unsettled += row.assessment.unsettled.len();
            tally.pending += row.assessment.pending as usize;
        }
        tally
    }

    pub(super) fn state(&self, state: State) -> usize {
        self.states[state as usize]
    }

    pub(super) fn machine(&self, view: MachineView) -> usize {
        self.machine[machine_index(view)]
    }
}

fn machine_index(view: MachineView) -> usize {
    MACHINE_VIEWS.iter().position(|v| *v == view).unwrap_or(0)
}

/// How many targets people have looked at. A target with a row per system counts when all its rows
/// are reviewed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) reviewed: usize,
    pub(super) targets: usize,
}

impl Share {
    fn of<'r, 'a: 'r>(rows: impl IntoIterator<Item = &'r Row<'a>>) -> Self {
        let mut targets: BTreeMap<&TargetId, bool> = BTreeMap::new();
        for row in rows {
            *targets.entry(&row.assessment.target).or_insert(true) &=
                row.state != State::NotReviewed;
        }
        Self { reviewed: targets.values().filter(|r| **r).count(), targets: targets.len() }
    }

    pub(super) fn sentence(self) -> String {
        format!("{} of {} targets reviewed", self.reviewed, self.targets)
    }
}

/// One assessment with what stands beside it.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) assessment: &'a Assessment,
    pub(super) state: State,
    /// Proposals that nobody accepted or rejected, best first.
    pub(super) open: Vec<&'a Proposal>,
}

impl Row<'_> {
    pub(super) fn reasons(&self) -> String {
        super::text::join(self.assessment.coverage_reasons.iter().map(CoverageReason::as_str), "; ")
    }

    /// Points with accepted evidence, and all points.
    pub(super) fn points(&self) -> (usize, usize) {
        let points = &self.assessment.points;
        (points.iter().filter(|p| p.covered).count(), points.len())
    }

    /// Open proposals in the band `possible`, which don't count as pending.
    pub(super) fn possible(&self) -> usize {
        self.open.iter().filter(|p| p.band == Band::Possible).count()
    }
}

/// The rows of one clause or theme.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) theme: String,
    pub(super) tally: Tally,
}

/// The rows of one standard.
#[derive(Debug)]
pub(super) struct Standard {
    pub(super) id: String,
    /// Full name, for example `ISO/IEC 27001:2022`.
    pub(super) name: String,
    pub(super) tally: Tally,
    pub(super) share: Share,
    /// In reading order.
    pub(super) groups: Vec<Group>,
}

/// What all formats are made from.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) report: &'a Report<'a>,
    /// In reading order: standard, clause or control, system.
    pub(super) rows: Vec<Row<'a>>,
    pub(super) standards: Vec<Standard>,
    pub(super) tally: Tally,
    pub(super) share: Share,
    /// Labels of the documents that bear one, by path.
    labels: BTreeMap<&'a str, &'a str>,
}

impl<'a> View<'a> {
    pub(super) fn new(report: &'a Report<'a>) -> Self {
        let mut open = open_proposals(report);
        let mut assessments: Vec<&Assessment> = report.assessments.iter().collect();
        assessments.sort_by(|a, b| (&a.target, &a.system).cmp(&(&b.target, &b.system)));
        let rows: Vec<Row<'_>> = assessments
            .into_iter()
            .map(|assessment| Row {
                state: State::of(assessment.coverage, &assessment.coverage_reasons),
                open: open
                    .remove(&(&assessment.target, assessment.system.as_deref()))
                    .unwrap_or_default(),
                assessment,
            })
            .collect();
        let frameworks: BTreeSet<&str> =
            rows.iter().map(|row| row.assessment.framework.as_str()).collect();
        let standards = frameworks.into_iter().map(|id| standard(report, &rows, id)).collect();
        let (tally, share) = (Tally::of(&rows), Share::of(&rows));
        Self { report, standards, tally, share, rows, labels: super::labels(&report.documents) }
    }

    /// The classification of a document, as it states it; empty if it states none.
    pub(super) fn label_of(&self, document: &str) -> &'a str {
        self.labels.get(document).copied().unwrap_or_default()
    }

    /// Rows of one standard, in reading order.
    pub(super) fn rows_of<'r>(&'r self, framework: &'r str) -> impl Iterator<Item = &'r Row<'a>> {
        self.rows.iter().filter(move |row| row.assessment.framework == framework)
    }

    /// Rows of one target, one a system.
    pub(super) fn rows_for(&self, target: &TargetId) -> &[Row<'a>] {
        let start = self.rows.partition_point(|row| row.assessment.target < *target);
        let len = self.rows[start..].partition_point(|row| row.assessment.target == *target);
        &self.rows[start..start + len]
    }

    /// True while no row stands on a person's decision.
    pub(super) fn nothing_reviewed(&self) -> bool {
        self.tally.state(State::NotReviewed) == self.tally.rows
    }

    /// The sentence that every report carries on its face.
    pub(super) fn review_state(&self) -> String {
        if self.nothing_reviewed() {
            super::NOTHING_REVIEWED.to_owned()
        } else {
            self.share.sentence()
        }
    }

    /// For CSV, where every row must carry its own context.
    pub(super) fn basis(&self) -> String {
        let mut basis = format!(
            "Evimap points {}, not the text of the standard; {}",
            self.report.catalog_version,
            self.share.sentence()
        );
        if !self.report.classification.trim().is_empty() {
            basis.push_str(&format!("; classification: {}", self.report.classification));
        }
        basis
    }

    /// All accepted evidence with its row, in reading order.
    pub(super) fn evidence(&self) -> impl Iterator<Item = (&Row<'a>, &'a Evidence)> {
        self.rows.iter().flat_map(|row| {
            let evidence = &row.assessment.evidence;
            evidence.iter().map(move |evidence| (row, evidence))
        })
    }

    /// The head of the ledger that the report rests on; empty while nothing is decided.
    pub(super) fn ledger_head(&self) -> &str {
        self.report.ledger_head.as_deref().unwrap_or_default()
    }

    /// What the reports say about themselves: label and text, in order.
    pub(super) fn particulars(&self) -> Vec<(&'static str, String)> {
        let report = self.report;
        vec![
            ("Organisation", or(&report.organisation, "not named in evimap.toml")),
            ("Classification", or(&report.classification, "OPEN: no label in evimap.toml")),
            ("As of", report.as_of.to_string()),
            ("Reviewed", self.share.sentence()),
            ("Catalogue", format!("Evimap points {}", report.catalog_version)),
            ("Program", format!("evimap {}", report.program_version)),
            (
                "Ledger head",
                report.ledger_head.clone().unwrap_or_else(|| "no decisions yet".to_owned()),
            ),
            ("Sources", or(&report.inputs, "not recorded")),
        ]
    }

    /// What became of the documents, in words, with counts.
    pub(super) fn reading(&self) -> Vec<(String, usize)> {
        let mut by_status: BTreeMap<ExtractStatus, usize> = BTreeMap::new();
        for row in &self.report.documents {
            *by_status.entry(row.status).or_default() += 1;
        }
        let line = |(status, count): (ExtractStatus, usize)| {
            let words = match status {
                ExtractStatus::Ok => "Documents with text",
                ExtractStatus::NoText => "Documents without text (for example scans)",
                ExtractStatus::Encrypted => "Documents that need a password",
                ExtractStatus::Unsupported => "Files of a kind that is not read",
                ExtractStatus::Failed => "Documents that could not be read",
            };
            (words.to_owned(), count)
        };
        let mut lines: Vec<_> = by_status.into_iter().map(line).collect();
        lines.push(("Accepted pieces of evidence".to_owned(), self.tally.evidence));
        for (words, count) in [
            ("- accepted in a block without comment or correction", self.tally.in_block),
            ("- to be reconfirmed", self.tally.reconfirm),
            ("Accepted, but in conflict or waiting for a second person", self.tally.unsettled),
        ] {
            if count > 0 {
                lines.push((words.to_owned(), count));
            }
        }
        lines.push(("Proposals in the ranking".to_owned(), self.report.proposals.len()));
        lines.push(("Proposals pending".to_owned(), self.tally.pending));
        lines
    }

    /// Scope statement of a framework, for people.
    pub(super) fn scope(&self, framework: &str) -> String {
        or(self.report.scope.get(framework).map_or("", String::as_str), "OPEN: no scope statement")
    }

    /// Names of the systems in scope, for people.
    pub(super) fn systems(&self) -> Vec<String> {
        self.report
            .systems
            .iter()
            .map(|system| {
                let kind = if system.ai { ", AI" } else { "" };
                let roles = if system.roles.is_empty() {
                    String::new()
                } else {
                    format!(", {}", system.roles.join(" and "))
                };
                format!("{} ({}{kind}{roles})", system.name, system.id)
            })
            .collect()
    }
}

fn or(text: &str, otherwise: &str) -> String {
    if text.trim().is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

type Key<'a> = (&'a TargetId, Option<&'a str>);

fn open_proposals<'a>(report: &'a Report<'_>) -> BTreeMap<Key<'a>, Vec<&'a Proposal>> {
    let accepted: BTreeSet<(&ProposalId, Key<'_>)> = report
        .assessments
        .iter()
        .flat_map(|a| {
            let key = (&a.target, a.system.as_deref());
            a.evidence.iter().map(move |evidence| (&evidence.proposal_id, key))
        })
        .collect();
    let mut open: BTreeMap<Key<'_>, Vec<&Proposal>> = BTreeMap::new();
    for proposal in &report.proposals {
        let key = (&proposal.target, proposal.system.as_deref());
        let decided =
            matches!(report.verdicts.get(&proposal.id), Some(Verdict::Accept | Verdict::Reject));
        if !decided && !accepted.contains(&(&proposal.id, key)) {
            open.entry(key).or_default().push(proposal);
        }
    }
    for proposals in open.values_mut() {
        proposals.sort_by(|a, b| (a.rank, &a.id, &a.document).cmp(&(b.rank, &b.id, &b.document)));
    }
    open
}

fn standard(report: &Report<'_>, rows: &[Row<'_>], id: &str) -> Standard {
    let own: Vec<&Row<'_>> = rows.iter().filter(|r| r.assessment.framework == id).collect();
    let mut themes: Vec<&str> = Vec::new();
    for row in &own {
        if !themes.contains(&row.assessment.theme.as_str()) {
            themes.push(&row.assessment.theme);
        }
    }
    let groups = themes
        .into_iter()
        .map(|theme| Group {
            theme: theme.to_owned(),
            tally: Tally::of(own.iter().copied().filter(|r| r.assessment.theme == theme)),
        })
        .collect();
    Standard {
        id: id.to_owned(),
        name: report.catalog.framework_name(id).to_owned(),
        tally: Tally::of(own.iter().copied()),
        share: Share::of(own.iter().copied()),
        groups,
    }
}

/// The latest date of a row's accepted evidence.
pub(super) fn latest(evidence: &[Evidence]) -> Option<Date> {
    evidence.iter().filter_map(|e| e.date).max()
}

/// Actions in their order: shared first.
pub(super) fn actions<'a>(report: &'a Report<'_>) -> Vec<&'a Action> {
    let mut actions: Vec<&Action> = report.actions.iter().collect();
    actions.sort_by(|a, b| a.order(b));
    actions
}
