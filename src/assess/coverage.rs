//! How far accepted evidence covers a target, and why not further.
//!
//! # Points
//! Evidence covers the points that its decision names and that are of its own kind. A decision
//! that names none covers the only point of its kind; where there are several it covers none, and
//! the note asks to name them. A point counts as covered if one piece of evidence for it stands,
//! is fresh for this point, and comes from a document in force.
//!
//! A point is *needed* if its documentation is `required` or `usual`. Evidence on it need not be a
//! document (a configuration or an interview note show a rule as well), but it must be there.
//! Where no operation point is needed, one of the optional ones is: a policy alone is never `full`.
//! Where no design point is needed, operation alone can be `full`: operation without a document is
//! partial only where a document is due.
//!
//! # Reasons
//! - `design only`: no standing evidence of operation. `operation only`: none of design, and a
//!   design point's documentation is `required`; where it is merely `usual`, this is `points
//!   missing`. Either stands for all missing points of that kind.
//! - Each needed point that is not covered gives `stale`, `not approved`, `evidence lost` (all that
//!   apply to the evidence it rests on) or `points missing`.
//! - `reconfirm` comes on top and doesn't lower anything as long as the quote stands. Where the quote
//!   itself was changed, the evidence covers nothing until somebody accepts the words as they are.
//! - `conflict` and `second person missing` come on top: what is not settled between people is no
//!   evidence yet.
//!
//! With nothing that stands the result is `none` after the conclusion "looked, nothing found", else
//! `not reviewed`, also after lost evidence, "insufficient" or "sufficient": what nobody can show
//! was not reviewed, and a gap needs somebody who says that he looked.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Inputs,
    evidence::{Freshness, Held},
    rollup::strength,
    rows::Row,
};
use crate::domain::{
    Conclusion, Coverage, CoverageReason as Reason, Documented, Evidence, EvidenceKind, Point,
    PointCoverage, ProvidedBy, QuestionKind,
};

/// The result for one row.
pub(super) struct Weighed {
    pub(super) coverage: Coverage,
    pub(super) reasons: BTreeSet<Reason>,
    pub(super) note: String,
    pub(super) points: Vec<PointCoverage>,
    pub(super) evidence: Vec<Evidence>,
}

/// What is wrong with the evidence that a point rests on.
#[derive(Default)]
struct Flaws {
    reasons: BTreeSet<Reason>,
    said: Vec<String>,
}

/// Weighs the evidence of a row.
pub(super) fn weigh(row: &Row<'_>, inputs: &Inputs<'_>) -> Weighed {
    let evidence: Vec<_> = row.held.iter().map(|held| show(held, row, inputs)).collect();
    let mut points = Vec::new();
    let mut flaws = BTreeMap::new();
    for point in &row.target.points {
        let (covered_by, flaw) = cover(point, row, inputs);
        points.push(PointCoverage {
            point: point.id.clone(),
            kind: point.kind,
            sub_item: point.sub_item.clone(),
            text: point.text.clone(),
            covered: !covered_by.is_empty(),
            evidence: covered_by,
        });
        flaws.insert(&point.id, flaw);
    }

    let mut reasons = BTreeSet::new();
    let mut notes = Vec::new();
    let standing = evidence.iter().any(|e| !e.lost);
    let mut coverage = if standing {
        for kind in [EvidenceKind::Design, EvidenceKind::Operation] {
            missing(kind, row, &points, &flaws, &mut reasons, &mut notes);
        }
        if row.target.points.is_empty() {
            reasons.insert(Reason::PointsMissing);
            notes.push("the catalogue names no point of this target".to_owned());
        }
        provider(row, &evidence, &mut reasons, &mut notes);
        unnamed(row, &mut notes);
        if reasons.is_empty() { Coverage::Full } else { Coverage::Partial }
    } else {
        Coverage::NotReviewed
    };
    remarks(row, inputs, &evidence, standing, &mut reasons, &mut notes);
    coverage = conclude(row, coverage, standing, &mut reasons, &mut notes);
    coverage = assert(row, coverage, inputs, &mut reasons, &mut notes);
    if row.is_excluded() {
        reasons.insert(Reason::NotApplicable);
    }
    Weighed { coverage, reasons, note: notes.join("; "), points, evidence }
}

/// The points that a piece of evidence is for: those named, else the only one of its kind.
pub(super) fn points_of<'a>(held: &Held<'_>, points: &'a [Point]) -> Vec<&'a Point> {
    let decision = held.decision;
    if !decision.points.is_empty() {
        return points.iter().filter(|p| decision.points.contains(&p.id)).collect();
    }
    let of_kind: Vec<_> = points.iter().filter(|p| p.kind == decision.evidence_kind).collect();
    if of_kind.len() == 1 { of_kind } else { Vec::new() }
}

