//! Does accepted evidence still stand, where, in what state, and until when is it fresh?

use std::{cell::OnceCell, collections::BTreeMap};

use super::{
    DocumentState, Inputs, change, loose,
    rewritten::{Rewritten, nearest, word_diff},
    rows::Ledger,
};
use crate::{
    config::Config,
    domain::{
        Date, Decision, DocumentProfile, DocumentStatus, DocumentType, EvidenceKind, Locator,
        Passage, Point, Talk, Verdict, letters_and_digits,
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
    /// The document that it stands in, or whose words have changed.
    pub(super) state: Option<&'a DocumentState>,
    pub(super) profile: Option<&'a DocumentProfile>,
    /// The place in `document`.
    pub(super) locator: Option<Locator>,
    /// Now, if the document is there; else when decided.
    pub(super) status: DocumentStatus,
    /// Why it no longer stands.
    pub(super) lost: Option<&'static str>,
    /// What changed since the decision; asks for reconfirmation.
    pub(super) changed: Option<String>,
    /// The words that took the place of the quote, in the document that it was accepted in.
    pub(super) rewritten: Option<Rewritten>,
    hash_changed: bool,
}

/// Looks up every accepted decision in force, in the order of the ledger.
pub(super) fn hold<'a>(inputs: &Inputs<'a>, ledger: &Ledger<'a>) -> Vec<Held<'a>> {
    let search = Search::new(inputs);
    let accepted = ledger.decisions.iter().filter(|d| d.verdict == Verdict::Accept);
    accepted.map(|decision| search.look_up(decision)).collect()
}

/// Finds quotes in the documents of the current run.
pub(super) struct Search<'i, 'a> {
    inputs: &'i Inputs<'a>,
    by_hash: BTreeMap<&'a str, Place<'a>>,
    /// Passages by document; made when first asked for.
    passages: OnceCell<BTreeMap<&'a str, Vec<&'a Passage>>>,
}

type Place<'a> = (&'a str, &'a DocumentState);

impl<'i, 'a> Search<'i, 'a> {
    pub(super) fn new(inputs: &'i Inputs<'a>) -> Self {
        let mut by_hash: BTreeMap<&str, Place<'a>> = BTreeMap::new();
        for (path, state) in inputs.documents {
            by_hash.entry(&state.hash).or_insert((path, state));
        }
        Self { inputs, by_hash, passages: OnceCell::new() }
    }

    fn passages(&self, document: &str) -> &[&'a Passage] {
        let all = self.passages.get_or_init(|| {
            let mut all: BTreeMap<&str, Vec<&Passage>> = BTreeMap::new();
            for passage in self.inputs.passages {
                all.entry(&passage.document).or_default().push(passage);
            }
            all
        });
        all.get(document).map_or(&[], Vec::as_slice)
    }

    /// Looks up one decision.
    pub(super) fn look_up(&self, decision: &'a Decision) -> Held<'a> {
        let gone = Held {
            decision,
            document: &decision.document,
            state: None,
            profile: None,
            locator: decision.locator.clone(),
            status: decision.document_status,
            lost: None,
            changed: None,
            rewritten: None,
            hash_changed: false,
        };
        if !decision.verifiable {
            return gone;
        }
        let key = letters_and_digits(&decision.quote);
        let home = self.home(decision);
        // An unchanged document needs no search; a scan would not give its quote back.
        let at_home = home.filter(|(path, state)| {
            let converted = extension(path) != extension(&decision.document);
            state.hash == decision.document_hash
                || stands(&decision.quote, &key, &state.text_key)
                || loose::stands(&decision.quote, self.passages(path), converted)
                || (converted && rearranged(&key, &state.text_key))
        });
        let found = at_home.or_else(|| self.elsewhere(decision, &key));
        let rewritten = match (at_home, home) {
            (None, Some((path, _))) => nearest(&decision.quote, self.passages(path)),
            _ => None,
        };
        let diff = rewritten.as_ref().map(|r| word_diff(&decision.quote, &r.quote));
        let Some((document, state)) = found else {
            return match (home, diff) {
                (Some((document, state)), Some(diff)) => Held {
                    document,
                    state: Some(state),
                    lost: Some("the quote was changed"),
                    changed: Some(format!("the quote was changed: {diff}")),
                    rewritten,
                    ..gone
                },
                (Some(_), _) => {
                    Held { lost: Some("the quote no longer stands in the document"), ..gone }
                }
                (None, _) => Held { lost: Some("the document is gone"), ..gone },
            };
        };
        let hash_changed = state.hash != decision.document_hash;
        let mut changes = Vec::new();
        if let (Some(diff), Some((home, _))) = (diff, home) {
            changes.push(format!(
                "the quote was changed in {home}: {diff}; the words accepted still stand in {document}"
            ));
        } else if document != decision.document && hash_changed && at_home.is_none() {
            changes.push(format!("the quote now stands in {document}"));
        }
        let (then, now) = (decision.document_status, state.profile.status);
        if then != now && (hash_changed || now.caps_coverage()) {
            let (then, now) = (then.as_str(), now.as_str());
            changes.push(format!("the document's status was {then} and is {now}"));
        }
        if let Some(then) = &decision.basis {
            let now = change::now(decision, state, self.inputs);
            changes.extend(change::differences(then, &now, decision.target.framework()));
        }
        let locator = match hash_changed || document != decision.document {
            true => self.place(document, &decision.quote, &key).or(gone.locator),
            false => gone.locator,
        };
        Held {
            document,
            state: Some(state),
            profile: Some(&state.profile),
            locator,
            status: now,
            changed: (!changes.is_empty()).then(|| changes.join("; ")),
            rewritten,
            hash_changed,
            ..gone
        }
    }

    /// The document that a decision was made on, under its own name or another: the same file name
    /// up to the format, or the same title.
    fn home(&self, decision: &Decision) -> Option<Place<'a>> {
        let documents = self.inputs.documents;
        if let Some((path, state)) = documents.get_key_value(&decision.document) {
            return Some((path, state));
        }
        let title = decision.basis.as_ref().map(|b| letters_and_digits(&b.title));
        let title = title.filter(|title| !title.is_empty());
        let named = |path: &str| stem(path) == stem(&decision.document);
        let titled = |state: &DocumentState| {
            title.as_ref().is_some_and(|t| letters_and_digits(&state.profile.title) == *t)
        };
        let alike = documents.iter().filter(|(path, state)| named(path) || titled(state));
        let alike = alike.map(|(path, state)| (path.as_str(), state));
        // What is in force before what is not; the same name before the same title.
        alike
            .min_by_key(|(path, state)| (state.profile.status.caps_coverage(), !named(path), *path))
    }

    /// The same content or the same words in any other document.
    fn elsewhere(&self, decision: &Decision, key: &str) -> Option<Place<'a>> {
        let hash = decision.document_hash.as_str();
        if let Some(place) = self.by_hash.get(hash).filter(|_| !hash.is_empty()) {
            return Some(*place);
        }
        if key.chars().count() < SHORTEST_TO_FOLLOW {
            return None;
        }
        let holds = self.inputs.documents.iter().filter(|(_, s)| s.text_key.contains(key));
        let holds = holds.map(|(path, state)| (path.as_str(), state));
        holds.min_by_key(|(path, state)| (state.profile.status.caps_coverage(), *path))
    }

    /// Where a quote stands in a document.
    fn place(&self, document: &str, quote: &str, key: &str) -> Option<Locator> {
        let holds = |p: &&&Passage| letters_and_digits(p.text()).contains(key);
        let passages = self.passages(document);
        let exact = passages.iter().find(holds).map(|p| p.locator().clone());
        exact.or_else(|| nearest(quote, passages).map(|near| near.locator))
    }
}

