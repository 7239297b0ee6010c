//! Markdown: blocks are slices of the file, markup kept, found by a parser's offsets.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::{
    Content, Input, ReadError, Reader,
    builder::{Builder, Lines},
    text::decoded,
};
use crate::domain::{BlockKind, Properties};

pub(super) struct Markdown;

impl Reader for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        let (text, diagnostics) = decoded(input)?;
        let lines = Lines::of(&text);
        let mut builder = Builder::default();
        let mut properties = Properties::new();
        let mut last = 0;
        for piece in pieces(&text) {
            // What the parser names no block for (link definitions, for example) is kept too.
            let start = piece.range.start.max(last);
            push(&mut builder, &text, &lines, &Piece::body(last..start));
            if piece.kind == Kind::FrontMatter {
                front_matter(&text[piece.range.clone()], &mut properties);
            }
            let end = piece.range.end.max(start);
            push(&mut builder, &text, &lines, &Piece { range: start..end, ..piece });
            last = last.max(end);
        }
        push(&mut builder, &text, &lines, &Piece::body(last..text.len()));
        Ok(Content { blocks: builder.into_blocks(), properties, diagnostics })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Body,
    Heading(u8),
    Row,
    Note,
    Comment,
    FrontMatter,
}

#[derive(Debug, Clone)]
struct Piece {
    kind: Kind,
    range: Range<usize>,
}

impl Piece {
    fn body(range: Range<usize>) -> Self {
        Self { kind: Kind::Body, range }
    }
}

/// The blocks of a text in order. Their ranges don't overlap, but gaps may stand between them.
fn pieces(text: &str) -> Vec<Piece> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut out: Vec<Piece> = Vec::new();
    // Where the text of each open list item starts, until a block inside it takes it over.
    let mut items: Vec<usize> = Vec::new();
    let mut footnotes = 0_usize;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let kind = match &event {
            Event::Start(Tag::Item) => {
                items.push(range.start);
                continue;
            }
            Event::End(TagEnd::Item) => {
                if let Some(start) = items.pop() {
                    close_item(text, &mut out, start..range.end);
                }
                if let Some(outer) = items.last_mut() {
                    *outer = range.end;
                }
                continue;
            }
            Event::Start(Tag::List(_) | Tag::BlockQuote(_) | Tag::Table(_)) => {
                if let Some(start) = items.last_mut() {
                    let from = std::mem::replace(start, range.start);
                    close_item(text, &mut out, from..range.start);
                }
                continue;
            }
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::Table) => {
                if let Some(start) = items.last_mut() {
                    *start = range.end;
                }
                continue;
            }
            Event::Start(Tag::FootnoteDefinition(_)) => {
                footnotes += 1;
                items.push(range.start);
                continue;
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                footnotes = footnotes.saturating_sub(1);
                items.pop();
                continue;
            }
            Event::Start(Tag::Heading { level, .. }) => Kind::Heading(depth(*level)),
            Event::Start(Tag::MetadataBlock(
                MetadataBlockKind::YamlStyle | MetadataBlockKind::PlusesStyle,
            )) => Kind::FrontMatter,
            Event::Start(Tag::TableHead | Tag::TableRow) => Kind::Row,
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock) if footnotes > 0 => {
                Kind::Note
            }
            Event::Start(Tag::HtmlBlock) if text[range.clone()].trim().starts_with("<!--") => {
                Kind::Comment
            }
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock) => Kind::Body,
            _ => continue,
        };
        let mut range = range;
        if let Some(start) = items.last_mut() {
            // The marker belongs to the item's first paragraph.
            let from = std::mem::replace(start, range.end);
            let before = &text[from.min(range.start)..range.start];
            if before.trim_start().starts_with("[^") || !before.contains(char::is_alphabetic) {
                range.start = from.min(range.start);
            } else if kind != Kind::Row {
                close_item(text, &mut out, from..range.start);
            }
        }
        out.push(Piece { kind, range });
    }
    out
}

