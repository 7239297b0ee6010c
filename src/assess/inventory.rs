//! Assets with the risks that name them, AI systems with their impact assessments. What registers say
//! and what people accepted as evidence stay two things; nothing here changes a Coverage.

mod declare;
mod mentions;
mod notes;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use mentions::Mentions;

use super::findings::is_done;
use crate::{
    config::{System, system_named},
    diag::Diagnostic,
    domain::{
        AI_SYSTEM, AcceptedImpact, Asset, AssetLine, Date, Decision, Done, IMPACT_ASSESSMENT,
        ImpactAssessment, ImpactLine, Inventory, RISK_BANDS, RiskFace, Stand, plain_words,
    },
};

/// The registers of a workspace, and what of the ledger belongs beside them.
#[derive(Debug, Clone, Copy)]
pub struct Registers<'a> {
    pub systems: &'a [System],
    /// Empty if there is no inventory.
    pub assets: &'a [Asset],
    pub assessments: &'a [ImpactAssessment],
    pub risks: &'a [RiskFace],
    /// Accepted evidence in force that is not lost.
    pub accepted: &'a [&'a Decision],
    /// "Today".
    pub as_of: Date,
}

/// The view, and what deserves a look: the diagnostics of `review/assets.csv`,
/// `review/impact-assessments.csv` and, of risks that name no asset, `review/risks.csv`.
pub fn inventory(registers: &Registers<'_>) -> (Inventory, Vec<Diagnostic>) {
    let assets: Vec<Asset> =
        registers.assets.iter().map(|a| placed(a, registers.systems)).collect();
    let mentions = Mentions::new(&assets);
    let (mut named, mut unknown) = (vec![Vec::new(); assets.len()], Vec::new());
    for risk in registers.risks.iter().filter(|r| r.open) {
        let mut found = BTreeSet::new();
        let mut rest = Vec::new();
        // What names no asset may name a system, and by that the asset that is this system.
        let of_system = |text: &str, found: &mut BTreeSet<usize>| {
            let Some(system) = system_named(registers.systems, &[text]) else { return false };
            let own = |asset: &Asset| is_system(asset) && asset.system == system.id;
            found.extend(assets.iter().enumerate().filter(|(_, a)| own(a)).map(|(n, _)| n));
            true
        };
        let (some, parts) = mentions.of(&risk.assets);
        found.extend(some);
        rest.extend(parts.into_iter().filter(|part| !of_system(part, &mut found)));
        if !of_system(&risk.system, &mut found) {
            let (some, parts) = mentions.of(&risk.system);
            found.extend(some);
            rest.extend(parts);
        }
        if !assets.is_empty() && !rest.is_empty() {
            unknown.push((risk, rest));
        }
        found.into_iter().for_each(|n: usize| named[n].push(risk));
    }
    let lines = assets.into_iter().zip(named).map(|(asset, risks)| {
        let (highest, unrated) = highest(&risks);
        let risks = names(&risks);
        AssetLine { asset, risks, highest, unrated }
    });
    let inventory = Inventory { assets: lines.collect(), impacts: impacts(registers) };
    let diagnostics = notes::notes(registers, &inventory, &unknown);
    (inventory, diagnostics)
}

/// The asset with its system, if a row by hand does not say it itself. A row of an import got its system
/// there; where it has none, nothing was found or a person cleared it.
fn placed(asset: &Asset, systems: &[System]) -> Asset {
    let written = asset.system.trim();
    let found = match written {
        "" if !asset.key.is_empty() => None,
        "" => system_named(systems, &[&asset.name, &asset.id]),
        written => systems.iter().find(|s| s.id.eq_ignore_ascii_case(written)),
    };
    let system = found.map_or_else(|| written.to_owned(), |s| s.id.clone());
    Asset { system, ..asset.clone() }
}

/// Whether a row is the system that it names, not something that belongs to it.
fn is_system(asset: &Asset) -> bool {
    !asset.system.is_empty()
        && matches!(asset.kind.as_str(), "" | AI_SYSTEM | "application" | "service" | "other")
}