/// A file's name without folders and format.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
}

fn extension(path: &str) -> Option<String> {
    let name = path.rsplit('/').next()?;
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase())
}

/// Whether the letters and digits of a quote stand together in another order, as when the cells of
/// a table row are laid out in lines. For documents in another format than the decided one only:
/// there a row is read across or down as its format has it.
fn rearranged(key: &str, text_key: &str) -> bool {
    let length = key.chars().count();
    if length < SHORTEST_TO_FOLLOW {
        return false;
    }
    // How many of each character the window lacks (above 0) or has too many of.
    let mut balance: BTreeMap<char, i64> = BTreeMap::new();
    for c in key.chars() {
        *balance.entry(c).or_default() += 1;
    }
    let mut open = balance.len();
    let mut shift = |c: char, by: i64, open: &mut usize| {
        let count = balance.entry(c).or_default();
        let before = *count;
        *count += by;
        match (before, *count) {
            (0, _) => *open += 1,
            (_, 0) => *open -= 1,
            _ => {}
        }
    };
    let mut leaving = text_key.chars();
    for (n, c) in text_key.chars().enumerate() {
        shift(c, -1, &mut open);
        if n >= length
            && let Some(gone) = leaving.next()
        {
            shift(gone, 1, &mut open);
        }
        if open == 0 {
            return true;
        }
    }
    false
}

impl Held<'_> {
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
    fn a_table_row_is_found_whichever_way_it_is_read() {
        let row = letters_and_digits("Payroll server Anna Schmidt reviewed on 12 March");
        for (text, expected) in [
            ("Asset Payroll Anna reviewed on server Schmidt 12 March Web shop", true),
            ("Asset Payroll Anna reviewed on server Schmidt 13 March Web shop", false),
            ("Payroll server Anna Schmidt not reviewed on 12 March", false),
            ("Payroll server", false),
        ] {
            assert_eq!(rearranged(&row, &letters_and_digits(text)), expected, "{text}");
        }
        assert!(!rearranged("approved", "approved"), "too short to tell");
    }

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
