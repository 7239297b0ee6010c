//! Properties of a message or an attachment: streams named by property and type.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use crate::extract::office::{ole::Compound, rtf::code_page};

/// The properties that are of use, by their four hex digits.
const WANTED: [&str; 14] = [
    "0037", "0C1A", "0C1F", "5D01", "0E03", "0E04", "1000", "1009", "1013", "3001", "3704", "3707",
    "3703", "007D",
];

/// The properties of one storage.
pub(super) struct Store {
    unicode: BTreeMap<&'static str, String>,
    ansi: BTreeMap<&'static str, Vec<u8>>,
    binary: BTreeMap<&'static str, Vec<u8>>,
    encoding: &'static Encoding,
    date: Option<String>,
}

pub(super) fn stream(compound: &mut Compound<'_>, path: &str) -> Option<Vec<u8>> {
    compound.find_entry_by_path(path)?;
    compound.open_stream_by_path(path).ok()
}

impl Store {
    /// Reads the properties of the message (`path` empty for the outermost) or attachment.
    pub(super) fn open(compound: &mut Compound<'_>, path: &str, inner: bool) -> Self {
        let full = |name: &str| {
            if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
        };
        let fixed = stream(compound, &full("__properties_version1.0")).unwrap_or_default();
        // The header is longer in the outermost message; entries are 16 bytes each.
        let entries = fixed.get(if inner { 24 } else { 32 }..).unwrap_or_default();
        let (mut page, mut web_page, mut date) = (None, None, None);
        for entry in entries.chunks_exact(16) {
            let tag = u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
            let value: [u8; 8] = entry[8..16].try_into().unwrap_or_default();
            match tag {
                0x3FFD_0003 => page = number(value),
                0x3FDE_0003 => web_page = number(value),
                0x0039_0040 => date = filetime(u64::from_le_bytes(value)),
                0x0E06_0040 => date = date.or_else(|| filetime(u64::from_le_bytes(value))),
                _ => {}
            }
        }
        let mut store = Self {
            unicode: BTreeMap::new(),
            ansi: BTreeMap::new(),
            binary: BTreeMap::new(),
            encoding: code_page(page.or(web_page).unwrap_or(1252)),
            date,
        };
        for property in WANTED {
            if let Some(bytes) = stream(compound, &full(&format!("__substg1.0_{property}001F"))) {
                let text = encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0;
                store.unicode.insert(property, text.into_owned());
            } else if let Some(bytes) =
                stream(compound, &full(&format!("__substg1.0_{property}001E")))
            {
                store.ansi.insert(property, bytes);
            } else if let Some(bytes) =
                stream(compound, &full(&format!("__substg1.0_{property}0102")))
            {
                store.binary.insert(property, bytes);
            }
        }
        store
    }

    pub(super) fn text(&self, property: &str) -> Option<String> {
        let text = match self.unicode.get(property) {
            Some(text) => text.clone(),
            None => self.decode(self.ansi.get(property)?),
        };
        Some(text.trim_end_matches('\0').to_owned())
    }

    pub(super) fn binary(&self, property: &str) -> Option<&[u8]> {
        self.binary.get(property).map(Vec::as_slice)
    }

    /// Bytes in the message's own encoding, or in UTF-8 if they are that.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => self.encoding.decode(bytes).0.into_owned(),
        }
    }

    /// When it was sent (else delivered), in UTC.
    pub(super) fn date(&self) -> Option<String> {
        self.date.clone()
    }
}

/// The number in the first half of a property's value; US-ASCII says nothing.
fn number(value: [u8; 8]) -> Option<i32> {
    let number = i32::from_le_bytes([value[0], value[1], value[2], value[3]]);
    (number != 20127).then_some(number)
}

/// 100-nanosecond steps since 1601 as an ISO date and time.
fn filetime(ticks: u64) -> Option<String> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600;
    let when = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let (date, time) = (when.date(), when.time());
    Some(format!("{date}T{:02}:{:02}:{:02}Z", time.hour(), time.minute(), time.second()))
        .filter(|_| ticks > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_times_are_utc() {
        assert_eq!(filetime(133_537_248_000_000_000).as_deref(), Some("2024-03-01T00:00:00Z"));
        assert_eq!(filetime(0), None);
        assert_eq!(filetime(u64::MAX), None);
    }
}
