//! Word files in the look of the workbooks: real heading styles, header rows that repeat, the label
//! at the head of each page and the state of the ledger at its foot. office_oxide, which reads such
//! files for us, writes them; here is how they look and what makes foreign text safe in them.

use std::io::Cursor;

use office_oxide::{
    DocumentFormat,
    docx::write::{DocxWriter, HfType, IrParaProps, Run},
    ir::{
        BorderLine, BorderStyle, CellPadding, CellVerticalAlign, Element, InlineContent, Metadata,
        PageSetup, Paragraph, SectionBreakType, Table as IrTable, TableBorder, TableCell, TableRow,
        TextSpan,
    },
};

use super::{
    docx_language,
    sheet::{self, Band, Cell, INK, LINE, OWED, SOFT, TARGET_BAND},
    view::View,
};
use crate::words::Words;

/// A4 in twips (a twentieth of a point).
const A4: (u32, u32) = (11_906, 16_838);
const MARGIN: u32 = 850;
const FONT: &str = "Arial";

/// Most UTF-16 units of a table cell: about a page of a narrow column. The CSV has the rest.
const CELL: usize = 2_500;
/// Most UTF-16 units of a paragraph.
const PARAGRAPH: usize = 6_000;
/// Message id of the heading, share of the width, band.
pub(super) type Column = (&'static str, f64, Band);

/// How a piece of text looks; sizes in half points.
#[derive(Debug, Clone, Copy)]
struct Face {
    size: u32,
    bold: bool,
    italic: bool,
    colour: u32,
}

const BODY: Face = Face { size: 19, bold: false, italic: false, colour: INK };

/// A Word file in the making.
pub(super) struct Paper<'v> {
    writer: DocxWriter,
    view: &'v View<'v>,
    /// What the head of each page says.
    running: String,
    title: String,
    landscape: bool,
    /// Size of text in tables, in half points.
    small: u32,
}

impl<'v> Paper<'v> {
    /// `running` names the document at the head of each page.
    pub(super) fn new(view: &'v View<'v>, title: &str, running: &str, landscape: bool) -> Self {
        let small = if landscape { 14 } else { 16 };
        let (title, running) = (title.to_owned(), running.to_owned());
        Self { writer: DocxWriter::new(), view, running, title, landscape, small }
    }

    /// Between the margins, in twips.
    fn width(&self) -> u32 {
        (if self.landscape { A4.1 } else { A4.0 }) - 2 * MARGIN
    }

    pub(super) fn title(&mut self, text: &str) {
        let face = Face { size: 44, bold: true, colour: TARGET_BAND, ..BODY };
        self.put(text, face, IrParaProps { space_after_twips: Some(60), ..IrParaProps::default() });
    }

    pub(super) fn heading(&mut self, level: u8, text: &str) {
        let size = if level == 1 { 30 } else { 23 };
        let face = Face { size, bold: true, colour: TARGET_BAND, ..BODY };
        let props = IrParaProps {
            style: Some(format!("Heading{level}")),
            keep_with_next: true,
            space_before_twips: Some(if level == 1 { 280 } else { 200 }),
            space_after_twips: Some(90),
            ..IrParaProps::default()
        };
        self.put(text, face, props);
    }

    /// A heading of level 1 at the head of a new page.
    pub(super) fn chapter(&mut self, text: &str) {
        let face = Face { size: 30, bold: true, colour: TARGET_BAND, ..BODY };
        let props = IrParaProps {
            style: Some("Heading1".to_owned()),
            keep_with_next: true,
            page_break_before: true,
            space_after_twips: Some(90),
            ..IrParaProps::default()
        };
        self.put(text, face, props);
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.put(text, BODY, spaced(100));
    }

    /// Smaller and softer than a paragraph.
    pub(super) fn note(&mut self, text: &str) {
        self.put(text, Face { size: 17, colour: SOFT, ..BODY }, spaced(100));
    }

    /// For what must not be overlooked.
    pub(super) fn warning(&mut self, text: &str) {
        self.put(text, Face { bold: true, colour: OWED, ..BODY }, spaced(100));
    }