/// Whether a person has to say which of several points the evidence is for.
fn is_unnamed(held: &Held<'_>, points: &[Point]) -> bool {
    held.lost.is_none() && held.decision.points.is_empty() && points_of(held, points).is_empty()
}

fn show(held: &Held<'_>, row: &Row<'_>, inputs: &Inputs<'_>) -> Evidence {
    let decision = held.decision;
    let points = points_of(held, &row.target.points);
    let of_kind = points.iter().filter(|p| p.kind == decision.evidence_kind);
    // For several points of different age classes: the first that runs out.
    let fresh_until = of_kind
        .filter_map(|point| match held.freshness(point, inputs.config) {
            Freshness::Until(until) => Some(until),
            Freshness::Ageless | Freshness::Undated => None,
        })
        .min();
    Evidence {
        proposal_id: decision.proposal_id.clone(),
        origin: decision.origin,
        points: points.iter().map(|p| p.id.clone()).collect(),
        document: held.document.to_owned(),
        document_hash: decision.document_hash.clone(),
        document_status: held.status,
        locator: held.locator.clone(),
        quote: decision.quote.clone(),
        evidence_kind: decision.evidence_kind,
        evidence_type: decision.evidence_type,
        date: held.date(),
        fresh_until,
        stale: fresh_until.is_some_and(|until| inputs.as_of > until),
        lost: held.lost.is_some(),
        reconfirm: held.changed.clone(),
        block: decision.provenance.block,
        verifiable: decision.verifiable,
        decided_by: decision.reviewer.clone(),
        decided_on: decision.decided_on,
        comment: decision.comment.clone(),
    }
}

/// Accepted evidence of a point's own kind that is for this point.
fn serving<'r, 'a>(point: &Point, row: &'r Row<'a>) -> impl Iterator<Item = &'r &'a Held<'a>> {
    row.held.iter().filter(move |held| {
        held.decision.evidence_kind == point.kind
            && points_of(held, &row.target.points).iter().any(|p| p.id == point.id)
    })
}

/// What covers a point, or else the flaws of what would.
fn cover(
    point: &Point,
    row: &Row<'_>,
    inputs: &Inputs<'_>,
) -> (Vec<crate::domain::ProposalId>, Flaws) {
    let mut covered_by = BTreeSet::new();
    let mut flaws = Flaws::default();
    for held in serving(point, row) {
        let mut sound = true;
        let mut flaw = |reason, said: String| {
            sound = false;
            flaws.reasons.insert(reason);
            // Several quotes of one document have the same flaw.
            if !flaws.said.contains(&said) {
                flaws.said.push(said);
            }
        };
        if let (Some(_), Some(changed)) = (held.lost, &held.changed) {
            flaw(Reason::Reconfirm, format!("{}: {changed}", held.document));
            continue;
        }
        if let Some(why) = held.lost {
            flaw(Reason::EvidenceLost, format!("{}: {why}", held.document));
            continue;
        }
        if !held.is_approved() {
            flaw(Reason::NotApproved, format!("{} is {}", held.document, in_force(held)));
        }
        let freshness = held.freshness(point, inputs.config);
        if let Freshness::Until(until) = freshness
            && freshness.is_stale(inputs.as_of)
        {
            flaw(Reason::Stale, format!("{}: next one overdue since {until}", held.document));
        }
        if sound {
            covered_by.insert(held.decision.proposal_id.clone());
        }
    }
    (covered_by.into_iter().collect(), flaws)
}

