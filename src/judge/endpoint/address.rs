//! Where calls go, and with which headers.

use std::{fs, net::IpAddr, path::Path};

use reqwest::{
    Certificate, Url,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    },
};

use crate::{
    config::{JudgeConfig, KeySource},
    judge::SetupError,
};

/// Longest key or certificate file that is read.
const MAX_FILE: u64 = 1 << 20;

/// The address to post to: https, or http to this computer (or wherever, if that is asked for), without
/// credentials in it.
pub(super) fn checked_url(config: &JudgeConfig) -> Result<Url, SetupError> {
    let bad = |why: &str| SetupError::BadUrl(why.to_owned());
    let base = config.base_url.trim_end_matches('/');
    let url = Url::parse(base).map_err(|e| SetupError::BadUrl(e.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it holds credentials; put the key into an environment variable"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it has a query or a fragment; `judge.api_version` is sent as one"));
    }
    let host = url.host_str().ok_or_else(|| bad("it names no host"))?;
    match url.scheme() {
        "https" => {}
        "http" if config.insecure || is_here(host) => {}
        "http" => return Err(SetupError::PlainHttp(host.to_owned())),
        _ => return Err(bad("it must start with https://")),
    }
    let mut url = Url::parse(&format!("{base}/chat/completions"))
        .map_err(|e| SetupError::BadUrl(e.to_string()))?;
    if let Some(version) = &config.api_version {
        url.query_pairs_mut().append_pair("api-version", version);
    }
    Ok(url)
}

/// Whether a host is this computer.
pub(super) fn is_here(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|a| a.to_canonical().is_loopback())
}

/// The headers of every call, and which of their values are secrets.
pub(super) fn headers(
    config: &JudgeConfig,
    key: Option<&str>,
    mut variable: impl FnMut(&str) -> Option<String>,
) -> Result<(HeaderMap, Vec<String>), SetupError> {
    let (mut headers, mut secrets) = (HeaderMap::new(), Vec::new());
    for (name, value) in &config.headers {
        headers.insert(header_name(name)?, value_of(name, value, false)?);
    }
    for (name, from) in &config.headers_from_env {
        let value = variable(from).ok_or_else(|| SetupError::NoHeader(from.clone()))?;
        headers.insert(header_name(name)?, value_of(from, &value, true)?);
        secrets.push(value);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    // What is packed is not unpacked, so that nothing small turns out large.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(key) = key {
        let place = match &config.api_key {
            KeySource::None => "judge.api_key_header",
            KeySource::Env(name) | KeySource::File(name) => name,
        };
        let name = header_name(&config.api_key_header)?;
        let text = if name == AUTHORIZATION { format!("Bearer {key}") } else { key.to_owned() };
        headers.insert(name, value_of(place, &text, true)?);
        secrets.push(key.to_owned());
    }
    Ok((headers, secrets))
}

fn header_name(name: &str) -> Result<HeaderName, SetupError> {
    HeaderName::try_from(name).map_err(|_| SetupError::BadHeader(name.to_owned()))
}

/// An error names the place only, never the value.
fn value_of(place: &str, value: &str, secret: bool) -> Result<HeaderValue, SetupError> {
    let mut value =
        HeaderValue::try_from(value).map_err(|_| SetupError::BadKey(place.to_owned()))?;
    value.set_sensitive(secret);
    Ok(value)
}

/// The key as configured. An environment variable wins over nothing: one place is named.
pub(super) fn key(
    config: &JudgeConfig,
    dir: &Path,
    mut variable: impl FnMut(&str) -> Option<String>,
) -> Result<Option<String>, SetupError> {
    match &config.api_key {
        KeySource::None => Ok(None),
        KeySource::Env(name) => {
            variable(name).map(Some).ok_or_else(|| SetupError::NoKey(name.clone()))
        }
        KeySource::File(name) => {
            let text = String::from_utf8(read("api_key_file", dir, name)?);
            let text = text.map_err(|_| SetupError::BadKey(name.clone()))?;
            let key = text.trim();
            if key.is_empty() {
                let why = "it is empty".to_owned();
                return Err(SetupError::File { key: "api_key_file", file: name.clone(), why });
            }
            Ok(Some(key.to_owned()))
        }
    }
}

