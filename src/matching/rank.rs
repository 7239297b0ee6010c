//! One row of the result: which pairs become proposals, and what they say.

use std::collections::BTreeMap;

use super::{
    Matcher,
    calibrate::TargetFeatures,
    evidence,
    lexicon::Bag,
    pairs::{DocumentScores, Pair},
    propose::Inputs,
    verdict,
};
use crate::{
    catalog::Strength,
    domain::{
        Band, DocumentStatus, EvidenceKind, MachineView, NearestMiss, Proposal, ProposalId, Target,
        TargetId, TargetView, letters_and_digits, squash_whitespace,
    },
    index::Analyzer,
};

/// A target keeps this many proposals …
const PER_TARGET: usize = 40;
/// … of which no more than this many from one document …
const PER_DOCUMENT: usize = 6;
/// … and at least the best of this many documents, whatever their confidence.
const BEST_DOCUMENTS: usize = 10;
/// Below this confidence a proposal is dropped, unless it is among the best documents'.
const FLOOR: f32 = 0.10;
/// Confidence from which a proposal is worth a person's time, and from which it is strong.
const LIKELY: f32 = 0.40;
pub(super) const STRONG: f32 = 0.75;
/// A pair whose subject fits less than this says nothing about whether there is any evidence.
const ON_SUBJECT: f32 = 0.5;