fn close_item(text: &str, out: &mut Vec<Piece>, range: Range<usize>) {
    if range.start < range.end && text[range.clone()].chars().any(char::is_alphanumeric) {
        out.push(Piece::body(range));
    }
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

fn push(builder: &mut Builder, text: &str, lines: &Lines, piece: &Piece) {
    let Range { start, end } = piece.range;
    let Some(slice) = text.get(start..end) else { return };
    if !slice.chars().any(char::is_alphanumeric) {
        return;
    }
    let Some(locator) = lines.locator(text, start, end) else { return };
    match piece.kind {
        Kind::Heading(level) => builder.heading(level, locator, heading_text(slice)),
        Kind::Body => builder.push(BlockKind::Body, locator, slice),
        Kind::Note => builder.push(BlockKind::Note, locator, slice),
        Kind::Comment => builder.push(BlockKind::Comment, locator, slice),
        Kind::Row => builder.push(BlockKind::Row, locator, slice),
        Kind::FrontMatter => {
            let mut offset = start;
            for line in slice.split_inclusive('\n') {
                let end = offset + line.len();
                if let Some(locator) = lines.locator(text, offset, end)
                    && line.chars().any(char::is_alphanumeric)
                {
                    builder.push(BlockKind::Row, locator, line);
                }
                offset = end;
            }
        }
    }
}

/// A heading without its marks: leading and closing `#`, or the underline.
fn heading_text(slice: &str) -> &str {
    let slice = slice.trim();
    if slice.starts_with('#') {
        let inner = slice.trim_start_matches('#').trim();
        let open = inner.trim_end_matches('#');
        return if open.ends_with([' ', '\t']) { open.trim_end() } else { inner };
    }
    match slice.rsplit_once('\n') {
        Some((text, line)) if line.trim().chars().all(|c| matches!(c, '=' | '-')) => {
            text.trim_end()
        }
        _ => slice,
    }
}

/// `key: value` and `key = value` lines; nested values are left alone.
fn front_matter(text: &str, properties: &mut Properties) {
    for line in text.lines().filter(|line| !line.starts_with([' ', '\t', '-', '#', '+'])) {
        let Some((key, value)) = line.split_once([':', '=']) else { continue };
        let value = value.trim().trim_matches(['"', '\'']).trim();
        let key = match key.trim().to_lowercase().as_str() {
            "title" => "title",
            "author" | "authors" => "author",
            "date" | "created" => "created",
            "updated" | "modified" | "last_modified" | "lastmod" => "modified",
            "subject" | "description" => "subject",
            "tags" | "keywords" => "keywords",
            _ => continue,
        };
        if !value.is_empty() {
            properties.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Limits;

    fn read(text: &str) -> Content {
        let limits = Limits::default();
        Markdown.read(Input { name: "a.md", bytes: text.as_bytes(), limits: &limits }).unwrap()
    }

    const SAMPLE: &str = "---\ntitle: \"Access policy\"\nversion: 2.1\n---\n\
        # Access **policy**\n\nIntro with a [link][1].\n\n\
        Scope\n-----\n\n- first item\n- second item\n  - nested\n\n\
        1. loose\n\n   more\n\n\
        | control | owner |\n|---|---|\n| A.5.15 | Ann |\n\n\
        ```sh\nsudo id\n```\n\nNote[^1].\n\n[^1]: Foot text.\n\n[1]: http://example.org/x\n";

    #[test]
    fn blocks_are_slices_with_their_lines() {
        let content = read(SAMPLE);
        let got: Vec<_> = content
            .blocks
            .iter()
            .map(|b| (b.kind, b.locator.line_range().unwrap(), b.text.as_str()))
            .collect();
        use BlockKind::*;
        assert_eq!(
            got,
            [
                (Row, (2, 2), "title: \"Access policy\""),
                (Row, (3, 3), "version: 2.1"),
                (Heading, (5, 5), "Access **policy**"),
                (Body, (7, 7), "Intro with a [link][1]."),
                (Heading, (9, 10), "Scope"),
                (Body, (12, 12), "- first item"),
                (Body, (13, 13), "- second item"),
                (Body, (14, 14), "- nested"),
                (Body, (16, 16), "1. loose"),
                (Body, (18, 18), "more"),
                (Row, (20, 20), "| control | owner |"),
                (Row, (22, 22), "| A.5.15 | Ann |"),
                (Body, (24, 26), "```sh\nsudo id\n```"),
                (Body, (28, 28), "Note[^1]."),
                (Note, (30, 30), "[^1]: Foot text."),
                (Body, (32, 32), "[1]: http://example.org/x"),
            ]
        );
        assert_eq!(content.properties["title"], "Access policy");
    }

    #[test]
    fn every_letter_is_kept_and_headings_are_a_path() {
        let content = read(SAMPLE);
        assert_eq!(content.blocks[5].heading, ["Access **policy**", "Scope"]);
        let all: String = content.blocks.iter().map(|b| b.text.as_str()).collect();
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        assert_eq!(letters(&all), letters(SAMPLE));
    }

    #[test]
    fn marks_around_headings_go_and_the_rest_stays() {
        assert_eq!(heading_text("## C# rules ##"), "C# rules");
        assert_eq!(heading_text("## Learn C#"), "Learn C#");
        assert_eq!(heading_text("Two\nlines\n==="), "Two\nlines");
    }
}
