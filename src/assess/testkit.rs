//! Builds small worlds of decisions, positions and documents on the real catalogue.

use std::collections::BTreeMap;

use super::{Assessed, DocumentState, Inputs, assess};
use crate::{
    catalog::Catalog,
    config::{Config, System},
    domain::{
        Assessment, Band, BlockKind, Coverage, CoverageReason, Date, Decision, DocumentProfile,
        DocumentStatus, DocumentType, EvidenceKind, Locator, MachineView, Origin, Part, Passage,
        PointId, Position, Proposal, ProposalId, Provenance, RiskRegister, TargetId, TargetView,
        Verdict, letters_and_digits,
    },
};

pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn target(text: &str) -> TargetId {
    text.parse().unwrap()
}

pub(super) fn profile() -> DocumentProfile {
    DocumentProfile::bare(DocumentType::Other, DocumentStatus::Approved)
}

/// Everything that goes into an assessment; "today" is 2026-06-01.
pub(super) struct World {
    pub(super) config: Config,
    pub(super) decisions: Vec<Decision>,
    pub(super) positions: Vec<Position>,
    pub(super) proposals: Vec<Proposal>,
    pub(super) views: Vec<TargetView>,
    pub(super) documents: BTreeMap<String, DocumentState>,
    pub(super) passages: Vec<Passage>,
    pub(super) register: RiskRegister,
    pub(super) as_of: Date,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            config: Config::default(),
            decisions: Vec::new(),
            positions: Vec::new(),
            proposals: Vec::new(),
            views: Vec::new(),
            documents: BTreeMap::new(),
            passages: Vec::new(),
            register: RiskRegister::default(),
            as_of: date("2026-06-01"),
        }
    }

    pub(super) fn system(&mut self, id: &str, ai: bool) {
        self.config.systems.push(System {
            id: id.into(),
            name: id.into(),
            ai,
            roles: Vec::new(),
            paths: Vec::new(),
        });
    }

    /// A document with this text, approved and without dates.
    pub(super) fn document(&mut self, path: &str, text: &str) -> &mut DocumentState {
        self.documents.entry(path.to_owned()).or_insert_with(|| DocumentState {
            hash: format!("hash of {path}"),
            profile: profile(),
            text_key: letters_and_digits(text),
        })
    }

    /// Puts another text into a document, as an edit does.
    pub(super) fn edit(&mut self, path: &str, text: &str) -> &mut DocumentState {
        let parts = vec![Part { range: 0..text.len(), locator: Locator::page(1) }];
        let passage = Passage::new(path.into(), 0, BlockKind::Body, vec![], text.to_owned(), parts);
        self.passages.retain(|p| *p.document != *path);
        self.passages.extend(passage);
        let state = self.documents.get_mut(path).unwrap();
        state.hash = format!("hash of {path}, edited: {text}");
        state.text_key = letters_and_digits(text);
        state
    }

    /// Adds a word of another person on the same proposal as the decision at `of`.
    pub(super) fn also(&mut self, of: usize, reviewer: &str, verdict: Verdict) -> &mut Decision {
        let decision =
            Decision { reviewer: reviewer.into(), verdict, ..self.decisions[of].clone() };
        self.decisions.push(decision);
        self.decisions.last_mut().unwrap()
    }

    /// Gives every decision made so far what it rests on now.
    pub(super) fn ground(&mut self) {
        let found: Vec<_> =
            self.decisions.iter().map(|d| super::basis(d, &self.inputs())).collect();
        for (decision, basis) in self.decisions.iter_mut().zip(found) {
            decision.basis = basis;
        }
    }

    /// The texts of all that asks again.
    pub(super) fn asked(&self) -> Vec<String> {
        let all = super::questions(&self.assess(), &self.inputs());
        all.into_values().map(|question| question.text).collect()
    }

    /// The quote that decisions on these points carry.
    pub(super) fn quote(id: &str, points: &str) -> String {
        format!("This sentence is about {id} and its points {points}, nothing else.")
    }

    fn decide(&mut self, id: &str, points: &str, path: &str, verdict: Verdict) -> &mut Decision {
        let target = target(id);
        let quote = Self::quote(id, points);
        let operation = points.starts_with('o');
        let short = points.split(' ').filter(|p| p.len() > 1);
        self.decisions.push(Decision {
            proposal_id: ProposalId::derive(&target, None, &format!("{path} {quote}")),
            points: short.map(|p| PointId::new(&target, p)).collect(),
            target,
            system: None,
            verdict,
            origin: Origin::Proposal,
            document: path.to_owned(),
            document_hash: format!("hash of {path}"),
            document_status: DocumentStatus::Approved,
            locator: Some(Locator::page(1)),
            quote,
            evidence_kind: if operation { EvidenceKind::Operation } else { EvidenceKind::Design },
            evidence_type: if operation { DocumentType::Record } else { DocumentType::Policy },
            evidence_date: Some(date("2026-05-20")),
            verifiable: true,
            reviewer: "Ada".into(),
            decided_on: date("2026-05-25"),
            comment: String::new(),
            basis: None,
            reconfirms: false,
            replaces: Vec::new(),
            provenance: provenance(),
        });
        self.decisions.last_mut().unwrap()
    }

    /// Accepts a quote in a document (made if missing, with the quote in it) for points such as
    /// `d1 d2`; a bare `d` or `o` gives the kind and names no point. Dated 2026-05-20.
    pub(super) fn accept(&mut self, id: &str, points: &str, path: &str) -> &mut Decision {
        let text = Self::quote(id, points);
        self.document(path, &text);
        self.decide(id, points, path, Verdict::Accept)
    }

    pub(super) fn reject(&mut self, id: &str, points: &str, path: &str) -> &mut Decision {
        self.decide(id, points, path, Verdict::Reject)
    }

    /// Accepts every needed point of a target from POLICY.md and RECORD.md.
    pub(super) fn accept_all(&mut self, id: &str, system: Option<&str>) {
        let all = &Catalog::builtin().get(&target(id)).unwrap().points;
        for (kind, path) in
            [(EvidenceKind::Design, "POLICY.md"), (EvidenceKind::Operation, "RECORD.md")]
        {
            let points: Vec<_> =
                all.iter().filter(|p| p.kind == kind).map(|p| p.id.short()).collect();
            let path = format!("{}{path}", system.map(|s| format!("{s}/")).unwrap_or_default());
            self.accept(id, &points.join(" "), &path).system = system.map(str::to_owned);
        }
    }

    /// The position on a target, blank at first.
    pub(super) fn position(&mut self, id: &str, system: Option<&str>) -> &mut Position {
        let blank = Position::blank(target(id), system.map(str::to_owned), provenance());
        self.positions.push(Position { decided_by: "Ada".into(), ..blank });
        self.positions.last_mut().unwrap()
    }

    /// A proposal in band `strong` that nobody decided.
    pub(super) fn propose(&mut self, id: &str, points: &str, path: &str) -> &mut Proposal {
        let target = target(id);
        let quote = Self::quote(id, points);
        let operation = points.starts_with('o');
        self.proposals.push(Proposal {
            id: ProposalId::derive(&target, None, &format!("{path} {quote}")),
            points: points.split(' ').map(|p| PointId::new(&target, p)).collect(),
            target,
            system: None,
            document: path.to_owned(),
            document_hash: format!("hash of {path}"),
            document_status: DocumentStatus::Approved,
            locator: Locator::page(1),
            heading: Vec::new(),
            quote,
            confidence: 0.9,
            score: 1.0,
            band: Band::Strong,
            evidence_kind: if operation { EvidenceKind::Operation } else { EvidenceKind::Design },
            evidence_type: DocumentType::Policy,
            evidence_date: None,
            reasons: Vec::new(),
            rank: 1,
            talk: None,
            also_in: Vec::new(),
            also_for: Vec::new(),
        });
        self.proposals.last_mut().unwrap()
    }

    pub(super) fn view(&mut self, id: &str, system: Option<&str>, machine_view: MachineView) {
        self.views.push(TargetView {
            target: target(id),
            system: system.map(str::to_owned),
            machine_view,
            evidence_probability: 0.5,
            nearest_miss: None,
        });
    }

    pub(super) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            catalog: Catalog::builtin(),
            config: &self.config,
            decisions: &self.decisions,
            positions: &self.positions,
            proposals: &self.proposals,
            views: &self.views,
            documents: &self.documents,
            passages: &self.passages,
            register: &self.register,
            as_of: self.as_of,
        }
    }

    pub(super) fn assess(&self) -> Assessed {
        assess(&self.inputs())
    }

    pub(super) fn rows(&self, id: &str) -> Vec<Assessment> {
        let target = target(id);
        self.assess().assessments.into_iter().filter(|a| a.target == target).collect()
    }

    /// The only row of a target.
    pub(super) fn row(&self, id: &str) -> Assessment {
        let mut rows = self.rows(id);
        assert_eq!(rows.len(), 1, "{id}");
        rows.remove(0)
    }

    /// Coverage and reasons of the only row.
    pub(super) fn coverage(&self, id: &str) -> (Coverage, Vec<CoverageReason>) {
        let row = self.row(id);
        (row.coverage, row.coverage_reasons)
    }

    /// Messages of the diagnostics with a code.
    pub(super) fn found(&self, code: &str) -> Vec<String> {
        let all = self.assess().diagnostics.into_iter();
        all.filter(|d| d.code == code).map(|d| d.message).collect()
    }
}

pub(super) fn provenance() -> Provenance {
    Provenance {
        file: "positions.csv".into(),
        row: 2,
        program: "test".into(),
        catalog: "test".into(),
        account: "ada".to_owned(),
        block: 0,
    }
}
