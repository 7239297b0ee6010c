//! The coverage rules, each with the case that it decides.

use Coverage::{Full, NotReviewed, Partial};

use super::{super::testkit::*, *};
use crate::{
    assess::{evidence, rows},
    domain::{
        Applicability, Date, DocumentStatus, DocumentType, PointId, StatedInterval, Talk, Target,
        Verdict, letters_and_digits,
    },
};

/// Four needed points: d1, d2, o1 (access-review), o2 (policy).
const ACCESS: &str = "ISO27001:A.5.15";
/// d1 is `required`; o1 to o4 don't age.
const INCIDENTS: &str = "ISO27001:A.5.26";
/// One design point and two operation points.
const IMPROVEMENT: &str = "ISO27001:10.1";

#[test]
fn points_decide_between_full_and_partial() {
    type Case<'a> = (&'a str, &'a [&'a str], Coverage, &'a [Reason]);
    let cases: &[Case<'_>] = &[
        (ACCESS, &["d1 d2", "o1 o2"], Full, &[]),
        (ACCESS, &["d1", "d2", "o1", "o2"], Full, &[]),
        (ACCESS, &["d1 d2"], Partial, &[Reason::DesignOnly]),
        (ACCESS, &["d1"], Partial, &[Reason::DesignOnly, Reason::PointsMissing]),
        (ACCESS, &["d1 d2", "o1"], Partial, &[Reason::PointsMissing]),
        // The document is only usual here: what is missing are points, not a document.
        (ACCESS, &["o1 o2"], Partial, &[Reason::PointsMissing]),
        (INCIDENTS, &["o1 o2 o3 o4"], Partial, &[Reason::OperationOnly]),
        (INCIDENTS, &["o1"], Partial, &[Reason::OperationOnly, Reason::PointsMissing]),
        (INCIDENTS, &["d1", "o1 o2 o3 o4"], Full, &[]),
        // A.5.6 d2 is optional and blocks nothing.
        ("ISO27001:A.5.6", &["d1", "o1 o2"], Full, &[]),
        ("ISO27001:A.5.6", &["d2", "o1 o2"], Partial, &[Reason::PointsMissing]),
        // Without points: fine for the only one of its kind, else a person has to say which.
        (IMPROVEMENT, &["d", "o1 o2"], Full, &[]),
        (IMPROVEMENT, &["d", "o"], Partial, &[Reason::PointsMissing]),
        (ACCESS, &["d", "o1 o2"], Partial, &[Reason::PointsMissing]),
    ];
    for (id, accepted, coverage, reasons) in cases {
        let mut world = World::new();
        for points in *accepted {
            world.accept(id, points, &format!("{points}.md"));
        }
        assert_eq!(world.coverage(id), (*coverage, reasons.to_vec()), "{id} {accepted:?}");
    }
}

#[test]
fn design_evidence_never_covers_an_operation_point() {
    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "policy.md");
    world.accept(ACCESS, "o1 o2", "policy.md").evidence_kind = EvidenceKind::Design;
    let row = world.row(ACCESS);
    assert_eq!(row.coverage_reasons, [Reason::DesignOnly]);
    assert!(row.points.iter().filter(|p| p.kind == EvidenceKind::Operation).all(|p| !p.covered));
    assert!(row.coverage_note.contains("for points of the other kind"), "{}", row.coverage_note);
}

#[test]
fn a_note_names_the_missing_points_and_asks_to_name_points() {
    let mut world = World::new();
    world.accept(ACCESS, "d1", "policy.md");
    world.accept(ACCESS, "o", "export.csv");
    let note = world.row(ACCESS).coverage_note;
    assert_eq!(
        note,
        "no evidence accepted for d2; no evidence accepted for o1, o2; name the points that \
         export.csv is evidence for"
    );
}

#[test]
fn nothing_decided_is_neither_full_nor_none() {
    let mut world = World::new();
    world.propose(ACCESS, "d1", "policy.md");
    let row = world.row(ACCESS);
    assert_eq!((row.coverage, row.pending, row.coverage_reasons.len()), (NotReviewed, 1, 0));
    assert!(world.assess().assessments.iter().all(|a| a.coverage == NotReviewed));
}

