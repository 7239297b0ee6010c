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
        "statements? of applicability|erklarung zur anwendbarkeit|declaration d applicabilite|declaracion de aplicabilidad|control matrix",
        Soa,
        Strong,
    ),
    (
        "acceptable use|code of (conduct|ethics)|(clean|clear) desk|rules of conduct|bring your own device",
        Policy,
        Strong,
    ),
    (
        "records? of processing( activities)?|registre des (activites de )?traitements?|registro de (actividades de )?tratamientos?",
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
        "instructions? for use|work instructions?|user (guide|manual)s?|how to|mode operatoire|instruccion de trabajo",
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
    ("firewall rules?|rule sets?", Configuration, Strong),
    (
        "(security |ai )?incident reports?|corrective actions?|change (requests?|tickets?)|sign offs?|audit trails?",
        Record,
        Strong,
    ),
    ("meeting notes?|compte rendu|proces verbal", Minutes, Strong),
    ("management reviews?|revue de direction|revision por la direccion", Minutes, Weak),
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
        "interested parties|interessierte parteien|parties interessees|partes interesadas",
        Statement,
        Weak,
    ),
    ("key performance indicators?", Plan, Weak),
    ("e learning", Training, Weak),
    ("analyse d impact|evaluacion de impacto", Assessment, Weak),
];

/// Single words; the first that matches counts, so narrow ones come first ("Prüfprotokoll" is a
/// record, other "Protokolle" are minutes; "Betriebsvereinbarung" a policy, other
/// "Vereinbarungen" contracts).
pub(super) const WORDS: &[(&str, DocumentType, Weight)] = &[
    ("soa|anwendbarkeitserklarung", Soa, Strong),
    ("polic(y|ies)|aup|rules", Policy, Strong),
    (
        r"\w*(richtlinien?|leitlinien?|politik|regelung|regelungen|betriebsvereinbarung)|(haus|dienst|benutzer|benutzungs)ordnung|politiques?|politicas?|charte|reglement|reglamento",
        Policy,
        Leads,
    ),
    (
        r"(test|pruf|losch|abnahme|vernichtungs|ubergabe|wartungs|wiederherstellungs|restore|scan|aktivitats)\w*protokolle?",
        Record,
        Leads,
    ),
    (
        "records?|logs?|logbooks?|logfiles?|certificates?|tickets?|checklists?|receipts?|acknowledge?ments?|attestations?|protocols?|forms?|memos?|memorandum|attendance",
        Record,
        Strong,
    ),
    (
        r"\w*(nachweise?|checklisten?|formulare?|vermerke?|zertifikate?|quittung)|enregistrements?|certificats?|certificados?|formulaires?|formularios?|fiches?",
        Record,
        Leads,
    ),
    ("minutes|moms?", Minutes, Strong),
    (r"\w*(protokolle?)|actas?|besprechungsnotiz(en)?", Minutes, Leads),
    (
        r"ropa|registers?|registr(y|ies)|inventor(y|ies)|catalog(ue)?s?|lists?|director(y|ies)|matri(x|ces)|\w*matrix",
        Register,
        Strong,
    ),
    (
        r"\w*(verzeichnis|verzeichnisse|register|inventar|kataster|katalog|liste|listen|ubersicht)|inventaires?|inventarios?|registres?|registros?|listados?|listas?|matrice|matriz",
        Register,
        Leads,
    ),
    (r"\w*(berichte?)|rapports?|informes?", Report, Leads),
    (
        "reports?|findings|dashboards?|studies|study|postmortem|whitepaper|datasheets?",
        Report,
        Strong,
    ),
    (
        r"\w*(vertrag|vertrage|vereinbarung|vereinbarungen)|contrats?|contratos?|acuerdos?",
        Contract,
        Leads,
    ),
    ("contracts?|agreements?|dpa|nda|msa|avv|terms", Contract, Strong),
    (
        r"\w*(netzplan|lageplan|netzwerkplan|gebaudeplan)|organigramm?\w*|diagrams?|topology|schaubild",
        Diagram,
        Strong,
    ),
    ("plans?|programmes?|programs?|roadmaps?|schedules?|strateg(y|ies)|calendars?", Plan, Strong),
    (
        r"\w+(plan|plane|planung|programm|kalender)|\w*strategie|programa|calendrier|calendario",
        Plan,
        Leads,
    ),
    (
        "procedures?|process(es)?|guidelines?|guidance|guides?|playbooks?|runbooks?|standards?|manuals?|handbooks?|methodolog(y|ies)|methods?|instructions?|sops?|workflows?",
        Procedure,
        Strong,
    ),
    (
        r"\w*(verfahren|prozess|prozesse|anweisung|anweisungen|anleitung|anleitungen|handbuch|leitfaden|konzept|methodik|methode)|processus|manuel|methodologie|procedimientos?|guia|metodologia|consignes",
        Procedure,
        Leads,
    ),
    ("statements?|declarations?|charters?", Statement, Strong),
    (r"\w*erklarung", Statement, Leads),
    // What follows are subjects rather than kinds of document.
    (
        r"dpia|aiia|fria|bia|dsfa|assessments?|analys[ei]s|evaluations?|appraisals?|questionnaires?|\w*(beurteilung|beurteilungen|bewertung|bewertungen|analyse|folgenabschatzung|fragebogen)|evaluacion|analisis",
        Assessment,
        Weak,
    ),
    (
        r"trainings?|awareness|courses?|curriculum|slides|quiz|elearning|\w*(schulung|schulungen|unterweisung|schulungsunterlagen?)|formation|sensibilisation|formacion|sensibilizacion|capacitacion",
        Training,
        Weak,
    ),
    (r"audits?|\w*audit|results?|summary|auditoria", Report, Weak),
    (
        r"reviews?|tests?|drills?|exercises?|scans?|incidents?|acceptance|approvals?|confirmations?|exports?|inspections?|recertifications?|simulations?|visitors?|evidence|proofs?|nonconformit(y|ies)|maintenance|\w*(vorfall|vorfalle|ubung|tests?|prufung|prufungen|rezertifizierung|abnahme)|incidentes?|essais?|pruebas?",
        Record,
        Weak,
    ),
    (r"meetings?|committee|\w*(sitzung|besprechung)|reunions?", Minutes, Weak),
    (r"\w*management|\w*verwaltung|gestion|handling|criteria|framework|concept", Procedure, Weak),
    (
        r"scopes?|mission|commitments?|context|stakeholders?|\w*(geltungsbereich|anwendungsbereich|bestellung|ernennung|kontext)|perimetre|alcance|contexte|contexto",
        Statement,
        Weak,
    ),
    (r"objectives?|goals?|kpis?|ziele|\w+ziele|kennzahlen|objectifs|objetivos", Plan, Weak),
    (r"config(s|urations?)?|settings|baselines?|\w*konfiguration", Configuration, Weak),
    ("contacts?|kontakte", Register, Weak),
    ("requirements?|specifications?|designs?|pflichtenheft|lastenheft|architecture", Other, Weak),
];

