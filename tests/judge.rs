//! `--judge` with the real program, a small ISMS and an endpoint in this process.
#![cfg(unix)]

mod common;

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use common::AS_OF;
use serde_json::{Value, json};

const KEY: &str = "sk-evimap-very-secret-0123456789";

/// What the endpoint says to the n-th request; `None` is silence.
type Says = Box<dyn Fn(usize, &Value) -> Option<(u16, String)> + Send + Sync>;

struct Endpoint {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    /// One message for each request.
    came: mpsc::Receiver<()>,
}

impl Endpoint {
    fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, says) = (Arc::clone(&requests), Arc::new(says));
        let (tell, came) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, says, tell) = (Arc::clone(&seen), Arc::clone(&says), tell.clone());
                thread::spawn(move || serve(stream.unwrap(), &seen, &says, &tell));
            }
        });
        Self { url, requests, came }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, seen: &Mutex<Vec<String>>, says: &Says, tell: &mpsc::Sender<()>) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let n = {
        let mut seen = seen.lock().unwrap();
        seen.push(head + std::str::from_utf8(&body).unwrap());
        seen.len()
    };
    let said = says(n, &asked);
    // The test may be over.
    let _ = tell.send(());
    let mut stream = reader.into_inner();
    let Some((status, body)) = said else {
        let _ = stream.read(&mut [0; 1]);
        return;
    };
    let reply = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(reply.as_bytes());
}

