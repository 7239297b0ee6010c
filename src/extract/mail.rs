//! Mail (RFC 5322, MIME): headers, the body, and the attachments as members.

use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use super::{
    Content, Input, ReadError, Reader, builder::Builder, html::read_html, text::paragraphs,
};
use crate::domain::{Block, BlockKind, Locator, Properties};

pub(super) struct Mail;

impl Reader for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn read(&self, input: Input<'_>) -> Result<Content, ReadError> {
        self.open(input, &mut |_, _| {})
    }

    fn open(
        &self,
        input: Input<'_>,
        member: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<Content, ReadError> {
        let message = MessageParser::default()
            .parse(input.bytes)
            .ok_or_else(|| ReadError::Failed("no mail headers".to_owned()))?;
        if encrypted(&message) {
            return Err(ReadError::Encrypted("the mail's body is encrypted".to_owned()));
        }
        let properties = properties(&message);
        let mut blocks = Vec::new();
        let header: Vec<String> =
            [("From", "from"), ("To", "to"), ("Date", "date"), ("Subject", "subject")]
                .iter()
                .filter_map(|(label, key)| Some(format!("{label}: {}", properties.get(*key)?)))
                .collect();
        let mut builder = Builder::default();
        builder.push(BlockKind::Header, Locator::part("header"), &header.join("\n"));
        blocks.append(&mut builder.into_blocks());
        blocks.append(&mut body(&message));
        attachments(&message, member);
        Ok(Content { blocks, properties, ..Content::default() })
    }
}

/// The whole mail is one encrypted part (S/MIME or PGP).
fn encrypted(message: &Message<'_>) -> bool {
    let Some(kind) = message.content_type() else { return false };
    let subtype = kind.subtype().unwrap_or_default().to_lowercase();
    let main = kind.ctype().to_lowercase();
    let enveloped = kind.attribute("smime-type").is_none_or(|t| t.contains("enveloped"));
    (main == "multipart" && subtype == "encrypted")
        || (main == "application" && subtype.ends_with("pkcs7-mime") && enveloped)
}

fn properties(message: &Message<'_>) -> Properties {
    let mut properties = Properties::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            properties.insert(key.to_owned(), value.trim().to_owned());
        }
    };
    put("from", message.from().map(addresses));
    put("to", message.to().map(addresses));
    put("subject", message.subject().map(str::to_owned));
    let date = message.header_raw("Date").map(crate::domain::squash_whitespace);
    put("date", date);
    properties
}

fn addresses(list: &Address<'_>) -> String {
    let one = |address: &mail_parser::Addr<'_>| match (&address.name, &address.address) {
        (Some(name), Some(mail)) => format!("{name} <{mail}>"),
        (Some(text), None) | (None, Some(text)) => text.to_string(),
        (None, None) => String::new(),
    };
    let all: Vec<_> = list.iter().map(one).filter(|text| !text.is_empty()).collect();
    all.join(", ")
}

/// The text as the sender wrote it: the plain part, or the HTML part where there is no plain one
/// to speak of ("your program can't show HTML").
fn body(message: &Message<'_>) -> Vec<Block> {
    let parts = |ids: &[u32], html: bool| {
        let mut blocks: Vec<Block> = Vec::new();
        for part in ids.iter().filter_map(|id| message.parts.get(*id as usize)) {
            match &part.body {
                PartType::Html(text) => blocks.append(&mut read_html(text).0),
                PartType::Text(text) if !html || ids.len() > 1 => {
                    let mut builder = Builder::default();
                    for (_, _, paragraph) in paragraphs(text) {
                        builder.paragraph(BlockKind::Body, paragraph);
                    }
                    blocks.append(&mut builder.into_blocks());
                }
                _ => {}
            }
        }
        blocks
    };
    let letters = |blocks: &[Block]| blocks.iter().map(|b| b.text.len()).sum::<usize>();
    let mut blocks = parts(&message.text_body, false);
    if message.html_body != message.text_body {
        let html = parts(&message.html_body, true);
        if letters(&html) > 4 * letters(&blocks) {
            blocks = html;
        }
    }
    for block in &mut blocks {
        block.locator = block.locator.clone().within("body");
    }
    blocks
}

fn attachments(message: &Message<'_>, member: &mut dyn FnMut(&str, &[u8])) {
    for (n, part) in message.attachments().enumerate() {
        let name = part.attachment_name().map(str::to_owned);
        let or = |default: &str| name.clone().unwrap_or_else(|| format!("{default}-{}", n + 1));
        match &part.body {
            PartType::Text(text) => member(&or("text"), text.as_bytes()),
            PartType::Html(text) => member(&or("page.html"), text.as_bytes()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                member(&or("attachment"), bytes);
            }
            PartType::Message(inner) => {
                let name = inner.subject().map_or_else(|| or("message"), str::to_owned);
                member(&format!("{name}.eml"), inner.raw_message());
            }
            PartType::Multipart(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Limits;

    type Members = Vec<(String, Vec<u8>)>;

    fn read(text: &str) -> (Result<Content, ReadError>, Members) {
        let limits = Limits::default();
        let mut members = Vec::new();
        let bytes = text.replace('\n', "\r\n");
        let input = Input { name: "a.eml", bytes: bytes.as_bytes(), limits: &limits };
        let content = Mail.open(input, &mut |name, bytes| {
            members.push((name.to_owned(), bytes.to_owned()));
        });
        (content, members)
    }

    #[test]
    fn headers_body_and_attachments() {
        let (content, members) = read(
            "From: Ann <ann@example.org>\nTo: bob@example.org\nDate: Mon, 5 Jan 2026 10:00:00 +0100\n\
             Subject: =?utf-8?q?Pr=C3=BCfung?=\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
             First.\n\nSecond.\n--b\nContent-Type: text/csv; name=\"r.csv\"\n\
             Content-Disposition: attachment; filename=\"r.csv\"\n\na,b\n--b--\n",
        );
        let content = content.unwrap();
        assert_eq!(content.properties["subject"], "Prüfung");
        assert_eq!(content.properties["date"], "Mon, 5 Jan 2026 10:00:00 +0100");
        let places: Vec<_> = content.blocks.iter().map(|b| b.locator.to_string()).collect();
        assert_eq!(places, ["header", "body, paragraph 1", "body, paragraph 2"]);
        assert_eq!(members[0].0, "r.csv");
        assert!(members[0].1.starts_with(b"a,b"));
    }

    #[test]
    fn html_stands_in_for_a_missing_plain_part() {
        let (content, _) = read(
            "From: a@b.c\nSubject: s\nMIME-Version: 1.0\nContent-Type: text/html\n\n\
             <h1>Report</h1><p>All good.</p>",
        );
        let content = content.unwrap();
        assert_eq!(content.blocks[2].text, "All good.");
        assert_eq!(content.blocks[2].heading, ["Report"]);
    }

    #[test]
    fn an_encrypted_body_is_named() {
        let (content, _) = read(
            "From: a@b.c\nSubject: s\nMIME-Version: 1.0\n\
             Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA",
        );
        assert!(matches!(content, Err(ReadError::Encrypted(_))));
    }
}
