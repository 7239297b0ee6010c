//! Whole command lines against the files in `tests/cli/`: output and exit code.
//!
//! `EVIMAP_BLESS=1 cargo test --test golden` takes today's output over; read the diff before you
//! commit it.

mod common;

use std::{env, fs, path::Path, process::Command};

#[test]
fn command_lines() {
    if env::var_os("EVIMAP_BLESS").is_some() && env::var_os("TRYCMD").is_none() {
        let this = env::current_exe().unwrap();
        let args = ["--exact", "command_lines"];
        Command::new(this).args(args).env("TRYCMD", "overwrite").status().unwrap();
    }
    let cases = trycmd::TestCases::new();
    // Help is wrapped to the terminal's width; without one, to this.
    cases.env("COLUMNS", "100").register_bin("evimap", Path::new(env!("CARGO_BIN_EXE_evimap")));
    cases.case("tests/cli/*.md").case("tests/cli/*.toml").run();
}

/// A workspace of a later evimap is left as it is.
#[test]
fn a_newer_workspace_is_refused() {
    let keep = tempfile::tempdir().unwrap();
    let dir = keep.path().join("work");
    let arg = dir.to_str().unwrap();
    common::run(0, &["init", "-w", arg]);
    let file = dir.join(".evimap/state.sqlite");
    let state = rusqlite::Connection::open(&file).unwrap();
    state.pragma_update(None, "user_version", 99).unwrap();
    state.close().unwrap();
    let before = fs::read(&file).unwrap();
    for command in ["run", "report", "assess", "propose"] {
        let (_, err) = common::run(2, &[command, "-w", arg]);
        assert!(err.contains("newer evimap") && err.contains("update evimap"), "{err}");
    }
    let (out, _) = common::run(2, &["report", "-w", arg, "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(summary["schema_version"], 1);
    assert_eq!(fs::read(&file).unwrap(), before);
}
