//! Profiles of documents as organisations name and word them. All names are invented.

mod dates;
mod status;
mod talk;
mod types;

use super::*;
use crate::domain::{Block, ExtractStatus, HeadingPath, Locator, Properties};

fn profile(document: &Extracted) -> DocumentProfile {
    super::profile(document, None)
}

fn document(path: &str, properties: &[(&str, &str)], lines: &[&str]) -> Extracted {
    blocks(path, properties, &lines.iter().map(|l| (BlockKind::Body, *l)).collect::<Vec<_>>())
}

fn table(path: &str, rows: &[&str]) -> Extracted {
    blocks(path, &[], &rows.iter().map(|l| (BlockKind::Row, *l)).collect::<Vec<_>>())
}

fn blocks(path: &str, properties: &[(&str, &str)], lines: &[(BlockKind, &str)]) -> Extracted {
    let block = |((kind, text), n): (&(BlockKind, &str), u32)| Block {
        kind: *kind,
        locator: Locator::lines(n, n),
        heading: HeadingPath::default(),
        text: (*text).into(),
        marks: Default::default(),
    };
    Extracted {
        path: path.into(),
        hash: String::new(),
        status: ExtractStatus::Ok,
        diagnostics: vec![],
        properties: properties
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect::<Properties>(),
        blocks: lines.iter().zip(1..).map(block).collect(),
    }
}

#[test]
fn a_programs_default_is_no_title() {
    let titled = |title| profile(&document("a/Key_Policy.pdf", &[("title", title)], &["x"])).title;
    assert_eq!(titled("untitled"), "Key Policy");
    assert_eq!(titled("Microsoft Word - Document1"), "Key Policy");
    assert_eq!(titled("Key rules"), "Key rules");
}
