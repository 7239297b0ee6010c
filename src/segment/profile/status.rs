//! Whether a document is in force.
//!
//! Only what a document says about itself counts: its control data, its name and title, its folder,
//! and sentences about "this document". Control data that ends a document or calls it a draft come
//! first; what calls it approved comes last, so that a draft kept from an approved copy stays one.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::{
    name::{self, bare_words},
    text::{self, property},
};
use crate::domain::{BlockKind, ByLanguage, DocumentStatus, DocumentType, Extracted};

/// Statements about the document stand in its first lines.
const FIRST_LINES: usize = 30;

/// Words of a status in control data, the first that matches counts ("not approved" before
/// "approved"; "final" is no draft, "no longer in force" is not "in force").
const STATED: [(DocumentStatus, ByLanguage<&str>); 5] = [
    (
        DocumentStatus::Withdrawn,
        ByLanguage {
            en: "withdrawn|retired",
            de: "zurückgezogen",
            fr: "retirée?|annulée?",
            es: "retirad[oa]|anulad[oa]",
            it: "ritirat[oa]|revocat[oa]|annullat[oa]",
            pt: "retirad[oa]|revogad[oa]|anulad[oa]",
            nl: "ingetrokken",
        },
    ),
    (
        DocumentStatus::Superseded,
        ByLanguage {
            en: "superseded|obsolete|replaced|archived",
            de: "ersetzt|abgelöst|archiviert|ungültig|außer kraft|aufgehoben|veraltet",
            fr: "obsolète|remplacée?|périmée?|archivée?|abrogée?|caduc|caduque",
            es: "obsolet[oa]|sustituid[oa]|reemplazad[oa]|archivad[oa]|derogad[oa]|no vigente",
            it: "obsolet[oa]|superat[oa]|sostituit[oa]|archiviat[oa]|abrogat[oa]|non (?:più )?in vigore",
            pt: "obsolet[oa]|substituíd[oa]|arquivad[oa]|não (?:está )?em vigor",
            nl: "vervangen|vervallen|verouderd|gearchiveerd|ongeldig|niet (?:meer )?(?:geldig|van kracht)",
        },
    ),
    (
        DocumentStatus::Unapproved,
        ByLanguage {
            en: "unapproved|not (?:yet )?approved|(?:pending|for|awaiting) approval|^pending",
            de: "nicht (?:freigegeben|genehmigt)|ungenehmigt|zur freigabe",
            fr: "non (?:approuv|valid)ée?|(?:en attente|à) (?:d['’])?approb\\w+|pas (?:encore )?(?:approuv|valid)ée?|à approuver|en (?:cours de )?validation|^en attente",
            es: "(?:no|sin) (?:aprob|valid)\\w+|pendiente de aprobación|^pendiente",
            it: "non (?:ancora )?(?:approv|valid)at[oa]|in attesa di approvazione|in approvazione|da approvare|^in attesa",
            pt: "não (?:aprov|valid)ad[oa]|por aprovar|(?:aguarda|pendente de|a aguardar|em) aprovação|^pendente",
            nl: "niet (?:goedgekeurd|vastgesteld)|(?:wacht op|ter) goedkeuring|ter accordering",
        },
    ),
    (
        DocumentStatus::Draft,
        ByLanguage {
            en: "draft|in review|under review|in progress|proposed",
            de: "entwurf|in prüfung|in bearbeitung|in überarbeitung",
            fr: "brouillon|^projet|en cours|ébauche|en révision|en rédaction",
            es: "borrador|en revisión|en curso|en elaboración|propuest[oa]",
            it: "bozza|in revisione|in corso|in lavorazione|propost[oa]",
            pt: "rascunho|em revisão|em curso|em elaboração|minuta|propost[oa]",
            nl: "concept|in bewerking|in behandeling|in herziening|voorstel",
        },
    ),
    (
        DocumentStatus::Approved,
        ByLanguage {
            en: "approved|in force|released|published|effective|^active|^valid|^final",
            de: "freigegeben|genehmigt|gültig|in kraft|veröffentlicht|verabschiedet",
            fr: "approuvée?|en vigueur|validée?|publiée?|diffusée?|^définiti\\w+",
            es: "aprobad[oa]|vigente|en vigor|publicad[oa]|validad[oa]|^definitiv[oa]",
            it: "approvat[oa]|in vigore|vigente|pubblicat[oa]|emess[oa]|validat[oa]|^definitiv[oa]",
            pt: "aprovad[oa]|em vigor|vigente|publicad[oa]|validad[oa]|^definitiv[oa]",
            nl: "goedgekeurd|van kracht|vastgesteld|gepubliceerd|geldig|^definitief",
        },
    ),
];

