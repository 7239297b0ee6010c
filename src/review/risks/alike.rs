//! Risks of different registers that are likely one. Only a person says that they are (`same_as`).

use std::collections::BTreeSet;

use super::{super::fields::norm, super::table::Cells, RiskRow, get, words};

/// Share of common words among all words of two titles from which they are likely one risk …
const TITLES: f32 = 0.6;
/// … and from which they are if they also name an asset or cause alike.
const WITH_ASSET: f32 = 0.4;

struct Face {
    title: BTreeSet<String>,
    more: BTreeSet<String>,
}

fn words_of(text: &str) -> BTreeSet<String> {
    let plain = norm(text);
    let words = plain.split(' ').filter(|w| w.chars().count() > 2);
    words
        .filter(|w| !words::COMMON.is_listed(w))
        .map(|w| w.trim_end_matches('s').to_owned())
        .collect()
}

fn share(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f32 {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 0.0 } else { common as f32 / all as f32 }
}

/// Fills `likely_same_as` with keys of risks of other files. A pair that a person settled by `same_as`
/// is not proposed again. What was written before is replaced; nobody else writes this column.
pub(super) fn mark(rows: &mut [RiskRow], written: &mut Cells) {
    let faces: Vec<Face> = rows
        .iter()
        .map(|row| Face {
            title: words_of(get(row, "title")),
            more: words_of(&format!("{} {}", get(row, "assets"), get(row, "cause"))),
        })
        .collect();
    let alike = |a: usize, b: usize| {
        let titles = share(&faces[a].title, &faces[b].title);
        let few = faces[a].title.len().min(faces[b].title.len()) < 2;
        let more = !faces[a].more.is_disjoint(&faces[b].more);
        if few { titles >= 1.0 && more } else { titles >= TITLES || (titles >= WITH_ASSET && more) }
    };
    let mut likely: Vec<Vec<String>> = vec![Vec::new(); rows.len()];
    for a in 0..rows.len() {
        for b in a + 1..rows.len() {
            let (one, other) = (&rows[a], &rows[b]);
            let settled = |x: &RiskRow, y: &RiskRow| {
                get(x, "same_as").split(';').any(|k| k.trim() == get(y, "key"))
            };
            let apart = get(one, "source") != get(other, "source");
            if apart && alike(a, b) && !settled(one, other) && !settled(other, one) {
                likely[a].push(get(other, "key").to_owned());
                likely[b].push(get(one, "key").to_owned());
            }
        }
    }
    for (row, likely) in rows.iter_mut().zip(likely) {
        let text = likely.into_iter().filter(|k| !k.is_empty()).collect::<Vec<_>>().join("; ");
        if let Some(cells) = written.get_mut(get(row, "key")) {
            cells.insert("likely_same_as".to_owned(), text.clone());
        }
        row.insert("likely_same_as".to_owned(), text);
    }
}
