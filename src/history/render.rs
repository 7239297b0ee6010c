//! A difference as text, Markdown, JSON and HTML.

use minijinja::{AutoEscape, Environment, context, value::Serde};

use super::{Change, Difference, Piece, plain};
use crate::domain::escape_markdown;

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Markdown,
    Json,
    Html,
}

/// Rows shown in each group of text and Markdown; JSON and HTML have them all.
pub(super) const SHOWN: usize = 40;

const PAGE: &str = include_str!("diff.html");

/// Lines of one subject. A line is a word for what happened, and what it happened to.
#[derive(serde::Serialize)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lines: Vec<(String, String)>,
}

/// Writes a difference. Text and Markdown end in a line break.
///
/// # Errors
/// JSON or HTML can't be made.
pub fn render(difference: &Difference, format: Format) -> Result<String, String> {
    let d = difference;
    match format {
        Format::Text => Ok(text(d)),
        Format::Markdown => {
            let title = format!("## Evimap: {}\n\n", escape_markdown(&heading(d)));
            Ok(title + markdown(d).trim_start())
        }
        Format::Json => serde_json::to_string_pretty(d).map_err(|error| error.to_string()),
        Format::Html => html(d).map_err(|error| format!("{error:#}")),
    }
}

fn html(d: &Difference) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let values = context! {
        heading => heading(d),
        sections => Serde(sections(d)),
        settings => d.settings.clone(),
        empty => d.is_empty(),
    };
    environment.render_str(PAGE, values)
}

fn heading(d: &Difference) -> String {
    format!("run {} ({}) → run {} ({})", d.from.run, day(&d.from), d.to.run, day(&d.to))
}

fn day(side: &super::Side) -> String {
    match side.kind.as_str() {
        "run" => side.as_of.clone(),
        kind => format!("{kind}, {}", side.as_of),
    }
}

fn text(d: &Difference) -> String {
    let mut out = heading(d) + "\n";
    for setting in &d.settings {
        out.push_str(&format!("  {setting}\n"));
    }
    if d.is_empty() {
        out.push_str("Nothing changed.\n");
    }
    for section in sections(d) {
        out.push_str(&format!("\n{}\n", section.title));
        let width = section.lines.iter().map(|(word, _)| word.chars().count()).max().unwrap_or(0);
        for (word, what) in section.lines.iter().take(SHOWN) {
            let gap = if word.is_empty() { String::new() } else { format!("{word:<width$}  ") };
            out.push_str(&format!("  {gap}{what}\n"));
        }
        if section.lines.len() > SHOWN {
            let more = section.lines.len() - SHOWN;
            out.push_str(&format!("  and {more} more; --format json has them all\n"));
        }
    }
    out
}

/// The body, without a title.
pub(super) fn markdown(d: &Difference) -> String {
    let mut out = String::new();
    for setting in &d.settings {
        out.push_str(&format!("- {}\n", escape_markdown(setting)));
    }
    if d.is_empty() {
        out.push_str("\nNothing changed.\n");
    }
    for section in sections(d) {
        out.push_str(&format!("\n**{}** ({})\n\n", section.title, section.lines.len()));
        for (word, what) in section.lines.iter().take(SHOWN) {
            let word = if word.is_empty() { String::new() } else { format!("{word}: ") };
            out.push_str(&format!("- {word}{}\n", escape_markdown(what)));
        }
        if section.lines.len() > SHOWN {
            out.push_str(&format!("- … and {} more\n", section.lines.len() - SHOWN));
        }
    }
    out
}

/// What changed, by subject, in the order in which a person wants to know it. Empty ones are left
/// out.
pub(super) fn sections(d: &Difference) -> Vec<Section> {
    let pieces = |word: &str, list: &[Piece]| -> Vec<(String, String)> {
        list.iter().map(|p| (word.to_owned(), piece(p))).collect()
    };
    let paths = |word: &str, list: &[String]| -> Vec<(String, String)> {
        list.iter().map(|path| (word.to_owned(), plain(path))).collect()
    };
    let e = &d.evidence;
    let documents = [
        paths("new", &d.documents.new),
        paths("lost", &d.documents.lost),
        paths("changed", &d.documents.changed),
        d.documents
            .renamed
            .iter()
            .map(|m| ("renamed".to_owned(), format!("{} → {}", plain(&m.from), plain(&m.to))))
            .collect(),
        paths("no text now", &d.documents.unreadable),
    ];
    let evidence = [
        pieces("lost", &e.lost),
        pieces("out of date", &e.stale),
        pieces("restored", &e.restored),
        pieces("renewed", &e.renewed),
        pieces("new", &e.new),
        pieces("withdrawn", &e.withdrawn),
    ];
    let mut suggestions = pieces("new", &d.suggestions);
    if d.suggestions_gone > 0 {
        let gone = format!("{} wait no longer", d.suggestions_gone);
        // First, so that it is not cut off.
        suggestions.insert(0, (String::new(), gone));
    }
    let all = [
        ("Coverage, from decisions", d.coverage.iter().map(change).collect()),
        ("Evidence", evidence.concat()),
        ("Decisions undone by edits", pieces("", &d.undone)),
        ("Conflicts", paths("", &d.conflicts)),
        ("Past their date", paths("", &d.overdue)),
        ("Documents", documents.concat()),
        ("Machine view, an opinion", d.views.iter().map(change).collect()),
        ("Suggestions", suggestions),
    ];
    let sections = all.into_iter().map(|(title, lines)| Section { title, lines });
    sections.filter(|section| !section.lines.is_empty()).collect()
}

fn piece(p: &Piece) -> String {
    let note = if p.note.is_empty() { String::new() } else { format!(" ({})", p.note) };
    format!("{} in {}, {}{note}", p.target, plain(&p.document), p.id)
}

fn change(c: &Change) -> (String, String) {
    let side = |word: &str| if word.is_empty() { "no row".to_owned() } else { word.to_owned() };
    let why =
        if c.reasons.is_empty() { String::new() } else { format!(" ({})", c.reasons.join(", ")) };
    (String::new(), format!("{}: {} → {}{why}", c.target, side(&c.from), side(&c.to)))
}
