//! A Statement of Applicability, a matrix or another table that cites controls row by row is no
//! evidence, but an index to it: a row that names another document of the collection says where
//! people look for a control. That raises the document's pairs for the target, within bounds. A Statement
//! that was imported ([`SoaLink`]) counts like one of the collection, wherever its file lies.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    Matcher, citation::Citation, forward::index_rows, nudge::Nudge, pairs::Pairs, propose::Inputs,
    talk,
};
use crate::domain::{BlockKind, DocumentType, Locator, Part, Passage, SoaLink, Talk};

/// What it adds to the score, in units of a standard score: about a third of what an exact
/// citation in the passage itself adds.
const SCORE: f32 = 2.0;
/// What it adds to the log-odds of the confidence. The best between 0 and 2, in halves, lie from 1 to
/// 1.5 by the likelihood of the sample's key, where half of what its old SoA names is right.
const LOG_ODDS: f32 = 1.0;
/// A row that cites more targets than this says nothing about one of them. (A control of 2013 can
/// stand for four of today's.)
const TARGETS_PER_ROW: usize = 4;
/// A name that so many documents share says nothing about one of them.
const SHARED_BY: usize = 3;
/// A name of plain words must have so many letters …
const NAME_LETTERS: usize = 8;
/// … and stand in no more than this share of the rows (or this many): "risk assessment" in each
/// row of a column for reasons names no document.
const COMMON_SHARE: f32 = 0.25;
const COMMON_ROWS: usize = 8;

/// `POL-07`, `ISMS_02`, `DS-2026-1`: letters, then figures.
static ID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b([A-Z]{2,6}(?:[-_.][A-Z]{1,6}){0,2}[-_.]?\d{1,4}(?:[-_.]\d{1,4}){0,2})(?:\b|_)")
        .expect("constant")
});
/// Letters that begin the name of a standard or an algorithm, not of a document.
const NO_ID: [&str; 14] = [
    "iso", "iec", "en", "din", "bsi", "nist", "sp", "aes", "tls", "sha", "rfc", "rsa", "ssl", "cve",
];

static EXCLUDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(not applicable|not implemented|excluded|nicht anwendbar|nicht umgesetzt|ausgeschlossen)\b")
        .expect("constant")
});

/// What a document may be called, in words as [`words`] gives them, and which documents those are.
type Names = BTreeMap<Vec<String>, BTreeSet<usize>>;

/// A row of an index: who says what of which targets.
struct Row<'a> {
    /// Its document; imported files are counted on behind the last document.
    document: usize,
    imported: Option<&'a SoaLink>,
    words: Vec<String>,
    cited: Vec<Citation>,
}

