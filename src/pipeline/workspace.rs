//! The workspace folder: creation, configuration, stored roots.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

use super::PipelineError;
use crate::{
    catalog::Catalog,
    config::{self, Config},
    diag::Diagnostic,
    files,
    matching::Calibration,
    store::Store,
};

/// An open workspace.
pub struct Workspace {
    pub dir: PathBuf,
    pub config: Config,
    /// The shipped catalogue with the organisation's own overlay.
    pub catalog: Cow<'static, Catalog>,
    /// The organisation's own calibration, or the shipped one.
    pub calibration: Calibration,
    pub store: Store,
    /// What the user should know about how it was opened.
    pub notices: Vec<Diagnostic>,
    /// What the configuration's relative files are relative to.
    config_dir: PathBuf,
    /// Text that `evimap.toml` gets once the sources turned out readable.
    pending: Option<String>,
    created: bool,
}

impl Workspace {
    /// Opens a workspace for writing, creating it first if there is none. Sources, if given, become
    /// the stored roots.
    ///
    /// # Errors
    /// The folder is something else, a configuration has faults, or a source is missing. Nothing
    /// is changed then.
    pub fn open_or_create(dir: &Path, sources: &[PathBuf]) -> Result<Self, PipelineError> {
        if Store::exists(dir) && !unfinished(dir) {
            Self::open(dir, sources)
        } else {
            Self::create(dir, sources)
        }
    }

    /// Creates a workspace. Its configuration is the first source's `evimap.toml` if there is one,
    /// else the commented template.
    ///
    /// # Errors
    /// As [`Workspace::open_or_create`]; also if the folder is not empty.
    pub fn create(dir: &Path, sources: &[PathBuf]) -> Result<Self, PipelineError> {
        let roots = absolute(sources)?;
        let mut notices = Vec::new();
        let file = dir.join("evimap.toml");
        let (origin, text) = if file.is_file() {
            (file.clone(), read(&file)?)
        } else if let Some(own) =
            roots.iter().map(|root| root.join("evimap.toml")).find(|own| own.is_file())
        {
            notices.push(Diagnostic::note(
                "config",
                format!("configuration taken from {}", own.display()),
            ));
            let text = read(&own)?;
            (own, text)
        } else {
            refuse_strangers(dir)?;
            (file.clone(), config::TEMPLATE.to_owned())
        };
        let mut config =
            Config::parse(&origin.display().to_string(), &text).map_err(PipelineError::Input)?;
        let origin_dir = origin.parent().unwrap_or(Path::new("."));
        let catalog = Catalog::load_with(origin_dir, &config).map_err(PipelineError::Input)?;
        let calibration = calibration(origin_dir, &config)?;
        let mut text =
            if origin == file { text } else { Config::with_files_below(&text, origin_dir) };
        if !roots.is_empty() {
            config.roots = as_text(&roots);
            text = Config::with_roots(&text, &config.roots);
        }
        let store = if unfinished(dir) { Store::open_for_write(dir)? } else { Store::create(dir)? };
        let (dir, config_dir) = (dir.to_owned(), origin_dir.to_owned());
        Ok(Self {
            dir,
            config_dir,
            config,
            catalog,
            calibration,
            store,
            notices,
            pending: Some(text),
            created: true,
        })
    }

    /// Opens an existing workspace for writing.
    ///
    /// # Errors
    /// As [`Workspace::open_or_create`].
    pub fn open(dir: &Path, sources: &[PathBuf]) -> Result<Self, PipelineError> {
        let roots = absolute(sources)?;
        let store = Store::open_for_write(dir)?;
        // Whatever is done next rests on decisions; a ledger that somebody changed ends it here.
        store.verify_ledger()?;
        sweep(dir);
        let file = dir.join("evimap.toml");
        let text = read(&file)?;
        let mut config =
            Config::parse(&file.display().to_string(), &text).map_err(PipelineError::Input)?;
        let catalog = Catalog::load_with(dir, &config).map_err(PipelineError::Input)?;
        let calibration = calibration(dir, &config)?;
        let mut notices = Vec::new();
        if let Some(copy) = store.migrated() {
            let message = format!(
                "the state was brought to the layout of this version; a copy of before is {}",
                copy.display()
            );
            notices.push(Diagnostic::note("migrated", message));
        }
        let mut pending = None;
        let wanted = as_text(&roots);
        if !wanted.is_empty() && wanted != config.roots {
            if !config.roots.is_empty() {
                let message = format!(
                    "stored sources {} replaced by {}",
                    config.roots.join(", "),
                    wanted.join(", ")
                );
                notices.push(Diagnostic::note("source", message));
            }
            pending = Some(Config::with_roots(&text, &wanted));
            config.roots = wanted;
        }
        let (dir, config_dir) = (dir.to_owned(), dir.to_owned());
        Ok(Self {
            dir,
            config_dir,
            config,
            catalog,
            calibration,
            store,
            notices,
            pending,
            created: false,
        })
    }

