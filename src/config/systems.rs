//! Which declared system a name means, as people write it in registers.

use super::System;
use crate::domain::plain_words;

/// Letters that a name needs at least before a part of it is taken for the whole.
const TELLING: usize = 4;

/// The system that one of these names means: its id or name; else a name with something behind it
/// (`Ambra Triage 2.4`), or the beginning of one (`TalentSift` for `TalentSift CV screening`), as long as
/// no other system could be meant.
pub fn system_named<'s>(systems: &'s [System], names: &[&str]) -> Option<&'s System> {
    let names: Vec<String> =
        names.iter().map(|n| plain_words(n)).filter(|n| !n.is_empty()).collect();
    let faces: Vec<(&System, [String; 2])> =
        systems.iter().map(|s| (s, [plain_words(&s.id), plain_words(&s.name)])).collect();
    let exact = faces.iter().find(|(_, face)| names.iter().any(|name| face.contains(name)));
    if let Some((system, _)) = exact {
        return Some(system);
    }
    let begins = |long: &str, short: &str| {
        short.chars().count() >= TELLING
            && long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
    };
    // Ids are short words of their own: `portal` is not meant by `Portal chatbot`.
    let near =
        |[_, own]: &[String; 2]| names.iter().any(|name| begins(name, own) || begins(own, name));
    let mut found = faces.iter().filter(|(_, face)| near(face));
    match (found.next(), found.next()) {
        (Some((system, _)), None) => Some(system),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn systems(named: &[(&str, &str)]) -> Vec<System> {
        let system = |(id, name): &(&str, &str)| System {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            ai: true,
            roles: Vec::new(),
            paths: Vec::new(),
        };
        named.iter().map(system).collect()
    }

    #[test]
    fn a_system_is_known_by_its_name_with_a_version_or_the_beginning_of_it() {
        let all = systems(&[("triage", "Ambra Triage"), ("screening", "TalentSift CV screening")]);
        let found = |name: &str| system_named(&all, &[name, ""]).map(|s| s.id.as_str());
        assert_eq!(found("ambra-triage"), Some("triage"));
        assert_eq!(found("Ambra Triage 2.4"), Some("triage"));
        assert_eq!(found("TalentSift"), Some("screening"));
        assert_eq!(found("SCREENING"), Some("screening"));
        for other in [
            "",
            "Ambra",
            "Triage nurse",
            "Training data of Ambra Triage",
            "Ambra Triages",
            "screenings",
        ] {
            let wanted = (other == "Ambra").then_some("triage");
            assert_eq!(found(other), wanted, "{other}");
        }
        let two = systems(&[("a", "Ambra Triage"), ("b", "Ambra Notes")]);
        assert_eq!(system_named(&two, &["Ambra"]), None, "either could be meant");
    }
}