    /// How much is reviewed, in a box that is amber while nothing is, and the disclaimer.
    pub(super) fn face(&mut self) {
        let nothing = self.view.nothing_reviewed();
        let (ink, ground) = if nothing { (OWED, 0x00FD_F1DC) } else { (INK, 0x00EE_F2F5) };
        let face = Face { size: 22, bold: true, colour: ink, ..BODY };
        let props = IrParaProps {
            background_color: Some(rgb(ground)),
            space_before_twips: Some(80),
            ..spaced(120)
        };
        self.put(&self.view.review_state(), face, props);
        self.paragraph(self.view.words.text("disclaimer"));
    }

    /// Labels and texts beside each other.
    pub(super) fn facts(&mut self, facts: &[(&str, String)]) {
        let w = self.view.words;
        let rows = facts.iter().map(|(label, text)| {
            let label_face = Face { size: 17, colour: SOFT, ..BODY };
            let owed = text.starts_with(w.text("open"));
            let colour = if owed { OWED } else { INK };
            let value = Face { size: 17, bold: owed, colour, ..BODY };
            vec![cell(w, label, label_face, None), cell(w, text, value, None)]
        });
        let rows = rows.map(|cells| row(cells, false)).collect();
        self.grid(&[0.27, 0.73], rows, false);
    }

    /// A table with a band of headings and a row of headings that both stand on every page.
    pub(super) fn table(&mut self, columns: &[Column], rows: &[Vec<Cell>]) {
        let w = self.view.words;
        let head = Face { size: self.small, bold: true, ..BODY };
        let mut out = vec![row(bands(w, columns, head), true)];
        out.push(row(
            columns
                .iter()
                .map(|(title, _, band)| {
                    let machine = *band == Band::Machine;
                    let ground = if machine { 0x00EC_EDEF } else { 0x00DF_E7EC };
                    let colour = if machine { SOFT } else { INK };
                    cell(w, w.text(title), Face { italic: machine, colour, ..head }, Some(ground))
                })
                .collect(),
            true,
        ));
        for cells in rows {
            let cells =
                cells.iter().zip(columns).map(|(value, column)| self.value(value, column.2));
            out.push(row(cells.collect(), false));
        }
        let shares: Vec<f64> = columns.iter().map(|(_, share, _)| *share).collect();
        self.grid(&shares, out, false);
    }

    /// A table under a title of its own, which stands over the headings on every page; with lines
    /// between its columns, so that there is room to write in.
    pub(super) fn titled(&mut self, title: &str, columns: &[(&str, f64)], rows: &[Vec<Cell>]) {
        let w = self.view.words;
        let head = Face { size: self.small, bold: true, ..BODY };
        let title_face = Face { size: self.small + 2, colour: 0x00FF_FFFF, ..head };
        let mut top = cell(w, title, title_face, Some(TARGET_BAND));
        top.col_span = columns.len() as u32;
        let names = columns.iter().map(|(name, _)| cell(w, w.text(name), head, Some(0x00DF_E7EC)));
        let mut out = vec![row(vec![top], true), row(names.collect(), true)];
        for cells in rows {
            let cells = cells.iter().map(|value| self.value(value, Band::Subject("")));
            // A row that a person writes in is not torn apart.
            out.push(TableRow { allow_break: false, ..row(cells.collect(), false) });
        }
        let shares: Vec<f64> = columns.iter().map(|(_, share)| *share).collect();
        self.grid(&shares, out, true);
    }

    fn value(&self, value: &Cell, band: Band) -> TableCell {
        let w = self.view.words;
        let cell = |text: &str, face, ground| cell(w, text, face, ground);
        let machine = band == Band::Machine;
        let colour = if machine { SOFT } else { INK };
        let face = Face { size: self.small, italic: machine, colour, ..BODY };
        let ground = machine.then_some(0x00F7_F8F9);
        match value {
            Cell::Text(text) | Cell::Toned(text, _) | Cell::Link(text, ..) => {
                cell(text, face, ground)
            }
            Cell::Count(count) => cell(&count.to_string(), face, ground),
            Cell::Probability(p) => cell(&format!("{p:.2}"), face, ground),
            Cell::Day(day) => cell(&day.map(|d| d.to_string()).unwrap_or_default(), face, ground),
            Cell::Owed(text) => cell(text, Face { bold: true, colour: OWED, ..face }, ground),
            Cell::State(state) => {
                let (ink, ground) = sheet::state_colours(*state);
                cell(state.said(w), Face { bold: true, colour: ink, ..face }, Some(ground))
            }
        }
    }

