//! The report in another language: titles, points and common controls as the catalogue has them
//! there, themes and subjects as `words` has them. Formats that machines read get the report as it is.

use std::{borrow::Cow, collections::BTreeMap};

use super::Report;
use crate::{
    domain::{Language, SoaChanges},
    words::Words,
};

/// The report as people of its language read it; `None` if that is as it stands.
pub(super) fn told<'a>(report: &Report<'a>) -> Option<Report<'a>> {
    if report.language == Language::En {
        return None;
    }
    let w = Words::of(report.language);
    let mut out = report.clone();
    out.catalog = report.told;
    let catalog = report.told;
    for a in &mut out.assessments {
        a.theme = w.word(&a.theme).to_owned();
        say(w, &mut a.coverage_note);
        if let Some(miss) = &mut a.view.nearest_miss {
            say(w, &mut miss.why);
        }
        let Some(target) = catalog.get(&a.target) else { continue };
        a.title.clone_from(&target.title);
        for point in &mut a.points {
            let told = target.points.iter().find(|p| p.id == point.point);
            if let Some(told) = told {
                point.text.clone_from(&told.text);
            }
        }
    }
    for entry in out.soa.values_mut().flatten() {
        entry.theme = w.word(&entry.theme).to_owned();
        say(w, &mut entry.remarks);
        entry.how_implemented = w.how(&entry.how_implemented);
        if let Some(target) = catalog.get(&entry.target) {
            entry.title.clone_from(&target.title);
        }
    }
    for control in out.risks.entries.iter_mut().flat_map(|entry| &mut entry.controls) {
        if let Some(target) = catalog.get(&control.target) {
            control.title.clone_from(&target.title);
        }
    }
    for row in &mut out.readiness {
        row.theme = w.word(&row.theme).to_owned();
        row.subject = w.word(&row.subject).to_owned();
    }
    let pairs = report.catalog.common_controls().iter().zip(catalog.common_controls());
    let roles: BTreeMap<&str, &str> =
        pairs.map(|(own, told)| (own.accountable.as_str(), told.accountable.as_str())).collect();
    let role = |text: &mut String| match roles.get(text.as_str()) {
        Some(told) => *text = (*told).to_owned(),
        None => say(w, text),
    };
    let typical = typical(report);
    for action in &mut out.actions {
        let work = &mut action.work;
        say(w, &mut action.text);
        say(w, &mut work.remark);
        role(&mut work.owner_role);
        for text in &mut work.evidence {
            if let Some(told) = typical.get(text.as_str()) {
                *text = (*told).to_owned();
            }
        }
        let more = work.evidence.last_mut().filter(|text| text.ends_with(" more, see the targets"));
        if let Some(more) = more {
            say(w, more);
        }
        if let Some(control) = catalog.common_control(&work.common_control) {
            work.title.clone_from(&control.title);
            work.control_text = w.with(
                "proposed-control",
                &[
                    ("purpose", (&control.purpose).into()),
                    ("parts", (&control.components.join("; ")).into()),
                    ("scope", control.scope.trim_end_matches('.').into()),
                ],
            );
        }
    }
    for proposal in &mut out.proposals {
        proposal.reasons.iter_mut().for_each(|text| say(w, text));
    }
    for changes in out.changes.values_mut() {
        if let SoaChanges::Since(changes) = changes {
            changes.iter_mut().flat_map(|change| &mut change.what).for_each(|text| say(w, text));
        }
    }
    for diagnostic in &mut out.diagnostics {
        say(w, &mut diagnostic.message);
        if let Some(help) = &mut diagnostic.help {
            say(w, help);
        }
    }
    for audit in &mut out.programme.audits {
        audit.owners.iter_mut().for_each(role);
        let own = [&mut audit.title, &mut audit.round, &mut audit.method, &mut audit.auditor_role];
        own.into_iter().for_each(|text| say(w, text));
        let more = [&mut audit.scope, &mut audit.why, &mut audit.said.remark];
        more.into_iter().for_each(|text| say(w, text));
    }
    out.programme.notes.iter_mut().for_each(|text| say(w, text));
    for topic in &mut out.pack.topics {
        // Its items quote evidence.
        say(w, &mut topic.title);
    }
    for document in &mut out.documents {
        say(w, &mut document.why);
    }
    Some(out)
}

/// Points and what typically is evidence for them, as the catalogue has them in English and as it is
/// told. What a person wrote into an overlay is told as it stands.
fn typical<'a>(report: &Report<'a>) -> BTreeMap<&'a str, &'a str> {
    let (own, told) = (report.catalog.targets(), report.told);
    let points =
        own.flat_map(|t| t.points.iter().zip(told.get(&t.id).map_or(&[][..], |t| &t.points)));
    let texts = points.flat_map(|(own, told)| {
        [(&own.text, &told.text), (&own.typical_evidence, &told.typical_evidence)]
    });
    texts.map(|(own, told)| (own.as_str(), told.as_str())).collect()
}

/// A sentence of an earlier stage.
fn say(w: &Words, text: &mut String) {
    if let Cow::Owned(told) = w.said(text) {
        *text = told;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_and_documents_said_is_left_alone() {
        let mut report = super::super::fixture::report(true);
        report.language = Language::De;
        let own = "new; the gap is still open";
        let entry = report.soa.values_mut().flatten().next().unwrap();
        entry.remarks = "2 deferred".to_owned();
        entry.comment = own.to_owned();
        entry.how_implemented = format!("design: {own}");
        let target = entry.target.clone();
        report.pack.topics[0].items[0].text = own.to_owned();
        report.told = Box::leak(Box::new(report.catalog.told(Language::De).into_owned()));
        let point = |c: &crate::catalog::Catalog| c.targets().next().unwrap().points[0].clone();
        let (typical, expected) = (point(report.catalog), point(report.told));
        let typical = typical.typical_evidence;
        report.actions[0].work.evidence =
            vec![own.to_owned(), typical, "and 3 more, see the targets".to_owned()];
        let told = told(&report).unwrap();
        let entry = told.soa.values().flatten().find(|entry| entry.target == target).unwrap();
        assert_eq!(entry.remarks_and_comment(), format!("2 zurückgestellt; {own}"));
        assert_eq!(entry.how_implemented, format!("Festlegung: {own}"));
        assert_eq!(told.pack.topics[0].items[0].text, own);
        let evidence = &told.actions[0].work.evidence;
        assert_eq!(evidence[0], own);
        assert_eq!(evidence[1], expected.typical_evidence);
        assert!(evidence[2].starts_with("und 3 weitere"), "{evidence:?}");
    }
}
