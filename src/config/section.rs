//! Reads one TOML table key by key and collects every fault with its line, instead of stopping at
//! the first as a derived deserialiser would.

use toml::{Spanned, de::DeTable, de::DeValue};

use crate::diag::{Diagnostic, Sink};

/// How faults are worded: their code, and the remedy for a value of the wrong type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    pub(crate) code: &'static str,
    pub(crate) format_help: &'static str,
}

const CONFIG: Voice =
    Voice { code: "config", format_help: "see the comments in a new workspace's evimap.toml" };

/// The one fault of a file that is no TOML.
pub(crate) fn syntax_fault(
    code: &str,
    file: &str,
    text: &str,
    error: &toml::de::Error,
) -> Diagnostic {
    let offset = error.span().map_or(0, |span| span.start);
    Diagnostic::error(code, format!("not valid TOML: {}", error.message()))
        .in_file(file)
        .on_line(line_at(text, offset))
        .help("mend the line; nothing was changed")
}

fn line_at(text: &str, offset: usize) -> u32 {
    let head = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    1 + head.iter().filter(|b| **b == b'\n').count() as u32
}

/// A table under validation. Every key that is asked for counts as known; [`Section::finish`]
/// reports the others.
pub(crate) struct Section<'a> {
    file: &'a str,
    text: &'a str,
    voice: Voice,
    name: String,
    line: u32,
    table: Option<&'a DeTable<'a>>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(crate) fn root(file: &'a str, text: &'a str, table: &'a DeTable<'a>) -> Self {
        Self::root_in(CONFIG, file, text, table)
    }

    /// The root of a file that is no evimap.toml.
    pub(crate) fn root_in(
        voice: Voice,
        file: &'a str,
        text: &'a str,
        table: &'a DeTable<'a>,
    ) -> Self {
        let (name, known) = (String::new(), Vec::new());
        Self { file, text, voice, name, line: 1, table: Some(table), known }
    }

    fn line_at(&self, offset: usize) -> u32 {
        line_at(self.text, offset)
    }

    fn label(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Reports a fault in this table.
    pub(crate) fn fault(&self, sink: &mut Sink, line: u32, message: String, help: &str) {
        let fault = Diagnostic::error(self.voice.code, message);
        sink.push(fault.in_file(self.file).on_line(line).help(help));
    }

    /// Line of a key, or of the table if the key is absent.
    pub(crate) fn line_of(&self, key: &str) -> u32 {
        self.table
            .and_then(|table| table.get(key))
            .map_or(self.line, |value| self.line_at(value.span().start))
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table.and_then(|table| table.get(key))
    }

    fn wrong(&self, sink: &mut Sink, key: &str, expected: &str, found: &DeValue<'_>) {
        let message =
            format!("`{}` must be {expected}, found {}", self.label(key), found.type_str());
        self.fault(sink, self.line_of(key), message, self.voice.format_help);
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    pub(crate) fn string(&mut self, sink: &mut Sink, key: &'static str) -> Option<String> {
        match self.get(key)?.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            other => {
                self.wrong(sink, key, "a text", other);
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, sink: &mut Sink, key: &'static str) -> Option<bool> {
        match self.get(key)?.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            other => {
                self.wrong(sink, key, "true or false", other);
                None
            }
        }
    }

    pub(crate) fn number(&mut self, sink: &mut Sink, key: &'static str) -> Option<u64> {
        let value = self.get(key)?.get_ref();
        let number = match value {
            DeValue::Integer(text) => u64::from_str_radix(text.as_str(), text.radix()).ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(sink, key, "a whole number, 0 or more", value);
        }
        number
    }

    /// A number that may have decimals, as it is written.
    pub(crate) fn decimal(&mut self, sink: &mut Sink, key: &'static str) -> Option<String> {
        let value = self.get(key)?.get_ref();
        match value {
            DeValue::Integer(text) if text.radix() == 10 => Some(text.as_str().to_owned()),
            DeValue::Float(text) => Some(text.as_str().to_owned()),
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong(sink, key, "a number", value);
                None
            }
        }
    }

    pub(crate) fn strings(&mut self, sink: &mut Sink, key: &'static str) -> Option<Vec<String>> {
        let placed = self.placed_strings(sink, key)?;
        Some(placed.into_iter().map(|(text, _)| text).collect())
    }

    /// A list of texts, each with its line.
    pub(crate) fn placed_strings(
        &mut self,
        sink: &mut Sink,
        key: &'static str,
    ) -> Option<Vec<(String, u32)>> {
        let value = self.get(key)?.get_ref();
        let DeValue::Array(items) = value else {
            self.wrong(sink, key, "a list of texts", value);
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => {
                    texts.push((text.to_string(), self.line_at(item.span().start)));
                }
                other => self.wrong(sink, key, "a list of texts", other),
            }
        }
        Some(texts)
    }

    /// A table inside this one; an absent table reads as an empty one.
    pub(crate) fn table(&mut self, sink: &mut Sink, key: &'static str) -> Section<'a> {
        let value = self.get(key);
        let table = match value.map(Spanned::get_ref) {
            None => None,
            Some(DeValue::Table(table)) => Some(table),
            Some(other) => {
                self.wrong(sink, key, "a table", other);
                None
            }
        };
        Section {
            file: self.file,
            text: self.text,
            voice: self.voice,
            name: self.label(key),
            line: value.map_or(self.line, |v| self.line_at(v.span().start)),
            table,
            known: Vec::new(),
        }
    }

    /// The tables of an array of tables (`[[key]]`).
    pub(crate) fn tables(&mut self, sink: &mut Sink, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(sink, key, "written as [[…]]", value.get_ref());
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (n, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Section {
                    file: self.file,
                    text: self.text,
                    voice: self.voice,
                    name: format!("{}[{}]", self.label(key), n + 1),
                    line: self.line_at(item.span().start),
                    table: Some(table),
                    known: Vec::new(),
                }),
                other => self.wrong(sink, key, "written as [[…]]", other),
            }
        }
        sections
    }

    /// Every key of a table whose keys are free, with its value as a section-less entry.
    pub(crate) fn entries(&mut self) -> Vec<(String, u32, &'a DeValue<'a>)> {
        let Some(table) = self.table else { return Vec::new() };
        table
            .iter()
            .map(|(key, value)| {
                (key.get_ref().to_string(), self.line_at(value.span().start), value.get_ref())
            })
            .collect()
    }

    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self, sink: &mut Sink) {
        for (key, value) in self.table.into_iter().flatten() {
            if !self.known.iter().any(|known| *known == key.get_ref().as_ref()) {
                let message = format!("unknown key `{}`", self.label(key.get_ref()));
                let help = format!("known here: {}", self.known.join(", "));
                self.fault(sink, self.line_at(value.span().start), message, &help);
            }
        }
    }
}