    fn grid(&mut self, shares: &[f64], rows: Vec<TableRow>, ruled: bool) {
        let all: f64 = shares.iter().sum();
        let width = f64::from(self.width());
        let widths: Vec<u32> = shares.iter().map(|s| (s / all * width) as u32).collect();
        let line = BorderLine {
            style: BorderStyle::Single,
            color: Some(rgb(LINE)),
            size: Some(4),
            space: None,
        };
        let mut rows = rows;
        for row in &mut rows {
            let mut at = 0;
            for cell in &mut row.cells {
                let span = cell.col_span.max(1) as usize;
                cell.width_twips = Some(widths[at..(at + span).min(widths.len())].iter().sum());
                at += span;
            }
        }
        self.writer.add_ir_table(&IrTable {
            rows,
            width_twips: Some(widths.iter().sum()),
            column_widths_twips: widths,
            border: Some(TableBorder {
                top: Some(line.clone()),
                bottom: Some(line.clone()),
                inside_h: Some(line.clone()),
                left: ruled.then(|| line.clone()),
                right: ruled.then(|| line.clone()),
                inside_v: ruled.then_some(line),
            }),
            ..IrTable::default()
        });
        // Two tables without a paragraph between them become one.
        self.put("", Face { size: 8, ..BODY }, spaced(0));
    }

    fn put(&mut self, text: &str, face: Face, props: IrParaProps) {
        let runs: Vec<Run> = pieces(self.view.words, text, PARAGRAPH)
            .into_iter()
            .map(|piece| {
                let mut run = Run::new(piece.unwrap_or_else(|| "\n".to_owned()));
                run.bold = face.bold;
                run.italic = face.italic;
                run.font_size_half_pt = Some(face.size);
                run.color_rgb = Some(rgb(face.colour));
                run.font_name = Some(FONT.to_owned());
                run
            })
            .collect();
        self.writer.add_ir_paragraph(&runs, Some(props));
    }

    /// The file. Its bytes hang on the report alone: parts bear no time, properties the day of the
    /// assessment.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, String> {
        let (report, w) = (self.view.report, self.view.words);
        let face = Face { size: 15, colour: SOFT, ..BODY };
        let who = sheet::fitting(&report.organisation, 80, "…");
        let label = sheet::fitting(report.classification.trim(), 60, "…");
        let parts = [label.as_str(), who.as_str(), self.running.as_str()];
        let head: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let head = paragraph(w, &head.join("  ·  "), face);
        let ledger = report.ledger_head.as_deref().unwrap_or(w.text("no-decisions"));
        let ledger = ledger.get(..16).filter(|_| ledger.len() == 64).unwrap_or(ledger);
        let as_of = w.with("as-of-day", &[("day", (&report.as_of.to_string()).into())]);
        let ledger = w.with("ledger-head-is", &[("head", ledger.into())]);
        let mut foot = paragraph(
            w,
            &format!(
                "evimap {}  ·  {as_of}  ·  {ledger}  ·  {} ",
                report.program_version,
                w.text("page")
            ),
            face,
        );
        foot.content.push(InlineContent::Text(span("{PAGE}".to_owned(), face)));
        foot.content.push(InlineContent::Text(span(format!(" {} ", w.text("page-of")), face)));
        foot.content.push(InlineContent::Text(span("{NUMPAGES}".to_owned(), face)));
        self.writer.add_section_header(HfType::DefaultHeader, vec![Element::Paragraph(head)]);
        self.writer.add_section_header(HfType::DefaultFooter, vec![Element::Paragraph(foot)]);
        let (width, height) = if self.landscape { (A4.1, A4.0) } else { A4 };
        let page = PageSetup {
            width_twips: width,
            height_twips: height,
            margin_top_twips: MARGIN,
            margin_bottom_twips: MARGIN,
            margin_left_twips: MARGIN,
            margin_right_twips: MARGIN,
            landscape: self.landscape,
            header_distance_twips: 400,
            footer_distance_twips: 400,
            ..PageSetup::default()
        };
        self.writer.set_section_props(Some(page), None, SectionBreakType::NextPage);
        let program = format!("evimap {}", report.program_version);
        let day = format!("{}T00:00:00Z", report.as_of);
        self.writer.set_metadata(&Metadata {
            format: DocumentFormat::Docx,
            title: Some(self.title.clone()),
            author: Some(program.clone()),
            last_modified_by: Some(program),
            // By this, `extract` knows our own output again.
            description: Some(format!("Output of evimap. {}", super::DISCLAIMER)),
            category: Some(label).filter(|label| !label.is_empty()),
            company: Some(sheet::fitting(&report.organisation, 250, "…")),
            content_status: Some(w.text("draft").to_owned()),
            created: Some(day.clone()),
            modified: Some(day),
            language: Some(w.language().as_str().to_owned()),
            ..Metadata::default()
        });
        let mut bytes = Cursor::new(Vec::new());
        self.writer.write_to(&mut bytes).map_err(|error| error.to_string())?;
        docx_language::marked(bytes.into_inner(), w.language())
    }
}

