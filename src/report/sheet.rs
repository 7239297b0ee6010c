//! Workbooks in one restrained look: banded headers, wrapped text, coverage as a word on a colour,
//! machine opinion in italic grey. Texts are written as texts, never as formulas.

use std::borrow::Cow;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook,
    Worksheet, XlsxError,
};

use super::{
    text,
    view::{State, View},
};
use crate::{domain::Date, words::Words};

pub(super) const INK: u32 = 0x001F_2933;
pub(super) const SOFT: u32 = 0x005B_6672;
pub(super) const LINE: u32 = 0x00D3_D9DF;
pub(super) const TARGET_BAND: u32 = 0x0022_3D52;
pub(super) const REVIEWED_BAND: u32 = 0x0024_594D;
pub(super) const MACHINE_BAND: u32 = 0x0075_7D86;
/// What a person still owes.
pub(super) const OWED: u32 = 0x008A_4B00;

/// Most links that Excel opens on a sheet.
const MOST_LINKS: usize = 65_530;

/// Most rows of data on a sheet, with room for the headings.
const MOST_ROWS: usize = 1_048_000;

/// What a column is: it decides the heading that it stands under and how its cells look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Band {
    /// What the row is about: a message id.
    Subject(&'static str),
    Reviewed,
    Machine,
}

impl Band {
    pub(super) fn colour(self) -> u32 {
        match self {
            Self::Subject(_) => TARGET_BAND,
            Self::Reviewed => REVIEWED_BAND,
            Self::Machine => MACHINE_BAND,
        }
    }

    /// The heading that fits the width of its columns, in characters.
    pub(super) fn title(self, words: &Words, width: f64) -> &str {
        let id = match self {
            Self::Subject(id) => return words.text(id),
            Self::Reviewed => ("band-reviewed", "band-reviewed-short"),
            Self::Machine => ("band-machine", "band-machine-short"),
        };
        let long = words.text(id.0);
        // A heading is bold and has some air around it.
        if width < long.chars().count() as f64 { words.text(id.1) } else { long }
    }
}

