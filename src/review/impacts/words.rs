//! Headers and words of registers of impact assessments, in all languages that documents are read in.

use super::super::fields::{Field, field, fitting, many, mark, norm};
use crate::domain::{ByLanguage, Done};

/// Figures of a day at least: `Data` is a date in Italian and Portuguese, and not in English.
const FIGURES: usize = 3;

fn dated(cell: &str) -> bool {
    cell.bytes().filter(u8::is_ascii_digit).count() >= FIGURES
}

/// What a column may mean. Of two that a header fits equally well the earlier one is taken.
pub(super) const FIELDS: &[Field] = &[
    field(
        "id",
        ByLanguage {
            en: "id|aia id|assessment id|impact assessment id|assessment no|no|ref|ai id",
            de: "nr|kennung|nummer|lfd nr|bewertung nr|ki id",
            fr: "id|identifiant|n|no|numéro|réf|code|id ia|id évaluation|numéro d évaluation|id de l évaluation",
            es: "id|código|n|no|núm|número|ref|id ia|id evaluación|id de la evaluación|identificador",
            it: "id|codice|n|nr|numero|rif|id ia|id valutazione|codice valutazione|identificativo",
            pt: "id|código|n|no|n o|número|ref|id ia|id avaliação|id da avaliação|identificador",
            nl: "id|nr|nummer|code|kenmerk|ai id|beoordeling nr|beoordelingsnummer|volgnummer",
        },
    ),
    field(
        "system",
        ByLanguage {
            en: "system|ai system|system name|assessed system|application|ai application|name|model|asset",
            de: "ki system|anwendung|ki anwendung|systemname|modell|name des systems|bewertetes system|bezeichnung",
            fr: "système|système d ia|système ia|nom du système|système évalué|application|modèle|actif|nom|désignation",
            es: "sistema|sistema de ia|sistema ia|nombre del sistema|sistema evaluado|aplicación|modelo|activo|nombre",
            it: "sistema|sistema di ia|sistema ia|nome del sistema|sistema valutato|applicazione|applicativo|modello|nome",
            pt: "sistema|sistema de ia|sistema ia|nome do sistema|sistema avaliado|aplicação|aplicativo|modelo|ativo|nome",
            nl: "systeem|ai systeem|naam van het systeem|systeemnaam|beoordeeld systeem|applicatie|toepassing|model|bedrijfsmiddel|naam",
        },
    ),
    field(
        "done",
        ByLanguage {
            en: "done|performed|conducted|completed|assessed|impact assessment|impact assessment done|impact assessment status|assessment status|assessment done|ai impact assessment|aia|aisia|fria",
            de: "durchgeführt|erledigt|abgeschlossen|folgenabschätzung|ki folgenabschätzung|folgenabschätzung durchgeführt|auswirkungsbewertung|folgenabschätzung status",
            fr: "réalisé|réalisée|effectuée|effectué|évaluation réalisée|analyse d impact|étude d impact|évaluation d impact|analyse d impact réalisée|évaluation d impact réalisée|analyse d impact ia|statut de l évaluation|aipd",
            es: "realizado|realizada|hecho|efectuada|evaluación realizada|evaluación de impacto|evaluación de impacto realizada|análisis de impacto|estado de la evaluación|eipd",
            it: "eseguito|eseguita|effettuata|svolta|valutazione eseguita|valutazione d impatto|valutazione di impatto|valutazione d impatto eseguita|stato della valutazione",
            pt: "realizado|realizada|feito|efetuada|avaliação realizada|avaliação de impacto|avaliação de impacto realizada|análise de impacto|estado da avaliação",
            nl: "uitgevoerd|gedaan|afgerond|beoordeling uitgevoerd|effectbeoordeling|impactbeoordeling|impactanalyse|effectbeoordeling uitgevoerd|impactbeoordeling uitgevoerd|status beoordeling",
        },
    ),
    fitting(
        "date",
        ByLanguage {
            en: "date|assessment date|date of assessment|date of impact assessment|impact assessment date|assessed on|performed on|conducted on|completed on|done on",
            de: "datum|durchgeführt am|bewertet am|datum der bewertung|datum der folgenabschätzung|erledigt am|abgeschlossen am",
            fr: "date|date de l évaluation|date d évaluation|date de l analyse|évalué le|réalisé le|réalisée le|effectuée le",
            es: "fecha|fecha de la evaluación|fecha de evaluación|evaluado el|realizado el|realizada el",
            it: "data|data della valutazione|data di valutazione|data valutazione|valutato il|eseguita il|effettuata il",
            pt: "data|data da avaliação|data de avaliação|avaliado em|realizado em|realizada em",
            nl: "datum|datum beoordeling|beoordelingsdatum|datum van de beoordeling|beoordeeld op|uitgevoerd op",
        },
        dated,
    ),
    field(
        "trigger",
        ByLanguage {
            en: "trigger|triggered by|reason|reason for assessment|occasion|cause",
            de: "anlass|auslöser|grund",
            fr: "déclencheur|motif|raison|occasion|cause|événement déclencheur",
            es: "desencadenante|motivo|razón|causa|ocasión",
            it: "motivo|ragione|causa|occasione|evento scatenante|fattore scatenante",
            pt: "motivo|razão|causa|ocasião|desencadeador|evento desencadeador",
            nl: "aanleiding|reden|oorzaak|trigger",
        },
    ),
    many(
        "affected",
        ByLanguage {
            en: "affected|affected parties|affected persons|affected groups|affected people|who is affected|individuals affected|stakeholders|impacted groups|impacted parties",
            de: "betroffene|betroffene personen|betroffene gruppen|betroffenengruppen|wer ist betroffen",
            fr: "personnes concernées|concernés|personnes affectées|groupes concernés|parties concernées|parties prenantes|qui est concerné|populations concernées",
            es: "afectados|personas afectadas|grupos afectados|partes afectadas|partes interesadas|quién se ve afectado",
            it: "interessati|persone interessate|soggetti interessati|gruppi interessati|parti interessate|chi è interessato",
            pt: "afetados|pessoas afetadas|grupos afetados|partes afetadas|partes interessadas|quem é afetado",
            nl: "betrokkenen|betrokken personen|betrokken groepen|getroffenen|getroffen groepen|belanghebbenden|wie wordt geraakt",
        },
    ),
    field(
        "result",
        ByLanguage {
            en: "result|results|outcome|conclusion|impact level|level|overall impact|severity|rating|finding",
            de: "ergebnis|einstufung|bewertung|stufe|fazit|gesamtbewertung|auswirkung",
            fr: "résultat|résultats|conclusion|conclusions|niveau d impact|niveau|gravité|appréciation",
            es: "resultado|resultados|conclusión|conclusiones|nivel de impacto|nivel|gravedad",
            it: "risultato|risultati|esito|conclusione|conclusioni|livello di impatto|livello|gravità",
            pt: "resultado|resultados|conclusão|conclusões|nível de impacto|nível|gravidade",
            nl: "resultaat|resultaten|uitkomst|conclusie|impactniveau|niveau|ernst|bevinding",
        },
    ),
    many(
        "risk_ids",
        ByLanguage {
            en: "risk id|risk ids|risks|linked risks|related risks|risk|risk register|risk reference",
            de: "risiko|risiken|risiko id|risiko ids|verknüpfte risiken|zugehörige risiken",
            fr: "risque|risques|id risque|id des risques|risques liés|risques associés|registre des risques",
            es: "riesgo|riesgos|id riesgo|id de los riesgos|riesgos vinculados|riesgos asociados|registro de riesgos",
            it: "rischio|rischi|id rischio|id dei rischi|rischi collegati|rischi associati|registro dei rischi",
            pt: "risco|riscos|id risco|id dos riscos|riscos associados|riscos relacionados|registo de riscos|registro de riscos",
            nl: "risico|risico s|risicos|risico id|gekoppelde risico s|gerelateerde risico s|risicoregister",
        },
    ),
    many(
        "document",
        ByLanguage {
            en: "document|documents|report|file|reference|evidence|link",
            de: "dokument|dokumente|bericht|nachweis|ablage|datei|referenz",
            fr: "document|documents|rapport|fichier|référence|preuve|lien",
            es: "documento|documentos|informe|archivo|referencia|evidencia|enlace",
            it: "documento|documenti|rapporto|relazione|file|riferimento|evidenza|collegamento",
            pt: "documento|documentos|relatório|ficheiro|arquivo|referência|evidência|ligação",
            nl: "document|documenten|rapport|bestand|verwijzing|bewijs|link",
        },
    ),
    field(
        "owner",
        ByLanguage {
            en: "owner|responsible|assessor|accountable|performed by|conducted by|assessed by|author|system owner",
            de: "verantwortlich|verantwortlicher|eigentümer|bewertet von|durchgeführt von|ersteller",
            fr: "propriétaire|responsable|évaluateur|réalisé par|évalué par|effectuée par|auteur|propriétaire du système",
            es: "propietario|responsable|evaluador|realizado por|evaluado por|autor|propietario del sistema",
            it: "proprietario|responsabile|valutatore|eseguita da|valutato da|autore|proprietario del sistema",
            pt: "proprietário|responsável|avaliador|realizado por|avaliado por|autor|dono do sistema",
            nl: "eigenaar|verantwoordelijke|verantwoordelijk|beoordelaar|uitgevoerd door|beoordeeld door|auteur|systeemeigenaar",
        },
    ),
    field(
        "approved_on",
        ByLanguage {
            en: "approved on|approval date|date of approval",
            de: "freigegeben am|freigabedatum|genehmigt am",
            fr: "approuvé le|approuvée le|date d approbation|validé le|validée le|date de validation",
            es: "aprobado el|aprobada el|fecha de aprobación",
            it: "approvato il|approvata il|data di approvazione|data approvazione",
            pt: "aprovado em|aprovada em|data de aprovação",
            nl: "goedgekeurd op|datum goedkeuring|goedkeuringsdatum",
        },
    ),
    field(
        "approved_by",
        ByLanguage {
            en: "approved by|approver|approval|signed by",
            de: "freigegeben von|freigabe|freigabe durch|genehmigt von|genehmigt durch",
            fr: "approuvé par|approuvée par|approbation|approbateur|validé par|validée par|validation|signé par",
            es: "aprobado por|aprobada por|aprobación|firmado por",
            it: "approvato da|approvata da|approvazione|firmato da",
            pt: "aprovado por|aprovada por|aprovação|assinado por",
            nl: "goedgekeurd door|goedkeuring|akkoord|akkoord door|ondertekend door",
        },
    ),
    field(
        "next_review",
        ByLanguage {
            en: "next review|review date|next review on|next assessment|review due|valid until",
            de: "nächste überprüfung|nächste prüfung|nächste bewertung|wiedervorlage|überprüfung am|gültig bis",
            fr: "prochaine revue|prochaine révision|prochaine évaluation|date de prochaine revue|date de révision|valable jusqu au",
            es: "próxima revisión|próxima evaluación|fecha de revisión|fecha de próxima revisión|válido hasta",
            it: "prossimo riesame|prossima revisione|prossima valutazione|data di riesame|valido fino al",
            pt: "próxima revisão|próxima avaliação|data de revisão|data da próxima revisão|válido até",
            nl: "volgende beoordeling|volgende herziening|herzieningsdatum|volgende review|geldig tot",
        },
    ),
    field(
        "status",
        ByLanguage {
            en: "status|state",
            de: "stand|bearbeitungsstand",
            fr: "statut|état|état d avancement",
            es: "estado|situación",
            it: "stato|stato di avanzamento",
            pt: "estado|situação",
            nl: "status|stand van zaken",
        },
    ),
    many(
        "comment",
        ByLanguage {
            en: "comment|comments|remark|remarks|note|notes",
            de: "bemerkung|bemerkungen|kommentar|anmerkung|anmerkungen",
            fr: "commentaire|commentaires|remarque|remarques|observation|observations|note|notes",
            es: "comentario|comentarios|observación|observaciones|nota|notas",
            it: "commento|commenti|osservazione|osservazioni|nota|note",
            pt: "comentário|comentários|observação|observações|nota|notas",
            nl: "opmerking|opmerkingen|commentaar|notitie|notities",
        },
    ),
];