/// Words that make a spreadsheet or CSV file a record where nothing else says what it is.
pub(super) const SHEET_RECORDS: &str = "checks?|monitoring|measurements?|metrics|usage|events?|alerts?|readings|statistics|stats|auswertung|messungen";

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
    ("polic(y|ies)|richtlinien?|leitlinien?|politiques?|politicas?", Policy),
    (
        "procedures?|process(es)?|sops?|work instructions?|standards?|guidelines?|verfahren|verfahrensanweisungen|prozesse|arbeitsanweisungen|procedimientos?",
        Procedure,
    ),
    ("minutes|meetings?|protokolle|sitzungen|besprechungen|actas?|reunions?", Minutes),
    (
        "registers?|registr(y|ies)|inventor(y|ies)|verzeichnisse|lists?|listen|registres?|registros?",
        Register,
    ),
    ("contracts?|agreements?|vertrage|contrats|contratos", Contract),
    ("plans?|plane|planes", Plan),
    ("reports?|berichte|rapports|informes", Report),
    (
        "records?|evidence|nachweise|aufzeichnungen|logs?|incidents?|vorfalle|tickets?|tests?|reviews?|access reviews?|enregistrements|evidencias",
        Record,
    ),
    ("assessments?|dpias?|bewertungen", Assessment),
    ("trainings?|awareness|schulung(en)?", Training),
    ("contexts?|scopes?", Statement),
    ("diagrams?", Diagram),
];
