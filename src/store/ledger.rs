//! Decisions and positions: append-only and hash-chained.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params, types::ValueRef};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{
    Store, StoreError,
    rows::{DecisionRow, PositionRow, ROW_VERSION},
};
use crate::domain::{Decision, Position, ProposalId, TargetId};

const DECISION: &str = "decision";
const POSITION: &str = "position";

/// What an entry of the ledger says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Decision(Box<Decision>),
    Position(Box<Position>),
    /// As it is stored; not what evimap wrote there.
    Unreadable(String),
}

/// An entry of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    /// Lower-case hex; covers this entry and, through the hash before it, all earlier ones.
    pub hash: String,
    pub said: Said,
}

/// The hash that the first entry is chained to.
pub(super) fn genesis(workspace_id: &str) -> String {
    hex(&Sha256::digest(format!("evimap ledger of {workspace_id}")))
}

/// The hash of an entry: over the hash before it and everything that the entry holds.
fn link(previous: &str, seq: u64, kind: &str, version: i64, json: &str) -> String {
    hex(&Sha256::digest(format!("{previous}\n{seq}\n{kind}\n{version}\n{json}")))
}

/// The text of a column. Somebody may have put anything there; what is no text can't pass for one.
fn stated(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(bytes) => {
            std::str::from_utf8(bytes).map_or_else(|_| format!("{bytes:?}"), str::to_owned)
        }
        other => format!("{other:?}"),
    }
}

