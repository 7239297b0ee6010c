//! Finds the files of the source roots. Only `.evimapignore` files and the configured patterns
//! exclude; git's ignore files play no part. Whatever is left out is listed with its reason.

use std::{
    collections::{BTreeSet, VecDeque},
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
    rc::Rc,
    time::UNIX_EPOCH,
};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use crate::diag::Diagnostic;

/// A folder to read, or a single file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// First part of document names where there are several roots.
    pub name: String,
    pub path: PathBuf,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Index into the roots.
    pub root: usize,
    /// Absolute path.
    pub path: PathBuf,
    /// Document name: relative to its root with `/`, after the root's name if there are several
    /// roots. Bytes that are not UTF-8 are percent-encoded.
    pub rel: String,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970; negative before.
    pub mtime_ns: i128,
}

/// A path that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub rel: String,
    pub why: &'static str,
}

/// What a walk gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Walked {
    /// Sorted by `rel`.
    pub found: Vec<Found>,
    /// Sorted by `rel`. A folder counts once, not for each file in it.
    pub skipped: Vec<Skipped>,
    /// What could not be looked at.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a walk can't start.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    #[error("source {path}: {source}", path = .path.display())]
    Root { path: PathBuf, source: io::Error },
    #[error("exclude pattern `{pattern}`: {source}")]
    Pattern { pattern: String, source: ignore::Error },
}

/// Walks the roots. `exclude` holds gitignore-style patterns relative to each root.
/// Symbolic links are followed only with `follow_links`, then also out of their root, and after
/// everything else: what is found without a link keeps its own name, and no folder or file is given
/// twice. So links can't lead in circles, nor multiply what they lead to.
///
/// # Errors
/// A root does not exist or can't be read, or a pattern is malformed. Trouble below a root is a
/// diagnostic.
pub fn walk(roots: &[Root], exclude: &[String], follow_links: bool) -> Result<Walked, WalkError> {
    let mut walker = Walker { follow_links, ..Walker::default() };
    for (index, root) in roots.iter().enumerate() {
        let fail = |source| WalkError::Root { path: root.path.clone(), source };
        let base = fs::canonicalize(&root.path).map_err(fail)?;
        let prefix = if roots.len() > 1 { format!("{}/", root.name) } else { String::new() };
        let meta = fs::metadata(&base).map_err(fail)?;
        if !meta.is_dir() {
            if !meta.is_file() {
                return Err(fail(io::Error::other("neither a folder nor a regular file")));
            }
            let rel = prefix + &shown(base.file_name().unwrap_or_default());
            walker.seen.insert(base.clone());
            walker.out.found.push(found(index, base, rel, &meta));
            continue;
        }
        fs::read_dir(&base).map_err(fail)?;
        let patterns = patterns(&base, exclude)?;
        let rules = vec![Rc::new(patterns)];
        walker.run(Folder { root: index, path: base.clone(), real: base, prefix, rules });
    }
    walker.follow();
    let mut out = walker.out;
    out.found.sort_by(|a, b| a.rel.cmp(&b.rel).then(a.root.cmp(&b.root)));
    out.skipped.sort_by(|a, b| a.rel.cmp(&b.rel));
    Ok(out)
}

fn patterns(base: &Path, exclude: &[String]) -> Result<Gitignore, WalkError> {
    let mut builder = GitignoreBuilder::new(base);
    for pattern in exclude {
        let fail = |source| WalkError::Pattern { pattern: pattern.clone(), source };
        builder.add_line(None, pattern).map_err(fail)?;
    }
    builder.build().map_err(|source| WalkError::Pattern { pattern: exclude.join(", "), source })
}

fn found(root: usize, path: PathBuf, rel: String, meta: &fs::Metadata) -> Found {
    let mtime_ns = meta.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    });
    Found { root, path, rel, size: meta.len(), mtime_ns }
}

