use super::{
    test_zip::{compound_of, zip_of},
    *,
};
use crate::extract::Limits;

fn sniffed(bytes: &[u8]) -> Option<&'static str> {
    let limits = Limits::default();
    sniff(Input { name: "wrong.name", bytes, limits: &limits }).map(Reader::name)
}

#[test]
fn readers_are_found_by_content() {
    assert_eq!(sniffed(&zip_of(&[("word/document.xml", "")])), Some("docx"));
    assert_eq!(sniffed(&zip_of(&[("ppt/presentation.xml", "")])), Some("pptx"));
    assert_eq!(sniffed(&zip_of(&[("xl/workbook.bin", "")])), Some("sheets"));
    let odf = |kind: &str| {
        let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
        zip_of(&[("mimetype", &mimetype), ("content.xml", "")])
    };
    assert_eq!(sniffed(&odf("text-template")), Some("odt"));
    assert_eq!(sniffed(&odf("presentation")), Some("odp"));
    assert_eq!(sniffed(&odf("spreadsheet")), Some("sheets"));
    assert_eq!(sniffed(&odf("graphics")), None);
    for (stream, reader) in [
        ("EncryptedPackage", "docx"),
        ("WordDocument", "doc"),
        ("Book", "sheets"),
        ("PowerPoint Document", "ppt"),
        ("__properties_version1.0", "msg"),
    ] {
        assert_eq!(sniffed(&compound_of(&[(stream, b"x".as_slice())])), Some(reader));
    }
    assert_eq!(sniffed(b"{\\rtf1 a}"), Some("rtf"));
    assert_eq!(sniffed(&zip_of(&[("readme.txt", "")])), None);
    assert_eq!(sniffed(b"%PDF-1.7"), None);
}
