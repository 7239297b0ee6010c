//! Reads the cells of one row.

use super::{
    super::{
        super::{
            sheet::{Sheet, SheetRow},
            words,
        },
        Context,
        problems::{Bad, Problems, items},
    },
    changes::{Candidate, Ledger},
    identity::Known,
};
use crate::domain::{
    Cited, Date, Decision, DocumentStatus, EvidenceKind, Level, Locator, Origin, PointId,
    ProposalId, QuestionKind, TargetId, Verdict,
};

/// Reads rows against the whole of the file and the workspace.
pub(super) struct Reader<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) context: &'a Context<'a>,
    pub(super) ledger: &'a Ledger<'a>,
    pub(super) known: &'a Known,
}

/// Who decided and when.
pub(super) struct Signed {
    pub(super) reviewer: String,
    pub(super) decided_on: Date,
    pub(super) dated: bool,
    pub(super) comment: String,
}

/// Where a quote stands, for a decision on it.
struct Standing {
    document: String,
    document_hash: String,
    document_status: DocumentStatus,
    locator: Option<Locator>,
}

impl Standing {
    fn of(decision: &Decision) -> Self {
        Self {
            document: decision.document.clone(),
            document_hash: decision.document_hash.clone(),
            document_status: decision.document_status,
            locator: decision.locator.clone(),
        }
    }

    fn now(cited: &Cited) -> Self {
        Self {
            document: cited.document.clone(),
            document_hash: cited.document_hash.clone(),
            document_status: cited.document_status,
            locator: cited.locator.clone(),
        }
    }
}

