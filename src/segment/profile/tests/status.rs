use super::*;
use crate::domain::DocumentStatus;

#[test]
fn status_is_read_where_it_is_said_and_nowhere_else() {
    use DocumentStatus::*;
    type Case = (
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
        DocumentStatus,
    );
    let cases: &[Case] = &[
        ("a.md", &[], &["Rules"], Unstated),
        ("a.md", &[("status", "Draft 0.3")], &["x"], Draft),
        ("a.md", &[("status", "not approved")], &["x"], Unapproved),
        ("a.md", &[("status", "ungültig")], &["x"], Superseded),
        ("a.md", &[("status", "In Kraft")], &["x"], Approved),
        ("a.md", &[], &["Status: DRAFT", "x"], Draft),
        ("a.md", &[], &["Status [Draft / Final]", "x"], Unstated),
        ("a.md", &[], &["DRAFT", "x"], Draft),
        ("a.md", &[], &["Draft for review", "x"], Draft),
        ("a.md", &[], &["This policy is still a draft."], Draft),
        ("a.md", &[], &["This policy has not yet been approved."], Unapproved),
        ("Plan_Entwurf.docx", &[], &["x"], Draft),
        ("Access_old.docx", &[], &["x"], Superseded),
        ("Policy (obsolete).docx", &[], &["x"], Superseded),
        ("archive/a.md", &[], &["x"], Superseded),
        ("99 Alt/a.md", &[("approved_by", "CEO")], &["x"], Superseded),
        ("a.md", &[], &["This version was superseded by version 4."], Superseded),
        ("a.md", &[], &["Superseded by POL-3 version 4"], Superseded),
        ("a.md", &[], &["Diese Richtlinie wurde durch RL-9 ersetzt."], Superseded),
        ("a.md", &[], &["This policy has been withdrawn."], Withdrawn),
        ("a.md", &[("approved_by", "CEO")], &["x"], Approved),
        ("a.md", &[("approved_on", "2026-01-02")], &["x"], Approved),
        ("a.md", &[("approved_by", "pending")], &["x"], Unapproved),
        ("a.md", &[("approved_by", "(pending)")], &["x"], Unapproved),
        ("a.md", &[("approved_by", "CEO"), ("approved_on", "TBD")], &["x"], Unapproved),
        ("a.md", &[("status", "Brouillon")], &["x"], Draft),
        ("a.md", &[("status", "non approuvé")], &["x"], Unapproved),
        ("a.md", &[("status", "En vigueur")], &["x"], Approved),
        ("a.md", &[("status", "Borrador")], &["x"], Draft),
        ("a.md", &[("status", "Vigente")], &["x"], Approved),
        ("a.md", &[("status", "no vigente")], &["x"], Superseded),
        ("a.md", &[("status", "Bozza 0.2")], &["x"], Draft),
        ("a.md", &[("status", "Approvata")], &["x"], Approved),
        ("a.md", &[("status", "ritirato")], &["x"], Withdrawn),
        ("a.md", &[("status", "em vigor")], &["x"], Approved),
        ("a.md", &[("status", "rascunho")], &["x"], Draft),
        ("a.md", &[("status", "concept")], &["x"], Draft),
        ("a.md", &[("status", "vastgesteld")], &["x"], Approved),
        ("a.md", &[("status", "vervallen")], &["x"], Superseded),
        ("a.md", &[], &["BROUILLON", "x"], Draft),
        ("a.md", &[], &["Statut : brouillon", "x"], Draft),
        ("a.md", &[], &["CONCEPT", "x"], Draft),
        ("a.md", &[], &["Concept", "x"], Unstated),
        ("a.md", &[], &["Cette politique n'a pas encore été approuvée."], Unapproved),
        ("a.md", &[], &["Esta política aún no ha sido aprobada."], Unapproved),
        ("a.md", &[], &["Questa procedura è stata sostituita dalla PR-09."], Superseded),
        ("a.md", &[], &["Esta política foi revogada em 2025."], Superseded),
        ("a.md", &[], &["Dit beleid is vervangen door versie 4."], Superseded),
        ("a.md", &[], &["Ce document a été retiré."], Withdrawn),
        ("Política_borrador.docx", &[], &["x"], Draft),
        ("Politica_bozza.docx", &[], &["x"], Draft),
        ("archivio/a.md", &[], &["x"], Superseded),
        ("rascunhos/a.md", &[], &["x"], Draft),
        ("a.md", &[("approved_by", "en attente")], &["x"], Unapproved),
        ("a.md", &[("approved_by", "nog niet")], &["x"], Unapproved),
        // What is said of something else.
        ("a.md", &[], &["", "The draft is circulated before approval."], Unstated),
        ("a.md", &[], &["Names are replaced by a random key before export."], Unstated),
        ("a.md", &[], &["This policy replaces POL-2 version 1."], Unstated),
        ("a.md", &[], &["Old keys are withdrawn. Drafts are marked DRAFT."], Unstated),
        ("a.md", &[], &["This plan is replaced every three years."], Unstated),
        ("Golden_Household/a.md", &[], &["x"], Unstated),
        ("archive/minutes-2024-02-01.md", &[], &["x"], Unstated),
    ];
    for (path, properties, lines, status) in cases {
        let got = profile(&document(path, properties, lines)).status;
        assert_eq!(got, *status, "{path} {properties:?} {lines:?}");
    }
}

