//! A large collection made up from the catalogue's own texts and business prose, for measuring speed.
//!
//! The same number of passages gives the same collection on every machine: a small generator with
//! a fixed seed. Shape taken from a real ISMS of 104 documents: 49 words a passage, a third of the
//! passages table rows, two levels of headings. About one sentence in four speaks of a target, one
//! document in twelve is a copy or an old version of another.

use std::ops::Range;

use crate::{
    catalog::Catalog,
    domain::{
        Block, BlockKind, DocumentProfile, ExtractStatus, Extracted, HeadingPath, Locator, Passage,
    },
    matching::DocumentInput,
    segment::{profile, segment},
};

const SUBJECTS: &[&str] = &[
    "The regional office",
    "The finance team",
    "Our warehouse in Lyon",
    "The project lead",
    "Each department",
    "The customer board",
    "A member of the works council",
    "The sales assistant",
    "The branch manager",
    "Every shift leader",
    "The external adviser",
    "The purchasing group",
    "The plant",
    "Human resources",
    "The steering group",
    "The help desk",
];
const VERBS: &[&str] = &[
    "prepares",
    "collects",
    "approves",
    "forwards",
    "compares",
    "discusses",
    "orders",
    "plans",
    "reports",
    "summarises",
    "checks",
    "files",
    "announces",
    "prints",
    "negotiates",
    "schedules",
];
const OBJECTS: &[&str] = &[
    "the monthly figures for the northern district",
    "travel requests of the coming quarter",
    "invoices above the agreed amount",
    "a list of spare parts and their prices",
    "the seating plan of the new building",
    "the results of the customer survey",
    "delivery notes from the second week",
    "the agenda of the annual meeting",
    "two offers from different vendors",
    "the menu of the canteen",
    "holiday rosters and shift swaps",
    "the draft of the brochure",
    "samples of the new product line",
    "a budget for furniture and lighting",
    "minutes of the weekly call",
    "the contract with the cleaning company",
];
const ENDS: &[&str] = &[
    "before the end of the month",
    "together with the accountant",
    "on the last Friday of each quarter",
    "as agreed with the management",
    "by the 15th of March 2025",
    "and keeps a copy for ten years",
    "without further notice",
    "in the shared folder of the team",
    "after a short conversation by phone",
    "on 2026-02-11",
    "when the season begins",
    "for the colleagues in Hamburg and Porto",
];
const TITLES: &[&str] =
    &["Handbook", "Procedure", "Report", "Minutes", "Register", "Policy", "Plan", "Notes"];
/// One sentence in so many speaks of a target.
const SPEAKING: usize = 4;
/// One document in so many is a copy of an earlier one, in turn whole or with changed sentences.
const COPIED: usize = 12;

/// Passages with their documents.
pub struct Synthetic {
    pub passages: Vec<Passage>,
    documents: Vec<(String, DocumentProfile, Range<usize>)>,
    /// Words of all passages, without headings.
    pub words: usize,
}

impl Synthetic {
    /// A collection of exactly so many passages (the last document is cut).
    pub fn new(catalog: &Catalog, passages: usize) -> Self {
        let texts: Vec<Vec<&str>> = catalog
            .targets()
            .map(|target| {
                let points =
                    target.points.iter().flat_map(|p| [p.text.as_str(), &p.typical_evidence]);
                target.exemplars.iter().map(String::as_str).chain(points).collect()
            })
            .collect();
        let names: Vec<&str> = catalog.targets().map(|target| target.title.as_str()).collect();
        let mut out = Self { passages: Vec::new(), documents: Vec::new(), words: 0 };
        let mut n = 0;
        while out.passages.len() < passages {
            // A copy has its original's seed; every other one has some sentences of its own.
            let copied = n > COPIED && n % COPIED == 0;
            let seed = if copied { n - n / 2 } else { n };
            let document = document(&texts, &names, n, seed, copied && n % (2 * COPIED) == 0);
            let start = out.passages.len();
            let mut cut = segment(&document);
            cut.truncate(passages - start);
            out.words += cut.iter().map(|p| p.text().split_whitespace().count()).sum::<usize>();
            out.passages.extend(cut);
            out.documents.push((
                document.path.clone(),
                profile(&document, None),
                start..out.passages.len(),
            ));
            n += 1;
        }
        out.passages.shrink_to_fit();
        out
    }