/// Names a broken entry by what can still be read of it.
fn words(kind: &str, json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let text = |name: &str| value.pointer(name).and_then(serde_json::Value::as_str);
    let target = text("/target").unwrap_or("an unknown target");
    let who = text("/reviewer").or_else(|| text("/decided_by")).unwrap_or("nobody");
    let verdict = text("/verdict").map_or(String::new(), |verdict| format!(" ({verdict})"));
    let file = text("/provenance/file").unwrap_or("an unknown file");
    let row = value.pointer("/provenance/row").map_or("?".to_owned(), ToString::to_string);
    format!("{kind}{verdict} on {target} by {who}, from {file} row {row}")
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

impl Store {
    /// Adds decisions and positions at the end of the ledger, all or none of them, and returns
    /// when they are safely on disk.
    ///
    /// # Errors
    /// The state is open for reading only, or can't be written.
    pub fn append(
        &mut self,
        decisions: &[Decision],
        positions: &[Position],
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        let mut end = Chain::read(&transaction).map_err(sql)?;
        for decision in decisions {
            end.append(&transaction, DECISION, &DecisionRow::from(decision)).map_err(sql)?;
        }
        for position in positions {
            end.append(&transaction, POSITION, &PositionRow::from(position)).map_err(sql)?;
        }
        transaction
            .execute("UPDATE head SET seq = ?1, hash = ?2", params![end.seq as i64, end.hash])
            .map_err(sql)?;
        transaction.commit().map_err(sql)
    }

    /// All decisions in the order in which they were imported, each with its number in the ledger.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn decisions(&self) -> Result<Vec<(u64, Decision)>, StoreError> {
        self.entries::<DecisionRow, Decision>(DECISION)
    }

    /// All positions in the order in which they were imported, each with its number in the ledger.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn positions(&self) -> Result<Vec<(u64, Position)>, StoreError> {
        self.entries::<PositionRow, Position>(POSITION)
    }

    /// The decision in force for each proposal: the last one.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn latest_decisions(&self) -> Result<BTreeMap<ProposalId, Decision>, StoreError> {
        Ok(self.decisions()?.into_iter().map(|(_, d)| (d.proposal_id.clone(), d)).collect())
    }

    /// The position in force for each target and system: the last one.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn latest_positions(
        &self,
    ) -> Result<BTreeMap<(TargetId, Option<String>), Position>, StoreError> {
        let all = self.positions()?.into_iter();
        Ok(all.map(|(_, p)| ((p.target.clone(), p.system.clone()), p)).collect())
    }

    /// The hash at the end of the chain. Whoever keeps it can tell later that nothing before it
    /// was changed or taken away.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn ledger_head(&self) -> Result<String, StoreError> {
        let query = "SELECT hash FROM head";
        self.connection.query_row(query, [], |row| row.get(0)).map_err(|error| self.sql(error))
    }

    /// The number of the entry with this hash: 0 for the head of an empty ledger, `None` if the
    /// ledger never had this head.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn ledger_place(&self, head: &str) -> Result<Option<u64>, StoreError> {
        if head == genesis(&self.workspace_id) {
            return Ok(Some(0));
        }
        let query = "SELECT seq FROM ledger WHERE hash = ?1";
        let mut statement = self.connection.prepare(query).map_err(|error| self.sql(error))?;
        let mut rows = statement.query([head]).map_err(|error| self.sql(error))?;
        match rows.next().map_err(|error| self.sql(error))? {
            Some(row) => row.get::<_, i64>(0).map(|n| Some(n as u64)).map_err(|e| self.sql(e)),
            None => Ok(None),
        }
    }

    /// Computes the whole chain again; gives the number of entries.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] with the first entry that was changed, taken away or added.
    pub fn verify_ledger(&self) -> Result<u64, StoreError> {
        let sql = |error| self.sql(error);
        let broken =
            |seq: u64, why: String| Err(StoreError::Ledger { path: self.path.clone(), seq, why });
        // Head and entries as of one moment, whatever another process appends meanwhile.
        let view = self.connection.unchecked_transaction().map_err(sql)?;
        let end = Chain::read(&view).map_err(sql)?;
        let query = "SELECT seq, kind, version, json, hash FROM ledger ORDER BY seq";
        let mut statement = view.prepare(query).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let (mut seq, mut hash) = (0, genesis(&self.workspace_id));
        while let Some(row) = rows.next().map_err(sql)? {
            let found: i64 = row.get(0).map_err(sql)?;
            let text = |column| row.get_ref(column).map_err(sql).map(stated);
            let (kind, json, stored) = (text(1)?, text(3)?, text(4)?);
            let version: i64 = row.get(2).map_err(sql)?;
            seq += 1;
            if found != seq as i64 {
                return broken(seq, "it is missing".to_owned());
            }
            if seq > end.seq {
                return broken(seq, format!("it was added at the end ({})", words(&kind, &json)));
            }
            hash = link(&hash, seq, &kind, version, &json);
            if stored != hash {
                return broken(seq, format!("it was changed, and reads {}", words(&kind, &json)));
            }
        }
        if seq < end.seq {
            let last = end.seq;
            return broken(seq + 1, format!("it and all after it, up to {last}, are missing"));
        }
        if end.hash != hash {
            return broken(seq, "the record of the end of the chain was changed".to_owned());
        }
        Ok(seq)
    }

    /// The entry that a head names, by all or the first letters of its hash; 0 for a ledger without
    /// entries. `None` if no state of this ledger had this head. Verify first.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn entry_of_head(&self, head: &str) -> Result<Option<u64>, StoreError> {
        let head = head.trim().to_ascii_lowercase();
        if genesis(&self.workspace_id).starts_with(&head) {
            return Ok(Some(0));
        }
        let query = "SELECT seq FROM ledger WHERE substr(hash, 1, ?2) = ?1 ORDER BY seq LIMIT 1";
        self.connection
            .query_row(query, params![head, head.len() as i64], |row| row.get::<_, i64>(0))
            .optional()
            .map(|seq| seq.map(|seq| seq as u64))
            .map_err(|error| self.sql(error))
    }

    /// Gives each entry of the ledger in order, one at a time.
    ///
    /// # Errors
    /// The state is damaged, or `each` fails.
    pub fn each_entry<E: From<StoreError>>(
        &self,
        each: &mut dyn FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = |error| self.sql(error);
        let query = "SELECT seq, kind, json, hash FROM ledger ORDER BY seq";
        let mut statement = self.connection.prepare(query).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let seq = row.get::<_, i64>(0).map_err(sql)? as u64;
            let text = |column| row.get_ref(column).map_err(sql).map(stated);
            let (kind, json, hash) = (text(1)?, text(2)?, text(3)?);
            let said = match kind.as_str() {
                DECISION => serde_json::from_str::<DecisionRow>(&json)
                    .map(|row| Said::Decision(Box::new(row.into()))),
                _ => serde_json::from_str::<PositionRow>(&json)
                    .map(|row| Said::Position(Box::new(row.into()))),
            };
            let said = said.unwrap_or(Said::Unreadable(json));
            each(Entry { seq, hash, said })?;
        }
        Ok(())
    }

    /// The hash that the first entry is chained to.
    pub fn ledger_start(&self) -> String {
        genesis(&self.workspace_id)
    }

    fn entries<R, T>(&self, kind: &str) -> Result<Vec<(u64, T)>, StoreError>
    where
        R: DeserializeOwned + Into<T>,
    {
        let sql = |error| self.sql(error);
        let query = "SELECT seq, version, json FROM ledger WHERE kind = ?1 ORDER BY seq";
        let mut statement = self.connection.prepare(query).map_err(sql)?;
        let mut rows = statement.query([kind]).map_err(sql)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let seq: i64 = row.get(0).map_err(sql)?;
            let version: i64 = row.get(1).map_err(sql)?;
            let json: String = row.get(2).map_err(sql)?;
            if version != ROW_VERSION {
                return Err(self.damaged(format!("ledger entry {seq} has layout {version}")));
            }
            let stored: R = serde_json::from_str(&json)
                .map_err(|error| self.damaged(format!("ledger entry {seq}: {error}")))?;
            entries.push((seq as u64, stored.into()));
        }
        Ok(entries)
    }
}

/// The end of the chain while entries are added.
struct Chain {
    seq: u64,
    hash: String,
}

impl Chain {
    fn read(transaction: &Transaction<'_>) -> rusqlite::Result<Self> {
        transaction.query_row("SELECT seq, hash FROM head", [], |row| {
            Ok(Self { seq: row.get::<_, i64>(0)? as u64, hash: row.get(1)? })
        })
    }

    fn append(
        &mut self,
        transaction: &Transaction<'_>,
        kind: &str,
        row: &impl Serialize,
    ) -> rusqlite::Result<()> {
        let json = super::proposals::to_json(row)?;
        self.seq += 1;
        self.hash = link(&self.hash, self.seq, kind, ROW_VERSION, &json);
        transaction
            .execute(
                "INSERT INTO ledger VALUES (?1, ?2, ?3, ?4, ?5)",
                params![self.seq as i64, kind, ROW_VERSION, json, self.hash],
            )
            .map(|_| ())
    }
}
