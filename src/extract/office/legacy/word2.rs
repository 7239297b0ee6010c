//! Word 2 for Windows: no compound file, the text stands in one piece of 8-bit characters.

use crate::{
    domain::Properties,
    extract::{
        Content, Input, ReadError,
        office::{flow::Flow, package::PASSWORD_HELP},
    },
};

const ENCRYPTED: u16 = 0x0100;
/// How deep fields may nest.
const MAX_FIELDS: usize = 50;
const FAST_SAVED: u16 = 0x0004;

/// Whether the file begins as one of Word 1 or 2.
pub(in crate::extract::office) fn is_word2(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xDB, 0xA5]) || bytes.starts_with(&[0x9B, 0xA5])
}

pub(super) fn read(input: &Input<'_>) -> Result<Content, ReadError> {
    let cut = || ReadError::Failed("the document is cut off".into());
    let u16_at = |at: usize| {
        let bytes = input.bytes.get(at..at + 2)?;
        Some(u16::from_le_bytes([bytes[0], bytes[1]]))
    };
    let u32_at = |at: usize| Some(u32::from(u16_at(at)?) | u32::from(u16_at(at + 2)?) << 16);
    let flags = u16_at(0x0A).ok_or_else(cut)?;
    if flags & ENCRYPTED != 0 {
        return Err(ReadError::Encrypted(PASSWORD_HELP.into()));
    }
    if flags & FAST_SAVED != 0 {
        return Err(ReadError::Unsupported(
            "a Word 2 document saved in pieces: open it in a word processor and save it anew"
                .into(),
        ));
    }
    let start = u32_at(0x18).ok_or_else(cut)? as usize;
    let length = u32_at(0x34).ok_or_else(cut)? as usize;
    let text = input.bytes.get(start..start.saturating_add(length)).ok_or_else(cut)?;

    let mut flow = Flow::new(input.limits);
    let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(text).0;
    // Fields are 0x13 code 0x14 result 0x15.
    let mut codes: Vec<bool> = Vec::new();
    for c in text.chars() {
        if !flow.in_paragraph() {
            flow.open_paragraph();
        }
        match c {
            '\r' | '\u{c}' => {
                codes.clear();
                flow.close_paragraph();
            }
            '\u{13}' if codes.len() < MAX_FIELDS => codes.push(true),
            '\u{14}' => {
                if let Some(code) = codes.last_mut() {
                    *code = false;
                }
            }
            '\u{15}' => {
                codes.pop();
            }
            _ if codes.contains(&true) => {}
            '\u{7}' | '\t' => flow.space(' '),
            '\u{b}' => flow.space('\n'),
            '\u{1e}' => flow.push("-"),
            c => flow.push(c.encode_utf8(&mut [0; 4])),
        }
        if flow.is_full() {
            break;
        }
    }
    let mut content = Content { properties: Properties::new(), ..Content::default() };
    content.blocks = flow.finish(&mut content.diagnostics);
    Ok(content)
}
