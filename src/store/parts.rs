//! Parts of snapshots, named by their content, and how long runs are kept.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};

impl Store {
    /// Keeps parts; those that are there already are left alone.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn keep_parts(&mut self, parts: &BTreeMap<String, Vec<u8>>) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        {
            let query = "INSERT OR IGNORE INTO part VALUES (?1, ?2)";
            let mut statement = transaction.prepare(query).map_err(sql)?;
            for (name, bytes) in parts {
                statement.execute(params![name, bytes]).map_err(sql)?;
            }
        }
        transaction.commit().map_err(sql)
    }

    /// A part by its name.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn part(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let there = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'part')";
        let sql = |error| self.sql(error);
        if !self.connection.query_row(there, [], |row| row.get(0)).map_err(sql)? {
            return Ok(None);
        }
        let query = "SELECT bytes FROM part WHERE name = ?1";
        self.connection.query_row(query, [name], |row| row.get(0)).optional().map_err(sql)
    }

    /// Forgets these runs, and all parts but the named ones, in one transaction. The ledger is not
    /// touched.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn forget_runs(
        &mut self,
        runs: &[u64],
        keep_parts: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        for run in runs {
            transaction.execute("DELETE FROM run WHERE id = ?1", [*run as i64]).map_err(sql)?;
        }
        let held: Vec<String> = transaction
            .prepare("SELECT name FROM part")
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
            .map_err(sql)?;
        for name in held.iter().filter(|name| !keep_parts.contains(*name)) {
            transaction.execute("DELETE FROM part WHERE name = ?1", [name]).map_err(sql)?;
        }
        transaction.commit().map_err(sql)
    }
}
