//! Bodies of messages as paragraphs.

use scraper::{Html, Node};

/// Parts of a plain text between blank lines.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = String::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            if !open.is_empty() {
                out.push(std::mem::take(&mut open));
            }
            continue;
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.extend(
            line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()),
        );
    }
    if !open.is_empty() {
        out.push(open);
    }
    out
}

/// The text of an HTML body, a paragraph for each block element.
pub(super) fn html_paragraphs(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let mut out = Vec::new();
    let mut open = String::new();
    let mut end = |open: &mut String| {
        let text = crate::domain::squash_whitespace(&std::mem::take(open));
        if !text.is_empty() {
            out.push(text);
        }
    };
    // Node, and whether it is being left. Deep nesting is no matter.
    let mut steps = vec![(document.tree.root(), false)];
    while let Some((node, leaving)) = steps.pop() {
        match node.value() {
            Node::Text(text) => open.push_str(&text.text),
            Node::Element(e) if is_muted(e.name()) => continue,
            Node::Element(e) if is_block(e.name()) => end(&mut open),
            Node::Element(e) if matches!(e.name(), "br" | "td" | "th") => open.push(' '),
            _ => {}
        }
        if !leaving && node.has_children() {
            steps.push((node, true));
            steps.extend(node.children().rev().map(|child| (child, false)));
        }
    }
    end(&mut open);
    out
}

fn is_muted(name: &str) -> bool {
    matches!(name, "script" | "style" | "head" | "template" | "noscript")
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "tr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "pre"
            | "table"
            | "ul"
            | "ol"
            | "body"
            | "hr"
    )
}

/// What every compressed RTF body may refer back to.
const PREFIX: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Unpacks a compressed RTF body (MS-OXRTFCP), up to `limit` bytes of it.
pub(super) fn decompress(data: &[u8], limit: usize) -> Option<Vec<u8>> {
    let kind = data.get(8..12)?;
    let body = data.get(16..)?;
    if kind == b"MELA" {
        return Some(body.to_vec());
    }
    if kind != b"LZFu" {
        return None;
    }
    let mut window = [b' '; 4096];
    window[..PREFIX.len()].copy_from_slice(PREFIX);
    let mut write = PREFIX.len();
    let mut out = Vec::new();
    let mut bytes = body.iter().copied();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            if flags >> bit & 1 == 0 {
                let Some(byte) = bytes.next() else { return Some(out) };
                out.push(byte);
                window[write] = byte;
                write = (write + 1) % 4096;
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { return Some(out) };
            let reference = u16::from_be_bytes([high, low]);
            let offset = usize::from(reference >> 4);
            if offset == write {
                return Some(out);
            }
            for i in 0..usize::from(reference & 0xF) + 2 {
                let byte = window[(offset + i) % 4096];
                out.push(byte);
                window[write] = byte;
                write = (write + 1) % 4096;
            }
        }
        if out.len() > limit {
            break;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_unpacks() {
        let data = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03,
            0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3,
            0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d,
            0x0a, 0x80, 0x0f, 0xa0,
        ];
        let rtf = decompress(&data, 1000).unwrap();
        assert_eq!(
            String::from_utf8(rtf).unwrap(),
            "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
        assert_eq!(decompress(b"short", 1000), None);
    }

    #[test]
    fn paragraphs_end_at_blank_lines_and_block_elements() {
        assert_eq!(
            paragraphs("Hello\r\n\r\nline one\nline two\n"),
            ["Hello", "line one\nline two"]
        );
        let html =
            "<html><head><style>x{}</style></head><body><p>Hi <b>all</b>,</p>see<br>below</body>";
        assert_eq!(html_paragraphs(html), ["Hi all,", "see below"]);
    }
}
