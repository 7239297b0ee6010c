//! Limits, repeats, forms of answers and money, against a scripted server and a clock that never waits.

use std::{collections::BTreeMap, sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};

use crate::{
    config::{Format, JudgeConfig, Prices},
    judge::{
        Case, ChatJudge, Event, JudgeError, Opinion, Outcome, Unasked, cases, judge_with,
        testing::{Server, Step, completion, judge, proposal, target},
    },
};

pub(super) fn some_cases(count: usize) -> Vec<Case> {
    let quote = |n| format!("Access rights are reviewed every quarter by owner number {n}.");
    (0..count).flat_map(|n| cases(&[target()], &[proposal(&quote(n))])).collect()
}

/// An answer that abstains on all of them.
pub(super) fn answer(cases: &[Case]) -> String {
    let ids = cases.iter().flat_map(|case| &case.candidates).map(|c| c.proposal_id.as_str());
    let findings: Vec<Value> =
        ids.map(|id| json!({ "passage": id, "verdict": "abstain" })).collect();
    json!({ "findings": findings, "instructions_found": [] }).to_string()
}

/// The answer with another usage than the usual 100 and 20; `null` is none.
fn used(cases: &[Case], usage: &Value) -> Step {
    let choice = json!({ "message": { "content": answer(cases) }, "finish_reason": "stop" });
    Step::Say("200 OK", "", json!({ "choices": [choice], "usage": usage }).to_string())
}

fn say(status: &'static str, headers: &'static str) -> Step {
    Step::Say(status, headers, String::new())
}

fn run(judge: &ChatJudge, cases: &[Case]) -> Outcome {
    judge_with(judge, cases, 1, |_| None, |_| {})
}

