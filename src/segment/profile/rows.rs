//! Dates in the rows of tables. Cells have no bounds there, so a date belongs to a column only
//! where counting leaves no doubt.

use std::sync::LazyLock;

use regex::Regex;

use super::text;
use crate::{
    domain::{Block, BlockKind, ByLanguage, Date, Extracted, Language},
    segment::dates::{DateFinding, find_dates},
};

/// What a column of dates says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// When the row was last looked at.
    Review,
    /// When something is due or ends.
    Due,
    Other,
}

/// Labels of columns of dates that say when something is due or ends; `_` is `[ _]`.
const DUE_COLUMNS: ByLanguage<&str> = ByLanguage {
    en: r"\b(?:next|due|until|valid_(?:until|to|thru)|expir\w*|deadline|target|planned|renewal|end_of)\b(?:_(?:date|review|check|test|assessment|on))*",
    de: r"\b(?:nächste\w*|fällig\w*|gültig_bis|frist|ablauf\w*)\b(?:_(?:am|prüfung|überprüfung))*",
    fr: r"\b(?:prochain\w*|échéance|valable_jusqu\w*|date_limite|expir\w*)\b(?:_(?:revue|contrôle|le|date))*",
    es: r"\b(?:próxim\w*|vencimiento|vence|válid\w+_hasta|fecha_límite|plazo|caducidad)\b(?:_(?:revisión|control|el))*",
    it: r"\b(?:prossim\w*|scadenza|valid\w_fino|entro)\b(?:_(?:verifica|riesame|il|al))*",
    pt: r"\b(?:próxim\w*|vencimento|válid\w_até|prazo|data_limite)\b(?:_(?:revisão|verificação|em))*",
    nl: r"\b(?:volgende|vervaldatum|geldig_tot|streefdatum|uiterlijk)\b(?:_(?:controle|beoordeling|datum|op))*",
};

/// … when the row was last looked at.
const REVIEW_COLUMNS: ByLanguage<&str> = ByLanguage {
    en: r"\b(?:last|latest)_(?:\w+_)?(?:review|check|update|assessment|checked|reviewed|updated|verified|test|tested|change)\w*(?:_(?:date|on))?|\b(?:reviewed|checked|updated|verified|assessed|evaluated)_(?:on|at)\b|\bas_of\b|\bstatus_date\b",
    de: r"\b(?:bewertet|geprüft|überprüft|aktualisiert)_am\b|\bstand\b|\bletzte\w*_(?:prüfung|überprüfung|bewertung|aktualisierung|kontrolle)|\bzuletzt_\w+",
    fr: r"\bderni(?:er|ère)_(?:revue|révision|contrôle|mise_à_jour|vérification|évaluation|test)|\b(?:revue?|contrôlé|vérifié|évalué|testé)e?_le\b|\bmise?_à_jour_le\b",
    es: r"\búltim[oa]_(?:revisión|control|actualización|comprobación|evaluación|prueba)|\b(?:revisad|comprobad|verificad|actualizad|evaluad)[oa]_el\b",
    it: r"\bultim[oa]_(?:verifica|riesame|controllo|aggiornamento|valutazione|prova)|\b(?:verificat|riesaminat|controllat|aggiornat|valutat)[oa]_il\b",
    pt: r"\búltim[oa]_(?:revisão|verificação|atualização|avaliação|controlo|controle|teste)|\b(?:revist|verificad|atualizad|avaliad)[oa]_em\b",
    nl: r"\blaatste_(?:controle|beoordeling|herziening|update|wijziging|test)|\b(?:gecontroleerd|beoordeeld|bijgewerkt|geverifieerd)_op\b|\blaatst_\w+",
};

