//! The TOML files of an overlay: from tables to domain types, faults collected with their lines.

use std::{fs, path::Path};

use serde::{Deserialize, de::IntoDeserializer, de::value::Error as WordError};
use toml::de::DeTable;

use super::{CODE, Framework, Overlay, OwnLink, OwnPoint, Place, Reference, VOICE};
use crate::{
    config::{
        FRESHNESS,
        section::{Section, syntax_fault},
    },
    diag::Sink,
    domain::{
        CommonControl, DocumentType, Documented, EvidenceKind, Level, Link, Point, PointId, Target,
        TargetId, TargetKind,
    },
};

/// One file under reading.
pub(super) struct Reader<'a> {
    file: &'a str,
    overlay: &'a mut Overlay,
    sink: &'a mut Sink,
}

/// Reads a file with the function for its kind.
pub(super) fn file(
    path: &Path,
    read: fn(&mut Reader<'_>, &mut Section<'_>),
    overlay: &mut Overlay,
    sink: &mut Sink,
) {
    let file = path.display().to_string();
    let Some(text) = text(path, &file, sink) else { return };
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => return sink.push(syntax_fault(CODE, &file, &text, &error)),
    };
    let mut root = Section::root_in(VOICE, &file, &text, table.get_ref());
    read(&mut Reader { file: &file, overlay, sink }, &mut root);
    root.finish(sink);
}

