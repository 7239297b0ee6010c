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
    words::Words,
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

const TARGETS: Band = Band::Subject("band-targets");
const COVERAGE: [Column; 12] = [
    ("col-clause-or-theme", 31.0, TARGETS),
    ("col-rows", 10.0, TARGETS),
    ("col-short-full", 10.0, Band::Reviewed),
    ("col-short-partial", 12.0, Band::Reviewed),
    ("word-none", 10.0, Band::Reviewed),
    ("word-asserted", 14.0, Band::Reviewed),
    ("col-not-appl", 11.0, Band::Reviewed),
    ("word-not-reviewed", 15.0, Band::Reviewed),
    ("col-short-likely-evidence", 15.0, Band::Machine),
    ("word-unsure", 12.0, Band::Machine),
    ("col-short-likely-gap", 14.0, Band::Machine),
    ("col-short-pending", 14.0, Band::Machine),
];

const WORK: Band = Band::Subject("band-what-to-do");
const TO_DO: [Column; 5] = [
    ("col-priority", 20.0, WORK),
    ("col-targets", 34.0, WORK),
    ("col-what", 92.0, WORK),
    ("col-owner", 22.0, WORK),
    ("col-due", 18.0, WORK),
];

const OWED: Band = Band::Subject("band-decisions-that-only-people-can-take");
const DECISIONS: [Column; 3] =
    [("col-what", 80.0, OWED), ("ISO/IEC 27001", 30.0, OWED), ("ISO/IEC 42001", 30.0, OWED)];

const FOUND: Band = Band::Subject("band-what-does-not-fit-together");
const FINDINGS: [Column; 3] = [
    ("col-number", 12.0, FOUND),
    ("col-for-example", 90.0, FOUND),
    ("col-what-to-do", 62.0, FOUND),
];

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let standards: Vec<&str> = view.standards.iter().map(|s| s.name.as_str()).collect();
    let w = view.words;
    let standards = standards.join(&format!(" {} ", w.text("and")));
    let title = w.text("gap-analysis");
    let mut paper = Paper::new(view, w.text("gap-for-management"), title, false);
    paper.title(title);
    paper.paragraph(&w.with("gap-for-whom", &[("standards", (&standards).into())]));
    paper.face();
    assessed(&mut paper, view);
    coverage(&mut paper, view);
    actions(&mut paper, view);
    decisions(&mut paper, view);
    limits(&mut paper, view);
    paper.finish()
}

fn short(w: &Words, text: &str, limit: usize) -> String {
    sheet::fitting(text, limit, w.text("cut-workbook"))
}

fn assessed(paper: &mut Paper<'_>, view: &View<'_>) {
    let w = view.words;
    paper.heading(1, w.text("what-was-assessed"));
    let mut facts = view.particulars();
    let scopes: Vec<(String, String)> = view
        .standards
        .iter()
        .map(|standard| {
            // Without the year, which the line of standards has.
            let name = standard.name.split(':').next().unwrap_or_default();
            let scope = short(w, &view.scope(&standard.id), SCOPE);
            (w.with("scope-of", &[("name", name.into())]), scope)
        })
        .collect();
    facts.extend(scopes.iter().map(|(label, scope)| (label.as_str(), scope.clone())));
    let mut systems = view.systems();
    let all = systems.len();
    systems.truncate(SYSTEMS);
    if all > SYSTEMS {
        systems.push(w.with("more", &[("n", (all - SYSTEMS).into())]));
    }
    let systems =
        if systems.is_empty() { w.text("none-declared").to_owned() } else { systems.join("\n") };
    facts.push((w.text("fact-systems"), short(w, &systems, SCOPE * 2)));
    let read: Vec<String> = view.reading().iter().map(|(what, n)| format!("{what}: {n}")).collect();
    facts.push((w.text("what-was-read"), read.join("\n")));
    paper.facts(&facts);
}

