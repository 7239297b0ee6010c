//! Which documents stay here, and what is a copy of their text.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobMatcher};

use super::{Collection, Document};
use crate::{
    config::JudgeContent,
    domain::{BlockKind, Proposal, letters_and_digits},
    extract,
};

/// Which documents stay here.
pub(super) struct Guard {
    held: BTreeMap<String, Held>,
    /// What was found out about a quote: the document that holds it back.
    quotes: BTreeMap<String, Option<String>>,
}

struct Held {
    why: String,
    /// Letters and digits of the whole text.
    letters: String,
}

impl Guard {
    pub(super) fn new(content: &JudgeContent, collection: &Collection) -> Self {
        // The configuration has checked the patterns.
        let glob = |text: &String| {
            let built = GlobBuilder::new(text).literal_separator(true).build().ok()?;
            Some((text.clone(), built.compile_matcher()))
        };
        let globs: Vec<(String, GlobMatcher)> =
            content.never_send.iter().filter_map(glob).collect();
        let held = collection.documents.iter().filter_map(|document| {
            let why = by_path(&document.extracted.path, &globs)
                .or_else(|| by_label(document, &content.never_send_labels))?;
            let held = Held { why, letters: letters(document) };
            Some((document.extracted.path.clone(), held))
        });
        Self { held: held.collect(), quotes: BTreeMap::new() }
    }

    /// The document that keeps a proposal here, and why. The same text in another document counts.
    pub(super) fn holds_back(&mut self, proposal: &Proposal) -> Option<(String, String)> {
        let mut known = std::iter::once(&proposal.document).chain(&proposal.also_in);
        let document = known.find(|document| self.held.contains_key(*document)).cloned();
        let document = document.or_else(|| self.copied(&proposal.quote))?;
        let why = self.held.get(&document)?.why.clone();
        Some((document, why))
    }

    /// A held document in whose text a quote stands.
    fn copied(&mut self, quote: &str) -> Option<String> {
        let letters = letters_and_digits(quote);
        if letters.is_empty() {
            return None;
        }
        if let Some(known) = self.quotes.get(&letters) {
            return known.clone();
        }
        let found = self.held.iter().find(|(_, held)| held.letters.contains(&letters));
        let found = found.map(|(document, _)| document.clone());
        self.quotes.insert(letters, found.clone());
        found
    }
}

fn by_path(document: &str, globs: &[(String, GlobMatcher)]) -> Option<String> {
    let below = document.split_once('/').map(|(_, rest)| rest);
    let fits = |glob: &GlobMatcher| {
        glob.is_match(document) || below.is_some_and(|rest| glob.is_match(rest))
    };
    let (text, _) = globs.iter().find(|(_, glob)| fits(glob))?;
    Some(format!("`judge.never_send` names {text}"))
}

/// Any label counts: which of several holds, no machine can know.
fn by_label(document: &Document, words: &[String]) -> Option<String> {
    if words.is_empty() {
        return None;
    }
    let shown = document.profile.classification.iter().cloned();
    let mut labels = shown.chain(extract::labels(&document.extracted));
    let label = labels.find(|label| words.iter().any(|word| names(label, word)))?;
    Some(format!("it is labelled {}", label.trim()))
}

/// A page's header must not stand in the middle of a sentence.
fn letters(document: &Document) -> String {
    let blocks = &document.extracted.blocks;
    let (edges, text): (Vec<_>, Vec<_>) = blocks
        .iter()
        .partition(|block| matches!(block.kind, BlockKind::Header | BlockKind::Footer));
    text.into_iter().chain(edges).map(|block| letters_and_digits(&block.text)).collect()
}

/// Whether a label holds a word, in any case; the word may go on ("vertrauliche").
fn names(label: &str, word: &str) -> bool {
    let plain = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").to_lowercase().replace(" :", ":").replace(": ", ":")
    };
    let (label, word) = (plain(label), plain(word));
    label.match_indices(&word).any(|(at, _)| {
        !label.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Block, DocumentProfile, DocumentStatus, DocumentType, ExtractStatus, Extracted, Locator,
    };

    #[test]
    fn a_second_label_and_a_copy_in_a_held_document_hold_back() {
        let block = |kind, text: &str| {
            Block::new(kind, Locator::page(1), Vec::<String>::new(), text.to_owned())
        };
        let mut profile = DocumentProfile::bare(DocumentType::Policy, DocumentStatus::Approved);
        profile.classification = Some("General".to_owned());
        let extracted = Extracted {
            path: "a.docx".to_owned(),
            hash: String::new(),
            status: ExtractStatus::Ok,
            diagnostics: Vec::new(),
            properties: [("classification".to_owned(), "General".to_owned())].into(),
            blocks: vec![
                block(BlockKind::Body, "Backups are"),
                block(BlockKind::Header, "Acme Ltd. Plan – Strictly confidential"),
                block(BlockKind::Body, "tested twice a year."),
            ],
        };
        let document = Document { extracted, profile, passages: 0..0 };
        let collection = Collection { documents: vec![document], ..Collection::default() };
        let mut guard = Guard::new(&JudgeContent::default(), &collection);
        assert_eq!(guard.held["a.docx"].why, "it is labelled Strictly confidential");
        assert_eq!(guard.copied("are tested – twice").as_deref(), Some("a.docx"));
        assert_eq!(guard.copied("are tested once"), None);
    }

    #[test]
    fn a_word_and_a_label_are_written_alike_before_they_are_compared() {
        for (label, word, found) in [
            ("TLP: RED", "TLP: RED", true),
            ("TLP:RED", "tlp : red", true),
            ("Streng  vertrauliche Akte", "streng vertraulich", true),
            ("Unrestricted", "restricted", false),
        ] {
            assert_eq!(names(label, word), found, "{label}, {word}");
        }
    }
}
