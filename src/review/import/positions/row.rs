//! Reads the cells of one row. Whether they make sense together is not asked here.

use super::{
    super::{
        super::{
            dates,
            sheet::{Sheet, SheetRow},
            words,
        },
        Context,
        problems::{Bad, Problems, items},
    },
    Key,
    checks::is_clause,
};
use crate::domain::{Applicability, Date, Position, squash_whitespace};

/// One row against what is on record.
pub(super) struct Reader<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) row: &'a SheetRow,
    pub(super) context: &'a Context<'a>,
    pub(super) before: Option<&'a Position>,
}

fn known_risk(before: Option<&Position>, id: &str) -> bool {
    before.is_some_and(|position| position.risk_ids.iter().any(|known| known == id))
}

impl Reader<'_> {
    /// The row as a position, and whether it names its day. Cells that can't be read are errors;
    /// whether the position makes sense is checked later, and only if it is new.
    pub(super) fn position(
        &self,
        key: Key,
        problems: &mut Problems,
    ) -> Result<(Position, bool), Bad> {
        let (target, system) = key;
        let provenance = self.context.provenance(self.sheet, self.row.row);
        let mut position = match self.before {
            Some(before) => Position { provenance, ..before.clone() },
            None => Position::blank(target, system, provenance),
        };
        let mut sound = true;
        let mut hold = |ok: bool| sound &= ok;
        hold(self.word(
            "applicability",
            words::APPLICABILITY,
            &mut position.applicability,
            problems,
        ));
        hold(self.word(
            "implementation_status",
            words::STATUSES,
            &mut position.implementation_status,
            problems,
        ));
        hold(self.word("provided_by", words::PROVIDERS, &mut position.provided_by, problems));
        hold(self.word("conclusion", words::CONCLUSIONS, &mut position.conclusion, problems));
        hold(self.word("override", words::OVERRIDES, &mut position.override_coverage, problems));
        hold(self.reasons(&mut position, problems));
        hold(self.date("planned_for", &mut position.planned_for, problems));
        hold(self.date("due", &mut position.due, problems));
        hold(self.date("override_until", &mut position.override_until, problems));
        self.text("justification", &mut position.justification);
        self.text("provider", &mut position.provider);
        self.text("owner", &mut position.owner);
        self.text("comment", &mut position.comment);
        self.text("decided_by", &mut position.decided_by);
        // As it is kept on record, or the same row would count as changed for ever.
        position.decided_by = match self.context.reviewer(&position.decided_by) {
            Some(listed) => listed.name.clone(),
            None => squash_whitespace(&position.decided_by),
        };
        if self.sheet.has("risk_ids") {
            position.risk_ids = items(self.row.get("risk_ids")).map(str::to_owned).collect();
            for id in position.risk_ids.iter().filter(|id| !known_risk(self.before, id)) {
                if dates::is_scientific(id) || dates::is_day(id) {
                    let message =
                        format!("`{id}` looks like what a spreadsheet program makes of an id");
                    let help =
                        "format the column as text and write the id again, if it is not meant";
                    problems.warning(self.row, "risk_ids", "review-mangled", message, help);
                }
            }
        }
        let mut day = position.decided_on;
        hold(self.date("decided_on", &mut day, problems));
        let dated = !self.row.get("decided_on").is_empty();
        position.decided_on = if dated { day } else { Some(self.context.today) };
        if is_clause(self.context, &position.target)
            && position.applicability == Some(Applicability::Applicable)
        {
            problems.note(
                self.row,
                "applicability",
                "review-applicability",
                "a clause always applies; the cell is not kept",
            );
            position.applicability = None;
        }
        if sound { Ok((position, dated)) } else { Err(Bad) }
    }

    fn text(&self, column: &str, slot: &mut String) {
        if self.sheet.has(column) {
            *slot = self.row.get(column).to_owned();
        }
    }

    fn date(&self, column: &str, slot: &mut Option<Date>, problems: &mut Problems) -> bool {
        if !self.sheet.has(column) {
            return true;
        }
        match problems.date(self.row, column, *slot) {
            Ok(date) => {
                *slot = date;
                true
            }
            Err(Bad) => false,
        }
    }

    fn word<T: Copy>(
        &self,
        column: &str,
        words: &[(T, &'static [&'static str])],
        slot: &mut Option<T>,
        problems: &mut Problems,
    ) -> bool {
        if !self.sheet.has(column) {
            return true;
        }
        let cell = self.row.get(column);
        *slot = words::find(words, cell);
        if slot.is_some() || cell.is_empty() {
            return true;
        }
        let help = format!(
            "leave it blank, or write {}",
            words::list(words).replace("looked, nothing", "\"looked, nothing")
        );
        problems.error(
            self.row,
            column,
            "review-word",
            format!("`{cell}` is not a {column}"),
            help,
        );
        false
    }

    /// `inclusion_reasons` holds reasons for inclusion or for exclusion.
    fn reasons(&self, position: &mut Position, problems: &mut Problems) -> bool {
        if !self.sheet.has("inclusion_reasons") {
            return true;
        }
        position.inclusion_reasons.clear();
        position.exclusion_reasons.clear();
        let mut sound = true;
        for item in items(self.row.get("inclusion_reasons")) {
            if let Some(reason) = words::find(words::INCLUSIONS, item) {
                position.inclusion_reasons.push(reason);
            } else if let Some(reason) = words::find(words::EXCLUSIONS, item) {
                position.exclusion_reasons.push(reason);
            } else {
                let help = format!(
                    "to include: {}; to exclude: {}",
                    words::list(words::INCLUSIONS),
                    words::list(words::EXCLUSIONS)
                );
                let message = format!("`{item}` is not a reason");
                problems.error(self.row, "inclusion_reasons", "review-reasons", message, help);
                sound = false;
            }
        }
        position.inclusion_reasons.sort_unstable();
        position.inclusion_reasons.dedup();
        position.exclusion_reasons.sort_unstable();
        position.exclusion_reasons.dedup();
        sound
    }
}
