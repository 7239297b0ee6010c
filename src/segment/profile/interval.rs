//! The interval at which a document says that it, or what it lays down, is repeated.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::text;
use crate::{
    domain::{
        BlockKind, ByLanguage, DocumentType, Extracted, Language, MONTHS, StatedInterval,
        squash_whitespace,
    },
    segment::sentences,
};

/// A quote is cut here, between words.
const QUOTE_CHARS: usize = 300;

/// Numbers in words, with their values.
const NUMBERS: ByLanguage<&[(&str, u32)]> = ByLanguage {
    en: &[
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("nine", 9),
        ("twelve", 12),
        ("eighteen", 18),
        ("twenty-four", 24),
        ("thirty-six", 36),
    ],
    de: &[
        ("zwei", 2),
        ("drei", 3),
        ("vier", 4),
        ("fünf", 5),
        ("sechs", 6),
        ("neun", 9),
        ("zwölf", 12),
    ],
    fr: &[
        ("deux", 2),
        ("trois", 3),
        ("quatre", 4),
        ("cinq", 5),
        ("six", 6),
        ("neuf", 9),
        ("douze", 12),
    ],
    es: &[
        ("dos", 2),
        ("tres", 3),
        ("cuatro", 4),
        ("cinco", 5),
        ("seis", 6),
        ("nueve", 9),
        ("doce", 12),
    ],
    it: &[
        ("due", 2),
        ("tre", 3),
        ("quattro", 4),
        ("cinque", 5),
        ("sei", 6),
        ("nove", 9),
        ("dodici", 12),
    ],
    pt: &[
        ("dois", 2),
        ("três", 3),
        ("quatro", 4),
        ("cinco", 5),
        ("seis", 6),
        ("nove", 9),
        ("doze", 12),
    ],
    nl: &[
        ("twee", 2),
        ("drie", 3),
        ("vier", 4),
        ("vijf", 5),
        ("zes", 6),
        ("negen", 9),
        ("twaalf", 12),
    ],
};

/// What stands before a number of units: every (3 months).
const EVERY_SO_MANY: ByLanguage<&str> = ByLanguage {
    en: "every|intervals? of|interval:?|cycle:?",
    de: "alle|zyklus:?|turnus:?|intervall:?",
    fr: "tous les|toutes les",
    es: "todos los|cada",
    it: "ogni",
    pt: "a cada|cada",
    nl: "elke|iedere|om de",
};

/// Units in the plural.
const UNITS: ByLanguage<&str> = ByLanguage {
    en: "days?|weeks?|months?|quarters?|years?",
    de: "tage|wochen|monate|quartale|jahre",
    fr: "jours|semaines|mois|trimestres|ans|années",
    es: "días|semanas|meses|trimestres|años",
    it: "giorni|settimane|mesi|trimestri|anni",
    pt: "dias|semanas|meses|trimestres|anos",
    nl: "dagen|weken|maanden|kwartalen|jaar|jaren",
};

/// What stands before one unit: each (month).
const EACH: ByLanguage<&str> = ByLanguage {
    en: "every|each|once (?:a|per)|once every|one(?:ce)? in a",
    de: "jede[nsrm]?|pro|einmal (?:pro|im)",
    fr: "chaque|tous les|toutes les|(?:une|au moins une) fois par|par",
    es: "cada|todos los|todas las|(?:una vez|al menos una vez) (?:al|por|a la)",
    it: "ogni|una volta (?:al|a la|alla|all['’])|almeno una volta (?:al|alla|all['’])",
    pt: "cada|uma vez (?:por|ao)|todos os|todas as",
    nl: "elke?|iedere?|eenmaal per|een keer per|één keer per|per",
};

/// Units in the singular.
const UNIT: ByLanguage<&str> = ByLanguage {
    en: "day|week|month|quarter|half[- ]year|year",
    de: "tag|woche|monat|quartal|halbjahr|jahr",
    fr: "jours?|semaines?|mois|trimestres?|semestres?|ans?|années?",
    es: "días?|semanas?|mes|meses|trimestres?|semestres?|años?",
    it: "giorno|settimana|mese|trimestre|semestre|anno",
    pt: "dias?|semanas?|mês|meses|trimestres?|semestres?|anos?",
    nl: "dag|week|maand|kwartaal|halfjaar|half jaar|jaar",
};