static STATED_WORDS: LazyLock<[(Regex, DocumentStatus); 5]> = LazyLock::new(|| {
    STATED.map(|(status, words)| (text::pattern(&format!("(?i){}", words.any())), status))
});

/// The document itself as the subject of a sentence.
const OWN: ByLanguage<&str> = ByLanguage {
    en: r"\b(?:this|the present)\s(?:document|version|edition|policy|procedure|process|standard|guideline|plan|manual|statement|register|concept)(?:\s(?:version|of\s[^.\n]{1,40}?))?",
    de: r"\b(?:diese[rs]?|vorliegende[rs]?)\s\p{L}*(?:dokument|version|fassung|richtlinie|leitlinie|anweisung|plan|konzept|handbuch|verfahren|regelung)",
    fr: r"\b(?:cette?|ce|la présente|le présent)\s(?:document|version|politique|procédure|plan|manuel|charte|registre|directive|norme|guide|instruction|règlement)",
    es: r"\b(?:est[ae]|la presente|el presente)\s(?:documento|versión|política|procedimiento|plan|manual|registro|norma|normativa|guía|instrucción|reglamento)",
    it: r"\b(?:quest[oa]|la presente|il presente)\s(?:documento|versione|politica|procedura|piano|manuale|registro|regolamento|istruzione|linea guida)",
    pt: r"\b(?:est[ae]|a presente|o presente)\s(?:documento|versão|política|procedimento|plano|manual|registo|registro|norma|guia|instrução|regulamento)",
    nl: r"\b(?:dit|deze)\s(?:document|versie|\p{L}*beleid|procedure|plan|handboek|register|richtlinij?n?|werkinstructie|\p{L}*code|reglement|regeling)",
};