/// Parts of a header or sheet name that speak of impact assessments.
pub(super) const NAMES: ByLanguage<&str> = ByLanguage {
    en: "impact assessment|aia|fria",
    de: "folgenabschätzung|auswirkungsbewertung",
    fr: "analyse d impact|analyses d impact|étude d impact|évaluation d impact|évaluations d impact|évaluation des impacts",
    es: "evaluación de impacto|evaluaciones de impacto|análisis de impacto",
    it: "valutazione d impatto|valutazioni d impatto|valutazione di impatto|valutazione dell impatto",
    pt: "avaliação de impacto|avaliações de impacto|análise de impacto",
    nl: "effectbeoordeling|impactbeoordeling|impactanalyse|impact assessment",
};

/// Words that say it was done, …
const DONE: ByLanguage<&str> = ByLanguage {
    en: "done|completed|complete|performed|conducted|finished",
    de: "erledigt|durchgeführt|abgeschlossen|fertig|liegt vor",
    fr: "fait|faite|réalisé|réalisée|effectué|effectuée|terminé|terminée|achevée",
    es: "hecho|hecha|realizado|realizada|efectuada|completado|completada|finalizada",
    it: "fatto|fatta|eseguito|eseguita|effettuata|svolta|completato|completata|conclusa",
    pt: "feito|feita|realizado|realizada|efetuada|concluído|concluída|completa",
    nl: "gedaan|uitgevoerd|afgerond|voltooid|gereed|klaar",
};

