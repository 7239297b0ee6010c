//! Runs, exports and named values.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::{Store, StoreError, proposals::to_json};

/// What a person may change in a table: row key → column → value.
pub type Cells = BTreeMap<String, BTreeMap<String, String>>;

/// A review file as it was last written, or last imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// SHA-256 of the file's bytes, lower-case hex.
    pub hash: String,
    pub cells: Cells,
}

/// One execution.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// From 1.
    pub id: u64,
    pub started: Value,
    /// `None` while it runs, and for good if it was killed.
    pub finished: Option<Value>,
}

impl Store {
    /// Opens the record of a run; gives its number.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn start_run(&mut self, record: &Value) -> Result<u64, StoreError> {
        self.connection
            .execute("INSERT INTO run (started) VALUES (?1)", [record.to_string()])
            .map_err(|error| self.sql(error))?;
        Ok(self.connection.last_insert_rowid() as u64)
    }

    /// Closes the record of a run.
    ///
    /// # Errors
    /// The state can't be written, or there is no such run.
    pub fn finish_run(&mut self, id: u64, record: &Value) -> Result<(), StoreError> {
        let changed = self
            .connection
            .execute(
                "UPDATE run SET finished = ?2 WHERE id = ?1",
                params![id as i64, record.to_string()],
            )
            .map_err(|error| self.sql(error))?;
        if changed == 1 { Ok(()) } else { Err(self.damaged(format!("run {id} is not recorded"))) }
    }

    /// All runs, first one first.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn runs(&self) -> Result<Vec<RunRecord>, StoreError> {
        let sql = |error| self.sql(error);
        let mut statement = self
            .connection
            .prepare("SELECT id, started, finished FROM run ORDER BY id")
            .map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut runs = Vec::new();
        let parse = |text: String| {
            serde_json::from_str(&text).map_err(|error| self.damaged(format!("a run: {error}")))
        };
        while let Some(row) = rows.next().map_err(sql)? {
            let finished: Option<String> = row.get(2).map_err(sql)?;
            runs.push(RunRecord {
                id: row.get::<_, i64>(0).map_err(sql)? as u64,
                started: parse(row.get(1).map_err(sql)?)?,
                finished: finished.map(parse).transpose()?,
            });
        }
        Ok(runs)
    }

    /// Remembers a review file as written, or as imported, by its name in `review/`.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn put_export(&mut self, name: &str, hash: &str, cells: &Cells) -> Result<(), StoreError> {
        to_json(cells)
            .and_then(|json| {
                self.connection.execute(
                    "INSERT OR REPLACE INTO export VALUES (?1, ?2, ?3)",
                    params![name, hash, json],
                )
            })
            .map(|_| ())
            .map_err(|error| self.sql(error))
    }

    /// A review file as it was last written or imported. One that can't be understood counts as
    /// absent, so that the file on disk is treated with care.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn last_export(&self, name: &str) -> Result<Option<Export>, StoreError> {
        let found: Option<(String, String)> = self
            .connection
            .query_row("SELECT hash, cells FROM export WHERE name = ?1", [name], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(|error| self.sql(error))?;
        Ok(found.and_then(|(hash, json)| {
            serde_json::from_str(&json).ok().map(|cells| Export { hash, cells })
        }))
    }

    /// Sets a named value.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.connection
            .execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", [key, value])
            .map(|_| ())
            .map_err(|error| self.sql(error))
    }

    /// A named value.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.connection
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(|error| self.sql(error))
    }

    /// All named values whose names begin so, by the rest of their names.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn metas(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        let query = "SELECT substr(key, 1 + length(?1)), value FROM meta \
                     WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key";
        let read = || -> rusqlite::Result<_> {
            let mut statement = self.connection.prepare(query)?;
            let rows = statement.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().map_err(|error| self.sql(error))
    }
}