/// What is said of it, after [`OWN`] and a blank. A condition or a rhythm is a rule, not a state: "is
/// withdrawn if", "is replaced every".
const IS_ENDED: ByLanguage<&str> = ByLanguage {
    en: r"(?:is|was|has\sbeen)\s(?:now\s|hereby\s)?(?:superseded|obsolete|retired|archived|no\slonger\s(?:valid|in\sforce|applicable)|replaced\s(?:by|with))\b",
    de: r"(?:ist|wurde)\s[^.\n]{0,40}(?:ersetzt|abgelöst|ungültig|nicht\smehr\sgültig|außer\sKraft)",
    fr: r"(?:est|a\sété)\s(?:désormais\s)?(?:remplacée?\spar|obsolète|périmée?|abrogée?)\b|n['’]est\splus\s(?:en\svigueur|valable|applicable)\b",
    es: r"(?:está|es|ha\ssido|fue|queda)\s(?:sustituid[oa]\spor|reemplazad[oa]\spor|obsolet[oa]|derogad[oa])\b|ya\sno\s(?:está|es)\s(?:vigente|en\svigor|válid[oa]|aplicable)\b",
    it: r"(?:è|è\sstat[oa])\s(?:sostituit[oa]\sda|superat[oa]|obsolet[oa]|abrogat[oa]|non\spiù\sin\svigore)|non\sè\spiù\s(?:in\svigore|valid[oa]|applicabile)\b",
    pt: r"(?:está|foi)\s(?:substituíd[oa]\spor|substituíd[oa]\spela|obsolet[oa]|revogad[oa])\b|(?:já\snão\sestá|deixou\sde\sestar)\sem\svigor\b",
    nl: r"(?:is|werd)\s[^.\n]{0,40}(?:vervangen\sdoor|vervallen|verouderd|niet\smeer\s(?:geldig|van\skracht))\b",
};
const IS_WITHDRAWN: ByLanguage<&str> = ByLanguage {
    en: r"(?:was|has\sbeen)\s(?:now\s|hereby\s)?withdrawn\b",
    de: r"wurde\s[^.\n]{0,40}zurückgezogen",
    fr: r"a\sété\s(?:retirée?|annulée?)\b",
    es: r"(?:ha\ssido|fue)\s(?:retirad[oa]|anulad[oa])\b",
    it: r"è\sstat[oa]\s(?:ritirat[oa]|revocat[oa])\b",
    pt: r"foi\s(?:retirad[oa]|anulad[oa])\b",
    nl: r"(?:is|werd)\singetrokken\b",
};
const IS_DRAFT: ByLanguage<&str> = ByLanguage {
    en: r"is\s(?:still\s)?(?:a\s|in\s)?(?:working\s)?draft\b",
    de: r"ist\s(?:noch\s)?(?:ein|im)\sEntwurf",
    fr: r"est\s(?:encore\s)?(?:un\s|à l['’]état de\s)?(?:projet|brouillon)\b",
    es: r"(?:es|está en)\s(?:todavía\s|aún\s)?(?:un\s)?borrador\b",
    it: r"è\s(?:ancora\s)?(?:una\s|in\s)?bozza\b",
    pt: r"é\s(?:ainda\s)?(?:um\s)?rascunho\b",
    nl: r"is\s(?:nog\s)?(?:een\s|in\s)?concept\b",
};
const IS_UNAPPROVED: ByLanguage<&str> = ByLanguage {
    en: r"(?:is|has)\snot\s(?:yet\s)?(?:been\s)?(?:approved|in\sforce)\b",
    de: r"(?:ist|wurde)\snoch\snicht\s(?:freigegeben|genehmigt)",
    fr: r"n['’](?:est|a)\spas\s(?:encore\s)?(?:été\s)?(?:approuvée?|validée?|en vigueur)\b",
    es: r"(?:no|aún no|todavía no)\s(?:está|ha\ssido)\s(?:aprobad[oa]|en vigor)\b",
    it: r"non\sè\s(?:ancora\s)?(?:stat[oa]\s)?(?:approvat[oa]|in vigore)\b",
    pt: r"(?:ainda\s)?não\s(?:está|foi)\s(?:aprovad[oa]|em vigor)\b",
    nl: r"is\snog\sniet\s(?:goedgekeurd|vastgesteld|van kracht)\b",
};

