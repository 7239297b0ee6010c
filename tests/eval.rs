//! `evimap eval` and `evimap explain` as people call them: labels, decisions, one proposal.

mod common;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use common::{AS_OF, Sample, key, run};
use serde_json::Value;

const ACCESS: &str = "# Access control policy\n\n## Reviews\n\nAccess rights are reviewed every quarter \
by the owner of each system, and the outcome is recorded.\n\n## Leavers\n\nAccess rights are removed \
on the last working day.\n";
const BACKUP: &str = "# Backup procedure\n\n## Restore tests\n\nBackups of all servers are restored \
as a test twice a year, and the result is recorded.\n";
const VISITORS: &str = "# Visitors\n\nVisitors sign the log at reception and wear a badge inside the \
secure areas.\n";

/// A labelled set of three documents: the folder, and the arguments that name it.
fn set(dir: &Path) -> Vec<String> {
    let docs = dir.join("docs");
    fs::create_dir(&docs).unwrap();
    let mut gold = String::new();
    for (name, text, reference) in [
        ("access.md", ACCESS, "A.5.18"),
        ("backup.md", BACKUP, "A.8.13"),
        ("visitors.md", VISITORS, "A.7.2"),
        // A wrong label, to be missed.
        ("visitors.md", VISITORS, "A.8.28"),
    ] {
        fs::write(docs.join(name), text).unwrap();
        gold.push_str(&format!(
            "{{\"doc\":\"{name}\",\"standard\":\"ISO 27001\",\"ref\":\"{reference}\",\"level\":\"document\"}}\n"
        ));
    }
    let file = dir.join("small.jsonl");
    fs::write(&file, gold).unwrap();
    let path = |p: PathBuf| p.to_str().unwrap().to_owned();
    ["eval", "-q", "--gold", &path(file), "--source", &path(docs)].map(str::to_owned).to_vec()
}

fn out(args: &[String], more: &[&str]) -> String {
    let all: Vec<&str> = args.iter().map(String::as_str).chain(more.iter().copied()).collect();
    run(0, &all).0
}

fn json(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value["schema_version"], 1);
    value
}

#[test]
fn figures_of_a_labelled_set() {
    let dir = tempfile::tempdir().unwrap();
    let args = set(dir.path());
    let plot = dir.path().join("plot.svg");
    let text = out(&args, &["--json", "--plot", plot.to_str().unwrap()]);
    let all = json(&text);
    let set = &all["sets"][0];
    assert_eq!((set["name"].as_str(), set["repeats"].as_u64()), (Some("small"), Some(20)));
    // Three of four labels are right and found first; the wrong one is at best a stranger.
    let targets = set["targets"].as_array().unwrap();
    assert_eq!(targets.len(), 4);
    for row in targets.iter().filter(|row| row["target"] != "ISO27001:A.8.28") {
        assert_eq!(row["rank"], 1, "{row}");
        assert_eq!(row["gaps"]["cases"], 20);
    }
    let bands: Vec<&str> =
        set["bands"].as_array().unwrap().iter().map(|b| b["band"].as_str().unwrap()).collect();
    assert_eq!(bands, ["strong", "likely", "possible"]);
    let sum = |list: &Value, key: &str| -> u64 {
        list.as_array().unwrap().iter().map(|row| row[key].as_u64().unwrap()).sum()
    };
    assert_eq!(Some(sum(&set["bands"], "proposals")), set["proposals"].as_u64());
    assert_eq!(sum(&set["bands"], "proposals"), sum(&set["reliability"], "count"));
    let svg = fs::read_to_string(&plot).unwrap();
    let bars = set["reliability"].as_array().unwrap().iter().filter(|b| b["count"] != 0).count();
    assert_eq!(svg.matches("class=\"bar\"").count(), bars);
    assert!(svg.contains("prefers-color-scheme:dark"));

    let tables = out(&args, &["--markdown"]);
    assert!(tables.contains("### small by target") && tables.contains("20 seeded repeats"));
    assert!(tables.contains("| ISO27001:A.5.18 | 1 | 1 |"), "{tables}");
    assert_eq!(text, out(&args, &["--json"]), "not the same twice");
}

#[test]
fn features_are_switched_off_in_turn() {
    let dir = tempfile::tempdir().unwrap();
    let args = set(dir.path());
    let all = json(&out(&args, &["--ablation", "--json"]));
    let rows = all["ablation"].as_array().unwrap();
    let names: BTreeSet<&str> = rows.iter().map(|row| row["without"].as_str().unwrap()).collect();
    assert_eq!((names.len(), rows[0]["without"].as_str()), (rows.len(), Some("")));
    assert!(names.contains("title") && names.contains("talk"));
    let figures = |name: &str| {
        rows.iter().find(|row| row["without"] == name).unwrap()["sets"][0]["figures"].clone()
    };
    assert_ne!(figures("title"), figures(""), "{all}");
    // Nothing in these documents cites a control.
    assert_eq!(figures("citations"), figures(""));
    let table = out(&args, &["--ablation"]);
    assert!(table.starts_with("### small\n\n| without | hit@1 |"), "{table}");
    assert!(table.contains("No figure changes without:") && table.contains("(`citations`)"));
}

