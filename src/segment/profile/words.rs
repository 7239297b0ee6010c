//! Words of names and titles that say what a document is. All are matched in lower case and
//! without accents (`ü` is `u`), German ones also as the end of a compound.

use crate::domain::DocumentType::{
    self, Assessment, Configuration, Contract, Diagram, Minutes, Other, Plan, Policy, Procedure,
    Record, Register, Report, Soa, Statement, Training,
};

/// How much a word says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Names a kind of document: policy, register, minutes.
    Strong,
    /// The same, and begins a title that goes on with the subject: "Richtlinie Fernzugriff".
    Leads,
    /// Names a subject that a document of some kind is usually about: review, incident, training.
    Weak,
    /// Only looks like a word below: "training data" is no training.
    Mute,
}

use Weight::{Leads, Mute, Strong, Weak};

/// Phrases of several words, looked for before single words.
pub(super) const PHRASES: &[(&str, DocumentType, Weight)] = &[
    ("log (in|on|off|out)|sign (in|on)|opt (in|out)|single sign", Other, Mute),
    (
        "((training|test|validation|evaluation) )+(and )?((training|test|validation) )?data ?(sets?|base)?|test environments?|audit trails? of",
        Other,
        Mute,
    ),
    (
        "statements? of applicability|erklarung zur anwendbarkeit|declaration d applicabilite|declaracion de aplicabilidad|dichiarazione di applicabilita|declaracao de aplicabilidade|verklaring van toepasselijkheid|control matrix",
        Soa,
        Strong,
    ),
    (
        "acceptable use|code of (conduct|ethics)|(clean|clear) desk|rules of conduct|bring your own device|code de (conduite|deontologie)|bureau propre|utilisation acceptable|codigo (de conducta|etico)|uso aceptable|(mesa|escritorio) limpi[ao]|mesas limpias|codice (di condotta|etico)|uso accettabile|scrivania pulita|codigo de conduta|utilizacao aceitavel|uso aceitavel|aanvaardbaar gebruik",
        Policy,
        Strong,
    ),
    (
        "records? of processing( activities)?|registre des (activites de )?traitements?|registro de (actividades de )?tratamientos?|registro (dei|delle attivita di) trattament[oi]|registo (de|das) (actividades|atividades) de tratamento|registro (de|das) operacoes de tratamento",
        Register,
        Strong,
    ),
    ("bill of materials?|asset database", Register, Strong),
    (
        "terms and conditions|general terms|engagement letters?|letter of engagement",
        Contract,
        Strong,
    ),
    ("terms of reference|letters? of appointment|appointment letters?", Statement, Strong),
    (
        "instructions? for use|work instructions?|user (guide|manual)s?|how to|mode operatoire|instruccion de trabajo|istruzion[ei] (operativ[ae]|di lavoro)|linee? guida|instruc(ao|oes) de trabalho",
        Procedure,
        Strong,
    ),
    ("data sheets?|(model|system) cards?|fact sheets?|post mortem", Report, Strong),
    (
        "(requirements?|system|software|technical) (specification|and design)|(system|detailed) design",
        Other,
        Strong,
    ),
    (
        "(floor|site|building|network) plans?|organi[sz]ation(al)? charts?|org charts?|data flows?( diagrams?)?|architecture overview",
        Diagram,
        Strong,
    ),
    // Of what was done, in words that name minutes and registers elsewhere.
    (
        "compte rendu d(e|u)? (la |l )?(tests?|essais?|exercices?|incident|restauration|controle|formation|intervention)|proces verbal d(e|u)? (la |l )?(tests?|essais?|recette|destruction|restauration|remise)|(registre|fiche) d(e|u) (tests?|essais?|incident)",
        Record,
        Leads,
    ),
    (
        "actas? d(e|el) (la )?(pruebas?|destruccion|entrega|simulacro|ejercicio|borrado|formacion|restauracion)|registro d(e|el) (la |las )?(pruebas?|simulacros?|ejercicio|restauracion|formacion|revision)",
        Record,
        Leads,
    ),
    (
        "verbal[ei] d(i|el|ella|ell) (prov[ae]|test|collaudo|distruzione|consegna|esercitazione|ripristino|formazione|verifica)|registro d(i|el|ella|elle) (prov[ae]|test|esercitazion[ei]|ripristin[oi]|formazione|verific[ah]e?)|list[ae] di controllo",
        Record,
        Leads,
    ),
    (
        "(ata|auto|termo) d[eo] (teste|destruicao|entrega|exercicio|simulacro|formacao|responsabilidade)|regist[r]?o d[aeo]s? (testes?|exercicios?|simulacros?|reposicao|restauracao|formacao|treinamento|revisao)",
        Record,
        Leads,
    ),
    (
        r"procedure \w+(beoordeling|evaluatie|oefening|overleg|training|analyse|incidenten|melding)",
        Procedure,
        Leads,
    ),
    ("firewall rules?|rule sets?", Configuration, Strong),
    (
        "(security |ai )?incident reports?|corrective actions?|change (requests?|tickets?)|sign offs?|audit trails?",
        Record,
        Strong,
    ),
    ("meeting notes?|compte rendu|proces verbal", Minutes, Strong),
    (
        "management reviews?|directiebeoordeling(en)?|revue de direction|revision por la direccion|riesame (della|di) direzione|revisao pela (direcao|gestao)|analise critica pela direcao",
        Minutes,
        Weak,
    ),
    ("steering committee|jour fixe|management meetings?", Minutes, Weak),
    ("risk treatments?", Plan, Weak),
    ("risk acceptances?|root cause analysis|lessons learned", Record, Weak),
    ("incident (response|handling|reporting|communication)", Procedure, Weak),
    (
        "document(ed)? (control|information)|control of (documents|documented information|records)|(records?|document) management",
        Procedure,
        Weak,
    ),
    ("(job|role|position) (descriptions?|profiles?)", Record, Weak),
    (
        "interested parties|interessierte parteien|parties interessees|partes interesadas|parti interessate|partes interessadas",
        Statement,
        Weak,
    ),
    ("key performance indicators?", Plan, Weak),
    ("e learning", Training, Weak),
    (
        "analyse d impact|evaluacion de impacto|valutazione d(i|ell)? impatto|avaliacao de impacto",
        Assessment,
        Weak,
    ),
];

