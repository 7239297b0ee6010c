//! The Statement of Applicability says what persons said, and nothing else.

use super::{super::testkit::*, *};
use crate::domain::{Coverage, DocumentStatus, ISO27001, ISO42001, ProvidedBy};

const ACCESS: &str = "ISO27001:A.5.15";
const VERIFICATION: &str = "ISO42001:A.6.2.4";

fn entry_of(world: &World, id: &str) -> SoaEntry {
    let target = target(id);
    let soa = soa(target.framework(), &world.assess(), &world.inputs());
    soa.into_iter().find(|entry| entry.target == target).unwrap()
}

fn two_ai_systems() -> World {
    let mut world = World::new();
    world.system("triage", true);
    world.system("chat", true);
    world
}

#[test]
fn every_control_once_in_order_and_no_clause() {
    let mut world = two_ai_systems();
    world.system("billing", false);
    let assessed = world.assess();
    let soa_42001 = soa(ISO42001, &assessed, &world.inputs());
    let ids: Vec<_> = soa_42001.iter().map(|e| e.target.local()).collect();
    assert_eq!(ids.len(), 38);
    assert_eq!((ids[0], ids[37]), ("A.2.2", "A.10.4"));
    let soa_27001 = soa(ISO27001, &assessed, &world.inputs());
    let controls = world
        .inputs()
        .catalog
        .targets()
        .filter(|t| t.framework == ISO27001 && t.kind == TargetKind::Control);
    assert_eq!(soa_27001.len(), controls.count());
    assert!(soa_27001.iter().all(|e| e.target.local().starts_with("A.")));
    assert!(soa("ISO9001", &assessed, &world.inputs()).is_empty());
}

#[test]
fn nothing_stated_stays_undecided_whatever_the_machine_found() {
    let mut world = World::new();
    world.propose(ACCESS, "d1", "policy.md");
    let entry = entry_of(&world, ACCESS);
    assert_eq!(entry.applicability, None);
    for empty in [
        &entry.justification,
        &entry.implementation_status,
        &entry.reasons,
        &entry.how_implemented,
        &entry.provided_by,
        &entry.remarks,
    ] {
        assert_eq!(empty, "");
    }
    assert_eq!(
        (entry.coverage, entry.pending, entry.evidence.len()),
        (Coverage::NotReviewed, 1, 0)
    );
}

#[test]
fn what_a_person_stated_is_in_the_row() {
    let mut world = World::new();
    let position = world.position(ACCESS, None);
    position.applicability = Some(Applicability::Applicable);
    position.inclusion_reasons = vec![InclusionReason::Legal, InclusionReason::Risk];
    position.justification = "GDPR Art. 32; R-7".into();
    position.risk_ids = vec!["R-7".into()];
    position.implementation_status = Some(ImplementationStatus::Planned);
    position.planned_for = Some(date("2026-09-01"));
    position.provided_by = Some(ProvidedBy::Shared);
    position.provider = "Hosting GmbH".into();
    position.owner = "Bob".into();
    position.comment = "After the move".into();
    position.decided_on = Some(date("2026-05-02"));
    let entry = entry_of(&world, ACCESS);
    assert_eq!(entry.applicability, Some(Applicability::Applicable));
    assert_eq!(entry.reasons, "risk; legal");
    assert_eq!((&*entry.justification, &*entry.provider), ("GDPR Art. 32; R-7", "Hosting GmbH"));
    assert_eq!((&*entry.implementation_status, &*entry.provided_by), ("planned", "shared"));
    assert_eq!(
        (entry.planned_for, entry.decided_on),
        (Some(date("2026-09-01")), Some(date("2026-05-02")))
    );
    assert_eq!(
        (&*entry.owner, &*entry.decided_by, &*entry.comment),
        ("Bob", "Ada", "After the move")
    );
    assert_eq!(entry.risk_ids, ["R-7"]);
    assert_eq!(entry.coverage, Coverage::NotReviewed, "a statement is no evidence");
}

#[test]
fn an_exclusion_gives_its_own_reasons_and_no_implementation() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let position = world.position(ACCESS, None);
    position.applicability = Some(Applicability::NotApplicable);
    position.inclusion_reasons = vec![InclusionReason::Business];
    position.exclusion_reasons = vec![ExclusionReason::NoRisk, ExclusionReason::NoActivity];
    let entry = entry_of(&world, ACCESS);
    assert_eq!((&*entry.reasons, &*entry.how_implemented), ("no-risk; no-activity", ""));
    assert_eq!(entry.coverage_reasons, [CoverageReason::NotApplicable]);
}

