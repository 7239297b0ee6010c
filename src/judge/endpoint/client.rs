//! One POST to one address, with bounds on everything.

use std::{error::Error as _, path::Path, time::Duration};

use data_encoding::HEXLOWER;
use reqwest::{
    Client, Proxy, Response, Url,
    header::{CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderName, RETRY_AFTER},
    redirect::Policy,
};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};

use super::{address, secret::Secrets};
use crate::{
    config::{JudgeConfig, ProxyChoice},
    domain::squash_whitespace,
    judge::{JudgeError, SetupError},
};

/// Longest response that is read.
pub const MAX_RESPONSE_BYTES: usize = 2 << 20;
/// Most characters of a header's value that are told.
const SHOWN: usize = 60;
/// Longest time to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Speaks HTTP to one address.
pub(super) struct Http {
    url: Url,
    client: Client,
    /// Taken when dropped.
    runtime: Option<Runtime>,
    secrets: Secrets,
    way: String,
}

/// How a call ended.
pub(in crate::judge) struct Reply {
    pub(in crate::judge) status: Option<u16>,
    /// Over what was received, as it was received.
    pub(in crate::judge) sha256: Option<String>,
    /// Whatever was received, secrets blanked.
    pub(in crate::judge) body: Vec<u8>,
    pub(in crate::judge) failure: Option<JudgeError>,
    /// Whether nothing reached the endpoint.
    pub(super) unsent: bool,
}

impl Http {
    pub(super) fn new(config: &JudgeConfig, dir: &Path) -> Result<Self, SetupError> {
        let key = address::key(config, dir, address::environment)?;
        Self::with_key(config, dir, key.as_deref())
    }

