//! The worst misses and the surest errors, to be read by people.

use std::{cmp::Ordering, collections::BTreeSet, fmt::Write};

use serde::Serialize;

use super::{
    Set, leaves,
    markdown::{name, number},
    measure::{best_pairs, documents_by_target, first_of},
    pairs,
};
use crate::{
    domain::{Locator, TargetId, squash_whitespace},
    index::IndexError,
    matching::{Considered, Matched, Matcher},
};

/// So much of a passage is shown.
const SHOWN: usize = 240;
/// So many targets that were proposed instead.
const INSTEAD: usize = 3;

/// A labelled document that the matcher did not bring up for its target, or an unlabelled target
/// that it is sure of.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    pub document: String,
    /// For a miss the labelled target, for an error the proposed one.
    pub target: TargetId,
    /// The document's best passage for the target; `None` if none was considered.
    pub locator: Option<Locator>,
    pub passage: String,
    pub confidence: Option<f32>,
    /// The fused score, before citations, talk, subject and nudges.
    pub score: Option<f32>,
    /// Place of the document for the target, from 1.
    pub rank: Option<usize>,
    /// What the document is labelled with.
    pub gold: Vec<TargetId>,
    /// What was proposed for the document first, with confidence.
    pub proposed: Vec<(TargetId, f32)>,
    pub reason: String,
}

/// The faults of one set.
#[derive(Debug, Clone, Serialize)]
pub struct Faults {
    pub name: String,
    /// Labels with the lowest confidence, worst first.
    pub misses: Vec<Fault>,
    /// Proposals without a label with the highest confidence, surest first. Labels are incomplete:
    /// some of these are right.
    pub errors: Vec<Fault>,
}

/// Lists the `most` worst of each kind.
///
/// # Errors
/// The index is damaged.
pub fn faults(matcher: &Matcher<'_>, set: &Set<'_>, most: usize) -> Result<Faults, IndexError> {
    let considered = matcher.considered(&set.inputs)?;
    let gold = pairs(set);
    let matched = matcher.propose(&set.inputs)?;
    let look = Look { matcher, set, considered: &considered, gold: &gold, matched: &matched };

    let mut misses: Vec<Fault> = gold.iter().map(|(d, label)| look.miss(*d, label)).collect();
    misses
        .sort_by(|a, b| rising(a.confidence, b.confidence).then_with(|| rising(a.score, b.score)));
    misses.truncate(most);
    let mut wrong: Vec<&Considered> = best_pairs(&considered, &gold)
        .into_iter()
        .filter(|(_, right)| !right)
        .map(|p| p.0)
        .collect();
    wrong.sort_by(|a, b| {
        b.confidence.total_cmp(&a.confidence).then_with(|| b.fused.total_cmp(&a.fused))
    });
    let errors = wrong
        .into_iter()
        .take(most)
        .map(|c| look.fault(c.document, &c.target, &BTreeSet::from([c.target.clone()]), Some(c)))
        .collect();
    Ok(Faults { name: set.name.clone(), misses, errors })
}

/// Nothing at all is worse than any number.
fn rising(a: Option<f32>, b: Option<f32>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

struct Look<'l> {
    matcher: &'l Matcher<'l>,
    set: &'l Set<'l>,
    considered: &'l [Considered],
    gold: &'l BTreeSet<(usize, TargetId)>,
    matched: &'l Matched,
}