/// Message id of the heading, width in characters, band.
pub(super) type Column = (&'static str, f64, Band);

#[derive(Debug)]
pub(super) enum Cell {
    Text(String),
    Count(usize),
    /// A probability, shown with two digits.
    Probability(f32),
    Day(Option<Date>),
    State(State),
    /// A word on a colour: ink and ground.
    Toned(String, (u32, u32)),
    /// A person still owes this.
    Owed(String),
    /// A text that leads to a cell of another sheet: message id of its name, and row from 0.
    Link(String, &'static str, u32),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A table that fills a sheet.
pub(super) struct Table<'a> {
    /// Message id of the sheet's name, or the name.
    pub(super) sheet: &'a str,
    /// First line of the sheet.
    pub(super) title: String,
    pub(super) columns: &'a [Column],
    pub(super) rows: Vec<Vec<Cell>>,
    /// Columns at the left that stay while scrolling.
    pub(super) frozen: u16,
}

/// Rows above the first data row of a [`Table`]: title, state, bands, headings.
pub(super) const HEADER_ROWS: u32 = 4;

/// A workbook in the making.
pub(super) struct Book<'v> {
    workbook: Workbook,
    view: &'v View<'v>,
}

impl<'v> Book<'v> {
    pub(super) fn new(view: &'v View<'_>, title: &str) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let mut properties = DocProperties::new()
            .set_title(title)
            .set_author(format!("evimap {}", view.report.program_version))
            .set_company(shown(&view.report.organisation, 250))
            .set_comment(format!("Output of evimap. {}", super::DISCLAIMER));
        if let Some(day) = excel_day(view.report.as_of) {
            properties = properties.set_creation_datetime(&day);
        }
        workbook.set_properties(&properties);
        Ok(Self { workbook, view })
    }

    /// Adds an empty sheet that prints in landscape on pages as wide as the sheet. Its name is given
    /// by message id.
    pub(super) fn sheet(&mut self, name: &str, paper: Paper) -> Result<&mut Worksheet, XlsxError> {
        let report = self.view.report;
        // `&` starts a code in headers and footers, which are bounded to 255 characters.
        let who = shown(&report.organisation, 60).replace('&', "&&").replace('\n', " ");
        let w = self.view.words;
        let as_of = w.with("as-of-day", &[("day", (&report.as_of.to_string()).into())]);
        let footer = format!(
            "&L&8{who} – evimap {} – {as_of}&R&8&A – {} &P {} &N",
            report.program_version,
            w.text("page"),
            w.text("page-of"),
        );
        let label = shown(&report.classification, 60).replace('&', "&&").replace('\n', " ");
        let sheet = self.workbook.add_worksheet();
        sheet
            .set_name(sheet_name(w.text(name)))?
            .set_paper_size(paper as u8)
            .set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3)
            .set_print_fit_to_pages(1, 0)
            .set_screen_gridlines(false)
            .set_footer(footer);
        if !label.is_empty() {
            sheet.set_header(format!("&R&8&B{label}"));
        }
        if paper == Paper::A3 {
            sheet.set_landscape();
        }
        Ok(sheet)
    }

    /// Adds a sheet with a table.
    pub(super) fn table(&mut self, table: &Table<'_>) -> Result<(), XlsxError> {
        let mut state = state_line(self.view);
        let all = table.rows.len();
        if all > MOST_ROWS {
            let put = [("shown", MOST_ROWS.into()), ("all", all.into())];
            state.push(' ');
            state.push_str(&self.view.words.with("no-more-rows", &put));
        }
        let mut links = 0;
        let nothing = self.view.nothing_reviewed();
        let w = self.view.words;
        let sheet = self.sheet(table.sheet, Paper::A3)?;
        put(sheet, 0, 0, &table.title, &heading())?;
        put(sheet, 1, 0, &state, &if nothing { warning() } else { note() })?;
        bands(w, sheet, 2, table.columns)?;
        for (column, (title, width, band)) in (0_u16..).zip(table.columns) {
            sheet.set_column_width(column, *width)?;
            put(sheet, 3, column, w.text(title), &column_heading(*band))?;
        }
        let heads = table.columns.iter().map(|(title, width, _)| lines_of(w.text(title), *width));
        sheet.set_row_height(3, height(heads.max().unwrap_or(1)).max(27.0))?;
        let plain: Vec<Format> = table.columns.iter().map(|(_, _, band)| body(*band)).collect();
        for (row, cells) in (HEADER_ROWS..).zip(table.rows.iter().take(MOST_ROWS)) {
            for ((column, cell), format) in (0_u16..).zip(cells).zip(&plain) {
                match cell {
                    // Beyond that many, Excel repairs the file by dropping them: say it instead.
                    Cell::Link(value, ..) if links >= MOST_LINKS => {
                        put(sheet, row, column, &format!("{value} {}", w.text("no-link")), format)?;
                    }
                    cell => {
                        links += usize::from(matches!(cell, Cell::Link(..)));
                        cell.write(w, sheet, row, column, format)?;
                    }
                }
            }
            let widths = table.columns.iter().map(|(_, width, _)| *width);
            let lines = cells.iter().zip(widths).map(|(cell, width)| cell.lines(w, width)).max();
            sheet.set_row_height(row, height(lines.unwrap_or(1)))?;
        }
        let last_column = table.columns.len().saturating_sub(1) as u16;
        let last_row = (HEADER_ROWS - 1 + all.min(MOST_ROWS) as u32).max(HEADER_ROWS);
        sheet.autofilter(HEADER_ROWS - 1, 0, last_row, last_column)?;
        sheet.set_freeze_panes(HEADER_ROWS, table.frozen)?;
        sheet.set_repeat_rows(2, HEADER_ROWS - 1)?;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, String> {
        self.workbook.save_to_buffer().map_err(|error| error.to_string())
    }
}

/// Paper for printing, by Excel's numbers. A4 stands upright, A3 lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paper {
    A3 = 8,
    A4 = 9,
}

impl Cell {
    /// Lines that the cell takes in a column of that width.
    fn lines(&self, words: &Words, width: f64) -> usize {
        match self {
            Self::Text(text) | Self::Owed(text) | Self::Toned(text, _) | Self::Link(text, ..) => {
                lines_of(text, width)
            }
            Self::State(state) => lines_of(state.said(words), width),
            Self::Count(_) | Self::Probability(_) | Self::Day(_) => 1,
        }
    }

    pub(super) fn write(
        &self,
        words: &Words,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        format: &Format,
    ) -> Result<(), XlsxError> {
        match self {
            Self::Text(value) => put(sheet, row, column, value, format)?,
            Self::Count(value) => {
                sheet.write_number_with_format(row, column, *value as f64, format)?;
            }
            Self::Probability(value) => {
                let format = format.clone().set_num_format("0.00");
                sheet.write_number_with_format(row, column, two_digits(*value), &format)?;
            }
            Self::Day(None) => put(sheet, row, column, "", format)?,
            Self::Day(Some(date)) => match excel_day(*date) {
                Some(day) => {
                    let format = format.clone().set_num_format("yyyy-mm-dd");
                    sheet.write_datetime_with_format(row, column, &day, &format)?;
                }
                None => put(sheet, row, column, &date.to_string(), format)?,
            },
            Self::State(state) => put(sheet, row, column, state.said(words), &coloured(*state))?,
            Self::Toned(value, colours) => put(sheet, row, column, value, &toned(*colours))?,
            Self::Owed(value) => {
                let format = format.clone().set_bold().set_font_color(Color::RGB(OWED));
                put(sheet, row, column, value, &format)?;
            }
            Self::Link(value, target, target_row) => {
                let target = sheet_name(words.text(target));
                let url = Url::new(format!("internal:'{target}'!A{}", target_row + 1))
                    .set_text(shown(value, 250));
                let format = format.clone().set_font_color(Color::RGB(0x001F_5A8C));
                sheet.write_url_with_format(row, column, &url, &format)?;
            }
        }
        Ok(())
    }
}

