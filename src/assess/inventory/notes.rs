//! What inventories, impact assessments and the configuration leave open between them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Registers, declare, is_system};
use crate::{
    config::system_named,
    diag::Diagnostic,
    domain::{AI_SYSTEM, Asset, Inventory, RiskFace, Stand, plain_words},
};

const ASSETS: &str = "review/assets.csv";
const IMPACTS: &str = "review/impact-assessments.csv";
const RISKS: &str = "review/risks.csv";

/// Names that a message holds before it only counts.
const NAMED: usize = 30;

/// `unknown` are risks with the parts of their cells that name no asset.
pub(super) fn notes(
    registers: &Registers<'_>,
    inventory: &Inventory,
    unknown: &[(&RiskFace, Vec<String>)],
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    assets(registers, inventory, &mut out);
    impacts(inventory, &mut out);
    let risks =
        unknown.iter().map(|(risk, parts)| format!("{} ({})", risk.name(), parts.join(", ")));
    let message = "words in `assets` or `system` that name no asset of the inventory";
    let help = "write the asset's name or id into `assets`, or add the asset to review/assets.csv";
    out.extend(group(
        Diagnostic::note,
        "risk-asset-unknown",
        RISKS,
        message,
        risks.collect(),
        help,
    ));
    out
}

/// One diagnostic for all that have the same trouble; none if there are none.
fn group(
    make: fn(&str, String) -> Diagnostic,
    code: &str,
    file: &str,
    what: &str,
    items: Vec<String>,
    help: &str,
) -> Option<Diagnostic> {
    if items.is_empty() {
        return None;
    }
    let more = match items.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown: Vec<String> = items.into_iter().take(NAMED).collect();
    let message = format!("{what}: {}{more}", shown.join(", "));
    Some(make(code, message).in_file(file).help(help))
}

fn assets(registers: &Registers<'_>, inventory: &Inventory, out: &mut Vec<Diagnostic>) {
    if inventory.assets.is_empty() {
        return;
    }
    let systems = registers.systems;
    let declared = |asset: &Asset| systems.iter().find(|s| s.id == asset.system);
    // The same system may stand in several inventories.
    let mut undeclared: BTreeMap<String, Vec<&Asset>> = BTreeMap::new();
    let (mut order, mut retired) = (Vec::new(), Vec::new());
    let (mut unknown, mut differs) = (Vec::new(), Vec::new());
    for line in &inventory.assets {
        let asset = &line.asset;
        let ai = asset.kind == AI_SYSTEM;
        match declared(asset) {
            Some(system) if ai && !system.ai => differs.push(asset.label()),
            Some(_) => {}
            None if !asset.system.is_empty() => {
                unknown.push(format!("{} ({})", asset.system, asset.label()));
            }
            // Declared since the import, or cleared by a person: nothing to declare.
            None if system_named(systems, &[&asset.name, &asset.id]).is_some() => {}
            None if !ai && asset.likely_ai_system.is_empty() => {}
            None if asset.is_retired() => retired.push(asset.label()),
            None => {
                let key = plain_words(&asset.label());
                if !undeclared.contains_key(&key) {
                    order.push(key.clone());
                }
                undeclared.entry(key).or_default().push(asset);
            }
        }
    }
    let mut taken: BTreeSet<String> = systems.iter().map(|s| s.id.clone()).collect();
    for asset in order.iter().filter_map(|key| undeclared[key].first()) {
        let toml = declare::toml(asset, &mut taken);
        let place = |d: Diagnostic| d.in_file(ASSETS).in_column("system");
        out.push(if asset.kind == AI_SYSTEM {
            let message = format!(
                "{} is an AI system of the inventory and not declared in evimap.toml",
                asset.label()
            );
            let help = format!("if it is in scope, add its paths and put this there:\n{toml}");
            place(Diagnostic::warning("ai-system-undeclared", message)).help(help)
        } else {
            let message = format!(
                "{} is likely an AI system (“{}”) and not declared in evimap.toml",
                asset.label(),
                asset.likely_ai_system
            );
            let help = format!(
                "if it is none, clear likely_ai_system; if it is one, write {AI_SYSTEM} into kind \
                 and, if it is in scope, put this into evimap.toml:\n{toml}"
            );
            place(Diagnostic::note("ai-system-likely", message)).help(help)
        });
    }
    out.extend(group(
        Diagnostic::note,
        "ai-system-not-in-use",
        ASSETS,
        "AI systems that are not declared in evimap.toml and not in use, by their status",
        retired,
        "nothing, unless the status is wrong",
    ));
    let listed: BTreeSet<&str> = inventory
        .assets
        .iter()
        .filter(|line| is_system(&line.asset))
        .map(|line| line.asset.system.as_str())
        .collect();
    let missing = systems.iter().filter(|s| !listed.contains(s.id.as_str()));
    out.extend(group(
        Diagnostic::warning,
        "system-not-in-inventory",
        ASSETS,
        "systems of evimap.toml that are in no inventory",
        missing.map(|s| s.id.clone()).collect(),
        "add them to the inventory, or write the system's id into `system` of its row",
    ));
    out.extend(group(
        Diagnostic::warning,
        "asset-system-unknown",
        ASSETS,
        "`system` names no system of evimap.toml",
        unknown,
        "write the id of a [[system]], or clear the cell",
    ));
    out.extend(group(
        Diagnostic::warning,
        "asset-ai-differs",
        ASSETS,
        "AI systems of the inventory that evimap.toml declares without `ai = true`",
        differs,
        "set `ai = true` there, or correct `kind`",
    ));
}

