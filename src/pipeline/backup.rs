//! One file that a workspace can be made from again: a consistent copy of the state, the configuration,
//! the review files and what the configuration names. Reports are left out; they can be written again.

use std::{
    fs::{self, File},
    io::{Read, Seek, Write},
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{PROGRAM_VERSION, PipelineError};
use crate::{config::Config, files, store::Store};

const MANIFEST: &str = "manifest.json";
const STATE: &str = "state.sqlite";
const CONFIG: &str = "evimap.toml";
/// Folders in the archive whose files lie below the workspace under the same name.
const FOLDERS: [&str; 3] = ["review", "files", "outside"];
/// A longer manifest is not one of ours.
const MANIFEST_BYTES: u64 = 64 << 20;

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    schema_version: u32,
    program: String,
    workspace: String,
    ledger_entries: u64,
    ledger_head: String,
    files: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    name: String,
    size: u64,
    sha256: String,
}

/// What a backup holds, or a restored workspace has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    pub workspace: String,
    pub files: usize,
    pub ledger_entries: u64,
    pub ledger_head: String,
    /// Paths that lay outside the workspace and are in its `outside` folder now.
    pub outside: Vec<String>,
}

/// Writes a backup; also while another process writes to the workspace.
///
/// # Errors
/// The file exists, the ledger is broken (an older backup is worth more then), a file can't be read
/// or written. Nothing is left behind.
pub fn backup(dir: &Path, file: &Path) -> Result<BackedUp, PipelineError> {
    if file.exists() {
        return Err(PipelineError::input(
            "backup",
            format!("{} is there already", file.display()),
            "name a new file, for example with the date in it",
        ));
    }
    let store = Store::open_read(dir)?;
    store.verify_ledger()?;
    let missing = store.missing_guards()?;
    if !missing.is_empty() {
        return Err(PipelineError::input(
            "backup",
            format!("{} has lost its guards {}", store.path().display(), missing.join(", ")),
            "somebody was at the state; the ledger is whole: run `evimap doctor --fix`",
        ));
    }
    let folder = files::folder_of(file);
    let fail = |error: std::io::Error| cannot(file, &error);
    // Copied first: what is verified is what goes in.
    let scratch =
        tempfile::Builder::new().prefix(".evimap-backup-").tempdir_in(folder).map_err(fail)?;
    let copied = scratch.path().join("copy");
    fs::create_dir_all(copied.join(".evimap")).map_err(fail)?;
    let state = Store::file(&copied);
    store.copy_to(&state)?;
    let copy = Store::open_read(&copied)?;
    copy.check()?;
    let (ledger_entries, ledger_head) = (copy.verify_ledger()?, copy.ledger_head()?);
    drop(copy);

    let (found, outside) = members(dir)?;
    let draft = scratch.path().join("backup.zip");
    let mut zip = ZipWriter::new(File::create_new(&draft).map_err(fail)?);
    let mut written = Vec::new();
    let sources = std::iter::once((STATE.to_owned(), state)).chain(found);
    for (name, path) in sources {
        written.push(add(&mut zip, name, &path).map_err(|error| cannot(&path, &error))?);
    }
    let manifest = Manifest {
        schema_version: 1,
        program: PROGRAM_VERSION.to_owned(),
        workspace: store.workspace_id().to_owned(),
        ledger_entries,
        ledger_head: ledger_head.clone(),
        files: written,
    };
    let text = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| PipelineError::Internal(error.to_string()))?;
    let finish = |zip: &mut ZipWriter<File>| -> std::io::Result<()> {
        zip.start_file(MANIFEST, options())?;
        zip.write_all(&text)
    };
    finish(&mut zip).map_err(fail)?;
    let done = zip.finish().map_err(|error| fail(error.into()))?;
    private(&done).map_err(fail)?;
    done.sync_all().map_err(fail)?;
    fs::rename(&draft, file).map_err(fail)?;
    files::sync_folder(folder).map_err(fail)?;
    let workspace = manifest.workspace;
    Ok(BackedUp { workspace, files: manifest.files.len(), ledger_entries, ledger_head, outside })
}