#[test]
fn how_it_is_implemented_comes_from_standing_evidence() {
    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "docs/POLICY.docx");
    world.accept(ACCESS, "o1", "review.csv");
    world.accept(ACCESS, "o2", "request.md").evidence_date = Some(date("2020-01-01"));
    world.accept(ACCESS, "o1", "gone.md").quote = "A sentence that stands nowhere else.".into();
    world.documents.remove("gone.md");
    world.documents.get_mut("docs/POLICY.docx").unwrap().profile.status = DocumentStatus::Draft;
    assert_eq!(
        entry_of(&world, ACCESS).how_implemented,
        "design: POLICY.docx, page 1 (draft); operation: review.csv, page 1; request.md, page 1 \
         (stale)"
    );
    for n in 0..3 {
        world.accept(ACCESS, "o1", &format!("more{n}.md"));
    }
    let entry = entry_of(&world, ACCESS);
    assert!(entry.how_implemented.ends_with("; and 2 more"), "{}", entry.how_implemented);
    assert_eq!(entry.evidence.len(), 7);
}

#[test]
fn systems_are_summarised_by_the_weakest() {
    let mut world = two_ai_systems();
    world.accept_all(VERIFICATION, Some("triage"));
    world.accept(VERIFICATION, "d1", "house.md");
    let entry = entry_of(&world, VERIFICATION);
    assert_eq!(entry.coverage, Coverage::Partial);
    assert_eq!(
        entry.systems,
        [("triage".to_owned(), Coverage::Full), ("chat".to_owned(), Coverage::Partial)]
    );
    assert!(entry.coverage_reasons.contains(&CoverageReason::WeakestSystem));
    assert!(entry.remarks.contains("weakest: chat (partial); triage full"), "{}", entry.remarks);
    assert_eq!(entry.evidence.len(), 3, "what serves both stands once");
    assert_eq!(
        entry.how_implemented,
        "design: POLICY.md, page 1 [triage]; house.md, page 1; operation: RECORD.md, page 1 \
         [triage]"
    );
}

#[test]
fn applicability_over_systems() {
    use Applicability::{Applicable, NotApplicable};
    let yes = Some(Applicable);
    let no = Some(NotApplicable);
    // Whole control, triage, chat → the control, and whether a remark says that they differ.
    type Case = (Option<Applicability>, [Option<Applicability>; 2], Option<Applicability>, bool);
    let cases: [Case; 7] = [
        (None, [None, None], None, false),
        (None, [yes, yes], yes, false),
        (None, [no, no], no, false),
        (None, [yes, no], yes, true),
        (None, [yes, None], yes, true),
        (None, [no, None], None, true),
        (no, [yes, yes], no, false),
    ];
    for (whole, systems, expected, differs) in cases {
        let mut world = two_ai_systems();
        for (system, stand) in
            [(None, whole), (Some("triage"), systems[0]), (Some("chat"), systems[1])]
        {
            world.position(VERIFICATION, system).applicability = stand;
        }
        let entry = entry_of(&world, VERIFICATION);
        assert_eq!(entry.applicability, expected, "{whole:?} {systems:?}");
        assert_eq!(entry.remarks.contains("applicability differs"), differs, "{}", entry.remarks);
    }
}

#[test]
fn implementation_and_texts_over_systems() {
    use ImplementationStatus::{Implemented, Planned};
    let mut world = two_ai_systems();
    world.position(VERIFICATION, Some("triage")).implementation_status = Some(Implemented);
    let entry = entry_of(&world, VERIFICATION);
    assert_eq!(entry.implementation_status, "", "undecided for chat");
    assert!(entry.remarks.contains("implementation differs: triage implemented, chat not decided"));

    let chat = world.position(VERIFICATION, Some("chat"));
    chat.implementation_status = Some(Planned);
    chat.justification = "R-2".into();
    let entry = entry_of(&world, VERIFICATION);
    assert_eq!((&*entry.implementation_status, &*entry.justification), ("planned", "chat: R-2"));

    let chat = world.position(VERIFICATION, Some("chat"));
    chat.implementation_status = Some(Planned);
    chat.applicability = Some(Applicability::NotApplicable);
    assert_eq!(entry_of(&world, VERIFICATION).implementation_status, "implemented");
}

#[test]
fn a_pending_proposal_for_all_systems_counts_once() {
    let mut world = two_ai_systems();
    world.propose(VERIFICATION, "d1", "house.md");
    assert_eq!(entry_of(&world, VERIFICATION).pending, 1);
}

#[test]
fn counterparts_of_the_other_standard_are_named() {
    let shared = entry_of(&World::new(), "ISO27001:A.5.1").shared_with;
    // The strong chain first.
    assert_eq!(shared[0].as_str(), "ISO42001:A.2.4");
}
