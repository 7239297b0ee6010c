//! What people get to see, and that import takes back what export gives.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    catalog::Catalog,
    config::Config,
    domain::{
        Applicability, Assessment, Band, Cited, Coverage, CoverageReason, Decision, DocumentStatus,
        DocumentType, EvidenceKind, ExclusionReason, InclusionReason, Judgement, Level, Locator,
        MachineView, NearestMiss, Origin, PointId, PointOpinion, Position, Proposal, ProposalId,
        Provenance, Question, QuestionKind, Stance, TargetId, TargetJudgement, TargetKind,
        TargetStance, TargetView, Verdict,
    },
    review::{Context, Table, import},
};

fn target(text: &str) -> TargetId {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn provenance() -> Provenance {
    Provenance {
        file: "suggestions.csv".to_owned(),
        row: 2,
        program: "0.1.0".to_owned(),
        catalog: "test".to_owned(),
        account: "ada".to_owned(),
        block: 0,
    }
}

fn proposal(of: &str, rank: u32, points: &[&str], band: Band) -> Proposal {
    let quote = format!("-Quote {rank} for {of}, \"so\";\nsecond line");
    Proposal {
        id: ProposalId::derive(&target(of), None, &quote),
        target: target(of),
        system: None,
        points: points.iter().map(|p| PointId::new(&target(of), p)).collect(),
        document: "policies/access.md".to_owned(),
        document_hash: "ab".repeat(32),
        document_status: DocumentStatus::Approved,
        locator: Locator::lines(3, 4),
        heading: Vec::new(),
        quote,
        confidence: 0.8762,
        score: 3.0,
        band,
        evidence_kind: EvidenceKind::Design,
        evidence_type: DocumentType::Policy,
        evidence_date: Some(day("2026-03-12")),
        reasons: vec!["names the control".to_owned(), "approved policy".to_owned()],
        rank,
        talk: None,
        also_in: Vec::new(),
        also_for: vec![target("ISO42001:A.2.2")],
    }
}

fn decision(p: &Proposal, verdict: Verdict) -> Decision {
    Decision {
        proposal_id: p.id.clone(),
        target: p.target.clone(),
        system: None,
        verdict,
        origin: Origin::Proposal,
        points: p.points.clone(),
        document: p.document.clone(),
        document_hash: p.document_hash.clone(),
        document_status: p.document_status,
        locator: Some(p.locator.clone()),
        quote: p.quote.clone(),
        evidence_kind: p.evidence_kind,
        evidence_type: p.evidence_type,
        evidence_date: p.evidence_date,
        verifiable: true,
        reviewer: "Jane Doe".to_owned(),
        decided_on: day("2026-11-20"),
        comment: "=fine".to_owned(),
        basis: None,
        reconfirms: false,
        replaces: Vec::new(),
        provenance: provenance(),
    }
}

static NO_SHARES: BTreeMap<String, String> = BTreeMap::new();
const SILENT: Advice<'static> = Advice { judgements: &[], targets: &[], shares: &NO_SHARES };

fn said(proposal: &Proposal, verdict: Stance) -> Judgement {
    let opinion = PointOpinion {
        point: proposal.points.first().cloned(),
        verdict,
        sentences: vec![1],
        quote: "x".to_owned(),
        reason: "says who,\nnot when".to_owned(),
        missing: "the\nday".to_owned(),
    };
    Judgement::of(proposal.id.clone(), vec![opinion], "m", "1").unwrap()
}

fn export(proposals: &[Proposal], decisions: &[Decision], all: bool) -> Table {
    export_asking(proposals, decisions, &[], all)
}

fn export_asking(
    proposals: &[Proposal],
    decisions: &[Decision],
    questions: &[Question],
    all: bool,
) -> Table {
    let latest = decisions.iter().map(|d| (d.proposal_id.clone(), d.clone())).collect();
    let questions = questions.iter().map(|q| (q.now.id.clone(), q.clone())).collect();
    let decided = Decided { in_force: &latest, questions: &questions, lost: &BTreeSet::new() };
    export_suggestions(proposals, &decided, &SILENT, Catalog::builtin(), all)
}

fn column<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    (0..table.rows.len()).map(|n| table.cell(n, name)).collect()
}

const A: &str = "ISO27001:A.5.15";