/// What stands before the name of a month: each January is once a year.
const EACH_MONTH: ByLanguage<&str> = ByLanguage {
    en: "every|each",
    de: "jede[nsrm]?",
    fr: "chaque|tous les",
    es: "cada|todos los",
    it: "ogni",
    pt: "cada|todos os",
    nl: "elke?|iedere?",
};

/// Twice a year.
const TWICE: ByLanguage<&str> = ByLanguage {
    en: "twice (?:a|per) year",
    de: "zweimal (?:jährlich|im jahr|pro jahr)",
    fr: "deux fois par an",
    es: "dos veces al año",
    it: "due volte (?:l['’]anno|all['’]anno)",
    pt: "duas vezes (?:por|ao) ano",
    nl: "(?:tweemaal|twee keer) per jaar",
};

/// Adverbs and adjectives.
const ADVERBS: ByLanguage<&str> = ByLanguage {
    en: "daily|weekly|monthly|quarterly|half[- ]yearly|semi-?annually|semi-?annual|biannually|annually|annual|yearly",
    de: r"täglich\w{0,2}|wöchentlich\w{0,2}|monatlich\w{0,2}|vierteljährlich\w{0,2}|quartalsweise|halbjährlich\w{0,2}|jährlich\w{0,2}",
    fr: "annuelle?s?(?:ment)?|semestrielle?s?(?:ment)?|trimestrielle?s?(?:ment)?|mensuelle?s?(?:ment)?|hebdomadaires?|quotidien(?:ne)?s?",
    es: "anual(?:es|mente)?|semestral(?:es|mente)?|trimestral(?:es|mente)?|mensual(?:es|mente)?|semanal(?:es|mente)?",
    it: "annual[ei](?:mente)?|annualmente|semestral[ei](?:mente)?|semestralmente|trimestral[ei](?:mente)?|trimestralmente|mensil[ei]|mensilmente|settimanal[ei]|settimanalmente",
    pt: "anua(?:l|is|lmente)|semestra(?:l|is|lmente)|trimestra(?:l|is|lmente)|mensa(?:l|is|lmente)|semana(?:l|is|lmente)",
    nl: "dagelijkse?|wekelijkse?|maandelijkse?|kwartaallijkse?|driemaandelijkse?|halfjaarlijkse?|jaarlijkse?",
};

/// Groups carry the language's number, for words of two languages make no interval ("euro per year").
static REPEATED: LazyLock<Regex> = LazyLock::new(|| {
    let parts = |n: usize| {
        let own = |table: ByLanguage<&'static str>| *table.all()[n].1;
        let numbers: Vec<&str> = NUMBERS.all()[n].1.iter().map(|(word, _)| *word).collect();
        format!(
            concat!(
                r"(?:{many})\s+(?:at\s+(?:least|most)\s+|höchstens\s+|max\.?\s+)?(?P<n{n}>\d{{1,3}}|{numbers})\s*(?P<unit{n}>{units})\b",
                r"|(?:{each})\s*(?:calendar\s+)?\b(?P<one{n}>{unit})\b",
            ),
            n = n,
            many = own(EVERY_SO_MANY),
            numbers = numbers.join("|"),
            units = own(UNITS),
            each = own(EACH),
            unit = own(UNIT),
        )
    };
    let parts: Vec<String> = (0..Language::ALL.len()).map(parts).collect();
    let months: Vec<&str> =
        MONTHS.all().iter().flat_map(|(_, months)| months.iter().map(|names| names[0])).collect();
    text::pattern(&format!(
        r"(?i)\b(?:{}|(?:{})\s+(?P<month>{})\b|(?P<twice>{})|every (?P<other>other|second) year|(?P<word>{})\b)",
        parts.join("|"),
        EACH_MONTH.any(),
        months.join("|"),
        TWICE.any(),
        ADVERBS.any(),
    ))
});

