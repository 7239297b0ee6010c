//! SoAs as people keep them, made here.

use super::*;
use crate::review::sheet::read_table;

const ENGLISH: &str = "\
Statement of Applicability;;;;;;
ISO/IEC 27001:2013, version 3.2;;;;;;
;;;Reason;;;
Control;Title;Applicable?;LR;RRA;Justification;Implementation status;Control owner;Related documents
A.9 Access control;;;;;;;;
A.9.2.2;User access provisioning;Yes;;x;Access follows need;Implemented;IT Ops;POL-07 Access control
A.9.2.5;Review of user access rights;Yes;x;;Quarterly reviews;Implemented;IT Ops;REC-12
A.9.2.6;Removal of access rights;No;;;Done by HR;Planned;HR;
A.14.2.7;Outsourced development;No – nothing is outsourced;;;We build all ourselves;N/A;CTO;
A.18.2.3;Technical compliance review;Yes;;x;Yearly scans;in progress;CISO;
A.99.1.1;Made up;Yes;;;;;;
";

fn take(files: &[(&str, &str)], options: &SoaOptions) -> Result<SoaImport, Vec<Diagnostic>> {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
    import_soa(&files, options, Catalog::builtin(), &[])
}

fn options(framework: Option<&str>, maps: &[&str]) -> SoaOptions {
    SoaOptions {
        maps: maps.iter().map(|m| m.parse().unwrap()).collect(),
        framework: framework.map(str::to_owned),
    }
}

fn row(import: &SoaImport, target: &str) -> BTreeMap<String, String> {
    let table = &import.table;
    let n = (0..table.rows.len()).find(|n| table.cell(*n, "target") == target);
    let n = n.unwrap_or_else(|| panic!("no row for {target}"));
    table.header.iter().cloned().zip(table.rows[n].iter().cloned()).collect()
}

fn field<'a>(import: &'a SoaImport, column: &str) -> (&'a str, &'a str) {
    let found = import.mapping.iter().find(|m| m.column == column).unwrap();
    (found.field.as_str(), found.by)
}

fn codes(diagnostics: &[Diagnostic]) -> BTreeSet<&str> {
    diagnostics.iter().map(|d| d.code.as_str()).collect()
}

#[test]
fn a_2013_soa_is_recognised_and_carried_to_2022() {
    let import = take(&[("old/SoA.csv", ENGLISH)], &options(None, &[])).unwrap();
    let fields: Vec<(&str, &str)> =
        "ABCDEFGHI".chars().map(|c| field(&import, &c.to_string())).collect();
    assert_eq!(
        fields,
        [
            ("id", "content"),
            ("title", "header"),
            ("applicable", "header"),
            ("legal", "header"),
            ("risk", "header"),
            ("justification", "header"),
            ("status", "header"),
            ("owner", "header"),
            ("evidence", "header"),
        ]
    );
    assert_eq!((import.counts.rows, import.counts.rows_2013), (5, 5));
    let outsourced = row(&import, "ISO27001:A.8.30");
    assert_eq!(outsourced["applicability"], "not applicable");
    assert_eq!(outsourced["implementation_status"], "");
    assert_eq!(outsourced["justification"], "We build all ourselves");
    assert_eq!(outsourced["decided_by"], "");
    assert!(outsourced["comment"].starts_with("from SoA.csv row 9 (A.14.2.7 of 2013)"));
    assert!(outsourced["machine_view"].starts_with("proposed: from SoA.csv row 9"));
    // One control of 2013 in two of 2022; a state that is none of ours is text.
    for id in ["ISO27001:A.5.36", "ISO27001:A.8.8"] {
        let split = row(&import, id);
        assert_eq!(
            (split["applicability"].as_str(), split["inclusion_reasons"].as_str()),
            ("applicable", "risk")
        );
        assert!(split["comment"].contains("status there: in progress"), "{}", split["comment"]);
    }
    let codes = codes(&import.diagnostics);
    for code in ["import-id", "import-cell", "import-conflict", "import-unnamed"] {
        assert!(codes.contains(code), "{code}: {codes:?}");
    }
    assert!(import.documents.contains("POL-07 Access control"));
}

#[test]
fn merged_rows_that_differ_leave_the_choice_open() {
    let import = take(&[("SoA.csv", ENGLISH)], &options(None, &[])).unwrap();
    let merged = row(&import, "ISO27001:A.5.18");
    assert_eq!(merged["applicability"], "");
    assert_eq!(merged["implementation_status"], "");
    assert_eq!(merged["justification"], "");
    assert!(merged["machine_view"].starts_with(CONFLICT));
    for words in [
        "from SoA.csv row 6 (A.9.2.2 of 2013); SoA.csv row 7 (A.9.2.5 of 2013); SoA.csv row 8 (A.9.2.6 of 2013)",
        "A.9.2.5 of 2013: applicable",
        "A.9.2.6 of 2013: not applicable",
        "Quarterly reviews",
        "Done by HR",
        "owner: A.9.2.2 of 2013: IT Ops",
    ] {
        assert!(merged["comment"].contains(words), "{words}: {}", merged["comment"]);
    }
    assert_eq!((import.counts.merged, import.counts.conflicts), (1, 1));
}

