//! Two snapshots side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{DocumentMark, EvidenceMark, Record, Snapshot, Standing};

/// One of the two runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    pub run: u64,
    pub kind: String,
    pub started: String,
    pub as_of: String,
    pub program: String,
    pub catalog: String,
    pub config: String,
    pub inputs: String,
    pub ledger_head: String,
}

impl Side {
    /// What the record of a run says.
    pub fn of(run: u64, record: &Record) -> Self {
        let r = record.clone();
        Self {
            run,
            kind: if r.kind.is_empty() { "run".to_owned() } else { r.kind },
            started: r.started,
            as_of: r.as_of,
            program: r.program,
            catalog: r.catalog,
            config: r.config,
            inputs: r.inputs,
            ledger_head: r.ledger_head,
        }
    }
}

/// What is different in the second run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub schema_version: u32,
    pub from: Side,
    pub to: Side,
    /// What else may explain a difference: other program, catalogue, configuration or day.
    pub settings: Vec<String>,
    pub documents: Documents,
    pub evidence: EvidenceChanges,
    /// Accepted evidence whose document was edited so that the quote is gone, or stands in a text
    /// that somebody has to look at again.
    pub undone: Vec<Piece>,
    pub coverage: Vec<Change>,
    /// The machine's opinion.
    pub views: Vec<Change>,
    /// Suggestions that did not wait before.
    pub suggestions: Vec<Piece>,
    /// How many wait no longer: decided, or not made any more.
    pub suggestions_gone: usize,
    /// Past their date since.
    pub overdue: Vec<String>,
    pub conflicts: Vec<String>,
}

/// Source files, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Documents {
    pub new: Vec<String>,
    pub lost: Vec<String>,
    pub changed: Vec<String>,
    /// The same content at another place.
    pub renamed: Vec<Moved>,
    /// Gave text before, and none now.
    pub unreadable: Vec<String>,
}

/// A file that moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    pub from: String,
    pub to: String,
}

/// Accepted evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceChanges {
    pub new: Vec<Piece>,
    /// No longer accepted: somebody changed a decision.
    pub withdrawn: Vec<Piece>,
    pub lost: Vec<Piece>,
    /// Was lost, and stands again.
    pub restored: Vec<Piece>,
    pub stale: Vec<Piece>,
    pub renewed: Vec<Piece>,
}

/// A piece of evidence or a suggestion.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Piece {
    pub target: String,
    pub id: String,
    pub document: String,
    /// Band of a suggestion; why a decision is undone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A row that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    pub target: String,
    /// Empty if the row is new.
    pub from: String,
    /// Empty if the row is gone.
    pub to: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

impl Difference {
    /// Whether nothing that a person would want to know changed.
    pub fn is_empty(&self) -> bool {
        let bare = Self {
            schema_version: self.schema_version,
            from: self.from.clone(),
            to: self.to.clone(),
            settings: self.settings.clone(),
            ..Self::default()
        };
        *self == bare
    }
}

/// Compares two snapshots. Lists are sorted.
pub fn compare(from: (Side, &Snapshot), to: (Side, &Snapshot)) -> Difference {
    let ((side_a, a), (side_b, b)) = (from, to);
    let documents = documents(&a.documents, &b.documents);
    let (evidence, undone) = evidence(a, b);
    let rows: BTreeSet<&String> = a.targets.keys().chain(b.targets.keys()).collect();
    let (mut coverage, mut views) = (Vec::new(), Vec::new());
    for row in rows {
        let (old, new) = (a.targets.get(row), b.targets.get(row));
        let word =
            |mark: Option<&super::TargetMark>, view: bool| {
                mark.map_or_else(String::new, |m| {
                    if view { m.view.clone() } else { m.coverage.clone() }
                })
            };
        for view in [false, true] {
            let (from, to) = (word(old, view), word(new, view));
            if from == to {
                continue;
            }
            let reasons = new.filter(|_| !view).map(|m| m.reasons.clone()).unwrap_or_default();
            let list = if view { &mut views } else { &mut coverage };
            list.push(Change { target: row.clone(), from, to, reasons });
        }
    }
    let mut suggestions: Vec<Piece> = b
        .suggestions
        .iter()
        .filter(|(id, _)| !a.suggestions.contains_key(*id))
        .map(|(id, s)| Piece {
            target: s.row.clone(),
            id: id.clone(),
            document: s.document.clone(),
            note: s.band.clone(),
        })
        .collect();
    suggestions.sort();
    let gone = a.suggestions.keys().filter(|id| !b.suggestions.contains_key(*id)).count();
    let fresh = |old: &BTreeMap<String, String>, new: &BTreeMap<String, String>| {
        new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, s)| s.clone()).collect()
    };
    Difference {
        schema_version: 1,
        settings: settings(&side_a, &side_b),
        from: side_a,
        to: side_b,
        documents,
        evidence,
        undone,
        coverage,
        views,
        suggestions,
        suggestions_gone: gone,
        overdue: fresh(&a.overdue, &b.overdue),
        conflicts: fresh(&a.conflicts, &b.conflicts),
    }
}

