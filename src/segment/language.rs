//! Which language a text is written in.
//!
//! Told by the frequencies of letter triples (whatlang), among the languages that there are words
//! for. A wrong language costs a document its evidence, so what is too short or not clear stays
//! open, and the caller takes the collection's.

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use crate::domain::{Language, Passage};

/// Fewer letters than this tell nothing.
const LETTERS: usize = 60;
/// So many passages of a document are looked at, spread over its length …
const SAMPLED: usize = 48;
/// … this many bytes of each at most …
const BYTES: usize = 240;
/// … in groups of so many, which show whether its parts differ.
const GROUP: usize = 6;
/// In a document of several languages a passage from so many letters on speaks for itself.
const OWN_LETTERS: usize = 150;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    Detector::with_allowlist(vec![
        Lang::Eng,
        Lang::Deu,
        Lang::Fra,
        Lang::Spa,
        Lang::Ita,
        Lang::Por,
        Lang::Nld,
    ])
});

/// The language of a text; `None` if it is too short, or not clearly one of [`Language`].
pub fn detect(text: &str) -> Option<Language> {
    text.chars().filter(|c| c.is_alphabetic()).nth(LETTERS - 1)?;
    let found = DETECTOR.detect(text).filter(whatlang::Info::is_reliable)?;
    Some(match found.lang() {
        Lang::Eng => Language::En,
        Lang::Deu => Language::De,
        Lang::Fra => Language::Fr,
        Lang::Spa => Language::Es,
        Lang::Ita => Language::It,
        Lang::Por => Language::Pt,
        Lang::Nld => Language::Nl,
        _ => return None,
    })
}

/// Tells the language of a document's passages and writes it into each: the document's, or its own
/// where parts of the document differ. Gives the document's; `None` (and nothing is written) if
/// that is not clear.
pub fn speak(passages: &mut [Passage]) -> Option<Language> {
    let step = passages.len().div_ceil(SAMPLED).max(1);
    let sample: Vec<&str> =
        passages.iter().step_by(step).map(|passage| head(passage.text())).collect();
    let groups: Vec<Language> =
        sample.chunks(GROUP).filter_map(|group| detect(&group.join("\n"))).collect();
    // Where the whole is a mixture that is none of them, most of its parts decide.
    let votes = |language: &Language| groups.iter().filter(|own| *own == language).count();
    let most = || groups.iter().copied().rev().max_by_key(votes);
    let main = detect(&sample.join("\n")).or_else(most)?;
    let mixed = groups.iter().any(|own| *own != main);
    for passage in passages {
        let long = || passage.text().chars().filter(|c| c.is_alphabetic()).nth(OWN_LETTERS - 1);
        let own = (mixed && long().is_some()).then(|| detect(passage.text())).flatten();
        passage.language = own.unwrap_or(main);
    }
    Some(main)
}

/// The first bytes of a text, whole characters.
fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(BYTES)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BlockKind, Locator, Part};

    const TEXTS: [(Language, &str); 7] = [
        (
            Language::En,
            "Access rights are reviewed every quarter by the owner of the system, and rights that are no longer needed are removed within five days.",
        ),
        (
            Language::De,
            "Zugriffsrechte werden einmal im Quartal vom Verantwortlichen des Systems überprüft; nicht mehr benötigte Rechte werden innerhalb von fünf Tagen entzogen.",
        ),
        (
            Language::Fr,
            "Les droits d'accès sont revus chaque trimestre par le propriétaire du système, et les droits devenus inutiles sont retirés sous cinq jours.",
        ),
        (
            Language::Es,
            "Los derechos de acceso son revisados cada trimestre por el propietario del sistema y los que ya no son necesarios se retiran en cinco días.",
        ),
        (
            Language::It,
            "I diritti di accesso sono riesaminati ogni trimestre dal responsabile del sistema e quelli non più necessari vengono revocati entro cinque giorni.",
        ),
        (
            Language::Pt,
            "Os direitos de acesso são revistos a cada trimestre pelo responsável do sistema e os que já não são necessários são retirados em cinco dias.",
        ),
        (
            Language::Nl,
            "Toegangsrechten worden elk kwartaal door de eigenaar van het systeem beoordeeld en rechten die niet meer nodig zijn worden binnen vijf dagen ingetrokken.",
        ),
    ];

    fn passages(texts: &[&str]) -> Vec<Passage> {
        let passage = |(n, text): (usize, &&str)| {
            let part = Part { range: 0..text.len(), locator: Locator::lines(1, 1) };
            let text = (*text).to_owned();
            Passage::new("d".into(), n as u32, BlockKind::Body, vec![], text, vec![part])
        };
        texts.iter().enumerate().filter_map(passage).collect()
    }

    #[test]
    fn each_language_is_told_and_short_texts_are_not() {
        for (language, text) in TEXTS {
            assert_eq!(detect(text), Some(language), "{text}");
        }
        for text in
            ["", "Backup", "Owner: CISO, Version 2.1", "日本語のパスワード管理", "12 34 56 78"]
        {
            assert_eq!(detect(text), None, "{text}");
        }
    }

    #[test]
    fn a_document_of_two_languages_is_read_by_both() {
        let [(_, english), (_, german), ..] = TEXTS;
        let short = "Siehe Anhang.";
        let mut pure = passages(&[german, short, german]);
        assert_eq!(speak(&mut pure), Some(Language::De));
        assert!(pure.iter().all(|passage| passage.language == Language::De));
        // Long enough to speak for themselves.
        let english = [english, english].join(" ");
        let mut texts = vec![german; 12];
        texts.extend([english.as_str(); 6]);
        texts.push(short);
        let mut mixed = passages(&texts);
        assert_eq!(speak(&mut mixed), Some(Language::De));
        let of: Vec<Language> = mixed.iter().map(|passage| passage.language).collect();
        assert_eq!(of[..12], [Language::De; 12]);
        assert_eq!(of[12..18], [Language::En; 6]);
        assert_eq!(of[18], Language::De);
        assert_eq!(speak(&mut passages(&["x"])), None);
    }
}
