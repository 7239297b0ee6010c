//! What evidence for one framework is worth for another: the figures and how they come about.

use serde_json::{Value, json};

use super::page::wrap;
use crate::catalog::{Catalog, Chain, Reuse, ReuseRow, Strength, Tally};

const RULE: &str = "A chain leads from a source target over a common control to a counterpart. It \
                    is strong if the common control is equal to the source or part of it (so \
                    evidence for the source covers it) and equal to the counterpart or wider (so \
                    it covers the counterpart). Any other chain is weak: work is shared, but \
                    something has to be added. A target counts once, by its best chain. Scopes \
                    that differ, and AI content inside a shared process, remain for a person to \
                    see.";

pub(super) fn text(catalog: &Catalog, reuse: &Reuse<'_>) -> String {
    let (from, to) = (catalog.framework_name(&reuse.from), catalog.framework_name(&reuse.to));
    let mut out = format!("Reuse of evidence for {from} in {to}\n\n");
    out.push_str(&format!("{}\n\n", wrap(RULE, 0, 0)));
    let width = reuse.groups.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(8);
    out.push_str(&format!("{:<width$}  targets  strong  weak only  none  strong%\n", "group"));
    let mut line = |name: &str, tally: &Tally| {
        out.push_str(&format!(
            "{name:<width$}  {:>7}  {:>6}  {:>9}  {:>4}  {:>6}%\n",
            tally.targets,
            tally.strong,
            tally.weak,
            tally.specific(),
            tally.percent(tally.strong)
        ));
    };
    for (name, tally) in &reuse.groups {
        line(name, tally);
    }
    line("overall", &reuse.overall);
    out.push_str(&format!(
        "\nReuse rate: {} of {} strong ({}%); {} more only weak ({}%).\n",
        reuse.overall.strong,
        reuse.overall.targets,
        reuse.overall.percent(reuse.overall.strong),
        reuse.overall.weak,
        reuse.overall.percent(reuse.overall.weak)
    ));
    for (strength, heading) in [(Strength::Strong, "Strong"), (Strength::Weak, "Weak only")] {
        out.push_str(&format!("\n{heading}\n"));
        for row in reuse.rows.iter().filter(|row| row.strength == Some(strength)) {
            out.push_str(&format!("  {}  {}\n", row.target.id, row.target.title));
            for chain in best(row) {
                out.push_str(&format!("{}\n", wrap(&derivation(chain), 6, 8)));
            }
        }
    }
    out.push_str(&format!("\nSpecific to {to}: no chain leads here\n"));
    for target in reuse.specific() {
        out.push_str(&format!("  {}  {}\n", target.id, target.title));
    }
    out
}

/// The chains that make a row what it is.
fn best<'r, 'c>(row: &'r ReuseRow<'c>) -> impl Iterator<Item = &'r Chain<'c>> {
    row.chains.iter().filter(|chain| Some(chain.strength) == row.strength)
}

fn derivation(chain: &Chain<'_>) -> String {
    format!(
        "from {} over {} ({} → {}): {}",
        chain.source,
        chain.common_control.id,
        chain.from.relation.as_str(),
        chain.to.relation.as_str(),
        chain.to.rationale
    )
}

pub(super) fn json(reuse: &Reuse<'_>) -> Value {
    let tally = |tally: &Tally| {
        json!({
            "targets": tally.targets, "strong": tally.strong, "weak": tally.weak,
            "specific": tally.specific(), "strong_percent": tally.percent(tally.strong),
            "weak_percent": tally.percent(tally.weak),
        })
    };
    let groups: Vec<_> = reuse
        .groups
        .iter()
        .map(|(name, counts)| {
            let mut group = tally(counts);
            group["group"] = name.as_str().into();
            group
        })
        .collect();
    let targets: Vec<_> = reuse
        .rows
        .iter()
        .map(|row| {
            let chains: Vec<_> = row
                .chains
                .iter()
                .map(|chain| {
                    json!({
                        "source": chain.source, "strength": chain.strength.as_str(),
                        "common_control": chain.common_control.id,
                        "from": chain.from.relation, "to": chain.to.relation,
                        "rationale_from": chain.from.rationale, "rationale_to": chain.to.rationale,
                    })
                })
                .collect();
            json!({
                "target": row.target.id, "title": row.target.title,
                "strength": row.strength.map(Strength::as_str), "chains": chains,
            })
        })
        .collect();
    json!({
        "schema_version": 1, "from": reuse.from, "to": reuse.to, "rule": RULE,
        "overall": tally(&reuse.overall), "groups": groups, "targets": targets,
    })
}
