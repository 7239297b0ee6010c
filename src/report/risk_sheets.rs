//! The sheets `Register` and `Open questions` of `risk-register.xlsx`, and the words that they share
//! with the CSV file.

use std::collections::BTreeMap;

use super::{
    sheet::{Band, Cell, Column, Table, state_colours},
    text::join,
    view::{State, View},
};
use crate::{
    diag::Severity,
    domain::{
        CoverageReason, NOT_ACCEPTED, NamedBy, RegisterState, RegisteredRisk, RiskBand,
        RiskControl, RiskEntry, RiskFinding, RiskOption, TargetId,
    },
};

const RISK: Band = Band::Subject("Risk");
const ORIGINAL: Band = Band::Subject("As the register has it");
const OF_FIVE: Band = Band::Subject("On one scale");
const TREATMENT: Band = Band::Subject("Treatment");
const RECORD: Band = Band::Subject("Record");
const REGISTER: [Column; 24] = [
    ("Risk", 12.0, RISK),
    ("Title", 26.0, RISK),
    ("Standards", 12.0, RISK),
    ("System", 11.0, RISK),
    ("Assets", 15.0, RISK),
    ("Cause", 20.0, RISK),
    ("Consequences", 30.0, RISK),
    ("Likelihood", 10.0, ORIGINAL),
    ("Impact", 10.0, ORIGINAL),
    ("Level", 10.0, ORIGINAL),
    ("Likelihood of 5", 9.5, OF_FIVE),
    ("Impact of 5", 8.0, OF_FIVE),
    ("Level band", 9.5, OF_FIVE),
    ("Option", 14.0, TREATMENT),
    ("Residual risk", 10.0, TREATMENT),
    ("Controls and their coverage", 34.0, Band::Reviewed),
    ("Risk owner", 14.0, RECORD),
    ("Acceptance", 18.0, RECORD),
    ("Status", 11.0, RECORD),
    ("Next review", 11.0, RECORD),
    ("What is open", 28.0, RECORD),
    ("Same as", 13.0, RECORD),
    ("Likely the same as", 13.0, Band::Machine),
    ("Source", 17.0, Band::Subject("Origin")),
];

pub(super) fn register(view: &View<'_>) -> Table<'static> {
    let entries = &view.report.risks.entries;
    let title = format!("Integrated risk register – DRAFT: {} risks", entries.len());
    let rows = entries.iter().map(row).collect();
    Table { sheet: "Register", title, columns: &REGISTER, rows, frozen: 2 }
}

fn row(entry: &RiskEntry) -> Vec<Cell> {
    let risk = &entry.risk;
    let text = |text: &str| Cell::from(text);
    let five = |n: Option<u32>| n.map_or_else(|| "".into(), |n| Cell::Count(n as usize));
    let source = match (risk.source.as_str(), risk.source_row.as_str()) {
        ("", _) => format!("risks.csv row {}", risk.row),
        (source, "") => source.to_owned(),
        (source, row) => format!("{source} row {row}"),
    };
    vec![
        text(&entry.name),
        text(&risk.title),
        risk.standards.join("\n").into(),
        text(&risk.system),
        text(&risk.assets),
        text(&risk.cause),
        consequences(risk).into(),
        text(&risk.likelihood),
        text(&risk.impact),
        text(&risk.level),
        five(risk.likelihood_of_5),
        five(risk.impact_of_5),
        band(risk),
        option(risk),
        text(&risk.residual),
        controls(entry, "\n").into(),
        if risk.owner.is_empty() && !risk.closed { open() } else { text(&risk.owner) },
        acceptance(risk),
        text(&risk.status),
        risk.review_day.map_or_else(|| text(&risk.next_review), |day| Cell::Day(Some(day))),
        entry.open.join("\n").into(),
        risk.same_as.join("\n").into(),
        risk.likely_same_as.join("\n").into(),
        source.into(),
    ]
}

pub(super) fn open() -> Cell {
    Cell::Owed("OPEN".to_owned())
}

fn consequences(risk: &RegisteredRisk) -> String {
    let each = [
        ("organisation", &risk.consequence_organisation),
        ("individuals", &risk.consequence_individuals),
        ("society", &risk.consequence_society),
    ];
    let lines: Vec<String> = each
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(who, text)| format!("{who}: {text}"))
        .collect();
    lines.join("\n")
}

