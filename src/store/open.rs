//! Creating and opening.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::{
    Store, StoreError, ledger,
    schema::{APPLICATION_ID, SCHEMA, STATE_VERSION},
};

/// How long one process waits for another one's transaction before it gives up.
const BUSY: Duration = Duration::from_secs(10);

impl Store {
    /// Where the state of a workspace lies.
    pub fn file(workspace: &Path) -> PathBuf {
        workspace.join(".evimap").join("state.sqlite")
    }

    /// Whether the folder holds a workspace state, sound or not.
    pub fn exists(workspace: &Path) -> bool {
        Self::file(workspace).exists()
    }

    /// Creates a new state, and the folders that it needs, and opens it for writing. On Unix only
    /// the owner can read `.evimap`.
    ///
    /// # Errors
    /// There is one already, another process is at it, or the folder can't be written.
    pub fn create(workspace: &Path) -> Result<Self, StoreError> {
        let path = Self::file(workspace);
        let folder = workspace.join(".evimap");
        fs::create_dir_all(workspace).map_err(|error| StoreError::io(workspace, error))?;
        private_folder(&folder).map_err(|error| StoreError::io(&folder, error))?;
        let lock = lock(&folder)?;
        if path.exists() {
            return Err(StoreError::Exists(workspace.to_owned()));
        }
        // What an earlier, killed attempt left.
        let draft = folder.join("state.sqlite.new");
        for leftover in [draft.clone(), folder.join("state.sqlite.new-journal")] {
            if leftover.exists() {
                fs::remove_file(&leftover).map_err(|error| StoreError::io(&leftover, error))?;
            }
        }
        private_file(&draft).map_err(|error| StoreError::io(&draft, error))?;
        write_schema(&draft, workspace).map_err(|error| StoreError::sql(&draft, error))?;
        fs::rename(&draft, &path).map_err(|error| StoreError::io(&path, error))?;
        Self::connect(workspace, Some(lock))
    }

    /// Opens an existing state for writing; one process at a time.
    ///
    /// # Errors
    /// Not a workspace, written by a newer evimap, damaged, or held by another process.
    pub fn open_for_write(workspace: &Path) -> Result<Self, StoreError> {
        found(workspace)?;
        let lock = lock(&workspace.join(".evimap"))?;
        Self::connect(workspace, Some(lock))
    }

    /// Opens an existing state for reading, also while another process writes. Writing through it
    /// fails.
    ///
    /// # Errors
    /// Not a workspace, written by a newer evimap, or damaged.
    pub fn open_read(workspace: &Path) -> Result<Self, StoreError> {
        Self::connect(workspace, None)
    }

    fn connect(workspace: &Path, lock: Option<File>) -> Result<Self, StoreError> {
        found(workspace)?;
        let path = Self::file(workspace);
        let sql = |error| StoreError::sql(&path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).map_err(sql)?;
        connection.busy_timeout(BUSY).map_err(sql)?;
        let number = |pragma: &str| -> Result<i64, StoreError> {
            connection.pragma_query_value(None, pragma, |row| row.get(0)).map_err(sql)
        };
        if number("application_id")? != APPLICATION_ID {
            return Err(StoreError::NotAWorkspace {
                workspace: workspace.to_owned(),
                why: format!("{} is a SQLite file of another program", path.display()),
            });
        }
        match number("user_version")? {
            STATE_VERSION => {}
            found if found > STATE_VERSION => {
                return Err(StoreError::Newer { path, found, known: STATE_VERSION });
            }
            found => {
                let why = format!("unknown state version {found}");
                return Err(StoreError::Corrupt { path, why });
            }
        }
        if lock.is_some() {
            connection.pragma_update(None, "journal_mode", "wal").map_err(sql)?;
            connection.pragma_update(None, "synchronous", "full").map_err(sql)?;
            connection.pragma_update(None, "recursive_triggers", "on").map_err(sql)?;
            connection.execute_batch(super::actions::TABLES).map_err(sql)?;
        } else {
            connection.pragma_update(None, "query_only", "on").map_err(sql)?;
        }
        let workspace_id = connection
            .query_row("SELECT workspace_id FROM head", [], |row| row.get(0))
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => {
                    let why = "it has no workspace id".to_owned();
                    StoreError::Corrupt { path: path.clone(), why }
                }
                error => sql(error),
            })?;
        Ok(Self { connection, path, workspace_id, _lock: lock })
    }

    /// Reads the whole file and checks its structure and the ledger; slow on a large state.
    ///
    /// # Errors
    /// The first damage found.
    pub fn check(&self) -> Result<(), StoreError> {
        let verdict: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|error| self.sql(error))?;
        if verdict != "ok" {
            return Err(self.damaged(verdict));
        }
        self.verify_ledger()
    }
}

fn found(workspace: &Path) -> Result<(), StoreError> {
    if Store::exists(workspace) {
        return Ok(());
    }
    let why = format!("there is no {}", Store::file(workspace).display());
    Err(StoreError::NotAWorkspace { workspace: workspace.to_owned(), why })
}

fn write_schema(draft: &Path, workspace: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(draft)?;
    connection.pragma_update(None, "synchronous", "full")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    let id = new_id(workspace);
    let start = [&id, &ledger::genesis(&id)];
    transaction.execute("INSERT INTO head VALUES (1, ?1, 0, ?2)", start)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", STATE_VERSION)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)
}

/// Two workspaces get different ids because they differ in path or moment of creation.
fn new_id(workspace: &Path) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_nanos());
    let place = fs::canonicalize(workspace).unwrap_or_else(|_| workspace.to_owned());
    let digest = Sha256::digest(format!("{}\0{now}", place.display()));
    format!("w-{}", &data_encoding::BASE32_NOPAD.encode(&digest)[..12].to_ascii_lowercase())
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("lock");
    let file = private_file(&path).map_err(|error| StoreError::io(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked(path)),
        Err(TryLockError::Error(error)) => Err(StoreError::io(&path, error)),
    }
}

fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
