//! A synthetic report over the shipped catalogue that runs through every state, for tests.

mod planned;
mod risks;

use std::collections::BTreeMap;

use super::{Desk, DeskRow, DocumentRow, Report};
use crate::{
    catalog::{CATALOG_VERSION, Catalog},
    config::{Quotes, SoaRelease, System},
    diag::Diagnostic,
    domain::{
        Accepted, AcceptedImpact, Action, ActionStatus, ActionWork, Applicability, Assessment,
        Asset, AssetLine, Audit, AuditProgramme, Band, Conclusion, Coverage, CoverageReason, Date,
        DocumentProfile, DocumentStatus, DocumentType, Done, Effort, Evidence, EvidenceKind,
        ExtractStatus, ISO27001, ISO42001, ImpactAssessment, ImpactLine, ImplementationStatus,
        InclusionReason, Inventory, Language, Level, Locator, MachineView, NearestMiss, Origin,
        PackItem, PackTopic, Planned, PointCoverage, Position, Proposal, ProposalId, Provenance,
        ProvidedBy, Readiness, ReuseRate, ReviewPack, RiskReport, SoaChange, SoaChanges, SoaEntry,
        Stand, Target, TargetId, TargetKind, TargetView,
    },
};
use planned::{inventory, pack, programme, readiness};
use risks::{linked, register};

const DOCUMENTS: [(&str, &str, DocumentType, DocumentStatus); 8] = [
    (
        "Policies/Information Security Policy v3.docx",
        "Information Security Policy",
        DocumentType::Policy,
        DocumentStatus::Approved,
    ),
    ("Policies/AI Policy.pdf", "AI Policy", DocumentType::Policy, DocumentStatus::Approved),
    (
        "Procedures/Access Control Procedure.docx",
        "Access Control Procedure",
        DocumentType::Procedure,
        DocumentStatus::Draft,
    ),
    (
        "Registers/Asset Register.xlsx",
        "Asset Register",
        DocumentType::Register,
        DocumentStatus::Unstated,
    ),
    (
        "Records/2026/Management Review 2026-03.docx",
        "Management Review",
        DocumentType::Minutes,
        DocumentStatus::Approved,
    ),
    (
        "Records/2025/Restore Test.md",
        "Restore Test",
        DocumentType::Record,
        DocumentStatus::Unstated,
    ),
    (
        "AI/triage-model/Impact Assessment.docx",
        "Impact Assessment",
        DocumentType::Assessment,
        DocumentStatus::Approved,
    ),
    (
        "Contracts/Hosting Agreement.pdf",
        "Hosting Agreement",
        DocumentType::Contract,
        DocumentStatus::Approved,
    ),
];

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a date of the fixture")
}

