//! `evimap.toml`: read as raw TOML, then validated; every fault is reported, each with its line.

mod amount;
mod judge;
mod judging;
mod paper;
mod review;
pub(crate) mod section;
mod systems;

use std::{collections::BTreeMap, path::Path};

use toml::de::{DeTable, DeValue};

use crate::{
    diag::{Diagnostic, Sink},
    domain::{Date, FrameworkId, ISO27001, ISO42001, Language},
    extract::{Limits, is_language},
};
pub use amount::Amount;
pub use judge::{Format, JudgeConfig, KeySource, Prices, ProxyChoice};
pub use judging::JudgeContent;
pub use paper::{Quotes, SoaRelease};
pub use review::{ConflictRule, Reviewer, fits};
use section::Section;
pub use systems::system_named;

/// The commented file that a new workspace starts with. `{{sources}}` is replaced by the roots.
pub const TEMPLATE: &str = include_str!("template.toml");

/// A system in scope: application-level targets are assessed once for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    pub id: String,
    pub name: String,
    pub ai: bool,
    /// Our roles: provider, producer, customer, partner …; a hint, never an exclusion.
    pub roles: Vec<String>,
    /// Globs relative to the source root. Documents under no system's paths serve all.
    pub paths: Vec<String>,
}

/// What is read beside the text of regular files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extraction {
    /// Read pictures with tesseract.
    pub ocr: bool,
    /// Names of tesseract's languages; not empty.
    pub ocr_languages: Vec<String>,
    /// Follow symbolic links, also out of the source.
    pub follow_links: bool,
}

impl Default for Extraction {
    fn default() -> Self {
        Self { ocr: false, ocr_languages: vec!["eng".to_owned()], follow_links: false }
    }
}

/// A validated configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub organisation: String,
    /// The label that every report bears; empty if none is stated.
    pub classification: String,
    /// Scope statement per framework; empty if not written yet.
    pub scope: BTreeMap<FrameworkId, String>,
    /// Source roots as given: absolute, or relative to the workspace.
    pub roots: Vec<String>,
    /// Gitignore-style patterns of paths to skip.
    pub exclude: Vec<String>,
    pub reviewers: Vec<Reviewer>,
    /// With `strict`, decisions by people who are not listed are refused.
    pub strict_reviewers: bool,
    pub conflict: ConflictRule,
    /// Patterns of target ids (`*` stands for anything) whose evidence two people must accept.
    pub four_eyes: Vec<String>,
    pub systems: Vec<System>,
    /// Languages of documents by their paths, where it is not told from the text; the first that
    /// matches counts. Globs as those of a system.
    pub languages: Vec<(Language, Vec<String>)>,
    /// Days per freshness class, defaults and overrides merged.
    pub freshness: BTreeMap<String, u32>,
    pub limits: Limits,
    pub extraction: Extraction,
    pub workers: Option<u64>,
    pub judge: Option<JudgeConfig>,
    /// Folder of own controls, points and frameworks, relative to evimap.toml.
    pub overlay: Option<String>,
    /// Own calibration of the matcher, relative to evimap.toml.
    pub calibration: Option<String>,
    /// Decisions move the ranking of suggestions like them.
    pub learn: bool,
    /// Planned day of the Stage 2 audit.
    pub stage2_on: Option<Date>,
    /// Version and approval of the SoA per framework.
    pub soa: BTreeMap<FrameworkId, SoaRelease>,
    pub quotes: Quotes,
    /// What reports and review files are written in.
    pub language: Language,
    /// How many recorded runs are kept.
    pub keep_runs: usize,
}

/// Recorded runs that are kept unless `[runs] keep` says otherwise: a quarter of nightly runs.
const KEEP_RUNS: usize = 100;

/// Default freshness in days: a hint, overruled by an interval that a document states and by
/// `[freshness]`. Access reviews quarterly and scans monthly are common practice; the rest is the
/// yearly cycle of the management system.
pub const FRESHNESS: [(&str, u32); 21] = [
    ("access-review", 90),
    ("audit", 365),
    ("backup-test", 365),
    ("context", 365),
    ("continuity-test", 365),
    ("impact-assessment", 365),
    ("inventory", 180),
    ("log-review", 30),
    ("management-review", 365),
    ("model-evaluation", 180),
    ("monitoring", 90),
    ("objectives", 365),
    ("pentest", 365),
    ("plan", 365),
    ("policy", 365),
    ("procedure", 365),
    ("register", 365),
    ("risk-assessment", 365),
    ("scan", 30),
    ("supplier-review", 365),
    ("training", 365),
];

