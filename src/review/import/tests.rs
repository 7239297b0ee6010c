//! Each rule of the import has a row that breaks it.

mod actions;
mod mangled;
mod positions;
mod suggestions;

use std::collections::BTreeMap;

use super::*;
use crate::config::{Reviewer, System};
use crate::domain::{
    BlockKind, Cited, EvidenceKind, ExclusionReason, HeadingPath, InclusionReason, Locator, Origin,
    PointId, QuestionKind, TargetId, Verdict,
};

const TARGET: &str = "ISO27001:A.5.15";
const QUOTE: &str = "Access rights are granted by role – and reviewed twice a year.";
const OTHER: &str = "Passwords have fourteen characters at least.";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn target(text: &str) -> TargetId {
    text.parse().unwrap()
}

/// A workspace that issued two proposals, knows two documents and two people.
struct World {
    issued: BTreeMap<ProposalId, Issued>,
    config: Config,
    questions: BTreeMap<ProposalId, Question>,
    basis: Option<Basis>,
    decisions: Vec<Decision>,
    positions: Vec<Position>,
    actions: Vec<Action>,
    audits: Vec<Audit>,
    statements: Vec<Statement>,
    documents: Vec<String>,
    today: Date,
}

impl World {
    fn new() -> Self {
        let issue = |quote: &str| {
            let issued = issued(TARGET, quote);
            (issued.proposal_id.clone(), issued)
        };
        let person =
            |name: &str, lead| Reviewer { name: name.to_owned(), role: String::new(), lead };
        Self {
            issued: [issue(QUOTE), issue(OTHER)].into(),
            config: Config {
                systems: vec![System {
                    id: "triage".to_owned(),
                    name: "Triage".to_owned(),
                    ai: true,
                    roles: Vec::new(),
                    paths: Vec::new(),
                }],
                reviewers: vec![person("Jane Doe", false), person("Lena Lead", true)],
                ..Config::default()
            },
            questions: BTreeMap::new(),
            basis: None,
            decisions: Vec::new(),
            positions: Vec::new(),
            actions: Vec::new(),
            audits: Vec::new(),
            statements: Vec::new(),
            documents: vec!["policies/access.md".to_owned(), "scans/contract.pdf".to_owned()],
            today: day("2026-11-24"),
        }
    }

    fn import(&self, bytes: impl AsRef<[u8]>) -> Result<Import, Vec<Diagnostic>> {
        let context = Context {
            catalog: Catalog::builtin(),
            config: &self.config,
            questions: &self.questions,
            basis: &|_| self.basis.clone(),
            account: "ada",
            issued: &|id| self.issued.get(id).cloned(),
            decisions: &self.decisions,
            positions: &self.positions,
            actions: &self.actions,
            audits: &self.audits,
            statements: &self.statements,
            documents: &self.documents,
            document: &|path| {
                let texts: &[&str] = match path {
                    "policies/access.md" => {
                        &["Access rights", QUOTE, "Leavers lose access on their last day."]
                    }
                    "scans/contract.pdf" => &[],
                    _ => return None,
                };
                Some(document(texts))
            },
            today: self.today,
            program: "0.1.0",
            catalog_version: "test",
        };
        import("file.csv", bytes.as_ref(), &context)
    }

    /// Imports, and puts what came of it into the ledger.
    fn apply(&mut self, bytes: impl AsRef<[u8]>) -> Import {
        let import = self.import(bytes).unwrap();
        self.decisions.extend(import.decisions.iter().cloned());
        self.positions.extend(import.positions.iter().cloned());
        self.statements.extend(import.statements.iter().cloned());
        import
    }

    /// The codes, rows and columns of all errors.
    fn errors(&self, bytes: impl AsRef<[u8]>) -> Vec<(String, u32, String)> {
        let problems = self.import(bytes).unwrap_err();
        let errors = problems.into_iter().filter(|d| d.severity == Severity::Error);
        errors
            .map(|d| {
                assert_eq!(d.file.as_deref(), Some("file.csv"));
                assert!(d.help.is_some_and(|help| !help.is_empty()), "{} has no remedy", d.code);
                (d.code, d.line.unwrap_or(0), d.column.unwrap_or_default())
            })
            .collect()
    }

    /// Holds that the only error is this one.
    #[track_caller]
    fn refuses(&self, bytes: impl AsRef<[u8]>, code: &str, row: u32, column: &str) {
        assert_eq!(self.errors(bytes), [(code.to_owned(), row, column.to_owned())]);
    }
}

fn codes(import: &Import) -> Vec<&str> {
    import.notes.iter().map(|d| d.code.as_str()).collect()
}

fn document(texts: &[&str]) -> DocumentText {
    let blocks = (1u32..).zip(texts).map(|(n, text)| Block {
        kind: BlockKind::Body,
        locator: Locator::lines(n, n),
        heading: HeadingPath::default(),
        text: (*text).to_owned(),
        marks: Default::default(),
    });
    DocumentText {
        hash: "d0".repeat(32),
        status: DocumentStatus::Approved,
        document_type: DocumentType::Policy,
        evidence_date: Some(day("2026-05-05")),
        blocks: blocks.collect(),
    }
}

fn issued(of: &str, quote: &str) -> Issued {
    Issued {
        proposal_id: ProposalId::derive(&target(of), None, quote),
        target: target(of),
        system: None,
        quote: quote.to_owned(),
        points: vec![PointId::new(&target(of), "d1")],
        document: "policies/access.md".to_owned(),
        document_hash: "d0".repeat(32),
        document_status: DocumentStatus::Approved,
        locator: Locator::lines(2, 2),
        evidence_kind: EvidenceKind::Design,
        evidence_type: DocumentType::Policy,
        evidence_date: Some(day("2026-03-12")),
        first_run: 1,
    }
}

fn id(quote: &str) -> String {
    ProposalId::derive(&target(TARGET), None, quote).to_string()
}

/// A file with the named columns only.
fn file(columns: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(columns).unwrap();
    for row in rows {
        writer.write_record(*row).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn a_file_that_is_no_review_file_or_lacks_a_column_is_refused() {
    let world = World::new();
    world.refuses("name,phone\nx,y\n", "review-file", 0, "");
    world.refuses("proposal_id,decision\nx,yes\n", "review-file", 0, "");
    world.refuses("target,owner,applicability\nx,y,\n", "review-file", 0, "");
}

#[test]
fn left_out_and_unknown_columns_are_noted() {
    let world = World::new();
    let import = world.import("proposal_id,decision,reviewer,mood\n").unwrap();
    assert_eq!(codes(&import), ["review-columns", "review-columns"]);
    assert!(import.notes[0].message.contains("evidence_date"));
    assert!(import.notes[1].message.contains("mood"));
}
