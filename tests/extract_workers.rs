//! The pool with the real binary as its worker.

use std::{fs, path::PathBuf};

use evimap::{
    domain::{ExtractStatus, Extracted},
    extract::{Job, Limits, Options, extract_all},
};

fn run(files: &[(&str, Vec<u8>)], limits: Limits) -> Vec<Extracted> {
    let dir = tempfile::tempdir().unwrap();
    let jobs: Vec<Job> = files
        .iter()
        .map(|(name, bytes)| {
            let path = dir.path().join(name);
            fs::write(&path, bytes).unwrap();
            Job { path, name: (*name).to_owned() }
        })
        .collect();
    let worker_exe = Some(PathBuf::from(env!("CARGO_BIN_EXE_evimap")));
    let options = Options {
        workers: 2,
        limits,
        ocr: None,
        worker_exe,
        stop: evimap::extract::Stop::default(),
    };
    let mut out = Vec::new();
    extract_all(&jobs, &options, &mut |_, extracted| out.push(extracted)).unwrap();
    out
}

#[test]
fn results_come_in_the_order_of_the_input() {
    let files: Vec<(String, Vec<u8>)> = (0..60)
        .map(|n| (format!("{n}.md"), format!("# {n}\n\n{}", "text ".repeat(n * 50)).into_bytes()))
        .collect();
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let got = run(&files, Limits::default());
    let names: Vec<&str> = got.iter().map(|extracted| extracted.path.as_str()).collect();
    assert_eq!(names, files.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert!(got.iter().all(|extracted| extracted.status == ExtractStatus::Ok));
}

/// A form that draws itself twice takes the first reader down; the second one reads the page.
#[cfg(target_os = "linux")]
#[test]
fn a_crash_costs_one_reader_and_no_other_file() {
    let mut files = vec![("before.md", b"before".to_vec()), ("loop.pdf", loops())];
    files.extend(["2", "3", "4", "5", "6", "7"].map(|name| (name, b"after".to_vec())));
    let got = run(&files, Limits { worker_memory_mb: 512, ..Limits::default() });
    let status: Vec<_> = got.iter().map(|extracted| extracted.status).collect();
    assert_eq!(status, [ExtractStatus::Ok; 8]);
    let paths: Vec<_> = got.iter().map(|extracted| extracted.path.as_str()).collect();
    assert_eq!(paths, files.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert!(got[1].diagnostics.iter().any(|d| d.code == "reader-crash"));
    assert!(got[1].blocks[0].text.contains("canary"));
}

#[cfg(target_os = "linux")]
fn loops() -> Vec<u8> {
    let draw = "BT /F1 12 Tf 72 700 Td (canary) Tj ET /X1 Do";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>/XObject<</X1 6 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{draw}\nendstream", draw.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X1 6 0 R>>>>/Length 14>>\
         stream\n/X1 Do /X1 Do \nendstream"
            .to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let xref = out.len();
    out.extend(b"xref\n0 7\n0000000000 65535 f \n");
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer\n<</Size 7/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}
