//! What to paste into evimap.toml to declare a system of an inventory.

use std::collections::BTreeSet;

use crate::domain::{Asset, plain_words, squash_whitespace};

/// Longest id that is proposed, in letters.
const ID_LENGTH: usize = 40;

/// A `[[system]]` for an AI system of an inventory; its id differs from those in `taken`, and is added.
pub(super) fn toml(asset: &Asset, taken: &mut BTreeSet<String>) -> String {
    let slug = [slug(&asset.name), slug(&asset.id)].into_iter().find(|s| !s.is_empty());
    let slug = slug.unwrap_or_else(|| "ai-system".to_owned());
    let mut id = slug.clone();
    let mut n = 2;
    while !taken.insert(id.clone()) {
        id = format!("{slug}-{n}");
        n += 1;
    }
    let name = if asset.name.is_empty() { &asset.id } else { &asset.name };
    let roles: Vec<String> = roles(&asset.roles).iter().map(|r| quoted(r)).collect();
    format!(
        "[[system]]\nid = {}\nname = {}\nai = true\nroles = [{}]\npaths = []",
        quoted(&id),
        quoted(name),
        roles.join(", ")
    )
}

/// A TOML string that a terminal can show.
fn quoted(text: &str) -> String {
    let plain: String = squash_whitespace(text).chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Lower-case letters, digits and hyphens.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for word in plain_words(text).split(' ') {
        let mut plain = String::new();
        for c in word.chars() {
            match c {
                'ä' => plain.push_str("ae"),
                'ö' => plain.push_str("oe"),
                'ü' => plain.push_str("ue"),
                'ß' => plain.push_str("ss"),
                c if c.is_ascii_alphanumeric() => plain.push(c),
                _ => {}
            }
        }
        if plain.is_empty() || out.len() + plain.len() >= ID_LENGTH {
            continue;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&plain);
    }
    out
}

/// `producer and provider` as two.
fn roles(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '/', '+', '&', '\n']);
    let words = parts.flat_map(|part| {
        let part = format!(" {} ", squash_whitespace(part));
        part.replace(" und ", " and ")
            .split(" and ")
            .map(|w| w.trim().to_lowercase())
            .collect::<Vec<_>>()
    });
    let mut seen = BTreeSet::new();
    words.filter(|word| !word.is_empty() && seen.insert(word.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn what_is_pasted_is_read() {
        let mut taken = BTreeSet::from(["meeting-transcription".to_owned()]);
        for (name, id, roles, wanted) in [
            ("Meeting transcription", "AI-4", "customer", "meeting-transcription-2"),
            (
                "Übersetzer \"Große\" KI\\\u{7}\nv2",
                "",
                "Anbieter und Betreiber",
                "uebersetzer-grosse-ki-v2",
            ),
            ("翻訳", "AI-9", "", "ai-9"),
            ("翻訳", "", "producer & provider; provider", "ai-system"),
        ] {
            let asset = Asset {
                name: name.to_owned(),
                id: id.to_owned(),
                roles: roles.to_owned(),
                ..Asset::default()
            };
            let text = format!("schema_version = 1\n{}", toml(&asset, &mut taken));
            let config = Config::parse("x", &text).unwrap();
            assert_eq!(config.systems[0].id, wanted);
            assert!(config.systems[0].ai);
        }
        assert_eq!(roles("producer and provider; Provider"), ["producer", "provider"]);
    }
}