/// … anything else.
const OTHER_COLUMNS: ByLanguage<&str> = ByLanguage {
    en: r"\b\w*(?:date|timestamp)\b|\bday\b|\bsince\b|\bfirst_seen\b|\b(?:opened|closed|created|reported|detected|started|finished|approved|accepted|implemented|done|completed|received|returned)_(?:on|at)\b",
    de: r"\b\w*datum\b|\bseit\b",
    fr: r"\bdepuis\b|\b(?:ouvert|clos|créé|signalé|détecté|approuvé|terminé|reçu|réalisé|rendu)e?_le\b",
    es: r"\bfecha\b|\bdesde\b|\b(?:abiert|cerrad|cread|notificad|detectad|aprobad|recibid|realizad)[oa]_el\b",
    it: r"\bdata_(?:di|del|della)_\w+|\bdal\b|\b(?:apert|chius|creat|segnalat|rilevat|approvat|ricevut|eseguit)[oa]_il\b",
    pt: r"\bdesde\b|\b(?:abert|fechad|criad|comunicad|dete[c]?tad|aprovad|recebid|realizad)[oa]_em\b",
    nl: r"\bsinds\b|\b(?:geopend|gesloten|gemeld|ontdekt|goedgekeurd|ontvangen|uitgevoerd)_op\b",
};

/// The labels; with the Italian and Portuguese "data", which is English for something else.
static LABELS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let any = |columns: ByLanguage<&str>| columns.any().replace('_', "[ _]");
    ["", r"\bdata\b|"].map(|data| {
        text::pattern(&format!(
            r"(?i)(?P<due>{})|(?P<review>{})|(?P<other>{data}{})",
            any(DUE_COLUMNS),
            any(REVIEW_COLUMNS),
            any(OTHER_COLUMNS)
        ))
    })
});

fn labels(told: Option<Language>) -> &'static Regex {
    let [plain, data] = &*LABELS;
    if matches!(told, Some(Language::It | Language::Pt)) { data } else { plain }
}

/// What stands before a date in a row that is no event.
static DUE: LazyLock<Regex> = LazyLock::new(|| {
    text::pattern(&format!(r"(?i)\b({})\s+(?:\p{{L}}+\s+)?$", super::event::DUE.any()))
});

/// Titles may stand above a header.
const HEADER_ROWS: usize = 3;

/// Rows with dates, below a header whose `columns` are those of dates.
struct Table<'a> {
    labels: &'static Regex,
    header: &'a str,
    columns: Vec<Column>,
    rows: Vec<&'a str>,
}

/// The tables, with their columns of dates.
fn tables(document: &Extracted, told: Option<Language>) -> Vec<Table<'_>> {
    let mut out: Vec<Table<'_>> = Vec::new();
    let mut before: Option<&Block> = None;
    let labels = labels(told);
    let mut rows = 0;
    for block in &document.blocks {
        if block.kind != BlockKind::Row {
            before = None;
            continue;
        }
        let sheet = |b: &Block| b.locator.sheet_and_cells().map(|(sheet, _)| sheet.to_owned());
        if before.is_none_or(|b| sheet(b) != sheet(block)) {
            out.push(Table { labels, header: "", columns: Vec::new(), rows: Vec::new() });
            rows = 0;
        }
        before = Some(block);
        rows += 1;
        let Some(table) = out.last_mut() else { continue };
        if !find_dates(&block.text, None).is_empty() {
            table.rows.push(&block.text);
        } else if table.rows.is_empty() && table.columns.is_empty() && rows <= HEADER_ROWS {
            (table.header, table.columns) = (&block.text, columns(labels, &block.text));
        }
    }
    out
}

fn columns(labels: &Regex, header: &str) -> Vec<Column> {
    let of = |c: regex::Captures<'_>| {
        if c.name("due").is_some() {
            Column::Due
        } else if c.name("review").is_some() {
            Column::Review
        } else {
            Column::Other
        }
    };
    labels.captures_iter(header).map(of).collect()
}

