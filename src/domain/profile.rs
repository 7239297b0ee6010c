//! What a document is, beyond its text: type, status, dates.

use serde::{Deserialize, Serialize};

use super::{Date, Language};

/// The kind of document, which says what it can prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentType {
    Policy,
    Procedure,
    Plan,
    Register,
    Record,
    Report,
    Minutes,
    Configuration,
    Contract,
    Training,
    Assessment,
    /// A scope statement, charter or other declaration.
    Statement,
    Diagram,
    /// A Statement of Applicability or a control matrix.
    Soa,
    Mail,
    Other,
}

impl DocumentType {
    /// The word used in JSON and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Procedure => "procedure",
            Self::Plan => "plan",
            Self::Register => "register",
            Self::Record => "record",
            Self::Report => "report",
            Self::Minutes => "minutes",
            Self::Configuration => "configuration",
            Self::Contract => "contract",
            Self::Training => "training",
            Self::Assessment => "assessment",
            Self::Statement => "statement",
            Self::Diagram => "diagram",
            Self::Soa => "soa",
            Self::Mail => "mail",
            Self::Other => "other",
        }
    }
}

/// Whether a document is in force. Only `Approved` and `Unstated` leave Coverage uncapped.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentStatus {
    Approved,
    Draft,
    /// Says who has to approve it, and that nobody has.
    Unapproved,
    Withdrawn,
    Superseded,
    /// The document says nothing about it.
    #[default]
    Unstated,
}

impl DocumentStatus {
    /// The word used in JSON and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Draft => "draft",
            Self::Unapproved => "unapproved",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
            Self::Unstated => "unstated",
        }
    }

    /// Evidence from such a document caps Coverage at `partial (not approved)`.
    pub fn caps_coverage(self) -> bool {
        matches!(self, Self::Draft | Self::Unapproved | Self::Withdrawn | Self::Superseded)
    }
}

/// Why a text talks about a subject without being evidence for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Talk {
    /// Placeholders are not filled in.
    Template,
    Glossary,
    /// A gap list, consultant's matrix or checklist of questions.
    GapList,
    /// A Statement of Applicability: an index to evidence.
    Soa,
    TrainingMaterial,
    TableOfContents,
    /// An article or newsletter.
    News,
    /// Written by evimap itself.
    OwnOutput,
    /// Tries to instruct a machine reader.
    Instruction,
    /// Says that something is missing or was not done.
    Absence,
    /// A table's header or a document-control line: labels, no statement.
    Label,
    /// Only says where something else stands.
    Reference,
    /// Terms one after the other, or the same words over and over.
    WordList,
}

impl Talk {
    /// The word used in JSON and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Glossary => "glossary",
            Self::GapList => "gap-list",
            Self::Soa => "soa",
            Self::TrainingMaterial => "training-material",
            Self::TableOfContents => "table-of-contents",
            Self::News => "news",
            Self::OwnOutput => "own-output",
            Self::Instruction => "instruction",
            Self::Absence => "absence",
            Self::Label => "label",
            Self::Reference => "reference",
            Self::WordList => "word-list",
        }
    }

    /// Half a sentence for people: why this is not evidence.
    pub fn explain(self) -> &'static str {
        match self {
            Self::Template => "a template whose placeholders are not filled in",
            Self::Glossary => "a definition, not something that is laid down or done",
            Self::GapList => "a gap list or checklist that talks about the control",
            Self::Soa => "a Statement of Applicability, which points to evidence but is none",
            Self::TrainingMaterial => "training material about the subject",
            Self::TableOfContents => "a table of contents",
            Self::News => "an article or newsletter about the subject",
            Self::OwnOutput => "an output of evimap itself",
            Self::Instruction => "text that tries to instruct a machine reader",
            Self::Absence => "a statement that something is missing or was not done",
            Self::Label => "a line of labels without a statement",
            Self::Reference => "a pointer to another document",
            Self::WordList => "a list or repetition of words without a statement",
        }
    }
}

/// An interval that the organisation's own document states, with the words that say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedInterval {
    pub days: u32,
    pub quote: String,
}

/// What a document is. Dates are different dates: none stands in for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentProfile {
    pub title: String,
    pub document_type: DocumentType,
    pub status: DocumentStatus,
    pub version: Option<String>,
    pub owner: Option<String>,
    pub approved_by: Option<String>,
    pub approved_on: Option<Date>,
    pub effective_on: Option<Date>,
    pub reviewed_on: Option<Date>,
    pub next_review_on: Option<Date>,
    /// When the recorded event took place (meeting, test, assessment, export).
    pub event_on: Option<Date>,
    pub stated_interval: Option<StatedInterval>,
    pub classification: Option<String>,
    /// Set where the document as a whole is talk.
    pub talk: Option<Talk>,
    /// Id of the system in whose `paths` the document lies; `None` serves all.
    pub system: Option<String>,
    /// What most of it is written in.
    #[serde(default)]
    pub language: Language,
}

impl DocumentProfile {
    /// The date that says how old the evidence in this document is: the event's, else the last
    /// review, approval or effective date, whichever is latest.
    pub fn evidence_date(&self) -> Option<Date> {
        self.event_on.or_else(|| {
            [self.reviewed_on, self.approved_on, self.effective_on].into_iter().flatten().max()
        })
    }
}

#[cfg(test)]
impl DocumentProfile {
    /// A profile of which nothing else is known.
    pub(crate) fn bare(document_type: DocumentType, status: DocumentStatus) -> Self {
        Self {
            title: String::new(),
            document_type,
            status,
            version: None,
            owner: None,
            approved_by: None,
            approved_on: None,
            effective_on: None,
            reviewed_on: None,
            next_review_on: None,
            event_on: None,
            stated_interval: None,
            classification: None,
            talk: None,
            system: None,
            language: Language::default(),
        }
    }
}
