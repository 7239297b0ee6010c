//! `audit-checklists.docx`: a checklist for each internal audit of the next year, to be filled in by the
//! auditor. A table a target: what to check, what to sample, and room for what was found.

use std::collections::BTreeMap;

use super::{
    audit_checklists::ahead,
    audit_csv::standards,
    docx::Paper,
    sheet::{self, Cell},
    text,
    view::{Row, View},
};
use crate::domain::{Audit, Evidence, Point, PointCoverage, PointId, TargetId};

/// Pieces of evidence that a point names, and characters of each: a checklist is carried along.
const SHOWN: usize = 3;
const PLACE: usize = 260;
const ASKED: usize = 260;
const CUT: &str = "…";
/// Controls and systems that a line names.
const NAMED: usize = 60;

const COLUMNS: [(&str, f64); 4] =
    [("To check", 36.0), ("Evidence to sample", 32.0), ("Finding", 18.0), ("Note", 14.0)];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let title = "Audit checklists (draft)";
    let mut paper = Paper::new(view, title, "Audit checklists  ·  DRAFT", false);
    paper.title("Audit checklists");
    paper.paragraph("Internal audits of the next twelve months, for both standards (9.2).");
    paper.warning("DRAFT: what is planned is a proposal until people name auditors and days");
    paper.face();
    let sessions = ahead(view);
    if sessions.is_empty() {
        paper.paragraph("No internal audit is planned for the next twelve months.");
        return paper.finish();
    }
    paper.heading(1, "Sessions");
    let rows: Vec<Vec<Cell>> = sessions
        .iter()
        .map(|(audit, targets)| {
            vec![
                format!("{}\n{}", audit.title, audit.round).into(),
                days(audit).into(),
                auditor(audit),
                Cell::Count(targets.len()),
                Cell::Count(targets.iter().map(|id| points(view, id).len()).sum()),
            ]
        })
        .collect();
    const LIST: [(&str, f64); 5] = [
        ("Audit", 60.0),
        ("Planned", 40.0),
        ("Auditor", 40.0),
        ("Targets", 16.0),
        ("Points", 16.0),
    ];
    paper.titled("What is audited, in the order of days", &LIST, &rows);
    paper.note(
        "Points are Evimap's own, not the text of the standards: hold them against the standard's text. \
         Evidence to sample is what people accepted; where nothing is accepted, the line says what to ask \
         for. Suggestions that nobody decided are not in here; they are in audit-checklists.csv. Finding \
         and note are for the auditor.",
    );
    for note in &view.report.programme.notes {
        let mut letters = note.chars();
        // Names of files and standards stay as they are written.
        let first = letters.next().filter(|_| !note.starts_with("evimap.toml"));
        let first = first.map(|c| c.to_uppercase().to_string());
        let rest = if first.is_some() { letters.as_str() } else { note.as_str() };
        paper.note(&format!("{}{rest}.", first.unwrap_or_default()));
    }
    if !view.report.programme.excluded.is_empty() {
        let excluded = listed(view.report.programme.excluded.iter());
        paper.note(&format!(
            "Not in these lists: controls that people excluded ({excluded}). Their exclusion is audited with \
             6.1.3."
        ));
    }
    for (audit, targets) in sessions {
        session(&mut paper, view, audit, &targets);
    }
    paper.finish()
}

fn session(paper: &mut Paper<'_>, view: &View<'_>, audit: &Audit, targets: &[&TargetId]) {
    paper.chapter(&format!("{} ({})", audit.title, audit.round));
    let named = match audit.said.auditor.trim() {
        "" => "OPEN: nobody is named".to_owned(),
        name => name.to_owned(),
    };
    let mut facts = vec![
        ("Criteria", format!("{}: {}", standards(view, audit), listed(targets.iter().copied()))),
        ("Scope", audit.scope.clone()),
        ("Method", audit.method.clone()),
        ("Auditor", named),
        ("Auditor’s role", audit.auditor_role.clone()),
        ("Not by", audit.owners.join(", ")),
        ("Planned", days(audit)),
        ("Why", audit.why.clone()),
        ("Audit", audit.id.clone()),
    ];
    for (label, text) in [("Remark", &audit.said.remark), ("Comment", &audit.said.comment)] {
        if !text.is_empty() {
            facts.push((label, text.clone()));
        }
    }
    facts.push(("Done on, by, signed", String::new()));
    paper.facts(&facts);
    paper.note(
        "Design: read it; is it approved, in force, known? Operation: take a sample; who did it, when, with \
         what result?",
    );
    for target in targets {
        let rows = view.rows_for(target);
        let Some(first) = rows.first() else { continue };
        let cells: Vec<Vec<Cell>> =
            points(view, target).into_iter().map(|point| line(view, rows, point)).collect();
        paper.titled(&heading(first, rows), &COLUMNS, &cells);
    }
}

/// `ISO27001 A.5.15 Access control — coverage: partial`, with each system where there are some.
fn heading(first: &Row<'_>, rows: &[Row<'_>]) -> String {
    let a = first.assessment;
    let mut by_state: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows {
        let systems = by_state.entry(row.state.label()).or_default();
        systems.extend(row.assessment.system.as_deref());
    }
    let states: Vec<String> = by_state
        .into_iter()
        .map(|(state, systems)| match systems.len() {
            0 => state.to_owned(),
            1..=4 => format!("{state} ({})", systems.join(", ")),
            n => format!("{state} ({n} systems)"),
        })
        .collect();
    format!(
        "{} {} {} — coverage: {}",
        a.target.framework(),
        a.target.local(),
        a.title,
        states.join("; ")
    )
}

