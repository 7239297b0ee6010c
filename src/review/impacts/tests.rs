//! Registers of impact assessments as people keep them, made here.

use super::*;
use crate::{
    config::System,
    domain::{ByLanguage, Done},
};

const REGISTER: &str = "\
Impact assessments,,,,,,,,,
ID,AI system,Done,Date,Trigger,Affected,Result,Risks,Approved by,Next review
AIA-1,Ambra Triage 2.4,yes,23.07.2026,Release 2.4,\"Patients over 80, nurses\",high,\"AI-01, AI-02\",Birte,2027-07-31
AIA-2,TalentSift,in progress,,first use,applicants,,none,,
AIA-3,Weather model,maybe,soon,on request,the moon,,,,
";
const INVENTORY: &str = "\
Inventory of AI systems;;;;;
AI ID;System;Our role;Owner;Status;Impact assessment;Resources documented in
AI-S1;Ambra Triage 2.4;producer;Anselm;approved;AIA-2026-01 of 2026-07-23;DS-1
AI-S2;TalentSift;customer;Noor;in progress;not started;
AI-S3;Coding trial;customer;Lennart;refused;;
";
const GERMAN: &str = "\
KI-System;Folgenabschätzung durchgeführt;Datum;Anlass;Betroffene;Ergebnis;Risiken;Freigegeben von;Nächste Überprüfung
triage;Ja;01.02.2026;jährlich;Gesellschaft;gering;;Vorstand;
";

fn config() -> Config {
    let system = |id: &str, name: &str| System {
        id: id.to_owned(),
        name: name.to_owned(),
        ai: true,
        roles: Vec::new(),
        paths: Vec::new(),
    };
    let systems =
        vec![system("triage", "Ambra Triage"), system("screening", "TalentSift CV screening")];
    Config { systems, ..Config::default() }
}

fn take(file: &str, text: &str, current: &[RegisterRow], before: &Cells) -> RegisterImport {
    let files = [(file.to_owned(), text.as_bytes().to_vec())];
    import_impacts(&files, &[], &config(), current, before).unwrap()
}

fn cells<const N: usize>(row: &RegisterRow, columns: [&str; N]) -> [String; N] {
    columns.map(|c| get(row, c).to_owned())
}

#[test]
fn a_register_is_read_and_nothing_is_lost() {
    let import = take("aia.csv", REGISTER, &[], &Cells::new());
    let [one, two, three] = import.rows.as_slice() else { panic!("{:?}", import.rows) };
    assert_eq!(
        cells(one, ["key", "system", "done", "date", "trigger", "affected", "result"]),
        ["aia.csv#AIA-1", "triage", "yes", "2026-07-23", "change", "individuals", "high"]
    );
    assert_eq!(
        cells(one, ["risk_ids", "trigger_as_written", "affected_as_written", "next_review"]),
        ["AI-01; AI-02", "Release 2.4", "Patients over 80, nurses", "2027-07-31"]
    );
    assert_eq!(
        cells(two, ["system", "done", "trigger", "risk_ids"]),
        ["screening", "planned", "new-system", ""]
    );
    // What is not understood is kept, and nothing made of it.
    assert_eq!(
        cells(
            three,
            ["system", "system_as_written", "done", "document", "date", "trigger", "affected"]
        ),
        ["", "Weather model", "", "maybe", "soon", "", ""]
    );
    let read = impacts(&import.rows);
    assert_eq!(
        read.iter().map(|a| a.done).collect::<Vec<_>>(),
        [Done::Yes, Done::Planned, Done::Unsaid]
    );
    assert_eq!(read[2].system, "Weather model");
    assert_eq!((read[2].trigger.as_str(), read[2].affected.as_str()), ("on request", "the moon"));
    assert_eq!(read[2].day, None);
    assert_eq!(read[0].risk_ids, ["AI-01", "AI-02"]);
}

#[test]
fn an_inventory_that_speaks_of_assessments_is_read_and_its_status_is_not_theirs() {
    let import = take("ai.csv", INVENTORY, &[], &Cells::new());
    let [one, two, three] = import.rows.as_slice() else { panic!("{:?}", import.rows) };
    // Which assessment, not that it was done.
    assert_eq!(
        cells(one, ["system", "done", "date", "document", "status"]),
        ["triage", "", "2026-07-23", "AIA-2026-01 of 2026-07-23", "approved"]
    );
    assert_eq!(cells(two, ["system", "done", "status"]), ["screening", "no", "in progress"]);
    assert_eq!(cells(three, ["done", "status"]), ["", "refused"]);
    let german = take("ki.csv", GERMAN, &[], &Cells::new());
    assert_eq!(
        cells(
            &german.rows[0],
            ["system", "done", "date", "trigger", "affected", "result", "approved_by"]
        ),
        ["triage", "yes", "2026-02-01", "periodic", "society", "gering", "Vorstand"]
    );
}

