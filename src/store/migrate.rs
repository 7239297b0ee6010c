//! From the layout of an older release to this one's. The state is copied first; the change itself is
//! one transaction, so that a process killed within it leaves the older layout, which still opens.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{
    StoreError,
    open::copy_into,
    schema::{HEAD_TRIGGERS, STATE_VERSION},
};

/// `STEPS[n]` leads from layout n + 1 to layout n + 2. A step never touches a row of the ledger: what
/// its hashes cover stays byte for byte.
const STEPS: [&str; (STATE_VERSION - 1) as usize] = [HEAD_TRIGGERS];

/// Where the copy of a state of this layout is kept.
pub(super) fn copy_of(state: &Path, layout: i64) -> PathBuf {
    state.with_file_name(format!("state.v{layout}.bak"))
}

/// Brings a state to the current layout; gives the copy that was made before.
///
/// # Errors
/// The copy can't be written, or a step fails. Nothing was changed then.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    found: i64,
) -> Result<PathBuf, StoreError> {
    let first = usize::try_from(found - 1).ok().filter(|_| found >= 1);
    let Some(steps) = first.and_then(|first| STEPS.get(first..)) else {
        let why = format!("unknown state version {found}");
        return Err(StoreError::Corrupt { path: path.to_owned(), why });
    };
    let copy = copy_of(path, found);
    let draft = copy.with_extension("bak.new");
    // What an earlier, killed attempt left.
    if draft.exists() {
        fs::remove_file(&draft).map_err(|error| StoreError::io(&draft, error))?;
    }
    copy_into(connection, &draft)?;
    fs::rename(&draft, &copy).map_err(|error| StoreError::io(&copy, error))?;
    let folder = crate::files::folder_of(path);
    crate::files::sync_folder(folder).map_err(|error| StoreError::io(folder, error))?;

    let sql = |error| StoreError::sql(path, error);
    let transaction = connection.transaction().map_err(sql)?;
    for step in steps {
        transaction.execute_batch(step).map_err(sql)?;
    }
    transaction.pragma_update(None, "user_version", STATE_VERSION).map_err(sql)?;
    transaction.commit().map_err(sql)?;
    Ok(copy)
}
