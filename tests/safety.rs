//! Signals, a full disk, two processes, a ledger changed by hand, backups: with the real process.
#![cfg(unix)]

mod common;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use common::{AS_OF, run};
use serde_json::Value;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A workspace with one decision and its reports.
fn decided(dir: &Path) -> PathBuf {
    let (isms, work) = (dir.join("isms"), dir.join("work"));
    fs::create_dir_all(&isms).unwrap();
    for name in [
        "01-policies/POL-11_Information_Classification.md",
        "02-procedures/PRO-03_Backup_and_Restore.md",
    ] {
        let file = common::fixtures().join("isms").join(name);
        fs::copy(&file, isms.join(file.file_name().unwrap())).unwrap();
    }
    run(0, &["run", text(&isms), "-w", text(&work), "--as-of", AS_OF, "--quiet"]);
    decide(&work, "accept");
    run(0, &["report", "-w", text(&work), "--as-of", AS_OF, "--quiet"]);
    work
}

/// Decides on one row, the same one each time.
fn decide(work: &Path, decision: &str) {
    let file = work.with_file_name(format!("{decision}.csv"));
    let before = work.with_file_name("accept.csv");
    let rows = if before.exists() { before } else { work.join("review/suggestions.csv") };
    let mut reader = csv::Reader::from_path(rows).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut row: Vec<String> =
        reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
    for (column, value) in [("decision", decision), ("reviewer", "Jane Doe")] {
        row[header.iter().position(|name| name == column).unwrap()] = value.to_owned();
    }
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer.write_record(&header).unwrap();
    writer.write_record(&row).unwrap();
    writer.flush().unwrap();
    run(0, &["review", "import", text(&file), "-w", text(work), "--as-of", AS_OF, "--quiet"]);
}

fn verified(work: &Path) -> Value {
    let (out, _) = run(0, &["ledger", "verify", "-w", text(work), "--json"]);
    serde_json::from_str(&out).unwrap()
}

/// So many files that reading them takes a while.
fn many(dir: &Path, count: usize) -> PathBuf {
    let isms = dir.join("many");
    fs::create_dir_all(&isms).unwrap();
    for n in 0..count {
        let body: String =
            (0..400).map(|k| format!("Paper {n} rule {k} is reviewed.\n\n")).collect();
        fs::write(isms.join(format!("{n:04}.md")), format!("# Paper {n}\n\n{body}")).unwrap();
    }
    isms
}

fn spawn(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_evimap"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Worker processes of a process, once there are any.
fn workers(parent: u32) -> Vec<u32> {
    let since = Instant::now();
    loop {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
            if after.split_whitespace().nth(1) == Some(&parent.to_string()) {
                found.push(pid);
            }
        }
        if !found.is_empty() || since.elapsed() > Duration::from_secs(20) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_stops_a_run_cleanly_and_the_next_one_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let isms = many(dir.path(), 400);
    for (name, signal, code) in [("a", "INT", 130), ("b", "TERM", 143)] {
        let work = dir.path().join(name);
        let mut child =
            spawn(&["run", text(&isms), "-w", text(&work), "--as-of", AS_OF, "--workers", "1"]);
        let workers = workers(child.id());
        assert!(!workers.is_empty());
        // Until something is in the cache.
        let wal = work.join(".evimap/state.sqlite-wal");
        let since = Instant::now();
        while fs::metadata(&wal).map_or(0, |meta| meta.len()) < 1 << 20 {
            assert!(since.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(2));
        }
        // As a service manager does it: the workers get it as well.
        for pid in workers.iter().chain([&child.id()]) {
            Command::new("kill").args([format!("-{signal}"), pid.to_string()]).status().unwrap();
        }
        let status = child.wait().unwrap();
        let mut err = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut err).unwrap();
        assert_eq!(status.code(), Some(code), "{err}");
        assert!(err.contains(&format!("stopped by SIG{signal}")), "{err}");
        let since = Instant::now();
        while workers.iter().any(|pid| alive(*pid)) {
            assert!(since.elapsed() < Duration::from_secs(5), "a worker lives on");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(!work.join("reports").exists(), "it was stopped while reading");
        if signal == "INT" {
            let (out, _) =
                run(0, &["run", "-w", text(&work), "--as-of", AS_OF, "--json", "--quiet"]);
            let all: Value = serde_json::from_str(&out).unwrap();
            let read = all["summary"]["read"].as_u64().unwrap();
            assert!(read > 0 && read < 400, "{read} of 400 files were read again");
            assert_eq!(all["summary"]["files"]["ok"], 400, "no file was blamed for the signal");
        }
    }
}

#[test]
fn the_second_writer_is_told_who_is_at_work_and_readers_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let isms = many(dir.path(), 300);
    let mut child = spawn(&["run", text(&isms), "-w", text(&work), "--as-of", AS_OF]);
    let mut line = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
    let (_, err) = run(2, &["report", "-w", text(&work)]);
    assert!(err.contains(&format!("pid {} on ", child.id())), "{err}");
    assert!(err.contains(" run ") && err.contains("since 20") && err.contains("wait"), "{err}");
    assert_eq!(verified(&work)["entries"], 1);
    run(0, &["search", "backup", "-w", text(&work)]);
    run(0, &["backup", text(&dir.path().join("b.zip")), "-w", text(&work)]);
    assert!(child.try_wait().unwrap().is_none(), "the run was still at work");
    child.kill().unwrap();
    child.wait().unwrap();
    // A killed owner locks nobody out, and is named.
    let (_, err) = run(0, &["doctor", "-w", text(&work)]);
    assert!(err.contains("was killed: pid"), "{err}");
    run(0, &["report", "-w", text(&work), "--as-of", AS_OF, "--quiet"]);
    assert_eq!(verified(&work)["entries"], 1);
}