fn impacts(inventory: &Inventory, out: &mut Vec<Diagnostic>) {
    let ai = || inventory.impacts.iter().filter(|l| l.declared && l.ai && l.current);
    let rows =
        || inventory.impacts.iter().filter_map(|l| l.assessment.as_ref().map(|row| (l, row)));
    let mut say =
        |make: fn(&str, String) -> Diagnostic, code: &str, what: &str, items, help: &str| {
            out.extend(group(make, code, IMPACTS, what, items, help));
        };
    let standing = |stands: &[Stand]| -> Vec<String> {
        let those = rows().filter(|(line, _)| line.current && stands.contains(&line.stand));
        those.map(|(line, _)| line.name.clone()).collect()
    };
    say(
        Diagnostic::warning,
        "no-impact-assessment-on-record",
        "AI systems of evimap.toml without an impact assessment on record",
        ai().filter(|l| l.assessment.is_none()).map(|l| l.system.clone()).collect(),
        "add a row with system and done to review/impact-assessments.csv, or import the register that has it",
    );
    say(
        Diagnostic::warning,
        "impact-assessment-not-done",
        "AI systems whose impact assessment is planned or not done, as their register says",
        ai().filter(|l| matches!(l.stand, Stand::Planned | Stand::NotDone))
            .map(|l| format!("{} ({})", l.system, l.stand.as_str()))
            .collect(),
        "assess the impacts, then fill in done and date",
    );
    say(
        Diagnostic::warning,
        "impact-assessment-not-said",
        "impact assessments of which nothing says that they were done",
        standing(&[Stand::NotSaid]),
        "write yes, no or planned into `done`",
    );
    say(
        Diagnostic::warning,
        "impact-assessment-date",
        "impact assessments that were done, without a day or on a day to come",
        standing(&[Stand::DoneUndated, Stand::DoneAhead]),
        "correct `date` or `done`",
    );
    say(
        Diagnostic::warning,
        "impact-assessment-not-approved",
        "impact assessments that nobody approved",
        rows()
            .filter(|(l, row)| l.current && l.stand == Stand::Done && row.approved_by.is_empty())
            .map(|(l, _)| l.name.clone())
            .collect(),
        "fill in approved_by and approved_on once somebody did",
    );
    say(
        Diagnostic::warning,
        "impact-assessment-overdue",
        "impact assessments whose next review is overdue",
        rows()
            .filter(|(l, _)| l.overdue)
            .map(|(l, row)| format!("{} (since {})", l.name, row.next_review))
            .collect(),
        "review the assessment, then give its new date and next_review",
    );
    let mut strangers: Vec<String> =
        rows().filter(|(l, _)| !l.declared && l.current).map(|(l, _)| l.name.clone()).collect();
    strangers.dedup();
    say(
        Diagnostic::note,
        "impact-system-unknown",
        "impact assessments of systems that evimap.toml does not declare",
        strangers,
        "write the id of a [[system]] into `system`, or declare the system if it is in scope",
    );
    say(
        Diagnostic::warning,
        "impact-risk-unknown",
        "risk ids of impact assessments that are not in the risk register",
        rows()
            .filter(|(l, _)| !l.unknown_risks.is_empty())
            .map(|(l, row)| format!("{} of {}", l.unknown_risks.join(", "), row.label()))
            .collect(),
        "correct risk_ids, or add the risk to review/risks.csv",
    );
    say(
        Diagnostic::note,
        "impact-without-risk",
        "AI systems with an impact assessment and no risk in the register",
        ai().filter(|l| l.stand == Stand::Done && l.risks.is_empty())
            .map(|l| l.system.clone())
            .collect(),
        "carry what the assessment found into the risk register, or name its risks in risk_ids",
    );
}
