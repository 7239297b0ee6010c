//! Documents that talk to a model. Looked for in everything that was read, seen by people or not, and
//! whether or not a judge is asked: whoever put it there hoped that somebody would.

use std::collections::BTreeMap;

use super::Collection;
use crate::{
    diag::Diagnostic,
    domain::{Block, BlockKind, Locator},
    judge,
};

/// A place with signs of an instruction.
struct Place<'a> {
    /// `None` for a property of the file.
    locator: Option<&'a Locator>,
    what: String,
}

/// All of them, by document.
pub(super) struct Suspicions<'a> {
    found: BTreeMap<&'a str, Vec<Place<'a>>>,
}

impl<'a> Suspicions<'a> {
    pub(super) fn of(collection: &'a Collection) -> Self {
        let mut found: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
        for document in &collection.documents {
            let extracted = &document.extracted;
            let blocks = extracted.blocks.iter().filter(|block| judge::suspected(&block.text));
            let blocks = blocks.map(|b| Place { locator: Some(&b.locator), what: what(b) });
            let properties = extracted.properties.iter().filter(|(_, text)| judge::suspected(text));
            let properties = properties
                .map(|(key, _)| Place { locator: None, what: format!("the property {key}") });
            let places: Vec<Place<'_>> = blocks.chain(properties).collect();
            if !places.is_empty() {
                found.insert(extracted.path.as_str(), places);
            }
        }
        Self { found }
    }

    /// A warning for each place.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        self.found.iter().flat_map(|(path, places)| {
            places.iter().map(move |place| {
                let message = format!("{} reads like an instruction to a model", place.what);
                let warning = Diagnostic::warning("suspected-injection", message).in_file(*path);
                let warning = match place.locator {
                    Some(locator) => warning.at(locator.clone()),
                    None => warning,
                };
                warning
                    .help("look at the document, and ask who wrote this and why; it is data only")
            })
        })
    }

    /// Whether a diagnostic of the judge tells what is told here.
    pub(super) fn hold(&self, diagnostic: &Diagnostic) -> bool {
        let places = diagnostic.file.as_deref().and_then(|file| self.found.get(file));
        diagnostic.code == "suspected-injection" && places.is_some()
    }

    /// How many places a document has.
    pub(super) fn count(&self, path: &str) -> usize {
        self.found.get(path).map_or(0, Vec::len)
    }

    /// Each document, and where in it.
    pub(super) fn places(&self) -> Vec<(String, String)> {
        let words = |place: &Place<'_>| match place.locator {
            Some(locator) => format!("{} ({locator})", place.what),
            None => place.what.clone(),
        };
        let line =
            |places: &Vec<Place<'_>>| places.iter().map(words).collect::<Vec<_>>().join("; ");
        self.found.iter().map(|(path, places)| ((*path).to_owned(), line(places))).collect()
    }
}

fn what(block: &Block) -> String {
    let kind = match block.kind {
        BlockKind::Comment => "a comment",
        BlockKind::Note => "a note",
        BlockKind::Header => "a header",
        BlockKind::Footer => "a footer",
        BlockKind::Heading => "a heading",
        BlockKind::Row => "a table row",
        BlockKind::Body => "a text",
    };
    if block.marks.hidden { format!("{kind}, hidden in the file,") } else { kind.to_owned() }
}