#[test]
fn rows_come_in_catalogue_order_with_all_that_a_reviewer_needs() {
    let proposals = [
        proposal("ISO42001:A.2.2", 1, &["d1"], Band::Likely),
        proposal(A, 1, &["d1", "o1"], Band::Strong),
    ];
    let judgement = said(&proposals[1], Stance::Partly);
    let decided =
        Decided { in_force: &BTreeMap::new(), questions: &BTreeMap::new(), lost: &BTreeSet::new() };
    let advice = Advice { judgements: &[judgement], ..SILENT };
    let table = export_suggestions(&proposals, &decided, &advice, Catalog::builtin(), false);
    assert_eq!(column(&table, "target"), [A, "ISO42001:A.2.2"]);
    assert_eq!(table.keys[0], proposals[1].id.to_string());
    let cell = |name| table.cell(0, name);
    assert_eq!(cell("points"), "ISO27001:A.5.15#d1; ISO27001:A.5.15#o1");
    assert!(cell("point_text").starts_with("d1: ") && cell("point_text").contains(" | o1: "));
    assert_eq!((cell("title"), cell("level")), ("Access control", "organisation"));
    assert_eq!((cell("document_status"), cell("locator")), ("approved", "lines 3–4"));
    assert_eq!((cell("confidence"), cell("band")), ("0.876", "strong"));
    assert_eq!(cell("evidence_date"), "2026-03-12");
    assert_eq!(cell("judge"), "partly: says who, not when [d1 partly]; missing: the day");
    assert_eq!(
        cell("reasons"),
        "new; names the control; approved policy; could also serve ISO42001:A.2.2"
    );
    assert_eq!(cell("also_for"), "", "only a person fills this in");
    assert_eq!(cell("decision"), "");
}

#[test]
fn the_judge_orders_the_rows_of_a_target_and_changes_nothing_else() {
    let proposals: Vec<Proposal> =
        (1..=5).map(|rank| proposal(A, rank, &["d1"], Band::Likely)).collect();
    let plain = export(&proposals, &[], false);
    assert_eq!(plain.rows.len(), 3, "three a point");
    let judgements = [
        said(&proposals[0], Stance::Not),
        said(&proposals[1], Stance::Abstain),
        said(&proposals[2], Stance::Partly),
        // It has no row, and the model's word gives it none.
        said(&proposals[4], Stance::Supported),
    ];
    let whole = TargetJudgement {
        target: A.parse().unwrap(),
        system: None,
        verdict: TargetStance::Partial,
        missing: "a record".into(),
        model: "m".into(),
        prompt_version: "1".into(),
    };
    let shares = BTreeMap::from([("partly".to_owned(), "people accepted 9 of 20".to_owned())]);
    let advice = Advice { judgements: &judgements, targets: &[whole], shares: &shares };
    let none = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    let decided = Decided { in_force: &none.0, questions: &none.1, lost: &none.2 };
    let judged = export_suggestions(&proposals, &decided, &advice, Catalog::builtin(), false);

    let ids = |order: [usize; 3]| order.map(|n| proposals[n].id.to_string()).to_vec();
    assert_eq!(plain.keys, ids([0, 1, 2]));
    assert_eq!(judged.keys, ids([2, 1, 0]), "partly, abstain, not");
    for (n, key) in judged.keys.iter().enumerate() {
        let before = plain.keys.iter().position(|k| k == key).unwrap();
        for name in plain.header.iter().filter(|name| *name != "judge") {
            assert_eq!(judged.cell(n, name), plain.cell(before, name), "{name}");
        }
    }
    assert_eq!(
        judged.cell(0, "judge"),
        "partly: says who, not when [d1 partly]; missing: the day; target: partial, missing: a \
         record; people accepted 9 of 20"
    );
}