fn coverage(paper: &mut Paper<'_>, view: &View<'_>) {
    let w = view.words;
    paper.heading(1, w.text("gap-coverage"));
    paper.note(w.text("gap-coverage-note"));
    for standard in &view.standards {
        paper.heading(2, &format!("{}: {}", standard.name, standard.share.sentence(w)));
        let mut rows: Vec<Vec<Cell>> =
            standard.groups.iter().map(|group| counts(&group.theme, &group.tally)).collect();
        rows.push(counts(w.text("all-rows"), &standard.tally));
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
    let w = view.words;
    paper.heading(1, w.text("gap-first"));
    let mut actions = super::view::actions(view.report);
    actions.retain(|a| !a.work.gone && a.status.is_open());
    if actions.is_empty() {
        paper.paragraph(w.text("gap-nothing-open"));
        return;
    }
    let shown = actions.len().min(ACTIONS);
    paper.note(&w.with("gap-first-note", &[("n", shown.into()), ("all", actions.len().into())]));
    let rows: Vec<Vec<Cell>> = actions
        .into_iter()
        .take(ACTIONS)
        .map(|action| {
            let mut targets: Vec<&str> = action.targets.iter().map(TargetId::as_str).collect();
            let more = targets.len().saturating_sub(4);
            targets.truncate(4);
            let mut targets = join(targets.into_iter(), "\n");
            if more > 0 {
                targets.push('\n');
                targets.push_str(&w.with("more", &[("n", more.into())]));
            }
            let kind = w.word(&action.kind);
            let mut what = kind.to_owned();
            if let Some(system) = &action.system {
                what.push_str(&format!(" ({system})"));
            }
            // Of shared work, what it is the work of.
            if action.targets.len() > 1 && !action.work.title.is_empty() {
                what.push_str(&format!(", {}", action.work.title));
            }
            if what == kind && action.text.starts_with(kind) {
                what.clone_from(&action.text);
            } else {
                what.push_str(&format!(": {}", action.text));
            }
            vec![
                Cell::Count(action.priority as usize),
                targets.into(),
                short(w, &what, TEXT).into(),
                if action.owner.trim().is_empty() {
                    Cell::Owed(w.text("open").to_owned())
                } else {
                    short(w, &action.owner, 60).into()
                },
                match action.due {
                    Some(day) if action.is_overdue(view.report.as_of) => {
                        Cell::Owed(format!("{day}, {}", w.text("overdue")))
                    }
                    due => Cell::Day(due),
                },
            ]
        })
        .collect();
    paper.table(&TO_DO, &rows);
}

fn decisions(paper: &mut Paper<'_>, view: &View<'_>) {
    let w = view.words;
    paper.heading(1, w.text("gap-decisions"));
    let sides = [ISO27001, ISO42001].map(|framework| entries(view, framework));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (n, what) in soa_cover::OPEN.into_iter().enumerate() {
        let [left, right] = [&sides[0], &sides[1]].map(|entries| {
            let open = entries.iter().filter(|e| soa_cover::open(e)[n]).count();
            let put = [("n", open.into()), ("all", entries.len().into())];
            Cell::from(w.with("n-of-controls", &put))
        });
        rows.push(vec![w.text(what).into(), left, right]);
    }
    let [left, right] = [ISO27001, ISO42001].map(|framework| {
        let standard = view.standards.iter().find(|s| s.id == framework);
        Cell::from(standard.map_or_else(String::new, |s| {
            let open = s.share.targets - s.share.reviewed;
            w.with("n-of-all", &[("n", open.into()), ("all", s.share.targets.into())])
        }))
    });
    rows.push(vec![w.text("gap-not-reviewed").into(), left, right]);
    paper.table(&DECISIONS, &rows);

    let mut kinds: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    let stated = |d: &&Diagnostic| d.target.is_some() && d.severity != Severity::Note;
    for found in view.report.diagnostics.iter().filter(stated) {
        kinds.entry(&found.code).or_default().push(found);
    }
    paper.heading(2, w.text("gap-contradictions"));
    if kinds.is_empty() {
        paper.paragraph(w.text("none-found"));
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
                short(w, &first.message, TEXT).into(),
                short(w, first.help.as_deref().unwrap_or_default(), TEXT).into(),
            ])
        })
        .collect();
    paper.table(&FINDINGS, &rows);
    if all > KINDS {
        paper.note(&w.with("gap-more-kinds", &[("n", (all - KINDS).into())]));
    }
}

fn limits(paper: &mut Paper<'_>, view: &View<'_>) {
    let w = view.words;
    paper.heading(1, w.text("gap-limits"));
    paper.paragraph(w.text("disclaimer"));
    let unread: usize = view
        .report
        .documents
        .iter()
        .filter(|d| d.status != crate::domain::ExtractStatus::Ok)
        .count();
    let unread = match unread {
        0 => w.text("gap-all-read").to_owned(),
        n => w.with("gap-unread", &[("n", n.into())]),
    };
    paper.paragraph(&w.with("gap-limits-text", &[("unread", (&unread).into())]));
    paper.note(w.text("gap-where-rows"));
}