/// Writes a text as a text, or a formatted blank if it is empty.
pub(super) fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if value.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else {
        let shown = fitting(value, text::CELL_LIMIT, text::CUT_CELL);
        sheet.write_string_with_format(row, column, shown, format)?;
    }
    Ok(())
}

/// A short text of a header, property or link.
fn shown(value: &str, limit: usize) -> String {
    fitting(value, limit, "…")
}

/// A printable text with at most so many UTF-16 units; a cut is marked with `note`.
pub(super) fn fitting(value: &str, limit: usize, note: &str) -> String {
    match text::plain(value) {
        Cow::Borrowed(plain) => text::cut(plain, limit, note).into_owned(),
        Cow::Owned(plain) => text::cut(&plain, limit, note).into_owned(),
    }
}

/// Lines that a wrapped text takes, by a cautious estimate: not every program fits rows to their
/// text when it opens a workbook.
pub(super) fn lines_of(text: &str, width: f64) -> usize {
    let room = (width * 1.4).max(1.0) as usize;
    let units =
        |line: &str| line.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum::<usize>();
    text.lines().map(|line| units(line).div_ceil(room).max(1)).sum::<usize>().max(1)
}

/// Height in points of a row with so many lines; Excel allows 409.
pub(super) fn height(lines: usize) -> f64 {
    (lines as f64 * 12.0 + 3.0).min(409.0)
}

fn two_digits(value: f32) -> f64 {
    let value = f64::from(value);
    if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 }
}

fn excel_day(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = date.ymd();
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, month, day).ok()
}

/// At most 31 characters, none of those that Excel refuses.
fn sheet_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { '-' } else { c })
        .take(31)
        .collect();
    if kept.trim().is_empty() { "Sheet".to_owned() } else { kept }
}

/// The line under a sheet's title: how much is reviewed.
pub(super) fn state_line(view: &View<'_>) -> String {
    let (state, as_of) = (view.review_state(), view.report.as_of.to_string());
    let id = if view.nothing_reviewed() { "state-nothing" } else { "state-some" };
    view.words.with(id, &[("day", (&as_of).into()), ("state", (&state).into())])
}

/// The lines that must be seen first, over the columns up to `last`: how much is reviewed, and
/// against what. Gives the next free row.
pub(super) fn face(
    sheet: &mut Worksheet,
    mut row: u32,
    last: u16,
    width: f64,
    view: &View<'_>,
    more: &[&str],
) -> Result<u32, XlsxError> {
    let state = view.review_state();
    let mut lines =
        vec![(state.as_str(), banner(view)), (view.words.text("disclaimer"), paragraph())];
    lines.extend(more.iter().map(|text| (*text, paragraph())));
    for (n, (text, format)) in lines.into_iter().enumerate() {
        sheet.merge_range(row, 0, row, last, "", &format)?;
        put(sheet, row, 0, text, &format)?;
        // Merged cells don't grow; the first is set larger.
        let height = if n == 0 {
            16 * lines_of(text, width * 0.7) + 10
        } else {
            12 * lines_of(text, width) + 6
        };
        sheet.set_row_height(row, height as f64)?;
        row += 1;
    }
    Ok(row)
}

/// The heading of a part of a sheet.
pub(super) fn section(sheet: &mut Worksheet, row: u32, text: &str) -> Result<(), XlsxError> {
    put(sheet, row, 0, text, &heading())?;
    sheet.set_row_height(row, 22)?;
    Ok(())
}

/// A label and its value in the first two columns, with the height that it needs.
pub(super) fn fact(
    sheet: &mut Worksheet,
    row: u32,
    name: &str,
    text: &str,
    width: f64,
) -> Result<(), XlsxError> {
    put(sheet, row, 0, name, &label())?;
    put(sheet, row, 1, text, &value())?;
    sheet.set_row_height(row, height(lines_of(text, width)))?;
    Ok(())
}