#[test]
fn the_worst_faults_are_listed() {
    let dir = tempfile::tempdir().unwrap();
    let args = set(dir.path());
    let all = json(&out(&args, &["--errors", "2", "--json"]));
    let set = &all["sets"][0];
    assert_eq!(set["misses"].as_array().unwrap().len(), 2);
    assert_eq!(set["misses"][0]["target"], "ISO27001:A.8.28");
    assert!(set["errors"].as_array().unwrap().len() <= 2);
    for error in set["errors"].as_array().unwrap() {
        let gold = error["gold"].as_array().unwrap();
        assert!(!gold.contains(&error["target"]), "{error}");
        assert!(!error["passage"].as_str().unwrap().is_empty());
    }
    let text = out(&args, &["--errors", "1"]);
    assert!(text.contains("1. **ISO27001:A.8.28**: visitors.md"), "{text}");
}

#[test]
fn a_fit_says_what_it_is_worth_on_the_set_left_out() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut args = set(one.path());
    let text = out(&args, &["--fit"]);
    assert!(!text.contains('#') && text.starts_with("provenance = "), "{text}");
    args.extend(set(two.path()).into_iter().skip(2));
    let text = out(&args, &["--fit"]);
    assert_eq!(text.matches("# proposals of small: ").count(), 2, "{text}");
    assert_eq!(text.matches("# verdicts of small: ").count(), 2);
    let table: toml::Table = toml::from_str(&text).unwrap();
    assert!(table.contains_key("proposal"));
    let all = json(&out(&args, &["--fit", "--json"]));
    assert_eq!(all["left_out"].as_array().unwrap().len(), 4);
}

/// Decisions on the rows of suggestions.csv as the answer key would have them, written by a person
/// who looks at `every`-th row only.
fn decide(sample: &Sample, every: usize) -> PathBuf {
    let mut key_rows = BTreeSet::new();
    let mut wanted: Vec<(String, String, String)> = Vec::new();
    let mut reader = csv::Reader::from_path(common::fixtures().join("expected.csv")).unwrap();
    for row in reader.records().map(Result::unwrap).filter(|row| &row[6] == "evidence") {
        key_rows.insert((row[0].to_owned(), row[2].to_owned()));
        wanted.push((row[0].to_owned(), row[2].to_owned(), key(&row[5])));
    }
    let text = sample.read("review/suggestions.csv");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let file = sample.path("decided.csv");
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer.write_record(&headers).unwrap();
    for row in reader.records().map(Result::unwrap).step_by(every) {
        let (target, document) = (&row[column("target")], &row[column("document")]);
        let quote = key(&row[column("quote")]);
        let right = wanted.iter().any(|(t, d, q)| {
            t == target && d == document && (q.contains(&quote) || quote.contains(q.as_str()))
        });
        let right = right || key_rows.contains(&(target.to_owned(), document.to_owned()));
        let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
        cells[column("decision")] = if right { "accept" } else { "reject" }.to_owned();
        cells[column("reviewer")] = "Jane Doe".to_owned();
        writer.write_record(&cells).unwrap();
    }
    writer.flush().unwrap();
    file
}

#[test]
fn proposals_against_decisions_and_a_calibration_of_ones_own() {
    let sample = Sample::own();
    let eval = |code: i32, more: &[&str]| {
        let args = ["eval", "--decisions", "-w", sample.arg()];
        run(code, &args.iter().chain(more).copied().collect::<Vec<_>>())
    };
    let (_, error) = eval(2, &[]);
    assert!(error.contains("no proposal of the last run is accepted or rejected"), "{error}");

    // A tenth of the rows is too little to fit to.
    let import = |file: &Path| {
        run(0, &["review", "import", file.to_str().unwrap(), "-w", sample.arg(), "--as-of", AS_OF])
    };
    import(&decide(&sample, 10));
    let (_, error) = eval(2, &["--fit", "--write"]);
    assert!(error.contains("a fit needs 50, with 10 of each kind"), "{error}");
    assert!(!sample.path("calibration.toml").exists());

    import(&decide(&sample, 1));
    let all = json(&eval(0, &["--json"]).0);
    let figures = &all["decisions"];
    let (accepted, rejected) =
        (figures["accepted"].as_u64().unwrap(), figures["rejected"].as_u64().unwrap());
    let stored = sample.read("decided.csv");
    assert_eq!(
        accepted + rejected,
        csv::Reader::from_reader(stored.as_bytes()).records().count() as u64
    );
    assert!(accepted >= 50 && rejected >= 20, "{figures}");
    assert!(figures["accepted_among_proposals"]["mrr"].as_f64().unwrap() > 0.3, "{figures}");
    assert_eq!(all["counts"]["gone"], 0);

    let fit = json(&eval(0, &["--fit", "--json"]).0);
    let fit = &fit["fit"];
    assert!(fit["groups"].as_u64().unwrap() > 4);
    let error = |key: &str| fit[key].as_f64().unwrap();
    assert!(error("held_out_error") < error("shipped_error"), "{fit}");
    eval(0, &["--fit", "--write"]);
    assert!(sample.path("calibration.toml").exists());
    assert!(sample.read("evimap.toml").contains("\ncalibration = \"calibration.toml\"\n"));
}

