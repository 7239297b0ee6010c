//! Lines of pages to blocks: running headers and footers, paragraphs, headings.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{Line, Page};
use crate::{
    domain::{Block, BlockKind, Locator},
    extract::builder::Builder,
};

/// The part of a page, at the top and at the bottom, in which running lines stand.
const MARGIN: f32 = 0.13;

/// The wider part in which a lone page number is one.
const NUMBER_MARGIN: f32 = 0.2;

/// A heading is larger than the text by this factor.
const LARGER: f32 = 1.15;

/// A number before a heading: `3`, `3.2.1`, `A.5`, `IV.`, `Annex B`.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:(?:Chapter|Section|Annex|Appendix|Kapitel|Anhang|Abschnitt|Anlage)\s+)?(\d{1,2}(?:\.\d{1,2}){0,4}|[A-Z](?:\.\d{1,2}){1,4}|[IVX]{1,4}\.)\.?\)?\s+\p{Lu}",
    )
});

/// A line that starts a paragraph of its own: a bullet, a letter or a number.
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(?:[•◦▪‣●○■□–—·*-]\s|\(?[a-z0-9]{1,3}[.)]\s|\d{1,2}(?:\.\d{1,2}){1,4}\.?\s)")
});

/// Dots that lead to a page number, or a page number at the end of a contents line.
static CONTENTS: LazyLock<Regex> = LazyLock::new(|| regex(r"\.{3,}|(?:\. ){3,}|…|\s\d{1,3}$"));

