//! Headers and words of risk registers, in all languages that documents are read in.

use super::super::fields::{Field, field, fitting, many};
use crate::domain::{ByLanguage, RiskOption};

/// A risk is named in words; figures below `Risk` are its level.
fn in_words(cell: &str) -> bool {
    cell.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// Most words of a level: `3 - very high`.
const LEVEL_WORDS: usize = 4;

fn weighed(cell: &str) -> bool {
    cell.split_whitespace().count() <= LEVEL_WORDS
}

/// What a column of a risk register may mean.
pub(super) const FIELDS: &[Field] = &[
    field(
        "id",
        ByLanguage {
            en: "id|risk id|risk no|risk number|no|ref|risk ref",
            de: "nr|risiko id|risiko nr|risikonummer|risikonr|nummer|lfd nr|kennung",
            fr: "id|identifiant|n|no|numéro|réf|référence|id risque|id du risque|n risque|numéro de risque|numéro du risque|code|code risque|référence du risque",
            es: "id|código|n|no|núm|número|referencia|ref|id riesgo|id de riesgo|id del riesgo|código de riesgo|código del riesgo|identificador",
            it: "id|codice|n|nr|numero|rif|riferimento|id rischio|id del rischio|codice rischio|codice del rischio|identificativo",
            pt: "id|código|n|no|n o|número|referência|ref|id risco|id do risco|código do risco|identificador",
            nl: "id|nr|nummer|code|kenmerk|risico id|risiconummer|risiconr|risico nr|referentie|volgnummer",
        },
    ),
    fitting(
        "title",
        ByLanguage {
            en: "title|risk|risk title|risk name|name|risk scenario|scenario",
            de: "titel|risiko|risikotitel|risikobezeichnung|bezeichnung|risikoszenario|szenario",
            fr: "risque|intitulé|intitulé du risque|titre|libellé|libellé du risque|nom du risque|scénario|scénario de risque|scénario stratégique|risque identifié",
            es: "riesgo|título|nombre|nombre del riesgo|denominación|título del riesgo|escenario|escenario de riesgo|riesgo identificado",
            it: "rischio|titolo|nome|nome del rischio|denominazione|titolo del rischio|scenario|scenario di rischio|rischio identificato",
            pt: "risco|título|nome|nome do risco|designação|título do risco|cenário|cenário de risco|risco identificado",
            nl: "risico|titel|naam|risiconaam|risicotitel|scenario|risicoscenario|benaming",
        },
        in_words,
    ),
    many(
        "description",
        ByLanguage {
            en: "description|risk description|details",
            de: "beschreibung|risikobeschreibung|erläuterung",
            fr: "description|description du risque|détail|détails|événement redouté",
            es: "descripción|descripción del riesgo|detalle|detalles",
            it: "descrizione|descrizione del rischio|dettaglio|dettagli",
            pt: "descrição|descrição do risco|detalhe|detalhes",
            nl: "omschrijving|beschrijving|risicoomschrijving|risicobeschrijving|toelichting|omschrijving risico|beschrijving van het risico|omschrijving van het risico",
        },
    ),
    many(
        "assets",
        ByLanguage {
            en: "asset|assets|affected asset|affected assets|information asset",
            de: "wert|werte|betroffene werte|betroffene assets|schutzobjekt|zielobjekt",
            fr: "actif|actifs|actif concerné|actifs concernés|bien|biens|bien support|biens supports|valeur métier|valeurs métier|actif informationnel",
            es: "activo|activos|activo afectado|activos afectados|activo de información|activos de información",
            it: "asset|bene|beni|asset interessati|asset coinvolti|beni interessati|asset informativo|asset informativi|risorsa|risorse",
            pt: "ativo|ativos|activo|activos|ativo afetado|ativos afetados|ativo de informação|ativos de informação|ativos envolvidos",
            nl: "bedrijfsmiddel|bedrijfsmiddelen|betrokken bedrijfsmiddelen|asset|assets|betrokken assets|informatiemiddel|informatiemiddelen|object",
        },
    ),
    field(
        "system",
        ByLanguage {
            en: "system|ai system|application|ai application",
            de: "ki system|anwendung|ki anwendung",
            fr: "système|système d ia|système ia|application",
            es: "sistema|sistema de ia|sistema ia|aplicación",
            it: "sistema|sistema di ia|sistema ia|applicazione|applicativo",
            pt: "sistema|sistema de ia|sistema ia|aplicação|aplicativo",
            nl: "systeem|ai systeem|applicatie|toepassing",
        },
    ),
    many(
        "cause",
        ByLanguage {
            en: "cause|causes|threat|threats|vulnerability|vulnerabilities|source|risk source",
            de: "ursache|ursachen|bedrohung|bedrohungen|gefährdung|schwachstelle|schwachstellen|risikoquelle",
            fr: "cause|causes|menace|menaces|vulnérabilité|vulnérabilités|source|source de risque|sources de risque|origine",
            es: "causa|causas|amenaza|amenazas|vulnerabilidad|vulnerabilidades|origen|fuente|fuente de riesgo|fuente del riesgo",
            it: "causa|cause|minaccia|minacce|vulnerabilità|fonte|fonte di rischio|fonte del rischio|origine",
            pt: "causa|causas|ameaça|ameaças|vulnerabilidade|vulnerabilidades|fonte|fonte de risco|fonte do risco|origem",
            nl: "oorzaak|oorzaken|dreiging|dreigingen|bedreiging|bedreigingen|kwetsbaarheid|kwetsbaarheden|bron|risicobron",
        },
    ),
    many(
        "consequence_individuals",
        ByLanguage {
            en: "impact on individuals|consequence for individuals|consequences for individuals|harm to individuals|affected individuals",
            de: "folgen für betroffene|auswirkung auf betroffene|auswirkungen auf betroffene|auswirkung auf personen|folgen für personen",
            fr: "impact sur les personnes|impacts sur les personnes|conséquences pour les personnes|conséquences sur les personnes|impact sur les individus|impact sur les personnes concernées",
            es: "impacto en las personas|impacto sobre las personas|consecuencias para las personas|impacto en los individuos",
            it: "impatto sulle persone|conseguenze per le persone|impatto sugli individui|impatto sugli interessati|conseguenze per gli interessati",
            pt: "impacto nas pessoas|impacto sobre as pessoas|consequências para as pessoas|impacto nos titulares|impacto nos indivíduos",
            nl: "gevolgen voor personen|gevolgen voor betrokkenen|impact op personen|impact op betrokkenen",
        },
    ),
    many(
        "consequence_society",
        ByLanguage {
            en: "impact on society|consequence for society|consequences for society|societal impact",
            de: "gesellschaftliche auswirkungen|folgen für die gesellschaft|auswirkungen auf die gesellschaft",
            fr: "impact sociétal|impacts sociétaux|conséquences sociétales|conséquences pour la collectivité",
            es: "impacto en la sociedad|impacto sobre la sociedad|consecuencias para la sociedad|impacto social",
            it: "impatto sociale|impatto sulla collettività|conseguenze per la collettività",
            pt: "impacto na sociedade|impacto sobre a sociedade|consequências para a sociedade|impacto social",
            nl: "gevolgen voor de samenleving|impact op de samenleving|maatschappelijke impact|maatschappelijke gevolgen",
        },
    ),
    many(
        "consequence_organisation",
        ByLanguage {
            en: "consequence|consequences|effect|damage|impact description|impact on organisation",
            de: "folge|folgen|konsequenz|konsequenzen|schaden|auswirkungen|schadensszenario|auswirkung beschreibung",
            fr: "conséquence|conséquences|effet|effets|dommage|dommages|préjudice|description de l impact|impact sur l organisation|conséquences pour l organisation",
            es: "consecuencia|consecuencias|efecto|efectos|daño|daños|descripción del impacto|impacto en la organización",
            it: "conseguenza|conseguenze|effetto|effetti|danno|danni|descrizione dell impatto|descrizione impatto|impatto sull organizzazione",
            pt: "consequência|consequências|efeito|efeitos|dano|danos|descrição do impacto|impacto na organização",
            nl: "gevolg|gevolgen|effect|effecten|schade|beschrijving impact|gevolgen voor de organisatie",
        },
    ),
    field(
        "residual",
        ByLanguage {
            en: "residual|residual risk|residual level|residual score|residual risk level|residual rating|risk after treatment",
            de: "restrisiko|restrisikowert|restrisiko stufe|nettorisiko|netto|risiko nach behandlung",
            fr: "résiduel|risque résiduel|niveau résiduel|niveau de risque résiduel|criticité résiduelle|cotation résiduelle|risque net|criticité nette|risque après traitement",
            es: "residual|riesgo residual|nivel residual|nivel de riesgo residual|riesgo neto|riesgo tras el tratamiento|riesgo después del tratamiento",
            it: "residuo|rischio residuo|livello residuo|livello di rischio residuo|rischio netto|rischio dopo il trattamento",
            pt: "residual|risco residual|nível residual|nível de risco residual|risco líquido|risco após tratamento|risco após o tratamento",
            nl: "restrisico|netto risico|nettorisico|restrisiconiveau|niveau restrisico|risico na behandeling|rest risico",
        },
    ),
    field(
        "likelihood",
        ByLanguage {
            en: "likelihood|probability|frequency|inherent likelihood",
            de: "eintrittswahrscheinlichkeit|wahrscheinlichkeit|ew|häufigkeit|eintrittshäufigkeit",
            fr: "vraisemblance|probabilité|fréquence|probabilité d occurrence|occurrence",
            es: "probabilidad|frecuencia|probabilidad de ocurrencia|posibilidad",
            it: "probabilità|frequenza|probabilità di accadimento|probabilità di occorrenza|verosimiglianza",
            pt: "probabilidade|frequência|probabilidade de ocorrência|verosimilhança",
            nl: "kans|waarschijnlijkheid|frequentie|kans van optreden",
        },
    ),
    field(
        "impact",
        ByLanguage {
            en: "impact|severity|impact score|impact rating|inherent impact",
            de: "auswirkung|schadenshöhe|schadensausmaß|ausmaß|schwere",
            fr: "impact|gravité|sévérité|niveau d impact|niveau de gravité",
            es: "impacto|gravedad|severidad|nivel de impacto",
            it: "impatto|gravità|severità|livello di impatto|magnitudo",
            pt: "impacto|gravidade|severidade|nível de impacto",
            nl: "impact|ernst|impactscore|schadeomvang",
        },
    ),
    fitting(
        "level",
        ByLanguage {
            en: "level|risk level|score|risk score|rating|risk rating|inherent risk|risk value|risk",
            de: "risikostufe|risikowert|risikoklasse|risikohöhe|bruttorisiko|brutto|bewertung|risikobewertung|risiko",
            fr: "niveau|niveau de risque|niveau du risque|criticité|criticité brute|cotation|score|risque brut|risque inhérent|valeur du risque|évaluation|évaluation du risque|risque",
            es: "nivel|nivel de riesgo|nivel del riesgo|valor del riesgo|criticidad|riesgo inherente|riesgo bruto|valoración|valoración del riesgo|evaluación|evaluación del riesgo|puntuación|riesgo",
            it: "livello|livello di rischio|livello del rischio|valore del rischio|criticità|rischio inerente|rischio lordo|valutazione|valutazione del rischio|punteggio|indice di rischio|rischio",
            pt: "nível|nível de risco|nível do risco|valor do risco|criticidade|risco inerente|risco bruto|avaliação|avaliação do risco|pontuação|classificação do risco|risco",
            nl: "niveau|risiconiveau|risicoscore|score|risicowaarde|bruto risico|brutorisico|inherent risico|risicoklasse|risicobeoordeling|risico",
        },
        weighed,
    ),
    field(
        "treatment",
        ByLanguage {
            en: "treatment|treatment option|risk treatment|risk response|response|strategy",
            de: "behandlung|risikobehandlung|strategie|risikostrategie|behandlungsoption",
            fr: "traitement|traitement du risque|option de traitement|stratégie|stratégie de traitement|réponse|réponse au risque|décision de traitement",
            es: "tratamiento|tratamiento del riesgo|opción de tratamiento|estrategia|estrategia de tratamiento|respuesta|respuesta al riesgo",
            it: "trattamento|trattamento del rischio|opzione di trattamento|strategia|strategia di trattamento|risposta|risposta al rischio",
            pt: "tratamento|tratamento do risco|opção de tratamento|estratégia|estratégia de tratamento|resposta|resposta ao risco",
            nl: "behandeling|risicobehandeling|behandeloptie|behandelingsoptie|strategie|risicostrategie|respons|risicorespons",
        },
    ),
    many(
        "controls",
        ByLanguage {
            en: "control|controls|annex a controls|mitigation|mitigations|measure|measures|treatment plan|mitigating controls|linked controls|planned controls|existing controls",
            de: "maßnahme|maßnahmen|kontrollen|gegenmaßnahmen|risikomaßnahmen|zugeordnete kontrollen",
            fr: "mesure|mesures|mesures de sécurité|mesures existantes|mesures prévues|mesures de traitement|contrôle|contrôles|contrôles de l annexe a|mesures de l annexe a|plan de traitement|plan d action",
            es: "control|controles|controles del anexo a|controles existentes|controles previstos|medida|medidas|salvaguarda|salvaguardas|plan de tratamiento|plan de acción",
            it: "controllo|controlli|controlli dell allegato a|controlli esistenti|controlli previsti|misura|misure|misure di sicurezza|misure di mitigazione|contromisure|piano di trattamento",
            pt: "controlo|controlos|controle|controles|controlos do anexo a|controles do anexo a|controlos existentes|medida|medidas|medidas de mitigação|salvaguardas|plano de tratamento|plano de ação",
            nl: "maatregel|maatregelen|beheersmaatregel|beheersmaatregelen|bestaande maatregelen|geplande maatregelen|mitigerende maatregelen|maatregelen bijlage a|behandelplan|risicobehandelplan",
        },
    ),
    field(
        "owner",
        ByLanguage {
            en: "owner|risk owner|responsible|accountable",
            de: "risikoeigentümer|risikoeigner|eigentümer|verantwortlich|verantwortlicher|risikoverantwortlicher",
            fr: "propriétaire|propriétaire du risque|responsable|responsable du risque|porteur|porteur du risque|pilote",
            es: "propietario|propietario del riesgo|dueño|dueño del riesgo|responsable|responsable del riesgo|titular del riesgo",
            it: "proprietario|proprietario del rischio|responsabile|responsabile del rischio|titolare del rischio|referente",
            pt: "proprietário|proprietário do risco|responsável|responsável pelo risco|dono do risco|titular do risco",
            nl: "eigenaar|risico eigenaar|risicoeigenaar|verantwoordelijke|verantwoordelijk",
        },
    ),
    field(
        "accepted_on",
        ByLanguage {
            en: "accepted on|acceptance date|approval date",
            de: "akzeptiert am|freigabedatum|datum der akzeptanz|genehmigt am",
            fr: "accepté le|date d acceptation|date d approbation|date de validation|approuvé le|validé le",
            es: "aceptado el|fecha de aceptación|fecha de aprobación|aprobado el",
            it: "accettato il|data di accettazione|data accettazione|data di approvazione|data approvazione|approvato il",
            pt: "aceite em|aceito em|data de aceitação|data de aprovação|aprovado em",
            nl: "geaccepteerd op|datum acceptatie|acceptatiedatum|goedgekeurd op|datum goedkeuring|goedkeuringsdatum",
        },
    ),
    field(
        "accepted_by",
        ByLanguage {
            en: "accepted by|acceptance|risk acceptance|approved by|approval",
            de: "akzeptiert von|akzeptiert durch|akzeptanz|risikoakzeptanz|freigabe|genehmigt von|freigegeben von",
            fr: "accepté par|acceptation|acceptation du risque|approuvé par|approbation|validé par|validation",
            es: "aceptado por|aceptación|aceptación del riesgo|aprobado por|aprobación",
            it: "accettato da|accettazione|accettazione del rischio|approvato da|approvazione",
            pt: "aceite por|aceito por|aceitação|aceitação do risco|aprovado por|aprovação",
            nl: "geaccepteerd door|acceptatie|risicoacceptatie|goedgekeurd door|goedkeuring|akkoord|akkoord door",
        },
    ),
    field(
        "status",
        ByLanguage {
            en: "status|state",
            de: "stand|bearbeitungsstand",
            fr: "statut|état|état d avancement|avancement",
            es: "estado|situación|estatus",
            it: "stato|stato di avanzamento",
            pt: "estado|situação",
            nl: "status|stand van zaken",
        },
    ),
    field(
        "next_review",
        ByLanguage {
            en: "next review|review date|review|date of next review",
            de: "nächste überprüfung|überprüfung|überprüfung am|wiedervorlage|nächste prüfung|prüfdatum",
            fr: "prochaine revue|prochaine révision|date de prochaine revue|date de revue|date de révision|revue|révision|prochain examen",
            es: "próxima revisión|fecha de revisión|fecha de próxima revisión|revisión|próxima evaluación",
            it: "prossimo riesame|prossima revisione|data di riesame|data prossimo riesame|data di revisione|riesame|revisione",
            pt: "próxima revisão|data de revisão|data da próxima revisão|revisão|próxima avaliação",
            nl: "volgende beoordeling|volgende herziening|beoordelingsdatum|herzieningsdatum|herziening|volgende review",
        },
    ),
    field(
        "standards",
        ByLanguage {
            en: "standard|standards|framework",
            de: "norm|normen",
            fr: "norme|normes|référentiel|référentiels",
            es: "norma|normas|estándar|marco",
            it: "norma|norme|quadro di riferimento",
            pt: "norma|normas|referencial|padrão",
            nl: "norm|normen|kader|normenkader",
        },
    ),
];

/// Words that say a risk is one of artificial intelligence.
pub(super) const AI: ByLanguage<&str> = ByLanguage {
    en: "ai|artificial intelligence|machine learning|llm|language model|chatbot|training data|bias|hallucination|hallucinations|model drift|prompt injection|explainability|algorithmic",
    de: "ki|künstliche intelligenz|künstlichen intelligenz|maschinelles lernen|sprachmodell|trainingsdaten|verzerrung|halluzination|halluzinationen|modelldrift|erklärbarkeit|algorithmische",
    fr: "ia|intelligence artificielle|apprentissage automatique|modèle de langage|agent conversationnel|données d entraînement|données d apprentissage|biais|dérive du modèle|injection de prompt|explicabilité|algorithmique",
    es: "ia|inteligencia artificial|aprendizaje automático|modelo de lenguaje|datos de entrenamiento|sesgo|sesgos|alucinación|alucinaciones|deriva del modelo|explicabilidad|algorítmico|algorítmica",
    it: "ia|intelligenza artificiale|apprendimento automatico|modello linguistico|dati di addestramento|allucinazione|allucinazioni|deriva del modello|spiegabilità|algoritmico|algoritmica",
    pt: "ia|inteligência artificial|aprendizagem automática|aprendizado de máquina|modelo de linguagem|dados de treino|dados de treinamento|viés|vieses|alucinação|alucinações|explicabilidade|algorítmico|algorítmica",
    nl: "kunstmatige intelligentie|artificiële intelligentie|machinaal leren|taalmodel|trainingsdata|trainingsgegevens|vooringenomenheid|hallucinatie|hallucinaties|uitlegbaarheid|algoritmisch|algoritmische",
};

/// Words that tell nothing apart.
pub(super) const COMMON: ByLanguage<&str> = ByLanguage {
    en: "the|and|for|from|with|due|through|risk|risks|loss|that|are|our",
    de: "der|die|das|und|von|durch|des|den|dem|ein|eine|bei|für|aus|mit|auf|risiko|verlust|infolge|oder",
    fr: "les|des|une|par|pour|dans|sur|avec|aux|risque|risques|perte",
    es: "los|las|del|por|para|con|una|uno|que|riesgo|riesgos|pérdida",
    it: "del|dei|della|delle|degli|per|con|una|nel|nella|che|rischio|rischi|perdita",
    pt: "dos|das|por|para|com|uma|que|nos|nas|risco|riscos|perda",
    nl: "het|van|een|door|voor|met|bij|uit|aan|risico|verlies",
};

/// Words of each option; with `*` behind them, beginnings of words.
pub(super) const OPTIONS: [(RiskOption, ByLanguage<&str>); 4] = [
    (
        RiskOption::Modify,
        ByLanguage {
            en: "mitigat*|reduc*|modif*|treat|treated",
            de: "reduz*|minder*|vermind*|verring*|behand*|reduktion|risikominderung|risikoreduktion",
            fr: "rédu*|attén*|traiter|traité|maîtris*|minimis*",
            es: "mitigar|tratar|tratado|minimiz*|disminu*",
            it: "ridu*|riduzione|mitiga*|trattare|trattato|minimizz*|attenu*",
            pt: "mitigar|tratar|tratado|redução|minimiz*|atenu*",
            nl: "mitiger*|vermindering|beperk*|beheers*|behandelen|verlagen|verlaging|verklein*",
        },
    ),
    (
        RiskOption::Retain,
        ByLanguage {
            en: "accept*|retain*|retention|toler*",
            de: "akzept*|risikoakzept*|tragen|hinnehmen",
            fr: "maintenir|maintien|conserver|tolér*",
            es: "acept*|asum*|reten*",
            it: "accett*|toller*|mantenere|ritenzione",
            pt: "aceit*|assum*|reter|retenção",
            nl: "aanvaard*|geaccepteerd|dragen|behouden",
        },
    ),
    (
        RiskOption::Share,
        ByLanguage {
            en: "transfer*|insur*|share|shared|sharing",
            de: "versich*|übertrag*|verlager*|teilen|risikotransfer|risikoteilung",
            fr: "transfér*|partag*|assurance",
            es: "compart*|asegurador*",
            it: "trasfer*|condivi*|assicurazione",
            pt: "partilh*|compartilh*|seguradora",
            nl: "overdrag*|overdracht|delen|gedeeld|verzeker*",
        },
    ),
    (
        RiskOption::Avoid,
        ByLanguage {
            en: "avoid*|terminat*|eliminat*",
            de: "vermeid*|risikovermeidung|eliminier*",
            fr: "évit*|supprim*|refus*|élimin*",
            es: "evita*|elimina*",
            it: "evita*|elimina*|eliminazione",
            pt: "evita*|elimina*",
            nl: "vermijd*|beëindig*|elimineren",
        },
    ),
];

/// Words that turn round what stands beside them.
pub(super) const DENIALS: ByLanguage<&str> = ByLanguage {
    en: "not|no|non|never|without|instead",
    de: "nicht|nie|kein|keine|keinen|keiner|ohne|statt",
    fr: "ne|pas|sans|aucun|aucune|jamais",
    es: "no|sin|nunca|ningún|ninguna",
    it: "non|senza|nessun|nessuna|anziché",
    pt: "não|sem|nunca|nenhum|nenhuma",
    nl: "niet|geen|zonder|nooit",
};

/// Words of a status that close a risk.
pub(super) const CLOSED: ByLanguage<&str> = ByLanguage {
    en: "closed|obsolete|retired",
    de: "geschlossen|entfallen|abgeschlossen",
    fr: "clos|close|clôturé|clôturée|fermé|fermée|obsolète",
    es: "cerrado|cerrada|obsoleto",
    it: "chiuso|chiusa|obsoleto|archiviato",
    pt: "fechado|fechada|encerrado|encerrada|obsoleto",
    nl: "gesloten|afgesloten|vervallen",
};

/// Words of a scale of five for likelihoods and impacts, the lowest step first.
pub(super) const STEPS: [ByLanguage<&str>; 5] = [
    ByLanguage {
        en: "very low|rare|negligible|insignificant",
        de: "sehr gering|sehr niedrig|selten|vernachlässigbar|unbedeutend",
        fr: "très faible|très bas|très basse|rare|négligeable|insignifiant|insignifiante",
        es: "muy bajo|muy baja|raro|rara|insignificante|despreciable",
        it: "molto basso|molto bassa|raro|rara|trascurabile|insignificante|remoto|remota",
        pt: "muito baixo|muito baixa|raro|rara|insignificante|negligenciável",
        nl: "zeer laag|heel laag|zeldzaam|verwaarloosbaar|zeer onwaarschijnlijk",
    },
    ByLanguage {
        en: "low|unlikely|minor",
        de: "gering|niedrig|unwahrscheinlich",
        fr: "faible|bas|basse|improbable|peu probable|peu vraisemblable|mineur|mineure",
        es: "bajo|baja|improbable|poco probable|menor|leve",
        it: "basso|bassa|improbabile|poco probabile|minore|lieve",
        pt: "baixo|baixa|improvável|pouco provável|menor|ligeiro",
        nl: "laag|onwaarschijnlijk|gering|klein",
    },
    ByLanguage {
        en: "medium|moderate|possible",
        de: "mittel|möglich|begrenzt",
        fr: "moyen|moyenne|modéré|modérée|possible|limité|limitée|significatif|significative",
        es: "medio|media|moderado|moderada|posible",
        it: "medio|media|moderato|moderata|possibile",
        pt: "médio|média|moderado|moderada|possível",
        nl: "midden|middel|gemiddeld|matig|mogelijk",
    },
    ByLanguage {
        en: "high|likely|major",
        de: "hoch|wahrscheinlich|beträchtlich|häufig",
        fr: "élevé|élevée|haut|haute|fort|forte|probable|vraisemblable|majeur|majeure|grave|important|importante",
        es: "alto|alta|elevado|elevada|probable|mayor|grave|importante",
        it: "alto|alta|elevato|elevata|probabile|maggiore|grave|importante",
        pt: "alto|alta|elevado|elevada|provável|maior|grave|importante",
        nl: "hoog|waarschijnlijk|groot|ernstig",
    },
    ByLanguage {
        en: "very high|critical|almost certain|severe|catastrophic",
        de: "sehr hoch|kritisch|fast sicher|existenzbedrohend|katastrophal|sehr häufig",
        fr: "très élevé|très élevée|très fort|très forte|critique|quasi certain|quasi certaine|catastrophique",
        es: "muy alto|muy alta|crítico|crítica|casi seguro|casi segura|catastrófico|catastrófica",
        it: "molto alto|molto alta|critico|critica|quasi certo|quasi certa|catastrofico|catastrofica",
        pt: "muito alto|muito alta|muito elevado|muito elevada|crítico|crítica|quase certo|quase certa|catastrófico|catastrófica",
        nl: "zeer hoog|kritiek|kritisch|vrijwel zeker|bijna zeker|catastrofaal",
    },
];

/// Words of a level, low to critical.
pub(super) const BANDS: [ByLanguage<&str>; 4] = [
    ByLanguage {
        en: "very low|low|green",
        de: "gering|niedrig|sehr gering|sehr niedrig|grün",
        fr: "très faible|faible|bas|basse|vert",
        es: "muy bajo|muy baja|bajo|baja|verde",
        it: "molto basso|molto bassa|basso|bassa|verde",
        pt: "muito baixo|muito baixa|baixo|baixa|verde",
        nl: "zeer laag|laag|groen",
    },
    ByLanguage {
        en: "medium|moderate|yellow|amber",
        de: "mittel|gelb",
        fr: "moyen|moyenne|modéré|modérée|jaune",
        es: "medio|media|moderado|moderada|amarillo",
        it: "medio|media|moderato|moderata|giallo",
        pt: "médio|média|moderado|moderada|amarelo",
        nl: "midden|middel|gemiddeld|matig|geel",
    },
    ByLanguage {
        en: "high|red",
        de: "hoch|rot",
        fr: "élevé|élevée|haut|fort|forte|rouge",
        es: "alto|alta|elevado|elevada|rojo",
        it: "alto|alta|elevato|elevata|rosso",
        pt: "alto|alta|elevado|elevada|vermelho",
        nl: "hoog|rood",
    },
    ByLanguage {
        en: "very high|critical|extreme",
        de: "sehr hoch|kritisch",
        fr: "très élevé|très élevée|très fort|critique|extrême",
        es: "muy alto|muy alta|crítico|crítica|extremo",
        it: "molto alto|molto alta|critico|critica|estremo",
        pt: "muito alto|muito alta|muito elevado|crítico|crítica|extremo",
        nl: "zeer hoog|kritiek|kritisch|extreem",
    },
];

/// What stands between the ends of a scale: 1 to 5.
pub(super) const TO: ByLanguage<&str> =
    ByLanguage { en: "to", de: "bis", fr: "à", es: "a", it: "a", pt: "a|até", nl: "tot" };
