//! Ids issued for good, and the proposals and views of the last run.

use rusqlite::{OptionalExtension, params};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Store, StoreError,
    rows::{IssuedRow, ROW_VERSION},
};
use crate::domain::{Issued, Proposal, ProposalId, TargetView};

/// Layout of stored proposals and views. They are computed again by a run, so rows of another
/// layout are ignored.
const DERIVED_VERSION: i64 = 1;

/// JSON text of a row; a failure is SQLite's to report, so that one `?` serves both.
pub(super) fn to_json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

impl Store {
    /// Remembers proposals that a run issues. What an id stands for (target, system, quote) never
    /// changes; where the quote stands is brought up to date.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn record_issued(&mut self, proposals: &[Proposal], run: u64) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        {
            let query = "INSERT INTO issued VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (id) DO UPDATE SET version = excluded.version, json = excluded.json";
            let mut statement = transaction.prepare(query).map_err(sql)?;
            for proposal in proposals {
                let id = proposal.id.as_str();
                to_json(&IssuedRow::from(proposal))
                    .and_then(|json| statement.execute(params![id, run as i64, ROW_VERSION, json]))
                    .map_err(sql)?;
            }
        }
        transaction.commit().map_err(sql)
    }

    /// What an id stands for, if this workspace ever issued it.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn issued(&self, id: &ProposalId) -> Result<Option<Issued>, StoreError> {
        let query = "SELECT first_run, version, json FROM issued WHERE id = ?1";
        let found: Option<(i64, i64, String)> = self
            .connection
            .query_row(query, [id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()
            .map_err(|error| self.sql(error))?;
        let Some((first_run, version, json)) = found else { return Ok(None) };
        if version != ROW_VERSION {
            return Err(self.damaged(format!("issued id {id} has layout {version}")));
        }
        let row: IssuedRow = serde_json::from_str(&json)
            .map_err(|error| self.damaged(format!("issued id {id}: {error}")))?;
        Ok(Some(row.into_issued(id.clone(), first_run as u64)))
    }

    /// Puts the outcome of a run in the place of the last one's, order kept.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn replace_proposals(
        &mut self,
        proposals: &[Proposal],
        views: &[TargetView],
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        replace(&transaction, "proposal", proposals).map_err(sql)?;
        replace(&transaction, "view", views).map_err(sql)?;
        transaction.commit().map_err(sql)
    }

    /// The proposals of the last run, in their order.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn proposals(&self) -> Result<Vec<Proposal>, StoreError> {
        self.derived("proposal")
    }

    /// The machine's views of the last run, in their order.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn views(&self) -> Result<Vec<TargetView>, StoreError> {
        self.derived("view")
    }

    fn derived<T: DeserializeOwned>(&self, table: &str) -> Result<Vec<T>, StoreError> {
        let sql = |error| self.sql(error);
        let query = format!("SELECT json FROM {table} WHERE version = ?1 ORDER BY seq");
        let mut statement = self.connection.prepare(&query).map_err(sql)?;
        let mut rows = statement.query([DERIVED_VERSION]).map_err(sql)?;
        let mut values = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let json: String = row.get(0).map_err(sql)?;
            let value = serde_json::from_str(&json)
                .map_err(|error| self.damaged(format!("a {table}: {error}")))?;
            values.push(value);
        }
        Ok(values)
    }
}

fn replace<T: Serialize>(
    transaction: &rusqlite::Transaction<'_>,
    table: &str,
    values: &[T],
) -> rusqlite::Result<()> {
    transaction.execute(&format!("DELETE FROM {table}"), [])?;
    let query = format!("INSERT INTO {table} (version, json) VALUES (?1, ?2)");
    let mut statement = transaction.prepare(&query)?;
    for value in values {
        statement.execute(params![DERIVED_VERSION, to_json(value)?])?;
    }
    Ok(())
}
