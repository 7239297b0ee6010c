//! Which rows and columns a sheet hides (by hand, by a filter or by a closed group). calamine does not
//! say, so it comes from the parts themselves. What can't be made out counts as visible.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;

use super::rows::Hidden;
use crate::extract::office::{
    ole,
    package::Package,
    xml::{Node, Nodes, attr, local},
};

/// Larger sheets (unpacked) are not looked at a second time: the parser of the first time takes them
/// row by row, this would hold them whole.
const MOST_BYTES: u64 = 64 << 20;

fn small(package: &mut Package<'_>, part: &str) -> bool {
    package.head(part).is_some_and(|(_, size)| size <= MOST_BYTES)
}

/// Of a sheet part of an xlsx file.
pub(super) fn of_xlsx(package: &mut Package<'_>, part: &str) -> Hidden {
    if !small(package, part) {
        return Hidden::default();
    }
    match package.optional(part) {
        // Most sheets hide nothing and need no second look.
        Some(xml) if xml.contains("hidden=") => in_xlsx(&xml),
        _ => Hidden::default(),
    }
}

fn in_xlsx(xml: &str) -> Hidden {
    let mut out = Hidden::default();
    let mut nodes = Nodes::new(xml);
    let mut row = 0_u32;
    while let Some(node) = nodes.next() {
        let Node::Open(e) = node else { continue };
        let number = |name: &str| attr(&e, name).and_then(|v| v.parse::<u32>().ok());
        match local(&e) {
            "col" if hides(&e) => {
                if let (Some(first @ 1..), Some(last @ 1..)) = (number("min"), number("max")) {
                    out.columns.add(first - 1, last - 1);
                }
            }
            "row" => {
                // Without a number it is the next one.
                row = number("r").unwrap_or(row.saturating_add(1)).max(1);
                if hides(&e) {
                    out.rows.add(row - 1, row - 1);
                }
            }
            _ => {}
        }
    }
    out
}

fn hides(e: &BytesStart<'_>) -> bool {
    matches!(attr(e, "hidden").as_deref(), Some("1" | "true"))
}

/// The sheet parts of an xlsb file by the names of the sheets.
pub(super) fn xlsb_parts(package: &mut Package<'_>) -> BTreeMap<String, String> {
    const BUNDLE_SHEET: u16 = 156;
    let mut out = BTreeMap::new();
    let main = "xl/workbook.bin";
    let Some(bytes) = package.bytes(main) else { return out };
    let relations = package.relations(main);
    for (kind, data) in Records12(&bytes) {
        // Visibility and tab id, four bytes each, then the relation and the name.
        let strings = (kind == BUNDLE_SHEET).then(|| {
            let (id, rest) = wide(data.get(8..)?)?;
            Some((id, wide(rest)?.0))
        });
        let Some((id, name)) = strings.flatten() else { continue };
        if let Some(relation) = relations.iter().find(|r| r.id == id) {
            out.entry(name).or_insert_with(|| relation.target.clone());
        }
    }
    out
}

/// Of a sheet part of an xlsb file.
pub(super) fn of_xlsb(package: &mut Package<'_>, part: &str) -> Hidden {
    if !small(package, part) {
        return Hidden::default();
    }
    package.bytes(part).map_or_else(Hidden::default, |bytes| in_xlsb(&bytes))
}

/// BrtRowHdr and BrtColInfo of [MS-XLSB].
fn in_xlsb(bytes: &[u8]) -> Hidden {
    const ROW: u16 = 0;
    const COLUMNS: u16 = 60;
    let mut out = Hidden::default();
    for (kind, data) in Records12(bytes) {
        match kind {
            ROW if data.get(11).is_some_and(|flags| flags & 0x10 != 0) => {
                if let Some(row) = long(data, 0) {
                    out.rows.add(row, row);
                }
            }
            COLUMNS if data.get(16).is_some_and(|flags| flags & 1 != 0) => {
                if let (Some(first), Some(last)) = (long(data, 0), long(data, 4)) {
                    out.columns.add(first, last);
                }
            }
            _ => {}
        }
    }
    out
}

/// Of the sheets of an xls file, in the order of its list of sheets.
pub(super) fn of_xls(bytes: &[u8]) -> Vec<Hidden> {
    let Ok(mut compound) = ole::open(bytes) else { return Vec::new() };
    let stream = ["Workbook", "Book"].into_iter().find_map(|name| ole::stream(&mut compound, name));
    stream.map_or_else(Vec::new, |stream| in_xls(&stream))
}

/// ROW and COLINFO of [MS-XLS], in the substream that BOUNDSHEET points to.
fn in_xls(stream: &[u8]) -> Vec<Hidden> {
    const BOUND_SHEET: u16 = 0x0085;
    let starts = Records8(stream)
        .take_while(|(kind, _)| *kind != END)
        .filter(|(kind, _)| *kind == BOUND_SHEET)
        .map(|(_, data)| long(data, 0).and_then(|at| stream.get(at as usize..)));
    starts.map(|sheet| sheet.map_or_else(Hidden::default, in_xls_sheet)).collect()
}

const END: u16 = 0x000A;

