//! XML as a flat row of events. No recursion, no namespaces (strict and transitional OOXML have the
//! same local names), no entity but the five of XML itself, and a damaged part ends where the
//! damage is: what stands before it is still read.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::{BytesEnd, BytesStart, Event},
};

/// One event. An empty element comes as `Open` and `Close`.
pub(super) enum Node<'a> {
    Open(BytesStart<'a>),
    Close(BytesEnd<'a>),
    Text(Cow<'a, str>),
}

/// The events of one part.
pub(super) struct Nodes<'a> {
    reader: Reader<&'a [u8]>,
    damage: Option<String>,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(xml: &'a str) -> Self {
        let mut reader = Reader::from_str(xml);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        config.check_comments = false;
        Self { reader, damage: None }
    }

    /// The next event, or `None` at the end and where the part is damaged.
    pub(super) fn next(&mut self) -> Option<Node<'a>> {
        while self.damage.is_none() {
            return Some(match self.reader.read_event() {
                Ok(Event::Start(e)) => Node::Open(e),
                Ok(Event::End(e)) => Node::Close(e),
                Ok(Event::Text(e)) => Node::Text(e.into_inner()),
                Ok(Event::CData(e)) => Node::Text(e.into_inner()),
                Ok(Event::GeneralRef(e)) => match reference(&e) {
                    Some(c) => Node::Text(Cow::Owned(c.to_string())),
                    None => continue,
                },
                Ok(Event::Eof) => return None,
                Ok(_) => continue,
                Err(error) => {
                    self.damage = Some(error.to_string());
                    return None;
                }
            });
        }
        None
    }

    /// Passes over the rest of the element that was just opened.
    pub(super) fn skip(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Some(Node::Open(_)) => depth += 1,
                Some(Node::Close(_)) => depth -= 1,
                Some(Node::Text(_)) => {}
                None => return,
            }
        }
    }

    /// The text of the element that was just opened, up to its end, without that of its children's
    /// own elements being told apart.
    pub(super) fn text(&mut self) -> Cow<'a, str> {
        let mut out = Cow::Borrowed("");
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Some(Node::Open(_)) => depth += 1,
                Some(Node::Close(_)) => depth -= 1,
                // Nearly always the only piece, and then it is not copied.
                Some(Node::Text(text)) if out.is_empty() => out = text,
                Some(Node::Text(text)) => out.to_mut().push_str(&text),
                None => break,
            }
        }
        out
    }

    /// Calls `visit` with the name and the tag of every element inside the one that was just
    /// opened, and passes over those for which it says `false`.
    pub(super) fn each_inside(&mut self, mut visit: impl FnMut(&str, &BytesStart<'a>) -> bool) {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Some(Node::Open(e)) => {
                    if visit(local(&e), &e) {
                        depth += 1;
                    } else {
                        self.skip();
                    }
                }
                Some(Node::Close(_)) => depth -= 1,
                Some(Node::Text(_)) => {}
                None => return,
            }
        }
    }

    /// What was wrong, if reading ended before the end of the part.
    pub(super) fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }
}

fn reference(e: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    match e.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => e.resolve_char_ref().ok().flatten(),
    }
}

/// The open `mc:AlternateContent` elements. Of each, one branch is read: the first `Choice`, and a
/// later branch only if those before it gave no text.
#[derive(Debug, Default)]
pub(super) struct Alternates(Vec<(bool, usize)>);

impl Alternates {
    /// An `AlternateContent` begins; `written` counts the text so far.
    pub(super) fn open(&mut self, written: usize) {
        self.0.push((false, written));
    }

    pub(super) fn close(&mut self) {
        self.0.pop();
    }

    /// Whether the `Choice` or `Fallback` that begins is to be passed over.
    pub(super) fn passes_over(&mut self, written: usize) -> bool {
        let Some((seen, before)) = self.0.last_mut() else { return false };
        let done = *seen && written > *before;
        *seen = true;
        done
    }
}

/// An element's name without its prefix.
pub(super) fn local<'b>(e: &'b BytesStart<'_>) -> &'b str {
    e.local_name().into_inner()
}