/// The state in a line of its own: a stamp or watermark.
const ENDED_ALONE: ByLanguage<&str> = ByLanguage {
    en: "superseded|obsolete",
    de: "ersetzt|abgelöst|ungültig|aufgehoben|veraltet",
    fr: "obsolète|périmée?|remplacée?|abrogée?|caduc|caduque",
    es: "obsolet[oa]|sustituid[oa]|derogad[oa]|reemplazad[oa]",
    it: "obsolet[oa]|superat[oa]|sostituit[oa]|abrogat[oa]",
    pt: "obsolet[oa]|substituíd[oa]|revogad[oa]",
    nl: "vervallen|verouderd|vervangen",
};
/// What a stamp names before the state.
const STAMPED: ByLanguage<&str> = ByLanguage {
    en: "document|version|edition|policy|procedure",
    de: "dokument|version|fassung|richtlinie|ausgabe",
    fr: "document|version|politique|procédure",
    es: "documento|versión|política|procedimiento",
    it: "documento|versione|politica|procedura|revisione",
    pt: "documento|versão|política|procedimento",
    nl: "document|versie|beleid|procedure",
};
const WITHDRAWN_ALONE: ByLanguage<&str> = ByLanguage {
    en: "withdrawn",
    de: "zurückgezogen",
    fr: "retirée?|annulée?",
    es: "retirad[oa]|anulad[oa]",
    it: "ritirat[oa]|revocat[oa]",
    pt: "retirad[oa]|anulad[oa]",
    nl: "ingetrokken",
};
/// "Concept" and "Projet" may head a section; as a stamp they are in capitals.
const DRAFT_ALONE: ByLanguage<&str> = ByLanguage {
    en: "(?:working )?draft|working (?:paper|copy)",
    de: "(?:arbeits)?entwurf|arbeits(?:fassung|version|dokument)",
    fr: "brouillon|(?-i:PROJET)|(?:document|version) de travail|version (?:projet|provisoire)",
    es: "borrador|documento de trabajo|versión (?:preliminar|provisional)",
    it: "bozza|documento di lavoro|versione (?:preliminare|provvisoria)",
    pt: "rascunho|documento de trabalho|versão (?:preliminar|provisória)",
    nl: "conceptversie|(?-i:CONCEPT)|werk(?:document|versie)|voorlopige versie",
};
/// What a draft is there for, or what it still lacks.
const DRAFT_FOR: ByLanguage<&str> = ByLanguage {
    en: "for (?:review|comments?|discussion|approval|information|internal)|not (?:yet )?(?:approved|in force)|do not|version",
    de: "zur (?:abstimmung|prüfung|freigabe|kommentierung|diskussion)|zur|vom|(?:noch )?nicht (?:freigegeben|verteilen)",
    fr: "pour (?:commentaires?|relecture|avis|validation|discussion|approbation)|à valider|à relire|en attente|soumis|non (?:approuv|valid)|ne pas diffuser",
    es: "para (?:revisión|comentarios|discusión|aprobación)|pendiente|(?:no|sin) aprob|no difundir|versión",
    it: "per (?:commenti|revisione|discussione|approvazione|osservazioni)|in attesa|da approvare|non (?:ancora )?approvat|non diffondere|versione",
    pt: "para (?:comentários|revisão|discussão|aprovação)|pendente|por aprovar|(?:ainda )?não aprovad|não divulgar|versão",
    nl: "ter (?:bespreking|goedkeuring|beoordeling|vaststelling|review)|voor (?:commentaar|review|bespreking)|(?:nog )?niet (?:goedgekeurd|vastgesteld|verspreiden)|versie",
};
const UNAPPROVED_ALONE: ByLanguage<&str> = ByLanguage {
    en: "not (?:yet )?approved|pending approval",
    de: "(?:noch )?nicht freigegeben|zur freigabe",
    fr: "non (?:approuvée?|validée?)|en attente (?:d['’]approbation|de validation)|à (?:valider|approuver)",
    es: "no aprobad[oa]|sin aprobar|pendiente de (?:aprobación|validación)",
    it: "non (?:ancora )?approvat[oa]|in attesa di approvazione|da approvare",
    pt: "(?:ainda )?não aprovad[oa]|pendente de aprovação|por aprovar|aguarda aprovação",
    nl: "(?:nog )?niet (?:goedgekeurd|vastgesteld)|wacht op goedkeuring|ter (?:goedkeuring|vaststelling)",
};

/// By what or since when.
const SINCE: &str = "by|durch|on|am|since|seit|from|ab|par|por|le|el|desde|da|dal|dalla|il|pela|pelo|em|door|op|sinds|depuis";

/// Each language's subject with what its own language says of it.
fn own_is(said: &ByLanguage<&str>) -> String {
    let (own, said) = (OWN.all(), said.all());
    let each = own.iter().zip(said).map(|((_, own), (_, said))| format!(r"{own}\s(?:{said})"));
    format!("(?i){}", each.collect::<Vec<_>>().join("|"))
}

static ENDED: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        &own_is(&IS_ENDED),
        &format!(r"(?i)^\W*(?:{})\b(?:\s(?:{SINCE})\b.{{0,60}})?\W*$", ENDED_ALONE.any()),
        r"(?i)^\W*replaced by\b.{0,60}$",
        // "Documento derogado. Sustituido por POL-09 …": with a noun before it, more may stand behind.
        &format!(
            r"(?i)^\W*(?:{})\s(?:{})(?:\s(?:{SINCE})\b.{{0,80}}|\s*[.,;:(–—-].{{0,80}})?\W*$",
            STAMPED.any(),
            ENDED_ALONE.any()
        ),
    ])
});

static WITHDRAWN: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        &own_is(&IS_WITHDRAWN),
        &format!(r"(?i)^\W*(?:{})\b(?:\s(?:{SINCE})\b.{{0,40}})?\W*$", WITHDRAWN_ALONE.any()),
    ])
});

