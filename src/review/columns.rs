//! The columns of the review files. Their names are a contract with people's spreadsheets.

/// Columns of `suggestions.csv`, in order.
pub const SUGGESTIONS: [&str; 23] = [
    "proposal_id",
    "target",
    "title",
    "level",
    "system",
    "points",
    "point_text",
    "document",
    "document_status",
    "locator",
    "quote",
    "evidence_kind",
    "evidence_type",
    "evidence_date",
    "confidence",
    "band",
    "reasons",
    "also_for",
    "judge",
    "decision",
    "reviewer",
    "decided_on",
    "comment",
];

/// Columns of `positions.csv`, in order.
pub const POSITIONS: [&str; 23] = [
    "target",
    "title",
    "level",
    "system",
    "machine_view",
    "nearest_miss",
    "coverage",
    "applicability",
    "inclusion_reasons",
    "justification",
    "risk_ids",
    "implementation_status",
    "planned_for",
    "provided_by",
    "provider",
    "owner",
    "due",
    "conclusion",
    "override",
    "override_until",
    "decided_by",
    "decided_on",
    "comment",
];

/// Columns of `actions.csv`, in order.
pub const ACTIONS: [&str; 25] = [
    "action_id",
    "priority",
    "kind",
    "serves",
    "targets",
    "system",
    "what",
    "common_control",
    "control_title",
    "covers",
    "helps",
    "owner_role",
    "action_level",
    "effort",
    "proposed_control",
    "evidence_to_produce",
    "overdue",
    "remark",
    "owner",
    "due",
    "status",
    "comment",
    "stated_by",
    "stated_on",
    "as_of",
];

/// Columns of `audit-programme.csv`, in order.
pub const AUDITS: [&str; 20] = [
    "audit_id",
    "round",
    "kind",
    "title",
    "standards",
    "target_count",
    "targets",
    "systems",
    "auditor_role",
    "not_by",
    "planned_from",
    "planned_to",
    "remark",
    "auditor",
    "starts_on",
    "status",
    "comment",
    "stated_by",
    "stated_on",
    "as_of",
];

/// The review files that hold Decisions, Positions and statements on actions and audits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Suggestions,
    Positions,
    Actions,
    Audits,
}

impl FileKind {
    pub const ALL: [Self; 4] = [Self::Suggestions, Self::Positions, Self::Actions, Self::Audits];

    /// The file's name in `review/`.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Suggestions => "suggestions.csv",
            Self::Positions => "positions.csv",
            Self::Actions => "actions.csv",
            Self::Audits => "audit-programme.csv",
        }
    }

    /// All columns in order.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Suggestions => &SUGGESTIONS,
            Self::Positions => &POSITIONS,
            Self::Actions => &ACTIONS,
            Self::Audits => &AUDITS,
        }
    }

    /// Columns that import can't do without, and that tell the kinds apart.
    pub(super) fn required(self) -> &'static [&'static str] {
        match self {
            Self::Suggestions => &["proposal_id", "decision", "reviewer"],
            Self::Positions => &["target", "decided_by"],
            Self::Actions => &["action_id", "stated_by"],
            Self::Audits => &["audit_id", "stated_by"],
        }
    }

    /// Columns that a person fills in; the rest is information.
    pub(super) fn human(self) -> &'static [&'static str] {
        match self {
            Self::Suggestions => &[
                "system",
                "points",
                "evidence_kind",
                "evidence_date",
                "also_for",
                "decision",
                "reviewer",
                "decided_on",
                "comment",
            ],
            Self::Positions => &[
                "applicability",
                "inclusion_reasons",
                "justification",
                "risk_ids",
                "implementation_status",
                "planned_for",
                "provided_by",
                "provider",
                "owner",
                "due",
                "conclusion",
                "override",
                "override_until",
                "decided_by",
                "decided_on",
                "comment",
            ],
            Self::Actions => &["owner", "due", "status", "comment", "stated_by", "stated_on"],
            Self::Audits => {
                &["auditor", "starts_on", "status", "comment", "stated_by", "stated_on"]
            }
        }
    }

    /// Human columns that a machine fills in first, so that a value there is no edit by itself.
    pub(super) fn prefilled(self) -> &'static [&'static str] {
        match self {
            Self::Suggestions => &["system", "points", "evidence_kind", "evidence_date"],
            Self::Positions => &[],
            Self::Actions => &["owner", "due", "status"],
            Self::Audits => &["status"],
        }
    }
}

/// Columns whose values are days, which spreadsheets like to rewrite.
pub(super) const DATES: [&str; 7] = [
    "evidence_date",
    "decided_on",
    "planned_for",
    "due",
    "override_until",
    "stated_on",
    "starts_on",
];

/// Columns in which a person writes sentences, or that hold a document's own words.
pub(super) const FREE: [&str; 5] = ["quote", "document", "comment", "justification", "also_for"];

/// Most UTF-16 units that a cell of a workbook may hold, in every spreadsheet program in use.
pub(super) const CELL_LIMIT: usize = 32_767;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_fill_in_and_what_import_needs_are_columns() {
        for kind in FileKind::ALL {
            for column in kind.required().iter().chain(kind.human()).chain(kind.prefilled()) {
                assert!(kind.columns().contains(column), "{column}");
            }
        }
        for column in DATES {
            assert!(FileKind::ALL.iter().any(|kind| kind.human().contains(&column)), "{column}");
        }
    }
}
