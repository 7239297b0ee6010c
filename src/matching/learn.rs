//! What people decided on quotes like this one, for the same target.
//!
//! A candidate's quote is compared with every decided quote of its target. Near ones vote, each by
//! how near it is; the sum moves score and confidence within fixed bounds. A quote that is decided
//! itself stays where it is, and so does what is talk. Nothing here is needed: without decisions
//! nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Matcher, evidence,
    nudge::Nudge,
    pairs::{Pair, Pairs},
    propose::Inputs,
    stems::Stems,
    table::{Table, Vector},
};
use crate::domain::{Date, DocumentType, TargetId, letters_and_digits, squash_whitespace};

/// A quote is near another from this cosine of their vectors on: where nothing measured gets worse
/// (docs/matching.md). From .75 down, boilerplate that many documents share is drawn along.
const NEAR: f32 = 0.85;
/// So many of the nearest decided quotes vote.
const NEIGHBOURS: usize = 5;
/// A neighbour in a document of another type counts for this share: a rule and a record may say
/// the same in the same words.
const OTHER_TYPE: f32 = 0.5;
/// Only so many of a target's best candidates are looked at: the score moves by [`SCORE`] at most,
/// and no more than a few dozen become proposals.
const CANDIDATES: usize = 200;
/// What decisions move the score by at most, in units of a standard score.
const SCORE: f32 = 1.0;
/// What they move the log-odds of the confidence by at most.
const LOG_ODDS: f32 = 0.5;

/// A quote that a person has decided on, as far as the matcher is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub target: TargetId,
    /// It is evidence, or it is none; `None` for one that is put off, which says neither.
    pub evidence: Option<bool>,
    pub quote: String,
    pub document_type: DocumentType,
    /// Who decided, and when.
    pub by: String,
    pub on: Date,
}

/// A target's decided quotes, ready to be compared with.
struct Known<'e> {
    /// Letters and digits of all of them.
    keys: BTreeSet<String>,
    /// Those that vote.
    voters: Vec<(Vector, &'e Example)>,
}

impl Matcher<'_> {
    /// Moves the pairs that are like decided quotes.
    pub(super) fn learn(
        &self,
        inputs: &Inputs<'_>,
        stems: &mut Stems,
        examples: &[Example],
        pairs: &mut Pairs,
    ) {
        let table = Table::shipped();
        let mut by_target: BTreeMap<usize, Known<'_>> = BTreeMap::new();
        for example in examples {
            let Ok(n) = self.targets.binary_search_by(|t| t.id.cmp(&example.target)) else {
                continue;
            };
            let known = by_target
                .entry(n)
                .or_insert_with(|| Known { keys: BTreeSet::new(), voters: Vec::new() });
            known.keys.insert(letters_and_digits(&example.quote));
            if example.evidence.is_some() {
                known.voters.push((table.embed(&example.quote), example));
            }
        }
        for (n, known) in &by_target {
            let Some(candidates) = pairs.get_mut(n) else { continue };
            let mut best: Vec<&mut Pair> =
                candidates.iter_mut().filter(|pair| pair.talk.is_none()).collect();
            best.sort_by(|a, b| b.order().total_cmp(&a.order()).then(a.passage.cmp(&b.passage)));
            for pair in best.into_iter().take(CANDIDATES) {
                let passage = &inputs.passages[pair.passage];
                let range =
                    evidence::quote_range(self.lexicon(passage.language), stems, passage, *n);
                let quote = &passage.text()[range];
                if known.keys.contains(&letters_and_digits(quote)) {
                    continue;
                }
                let own = inputs.documents[pair.document].profile.document_type;
                let vector = table.embed(quote);
                if let Some(nudge) = vote(&known.voters, &vector, own) {
                    pair.confidence = nudge.apply(pair.confidence);
                    pair.nudges.0.push(nudge);
                }
            }
        }
    }
}