    pub(super) fn with_key(
        config: &JudgeConfig,
        dir: &Path,
        key: Option<&str>,
    ) -> Result<Self, SetupError> {
        let url = address::checked_url(config)?;
        let (headers, secrets) = address::headers(config, key, address::environment)?;
        // Fails only where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = url.scheme() == "http";
        let mut builder = Client::builder()
            .default_headers(headers)
            .user_agent(concat!("evimap/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .redirect(Policy::none())
            // Repeats are ours: each has to fit into the budget.
            .retry(reqwest::retry::never())
            .referer(false)
            .https_only(!plain);
        let client = |error: reqwest::Error| SetupError::Client(chain(&error));
        let here = address::is_here(url.host_str().unwrap_or_default());
        let mut way = "directly".to_owned();
        builder = match &config.proxy {
            ProxyChoice::Url(proxy) if !here => {
                way = format!("through {proxy}");
                builder.proxy(Proxy::all(proxy).map_err(client)?)
            }
            // What is sent in plain text may not be seen by a proxy that nobody named.
            ProxyChoice::Environment if !here && !plain => {
                way = "through the proxy of HTTPS_PROXY, if that is set".to_owned();
                builder
            }
            _ => builder.no_proxy(),
        };
        if plain {
            // No certificates need be there.
            builder = builder.tls_certs_only([]);
        } else if let Some(file) = &config.ca_file {
            builder = builder.tls_certs_only(address::certificates(dir, file)?);
        }
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| SetupError::Client(e.to_string()))?;
        Ok(Self {
            url,
            client: builder.build().map_err(client)?,
            runtime: Some(runtime),
            secrets: Secrets::new(secrets),
            way,
        })
    }

    /// The full address, without any secret.
    pub(super) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// How it is reached, in words.
    pub(super) fn way(&self) -> &str {
        &self.way
    }

    /// Sends a JSON body and reads the answer, all within `timeout`. May be called from several
    /// threads at once.
    pub(super) fn post(&self, body: &[u8], timeout: Duration) -> Reply {
        let mut reply =
            Reply { status: None, sha256: None, body: Vec::new(), failure: None, unsent: false };
        let Some(runtime) = &self.runtime else { return reply };
        reply.failure = runtime.block_on(self.exchange(body, timeout, &mut reply)).err();
        if reply.status.is_some() {
            reply.sha256 = Some(HEXLOWER.encode(&Sha256::digest(&reply.body)));
        }
        match self.secrets.blank(&String::from_utf8_lossy(&reply.body)) {
            Some(text) => reply.body = text.into_bytes(),
            None => {
                reply.body = Vec::new();
                reply.failure = Some(JudgeError::Echo);
            }
        }
        if let Some(JudgeError::Status { message, .. }) = &mut reply.failure {
            *message = error_message(&reply.body);
        }
        match &mut reply.failure {
            Some(JudgeError::Transport(words)) => {
                *words = self.secrets.blank(words).unwrap_or_default();
            }
            Some(JudgeError::Encoded(words) | JudgeError::NotJson(words)) => {
                *words = of_header(&self.secrets, words);
            }
            _ => {}
        }
        reply
    }

    async fn exchange(
        &self,
        body: &[u8],
        timeout: Duration,
        reply: &mut Reply,
    ) -> Result<(), JudgeError> {
        let request = self.client.post(self.url.clone()).timeout(timeout).body(body.to_vec());
        let failed = |error: reqwest::Error| transport(error, timeout);
        let sent = request.send().await;
        if let Err(error) = &sent {
            reply.unsent = error.is_connect();
        }
        let mut response = sent.map_err(failed)?;
        let status = response.status();
        reply.status = Some(status.as_u16());
        if status.is_redirection() {
            return Err(JudgeError::Redirect(status.as_u16()));
        }
        let encoding = header(&response, &CONTENT_ENCODING).unwrap_or("identity");
        let packed = !encoding.eq_ignore_ascii_case("identity");
        if packed && status.is_success() {
            return Err(JudgeError::Encoded(told(encoding)));
        }
        let pause = pause(header(&response, &RETRY_AFTER), header(&response, &DATE));
        let kind = header(&response, &CONTENT_TYPE).map(told);
        // Of an error only a message is wanted, and none that is packed.
        while !packed && let Some(chunk) = response.chunk().await.map_err(failed)? {
            if reply.body.len() + chunk.len() <= MAX_RESPONSE_BYTES {
                reply.body.extend_from_slice(&chunk);
            } else if status.is_success() {
                return Err(JudgeError::TooLarge);
            } else {
                break;
            }
        }
        if !status.is_success() {
            let status = status.as_u16();
            return Err(JudgeError::Status { status, message: String::new(), pause });
        }
        match kind.filter(|kind| !is_json(kind)) {
            Some(kind) => Err(JudgeError::NotJson(kind)),
            None => Ok(()),
        }
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // Looking up a name can't be broken off, and nobody waits for it any more.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn header<'r>(response: &'r Response, name: &HeaderName) -> Option<&'r str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

/// A header's value as it may be told, once secrets are out of it.
fn told(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Cut off after blanking: of a key that is cut, a part would stay.
fn of_header(secrets: &Secrets, text: &str) -> String {
    secrets.blank(text).unwrap_or_default().chars().take(SHOWN).collect()
}

/// A media type that may hold JSON. Plain text is what careless servers call it.
fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "application/json" | "text/json" | "text/plain")
        || kind.starts_with("application/") && kind.ends_with("+json")
}

fn transport(error: reqwest::Error, timeout: Duration) -> JudgeError {
    if error.is_timeout() && !error.is_connect() {
        JudgeError::Timeout(timeout.as_secs())
    } else {
        JudgeError::Transport(chain(&error.without_url()))
    }
}

/// The pause that `Retry-After` asks for. A date counts from the server's own one, so that no clock
/// has to be right.
fn pause(retry_after: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let text = retry_after?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| httpdate::parse_http_date(text).ok();
    Some(moment(text)?.duration_since(moment(date?)?).unwrap_or_default())
}

/// The endpoint's own words on an error, in one short line.
pub(in crate::judge) fn error_message(body: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let message = value["error"]["message"].as_str().or_else(|| value["error"].as_str());
    let text = squash_whitespace(message.unwrap_or("no message"));
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// An error with its causes; reqwest's own text names the symptom only.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_seconds_or_dates_by_the_servers_own_clock() {
        let (now, later) = ("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:29:30 GMT");
        for (retry_after, date, seconds) in [
            (Some(" 3 "), None, Some(3)),
            (Some(later), Some(now), Some(90)),
            (Some(now), Some(later), Some(0)),
            (Some(later), None, None),
            (Some("soon"), Some(now), None),
            (Some("-1"), Some(now), None),
            (None, Some(now), None),
        ] {
            let found = pause(retry_after, date);
            assert_eq!(found, seconds.map(Duration::from_secs), "{retry_after:?}");
        }
    }

    #[test]
    fn media_types_that_may_hold_json() {
        for good in ["application/json; charset=utf-8", "Application/Problem+JSON", "text/plain"] {
            assert!(is_json(good), "{good}");
        }
        for bad in ["text/html", "text/event-stream", "application/octet-stream", ""] {
            assert!(!is_json(bad), "{bad}");
        }
    }

    #[test]
    fn of_a_long_key_in_a_header_no_part_is_told() {
        let key = "k".repeat(100);
        let secrets = Secrets::new([key.clone()]);
        assert_eq!(of_header(&secrets, &told(&format!("text/{key}"))), "text/[key]");
        assert_eq!(of_header(&secrets, &"x".repeat(100)).len(), SHOWN);
    }

    #[test]
    fn an_error_message_is_one_short_line() {
        let body = br#"{"error":{"message":"model\n\u001b[31m not found"}}"#;
        assert_eq!(error_message(body), "model [31m not found");
        assert_eq!(error_message(b"<html>"), "no message");
    }
}
