use office_oxide::ir::{List, Paragraph, Table, TextSpan};

use super::*;

fn paragraph(text: &str) -> Element {
    Element::Paragraph(Paragraph {
        content: vec![InlineContent::Text(TextSpan::plain(text))],
        ..Paragraph::default()
    })
}

#[test]
fn the_model_is_walked_in_order() {
    let cell = |text: &str| TableCell { content: vec![paragraph(text)], ..TableCell::default() };
    let row = TableRow { cells: vec![cell("Owner"), cell("CISO")], ..TableRow::default() };
    let list = List {
        items: vec![ListItem { content: vec![paragraph("first")], nested: None }],
        ..List::default()
    };
    let comment =
        Note { content: vec![paragraph("really?")], author: Some("Ann".into()), ..Note::default() };
    let elements = [
        paragraph("Intro"),
        Element::Table(Table { rows: vec![row], ..Table::default() }),
        Element::List(list),
        Element::Endnote(comment),
    ];
    let limits = Limits::default();
    let mut walk = Walk::new(&limits);
    walk.run(&elements);
    let notes = std::mem::take(&mut walk.notes);
    let mut blocks = walk.flow.finish(&mut Vec::new());
    blocks.extend(notes);
    let shown: Vec<String> =
        blocks.iter().map(|b| format!("{:?} {}: {}", b.kind, b.locator, b.text)).collect();
    assert_eq!(
        shown,
        [
            "Body paragraph 1: Intro",
            "Row paragraph 2: Owner CISO",
            "Body paragraph 4: first",
            "Comment comment 1 by Ann: really?",
        ]
    );
}

#[test]
fn word_2_text_without_field_codes() {
    let text = b"Policy\r\x13 PAGE \x143\x15 of\x1ethem\r";
    let mut bytes = vec![0_u8; 0x180];
    bytes[..2].copy_from_slice(&[0xDB, 0xA5]);
    bytes[0x18..0x1C].copy_from_slice(&0x180_u32.to_le_bytes());
    bytes[0x34..0x38].copy_from_slice(&(text.len() as u32).to_le_bytes());
    bytes.extend_from_slice(text);
    let limits = Limits::default();
    let read = |bytes: &[u8]| Doc.read(Input { name: "a.doc", bytes, limits: &limits });
    let content = read(&bytes).unwrap();
    let texts: Vec<&str> = content.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(texts, ["Policy", "3 of-them"]);
    assert!(matches!(read(&bytes[..0x190]), Err(ReadError::Failed(_))));
    bytes[0x0B] = 1;
    assert!(matches!(read(&bytes), Err(ReadError::Encrypted(_))));
    assert!(matches!(read(b"plain"), Err(ReadError::Unsupported(_))));
}