/// The band of the register, on its colour.
pub(super) fn band(risk: &RegisteredRisk) -> Cell {
    risk.band.map_or_else(|| "".into(), |band| Cell::Toned(band.as_str().to_owned(), colours(band)))
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
pub(super) fn option(risk: &RegisteredRisk) -> Cell {
    let text = risk.treatment();
    if risk.option.is_none() && !risk.closed { Cell::Owed(text) } else { text.into() }
}

pub(super) fn acceptance(risk: &RegisteredRisk) -> Cell {
    let text = risk.acceptance();
    let owed = text == NOT_ACCEPTED || text == "OPEN";
    match (owed, risk.closed) {
        (true, true) => "– (closed)".into(),
        (true, false) if text == "OPEN" && risk.option == Some(RiskOption::Avoid) => "".into(),
        (true, false) => Cell::Owed(text),
        (false, _) => text.into(),
    }
}

/// Coverage of a control in a word, with what limits it.
pub(super) fn coverage(control: &RiskControl) -> String {
    let state = State::of(control.coverage, &control.coverage_reasons);
    let why = reasons(control);
    match state {
        State::NotApplicable | State::Asserted => state.label().to_owned(),
        _ if why.is_empty() => state.label().to_owned(),
        _ => format!("{} ({why})", state.label()),
    }
}

pub(super) fn reasons(control: &RiskControl) -> String {
    join(control.coverage_reasons.iter().map(CoverageReason::as_str), "; ")
}

/// All controls of a risk with their coverage: `ISO27001:A.5.15: partial (design only)`.
pub(super) fn controls(entry: &RiskEntry, separator: &str) -> String {
    let one = |control: &RiskControl| {
        let system = control.system.as_deref().map_or_else(String::new, |s| format!(" ({s})"));
        let by = match control.named_by {
            NamedBy::Position => ", by position only",
            _ => "",
        };
        format!("{}{system}: {}{by}", control.target, coverage(control))
    };
    entry.controls.iter().map(one).collect::<Vec<_>>().join(separator)
}

/// Why there is nothing to show, and what to do.
pub(super) fn no_register(view: &View<'_>) -> String {
    match view.report.risks.state {
        RegisterState::Missing => {
            "There is no risk register in review/risks.csv. Take yours over: \
             evimap import risks FILE… -w WORKSPACE"
                .to_owned()
        }
        RegisterState::Unreadable => {
            "review/risks.csv can't be read, so none of its risks are here. \
             Its faults are under Open questions; the file was left as it is"
                .to_owned()
        }
        RegisterState::Read => String::new(),
    }
}

const ABOUT: Band = Band::Subject("About");
const QUESTION: Band = Band::Subject("Open");
const QUESTIONS: [Column; 9] = [
    ("Kind", 14.0, ABOUT),
    ("Risk", 22.0, ABOUT),
    ("Title", 34.0, ABOUT),
    ("Control", 18.0, ABOUT),
    ("What", 66.0, QUESTION),
    ("What to do", 54.0, QUESTION),
    ("Owner", 18.0, RECORD),
    ("Where", 26.0, RECORD),
    ("Code", 26.0, RECORD),
];

/// Faults of the file first, then contradictions, what is open, and what is only to be checked.
pub(super) fn questions(view: &View<'_>) -> Table<'static> {
    let report = &view.report.risks;
    let mut rows: Vec<(u8, Vec<Cell>)> = Vec::new();
    for fault in &report.faults {
        rows.push((
            0,
            vec![
                Cell::Owed("fault".to_owned()),
                "".into(),
                "".into(),
                "".into(),
                fault.message.as_str().into(),
                fault.help.as_deref().unwrap_or_default().into(),
                "".into(),
                fault.place().into(),
                fault.code.as_str().into(),
            ],
        ));
    }
    let entries = report.entries.iter();
    let titles = entries.map(|e| (e.name.as_str(), e.risk.title.as_str())).collect();
    rows.extend(report.findings.iter().map(|finding| question(&titles, finding)));
    rows.sort_by_key(|(order, _)| *order);
    Table {
        sheet: "Open questions",
        title: format!("Open questions and contradictions: {}", rows.len()),
        columns: &QUESTIONS,
        rows: rows.into_iter().map(|(_, cells)| cells).collect(),
        frozen: 2,
    }
}

fn question(titles: &BTreeMap<&str, &str>, finding: &RiskFinding) -> (u8, Vec<Cell>) {
    let found = &finding.diagnostic;
    let (order, kind): (u8, Cell) = match (found.severity, &found.target) {
        (Severity::Note, _) => (3, "to check".into()),
        (_, Some(_)) => (1, Cell::Owed("contradiction".to_owned())),
        (_, None) => (2, Cell::Owed("open".to_owned())),
    };
    let titles: Vec<&str> =
        finding.risks.iter().filter_map(|name| titles.get(name.as_str()).copied()).collect();
    let cells = vec![
        kind,
        finding.risks.join("\n").into(),
        titles.join("\n").into(),
        found.target.as_ref().map_or("", TargetId::as_str).into(),
        found.message.as_str().into(),
        found.help.as_deref().unwrap_or_default().into(),
        finding.owner.as_str().into(),
        found.place().into(),
        found.code.as_str().into(),
    ];
    (order, cells)
}
