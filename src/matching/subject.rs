//! Is a passage about the subject of a standard at all? The clauses of both standards share their
//! structure and most of their words; what sets them apart is whether the text speaks of AI.

use std::sync::LazyLock;

use regex::Regex;

use super::gate::Gate;
use crate::domain::{ByLanguage, ISO27001, ISO42001, Language, Passage};

/// Words of AI.
const AI_WORDS: ByLanguage<&str> = ByLanguage {
    en: concat!(
        r"artificial intelligence|machine.learning|deep learning|neural|algorithm\w*",
        r"|chat ?bots?|generative|large language|training data|data ?sets?|model (?:card|training|drift|evaluation|release|owner|version)|models? (?:is|are|was|were)|bias|fairness|explainab\w+|inference",
    ),
    de: r"künstliche[rn]? intelligenz|maschinelle[sn]? lernen|trainingsdaten",
    fr: "intelligence artificielle|apprentissage (?:automatique|machine)|données d['’]entraînement|algorithmes?",
    es: "inteligencia artificial|aprendizaje automático|datos de entrenamiento|algoritmos?",
    it: "intelligenza artificiale|apprendimento automatico|dati di addestramento|algoritm[oi]",
    pt: "inteligência artificial|aprendizagem automática|aprendizado de máquina|dados de treino|algoritmos?",
    nl: "kunstmatige intelligentie|artificiële intelligentie|machinaal leren|trainingsdata|algoritmes?|algoritmen",
};

/// Words of information security.
const SECURITY_WORDS: ByLanguage<&str> = ByLanguage {
    en: r"security|isms|confidential\w*|integrity|availability|cyber\w*|access|password\w*|incident\w*",
    de: r"\w*sicherheit|vertraulichkeit|zugriff\w*",
    fr: "sécurité|smsi|confidentialité|accès",
    es: "seguridad|sgsi|confidencialidad|acceso",
    it: "sicurezza|sgsi|riservatezza|accesso",
    pt: "segurança|sgsi|confidencialidade|acesso",
    nl: r"\w*beveiliging|vertrouwelijkheid|toegang",
};

static AI: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(r"\b(?:AI|KI|ML|LLMs?|AIMS|GPT)\b|(?i:\b(?:{})\b)", AI_WORDS.any());
    Regex::new(&pattern).expect("constant")
});

static SECURITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)\b(?:{})\b", SECURITY_WORDS.any())).expect("constant")
});

/// What a text holds if the pattern of AI matches, apart from the abbreviations.
static GATE: LazyLock<Gate> = LazyLock::new(|| {
    Gate::new(&[
        (1, &["artificial", "artificielle", "nstliche", "machine", "deep learning", "neural"]),
        (1, &["algorithm", "chat", "generative", "large language", "training data"]),
        (1, &["maschinell", "trainings", "apprentissage", "donn", "inteligencia", "algoritm"]),
        (1, &["aprendiza", "datos de", "intelligenza", "apprendimento", "dati di", "intelig"]),
        (1, &["dados de", "kunstmatige", "machinaal", "artifici"]),
        (1, &["data set", "dataset", "model", "bias", "fairness", "explainab", "inference"]),
    ])
});

/// The abbreviations in it, which are written in capitals.
const CAPITALS: [&str; 5] = ["AI", "KI", "ML", "LLM", "GPT"];

/// How far a document speaks of AI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subject {
    /// Share of its passages that do, 0 to 1; 1 if the title does.
    ai: f32,
}

impl Subject {
    /// `speaking` says for each passage of the document whether it speaks of AI.
    /// `language` is the document's.
    pub fn of(title: &str, language: Language, speaking: &[bool]) -> Self {
        if names_ai(title, language) {
            return Self { ai: 1.0 };
        }
        let count = speaking.iter().filter(|speaks| **speaks).count();
        Self { ai: count as f32 / speaking.len().max(1) as f32 }
    }

    /// A factor in 0..=1 on the confidence that a passage is evidence under a framework: how well
    /// its subject fits. Hand-set steps; only their order matters much.
    /// `speaks` is [`speaks_of_ai`] of the passage.
    pub fn fit(self, framework: &str, passage: &Passage, speaks: bool) -> f32 {
        match framework {
            ISO42001 if speaks => 1.0,
            ISO42001 => match self.ai {
                share if share >= 0.3 => 0.95,
                share if share >= 0.1 => 0.6,
                share if share > 0.0 => 0.4,
                _ => 0.1,
            },
            ISO27001 if self.ai >= 0.5 && speaks => {
                if SECURITY.is_match(passage.text()) {
                    0.9
                } else {
                    0.6
                }
            }
            _ => 1.0,
        }
    }
}