/// A file name as text: bytes that are not UTF-8 become `%XX`.
fn shown(name: &OsStr) -> String {
    let mut out = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[derive(Default)]
struct Walker {
    follow_links: bool,
    /// The folders are read and the links' turn has come.
    following: bool,
    out: Walked,
    /// Canonical paths of the folders that were read and the files that were found.
    seen: BTreeSet<PathBuf>,
    /// Links that were met, for later.
    links: VecDeque<Link>,
}

/// A folder to be read.
#[derive(Clone)]
struct Folder {
    root: usize,
    /// As it was reached.
    path: PathBuf,
    /// Without links.
    real: PathBuf,
    prefix: String,
    /// Rules that hold here, the nearest last.
    rules: Vec<Rc<Gitignore>>,
}

/// A symbolic link in a folder.
struct Link {
    folder: Folder,
    name: OsString,
}

impl Walker {
    /// Reads a folder and all below it, leaving links for later.
    fn run(&mut self, top: Folder) {
        let mut todo = vec![top];
        while let Some(mut folder) = todo.pop() {
            let fresh = self.seen.insert(folder.real.clone());
            // Sources may lie within each other; what a link leads to is not given twice.
            if self.following && !fresh {
                let rel = folder.prefix.trim_end_matches('/').to_owned();
                self.out.skipped.push(Skipped { rel, why: "folder that is read already" });
                continue;
            }
            let ignore_file = folder.path.join(".evimapignore");
            if ignore_file.is_file() {
                let (rules, error) = Gitignore::new(&ignore_file);
                folder.rules.push(Rc::new(rules));
                if let Some(error) = error {
                    let rel = format!("{}.evimapignore", folder.prefix);
                    self.note("ignore-file", rel, format!("some lines don't count: {error}"));
                }
            }
            match fs::read_dir(&folder.path) {
                Ok(entries) => {
                    for entry in entries {
                        match entry {
                            Ok(entry) => self.entry(&folder, entry.file_name(), &mut todo),
                            Err(error) => self.unreadable(&folder, &error),
                        }
                    }
                }
                Err(error) => self.unreadable(&folder, &error),
            }
        }
    }

    fn note(&mut self, code: &str, rel: String, message: String) {
        self.out.diagnostics.push(Diagnostic::warning(code, message).in_file(rel));
    }

    fn unreadable(&mut self, folder: &Folder, error: &io::Error) {
        let rel = folder.prefix.trim_end_matches('/').to_owned();
        self.out.diagnostics.push(
            Diagnostic::error("folder-unreadable", format!("can't be listed: {error}"))
                .in_file(rel)
                .help("check the permissions; nothing below it was read"),
        );
    }

    fn entry(&mut self, folder: &Folder, name: OsString, todo: &mut Vec<Folder>) {
        let path = folder.path.join(&name);
        let rel = format!("{}{}", folder.prefix, shown(&name));
        let mut skip = |why| self.out.skipped.push(Skipped { rel: rel.clone(), why });
        let Ok(meta) = fs::symlink_metadata(&path) else {
            return skip("vanished while walking");
        };
        if meta.is_symlink() {
            if !self.follow_links {
                return skip("symbolic link (--follow-links follows it)");
            }
            return self.links.push_back(Link { folder: folder.clone(), name });
        }
        let real = folder.real.join(&name);
        self.take(folder, &name, Reached { path, rel, real, meta }, todo);
    }

    /// Follows the links, those in the folders that they lead to as well.
    fn follow(&mut self) {
        self.following = true;
        // The order in which a folder lists its entries is not to decide who comes first.
        let key = |link: &Link| (link.folder.root, link.folder.path.join(&link.name));
        self.links.make_contiguous().sort_by_key(key);
        while let Some(Link { folder, name }) = self.links.pop_front() {
            let path = folder.path.join(&name);
            let rel = format!("{}{}", folder.prefix, shown(&name));
            let mut skip = |why| self.out.skipped.push(Skipped { rel: rel.clone(), why });
            let target = fs::canonicalize(&path).and_then(|real| Ok((fs::metadata(&real)?, real)));
            let Ok((meta, real)) = target else {
                skip("symbolic link to nowhere or in a circle");
                continue;
            };
            if self.seen.contains(&real) {
                skip("symbolic link to what is read already");
                continue;
            }
            let mut todo = Vec::new();
            self.take(&folder, &name, Reached { path, rel, real, meta }, &mut todo);
            let before = self.links.len();
            for folder in todo {
                self.run(folder);
            }
            self.links.make_contiguous()[before..].sort_by_key(key);
        }
    }

    /// Takes a file, or a folder for later, unless something speaks against it.
    fn take(&mut self, folder: &Folder, name: &OsStr, at: Reached, todo: &mut Vec<Folder>) {
        let Reached { path, rel, real, meta } = at;
        let mut skip = |why| self.out.skipped.push(Skipped { rel: rel.clone(), why });
        if let Some(why) = unwanted(name, meta.is_dir()) {
            return skip(why);
        }
        // By where it lies, not by the name of a link that leads there.
        let own = matches!(real.file_name().and_then(OsStr::to_str), Some("review" | "reports"));
        if own && meta.is_dir() && real.parent().is_some_and(is_workspace) {
            return skip("output of evimap");
        }
        if excluded(&folder.rules, &path, meta.is_dir()) {
            return skip("excluded by a pattern");
        }
        let root = folder.root;
        if meta.is_dir() {
            if is_workspace(&path) {
                return skip("workspace of evimap");
            }
            todo.push(Folder { root, path, real, prefix: rel + "/", rules: folder.rules.clone() });
        } else if meta.is_file() {
            if self.follow_links && !self.seen.insert(real) && self.following {
                return skip("file that is read already");
            }
            self.out.found.push(found(root, path, rel, &meta));
        } else {
            skip("not a regular file");
        }
    }
}

/// A file or folder and how it was reached.
struct Reached {
    path: PathBuf,
    rel: String,
    /// Without links.
    real: PathBuf,
    meta: fs::Metadata,
}

fn is_workspace(folder: &Path) -> bool {
    folder.join(".evimap").join("state.sqlite").exists()
}

/// The nearest rules that say anything decide.
fn excluded(rules: &[Rc<Gitignore>], path: &Path, folder: bool) -> bool {
    for rule in rules.iter().rev() {
        match rule.matched(path, folder) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => {}
        }
    }
    false
}

