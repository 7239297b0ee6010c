//! People who differ, agree, change their minds, or are too few.

use super::{super::testkit::*, *};
use crate::{
    config::Reviewer,
    domain::{Coverage, CoverageReason as Reason},
};

const ACCESS: &str = "ISO27001:A.5.15";

fn lead(world: &mut World, name: &str) {
    world.config.reviewers.push(Reviewer { name: name.into(), role: String::new(), lead: true });
}

/// Ada accepts everything; Ben rejects the policy.
fn differ() -> World {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.also(0, "Ben", Verdict::Reject);
    world
}

#[test]
fn opposite_verdicts_are_a_conflict_and_don_t_count() {
    let world = differ();
    let row = world.row(ACCESS);
    assert_eq!(row.coverage, Coverage::Partial);
    assert!(row.coverage_reasons.contains(&Reason::Conflict));
    assert_eq!((row.evidence.len(), row.rejected), (1, 0), "neither accepted nor rejected");
    let why = "conflict: Ada accepted on 2026-05-25, Ben rejected on 2026-05-25: they have to agree, \
               or name a lead or a rule in evimap.toml";
    assert_eq!(row.unsettled[0].why, why);
    assert!(row.coverage_note.contains(why), "{}", row.coverage_note);
    assert_eq!(world.asked(), [why]);
    assert_eq!(world.found("conflict").len(), 1);
}

#[test]
fn a_lead_settles_a_conflict_before_and_after_it() {
    let mut world = differ();
    lead(&mut world, "lena");
    assert!(world.asked()[0].ends_with("a lead has to decide, or they agree"));
    world.also(0, "Lena", Verdict::Accept);
    assert_eq!(world.coverage(ACCESS), (Coverage::Full, vec![]));
    // Whoever rejects it later does not overrule the lead.
    world.also(0, "Carl", Verdict::Reject);
    assert_eq!(world.coverage(ACCESS).0, Coverage::Full);
    assert_eq!(world.asked(), [""; 0]);
    // Two leads who differ do.
    lead(&mut world, "Max");
    world.also(0, "Max", Verdict::Reject);
    assert!(world.coverage(ACCESS).1.contains(&Reason::Conflict));
}

#[test]
fn a_rule_settles_a_conflict() {
    for (rule, coverage) in [
        (ConflictRule::Lead, Coverage::Partial),
        (ConflictRule::Strictest, Coverage::Partial),
        (ConflictRule::Latest, Coverage::Full),
    ] {
        let mut world = differ();
        world.also(0, "Carl", Verdict::Accept);
        world.config.conflict = rule;
        let row = world.row(ACCESS);
        assert_eq!(row.coverage, coverage, "{rule:?}");
        assert_eq!(row.unsettled.len(), usize::from(rule == ConflictRule::Lead));
        assert_eq!(row.rejected, u32::from(rule == ConflictRule::Strictest));
    }
}

#[test]
fn everybody_may_change_their_mind_and_a_defer_is_no_opinion() {
    let mut world = differ();
    world.also(0, " BEN ", Verdict::Accept);
    assert_eq!(world.coverage(ACCESS), (Coverage::Full, vec![]));
    world.also(0, "Carl", Verdict::Defer);
    assert_eq!(world.coverage(ACCESS).0, Coverage::Full);
    world.also(0, "Ada", Verdict::Defer);
    world.also(0, "Ben", Verdict::Defer);
    assert_eq!(world.coverage(ACCESS).0, Coverage::Partial);
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn who_answers_on_the_new_state_overtakes_what_was_said_of_the_old() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    world.ground();
    let rejected = world.also(0, "Ben", Verdict::Reject);
    rejected.basis.as_mut().unwrap().version = Some("2.0".into());
    assert!(world.coverage(ACCESS).1.contains(&Reason::Conflict));
    world.decisions.last_mut().unwrap().reconfirms = true;
    let row = world.row(ACCESS);
    assert_eq!((row.rejected, row.unsettled.len()), (1, 0));
    // Two who differ on the new state are in conflict again.
    let other = world.also(2, "Carl", Verdict::Accept);
    other.reconfirms = true;
    assert!(world.coverage(ACCESS).1.contains(&Reason::Conflict));
}

#[test]
fn a_decision_on_the_new_words_takes_the_place_of_the_old() {
    let mut world = World::new();
    world.accept_all(ACCESS, None);
    let old = world.decisions[0].proposal_id.clone();
    world.documents.get_mut("POLICY.md").unwrap().text_key.clear();
    world.documents.get_mut("POLICY.md").unwrap().hash = "edited".into();
    assert_eq!(world.found("evidence-lost").len(), 1);
    world.accept(ACCESS, "d1", "NEW.md").replaces.push(old);
    assert_eq!(world.found("evidence-lost"), [""; 0]);
    assert_eq!(world.row(ACCESS).evidence.len(), 2);
}

#[test]
fn four_eyes_want_two_people_other_than_the_owner() {
    let mut world = World::new();
    world.config.four_eyes = vec!["ISO27001:A.5.*".into()];
    world.accept_all(ACCESS, None);
    world.accept_all("ISO27001:A.6.3", None);
    assert_eq!(world.coverage("ISO27001:A.6.3").0, Coverage::Full, "not among them");
    assert_eq!(world.coverage(ACCESS), (Coverage::NotReviewed, vec![Reason::SecondPerson]));
    assert_eq!(world.asked().len(), 2);
    assert!(world.asked().iter().all(|text| {
        text == "second person: Ada accepted on 2026-05-25: a second person other than the owner \
                 must accept"
    }));
    // The same person under another spelling is no second one.
    world.also(0, "ADA", Verdict::Accept);
    assert_eq!(world.asked().len(), 2);
    world.also(0, "Ben", Verdict::Accept);
    assert_eq!(
        world.coverage(ACCESS),
        (Coverage::Partial, vec![Reason::DesignOnly, Reason::SecondPerson])
    );
    world.also(1, "Ben", Verdict::Accept);
    assert_eq!(world.coverage(ACCESS), (Coverage::Full, vec![]));
    // The owner's accept is no pair of eyes.
    world.position(ACCESS, None).owner = "ben".into();
    assert_eq!(world.coverage(ACCESS), (Coverage::NotReviewed, vec![Reason::SecondPerson]));
    assert!(
        world.asked()[0].contains("Ben owns the target and doesn't count"),
        "{:?}",
        world.asked()
    );
    assert_eq!(world.found("second-person").len(), 2);
}
