//! Which assets a cell of a risk register names.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Asset, plain_words};

/// Letters that a name or id needs at least to be found inside other words.
const TELLING: usize = 4;

/// Assets by their names and ids.
pub(super) struct Mentions {
    /// Names and ids as a whole.
    whole: BTreeMap<String, Vec<usize>>,
    /// By their first word: all words of a name or id, and the asset.
    phrases: BTreeMap<String, Vec<(Vec<String>, usize)>>,
}

impl Mentions {
    pub(super) fn new(assets: &[Asset]) -> Self {
        let mut out = Self { whole: BTreeMap::new(), phrases: BTreeMap::new() };
        for (n, asset) in assets.iter().enumerate() {
            for text in [plain_words(&asset.name), plain_words(&asset.id)] {
                let Some(first) = text.split(' ').next().filter(|w| !w.is_empty()) else {
                    continue;
                };
                if text.chars().count() >= TELLING && text.chars().any(char::is_alphabetic) {
                    let words = text.split(' ').map(str::to_owned).collect();
                    out.phrases.entry(first.to_owned()).or_default().push((words, n));
                }
                out.whole.entry(text).or_default().push(n);
            }
        }
        // The longest first: `WardLine databases` before `WardLine`.
        for phrases in out.phrases.values_mut() {
            phrases.sort_by_key(|(words, n)| (std::cmp::Reverse(words.len()), *n));
        }
        out
    }

    /// The assets that a cell names, and the parts of it (between `;`, `,` and line breaks) that name
    /// none.
    pub(super) fn of(&self, cell: &str) -> (BTreeSet<usize>, Vec<String>) {
        let mut found = BTreeSet::new();
        let mut parts: Vec<(&str, bool)> = Vec::new();
        // Words with the part that they stand in; a name may go over a comma.
        let mut words: Vec<(String, usize)> = Vec::new();
        for part in cell.split([';', ',', '\n']).map(str::trim) {
            let plain = plain_words(part);
            if plain.is_empty() || NOTHING.contains(&plain.as_str()) {
                continue;
            }
            let whole = self.whole.get(&plain);
            found.extend(whole.into_iter().flatten());
            words.extend(plain.split(' ').map(|w| (w.to_owned(), parts.len())));
            parts.push((part, whole.is_some()));
        }
        let mut at = 0;
        while at < words.len() {
            let rest = &words[at..];
            let fits = |phrase: &[String]| {
                phrase.len() <= rest.len() && phrase.iter().zip(rest).all(|(a, (b, _))| a == b)
            };
            let phrases = self.phrases.get(&words[at].0);
            let hits: Vec<&(Vec<String>, usize)> =
                phrases.into_iter().flatten().filter(|(p, _)| fits(p)).collect();
            let Some(longest) = hits.first().map(|(phrase, _)| phrase.len()) else {
                at += 1;
                continue;
            };
            for (_, part) in &rest[..longest] {
                parts[*part].1 = true;
            }
            found.extend(hits.iter().filter(|(p, _)| p.len() == longest).map(|(_, n)| *n));
            at += longest;
        }
        let unknown = parts.iter().filter(|(_, known)| !known).map(|(part, _)| (*part).to_owned());
        (found, unknown.collect())
    }
}

/// Cells that say there is none.
const NOTHING: [&str; 5] = ["none", "n a", "keine", "keiner", "entfällt"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_counts_and_the_rest_is_told() {
        let asset = |id: &str, name: &str| Asset {
            id: id.to_owned(),
            name: name.to_owned(),
            ..Asset::default()
        };
        let mentions = Mentions::new(&[
            asset("A-001", "WardLine databases"),
            asset("A-002", "WardLine"),
            asset("A-003", "Source code WardLine, Ambra, Kompass"),
            asset("7", "ERP"),
            asset("", "WARDLINE"),
        ]);
        let of = |cell: &str| {
            let (found, unknown) = mentions.of(cell);
            (found.into_iter().collect::<Vec<_>>(), unknown)
        };
        assert_eq!(of("WardLine databases in HAM1"), (vec![0], vec![]));
        assert_eq!(of("wardline production"), (vec![1, 4], vec![]));
        assert_eq!(of("Source code WardLine, Ambra, Kompass"), (vec![2], vec![]));
        assert_eq!(of("A-001; ERP"), (vec![0, 3], vec![]));
        assert_eq!(of("7"), (vec![3], vec![]));
        assert_eq!(of("7 servers"), (vec![], vec!["7 servers".to_owned()]));
        assert_eq!(
            of("ERP backup\nMail, none; –"),
            (vec![], vec!["ERP backup".into(), "Mail".into()])
        );
        assert_eq!(of(""), (vec![], vec![]));
    }
}