/// A report over the whole catalogue. Without `reviewed`, no person decided anything.
pub(crate) fn report(reviewed: bool) -> Report<'static> {
    let catalog = Catalog::builtin();
    let mut report = Report {
        organisation: "Klinikum Beispiel & Söhne".to_owned(),
        classification: "Internal".to_owned(),
        scope: [
            (ISO27001.to_owned(), "Operation of the patient portal and its data centre in Ulm, including support by the IT department.".to_owned()),
            (ISO42001.to_owned(), String::new()),
        ]
        .into(),
        systems: vec![
            system("triage-model", "Emergency triage model", true, &["provider", "deployer"]),
            system("chat-assistant", "Patient chat assistant", true, &["deployer"]),
        ],
        as_of: day("2026-11-24"),
        program_version: "0.1.0".to_owned(),
        catalog_version: CATALOG_VERSION.to_owned(),
        ledger_head: reviewed.then(|| "3f1c9a0be27d48a6".repeat(4)),
        inputs: "7c1d".repeat(16),
        quotes: Quotes::All,
        releases: [(
            ISO27001.to_owned(),
            SoaRelease {
                version: "1.1".to_owned(),
                approver: "B. Beispiel, board".to_owned(),
                approved_version: "1.0".to_owned(),
                approved_on: Some(day("2026-05-04")),
                approved_ledger_head: Some("0".repeat(64)),
            },
        )]
        .into(),
        changes: changes(reviewed),
        catalog,
        language: Language::En,
        told: catalog,
        assessments: Vec::new(),
        soa: BTreeMap::new(),
        actions: Vec::new(),
        risks: RiskReport::default(),
        programme: AuditProgramme::default(),
        readiness: Vec::new(),
        pack: ReviewPack::default(),
        inventory: inventory(),
        reuse: ReuseRate {
            from: ISO27001.to_owned(),
            to: ISO42001.to_owned(),
            targets: 70,
            strong: 25,
            weak: 30,
            ..ReuseRate::default()
        },
        proposals: Vec::new(),
        verdicts: BTreeMap::new(),
        documents: documents(),
        diagnostics: vec![
            Diagnostic::warning("pdf-no-text-layer", "the file holds pictures of pages and no text")
                .in_file("Scans/Signed policy 2019.pdf")
                .help("read it with OCR and add the text version"),
            Diagnostic::note("scope-differs", "the scope statements of the standards differ"),
            Diagnostic::warning(
                "excluded-with-evidence",
                "ISO27001:A.5.7 is excluded, but 2 pieces of evidence are accepted for it",
            )
            .about(&"ISO27001:A.5.7".parse().expect("a target of the fixture"))
            .in_file("positions.csv")
            .help("correct applicability, or the decisions"),
        ],
        desk: Desk::default(),
        ai_use: Some(super::AiUse { documents: vec!["a.md".into()], ..super::AiUse::default() }),
    };
    for (n, target) in catalog.targets().enumerate() {
        let systems: Vec<Option<String>> = match target.level {
            Level::Organisation => vec![None],
            Level::Application => report.systems.iter().map(|s| Some(s.id.clone())).collect(),
            Level::Both => [None]
                .into_iter()
                .chain(report.systems.iter().map(|s| Some(s.id.clone())))
                .collect(),
        };
        for (k, system) in systems.into_iter().enumerate() {
            let seed = n * 3 + k;
            report.proposals.extend(proposals(target, system.as_deref(), seed));
            report.assessments.push(assessment(target, system, seed, reviewed));
        }
        if target.kind == TargetKind::Control {
            let entry = soa_entry(target, &report.assessments);
            report.soa.entry(target.framework.clone()).or_default().push(entry);
        }
    }
    report.actions = actions(&report.assessments);
    report.programme = programme(&report.assessments);
    report.readiness = readiness(&report.assessments);
    report.risks = register(&report, reviewed);
    report.pack = pack(reviewed);
    report.desk = desk(&report.proposals);
    report
}

/// Some of the columns of suggestions.csv, with everything undecided.
fn desk(proposals: &[Proposal]) -> Desk {
    let columns = ["proposal_id", "target", "document", "quote", "reasons", "decision", "reviewer"];
    let row = |p: &Proposal| DeskRow {
        cells: vec![
            p.id.to_string(),
            p.target.to_string(),
            p.document.clone(),
            p.quote.clone(),
            p.reasons.join("; "),
            String::new(),
            String::new(),
        ],
        listed: p.band != Band::Possible,
        before: "What stands before. ".to_owned(),
        after: " What stands after.".to_owned(),
    };
    Desk {
        columns: columns.map(str::to_owned).into(),
        rows: proposals.iter().map(row).collect(),
        left_out: 3,
        reviewers: vec!["A. Muster".to_owned()],
        days: Vec::new(),
    }
}

/// 27001 has an approved version, 42001 none.
fn changes(reviewed: bool) -> BTreeMap<String, SoaChanges> {
    let change = SoaChange {
        target: "ISO27001:A.5.15".parse().expect("a target of the fixture"),
        system: None,
        what: vec![
            "applicability: – → applicable".to_owned(),
            "implementation status: planned → implemented".to_owned(),
        ],
        decided_by: "A. Muster".to_owned(),
        decided_on: Some(day("2026-11-20")),
    };
    let since = SoaChanges::Since(if reviewed { vec![change] } else { Vec::new() });
    [(ISO27001.to_owned(), since), (ISO42001.to_owned(), SoaChanges::NoApproval)].into()
}

fn system(id: &str, name: &str, ai: bool, roles: &[&str]) -> System {
    System {
        id: id.to_owned(),
        name: name.to_owned(),
        ai,
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        paths: Vec::new(),
    }
}

