use super::*;
use crate::domain::DocumentType as T;

#[test]
fn types_come_from_names() {
    let names = [
        // Rules.
        ("Mobile_Device_Policy_v3.docx", T::Policy),
        ("POL-021 Remote Work.docx", T::Policy),
        ("NW-POL-07_Secrets.pdf", T::Policy),
        ("pol-14-backup.md", T::Policy),
        ("Acceptable Use.docx", T::Policy),
        ("AcceptableUsePolicy_2025.pdf", T::Policy),
        ("Code_of_Conduct.pdf", T::Policy),
        ("Clear Desk and Clear Screen.docx", T::Policy),
        ("Policy on Generative AI.docx", T::Policy),
        ("AUP final.pdf", T::Policy),
        ("RL-03_Fernzugriff.docx", T::Policy),
        ("Passwortrichtlinie.docx", T::Policy),
        ("Leitlinie zur Informationssicherheit.pdf", T::Policy),
        ("Richtlinie Schulung und Sensibilisierung.docx", T::Policy),
        ("Richtlinie_Protokollierung_V1.2.docx", T::Policy),
        ("Betriebsvereinbarung KI-Systeme.pdf", T::Policy),
        ("Politique de sécurité de l'information.docx", T::Policy),
        ("Política de control de accesos.docx", T::Policy),
        // Procedures.
        ("PRO-12_Asset_Management.docx", T::Procedure),
        ("SOP-004 Restore Test.docx", T::Procedure),
        ("WI-7_Visitors.docx", T::Procedure),
        ("VA-11 Lieferantenbewertung.docx", T::Procedure),
        ("STD-02 Passwords.md", T::Procedure),
        ("Incident Management.docx", T::Procedure),
        ("Change_and_Release_Management.html", T::Procedure),
        ("Impact Assessment Procedure.docx", T::Procedure),
        ("Procedure Access Review.docx", T::Procedure),
        ("Procedure for Risk Assessment.docx", T::Procedure),
        ("Management Review Procedure.docx", T::Procedure),
        ("Quality Manual.docx", T::Procedure),
        ("AI_Risk_Methodology.docx", T::Procedure),
        ("Hardening_Guideline_Linux.md", T::Procedure),
        ("Guideline for Red Teaming.docx", T::Procedure),
        ("Instructions for Use Vision 3.pdf", T::Procedure),
        ("Endpoint_Configuration_Standard.docx", T::Procedure),
        ("Log In Procedure.docx", T::Procedure),
        ("Incident Response Playbook.md", T::Procedure),
        ("Verfahrensanweisung Rechtekonzept.docx", T::Procedure),
        ("Notfallhandbuch.docx", T::Procedure),
        ("Löschkonzept_2025.docx", T::Procedure),
        ("Schwachstellenmanagement.docx", T::Procedure),
        ("Arbeitsanweisung_Besucher.docx", T::Procedure),
        ("Procédure de gestion des incidents.docx", T::Procedure),
        ("Procedimiento de copias de seguridad.docx", T::Procedure),
        // Plans.
        ("PLN-02_Continuity.docx", T::Plan),
        ("Incident Response Plan.docx", T::Plan),
        ("Internal Audit Programme 2027.xlsx", T::Plan),
        ("Penetration Test Plan.docx", T::Plan),
        ("Risk_Treatment_2026.docx", T::Plan),
        ("Schulungsplan 2026.xlsx", T::Plan),
        ("KI-Strategie.docx", T::Plan),
        ("KPIs 2026.xlsx", T::Plan),
        ("Plan de continuité d'activité.docx", T::Plan),
        // Registers.
        ("REG-01_Assets.xlsx", T::Register),
        ("Vendor List.xlsx", T::Register),
        ("RoPA.xlsx", T::Register),
        ("Records of Processing Activities.xlsx", T::Register),
        ("Verzeichnis der Verarbeitungstätigkeiten.xlsx", T::Register),
        ("Rechtskataster.xlsx", T::Register),
        ("Model_Inventory.csv", T::Register),
        ("Contract Register.xlsx", T::Register),
        ("Stakeholders.csv", T::Register),
        ("Registro de activos.xlsx", T::Register),
        ("Inventaire des actifs.xlsx", T::Register),
        // Records.
        ("Training Records 2025.xlsx", T::Record),
        ("REC-031_Key handover.pdf", T::Record),
        ("FRM-03 Access Request.docx", T::Record),
        ("INC-2025-007_Lost_Laptop.md", T::Record),
        ("INC-2025-009 Report.pdf", T::Record),
        ("CAPA-0113.docx", T::Record),
        ("2025-11_AI_Incident.md", T::Record),
        ("Security Incident Report March.docx", T::Record),
        ("Policy Review 2026.docx", T::Record),
        ("Information Security Policy annual review.docx", T::Record),
        ("Restore_Test_2025-Q4.md", T::Record),
        ("Firewall_Log_2026-02.csv", T::Record),
        ("drift_monitoring_2026-02.csv", T::Record),
        ("daily check.csv", T::Record),
        ("Records of Media Disposal.docx", T::Record),
        ("Löschprotokoll_2025-12.pdf", T::Record),
        ("Schulungsnachweis Meyer.pdf", T::Record),
        ("Certificate of Destruction.pdf", T::Record),
        ("Risk Acceptance R-17.docx", T::Record),
        // Minutes.
        ("Minutes_ISMS_Board_2026-02.docx", T::Minutes),
        ("2026-02-04 Security Committee.docx", T::Minutes),
        ("Management Review 2025.pptx", T::Minutes),
        ("Sitzungsprotokoll_2026-01-15.docx", T::Minutes),
        ("Protokoll Managementbewertung.docx", T::Minutes),
        ("Compte rendu réunion SMSI.docx", T::Minutes),
        ("Acta de reunión 2026-01.docx", T::Minutes),
        // Reports, assessments and the like.
        ("Audit Report 2025.pdf", T::Report),
        ("Risk Assessment Report.docx", T::Report),
        ("Data sheet images v2.md", T::Report),
        ("Model_Card_Falcon.md", T::Report),
        ("Auditbericht_2025.pdf", T::Report),
        ("Rapport d'audit interne.pdf", T::Report),
        ("DPIA_Chatbot.docx", T::Assessment),
        ("Business_Impact_Analysis.xlsx", T::Assessment),
        ("Risikobeurteilung Cloud.docx", T::Assessment),
        ("Data Processing Agreement Mailfox.pdf", T::Contract),
        ("AV-Vertrag_Hosting.pdf", T::Contract),
        ("NDA Smith.pdf", T::Contract),
        ("Awareness 2026.pptx", T::Training),
        ("Phishing_Training.docx", T::Training),
        ("Statement_of_Applicability.xlsx", T::Soa),
        ("SoA v4.xlsx", T::Soa),
        ("Anwendbarkeitserklärung.xlsx", T::Soa),
        ("ISMS Scope.docx", T::Statement),
        ("Erklärung der Geschäftsführung.pdf", T::Statement),
        ("Org Chart.pdf", T::Diagram),
        ("Network_Plan_HQ.pdf", T::Diagram),
        ("fw01_config.txt", T::Configuration),
        ("Design of the ranking service.docx", T::Other),
        ("training data overview.md", T::Other),
        ("hello.eml", T::Mail),
        // The same in other languages.
        ("Charte informatique.docx", T::Policy),
        ("Code de conduite.pdf", T::Policy),
        ("Politica per la sicurezza delle informazioni.docx", T::Policy),
        ("Codice di condotta.pdf", T::Policy),
        ("Política de segurança da informação.docx", T::Policy),
        ("Código de conducta.pdf", T::Policy),
        ("Informatiebeveiligingsbeleid.docx", T::Policy),
        ("Beleid toegangsbeveiliging.docx", T::Policy),
        ("Mode opératoire sauvegardes.docx", T::Procedure),
        ("Procedura di gestione degli incidenti.docx", T::Procedure),
        ("Istruzione operativa accessi.docx", T::Procedure),
        ("Procedimento de gestão de incidentes.docx", T::Procedure),
        ("Instrucción de trabajo copias.docx", T::Procedure),
        ("Procedure leveranciersbeoordeling.docx", T::Procedure),
        ("Werkinstructie back-up.docx", T::Procedure),
        ("Piano di continuità operativa.docx", T::Plan),
        ("Plano de continuidade.docx", T::Plan),
        ("Programme d'audit 2026.docx", T::Plan),
        ("Herstelplan.docx", T::Plan),
        ("Registro dei trattamenti.xlsx", T::Register),
        ("Elenco fornitori.xlsx", T::Register),
        ("Registo de riscos.xlsx", T::Register),
        ("Inventario de activos.xlsx", T::Register),
        ("Liste des fournisseurs.xlsx", T::Register),
        ("Leverancierslijst.xlsx", T::Register),
        ("Verwerkingsregister.xlsx", T::Register),
        ("Compte rendu de test de restauration.docx", T::Record),
        ("Procès-verbal de destruction.pdf", T::Record),
        ("Acta de destrucción de soportes.pdf", T::Record),
        ("Registro de la prueba de restauración.docx", T::Record),
        ("Verbale di distruzione.pdf", T::Record),
        ("Attestato di formazione Rossi.pdf", T::Record),
        ("Registo de formação 2026.xlsx", T::Record),
        ("Hersteltestverslag 2026.docx", T::Record),
        ("Compte rendu de réunion.docx", T::Minutes),
        ("Verbale riunione comitato sicurezza.docx", T::Minutes),
        ("Ata da reunião do comité.docx", T::Minutes),
        ("Notulen stuurgroep.docx", T::Minutes),
        ("Riesame della direzione.docx", T::Minutes),
        ("Revisão pela direção.docx", T::Minutes),
        ("Directiebeoordeling.docx", T::Minutes),
        ("Rapporto di audit interno.pdf", T::Report),
        ("Relatório de auditoria.pdf", T::Report),
        ("Informe de auditoría.pdf", T::Report),
        ("Auditrapport.pdf", T::Report),
        ("Valutazione dei rischi.docx", T::Assessment),
        ("Avaliação de riscos.docx", T::Assessment),
        ("Evaluación de riesgos.docx", T::Assessment),
        ("Risicobeoordeling.docx", T::Assessment),
        ("Contratto di fornitura.pdf", T::Contract),
        ("Verwerkersovereenkomst.pdf", T::Contract),
        ("Accord de confidentialité.pdf", T::Contract),
        ("Sensibilisation 2026.pptx", T::Training),
        ("Formazione sicurezza.pptx", T::Training),
        ("Bewustwording.pptx", T::Training),
        ("Erklärung zur Anwendbarkeit.xlsx", T::Soa),
        ("Déclaration d'applicabilité.xlsx", T::Soa),
        ("Declaración de aplicabilidad.xlsx", T::Soa),
        ("Dichiarazione di applicabilità.xlsx", T::Soa),
        ("Declaração de aplicabilidade.xlsx", T::Soa),
        ("Verklaring van toepasselijkheid.xlsx", T::Soa),
        ("Ambito del SGSI.docx", T::Statement),
        ("Organigramme.pdf", T::Diagram),
    ];
    let wrong: Vec<String> = names
        .iter()
        .map(|(name, kind)| (name, kind, profile(&document(name, &[], &["x"])).document_type))
        .filter(|(_, kind, got)| *kind != got)
        .map(|(name, kind, got)| format!("{name}: {} instead of {}", got.as_str(), kind.as_str()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // A name from macOS has its accents apart.
    let apart = "Vertra\u{308}ge.docx";
    assert_eq!(profile(&document(apart, &[], &["x"])).document_type, T::Contract);
}

#[test]
fn where_the_name_says_nothing_text_and_folder_do() {
    let of = |path: &str, lines: &[&str]| profile(&document(path, &[], lines)).document_type;
    assert_eq!(of("isms/policies/Encryption.docx", &["x"]), T::Policy);
    assert_eq!(of("isms/02 Procedures/Access Review.docx", &["x"]), T::Procedure);
    assert_eq!(of("isms/02 Procedures/Access Review 2026-03.docx", &["x"]), T::Record);
    assert_eq!(of("isms/minutes/2026-03-02.docx", &["x"]), T::Minutes);
    assert_eq!(of("isms/Nachweise/2026/scan0001.pdf", &["x"]), T::Record);
    assert_eq!(of("a/Cloud.docx", &["Purpose", "This policy applies to all staff."]), T::Policy);
    assert_eq!(of("a/KI.docx", &["Diese Richtlinie regelt den Einsatz."]), T::Policy);
    assert_eq!(of("a/IA.docx", &["La présente politique définit les règles."]), T::Policy);
    assert_eq!(of("a/nube.docx", &["Este procedimiento describe los pasos."]), T::Procedure);
    assert_eq!(of("a/cloud.docx", &["La presente politica stabilisce le regole."]), T::Policy);
    assert_eq!(of("a/nuvem.docx", &["Este procedimento descreve os passos."]), T::Procedure);
    assert_eq!(of("a/wolk.docx", &["Dit beleid beschrijft de regels."]), T::Policy);
    assert_eq!(of("a/Cloud.docx", &["We follow this policy strictly."]), T::Other);
    // A title left over from the file that this one was copied from.
    let copied = document("a/Access Review.docx", &[("title", "Password Policy")], &["x"]);
    assert_eq!(profile(&copied).document_type, T::Record);
    let titled = document("a/doc7.docx", &[("title", "Password Policy")], &["Password Policy"]);
    assert_eq!(profile(&titled).document_type, T::Policy);
}
