//! Registers as people keep them, made here.

use super::*;
use crate::config::System;

const SECURITY: &str = "\
Risk register 2026;;;;;;;;;
ID;Risk;Asset;Threat;Likelihood (1-5);Impact (1-5);Score;Treatment;Controls;Risk owner;Residual risk;Accepted by
R-1;Takeover of user accounts by phishing;Identity service;Phishing;4;5;20;Mitigate;A.5.17, A.8.13, A.8.5;IT Ops;6;
R-2;Fire in the server room;Data centre;Fire;1;4;4;Accept;;Facilities;4;CEO
R-3;Leak of training data;Model store;Insider;3;3;9;Mitigate;;ML lead;;
";
const AI: &str = "\
Nr.;Risiko;Werte;Ursache;Eintrittswahrscheinlichkeit;Auswirkung;Risikostufe;Behandlung;Maßnahmen;Risikoeigentümer;Restrisiko;Akzeptiert von;Nächste Überprüfung
K1;Verzerrung (Bias) im Modell Triage;Modell;Unausgewogene Trainingsdaten;hoch;sehr hoch;hoch;Mindern;ISO 42001 A.7.4;Produkt;mittel;;31.03.2027
K2;Leak of training data;Model store;Angreifer;mittel;hoch;mittel;Mindern;A.7.2;IT;;;
";

fn config() -> Config {
    let system = System {
        id: "triage".to_owned(),
        name: "Triage".to_owned(),
        ai: true,
        roles: Vec::new(),
        paths: Vec::new(),
    };
    Config { systems: vec![system], ..Config::default() }
}

fn take(files: &[(&str, &str)], current: &[RiskRow], before: &Cells) -> RiskImport {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
    let options = RiskOptions::default();
    import_risks(&files, &options, Catalog::builtin(), &config(), current, before).unwrap()
}

fn row<'a>(import: &'a RiskImport, key: &str) -> &'a RiskRow {
    import.rows.iter().find(|r| get(r, "key") == key).unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn registers_in_two_languages_become_one() {
    let import = take(&[("a/sec.csv", SECURITY), ("ki.csv", AI)], &[], &Cells::new());
    assert_eq!((import.counts.read, import.counts.new, import.counts.register), (5, 5, 5));
    let one = row(&import, "sec.csv#R-1");
    let cell = |c| get(one, c);
    assert_eq!(cell("title"), "Takeover of user accounts by phishing");
    assert_eq!(
        (cell("assets"), cell("cause"), cell("owner")),
        ("Identity service", "Phishing", "IT Ops")
    );
    assert_eq!((cell("likelihood"), cell("impact"), cell("level")), ("4", "5", "20"));
    assert_eq!(
        (cell("likelihood_of_5"), cell("impact_of_5"), cell("level_band")),
        ("4", "5", "critical")
    );
    assert_eq!(
        (cell("controls"), cell("standards")),
        ("ISO27001:A.5.17; ISO27001:A.8.13", "ISO27001"),
        "A.8.5 is in both"
    );
    assert_eq!((cell("source"), cell("source_row"), cell("residual")), ("sec.csv", "3", "6"));
    let two = row(&import, "ki.csv#K1");
    let cell = |c| get(two, c);
    assert_eq!((cell("standards"), cell("system")), ("ISO42001", "triage"));
    assert_eq!((cell("controls"), cell("next_review")), ("ISO42001:A.7.4", "2027-03-31"));
    assert_eq!(
        (cell("likelihood"), cell("likelihood_of_5"), cell("level_band")),
        ("hoch", "4", "high")
    );
}

#[test]
fn likely_doubles_of_two_registers_are_named_and_not_merged() {
    let import = take(&[("sec.csv", SECURITY), ("ki.csv", AI)], &[], &Cells::new());
    assert_eq!(import.counts.likely_doubles, 2);
    assert_eq!(get(row(&import, "sec.csv#R-3"), "likely_same_as"), "ki.csv#K2");
    assert_eq!(get(row(&import, "sec.csv#R-3"), "same_as"), "");
    assert_eq!(import.rows.len(), 5);
    let mut rows = import.rows.clone();
    let at = rows.iter().position(|r| get(r, "key") == "ki.csv#K2").unwrap();
    rows[at].insert("same_as".to_owned(), "sec.csv#R-3".to_owned());
    let again = take(&[("ki.csv", AI)], &rows, &import.written);
    assert_eq!(again.counts.likely_doubles, 0);
    assert_eq!(get(row(&again, "ki.csv#K2"), "same_as"), "sec.csv#R-3");
}

