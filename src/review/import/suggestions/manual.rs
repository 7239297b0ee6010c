//! Evidence that a person adds: a row with a blank `proposal_id`.

use std::collections::BTreeSet;

use super::{
    super::{
        super::{sheet::SheetRow, words},
        DocumentText,
        problems::{Bad, Problems},
        quotes::{excerpt, locate, nearest},
    },
    changes::Candidate,
    row::{Reader, evidence_id},
};
use crate::domain::{
    Decision, DocumentStatus, DocumentType, EvidenceKind, Locator, Origin, PointId, TargetId,
    Verdict,
};

/// What is cited, as far as it can be checked.
struct Cited {
    document: String,
    text: Option<DocumentText>,
    locator: Option<Locator>,
}

pub(super) fn read(
    reader: &Reader<'_>,
    row: &SheetRow,
    verdict: Verdict,
    problems: &mut Problems,
) -> Result<Vec<Candidate>, Bad> {
    if verdict != Verdict::Accept {
        problems.error(
            row,
            "decision",
            "review-decision",
            format!("a row without proposal_id adds evidence, so it can't be {}", verdict.as_str()),
            "write accept, or remove the row; to take added evidence back, decide on its row in an \
             export with --all",
        );
        return Err(Bad);
    }
    // Everything is read before anything is given up, so that all problems of a row show at once.
    let target = required(row, "target", problems)
        .and_then(|()| problems.target(row, "target", row.get("target"), reader.context));
    let cited = cite(reader, row, problems);
    let system = problems.system(row, reader.context);
    let date = problems.date(row, "evidence_date", None);
    let kind = reader.kind(row, problems);
    let about = match &target {
        Ok(target) => about(reader, row, target, kind, problems),
        Err(Bad) => Err(Bad),
    };
    let id = match (&target, &system, &cited) {
        (Ok(target), Ok(system), Ok(cited)) => {
            Some(evidence_id(target, system.as_deref(), row.get("quote"), &cited.document))
        }
        _ => None,
    };
    let signed = reader.signed(row, verdict, id.as_ref(), problems);
    let (Some(proposal_id), Ok(target), Ok(cited), Ok(system), Ok(date), Ok(about), Ok(signed)) =
        (id, target, cited, system, date, about, signed)
    else {
        return Err(Bad);
    };
    let text = cited.text.as_ref();
    let verifiable = cited.locator.is_some();
    let stated = words::word::<DocumentType>(row.get("evidence_type"));
    let mut decision = Decision {
        proposal_id,
        target,
        system,
        verdict,
        origin: Origin::Manual,
        points: about.points,
        document: cited.document,
        document_hash: text.filter(|_| verifiable).map_or_else(String::new, |t| t.hash.clone()),
        document_status: text.map_or(DocumentStatus::Unstated, |t| t.status),
        locator: cited.locator,
        quote: row.get("quote").to_owned(),
        evidence_kind: about.kind,
        evidence_type: stated.or(text.map(|t| t.document_type)).unwrap_or(DocumentType::Other),
        evidence_date: date.or_else(|| text.and_then(|t| t.evidence_date)),
        verifiable,
        reviewer: signed.reviewer,
        decided_on: signed.decided_on,
        comment: signed.comment,
        basis: None,
        reconfirms: false,
        replaces: Vec::new(),
        provenance: reader.context.provenance(reader.sheet, row.row),
    };
    decision.basis = (reader.context.basis)(&decision);
    Ok(reader.with_counterparts(decision, signed.dated, None, &about.counterparts))
}

/// What evidence is for, within and beside its target.
struct About {
    points: Vec<PointId>,
    kind: EvidenceKind,
    counterparts: Vec<TargetId>,
}

