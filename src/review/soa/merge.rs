//! Rows of a SoA that lead to one target become one proposed position. Where they differ, nothing is
//! chosen for the person.

use std::collections::BTreeMap;

use super::{super::words, CONFLICT, PROPOSED, row::SoaRow};
use crate::domain::{ImplementationStatus, InclusionReason, Target, TargetKind};

/// Most characters of a comment: import takes no cell of more than 32,000.
const COMMENT: usize = 20_000;

/// A proposed position.
pub(super) struct Merged {
    /// By the columns of `positions.csv`.
    pub(super) cells: BTreeMap<&'static str, String>,
    pub(super) origin: String,
    /// What the rows say differently, in words.
    pub(super) conflict: Option<String>,
}

pub(super) fn merge(target: &Target, rows: &[&SoaRow]) -> Merged {
    let origin = rows.iter().map(|r| r.origin()).collect::<Vec<_>>().join("; ");
    let mut differing: Vec<(&'static str, String)> = Vec::new();
    let mut cells: BTreeMap<&'static str, String> = BTreeMap::from([
        ("target", target.id.to_string()),
        ("title", target.title.clone()),
        ("level", target.level.as_str().to_owned()),
    ]);
    let mut agree =
        |column: &'static str, word: &'static str, value: &dyn Fn(&SoaRow) -> String| {
            let said: Vec<(&SoaRow, String)> = rows.iter().map(|r| (*r, value(r))).collect();
            let mut values: Vec<&str> =
                said.iter().map(|(_, v)| v.as_str()).filter(|v| !v.is_empty()).collect();
            values.sort_unstable();
            values.dedup();
            match values[..] {
                [] => {}
                // A row that says nothing of it does not agree either, but contradicts nobody.
                [one] => {
                    cells.insert(column, one.to_owned());
                }
                _ => {
                    let each: Vec<String> = said
                        .iter()
                        .filter(|(_, v)| !v.is_empty())
                        .map(|(row, v)| format!("{}: {v}", row.label))
                        .collect();
                    differing.push((word, each.join(" | ")));
                }
            }
        };
    if target.kind == TargetKind::Control {
        agree("applicability", "applicability", &|r| {
            r.applicability.map(|a| a.as_str().to_owned()).unwrap_or_default()
        });
    }
    agree("implementation_status", "status", &|r| {
        r.status.map(|s| s.as_str().to_owned()).unwrap_or_default()
    });
    agree("owner", "owner", &|r| r.owner.clone());
    agree("provider", "provider", &|r| r.provider.clone());
    let planned = rows.iter().any(|r| r.status == Some(ImplementationStatus::Planned));
    let day = if planned { "planned_for" } else { "due" };
    agree(day, "due", &|r| r.due.map(|d| d.to_string()).unwrap_or_default());
    let conflict = differing.iter().any(|(word, _)| *word == "applicability");

    // Texts of rows that agree on the matter are all kept, each with where it comes from.
    let texts = distinct(rows, |r| r.justification.as_str());
    let justification = match texts[..] {
        [] => String::new(),
        [(_, one)] => one.to_owned(),
        _ => texts
            .iter()
            .map(|(row, t)| format!("{}: {t}", row.label))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    let mut besides: Vec<String> = Vec::new();
    if conflict {
        if !justification.is_empty() {
            differing.push(("justification", justification.replace('\n', " | ")));
        }
    } else if !justification.is_empty() {
        cells.insert("justification", justification);
    }
    let excluded = cells.get("applicability").is_some_and(|word| word == "not applicable");
    let mut reasons: Vec<&str> = rows.iter().flat_map(|r| r.reasons.iter().copied()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    if !reasons.is_empty() && !excluded && !conflict {
        debug_assert!(
            reasons.iter().all(|r| words::find::<InclusionReason>(words::INCLUSIONS, r).is_some())
        );
        cells.insert("inclusion_reasons", reasons.join("; "));
    }
    let risks = distinct(rows, |r| r.risk_ids.as_str());
    if !risks.is_empty() {
        let ids: Vec<&str> = risks.iter().map(|(_, ids)| *ids).collect();
        cells.insert("risk_ids", ids.join("; "));
    }
    let several = rows.len() > 1;
    for row in rows {
        for said in &row.besides {
            besides.push(if several { format!("{} {said}", row.label) } else { said.clone() });
        }
    }
    besides.dedup();
    let mut comment = format!("from {origin}");
    if several {
        comment.push_str("; these rows become one");
    }
    let conflict = (!differing.is_empty()).then(|| {
        let each = differing.iter().map(|(word, said)| format!("{word}: {said}"));
        each.collect::<Vec<_>>().join("; ")
    });
    if let Some(conflict) = &conflict {
        comment.push_str(&format!("\ndiffering: {conflict}"));
    }
    for said in besides {
        comment.push('\n');
        comment.push_str(&said);
    }
    if let Some((end, _)) = comment.char_indices().nth(COMMENT) {
        comment.truncate(end);
        comment.push_str(" … (cut; the rest is in the SoA)");
    }
    cells.insert("comment", comment);
    let view = if conflict.is_some() { CONFLICT } else { PROPOSED };
    cells.insert("machine_view", format!("{view}: from {origin}"));
    Merged { cells, origin, conflict }
}

/// Different texts of the rows in their order, each with the first row that holds it.
fn distinct<'a>(
    rows: &[&'a SoaRow],
    text: impl Fn(&'a SoaRow) -> &'a str,
) -> Vec<(&'a SoaRow, &'a str)> {
    let mut out: Vec<(&SoaRow, &str)> = Vec::new();
    for row in rows {
        let text = text(row);
        if !text.is_empty() && out.iter().all(|(_, known)| *known != text) {
            out.push((row, text));
        }
    }
    out
}
