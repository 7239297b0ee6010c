//! Takes lines, curves and colours out of a page's drawing instructions before they are parsed: a
//! diagram has a hundred times more of them than of text, and the parser makes several objects of
//! each.

use std::collections::BTreeSet;

use pdf_extract::{Document, Object};

/// Operators that neither show text nor move it. Each goes with its operands.
const DROPPED: [&[u8]; 44] = [
    b"m", b"l", b"c", b"v", b"y", b"h", b"re", b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b",
    b"b*", b"n", b"W", b"W*", b"CS", b"cs", b"SC", b"SCN", b"sc", b"scn", b"G", b"g", b"RG", b"rg",
    b"K", b"k", b"sh", b"w", b"J", b"j", b"M", b"d", b"ri", b"i", b"gs", b"BMC", b"BDC", b"EMC",
    b"DP",
];

/// The instructions without what is not text. From the first thing on that is not as usual
/// (a picture in the instructions, a comment, damage), they stay as they are.
pub(super) fn text_only(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() / 2);
    let (mut kept, mut at, mut depth) = (0, 0, 0_usize);
    // `kept`: where the operands of the next operator begin.
    while let Some(&byte) = content.get(at) {
        let end = match byte {
            b' ' | b'\n' | b'\r' | b'\t' | 0x0c | 0 => at + 1,
            b'+' | b'-' | b'.' | b'0'..=b'9' => run(content, at + 1, number),
            b'/' => run(content, at + 1, regular),
            b'(' => match string(content, at) {
                Some(end) => end,
                None => break,
            },
            b'[' => {
                depth += 1;
                at + 1
            }
            b']' if depth > 0 => {
                depth -= 1;
                at + 1
            }
            b'<' if content.get(at + 1) == Some(&b'<') => {
                depth += 1;
                at + 2
            }
            b'>' if content.get(at + 1) == Some(&b'>') && depth > 0 => {
                depth -= 1;
                at + 2
            }
            b'<' => {
                let end =
                    run(content, at + 1, |b| b.is_ascii_hexdigit() || b.is_ascii_whitespace());
                if content.get(end) != Some(&b'>') {
                    break;
                }
                end + 1
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'\'' | b'"' => {
                // As lopdf cuts operators: `q0` is `q` and `0`.
                let end = run(content, at, operator);
                let word = &content[at..end];
                if depth > 0 {
                    if !matches!(word, b"true" | b"false" | b"null") {
                        break;
                    }
                } else if word == b"BI" {
                    break;
                } else {
                    if DROPPED.contains(&word) {
                        out.push(b'\n');
                    } else {
                        out.extend_from_slice(&content[kept..end]);
                    }
                    kept = end;
                }
                end
            }
            _ => break,
        };
        at = end;
    }
    out.extend_from_slice(&content[kept..]);
    out
}

/// Empties pictures and TrueType programs. pdf-extract unpacks both: it takes a picture for
/// instructions, and of such a font it reads the dictionary only.
pub(super) fn lighten(document: &mut Document) {
    let programs: BTreeSet<(u32, u16)> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok()?.get(b"FontFile2").ok()?.as_reference().ok())
        .collect();
    for (id, object) in &mut document.objects {
        let Object::Stream(stream) = object else { continue };
        let subtype = stream.dict.get(b"Subtype").and_then(Object::as_name);
        let picture = matches!(subtype, Ok(b"Image"));
        if picture || programs.contains(id) {
            stream.dict.remove(b"Filter");
            stream.set_content(Vec::new());
        }
    }
}

fn run(content: &[u8], from: usize, belongs: fn(u8) -> bool) -> usize {
    content[from..].iter().position(|b| !belongs(*b)).map_or(content.len(), |n| from + n)
}

fn number(byte: u8) -> bool {
    matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9')
}

fn operator(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'*' | b'\'' | b'"')
}

/// Neither white space nor a delimiter.
fn regular(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The end of a string in brackets, which may hold pairs of them.
fn string(content: &[u8], from: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, from);
    loop {
        match content.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + 1),
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use pdf_extract::{Dictionary, Stream};

    use super::*;

    #[test]
    fn pictures_and_font_programs_are_emptied_and_nothing_else() {
        let mut document = Document::new();
        let mut add = |subtype: &str| {
            let mut dict = Dictionary::new();
            dict.set("Subtype", subtype);
            dict.set("Filter", "FlateDecode");
            document.add_object(Stream::new(dict, b"content".to_vec()))
        };
        let ids = [add("Image"), add("Form"), add("Type1C"), add("Program")];
        let mut descriptor = Dictionary::new();
        descriptor.set("FontFile3", Object::Reference(ids[2]));
        descriptor.set("FontFile2", Object::Reference(ids[3]));
        document.add_object(descriptor);
        lighten(&mut document);
        let left = ids.map(|id| {
            let stream = document.get_object(id).unwrap().as_stream().unwrap();
            (stream.content.len(), stream.dict.has(b"Filter"))
        });
        assert_eq!(left, [(0, false), (7, true), (7, true), (0, false)]);
    }

    fn left(content: &str) -> String {
        let out = text_only(content.as_bytes());
        String::from_utf8(out).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_text_and_what_moves_it_is_left() {
        let page = "q 1 0 0 1 5 5 cm 0 0 m 10 10 l S /Cs8 cs 1 0 0 scn 0 0 9 9 re f*\n\
            /Span <</MCID 0/E(a b) /L true>> BDC BT /F1 12 Tf 72 700 Td (a S (b\\) f) n) Tj\n\
            [<41 42>-20(m)] TJ T* (x) ' ET EMC Q";
        assert_eq!(
            left(page),
            "q 1 0 0 1 5 5 cm BT /F1 12 Tf 72 700 Td (a S (b\\) f) n) Tj \
             [<41 42>-20(m)] TJ T* (x) ' ET Q"
        );
    }

    #[test]
    fn what_is_not_as_usual_stays_with_all_behind_it() {
        for rest in
            ["BI /W 1 ID \u{1}\u{2} 0 0 m EI 0 0 m", "% note\n0 0 m", "(open 0 0 m", "[1 m] 0 0 m"]
        {
            assert_eq!(left(&format!("1 1 m {rest}")), left(rest));
            assert!(left(rest).ends_with("0 0 m"), "{rest}");
        }
        assert_eq!(left("1 1 m 7 7"), "7 7");
        assert_eq!(left(""), "");
    }
}