/// Makes a workspace from a backup, in a folder that is missing or empty. It gets its name when
/// everything was read, matches the backup's list, and the ledger was verified.
///
/// # Errors
/// The folder holds something, or the backup is damaged, hostile or of a newer version. The folder
/// is as it was then.
pub fn restore(file: &Path, dir: &Path) -> Result<BackedUp, PipelineError> {
    let entries = fs::read_dir(dir).map(Iterator::count);
    if dir.exists() && !matches!(entries, Ok(0)) {
        return Err(PipelineError::input(
            "restore",
            format!("{} is not an empty folder", dir.display()),
            "name a new folder with -w, or move the old workspace away first",
        ));
    }
    let opened = File::open(file).map_err(|error| {
        let message = format!("{} can't be read: {error}", file.display());
        PipelineError::input("restore", message, "check the path")
    })?;
    let mut archive = ZipArchive::new(opened).map_err(|error| damaged(file, &error.to_string()))?;
    let manifest = manifest(file, &mut archive)?;

    let parent = files::folder_of(dir);
    let fail = |error: std::io::Error| cannot(dir, &error);
    fs::create_dir_all(parent).map_err(fail)?;
    let made =
        tempfile::Builder::new().prefix(".evimap-restore-").tempdir_in(parent).map_err(fail)?;
    let fresh = made.path().join("workspace");
    fs::create_dir(&fresh).map_err(fail)?;
    for member in &manifest.files {
        let place = place(&member.name).ok_or_else(|| {
            damaged(file, &format!("it has a file that is none of a workspace: {:?}", member.name))
        })?;
        unpack(file, &mut archive, member, &fresh.join(place))?;
    }
    let store = Store::open_for_write(&fresh)?;
    store.check()?;
    let (entries, head) = (store.verify_ledger()?, store.ledger_head()?);
    if (&head, store.workspace_id()) != (&manifest.ledger_head, manifest.workspace.as_str()) {
        return Err(damaged(file, "its state is not the one that its list speaks of"));
    }
    drop(store);
    if dir.exists() {
        fs::remove_dir(dir).map_err(fail)?;
    }
    fs::rename(&fresh, dir).map_err(fail)?;
    files::sync_folder(parent).map_err(fail)?;
    let outside = dir.join("outside").is_dir().then(|| dir.join("outside").display().to_string());
    Ok(BackedUp {
        workspace: manifest.workspace,
        files: manifest.files.len(),
        ledger_entries: entries,
        ledger_head: head,
        outside: outside.into_iter().collect(),
    })
}

/// Name in the archive and path of each file that belongs to a workspace, and what lies outside.
type Members = (Vec<(String, PathBuf)>, Vec<String>);

fn members(dir: &Path) -> Result<Members, PipelineError> {
    let config_file = dir.join(CONFIG);
    let mut found = vec![(CONFIG.to_owned(), config_file.clone())];
    let mut outside = Vec::new();
    tree(&dir.join("review"), "review", &mut found).map_err(|error| cannot(dir, &error))?;
    // A configuration with faults is saved as it is; what it names is not known then.
    if let Ok(config) = Config::load(&config_file) {
        for (name, kind) in [(config.overlay, "overlay"), (config.calibration, "calibration")] {
            let Some(name) = name else { continue };
            let plain = Path::new(&name).components().all(|c| matches!(c, Component::Normal(_)));
            let path = dir.join(&name);
            let stem = if plain {
                format!("files/{}", slashes(Path::new(&name)))
            } else {
                outside.push(path.display().to_string());
                let last = path.file_name().map_or(kind.into(), |n| n.to_string_lossy());
                format!("outside/{kind}/{last}")
            };
            if path.is_dir() {
                tree(&path, &stem, &mut found).map_err(|error| cannot(&path, &error))?;
            } else if path.is_file() {
                found.push((stem, path));
            }
        }
    }
    Ok((found, outside))
}

/// All regular files below a folder, sorted; links are not followed, drafts left out.
fn tree(folder: &Path, stem: &str, found: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let strays = files::strays(folder);
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = format!("{stem}/{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            tree(&path, &name, found)?;
        } else if kind.is_file() && !strays.contains(&path) {
            found.push((name, path));
        }
    }
    Ok(())
}

