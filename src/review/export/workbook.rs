//! A review file as a workbook that people work in: drop-downs, a frozen header, filters, links to the
//! documents, and locks on what the machine wrote. Every text is written as a text.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, ProtectionOptions, Url, Workbook, Worksheet, XlsxError,
};

use super::super::{
    cell::escape,
    columns::{CELL_LIMIT, DATES, FileKind},
    table::Table,
    words,
};
use crate::{diag::Diagnostic, domain::Date, words::Words};

/// Most links that Excel opens a sheet with.
const MOST_LINKS: usize = 65_530;
/// Most rows of a sheet below its header.
const MOST_ROWS: usize = 1_048_575;
/// Most characters of a cell that is a link.
const LINK_TEXT: usize = 255;
/// Blank rows below the table that take evidence added by hand.
const SPARE: u32 = 200;
/// Stands where a cell was cut.
pub(in crate::review) const CUT: &str = "… [cut: a cell holds no more; the CSV export has it all]";

/// What a workbook needs to know besides its table.
pub struct Dress<'a> {
    /// The day of the export; it is the workbook's date.
    pub as_of: Date,
    /// Version of evimap.
    pub program: &'a str,
    /// What the guide is written with; names of columns and words to choose from stay as they are.
    pub words: &'static Words,
    /// Ids of the systems that may be named.
    pub systems: &'a [String],
    /// Where a document lies: a relative path with `/`, or an absolute one; percent-encoded.
    pub link: &'a dyn Fn(&str) -> Option<String>,
}

/// The order of columns in workbooks: what is decided on, then the decision, then the rest. Import
/// goes by names.
const SUGGESTED: [&str; 23] = [
    "target",
    "title",
    "point_text",
    "quote",
    "document",
    "locator",
    "document_status",
    "band",
    "confidence",
    "reasons",
    "judge",
    "decision",
    "reviewer",
    "decided_on",
    "comment",
    "points",
    "evidence_kind",
    "evidence_date",
    "also_for",
    "system",
    "level",
    "evidence_type",
    "proposal_id",
];

/// Writes a table as xlsx. The same table and dress give the same bytes. The diagnostics say what a
/// workbook can't hold.
///
/// # Errors
/// The table does not fit into a sheet: too many rows, or a person's text that would be cut.
pub fn to_workbook(table: &Table, dress: &Dress<'_>) -> Result<(Vec<u8>, Vec<Diagnostic>), String> {
    if table.rows.len() > MOST_ROWS {
        return Err(format!(
            "{} has {} rows, a sheet holds {MOST_ROWS}; export as CSV, or with --split",
            table.name,
            table.rows.len()
        ));
    }
    let mut sheet = Sheet { table, dress, links: 0, unlinked: 0, over: 0, cut: 0 };
    sheet.check()?;
    sheet.book().map_err(|error| format!("{} can't be made: {error}", table.name))
}

struct Sheet<'a> {
    table: &'a Table,
    dress: &'a Dress<'a>,
    links: usize,
    /// Documents whose file is not known or not there.
    unlinked: usize,
    /// Links that Excel would not take.
    over: usize,
    cut: usize,
}

/// Formats of the cells of a column.
struct Look {
    plain: Format,
    /// A day, a number or a link.
    special: Format,
}

