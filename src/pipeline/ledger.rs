//! The ledger for people: is it whole, what does it say, what was said of a target.

use std::{collections::BTreeMap, io::Write, path::Path};

use serde_json::{Map, Value};

use super::PipelineError;
use crate::{
    domain::{Locator, ProposalId, TargetId},
    review::escape,
    store::{Entry, Said, Store, StoreError},
};

/// A ledger that was found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub workspace: String,
    pub entries: u64,
    /// Hash of the last entry, as reports print it.
    pub head: String,
    /// The entry that the asked head names; 0 is before the first.
    pub asked: Option<u64>,
}

/// Fewest letters of a head that say which one is meant.
const SHORTEST_HEAD: usize = 12;

/// Computes the chain again and looks a head of an earlier report up in it.
///
/// # Errors
/// [`StoreError::Ledger`] if the chain is broken, or does not hold the head; others if the head is none
/// or the workspace can't be read.
pub fn verify_ledger(dir: &Path, head: Option<&str>) -> Result<Whole, PipelineError> {
    let store = Store::open_read(dir)?;
    let entries = store.verify_ledger()?;
    let asked = match head {
        None => None,
        Some(text) => {
            let hex = text.len() <= 64 && text.chars().all(|c| c.is_ascii_hexdigit());
            if !hex || text.len() < SHORTEST_HEAD {
                return Err(PipelineError::input(
                    "head",
                    format!("`{text}` is no head of a ledger"),
                    "give the letters and digits behind \"Ledger head\" in a report, at least 12",
                ));
            }
            let Some(entry) = store.entry_of_head(text)? else {
                let why = format!(
                    "no state of this ledger ever had the head {text}: it was written anew since \
                     that report, or the report is of another workspace"
                );
                return Err(
                    StoreError::Ledger { path: store.path().to_owned(), seq: 1, why }.into()
                );
            };
            Some(entry)
        }
    };
    let workspace = store.workspace_id().to_owned();
    Ok(Whole { workspace, entries, head: store.ledger_head()?, asked })
}

/// Columns of the export, in order: what every entry has, then what a decision says, then what a
/// position says.
pub const LEDGER_COLUMNS: [&str; 47] = [
    "entry",
    "kind",
    "target",
    "system",
    "who",
    "decided_on",
    "verdict",
    "proposal_id",
    "origin",
    "points",
    "document",
    "document_hash",
    "document_status",
    "locator",
    "quote",
    "evidence_kind",
    "evidence_type",
    "evidence_date",
    "verifiable",
    "conclusion",
    "applicability",
    "inclusion_reasons",
    "exclusion_reasons",
    "justification",
    "risk_ids",
    "implementation_status",
    "planned_for",
    "provided_by",
    "provider",
    "owner",
    "due",
    "override",
    "override_until",
    "comment",
    "basis",
    "reconfirms",
    "replaces",
    "account",
    "block",
    "file",
    "row",
    "program",
    "catalog",
    "hash",
    "previous_hash",
    "in_force",
    "unreadable",
];

/// Form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerFormat {
    /// A row an entry, UTF-8 with BOM, CRLF; no cell that a spreadsheet program would run.
    Csv,
    /// An object an entry, with the same names.
    JsonLines,
}