impl Default for Config {
    fn default() -> Self {
        Self {
            organisation: String::new(),
            classification: String::new(),
            scope: [ISO27001, ISO42001].map(|f| (f.to_owned(), String::new())).into(),
            roots: Vec::new(),
            exclude: Vec::new(),
            reviewers: Vec::new(),
            strict_reviewers: false,
            conflict: ConflictRule::default(),
            four_eyes: Vec::new(),
            systems: Vec::new(),
            languages: Vec::new(),
            freshness: FRESHNESS.iter().map(|(c, d)| ((*c).to_owned(), *d)).collect(),
            limits: Limits::default(),
            extraction: Extraction::default(),
            workers: None,
            judge: None,
            overlay: None,
            calibration: None,
            learn: true,
            stage2_on: None,
            soa: [ISO27001, ISO42001].map(|f| (f.to_owned(), SoaRelease::default())).into(),
            quotes: Quotes::All,
            language: Language::En,
            keep_runs: KEEP_RUNS,
        }
    }
}

impl Config {
    /// Reads and validates a configuration file's text.
    ///
    /// # Errors
    /// All faults of the file, each with its line and a remedy.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut sink = Sink::default();
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => return Err(vec![section::syntax_fault("config", file, text, &error)]),
        };
        let config = Self::validate(Section::root(file, text, table.get_ref()), &mut sink);
        if sink.has_errors() { Err(sink.into_items()) } else { Ok(config) }
    }

    fn validate(mut root: Section<'_>, sink: &mut Sink) -> Self {
        let mut config = Self::default();
        let version = root.number(sink, "schema_version");
        if version.is_some_and(|v| v != 1) {
            root.fault(
                sink,
                root.line_of("schema_version"),
                "this version of evimap reads schema_version 1".to_owned(),
                "use a newer evimap, or set schema_version = 1",
            );
        }

        let mut organisation = root.table(sink, "organisation");
        config.organisation = organisation.string(sink, "name").unwrap_or_default();
        config.classification = organisation.string(sink, "classification").unwrap_or_default();
        organisation.finish(sink);

        let mut scope = root.table(sink, "scope");
        for framework in [ISO27001, ISO42001] {
            if let Some(text) = scope.string(sink, framework) {
                config.scope.insert(framework.to_owned(), text);
            }
        }
        scope.finish(sink);

        let mut source = root.table(sink, "source");
        config.roots = source.strings(sink, "roots").unwrap_or_default();
        config.exclude = source.strings(sink, "exclude").unwrap_or_default();
        source.finish(sink);

        config.review(&mut root, sink);
        for mut entry in root.tables(sink, "reviewer") {
            let name = required(&mut entry, sink, "name");
            let role = entry.string(sink, "role").unwrap_or_default();
            let lead = entry.boolean(sink, "lead").unwrap_or(false);
            config.reviewers.push(Reviewer { name, role, lead });
            entry.finish(sink);
        }
        for mut entry in root.tables(sink, "system") {
            config.systems.push(system(&mut entry, sink));
            entry.finish(sink);
        }
        duplicates(&root, &config.systems, sink);
        for mut entry in root.tables(sink, "language") {
            config.languages.extend(language(&mut entry, sink));
            entry.finish(sink);
        }

        let mut freshness = root.table(sink, "freshness");
        for (class, line, value) in freshness.entries() {
            let days = match value {
                DeValue::Integer(text) => text.as_str().parse().ok(),
                _ => None,
            };
            match days {
                Some(days) if config.freshness.contains_key(&class) => {
                    config.freshness.insert(class, days);
                }
                Some(_) => {
                    let known: Vec<_> = config.freshness.keys().map(String::as_str).collect();
                    let help = format!("known classes: {}", known.join(", "));
                    freshness.fault(
                        sink,
                        line,
                        format!("unknown freshness class `{class}`"),
                        &help,
                    );
                }
                None => freshness.fault(
                    sink,
                    line,
                    format!("`freshness.{class}` must be a number of days"),
                    "write a whole number, for example 90",
                ),
            }
        }

        let mut limits = root.table(sink, "limits");
        let bounds = &mut config.limits;
        let mut mib = |key, sink: &mut Sink| limits.number(sink, key).map(|v| v << 20);
        if let Some(v) = mib("file_mb", sink) {
            bounds.file_bytes = v;
        }
        if let Some(v) = mib("text_mb", sink) {
            bounds.text_bytes = v as usize;
        }
        if let Some(v) = mib("unpacked_mb", sink) {
            bounds.unpacked_bytes = v;
        }
        for (key, slot) in [
            ("worker_memory_mb", &mut bounds.worker_memory_mb),
            ("cpu_seconds", &mut bounds.cpu_seconds),
            ("wall_seconds", &mut bounds.wall_seconds),
            ("ocr_seconds", &mut bounds.ocr_seconds),
        ] {
            if let Some(v) = limits.number(sink, key) {
                *slot = v;
            }
        }
        if let Some(v) = limits.number(sink, "ocr_pages") {
            bounds.ocr_pages = u32::try_from(v).unwrap_or(u32::MAX);
        }
        config.workers = limits.number(sink, "workers");
        limits.finish(sink);

        config.extraction = extraction(&mut root, sink);
        config.judge = judge::judge(&mut root, sink);

        let mut catalog = root.table(sink, "catalog");
        config.overlay = catalog.string(sink, "overlay");
        if config.overlay.as_ref().is_some_and(|folder| folder.trim().is_empty()) {
            let line = catalog.line_of("overlay");
            let help = "name a folder, relative to this file, or remove the key";
            catalog.fault(sink, line, "`catalog.overlay` is empty".to_owned(), help);
        }
        catalog.finish(sink);

        let mut matching = root.table(sink, "matching");
        config.calibration = matching.string(sink, "calibration");
        if config.calibration.as_ref().is_some_and(|file| file.trim().is_empty()) {
            let line = matching.line_of("calibration");
            let help = "name a file, relative to this one, or remove the key";
            matching.fault(sink, line, "`matching.calibration` is empty".to_owned(), help);
        }
        config.learn = matching.boolean(sink, "learn").unwrap_or(true);
        matching.finish(sink);

        let mut audit = root.table(sink, "audit");
        if let Some(text) = audit.string(sink, "stage2_on") {
            match text.parse() {
                Ok(date) => config.stage2_on = Some(date),
                Err(why) => {
                    let line = audit.line_of("stage2_on");
                    audit.fault(sink, line, why, "write it as text, for example \"2027-03-15\"");
                }
            }
        }
        audit.finish(sink);
        config.soa = paper::releases(&mut root, sink);
        (config.quotes, config.language) = paper::reports(&mut root, sink);

        let mut runs = root.table(sink, "runs");
        match runs.number(sink, "keep") {
            Some(keep) if keep < 2 => {
                let line = runs.line_of("keep");
                let help = "write at least 2: a run is compared with the one before";
                runs.fault(sink, line, format!("`runs.keep` is {keep}"), help);
            }
            Some(keep) => config.keep_runs = usize::try_from(keep).unwrap_or(usize::MAX),
            None => {}
        }
        runs.finish(sink);
        root.finish(sink);
        config
    }

    /// The text of a configuration with other source roots; everything else, comments included,
    /// stays as it is. The text must have passed [`Config::parse`].
    pub fn with_roots(text: &str, roots: &[String]) -> String {
        let list: Vec<String> =
            roots.iter().map(|root| toml::Value::String(root.clone()).to_string()).collect();
        let list = format!("[{}]", list.join(", "));
        Self::with_value(text, "source", "roots", &list)
    }

    /// The text of a configuration that names a calibration; everything else stays as it is. The
    /// text must have passed [`Config::parse`].
    pub fn with_calibration(text: &str, file: &str) -> String {
        let value = toml::Value::String(file.to_owned()).to_string();
        Self::with_value(text, "matching", "calibration", &value)
    }

    fn with_value(text: &str, table: &str, key: &str, value: &str) -> String {
        let parsed = DeTable::parse(text).ok();
        let found = parsed.as_ref().and_then(|t| t.get_ref().get(table));
        let old = found.and_then(|t| t.get_ref().get(key));
        if let Some(span) = old.map(toml::Spanned::span) {
            return format!("{}{value}{}", &text[..span.start], &text[span.end..]);
        }
        let header = format!("[{table}]");
        if found.is_some() {
            let mut out = String::new();
            for line in text.split_inclusive('\n') {
                out.push_str(line);
                if line.split('#').next().is_some_and(|line| line.trim() == header) {
                    if !line.ends_with('\n') {
                        out.push('\n');
                    }
                    out.push_str(&format!("{key} = {value}\n"));
                }
            }
            return out;
        }
        format!("{}\n\n{header}\n{key} = {value}\n", text.trim_end())
    }

    /// The text of a configuration whose relative files are made absolute, for a copy of it in another
    /// folder. The text must have passed [`Config::parse`].
    pub fn with_files_below(text: &str, dir: &Path) -> String {
        let mut text = text.to_owned();
        for (table, key) in [
            ("catalog", "overlay"),
            ("matching", "calibration"),
            ("judge", "api_key_file"),
            ("judge", "ca_file"),
        ] {
            let parsed = DeTable::parse(&text).ok();
            let found = parsed.as_ref().and_then(|t| t.get_ref().get(table));
            let value = found.and_then(|t| t.get_ref().get(key));
            let Some(DeValue::String(file)) = value.map(toml::Spanned::get_ref) else { continue };
            let absolute = dir.join(file.as_ref()).to_string_lossy().into_owned();
            text = Self::with_value(&text, table, key, &toml::Value::String(absolute).to_string());
        }
        text
    }

    /// Reads a configuration from disk.
    ///
    /// # Errors
    /// The file can't be read, or [`Config::parse`] finds faults.
    pub fn load(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            vec![
                Diagnostic::error("config", format!("can't be read: {error}"))
                    .in_file(&name)
                    .help("check the path and its permissions; the file must be UTF-8"),
            ]
        })?;
        Self::parse(&name, &text)
    }
}

