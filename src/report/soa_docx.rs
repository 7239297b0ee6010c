//! `soa-*.docx`: the Statement of Applicability for reading and signing. It holds no quotes: where
//! the evidence is stands here, its words in the workbook.

use super::{
    docx::{Column, Paper},
    sheet::{Band, Cell},
    soa_cover,
    soa_csv::{entries, shared_with, systems},
    soa_xlsx::owed,
    text::{self, join},
    view::{State, View},
};
use crate::domain::{CoverageReason, Evidence, SoaEntry, TargetId};

/// Documents that a row names, and places of each; the rest is counted.
const SHOWN: usize = 6;
/// Characters of a document and its places.
const LENGTH: usize = 400;
/// Control numbers that a list of open points names.
const NAMED: usize = 40;

const CONTROL: Band = Band::Subject("Control");
const PERSON: Band = Band::Subject("Stated by people");
const RECORD: Band = Band::Subject("Record");

const CONTROLS: [Column; 9] = [
    ("Control", 32.0, CONTROL),
    ("Applicability", 23.0, PERSON),
    ("Reasons, risks, treatment", 28.0, PERSON),
    ("Justification", 38.0, PERSON),
    ("Implementation", 25.0, PERSON),
    ("Evidence: document, place, date", 56.0, Band::Reviewed),
    ("Coverage", 21.0, Band::Reviewed),
    ("Owner, due", 21.0, RECORD),
    ("Decided, shared with, remarks", 36.0, RECORD),
];

const CONTRADICTIONS: [Column; 4] = [
    ("Control", 20.0, CONTROL),
    ("Kind", 16.0, CONTROL),
    ("What", 80.0, Band::Subject("Open")),
    ("What to do", 60.0, Band::Subject("Open")),
];

const OPEN: [Column; 3] = [
    ("What is open", 36.0, Band::Subject("Open")),
    ("Controls", 12.0, Band::Subject("Open")),
    ("Which", 130.0, Band::Subject("Open")),
];

const CHANGES: [Column; 4] = [
    ("Control", 30.0, CONTROL),
    ("What changed", 100.0, PERSON),
    ("By", 24.0, RECORD),
    ("On", 16.0, RECORD),
];

pub(super) fn render(view: &View<'_>, framework: &str) -> Result<Vec<u8>, String> {
    let entries = entries(view, framework);
    let name = view.report.catalog.framework_name(framework);
    let title = format!("Statement of Applicability {name} (draft)");
    let running = format!("Statement of Applicability {name}  ·  DRAFT");
    let mut paper = Paper::new(view, &title, &running, true);
    paper.title("Statement of Applicability");
    paper.paragraph(name);
    paper.warning(&soa_cover::status(view, &entries));
    paper.face();
    paper.facts(&soa_cover::facts(view, framework));
    paper.heading(1, "State of this draft");
    let counts: Vec<(String, String)> = soa_cover::counts(view, &entries)
        .into_iter()
        .map(|(label, number, _)| (label, number.to_string()))
        .collect();
    let counts: Vec<(&str, String)> =
        counts.iter().map(|(label, number)| (label.as_str(), number.clone())).collect();
    paper.facts(&counts);
    paper.heading(1, "Approval");
    paper.facts(&soa_cover::approval(view, framework));
    changes(&mut paper, view, framework);
    open_points(&mut paper, view, &entries);

    paper.heading(1, "Controls");
    let mut themes: Vec<&str> = Vec::new();
    for entry in &entries {
        if !themes.contains(&entry.theme.as_str()) {
            themes.push(&entry.theme);
        }
    }
    for theme in themes {
        paper.heading(2, theme);
        let rows: Vec<Vec<Cell>> =
            entries.iter().filter(|e| e.theme == theme).map(|e| row(e)).collect();
        paper.table(&CONTROLS, &rows);
    }
    paper.finish()
}

fn changes(paper: &mut Paper<'_>, view: &View<'_>, framework: &str) {
    paper.heading(1, "Changes since the last approved version");
    let changes = soa_cover::changes(view, framework);
    if changes.is_empty() {
        paper.paragraph(&format!("{}.", soa_cover::changed(view, framework)));
        return;
    }
    let rows: Vec<Vec<Cell>> = changes
        .iter()
        .map(|change| {
            vec![
                match &change.system {
                    Some(system) => format!("{} ({system})", change.target).into(),
                    None => change.target.as_str().into(),
                },
                change.what.join("\n").into(),
                change.decided_by.as_str().into(),
                Cell::Day(change.decided_on),
            ]
        })
        .collect();
    paper.table(&CHANGES, &rows);
}