impl Sheet<'_> {
    fn order(&self) -> Vec<usize> {
        let place = |name: &str| self.table.header.iter().position(|c| c == name);
        match self.table.kind {
            FileKind::Suggestions => SUGGESTED.iter().filter_map(|c| place(c)).collect(),
            _ => (0..self.table.header.len()).collect(),
        }
    }

    /// What a person wrote is never cut.
    fn check(&self) -> Result<(), String> {
        let human = self.table.kind.human();
        for (key, row) in self.table.keys.iter().zip(&self.table.rows) {
            for (column, cell) in self.table.header.iter().zip(row) {
                if human.contains(&column.as_str()) && length(&escape(cell)) > CELL_LIMIT {
                    return Err(format!(
                        "{column} of {key} has {} characters, a cell of a workbook {CELL_LIMIT}; export as CSV",
                        length(cell)
                    ));
                }
            }
        }
        Ok(())
    }

    fn book(&mut self) -> Result<(Vec<u8>, Vec<Diagnostic>), XlsxError> {
        let mut workbook = Workbook::new();
        let mut properties = DocProperties::new()
            .set_title(self.table.name.clone())
            .set_author(format!("evimap {}", self.dress.program));
        if let Some(day) = excel_day(self.dress.as_of) {
            properties = properties.set_creation_datetime(&day);
        }
        workbook.set_properties(&properties);
        let stem = self.table.kind.file_name().trim_end_matches(".csv");
        let sheet = workbook.add_worksheet();
        sheet.set_name(stem)?;
        self.fill(sheet)?;
        let notes = self.notes();
        let guide = workbook.add_worksheet();
        guide.set_name(self.dress.words.text("guide-sheet"))?;
        self.guide(guide, &notes)?;
        Ok((workbook.save_to_buffer()?, notes))
    }

    fn fill(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let table = self.table;
        let order = self.order();
        let mut looks = Vec::new();
        for (at, from) in (0_u16..).zip(&order) {
            let name = table.header[*from].as_str();
            let human = table.kind.human().contains(&name);
            let look = look(name, human);
            sheet.set_column_width(at, width(name))?;
            // Cells below the table are open, for evidence that is added by hand.
            sheet.set_column_format(at, &look.plain.clone().set_unlocked())?;
            sheet.write_string_with_format(0, at, name, &heading(human))?;
            looks.push(look);
        }
        sheet.set_row_height(0, 20)?;
        for (row, cells) in (1_u32..).zip(&table.rows) {
            let mut lines = 1;
            for ((at, from), look) in (0_u16..).zip(&order).zip(&looks) {
                let (name, cell) = (table.header[*from].as_str(), cells[*from].as_str());
                lines = lines.max(lines_of(cell, width(name)));
                self.cell(sheet, (row, at), name, cell, look)?;
            }
            sheet.set_row_height(row, (lines as f64 * 12.0 + 4.0).min(409.0))?;
        }
        let last = table.rows.len() as u32;
        for (at, from) in (0_u16..).zip(&order) {
            if let Some(rule) = self.choices(&table.header[*from])? {
                sheet.add_data_validation(1, at, last + SPARE, at, &rule)?;
            }
        }
        let frozen = if table.kind == FileKind::Suggestions { 1 } else { 2 };
        sheet.autofilter(0, 0, last.max(1), (order.len() - 1) as u16)?;
        sheet.set_freeze_panes(1, frozen)?;
        sheet
            .set_landscape()
            .set_paper_size(8)
            .set_print_fit_to_pages(1, 0)
            .set_repeat_rows(0, 0)?;
        sheet.protect_with_options(&ProtectionOptions {
            sort: true,
            use_autofilter: true,
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::default()
        });
        Ok(())
    }

    fn cell(
        &mut self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        name: &str,
        cell: &str,
        look: &Look,
    ) -> Result<(), XlsxError> {
        if cell.is_empty() {
            sheet.write_blank(row, at, &look.plain)?;
            return Ok(());
        }
        if DATES.contains(&name)
            && let Some(day) = cell.parse::<Date>().ok().and_then(excel_day)
        {
            sheet.write_datetime_with_format(row, at, &day, &look.special)?;
            return Ok(());
        }
        if name == "confidence"
            && let Ok(number) = cell.parse::<f64>()
            && number.is_finite()
        {
            sheet.write_number_with_format(row, at, number, &look.special)?;
            return Ok(());
        }
        let text = escape(cell);
        if name == "document" {
            match (self.dress.link)(cell) {
                Some(_) if self.links >= MOST_LINKS => self.over += 1,
                Some(place) if length(&text) <= LINK_TEXT => {
                    let url = Url::new(format!("file:///{place}")).set_text(text.as_str());
                    match sheet.write_url_with_format(row, at, &url, &look.special) {
                        Ok(_) => {
                            self.links += 1;
                            return Ok(());
                        }
                        Err(XlsxError::MaxUrlLengthExceeded) => self.over += 1,
                        Err(error) => return Err(error),
                    }
                }
                Some(_) => self.over += 1,
                None => self.unlinked += 1,
            }
        }
        let text = text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}");
        let text = match cut(&text) {
            Some(short) => {
                self.cut += 1;
                short
            }
            None => text,
        };
        sheet.write_string_with_format(row, at, text, &look.plain)?;
        Ok(())
    }

    /// A drop-down. Other words are asked about, not refused: import knows synonyms.
    fn choices(&self, column: &str) -> Result<Option<DataValidation>, XlsxError> {
        let own: Vec<String> = match (self.table.kind, column) {
            (FileKind::Suggestions, "decision") => words::own(words::VERDICTS),
            (FileKind::Suggestions, "evidence_kind") => words::own(words::KINDS),
            (FileKind::Positions, "applicability") => words::own(words::APPLICABILITY),
            (FileKind::Positions, "implementation_status") => words::own(words::STATUSES),
            (FileKind::Positions, "provided_by") => words::own(words::PROVIDERS),
            (FileKind::Positions, "conclusion") => words::own(words::CONCLUSIONS),
            (FileKind::Positions, "override") => words::own(words::OVERRIDES),
            (FileKind::Actions | FileKind::Audits, "status") => words::own(words::ACTION_STATUSES),
            (FileKind::Suggestions, "system") => self.dress.systems.to_vec(),
            _ => return Ok(None),
        };
        // A comma separates the items of a list in the file format; a word that has one is known
        // without it as well.
        let own: Vec<String> = own.into_iter().map(|word| word.replace(',', "")).collect();
        if own.is_empty() || length(&own.join(",")) > 255 {
            return Ok(None);
        }
        let rule = DataValidation::new()
            .allow_list_strings(&own)?
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title(self.dress.words.text("guide-not-a-word"))?
            .set_error_message(self.dress.words.text("guide-choose"))?;
        Ok(Some(rule))
    }

    fn notes(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        let mut tell = |count: usize, what: &str| {
            if count > 0 {
                let message = format!("{count} {what}");
                out.push(Diagnostic::note("review-workbook", message).in_file(&self.table.name));
            }
        };
        tell(
            self.cut,
            "cells are cut at 32,767 characters, Excel's limit; the CSV export has them whole",
        );
        tell(
            self.over,
            "documents are not linked: Excel takes 65,530 links a sheet, and no longer ones",
        );
        tell(
            self.unlinked,
            "rows name a document that is not among the sources now; they have no link",
        );
        out
    }

    fn guide(&self, sheet: &mut Worksheet, notes: &[Diagnostic]) -> Result<(), XlsxError> {
        let w = self.dress.words;
        let base = Format::new().set_font_name("Arial").set_font_size(10).set_text_wrap();
        let title = base.clone().set_bold().set_font_size(14);
        sheet.set_column_width(0, 110)?;
        sheet.set_screen_gridlines(false);
        sheet.write_string_with_format(
            0,
            0,
            w.with("guide-title", &[("file", (&self.table.name).into())]),
            &title,
        )?;
        let own: &[&str] = match self.table.kind {
            FileKind::Suggestions => {
                &["guide-suggestions", "guide-suggestions-correct", "guide-suggestions-by-hand"]
            }
            FileKind::Positions => &["guide-positions", "guide-positions-exclude"],
            FileKind::Actions => &["guide-actions", "guide-actions-origin"],
            FileKind::Audits => &["guide-audits", "guide-audits-own"],
        };
        let mut lines: Vec<String> =
            own.iter().chain(&["guide-grey"]).map(|id| w.text(id).to_owned()).collect();
        let as_of = self.dress.as_of.to_string();
        let put = [("program", self.dress.program.into()), ("day", (&as_of).into())];
        lines.push(w.with("guide-save", &put));
        lines.extend(
            notes
                .iter()
                .map(|note| w.with("guide-note", &[("note", (&*w.said(&note.message)).into())])),
        );
        for (row, line) in (2_u32..).zip(&lines) {
            sheet.write_string_with_format(row, 0, line, &base)?;
            sheet.set_row_height(row, lines_of(line, 110.0) as f64 * 14.0 + 4.0)?;
        }
        Ok(())
    }
}

