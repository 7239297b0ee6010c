//! The sheet `Matrix`: how many risks there are by likelihood and impact, before treatment.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::{
    risk_sheets::colours,
    sheet::{self, Band, put},
    view::View,
};
use crate::domain::{RiskBand, RiskEntry};

/// Names that a cell holds before it only counts.
const NAMED: usize = 6;
/// First row and column of the grid.
const TOP: u32 = 4;
const LEFT: u16 = 1;

/// Writes five times five cells: likelihood upwards, impact to the right.
pub(super) fn write(sheet: &mut Worksheet, view: &View<'_>) -> Result<(), XlsxError> {
    let w = view.words;
    let entries: Vec<&RiskEntry> =
        view.report.risks.entries.iter().filter(|e| !e.risk.closed).collect();
    sheet.set_column_width(0, 16)?;
    for column in 0..5 {
        sheet.set_column_width(LEFT + column, 21)?;
    }
    put(sheet, 0, 0, w.text("matrix-title"), &sheet::heading())?;
    let state = if view.nothing_reviewed() { sheet::warning() } else { sheet::note() };
    put(sheet, 1, 0, &sheet::state_line(view), &state)?;
    let band = Band::Subject("matrix-impact");
    let heading = sheet::band_heading(band);
    put(sheet, 2, 0, w.text("matrix-likelihood"), &heading)?;
    sheet.merge_range(2, LEFT, 2, LEFT + 4, w.text("matrix-impact"), &heading)?;
    let centred = sheet::column_heading(band).set_align(FormatAlign::Center);
    put(sheet, 3, 0, "", &centred)?;
    for impact in 1..=5_u16 {
        put(sheet, 3, LEFT + impact - 1, &impact.to_string(), &centred)?;
    }
    for likelihood in 1..=5_u32 {
        let row = TOP + 5 - likelihood;
        sheet.set_row_height(row, 66)?;
        let side = centred.clone().set_align(FormatAlign::VerticalCenter);
        put(sheet, row, 0, &likelihood.to_string(), &side)?;
        for impact in 1..=5_u32 {
            let here: Vec<&str> = entries
                .iter()
                .filter(|e| {
                    (e.risk.likelihood_of_5, e.risk.impact_of_5) == (Some(likelihood), Some(impact))
                })
                .map(|e| e.name.as_str())
                .collect();
            let format = tile(RiskBand::of(likelihood * impact, 25), here.is_empty());
            put(sheet, row, LEFT + impact as u16 - 1, &words(&here), &format)?;
        }
    }
    let lost: Vec<&str> =
        entries.iter().filter(|e| e.risk.product().is_none()).map(|e| e.name.as_str()).collect();
    let mut notes = vec![w.text("matrix-note").to_owned()];
    if !lost.is_empty() {
        let mut named = lost.iter().take(20).copied().collect::<Vec<_>>().join(", ");
        let more = lost.len().saturating_sub(20);
        if more > 0 {
            named = w.with("and-more", &[("named", (&named).into()), ("n", more.into())]);
        }
        notes.push(w.with("matrix-lost", &[("names", (&named).into())]));
    }
    for (row, text) in (TOP + 6..).zip(notes) {
        sheet.merge_range(row, 0, row, LEFT + 4, "", &sheet::paragraph())?;
        put(sheet, row, 0, &text, &sheet::paragraph())?;
        sheet.set_row_height(row, sheet::height(sheet::lines_of(&text, 118.0)))?;
    }
    Ok(())
}

/// The number, and which they are.
fn words(names: &[&str]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n{}", names.len(), names[..names.len().min(NAMED)].join(", "));
    if names.len() > NAMED {
        text.push_str(" …");
    }
    text
}

fn tile(band: RiskBand, empty: bool) -> Format {
    let (ink, ground) = colours(band);
    let format = sheet::paragraph()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(ground))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::White)
        .set_font_color(Color::RGB(ink));
    if empty { format } else { format.set_bold() }
}
