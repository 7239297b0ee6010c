//! Does accepted evidence still stand, where, in what state, and until when is it fresh?

use std::collections::BTreeMap;

use super::{DocumentState, Inputs, rows::Ledger};
use crate::{
    config::Config,
    domain::{
        Date, Decision, DocumentProfile, DocumentStatus, DocumentType, EvidenceKind, Point, Talk,
        Verdict, letters_and_digits,
    },
};

/// A quote with fewer letters and digits is not looked for in other documents: "approved" stands
/// in all of them.
const SHORTEST_TO_FOLLOW: usize = 20;

/// Accepted evidence, looked up in the documents of the current run.
pub(super) struct Held<'a> {
    pub(super) decision: &'a Decision,
    /// Where it stands now; where it stood if it is lost.
    pub(super) document: &'a str,
    pub(super) profile: Option<&'a DocumentProfile>,
    /// Now, if the document is there; else when decided.
    pub(super) status: DocumentStatus,
    /// Why it no longer stands.
    pub(super) lost: Option<&'static str>,
    /// What changed since the decision; asks for reconfirmation.
    pub(super) changed: Option<String>,
    hash_changed: bool,
}

/// Looks up every accepted decision in force, in the order of the ledger.
pub(super) fn hold<'a>(inputs: &Inputs<'a>, ledger: &Ledger<'a>) -> Vec<Held<'a>> {
    let mut by_hash: BTreeMap<&str, (&str, &DocumentState)> = BTreeMap::new();
    for (path, state) in inputs.documents {
        by_hash.entry(&state.hash).or_insert((path, state));
    }
    let accepted = ledger.decisions.iter().filter(|d| d.verdict == Verdict::Accept);
    accepted.map(|decision| Held::look_up(decision, inputs.documents, &by_hash)).collect()
}

impl<'a> Held<'a> {
    fn look_up(
        decision: &'a Decision,
        documents: &'a BTreeMap<String, DocumentState>,
        by_hash: &BTreeMap<&str, (&'a str, &'a DocumentState)>,
    ) -> Self {
        let lost = |why| Self {
            decision,
            document: &decision.document,
            profile: None,
            status: decision.document_status,
            lost: Some(why),
            changed: None,
            hash_changed: false,
        };
        if !decision.verifiable {
            return Self { lost: None, ..lost("") };
        }
        let hash = decision.document_hash.as_str();
        let key = letters_and_digits(&decision.quote);
        let same_place = documents.get_key_value(&decision.document);
        // An unchanged document needs no search; a scan would not give its quote back.
        let found = same_place
            .filter(|(_, s)| s.hash == hash || stands(&decision.quote, &key, &s.text_key))
            .map(|(path, state)| (path.as_str(), state))
            .or_else(|| by_hash.get(hash).copied().filter(|_| !hash.is_empty()))
            .or_else(|| {
                let long = key.chars().count() >= SHORTEST_TO_FOLLOW;
                let mut all = documents.iter().filter(|_| long);
                all.find(|(_, s)| s.text_key.contains(&key)).map(|(p, s)| (p.as_str(), s))
            });
        let Some((document, state)) = found else {
            return lost(match same_place {
                Some(_) => "the quote no longer stands in the document",
                None => "the document is gone",
            });
        };
        let (then, now) = (decision.document_status, state.profile.status);
        let hash_changed = state.hash != hash;
        let mut changes = Vec::new();
        if document != decision.document && hash_changed {
            changes.push(format!("the quote now stands in {document}"));
        }
        if then != now && (hash_changed || now.caps_coverage()) {
            let (then, now) = (then.as_str(), now.as_str());
            changes.push(format!("the document's status was {then} and is {now}"));
        }
        Self {
            decision,
            document,
            profile: Some(&state.profile),
            status: now,
            lost: None,
            changed: (!changes.is_empty()).then(|| changes.join("; ")),
            hash_changed,
        }
    }

    /// Whether the document is in force. What evimap wrote itself is not until somebody approved
    /// it outside.
    pub(super) fn is_approved(&self) -> bool {
        let own_output = self.profile.is_some_and(|p| p.talk == Some(Talk::OwnOutput));
        !self.status.caps_coverage() && (!own_output || self.status == DocumentStatus::Approved)
    }

