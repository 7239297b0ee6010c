//! What the documents at the top of the repository say is true: their commands parse, their links
//! lead somewhere.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

const PAGES: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The lines of a page's code blocks that are commands; a trailing `\` joins the next line.
fn commands(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut block: Option<&str> = None;
    let mut joined = false;
    for line in text.lines() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            block = if block.is_none() { Some(info.trim()) } else { None };
            joined = false;
            continue;
        }
        let Some(language) = block else { continue };
        let plain = line.trim();
        let command = match language {
            "console" => plain.strip_prefix("$ "),
            _ => Some(plain.strip_prefix("$ ").unwrap_or(plain)),
        };
        let goes_on = plain.ends_with('\\');
        let part = plain.trim_end_matches('\\');
        match (joined, command) {
            (true, _) => out.last_mut().unwrap().push_str(part),
            (false, Some(command)) => out.push(command.trim_end_matches('\\').to_owned()),
            (false, None) => {}
        }
        joined = goes_on && (joined || command.is_some());
    }
    out
}

/// Splits a shell line into simple commands of words: quotes, `|`, `&&`, `;`, redirects, comments.
fn simple(line: &str) -> Vec<Vec<String>> {
    let mut words: Vec<(String, bool)> = Vec::new();
    let mut word: Option<(String, bool)> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default().1 = true;
            }
            (Some('"') | None, '\\') => word.get_or_insert_default().0.extend(chars.next()),
            (None, ' ' | '\t') => words.extend(word.take()),
            (None, '#') if word.is_none() => break,
            (None, '|' | ';' | '&') => {
                words.extend(word.take());
                words.push((c.to_string(), false));
            }
            _ => word.get_or_insert_default().0.push(c),
        }
    }
    words.extend(word);
    let is = |word: &(String, bool), signs: &[&str]| !word.1 && signs.contains(&word.0.as_str());
    words
        .split(|word| is(word, &["|", ";", "&"]))
        .map(|command| {
            let mut out = Vec::new();
            let mut words = command.iter();
            while let Some(word) = words.next() {
                if is(word, &[">", ">>", "<", "2>"]) {
                    words.next();
                } else if word.1 || !word.0.starts_with(['>', '<']) {
                    out.push(word.0.clone());
                }
            }
            out
        })
        .filter(|command: &Vec<String>| !command.is_empty())
        .collect()
}

/// The arguments, if a simple command calls evimap.
fn arguments(command: &[String]) -> Option<Vec<String>> {
    let variable = |word: &&String| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        })
    };
    let start = command.iter().take_while(variable).count();
    let command = &command[start..];
    let program = command.first()?;
    if program == "evimap" || program.ends_with("/evimap") {
        return Some(command[1..].to_vec());
    }
    if program == "cargo" && command.get(1).is_some_and(|word| word == "run") {
        let end = command.iter().position(|word| word == "--")?;
        return Some(command[end + 1..].to_vec());
    }
    None
}

/// Runs in an empty folder with nothing on stdin, so that whatever is named is not there; what
/// counts is only whether the command line itself is understood.
fn parses(arguments: &[String]) -> Result<(), String> {
    if arguments.iter().any(|argument| argument.starts_with('/')) {
        return Err("an absolute path".to_owned());
    }
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_evimap"))
        .args(arguments)
        .current_dir(empty.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    let misunderstood = err.contains("try '--help'") || err.contains("Usage:");
    if misunderstood { Err(err.into_owned()) } else { Ok(()) }
}

#[test]
fn every_command_is_understood() {
    let mut faults = Vec::new();
    let mut checked = 0;
    for name in PAGES {
        for line in commands(&page(name)) {
            for arguments in simple(&line).iter().filter_map(|command| arguments(command)) {
                checked += 1;
                if let Err(fault) = parses(&arguments) {
                    faults.push(format!("{name}: {line}\n    {}", fault.replace('\n', "\n    ")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(checked >= 5, "only {checked} commands found in {PAGES:?}");
}

/// Whatever calls evimap in the examples for schedulers, wherever it stands in their lines.
#[test]
fn the_examples_for_schedulers_are_understood() {
    let text = page("docs/scheduling.md");
    let mut checked = 0;
    for line in text.lines() {
        let call = line.find("evimap run ").map(|at| &line[at..]);
        let Some(call) = call.filter(|_| !line.contains('`')) else { continue };
        for command in simple(call) {
            let Some(arguments) = arguments(&command) else { continue };
            // The machine's own folders are none of the test's business.
            let arguments: Vec<String> =
                arguments.iter().map(|a| a.trim_start_matches('/').to_owned()).collect();
            checked += 1;
            assert_eq!(parses(&arguments), Ok(()), "{line}");
        }
    }
    assert!(checked >= 5, "only {checked} calls found");
}

/// `.ci/run` takes the line from there and runs it.
#[test]
fn the_test_command_stands_alone() {
    let readme = page("README.md");
    assert_eq!(readme.lines().filter(|line| *line == "cargo test").count(), 1);
}

#[test]
fn links_lead_to_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut dead = Vec::new();
    for name in PAGES {
        let text = page(name);
        for (at, _) in text.match_indices("](") {
            let rest = &text[at + 2..];
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if !target.contains("://") && !file.is_empty() && !root.join(file).exists() {
                dead.push(format!("{name}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn the_scanner_reads_shell() {
    let text = "evimap no\n```sh\nevimap a 'b c' \\\n  --d # note\n```\n```console\n$ echo \
                '{\"x\":1}' | evimap match > out.txt && X=1 ./evimap e\nevimap output\n```\n";
    let found: Vec<Vec<String>> = commands(text)
        .iter()
        .flat_map(|line| simple(line))
        .filter_map(|command| arguments(&command))
        .collect();
    assert_eq!(found, [vec!["a", "b c", "--d"], vec!["match"], vec!["e"]]);
    assert!(parses(&["catalog".into(), "list".into()]).is_ok());
    assert!(parses(&["run".into(), "docs".into()]).is_err(), "no -w");
    assert!(parses(&["run".into(), "docs".into(), "-w".into(), "w".into()]).is_ok());
}
