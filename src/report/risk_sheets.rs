//! The sheets `Register` and `Open questions` of `risk-register.xlsx`, and the words that they share
//! with the CSV file.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    sheet::{Band, Cell, Column, Table, state_colours},
    text,
    view::{self, State, View},
};
use crate::{
    diag::{Diagnostic, Severity},
    domain::{
        Acceptance, NamedBy, RegisterState, RegisteredRisk, RiskBand, RiskControl, RiskEntry,
        RiskFinding, RiskOption, TargetId,
    },
    words::Words,
};

const RISK: Band = Band::Subject("band-risk");
const ORIGINAL: Band = Band::Subject("band-as-registered");
const OF_FIVE: Band = Band::Subject("band-one-scale");
const TREATMENT: Band = Band::Subject("band-treatment");
const RECORD: Band = Band::Subject("band-record");
const REGISTER: [Column; 24] = [
    ("col-risk", 12.0, RISK),
    ("col-title", 26.0, RISK),
    ("col-standards", 12.0, RISK),
    ("col-system", 11.0, RISK),
    ("col-assets", 15.0, RISK),
    ("col-cause", 20.0, RISK),
    ("col-consequences", 30.0, RISK),
    ("col-likelihood", 12.0, ORIGINAL),
    ("col-impact", 10.0, ORIGINAL),
    ("col-risk-level", 10.0, ORIGINAL),
    ("col-likelihood-of-five", 9.5, OF_FIVE),
    ("col-impact-of-five", 8.0, OF_FIVE),
    ("col-level-band", 9.5, OF_FIVE),
    ("col-option", 16.0, TREATMENT),
    ("col-residual-risk", 10.0, TREATMENT),
    ("col-controls-coverage", 34.0, Band::Reviewed),
    ("col-risk-owner", 14.0, RECORD),
    ("col-acceptance", 18.0, RECORD),
    ("col-status", 11.0, RECORD),
    ("col-next-review", 11.0, RECORD),
    ("col-what-is-open", 28.0, RECORD),
    ("col-same-as", 13.0, RECORD),
    ("col-likely-same-as", 13.0, Band::Machine),
    ("col-source", 17.0, Band::Subject("band-origin")),
];

pub(super) fn register(view: &View<'_>) -> Table<'static> {
    let entries = &view.report.risks.entries;
    let w = view.words;
    let title = w.with("risk-register-table", &[("n", entries.len().into())]);
    let rows = entries.iter().map(|entry| row(w, entry)).collect();
    Table { sheet: "sheet-register", title, columns: &REGISTER, rows, frozen: 2 }
}

fn row(w: &Words, entry: &RiskEntry) -> Vec<Cell> {
    let risk = &entry.risk;
    let text = |text: &str| Cell::from(text);
    let five = |n: Option<u32>| n.map_or_else(|| "".into(), |n| Cell::Count(n as usize));
    let at =
        |file: &str, row: &str| w.with("risk-row", &[("file", file.into()), ("row", row.into())]);
    let source = match (risk.source.as_str(), risk.source_row.as_str()) {
        ("", _) => at("risks.csv", &risk.row.to_string()),
        (source, "") => source.to_owned(),
        (source, row) => at(source, row),
    };
    vec![
        text(&entry.name),
        text(&risk.title),
        risk.standards.join("\n").into(),
        text(&risk.system),
        text(&risk.assets),
        text(&risk.cause),
        consequences(w, risk).into(),
        text(&risk.likelihood),
        text(&risk.impact),
        text(&risk.level),
        five(risk.likelihood_of_5),
        five(risk.impact_of_5),
        band(w, risk),
        option(w, risk),
        text(&risk.residual),
        controls(w, entry, "\n").into(),
        if risk.owner.is_empty() && !risk.closed { open(w) } else { text(&risk.owner) },
        acceptance(w, risk),
        text(&risk.status),
        risk.review_day.map_or_else(|| text(&risk.next_review), |day| Cell::Day(Some(day))),
        told_all(w, &entry.open).into(),
        risk.same_as.join("\n").into(),
        risk.likely_same_as.join("\n").into(),
        source.into(),
    ]
}

pub(super) fn open(w: &Words) -> Cell {
    Cell::Owed(w.text("open").to_owned())
}

/// Sentences that the assessment says, one a line.
pub(super) fn told_all(w: &Words, english: &[String]) -> String {
    english.iter().map(|text| told(w, text)).collect::<Vec<_>>().join("\n")
}

/// A sentence of the assessment, or a word of the vocabulary.
fn told(w: &Words, english: &str) -> String {
    match w.said(english) {
        Cow::Borrowed(word) => w.word(word).to_owned(),
        Cow::Owned(told) => told,
    }
}

fn consequences(w: &Words, risk: &RegisteredRisk) -> String {
    let each = [
        ("risk-for-organisation", &risk.consequence_organisation),
        ("risk-for-individuals", &risk.consequence_individuals),
        ("risk-for-society", &risk.consequence_society),
    ];
    let lines: Vec<String> = each
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(id, text)| w.with(id, &[("text", text.as_str().into())]))
        .collect();
    lines.join("\n")
}

