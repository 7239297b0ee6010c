//! One pass over an RTF file.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    charset::{code_page, of_font},
    lex::{Lexer, Token},
    state::{State, Target, target_of},
};
use crate::{
    domain::{Block, BlockKind, Locator, Properties},
    extract::{
        Limits,
        office::{docx::heading_by_name, flow::Flow, properties::put},
    },
};

/// Deeper groups share the state of the last one that counts.
const MAX_DEPTH: usize = 10_000;

/// A header, a footer, a note or a comment while its group is open.
#[derive(Debug)]
struct Aside {
    target: Target,
    depth: usize,
    text: String,
}

pub(super) struct Walk {
    pub(super) flow: Flow,
    pub(super) asides: Vec<Block>,
    pub(super) properties: Properties,
    pub(super) deleted: usize,
    pub(super) hidden: usize,
    state: State,
    stack: Vec<State>,
    /// Groups opened beyond [`MAX_DEPTH`].
    deeper: usize,
    open_asides: Vec<Aside>,
    /// Headers and footers so far: each text stands once.
    margins: BTreeSet<(BlockKind, String)>,
    author: String,
    counts: [usize; 2],
    aside_left: usize,
    page: i32,
    fonts: BTreeMap<i32, i32>,
    font: i32,
    default_font: i32,
    styles: BTreeMap<i32, Option<u8>>,
    style: i32,
    style_name: String,
    outline: Option<u8>,
    in_table: bool,
    table_open: bool,
    date: [i32; 5],
    value: String,
    bytes: Vec<u8>,
    surrogate: Option<u16>,
    pass: usize,
}

