//! `framework.csv`: a further framework as a plain list of controls.

use std::path::Path;

use super::{Overlay, Place, read};
use crate::{
    diag::Sink,
    domain::{Level, Target, TargetId, TargetKind},
};

const REQUIRED: [&str; 3] = ["id", "title", "description"];
const OPTIONAL: [&str; 4] = ["level", "terms", "kind", "theme"];

/// Reads the file: comma or semicolon, UTF-8 with or without BOM, columns in any order.
pub(super) fn file(path: &Path, overlay: &mut Overlay, sink: &mut Sink) {
    let file = path.display().to_string();
    let Some(text) = read::text(path, &file, sink) else { return };
    let place = |line: u32| Place { file: file.clone(), line };
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_lowercase).collect(),
        Err(error) => return place(1).fault(sink, format!("no CSV: {error}"), "save it as CSV"),
    };
    for (n, column) in header.iter().enumerate() {
        let known = REQUIRED.contains(&column.as_str()) || OPTIONAL.contains(&column.as_str());
        if !known || header[..n].contains(column) {
            let message = format!("unknown or repeated column `{column}`");
            let help = format!("known: {}, {}", REQUIRED.join(", "), OPTIONAL.join(", "));
            place(1).fault(sink, message, &help);
        }
    }
    let missing: Vec<_> = REQUIRED.iter().filter(|c| !header.iter().any(|h| h == *c)).collect();
    for column in &missing {
        place(1).fault(sink, format!("the column `{column}` is missing"), "add it");
    }
    if !missing.is_empty() {
        return;
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line) as u32;
                place(line).fault(sink, format!("no CSV: {error}"), "mend the row");
                continue;
            }
        };
        let place = place(record.position().map_or(1, csv::Position::line) as u32);
        if record.len() != header.len() {
            let message = format!("{} cells where the header has {}", record.len(), header.len());
            place.fault(sink, message, "put text that holds the separator in double quotes");
            continue;
        }
        let cell = |name: &str| {
            let n = header.iter().position(|column| column == name);
            n.and_then(|n| record.get(n)).unwrap_or_default()
        };
        if let Some(target) = row(cell, &place, sink) {
            overlay.targets.push((target, place));
        }
    }
}

fn row<'r>(cell: impl Fn(&str) -> &'r str, place: &Place, sink: &mut Sink) -> Option<Target> {
    let mut fault = |message: String, help: &str| place.fault(sink, message, help);
    for column in REQUIRED {
        if cell(column).is_empty() {
            fault(format!("the {column} is empty"), "fill the cell");
        }
    }
    let id: Option<TargetId> = match cell("id") {
        "" => None,
        text => match text.parse() {
            Ok(id) => Some(id),
            Err(error) => {
                let error: crate::domain::BadTargetId = error;
                fault(error.to_string(), "mend the id");
                None
            }
        },
    };
    let level = match cell("level").to_lowercase().as_str() {
        "" | "organisation" => Level::Organisation,
        "application" => Level::Application,
        "both" => Level::Both,
        other => {
            fault(format!("unknown level `{other}`"), "organisation, application or both");
            Level::Organisation
        }
    };
    let kind = match cell("kind").to_lowercase().as_str() {
        "" | "control" => TargetKind::Control,
        "requirement" => TargetKind::Requirement,
        other => {
            fault(format!("unknown kind `{other}`"), "control or requirement");
            TargetKind::Control
        }
    };
    let mut terms: Vec<String> = Vec::new();
    for term in cell("terms").split(['|', ';']).map(str::trim).filter(|term| !term.is_empty()) {
        if terms.iter().any(|other| other.to_lowercase() == term.to_lowercase()) {
            fault(format!("the term `{term}` stands here twice"), "remove one");
        }
        terms.push(term.to_owned());
    }
    // Also a faulty one is known, so that what refers to it is not reported as well.
    let id = id?;
    Some(Target {
        framework: id.framework().to_owned(),
        id,
        title: cell("title").to_owned(),
        kind,
        level,
        theme: cell("theme").to_owned(),
        description: cell("description").to_owned(),
        guidance: String::new(),
        serves: Vec::new(),
        object_of: Vec::new(),
        terms,
        negative_terms: Vec::new(),
        exemplars: Vec::new(),
        points: Vec::new(),
    })
}
