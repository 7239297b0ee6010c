//! Statements of the SoA that don't fit together, or say nothing: what auditors ask about first.
//! The other direction, from evidence to statement, is in `findings.rs`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Inputs, coverage::Weighed, findings::at_position, rows::Row};
use crate::{
    diag::Diagnostic,
    domain::{
        Applicability, ByLanguage, Conclusion, Coverage, CoverageReason, ImplementationStatus,
        Position, ProvidedBy, squash_whitespace,
    },
};

/// Justifications that only say again that a control is in or out; whole texts, as parts of a pattern.
const EMPTY: ByLanguage<&str> = ByLanguage {
    en: r"(?:(?:the|this) )?(?:(?:annex a )?control )?(?:is |was )?(?:n/?a|none|tbd|to be defined|ok|yes|no|see (?:policy|above)|(?:not )?(?:applicable|relevant|required|needed|necessary)|irrelevant|(?:best|good) practi[cs]e|state of the art|(?:required by|requested by|requirement of) (?:the standard|iso\W*(?:iec\W*)?\d+(?::\d+)?|annex a))(?: for us| for (?:the|our) organi[sz]ation| here)?",
    de: r"(?:(?:die|diese) )?(?:maßnahme |massnahme )?(?:ist |wird )?(?:ja|nein|n/?a|siehe (?:oben|richtlinie)|(?:nicht )?(?:anwendbar|erforderlich|notwendig|zutreffend|relevant)|entfällt|irrelevant|bewährte praxis|best practice|stand der technik|(?:verlangt|gefordert) (?:von|durch) (?:der norm|die norm|iso\W*(?:iec\W*)?\d+(?::\d+)?|annex a))(?: für uns)?",
    fr: r"s\.?\s?o\.?|néant|oui|non|sans objet|(?:(?:la|cette) mesure (?:est|n['’]est pas) |non |pas )?(?:applicable|pertinente?|requise?|nécessaire)|bonnes? pratiques?|état de l['’]art|voir (?:la politique|ci-dessus)|exigée?s? par (?:la norme|l['’]iso[^.]{0,20})",
    es: r"sí|no|(?:(?:el|este) control )?(?:no )?(?:es )?(?:aplica|aplicable|relevante|requerid[oa]|necesari[oa])|buenas? prácticas?|véase (?:la política|arriba)|exigido por (?:la norma|iso[^.]{0,20})",
    it: r"sì|no|(?:(?:il|questo) controllo )?(?:non )?(?:è )?(?:applicabile|pertinente|rilevante|richiest[oa]|necessari[oa])|buon[ae] pra(?:tica|ssi)|vedi (?:politica|sopra)|richiesto d(?:alla norma|a iso[^.]{0,20})",
    pt: r"sim|não|(?:(?:o|este) controlo )?(?:não )?(?:se aplica|(?:é )?(?:aplicável|relevante|exigido|necessári[oa]))|boas? práticas?|ver (?:política|acima)|exigido pela (?:norma|iso[^.]{0,20})",
    nl: r"n\.?v\.?t\.?|ja|nee|(?:(?:de|deze) maatregel is )?(?:niet )?(?:van toepassing|relevant|vereist|nodig|noodzakelijk)|best practice|stand der techniek|zie (?:beleid|boven)|vereist door (?:de norm|iso[^.]{0,20})",
};

static SAYS_NOTHING: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)^\W*(?:{})\W*$", EMPTY.any())).ok());

fn says_nothing(text: &str) -> bool {
    SAYS_NOTHING.as_ref().is_some_and(|empty| empty.is_match(&squash_whitespace(text)))
}

