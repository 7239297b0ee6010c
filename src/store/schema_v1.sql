-- The layout of state version 1, as it was released; never changed. Migrations are tested from it.
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