/// Single words; the first that matches counts, so narrow ones come first ("Prüfprotokoll" is a
/// record, other "Protokolle" are minutes; "Betriebsvereinbarung" a policy, other
/// "Vereinbarungen" contracts).
pub(super) const WORDS: &[(&str, DocumentType, Weight)] = &[
    ("soa|anwendbarkeitserklarung|toepasselijkheidsverklaring", Soa, Strong),
    ("polic(y|ies)|aup|rules", Policy, Strong),
    (
        r"\w*(richtlinien?|leitlinien?|politik|regelung|regelungen|betriebsvereinbarung)|(haus|dienst|benutzer|benutzungs)ordnung|verhaltenskodex|politiques?|chartes?|reglement|politicas?|reglamento|normativas?|politiche|regolament[oi]|regulamento|\w*(beleid|beleidsdocument|richtlijn|richtlijnen|gedragscode|gedragsregels)",
        Policy,
        Leads,
    ),
    (
        r"(test|herstel|hersteltest|oefen|oefenings|controle|incident|vernietigings)(verslag|verslagen)|(test|pruf|losch|abnahme|vernichtungs|ubergabe|wartungs|wiederherstellungs|restore|scan|aktivitats)\w*protokolle?",
        Record,
        Leads,
    ),
    (
        "records?|logs?|logbooks?|logfiles?|certificates?|tickets?|checklists?|receipts?|acknowledge?ments?|attestations?|protocols?|forms?|memos?|memorandum|attendance",
        Record,
        Strong,
    ),
    (
        r"\w*(nachweise?|checklisten?|formulare?|vermerke?|zertifikate?|quittung)|enregistrements?|certificats?|attestations?|formulaires?|fiches?|bordereaux?|certificados?|formularios?|fichas?|comprobantes?|justificantes?|constancias?|certificat[oi]|attestat[oi]|registrazion[ei]|modul[oi]|sched[ae]|ricevut[ae]|comprovativos?|comprovantes?|\w*(certificaat|certificaten|formulier|formulieren|logboek|logboeken|registratie|bewijs|bewijzen|bewijsstuk)",
        Record,
        Leads,
    ),
    ("minutes|moms?", Minutes, Strong),
    (
        r"\w*(protokolle?)|besprechungsnotiz(en)?|pv|actas?|minutas?|verbal[ei]|atas?|\w*notulen|(vergader|overleg|gespreks)verslag(en)?",
        Minutes,
        Leads,
    ),
    (
        r"ropa|registers?|registr(y|ies)|inventor(y|ies)|catalog(ue)?s?|lists?|director(y|ies)|matri(x|ces)|\w*matrix",
        Register,
        Strong,
    ),
    (
        r"\w*(verzeichnis|verzeichnisse|register|inventar|kataster|katalog|liste|listen|ubersicht)|inventaires?|registres?|listes?|annuaires?|cartographie|repertoire|inventarios?|registros?|listados?|listas?|directorio|registri|elenc(o|hi)|inventari|matrice|matriz|registos?|listagem|listagens|inventaris|\w*(lijst|lijsten|overzicht|overzichten|registers|inventarisatie)|catalogus",
        Register,
        Leads,
    ),
    (
        r"\w*(berichte?)|rapports?|informes?|rapport[oi]|relazion[ei]|relatorios?|\w*(rapport|rapporten|rapportage|verslag|verslagen)",
        Report,
        Leads,
    ),
    (
        "reports?|findings|dashboards?|studies|study|postmortem|whitepaper|datasheets?",
        Report,
        Strong,
    ),
    (
        r"\w*(vertrag|vertrage|vereinbarung|vereinbarungen)|contrats?|accords?|contratos?|acuerdos?|convenios?|contratt[oi]|accord[oi]|acordos?|\w+contract|contracten|\w*(overeenkomst|overeenkomsten)",
        Contract,
        Leads,
    ),
    ("contracts?|agreements?|dpa|nda|msa|avv|terms", Contract, Strong),
    (
        r"\w*(netzplan|lageplan|netzwerkplan|gebaudeplan)|organigram\w*|organograma?|diagramm?as?|diagrams?|topology|schaubild",
        Diagram,
        Strong,
    ),
    ("plans?|programmes?|programs?|roadmaps?|schedules?|strateg(y|ies)|calendars?", Plan, Strong),
    (
        r"\w+(plan|plane|planung|programm|kalender)|\w*strategie|calendrier|programas?|planes|calendario|estrategia|pian[oi]|programm[ai]|planos?|\w+(plannen)|\w*(programma|kalender)|\w+planning",
        Plan,
        Leads,
    ),
    (
        "procedures?|process(es)?|guidelines?|guidance|guides?|playbooks?|runbooks?|standards?|manuals?|handbooks?|methodolog(y|ies)|methods?|instructions?|sops?|workflows?",
        Procedure,
        Strong,
    ),
    (
        r"\w*(verfahren|prozess|prozesse|anweisung|anweisungen|anleitung|anleitungen|handbuch|leitfaden|konzept|methodik|methode)|processus|manuel|methodologie|consignes|directives?|procedimientos?|procesos?|guias?|metodologia|instruccion(es)?|instructivos?|procedur[ae]|process[oi]|manual[ei]|guid[ae]|istruzion[ei]|procedimentos?|processos?|instruc(ao|oes)|\w*(handboek|handleiding|werkinstructie|werkinstructies|werkwijze|methodiek|leidraad)|processen",
        Procedure,
        Leads,
    ),
    ("statements?|declarations?|charters?", Statement, Strong),
    (
        r"\w*erklarung|declaracion(es)?|dichiarazion[ei]|declarac(ao|oes)|\w*verklaring(en)?",
        Statement,
        Leads,
    ),
    // What follows are subjects rather than kinds of document.
    (
        r"dpia|aiia|fria|bia|dsfa|assessments?|analys[ei]s|evaluations?|appraisals?|questionnaires?|\w*(beurteilung|beurteilungen|bewertung|bewertungen|analyse|folgenabschatzung|fragebogen)|aipd|eipd|appreciations?|evaluacion(es)?|analisis|valoracion|valutazion[ei]|analisi|questionari[oi]?|avaliac(ao|oes)|analises?|\w*(beoordeling|beoordelingen|evaluatie|effectbeoordeling|vragenlijst)",
        Assessment,
        Weak,
    ),
    (
        r"trainings?|awareness|courses?|curriculum|slides|quiz|elearning|\w*(schulung|schulungen|unterweisung|schulungsunterlagen?)|formations?|sensibilisation|formacion|sensibilizacion|capacitacion|concienciacion|formazione|sensibilizzazione|cors[oi]|formacao|treinamentos?|sensibilizacao|conscientizacao|\w*(training|trainingen|opleiding|bewustwording|cursus)",
        Training,
        Weak,
    ),
    (r"audits?|\w*audit|results?|summary|auditoria", Report, Weak),
    (
        r"reviews?|tests?|drills?|exercises?|scans?|incidents?|acceptance|approvals?|confirmations?|exports?|inspections?|recertifications?|simulations?|visitors?|evidence|proofs?|nonconformit(y|ies)|maintenance|\w*(vorfall|vorfalle|ubung|tests?|prufung|prufungen|rezertifizierung|abnahme)|essais?|exercices?|revues?|verifications?|pruebas?|simulacros?|ejercicios?|incidentes?|revision(es)?|comprobacion(es)?|prov[ae]|esercitazion[ei]|verific(a|he)|incident[ei]|riesam[ei]|testes?|exercicios?|revis(ao|oes)|verificac(ao|oes)|\w*(oefening|oefeningen|meldingen)|bewijsstukken",
        Record,
        Weak,
    ),
    (
        r"meetings?|committee|\w*(sitzung|besprechung)|reunions?|comite|reunion(es)?|riunion[ei]|comitato|seduta|reuniao|reunioes|comissao|\w*(vergadering|overleg|directiebeoordeling)|stuurgroep",
        Minutes,
        Weak,
    ),
    (
        r"\w*management|\w*verwaltung|gestion|gestione|gestao|\w*beheer|handling|criteria|framework|concept",
        Procedure,
        Weak,
    ),
    (
        r"scopes?|mission|commitments?|context|stakeholders?|\w*(geltungsbereich|anwendungsbereich|bestellung|ernennung|kontext)|perimetre|contexte|alcance|contexto|ambito|perimetro|contesto|belanghebbenden|toepassingsgebied|reikwijdte|nomination|nombramiento|nomina|nomeacao|benoeming|aanstelling",
        Statement,
        Weak,
    ),
    (
        r"objectives?|goals?|kpis?|ziele|\w+ziele|kennzahlen|objectifs|indicateurs|objetivos|indicadores|obiettivi|indicatori|doelstellingen",
        Plan,
        Weak,
    ),
    (
        r"config(s|urations?)?|settings|baselines?|\w*konfiguration|configuracion|configurazione|configuracao|configuratie",
        Configuration,
        Weak,
    ),
    ("contacts?|kontakte|contactos?|contatti|contatos|contacten", Register, Weak),
    ("requirements?|specifications?|designs?|pflichtenheft|lastenheft|architecture", Other, Weak),
];

