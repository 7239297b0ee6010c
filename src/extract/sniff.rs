//! What a file is, by its content. The name decides only where the content leaves it open.

use std::io::Cursor;

use super::decode;

/// What the readers are registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Pdf,
    Docx,
    Pptx,
    /// xlsx, xlsm, xlsb, xls, ods.
    Sheet,
    Odt,
    Odp,
    Doc,
    Ppt,
    Msg,
    Rtf,
    Html,
    Mail,
    Markdown,
    Csv,
    Text,
    Zip,
    /// No bytes.
    Empty,
    /// An office file behind a password.
    Encrypted,
    /// A picture: there may be text in it, but not as text.
    Image,
    Unknown,
}

impl Format {
    /// Words for a diagnostic.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Docx => "Word document",
            Self::Pptx => "PowerPoint presentation",
            Self::Sheet => "spreadsheet",
            Self::Odt => "OpenDocument text",
            Self::Odp => "OpenDocument presentation",
            Self::Doc => "Word 97–2003 document",
            Self::Ppt => "PowerPoint 97–2003 presentation",
            Self::Msg => "Outlook message",
            Self::Rtf => "rich text",
            Self::Html => "HTML",
            Self::Mail => "mail",
            Self::Markdown => "Markdown",
            Self::Csv => "CSV",
            Self::Text => "text",
            Self::Zip => "ZIP archive",
            Self::Empty => "empty file",
            Self::Encrypted => "encrypted file",
            Self::Image => "image",
            Self::Unknown => "unknown kind of file",
        }
    }
}

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Word for Windows 2, before compound files.
const WORD2: &[u8] = b"\xdb\xa5\x2d\x00";

/// The lower-case extension of a name; empty if there is none.
pub(super) fn extension(name: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_lowercase())
}

/// Names the format of a file.
pub(super) fn sniff(name: &str, bytes: &[u8]) -> Format {
    let extension = extension(name);
    if bytes.is_empty() {
        return Format::Empty;
    }
    let head = &bytes[..bytes.len().min(1024)];
    if find(head, b"%PDF-") {
        return Format::Pdf;
    }
    if bytes.starts_with(OLE) {
        return compound(&extension, bytes);
    }
    if bytes.starts_with(WORD2) {
        return Format::Doc;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zipped(&extension, bytes);
    }
    if head.trim_ascii_start().starts_with(b"{\\rtf") {
        return Format::Rtf;
    }
    if extension == "xls" && matches!(bytes, [0x09, 0 | 2 | 4 | 8, ..]) {
        return Format::Sheet;
    }
    if head.starts_with(b"%!PS") {
        return Format::Unknown;
    }
    // Some magic numbers are two letters, with which a text may start too.
    if !is_plain(head)
        && let Some(kind) = infer::get(bytes)
        && kind.matcher_type() != infer::MatcherType::Text
    {
        let image = kind.matcher_type() == infer::MatcherType::Image;
        return if image { Format::Image } else { Format::Unknown };
    }
    textual(&extension, bytes)
}

fn is_plain(head: &[u8]) -> bool {
    std::str::from_utf8(head).is_ok_and(|text| decode::junk_share(text) == 0.0)
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// A compound file (OLE): its directory entries name the streams, 128 bytes each.
fn compound(extension: &str, bytes: &[u8]) -> Format {
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let kinds = [
        (wide("EncryptedPackage"), Format::Encrypted),
        (wide("__properties_version1.0"), Format::Msg),
        (wide("WordDocument"), Format::Doc),
        (wide("Workbook"), Format::Sheet),
        (wide("Book\0"), Format::Sheet),
        (wide("PowerPoint Document"), Format::Ppt),
    ];
    let mut seen = Vec::new();
    for entry in bytes.chunks_exact(128).skip(4) {
        for (name, format) in &kinds {
            if entry.starts_with(name) && !seen.contains(format) {
                seen.push(*format);
            }
        }
    }
    let by_name = match extension {
        "doc" | "dot" => Some(Format::Doc),
        "xls" | "xlt" => Some(Format::Sheet),
        "ppt" | "pps" | "pot" => Some(Format::Ppt),
        "msg" | "oft" => Some(Format::Msg),
        _ => None,
    };
    if seen.contains(&Format::Encrypted) {
        return Format::Encrypted;
    }
    // A document that embeds one of another kind has the streams of both.
    match by_name {
        Some(format) if seen.contains(&format) || seen.is_empty() => format,
        _ => kinds.iter().map(|(_, f)| *f).find(|f| seen.contains(f)).unwrap_or(Format::Unknown),
    }
}

fn zipped(extension: &str, bytes: &[u8]) -> Format {
    let by_name = match extension {
        "docx" | "docm" | "dotx" | "dotm" => Format::Docx,
        "pptx" | "pptm" | "ppsx" | "potx" => Format::Pptx,
        "xlsx" | "xlsm" | "xlsb" | "xltx" | "ods" | "ots" => Format::Sheet,
        "odt" | "ott" => Format::Odt,
        "odp" | "otp" => Format::Odp,
        _ => Format::Zip,
    };
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return by_name;
    };
    // A file format of its own, whose members are no documents.
    let package = if by_name == Format::Zip { Format::Unknown } else { by_name };
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("[Content_Types].xml") {
        if has("word/document.xml") {
            return Format::Docx;
        } else if has("ppt/presentation.xml") {
            return Format::Pptx;
        } else if has("xl/workbook.xml") || has("xl/workbook.bin") {
            return Format::Sheet;
        }
        return package;
    }
    if has("META-INF/MANIFEST.MF") {
        return package;
    }
    let mut member = |name: &str| {
        let mut text = String::new();
        let file = archive.by_name(name).ok()?;
        std::io::Read::read_to_string(&mut std::io::Read::take(file, 1 << 20), &mut text).ok()?;
        Some(text)
    };
    let Some(mime) = member("mimetype") else {
        return by_name;
    };
    let is =
        |kind: &str| mime.trim().starts_with(&format!("application/vnd.oasis.opendocument.{kind}"));
    let format = if is("text") {
        Format::Odt
    } else if is("presentation") {
        Format::Odp
    } else if is("spreadsheet") {
        Format::Sheet
    } else {
        return package;
    };
    match member("META-INF/manifest.xml") {
        Some(manifest) if manifest.contains("encryption-data") => Format::Encrypted,
        _ => format,
    }
}

