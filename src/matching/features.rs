//! Switches for what the matcher looks at, so that `evimap eval --ablation` can say what each is
//! worth. All are on for everybody else.

/// Makes the struct, its default and its list from one line for each switch.
macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident: $words:literal,)+) => {
        /// What the matcher looks at; everything unless told otherwise.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Features {
            $($(#[$doc])* pub $name: bool,)+
        }

        impl Default for Features {
            fn default() -> Self {
                Self { $($name: true,)+ }
            }
        }

        impl Features {
            /// Everything but one, for each: its name, what it is in words, the switches.
            pub fn all_but_one() -> Vec<(&'static str, &'static str, Self)> {
                vec![$((stringify!($name), $words, Self { $name: false, ..Self::default() }),)+]
            }
        }
    };
}

switches! {
    /// The mean score of a document's other passages.
    prior: "the rest of the document",
    /// The document's title and file name.
    title: "title and file name",
    /// The headings above a passage: their words, and citations in them.
    heading: "headings above the passage",
    /// How well passage and document answer the target by the index.
    backward: "the index's view",
    /// Ids of targets that a passage cites.
    citations: "exact citations",
    /// Ids of the 2013 edition among them.
    renumbered: "2013 ids translated",
    /// Documents that an index (an SoA, a matrix) names for a target.
    named: "documents named by an index",
    /// Terms that mark a confusable neighbour.
    negatives: "terms of confusable neighbours",
    /// The targets' exemplar sentences.
    exemplars: "exemplar sentences",
    /// The targets' points and typical evidence.
    points: "points and typical evidence",
    /// Terms and exemplars in other languages than English.
    languages: "words of other languages",
    /// German and Dutch words that the catalogue does not know, by their parts.
    compounds: "compounds taken apart",
    /// The embedding table beside the words.
    meaning: "nearness of meaning",
    /// Neighbouring words as words of their own.
    bigrams: "word pairs",
    /// Does the text speak of the standard's subject, and of the row's system?
    subject: "subject and system rules",
    /// Definitions, templates, indexes and other text that is no evidence.
    talk: "talk told from evidence",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        catalog::Catalog,
        domain::{
            BlockKind, DocumentProfile, DocumentStatus, DocumentType, Language, Locator, Part,
            Passage, Talk,
        },
        index::Index,
        matching::{DocumentInput, Inputs, Matcher},
    };

    #[test]
    fn each_switch_turns_off_one_thing_of_its_own() {
        let all = Features::all_but_one();
        let distinct: BTreeSet<String> = all.iter().map(|(.., f)| format!("{f:?}")).collect();
        assert_eq!(distinct.len(), all.len());
        assert!(all.iter().all(|(.., f)| format!("{f:?}").matches("false").count() == 1));
        assert!(!format!("{:?}", Features::default()).contains("false"));
    }

    #[test]
    fn each_switch_changes_what_is_found() {
        let catalog = Catalog::builtin();
        // A text for a target that holds a neighbour's term and none of its own.
        let target = catalog.targets().find(|t| !t.negative_terms.is_empty()).unwrap();
        let neighbour = format!("{} {}", target.title, target.negative_terms[0]);
        let texts = [
            ("ISO 27001:2013", "User access is reviewed every quarter as A.9.2.5 asks."),
            ("Backup", "Backups are restored as a test; see ISO 27001:2013 A.12.3.1 for it."),
            ("Backup", "Backup means the copy of data to a second place for later use."),
            ("Other", neighbour.as_str()),
            (
                "Gebäude",
                "Besucher tragen einen Ausweis und werden an der Werksausweisprüfung begleitet.",
            ),
            // The last one stands in a document of its own.
            ("SoA", "A.5.35 Independent review yes Access control policy"),
        ];
        let passages: Vec<Passage> = texts
            .iter()
            .enumerate()
            .map(|(n, (heading, text))| {
                let locator = Locator::lines(n as u32 + 1, n as u32 + 1);
                let part = Part { range: 0..text.len(), locator };
                let heading = vec![(*heading).to_owned()];
                let text = (*text).to_owned();
                let (n, kind) = (n as u32, BlockKind::Body);
                let mut passage =
                    Passage::new("d".into(), n, kind, heading, text, vec![part]).unwrap();
                if passage.text().starts_with("Besucher") {
                    passage.language = Language::De;
                }
                passage
            })
            .collect();
        let bare = DocumentProfile::bare(DocumentType::Policy, DocumentStatus::Approved);
        let profile = DocumentProfile { title: "Access control policy".into(), ..bare };
        let soa = DocumentProfile {
            title: "SoA".into(),
            document_type: DocumentType::Soa,
            talk: Some(Talk::Soa),
            ..profile.clone()
        };
        let ranges = [0..passages.len() - 1, passages.len() - 1..passages.len()];
        let documents = [
            DocumentInput { path: "d.md", hash: "", profile: &profile, passages: &ranges[0] },
            DocumentInput { path: "s.md", hash: "", profile: &soa, passages: &ranges[1] },
        ];
        let index = Index::build(None, &passages).unwrap();
        let inputs =
            Inputs { documents: &documents, passages: &passages, index: &index, systems: &[] };
        let considered = |f| Matcher::with_features(catalog, f).considered(&inputs).unwrap();
        let all = considered(Features::default());
        assert_eq!(all, Matcher::new(catalog).considered(&inputs).unwrap());
        for (name, _, features) in Features::all_but_one() {
            assert_ne!(considered(features), all, "{name} makes no difference");
        }
    }
}
