//! The lock of the one process that writes: held by the operating system, so it goes with the process
//! however that ends. What the file says is for people; nothing is decided by it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::StoreError;

/// Longest command line that is shown, in characters.
const COMMAND: usize = 200;

/// Held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock of a workspace's `.evimap` folder, or says who has it.
    pub(super) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("lock");
        let mut file = private_file(&path).map_err(|error| StoreError::io(&path, error))?;
        match file.try_lock() {
            Ok(()) => {
                // A full disk must not keep anybody from reading what is there.
                let _ = sign(&mut file);
                Ok(Self(file))
            }
            Err(TryLockError::WouldBlock) => {
                Err(StoreError::Locked { holder: holder(&path), path })
            }
            Err(TryLockError::Error(error)) => Err(StoreError::io(&path, error)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // An empty file says that its last owner ended by itself.
        let _ = self.0.set_len(0);
    }
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    let words: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let command: String = words.join(" ").chars().take(COMMAND).collect();
    let command: String = command.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = format!("pid {} on {}, `{command}`", std::process::id(), host());
    file.write_all(text.as_bytes())
}

/// Who holds a lock, or held it when it was killed; empty if nobody signed.
pub(super) fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_string(&mut text));
    if read.is_err() || text.is_empty() {
        return String::new();
    }
    // When the file was last written is when it was signed.
    let since = fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let since = since.and_then(|time| {
        OffsetDateTime::from(time).replace_nanosecond(0).ok()?.format(&Rfc3339).ok()
    });
    since.map_or(text.clone(), |since| format!("{text}, since {since}"))
}

#[cfg(unix)]
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".to_owned())
}

/// Opens a file, or makes one that on Unix only its owner can read.
pub(super) fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The lock file of a workspace.
pub(super) fn file(workspace: &Path) -> PathBuf {
    workspace.join(".evimap").join("lock")
}
