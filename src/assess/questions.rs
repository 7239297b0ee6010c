//! What asks again, although it is decided: for the next `suggestions.csv`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Assessed, Inputs,
    evidence::{self, Held, Search},
    rows::Ledger,
    settle::said,
};
use crate::domain::{
    Cited, Date, Decision, Proposal, ProposalId, Question, QuestionKind, TargetId,
    letters_and_digits,
};

/// Everything that asks again, by the id of its row. What is lost asks nothing: other evidence is
/// wanted, not another look.
pub fn questions(assessed: &Assessed, inputs: &Inputs<'_>) -> BTreeMap<ProposalId, Question> {
    let ledger = Ledger::read(inputs);
    let search = Search::new(inputs);
    let mut found = BTreeMap::new();
    for open in &ledger.open {
        let held = search.look_up(open.decision);
        let (kind, text) = match &held.changed {
            // An answer on the new state settles what was said of the old one.
            Some(changed) => (QuestionKind::Reconfirm, format!("{changed}; {}", open.text())),
            None => (open.kind, open.why.clone()),
        };
        ask(kind, &text, &held, inputs, &mut found);
    }
    let overdue = overdue(assessed);
    // It is the document that has grown old: one row for a target, however many of its quotes
    // were accepted, and one answer.
    let mut old: BTreeMap<(&TargetId, &str), Vec<&Held<'_>>> = BTreeMap::new();
    let all = evidence::hold(inputs, &ledger);
    for held in &all {
        let decision = held.decision;
        if let Some(changed) = changes(held, inputs) {
            let text = format!("{changed} ({})", said(decision));
            ask(QuestionKind::Reconfirm, &text, held, inputs, &mut found);
        } else if overdue.contains_key(&decision.proposal_id) {
            old.entry((&decision.target, held.document)).or_default().push(held);
        }
    }
    for quotes in old.into_values() {
        let until = |held: &Held<'_>| overdue[&held.decision.proposal_id];
        if quotes.iter().any(|held| held.decision.decided_on > until(held)) {
            continue;
        }
        let Some((first, more)) = quotes.split_first() else { continue };
        let more = match more.len() {
            0 => String::new(),
            1 => ", and another quote of the document".to_owned(),
            n => format!(", and {n} more quotes of the document"),
        };
        let text = format!(
            "next one overdue since {} ({}{more}); accept newer evidence for the point, or correct \
             evidence_date",
            until(first),
            said(first.decision)
        );
        ask(QuestionKind::Stale, &text, first, inputs, &mut found);
    }
    found
}

/// What changed, a point that left the catalogue included: entries of older versions don't hold
/// how their points read.
fn changes(held: &Held<'_>, inputs: &Inputs<'_>) -> Option<String> {
    let decision = held.decision;
    if held.lost.is_some() && held.rewritten.is_none() {
        return None;
    }
    let mut all: Vec<String> = held.changed.iter().cloned().collect();
    if decision.basis.is_none() {
        let points = inputs.catalog.get(&decision.target).map_or(&[][..], |t| &t.points);
        let gone = decision.points.iter().filter(|id| points.iter().all(|p| p.id != **id));
        all.extend(gone.map(|id| format!("{id} is no point any more")));
    }
    (!all.is_empty()).then(|| all.join("; "))
}

/// Evidence past its freshness, where nothing fresher covers the point.
fn overdue(assessed: &Assessed) -> BTreeMap<ProposalId, Date> {
    let mut found = BTreeMap::new();
    for row in &assessed.assessments {
        let open: BTreeSet<_> =
            row.points.iter().filter(|p| !p.covered).map(|p| &p.point).collect();
        for piece in row.evidence.iter().filter(|e| e.stale && !e.lost) {
            if let Some(until) = piece.fresh_until
                && piece.points.iter().any(|point| open.contains(point))
            {
                found.insert(piece.proposal_id.clone(), until);
            }
        }
    }
    found
}

fn ask(
    kind: QuestionKind,
    text: &str,
    held: &Held<'_>,
    inputs: &Inputs<'_>,
    found: &mut BTreeMap<ProposalId, Question>,
) {
    if held.lost.is_some() && held.rewritten.is_none() {
        return;
    }
    let text = format!("{}: {text}", kind.as_str());
    let decision = held.decision;
    let hash = held.state.map_or(&decision.document_hash, |state| &state.hash);
    let mut now = Cited {
        id: decision.proposal_id.clone(),
        document: held.document.to_owned(),
        document_hash: hash.clone(),
        document_status: held.state.map_or(held.status, |state| state.profile.status),
        locator: held.locator.clone(),
        quote: decision.quote.clone(),
    };
    let mut replaces = Vec::new();
    if let Some(new) = &held.rewritten {
        let home = if held.lost.is_some() { held.document } else { &decision.document };
        let proposal = proposal_on(decision, home, &new.quote, inputs);
        let quote = proposal.map_or(&new.quote, |p| &p.quote);
        let own = || ProposalId::derive(&decision.target, decision.system.as_deref(), quote);
        let id = proposal.map_or_else(own, |p| p.id.clone());
        if inputs.decisions.iter().any(|d| d.proposal_id == id) {
            // Somebody has decided on the words as they are now: what is left is lost.
            return;
        }
        replaces.push(decision.proposal_id.clone());
        now.id = id;
        now.quote.clone_from(quote);
        home.clone_into(&mut now.document);
        now.locator = Some(proposal.map_or(&new.locator, |p| &p.locator).clone());
        if let Some(state) = inputs.documents.get(home) {
            now.document_hash.clone_from(&state.hash);
            now.document_status = state.profile.status;
        }
    }
    found
        .entry(now.id.clone())
        // Two quotes that became one.
        .and_modify(|question| question.replaces.extend(replaces.iter().cloned()))
        .or_insert(Question { kind, text, decision: decision.clone(), now, replaces });
}

/// A proposal of this run on the words that took the place of the decided ones.
fn proposal_on<'a>(
    decision: &Decision,
    document: &str,
    quote: &str,
    inputs: &Inputs<'a>,
) -> Option<&'a Proposal> {
    let key = letters_and_digits(quote);
    let fits = |p: &&Proposal| {
        p.target == decision.target && p.system == decision.system && p.document == document && {
            let own = letters_and_digits(&p.quote);
            own.contains(&key) || key.contains(&own)
        }
    };
    inputs.proposals.iter().filter(fits).min_by_key(|p| (p.rank, p.id.clone()))
}

#[cfg(test)]
mod tests;
