//! How fast the readers are, by kind of file, and how fast texts are cut into passages.
//!
//! ```sh
//! cargo bench --bench extract
//! ```
//!
//! Reading happens in this process, one file after the other: what a worker does for its files.
//! "items" are files, sentences or passages. Nothing here fails for being slow.

use std::{
    fs,
    path::{Path, PathBuf},
};

use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use evimap::{
    domain::{BlockKind, Extracted},
    extract::{Limits, read_file},
    segment::{profile, segment, sentences},
};
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// Kinds that fixtures/isms has.
const SAMPLE: [&str; 8] = ["docx", "pptx", "xlsx", "pdf", "html", "md", "csv", "eml"];
/// Kinds that it has not; [`invented`] writes them.
const INVENTED: [&str; 4] = ["txt", "rtf", "doc", "zip"];

/// Paragraphs of an invented file.
const PARAGRAPHS: usize = 400;

const PARAGRAPH: &str = "Access rights are granted by role, e.g. to a ward or a project, and reviewed \
    by the owner of the system every quarter. Leavers lose them on their last day; the ticket is \
    closed no later than 2026-03-31. Exceptions need the approval of the CISO.";

fn sample_files(kind: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/isms");
    let mut folders = vec![root];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the sample is there") {
            let path = entry.expect("the sample is there").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == kind) {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no {kind} in the sample");
    files
}

/// One file of a kind, written to a folder that goes when it is dropped.
fn invented(kind: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("a.{kind}"));
    fs::write(&path, content(kind)).expect("a file");
    (folder, path)
}

fn content(kind: &str) -> Vec<u8> {
    let text = vec![PARAGRAPH; PARAGRAPHS];
    match kind {
        "txt" => text.join("\n\n").into_bytes(),
        "rtf" => format!(r"{{\rtf1\ansi \pard {}\par}}", text.join("\\par\n\\pard ")).into_bytes(),
        "doc" => word2(&text.join("\r")),
        "zip" => {
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            for n in 0..20 {
                let options = zip::write::SimpleFileOptions::default();
                zip.start_file(format!("{n}.txt"), options).expect("a member");
                std::io::Write::write_all(
                    &mut zip,
                    text[..PARAGRAPHS / 20].join("\n\n").as_bytes(),
                )
                .expect("a member");
            }
            zip.finish().expect("an archive").into_inner()
        }
        _ => unreachable!("{kind}"),
    }
}

/// Word 2 for Windows: the one binary kind that a few lines write.
fn word2(text: &str) -> Vec<u8> {
    let mut bytes = vec![0_u8; 0x180];
    bytes[..4].copy_from_slice(&[0xDB, 0xA5, 0x2D, 0]);
    bytes[0x18..0x1C].copy_from_slice(&0x180_u32.to_le_bytes());
    let length = u32::try_from(text.len()).expect("a short text");
    bytes[0x34..0x38].copy_from_slice(&length.to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

fn read(path: &Path) -> Extracted {
    let name = path.file_name().expect("a file").to_string_lossy();
    read_file(path, &name, &Limits::default(), None, 0)
}

fn bench_files(bencher: Bencher<'_, '_>, files: &[PathBuf]) {
    let bytes: u64 = files.iter().map(|path| fs::metadata(path).expect("a file").len()).sum();
    assert!(files.iter().any(|path| !read(path).blocks.is_empty()), "nothing is read");
    bencher
        .counter(BytesCount::new(bytes))
        .counter(ItemsCount::new(files.len()))
        .bench_local(|| files.iter().map(|path| read(path).blocks.len()).sum::<usize>());
}

#[divan::bench(args = SAMPLE, sample_count = 20)]
fn sample(bencher: Bencher<'_, '_>, kind: &str) {
    bench_files(bencher, &sample_files(kind));
}

#[divan::bench(args = INVENTED, sample_count = 20)]
fn written(bencher: Bencher<'_, '_>, kind: &str) {
    let (_folder, path) = invented(kind);
    bench_files(bencher, &[path]);
}

/// All texts of the sample, as blocks.
fn documents() -> Vec<Extracted> {
    SAMPLE.iter().flat_map(|kind| sample_files(kind)).map(|path| read(&path)).collect()
}

fn letters(documents: &[Extracted]) -> usize {
    documents.iter().flat_map(|document| &document.blocks).map(|block| block.text.len()).sum()
}

#[divan::bench(sample_count = 20)]
fn split_sentences(bencher: Bencher<'_, '_>) {
    let documents = documents();
    let bodies = documents.iter().flat_map(|document| &document.blocks);
    let texts: Vec<&str> =
        bodies.filter(|block| block.kind == BlockKind::Body).map(|b| b.text.as_str()).collect();
    let count: usize = texts.iter().map(|text| sentences(text).len()).sum();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .counter(ItemsCount::new(count))
        .bench_local(|| texts.iter().map(|text| sentences(text).len()).sum::<usize>());
}

#[divan::bench(sample_count = 20)]
fn cut_passages(bencher: Bencher<'_, '_>) {
    let documents = documents();
    let count: usize = documents.iter().map(|document| segment(document).len()).sum();
    bencher
        .counter(BytesCount::new(letters(&documents)))
        .counter(ItemsCount::new(count))
        .bench_local(|| documents.iter().map(|document| segment(document).len()).sum::<usize>());
}

#[divan::bench(sample_count = 20)]
fn profile_documents(bencher: Bencher<'_, '_>) {
    let documents = documents();
    bencher
        .counter(BytesCount::new(letters(&documents)))
        .counter(ItemsCount::new(documents.len()))
        .bench_local(|| documents.iter().map(|d| profile(d, None)).collect::<Vec<_>>());
}