/// The band of the register, on its colour.
pub(super) fn band(w: &Words, risk: &RegisteredRisk) -> Cell {
    let toned = |band| Cell::Toned(band_word(w, band).to_owned(), colours(band));
    risk.band.map_or_else(|| "".into(), toned)
}

pub(super) fn band_word(w: &Words, band: RiskBand) -> &str {
    w.text(match band {
        RiskBand::Low => "risk-band-low",
        RiskBand::Medium => "risk-band-medium",
        RiskBand::High => "risk-band-high",
        RiskBand::Critical => "risk-band-critical",
    })
}

/// Ink and ground of a band, the same as those of the states.
pub(super) fn colours(band: RiskBand) -> (u32, u32) {
    match band {
        RiskBand::Low => state_colours(State::Full),
        RiskBand::Medium => state_colours(State::Partial),
        RiskBand::High => (0x009A_3D0A, 0x00FB_DDC4),
        RiskBand::Critical => (0x007A_1712, 0x00F3_BFB9),
    }
}

/// The treatment, as written and as an option.
pub(super) fn option(w: &Words, risk: &RegisteredRisk) -> Cell {
    let text = text::treatment(w, &risk.treatment());
    if risk.option.is_none() && !risk.closed { Cell::Owed(text) } else { text.into() }
}

pub(super) fn acceptance(w: &Words, risk: &RegisteredRisk) -> Cell {
    let stated = risk.acceptance();
    let text = text::acceptance(w, &stated);
    match stated {
        Acceptance::By { .. } => text.into(),
        _ if risk.closed => w.text("risk-closed").into(),
        Acceptance::Open if risk.option == Some(RiskOption::Avoid) => "".into(),
        Acceptance::Open | Acceptance::Missing => Cell::Owed(text),
    }
}

/// Coverage of a control in a word, with what limits it.
pub(super) fn coverage(w: &Words, control: &RiskControl) -> String {
    let state = State::of(control.coverage, &control.coverage_reasons);
    let why = reasons(w, control);
    match state {
        State::NotApplicable | State::Asserted => state.said(w).to_owned(),
        _ if why.is_empty() => state.said(w).to_owned(),
        _ => format!("{} ({why})", state.said(w)),
    }
}

pub(super) fn reasons(w: &Words, control: &RiskControl) -> String {
    view::reasons(w, &control.coverage_reasons)
}

/// All controls of a risk with their coverage: `ISO27001:A.5.15: partial (design only)`.
pub(super) fn controls(w: &Words, entry: &RiskEntry, separator: &str) -> String {
    let one = |control: &RiskControl| {
        let system = control.system.as_deref().map_or_else(String::new, |s| format!(" ({s})"));
        let by = match control.named_by {
            NamedBy::Position => format!(", {}", w.text("risk-by-position-only")),
            _ => String::new(),
        };
        format!("{}{system}: {}{by}", control.target, coverage(w, control))
    };
    entry.controls.iter().map(one).collect::<Vec<_>>().join(separator)
}

