//! How fast passages are indexed and matched, and how fast an edited review file is read.
//!
//! ```sh
//! cargo bench --bench matching
//! ```
//!
//! The passages are invented: titles, point texts and terms of the catalogue between filler, drawn
//! by a small generator, so that every run has the same. Nothing here fails for being slow.

use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use evimap::{
    catalog::Catalog,
    domain::{Block, BlockKind, DocumentProfile, ExtractStatus, Extracted, Locator, Passage},
    index::Index,
    matching::{DocumentInput, Inputs, Matcher},
    review::{SUGGESTIONS, read_table},
    segment::{profile, segment},
};

fn main() {
    divan::main();
}

const FILLER: [&str; 8] = [
    "The ward opens at seven and the first round is at eight.",
    "Invoices are paid within thirty days.",
    "The canteen serves two dishes a day, one of them without meat.",
    "Travel is booked by the office.",
    "Meetings begin on time and end with a list of tasks.",
    "The car park is shared with the neighbours.",
    "Drawings are kept with the project.",
    "Spare parts are ordered by the workshop.",
];

/// Documents of twenty paragraphs each; a third of the paragraphs are about a target.
fn documents(count: usize) -> Vec<Extracted> {
    let targets: Vec<_> = Catalog::builtin().targets().collect();
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut paragraph = |n: u32| {
        let mut text: Vec<&str> = (0..4).map(|_| FILLER[draw(FILLER.len())]).collect();
        if draw(3) == 0 {
            let target = targets[draw(targets.len())];
            text[1] = &target.title;
            text[2] = &target.description;
        }
        let locator = Locator::paragraph(Vec::new(), n);
        Block::new(BlockKind::Body, locator, Vec::new(), text.join(" "))
    };
    let mut document = |n: usize| Extracted {
        path: format!("documents/{n:05}.docx"),
        hash: format!("{n:064x}"),
        status: ExtractStatus::Ok,
        diagnostics: Vec::new(),
        properties: Default::default(),
        blocks: (1..=20).map(&mut paragraph).collect(),
    };
    (0..count).map(&mut document).collect()
}

fn passages(documents: &[Extracted]) -> Vec<Passage> {
    documents.iter().flat_map(segment).collect()
}

fn bytes(passages: &[Passage]) -> BytesCount {
    BytesCount::new(passages.iter().map(|passage| passage.text().len()).sum::<usize>())
}

#[divan::bench(args = [1_000], sample_count = 10)]
fn index(bencher: Bencher<'_, '_>, count: usize) {
    let passages = passages(&documents(count));
    bencher
        .counter(bytes(&passages))
        .counter(ItemsCount::new(passages.len()))
        .bench_local(|| Index::build(None, &passages).expect("an index"));
}

/// All targets against all passages: what a run does.
#[divan::bench(args = [100, 1_000], sample_count = 5)]
fn propose(bencher: Bencher<'_, '_>, count: usize) {
    let documents = documents(count);
    let mut all = Vec::new();
    let mut ranges = Vec::new();
    for document in &documents {
        let start = all.len();
        all.extend(segment(document));
        ranges.push(start..all.len());
    }
    let profiles: Vec<DocumentProfile> = documents.iter().map(|d| profile(d, None)).collect();
    let index = Index::build(None, &all).expect("an index");
    let inputs: Vec<DocumentInput<'_>> = documents
        .iter()
        .zip(&profiles)
        .zip(&ranges)
        .map(|((document, profile), passages)| DocumentInput {
            path: &document.path,
            hash: &document.hash,
            profile,
            passages,
        })
        .collect();
    let inputs = Inputs { documents: &inputs, passages: &all, index: &index, systems: &[] };
    let matcher = Matcher::new(Catalog::builtin());
    bencher
        .counter(bytes(&all))
        .counter(ItemsCount::new(all.len()))
        .bench_local(|| matcher.propose(&inputs).expect("proposals").proposals.len());
}

/// One passage against all targets, without an index: `evimap match`.
#[divan::bench(sample_count = 20)]
fn fits(bencher: Bencher<'_, '_>) {
    let passages = passages(&documents(10));
    let matcher = Matcher::new(Catalog::builtin());
    let all = Default::default();
    bencher.counter(bytes(&passages)).counter(ItemsCount::new(passages.len())).bench_local(|| {
        passages.iter().map(|p| matcher.fits(p.text(), &all, 10).len()).sum::<usize>()
    });
}

/// `review/suggestions.csv` as Excel gives it back: semicolons, CR LF.
#[divan::bench(args = [1_000, 10_000], sample_count = 20)]
fn read_review(bencher: Bencher<'_, '_>, rows: usize) {
    let mut file = SUGGESTIONS.join(";");
    for n in 0..rows {
        file.push_str("\r\n");
        let cell = |column: &str| match column {
            "proposal_id" => format!("p-{n:016}"),
            "target" => "ISO27001:A.5.15".to_owned(),
            "quote" => format!(
                "\"{} \"\"{}\"\"; {}\"",
                FILLER[n % 8],
                FILLER[(n + 1) % 8],
                FILLER[(n + 2) % 8]
            ),
            "decided_on" => "25.03.2026".to_owned(),
            column => column.to_owned(),
        };
        file.push_str(&SUGGESTIONS.map(cell).join(";"));
    }
    let read = || read_table("suggestions.csv", file.as_bytes()).expect("a table").rows.len();
    assert_eq!(read(), rows);
    bencher.counter(BytesCount::new(file.len())).counter(ItemsCount::new(rows)).bench_local(read);
}
