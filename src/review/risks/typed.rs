//! From the words of `risks.csv` to a register that can be judged. Texts stay as they stand.

use super::{
    super::{
        dates,
        fields::{names_nobody, norm, not_yet, says_nothing},
    },
    RiskRow, get, words,
};
use crate::{
    diag::Diagnostic,
    domain::{RegisterState, RegisteredRisk, RiskBand, RiskOption, RiskRegister, TargetId},
};

/// The register as it lies in `review/`; `None` if there is no such file. A file with faults is no
/// register: nothing of it is read.
pub fn risk_register(file: &str, bytes: Option<&[u8]>) -> RiskRegister {
    let Some(bytes) = bytes else { return RiskRegister::default() };
    match super::numbered(file, bytes) {
        Ok(rows) => typed(rows.iter().map(|(number, row)| (*number, row))),
        Err(faults) => unreadable(faults),
    }
}

/// A register that can't be read.
pub fn unreadable(faults: Vec<Diagnostic>) -> RiskRegister {
    RiskRegister { state: RegisterState::Unreadable, risks: Vec::new(), faults }
}

/// The register after an import.
pub fn imported_register(rows: &[RiskRow]) -> RiskRegister {
    typed((2..).zip(rows))
}

fn typed<'a>(rows: impl Iterator<Item = (u32, &'a RiskRow)>) -> RiskRegister {
    let risks = rows.map(|(number, row)| risk(number, row)).collect();
    RiskRegister { state: RegisterState::Read, risks, faults: Vec::new() }
}

fn risk(number: u32, row: &RiskRow) -> RegisteredRisk {
    let text = |column: &str| get(row, column).trim().to_owned();
    let said =
        |column: &str| if says_nothing(get(row, column)) { String::new() } else { text(column) };
    let person =
        |column: &str| if names_nobody(get(row, column)) { String::new() } else { text(column) };
    let day = |column: &str| dates::read_date(get(row, column), None).ok().flatten();
    let five = |column: &str| text(column).parse().ok().filter(|n| (1..=5).contains(n));
    let (controls, not_ids): (Vec<_>, Vec<_>) = list(get(row, "controls"))
        .into_iter()
        .map(|id| id.parse::<TargetId>().map_err(|_| id))
        .partition(Result::is_ok);
    RegisteredRisk {
        key: text("key"),
        id: text("id"),
        title: text("title"),
        description: text("description"),
        standards: list(get(row, "standards")),
        system: text("system"),
        assets: text("assets"),
        cause: text("cause"),
        consequence_organisation: text("consequence_organisation"),
        consequence_individuals: text("consequence_individuals"),
        consequence_society: text("consequence_society"),
        likelihood: text("likelihood"),
        impact: text("impact"),
        level: text("level"),
        likelihood_of_5: five("likelihood_of_5"),
        impact_of_5: five("impact_of_5"),
        band: band(get(row, "level_band")),
        scale: text("scale"),
        treatment: said("treatment"),
        option: option(get(row, "treatment")),
        controls: controls.into_iter().flatten().collect(),
        not_ids: not_ids.into_iter().filter_map(Result::err).collect(),
        controls_as_written: said("controls_as_written"),
        // `none` says that no risk remains.
        residual: if not_yet(get(row, "residual")) { String::new() } else { text("residual") },
        owner: person("owner"),
        accepted_by: person("accepted_by"),
        accepted_on: said("accepted_on"),
        accepted_day: day("accepted_on"),
        status: text("status"),
        closed: is_closed(get(row, "status")),
        next_review: text("next_review"),
        review_day: day("next_review"),
        same_as: list(get(row, "same_as")),
        likely_same_as: list(get(row, "likely_same_as")),
        source: text("source"),
        source_row: text("source_row"),
        row: number,
    }
}

