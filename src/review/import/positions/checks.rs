//! Rules that a new or changed position must keep.

use super::super::{
    super::{sheet::SheetRow, words},
    Context,
    problems::{Bad, Problems},
};
use crate::domain::{
    Applicability, Date, ImplementationStatus, InclusionReason, Level, Position, ProvidedBy,
    TargetId, TargetKind,
};

/// Requirements of clauses 4 to 10 can't be excluded.
pub(super) fn is_clause(context: &Context<'_>, target: &TargetId) -> bool {
    context.catalog.get(target).is_some_and(|t| t.kind == TargetKind::Requirement)
}

/// Checks one row's position.
pub(super) struct Checker<'a> {
    pub(super) row: &'a SheetRow,
    pub(super) context: &'a Context<'a>,
    /// The position in force.
    pub(super) before: Option<&'a Position>,
}

impl Checker<'_> {
    /// A changed position must say who changed it and must make sense.
    pub(super) fn check(
        &self,
        mut position: Position,
        problems: &mut Problems,
    ) -> Result<Position, Bad> {
        let mut faults = Faults { row: self.row, problems, any: false };
        check_applicability(&position, is_clause(self.context, &position.target), &mut faults);
        check_reasons(&position, &mut faults);
        check_implementation(&position, &mut faults);
        check_override(&position, self.context.today, &mut faults);
        let any = faults.any;
        let signed = problems.reviewer(self.row, "decided_by", "the row was changed", self.context);
        self.warn(&position, problems);
        position.decided_by = signed?;
        if any { Err(Bad) } else { Ok(position) }
    }

    /// What a person should see, although it counts as it stands.
    fn warn(&self, position: &Position, problems: &mut Problems) {
        let level = self.context.catalog.get(&position.target).map(|t| t.level);
        let per_system = position.system.is_some();
        let misplaced = match level {
            Some(Level::Organisation) if per_system => "is assessed once, for the organisation",
            Some(Level::Application) if !per_system && !self.context.config.systems.is_empty() => {
                "is assessed for each system"
            }
            _ => "",
        };
        if !misplaced.is_empty() {
            let message = format!("{} {misplaced}", position.target);
            let help = "put the values into the row that the export has for it";
            problems.warning(self.row, "system", "review-level", message, help);
        }
        let Some(before) = self.before else { return };
        let cleared = cleared(before, position);
        if !cleared.is_empty() {
            problems.warning(
                self.row,
                cleared[0],
                "review-cleared",
                format!(
                    "takes back what {} had entered as {}",
                    before.decided_by,
                    cleared.join(", ")
                ),
                "if your copy is older than that, enter the values again from a fresh export",
            );
        }
        if before.decided_on.is_some()
            && before.decided_on == position.decided_on
            && position.decided_on != Some(self.context.today)
        {
            let message = "the row was changed, and still bears the day of the earlier decision";
            let help = "clear decided_on, or write the day of the change";
            problems.warning(self.row, "decided_on", "review-date", message, help);
        }
    }
}

/// Columns that held something and are blank now.
fn cleared(before: &Position, now: &Position) -> Vec<&'static str> {
    let lost = |held: bool, holds: bool| held && !holds;
    [
        ("applicability", lost(before.applicability.is_some(), now.applicability.is_some())),
        (
            "inclusion_reasons",
            lost(
                before.inclusion_reasons.len() + before.exclusion_reasons.len() > 0,
                now.inclusion_reasons.len() + now.exclusion_reasons.len() > 0,
            ),
        ),
        ("justification", lost(!before.justification.is_empty(), !now.justification.is_empty())),
        ("risk_ids", lost(!before.risk_ids.is_empty(), !now.risk_ids.is_empty())),
        (
            "implementation_status",
            lost(before.implementation_status.is_some(), now.implementation_status.is_some()),
        ),
        ("provided_by", lost(before.provided_by.is_some(), now.provided_by.is_some())),
        ("owner", lost(!before.owner.is_empty(), !now.owner.is_empty())),
        ("due", lost(before.due.is_some(), now.due.is_some())),
        ("conclusion", lost(before.conclusion.is_some(), now.conclusion.is_some())),
        ("override", lost(before.override_coverage.is_some(), now.override_coverage.is_some())),
    ]
    .into_iter()
    .filter_map(|(column, lost)| lost.then_some(column))
    .collect()
}

