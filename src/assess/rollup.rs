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

#[cfg(test)]
mod tests {
    use super::{super::testkit::World, *};

    /// Rows of an application-level target with these coverages; `None` stands for an excluded one.
    fn rows(coverages: &[Option<Coverage>]) -> Vec<Assessment> {
        let world = World::new();
        let row = world.row("ISO42001:A.6.2.4");
        coverages
            .iter()
            .enumerate()
            .map(|(n, coverage)| Assessment {
                system: Some(format!("s{n}")),
                coverage: coverage.unwrap_or(Coverage::None),
                coverage_reasons: match coverage {
                    Some(_) => Vec::new(),
                    None => vec![CoverageReason::NotApplicable],
                },
                ..row.clone()
            })
            .collect()
    }

    #[test]
    fn the_weakest_system_decides_and_is_named() {
        use Coverage::{Full, None as Nothing, NotReviewed, Partial};
        let cases: [(&[Option<Coverage>], Coverage, &str); 7] = [
            (&[], NotReviewed, ""),
            (&[Some(Full), Some(Full)], Full, ""),
            (&[Some(Full), Some(Partial)], Partial, "weakest: s1 (partial); s0 full"),
            (
                &[Some(NotReviewed), Some(Partial)],
                NotReviewed,
                "weakest: s0 (not reviewed); s1 partial",
            ),
            (&[Some(NotReviewed), Some(Nothing)], Nothing, "weakest: s1 (none); s0 not reviewed"),
            // An excluded system decides nothing, unless all are.
            (&[Some(Full), None], Full, ""),
            (&[None, None], Nothing, ""),
        ];
        for (coverages, expected, note) in cases {
            let rows = rows(coverages);
            let rows: Vec<_> = rows.iter().collect();
            assert_eq!(roll_up(&rows), (expected, note.to_owned()), "{coverages:?}");
        }
    }
}