/// An ending element's name without its prefix.
pub(super) fn local_end<'b>(e: &'b BytesEnd<'_>) -> &'b str {
    e.local_name().into_inner()
}

fn value_of(raw: Cow<'_, str>) -> String {
    quick_xml::escape::unescape(&raw).map_or_else(|_| raw.to_string(), Cow::into_owned)
}

/// The value of the first attribute with this local name.
pub(super) fn attr(e: &BytesStart<'_>, name: &str) -> Option<String> {
    e.attributes()
        .with_checks(false)
        .flatten()
        .find(|a| {
            a.key.local_name().into_inner() == name
                && a.key.prefix().is_none_or(|p| p.into_inner() != "xmlns")
        })
        .map(|a| value_of(a.value))
}

/// The value of an attribute that has a prefix, such as `r:id` beside a plain `id`.
pub(super) fn prefixed_attr(e: &BytesStart<'_>, name: &str) -> Option<String> {
    e.attributes()
        .with_checks(false)
        .flatten()
        .find(|a| {
            a.key.local_name().into_inner() == name
                && a.key.prefix().is_some_and(|p| p.into_inner() != "xmlns")
        })
        .map(|a| value_of(a.value))
}

/// Whether an on/off element (`<w:vanish/>`, `<w:vanish w:val="0"/>`) is on.
pub(super) fn is_on(e: &BytesStart<'_>) -> bool {
    !matches!(attr(e, "val").as_deref(), Some("0" | "false" | "off" | "none"))
}

/// The bytes of a part as text: UTF-8, UTF-16 by its mark, or what the declaration says.
pub(super) fn decode(bytes: Vec<u8>) -> String {
    let marked = encoding_rs::Encoding::for_bom(&bytes).map(|(encoding, _)| encoding);
    let encoding = match marked {
        Some(encoding) => encoding,
        None => match String::from_utf8(bytes) {
            Ok(text) => return text,
            Err(error) => {
                let bytes = error.into_bytes();
                return declared(&bytes).decode(&bytes).0.into_owned();
            }
        },
    };
    encoding.decode(&bytes).0.into_owned()
}

fn declared(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    head.split_once("encoding=")
        .and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next().map(str::to_owned))
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        .unwrap_or(encoding_rs::UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(xml: &str) -> (String, bool) {
        let mut nodes = Nodes::new(xml);
        let mut out = String::new();
        while let Some(node) = nodes.next() {
            match node {
                Node::Open(e) => out.push_str(&format!("<{}", local(&e))),
                Node::Close(e) => out.push_str(&format!(">{}", local_end(&e))),
                Node::Text(t) => out.push_str(&t),
            }
        }
        (out, nodes.damage().is_some())
    }

    #[test]
    fn predefined_entities_are_resolved_and_others_are_dropped() {
        let xml = r#"<!DOCTYPE a [<!ENTITY x "boom">]><a>R&amp;D &#65;&x;&lt;</a>"#;
        assert_eq!(flat(xml), ("<aR&D A<>a".to_owned(), false));
    }

    #[test]
    fn a_damaged_part_gives_what_stands_before() {
        assert_eq!(flat("<a><b>one</b><b>two</c>"), ("<a<bone>b<btwo".to_owned(), true));
    }

    #[test]
    fn prefixed_and_plain_attributes_are_told_apart() {
        let mut nodes = Nodes::new(r#"<p:sldId xmlns:id="u" id="256" r:id="rId&#50;"/>"#);
        let Some(Node::Open(e)) = nodes.next() else { panic!("no element") };
        assert_eq!(attr(&e, "id").as_deref(), Some("256"));
        assert_eq!(prefixed_attr(&e, "id").as_deref(), Some("rId2"));
    }

    #[test]
    fn utf16_and_declared_encodings_are_read() {
        let utf16: Vec<u8> = "\u{feff}<a>ä</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(utf16), "<a>ä</a>");
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>".to_vec();
        assert!(decode(latin).ends_with("<a>ä</a>"));
    }
}
