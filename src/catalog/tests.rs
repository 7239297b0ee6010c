//! The seeds are data: these tests hold their counts, references and form.

use std::collections::BTreeSet;

use super::*;
use crate::domain::{EvidenceKind, TargetKind};

#[test]
fn both_standards_are_complete() {
    let catalog = Catalog::load().unwrap();
    let count = |framework: &str, kind: TargetKind| {
        catalog.targets().filter(|t| t.framework == framework && t.kind == kind).count()
    };
    assert_eq!(count(ISO27001, TargetKind::Requirement), 30);
    assert_eq!(count(ISO27001, TargetKind::Control), 93);
    assert_eq!(count(ISO42001, TargetKind::Requirement), 32);
    assert_eq!(count(ISO42001, TargetKind::Control), 38);
    assert_eq!(catalog.targets().len(), 193);
}

#[test]
fn every_target_can_be_assessed_and_matched() {
    let catalog = Catalog::load().unwrap();
    let mut problems = Vec::new();
    let mut exemplars = BTreeSet::new();
    for target in catalog.targets() {
        let id = &target.id;
        let mut hold = |ok: bool, what: &str| {
            if !ok {
                problems.push(format!("{id}: {what}"));
            }
        };
        for kind in [EvidenceKind::Design, EvidenceKind::Operation] {
            hold(
                target.points.iter().any(|p| p.kind == kind),
                "needs a design and an operation point",
            );
        }
        hold((8..=20).contains(&target.terms.len()), "needs 8 to 20 terms");
        let unique: BTreeSet<_> = target.terms.iter().map(|t| t.to_lowercase()).collect();
        hold(unique.len() == target.terms.len(), "repeats a term");
        hold((4..=8).contains(&target.exemplars.len()), "needs 4 to 8 exemplars");
        for exemplar in &target.exemplars {
            hold(exemplars.insert(exemplar.to_lowercase()), "shares an exemplar");
        }
        let points: BTreeSet<_> = target.points.iter().map(|p| &p.id).collect();
        hold(points.len() == target.points.len(), "repeats a point id");
        for point in &target.points {
            let aged = point.freshness.is_empty()
                || crate::config::FRESHNESS.iter().any(|(class, _)| *class == point.freshness);
            hold(aged, "names an unknown freshness class");
        }
        hold(
            (target.kind == TargetKind::Control) != target.serves.is_empty(),
            "controls, and only they, serve clauses",
        );
        for clause in &target.serves {
            let known = catalog.get(clause);
            hold(
                known.is_some_and(|c| {
                    c.kind == TargetKind::Requirement && c.framework == target.framework
                }),
                "serves something that is no clause of its framework",
            );
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn seed_files_are_in_canonical_form() {
    for (file, text) in seeds::TARGET_FILES {
        let canonical = canonical(text).unwrap();
        assert!(
            canonical == text,
            "{file} is not in canonical form; run `cargo run --example seeds`"
        );
    }
}

#[test]
fn the_2013_table_is_whole_and_leads_to_known_controls() {
    let catalog = Catalog::load().unwrap();
    let old: BTreeSet<_> =
        catalog.renumbering().iter().map(|r| &r.id_2013).filter(|id| !id.is_empty()).collect();
    assert_eq!(old.len(), 114);
    assert_eq!(catalog.renumbering().iter().filter(|r| r.relation == "new").count(), 11);
    let reached: BTreeSet<_> = catalog.renumbering().iter().map(|r| &r.id_2022).collect();
    assert_eq!(reached.len(), 93);
    assert!(reached.iter().all(|id| catalog.get(id).is_some()));
    assert_eq!(catalog.renumbered("A.9.2.5")[0].id_2022.as_str(), "ISO27001:A.5.18");
}

#[test]
fn pairings_lead_to_known_targets() {
    let catalog = Catalog::load().unwrap();
    for pair in catalog.pairings() {
        assert!(catalog.get(&pair.iso27001).is_some(), "{}", pair.iso27001);
        assert!(catalog.get(&pair.iso42001).is_some(), "{}", pair.iso42001);
    }
    let clause: TargetId = "ISO27001:9.2.1".parse().unwrap();
    assert_eq!(catalog.counterparts(&clause)[0].as_str(), "ISO42001:9.2.1");
}

#[test]
fn no_long_run_of_words_is_shared_with_official_titles() {
    // Titles are facts; our own words must not be glued together from them.
    let catalog = Catalog::load().unwrap();
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    for target in catalog.targets() {
        let title = words(&target.title);
        let own = words(&target.description);
        for run in title.windows(7) {
            assert!(!own.windows(7).any(|w| w == run), "{}: {run:?}", target.id);
        }
    }
}
