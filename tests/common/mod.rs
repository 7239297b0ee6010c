//! Shared by the integration tests: the binary, the sample, a workspace made once a test.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

/// Day on which the sample is assessed.
pub const AS_OF: &str = "2026-11-24";

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

pub fn evimap(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evimap")).args(args).output().expect("the binary starts")
}

/// Runs and holds the exit code; gives stdout and stderr.
pub fn run(code: i32, args: &[&str]) -> (String, String) {
    let output = evimap(args);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "evimap {args:?}\n{out}\n{err}");
    (out, err)
}

/// `evimap extract` over a folder.
pub fn extract(folder: &Path) -> String {
    run(0, &["extract", folder.to_str().unwrap()]).0
}

/// The letters and digits of a text, lower-cased: how quotes are compared.
pub fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A workspace over the sample, run once per test binary and copied for tests that change it.
pub struct Sample {
    pub dir: PathBuf,
    _keep: Option<tempfile::TempDir>,
}

impl Sample {
    /// The shared one: read only.
    pub fn run() -> Self {
        static SHARED: OnceLock<PathBuf> = OnceLock::new();
        let dir = SHARED.get_or_init(|| {
            let dir = tempfile::tempdir().expect("a temporary folder").keep().join("work");
            make(&dir);
            dir
        });
        Self { dir: dir.clone(), _keep: None }
    }

    /// One's own: may be changed.
    pub fn own() -> Self {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let dir = keep.path().join("work");
        make(&dir);
        Self { dir, _keep: Some(keep) }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn arg(&self) -> &str {
        self.dir.to_str().unwrap()
    }
}

fn make(dir: &Path) {
    let isms = fixtures().join("isms");
    run(0, &["run", isms.to_str().unwrap(), "-w", dir.to_str().unwrap(), "--as-of", AS_OF, "-q"]);
}
