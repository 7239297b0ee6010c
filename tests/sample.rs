//! Holds the pipeline against the sample ISMS's answer key, `fixtures/expected.csv`.
//!
//! `cargo test --test sample -- --nocapture` prints the figures and the misses.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Sample, key};
use serde_json::Value;

#[derive(Debug, serde::Deserialize)]
struct Expected {
    target: String,
    system: String,
    document: String,
    quote: String,
    verdict: String,
}

fn expected() -> Vec<Expected> {
    let path = common::fixtures().join("expected.csv");
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// A proposal as `reports/proposals.jsonl` has it.
struct Line {
    target: String,
    document: String,
    quote: String,
    band: String,
}

fn proposals(sample: &Sample) -> Vec<Line> {
    let text = |v: &Value, k: &str| v[k].as_str().unwrap_or_default().to_owned();
    sample
        .read("reports/proposals.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|v| Line {
            target: text(&v, "target"),
            document: text(&v, "document"),
            quote: key(&text(&v, "quote")),
            band: text(&v, "band"),
        })
        .collect()
}

fn overlaps(proposed: &str, wanted: &str) -> bool {
    proposed.contains(wanted) || wanted.contains(proposed)
}

#[test]
fn evidence_in_the_key_is_proposed() {
    let sample = Sample::run();
    let proposals = proposals(&sample);
    let rows: Vec<Expected> = expected().into_iter().filter(|e| e.verdict == "evidence").collect();
    let (mut quotes, mut documents, mut shown) = (0, 0, 0);
    for row in &rows {
        let quote = key(&row.quote);
        let mine: Vec<&Line> = proposals
            .iter()
            .filter(|p| p.target == row.target && p.document == row.document)
            .collect();
        documents += usize::from(!mine.is_empty());
        let hit: Vec<_> = mine.iter().filter(|p| overlaps(&p.quote, &quote)).collect();
        quotes += usize::from(!hit.is_empty());
        let visible = mine.iter().any(|p| p.band != "possible");
        shown += usize::from(visible);
        if !visible {
            println!(
                "not shown: {} in {} ({} found): {:.80}",
                row.target,
                row.document,
                hit.len(),
                row.quote
            );
        }
    }
    let share = |n: usize| n as f64 / rows.len() as f64;
    println!(
        "evidence rows {}: document proposed {:.3}, in a reviewed band {:.3}, quote proposed {:.3}",
        rows.len(),
        share(documents),
        share(shown),
        share(quotes)
    );
    assert!(share(documents) >= 0.95, "documents found: {:.3}", share(documents));
    assert!(share(quotes) >= 0.72, "quotes found: {:.3}", share(quotes));
}

#[test]
fn no_gap_in_the_key_hides_behind_a_quote() {
    let sample = Sample::run();
    let views = views(&sample);
    let mut by_view: BTreeMap<&str, usize> = BTreeMap::new();
    let rows: Vec<Expected> = expected().into_iter().filter(|e| e.verdict == "gap").collect();
    for row in &rows {
        let view = &views[&(row.target.clone(), row.system.clone())];
        *by_view.entry(view).or_default() += 1;
        if view != "likely-gap" {
            println!("gap seen as {view}: {} {}", row.target, row.system);
        }
    }
    println!("gap rows {}: {by_view:?}", rows.len());
    let hidden = by_view.get("likely-evidence").copied().unwrap_or(0);
    assert!(hidden as f64 <= 0.05 * rows.len() as f64, "{hidden} of {} gaps hidden", rows.len());
}

#[test]
fn targets_with_evidence_are_seldom_called_gaps() {
    let sample = Sample::run();
    let views = views(&sample);
    let rows: BTreeSet<(String, String)> = expected()
        .into_iter()
        .filter(|e| e.verdict == "evidence")
        .map(|e| (e.target, e.system))
        .collect();
    let mut called: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        // A key row without a system speaks of every row of its target.
        let mine: Vec<&String> = views
            .iter()
            .filter(|((target, system), _)| {
                *target == row.0 && (*system == row.1 || row.1.is_empty())
            })
            .map(|(_, view)| view)
            .collect();
        assert!(!mine.is_empty(), "no row for {row:?}");
        let best = ["likely-evidence", "unsure", "likely-gap"];
        let view = best.into_iter().find(|v| mine.iter().any(|m| m == v)).unwrap();
        *called.entry(view).or_default() += 1;
        if view == "likely-gap" {
            println!("evidence seen as likely-gap: {row:?}");
        }
    }
    println!("targets with evidence {}: {called:?}", rows.len());
    let wrong = called.get("likely-gap").copied().unwrap_or(0);
    assert!(wrong as f64 <= 0.30 * rows.len() as f64, "{wrong} of {} called gaps", rows.len());
}

#[test]
fn talk_is_not_put_before_a_reviewer_as_evidence() {
    let sample = Sample::run();
    let proposals = proposals(&sample);
    let rows: Vec<Expected> = expected().into_iter().filter(|e| e.verdict == "talk").collect();
    let mut shown = 0;
    for row in &rows {
        let quote = key(&row.quote);
        let visible = proposals.iter().any(|p| {
            p.target == row.target
                && p.document == row.document
                && p.band != "possible"
                && overlaps(&p.quote, &quote)
        });
        shown += usize::from(visible);
        if visible {
            println!("talk shown: {} in {}: {:.80}", row.target, row.document, row.quote);
        }
    }
    println!("talk rows {}: {shown} in a reviewed band", rows.len());
    assert!(shown as f64 <= 0.05 * rows.len() as f64, "{shown} of {} shown", rows.len());
}

/// Machine view by target and system, from gap-analysis.json.
fn views(sample: &Sample) -> BTreeMap<(String, String), String> {
    let report: Value = serde_json::from_str(&sample.read("reports/gap-analysis.json")).unwrap();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    report["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| ((text(&t["target"]), text(&t["system"])), text(&t["machine_view"])))
        .collect()
}

#[test]
fn every_quote_stands_in_its_document() {
    let sample = Sample::run();
    let extracted = common::extract(&common::fixtures().join("isms"));
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for line in extracted.lines() {
        let file: Value = serde_json::from_str(line).unwrap();
        let path =
            file["path"].as_str().unwrap().split_once("fixtures/isms/").unwrap().1.to_owned();
        let mut all = String::new();
        for block in file["blocks"].as_array().unwrap() {
            all.push_str(block["text"].as_str().unwrap());
            all.push('\n');
        }
        texts.insert(path, all.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let mut checked = 0;
    for line in sample.read("reports/proposals.jsonl").lines() {
        let proposal: Value = serde_json::from_str(line).unwrap();
        let quote = proposal["quote"].as_str().unwrap();
        let quote = quote.split_whitespace().collect::<Vec<_>>().join(" ");
        let document = proposal["document"].as_str().unwrap();
        assert!(texts[document].contains(&quote), "{document}: {quote}");
        checked += 1;
    }
    assert!(checked > 1000, "only {checked} quotes");
}
