//! `soa-*.docx`: the Statement of Applicability for reading and signing. It holds no quotes: where
//! the evidence is stands here, its words in the workbook.

use super::{
    docx::{Column, Paper},
    sheet::{Band, Cell},
    soa_cover,
    soa_csv::{entries, shared_with, systems},
    soa_xlsx::owed,
    text::{self, join},
    view::{State, View, reasons},
};
use crate::domain::{Evidence, SoaEntry, TargetId};
use crate::words::Words;

/// Documents that a row names, and places of each; the rest is counted.
const SHOWN: usize = 6;
/// Characters of a document and its places.
const LENGTH: usize = 400;
/// Control numbers that a list of open points names.
const NAMED: usize = 40;

const CONTROL: Band = Band::Subject("band-control");
const PERSON: Band = Band::Subject("band-stated-by-people");
const RECORD: Band = Band::Subject("band-record");

const CONTROLS: [Column; 9] = [
    ("col-control", 32.0, CONTROL),
    ("col-applicability", 23.0, PERSON),
    ("col-reasons-risks-treatment", 28.0, PERSON),
    ("col-justification", 38.0, PERSON),
    ("col-implementation", 25.0, PERSON),
    ("col-evidence-document-place-date", 56.0, Band::Reviewed),
    ("col-coverage", 21.0, Band::Reviewed),
    ("col-owner-due", 21.0, RECORD),
    ("col-decided-shared-with-remarks", 36.0, RECORD),
];

const CONTRADICTIONS: [Column; 4] = [
    ("col-control", 20.0, CONTROL),
    ("col-kind", 16.0, CONTROL),
    ("col-what", 80.0, Band::Subject("band-open")),
    ("col-what-to-do", 60.0, Band::Subject("band-open")),
];

const OPEN: [Column; 3] = [
    ("col-what-is-open", 36.0, Band::Subject("band-open")),
    ("col-controls", 12.0, Band::Subject("band-open")),
    ("col-which", 130.0, Band::Subject("band-open")),
];

const CHANGES: [Column; 4] = [
    ("col-control", 30.0, CONTROL),
    ("col-what-changed", 100.0, PERSON),
    ("col-by", 24.0, RECORD),
    ("col-on", 16.0, RECORD),
];

pub(super) fn render(view: &View<'_>, framework: &str) -> Result<Vec<u8>, String> {
    let entries = entries(view, framework);
    let name = view.report.catalog.framework_name(framework);
    let w = view.words;
    let title = w.with("soa-of-draft", &[("name", name.into())]);
    let running = format!("{} {name}  ·  {}", w.text("soa"), w.text("draft-capitals"));
    let mut paper = Paper::new(view, &title, &running, true);
    paper.title(w.text("soa"));
    paper.paragraph(name);
    paper.warning(&soa_cover::status(view, &entries));
    paper.face();
    paper.facts(&soa_cover::facts(view, framework));
    paper.heading(1, w.text("soa-state"));
    let counts: Vec<(String, String)> = soa_cover::counts(view, &entries)
        .into_iter()
        .map(|(label, number, _)| (label, number.to_string()))
        .collect();
    let counts: Vec<(&str, String)> =
        counts.iter().map(|(label, number)| (label.as_str(), number.clone())).collect();
    paper.facts(&counts);
    paper.heading(1, w.text("soa-approval"));
    paper.facts(&soa_cover::approval(view, framework));
    changes(&mut paper, view, framework);
    open_points(&mut paper, view, &entries);

    paper.heading(1, w.text("sheet-controls"));
    let mut themes: Vec<&str> = Vec::new();
    for entry in &entries {
        if !themes.contains(&entry.theme.as_str()) {
            themes.push(&entry.theme);
        }
    }
    for theme in themes {
        paper.heading(2, theme);
        let rows: Vec<Vec<Cell>> =
            entries.iter().filter(|e| e.theme == theme).map(|e| row(view, e)).collect();
        paper.table(&CONTROLS, &rows);
    }
    paper.finish()
}