/// Names of risks, each once, in order. Two registers may have the same id: then their keys name them.
fn names(risks: &[&RiskFace]) -> Vec<String> {
    let shared = |risk: &RiskFace| {
        risks.iter().any(|other| other.name() == risk.name() && other.key != risk.key)
    };
    let mut seen = BTreeSet::new();
    let names = risks.iter().map(|r| if shared(r) { r.key.clone() } else { r.name().to_owned() });
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// The highest band of open risks, and how many of them have none.
fn highest(risks: &[&RiskFace]) -> (String, usize) {
    let place = |risk: &RiskFace| {
        let band = risk.level_band.trim().to_lowercase();
        RISK_BANDS.iter().position(|b| *b == band)
    };
    let open: Vec<Option<usize>> =
        risks.iter().filter(|r| r.open).map(|risk| place(risk)).collect();
    let highest = open.iter().flatten().max().map_or("", |n| RISK_BANDS[*n]);
    (highest.to_owned(), open.iter().filter(|band| band.is_none()).count())
}

fn impacts(registers: &Registers<'_>) -> Vec<ImpactLine> {
    // By declared id, or by the words of a name that nobody declared.
    let mut rows: BTreeMap<String, Vec<&ImpactAssessment>> = BTreeMap::new();
    let mut others: Vec<(String, &str)> = Vec::new();
    for row in registers.assessments {
        let key = match system_named(registers.systems, &[&row.system]) {
            Some(system) => system.id.clone(),
            None => {
                let key = format!("?{}", plain_words(&row.system));
                if !rows.contains_key(&key) {
                    others.push((key.clone(), &row.system));
                }
                key
            }
        };
        rows.entry(key).or_default().push(row);
    }
    let mut out = Vec::new();
    for system in registers.systems {
        let rows = rows.remove(&system.id).unwrap_or_default();
        if system.ai || !rows.is_empty() {
            let blank = ImpactLine {
                roles: system.roles.clone(),
                declared: true,
                ai: system.ai,
                ..blank(&system.id, &system.name)
            };
            lines(registers, blank, rows, &mut out);
        }
    }
    for (key, name) in others {
        let rows = rows.remove(&key).unwrap_or_default();
        lines(registers, blank(name, name), rows, &mut out);
    }
    out
}

fn blank(system: &str, name: &str) -> ImpactLine {
    ImpactLine {
        system: system.to_owned(),
        name: name.to_owned(),
        roles: Vec::new(),
        declared: false,
        ai: false,
        current: true,
        stand: Stand::Missing,
        assessment: None,
        overdue: false,
        risks: Vec::new(),
        highest: String::new(),
        unknown_risks: Vec::new(),
        accepted: Vec::new(),
    }
}

/// One line an assessment of a system, the current one first: the latest that was done, else the latest
/// of what stands best.
fn lines(
    registers: &Registers<'_>,
    blank: ImpactLine,
    mut rows: Vec<&ImpactAssessment>,
    out: &mut Vec<ImpactLine>,
) {
    let as_of = registers.as_of;
    rows.sort_by_key(|row| (stand(row, as_of), std::cmp::Reverse(row.day)));
    let of_system: Vec<&RiskFace> = registers
        .risks
        .iter()
        .filter(|r| r.open)
        .filter(|r| match system_named(registers.systems, &[&r.system]) {
            Some(system) => blank.declared && system.id == blank.system,
            None => !r.system.is_empty() && plain_words(&r.system) == plain_words(&blank.system),
        })
        .collect();
    let accepted = accepted(registers, &blank.system);
    if rows.is_empty() {
        let (highest, _) = highest(&of_system);
        out.push(ImpactLine { risks: names(&of_system), highest, accepted, ..blank });
        return;
    }
    for (n, row) in rows.iter().enumerate() {
        let current = n == 0;
        let (mut linked, mut unknown) = (Vec::new(), Vec::new());
        for id in &row.risk_ids {
            let known = |r: &&RiskFace| {
                let id = id.to_lowercase();
                r.id.to_lowercase() == id || r.key.to_lowercase() == id
            };
            let before = linked.len();
            linked.extend(registers.risks.iter().filter(known));
            if linked.len() == before {
                unknown.push(id.clone());
            }
        }
        if current {
            linked.extend(of_system.iter().copied());
        }
        let (highest, _) = highest(&linked);
        out.push(ImpactLine {
            current,
            stand: stand(row, as_of),
            assessment: Some((*row).clone()),
            overdue: current && row.next_review_day.is_some_and(|day| day < as_of),
            risks: names(&linked),
            highest,
            unknown_risks: unknown,
            accepted: if current { accepted.clone() } else { Vec::new() },
            ..blank.clone()
        });
    }
}

fn stand(row: &ImpactAssessment, as_of: Date) -> Stand {
    match (row.done, row.day) {
        (Done::Yes, None) => Stand::DoneUndated,
        (Done::Yes, Some(day)) if day > as_of => Stand::DoneAhead,
        (Done::Yes, Some(_)) => Stand::Done,
        (Done::Unsaid, _) => Stand::NotSaid,
        (Done::Planned, _) => Stand::Planned,
        (Done::No, _) => Stand::NotDone,
    }
}

/// What people accepted for the system, by target; by the rule that also tells which system lacks it.
fn accepted(registers: &Registers<'_>, system: &str) -> Vec<AcceptedImpact> {
    let mut ai = registers.systems.iter().filter(|s| s.ai);
    let only = ai.next().is_some_and(|s| s.id == system) && ai.next().is_none();
    let wanted = |d: &&&Decision| {
        IMPACT_ASSESSMENT.contains(&d.target.as_str())
            && is_done(d, only)
            && d.system.as_deref().is_none_or(|s| s == system)
    };
    let found: BTreeSet<AcceptedImpact> = registers
        .accepted
        .iter()
        .filter(wanted)
        .map(|d| AcceptedImpact { target: d.target.clone(), document: d.document.clone() })
        .collect();
    found.into_iter().collect()
}