#[test]
fn rejections_and_deferrals_alone_review_nothing() {
    let mut world = World::new();
    world.reject(ACCESS, "d1", "a.md").verdict = Verdict::Defer;
    assert_eq!(world.coverage(ACCESS), (NotReviewed, vec![]));
    assert_eq!(world.row(ACCESS).coverage_note, "1 deferred");
    world.reject(ACCESS, "d1", "b.md");
    assert_eq!(world.coverage(ACCESS), (NotReviewed, vec![Reason::RejectedOnly]));
    assert_eq!(world.row(ACCESS).rejected, 1);
}

#[test]
fn only_a_persons_conclusion_makes_none() {
    let cases = [
        (Conclusion::NothingFound, Coverage::None, vec![Reason::ConcludedNothingFound]),
        (Conclusion::EvidenceInsufficient, NotReviewed, vec![Reason::ConcludedInsufficient]),
        (Conclusion::EvidenceSufficient, NotReviewed, vec![]),
    ];
    for (conclusion, coverage, reasons) in cases {
        let mut world = World::new();
        world.reject(ACCESS, "d1", "a.md");
        world.position(ACCESS, None).conclusion = Some(conclusion);
        assert_eq!(world.coverage(ACCESS), (coverage, reasons), "{conclusion:?}");
    }
}

#[test]
fn a_conclusion_caps_what_the_evidence_shows() {
    let cases = [
        (Conclusion::EvidenceSufficient, Full, vec![]),
        (Conclusion::EvidenceInsufficient, Partial, vec![Reason::ConcludedInsufficient]),
        (Conclusion::NothingFound, Partial, vec![Reason::ConcludedNothingFound]),
    ];
    for (conclusion, coverage, reasons) in cases {
        let mut world = World::new();
        world.accept_all(ACCESS, None);
        world.position(ACCESS, None).conclusion = Some(conclusion);
        assert_eq!(world.coverage(ACCESS), (coverage, reasons), "{conclusion:?}");
    }
}

#[test]
fn the_latest_decision_and_position_count() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.reject(ACCESS, "o1 o2", "RECORD.md");
    assert_eq!(world.coverage(ACCESS), (Partial, vec![Reason::DesignOnly]));
    world.accept(ACCESS, "o1 o2", "RECORD.md");
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
    world.position(ACCESS, None).conclusion = Some(Conclusion::EvidenceInsufficient);
    world.position(ACCESS, None).conclusion = Some(Conclusion::EvidenceSufficient);
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
}

#[test]
fn documents_that_are_not_in_force_cap_unless_others_carry_the_point() {
    for (status, capped) in [
        (DocumentStatus::Approved, false),
        (DocumentStatus::Unstated, false),
        (DocumentStatus::Draft, true),
        (DocumentStatus::Unapproved, true),
        (DocumentStatus::Withdrawn, true),
        (DocumentStatus::Superseded, true),
    ] {
        let mut world = World::new();
        world.accept_all(ACCESS, None);
        world.document("POLICY.md", "").profile.status = status;
        world.decisions[0].document_status = status;
        let expected = if capped { (Partial, vec![Reason::NotApproved]) } else { (Full, vec![]) };
        assert_eq!(world.coverage(ACCESS), expected, "{status:?}");
        world.accept(ACCESS, "d1 d2", "OTHER.md");
        assert_eq!(world.coverage(ACCESS), (Full, vec![]), "{status:?}");
    }
}

#[test]
fn a_draft_alone_is_both_design_only_and_not_approved() {
    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "draft.md").document_status = DocumentStatus::Draft;
    world.document("draft.md", "").profile.status = DocumentStatus::Draft;
    assert_eq!(world.coverage(ACCESS), (Partial, vec![Reason::DesignOnly, Reason::NotApproved]));
    let note = world.row(ACCESS).coverage_note;
    // Points with the same flaw are named together, and it is said once.
    assert_eq!(note, "d1, d2: draft.md is draft; no evidence accepted for o1, o2");
    world.accept(ACCESS, "d1", "draft.md").document_status = DocumentStatus::Draft;
    assert_eq!(world.row(ACCESS).coverage_note.matches("draft.md").count(), 1);
}

