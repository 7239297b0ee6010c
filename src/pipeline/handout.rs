//! Review files on their way to people: whole or in parts, as CSV or as workbooks, never over what
//! somebody typed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{PROGRAM_VERSION, PipelineError, Workspace, ingest::named};
use crate::{
    catalog::Catalog,
    diag::Diagnostic,
    domain::{Assessment, Date, Language, TargetId},
    review::{self, Dress, Facts, Last, Rules, Split, SplitBy, Table},
    words::Words,
};

/// In which form review files go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    #[default]
    Csv,
    Xlsx,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Csv => ".csv",
            Self::Xlsx => ".xlsx",
        }
    }
}

/// How review files go out.
#[derive(Debug, Clone, Default)]
pub struct Handout {
    pub form: Form,
    /// One file each if `None`.
    pub split: Option<Split>,
}

impl Handout {
    /// From what a command line says: a split, or a file of rules.
    ///
    /// # Errors
    /// The file can't be read, or all that is wrong with it.
    pub fn new(
        workspace: &Workspace,
        form: Form,
        by: Option<SplitBy>,
        assign: Option<&Path>,
    ) -> Result<Self, PipelineError> {
        let Some(path) = assign else { return Ok(Self { form, split: by.map(Split::By) }) };
        let file = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| {
            PipelineError::input(
                "assign",
                format!("{file} can't be read: {error}"),
                "check the path",
            )
        })?;
        let rules = Rules::parse(&file, &text, &workspace.catalog, &workspace.config.systems)
            .map_err(PipelineError::Input)?;
        Ok(Self { form, split: Some(Split::Rules(rules)) })
    }
}

/// What was handed out.
#[derive(Debug, Default)]
pub(super) struct Handed {
    pub(super) files: Vec<PathBuf>,
    /// Files that were kept, edits that wait, what a workbook can't hold.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Writes tables into `review/`, and remembers them.
pub(super) fn hand_out(
    workspace: &mut Workspace,
    catalog: &Catalog,
    tables: Vec<Table>,
    assessments: &[Assessment],
    as_of: Date,
    language: Language,
    handout: &Handout,
) -> Result<Handed, PipelineError> {
    let folder = workspace.dir.join("review");
    let internal = |error: review::GuardError| PipelineError::Internal(error.to_string());
    let owners = owners(assessments);
    let facts = Facts { catalog, owners: &owners };
    let mut out = Handed::default();
    let mut written = Vec::new();
    let places = Places::new(workspace, &folder);
    for table in tables {
        let kind = table.kind;
        let parts = match &handout.split {
            Some(split) => review::split(table, split, &facts),
            None => vec![table],
        };
        let first = written.len();
        for part in parts {
            let (part, bytes) = match handout.form {
                Form::Csv => {
                    let bytes = part.to_csv();
                    (part, bytes)
                }
                Form::Xlsx => {
                    let part = part.as_workbook();
                    let systems: Vec<String> =
                        workspace.config.systems.iter().map(|s| s.id.clone()).collect();
                    let dress = Dress {
                        as_of,
                        program: PROGRAM_VERSION,
                        words: Words::of(language),
                        systems: &systems,
                        link: &|document| places.link(document),
                    };
                    let (bytes, notes) = review::to_workbook(&part, &dress).map_err(|why| {
                        PipelineError::input("review", why, "export without --format xlsx")
                    })?;
                    out.diagnostics.extend(notes);
                    (part, bytes)
                }
            };
            let done = review::write_guarded(&folder, &part, &bytes, &|name| last(workspace, name))
                .map_err(internal)?;
            out.diagnostics.extend(done.kept);
            workspace.store.put_export(&done.file, &done.hash, &done.cells)?;
            out.files.push(done.path);
            written.push(part.name);
            written.push(done.file);
        }
        if handout.split.is_some() {
            let (removed, kept) = review::clear_former(
                &folder,
                kind,
                handout.form.ending(),
                &written[first..],
                &|name| last(workspace, name),
            )
            .map_err(internal)?;
            written.extend(kept.iter().filter_map(|d| {
                let path = Path::new(d.file.as_deref()?);
                Some(path.file_name()?.to_string_lossy().into_owned())
            }));
            out.diagnostics.extend(kept);
            out.diagnostics.extend(removed.into_iter().map(|name| {
                let message = "removed: nothing in it waits any more, and nobody edited it";
                Diagnostic::note("review-removed", message).in_file(format!("review/{name}"))
            }));
        }
    }
    // Files that were kept beside a new one are spoken of already.
    let spoken: BTreeSet<String> = out
        .diagnostics
        .iter()
        .filter_map(|d| Path::new(d.file.as_deref()?).file_name()?.to_str().map(str::to_owned))
        .chain(written)
        .collect();
    let spoken: Vec<String> = spoken.into_iter().collect();
    let waiting = review::waiting(&folder, &spoken, &|name| last(workspace, name));
    out.diagnostics.extend(waiting.map_err(internal)?);
    Ok(out)
}

/// After an import: the edits of a file in `review/` are known now and may be overwritten.
pub(super) fn imported(
    workspace: &mut Workspace,
    path: &Path,
    bytes: &[u8],
) -> Result<(), PipelineError> {
    let folder = workspace.dir.join("review");
    let inside = fs::canonicalize(path)
        .ok()
        .zip(fs::canonicalize(folder).ok())
        .is_some_and(|(file, folder)| file.parent() == Some(folder.as_path()));
    let Some(name) = path.file_name().map(|n| n.to_string_lossy().into_owned()) else {
        return Ok(());
    };
    if !inside {
        return Ok(());
    }
    let before = last(workspace, &name).map(|last| last.cells);
    if let Some(now) = review::imported_cells(&name, bytes, before.as_ref()) {
        workspace.store.put_export(&name, &now.hash, &now.cells)?;
    }
    Ok(())
}

pub(super) fn last(workspace: &Workspace, name: &str) -> Option<Last> {
    let export = workspace.store.last_export(name).ok().flatten()?;
    Some(Last { hash: export.hash, cells: export.cells })
}

fn owners(assessments: &[Assessment]) -> BTreeMap<(TargetId, Option<String>), String> {
    let named = assessments.iter().filter_map(|a| {
        let owner = a.position.as_ref()?.owner.clone();
        Some(((a.target.clone(), a.system.clone()), owner))
    });
    named.collect()
}

/// Where documents lie, seen from the folder of the review files.
struct Places {
    /// Names of the roots (blank for a single one), where they lie, and the way there.
    roots: Vec<(String, PathBuf, String)>,
}

impl Places {
    fn new(workspace: &Workspace, folder: &Path) -> Self {
        let dir = fs::canonicalize(&workspace.dir).unwrap_or_else(|_| workspace.dir.clone());
        let from = dir.join(folder.file_name().unwrap_or_default());
        let roots = workspace.roots().unwrap_or_default();
        let several = roots.len() > 1;
        let known = named(&roots).into_iter().filter_map(|root| {
            let path = fs::canonicalize(&root.path).ok()?;
            let way = way(&from, &path)?;
            Some((if several { root.name } else { String::new() }, path, way))
        });
        Self { roots: known.collect() }
    }

