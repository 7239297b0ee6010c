//! Bytes to text: byte order mark, UTF-8, UTF-16 by its zero bytes, else a guess.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text and the name of the encoding that it was in.
pub(super) struct Decoded {
    pub text: String,
    pub encoding: &'static str,
    /// Some bytes had no meaning in that encoding and became U+FFFD.
    pub lossy: bool,
}

/// Decodes a whole file. Never fails; a byte order mark is dropped.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let encoding = guess(bytes);
    let (text, used, lossy) = encoding.decode(bytes);
    Decoded { text: text.into_owned(), encoding: used.name(), lossy }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16(bytes) {
        return encoding;
    }
    if mostly_utf8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new();
    detector.feed(bytes, true);
    detector.guess(None, false)
}

/// UTF-16 without a mark: Latin text has a zero in every other byte.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = head.len() / 2 * 7 / 10;
    if head.len() < 8 || bytes.len() % 2 == 1 {
        None
    } else if odd >= many && even * 20 < odd {
        Some(UTF_16LE)
    } else if even >= many && odd * 20 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Sound UTF-8, or UTF-8 with a few stray bytes in it (a file that was cut or pasted together).
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good > 10 * bad
}

/// Share of characters that no text holds: controls and replacement characters. 0 to 1.
pub(super) fn junk_share(text: &str) -> f64 {
    let (mut junk, mut all) = (0_u32, 0_u32);
    for c in text.chars() {
        all += 1;
        let plain_control = matches!(c, '\n' | '\r' | '\t' | '\u{c}');
        junk += u32::from((c.is_control() && !plain_control) || c == '\u{fffd}');
    }
    if all == 0 { 0.0 } else { f64::from(junk) / f64::from(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf16: Vec<u8> =
            "Löschung; Prüfung".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> =
            "\u{feff}Löschung".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, text) in [
            ("Löschung".as_bytes().to_vec(), "Löschung"),
            (b"\xef\xbb\xbfa".to_vec(), "a"),
            (utf16, "Löschung; Prüfung"),
            (marked, "Löschung"),
            (
                b"control,owner\nZugriffspr\xfcfung,M\xfcller\n".to_vec(),
                "control,owner\nZugriffsprüfung,Müller\n",
            ),
            (b"Die \x93Richtlinie\x94 \x96 5 \x80".to_vec(), "Die “Richtlinie” – 5 €"),
        ] {
            let decoded = decode(&bytes);
            assert_eq!(decoded.text, text, "{}", decoded.encoding);
            assert!(!decoded.lossy);
        }
    }

    #[test]
    fn a_stray_byte_does_not_turn_utf8_into_something_else() {
        let mut bytes = "äöüßäöüßäöüß".as_bytes().to_vec();
        bytes.push(0xff);
        let decoded = decode(&bytes);
        assert!(decoded.text.starts_with("äöü") && decoded.lossy);
        assert!(junk_share(&decoded.text) > 0.0);
    }
}