static DRAFT: LazyLock<RegexSet> = LazyLock::new(|| {
    let alone = DRAFT_ALONE.any();
    set(&[
        &format!(r"(?i)^\W*(?:{alone})\b\W*$"),
        &format!(r"(?i)^\W*(?:{alone})\s*(?:[-–—:,(]\s*)?(?:v?\d|(?:{})\w*\b)", DRAFT_FOR.any()),
        &format!(
            r"(?i)\b(?:(?:document |approval )?status|statut|estado|stato|état)\b[\s:|*–-]{{1,5}}(?:{alone}|concept|projet|work in progress)\b"
        ),
        &format!(
            r"(?i)\b(?:version|versión|versione|versão|versie)\W{{0,3}}\d[\d.]*\W{{1,4}}(?:{alone}|concept|projet)\b"
        ),
        &own_is(&IS_DRAFT),
    ])
});

static UNAPPROVED: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[&own_is(&IS_UNAPPROVED), &format!(r"(?i)^\W*(?:{})\b.{{0,30}}$", UNAPPROVED_ALONE.any())])
});

fn set(patterns: &[&str]) -> RegexSet {
    RegexSet::new(patterns).unwrap_or_else(|error| unreachable!("{error}"))
}

pub(super) fn status(
    document: &Extracted,
    kind: DocumentType,
    title: &str,
    head: &str,
) -> DocumentStatus {
    use DocumentStatus as S;
    let stated = property(document, "status").and_then(|stated| {
        STATED_WORDS.iter().find(|(words, _)| words.is_match(&stated)).map(|(_, status)| *status)
    });
    if let Some(status) = stated.filter(|status| *status != S::Approved) {
        return status;
    }
    let own = own_lines(document, head);
    let says = |patterns: &RegexSet| own.iter().any(|line| patterns.is_match(line));
    if says(&WITHDRAWN) {
        return S::Withdrawn;
    }
    if says(&ENDED) {
        return S::Superseded;
    }
    if let Some(status) = named(name::stem(name::file(&document.path)), title) {
        return status;
    }
    if let Some(status) = of_folder(&document.path, kind) {
        return status;
    }
    if says(&DRAFT) {
        return S::Draft;
    }
    if says(&UNAPPROVED) {
        return S::Unapproved;
    }
    let approval = |key| property(document, key).map(|value| is_blank(&value));
    match (stated, approval("approved_by"), approval("approved_on")) {
        (Some(status), ..) => status,
        // Somebody has to approve it, and has not.
        (None, Some(true), Some(true) | None) | (None, _, Some(true)) => S::Unapproved,
        (None, None, None) => S::Unstated,
        (None, ..) => S::Approved,
    }
}

/// The lines in which a document speaks of itself: the first ones, headers and footers.
fn own_lines<'a>(document: &'a Extracted, head: &'a str) -> Vec<&'a str> {
    let edges = document
        .blocks
        .iter()
        .filter(|b| matches!(b.kind, BlockKind::Header | BlockKind::Footer))
        .take(FIRST_LINES)
        .flat_map(|b| b.text.lines());
    head.lines().take(FIRST_LINES).chain(edges).collect()
}

/// True if nobody and nothing is named.
pub(super) fn is_blank(value: &str) -> bool {
    static BLANK: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(concat!(
            r"(?i)^\W*(n/a|tbd|tba|tbc|open|none|offen|pendiente|pendente|da definire|à définir|a definir|nog te bepalen|n\.?v\.?t)?\W*$",
            r"|^\W*(pending|outstanding|ausstehend|to be \w+|not (yet )?approved|noch nicht|steht aus|en attente|à venir|pas encore|non approuvée?|pendiente|por definir|por aprobar|aún no|sin aprobar|in attesa|non ancora|da approvare|pendente|por aprovar|a aguardar|ainda não|nog niet|in afwachting|volgt)\b.{0,20}$",
        ))
    });
    BLANK.is_match(value) || super::talk::is_placeholder(value)
}

