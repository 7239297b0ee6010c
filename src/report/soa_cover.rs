//! What stands on the cover of a Statement of Applicability and in its list of open points, for
//! workbook and Word file alike. Every count is counted from the rows.

use std::collections::BTreeSet;

use super::{
    text,
    view::{State, View},
};
use crate::{
    config::SoaRelease,
    diag::{Diagnostic, Severity},
    domain::{Applicability, SoaChange, SoaChanges, SoaEntry, TargetId},
};

/// What a control still lacks.
pub(super) const OPEN: [&str; 5] = [
    "Applicability not decided",
    "Justification open",
    "Implementation status not decided",
    "Owner not named",
    "Suggestions pending",
];

/// Which of [`OPEN`] hold for a control.
pub(super) fn open(entry: &SoaEntry) -> [bool; 5] {
    let excluded = entry.applicability == Some(Applicability::NotApplicable);
    [
        text::applicability(entry) == "NOT DECIDED",
        text::justification(entry) == "OPEN",
        text::implementation(entry) == "NOT DECIDED",
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
pub(super) fn weight(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error | Severity::Warning => "contradiction",
        Severity::Note => "to check",
    }
}

/// Contradictions without what is only to be checked.
fn contradicted(view: &View<'_>, entries: &[&SoaEntry]) -> usize {
    contradictions(view, entries).iter().filter(|d| d.severity != Severity::Note).count()
}

/// What the cover counts: label, number, and whether a person owes it.
pub(super) fn counts(view: &View<'_>, entries: &[&SoaEntry]) -> Vec<(String, usize, bool)> {
    let count = |wanted: &dyn Fn(&SoaEntry) -> bool| entries.iter().filter(|e| wanted(e)).count();
    let applicable = |a| count(&|e: &SoaEntry| e.applicability == Some(a));
    let mut lines = vec![
        ("Controls".to_owned(), entries.len(), false),
        ("Applicable".to_owned(), applicable(Applicability::Applicable), false),
        ("Not applicable".to_owned(), applicable(Applicability::NotApplicable), false),
        ("Applicability NOT DECIDED".to_owned(), count(&|e| open(e)[0]), true),
        ("Justification OPEN".to_owned(), count(&|e| open(e)[1]), true),
        ("Implementation status NOT DECIDED".to_owned(), count(&|e| open(e)[2]), true),
        ("Owner not named".to_owned(), count(&|e| open(e)[3]), true),
        ("Contradictions".to_owned(), contradicted(view, entries), true),
    ];
    for state in State::ALL {
        let number = count(&|e| State::of(e.coverage, &e.coverage_reasons) == state);
        lines.push((format!("Coverage {}", state.label()), number, false));
    }
    lines.push((
        "Suggestions pending (machine proposals)".to_owned(),
        entries.iter().map(|e| e.pending as usize).sum(),
        false,
    ));
    lines
}

/// Entries that lack a statement of a person.
fn incomplete(entries: &[&SoaEntry]) -> usize {
    entries.iter().filter(|e| open(e)[..3].contains(&true)).count()
}

/// The status line. It never says approved: an approval is a person's act outside this file.
pub(super) fn status(view: &View<'_>, entries: &[&SoaEntry]) -> String {
    let decided = match incomplete(entries) {
        0 => "every control is decided, justified and has a status".to_owned(),
        n => format!("{n} of {} controls are not decided in full", entries.len()),
    };
    let contradictions = match contradicted(view, entries) {
        0 => String::new(),
        1 => "; 1 contradiction".to_owned(),
        n => format!("; {n} contradictions"),
    };
    format!("Status: DRAFT – not approved; {decided}{contradictions}")
}

fn release<'a>(view: &View<'a>, framework: &str) -> Option<&'a SoaRelease> {
    view.report.releases.get(framework)
}

/// Particulars of the document: label and text, in order.
pub(super) fn facts(view: &View<'_>, framework: &str) -> Vec<(&'static str, String)> {
    let or = |text: &str, otherwise: &str| {
        if text.trim().is_empty() { otherwise.to_owned() } else { text.to_owned() }
    };
    let release = release(view, framework);
    let version = release.map_or("", |r| r.version.as_str());
    let mut facts = view.particulars();
    facts.insert(1, ("Scope of this standard", view.scope(framework)));
    facts.insert(2, ("Version of this SoA", or(version, "OPEN: no version in evimap.toml")));
    facts.insert(3, ("Last approved", approved(release)));
    facts.insert(4, ("Changed since", changed(view, framework)));
    facts
}

fn approved(release: Option<&SoaRelease>) -> String {
    let Some(release) = release else { return "none stated".to_owned() };
    match (release.approved_version.trim(), release.approved_on) {
        ("", None) => "none stated".to_owned(),
        ("", Some(on)) => format!("on {on}, as stated in evimap.toml"),
        (version, None) => format!("version {version}, as stated in evimap.toml without a date"),
        (version, Some(on)) => format!("version {version} on {on}, as stated in evimap.toml"),
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
    match view.report.changes.get(framework) {
        None | Some(SoaChanges::NoApproval) => {
            "unknown: evimap.toml names no approved_ledger_head".to_owned()
        }
        Some(SoaChanges::UnknownHead) => {
            "unknown: the approved_ledger_head of evimap.toml is not in this ledger".to_owned()
        }
        Some(SoaChanges::Since(changes)) if changes.is_empty() => {
            "nothing was stated or decided on a control since".to_owned()
        }
        Some(SoaChanges::Since(changes)) => {
            let controls: BTreeSet<&TargetId> = changes.iter().map(|c| &c.target).collect();
            match controls.len() {
                1 => "1 control, see Changes".to_owned(),
                n => format!("{n} controls, see Changes"),
            }
        }
    }
}

/// Fields for a person to fill in, with what is known.
pub(super) fn approval(view: &View<'_>, framework: &str) -> Vec<(&'static str, String)> {
    let release = release(view, framework);
    let known = |get: fn(&SoaRelease) -> &String| release.map(get).cloned().unwrap_or_default();
    vec![
        ("Prepared by", String::new()),
        ("To be approved by", known(|r| &r.approver)),
        ("Approved by", String::new()),
        ("Role", String::new()),
        ("Date", String::new()),
        ("Version", known(|r| &r.version)),
        ("Signature", String::new()),
    ]
}