fn documents() -> Vec<DocumentRow> {
    let mut rows: Vec<DocumentRow> = (1_u32..)
        .zip(DOCUMENTS)
        .map(|(n, (path, title, document_type, status))| DocumentRow {
            path: path.to_owned(),
            hash: format!("{n:064x}"),
            status: ExtractStatus::Ok,
            why: String::new(),
            profile: Some(DocumentProfile {
                title: title.to_owned(),
                document_type,
                status,
                version: Some(format!("{n}.0")),
                owner: Some("Head of IT".to_owned()),
                approved_by: (status == DocumentStatus::Approved).then(|| "Board".to_owned()),
                approved_on: (status == DocumentStatus::Approved).then(|| day("2026-02-03")),
                effective_on: None,
                reviewed_on: None,
                next_review_on: Some(day("2027-02-03")),
                event_on: None,
                stated_interval: None,
                classification: Some("internal".to_owned()),
                talk: None,
                system: None,
                language: Default::default(),
            }),
            passages: 40 + n,
            marks: String::new(),
            accepted_for: Vec::new(),
            proposed_for: Vec::new(),
            duplicates: Vec::new(),
        })
        .collect();
    for (path, status, why) in [
        ("Scans/Signed policy 2019.pdf", ExtractStatus::NoText, "no text layer"),
        ("HR/contracts.zip", ExtractStatus::Encrypted, "needs a password"),
    ] {
        rows.push(DocumentRow {
            path: path.to_owned(),
            hash: "f".repeat(64),
            status,
            why: why.to_owned(),
            profile: None,
            passages: 0,
            marks: String::new(),
            accepted_for: Vec::new(),
            proposed_for: Vec::new(),
            duplicates: Vec::new(),
        });
    }
    rows
}

fn place(n: usize) -> Locator {
    match n % 4 {
        0 => Locator::page(1 + n as u32 % 9),
        1 => Locator::paragraph(vec!["3 Access".to_owned(), "3.2 Review".to_owned()], 18),
        2 => Locator::cells("Register", "A12:F12"),
        _ => Locator::lines(10, 14),
    }
}

fn quote(target: &Target, n: usize) -> String {
    let words = target.exemplars.get(n % target.exemplars.len().max(1));
    words.cloned().unwrap_or_else(|| format!("{} is laid down here.", target.title))
}

fn proposals(target: &Target, system: Option<&str>, seed: usize) -> Vec<Proposal> {
    let point = |n: usize| target.points.get(n % target.points.len().max(1));
    (0..7 + seed % 4)
        .map(|n| {
            let (document, _, evidence_type, document_status) =
                DOCUMENTS[(seed + n) % DOCUMENTS.len()];
            let quote = if n < target.exemplars.len() {
                quote(target, n)
            } else {
                format!("{} (see also section {n})", quote(target, n))
            };
            Proposal {
                id: ProposalId::derive(&target.id, system, &quote),
                target: target.id.clone(),
                system: system.map(str::to_owned),
                points: point(n).map(|p| p.id.clone()).into_iter().collect(),
                document: document.to_owned(),
                document_hash: "a".repeat(64),
                document_status,
                locator: place(seed + n),
                heading: Vec::new(),
                quote,
                confidence: 0.93 / (1.0 + n as f32 * 0.35) * if seed % 7 == 6 { 0.4 } else { 1.0 },
                score: 9.5 - n as f32,
                band: match n + seed % 7 / 6 * 3 {
                    0..2 => Band::Strong,
                    2..4 => Band::Likely,
                    _ => Band::Possible,
                },
                evidence_kind: if n % 2 == 0 {
                    EvidenceKind::Design
                } else {
                    EvidenceKind::Operation
                },
                evidence_type,
                evidence_date: Some(day("2026-03-12")),
                reasons: vec!["key terms of the target stand in the passage".to_owned()],
                rank: n as u32 + 1,
                talk: None,
                also_in: if n == 0 { vec!["Archive/copy.docx".to_owned()] } else { Vec::new() },
                also_for: Vec::new(),
            }
        })
        .collect()
}

fn evidence(target: &Target, system: Option<&str>, n: usize) -> Evidence {
    let quote = quote(target, n);
    let (document, _, evidence_type, document_status) = DOCUMENTS[n % DOCUMENTS.len()];
    let external = n % 11 == 10;
    Evidence {
        proposal_id: ProposalId::derive(&target.id, system, &quote),
        origin: if external { Origin::Manual } else { Origin::Proposal },
        points: target
            .points
            .get(n % target.points.len().max(1))
            .map(|p| p.id.clone())
            .into_iter()
            .collect(),
        document: if external { "Ticket system, board 12".to_owned() } else { document.to_owned() },
        document_hash: if external { String::new() } else { "a".repeat(64) },
        document_status,
        locator: (!external).then(|| place(n)),
        quote,
        evidence_kind: if n.is_multiple_of(2) {
            EvidenceKind::Design
        } else {
            EvidenceKind::Operation
        },
        evidence_type,
        date: Some(day("2026-03-12")),
        fresh_until: Some(day("2027-03-12")),
        stale: n % 9 == 8,
        lost: n % 13 == 12,
        reconfirm: n.is_multiple_of(7).then(|| "the document's version was 1 and is 2".to_owned()),
        block: if n.is_multiple_of(5) { 40 } else { 0 },
        verifiable: !external,
        decided_by: "A. Muster".to_owned(),
        decided_on: day("2026-11-20"),
        comment: String::new(),
    }
}

