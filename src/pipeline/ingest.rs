//! Walk and extract, reading only what has changed.

use std::{collections::BTreeMap, ops::Range, path::PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use sha2::{Digest, Sha256};

use super::{Event, Key, PipelineError, Stage, Watcher};
use crate::{
    config::Config,
    diag::Diagnostic,
    domain::{DocumentProfile, ExtractStatus, Extracted, Language, Passage},
    extract::{self, Found, Job, Ocr, Root, Stop, Walked},
    segment,
    store::{FileStat, Store},
};

/// A source file after reading.
#[derive(Debug, Clone)]
pub struct Document {
    pub extracted: Extracted,
    pub profile: DocumentProfile,
    /// Where its passages lie in [`Collection::passages`].
    pub passages: Range<usize>,
}

/// All documents of the sources.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    /// Sorted by path.
    pub documents: Vec<Document>,
    pub passages: Vec<Passage>,
    /// Paths that were left out, and why.
    pub skipped: Vec<(String, String)>,
    /// What could not be looked at, and faults of single documents.
    pub diagnostics: Vec<Diagnostic>,
    /// Files whose content was read in this run; the others came from the cache.
    pub read: usize,
    /// How it was read, as [`Key::exact`] says it.
    pub key: Key,
    /// What [`Looked::fingerprint`] gives for the same files.
    pub fingerprint: String,
}

/// The files under the roots, before any is read.
#[derive(Debug)]
pub struct Looked {
    walked: Walked,
    /// Content hashes, in the order of the files; `None` where it is not known without reading.
    hashes: Vec<Option<String>>,
    /// Whether a hash had to be computed.
    pub(super) hashed: bool,
    pub(super) key: Key,
    several_roots: bool,
}

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    pub workers: usize,
    /// Distrust size and time.
    pub rehash: bool,
    /// Read pictures with it.
    pub ocr: Option<Ocr>,
    pub follow_links: bool,
    /// When the walk begins: nanoseconds since 1970.
    pub now_ns: i64,
    /// The binary that plays worker; `None` is this one.
    pub worker_exe: Option<PathBuf>,
    /// Ends the reading early.
    pub stop: Stop,
}

/// A file that changed less than this before it was looked at may change again without another time:
/// file systems keep times in steps of up to 2 s (FAT). Nanoseconds.
const SETTLED: i64 = 2_000_000_000;

/// A language that this share of the passages is in, as far as it is clear, counts as the
/// collection's.
const COMMON_SHARE: f64 = 0.8;

/// Results are cached in batches of this many, so that a killed run keeps most of its work.
const BATCH: usize = 64;

/// Reads all files under the roots. With a store, what has not changed comes from its cache.
///
/// # Errors
/// A root is missing, there is nothing readable at all, or the store fails.
pub fn ingest(
    roots: &[PathBuf],
    config: &Config,
    options: &ReadOptions,
    store: Option<&mut Store>,
    watch: &mut Watcher<'_>,
) -> Result<Collection, PipelineError> {
    let looked = look(roots, config, options, store.as_deref(), watch)?;
    read(looked, roots, config, options, store, watch)
}

/// Finds the files under the roots and, with a store, what is known of their contents: by size and
/// time without opening them, else by hashing.
///
/// # Errors
/// A root is missing, or the store fails.
pub fn look(
    roots: &[PathBuf],
    config: &Config,
    options: &ReadOptions,
    store: Option<&Store>,
    watch: &mut Watcher<'_>,
) -> Result<Looked, PipelineError> {
    watch(Event::Begin { stage: Stage::Walk, total: None });
    let walked = extract::walk(&named(roots), &config.exclude, options.follow_links)
        .map_err(|error| PipelineError::input("source", error.to_string(), "check the path"))?;
    let filled = store.map_or(Ok(false), Store::has_cached)?;
    let stats = match store {
        Some(store) if filled && !options.rehash => store.file_stats()?,
        _ => BTreeMap::new(),
    };
    let mut hashed = false;
    let mut hash = |found: &Found| {
        let stat = stats
            .get(found.path.to_string_lossy().as_ref())
            .filter(|stat| stat.size == found.size && stat.mtime_ns == nanoseconds(found));
        match stat {
            _ if !filled => None,
            Some(stat) => Some(stat.hash.clone()),
            None if found.size > config.limits.file_bytes => None,
            // A file that can't be hashed is read, which says why.
            None => {
                hashed = true;
                extract::hash_file(&found.path).ok()
            }
        }
    };
    let hashes = walked.found.iter().map(&mut hash).collect();
    watch(Event::End);
    let key = Key::new(options.ocr.as_ref(), &config.limits);
    Ok(Looked { walked, hashes, hashed, key, several_roots: roots.len() > 1 })
}

