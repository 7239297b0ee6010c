//! Outlook messages: subject, addresses, body, embedded messages. Attached files are handed out by
//! [`attachments`], as other readers have to read them.

use std::collections::HashSet;

use super::{
    flow::Blocks,
    ole::{self, Compound},
    rtf::Rtf,
};
use crate::{
    domain::{BlockKind, Locator, Properties, squash_whitespace},
    extract::{Content, Input, ReadError, Reader},
};

mod body;
mod props;

use props::Store;

/// How deep messages may be embedded in messages.
const MAX_DEPTH: usize = 4;
const MAX_ATTACHMENTS: usize = 500;
/// Messages read per file, embedded ones included.
const MAX_MESSAGES: usize = 500;

/// Reads Outlook's msg. The subject is the heading, paragraphs of the body count from 1; embedded
/// messages follow under their names. Properties: `from`, `to`, `cc`, `date`, `subject`, `title`.
#[derive(Debug, Clone, Copy)]
pub struct Msg;

impl Reader for Msg {
    fn name(&self) -> &'static str {
        "msg"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let mut compound = open(&input)?;
        let mut content = Content::default();
        let mut blocks = Blocks::new(input.limits);
        // Storages to read: path and the name under which its blocks stand.
        let mut waiting = vec![(String::new(), None::<String>, 0_usize)];
        let mut messages = 0;
        while let Some((path, name, depth)) = waiting.pop() {
            messages += 1;
            if messages > MAX_MESSAGES {
                break;
            }
            let store = Store::open(&mut compound, &path, depth > 0);
            if depth == 0 {
                content.properties = properties(&store);
            }
            message(&store, name.as_deref(), &input, &mut blocks);
            if depth < MAX_DEPTH && !blocks.is_full() {
                let inner = embedded(&mut compound, &path);
                waiting.extend(inner.into_iter().rev().map(|(path, inner)| {
                    let name = name.iter().chain([&inner]).cloned().collect::<Vec<_>>().join("/");
                    (path, Some(name), depth + 1)
                }));
            }
        }
        content.blocks = blocks.finish(&mut content.diagnostics);
        Ok(content)
    }
}

/// A file attached to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The files attached to a message, in order, up to `unpacked_bytes` in sum. Embedded messages are
/// not among them: [`Msg`] reads those itself.
///
/// # Errors
/// As [`Msg`].
pub fn attachments(input: Input<'_>) -> Result<Vec<Attachment>, ReadError> {
    let mut compound = open(&input)?;
    let mut left = input.limits.unpacked_bytes;
    let mut out = Vec::new();
    for path in attachment_storages(&compound, "") {
        let Some(bytes) = props::stream(&mut compound, &format!("{path}/__substg1.0_37010102"))
        else {
            continue;
        };
        if bytes.len() as u64 > left {
            break;
        }
        left -= bytes.len() as u64;
        let store = Store::open(&mut compound, &path, true);
        let name = attachment_name(&store, out.len());
        out.push(Attachment { name, bytes });
    }
    Ok(out)
}

fn open<'a>(input: &Input<'a>) -> Result<Compound<'a>, ReadError> {
    if !ole::is_compound(input.bytes) {
        return Err(ReadError::Unsupported(format!(
            "{} is not an Outlook message by its content",
            input.name
        )));
    }
    let compound = ole::open(input.bytes)?;
    if !compound.has_root_entry("__properties_version1.0") {
        return Err(ReadError::Failed("no message in this compound file".into()));
    }
    Ok(compound)
}

fn properties(store: &Store) -> Properties {
    let mut out = Properties::new();
    let sender = [store.text("0C1A"), store.text("5D01").or_else(|| store.text("0C1F"))];
    let from: Vec<String> = sender.into_iter().flatten().collect();
    let mut put = |key: &str, value: Option<String>| {
        super::properties::put(&mut out, key, &value.unwrap_or_default());
    };
    put("from", Some(from.join(" ")));
    put("to", store.text("0E04"));
    put("cc", store.text("0E03"));
    put("subject", store.text("0037"));
    put("title", store.text("0037"));
    put("date", store.date());
    out
}

fn message(store: &Store, name: Option<&str>, input: &Input<'_>, blocks: &mut Blocks) {
    let place = |locator: Locator| match name {
        Some(name) => locator.within(name),
        None => locator,
    };
    let mut heading = Vec::new();
    if let Some(subject) =
        store.text("0037").map(|s| squash_whitespace(&s)).filter(|s| !s.is_empty())
    {
        blocks.push(BlockKind::Heading, place(Locator::part("subject")), &[], &subject);
        heading.push(subject);
    }
    let paragraphs = match store.text("1000").filter(|body| !body.trim().is_empty()) {
        Some(plain) => body::paragraphs(&plain),
        None => {
            match store.binary("1013").map(|b| store.decode(b)).or_else(|| store.text("1013")) {
                Some(html) => body::html_paragraphs(&html),
                None => rich(store, input),
            }
        }
    };
    for (number, text) in (1_u32..).zip(&paragraphs) {
        let locator = place(Locator::paragraph(heading.clone(), number).within("body"));
        blocks.push(BlockKind::Body, locator, &heading, text);
    }
}

/// The body of a message that has it as compressed RTF only.
fn rich(store: &Store, input: &Input<'_>) -> Vec<String> {
    let limit = input.limits.text_bytes;
    let Some(rtf) = store.binary("1009").and_then(|b| body::decompress(b, limit)) else {
        return Vec::new();
    };
    let inner = Input { name: "body.rtf", bytes: &rtf, limits: input.limits };
    Rtf.read(inner).map(|c| c.blocks.into_iter().map(|b| b.text).collect()).unwrap_or_default()
}

/// Storages of attachments inside a message, in order.
fn attachment_storages(compound: &Compound<'_>, message: &str) -> Vec<String> {
    // Asking for a path is a walk through the directory, so only for names that occur in it.
    let occurring: HashSet<String> =
        compound.entries().iter().map(|entry| entry.name.to_ascii_lowercase()).collect();
    (0..MAX_ATTACHMENTS)
        .map(|n| format!("__attach_version1.0_#{n:08X}"))
        .filter(|name| occurring.contains(&name.to_ascii_lowercase()))
        .map(|name| if message.is_empty() { name } else { format!("{message}/{name}") })
        .filter(|path| compound.find_entry_by_path(path).is_some())
        .collect()
}

/// Messages embedded in a message: storage and name.
fn embedded(compound: &mut Compound<'_>, message: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for path in attachment_storages(compound, message) {
        let inner = format!("{path}/__substg1.0_3701000D");
        if compound.find_entry_by_path(&format!("{inner}/__properties_version1.0")).is_some() {
            let store = Store::open(compound, &path, true);
            out.push((inner, attachment_name(&store, out.len())));
        }
    }
    out
}

fn attachment_name(store: &Store, index: usize) -> String {
    ["3707", "3704", "3001"]
        .iter()
        .find_map(|property| store.text(property))
        .map(|name| squash_whitespace(&name).replace('/', "_"))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| format!("attachment {}", index + 1))
}

#[cfg(test)]
mod tests;
