//! Registers against each other, case by case.

use super::*;
use crate::domain::{
    DocumentStatus, DocumentType, EvidenceKind, Origin, ProposalId, Provenance, Verdict,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn system(id: &str, name: &str, ai: bool) -> System {
    System { id: id.to_owned(), name: name.to_owned(), ai, roles: Vec::new(), paths: Vec::new() }
}

fn asset(id: &str, name: &str, kind: &str) -> Asset {
    Asset { id: id.to_owned(), name: name.to_owned(), kind: kind.to_owned(), ..Asset::default() }
}

fn risk(id: &str, assets: &str, system: &str, band: &str) -> RiskFace {
    RiskFace {
        key: format!("r.csv#{id}"),
        id: id.to_owned(),
        system: system.to_owned(),
        assets: assets.to_owned(),
        level_band: band.to_owned(),
        open: true,
    }
}

fn assessment(system: &str, done: Done, date: &str) -> ImpactAssessment {
    ImpactAssessment {
        system: system.to_owned(),
        done,
        date: date.to_owned(),
        day: date.parse().ok(),
        approved_by: "Birte".to_owned(),
        ..ImpactAssessment::default()
    }
}

fn decision(target: &str, system: Option<&str>) -> Decision {
    Decision {
        proposal_id: ProposalId::derive(&target.parse().unwrap(), system, "quote"),
        target: target.parse().unwrap(),
        system: system.map(str::to_owned),
        verdict: Verdict::Accept,
        origin: Origin::Proposal,
        points: Vec::new(),
        document: "AIA.docx".to_owned(),
        document_hash: String::new(),
        document_status: DocumentStatus::Approved,
        locator: None,
        quote: "quote".to_owned(),
        evidence_kind: EvidenceKind::Operation,
        evidence_type: DocumentType::Assessment,
        evidence_date: None,
        verifiable: true,
        reviewer: "Noor".to_owned(),
        decided_on: day("2026-10-01"),
        comment: String::new(),
        basis: None,
        reconfirms: false,
        replaces: Vec::new(),
        provenance: Provenance {
            file: String::new(),
            row: 2,
            program: String::new(),
            catalog: String::new(),
            account: String::new(),
            block: 0,
        },
    }
}

#[derive(Default)]
struct World {
    systems: Vec<System>,
    assets: Vec<Asset>,
    assessments: Vec<ImpactAssessment>,
    risks: Vec<RiskFace>,
    accepted: Vec<Decision>,
}

impl World {
    fn view(&self) -> (Inventory, Vec<Diagnostic>) {
        let accepted: Vec<&Decision> = self.accepted.iter().collect();
        inventory(&Registers {
            systems: &self.systems,
            assets: &self.assets,
            assessments: &self.assessments,
            risks: &self.risks,
            accepted: &accepted,
            as_of: day("2026-11-24"),
        })
    }

    fn codes(&self) -> Vec<String> {
        self.view().1.into_iter().map(|d| d.code).collect()
    }

    fn said(&self, code: &str) -> String {
        let found = self.view().1.into_iter().find(|d| d.code == code);
        found.unwrap_or_else(|| panic!("no {code}: {:?}", self.codes())).message
    }
}

#[test]
fn nothing_registered_and_no_ai_system_says_nothing() {
    let world = World { systems: vec![system("portal", "Kompass", false)], ..World::default() };
    let (inventory, notes) = world.view();
    assert_eq!(inventory, Inventory::default());
    assert!(notes.is_empty());
}

#[test]
fn risks_of_two_registers_with_one_id_stay_two() {
    let one = risk("R-1", "", "", "high");
    let other = RiskFace { key: "ai.csv#R-1".to_owned(), ..one.clone() };
    let alone = risk("R-2", "", "", "low");
    assert_eq!(names(&[&one, &other, &alone, &one]), ["r.csv#R-1", "ai.csv#R-1", "R-2"]);
}

#[test]
fn assets_carry_the_open_risks_that_name_them() {
    let mut closed = risk("R-4", "Ambra Triage", "", "critical");
    closed.open = false;
    let world = World {
        systems: vec![system("triage", "Ambra Triage", true)],
        assets: vec![
            asset("A-1", "WardLine databases", "information"),
            asset("A-2", "Ambra Triage 2.4", "ai-system"),
            asset("A-3", "Ambra Triage model store", "hardware"),
        ],
        risks: vec![
            risk("R-1", "WardLine databases; Mail", "", "medium"),
            risk("R-2", "A-001, a-1", "", "high"),
            risk("R-3", "", "triage", ""),
            closed,
            risk("R-5", "", "Payroll", "low"),
        ],
        assessments: vec![assessment("triage", Done::Yes, "2026-07-23")],
        ..World::default()
    };
    let (inventory, _) = world.view();
    let lines: Vec<(&str, String, &str, usize)> = inventory
        .assets
        .iter()
        .map(|l| (l.asset.system.as_str(), l.risks.join(" "), l.highest.as_str(), l.unrated))
        .collect();
    assert_eq!(
        lines,
        [
            ("", "R-1 R-2".to_owned(), "high", 0),
            ("triage", "R-3".to_owned(), "", 1),
            ("triage", String::new(), "", 0)
        ]
    );
    assert!(world.said("risk-asset-unknown").ends_with(": R-1 (Mail), R-2 (A-001), R-5 (Payroll)"));
    assert!(world.said("risk-asset-unknown").starts_with("words in `assets`"));
    let without = World { assets: Vec::new(), ..world };
    assert!(!without.codes().contains(&"risk-asset-unknown".to_owned()), "no inventory, no note");
}

#[test]
fn a_system_that_a_person_cleared_stays_cleared() {
    let mut cleared = asset("A-1", "Ambra Triage", "ai-system");
    cleared.key = "a.csv#A-1".to_owned();
    let world = World {
        systems: vec![system("triage", "Ambra Triage", true)],
        assets: vec![cleared, asset("A-2", "Ambra Triage", "ai-system")],
        ..World::default()
    };
    let (inventory, found) = world.view();
    let systems: Vec<&str> = inventory.assets.iter().map(|l| l.asset.system.as_str()).collect();
    assert_eq!(systems, ["", "triage"], "only the row by hand is filled");
    assert!(found.iter().all(|d| d.code != "ai-system-undeclared"));
}

#[test]
fn what_is_not_declared_is_told_with_the_lines_to_paste() {
    let mut trial = asset("AI-S3", "Coding trial", "ai-system");
    trial.status = "refused on 2026-05-06".to_owned();
    let mut notes = asset("AI-S4", "Meeting notes", "ai-system");
    notes.roles = "customer".to_owned();
    let mut chat = asset("", "Portal chatbot", "application");
    chat.likely_ai_system = "chatbot".to_owned();
    let mut stray = asset("A-9", "Data sets", "information");
    stray.system = "triag".to_owned();
    let world = World {
        systems: vec![
            system("triage", "Ambra Triage", true),
            system("portal", "Kompass customer portal", false),
            system("engine", "Kiosk", false),
        ],
        assets: vec![
            asset("A-2", "Ambra Triage model store", "hardware"),
            trial,
            notes.clone(),
            notes,
            chat,
            stray,
            asset("A-10", "Kiosk", "ai-system"),
        ],
        assessments: vec![assessment("triage", Done::Yes, "2026-07-23")],
        risks: vec![risk("R-1", "", "triage", "low")],
        ..World::default()
    };
    let (_, found) = world.view();
    let codes: Vec<&str> = found.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "ai-system-undeclared",
            "ai-system-likely",
            "ai-system-not-in-use",
            "system-not-in-inventory",
            "asset-system-unknown",
            "asset-ai-differs",
        ]
    );
    let help = found[0].help.clone().unwrap();
    let toml = &help[help.find("[[system]]").unwrap()..];
    assert_eq!(
        toml,
        "[[system]]\nid = \"meeting-notes\"\nname = \"Meeting notes\"\nai = true\nroles = [\"customer\"]\npaths = []"
    );
    assert!(found[1].message.contains("“chatbot”"));
    // The model store belongs to the system, and is not the system.
    assert!(found[3].message.ends_with(": triage, portal"));
    // Declared as told, it is silent.
    let mut declared = World { systems: world.systems, assets: world.assets, ..World::default() };
    declared.systems.push(system("meeting-notes", "Meeting notes", true));
    assert!(!declared.codes().contains(&"ai-system-undeclared".to_owned()));
}