/// Whether a passage or one of its headings speaks of AI.
pub fn speaks_of_ai(passage: &Passage) -> bool {
    let names = |text: &str| names_ai(text, passage.language);
    names(passage.text()) || passage.heading.iter().any(|h| names(h))
}

fn names_ai(text: &str, language: Language) -> bool {
    static IA: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bIA\b").expect("constant"));
    let may = CAPITALS.iter().any(|word| text.contains(word)) || GATE.open(text) != 0;
    // In English this is internal audit, or a family of controls.
    let ia = matches!(language, Language::Fr | Language::Es | Language::It | Language::Pt);
    // In Italian capitals "AI" is "to the": "ACCESSO AI SISTEMI".
    let speaks = |text: &str| {
        AI.find_iter(text).any(|found| {
            language != Language::It || found.as_str() != "AI" || !in_capitals(text, found.start())
        })
    };
    (may && speaks(text)) || (ia && text.contains("IA") && IA.is_match(text))
}

/// True if the line at a byte of a text has no lower-case letter.
fn in_capitals(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    !text[start..end].contains(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BlockKind, Locator, Part};

    fn passage(text: &str) -> Passage {
        let part = Part { range: 0..text.len(), locator: Locator::lines(1, 1) };
        Passage::new("d".into(), 0, BlockKind::Body, vec![], text.into(), vec![part]).unwrap()
    }

    #[test]
    fn an_isms_audit_is_no_evidence_for_the_ai_management_system() {
        let isms = [passage("The internal audit of the ISMS took place in May.")];
        let of = |passages: &[Passage]| {
            let speaking: Vec<bool> = passages.iter().map(speaks_of_ai).collect();
            (Subject::of("Internal audit report", Language::En, &speaking), speaking)
        };
        let (subject, speaks) = of(&isms);
        assert!(subject.fit(ISO42001, &isms[0], speaks[0]) < 0.2);
        assert_eq!(subject.fit(ISO27001, &isms[0], speaks[0]), 1.0);
        let ai = [passage("The audit covered the AI policy."), passage("Owners were present.")];
        let (subject, speaks) = of(&ai);
        assert_eq!(subject.fit(ISO42001, &ai[0], speaks[0]), 1.0);
        assert!(subject.fit(ISO42001, &ai[1], speaks[1]) > 0.9);
    }

    #[test]
    fn the_gate_opens_for_whatever_the_pattern_matches() {
        for text in [
            "AI",
            "KI",
            "ML",
            "LLMs",
            "AIMS",
            "GPT",
            "Artificial Intelligence",
            "KÜNSTLICHER INTELLIGENZ",
            "intelligence artificielle",
            "machine-learning",
            "deep learning",
            "Neural",
            "algorithmic",
            "chatbots",
            "chat bot",
            "Generative",
            "large language",
            "training data",
            "data sets",
            "datasets",
            "model card",
            "models are",
            "bias",
            "fairness",
            "explainability",
            "inference",
            "maschinelles Lernen",
            "Trainingsdaten",
            "apprentissage automatique",
            "données d’entraînement",
            "inteligencia artificial",
            "aprendizaje automático",
            "datos de entrenamiento",
            "Algoritmos",
            "intelligenza artificiale",
            "apprendimento automatico",
            "dati di addestramento",
            "inteligência artificial",
            "aprendizagem automática",
            "aprendizado de máquina",
            "dados de treino",
            "kunstmatige intelligentie",
            "artificiële intelligentie",
            "machinaal leren",
            "trainingsdata",
        ] {
            assert!(AI.is_match(text) && names_ai(text, Language::En), "{text}");
        }
        assert!(names_ai("Les systèmes d'IA sont inventoriés.", Language::Fr));
        assert!(!names_ai("See IA-5.", Language::En));
    }

    #[test]
    fn a_title_is_read_in_its_own_language() {
        let of = |title: &str, language| Subject::of(title, language, &[false]).ai;
        assert_eq!(of("Politique de l'IA", Language::Fr), 1.0);
        assert_eq!(of("Política de IA", Language::Es), 1.0);
        assert_eq!(of("Politica sull'IA", Language::It), 1.0);
        assert_eq!(of("IA report 2026", Language::En), 0.0);
        assert_eq!(of("CONTROLLO DEGLI ACCESSI AI SISTEMI", Language::It), 0.0);
        assert_eq!(of("ACCESSO AI SISTEMI\nChi può accedere", Language::It), 0.0);
        assert_eq!(of("Politica per i sistemi AI", Language::It), 1.0);
        assert_eq!(of("INTELLIGENZA ARTIFICIALE: ACCESSO AI SISTEMI", Language::It), 1.0);
        assert_eq!(of("AI POLICY", Language::En), 1.0);
    }
}
