//! The language that a Word file is checked in. office_oxide states it in the properties only, which
//! no spelling check reads; here it goes into the defaults of the styles.

use std::io::{Cursor, Read, Write};

use zip::{ZipArchive, ZipWriter, result::ZipResult};

use crate::domain::Language;

const STYLES: &str = "word/styles.xml";

/// The same file with its text marked as of that language.
pub(super) fn marked(bytes: Vec<u8>, language: Language) -> Result<Vec<u8>, String> {
    rewritten(&bytes, language).map_err(|error| format!("the language can't be set: {error}"))
}

fn rewritten(bytes: &[u8], language: Language) -> ZipResult<Vec<u8>> {
    let code = match language {
        Language::De => "de-DE",
        Language::Fr => "fr-FR",
        _ => "en-GB",
    };
    let mut parts = ZipArchive::new(Cursor::new(bytes))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 256)));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at)?;
        if part.name()? != STYLES {
            drop(part);
            out.raw_copy_file(parts.by_index_raw(at)?)?;
            continue;
        }
        let options = part.options();
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        out.start_file(STYLES, options)?;
        out.write_all(with_defaults(&text, code).as_bytes())?;
    }
    Ok(out.finish()?.into_inner())
}

/// Defaults stand first in the list of styles.
fn with_defaults(styles: &str, code: &str) -> String {
    let start = styles.find("<w:styles").and_then(|at| {
        let end = styles[at..].find('>')?;
        Some(at + end + 1)
    });
    let Some(start) = start else { return styles.to_owned() };
    format!(
        "{}<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"{code}\"/></w:rPr></w:rPrDefault>\
         </w:docDefaults>{}",
        &styles[..start],
        &styles[start..]
    )
}