    /// Evidence that somebody else does it: a contract, a report (a certificate with its scope) or
    /// an assessment.
    pub(super) fn is_from_provider(&self) -> bool {
        use DocumentType::{Assessment, Contract, Report};
        matches!(self.decision.evidence_type, Contract | Report | Assessment)
            || self.profile.is_some_and(|p| p.document_type == Contract)
    }

    /// How old it is: by the person's date, else the document's. A rule whose document was revised
    /// since the decision is as old as the last review; a record stays as old as its event.
    pub(super) fn date(&self) -> Option<Date> {
        let own = self.profile.and_then(DocumentProfile::evidence_date);
        match self.decision.evidence_date {
            Some(date)
                if self.hash_changed && self.decision.evidence_kind == EvidenceKind::Design =>
            {
                Some(own.map_or(date, |own| own.max(date)))
            }
            Some(date) => Some(date),
            None => own,
        }
    }

    /// Until when it is fresh as evidence for a point.
    ///
    /// A point without a freshness class never ages. A rule ages at the next review that its
    /// document names, unless that has been overtaken by a later one. Else the date plus the
    /// interval that the document states, or failing that our default for the class.
    pub(super) fn freshness(&self, point: &Point, config: &Config) -> Freshness {
        let Some(default) = config.freshness.get(&point.freshness) else {
            return Freshness::Ageless;
        };
        let date = self.date();
        if self.decision.evidence_kind == EvidenceKind::Design {
            let next = self.profile.and_then(|p| p.next_review_on);
            if let Some(next) = next.filter(|next| date.is_none_or(|date| *next >= date)) {
                return Freshness::Until(next);
            }
        }
        let stated = self.profile.and_then(|p| p.stated_interval.as_ref()).map(|i| i.days);
        match date {
            Some(date) => Freshness::Until(date.plus_days(i64::from(stated.unwrap_or(*default)))),
            None => Freshness::Undated,
        }
    }
}

/// How evidence ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freshness {
    Ageless,
    /// It would age, but nobody knows from when.
    Undated,
    /// Overdue after this day.
    Until(Date),
}

impl Freshness {
    pub(super) fn is_stale(self, as_of: Date) -> bool {
        matches!(self, Self::Until(until) if as_of > until)
    }
}

/// Whether a quote stands in a text, by letters and digits; `?` and U+FFFD in the quote stand for
/// letters that a spreadsheet lost.
fn stands(quote: &str, key: &str, text_key: &str) -> bool {
    const WILD: [char; 2] = ['?', '\u{FFFD}'];
    if text_key.contains(key) {
        return true;
    }
    if !quote.contains(WILD) {
        return false;
    }
    // Pieces between wildcards, each with the number of wildcards before it.
    let mut pieces: Vec<(usize, String)> = Vec::new();
    let mut wild = 0;
    for piece in quote.split(WILD).map(letters_and_digits) {
        if !piece.is_empty() {
            pieces.push((wild, piece));
            wild = 0;
        }
        wild += 1;
    }
    let Some(((_, first), rest)) = pieces.split_first() else { return false };
    text_key
        .match_indices(first.as_str())
        .any(|(at, _)| follow(&text_key[at + first.len()..], rest))
}

/// Whether the pieces follow, with up to two letters (a ligature) for each wildcard.
fn follow(text: &str, pieces: &[(usize, String)]) -> bool {
    let Some(((wild, piece), rest)) = pieces.split_first() else { return true };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).take(2 * wild + 1);
    ends.into_iter()
        .any(|at| text[at..].strip_prefix(piece.as_str()).is_some_and(|after| follow(after, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_a_spreadsheet_lost_match_any() {
        let key = letters_and_digits("Die Prüfung der Zugriffsrechte fand am 3. Mai statt.");
        for (quote, expected) in [
            ("Prüfung der Zugriffsrechte", true),
            ("Pr?fung der Zugriffsrechte", true),
            ("Pr\u{FFFD}\u{FFFD}fung der Zugriffsrechte", true),
            ("?rüfung der Zugriffsrechte?", true),
            ("Pr?fung der Schlüssel", false),
            ("Prung der Zugriffsrechte", false),
        ] {
            assert_eq!(stands(quote, &letters_and_digits(quote), &key), expected, "{quote}");
        }
    }
}
