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
use crate::{
    domain::{Audit, Evidence, Point, PointCoverage, PointId, TargetId},
    words::Words,
};

/// Pieces of evidence that a point names, and characters of each: a checklist is carried along.
const SHOWN: usize = 3;
const PLACE: usize = 260;
const ASKED: usize = 260;
const CUT: &str = "…";
/// Controls and systems that a line names.
const NAMED: usize = 60;

const COLUMNS: [(&str, f64); 4] = [
    ("check-to-check", 36.0),
    ("check-sample", 32.0),
    ("check-finding", 18.0),
    ("check-auditor-note", 14.0),
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let w = view.words;
    let running = format!("{}  ·  {}", w.text("check-title"), w.text("draft-capitals"));
    let mut paper = Paper::new(view, w.text("check-title-draft"), &running, false);
    paper.title(w.text("check-title"));
    paper.paragraph(w.text("check-about"));
    paper.warning(w.text("check-draft"));
    paper.face();
    let sessions = ahead(view);
    if sessions.is_empty() {
        paper.paragraph(w.text("check-none"));
        return paper.finish();
    }
    paper.heading(1, w.text("check-sessions"));
    let rows: Vec<Vec<Cell>> = sessions
        .iter()
        .map(|(audit, targets)| {
            vec![
                format!("{}\n{}", audit.title, audit.round).into(),
                days(w, audit).into(),
                auditor(w, audit),
                Cell::Count(targets.len()),
                Cell::Count(targets.iter().map(|id| points(view, id).len()).sum()),
            ]
        })
        .collect();
    const LIST: [(&str, f64); 5] = [
        ("check-audit", 60.0),
        ("check-planned", 40.0),
        ("check-auditor", 40.0),
        ("col-targets", 24.0),
        ("col-points", 16.0),
    ];
    paper.titled(w.text("check-order"), &LIST, &rows);
    paper.note(w.text("check-note"));
    for note in &view.report.programme.notes {
        let mut letters = note.chars();
        // Names of files and standards stay as they are written.
        let first = letters.next().filter(|_| !note.starts_with("evimap.toml"));
        let first = first.map(|c| c.to_uppercase().to_string());
        let rest = if first.is_some() { letters.as_str() } else { note.as_str() };
        paper.note(&format!("{}{rest}.", first.unwrap_or_default()));
    }
    if !view.report.programme.excluded.is_empty() {
        let excluded = listed(w, view.report.programme.excluded.iter());
        paper.note(&w.with("check-excluded", &[("controls", (&excluded).into())]));
    }
    for (audit, targets) in sessions {
        session(&mut paper, view, audit, &targets);
    }
    paper.finish()
}

fn session(paper: &mut Paper<'_>, view: &View<'_>, audit: &Audit, targets: &[&TargetId]) {
    let w = view.words;
    paper.chapter(&format!("{} ({})", audit.title, audit.round));
    let named = match audit.said.auditor.trim() {
        "" => w.text("check-nobody").to_owned(),
        name => name.to_owned(),
    };
    let mut facts = vec![
        (
            "check-criteria",
            format!("{}: {}", standards(view, audit), listed(w, targets.iter().copied())),
        ),
        ("check-scope", audit.scope.clone()),
        ("check-method", audit.method.clone()),
        ("check-auditor", named),
        ("check-role", audit.auditor_role.clone()),
        ("check-not-by", audit.owners.join(", ")),
        ("check-planned", days(w, audit)),
        ("check-why", audit.why.clone()),
        ("check-audit", audit.id.clone()),
    ];
    for (label, text) in
        [("check-remark", &audit.said.remark), ("check-comment", &audit.said.comment)]
    {
        if !text.is_empty() {
            facts.push((label, text.clone()));
        }
    }
    facts.push(("check-done", String::new()));
    let facts: Vec<(&str, String)> =
        facts.into_iter().map(|(id, text)| (w.text(id), text)).collect();
    paper.facts(&facts);
    paper.note(w.text("check-how"));
    for target in targets {
        let rows = view.rows_for(target);
        let Some(first) = rows.first() else { continue };
        let cells: Vec<Vec<Cell>> =
            points(view, target).into_iter().map(|point| line(view, rows, point)).collect();
        paper.titled(&heading(w, first, rows), &COLUMNS, &cells);
    }
}

