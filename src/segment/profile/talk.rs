//! Whether a document as a whole talks about controls instead of being evidence for them.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    name::{self, bare_words},
    own, text,
};
use crate::domain::{BlockKind, DocumentStatus, DocumentType, Extracted, Talk};

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(concat!(
        r"(?i)\[(company|organi[sz]ation|client|customer|name|date|insert|your|role|title|department|version|service|system|hours|classification|x+|x\.y|tbd|fill|firma|unternehmen|datum|abteilung|rolle|société|empresa|\.{3}|…|●|•)[^\]\n]{0,40}\]",
        r"|<(company|organi[sz]ation|insert|name|date|your|role|tbd|firma|datum)[^>\n]{0,40}>",
        r"|\{\{[^}\n]{1,40}\}\}|«[^»\n]{1,30}»|\bTBD\b|_{6,}|\bYYYY-MM-DD\b|\b(DD|TT)[./-]MM[./-](YYYY|JJJJ)\b|\bXX[./]XX[./](XX)?XX\b",
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

static GAPS: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"\bgap (list|matrix|analysis|assessment|report|register|table|overview)\b|\bgaps\b|\b(luckenanalyse|gapanalyse|gapliste|deltaanalyse|delta analyse|soll ist)\b|\bgap analyse\b|\banalyse d ecarts?\b|\banalisis de brechas\b|\b(compliance|readiness|mapping) (matrix|checklist|assessment|check)\b|\bcontrols? mapping\b|\bself assessment questionnaire\b",
    )
});

static GLOSSARY: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"\b(glossary|glossar|definitions|terminology|abbreviations|acronyms|abkurzungsverzeichnis|begriffe|begriffsverzeichnis|glossaire|glosario)\b",
    )
});

static NEWS: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(
        r"\b(news|newsletters?|articles?|blog|press releases?|pressemitteilung(en)?|magazine?|flyers?|brochures?|broschuren?|leaflets?|marketing|whitepapers?|advertisement|actualites|communique de presse|noticias)\b",
    )
});

/// A table of questions whose answers say, at least now and then, that there is nothing.
fn asks(document: &Extracted) -> bool {
    static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"(?i)\b(nothing (found|in place)|not (documented|in place|implemented|available|defined)|no (overview|evidence|process|procedure)|missing|fehlt|nicht (vorhanden|dokumentiert|umgesetzt)|inexistant|no existe)\b",
        )
    });
    let rows: Vec<&str> = document
        .blocks
        .iter()
        .filter(|b| b.kind == BlockKind::Row)
        .map(|b| b.text.as_str())
        .collect();
    let asking = rows.iter().filter(|row| row.contains('?')).count();
    asking >= 5
        && 2 * asking >= rows.len()
        && rows.iter().filter(|row| row.contains('?') && NOTHING.is_match(row)).count() >= 2
}

fn is_template(document: &Extracted, stem: &str, title: &str) -> bool {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"(^|[^a-z])(template|templates|vorlage|vorlagen|muster|modele|plantilla)([^a-z]|$)",
        )
    });
    let blanks: usize =
        document.blocks.iter().map(|b| PLACEHOLDER.find_iter(&b.text).count()).sum();
    let words: usize = document.blocks.iter().map(|b| b.text.split_whitespace().count()).sum();
    let named = [stem, title].iter().any(|t| NAMED.is_match(&text::folded(t)));
    let folder = document.path.rsplit('/').skip(1).any(|f| NAMED.is_match(&text::folded(f)));
    // Four unfilled blanks, and one for every 150 words: more than a form's leftover.
    (blanks >= 1 && (named || folder)) || (blanks >= 4 && blanks * 150 >= words)
}

fn is_news(document: &Extracted, said: &str) -> bool {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"(?i)(^|[.,]\s)(by|von|par|por) (our|the|unsere[rmn]?|notre|nuestro)\b[^.\n]{0,30}\b(reporter|editors?|editorial team|correspondent|redaktion|redakteur\w*|rédaction|redacción)\b|^\W*(breadcrumb\W+)?[^|\n]{0,30}\|\s*news\s*(\||$)",
        )
    });
    NEWS.is_match(said)
        || document
            .path
            .rsplit('/')
            .skip(1)
            .any(|f| ["news", "newsletter", "press"].contains(&&*text::folded(f)))
        || document.blocks.iter().take(6).any(|b| b.text.lines().any(|line| BYLINE.is_match(line)))
}

fn stem_of(document: &Extracted) -> &str {
    name::file(&document.path)
}

fn teaches(file: &str, document: &Extracted) -> bool {
    let deck = ["pptx", "pptm", "odp", "ppt"].contains(&&*name::extension(file));
    deck || document.blocks.iter().take(20).any(|b| {
        let text = b.text.to_lowercase();
        ["learning objective", "in this training", "quiz", "lernziel", "in dieser schulung"]
            .iter()
            .any(|words| text.contains(words))
    })
}
