//! Registers as people keep them, made here.

use super::{super::fields, *};
use crate::{config::System, domain::ByLanguage};

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

/// A small register in each language, as people there head their columns.
const IN_ALL: ByLanguage<&str> = ByLanguage {
    en: "Risk ID;Risk;Asset;Threat;Likelihood;Impact;Risk level;Treatment;Controls;Risk owner;Residual risk;Accepted by;Accepted on;Status;Next review\n",
    de: "Risiko-Nr.;Risiko;Betroffene Werte;Bedrohung;Eintrittswahrscheinlichkeit;Auswirkung;Risikostufe;Behandlung;Maßnahmen;Risikoeigentümer;Restrisiko;Akzeptiert von;Akzeptiert am;Stand;Nächste Überprüfung\n",
    fr: "N°;Intitulé du risque;Actifs concernés;Menace;Vraisemblance;Gravité;Niveau de risque;Traitement;Mesures;Propriétaire du risque;Risque résiduel;Accepté par;Date d’acceptation;Statut;Prochaine revue\n",
    es: "Código;Riesgo;Activo;Amenaza;Probabilidad;Impacto;Nivel de riesgo;Tratamiento;Controles;Propietario del riesgo;Riesgo residual;Aceptado por;Fecha de aceptación;Estado;Próxima revisión\n",
    it: "Codice;Rischio;Asset;Minaccia;Probabilità;Impatto;Livello di rischio;Trattamento;Controlli;Proprietario del rischio;Rischio residuo;Accettato da;Data di accettazione;Stato;Prossimo riesame\n",
    pt: "N.º;Risco;Ativo;Ameaça;Probabilidade;Impacto;Nível de risco;Tratamento;Controlos;Responsável pelo risco;Risco residual;Aceite por;Data de aceitação;Estado;Próxima revisão\n",
    nl: "Nr.;Risico;Bedrijfsmiddel;Dreiging;Kans;Impact;Risiconiveau;Behandeling;Beheersmaatregelen;Risico-eigenaar;Restrisico;Geaccepteerd door;Geaccepteerd op;Status;Volgende beoordeling\n",
};

const ROWS_IN_ALL: ByLanguage<&str> = ByLanguage {
    en: "R-1;Leak;CRM;Insider;High;Very high;Critical;Mitigate;ISO 27001 A.5.15;IT;Medium;CEO;1st of March 2026;Open;2027-03-01\nR-2;Fire;Hall;Fire;Low;High;Medium;Accept;;Works;Low;not yet;;Closed;\n",
    de: "R-1;Abfluss;CRM;Innentäter;Hoch;Sehr hoch;Kritisch;Mindern;ISO 27001 A.5.15;IT;Mittel;CEO;1. März 2026;Offen;01.03.2027\nR-2;Brand;Halle;Feuer;Gering;Hoch;Mittel;Akzeptieren;;Werk;Gering;noch nicht;;Geschlossen;\n",
    fr: "R-1;Fuite;CRM;Malveillance;Élevée;Très élevée;Critique;Réduire;ISO 27001 A.5.15;DSI;Moyen;CEO;1er mars 2026;Ouvert;01/03/2027\nR-2;Incendie;Hall;Feu;Faible;Élevée;Moyen;Accepter;;Site;Faible;pas encore;;Clos;\n",
    es: "R-1;Fuga;CRM;Abuso;Alta;Muy alto;Crítico;Mitigar;ISO 27001 A.5.15;TI;Medio;CEO;1º de marzo de 2026;Abierto;01.03.2027\nR-2;Incendio;Nave;Fuego;Baja;Alto;Medio;Asumir;;Planta;Bajo;pendiente;;Cerrado;\n",
    it: "R-1;Fuga;CRM;Abuso;Alta;Molto alto;Critico;Mitigare;ISO 27001 A.5.15;IT;Medio;CEO;1° marzo 2026;Aperto;01.03.2027\nR-2;Incendio;Capannone;Fuoco;Bassa;Alto;Medio;Accettare;;Sede;Basso;in attesa;;Chiuso;\n",
    pt: "R-1;Fuga;CRM;Abuso;Alta;Muito alto;Crítico;Mitigar;ISO 27001 A.5.15;TI;Médio;CEO;1.º de março de 2026;Aberto;01.03.2027\nR-2;Incêndio;Pavilhão;Fogo;Baixa;Alto;Médio;Aceitar;;Sede;Baixo;ainda não;;Encerrado;\n",
    nl: "R-1;Lek;CRM;Misbruik;Hoog;Zeer hoog;Kritiek;Verminderen;ISO 27001 A.5.15;IT;Gemiddeld;CEO;1 maart 2026;Open;01.03.2027\nR-2;Brand;Hal;Vuur;Laag;Hoog;Gemiddeld;Accepteren;;Gebouw;Laag;nog niet;;Gesloten;\n",
};