/// The vote of the nearest decided quotes; `None` if none is near or they are at odds.
fn vote(voters: &[(Vector, &Example)], vector: &Vector, own: DocumentType) -> Option<Nudge> {
    let mut near: Vec<(f32, &Example)> = voters
        .iter()
        .filter_map(|(other, example)| {
            let cosine: f32 = other.iter().zip(vector).map(|(a, b)| a * b).sum();
            let share = if example.document_type == own { 1.0 } else { OTHER_TYPE };
            (cosine >= NEAR).then(|| (weight(cosine) * share, *example))
        })
        .collect();
    near.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.quote.cmp(&y.quote)));
    near.truncate(NEIGHBOURS);
    let sign = |example: &Example| if example.evidence == Some(true) { 1.0 } else { -1.0 };
    let sum: f32 = near.iter().map(|(weight, example)| weight * sign(example)).sum();
    let total: f32 = near.iter().map(|(weight, _)| weight).sum();
    let by = sum / total.max(1.0);
    // The nearest of those that prevail is named.
    let (_, nearest) = near.iter().find(|(_, example)| sign(example) * by > 0.0)?;
    let verb = if by > 0.0 { "accepted" } else { "rejected" };
    let who = squash_whitespace(&nearest.by);
    let kind = if nearest.target.local().starts_with("A.") { "control" } else { "requirement" };
    Some(Nudge {
        score: SCORE * by,
        log_odds: LOG_ODDS * by,
        why: format!("like a quote that {who} {verb} for this {kind} on {}", nearest.on),
    })
}

/// ½ for a quote that is just near enough, 1 for the same.
fn weight(cosine: f32) -> f32 {
    0.5 + 0.5 * ((cosine - NEAR) / (1.0 - NEAR)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUARTERLY: &str = "Access rights are reviewed every quarter by the owner of each system.";
    const EACH: &str = "Access rights are reviewed each quarter by the owner of the system.";
    const OTHER: &str = "Visitors sign the log at reception and wear a badge.";

    fn example(quote: &str, evidence: Option<bool>) -> Example {
        Example {
            target: "ISO27001:A.5.18".parse().unwrap(),
            evidence,
            quote: quote.to_owned(),
            document_type: DocumentType::Policy,
            by: "Jane Doe".to_owned(),
            on: Date::new(2026, 11, 2).unwrap(),
        }
    }

    fn voted(examples: &[Example], quote: &str, own: DocumentType) -> Option<Nudge> {
        let table = Table::shipped();
        let voters: Vec<_> = examples.iter().map(|e| (table.embed(&e.quote), e)).collect();
        vote(&voters, &table.embed(quote), own)
    }

    #[test]
    fn near_decisions_vote_and_far_ones_do_not() {
        let yes = voted(&[example(QUARTERLY, Some(true))], EACH, DocumentType::Policy).unwrap();
        assert!(yes.score > SCORE / 2.0 && yes.score <= SCORE, "{yes:?}");
        assert_eq!(yes.why, "like a quote that Jane Doe accepted for this control on 2026-11-02");
        let no = voted(&[example(QUARTERLY, Some(false))], EACH, DocumentType::Policy).unwrap();
        assert_eq!((no.score, no.log_odds), (-yes.score, -yes.log_odds));
        assert!(no.why.contains(" rejected "));
        assert_eq!(voted(&[example(OTHER, Some(true))], EACH, DocumentType::Policy), None);
    }

    #[test]
    fn another_type_of_document_counts_for_less() {
        let of = |own| voted(&[example(QUARTERLY, Some(true))], EACH, own).unwrap().score;
        assert_eq!(of(DocumentType::Record), OTHER_TYPE * of(DocumentType::Policy));
    }

    #[test]
    fn votes_are_bounded_and_cancel_out() {
        let many = vec![example(QUARTERLY, Some(true)); 40];
        let nudge = voted(&many, EACH, DocumentType::Policy).unwrap();
        assert!(nudge.score <= SCORE && nudge.log_odds <= LOG_ODDS, "{nudge:?}");
        let both = [example(QUARTERLY, Some(true)), example(QUARTERLY, Some(false))];
        assert_eq!(voted(&both, EACH, DocumentType::Policy), None);
    }
}
