//! `[judge]`: how an optional LLM endpoint is reached, and within which limits.

use toml::de::DeValue;

use super::{Amount, JudgeContent, judging, section::Section};
use crate::diag::Sink;

/// How an optional LLM endpoint is reached. Used only with `--judge`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeConfig {
    /// Up to and without `/chat/completions`, for example `http://127.0.0.1:8080/v1`.
    pub base_url: String,
    pub model: String,
    /// Where the key is, if the endpoint wants one.
    pub api_key: KeySource,
    /// Header that bears the key; `Authorization` gets it as bearer token, any other one bare.
    pub api_key_header: String,
    /// Sent as `api-version` in the query, as Azure wants it.
    pub api_version: Option<String>,
    /// Further headers, as written.
    pub headers: Vec<(String, String)>,
    /// Further headers whose values are secrets: header, and environment variable.
    pub headers_from_env: Vec<(String, String)>,
    pub proxy: ProxyChoice,
    /// PEM file, relative to evimap.toml, of the only certificates that are trusted.
    pub ca_file: Option<String>,
    /// Send in plain text also to other computers. Set by the command line only.
    pub insecure: bool,
    /// `None`: found out.
    pub structured_output: Option<Format>,
    /// Sends `max_completion_tokens` and no temperature, as reasoning models want it.
    pub reasoning_model: bool,
    /// One call, from connecting to the last byte.
    pub timeout_seconds: u64,
    /// All calls of a run.
    pub run_timeout_seconds: u64,
    pub concurrency: u64,
    /// Tokens of one answer.
    pub max_tokens: u64,
    /// Calls for one question, the first included.
    pub attempts: u64,
    pub requests_per_minute: Option<u64>,
    pub tokens_per_minute: Option<u64>,
    /// Tokens of a run.
    pub max_run_tokens: Option<u64>,
    /// Money of a run.
    pub max_cost: Option<Amount>,
    pub prices: Option<Prices>,
    /// What may leave, and how much of it at once.
    pub content: JudgeContent,
}

/// Where a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    None,
    /// Name of an environment variable.
    Env(String),
    /// A file, relative to evimap.toml.
    File(String),
}

/// How to get out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyChoice {
    /// As `HTTPS_PROXY` and `NO_PROXY` say.
    Environment,
    Never,
    Url(String),
}

/// How an answer in JSON is asked for, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    JsonSchema,
    JsonObject,
    Text,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::JsonSchema, Self::JsonObject, Self::Text];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::JsonSchema => "json_schema",
            Self::JsonObject => "json_object",
            Self::Text => "text",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }
}

/// What a million tokens cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    pub input: Amount,
    pub output: Amount,
    pub currency: String,
}

impl JudgeConfig {
    /// An endpoint with everything else at its default.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            api_key: KeySource::None,
            api_key_header: BEARER.to_owned(),
            api_version: None,
            headers: Vec::new(),
            headers_from_env: Vec::new(),
            proxy: ProxyChoice::Environment,
            ca_file: None,
            insecure: false,
            structured_output: None,
            reasoning_model: false,
            timeout_seconds: 60,
            run_timeout_seconds: 3600,
            concurrency: 4,
            max_tokens: 1024,
            attempts: 4,
            requests_per_minute: None,
            tokens_per_minute: None,
            max_run_tokens: None,
            max_cost: None,
            prices: None,
            content: JudgeContent::default(),
        }
    }
}

const BEARER: &str = "Authorization";

/// Headers that belong to the transport or to the key.
const RESERVED: [&str; 10] = [
    "authorization",
    "proxy-authorization",
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "accept-encoding",
    "te",
    "upgrade",
];

pub(super) fn judge(root: &mut Section<'_>, sink: &mut Sink) -> Option<JudgeConfig> {
    let mut entry = root.table(sink, "judge");
    let (base_url, model) = (entry.string(sink, "base_url"), entry.string(sink, "model"));
    let named = (base_url.is_some(), model.is_some());
    let base_url = base_url.unwrap_or_default().trim_end_matches('/').to_owned();
    let mut judge = JudgeConfig::new(base_url, model.unwrap_or_default());
    fill(&mut judge, &mut entry, sink);
    let found = match named {
        (false, false) => None,
        (true, true) => {
            let url = &judge.base_url;
            if !(url.starts_with("http://") || url.starts_with("https://")) {
                let line = entry.line_of("base_url");
                let message = "`judge.base_url` is not an http(s) URL".to_owned();
                entry.fault(sink, line, message, "for example https://llm.example.com/v1");
            }
            Some(judge)
        }
        _ => {
            let line = entry.line_of("model");
            let message = "`judge` needs both base_url and model".to_owned();
            entry.fault(sink, line, message, "add the missing key, or remove the table");
            None
        }
    };
    entry.finish(sink);
    found
}

