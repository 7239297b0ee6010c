//! `review-desk.html`: the suggestions and what a person needs to decide on them, in one file without
//! outside resources. It gives back the CSV that `evimap review import` takes.
//!
//! All data stands in one JSON block that no browser runs; the page's own script makes elements from
//! it, with texts only. Style and script are allowed by their hashes, everything else is refused.

mod data;
mod shared;
#[cfg(test)]
mod tests;

use minijinja::{
    AutoEscape, Environment, UndefinedBehavior,
    value::{Serde, Value},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::view::View;
use crate::domain::Date;

const TEMPLATE: &str = include_str!("templates/desk/desk.html");
const STYLE: &str = concat!(
    ":root{",
    include_str!("templates/light.css"),
    "}\n@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){",
    include_str!("templates/dark.css"),
    "}}\n@media screen{:root[data-theme=dark]{",
    include_str!("templates/dark.css"),
    "}}\n",
    include_str!("templates/desk/desk.css"),
    include_str!("templates/desk/print.css"),
);
/// In the order in which they need one another.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("templates/desk/base.js"),
    include_str!("templates/desk/csv.js"),
    include_str!("templates/desk/drafts.js"),
    include_str!("templates/desk/keep.js"),
    include_str!("templates/desk/filter.js"),
    include_str!("templates/desk/list.js"),
    include_str!("templates/desk/detail.js"),
    include_str!("templates/desk/files.js"),
    include_str!("templates/desk/overview.js"),
    include_str!("templates/desk/main.js"),
    "})();\n",
);

/// What the desk shows beyond the other reports. Made by the pipeline, which knows the review files
/// and the texts of the documents.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// Columns of suggestions.csv, in order.
    pub columns: Vec<String>,
    /// In the order of suggestions.csv.
    pub rows: Vec<DeskRow>,
    /// Suggestions that are not in `rows`, because a page can't hold any number of them.
    pub left_out: usize,
    /// Names of the reviewers that the configuration declares.
    pub reviewers: Vec<String>,
    /// Decisions by day, in order.
    pub days: Vec<DeskDay>,
}

/// A row of suggestions.csv.
#[derive(Debug, Clone)]
pub struct DeskRow {
    /// In step with the columns, verbatim.
    pub cells: Vec<String>,
    /// Whether it is in the suggestions.csv that a run writes; the others are in that of `--all`.
    pub listed: bool,
    /// Verbatim text of the document before and after the quote; empty where it is not known.
    pub before: String,
    pub after: String,
}

/// How many decisions of each verdict the ledger holds for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DeskDay {
    pub day: Date,
    pub accepted: u32,
    pub rejected: u32,
    pub deferred: u32,
}

#[derive(Serialize)]
struct Page {
    lang: &'static str,
    title: String,
    policy: String,
    style: Value,
    script: Value,
    data: Value,
    disclaimer: &'static str,
}

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let w = view.words;
    super::gap_html::speak(&mut environment, w);
    environment.add_template("desk.html", TEMPLATE).map_err(explain)?;
    let template = environment.get_template("desk.html").map_err(explain)?;
    let data = serde_json::to_string(&data::of(view)).map_err(|error| error.to_string())?;
    let organisation = super::text::plain(&view.report.organisation);
    let named = if organisation.trim().is_empty() {
        w.text("unnamed-organisation").into()
    } else {
        super::text::cut(&organisation, 200, w.text("cut-evidence"))
    };
    let page = Page {
        lang: w.language().as_str(),
        title: format!("{} – {named} – {}", w.text("html-review-desk"), view.report.as_of),
        policy: policy(),
        style: Value::from_safe_string(STYLE.to_owned()),
        script: Value::from_safe_string(SCRIPT.to_owned()),
        data: Value::from_safe_string(inert(&data)),
        disclaimer: w.text("disclaimer"),
    };
    let html = template.render(Serde(page)).map_err(explain)?;
    Ok(html.into_bytes())
}

fn explain(error: minijinja::Error) -> String {
    format!("{error:#}")
}

/// Lets nothing load, no script run but ours, no style apply but ours, and no text become markup.
fn policy() -> String {
    let hash = |text: &str| data_encoding::BASE64.encode(&Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// JSON that can stand in a page: no `<` that could end its element, nothing that reorders, can't be
/// seen or can't be in HTML. Such characters occur inside of JSON strings only, so escapes keep the
/// meaning.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 16);
    for c in json.chars() {
        let harmful = matches!(c, '<' | '>' | '&' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
            || matches!(c, '\u{FDD0}'..='\u{FDEF}')
            || (c as u32) & 0xFFFE == 0xFFFE;
        if harmful {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}