#[test]
fn every_declared_ai_system_is_listed_and_statements_are_no_evidence() {
    let mut due = assessment("Ambra Triage", Done::Yes, "2025-07-01");
    due.next_review = "2026-07-01".to_owned();
    due.next_review_day = Some(day("2026-07-01"));
    due.risk_ids = vec!["r-1".to_owned(), "R-77".to_owned()];
    let world = World {
        systems: vec![
            system("triage", "Ambra Triage", true),
            system("screening", "TalentSift", true),
            system("portal", "Kompass", false),
        ],
        assessments: vec![
            assessment("triage", Done::Planned, "2027-02-01"),
            assessment("triage", Done::Yes, "2024-07-01"),
            due,
            assessment("Weather", Done::Yes, "2026-01-01"),
        ],
        risks: vec![risk("R-1", "", "", "low"), risk("R-2", "", "Ambra Triage", "high")],
        accepted: vec![
            decision("ISO42001:8.4", Some("screening")),
            decision("ISO42001:8.4", None),
            decision("ISO42001:8.2", Some("screening")),
        ],
        ..World::default()
    };
    let (inventory, found) = world.view();
    let lines: Vec<(&str, Stand, bool)> =
        inventory.impacts.iter().map(|l| (l.system.as_str(), l.stand, l.current)).collect();
    assert_eq!(
        lines,
        [
            ("triage", Stand::Done, true),
            ("triage", Stand::Done, false),
            ("triage", Stand::Planned, false),
            ("screening", Stand::Missing, true),
            ("Weather", Stand::Done, true),
        ]
    );
    let one = &inventory.impacts[0];
    assert_eq!(one.assessment.as_ref().unwrap().date, "2025-07-01", "the latest");
    assert!(one.overdue && !inventory.impacts[1].overdue);
    assert_eq!((one.risks.join(" "), one.highest.as_str()), ("R-1 R-2".to_owned(), "high"));
    assert_eq!(one.unknown_risks, ["R-77"]);
    assert!(one.accepted.is_empty(), "evidence without a system is of none");
    // Accepted evidence stands beside, and is no statement of the register.
    let two = &inventory.impacts[3];
    assert_eq!((two.accepted.len(), two.stand), (1, Stand::Missing));
    assert_eq!(inventory.systems_assessed(), (2, 1));
    let codes: Vec<&str> = found.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "no-impact-assessment-on-record",
            "impact-assessment-overdue",
            "impact-system-unknown",
            "impact-risk-unknown",
        ]
    );
    assert!(found[0].message.ends_with(": screening"));
    assert!(found[1].message.ends_with("Ambra Triage (since 2026-07-01)"));
}

