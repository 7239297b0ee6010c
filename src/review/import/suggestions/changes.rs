//! What of a file is new, compared with the ledger.

use std::collections::BTreeMap;

use crate::domain::{Decision, ProposalId, QuestionKind, same_name};

/// A decision that a row asks for.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) decision: Decision,
    /// The row names the day; a day that was filled in for it is no difference.
    pub(super) dated: bool,
    /// Follows from another row's `also_for`.
    pub(super) derived: bool,
    /// The row asked this again, and it is still open.
    pub(super) answers: Option<QuestionKind>,
}

impl Candidate {
    /// Whether both say the same. Where the quote stands and which row it came from don't count.
    pub(super) fn says(&self, old: &Decision) -> bool {
        let mut new = self.decision.clone();
        new.document.clone_from(&old.document);
        new.document_hash.clone_from(&old.document_hash);
        new.locator.clone_from(&old.locator);
        new.evidence_type = old.evidence_type;
        new.provenance = old.provenance.clone();
        new.basis.clone_from(&old.basis);
        if same_name(&new.reviewer, &old.reviewer) {
            new.reviewer.clone_from(&old.reviewer);
        }
        new.reconfirms = old.reconfirms;
        new.replaces.clone_from(&old.replaces);
        if self.answers == Some(QuestionKind::Reconfirm) {
            // The status that the reviewer saw is part of what was asked.
            new.document_status = old.document_status;
        }
        if !self.dated {
            new.decided_on = old.decided_on;
        }
        new == *old
    }

    /// Whether it is an answer that the person has not given yet, though in the same words: a
    /// verdict is repeated on what has changed since, or on evidence that has grown old.
    fn answers_beyond(&self, old: &Decision) -> bool {
        let new = &self.decision;
        match self.answers {
            Some(QuestionKind::Reconfirm) => {
                !(old.reconfirms
                    && old.basis == new.basis
                    && old.document_hash == new.document_hash
                    && old.document_status == new.document_status)
            }
            Some(QuestionKind::Stale) => new.decided_on > old.decided_on,
            Some(QuestionKind::Conflict | QuestionKind::SecondPerson) | None => false,
        }
    }
}

/// The ledger by proposal. Each person's last word is kept beside the one in force, so that an old
/// file that comes in again does not overrule what somebody else decided since.
pub(super) struct Ledger<'a> {
    decisions: BTreeMap<&'a ProposalId, Vec<&'a Decision>>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(decisions: &'a [Decision]) -> Self {
        let mut by_id = BTreeMap::<_, Vec<_>>::new();
        for decision in decisions {
            by_id.entry(&decision.proposal_id).or_default().push(decision);
        }
        Self { decisions: by_id }
    }

    /// The last decision on a proposal.
    pub(super) fn in_force(&self, id: &ProposalId) -> Option<&'a Decision> {
        self.decisions.get(id)?.last().copied()
    }

    /// A person's last decision on a proposal.
    pub(super) fn last_by(&self, id: &ProposalId, person: &str) -> Option<&'a Decision> {
        let all = self.decisions.get(id)?;
        all.iter().rev().find(|d| same_name(&d.reviewer, person)).copied()
    }

    /// Whether the ledger holds all that the candidate says.
    pub(super) fn holds(&self, candidate: &Candidate) -> bool {
        let new = &candidate.decision;
        let told = self.last_by(&new.proposal_id, &new.reviewer);
        let settled = || {
            // A counterpart may have got its own row since, with corrections.
            let force = self.in_force(&new.proposal_id);
            candidate.derived && force.is_some_and(|d| d.verdict == new.verdict)
        };
        if told.is_some_and(|old| candidate.answers_beyond(old)) {
            return false;
        }
        told.is_some_and(|old| candidate.says(old)) || settled()
    }
}
