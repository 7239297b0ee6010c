//! `risk-register.xlsx`: cover, register, draft treatment plan, matrix, assets, impact assessments, open
//! questions. Without a register it says so, and how to take one over.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    inventory_sheets, risk_matrix, risk_plan,
    risk_sheets::{self, no_register},
    sheet::{self, Book, Cell, Paper, put},
    view::View,
};
use crate::domain::{ISO27001, ISO42001, RegisterState, RegisteredRisk, RiskBand, RiskOption};

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    build(view).map_err(|error| error.to_string())?.finish()
}

fn build<'v>(view: &'v View<'_>) -> Result<Book<'v>, XlsxError> {
    let mut book = Book::new(view, "Risk register and treatment plan (draft)")?;
    cover(book.sheet("Cover", Paper::A4)?, view)?;
    if view.report.risks.state == RegisterState::Read {
        book.table(&risk_sheets::register(view))?;
        book.table(&risk_plan::table(view))?;
        risk_matrix::write(book.sheet("Matrix", Paper::A3)?, view)?;
    } else {
        nothing(book.sheet("Register", Paper::A4)?, view)?;
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
    let counts = &view.report.risks.counts;
    let state = match counts.register {
        RegisterState::Missing => "there is no register".to_owned(),
        RegisterState::Unreadable => "the register can't be read".to_owned(),
        RegisterState::Read => match (open(view).count(), counts.not_accepted) {
            (0, _) => "no open risk in the register".to_owned(),
            (_, 0) => "no residual risk waits for acceptance".to_owned(),
            (all, n) => format!("{n} of {all} open risks wait for acceptance"),
        },
    };
    format!("Status: DRAFT – not approved; {state}")
}

/// What the cover counts: label, number, and whether a person owes it.
fn counts(view: &View<'_>) -> Vec<(String, u32, bool)> {
    let c = &view.report.risks.counts;
    let number = |wanted: &dyn Fn(&RegisteredRisk) -> bool| {
        open(view).filter(|risk| wanted(risk)).count() as u32
    };
    let mut lines =
        vec![("Risks".to_owned(), c.risks, false), ("Closed".to_owned(), c.closed, false)];
    let has = |risk: &RegisteredRisk, id: &str| risk.standards.iter().any(|s| s == id);
    for (label, one, other) in [
        ("Open, concerning both standards", true, true),
        ("Open, concerning ISO27001 only", true, false),
        ("Open, concerning ISO42001 only", false, true),
        ("Open, no standard named", false, false),
    ] {
        let wanted = |r: &RegisteredRisk| has(r, ISO27001) == one && has(r, ISO42001) == other;
        lines.push((label.to_owned(), number(&wanted), false));
    }
    for band in RiskBand::ALL.into_iter().rev() {
        let label = format!("Level {}", band.as_str());
        lines.push((label, number(&|r| r.band == Some(band)), false));
    }
    lines.push(("Level not read as one of four".to_owned(), number(&|r| r.band.is_none()), false));
    for option in RiskOption::ALL {
        let label = format!("Treatment: {}", option.as_str());
        lines.push((label, number(&|r| r.option == Some(option)), false));
    }
    for (label, count) in [
        ("Treatment NOT DECIDED", c.treatment_not_decided),
        ("Risks without a control", c.without_control),
        ("Residual risk not stated", c.without_residual),
        ("Residual risk NOT ACCEPTED", c.not_accepted),
        ("Risk owner OPEN", c.without_owner),
        ("Review overdue", c.review_overdue),
        ("Excluded controls that are to treat a risk", c.excluded_controls),
        ("Controls without a risk in the register", c.controls_without_risk),
        ("Controls whose position names an unknown risk", c.unknown_ids),
        ("Controls named by the register, not linked by their position", c.not_linked),
    ] {
        lines.push((label.to_owned(), count, true));
    }
    lines
}

fn cover(sheet: &mut Worksheet, view: &View<'_>) -> Result<(), XlsxError> {
    let report = &view.report.risks;
    sheet.set_column_width(0, 46)?;
    sheet.set_column_width(1, 56)?;
    put(sheet, 0, 0, "Risk register and treatment plan", &sheet::title())?;
    sheet.set_row_height(0, 30)?;
    put(sheet, 1, 0, "One register for information security and AI", &sheet::heading())?;
    put(sheet, 2, 0, &status(view), &sheet::warning())?;
    let explained = match report.state {
        RegisterState::Read => {
            "Risks, levels and treatments are those of review/risks.csv: people \
             keep that file. Coverage of a control is what people accepted as evidence for it. \
             Nothing here accepts a risk."
                .to_owned()
        }
        _ => format!("{}.", no_register(view)),
    };
    let mut row = sheet::face(sheet, 4, 1, 100.0, view, &[&explained])?;
    row += 1;
    let mut facts = view.particulars();
    facts.insert(1, ("Scope ISO27001", view.scope(ISO27001)));
    facts.insert(2, ("Scope ISO42001", view.scope(ISO42001)));
    facts.push(("Register", sources(view)));
    for (label, value) in facts {
        sheet::fact(sheet, row, label, &value, 56.0)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, "State of this draft")?;
    row += 1;
    let mut lines = match report.state {
        RegisterState::Read => counts(view),
        _ => Vec::new(),
    };
    let systems = report.counts.systems_without_impact_assessment;
    lines.push(("AI systems without evidence of an impact assessment".to_owned(), systems, true));
    if !report.faults.is_empty() {
        lines
            .insert(0, ("Faults of review/risks.csv".to_owned(), report.faults.len() as u32, true));
    }
    for (label, number, debt) in lines {
        let format = sheet::value();
        let format = if debt && number > 0 { format.set_bold() } else { format };
        put(sheet, row, 0, &label, &sheet::label())?;
        Cell::Count(number as usize).write(view.words, sheet, row, 1, &format)?;
        row += 1;
    }
    row += 1;
    sheet::section(sheet, row, "Approval of the treatment plan by the risk owners")?;
    row += 1;
    for label in ["Prepared by", "Approved by", "Role", "Date", "Signature"] {
        sheet::fact(sheet, row, label, "", 56.0)?;
        sheet.set_row_height(row, 22)?;
        row += 1;
    }
    Ok(())
}

/// In place of a register: that there is none, and what to do.
fn nothing(sheet: &mut Worksheet, view: &View<'_>) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 102)?;
    put(sheet, 0, 0, "No risks to show", &sheet::heading())?;
    let faults = view.report.risks.faults.iter().map(|fault| match &fault.help {
        Some(help) => format!("{}: {}; {help}", fault.place(), fault.message),
        None => format!("{}: {}", fault.place(), fault.message),
    });
    let about = "A register is a table with a row a risk (XLSX, ODS or CSV). Its columns are recognised \
         by their headers; several registers become one. What people then write into review/risks.csv \
         stays.";
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
    if report.state != RegisterState::Read {
        return format!("review/risks.csv: {}", report.state.as_str());
    }
    let mut names: Vec<&str> = Vec::new();
    for entry in &report.entries {
        let source = entry.risk.source.as_str();
        let source = if source.is_empty() { "added by hand" } else { source };
        if !names.contains(&source) {
            names.push(source);
        }
    }
    match names.as_slice() {
        [] => "review/risks.csv, no risks".to_owned(),
        names => format!("review/risks.csv; from {}", names.join(", ")),
    }
}
