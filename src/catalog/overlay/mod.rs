//! A user's folder of own targets, points, common controls and frameworks, merged into the
//! catalogue. Every fault is reported, each with file and line; a folder with a fault changes
//! nothing. The format is described in docs/catalogue.md.

mod check;
mod read;
mod rows;
#[cfg(test)]
mod tests;

use std::{fs, path::Path};

use super::Catalog;
use crate::{
    config::section::Voice,
    diag::{Diagnostic, Sink},
    domain::{CommonControl, Link, Point, Target, TargetId},
};

const CODE: &str = "overlay";
const VOICE: Voice = Voice { code: CODE, format_help: "see \"Overlay\" in docs/catalogue.md" };

/// Framework of own controls that belong to no framework.
const CUSTOM: &str = "CUSTOM";

/// Where something stands in the folder.
#[derive(Debug, Clone)]
struct Place {
    file: String,
    line: u32,
}

impl Place {
    fn fault(&self, sink: &mut Sink, message: String, help: &str) {
        let fault = Diagnostic::error(CODE, message).in_file(&self.file).on_line(self.line);
        sink.push(fault.help(help));
    }
}

/// A target that another one names.
#[derive(Debug)]
struct Reference {
    from: TargetId,
    to: TargetId,
    place: Place,
}

#[derive(Debug)]
struct Framework {
    id: String,
    name: String,
    place: Place,
}

#[derive(Debug)]
struct OwnPoint {
    target: TargetId,
    point: Point,
    /// Where the point's id stands, and where its target is named.
    place: Place,
    target_place: Place,
}

#[derive(Debug)]
struct OwnLink {
    common_control: String,
    link: Link,
    /// Where the link's target is named, and where its common control is.
    place: Place,
    control_place: Place,
}

/// What the files of the folder say, before anything is held against the catalogue.
#[derive(Debug, Default)]
struct Overlay {
    frameworks: Vec<Framework>,
    /// Without points; those stand in `points`.
    targets: Vec<(Target, Place)>,
    points: Vec<OwnPoint>,
    /// Without links; those stand in `links`.
    common_controls: Vec<(CommonControl, Place)>,
    links: Vec<OwnLink>,
    serves: Vec<Reference>,
    refines: Vec<Reference>,
}

/// `base` with the folder on top.
pub(super) fn merge(base: &Catalog, dir: &Path) -> Result<Catalog, Vec<Diagnostic>> {
    let mut sink = Sink::default();
    let overlay = folder(dir, &mut sink);
    let merged = check::merge(base, overlay, &mut sink);
    if !sink.has_errors() {
        return Ok(merged);
    }
    let mut faults = sink.into_items();
    faults.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Err(faults)
}

/// Reads every file of the folder, in order of their names.
fn folder(dir: &Path, sink: &mut Sink) -> Overlay {
    let mut overlay = Overlay::default();
    let Some(names) = list(dir, sink) else { return overlay };
    let mut found = false;
    for (name, is_folder) in names {
        let path = dir.join(&name);
        let place = Place { file: path.display().to_string(), line: 1 };
        match (name.as_str(), is_folder) {
            ("targets", true) => {
                for (name, _) in list(&path, sink).unwrap_or_default() {
                    if name.ends_with(".toml") {
                        found = true;
                        read::file(&path.join(name), read::targets, &mut overlay, sink);
                    }
                }
                continue;
            }
            ("points.toml", false) => read::file(&path, read::points, &mut overlay, sink),
            ("common-controls.toml", false) => {
                read::file(&path, read::common_controls, &mut overlay, sink);
            }
            ("framework.toml", false) => read::file(&path, read::framework, &mut overlay, sink),
            ("framework.csv", false) => rows::file(&path, &mut overlay, sink),
            (name, false) if !name.ends_with(".toml") && !name.ends_with(".csv") => continue,
            (name, true) if name.starts_with('.') => continue,
            _ => place.fault(
                sink,
                format!("`{name}` is no part of an overlay"),
                "known: targets/*.toml, points.toml, common-controls.toml, framework.toml, \
                 framework.csv; rename or move it",
            ),
        }
        found = true;
    }
    if !found {
        let place = Place { file: dir.display().to_string(), line: 1 };
        place.fault(
            sink,
            "the overlay holds no file of a catalogue".to_owned(),
            "add targets/NAME.toml, points.toml, common-controls.toml or framework.csv",
        );
    }
    overlay
}

/// Names in a folder, in order, and whether each is a folder.
fn list(dir: &Path, sink: &mut Sink) -> Option<Vec<(String, bool)>> {
    let read = || -> std::io::Result<Vec<(String, bool)>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            names.push((name, entry.path().is_dir()));
        }
        names.sort();
        Ok(names)
    };
    read()
        .map_err(|error| {
            let place = Place { file: dir.display().to_string(), line: 1 };
            let message = format!("the overlay can't be read: {error}");
            place.fault(sink, message, "name a folder, relative to evimap.toml");
        })
        .ok()
}