fn fill(judge: &mut JudgeConfig, entry: &mut Section<'_>, sink: &mut Sink) {
    judge.api_key = key(entry, sink);
    judge.api_version = entry.string(sink, "api_version");
    // Azure takes a key in a header of its own.
    let usual = if judge.api_version.is_some() { "api-key" } else { BEARER };
    judge.api_key_header = entry.string(sink, "api_key_header").unwrap_or(usual.to_owned());
    judge.headers = headers(entry, sink, "headers");
    judge.headers_from_env = headers(entry, sink, "headers_from_env");
    if let Some(text) = entry.string(sink, "proxy") {
        judge.proxy = proxy(&text, entry, sink);
    }
    judge.ca_file = entry.string(sink, "ca_file");
    if let Some(word) = entry.string(sink, "structured_output") {
        judge.structured_output = Format::from_word(&word);
        if judge.structured_output.is_none() && word != "auto" {
            let words = Format::ALL.map(Format::as_str).join(", ");
            let line = entry.line_of("structured_output");
            let message = format!("`{word}` is no form of answer");
            entry.fault(sink, line, message, &format!("write auto, {words}"));
        }
    }
    judge.reasoning_model = entry.boolean(sink, "reasoning_model").unwrap_or(false);
    for (key, slot) in [
        ("timeout_seconds", &mut judge.timeout_seconds),
        ("run_timeout_seconds", &mut judge.run_timeout_seconds),
        ("concurrency", &mut judge.concurrency),
        ("max_tokens", &mut judge.max_tokens),
        ("attempts", &mut judge.attempts),
    ] {
        if let Some(number) = at_least_one(entry, sink, key) {
            *slot = number;
        }
    }
    if judge.attempts > MAX_ATTEMPTS {
        let message = format!("`judge.attempts` is {}", judge.attempts);
        let help = format!("write at most {MAX_ATTEMPTS}");
        entry.fault(sink, entry.line_of("attempts"), message, &help);
    }
    judge.requests_per_minute = at_least_one(entry, sink, "requests_per_minute");
    judge.tokens_per_minute = at_least_one(entry, sink, "tokens_per_minute");
    judge.max_run_tokens = entry.number(sink, "max_run_tokens");
    judge.max_cost = amount(entry, sink, "max_cost");
    judge.prices = prices(entry, sink);
    judge.content = judging::content(entry, sink);
    if judge.max_cost.is_some() && judge.prices.is_none() {
        let message = "`judge.max_cost` needs prices".to_owned();
        let help = "add input_price and output_price, each for a million tokens";
        entry.fault(sink, entry.line_of("max_cost"), message, help);
    }
}

/// Pauses double; more attempts than this would wait for longer than any fault is worth.
const MAX_ATTEMPTS: u64 = 10;

fn at_least_one(entry: &mut Section<'_>, sink: &mut Sink, key: &'static str) -> Option<u64> {
    let number = entry.number(sink, key)?;
    if number == 0 {
        let message = format!("`judge.{key}` is 0");
        entry.fault(sink, entry.line_of(key), message, "write at least 1, or remove the key");
        return None;
    }
    Some(number)
}

fn key(entry: &mut Section<'_>, sink: &mut Sink) -> KeySource {
    match (entry.string(sink, "api_key_env"), entry.string(sink, "api_key_file")) {
        (None, None) => KeySource::None,
        (Some(name), None) => KeySource::Env(name),
        (None, Some(file)) => KeySource::File(file),
        (Some(_), Some(_)) => {
            let message = "`judge` names two places for the key".to_owned();
            let help = "remove api_key_env or api_key_file";
            entry.fault(sink, entry.line_of("api_key_file"), message, help);
            KeySource::None
        }
    }
}

/// A table of headers, by name.
fn headers(entry: &mut Section<'_>, sink: &mut Sink, key: &'static str) -> Vec<(String, String)> {
    let mut table = entry.table(sink, key);
    let mut found = Vec::new();
    for (name, line, value) in table.entries() {
        let DeValue::String(text) = value else {
            let message = format!("`judge.{key}.{name}` must be a text");
            table.fault(sink, line, message, "put it into quotes");
            continue;
        };
        let sound = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        if !sound || RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
            let message = format!("the header `{name}` can't be set here");
            let help = "a key belongs into api_key_env or api_key_file, with api_key_header";
            table.fault(sink, line, message, help);
            continue;
        }
        if text.chars().any(char::is_control) {
            let message = format!("the value of `judge.{key}.{name}` holds control characters");
            table.fault(sink, line, message, "write it on one line");
            continue;
        }
        found.push((name, text.to_string()));
    }
    found
}

