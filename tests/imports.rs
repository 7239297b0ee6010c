//! Who may import whom, and other rules that neither the compiler nor clippy holds. The rules are
//! explained in ARCHITECTURE.md; a change of a table here is a change of the architecture.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What a module may import: whole modules, or (`config::System`) a part of one. The second list
/// holds for its tests in addition. Everything may be imported within a module.
const RULES: [(&str, &[&str], &[&str]); 19] = [
    ("domain", &["diag::Diagnostic"], &[]),
    ("diag", &["domain"], &[]),
    ("files", &[], &[]),
    ("words", &["domain"], &["catalog::TARGET_FILES"]),
    ("config", &["domain", "diag", "extract::Limits", "extract::is_language"], &[]),
    ("catalog", &["domain", "diag", "config"], &[]),
    ("extract", &["domain", "diag"], &[]),
    ("segment", &["domain", "diag"], &["extract::PENDING", "extract::STATUS_WORDS"]),
    ("index", &["domain"], &[]),
    (
        "matching",
        &["domain", "catalog", "config::System", "index", "segment::detect", "segment::sentences"],
        &[],
    ),
    ("judge", &["domain", "diag", "config"], &[]),
    ("review", &["domain", "diag", "config", "catalog", "files", "words"], &[]),
    ("assess", &["domain", "diag", "config", "catalog"], &[]),
    ("report", &["domain", "diag", "config", "catalog", "files", "words"], &[]),
    ("eval", &["domain", "matching", "index"], &[]),
    ("store", &["domain", "diag", "files"], &[]),
    ("history", &["domain::escape_markdown"], &[]),
    (
        "pipeline",
        &[
            "domain", "diag", "config", "catalog", "extract", "segment", "index", "matching",
            "judge", "review", "assess", "report", "eval", "store", "files", "history", "words",
        ],
        &[],
    ),
    (
        "cli",
        &[
            "domain", "diag", "config", "catalog", "extract", "segment", "index", "matching",
            "judge", "review", "assess", "report", "eval", "store", "files", "history", "pipeline",
        ],
        &[],
    ),
];

/// Longer files are to be split by subject.
const MAX_LINES: usize = 600;

/// A file of `src/`, taken apart.
struct Source {
    /// Relative to the package, with `/`.
    path: String,
    /// First folder below `src/`, or the file's stem.
    module: String,
    /// Its text as it stands.
    text: String,
    /// Code without comments and literals.
    tokens: Vec<String>,
    /// Compiled for tests only.
    test: bool,
}

impl Source {
    /// The tokens without inline `#[cfg(test)] mod … { … }`.
    fn shipped(&self) -> &[String] {
        if self.test {
            return &[];
        }
        let inline = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
        let end = self.tokens.windows(10).position(|w| w[..8] == inline && w[9] == "{");
        // By convention the tests stand at the end of a file; a test below holds this.
        &self.tokens[..end.unwrap_or(self.tokens.len())]
    }

    /// How far below the crate root it stands: `src/a/mod.rs` is 1.
    fn depth(&self) -> usize {
        let below = self.path.trim_start_matches("src/");
        below.split('/').count() - usize::from(below.ends_with("/mod.rs"))
    }