    /// The way to a document's file, or to the archive or mail that holds it.
    fn link(&self, document: &str) -> Option<String> {
        let (root, rest) = self.roots.iter().find_map(|(name, path, way)| {
            let rest = if name.is_empty() {
                document
            } else {
                document.strip_prefix(name.as_str())?.strip_prefix('/')?
            };
            Some(((path, way), rest))
        })?;
        let (path, way) = root;
        if path.is_file() {
            return Some(encode(way));
        }
        let mut part = Path::new(rest);
        loop {
            if part.as_os_str().is_empty() {
                return None;
            }
            if path.join(part).is_file() {
                let below = part.to_string_lossy().replace('\\', "/");
                return Some(encode(&format!("{way}/{below}")));
            }
            part = part.parent()?;
        }
    }
}

/// The relative path from a folder to a place; an absolute one where they share nothing.
fn way(from: &Path, to: &Path) -> Option<String> {
    let (a, b): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = a.iter().zip(&b).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return to.to_str().map(|text| text.replace('\\', "/"));
    }
    let mut parts = vec!["..".to_owned(); a.len() - shared];
    for part in &b[shared..] {
        parts.push(part.as_os_str().to_str()?.to_owned());
    }
    Some(parts.join("/"))
}

/// Percent-encodes what a link can't hold as it is.
fn encode(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~' | b':') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_file_is_relative_and_encoded() {
        let way = |from: &str, to: &str| way(Path::new(from), Path::new(to)).unwrap();
        assert_eq!(way("/a/w/review", "/a/isms"), "../../isms");
        assert_eq!(way("/a/w/review", "/a/w/review/x"), "x");
        assert_eq!(encode("../Maß nahme #1%.pdf"), "../Ma%C3%9F%20nahme%20%231%25.pdf");
    }
}