/// Merged headings over neighbouring columns of the same band.
fn bands(
    words: &Words,
    sheet: &mut Worksheet,
    row: u32,
    columns: &[Column],
) -> Result<(), XlsxError> {
    let mut start = 0;
    while start < columns.len() {
        let band = columns[start].2;
        let len = columns[start..].iter().take_while(|(_, _, other)| *other == band).count();
        let (first, last) = (start as u16, (start + len - 1) as u16);
        let width = columns[start..start + len].iter().map(|(_, width, _)| width).sum();
        let title = band.title(words, width);
        let format = band_heading(band);
        if first == last {
            put(sheet, row, first, title, &format)?;
        } else {
            sheet.merge_range(row, first, row, last, title, &format)?;
        }
        start += len;
    }
    Ok(())
}

fn base() -> Format {
    Format::new()
        .set_font_name("Arial")
        .set_font_size(9)
        .set_font_color(Color::RGB(INK))
        .set_align(FormatAlign::Top)
}

fn lined(format: Format) -> Format {
    format.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(Color::RGB(LINE))
}

pub(super) fn title() -> Format {
    base().set_font_size(20).set_bold().set_font_color(Color::RGB(TARGET_BAND))
}

pub(super) fn heading() -> Format {
    base().set_font_size(14).set_bold().set_font_color(Color::RGB(TARGET_BAND))
}

pub(super) fn note() -> Format {
    base().set_font_color(Color::RGB(SOFT))
}

pub(super) fn paragraph() -> Format {
    base().set_text_wrap()
}

pub(super) fn label() -> Format {
    lined(base().set_font_color(Color::RGB(SOFT)))
}

pub(super) fn value() -> Format {
    lined(base().set_text_wrap().set_align(FormatAlign::Left))
}

/// For the line that says that nothing is reviewed.
pub(super) fn warning() -> Format {
    base().set_bold().set_font_color(Color::RGB(OWED))
}

fn boxed(format: Format, ground: u32, line: u32) -> Format {
    format
        .set_bold()
        .set_font_size(12)
        .set_text_wrap()
        .set_indent(1)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(ground))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(line))
}

/// The box that says how much is reviewed: amber as long as nothing is.
pub(super) fn banner(view: &View<'_>) -> Format {
    if view.nothing_reviewed() {
        boxed(warning(), 0x00FD_F1DC, 0x00D9_A441)
    } else {
        boxed(base(), 0x00EE_F2F5, 0x00B8_C4CE)
    }
}

pub(super) fn band_heading(band: Band) -> Format {
    let format = base()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(band.colour()))
        .set_align(FormatAlign::Left)
        .set_border_left(FormatBorder::Thin)
        .set_border_left_color(Color::White);
    if band == Band::Machine { format.set_italic() } else { format }
}

pub(super) fn column_heading(band: Band) -> Format {
    let format = base()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Bottom)
        .set_border_bottom(FormatBorder::Medium)
        .set_border_bottom_color(Color::RGB(SOFT));
    match band {
        Band::Machine => format
            .set_italic()
            .set_font_color(Color::RGB(SOFT))
            .set_background_color(Color::RGB(0x00EC_EDEF)),
        _ => format.set_background_color(Color::RGB(0x00DF_E7EC)),
    }
}

pub(super) fn body(band: Band) -> Format {
    let format = lined(base().set_text_wrap().set_align(FormatAlign::Left));
    match band {
        Band::Machine => format
            .set_italic()
            .set_font_color(Color::RGB(SOFT))
            .set_background_color(Color::RGB(0x00F7_F8F9)),
        _ => format,
    }
}

/// Coverage: always a word, on a colour that supports it.
pub(super) fn coloured(state: State) -> Format {
    toned(state_colours(state))
}

/// A word on a colour that supports it: ink and ground.
pub(super) fn toned((ink, ground): (u32, u32)) -> Format {
    lined(base().set_bold().set_text_wrap())
        .set_font_color(Color::RGB(ink))
        .set_background_color(Color::RGB(ground))
}

/// Ink and ground of a state, for workbooks and Word files alike.
pub(super) fn state_colours(state: State) -> (u32, u32) {
    match state {
        State::Full => (0x001B_5E3F, 0x00DF_F0E6),
        State::Partial => (0x0079_4F00, 0x00FB_EFD5),
        State::None => (0x008F_2A21, 0x00F8_E2DF),
        State::Asserted => (0x0054_3687, 0x00EC_E5F5),
        State::NotApplicable => (0x0044_4F5B, 0x00E9_EDF0),
        State::NotReviewed => (0x0044_4F5B, 0x00FF_FFFF),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_follow_the_rules_of_excel() {
        assert_eq!(sheet_name("A/B: [c]*"), "A-B- -c--");
        assert_eq!(sheet_name(&"x".repeat(40)).len(), 31);
        assert_eq!(sheet_name(" "), "Sheet");
    }
}
