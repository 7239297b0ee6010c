//! Several rows on one proposal, and new decisions against the one in force.

use std::collections::BTreeMap;

use super::{
    super::{Context, problems::Problems, same_name},
    changes::{Candidate, Ledger},
};
use crate::{diag::Diagnostic, domain::ProposalId};

/// Keeps one candidate for each proposal and person. Between people who differ, the lead has the
/// last word; without one the file has to be settled first.
pub(super) fn settle(
    candidates: Vec<Candidate>,
    context: &Context<'_>,
    problems: &mut Problems,
) -> Vec<Candidate> {
    let mut groups: BTreeMap<ProposalId, Vec<Candidate>> = BTreeMap::new();
    let mut order = Vec::new();
    for candidate in candidates {
        let id = candidate.decision.proposal_id.clone();
        let group = groups.entry(id.clone()).or_insert_with(|| {
            order.push(id);
            Vec::new()
        });
        let twice = group
            .iter()
            .position(|c| same_name(&c.decision.reviewer, &candidate.decision.reviewer));
        match twice {
            None => group.push(candidate),
            Some(at) => merge(&mut group[at], candidate, problems),
        }
    }
    let mut settled = Vec::new();
    for mut group in order.iter().filter_map(|id| groups.remove(id)) {
        let verdict = group[0].decision.verdict;
        if group.iter().any(|c| c.decision.verdict != verdict) {
            let leads = group.iter().filter(|c| context.is_lead(&c.decision.reviewer)).count();
            report(&group, leads, context, problems);
        }
        group.sort_by_key(|c| context.is_lead(&c.decision.reviewer));
        settled.extend(group);
    }
    settled
}

/// A second row of the same person on the same proposal.
fn merge(kept: &mut Candidate, other: Candidate, problems: &mut Problems) {
    let agree = kept.decision.verdict == other.decision.verdict;
    let same = if kept.derived || other.derived { agree } else { kept.says(&other.decision) };
    if same {
        if kept.derived && !other.derived {
            *kept = other;
        }
        return;
    }
    let (one, two) = (&kept.decision, &other.decision);
    problems.extend([Diagnostic::error(
        "review-duplicate",
        format!(
            "{} decides {} on {} ({}), and in row {} {}{}",
            two.reviewer,
            two.verdict.as_str(),
            two.proposal_id,
            two.target,
            one.provenance.row,
            one.verdict.as_str(),
            if agree { " with other details" } else { "" }
        ),
    )
    .in_file(&two.provenance.file)
    .on_line(two.provenance.row)
    .in_column("decision")
    .help("keep one of the two rows")]);
}

fn report(group: &[Candidate], leads: usize, context: &Context<'_>, problems: &mut Problems) {
    let views: Vec<String> = group
        .iter()
        .map(|c| &c.decision)
        .map(|d| format!("{} {} in row {}", d.reviewer, d.verdict.as_str(), d.provenance.row))
        .collect();
    let last = &group[group.len() - 1].decision;
    let message = format!("people differ on {}: {}", last.proposal_id, views.join(", "));
    let lead = group.iter().find(|c| context.is_lead(&c.decision.reviewer));
    let diagnostic = match lead {
        Some(lead) if leads == 1 => Diagnostic::note("review-conflict", message)
            .help(format!("the decision of the lead, {}, holds", lead.decision.reviewer)),
        _ => Diagnostic::error("review-conflict", message)
            .help("agree on one, or let a reviewer with `lead = true` settle it"),
    };
    problems.extend([diagnostic
        .in_file(&last.provenance.file)
        .on_line(last.provenance.row)
        .in_column("decision")]);
}

/// Tells where a new decision turns another person's around, or where an old row no longer holds.
pub(super) fn tell(
    candidate: &Candidate,
    new: bool,
    ledger: &Ledger<'_>,
    context: &Context<'_>,
    problems: &mut Problems,
) {
    let decision = &candidate.decision;
    let Some(force) = ledger.in_force(&decision.proposal_id) else { return };
    if force.verdict == decision.verdict || same_name(&force.reviewer, &decision.reviewer) {
        return;
    }
    let theirs = format!("{}'s {} of {}", force.reviewer, force.verdict.as_str(), force.decided_on);
    let over_lead = context.is_lead(&force.reviewer) && !context.is_lead(&decision.reviewer);
    let diagnostic = if !new {
        Diagnostic::note("review-superseded", format!("already imported; {theirs} holds since"))
    } else if over_lead {
        Diagnostic::warning("review-overrules", format!("overrules {theirs}, who is a lead"))
            .help("let the lead confirm it in a row of their own")
    } else {
        Diagnostic::note("review-overrules", format!("overrules {theirs}"))
    };
    problems.extend([diagnostic
        .in_file(&decision.provenance.file)
        .on_line(decision.provenance.row)
        .in_column("decision")]);
}