fn in_xls_sheet(sheet: &[u8]) -> Hidden {
    const BEGIN: u16 = 0x0809;
    const ROW: u16 = 0x0208;
    const COLUMNS: u16 = 0x007D;
    let mut out = Hidden::default();
    let mut depth = 0_usize;
    for (kind, data) in Records8(sheet) {
        match kind {
            // Charts are substreams within.
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            ROW if depth <= 1 && short(data, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                if let Some(row) = short(data, 0) {
                    out.rows.add(row.into(), row.into());
                }
            }
            COLUMNS if depth <= 1 && short(data, 8).is_some_and(|flags| flags & 1 != 0) => {
                if let (Some(first), Some(last)) = (short(data, 0), short(data, 2)) {
                    out.columns.add(first.into(), last.into());
                }
            }
            _ => {}
        }
    }
    out
}

/// Records of a BIFF8 stream: kind and length, two bytes each.
struct Records8<'a>(&'a [u8]);

impl<'a> Iterator for Records8<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.0, 0)?, usize::from(short(self.0, 2)?));
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

/// Records of a BIFF12 part: kind and length in groups of seven bits, the lowest first.
struct Records12<'a>(&'a [u8]);

impl<'a> Iterator for Records12<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = self.number(2)?;
        let length = self.number(4)? as usize;
        let data = self.0.get(..length)?;
        self.0 = &self.0[length..];
        Some((u16::try_from(kind).ok()?, data))
    }
}

impl Records12<'_> {
    fn number(&mut self, most: usize) -> Option<u32> {
        let mut number = 0;
        for n in 0..most {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(byte & 0x7F) << (7 * n);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*data.get(at..)?.first_chunk()?))
}

fn long(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*data.get(at..)?.first_chunk()?))
}

/// A string behind its length, and what follows it.
fn wide(data: &[u8]) -> Option<(String, &[u8])> {
    let length = long(data, 0)? as usize;
    let (text, rest) = data.get(4..)?.split_at_checked(length.checked_mul(2)?)?;
    let units: Vec<u16> = text.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
    Some((String::from_utf16_lossy(&units), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(rows: &[(u32, u32)], columns: &[(u32, u32)]) -> Hidden {
        let mut out = Hidden::default();
        rows.iter().for_each(|(first, last)| out.rows.add(*first, *last));
        columns.iter().for_each(|(first, last)| out.columns.add(*first, *last));
        out
    }

    #[test]
    fn rows_and_columns_of_xlsx() {
        let xml = r#"<worksheet><cols><col min="1" max="2"/><col min="3" max="5" hidden="1"/></cols>
            <sheetData><row r="2" hidden="true"><c r="A2"/></row><row hidden="1"/><row r="9" hidden="0"/>
            </sheetData></worksheet>"#;
        assert_eq!(in_xlsx(xml), hidden(&[(1, 2)], &[(2, 4)]));
    }

    fn record8(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = (data.len() as u16).to_le_bytes();
        [&kind.to_le_bytes()[..], &length, data].concat()
    }

    #[test]
    fn rows_and_columns_of_xls() {
        let row = |row: u8, flags: u8| {
            record8(0x0208, &[row, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, flags, 1, 0, 0])
        };
        let sheet = |rows: &[Vec<u8>]| {
            [
                record8(0x0809, &[0; 16]),
                record8(0x007D, &[2, 0, 3, 0, 0, 9, 0, 0, 1, 0, 0, 0]),
                rows.concat(),
                // A chart, whose records are not the sheet's.
                record8(0x0809, &[0; 16]),
                row(77, 0x20),
                record8(END, &[]),
                record8(END, &[]),
            ]
            .concat()
        };
        let first = sheet(&[row(0, 0), row(1, 0x20), row(2, 0x20)]);
        let second = sheet(&[row(5, 0x40)]);
        let globals = |at: [u32; 2]| {
            [
                record8(0x0809, &[0; 16]),
                record8(0x0085, &[&at[0].to_le_bytes()[..], b"\0\0\x01\0A"].concat()),
                record8(0x0085, &[&at[1].to_le_bytes()[..], b"\0\0\x01\0B"].concat()),
                record8(END, &[]),
            ]
            .concat()
        };
        let size = globals([0, 0]).len() as u32;
        let stream = [globals([size, size + first.len() as u32]), first, second].concat();
        assert_eq!(in_xls(&stream), [hidden(&[(1, 2)], &[(2, 3)]), hidden(&[], &[(2, 3)])]);
        for cut in 0..stream.len() {
            in_xls(&stream[..cut]);
        }
    }

    #[test]
    fn rows_and_columns_of_xlsb() {
        let mut row = vec![0, 17];
        row.extend([4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0]);
        let mut columns = vec![60, 18];
        columns.extend([1, 0, 0, 0, 2, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 0]);
        // Kind 145 and length 200 take two bytes each.
        let mut other = vec![0x91, 0x01, 0xC8, 0x01];
        other.extend([0; 200]);
        let part = [columns, other, row].concat();
        assert_eq!(in_xlsb(&part), hidden(&[(4, 4)], &[(1, 2)]));
        for cut in 0..part.len() {
            in_xlsb(&part[..cut]);
        }
    }

    #[test]
    fn a_string_behind_its_length() {
        let data = [3, 0, 0, 0, b'r', 0, b'I', 0, b'd', 0, 9];
        assert_eq!(wide(&data), Some(("rId".to_owned(), &data[10..])));
        assert_eq!((wide(&data[..9]), wide(&[255; 8])), (None, None));
    }
}
