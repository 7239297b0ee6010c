//! One POST to one endpoint, with bounds on everything.

use std::{error::Error as _, net::IpAddr, time::Duration};

use data_encoding::HEXLOWER;
use reqwest::{
    Client, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};

use super::{JudgeError, SetupError};
use crate::{config::JudgeConfig, domain::squash_whitespace};

/// Longest response that is read.
pub const MAX_RESPONSE_BYTES: usize = 2 << 20;
/// Pause before the one repeat, if the endpoint asks for none.
const PAUSE: Duration = Duration::from_secs(1);
/// Longest pause that is waited for; an endpoint that wants more gets no repeat.
const MAX_PAUSE: Duration = Duration::from_secs(30);
/// Shorter keys are placeholders for servers that want none; blanking them would garble answers.
const MIN_SECRET: usize = 8;

/// A chat-completions endpoint.
pub(super) struct Endpoint {
    url: Url,
    client: Client,
    runtime: Runtime,
    secret: Option<String>,
    timeout: Duration,
}

/// How a call ended.
pub(super) struct Reply {
    pub(super) status: Option<u16>,
    pub(super) sha256: Option<String>,
    /// Whatever was received, the key blanked.
    pub(super) body: Vec<u8>,
    pub(super) failure: Option<JudgeError>,
}

impl Endpoint {
    /// `key` is sent as bearer token; errors name only the variable that it came from.
    pub(super) fn new(config: &JudgeConfig, key: Option<String>) -> Result<Self, SetupError> {
        let url = checked_url(&config.base_url)?;
        let plain = url.scheme() == "http";
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &key {
            let name = config.api_key_env.clone().unwrap_or_default();
            let mut value = HeaderValue::try_from(format!("Bearer {key}"))
                .map_err(|_| SetupError::BadKey(name))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        // Fails only where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let timeout = Duration::from_secs(config.timeout_seconds.max(1));
        let mut builder = Client::builder()
            .default_headers(headers)
            .timeout(timeout)
            .redirect(Policy::none())
            .referer(false)
            .https_only(!plain);
        if plain {
            // A server on this computer: no proxy may see it, and no certificates need be there.
            builder = builder.no_proxy().tls_certs_only([]);
        }
        let client = builder.build().map_err(|e| SetupError::Client(chain(e)))?;
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| SetupError::Client(e.to_string()))?;
        let secret = key.filter(|key| key.len() >= MIN_SECRET);
        Ok(Self { url, client, runtime, secret, timeout })
    }

    /// Sends a JSON body and reads the answer. May be called from several threads at once.
    pub(super) fn post(&self, body: &[u8]) -> Reply {
        let mut reply = Reply { status: None, sha256: None, body: Vec::new(), failure: None };
        reply.failure = self.runtime.block_on(self.exchange(body, &mut reply)).err();
        if reply.status.is_some() {
            reply.sha256 = Some(HEXLOWER.encode(&Sha256::digest(&reply.body)));
        }
        if let Some(secret) = &self.secret {
            let text = String::from_utf8_lossy(&reply.body);
            if text.contains(secret.as_str()) {
                reply.body = text.replace(secret.as_str(), "[key]").into_bytes();
            }
        }
        if let Some(JudgeError::Status { message, .. }) = &mut reply.failure {
            *message = error_message(&reply.body);
        }
        reply
    }

    async fn exchange(&self, body: &[u8], reply: &mut Reply) -> Result<(), JudgeError> {
        let request = self.client.post(self.url.clone()).body(body.to_vec());
        let mut response = request.send().await.map_err(|e| self.transport(e))?;
        let status = response.status();
        reply.status = Some(status.as_u16());
        if status.is_redirection() {
            return Err(JudgeError::Redirect(status.as_u16()));
        }
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok());
        let pause = pause(status.as_u16(), retry_after);
        while let Some(chunk) = response.chunk().await.map_err(|e| self.transport(e))? {
            if reply.body.len() + chunk.len() > MAX_RESPONSE_BYTES {
                return Err(JudgeError::TooLarge);
            }
            reply.body.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return Ok(());
        }
        Err(JudgeError::Status { status: status.as_u16(), message: String::new(), pause })
    }

    fn transport(&self, error: reqwest::Error) -> JudgeError {
        if error.is_timeout() {
            JudgeError::Timeout(self.timeout.as_secs())
        } else {
            JudgeError::Transport(chain(error.without_url()))
        }
    }
}

/// The address to post to: https, or http to this computer, without credentials in it.
fn checked_url(base: &str) -> Result<Url, SetupError> {
    let bad = |why: &str| SetupError::BadUrl(why.to_owned());
    let base = base.trim_end_matches('/');
    let url = Url::parse(base).map_err(|e| SetupError::BadUrl(e.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it holds credentials; put the key into an environment variable"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it has a query or a fragment"));
    }
    let host = url.host_str().ok_or_else(|| bad("it names no host"))?;
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let here = host == "localhost" || address.is_ok_and(|a| a.to_canonical().is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if here => {}
        "http" => return Err(SetupError::PlainHttp(host.to_owned())),
        _ => return Err(bad("it must start with https://")),
    }
    Url::parse(&format!("{base}/chat/completions")).map_err(|e| SetupError::BadUrl(e.to_string()))
}

/// How long to wait before repeating, if at all. A date in `Retry-After` counts as not given.
fn pause(status: u16, retry_after: Option<&str>) -> Option<Duration> {
    if status != 429 && !(500..600).contains(&status) {
        return None;
    }
    let asked = retry_after.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    Some(asked.unwrap_or(PAUSE)).filter(|pause| *pause <= MAX_PAUSE)
}

/// The endpoint's own words on an error, in one short line.
fn error_message(body: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let message = value["error"]["message"].as_str().or_else(|| value["error"].as_str());
    let text = squash_whitespace(message.unwrap_or("no message"));
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// An error with its causes; reqwest's own text names the symptom only.
fn chain(error: reqwest::Error) -> String {
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
    fn plain_http_is_for_this_computer_only() {
        for good in [
            "https://llm.example.com/v1",
            "http://127.0.0.1:8080/v1/",
            "http://localhost/v1",
            "http://[::1]:1/v1",
            "http://[::ffff:127.0.0.1]/v1",
        ] {
            let url = checked_url(good).unwrap();
            assert!(url.path().ends_with("/v1/chat/completions"), "{url}");
        }
        for plain in
            ["http://llm.example.com/v1", "http://10.0.0.7/v1", "http://localhost.evil.com"]
        {
            assert!(matches!(checked_url(plain), Err(SetupError::PlainHttp(_))), "{plain}");
        }
        for bad in
            ["https://me:secret@example.com/v1", "https://example.com/?key=secret", "ftp://x/"]
        {
            let error = checked_url(bad).unwrap_err();
            assert!(matches!(error, SetupError::BadUrl(_)), "{bad}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn only_overload_and_server_faults_are_repeated_and_pauses_are_bounded() {
        assert_eq!(pause(400, Some("1")), None);
        assert_eq!(pause(500, None), Some(PAUSE));
        assert_eq!(pause(429, Some(" 3 ")), Some(Duration::from_secs(3)));
        assert_eq!(pause(429, Some("3600")), None);
        assert_eq!(pause(503, Some("Wed, 21 Oct 2026 07:28:00 GMT")), Some(PAUSE));
    }

    #[test]
    fn an_error_message_is_one_short_line() {
        let body = br#"{"error":{"message":"model\n\u001b[31m not found"}}"#;
        assert_eq!(error_message(body), "model [31m not found");
        assert_eq!(error_message(b"<html>"), "no message");
    }
}
