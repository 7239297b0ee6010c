//! Headers and words of inventories, in all languages that documents are read in.

use super::{
    super::fields::{Field, field, fitting, many, mark, norm},
    kind,
};
use crate::domain::ByLanguage;

/// Needs for protection as inventories write them: a word, a number of a scale, a letter.
fn need(cell: &str) -> bool {
    let text = norm(cell);
    let digits = !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    digits || LEVELS.listed().any(|word| kind::holds(&text, word))
}

const LEVELS: ByLanguage<&str> = ByLanguage {
    en: "low|medium|moderate|normal|basic|high|very high|critical|public|internal|confidential|secret|l|h",
    de: "niedrig|gering|mittel|hoch|sehr hoch|kritisch|öffentlich|intern|vertraulich|geheim",
    fr: "faible|moyen|moyenne|modéré|modérée|normal|normale|élevé|élevée|fort|forte|haut|haute|critique|public|publique|interne|confidentiel|confidentielle|secret",
    es: "bajo|baja|medio|media|moderado|moderada|normal|alto|alta|crítico|crítica|público|pública|interno|interna|confidencial|secreto",
    it: "basso|bassa|medio|media|moderato|moderata|normale|alto|alta|elevato|elevata|critico|critica|pubblico|pubblica|interno|interna|riservato|riservata|segreto",
    pt: "baixo|baixa|médio|média|moderado|moderada|normal|alto|alta|elevado|elevada|crítico|crítica|público|pública|interno|interna|confidencial|secreto",
    nl: "laag|midden|gemiddeld|matig|normaal|basis|hoog|zeer hoog|kritiek|openbaar|intern|vertrouwelijk|geheim",
};

fn is_mark(cell: &str) -> bool {
    mark(cell).is_some()
}

