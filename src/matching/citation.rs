//! Exact citations of targets, told apart by context.
//!
//! `A.8.2` means asset management in ISO/IEC 27001:2013, technology in 27001:2022, and information
//! for users in ISO/IEC 42001. Which one is meant is decided by what the document says (a standard
//! it names, ids that exist in one catalogue only). Where nothing decides, nothing is cited.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use crate::{
    catalog::Catalog,
    domain::{ByLanguage, ISO27001, ISO42001, TargetId},
};

/// Which catalogue a document's bare ids belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    Iso27001v2013,
    Iso27001v2022,
    Iso42001,
}

/// One citation, resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    pub target: TargetId,
    /// As it stands in the text.
    pub cited: String,
    /// The 2013 id that was translated, if it was one.
    pub from_2013: Option<String>,
}

/// What stands before the number of a control.
const ANNEX_WORDS: ByLanguage<&str> = ByLanguage {
    en: r"annex(?:e)?\s+a|annex\s+control|control",
    de: r"anhang\s+a|maßnahme",
    fr: r"annexe\s+a",
    es: r"anexo\s+a",
    it: r"allegato\s+a|appendice\s+a",
    pt: r"anexo\s+a",
    nl: r"bijlage\s+a|beheersmaatregel",
};

/// … that is also a check or a measure of any kind: before a bare number only where a standard is
/// named, and never with a colon ("Controllo: 8.5" is a day).
const CHECK_WORDS: ByLanguage<&str> = ByLanguage {
    en: "",
    de: "kontrolle",
    fr: r"mesure(?:\s+de\s+sécurité)?|contrôle",
    es: "",
    it: "controllo",
    pt: "controlo|controle",
    nl: "maatregel",
};

/// What stands before the number of a requirement.
const CLAUSE_WORDS: ByLanguage<&str> = ByLanguage {
    en: "clauses?|requirement|§",
    de: "kapitel|abschnitt|klausel|normkapitel|normabschnitt",
    fr: "chapitres?|exigence",
    es: "apartados?|cláusulas?|capítulo|requisito",
    it: "punt[oi]|clausol[ae]|capitolo|requisit[oi]",
    pt: "ponto|cláusulas?|requisito|secç(?:ão|ões)",
    nl: "hoofdstuk|paragraaf|clausule",
};

/// … that is as often a law's, a contract's or the document's own: only where "of the standard" follows.
const PLACE_WORDS: ByLanguage<&str> = ByLanguage {
    en: "sections?|chapter|paragraph|point|article|sub-?clause",
    de: r"ziffern?|punkt|absatz|nummer|nr\.|forderung|anforderung",
    fr: "articles?|paragraphe|sections?|points?|alinéa",
    es: "puntos?|artículo|sección|párrafo|numeral",
    it: "paragraf[oi]|articolo|sezione",
    pt: "artigo|seção|seções|parágrafo|item|alínea|capítulo",
    nl: "artikel|sectie|onderdeel|punt|eis",
};

/// "Of the standard", behind the number.
const OF_STANDARD: ByLanguage<&str> = ByLanguage {
    en: "of (?:the )?(?:standard|iso)",
    de: "(?:der|des|von|aus) (?:der )?(?:norm|standards?|iso)",
    fr: "de (?:la norme|l['’]iso)|d['’]iso",
    es: "de (?:la )?(?:norma|iso)|del estándar",
    it: "d(?:i|ella) (?:norma|iso)|dello standard",
    pt: "da (?:norma|iso)",
    nl: "(?:van|uit) (?:de )?(?:norm|iso)",
};

static ANNEX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)\b(?:{})\s*[.,:]?\s*(\d{{1,2}}(?:\.\d{{1,2}}){{1,2}})\b|\bA[. ]\s?(\d{{1,2}}(?:\.\d{{1,2}}){{1,2}})\b|\b(?:{})\s+(\d{{1,2}}(?:\.\d{{1,2}}){{1,2}})\b",
        ANNEX_WORDS.any(),
        CHECK_WORDS.any()
    ))
    .expect("constant")
});