fn results(outcome: &Outcome) -> Vec<&str> {
    outcome.records.iter().map(|record| record.result.as_str()).collect()
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

/// The JSON body of each request.
fn bodies(server: &Server) -> Vec<Value> {
    let body = |request: &String| request.split_once("\r\n\r\n").unwrap().1.to_owned();
    server.requests().iter().map(|r| serde_json::from_str(&body(r)).unwrap()).collect()
}

#[test]
fn pauses_double_and_differ() {
    let cases = some_cases(1);
    let fault = || say("503 Busy", "");
    let mut server =
        Server::start(vec![fault(), fault(), fault(), completion(&answer(&cases), "stop")]);
    server.config.attempts = 4;
    let (judge, clock) = judge(&server.config).unwrap();
    let outcome = run(&judge, &cases);
    assert_eq!(results(&outcome), ["status", "status", "status", "ok"]);
    assert_eq!(outcome.records.iter().map(|r| r.attempt).collect::<Vec<_>>(), [1, 2, 3, 4]);
    for (pause, least) in clock.pauses().iter().zip([1, 2, 4]) {
        let least = Duration::from_secs(least);
        assert!((least..=least * 2).contains(pause), "{pause:?}");
    }
    assert_eq!(clock.pauses().len(), 3);
}

#[test]
fn the_endpoints_own_pause_holds_for_all_in_seconds_and_as_a_date() {
    let cases = some_cases(1);
    for wait in [
        "Retry-After: 50\r\n",
        "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2015 07:28:50 GMT\r\n",
    ] {
        let slow = say("429 Too Many Requests", wait);
        let server = Server::start(vec![slow, completion(&answer(&cases), "stop")]);
        let (judge, clock) = judge(&server.config).unwrap();
        assert_eq!(results(&run(&judge, &cases)), ["status", "ok"]);
        let waited: Duration = clock.pauses().iter().sum();
        assert_eq!(waited, Duration::from_secs(50), "{wait}");
    }
}

#[test]
fn too_long_a_pause_ends_the_asking() {
    let server = Server::start(vec![say("429 Too Many Requests", "Retry-After: 3600\r\n")]);
    let (judge, clock) = judge(&server.config).unwrap();
    let outcome = run(&judge, &some_cases(3));
    assert_eq!((outcome.calls, outcome.failed, outcome.unasked), (1, 3, 2));
    assert_eq!(codes(&outcome), ["judge-stopped", "judge-failed"]);
    assert!(outcome.diagnostics[0].message.contains("asks to wait for 3600 s"));
    assert!(clock.pauses().is_empty());
}

#[test]
fn a_storm_of_429_ends_with_the_run_going_on_without() {
    let storm = (0..40).map(|_| say("429 Too Many Requests", "Retry-After: 2\r\n")).collect();
    let mut server = Server::start(storm);
    server.config.attempts = 3;
    let (judge, _) = judge(&server.config).unwrap();
    let outcome = run(&judge, &some_cases(12));
    // Five questions with three calls each.
    assert_eq!((outcome.calls, outcome.failed, outcome.unasked), (15, 12, 7));
    assert_eq!(judge.spent().tokens.sum(), 0, "what is refused costs nothing");
}

#[test]
fn a_dead_endpoint_is_left_alone() {
    let cases = some_cases(20);
    let (judge, _) = judge(&JudgeConfig::new("http://127.0.0.1:1/v1", "m")).unwrap();
    let outcome = run(&judge, &cases);
    assert_eq!((outcome.calls, outcome.failed, outcome.judgements.len()), (5, 20, 0));
    let told = &outcome.diagnostics[0];
    assert_eq!(told.code, "judge-stopped");
    assert!(told.message.contains("5 calls in a row failed"), "{}", told.message);
    assert_eq!(judge.spent().tokens.sum(), 0);
}

#[test]
fn a_wrong_key_is_tried_once() {
    let server = Server::start(vec![say("401 Unauthorized", "")]);
    let (judge, _) = judge(&server.config).unwrap();
    let outcome = run(&judge, &some_cases(4));
    assert_eq!((outcome.calls, outcome.unasked), (1, 3));
}

#[test]
fn rubbish_in_a_row_ends_the_asking_and_success_begins_anew() {
    let cases = some_cases(11);
    let rubbish = || completion("no", "stop");
    let mut steps: Vec<Step> = (0..4).map(|_| rubbish()).collect();
    steps.push(completion(&answer(&cases), "stop"));
    steps.extend((0..5).map(|_| rubbish()));
    let server = Server::start(steps);
    let (judge, _) = judge(&server.config).unwrap();
    let outcome = run(&judge, &cases);
    assert_eq!((outcome.calls, outcome.judgements.len(), outcome.unasked), (10, 1, 1));
}

#[test]
fn no_minute_gets_more_requests_or_tokens_than_allowed() {
    let cases = some_cases(5);
    let steps = || cases.iter().map(|_| completion(&answer(&cases), "stop")).collect();
    let mut server = Server::start(steps());
    server.config.requests_per_minute = Some(2);
    let (by_requests, clock) = judge(&server.config).unwrap();
    assert_eq!(run(&by_requests, &cases).judgements.len(), 5);
    assert_eq!(clock.pauses(), [Duration::from_secs(60); 2]);

    let mut server = Server::start(steps());
    server.config.tokens_per_minute = Some(1);
    let (by_tokens, clock) = judge(&server.config).unwrap();
    assert_eq!(run(&by_tokens, &cases).judgements.len(), 5);
    assert_eq!(clock.pauses(), [Duration::from_secs(60); 4]);
}

#[test]
fn the_time_of_a_run_is_kept_to() {
    let cases = some_cases(5);
    let mut server = Server::start(vec![completion(&answer(&cases), "stop"); 2]);
    server.config.requests_per_minute = Some(1);
    server.config.run_timeout_seconds = 61;
    let (judge, clock) = judge(&server.config).unwrap();
    let outcome = run(&judge, &cases);
    assert_eq!((outcome.judgements.len(), outcome.unasked), (2, 3));
    assert!(outcome.diagnostics[0].message.contains("time of the run"));
    assert_eq!(clock.pauses(), [Duration::from_secs(60)]);
}

fn prices(config: &mut JudgeConfig) {
    let price = |text: &str| text.parse().unwrap();
    config.prices =
        Some(Prices { input: price("1"), output: price("4"), currency: "EUR".to_owned() });
}

#[test]
fn money_is_never_overspent_whatever_the_endpoint_says() {
    let cases = some_cases(30);
    let lies = [
        json!(null),
        json!({ "prompt_tokens": 0, "completion_tokens": 0 }),
        json!({ "prompt_tokens": 1, "completion_tokens": 1 }),
        json!({ "prompt_tokens": 18_446_744_073_709_551_615_u64, "completion_tokens": 5 }),
    ];
    for usage in lies {
        let mut server = Server::start(cases.iter().map(|_| used(&cases, &usage)).collect());
        server.config.max_cost = Some("0.03".parse().unwrap());
        prices(&mut server.config);
        let (judge, _) = judge(&server.config).unwrap();
        let outcome = run(&judge, &cases);
        let spent = judge.spent();
        let (cost, currency) = spent.cost.unwrap();
        assert!(outcome.calls > 0 && outcome.unasked > 0, "{usage}: {} calls", outcome.calls);
        assert!(cost.millionths() <= 30_000, "{usage}: {cost}");
        assert_eq!((currency.as_str(), spent.guessed), ("EUR", outcome.calls), "{usage}");
        assert_eq!(codes(&outcome)[0], "judge-stopped");
    }
}

#[test]
fn an_honest_endpoint_gets_further_and_threads_share_the_budget() {
    let cases = some_cases(30);
    let usage = json!({ "prompt_tokens": 900, "completion_tokens": 60 });
    let mut server = Server::start(cases.iter().map(|_| used(&cases[..1], &usage)).collect());
    server.config.max_run_tokens = Some(12_000);
    let (judge, _) = judge(&server.config).unwrap();
    let outcome = judge_with(&judge, &cases, 4, |_| None, |_| {});
    let spent = judge.spent();
    assert!(spent.tokens.sum() <= 12_000 && spent.guessed == 0, "{spent:?}");
    assert_eq!(spent.tokens.sum(), outcome.calls as u64 * 960);
    assert!(outcome.calls > 3 && outcome.unasked > 0, "{} calls", outcome.calls);
}

#[test]
fn what_may_have_been_worked_on_counts_in_full() {
    let mut server = Server::start(vec![Step::Hang, say("500 Oops", ""), say("400 No", "")]);
    server.config.attempts = 1;
    let (mut judge, _) = judge(&server.config).unwrap();
    judge.endpoint.timeout = Duration::from_millis(100);
    let cases = some_cases(3);
    let outcome = run(&judge, &cases);
    assert_eq!(results(&outcome), ["timeout", "status", "status"]);
    let worst: u64 = judge.plan(&cases[..2], |_| None).worst.sum();
    assert_eq!((judge.spent().tokens.sum(), judge.spent().guessed), (worst, 2));
}

#[test]
fn the_form_of_answer_is_found_out_once_and_kept() {
    let cases = some_cases(3);
    let fenced = format!("Here you are:\n```json\n{}\n```\n", answer(&cases));
    let no = || {
        let body = r#"{"error":{"message":"response_format is not supported"}}"#;
        Step::Say("400 Bad Request", "", body.into())
    };
    let good = || completion(&fenced, "stop");
    let mut server = Server::start(vec![no(), no(), good(), good(), good()]);
    server.config.structured_output = None;
    let (first, _) = judge(&server.config).unwrap();
    assert_eq!(first.found(), None);
    let outcome = run(&first, &cases);
    assert_eq!((outcome.judgements.len(), outcome.calls, outcome.failed), (3, 5, 0));
    assert_eq!(first.found(), Some(Format::Text));
    let forms: Vec<Value> =
        bodies(&server).iter().map(|b| b["response_format"]["type"].clone()).collect();
    assert_eq!(json!(forms), json!(["json_schema", "json_object", null, null, null]));
}

#[test]
fn a_reasoning_model_gets_other_words() {
    let cases = some_cases(1);
    let mut server = Server::start(vec![completion(&answer(&cases), "stop")]);
    server.config.reasoning_model = true;
    run(&judge(&server.config).unwrap().0, &cases);
    let body = &bodies(&server)[0];
    assert_eq!(body["max_completion_tokens"], 512);
    assert!(body.get("max_tokens").is_none() && body.get("temperature").is_none());
}

#[test]
fn headers_version_and_name_of_the_program_are_sent() {
    let cases = some_cases(1);
    let mut server = Server::start(vec![completion(&answer(&cases), "stop")]);
    server.config.headers = vec![("X-Team".into(), "isms".into())];
    server.config.api_version = Some("2024-10-21".into());
    run(&judge(&server.config).unwrap().0, &cases);
    let request = server.requests()[0].to_ascii_lowercase();
    for part in [
        "post /v1/chat/completions?api-version=2024-10-21 http/1.1",
        "\r\nx-team: isms\r\n",
        "\r\naccept-encoding: identity\r\n",
        "\r\nuser-agent: evimap/",
    ] {
        assert!(request.contains(part), "{part} is not in {request}");
    }
}

#[test]
fn a_run_that_is_stopped_goes_on_where_it_was() {
    let cases = some_cases(6);
    let mut server =
        Server::start(cases.iter().map(|_| completion(&answer(&cases), "stop")).collect());
    server.config.concurrency = 1;
    let mut stored: BTreeMap<String, Opinion> = BTreeMap::new();
    let (first, clock) = judge(&server.config).unwrap();
    let outcome = judge_with(
        &first,
        &cases,
        1,
        |_| None,
        |event| {
            if let Event::Judged { key, opinion, .. } = event {
                stored.insert(key.to_owned(), opinion.clone());
                clock.halted.store(true, Ordering::SeqCst);
            }
        },
    );
    assert_eq!(outcome.unasked, 6 - stored.len());
    let kept = stored.len();
    let (second, _) = judge(&server.config).unwrap();
    let outcome = judge_with(&second, &cases, 1, |key| stored.get(key).cloned(), |_| {});
    assert_eq!((outcome.cached, outcome.calls), (kept, 6 - kept));
    assert_eq!((outcome.judgements.len(), outcome.failed), (6, 0));
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn a_plan_sends_nothing_and_says_it_all() {
    let cases = some_cases(3);
    let mut server = Server::start(vec![]);
    prices(&mut server.config);
    let (judge, _) = judge(&server.config).unwrap();
    let done = crate::judge::case_key("test-model", &cases[0]);
    let opinion = Opinion { complete: true, ..Opinion::default() };
    let plan = judge.plan(&cases, |key| (key == done).then(|| opinion.clone()));
    assert_eq!((plan.cached, plan.questions.len()), (1, 2));
    assert_eq!(plan.url, format!("{}/chat/completions", server.config.base_url));
    assert_eq!(plan.way, "directly", "a server on this computer is no business of a proxy");
    let question = &plan.questions[0];
    assert_eq!(question.passages[0].0, "policies/access.md");
    assert!(question.body.contains("owner number 1"), "{}", question.body);
    assert_eq!(plan.worst.completion, 2 * 512);
    assert!(plan.worst.prompt >= 2 * question.body.len() as u64 - 10);
    let cost = plan.worst.prompt + 4 * plan.worst.completion;
    assert_eq!(plan.cost.unwrap().0.millionths(), cost);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn who_asks_after_the_end_is_told_why() {
    let (judge, clock) = judge(&JudgeConfig::new("http://127.0.0.1:1/v1", "m")).unwrap();
    clock.halted.store(true, Ordering::SeqCst);
    let outcome = run(&judge, &some_cases(1));
    assert_eq!((outcome.calls, outcome.unasked), (0, 1));
    let why = JudgeError::Unasked(Unasked::Halted);
    assert_eq!(outcome.diagnostics[0].help.as_deref(), Some(why.help()));
}