/// What a column of an inventory may mean. Of two that a header fits equally well the earlier one is taken.
pub(super) const FIELDS: &[Field] = &[
    field(
        "id",
        ByLanguage {
            en: "id|asset id|asset no|asset number|ai id|system id|no|ref|inventory no|inventory number",
            de: "nr|asset nr|inventarnummer|inventar nr|kennung|lfd nr|nummer|ki id|kürzel",
            fr: "id|identifiant|n|no|numéro|réf|référence|code|id actif|id de l actif|code actif|numéro d inventaire|n inventaire|id ia|id système",
            es: "id|código|n|no|núm|número|referencia|ref|id activo|id del activo|código del activo|número de inventario|identificador|id ia",
            it: "id|codice|n|nr|numero|rif|riferimento|id asset|codice asset|codice bene|numero di inventario|numero inventario|id ia|identificativo",
            pt: "id|código|n|no|n o|número|referência|ref|id ativo|id do ativo|código do ativo|número de inventário|identificador|id ia",
            nl: "id|nr|nummer|code|kenmerk|asset id|asset nummer|inventarisnummer|volgnummer|ai id|referentie",
        },
    ),
    fitting(
        "ai",
        ByLanguage {
            en: "ai|uses ai|is ai|ai system|ai used|contains ai|ai based",
            de: "ki|ki system|nutzt ki|enthält ki|ki einsatz|ki basiert",
            fr: "ia|utilise l ia|système d ia|système ia|contient de l ia|basé sur l ia|recours à l ia",
            es: "ia|usa ia|utiliza ia|sistema de ia|contiene ia|basado en ia|uso de ia",
            it: "ia|usa ia|utilizza ia|sistema di ia|contiene ia|basato su ia|uso di ia",
            pt: "ia|usa ia|utiliza ia|sistema de ia|contém ia|baseado em ia|uso de ia",
            nl: "ai|gebruikt ai|ai systeem|bevat ai|gebaseerd op ai|gebruik van ai",
        },
        is_mark,
    ),
    field(
        "name",
        ByLanguage {
            en: "name|asset|asset name|asset title|information asset|title|system|system name|ai system|ai application|application|application name|item|name of the system",
            de: "bezeichnung|wert|werte|informationswert|asset bezeichnung|ki system|ki anwendung|anwendung|anwendungsname|systemname|zielobjekt|objekt|titel|name des systems",
            fr: "nom|actif|nom de l actif|nom du système|désignation|libellé|intitulé|titre|bien|bien support|valeur métier|actif informationnel|système|système d ia|système ia|application",
            es: "nombre|activo|nombre del activo|nombre del sistema|denominación|título|activo de información|sistema|sistema de ia|sistema ia|aplicación",
            it: "nome|asset|nome asset|nome dell asset|nome del sistema|denominazione|titolo|bene|asset informativo|risorsa|sistema|sistema di ia|sistema ia|applicazione|applicativo",
            pt: "nome|ativo|activo|nome do ativo|nome do sistema|designação|título|ativo de informação|sistema|sistema de ia|sistema ia|aplicação|aplicativo",
            nl: "naam|bedrijfsmiddel|naam bedrijfsmiddel|naam van het systeem|benaming|titel|informatiemiddel|object|systeem|systeemnaam|ai systeem|applicatie|toepassing",
        },
    ),
    field(
        "kind",
        ByLanguage {
            en: "kind|type|asset type|category|asset category|asset class|group|type of asset",
            de: "art|typ|kategorie|assettyp|asset typ|assetart|asset kategorie|assetkategorie|gruppe|art des werts",
            fr: "type|type d actif|type de bien|catégorie|catégorie d actif|nature|famille|groupe",
            es: "tipo|tipo de activo|categoría|categoría del activo|clase de activo|grupo",
            it: "tipo|tipologia|tipo di asset|tipo asset|categoria|categoria asset|gruppo",
            pt: "tipo|tipo de ativo|categoria|categoria do ativo|tipologia|grupo",
            nl: "soort|type|type bedrijfsmiddel|categorie|groep|soort bedrijfsmiddel",
        },
    ),
    many(
        "description",
        ByLanguage {
            en: "description|purpose|intended use|intended purpose|use|use case|details",
            de: "beschreibung|zweck|einsatzzweck|verwendungszweck|verwendung|zweckbestimmung|anwendungsfall",
            fr: "description|finalité|usage|utilisation|usage prévu|objet|détails|cas d usage",
            es: "descripción|finalidad|uso|uso previsto|propósito|detalles|caso de uso",
            it: "descrizione|finalità|scopo|uso|uso previsto|utilizzo|dettagli|caso d uso",
            pt: "descrição|finalidade|uso|uso previsto|utilização|propósito|detalhes|caso de uso",
            nl: "omschrijving|beschrijving|doel|gebruik|beoogd gebruik|gebruiksdoel|toelichting",
        },
    ),
    field(
        "owner",
        ByLanguage {
            en: "owner|asset owner|information owner|system owner|responsible|accountable",
            de: "eigentümer|eigner|verantwortlich|verantwortlicher|verantwortliche|verantwortliche person|informationseigentümer|systemverantwortlicher|asset owner rolle|besitzer",
            fr: "propriétaire|propriétaire de l actif|responsable|détenteur|responsable de l actif|propriétaire du système",
            es: "propietario|propietario del activo|dueño|responsable|responsable del activo|propietario del sistema",
            it: "proprietario|proprietario dell asset|responsabile|responsabile dell asset|referente|proprietario del sistema",
            pt: "proprietário|proprietário do ativo|responsável|responsável pelo ativo|dono|dono do ativo",
            nl: "eigenaar|eigenaar bedrijfsmiddel|verantwoordelijke|verantwoordelijk|systeemeigenaar|informatie eigenaar|gegevenseigenaar",
        },
    ),
    fitting(
        "confidentiality",
        ByLanguage {
            en: "confidentiality|c|confidentiality need",
            de: "vertraulichkeit",
            fr: "confidentialité|c|besoin de confidentialité",
            es: "confidencialidad|c",
            it: "riservatezza|confidenzialità|r",
            pt: "confidencialidade|c",
            nl: "vertrouwelijkheid|v",
        },
        need,
    ),
    fitting(
        "integrity",
        ByLanguage {
            en: "integrity|i|integrity need",
            de: "integrität",
            fr: "intégrité|i|besoin d intégrité",
            es: "integridad|i",
            it: "integrità|i",
            pt: "integridade|i",
            nl: "integriteit|i",
        },
        need,
    ),
    fitting(
        "availability",
        ByLanguage {
            en: "availability|a|availability need",
            de: "verfügbarkeit",
            fr: "disponibilité|d|besoin de disponibilité",
            es: "disponibilidad|d",
            it: "disponibilità|d",
            pt: "disponibilidade|d",
            nl: "beschikbaarheid|b",
        },
        need,
    ),
    field(
        "classification",
        ByLanguage {
            en: "classification|class|information classification|confidentiality class|protection class|sensitivity|protection need|criticality|risk class",
            de: "klassifizierung|klassifikation|klasse|vertraulichkeitsstufe|vertraulichkeitsklasse|schutzklasse|schutzbedarf|kritikalität|risikoklasse",
            fr: "classification|classe|niveau de classification|classification de l information|niveau de confidentialité|sensibilité|criticité|classe de risque|besoin de protection",
            es: "clasificación|clase|nivel de clasificación|clasificación de la información|sensibilidad|criticidad|clase de riesgo",
            it: "classificazione|classe|livello di classificazione|classificazione delle informazioni|sensibilità|criticità|classe di rischio",
            pt: "classificação|classe|nível de classificação|classificação da informação|sensibilidade|criticidade|classe de risco",
            nl: "classificatie|klasse|rubricering|vertrouwelijkheidsniveau|informatieclassificatie|gevoeligheid|kritikaliteit|risicoklasse|biv classificatie",
        },
    ),
    many(
        "location",
        ByLanguage {
            en: "location|place|site|room|stored in|hosted at|hosting|storage",
            de: "standort|ort|raum|speicherort|ablageort|betriebsort",
            fr: "emplacement|localisation|lieu|site|local|hébergement|lieu de stockage|salle",
            es: "ubicación|localización|lugar|sede|sala|alojamiento|almacenamiento|emplazamiento",
            it: "ubicazione|luogo|sede|posizione|locale|sala|hosting|conservazione",
            pt: "localização|local|sede|sala|alojamento|armazenamento|hospedagem",
            nl: "locatie|plaats|vestiging|ruimte|opslaglocatie|standplaats|opslag",
        },
    ),
    field(
        "provider",
        ByLanguage {
            en: "provider|supplier|vendor|manufacturer|service provider|developer|provided by",
            de: "anbieter|lieferant|hersteller|dienstleister",
            fr: "fournisseur|prestataire|éditeur|fabricant|développeur|fourni par",
            es: "proveedor|fabricante|prestador|desarrollador|suministrador",
            it: "fornitore|produttore|prestatore|sviluppatore",
            pt: "fornecedor|fabricante|prestador|desenvolvedor|programador",
            nl: "leverancier|fabrikant|dienstverlener|aanbieder|ontwikkelaar",
        },
    ),
    field(
        "roles",
        ByLanguage {
            en: "our role|our roles|role|roles|ai role",
            de: "unsere rolle|unsere rollen|rolle|rollen",
            fr: "notre rôle|nos rôles|rôle|rôles|rôle ia",
            es: "nuestro rol|nuestros roles|rol|roles",
            it: "nostro ruolo|il nostro ruolo|nostri ruoli|ruolo|ruoli",
            pt: "nosso papel|o nosso papel|papel|papéis|função",
            nl: "onze rol|onze rollen|rol|rollen",
        },
    ),
    field(
        "status",
        ByLanguage {
            en: "status|state|lifecycle|lifecycle status|life cycle",
            de: "stand|lebenszyklus|zustand|freigabestatus|betriebsstatus",
            fr: "statut|état|cycle de vie",
            es: "estado|situación|ciclo de vida",
            it: "stato|ciclo di vita",
            pt: "estado|situação|ciclo de vida",
            nl: "status|levenscyclus|toestand",
        },
    ),
    field(
        "checked_on",
        ByLanguage {
            en: "last check|last checked|last review|last reviewed|checked on|reviewed on|last update",
            de: "letzte prüfung|letzte überprüfung|geprüft am|zuletzt geprüft|stand vom",
            fr: "dernière vérification|dernier contrôle|dernière revue|vérifié le|contrôlé le|dernière mise à jour|revu le",
            es: "última comprobación|última revisión|revisado el|comprobado el|última actualización|fecha de revisión",
            it: "ultima verifica|ultimo controllo|ultimo riesame|verificato il|controllato il|ultimo aggiornamento",
            pt: "última verificação|última revisão|verificado em|revisto em|revisado em|última atualização",
            nl: "laatste controle|laatste beoordeling|gecontroleerd op|beoordeeld op|laatst gecontroleerd|laatste wijziging",
        },
    ),
    many(
        "comment",
        ByLanguage {
            en: "comment|comments|remark|remarks|note|notes",
            de: "bemerkung|bemerkungen|kommentar|anmerkung|anmerkungen|hinweis",
            fr: "commentaire|commentaires|remarque|remarques|observation|observations|note|notes",
            es: "comentario|comentarios|observación|observaciones|nota|notas",
            it: "commento|commenti|osservazione|osservazioni|nota|note",
            pt: "comentário|comentários|observação|observações|nota|notas",
            nl: "opmerking|opmerkingen|commentaar|notitie|notities",
        },
    ),
];