/// Work that is repeated so that what it yields stays true.
const WORK: ByLanguage<&str> = ByLanguage {
    en: r"re-?views?|reviewed|reviewing|updates?|updated|repeat(?:s|ed)?|tests?|tested|performed|conducted|carried out|assess(?:es|ed)?|evaluate[sd]?|recertif\w+|re-?approve[sd]?|checks?|checked|verif(?:y|ies|ied)|audits?|audited|exercised?|(?:is|are) (?:made|done|run)|takes? place",
    de: r"überprüf\w*|geprüft|prüf(?:t|en|ung)|aktualisier\w*|wiederhol\w*|getestet|bewertet|bewerten|testet|testen|überarbeite\w*|durchgeführt|geübt",
    fr: r"revis\w+|révis\w+|réexamin\w+|contrôl\w+|revue?s?|vérifi\w+|mise?s? à jour|teste\w*|testée?s?|évalue\w*|évaluée?s?|revoi\w+|actualis\w+|réalise\w*|réalisée?s?|effectue\w*|effectuée?s?",
    es: r"revis\w+|actualiz\w+|comprueb\w+|comprob\w+|verific\w+|prueba\w*|evalúa\w*|evaluad\w+|realiza\w*|audita\w*",
    it: r"riesamin\w+|rivist[oaei]|aggiorn\w+|verific\w+|controll\w+|testa(?:no)?|testat[oaei]|valuta(?:no)?|valutat[oaei]|esegu\w+|effettua(?:no)?|effettuat[oaei]|rived(?:e|ono)|svolg\w+|svolt[oaei]|provat[oaei]",
    pt: r"revist[oa]s?|revê(?:em|m)?|reveem|revis\w+|atualiz\w+|verific\w+|testa\w*|avalia\w*|realiza\w*|efetuad[oa]s?|auditad[oa]s?",
    nl: r"herzien|herziet|beoorde(?:eld|elt|len)|gecontroleerd|controle(?:ert|ren)|toets(?:t|en)|getoetst|testen|evalue(?:ert|ren)|oefen(?:t|en)|actualiseer\w*|geactualiseerd|bijgewerkt|getest|geëvalueerd|uitgevoerd|geoefend|geverifieerd|nagekeken",
};

static VERB: LazyLock<Regex> =
    LazyLock::new(|| text::pattern(&format!(r"(?i)\b({})\b", WORK.any())));

/// The document itself as a subject.
const ITSELF: ByLanguage<&str> = ByLanguage {
    en: r"(?:this|the present)\s(?:\p{L}+\s){0,2}(?:document|polic\w+|procedure|process|standard|guideline|plan|manual|statement|register|list|inventory|assessment|methodology|programme|concept|matrix|catalogue|framework|scope)",
    de: r"(?:diese[rs]?|vorliegende[rs]?)\s(?:\p{L}+\s){0,2}\p{L}*(?:dokument|richtlinie|leitlinie|anweisung|konzept|handbuch|verfahren|liste|verzeichnis|register|bewertung|regelung|plan)",
    fr: r"(?:cette?|ce|la présente|le présent)\s(?:\p{L}+\s){0,2}(?:politique|procédure|document|plan|registre|liste|manuel|charte|inventaire|processus|directive)",
    es: r"(?:est[ae]|la presente|el presente)\s(?:\p{L}+\s){0,2}(?:política|procedimiento|documento|plan|registro|lista|manual|inventario|proceso|norma)",
    it: r"(?:quest[oa]|la presente|il presente)\s(?:\p{L}+\s){0,2}(?:politica|procedura|documento|piano|registro|elenco|manuale|inventario|processo|linea guida)",
    pt: r"(?:est[ae]|a presente|o presente)\s(?:\p{L}+\s){0,2}(?:política|procedimento|documento|plano|registo|registro|lista|manual|inventário|processo|norma)",
    nl: r"(?:dit|deze|het onderhavige)\s(?:\p{L}+\s){0,2}(?:\p{L}*beleid|procedure|document|plan|register|lijst|handboek|richtlijn|inventaris|proces|werkinstructie)",
};

