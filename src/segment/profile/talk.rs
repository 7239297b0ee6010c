//! Whether a document as a whole talks about controls instead of being evidence for them.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    name::{self, bare_words},
    own, text,
};
use crate::domain::{ASKED, BlockKind, ByLanguage, DocumentStatus, DocumentType, Extracted, Talk};

/// What a blank in brackets asks for beside [`ASKED`]. A word alone is no sign of a template in a passage, but many are
/// in a document.
const ASKED_TOO: ByLanguage<&str> = ByLanguage {
    en: r"client|customer|department|version|service|system|hours|classification|x+|x\.y|tbd|fill",
    de: "kunde|version|dienst|system|stunden|klassifizierung",
    fr: r"client|service\b|système|heures|classification|date\b",
    es: r"cliente|departamento|versión|servicio|sistema|horas|clasificación",
    it: r"cliente|reparto|versione|servizio|sistema|ore\b|classificazione|data\b",
    pt: r"cliente|departamento|versão|serviço|sistema|horas|classificação|data\b",
    nl: r"klant|afdeling|versie|dienst\b|systeem|uren|classificatie|datum",
};

/// What a blank in angle brackets asks for, where no tag of HTML is called so.
const IN_ANGLES: ByLanguage<&str> = ByLanguage {
    en: "company|organi[sz]ation|insert|name|date|your|role|tbd",
    de: "firma|datum|unternehmen|rolle",
    fr: "nom|société|entreprise|fonction",
    es: "nombre|empresa|fecha|cargo",
    it: "nome|azienda|ruolo|inserire",
    pt: "nome|empresa|organização|função|cargo",
    nl: "naam|bedrijf|organisatie|functie|datum",
};

/// «…» quotes in most languages: only a single word that asks, without blanks, is a merge field.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(&format!(
        concat!(
            r"(?i)\[({asked}|\.{{3}}|…|●|•)[^\]\n]{{0,40}}\]",
            r"|<({angles})[^>\n]{{0,40}}>",
            r"|\{{\{{[^}}\n]{{1,40}}\}}\}}|«({asked})[^»\s]{{0,30}}»|\bTBD\b|_{{6,}}|\bYYYY-MM-DD\b|\b(DD|TT|JJ|GG)[./-]MM[./-](YYYY|JJJJ|AAAA)\b|\bXX[./]XX[./](XX)?XX\b",
        ),
        asked = [ASKED.any(), ASKED_TOO.any()].join("|"),
        angles = IN_ANGLES.any(),
    ))
});

/// True if a value is a blank to be filled in.
pub(super) fn is_placeholder(value: &str) -> bool {
    PLACEHOLDER.is_match(value)
}

pub(super) fn talk(
    document: &Extracted,
    kind: DocumentType,
    status: DocumentStatus,
    title: &str,
    head: &str,
) -> Option<Talk> {
    let stem = name::stem(name::file(&document.path));
    let mut words = bare_words(stem);
    words.extend(bare_words(title));
    let said = words.join(" ");
    // Approved by a person outside the tool, a Statement of Applicability from here is as good as
    // any other.
    let approved =
        status == DocumentStatus::Approved && document.properties.contains_key("approved_on");
    if own::is_own_output(document, head) && !approved {
        return Some(Talk::OwnOutput);
    }
    let rule = matches!(kind, DocumentType::Policy | DocumentType::Procedure | DocumentType::Plan);
    if !rule && (GAPS.is_match(&said) || asks(document)) {
        return Some(Talk::GapList);
    }
    if kind == DocumentType::Soa {
        return Some(Talk::Soa);
    }
    if !rule && GLOSSARY.is_match(&said) {
        return Some(Talk::Glossary);
    }
    if is_template(document, stem, title) {
        return Some(Talk::Template);
    }
    if !rule && is_news(document, &said) {
        return Some(Talk::News);
    }
    (kind == DocumentType::Training && teaches(stem_of(document), document))
        .then_some(Talk::TrainingMaterial)
}

/// Names of gap lists, without accents.
const GAP_LISTS: ByLanguage<&str> = ByLanguage {
    en: "gap (?:list|matrix|analysis|assessment|report|register|table|overview)|gaps|(?:compliance|readiness|mapping) (?:matrix|checklist|assessment|check)|controls? mapping|self assessment questionnaire",
    de: "luckenanalyse|gapanalyse|gapliste|deltaanalyse|delta analyse|soll ist|gap analyse|lucken",
    fr: "(?:analyse|liste|tableau) (?:d|des) ecarts?|matrice de conformite|questionnaire d auto evaluation",
    es: "analisis (?:de (?:brechas|carencias)|gap)|(?:lista|matriz) de (?:brechas|cumplimiento)|cuestionario de autoevaluacion",
    it: "analisi (?:del gap|dei gap|degli scostamenti)|elenco (?:dei gap|delle lacune)|matrice di conformita|questionario di autovalutazione",
    pt: "analise de (?:lacunas|gaps)|(?:lista|matriz) de (?:lacunas|conformidade)|questionario de autoavaliacao",
    nl: "gapanalyse|gap analyse|lijst (?:van|met) tekortkomingen|conformiteitsmatrix|vragenlijst zelfbeoordeling",
};

