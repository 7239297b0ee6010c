//! What sort of asset a row is, and whether it is an AI system.

use super::{super::fields::norm, words};
use crate::domain::{AI_SYSTEM, ByLanguage};

/// Whether a text in normal form holds words, whole.
pub(super) fn holds(text: &str, words: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

/// The same, where no word directly before them denies it.
pub(super) fn affirms(text: &str, words: &str) -> bool {
    let (padded, sought) = (format!(" {text} "), format!(" {words} "));
    padded.match_indices(&sought).any(|(at, _)| {
        let before = padded[..at].rsplit(' ').next().unwrap_or_default();
        !words::DENIALS.is_listed(before)
    })
}

/// The kind that a cell names: an AI system before anything else that it may also be, then the word
/// that stands first.
pub(super) fn of(cell: &str) -> Option<&'static str> {
    let text = norm(cell);
    if text.is_empty() {
        return None;
    }
    if words::KIND_AI.listed().any(|word| affirms(&text, word)) {
        return Some(AI_SYSTEM);
    }
    let padded = format!(" {text} ");
    let place = |word: &str| padded.find(&format!(" {word} "));
    let first = |words: &ByLanguage<&'static str>| words.listed().filter_map(place).min();
    let named = words::KINDS.iter().filter_map(|(kind, words)| Some((first(words)?, *kind)));
    Some(named.min_by_key(|(place, _)| *place).map_or("other", |(_, kind)| kind))
}

/// The words for which an asset is likely an AI system.
pub(super) fn likely(name: &str, description: &str) -> Option<&'static str> {
    let text = norm(&format!("{name} {description}"));
    words::LIKELY_AI.listed().find(|word| affirms(&text, word))
}

#[cfg(test)]
mod tests {
    use super::{super::super::fields::mark, *};

    #[test]
    fn kinds_in_seven_languages() {
        for (cell, kind) in [
            ("Software, AI", "ai-system"),
            ("KI-System", "ai-system"),
            ("Software", "application"),
            ("Fachanwendung", "application"),
            ("Cloud service", "service"),
            ("IT-System", "application"),
            ("Information", "information"),
            ("Daten", "information"),
            ("Standort", "site"),
            ("Server", "hardware"),
            ("Personal", "people"),
            ("ai-system", "ai-system"),
            ("Goodwill", "other"),
            ("Non-AI software", "application"),
            ("no AI", "other"),
            ("kein KI-System", "application"),
            ("Software ohne KI", "application"),
            ("no server, AI", "ai-system"),
            ("Logiciel", "application"),
            ("Système d'IA", "ai-system"),
            ("sans IA", "other"),
            ("Matériel réseau", "hardware"),
            ("Información", "information"),
            ("Equipos", "hardware"),
            ("Sistema de IA", "ai-system"),
            ("Personale", "people"),
            ("Servizio cloud", "service"),
            ("Edifício", "site"),
            ("Aplicação", "application"),
            ("Gegevens", "information"),
            ("Gebouw", "site"),
            ("AI-systeem", "ai-system"),
        ] {
            assert_eq!(of(cell), Some(kind), "{cell}");
        }
        assert_eq!(of(" "), None);
        assert_eq!(of("Hairdresser"), Some("other"), "`ai` inside a word is none");
    }

    #[test]
    fn marks_are_read_and_words_are_not() {
        assert_eq!(["x", "Ja", "✓", "1"].map(mark), [Some(true); 4]);
        assert_eq!(["No", "-", "☐"].map(mark), [Some(false); 3]);
        assert_eq!(["Oui", "Sí", "sì", "SIM", "ja"].map(mark), [Some(true); 5]);
        assert_eq!(["Non", "no", "Não", "nee", "Nein"].map(mark), [Some(false); 5]);
        assert_eq!(mark("Ambra Triage"), None);
        assert_eq!(mark(""), None);
        assert_eq!(likely("Chatbot of the portal", ""), Some("chatbot"));
        assert_eq!(likely("Portal", "uses no AI"), None);
        assert_eq!(likely("Mail gateway", "filters mail"), None);
    }
}