/// The parts of a cell, between semicolons, commas or line breaks.
fn list(cell: &str) -> Vec<String> {
    let parts = cell.split([';', ',', '\n', '\r']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn band(cell: &str) -> Option<RiskBand> {
    let plain = norm(cell);
    RiskBand::ALL.into_iter().find(|band| band.as_str() == plain)
}

pub(super) fn is_closed(status: &str) -> bool {
    words::CLOSED.is_listed(&norm(status))
}

/// The option that a text names. Beside others *modify* counts, since it brings controls; two others,
/// or a text that denies something, are none.
fn option(treatment: &str) -> Option<RiskOption> {
    let plain = norm(treatment);
    let words: Vec<&str> = plain.split(' ').collect();
    if words.iter().any(|w| words::DENIALS.is_listed(w)) {
        return None;
    }
    let says = |known: &str| match known.strip_suffix('*') {
        Some(start) => words.iter().any(|w| w.starts_with(start)),
        None => words.contains(&known),
    };
    let named: Vec<RiskOption> = words::OPTIONS
        .iter()
        .filter(|(_, own)| own.listed().any(says))
        .map(|(option, _)| *option)
        .collect();
    match named.as_slice() {
        [one] => Some(*one),
        several if several.contains(&RiskOption::Modify) => Some(RiskOption::Modify),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Acceptance;

    #[test]
    fn options_are_read_in_all_languages_and_never_guessed() {
        for (text, wanted) in [
            ("Mitigate", Some(RiskOption::Modify)),
            ("Reduce by controls", Some(RiskOption::Modify)),
            ("Mindern", Some(RiskOption::Modify)),
            ("Mitigate, then transfer to the insurer", Some(RiskOption::Modify)),
            ("accept", Some(RiskOption::Retain)),
            ("Risikoakzeptanz", Some(RiskOption::Retain)),
            ("transfer", Some(RiskOption::Share)),
            ("Vermeiden", Some(RiskOption::Avoid)),
            ("not acceptable", None),
            ("Accept without mitigation", None),
            ("ohne Minderung akzeptieren", None),
            ("accept or avoid", None),
            ("teilweise", None),
            ("see plan", None),
            ("", None),
            ("Réduire", Some(RiskOption::Modify)),
            ("Accepter", Some(RiskOption::Retain)),
            ("Transférer", Some(RiskOption::Share)),
            ("Éviter", Some(RiskOption::Avoid)),
            ("Ne pas traiter", None),
            ("Mitigar", Some(RiskOption::Modify)),
            ("Asumir", Some(RiskOption::Retain)),
            ("Compartir", Some(RiskOption::Share)),
            ("Evitar", Some(RiskOption::Avoid)),
            ("sin tratar", None),
            ("Mitigazione", Some(RiskOption::Modify)),
            ("Accettazione", Some(RiskOption::Retain)),
            ("Trasferire", Some(RiskOption::Share)),
            ("Evitare", Some(RiskOption::Avoid)),
            ("Reduzir", Some(RiskOption::Modify)),
            ("Aceitar", Some(RiskOption::Retain)),
            ("Partilhar", Some(RiskOption::Share)),
            ("Eliminar", Some(RiskOption::Avoid)),
            ("Verminderen", Some(RiskOption::Modify)),
            ("Accepteren", Some(RiskOption::Retain)),
            ("Overdragen", Some(RiskOption::Share)),
            ("Vermijden", Some(RiskOption::Avoid)),
            ("niet geaccepteerd", None),
        ] {
            assert_eq!(option(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_row_keeps_its_words_and_what_could_be_read_of_them() {
        let text = "key,id,title,controls,treatment,residual,accepted_by,accepted_on,next_review,\
            level_band,likelihood_of_5,impact_of_5,status\n\
            a#1,1,Leak,\"ISO27001:A.5.15; A.5.16\",Mitigate,4,-,,31.03.2027,High,9,4,Closed\n\
            a#2,2,Fire,,accept,,CEO,03/04/2027,soon,x,2,5,\n";
        let register = risk_register("risks.csv", Some(text.as_bytes()));
        assert!(register.is_read());
        let [one, two] = &register.risks[..] else { panic!("two risks") };
        assert_eq!(one.controls, ["ISO27001:A.5.15".parse().unwrap()]);
        assert_eq!(one.not_ids, ["A.5.16"]);
        assert_eq!((one.likelihood_of_5, one.impact_of_5), (None, Some(4)));
        assert_eq!((one.band, one.closed), (Some(RiskBand::High), true));
        assert_eq!(one.acceptance(), Acceptance::Missing, "a dash is nobody");
        assert_eq!(one.review_day, "2027-03-31".parse().ok());
        assert_eq!((one.row, two.row), (2, 3));
        let by = Acceptance::By { who: "CEO".to_owned(), day: "03/04/2027".to_owned() };
        assert_eq!(two.acceptance(), by, "either day");
        assert_eq!((two.band, two.review_day, two.next_review.as_str()), (None, None, "soon"));
    }

    #[test]
    fn words_for_nobody_accept_nothing_and_a_residual_of_none_stays() {
        for nobody in [
            "not yet",
            "noch nicht",
            "Nobody",
            "niemand",
            "pending CEO",
            "-",
            "open",
            "n/a",
            "",
            "pas encore",
            "en attente du RSSI",
            "nadie",
            "pendiente",
            "da nominare",
            "por designar",
            "nog niemand",
        ] {
            let text =
                format!("key,title,residual,owner,accepted_by\na#1,Leak,none,{nobody},{nobody}\n");
            let risk = risk_register("r", Some(text.as_bytes())).risks.remove(0);
            assert_eq!((risk.acceptance(), risk.owner.as_str()), (Acceptance::Missing, ""));
            assert_eq!(risk.residual, "none", "{nobody}");
        }
        let text = "key,title,residual,accepted_by\na#1,Leak,open,Nora Pending\n";
        let risk = risk_register("r", Some(text.as_bytes())).risks.remove(0);
        assert_eq!((risk.accepted_by.as_str(), risk.residual.as_str()), ("Nora Pending", ""));
    }

    #[test]
    fn a_register_with_faults_is_none() {
        assert_eq!(risk_register("r", None).state, RegisterState::Missing);
        for bad in ["", "key,title\na,b\na,c\n", "key,title,x\na,b,c\n", "key,title\n\"a,b\n"] {
            let register = risk_register("risks.csv", Some(bad.as_bytes()));
            assert_eq!(register.state, RegisterState::Unreadable, "{bad}");
            assert!(!register.faults.is_empty() && register.risks.is_empty());
        }
    }
}
