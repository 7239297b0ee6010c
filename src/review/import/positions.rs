//! `positions.csv`: a person's stand on targets.

mod checks;
mod row;

use std::collections::BTreeMap;

use super::{
    super::{
        sheet::{Sheet, SheetRow},
        soa::{CONFLICT, PROPOSED},
    },
    Context, FileKind, Import,
    problems::{Bad, Problems},
};
use crate::domain::{Position, TargetId, squash_whitespace};
use checks::{Checker, is_clause};
use row::Reader;

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
        // What evimap took over from a SoA is nobody's position before somebody signs it.
        let proposed = row.get("machine_view").starts_with(PROPOSED);
        if proposed && row.get("decided_by").is_empty() {
            undecided += 1;
            continue;
        }
        let Ok(key) = key(row, context, &latest, problems) else { continue };
        if row.get("machine_view").starts_with(CONFLICT)
            && row.get("applicability").is_empty()
            && !is_clause(context, &key.0)
        {
            problems.error(
                row,
                "applicability",
                "review-conflict",
                "rows of the SoA differ, and the signed row does not say which of them holds",
                "write applicable or not applicable; what the rows say is in comment",
            );
            continue;
        }
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
        } else if let Ok(position) = (Checker { row, context, before }).check(position, problems) {
            positions.push(position);
        }
    }
    note_pasted(sheet, problems);
    Import {
        kind: FileKind::Positions,
        decisions: Vec::new(),
        positions,
        statements: Vec::new(),
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
