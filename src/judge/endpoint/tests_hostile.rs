//! Endpoints that misbehave. Each costs its question and nothing else.

use std::time::Duration;

use super::tests::{answer, some_cases};
use crate::judge::{
    MAX_RESPONSE_BYTES, Outcome, judge_with,
    testing::{Server, Step, completion, judge, judge_with_key},
};

/// What one question comes to at an endpoint that plays these steps; no repeats.
fn ask(steps: Vec<Step>) -> Outcome {
    let mut server = Server::start(steps);
    server.config.attempts = 1;
    let (mut judge, _) = judge(&server.config).unwrap();
    judge.endpoint.timeout = Duration::from_millis(400);
    judge_with(&judge, &some_cases(1), 1, |_| None, |_| {})
}

/// The same where it must fail; gives the record's word.
fn fails(step: Step) -> String {
    let outcome = ask(vec![step]);
    assert_eq!((outcome.failed, outcome.judgements.len(), outcome.calls), (1, 0, 1));
    outcome.records[0].result.clone()
}

fn say(headers: &'static str, body: impl Into<String>) -> Step {
    Step::Say("200 OK", headers, body.into())
}

fn raw(text: &str) -> Step {
    Step::Raw(text.as_bytes().to_vec())
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn ten_megabytes() {
    assert_eq!(fails(completion(&"x".repeat(10 << 20), "stop")), "too-large");
}

#[test]
fn streams_without_end() {
    let (block, none) = (vec![b' '; 1 << 16], Duration::ZERO);
    assert_eq!(fails(Step::Endless(HEAD.to_vec(), block, none)), "too-large");
    let chunk = [&b"10000\r\n"[..], &[b' '; 1 << 16], b"\r\n"].concat();
    assert_eq!(fails(Step::Endless(CHUNKED.to_vec(), chunk, none)), "too-large");
    let header = format!("X-A: {}\r\n", "a".repeat(1 << 12)).into_bytes();
    assert_eq!(fails(Step::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), header, none)), "transport");
}

#[test]
fn heads_and_bodies_in_drips() {
    let drip = Duration::from_millis(20);
    assert_eq!(
        fails(Step::Endless(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b"a".to_vec(), drip)),
        "timeout"
    );
    assert_eq!(fails(Step::Endless(HEAD.to_vec(), b" ".to_vec(), drip)), "timeout");
    assert_eq!(fails(Step::Hang), "timeout");
}

#[test]
fn other_types_of_content() {
    let cases = some_cases(1);
    let Step::Say(_, _, body) = completion(&answer(&cases), "stop") else { panic!() };
    for (kind, result) in [
        ("Content-Type: text/html\r\n", "not-json"),
        ("Content-Type: text/event-stream\r\n", "not-json"),
        ("Content-Type: application/json; charset=utf-8\r\n", "ok"),
    ] {
        let outcome = ask(vec![say(kind, body.clone())]);
        assert_eq!(outcome.records[0].result, result, "{kind}");
    }
    assert_eq!(fails(say("Content-Type: text/html\r\n", "<h1>Welcome</h1>")), "not-json");
    assert_eq!(fails(say("", "<h1>Welcome</h1>")), "bad-json");
}

#[test]
fn packed_answers_are_not_unpacked() {
    // 1 GiB of zeros would be 1 MB here; not a byte of it is looked at.
    for packing in ["Content-Encoding: gzip\r\n", "Content-Encoding: br, deflate\r\n"] {
        assert_eq!(fails(say(packing, "\u{1f}bomb")), "encoded");
    }
    let cases = some_cases(1);
    let Step::Say(_, _, body) = completion(&answer(&cases), "stop") else { panic!() };
    assert_eq!(ask(vec![say("Content-Encoding: identity\r\n", body)]).failed, 0);
}

#[test]
fn redirects_take_neither_question_nor_key_along() {
    let elsewhere = Server::start(vec![completion("{}", "stop")]);
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("Location: {}/chat/completions\r\n", elsewhere.config.base_url);
        let server = Server::start(vec![Step::Say(status, location.leak(), String::new())]);
        let judge = judge_with_key(&server.config, "sk-very-secret").unwrap();
        let outcome = judge_with(&judge, &some_cases(2), 1, |_| None, |_| {});
        assert_eq!(outcome.records[0].result, "redirect");
        assert_eq!((outcome.calls, outcome.unasked), (1, 1), "{status}");
    }
    assert_eq!(elsewhere.requests(), [""; 0]);
}