fn changes(paper: &mut Paper<'_>, view: &View<'_>, framework: &str) {
    paper.heading(1, view.words.text("soa-changes"));
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
    let w = view.words;
    paper.heading(1, w.text("soa-open-points"));
    let rows: Vec<Vec<Cell>> = soa_cover::contradictions(view, entries)
        .into_iter()
        .map(|found| {
            vec![
                found.target.as_ref().map_or("", TargetId::as_str).into(),
                Cell::Owed(soa_cover::weight(w, found)),
                found.message.as_str().into(),
                found.help.as_deref().unwrap_or_default().into(),
            ]
        })
        .collect();
    if rows.is_empty() {
        paper.paragraph(w.text("soa-no-contradiction"));
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
            all if all == entries.len() => w.text("soa-all").to_owned(),
            n if n > NAMED => {
                let named = which[..NAMED].join(", ");
                w.with(
                    "and-more-workbook",
                    &[("named", (&named).into()), ("n", (n - NAMED).into())],
                )
            }
            _ => which.join(", "),
        };
        rows.push(vec![w.text(what).into(), Cell::Count(which.len()), named.into()]);
    }
    if rows.is_empty() {
        paper.paragraph(w.text("soa-nothing-open"));
    } else {
        paper.table(&OPEN, &rows);
    }
}

/// Each document once, with its places and the dates of what it shows.
fn evidence(w: &Words, entry: &SoaEntry) -> String {
    let pieces: Vec<&Evidence> = entry.evidence.iter().collect();
    let mut lines = text::by_document(w, &pieces, SHOWN, LENGTH);
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(w.with("more-in-workbook", &[("n", more.into())]));
    }
    lines.join("\n")
}

fn row(view: &View<'_>, entry: &SoaEntry) -> Vec<Cell> {
    let w = view.words;
    let filled = |parts: &[String]| {
        join(parts.iter().map(String::as_str).filter(|part| !part.trim().is_empty()), "\n")
    };
    let labelled = |id: &str, text: &str| {
        if text.trim().is_empty() { String::new() } else { w.with(id, &[("text", text.into())]) }
    };
    let day = |id: &str, day: Option<crate::domain::Date>| {
        labelled(id, &day.map(|day| day.to_string()).unwrap_or_default())
    };
    let level = match entry.systems.as_slice() {
        [] => String::new(),
        _ => labelled("soa-systems", &systems(w, entry)),
    };
    let provider = match entry.provider.trim() {
        "" => w.word(&entry.provided_by).to_owned(),
        provider => {
            let by = w.word(&entry.provided_by);
            w.with("soa-provided-from", &[("by", by.into()), ("provider", provider.into())])
        }
    };
    let applicability = text::applicability(w, entry);
    let status = text::implementation(w, entry);
    let open = soa_cover::open(entry);
    let reasons = reasons(w, &entry.coverage_reasons);
    let state = State::of(entry.coverage, &entry.coverage_reasons);
    let on = entry.decided_on.map(|day| day.to_string()).unwrap_or_default();
    let decided = [entry.decided_by.as_str(), &on];
    let decided = join(decided.into_iter().filter(|p| !p.is_empty()), ", ");
    let also: &[String] = &[provider];
    vec![
        format!("{}\n{}", entry.target.local(), entry.title).into(),
        // What is owed stands out, and nothing else may hide it.
        if open[0] {
            Cell::Owed(applicability.to_owned())
        } else {
            filled(&[applicability.to_owned(), also.join("\n")]).into()
        },
        filled(&[
            w.words(&entry.reasons),
            entry.risk_ids.join(", "),
            text::treatments(w, entry, "\n"),
            text::acceptances(w, entry, "\n"),
        ])
        .into(),
        owed(open[1], text::justification(w, entry)),
        if open[2] {
            Cell::Owed(status.to_owned())
        } else {
            filled(&[status.to_owned(), day("soa-planned-for", entry.planned_for)]).into()
        },
        evidence(w, entry).into(),
        if reasons.is_empty() || state == State::NotApplicable {
            Cell::State(state)
        } else if reasons.starts_with(state.said(w)) {
            reasons.into()
        } else {
            format!("{}\n{reasons}", state.said(w)).into()
        },
        filled(&[entry.owner.clone(), day("soa-due", entry.due)]).into(),
        filled(&[
            labelled("soa-decided", &decided),
            labelled("soa-shared-with", &shared_with(entry)),
            level,
            entry.remarks_and_comment(),
        ])
        .into(),
    ]
}
