//! What can be wrong with a workspace state, each with the path and the way out.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the state can't be used. Every text names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{} is not an evimap workspace: {why}; name another folder with -w, or create one with `evimap init -w {}`", workspace.display(), workspace.display())]
    NotAWorkspace { workspace: PathBuf, why: String },
    #[error("{} is an evimap workspace already; use it as it is, or name another folder with -w", .0.display())]
    Exists(PathBuf),
    #[error("{} was written by a newer evimap (state version {found}, this one reads up to {known}); update evimap", path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("{} is damaged: {why}; put back a backup of this file, the source documents and review/*.csv are not affected", path.display())]
    Corrupt { path: PathBuf, why: String },
    #[error("another evimap process is writing to this workspace (it holds {}); wait until it has ended", .0.display())]
    Locked(PathBuf),
    #[error("the hash chain of decisions in {} is broken at entry {seq}: {why}; the state was changed by something other than evimap, put back a backup", path.display())]
    Ledger { path: PathBuf, seq: u64, why: String },
    #[error("{} can't be used: {source}; check that the folder exists, is writable and has space", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: {source}; check that the folder is writable and has space", path.display())]
    Sql { path: PathBuf, source: rusqlite::Error },
}

impl StoreError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// Tells damage apart from the rest of what SQLite may report.
    pub(super) fn sql(path: &Path, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path: path.to_owned(), why: source.to_string() }
            }
            _ => Self::Sql { path: path.to_owned(), source },
        }
    }
}