static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"((?:[4-9]|10)(?:\.\d){1,2})\b";
    Regex::new(&format!(
        r"(?i)\b(?:{})\s*{number}|\b(?:{})\s*{number}\s(?:{})\b",
        CLAUSE_WORDS.any(),
        PLACE_WORDS.any(),
        OF_STANDARD.any()
    ))
    .expect("constant")
});

static NAMES: LazyLock<[(Regex, Edition); 3]> = LazyLock::new(|| {
    let new = |pattern: &str| Regex::new(pattern).expect("constant");
    [
        (new(r"(?i)2700[12]\s*[:\-–]\s*(2013|2005|2017)"), Edition::Iso27001v2013),
        (new(r"(?i)2700[12](\s*[:\-–]\s*2022)?"), Edition::Iso27001v2022),
        (new(r"(?i)42001"), Edition::Iso42001),
    ]
});

/// What a document says about the standards that it cites.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    named: BTreeSet<Edition>,
    /// Editions that fit every bare id of the document.
    fitting: BTreeSet<Edition>,
    cited: bool,
}

impl Context {
    /// Reads all texts of a document (with its title and file name).
    pub fn of<'a>(catalog: &Catalog, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut named = BTreeSet::new();
        let mut ids = BTreeSet::new();
        let texts: Vec<&str> = texts.collect();
        for text in &texts {
            named.extend(names(text));
        }
        for text in texts {
            ids.extend(annex_ids(text, !named.is_empty()).map(|(id, _)| id));
        }
        let all = [Edition::Iso27001v2013, Edition::Iso27001v2022, Edition::Iso42001];
        let fitting = all
            .into_iter()
            .filter(|edition| ids.iter().all(|id| !resolve(catalog, *edition, id).is_empty()))
            .collect();
        Self { named, fitting, cited: !ids.is_empty() }
    }

    /// The editions that a bare id of this document can mean; one if it is decided.
    fn candidates(&self, local: &BTreeSet<Edition>) -> BTreeSet<Edition> {
        let pool = if local.is_empty() { &self.named } else { local };
        let both: BTreeSet<Edition> = pool.intersection(&self.fitting).copied().collect();
        if !both.is_empty() {
            both
        } else if !pool.is_empty() {
            pool.clone()
        } else if self.cited {
            self.fitting.clone()
        } else {
            BTreeSet::new()
        }
    }
}

/// Whether a text holds a digit, a full stop and a digit: without, it cites nothing.
pub fn numbered(text: &str) -> bool {
    text.match_indices('.').any(|(at, _)| {
        // Not only ASCII: the patterns take digits of any script.
        text[..at].chars().next_back().is_some_and(char::is_numeric)
            && text[at + 1..].chars().next().is_some_and(char::is_numeric)
    })
}

/// The standards named in a text.
fn names(text: &str) -> BTreeSet<Edition> {
    let mut found = BTreeSet::new();
    if !text.contains("2700") && !text.contains("42001") {
        return found;
    }
    let old: Vec<_> = NAMES[0].0.find_iter(text).map(|m| m.start()).collect();
    if !old.is_empty() {
        found.insert(Edition::Iso27001v2013);
    }
    if NAMES[1].0.find_iter(text).any(|m| !old.contains(&m.start())) {
        found.insert(Edition::Iso27001v2022);
    }
    if NAMES[2].0.is_match(text) {
        found.insert(Edition::Iso42001);
    }
    found
}

/// `named` says whether the text or its document names a standard.
fn annex_ids(text: &str, named: bool) -> impl Iterator<Item = (String, String)> + '_ {
    let may = numbered(text).then(|| ANNEX.captures_iter(text));
    may.into_iter().flatten().filter_map(move |caught| {
        let checked = || caught.get(3).filter(|_| named);
        let number = caught.get(1).or_else(|| caught.get(2)).or_else(checked)?;
        let whole = !goes_on(&text[number.end()..]);
        whole.then(|| (format!("A.{}", number.as_str()), caught[0].to_owned()))
    })
}