/// Records faults of one row.
struct Faults<'a> {
    row: &'a SheetRow,
    problems: &'a mut Problems,
    any: bool,
}

impl Faults<'_> {
    fn add(&mut self, column: &str, code: &str, message: &str, help: &str) {
        self.any = true;
        self.problems.error(self.row, column, code, message, help);
    }
}

fn check_reasons(position: &Position, faults: &mut Faults<'_>) {
    let for_reason = |reason| position.inclusion_reasons.contains(&reason);
    if for_reason(InclusionReason::Risk) && position.risk_ids.is_empty() {
        faults.add(
            "risk_ids",
            "review-reasons",
            "included for a risk, but no risk is named",
            "name the ids from the risk register",
        );
    }
    let unnamed = position.justification.is_empty();
    if unnamed && (for_reason(InclusionReason::Legal) || for_reason(InclusionReason::Contractual)) {
        faults.add(
            "justification",
            "review-justification",
            "included for a legal or contractual duty that is not named",
            "name the law, article, contract or clause",
        );
    }
    if unnamed && for_reason(InclusionReason::Baseline) {
        faults.add(
            "justification",
            "review-justification",
            "included as baseline without a text",
            "say in your own words why this belongs to your baseline",
        );
    }
}

fn check_implementation(position: &Position, faults: &mut Faults<'_>) {
    if position.implementation_status == Some(ImplementationStatus::Planned)
        && position.planned_for.is_none()
    {
        faults.add(
            "planned_for",
            "review-status",
            "planned, but not for when",
            "write the day by which it will be implemented",
        );
    }
    let by_others =
        matches!(position.provided_by, Some(ProvidedBy::Shared | ProvidedBy::Inherited));
    if by_others && position.provider.is_empty() {
        faults.add(
            "provider",
            "review-provider",
            "provided by others, but nobody is named",
            "name the provider; the control stays applicable and needs the provider's evidence",
        );
    }
}

fn check_override(position: &Position, today: Date, faults: &mut Faults<'_>) {
    if position.override_coverage.is_none() {
        if position.override_until.is_some() {
            faults.add(
                "override",
                "review-override",
                "override_until without an override",
                "write full, partial or none into override, or clear override_until",
            );
        }
        return;
    }
    match position.override_until {
        None => faults.add(
            "override_until",
            "review-override",
            "an override needs the day on which it ends",
            "write a day, a year ahead at most; then it has to be renewed",
        ),
        Some(until) if until < today => faults.add(
            "override_until",
            "review-override",
            "the override has ended before it began",
            "write a day to come, or clear the override",
        ),
        Some(_) => {}
    }
    if position.comment.is_empty() {
        faults.add(
            "comment",
            "review-override",
            "an override needs a reason",
            "say why in comment",
        );
    }
}

fn check_applicability(position: &Position, clause: bool, faults: &mut Faults<'_>) {
    if position.applicability != Some(Applicability::NotApplicable) {
        if !position.exclusion_reasons.is_empty() {
            faults.add(
                "inclusion_reasons",
                "review-reasons",
                "a reason for exclusion, but the control is not marked as excluded",
                "write `not applicable` into applicability, or remove the reason",
            );
        }
        return;
    }
    if clause {
        faults.add(
            "applicability",
            "review-applicability",
            "a requirement of clauses 4 to 10 can't be excluded",
            "leave the cell blank; a standard that is not in scope is no matter of applicability",
        );
        return;
    }
    if position.exclusion_reasons.is_empty() {
        faults.add(
            "inclusion_reasons",
            "review-reasons",
            "not applicable, without a reason for it",
            &format!("write one or more of {}", words::list(words::EXCLUSIONS)),
        );
    }
    if !position.inclusion_reasons.is_empty() {
        faults.add(
            "inclusion_reasons",
            "review-reasons",
            "not applicable, with a reason for inclusion",
            "remove the reason, or write `applicable`",
        );
    }
    if position.justification.is_empty() {
        faults.add(
            "justification",
            "review-justification",
            "an exclusion needs a justification",
            "say in your own words why the control is not needed",
        );
    }
}
