//! Inventories as people keep them, made here.

use super::*;
use crate::{config::System, domain::ByLanguage};

const ASSETS: &str = "\
Asset inventory 2026;;;;;;;;
Asset ID;Asset;Kind;Owner;Location;Class;C;I;A;Last check
A-1;WardLine databases;Information;Marta;HAM1, HAM2;Strictly confidential;3;3;2;09.09.2026
Servers;;;;;;;;;
A-2;Ambra Triage;Software, AI;Anselm;HAM1;Confidential;2;3;3;2026-09-10
A-3;Chatbot of the portal;Software;;HAM1;Internal;1;1;2;soon
A-3;Office Bremen;Site;Jörg;Überseestadt 14;Internal;;;;
;Phones;Hardware;Torben;with holders;Internal;1;1;1;
";
const AI: &str = "\
KI-Inventar,,,,,
Nr.,System,Unsere Rolle,Zweck,Verantwortlich,Stand
1,Ambra Triage 2.4,Anbieter und Betreiber,Dringlichkeit,Anselm,freigegeben
2,Diktat,Betreiber,Arztbriefe,Noor,abgelehnt
";

fn config() -> Config {
    let system = |id: &str, name: &str| System {
        id: id.to_owned(),
        name: name.to_owned(),
        ai: true,
        roles: Vec::new(),
        paths: Vec::new(),
    };
    Config { systems: vec![system("triage", "Ambra Triage")], ..Config::default() }
}

fn take(files: &[(&str, &str)], current: &[RegisterRow], before: &Cells) -> RegisterImport {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
    import_assets(&files, &[], &config(), current, before).unwrap()
}

fn row<'a>(import: &'a RegisterImport, key: &str) -> &'a RegisterRow {
    import.rows.iter().find(|r| get(r, "key") == key).unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn inventories_in_two_languages_become_one() {
    let import = take(&[("in/assets.csv", ASSETS), ("ki.csv", AI)], &[], &Cells::new());
    assert_eq!((import.counts.read, import.counts.new, import.counts.register), (7, 7, 7));
    let cells = |key: &str, columns: [&str; 4]| {
        let row = row(&import, key).clone();
        columns.map(|c| get(&row, c).to_owned())
    };
    assert_eq!(
        cells("assets.csv#A-1", ["name", "kind", "classification", "checked_on"]),
        ["WardLine databases", "information", "Strictly confidential", "2026-09-09"]
    );
    assert_eq!(
        cells("assets.csv#A-1", ["confidentiality", "integrity", "availability", "location"]),
        ["3", "3", "2", "HAM1, HAM2"]
    );
    assert_eq!(
        cells("assets.csv#A-2", ["kind", "kind_as_written", "system", "likely_ai_system"]),
        ["ai-system", "Software, AI", "triage", ""]
    );
    assert_eq!(
        cells("assets.csv#A-3", ["kind", "likely_ai_system", "system", "checked_on"]),
        ["application", "chatbot", "", "soon"]
    );
    assert_eq!(
        cells("ki.csv#1", ["kind", "system", "roles", "description"]),
        ["ai-system", "triage", "Anbieter und Betreiber", "Dringlichkeit"]
    );
    assert_eq!(
        cells("assets.csv#phones", ["name", "source", "source_row", "owner"]),
        ["Phones", "assets.csv", "8", "Torben"]
    );
    // An id twice: both rows stay, and it is told where.
    row(&import, "assets.csv#A-3#2");
    let told: Vec<String> =
        import.diagnostics.iter().map(|d| format!("{} {}", d.code, d.place())).collect();
    assert_eq!(
        told,
        ["import-cell in/assets.csv, row 6, column checked_on", "import-id in/assets.csv, row 7"]
    );
}

