//! A zip-based office file: parts by name, relations between them, and one budget for all that is
//! unpacked.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use zip::{ZipArchive, result::ZipError};

use super::{
    ole,
    xml::{Node, Nodes, attr, decode, local},
};
use crate::extract::{Input, ReadError};

/// What to do about a file that needs a password.
pub(super) const PASSWORD_HELP: &str =
    "the file needs a password: save a copy without one and read that";

/// An opened zip archive. Names are compared without case and with `/`, as some writers differ.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    names: BTreeMap<String, usize>,
    left: u64,
    limit: u64,
}

/// A relation of one part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) id: String,
    /// The last segment of the relation's type, for example `header`.
    pub(super) kind: String,
    /// The name of the part it leads to. Relations out of the package are left out altogether.
    pub(super) target: String,
}

impl<'a> Package<'a> {
    /// Opens the archive. A compound file in its place is an encrypted one or has a wrong name.
    pub(super) fn open(input: &Input<'a>) -> Result<Self, ReadError> {
        if ole::is_compound(input.bytes) {
            return Err(ole::why_not_zip(input.bytes));
        }
        if input.bytes.is_empty() {
            return Err(ReadError::Failed("the file is empty".into()));
        }
        if !input.bytes.starts_with(b"PK") {
            return Err(ReadError::Unsupported(format!(
                "{} is not an office file by its content: give it the ending of what it is",
                input.name
            )));
        }
        let zip = ZipArchive::new(Cursor::new(input.bytes))
            .map_err(|e| ReadError::Failed(format!("the archive is damaged: {e}")))?;
        let mut names = BTreeMap::new();
        for index in 0..zip.len() {
            if let Some(Ok(name)) = zip.name_for_index(index) {
                names.entry(key(&name)).or_insert(index);
            }
        }
        let limit = input.limits.unpacked_bytes;
        Ok(Self { zip, names, left: limit, limit })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&key(name))
    }

    /// Names of all parts, lower-cased, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// What all parts say that they unpack to, in bytes.
    pub(super) fn declared_bytes(&mut self) -> u64 {
        (0..self.zip.len())
            .filter_map(|i| self.zip.by_index_raw(i).ok().map(|file| file.size()))
            .fold(0, u64::saturating_add)
    }

    /// A part's content as text, or `None` if there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        Ok(self.read(name)?.map(decode))
    }

    /// A part that is no text and is not needed.
    pub(super) fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        self.read(name).ok().flatten()
    }

    fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(&index) = self.names.get(&key(name)) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|e| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                ReadError::Encrypted(PASSWORD_HELP.into())
            }
            e => ReadError::Failed(format!("{name} can not be read: {e}")),
        })?;
        // The declared size is a claim: it never decides how much is set aside.
        let mut bytes = Vec::with_capacity(file.size().min(1 << 20) as usize);
        let read = file.take(self.left.saturating_add(1)).read_to_end(&mut bytes);
        if bytes.len() as u64 > self.left {
            return Err(ReadError::Failed(format!(
                "unpacks to more than {} MiB: the limit is `unpacked_bytes`",
                self.limit >> 20
            )));
        }
        read.map_err(|e| ReadError::Failed(format!("{name} is damaged: {e}")))?;
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// The first 4 KiB of a part as text, and how large the part says that it is.
    pub(super) fn head(&mut self, name: &str) -> Option<(String, u64)> {
        let &index = self.names.get(&key(name))?;
        let file = self.zip.by_index(index).ok()?;
        let size = file.size();
        let mut bytes = Vec::new();
        file.take(4096).read_to_end(&mut bytes).ok()?;
        Some((String::from_utf8_lossy(&bytes).into_owned(), size))
    }

    /// A part that is not needed: damage of it costs nothing else.
    pub(super) fn optional(&mut self, name: &str) -> Option<String> {
        self.part(name).ok().flatten()
    }

    /// The relations of a part (of the package itself for ""), in their order.
    pub(super) fn relations(&mut self, part: &str) -> Vec<Relation> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let rels = format!("{folder}/_rels/{file}.rels");
        let Some(xml) = self.optional(&rels) else { return Vec::new() };
        let mut nodes = Nodes::new(&xml);
        let mut out = Vec::new();
        while let Some(node) = nodes.next() {
            let Node::Open(e) = node else { continue };
            if local(&e) != "Relationship" || attr(&e, "TargetMode").as_deref() == Some("External")
            {
                continue;
            }
            let (Some(id), Some(kind), Some(target)) =
                (attr(&e, "Id"), attr(&e, "Type"), attr(&e, "Target"))
            else {
                continue;
            };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            out.push(Relation { id, kind, target: resolve(folder, &target) });
        }
        out
    }

    /// The part that the package is about, by its relation, else by its usual name.
    pub(super) fn main_part(&mut self, usual: &str) -> String {
        self.relations("")
            .into_iter()
            .find(|r| r.kind == "officeDocument" && self.has(&r.target))
            .map_or_else(|| usual.to_owned(), |r| r.target)
    }
}

fn key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// A relation's target from the folder of the part that has it.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let joined = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut segments: Vec<&str> = Vec::new();
    for segment in joined.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Limits, office::test_zip::zip_of};

    #[test]
    fn targets_resolve_inside_the_package() {
        assert_eq!(resolve("word", "header1.xml"), "word/header1.xml");
        assert_eq!(resolve("ppt/slides", "../notes/n.xml"), "ppt/notes/n.xml");
        assert_eq!(resolve("word", "/word/x.xml"), "word/x.xml");
        assert_eq!(resolve("word", "../../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn relations_out_of_the_package_are_left_out() {
        let rels = r#"<Relationships><Relationship Id="a" Type="x/header" Target="header1.xml"/>
            <Relationship Id="b" Type="x/attachedTemplate" Target="http://h/t.dotx" TargetMode="External"/>
            </Relationships>"#;
        let bytes = zip_of(&[("word/_rels/document.xml.rels", rels)]);
        let limits = Limits::default();
        let input = Input { name: "a.docx", bytes: &bytes, limits: &limits };
        let found = Package::open(&input).unwrap().relations("word/document.xml");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].target, "word/header1.xml");
    }

    #[test]
    fn one_budget_for_all_parts() {
        let bytes = zip_of(&[("a.xml", &"x".repeat(600)), ("B.xml", &"y".repeat(600))]);
        let limits = Limits { unpacked_bytes: 1000, ..Limits::default() };
        let input = Input { name: "a.docx", bytes: &bytes, limits: &limits };
        let mut package = Package::open(&input).unwrap();
        assert_eq!(package.declared_bytes(), 1200);
        assert_eq!(package.part("a.xml").unwrap().unwrap().len(), 600);
        assert!(
            matches!(package.part("b.xml"), Err(ReadError::Failed(why)) if why.contains("limit"))
        );
        assert_eq!(package.part("c.xml"), Ok(None));
    }
}
