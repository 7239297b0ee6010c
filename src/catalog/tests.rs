//! The seeds are data: these tests hold their counts, references and form.

use std::collections::BTreeSet;

use super::*;
use crate::domain::{Affected, EvidenceKind, Lens, Relation, TargetKind};

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
    let others = [seeds::COMMON_CONTROLS, seeds::RISKS];
    for (file, text) in seeds::TARGET_FILES.into_iter().chain(others) {
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
}

#[test]
fn common_controls_reach_every_target() {
    let catalog = Catalog::load().unwrap();
    let controls = catalog.common_controls();
    assert!(controls.len() >= 110, "{}", controls.len());
    let ids: BTreeSet<_> = controls.iter().map(|control| &control.id).collect();
    assert_eq!(ids.len(), controls.len(), "an id is used twice");
    let mut reached = BTreeSet::new();
    for control in controls {
        let id = &control.id;
        for text in [&control.purpose, &control.accountable, &control.scope, &control.guidance] {
            assert!(!text.trim().is_empty(), "{id} lacks a text");
        }
        assert!(!control.components.is_empty() && !control.links.is_empty(), "{id} is bare");
        let targets: BTreeSet<_> = control.links.iter().map(|link| &link.target).collect();
        assert_eq!(targets.len(), control.links.len(), "{id} leads to a target twice");
        for link in &control.links {
            assert!(catalog.get(&link.target).is_some(), "{id} leads to {}", link.target);
            assert!(!link.rationale.trim().is_empty(), "{id} → {}: no rationale", link.target);
            reached.insert(&link.target);
        }
    }
    let missed: Vec<_> = catalog.targets().filter(|t| !reached.contains(&t.id)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn risks_name_their_asset_consequence_and_treatment() {
    let catalog = Catalog::load().unwrap();
    let risks = catalog.risks();
    assert!(risks.len() >= 60, "{}", risks.len());
    let ids: BTreeSet<_> = risks.iter().map(|risk| &risk.id).collect();
    assert_eq!(ids.len(), risks.len(), "an id is used twice");
    for lens in [Lens::InformationSecurity, Lens::Ai, Lens::Both] {
        assert!(risks.iter().any(|risk| risk.lens == lens));
    }
    for risk in risks {
        let id = &risk.id;
        assert!(!risk.assets.is_empty() && !risk.cause.is_empty() && !risk.affected.is_empty());
        let said = [
            (Affected::Organisation, &risk.consequence_organisation),
            (Affected::Individuals, &risk.consequence_individuals),
            (Affected::Society, &risk.consequence_society),
        ];
        for (affected, text) in said {
            assert_eq!(risk.affected.contains(&affected), !text.is_empty(), "{id}: {affected:?}");
        }
        assert!(!risk.common_controls.is_empty(), "{id} is not treated");
        let mut treated = BTreeSet::new();
        for control in &risk.common_controls {
            assert!(catalog.common_control(control).is_some(), "{id} names {control}");
            assert!(treated.insert(control), "{id} names {control} twice");
        }
    }
}

#[test]
fn reuse_follows_from_the_links() {
    let catalog = Catalog::load().unwrap();
    let reuse = catalog.reuse(ISO27001, ISO42001);
    assert_eq!(reuse.overall.targets, 70);
    let sum =
        |count: fn(&Tally) -> usize| reuse.groups.iter().map(|(_, t)| count(t)).sum::<usize>();
    assert_eq!(sum(|t| t.targets), 70);
    assert_eq!(sum(|t| t.strong), reuse.overall.strong);
    assert_eq!(sum(|t| t.weak), reuse.overall.weak);
    assert_eq!(reuse.specific().count(), reuse.overall.specific());
    assert_eq!(reuse.groups.len(), 7 + 9);

    // The figures that docs/catalogue.md gives.
    let Tally { strong, weak, .. } = reuse.overall;
    let text = std::fs::read_to_string("docs/catalogue.md").unwrap();
    let said = format!("{strong} of 70");
    assert!(text.contains(&said) && text.contains(&format!("{weak} more")), "{said}, {weak} more");

    for row in &reuse.rows {
        for chain in &row.chains {
            let covered = [Relation::Equal, Relation::Subset].contains(&chain.from.relation);
            let covers = [Relation::Equal, Relation::Superset].contains(&chain.to.relation);
            assert_eq!(chain.strength == Strength::Strong, covered && covers);
            assert_eq!(
                chain.strength == Strength::Strong,
                [Relation::Equal, Relation::Superset].contains(&chain.relation())
            );
        }
    }
}

#[test]
fn counterparts_come_from_chains_strong_first() {
    let catalog = Catalog::load().unwrap();
    let mut both = 0;
    for target in catalog.targets() {
        let chains = catalog.chains(&target.id);
        let counterparts = catalog.counterparts(&target.id);
        assert!(counterparts.iter().all(|id| id.framework() != target.framework));
        let strong =
            |id: &TargetId| chains.iter().any(|c| c.target == id && c.strength == Strength::Strong);
        assert!(counterparts.is_sorted_by_key(|id| !strong(id)), "{counterparts:?}");
        let unique: BTreeSet<_> = counterparts.iter().collect();
        assert_eq!(unique.len(), counterparts.len());
        both += usize::from(!counterparts.is_empty());
    }
    assert!(both > 60, "{both}");
}

#[test]
fn clauses_of_2013_lead_to_those_of_2022() {
    let catalog = Catalog::load().unwrap();
    let led = |id: &str| -> Vec<String> {
        catalog.renumbered_clause(id).iter().map(|id| id.local().to_owned()).collect()
    };
    assert_eq!(led("10.1"), ["10.2"]);
    assert_eq!(led("10.2"), ["10.1"]);
    assert_eq!(led("9.2"), ["9.2.1", "9.2.2"]);
    assert_eq!(led("9.3"), ["9.3.1", "9.3.2", "9.3.3"]);
    assert_eq!(led("6.1.3"), ["6.1.3"]);
    assert!(led("6.3").is_empty() && led("").is_empty() && led("9.9").is_empty());
    let rows = catalog.clause_changes();
    let reached: BTreeSet<_> = rows.iter().map(|row| &row.id_2022).collect();
    let clauses: BTreeSet<_> = catalog
        .targets()
        .filter(|t| t.framework == ISO27001 && t.kind == TargetKind::Requirement)
        .map(|t| &t.id)
        .collect();
    assert_eq!(reached, clauses);
    let new: Vec<_> = rows.iter().filter(|row| row.relation == "new").collect();
    assert!(new.len() == 1 && new[0].id_2022.local() == "6.3");
}

/// The lettered sub-items of the clauses: facts, each from `a` to the letter given.
const SUB_ITEMS: [(&str, &str, char); 34] = [
    (ISO27001, "4.2", 'c'),
    (ISO27001, "4.3", 'c'),
    (ISO27001, "5.1", 'h'),
    (ISO27001, "5.2", 'g'),
    (ISO27001, "5.3", 'b'),
    (ISO27001, "6.1.1", 'e'),
    (ISO27001, "6.1.2", 'e'),
    (ISO27001, "6.1.3", 'f'),
    (ISO27001, "6.2", 'l'),
    (ISO27001, "7.2", 'd'),
    (ISO27001, "7.3", 'c'),
    (ISO27001, "7.4", 'd'),
    (ISO27001, "7.5.1", 'b'),
    (ISO27001, "7.5.2", 'c'),
    (ISO27001, "7.5.3", 'f'),
    (ISO27001, "9.1", 'f'),
    (ISO27001, "9.2.1", 'b'),
    (ISO27001, "9.2.2", 'c'),
    (ISO27001, "9.3.2", 'g'),
    (ISO27001, "10.2", 'g'),
    (ISO42001, "5.2", 'd'),
    (ISO42001, "5.3", 'b'),
    (ISO42001, "6.1.1", 'b'),
    (ISO42001, "6.1.2", 'e'),
    (ISO42001, "6.1.3", 'g'),
    (ISO42001, "6.2", 'g'),
    (ISO42001, "7.5.1", 'b'),
    (ISO42001, "7.5.3", 'b'),
    (ISO42001, "9.2.1", 'b'),
    (ISO42001, "9.2.2", 'c'),
    (ISO42001, "9.3.2", 'e'),
    (ISO42001, "10.2", 'e'),
    // Nothing is lettered here; the dashes of these clauses are counted as points.
    (ISO42001, "5.1", '-'),
    (ISO42001, "9.1", '-'),
];

/// Letters in `9.1 a–b` or `5.1 a, c`; `note` and the bare id have none.
fn letters(sub_item: &str) -> Vec<char> {
    let Some((_, rest)) = sub_item.split_once(' ') else { return Vec::new() };
    let mut letters = Vec::new();
    for part in rest.split(',').map(str::trim).filter(|part| *part != "note") {
        let ends: Vec<char> = part.chars().filter(|c| !matches!(c, '–' | '-' | ' ')).collect();
        match ends[..] {
            [one] => letters.push(one),
            [from, to] => letters.extend(from..=to),
            _ => panic!("`{sub_item}` can't be read"),
        }
    }
    letters
}

#[test]
fn no_sub_item_is_missing() {
    assert_eq!(letters("9.1 a–c, e"), ['a', 'b', 'c', 'e']);
    let catalog = Catalog::load().unwrap();
    let mut problems = Vec::new();
    for target in catalog.targets() {
        let row = SUB_ITEMS.iter().find(|(framework, clause, _)| {
            *framework == target.framework && *clause == target.id.local()
        });
        let wanted: BTreeSet<char> = match row {
            Some((_, _, last)) if *last != '-' => ('a'..=*last).collect(),
            _ => BTreeSet::new(),
        };
        let mut found = BTreeSet::new();
        for point in &target.points {
            let own = point.sub_item.split(' ').next() == Some(target.id.local());
            if !own {
                problems.push(format!("{}: sub-item `{}`", point.id, point.sub_item));
            }
            found.extend(letters(&point.sub_item));
        }
        if found != wanted {
            problems.push(format!("{}: sub-items {found:?}, not {wanted:?}", target.id));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let points = |id: &str| catalog.get(&id.parse::<TargetId>().unwrap()).unwrap().points.len();
    assert!(points("ISO42001:5.1") >= 8 && points("ISO42001:9.1") >= 5);
}

#[test]
fn the_climate_determination_is_in() {
    let catalog = Catalog::load().unwrap();
    for id in ["ISO27001:4.1", "ISO27001:4.2", "ISO42001:4.1"] {
        let target = catalog.get(&id.parse::<TargetId>().unwrap()).unwrap();
        let climate = target.points.iter().filter(|p| p.text.to_lowercase().contains("climate c"));
        assert_eq!(climate.count(), 1, "{id}");
    }
}

fn words(text: &str) -> Vec<String> {
    // The names of the two systems are names, not wording.
    let text = text
        .to_lowercase()
        .replace("information security management system", "isms")
        .replace("ai management system", "aims");
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn our_words_share_no_long_run_with_official_titles() {
    // Titles are facts; our own words must not be glued together from them.
    const RUN: usize = 5;
    let catalog = Catalog::load().unwrap();
    let mut runs: BTreeSet<Vec<String>> = BTreeSet::new();
    for target in catalog.targets() {
        runs.extend(words(&target.title).windows(RUN).map(<[String]>::to_vec));
    }
    let mut texts: Vec<(String, &str)> = Vec::new();
    for target in catalog.targets() {
        texts.push((format!("{} description", target.id), &target.description));
        texts.push((format!("{} guidance", target.id), &target.guidance));
        for point in &target.points {
            texts.push((point.id.to_string(), &point.text));
            texts.push((format!("{} evidence", point.id), &point.typical_evidence));
        }
    }
    for control in catalog.common_controls() {
        for text in [&control.purpose, &control.scope, &control.guidance] {
            texts.push((control.id.clone(), text));
        }
        texts.extend(control.components.iter().map(|text| (control.id.clone(), text.as_str())));
        let links = control.links.iter();
        texts.extend(links.map(|link| (control.id.clone(), link.rationale.as_str())));
    }
    for risk in catalog.risks() {
        texts.push((risk.id.clone(), &risk.cause));
    }
    let mut problems = Vec::new();
    for (place, text) in texts {
        let own = words(text);
        if let Some(run) = own.windows(RUN).find(|run| runs.contains(*run)) {
            problems.push(format!("{place}: {}", run.join(" ")));
        }
        if own.iter().any(|word| word == "shall") {
            problems.push(format!("{place}: `shall` is how the standards speak"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_language_has_words_for_every_target() {
    let catalog = Catalog::builtin();
    let ids: Vec<_> = catalog.targets().map(|target| &target.id).collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/languages");
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let words: super::seeds::LanguageFile = toml::from_str(&text).unwrap();
        let of: BTreeSet<_> = words.target.iter().map(|words| &words.id).collect();
        assert!(of.len() == words.target.len() && of.iter().eq(&ids), "{}", path.display());
        for words in &words.target {
            let unique: BTreeSet<_> = words.terms.iter().map(|t| t.to_lowercase()).collect();
            assert_eq!(unique.len(), words.terms.len(), "{} repeats a term", words.id);
            assert!(words.terms.len() >= 6 && words.exemplars.len() >= 3, "{}", words.id);
        }
        files += 1;
    }
    assert!(files >= super::seeds::LANGUAGES.len());
    for id in ids {
        for (language, _) in super::seeds::LANGUAGES {
            assert!(catalog.local_words(id, language).is_some(), "{language:?} {id}");
        }
        assert!(catalog.local_words(id, Language::En).is_none());
    }
}
