//! `gap-analysis.docx`: the gap analysis for those who decide, on six pages at most. Everything in
//! it is a count or a short list; the workbook and the page have the rows.

use std::collections::BTreeMap;

use super::{
    docx::{Column, Paper},
    sheet::{self, Band, Cell},
    soa_cover,
    soa_csv::entries,
    text::join,
    view::{MACHINE_VIEWS, State, Tally, View},
};
use crate::{
    diag::{Diagnostic, Severity},
    domain::{ISO27001, ISO42001, TargetId},
};

/// Actions in the list.
const ACTIONS: usize = 10;
/// Kinds of contradictions in the list.
const KINDS: usize = 8;
/// Systems that are named.
const SYSTEMS: usize = 10;
/// Characters of a text that a person or the tool wrote, so that six pages hold it all.
const TEXT: usize = 260;
const SCOPE: usize = 500;
const CUT: &str = "… [cut, see gap-analysis.xlsx]";

const TARGETS: Band = Band::Subject("Targets");
const COVERAGE: [Column; 12] = [
    ("Clause or theme", 34.0, TARGETS),
    ("Rows", 10.0, TARGETS),
    ("full", 10.0, Band::Reviewed),
    ("partial", 12.0, Band::Reviewed),
    ("none", 10.0, Band::Reviewed),
    ("asserted", 14.0, Band::Reviewed),
    ("not appl.", 11.0, Band::Reviewed),
    ("not reviewed", 15.0, Band::Reviewed),
    ("likely evidence", 15.0, Band::Machine),
    ("unsure", 12.0, Band::Machine),
    ("likely gap", 11.0, Band::Machine),
    ("pending", 14.0, Band::Machine),
];

const WORK: Band = Band::Subject("What to do");
const TO_DO: [Column; 5] = [
    ("Urgency", 14.0, WORK),
    ("Targets", 34.0, WORK),
    ("What", 92.0, WORK),
    ("Owner", 22.0, WORK),
    ("Due", 18.0, WORK),
];

const OWED: Band = Band::Subject("Decisions that only people can take");
const DECISIONS: [Column; 3] =
    [("What", 80.0, OWED), ("ISO/IEC 27001", 30.0, OWED), ("ISO/IEC 42001", 30.0, OWED)];

const FOUND: Band = Band::Subject("What does not fit together");
const FINDINGS: [Column; 3] =
    [("Number", 12.0, FOUND), ("For example", 90.0, FOUND), ("What to do", 62.0, FOUND)];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let standards: Vec<&str> = view.standards.iter().map(|s| s.name.as_str()).collect();
    let standards = standards.join(" and ");
    let mut paper = Paper::new(view, "Gap analysis for management", "Gap analysis", false);
    paper.title("Gap analysis");
    paper.paragraph(&format!("For management. {standards}."));
    paper.face();
    assessed(&mut paper, view);
    coverage(&mut paper, view);
    actions(&mut paper, view);
    decisions(&mut paper, view);
    limits(&mut paper, view);
    paper.finish()
}

fn short(text: &str, limit: usize) -> String {
    sheet::fitting(text, limit, CUT)
}

fn assessed(paper: &mut Paper<'_>, view: &View<'_>) {
    paper.heading(1, "What was assessed");
    let mut facts = view.particulars();
    for (standard, label) in view.standards.iter().zip(["Scope, first", "Scope, second"]) {
        let label = match standard.id.as_str() {
            ISO27001 => "Scope ISO/IEC 27001",
            ISO42001 => "Scope ISO/IEC 42001",
            _ => label,
        };
        facts.push((label, short(&view.scope(&standard.id), SCOPE)));
    }
    let mut systems = view.systems();
    let all = systems.len();
    systems.truncate(SYSTEMS);
    if all > SYSTEMS {
        systems.push(format!("and {} more", all - SYSTEMS));
    }
    let systems = if systems.is_empty() { "none declared".to_owned() } else { systems.join("\n") };
    facts.push(("Systems", short(&systems, SCOPE * 2)));
    let read: Vec<String> = view.reading().iter().map(|(what, n)| format!("{what}: {n}")).collect();
    facts.push(("What was read", read.join("\n")));
    paper.facts(&facts);
}

fn coverage(paper: &mut Paper<'_>, view: &View<'_>) {
    paper.heading(1, "Coverage by clause and theme");
    paper.note(
        "Coverage counts what people accepted. The machine's view is a proposal beside it: it says \
         where to look, and nothing about the organisation.",
    );
    for standard in &view.standards {
        paper.heading(2, &format!("{}: {}", standard.name, standard.share.sentence()));
        let mut rows: Vec<Vec<Cell>> =
            standard.groups.iter().map(|group| counts(&group.theme, &group.tally)).collect();
        rows.push(counts("All", &standard.tally));
        paper.table(&COVERAGE, &rows);
    }
}

fn counts(name: &str, tally: &Tally) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![name.into(), Cell::Count(tally.rows)];
    row.extend(State::ALL.map(|state| Cell::Count(tally.state(state))));
    row.extend(MACHINE_VIEWS.map(|machine| Cell::Count(tally.machine(machine))));
    row.push(Cell::Count(tally.pending));
    row
}