#[test]
fn merged_rows_that_agree_keep_all_their_texts() {
    let text =
        "Control,Applicable,Justification\nA.9.2.2,Yes,One\nA.9.2.5,yes,Two\nA.9.2.6,ja,One\n";
    let import = take(&[("s.csv", text)], &options(None, &[])).unwrap();
    let merged = row(&import, "ISO27001:A.5.18");
    assert_eq!(merged["applicability"], "applicable");
    assert_eq!(merged["justification"], "A.9.2.2 of 2013: One\nA.9.2.5 of 2013: Two");
    assert_eq!(import.counts.conflicts, 0);
}

#[test]
fn german_headers_and_words_are_read() {
    let text = "Anwendbarkeitserklärung ISO/IEC 27001:2022\n\
        Nr.;Maßnahme;Anwendbar (Ja/Nein);Begründung;Begründung für Ausschluss;Umsetzungsstatus;Verantwortlich;Zieltermin;Nachweis;Bemerkungen\n\
        A.5.1;Informationssicherheitsrichtlinien;Ja;Grundlage;;umgesetzt;CISO;;RL-01 Leitlinie;\n\
        A.7.4;Physische Überwachung;Nein;;Kein eigenes Gebäude;;;;;geprüft 2024\n\
        A.8.11;Datenmaskierung;Ja;DSGVO;;geplant;IT;31.12.2026;;\n";
    let import = take(&[("SoA.csv", text)], &options(None, &[])).unwrap();
    let wanted = [
        ("A", "id"),
        ("B", "title"),
        ("C", "applicable"),
        ("D", "justification"),
        ("E", "exclusion_justification"),
        ("F", "status"),
        ("G", "owner"),
        ("H", "due"),
        ("I", "evidence"),
        ("J", "remarks"),
    ];
    for (column, name) in wanted {
        assert_eq!(field(&import, column).0, name, "{column}");
    }
    let out = row(&import, "ISO27001:A.7.4");
    assert_eq!(
        (out["applicability"].as_str(), out["justification"].as_str()),
        ("not applicable", "Kein eigenes Gebäude")
    );
    assert!(out["comment"].contains("remarks: geprüft 2024"));
    let planned = row(&import, "ISO27001:A.8.11");
    assert_eq!(
        (planned["implementation_status"].as_str(), planned["planned_for"].as_str()),
        ("planned", "2026-12-31")
    );
    assert_eq!(row(&import, "ISO27001:A.5.1")["owner"], "CISO");
}

#[test]
fn the_standard_is_told_by_its_ids_or_asked_for() {
    let ids = |ids: &[&str]| {
        let rows: Vec<String> = ids.iter().map(|id| format!("{id},yes\n")).collect();
        format!("Ref,Applicable\n{}", rows.concat())
    };
    let ai = ids(&["A.6.2.4", "A.6.2.5", "A.9.4", "A.10.3"]);
    let import = take(&[("x.csv", &ai)], &options(None, &[])).unwrap();
    assert_eq!(row(&import, "ISO42001:A.6.2.4")["applicability"], "applicable");
    // Numbers that both Annexes have.
    let both = ids(&["A.5.2", "A.5.3", "A.5.4"]);
    let faults = take(&[("x.csv", &both)], &options(None, &[])).unwrap_err();
    assert_eq!(codes(&faults), ["import-framework"].into());
    let told = take(&[("x.csv", &both)], &options(Some("iso 42001"), &[])).unwrap();
    row(&told, "ISO42001:A.5.2");
    let named = take(&[("SoA-42001.csv", &both)], &options(None, &[])).unwrap();
    row(&named, "ISO42001:A.5.2");
    // A row may say it; bare numbers are those of Annex A.
    let mixed = "Norm,Nr,Anwendbar\nISO 27001:2022,5.9,ja\n42001,6.2.4,ja\nISO 27001:2022,8.34,nein\nISO 27001:2022,5.37,ja\n";
    let mixed = take(&[("x.csv", mixed)], &options(None, &[])).unwrap();
    row(&mixed, "ISO42001:A.6.2.4");
    assert_eq!(row(&mixed, "ISO27001:A.8.34")["applicability"], "not applicable");
    assert!(take(&[("x.csv", &ai)], &options(Some("COBIT"), &[])).is_err());
}

