//! `suggestions.csv`: verdicts on proposals, corrections, counterparts, evidence added by hand.

mod block;
mod changes;
mod conflicts;
mod identity;
mod manual;
mod row;

use super::{
    super::{
        sheet::{Sheet, SheetRow},
        words,
    },
    Context, FileKind, Import,
    problems::Problems,
};
use crate::domain::{Date, Decision, ProposalId, Verdict};
use block::Filled;
use changes::{Candidate, Ledger};
use identity::Known;
use row::Reader;

pub(super) fn read(sheet: &Sheet, context: &Context<'_>, problems: &mut Problems) -> Import {
    let ledger = Ledger::new(context.decisions);
    let known = Known::read(sheet, context, &ledger, problems);
    let reader = Reader { sheet, context, ledger: &ledger, known: &known };
    let (mut candidates, mut undecided) = (Vec::<Candidate>::new(), 0);
    let mut filled = Vec::new();
    for row in &sheet.rows {
        let before = candidates.len();
        let template = match row.get("proposal_id") {
            "" => None,
            id => match id.parse().ok().and_then(|id: ProposalId| known.get(&id)) {
                Some(template) => Some(template),
                None => continue, // on record already
            },
        };
        match row.get("decision") {
            "" => {
                undecided += 1;
                warn_undecided(row, template.is_none(), problems);
            }
            word => match (words::find(words::VERDICTS, word), template) {
                (None, _) => problems.error(
                    row,
                    "decision",
                    "review-decision",
                    format!("`{word}` is not a decision"),
                    format!("leave it blank, or write {}", words::list_all(words::VERDICTS)),
                ),
                (Some(verdict), Some(template)) => {
                    if let Ok(read) = reader.decided(row, template, verdict, problems) {
                        candidates.extend(read);
                    }
                }
                (Some(verdict), None) => {
                    if let Ok(read) = manual::read(&reader, row, verdict, problems) {
                        candidates.extend(read);
                    }
                }
            },
        }
        let plain = template.and_then(|t| plain(&candidates[before..], t));
        filled.push(Filled { row: row.row, plain });
    }
    block::mark(&filled, &mut candidates, &sheet.file, problems);
    let (mut decisions, mut unchanged) = (Vec::new(), 0);
    for candidate in conflicts::settle(candidates, context, problems) {
        let new = !ledger.holds(&candidate);
        conflicts::tell(&candidate, new, &ledger, context, problems);
        conflicts::tell_owner(&candidate, context, problems);
        if new {
            decisions.push(candidate.decision);
        } else if !candidate.derived {
            unchanged += 1;
        }
    }
    Import {
        kind: FileKind::Suggestions,
        decisions,
        positions: Vec::new(),
        statements: Vec::new(),
        unchanged,
        undecided,
        notes: Vec::new(),
    }
}

/// Who accepted when, if a row is an accept and nothing else.
fn plain(read: &[Candidate], template: &Decision) -> Option<(String, Date)> {
    let [Candidate { decision: d, .. }] = read else { return None };
    let untouched = d.verdict == Verdict::Accept
        && d.comment.is_empty()
        && d.points == template.points
        && d.system == template.system
        && d.evidence_kind == template.evidence_kind
        && d.evidence_date == template.evidence_date;
    untouched.then(|| (d.reviewer.clone(), d.decided_on))
}

/// Somebody wrote into a row that does not count.
fn warn_undecided(row: &SheetRow, by_hand: bool, problems: &mut Problems) {
    let written = ["reviewer", "comment", "also_for"].iter().any(|c| !row.get(c).is_empty());
    if by_hand || written {
        problems.warning(
            row,
            "decision",
            "review-undecided",
            "the row is filled in, but holds no decision, so it does not count",
            "write accept, reject or defer and import again",
        );
    }
}
