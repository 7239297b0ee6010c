//! What has to go before people again, although it is decided.

use super::{Decision, DocumentStatus, Locator, ProposalId};

/// Why a decided row asks again. In the order in which it is said where several hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuestionKind {
    /// People gave opposite verdicts, and neither a lead nor a rule settles it.
    Conflict,
    /// Four eyes are asked for, and one person has accepted so far.
    SecondPerson,
    /// What the decision rested on has changed.
    Reconfirm,
    /// The evidence is past its freshness, and nothing fresher covers the point.
    Stale,
}

impl QuestionKind {
    /// The word that the row's `reasons` begin with.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::SecondPerson => "second person",
            Self::Reconfirm => "reconfirm",
            Self::Stale => "stale",
        }
    }
}

/// Words and their place as the last run found them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The row's id: that of the decision, or a new one where its quote has changed.
    pub id: ProposalId,
    pub document: String,
    /// SHA-256 of the document.
    pub document_hash: String,
    pub document_status: DocumentStatus,
    /// `None` only for an external reference.
    pub locator: Option<Locator>,
    pub quote: String,
}

/// A row of `suggestions.csv` that asks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub kind: QuestionKind,
    /// Begins with the kind: `reconfirm: the document's version was 1.0 and is 1.1 (accepted …)`.
    pub text: String,
    /// What was decided.
    pub decision: Decision,
    /// What the row shows.
    pub now: Cited,
    /// Decisions that an answer takes the place of: those on the words as they were.
    pub replaces: Vec<ProposalId>,
}

impl Question {
    /// Whether the `reasons` of a row ask this. Programs that can't write a character put another
    /// one in its place, so plain letters and digits are compared.
    pub fn stands_in(&self, reasons: &str) -> bool {
        let plain = |text: &str| -> String {
            let kept = text.chars().filter(char::is_ascii_alphanumeric);
            kept.map(|c| c.to_ascii_lowercase()).collect()
        };
        plain(reasons).starts_with(&plain(&self.text))
    }
}
