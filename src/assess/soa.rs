//! The Statement of Applicability: one row a control, systems summarised inside.
//!
//! Everything in a row is what a person stated or accepted; what nobody stated stays empty, and a
//! report prints it as NOT DECIDED or OPEN. For a control with several systems the position on the
//! control as a whole comes first. Where it is silent and the systems agree, so does the row; where
//! they differ, the control is applicable if it is for any system, the implementation status is the
//! weakest (undecided, if it is for any system), texts are given for each system, and `remarks` say
//! so.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Assessed, Inputs,
    risks::Links,
    rollup::{deciding, roll_up, strength},
    rows::{Ledger, row_systems},
};
use crate::domain::{
    Applicability, Assessment, CoverageReason, Evidence, EvidenceKind, ExclusionReason,
    ImplementationStatus, InclusionReason, Position, ProposalId, SoaEntry, Target, TargetKind,
};

/// Most places that `how_implemented` names for each kind of evidence.
const PLACES: usize = 3;

/// The SoA of a framework: every Annex A control in the standard's order, then custom controls.
/// Clauses never stand in it. Empty for an unknown framework.
pub fn soa(framework: &str, assessed: &Assessed, inputs: &Inputs<'_>) -> Vec<SoaEntry> {
    let ledger = Ledger::read(inputs);
    let links = Links::read(inputs.register);
    let controls = inputs
        .catalog
        .targets()
        .filter(|t| t.framework == framework && t.kind == TargetKind::Control);
    let (annex, custom): (Vec<_>, Vec<_>) = controls.partition(|t| t.id.local().starts_with("A."));
    annex
        .into_iter()
        .chain(custom)
        .map(|target| {
            let rows: Vec<_> =
                assessed.assessments.iter().filter(|a| a.target == target.id).collect();
            entry(target, &rows, &ledger, &links, inputs)
        })
        .collect()
}

/// What persons state on one control, as a whole and per system.
struct Stated<'a> {
    whole: Option<&'a Position>,
    /// Each system that the control is assessed for, with its own position.
    systems: Vec<(&'a str, Option<&'a Position>)>,
}

impl<'a> Stated<'a> {
    fn read(target: &Target, ledger: &Ledger<'a>, inputs: &Inputs<'a>) -> Self {
        let systems = row_systems(inputs.config, target).into_iter().flatten();
        Self {
            whole: ledger.position(&target.id, None),
            systems: systems.map(|s| (s, ledger.position(&target.id, Some(s)))).collect(),
        }
    }

    /// What the whole control's position says, or else the systems'. `Err` where they differ.
    fn settle<T: PartialEq + Copy>(
        &self,
        get: impl Fn(&Position) -> Option<T>,
    ) -> Result<Option<T>, Vec<(&'a str, Option<T>)>> {
        if let Some(value) = self.whole.and_then(&get) {
            return Ok(Some(value));
        }
        let each: Vec<_> = self.systems.iter().map(|(s, p)| (*s, p.and_then(&get))).collect();
        let first = each.first().and_then(|(_, value)| *value);
        if each.iter().all(|(_, value)| *value == first) { Ok(first) } else { Err(each) }
    }

    /// A text: the whole control's, or one for all systems, or one for each that has one.
    fn text(&self, get: impl Fn(&'a Position) -> &'a str) -> String {
        let said = |p: Option<&'a Position>| p.map(&get).map(str::trim).filter(|t| !t.is_empty());
        if let Some(text) = said(self.whole) {
            return text.to_owned();
        }
        let each: Vec<_> =
            self.systems.iter().filter_map(|(s, p)| said(*p).map(|text| (*s, text))).collect();
        match each.as_slice() {
            [] => String::new(),
            [(_, text), rest @ ..]
                if each.len() == self.systems.len() && rest.iter().all(|(_, t)| t == text) =>
            {
                (*text).to_owned()
            }
            each => each.iter().map(|(s, t)| format!("{s}: {t}")).collect::<Vec<_>>().join("; "),
        }
    }

    /// All positions, the whole control's first.
    fn all(&self) -> impl Iterator<Item = &'a Position> {
        self.whole.into_iter().chain(self.systems.iter().filter_map(|(_, p)| *p))
    }
}