#[test]
fn an_output_of_evimap_counts_once_it_is_approved_outside() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let profile = &mut world.document("POLICY.md", "").profile;
    profile.talk = Some(Talk::OwnOutput);
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
    world.document("POLICY.md", "").profile.status = DocumentStatus::Unstated;
    assert_eq!(world.coverage(ACCESS).1, [Reason::NotApproved]);
}

#[test]
fn status_is_taken_from_the_document_and_else_from_the_decision() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.documents.get_mut("POLICY.md").unwrap().profile.status = DocumentStatus::Withdrawn;
    assert_eq!(world.coverage(ACCESS).1, [Reason::NotApproved, Reason::Reconfirm]);
    let outside = &mut world.decisions[0];
    (outside.verifiable, outside.document_status) = (false, DocumentStatus::Draft);
    assert_eq!(world.coverage(ACCESS).1, [Reason::NotApproved]);
}

/// Evidence of 2026-01-01 for one point, everything else fresh; gives the day after which it is
/// stale.
fn fresh_until(world: &World) -> Option<Date> {
    world.row(ACCESS).evidence.iter().filter_map(|e| e.fresh_until).min()
}

#[test]
fn a_record_ages_by_its_class_and_the_stated_interval_wins() {
    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "policy.md");
    world.accept(ACCESS, "o2", "request.md");
    world.accept(ACCESS, "o1", "review.csv").evidence_date = Some(date("2026-01-01"));
    assert_eq!(fresh_until(&world), Some(date("2026-04-01")), "90 days");
    assert_eq!(world.coverage(ACCESS), (Partial, vec![Reason::Stale]));
    assert!(world.row(ACCESS).coverage_note.contains("o1: review.csv: next one overdue since"));

    world.as_of = date("2026-04-01");
    assert_eq!(world.coverage(ACCESS), (Full, vec![]), "fresh on the last day");
    world.as_of = date("2026-04-02");
    assert_eq!(world.coverage(ACCESS).1, [Reason::Stale]);

    world.config.freshness.insert("access-review".into(), 180);
    assert_eq!(world.coverage(ACCESS), (Full, vec![]), "the configuration overrides the hint");
    world.document("review.csv", "").profile.stated_interval =
        Some(StatedInterval { days: 30, quote: "every month".into() });
    assert_eq!(world.coverage(ACCESS).1, [Reason::Stale], "the document's own interval wins");
    assert_eq!(fresh_until(&world), Some(date("2026-01-31")));
}

#[test]
fn stale_evidence_is_redeemed_by_a_fresh_one() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.decisions[1].evidence_date = Some(date("2024-01-01"));
    assert_eq!(world.coverage(ACCESS).1, [Reason::Stale]);
    world.accept(ACCESS, "o1 o2", "newer.csv");
    let row = world.row(ACCESS);
    assert_eq!((row.coverage, row.evidence[1].stale), (Full, true));
    assert_eq!(row.points[2].evidence.len(), 1);
}

#[test]
fn the_series_of_a_recurring_record_is_shown() {
    let mut world = World::new();
    for (points, path, day) in [
        ("o1", "q2.csv", "2026-04-02"),
        ("o1", "q1.csv", "2026-01-05"),
        ("o2", "request.md", "2026-01-07"),
    ] {
        world.accept(ACCESS, points, path).evidence_date = Some(date(day));
    }
    let note = world.row(ACCESS).coverage_note;
    assert!(note.ends_with("; o1 shown for 2026-01-05, 2026-04-02"), "{note}");
}

#[test]
fn event_records_never_age() {
    let mut world = World::new();
    world.accept_all(INCIDENTS, None);
    world.decisions[1].evidence_date = Some(date("1999-01-01"));
    assert_eq!(world.coverage(INCIDENTS), (Full, vec![]));
    assert_eq!(world.row(INCIDENTS).evidence[1].fresh_until, None);
}

