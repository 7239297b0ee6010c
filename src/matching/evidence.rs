//! Which part of a passage carries the evidence, for which points, and of which kind.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    lexicon::{Bag, Lexicon},
    stems::Stems,
};
use crate::{
    domain::{
        BlockKind, ByLanguage, DocumentProfile, DocumentType, EvidenceKind, Passage, PointId,
        Target,
    },
    index::Analyzer,
    segment::sentences,
};

/// A quote grows from its best sentence while neighbours add this share of its weight …
const NEIGHBOUR_SHARE: f32 = 0.5;
/// … and until it has this many words.
const QUOTE_WORDS: usize = 60;
/// Points with at least this share of the best point's overlap are named beside it.
const POINT_SHARE: f32 = 0.75;

/// Words that lay down.
const RULES: ByLanguage<&str> = ByLanguage {
    en: "shall|must|should|may not|is required to|are required to|has to|have to|will be|is responsible for|are responsible for|is to be|are to be",
    de: "muss|müssen|soll|sollen|ist zu|sind zu|darf nicht|dürfen nicht|ist verpflichtet|sind verpflichtet|ist verantwortlich für",
    fr: "doit|doivent|devra|devront|ne peut|ne peuvent|est tenue? de|sont tenue?s de|est responsable de|sont responsables de|est interdite?|il est interdit",
    es: "debe|deben|deberá|deberán|no puede|no pueden|tiene que|tienen que|está obligad[oa] a|es responsable de|son responsables de|queda prohibid[oa]",
    it: "deve|devono|dovrà|dovranno|non può|non possono|è tenut[oa] a|sono tenut[ie] a|è responsabile d(?:i|el|ella)|è vietat[oa]",
    pt: "deve|devem|deverá|deverão|não pode|não podem|tem de|têm de|é responsável (?:por|pel[oa])|é obrigatóri[oa]|é proibid[oa]",
    nl: "moet|moeten|dient|dienen|mag niet|mogen niet|zal worden|is verplicht|zijn verplicht|is verantwoordelijk voor|is verboden",
};

/// Words of what was done.
const DEEDS: ByLanguage<&str> = ByLanguage {
    en: "was|were|has been|have been|had|completed|performed on|carried out on|attended|approved on|signed on|closed|resolved|found|tested on",
    de: "wurde|wurden|erledigt|durchgeführt am|teilgenommen|abgeschlossen|festgestellt|behoben|ist erfolgt|geprüft am",
    fr: "a été|ont été|était|étaient|réalisée?s? le|effectuée?s? le|a constaté|ont participé|présents?|clôturée?s?|terminée?s?|s['’]est tenue?|a eu lieu",
    es: "fue|fueron|ha sido|han sido|se realizó|se realizaron|se llevó a cabo|se comprobó|se detectó|realizad[oa]s? el|asistieron|asistentes|cerrad[oa]s?|completad[oa]s?|se celebró",
    it: "è stat[oa]|sono stat[ie]|è avvenut[oa]|eseguit[oaie] il|effettuat[oaie] il|svolt[oaie] il|si è svolt[oa]|si è tenut[oa]|hanno partecipato|presenti|chius[oaie]|completat[oaie]|rilevat[oaie]",
    pt: "foi|foram|tinha sido|realizou-se|realizaram-se|realizad[oa]s? em|efetuad[oa]s? em|participaram|presentes|concluíd[oa]s?|encerrad[oa]s?|verificou-se|decorreu",
    nl: "werd|werden|is uitgevoerd|zijn uitgevoerd|uitgevoerd op|deelgenomen|afgerond|afgesloten|vastgesteld op|vond plaats|is gehouden",
};

static RULE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)\b(?:{})\b", RULES.any())).expect("constant"));
static DONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)\b(?:{})\b|\b20\d\d-\d\d-\d\d\b|\b\d{{1,2}}[./-]\d{{1,2}}[./-]20\d\d\b",
        DEEDS.any()
    ))
    .expect("constant")
});

/// Laid down or done? The document's type decides where it is clear, the wording elsewhere.
pub fn evidence_kind(profile: &DocumentProfile, passage: &Passage) -> EvidenceKind {
    use DocumentType as T;
    let text = passage.text();
    let rules = RULE.find_iter(text).count();
    let done = DONE.find_iter(text).count();
    let lean = match profile.document_type {
        T::Policy | T::Procedure | T::Statement | T::Contract | T::Diagram => 2,
        T::Plan | T::Configuration => 1,
        T::Other | T::Training | T::Soa => 0,
        T::Mail | T::Assessment => -1,
        T::Record | T::Report | T::Minutes | T::Register => -2,
    };
    let row = i32::from(passage.kind == BlockKind::Row && done > 0 && lean <= 1);
    let wording = (rules.min(2) as i32) - (done.min(2) as i32);
    if lean + wording - row > 0 || (lean + wording - row == 0 && lean > 0) {
        EvidenceKind::Design
    } else if lean == 0 && wording == 0 && row == 0 {
        // A plain present-tense statement lays down how things are.
        EvidenceKind::Design
    } else {
        EvidenceKind::Operation
    }
}

