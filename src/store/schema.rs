//! The tables. A change of layout raises [`STATE_VERSION`] and adds a migration.

/// Marks a SQLite file as ours: `EVMP`.
pub(super) const APPLICATION_ID: i64 = 0x4556_4d50;

/// Layout of the tables, kept in `user_version`. 2: the head is guarded by triggers like the ledger.
pub(super) const STATE_VERSION: i64 = 2;

/// The head of the ledger only moves on: there is one, it keeps its workspace, and never goes back.
pub(super) const HEAD_TRIGGERS: &str = "
CREATE TRIGGER head_grows BEFORE UPDATE ON head
WHEN NEW.only <> OLD.only OR NEW.workspace_id <> OLD.workspace_id OR NEW.seq < OLD.seq
BEGIN SELECT RAISE(ABORT, 'the head of the ledger only moves on'); END;
CREATE TRIGGER head_stays BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'the head of the ledger only moves on'); END;
CREATE TRIGGER head_once BEFORE INSERT ON head WHEN EXISTS (SELECT 1 FROM head)
BEGIN SELECT RAISE(ABORT, 'the head of the ledger only moves on'); END;
";

/// Triggers that a sound state has, by name.
pub(super) const GUARDS: [&str; 6] =
    ["head_grows", "head_once", "head_stays", "ledger_grows", "ledger_keeps", "ledger_stays"];

/// What later versions added and can do without; made when a state is opened for writing, so that it
/// needs no other layout. Readers take a missing table for an empty one.
pub(super) const ADDED: &str = "
CREATE TABLE IF NOT EXISTS part (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
";

/// `ledger` refuses UPDATE and DELETE, and an INSERT anywhere but at the end: `INSERT OR REPLACE`
/// would otherwise delete a row without any trigger noticing. `head` repeats the end of the chain,
/// so that a ledger which lost its last rows is noticed too.
pub(super) const SCHEMA: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE extraction (
    hash TEXT NOT NULL, reader_version TEXT NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (hash, reader_version)
);
CREATE TABLE file_stat (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE issued (
    id TEXT PRIMARY KEY, first_run INTEGER NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE proposal (seq INTEGER PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE view (seq INTEGER PRIMARY KEY, version INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE export (name TEXT PRIMARY KEY, hash TEXT NOT NULL, cells TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished TEXT);
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('decision', 'position')),
    version INTEGER NOT NULL,
    json TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    workspace_id TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL
);
CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_grows BEFORE INSERT ON ledger
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM ledger)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
";