/// Words that make a spreadsheet or CSV file a record where nothing else says what it is.
pub(super) const SHEET_RECORDS: &str = "checks?|monitoring|measurements?|metrics|usage|events?|alerts?|readings|statistics|stats|auswertung|messungen|mesures|releves?|mediciones|misurazioni|medicoes|metingen";

/// Prefixes of document numbers (`POL-04`, `ACME-SOP-012`). A number or, for a prefix of three
/// letters and more, a separator follows.
pub(super) const PREFIXES: &[(&str, DocumentType)] = &[
    ("pol|rl|ll|policy", Policy),
    ("pro|proc|prc|prd|sop|wi|va|aa|std|stnd|gl|gdl|man", Procedure),
    ("pln|plan|bcp|drp", Plan),
    ("reg", Register),
    ("rec|frm|form|fo|nw", Record),
    ("mom|min", Minutes),
    ("rpt|rep|ber", Report),
    ("ctr|agr", Contract),
];

/// Prefixes of numbers that single events have.
pub(super) const EVENTS: &str = "inc|sec|aii|capa|car|ncr|nc|chg|rfc|tkt|prb|evt|vorf";

/// Folders that say what lies in them, as whole words of their names.
pub(super) const FOLDERS: &[(&str, DocumentType)] = &[
    ("polic(y|ies)|richtlinien?|leitlinien?|politiques?|politicas?|politiche|beleid", Policy),
    (
        "procedures?|process(es)?|sops?|work instructions?|standards?|guidelines?|verfahren|verfahrensanweisungen|prozesse|arbeitsanweisungen|procedimientos?|procedur[ae]|istruzioni|procedimentos?|werkinstructies|processen",
        Procedure,
    ),
    (
        "minutes|meetings?|protokolle|sitzungen|besprechungen|comptes rendus|actas?|reunion(es|s)?|verbali|riunioni|atas?|reunioes|notulen|vergaderingen",
        Minutes,
    ),
    (
        "registers?|registr(y|ies)|inventor(y|ies)|verzeichnisse|lists?|listen|registres?|inventaires?|registros?|inventarios?|registri|elenchi|registos?|lijsten",
        Register,
    ),
    (
        "contracts?|agreements?|vertrage|contrats|contratos|contratti|contracten|overeenkomsten",
        Contract,
    ),
    ("plans?|plane|planes|piani|planos|plannen", Plan),
    (
        "reports?|berichte|rapports|informes|rapporti|relazioni|relatorios|rapporten|verslagen",
        Report,
    ),
    (
        "records?|evidence|nachweise|aufzeichnungen|logs?|incidents?|vorfalle|tickets?|tests?|reviews?|access reviews?|enregistrements|preuves|evidencias|pruebas|registrazioni|evidenze|prove|comprovativos|bewijs|bewijsstukken|registraties",
        Record,
    ),
    (
        "assessments?|dpias?|bewertungen|evaluations|evaluaciones|valutazioni|avaliacoes|beoordelingen",
        Assessment,
    ),
    (
        "trainings?|awareness|schulung(en)?|formations?|formacion|formazione|formacao|opleidingen",
        Training,
    ),
    ("contexts?|scopes?", Statement),
    ("diagrams?", Diagram),
];
