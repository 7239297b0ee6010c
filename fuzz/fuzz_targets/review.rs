//! Edited review files: what spreadsheet programs give back, as a table and as an import. An import
//! that is applied leaves nothing to do for the same file; a table survives being written.
#![no_main]

use std::sync::LazyLock;

use evimap::{
    catalog::Catalog,
    config::{Reviewer, System},
    diag::Severity,
    domain::{
        Block, BlockKind, Date, Decision, DocumentStatus, DocumentType, EvidenceKind, Issued,
        Locator, PointId, Position, ProposalId, TargetId,
    },
    review::{Context, DocumentText, FileKind, Table, import, read_table},
};

const QUOTE: &str = "Access rights are granted by role – and reviewed twice a year.";

fn issued() -> Issued {
    let target: TargetId = "ISO27001:A.5.15".parse().expect("an id");
    Issued {
        proposal_id: ProposalId::derive(&target, None, QUOTE),
        points: vec![PointId::new(&target, "d1")],
        target,
        system: None,
        quote: QUOTE.to_owned(),
        document: "policies/access.md".to_owned(),
        document_hash: "d0".repeat(32),
        document_status: DocumentStatus::Approved,
        locator: Locator::lines(2, 2),
        evidence_kind: EvidenceKind::Design,
        evidence_type: DocumentType::Policy,
        evidence_date: Date::new(2026, 3, 12),
        first_run: 1,
    }
}

static ISSUED: LazyLock<Issued> = LazyLock::new(issued);
static DOCUMENTS: LazyLock<[String; 1]> = LazyLock::new(|| ["policies/access.md".to_owned()]);

fn document(_: &str) -> Option<DocumentText> {
    let locator = Locator::lines(2, 2);
    let blocks = vec![Block::new(BlockKind::Body, locator, Vec::new(), QUOTE.to_owned())];
    Some(DocumentText {
        hash: "d0".repeat(32),
        status: DocumentStatus::Approved,
        document_type: DocumentType::Policy,
        evidence_date: None,
        blocks,
    })
}

fn check_import(data: &[u8], decisions: &[Decision], positions: &[Position]) {
    let reviewers = [Reviewer { name: "Jane Doe".into(), role: String::new(), lead: true }];
    let systems = [System {
        id: "triage".to_owned(),
        name: "Triage".to_owned(),
        ai: true,
        roles: Vec::new(),
        paths: Vec::new(),
    }];
    let context = Context {
        catalog: Catalog::builtin(),
        systems: &systems,
        reviewers: &reviewers,
        strict_reviewers: false,
        issued: &|id| (*id == ISSUED.proposal_id).then(|| ISSUED.clone()),
        decisions,
        positions,
        actions: &[],
        statements: &[],
        documents: &*DOCUMENTS,
        document: &document,
        today: Date::new(2026, 11, 24).expect("a day"),
        program: "0.1.0",
        catalog_version: "test",
    };
    let applied = !decisions.is_empty() || !positions.is_empty();
    match import("file.csv", data, &context) {
        Ok(read) if applied => {
            assert!(read.decisions.is_empty() && read.positions.is_empty(), "not idempotent");
        }
        Ok(read) => {
            assert!(read.decisions.iter().all(|d| !d.reviewer.trim().is_empty()));
            if !read.decisions.is_empty() || !read.positions.is_empty() {
                check_import(data, &read.decisions, &read.positions);
            }
        }
        Err(problems) => {
            assert!(!applied, "refused the second time: {problems:?}");
            assert!(problems.iter().any(|d| d.severity == Severity::Error));
            for problem in problems.iter().filter(|d| d.severity == Severity::Error) {
                assert_eq!(problem.file.as_deref(), Some("file.csv"));
                assert!(problem.help.as_ref().is_some_and(|h| !h.is_empty()), "no remedy");
            }
        }
    }
}

/// Cells from the input, written and read again.
fn round_trip(text: &str) {
    let kind = FileKind::Positions;
    let header: Vec<String> = kind.columns().iter().map(|c| (*c).to_owned()).collect();
    let mut cells = text.split('|').map(str::to_owned);
    let mut rows = Vec::new();
    while let Some(first) = cells.next().filter(|_| rows.len() < 20) {
        // Every row that Evimap writes has a key.
        let mut row = vec![format!("ISO27001:{first}")];
        row.extend(cells.by_ref().take(header.len() - 1));
        row.resize(header.len(), String::new());
        rows.push(row);
    }
    let keys = rows.iter().map(|row| row[0].clone()).collect();
    let table = Table { kind, name: "positions.csv".to_owned(), header, rows, keys };
    let sheet = read_table("positions.csv", &table.to_csv()).expect("reads what it wrote");
    assert_eq!(sheet.kind(), Some(kind));
    assert_eq!(sheet.rows.len(), table.rows.len());
    for (wrote, got) in table.rows.iter().zip(&sheet.rows) {
        for (column, cell) in table.header.iter().zip(wrote.iter()) {
            assert_eq!(got.raw(column), cell);
        }
    }
}

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    if let Ok(sheet) = read_table("file.csv", data) {
        assert!(sheet.rows.windows(2).all(|rows| rows[0].row < rows[1].row));
        assert!(sheet.header.iter().all(|name| *name == name.to_lowercase()));
    }
    check_import(data, &[], &[]);
    if let Ok(text) = std::str::from_utf8(data) {
        round_trip(text);
    }
});