/// The text of a file, or a fault.
pub(super) fn text(path: &Path, file: &str, sink: &mut Sink) -> Option<String> {
    let text = fs::read_to_string(path).map_err(|error| {
        let place = Place { file: file.to_owned(), line: 1 };
        let help = "check its permissions; the file must be UTF-8";
        place.fault(sink, format!("can't be read: {error}"), help);
    });
    let text = text.ok()?;
    Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// `targets/*.toml`
pub(super) fn targets(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    for section in root.tables(reader.sink, "target") {
        reader.target(section);
    }
}

/// `points.toml`
pub(super) fn points(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    for mut section in root.tables(reader.sink, "point") {
        let target = reader.target_id(&mut section, "target");
        let named_at = section.line_of("target");
        reader.point(section, target.as_ref(), Some(named_at));
    }
}

/// `common-controls.toml`
pub(super) fn common_controls(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    for section in root.tables(reader.sink, "common_control") {
        reader.common_control(section);
    }
    for mut section in root.tables(reader.sink, "link") {
        let control = reader.required(&mut section, "common_control");
        let named_at = section.line_of("common_control");
        reader.link(section, control.as_deref(), named_at);
    }
}

/// `framework.toml`
pub(super) fn framework(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    for mut section in root.tables(reader.sink, "framework") {
        let id = reader.required(&mut section, "id");
        let name = section.string(reader.sink, "name");
        let place = reader.place(section.line_of("id"));
        if let Some(id) = id {
            let name = name.unwrap_or_else(|| id.clone());
            reader.overlay.frameworks.push(Framework { id, name, place });
        }
        section.finish(reader.sink);
    }
    targets(reader, root);
}

impl Reader<'_> {
    fn place(&self, line: u32) -> Place {
        Place { file: self.file.to_owned(), line }
    }

    fn required(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<String> {
        let present = section.has(key);
        let text = section.string(self.sink, key).map(|text| text.trim().to_owned());
        let empty = text.as_ref().is_some_and(String::is_empty);
        if !present || empty {
            let message = format!("`{}` needs a {key}", section.name());
            section.fault(self.sink, section.line_of(key), message, "add it");
        }
        text.filter(|text| !text.is_empty())
    }

    fn target_id(&mut self, section: &mut Section<'_>, key: &'static str) -> Option<TargetId> {
        let text = self.required(section, key)?;
        self.parse_id(section, &text, section.line_of(key))
    }

    fn parse_id(&mut self, section: &Section<'_>, text: &str, line: u32) -> Option<TargetId> {
        text.parse()
            .map_err(|error: crate::domain::BadTargetId| {
                section.fault(self.sink, line, error.to_string(), "mend the id");
            })
            .ok()
    }

    /// One word of a fixed vocabulary; absent reads as none.
    fn word<T: for<'de> Deserialize<'de>>(
        &mut self,
        section: &mut Section<'_>,
        key: &'static str,
    ) -> Option<T> {
        let text = section.string(self.sink, key)?;
        T::deserialize(IntoDeserializer::<WordError>::into_deserializer(text.as_str()))
            .map_err(|error| {
                let message = format!("`{}.{key}`: {error}", section.name());
                section.fault(self.sink, section.line_of(key), message, "use one of these words");
            })
            .ok()
    }

    fn required_word<T: for<'de> Deserialize<'de>>(
        &mut self,
        section: &mut Section<'_>,
        key: &'static str,
    ) -> Option<T> {
        self.required(section, key)?;
        self.word(section, key)
    }

    fn references(
        &mut self,
        section: &mut Section<'_>,
        key: &'static str,
        from: Option<&TargetId>,
    ) -> Vec<Reference> {
        let mut references = Vec::new();
        for (text, line) in section.placed_strings(self.sink, key).unwrap_or_default() {
            if let (Some(to), Some(from)) = (self.parse_id(section, &text, line), from) {
                references.push(Reference { from: from.clone(), to, place: self.place(line) });
            }
        }
        references
    }

    fn target(&mut self, mut section: Section<'_>) {
        let id = self.target_id(&mut section, "id");
        let place = self.place(section.line_of("id"));
        let title = self.required(&mut section, "title");
        let description = self.required(&mut section, "description");
        let kind = self.word(&mut section, "kind").unwrap_or(TargetKind::Control);
        let level = self.word(&mut section, "level").unwrap_or(Level::Organisation);
        let mut string = |key| section.string(self.sink, key).unwrap_or_default();
        let (theme, guidance) = (string("theme"), string("guidance"));
        let mut strings = |key| section.strings(self.sink, key).unwrap_or_default();
        let (object_of, negative_terms) = (strings("object_of"), strings("negative_terms"));
        let exemplars = strings("exemplars");

        let mut terms: Vec<String> = Vec::new();
        for (term, line) in section.placed_strings(self.sink, "terms").unwrap_or_default() {
            if terms.iter().any(|other| other.to_lowercase() == term.to_lowercase()) {
                let message = format!("the term `{term}` stands here twice");
                section.fault(self.sink, line, message, "remove one; case makes no difference");
            }
            terms.push(term);
        }

        let standard = id.as_ref().is_some_and(|id| super::check::is_standard(id.framework()));
        if standard && kind == TargetKind::Requirement {
            section.fault(
                self.sink,
                section.line_of("kind"),
                "a standard's clauses are fixed: an own target there is a control".to_owned(),
                "remove the key, or use a framework of your own",
            );
        }
        let serves = self.references(&mut section, "serves", id.as_ref());
        let refines = self.references(&mut section, "refines", id.as_ref());
        for point in section.tables(self.sink, "point") {
            self.point(point, id.as_ref(), None);
        }
        section.finish(self.sink);

        // Also a faulty one is known, so that what refers to it is not reported as well.
        if let Some(id) = id {
            let target = Target {
                framework: id.framework().to_owned(),
                id,
                title: title.unwrap_or_default(),
                kind,
                level,
                theme,
                description: description.unwrap_or_default(),
                guidance,
                serves: serves.iter().map(|reference| reference.to.clone()).collect(),
                object_of,
                terms,
                negative_terms,
                exemplars,
                points: Vec::new(),
            };
            self.overlay.targets.push((target, place));
            self.overlay.serves.extend(serves);
            self.overlay.refines.extend(refines);
        }
    }

    /// A point: part of a target, or added to one that is named on the line `named_at`.
    fn point(
        &mut self,
        mut section: Section<'_>,
        target: Option<&TargetId>,
        named_at: Option<u32>,
    ) {
        let short = self.required(&mut section, "id");
        let place = self.place(section.line_of("id"));
        let kind: Option<EvidenceKind> = self.required_word(&mut section, "kind");
        let text = self.required(&mut section, "text");
        let sub_item = section.string(self.sink, "sub_item");
        let documented = self.word(&mut section, "documented").unwrap_or(Documented::Usual);
        let typical_evidence = section.string(self.sink, "typical_evidence").unwrap_or_default();
        let evidence_type = self.word(&mut section, "evidence_type").unwrap_or(DocumentType::Other);
        let freshness = section.string(self.sink, "freshness").unwrap_or_default();
        if !freshness.is_empty() && !FRESHNESS.iter().any(|(class, _)| *class == freshness) {
            let known: Vec<_> = FRESHNESS.iter().map(|(class, _)| *class).collect();
            section.fault(
                self.sink,
                section.line_of("freshness"),
                format!("unknown freshness class `{freshness}`"),
                &format!("known classes: {}; leave it out if it doesn't age", known.join(", ")),
            );
        }
        if let Some(short) = &short {
            let letter = match (named_at, kind) {
                (Some(_), _) => Some('x'),
                (None, Some(EvidenceKind::Design)) => Some('d'),
                (None, Some(EvidenceKind::Operation)) => Some('o'),
                (None, None) => None,
            };
            let digits = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
            if let Some(letter) = letter.filter(|l| !short.strip_prefix(*l).is_some_and(digits)) {
                let message = format!("point id `{short}` must be `{letter}` and a number");
                let help = "d1, d2 … for design, o1 … for operation, x1 … in points.toml";
                section.fault(self.sink, place.line, message, help);
            }
        }
        section.finish(self.sink);
        if let (Some(short), Some(kind), Some(text), Some(target)) = (short, kind, text, target) {
            let point = Point {
                id: PointId::new(target, &short),
                kind,
                sub_item: sub_item.unwrap_or_else(|| target.local().to_owned()),
                documented,
                text,
                typical_evidence,
                evidence_type,
                freshness,
            };
            let target_place = named_at.map_or_else(|| place.clone(), |line| self.place(line));
            let target = target.clone();
            self.overlay.points.push(OwnPoint { target, point, place, target_place });
        }
    }

    fn common_control(&mut self, mut section: Section<'_>) {
        let id = self.required(&mut section, "id");
        let place = self.place(section.line_of("id"));
        let title = self.required(&mut section, "title");
        let purpose = self.required(&mut section, "purpose");
        let mut string = |key| section.string(self.sink, key).unwrap_or_default();
        let (accountable, scope) = (string("accountable"), string("scope"));
        let guidance = string("guidance");
        let level = self.word(&mut section, "level").unwrap_or(Level::Organisation);
        let components = section.strings(self.sink, "components").unwrap_or_default();
        let links = section.tables(self.sink, "link");
        if links.is_empty() {
            let message = format!("`{}` leads to no target", section.name());
            let help = "add a [[common_control.link]], or remove the common control";
            section.fault(self.sink, section.line(), message, help);
        }
        for link in links {
            self.link(link, id.as_deref(), place.line);
        }
        section.finish(self.sink);
        if let Some(id) = id {
            let links = Vec::new();
            let control = CommonControl {
                id,
                title: title.unwrap_or_default(),
                purpose: purpose.unwrap_or_default(),
                accountable,
                scope,
                level,
                components,
                guidance,
                links,
            };
            self.overlay.common_controls.push((control, place));
        }
    }

    fn link(&mut self, mut section: Section<'_>, common_control: Option<&str>, named_at: u32) {
        let target = self.target_id(&mut section, "target");
        let place = self.place(section.line_of("target"));
        let relation = self.required_word(&mut section, "relation");
        let rationale = self.required(&mut section, "rationale");
        section.finish(self.sink);
        if let (Some(target), Some(relation), Some(rationale), Some(common_control)) =
            (target, relation, rationale, common_control)
        {
            let link = Link { target, relation, rationale };
            let common_control = common_control.to_owned();
            let control_place = self.place(named_at);
            self.overlay.links.push(OwnLink { common_control, link, place, control_place });
        }
    }
}