/// The smallest run of whole sentences that carries a target; a row is always whole.
pub(super) fn quote_range(
    lexicon: &Lexicon,
    stems: &mut Stems,
    passage: &Passage,
    target: usize,
) -> Range<usize> {
    let text = passage.text();
    let parts = sentences(text);
    if passage.kind == BlockKind::Row || parts.len() < 2 {
        return parts.first().map_or(0..text.len(), |first| {
            first.start..parts.last().map_or(text.len(), |last| last.end)
        });
    }
    let weights: Vec<f32> = parts
        .iter()
        .map(|range| {
            let mut bag = Bag::default();
            bag.add(stems, lexicon, &text[range.clone()]);
            lexicon.scores(&bag)[target]
        })
        .collect();
    let words: Vec<usize> =
        parts.iter().map(|r| text[r.clone()].split_whitespace().count()).collect();
    let mut best = 0;
    for (n, weight) in weights.iter().enumerate() {
        if *weight > weights[best] {
            best = n;
        }
    }
    let (mut first, mut last) = (best, best);
    let mut total = words[best];
    loop {
        let before = first.checked_sub(1).map(|n| (weights[n], n));
        let after = (last + 1 < parts.len()).then(|| (weights[last + 1], last + 1));
        let next = [before, after]
            .into_iter()
            .flatten()
            .filter(|(weight, n)| {
                *weight >= NEIGHBOUR_SHARE * weights[best]
                    && *weight > 0.0
                    && total + words[*n] <= QUOTE_WORDS
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, n)) = next else { break };
        total += words[n];
        if n < first { first = n } else { last = n }
    }
    parts[first].start..parts[last].end
}

/// The points of a target that a quote supports: those of its kind whose wording it shares most.
/// The other kind's only if the target has none of this kind.
pub fn points(
    points: &PointWords,
    analyzer: &mut Analyzer,
    target: &Target,
    kind: EvidenceKind,
    context: &str,
    quote: &str,
) -> Vec<PointId> {
    let mut words: Vec<String> = analyzer.words(quote);
    words.extend(analyzer.words(context));
    words.sort_unstable();
    words.dedup();
    let same_kind = target.points.iter().any(|p| p.kind == kind);
    let scored: Vec<(f32, &PointId)> = target
        .points
        .iter()
        .zip(points.of(target))
        .filter(|(point, _)| point.kind == kind || !same_kind)
        .map(|(point, wanted)| {
            let hit: f32 = wanted
                .iter()
                .filter(|(word, _)| words.binary_search(word).is_ok())
                .map(|(_, weight)| weight)
                .sum();
            (hit, &point.id)
        })
        .collect();
    let best = scored.iter().map(|(hit, _)| *hit).fold(0.0, f32::max);
    if best <= 0.0 {
        return scored.first().map(|(_, id)| (*id).clone()).into_iter().collect();
    }
    scored
        .into_iter()
        .filter(|(hit, _)| *hit >= POINT_SHARE * best)
        .take(3)
        .map(|(_, id)| id.clone())
        .collect()
}

/// The words of every point with weights that favour what sets it apart from its siblings.
pub struct PointWords(std::collections::BTreeMap<crate::domain::TargetId, Vec<Vec<(String, f32)>>>);

impl PointWords {
    /// Prepares all points of a catalogue.
    pub fn new<'a>(targets: impl Iterator<Item = &'a Target>) -> Self {
        let mut analyzer = Analyzer::default();
        let mut all = std::collections::BTreeMap::new();
        for target in targets {
            let bags: Vec<Vec<String>> = target
                .points
                .iter()
                .map(|point| {
                    let mut words =
                        analyzer.words(&format!("{} {}", point.text, point.typical_evidence));
                    words.sort_unstable();
                    words.dedup();
                    words
                })
                .collect();
            let weighted = bags
                .iter()
                .map(|words| {
                    let norm = (words.len() as f32).sqrt().max(1.0);
                    words
                        .iter()
                        .map(|word| {
                            let shared =
                                bags.iter().filter(|b| b.binary_search(word).is_ok()).count();
                            let weight = (1.0 + bags.len() as f32 / shared as f32).ln() / norm;
                            (word.clone(), weight)
                        })
                        .collect()
                })
                .collect();
            all.insert(target.id.clone(), weighted);
        }
        Self(all)
    }

    fn of(&self, target: &Target) -> &[Vec<(String, f32)>] {
        self.0.get(&target.id).map_or(&[], Vec::as_slice)
    }
}