impl Table<'_> {
    /// Dates of the row with their columns, where these are certain.
    fn of(&self, row: &str, told: Option<Language>) -> Vec<(Date, Column)> {
        let found = find_dates(row, told);
        let day = |d: &(usize, DateFinding)| match d.1 {
            DateFinding::Date(day) => Some(day),
            DateFinding::Ambiguous => None,
        };
        let Some(days) = found.iter().map(day).collect::<Option<Vec<Date>>>() else {
            return Vec::new();
        };
        let starts: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
        if days.len() == self.columns.len() && self.spaced_alike(row, &starts) {
            return days.into_iter().zip(self.columns.iter().copied()).collect();
        }
        let mut out = Vec::new();
        let header = self.header.trim_matches(['|', ' ']);
        // With fewer dates than columns the last one may be another column's.
        let enough = self.columns.len() == 1 || days.len() > self.columns.len();
        let ends =
            enough && self.labels.find_iter(header).last().is_some_and(|m| m.end() == header.len());
        let row = row.trim_matches(['|', ' ']);
        if let (true, Some(day), Some(column)) = (ends, days.last(), self.columns.last()) {
            let (at, _) = found[found.len() - 1];
            // The date is all that is left of the row.
            if row.get(at..).is_some_and(|rest| rest.split_whitespace().count() == 1) {
                out.push((*day, *column));
            }
        }
        out
    }

    /// True if about as much text stands between the dates of a row as between their labels. A
    /// date in a free text, beside an empty cell, gives itself away so.
    fn spaced_alike(&self, row: &str, starts: &[usize]) -> bool {
        let words = |text: Option<&str>| text.unwrap_or_default().split_whitespace().count();
        let labels: Vec<_> = self.labels.find_iter(self.header).collect();
        labels.windows(2).zip(starts.windows(2)).all(|(labels, dates)| {
            let columns = words(self.header.get(labels[0].end()..labels[1].start()));
            // The first date itself is a word.
            let between = words(row.get(dates[0]..dates[1])).saturating_sub(1);
            between <= 3 * columns + 1
        })
    }

    /// True if the first column of dates is one of the first three words of the header, so that
    /// the first date of each row is its.
    fn leads(&self) -> bool {
        let first = self.labels.find(self.header).map(|m| m.start());
        let words =
            first.and_then(|at| self.header.get(..at)).map(|w| w.split_whitespace().count());
        words.is_some_and(|words| words <= 2) && self.columns.first() == Some(&Column::Other)
    }
}

/// The latest date of a column that says when rows were last looked at.
pub(super) fn reviewed(document: &Extracted, told: Option<Language>) -> Option<Date> {
    tables(document, told)
        .iter()
        .flat_map(|table| table.rows.iter().flat_map(|row| table.of(row, told)))
        .filter(|(_, column)| *column == Column::Review)
        .map(|(day, _)| day)
        .max()
}

/// The latest date in the rows of a log, due dates left out.
pub(super) fn latest(
    document: &Extracted,
    fits: &dyn Fn(&Date) -> bool,
    told: Option<Language>,
) -> Option<Date> {
    let tables = tables(document, told);
    let certain = |day: &(Date, Column)| day.1 != Column::Due;
    let mut days: Vec<Date> = Vec::new();
    for table in &tables {
        for row in &table.rows {
            if table.leads() {
                days.extend(undue(row, told).first());
            } else {
                days.extend(table.of(row, told).iter().filter(|d| certain(d)).map(|(day, _)| *day));
                if !table.columns.is_empty() && !table.columns.contains(&Column::Due) {
                    days.extend(undue(row, told));
                }
            }
        }
    }
    if tables.iter().all(|table| table.columns.is_empty()) {
        let rows = document.blocks.iter().filter(|b| b.kind == BlockKind::Row);
        days.extend(rows.flat_map(|b| undue(&b.text, told)));
    }
    days.into_iter().filter(|day| fits(day)).max()
}

fn undue(row: &str, told: Option<Language>) -> Vec<Date> {
    let of = |(at, found): (usize, DateFinding)| match found {
        DateFinding::Date(day) => row.get(..at).filter(|b| !DUE.is_match(b)).map(|_| day),
        DateFinding::Ambiguous => None,
    };
    find_dates(row, told).into_iter().filter_map(of).collect()
}
