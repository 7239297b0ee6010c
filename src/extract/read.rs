//! Runs the list of readers over one file, in this process.

use std::{
    fs::File,
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use sha2::{Digest, Sha256};

use super::{
    Content, Input, Limits, Ocr, ReadError, control,
    ocr::{self, Session},
    pdf,
    registry::chain,
    sniff::{Format, sniff},
};
use crate::{
    diag::Diagnostic,
    domain::{Block, ExtractStatus, Extracted, Properties},
};

/// Part of the cache key: changes whenever a reader may give something else than before.
pub const READER_VERSION: &str = "8";

/// Members of a container beyond this many are not read.
const MEMBERS: usize = 1000;

/// Reads one file in this process, without isolation: the worker calls it. `name` is what the
/// result is called and whose extension counts; the first `skip` readers of its format are left
/// out. Pictures are read with `ocr` only.
pub fn read_file(
    path: &Path,
    name: &str,
    limits: &Limits,
    ocr: Option<&Ocr>,
    skip: usize,
) -> Extracted {
    let (hash, outcome) = match load(path, limits.file_bytes) {
        Ok((bytes, hash)) => {
            (hash, read_bytes(sniff(name, &bytes), name, &bytes, limits, ocr, skip))
        }
        Err(diagnostic) => (String::new(), Outcome::failed(*diagnostic)),
    };
    outcome.of(name, hash)
}

/// As [`read_file`], of bytes in memory and by the readers of one format, whatever the bytes are.
#[cfg(fuzzing)]
pub(super) fn read_as(format: Format, name: &str, bytes: &[u8], limits: &Limits) -> Extracted {
    read_bytes(format, name, bytes, limits, None, 0).of(name, String::new())
}

/// A result for a file that no reader survived.
pub(super) fn lost(name: &str, diagnostics: Vec<Diagnostic>) -> Extracted {
    Extracted {
        path: name.to_owned(),
        hash: String::new(),
        status: ExtractStatus::Failed,
        diagnostics: diagnostics.into_iter().map(|d| d.in_file(name)).collect(),
        properties: Properties::new(),
        blocks: Vec::new(),
    }
}

fn load(path: &Path, limit: u64) -> Result<(Vec<u8>, String), Box<Diagnostic>> {
    let unreadable = |error: io::Error| {
        Box::new(
            Diagnostic::error("file-unreadable", format!("can't be read: {error}"))
                .help("check that the file is still there and that you may read it"),
        )
    };
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if !meta.is_file() {
        return Err(unreadable(io::Error::other("not a regular file")));
    }
    let too_large = || {
        Box::new(
            Diagnostic::error("file-too-large", format!("larger than {} MB", limit >> 20))
                .help("raise `limits.file_mb` in evimap.toml, or split the file"),
        )
    };
    if meta.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(unreadable)?;
    bytes.reserve_exact(usize::try_from(meta.len()).unwrap_or(0));
    file.by_ref().take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
    Ok((bytes, hash))
}

/// How reading some bytes ended.
struct Outcome {
    status: ExtractStatus,
    content: Content,
}

impl Outcome {
    fn new(status: ExtractStatus, diagnostic: Diagnostic) -> Self {
        let content = Content { diagnostics: vec![diagnostic], ..Content::default() };
        Self { status, content }
    }

    fn failed(diagnostic: Diagnostic) -> Self {
        Self::new(ExtractStatus::Failed, diagnostic)
    }

    /// The result for a file.
    fn of(self, name: &str, hash: String) -> Extracted {
        let Content { blocks, properties, mut diagnostics } = self.content;
        for diagnostic in &mut diagnostics {
            diagnostic.file = Some(name.to_owned());
        }
        let status = self.status;
        Extracted { path: name.to_owned(), hash, status, diagnostics, properties, blocks }
    }
}

fn read_bytes(
    format: Format,
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    ocr: Option<&Ocr>,
    skip: usize,
) -> Outcome {
    let mut members = Members::default();
    let mut session = ocr.map(|ocr| Session::new(ocr, limits));
    // A file is a container or has pages: `eyes` are with the one or with its members.
    let mut outcome = match is_container(format) {
        false => read_plain(format, name, bytes, limits, skip, session.as_mut(), &mut |_, _| {}),
        true => read_plain(format, name, bytes, limits, skip, None, &mut |member, bytes| {
            members.add(member, bytes, limits, session.as_mut());
        }),
    };
    let content = &mut outcome.content;
    content.blocks.append(&mut members.blocks);
    content.diagnostics.append(&mut members.diagnostics);
    if outcome.status == ExtractStatus::NoText && !content.blocks.is_empty() {
        outcome.status = ExtractStatus::Ok;
        content.diagnostics.retain(|d| d.code != "no-text");
    }
    if let Some(session) = session {
        // First, because they say more than that there is no text.
        content.diagnostics.splice(0..0, session.diagnostics(content.blocks.is_empty()));
    }
    cap(content, limits.text_bytes);
    control::control_properties(&content.blocks, &mut content.properties);
    outcome
}

/// What the members of a container gave.
#[derive(Default)]
struct Members {
    count: usize,
    blocks: Vec<Block>,
    diagnostics: Vec<Diagnostic>,
}

impl Members {
    /// Reads a member. Its own members are left out, so that nesting ends here.
    fn add(
        &mut self,
        name: &str,
        bytes: &[u8],
        limits: &Limits,
        mut session: Option<&mut Session<'_>>,
    ) {
        self.count += 1;
        if self.count > MEMBERS {
            if self.count == MEMBERS + 1 {
                let message = format!("has more than {MEMBERS} members; the rest is not read");
                self.diagnostics.push(Diagnostic::warning("members-limit", message));
            }
            return;
        }
        let label = clean(name);
        if let Some(session) = &mut session {
            session.label.clone_from(&label);
        }
        let mut outcome =
            read_plain(sniff(name, bytes), name, bytes, limits, 0, session, &mut |_, _| {});
        for mut block in outcome.content.blocks.drain(..) {
            block.locator = block.locator.within(&label);
            self.blocks.push(block);
        }
        for mut diagnostic in outcome.content.diagnostics.drain(..) {
            diagnostic.message = format!("{label}: {}", diagnostic.message);
            diagnostic.severity = diagnostic.severity.max(crate::diag::Severity::Warning);
            self.diagnostics.push(diagnostic);
        }
    }
}

fn read_plain(
    format: Format,
    name: &str,
    bytes: &[u8],
    limits: &Limits,
    skip: usize,
    mut session: Option<&mut Session<'_>>,
    member: &mut dyn FnMut(&str, &[u8]),
) -> Outcome {
    let readers = chain(format);
    if let (Format::Image, Some(session), true) = (format, &mut session, ocr::is_picture(bytes)) {
        let blocks = pdf::recognised(session.image(bytes));
        if !blocks.is_empty() {
            let mut content = Content { blocks, ..Content::default() };
            tidy(&mut content);
            return finish(content);
        }
    }
    if readers.is_empty() {
        return without_reader(format, bytes);
    }
    let mut failures = Vec::new();
    for reader in readers.iter().skip(skip) {
        let input = Input { name, bytes, limits };
        let mut visited = false;
        let result = catch_unwind(AssertUnwindSafe(|| {
            if let (Format::Pdf, Some(session)) = (format, &mut session) {
                let mut pages = session.pdf(bytes);
                return reader.read_seeing(input, &mut |page| pages.text(page));
            }
            reader.open(input, &mut |name, bytes| {
                visited = true;
                member(name, bytes);
            })
        }));
        let result = result.unwrap_or_else(|_| {
            Err(ReadError::Failed(format!("the {} reader broke on it", reader.name())))
        });
        match result {
            Ok(mut content) => {
                tidy(&mut content);
                content.diagnostics.extend(failures.into_iter().map(|why| {
                    Diagnostic::note("second-reader", why)
                        .help("a second reader was used; check the text against the file")
                }));
                return finish(content);
            }
            Err(ReadError::Encrypted(why)) => {
                return Outcome::new(
                    ExtractStatus::Encrypted,
                    Diagnostic::error("encrypted", why)
                        .help("save a copy without a password, or leave the file out"),
                );
            }
            Err(ReadError::Unsupported(why)) => {
                return Outcome::new(
                    ExtractStatus::Unsupported,
                    Diagnostic::warning("unsupported", why),
                );
            }
            Err(ReadError::Failed(why)) => failures.push(why),
        }
        if visited {
            break; // a second reader would give the members again
        }
    }
    let why = if failures.is_empty() {
        "every reader crashed on it".to_owned()
    } else {
        failures.join("; ")
    };
    Outcome::failed(
        Diagnostic::error("damaged", format!("{} can't be read: {why}", format.label()))
            .help("open it in its own program and save it again"),
    )
}

fn finish(mut content: Content) -> Outcome {
    if !content.blocks.is_empty() {
        return Outcome { status: ExtractStatus::Ok, content };
    }
    if content.diagnostics.is_empty() {
        content.diagnostics.push(Diagnostic::warning("no-text", "holds no text"));
    }
    Outcome { status: ExtractStatus::NoText, content }
}

/// Whether the readers of a format hand members back.
fn is_container(format: Format) -> bool {
    matches!(format, Format::Zip | Format::Mail | Format::Msg)
}

fn without_reader(format: Format, bytes: &[u8]) -> Outcome {
    match format {
        Format::Empty => Outcome::new(
            ExtractStatus::NoText,
            Diagnostic::warning("empty-file", "the file has no bytes"),
        ),
        Format::Encrypted => Outcome::new(
            ExtractStatus::Encrypted,
            Diagnostic::error("encrypted", "a password is needed")
                .help("save a copy without a password, or leave the file out"),
        ),
        Format::Image => Outcome::new(
            ExtractStatus::NoText,
            Diagnostic::warning("image-no-text", "an image holds no text as text").help(
                match ocr::is_picture(bytes) {
                    true => ocr::HELP,
                    false => "save it as PNG or TIFF, which OCR can read",
                },
            ),
        ),
        _ => Outcome::new(
            ExtractStatus::Unsupported,
            Diagnostic::warning("unsupported", format!("no reader for this: {}", format.label()))
                .help("convert it to PDF, DOCX, XLSX or text, or exclude it"),
        ),
    }
}

/// Drops control characters and blank blocks.
fn tidy(content: &mut Content) {
    for block in &mut content.blocks {
        tidy_text(&mut block.text);
        if block.heading.iter().any(|text| text.chars().any(forbidden)) {
            block.heading = block.heading.iter().map(|text| clean(text)).collect();
        }
    }
    content.blocks.retain(|block| !block.text.trim().is_empty());
    content.properties.values_mut().for_each(tidy_text);
    content.properties.retain(|_, value| !value.trim().is_empty());
}

fn tidy_text(text: &mut String) {
    if text.chars().any(forbidden) {
        *text = clean(text);
    }
}

fn forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The text without what could steer a terminal: line ends become `\n`, other control characters
/// U+FFFD, which quotes treat as a wildcard.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .map(|c| match c {
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' => '\n',
            c if forbidden(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Cuts the text at the block that would go over the limit.
fn cap(content: &mut Content, limit: usize) {
    let mut sum = 0_usize;
    let keep = content.blocks.iter().take_while(|block| {
        sum += block.text.len();
        sum <= limit
    });
    let keep = keep.count();
    if keep < content.blocks.len() {
        let place = content.blocks[keep].locator.clone();
        content.blocks.truncate(keep);
        content.diagnostics.push(
            Diagnostic::warning(
                "text-limit",
                format!("only the first {limit} bytes of text are kept"),
            )
            .at(place)
            .help("raise `limits.text_mb` in evimap.toml, or split the file"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::BlockKind;

    fn read(name: &str, bytes: &[u8]) -> Extracted {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        read_file(&path, name, &Limits::default(), None, 0)
    }

    #[test]
    fn a_text_file_has_hash_blocks_and_status() {
        let got = read("notes.txt", b"abc");
        assert_eq!(got.hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(
            (got.status, got.blocks.len(), got.diagnostics.len()),
            (ExtractStatus::Ok, 1, 0)
        );
    }

    #[test]
    fn whatever_gives_no_text_says_why() {
        for (name, bytes, status, code) in [
            ("a.pdf", &b""[..], ExtractStatus::NoText, "empty-file"),
            ("a.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ExtractStatus::NoText, "image-no-text"),
            ("a.bin", b"\0\x01\x02\x03", ExtractStatus::Unsupported, "unsupported"),
            ("a.txt", b" \n ", ExtractStatus::NoText, "no-text"),
            ("a.zip", b"PK\x03\x04 broken", ExtractStatus::Failed, "damaged"),
        ] {
            let got = read(name, bytes);
            assert_eq!((got.status, got.diagnostics[0].code.as_str()), (status, code), "{name}");
            assert_eq!(got.diagnostics[0].file.as_deref(), Some(name));
        }
    }

    #[test]
    fn a_missing_file_and_one_over_the_limit_fail() {
        let limits = Limits { file_bytes: 2, ..Limits::default() };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        std::fs::write(&path, "abc").unwrap();
        let got = read_file(&path, "a.txt", &limits, None, 0);
        assert_eq!((got.diagnostics[0].code.as_str(), got.hash.as_str()), ("file-too-large", ""));
        let got = read_file(&dir.path().join("none"), "none", &limits, None, 0);
        assert_eq!(got.diagnostics[0].code, "file-unreadable");
    }

    #[test]
    fn control_characters_never_get_out() {
        let got = read("a.md", b"# T\n\nsafe \x1b[2J\x07 end\r\n");
        assert_eq!(got.blocks[1].text, "safe \u{fffd}[2J\u{fffd} end");
    }

    #[test]
    fn text_over_the_limit_is_cut_at_a_block() {
        let limits = Limits { text_bytes: 5, ..Limits::default() };
        let outcome = read_bytes(Format::Text, "a.txt", b"one\n\ntwo\n\nthree", &limits, None, 0);
        assert_eq!(outcome.content.blocks.len(), 1);
        assert_eq!(outcome.content.diagnostics[0].code, "text-limit");
    }

    #[test]
    fn members_are_blocks_with_their_part() {
        let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, text) in [("a/policy.md", "# Policy\n\nText."), ("b.bin", "\0\x01\x02")] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            io::Write::write_all(&mut archive, text.as_bytes()).unwrap();
        }
        let got = read("evidence.zip", &archive.finish().unwrap().into_inner());
        assert_eq!(got.status, ExtractStatus::Ok);
        assert_eq!(got.blocks[1].locator.to_string(), "a/policy.md, line 3");
        assert_eq!(got.blocks[0].kind, BlockKind::Heading);
        assert!(got.diagnostics[0].message.starts_with("b.bin: "));
    }
}
