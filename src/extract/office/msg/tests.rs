use super::*;
use crate::extract::{Limits, office::test_zip::compound_of};

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn fixed(entries: &[(u32, u64)], header: usize) -> Vec<u8> {
    let mut out = vec![0; header];
    for (tag, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend([0; 4]);
        out.extend(value.to_le_bytes());
    }
    out
}

fn sample() -> Vec<u8> {
    let attach = "__attach_version1.0_#00000000";
    let inner = "__attach_version1.0_#00000001";
    let inside = format!("{inner}/__substg1.0_3701000D");
    compound_of(&[
        (
            "__properties_version1.0",
            &fixed(&[(0x0039_0040, 133_537_248_000_000_000), (0x3FFD_0003, 1251)], 32),
        ),
        ("__substg1.0_0037001F", &utf16("Access  review")),
        ("__substg1.0_0C1A001E", b"\xC0\xED\xED\xE0"),
        ("__substg1.0_1000001F", &utf16("Done.\r\n\r\nAll rights checked.")),
        (&format!("{attach}/__substg1.0_3707001F"), &utf16("log.csv")),
        (&format!("{attach}/__substg1.0_37010102"), b"a;b"),
        (&format!("{inner}/__substg1.0_3001001F"), &utf16("Earlier")),
        (&format!("{inside}/__properties_version1.0"), &fixed(&[], 24)),
        (&format!("{inside}/__substg1.0_10130102"), b"<p>From before</p>"),
    ])
}

#[test]
fn subject_body_and_embedded_messages() {
    let bytes = sample();
    let limits = Limits::default();
    let input = Input { name: "a.msg", bytes: &bytes, limits: &limits };
    let content = Msg.read(input).unwrap();
    let shown: Vec<String> =
        content.blocks.iter().map(|b| format!("{:?} {}: {}", b.kind, b.locator, b.text)).collect();
    assert_eq!(
        shown,
        [
            "Heading subject: Access review",
            "Body body, Access review, paragraph 1: Done.",
            "Body body, Access review, paragraph 2: All rights checked.",
            "Body Earlier/body, paragraph 1: From before",
        ]
    );
    assert_eq!(content.properties["date"], "2024-03-01T00:00:00Z");
    assert_eq!(content.properties["from"], "Анна");
    let files = attachments(input).unwrap();
    assert_eq!(files, [Attachment { name: "log.csv".into(), bytes: b"a;b".to_vec() }]);
}

#[test]
fn other_files_are_named() {
    let limits = Limits::default();
    let why = |bytes: &[u8]| Msg.read(Input { name: "a.msg", bytes, limits: &limits });
    assert!(matches!(why(b"From: x"), Err(ReadError::Unsupported(_))));
    let other = compound_of(&[("Other", b"x".as_slice())]);
    assert!(matches!(why(&other), Err(ReadError::Failed(_))));
}