#[test]
fn a_register_in_each_language_is_read_whole() {
    for ((language, head), (_, rows)) in IN_ALL.all().into_iter().zip(ROWS_IN_ALL.all()) {
        let text = format!("{head}{}", rows.replace("01/03/2027", "2027-03-01"));
        let import = take(&[("r.csv", &text)], &[], &Cells::new());
        let unread: Vec<_> = import.mapping.iter().filter(|m| m.field.is_empty()).collect();
        assert!(unread.is_empty(), "{language}: {unread:?}");
        let one = row(&import, "r.csv#R-1");
        let cells = ["likelihood_of_5", "impact_of_5", "level_band", "controls", "assets"];
        let read = cells.map(|column| get(one, column));
        assert_eq!(read, ["4", "5", "critical", "ISO27001:A.5.15", "CRM"], "{language}");
        let days = ["accepted_by", "accepted_on", "next_review"].map(|column| get(one, column));
        assert_eq!(days, ["CEO", "2026-03-01", "2027-03-01"], "{language}");
        let register = risk_register("r", Some(&register_csv(&import.rows)));
        let [one, two] = &register.risks[..] else { panic!("{language}: two risks") };
        assert_eq!(one.option, Some(crate::domain::RiskOption::Modify), "{language}");
        assert_eq!(two.option, Some(crate::domain::RiskOption::Retain), "{language}");
        assert_eq!((one.closed, two.closed), (false, true), "{language}");
        assert_eq!(two.acceptance(), crate::domain::Acceptance::Missing, "{language}");
        let bands = (two.likelihood_of_5, two.impact_of_5, two.band);
        let wanted = (Some(2), Some(4), Some(crate::domain::RiskBand::Medium));
        assert_eq!(bands, wanted, "{language}");
    }
}

#[test]
fn headers_are_in_their_normal_form_and_mean_one_thing_each() {
    for fields in [words::FIELDS, super::super::assets::fields(), super::super::impacts::fields()] {
        for field in fields {
            let fields::Headers::Each(each) = field.headers else { panic!("{}", field.name) };
            for (language, own) in each.all() {
                let words: Vec<&str> = own.split('|').collect();
                assert!(!own.is_empty(), "{} {language}", field.name);
                for word in words {
                    assert_eq!(fields::norm(word), word, "{} {language}", field.name);
                }
            }
        }
    }
}

#[test]
fn figures_below_the_word_risk_are_a_level() {
    for (language, head) in [
        ("en", "ID;Risk description;Likelihood (1-5);Impact (1-5);Risk;Treatment\n"),
        ("es", "N.º;Descripción del riesgo;Probabilidad (1-5);Impacto (1-5);Riesgo;Tratamiento\n"),
        ("nl", "Risiconr.;Risico-omschrijving;Kans (1-5);Impact (1-5);Risico;Behandeling\n"),
    ] {
        let text = format!("{head}1;Fire in the hall;2;5;10;Accept\n");
        let import = take(&[("r.csv", &text)], &[], &Cells::new());
        let one = row(&import, "r.csv#1");
        let read = ["title", "level", "level_band"].map(|column| get(one, column));
        assert_eq!(read, ["Fire in the hall", "10", "medium"], "{language}");
    }
}