#[test]
fn a_rule_ages_at_its_next_review_unless_a_later_review_overtook_it() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let profile = &mut world.document("POLICY.md", "").profile;
    profile.next_review_on = Some(date("2026-05-31"));
    assert_eq!(world.coverage(ACCESS).1, [Reason::Stale]);
    world.document("POLICY.md", "").profile.next_review_on = Some(date("2026-06-01"));
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
    // Named before the review of 2026-05-20: the interval counts again.
    world.document("POLICY.md", "").profile.next_review_on = Some(date("2026-05-01"));
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
    assert_eq!(world.row(ACCESS).evidence[0].fresh_until, Some(date("2027-05-20")));
}

#[test]
fn a_rule_revised_since_the_decision_is_as_old_as_its_last_review() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    for decision in &mut world.decisions {
        decision.evidence_date = Some(date("2024-01-01"));
    }
    for path in ["POLICY.md", "RECORD.md"] {
        let state = world.documents.get_mut(path).unwrap();
        state.profile.reviewed_on = Some(date("2026-05-01"));
    }
    assert!(world.row(ACCESS).evidence.iter().all(|e| e.stale), "the person's date counts");
    for state in world.documents.values_mut() {
        state.hash = "another".into();
    }
    let row = world.row(ACCESS);
    assert!(!row.evidence[0].stale, "reviewed since");
    assert!(row.evidence[1].stale, "a record stays as old as its event");
}

#[test]
fn undated_evidence_is_not_stale() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    for decision in &mut world.decisions {
        decision.evidence_date = None;
    }
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
    assert_eq!(world.found("undated-evidence").len(), 2);
    world.document("RECORD.md", "").profile.event_on = Some(date("2025-01-01"));
    assert_eq!(world.coverage(ACCESS).1, [Reason::Stale], "the document's date steps in");
    assert_eq!(world.found("undated-evidence").len(), 1);
}

#[test]
fn a_decision_holds_as_long_as_its_quote_stands() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let quote = world.decisions[0].quote.clone();

    // Edited around the quote.
    let state = world.documents.get_mut("POLICY.md").unwrap();
    state.hash = "edited".into();
    state.text_key = letters_and_digits(&format!("New title. {quote} New end."));
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));

    // Edited, and its status changed.
    world.documents.get_mut("POLICY.md").unwrap().profile.status = DocumentStatus::Unstated;
    let row = world.row(ACCESS);
    assert_eq!((row.coverage, row.coverage_reasons), (Full, vec![Reason::Reconfirm]));
    assert!(row.coverage_note.contains("was approved and is unstated"), "{}", row.coverage_note);

    // The quote itself changed.
    world.documents.get_mut("POLICY.md").unwrap().text_key = "something else".into();
    let row = world.row(ACCESS);
    assert_eq!(row.coverage, Partial);
    assert!(row.coverage_reasons.contains(&Reason::EvidenceLost));
    assert!(row.evidence[0].lost);
    assert_eq!(world.found("evidence-lost").len(), 1);
}

#[test]
fn an_unchanged_scan_keeps_its_evidence() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    for state in world.documents.values_mut() {
        state.text_key.clear();
    }
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
}

#[test]
fn moved_and_renamed_documents_are_followed() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let moved = world.documents.remove("POLICY.md").unwrap();
    world.documents.insert("archive/POLICY v2.md".into(), moved);
    let row = world.row(ACCESS);
    assert_eq!((row.coverage, row.coverage_reasons), (Full, vec![]));
    assert_eq!(row.evidence[0].document, "archive/POLICY v2.md");

    // Moved and edited: the quote is found, and a person should look.
    world.documents.get_mut("archive/POLICY v2.md").unwrap().hash = "edited".into();
    assert_eq!(world.coverage(ACCESS), (Full, vec![Reason::Reconfirm]));
    assert!(world.found("evidence-changed")[0].contains("now stands in archive/POLICY v2.md"));

    // Gone.
    world.documents.remove("archive/POLICY v2.md");
    let row = world.row(ACCESS);
    assert_eq!(row.coverage_reasons, [Reason::PointsMissing, Reason::EvidenceLost]);
    assert!(world.found("evidence-lost")[0].ends_with("the document is gone"));
}

