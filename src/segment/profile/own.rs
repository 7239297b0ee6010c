//! Evimap's own outputs. Whatever form they come back in, they are no evidence.

use std::sync::LazyLock;

use regex::Regex;

use super::text;
use crate::domain::{Block, BlockKind, Extracted};

/// Stands in every report, whatever its format, in the language that it is written in.
const DISCLAIMERS: [&str; 3] = [
    "assesses documents against evimap's own points",
    "bewertet dokumente gegen die eigenen prüfpunkte von evimap",
    "évalue des documents selon les points propres à evimap",
];

/// Heads of the CSV outputs and review sheets, with any separator: they end in `basis` and `as_of`
/// or hold columns that only Evimap has.
static COLUMNS: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"(?i)\bbasis\W+as_of\W*$|\bproposal_id\W+target\b|\bmachine_view\W+nearest_miss\b|\binclusion_reasons\W+justification\W+risk_ids\b|\baction_id\W+priority\W+kind\b|\baudit_id\W+round\W+kind\b",
    )
});

/// The `basis` of a row.
static BASIS: LazyLock<Regex> =
    LazyLock::new(|| text::pattern(r"(?i)\bevimap points [\d.]+, not the text of the standard"));

pub(super) fn is_own_output(document: &Extracted, head: &str) -> bool {
    let says = |key: &str, words: &str| {
        document.properties.get(key).is_some_and(|v| v.to_lowercase().starts_with(words))
    };
    let head = head.replace('’', "'");
    says("generator", "evimap")
        || says("description", "output of evimap")
        || (says("author", "evimap ") && says("last_modified_by", "evimap "))
        || document.properties.values().any(|v| v.contains("evimap:generated"))
        || head.contains("evimap:generated")
        || says_so(&squashed(&head))
        || head.starts_with(r#"{"proposal_id":"p-"#)
        || document.blocks.iter().find(|b| b.kind == BlockKind::Row).is_some_and(is_head)
        || document.blocks.iter().take(3).any(|b| BASIS.is_match(&b.text))
        || is_run(&head)
}

fn says_so(head: &str) -> bool {
    DISCLAIMERS.iter().any(|words| head.contains(words))
}

fn is_head(row: &Block) -> bool {
    COLUMNS.is_match(row.text.trim())
}

/// `run.json` has no words for people.
fn is_run(head: &str) -> bool {
    head.trim_start().starts_with('{')
        && ["\"catalog\"", "\"reports/gap-analysis."].iter().all(|words| head.contains(words))
}

fn squashed(text: &str) -> String {
    crate::domain::squash_whitespace(text).to_lowercase()
}