fn entry(
    target: &Target,
    rows: &[&Assessment],
    ledger: &Ledger<'_>,
    links: &Links<'_>,
    inputs: &Inputs<'_>,
) -> SoaEntry {
    let stated = Stated::read(target, ledger, inputs);
    let mut remarks = Vec::new();
    let (coverage, weakest) = roll_up(rows);
    let applicability = applicability(&stated, &mut remarks);
    let status = status(&stated, &mut remarks);
    let evidence = evidence(rows);
    let last = stated.all().filter(|p| p.decided_on.is_some()).max_by_key(|p| p.decided_on);
    let pending = inputs.proposals.iter().filter(|p| p.target == target.id && ledger.is_pending(p));
    remarks.extend((!weakest.is_empty()).then_some(weakest));
    remarks.extend(notes(rows));
    let risk_ids: BTreeSet<String> =
        stated.all().flat_map(|p| p.risk_ids.iter().cloned()).collect();
    SoaEntry {
        target: target.id.clone(),
        title: target.title.clone(),
        theme: target.theme.clone(),
        level: target.level,
        applicability,
        provided_by: stated.text(|p| p.provided_by.map_or("", |by| by.as_str())),
        provider: stated.text(|p| &p.provider),
        reasons: reasons(&stated, applicability),
        justification: stated.text(|p| &p.justification),
        risks: match inputs.register.is_read() {
            true => risk_ids.iter().map(|id| links.as_linked(id)).collect(),
            false => Vec::new(),
        },
        register_names: links.names(&links.unlinked(&target.id, &links.named(stated.all()))),
        risk_ids: risk_ids.into_iter().collect(),
        implementation_status: status.map_or("", ImplementationStatus::as_str).to_owned(),
        planned_for: stated.all().filter_map(|p| p.planned_for).max(),
        how_implemented: if applicability == Some(Applicability::NotApplicable) {
            String::new()
        } else {
            how(rows, &evidence)
        },
        coverage,
        coverage_reasons: coverage_reasons(rows),
        evidence,
        pending: pending.map(|p| &p.id).collect::<BTreeSet<&ProposalId>>().len() as u32,
        shared_with: inputs.catalog.counterparts(&target.id),
        systems: rows.iter().filter_map(|row| Some((row.system.clone()?, row.coverage))).collect(),
        owner: stated.text(|p| &p.owner),
        due: stated.all().filter_map(|p| p.due).min(),
        decided_by: last.map(|p| p.decided_by.clone()).unwrap_or_default(),
        decided_on: last.and_then(|p| p.decided_on),
        remarks: remarks.join("; "),
        comment: stated.text(|p| &p.comment),
    }
}

fn applicability(stated: &Stated<'_>, remarks: &mut Vec<String>) -> Option<Applicability> {
    let each = match stated.settle(|p| p.applicability) {
        Ok(agreed) => return agreed,
        Err(each) => each,
    };
    let said = |a: Option<Applicability>| a.map_or("not decided", Applicability::as_str);
    let list: Vec<_> = each.iter().map(|(s, a)| format!("{s} {}", said(*a))).collect();
    remarks.push(format!("applicability differs: {}", list.join(", ")));
    let any = each.iter().any(|(_, a)| *a == Some(Applicability::Applicable));
    any.then_some(Applicability::Applicable)
}

fn status(stated: &Stated<'_>, remarks: &mut Vec<String>) -> Option<ImplementationStatus> {
    let each = match stated.settle(|p| p.implementation_status) {
        Ok(agreed) => return agreed,
        Err(each) => each,
    };
    // A system that the control does not apply to has no status to state.
    let applies = |system: &str| {
        let position = stated.systems.iter().find(|(s, _)| *s == system).and_then(|(_, p)| *p);
        position.and_then(|p| p.applicability) != Some(Applicability::NotApplicable)
    };
    let each: Vec<_> = each.into_iter().filter(|(system, _)| applies(system)).collect();
    let said = |s: Option<ImplementationStatus>| s.map_or("not decided", |s| s.as_str());
    let weakest = each.iter().map(|(_, status)| *status).reduce(|a, b| Some(a?.max(b?))).flatten();
    if each.iter().any(|(_, status)| *status != weakest) {
        let list: Vec<_> = each.iter().map(|(s, v)| format!("{s} {}", said(*v))).collect();
        remarks.push(format!("implementation differs: {}", list.join(", ")));
    }
    weakest
}

