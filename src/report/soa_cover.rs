//! What stands on the cover of a Statement of Applicability and in its list of open points, for
//! workbook and Word file alike. Every count is counted from the rows.

use std::collections::BTreeSet;

use super::view::{State, View};
use crate::{
    config::SoaRelease,
    diag::{Diagnostic, Severity},
    domain::{Applicability, SoaChange, SoaChanges, SoaEntry, TargetId},
    words::{Arg, Words},
};

/// What a control still lacks, by message id.
pub(super) const OPEN: [&str; 5] = [
    "lacks-applicability",
    "lacks-justification",
    "lacks-status",
    "lacks-owner",
    "lacks-decisions",
];

/// Which of [`OPEN`] hold for a control.
pub(super) fn open(entry: &SoaEntry) -> [bool; 5] {
    let excluded = entry.applicability == Some(Applicability::NotApplicable);
    [
        entry.applicability.is_none(),
        entry.justification.trim().is_empty(),
        entry.implementation_status.trim().is_empty() && !excluded,
        entry.owner.trim().is_empty() && !excluded,
        entry.pending > 0 && !excluded,
    ]
}

/// Statements that contradict each other or the evidence, in the order of the controls.
pub(super) fn contradictions<'a>(view: &View<'a>, entries: &[&SoaEntry]) -> Vec<&'a Diagnostic> {
    let controls: BTreeSet<&TargetId> = entries.iter().map(|e| &e.target).collect();
    let mut found: Vec<&Diagnostic> = view
        .report
        .diagnostics
        .iter()
        .filter(|d| d.target.as_ref().is_some_and(|t| controls.contains(t)))
        .collect();
    found.sort_by_key(|d| (&d.target, d.severity, &d.code, &d.message));
    found
}

/// The weight of a contradiction, in a word.
pub(super) fn weight(words: &Words, diagnostic: &Diagnostic) -> String {
    let id = match diagnostic.severity {
        Severity::Error | Severity::Warning => "weight-contradiction",
        Severity::Note => "weight-to-check",
    };
    words.text(id).to_owned()
}

/// Contradictions without what is only to be checked.
fn contradicted(view: &View<'_>, entries: &[&SoaEntry]) -> usize {
    contradictions(view, entries).iter().filter(|d| d.severity != Severity::Note).count()
}

/// What the cover counts: label, number, and whether a person owes it.
pub(super) fn counts(view: &View<'_>, entries: &[&SoaEntry]) -> Vec<(String, usize, bool)> {
    let count = |wanted: &dyn Fn(&SoaEntry) -> bool| entries.iter().filter(|e| wanted(e)).count();
    let w = view.words;
    let said = |id: &str| w.text(id).to_owned();
    let applicable = |a| count(&|e: &SoaEntry| e.applicability == Some(a));
    let mut lines = vec![
        (said("count-controls"), entries.len(), false),
        (said("count-applicable"), applicable(Applicability::Applicable), false),
        (said("count-not-applicable"), applicable(Applicability::NotApplicable), false),
        (said("count-applicability-open"), count(&|e| open(e)[0]), true),
        (said("count-justification-open"), count(&|e| open(e)[1]), true),
        (said("count-status-open"), count(&|e| open(e)[2]), true),
        (said("lacks-owner"), count(&|e| open(e)[3]), true),
        (said("count-contradictions"), contradicted(view, entries), true),
    ];
    for state in State::ALL {
        let number = count(&|e| State::of(e.coverage, &e.coverage_reasons) == state);
        let label = w.with("count-coverage", &[("state", state.said(w).into())]);
        lines.push((label, number, false));
    }
    lines.push((said("count-pending"), entries.iter().map(|e| e.pending as usize).sum(), false));
    lines
}

/// Entries that lack a statement of a person.
fn incomplete(entries: &[&SoaEntry]) -> usize {
    entries.iter().filter(|e| open(e)[..3].contains(&true)).count()
}

