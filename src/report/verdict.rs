//! What people concluded on a target, for formats of other tools that know a result and no coverage.

use super::view::{Row, State};
use crate::domain::{Conclusion, Position};

/// What may be said about a row. Everything that no person stands behind is [`Self::Open`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Accepted evidence on every needed point, and a person concluded that it is sufficient.
    Satisfied,
    /// Decisions of people left a part open.
    PartlySatisfied,
    /// A person looked and found nothing.
    NotSatisfied,
    /// A person excluded the control.
    Excluded,
    /// Not reviewed, merely asserted, or full without a conclusion: nothing to say.
    Open,
}

impl Verdict {
    pub(super) fn of(row: &Row<'_>) -> Self {
        match row.state {
            State::NotApplicable => Self::Excluded,
            State::Asserted | State::NotReviewed => Self::Open,
            State::None => Self::NotSatisfied,
            State::Partial => Self::PartlySatisfied,
            State::Full if conclusion(row) == Some(Conclusion::EvidenceSufficient) => {
                Self::Satisfied
            }
            State::Full => Self::Open,
        }
    }

    /// One verdict for the rows of a target: the weakest decides, and while a row is open the whole
    /// is. Excluded rows don't count, unless all are excluded.
    pub(super) fn of_all<'r, 'a: 'r>(rows: impl IntoIterator<Item = &'r Row<'a>>) -> Self {
        let verdicts: Vec<Self> = rows.into_iter().map(Self::of).collect();
        let has = |verdict| verdicts.contains(&verdict);
        if verdicts.is_empty() || has(Self::Open) {
            return Self::Open;
        }
        [Self::NotSatisfied, Self::PartlySatisfied, Self::Satisfied]
            .into_iter()
            .find(|verdict| has(*verdict))
            .unwrap_or(Self::Excluded)
    }
}

/// What a person concluded on a row.
pub(super) fn conclusion(row: &Row<'_>) -> Option<Conclusion> {
    row.assessment.position.as_ref().and_then(|p| p.conclusion)
}

/// Who stands behind a row: whoever took the position, then whoever accepted evidence, each once.
pub(super) fn people<'r>(row: &'r Row<'_>) -> Vec<&'r str> {
    let a = row.assessment;
    let position = a.position.as_ref().map(|p: &Position| p.decided_by.as_str());
    let mut people: Vec<&str> = Vec::new();
    for name in position.into_iter().chain(a.evidence.iter().map(|e| e.decided_by.as_str())) {
        if !name.trim().is_empty() && !people.contains(&name) {
            people.push(name);
        }
    }
    people
}