#[test]
fn stamps_are_read_in_all_languages() {
    use DocumentStatus::*;
    for (path, line, status) in [
        (
            "a.md",
            "Documento derogado. Sustituido por POL-09 desde el 10 de enero de 2026.",
            Superseded,
        ),
        ("a.md", "DOCUMENTO SUPERATO - sostituito dalla revisione del 10 gennaio 2026", Superseded),
        ("a.md", "Document abrogé et remplacé", Unstated),
        ("a.md", "Document abrogé, voir PSSI-09", Superseded),
        ("a.md", "Dit reglement is niet meer van kracht.", Superseded),
        ("a.md", "Il presente regolamento non è più in vigore.", Superseded),
        ("a.md", "Esta normativa ya no está vigente.", Superseded),
        ("a.md", "Ce guide n'est plus en vigueur.", Superseded),
        ("a.md", "Sustituido por POL-09", Superseded),
        ("a.md", "Sostituito dalla PO-3", Superseded),
        ("a.md", "BORRADOR – pendiente de aprobación por la Dirección", Draft),
        ("a.md", "Bozza per commenti - revisione 00", Draft),
        ("a.md", "CONCEPT - nog niet vastgesteld", Draft),
        ("a.md", "Versão preliminar para comentários", Draft),
        ("a.md", "Version 0.3 – document de travail, ne pas diffuser", Draft),
        ("a.md", "PROJET pour relecture", Draft),
        ("a.md", "Arbeitsfassung", Draft),
        ("a.md", "Nog niet vastgesteld door de directie", Unapproved),
        ("a.md", "À valider par le RSSI", Unapproved),
        ("a.md", "Da approvare", Unapproved),
        ("Procédure sauvegarde - PROJET.md", "x", Draft),
        ("Procedure back-up concept 0.3.md", "x", Draft),
        // What the same words say of other things.
        ("Plan de projet.md", "x", Unstated),
        ("Security concept 2.1.md", "x", Unstated),
        ("a.md", "CONCEPT - DATA FLOWS", Unstated),
        ("a.md", "PROJET - Migration de la messagerie", Unstated),
        ("a.md", "Concept voor de beveiliging", Unstated),
        ("a.md", "Documents obsolètes : ils sont retirés des postes.", Unstated),
        ("a.md", "Los documentos obsoletos se retiran.", Unstated),
        ("a.md", "Ogni procedura superata è archiviata.", Unstated),
    ] {
        assert_eq!(profile(&document(path, &[], &[line])).status, status, "{path}: {line}");
    }
}

#[test]
fn intervals_are_quoted_and_those_of_the_document_come_first() {
    let of = |path: &str, lines: &[&str]| profile(&document(path, &[], lines)).stated_interval;
    let access = "All access rights are reviewed every six months by the owner.";
    let interval = of("policy.md", &[access]).unwrap();
    assert_eq!((interval.days, interval.quote.as_str()), (186, access));
    let own = "This policy is reviewed at least every twelve months.";
    let interval = of("policy.md", &[access, own]).unwrap();
    assert_eq!((interval.days, interval.quote.as_str()), (366, own));
    for (line, days) in [
        ("Each quarter the owners check all rights.", 92),
        ("Diese Richtlinie wird jährlich überprüft.", 366),
        ("Die Rechte werden alle 6 Monate geprüft.", 186),
        ("Review cycle: annual", 366),
        ("Überprüfungszyklus: alle zwei Jahre", 732),
        ("La politique est révisée tous les ans et contrôlée chaque année.", 366),
        ("Cette politique est révisée tous les deux ans.", 732),
        ("Cette politique est révisée tous les ans.", 366),
        ("Les droits sont contrôlés tous les six mois.", 186),
        ("Esta política se revisa cada seis meses.", 186),
        ("La presente politica è riesaminata ogni due anni.", 732),
        ("I diritti sono verificati trimestralmente.", 92),
        ("Esta política é revista a cada 12 meses.", 366),
        ("Os acessos são verificados mensalmente.", 31),
        ("Dit beleid wordt elke twee jaar herzien.", 732),
        ("De rechten worden halfjaarlijks gecontroleerd.", 183),
        ("De eigenaren controleren de toegangsrechten elk halfjaar.", 183),
        ("Os responsáveis reveem os acessos semestralmente.", 183),
        ("Ogni trimestre si effettua una prova di ripristino.", 92),
        ("Dit beleid wordt elke januari herzien.", 366),
        ("Die Rechte werden jeden Oktober geprüft.", 366),
        ("This plan is tested twice a year.", 183),
        ("Logs are checked weekly.", 7),
    ] {
        assert_eq!(of("policy.md", &[line]).map(|i| i.days), Some(days), "{line}");
    }
    assert_eq!(of("policy.md", &["De rechten zijn per juni 2026 gecontroleerd."]), None);
    // A weekly newsletter is no review; minutes and articles state no interval.
    assert_eq!(of("policy.md", &["The tool costs 900 euro per year and is reviewed."]), None);
    assert_eq!(of("policy.md", &["A newsletter appears weekly."]), None);
    assert_eq!(of("minutes.md", &[access]), None);
    assert_eq!(of("news.md", &[own]), None);
    assert_eq!(
        of("asset list.md", &["This list is checked every year."]).map(|i| i.days),
        Some(366)
    );
}
