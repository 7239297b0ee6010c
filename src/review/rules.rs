//! Who reviews what: the rules of `review export --assign FILE`.

use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;

use super::export::Traits;
use crate::{catalog::Catalog, config::System, diag::Diagnostic, domain::Band};

/// Rules in order; the first that fits a row names its reviewer.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// All conditions that are given must hold; of the values of one, any.
#[derive(Debug, Clone)]
struct Rule {
    reviewer: String,
    framework: Vec<String>,
    target: Vec<GlobMatcher>,
    clause: Vec<String>,
    theme: Vec<String>,
    system: Vec<String>,
    owner: Vec<GlobMatcher>,
    band: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<toml::Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    reviewer: String,
    #[serde(default)]
    framework: Values,
    #[serde(default)]
    target: Values,
    #[serde(default)]
    clause: Values,
    #[serde(default)]
    theme: Values,
    #[serde(default)]
    system: Values,
    #[serde(default)]
    owner: Values,
    #[serde(default)]
    band: Values,
}

/// One value or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Many(Vec<String>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Values {
    fn list(self) -> Vec<String> {
        let list = match self {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        };
        list.into_iter().map(|value| value.trim().to_owned()).collect()
    }
}

impl Rules {
    /// Reads a file of rules.
    ///
    /// # Errors
    /// All that is wrong with it, with lines.
    pub fn parse(
        file: &str,
        text: &str,
        catalog: &Catalog,
        systems: &[System],
    ) -> Result<Self, Vec<Diagnostic>> {
        let parsed: File = toml::from_str(text).map_err(|error| {
            let mut problem = Diagnostic::error("assign", error.message().trim().to_owned())
                .in_file(file)
                .help("a rule is a [[rule]] with reviewer and any of framework, target, clause, theme, system, owner, band");
            if let Some(span) = error.span() {
                problem = problem.on_line(line(text, span.start));
            }
            vec![problem]
        })?;
        let mut reader = Reader { file, catalog, systems, line: 0, problems: Vec::new() };
        let mut rules = Vec::new();
        let mut open: Option<u32> = None;
        for written in parsed.rule {
            reader.line = line(text, written.span().start);
            if let Some(before) = open {
                let message =
                    format!("the rule in line {before} takes every row, so this one takes none");
                reader.fault(message, "put the rule without conditions last");
            }
            let rule = reader.rule(written.into_inner());
            if rule.is_open() {
                open = open.or(Some(reader.line));
            }
            rules.push(rule);
        }
        if rules.is_empty() {
            reader.fault(
                "there is no rule".to_owned(),
                "write at least one [[rule]] with a reviewer",
            );
        }
        if reader.problems.is_empty() { Ok(Self { rules }) } else { Err(reader.problems) }
    }

    /// Whose row it is; nobody's if no rule fits.
    pub(super) fn reviewer(&self, row: &Traits) -> Option<&str> {
        self.rules.iter().find(|rule| rule.fits(row)).map(|rule| rule.reviewer.as_str())
    }
}

