//! `positions.csv`: a person's stand on targets.

use std::collections::BTreeMap;

use super::{
    super::{
        sheet::{Sheet, SheetRow},
        words,
    },
    Context, FileKind, Import,
    problems::{Bad, Problems, items},
};
use crate::domain::{
    Applicability, Date, ImplementationStatus, InclusionReason, Level, Position, ProvidedBy,
    TargetId, TargetKind, squash_whitespace,
};

/// A text on more rows than this looks pasted.
const PASTED: usize = 5;

type Key = (TargetId, Option<String>);

pub(super) fn read(sheet: &Sheet, context: &Context<'_>, problems: &mut Problems) -> Import {
    let latest: BTreeMap<Key, &Position> =
        context.positions.iter().map(|p| ((p.target.clone(), p.system.clone()), p)).collect();
    let mut seen: BTreeMap<Key, Position> = BTreeMap::new();
    let (mut positions, mut unchanged, mut undecided) = (Vec::new(), 0, 0);
    for row in &sheet.rows {
        if FileKind::Positions.human().iter().all(|column| row.get(column).is_empty()) {
            undecided += 1;
            note_blank(row, &latest, problems);
            continue;
        }
        let Ok(key) = key(row, context, &latest, problems) else { continue };
        let stand = |column: &&str| !matches!(*column, "decided_by" | "decided_on");
        let mut stands = FileKind::Positions.human().iter().filter(|c| stand(c));
        if !latest.contains_key(&key) && stands.all(|column| row.get(column).is_empty()) {
            undecided += 1;
            let message = "signed, but the row says nothing";
            let help = "fill in what was decided, for example applicability or conclusion";
            problems.warning(row, "decided_by", "review-undecided", message, help);
            continue;
        }
        let before = latest.get(&key).copied();
        let reader = Reader { sheet, row, context, before };
        let Ok((position, dated)) = reader.position(key.clone(), problems) else { continue };
        match seen.get(&key) {
            Some(other) if says(&position, other, dated) => continue,
            Some(other) => {
                let message =
                    format!("{} stands in row {} with other values", key.0, other.provenance.row);
                problems.error(
                    row,
                    "target",
                    "review-duplicate",
                    message,
                    "keep one of the two rows",
                );
                continue;
            }
            None => {}
        }
        seen.insert(key, position.clone());
        let blank = Position::blank(
            position.target.clone(),
            position.system.clone(),
            position.provenance.clone(),
        );
        if says(&position, before.unwrap_or(&blank), dated) {
            unchanged += 1;
        } else if let Ok(position) = reader.checked(position, problems) {
            positions.push(position);
        }
    }
    note_pasted(sheet, problems);
    Import {
        kind: FileKind::Positions,
        decisions: Vec::new(),
        positions,
        unchanged,
        undecided,
        notes: Vec::new(),
    }
}

/// Whether both say the same. An unnamed day is no difference, nor is the row that it came from.
fn says(new: &Position, old: &Position, dated: bool) -> bool {
    let mut new = new.clone();
    new.provenance = old.provenance.clone();
    if !dated {
        new.decided_on = old.decided_on;
    }
    new == *old
}

fn key(
    row: &SheetRow,
    context: &Context<'_>,
    latest: &BTreeMap<Key, &Position>,
    problems: &mut Problems,
) -> Result<Key, Bad> {
    let cell = row.get("system");
    // What was decided stays decided when a target or a system is no longer declared.
    if let Ok(target) = row.get("target").parse::<TargetId>() {
        let key = (target, (!cell.is_empty()).then(|| cell.to_owned()));
        if latest.contains_key(&key) {
            return Ok(key);
        }
    }
    let target = problems.target(row, "target", row.get("target"), context);
    let system = problems.system(row, context);
    Ok((target?, system?))
}

/// A row that was emptied, or filled in before the position came about: the position stays.
fn note_blank(row: &SheetRow, latest: &BTreeMap<Key, &Position>, problems: &mut Problems) {
    let Ok(target) = row.get("target").parse::<TargetId>() else { return };
    let system = Some(row.get("system").to_owned()).filter(|s| !s.is_empty());
    if latest.get(&(target, system)).is_some_and(|p| !p.decided_by.is_empty()) {
        problems.warning(
            row,
            "decided_by",
            "review-blank",
            "the row is blank, but a position is on record; that one stays",
            "to take a position back, clear its cells and leave your name in decided_by",
        );
    }
}

fn note_pasted(sheet: &Sheet, problems: &mut Problems) {
    let mut rows: BTreeMap<String, Vec<&SheetRow>> = BTreeMap::new();
    for row in &sheet.rows {
        let text = squash_whitespace(row.get("justification")).to_lowercase();
        if !text.is_empty() {
            rows.entry(text).or_default().push(row);
        }
    }
    for same in rows.values().filter(|same| same.len() > PASTED) {
        let message = format!("the same justification stands on {} rows", same.len());
        problems.note(same[0], "justification", "review-pasted", message);
    }
}

struct Reader<'a> {
    sheet: &'a Sheet,
    row: &'a SheetRow,
    context: &'a Context<'a>,
    before: Option<&'a Position>,
}

impl Reader<'_> {
    /// The row as a position, and whether it names its day. Cells that can't be read are errors;
    /// whether the position makes sense is checked later, and only if it is new.
    fn position(&self, key: Key, problems: &mut Problems) -> Result<(Position, bool), Bad> {
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
        if let Some(listed) = self.context.reviewer(&position.decided_by) {
            position.decided_by.clone_from(&listed.name);
        }
        if self.sheet.has("risk_ids") {
            position.risk_ids = items(self.row.get("risk_ids")).map(str::to_owned).collect();
        }
        let mut day = position.decided_on;
        hold(self.date("decided_on", &mut day, problems));
        let dated = !self.row.get("decided_on").is_empty();
        position.decided_on = if dated { day } else { Some(self.context.today) };
        if self.is_clause(&position.target)
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

    fn is_clause(&self, target: &TargetId) -> bool {
        self.context.catalog.get(target).is_some_and(|t| t.kind == TargetKind::Requirement)
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

    /// A changed position must say who changed it and must make sense.
    fn checked(&self, mut position: Position, problems: &mut Problems) -> Result<Position, Bad> {
        let mut faults = Faults { row: self.row, problems, any: false };
        self.check_applicability(&position, &mut faults);
        check_reasons(&position, &mut faults);
        check_implementation(&position, &mut faults);
        check_override(&position, self.context.today, &mut faults);
        let any = faults.any;
        let signed = problems.reviewer(self.row, "decided_by", "the row was changed", self.context);
        self.warn(&position, problems);
        position.decided_by = signed?;
        if any { Err(Bad) } else { Ok(position) }
    }

    fn check_applicability(&self, position: &Position, faults: &mut Faults<'_>) {
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
        if self.is_clause(&position.target) {
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

    /// What a person should see, although it counts as it stands.
    fn warn(&self, position: &Position, problems: &mut Problems) {
        let level = self.context.catalog.get(&position.target).map(|t| t.level);
        let per_system = position.system.is_some();
        let misplaced = match level {
            Some(Level::Organisation) if per_system => "is assessed once, for the organisation",
            Some(Level::Application) if !per_system && !self.context.systems.is_empty() => {
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
