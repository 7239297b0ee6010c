//! Glyphs to lines, paragraphs and headings. The input is a program of 8-byte steps; the PDF parser
//! itself is another crate and left out.
#![no_main]

use evimap::extract::fuzzing::{Glyph, pdf_blocks};

/// A number that is small, huge or none at all.
fn number(byte: u8) -> f64 {
    match byte {
        255 => f64::NAN,
        254 => f64::INFINITY,
        253 => -1e300,
        252 => 1e-300,
        byte => f64::from(byte as i8),
    }
}

const WORDS: [&str; 16] = [
    "", " ", "1", "3.2", "A.5", "Page", "of", "Access", "review", ".", "•", "…", "\u{0}", "ﬁ",
    "\n", "Annex B",
];

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    let mut pages: Vec<Vec<Glyph>> = vec![Vec::new()];
    for step in data.chunks_exact(8).take(4000) {
        let [text, x, high, low, size, turn, width, mode] = step else { continue };
        if mode & 0x80 != 0 {
            pages.push(Vec::new());
        }
        let turn = number(*turn) / 64.0;
        let (a, b) = if mode & 1 == 0 { (1.0, 0.0) } else { (turn.cos(), turn.sin()) };
        let y = 4.0 * f64::from(*high) + number(*low);
        let glyph = Glyph {
            matrix: [a, b, -b, a, 3.0 * number(*x), y],
            width: number(*width) / 32.0,
            size: number(*size),
            text: match *text {
                byte if byte >= 0xf0 => WORDS[usize::from(byte & 15)].to_owned(),
                byte => char::from(byte).to_string(),
            },
            first: mode & 2 != 0,
        };
        if let Some(page) = pages.last_mut() {
            page.push(glyph);
        }
    }
    let blocks = pdf_blocks(&pages);
    let mut page = 1;
    for block in &blocks {
        let at = block.locator.page_number().expect("a PDF has pages");
        assert!(page <= at && at as usize <= pages.len(), "blocks in the order of pages");
        page = at;
        assert!(!block.text.trim().is_empty());
        assert!(block.heading.len() <= 6);
    }
});