#[test]
fn a_short_quote_is_not_followed_into_strangers() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.decisions[0].quote = "Approved.".into();
    let moved = world.documents.remove("POLICY.md").unwrap();
    world.documents.insert("archive/POLICY.md".into(), moved);
    assert!(!world.row(ACCESS).evidence[0].lost, "the same content in another place");
    world.documents.remove("archive/POLICY.md");
    world.document("minutes.md", "The budget was approved.");
    assert!(world.row(ACCESS).evidence[0].lost);
}

#[test]
fn where_everything_is_lost_nothing_is_reviewed() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.documents.clear();
    assert_eq!(world.coverage(ACCESS), (NotReviewed, vec![Reason::EvidenceLost]));
    world.position(ACCESS, None).conclusion = Some(Conclusion::NothingFound);
    assert_eq!(world.coverage(ACCESS).0, Coverage::None);
}

#[test]
fn an_external_reference_counts_and_is_noted() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let outside = &mut world.decisions[1];
    (outside.verifiable, outside.locator) = (false, None);
    world.documents.remove("RECORD.md");
    let row = world.row(ACCESS);
    assert_eq!((row.coverage, row.evidence[1].lost), (Full, false));
    assert_eq!(row.coverage_note, "1 of 2 pieces of evidence not verifiable");
}

#[test]
fn a_point_that_left_the_catalogue_asks_for_reconfirmation() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.decisions[0].points.push(PointId::new(&target(ACCESS), "d9"));
    assert_eq!(world.coverage(ACCESS), (Full, vec![Reason::Reconfirm]));
    // It does not fall back to "no points named".
    world.accept_all(IMPROVEMENT, None);
    world.decisions[2].points = vec![PointId::new(&target(IMPROVEMENT), "d9")];
    assert_eq!(
        world.coverage(IMPROVEMENT),
        (Partial, vec![Reason::PointsMissing, Reason::Reconfirm])
    );
    assert_eq!(world.found("unknown-point").len(), 2);
}

#[test]
fn what_others_provide_needs_their_evidence_and_our_oversight() {
    let full = |types: [DocumentType; 2]| {
        let mut world = World::new();
        world.accept_all(ACCESS, None);
        for (decision, evidence_type) in world.decisions.iter_mut().zip(types) {
            decision.evidence_type = evidence_type;
        }
        let position = world.position(ACCESS, None);
        position.provided_by = Some(ProvidedBy::Inherited);
        position.applicability = Some(Applicability::Applicable);
        world.coverage(ACCESS) == (Full, vec![])
    };
    assert!(full([DocumentType::Contract, DocumentType::Record]));
    assert!(full([DocumentType::Contract, DocumentType::Report]));
    assert!(!full([DocumentType::Policy, DocumentType::Record]), "no evidence of the provider");
    assert!(
        !full([DocumentType::Policy, DocumentType::Report]),
        "a report is not its own oversight"
    );

    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.position(ACCESS, None).provided_by = Some(ProvidedBy::Shared);
    assert_eq!(world.coverage(ACCESS), (Partial, vec![Reason::ProviderEvidenceMissing]));
    world.document("POLICY.md", "").profile.document_type = DocumentType::Contract;
    assert_eq!(world.coverage(ACCESS), (Full, vec![]), "a quote from a contract");
    world.position(ACCESS, None).provided_by = Some(ProvidedBy::Own);
    world.document("POLICY.md", "").profile.document_type = DocumentType::Policy;
    assert_eq!(world.coverage(ACCESS), (Full, vec![]));
}

