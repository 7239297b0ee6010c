//! What can be wrong with a workspace state, each with the path and the way out.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

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
    #[error("{} has the layout of an older evimap (state version {found}, this one has {known}) and is only read here; `evimap report` or `evimap run` brings it up to date and keeps a copy", path.display())]
    Older { path: PathBuf, found: i64, known: i64 },
    #[error("another evimap process is writing to this workspace ({}it holds {}); wait until it has ended", who(holder), path.display())]
    Locked { path: PathBuf, holder: String },
    #[error("the ledger of decisions in {} is broken at entry {seq}: {why}; something other than evimap changed the file. Nothing was written. Put back a backup (`evimap restore`), or see what is there with `evimap ledger export` (docs/operations.md)", path.display())]
    Ledger { path: PathBuf, seq: u64, why: String },
    #[error("no space left for {}: {source}; make space and run again, nothing that was done before is lost", path.display())]
    Full { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("{} can't be used: {source}; check that the folder exists, is writable and has space", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: {source}; check that the folder is writable and has space", path.display())]
    Sql { path: PathBuf, source: rusqlite::Error },
}

impl StoreError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full { path: path.to_owned(), source: source.into() }
            }
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    /// Tells damage apart from the rest of what SQLite may report.
    pub(super) fn sql(path: &Path, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path: path.to_owned(), why: source.to_string() }
            }
            Some(ErrorCode::DiskFull) => {
                Self::Full { path: path.to_owned(), source: source.into() }
            }
            _ => Self::Sql { path: path.to_owned(), source },
        }
    }
}

fn who(holder: &str) -> String {
    if holder.is_empty() { String::new() } else { format!("{holder}; ") }
}