#[test]
fn the_next_import_changes_what_nobody_edited_and_nothing_else() {
    let first = take(&[("sec.csv", SECURITY)], &[], &Cells::new());
    let mut rows = read_register(RISKS_FILE, &register_csv(&first.rows)).unwrap();
    assert_eq!(rows, first.rows);
    rows[0].insert("owner".to_owned(), "Head of IT".to_owned());
    rows[0].insert("level".to_owned(), "12".to_owned());
    let by_hand: RiskRow = [("title".to_owned(), "By hand".to_owned())].into();
    rows.push(by_hand);
    let text = SECURITY
        .replace("IT Ops;6", "Ops;5")
        .replace("R-2;Fire", "R-9;Fire")
        .replace(";20;", ";15;");
    let second = take(&[("sec.csv", &text)], &rows, &first.written);
    let one = row(&second, "sec.csv#R-1");
    assert_eq!(
        (get(one, "owner"), get(one, "level"), get(one, "residual")),
        ("Head of IT", "12", "5")
    );
    assert_eq!((second.counts.kept_cells, second.counts.gone, second.counts.new), (2, 1, 1));
    row(&second, "sec.csv#R-2");
    assert!(second.rows.iter().any(|r| get(r, "title") == "By hand"));
    assert!(second.diagnostics.iter().any(|d| d.code == "import-gone"));
    // The same file once more changes nothing.
    let third = take(&[("sec.csv", &text)], &second.rows, &second.written);
    assert_eq!(third.rows, second.rows);
}

/// An import whose sheets all number their rows from 1.
fn of_sheets(sheets: &[&str], current: &[RiskRow], before: &Cells) -> RiskImport {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (n, rows) in sheets.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(format!("S{n}")).unwrap();
        let head = "ID;Risk;Likelihood;Impact;Treatment;Accepted by";
        for (r, line) in [head].into_iter().chain(rows.lines()).enumerate() {
            for (c, cell) in line.split(';').enumerate() {
                sheet.write(r as u32, c as u16, cell).unwrap();
            }
        }
    }
    let files = [("r.xlsx".to_owned(), book.save_to_buffer().unwrap())];
    let options = RiskOptions::default();
    import_risks(&files, &options, Catalog::builtin(), &config(), current, before).unwrap()
}

#[test]
fn ids_that_several_sheets_use_lose_and_swap_nothing() {
    let sheets = [
        "1;Fire;1;1;accept;\n2;Flood;1;1;accept;",
        "1;Theft;1;1;accept;\n2;Fraud;1;1;accept;",
        "1;Bias;1;1;accept;\n2;Leak;1;1;accept;\n1#2;Drift;1;1;accept;",
    ];
    let first = of_sheets(&sheets, &[], &Cells::new());
    let face = |import: &RiskImport| -> Vec<String> {
        let cells = |r| format!("{} {} {}", get(r, "key"), get(r, "title"), get(r, "accepted_by"));
        import.rows.iter().map(cells).collect()
    };
    assert_eq!(
        face(&first),
        [
            "r.xlsx#1 Fire ",
            "r.xlsx#2 Flood ",
            "r.xlsx#1#2 Theft ",
            "r.xlsx#2#2 Fraud ",
            "r.xlsx#1#3 Bias ",
            "r.xlsx#2#3 Leak ",
            "r.xlsx#1#2#2 Drift ",
        ]
    );
    assert_eq!(first.diagnostics.iter().filter(|d| d.code == "import-id").count(), 5);
    let mut edited = first.rows.clone();
    for (n, row) in edited.iter_mut().enumerate() {
        row.insert("accepted_by".to_owned(), format!("P{n}"));
    }
    let wanted: Vec<String> =
        face(&first).iter().enumerate().map(|(n, face)| format!("{face}P{n}")).collect();
    let second = of_sheets(&sheets, &edited, &first.written);
    assert_eq!((face(&second), second.counts.new, second.counts.gone), (wanted, 0, 0));
}

#[test]
fn a_risk_without_an_id_keeps_its_edits_when_lines_are_inserted() {
    let old =
        ";Fire in the hall;1;1;accept;\n;Flood;1;1;accept;\n;Flood;2;2;accept;\n;??;1;1;accept;";
    let first = of_sheets(&[old], &[], &Cells::new());
    let keys: Vec<&str> = first.rows.iter().map(|r| get(r, "key")).collect();
    assert_eq!(
        keys,
        ["r.xlsx#fire-in-the-hall", "r.xlsx#flood", "r.xlsx#flood#2", "r.xlsx#unnamed"]
    );
    let mut edited = first.rows.clone();
    edited[1].insert("accepted_by".to_owned(), "CEO".to_owned());
    let new = format!(";Theft;1;1;accept;\n{old}");
    let second = of_sheets(&[&new], &edited, &first.written);
    assert_eq!((second.counts.new, second.counts.gone), (1, 0));
    let accepted: Vec<(&str, &str)> = second
        .rows
        .iter()
        .filter(|r| !get(r, "accepted_by").is_empty())
        .map(|r| (get(r, "title"), get(r, "source_row")))
        .collect();
    assert_eq!(accepted, [("Flood", "4")]);
}

#[test]
fn what_is_no_register_is_refused() {
    let options = RiskOptions::default();
    let refused = |text: &str| {
        let files = [("x.csv".to_owned(), text.as_bytes().to_vec())];
        let none = Cells::new();
        import_risks(&files, &options, Catalog::builtin(), &config(), &[], &none).unwrap_err()
    };
    assert_eq!(refused("")[0].code, "import-file");
    assert_eq!(refused("name,phone\nAda,1\n")[0].code, "import-columns");
    assert!(read_register(RISKS_FILE, b"key,title,colour\na,b,red\n").is_err());
    assert!(read_register(RISKS_FILE, b"key,title\na,b\na,c\n").is_err());
}
