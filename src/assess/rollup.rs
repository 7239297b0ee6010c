//! From the rows of a target to one value for the target.

use crate::domain::{Assessment, Coverage, CoverageReason};

/// Weak to strong. `none` is weaker than `not reviewed`: a person looked and found nothing, which
/// is a known gap; what nobody looked at may still turn out well. Both are weaker than `partial`,
/// so that a target is never shown as better than its least reviewed system.
pub(super) fn strength(coverage: Coverage) -> u8 {
    match coverage {
        Coverage::None => 0,
        Coverage::NotReviewed => 1,
        Coverage::Partial => 2,
        Coverage::Full => 3,
    }
}

/// The rows that decide: those of systems that a person excluded don't, unless all are excluded.
pub(super) fn deciding<'a>(rows: &[&'a Assessment]) -> Vec<&'a Assessment> {
    let counts =
        |row: &&&Assessment| !row.coverage_reasons.contains(&CoverageReason::NotApplicable);
    let deciding: Vec<_> = rows.iter().filter(counts).copied().collect();
    if deciding.is_empty() { rows.to_vec() } else { deciding }
}

/// The weakest Coverage of the rows of one target, and a note that names the systems that have it;
/// the note is empty where all rows agree. Without rows: `not reviewed`.
pub fn roll_up(rows: &[&Assessment]) -> (Coverage, String) {
    let rows = deciding(rows);
    let Some(weakest) = rows.iter().map(|row| row.coverage).min_by_key(|c| strength(*c)) else {
        return (Coverage::NotReviewed, String::new());
    };
    let names: Vec<_> = rows
        .iter()
        .filter(|row| row.coverage == weakest)
        .map(|row| row.system.as_deref().unwrap_or("the organisation"))
        .collect();
    if names.len() == rows.len() {
        return (weakest, String::new());
    }
    let others: Vec<_> = rows
        .iter()
        .filter(|row| row.coverage != weakest)
        .map(|row| {
            let name = row.system.as_deref().unwrap_or("the organisation");
            format!("{name} {}", row.coverage.as_str())
        })
        .collect();
    let note =
        format!("weakest: {} ({}); {}", names.join(", "), weakest.as_str(), others.join(", "));
    (weakest, note)
}
