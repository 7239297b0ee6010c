//! What reading the files gave, so that an unchanged file is not read again.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, proposals::to_json};
use crate::domain::Extracted;

/// What the file system said of a file when it was last hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStat {
    /// Bytes.
    pub size: u64,
    /// Modification time in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// SHA-256 of the content, lower-case hex.
    pub hash: String,
}

impl Store {
    /// What a content gave when read by readers of this version; `path` in it is that of the file
    /// that was read then, so set your own. A row that can't be understood counts as absent.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn cached(
        &self,
        hash: &str,
        reader_version: &str,
    ) -> Result<Option<Extracted>, StoreError> {
        let query = "SELECT json FROM extraction WHERE hash = ?1 AND reader_version = ?2";
        let json: Option<String> = self
            .connection
            .query_row(query, [hash, reader_version], |row| row.get(0))
            .optional()
            .map_err(|error| self.sql(error))?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Whether anything is cached at all.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn has_cached(&self) -> Result<bool, StoreError> {
        let query = "SELECT EXISTS (SELECT 1 FROM extraction)";
        self.connection.query_row(query, [], |row| row.get(0)).map_err(|error| self.sql(error))
    }

    /// Keeps what reading gave, in one transaction. Files that could not be opened (no hash) are
    /// passed over.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn cache<'a>(
        &mut self,
        batch: impl IntoIterator<Item = &'a Extracted>,
        reader_version: &str,
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        {
            let query = "INSERT OR REPLACE INTO extraction VALUES (?1, ?2, ?3)";
            let mut statement = transaction.prepare(query).map_err(sql)?;
            for extracted in batch.into_iter().filter(|e| !e.hash.is_empty()) {
                to_json(extracted)
                    .and_then(|json| {
                        statement.execute(params![extracted.hash, reader_version, json])
                    })
                    .map_err(sql)?;
            }
        }
        transaction.commit().map_err(sql)
    }

    /// What was known of all files when they were last hashed, by path.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn file_stats(&self) -> Result<BTreeMap<String, FileStat>, StoreError> {
        let read = || -> rusqlite::Result<_> {
            let mut statement =
                self.connection.prepare("SELECT path, size, mtime_ns, hash FROM file_stat")?;
            let rows = statement.query_map([], |row| {
                let size = row.get::<_, i64>(1)? as u64;
                Ok((row.get(0)?, FileStat { size, mtime_ns: row.get(2)?, hash: row.get(3)? }))
            })?;
            rows.collect()
        };
        read().map_err(|error| self.sql(error))
    }

    /// Keeps sizes, times and hashes by path, in place of those that were kept, in one transaction.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn set_file_stats(&mut self, stats: &BTreeMap<String, FileStat>) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        {
            transaction.execute("DELETE FROM file_stat", []).map_err(sql)?;
            let query = "INSERT OR REPLACE INTO file_stat VALUES (?1, ?2, ?3, ?4)";
            let mut statement = transaction.prepare(query).map_err(sql)?;
            for (file, FileStat { size, mtime_ns, hash }) in stats {
                statement.execute(params![file, *size as i64, mtime_ns, hash]).map_err(sql)?;
            }
        }
        transaction.commit().map_err(sql)
    }

    /// Drops cached texts and file stats of contents that are not in `keep`.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn forget_unused(&mut self, keep: &BTreeSet<String>) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        for table in ["extraction", "file_stat"] {
            let held: Vec<String> = transaction
                .prepare(&format!("SELECT DISTINCT hash FROM {table}"))
                .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
                .map_err(sql)?;
            for hash in held.iter().filter(|hash| !keep.contains(*hash)) {
                transaction
                    .execute(&format!("DELETE FROM {table} WHERE hash = ?1"), [hash])
                    .map_err(sql)?;
            }
        }
        transaction.commit().map_err(sql)
    }
}