fn required(entry: &mut Section<'_>, sink: &mut Sink, key: &'static str) -> String {
    let value = entry.string(sink, key).unwrap_or_default();
    if value.trim().is_empty() {
        let message = format!("`{}` needs a {key}", entry.name());
        entry.fault(sink, entry.line_of(key), message, "add the key, or remove the table");
    }
    value.trim().to_owned()
}

fn extraction(root: &mut Section<'_>, sink: &mut Sink) -> Extraction {
    let mut out = Extraction::default();
    let mut extract = root.table(sink, "extract");
    out.ocr = extract.boolean(sink, "ocr").unwrap_or(false);
    out.follow_links = extract.boolean(sink, "follow_links").unwrap_or(false);
    if let Some(languages) = extract.strings(sink, "ocr_languages") {
        let strange = languages.iter().find(|word| !is_language(word));
        if languages.is_empty() || strange.is_some() {
            let word = strange.map_or(String::new(), |word| format!(": `{word}` is none"));
            extract.fault(
                sink,
                extract.line_of("ocr_languages"),
                format!("`extract.ocr_languages` must name languages of tesseract{word}"),
                "write them as a list, for example [\"eng\", \"deu\"]",
            );
        }
        out.ocr_languages = languages;
    }
    extract.finish(sink);
    out
}