/// Words of a state in the names of files and folders, without accents.
const NAMED_WITHDRAWN: ByLanguage<&[&str]> = ByLanguage {
    en: &["withdrawn"],
    de: &["zuruckgezogen"],
    fr: &["annule", "annulee"],
    es: &["retirado", "retirada", "anulado", "anulada"],
    it: &["ritirato", "ritirata"],
    pt: &["revogado", "revogada"],
    nl: &["ingetrokken"],
};
const NAMED_SUPERSEDED: ByLanguage<&[&str]> = ByLanguage {
    en: &["superseded", "obsolete", "outdated"],
    de: &["veraltet", "ungultig", "abgelost"],
    fr: &["perime", "perimee", "abroge", "abrogee"],
    es: &["obsoleto", "obsoleta", "obsoletos", "derogado", "derogada"],
    it: &["obsoleti", "superato", "superata"],
    pt: &["obsoletas"],
    nl: &["vervallen", "verouderd"],
};
/// … as the last word of a file's name only.
const NAMED_OLD: ByLanguage<&[&str]> = ByLanguage {
    en: &["old"],
    de: &["alt"],
    fr: &["ancien", "ancienne"],
    es: &["antiguo", "antigua"],
    it: &["vecchio", "vecchia"],
    pt: &["antigas", "antigos"],
    nl: &["oud"],
};
const NAMED_DRAFT: ByLanguage<&[&str]> = ByLanguage {
    en: &["draft", "wip"],
    de: &["entwurf"],
    fr: &["brouillon", "ebauche"],
    es: &["borrador"],
    it: &["bozza"],
    pt: &["rascunho"],
    nl: &["conceptversie"],
};
/// Folders of old documents, …
const ARCHIVES: ByLanguage<&[&str]> = ByLanguage {
    en: &["archive", "archived", "archives", "old"],
    de: &["archiv", "alt"],
    fr: &["anciens", "anciennes"],
    es: &["archivo", "historico"],
    it: &["archivio", "storico"],
    pt: &["arquivo"],
    nl: &["archief", "oud"],
};
/// … and of unfinished ones.
const DRAFTS: ByLanguage<&[&str]> = ByLanguage {
    en: &["drafts", "wip"],
    de: &["entwurfe"],
    fr: &["brouillons"],
    es: &["borradores"],
    it: &["bozze"],
    pt: &["rascunhos"],
    nl: &["concepten"],
};

fn named(stem: &str, title: &str) -> Option<DocumentStatus> {
    static TITLE: LazyLock<Regex> = LazyLock::new(|| {
        let alone = "draft|entwurf|brouillon|borrador|bozza|rascunho";
        text::pattern(&format!(
            r"(?i)^\W*(?:{alone})\b\s*[-–—:)\]]|[-–—(\[,]\s*(?:{alone})\b\W*$|^DRAFT\b"
        ))
    });
    let raw = stem;
    let stem = text::folded(stem);
    let words: Vec<&str> =
        stem.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let has = |any: &ByLanguage<&'static [&'static str]>| any.words().any(|w| words.contains(&w));
    // Both words may name the matter; with a version before the first or in capitals they are stamps.
    static STAMP: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"(?i)\b(?:concept|projet)[\s_-]*v?[\s_-]?0[._]\d|(?-i:(?:^|[^\p{L}])(?:PROJET|CONCEPT)$)",
        )
    });
    let capitals = !raw.contains(char::is_lowercase);
    let stamped = STAMP.is_match(raw) && !capitals;
    let many = words.len() > 1;
    let old = || words.last().is_some_and(|last| NAMED_OLD.words().any(|word| word == *last));
    if has(&NAMED_WITHDRAWN) {
        Some(DocumentStatus::Withdrawn)
    } else if has(&NAMED_SUPERSEDED) || (many && old()) {
        Some(DocumentStatus::Superseded)
    } else if has(&NAMED_DRAFT) || stamped || TITLE.is_match(title) {
        Some(DocumentStatus::Draft)
    } else {
        None
    }
}

/// A folder of old or unfinished documents. Records of what happened are archived without losing
/// their worth.
fn of_folder(path: &str, kind: DocumentType) -> Option<DocumentStatus> {
    use DocumentType as T;
    let happened = matches!(kind, T::Record | T::Minutes | T::Mail);
    let of = |folder: &str| {
        let words = bare_words(folder);
        let has = |any: &ByLanguage<&'static [&'static str]>| {
            any.words().any(|word| words.iter().any(|own| own == word))
        };
        if has(&NAMED_SUPERSEDED) {
            Some(DocumentStatus::Superseded)
        } else if has(&NAMED_WITHDRAWN) {
            Some(DocumentStatus::Withdrawn)
        } else if !happened && has(&ARCHIVES) {
            Some(DocumentStatus::Superseded)
        } else if has(&DRAFTS) {
            Some(DocumentStatus::Draft)
        } else {
            None
        }
    };
    path.rsplit('/').skip(1).find_map(of)
}

#[cfg(test)]
mod tests;