    /// The documents as the matcher takes them.
    pub fn documents(&self) -> Vec<DocumentInput<'_>> {
        let input = |(path, profile, passages)| DocumentInput { path, hash: "", profile, passages };
        self.documents
            .iter()
            .map(|(path, profile, passages)| input((path, profile, passages)))
            .collect()
    }
}

/// Numbers without a pattern (splitmix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all.get(self.below(all.len())).copied().unwrap_or_default()
    }
}

/// The `n`th document, with the text of seed `seed`; `edited` changes some of its sentences.
fn document(texts: &[Vec<&str>], names: &[&str], n: usize, seed: usize, edited: bool) -> Extracted {
    let mut draw = Draw(seed as u64);
    let mut edit = Draw(n as u64 ^ 0xed17);
    // A document has a few subjects, like a policy or a register.
    let subjects: Vec<usize> = (0..3).map(|_| draw.below(texts.len())).collect();
    let title = format!("{} {}", names[subjects[0]], draw.pick(TITLES));
    let mut blocks = Vec::new();
    let mut place = 0;
    let wanted = 20 + draw.below(41);
    let mut passages = 0;
    while passages < wanted {
        let subject = subjects[draw.below(subjects.len())];
        let heading: HeadingPath =
            vec![title.clone(), format!("{} {}", 1 + passages / 6, names[subject])].into();
        let mut push = |kind, text: String| {
            place += 1;
            let locator = Locator::paragraph(heading.clone(), place);
            blocks.push(Block::new(kind, locator, heading.clone(), text));
        };
        if draw.below(5) < 2 {
            push(BlockKind::Row, "Activity Owner Date Result".to_owned());
            for _ in 0..2 + draw.below(6) {
                let date = format!(
                    "20{}-{:02}-{:02}",
                    24 + draw.below(3),
                    1 + draw.below(12),
                    1 + draw.below(28)
                );
                let what = sentence(texts, subject, &mut draw);
                push(BlockKind::Row, format!("{} {date} {what}", draw.pick(SUBJECTS)));
                passages += 1;
            }
            passages += 1;
        } else {
            for _ in 0..1 + draw.below(4) {
                let mut text = String::new();
                for _ in 0..5 + draw.below(3) {
                    let mut next = sentence(texts, subject, &mut draw);
                    if edited && edit.below(20) == 0 {
                        next.push_str(" This was changed.");
                    }
                    text.push_str(&next);
                    text.push(' ');
                }
                push(BlockKind::Body, text.trim_end().to_owned());
                passages += 1;
            }
        }
    }
    Extracted {
        path: format!("{:03}/{n:06} {title}.docx", n / 200),
        hash: String::new(),
        status: ExtractStatus::Ok,
        diagnostics: Vec::new(),
        properties: std::iter::once(("title".to_owned(), title)).collect(),
        blocks,
    }
}

fn sentence(texts: &[Vec<&str>], subject: usize, draw: &mut Draw) -> String {
    if draw.below(SPEAKING) == 0 {
        // Mostly what the section is about, sometimes anything.
        let of = if draw.below(4) == 0 { draw.below(texts.len()) } else { subject };
        return draw.pick(&texts[of]).to_owned();
    }
    format!(
        "{} {} {} {}.",
        draw.pick(SUBJECTS),
        draw.pick(VERBS),
        draw.pick(OBJECTS),
        draw.pick(ENDS)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_each_time_and_looks_like_an_isms() {
        let made = Synthetic::new(Catalog::builtin(), 3000);
        let again = Synthetic::new(Catalog::builtin(), 3000);
        assert_eq!(made.passages, again.passages);
        assert_eq!(made.passages.len(), 3000);
        let words = made.words as f32 / 3000.0;
        assert!((40.0..60.0).contains(&words), "{words} words a passage");
        let rows = made.passages.iter().filter(|p| p.kind == BlockKind::Row).count();
        assert!((600..1800).contains(&rows), "{rows} rows");
        let longest = made.documents().iter().map(|d| d.passages.len()).max();
        assert!(longest.is_some_and(|n| (20..=80).contains(&n)), "{longest:?}");
    }
}