    /// Paths below the crate root that it names, as lists of segments.
    fn named(&self) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        for at in 0..self.tokens.len() {
            if self.tokens[at] == "crate" && self.token(at + 1) == "::" {
                self.tree(at + 2, &mut Vec::new(), &mut out);
            }
        }
        out
    }

    fn token(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", String::as_str)
    }

    /// Reads a use tree or path; gives the position after it.
    fn tree(&self, mut at: usize, stem: &mut Vec<String>, out: &mut Vec<Vec<String>>) -> usize {
        if self.token(at) == "{" {
            at += 1;
            while self.token(at) != "}" {
                let depth = stem.len();
                at = self.tree(at, stem, out);
                stem.truncate(depth);
                while !matches!(self.token(at), "," | "}" | "") {
                    at += 1;
                }
                at += usize::from(self.token(at) == ",");
            }
            return at + 1;
        }
        if !matches!(self.token(at), "self" | "*") {
            stem.push(self.token(at).to_owned());
        }
        at += 1;
        let next = self.token(at + 1);
        let goes_on = next == "{" || next == "*" || next.starts_with(is_word);
        if self.token(at) == "::" && goes_on {
            return self.tree(at + 1, stem, out);
        }
        out.push(stem.clone());
        at
    }

    fn names(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| token == word)
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Splits Rust code into words, `::` and single signs; comments and literals are left out.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        match c {
            '/' if get(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if get(at + 1) == '*' => {
                let mut depth = 0;
                while at < chars.len() {
                    match (chars[at], get(at + 1)) {
                        ('/', '*') => (depth, at) = (depth + 1, at + 2),
                        ('*', '/') => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            '"' => at = after_string(&chars, at),
            '\'' if get(at + 1) == '\\' || get(at + 2) == '\'' => {
                at += 1 + usize::from(get(at + 1) == '\\') + 1;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            _ if is_word(c) => {
                let start = at;
                while is_word(get(at)) {
                    at += 1;
                }
                let word: String = chars[start..at].iter().collect();
                let raw = matches!(word.as_str(), "r" | "br" | "cr");
                let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
                if raw && get(at + hashes) == '"' {
                    let close: Vec<char> =
                        std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                    at += hashes + 1;
                    while at < chars.len() && !chars[at..].starts_with(&close) {
                        at += 1;
                    }
                    at += close.len();
                } else if !(matches!(word.as_str(), "b" | "c") && get(at) == '"') {
                    out.push(word);
                }
            }
            ':' if get(at + 1) == ':' => {
                out.push("::".to_owned());
                at += 2;
            }
            _ => {
                if !c.is_whitespace() {
                    out.push(c.to_string());
                }
                at += 1;
            }
        }
    }
    out
}

fn after_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn relative(path: &Path) -> String {
    let parts = path.strip_prefix(package()).unwrap().components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

/// All files of `src/`, sorted.
fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    files(&package().join("src"), &mut paths);
    paths.retain(|path| path.extension().is_some_and(|e| e == "rs"));
    paths.sort();
    let mut sources: Vec<Source> = paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let path = relative(path);
            let below = path.trim_start_matches("src/").trim_end_matches(".rs");
            let module = below.split('/').next().unwrap().to_owned();
            let tokens = tokens(&text);
            Source { path, module, text, tokens, test: false }
        })
        .collect();
    let gated: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let stem = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        source.test = gated.iter().any(|g| stem == g || stem.starts_with(&format!("{g}/")));
    }
    sources
}

/// Files that a file declares with `#[cfg(test)] mod name;`, without their ending.
fn test_modules(source: &Source) -> Vec<String> {
    let gate = ["#", "[", "cfg", "(", "test", ")", "]"];
    let folder = source.path.trim_end_matches(".rs").trim_end_matches("/mod").to_owned();
    let t = &source.tokens;
    (0..t.len().saturating_sub(9))
        .filter(|at| t[*at..at + 7] == gate)
        .filter_map(|at| {
            let at = (at + 7..t.len()).find(|n| t[*n] == "mod")?;
            (t.get(at + 2)? == ";").then(|| format!("{folder}/{}", t[at + 1]))
        })
        .collect()
}