impl Matcher<'_> {
    /// Raises the pairs of documents that an index names for their target.
    pub(super) fn named(&self, inputs: &Inputs<'_>, pairs: &mut Pairs) {
        if !self.features.named {
            return;
        }
        let mut rows: Vec<Row<'_>> =
            (0..inputs.documents.len()).flat_map(|d| self.index_of(inputs, d)).collect();
        rows.extend(self.imported(inputs.documents.len()));
        if rows.is_empty() {
            return;
        }
        for ((n, document), why) in self.naming(inputs, &rows, &names(inputs)) {
            for pair in pairs.entry(n).or_default() {
                if pair.document == document && pair.talk.is_none() {
                    let nudge = Nudge { score: SCORE, log_odds: LOG_ODDS, why: why.clone() };
                    pair.confidence = nudge.apply(pair.confidence);
                    pair.nudges.0.push(nudge);
                }
            }
        }
    }

    /// The rows of a document that point somewhere; none if it is no index.
    fn index_of(&self, inputs: &Inputs<'_>, d: usize) -> Vec<Row<'_>> {
        let document = &inputs.documents[d];
        let passages = &inputs.passages[document.passages.clone()];
        // A gap list names what is to be mended, a template and our own output name nothing new.
        let may = matches!(document.profile.talk, None | Some(Talk::Soa));
        let whole = document.profile.talk == Some(Talk::Soa);
        if !may || !(whole || passages.iter().any(|p| p.kind == BlockKind::Row)) {
            return Vec::new();
        }
        let file = file_name(document.path);
        let context = self.context(&document.profile.title, file, passages);
        let cited: Vec<Vec<Citation>> = passages
            .iter()
            .map(|p| match whole || p.kind == BlockKind::Row {
                true => self.cited(&context, p),
                false => Vec::new(),
            })
            .collect();
        let index = index_rows(passages, &cited);
        passages
            .iter()
            .zip(cited)
            .zip(index)
            .filter(|((passage, cited), index)| {
                (whole || *index) && (1..=TARGETS_PER_ROW).contains(&cited.len()) && points(passage)
            })
            .map(|((passage, cited), _)| Row {
                document: d,
                imported: None,
                words: words(passage.text()),
                cited,
            })
            .collect()
    }

    /// The rows of imported files that point somewhere.
    fn imported(&self, documents: usize) -> impl Iterator<Item = Row<'_>> {
        let mut files: Vec<&str> = self.links.iter().map(|link| link.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        self.links.iter().filter_map(move |link| {
            let number = files.binary_search(&link.file.as_str()).ok()?;
            let text = link.text.clone();
            let part = Part { range: 0..text.len(), locator: Locator::lines(link.row, link.row) };
            let file = link.file.as_str().into();
            let kind = BlockKind::Row;
            let passage = Passage::new(file, link.row, kind, Vec::new(), text, vec![part])?;
            let few = (1..=TARGETS_PER_ROW).contains(&link.targets.len());
            (few && points(&passage)).then(|| Row {
                document: documents + number,
                imported: Some(link),
                words: words(&link.text),
                cited: link
                    .targets
                    .iter()
                    .map(|target| Citation {
                        target: target.clone(),
                        cited: target.local().to_owned(),
                        from_2013: link.from_2013.clone(),
                    })
                    .collect(),
            })
        })
    }

    /// For each target and document named for it: the reason, of the first row that does.
    fn naming(
        &self,
        inputs: &Inputs<'_>,
        rows: &[Row<'_>],
        names: &Names,
    ) -> BTreeMap<(usize, usize), String> {
        let mut found: Vec<(&Row<'_>, Vec<&Vec<String>>)> = Vec::new();
        let mut standing: BTreeMap<(usize, &Vec<String>), usize> = BTreeMap::new();
        let mut of_index: BTreeMap<usize, usize> = BTreeMap::new();
        for row in rows {
            let here = mentioned(&self.without_titles(row), names);
            *of_index.entry(row.document).or_default() += 1;
            for name in &here {
                *standing.entry((row.document, *name)).or_default() += 1;
            }
            found.push((row, here));
        }
        let mut out = BTreeMap::new();
        for (row, here) in found {
            for name in here {
                let times = standing.get(&(row.document, name)).copied().unwrap_or(0);
                let of = of_index.get(&row.document).copied().unwrap_or(0) as f32;
                let plain = !name.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()));
                if plain && times > COMMON_ROWS && times as f32 > COMMON_SHARE * of {
                    continue;
                }
                let Some(documents) = names.get(name) else { continue };
                for document in documents.iter().filter(|d| **d != row.document) {
                    for citation in &row.cited {
                        let target = self.targets.binary_search_by(|t| t.id.cmp(&citation.target));
                        let Ok(n) = target else { continue };
                        out.entry((n, *document)).or_insert_with(|| reason(inputs, row, citation));
                    }
                }
            }
        }
        out
    }

    /// A row's words without the titles of the controls that it cites: "Access control" names the
    /// control, not the document of that title.
    fn without_titles(&self, row: &Row<'_>) -> Vec<String> {
        let mut text = row.words.clone();
        for citation in &row.cited {
            let old = citation.from_2013.iter().flat_map(|id| self.catalog.renumbered(id));
            let today = self.catalog.get(&citation.target).map(|t| t.title.as_str());
            for title in old.map(|row| row.title_2013.as_str()).chain(today) {
                let title = words(title);
                if let Some(at) = text.windows(title.len().max(1)).position(|w| *w == title) {
                    // Something stays in between, so that no name arises across the gap.
                    text.splice(at..at + title.len(), [String::new()]);
                }
            }
        }
        text
    }
}

fn reason(inputs: &Inputs<'_>, row: &Row<'_>, citation: &Citation) -> String {
    let old = citation.from_2013.as_ref().map_or(String::new(), |id| format!(" ({id} of 2013)"));
    let id = citation.target.local();
    let (what, file) = match (row.imported, inputs.documents.get(row.document)) {
        (Some(link), _) => {
            ("the imported Statement of Applicability", format!("{}, row {},", link.file, link.row))
        }
        (None, Some(index)) => {
            let soa = index.profile.document_type == DocumentType::Soa
                || index.profile.talk == Some(Talk::Soa);
            let what = if soa { "the Statement of Applicability" } else { "the table in" };
            (what, file_name(index.path).to_owned())
        }
        (None, None) => ("a table", String::new()),
    };
    format!("{what} {file} names this document for {id}{old}")
}

/// True if a row of an index may point to evidence: it doesn't say that there is none.
fn points(passage: &Passage) -> bool {
    let talk = talk::passage_talk(passage, None);
    let no =
        matches!(talk, Some(Talk::Absence | Talk::GapList | Talk::Instruction | Talk::Template));
    !no && !passage.marks.hidden && !EXCLUDED.is_match(passage.text())
}

