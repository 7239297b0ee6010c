//! A run over the sample: the same bytes twice, and the same shape as in `tests/golden/`.
//!
//! `EVIMAP_BLESS=1 cargo test --test golden_run` writes `tests/golden/` anew; read the diff before
//! you commit it.

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

use common::Sample;
use serde_json::Value;

/// The only outputs that say when they were made.
const RECORDS: [&str; 2] = [RECORD, "reports/run.md"];
const RECORD: &str = "reports/run.json";

/// Every file of `reports/` and `review/`, by its path.
fn outputs(sample: &Sample) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    for folder in ["reports", "review"] {
        collect(&sample.path(folder), folder, &mut out);
    }
    out
}

fn collect(folder: &Path, name: &str, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{name}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &name, out);
        } else {
            out.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// Holds a text against a file of `tests/golden/`, or writes it there.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if env::var_os("EVIMAP_BLESS").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let wanted = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(
        wanted == text,
        "tests/golden/{name} differs; if it is meant to, run with EVIMAP_BLESS=1\n{}",
        difference(&wanted, text)
    );
}

fn difference(wanted: &str, found: &str) -> String {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
        (wanted.lines().collect(), found.lines().collect());
    let gone = old.difference(&new).map(|line| format!("- {line}"));
    let come = new.difference(&old).map(|line| format!("+ {line}"));
    gone.chain(come).collect::<Vec<_>>().join("\n")
}

#[test]
fn two_runs_give_the_same_bytes() {
    let (one, two) = (outputs(&Sample::run()), outputs(&Sample::own()));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(&two));
    let differ: Vec<_> =
        one.iter().filter(|(name, bytes)| !is_record(name) && two[*name] != **bytes).collect();
    for (name, bytes) in &differ {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = difference(&text(bytes), &text(&two[*name]));
        println!("{name}:\n{:.2000}", if found.contains('\0') { "binary" } else { &found });
    }
    let differ: Vec<_> = differ.iter().map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "not the same in two runs: {differ:?}");
}

fn is_record(name: &str) -> bool {
    RECORDS.contains(&name)
}

/// Running again without a change writes the same, too, where it writes at all.
#[test]
fn running_again_changes_nothing() {
    let sample = Sample::own();
    let before = outputs(&sample);
    common::run(0, &["run", "-w", sample.arg(), "--as-of", common::AS_OF, "-q", "--rehash"]);
    let after = outputs(&sample);
    let differ: Vec<_> = after
        .iter()
        .filter(|(n, b)| !is_record(n) && before.get(*n) != Some(b))
        .map(|f| f.0)
        .collect();
    assert!(differ.is_empty() && before.len() == after.len(), "changed: {differ:?}");
}

#[test]
fn the_files_of_a_run() {
    let names: Vec<String> = outputs(&Sample::run()).into_keys().collect();
    golden("files.txt", &(names.join("\n") + "\n"));
}

#[test]
fn the_columns_of_every_table() {
    let mut text = String::new();
    for (name, bytes) in outputs(&Sample::run()) {
        if name.ends_with(".csv") {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
            let columns: Vec<&str> = reader.headers().unwrap().iter().collect();
            text.push_str(&format!("{name}\n  {}\n", columns.join("\n  ")));
        }
    }
    golden("columns.txt", &text);
}

#[test]
fn the_keys_of_every_json_output() {
    let sample = Sample::run();
    let mut text = String::new();
    for name in ["reports/gap-analysis.json", RECORD] {
        let value: Value = serde_json::from_str(&sample.read(name)).unwrap();
        assert!(value["schema_version"].is_u64(), "{name}");
        text.push_str(&format!("{name}\n{}", keys(&value)));
    }
    let lines = sample.read("reports/proposals.jsonl");
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    text.push_str(&format!("reports/proposals.jsonl\n{}", keys(&Value::Array(lines))));
    golden("keys.txt", &text);
}

/// Every path of keys with the types found there. Maps whose keys are data are left closed.
fn keys(value: &Value) -> String {
    const DATA: [&str; 6] = [
        ".scope",
        ".summary",
        ".locator",
        ".counts.documents",
        ".counts.frameworks",
        ".durations_ms",
    ];
    fn visit(value: &Value, path: &str, out: &mut BTreeMap<String, BTreeSet<&'static str>>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "text",
            Value::Array(_) => "list",
            Value::Object(_) => "object",
        };
        out.entry(path.to_owned()).or_default().insert(kind);
        if DATA.iter().any(|end| path.ends_with(end)) {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|v| visit(v, &format!("{path}[]"), out)),
            Value::Object(map) => {
                map.iter().for_each(|(k, v)| visit(v, &format!("{path}.{k}"), out))
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    visit(value, "", &mut found);
    let line = |(path, kinds): (String, BTreeSet<&str>)| {
        format!("  {path}: {}\n", kinds.into_iter().collect::<Vec<_>>().join(" | "))
    };
    found.into_iter().filter(|(path, _)| !path.is_empty()).map(line).collect()
}

/// Counts that only a change of the sample or of reading moves; what the matcher thinks is held
/// by `tests/sample.rs`.
#[test]
fn the_counts_of_a_run() {
    let sample = Sample::run();
    let record: Value = serde_json::from_str(&sample.read(RECORD)).unwrap();
    let summary = &record["summary"];
    let mut text = String::new();
    for (status, count) in summary["files"].as_object().unwrap() {
        text.push_str(&format!("documents {status}: {count}\n"));
    }
    text.push_str(&format!("paths skipped: {}\n", summary["skipped"]));
    for unread in summary["unread"].as_array().unwrap() {
        text.push_str(&format!("unread: {} ({})\n", unread[0].as_str().unwrap(), unread[1]));
    }
    let rows = |name: &str| {
        let table = sample.read(name);
        let table = table.trim_start_matches('\u{feff}').as_bytes();
        csv::ReaderBuilder::new().flexible(true).from_reader(table).records().count()
    };
    for name in ["reports/soa-iso27001.csv", "reports/soa-iso42001.csv", "review/positions.csv"] {
        text.push_str(&format!("rows of {name}: {}\n", rows(name)));
    }
    for framework in summary["assessed"]["frameworks"].as_array().unwrap() {
        let total = &framework["total"];
        text.push_str(&format!(
            "{}: {} targets, {} reviewed, {} full, {} none\n",
            framework["framework"].as_str().unwrap(),
            total["targets"],
            total["reviewed"],
            total["full"],
            total["none"]
        ));
    }
    golden("counts.txt", &text);
}

/// The best proposal for one target, explained; figures and ids are masked.
#[test]
fn a_proposal_explained() {
    let sample = Sample::run();
    let lines = sample.read("reports/proposals.jsonl");
    let best: Value = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|line| line["target"] == "ISO27001:A.5.18" && line["rank"] == 1)
        .unwrap();
    let id = best["proposal_id"].as_str().unwrap();
    let (text, _) = common::run(0, &["explain", id, "-w", sample.arg()]);
    let mut masked = String::new();
    for word in text.split_inclusive([' ', '\n', ',']) {
        let bare = word.trim_end_matches([' ', '\n', ',']);
        let end = &word[bare.len()..];
        let figure =
            bare.contains('.') && bare.trim_start_matches(['+', '-']).parse::<f64>().is_ok();
        masked.push_str(match bare {
            bare if figure && bare.starts_with(['+', '-']) => "±#.##",
            _ if figure => "#.##",
            bare if bare.starts_with("p-") => "p-#",
            bare => bare,
        });
        masked.push_str(end);
    }
    golden("explain.txt", &masked);
}