fn hold(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

/// Whether a path lies in something that is allowed.
fn within(path: &[String], allowed: &[&str]) -> bool {
    allowed.iter().any(|entry| {
        let entry: Vec<&str> = entry.split("::").collect();
        path.len() >= entry.len() && entry.iter().zip(path).all(|(a, b)| a == b)
    })
}

#[test]
fn every_module_has_its_rule() {
    let ruled: BTreeSet<&str> = RULES.iter().map(|(module, ..)| *module).collect();
    let sources = sources();
    let modules: BTreeSet<&str> = sources
        .iter()
        .map(|s| s.module.as_str())
        .filter(|m| !matches!(*m, "lib" | "main"))
        .collect();
    assert_eq!(modules, ruled, "src/ and RULES in tests/imports.rs differ");
}

#[test]
fn modules_import_only_what_they_may() {
    let rules: BTreeMap<&str, (&[&str], &[&str])> =
        RULES.into_iter().map(|(module, shipped, tests)| (module, (shipped, tests))).collect();
    let mut found = Vec::new();
    for source in sources() {
        let Some((shipped, tests)) = rules.get(source.module.as_str()) else { continue };
        for path in source.named() {
            let own = path.first() == Some(&source.module);
            let test = source.test && within(&path, tests);
            if !own && !test && !within(&path, shipped) {
                found.push(format!("{} names crate::{}", source.path, path.join("::")));
            }
        }
    }
    hold("imports against the rules (ARCHITECTURE.md, \"Who may import whom\")", &found);
}

/// `super::super::…` that leaves the module would go around the rules.
#[test]
fn nobody_climbs_out_of_a_module() {
    let mut found = Vec::new();
    for source in sources() {
        let tokens = if source.test { &source.tokens } else { source.shipped() };
        let mut ups = 0;
        for (n, token) in tokens.iter().enumerate() {
            match token.as_str() {
                "super" => ups += 1,
                "::" if n > 0 && tokens[n - 1] == "super" => {}
                _ => ups = 0,
            }
            if ups >= source.depth() {
                found.push(source.path.clone());
            }
        }
    }
    hold("`super` leaves the module; write `crate::`", &found);
}

#[test]
fn main_only_calls_the_command_line() {
    let main = fs::read_to_string(package().join("src/main.rs")).unwrap();
    let tokens = tokens(&main);
    let named: Vec<&str> = tokens
        .windows(3)
        .filter(|w| w[0] == "evimap" && w[1] == "::")
        .map(|w| w[2].as_str())
        .collect();
    assert_eq!(named, ["cli"]);
    assert!(main.lines().count() < 40);
}

/// Machine opinion and human verdict are never confused: what ranks or asks a model does not know
/// the types of what a person decides, tests included.
#[test]
fn judging_does_not_know_deciding() {
    let mut found = Vec::new();
    for source in sources() {
        if matches!(source.module.as_str(), "matching" | "judge" | "index" | "segment" | "extract")
        {
            for word in ["Decision", "Verdict", "Position", "Conclusion", "Applicability"] {
                if source.names(word) {
                    found.push(format!("{} names {word}", source.path));
                }
            }
        }
    }
    hold("machine opinion names a person's verdict", &found);
}

/// Only `review` makes Decisions and Positions; `store` reads back what was stored.
#[test]
fn only_review_decides() {
    let mut found = Vec::new();
    for source in sources() {
        if source.module == "review" || source.path == "src/store/rows.rs" {
            continue;
        }
        for w in source.shipped().windows(3) {
            let made = matches!(w[1].as_str(), "Decision" | "Position") && w[2] == "{";
            let declared = matches!(w[0].as_str(), "struct" | "impl" | "for" | ">" | "&" | "mut");
            if made && !declared {
                found.push(format!("{} makes a {}", source.path, w[1]));
            }
        }
    }
    hold("a Decision or Position comes from a person, through `review`", &found);
}

/// The judge's opinion is shown to the reviewer and goes no further: nothing of it is converted
/// into what a person says.
#[test]
fn a_judgement_is_only_shown() {
    let mut found = Vec::new();
    for source in sources() {
        let t = source.shipped();
        if source.names("Judgement")
            && source.module == "review"
            && !source.path.contains("/export/")
        {
            found.push(format!("{}: only the export shows judgements", source.path));
        }
        let converts = |w: &[String]| {
            w[0] == "From"
                && w[1] == "<"
                && (w[2] == "&" || w[2] == "Judgement" || w[2] == "Proposal")
        };
        for w in t.windows(8).filter(|w| converts(w)) {
            if w.iter().any(|x| x == "Judgement" || x == "Proposal")
                && w.iter().any(|x| matches!(x.as_str(), "Decision" | "Verdict" | "Position"))
            {
                found.push(format!("{} converts opinion into a verdict", source.path));
            }
        }
    }
    hold("opinion becomes a verdict", &found);
}

#[test]
fn only_the_command_line_prints() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|s| s.module != "cli") {
        for w in source.tokens.windows(2) {
            if matches!(w[0].as_str(), "println" | "eprintln" | "print" | "eprint") && w[1] == "!" {
                found.push(format!("{}: {}!", source.path, w[0]));
            }
        }
    }
    hold("printing outside cli; give a Diagnostic or an Event", &found);
}

