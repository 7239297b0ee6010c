//! Workspace state in one SQLite file, `WORKSPACE/.evimap/state.sqlite`.
//!
//! Two kinds of rows live here. The *ledger* (decisions and positions) is append-only, hash-chained
//! and irreplaceable. Everything else (extraction cache, proposals, exports) can be computed again;
//! such rows carry a layout version and are ignored, not migrated, when it is another one.
//!
//! The file is created under another name and renamed when it is complete, and every change is one
//! transaction that is synced before it returns, so a process killed at any point leaves a state
//! that opens.

mod actions;
mod cache;
mod error;
mod ledger;
mod lock;
mod migrate;
mod open;
mod parts;
mod proposals;
mod rows;
mod runs;
mod schema;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use cache::FileStat;
pub use error::StoreError;
pub use ledger::{Entry, Said};
pub use runs::{Cells, Export, RunRecord};

/// An open workspace state.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    workspace_id: String,
    /// The copy made before a migration.
    migrated: Option<PathBuf>,
    /// Held while the store is open for writing; the lock goes with the handle.
    lock: Option<lock::Lock>,
}

impl Store {
    /// A short id of this workspace, `w-` and 12 base32 letters; the same for its whole life.
    pub fn workspace_id(&self) -> &str {
        &self.workspace_id
    }

    /// The state file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names the state file in what SQLite reports.
    fn sql(&self, error: rusqlite::Error) -> StoreError {
        StoreError::sql(&self.path, error)
    }

    fn damaged(&self, why: impl Into<String>) -> StoreError {
        StoreError::Corrupt { path: self.path.clone(), why: why.into() }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_safety;
