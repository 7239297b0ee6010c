use super::*;
use crate::domain::{HeadingPath, Locator};

fn of(lines: &[(BlockKind, &str)]) -> Properties {
    let blocks: Vec<_> = lines
        .iter()
        .map(|(kind, text)| Block {
            kind: *kind,
            locator: Locator::page(1),
            heading: HeadingPath::default(),
            text: (*text).to_owned(),
            marks: Default::default(),
        })
        .collect();
    let mut properties = Properties::new();
    control_properties(&blocks, &mut properties);
    properties
}

fn pairs(properties: &Properties) -> Vec<(&str, &str)> {
    properties.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

#[test]
fn an_english_control_table() {
    use BlockKind::*;
    let got = of(&[
        (Row, "Version 2.1"),
        (Row, "| **Document owner** | CISO |"),
        (Row, "Approved by Jane Doe, CEO"),
        (Row, "Approval date 2025-03-01"),
        (Row, "Effective date 1 April 2025"),
        (Row, "Next review 31.03.2026"),
        (Footer, "Classification: Internal"),
        (Body, "Status: Draft"),
        (Body, "Document ID ISMS-POL-07"),
    ]);
    assert_eq!(
        pairs(&got),
        [
            ("approved_by", "Jane Doe, CEO"),
            ("approved_on", "2025-03-01"),
            ("classification", "Internal"),
            ("document_id", "ISMS-POL-07"),
            ("effective_on", "1 April 2025"),
            ("next_review_on", "31.03.2026"),
            ("owner", "CISO"),
            ("status", "Draft"),
            ("version", "2.1"),
        ]
    );
}

#[test]
fn a_german_header() {
    use BlockKind::*;
    let got = of(&[
        (Header, "Version: 1.4 | Stand: 12.05.2025 | Klassifizierung: intern"),
        (Row, "Freigegeben durch Dr. Müller"),
        (Row, "Freigegeben am 01.06.2025"),
        (Row, "Nächste Überprüfung Juni 2026"),
        (Row, "Eigentümer ISB"),
        (Body, "Status: Entwurf"),
    ]);
    assert_eq!(
        pairs(&got),
        [
            ("approved_by", "Dr. Müller"),
            ("approved_on", "01.06.2025"),
            ("classification", "intern"),
            ("effective_on", "12.05.2025"),
            ("next_review_on", "Juni 2026"),
            ("owner", "ISB"),
            ("status", "Entwurf"),
            ("version", "1.4"),
        ]
    );
}

#[test]
fn control_tables_of_other_languages() {
    use BlockKind::*;
    for (rows, facts) in [
        (
            [
                "Version 2.1",
                "Statut Approuvée",
                "Propriétaire RSSI",
                "Approuvé par Hugo Vasseur, directeur",
                "Date d'approbation 5 février 2026",
                "Prochaine révision février 2027",
                "Classification Usage interne",
            ],
            "approved_by=Hugo Vasseur, directeur; approved_on=5 février 2026; \
             classification=Usage interne; next_review_on=février 2027; owner=RSSI; \
             status=Approuvée; version=2.1",
        ),
        (
            [
                "Versión 1.4",
                "Estado Vigente",
                "Propietaria Nuria Ferrer",
                "Aprobado por Dirección",
                "Fecha de aprobación 14 de enero de 2026",
                "Próxima revisión 14/01/2027",
                "Clasificación Uso interno",
            ],
            "approved_by=Dirección; approved_on=14 de enero de 2026; classification=Uso interno; \
             next_review_on=14/01/2027; owner=Nuria Ferrer; status=Vigente; version=1.4",
        ),
        (
            [
                "Versione 3",
                "Stato Bozza",
                "Responsabile Chiara Bellandi",
                "Approvato da Direzione",
                "Data di approvazione 1° marzo 2026",
                "Prossimo riesame marzo 2027",
                "Classificazione Riservato",
            ],
            "approved_by=Direzione; approved_on=1° marzo 2026; classification=Riservato; \
             next_review_on=marzo 2027; owner=Chiara Bellandi; status=Bozza; version=3",
        ),
        (
            [
                "Versão 1.0",
                "Estado Aprovado",
                "Responsável Teresa Valadares",
                "Aprovado por Administração",
                "Data de aprovação 3 de março de 2026",
                "Próxima revisão março de 2027",
                "Classificação Confidencial",
            ],
            "approved_by=Administração; approved_on=3 de março de 2026; \
             classification=Confidencial; next_review_on=março de 2027; owner=Teresa Valadares; \
             status=Aprovado; version=1.0",
        ),
        (
            [
                "Versie 1.3",
                "Documentstatus Goedgekeurd",
                "Eigenaar Sanne Verhoef",
                "Goedgekeurd door Directie",
                "Goedkeuringsdatum 9 maart 2026",
                "Volgende beoordeling maart 2027",
                "Classificatie Vertrouwelijk",
            ],
            "approved_by=Directie; approved_on=9 maart 2026; classification=Vertrouwelijk; \
             next_review_on=maart 2027; owner=Sanne Verhoef; status=Goedgekeurd; version=1.3",
        ),
    ] {
        assert_eq!(shown(&rows.map(|row| (Row, row))), facts);
    }
    for (line, facts) in [
        (
            "Version 2, approuvée par Hugo Vasseur, responsable informatique, le 12 mars 2026",
            "approved_by=Hugo Vasseur, responsable informatique; approved_on=12 mars 2026; version=2",
        ),
        (
            "Cette politique a été approuvée par la direction générale le 12 mars 2026.",
            "approved_by=la direction générale; approved_on=12 mars 2026",
        ),
        (
            "Este procedimiento fue aprobado por el comité de seguridad el 12 de marzo de 2026.",
            "approved_by=el comité de seguridad; approved_on=12 de marzo de 2026",
        ),
        (
            "La presente politica è stata approvata dalla direzione il 12 marzo 2026.",
            "approved_by=direzione; approved_on=12 marzo 2026",
        ),
        (
            "Esta política foi aprovada pela administração em 12 de março de 2026.",
            "approved_by=administração; approved_on=12 de março de 2026",
        ),
        (
            "Dit beleid is op 12 maart 2026 door de directie vastgesteld.",
            "approved_by=de directie; approved_on=12 maart 2026",
        ),
    ] {
        assert_eq!(shown(&[(Body, line)]), facts, "{line}");
    }
}

#[test]
fn prose_is_no_label() {
    use BlockKind::*;
    let got = of(&[
        (Body, "Version control is used for all documents."),
        (Body, "Status reports go to the board."),
        (Body, "Owner of the process is whoever changes it last."),
        (Body, "Approved changes are recorded."),
        (Body, "Document owner is whoever wrote it"),
        (Body, "Approved by the board"),
        (Heading, "Classification of information"),
        (Heading, "Information Classification & Labelling"),
        (Body, "Information Classification Policy"),
        (Row, "| Approved by | Name and role of the approver |"),
    ]);
    assert_eq!(got, Properties::new());
}

#[test]
fn a_blank_template_states_nothing() {
    use BlockKind::*;
    let got = of(&[
        (Row, "| Owner | [POLICY_OWNER_ROLE, e.g. CISO] |"),
        (Row, "| Approved by | [Name, title] |"),
        (Row, "| Approval date | — |"),
        (Row, "| Version | <version> |"),
    ]);
    assert_eq!(got, Properties::new());
}

#[test]
fn the_first_statement_and_what_the_file_says_itself_win() {
    let got = of(&[(BlockKind::Body, "Version: 2.0"), (BlockKind::Body, "Version: 1.0")]);
    assert_eq!(got["version"], "2.0");
}

fn shown(lines: &[(BlockKind, &str)]) -> String {
    let got = of(lines);
    got.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_control_table_on_its_side() {
    use BlockKind::*;
    let header = "| Version | Status | Owner | Approved by | Approval date | Next review |";
    let values = "| 3.2 | Approved | Lea Moser, CISO | Board | 2026-02-03 | 2027-02-28 |";
    assert_eq!(
        shown(&[(Row, header), (Row, values), (Body, "Version 1 of the tool is used.")]),
        "approved_by=Board; approved_on=2026-02-03; next_review_on=2027-02-28; \
         owner=Lea Moser, CISO; status=Approved; version=3.2"
    );
    // Empty cells stay empty, a header alone gives nothing.
    let values = "| 3.2 | Draft | Lea Moser | | | |";
    assert_eq!(
        shown(&[(Row, header), (Row, values)]),
        "owner=Lea Moser; status=Draft; version=3.2"
    );
    assert_eq!(shown(&[(Row, header)]), "");
}

#[test]
fn a_table_without_cell_bounds_is_read_only_where_one_reading_is_possible() {
    use BlockKind::*;
    let of = |header, values| shown(&[(Row, header), (Row, values)]);
    // Owner and approver stand side by side: who is who?
    assert_eq!(
        of(
            "Version Status Owner Approved by Approval date Next review",
            "4.1 Approved Ines Bauer, DPO Paul Kern, COO 2026-03-19 2027-03-31"
        ),
        "approved_on=2026-03-19; next_review_on=2027-03-31; status=Approved; version=4.1"
    );
    assert_eq!(
        of(
            "Document owner Version Approval date Approved by",
            "Head of IT 1.4 12.03.2026 Managing director"
        ),
        "approved_by=Managing director; approved_on=12.03.2026; owner=Head of IT; version=1.4"
    );
    assert_eq!(
        of("Fassung Freigabedatum Freigegeben durch", "1.4 12.03.2026 Geschäftsführung"),
        "approved_by=Geschäftsführung; approved_on=12.03.2026; version=1.4"
    );
    // A date is missing: no reading.
    assert_eq!(of("Version Approval date Next review Owner", "1.4 2026-03-12 Head of IT"), "");
    // Two readings: "Approved" or "Final" may be the status.
    assert_eq!(of("Version Owner Status Approver", "1.0 Board Approved Final Committee"), "");
}

#[test]
fn a_version_history_gives_its_newest_version() {
    use BlockKind::*;
    let md = [
        (Row, "| Version | Date | Author | Approved by | Changes |"),
        (Row, "| 1.0 | 2023-01-10 | A. Roth | J. Lang | First issue |"),
        (Row, "| 1.1 | 2024-02-11 | A. Roth | M. Weiß | Section 4 |"),
    ];
    assert_eq!(shown(&md), "approved_by=M. Weiß; version=1.1");
    let falling = [
        (Row, "Version Date Author Changes"),
        (Row, "2.10 2025-03-01 A. Roth Section 4"),
        (Row, "2.9 2024-03-01 A. Roth Section 3"),
    ];
    assert_eq!(shown(&falling), "version=2.10");
    // Outright statements win; a list of documents is no history.
    let stated = [(Body, "Version: 1.2"), md[0], md[1], md[2]];
    assert_eq!(of(&stated)["version"], "1.2");
    let list = [
        (Row, "| Document | Version | Owner | Approval date |"),
        (Row, "| Password policy | 1.0 | CISO | 2025-01-01 |"),
        (Row, "| Backup policy | 2.0 | IT | 2025-01-01 |"),
    ];
    assert_eq!(shown(&list), "");
}

#[test]
fn control_lines_hold_several_facts() {
    use BlockKind::*;
    for (line, facts) in [
        (
            "Version 2.0 · approved by Ada Stone (COO) on 2025-12-11 · owner Rui Dias · next review 2026-12-31 · serves A.8.2",
            "approved_by=Ada Stone (COO); approved_on=2025-12-11; next_review_on=2026-12-31; owner=Rui Dias; version=2.0",
        ),
        (
            "Version 1.6 | approved 2026-03-05 by Ada Stone | owner Rui Dias | next review 2027-03-31",
            "approved_by=Ada Stone; approved_on=2026-03-05; next_review_on=2027-03-31; owner=Rui Dias; version=1.6",
        ),
        (
            "Version 2.2, approved by Dr. Ada Stone on 5 February 2026, next review 2027-02-28. Replaces the work instruction WI-4.",
            "approved_by=Dr. Ada Stone; approved_on=5 February 2026; next_review_on=2027-02-28; version=2.2",
        ),
        (
            "Version 2.0, freigegeben am 16.04.2026 durch Dr. Ulla Brandt, nächste Überprüfung 30.04.2027",
            "approved_by=Dr. Ulla Brandt; approved_on=16.04.2026; next_review_on=30.04.2027; version=2.0",
        ),
        (
            "Version 1.3 – freigegeben durch die Geschäftsführung am 3. März 2026 – Eigentümer: ISB",
            "approved_by=die Geschäftsführung; approved_on=3. März 2026; owner=ISB; version=1.3",
        ),
        (
            "Version 3, approuvé par Mme Blanc le 12 mars 2026, prochaine révision : mars 2027",
            "approved_by=Mme Blanc; approved_on=12 mars 2026; next_review_on=mars 2027; version=3",
        ),
        (
            "This policy was approved by the management board on 12 March 2026 and is in force.",
            "approved_by=the management board; approved_on=12 March 2026",
        ),
        (
            "Diese Richtlinie wurde am 1. Juli 2025 von der Geschäftsführung freigegeben.",
            "approved_by=der Geschäftsführung; approved_on=1. Juli 2025",
        ),
        ("Approved by: pending", "approved_by=pending"),
        ("Status: Approved by the board", "status=Approved"),
    ] {
        assert_eq!(shown(&[(Body, line)]), facts, "{line}");
    }
}

#[test]
fn a_title_row_may_go_on_with_document_control() {
    use BlockKind::*;
    let title = "Statement of Applicability, edition 2022, version 7.0, approved 2025-02-20 by Dr. Ada Stone";
    assert_eq!(
        shown(&[(Row, title)]),
        "approved_by=Dr. Ada Stone; approved_on=2025-02-20; version=7.0"
    );
    let title = "Audit programme 2026, ISO/IEC 27001, approved by the CEO 2026-01-29";
    assert_eq!(shown(&[(Row, title)]), "approved_by=the CEO; approved_on=2026-01-29");
    // Further down this is about something else.
    let far =
        [(Body, "a"), (Body, "b"), (Body, "c"), (Body, "We use the tool, version 7.0, daily.")];
    assert_eq!(shown(&far), "");
}

#[test]
fn rows_that_hold_pairs_and_rows_of_other_tables() {
    use BlockKind::*;
    assert_eq!(
        shown(&[(Row, "Version 2.1 Status Approved Owner CISO"), (Row, "Document POL-1")]),
        "owner=CISO; status=Approved; version=2.1"
    );
    assert_eq!(
        shown(&[(Row, "Approved by Jane Doe Approval date 2025-03-01"), (Row, "Document POL-1")]),
        "approved_by=Jane Doe; approved_on=2025-03-01"
    );
    assert_eq!(shown(&[(Row, "| Version | 2.1 | Status | Draft |")]), "status=Draft; version=2.1");
    // Headers and rows of registers.
    for row in [
        "Owner Asset Location",
        "Status Meaning",
        "| Owner | Asset |",
        "| Owner | System | Class |",
        "| Approved by | Implemented | Ticket | Result |",
    ] {
        assert_eq!(shown(&[(Row, row), (Row, "M. Lee Server Bonn")]), "", "{row}");
    }
}

#[test]
fn headers_footers_and_classes() {
    use BlockKind::*;
    for (kind, line, facts) in [
        (Footer, "ISMS-00 Version 2.3 - Approved  Page 1 of 9", "status=Approved; version=2.3"),
        (
            Footer,
            "POL-7 | Rev. 4 | Confidential | Seite 2 von 3",
            "classification=Confidential; version=4",
        ),
        (Header, "Acme Ltd. Access policy INTERNAL", "classification=INTERNAL"),
        (Header, "Muster AG – Streng vertraulich", "classification=Streng vertraulich"),
        (
            Body,
            "Acme Ltd. - Report 7 Strictly confidential",
            "classification=Strictly confidential",
        ),
        (Body, "TLP:AMBER", "classification=TLP:AMBER"),
        (Body, "The results are confidential", ""),
        (Body, "All our reports are Public.", ""),
        (Heading, "Internal", ""),
        (Header, "Ejemplo S.L. | Informe de Auditoría Interna", ""),
        (Header, "Esempio S.p.A. – Uso interno", "classification=Uso interno"),
        (
            Footer,
            "POL-7 | Versie 4 | Vertrouwelijk | Pagina 2 van 3",
            "classification=Vertrouwelijk; version=4",
        ),
    ] {
        assert_eq!(shown(&[(kind, line)]), facts, "{line}");
    }
}

#[test]
fn a_control_block_of_a_pdf() {
    let text =
        "Document EX-1\nVersion 1.0\nStatus Final\nOwner Ada Stone, COO\nClassification Internal";
    assert_eq!(
        shown(&[(BlockKind::Body, text)]),
        "classification=Internal; owner=Ada Stone, COO; status=Final; version=1.0"
    );
}

#[test]
fn a_review_date_may_be_the_last_or_the_next() {
    assert_eq!(shown(&[(BlockKind::Body, "Review date: 2026-05-11")]), "review_date=2026-05-11");
}