static GAPS: LazyLock<Regex> =
    LazyLock::new(|| text::pattern(&format!(r"\b(?:{})\b", GAP_LISTS.any())));

/// Names of glossaries, without accents.
const GLOSSARIES: ByLanguage<&str> = ByLanguage {
    en: "glossary|definitions|terminology|abbreviations|acronyms",
    de: "glossar|abkurzungsverzeichnis|begriffe|begriffsverzeichnis",
    fr: "glossaire|lexique|abreviations|terminologie",
    es: "glosario|definiciones|abreviaturas|terminologia",
    it: "glossario|definizioni|abbreviazioni",
    pt: "definicoes|siglas|abreviaturas",
    nl: "begrippenlijst|verklarende woordenlijst|afkortingen|definities",
};

static GLOSSARY: LazyLock<Regex> =
    LazyLock::new(|| text::pattern(&format!(r"\b(?:{})\b", GLOSSARIES.any())));

/// Names of what is written for the public, without accents.
const PUBLISHED: ByLanguage<&str> = ByLanguage {
    en: "news|newsletters?|articles?|blog|press releases?|magazine?|flyers?|brochures?|leaflets?|marketing|whitepapers?|advertisement",
    de: "pressemitteilung(?:en)?|broschuren?",
    fr: "actualites|communique de presse|depliant",
    es: "noticias|nota de prensa|comunicado de prensa|folleto|boletin",
    it: "notizie|comunicato stampa|opuscolo",
    pt: "noticias|nota de imprensa|comunicado de imprensa|boletim",
    nl: "nieuwsbrief|nieuws|persbericht(?:en)?",
};

static NEWS: LazyLock<Regex> =
    LazyLock::new(|| text::pattern(&format!(r"\b(?:{})\b", PUBLISHED.any())));

/// Answers that there is nothing.
const NOTHING: ByLanguage<&str> = ByLanguage {
    en: "nothing (?:found|in place)|not (?:documented|in place|implemented|available|defined)|no (?:overview|evidence|process|procedure)|missing",
    de: "fehlt|nicht (?:vorhanden|dokumentiert|umgesetzt)",
    fr: "inexistante?|non (?:documentée?|mise? en œuvre|disponible|définie?)|aucune? (?:preuve|processus|procédure)|manquante?|manque",
    es: "no (?:existe|documentad[oa]|implantad[oa]|implementad[oa]|disponible|definid[oa])|ninguna? (?:evidencia|proceso)|falta",
    it: "non (?:esiste|documentat[oa]|attuat[oa]|implementat[oa]|disponibile|definit[oa])|nessun[oa]? (?:evidenza|processo|procedura)|manca|mancante",
    pt: "não (?:existe|documentad[oa]|implementad[oa]|disponível|definid[oa])|nenhuma? (?:evidência|processo|procedimento)|falta|em falta",
    nl: "ontbreekt|niet (?:aanwezig|gedocumenteerd|geïmplementeerd|beschikbaar|gedefinieerd)|geen (?:bewijs|proces|procedure|overzicht)",
};

/// Names of blanks to be filled in, without accents.
const TEMPLATES: ByLanguage<&str> = ByLanguage {
    en: "template|templates",
    de: "vorlage|vorlagen|muster",
    fr: "gabarit|gabarits",
    es: "plantilla|plantillas",
    it: "",
    pt: "",
    nl: "sjabloon|sjablonen",
};
/// … that are also the word for a model of AI: no blank beside the words of AI.
const MODELS: ByLanguage<&str> = ByLanguage {
    en: "",
    de: "",
    fr: "modele|modeles",
    es: "",
    it: "modello|modelli",
    pt: "modelo|modelos",
    nl: "",
};
/// Words of AI beside those, without accents.
const OF_AI: ByLanguage<&str> = ByLanguage {
    en: "machine learning|deep learning|artificial",
    de: "",
    fr: "intelligence artificielle|apprentissage|entraine|algorithm",
    es: "inteligencia artificial|aprendizaje|entrena|algoritm",
    it: "intelligenza artificiale|apprendimento|addestra|algoritm",
    pt: "inteligencia artificial|aprendizagem|aprendizado|treina|treino",
    nl: "",
};