/// Runs through the states in turn.
fn state(target: &Target, seed: usize) -> (Coverage, Vec<CoverageReason>, &'static str) {
    use CoverageReason as R;
    match seed % 8 {
        0 | 5 => (Coverage::Full, Vec::new(), ""),
        1 => (Coverage::Partial, vec![R::DesignOnly, R::PointsMissing], "no record yet"),
        2 => (Coverage::Partial, vec![R::NotApproved, R::Stale], ""),
        3 => (Coverage::None, vec![R::ConcludedNothingFound], ""),
        4 => (Coverage::Full, vec![R::OverrideAsserted], "asserted by A. Muster until 2027-01-31"),
        6 if target.kind == TargetKind::Requirement => {
            (Coverage::Partial, vec![R::OperationOnly], "")
        }
        6 => (Coverage::None, vec![R::NotApplicable], "excluded by A. Muster"),
        _ => (Coverage::NotReviewed, Vec::new(), ""),
    }
}

fn assessment(target: &Target, system: Option<String>, seed: usize, reviewed: bool) -> Assessment {
    let (coverage, coverage_reasons, coverage_note) =
        if reviewed { state(target, seed) } else { (Coverage::NotReviewed, Vec::new(), "") };
    let pieces = match coverage {
        Coverage::Full if coverage_reasons.is_empty() => target.points.len(),
        Coverage::Partial => 1 + seed % 2,
        _ => 0,
    };
    let evidence: Vec<Evidence> =
        (0..pieces.min(5)).map(|n| evidence(target, system.as_deref(), n)).collect();
    let machine_view = match seed % 7 {
        6 => MachineView::LikelyGap,
        2 | 5 => MachineView::Unsure,
        _ => MachineView::LikelyEvidence,
    };
    Assessment {
        target: target.id.clone(),
        title: target.title.clone(),
        framework: target.framework.clone(),
        kind: target.kind,
        theme: target.theme.clone(),
        level: target.level,
        coverage,
        coverage_reasons,
        coverage_note: coverage_note.to_owned(),
        points: target
            .points
            .iter()
            .enumerate()
            .map(|(n, point)| PointCoverage {
                point: point.id.clone(),
                kind: point.kind,
                sub_item: point.sub_item.clone(),
                text: point.text.clone(),
                covered: n < pieces,
                evidence: evidence
                    .iter()
                    .filter(|e| e.points.contains(&point.id))
                    .map(|e| e.proposal_id.clone())
                    .collect(),
            })
            .collect(),
        evidence,
        unsettled: Vec::new(),
        pending: 4 - (pieces as u32).min(3),
        rejected: u32::from(reviewed && seed.is_multiple_of(5)),
        view: TargetView {
            target: target.id.clone(),
            system: system.clone(),
            machine_view,
            evidence_probability: match machine_view {
                MachineView::LikelyEvidence => 0.91,
                MachineView::Unsure => 0.48,
                MachineView::LikelyGap => 0.07,
            },
            nearest_miss: (machine_view == MachineView::LikelyGap).then(|| NearestMiss {
                document: DOCUMENTS[seed % DOCUMENTS.len()].0.to_owned(),
                locator: place(seed),
                quote: quote(target, 2),
                why: "talks about the subject, names no owner or date".to_owned(),
            }),
        },
        position: reviewed.then(|| position(target, system.clone(), seed)),
        system,
    }
}