fn in_force(held: &Held<'_>) -> &'static str {
    if held.status.caps_coverage() { held.status.as_str() } else { "an output of evimap itself" }
}

/// The reasons of one kind of points.
fn missing(
    kind: EvidenceKind,
    row: &Row<'_>,
    points: &[PointCoverage],
    flaws: &BTreeMap<&crate::domain::PointId, Flaws>,
    reasons: &mut BTreeSet<Reason>,
    notes: &mut Vec<String>,
) {
    let of_kind: Vec<_> =
        row.target.points.iter().zip(points).filter(|(p, _)| p.kind == kind).collect();
    if of_kind.is_empty() {
        return;
    }
    let mut needed: Vec<_> =
        of_kind.iter().copied().filter(|(p, _)| p.documented != Documented::Optional).collect();
    if needed.is_empty() && kind == EvidenceKind::Operation {
        // One of the optional ones will do: where there is a flawed one, that one.
        if of_kind.iter().any(|(_, c)| c.covered) {
            return;
        }
        needed = of_kind.clone();
        needed.retain(|(p, _)| !flaws[&p.id].reasons.is_empty());
        if needed.is_empty() {
            needed = of_kind;
        }
    }
    let open: Vec<_> = needed.into_iter().filter(|(_, c)| !c.covered).map(|(p, _)| p).collect();
    if open.is_empty() {
        return;
    }
    let standing = row.held.iter().any(|h| h.lost.is_none() && h.decision.evidence_kind == kind);
    if !standing {
        let due = open.iter().any(|p| p.documented == Documented::Required);
        reasons.insert(match kind {
            EvidenceKind::Operation => Reason::DesignOnly,
            EvidenceKind::Design if due => Reason::OperationOnly,
            EvidenceKind::Design => Reason::PointsMissing,
        });
    }
    let mut bare = Vec::new();
    let mut flawed: Vec<(String, Vec<String>)> = Vec::new();
    for point in open {
        let flaw = &flaws[&point.id];
        if flaw.reasons.is_empty() {
            bare.push(label(point));
            continue;
        }
        reasons.extend(flaw.reasons.iter().cloned());
        let said = flaw.said.join(", ");
        match flawed.iter_mut().find(|(other, _)| *other == said) {
            Some((_, points)) => points.push(label(point)),
            None => flawed.push((said, vec![label(point)])),
        }
    }
    notes.extend(flawed.into_iter().map(|(said, points)| format!("{}: {said}", points.join(", "))));
    if !bare.is_empty() {
        if standing {
            reasons.insert(Reason::PointsMissing);
        }
        notes.push(format!("no evidence accepted for {}", bare.join(", ")));
    }
}

/// `o3` or, where the sub-item says more than the target, `d2 (6.1.3 d)`.
fn label(point: &Point) -> String {
    let local = point.id.target().map(|t| t.local().to_owned()).unwrap_or_default();
    if point.sub_item.is_empty() || point.sub_item == local {
        point.id.short().to_owned()
    } else {
        format!("{} ({})", point.id.short(), point.sub_item)
    }
}

/// Shared and inherited: evidence of the provider, and another piece that shows our oversight.
fn provider(
    row: &Row<'_>,
    evidence: &[Evidence],
    reasons: &mut BTreeSet<Reason>,
    notes: &mut Vec<String>,
) {
    let by = match row.stand.provided_by() {
        Some(by @ (ProvidedBy::Shared | ProvidedBy::Inherited)) => by.as_str(),
        Some(ProvidedBy::Own) | None => return,
    };
    let sound: Vec<_> = row
        .held
        .iter()
        .zip(evidence)
        .filter(|(held, shown)| !shown.lost && !shown.stale && held.is_approved())
        .map(|(held, _)| held)
        .collect();
    let from_provider: Vec<_> = sound.iter().filter(|h| h.is_from_provider()).collect();
    let oversight: Vec<_> =
        sound.iter().filter(|h| h.decision.evidence_kind == EvidenceKind::Operation).collect();
    let pair = from_provider
        .iter()
        .any(|p| oversight.iter().any(|o| o.decision.proposal_id != p.decision.proposal_id));
    if !pair {
        reasons.insert(Reason::ProviderEvidenceMissing);
        notes.push(if from_provider.is_empty() {
            format!("{by}: no contract, certificate or report of the provider accepted")
        } else {
            format!("{by}: no record of our own oversight of the provider accepted")
        });
    }
}

/// Asks for the points of evidence that names none.
fn unnamed(row: &Row<'_>, notes: &mut Vec<String>) {
    let documents: BTreeSet<_> = row
        .held
        .iter()
        .filter(|held| is_unnamed(held, &row.target.points))
        .map(|held| held.document)
        .collect();
    if !documents.is_empty() {
        let documents = documents.into_iter().collect::<Vec<_>>().join(", ");
        notes.push(format!("name the points that {documents} is evidence for"));
    }
}

/// What does not lower anything, but belongs in front of people.
fn remarks(
    row: &Row<'_>,
    inputs: &Inputs<'_>,
    evidence: &[Evidence],
    standing: bool,
    reasons: &mut BTreeSet<Reason>,
    notes: &mut Vec<String>,
) {
    for open in &row.open {
        reasons.insert(match open.kind {
            QuestionKind::SecondPerson => Reason::SecondPerson,
            _ => Reason::Conflict,
        });
        notes.push(format!("{} ({})", open.text(), open.decision.document));
    }
    for held in &row.held {
        if let Some(changed) = &held.changed {
            reasons.insert(Reason::Reconfirm);
            notes.push(format!("reconfirm {}: {changed}", held.document));
        }
        let kind = held.decision.evidence_kind;
        let points = points_of(held, &row.target.points);
        if !points.is_empty() && points.iter().all(|p| p.kind != kind) {
            let (document, kind) = (held.document, kind.as_str());
            notes.push(format!(
                "{document} was accepted as {kind} evidence, but for points of the other kind"
            ));
        }
        let named = &held.decision.points;
        if named.iter().any(|id| row.target.points.iter().all(|p| p.id != *id)) {
            reasons.insert(Reason::Reconfirm);
            notes.push(format!("reconfirm {}: the catalogue's points changed", held.document));
        }
    }
    let external = evidence.iter().filter(|e| !e.verifiable).count();
    if external > 0 {
        notes.push(format!("{external} of {} pieces of evidence not verifiable", evidence.len()));
    }
    if !standing {
        if row.held.iter().any(|held| held.lost.is_some() && held.rewritten.is_none()) {
            reasons.insert(Reason::EvidenceLost);
        }
        if !evidence.is_empty() {
            notes.push("no accepted evidence stands".to_owned());
        }
        if row.rejected > 0 && evidence.is_empty() && row.stand.conclusion().is_none() {
            reasons.insert(Reason::RejectedOnly);
        }
    }
    series(row, inputs, notes);
    if row.deferred > 0 {
        notes.push(format!("{} deferred", row.deferred));
    }
}

/// The days of what is done again and again, as far as evidence was accepted: whether it recurs in
/// time is for people to see.
fn series(row: &Row<'_>, inputs: &Inputs<'_>, notes: &mut Vec<String>) {
    let recurring = row.target.points.iter().filter(|point| {
        point.kind == EvidenceKind::Operation
            && inputs.config.freshness.contains_key(&point.freshness)
    });
    for point in recurring {
        let standing = serving(point, row).filter(|held| held.lost.is_none());
        let days: BTreeSet<_> = standing.filter_map(|held| held.date()).collect();
        if days.len() > 1 {
            let days: Vec<_> = days.iter().map(ToString::to_string).collect();
            notes.push(format!("{} shown for {}", label(point), days.join(", ")));
        }
    }
}

/// A person's conclusion: the only way to `none`, and a cap beside accepted evidence.
fn conclude(
    row: &Row<'_>,
    coverage: Coverage,
    standing: bool,
    reasons: &mut BTreeSet<Reason>,
    notes: &mut Vec<String>,
) -> Coverage {
    match row.stand.conclusion() {
        Some(Conclusion::NothingFound) => {
            reasons.insert(Reason::ConcludedNothingFound);
            if !standing {
                return Coverage::None;
            }
            notes.push("concluded that nothing was found, yet evidence is accepted".to_owned());
            Coverage::Partial
        }
        Some(Conclusion::EvidenceInsufficient) => {
            reasons.insert(Reason::ConcludedInsufficient);
            if standing {
                return Coverage::Partial;
            }
            notes.push("concluded insufficient, but no evidence is accepted".to_owned());
            coverage
        }
        Some(Conclusion::EvidenceSufficient) => {
            if !standing {
                notes.push("concluded sufficient, but no evidence is accepted".to_owned());
            }
            coverage
        }
        None => coverage,
    }
}

/// An override in force lowers; one that would raise is noted as what it is, an assertion.
fn assert(
    row: &Row<'_>,
    coverage: Coverage,
    inputs: &Inputs<'_>,
    reasons: &mut BTreeSet<Reason>,
    notes: &mut Vec<String>,
) -> Coverage {
    let Some((asserted, position)) = row.stand.asserted() else { return coverage };
    let who = match position.decided_by.trim() {
        "" => "a person without a name",
        name => name,
    };
    if let Some(end) = position.override_until.filter(|end| *end < inputs.as_of) {
        reasons.insert(Reason::OverrideExpired);
        notes.push(format!("the override to {} by {who} ended on {end}", asserted.as_str()));
        return coverage;
    }
    let until = position.override_until.map(|day| format!(" until {day}")).unwrap_or_default();
    // `not reviewed` is no statement about coverage.
    if asserted == coverage || asserted == Coverage::NotReviewed {
        return coverage;
    }
    if strength(asserted) > strength(coverage) {
        reasons.insert(Reason::OverrideAsserted);
        notes.push(format!("{} asserted by {who}{until}, no evidence", asserted.as_str()));
        return coverage;
    }
    reasons.insert(Reason::OverrideLowered);
    notes.push(format!(
        "lowered from {} to {} by {who}{until}",
        coverage.as_str(),
        asserted.as_str()
    ));
    asserted
}

#[cfg(test)]
mod tests;
