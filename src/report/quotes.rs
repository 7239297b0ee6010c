//! Confidentiality: which quotes a report shows. A quote that is not shown leaves its SHA-256, so
//! that whoever may open the document can check it.

use std::{borrow::Cow, collections::BTreeMap};

use sha2::{Digest, Sha256};

use super::{DocumentRow, Report};
use crate::{
    config::Quotes,
    domain::{Assessment, Decision, Proposal, ProposalId, Question},
};

/// Labels that say that anybody may read it.
const PUBLIC: [&str; 8] = [
    "public",
    "öffentlich",
    "offen",
    "unclassified",
    "tlp:clear",
    "tlp:white",
    "tlp: clear",
    "tlp: white",
];

/// Labels of the documents that bear one, by path.
pub(super) fn labels(documents: &[DocumentRow]) -> BTreeMap<&str, &str> {
    documents
        .iter()
        .filter_map(|row| {
            let label = row.profile.as_ref()?.classification.as_deref()?.trim();
            (!label.is_empty()).then_some((row.path.as_str(), label))
        })
        .collect()
}

/// Whether the quotes of a document with this label are to be left out.
fn hides(quotes: Quotes, label: Option<&str>) -> bool {
    let public = label.is_none_or(|label| PUBLIC.contains(&label.to_lowercase().as_str()));
    match quotes {
        Quotes::All => false,
        Quotes::Unlabelled => !public,
        Quotes::None => true,
    }
}

/// What review files are made from, for one that may not show all quotes: those are left blank.
/// Blank, because import takes another text in that cell for a change.
#[derive(Debug)]
pub struct Words<'a> {
    pub proposals: Cow<'a, Vec<Proposal>>,
    pub assessments: Cow<'a, Vec<Assessment>>,
    pub decisions: Cow<'a, BTreeMap<ProposalId, Decision>>,
    pub questions: Cow<'a, BTreeMap<ProposalId, Question>>,
}

impl Words<'_> {
    /// Leaves what may be shown.
    pub fn blank(&mut self, quotes: Quotes, documents: &[DocumentRow]) {
        if quotes == Quotes::All {
            return;
        }
        let labels = labels(documents);
        let hidden = |document: &str| hides(quotes, labels.get(document).copied());
        for proposal in self.proposals.to_mut().iter_mut().filter(|p| hidden(&p.document)) {
            proposal.quote.clear();
        }
        for decision in self.decisions.to_mut().values_mut().filter(|d| hidden(&d.document)) {
            decision.quote.clear();
        }
        for question in self.questions.to_mut().values_mut() {
            if hidden(&question.decision.document) || hidden(&question.now.document) {
                question.decision.quote.clear();
                question.now.quote.clear();
            }
        }
        let assessments = self.assessments.to_mut();
        let misses = assessments.iter_mut().filter_map(|a| a.view.nearest_miss.as_mut());
        for miss in misses.filter(|miss| hidden(&miss.document)) {
            miss.quote.clear();
        }
    }
}

/// The report with the quotes taken out that it may not show; `None` if it may show all.
pub(super) fn withheld<'a>(report: &Report<'a>) -> Option<Report<'a>> {
    if report.quotes == Quotes::All {
        return None;
    }
    let labels = labels(&report.documents);
    let hide = |document: &str, quote: &mut String| {
        let label = labels.get(document).copied();
        if !hides(report.quotes, label) {
            return;
        }
        let why = label.map_or_else(String::new, |label| format!(", {label}"));
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(quote.as_bytes()));
        *quote = format!("[quote not shown{why}; its SHA-256 is {hash}]");
    };
    let mut out = report.clone();
    for assessment in &mut out.assessments {
        for evidence in &mut assessment.evidence {
            hide(&evidence.document, &mut evidence.quote);
        }
        if let Some(miss) = &mut assessment.view.nearest_miss {
            hide(&miss.document, &mut miss.quote);
        }
    }
    for evidence in out.soa.values_mut().flatten().flat_map(|entry| &mut entry.evidence) {
        hide(&evidence.document, &mut evidence.quote);
    }
    for proposal in &mut out.proposals {
        hide(&proposal.document, &mut proposal.quote);
    }
    let column = |name: &str| out.desk.columns.iter().position(|column| column == name);
    let (document, words) = (column("document"), [column("quote"), column("judge")]);
    for row in &mut out.desk.rows {
        let label = document.and_then(|at| labels.get(row.cells[at].as_str()).copied());
        if hides(report.quotes, label) {
            row.before.clear();
            row.after.clear();
            // Blank, because import takes another text for a change.
            words.iter().flatten().for_each(|at| row.cells[*at].clear());
        }
    }
    Some(out)
}
