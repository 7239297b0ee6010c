//! Compound files (the container of the binary office formats and of encrypted new ones).

use std::io::Cursor;

use office_oxide::cfb::{CfbReader, SummaryProperties};

use super::package::PASSWORD_HELP;
use crate::{domain::Properties, extract::ReadError};

const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

pub(super) type Compound<'a> = CfbReader<Cursor<&'a [u8]>>;

pub(super) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Opens a compound file.
pub(super) fn open(bytes: &[u8]) -> Result<Compound<'_>, ReadError> {
    CfbReader::new(Cursor::new(bytes))
        .map_err(|e| ReadError::Failed(format!("the compound file is damaged: {e}")))
}

/// A stream of the root, if it is there and sound.
pub(super) fn stream(compound: &mut Compound<'_>, name: &str) -> Option<Vec<u8>> {
    compound.open_stream(name).ok()
}

/// Whether it holds an office file that is encrypted or rights-managed as a whole.
pub(super) fn is_encrypted_package(compound: &Compound<'_>) -> bool {
    compound.has_root_entry("EncryptedPackage")
}

/// Why a compound file stands where a zip archive should.
pub(super) fn why_not_zip(bytes: &[u8]) -> ReadError {
    match open(bytes) {
        Ok(compound) if is_encrypted_package(&compound) => {
            ReadError::Encrypted(PASSWORD_HELP.into())
        }
        Ok(_) => ReadError::Unsupported(
            "an old binary office file under a new ending: give it the old one (doc, xls, ppt)"
                .into(),
        ),
        Err(error) => error,
    }
}

/// Title, author, dates and so on of a binary office file.
pub(super) fn properties(bytes: &[u8]) -> Properties {
    let mut out = Properties::new();
    let Ok(mut compound) = open(bytes) else { return out };
    if let Some(found) = office_oxide::cfb::read_document_properties(&mut compound) {
        fill(&mut out, found);
    }
    out
}

fn fill(out: &mut Properties, found: SummaryProperties) {
    let pairs = [
        ("title", found.title),
        ("subject", found.subject),
        ("author", found.author),
        ("keywords", found.keywords),
        ("created", found.created),
        ("modified", found.modified),
        ("last_modified_by", found.last_author),
        ("description", found.comments),
        ("category", found.category),
        ("manager", found.manager),
        ("company", found.company),
    ];
    for (key, value) in pairs {
        super::properties::put(out, key, value.as_deref().unwrap_or_default());
    }
}
