//! What a run saw, and how two runs differ. Pure: no store, no clock, no printing.
//!
//! A [`Snapshot`] holds words and hashes, never a runtime type, so that a run recorded by an older
//! evimap can still be compared. It is stored in small parts named by their content (`pack.rs`):
//! what did not change from one run to the next is stored once.

mod diff;
mod pack;
mod policy;
mod record;
mod render;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use diff::{Change, Difference, Documents, EvidenceChanges, Moved, Piece, Side, compare};
pub use pack::{Packed, pack, parts_of, unpack};
pub use policy::{Hit, POLICIES, Policy, hits};
pub use record::{Counts, Endpoint, Record};
pub use render::{Format, render};
pub use summary::{Summary, summary};

/// What a run saw, as far as a later one is compared with it. A row is a target and, where it is
/// assessed per system, the system: `ISO27001:A.5.8` or `ISO42001:A.6.2.4 (triage)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// By path relative to the source root.
    pub documents: BTreeMap<String, DocumentMark>,
    /// By row.
    pub targets: BTreeMap<String, TargetMark>,
    /// Accepted evidence, by [`EvidenceMark::key`].
    pub evidence: BTreeMap<String, EvidenceMark>,
    /// Suggestions in bands strong and likely that wait for a person, by proposal id.
    pub suggestions: BTreeMap<String, SuggestionMark>,
    /// Actions, overrides, plans and reviews past their date: what it is about → a sentence.
    pub overdue: BTreeMap<String, String>,
    /// Decisions of several people that nobody has settled: what it is about → a sentence.
    pub conflicts: BTreeMap<String, String>,
}

/// A source file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentMark {
    /// SHA-256 of the content, lower-case hex; empty if it could not be opened.
    #[serde(rename = "h")]
    pub hash: String,
    /// Outcome of reading: `ok`, `failed`, …
    #[serde(rename = "s")]
    pub status: String,
}

/// A row of the assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetMark {
    /// `full`, `partial`, `none`, `not reviewed`: from decisions alone.
    #[serde(rename = "c")]
    pub coverage: String,
    #[serde(rename = "r")]
    pub reasons: Vec<String>,
    /// `likely-evidence`, `unsure`, `likely-gap`: the machine's opinion.
    #[serde(rename = "v")]
    pub view: String,
}

/// Whether accepted evidence still stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    #[default]
    Stands,
    /// The document changed around it; a person should look again.
    Reconfirm,
    Lost,
}

/// A piece of accepted evidence on a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceMark {
    #[serde(rename = "t")]
    pub row: String,
    #[serde(rename = "i")]
    pub id: String,
    /// Where it stands now, or stood if it is lost.
    #[serde(rename = "d")]
    pub document: String,
    #[serde(rename = "s")]
    pub standing: Standing,
    #[serde(rename = "o")]
    pub stale: bool,
}

impl EvidenceMark {
    /// One piece may serve several rows.
    pub fn key(&self) -> String {
        format!("{} {}", self.id, self.row)
    }
}

/// A suggestion that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionMark {
    #[serde(rename = "t")]
    pub row: String,
    #[serde(rename = "d")]
    pub document: String,
    #[serde(rename = "b")]
    pub band: String,
}

/// A text of a document or path without control characters.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