fn settings(a: &Side, b: &Side) -> Vec<String> {
    let mut out = Vec::new();
    for (what, old, new) in [
        ("as of", &a.as_of, &b.as_of),
        ("program", &a.program, &b.program),
        ("catalogue", &a.catalog, &b.catalog),
    ] {
        if old != new && !old.is_empty() {
            out.push(format!("{what} {old} → {new}"));
        }
    }
    if a.config != b.config && !a.config.is_empty() {
        out.push("evimap.toml was changed".to_owned());
    }
    out
}

fn documents(a: &BTreeMap<String, DocumentMark>, b: &BTreeMap<String, DocumentMark>) -> Documents {
    let mut out = Documents::default();
    // New paths by content, to find where a lost one went.
    let mut arrived: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (path, mark) in b.iter().rev() {
        match a.get(path) {
            Some(old) => {
                if old.hash != mark.hash {
                    out.changed.push(path.clone());
                }
                if old.status == "ok" && mark.status != "ok" {
                    out.unreadable.push(path.clone());
                }
            }
            None => arrived.entry(&mark.hash).or_default().push(path),
        }
    }
    for (path, mark) in a.iter().filter(|(path, _)| !b.contains_key(*path)) {
        let to = arrived.get_mut(mark.hash.as_str()).filter(|_| !mark.hash.is_empty());
        match to.and_then(Vec::pop) {
            Some(to) => out.renamed.push(Moved { from: path.clone(), to: to.clone() }),
            None => out.lost.push(path.clone()),
        }
    }
    out.new = arrived.into_values().flatten().cloned().collect();
    out.new.sort();
    out.changed.reverse();
    out.unreadable.reverse();
    out
}

fn evidence(a: &Snapshot, b: &Snapshot) -> (EvidenceChanges, Vec<Piece>) {
    let mut out = EvidenceChanges::default();
    let mut undone = Vec::new();
    let piece = |mark: &EvidenceMark, note: &str| Piece {
        target: mark.row.clone(),
        id: mark.id.clone(),
        document: mark.document.clone(),
        note: note.to_owned(),
    };
    for (key, new) in &b.evidence {
        let old = a.evidence.get(key);
        if old.is_none() {
            out.new.push(piece(new, ""));
        }
        let was = old.map_or(Standing::Stands, |old| old.standing);
        let edited = b.documents.contains_key(&new.document);
        match (was, new.standing) {
            (Standing::Lost, Standing::Lost) | (Standing::Reconfirm, Standing::Reconfirm) => {}
            (_, Standing::Lost) => {
                out.lost.push(piece(new, ""));
                if edited {
                    undone.push(piece(new, "the quote no longer stands in the document"));
                }
            }
            (_, Standing::Reconfirm) => {
                undone.push(piece(new, "the document changed: look again"));
            }
            (Standing::Lost, Standing::Stands) => out.restored.push(piece(new, "")),
            (_, Standing::Stands) => {}
        }
        match (old.is_some_and(|old| old.stale), new.stale) {
            (false, true) => out.stale.push(piece(new, "")),
            (true, false) => out.renewed.push(piece(new, "")),
            _ => {}
        }
    }
    let gone = a.evidence.iter().filter(|(key, _)| !b.evidence.contains_key(*key));
    out.withdrawn = gone.map(|(_, old)| piece(old, "")).collect();
    let lists = [
        &mut out.new,
        &mut out.withdrawn,
        &mut out.lost,
        &mut out.restored,
        &mut out.stale,
        &mut out.renewed,
        &mut undone,
    ];
    lists.into_iter().for_each(|list| list.sort());
    (out, undone)
}
