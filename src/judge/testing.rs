//! For tests: sample values, and a server in this process that plays a script.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::json;

use super::{
    Case, ChatJudge, Event, Opinion, Outcome, SetupError,
    endpoint::{Clock, Endpoint},
    judge_with,
};
use crate::{
    config::{Format, JudgeConfig},
    domain::{
        Band, DocumentStatus, DocumentType, Documented, EvidenceKind, Level, Locator, Point,
        PointId, Proposal, ProposalId, Target, TargetId, TargetKind,
    },
};

fn target_id() -> TargetId {
    "ISO27001:A.5.18".parse().unwrap()
}

pub(super) fn target() -> Target {
    let id = target_id();
    let point = |short: &str, kind, text: &str| Point {
        id: PointId::new(&id, short),
        kind,
        sub_item: "A.5.18".into(),
        documented: Documented::Usual,
        text: text.into(),
        typical_evidence: String::new(),
        evidence_type: DocumentType::Record,
        freshness: String::new(),
    };
    Target {
        title: "Access rights".into(),
        kind: TargetKind::Control,
        framework: "ISO27001".into(),
        level: Level::Organisation,
        theme: String::new(),
        description: "Rights are granted, reviewed and withdrawn.".into(),
        guidance: String::new(),
        serves: Vec::new(),
        object_of: Vec::new(),
        terms: Vec::new(),
        negative_terms: Vec::new(),
        exemplars: Vec::new(),
        points: vec![
            point("d1", EvidenceKind::Design, "A rule says how rights are reviewed"),
            point("o1", EvidenceKind::Operation, "Reviews are recorded"),
        ],
        id,
    }
}

pub(super) fn proposal(quote: &str) -> Proposal {
    Proposal {
        id: ProposalId::derive(&target_id(), None, quote),
        target: target_id(),
        system: None,
        points: Vec::new(),
        document: "policies/access.md".into(),
        document_hash: String::new(),
        document_status: DocumentStatus::Approved,
        locator: Locator::lines(3, 4),
        heading: vec!["Access".into()],
        quote: quote.into(),
        confidence: 0.5,
        score: 1.0,
        band: Band::Likely,
        evidence_kind: EvidenceKind::Design,
        evidence_type: DocumentType::Policy,
        evidence_date: None,
        reasons: Vec::new(),
        rank: 1,
        talk: None,
        also_in: Vec::new(),
        also_for: Vec::new(),
    }
}

/// What the server does with one connection.
#[derive(Clone)]
pub(super) enum Step {
    /// Status line's code and reason, further header lines, body.
    Say(&'static str, &'static str, String),
    /// Accepts, reads, and stays silent for as long as the client waits.
    Hang,
    /// Exactly these bytes, then closes.
    Raw(Vec<u8>),
    /// These bytes at once, then the second ones for as long as the client listens, with a pause before
    /// each.
    Endless(Vec<u8>, Vec<u8>, Duration),
    /// These bytes, and a reset: the request's body is left unread.
    Reset(Vec<u8>),
}

/// A clock on which pauses pass at once.
#[derive(Default)]
pub(super) struct TestClock {
    now: Mutex<Duration>,
    pauses: Mutex<Vec<Duration>>,
    pub(super) halted: std::sync::atomic::AtomicBool,
}

impl TestClock {
    pub(super) fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, pause: Duration) {
        *self.now.lock().unwrap() += pause;
        self.pauses.lock().unwrap().push(pause);
    }

    fn halted(&self) -> bool {
        self.halted.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// A judge that need not wait, and its clock.
pub(super) fn judge(config: &JudgeConfig) -> Result<(ChatJudge, Arc<TestClock>), SetupError> {
    let clock = Arc::new(TestClock::default());
    let endpoint = Endpoint::new(config, Path::new("."), None, Arc::clone(&clock) as _)?;
    Ok((ChatJudge::over(endpoint, config), clock))
}

/// The same with a key.
pub(super) fn judge_with_key(config: &JudgeConfig, key: &str) -> Result<ChatJudge, SetupError> {
    let endpoint = Endpoint::with_key(config, key, Arc::new(TestClock::default()))?;
    Ok(ChatJudge::over(endpoint, config))
}

/// Judges all cases as `config` says, without waiting.
pub(super) fn judge_all(
    cases: &[Case],
    config: &JudgeConfig,
    lookup: impl Fn(&str) -> Option<Opinion>,
    on_event: impl FnMut(Event<'_>),
) -> Result<Outcome, SetupError> {
    let workers = usize::try_from(config.concurrency).unwrap();
    Ok(judge_with(&judge(config)?.0, cases, workers, lookup, on_event))
}

/// HTTP 200 with a completion that holds `content`.
pub(super) fn completion(content: &str, finish_reason: &str) -> Step {
    let body = json!({
        "choices": [{ "message": { "content": content }, "finish_reason": finish_reason }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 20 },
    });
    Step::Say("200 OK", "", body.to_string())
}

/// Plays its steps, one a connection, and keeps the requests (head and body).
pub(super) struct Server {
    pub(super) config: JudgeConfig,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// One connection after the other.
    pub(super) fn start(steps: Vec<Step>) -> Self {
        Self::serve(steps, 1)
    }

    /// Answers nobody before there is a connection for each step.
    pub(super) fn together(steps: Vec<Step>) -> Self {
        let size = steps.len();
        Self::serve(steps, size)
    }

    fn serve(steps: Vec<Step>, size: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for round in steps.chunks(size) {
                let streams: Vec<_> = round.iter().map(|_| listener.accept().unwrap().0).collect();
                for (stream, step) in streams.into_iter().zip(round) {
                    play(stream, step, &seen);
                }
            }
        });
        // The form of answer is fixed and a repeat is made, so that a script needs few steps.
        let config = JudgeConfig {
            timeout_seconds: 5,
            concurrency: 1,
            max_tokens: 512,
            attempts: 2,
            structured_output: Some(Format::JsonSchema),
            ..JudgeConfig::new(base_url, "test-model")
        };
        Self { config, requests }
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn play(stream: TcpStream, step: &Step, seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        let end = line.trim().is_empty();
        request.push_str(&line);
        if end {
            break;
        }
    }
    if !matches!(step, Step::Reset(_)) {
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        request.push_str(&String::from_utf8(body).unwrap());
    }
    seen.lock().unwrap().push(request);

    let mut stream = reader.into_inner();
    match step {
        Step::Say(status, headers, body) => {
            let head = format!(
                "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            // A client that has read enough hangs up, which is no fault of the test.
            let _ =
                stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
        Step::Raw(bytes) | Step::Reset(bytes) => {
            let _ = stream.write_all(bytes);
        }
        Step::Endless(first, then, pause) => {
            let mut open = stream.write_all(first).is_ok();
            while open {
                thread::sleep(*pause);
                open = stream.write_all(then).is_ok();
            }
        }
        Step::Hang => {
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let _ = stream.read(&mut [0; 1]);
        }
    }
}