/// The points of a target, once for all its systems.
fn points<'v>(view: &'v View<'_>, target: &TargetId) -> Vec<&'v PointCoverage> {
    view.rows_for(target)
        .first()
        .map_or_else(Vec::new, |row| row.assessment.points.iter().collect())
}

fn line(view: &View<'_>, rows: &[Row<'_>], covered: &PointCoverage) -> Vec<Cell> {
    let id = &covered.point;
    let target = rows.first().and_then(|row| view.report.catalog.get(&row.assessment.target));
    let point = target.and_then(|t| t.points.iter().find(|p| p.id == *id));
    let sub_item = match covered.sub_item.trim() {
        "" => String::new(),
        item => format!(", {item}"),
    };
    let check = format!("{} ({}{sub_item}) {}", covered.kind.as_str(), id.short(), covered.text);
    vec![check.into(), samples(rows, id, point).into(), "".into(), "".into()]
}

/// Accepted evidence, or what to ask for.
fn samples(rows: &[Row<'_>], point: &PointId, catalogue: Option<&Point>) -> String {
    let mut lines = Vec::new();
    let mut missing = Vec::new();
    for row in rows {
        let a = row.assessment;
        let own: Vec<&Evidence> = a.evidence.iter().filter(|e| e.points.contains(point)).collect();
        let system = a.system.as_deref().map_or_else(String::new, |s| format!("[{s}] "));
        if own.is_empty() {
            missing.extend(a.system.as_deref());
        }
        let documents = text::by_document(&own, SHOWN, PLACE);
        let more = documents.len().saturating_sub(SHOWN);
        lines.extend(documents.into_iter().take(SHOWN).map(|said| format!("{system}{said}")));
        if more > 0 {
            lines.push(format!("{system}+ {more} more documents, see evidence-index.csv"));
        }
    }
    let asked = catalogue.map_or("", |p| p.typical_evidence.trim());
    let asked = if asked.is_empty() { "documents and records that show it" } else { asked };
    let asked = sheet::fitting(asked, ASKED, CUT);
    if lines.is_empty() {
        return format!("Ask for: {asked}");
    }
    if !missing.is_empty() {
        let which = if missing.len() > 4 {
            format!("{} systems", missing.len())
        } else {
            missing.join(", ")
        };
        lines.push(format!("{which}: ask for {asked}"));
    }
    lines.join("\n")
}

fn days(audit: &Audit) -> String {
    let days = if audit.from == audit.to {
        audit.from.to_string()
    } else {
        format!("{} to {}", audit.from, audit.to)
    };
    let set = if audit.said.starts_on.is_some() { "set by people" } else { "proposed" };
    format!("{days} ({set})")
}

fn auditor(audit: &Audit) -> Cell {
    match audit.said.auditor.trim() {
        "" => Cell::Owed(format!("OPEN\n{}", audit.auditor_role)),
        name => format!("{name}\n{}", audit.said.remark).trim().into(),
    }
}

/// Ids by standard, without its name before each.
fn listed<'a>(targets: impl Iterator<Item = &'a TargetId>) -> String {
    let mut by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for target in targets {
        by.entry(target.framework()).or_default().push(target.local());
    }
    let each = by.into_iter().map(|(framework, ids)| {
        let more = ids.len().saturating_sub(NAMED);
        let ids = ids[..ids.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{framework} {ids}{more}")
    });
    each.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::{super::fixture, *};

    #[test]
    fn each_session_has_its_points_and_room_for_the_auditor() {
        let report = fixture::report(true);
        let view = View::new(&report);
        let sessions = ahead(&view);
        assert_eq!(sessions.len(), 2);
        for (_, targets) in &sessions {
            for target in targets {
                let rows = view.rows_for(target);
                for point in points(&view, target) {
                    let line = line(&view, rows, point);
                    assert_eq!(line.len(), COLUMNS.len());
                    assert!(line[2..].iter().all(|c| matches!(c, Cell::Text(t) if t.is_empty())));
                }
            }
        }
    }

    #[test]
    fn accepted_evidence_is_named_with_its_place_and_nothing_pending_is() {
        for reviewed in [false, true] {
            let report = fixture::report(reviewed);
            let view = View::new(&report);
            let mut named = 0;
            for target in view.rows.iter().map(|row| &row.assessment.target) {
                let rows = view.rows_for(target);
                for point in points(&view, target) {
                    let said = samples(rows, &point.point, None);
                    let accepted = rows.iter().flat_map(|row| &row.assessment.evidence);
                    let accepted = accepted.filter(|e| e.points.contains(&point.point)).count();
                    assert_eq!(accepted == 0, said.starts_with("Ask for: "), "{said}");
                    named += accepted;
                }
            }
            assert_eq!(named > 0, reviewed);
        }
    }

    #[test]
    fn an_audit_that_is_done_or_dropped_has_no_checklist() {
        let mut report = fixture::report(true);
        report.programme.audits[0].said.status = crate::domain::ActionStatus::Done;
        assert_eq!(ahead(&View::new(&report)).len(), 1);
    }
}