/// Words that deny what stands behind them.
pub(super) const DENIALS: ByLanguage<&str> = ByLanguage {
    en: "no|non|not|without",
    de: "kein|keine|keinen|nicht|ohne|nie",
    fr: "pas|sans|aucun|aucune|non",
    es: "no|sin|ningún",
    it: "non|senza|nessun|nessuna",
    pt: "não|sem|nenhum|nenhuma",
    nl: "geen|zonder|niet",
};

/// Words of a kind that say AI system.
pub(super) const KIND_AI: ByLanguage<&str> = ByLanguage {
    en: "ai|ai system|artificial intelligence|machine learning|ai model|llm",
    de: "ki|künstliche intelligenz|maschinelles lernen|ki modell",
    fr: "ia|intelligence artificielle|apprentissage automatique|modèle de langage",
    es: "ia|inteligencia artificial|aprendizaje automático|modelo de lenguaje",
    it: "ia|intelligenza artificiale|apprendimento automatico|modello linguistico",
    pt: "ia|inteligência artificial|aprendizagem automática|aprendizado de máquina|modelo de linguagem",
    nl: "ai|kunstmatige intelligentie|artificiële intelligentie|machinaal leren|taalmodel",
};

/// Words of the other kinds.
pub(super) const KINDS: [(&str, ByLanguage<&str>); 7] = [
    (
        "information",
        ByLanguage {
            en: "information|data|dataset|data set|document|documents|records|database",
            de: "informationen|daten|datenbestand|dokument|dokumente|aufzeichnungen|informationswert|unterlagen|datenbank",
            fr: "information|informations|donnée|données|jeu de données|base de données|documents|enregistrements",
            es: "información|dato|datos|conjunto de datos|base de datos|documento|documentos|registros",
            it: "informazione|informazioni|dato|dati|base dati|banca dati|documento|documenti|registrazioni",
            pt: "informação|informações|dado|dados|conjunto de dados|base de dados|banco de dados|documentos|registos|registros",
            nl: "informatie|gegevens|dataset|gegevensbestand|documenten|database|registraties",
        },
    ),
    (
        "application",
        ByLanguage {
            en: "application|applications|software|app|it system|system|systems|platform",
            de: "anwendung|anwendungen|fachanwendung|programm|it systeme|plattform",
            fr: "applications|logiciel|logiciels|application métier|progiciel|système|plateforme",
            es: "aplicación|aplicaciones|sistema|sistemas|plataforma|programa",
            it: "applicazione|applicazioni|applicativo|applicativi|sistema|sistemi|piattaforma|programma",
            pt: "aplicação|aplicações|aplicativo|aplicativos|sistema|sistemas|plataforma|programa",
            nl: "applicatie|applicaties|toepassing|programmatuur|systeem|systemen|platform",
        },
    ),
    (
        "hardware",
        ByLanguage {
            en: "hardware|device|devices|server|servers|client|clients|endpoint|endpoints|laptop|laptops|notebook|notebooks|network|infrastructure|equipment|media|mobile",
            de: "gerät|geräte|netzwerk|netz|netzkomponente|infrastruktur|datenträger",
            fr: "matériel|matériels|équipement|équipements|serveur|serveurs|poste de travail|postes de travail|réseau|support amovible",
            es: "equipo|equipos|servidor|servidores|portátil|portátiles|dispositivo|dispositivos|red|infraestructura|soporte",
            it: "apparato|apparati|dispositivo|dispositivi|apparecchiatura|apparecchiature|postazione|rete|infrastruttura",
            pt: "equipamento|equipamentos|servidor|servidores|portátil|portáteis|dispositivo|dispositivos|rede|infraestrutura",
            nl: "apparaat|apparaten|apparatuur|servers|werkplek|netwerk|infrastructuur|gegevensdrager",
        },
    ),
    (
        "service",
        ByLanguage {
            en: "service|services|cloud|saas|supplier|utility",
            de: "dienst|dienste|dienstleistung|lieferant",
            fr: "prestation|prestations|fournisseur|prestataire|infogérance",
            es: "servicio|servicios|proveedor|nube",
            it: "servizio|servizi|fornitore",
            pt: "serviço|serviços|fornecedor|nuvem",
            nl: "diensten|dienstverlening|leverancier|clouddienst",
        },
    ),
    (
        "site",
        ByLanguage {
            en: "site|sites|location|building|room|facility|premises|data centre|data center",
            de: "standort|gebäude|raum|räume|liegenschaft|rechenzentrum",
            fr: "bâtiment|bâtiments|locaux|local|salle|centre de données",
            es: "edificio|edificios|instalación|instalaciones|sede|sala|centro de datos|oficina",
            it: "edificio|edifici|sede|sedi|locale|locali|sala|centro dati|ufficio",
            pt: "edifício|edifícios|instalação|instalações|sede|sala|centro de dados|escritório",
            nl: "gebouw|gebouwen|locatie|locaties|vestiging|ruimte|ruimten|datacenter|kantoor",
        },
    ),
    (
        "people",
        ByLanguage {
            en: "people|person|persons|personnel|staff|role|team",
            de: "personal|mitarbeiter|mitarbeitende|personen|rolle",
            fr: "personnes|ressources humaines|collaborateurs|équipe|rôle",
            es: "personas|empleados|equipo humano|recursos humanos|rol",
            it: "persone|personale|dipendenti|risorse umane|ruolo",
            pt: "pessoas|pessoal|colaboradores|recursos humanos|função",
            nl: "personen|personeel|medewerkers|mensen|rol",
        },
    ),
    (
        "other",
        ByLanguage {
            en: "other",
            de: "sonstiges|sonstige|andere",
            fr: "autre|autres",
            es: "otro|otros|otra",
            it: "altro|altri",
            pt: "outro|outros|outra",
            nl: "overig|overige",
        },
    ),
];