/// Labels of an interval at the start of a line.
const CYCLE: ByLanguage<&str> = ByLanguage {
    en: "(?:document |policy )?(?:review|revision) (?:cycle|interval|frequency|period)",
    de: "überprüfung|überprüfungs(?:zyklus|intervall|turnus)|prüfzyklus|prüfintervall|revisionszyklus",
    fr: "(?:cycle|fréquence|périodicité) de (?:la )?(?:révision|revue)",
    es: "(?:ciclo|frecuencia|periodicidad) de (?:la )?revisión",
    it: "(?:ciclo|frequenza|periodicità) d(?:i|el) (?:riesame|revisione)",
    pt: "(?:ciclo|frequência|periodicidade) d[ea] revisão",
    nl: "(?:herzienings|beoordelings|review)(?:cyclus|frequentie|interval)",
};

/// A sentence about the document itself.
static SELF: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(&format!(
        r"(?i)\b(?:{})\b|^\W*(?:{})\b|^\W*reviewed\b\W{{1,4}}|^\W*it is (?:re-?viewed|checked|updated)",
        ITSELF.any(),
        CYCLE.any()
    ))
});

/// Prefers a sentence about the document itself; else the first rule about its subject, for only
/// documents that lay something down.
pub(super) fn stated_interval(document: &Extracted, kind: DocumentType) -> Option<StatedInterval> {
    use DocumentType as T;
    let mut own = None;
    let mut subject = None;
    for block in &document.blocks {
        if !matches!(block.kind, BlockKind::Body | BlockKind::Row) {
            continue;
        }
        for range in sentences(&block.text) {
            let sentence = &block.text[range];
            let Some(caught) = REPEATED.captures(sentence) else { continue };
            let Some(days) = days(&caught) else { continue };
            let about_itself = SELF.is_match(sentence);
            // Rows say what holds for their own subject.
            let rule = VERB.is_match(sentence) && block.kind == BlockKind::Body;
            let place = match about_itself {
                true if rule || block.text.len() < 100 => &mut own,
                _ if rule => &mut subject,
                _ => continue,
            };
            place.get_or_insert_with(|| StatedInterval { days, quote: quote(sentence) });
        }
    }
    let lays_down = matches!(kind, T::Policy | T::Procedure | T::Plan | T::Statement | T::Other);
    own.or(subject.filter(|_| lays_down))
}

fn quote(sentence: &str) -> String {
    let text = squash_whitespace(sentence);
    match text.char_indices().nth(QUOTE_CHARS) {
        None => text,
        Some((at, _)) => {
            let cut = text[..at].rfind(' ').unwrap_or(at);
            text[..cut].to_owned()
        }
    }
}

fn days(caught: &Captures<'_>) -> Option<u32> {
    let of = |name: &str| caught.name(name).map(|m| m.as_str().to_lowercase());
    if of("twice").is_some() {
        return Some(183);
    }
    if of("month").is_some() {
        return Some(366);
    }
    if of("other").is_some() {
        return Some(732);
    }
    let own = |name: &str| (0..Language::ALL.len()).find_map(|n| of(&format!("{name}{n}")));
    let word = own("unit").or_else(|| own("one")).or_else(|| of("word"))?;
    let unit = unit(&word)?;
    let n = match own("n") {
        Some(n) => number(&n)?,
        None => 1,
    };
    // Twelve months are a year, not twelve long months.
    let days = if unit == 31 && n % 12 == 0 { n / 12 * 366 } else { n * unit };
    (days > 0).then_some(days)
}

/// Days of a unit or adverb; the longest month, quarter and year, for nothing is overdue before.
fn unit(word: &str) -> Option<u32> {
    let starts = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    let half = ["half", "halb", "semi", "semes", "biannual"];
    Some(if starts(&half) {
        183
    } else if starts(&["quart", "viertel", "trimes", "kwart", "driemaand"]) {
        92
    } else if starts(&["day", "dai", "tag", "täg", "jour", "quotid", "día", "dia", "giorn", "dag"])
    {
        1
    } else if starts(&["week", "wek", "woch", "wöch", "semain", "seman", "settim", "hebdo"]) {
        7
    } else if starts(&["month", "monat", "mois", "mens", "mes", "mês", "maand"]) {
        31
    } else {
        366
    })
}

fn number(word: &str) -> Option<u32> {
    let all = NUMBERS.all();
    let known = all.iter().flat_map(|(_, own)| own.iter()).find(|(name, _)| *name == word);
    known.map_or_else(|| word.parse().ok(), |(_, value)| Some(*value))
}
