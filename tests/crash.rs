//! Kills the real process at random moments of a first run, a later run, an import and a report, and
//! looks what is left: a workspace that opens, every decision that was acknowledged, reports that are
//! the old or the new ones, and a next run that succeeds.
//!
//! `EVIMAP_CRASH_POINTS=200` kills so many times; `EVIMAP_CRASH_SEED` draws other moments.
#![cfg(unix)]

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use common::{AS_OF, fixtures, run};
use serde_json::Value;

/// Kills in a plain `cargo test`.
const POINTS: usize = 12;
const FILES: [&str; 4] = [
    "01-policies/POL-11_Information_Classification.md",
    "01-policies/POL-02_Access_Control_Policy.docx",
    "02-procedures/PRO-03_Backup_and_Restore.md",
    "03-registers/Authority_Contacts.md",
];

type Files = BTreeMap<String, Vec<u8>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// A run that makes the workspace.
    First,
    /// A run after a document was added.
    Again,
    Import,
    Report,
}

/// Workspaces and sources as they are before an act, and what an act makes of them.
struct Stage {
    act: Act,
    workspace: Option<PathBuf>,
    source: PathBuf,
    decisions: PathBuf,
    /// Files of `reports/` and `review/` before it and after it.
    old: Files,
    new: Files,
    /// Ledger entries before it and after it.
    entries: (u64, u64),
    takes: Duration,
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Everything in `reports/` and `review/` but the record of the run, which has a clock in it and says what is new.
fn outputs(workspace: &Path) -> Files {
    let mut files = Files::new();
    for folder in ["reports", "review"] {
        for entry in fs::read_dir(workspace.join(folder)).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            if path.is_dir() {
                for inner in fs::read_dir(&path).unwrap() {
                    let path = inner.unwrap().path();
                    let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
                    files.insert(name, fs::read(&path).unwrap());
                }
            } else if !matches!(name.as_str(), "reports/run.json" | "reports/run.md") {
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn entries(workspace: &Path) -> u64 {
    let (out, _) = run(0, &["ledger", "verify", "-w", text(workspace), "--json"]);
    serde_json::from_str::<Value>(&out).unwrap()["entries"].as_u64().unwrap()
}

/// The first rows of the suggestions, accepted.
fn decide(workspace: &Path, to: &Path, rows: std::ops::Range<usize>) {
    let suggestions = workspace.join("review/suggestions.csv");
    let mut reader = csv::Reader::from_path(suggestions).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut writer = csv::Writer::from_path(to).unwrap();
    writer.write_record(&header).unwrap();
    for record in reader.records().skip(rows.start).take(rows.len()) {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        cells[at("decision")] = "accept".to_owned();
        cells[at("reviewer")] = "Jane Doe".to_owned();
        writer.write_record(cells).unwrap();
    }
    writer.flush().unwrap();
}

impl Stage {
    fn arguments(&self, workspace: &Path) -> Vec<String> {
        let words: Vec<&str> = match self.act {
            Act::First | Act::Again => {
                vec!["run", text(&self.source), "-w", text(workspace), "--as-of", AS_OF]
            }
            Act::Import => vec![
                "review",
                "import",
                text(&self.decisions),
                "-w",
                text(workspace),
                "--as-of",
                AS_OF,
            ],
            Act::Report => vec!["report", "-w", text(workspace), "--as-of", AS_OF],
        };
        words.into_iter().map(str::to_owned).collect()
    }

    fn start(&self, workspace: &Path) -> Child {
        Command::new(env!("CARGO_BIN_EXE_evimap"))
            .args(self.arguments(workspace))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn lay(&self, workspace: &Path) {
        if let Some(before) = &self.workspace {
            copy(before, workspace);
        }
    }

    /// Does the act once without a kill.
    fn rehearse(mut self, dir: &Path) -> Self {
        let workspace = dir.join(format!("{:?}", self.act));
        self.lay(&workspace);
        self.old = outputs(&workspace);
        let before = self.workspace.as_ref().map_or(0, |_| entries(&workspace));
        let since = Instant::now();
        assert!(self.start(&workspace).wait().unwrap().success(), "{:?}", self.act);
        self.takes = since.elapsed();
        self.new = outputs(&workspace);
        self.entries = (before, entries(&workspace));
        self
    }

    /// Does the act, kills it after `wait`, and looks. Gives whether it was still alive.
    fn kill(&self, wait: Duration, place: &Path) -> bool {
        let workspace = place.join("work");
        self.lay(&workspace);
        let mut child = self.start(&workspace);
        thread::sleep(wait);
        let ended = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let what = format!("{:?} killed after {} ms", self.act, wait.as_millis());

        let exists = workspace.join(".evimap/state.sqlite").exists();
        assert!(exists || self.act == Act::First, "{what}: the state is gone");
        if exists {
            let found = entries(&workspace);
            let (before, after) = self.entries;
            assert!(found == before || found == after, "{what}: {found} entries");
            assert!(ended.is_none() || found == after, "{what}: acknowledged and not there");
            if self.act != Act::First {
                run(0, &["doctor", "-w", text(&workspace), "--quiet"]);
            }
        }
        for (name, bytes) in outputs(&workspace) {
            let draft = name.contains("/.evimap-") && name.ends_with(".tmp");
            let whole = self.old.get(&name) == Some(&bytes) || self.new.get(&name) == Some(&bytes);
            assert!(draft || whole, "{what}: {name} is neither the old nor the new one");
        }
        for name in self.old.keys() {
            assert!(workspace.join(name).exists(), "{what}: {name} is gone");
        }

        // The same command again does what it would have done.
        let again = self.arguments(&workspace);
        run(0, &again.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(entries(&workspace), self.entries.1, "{what}");
        let now = outputs(&workspace);
        let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&now), names(&self.new), "{what}: drafts or doubles are left");
        for (name, bytes) in &now {
            assert!(self.new.get(name) == Some(bytes), "{what}: {name} differs afterwards");
        }
        ended.is_none()
    }
}

/// SplitMix64.
fn draw(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn killed_at_any_moment_a_workspace_keeps_what_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let (source, more) = (dir.path().join("isms"), dir.path().join("more/isms"));
    for place in [&source, &more] {
        fs::create_dir_all(place).unwrap();
        for file in FILES {
            let path = fixtures().join("isms").join(file);
            fs::copy(&path, place.join(path.file_name().unwrap())).unwrap();
        }
    }
    fs::write(
        more.join("new.md"),
        "# Leavers\n\nAccess of leavers is removed on their last day.\n",
    )
    .unwrap();
    let base = dir.path().join("base");
    run(0, &["run", text(&source), "-w", text(&base), "--as-of", AS_OF]);
    let (first, second) = (dir.path().join("first.csv"), dir.path().join("second.csv"));
    decide(&base, &first, 0..8);
    decide(&base, &second, 8..40);
    run(0, &["review", "import", text(&first), "-w", text(&base), "--as-of", AS_OF]);
    run(0, &["report", "-w", text(&base), "--as-of", AS_OF]);
    let decided = dir.path().join("decided");
    copy(&base, &decided);
    run(0, &["review", "import", text(&second), "-w", text(&decided), "--as-of", AS_OF]);

    let rehearsals = dir.path().join("rehearsals");
    fs::create_dir(&rehearsals).unwrap();
    let stage = |act, workspace: Option<&Path>, source: &Path| {
        Stage {
            act,
            workspace: workspace.map(Path::to_owned),
            source: source.to_owned(),
            decisions: second.clone(),
            old: Files::new(),
            new: Files::new(),
            entries: (0, 0),
            takes: Duration::ZERO,
        }
        .rehearse(&rehearsals)
    };
    let stages = [
        stage(Act::First, None, &source),
        stage(Act::Again, Some(&base), &more),
        stage(Act::Import, Some(&base), &source),
        stage(Act::Report, Some(&decided), &source),
    ];
    assert!(stages[2].entries.1 > stages[2].entries.0, "the import has to add something");

    let points = number("EVIMAP_CRASH_POINTS", POINTS);
    let mut seed = number("EVIMAP_CRASH_SEED", 1) as u64;
    let plan: Vec<(usize, f64)> =
        (0..points).map(|point| (point % stages.len(), draw(&mut seed))).collect();
    let (next, alive) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((stage, share)) = plan.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let stage = &stages[*stage];
                    let place = tempfile::tempdir_in(dir.path()).unwrap();
                    let wait = stage.takes.mul_f64(*share);
                    alive.fetch_add(usize::from(stage.kill(wait, place.path())), Ordering::SeqCst);
                }
            });
        }
    });
    let alive = alive.into_inner();
    println!("{points} kills, {alive} of them before the command had ended");
    assert!(alive * 2 >= points, "only {alive} of {points} kills met a living process");
}