impl Looked {
    /// A hash over everything that the walk found: equal fingerprints, equal inputs. Files whose
    /// content is not known count by size and time.
    pub(super) fn fingerprint(&self) -> String {
        let hash = |n: usize| self.hashes[n].as_deref().unwrap_or_default();
        fingerprint(&self.walked, hash, self.several_roots)
    }

    /// Sizes, times and hashes that a later run may trust.
    pub(super) fn stats(&self, now_ns: i64) -> BTreeMap<String, FileStat> {
        stats(&self.walked.found, |n| self.hashes[n].as_deref().unwrap_or_default(), now_ns)
    }
}

fn fingerprint<'a>(
    walked: &Walked,
    hash: impl Fn(usize) -> &'a str,
    several_roots: bool,
) -> String {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    };
    add(if several_roots { "several" } else { "one" });
    for (n, found) in walked.found.iter().enumerate() {
        add(&found.rel);
        match hash(n) {
            "" => add(&format!("{} bytes, {}", found.size, found.mtime_ns)),
            hash => add(hash),
        }
    }
    for skipped in &walked.skipped {
        add(&skipped.rel);
        add(skipped.why);
    }
    for diagnostic in &walked.diagnostics {
        add(&diagnostic.place());
        add(&diagnostic.message);
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize())
}

/// Reads the files that were found. With a store, what has not changed comes from its cache.
///
/// # Errors
/// There is nothing readable at all, or the store fails.
pub fn read(
    looked: Looked,
    roots: &[PathBuf],
    config: &Config,
    options: &ReadOptions,
    mut store: Option<&mut Store>,
    watch: &mut Watcher<'_>,
) -> Result<Collection, PipelineError> {
    let Looked { walked, hashes, key, several_roots, .. } = looked;
    watch(Event::Begin { stage: Stage::Extract, total: Some(walked.found.len() as u64) });
    let mut results: BTreeMap<usize, Extracted> = BTreeMap::new();
    let mut jobs = Vec::new();
    let mut job_of = Vec::new();
    for (n, (found, hash)) in walked.found.iter().zip(&hashes).enumerate() {
        let known = match (store.as_deref(), hash) {
            (Some(store), Some(hash)) => from_cache(store, found, hash, &key, options.rehash)?,
            _ => None,
        };
        match known {
            Some(extracted) => {
                results.insert(n, extracted);
                watch(Event::Step);
            }
            None => {
                jobs.push(Job { path: found.path.clone(), name: found.rel.clone() });
                job_of.push(n);
            }
        }
    }
    let read = jobs.len();
    let mut batch: Vec<Extracted> = Vec::new();
    let mut failure = None;
    let pool = extract::Options {
        workers: options.workers,
        limits: config.limits.clone(),
        ocr: options.ocr.clone(),
        worker_exe: options.worker_exe.clone(),
        stop: options.stop.apart(),
    };
    let stop = pool.stop.clone();
    extract::extract_all(&jobs, &pool, &mut |job, extracted| {
        if let Some(store) = store.as_deref_mut() {
            batch.push(extracted.clone());
            if batch.len() >= BATCH {
                let saved = key.keep(store, &batch);
                failure = failure.take().or(saved.err());
                batch.clear();
                // On a full disk nothing more can be kept: better now than after hours of reading.
                if failure.is_some() {
                    stop.ask();
                }
            }
        }
        results.insert(job_of[job], extracted);
        watch(Event::Step);
    })
    .map_err(|error| {
        PipelineError::Internal(format!("no worker process can be started: {error}"))
    })?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    if let Some(store) = store {
        key.keep(store, &batch)?;
        let hash = |n: usize| results.get(&n).map_or("", |e| e.hash.as_str());
        store.set_file_stats(&stats(&walked.found, hash, options.now_ns))?;
    }
    let hash = |n: usize| results.get(&n).map_or("", |e| e.hash.as_str());
    let fingerprint = fingerprint(&walked, hash, several_roots);
    watch(Event::End);
    if let Some(signal) = options.stop.signal() {
        return Err(PipelineError::Stopped(signal));
    }

    let mut collection = assemble(results.into_values(), config, several_roots)?;
    collection.fingerprint = fingerprint;
    collection.skipped = walked.skipped.into_iter().map(|s| (s.rel, s.why.to_owned())).collect();
    collection.diagnostics.splice(0..0, walked.diagnostics);
    collection.read = read;
    collection.key = key;
    refuse_nothing(&collection, roots)?;
    Ok(collection)
}

