//! What the page gets as JSON. Its keys are read by `templates/desk/*.js` and by nothing else.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

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
    states: Vec<Word<'a>>,
    machine_views: Vec<Word<'a>>,
    assessed: Vec<Assessed<'a>>,
    shared: Shared<'a>,
    days: &'a [DeskDay],
    /// What the page's script says, by message id.
    words: BTreeMap<&'a str, Said<'a>>,
    /// The words of the review files: English, and the reader's.
    vocabulary: BTreeMap<&'static str, &'a str>,
    /// Every text of the rows once; rows name them by position.
    strings: Vec<Cow<'a, str>>,
}

/// A message of the page's script, in one form or in two: for one, and for several.
#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Always(&'a str),
    Counted([&'a str; 2]),
}

/// Numbers are positions in [`Data::strings`].
#[derive(Serialize)]
struct Row {
    /// The cells of suggestions.csv.
    c: Vec<u32>,
    /// In the list that a run writes.
    l: bool,
    /// The reasons as the reader is told them; the cell keeps the English ones.
    r: u32,
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
struct Word<'a> {
    slug: &'static str,
    label: &'a str,
    meaning: &'a str,
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
    known: HashMap<Cow<'a, str>, u32>,
    strings: Vec<Cow<'a, str>>,
}

impl<'a> Pool<'a> {
    fn put(&mut self, text: impl Into<Cow<'a, str>>) -> u32 {
        let text = text.into();
        if let Some(at) = self.known.get(&text) {
            return *at;
        }
        let at = self.strings.len() as u32;
        self.strings.push(text.clone());
        self.known.insert(text, at);
        at
    }
}

pub(super) fn of<'a>(view: &'a View<'a>) -> Data<'a> {
    let (report, w) = (view.report, view.words);
    let proposals: HashMap<&str, &Proposal> =
        report.proposals.iter().map(|p| (p.id.as_str(), p)).collect();
    let id = report.desk.columns.iter().position(|c| c == "proposal_id");
    let reasons = report.desk.columns.iter().position(|c| c == "reasons");
    let mut pool = Pool::default();
    pool.put("");
    let mut rows = Vec::with_capacity(report.desk.rows.len());
    for row in &report.desk.rows {
        let proposal =
            id.and_then(|at| row.cells.get(at)).and_then(|id| proposals.get(id.as_str()));
        rows.push(Row {
            c: row.cells.iter().map(|cell| pool.put(cell)).collect(),
            l: row.listed,
            r: reasons.and_then(|at| row.cells.get(at)).map_or(0, |cell| pool.put(w.said(cell))),
            before: pool.put(&row.before),
            after: pool.put(&row.after),
            hash: pool.put(proposal.map_or("", |p| p.document_hash.as_str())),
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
                reviewed: standard.share.sentence(w),
                groups: standard.groups.iter().map(|group| group.theme.as_str()).collect(),
            })
            .collect(),
        systems: report.systems.iter().map(|s| (s.id.as_str(), s.name.as_str(), s.ai)).collect(),
        states: State::ALL
            .map(|s| Word { slug: s.slug(), label: s.said(w), meaning: s.meaning(w) })
            .into(),
        machine_views: MACHINE_VIEWS
            .map(|v| Word {
                slug: v.as_str(),
                label: w.word(v.as_str()),
                meaning: super::super::text::machine_meaning(w, v),
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
        words: w
            .family("desk-")
            .into_iter()
            .map(|(id, forms)| {
                let same = forms.one == forms.other;
                let both = Said::Counted([&forms.one, &forms.other]);
                (id, if same { Said::Always(&forms.other) } else { both })
            })
            .collect(),
        vocabulary: w.vocabulary(),
        strings: pool.strings,
    }
}

fn target<'a>(view: &'a View<'a>, target: &'a crate::domain::Target) -> Target<'a> {
    Target {
        title: &target.title,
        framework: &target.framework,
        theme: view.words.word(&target.theme),
        level: target.level.as_str(),
        points: target
            .points
            .iter()
            .map(|p| (p.id.as_str(), p.kind.as_str(), p.sub_item.as_str(), p.text.as_str()))
            .collect(),
        counterparts: view.report.catalog.counterparts(&target.id),
    }
}