/// What a row's statements say against each other or against its evidence.
pub(super) fn contradictions(
    row: &Row<'_>,
    weighed: &Weighed,
    inputs: &Inputs<'_>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(position) = row.stand.shown() else { return };
    let mut say = |code: &str, message: String, help: &str| {
        out.push(at_position(Diagnostic::warning(code, message).help(help), position));
    };
    let name = row.name();
    if row.is_excluded() {
        let accepted = weighed.evidence.iter().filter(|e| !e.lost).count();
        if accepted > 0 {
            let pieces = if accepted == 1 { "piece" } else { "pieces" };
            say(
                "excluded-with-evidence",
                format!(
                    "{name} is excluded, but {accepted} {pieces} of evidence are accepted for it"
                ),
                "a control that is in use can't be excluded: correct applicability, or the decisions",
            );
        }
        let status = row.stand.status().map(|(status, _)| status);
        if let Some(status) = status.filter(|s| *s != ImplementationStatus::NotImplemented) {
            say(
                "excluded-but-implemented",
                format!("{name} is excluded, but stated as {}", status.as_str()),
                "correct applicability, or clear implementation_status",
            );
        }
        return;
    }
    let provided = row.stand.provider().filter(|(by, _)| *by != ProvidedBy::Own);
    if let Some((by, stated)) = provided {
        if stated.provider.trim().is_empty() {
            say(
                "provider-not-named",
                format!("{name} is {}, but no provider is named", by.as_str()),
                "fill in provider",
            );
        }
        let missing = weighed.reasons.contains(&CoverageReason::ProviderEvidenceMissing);
        let nothing = weighed.evidence.iter().all(|e| e.lost);
        if missing || nothing {
            say(
                "inherited-without-evidence",
                format!(
                    "{name} is {}, but nothing accepted shows what the provider does and that it \
                     is overseen",
                    by.as_str()
                ),
                "accept the contract, certificate or report, and a record of our own oversight",
            );
        }
    }
    // Said not to be there, and said to be there.
    let status = row.stand.status().map(|(status, _)| status);
    let absent = matches!(
        status,
        Some(ImplementationStatus::NotImplemented | ImplementationStatus::Planned)
    );
    if let (true, Some(status)) = (absent, status) {
        let asserted = row.stand.asserted().filter(|(coverage, _)| *coverage == Coverage::Full);
        let sufficient = position.conclusion == Some(Conclusion::EvidenceSufficient);
        let what = match (asserted, sufficient) {
            (Some(_), _) => Some("its coverage is asserted as full"),
            (None, true) => Some("the evidence is concluded to be sufficient"),
            (None, false) => None,
        };
        if let Some(what) = what {
            say(
                "absent-but-asserted",
                format!("{name} is stated as {}, but {what}", status.as_str()),
                "correct implementation_status, or the conclusion or override",
            );
        }
    }
    let planned = row.stand.status().filter(|(s, _)| *s == ImplementationStatus::Planned);
    match planned.map(|(_, position)| position.planned_for) {
        Some(None) => say(
            "planned-without-date",
            format!("{name} is planned, but for no date"),
            "fill in planned_for",
        ),
        Some(Some(date)) if date < inputs.as_of => say(
            "planned-date-passed",
            format!("{name} was planned for {date}, which has passed"),
            "state what has become of it, or a new date",
        ),
        _ => {}
    }
}

/// A justification that is a phrase. `row` names the position for people.
pub(super) fn of_position(
    position: &Position,
    row: &str,
    inputs: &Inputs<'_>,
) -> Option<Diagnostic> {
    inputs.catalog.get(&position.target)?;
    if !says_nothing(&position.justification) {
        return None;
    }
    let what = match position.applicability {
        Some(Applicability::NotApplicable) => "excluded",
        _ => "justified",
    };
    let text = squash_whitespace(&position.justification);
    let message = format!("{row} is {what} with a phrase: “{text}”");
    Some(at_position(
        Diagnostic::warning("justification-says-nothing", message)
            .help("say what it is about this organisation that makes the control needed, or not"),
        position,
    ))
}

#[cfg(test)]
mod tests {
    use super::{super::testkit::*, *};

    const ACCESS: &str = "ISO27001:A.5.15";

    fn codes(prepare: impl Fn(&mut World)) -> Vec<String> {
        let mut world = World::new();
        world.system("triage", true);
        prepare(&mut world);
        let all = world.assess().diagnostics.into_iter();
        all.filter(|d| d.target.is_some()).map(|d| d.code).collect()
    }