/// UTF-16 units, as spreadsheet programs count.
fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The beginning of a text that is too long, and the word that says so.
fn cut(text: &str) -> Option<String> {
    if text.len() <= CELL_LIMIT || length(text) <= CELL_LIMIT {
        return None;
    }
    let room = CELL_LIMIT - length(CUT);
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.len_utf16();
        used > room
    });
    end.map(|(end, _)| format!("{}{CUT}", &text[..end]))
}

fn excel_day(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = date.ymd();
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, month, day).ok()
}

fn lines_of(text: &str, width: f64) -> usize {
    let room = (width * 1.25).max(1.0) as usize;
    text.lines().map(|line| line.chars().count().div_ceil(room).max(1)).sum::<usize>().max(1)
}

/// Width of a column in characters.
fn width(column: &str) -> f64 {
    match column {
        "quote" | "justification" | "nearest_miss" | "what" => 60.0,
        "proposed_control" | "evidence_to_produce" => 48.0,
        "point_text" | "reasons" | "comment" => 36.0,
        "document" => 40.0,
        "judge" | "title" => 28.0,
        "proposal_id" | "inclusion_reasons" | "coverage" | "conclusion" => 21.0,
        "target"
        | "reviewer"
        | "decided_by"
        | "provider"
        | "owner"
        | "locator"
        | "also_for"
        | "applicability"
        | "implementation_status"
        | "machine_view" => 17.0,
        _ => 13.0,
    }
}

fn look(column: &str, human: bool) -> Look {
    let line = Color::RGB(0x00D3_D9DF);
    let base = Format::new()
        .set_font_name("Arial")
        .set_font_size(9)
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_border_color(line);
    let plain = if human {
        base.set_background_color(Color::RGB(0x00FF_FBE6)).set_unlocked()
    } else {
        base.set_locked()
    };
    let special = match column {
        "document" => plain.clone().set_font_color(Color::RGB(0x001F_5A8C)),
        "confidence" => plain.clone().set_num_format("0.00"),
        _ => plain.clone().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
    };
    // A day typed into a blank cell shows as it is exported.
    let plain = if DATES.contains(&column) { special.clone() } else { plain };
    Look { plain, special }
}

fn heading(human: bool) -> Format {
    let ground = if human { 0x0024_594D } else { 0x0075_7D86 };
    Format::new()
        .set_font_name("Arial")
        .set_font_size(9)
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(ground))
        .set_align(FormatAlign::VerticalCenter)
        .set_locked()
}