/// Segments and profiles documents that have been read.
///
/// # Errors
/// A path pattern of a system or a language is malformed.
pub fn assemble(
    documents: impl Iterator<Item = Extracted>,
    config: &Config,
    several_roots: bool,
) -> Result<Collection, PipelineError> {
    let systems = patterns("system", config.systems.iter().map(|s| (s.id.clone(), &s.paths)));
    let languages = config.languages.iter().map(|(language, paths)| (*language, paths));
    let languages = patterns("language", languages);
    let (systems, languages) = match (systems, languages) {
        (Ok(systems), Ok(languages)) => (systems, languages),
        (systems, languages) => {
            let faults = [systems.err(), languages.err()].into_iter().flatten().flatten();
            return Err(PipelineError::Input(faults.collect()));
        }
    };
    let mut collection = Collection::default();
    let mut unclear = Vec::new();
    for mut extracted in documents {
        extracted.share_headings();
        let start = collection.passages.len();
        if extracted.status == ExtractStatus::Ok {
            collection.passages.extend(segment::segment(&extracted));
        }
        let below = several_roots.then(|| extracted.path.split_once('/')).flatten();
        let lies_in = |globs: &[GlobMatcher]| {
            globs.iter().any(|glob| {
                glob.is_match(&extracted.path) || below.is_some_and(|(_, rest)| glob.is_match(rest))
            })
        };
        let stated = languages.iter().find(|(_, globs)| lies_in(globs));
        let own = &mut collection.passages[start..];
        let language = match stated.map(|(language, _)| *language) {
            Some(language) => {
                own.iter_mut().for_each(|passage| passage.language = language);
                Some(language)
            }
            None => segment::speak(own),
        };
        if language.is_none() {
            unclear.push(collection.documents.len());
        }
        // What the other documents are written in is no ground to read a date by.
        let mut profile = segment::profile(&extracted, language);
        profile.language = language.unwrap_or_default();
        let system = systems.iter().find(|(_, globs)| lies_in(globs));
        profile.system = system.map(|(id, _)| id.clone());
        collection.diagnostics.extend(extracted.diagnostics.iter().cloned());
        let passages = start..collection.passages.len();
        collection.documents.push(Document { extracted, profile, passages });
    }
    speak_as_the_others(&mut collection, &unclear);
    let documents = collection.documents.iter_mut();
    segment::supersede(documents.map(|d| (d.extracted.path.as_str(), &mut d.profile)));
    Ok(collection)
}

/// Documents whose text does not tell their language are in that of nearly all others, or else in
/// the catalogue's own.
fn speak_as_the_others(collection: &mut Collection, unclear: &[usize]) {
    let mut counts: BTreeMap<Language, usize> = BTreeMap::new();
    for (n, document) in collection.documents.iter().enumerate() {
        if unclear.binary_search(&n).is_err() {
            *counts.entry(document.profile.language).or_default() += document.passages.len();
        }
    }
    let all: usize = counts.values().sum();
    let common = counts.iter().find(|(_, count)| **count as f64 > COMMON_SHARE * all as f64);
    let Some((language, _)) = common else { return };
    for n in unclear {
        let document = &mut collection.documents[*n];
        document.profile.language = *language;
        let own = &mut collection.passages[document.passages.clone()];
        own.iter_mut().for_each(|passage| passage.language = *language);
    }
}

/// Roots with the names that document paths start with where there are several.
pub(super) fn named(roots: &[PathBuf]) -> Vec<Root> {
    let mut names: Vec<String> = Vec::new();
    for root in roots {
        let base =
            root.file_name().map_or_else(|| "source".into(), |n| n.to_string_lossy().into_owned());
        let mut name = base.clone();
        let mut n = 2;
        while names.contains(&name) {
            name = format!("{base}-{n}");
            n += 1;
        }
        names.push(name);
    }
    names.into_iter().zip(roots).map(|(name, path)| Root { name, path: path.clone() }).collect()
}

/// What is known of a content.
fn from_cache(
    store: &Store,
    found: &Found,
    hash: &str,
    key: &Key,
    rehash: bool,
) -> Result<Option<Extracted>, PipelineError> {
    let Some(mut extracted) = key.lookup(store, hash)? else { return Ok(None) };
    if rehash && extracted.status == ExtractStatus::Failed {
        return Ok(None);
    }
    for diagnostic in &mut extracted.diagnostics {
        diagnostic.file = Some(found.rel.clone());
    }
    extracted.path.clone_from(&found.rel);
    Ok(Some(extracted))
}

/// Modification time as the store keeps it: good until the year 2262.
fn nanoseconds(found: &Found) -> i64 {
    i64::try_from(found.mtime_ns).unwrap_or(i64::MAX)
}

/// What the next run may trust. A file that had just changed is left out: see [`SETTLED`].
fn stats<'a>(
    found: &[Found],
    hash: impl Fn(usize) -> &'a str,
    now_ns: i64,
) -> BTreeMap<String, FileStat> {
    found
        .iter()
        .enumerate()
        .filter(|(_, found)| nanoseconds(found) < now_ns.saturating_sub(SETTLED))
        .filter_map(|(n, found)| {
            let hash = hash(n).to_owned();
            let stat = FileStat { size: found.size, mtime_ns: nanoseconds(found), hash };
            (!stat.hash.is_empty()).then(|| (found.path.to_string_lossy().into_owned(), stat))
        })
        .collect()
}