#[test]
fn json_that_is_none() {
    let cases = some_cases(1);
    let good = answer(&cases);
    let id = cases[0].candidates[0].proposal_id.as_str();
    let twice = format!(r#"{{"findings":[],"findings":[{{"passage":"{id}","verdict":"not"}}]}}"#);
    let twice_inside =
        format!(r#"{{"findings":[{{"passage":"{id}","verdict":"not","verdict":"supported"}}]}}"#);
    let number =
        format!(r#"{{"findings":[{{"passage":"{id}","verdict":"not","sentences":[NaN]}}]}}"#);
    let large = number.replace("NaN", "1e999");
    let deep = "[".repeat(200_000);
    for content in [
        &good[..good.len() - 2],
        &twice,
        &twice_inside,
        &number,
        &large,
        &deep,
        &format!("{{\"findings\":{deep}"),
        &format!("{good}{good}"),
        "null",
        "{}",
        "\u{0}",
    ] {
        assert_eq!(fails(completion(content, "stop")), "bad-json", "{content:.60}");
    }
    let choice = r#"{"message":{"content":"{}"},"finish_reason":"stop"}"#;
    for body in [
        "",
        "{",
        "NaN",
        r#"{"choices":[]}"#,
        r#"{"choices":null}"#,
        r#"{"choices":[{}]}"#,
        r#"{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}"#,
        &format!(r#"{{"choices":[{choice}],"choices":[{choice}]}}"#),
        &format!(r#"{{"choices":[{choice}],"usage":{{"prompt_tokens":NaN}}}}"#),
        &format!(r#"{{"choices":[{choice}],"usage":{{"prompt_tokens":-1}}}}"#),
    ] {
        assert_eq!(fails(say("", body)), "bad-json", "{body}");
    }
    let told = ask(vec![say("", r#"{"error":{"message":"model is loading"}}"#)]);
    assert!(told.diagnostics[0].message.ends_with("it tells an error: model is loading"));
}

#[test]
fn answers_without_an_end_and_refusals() {
    let good = answer(&some_cases(1));
    assert_eq!(fails(completion(&good, "length")), "cut-off");
    assert_eq!(fails(completion(&good, "content_filter")), "refused");
    let refusal = r#"{"choices":[{"message":{"refusal":"I won't"},"finish_reason":"stop"}]}"#;
    assert_eq!(fails(say("", refusal)), "refused");
}

#[test]
fn http_that_is_none() {
    for rubbish in [
        "",
        "\r\n\r\n",
        "220 mail.example.com ESMTP\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 999999 Huh\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "\u{0}\u{1}\u{2}",
    ] {
        assert_eq!(fails(raw(rubbish)), "transport", "{rubbish:?}");
    }
}

#[test]
fn connections_that_break_midway() {
    assert_eq!(
        fails(raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"choices\"")),
        "transport"
    );
    assert_eq!(fails(raw("HTTP/1.1 200 OK\r\nContent-")), "transport");
    assert_eq!(
        fails(Step::Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec())),
        "transport"
    );
    assert_eq!(fails(Step::Reset(Vec::new())), "transport");
}

#[test]
fn a_broken_connection_is_tried_again() {
    let cases = some_cases(1);
    let server = Server::start(vec![raw("HTTP/1."), completion(&answer(&cases), "stop")]);
    let (judge, _) = judge(&server.config).unwrap();
    let outcome = judge_with(&judge, &cases, 1, |_| None, |_| {});
    assert_eq!((outcome.calls, outcome.failed, outcome.judgements.len()), (2, 0, 1));
}

#[test]
fn statuses_that_are_no_answer() {
    for status in ["204 No Content", "205 Reset"] {
        assert_eq!(fails(Step::Raw(format!("HTTP/1.1 {status}\r\n\r\n").into_bytes())), "bad-json");
    }
    for status in ["400 Bad", "403 No", "404 Gone", "418 Tea", "500 Oops", "501 Never", "599 X"] {
        assert_eq!(fails(Step::Say(status, "", "<html>".into())), "status", "{status}");
    }
    let long = "x".repeat(MAX_RESPONSE_BYTES + 1);
    assert_eq!(fails(Step::Say("500 Oops", "", long)), "status");
}

#[test]
fn the_key_comes_back_in_many_forms_and_is_kept_in_none() {
    const KEY: &str = "sk-very/secret-123";
    let hidden = KEY.replace('s', "\\u0073");
    let cases = some_cases(1);
    let id = cases[0].candidates[0].proposal_id.as_str();
    let reason = |text: &str| {
        serde_json::json!({ "findings": [{ "passage": id, "verdict": "not", "reason": text }] })
            .to_string()
    };
    let plain_key = Box::leak(format!("Content-Encoding: {KEY}\r\n").into_boxed_str());
    let type_key = Box::leak(format!("Content-Type: {KEY}\r\n").into_boxed_str());
    for (step, echo) in [
        (completion(&reason(KEY), "stop"), false),
        (completion(&reason(KEY).replace(KEY, &hidden), "stop"), true),
        (completion(KEY, "stop"), false),
        (say("", format!(r#"{{"error":"{hidden}"}}"#)), true),
        (Step::Say("401 No", "", format!(r#"{{"error":{{"message":"bad key {KEY}"}}}}"#)), false),
        (Step::Say("500 No", "", format!(r#"{{"error":{{"message":"{hidden}"}}}}"#)), true),
        (say(plain_key, ""), false),
        (say(type_key, "{}"), false),
        (raw(&format!("HTTP/1.1 {KEY}\r\n\r\n")), false),
    ] {
        let mut server = Server::start(vec![step]);
        server.config.attempts = 1;
        let judge = judge_with_key(&server.config, KEY).unwrap();
        let mut told = String::new();
        let outcome =
            judge_with(&judge, &cases, 1, |_| None, |event| told += &format!("{event:?}"));
        assert!(server.requests()[0].contains(&format!("Bearer {KEY}")));
        told += &format!("{outcome:?}");
        for form in [KEY, &hidden, &hidden.replace('\\', "\\\\"), "cret-123"] {
            assert!(!told.contains(form), "{form} is in {told}");
        }
        assert_eq!(outcome.records[0].result == "echo", echo, "{told}");
    }
}
