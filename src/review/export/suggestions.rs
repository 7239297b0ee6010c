//! `suggestions.csv`: one row a proposal.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{columns::FileKind, table::Table},
    advice::Advice,
    date,
};
use crate::{
    catalog::Catalog,
    domain::{
        Band, Decision, Judgement, PointId, Proposal, ProposalId, Question, Stance, TargetId,
        Verdict, is_list_number, letters_and_digits,
    },
};

/// Rows that one point gets unless all are asked for. Evidence that was accepted counts, what was
/// rejected or deferred does not.
const PER_POINT: usize = 3;

/// A row with what it is sorted by: target, system, the judge's place and the rank.
type Listed<'a> = (&'a TargetId, Option<&'a str>, (u8, u32), Row<'a>);

/// Behind every proposal of its target.
const LAST: (u8, u32) = (u8::MAX, u32::MAX);

/// What people have decided so far.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The decision in force for each proposal.
    pub in_force: &'a BTreeMap<ProposalId, Decision>,
    /// What asks again, by the id of its row.
    pub questions: &'a BTreeMap<ProposalId, Question>,
    /// Accepted evidence that no longer stands.
    pub lost: &'a BTreeSet<ProposalId>,
}

/// The proposals that people should decide on, in catalogue order, the best of each target first:
/// by what the judge said ([`Stance::place`]), then by rank. The judge changes the order only: which
/// rows there are is settled by rank before.
///
/// Undecided ones of the bands strong and likely, at most three a point, and what asks again
/// ([`Question`]), undecided. `reasons` begin with `new` or with the kind of the question. With
/// `all`: every proposal and every decision, decided ones with what was decided.
pub fn export_suggestions(
    proposals: &[Proposal],
    decided: &Decided<'_>,
    advice: &Advice<'_>,
    catalog: &Catalog,
    all: bool,
) -> Table {
    let judged: BTreeMap<&ProposalId, &Judgement> =
        advice.judgements.iter().map(|j| (&j.proposal_id, j)).collect();
    let mut ranked: Vec<&Proposal> = proposals.iter().collect();
    ranked.sort_by(|a, b| {
        (&a.target, &a.system, a.rank, &a.id).cmp(&(&b.target, &b.system, b.rank, &b.id))
    });
    let mut seen = BTreeSet::new();
    ranked.retain(|p| seen.insert(&p.id));

    let (decisions, questions) = (decided.in_force, decided.questions);
    let mut quota = Quota::default();
    let stands = |d: &&Decision| !decided.lost.contains(&d.proposal_id);
    for decision in decisions.values().filter(|d| d.verdict == Verdict::Accept).filter(stands) {
        quota.take(&decision.target, decision.system.as_deref(), &decision.points);
    }
    let accepted = Accepted::new(decided);
    let mut rows: Vec<Listed<'_>> = Vec::new();
    for proposal in ranked {
        let decision = decisions.get(&proposal.id);
        let again = questions.get(&proposal.id);
        let wanted = match decision {
            _ if all => true,
            _ if again.is_some() => true,
            Some(_) => false,
            None => {
                proposal.band != Band::Possible
                    && !accepted.holds(proposal)
                    && quota.allows(proposal)
            }
        };
        if wanted {
            let judged = judged.get(&proposal.id).copied();
            let place = (Stance::place(judged.map(|j| j.verdict)), proposal.rank);
            let row = Row { proposal: Some(proposal), decision, again, judged };
            rows.push((&proposal.target, proposal.system.as_deref(), place, row));
        }
    }
    // Evidence added by hand or reused, what is no longer proposed, and words that have changed.
    for (_, question) in questions.iter().filter(|(id, _)| !seen.contains(id)) {
        let decision = &question.decision;
        let row =
            Row { proposal: None, decision: Some(decision), again: Some(question), judged: None };
        rows.push((&decision.target, decision.system.as_deref(), LAST, row));
    }
    if all {
        let shown = |d: &&Decision| {
            !seen.contains(&d.proposal_id) && !questions.contains_key(&d.proposal_id)
        };
        for decision in decisions.values().filter(shown) {
            let row = Row { proposal: None, decision: Some(decision), again: None, judged: None };
            rows.push((&decision.target, decision.system.as_deref(), LAST, row));
        }
    }
    rows.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));

    let mut table = Table::new(FileKind::Suggestions);
    for (_, _, _, row) in rows {
        row.write(&mut table, catalog, advice);
    }
    table
}