#[test]
fn columns_can_be_put_right_by_hand() {
    let text = "Foo,Bar,Baz,Qux\nA.5.1,x,Anna,yes\nA.5.2,,Ben,yes\nA.5.9,x,Cleo,no\n";
    let guessed = take(&[("27001.csv", text)], &options(None, &[])).unwrap();
    assert_eq!(field(&guessed, "D"), ("applicable", "content"));
    assert_eq!(field(&guessed, "C"), ("", ""));
    let mapped =
        take(&[("27001.csv", text)], &options(None, &["Baz=owner", "D=ignore", "B=applicable"]));
    let mapped = mapped.unwrap();
    assert_eq!(
        (field(&mapped, "B"), field(&mapped, "C")),
        (("applicable", "map"), ("owner", "map"))
    );
    assert_eq!(row(&mapped, "ISO27001:A.5.9")["owner"], "Cleo");
    assert_eq!(row(&mapped, "ISO27001:A.5.2")["applicability"], "", "a blank cell says nothing");
    let faults =
        take(&[("27001.csv", text)], &options(None, &["Zzz=owner", "B=colour"])).unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn what_is_no_soa_is_refused_with_a_way_out() {
    for text in ["", "a,b\n1,2\n", "Ref,Title\nA.5.1,x\nA.5.9,y\nA.8.34,z\n"] {
        let faults = take(&[("x.csv", text)], &options(None, &[])).unwrap_err();
        assert!(faults.iter().all(|d| d.help.is_some()), "{faults:?}");
    }
}

#[test]
fn what_a_person_has_decided_is_not_proposed_again() {
    let provenance = crate::domain::Provenance {
        file: String::new(),
        row: 2,
        program: String::new(),
        catalog: String::new(),
        account: String::new(),
        block: 0,
    };
    let mut position = Position::blank("ISO27001:A.8.30".parse().unwrap(), None, provenance);
    position.applicability = Some(crate::domain::Applicability::Applicable);
    position.decided_by = "Jane".to_owned();
    let files = [("SoA.csv".to_owned(), ENGLISH.as_bytes().to_vec())];
    let import = import_soa(&files, &options(None, &[]), Catalog::builtin(), &[position]).unwrap();
    assert_eq!(import.counts.on_record, 1);
    assert!(!String::from_utf8(import.table.to_csv()).unwrap().contains("ISO27001:A.8.30"));
    assert!(codes(&import.diagnostics).contains("import-differs"));
}

#[test]
fn hostile_cells_stay_cells() {
    let text =
        "Ref,Applicable,Justification\nA.5.1,yes,=HYPERLINK(1)\nA.5.9,yes,@x\nA.8.34,\"<b>\",y\n";
    let import = take(&[("x.csv", text)], &options(None, &[])).unwrap();
    let bytes = import.table.to_csv();
    assert!(String::from_utf8(bytes.clone()).unwrap().contains("'=HYPERLINK(1)"));
    let back = read_table(SOA_FILE, &bytes).unwrap();
    assert_eq!(back.kind(), Some(FileKind::Positions));
    assert_eq!(back.rows[0].get("justification"), "=HYPERLINK(1)");
}

/// The same row in each language: what is said of it is read alike.
#[test]
fn headers_and_words_of_every_language_are_read() {
    for (header, row_of) in [
        (
            "Nr.;Maßnahme;Anwendbar;Begründung;Umsetzungsstatus;Verantwortlich;Nachweis",
            "ja;Zugriff nach Bedarf;umgesetzt;ISB;RL-02",
        ),
        (
            "Numéro;Mesure;Applicable;Justification;État de mise en œuvre;Responsable;Preuves",
            "oui;Zugriff nach Bedarf;mise en œuvre;ISB;RL-02",
        ),
        (
            "Número;Medida;Aplicable;Justificación;Estado de implantación;Responsable;Evidencias",
            "sí;Zugriff nach Bedarf;implantado;ISB;RL-02",
        ),
        (
            "Codice;Controllo;Applicabile;Giustificazione;Stato di attuazione;Responsabile;Evidenze",
            "sì;Zugriff nach Bedarf;attuato;ISB;RL-02",
        ),
        (
            "Código;Controlo;Aplicável;Justificação;Estado de implementação;Responsável;Evidências",
            "sim;Zugriff nach Bedarf;implementado;ISB;RL-02",
        ),
        (
            "Nummer;Beheersmaatregel;Van toepassing;Motivering;Implementatiestatus;Eigenaar;Bewijs",
            "ja;Zugriff nach Bedarf;geïmplementeerd;ISB;RL-02",
        ),
    ] {
        let rows: Vec<String> = ["A.5.15", "A.5.23", "A.8.28"]
            .iter()
            .map(|id| format!("{id};Titel;{row_of}\n"))
            .collect();
        let text = format!("{header}\n{}", rows.join(""));
        let import = take(&[("SoA.csv", &text)], &options(Some("ISO27001"), &[])).unwrap();
        let got = row(&import, "ISO27001:A.5.15");
        let read = ["applicability", "justification", "implementation_status", "owner"]
            .map(|column| got[column].as_str());
        assert_eq!(read, ["applicable", "Zugriff nach Bedarf", "implemented", "ISB"], "{header}");
        assert_eq!(field(&import, "G").0, "evidence", "{header}");
    }
}