#[test]
fn edits_stay_at_the_next_import() {
    let first = take("ai.csv", INVENTORY, &[], &Cells::new());
    let mut rows = read_impacts(IMPACTS_FILE, &impacts_csv(&first.rows)).unwrap();
    assert_eq!(rows, first.rows);
    rows[0].insert("done".to_owned(), "yes".to_owned());
    rows[0].insert("approved_by".to_owned(), "=Birte".to_owned());
    let again = INVENTORY.replace("not started", "2026-11-02").replace("AI-S3", "AI-S9");
    let second = take("ai.csv", &again, &rows, &first.written);
    assert_eq!(cells(&second.rows[0], ["done", "approved_by"]), ["yes", "=Birte"]);
    assert_eq!(cells(&second.rows[1], ["done", "date"]), ["", "2026-11-02"]);
    assert_eq!((second.counts.kept_cells, second.counts.gone, second.counts.new), (2, 1, 1));
    let bytes = impacts_csv(&second.rows);
    assert!(String::from_utf8_lossy(&bytes).contains(",'=Birte,"));
    assert_eq!(read_impacts(IMPACTS_FILE, &bytes).unwrap(), second.rows);
}

#[test]
fn by_hand_it_needs_a_system_and_a_word() {
    let text = "system,done,next_review\ntriage,Ja,31.12.2026\nscreening,perhaps,\n,yes,\n";
    let read = impacts(&read_impacts(IMPACTS_FILE, text.as_bytes()).unwrap());
    assert_eq!(read.len(), 2);
    assert_eq!((read[0].done, read[1].done), (Done::Yes, Done::Unsaid));
    assert_eq!(read[0].next_review_day, Some("2026-12-31".parse().unwrap()));
    assert!(read_impacts(IMPACTS_FILE, b"system,date\ntriage,2026-01-01\n").is_err());
}

#[test]
fn words_for_nobody_approve_nothing() {
    let text = "system,done,approved_by,owner\na,yes,pending CEO,-\nb,yes,Nora,Noor\n";
    let rows = impacts(&read_impacts("i", text.as_bytes()).unwrap());
    let people: Vec<(&str, &str)> =
        rows.iter().map(|r| (r.approved_by.as_str(), r.owner.as_str())).collect();
    assert_eq!(people, [("", ""), ("Nora", "Noor")]);
}

#[test]
fn lists_without_assessments_are_refused() {
    for text in [
        "AI ID,System,Owner,Status\nAI-1,Ambra Triage,Anselm,approved\n",
        "Risk ID,Risk,Asset or system,Owner,Level,Assessed on,Accepted by\nR-1,Fire,Ambra,Jo,9,2026-04-14,Bo\n",
        "Asset ID,Asset,Kind,Owner,Last check\nA-1,Router,Hardware,Jo,2026-04-14\n",
    ] {
        let files = [("x.csv".to_owned(), text.as_bytes().to_vec())];
        let faults = import_impacts(&files, &[], &config(), &[], &Cells::new()).unwrap_err();
        assert_eq!(faults[0].code, "import-columns", "{text}");
    }
}