fn slashes(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true)
        .unix_permissions(0o600)
}

fn add(zip: &mut ZipWriter<File>, name: String, path: &Path) -> std::io::Result<Member> {
    let mut source = File::open(path)?;
    zip.start_file(&name, options())?;
    let (size, sha256) = copy(&mut source, zip, u64::MAX)?;
    Ok(Member { name, size, sha256 })
}

/// Copies up to `most` bytes; gives how many, and their hash.
fn copy(from: &mut impl Read, to: &mut impl Write, most: u64) -> std::io::Result<(u64, String)> {
    let (mut hasher, mut part, mut size) = (Sha256::new(), vec![0; 1 << 16], 0);
    let mut from = from.take(most);
    loop {
        let read = from.read(&mut part)?;
        if read == 0 {
            return Ok((size, data_encoding::HEXLOWER.encode(&hasher.finalize())));
        }
        hasher.update(&part[..read]);
        to.write_all(&part[..read])?;
        size += read as u64;
    }
}

fn manifest(
    file: &Path,
    archive: &mut ZipArchive<impl Read + Seek>,
) -> Result<Manifest, PipelineError> {
    let mut text = Vec::new();
    let found = archive.by_name(MANIFEST).map_err(|_| damaged(file, "it has no list of files"))?;
    found
        .take(MANIFEST_BYTES)
        .read_to_end(&mut text)
        .map_err(|error| damaged(file, &error.to_string()))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| damaged(file, &format!("its list of files: {error}")))?;
    if manifest.schema_version != 1 {
        return Err(PipelineError::input(
            "restore",
            format!("{} was written by a newer evimap ({})", file.display(), manifest.program),
            "update evimap",
        ));
    }
    if !manifest.files.iter().any(|member| member.name == STATE) {
        return Err(damaged(file, "it has no state"));
    }
    Ok(manifest)
}

/// Where a file of the archive belongs in a workspace. `None` for a name that could lead out of it or
/// into what is not its own.
fn place(name: &str) -> Option<PathBuf> {
    if name == STATE {
        return Some(Path::new(".evimap").join(STATE));
    }
    let parts: Vec<&str> = name.split('/').collect();
    let sound = |part: &&str| {
        let bad = |c: char| c.is_control() || matches!(c, '\\' | ':');
        !matches!(*part, "" | "." | ".." | ".evimap") && !part.contains(bad)
    };
    if !parts.iter().all(sound) {
        return None;
    }
    match parts[..] {
        [CONFIG] => Some(CONFIG.into()),
        ["files", ref rest @ ..] if !rest.is_empty() => Some(rest.iter().collect()),
        [top, _, ..] if FOLDERS.contains(&top) => Some(parts.iter().collect()),
        _ => None,
    }
}

fn unpack(
    file: &Path,
    archive: &mut ZipArchive<impl Read + Seek>,
    member: &Member,
    path: &Path,
) -> Result<(), PipelineError> {
    let fail = |error: std::io::Error| cannot(path, &error);
    make_folder(files::folder_of(path)).map_err(fail)?;
    let mut found = archive
        .by_name(&member.name)
        .map_err(|error| damaged(file, &format!("{}: {error}", member.name)))?;
    // A name that comes twice is refused here.
    let mut out = File::create_new(path).map_err(fail)?;
    private(&out).map_err(fail)?;
    let (size, sha256) = copy(&mut found, &mut out, member.size.saturating_add(1))
        .map_err(|error| damaged(file, &format!("{}: {error}", member.name)))?;
    if (size, &sha256) != (member.size, &member.sha256) {
        return Err(damaged(file, &format!("{} is not what was saved", member.name)));
    }
    out.sync_all().map_err(fail)
}

fn make_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private(file: &File) -> std::io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let _ = file;
    Ok(())
}

fn cannot(path: &Path, error: &std::io::Error) -> PipelineError {
    PipelineError::Internal(format!(
        "{}: {error}; check space and permissions, then run again",
        path.display()
    ))
}

fn damaged(file: &Path, why: &str) -> PipelineError {
    PipelineError::input(
        "restore",
        format!("{} is no sound backup: {why}", file.display()),
        "take another backup; nothing was changed",
    )
}
