//! One row of a SoA, as it was read.

use super::{
    super::{dates, fields::Cells},
    words,
};
use crate::{
    diag::Diagnostic,
    domain::{Applicability, Date, ImplementationStatus, SoaLink, TargetId, squash_whitespace},
};

/// Characters of a row that are looked through for names of documents.
const LONGEST: usize = 4_000;

/// What a row says. Texts are as they stand there, with white space made plain.
#[derive(Debug, Clone, Default)]
pub(super) struct SoaRow {
    /// `SoA.xlsx row 12`
    pub(super) place: String,
    pub(super) file: String,
    pub(super) row: u32,
    /// `A.9.2.5 of 2013`
    pub(super) label: String,
    pub(super) targets: Vec<TargetId>,
    pub(super) of_2013: bool,
    pub(super) applicability: Option<Applicability>,
    pub(super) reasons: Vec<&'static str>,
    pub(super) justification: String,
    pub(super) risk_ids: String,
    pub(super) status: Option<ImplementationStatus>,
    pub(super) due: Option<Date>,
    pub(super) provider: String,
    pub(super) owner: String,
    pub(super) evidence: String,
    /// Everything that may name a document.
    pub(super) said: String,
    /// What has no column of its own in `positions.csv`, for `comment`: `how: …`.
    pub(super) besides: Vec<String>,
}

impl SoaRow {
    /// `SoA.xlsx row 12 (A.9.2.5 of 2013)`
    pub(super) fn origin(&self) -> String {
        format!("{} ({})", self.place, self.label)
    }

    /// What of it may name documents; `None` if it says that the control is out or not done.
    pub(super) fn link(&self) -> Option<SoaLink> {
        let out = self.applicability == Some(Applicability::NotApplicable)
            || self.status == Some(ImplementationStatus::NotImplemented);
        let names = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        let text: String = self.said.chars().take(LONGEST).collect();
        (!out && names(&text)).then(|| SoaLink {
            file: self.file.clone(),
            row: self.row,
            targets: self.targets.clone(),
            from_2013: self.of_2013.then(|| self.label.trim_end_matches(" of 2013").to_owned()),
            text,
        })
    }

    /// What it names as evidence, item by item.
    pub(super) fn documents(&self) -> impl Iterator<Item = String> + '_ {
        self.evidence
            .split([';', '\n', '|'])
            .map(squash_whitespace)
            .filter(|item| item.chars().filter(|c| c.is_alphabetic()).count() >= 2)
    }
}

/// Reads a row; with it, what in its cells could not be made out. Such words go to `comment` as they are.
pub(super) fn read_row(
    cells: &Cells<'_>,
    place: String,
    label: String,
    targets: Vec<TargetId>,
    of_2013: bool,
) -> (SoaRow, Vec<Diagnostic>) {
    let text = |field: &str| squash_whitespace(&cells.get(field));
    let mut notes = Vec::new();
    let mut row = SoaRow {
        place,
        label,
        targets,
        of_2013,
        risk_ids: text("risk_ids"),
        provider: text("provider"),
        owner: text("owner"),
        evidence: cells.get("evidence"),
        ..SoaRow::default()
    };
    let mut unread = |besides: &mut Vec<String>, column: &'static str, cell: &str| {
        let message = format!("`{}` can't be read as {column}", squash_whitespace(cell));
        let help = "it is carried over as text; fill in the cell of the proposed row";
        notes.push(Diagnostic::note("import-cell", message).in_column(column).help(help));
        besides.push(format!("{column} there: {}", squash_whitespace(cell)));
    };
    let (said, excluded, state) =
        (cells.get("applicable"), cells.get("excluded"), cells.get("status"));
    let plain = words::applicability(&said);
    let out = words::flag(&excluded).filter(|yes| *yes).map(|_| Applicability::NotApplicable);
    if plain.is_none() && !said.is_empty() {
        unread(&mut row.besides, "applicable", &said);
    }
    row.applicability = match (plain, out) {
        (Some(one), Some(other)) if one != other => {
            unread(&mut row.besides, "applicable", &format!("{said}, and excluded: {excluded}"));
            None
        }
        (one, other) => one.or(other),
    };
    row.status = words::status(&state).or_else(|| {
        // A column "Implemented" with yes and no.
        words::flag(&state).map(|yes| match yes {
            true => ImplementationStatus::Implemented,
            false => ImplementationStatus::NotImplemented,
        })
    });
    if row.status.is_none() && !state.is_empty() {
        // Some tables put "not applicable" among the states.
        match words::applicability(&state) {
            Some(Applicability::NotApplicable) if row.applicability.is_none() => {
                row.applicability = Some(Applicability::NotApplicable);
            }
            Some(Applicability::NotApplicable) => {}
            _ => unread(&mut row.besides, "status", &state),
        }
    }
    let due = cells.get("due");
    match dates::read_date(&due, None) {
        Ok(day) => row.due = day,
        Err(_) => unread(&mut row.besides, "due", &due),
    }
    for reason in ["risk", "legal", "contractual", "business"] {
        if words::flag(&cells.get(reason)) == Some(true) {
            row.reasons.push(reason);
        }
    }
    let (why, why_not) = (text("justification"), text("exclusion_justification"));
    row.justification = match row.applicability {
        Some(Applicability::NotApplicable) if !why_not.is_empty() => why_not.clone(),
        _ if why.is_empty() => why_not.clone(),
        _ => why.clone(),
    };
    for other in [&why, &why_not] {
        if !other.is_empty() && *other != row.justification {
            row.besides.push(format!("also: {other}"));
        }
    }
    for (field, word) in [("how", "how"), ("evidence", "documents"), ("remarks", "remarks")] {
        let said = text(field);
        if !said.is_empty() {
            row.besides.push(format!("{word}: {said}"));
        }
    }
    let said = ["evidence", "how", "remarks", "justification"].map(text);
    row.said = said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
    (row, notes)
}
