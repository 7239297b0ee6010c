//! Keeps keys out of everything that is kept.

/// Shorter keys are placeholders for servers that want none; blanking them would garble answers.
const MIN_SECRET: usize = 8;
/// JSON within JSON within JSON: deeper an answer is not read.
const LAYERS: usize = 6;
const BLANK: &str = "[key]";

/// The key and the secret values of headers.
#[derive(Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn new(values: impl IntoIterator<Item = String>) -> Self {
        let mut values: Vec<String> =
            values.into_iter().filter(|value| value.len() >= MIN_SECRET).collect();
        // The longest first, so that none leaves its tail behind.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    /// The text without secrets; `None` where one hides behind JSON's escapes
    /// or control characters.
    pub(super) fn blank(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for secret in &self.0 {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), BLANK);
            }
        }
        if self.0.is_empty() {
            return Some(text);
        }
        let mut layer = text.clone();
        for _ in 0..=LAYERS {
            // Control characters are dropped later, wherever a text is shown.
            let seen: String = layer.chars().filter(|c| !c.is_control()).collect();
            if self.0.iter().any(|secret| layer.contains(secret) || seen.contains(secret)) {
                return None;
            }
            if !layer.contains('\\') {
                break;
            }
            layer = unescape(&layer);
        }
        Some(text)
    }
}

/// Takes one layer of escapes away, whether or not the text is JSON.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let coded = after.strip_prefix('u').and_then(|hex| hex.get(..4));
        let coded = coded.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        rest = match coded {
            Some(code) => {
                out.extend(char::from_u32(code));
                &after[5..]
            }
            None => {
                let mut chars = after.chars();
                out.extend(chars.next());
                chars.as_str()
            }
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-very/secret-123";

    #[test]
    fn secrets_are_blanked_or_the_text_is_withheld() {
        let secrets = Secrets::new([KEY.to_owned(), "sk-very/".to_owned(), "EMPTY".to_owned()]);
        let blank = |text: &str| secrets.blank(text);
        assert_eq!(blank("EMPTY \\n é \\").unwrap(), "EMPTY \\n é \\");
        assert_eq!(blank(&format!("<{KEY}>{KEY}")).unwrap(), "<[key]>[key]");
        let mut hidden = KEY.replace('s', "\\u0073").replace('/', "\\/");
        for layer in 0..4 {
            assert_eq!(blank(&hidden), None, "layer {layer}: {hidden}");
            hidden = hidden.replace('\\', "\\\\");
        }
        let one = Secrets::new([KEY.to_owned()]);
        assert_eq!(one.blank("x sk-very/\u{1}secret-\n123"), None);
        assert_eq!(one.blank("x sk-very/secret\\u0000-123"), None);
        assert_eq!(Secrets::default().blank("\\u0073").unwrap(), "\\u0073");
        assert_eq!(unescape("\\u00e9\\ud800\\u12\\\\x"), "éu12\\x");
    }
}
