//! What people stated on the controls of a SoA since an earlier place in the ledger.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalog::Catalog,
    domain::{
        Applicability, Conclusion, Date, Decision, ImplementationStatus, Position, ProposalId,
        ProvidedBy, SoaChange, TargetId, TargetKind,
    },
};

type Key<'a> = (&'a TargetId, Option<&'a str>);

/// Changes on the controls of a framework after the entry with number `after`, in the order of the
/// controls. Positions are compared field by field, then and now; decisions are counted by proposal,
/// since evidence has no order of its own. Entries that state nothing new don't count.
pub fn soa_changes(
    framework: &str,
    catalog: &Catalog,
    positions: &[(u64, Position)],
    decisions: &[(u64, Decision)],
    after: u64,
) -> Vec<SoaChange> {
    let ours = |target: &TargetId| {
        let found = catalog.get(target);
        found.is_some_and(|t| t.framework == framework && t.kind == TargetKind::Control)
    };
    let mut then: BTreeMap<Key<'_>, &Position> = BTreeMap::new();
    let mut now: BTreeMap<Key<'_>, &Position> = BTreeMap::new();
    for (seq, position) in positions.iter().filter(|(_, p)| ours(&p.target)) {
        let key = (&position.target, position.system.as_deref());
        if *seq <= after {
            then.insert(key, position);
        } else {
            now.insert(key, position);
        }
    }
    let mut changes: BTreeMap<Key<'_>, SoaChange> = BTreeMap::new();
    for (key, position) in &now {
        let what = differences(then.get(key).copied(), position);
        if !what.is_empty() {
            changes.insert(*key, change(*key, what, &position.decided_by, position.decided_on));
        }
    }

    let mut verdicts: BTreeMap<&ProposalId, &Decision> = BTreeMap::new();
    let mut moved: BTreeMap<Key<'_>, (BTreeSet<&ProposalId>, &Decision)> = BTreeMap::new();
    for (seq, decision) in decisions.iter().filter(|(_, d)| ours(&d.target)) {
        let before = verdicts.insert(&decision.proposal_id, decision);
        if *seq > after && before.is_none_or(|b| b.verdict != decision.verdict) {
            let key = (&decision.target, decision.system.as_deref());
            let entry = moved.entry(key).or_insert((BTreeSet::new(), decision));
            entry.0.insert(&decision.proposal_id);
            entry.1 = decision;
        }
    }
    for (key, (ids, last)) in moved {
        let word = if ids.len() == 1 { "decision" } else { "decisions" };
        let what = format!("evidence: {} {word} on suggestions or own evidence", ids.len());
        changes
            .entry(key)
            .or_insert_with(|| change(key, Vec::new(), &last.reviewer, Some(last.decided_on)))
            .what
            .push(what);
    }
    changes.into_values().collect()
}

fn change(key: Key<'_>, what: Vec<String>, by: &str, on: Option<Date>) -> SoaChange {
    SoaChange {
        target: key.0.clone(),
        system: key.1.map(str::to_owned),
        what,
        decided_by: by.to_owned(),
        decided_on: on,
    }
}

/// What a field is called, and how it reads.
type Field = (&'static str, fn(&Position) -> String);

fn differences(then: Option<&Position>, now: &Position) -> Vec<String> {
    let fields: [Field; 10] = [
        ("applicability", |p| word(p.applicability.map(Applicability::as_str))),
        ("reasons", |p| {
            let included = p.inclusion_reasons.iter().map(|r| r.as_str());
            let excluded = p.exclusion_reasons.iter().map(|r| r.as_str());
            included.chain(excluded).collect::<Vec<_>>().join(", ")
        }),
        ("justification", |p| p.justification.trim().to_owned()),
        ("risks", |p| p.risk_ids.join(", ")),
        ("implementation status", |p| {
            word(p.implementation_status.map(ImplementationStatus::as_str))
        }),
        ("planned for", |p| day(p.planned_for)),
        ("provided by", |p| {
            let provider = p.provider.trim();
            let by = word(p.provided_by.map(ProvidedBy::as_str));
            if provider.is_empty() { by } else { format!("{by} ({provider})") }
        }),
        ("owner", |p| p.owner.trim().to_owned()),
        ("due", |p| day(p.due)),
        ("conclusion", |p| word(p.conclusion.map(Conclusion::as_str))),
    ];
    let mut out = Vec::new();
    for (name, get) in fields {
        let (old, new) = (then.map(get).unwrap_or_default(), get(now));
        if old == new {
            continue;
        }
        // Two texts side by side say less than the one that stands in the row.
        out.push(match (name, old.is_empty(), new.is_empty()) {
            ("justification", true, _) => "justification: written".to_owned(),
            ("justification", false, true) => "justification: taken out".to_owned(),
            ("justification", ..) => "justification: reworded".to_owned(),
            (_, true, _) => format!("{name}: – → {new}"),
            (_, _, true) => format!("{name}: {old} → –"),
            _ => format!("{name}: {old} → {new}"),
        });
    }
    out
}

fn word(word: Option<&'static str>) -> String {
    word.unwrap_or_default().to_owned()
}

fn day(day: Option<Date>) -> String {
    day.map(|d| d.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{super::testkit::*, *};
    use crate::domain::{ISO27001, ISO42001, Verdict};

    #[test]
    fn a_change_is_what_differs_between_then_and_now() {
        let mut world = World::new();
        let first = world.position("ISO27001:A.5.15", None);
        first.applicability = Some(Applicability::Applicable);
        first.owner = "IT".into();
        let old = world.positions[0].clone();
        let mut new = old.clone();
        new.implementation_status = Some(ImplementationStatus::Planned);
        new.justification = "Files lie on shared drives.".into();
        let clause = world.position("ISO27001:9.2.1", None).clone();
        let same = Position { comment: "read again".into(), ..old.clone() };
        let other = Position { target: target("ISO27001:A.5.16"), ..same.clone() };
        let positions = [(1, old), (2, other.clone()), (3, new), (4, clause), (5, other)].to_vec();
        world.accept("ISO27001:A.5.15", "d1", "policy.md");
        world.accept("ISO27001:A.5.17", "d1", "policy.md");
        let before = world.decisions[0].clone();
        let after = world.decisions[1].clone();
        let mut taken_back = before.clone();
        taken_back.verdict = Verdict::Reject;
        let decisions = [(1, before.clone()), (6, before), (7, after), (8, taken_back)].to_vec();
        let of = |framework, place| {
            soa_changes(framework, Catalog::builtin(), &positions, &decisions, place)
        };
        let changes = of(ISO27001, 2);
        let said: Vec<_> =
            changes.iter().map(|c| format!("{}: {}", c.target, c.what.join("; "))).collect();
        assert_eq!(
            said,
            [
                "ISO27001:A.5.15: justification: written; implementation status: – → planned; \
                 evidence: 1 decision on suggestions or own evidence",
                "ISO27001:A.5.17: evidence: 1 decision on suggestions or own evidence",
            ]
        );
        assert!(of(ISO27001, 8).is_empty());
        assert!(of(ISO42001, 0).is_empty());
        assert_eq!(of(ISO27001, 0).len(), 3);
    }
}
