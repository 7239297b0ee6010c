//! What deserves a look beside the assessments: contradictions between what persons state and what
//! the evidence shows, statements that lead nowhere, evidence that moved or went.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Inputs,
    coverage::{Weighed, points_of},
    evidence::{Freshness, Held},
    rows::{Ledger, Row, row_systems, systems},
    statements,
};
use crate::{
    config::{Config, fits},
    diag::Diagnostic,
    domain::{
        Applicability, Conclusion, Coverage, Date, Decision, DocumentType, EvidenceKind,
        IMPACT_ASSESSMENT, ISO27001, ISO42001, ImplementationStatus, InclusionReason, Level,
        Origin, Position, QuestionKind, Target, TargetId, TargetKind, Verdict, letters_and_digits,
        squash_whitespace,
    },
};

/// One text on more targets than this is flagged.
const PASTED: usize = 5;

/// All diagnostics, grouped by subject, each group in catalogue or ledger order.
pub(super) fn findings(
    inputs: &Inputs<'_>,
    ledger: &Ledger<'_>,
    held: &[Held<'_>],
    rows: &[Row<'_>],
    weighed: &[Weighed],
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    leads_nowhere(inputs, ledger, &mut out);
    evidence(inputs, held, &mut out);
    unsettled(ledger, &mut out);
    for (row, weighed) in rows.iter().zip(weighed) {
        contradictions(row, weighed, &mut out);
        statements::contradictions(row, weighed, inputs, &mut out);
        overrides(row, inputs, &mut out);
    }
    positions(inputs, ledger, &mut out);
    patterns(inputs, &mut out);
    no_system(inputs, &mut out);
    impact_assessments(inputs, rows, &mut out);
    scopes(inputs, held, &mut out);
    out
}

fn at_decision(diagnostic: Diagnostic, decision: &Decision) -> Diagnostic {
    let diagnostic = diagnostic.in_file(&decision.document);
    match &decision.locator {
        Some(locator) => diagnostic.at(locator.clone()),
        None => diagnostic,
    }
}

pub(super) fn at_position(diagnostic: Diagnostic, position: &Position) -> Diagnostic {
    diagnostic
        .about(&position.target)
        .in_file(&position.provenance.file)
        .on_line(position.provenance.row)
}

/// The name of the row that a position is about.
fn name(target: &TargetId, system: Option<&str>) -> String {
    system.map_or_else(|| target.to_string(), |system| format!("{target} ({system})"))
}

/// Decisions and positions whose target, point or system is not there (any more).
fn leads_nowhere(inputs: &Inputs<'_>, ledger: &Ledger<'_>, out: &mut Vec<Diagnostic>) {
    let system_known = |target: &Target, system: Option<&str>| {
        system.is_none() || row_systems(inputs.config, target).contains(&system)
    };
    for decision in &ledger.decisions {
        let (id, target_id) = (&decision.proposal_id, &decision.target);
        let Some(target) = inputs.catalog.get(target_id) else {
            let message =
                format!("decision on {id} is about {target_id}, which is not in the catalogue");
            out.push(
                at_decision(Diagnostic::warning("unknown-target", message), decision)
                    .help("it counts for nothing; decide on the target that took its place"),
            );
            continue;
        };
        for point in &decision.points {
            if target.points.iter().all(|p| p.id != *point) {
                let message =
                    format!("decision on {id} names {point}, which is not in the catalogue");
                out.push(
                    at_decision(Diagnostic::warning("unknown-point", message), decision)
                        .help("import the row again with the points as they are now"),
                );
            }
        }
        let system = decision.system.as_deref();
        if !system_known(target, system) {
            let row = name(target_id, system);
            let one_row = target.level == Level::Organisation;
            out.push(at_decision(
                if one_row {
                    Diagnostic::note(
                        "system-ignored",
                        format!("{row} is assessed once for the organisation; {id} counts there"),
                    )
                    .help("leave the system blank")
                } else {
                    Diagnostic::warning(
                        "undeclared-system",
                        format!("decision on {id} is for {row}, which is not assessed"),
                    )
                    .help("declare the system in evimap.toml (ai = true for ISO 42001), or correct it")
                },
                decision,
            ));
        }
    }
    for position in ledger.positions() {
        let system = position.system.as_deref();
        let row = name(&position.target, system);
        let found = match inputs.catalog.get(&position.target) {
            None => Diagnostic::warning(
                "unknown-target",
                format!("a position is about {row}, which is not in the catalogue"),
            ),
            Some(target) if !system_known(target, system) => Diagnostic::warning(
                "undeclared-system",
                format!("a position is about {row}, which is not assessed"),
            ),
            Some(_) => continue,
        };
        out.push(at_position(
            found.help("it counts for nothing; move it to a row that exists"),
            position,
        ));
    }
}

/// Evidence that is lost, changed, undated or dated in the future.
fn evidence(inputs: &Inputs<'_>, held: &[Held<'_>], out: &mut Vec<Diagnostic>) {
    let mut without_system: BTreeMap<&TargetId, Vec<&Held<'_>>> = BTreeMap::new();
    for held in held {
        let decision = held.decision;
        let Some(target) = inputs.catalog.get(&decision.target) else { continue };
        let what = format!(
            "{} for {}",
            decision.proposal_id,
            name(&target.id, decision.system.as_deref())
        );
        if let Some(why) = held.lost.filter(|_| held.rewritten.is_none()) {
            out.push(
                at_decision(
                    Diagnostic::warning("evidence-lost", format!("evidence {what} is lost: {why}")),
                    decision,
                )
                .help(
                    "restore the document, or accept other evidence; to close it, reject its row in \
                     an export with --all",
                ),
            );
            continue;
        }
        if let Some(changed) = &held.changed {
            out.push(
                at_decision(
                    Diagnostic::warning("evidence-changed", format!("evidence {what}: {changed}")),
                    decision,
                )
                .help("look at it again: decide on its row in the next suggestions.csv"),
            );
        }
        if held.lost.is_some() {
            continue;
        }
        let points = points_of(held, &target.points);
        let undated = points
            .iter()
            .filter(|p| p.kind == decision.evidence_kind)
            .any(|p| held.freshness(p, inputs.config) == Freshness::Undated);
        if undated {
            out.push(
                at_decision(
                    Diagnostic::note(
                        "undated-evidence",
                        format!(
                            "evidence {what} has no date, so nobody can tell whether it is stale"
                        ),
                    ),
                    decision,
                )
                .help("fill in evidence_date"),
            );
        }
        let later = held.date().filter(|date| *date > inputs.as_of);
        if let (Some(date), EvidenceKind::Operation) = (later, decision.evidence_kind) {
            out.push(
                at_decision(
                    Diagnostic::warning(
                        "future-evidence",
                        format!(
                            "evidence {what} records something on {date}, after {}",
                            inputs.as_of
                        ),
                    ),
                    decision,
                )
                .help("correct evidence_date; what is planned is no record"),
            );
        }
        if target.level == Level::Application
            && decision.system.is_none()
            && decision.evidence_kind == EvidenceKind::Operation
        {
            without_system.entry(&target.id).or_default().push(held);
        }
    }
    for (target, held) in without_system {
        let systems = systems(inputs.config, target.framework());
        if systems.len() > 1 {
            let message = format!(
                "{} of operation without a system counts for all {} systems on {target}",
                if held.len() == 1 {
                    "a record".to_owned()
                } else {
                    format!("{} records", held.len())
                },
                systems.len(),
            );
            out.push(
                at_decision(Diagnostic::note("evidence-without-system", message), held[0].decision)
                    .help("name the system if a record is about one of them only"),
            );
        }
    }
}

/// Patterns of four eyes that name no target: a typing error would take the rule away unseen.
fn patterns(inputs: &Inputs<'_>, out: &mut Vec<Diagnostic>) {
    for pattern in &inputs.config.four_eyes {
        if !inputs.catalog.targets().any(|t| fits(pattern, t.id.as_str())) {
            let message = format!("`{pattern}` under four_eyes names no target of the catalogue");
            let help = "write ids as in the exports, for example \"ISO27001:A.5.*\"";
            out.push(Diagnostic::warning("four-eyes-pattern", message).help(help));
        }
    }
}

/// What people have not settled, and accepts that came in blocks.
fn unsettled(ledger: &Ledger<'_>, out: &mut Vec<Diagnostic>) {
    for open in &ledger.open {
        let (decision, conflict) = (open.decision, open.kind == QuestionKind::Conflict);
        let row = name(&decision.target, decision.system.as_deref());
        let code = if conflict { "conflict" } else { "second-person" };
        let message =
            format!("{} for {row} doesn't count yet: {}", decision.proposal_id, open.text());
        let help = if conflict {
            "its row is in the next suggestions.csv; `conflict` under [review] in evimap.toml names \
             a rule"
        } else {
            "another person decides on its row in the next suggestions.csv"
        };
        out.push(at_decision(Diagnostic::warning(code, message).help(help), decision));
    }
    type Block<'a> = (&'a str, Date, &'a str, u32);
    let mut blocks: BTreeMap<Block<'_>, u32> = BTreeMap::new();
    for decision in ledger.decisions.iter().filter(|d| d.verdict == Verdict::Accept) {
        let from = &decision.provenance;
        if from.block > 0 {
            let key =
                (decision.reviewer.as_str(), decision.decided_on, from.file.as_str(), from.block);
            *blocks.entry(key).or_default() += 1;
        }
    }
    for ((person, day, file, rows), in_force) in blocks {
        let message = format!(
            "{rows} rows accepted by {person} on {day} in one block without comment or correction; \
             {in_force} of them in force"
        );
        out.push(
            Diagnostic::note("accepted-in-block", message)
                .in_file(file)
                .help("look at some of them again, or ask for a second person by `four_eyes`"),
        );
    }
}

/// Statements of a person that the accepted evidence doesn't bear out.
fn contradictions(row: &Row<'_>, weighed: &Weighed, out: &mut Vec<Diagnostic>) {
    let standing: Vec<_> = weighed.evidence.iter().filter(|e| !e.lost).collect();
    let coverage = weighed.coverage.as_str();
    if let Some((ImplementationStatus::Implemented, position)) = row.stand.status() {
        let operation = standing.iter().any(|e| e.evidence_kind == EvidenceKind::Operation);
        let found = match weighed.coverage {
            Coverage::Full => None,
            Coverage::Partial if !operation => Some(Diagnostic::warning(
                "implemented-without-operation",
                format!(
                    "{} is stated as implemented, but no evidence of operation is accepted",
                    row.name()
                ),
            )),
            Coverage::NotReviewed => Some(Diagnostic::note(
                "status-contradicts-coverage",
                format!("{} is stated as implemented, but is {coverage}", row.name()),
            )),
            Coverage::Partial | Coverage::None => Some(Diagnostic::warning(
                "status-contradicts-coverage",
                format!("{} is stated as implemented, but coverage is {coverage}", row.name()),
            )),
        };
        out.extend(found.map(|d| {
            at_position(d, position).help("accept the evidence, or correct implementation_status")
        }));
    }
    let message = match (row.stand.conclusion(), standing.is_empty()) {
        (Some(Conclusion::NothingFound), false) => "nothing was found, but evidence is accepted",
        (Some(Conclusion::EvidenceSufficient), true) => {
            "evidence is sufficient, but none is accepted"
        }
        (Some(Conclusion::EvidenceSufficient), false) if weighed.coverage != Coverage::Full => {
            "evidence is sufficient, but it doesn't cover every point"
        }
        (Some(Conclusion::EvidenceInsufficient), true) => {
            "evidence is insufficient, but none is accepted"
        }
        _ => return,
    };
    let text = format!("{}: concluded that {message}", row.name());
    let diagnostic = Diagnostic::warning("conclusion-contradicts-evidence", text)
        .about(&row.target.id)
        .help("correct the conclusion, or the decisions");
    out.push(match row.stand.shown() {
        Some(position) => at_position(diagnostic, position),
        None => diagnostic,
    });
}

fn overrides(row: &Row<'_>, inputs: &Inputs<'_>, out: &mut Vec<Diagnostic>) {
    let Some((asserted, position)) = row.stand.asserted() else { return };
    let what = format!("{}: override to {}", row.name(), asserted.as_str());
    match position.override_until {
        Some(end) if end < inputs.as_of => out.push(at_position(
            Diagnostic::warning("override-expired", format!("{what} ended on {end}"))
                .help("renew it with a new date, or clear it"),
            position,
        )),
        None if asserted == Coverage::Full => out.push(at_position(
            Diagnostic::warning("override-without-end", format!("{what} has no end"))
                .help("fill in override_until; an assertion must expire"),
            position,
        )),
        _ => {}
    }
}

/// Positions that say too little, too much, or the same everywhere.
fn positions(inputs: &Inputs<'_>, ledger: &Ledger<'_>, out: &mut Vec<Diagnostic>) {
    let mut pasted: BTreeMap<String, (BTreeSet<&TargetId>, &Position)> = BTreeMap::new();
    for position in ledger.positions() {
        let row = name(&position.target, position.system.as_deref());
        // With a register `risks/findings.rs` says which risks it could be.
        if !inputs.register.is_read()
            && position.inclusion_reasons.contains(&InclusionReason::Risk)
            && position.risk_ids.is_empty()
        {
            let message = format!("{row} is included because of risk, without a risk id");
            out.push(at_position(
                Diagnostic::warning("risk-without-id", message).help("fill in risk_ids"),
                position,
            ));
        }
        if position.applicability == Some(Applicability::NotApplicable) {
            let kind = inputs.catalog.get(&position.target).map(|t| t.kind);
            if kind == Some(TargetKind::Requirement) {
                let message =
                    format!("{row} is a clause and can't be excluded; the exclusion is ignored");
                out.push(at_position(
                    Diagnostic::warning("clause-excluded", message).help("clear applicability"),
                    position,
                ));
            } else if position.exclusion_reasons.is_empty()
                || position.justification.trim().is_empty()
            {
                let message = format!("{row} is excluded without a reason and a text");
                out.push(at_position(
                    Diagnostic::warning("exclusion-without-reason", message)
                        .help("an exclusion needs one of the four reasons and a justification"),
                    position,
                ));
            }
        }
        out.extend(statements::of_position(position, &row, inputs));
        // The name of the control in it makes no text of its own.
        let mut text = squash_whitespace(&position.justification).to_lowercase();
        if let Some(target) = inputs.catalog.get(&position.target) {
            for name in [target.title.as_str(), target.id.as_str(), target.id.local()] {
                text = text.replace(&name.to_lowercase(), "");
            }
        }
        if text.chars().any(char::is_alphanumeric) {
            let (targets, _) = pasted.entry(text).or_insert((BTreeSet::new(), position));
            targets.insert(&position.target);
        }
    }
    for (targets, position) in pasted.into_values() {
        if targets.len() > PASTED {
            let first: Vec<_> = targets.iter().take(3).map(|t| t.as_str()).collect();
            let message = format!(
                "the same justification stands on {} targets ({}, …)",
                targets.len(),
                first.join(", ")
            );
            out.push(at_position(
                Diagnostic::warning("pasted-justification", message)
                    .help("say for each control why it is needed here, or why not"),
                position,
            ));
        }
    }
}

/// Once a framework.
fn no_system(inputs: &Inputs<'_>, out: &mut Vec<Diagnostic>) {
    for framework in inputs.catalog.frameworks() {
        let targets = inputs.catalog.targets().filter(|t| t.framework == framework);
        let of_systems = targets.filter(|t| t.level != Level::Organisation).count();
        if of_systems > 0 && systems(inputs.config, framework).is_empty() {
            let ai = if framework == ISO42001 { "AI system" } else { "system" };
            let message = format!(
                "{framework}: no {ai} is declared, so {of_systems} targets that are assessed per \
                 system have one row without a system"
            );
            out.push(
                Diagnostic::warning("no-system-declared", message)
                    .help("add a [[system]] table to evimap.toml for each system in scope"),
            );
        }
    }
}

/// Whether a decision shows that an assessment was made, of a system that it names or that is the
/// only one.
pub(super) fn is_done(decision: &Decision, only: bool) -> bool {
    let done = decision.evidence_kind == EvidenceKind::Operation
        || decision.evidence_type == DocumentType::Assessment;
    done && (decision.system.is_some() || only)
}

/// The same by decisions alone, where no assessment is at hand: ids of AI systems for which no
/// decision in force accepts a record of an impact assessment.
pub fn without_impact_assessment(config: &Config, in_force: &[&Decision]) -> Vec<String> {
    let systems = systems(config, ISO42001);
    let accepted = |system: &str| {
        in_force.iter().any(|d| {
            d.verdict == Verdict::Accept
                && IMPACT_ASSESSMENT.contains(&d.target.as_str())
                && is_done(d, systems.len() == 1)
                && d.system.as_deref().is_none_or(|s| s == system)
        })
    };
    systems.iter().filter(|s| !accepted(s)).map(|s| (*s).to_owned()).collect()
}

/// AI systems for which nobody accepted a record of an impact assessment. A record that names no
/// system shows nothing about this one, unless there is only one.
fn impact_assessments(inputs: &Inputs<'_>, rows: &[Row<'_>], out: &mut Vec<Diagnostic>) {
    let systems = systems(inputs.config, ISO42001);
    for system in &systems {
        let impact = rows.iter().filter(|row| {
            row.system == Some(system) && IMPACT_ASSESSMENT.contains(&row.target.id.as_str())
        });
        let (mut shown, mut open) = (false, Vec::new());
        for row in impact {
            let only = systems.len() == 1;
            let shows = |held: &&Held<'_>| held.lost.is_none() && is_done(held.decision, only);
            let has = row.held.iter().any(shows);
            shown |= has;
            if !has {
                open.push(row.target.id.local());
            }
        }
        if !shown && !open.is_empty() {
            let message = format!(
                "{system}: no evidence of an impact assessment is accepted (ISO 42001 {})",
                open.join(", ")
            );
            out.push(
                Diagnostic::warning("no-impact-assessment", message)
                    .help("accept its impact assessment, or make one; it feeds the risk register"),
            );
        }
    }
}

/// Once, where evidence serves both standards and their scopes differ.
fn scopes(inputs: &Inputs<'_>, held: &[Held<'_>], out: &mut Vec<Diagnostic>) {
    let scope = |framework: &str| {
        let text = inputs.config.scope.get(framework).map(|s| squash_whitespace(s).to_lowercase());
        text.filter(|text| !text.is_empty())
    };
    let (Some(one), Some(other)) = (scope(ISO27001), scope(ISO42001)) else { return };
    let quotes = |framework: &str| -> BTreeSet<_> {
        held.iter()
            .map(|h| h.decision)
            .filter(|d| d.target.framework() == framework)
            .map(|d| (d.document.as_str(), letters_and_digits(&d.quote)))
            .collect()
    };
    let reused = held.iter().any(|h| h.decision.origin == Origin::Reuse)
        || !quotes(ISO27001).is_disjoint(&quotes(ISO42001));
    if one != other && reused {
        out.push(
            Diagnostic::note(
                "scopes-differ",
                "evidence serves both standards, but their scope statements differ",
            )
            .help("check for each piece of reused evidence that it lies in both scopes"),
        );
    }
}

#[cfg(test)]
mod tests;