/// Names that are never evidence.
fn unwanted(name: &OsStr, folder: bool) -> Option<&'static str> {
    let name = name.to_string_lossy();
    if folder {
        let control = matches!(&*name, "CVS" | "_darcs" | "__MACOSX" | "$RECYCLE.BIN");
        return if control {
            Some("version control or system folder")
        } else if name.starts_with('.') {
            Some("hidden folder")
        } else {
            None
        };
    }
    let lower = name.to_lowercase();
    match &*lower {
        ".ds_store" | "thumbs.db" | "desktop.ini" => return Some("system file"),
        "evimap.toml" | ".evimapignore" => return Some("configuration of evimap"),
        _ => {}
    }
    if name.starts_with("~$") || (name.starts_with(".~lock.") && name.ends_with('#')) {
        return Some("lock file");
    }
    if lower.ends_with(".tmp") || lower.ends_with('~') || lower.ends_with(".swp") {
        return Some("temporary file");
    }
    if name.starts_with('.') { Some("hidden file") } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        dir
    }

    fn root(name: &str, path: &Path) -> Root {
        Root { name: name.to_owned(), path: path.to_owned() }
    }

    fn names(walked: &Walked) -> Vec<&str> {
        walked.found.iter().map(|f| f.rel.as_str()).collect()
    }

    #[test]
    fn finds_in_order_and_counts_what_it_leaves_out() {
        let dir = tree(&[
            "b/policy.md",
            "a.md",
            ".git/config",
            "~$a.docx",
            ".~lock.a.odt#",
            "Thumbs.db",
            "evimap.toml",
            "out/.evimap/state.sqlite",
            "out/reports/gap-analysis.csv",
            "archive/2019/old.md",
        ]);
        let walked = walk(&[root("isms", dir.path())], &["archive/".to_owned()], false).unwrap();
        assert_eq!(names(&walked), ["a.md", "b/policy.md"]);
        let skipped: Vec<_> = walked.skipped.iter().map(|s| s.rel.as_str()).collect();
        assert_eq!(
            skipped,
            [".git", ".~lock.a.odt#", "Thumbs.db", "archive", "evimap.toml", "out", "~$a.docx"]
        );
        assert!(walked.found.iter().all(|f| f.path.is_absolute() && f.size == 1));
    }

    #[test]
    fn a_root_that_is_a_workspace_gives_its_sources_only() {
        let dir =
            tree(&["a.md", "reports/gap-analysis.csv", "review/risks.csv", ".evimap/state.sqlite"]);
        let walked = walk(&[root("isms", dir.path())], &[], false).unwrap();
        assert_eq!(names(&walked), ["a.md"]);
    }

    #[test]
    fn ignore_files_hold_below_them_and_git_has_no_say() {
        let dir = tree(&["a/x.md", "a/keep/y.md", "b/x.md"]);
        fs::write(dir.path().join(".gitignore"), "*\n").unwrap();
        fs::write(dir.path().join("a/.evimapignore"), "*.md\n!y.md\n").unwrap();
        let walked = walk(&[root("r", dir.path())], &[], false).unwrap();
        assert_eq!(names(&walked), ["a/keep/y.md", "b/x.md"]);
    }

    #[test]
    fn several_roots_put_their_name_first_and_a_file_can_be_a_root() {
        let (one, two) = (tree(&["x.md"]), tree(&["x.md"]));
        let roots = [root("one", one.path()), root("two", &two.path().join("x.md"))];
        assert_eq!(names(&walk(&roots, &[], false).unwrap()), ["one/x.md", "two/x.md"]);
    }

    #[test]
    fn a_missing_root_and_a_bad_pattern_are_errors() {
        let dir = tree(&[]);
        assert!(walk(&[root("r", &dir.path().join("nowhere"))], &[], false).is_err());
        assert!(walk(&[root("r", dir.path())], &["a{".to_owned()], false).is_err());
    }

    #[cfg(unix)]
    fn links(dir: &Path, all: &[(&str, &Path)]) {
        for (name, target) in all {
            std::os::unix::fs::symlink(target, dir.join(name)).unwrap();
        }
    }

    fn skipped(walked: &Walked) -> Vec<(&str, &str)> {
        walked.skipped.iter().map(|s| (s.rel.as_str(), s.why)).collect()
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_on_request_only_and_each_skipped_one_is_counted() {
        use std::os::unix::ffi::OsStrExt;
        let outside = tree(&["elsewhere.md", "deep/more.md"]);
        let dir = tree(&["sub/x.md"]);
        links(
            dir.path(),
            &[
                ("away", outside.path()),
                ("near.md", Path::new("sub/x.md")),
                ("sub/up", dir.path()),
                ("nowhere", Path::new("/nowhere/at/all")),
                ("circle", Path::new("circle")),
                (".hidden", outside.path()),
            ],
        );
        fs::write(dir.path().join(OsStr::from_bytes(b"caf\xe9.md")), "x").unwrap();
        let walked = walk(&[root("r", dir.path())], &[], false).unwrap();
        assert_eq!(names(&walked), ["caf%E9.md", "sub/x.md"]);
        let why = "symbolic link (--follow-links follows it)";
        let all = [".hidden", "away", "circle", "near.md", "nowhere", "sub/up"];
        assert_eq!(skipped(&walked), all.map(|name| (name, why)));

        let walked = walk(&[root("r", dir.path())], &[], true).unwrap();
        assert_eq!(
            names(&walked),
            ["away/deep/more.md", "away/elsewhere.md", "caf%E9.md", "sub/x.md"]
        );
        assert_eq!(
            skipped(&walked),
            [
                (".hidden", "hidden folder"),
                ("circle", "symbolic link to nowhere or in a circle"),
                ("near.md", "symbolic link to what is read already"),
                ("nowhere", "symbolic link to nowhere or in a circle"),
                ("sub/up", "symbolic link to what is read already"),
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_above_gives_only_what_is_new() {
        let outside = tree(&["isms/a.md", "b.md"]);
        links(&outside.path().join("isms"), &[("b.md", &outside.path().join("b.md"))]);
        links(&outside.path().join("isms"), &[("up", outside.path())]);
        let walked = walk(&[root("r", &outside.path().join("isms"))], &[], true).unwrap();
        assert_eq!(names(&walked), ["a.md", "b.md"]);
        assert_eq!(
            skipped(&walked),
            [("up/b.md", "file that is read already"), ("up/isms", "folder that is read already")]
        );
    }

    /// Twelve folders with a link to each other one have 12! ways through them.
    #[cfg(unix)]
    #[test]
    fn links_neither_lead_in_circles_nor_multiply() {
        let folders: Vec<String> = (0..12).map(|n| format!("f{n:02}")).collect();
        let files: Vec<String> = folders.iter().map(|folder| format!("{folder}/a.md")).collect();
        let outside = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
        for folder in &folders {
            for other in folders.iter().filter(|other| *other != folder) {
                links(&outside.path().join(folder), &[(other, &outside.path().join(other))]);
            }
        }
        let dir = tree(&["x.md"]);
        links(dir.path(), &[("in", &outside.path().join("f00"))]);
        let walked = walk(&[root("r", dir.path())], &[], true).unwrap();
        assert_eq!(walked.found.len(), 13);
        assert_eq!(names(&walked)[..2], ["in/a.md", "in/f01/a.md"]);
        let again = walk(&[root("r", dir.path())], &[], true).unwrap();
        assert_eq!(walked, again);
    }
}
