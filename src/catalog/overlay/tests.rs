//! Overlays: the worked example, and one with every fault.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::{catalog::Strength, config::Config};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn example() -> Catalog {
    let dir = repository().join("docs/overlay-example");
    Catalog::builtin().with_overlay(&dir).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn id(text: &str) -> TargetId {
    text.parse().unwrap()
}

#[test]
fn the_worked_example_brings_a_framework_of_ten_controls() {
    let catalog = example();
    assert_eq!(catalog.frameworks(), ["ACME", "ISO27001", "ISO42001"]);
    assert_eq!(catalog.framework_name("ACME"), "ACME Supplier Security Standard 4");
    let own: Vec<_> = catalog.targets().filter(|t| t.framework == "ACME").collect();
    assert_eq!(own.len(), 10);
    assert!(own.iter().all(|target| target.points.len() == 2 && !target.terms.is_empty()));
    assert_eq!(own[1].points[0].id.as_str(), "ACME:2#x1");
    assert_eq!(own[9].points[0].id.as_str(), "ACME:10#d1");
    let base = Catalog::builtin().get(&id("ISO27001:A.5.18")).unwrap().points.len();
    assert_eq!(catalog.get(&id("ISO27001:A.5.18")).unwrap().points.len(), base + 1);
}

#[test]
fn own_controls_of_a_standard_come_after_annex_a() {
    let catalog = example();
    let last = catalog.targets().filter(|t| t.framework == "ISO27001").last().unwrap();
    assert_eq!(last.id.as_str(), "ISO27001:X.1");
    assert_eq!(catalog.refines(&last.id).len(), 2);
}

#[test]
fn evidence_is_reused_for_a_further_framework() {
    let catalog = example();
    let chains = catalog.chains(&id("ISO27001:A.5.26"));
    let chain = chains.iter().find(|chain| *chain.target == id("ACME:2")).unwrap();
    assert_eq!(chain.strength, Strength::Strong);
    let reuse = catalog.reuse("ISO27001", "ACME");
    assert_eq!(reuse.overall.targets, 10);
    assert!(reuse.overall.strong >= 2 && reuse.specific().count() >= 6);
    // The figures of the standards don't move.
    let (with, without) = (
        catalog.reuse("ISO27001", "ISO42001").overall,
        Catalog::builtin().reuse("ISO27001", "ISO42001").overall,
    );
    assert_eq!(with, without);
}

#[test]
fn every_fault_of_an_overlay_is_reported_with_file_and_line() {
    let dir = repository().join("tests/overlay-faults");
    let mut marked: BTreeMap<(PathBuf, u32), usize> = BTreeMap::new();
    for folder in [dir.clone(), dir.join("targets")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            for (n, line) in fs::read_to_string(&path).unwrap_or_default().lines().enumerate() {
                if line.contains("FAULT") {
                    *marked.entry((path.clone(), n as u32 + 1)).or_default() += 1;
                }
            }
        }
    }
    assert!(marked.len() >= 30, "{}", marked.len());
    let faults = Catalog::builtin().with_overlay(&dir).unwrap_err();
    let mut found: BTreeMap<(PathBuf, u32), usize> = BTreeMap::new();
    for fault in &faults {
        let place = (PathBuf::from(fault.file.as_ref().unwrap()), fault.line.unwrap());
        *found.entry(place).or_default() += 1;
        assert!(fault.help.is_some() && fault.code == CODE, "{fault:?}");
    }
    let missed: Vec<_> = marked.keys().filter(|place| !found.contains_key(place)).collect();
    let extra: Vec<_> = faults
        .iter()
        .filter(|f| {
            let place = (PathBuf::from(f.file.as_ref().unwrap()), f.line.unwrap());
            !marked.contains_key(&place)
        })
        .collect();
    assert!(missed.is_empty() && extra.is_empty(), "missed {missed:?}, extra {extra:?}");
    assert_eq!(found, marked);
}

#[test]
fn a_longer_circle_is_reported_once() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("targets")).unwrap();
    let target = |n: u32, to: u32| {
        format!(
            "[[target]]\nid = 'CUSTOM:{n}'\ntitle = 'T'\ndescription = 'D'\n\
             refines = ['CUSTOM:{to}']\n"
        )
    };
    let text: String = [(1, 2), (2, 3), (3, 4), (4, 2)].map(|(n, to)| target(n, to)).concat();
    fs::write(dir.path().join("targets/a.toml"), text).unwrap();
    let faults = Catalog::builtin().with_overlay(dir.path()).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].message.ends_with("CUSTOM:2 → CUSTOM:3 → CUSTOM:4 → CUSTOM:2"));
    assert_eq!(faults[0].line, Some(10));
}

#[test]
fn a_faulty_target_or_control_gives_no_further_faults() {
    let dir = tempfile::tempdir().unwrap();
    let text = "id,title,description\nOWN:1,,Text\nOWN:2,Two,Text\n";
    fs::write(dir.path().join("framework.csv"), text).unwrap();
    let text = "[[common_control]]\nid = 'CC-OWN'\ntitle = 'T'\n\
                [[common_control.link]]\ntarget = 'OWN:1'\nrelation = 'equal'\nrationale = 'R'\n";
    fs::write(dir.path().join("common-controls.toml"), text).unwrap();
    let faults = Catalog::builtin().with_overlay(dir.path()).unwrap_err();
    let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(messages, ["`common_control[1]` needs a purpose", "the title is empty"]);
}

#[test]
fn a_plain_list_from_a_spreadsheet_is_enough() {
    let dir = tempfile::tempdir().unwrap();
    let rows = "\u{feff}Title;ID;Description\r\nFirst;own-std:1;Text, with a comma\r\n";
    fs::write(dir.path().join("framework.csv"), rows).unwrap();
    let catalog = Catalog::builtin().with_overlay(dir.path()).unwrap();
    let target = catalog.get(&id("OWN-STD:1")).unwrap();
    assert_eq!((target.title.as_str(), target.points.len()), ("First", 2));
}

#[test]
fn a_folder_that_is_missing_or_empty_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    for path in [dir.path().to_owned(), dir.path().join("nowhere")] {
        let faults = Catalog::builtin().with_overlay(&path).unwrap_err();
        assert!(!faults.is_empty() && faults.iter().all(|f| f.file.is_some()), "{faults:#?}");
    }
}

#[test]
fn the_configuration_names_the_overlay() {
    let docs = repository().join("docs");
    let mut config = Config::default();
    let plain = Catalog::load_with(&docs, &config).unwrap();
    assert_eq!(plain.targets().len(), Catalog::builtin().targets().len());
    config.overlay = Some("overlay-example".to_owned());
    let own = Catalog::load_with(&docs, &config).unwrap();
    assert_eq!(own.targets().len(), plain.targets().len() + 11);
}
