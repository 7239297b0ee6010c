//! One row of the result: which pairs become proposals, and what they say.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Matcher,
    calibrate::TargetFeatures,
    copies::{Slot, Wording},
    evidence,
    lexicon::{Bag, Lexicon},
    pairs::Pair,
    propose::Inputs,
    stems::Stems,
    verdict,
};
use crate::{
    catalog::Strength,
    domain::{
        Band, EvidenceKind, Language, MachineView, NearestMiss, Proposal, ProposalId, Target,
        TargetId, TargetView, squash_whitespace,
    },
};

/// A target keeps this many proposals …
const PER_TARGET: usize = 40;
/// … of which no more than this many from one document …
const PER_DOCUMENT: usize = 6;
/// … and at least the best of this many documents, whatever their confidence.
const BEST_DOCUMENTS: usize = 10;
/// So many different texts are looked at for a target, which bounds the time for masses of texts
/// that are nearly the same.
const MOST_TEXTS: usize = 400;
/// Below this confidence a proposal is dropped, unless it is among the best documents'.
const FLOOR: f32 = 0.10;
/// Confidence from which a proposal is worth a person's time, and from which it is strong.
const LIKELY: f32 = 0.40;
pub(super) const STRONG: f32 = 0.75;
/// A pair whose subject fits less than this says nothing about whether there is any evidence.
const ON_SUBJECT: f32 = 0.5;

impl Matcher<'_> {
    pub(super) fn rank(
        &self,
        inputs: &Inputs<'_>,
        stems: &mut Stems,
        n: usize,
        system: Option<&str>,
        pairs: &[Pair],
    ) -> (Vec<Proposal>, TargetView) {
        let target = self.targets[n];
        let mut ordered: Vec<(f32, &Pair)> = pairs.iter().map(|p| (p.order(), p)).collect();
        ordered.sort_by(|(a, p), (b, q)| b.total_cmp(a).then(p.passage.cmp(&q.passage)));
        let pairs: Vec<&Pair> = ordered.into_iter().map(|(_, pair)| pair).collect();
        let features = self.target_features(&pairs);
        let mut evidence_probability = self.calibration.target.probability(&features.values());
        for pair in pairs.iter().filter(|p| p.talk.is_none()) {
            evidence_probability = evidence_probability.max(pair.worth_of_citation());
        }
        let view = verdict::view(evidence_probability);

        let slots = self.collapse(inputs, stems, n, &pairs);
        let mut proposals: Vec<Proposal> = slots
            .iter()
            .map(|slot| {
                let proposal = self.proposal(inputs, stems, n, target, system, slot.pair);
                slot.finish(inputs, proposal)
            })
            .collect();
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

    /// The pairs that become proposals, best first; the same text once, with its other places.
    fn collapse<'p>(
        &self,
        inputs: &'p Inputs<'_>,
        stems: &mut Stems,
        n: usize,
        pairs: &[&'p Pair],
    ) -> Vec<Slot<'p>> {
        let mut slots: Vec<Slot<'_>> = Vec::new();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut per_document: BTreeMap<usize, usize> = BTreeMap::new();
        for pair in pairs {
            let document_count = per_document.entry(pair.document).or_default();
            let first_of_document = *document_count == 0;
            if *document_count >= PER_DOCUMENT {
                continue;
            }
            let documents = per_document.len();
            let keep = (pair.confidence >= FLOOR && slots.len() < PER_TARGET)
                || (first_of_document && documents <= BEST_DOCUMENTS);
            if !keep {
                continue;
            }
            *per_document.entry(pair.document).or_default() += 1;
            let passage = &inputs.passages[pair.passage];
            // A text gives the same quote wherever it stands.
            if let Some(at) = seen.get(passage.text()) {
                slots[*at].add(inputs, pair);
                continue;
            }
            if seen.len() == MOST_TEXTS {
                continue;
            }
            let range = evidence::quote_range(self.lexicon(passage.language), stems, passage, n);
            let wording = Wording::of(&passage.text()[range]);
            let known = slots.iter().position(|slot| {
                slot.wording.is_same(&wording)
                    || (slot.pair.document != pair.document && slot.wording.is_near(&wording))
            });
            let at = known.unwrap_or(slots.len());
            match slots.get_mut(at) {
                Some(slot) => slot.add(inputs, pair),
                None => slots.push(Slot { pair, wording, others: BTreeSet::new() }),
            }
            seen.insert(passage.text(), at);
        }
        slots
    }

    fn target_features(&self, pairs: &[&Pair]) -> TargetFeatures {
        let mut features = TargetFeatures::default();
        for pair in pairs.iter().filter(|p| p.talk.is_none() && p.subject >= ON_SUBJECT) {
            let log_odds = self.log_odds_alone(&pair.features, pair.subject);
            let wins = pair.features.passage.margin > 0.0;
            features.add(log_odds, wins, pair.document_score);
        }
        features
    }

    fn proposal(
        &self,
        inputs: &Inputs<'_>,
        stems: &mut Stems,
        n: usize,
        target: &Target,
        system: Option<&str>,
        pair: &Pair,
    ) -> Proposal {
        let passage = &inputs.passages[pair.passage];
        let document = &inputs.documents[pair.document];
        let range = evidence::quote_range(self.lexicon(passage.language), stems, passage, n);
        let quote = passage.text()[range.clone()].to_owned();
        let kind = evidence::evidence_kind(document.profile, passage);
        let context = format!("{} {}", passage.heading.join(" "), passage.table_header);
        let points = evidence::points(
            &self.point_words,
            stems.of(Language::En),
            target,
            kind,
            &context,
            &quote,
        );
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
            heading: passage.heading.to_vec(),
            confidence,
            score: (pair.order() * 1e4).round() / 1e4,
            band: band(confidence),
            evidence_kind: kind,
            evidence_type: document.profile.document_type,
            evidence_date: document.profile.evidence_date(),
            reasons: self.reasons(inputs, stems, n, pair, kind),
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
        stems: &mut Stems,
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
        let lexicon = self.lexicon(passage.language);
        bag.add(stems, lexicon, passage.text());
        let shared = surface(stems, lexicon, passage.text(), &lexicon.strongest(&bag, n, 6));
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
pub(super) fn surface(
    stems: &mut Stems,
    lexicon: &Lexicon,
    text: &str,
    wanted: &[&str],
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let stemmed: Vec<Option<String>> =
        words.iter().map(|w| stems.words(lexicon, w).into_iter().next()).collect();
    for stem in wanted {
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