fn proxy(text: &str, entry: &Section<'_>, sink: &mut Sink) -> ProxyChoice {
    let fault = |sink: &mut Sink, message: &str, help: &str| {
        entry.fault(sink, entry.line_of("proxy"), message.to_owned(), help);
        ProxyChoice::Environment
    };
    match text {
        "none" => ProxyChoice::Never,
        _ if text.contains('@') => fault(
            sink,
            "`judge.proxy` holds credentials",
            "leave proxy out, and put the whole address into the environment variable HTTPS_PROXY",
        ),
        _ if text.starts_with("http://") || text.starts_with("https://") => {
            ProxyChoice::Url(text.to_owned())
        }
        _ => fault(
            sink,
            "`judge.proxy` is no address of a proxy",
            "for example http://proxy.example.com:3128, or none",
        ),
    }
}

fn amount(entry: &mut Section<'_>, sink: &mut Sink, key: &'static str) -> Option<Amount> {
    match entry.decimal(sink, key)?.parse() {
        Ok(amount) => Some(amount),
        Err(why) => {
            let help = "a number such as 2.50";
            entry.fault(sink, entry.line_of(key), format!("`judge.{key}`: {why}"), help);
            None
        }
    }
}

fn prices(entry: &mut Section<'_>, sink: &mut Sink) -> Option<Prices> {
    let (input, output) = (amount(entry, sink, "input_price"), amount(entry, sink, "output_price"));
    let currency = entry.string(sink, "currency").unwrap_or_else(|| "USD".to_owned());
    match (input, output) {
        (Some(input), Some(output)) => Some(Prices { input, output, currency }),
        (None, None) => None,
        _ => {
            let message = "`judge` needs both prices or none".to_owned();
            let help = "input_price and output_price, each for a million tokens";
            entry.fault(sink, entry.line_of("output_price"), message, help);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Format, JudgeConfig, KeySource, ProxyChoice};

    fn read(keys: &str) -> Result<JudgeConfig, Vec<String>> {
        let text =
            format!("[judge]\nbase_url = 'https://llm.example.com/v1/'\nmodel = 'm'\n{keys}");
        let told = |faults: Vec<crate::diag::Diagnostic>| {
            faults.into_iter().map(|d| format!("{} {}", d.line.unwrap_or(0), d.message)).collect()
        };
        Config::parse("evimap.toml", &text).map(|c| c.judge.unwrap()).map_err(told)
    }

    #[test]
    fn two_keys_are_enough_and_the_rest_has_defaults() {
        assert_eq!(read("").unwrap(), JudgeConfig::new("https://llm.example.com/v1", "m"));
    }

    #[test]
    fn everything_can_be_set() {
        let judge = read(
            "api_key_file = 'key.txt'\napi_version = '2024-10-21'\nproxy = 'none'\nca_file = 'ca.pem'\n\
             structured_output = 'json_object'\nattempts = 2\nrequests_per_minute = 30\n\
             max_cost = 2.5\ninput_price = 0.15\noutput_price = 1\ncurrency = 'EUR'\n\
             [judge.headers]\nX-Team = 'isms'\n[judge.headers_from_env]\nX-Token = 'TEAM_TOKEN'\n",
        )
        .unwrap();
        assert_eq!(judge.api_key, KeySource::File("key.txt".into()));
        assert_eq!(judge.api_key_header, "api-key");
        assert_eq!(judge.proxy, ProxyChoice::Never);
        assert_eq!(judge.structured_output, Some(Format::JsonObject));
        assert_eq!(judge.max_cost.unwrap().to_string(), "2.50");
        assert_eq!(judge.prices.unwrap().input.millionths(), 150_000);
        assert_eq!(judge.headers, [("X-Team".to_owned(), "isms".to_owned())]);
    }

    #[test]
    fn faults_are_told_together_and_repeat_no_secret() {
        let faults = read(
            "api_key_env = 'A'\napi_key_file = 'b'\nproxy = 'http://me:hunter2@proxy'\n\
             structured_output = 'xml'\nattempts = 99\nmax_cost = 'much'\nmax_tokens = 0\n\
             input_price = 1\napi_key = 'hunter2'\n\
             [judge.headers]\nAuthorization = 'Bearer hunter2'\nX-A = 1\n\"a b\" = 'x'\n",
        )
        .unwrap_err();
        for line in [5, 6, 7, 8, 9, 10, 12, 14, 15, 16] {
            let there = faults.iter().any(|fault| fault.starts_with(&format!("{line} ")));
            assert!(there, "no fault on line {line}: {faults:#?}");
        }
        assert!(!faults.concat().contains("hunter2"), "{faults:#?}");
        assert!(read("max_cost = 1\n").unwrap_err()[0].contains("needs prices"));
    }
}