/// … that it is to come, …
const PLANNED: ByLanguage<&str> = ByLanguage {
    en: "planned|scheduled|in progress|ongoing|started|draft|in work",
    de: "geplant|in arbeit|in bearbeitung|begonnen|entwurf|läuft|vorgesehen",
    fr: "prévu|prévue|planifié|planifiée|en cours|commencé|commencée|brouillon|projet",
    es: "previsto|prevista|planificado|planificada|en curso|iniciada|borrador",
    it: "previsto|prevista|pianificato|pianificata|in corso|iniziata|avviata|bozza",
    pt: "previsto|prevista|planeado|planeada|planejada|em curso|em andamento|iniciada|rascunho",
    nl: "gepland|voorzien|in uitvoering|lopend|gestart|begonnen|concept|mee bezig",
};

/// … and that it was not.
const NOT_DONE: ByLanguage<&str> = ByLanguage {
    en: "not started|not done|open|missing|not yet|pending|outstanding|overdue",
    de: "offen|keiner|nicht begonnen|nicht durchgeführt|ausstehend|fehlt|noch nicht",
    fr: "pas encore|non réalisé|non réalisée|non effectuée|non commencée|à faire|en attente|en retard|manquante",
    es: "aún no|todavía no|no realizado|no realizada|no iniciada|por hacer|pendiente|atrasada|falta",
    it: "non ancora|non eseguito|non eseguita|non effettuata|non iniziata|da fare|in attesa|in ritardo|manca|mancante",
    pt: "ainda não|não realizado|não realizada|não iniciada|por fazer|a fazer|pendente|em atraso|em falta",
    nl: "nog niet|niet uitgevoerd|niet gedaan|niet gestart|te doen|openstaand|open|ontbreekt|achterstallig",
};

