//! Files that are there whole or not at all, whatever kills the process and whenever.
//!
//! A file is written under another name in the same folder, synced, renamed, and then the folder is
//! synced: after a loss of power the name leads to the old content or to the new one.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// What drafts are called, so that those of killed runs are known.
const PREFIX: &str = ".evimap-";
const SUFFIX: &str = ".tmp";

/// Replaces a file, or makes it. A new file can on Unix be read by its owner only, one that was there
/// keeps its permissions. A missing folder is made.
///
/// # Errors
/// The folder can't be written, or there is no space. The old file is as it was then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    let mut draft = draft(folder)?;
    draft.write_all(bytes)?;
    put(draft, path)
}

/// An empty file for [`put`]; it goes away by itself if it is not put anywhere. On Unix only its owner
/// can read it.
///
/// # Errors
/// The folder can't be written.
pub fn draft(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)
}

/// Gives a draft the name that it was made for, in place of what has it now. Both are in one folder.
///
/// # Errors
/// As [`replace`].
pub fn put(draft: NamedTempFile, path: &Path) -> io::Result<()> {
    if let Ok(old) = fs::metadata(path) {
        // Where that is refused the file stays readable by its owner only.
        let _ = draft.as_file().set_permissions(old.permissions());
    }
    draft.as_file().sync_all()?;
    draft.persist(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

/// Makes names in a folder last: without it a loss of power may undo a rename.
///
/// # Errors
/// The folder can't be read. File systems that can't sync a folder are passed over.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match fs::File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            return Err(error);
        }
        _ => {}
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Drafts in a folder that nobody finished, sorted. Whoever removes them has to know that no other
/// process is at work there.
pub fn strays(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(PREFIX) && name.ends_with(SUFFIX)
        })
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

/// The folder that a file lies in; a bare name lies in the current one.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.txt");
        replace(&path, b"old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 1);
        assert_eq!(strays(&dir.path().join("a")), Vec::<PathBuf>::new());
    }

    #[test]
    fn what_a_killed_process_left_is_known_by_its_name_only() {
        let dir = tempfile::tempdir().unwrap();
        let left = draft(dir.path()).unwrap().into_temp_path().keep().unwrap();
        for name in [".evimap-1", "x.tmp", ".tmpAbCdEf"] {
            fs::write(dir.path().join(name), b"somebody's").unwrap();
        }
        fs::create_dir(dir.path().join(".evimap-folder.tmp")).unwrap();
        assert_eq!(strays(dir.path()), [left]);
    }

    #[test]
    fn what_can_not_be_written_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.txt");
        fs::create_dir_all(path.join("full")).unwrap();
        assert!(replace(&path, b"new").is_err());
        assert!(path.join("full").exists());
        assert_eq!(strays(dir.path()), Vec::<PathBuf>::new());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_its_owners_and_an_old_one_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.txt");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        replace(&path, b"1").unwrap();
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"2").unwrap();
        assert_eq!(mode(), 0o640);
    }
}
