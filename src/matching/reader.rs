//! Texts to ids: each word is cut, stemmed and looked up once, then remembered.
//!
//! A collection repeats its words endlessly, so that what a word means to the lexicon (ids of
//! stems) and to the embedding table (ids of pieces) is kept per word as it stands. Texts are cut
//! at ASCII characters that are no letters or digits, where the index's analyzer and the table
//! both cut; anything finer is left to them. So the result is the same as without the memory.

use std::collections::HashMap;

use super::{lexicon::Lexicon, stems::Stems, table::Table};

/// Longer words are not remembered.
const LONGEST: usize = 48;
/// When so many words are known, all are forgotten: random strings must not fill the memory.
const MOST: usize = 1 << 17;
/// A stem that the catalogue does not use.
const UNKNOWN: u32 = u32::MAX;

/// Ranges in the reader's lists.
#[derive(Debug, Clone, Copy)]
struct Word {
    stems: (u32, u32),
    pieces: (u32, u32),
    function: bool,
}

/// Reads texts of one language for its lexicon and a table.
pub(super) struct Reader<'m> {
    lexicon: &'m Lexicon,
    table: &'m Table,
    stemmers: Stems,
    known: HashMap<Box<str>, Word>,
    stems: Vec<u32>,
    pieces: Vec<u32>,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Words and word pairs of the lexicon, ascending, with repetitions.
    pub(super) ids: Vec<u32>,
    /// All words, pairs not counted.
    pub(super) words: u32,
    /// Words of the lexicon among them.
    pub(super) known: u32,
    /// Words that the analyzer drops, which prose can't do without.
    pub(super) dropped: u32,
    /// Direction by the table, of length 1 or 0.
    pub(super) vector: Vec<f32>,
}

/// From so many words (of the lexicon, with pairs) on a repetition is told …
const REPEATING: usize = 24;
/// … by the share of different ones among them. Prose of this length has more than .5.
const REPEATED_SHARE: f32 = 0.25;
/// From so many words on a list of terms is told …
const LISTING: u32 = 25;
/// … by the share of words without which there is no sentence (prose has .3 and more) …
const DROPPED_SHARE: f32 = 0.15;
/// … and of words of the catalogue. Bullet lists of an organisation's own hold others, texts in
/// other languages few of them.
const KNOWN_SHARE: f32 = 0.95;

/// Words that make sentences in German, French, Spanish, Italian, Portuguese and Dutch. (English ones are the analyzer's stop words.)
const FUNCTION_WORDS: &[&str] = &[
    "al", "alle", "als", "auf", "aus", "aux", "avec", "bei", "con", "cuando", "da", "dal", "dalla",
    "das", "de", "degli", "dei", "del", "della", "delle", "dem", "den", "der", "des", "di", "die",
    "do", "door", "dos", "du", "een", "ein", "eine", "einer", "el", "em", "en", "es", "est", "et",
    "für", "gli", "het", "il", "im", "ist", "la", "las", "le", "les", "lo", "los", "maar", "met",
    "mit", "nach", "na", "nel", "nella", "nicht", "no", "non", "não", "oder", "of", "ou", "para",
    "par", "per", "por", "pour", "que", "qui", "se", "sind", "son", "sont", "sur", "um", "un",
    "una", "und", "une", "van", "von", "voor", "werden", "wird",
];

impl Read {
    /// True for terms one after the other, or the same words over and over: no statement, however
    /// well the words fit. A `row` of a table need not be prose.
    pub(super) fn is_word_list(&self, row: bool) -> bool {
        let different = self.ids.chunk_by(|a, b| a == b).count() as f32;
        let repeats =
            self.ids.len() >= REPEATING && different < REPEATED_SHARE * self.ids.len() as f32;
        let all = (self.words + self.dropped) as f32;
        let lists = !row
            && self.words >= LISTING
            && (self.dropped as f32) < DROPPED_SHARE * all
            && self.known as f32 >= KNOWN_SHARE * self.words as f32;
        repeats || lists
    }
}