/// Changes the ledger by hand, as somebody with the file and `sqlite3` may.
fn tamper(work: &Path, sql: &str) {
    let db = rusqlite::Connection::open(work.join(".evimap/state.sqlite")).unwrap();
    db.execute_batch("DROP TRIGGER ledger_keeps; DROP TRIGGER ledger_stays").unwrap();
    db.execute_batch(sql).unwrap();
}

#[test]
fn a_ledger_changed_by_hand_is_named_and_nothing_rests_on_it() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let target: String = {
        let (out, _) = run(0, &["ledger", "export", "-w", text(&work), "--format", "jsonl"]);
        let line: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
        line["target"].as_str().unwrap().to_owned()
    };
    tamper(&work, "UPDATE ledger SET json = replace(json, 'Jane Doe', 'John Roe')");
    let reports = fs::read(work.join("reports/gap-analysis.json")).unwrap();
    let (out, err) = run(1, &["ledger", "verify", "-w", text(&work), "--json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&found["whole"], &found["entry"]), (&Value::Bool(false), &Value::from(1)));
    assert!(err.contains("by John Roe, from ") && err.contains("row 2"), "{err}");
    let accept = dir.path().join("accept.csv");
    for command in [
        vec!["run", "-w", text(&work)],
        vec!["report", "-w", text(&work)],
        vec!["assess", "-w", text(&work)],
        vec!["review", "export", "-w", text(&work)],
        vec!["review", "import", text(&accept), "-w", text(&work)],
        vec!["backup", "b.zip", "-w", text(&work)],
    ] {
        let (_, err) = run(2, &command);
        assert!(err.contains("broken at entry 1: it was changed"), "{command:?}: {err}");
        assert!(err.contains("evimap restore"), "{err}");
    }
    // A nightly run that watches the ledger says so by its exit code.
    let (_, err) = run(1, &["run", "-w", text(&work), "--fail-on", "ledger"]);
    assert!(err.contains("failed on ledger: ") && err.contains("entry 1"), "{err}");
    assert_eq!(fs::read(work.join("reports/gap-analysis.json")).unwrap(), reports);
    // What is there can still be looked at.
    let (out, _) = run(1, &["ledger", "export", "-w", text(&work)]);
    assert!(out.contains("John Roe"));
    let (out, _) = run(0, &["ledger", "show", &target, "-w", text(&work)]);
    assert!(out.contains("accept by John Roe") && out.contains("[in force]"), "{out}");
    let (_, err) = run(1, &["doctor", "--fix", "-w", text(&work)]);
    assert!(err.contains("broken at entry 1"), "{err}");
}

#[test]
fn a_head_kept_on_a_report_is_found_again_or_missed() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let report: Value =
        serde_json::from_slice(&fs::read(work.join("reports/gap-analysis.json")).unwrap()).unwrap();
    let head = report["ledger_head"].as_str().unwrap().to_owned();
    for name in ["gap-analysis.html", "gap-analysis.csv", "soa-iso27001.csv", "evidence-index.csv"]
    {
        let text = fs::read_to_string(work.join("reports").join(name)).unwrap();
        assert!(text.contains(&head), "{name} has no head");
    }
    decide(&work, "reject");
    let (_, err) = run(0, &["ledger", "verify", "-w", text(&work), "--head", &head]);
    assert!(err.contains("after entry 1; 1 were added since"), "{err}");
    let other = "0123456789abcdef";
    let (_, err) = run(1, &["ledger", "verify", "-w", text(&work), "--head", other]);
    assert!(err.contains("written anew"), "{err}");
    run(2, &["ledger", "verify", "-w", text(&work), "--head", "zz"]);
    // A later decision is in force, the earlier one stays on record.
    let (out, _) = run(0, &["ledger", "export", "-w", text(&work), "--format", "jsonl"]);
    let lines: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&lines[0]["in_force"], &lines[1]["in_force"]), (&false.into(), &true.into()));
    assert_eq!(lines[1]["previous_hash"], lines[0]["hash"]);
}