#[test]
fn an_override_lowers_and_never_raises() {
    let full = |world: &mut World| world.accept_all(ACCESS, None);
    let nothing = |_: &mut World| {};
    type Case<'a> = (&'a dyn Fn(&mut World), Coverage, Coverage, Option<Reason>);
    let cases: [Case<'_>; 6] = [
        (&full, Partial, Partial, Some(Reason::OverrideLowered)),
        (&full, Coverage::None, Coverage::None, Some(Reason::OverrideLowered)),
        (&full, Full, Full, None),
        (&nothing, Full, NotReviewed, Some(Reason::OverrideAsserted)),
        (&nothing, Partial, NotReviewed, Some(Reason::OverrideAsserted)),
        (&nothing, Coverage::None, Coverage::None, Some(Reason::OverrideLowered)),
    ];
    for (prepare, asserted, coverage, reason) in cases {
        let mut world = World::new();
        prepare(&mut world);
        let position = world.position(ACCESS, None);
        position.override_coverage = Some(asserted);
        position.override_until = Some(date("2026-06-01"));
        assert_eq!(
            world.coverage(ACCESS),
            (coverage, Vec::from_iter(reason.clone())),
            "{asserted:?}"
        );
        if reason == Some(Reason::OverrideAsserted) {
            let note = world.row(ACCESS).coverage_note;
            assert!(note.ends_with("asserted by Ada until 2026-06-01, no evidence"), "{note}");
        }
        world.as_of = date("2026-06-02");
        let row = world.row(ACCESS);
        assert_eq!(row.coverage_reasons, [Reason::OverrideExpired]);
        assert!([Full, NotReviewed].contains(&row.coverage), "as if there were no override");
        assert_eq!(world.found("override-expired").len(), 1);
    }
}

#[test]
fn an_excluded_control_keeps_its_coverage_and_says_so() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.position(ACCESS, None).applicability = Some(Applicability::NotApplicable);
    assert_eq!(world.coverage(ACCESS), (Full, vec![Reason::NotApplicable]));
    world.position(IMPROVEMENT, None).applicability = Some(Applicability::NotApplicable);
    assert_eq!(world.coverage(IMPROVEMENT), (NotReviewed, vec![]), "a clause can't be excluded");
}

/// Weighs a target as if the catalogue had it in another form.
fn weigh_as(world: &World, id: &str, change: impl Fn(&mut Target)) -> Weighed {
    let inputs = world.inputs();
    let ledger = rows::Ledger::read(&inputs);
    let held = evidence::hold(&inputs, &ledger);
    let mut rows = rows::rows(&inputs, &ledger, &held);
    let row = rows.iter_mut().find(|row| row.target.id == target(id)).unwrap();
    let mut changed = row.target.clone();
    change(&mut changed);
    row.target = &changed;
    weigh(row, &inputs)
}

#[test]
fn where_documents_are_optional_operation_alone_is_enough_but_a_policy_alone_never_is() {
    let optional = |kind| {
        move |target: &mut Target| {
            for point in target.points.iter_mut().filter(|p| p.kind == kind) {
                point.documented = Documented::Optional;
            }
        }
    };
    let mut world = World::new();
    world.accept(ACCESS, "o1 o2", "record.md");
    let weighed = weigh_as(&world, ACCESS, optional(EvidenceKind::Design));
    assert_eq!((weighed.coverage, weighed.reasons.len()), (Full, 0));

    let mut world = World::new();
    world.accept(ACCESS, "d1 d2", "policy.md");
    let weighed = weigh_as(&world, ACCESS, optional(EvidenceKind::Operation));
    assert_eq!(weighed.reasons, [Reason::DesignOnly].into());
    world.accept(ACCESS, "o2", "record.md");
    let weighed = weigh_as(&world, ACCESS, optional(EvidenceKind::Operation));
    assert_eq!(weighed.coverage, Full, "one of the optional points will do");
    world.decisions[1].evidence_date = Some(date("2020-01-01"));
    let weighed = weigh_as(&world, ACCESS, optional(EvidenceKind::Operation));
    assert_eq!(weighed.reasons, [Reason::Stale].into());
}

#[test]
fn a_target_without_points_is_never_full() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let weighed = weigh_as(&world, ACCESS, |target| target.points.clear());
    assert_eq!(weighed.reasons, [Reason::PointsMissing, Reason::Reconfirm].into());
}