/// What every document may be called by: its file name with and without ending, its title, either
/// without the id before it, and its id.
fn names(inputs: &Inputs<'_>) -> Names {
    let mut all = Names::new();
    for (d, document) in inputs.documents.iter().enumerate() {
        let file = file_name(document.path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let mut own: BTreeSet<Vec<String>> = BTreeSet::from([words(file)]);
        for text in [stem, document.profile.title.as_str()] {
            own.insert(words(text));
            if let Some(found) = ID.captures(text).and_then(|c| c.get(1)) {
                let id = words(found.as_str());
                if found.start() == 0 {
                    own.insert(words(&text[found.end()..]));
                }
                if !id.first().is_some_and(|word| NO_ID.contains(&word.as_str())) {
                    own.insert(id);
                }
            }
        }
        for name in own.into_iter().filter(|name| is_name(name)) {
            all.entry(name).or_default().insert(d);
        }
    }
    // Of several documents with one name, those in force are meant.
    for documents in all.values_mut() {
        let in_force =
            |d: &usize| inputs.documents.get(*d).is_some_and(|d| !d.profile.status.caps_coverage());
        if documents.iter().any(in_force) {
            documents.retain(in_force);
        }
    }
    all.retain(|_, documents| documents.len() <= SHARED_BY);
    all
}

/// True if words can name a document: more than one, with figures or enough letters.
fn is_name(name: &[String]) -> bool {
    let letters: usize = name.iter().flat_map(|w| w.chars()).filter(|c| c.is_alphabetic()).count();
    let figures = name.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()));
    name.len() > 1 && letters >= if figures { 2 } else { NAME_LETTERS }
}

/// The names in a text, from the left, the longest first.
fn mentioned<'n>(text: &[String], names: &'n Names) -> Vec<&'n Vec<String>> {
    let longest = names.keys().map(Vec::len).max().unwrap_or(0);
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let most = longest.min(text.len() - at);
        let name = (2..=most).rev().find_map(|n| names.get_key_value(&text[at..at + n]));
        at += name.map_or(1, |(name, _)| name.len());
        found.extend(name.map(|(name, _)| name));
    }
    found
}

/// Words and numbers in lower case; letters and figures apart, numbers without leading zeros, so
/// that `POL-07`, `pol_7` and `Pol7` are one. A blank in a link may be written `%20`.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.replace("%20", " ").chars().flat_map(char::to_lowercase) {
        let goes_on =
            (c.is_alphabetic() && last.is_alphabetic()) || (c.is_numeric() && last.is_numeric());
        match out.last_mut() {
            Some(word) if goes_on => word.push(c),
            _ if c.is_alphanumeric() => out.push(c.to_string()),
            _ => {}
        }
        last = c;
    }
    for word in out.iter_mut().filter(|word| word.starts_with('0')) {
        let digits = word.trim_start_matches('0');
        *word = if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    }
    out
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        let pol = words("POL-07");
        assert_eq!(pol, ["pol", "7"]);
        assert!(["pol_7", "Pol7", "POL 007"].iter().all(|text| words(text) == pol));
        assert_eq!(words("../a/Access%20Control.md"), ["a", "access", "control", "md"]);
        assert_eq!(words("0"), ["0"]);
    }

    #[test]
    fn a_name_is_more_than_a_word() {
        let is = |text: &str| is_name(&words(text));
        assert!(is("POL-07") && is("Access Control Policy") && is("Zutrittsregelung Werk"));
        assert!(!is("Policy") && !is("IT use") && !is("2025-11") && !is("") && !is("A 5"));
    }

    #[test]
    fn ids_stand_at_the_start_of_a_name_or_in_it() {
        let id = |text: &str| ID.captures(text).map(|c| c[1].to_owned());
        assert_eq!(id("POL-02_Access_Control").as_deref(), Some("POL-02"));
        assert_eq!(id("Data_Sheet DS-2026-1").as_deref(), Some("DS-2026-1"));
        assert_eq!(id("ISMS-DOC-05 Scope").as_deref(), Some("ISMS-DOC-05"));
        assert_eq!(id("Access Control Policy v2"), None);
    }

    #[test]
    fn the_longest_name_is_meant() {
        let names: Names = [("access control", 0), ("access control policy", 1), ("pol 7", 2)]
            .map(|(name, d)| (words(name), BTreeSet::from([d])))
            .into();
        let found = |text: &str| -> Vec<String> {
            mentioned(&words(text), &names).iter().map(|name| name.join(" ")).collect()
        };
        assert_eq!(found("see Access-Control-Policy, POL-07"), ["access control policy", "pol 7"]);
        assert_eq!(found("access control of POL-08"), ["access control"]);
        assert!(found("access to POL 70").is_empty());
    }
}