/// True if more figures follow a number: it is a day ("5.12.2026") or a version.
fn goes_on(rest: &str) -> bool {
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    rest.starts_with(char::is_numeric)
}

fn resolve(catalog: &Catalog, edition: Edition, id: &str) -> Vec<TargetId> {
    let known = |framework: &str| -> Vec<TargetId> {
        format!("{framework}:{id}")
            .parse()
            .ok()
            .filter(|t| catalog.get(t).is_some())
            .into_iter()
            .collect()
    };
    match edition {
        Edition::Iso27001v2013 => {
            catalog.renumbered(id).into_iter().map(|row| row.id_2022.clone()).collect()
        }
        Edition::Iso27001v2022 => known(ISO27001),
        Edition::Iso42001 => known(ISO42001),
    }
}

/// The targets that a text cites, in order of id. `context` is the whole document's.
pub fn citations(catalog: &Catalog, context: &Context, text: &str) -> Vec<Citation> {
    let mut found = BTreeSet::new();
    let local = names(text);
    let candidates = context.candidates(&local);
    for (id, cited) in annex_ids(text, !(local.is_empty() && context.named.is_empty())) {
        let readings: Vec<(Edition, Vec<TargetId>)> = candidates
            .iter()
            .map(|edition| (*edition, resolve(catalog, *edition, &id)))
            .filter(|(_, targets)| !targets.is_empty())
            .collect();
        // Only one catalogue knows the id: decided. More than one: not by guess.
        let [(edition, targets)] = readings.as_slice() else { continue };
        for target in targets {
            let from_2013 = (*edition == Edition::Iso27001v2013).then(|| id.clone());
            found.insert(Citation { target: target.clone(), cited: cited.clone(), from_2013 });
        }
    }
    let pool = if local.is_empty() { &context.named } else { &local };
    for caught in CLAUSE.captures_iter(text) {
        let Some(number) = caught.get(1).or_else(|| caught.get(2)) else { continue };
        if goes_on(&text[number.end()..]) {
            continue;
        }
        let frameworks: BTreeSet<&str> = pool
            .iter()
            .map(|edition| if *edition == Edition::Iso42001 { ISO42001 } else { ISO27001 })
            .collect();
        // "Clause 9.2" of a contract is not ours: a standard must be named.
        for framework in frameworks {
            let old = framework == ISO27001
                && pool.contains(&Edition::Iso27001v2013)
                && !pool.contains(&Edition::Iso27001v2022);
            let carried = if old { catalog.renumbered_clause(number.as_str()) } else { Vec::new() };
            let exact = format!("{framework}:{}", number.as_str());
            let inner = format!("{exact}.");
            for target in catalog.targets().filter(|t| {
                let id = t.id.as_str();
                if carried.is_empty() {
                    id == exact || id.starts_with(&inner)
                } else {
                    carried.contains(&t.id)
                }
            }) {
                let from_2013 = old.then(|| number.as_str().to_owned());
                found.insert(Citation {
                    target: target.id.clone(),
                    cited: caught[0].to_owned(),
                    from_2013,
                });
            }
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(document: &[&str], text: &str) -> Vec<String> {
        let catalog = Catalog::builtin();
        let context = Context::of(catalog, document.iter().copied().chain([text]));
        citations(catalog, &context, text).into_iter().map(|c| c.target.to_string()).collect()
    }

    #[test]
    fn an_ambiguous_id_is_decided_by_context_or_not_at_all() {
        assert_eq!(cited(&["ISO/IEC 27001:2022"], "see A.8.2"), ["ISO27001:A.8.2"]);
        assert_eq!(cited(&["ISO/IEC 42001"], "see A.8.2"), ["ISO42001:A.8.2"]);
        assert_eq!(cited(&["control A.5.37"], "see A.8.2"), ["ISO27001:A.8.2"]);
        assert!(cited(&[], "see A.8.2").is_empty());
        assert!(cited(&["ISO 27001:2022 and ISO 42001"], "see A.8.2").is_empty());
    }

    #[test]
    fn old_numbers_are_translated() {
        assert_eq!(cited(&["ISO 27001:2013"], "per A.9.2.5"), ["ISO27001:A.5.18"]);
        assert_eq!(cited(&[], "per A.9.2.5"), ["ISO27001:A.5.18"]);
        assert_eq!(cited(&["ISO 27001:2013"], "clause 10.1"), ["ISO27001:10.2"]);
        assert_eq!(cited(&["ISO 27001:2022"], "clause 10.1"), ["ISO27001:10.1"]);
    }

    #[test]
    fn a_clause_counts_only_where_a_standard_is_named() {
        assert!(cited(&[], "under clause 9.2 of this agreement").is_empty());
        assert_eq!(cited(&["ISO 27001"], "clause 9.2"), ["ISO27001:9.2.1", "ISO27001:9.2.2"]);
        assert_eq!(cited(&["ISO 42001"], "Annex A 6.2.4"), ["ISO42001:A.6.2.4"]);
    }

    #[test]
    fn every_language_cites_in_its_own_words() {
        for text in [
            "Annex A 5.15",
            "gemäß Anhang A 5.15",
            "selon l'annexe A 5.15",
            "según el Anexo A 5.15",
            "secondo l'allegato A 5.15",
            "nos termos do Anexo A 5.15",
            "conform bijlage A 5.15",
        ] {
            assert_eq!(cited(&["ISO/IEC 27001:2022"], text), ["ISO27001:A.5.15"], "{text}");
        }
        for text in [
            "clause 6.2",
            "Kapitel 6.2",
            "chapitre 6.2",
            "apartado 6.2",
            "punto 6.2",
            "cláusula 6.2",
            "paragraaf 6.2",
        ] {
            assert_eq!(cited(&["ISO/IEC 27001:2022"], text), ["ISO27001:6.2"], "{text}");
            assert!(cited(&[], text).is_empty(), "{text}");
        }
        for text in [
            "Ziffer 6.2 der Norm",
            "l'article 6.2 de la norme",
            "el punto 6.2 de la norma",
            "requisito 6.2 della ISO/IEC 27001",
            "paragrafo 6.2 della norma",
            "secção 6.2",
            "a seção 6.2 da norma",
            "artikel 6.2 van de norm",
            "section 6.2 of the standard",
        ] {
            assert_eq!(cited(&["ISO/IEC 27001:2022"], text), ["ISO27001:6.2"], "{text}");
        }
        for text in ["l'article 6.2 du RGPD", "Ziffer 6.2 dieser Richtlinie", "artículo 6.2"] {
            assert!(cited(&["ISO/IEC 27001:2022"], text).is_empty(), "{text}");
        }
        // Articles of laws and sections of a document itself are none without a standard.
        assert!(cited(&[], "article 6.2 du contrat").is_empty());
    }

    #[test]
    fn days_are_no_citations_and_checks_only_where_a_standard_is_named() {
        for text in [
            "Letzte Kontrolle: 5.12.2026",
            "Letzte Kontrolle 5.12.2026",
            "Controllo: 8.5.2026",
            "Contrôle : 8.5.2026",
            "Controle 5.12.2026",
            "Mesure : 5.12",
            "Anhang A 5.12.2026",
            "paragraaf 6.2.2026",
        ] {
            assert!(cited(&[], text).is_empty(), "{text}");
            assert!(cited(&["ISO/IEC 27001:2022"], text).is_empty(), "{text}");
        }
        for text in ["Kontrolle 5.15", "mesure 5.15", "controllo 5.15", "controle A.5.15"] {
            assert_eq!(cited(&["ISO/IEC 27001:2022"], text), ["ISO27001:A.5.15"], "{text}");
        }
        assert!(cited(&[], "Das Ergebnis der Kontrolle 5.15 liegt vor.").is_empty());
        assert_eq!(cited(&["ISO/IEC 27001:2022"], "gemäß A.5.15."), ["ISO27001:A.5.15"]);
    }

    #[test]
    fn versions_and_figures_are_no_citations() {
        assert!(cited(&["ISO 27001:2022"], "firmware 5.18 and figure 8.2, A4 paper").is_empty());
    }
}