impl Matcher<'_> {
    #[expect(clippy::too_many_arguments, reason = "one row of the result, all of it")]
    pub(super) fn rank(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        n: usize,
        target: &Target,
        system: Option<&str>,
        pairs: &[Pair],
        scores: &[DocumentScores],
    ) -> (Vec<Proposal>, TargetView) {
        let mut pairs: Vec<&Pair> = pairs.iter().collect();
        pairs.sort_by(|a, b| b.order().total_cmp(&a.order()).then(a.passage.cmp(&b.passage)));
        let features = self.target_features(n, &pairs, scores);
        let mut evidence_probability = self.calibration.target.probability(&features.values());
        for pair in pairs.iter().filter(|p| p.talk.is_none()) {
            evidence_probability = evidence_probability.max(pair.worth_of_citation());
        }
        let view = verdict::view(evidence_probability);

        let mut proposals: Vec<Proposal> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut per_document: BTreeMap<usize, usize> = BTreeMap::new();
        for pair in &pairs {
            let document_count = per_document.entry(pair.document).or_default();
            let first_of_document = *document_count == 0;
            if *document_count >= PER_DOCUMENT {
                continue;
            }
            let documents = per_document.len();
            let keep = (pair.confidence >= FLOOR && proposals.len() < PER_TARGET)
                || (first_of_document && documents <= BEST_DOCUMENTS);
            if !keep {
                continue;
            }
            let proposal = self.proposal(inputs, analyzer, n, target, system, pair);
            let key = letters_and_digits(&proposal.quote);
            let path = proposal.document.clone();
            *per_document.entry(pair.document).or_default() += 1;
            if let Some(at) = seen.get(&key) {
                let known = &mut proposals[*at];
                if known.document != path && !known.also_in.contains(&path) {
                    if supersedes(inputs, &path, &known.document) {
                        let old = std::mem::replace(
                            known,
                            Proposal { also_in: known.also_in.clone(), ..proposal },
                        );
                        known.also_in.push(old.document);
                    } else {
                        known.also_in.push(path);
                    }
                    known.also_in.sort();
                }
                continue;
            }
            seen.insert(key, proposals.len());
            proposals.push(proposal);
        }
        for (rank, proposal) in proposals.iter_mut().enumerate() {
            proposal.rank = rank as u32 + 1;
        }
        let nearest_miss =
            (view != MachineView::LikelyEvidence).then(|| nearest_miss(&proposals)).flatten();
        let view = TargetView {
            target: target.id.clone(),
            system: system.map(str::to_owned),
            machine_view: view,
            evidence_probability,
            nearest_miss,
        };
        (proposals, view)
    }

    fn target_features(
        &self,
        n: usize,
        pairs: &[&Pair],
        scores: &[DocumentScores],
    ) -> TargetFeatures {
        let mut features = TargetFeatures::default();
        for pair in pairs.iter().filter(|p| p.talk.is_none() && p.subject >= ON_SUBJECT) {
            let log_odds = self.log_odds_alone(&pair.features, pair.subject);
            let wins = pair.features.passage.margin > 0.0;
            features.add(log_odds, wins, scores[pair.document].of(n));
        }
        features
    }

    fn proposal(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        n: usize,
        target: &Target,
        system: Option<&str>,
        pair: &Pair,
    ) -> Proposal {
        let passage = &inputs.passages[pair.passage];
        let document = &inputs.documents[pair.document];
        let range = evidence::quote_range(&self.lexicon, analyzer, passage, n);
        let quote = passage.text()[range.clone()].to_owned();
        let kind = evidence::evidence_kind(document.profile, passage);
        let context = format!("{} {}", passage.heading.join(" "), passage.table_header);
        let points = evidence::points(&self.point_words, analyzer, target, kind, &context, &quote);
        let own_system = document.profile.system.as_deref().filter(|_| system.is_some());
        let confidence = pair.confidence;
        Proposal {
            id: ProposalId::derive(&target.id, own_system, &quote),
            target: target.id.clone(),
            system: own_system.map(str::to_owned),
            points,
            document: document.path.to_owned(),
            document_hash: document.hash.to_owned(),
            document_status: document.profile.status,
            locator: passage.locate(&range),
            heading: passage.heading.clone(),
            confidence,
            score: (pair.order() * 1e4).round() / 1e4,
            band: band(confidence),
            evidence_kind: kind,
            evidence_type: document.profile.document_type,
            evidence_date: document.profile.evidence_date(),
            reasons: self.reasons(inputs, analyzer, n, pair, kind),
            rank: 0,
            talk: pair.talk,
            also_in: Vec::new(),
            also_for: self.reusable(target),
            quote,
        }
    }

    /// Counterparts that the same evidence would serve in full.
    fn reusable(&self, target: &Target) -> Vec<TargetId> {
        let chains = self.catalog.chains(&target.id);
        let strong = chains.iter().filter(|chain| chain.strength == Strength::Strong);
        let mut ids: Vec<TargetId> = strong.map(|chain| chain.target.clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Short sentences for people, strongest reason first.
    fn reasons(
        &self,
        inputs: &Inputs<'_>,
        analyzer: &mut Analyzer,
        n: usize,
        pair: &Pair,
        kind: EvidenceKind,
    ) -> Vec<String> {
        let passage = &inputs.passages[pair.passage];
        let profile = inputs.documents[pair.document].profile;
        let mut reasons = Vec::new();
        if let Some(talk) = pair.talk {
            reasons.push(format!("not evidence by itself: {}", talk.explain()));
        }
        if passage.marks.ocr {
            reasons.push("from OCR: compare the quote with the page".to_owned());
        }
        if passage.marks.hidden {
            reasons.push(
                "all or part of it is hidden in the file: ask why before you count it".to_owned(),
            );
        }
        if let Some(citation) = &pair.cited {
            reasons.push(match &citation.from_2013 {
                Some(_) => format!(
                    "cites {} of the 2013 edition, now {}",
                    squash_whitespace(&citation.cited),
                    citation.target.local()
                ),
                None => format!("cites {}", squash_whitespace(&citation.cited)),
            });
        }
        reasons.extend(pair.nudges.reasons());
        let mut bag = Bag::default();
        bag.add(analyzer, passage.text());
        let shared = surface(analyzer, passage.text(), &self.lexicon.strongest(&bag, n, 6));
        if !shared.is_empty() {
            reasons.push(format!("shares {}", shared.join(", ")));
        }
        if pair.features.prior >= 1.0 {
            reasons.push("the rest of the document is about it".to_owned());
        }
        if pair.features.title >= 2.0 {
            reasons.push(format!("the title names it ({})", profile.title));
        }
        reasons.push(format!(
            "reads as {} in a {}",
            match kind {
                EvidenceKind::Design => "a rule",
                EvidenceKind::Operation => "a record",
            },
            profile.document_type.as_str()
        ));
        if profile.status.caps_coverage() {
            reasons.push(format!("the document is {}", profile.status.as_str()));
        }
        reasons
    }
}

/// The band of a confidence.
pub fn band(confidence: f32) -> Band {
    if confidence >= STRONG {
        Band::Strong
    } else if confidence >= LIKELY {
        Band::Likely
    } else {
        Band::Possible
    }
}

/// Of two documents with the same text: does the first count before the second? A document in
/// force counts before one that is not, then the later date, then the path.
fn supersedes(inputs: &Inputs<'_>, new: &str, old: &str) -> bool {
    let key = |path: &str| {
        inputs.documents.iter().find(|d| d.path == path).map(|d| {
            let status = match d.profile.status {
                DocumentStatus::Approved => 2,
                DocumentStatus::Unstated => 1,
                _ => 0,
            };
            (status, d.profile.evidence_date())
        })
    };
    key(new) > key(old)
}

fn nearest_miss(proposals: &[Proposal]) -> Option<NearestMiss> {
    let best = proposals
        .iter()
        .find(|p| p.talk.is_some() && p.rank <= 5)
        .filter(|_| proposals.first().is_none_or(|p| p.confidence < LIKELY))
        .or_else(|| proposals.first())?;
    let why = match best.talk {
        Some(talk) => format!("it is {}", talk.explain()),
        None => format!(
            "the best passage found fits with {:.0} % confidence only",
            best.confidence * 100.0
        ),
    };
    Some(NearestMiss {
        document: best.document.clone(),
        locator: best.locator.clone(),
        quote: best.quote.clone(),
        why,
    })
}

/// The words of a text, as they stand in it, whose stems (or pairs of stems) are given.
pub(super) fn surface(analyzer: &mut Analyzer, text: &str, stems: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let stemmed: Vec<Option<String>> =
        words.iter().map(|w| analyzer.words(w).into_iter().next()).collect();
    for stem in stems {
        let found = match stem.split_once(' ') {
            Some((a, b)) => stemmed
                .windows(2)
                .position(|w| w[0].as_deref() == Some(a) && w[1].as_deref() == Some(b))
                .map(|n| format!("“{} {}”", words[n], words[n + 1])),
            None => stemmed
                .iter()
                .position(|s| s.as_deref() == Some(*stem))
                .map(|n| format!("“{}”", words[n])),
        };
        if let Some(found) = found {
            let inner = found.trim_matches(['“', '”']).to_lowercase();
            if !out.iter().any(|known| known.to_lowercase().contains(&inner)) {
                out.push(found);
            }
        }
        if out.len() == 3 {
            break;
        }
    }
    out
}
