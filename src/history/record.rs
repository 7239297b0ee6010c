//! The record of a run, as it is stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a run stood on and what it cost. Every field has a default, so that records of older and
/// newer versions can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    pub schema_version: u32,
    /// `run`, `propose`, `report`, `assess`, `export`, `import`; empty in records of old.
    pub kind: String,
    /// RFC 3339.
    pub started: String,
    pub as_of: String,
    pub program: String,
    pub catalog: String,
    /// SHA-256 of evimap.toml.
    pub config: String,
    /// SHA-256 over the paths and contents of all documents.
    pub inputs: String,
    /// Languages of OCR, if it was on.
    pub ocr: Option<String>,
    /// Last hash of the ledger when the run ended.
    pub ledger_head: String,
    pub counts: Counts,
    /// Milliseconds by stage.
    pub durations_ms: BTreeMap<String, u64>,
    /// Set if the run asked one.
    pub endpoint: Option<Endpoint>,
    /// Name of the snapshot's manifest.
    pub snapshot: Option<String>,
    /// The run whose outputs still hold, if nothing had changed since.
    pub unchanged_since: Option<u64>,
    /// Policies of `--fail-on` that were hit.
    pub failed_on: Vec<String>,
}

/// Figures of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub documents: usize,
    /// Files that gave no text.
    pub unread: usize,
    /// Files whose content was read; the others came from the cache.
    pub read: usize,
    pub skipped: usize,
    pub passages: usize,
    pub proposals: usize,
    /// Suggestions that wait for a person.
    pub waiting: usize,
    /// In the whole ledger; of an import those that it added.
    pub decisions: usize,
    /// Of an import only.
    pub positions: usize,
}

/// Use of the configured endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    pub base_url: String,
    pub model: String,
    pub calls: usize,
    /// Questions without a whole answer.
    pub failed: usize,
    /// Those of them that were not put to it.
    pub unasked: usize,
    /// Of prompts and answers, as they count.
    pub tokens: u64,
    /// With the currency; empty without prices.
    pub cost: String,
}

impl Record {
    /// Whether it looked at the documents: what `--fail-on` and `--since` compare with.
    pub fn is_run(&self) -> bool {
        matches!(self.kind.as_str(), "" | "run" | "propose")
    }
}