/// Why there is nothing to show, and what to do.
pub(super) fn no_register(view: &View<'_>) -> String {
    match view.report.risks.state {
        RegisterState::Missing => view.words.text("risk-register-missing").to_owned(),
        RegisterState::Unreadable => view.words.text("risk-register-unreadable").to_owned(),
        RegisterState::Read => String::new(),
    }
}

const ABOUT: Band = Band::Subject("band-about");
const QUESTION: Band = Band::Subject("band-open");
const QUESTIONS: [Column; 9] = [
    ("col-kind", 14.0, ABOUT),
    ("col-risk", 22.0, ABOUT),
    ("col-title", 34.0, ABOUT),
    ("col-control", 18.0, ABOUT),
    ("col-what", 66.0, QUESTION),
    ("col-what-to-do", 54.0, QUESTION),
    ("col-owner", 18.0, RECORD),
    ("col-where", 26.0, RECORD),
    ("col-code", 26.0, RECORD),
];

/// Faults of the file first, then contradictions, what is open, and what is only to be checked.
pub(super) fn questions(view: &View<'_>) -> Table<'static> {
    let w = view.words;
    let report = &view.report.risks;
    let mut rows: Vec<(u8, Vec<Cell>)> = Vec::new();
    for fault in &report.faults {
        rows.push((
            0,
            vec![
                Cell::Owed(w.text("weight-fault").to_owned()),
                "".into(),
                "".into(),
                "".into(),
                w.said(&fault.message).into_owned().into(),
                w.said(fault.help.as_deref().unwrap_or_default()).into_owned().into(),
                "".into(),
                place(w, fault).into(),
                fault.code.as_str().into(),
            ],
        ));
    }
    let entries = report.entries.iter();
    let titles = entries.map(|e| (e.name.as_str(), e.risk.title.as_str())).collect();
    rows.extend(report.findings.iter().map(|finding| question(w, &titles, finding)));
    rows.sort_by_key(|(order, _)| *order);
    Table {
        sheet: "sheet-questions",
        title: w.with("risk-questions", &[("n", rows.len().into())]),
        columns: &QUESTIONS,
        rows: rows.into_iter().map(|(_, cells)| cells).collect(),
        frozen: 2,
    }
}

/// Where it is: file, row and column.
pub(super) fn place(w: &Words, found: &Diagnostic) -> String {
    let file = found.file.as_deref().unwrap_or_default();
    let place = match found.line {
        Some(row) => {
            let row = row.to_string();
            w.with("register-row", &[("file", file.into()), ("row", (&row).into())])
        }
        None => file.to_owned(),
    };
    match &found.column {
        Some(name) => {
            w.with("risk-place-column", &[("place", (&place).into()), ("name", name.into())])
        }
        None => place,
    }
}

fn question(w: &Words, titles: &BTreeMap<&str, &str>, finding: &RiskFinding) -> (u8, Vec<Cell>) {
    let found = &finding.diagnostic;
    let (order, kind): (u8, Cell) = match (found.severity, &found.target) {
        (Severity::Note, _) => (3, w.text("weight-to-check").into()),
        (_, Some(_)) => (1, Cell::Owed(w.text("weight-contradiction").to_owned())),
        (_, None) => (2, Cell::Owed(w.text("weight-open").to_owned())),
    };
    let titles: Vec<&str> =
        finding.risks.iter().filter_map(|name| titles.get(name.as_str()).copied()).collect();
    // A name may hold anything, so only what is said of the risk is told.
    let of_risk = finding.risks.first().filter(|name| {
        found.message.strip_prefix(name.as_str()).and_then(|m| m.strip_prefix(": "))
            == Some(finding.short.as_str())
    });
    let message = match of_risk {
        Some(name) => format!("{name}: {}", told(w, &finding.short)),
        None => w.said(&found.message).into_owned(),
    };
    let cells = vec![
        kind,
        finding.risks.join("\n").into(),
        titles.join("\n").into(),
        found.target.as_ref().map_or("", TargetId::as_str).into(),
        message.into(),
        w.said(found.help.as_deref().unwrap_or_default()).into_owned().into(),
        finding.owner.as_str().into(),
        place(w, found).into(),
        found.code.as_str().into(),
    ];
    (order, cells)
}