fn position(target: &Target, system: Option<String>, seed: usize) -> Position {
    let provenance = Provenance {
        file: "positions.csv".to_owned(),
        row: seed as u32 + 2,
        program: "0.1.0".to_owned(),
        catalog: CATALOG_VERSION.to_owned(),
        account: "ada".to_owned(),
        block: 0,
    };
    let mut position = Position::blank(target.id.clone(), system, provenance);
    if seed % 8 == 7 {
        return position;
    }
    position.owner = "Head of IT".to_owned();
    position.due = Some(day("2027-02-01"));
    position.decided_by = "A. Muster".to_owned();
    position.decided_on = Some(day("2026-11-20"));
    if seed % 8 == 3 {
        position.conclusion = Some(Conclusion::NothingFound);
    }
    if target.kind == TargetKind::Control {
        let excluded = seed % 8 == 6;
        position.applicability =
            Some(if excluded { Applicability::NotApplicable } else { Applicability::Applicable });
        if !excluded && !seed.is_multiple_of(5) {
            position.inclusion_reasons = vec![InclusionReason::Risk, InclusionReason::Legal];
            position.risk_ids = vec!["R-012".to_owned()];
            position.justification = "Treats R-012; § 75c SGB V asks for it.".to_owned();
            position.implementation_status = Some(ImplementationStatus::PartiallyImplemented);
            position.provided_by = Some(ProvidedBy::Own);
        }
    }
    position
}

fn soa_entry(target: &Target, assessments: &[Assessment]) -> SoaEntry {
    let rows: Vec<&Assessment> = assessments.iter().filter(|a| a.target == target.id).collect();
    let first = rows[0];
    let position = first.position.as_ref();
    SoaEntry {
        target: target.id.clone(),
        title: target.title.clone(),
        theme: target.theme.clone(),
        level: target.level,
        applicability: position.and_then(|p| p.applicability),
        provided_by: position.and_then(|p| p.provided_by).map_or("", ProvidedBy::as_str).to_owned(),
        provider: String::new(),
        reasons: position.map_or_else(String::new, |p| {
            p.inclusion_reasons.iter().map(|r| r.as_str()).collect::<Vec<_>>().join("; ")
        }),
        justification: position.map_or_else(String::new, |p| p.justification.clone()),
        risk_ids: position.map_or_else(Vec::new, |p| p.risk_ids.clone()),
        risks: position.map_or_else(Vec::new, |p| p.risk_ids.iter().map(|id| linked(id)).collect()),
        register_names: if position.is_some() { vec!["R-3".to_owned()] } else { Vec::new() },
        implementation_status: position
            .and_then(|p| p.implementation_status)
            .map_or("", ImplementationStatus::as_str)
            .to_owned(),
        planned_for: None,
        how_implemented: first.evidence.first().map_or_else(String::new, |e| e.quote.clone()),
        coverage: first.coverage,
        coverage_reasons: first.coverage_reasons.clone(),
        evidence: first.evidence.clone(),
        pending: first.pending,
        shared_with: Catalog::builtin().counterparts(&target.id),
        systems: rows
            .iter()
            .filter_map(|a| a.system.clone().map(|system| (system, a.coverage)))
            .collect(),
        owner: position.map_or_else(String::new, |p| p.owner.clone()),
        due: position.and_then(|p| p.due),
        decided_by: position.map_or_else(String::new, |p| p.decided_by.clone()),
        decided_on: position.and_then(|p| p.decided_on),
        remarks: String::new(),
        comment: String::new(),
    }
}

fn actions(assessments: &[Assessment]) -> Vec<Action> {
    assessments
        .iter()
        .enumerate()
        .filter(|(_, a)| a.coverage != Coverage::Full)
        .take(60)
        .map(|(n, a)| Action {
            id: format!("a-{n:0>10}"),
            kind: match a.coverage {
                Coverage::NotReviewed => "review",
                Coverage::None => "find evidence",
                _ => "produce record",
            }
            .to_owned(),
            targets: vec![a.target.clone()],
            system: a.system.clone(),
            text: format!("Go through the suggestions for {} and decide on them.", a.title),
            owner: if n.is_multiple_of(3) { String::new() } else { "Head of IT".to_owned() },
            due: n.is_multiple_of(2).then(|| day("2027-02-01")),
            status: [ActionStatus::Open, ActionStatus::InProgress, ActionStatus::Done][n % 3],
            priority: 1 + (n % 3) as u32,
            work: ActionWork {
                title: "Access review".to_owned(),
                owner_role: "System owner".to_owned(),
                level: "organisation".to_owned(),
                effort: Effort::Medium,
                control_text: "Keep rights in step with duties.".to_owned(),
                closes: 1,
                ..ActionWork::default()
            },
        })
        .collect()
}