#[test]
fn every_field_of_an_entry_has_a_column() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let positions = work.join("review/positions.csv");
    let mut reader = csv::Reader::from_path(&positions).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut row: Vec<String> =
        reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
    for (column, value) in
        [("conclusion", "looked, nothing found"), ("decided_by", "Jane Doe"), ("comment", "=1+1")]
    {
        row[header.iter().position(|name| name == column).unwrap()] = value.to_owned();
    }
    let file = dir.path().join("p.csv");
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer.write_record(&header).unwrap();
    writer.write_record(&row).unwrap();
    writer.flush().unwrap();
    run(0, &["review", "import", text(&file), "-w", text(&work), "--as-of", AS_OF, "--quiet"]);
    let (out, _) = run(0, &["ledger", "export", "-w", text(&work), "--format", "jsonl"]);
    let (sheet, _) = run(0, &["ledger", "export", "-w", text(&work)]);
    let mut reader = csv::Reader::from_reader(sheet.trim_start_matches('\u{feff}').as_bytes());
    let columns = reader.headers().unwrap().clone();
    for line in out.lines() {
        let Value::Object(fields) = serde_json::from_str(line).unwrap() else { panic!("{line}") };
        for name in fields.keys() {
            assert!(columns.iter().any(|c| c == name), "no column for {name}");
        }
    }
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[1].iter().any(|cell| cell == "'=1+1"), "a formula is defused");
}

/// Runs with files bounded to so many blocks of 512 or 1024 bytes, as the shell counts.
fn bounded(blocks: u64, arguments: &[&str]) -> Output {
    let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_evimap")])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// After whatever went wrong: the decision is there, old reports are whole, and it works again.
fn sound_again(work: &Path, before: &[u8], what: &str) {
    assert_eq!(verified(work)["entries"], 1, "{what}");
    let now = fs::read(work.join("reports/gap-analysis.json")).unwrap();
    assert!(now == before, "{what}: the report changed");
    run(0, &["report", "-w", text(work), "--as-of", AS_OF, "--quiet"]);
    let names: Vec<String> = fs::read_dir(work.join("reports"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".tmp"))
        .collect();
    assert!(names.is_empty(), "{what}: {names:?}");
}

#[test]
fn a_file_that_can_not_grow_is_named_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let before = fs::read(work.join("reports/gap-analysis.json")).unwrap();
    let mut failed = 0;
    for blocks in [0, 8, 40, 100, 200, 400] {
        for command in ["report", "run"] {
            let output = bounded(blocks, &[command, "-w", text(&work), "--as-of", AS_OF]);
            let err = String::from_utf8_lossy(&output.stderr);
            let what = format!("{command} with {blocks} blocks: {err}");
            if !output.status.success() {
                failed += 1;
                assert_eq!(output.status.code(), Some(3), "{what}");
                assert!(err.contains(text(&work)) && err.contains("space"), "{what}");
            }
            sound_again(&work, &before, &what);
        }
    }
    assert!(failed >= 4, "only {failed} commands met the bound");
}