/// The letters of a quote, and the points that it was accepted for.
type Words<'a> = (String, &'a [PointId]);

/// Accepted words that stand. The same words cut otherwise, or with the list numbers that another
/// format shows, have another id; for the same points they tell nothing new.
struct Accepted<'a> {
    by_row: BTreeMap<(&'a TargetId, Option<&'a str>), Vec<Words<'a>>>,
}

impl<'a> Accepted<'a> {
    fn new(decided: &Decided<'a>) -> Self {
        let mut by_row: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for d in decided.in_force.values() {
            if d.verdict == Verdict::Accept && !decided.lost.contains(&d.proposal_id) {
                let words = (letters(&d.quote), d.points.as_slice());
                by_row.entry((&d.target, d.system.as_deref())).or_default().push(words);
            }
        }
        Self { by_row }
    }

    fn holds(&self, proposal: &Proposal) -> bool {
        let Some(all) = self.by_row.get(&(&proposal.target, proposal.system.as_deref())) else {
            return false;
        };
        let words = letters(&proposal.quote);
        all.iter().any(|(known, points)| {
            proposal.points.iter().all(|p| points.contains(p))
                && (known.contains(&words) || words.contains(known))
        })
    }
}

fn letters(quote: &str) -> String {
    let words = quote.split_whitespace().filter(|word| !is_list_number(word));
    words.map(letters_and_digits).collect()
}

/// Counts the rows that each point has, or each target for proposals without a point.
#[derive(Default)]
struct Quota {
    taken: BTreeMap<(String, Option<String>), usize>,
}

impl Quota {
    fn keys(
        target: &TargetId,
        system: Option<&str>,
        points: &[PointId],
    ) -> Vec<(String, Option<String>)> {
        let system = system.map(str::to_owned);
        if points.is_empty() {
            return vec![(target.to_string(), system)];
        }
        points.iter().map(|p| (p.to_string(), system.clone())).collect()
    }

    fn take(&mut self, target: &TargetId, system: Option<&str>, points: &[PointId]) {
        for key in Self::keys(target, system, points) {
            *self.taken.entry(key).or_default() += 1;
        }
    }

    /// Whether one of the points has room; takes the place if so.
    fn allows(&mut self, proposal: &Proposal) -> bool {
        let system = proposal.system.as_deref();
        let keys = Self::keys(&proposal.target, system, &proposal.points);
        let room = keys.iter().any(|k| self.taken.get(k).copied().unwrap_or(0) < PER_POINT);
        if room {
            self.take(&proposal.target, system, &proposal.points);
        }
        room
    }
}

/// One row: a proposal, what was decided on it, or both.
struct Row<'a> {
    proposal: Option<&'a Proposal>,
    decision: Option<&'a Decision>,
    again: Option<&'a Question>,
    judged: Option<&'a Judgement>,
}