fn spaced(after: u32) -> IrParaProps {
    IrParaProps { space_after_twips: Some(after), ..IrParaProps::default() }
}

fn rgb(colour: u32) -> [u8; 3] {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue]
}

/// A foreign text as printable pieces of lines; `None` is a line break. The writer turns a run that
/// is a field's name into the field, so such a text comes in two pieces.
fn pieces(words: &Words, value: &str, limit: usize) -> Vec<Option<String>> {
    let shown = sheet::fitting(value, limit, words.text("cut-csv")).replace('\t', " ");
    let mut out = Vec::new();
    for (n, line) in shown.lines().enumerate() {
        if n > 0 {
            out.push(None);
        }
        match line.strip_prefix('{') {
            Some(rest) => out.extend([Some("{".to_owned()), Some(rest.to_owned())]),
            None => out.push(Some(line.to_owned())),
        }
    }
    out
}

fn span(text: String, face: Face) -> TextSpan {
    TextSpan {
        text,
        bold: face.bold,
        italic: face.italic,
        font_size_half_pt: Some(face.size),
        color: Some(rgb(face.colour)),
        font_name: Some(FONT.to_owned()),
        ..TextSpan::default()
    }
}

fn paragraph(words: &Words, value: &str, face: Face) -> Paragraph {
    let content = pieces(words, value, CELL)
        .into_iter()
        .map(|piece| match piece {
            Some(text) => InlineContent::Text(span(text, face)),
            None => InlineContent::LineBreak,
        })
        .collect();
    Paragraph { content, space_after_twips: Some(0), ..Paragraph::default() }
}

fn cell(words: &Words, value: &str, face: Face, ground: Option<u32>) -> TableCell {
    TableCell {
        content: vec![Element::Paragraph(paragraph(words, value, face))],
        col_span: 1,
        row_span: 1,
        background_color: ground.map(rgb),
        vertical_align: Some(CellVerticalAlign::Top),
        padding: Some(CellPadding {
            top_twips: Some(30),
            bottom_twips: Some(40),
            left_twips: Some(60),
            right_twips: Some(60),
        }),
        ..TableCell::default()
    }
}

/// A header row stands on every page; a row of text may break over two, or a long one would be cut.
fn row(cells: Vec<TableCell>, header: bool) -> TableRow {
    TableRow {
        cells,
        is_header: header,
        repeat_as_header: header,
        allow_break: !header,
        ..TableRow::default()
    }
}

/// One cell over neighbouring columns of the same band.
fn bands(words: &Words, columns: &[Column], face: Face) -> Vec<TableCell> {
    let mut out = Vec::new();
    let mut start = 0;
    while start < columns.len() {
        let band = columns[start].2;
        let len = columns[start..].iter().take_while(|(_, _, other)| *other == band).count();
        let italic = band == Band::Machine;
        let face = Face { colour: 0x00FF_FFFF, italic, ..face };
        let mut cell = cell(words, band.title(words, 100.0), face, Some(band.colour()));
        cell.col_span = len as u32;
        out.push(cell);
        start += len;
    }
    out
}
