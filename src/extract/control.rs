//! Document-control facts: version, owner, approval and the like, where a document states them in
//! a label and value ("Version 2.1", "Freigegeben durch: …", a row of a control table), in a table
//! that lies on its side, in a line of several ("Version 2.0 · approved by … on …") or in its
//! header and footer.

mod edges;
mod labels;
mod lines;
mod neutral;
mod table;
mod values;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use regex::Regex;

use crate::domain::{Block, BlockKind, Extracted, Properties};
#[cfg(test)]
pub(crate) use values::{PENDING, STATUS_WORDS};

/// Document control stands at the start of a document …
const FIRST_BLOCKS: usize = 40;
/// … its history sometimes at the end, …
const LAST_BLOCKS: usize = 40;
/// … and a line of it that follows a title in the first ones.
const TITLE_BLOCKS: usize = 3;

/// A longer block is text.
const BLOCK_BYTES: usize = 2_000;

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Adds the document-control facts that the blocks state to the properties. What is there already
/// stays. Values are verbatim, trimmed. An approval that is still to come ("pending") is kept as
/// such.
pub(super) fn control_properties(blocks: &[Block], properties: &mut Properties) {
    let short: Vec<&Block> = blocks.iter().take(FIRST_BLOCKS).collect();
    let mut history = Properties::new();
    let mut skip = 0;
    for (n, block) in short.iter().enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        // A mail's own header lines say who wrote, not who approved.
        if block.text.len() > BLOCK_BYTES {
            continue;
        }
        if let Some(table) = table::table(&short[n..]) {
            skip = table.rows;
            merge(properties, table.stated);
            merge(&mut history, table.history);
            continue;
        }
        of_block(n, block, &short, properties);
    }
    let edge = |block: &&Block| matches!(block.kind, BlockKind::Header | BlockKind::Footer);
    for block in blocks.iter().skip(FIRST_BLOCKS).filter(edge).take(FIRST_BLOCKS) {
        of_block(FIRST_BLOCKS, block, &[], properties);
    }
    for block in blocks.iter().filter(edge).take(FIRST_BLOCKS) {
        edges::edge(block, properties);
    }
    for (n, block) in short.iter().enumerate() {
        edges::lone_class(n, block, properties);
    }
    merge(properties, history);
    let rest = blocks.len().saturating_sub(LAST_BLOCKS).max(FIRST_BLOCKS);
    let last: Vec<&Block> = blocks.iter().skip(rest).collect();
    for n in 0..last.len() {
        if let Some(table) = table::table(&last[n..]) {
            merge(properties, table.history);
        }
    }
}

/// Every class that a document states of itself, in its properties, control and edges: of more than
/// one, the properties keep the first.
pub fn labels(document: &Extracted) -> BTreeSet<String> {
    const KEY: &str = "classification";
    let mut labels: BTreeSet<String> = document.properties.get(KEY).cloned().into_iter().collect();
    let short: Vec<&Block> = document.blocks.iter().take(FIRST_BLOCKS).collect();
    for (n, block) in document.blocks.iter().enumerate() {
        let edge = matches!(block.kind, BlockKind::Header | BlockKind::Footer);
        if block.text.len() > BLOCK_BYTES || (n >= FIRST_BLOCKS && !edge) {
            continue;
        }
        let mut read = |add: &dyn Fn(&mut Properties)| {
            let mut one = Properties::new();
            add(&mut one);
            labels.extend(one.remove(KEY));
        };
        let among: &[&Block] = if n < FIRST_BLOCKS { &short } else { &[] };
        read(&|one| of_block(n, block, among, one));
        if edge {
            read(&|one| edges::edge(block, one));
        } else {
            read(&|one| edges::lone_class(n, block, one));
        }
        if let Some(table) = among.get(n..).and_then(table::table) {
            read(&|one| merge(one, table.stated.clone()));
        }
    }
    labels
}

fn merge(properties: &mut Properties, more: Properties) {
    for (key, value) in more {
        properties.entry(key).or_insert(value);
    }
}

fn of_block(n: usize, block: &Block, all: &[&Block], properties: &mut Properties) {
    if block.text.len() > BLOCK_BYTES {
        return;
    }
    let first = n < TITLE_BLOCKS;
    if block.kind == BlockKind::Row {
        let beside = [n.checked_sub(1), Some(n + 1)].into_iter().flatten();
        let among = beside.filter_map(|n| all.get(n)).any(|b| is_control_row(b));
        if let Some(cells) = table::split(&block.text) {
            return of_cells(&cells, among, properties);
        }
        for line in block.text.lines() {
            lines::facts(line, block.kind, among, first, properties);
        }
        return;
    }
    let labelled = block.text.lines().filter(|line| labels::at_start(line).is_some()).count();
    let among = labelled >= 3 || matches!(block.kind, BlockKind::Header | BlockKind::Footer);
    for line in block.text.lines() {
        lines::facts(line, block.kind, among, first, properties);
    }
}

/// Labels and values in turn: `| Owner | CISO | Version | 2.1 |`.
fn of_cells(cells: &[String], among: bool, properties: &mut Properties) {
    // Of more than one pair, each must begin with a label; else the row is another table's header.
    let labels = || cells.iter().step_by(2).all(|cell| labels::label_of(cell).is_some());
    if !cells.len().is_multiple_of(2) || (cells.len() > 2 && !labels()) {
        return;
    }
    for pair in cells.chunks_exact(2) {
        let (Some(key), [label, value]) = (labels::key_of(&pair[0]), pair) else { continue };
        // The header of some other table: "| Owner | Asset |".
        let stated = among || cells.len() > 2 || label.contains(' ') || values::is_typed(key);
        if stated {
            merge(properties, lines::values_of(key, value, true).into_iter().collect());
        }
    }
}

fn is_control_row(block: &Block) -> bool {
    if block.kind != BlockKind::Row {
        return false;
    }
    match table::split(&block.text) {
        Some(cells) => {
            cells.len().is_multiple_of(2)
                && cells.first().is_some_and(|c| labels::label_of(c).is_some())
        }
        None => {
            labels::at_start(&block.text).is_some_and(|(_, rest)| !rest.is_empty())
                && labels::run(&block.text).is_none()
        }
    }
}
