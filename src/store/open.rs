//! Creating and opening.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::{
    Store, StoreError, ledger,
    lock::{self, Lock, private_file},
    migrate::migrate,
    schema::{ADDED, APPLICATION_ID, GUARDS, HEAD_TRIGGERS, SCHEMA, STATE_VERSION},
};
use crate::files;

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
        let lock = Lock::take(&folder)?;
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
        files::sync_folder(&folder).map_err(|error| StoreError::io(&folder, error))?;
        Self::connect(workspace, Some(lock))
    }

    /// Opens an existing state for writing; one process at a time.
    ///
    /// # Errors
    /// Not a workspace, written by a newer evimap, damaged, or held by another process.
    pub fn open_for_write(workspace: &Path) -> Result<Self, StoreError> {
        found(workspace)?;
        let lock = Lock::take(&workspace.join(".evimap"))?;
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

    fn connect(workspace: &Path, lock: Option<Lock>) -> Result<Self, StoreError> {
        found(workspace)?;
        let path = Self::file(workspace);
        let sql = |error| StoreError::sql(&path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags).map_err(sql)?;
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
        let found = number("user_version")?;
        if found > STATE_VERSION {
            return Err(StoreError::Newer { path, found, known: STATE_VERSION });
        }
        if found < STATE_VERSION && lock.is_none() {
            return Err(StoreError::Older { path, found, known: STATE_VERSION });
        }
        if lock.is_some() {
            connection.pragma_update(None, "journal_mode", "wal").map_err(sql)?;
            connection.pragma_update(None, "synchronous", "full").map_err(sql)?;
            connection.pragma_update(None, "recursive_triggers", "on").map_err(sql)?;
            connection.execute_batch(ADDED).map_err(sql)?;
            connection.execute_batch(super::actions::TABLES).map_err(sql)?;
        } else {
            connection.pragma_update(None, "query_only", "on").map_err(sql)?;
        }
        let migrated = match found {
            STATE_VERSION => None,
            _ => Some(migrate(&mut connection, &path, found)?),
        };
        let workspace_id = connection
            .query_row("SELECT workspace_id FROM head", [], |row| row.get(0))
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => {
                    let why = "it has no workspace id".to_owned();
                    StoreError::Corrupt { path: path.clone(), why }
                }
                error => sql(error),
            })?;
        Ok(Self { connection, path, workspace_id, migrated, lock })
    }

    /// Reads the whole file and checks its structure, its guards and the ledger; slow on a large
    /// state.
    ///
    /// # Errors
    /// The first damage found.
    pub fn check(&self) -> Result<(), StoreError> {
        self.check_structure()?;
        let missing = self.missing_guards()?;
        if !missing.is_empty() {
            return Err(self.damaged(format!("it has lost its guards {}", missing.join(", "))));
        }
        self.verify_ledger().map(|_| ())
    }

    /// Reads the whole file and checks its structure as SQLite knows it.
    ///
    /// # Errors
    /// The first damage found.
    pub fn check_structure(&self) -> Result<(), StoreError> {
        let verdict: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|error| self.sql(error))?;
        if verdict != "ok" {
            return Err(self.damaged(verdict));
        }
        Ok(())
    }

    /// Triggers that keep the ledger append-only and are not there.
    ///
    /// # Errors
    /// The state is damaged.
    pub fn missing_guards(&self) -> Result<Vec<&'static str>, StoreError> {
        let query = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
        let there: Vec<String> = self
            .connection
            .prepare(query)
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
            .map_err(|error| self.sql(error))?;
        Ok(GUARDS.into_iter().filter(|name| !there.iter().any(|t| t == name)).collect())
    }

    /// A consistent copy of the whole state in a new file, also while another process writes; it is
    /// safely on disk when this returns. On Unix only its owner can read it.
    ///
    /// # Errors
    /// The file is there already or can't be written.
    pub fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        // SQLite takes a copy for a change.
        let only = |value| {
            let set = self.connection.pragma_update(None, "query_only", value);
            set.map_err(|error| self.sql(error))
        };
        only("off")?;
        let copied = copy_into(&self.connection, file);
        only(if self.lock.is_some() { "off" } else { "on" })?;
        copied
    }

    /// Puts back triggers that are missing. Verify the ledger first: they keep what is there.
    ///
    /// # Errors
    /// The state can't be written.
    pub fn restore_guards(&mut self) -> Result<(), StoreError> {
        let missing = self.missing_guards()?;
        let path = self.path.clone();
        let sql = |error| StoreError::sql(&path, error);
        let transaction = self.connection.transaction().map_err(sql)?;
        for text in SCHEMA.split_inclusive("END;").chain(HEAD_TRIGGERS.split_inclusive("END;")) {
            let Some(at) = text.find("CREATE TRIGGER ") else { continue };
            let trigger = &text[at..];
            if missing.iter().any(|name| trigger["CREATE TRIGGER ".len()..].starts_with(name)) {
                transaction.execute_batch(trigger).map_err(sql)?;
            }
        }
        transaction.commit().map_err(sql)
    }

    /// The copy of the state as it was, if opening brought it to a newer layout.
    pub fn migrated(&self) -> Option<&Path> {
        self.migrated.as_deref()
    }

    /// Who held the write lock when its process was killed; empty if it ended by itself, or still
    /// runs. Takes the lock for a moment.
    pub fn killed_writer(workspace: &Path) -> String {
        let before = lock::holder(&lock::file(workspace));
        match Lock::take(&workspace.join(".evimap")) {
            Ok(_) => before,
            Err(_) => String::new(),
        }
    }
}

/// Copies a state into a new file.
pub(super) fn copy_into(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let io = |error| StoreError::io(file, error);
    // Made empty first: SQLite takes it as it is, with its permissions.
    let made = private_file(file).map_err(io)?;
    connection
        .execute("VACUUM INTO ?1", [file.to_string_lossy()])
        .map_err(|error| StoreError::sql(file, error))?;
    made.sync_all().map_err(io)
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
    transaction.execute_batch(HEAD_TRIGGERS)?;
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

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
