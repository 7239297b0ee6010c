//! Evidence that serves both standards, by clause and theme.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::view::View;
use crate::domain::{ISO27001, ISO42001, TargetId, letters_and_digits};

/// A matrix: lines are the groups of one standard, columns those of the other.
#[derive(Serialize)]
pub(super) struct Shared<'a> {
    lines: Vec<&'a str>,
    columns: Vec<&'a str>,
    /// Passages that people accepted for targets of both groups; line by line.
    accepted: Vec<Vec<usize>>,
    /// Passages in the bands strong and likely that the machine names for both, decided or not.
    proposed: Vec<Vec<usize>>,
}

/// A passage is a document and the letters and digits of the quote.
type Serves<'a> = BTreeMap<(&'a str, String), BTreeSet<&'a TargetId>>;

pub(super) fn shared<'a>(view: &'a View<'a>) -> Shared<'a> {
    let groups = |id: &str| -> Vec<&'a str> {
        let standard = view.standards.iter().find(|s| s.id == id);
        standard
            .map(|s| s.groups.iter().map(|group| group.theme.as_str()).collect())
            .unwrap_or_default()
    };
    let (lines, columns) = (groups(ISO27001), groups(ISO42001));
    let mut accepted = Serves::new();
    for (row, evidence) in view.evidence().filter(|(_, e)| !e.lost) {
        let key = (evidence.document.as_str(), letters_and_digits(&evidence.quote));
        accepted.entry(key).or_default().insert(&row.assessment.target);
    }
    let mut proposed = Serves::new();
    for proposal in &view.report.proposals {
        if proposal.band == crate::domain::Band::Possible {
            continue;
        }
        let key = (proposal.document.as_str(), letters_and_digits(&proposal.quote));
        let targets = proposed.entry(key).or_default();
        targets.insert(&proposal.target);
        targets.extend(&proposal.also_for);
    }
    let count = |serves: &Serves<'a>| -> Vec<Vec<usize>> {
        let mut counts = vec![vec![0; columns.len()]; lines.len()];
        for targets in serves.values() {
            let touched = |id: &str, names: &[&str]| -> BTreeSet<usize> {
                let known = targets.iter().filter_map(|t| view.report.catalog.get(t));
                let themes = known.filter(|t| t.framework == id);
                let place =
                    |theme: &str| names.iter().position(|name| *name == view.words.word(theme));
                themes.filter_map(|t| place(&t.theme)).collect()
            };
            let across = touched(ISO42001, &columns);
            for line in touched(ISO27001, &lines) {
                for column in &across {
                    counts[line][*column] += 1;
                }
            }
        }
        counts
    };
    Shared { accepted: count(&accepted), proposed: count(&proposed), lines, columns }
}
