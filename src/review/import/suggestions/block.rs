//! Accepts that were filled down: many rows in one block, by one person on one day, without a word.

use super::{super::problems::Problems, changes::Candidate};
use crate::{
    diag::Diagnostic,
    domain::{Date, same_name},
};

/// A block of this many rows is told and counted. A target has seldom more rows in a default export
/// (three a point), so a longer block runs over several targets; and at half a minute a quote it is
/// ten minutes of reading without one remark. A convention: nobody is refused for it.
const MANY: usize = 20;

/// A row of the file, in its order.
pub(super) struct Filled {
    pub(super) row: u32,
    /// Who and when, if the row is a plain accept: no comment, nothing corrected or added.
    pub(super) plain: Option<(String, Date)>,
}

/// Marks the decisions of each long block with its length, and tells of it.
pub(super) fn mark(
    rows: &[Filled],
    candidates: &mut [Candidate],
    file: &str,
    problems: &mut Problems,
) {
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let same = |filled: &Filled| match (&first.plain, &filled.plain) {
            (Some((one, day)), Some((other, when))) => day == when && same_name(one, other),
            _ => false,
        };
        let length = rest.iter().take_while(|filled| same(filled)).count().max(1);
        let (block, after) = rest.split_at(length);
        rest = after;
        let Some((person, day)) = first.plain.as_ref().filter(|_| length >= MANY) else { continue };
        let (from, to) = (first.row, block[length - 1].row);
        let message = format!(
            "{length} rows accepted by {person} on {day} in one block without comment or correction \
             (rows {from} to {to})"
        );
        problems.extend([Diagnostic::note("review-block", message)
            .in_file(file)
            .on_line(from)
            .in_column("decision")
            .help("they count, and reports say so; to show that a row was read, comment on it")]);
        // Candidates are in the order of the rows.
        let start = candidates.partition_point(|c| c.decision.provenance.row < from);
        let end = candidates.partition_point(|c| c.decision.provenance.row <= to);
        for candidate in &mut candidates[start..end] {
            candidate.decision.provenance.block = u32::try_from(length).unwrap_or(u32::MAX);
        }
    }
}
