//! A static embedding table: the meaning of a text as the weighted sum of its word pieces' vectors.
//!
//! Distilled from a sentence encoder by `seeds/model/distil.py`, which also describes the file:
//! "EVT1", u32 rows, u32 dims, u32 bytes of vocabulary; vocabulary (tokens joined by line feeds, in
//! row order); f32 weight per row; f32 scale per row; i8 rows × dims. Little-endian. No inference
//! at run time: a text costs one row per word piece.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

static SHIPPED: &[u8] = include_bytes!("../../seeds/model/table.bin");
const MAGIC: &[u8] = b"EVT1";
/// Longest piece looked for, in characters; no token of the vocabulary is longer.
const LONGEST_PIECE: usize = 40;
/// Longer words are data, not language.
const LONGEST_WORD: usize = 60;

/// Word pieces with their vectors.
pub(super) struct Table {
    /// Token → row. Continuations begin with `##`.
    ids: HashMap<&'static str, u32>,
    /// Weight × scale of each row: what its integers are multiplied with.
    factors: Vec<f32>,
    /// Two's complement, one byte a value.
    rows: &'static [u8],
    dims: usize,
}

/// A unit vector; all zero for a text without a known word.
pub(super) type Vector = Vec<f32>;

impl Table {
    /// The table in `seeds/model/`, read once.
    ///
    /// # Panics
    /// Never in a released binary: a test reads it.
    pub(super) fn shipped() -> Arc<Self> {
        static TABLE: LazyLock<Arc<Table>> =
            LazyLock::new(|| Arc::new(Table::read(SHIPPED).expect("held by a test")));
        TABLE.clone()
    }

    /// `None` if the bytes are not such a table.
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let word = |at: usize| -> Option<usize> {
            let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
            usize::try_from(u32::from_le_bytes(four)).ok()
        };
        (bytes.get(..4)? == MAGIC).then_some(())?;
        let (count, dims, vocabulary) = (word(4)?, word(8)?, word(12)?);
        let mut at = 16usize;
        let mut take = |length: usize| {
            let part = bytes.get(at..at.checked_add(length)?)?;
            at += length;
            Some(part)
        };
        let tokens = std::str::from_utf8(take(vocabulary)?).ok()?;
        let floats = |part: &[u8]| -> Vec<f32> {
            part.chunks_exact(4).map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect()
        };
        let weights = floats(take(count.checked_mul(4)?)?);
        let scales = floats(take(count.checked_mul(4)?)?);
        let rows = take(count.checked_mul(dims)?)?;
        let ids: HashMap<&str, u32> = tokens.split('\n').zip(0..).collect();
        (ids.len() == count).then_some(())?;
        let factors = weights.iter().zip(&scales).map(|(w, s)| w * s).collect();
        Some(Self { ids, factors, rows, dims })
    }

    pub(super) fn dims(&self) -> usize {
        self.dims
    }

    /// The vector of a text, of length 1 (or 0 if no word of it is known).
    pub(super) fn embed(&self, text: &str) -> Vector {
        let mut sum = vec![0f32; self.dims];
        self.each(text, |piece| self.add(piece, &mut sum));
        normalise(&mut sum);
        sum
    }

    /// Calls `take` with each word piece of a text, in order.
    pub(super) fn each(&self, text: &str, mut take: impl FnMut(u32)) {
        let mut word = String::new();
        let mut pieces = Vec::new();
        let mut finish = |word: &mut String| {
            if !word.is_empty() {
                pieces.clear();
                self.pieces(word, &mut pieces);
                pieces.iter().for_each(|piece| take(*piece));
                word.clear();
            }
        };
        for c in text.nfd().flat_map(char::to_lowercase) {
            if is_combining_mark(c) {
                continue;
            }
            if c.is_alphanumeric() {
                word.push(c);
            } else {
                finish(&mut word);
            }
        }
        finish(&mut word);
    }

    /// Adds a piece's weighted vector to a sum.
    pub(super) fn add(&self, piece: u32, sum: &mut [f32]) {
        let row = piece as usize;
        let factor = self.factors[row];
        let values = &self.rows[row * self.dims..(row + 1) * self.dims];
        for (slot, value) in sum.iter_mut().zip(values) {
            *slot += factor * f32::from(value.cast_signed());
        }
    }

    /// Greedy longest match from the left (WordPiece); nothing if a part is unknown.
    fn pieces(&self, word: &str, out: &mut Vec<u32>) {
        if let Some(id) = self.ids.get(word) {
            out.push(*id);
            return;
        }
        let ends: Vec<usize> =
            word.char_indices().map(|(n, _)| n).skip(1).chain([word.len()]).collect();
        if ends.len() > LONGEST_WORD {
            return;
        }
        let mut key = String::new();
        let (mut start, mut first) = (0, 0);
        while start < word.len() {
            let found = (first..ends.len().min(first + LONGEST_PIECE)).rev().find_map(|n| {
                key.clear();
                if start > 0 {
                    key.push_str("##");
                }
                key.push_str(&word[start..ends[n]]);
                self.ids.get(key.as_str()).map(|id| (n, *id))
            });
            let Some((n, id)) = found else {
                out.clear();
                return;
            };
            out.push(id);
            start = ends[n];
            first = n + 1;
        }
    }
}

/// Scales a vector to length 1, if it has any.
pub(super) fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    if length > 1e-9 {
        vector.iter_mut().for_each(|v| *v /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(a: &str, b: &str) -> f32 {
        let table = Table::shipped();
        table.embed(a).iter().zip(table.embed(b)).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn words_of_a_kind_lie_near_each_other() {
        let near = cosine("The doors of the data centre are locked.", "secure physical premises");
        let far = cosine("The doors of the data centre are locked.", "payroll tax declaration");
        assert!(near > far + 0.1, "{near} {far}");
        assert!(cosine("Access rights", "access rights!") > 0.999);
        assert!(cosine("Prüfung", "PRUFUNG") > 0.999);
    }

    #[test]
    fn a_text_without_known_words_has_no_direction() {
        let table = Table::shipped();
        assert_eq!(table.embed("… \u{4e00}\u{4e8c}"), vec![0.0; table.dims()]);
        assert_eq!(table.embed(&"x".repeat(100_000)), vec![0.0; table.dims()]);
        assert_eq!(table.embed(""), vec![0.0; table.dims()]);
    }

    #[test]
    fn damaged_bytes_are_no_table() {
        assert!(Table::read(b"EVT0").is_none());
        assert!(Table::read(&SHIPPED[..SHIPPED.len() - 1]).is_none());
        assert!(Table::read(b"EVT1\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00").is_none());
    }
}