fn open_points(paper: &mut Paper<'_>, view: &View<'_>, entries: &[&SoaEntry]) {
    paper.heading(1, "Open points and contradictions");
    let rows: Vec<Vec<Cell>> = soa_cover::contradictions(view, entries)
        .into_iter()
        .map(|found| {
            vec![
                found.target.as_ref().map_or("", TargetId::as_str).into(),
                Cell::Owed(soa_cover::weight(found).to_owned()),
                found.message.as_str().into(),
                found.help.as_deref().unwrap_or_default().into(),
            ]
        })
        .collect();
    if rows.is_empty() {
        paper.paragraph("No statement contradicts another one or the accepted evidence.");
    } else {
        paper.table(&CONTRADICTIONS, &rows);
    }
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (n, what) in soa_cover::OPEN.into_iter().enumerate() {
        let which: Vec<&str> =
            entries.iter().filter(|e| soa_cover::open(e)[n]).map(|e| e.target.local()).collect();
        if which.is_empty() {
            continue;
        }
        let named = match which.len() {
            all if all == entries.len() => "all".to_owned(),
            n if n > NAMED => {
                let rest = n - NAMED;
                format!("{} and {rest} more, see the workbook", which[..NAMED].join(", "))
            }
            _ => which.join(", "),
        };
        rows.push(vec![what.into(), Cell::Count(which.len()), named.into()]);
    }
    if rows.is_empty() {
        paper.paragraph("Every control is decided, justified, has a status and an owner.");
    } else {
        paper.table(&OPEN, &rows);
    }
}

/// Each document once, with its places and the dates of what it shows.
fn evidence(entry: &SoaEntry) -> String {
    let pieces: Vec<&Evidence> = entry.evidence.iter().collect();
    let mut lines = text::by_document(&pieces, SHOWN, LENGTH);
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("+ {more} more documents, see the workbook"));
    }
    lines.join("\n")
}

fn row(entry: &SoaEntry) -> Vec<Cell> {
    let filled = |parts: &[String]| {
        join(parts.iter().map(String::as_str).filter(|part| !part.trim().is_empty()), "\n")
    };
    let labelled = |label: &str, text: &str| {
        if text.trim().is_empty() { String::new() } else { format!("{label}: {text}") }
    };
    let day = |label: &str, day: Option<crate::domain::Date>| {
        day.map(|day| format!("{label} {day}")).unwrap_or_default()
    };
    let level = match entry.systems.as_slice() {
        [] => String::new(),
        _ => labelled("systems", &systems(entry)),
    };
    let provider = match entry.provider.trim() {
        "" => entry.provided_by.clone(),
        provider => format!("{} from {provider}", entry.provided_by),
    };
    let applicability = text::applicability(entry);
    let status = text::implementation(entry);
    let reasons =
        entry.coverage_reasons.iter().map(CoverageReason::as_str).collect::<Vec<_>>().join("; ");
    let state = State::of(entry.coverage, &entry.coverage_reasons);
    let decided = [entry.decided_by.clone(), day("", entry.decided_on).trim().to_owned()];
    let decided = join(decided.iter().map(String::as_str).filter(|p| !p.is_empty()), ", ");
    let also: &[String] = &[provider];
    vec![
        format!("{}\n{}", entry.target.local(), entry.title).into(),
        // What is owed stands out, and nothing else may hide it.
        if applicability == "NOT DECIDED" {
            owed(applicability)
        } else {
            filled(&[applicability.to_owned(), also.join("\n")]).into()
        },
        filled(&[
            entry.reasons.clone(),
            entry.risk_ids.join(", "),
            text::treatments(entry, "\n"),
            text::acceptances(entry, "\n"),
        ])
        .into(),
        owed(text::justification(entry)),
        if status == "NOT DECIDED" {
            owed(status)
        } else {
            filled(&[status.to_owned(), day("for", entry.planned_for)]).into()
        },
        evidence(entry).into(),
        if reasons.is_empty() || state == State::NotApplicable {
            Cell::State(state)
        } else if reasons.starts_with(state.label()) {
            reasons.into()
        } else {
            format!("{}\n{reasons}", state.label()).into()
        },
        filled(&[entry.owner.clone(), day("due", entry.due)]).into(),
        filled(&[
            labelled("decided", &decided),
            labelled("shared with", &shared_with(entry)),
            level,
            entry.remarks.clone(),
        ])
        .into(),
    ]
}
