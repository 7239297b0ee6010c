//! The same text in several documents: copies, and older versions with a word changed. They are one
//! proposal, from the version that counts, with the other places in `also_in`.

use std::collections::BTreeSet;

use super::{pairs::Pair, propose::Inputs};
use crate::domain::{Date, DocumentStatus, Proposal, letters_and_digits};

/// Two texts with this share of common words (Jaccard, with repetitions) are nearly the same …
const NEAR: f32 = 0.9;
/// … if they have at least so many: of fewer words, each one counts.
const FEWEST_WORDS: usize = 15;
/// So many places are named beside a proposal; of more only the number is told.
const PLACES: usize = 20;

/// A quote as it is compared.
pub(super) struct Wording {
    key: String,
    /// Words in lower case, ascending, with repetitions.
    words: Vec<String>,
    /// Those that hold a digit: two records that differ in a date are two records.
    figures: Vec<String>,
}

impl Wording {
    pub(super) fn of(quote: &str) -> Self {
        let mut words: Vec<String> = quote
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.sort_unstable();
        let figures =
            words.iter().filter(|w| w.contains(|c: char| c.is_ascii_digit())).cloned().collect();
        Self { key: letters_and_digits(quote), words, figures }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Nearly the same words and the very same figures.
    pub(super) fn is_near(&self, other: &Self) -> bool {
        let (a, b) = (&self.words, &other.words);
        let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
        if short < FEWEST_WORDS || (short as f32) < NEAR * long as f32 {
            return false;
        }
        if self.figures != other.figures {
            return false;
        }
        let (mut n, mut m, mut common) = (0, 0, 0usize);
        while n < a.len() && m < b.len() {
            match a[n].cmp(&b[m]) {
                std::cmp::Ordering::Less => n += 1,
                std::cmp::Ordering::Greater => m += 1,
                std::cmp::Ordering::Equal => (n, m, common) = (n + 1, m + 1, common + 1),
            }
        }
        common as f32 >= NEAR * (a.len() + b.len() - common) as f32
    }
}

/// One text with the places where it stands.
pub(super) struct Slot<'p> {
    /// The one that counts.
    pub(super) pair: &'p Pair,
    pub(super) wording: Wording,
    /// Other documents, by position.
    pub(super) others: BTreeSet<usize>,
}

impl<'p> Slot<'p> {
    /// Adds another place of the text.
    pub(super) fn add(&mut self, inputs: &Inputs<'_>, pair: &'p Pair) {
        if pair.document == self.pair.document || self.others.contains(&pair.document) {
            return;
        }
        let other = if standing(inputs, pair) > standing(inputs, self.pair) {
            std::mem::replace(&mut self.pair, pair)
        } else {
            pair
        };
        self.others.insert(other.document);
    }

    /// Writes the places into the proposal.
    pub(super) fn finish(&self, inputs: &Inputs<'_>, mut proposal: Proposal) -> Proposal {
        let mut paths: Vec<&str> =
            self.others.iter().map(|document| inputs.documents[*document].path).collect();
        paths.sort_unstable();
        if paths.len() > PLACES {
            let more = paths.len();
            proposal.reasons.push(format!(
                "the same text stands in at least {more} more documents; {PLACES} are named"
            ));
        }
        proposal.also_in = paths.into_iter().take(PLACES).map(str::to_owned).collect();
        proposal
    }
}

/// What decides which of several documents with the same text counts: one in force before one that
/// is not, then the later date, then the higher version.
fn standing(inputs: &Inputs<'_>, pair: &Pair) -> (u8, Option<Date>, Vec<u32>) {
    let profile = inputs.documents[pair.document].profile;
    let status = match profile.status {
        DocumentStatus::Approved => 2,
        DocumentStatus::Unstated => 1,
        _ => 0,
    };
    let version = profile.version.as_deref().unwrap_or_default();
    let numbers = version.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    (status, profile.evidence_date(), numbers.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_changed_word_is_near_and_another_date_is_not() {
        let old = "The owner of each system reviews all access rights every quarter and removes \
                   those that nobody needs any longer for the job at hand.";
        let near = |a: &str, b: &str| Wording::of(a).is_near(&Wording::of(b));
        assert!(near(old, &old.replace("quarter", "month")));
        assert!(!near(old, &old.replace("owner of each system", "board of directors")));
        let record = |day: &str| format!("{old} Done on {day}.");
        assert!(near(&record("2026-02-01"), &record("2026-02-01").replace("every", "each")));
        assert!(!near(&record("2026-02-01"), &record("2026-05-01")));
        assert!(!near("Backups are tested.", "Backups are kept."));
    }
}