fn textual(extension: &str, bytes: &[u8]) -> Format {
    let start = &bytes[..bytes.len().min(64 << 10)];
    let mut text = decode::decode(start).text;
    if start.len() < bytes.len() {
        text.pop(); // a character may have been cut in two
    }
    let named = match extension {
        "md" | "markdown" | "mdx" | "mkd" => Some(Format::Markdown),
        "csv" | "tsv" | "tab" => Some(Format::Csv),
        "txt" | "text" | "log" | "rst" | "adoc" => Some(Format::Text),
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "eml" | "mht" | "mhtml" => Some(Format::Mail),
        _ => None,
    };
    let junk = decode::junk_share(&text);
    if junk > if named.is_some() { 0.1 } else { 0.01 } {
        return Format::Unknown;
    }
    let headers = mail_headers(&text);
    match named {
        Some(Format::Html | Format::Markdown | Format::Csv) => named.unwrap_or(Format::Text),
        Some(Format::Mail) if headers > 0 => Format::Mail,
        _ if headers >= 3 => Format::Mail,
        _ if looks_html(&text) => Format::Html,
        Some(Format::Text) => Format::Text,
        // By its name an office file or a picture, but text: nothing that we can vouch for.
        None if matches!(extension, "svg") => Format::Image,
        _ => Format::Text,
    }
}

fn looks_html(text: &str) -> bool {
    let head: String = text.chars().take(1024).collect::<String>().to_lowercase();
    let head = head.trim_start();
    head.starts_with("<!doctype html")
        || (head.starts_with('<')
            && ["<html", "<body", "<table", "<head"].iter().any(|tag| head.contains(tag)))
}

/// How many different well-known mail headers the text starts with, before its first blank line.
fn mail_headers(text: &str) -> usize {
    const KNOWN: [&str; 14] = [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "reply-to",
        "content-type",
        "delivered-to",
        "x-mailer",
        "sender",
    ];
    let mut seen: Vec<String> = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if line.trim().is_empty() || n > 300 {
            break;
        }
        if line.starts_with([' ', '\t']) || (n == 0 && line.starts_with("From ")) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return 0 };
        let name = name.to_lowercase();
        if name.contains(' ') {
            return 0;
        }
        if KNOWN.contains(&name.as_str()) && !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_beats_the_name() {
        for (name, bytes, format) in [
            ("a.docx", &b"%PDF-1.4\n"[..], Format::Pdf),
            ("a.md", b"junk before %PDF-1.4\n", Format::Pdf),
            ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", Format::Html),
            ("a.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Format::Image),
            ("a.md", b"# Title\n", Format::Markdown),
            ("a.csv", b"a;b\n1;2\n", Format::Csv),
            ("notes", b"just words", Format::Text),
            ("notes", b"BMS and MZ are letters", Format::Text),
            ("a.doc", b"{\\rtf1 x}", Format::Rtf),
            ("a.eml", b"Subject: x\r\n\r\nbody", Format::Mail),
            ("saved.txt", b"From: a\nTo: b\nDate: today\n\nbody", Format::Mail),
            ("minutes.txt", b"Date: today\nPresent: A, B\n\nbody", Format::Text),
            ("a.bin", b"\x01\x02\x03\x00\x07\x08", Format::Unknown),
            ("a.md", b"", Format::Empty),
        ] {
            assert_eq!(sniff(name, bytes), format, "{name}");
        }
    }

    #[test]
    fn compound_files_are_told_apart_by_their_streams() {
        let file = |names: &[&str]| {
            let mut bytes = OLE.to_vec();
            bytes.resize(512, 0);
            for name in names {
                let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
                entry.resize(128, 0);
                bytes.extend(entry);
            }
            bytes
        };
        assert_eq!(sniff("a", &file(&["Root Entry", "WordDocument"])), Format::Doc);
        assert_eq!(sniff("a.xls", &file(&["Workbook", "WordDocument"])), Format::Sheet);
        assert_eq!(sniff("a.docx", &file(&["EncryptedPackage"])), Format::Encrypted);
        assert_eq!(sniff("a", &file(&["Other"])), Format::Unknown);
        assert_eq!(sniff("a", b"\xdb\xa5\x2d\x00\x78\x40"), Format::Doc);
    }
}
