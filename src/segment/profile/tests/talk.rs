use super::*;
use crate::domain::Talk;

#[test]
fn talk_is_recognised() {
    let of = |path: &str, lines: &[&str]| profile(&document(path, &[], lines)).talk;
    let blanks =
        ["[Company Name] policy", "Owner: [insert role]", "Date: YYYY-MM-DD", "By: ________"];
    assert_eq!(of("t.md", &blanks), Some(Talk::Template));
    assert_eq!(of("t.md", &["Owner: [1] CISO"]), None);
    let long = "word ".repeat(200);
    let form = [long.as_str(), "Name: [Name of employee]"];
    assert_eq!(of("Access_form_TEMPLATE.docx", &form), Some(Talk::Template));
    assert_eq!(of("Vorlage Bericht.docx", &form), Some(Talk::Template));
    assert_eq!(of("Access_form.docx", &form), None);
    assert_eq!(of("Template.docx", &["Filled in by everybody."]), None);
    assert_eq!(of("Gap list ISO 42001.xlsx", &["x"]), Some(Talk::GapList));
    assert_eq!(of("GAP_Assessment_2025.pdf", &["x"]), Some(Talk::GapList));
    assert_eq!(of("Lückenanalyse.xlsx", &["x"]), Some(Talk::GapList));
    assert_eq!(of("Gap Analysis Procedure.docx", &["x"]), None);
    assert_eq!(of("Security newsletter 2026-05.pdf", &["x"]), Some(Talk::News));
    assert_eq!(of("ai.html", &["Home | News | Canteen", "x"]), Some(Talk::News));
    assert_eq!(of("ai.html", &["What we saw. By our student reporter."]), Some(Talk::News));
    assert_eq!(of("Glossary.md", &["x"]), Some(Talk::Glossary));
    assert_eq!(of("SoA.xlsx", &["x"]), Some(Talk::Soa));
    assert_eq!(of("Verklaring van toepasselijkheid.xlsx", &["x"]), Some(Talk::Soa));
    assert_eq!(of("Glossaire.md", &["x"]), Some(Talk::Glossary));
    assert_eq!(of("Begrippenlijst.md", &["x"]), Some(Talk::Glossary));
    assert_eq!(of("Analyse d'écarts 2026.xlsx", &["x"]), Some(Talk::GapList));
    assert_eq!(of("Análisis de brechas.xlsx", &["x"]), Some(Talk::GapList));
    assert_eq!(of("Nieuwsbrief mei.pdf", &["x"]), Some(Talk::News));
    let modello = ["[Azienda] politica", "Responsabile: [inserire ruolo]", "Data: GG/MM/AAAA"];
    assert_eq!(of("Modello politica.docx", &modello), Some(Talk::Template));
    assert_eq!(of("Awareness.pptx", &["x"]), Some(Talk::TrainingMaterial));
    let questions = [
        "Control Question Answer",
        "5.7 Is threat intelligence collected? nothing found",
        "5.9 Is there an inventory? yes",
        "5.10 Are there rules? not documented",
        "5.11 Are assets returned? yes",
        "5.12 Are classes used? no overview",
    ];
    assert_eq!(profile(&table("review 2025.xlsx", &questions)).talk, Some(Talk::GapList));
}

#[test]
fn quotation_marks_and_models_of_ai_make_no_template() {
    let of = |path: &str, lines: &[&str]| profile(&document(path, &[], lines)).talk;
    let classes = [
        "Les informations sont classées « publique », « interne », « confidentielle » ou «secrète».",
        "Une information « interne » ne sort pas de l'entreprise.",
        "La mention « confidentiel » figure en en-tête.",
        "Le niveau « service » n'existe pas.",
    ];
    assert_eq!(of("Politique de classification.docx", &classes), None);
    let merge = ["«Firma»", "«Datum»", "«Name»", "«Abteilung»"];
    assert_eq!(of("Brief.docx", &merge), Some(Talk::Template));
    let model = ["Le modèle est réévalué chaque trimestre.", "Seuil : TBD"];
    for path in ["Fiche modèle IA scoring.docx", "Modèle d'apprentissage automatique.docx"] {
        assert_eq!(of(path, &model), None, "{path}");
    }
    let modello = ["Il modello è rivalutato ogni trimestre.", "Soglia: TBD"];
    assert_eq!(of("Scheda modello_AI.docx", &modello), None);
    let modelo = ["O modelo é reavaliado todos os trimestres.", "Limiar: TBD"];
    assert_eq!(of("Modelo de inteligência artificial.docx", &modelo), None);
    let richiesta = ["Richiesta di accesso", "Data: TBD"];
    assert_eq!(of("Modello accesso ai sistemi.docx", &richiesta), Some(Talk::Template));
}