/// True if a name says that the document is a blank to be filled in.
fn names_template(name: &str) -> bool {
    static SURE: LazyLock<Regex> =
        LazyLock::new(|| text::pattern(&format!(r"(^|[^a-z])(?:{})([^a-z]|$)", TEMPLATES.any())));
    static MODEL: LazyLock<Regex> =
        LazyLock::new(|| text::pattern(&format!(r"(^|[^a-z])(?:{})([^a-z]|$)", MODELS.any())));
    static AI: LazyLock<Regex> = LazyLock::new(|| text::pattern(&OF_AI.any()));
    // In lower case "ai" is an Italian preposition.
    static AI_CAPITALS: LazyLock<Regex> =
        LazyLock::new(|| text::pattern(r"(^|[^\p{L}\d])(AI|IA|KI|ML|LLMs?|GPT)([^\p{L}\d]|$)"));
    let folded = text::folded(name);
    SURE.is_match(&folded)
        || (MODEL.is_match(&folded) && !AI.is_match(&folded) && !AI_CAPITALS.is_match(name))
}

/// What training material says of itself.
const TEACHING: ByLanguage<&[&str]> = ByLanguage {
    en: &["learning objective", "in this training", "quiz"],
    de: &["lernziel", "in dieser schulung"],
    fr: &["objectifs pédagogiques", "objectif pédagogique", "dans cette formation"],
    es: &["objetivos de aprendizaje", "objetivo de aprendizaje", "en esta formación"],
    it: &["obiettivi formativi", "obiettivi di apprendimento", "in questo corso"],
    pt: &["objetivos de aprendizagem", "nesta formação", "neste treinamento"],
    nl: &["leerdoel", "in deze training"],
};

/// A table of questions whose answers say, at least now and then, that there is nothing.
fn asks(document: &Extracted) -> bool {
    static SAYS_NOTHING: LazyLock<Regex> =
        LazyLock::new(|| text::pattern(&format!(r"(?i)\b(?:{})\b", NOTHING.any())));
    let rows: Vec<&str> = document
        .blocks
        .iter()
        .filter(|b| b.kind == BlockKind::Row)
        .map(|b| b.text.as_str())
        .collect();
    let asking = rows.iter().filter(|row| row.contains('?')).count();
    asking >= 5
        && 2 * asking >= rows.len()
        && rows.iter().filter(|row| row.contains('?') && SAYS_NOTHING.is_match(row)).count() >= 2
}

fn is_template(document: &Extracted, stem: &str, title: &str) -> bool {
    let blanks: usize =
        document.blocks.iter().map(|b| PLACEHOLDER.find_iter(&b.text).count()).sum();
    let words: usize = document.blocks.iter().map(|b| b.text.split_whitespace().count()).sum();
    let named = [stem, title].into_iter().any(names_template);
    let folder = document.path.rsplit('/').skip(1).any(names_template);
    // Four unfilled blanks, and one for every 150 words: more than a form's leftover.
    (blanks >= 1 && (named || folder)) || (blanks >= 4 && blanks * 150 >= words)
}

fn is_news(document: &Extracted, said: &str) -> bool {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"(?i)(^|[.,]\s)(by|von|par|por|di|da|door) (our|the|unsere[rmn]?|notre|nuestr[oa]|la nostra|il nostro|noss[oa]|onze)\b[^.\n]{0,30}\b(reporter|editors?|editorial team|correspondent|redaktion|redakteur\w*|rédaction|redacción|redazione|redação|redactie)\b|^\W*(breadcrumb\W+)?[^|\n]{0,30}\|\s*news\s*(\||$)",
        )
    });
    NEWS.is_match(said)
        || document.path.rsplit('/').skip(1).any(|f| {
            ["news", "newsletter", "press", "presse", "prensa", "imprensa", "persberichten"]
                .contains(&&*text::folded(f))
        })
        || document.blocks.iter().take(6).any(|b| b.text.lines().any(|line| BYLINE.is_match(line)))
}

fn stem_of(document: &Extracted) -> &str {
    name::file(&document.path)
}

fn teaches(file: &str, document: &Extracted) -> bool {
    let deck = ["pptx", "pptm", "odp", "ppt"].contains(&&*name::extension(file));
    deck || document.blocks.iter().take(20).any(|b| {
        let text = b.text.to_lowercase();
        TEACHING.words().any(|words| text.contains(words))
    })
}