#[test]
fn the_next_import_changes_what_nobody_edited_and_nothing_else() {
    let first = take(&[("assets.csv", ASSETS)], &[], &Cells::new());
    let mut rows = read_assets(ASSETS_FILE, &assets_csv(&first.rows)).unwrap();
    assert_eq!(rows, first.rows);
    let at =
        |rows: &[RegisterRow], key: &str| rows.iter().position(|r| get(r, "key") == key).unwrap();
    let chatbot = at(&rows, "assets.csv#A-3");
    rows[chatbot].insert("likely_ai_system".to_owned(), String::new());
    let triage = at(&rows, "assets.csv#A-2");
    rows[triage].insert("owner".to_owned(), "Head of products".to_owned());
    rows.push([("name".to_owned(), "By hand".to_owned())].into());
    let text = ASSETS.replace("Anselm;HAM1", "Birte;HAM2").replace("A-1;", "A-9;");
    let second = take(&[("assets.csv", &text)], &rows, &first.written);
    let two = row(&second, "assets.csv#A-2");
    assert_eq!((get(two, "owner"), get(two, "location")), ("Head of products", "HAM2"));
    assert_eq!(get(row(&second, "assets.csv#A-3"), "likely_ai_system"), "");
    assert_eq!((second.counts.kept_cells, second.counts.gone, second.counts.new), (2, 1, 1));
    row(&second, "assets.csv#A-1");
    assert!(second.rows.iter().any(|r| get(r, "name") == "By hand"));
    let gone = second.diagnostics.iter().find(|d| d.code == "import-gone").unwrap();
    assert!(
        gone.message.starts_with("assets.csv#A-1 ")
            && gone.help.as_ref().unwrap().contains("asset")
    );
    let third = take(&[("assets.csv", &text)], &second.rows, &second.written);
    assert_eq!(third.rows, second.rows);
}

#[test]
fn words_for_nobody_are_no_owner() {
    let text = "name,owner\na,not yet\nb,niemand\nc,Nora\n";
    let owners: Vec<String> =
        assets(&read_assets("a", text.as_bytes()).unwrap()).into_iter().map(|a| a.owner).collect();
    assert_eq!(owners, ["", "", "Nora"]);
}

#[test]
fn hostile_cells_come_back_as_they_are_and_run_nowhere() {
    let nasty = [
        "=HYPERLINK(\"http://x\")",
        "@SUM(1+1)",
        "-2+3",
        "\"; DROP",
        "a\u{202E}b",
        "'=x",
        "\u{1}x",
    ];
    let mut text = String::from("Name,Kind,Owner\n");
    for cell in nasty {
        let quoted = cell.replace('"', "\"\"");
        text.push_str(&format!("\"{quoted}\",\"{quoted}\",\"{quoted}\"\n"));
    }
    text.push_str(&format!("{},x,y\n", "long ".repeat(20_000)));
    let import = take(&[("x.csv", &text)], &[], &Cells::new());
    assert_eq!(import.rows.len(), nasty.len() + 1);
    let bytes = assets_csv(&import.rows);
    let written = String::from_utf8(bytes.clone()).unwrap();
    let mut reader = csv::Reader::from_reader(written.trim_start_matches('\u{feff}').as_bytes());
    for record in reader.records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
    assert_eq!(read_assets(ASSETS_FILE, &bytes).unwrap(), import.rows);
    assert_eq!(get(&import.rows[0], "name"), "=HYPERLINK(\"http://x\")");
}

#[test]
fn an_inventory_by_hand_needs_a_name_and_nothing_else() {
    let rows =
        read_assets(ASSETS_FILE, "name;kind\nAmbra Triage;KI-System\n;\n".as_bytes()).unwrap();
    let assets = assets(&rows);
    assert_eq!(assets.len(), 1);
    assert_eq!((assets[0].kind.as_str(), assets[0].name.as_str()), ("ai-system", "Ambra Triage"));
    for (bad, why) in [
        ("kind,owner\na,b\n", "`name` is missing"),
        ("name,colour\na,red\n", "does not have: colour"),
        ("key,name\nx#1,a\nx#1,b\n", "stands there twice"),
        ("name,owner\na,=B2\n", "formula"),
    ] {
        let faults = read_assets(ASSETS_FILE, bad.as_bytes()).unwrap_err();
        assert!(faults.iter().any(|d| d.message.contains(why) && d.help.is_some()), "{faults:?}");
    }
}

#[test]
fn columns_are_corrected_and_what_is_no_inventory_is_refused() {
    let files = [("x.csv".to_owned(), b"What,Who,Colour\nRouter,Ada,red\n".to_vec())];
    let maps = ["What=name", "B=owner", "C=kind"].map(|m| m.parse::<ColumnMap>().unwrap());
    let import = import_assets(&files, &maps, &config(), &[], &Cells::new()).unwrap();
    assert_eq!(get(&import.rows[0], "owner"), "Ada");
    assert!(import.mapping.iter().all(|m| m.by == "map"));
    let refused = |maps: &[ColumnMap]| {
        import_assets(&files, maps, &config(), &[], &Cells::new()).unwrap_err()[0].code.clone()
    };
    assert_eq!(refused(&[]), "import-columns");
    assert_eq!(
        refused(&["What=name", "B=owner", "C=paint"].map(|m| m.parse().unwrap())),
        "import-map"
    );
    let twice = [files[0].clone(), ("y/x.csv".to_owned(), files[0].1.clone())];
    let faults = import_assets(&twice, &maps, &config(), &[], &Cells::new()).unwrap_err();
    assert!(faults[0].message.contains("two files have this name"));
}

