//! Document control, passages and profile of invented blocks. A line begins with the kind of its
//! block; `+` adds a line to the one before.
#![no_main]

use evimap::domain::{Block, BlockKind, ExtractStatus, Extracted, Locator};

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut heading = Vec::new();
    for (n, line) in (1..).zip(text.lines().take(200)) {
        let Some(mark) = line.chars().next() else { continue };
        let text = line[mark.len_utf8()..].trim();
        if text.is_empty() || text.contains(|c: char| c.is_control() && c != '\t') {
            continue;
        }
        let kind = match mark {
            '+' => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push('\n');
                    block.text.push_str(text);
                }
                continue;
            }
            '#' => BlockKind::Heading,
            '|' => BlockKind::Row,
            '^' => BlockKind::Header,
            '_' => BlockKind::Footer,
            '!' => BlockKind::Note,
            '?' => BlockKind::Comment,
            _ => BlockKind::Body,
        };
        let locator = match mark {
            '%' => Locator::page(n),
            '=' => Locator::cells("Register", format!("A{n}:F{n}")),
            _ => Locator::paragraph(heading.clone(), n),
        };
        blocks.push(Block::new(kind, locator, heading.clone(), text.to_owned()));
        if kind == BlockKind::Heading {
            heading = vec![text.to_owned()];
        }
    }
    blocks
}

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let blocks = blocks(text);
    let properties = evimap::extract::fuzzing::control(&blocks);
    for value in properties.values() {
        let found = |block: &Block| {
            evimap::domain::squash_whitespace(&block.text)
                .contains(&evimap::domain::squash_whitespace(value))
        };
        assert!(blocks.iter().any(found), "{value:?} stands in no block");
    }
    let status = if blocks.is_empty() { ExtractStatus::Failed } else { ExtractStatus::Ok };
    let why = evimap::diag::Diagnostic::note("why", "because");
    evimap_fuzz::document(&Extracted {
        path: "policies/Access policy v2.1 DRAFT 2026-01-02.docx".to_owned(),
        hash: String::new(),
        status,
        diagnostics: vec![why],
        properties,
        blocks,
    });
});
