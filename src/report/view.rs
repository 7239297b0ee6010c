//! The view model that all formats share: rows in reading order, groups, and counts of rows.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::{
    domain::{
        Action, Assessment, Band, Coverage, CoverageReason, Date, Evidence, ExtractStatus,
        Language, MachineView, Proposal, ProposalId, TargetId, Verdict,
    },
    words::Words,
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

    /// The word that machines read, and by which [`Words::word`] finds the one for people.
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
    pub(super) fn meaning(self, words: &Words) -> &str {
        words.text(match self {
            Self::Full => "meaning-full",
            Self::Partial => "meaning-partial",
            Self::None => "meaning-none",
            Self::Asserted => "meaning-asserted",
            Self::NotApplicable => "meaning-not-applicable",
            Self::NotReviewed => "meaning-not-reviewed",
        })
    }

    /// The word on the page.
    pub(super) fn said(self, words: &Words) -> &str {
        words.word(self.label())
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

    pub(super) fn sentence(self, words: &Words) -> String {
        let put = [("reviewed", self.reviewed.into()), ("targets", self.targets.into())];
        words.with("targets-reviewed", &put)
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
    pub(super) fn reasons(&self, words: &Words) -> String {
        reasons(words, &self.assessment.coverage_reasons)
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
    /// What it is told with.
    pub(super) words: &'static Words,
    /// Labels of the documents that bear one, by path.
    labels: BTreeMap<&'a str, &'a str>,
}

impl<'a> View<'a> {
    /// As the report is to be told.
    #[cfg(test)]
    pub(super) fn new(report: &'a Report<'a>) -> Self {
        Self::told(report, report.language)
    }

    pub(super) fn told(report: &'a Report<'a>, language: Language) -> Self {
        let words = Words::of(language);
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
        let labels = super::labels(&report.documents);
        Self { report, standards, tally, share, rows, words, labels }
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
            self.words.text("nothing-reviewed").to_owned()
        } else {
            self.share.sentence(self.words)
        }
    }

    /// For CSV, where every row must carry its own context.
    pub(super) fn basis(&self) -> String {
        let mut basis = format!(
            "Evimap points {}, not the text of the standard; {}",
            self.report.catalog_version,
            self.share.sentence(self.words)
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
        let (report, w) = (self.report, self.words);
        vec![
            (w.text("fact-organisation"), or(&report.organisation, w.text("organisation-open"))),
            (w.text("fact-classification"), or(&report.classification, w.text("label-open"))),
            (w.text("fact-as-of"), report.as_of.to_string()),
            (w.text("fact-reviewed"), self.share.sentence(w)),
            (
                w.text("fact-catalogue"),
                w.with("evimap-points", &[("version", (&report.catalog_version).into())]),
            ),
            (w.text("fact-program"), format!("evimap {}", report.program_version)),
            (
                w.text("fact-ledger-head"),
                report.ledger_head.clone().unwrap_or_else(|| w.text("no-decisions").to_owned()),
            ),
            (w.text("fact-sources"), or(&report.inputs, w.text("not-recorded"))),
        ]
    }

    /// What became of the documents, in words, with counts.
    pub(super) fn reading(&self) -> Vec<(String, usize)> {
        let w = self.words;
        let mut by_status: BTreeMap<ExtractStatus, usize> = BTreeMap::new();
        for row in &self.report.documents {
            *by_status.entry(row.status).or_default() += 1;
        }
        let line = |(status, count): (ExtractStatus, usize)| {
            let id = match status {
                ExtractStatus::Ok => "read-ok",
                ExtractStatus::NoText => "read-no-text",
                ExtractStatus::Encrypted => "read-encrypted",
                ExtractStatus::Unsupported => "read-unsupported",
                ExtractStatus::Failed => "read-failed",
            };
            (w.text(id).to_owned(), count)
        };
        let mut lines: Vec<_> = by_status.into_iter().map(line).collect();
        lines.push((w.text("read-accepted").to_owned(), self.tally.evidence));
        for (id, count) in [
            ("read-in-block", self.tally.in_block),
            ("read-reconfirm", self.tally.reconfirm),
            ("read-unsettled", self.tally.unsettled),
        ] {
            if count > 0 {
                lines.push((w.text(id).to_owned(), count));
            }
        }
        lines.push((w.text("read-ranking").to_owned(), self.report.proposals.len()));
        lines.push((w.text("read-pending").to_owned(), self.tally.pending));
        lines
    }

    /// Scope statement of a framework, for people.
    pub(super) fn scope(&self, framework: &str) -> String {
        or(
            self.report.scope.get(framework).map_or("", String::as_str),
            self.words.text("scope-open"),
        )
    }

    /// Names of the systems in scope, for people.
    pub(super) fn systems(&self) -> Vec<String> {
        let w = self.words;
        self.report
            .systems
            .iter()
            .map(|system| {
                let kind = if system.ai { w.text("system-ai") } else { "" };
                let kind = if kind.is_empty() { String::new() } else { format!(", {kind}") };
                let roles = if system.roles.is_empty() {
                    String::new()
                } else {
                    format!(", {}", system.roles.join(&format!(" {} ", w.text("and"))))
                };
                format!("{} ({}{kind}{roles})", system.name, system.id)
            })
            .collect()
    }
}

/// Why coverage is what it is, for people.
pub(super) fn reasons(words: &Words, reasons: &[CoverageReason]) -> String {
    super::text::join(reasons.iter().map(|reason| words.word(reason.as_str())), "; ")
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
