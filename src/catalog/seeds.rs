//! The seed files: their raw shape, their canonical form, and their conversion to domain types.
//!
//! A seed file is normalised: reading it and writing it again gives the same bytes (a test holds
//! this). [`canonical`] is that writer.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use crate::domain::{
    CommonControl, DocumentType, Documented, EvidenceKind, Language, Level, Link, Point, PointId,
    Risk, Target, TargetId, TargetKind,
};

/// Every file of targets, in catalogue order: name and content.
pub(crate) const TARGET_FILES: [(&str, &str); 7] = [
    ("seeds/iso27001/clauses.toml", include_str!("../../seeds/iso27001/clauses.toml")),
    ("seeds/iso27001/a5.toml", include_str!("../../seeds/iso27001/a5.toml")),
    ("seeds/iso27001/a6.toml", include_str!("../../seeds/iso27001/a6.toml")),
    ("seeds/iso27001/a7.toml", include_str!("../../seeds/iso27001/a7.toml")),
    ("seeds/iso27001/a8.toml", include_str!("../../seeds/iso27001/a8.toml")),
    ("seeds/iso42001/clauses.toml", include_str!("../../seeds/iso42001/clauses.toml")),
    ("seeds/iso42001/annex-a.toml", include_str!("../../seeds/iso42001/annex-a.toml")),
];

pub(super) const COMMON_CONTROLS: (&str, &str) =
    ("seeds/common-controls.toml", include_str!("../../seeds/common-controls.toml"));

pub(super) const RISKS: (&str, &str) = ("seeds/risks.toml", include_str!("../../seeds/risks.toml"));

pub(super) const RENUMBERING: (&str, &str) =
    ("seeds/iso27001/2013-to-2022.csv", include_str!("../../seeds/iso27001/2013-to-2022.csv"));

pub(super) const CLAUSES_2013: (&str, &str) =
    ("seeds/iso27001/2013-clauses.csv", include_str!("../../seeds/iso27001/2013-clauses.csv"));

pub(super) const CROSSWALK: (&str, &str) =
    ("seeds/crosswalk.csv", include_str!("../../seeds/crosswalk.csv"));

/// Words of other languages by target, one file a language.
pub(super) const LANGUAGES: [(Language, &str); 6] = [
    (Language::De, include_str!("../../seeds/languages/de.toml")),
    (Language::Fr, include_str!("../../seeds/languages/fr.toml")),
    (Language::Es, include_str!("../../seeds/languages/es.toml")),
    (Language::It, include_str!("../../seeds/languages/it.toml")),
    (Language::Nl, include_str!("../../seeds/languages/nl.toml")),
    (Language::Pt, include_str!("../../seeds/languages/pt.toml")),
];

/// The words of one language by target, read when first asked for: most collections hold one or
/// two languages. None for English, and for a language without a file.
pub(super) fn local_words(language: Language) -> &'static BTreeMap<TargetId, LocalWords> {
    static READ: [OnceLock<BTreeMap<TargetId, LocalWords>>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    READ[language as usize].get_or_init(|| {
        let text = LANGUAGES.iter().find(|(own, _)| *own == language).map_or("", |(_, text)| text);
        // That every file is sound is held by a test.
        let file: LanguageFile = toml::from_str(text).unwrap_or_default();
        file.target.into_iter().map(|words| (words.id.clone(), words)).collect()
    })
}

/// A file of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LanguageFile {
    pub(super) target: Vec<LocalWords>,
}

/// What a target is called, and what evidence for it says, in another language than the
/// catalogue's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalWords {
    pub id: TargetId,
    pub terms: Vec<String>,
    pub exemplars: Vec<String>,
}

/// A seed file. In practice each holds one kind of thing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedFile {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) target: Vec<RawTarget>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) common_control: Vec<RawCommonControl>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) risk: Vec<Risk>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCommonControl {
    pub(super) id: String,
    title: String,
    purpose: String,
    accountable: String,
    scope: String,
    level: Level,
    components: Vec<String>,
    guidance: String,
    link: Vec<Link>,
}

impl From<RawCommonControl> for CommonControl {
    fn from(raw: RawCommonControl) -> Self {
        Self {
            id: raw.id,
            title: raw.title,
            purpose: raw.purpose,
            accountable: raw.accountable,
            scope: raw.scope,
            level: raw.level,
            components: raw.components,
            guidance: raw.guidance,
            links: raw.link,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTarget {
    pub(super) id: TargetId,
    title: String,
    kind: TargetKind,
    level: Level,
    theme: String,
    description: String,
    guidance: String,
    serves: Vec<TargetId>,
    object_of: Vec<String>,
    terms: Vec<String>,
    negative_terms: Vec<String>,
    exemplars: Vec<String>,
    point: Vec<RawPoint>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPoint {
    id: String,
    kind: EvidenceKind,
    sub_item: String,
    documented: Documented,
    text: String,
    typical_evidence: String,
    evidence_type: DocumentType,
    freshness: String,
}

impl From<RawTarget> for Target {
    fn from(raw: RawTarget) -> Self {
        let points = raw
            .point
            .into_iter()
            .map(|point| Point {
                id: PointId::new(&raw.id, &point.id),
                kind: point.kind,
                sub_item: point.sub_item,
                documented: point.documented,
                text: point.text,
                typical_evidence: point.typical_evidence,
                evidence_type: point.evidence_type,
                freshness: point.freshness,
            })
            .collect();
        Self {
            framework: raw.id.framework().to_owned(),
            id: raw.id,
            title: raw.title,
            kind: raw.kind,
            level: raw.level,
            theme: raw.theme,
            description: raw.description,
            guidance: raw.guidance,
            serves: raw.serves,
            object_of: raw.object_of,
            terms: raw.terms,
            negative_terms: raw.negative_terms,
            exemplars: raw.exemplars,
            points,
        }
    }
}

/// One control or clause of 2013 and where it went. `id_2013` is empty for what is new in 2022.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Renumbered {
    pub id_2013: String,
    pub title_2013: String,
    pub id_2022: TargetId,
    /// `carried`, `moved`, `merged`, `split` or `new`.
    pub relation: String,
}

/// A published pairing of the two standards. There is no official one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pairing {
    pub iso42001: TargetId,
    pub iso27001: TargetId,
    pub relation: String,
    pub source: String,
}

/// Reads a seed file.
pub(super) fn read(text: &str) -> Result<SeedFile, toml::de::Error> {
    toml::from_str(text)
}

/// The canonical form of a seed file's text. Comments stay only at its head.
///
/// # Errors
/// The text is not a seed file.
pub fn canonical(text: &str) -> Result<String, String> {
    let file = read(text).map_err(|error| error.to_string())?;
    let body = toml::to_string_pretty(&file).map_err(|error| error.to_string())?;
    let head: String = text.split_inclusive('\n').take_while(|l| l.starts_with('#')).collect();
    let gap = if head.is_empty() { "" } else { "\n" };
    Ok(format!("{head}{gap}{body}"))
}

/// Reads rows of a CSV seed.
pub(super) fn rows<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect()
}
