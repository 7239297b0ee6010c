//! Several rows on one proposal, and new decisions against the one in force.

use std::collections::BTreeMap;

use super::{
    super::{Context, problems::Problems},
    changes::{Candidate, Ledger},
};
use crate::{
    config::ConflictRule,
    diag::Diagnostic,
    domain::{ProposalId, Verdict, same_name},
};

/// Keeps one candidate for each proposal and person. People who differ are all kept, the lead last;
/// what holds between them is settled when evidence is assessed.
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
            report(&group, context, problems);
        }
        group.sort_by_key(|c| context.config.is_lead(&c.decision.reviewer));
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

fn report(group: &[Candidate], context: &Context<'_>, problems: &mut Problems) {
    let views: Vec<String> = group
        .iter()
        .map(|c| &c.decision)
        .map(|d| format!("{} {} in row {}", d.reviewer, d.verdict.as_str(), d.provenance.row))
        .collect();
    let last = &group[group.len() - 1].decision;
    let message = format!("people differ on {}: {}", last.proposal_id, views.join(", "));
    problems.extend([differ(Diagnostic::warning("review-conflict", message), context)
        .in_file(&last.provenance.file)
        .on_line(last.provenance.row)
        .in_column("decision")]);
}

/// What becomes of opposite verdicts.
fn differ(diagnostic: Diagnostic, context: &Context<'_>) -> Diagnostic {
    diagnostic.help(match context.config.conflict {
        ConflictRule::Lead => {
            "both are kept; the evidence counts once a lead decides it, or they agree"
        }
        ConflictRule::Latest => "both are kept; by your rule the verdict imported last holds",
        ConflictRule::Strictest => "both are kept; by your rule the reject holds",
    })
}

/// Tells where a new decision is against another person's, or where an old row no longer holds.
pub(super) fn tell(
    candidate: &Candidate,
    new: bool,
    ledger: &Ledger<'_>,
    context: &Context<'_>,
    problems: &mut Problems,
) {
    let decision = &candidate.decision;
    if !new && candidate.answers.is_none() && context.questions.contains_key(&decision.proposal_id)
    {
        let question = &context.questions[&decision.proposal_id];
        problems.extend([Diagnostic::note(
            "review-open",
            format!("already imported, and still open: {}", question.text),
        )
        .in_file(&decision.provenance.file)
        .on_line(decision.provenance.row)
        .in_column("decision")]);
        return;
    }
    let Some(force) = ledger.in_force(&decision.proposal_id) else { return };
    if force.verdict == decision.verdict || same_name(&force.reviewer, &decision.reviewer) {
        return;
    }
    let theirs = format!("{}'s {} of {}", force.reviewer, force.verdict.as_str(), force.decided_on);
    let opposite = force.verdict != Verdict::Defer && decision.verdict != Verdict::Defer;
    let diagnostic = if !new {
        Diagnostic::note("review-superseded", format!("already imported; since then {theirs}"))
    } else if opposite && candidate.answers.is_none() {
        let message = format!("{} is against {theirs}", decision.verdict.as_str());
        differ(Diagnostic::warning("review-conflict", message), context)
    } else {
        Diagnostic::note("review-overrules", format!("comes after {theirs}"))
    };
    problems.extend([diagnostic
        .in_file(&decision.provenance.file)
        .on_line(decision.provenance.row)
        .in_column("decision")]);
}

/// Tells a target's owner that another's eyes are wanted.
pub(super) fn tell_owner(candidate: &Candidate, context: &Context<'_>, problems: &mut Problems) {
    let decision = &candidate.decision;
    let (target, system) = (&decision.target, decision.system.as_deref());
    if decision.verdict == Verdict::Accept
        && context.config.needs_four_eyes(target)
        && context.owner(target, system).is_some_and(|owner| same_name(owner, &decision.reviewer))
    {
        let message = format!(
            "{} owns {target}, whose evidence two others have to accept",
            decision.reviewer
        );
        problems.extend([Diagnostic::warning("review-four-eyes", message)
            .in_file(&decision.provenance.file)
            .on_line(decision.provenance.row)
            .in_column("reviewer")
            .help("it is kept, but doesn't count as one of the two")]);
    }
}
