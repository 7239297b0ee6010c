//! What the page gets as JSON. Its keys are read by `templates/desk/*.js` and by nothing else.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{
    super::view::{MACHINE_VIEWS, State, View},
    DeskDay,
    shared::{Shared, shared},
};
use crate::domain::{Proposal, TargetId};

#[derive(Serialize)]
pub(super) struct Data<'a> {
    organisation: &'a str,
    as_of: String,
    review_state: String,
    nothing_reviewed: bool,
    particulars: Vec<(&'static str, String)>,
    columns: &'a [String],
    rows: Vec<Row>,
    left_out: usize,
    reviewers: &'a [String],
    targets: BTreeMap<&'a str, Target<'a>>,
    standards: Vec<Standard<'a>>,
    systems: Vec<(&'a str, &'a str, bool)>,
    states: Vec<Word>,
    machine_views: Vec<Word>,
    assessed: Vec<Assessed<'a>>,
    shared: Shared<'a>,
    days: &'a [DeskDay],
    /// Every text of the rows once; rows name them by position.
    strings: Vec<&'a str>,
}

/// Numbers are positions in [`Data::strings`].
#[derive(Serialize)]
struct Row {
    /// The cells of suggestions.csv.
    c: Vec<u32>,
    /// In the list that a run writes.
    l: bool,
    before: u32,
    after: u32,
    hash: u32,
    heading: u32,
    /// Other documents with the same text.
    n: Vec<u32>,
    /// Targets that the machine names as well.
    f: Vec<u32>,
}

#[derive(Serialize)]
struct Target<'a> {
    title: &'a str,
    framework: &'a str,
    theme: &'a str,
    level: &'static str,
    /// Id, design or operation, sub-item, text.
    points: Vec<(&'a str, &'static str, &'a str, &'a str)>,
    /// Targets of the other standard that a published pairing names.
    counterparts: Vec<TargetId>,
}

#[derive(Serialize)]
struct Standard<'a> {
    id: &'a str,
    name: &'a str,
    reviewed: String,
    groups: Vec<&'a str>,
}

#[derive(Serialize)]
struct Word {
    slug: &'static str,
    label: String,
    meaning: &'static str,
}

#[derive(Serialize)]
struct Assessed<'a> {
    target: &'a str,
    system: Option<&'a str>,
    state: &'static str,
    machine: &'static str,
}

/// Gives each text its position.
#[derive(Default)]
struct Pool<'a> {
    known: HashMap<&'a str, u32>,
    strings: Vec<&'a str>,
}

impl<'a> Pool<'a> {
    fn put(&mut self, text: &'a str) -> u32 {
        *self.known.entry(text).or_insert_with(|| {
            self.strings.push(text);
            (self.strings.len() - 1) as u32
        })
    }
}

pub(super) fn of<'a>(view: &'a View<'a>) -> Data<'a> {
    let report = view.report;
    let proposals: HashMap<&str, &Proposal> =
        report.proposals.iter().map(|p| (p.id.as_str(), p)).collect();
    let id = report.desk.columns.iter().position(|c| c == "proposal_id");
    let mut pool = Pool::default();
    pool.put("");
    let mut rows = Vec::with_capacity(report.desk.rows.len());
    for row in &report.desk.rows {
        let proposal =
            id.and_then(|at| row.cells.get(at)).and_then(|id| proposals.get(id.as_str()));
        rows.push(Row {
            c: row.cells.iter().map(|cell| pool.put(cell)).collect(),
            l: row.listed,
            before: pool.put(&row.before),
            after: pool.put(&row.after),
            hash: pool.put(proposal.map_or("", |p| &p.document_hash)),
            heading: pool.put(proposal.and_then(|p| p.heading.last()).map_or("", String::as_str)),
            n: proposal
                .map(|p| p.also_in.iter().map(|d| pool.put(d)).collect())
                .unwrap_or_default(),
            f: proposal
                .map(|p| p.also_for.iter().map(|t| pool.put(t.as_str())).collect())
                .unwrap_or_default(),
        });
    }
    Data {
        organisation: &report.organisation,
        as_of: report.as_of.to_string(),
        review_state: view.review_state(),
        nothing_reviewed: view.nothing_reviewed(),
        particulars: view.particulars(),
        columns: &report.desk.columns,
        rows,
        left_out: report.desk.left_out,
        reviewers: &report.desk.reviewers,
        targets: report.catalog.targets().map(|t| (t.id.as_str(), target(view, t))).collect(),
        standards: view
            .standards
            .iter()
            .map(|standard| Standard {
                id: &standard.id,
                name: &standard.name,
                reviewed: standard.share.sentence(),
                groups: standard.groups.iter().map(|group| group.theme.as_str()).collect(),
            })
            .collect(),
        systems: report.systems.iter().map(|s| (s.id.as_str(), s.name.as_str(), s.ai)).collect(),
        states: State::ALL
            .map(|s| Word { slug: s.slug(), label: s.label().to_owned(), meaning: s.meaning() })
            .into(),
        machine_views: MACHINE_VIEWS
            .map(|v| Word {
                slug: v.as_str(),
                label: v.as_str().replace('-', " "),
                meaning: super::super::text::machine_meaning(v),
            })
            .into(),
        assessed: view
            .rows
            .iter()
            .map(|row| Assessed {
                target: row.assessment.target.as_str(),
                system: row.assessment.system.as_deref(),
                state: row.state.slug(),
                machine: row.assessment.view.machine_view.as_str(),
            })
            .collect(),
        shared: shared(view),
        days: &report.desk.days,
        strings: pool.strings,
    }
}

fn target<'a>(view: &View<'a>, target: &'a crate::domain::Target) -> Target<'a> {
    Target {
        title: &target.title,
        framework: &target.framework,
        theme: &target.theme,
        level: target.level.as_str(),
        points: target
            .points
            .iter()
            .map(|p| (p.id.as_str(), p.kind.as_str(), p.sub_item.as_str(), p.text.as_str()))
            .collect(),
        counterparts: view.report.catalog.counterparts(&target.id),
    }
}