/// A real full disk, where this account may mount one in a name space of its own.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_nothing_is_lost() {
    let inside = |script: &str| {
        Command::new("unshare").args(["-rm", "sh", "-c", script]).stdin(Stdio::null()).output()
    };
    let dir = tempfile::tempdir().unwrap();
    let disk = dir.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = format!("mount -t tmpfs -o size=64k none '{}'", text(&disk));
    if !inside(&mount).is_ok_and(|output| output.status.success()) {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let work = decided(dir.path());
    let before = fs::read(work.join("reports/gap-analysis.json")).unwrap();
    let size = |folder: &Path| -> u64 {
        let output = Command::new("du").args(["-sk", text(folder)]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_whitespace().next().unwrap().parse().unwrap()
    };
    let kilobytes = size(&work);
    let mut failed = 0;
    for spare in [8, 60, 120, 250, 500, 900] {
        for command in ["report", "run"] {
            // A disk with the workspace on it and so much space left; what is left comes out again.
            let after = dir.path().join("after");
            let script = format!(
                "mount -t tmpfs -o size={}k none '{disk}' && cp -a '{work}' '{disk}/work' || exit 99
                 '{bin}' {command} -w '{disk}/work' --as-of {AS_OF}; code=$?
                 cp -a '{disk}/work' '{after}'; exit $code",
                kilobytes + spare,
                disk = text(&disk),
                work = text(&work),
                after = text(&after),
                bin = env!("CARGO_BIN_EXE_evimap"),
            );
            let output = inside(&script).unwrap();
            let err = String::from_utf8_lossy(&output.stderr);
            let what = format!("{command} with {spare} kB: {err}");
            if !output.status.success() {
                failed += 1;
                assert_eq!(output.status.code(), Some(3), "{what}");
                assert!(err.contains("disk/work") && err.contains("space"), "{what}");
            }
            sound_again(&after, &before, &what);
            fs::remove_dir_all(&after).unwrap();
        }
    }
    assert!(failed >= 4, "only {failed} commands met a full disk");
}

#[test]
fn a_backup_gives_the_workspace_back() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    fs::create_dir(work.join("own")).unwrap();
    fs::write(work.join("own/notes.txt"), "of the overlay").unwrap();
    let config = fs::read_to_string(work.join("evimap.toml")).unwrap();
    fs::write(work.join("evimap.toml"), format!("{config}\n[catalog]\noverlay = \"own\"\n"))
        .unwrap();
    let file = dir.path().join("b.zip");
    run(0, &["backup", text(&file), "-w", text(&work)]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let (_, err) = run(2, &["backup", text(&file), "-w", text(&work)]);
    assert!(err.contains("there already"), "{err}");

    let again = dir.path().join("deep/again");
    let (_, err) = run(0, &["restore", text(&file), "-w", text(&again)]);
    assert!(err.contains("ledger of 1 entries verified"), "{err}");
    for name in ["evimap.toml", "review/suggestions.csv", "review/positions.csv", "own/notes.txt"] {
        assert_eq!(
            fs::read(work.join(name)).unwrap(),
            fs::read(again.join(name)).unwrap(),
            "{name}"
        );
    }
    assert_eq!(verified(&again)["head"], verified(&work)["head"]);
    fs::remove_dir_all(again.join("own")).unwrap();
    fs::write(again.join("evimap.toml"), &config).unwrap();
    run(0, &["report", "-w", text(&again), "--as-of", AS_OF, "--quiet"]);
    let report = |work: &Path| fs::read(work.join("reports/gap-analysis.json")).unwrap();
    assert!(report(&again) == report(&work), "the same reports");
    let (_, err) = run(2, &["restore", text(&file), "-w", text(&again)]);
    assert!(err.contains("not an empty folder"), "{err}");
    let names: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".evimap"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

/// A backup with one file more, or another state.
fn forged(from: &Path, to: &Path, name: &str, content: &[u8]) {
    use sha2::Digest;
    let mut old = zip::ZipArchive::new(fs::File::open(from).unwrap()).unwrap();
    let mut new = zip::ZipWriter::new(fs::File::create(to).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let sum = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(content));
    for n in 0..old.len() {
        let mut member = old.by_index(n).unwrap();
        let known = member.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut bytes).unwrap();
        if known == name {
            continue;
        }
        if known == "manifest.json" {
            let mut all: Value = serde_json::from_slice(&bytes).unwrap();
            let files = all["files"].as_array_mut().unwrap();
            files.retain(|file| file["name"] != name);
            files.push(serde_json::json!({ "name": name, "size": content.len(), "sha256": sum }));
            bytes = serde_json::to_vec(&all).unwrap();
        }
        new.start_file(known, options).unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.start_file(name, options).unwrap();
    new.write_all(content).unwrap();
    new.finish().unwrap();
}

#[test]
fn a_hostile_or_damaged_backup_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let (file, bad, into) =
        (dir.path().join("b.zip"), dir.path().join("bad.zip"), dir.path().join("into/work"));
    run(0, &["backup", text(&file), "-w", text(&work)]);
    // Another workspace's state under this one's list.
    let other = dir.path().join("other");
    run(0, &["init", "-w", text(&other)]);
    let foreign = fs::read(other.join(".evimap/state.sqlite")).unwrap();
    let hostile: [(&str, &[u8]); 10] = [
        ("../escaped", b"x"),
        ("review/../../../escaped", b"x"),
        ("/tmp/escaped", b"x"),
        ("review\\..\\escaped", b"x"),
        ("C:/escaped", b"x"),
        ("files/.evimap/lock", b"x"),
        ("files/", b"x"),
        ("elsewhere/x", b"x"),
        ("state.sqlite", b"not a database"),
        ("state.sqlite", &foreign),
    ];
    for (name, content) in hostile {
        forged(&file, &bad, name, content);
        let (_, err) = run(2, &["restore", text(&bad), "-w", text(&into)]);
        assert!(!into.exists(), "{name}: {err}");
        assert!(!dir.path().join("escaped").exists() && !Path::new("/tmp/escaped").exists());
    }
    // Cut short, and one byte other than it was.
    let bytes = fs::read(&file).unwrap();
    fs::write(&bad, &bytes[..bytes.len() / 2]).unwrap();
    run(2, &["restore", text(&bad), "-w", text(&into)]);
    let mut other = bytes.clone();
    other[200] ^= 1;
    fs::write(&bad, &other).unwrap();
    run(2, &["restore", text(&bad), "-w", text(&into)]);
    assert!(!into.exists());
    run(0, &["restore", text(&file), "-w", text(&into)]);
}

#[test]
fn the_doctor_finds_and_mends_what_can_be_computed_again() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let (out, _) = run(0, &["doctor", "-w", text(&work), "--json"]);
    let checks = |out: &str| -> Vec<(String, String)> {
        let all: Value = serde_json::from_str(out).unwrap();
        let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
        let list = all["checks"].as_array().unwrap().iter();
        list.map(|c| (text(c, "what"), text(c, "condition"))).collect()
    };
    assert!(checks(&out).iter().all(|(_, condition)| condition == "ok"), "{out}");

    fs::write(work.join("reports/.evimap-AbCdEf.tmp"), "half").unwrap();
    fs::create_dir_all(work.join(".evimap/index/0009")).unwrap();
    tamper(&work, "SELECT 1");
    fs::write(work.join("review/notes.csv"), "a,b\n1,2\n").unwrap();
    let (out, _) = run(0, &["doctor", "-w", text(&work), "--json"]);
    let found = |out: &str, what: &str, condition: &str| {
        checks(out).contains(&(what.to_owned(), condition.to_owned()))
    };
    for what in ["leftovers", "index", "ledger", "review"] {
        assert!(found(&out, what, "warning"), "{what}: {out}");
    }
    let (out, _) = run(0, &["doctor", "-w", text(&work), "--fix", "--json"]);
    for what in ["leftovers", "index", "ledger"] {
        assert!(found(&out, what, "mended"), "{what}: {out}");
    }
    assert!(work.join("review/notes.csv").exists(), "what people wrote is left");
    let (out, _) = run(0, &["doctor", "-w", text(&work), "--json"]);
    assert!(!found(&out, "ledger", "warning") && !found(&out, "leftovers", "warning"), "{out}");

    fs::rename(dir.path().join("isms"), dir.path().join("moved")).unwrap();
    fs::write(work.join("evimap.toml"), "[organisation]\nname = 3\n").unwrap();
    let (out, _) = run(1, &["doctor", "-w", text(&work), "--json"]);
    assert!(found(&out, "configuration", "error"), "{out}");
}