/// Writes the whole ledger, also a broken one. Gives the number of entries.
///
/// # Errors
/// The workspace can't be read, or `out` not be written.
pub fn export_ledger(
    dir: &Path,
    format: LedgerFormat,
    out: &mut dyn Write,
) -> Result<u64, PipelineError> {
    let store = Store::open_read(dir)?;
    let last = in_force(&store)?;
    let gone = |error: std::io::Error| PipelineError::Internal(format!("output: {error}"));
    let broken = |error: csv::Error| PipelineError::Internal(format!("output: {error}"));
    let mut rows = None;
    let mut lines = None;
    match format {
        LedgerFormat::Csv => {
            out.write_all("\u{feff}".as_bytes()).map_err(gone)?;
            let mut writer =
                csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
            writer.write_record(LEDGER_COLUMNS).map_err(broken)?;
            rows = Some(writer);
        }
        LedgerFormat::JsonLines => lines = Some(out),
    }
    let (mut count, mut previous) = (0, store.ledger_start());
    store.each_entry::<PipelineError>(&mut |entry| {
        let hash = entry.hash.clone();
        let mut fields = flat(entry, &last);
        fields.insert("previous_hash".to_owned(), std::mem::replace(&mut previous, hash).into());
        if let Some(rows) = &mut rows {
            let cells = LEDGER_COLUMNS.map(|c| escape(&cell(fields.get(c))));
            rows.write_record(cells).map_err(broken)?;
        }
        if let Some(lines) = &mut lines {
            writeln!(lines, "{}", Value::Object(fields)).map_err(gone)?;
        }
        count += 1;
        Ok(())
    })?;
    if let Some(mut rows) = rows {
        rows.flush().map_err(gone)?;
    }
    Ok(count)
}

/// Everything that was said of a target, in the order of the ledger, as [`LEDGER_COLUMNS`] name it.
///
/// # Errors
/// The workspace can't be read.
pub fn history(dir: &Path, target: &TargetId) -> Result<Vec<Map<String, Value>>, PipelineError> {
    let store = Store::open_read(dir)?;
    let last = in_force(&store)?;
    let mut found = Vec::new();
    store.each_entry::<PipelineError>(&mut |entry| {
        let about = match &entry.said {
            Said::Decision(decision) => decision.target == *target,
            Said::Position(position) => position.target == *target,
            Said::Unreadable(_) => false,
        };
        if about {
            found.push(flat(entry, &last));
        }
        Ok(())
    })?;
    Ok(found)
}

/// Which later entry takes an earlier one's place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Proposal(ProposalId, TargetId),
    Target(TargetId, Option<String>),
}

fn about(said: &Said) -> Option<About> {
    match said {
        Said::Decision(d) => Some(About::Proposal(d.proposal_id.clone(), d.target.clone())),
        Said::Position(p) => Some(About::Target(p.target.clone(), p.system.clone())),
        Said::Unreadable(_) => None,
    }
}

fn in_force(store: &Store) -> Result<BTreeMap<About, u64>, PipelineError> {
    let mut last = BTreeMap::new();
    store.each_entry::<PipelineError>(&mut |entry| {
        last.extend(about(&entry.said).map(|about| (about, entry.seq)));
        Ok(())
    })?;
    Ok(last)
}

/// An entry with the names of [`LEDGER_COLUMNS`].
fn flat(entry: Entry, last: &BTreeMap<About, u64>) -> Map<String, Value> {
    let force = about(&entry.said).map(|about| last.get(&about) == Some(&entry.seq));
    let (kind, value) = match entry.said {
        Said::Decision(decision) => ("decision", serde_json::to_value(*decision)),
        Said::Position(position) => ("position", serde_json::to_value(*position)),
        Said::Unreadable(text) => ("unreadable", Ok(serde_json::json!({ "unreadable": text }))),
    };
    let mut fields = match value {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    if let Some(Value::Object(source)) = fields.remove("provenance") {
        fields.extend(source);
    }
    let who = fields.remove("reviewer").or_else(|| fields.remove("decided_by"));
    fields.insert("who".to_owned(), who.unwrap_or(Value::Null));
    fields.insert("entry".to_owned(), entry.seq.into());
    fields.insert("kind".to_owned(), kind.into());
    fields.insert("hash".to_owned(), entry.hash.into());
    fields.insert("in_force".to_owned(), force.into());
    fields
}

/// A value as a cell shows it.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join("; ")
        }
        Some(object @ Value::Object(_)) => serde_json::from_value::<Locator>(object.clone())
            .map_or_else(|_| object.to_string(), |locator| locator.to_string()),
        Some(other) => other.to_string(),
    }
}