/// Header and two rows in each language.
const IN_ALL: ByLanguage<&str> = ByLanguage {
    en: "Asset ID;Asset;Type;Owner;Location;Classification;C;I;A;Supplier;Status;Last check;Remarks\nA-1;CRM;Software;IT;HAM;Internal;3;2;1;Acme;in use;1st of March 2026;x\nA-2;Scribe;AI system;IT;HAM;Internal;3;2;1;Acme;out of use;;\n",
    de: "Asset-Nr.;Bezeichnung;Kategorie;Eigentümer;Standort;Klassifizierung;Vertraulichkeit;Integrität;Verfügbarkeit;Hersteller;Stand;Geprüft am;Bemerkung\nA-1;CRM;Anwendung;IT;HAM;intern;3;2;1;Acme;in Betrieb;1. März 2026;x\nA-2;Scribe;KI-System;IT;HAM;intern;3;2;1;Acme;außer Betrieb;;\n",
    fr: "N°;Nom de l’actif;Type d’actif;Propriétaire;Emplacement;Classification;C;I;D;Fournisseur;Statut;Dernière vérification;Remarques\nA-1;CRM;Logiciel;DSI;HAM;Interne;3;2;1;Acme;en service;1er mars 2026;x\nA-2;Scribe;Système d’IA;DSI;HAM;Interne;3;2;1;Acme;hors service;;\n",
    es: "Código;Nombre del activo;Tipo de activo;Propietario;Ubicación;Clasificación;C;I;D;Proveedor;Estado;Última revisión;Observaciones\nA-1;CRM;Aplicación;TI;HAM;Interna;3;2;1;Acme;en uso;1º de marzo de 2026;x\nA-2;Scribe;Sistema de IA;TI;HAM;Interna;3;2;1;Acme;fuera de servicio;;\n",
    it: "Codice;Nome asset;Tipologia;Proprietario;Ubicazione;Classificazione;R;I;D;Fornitore;Stato;Ultima verifica;Note\nA-1;CRM;Applicativo;IT;HAM;Interna;3;2;1;Acme;in uso;1° marzo 2026;x\nA-2;Scribe;Sistema di IA;IT;HAM;Interna;3;2;1;Acme;dismesso;;\n",
    pt: "N.º;Nome do ativo;Tipo de ativo;Responsável;Localização;Classificação;C;I;D;Fornecedor;Estado;Última verificação;Observações\nA-1;CRM;Aplicação;TI;HAM;Interna;3;2;1;Acme;em uso;1.º de março de 2026;x\nA-2;Scribe;Sistema de IA;TI;HAM;Interna;3;2;1;Acme;fora de serviço;;\n",
    nl: "Nr.;Bedrijfsmiddel;Soort;Eigenaar;Locatie;Classificatie;Vertrouwelijkheid;Integriteit;Beschikbaarheid;Leverancier;Status;Laatste controle;Opmerkingen\nA-1;CRM;Applicatie;IT;HAM;Intern;3;2;1;Acme;in gebruik;1 maart 2026;x\nA-2;Scribe;AI-systeem;IT;HAM;Intern;3;2;1;Acme;buiten gebruik;;\n",
};

#[test]
fn an_inventory_in_each_language_is_read_whole() {
    for (language, text) in IN_ALL.all() {
        let import = take(&[("a.csv", text)], &[], &Cells::new());
        let unread: Vec<_> = import.mapping.iter().filter(|m| m.field.is_empty()).collect();
        assert!(unread.is_empty(), "{language}: {unread:?}");
        let one = row(&import, "a.csv#A-1");
        let columns =
            ["name", "kind", "confidentiality", "integrity", "availability", "checked_on"];
        let read = columns.map(|column| get(one, column));
        assert_eq!(read, ["CRM", "application", "3", "2", "1", "2026-03-01"], "{language}");
        let read = ["location", "provider", "comment"].map(|column| get(one, column));
        assert_eq!(read, ["HAM", "Acme", "x"], "{language}");
        let [one, two] = &assets(&import.rows)[..] else { panic!("{language}: two assets") };
        assert_eq!(two.kind, "ai-system", "{language}");
        assert_eq!((one.is_retired(), two.is_retired()), (false, true), "{language}");
    }
}
