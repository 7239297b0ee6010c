//! `risk-register.xlsx`: cover, register, draft treatment plan, matrix, assets, impact assessments, open
//! questions. Without a register it says so, and how to take one over.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    inventory_sheets, risk_matrix, risk_plan,
    risk_sheets::{self, band_word, no_register, place},
    sheet::{self, Book, Cell, Paper, put},
    text,
    view::View,
};
use crate::domain::{ISO27001, ISO42001, RegisterState, RegisteredRisk, RiskBand, RiskOption};

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    build(view).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>) -> Result<Book<'v>, XlsxError> {
    let mut book = Book::new(view, view.words.text("risk-book"))?;
    cover(book.sheet("sheet-cover", Paper::A4)?, view)?;
    if view.report.risks.state == RegisterState::Read {
        book.table(&risk_sheets::register(view))?;
        book.table(&risk_plan::table(view))?;
        risk_matrix::write(book.sheet("sheet-matrix", Paper::A3)?, view)?;
    } else {
        nothing(book.sheet("sheet-register", Paper::A4)?, view)?;
    }
    inventory_sheets::add(&mut book, view)?;
    book.table(&risk_sheets::questions(view))?;
    Ok(book)
}

/// Risks that are not closed.
fn open<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v RegisteredRisk> {
    view.report.risks.entries.iter().map(|entry| &entry.risk).filter(|risk| !risk.closed)
}

fn status(view: &View<'_>) -> String {
    let (w, counts) = (view.words, &view.report.risks.counts);
    let state = match counts.register {
        RegisterState::Missing => w.text("risk-status-missing").to_owned(),
        RegisterState::Unreadable => w.text("risk-status-unreadable").to_owned(),
        RegisterState::Read => match (open(view).count(), counts.not_accepted) {
            (0, _) => w.text("risk-status-no-open").to_owned(),
            (_, 0) => w.text("risk-status-none-waits").to_owned(),
            (all, n) => {
                w.with("risk-status-waits", &[("n", (n as usize).into()), ("all", all.into())])
            }
        },
    };
    format!("{}; {state}", w.text("status-draft"))
}

/// What the cover counts: label, number, and whether a person owes it.
fn counts(view: &View<'_>) -> Vec<(String, u32, bool)> {
    let (w, c) = (view.words, &view.report.risks.counts);
    let number = |wanted: &dyn Fn(&RegisteredRisk) -> bool| {
        open(view).filter(|risk| wanted(risk)).count() as u32
    };
    let mut lines = vec![
        (w.text("risk-count-all").to_owned(), c.risks, false),
        (w.text("risk-count-closed").to_owned(), c.closed, false),
    ];
    let has = |risk: &RegisteredRisk, id: &str| risk.standards.iter().any(|s| s == id);
    for (label, one, other) in [
        ("risk-count-both", true, true),
        ("risk-count-27001", true, false),
        ("risk-count-42001", false, true),
        ("risk-count-no-standard", false, false),
    ] {
        let wanted = |r: &RegisteredRisk| has(r, ISO27001) == one && has(r, ISO42001) == other;
        lines.push((w.text(label).to_owned(), number(&wanted), false));
    }
    for band in RiskBand::ALL.into_iter().rev() {
        let label = w.with("risk-count-level", &[("band", band_word(w, band).into())]);
        lines.push((label, number(&|r| r.band == Some(band)), false));
    }
    lines.push((w.text("risk-count-no-level").to_owned(), number(&|r| r.band.is_none()), false));
    for option in RiskOption::ALL {
        let label = w.with("risk-count-option", &[("option", text::option(w, option).into())]);
        lines.push((label, number(&|r| r.option == Some(option)), false));
    }
    for (label, count) in [
        ("risk-count-treatment", c.treatment_not_decided),
        ("risk-count-no-control", c.without_control),
        ("risk-count-no-residual", c.without_residual),
        ("risk-count-not-accepted", c.not_accepted),
        ("risk-count-no-owner", c.without_owner),
        ("risk-count-overdue", c.review_overdue),
        ("risk-count-excluded", c.excluded_controls),
        ("risk-count-controls-alone", c.controls_without_risk),
        ("risk-count-unknown", c.unknown_ids),
        ("risk-count-not-linked", c.not_linked),
    ] {
        lines.push((w.text(label).to_owned(), count, true));
    }
    lines
}