#[test]
fn a_workspace_uses_the_calibration_that_it_names() {
    let dir = tempfile::tempdir().unwrap();
    let (docs, work) = (dir.path().join("docs"), dir.path().join("work"));
    fs::create_dir(&docs).unwrap();
    fs::write(docs.join("access.md"), ACCESS).unwrap();
    let work = work.to_str().unwrap();
    run(0, &["run", docs.to_str().unwrap(), "-w", work, "--as-of", AS_OF, "-q"]);
    let confidences = || -> Vec<f64> {
        fs::read_to_string(Path::new(work).join("reports/proposals.jsonl"))
            .unwrap()
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).unwrap()["confidence"].as_f64().unwrap())
            .collect()
    };
    let before = confidences();
    let mut own: toml::Table = toml::from_str(include_str!("../seeds/calibration.toml")).unwrap();
    let proposal = own["proposal"].as_table_mut().unwrap();
    proposal.insert("bias".to_owned(), toml::Value::Float(-9.0));
    let file = Path::new(work).join("own.toml");
    fs::write(&file, toml::to_string(&own).unwrap()).unwrap();
    let config = Path::new(work).join("evimap.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}\n[matching]\ncalibration = \"own.toml\"\n")).unwrap();
    let (_, told) = run(0, &["run", "-w", work, "--as-of", AS_OF]);
    assert!(told.contains("note[calibration]: confidences are calibrated by own.toml"), "{told}");
    let after = confidences();
    assert!(after.iter().sum::<f64>() < 0.5 * before.iter().sum::<f64>());

    // Explained with the same calibration.
    let first = fs::read_to_string(Path::new(work).join("reports/proposals.jsonl")).unwrap();
    let first: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    let id = first["proposal_id"].as_str().unwrap();
    let explained = json(&run(0, &["explain", id, "-w", work, "--json"]).0);
    assert_eq!(explained["confidence"], first["confidence"]);
    assert_eq!(explained["bias"].as_f64(), Some(-9.0));

    fs::write(&file, "provenance = 'x'\n").unwrap();
    let (_, error) = run(2, &["run", "-w", work, "--as-of", AS_OF]);
    assert!(error.contains("own.toml") && error.contains("can't be used"), "{error}");
}

/// For every proposal of the sample the features, rules and rivals are found again.
#[test]
fn each_kind_of_proposal_can_be_explained() {
    let sample = Sample::run();
    let lines: Vec<Value> = sample
        .read("reports/proposals.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let has = |line: &Value, words: &str| line["reasons"].to_string().contains(words);
    let picks = [
        lines.iter().find(|l| has(l, "cites ")),
        lines.iter().find(|l| has(l, "not evidence by itself")),
        lines.iter().find(|l| !l["system"].is_null()),
        lines.iter().find(|l| l["target"].as_str().unwrap().starts_with("ISO42001")),
        lines.iter().rfind(|l| l["rank"].as_u64() > Some(3)),
    ];
    for line in picks {
        let line = line.expect("the sample has one of each");
        let id = line["proposal_id"].as_str().unwrap();
        let e = json(&run(0, &["explain", id, "-w", sample.arg(), "--json"]).0);
        assert_eq!(e["confidence"], line["confidence"], "{id}");
        let close = |a: f64, b: f64| (a - b).abs() < 2e-3;
        let sum = |key: &str| -> f64 {
            e["features"].as_array().unwrap().iter().map(|f| f[key].as_f64().unwrap()).sum()
        };
        // The shares add up to the probability that is stated …
        let odds = sum("log_odds") + e["bias"].as_f64().unwrap();
        assert!(close(1.0 / (1.0 + (-odds).exp()), e["probability"].as_f64().unwrap()), "{e}");
        // … and the rules lead from there to the confidence.
        let last =
            e["rules"].as_array().unwrap().last().map_or(&e["probability"], |r| &r["confidence"]);
        assert!(close(last.as_f64().unwrap(), line["confidence"].as_f64().unwrap()), "{e}");
        assert!(close(e["score"].as_f64().unwrap(), line["score"].as_f64().unwrap()), "{e}");
        let fields: f64 =
            e["fields"].as_array().unwrap().iter().map(|f| f[1].as_f64().unwrap()).sum();
        assert!(close(fields, 1.0) || fields == 0.0, "{e}");
    }
    for (id, why) in
        [("p-aaaaaaaaaaaaaaaa", "was never proposed"), ("nothing", "is no proposal id")]
    {
        let (_, error) = run(2, &["explain", id, "-w", sample.arg()]);
        assert!(error.contains(why), "{error}");
    }
}