impl Walk {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            flow: Flow::new(limits),
            asides: Vec::new(),
            properties: Properties::new(),
            deleted: 0,
            hidden: 0,
            state: State::START,
            stack: Vec::new(),
            deeper: 0,
            open_asides: Vec::new(),
            margins: BTreeSet::new(),
            author: String::new(),
            counts: [0; 2],
            aside_left: limits.text_bytes,
            page: 1252,
            fonts: BTreeMap::new(),
            font: 0,
            default_font: 0,
            styles: BTreeMap::new(),
            style: 0,
            style_name: String::new(),
            outline: None,
            in_table: false,
            table_open: false,
            date: [0; 5],
            value: String::new(),
            bytes: Vec::new(),
            surrogate: None,
            pass: 0,
        }
    }

    pub(super) fn run(&mut self, rtf: &[u8]) {
        let mut lexer = Lexer::new(rtf);
        let mut ignorable = false;
        while let Some(token) = lexer.next() {
            if let Token::Byte(byte) = token {
                if self.pass > 0 {
                    self.pass -= 1;
                } else {
                    self.bytes.push(byte);
                }
                continue;
            }
            self.flush();
            self.pass = 0;
            match token {
                Token::Open => self.open_group(),
                Token::Close => self.close_group(),
                Token::Word("bin", Some(count)) => lexer.pass(count.max(0) as usize),
                Token::Word(word, number) => self.word(word, number, ignorable),
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Byte(_) => {}
            }
            ignorable = token == Token::Symbol(b'*');
            if self.flow.is_full() {
                break;
            }
        }
        self.flush();
        while !self.open_asides.is_empty() {
            self.close_aside();
        }
    }

    fn open_group(&mut self) {
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(self.state);
        } else {
            self.deeper += 1;
        }
    }

    fn close_group(&mut self) {
        match self.state.target {
            Target::Info(key) => {
                let value = std::mem::take(&mut self.value);
                put(&mut self.properties, key, &value);
            }
            Target::Date(key) => {
                let [year, month, day, hour, minute] = std::mem::take(&mut self.date);
                if year > 0 {
                    let date = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00");
                    put(&mut self.properties, key, &date);
                }
            }
            _ => {}
        }
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if self.open_asides.last().is_some_and(|a| a.depth == self.stack.len()) {
            self.close_aside();
        }
        if let Some(state) = self.stack.pop() {
            self.state = state;
        }
    }

    fn close_aside(&mut self) {
        let Some(aside) = self.open_asides.pop() else { return };
        let text = aside.text.trim().to_owned();
        if text.is_empty() {
            return;
        }
        let (kind, part) = match aside.target {
            Target::Header => (BlockKind::Header, "header".to_owned()),
            Target::Footer => (BlockKind::Footer, "footer".to_owned()),
            Target::Comment => {
                self.counts[1] += 1;
                let author = std::mem::take(&mut self.author);
                let by = if author.trim().is_empty() { "" } else { " by " };
                (BlockKind::Comment, format!("comment {}{by}{}", self.counts[1], author.trim()))
            }
            _ => {
                self.counts[0] += 1;
                (BlockKind::Note, format!("footnote {}", self.counts[0]))
            }
        };
        let margin = matches!(kind, BlockKind::Header | BlockKind::Footer);
        if margin && !self.margins.insert((kind, text.clone())) {
            return;
        }
        let heading = if margin { Vec::new() } else { self.flow.path().to_vec() };
        self.asides.push(Block::new(kind, Locator::part(part), heading, text));
    }

    fn word(&mut self, word: &str, number: Option<i32>, ignorable: bool) {
        if let Some(target) = target_of(word) {
            self.enter(target);
            return;
        }
        if ignorable {
            // `\*\shpinst` and the like hold text further inside, in a destination of their own.
            self.state.target = Target::Skip;
            return;
        }
        let on = number != Some(0);
        match word {
            "ansicpg" => self.page = number.unwrap_or(1252),
            "mac" => self.page = 10000,
            "deff" => self.default_font = number.unwrap_or(0),
            "uc" => self.state.fallback = number.unwrap_or(1).clamp(0, 100) as usize,
            "u" => self.unicode(number.unwrap_or(0)),
            "f" => self.set_font(number.unwrap_or(0)),
            "fcharset" if self.state.target == Target::Fonts => {
                if let Some(page) = number.and_then(of_font) {
                    self.fonts.insert(self.font, page);
                }
            }
            "plain" => {
                self.state.hidden = false;
                self.state.deleted = false;
                self.set_font(self.default_font);
            }
            "v" => self.state.hidden = on,
            "deleted" => self.state.deleted = on,
            "htmlrtf" => self.state.mirrored = on,
            "s" => self.style = number.unwrap_or(0),
            "outlinelevel" => {
                self.outline = number.filter(|n| (0..9).contains(n)).map(|n| n as u8 + 1);
            }
            "pard" => {
                self.in_table = false;
                self.outline = None;
                self.style = 0;
            }
            "intbl" => self.in_table = on,
            "par" | "page" | "sect" | "nestcell" | "nestrow" => self.end_paragraph(),
            "cell" => self.cell(),
            "row" => self.row(),
            "line" => self.text("\n"),
            "tab" => self.text(" "),
            "emdash" => self.text("—"),
            "endash" => self.text("–"),
            "lquote" => self.text("‘"),
            "rquote" => self.text("’"),
            "ldblquote" => self.text("“"),
            "rdblquote" => self.text("”"),
            "bullet" => self.text("•"),
            "emspace" | "enspace" | "qmspace" => self.text(" "),
            "yr" => self.date[0] = number.unwrap_or(0).clamp(0, 9999),
            "mo" => self.date[1] = number.unwrap_or(0).clamp(0, 12),
            "dy" => self.date[2] = number.unwrap_or(0).clamp(0, 31),
            "hr" => self.date[3] = number.unwrap_or(0).clamp(0, 23),
            "min" => self.date[4] = number.unwrap_or(0).clamp(0, 59),
            _ => {}
        }
    }

    fn enter(&mut self, target: Target) {
        self.state.target = match (target, self.open_asides.last()) {
            // A field in a note is text of the note.
            (Target::Text, Some(aside)) => aside.target,
            (target, _) => target,
        };
        if matches!(target, Target::Header | Target::Footer | Target::Note | Target::Comment) {
            self.open_asides.push(Aside { target, depth: self.stack.len(), text: String::new() });
        }
        if matches!(target, Target::Info(_) | Target::Date(_)) {
            self.value.clear();
            self.date = [0; 5];
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'~' => self.text("\u{a0}"),
            b'_' => self.text("-"),
            b'\\' => self.text("\\"),
            b'{' => self.text("{"),
            b'}' => self.text("}"),
            b'\n' | b'\r' => self.end_paragraph(),
            b'\t' => self.text(" "),
            _ => {}
        }
    }

    fn set_font(&mut self, font: i32) {
        self.font = font;
        self.state.font_page = self.fonts.get(&font).copied();
    }

    fn unicode(&mut self, number: i32) {
        // Negative numbers are the upper half of 16 bits.
        let unit = (number & 0xFFFF) as u16;
        match (self.surrogate.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => {
                if let Some(Ok(c)) = char::decode_utf16([high, unit]).next() {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            (_, 0xD800..=0xDBFF) => self.surrogate = Some(unit),
            (_, unit) => {
                // Symbol fonts live in the private use area: no text.
                let c = char::from_u32(u32::from(unit))
                    .filter(|c| !('\u{e000}'..='\u{f8ff}').contains(c));
                if let Some(c) = c {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
        self.pass = self.state.fallback;
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        if self.state.target != Target::Skip {
            let page = self.state.font_page.unwrap_or(self.page);
            let text = code_page(page).decode_without_bom_handling(&bytes).0;
            self.text(&text);
        }
        self.bytes = bytes;
        self.bytes.clear();
    }

    fn text(&mut self, text: &str) {
        if self.state.mirrored {
            return;
        }
        match self.state.target {
            Target::Text => self.body(text),
            Target::Info(_) if self.value.len() < 4096 => self.value.push_str(text),
            Target::Author if self.author.len() < 256 => self.author.push_str(text),
            Target::Styles => self.style_text(text),
            Target::Header | Target::Footer | Target::Note | Target::Comment => {
                if self.state.deleted {
                    return;
                }
                let Some(aside) = self.open_asides.last_mut() else { return };
                if self.aside_left >= text.len() {
                    self.aside_left -= text.len();
                    aside.text.extend(text.chars().filter(|c| !c.is_control() || *c == '\n'));
                }
            }
            _ => {}
        }
    }

    fn style_text(&mut self, text: &str) {
        for c in text.chars() {
            if c == ';' {
                let level = heading_by_name(&self.style_name);
                self.styles.insert(self.style, level);
                self.style_name.clear();
                self.style = 0;
            } else if self.style_name.len() < 256 {
                self.style_name.push(c);
            }
        }
    }

    fn body(&mut self, text: &str) {
        if self.state.deleted {
            self.deleted += 1;
            return;
        }
        // White space between paragraphs begins none: what follows may belong into a table.
        if !self.flow.in_paragraph() && text.trim().is_empty() {
            return;
        }
        self.begin_paragraph();
        if self.state.hidden && !text.trim().is_empty() {
            self.hidden += 1;
            self.flow.hide();
        }
        if text == "\n" {
            self.flow.space('\n');
        } else {
            self.flow.push(text);
        }
    }

    fn begin_paragraph(&mut self) {
        if self.flow.in_paragraph() {
            return;
        }
        if self.in_table && !self.table_open {
            self.flow.open_table();
            self.flow.open_row();
            self.flow.open_cell();
            self.table_open = true;
        } else if !self.in_table && self.table_open {
            self.flow.close_table();
            self.table_open = false;
        }
        self.flow.open_paragraph();
    }

    fn close_paragraph(&mut self) {
        let level = self.outline.or_else(|| self.styles.get(&self.style).copied().flatten());
        self.flow.set_level(level);
        self.flow.close_paragraph();
    }

    fn end_paragraph(&mut self) {
        if let (Target::Header | Target::Footer | Target::Note | Target::Comment, Some(aside)) =
            (self.state.target, self.open_asides.last_mut())
        {
            aside.text.push('\n');
        } else if self.state.target == Target::Text && !self.state.mirrored {
            self.begin_paragraph();
            self.close_paragraph();
        }
    }

    fn cell(&mut self) {
        if self.state.target != Target::Text {
            self.text(" ");
            return;
        }
        self.in_table = true;
        self.begin_paragraph();
        self.close_paragraph();
        self.flow.open_cell();
    }

    fn row(&mut self) {
        if self.state.target == Target::Text && self.table_open {
            self.close_paragraph();
            self.flow.close_table();
            self.table_open = false;
        }
    }
}
