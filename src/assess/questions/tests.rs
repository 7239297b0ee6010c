//! What asks again, and what doesn't.

use super::{super::testkit::*, *};
use crate::domain::{Coverage, CoverageReason as Reason, DocumentStatus, Verdict};

const ACCESS: &str = "ISO27001:A.5.15";

fn decided() -> World {
    let mut world = World::new();
    world.config.scope.insert("ISO27001".into(), "The whole company.".into());
    world.accept_all(ACCESS, None);
    world.documents.get_mut("POLICY.md").unwrap().profile.version = Some("1.0".into());
    world.ground();
    world
}

#[test]
fn nothing_asks_while_nothing_changes() {
    let mut world = decided();
    assert_eq!(world.asked(), [""; 0]);
    // Edited elsewhere, and moved.
    let quote = world.decisions[0].quote.clone();
    world.edit("POLICY.md", &format!("Another beginning. {quote} Another end."));
    let moved = world.documents.remove("POLICY.md").unwrap();
    world.documents.insert("new/policy.pdf".into(), moved);
    assert_eq!(world.asked(), [""; 0]);
    assert_eq!(world.coverage(ACCESS), (Coverage::Full, vec![]));
}

#[test]
fn what_changed_is_asked_with_old_and_new() {
    type Change = fn(&mut World);
    let cases: [(Change, &str); 5] = [
        (
            |w| w.documents.get_mut("POLICY.md").unwrap().profile.version = Some("1.1".into()),
            "the document's version was 1.0 and is 1.1",
        ),
        (
            |w| w.documents.get_mut("POLICY.md").unwrap().profile.status = DocumentStatus::Draft,
            "the document's status was approved and is draft",
        ),
        (
            |w| w.documents.get_mut("POLICY.md").unwrap().profile.system = Some("triage".into()),
            "the document was about all systems and is about system triage",
        ),
        (
            |w| drop(w.config.scope.insert("ISO27001".into(), "Berlin only.".into())),
            "the scope statement of ISO27001 changed",
        ),
        (
            |w| {
                let basis = w.decisions[0].basis.as_mut().unwrap();
                let text = basis.points.values_mut().next().unwrap();
                *text = text.replacen(' ', " no ", 1);
            },
            "point d1 now reads: design: [-no-]",
        ),
    ];
    for (change, expected) in cases {
        let mut world = decided();
        change(&mut world);
        let asked = world.asked();
        assert!(asked.iter().any(|text| text.contains(expected)), "{expected}: {asked:?}");
        assert!(asked[0].starts_with("reconfirm: "), "{asked:?}");
        assert!(asked[0].ends_with("(Ada accepted on 2026-05-25)"), "{asked:?}");
        let (coverage, reasons) = world.coverage(ACCESS);
        assert!(reasons.contains(&Reason::Reconfirm));
        if !reasons.contains(&Reason::NotApproved) {
            assert_eq!(coverage, Coverage::Full, "it holds as long as its quote stands");
        }
        assert!(world.found("evidence-changed")[0].contains(expected));
        // Said again on what is there now, it asks no more.
        for n in 0..world.decisions.len() {
            let status = world.documents[&world.decisions[n].document].profile.status;
            world.also(n, "Ada", Verdict::Accept).document_status = status;
        }
        world.ground();
        assert_eq!(world.asked(), [""; 0]);
    }
}