    /// Writes the configuration that opening led to; call it once the sources turned out readable.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn commit(&mut self) -> Result<(), PipelineError> {
        if let Some(text) = self.pending.take() {
            super::files::replace(&self.dir.join("evimap.toml"), text.as_bytes())?;
        }
        self.created = false;
        Ok(())
    }

    /// The folder that the configuration's relative files are relative to.
    pub(super) fn config_dir(&self) -> &Path {
        &self.config_dir
    }

    /// Whether opening changed the configuration, and [`Workspace::commit`] has still to write it.
    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Takes a workspace back that was created for a source with nothing in it.
    pub fn discard(self) {
        let Self { dir, store, created, .. } = self;
        drop(store);
        if created {
            // Whatever can't be removed is an empty workspace, which does no harm.
            let _ = fs::remove_dir_all(dir.join(".evimap"));
            let _ = fs::remove_dir(dir);
        }
    }

    /// Opens an existing workspace without taking its write lock.
    ///
    /// # Errors
    /// It is none, or its configuration has faults.
    pub fn open_read(dir: &Path) -> Result<(Config, Store), PipelineError> {
        let store = Store::open_read(dir)?;
        let config = Config::load(&dir.join("evimap.toml")).map_err(PipelineError::Input)?;
        Ok((config, store))
    }

    /// The stored roots as absolute paths.
    ///
    /// # Errors
    /// There are none.
    pub fn roots(&self) -> Result<Vec<PathBuf>, PipelineError> {
        if self.config.roots.is_empty() {
            return Err(PipelineError::input(
                "source",
                "no source is given and none is stored",
                "name a folder: evimap run SOURCE -w WORKSPACE",
            ));
        }
        Ok(self.config.roots.iter().map(|root| self.dir.join(root)).collect())
    }
}

/// The calibration that a configuration names, relative to its folder; the shipped one if none.
///
/// # Errors
/// The file can't be read or used.
pub(super) fn calibration(dir: &Path, config: &Config) -> Result<Calibration, PipelineError> {
    let Some(name) = &config.calibration else { return Ok(Calibration::shipped()) };
    let file = dir.join(name);
    let fault = |why: String, help: &str| {
        let fault = Diagnostic::error("calibration", why).in_file(file.display().to_string());
        PipelineError::Input(vec![fault.help(help)])
    };
    let text = fs::read_to_string(&file).map_err(|error| {
        let why = format!("can't be read: {error}");
        fault(why, "correct `matching.calibration` in evimap.toml, or remove it")
    })?;
    Calibration::parse(&text).map_err(|why| {
        let help = "make it again with `evimap eval --decisions -w WORKSPACE --fit --write`, after \
            taking `matching.calibration` out of evimap.toml";
        fault(format!("can't be used: {why}"), help)
    })
}

/// Whether somebody was killed while this workspace was made: there is a state with nothing in it, and
/// no configuration.
fn unfinished(dir: &Path) -> bool {
    let empty = |store: Store| -> Result<bool, crate::store::StoreError> {
        let nothing_said = store.entry_of_head(&store.ledger_head()?)? == Some(0);
        Ok(nothing_said && store.runs()?.is_empty())
    };
    !dir.join("evimap.toml").exists()
        && Store::exists(dir)
        && Store::open_read(dir).and_then(empty).unwrap_or(false)
}

/// Folders of a workspace that drafts of files are written in.
pub(super) fn drafted(dir: &Path) -> [PathBuf; 3] {
    [dir.to_owned(), dir.join("reports"), dir.join("review")]
}

/// Removes drafts that killed processes left. Only for the holder of the write lock.
fn sweep(dir: &Path) {
    for stray in drafted(dir).iter().flat_map(|folder| files::strays(folder)) {
        // It does no harm where it can't be removed; `evimap doctor` names it.
        let _ = fs::remove_file(stray);
    }
}

fn absolute(sources: &[PathBuf]) -> Result<Vec<PathBuf>, PipelineError> {
    let mut faults = Vec::new();
    let mut roots = Vec::new();
    for source in sources {
        match fs::canonicalize(source) {
            Ok(path) => roots.push(path),
            Err(error) => faults.push(
                Diagnostic::error("source", format!("source can't be read: {error}"))
                    .in_file(source.display().to_string())
                    .help("check the path; nothing was changed"),
            ),
        }
    }
    if faults.is_empty() { Ok(roots) } else { Err(PipelineError::Input(faults)) }
}

fn as_text(roots: &[PathBuf]) -> Vec<String> {
    roots.iter().map(|root| root.to_string_lossy().into_owned()).collect()
}

fn read(file: &Path) -> Result<String, PipelineError> {
    fs::read_to_string(file).map_err(|error| {
        PipelineError::Input(vec![
            Diagnostic::error("config", format!("can't be read: {error}"))
                .in_file(file.display().to_string())
                .help("put the file back, or create a new workspace with `evimap init`"),
        ])
    })
}

/// A folder with somebody's files in it does not become a workspace by a slip of the hand.
fn refuse_strangers(dir: &Path) -> Result<(), PipelineError> {
    let Ok(entries) = fs::read_dir(dir) else { return Ok(()) };
    let strangers: Vec<String> =
        entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).take(3).collect();
    if strangers.is_empty() || strangers == [".evimap"] {
        return Ok(());
    }
    Err(PipelineError::input(
        "workspace",
        format!(
            "{} is not an evimap workspace and not empty (it holds {})",
            dir.display(),
            strangers.join(", ")
        ),
        "name a new folder with -w; nothing was changed",
    ))
}