#[test]
fn three_rows_a_point_and_no_weak_ones_unless_all_are_asked_for() {
    let mut proposals: Vec<Proposal> =
        (1..=5).map(|n| proposal(A, n, &["d1"], Band::Strong)).collect();
    proposals.push(proposal(A, 6, &["d1", "o1"], Band::Likely));
    proposals.push(proposal(A, 7, &["o2"], Band::Possible));
    proposals.extend((8..=12).map(|n| proposal(A, n, &[], Band::Likely)));
    let ranks = |table: &Table| -> Vec<String> {
        let quotes = column(table, "quote").into_iter();
        quotes.map(|q| q.split(' ').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(ranks(&export(&proposals, &[], false)), ["1", "2", "3", "6", "8", "9", "10"]);
    assert_eq!(export(&proposals, &[], true).rows.len(), 12);
    // What was accepted takes a place, what was rejected makes room.
    let decided =
        [decision(&proposals[0], Verdict::Accept), decision(&proposals[1], Verdict::Reject)];
    assert_eq!(ranks(&export(&proposals, &decided, false))[..3], ["3", "4", "6"]);
}

#[test]
fn what_is_decided_is_not_asked_again_but_shown_with_all() {
    let proposals = [proposal(A, 1, &["d1"], Band::Strong), proposal(A, 2, &["d1"], Band::Strong)];
    let mut corrected = decision(&proposals[0], Verdict::Accept);
    corrected.points = vec![PointId::new(&target(A), "o1")];
    let mut by_hand = decision(&proposal(A, 9, &["o2"], Band::Strong), Verdict::Accept);
    by_hand.origin = Origin::Manual;
    let decided = [corrected, by_hand.clone(), decision(&proposals[1], Verdict::Defer)];
    assert!(export(&proposals, &decided, false).rows.is_empty());
    let table = export(&proposals, &decided, true);
    assert_eq!(column(&table, "decision"), ["accept", "defer", "accept"]);
    assert_eq!(column(&table, "points")[0], "ISO27001:A.5.15#o1");
    assert_eq!(table.cell(2, "proposal_id"), by_hand.proposal_id.as_str());
    assert_eq!(table.cell(2, "quote"), by_hand.quote);
}

fn cited(d: &Decision) -> Cited {
    Cited {
        id: d.proposal_id.clone(),
        document: d.document.clone(),
        document_hash: d.document_hash.clone(),
        document_status: d.document_status,
        locator: d.locator.clone(),
        quote: d.quote.clone(),
    }
}

#[test]
fn what_asks_again_comes_back_undecided_and_says_why() {
    let before = proposal(A, 1, &["d1"], Band::Strong);
    let other = proposal(A, 2, &["d2"], Band::Possible);
    let fresh = proposal(A, 3, &["d2"], Band::Strong);
    let now = Decision {
        document_status: DocumentStatus::Withdrawn,
        ..decision(&before, Verdict::Accept)
    };
    let text = "reconfirm: the document's status was approved and is withdrawn";
    let question = |decision: Decision| Question {
        kind: QuestionKind::Reconfirm,
        text: text.to_owned(),
        now: cited(&decision),
        decision,
        replaces: Vec::new(),
    };
    // One on a proposal, one on words that no run proposed.
    let unproposed = Decision { quote: "New words.".into(), ..decision(&other, Verdict::Accept) };
    let questions = [question(now), question(unproposed)];
    let decisions = [decision(&before, Verdict::Accept)];
    for all in [false, true] {
        let table = export_asking(&[before.clone(), fresh.clone()], &decisions, &questions, all);
        assert_eq!(column(&table, "decision"), ["", "", ""]);
        assert_eq!(column(&table, "reviewer"), ["", "", ""]);
        let reasons = column(&table, "reasons");
        assert!(reasons[0].starts_with(&format!("{text}; names the control")), "{reasons:?}");
        assert!(reasons[1].starts_with("new; names the control"), "{reasons:?}");
        assert_eq!(reasons[2], text);
        assert_eq!(table.cell(0, "document_status"), "withdrawn");
        assert_eq!(
            (table.cell(2, "quote"), table.cell(2, "points")),
            ("New words.", "ISO27001:A.5.15#d2")
        );
    }
    let rows = export(&[before, fresh], &decisions, false).rows.len();
    assert_eq!(rows, 1, "without a question it is not asked");
}

#[test]
fn accepted_words_cut_otherwise_are_not_asked_again_for_the_same_points() {
    let accepted = proposal(A, 1, &["d1"], Band::Strong);
    let decisions = [decision(&accepted, Verdict::Accept)];
    let mut longer = proposal(A, 2, &["d1"], Band::Strong);
    longer.quote = format!("2. {} And more.", accepted.quote);
    let mut for_more = longer.clone();
    for_more.id = ProposalId::derive(&target(A), None, "another");
    for_more.points.push(PointId::new(&target(A), "d2"));
    let other = proposal(A, 3, &["d1"], Band::Strong);
    let proposals = [accepted, longer, for_more.clone(), other.clone()];
    let asked = export(&proposals, &decisions, false).keys;
    assert_eq!(asked, [for_more.id.to_string(), other.id.to_string()]);
    assert_eq!(export(&proposals, &decisions, true).rows.len(), 4);
}

#[test]
fn one_quote_in_two_documents_is_one_row() {
    let one = proposal(A, 1, &["d1"], Band::Strong);
    let mut two = one.clone();
    two.rank = 2;
    two.document = "copy.md".to_owned();
    let mut one = one;
    one.also_in = vec!["copy.md".to_owned()];
    let table = export(&[one, two], &[], true);
    assert_eq!(table.rows.len(), 1);
    assert!(table.cell(0, "reasons").contains("same text in copy.md"));
}

fn view(of: &str) -> TargetView {
    TargetView {
        target: target(of),
        system: None,
        machine_view: MachineView::LikelyGap,
        evidence_probability: 0.1,
        nearest_miss: Some(NearestMiss {
            document: "a.md".to_owned(),
            locator: Locator::page(2),
            quote: "Almost\nthere".to_owned(),
            why: "names no owner".to_owned(),
        }),
    }
}

fn assessment(of: &str, system: Option<&str>, position: Option<Position>) -> Assessment {
    Assessment {
        target: target(of),
        title: "Title".to_owned(),
        framework: "ISO27001".to_owned(),
        kind: TargetKind::Control,
        theme: String::new(),
        level: Level::Organisation,
        system: system.map(str::to_owned),
        coverage: Coverage::Partial,
        coverage_reasons: vec![CoverageReason::DesignOnly, CoverageReason::Stale],
        coverage_note: String::new(),
        points: Vec::new(),
        evidence: Vec::new(),
        unsettled: Vec::new(),
        pending: 2,
        rejected: 0,
        view: view(of),
        position,
    }
}

fn position(of: &str) -> Position {
    Position {
        applicability: Some(Applicability::Applicable),
        inclusion_reasons: vec![InclusionReason::Risk, InclusionReason::Legal],
        justification: "-GDPR Art. 32".to_owned(),
        risk_ids: vec!["R-1".to_owned(), "R-2".to_owned()],
        due: Some(day("2027-03-04")),
        owner: "Ops".to_owned(),
        decided_by: "Jane Doe".to_owned(),
        decided_on: Some(day("2026-11-20")),
        ..Position::blank(target(of), None, provenance())
    }
}

#[test]
fn every_target_has_its_row_with_what_a_person_said_and_nothing_else() {
    let all = [
        assessment("ISO42001:A.4.2", Some("triage"), None),
        assessment("ISO42001:A.4.2", None, None),
        assessment(A, None, Some(position(A))),
    ];
    let table = export_positions(&all, Catalog::builtin());
    assert_eq!(table.keys, ["ISO27001:A.5.15|", "ISO42001:A.4.2|", "ISO42001:A.4.2|triage"]);
    let cell = |name| table.cell(0, name);
    assert_eq!(cell("coverage"), "partial (design only; stale)");
    assert_eq!(cell("machine_view"), "likely-gap");
    assert_eq!(cell("nearest_miss"), "a.md, page 2: Almost there – names no owner");
    assert_eq!((cell("applicability"), cell("inclusion_reasons")), ("applicable", "risk; legal"));
    assert_eq!((cell("risk_ids"), cell("due")), ("R-1; R-2", "2027-03-04"));
    let human = table.cells();
    assert!(human["ISO42001:A.4.2|"].values().all(String::is_empty));
    let mut excluded = position(A);
    excluded.inclusion_reasons.clear();
    excluded.exclusion_reasons = vec![ExclusionReason::NotOurRole];
    let table = export_positions(&[assessment(A, None, Some(excluded))], Catalog::builtin());
    assert_eq!(table.cell(0, "inclusion_reasons"), "not-our-role");
}

#[test]
fn what_goes_out_comes_back_unchanged() {
    let proposals = [proposal(A, 1, &["d1"], Band::Strong), proposal(A, 2, &["o1"], Band::Strong)];
    let decisions = [
        decision(&proposals[0], Verdict::Accept),
        decision(&proposals[1], Verdict::Reject),
        decision(&proposal(A, 3, &["d2"], Band::Strong), Verdict::Accept),
    ];
    let positions = [position(A)];
    let context = Context {
        catalog: Catalog::builtin(),
        config: &Config::default(),
        questions: &BTreeMap::new(),
        basis: &|_| None,
        account: "ada",
        issued: &|_| None,
        decisions: &decisions,
        positions: &positions,
        actions: &[],
        audits: &[],
        statements: &[],
        documents: &[],
        document: &|_| None,
        today: day("2027-01-01"),
        program: "0.1.0",
        catalog_version: "test",
    };
    let table = export(&proposals, &decisions, true);
    let back = import("suggestions.csv", &table.to_csv(), &context).unwrap();
    assert_eq!((back.decisions, back.unchanged), (Vec::new(), 3));
    assert_eq!(back.notes, []);
    let table = export_positions(&[assessment(A, None, Some(position(A)))], Catalog::builtin());
    let back = import("positions.csv", &table.to_csv(), &context).unwrap();
    assert_eq!((back.positions, back.unchanged), (Vec::new(), 1));
    assert_eq!(back.notes, []);
}
