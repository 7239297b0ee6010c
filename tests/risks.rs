//! A register from its import to the reports, with what people stated beside it.

mod common;

use std::{collections::BTreeMap, fs};

use common::{AS_OF, Sample, run};
use serde_json::Value;

type Row = BTreeMap<String, String>;

fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| {
        header.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn summary(sample: &Sample, command: &str) -> Value {
    let (out, _) = run(0, &[command, "-w", sample.arg(), "--as-of", AS_OF, "--json", "-q"]);
    serde_json::from_str(&out).unwrap()
}

fn codes(summary: &Value) -> Vec<&str> {
    let all = summary["diagnostics"].as_array().unwrap();
    all.iter().map(|d| d["code"].as_str().unwrap()).collect()
}

/// Imports the register of the sample and gives the path of `review/risks.csv`.
fn import(sample: &Sample) -> std::path::PathBuf {
    let register = common::fixtures().join("isms/03-registers/Risk_Register.xlsx");
    run(0, &["import", "risks", register.to_str().unwrap(), "-w", sample.arg(), "-q"]);
    sample.path("review/risks.csv")
}

#[test]
fn a_register_reaches_the_reports_and_an_edit_is_noticed() {
    let sample = Sample::own();
    let first = rows(&sample.read("reports/risk-register.csv"));
    assert_eq!((first.len(), first[0]["register"].as_str()), (1, "missing"));
    let path = import(&sample);
    let taken = summary(&sample, "run");
    assert!(taken["unchanged_since"].is_null(), "the new register is a change");
    assert_eq!(taken["summary"]["risks"]["risks"], 27);
    assert!(
        codes(&taken).contains(&"risk-control-unread")
            || codes(&taken).contains(&"risk-without-control")
    );
    let all = rows(&sample.read("reports/risk-register.csv"));
    assert_eq!(all.len(), 27);
    assert_eq!(
        (&*all[0]["likelihood"], &*all[0]["likelihood_of_5"], &*all[0]["level"]),
        ("3", "3", "15")
    );
    assert!(!summary(&sample, "run")["unchanged_since"].is_null());

    // A person names a control, and takes an acceptance away.
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().find(|l| l.contains("#R-001,")).unwrap();
    let edited = line.replace(",reduce,,", ",reduce,ISO27001:A.8.22,").replace("Lennart Voß", "");
    assert_ne!(line, edited);
    fs::write(&path, text.replace(line, &edited)).unwrap();
    let edited = fs::read(&path).unwrap();
    let again = summary(&sample, "run");
    assert!(again["unchanged_since"].is_null());
    assert!(codes(&again).contains(&"risk-not-accepted"));
    assert!(sample.read("reports/run.md").contains("residual risks that nobody accepted: R-001"));
    let record: Value = serde_json::from_str(&sample.read("reports/run.json")).unwrap();
    assert_eq!(record["summary"]["risks"]["not_accepted"], 1);
    let risk = &rows(&sample.read("reports/risk-register.csv"))[0];
    assert_eq!(risk["controls_reviewed"], "ISO27001:A.8.22: not reviewed");
    assert_eq!(risk["acceptance"], "NOT ACCEPTED");
    let soa = rows(&sample.read("reports/soa-iso27001.csv"));
    let control = soa.iter().find(|row| row["control"] == "ISO27001:A.8.22").unwrap();
    assert_eq!((&*control["risk_ids"], &*control["risks_in_register_only"]), ("", "R-001"));
    assert_eq!(fs::read(&path).unwrap(), edited, "a run only reads the register");
}

#[test]
fn what_a_position_states_is_held_against_the_register() {
    let sample = Sample::own();
    let path = import(&sample);
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().find(|l| l.contains("#R-001,")).unwrap().to_owned();
    let edited = line.replace(",reduce,,", ",reduce,ISO27001:A.8.22,");
    fs::write(&path, text.replace(&line, &edited)).unwrap();
    let positions = sample.path("stated.csv");
    let stated = "target,applicability,inclusion_reasons,justification,risk_ids,decided_by\n\
        ISO27001:A.8.22,not applicable,no-activity,There is one network only.,,Jane Doe\n\
        ISO27001:A.8.7,applicable,risk,Mail comes from outside.,R-006,Jane Doe\n\
        ISO27001:A.8.8,applicable,risk,Systems face the internet.,R-999,Jane Doe\n";
    fs::write(&positions, stated).unwrap();
    let file = positions.to_str().unwrap();
    run(0, &["review", "import", file, "-w", sample.arg(), "--as-of", AS_OF, "-q"]);
    let assessed = summary(&sample, "report");
    let about = |code: &str| {
        let all = assessed["diagnostics"].as_array().unwrap();
        let found = all.iter().find(|d| d["code"] == code);
        found.unwrap_or_else(|| panic!("no {code}"))["target"].as_str().unwrap().to_owned()
    };
    assert_eq!(about("risk-treated-by-excluded"), "ISO27001:A.8.22");
    assert_eq!(about("control-without-risk"), "ISO27001:A.8.8");
    let soa = rows(&sample.read("reports/soa-iso27001.csv"));
    let cells = |control: &str| {
        let row = soa.iter().find(|row| row["control"] == control).unwrap();
        (row["risk_treatment"].clone(), row["residual_risk_acceptance"].clone())
    };
    let (treatment, acceptance) = cells("ISO27001:A.8.7");
    assert_eq!(treatment, "R-006: reduce (modify)");
    assert_eq!(acceptance, "R-006: residual 6, accepted by Padraig Keane, no date");
    assert_eq!(cells("ISO27001:A.8.8").0, "R-999: not in the register");
    let risks = rows(&sample.read("reports/risk-register.csv"));
    let mail = risks.iter().find(|row| row["risk"] == "R-006").unwrap();
    assert_eq!(mail["controls_by_position_only"], "ISO27001:A.8.7");
}

#[test]
fn a_register_with_faults_is_reported_and_left_alone() {
    let sample = Sample::own();
    let path = sample.path("review/risks.csv");
    let broken = "key,title\na#1,Fire\na#1,Flood\n";
    fs::write(&path, broken).unwrap();
    for command in ["run", "assess", "report"] {
        let (_, err) = run(0, &[command, "-w", sample.arg(), "--as-of", AS_OF]);
        assert!(err.contains("the key a#1 stands there twice"), "{command}: {err}");
        let rows = rows(&sample.read("reports/risk-register.csv"));
        assert_eq!((rows.len(), rows[0]["register"].as_str()), (1, "unreadable"), "{command}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), broken);
    let (out, err) = run(1, &["doctor", "-w", sample.arg()]);
    assert!(format!("{out}{err}").contains("stands there twice"));
}