fn cover(sheet: &mut Worksheet, view: &View<'_>) -> Result<(), XlsxError> {
    let (w, report) = (view.words, &view.report.risks);
    sheet.set_column_width(0, 46)?;
    sheet.set_column_width(1, 56)?;
    put(sheet, 0, 0, w.text("risk-book-title"), &sheet::title())?;
    sheet.set_row_height(0, 30)?;
    put(sheet, 1, 0, w.text("risk-book-subtitle"), &sheet::heading())?;
    put(sheet, 2, 0, &status(view), &sheet::warning())?;
    let explained = match report.state {
        RegisterState::Read => w.text("risk-explained").to_owned(),
        _ => format!("{}.", no_register(view)),
    };
    let mut row = sheet::face(sheet, 4, 1, 100.0, view, &[&explained])?;
    row += 1;
    let mut facts: Vec<(&str, String)> = view.particulars();
    let scopes = [ISO27001, ISO42001].map(|id| w.with("scope-of", &[("name", id.into())]));
    facts.insert(1, (&scopes[0], view.scope(ISO27001)));
    facts.insert(2, (&scopes[1], view.scope(ISO42001)));
    facts.push((w.text("sheet-register"), sources(view)));
    for (label, value) in facts {
        sheet::fact(sheet, row, label, &value, 56.0)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, w.text("soa-state"))?;
    row += 1;
    let mut lines = match report.state {
        RegisterState::Read => counts(view),
        _ => Vec::new(),
    };
    let systems = report.counts.systems_without_impact_assessment;
    lines.push((w.text("risk-count-no-impact").to_owned(), systems, true));
    if !report.faults.is_empty() {
        lines.insert(0, (w.text("risk-count-faults").to_owned(), report.faults.len() as u32, true));
    }
    for (label, number, debt) in lines {
        let format = sheet::value();
        let format = if debt && number > 0 { format.set_bold() } else { format };
        put(sheet, row, 0, &label, &sheet::label())?;
        Cell::Count(number as usize).write(view.words, sheet, row, 1, &format)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, w.text("risk-approval"))?;
    row += 1;
    for label in
        ["sign-prepared-by", "sign-approved-by", "sign-role", "sign-date", "sign-signature"]
    {
        sheet::fact(sheet, row, w.text(label), "", 56.0)?;
        sheet.set_row_height(row, 22)?;
        row += 1;
    }
    Ok(())
}

/// In place of a register: that there is none, and what to do.
fn nothing(sheet: &mut Worksheet, view: &View<'_>) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 102)?;
    put(sheet, 0, 0, view.words.text("risk-nothing"), &sheet::heading())?;
    let w = view.words;
    let faults = view.report.risks.faults.iter().map(|fault| match &fault.help {
        Some(help) => format!("{}: {}; {}", place(w, fault), w.said(&fault.message), w.said(help)),
        None => format!("{}: {}", place(w, fault), w.said(&fault.message)),
    });
    let about = view.words.text("risk-about-register");
    let lines = [format!("{}.", no_register(view))]
        .into_iter()
        .chain(faults)
        .chain((view.report.risks.state == RegisterState::Missing).then(|| about.to_owned()));
    for (row, text) in (2..).zip(lines) {
        put(sheet, row, 0, &text, &sheet::paragraph())?;
        sheet.set_row_height(row, sheet::height(sheet::lines_of(&text, 102.0)) + 6.0)?;
    }
    Ok(())
}

/// Where the risks come from.
fn sources(view: &View<'_>) -> String {
    let report = &view.report.risks;
    let w = view.words;
    let state = match report.state {
        RegisterState::Missing => Some("risk-state-missing"),
        RegisterState::Unreadable => Some("risk-state-unreadable"),
        RegisterState::Read => None,
    };
    if let Some(state) = state {
        return w.with("risk-source-state", &[("state", w.text(state).into())]);
    }
    let mut names: Vec<&str> = Vec::new();
    for entry in &report.entries {
        let source = entry.risk.source.as_str();
        let source = if source.is_empty() { w.text("risk-added-by-hand") } else { source };
        if !names.contains(&source) {
            names.push(source);
        }
    }
    match names.as_slice() {
        [] => w.text("risk-source-none").to_owned(),
        names => w.with("risk-source-from", &[("names", (&names.join(", ")).into())]),
    }
}