impl Reader<'_> {
    /// A decided row with an id: the decision itself and one for each counterpart.
    pub(super) fn decided(
        &self,
        row: &SheetRow,
        template: &Decision,
        verdict: Verdict,
        problems: &mut Problems,
    ) -> Result<Vec<Candidate>, Bad> {
        let sound = self.known.check(row, template, self.context, problems);
        let signed = self.signed(row, verdict, Some(&template.proposal_id), problems);
        let corrected = if verdict == Verdict::Accept {
            self.corrected(row, template, problems)
        } else {
            Ok(template.clone())
        };
        let counterparts = self.counterparts(row, &template.target, problems);
        let (Ok(()), Ok(signed), Ok(corrected), Ok(counterparts)) =
            (sound, signed, corrected, counterparts)
        else {
            return Err(Bad);
        };
        let (answers, standing) = self.standing(row, &template.proposal_id, &signed);
        let standing = standing.unwrap_or_else(|| Standing::of(&corrected));
        // What the person saw: a status that changed since the export asks for reconfirmation.
        let seen = words::word(row.get("document_status")).unwrap_or(standing.document_status);
        let mut decision = Decision {
            document: standing.document,
            document_hash: standing.document_hash,
            locator: standing.locator,
            verdict,
            document_status: seen,
            reviewer: signed.reviewer,
            decided_on: signed.decided_on,
            comment: signed.comment,
            provenance: self.context.provenance(self.sheet, row.row),
            ..corrected
        };
        self.found(&mut decision, answers);
        Ok(self.with_counterparts(decision, signed.dated, answers, &counterparts))
    }

    /// Which open question a row answers, and where its quote stands for it.
    ///
    /// A row answers a question if its `reasons` ask it, or, in a file without that column, if its
    /// day is later than that of the person's last word. An old file that comes in again says
    /// nothing of what has changed since.
    fn standing(
        &self,
        row: &SheetRow,
        id: &ProposalId,
        signed: &Signed,
    ) -> (Option<QuestionKind>, Option<Standing>) {
        let force = self.ledger.in_force(id);
        let Some(question) = self.context.questions.get(id) else { return (None, None) };
        let later = || {
            let before = self.ledger.last_by(id, &signed.reviewer).or(force);
            signed.dated && before.is_none_or(|d| signed.decided_on > d.decided_on)
        };
        let asked = if self.sheet.has("reasons") {
            question.stands_in(row.get("reasons"))
        } else {
            later()
        };
        match (asked, question.kind) {
            (true, kind) => (Some(kind), Some(Standing::now(&question.now))),
            // It was made on what was there before.
            (false, QuestionKind::Reconfirm) => (None, force.map(Standing::of)),
            (false, _) => (None, None),
        }
    }

    /// Notes what a decision rests on, and what it settles.
    fn found(&self, decision: &mut Decision, answers: Option<QuestionKind>) {
        let id = &decision.proposal_id;
        let question = self.context.questions.get(id);
        let changed = question.is_some_and(|q| q.kind == QuestionKind::Reconfirm);
        let force = self.ledger.in_force(id);
        if let (true, None, Some(force)) = (changed, answers, force) {
            decision.basis.clone_from(&force.basis);
            return;
        }
        decision.basis = (self.context.basis)(decision);
        decision.reconfirms = answers == Some(QuestionKind::Reconfirm);
        if let Some(question) = question.filter(|_| answers.is_some()) {
            decision.replaces.clone_from(&question.replaces);
        }
    }

    pub(super) fn signed(
        &self,
        row: &SheetRow,
        verdict: Verdict,
        id: Option<&ProposalId>,
        problems: &mut Problems,
    ) -> Result<Signed, Bad> {
        let what = format!("the row is decided ({})", verdict.as_str());
        let reviewer = problems.reviewer(row, "reviewer", &what, self.context);
        let before =
            id.zip(reviewer.as_ref().ok()).and_then(|(id, name)| self.ledger.last_by(id, name));
        let date = problems.date(row, "decided_on", before.map(|d| d.decided_on));
        let (Ok(reviewer), Ok(date)) = (reviewer, date) else { return Err(Bad) };
        if date.is_some_and(|date| date > self.context.today) {
            let message = format!("decided_on lies after {}", self.context.today);
            problems.note(row, "decided_on", "review-date", message);
        }
        Ok(Signed {
            reviewer,
            decided_on: date.unwrap_or(self.context.today),
            dated: date.is_some(),
            comment: row.get("comment").to_owned(),
        })
    }

    /// An accepted proposal with the corrections that the reviewer made.
    fn corrected(
        &self,
        row: &SheetRow,
        template: &Decision,
        problems: &mut Problems,
    ) -> Result<Decision, Bad> {
        let points = if self.sheet.has("points") {
            self.points(row, &template.target, problems)
        } else {
            Ok(template.points.clone())
        };
        if points.as_ref().is_ok_and(Vec::is_empty) {
            let known = self.point_list(&template.target);
            if template.points.is_empty() {
                problems.warning(
                    row,
                    "points",
                    "review-points",
                    "accepted without a point, so it covers none",
                    format!("name the points that the passage shows: {known}"),
                );
            } else {
                problems.error(
                    row,
                    "points",
                    "review-points",
                    "accepted, but its points were taken away",
                    format!("name the points that the passage shows ({known}), or reject the row"),
                );
                return Err(Bad);
            }
        }
        let system = if self.sheet.has("system") {
            problems.system(row, self.context)
        } else {
            Ok(template.system.clone())
        };
        let date = if self.sheet.has("evidence_date") {
            problems.date(row, "evidence_date", template.evidence_date)
        } else {
            Ok(template.evidence_date)
        };
        let kind = self.kind(row, problems);
        let (Ok(points), Ok(system), Ok(evidence_date), Ok(kind)) = (points, system, date, kind)
        else {
            return Err(Bad);
        };
        let evidence_kind = kind.unwrap_or(template.evidence_kind);
        Ok(Decision { points, system, evidence_date, evidence_kind, ..template.clone() })
    }

    pub(super) fn kind(
        &self,
        row: &SheetRow,
        problems: &mut Problems,
    ) -> Result<Option<EvidenceKind>, Bad> {
        let cell = row.get("evidence_kind");
        if cell.is_empty() {
            return Ok(None);
        }
        words::find(words::KINDS, cell).map(Some).ok_or_else(|| {
            let message = format!("`{cell}` is not a kind of evidence");
            let help = format!("write {}", words::list(words::KINDS));
            problems.error(row, "evidence_kind", "review-evidence-kind", message, help);
            Bad
        })
    }

    /// The points named in a row, in the catalogue's order.
    pub(super) fn points(
        &self,
        row: &SheetRow,
        target: &TargetId,
        problems: &mut Problems,
    ) -> Result<Vec<PointId>, Bad> {
        let known: Vec<&PointId> = self
            .context
            .catalog
            .get(target)
            .map(|t| t.points.iter().map(|p| &p.id).collect())
            .unwrap_or_default();
        let mut named = Vec::new();
        let mut strangers = Vec::new();
        for item in items(row.get("points")).flat_map(str::split_whitespace) {
            let id = match item.contains(':') {
                true => item.parse().ok(),
                false => Some(PointId::new(target, &item.trim_start_matches('#').to_lowercase())),
            };
            match id {
                Some(id) if known.contains(&&id) => named.push(id),
                _ => strangers.push(item),
            }
        }
        if !strangers.is_empty() {
            let message = format!("{target} has no point {}", strangers.join(", "));
            let help = format!("its points are {}", self.point_list(target));
            problems.error(row, "points", "review-points", message, help);
            return Err(Bad);
        }
        Ok(known.into_iter().filter(|id| named.contains(id)).cloned().collect())
    }

    /// Short ids of a target's points, for messages.
    pub(super) fn point_list(&self, target: &TargetId) -> String {
        let points = self.context.catalog.get(target).map_or(&[][..], |t| &t.points);
        points.iter().map(|p| p.id.short()).collect::<Vec<_>>().join(", ")
    }

    /// The targets named in `also_for`.
    pub(super) fn counterparts(
        &self,
        row: &SheetRow,
        own: &TargetId,
        problems: &mut Problems,
    ) -> Result<Vec<TargetId>, Bad> {
        let mut targets = Vec::new();
        let mut sound = true;
        for item in items(row.get("also_for")).flat_map(str::split_whitespace) {
            match problems.target(row, "also_for", item, self.context) {
                Ok(id) if id == *own => {
                    let help = "name other targets that the same passage is evidence for";
                    let message = format!("{id} is the row's own target");
                    problems.error(row, "also_for", "review-also-for", message, help);
                    sound = false;
                }
                Ok(id) if targets.contains(&id) => {}
                Ok(id) => targets.push(id),
                Err(Bad) => sound = false,
            }
        }
        if sound { Ok(targets) } else { Err(Bad) }
    }

    /// The decision, and one for each counterpart: accepted with it, or withdrawn with it where it
    /// was accepted with it before.
    pub(super) fn with_counterparts(
        &self,
        decision: Decision,
        dated: bool,
        answers: Option<QuestionKind>,
        counterparts: &[TargetId],
    ) -> Vec<Candidate> {
        let mut all =
            vec![Candidate { decision: decision.clone(), dated, derived: false, answers }];
        for target in counterparts {
            let Some(entry) = self.context.catalog.get(target) else { continue };
            let system = match entry.level {
                Level::Organisation => None,
                _ => decision.system.clone(),
            };
            let proposal_id =
                evidence_id(target, system.as_deref(), &decision.quote, &decision.document);
            let force = self.ledger.in_force(&proposal_id);
            let withdrawn =
                force.is_some_and(|d| d.origin == Origin::Reuse && d.verdict == Verdict::Accept);
            if decision.verdict != Verdict::Accept && !withdrawn {
                continue;
            }
            let same_kind = entry.points.iter().filter(|p| p.kind == decision.evidence_kind);
            // The row's answer holds for its counterparts where the same is asked of them.
            let asked = self.context.questions.get(&proposal_id).map(|q| q.kind);
            let answers = answers.filter(|kind| asked == Some(*kind));
            let mut decision = Decision {
                proposal_id,
                target: target.clone(),
                system,
                origin: Origin::Reuse,
                points: same_kind.map(|p| p.id.clone()).collect(),
                reconfirms: false,
                replaces: Vec::new(),
                ..decision.clone()
            };
            self.found(&mut decision, answers);
            all.push(Candidate { decision, dated, derived: true, answers });
        }
        all
    }
}

/// The id of evidence that was not proposed. An external reference may have no quote; then its name
/// stands in.
pub(super) fn evidence_id(
    target: &TargetId,
    system: Option<&str>,
    quote: &str,
    document: &str,
) -> ProposalId {
    ProposalId::derive(target, system, if quote.is_empty() { document } else { quote })
}