#[test]
fn words_that_mean_something_else_in_another_language_make_no_news() {
    let of = |path: &str| profile(&document(path, &[], &["x"])).talk;
    for path in [
        "Shared folder access review 2026.docx",
        "Berechtigungen Folder Vertrieb.xlsx",
        "pers/Eintritt und Austritt.docx",
        "Stampa/Registro delle stampanti.docx",
    ] {
        assert_eq!(of(path), None, "{path}");
    }
    assert_eq!(of("Persberichten/Audit 2026.docx"), Some(Talk::News));
    assert_eq!(of("Presse/Audit 2026.docx"), Some(Talk::News));
}

/// Each output as extraction gives it back.
#[test]
fn own_outputs_are_recognised_in_every_format() {
    let disclaimer = "This report assesses documents against Evimap's own points, not the text of \
                      the standards. It supports a review by people and does not replace them.";
    let talk = |document: Extracted| profile(&document).talk;
    let html = ["Skip to the targets", "Evimap · gap analysis", disclaimer];
    assert_eq!(talk(document("gap-analysis.html", &[], &html)), Some(Talk::OwnOutput));
    let meta = [("generator", "evimap")];
    assert_eq!(talk(document("x.html", &meta, &["x"])), Some(Talk::OwnOutput));
    let description = format!("Output of evimap. {disclaimer}");
    let book = [("author", "evimap 0.1.0"), ("description", description.as_str())];
    assert_eq!(talk(document("soa.xlsx", &book, &["x"])), Some(Talk::OwnOutput));
    // A workbook whose properties an editor dropped.
    let cells = table("soa.xlsx", &["Gap analysis", disclaimer]);
    assert_eq!(talk(cells), Some(Talk::OwnOutput));
    for (name, header) in [
        ("documents.csv", "document hash status why title basis as_of"),
        ("evidence-index.csv", "proposal_id target title system points comment basis as_of"),
        ("suggestions.csv", "proposal_id,target,title,level"),
        ("positions.csv", "target title level system machine_view nearest_miss coverage"),
    ] {
        assert_eq!(talk(table(name, &[header, "a b"])), Some(Talk::OwnOutput), "{name}");
    }
    let row = "A.5.1 Policies NOT DECIDED Evimap points 2026.11, not the text of the standard";
    assert_eq!(talk(table("renamed.csv", &["some head", row])), Some(Talk::OwnOutput));
    let line = r#"{"proposal_id":"p-anomljig34oezlxd","target":"ISO27001:4.1"}"#;
    assert_eq!(talk(document("proposals.jsonl", &[], &[line])), Some(Talk::OwnOutput));
    let json = format!("{{\n \"schema_version\": 1,\n \"disclaimer\": \"{disclaimer}\"");
    assert_eq!(talk(document("gap-analysis.json", &[], &[&json])), Some(Talk::OwnOutput));
    // A person approved it outside the tool: now it is a Statement of Applicability.
    let approved = [
        ("author", "evimap 0.1.0"),
        ("description", description.as_str()),
        ("status", "Approved"),
        ("approved_by", "CEO"),
        ("approved_on", "2026-05-04"),
    ];
    assert_eq!(talk(document("SoA.xlsx", &approved, &["x"])), Some(Talk::Soa));
    // Speaking of the tool makes no output.
    assert_eq!(talk(document("a.md", &[], &["We use Evimap for our gap analysis."])), None);
}
