//! Documents in other languages than English find their targets, and cost English ones nothing.

use std::collections::BTreeSet;

use super::{Considered, DocumentInput, Features, Inputs, Matcher, stems::Stems};
use crate::{
    catalog::Catalog,
    domain::{
        BlockKind, DocumentProfile, DocumentStatus, DocumentType, Language, Locator, Part, Passage,
    },
    index::Index,
};

/// Passages of one document each: language and text.
type Texts<'t> = &'t [(Language, &'t str)];

fn considered(texts: Texts<'_>, features: Features) -> Vec<Considered> {
    let passages: Vec<Passage> = texts
        .iter()
        .enumerate()
        .map(|(n, (language, text))| {
            let part = Part { range: 0..text.len(), locator: Locator::lines(1, 1) };
            let (n, text) = (n as u32, (*text).to_owned());
            let mut passage =
                Passage::new("d".into(), n, BlockKind::Body, vec![], text, vec![part]).unwrap();
            passage.language = *language;
            passage
        })
        .collect();
    let bare = DocumentProfile::bare(DocumentType::Policy, DocumentStatus::Approved);
    let profiles: Vec<DocumentProfile> = texts
        .iter()
        .map(|(language, _)| DocumentProfile { language: *language, ..bare.clone() })
        .collect();
    let ranges: Vec<_> = (0..texts.len()).map(|n| n..n + 1).collect();
    let documents: Vec<DocumentInput<'_>> = profiles
        .iter()
        .zip(&ranges)
        .map(|(profile, passages)| DocumentInput { path: "x", hash: "", profile, passages })
        .collect();
    let index = Index::build(None, &passages).unwrap();
    let inputs = Inputs { documents: &documents, passages: &passages, index: &index, systems: &[] };
    Matcher::with_features(Catalog::builtin(), features).considered(&inputs).unwrap()
}

const ENGLISH: [(Language, &str); 2] = [
    (Language::En, "Visitors sign the log at reception and wear a badge inside the office."),
    (Language::En, "Backups are restored as a test each quarter and the result is recorded."),
];

const FOREIGN: [(Language, &str, &str); 5] = [
    (
        Language::De,
        "Ausscheidende Mitarbeiter geben Laptop und Schlüssel zurück; die Rückgabe der Arbeitsmittel wird auf dem Laufzettel quittiert.",
        "ISO27001:A.5.11",
    ),
    (
        Language::Fr,
        "Les visiteurs sont inscrits au registre, portent un badge et sont accompagnés dans les zones sécurisées.",
        "ISO27001:A.7.2",
    ),
    (
        Language::Es,
        "Las copias de seguridad se restauran cada trimestre como prueba y el resultado queda registrado.",
        "ISO27001:A.8.13",
    ),
    (
        Language::It,
        "I fornitori sono valutati prima del contratto e i requisiti di sicurezza sono inseriti negli accordi con i fornitori.",
        "ISO27001:A.5.20",
    ),
    (
        Language::Nl,
        "Bij brand of stroomuitval schakelt de noodstroomvoorziening in; nutsvoorzieningen worden jaarlijks getest.",
        "ISO27001:A.7.11",
    ),
];

#[test]
fn a_text_finds_its_control_in_its_own_language() {
    let matcher = Matcher::new(Catalog::builtin());
    let frameworks = BTreeSet::from(["ISO27001".to_owned()]);
    for (language, text, id) in FOREIGN {
        let fits = matcher.fits(text, &frameworks, 3);
        let best: Vec<&str> = fits.iter().map(|fit| fit.target.as_str()).collect();
        assert!(best.contains(&id), "{language}: {best:?}");
    }
}

#[test]
fn a_passage_in_a_collection_finds_its_control_by_the_words_of_its_language() {
    let mut texts = ENGLISH.to_vec();
    texts.extend(FOREIGN.map(|(language, text, _)| (language, text)));
    let place = |all: &[Considered], n: usize, id: &str| {
        let mut own: Vec<_> = all.iter().filter(|c| c.passage == n).collect();
        own.sort_by(|a, b| b.features.passage.z.total_cmp(&a.features.passage.z));
        own.iter().position(|c| c.target.as_str() == id).unwrap_or(usize::MAX)
    };
    let with = considered(&texts, Features::default());
    let without = considered(&texts, Features { languages: false, ..Features::default() });
    let mut worse = 0;
    for (n, (language, _, id)) in (ENGLISH.len()..).zip(FOREIGN) {
        assert!(place(&with, n, id) < 3, "{language}: {}", place(&with, n, id));
        worse += usize::from(place(&without, n, id) > place(&with, n, id));
    }
    assert!(worse >= 3, "{worse}");
}

#[test]
fn a_compound_that_the_catalogue_does_not_hold_counts_by_its_parts() {
    for (language, text, id) in [
        (Language::De, "Ergebnis der Lieferantenverlässlichkeitsprüfung 2026", "ISO27001:A.5.22"),
        (Language::Nl, "Verslag van de leveranciersovereenkomstbeoordeling", "ISO27001:A.5.20"),
    ] {
        let z = |features| {
            let all = considered(&[(language, text)], features);
            all.iter().find(|c| c.target.as_str() == id).map_or(0.0, |c| c.features.passage.z)
        };
        let without = z(Features { compounds: false, ..Features::default() });
        assert!(z(Features::default()) > without + 1.0, "{text}: {without}");
    }
}

#[test]
fn english_passages_score_the_same_beside_any_others() {
    let alone = considered(&ENGLISH, Features::default());
    let mut texts = ENGLISH.to_vec();
    texts.extend(FOREIGN.map(|(language, text, _)| (language, text)));
    let mut beside = considered(&texts, Features::default());
    beside.retain(|considered| considered.passage < ENGLISH.len());
    assert_eq!(alone, beside);
}

#[test]
fn a_languages_words_are_its_own() {
    let catalog = Catalog::builtin();
    let matcher = Matcher::new(catalog);
    let mut stems = Stems::default();
    for (language, own) in [(Language::Fr, "sauvegarde"), (Language::Nl, "leveranciers")] {
        for reader in Language::ALL {
            let lexicon = matcher.lexicon(reader);
            let known = stems.words(lexicon, own).iter().any(|stem| lexicon.knows(stem));
            assert_eq!(known, reader == language, "{own} in {reader}");
        }
    }
}
