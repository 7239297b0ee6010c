//! Stored forms of what must outlive any release: mirrors of the domain types, so that a change
//! there does not silently change what is on disk. Ids, dates, locators and the words of enums are
//! stored in their public form.

use serde::{Deserialize, Serialize};

use crate::domain::{
    ActionStatus, Applicability, Basis, Conclusion, Coverage, Date, Decision, DocumentStatus,
    DocumentType, EvidenceKind, ExclusionReason, ImplementationStatus, InclusionReason, Issued,
    Locator, Origin, PointId, Position, Proposal, ProposalId, Provenance, ProvidedBy, Statement,
    TargetId, Verdict,
};

/// Layout of the mirrors below.
pub(super) const ROW_VERSION: i64 = 1;

#[derive(Serialize, Deserialize)]
struct SourceRow {
    file: String,
    row: u32,
    program: String,
    catalog: String,
    // Entries of version 0.1 have neither.
    #[serde(default)]
    account: String,
    #[serde(default)]
    block: u32,
}

impl From<Provenance> for SourceRow {
    fn from(Provenance { file, row, program, catalog, account, block }: Provenance) -> Self {
        Self { file, row, program, catalog, account, block }
    }
}

impl From<SourceRow> for Provenance {
    fn from(SourceRow { file, row, program, catalog, account, block }: SourceRow) -> Self {
        Self { file, row, program, catalog, account, block }
    }
}

/// Declares a mirror of a domain struct and both conversions. Naming every field in the patterns
/// makes a field that the domain gains or loses a compile error here.
macro_rules! mirror {
    ($row:ident, $domain:ident { $($(#[$meta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        #[derive(Serialize, Deserialize)]
        pub(super) struct $row { $($(#[$meta])* $field: $type,)* provenance: SourceRow }

        impl From<&$domain> for $row {
            fn from(value: &$domain) -> Self {
                let $domain { $($field,)* provenance } = value.clone();
                Self { $($field,)* provenance: provenance.into() }
            }
        }

        impl From<$row> for $domain {
            fn from(row: $row) -> Self {
                let $row { $($field,)* provenance } = row;
                Self { $($field,)* provenance: provenance.into() }
            }
        }
    };
}

mirror!(DecisionRow, Decision {
    proposal_id: ProposalId,
    target: TargetId,
    system: Option<String>,
    verdict: Verdict,
    origin: Origin,
    points: Vec<PointId>,
    document: String,
    document_hash: String,
    document_status: DocumentStatus,
    locator: Option<Locator>,
    quote: String,
    evidence_kind: EvidenceKind,
    evidence_type: DocumentType,
    evidence_date: Option<Date>,
    verifiable: bool,
    reviewer: String,
    decided_on: Date,
    comment: String,
    // Entries of version 0.1 have none of these.
    #[serde(default)]
    basis: Option<Basis>,
    #[serde(default)]
    reconfirms: bool,
    #[serde(default)]
    replaces: Vec<ProposalId>,
});

mirror!(PositionRow, Position {
    target: TargetId,
    system: Option<String>,
    applicability: Option<Applicability>,
    inclusion_reasons: Vec<InclusionReason>,
    exclusion_reasons: Vec<ExclusionReason>,
    justification: String,
    risk_ids: Vec<String>,
    implementation_status: Option<ImplementationStatus>,
    planned_for: Option<Date>,
    provided_by: Option<ProvidedBy>,
    provider: String,
    owner: String,
    due: Option<Date>,
    conclusion: Option<Conclusion>,
    override_coverage: Option<Coverage>,
    override_until: Option<Date>,
    decided_by: String,
    decided_on: Option<Date>,
    comment: String,
});

mirror!(StatementRow, Statement {
    #[serde(rename = "action")]
    about: String,
    owner: String,
    due: Option<Date>,
    status: ActionStatus,
    comment: String,
    stated_by: String,
    stated_on: Date,
});

#[derive(Serialize, Deserialize)]
pub(super) struct IssuedRow {
    target: TargetId,
    system: Option<String>,
    quote: String,
    points: Vec<PointId>,
    document: String,
    document_hash: String,
    document_status: DocumentStatus,
    locator: Locator,
    evidence_kind: EvidenceKind,
    evidence_type: DocumentType,
    evidence_date: Option<Date>,
}

impl From<&Proposal> for IssuedRow {
    fn from(proposal: &Proposal) -> Self {
        let p = proposal.clone();
        Self {
            target: p.target,
            system: p.system,
            quote: p.quote,
            points: p.points,
            document: p.document,
            document_hash: p.document_hash,
            document_status: p.document_status,
            locator: p.locator,
            evidence_kind: p.evidence_kind,
            evidence_type: p.evidence_type,
            evidence_date: p.evidence_date,
        }
    }
}

impl IssuedRow {
    pub(super) fn into_issued(self, proposal_id: ProposalId, first_run: u64) -> Issued {
        Issued {
            proposal_id,
            target: self.target,
            system: self.system,
            quote: self.quote,
            points: self.points,
            document: self.document,
            document_hash: self.document_hash,
            document_status: self.document_status,
            locator: self.locator,
            evidence_kind: self.evidence_kind,
            evidence_type: self.evidence_type,
            evidence_date: self.evidence_date,
            first_run,
        }
    }
}