/// The certificates of a PEM file.
pub(super) fn certificates(dir: &Path, name: &str) -> Result<Vec<Certificate>, SetupError> {
    let bytes = read("ca_file", dir, name)?;
    let fault =
        |why: &str| SetupError::File { key: "ca_file", file: name.to_owned(), why: why.to_owned() };
    let found =
        Certificate::from_pem_bundle(&bytes).map_err(|_| fault("it holds a broken certificate"))?;
    if found.is_empty() {
        return Err(fault("it holds no certificate in PEM form"));
    }
    Ok(found)
}

fn read(key: &'static str, dir: &Path, name: &str) -> Result<Vec<u8>, SetupError> {
    let path = dir.join(name);
    let fault = |why: String| SetupError::File { key, file: name.to_owned(), why };
    let size = fs::metadata(&path).map_err(|e| fault(e.to_string()))?.len();
    if size > MAX_FILE {
        return Err(fault(format!("it is larger than {MAX_FILE} bytes")));
    }
    fs::read(&path).map_err(|e| fault(e.to_string()))
}

/// A set and not empty environment variable, without the blanks around its value.
pub(super) fn environment(name: &str) -> Option<String> {
    let value = std::env::var(name).ok()?.trim().to_owned();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(base: &str) -> Result<Url, SetupError> {
        checked_url(&JudgeConfig::new(base, "m"))
    }

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for good in [
            "https://llm.example.com/v1",
            "http://127.0.0.1:8080/v1/",
            "http://localhost/v1",
            "http://[::1]:1/v1",
            "http://[::ffff:127.0.0.1]/v1",
        ] {
            let url = url(good).unwrap();
            assert!(url.path().ends_with("/v1/chat/completions"), "{url}");
        }
        for plain in
            ["http://llm.example.com/v1", "http://10.0.0.7/v1", "http://localhost.evil.com"]
        {
            assert!(matches!(url(plain), Err(SetupError::PlainHttp(_))), "{plain}");
            let config = JudgeConfig { insecure: true, ..JudgeConfig::new(plain, "m") };
            assert!(checked_url(&config).is_ok(), "{plain}");
        }
        for bad in
            ["https://me:secret@example.com/v1", "https://example.com/?key=secret", "ftp://x/"]
        {
            let error = url(bad).unwrap_err();
            assert!(matches!(error, SetupError::BadUrl(_)), "{bad}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn azure_gets_its_version_and_header() {
        let mut config =
            JudgeConfig::new("https://x.openai.azure.com/openai/deployments/gpt", "gpt");
        config.api_version = Some("2024-10-21".into());
        config.api_key_header = "api-key".into();
        let url = checked_url(&config).unwrap();
        assert!(
            url.as_str().ends_with("/deployments/gpt/chat/completions?api-version=2024-10-21"),
            "{url}"
        );
        let (headers, secrets) = headers(&config, Some("k-123"), |_| None).unwrap();
        assert_eq!(headers["api-key"], "k-123");
        assert!(headers.get(AUTHORIZATION).is_none());
        assert_eq!(secrets, ["k-123"]);
    }

    #[test]
    fn secrets_come_from_files_and_variables_and_errors_do_not_tell_them() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = JudgeConfig::new("https://x/v1", "m");
        config.api_key = KeySource::File("key".into());
        assert!(matches!(key(&config, dir.path(), |_| None), Err(SetupError::File { .. })));
        fs::write(dir.path().join("key"), "  sk-1 \n").unwrap();
        assert_eq!(key(&config, dir.path(), |_| None).unwrap().as_deref(), Some("sk-1"));
        fs::write(dir.path().join("key"), " \n").unwrap();
        assert!(key(&config, dir.path(), |_| None).unwrap_err().to_string().contains("empty"));

        config.headers_from_env = vec![("X-Token".into(), "TEAM".into())];
        let variable = |name: &str| (name == "TEAM").then(|| "se\u{7}cret".to_owned());
        let error = headers(&config, None, variable).unwrap_err();
        assert!(error.to_string().contains("TEAM") && !error.to_string().contains("cret"));
        assert_eq!(
            headers(&config, None, |_| None).unwrap_err(),
            SetupError::NoHeader("TEAM".into())
        );
        fs::write(dir.path().join("ca.pem"), "no certificate").unwrap();
        assert!(certificates(dir.path(), "ca.pem").is_err());
    }
}
