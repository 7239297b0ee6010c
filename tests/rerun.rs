//! What a run reads again, and what it leaves closed.

mod common;

use std::{
    fs::{self, File},
    path::Path,
    time::{Duration, SystemTime},
};

use common::{AS_OF, run};
use serde_json::Value;

/// Writes a file that says it was changed so long ago.
fn write(path: &Path, text: &str, age: Duration) -> SystemTime {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    let time = SystemTime::now() - age;
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    fs::metadata(path).unwrap().modified().unwrap()
}

/// Other content of the same size, with the same time.
fn swap(path: &Path, from: &str, to: &str) {
    let time = fs::metadata(path).unwrap().modified().unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(from.len() == to.len() && text.contains(from));
    fs::write(path, text.replace(from, to)).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// Runs and gives how many files were read, and the list of documents.
fn again(work: &Path, more: &[&str]) -> (u64, String) {
    let mut args = vec!["run", "-w", work.to_str().unwrap(), "--as-of", AS_OF, "--json", "-q"];
    args.extend_from_slice(more);
    let (out, _) = run(0, &args);
    let all: Value = serde_json::from_str(&out).unwrap();
    let documents = fs::read_to_string(work.join("reports/documents.csv")).unwrap();
    (all["summary"]["read"].as_u64().unwrap(), documents)
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn an_unchanged_tree_stays_closed() {
    let dir = tempfile::tempdir().unwrap();
    let (isms, work) = (dir.path().join("isms"), dir.path().join("work"));
    let file = |n: usize| isms.join(format!("{}/{n}.md", n % 7));
    for n in 0..300 {
        write(&file(n), &format!("# Paper {n}\n\nRights are reviewed by owner {n:03}.\n"), HOUR);
    }
    let (first, documents) = again(&work, &[isms.to_str().unwrap()]);
    assert_eq!(first, 300);

    // Whoever opened one of these would find another text and another hash.
    for n in 0..300 {
        swap(&file(n), "reviewed", "rewieved");
    }
    assert_eq!(again(&work, &[]), (0, documents.clone()));

    let (reread, changed) = again(&work, &["--rehash"]);
    assert_eq!(reread, 300);
    assert_ne!(changed, documents);
    // What is known by its content need not be taken apart again.
    assert_eq!(again(&work, &["--rehash"]), (0, changed.clone()));
    write(&file(5), &fs::read_to_string(file(5)).unwrap(), 2 * HOUR);
    assert_eq!(again(&work, &[]), (0, changed));
}

#[test]
fn a_file_that_had_just_changed_is_looked_at_again() {
    let dir = tempfile::tempdir().unwrap();
    let (isms, work) = (dir.path().join("isms"), dir.path().join("work"));
    let (old, fresh) = (isms.join("old.md"), isms.join("fresh.md"));
    let text = "# Policy\n\nRights are reviewed by the owner.\n";
    write(&old, text, HOUR);
    // Within two seconds of the run, however slow the machine: the time lies ahead.
    write(&fresh, text, Duration::ZERO);
    let ahead = SystemTime::now() + Duration::from_secs(60);
    File::options().write(true).open(&fresh).unwrap().set_modified(ahead).unwrap();
    let (first, documents) = again(&work, &[isms.to_str().unwrap()]);
    assert_eq!(first, 2);
    assert_eq!(again(&work, &[]), (0, documents.clone()), "hashed, and found unchanged");

    swap(&old, "owner", "ownar");
    assert_eq!(again(&work, &[]), (0, documents.clone()), "the old file is trusted");
    swap(&fresh, "owner", "ownar");
    let (reread, changed) = again(&work, &[]);
    assert_eq!(reread, 1, "the fresh file is not");
    assert_ne!(changed, documents);
}

#[cfg(unix)]
#[test]
fn links_are_followed_where_the_user_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (isms, work) = (dir.path().join("isms"), dir.path().join("work"));
    write(&isms.join("a.md"), "# Policy\n\nRights are reviewed.\n", HOUR);
    write(&dir.path().join("elsewhere/b.md"), "# Backup\n\nBackups are tested.\n", HOUR);
    std::os::unix::fs::symlink(dir.path().join("elsewhere"), isms.join("link")).unwrap();

    let (_, documents) = again(&work, &[isms.to_str().unwrap()]);
    assert!(!documents.contains("link/b.md"));
    let record: Value =
        serde_json::from_str(&fs::read_to_string(work.join("reports/run.json")).unwrap()).unwrap();
    assert_eq!(record["skipped"][0]["path"], "link");
    assert!(record["skipped"][0]["why"].as_str().unwrap().contains("--follow-links"));

    let (read, documents) = again(&work, &["--follow-links"]);
    assert!(read == 1 && documents.contains("link/b.md"));
    let (_, documents) = again(&work, &[]);
    assert!(!documents.contains("link/b.md"));
    let file = work.join("evimap.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n[extract]\nfollow_links = true\n")).unwrap();
    let (_, documents) = again(&work, &[]);
    assert!(documents.contains("link/b.md"));
}