impl<'m> Reader<'m> {
    pub(super) fn new(lexicon: &'m Lexicon, table: &'m Table) -> Self {
        Self {
            lexicon,
            table,
            stemmers: Stems::default(),
            known: HashMap::new(),
            stems: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// Reads a text made of several parts; word pairs don't span two parts.
    pub(super) fn read<'t>(&mut self, parts: impl Iterator<Item = &'t str>, into: &mut Read) {
        into.ids.clear();
        into.words = 0;
        into.known = 0;
        into.dropped = 0;
        into.vector.clear();
        into.vector.resize(self.table.dims(), 0.0);
        for part in parts {
            let mut previous = UNKNOWN;
            let bytes = part.as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                let of_word = |b: &u8| b.is_ascii_alphanumeric() || !b.is_ascii();
                if !of_word(&bytes[at]) {
                    at += 1;
                    continue;
                }
                let length = bytes[at..].iter().take_while(|b| of_word(b)).count();
                // Cuts at ASCII characters only, which are never inside another one.
                self.word(part.get(at..at + length).unwrap_or_default(), &mut previous, into);
                at += length;
            }
        }
        super::table::normalise(&mut into.vector);
        into.ids.sort_unstable();
    }

    fn word(&mut self, text: &str, previous: &mut u32, into: &mut Read) {
        let word = match self.known.get(text) {
            Some(word) => *word,
            None => self.learn(text),
        };
        into.dropped += u32::from(word.function || word.stems.0 == word.stems.1);
        for at in word.stems.0..word.stems.1 {
            let stem = self.stems[at as usize];
            into.words += 1;
            if stem != UNKNOWN {
                into.known += 1;
                into.ids.push(stem);
                into.ids.extend(self.lexicon.pair(*previous, stem));
            }
            *previous = stem;
        }
        for piece in &self.pieces[word.pieces.0 as usize..word.pieces.1 as usize] {
            self.table.add(*piece, &mut into.vector);
        }
        if text.len() > LONGEST {
            self.stems.truncate(word.stems.0 as usize);
            self.pieces.truncate(word.pieces.0 as usize);
        }
    }

    /// Takes a word apart; the lists grow by what it gives.
    fn learn(&mut self, text: &str) -> Word {
        if self.known.len() >= MOST {
            self.known.clear();
            self.stems.clear();
            self.pieces.clear();
        }
        let (stems, pieces) = (self.stems.len() as u32, self.pieces.len() as u32);
        let (lexicon, list) = (self.lexicon, &mut self.stems);
        self.stemmers.each(lexicon, text, |stem| list.push(lexicon.id(stem).unwrap_or(UNKNOWN)));
        let list = &mut self.pieces;
        self.table.each(text, |piece| list.push(piece));
        let word = Word {
            stems: (stems, self.stems.len() as u32),
            pieces: (pieces, self.pieces.len() as u32),
            function: FUNCTION_WORDS.contains(&text.to_lowercase().as_str()),
        };
        if text.len() <= LONGEST {
            self.known.insert(text.into(), word);
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalog::Catalog,
        domain::Language,
        matching::{Features, lexicon::Bag},
    };

    #[test]
    fn it_reads_what_analyzer_and_table_read() {
        let table = Table::shipped();
        let long = "x".repeat(200);
        let texts = [
            "Access rights are reviewed; the access-rights review is documented. Access rights!",
            "Die Prüfung der Zugriffsrechte „erfolgt“ jährlich – ﬁnal, Don’t, ½ A4/B5.",
            "cafe\u{301} Pru\u{308}fung 日本語のパスワード管理 доступ к системе",
            "",
            "…  !!",
            long.as_str(),
        ];
        for language in [Language::En, Language::De, Language::Nl] {
            let lexicon = Lexicon::new(Catalog::builtin(), language, Features::default());
            let mut reader = Reader::new(&lexicon, &table);
            let mut read = Read::default();
            // Twice: from scratch, and from memory.
            for text in texts.iter().chain(&texts) {
                reader.read([*text, "Key management"].into_iter(), &mut read);
                let mut bag = Bag::default();
                bag.add(&mut Stems::default(), &lexicon, text);
                bag.add(&mut Stems::default(), &lexicon, "Key management");
                assert_eq!(read.words, bag.words(), "{text}");
                assert_eq!(lexicon.scores_of(&read.ids), lexicon.scores(&bag), "{text}");
                assert_eq!(
                    read.vector,
                    table.embed(&format!("{text}\nKey management\n")),
                    "{text}"
                );
            }
        }
    }
}