impl Row<'_> {
    fn write(self, table: &mut Table, catalog: &Catalog, advice: &Advice<'_>) {
        let mut cells = BTreeMap::new();
        if let Some(proposal) = self.proposal {
            cells.extend(proposed(proposal));
        }
        if let Some(question) = self.again {
            cells.extend(asked(question));
        } else if let Some(decision) = self.decision {
            cells.extend(decided(decision, self.proposal.is_some()));
        }
        let Some((id, target, points)) = self
            .proposal
            .map(|p| (&p.id, &p.target, &p.points))
            .or_else(|| self.again.map(|q| (&q.now.id, &q.decision.target, &q.decision.points)))
            .or_else(|| self.decision.map(|d| (&d.proposal_id, &d.target, &d.points)))
        else {
            return;
        };
        let points =
            self.again.map(|q| &q.decision).or(self.decision).map_or(points, |d| &d.points);
        let joined = points.iter().map(PointId::as_str).collect::<Vec<_>>().join("; ");
        cells.insert("points", joined);
        if let Some(entry) = catalog.get(target) {
            cells.insert("title", entry.title.clone());
            cells.insert("level", entry.level.as_str().to_owned());
            let texts = entry.points.iter().filter(|p| points.contains(&p.id));
            let texts = texts.map(|p| format!("{}: {}", p.id.short(), p.text));
            cells.insert("point_text", texts.collect::<Vec<_>>().join(" | "));
        }
        if let Some(judgement) = self.judged {
            let system = self.proposal.and_then(|proposal| proposal.system.as_deref());
            cells.insert("judge", advice.cell(judgement, target, system));
        }
        let first = match (self.again, self.decision) {
            (Some(question), _) => Some(question.text.as_str()),
            (None, None) => Some("new"),
            (None, Some(_)) => None,
        };
        if let Some(first) = first {
            let reasons = cells.entry("reasons").or_default();
            *reasons =
                if reasons.is_empty() { first.to_owned() } else { format!("{first}; {reasons}") };
        }
        table.push(id.to_string(), cells);
    }
}

fn proposed(proposal: &Proposal) -> BTreeMap<&'static str, String> {
    let mut reasons = proposal.reasons.clone();
    if !proposal.also_in.is_empty() {
        reasons.push(format!("same text in {}", proposal.also_in.join(", ")));
    }
    if !proposal.also_for.is_empty() {
        // A machine's word must not be imported as a person's, so `also_for` itself stays blank.
        let targets: Vec<&str> = proposal.also_for.iter().map(TargetId::as_str).collect();
        reasons.push(format!("could also serve {}", targets.join(", ")));
    }
    BTreeMap::from([
        ("proposal_id", proposal.id.to_string()),
        ("target", proposal.target.to_string()),
        ("system", proposal.system.clone().unwrap_or_default()),
        ("document", proposal.document.clone()),
        ("document_status", proposal.document_status.as_str().to_owned()),
        ("locator", proposal.locator.to_string()),
        ("quote", proposal.quote.clone()),
        ("evidence_kind", proposal.evidence_kind.as_str().to_owned()),
        ("evidence_type", proposal.evidence_type.as_str().to_owned()),
        ("evidence_date", date(proposal.evidence_date)),
        ("confidence", format!("{:.3}", proposal.confidence)),
        ("band", proposal.band.as_str().to_owned()),
        ("reasons", reasons.join("; ")),
    ])
}

/// A row that asks again: what was decided, as it stands now, without the verdict.
fn asked(question: &Question) -> BTreeMap<&'static str, String> {
    let mut cells = decided(&question.decision, false);
    let now = &question.now;
    cells.extend([
        ("proposal_id", now.id.to_string()),
        ("document", now.document.clone()),
        ("document_status", now.document_status.as_str().to_owned()),
        ("locator", now.locator.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("quote", now.quote.clone()),
    ]);
    for column in ["decision", "reviewer", "decided_on", "comment"] {
        cells.remove(column);
    }
    cells
}

fn decided(decision: &Decision, proposed: bool) -> BTreeMap<&'static str, String> {
    let mut cells = BTreeMap::from([
        ("system", decision.system.clone().unwrap_or_default()),
        ("document_status", decision.document_status.as_str().to_owned()),
        ("evidence_kind", decision.evidence_kind.as_str().to_owned()),
        ("evidence_date", date(decision.evidence_date)),
        ("decision", decision.verdict.as_str().to_owned()),
        ("reviewer", decision.reviewer.clone()),
        ("decided_on", decision.decided_on.to_string()),
        ("comment", decision.comment.clone()),
    ]);
    if !proposed {
        cells.extend([
            ("proposal_id", decision.proposal_id.to_string()),
            ("target", decision.target.to_string()),
            ("document", decision.document.clone()),
            ("locator", decision.locator.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("quote", decision.quote.clone()),
            ("evidence_type", decision.evidence_type.as_str().to_owned()),
        ]);
    }
    cells
}
