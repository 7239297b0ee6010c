//! ZIP archives: each member is read by its own format. Bounded, and one level deep.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use super::{Content, Input, ReadError, Reader};
use crate::diag::Diagnostic;

pub(super) struct Zip;

impl Reader for Zip {
    fn name(&self) -> &'static str {
        "zip"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        self.open(input, &mut |_, _| {})
    }

    fn open(
        &self,
        input: Input<'_>,
        member: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<Content, ReadError> {
        let mut archive = ZipArchive::new(Cursor::new(input.bytes))
            .map_err(|error| ReadError::Failed(format!("no sound ZIP archive: {error}")))?;
        let mut content = Content::default();
        let mut left = input.limits.unpacked_bytes;
        let (mut read, mut locked) = (0_usize, 0_usize);
        for index in 0..archive.len() {
            let name = match archive.name_for_index(index) {
                Some(Ok(name)) => name.into_owned(),
                _ => continue,
            };
            let base = name.rsplit('/').next().unwrap_or_default();
            if base.is_empty() || base.starts_with('.') || name.starts_with("__MACOSX/") {
                continue;
            }
            let mut bytes = Vec::new();
            let result = archive
                .by_index(index)
                .and_then(|file| file.take(left + 1).read_to_end(&mut bytes).map_err(ZipError::Io));
            match result {
                Ok(size) if size as u64 > left => {
                    content.diagnostics.push(
                        Diagnostic::warning(
                            "unpacked-limit",
                            format!("{name}: unpacks to too much; it and what follows is not read"),
                        )
                        .help("raise `limits.unpacked_mb` in evimap.toml, or unpack it yourself"),
                    );
                    break;
                }
                Ok(size) => {
                    left -= size as u64;
                    read += 1;
                    member(&name, &bytes);
                }
                Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => locked += 1,
                Err(error) => content.diagnostics.push(Diagnostic::warning(
                    "member-damaged",
                    format!("{name}: can't be unpacked: {error}"),
                )),
            }
        }
        if locked > 0 && read == 0 {
            return Err(ReadError::Encrypted("the archive needs a password".to_owned()));
        }
        if locked > 0 {
            let message = format!("{locked} members need a password and are not read");
            content.diagnostics.push(Diagnostic::warning("member-encrypted", message));
        }
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::extract::Limits;

    #[test]
    fn unpacking_stops_at_the_limit() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["a.txt", ".hidden", "b.txt", "c.txt"] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(&[b'x'; 100]).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        let limits = Limits { unpacked_bytes: 250, ..Limits::default() };
        let mut names = Vec::new();
        let content = Zip
            .open(Input { name: "a.zip", bytes: &bytes, limits: &limits }, &mut |name, bytes| {
                names.push((name.to_owned(), bytes.len()));
            })
            .unwrap();
        assert_eq!(names, [("a.txt".to_owned(), 100), ("b.txt".to_owned(), 100)]);
        assert_eq!(content.diagnostics[0].code, "unpacked-limit");
    }
}
