//! What the review desk shows: the rows of suggestions.csv, with the text around each quote.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::Collection;
use crate::{
    config::Reviewer,
    domain::{Date, Decision, Passage, Verdict},
    report::{Desk, DeskDay, DeskRow},
    review::Table,
};

/// Most rows of a page. A browser takes more, but the file grows by about a kilobyte a row.
const ROWS: usize = 20_000;

/// Most characters of context on each side of a quote.
const CONTEXT: usize = 400;

/// `listed` are the rows that a run hands out, `all` are those of `--all`.
pub(super) fn desk(
    listed: &Table,
    all: &Table,
    collection: &Collection,
    decisions: &[Decision],
    reviewers: &[Reviewer],
) -> Desk {
    let handed: BTreeSet<&str> = listed.keys.iter().map(String::as_str).collect();
    let order: Vec<usize> = kept(all, &handed);
    let texts = Texts::new(collection);
    let rows = order
        .iter()
        .map(|&at| {
            let (before, after) =
                texts.around(all.cell(at, "document"), all.cell(at, "quote")).unwrap_or_default();
            DeskRow {
                cells: all.rows[at].clone(),
                listed: handed.contains(all.keys[at].as_str()),
                before,
                after,
            }
        })
        .collect();
    Desk {
        columns: all.header.clone(),
        rows,
        left_out: all.rows.len() - order.len(),
        reviewers: reviewers.iter().map(|r| r.name.clone()).collect(),
        days: days(decisions),
    }
}

/// Which rows the page holds, in their order: what is handed out or decided first, then the
/// likeliest.
fn kept(all: &Table, handed: &BTreeSet<&str>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..all.rows.len()).collect();
    if order.len() > ROWS {
        let rank = |at: &usize| {
            let first = handed.contains(all.keys[*at].as_str());
            let decided = !all.cell(*at, "decision").is_empty();
            // Three decimals, so the text compares as the number does.
            let confidence = std::cmp::Reverse(all.cell(*at, "confidence").to_owned());
            (!first, !decided, confidence, *at)
        };
        order.sort_by_cached_key(rank);
        order.truncate(ROWS);
        order.sort_unstable();
    }
    order
}

fn days(decisions: &[Decision]) -> Vec<DeskDay> {
    let mut days: BTreeMap<Date, DeskDay> = BTreeMap::new();
    for decision in decisions {
        let day = decision.decided_on;
        let entry =
            days.entry(day).or_insert(DeskDay { day, accepted: 0, rejected: 0, deferred: 0 });
        *match decision.verdict {
            Verdict::Accept => &mut entry.accepted,
            Verdict::Reject => &mut entry.rejected,
            Verdict::Defer => &mut entry.deferred,
        } += 1;
    }
    days.into_values().collect()
}

/// The passages of each document.
struct Texts<'a> {
    passages: &'a [Passage],
    documents: BTreeMap<&'a str, Range<usize>>,
}

impl<'a> Texts<'a> {
    fn new(collection: &'a Collection) -> Self {
        let documents = &collection.documents;
        Self {
            passages: &collection.passages,
            documents: documents
                .iter()
                .map(|d| (d.extracted.path.as_str(), d.passages.clone()))
                .collect(),
        }
    }

    /// What stands before and after a quote: in its passage, and if that is short in its neighbours.
    /// `None` if the document does not hold the quote as it stands.
    fn around(&self, document: &str, quote: &str) -> Option<(String, String)> {
        let passages = self.passages.get(self.documents.get(document)?.clone())?;
        let quote = quote.trim();
        if quote.is_empty() {
            return None;
        }
        let (at, start) = passages
            .iter()
            .enumerate()
            .find_map(|(n, passage)| Some((n, passage.text().find(quote)?)))?;
        let text = passages[at].text();
        let mut before = text[..start].to_owned();
        for passage in passages[..at].iter().rev() {
            if before.chars().count() >= CONTEXT {
                break;
            }
            before.insert(0, '\n');
            before.insert_str(0, passage.text());
        }
        let mut after = text[start + quote.len()..].to_owned();
        for passage in &passages[at + 1..] {
            if after.chars().count() >= CONTEXT {
                break;
            }
            after.push('\n');
            after.push_str(passage.text());
        }
        Some((last(&before), first(&after)))
    }
}

/// The end of a text, from a word on.
fn last(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().rev().nth(CONTEXT) else { return text.to_owned() };
    let rest = &text[cut..];
    let word = rest.find(char::is_whitespace).filter(|at| *at < rest.len() / 2).unwrap_or(0);
    format!("…{}", &rest[word..])
}

/// The beginning of a text, up to a word.
fn first(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(CONTEXT) else { return text.to_owned() };
    let rest = &text[..cut];
    let word = rest.rfind(char::is_whitespace).filter(|at| *at > rest.len() / 2).unwrap_or(cut);
    format!("{}…", &rest[..word])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        domain::{BlockKind, HeadingPath, Locator, Part},
        review::FileKind,
    };

    fn passage(ordinal: u32, text: &str) -> Passage {
        let parts = vec![Part { range: 0..text.len(), locator: Locator::lines(1, 1) }];
        let heading = HeadingPath::default();
        Passage::new(Arc::from("a.md"), ordinal, BlockKind::Body, heading, text.to_owned(), parts)
            .unwrap()
    }

    #[test]
    fn a_quote_stands_in_its_passage_and_between_its_neighbours() {
        let long = "word ".repeat(200);
        let passages =
            vec![passage(0, &long), passage(1, "Ä first. The quote. A last."), passage(2, "End.")];
        let texts = Texts { passages: &passages, documents: [("a.md", 0..3)].into() };
        let (before, after) = texts.around("a.md", "The quote.").unwrap();
        assert!(before.starts_with("… word") && before.ends_with("word \nÄ first. "), "{before}");
        assert!(before.chars().count() <= CONTEXT + 2);
        assert_eq!(after, " A last.\nEnd.");
        let (_, after) = texts.around("a.md", "word word").unwrap();
        assert!(after.ends_with("word…") && after.chars().count() <= CONTEXT + 1, "{after}");
        assert_eq!(texts.around("a.md", "another"), None);
        assert_eq!(texts.around("b.md", "The quote."), None);
        assert_eq!(texts.around("a.md", " "), None);
    }

    #[test]
    fn a_page_that_can_not_hold_all_holds_what_is_handed_out_decided_and_likeliest() {
        let header: Vec<String> =
            FileKind::Suggestions.columns().iter().map(|c| (*c).to_owned()).collect();
        let at = |name: &str| header.iter().position(|c| c == name).unwrap();
        let (confidence, decision) = (at("confidence"), at("decision"));
        let count = ROWS + 3;
        let rows: Vec<Vec<String>> = (0..count)
            .map(|n| {
                let mut cells = vec![String::new(); header.len()];
                cells[confidence] = if n < 4 { "0.010" } else { "0.500" }.to_owned();
                cells[decision] = if n == 0 { "reject" } else { "" }.to_owned();
                cells
            })
            .collect();
        let keys: Vec<String> = (0..count).map(|n| n.to_string()).collect();
        let table = Table {
            kind: FileKind::Suggestions,
            name: String::new(),
            header: header.clone(),
            rows,
            keys,
        };
        let order = kept(&table, &BTreeSet::from(["3"]));
        assert_eq!(order.len(), ROWS);
        assert!(order.is_sorted());
        let gone: Vec<usize> = (0..count).filter(|n| order.binary_search(n).is_err()).collect();
        assert_eq!(gone, [1, 2, count - 1], "0 is decided, 3 is handed out");
    }
}
