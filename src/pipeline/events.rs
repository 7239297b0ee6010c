//! What the pipeline tells whoever watches. Producers emit, the command line renders.

use crate::diag::Diagnostic;

/// A step of the pipeline, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Walk,
    Extract,
    Index,
    Match,
    Judge,
    Assess,
    Report,
}

impl Stage {
    /// Its name in run records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Extract => "extract",
            Self::Index => "index",
            Self::Match => "match",
            Self::Judge => "judge",
            Self::Assess => "assess",
            Self::Report => "report",
        }
    }

    /// What happens, for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Walk => "looking for files",
            Self::Extract => "reading",
            Self::Index => "indexing",
            Self::Match => "matching",
            Self::Judge => "asking the endpoint",
            Self::Assess => "assessing",
            Self::Report => "writing reports",
        }
    }
}

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A stage begins; `total` units if they can be counted.
    Begin { stage: Stage, total: Option<u64> },
    /// One unit of the current stage is done.
    Step,
    /// What the current stage came to so far.
    Detail(&'a str),
    /// The current stage is over.
    End,
    /// Something worth telling at once.
    Notice(&'a Diagnostic),
}

/// Whoever watches.
pub type Watcher<'a> = dyn FnMut(Event<'_>) + 'a;