fn about(
    reader: &Reader<'_>,
    row: &SheetRow,
    target: &TargetId,
    kind: Result<Option<EvidenceKind>, Bad>,
    problems: &mut Problems,
) -> Result<About, Bad> {
    let counterparts = reader.counterparts(row, target, problems);
    let points = reader.points(row, target, problems)?;
    if points.is_empty() {
        problems.warning(
            row,
            "points",
            "review-points",
            "evidence without a point covers none",
            format!("name the points that it shows: {}", reader.point_list(target)),
        );
    }
    let kinds: BTreeSet<EvidenceKind> = reader
        .context
        .catalog
        .get(target)
        .map(|t| t.points.iter().filter(|p| points.contains(&p.id)).map(|p| p.kind).collect())
        .unwrap_or_default();
    let kind = match (kind?, kinds.first()) {
        (Some(kind), _) => kind,
        (None, Some(kind)) if kinds.len() == 1 => *kind,
        (None, _) => {
            problems.error(
                row,
                "evidence_kind",
                "review-evidence-kind",
                "it can't be told from the points whether this is design or operation",
                "write design (it is laid down) or operation (it is done)",
            );
            return Err(Bad);
        }
    };
    Ok(About { points, kind, counterparts: counterparts? })
}

fn required(row: &SheetRow, column: &str, problems: &mut Problems) -> Result<(), Bad> {
    if row.get(column).is_empty() {
        let message = format!("evidence added by hand needs a {column}");
        problems.error(row, column, "review-manual", message, format!("fill in {column}"));
        return Err(Bad);
    }
    Ok(())
}

/// Finds the document and the quote in it. A document that the sources don't hold is an external
/// reference, which nobody can check.
fn cite(reader: &Reader<'_>, row: &SheetRow, problems: &mut Problems) -> Result<Cited, Bad> {
    required(row, "document", problems)?;
    let name = row.get("document").replace('\\', "/");
    let documents = reader.context.documents;
    let found = documents
        .iter()
        .find(|d| **d == name)
        .or_else(|| documents.iter().find(|d| d.to_lowercase() == name.to_lowercase()));
    let text = found.and_then(|path| (reader.context.document)(path));
    let (Some(path), Some(text)) = (found, text) else {
        return external(row, documents, problems);
    };
    let document = path.clone();
    if text.blocks.iter().all(|block| block.text.trim().is_empty()) {
        problems.note(
            row,
            "document",
            "review-not-verifiable",
            format!("{document} holds no readable text, so the quote can't be checked"),
        );
        return Ok(Cited { document, text: Some(text), locator: None });
    }
    required(row, "quote", problems)?;
    match locate(row.get("quote"), &text.blocks) {
        Some(locator) => Ok(Cited { document, text: Some(text), locator: Some(locator) }),
        None => {
            let help = match nearest(row.get("quote"), &text.blocks) {
                Some(block) => {
                    format!(
                        "nearest is {}: \u{201c}{}\u{201d}",
                        block.locator,
                        excerpt(&block.text)
                    )
                }
                None => "copy the words from the document; nothing in it is close".to_owned(),
            };
            problems.error(
                row,
                "quote",
                "review-quote",
                format!("these words don't stand in {document}"),
                help,
            );
            Err(Bad)
        }
    }
}

fn external(row: &SheetRow, documents: &[String], problems: &mut Problems) -> Result<Cited, Bad> {
    let document = row.get("document").to_owned();
    let file = |path: &str| {
        path.rsplit(['/', '\\']).next().filter(|f| f.contains('.')).map(str::to_lowercase)
    };
    let alike = documents.iter().find(|d| file(d).is_some() && file(d) == file(&document));
    if let (Some(alike), false) = (alike, document.contains("://")) {
        problems.error(
            row,
            "document",
            "review-document",
            format!("{document} is not among the documents"),
            format!("write the path as in the exports: {alike}"),
        );
        return Err(Bad);
    }
    problems.note(
        row,
        "document",
        "review-not-verifiable",
        format!("{document} is not among the documents: an external reference, not verifiable"),
    );
    Ok(Cited { document, text: None, locator: None })
}