    #[test]
    fn an_exclusion_fits_neither_evidence_nor_a_status() {
        let exclude = |world: &mut World| {
            let position = world.position(ACCESS, None);
            position.applicability = Some(Applicability::NotApplicable);
            position.exclusion_reasons = vec![crate::domain::ExclusionReason::NoActivity];
            position.justification = "We run no network of our own.".into();
        };
        assert!(codes(exclude).is_empty());
        assert_eq!(
            codes(|world| {
                world.accept(ACCESS, "d1", "policy.md");
                exclude(world);
            }),
            ["excluded-with-evidence"]
        );
        let status = |status| {
            codes(move |world| {
                exclude(world);
                world.positions[0].implementation_status = Some(status);
            })
        };
        assert!(
            status(ImplementationStatus::Implemented).contains(&"excluded-but-implemented".into())
        );
        assert!(status(ImplementationStatus::NotImplemented).is_empty());
    }

    #[test]
    fn what_is_not_there_is_not_sufficient() {
        let said = |status, conclusion, coverage| {
            codes(move |world| {
                world.accept_all(ACCESS, None);
                let position = world.position(ACCESS, None);
                position.implementation_status = Some(status);
                position.planned_for = Some(date("2026-12-01"));
                position.conclusion = conclusion;
                position.override_coverage = coverage;
                position.override_until = Some(date("2026-12-01"));
            })
        };
        let absent = ["absent-but-asserted".to_owned()];
        for status in [ImplementationStatus::NotImplemented, ImplementationStatus::Planned] {
            assert_eq!(said(status, Some(Conclusion::EvidenceSufficient), None), absent);
            assert!(!said(status, None, None).contains(&absent[0]));
        }
        let done = ImplementationStatus::Implemented;
        assert!(said(done, Some(Conclusion::EvidenceSufficient), None).is_empty());
    }

    #[test]
    fn what_is_inherited_names_its_provider_and_shows_something() {
        let inherited = |provider: &'static str| {
            codes(move |world| {
                let position = world.position(ACCESS, None);
                position.provided_by = Some(ProvidedBy::Inherited);
                position.provider = provider.into();
            })
        };
        assert_eq!(inherited(""), ["provider-not-named", "inherited-without-evidence"]);
        assert_eq!(inherited("Host GmbH"), ["inherited-without-evidence"]);
    }

    #[test]
    fn a_plan_has_a_date_that_is_still_to_come() {
        let planned = |day: Option<&'static str>| {
            codes(move |world| {
                let position = world.position(ACCESS, None);
                position.implementation_status = Some(ImplementationStatus::Planned);
                position.planned_for = day.map(date);
            })
        };
        assert_eq!(planned(None), ["planned-without-date"]);
        assert_eq!(planned(Some("2026-05-31")), ["planned-date-passed"]);
        assert!(planned(Some("2026-06-01")).is_empty());
    }

    #[test]
    fn a_phrase_is_no_justification() {
        for text in [
            "Not relevant.",
            "N/A",
            "n.a. – not applicable for us",
            "Required by ISO 27001",
            "Best practice",
            "nicht relevant",
            "Entfällt",
            "This control is not required.",
            "required by the standard",
            "Non applicable",
            "Exigée par la norme",
            "No aplica.",
            "El control no es necesario",
            "Non pertinente",
            "Richiesto da ISO 27001",
            "Não se aplica",
            "Boas práticas",
            "Niet van toepassing",
            "n.v.t.",
        ] {
            let expected = text != "n.a. – not applicable for us";
            assert_eq!(says_nothing(text), expected, "{text}");
        }
        for text in [
            "",
            "Not relevant: we have no premises of our own.",
            "Treats R-012.",
            "Required by § 75c SGB V",
            "Customer files lie on shared drives.",
            "Non applicable : aucun développement en interne.",
            "No aplica porque no hay oficinas propias.",
            "Niet van toepassing: geen eigen ontwikkeling.",
            "We are required by contract with the hospital group to keep logs.",
        ] {
            assert!(!says_nothing(text), "{text}");
        }
        let found = codes(|world| world.position(ACCESS, None).justification = "N/A".into());
        assert_eq!(found, ["justification-says-nothing"]);
    }
}