/// One clock: `cli` passes "today" and the time of a run down; `store` makes a new workspace id.
#[test]
fn nobody_else_looks_at_the_clock() {
    let allowed = ["src/store/open.rs"];
    let mut found = Vec::new();
    for source in sources() {
        if source.module == "cli" || allowed.contains(&source.path.as_str()) {
            continue;
        }
        for w in source.shipped().windows(3) {
            let clock = matches!(w[0].as_str(), "SystemTime" | "OffsetDateTime" | "UtcDateTime");
            if clock && w[1] == "::" && w[2].starts_with("now") {
                found.push(format!("{}: {}::{}", source.path, w[0], w[2]));
            }
        }
    }
    hold("a clock outside cli; take the date as an argument", &found);
}

#[test]
fn no_unsafe_code() {
    let found: Vec<String> =
        sources().iter().filter(|s| s.names("unsafe")).map(|s| s.path.clone()).collect();
    hold("unsafe code", &found);
    let manifest = fs::read_to_string(package().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
}

#[test]
fn no_file_is_too_long() {
    let found: Vec<String> = sources()
        .iter()
        .map(|s| (s.text.lines().count(), &s.path))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    hold("files to be split by subject", &found);
}

#[test]
fn every_file_says_what_it_is_for() {
    let found: Vec<String> = sources()
        .iter()
        .filter(|s| !s.test && !s.text.starts_with("//!"))
        .map(|s| s.path.clone())
        .collect();
    hold("files that don't begin with `//!`", &found);
}

/// [`Source::shipped`] relies on it.
#[test]
fn inline_tests_stand_last() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|s| !s.test) {
        let rest = &source.tokens[source.shipped().len()..];
        let mut depth = 0;
        let mut closed = false;
        for token in rest {
            match token.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if closed {
                found.push(source.path.clone());
                break;
            }
            closed = depth == 0 && token == "}";
        }
    }
    hold("code below `mod tests`", &found);
}

/// The repository stands alone: nothing names a place on the machine of whoever wrote it.
#[test]
fn nothing_names_a_place_outside() {
    let mut found = Vec::new();
    let walk = ignore::WalkBuilder::new(package()).hidden(false).git_global(false).build();
    // Put together here, so that this file is not found.
    let places = [["/wo", "rk/"].concat(), ["../sha", "red"].concat(), ["/ro", "ot/"].concat()];
    for entry in walk {
        let path = entry.unwrap().into_path();
        let name = relative(&path);
        let skipped = [".git", "target", "out"].iter().any(|s| name.split('/').next() == Some(s));
        if skipped || !path.is_file() {
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for place in &places {
            let hit = text.match_indices(place.as_str()).any(|(at, _)| {
                !text[..at].ends_with(|c: char| is_word(c) || matches!(c, '.' | '-' | ']'))
            });
            if hit {
                found.push(format!("{name} names {place}"));
            }
        }
    }
    hold("places outside the repository", &found);
}

#[test]
fn the_scanner_reads_rust() {
    let code = r##"
        // crate::cli
        /* crate::cli /* nested */ crate::cli */
        use crate::{diag::{self, Sink as S}, domain::*, index};
        fn f<'a>(x: &'a str) -> char { let _ = "crate::cli \" "; let _ = r#"crate::"cli"#; '\'' }
        const Q: char = '"'; type T = crate::domain::Date; fn g() { crate::index::go::<u8>(b"x") }
    "##;
    let source = Source {
        path: "src/x/mod.rs".into(),
        module: "x".into(),
        text: code.into(),
        tokens: tokens(code),
        test: false,
    };
    let named: Vec<String> = source.named().iter().map(|path| path.join("::")).collect();
    let wanted =
        ["diag", "diag::Sink", "domain", "index", "domain::Date", "index::go"].map(String::from);
    assert_eq!(named, wanted);
    assert!(!within(&["domain".into()], &["domain::Date"]));
}
