//! `audit-checklists.csv`: what to ask in the audits of the next year, one row a point (and system),
//! with the evidence to sample. The last cells are for the auditor.

use std::collections::BTreeSet;

use super::{
    text::{self, source},
    view::{Row, View},
    write::Csv,
};
use crate::domain::{Audit, EvidenceKind, Planned, Point, PointCoverage, TargetId};

const COLUMNS: [&str; 23] = [
    "audit",
    "audit_title",
    "planned_from",
    "target",
    "title",
    "system",
    "point",
    "sub_item",
    "kind",
    "documented",
    "question",
    "how",
    "typical_evidence",
    "coverage",
    "accepted_count",
    "sample_accepted",
    "pending_count",
    "sample_pending_machine",
    "observation",
    "evidence_seen",
    "result",
    "basis",
    "as_of",
];

/// Days ahead that checklists are written for.
const AHEAD: i64 = 365;
/// Pieces of evidence that a row names.
const SHOWN: usize = 3;
const QUOTE: usize = 300;

/// The audits that checklists are written for, each with its targets: those of the next year, and those
/// whose day has passed and that nobody stated as done or dropped. A target that is audited more often stands in the first.
pub(super) fn ahead<'v>(view: &View<'v>) -> Vec<(&'v Audit, Vec<&'v TargetId>)> {
    let until = view.report.as_of.plus_days(AHEAD);
    let ahead = view.report.programme.audits.iter().filter(|audit| {
        audit.kind == Planned::InternalAudit && audit.is_planned() && audit.from <= until
    });
    let mut seen = BTreeSet::new();
    ahead
        .map(|audit| {
            let own = audit.targets.iter().filter(|target| seen.insert(*target));
            (audit, own.collect::<Vec<_>>())
        })
        .filter(|(_, targets)| !targets.is_empty())
        .collect()
}

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut csv = Csv::new(&COLUMNS)?;
    let (basis, as_of) = (view.basis(), view.report.as_of.to_string());
    for (audit, targets) in ahead(view) {
        for row in targets.into_iter().flat_map(|target| view.rows_for(target)) {
            for point in &row.assessment.points {
                csv.row(&line(view, audit, row, point, &basis, &as_of))?;
            }
        }
    }
    csv.finish()
}

fn line(
    view: &View<'_>,
    audit: &Audit,
    row: &Row<'_>,
    covered: &PointCoverage,
    basis: &str,
    as_of: &str,
) -> [String; 23] {
    let a = row.assessment;
    let target = view.report.catalog.get(&a.target);
    let point = target.and_then(|t| t.points.iter().find(|p| p.id == covered.point));
    let said = |get: &dyn Fn(&Point) -> &str| point.map(get).unwrap_or_default().to_owned();
    let accepted: Vec<String> = a
        .evidence
        .iter()
        .filter(|e| e.points.contains(&covered.point))
        .map(|e| {
            let mut item =
                sample(&e.quote, &source(view.words, &e.document, e.locator.as_ref()), text::CUT);
            let caveats = text::caveats(view.words, e);
            if !caveats.is_empty() {
                item.push_str(&format!(" ({})", caveats.join("; ")));
            }
            item
        })
        .collect();
    let open = row.open.iter().filter(|p| p.points.contains(&covered.point));
    let pending: Vec<String> = open
        .map(|p| {
            let place = source(view.words, &p.document, Some(&p.locator));
            format!("nobody decided: {}", sample(&p.quote, &place, text::CUT_PROPOSAL))
        })
        .collect();
    [
        audit.id.clone(),
        audit.title.clone(),
        audit.from.to_string(),
        a.target.to_string(),
        a.title.clone(),
        a.system.clone().unwrap_or_default(),
        covered.point.to_string(),
        covered.sub_item.clone(),
        covered.kind.as_str().to_owned(),
        said(&|p| p.documented.as_str()),
        covered.text.clone(),
        how(covered.kind).to_owned(),
        said(&|p| &p.typical_evidence),
        row.state.label().to_owned(),
        accepted.len().to_string(),
        first(&accepted, "see evidence-index.csv"),
        pending.len().to_string(),
        first(&pending, "see proposals.jsonl"),
        String::new(),
        String::new(),
        String::new(),
        basis.to_owned(),
        as_of.to_owned(),
    ]
}

fn sample(quote: &str, place: &str, note: &str) -> String {
    format!("“{}” — {place}", text::cut(quote.trim(), QUOTE, note))
}

fn first(items: &[String], more: &str) -> String {
    let mut shown: Vec<String> = items.iter().take(SHOWN).cloned().collect();
    if items.len() > SHOWN {
        shown.push(format!("+ {} more, {more}", items.len() - SHOWN));
    }
    shown.join("\n")
}

fn how(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Design => "read the document; check approval, version and who knows it",
        EvidenceKind::Operation => "take a sample of records over the period; ask who did it",
    }
}

#[cfg(test)]
mod tests {
    use super::{super::fixture, *};

    fn lines(report: &super::super::Report<'_>) -> Vec<Vec<String>> {
        let bytes = render(&View::new(report)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_point_of_the_audits_ahead_is_asked_and_pending_is_never_accepted() {
        for reviewed in [false, true] {
            let report = fixture::report(reviewed);
            let lines = lines(&report);
            let asked: BTreeSet<&str> = lines.iter().map(|l| l[3].as_str()).collect();
            let planned: BTreeSet<&str> = report
                .programme
                .audits
                .iter()
                .filter(|a| a.kind == Planned::InternalAudit)
                .flat_map(|a| a.targets.iter().map(|t| t.as_str()))
                .collect();
            assert_eq!(asked, planned);
            let accepted = lines.iter().filter(|l| l[14] != "0").count();
            assert_eq!(accepted > 0, reviewed);
            assert!(lines.iter().all(|l| (l[14] == "0") == l[15].is_empty()));
            assert!(lines.iter().any(|l| l[17].starts_with("nobody decided: ")));
            assert!(lines.iter().all(|l| l[18..21].iter().all(String::is_empty)));
        }
    }
}