fn actions(paper: &mut Paper<'_>, view: &View<'_>) {
    paper.heading(1, "What to do first");
    let mut actions = super::view::actions(view.report);
    actions.retain(|a| !a.work.gone && a.status.is_open());
    if actions.is_empty() {
        paper.paragraph("Nothing is open.");
        return;
    }
    let shown = actions.len().min(ACTIONS);
    paper.note(&format!(
        "{shown} of {} open actions. Those that close most targets of both standards come \
         first; urgency runs from 1 to 5. The workbook has them all.",
        actions.len()
    ));
    let rows: Vec<Vec<Cell>> = actions
        .into_iter()
        .take(ACTIONS)
        .map(|action| {
            let mut targets: Vec<&str> = action.targets.iter().map(TargetId::as_str).collect();
            let more = targets.len().saturating_sub(4);
            targets.truncate(4);
            let mut targets = join(targets.into_iter(), "\n");
            if more > 0 {
                targets.push_str(&format!("\nand {more} more"));
            }
            let mut what = action.kind.clone();
            if let Some(system) = &action.system {
                what.push_str(&format!(" ({system})"));
            }
            // Of shared work, what it is the work of.
            if action.targets.len() > 1 && !action.work.title.is_empty() {
                what.push_str(&format!(", {}", action.work.title));
            }
            if what == action.kind && action.text.starts_with(action.kind.as_str()) {
                what.clone_from(&action.text);
            } else {
                what.push_str(&format!(": {}", action.text));
            }
            vec![
                Cell::Count(action.priority as usize),
                targets.into(),
                short(&what, TEXT).into(),
                if action.owner.trim().is_empty() {
                    Cell::Owed("OPEN".to_owned())
                } else {
                    short(&action.owner, 60).into()
                },
                match action.due {
                    Some(day) if action.is_overdue(view.report.as_of) => {
                        Cell::Owed(format!("{day}, overdue"))
                    }
                    due => Cell::Day(due),
                },
            ]
        })
        .collect();
    paper.table(&TO_DO, &rows);
}

fn decisions(paper: &mut Paper<'_>, view: &View<'_>) {
    paper.heading(1, "What needs a decision");
    let sides = [ISO27001, ISO42001].map(|framework| entries(view, framework));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (n, what) in soa_cover::OPEN.into_iter().enumerate() {
        let [left, right] = [&sides[0], &sides[1]].map(|entries| {
            let open = entries.iter().filter(|e| soa_cover::open(e)[n]).count();
            Cell::from(format!("{open} of {} controls", entries.len()))
        });
        rows.push(vec![what.into(), left, right]);
    }
    let [left, right] = [ISO27001, ISO42001].map(|framework| {
        let standard = view.standards.iter().find(|s| s.id == framework);
        Cell::from(standard.map_or_else(String::new, |s| {
            format!("{} of {}", s.share.targets - s.share.reviewed, s.share.targets)
        }))
    });
    rows.push(vec!["Clauses and controls not reviewed".into(), left, right]);
    paper.table(&DECISIONS, &rows);

    let mut kinds: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    let stated = |d: &&Diagnostic| d.target.is_some() && d.severity != Severity::Note;
    for found in view.report.diagnostics.iter().filter(stated) {
        kinds.entry(&found.code).or_default().push(found);
    }
    paper.heading(2, "Statements that contradict each other or the evidence");
    if kinds.is_empty() {
        paper.paragraph("None was found.");
        return;
    }
    let mut kinds: Vec<Vec<&Diagnostic>> = kinds.into_values().collect();
    kinds.sort_by_key(|found| std::cmp::Reverse(found.len()));
    let all = kinds.len();
    let rows: Vec<Vec<Cell>> = kinds
        .iter()
        .take(KINDS)
        .filter_map(|found| {
            let first = found.first()?;
            Some(vec![
                Cell::Count(found.len()),
                short(&first.message, TEXT).into(),
                short(first.help.as_deref().unwrap_or_default(), TEXT).into(),
            ])
        })
        .collect();
    paper.table(&FINDINGS, &rows);
    if all > KINDS {
        paper.note(&format!("{} more kinds are in gap-analysis.json.", all - KINDS));
    }
}

fn limits(paper: &mut Paper<'_>, view: &View<'_>) {
    paper.heading(1, "Limits of this report");
    paper.paragraph(super::DISCLAIMER);
    let unread: usize = view
        .report
        .documents
        .iter()
        .filter(|d| d.status != crate::domain::ExtractStatus::Ok)
        .count();
    let unread = match unread {
        0 => "Every file gave text.".to_owned(),
        1 => "1 file gave no text and is not in the figures; documents.csv says why.".to_owned(),
        n => format!("{n} files gave no text and are not in the figures; documents.csv says why."),
    };
    paper.paragraph(&format!(
        "It sees documents only: what is done but not written down is not in it. A target without \
         accepted evidence is not a finding about the organisation, but a question to it. {unread} \
         Not reviewed means that nobody has decided yet; none means that a person looked and \
         accepted nothing."
    ));
    paper.note(
        "The rows behind the figures: gap-analysis.xlsx and gap-analysis.html. Every accepted piece \
         of evidence: evidence-index.csv.",
    );
}