/// An answer that abstains on every passage asked about, and gives `reason`.
fn abstain(asked: &Value, reason: &str) -> String {
    let text = asked.to_string();
    let id = |part: &str| {
        let id: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
        (id.len() == 16).then(|| format!("p-{id}"))
    };
    let ids: BTreeSet<String> = text.split("p-").skip(1).filter_map(id).collect();
    let findings: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "passage": id, "verdict": "abstain", "reason": reason }))
        .collect();
    let content = json!({ "findings": findings, "instructions_found": [] }).to_string();
    json!({
        "choices": [{ "message": { "content": content }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": text.len() / 4, "completion_tokens": content.len() / 4 },
    })
    .to_string()
}

struct Work {
    _keep: tempfile::TempDir,
    isms: PathBuf,
    dir: PathBuf,
}

/// Two documents, and a workspace with this `[judge]`.
fn work(judge: &str) -> Work {
    let keep = tempfile::tempdir().unwrap();
    let (isms, dir) = (keep.path().join("isms"), keep.path().join("work"));
    fs::create_dir_all(&isms).unwrap();
    fs::create_dir_all(&dir).unwrap();
    for name in [
        "01-policies/POL-11_Information_Classification.md",
        "02-procedures/PRO-03_Backup_and_Restore.md",
    ] {
        let file = common::fixtures().join("isms").join(name);
        fs::copy(&file, isms.join(file.file_name().unwrap())).unwrap();
    }
    fs::write(dir.join("evimap.toml"), format!("[judge]\nmodel = \"m\"\n{judge}\n")).unwrap();
    Work { _keep: keep, isms, dir }
}

impl Work {
    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evimap"));
        command.args(["run", self.isms.to_str().unwrap(), "-w", self.dir.to_str().unwrap()]);
        command.args(["--as-of", AS_OF, "--judge"]).args(more).env("EVIMAP_TEST_KEY", KEY);
        command
    }

    fn run(&self, code: i32, more: &[&str]) -> (String, String) {
        let Output { status, stdout, stderr } = self.command(more).output().unwrap();
        let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        assert_eq!(status.code(), Some(code), "{out}\n{err}");
        (out, err)
    }

    fn summary(&self) -> Value {
        let text = fs::read_to_string(self.dir.join("reports/run.json")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["summary"].clone()
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
fn the_key_is_sent_and_is_nowhere_else() {
    for key in ["api_key_env = \"EVIMAP_TEST_KEY\"", "api_key_file = \"../key.txt\""] {
        let endpoint = Endpoint::start(Box::new(|n, asked| {
            Some(match n {
                2 => (500, format!(r#"{{"error":{{"message":"I know {KEY}"}}}}"#)),
                3 => (200, abstain(asked, &KEY.replace('s', "\\u0073"))),
                4 => (200, KEY.to_owned()),
                _ => (200, abstain(asked, &format!("your key is {KEY}"))),
            })
        }));
        let work = work(&format!("base_url = \"{}\"\nattempts = 1\n{key}", endpoint.url));
        fs::write(work.dir.with_file_name("key.txt"), format!("{KEY}\n")).unwrap();
        let (out, err) = work.run(0, &["--json"]);
        assert!(endpoint.requests().iter().all(|r| r.contains(&format!("Bearer {KEY}\r\n"))));
        assert!(!out.contains(KEY) && !err.contains(KEY), "{out}\n{err}");
        let mut all = Vec::new();
        files(&work.dir, &mut all);
        assert!(all.len() > 20, "{all:?}");
        for file in all {
            let bytes = fs::read(&file).unwrap();
            let found = bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes());
            assert!(!found, "the key is in {}", file.display());
        }
        // The echo was noticed, and blanked where people see it.
        let rows = fs::read_to_string(work.dir.join("review/suggestions.csv")).unwrap();
        assert!(rows.contains("your key is [key]"), "{rows}");
    }
}

#[test]
fn a_key_file_among_the_documents_is_refused() {
    let work = work("base_url = \"http://127.0.0.1:1/v1\"\napi_key_file = \"../isms/key.txt\"");
    fs::write(work.isms.join("key.txt"), KEY).unwrap();
    let (_, err) = work.run(2, &[]);
    assert!(err.contains("lies in the source") && !err.contains(KEY), "{err}");
    // It is a document whether or not the endpoint is asked.
    let plain = ["run", work.isms.to_str().unwrap(), "-w", work.dir.to_str().unwrap()];
    common::run(2, &plain);
}

#[test]
fn a_dead_endpoint_costs_its_opinions_only() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let work =
        work(&format!("base_url = \"http://127.0.0.1:{port}/v1\"\nattempts = 1\nconcurrency = 1"));
    let (_, err) = work.run(0, &[]);
    assert!(err.contains("judge-stopped") && err.contains("calls in a row failed"), "{err}");
    assert!(work.dir.join("reports/gap-analysis.html").exists());
    let rows = fs::read_to_string(work.dir.join("review/suggestions.csv")).unwrap();
    assert!(rows.lines().count() > 5);
    let page = fs::read_to_string(work.dir.join("reports/run.md")).unwrap();
    assert!(page.contains("questions to the endpoint without a whole answer"), "{page}");

    let (_, err) = work.run(1, &["--require-judge"]);
    assert!(
        err.contains("failed on judge: questions to the endpoint without a whole answer"),
        "{err}"
    );
    work.run(1, &["--fail-on", "judge", "-q"]);
}

#[test]
fn an_unchanged_run_makes_no_call_and_the_form_of_answer_is_kept() {
    let endpoint = Endpoint::start(Box::new(|_, asked| {
        let schema = asked["response_format"]["type"] == "json_schema";
        Some(if schema { (400, "{}".to_owned()) } else { (200, abstain(asked, "")) })
    }));
    let work = work(&format!("base_url = \"{}\"", endpoint.url));
    work.run(0, &[]);
    let asked = endpoint.requests().len();
    assert!(asked > 2);
    // Another day: all of the work is done again.
    let again = ["--as-of", "2026-11-25"];
    let plain = ["run", "-w", work.dir.to_str().unwrap(), "--judge", "--require-judge"];
    common::run(0, &[&plain[..], &again].concat());
    assert_eq!(endpoint.requests().len(), asked);
    assert_eq!(work.summary()["judge_calls"], 0);

    let new =
        common::fixtures().join("isms/02-procedures/PRO-04_Vulnerability_and_Patch_Management.md");
    fs::copy(&new, work.isms.join("PRO-04.md")).unwrap();
    work.run(0, &[]);
    let requests = endpoint.requests();
    let with_schema = requests.iter().filter(|r| r.contains("json_schema")).count();
    assert!(requests.len() > asked, "new passages are new questions");
    assert_eq!(with_schema, 1, "the form is found out once");
}

#[test]
fn a_dry_run_sends_and_leaves_nothing() {
    let endpoint = Endpoint::start(Box::new(|_, _| None));
    let work = work(&format!(
        "base_url = \"{}\"\napi_key_env = \"EVIMAP_TEST_KEY\"\ninput_price = 1\noutput_price = 2\n\
         max_run_tokens = 5000",
        endpoint.url
    ));
    let before = fs::read(work.dir.join("evimap.toml")).unwrap();
    let (out, _) = work.run(0, &["--dry-run", "--max-cost", "0.25"]);
    for part in [
        &format!("{}/chat/completions", endpoint.url),
        "model m",
        "PRO-03_Backup_and_Restore.md, ",
        "environment variable EVIMAP_TEST_KEY",
        "at most ",
        "USD",
        "limit: 5000 tokens",
        "limit: 0.25",
    ] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    assert!(!out.contains(KEY));
    let (out, _) = work.run(0, &["--dry-run", "--json"]);
    let plan: Value = serde_json::from_str(&out).unwrap();
    let first: Value =
        serde_json::from_str(plan["questions"][0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(first["messages"][0]["role"], "system");
    assert_eq!(endpoint.requests(), [""; 0]);
    let left: Vec<_> = fs::read_dir(&work.dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["evimap.toml"]);
    assert_eq!(fs::read(work.dir.join("evimap.toml")).unwrap(), before);
}

#[test]
fn a_killed_run_asks_nothing_twice() {
    let endpoint =
        Endpoint::start(Box::new(|n, asked| (n != 4).then(|| (200, abstain(asked, "")))));
    let work = work(&format!("base_url = \"{}\"\nconcurrency = 1", endpoint.url));
    let mut command = work.command(&[]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..4 {
        endpoint.came.recv().unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    work.run(0, &["--require-judge"]);
    let requests = endpoint.requests();
    let bodies: Vec<&str> = requests.iter().map(|r| r.split_once("\r\n\r\n").unwrap().1).collect();
    let times = |n: usize| bodies.iter().filter(|body| **body == bodies[n]).count();
    // Only the question that was open when the program was killed is put again, and the one before it if
    // its answer was just on the way to the disk.
    assert_eq!((times(0), times(1), times(3)), (1, 1, 2));
    assert!(times(2) <= 2 && (4..bodies.len()).all(|n| times(n) <= 2));
    let once: BTreeSet<&str> = bodies.iter().copied().collect();
    assert_eq!(bodies.len(), once.len() + 1 + (times(2) - 1));
}

#[test]
fn a_budget_too_small_for_one_question_sends_none() {
    let endpoint = Endpoint::start(Box::new(|_, asked| Some((200, abstain(asked, "")))));
    let work =
        work(&format!("base_url = \"{}\"\ninput_price = 3\noutput_price = 15", endpoint.url));
    let (_, err) = work.run(0, &["--max-cost", "0.001"]);
    assert!(err.contains("the budget of the run has no room"), "{err}");
    assert_eq!(endpoint.requests(), [""; 0]);
    work.run(0, &["--max-cost", "0.20"]);
    let cost = work.summary()["judge_cost"].as_str().unwrap().to_owned();
    let spent: f64 = cost.strip_suffix(" USD").unwrap().parse().unwrap();
    assert!(spent > 0.0 && spent <= 0.20, "{cost}");
}

#[test]
fn what_can_not_be_meant_is_said_before_anything_is_read() {
    let plain = work("base_url = \"http://llm.example.com/v1\"");
    let (_, err) = plain.run(2, &[]);
    assert!(err.contains("--insecure-endpoint"), "{err}");
    assert!(!plain.dir.join(".evimap/state.sqlite").exists(), "nothing is left of it");
    let no_prices = work("base_url = \"http://127.0.0.1:1/v1\"");
    assert!(no_prices.run(2, &["--max-cost", "1"]).1.contains("has no prices"));
    let no_key = work("base_url = \"http://127.0.0.1:1/v1\"\napi_key_env = \"EVIMAP_NO_SUCH\"");
    assert!(no_key.run(2, &[]).1.contains("EVIMAP_NO_SUCH"));
    let dir = no_key.dir.to_str().unwrap();
    common::run(2, &["run", "-w", dir, "--dry-run"]);
}