#[test]
fn accepted_evidence_of_an_assessment_is_the_same_everywhere() {
    let mut config = crate::config::Config {
        systems: vec![system("triage", "Ambra Triage", true), system("portal", "Kompass", false)],
        ..crate::config::Config::default()
    };
    let mut rules = decision("ISO42001:A.5.4", Some("triage"));
    rules.evidence_kind = EvidenceKind::Design;
    rules.evidence_type = DocumentType::Procedure;
    for (accepted, wanted) in [
        (decision("ISO42001:A.5.5", Some("triage")), 1),
        (decision("ISO42001:8.4", None), 1),
        (decision("ISO42001:6.1.4", Some("triage")), 0),
        (decision("ISO42001:A.5.2", Some("triage")), 0),
        (rules, 0),
    ] {
        let lacking = crate::assess::without_impact_assessment(&config, &[&accepted]);
        let world =
            World { systems: config.systems.clone(), accepted: vec![accepted], ..World::default() };
        let shown = world.view().0.impacts[0].accepted.len();
        assert_eq!((shown, lacking.len()), (wanted, 1 - wanted), "{}", world.accepted[0].target);
    }
    config.systems.push(system("chat", "Chat", true));
    let world = World {
        systems: config.systems,
        accepted: vec![decision("ISO42001:8.4", None)],
        ..World::default()
    };
    assert!(world.view().0.impacts[0].accepted.is_empty(), "of two systems it is of none");
}

#[test]
fn what_a_register_leaves_open_is_told() {
    let stand = |row: ImpactAssessment| {
        let world = World {
            systems: vec![system("triage", "Ambra Triage", true)],
            assessments: vec![row],
            risks: vec![risk("R-1", "", "triage", "low")],
            ..World::default()
        };
        (world.view().0.impacts[0].stand, world.codes())
    };
    let one = |code: &str| vec![code.to_owned()];
    assert_eq!(stand(assessment("triage", Done::Yes, "2026-11-24")), (Stand::Done, vec![]));
    assert_eq!(
        stand(assessment("triage", Done::Yes, "2026-11-25")),
        (Stand::DoneAhead, one("impact-assessment-date"))
    );
    assert_eq!(
        stand(assessment("triage", Done::Yes, "last year")),
        (Stand::DoneUndated, one("impact-assessment-date"))
    );
    assert_eq!(
        stand(assessment("triage", Done::Unsaid, "2026-07-23")),
        (Stand::NotSaid, one("impact-assessment-not-said"))
    );
    assert_eq!(
        stand(assessment("triage", Done::No, "")),
        (Stand::NotDone, one("impact-assessment-not-done"))
    );
    let mut row = assessment("triage", Done::Yes, "2026-07-23");
    row.approved_by = String::new();
    assert_eq!(stand(row), (Stand::Done, one("impact-assessment-not-approved")));
    let alone = World {
        systems: vec![system("triage", "Ambra Triage", true)],
        assessments: vec![assessment("triage", Done::Yes, "2026-07-23")],
        ..World::default()
    };
    assert_eq!(alone.codes(), ["impact-without-risk"]);
}

#[test]
fn long_lists_are_counted() {
    let systems = (0..50).map(|n| system(&format!("s{n}"), &format!("System {n}"), true)).collect();
    let world = World { systems, ..World::default() };
    assert!(world.said("no-impact-assessment-on-record").ends_with("s29 and 20 more"));
}