/// The paths of evimap.toml's tables of one name, ready to match. Faults name the table by its
/// first part.
fn patterns<'c, T: std::fmt::Display>(
    table: &str,
    entries: impl Iterator<Item = (T, &'c Vec<String>)>,
) -> Result<Vec<(T, Vec<GlobMatcher>)>, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut out = Vec::new();
    for (name, paths) in entries {
        let mut globs = Vec::new();
        for path in paths {
            match GlobBuilder::new(path).literal_separator(true).build() {
                Ok(glob) => globs.push(glob.compile_matcher()),
                Err(error) => faults.push(
                    Diagnostic::error("config", format!("{table} `{name}`: {error}"))
                        .in_file("evimap.toml")
                        .help("mend the pattern, for example \"ai/triage/**\""),
                ),
            }
        }
        out.push((name, globs));
    }
    if faults.is_empty() { Ok(out) } else { Err(faults) }
}

/// A run over nothing readable would turn every target into a gap.
fn refuse_nothing(collection: &Collection, roots: &[PathBuf]) -> Result<(), PipelineError> {
    if collection.documents.iter().any(|d| d.extracted.status == ExtractStatus::Ok) {
        return Ok(());
    }
    let places: Vec<String> = roots.iter().map(|r| r.display().to_string()).collect();
    let what = if collection.documents.is_empty() {
        format!("no files in {} ({} skipped)", places.join(", "), collection.skipped.len())
    } else {
        let mut by_status: BTreeMap<&str, usize> = BTreeMap::new();
        for document in &collection.documents {
            *by_status.entry(document.extracted.status.as_str()).or_default() += 1;
        }
        let counts: Vec<String> = by_status.iter().map(|(s, n)| format!("{n} {s}")).collect();
        format!("not one readable file in {}: {}", places.join(", "), counts.join(", "))
    };
    Err(PipelineError::input(
        "source",
        what,
        "name the folder that holds the documents; nothing was changed",
    ))
}

/// A hash over the paths and contents of a collection: equal inputs, equal hash.
pub fn inputs_hash(collection: &Collection) -> String {
    let mut hasher = Sha256::new();
    for document in &collection.documents {
        hasher.update(document.extracted.path.as_bytes());
        hasher.update([0]);
        hasher.update(document.extracted.hash.as_bytes());
        hasher.update([0]);
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Block, BlockKind, HeadingPath, Locator, Properties};

    fn document(path: &str, text: &str) -> Extracted {
        let block = Block {
            kind: BlockKind::Body,
            locator: Locator::lines(1, 1),
            heading: HeadingPath::default(),
            text: text.into(),
            marks: Default::default(),
        };
        Extracted {
            path: path.into(),
            hash: String::new(),
            status: ExtractStatus::Ok,
            diagnostics: vec![],
            properties: Properties::default(),
            blocks: vec![block],
        }
    }

    const GERMAN: &str = "Die Zugriffsrechte werden einmal im Quartal vom Verantwortlichen des \
        Systems überprüft, nicht mehr benötigte Rechte werden entzogen.";
    const ENGLISH: &str = "Access rights are reviewed every quarter by the owner of the system, \
        and rights that are no longer needed are removed.";

    fn languages(config: &Config, documents: &[(&str, &str)]) -> Vec<Language> {
        let read = documents.iter().map(|(path, text)| document(path, text));
        let collection = assemble(read, config, false).unwrap();
        let of = |d: &Document| {
            let passages = &collection.passages[d.passages.clone()];
            assert!(passages.iter().all(|p| p.language == d.profile.language));
            d.profile.language
        };
        collection.documents.iter().map(of).collect()
    }

    #[test]
    fn a_language_is_told_by_text_then_by_the_others_and_stated_by_path() {
        use Language::{De, En, Fr};
        let short = ("x/list.md", "Firewall, Backup, SIEM.");
        let config = Config::default();
        let german = [("a.md", GERMAN), ("b.md", GERMAN), short];
        assert_eq!(languages(&config, &german), [De, De, De]);
        let both = [("a.md", GERMAN), ("b.md", ENGLISH), short];
        assert_eq!(languages(&config, &both), [De, En, En]);
        let text = "[[language]]\ncode = \"fr\"\npaths = [\"x/**\", \"b.md\"]\n";
        let config = Config::parse("evimap.toml", text).unwrap();
        assert_eq!(languages(&config, &both), [De, Fr, Fr]);
        let broken = "[[language]]\ncode = \"fr\"\npaths = [\"x/[\"]\n";
        let config = Config::parse("evimap.toml", broken).unwrap();
        assert!(assemble(std::iter::empty(), &config, false).is_err());
    }
}