#[test]
fn a_version_that_was_not_stated_before_is_no_change() {
    let mut world = decided();
    world.documents.get_mut("POLICY.md").unwrap().profile.version = None;
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn a_changed_quote_asks_with_a_word_diff_and_covers_nothing() {
    let mut world = decided();
    let quote = world.decisions[0].quote.clone();
    let new = quote.replace("nothing else", "and more");
    world.edit("POLICY.md", &format!("Introduction. {new} End."));
    let row = world.row(ACCESS);
    assert_eq!(row.coverage, Coverage::Partial);
    assert!(row.coverage_reasons.contains(&Reason::Reconfirm));
    assert!(!row.coverage_reasons.contains(&Reason::EvidenceLost), "{:?}", row.coverage_reasons);
    assert!(
        row.evidence[0].reconfirm.as_ref().unwrap().contains("[-nothing else.-] {+and more.+}")
    );
    assert_eq!(world.found("evidence-changed").len(), 1);
    assert_eq!(world.found("evidence-lost"), [""; 0]);

    let questions = questions(&world.assess(), &world.inputs());
    let (id, question) = questions.first_key_value().unwrap();
    assert_eq!(questions.len(), 1);
    assert_eq!(question.now.quote, new);
    assert_ne!(*id, world.decisions[0].proposal_id);
    assert_eq!(question.replaces, [world.decisions[0].proposal_id.clone()]);
    // The answer, on the new words.
    let answer = Decision {
        proposal_id: question.now.id.clone(),
        quote: question.now.quote.clone(),
        document_hash: question.now.document_hash.clone(),
        replaces: question.replaces.clone(),
        ..question.decision.clone()
    };
    world.decisions.push(answer);
    assert_eq!(world.asked(), [""; 0]);
    assert_eq!(world.coverage(ACCESS), (Coverage::Full, vec![]));
}

#[test]
fn old_words_in_an_archive_don_t_hide_the_change() {
    let mut world = decided();
    let old = world.documents["POLICY.md"].clone();
    let new = world.decisions[0].quote.replace("nothing else", "and more");
    world.edit("POLICY.md", &new);
    world.documents.insert("archive/policy-2025.md".into(), old);
    let asked = world.asked();
    assert!(asked[0].contains("still stand in archive/policy-2025.md"), "{asked:?}");
    assert!(asked[0].contains("[-nothing else.-] {+and more.+}"), "{asked:?}");
}

#[test]
fn lost_evidence_asks_nothing_and_is_reported() {
    let mut world = decided();
    world.documents.remove("POLICY.md");
    assert_eq!(world.asked(), [""; 0]);
    assert!(world.coverage(ACCESS).1.contains(&Reason::EvidenceLost));
    assert_eq!(world.found("evidence-lost").len(), 1);
}

#[test]
fn overdue_evidence_asks_once() {
    let mut world = decided();
    // o1 is an access review: 90 days.
    world.as_of = date("2026-12-01");
    let asked = world.asked();
    assert!(
        asked.iter().any(|t| t.starts_with("stale: next one overdue since 2026-08-18")),
        "{asked:?}"
    );
    assert!(world.row(ACCESS).coverage_note.contains("next one overdue since 2026-08-18"));
    // Somebody has seen that it is.
    world.also(1, "Ada", Verdict::Accept).decided_on = date("2026-11-30");
    assert_eq!(world.asked(), [""; 0]);
    assert!(world.coverage(ACCESS).1.contains(&Reason::Stale), "the gap stays");
}

#[test]
fn an_old_document_is_asked_about_once_a_target() {
    let mut world = decided();
    world.as_of = date("2026-12-01");
    let quote = "The reviews of the third quarter were made by all owners.";
    let another = ProposalId::derive(&target(ACCESS), None, quote);
    let second = world.also(1, "Ada", Verdict::Accept);
    second.quote = quote.into();
    second.proposal_id = another;
    let text = format!("{} {quote}", world.decisions[1].quote);
    world.edit("RECORD.md", &text);
    let asked = world.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].contains("and another quote of the document"), "{asked:?}");
    world.also(2, "Ben", Verdict::Accept).decided_on = date("2026-11-30");
    assert_eq!(world.asked(), [""; 0], "one answer will do");
}

#[test]
fn overdue_evidence_asks_nothing_where_a_fresher_one_covers() {
    let mut world = decided();
    world.as_of = date("2026-12-01");
    world.accept(ACCESS, "o1 o2", "NEWER.md").evidence_date = Some(date("2026-11-01"));
    world.ground();
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn an_open_row_whose_document_changed_asks_once_about_both() {
    let mut world = decided();
    world.also(0, "Ben", Verdict::Reject);
    world.documents.get_mut("POLICY.md").unwrap().profile.version = Some("2.0".into());
    let asked = world.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(
        asked[0].starts_with("reconfirm: the document's version was 1.0 and is 2.0; conflict: ")
    );
}