impl Look<'_> {
    fn miss(&self, document: usize, label: &TargetId) -> Fault {
        let leaves = leaves(self.matcher, label);
        let best = self
            .considered
            .iter()
            .filter(|c| c.document == document && leaves.contains(&c.target))
            .reduce(|best, c| match rising(Some(best.confidence), Some(c.confidence)) {
                Ordering::Less => c,
                _ => best,
            });
        self.fault(document, label, &leaves, best)
    }

    fn fault(
        &self,
        document: usize,
        target: &TargetId,
        leaves: &BTreeSet<TargetId>,
        best: Option<&Considered>,
    ) -> Fault {
        let path = self.set.inputs.documents[document].path;
        let passage = best.map(|c| &self.set.inputs.passages[c.passage]);
        let ranked = documents_by_target(&self.matched.proposals);
        let mine = self.matched.proposals.iter().filter(|p| p.document == path);
        let reasons = mine
            .clone()
            .find(|p| leaves.contains(&p.target))
            .map(|proposal| proposal.reasons.join("; "));
        let reason = match (best, reasons) {
            (None, _) => "no passage of the document has the target among its best".to_owned(),
            (Some(_), Some(reasons)) => reasons,
            (Some(c), None) if c.talk => "the passage is talk, no evidence by itself".to_owned(),
            (Some(c), None) if c.subject < 0.5 => {
                "the text does not speak of the standard's subject".to_owned()
            }
            (Some(c), None) => {
                format!("below the floor; its words fit with z {:.1}", c.features.passage.z)
            }
        };
        let mut proposed: Vec<(TargetId, f32)> =
            mine.map(|p| (p.target.clone(), p.confidence)).collect();
        proposed.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut seen = BTreeSet::new();
        proposed.retain(|(target, _)| seen.insert(target.clone()));
        proposed.truncate(INSTEAD);
        Fault {
            document: path.to_owned(),
            target: target.clone(),
            locator: passage.map(|p| p.locator().clone()),
            passage: passage.map_or(String::new(), |p| shortened(p.text())),
            confidence: best.map(|c| c.confidence),
            score: best.map(|c| c.fused),
            rank: first_of(&ranked, leaves, |document| document == path).map(|rank| rank + 1),
            gold: self
                .gold
                .iter()
                .filter(|(d, _)| *d == document)
                .map(|(_, t)| t.clone())
                .collect(),
            proposed,
            reason,
        }
    }
}

fn shortened(text: &str) -> String {
    let text = squash_whitespace(text);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

/// The lists as Markdown.
pub fn faults_markdown(sets: &[Faults]) -> String {
    let mut out = String::new();
    for set in sets {
        let _ = writeln!(out, "## {}\n\n### Worst misses\n", name(&set.name));
        list(&mut out, &set.misses);
        out.push_str("### Surest errors\n\nLabels are incomplete: some of these may be right.\n\n");
        list(&mut out, &set.errors);
    }
    out.trim_end().to_owned()
}

fn list(out: &mut String, faults: &[Fault]) {
    if faults.is_empty() {
        out.push_str("None.\n\n");
    }
    for (n, fault) in faults.iter().enumerate() {
        let value = |v: Option<f32>| v.map_or_else(|| "–".to_owned(), |v| number(f64::from(v)));
        let place = fault.locator.as_ref().map_or(String::new(), |l| format!(", {l}"));
        let rank = fault.rank.map_or_else(|| "not listed".to_owned(), |r| format!("document {r}"));
        let all = |targets: &[TargetId]| {
            targets.iter().map(TargetId::to_string).collect::<Vec<_>>().join(", ")
        };
        let instead: Vec<String> = fault
            .proposed
            .iter()
            .map(|(target, confidence)| format!("{target} ({})", number(f64::from(*confidence))))
            .collect();
        let _ = writeln!(
            out,
            "{}. **{}**: {}{}; confidence {}, score {}, {rank} for the target",
            n + 1,
            fault.target,
            name(&fault.document),
            name(&place),
            value(fault.confidence),
            value(fault.score),
        );
        if !fault.passage.is_empty() {
            let _ = writeln!(out, "   > {}", name(&fault.passage));
        }
        let _ = writeln!(out, "   - labelled: {}", all(&fault.gold));
        let _ = writeln!(out, "   - proposed: {}", instead.join(", "));
        let _ = writeln!(out, "   - reason: {}\n", name(&fault.reason));
    }
}