#[test]
fn what_a_workspace_holds_is_its_owners() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let mode = |name: &str| fs::metadata(work.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(".evimap"), 0o700);
    let names = [
        "evimap.toml",
        "reports/run.json",
        "reports/gap-analysis.html",
        "review/suggestions.csv",
        ".evimap/state.sqlite",
    ];
    for name in names {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    // Who opens a file to colleagues finds it open after the next run.
    for name in ["reports/gap-analysis.html", "review/suggestions.csv"] {
        fs::set_permissions(work.join(name), fs::Permissions::from_mode(0o644)).unwrap();
    }
    run(0, &["report", "-w", text(&work), "--as-of", AS_OF, "--quiet"]);
    assert_eq!((mode("reports/gap-analysis.html"), mode("review/suggestions.csv")), (0o644, 0o644));
}

#[test]
fn a_workspace_whose_creation_was_killed_is_taken_up_again() {
    let dir = tempfile::tempdir().unwrap();
    let work = decided(dir.path());
    let isms = dir.path().join("isms");
    let half = dir.path().join("half");
    // The state is made before the configuration.
    run(0, &["init", "-w", text(&half)]);
    fs::remove_file(half.join("evimap.toml")).unwrap();
    run(0, &["run", text(&isms), "-w", text(&half), "--as-of", AS_OF, "--quiet"]);
    // Where something was decided a missing configuration is a loss, and said to be one.
    fs::remove_file(work.join("evimap.toml")).unwrap();
    let (_, err) = run(2, &["run", text(&isms), "-w", text(&work)]);
    assert!(err.contains("evimap.toml") && err.contains("put the file back"), "{err}");
}