/// `ISO27001 A.5.15 Access control — coverage: partial`, with each system where there are some.
fn heading(w: &Words, first: &Row<'_>, rows: &[Row<'_>]) -> String {
    let a = first.assessment;
    let mut by_state: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows {
        let systems = by_state.entry(row.state.said(w)).or_default();
        systems.extend(row.assessment.system.as_deref());
    }
    let states: Vec<String> = by_state
        .into_iter()
        .map(|(state, systems)| match systems.len() {
            0 => state.to_owned(),
            1..=4 => format!("{state} ({})", systems.join(", ")),
            n => format!("{state} ({})", w.with("check-n-systems", &[("n", n.into())])),
        })
        .collect();
    let target = format!("{} {} {}", a.target.framework(), a.target.local(), a.title);
    let states = states.join("; ");
    w.with("check-coverage", &[("target", (&target).into()), ("states", (&states).into())])
}

/// The points of a target, once for all its systems.
fn points<'v>(view: &'v View<'_>, target: &TargetId) -> Vec<&'v PointCoverage> {
    view.rows_for(target)
        .first()
        .map_or_else(Vec::new, |row| row.assessment.points.iter().collect())
}

fn line(view: &View<'_>, rows: &[Row<'_>], covered: &PointCoverage) -> Vec<Cell> {
    let (id, w) = (&covered.point, view.words);
    let target = rows.first().and_then(|row| view.report.catalog.get(&row.assessment.target));
    let point = target.and_then(|t| t.points.iter().find(|p| p.id == *id));
    let sub_item = match covered.sub_item.trim() {
        "" => String::new(),
        item => format!(", {item}"),
    };
    let check =
        format!("{} ({}{sub_item}) {}", w.word(covered.kind.as_str()), id.short(), covered.text);
    vec![check.into(), samples(w, rows, id, point).into(), "".into(), "".into()]
}

/// Accepted evidence, or what to ask for.
fn samples(w: &Words, rows: &[Row<'_>], point: &PointId, catalogue: Option<&Point>) -> String {
    let mut lines = Vec::new();
    let mut missing = Vec::new();
    for row in rows {
        let a = row.assessment;
        let own: Vec<&Evidence> = a.evidence.iter().filter(|e| e.points.contains(point)).collect();
        let system = a.system.as_deref().map_or_else(String::new, |s| format!("[{s}] "));
        if own.is_empty() {
            missing.extend(a.system.as_deref());
        }
        let documents = text::by_document(w, &own, SHOWN, PLACE);
        let more = documents.len().saturating_sub(SHOWN);
        lines.extend(documents.into_iter().take(SHOWN).map(|said| format!("{system}{said}")));
        if more > 0 {
            let more = w.with("check-more", &[("n", more.into())]);
            lines.push(format!("{system}{more}"));
        }
    }
    let asked = catalogue.map_or("", |p| p.typical_evidence.trim());
    let asked = if asked.is_empty() { w.text("check-any") } else { asked };
    let asked = sheet::fitting(asked, ASKED, CUT);
    if lines.is_empty() {
        return w.with("check-ask", &[("what", (&asked).into())]);
    }
    if !missing.is_empty() {
        let which = if missing.len() > 4 {
            w.with("check-n-systems", &[("n", missing.len().into())])
        } else {
            missing.join(", ")
        };
        lines
            .push(w.with("check-ask-of", &[("which", (&which).into()), ("what", (&asked).into())]));
    }
    lines.join("\n")
}

fn days(w: &Words, audit: &Audit) -> String {
    let days = if audit.from == audit.to {
        audit.from.to_string()
    } else {
        let (from, to) = (audit.from.to_string(), audit.to.to_string());
        w.with("check-days", &[("from", (&from).into()), ("to", (&to).into())])
    };
    let set = if audit.said.starts_on.is_some() { "check-set" } else { "check-proposed" };
    format!("{days} ({})", w.text(set))
}

fn auditor(w: &Words, audit: &Audit) -> Cell {
    match audit.said.auditor.trim() {
        "" => Cell::Owed(format!("{}\n{}", w.text("open"), audit.auditor_role)),
        name => format!("{name}\n{}", audit.said.remark).trim().into(),
    }
}

/// Ids by standard, without its name before each.
fn listed<'a>(w: &Words, targets: impl Iterator<Item = &'a TargetId>) -> String {
    let mut by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for target in targets {
        by.entry(target.framework()).or_default().push(target.local());
    }
    let each = by.into_iter().map(|(framework, ids)| {
        let more = ids.len().saturating_sub(NAMED);
        let ids = ids[..ids.len() - more].join(", ");
        let more = if more > 0 {
            format!(" {}", w.with("more", &[("n", more.into())]))
        } else {
            String::new()
        };
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
                    let said = samples(view.words, rows, &point.point, None);
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