struct Reader<'a> {
    file: &'a str,
    catalog: &'a Catalog,
    systems: &'a [System],
    line: u32,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fault(&mut self, message: String, help: &str) {
        let problem = Diagnostic::error("assign", message).in_file(self.file).help(help);
        self.problems.push(if self.line > 0 { problem.on_line(self.line) } else { problem });
    }

    fn rule(&mut self, written: Written) -> Rule {
        if written.reviewer.trim().is_empty() {
            self.fault("the reviewer is blank".to_owned(), "name who gets the rows");
        }
        let frameworks: Vec<String> =
            self.catalog.frameworks().into_iter().map(str::to_owned).collect();
        let themes: Vec<String> = self.catalog.targets().map(|t| t.theme.clone()).collect();
        let systems: Vec<String> = self.systems.iter().map(|s| s.id.clone()).collect();
        let bands = [Band::Strong, Band::Likely, Band::Possible].map(|b| b.as_str().to_owned());
        let none = [String::from(NO_SYSTEM)];
        let rule = Rule {
            reviewer: written.reviewer.trim().to_owned(),
            framework: self.known("framework", written.framework, &frameworks),
            theme: self.known_by("theme", written.theme, &themes, same_theme),
            system: self.known("system", written.system, &[&systems[..], &none[..]].concat()),
            band: self.known("band", written.band, &bands),
            clause: written.clause.list(),
            target: self.globs("target", written.target),
            owner: self.globs("owner", written.owner),
        };
        for clause in &rule.clause {
            let found =
                self.catalog.targets().any(|t| within(t.id.local(), t.id.framework(), clause));
            if !found {
                self.fault(
                    format!("clause `{clause}` holds no target"),
                    "write for example \"9\", \"A.5\" or \"ISO42001:A.6\"",
                );
            }
        }
        for glob in &rule.target {
            let hit = |id: &str, local: &str| glob.is_match(id) || glob.is_match(local);
            if !self.catalog.targets().any(|t| hit(t.id.as_str(), t.id.local())) {
                self.fault(
                    format!("no target is like `{}`", glob.glob().glob()),
                    "write for example \"ISO27001:A.5.*\"; `evimap catalog list` has all targets",
                );
            }
        }
        rule
    }

    fn known(&mut self, what: &str, values: Values, known: &[String]) -> Vec<String> {
        self.known_by(what, values, known, |one, other| one.eq_ignore_ascii_case(other))
    }

    fn known_by(
        &mut self,
        what: &str,
        values: Values,
        known: &[String],
        same: fn(&str, &str) -> bool,
    ) -> Vec<String> {
        let values = values.list();
        for value in &values {
            if !known.iter().any(|k| same(value, k)) {
                let mut list: Vec<&str> = known.iter().map(String::as_str).collect();
                list.sort_unstable();
                list.dedup();
                let help = format!("known here: {}", list.join(", "));
                self.fault(format!("`{value}` is no {what}"), &help);
            }
        }
        values
    }

    fn globs(&mut self, what: &str, values: Values) -> Vec<GlobMatcher> {
        let mut out = Vec::new();
        for value in values.list() {
            match GlobBuilder::new(&value).case_insensitive(true).build() {
                Ok(glob) => out.push(glob.compile_matcher()),
                Err(error) => self.fault(
                    format!("{what} `{value}` is no pattern: {}", error.kind()),
                    "use * for any letters and ? for one",
                ),
            }
        }
        out
    }
}

/// The system of rows that belong to the organisation as a whole.
const NO_SYSTEM: &str = "organisation";

impl Rule {
    fn is_open(&self) -> bool {
        self.target.is_empty()
            && self.owner.is_empty()
            && [&self.framework, &self.clause, &self.theme, &self.system, &self.band]
                .into_iter()
                .all(Vec::is_empty)
    }

    fn fits(&self, row: &Traits) -> bool {
        let any = |values: &[String], fits: &dyn Fn(&str) -> bool| {
            values.is_empty() || values.iter().any(|value| fits(value))
        };
        let glob = |globs: &[GlobMatcher], texts: &[&str]| {
            globs.is_empty() || globs.iter().any(|g| texts.iter().any(|text| g.is_match(text)))
        };
        let system = if row.system.is_empty() { NO_SYSTEM } else { row.system.as_str() };
        any(&self.framework, &|v| v.eq_ignore_ascii_case(&row.framework))
            && any(&self.clause, &|v| within(&row.local, &row.framework, v))
            && any(&self.theme, &|v| same_theme(v, &row.theme))
            && any(&self.system, &|v| v.eq_ignore_ascii_case(system))
            && any(&self.band, &|v| v.eq_ignore_ascii_case(&row.band))
            && glob(&self.target, &[&row.target, &row.local])
            && (self.owner.is_empty() || !row.owner.is_empty())
            && glob(&self.owner, &[&row.owner])
    }
}

/// The whole theme, or the number that it begins with: `A.6 AI system life cycle`, `A.6`.
fn same_theme(value: &str, theme: &str) -> bool {
    let number = theme.split(' ').next().filter(|word| word.starts_with("A."));
    value.eq_ignore_ascii_case(theme) || number.is_some_and(|n| value.eq_ignore_ascii_case(n))
}

/// Whether a target lies in a clause: `A.5.15` in `A.5`, not in `A.51`.
fn within(local: &str, framework: &str, clause: &str) -> bool {
    let clause = match clause.split_once(':') {
        Some((named, rest)) if named.eq_ignore_ascii_case(framework) => rest,
        Some(_) => return false,
        None => clause,
    };
    let (local, clause) = (local.to_ascii_uppercase(), clause.to_ascii_uppercase());
    local.strip_prefix(&clause).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn line(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or(text);
    before.matches('\n').count() as u32 + 1
}

#[cfg(test)]
mod tests;