/// Words in a title or header that say a sheet lists AI systems.
pub(super) const SHEET_AI: ByLanguage<&str> = ByLanguage {
    en: "ai id|ai system|ai systems|ai inventory|ai application|ai applications|ai register",
    de: "ki id|ki system|ki systeme|ki systemen|ki inventar|ki anwendung|ki anwendungen|ki register|ki verzeichnis",
    fr: "id ia|système d ia|systèmes d ia|système ia|systèmes ia|inventaire ia|registre ia|inventaire des ia",
    es: "id ia|sistema de ia|sistemas de ia|sistema ia|sistemas ia|inventario de ia|registro de ia",
    it: "id ia|sistema di ia|sistemi di ia|sistema ia|sistemi ia|inventario ia|registro ia",
    pt: "id ia|sistema de ia|sistemas de ia|sistema ia|sistemas ia|inventário de ia|registo de ia|registro de ia",
    nl: "ai systeem|ai systemen|ai inventaris|ai toepassing|ai toepassingen",
};

/// Words for which an asset that nobody calls an AI system is likely one.
pub(super) const LIKELY_AI: ByLanguage<&str> = ByLanguage {
    en: "ai|artificial intelligence|machine learning|deep learning|neural network|llm|language model|chatbot|gpt|chatgpt|copilot|generative|speech recognition|image recognition|face recognition|recommender|predictive",
    de: "ki|künstliche intelligenz|künstlicher intelligenz|maschinelles lernen|maschinellem lernen|neuronales netz|sprachmodell|generativ|spracherkennung|bilderkennung|gesichtserkennung|prädiktiv",
    fr: "ia|intelligence artificielle|apprentissage automatique|apprentissage profond|réseau de neurones|modèle de langage|agent conversationnel|générative|génératif|reconnaissance vocale|reconnaissance faciale|reconnaissance d images|prédictif|prédictive",
    es: "ia|inteligencia artificial|aprendizaje automático|aprendizaje profundo|red neuronal|modelo de lenguaje|generativa|generativo|reconocimiento de voz|reconocimiento facial|reconocimiento de imágenes|predictivo|predictiva",
    it: "ia|intelligenza artificiale|apprendimento automatico|rete neurale|modello linguistico|generativa|generativo|riconoscimento vocale|riconoscimento facciale|riconoscimento di immagini|predittivo|predittiva",
    pt: "ia|inteligência artificial|aprendizagem automática|aprendizado de máquina|rede neuronal|modelo de linguagem|generativa|generativo|reconhecimento de voz|reconhecimento facial|reconhecimento de imagem|preditivo|preditiva",
    nl: "kunstmatige intelligentie|machinaal leren|neuraal netwerk|taalmodel|generatieve|spraakherkenning|gezichtsherkenning|beeldherkenning|voorspellend",
};