/// Header and three rows in each language.
const IN_ALL: ByLanguage<&str> = ByLanguage {
    en: "ID;AI system;Impact assessment done;Date;Trigger;Affected persons;Result;Risks;Report;Responsible;Approved by;Approved on;Next review;Remarks\nE-1;triage;yes;1st of March 2026;new system;patients;low;R-1;F-1;Noor;Board;2026-03-02;2027-03-01;x\nE-2;screening;planned;;change;;;none;;;;;;\nE-3;Scribe;no;;periodic;;;;;;;;;\n",
    de: "Nr.;KI-System;Folgenabschätzung durchgeführt;Datum;Anlass;Betroffene Personen;Ergebnis;Risiken;Bericht;Verantwortlich;Freigegeben von;Freigegeben am;Nächste Überprüfung;Bemerkung\nE-1;triage;ja;1. März 2026;neues System;natürliche Personen;gering;R-1;F-1;Noor;Vorstand;2026-03-02;2027-03-01;x\nE-2;screening;geplant;;Änderung;;;keine;;;;;;\nE-3;Scribe;nein;;jährlich;;;;;;;;;\n",
    fr: "N°;Système d’IA;Analyse d’impact réalisée;Date;Déclencheur;Personnes concernées;Résultat;Risques;Rapport;Responsable;Approuvé par;Approuvé le;Prochaine revue;Remarques\nE-1;triage;oui;1er mars 2026;nouveau système;patients;faible;R-1;F-1;Noor;Direction;2026-03-02;2027-03-01;x\nE-2;screening;prévue;;changement;;;aucun;;;;;;\nE-3;Scribe;non;;périodique;;;;;;;;;\n",
    es: "Código;Sistema de IA;Evaluación de impacto realizada;Fecha;Motivo;Personas afectadas;Resultado;Riesgos;Informe;Responsable;Aprobado por;Aprobado el;Próxima revisión;Observaciones\nE-1;triage;sí;1º de marzo de 2026;nuevo sistema;pacientes;bajo;R-1;F-1;Noor;Dirección;2026-03-02;2027-03-01;x\nE-2;screening;prevista;;cambio;;;ninguno;;;;;;\nE-3;Scribe;no;;periódica;;;;;;;;;\n",
    it: "Codice;Sistema di IA;Valutazione d’impatto eseguita;Data;Motivo;Persone interessate;Esito;Rischi;Rapporto;Responsabile;Approvato da;Approvato il;Prossimo riesame;Note\nE-1;triage;sì;1° marzo 2026;nuovo sistema;pazienti;basso;R-1;F-1;Noor;Direzione;2026-03-02;2027-03-01;x\nE-2;screening;prevista;;cambiamento;;;nessuno;;;;;;\nE-3;Scribe;no;;periodica;;;;;;;;;\n",
    pt: "N.º;Sistema de IA;Avaliação de impacto realizada;Data;Motivo;Pessoas afetadas;Resultado;Riscos;Relatório;Responsável;Aprovado por;Aprovado em;Próxima revisão;Observações\nE-1;triage;sim;1.º de março de 2026;novo sistema;pacientes;baixo;R-1;F-1;Noor;Direção;2026-03-02;2027-03-01;x\nE-2;screening;prevista;;alteração;;;nenhum;;;;;;\nE-3;Scribe;não;;periódica;;;;;;;;;\n",
    nl: "Nr.;AI-systeem;Impactbeoordeling uitgevoerd;Datum;Aanleiding;Betrokken personen;Resultaat;Risico’s;Rapport;Verantwoordelijke;Goedgekeurd door;Goedgekeurd op;Volgende beoordeling;Opmerkingen\nE-1;triage;ja;1 maart 2026;nieuw systeem;patiënten;laag;R-1;F-1;Noor;Directie;2026-03-02;2027-03-01;x\nE-2;screening;gepland;;wijziging;;;geen;;;;;;\nE-3;Scribe;nee;;periodiek;;;;;;;;;\n",
};

#[test]
fn a_register_in_each_language_is_read_whole() {
    for (language, text) in IN_ALL.all() {
        let import = take("i.csv", text, &[], &Cells::new());
        let unread: Vec<_> = import.mapping.iter().filter(|m| m.field.is_empty()).collect();
        assert!(unread.is_empty(), "{language}: {unread:?}");
        let [one, two, three] = import.rows.as_slice() else { panic!("{language}") };
        assert_eq!(
            cells(one, ["key", "system", "done", "date", "trigger", "affected", "risk_ids"]),
            ["i.csv#E-1", "triage", "yes", "2026-03-01", "new-system", "individuals", "R-1"],
            "{language}"
        );
        assert_eq!(
            cells(one, ["document", "owner", "approved_on", "next_review", "comment"]),
            ["F-1", "Noor", "2026-03-02", "2027-03-01", "x"],
            "{language}"
        );
        assert_eq!(
            cells(two, ["done", "trigger", "risk_ids"]),
            ["planned", "change", ""],
            "{language}"
        );
        assert_eq!(cells(three, ["done", "trigger"]), ["no", "periodic"], "{language}");
    }
}

#[test]
fn a_column_called_data_without_days_is_no_date() {
    let text = "AI system,Done,Data,Trigger,Affected\ntriage,yes,patient records,new,patients\n";
    let import = take("i.csv", text, &[], &Cells::new());
    assert_eq!(cells(&import.rows[0], ["date"]), [""]);
    assert!(import.diagnostics.is_empty(), "{:?}", import.diagnostics);
}
