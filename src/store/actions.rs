//! Actions that were raised, audits that were planned, and what people stated on them.
//!
//! Statements are irreplaceable: the table is append-only, like the ledger, but is not part of its
//! chain of hashes. Actions and audits themselves can be computed again while they are due; the last
//! form of each is kept so that a statement on one that is gone can still be read.

use rusqlite::params;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{
    Store, StoreError,
    proposals::to_json,
    rows::{ROW_VERSION, StatementRow},
};
use crate::domain::{Action, Audit, Statement};

/// Made by whoever opens a state for writing, so that states of earlier versions get them too.
pub(super) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS action (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS statement (
    seq INTEGER PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS statement_keeps BEFORE UPDATE ON statement
BEGIN SELECT RAISE(ABORT, 'statements are append-only'); END;
CREATE TRIGGER IF NOT EXISTS statement_stays BEFORE DELETE ON statement
BEGIN SELECT RAISE(ABORT, 'statements are append-only'); END;
CREATE TRIGGER IF NOT EXISTS statement_grows BEFORE INSERT ON statement
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM statement)
BEGIN SELECT RAISE(ABORT, 'statements are append-only'); END;
";

/// Layout of the stored actions and audits.
const VERSION: i64 = 1;

impl Store {
    /// Adds what people stated on actions, all or nothing.
    ///
    /// # Errors
    /// The state is open for reading only, or can't be written.
    pub fn append_statements(&mut self, statements: &[Statement]) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        for statement in statements {
            let json = to_json(&StatementRow::from(statement)).map_err(sql)?;
            let query = "INSERT INTO statement
                SELECT COALESCE(MAX(seq), 0) + 1, ?1, ?2 FROM statement";
            transaction.execute(query, params![ROW_VERSION, json]).map_err(sql)?;
        }
        transaction.commit().map_err(sql)
    }

    /// Everything that people stated on actions, in the order in which it was imported.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn statements(&self) -> Result<Vec<Statement>, StoreError> {
        let rows = self.versioned("statement", "seq")?;
        let mut out = Vec::with_capacity(rows.len());
        for (version, json) in rows {
            if version != ROW_VERSION {
                return Err(self.damaged(format!("a statement on an action has layout {version}")));
            }
            let row: StatementRow = serde_json::from_str(&json)
                .map_err(|error| self.damaged(format!("a statement on an action: {error}")))?;
            out.push(row.into());
        }
        Ok(out)
    }

    /// Changes whenever somebody stated something.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn statements_mark(&self) -> Result<String, StoreError> {
        let mut hash = Sha256::new();
        for (_, json) in self.versioned("statement", "seq")? {
            hash.update(json.as_bytes());
            hash.update([0]);
        }
        Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
    }

    /// Keeps the last form of every action that was raised.
    ///
    /// # Errors
    /// The state is open for reading only, or can't be written.
    pub fn put_raised(&mut self, actions: &[Action]) -> Result<(), StoreError> {
        self.put_last("action", actions.iter().map(|action| (action.id.as_str(), action)))
    }

    /// Every action ever raised, in its last form. Those of another layout are passed over.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn raised(&self) -> Result<Vec<Action>, StoreError> {
        self.last("action")
    }

    /// Keeps the last form of every audit that was planned.
    ///
    /// # Errors
    /// The state is open for reading only, or can't be written.
    pub fn put_planned(&mut self, audits: &[Audit]) -> Result<(), StoreError> {
        self.put_last("audit", audits.iter().map(|audit| (audit.id.as_str(), audit)))
    }

    /// Every audit ever planned, in its last form. Those of another layout are passed over.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn planned(&self) -> Result<Vec<Audit>, StoreError> {
        self.last("audit")
    }

    fn put_last<'a, T: Serialize + 'a>(
        &mut self,
        table: &str,
        items: impl Iterator<Item = (&'a str, &'a T)>,
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        let query = format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2, ?3)");
        for (id, item) in items {
            let json = to_json(item).map_err(sql)?;
            transaction.execute(&query, params![id, VERSION, json]).map_err(sql)?;
        }
        transaction.commit().map_err(sql)
    }

    fn last<T: DeserializeOwned>(&self, table: &str) -> Result<Vec<T>, StoreError> {
        let rows = self.versioned(table, "id")?.into_iter();
        let current = rows.filter(|(version, _)| *version == VERSION);
        Ok(current.filter_map(|(_, json)| serde_json::from_str(&json).ok()).collect())
    }

    /// Layout and content of a table's rows; empty where an older state has no such table.
    fn versioned(&self, table: &str, order: &str) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = |error| self.sql(error);
        let query =
            "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1)";
        if !self.connection.query_row(query, [table], |row| row.get(0)).map_err(sql)? {
            return Ok(Vec::new());
        }
        let query = format!("SELECT version, json FROM {table} ORDER BY {order}");
        let mut statement = self.connection.prepare(&query).map_err(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sql)?;
        rows.collect::<rusqlite::Result<_>>().map_err(sql)
    }
}
