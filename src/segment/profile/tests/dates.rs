use super::*;

fn event(path: &str, properties: &[(&str, &str)], lines: &[&str]) -> String {
    let day = profile(&document(path, properties, lines)).event_on;
    day.map_or_else(String::new, |day| day.to_string())
}

#[test]
fn an_event_is_dated_by_name_label_or_sentence() {
    for (path, lines, day) in [
        ("r/restore-test-2026-02-11.md", &["Performed by ops"][..], "2026-02-11"),
        ("r/Audit_20260611.pdf", &["x"], "2026-06-11"),
        ("r/scan 2026_06_11.md", &["x"], "2026-06-11"),
        ("r/Access Review 2026-Q1.md", &["x"], "2026-03-31"),
        ("r/Access Review Q3-2026.md", &["Date: 2026-10-07"], "2026-10-07"),
        ("r/visitor log 2026-05.md", &["x"], "2026-05-31"),
        ("r/Drill June 2026.md", &["On Saturday 2026-06-20 the alarm went off."], "2026-06-20"),
        ("r/test 2026-05-04 to 2026-05-08.md", &["x"], "2026-05-08"),
        (
            "r/incidente 2026-07.md",
            &["Informe INC-2026-07", "Fecha de detección: 7 de mayo de 2026"],
            "2026-05-07",
        ),
        (
            "r/incidente.md",
            &["Data di rilevazione: 7 maggio 2026", "Chiuso: 12 maggio 2026"],
            "2026-05-07",
        ),
        (
            "r/incidente.md",
            &["Data de deteção: 7 de maio de 2026", "Fecho: 12/05/2026"],
            "2026-05-07",
        ),
        ("r/incident.md", &["Datum melding: 7 mei 2026", "Afgesloten: 12 mei 2026"], "2026-05-07"),
        ("r/incident.md", &["Date de détection : 7 mai 2026", "Clos : 12 mai 2026"], "2026-05-07"),
        // Numbers and years are no dates, ambiguous forms neither.
        ("r/INC-2026-02 incident.md", &["x"], ""),
        ("r/review 2026.md", &["x"], ""),
        ("r/review 03-04-2026.md", &["x"], ""),
        ("r/review.md", &["Date: 03/04/2026", "Tested on 2026-01-01"], "2026-01-01"),
        ("r/review.md", &["Held on: 03/04/2026", "Meeting room booked 2026-01-01"], ""),
        (
            "r/test.md",
            &["Test period: 3 to 14 August 2026. Report date: 28 August 2026."],
            "2026-08-14",
        ),
        ("r/test.md", &["Report date: 2026-08-28 · Tested: 2026-08-03"], "2026-08-03"),
        ("r/test.md", &["Zeitraum: 01.03.2026 bis 15.03.2026"], "2026-03-15"),
        ("r/audit.md", &["Period: Q1 2026"], "2026-03-31"),
        (
            "r/incident.md",
            &["| Found | 2026-07-30 by monitoring |", "| Closed | 2026-09-21 |"],
            "2026-07-30",
        ),
        ("r/review.md", &["The meeting took place on 2 July 2026 in Bonn."], "2026-07-02"),
        ("r/review.md", &["Next review: 2027-01-01", "Due 2026-12-01"], ""),
        (
            "r/review.md",
            &["Next test on 2027-01-01. All keys were rotated 2026-03-02."],
            "2026-03-02",
        ),
        ("p/policy.md", &["Date: 2026-02-11"], ""),
    ] {
        assert_eq!(event(path, &[], lines), day, "{path} {lines:?}");
    }
    for (lines, day) in [
        (&["Durchgeführt am: 12. März 2026"][..], "2026-03-12"),
        (&["Date de la réunion : 12 mars 2026"], "2026-03-12"),
        (&["Fecha de la prueba: 12 de marzo de 2026"], "2026-03-12"),
        (&["Data: 12 marzo 2026"], "2026-03-12"),
        (&["Data da reunião: 12 de março de 2026"], "2026-03-12"),
        (&["Datum van de oefening: 12 maart 2026"], "2026-03-12"),
        (&["L'exercice s'est tenu le jeudi 12 mars 2026 à Lyon."], "2026-03-12"),
        (&["El simulacro se realizó el 12 de marzo de 2026."], "2026-03-12"),
        (&["L'esercitazione è stata svolta il 12 marzo 2026."], "2026-03-12"),
        (&["O teste foi realizado em 12 de março de 2026."], "2026-03-12"),
        (&["De oefening vond plaats op donderdag 12 maart 2026."], "2026-03-12"),
        (&["Prochaine revue le 12 mars 2027", "Échéance 1er mai 2027"], ""),
        (&["Prossima verifica: 12 marzo 2027"], ""),
        (&["Volgende controle op 12 maart 2027"], ""),
    ] {
        assert_eq!(event("r/test.md", &[], lines), day, "{lines:?}");
    }
    // Its language tells day from month.
    let ambiguous = document("r/test.md", &[], &["Date : 03/04/2026"]);
    let of = |told| super::super::profile(&ambiguous, told).event_on.map(|day| day.to_string());
    assert_eq!(of(Some(Language::Fr)).as_deref(), Some("2026-04-03"));
    assert_eq!((of(Some(Language::En)), of(None)), (None, None));
    assert_eq!(event("r/review.md", &[("review_date", "2026-05-11")], &["x"]), "2026-05-11");
    // The day of approval is another date.
    let approved = [("approved_on", "2026-05-11")];
    assert_eq!(event("r/assessment.md", &approved, &["Approved 2026-05-11"]), "");
}