/// The status line. It never says approved: an approval is a person's act outside this file.
pub(super) fn status(view: &View<'_>, entries: &[&SoaEntry]) -> String {
    let w = view.words;
    let decided = match incomplete(entries) {
        0 => w.text("status-all-decided").to_owned(),
        n => w.with("status-not-decided", &[("n", n.into()), ("all", entries.len().into())]),
    };
    let contradictions = match contradicted(view, entries) {
        0 => String::new(),
        n => format!("; {}", w.with("status-contradictions", &[("n", n.into())])),
    };
    format!("{}; {decided}{contradictions}", w.text("status-draft"))
}

fn release<'a>(view: &View<'a>, framework: &str) -> Option<&'a SoaRelease> {
    view.report.releases.get(framework)
}

/// Particulars of the document: label and text, in order.
pub(super) fn facts(view: &View<'_>, framework: &str) -> Vec<(&'static str, String)> {
    let or = |text: &str, otherwise: &str| {
        if text.trim().is_empty() { otherwise.to_owned() } else { text.to_owned() }
    };
    let (release, w) = (release(view, framework), view.words);
    let version = release.map_or("", |r| r.version.as_str());
    let mut facts = view.particulars();
    facts.insert(1, (w.text("soa-scope"), view.scope(framework)));
    facts.insert(2, (w.text("soa-version"), or(version, w.text("version-open"))));
    facts.insert(3, (w.text("soa-approved"), approved(w, release)));
    facts.insert(4, (w.text("soa-changed"), changed(view, framework)));
    facts
}

fn approved(w: &Words, release: Option<&SoaRelease>) -> String {
    let none = || w.text("approved-none").to_owned();
    let Some(release) = release else { return none() };
    let day = release.approved_on.map(|day| day.to_string()).unwrap_or_default();
    let put = |version| [("version", Arg::Text(version)), ("day", Arg::Text(&day))];
    match (release.approved_version.trim(), release.approved_on) {
        ("", None) => none(),
        ("", Some(_)) => w.with("approved-on", &put("")),
        (version, None) => w.with("approved-version", &put(version)),
        (version, Some(_)) => w.with("approved-version-on", &put(version)),
    }
}

/// The changes, if anybody said since when.
pub(super) fn changes<'a>(view: &View<'a>, framework: &str) -> &'a [SoaChange] {
    match view.report.changes.get(framework) {
        Some(SoaChanges::Since(changes)) => changes,
        _ => &[],
    }
}

/// The changes in a sentence.
pub(super) fn changed(view: &View<'_>, framework: &str) -> String {
    let w = view.words;
    let said = |id: &str| w.text(id).to_owned();
    match view.report.changes.get(framework) {
        None | Some(SoaChanges::NoApproval) => said("changed-no-approval"),
        Some(SoaChanges::UnknownHead) => said("changed-unknown-head"),
        Some(SoaChanges::Since(changes)) if changes.is_empty() => said("changed-nothing"),
        Some(SoaChanges::Since(changes)) => {
            let controls: BTreeSet<&TargetId> = changes.iter().map(|c| &c.target).collect();
            w.with("changed-controls", &[("n", controls.len().into())])
        }
    }
}

/// Fields for a person to fill in, with what is known.
pub(super) fn approval(view: &View<'_>, framework: &str) -> Vec<(&'static str, String)> {
    let release = release(view, framework);
    let known = |get: fn(&SoaRelease) -> &String| release.map(get).cloned().unwrap_or_default();
    [
        ("sign-prepared-by", String::new()),
        ("sign-approver", known(|r| &r.approver)),
        ("sign-approved-by", String::new()),
        ("sign-role", String::new()),
        ("sign-date", String::new()),
        ("sign-version", known(|r| &r.version)),
        ("sign-signature", String::new()),
    ]
    .map(|(id, known)| (view.words.text(id), known))
    .into()
}
