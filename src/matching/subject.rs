//! Is a passage about the subject of a standard at all? The clauses of both standards share their
//! structure and most of their words; what sets them apart is whether the text speaks of AI.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{ISO27001, ISO42001, Passage};

static AI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b(AI|KI|ML|LLMs?|AIMS|GPT)\b",
        r"|(?i:\b(artificial intelligence|künstliche[rn]? intelligenz|intelligence artificielle|machine.learning|deep learning|neural|algorithm\w*",
        r"|chat ?bots?|generative|large language|training data|data ?sets?|model (card|training|drift|evaluation|release|owner|version)|models? (is|are|was|were)|bias|fairness|explainab\w+|inference)\b)",
    ))
    .expect("constant")
});

static SECURITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(security|isms|confidential\w*|integrity|availability|sicherheit|sécurité|cyber\w*|access|password\w*|incident\w*)\b")
        .expect("constant")
});

/// How far a document speaks of AI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subject {
    /// Share of its passages that do, 0 to 1; 1 if the title does.
    ai: f32,
}

impl Subject {
    pub fn of(title: &str, passages: &[Passage]) -> Self {
        if AI.is_match(title) {
            return Self { ai: 1.0 };
        }
        let speaking = passages.iter().filter(|p| speaks_of_ai(p)).count();
        Self { ai: speaking as f32 / passages.len().max(1) as f32 }
    }

    /// A factor in 0..=1 on the confidence that a passage is evidence under a framework: how well
    /// its subject fits. Hand-set steps; only their order matters much.
    pub fn fit(self, framework: &str, passage: &Passage) -> f32 {
        match framework {
            ISO42001 if speaks_of_ai(passage) => 1.0,
            ISO42001 => match self.ai {
                share if share >= 0.3 => 0.95,
                share if share >= 0.1 => 0.6,
                share if share > 0.0 => 0.4,
                _ => 0.1,
            },
            ISO27001 if self.ai >= 0.5 && speaks_of_ai(passage) => {
                if SECURITY.is_match(passage.text()) { 0.9 } else { 0.6 }
            }
            _ => 1.0,
        }
    }
}

fn speaks_of_ai(passage: &Passage) -> bool {
    AI.is_match(passage.text()) || passage.heading.iter().any(|h| AI.is_match(h))
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
        let subject = Subject::of("Internal audit report", &isms);
        assert!(subject.fit(ISO42001, &isms[0]) < 0.2);
        assert_eq!(subject.fit(ISO27001, &isms[0]), 1.0);
        let ai = [passage("The audit covered the AI policy."), passage("Owners were present.")];
        let subject = Subject::of("Internal audit report", &ai);
        assert_eq!(subject.fit(ISO42001, &ai[0]), 1.0);
        assert!(subject.fit(ISO42001, &ai[1]) > 0.9);
    }
}
