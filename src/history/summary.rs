//! `reports/run.md`: what a person reads after a scheduled run, fit for the summary of a CI job.

use super::{Counts, Difference, Hit, Snapshot, Standing, plain, render};
use crate::domain::escape_markdown;

/// Everything that the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Summary<'a> {
    pub run: u64,
    pub as_of: &'a str,
    pub counts: Counts,
    pub snapshot: &'a Snapshot,
    /// Against the run compared with; `None` on the first.
    pub changes: Option<&'a Difference>,
    /// The run whose reports still hold, if nothing had changed.
    pub unchanged_since: Option<u64>,
    pub hits: &'a [Hit],
    /// Path and reason of files that gave no text.
    pub unread: &'a [(String, String, String)],
    /// Documents with signs of an instruction to a model, and where.
    pub suspected: &'a [(String, String)],
    /// Messages about review files: edits that nobody imported, what the risk
    /// register leaves open, an endpoint that failed.
    pub kept: &'a [String],
    pub ledger_head: &'a str,
}

/// Files shown; `reports/documents.csv` has them all.
const FILES: usize = 20;

/// Writes the page.
pub fn summary(s: &Summary<'_>) -> String {
    let mut out = format!("## Evimap: run {} ({})\n", s.run, s.as_of);
    if !s.hits.is_empty() {
        out.push_str("\n### Failed on\n\n");
        for hit in s.hits {
            let reason = escape_markdown(&hit.reason);
            out.push_str(&format!("- `{}`: {reason}\n", hit.policy.as_str()));
        }
    }
    match (s.changes, s.unchanged_since) {
        (Some(d), _) if !d.is_empty() || !d.settings.is_empty() => {
            out.push_str(&format!("\n### Changed since run {}\n\n", d.from.run));
            out.push_str(render::markdown(d).trim_start());
        }
        (_, Some(run)) => out.push_str(&format!(
            "\nNothing changed: the reports of run {run} hold and were not written again.\n"
        )),
        (Some(d), None) => {
            out.push_str(&format!("\nNothing changed since run {}.\n", d.from.run));
        }
        (None, None) => out.push_str("\nThe first run: there is nothing to compare with.\n"),
    }
    needs(s, &mut out);
    figures(s, &mut out);
    if !s.suspected.is_empty() {
        let count = s.suspected.len();
        out.push_str(&format!(
            "\n### Documents that read like they instruct a model ({count})\n\n"
        ));
        for (path, place) in s.suspected.iter().take(FILES) {
            let line = format!("{}: {}", plain(path), plain(place));
            out.push_str(&format!("- {}\n", escape_markdown(&line)));
        }
        if count > FILES {
            let more = count - FILES;
            out.push_str(&format!("- … and {more} more in reports/documents.csv\n"));
        }
    }
    if !s.unread.is_empty() {
        out.push_str(&format!("\n### Files without text ({})\n\n", s.unread.len()));
        for (path, status, why) in s.unread.iter().take(FILES) {
            let line = format!("{}: {status}: {}", plain(path), plain(why));
            out.push_str(&format!("- {}\n", escape_markdown(&line)));
        }
        if s.unread.len() > FILES {
            let more = s.unread.len() - FILES;
            out.push_str(&format!("- … and {more} more in reports/documents.csv\n"));
        }
    }
    out
}

/// What a person has to do.
fn needs(s: &Summary<'_>, out: &mut String) {
    let evidence = || s.snapshot.evidence.values();
    let lost = evidence().filter(|e| e.standing == Standing::Lost).count();
    let reconfirm = evidence().filter(|e| e.standing == Standing::Reconfirm).count();
    let stale = evidence().filter(|e| e.stale && e.standing != Standing::Lost).count();
    let mut lines = Vec::new();
    let mut counted = |n: usize, what: &str| {
        if n > 0 {
            lines.push(format!("{what}: {n}"));
        }
    };
    counted(lost, "accepted evidence that is lost");
    counted(reconfirm, "accepted evidence in documents that changed, to be looked at again");
    counted(stale, "accepted evidence that is out of date");
    counted(s.snapshot.conflicts.len(), "conflicts between decisions");
    counted(s.counts.waiting, "suggestions that wait in review/suggestions.csv");
    for sentence in s.snapshot.overdue.values().take(FILES) {
        lines.push(format!("past its date: {}", plain(sentence)));
    }
    if s.snapshot.overdue.len() > FILES {
        lines.push(format!("… and {} more past their date", s.snapshot.overdue.len() - FILES));
    }
    lines.extend(s.kept.iter().map(|message| plain(message)));
    if lines.is_empty() {
        return;
    }
    out.push_str("\n### Needs a person\n\n");
    for line in lines {
        out.push_str(&format!("- {}\n", escape_markdown(&line)));
    }
}

fn figures(s: &Summary<'_>, out: &mut String) {
    let c = s.counts;
    let count = |word: &str| s.snapshot.targets.values().filter(|t| t.coverage == word).count();
    let view = |word: &str| s.snapshot.targets.values().filter(|t| t.view == word).count();
    let rows = [
        ("Documents", format!("{}, {} without text, {} read now", c.documents, c.unread, c.read)),
        (
            "Coverage, from decisions",
            format!(
                "{} full, {} partial, {} none, {} not reviewed",
                count("full"),
                count("partial"),
                count("none"),
                count("not reviewed")
            ),
        ),
        (
            "Machine view, an opinion",
            format!(
                "{} likely evidence, {} unsure, {} likely gap",
                view("likely-evidence"),
                view("unsure"),
                view("likely-gap")
            ),
        ),
        ("Decisions", c.decisions.to_string()),
        ("Ledger", s.ledger_head.chars().take(16).collect()),
    ];
    out.push_str("\n| | |\n| --- | --- |\n");
    for (name, value) in rows {
        out.push_str(&format!("| {name} | {value} |\n"));
    }
}