/// A page number, alone or in its usual words.
static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^\W*(?:(?:page|seite|p\.|s\.)\W*)?#(?:\W+(?:of|von|/|\|)?\W*#)?\W*$")
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The blocks of a document in page order. A running line is a block where it stands first, and
/// not repeated.
pub(super) fn blocks(pages: Vec<Page>) -> Vec<Block> {
    let running = running_lines(&pages);
    let body = body_size(&pages);
    let mut builder = Builder::default();
    let mut seen = BTreeSet::new();
    let mut paragraphs: Vec<(u32, Paragraph)> = Vec::new();
    for page in pages {
        let (mut heads, mut feet, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let last = page.lines.len().saturating_sub(1);
        for (n, line) in page.lines.into_iter().enumerate() {
            match edge(&line, n, last).filter(|edge| running.contains(&(*edge, shape(&line.text))))
            {
                Some(Edge::Top) if last > 1 => heads.push(line),
                Some(Edge::Bottom) if last > 1 => feet.push(line),
                _ => lines.push(line),
            }
        }
        for (kind, lines) in [(BlockKind::Header, heads), (BlockKind::Footer, feet)] {
            for line in lines {
                if seen.insert((kind, shape(&line.text))) {
                    paragraphs
                        .push((page.number, Paragraph { kind: Some(kind), lines: vec![line] }));
                }
            }
        }
        paragraphs.extend(split(lines).into_iter().map(|paragraph| (page.number, paragraph)));
    }
    let sizes = heading_sizes(&paragraphs, body);
    for n in 0..paragraphs.len() {
        let (page, paragraph) = &paragraphs[n];
        let locator = Locator::page(*page);
        let text = paragraph.text();
        if let Some(kind) = paragraph.kind {
            builder.push(kind, locator, &text);
            continue;
        }
        let near = |other: Option<&(u32, Paragraph)>| other.and_then(|(_, p)| p.number_depth());
        let neighbours =
            [near(n.checked_sub(1).and_then(|n| paragraphs.get(n))), near(paragraphs.get(n + 1))];
        match paragraph.heading_level(body, &sizes, neighbours) {
            Some(level) => builder.heading(level, locator, &text),
            None => builder.push(BlockKind::Body, locator, &text),
        }
    }
    builder.into_blocks()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Edge {
    Top,
    Bottom,
}

/// Whether a line stands where running lines stand.
fn edge(line: &Line, n: usize, last: usize) -> Option<Edge> {
    let placed = line.size > 0.0;
    let number = PAGE_NUMBER.is_match(&shape(&line.text));
    let margin = if number { NUMBER_MARGIN } else { MARGIN };
    if line.text.is_empty() {
        None
    } else if (placed && line.depth < margin) || (!placed && n < 2) {
        Some(Edge::Top)
    } else if (placed && line.depth > 1.0 - margin) || (!placed && n + 2 > last) {
        Some(Edge::Bottom)
    } else {
        None
    }
}

/// A line with its numbers taken out: what stays the same from page to page.
fn shape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !c.is_numeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// Lines that stand at the same edge of at least 40 percent of the pages (left and right pages may
/// differ) and of three pages; page numbers need two.
fn running_lines(pages: &[Page]) -> BTreeSet<(Edge, String)> {
    let mut counts: BTreeMap<(Edge, String), usize> = BTreeMap::new();
    // On a page of two lines the first is no header.
    for page in pages.iter().filter(|page| page.lines.len() > 2) {
        let last = page.lines.len() - 1;
        let here: BTreeSet<_> = page
            .lines
            .iter()
            .enumerate()
            .filter_map(|(n, line)| Some((edge(line, n, last)?, shape(&line.text))))
            .collect();
        for key in here {
            *counts.entry(key).or_default() += 1;
        }
    }
    let enough = pages.len().saturating_mul(2).div_ceil(5).max(3);
    counts.retain(|(_, shape), count| {
        *count >= enough || (*count >= 2 && PAGE_NUMBER.is_match(shape))
    });
    counts.into_keys().collect()
}

/// The font size of most letters; 0 if no reader said.
fn body_size(pages: &[Page]) -> f32 {
    let mut letters: BTreeMap<u32, usize> = BTreeMap::new();
    for line in pages.iter().flat_map(|page| &page.lines).filter(|line| line.size > 0.0) {
        *letters.entry(tenths(line.size)).or_default() += line.text.len();
    }
    let most = letters.into_iter().max_by_key(|(size, count)| (*count, *size));
    most.map_or(0.0, |(size, _)| size as f32 / 10.0)
}

fn tenths(size: f32) -> u32 {
    (size * 10.0).round() as u32
}

/// Lines that belong together.
#[derive(Debug, Default)]
struct Paragraph {
    /// Header or footer; `None` for the body.
    kind: Option<BlockKind>,
    lines: Vec<Line>,
}

/// Splits the lines of a page into paragraphs.
fn split(lines: Vec<Line>) -> Vec<Paragraph> {
    let leading = leading(&lines);
    let width = lines.iter().map(|line| line.right).fold(0.0, f32::max);
    let mut out: Vec<Paragraph> = Vec::new();
    let mut open = false;
    for line in lines {
        if line.text.is_empty() {
            open = false;
            continue;
        }
        let joined = open
            && out.last().is_some_and(|paragraph| {
                let above = paragraph.lines.last();
                above.is_some_and(|above| continues(above, &line, leading, width))
                    && !paragraph.heads(&line, width)
            });
        match out.last_mut() {
            Some(paragraph) if joined => paragraph.lines.push(line),
            _ => out.push(Paragraph { kind: None, lines: vec![line] }),
        }
        open = true;
    }
    out
}

/// The usual distance of two lines of a page, in points.
fn leading(lines: &[Line]) -> f32 {
    let mut gaps: Vec<f32> = lines
        .windows(2)
        .map(|pair| pair[0].baseline - pair[1].baseline)
        .filter(|gap| *gap > 0.5 * lines[0].size.max(1.0) && *gap < 40.0)
        .collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 3).copied().unwrap_or(14.0)
}

fn continues(above: &Line, line: &Line, leading: f32, width: f32) -> bool {
    if ITEM.is_match(&line.text) {
        return false;
    }
    if above.size == 0.0 || line.size == 0.0 {
        return true;
    }
    let gap = above.baseline - line.baseline;
    let same_size = (above.size - line.size).abs() < 0.1 * above.size;
    let next = gap > -0.5 * line.size && gap < (1.35 * leading).max(1.3 * line.size);
    let ended = above.text.ends_with(['.', ':', ';', '!', '?']) && above.right < 0.75 * width;
    same_size && next && !ended
}

/// The sizes of unnumbered headings in tenths of a point, largest first.
fn heading_sizes(paragraphs: &[(u32, Paragraph)], body: f32) -> Vec<u32> {
    let sizes: BTreeSet<u32> = paragraphs
        .iter()
        .filter(|(_, p)| p.kind.is_none() && p.size() >= LARGER * body && p.may_be_heading())
        .map(|(_, p)| tenths(p.size()))
        .collect();
    sizes.into_iter().rev().collect()
}

impl Paragraph {
    fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }

    fn size(&self) -> f32 {
        self.lines.first().map_or(0.0, |line| line.size)
    }

    /// Whether this is a numbered heading, in the size of the text, above the text that starts with
    /// `line`: it stands alone, ends early, and the next line starts anew.
    fn heads(&self, line: &Line, width: f32) -> bool {
        self.lines.len() == 1
            && self.number_depth().is_some()
            && self.may_be_heading()
            && self.lines[0].right < 0.8 * width
            && line.text.starts_with(char::is_uppercase)
    }

    fn may_be_heading(&self) -> bool {
        let text = self.text();
        self.lines.len() <= 3
            && text.len() <= 160
            && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
            && !text.ends_with(['.', ';', ',', ':', '?'])
            && !CONTENTS.is_match(&text)
    }

    /// How deep its number is: 1 for `3`, 2 for `3.2`. `None` without a number.
    fn number_depth(&self) -> Option<u8> {
        let first = self.lines.first()?;
        let number = NUMBERED.captures(&first.text)?.get(1)?.as_str();
        let parts = number.split('.').filter(|part| !part.is_empty()).count();
        u8::try_from(parts.clamp(1, 6)).ok()
    }

    /// The level of a heading, 1 the outermost. `None` for text. A number alone does not make a
    /// heading where the paragraphs beside it have numbers of the same depth: that is a list.
    fn heading_level(&self, body: f32, sizes: &[u32], neighbours: [Option<u8>; 2]) -> Option<u8> {
        if !self.may_be_heading() {
            return None;
        }
        let larger = body > 0.0 && self.size() >= LARGER * body;
        match self.number_depth() {
            Some(depth) if larger => Some(depth),
            Some(depth) => {
                let listed = neighbours.contains(&Some(depth));
                (self.lines.len() == 1 && self.size() >= 0.97 * body && !listed).then_some(depth)
            }
            None if larger => {
                let rank = sizes.iter().position(|size| *size == tenths(self.size()))?;
                u8::try_from(rank.min(5) + 1).ok()
            }
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, size: f32, baseline: f32) -> Line {
        let right = 50.0 + text.len() as f32 * size / 2.0;
        let text = text.to_owned();
        Line { text, size, left: 50.0, right, baseline, depth: 1.0 - baseline / 800.0 }
    }

    fn page(number: u32, body: &[(&str, f32, f32)]) -> Page {
        let mut lines = vec![line("ACME Access policy", 9.0, 780.0)];
        lines.extend(body.iter().map(|(text, size, baseline)| line(text, *size, *baseline)));
        lines.push(line(&format!("Page {number} of 3"), 9.0, 20.0));
        Page { number, lines, doubtful: false }
    }

    #[test]
    fn running_lines_are_given_once_and_headings_make_a_path() {
        let long = "The owner of each system reviews the access rights every quarter";
        let blocks = blocks(vec![
            page(
                1,
                &[
                    ("1 Purpose", 14.0, 680.0),
                    (long, 10.0, 650.0),
                    ("and records it.", 10.0, 638.0),
                ],
            ),
            page(
                2,
                &[
                    ("2 Scope", 14.0, 680.0),
                    (long, 10.0, 650.0),
                    ("• first", 10.0, 638.0),
                    ("• second", 10.0, 626.0),
                ],
            ),
            page(3, &[(long, 10.0, 650.0), (long, 10.0, 600.0)]),
        ]);
        let got: Vec<_> = blocks
            .iter()
            .map(|b| {
                (
                    b.kind,
                    b.locator.page_number().unwrap(),
                    b.heading.join("/"),
                    b.text.lines().next().unwrap(),
                )
            })
            .collect();
        use BlockKind::*;
        let row = |kind, page, path: &str, text| (kind, page, path.to_owned(), text);
        assert_eq!(
            got,
            [
                row(Header, 1, "", "ACME Access policy"),
                row(Footer, 1, "", "Page 1 of 3"),
                row(Heading, 1, "", "1 Purpose"),
                row(Body, 1, "1 Purpose", long),
                row(Heading, 2, "", "2 Scope"),
                row(Body, 2, "2 Scope", long),
                row(Body, 2, "2 Scope", "• first"),
                row(Body, 2, "2 Scope", "• second"),
                row(Body, 3, "2 Scope", long),
                row(Body, 3, "2 Scope", long),
            ]
        );
    }

    #[test]
    fn numbered_items_and_contents_are_no_headings() {
        let text = "The owner reviews the access rights to each system";
        let list = [("1. Collect the list", 10.0, 600.0), ("2. Compare it", 10.0, 560.0)];
        let mut body = vec![(text, 10.0, 650.0)];
        body.extend(list);
        body.push(("1 Purpose ........ 3", 10.0, 400.0));
        let pages = vec![page(1, &body)];
        assert!(blocks(pages).iter().all(|block| block.kind != BlockKind::Heading));
    }
}