fn system(entry: &mut Section<'_>, sink: &mut Sink) -> System {
    let id = required(entry, sink, "id");
    if !id.is_empty()
        && !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        entry.fault(
            sink,
            entry.line_of("id"),
            format!("system id `{id}` may hold lower-case letters, digits and hyphens only"),
            "choose a short slug, for example triage-model",
        );
    }
    System {
        name: entry.string(sink, "name").unwrap_or_else(|| id.clone()),
        id,
        ai: entry.boolean(sink, "ai").unwrap_or(false),
        roles: entry.strings(sink, "roles").unwrap_or_default(),
        paths: entry.strings(sink, "paths").unwrap_or_default(),
    }
}

fn language(entry: &mut Section<'_>, sink: &mut Sink) -> Option<(Language, Vec<String>)> {
    let code = required(entry, sink, "code");
    let paths = entry.strings(sink, "paths").unwrap_or_default();
    let language = Language::from_code(&code);
    if language.is_none() && !code.is_empty() {
        let known = Language::ALL.map(Language::as_str).join(", ");
        let line = entry.line_of("code");
        entry.fault(sink, line, format!("unknown language `{code}`"), &format!("known: {known}"));
    }
    Some((language?, paths))
}

fn duplicates(root: &Section<'_>, systems: &[System], sink: &mut Sink) {
    for (n, system) in systems.iter().enumerate() {
        if systems[..n].iter().any(|other| other.id == system.id) {
            root.fault(
                sink,
                root.line_of("system"),
                format!("system id `{}` is used twice", system.id),
                "give each [[system]] an id of its own",
            );
        }
    }
}

#[cfg(test)]
mod tests;