/// Whether an impact assessment was done, by the words of a cell; none if they don't say.
pub(super) fn done(cell: &str) -> Option<Done> {
    let plain = norm(cell);
    match mark(cell) {
        // A lone figure counts something else.
        Some(yes) if !matches!(plain.as_str(), "0" | "1") && cell.trim() != "☒" => {
            Some(if yes { Done::Yes } else { Done::No })
        }
        _ if DONE.is_listed(&plain) => Some(Done::Yes),
        _ if PLANNED.is_listed(&plain) => Some(Done::Planned),
        _ if NOT_DONE.is_listed(&plain) => Some(Done::No),
        _ => None,
    }
}

/// As `done` of the register has it.
pub(super) fn done_word(done: Done) -> &'static str {
    match done {
        Done::Yes => "yes",
        Done::Planned => "planned",
        Done::No => "no",
        Done::Unsaid => "",
    }
}

/// Words that say there is nothing.
const NOTHING: ByLanguage<&str> = ByLanguage {
    en: "none|no|n a",
    de: "keine|keins|entfällt",
    fr: "aucun|aucune|néant|sans objet|non",
    es: "ninguno|ninguna|no|no aplica",
    it: "nessuno|nessuna|no|non applicabile",
    pt: "nenhum|nenhuma|não|não se aplica",
    nl: "geen|nvt|n v t|nee",
};

/// Whether a cell says that there is nothing.
pub(super) fn is_nothing(cell: &str) -> bool {
    let plain = norm(cell);
    plain.is_empty() || NOTHING.is_listed(&plain)
}

/// Words by what they mean.
type Meanings = &'static [(&'static str, ByLanguage<&'static str>)];

/// What may set off an assessment. The beginnings of words count.
pub(super) const TRIGGERS: Meanings = &[
    (
        "new-system",
        ByLanguage {
            en: "new|initial|introduc|first|launch",
            de: "neu|einführ|erst",
            fr: "nouveau|nouvelle|mise en service|initial|première|lancement",
            es: "nuevo|nueva|puesta en marcha|implantación|inicial|primera|lanzamiento",
            it: "nuovo|nuova|introduzione|iniziale|prima|messa in servizio|avvio",
            pt: "novo|nova|introdução|inicial|primeira|lançamento|entrada em produção",
            nl: "nieuw|introductie|invoering|eerste|ingebruikname",
        },
    ),
    (
        "change",
        ByLanguage {
            en: "change|release|update|version|modif|retrain",
            de: "änder|geändert|anpassung|aktualisier",
            fr: "changement|mise à jour|évolution|réentraîn",
            es: "cambio|actualiza|versión|reentren",
            it: "cambiamento|aggiorna|versione|riaddestra",
            pt: "alteraç|mudança|atualiza|versão|retrein",
            nl: "wijziging|gewijzigd|aanpassing|versie|hertrain",
        },
    ),
    (
        "periodic",
        ByLanguage {
            en: "periodic|annual|yearly|regular|schedul|quarterly",
            de: "turnus|jährlich|regelmäßig|periodisch|wiederkehrend",
            fr: "périodique|annuel|régulier|régulière|trimestriel|semestriel",
            es: "periódic|anual|trimestral|semestral",
            it: "periodic|annual|regolar|trimestral|semestral|programmat",
            pt: "periódic|anual|trimestral|semestral",
            nl: "periodiek|jaarlijks|regulier|kwartaal|halfjaarlijks",
        },
    ),
    (
        "incident",
        ByLanguage {
            en: "incident|complaint|accident",
            de: "vorfall|beschwerde|störung",
            fr: "plainte|réclamation",
            es: "incidente|queja|reclamación",
            it: "incidente|reclamo|segnalazione",
            pt: "incidente|queixa|reclamação",
            nl: "klacht|storing",
        },
    ),
];