/// Inclusion reasons, or those of the exclusion, in the order of the vocabulary.
fn reasons(stated: &Stated<'_>, applicability: Option<Applicability>) -> String {
    let included: BTreeSet<_> = stated.all().flat_map(|p| p.inclusion_reasons.iter()).collect();
    let excluded: BTreeSet<_> = stated.all().flat_map(|p| p.exclusion_reasons.iter()).collect();
    let words: Vec<&str> = match applicability {
        Some(Applicability::NotApplicable) => excluded.iter().map(|r| r.as_str()).collect(),
        Some(Applicability::Applicable) => included.iter().map(|r| r.as_str()).collect(),
        None => included
            .iter()
            .map(|r: &&InclusionReason| r.as_str())
            .chain(excluded.iter().map(|r: &&ExclusionReason| r.as_str()))
            .collect(),
    };
    words.join("; ")
}

/// The reasons of the weakest row, marked where other rows are better.
fn coverage_reasons(rows: &[&Assessment]) -> Vec<CoverageReason> {
    let rows = deciding(rows);
    let Some(weakest) = rows.iter().min_by_key(|row| strength(row.coverage)) else {
        return Vec::new();
    };
    let same = rows.iter().filter(|row| row.coverage == weakest.coverage);
    let mut reasons: BTreeSet<_> = same.flat_map(|row| row.coverage_reasons.clone()).collect();
    if rows.iter().any(|row| row.coverage != weakest.coverage) {
        reasons.insert(CoverageReason::WeakestSystem);
    }
    reasons.into_iter().collect()
}

/// The notes of the rows, each said once; with its system where there are several.
fn notes(rows: &[&Assessment]) -> Vec<String> {
    let mut by_note: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.coverage_note.is_empty()) {
        let system = row.system.as_deref().unwrap_or("the organisation");
        by_note.entry(&row.coverage_note).or_default().push(system);
    }
    let all = |systems: &Vec<&str>| systems.len() == rows.len();
    by_note
        .into_iter()
        .map(|(note, systems)| {
            if all(&systems) { note.to_owned() } else { format!("{}: {note}", systems.join(", ")) }
        })
        .collect()
}

/// The evidence of all rows, each piece once.
fn evidence(rows: &[&Assessment]) -> Vec<Evidence> {
    let mut seen = BTreeSet::new();
    let all = rows.iter().flat_map(|row| &row.evidence);
    all.filter(|e| seen.insert(e.proposal_id.clone())).cloned().collect()
}

/// Where it is laid down and where it is recorded, from standing evidence only:
/// `design: ACCESS-POLICY.docx, 3 Access review, paragraph 18; operation: …`.
fn how(rows: &[&Assessment], evidence: &[Evidence]) -> String {
    let mut sides = Vec::new();
    for kind in [EvidenceKind::Design, EvidenceKind::Operation] {
        let mut places = Vec::new();
        for piece in evidence.iter().filter(|e| e.evidence_kind == kind && !e.lost) {
            let place = place(rows, piece);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let more = places.len().saturating_sub(PLACES);
        places.truncate(PLACES);
        if more > 0 {
            places.push(format!("and {more} more"));
        }
        if !places.is_empty() {
            sides.push(format!("{}: {}", kind.as_str(), places.join("; ")));
        }
    }
    sides.join("; ")
}

fn place(rows: &[&Assessment], piece: &Evidence) -> String {
    let name = match piece.verifiable {
        true => piece.document.rsplit('/').next().unwrap_or(&piece.document),
        false => piece.document.as_str(),
    };
    let mut place = match &piece.locator {
        Some(locator) => format!("{name}, {locator}"),
        None => name.to_owned(),
    };
    let mut marks = Vec::new();
    if !piece.verifiable {
        marks.push("not verifiable");
    }
    if piece.document_status.caps_coverage() {
        marks.push(piece.document_status.as_str());
    }
    if piece.stale {
        marks.push("stale");
    }
    if !marks.is_empty() {
        place.push_str(&format!(" ({})", marks.join(", ")));
    }
    let has = |row: &&&Assessment| row.evidence.iter().any(|e| e.proposal_id == piece.proposal_id);
    let systems: Vec<_> = rows.iter().filter(has).collect();
    if systems.len() < rows.len() {
        let names: Vec<_> =
            systems.iter().map(|r| r.system.as_deref().unwrap_or("the organisation")).collect();
        place.push_str(&format!(" [{}]", names.join(", ")));
    }
    place
}

#[cfg(test)]
mod tests;
