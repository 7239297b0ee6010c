//! Confidentiality: which quotes a report shows. A quote that is not shown leaves its SHA-256, so
//! that whoever may open the document can check it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{DocumentRow, Report};
use crate::config::Quotes;

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

/// The report with the quotes taken out that it may not show; `None` if it may show all.
pub(super) fn withheld<'a>(report: &Report<'a>) -> Option<Report<'a>> {
    if report.quotes == Quotes::All {
        return None;
    }
    let labels = labels(&report.documents);
    let hide = |document: &str, quote: &mut String| {
        let label = labels.get(document).copied();
        let public = label.is_some_and(|l| PUBLIC.contains(&l.to_lowercase().as_str()));
        if report.quotes == Quotes::Unlabelled && (label.is_none() || public) {
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
    Some(out)
}