/// Whom a system's use may affect. The beginnings of words count.
pub(super) const AFFECTED: Meanings = &[
    (
        "individuals",
        ByLanguage {
            en: "individual|person|people|patient|applicant|candidate|customer|user|employee|staff|nurse|citizen|consumer",
            de: "einzelne|bewerber|kund|nutzer|beschäftigte|mitarbeit|bürger|verbraucher|natürliche person",
            fr: "individu|candidat|client|utilisateur|employé|salarié|citoyen|consommateur",
            es: "individuo|paciente|solicitante|candidato|cliente|usuario|emplead|ciudadan|consumidor",
            it: "individu|pazient|candidat|client|utent|dipendent|cittadin|consumator|lavorator",
            pt: "indivíduo|pessoa|paciente|utente|candidato|cliente|utilizador|usuário|colaborador|cidadã|consumidor",
            nl: "individu|patiënt|sollicitant|kandida|klant|gebruiker|medewerker|burger|consument",
        },
    ),
    (
        "groups",
        ByLanguage {
            en: "group|minorit|communit|vulnerable|children|elderly",
            de: "gruppe|minderheit|kinder|ältere|schutzbedürftig",
            fr: "communaut|vulnérable|enfant|personnes âgées",
            es: "grupo|minoría|comunidad|niños|menores|personas mayores",
            it: "grupp|minoranz|comunità|vulnerabil|bambin|minori|anzian",
            pt: "grupo|minoria|comunidade|vulneráve|criança|menores|idos",
            nl: "groep|minderhe|gemeenschap|kwetsba|kinderen|ouderen",
        },
    ),
    (
        "society",
        ByLanguage {
            en: "societ|public|environment|democra",
            de: "gesellschaft|öffentlichkeit|umwelt|demokrat",
            fr: "société|environnement|démocrat|collectivité",
            es: "sociedad|público|medio ambiente|democra",
            it: "società|pubblic|ambiente|democra|collettività",
            pt: "sociedade|público|ambiente|democra|coletividade",
            nl: "samenleving|maatschapp|publiek|milieu",
        },
    ),
];

/// Everything that a text names, in the order of the meanings.
pub(super) fn all(cell: &str, meanings: Meanings) -> Vec<&'static str> {
    let text = format!(" {}", norm(cell));
    let named = |words: &ByLanguage<&'static str>| {
        words.listed().any(|word| text.contains(&format!(" {word}")))
    };
    meanings.iter().filter(|(_, words)| named(words)).map(|(meaning, _)| *meaning).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_says_and_what_it_does_not() {
        assert_eq!(done("Durchgeführt"), Some(Done::Yes));
        assert_eq!(done("not started"), Some(Done::No));
        assert_eq!(done("in Arbeit"), Some(Done::Planned));
        assert_eq!(done("–"), Some(Done::No));
        for unsaid in ["approved", "AIA-2026-01 of 2026-07-23", "", "not completed in full"] {
            assert_eq!(done(unsaid), None, "{unsaid}");
        }
        assert_eq!(all("Major release 2.4 after an incident", TRIGGERS), ["change", "incident"]);
        assert_eq!(all("Neues System", TRIGGERS), ["new-system"]);
        assert_eq!(all("new-system", TRIGGERS), ["new-system"]);
        assert!(all("on request", TRIGGERS).is_empty());
        assert_eq!(
            all("Patients over 80, nurses; Gesellschaft", AFFECTED),
            ["individuals", "society"]
        );
        assert_eq!(all("individuals; groups; society", AFFECTED).len(), 3);
    }
}