#[test]
fn registers_are_as_old_as_their_last_check_and_logs_as_their_last_row() {
    let of = |path: &str, rows: &[&str]| {
        profile(&table(path, rows)).event_on.map_or_else(String::new, |day| day.to_string())
    };
    let register = [
        "Asset Owner Purchased on Last check Next check",
        "A-1 IT 2020-01-01 2026-02-03 2027-02-03",
        "A-2 IT 2021-01-01 2026-01-04 2027-01-04",
        "A-3 IT 2026-01-05",
    ];
    // "Purchased on" is no column that we know, so nothing can be counted.
    assert_eq!(of("asset register.xlsx", &register), "");
    let register = [
        "List of assets",
        "Asset Owner Last check Next check",
        "A-1 IT 2026-02-03 2027-02-03",
        "A-2 IT 2026-01-04 2027-01-04",
    ];
    assert_eq!(of("asset register.xlsx", &register), "2026-02-03");
    let register = ["Law Owner State Checked on", "GDPR of 2016-04-27 DPO ok 2026-09-22"];
    assert_eq!(of("legal register.csv", &register), "2026-09-22");
    let check = ["quarter group checked_by checked_on", "2026-Q1 women H. B. 2026-04-09"];
    assert_eq!(of("impact check 2026-Q1.csv", &check), "2026-04-09");
    // The second row has no check yet, and a date in its text.
    let actions = [
        "No Source Owner Due Status Checked on",
        "1 Audit A. B. 2026-03-31 closed 2026-06-15",
        "2 Board 2026-05-01 two reviews are missing in all A. B. 2026-11-30",
    ];
    assert_eq!(of("action log.xlsx", &actions), "2026-06-15");
    let plain = ["Asset Owner Bought", "A-1 IT 2020-01-01"];
    assert_eq!(of("asset register.csv", &plain), "");
    let log = ["date visitor host left", "2026-05-02 A. B. 10:00", "2026-05-28 C. D. 11:00"];
    assert_eq!(of("visitor log.csv", &log), "2026-05-28");
    let scan = [
        "scan_date host rating status",
        "2026-05-02 web1 high open due 2026-06-02",
        "2026-05-03 web2 low fixed 2026-05-20",
    ];
    assert_eq!(of("vulnerability scan.csv", &scan), "2026-05-03");
    let training = ["Person Course Date Valid until", "E-1 Basics 2026-01-16 2027-12-31"];
    assert_eq!(of("training records.xlsx", &training), "2026-01-16");
}

#[test]
fn a_review_date_is_placed_by_the_other_dates() {
    let of = |name: &str, modified: &str| {
        let got = profile(&document(
            name,
            &[("review_date", "2026-05-11"), ("modified", modified)],
            &["x"],
        ));
        (got.reviewed_on.is_some(), got.next_review_on.is_some())
    };
    assert_eq!(of("policy.md", "2025-05-11T09:00:00Z"), (false, true));
    assert_eq!(of("policy.md", "2026-05-11T09:00:00Z"), (true, false));
    assert_eq!(of("policy.md", ""), (false, false));
    let month = profile(&document("policy.md", &[("next_review_on", "June 2027")], &["x"]));
    assert_eq!(month.next_review_on.unwrap().to_string(), "2027-06-30");
}
