//! The Word files, read back by the library that reads others' files; confidentiality of quotes.

use std::{io::Read, path::Path};

use super::{
    fixture,
    tests::{all_texts, text, write},
    *,
};
use crate::config::Quotes;

const FILES: [&str; 3] = ["soa-iso27001.docx", "soa-iso42001.docx", "gap-analysis.docx"];

/// A part of the package as text.
fn part(dir: &Path, file: &str, name: &str) -> String {
    let bytes = std::fs::read(dir.join(file)).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The names of all parts.
fn parts(dir: &Path, file: &str) -> Vec<String> {
    let bytes = std::fs::read(dir.join(file)).unwrap();
    let zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    zip.file_names().map(|name| name.unwrap().into_owned()).collect()
}

pub(super) fn read_back(dir: &Path, file: &str) -> String {
    let bytes = std::fs::read(dir.join(file)).unwrap();
    let format = office_oxide::DocumentFormat::Docx;
    office_oxide::Document::from_reader(std::io::Cursor::new(bytes), format).unwrap().plain_text()
}

#[test]
fn a_soa_holds_every_control_with_headings_repeated_rows_label_and_pages() {
    for reviewed in [false, true] {
        let report = fixture::report(reviewed);
        let (dir, _) = write(&report);
        for (framework, file) in [(ISO27001, FILES[0]), (ISO42001, FILES[1])] {
            let read = read_back(dir.path(), file);
            for entry in &report.soa[framework] {
                assert!(read.contains(entry.target.local()), "{file}: {}", entry.target);
                assert!(read.contains(&entry.title), "{file}: {}", entry.title);
            }
            for words in ["DRAFT – not approved", DISCLAIMER, "Approved by", "Signature"] {
                assert!(read.contains(words), "{file}: {words}");
            }
            let body = part(dir.path(), file, "word/document.xml");
            let themes: std::collections::BTreeSet<_> =
                report.soa[framework].iter().map(|e| &e.theme).collect();
            assert!(body.matches("<w:pStyle w:val=\"Heading2\"/>").count() >= themes.len());
            // Bands and headings of each table stand on every page.
            assert!(body.matches("<w:tblHeader/>").count() >= 2 * themes.len());
            assert!(body.contains("w:orient=\"landscape\""), "{file}");
            let edges: String = parts(dir.path(), file)
                .iter()
                .filter(|n| n.starts_with("word/header") || n.starts_with("word/footer"))
                .map(|name| part(dir.path(), file, name))
                .collect();
            for wanted in ["Internal", "DRAFT", " PAGE ", " NUMPAGES "] {
                assert!(edges.contains(wanted), "{file}: {wanted}");
            }
            let owed = read.matches("NOT DECIDED").count();
            let undecided =
                report.soa[framework].iter().filter(|e| e.applicability.is_none()).count();
            assert!(owed >= undecided, "{file}: {owed} of {undecided}");
        }
    }
}

#[test]
fn the_checklists_hold_every_planned_target_under_headings_that_repeat() {
    for reviewed in [false, true] {
        let report = fixture::report(reviewed);
        let (dir, _) = write(&report);
        let file = "audit-checklists.docx";
        let read = read_back(dir.path(), file);
        let targets: Vec<_> =
            report.programme.audits.iter().flat_map(|audit| &audit.targets).collect();
        for target in &targets {
            assert!(read.contains(&format!("{} {} ", target.framework(), target.local())));
        }
        for words in ["DRAFT", DISCLAIMER, "Ask for: ", "Finding", "Note", "OPEN: nobody is named"]
        {
            assert!(read.contains(words), "{words}");
        }
        let all = fixture::report(true).assessments;
        let mut accepted = all.iter().flat_map(|a| &a.evidence);
        assert_eq!(accepted.any(|piece| read.contains(&piece.document)), reviewed);
        let body = part(dir.path(), file, "word/document.xml");
        assert!(body.matches("<w:tblHeader/>").count() >= 2 * targets.len());
        assert_eq!(body.matches("<w:pageBreakBefore/>").count(), 2, "a session begins a page");
        let edges: String = parts(dir.path(), file)
            .iter()
            .filter(|n| n.starts_with("word/header") || n.starts_with("word/footer"))
            .map(|name| part(dir.path(), file, name))
            .collect();
        for wanted in ["Internal", "DRAFT", " PAGE ", " NUMPAGES "] {
            assert!(edges.contains(wanted), "{wanted}");
        }
    }
}

#[test]
fn the_cover_says_what_changed_and_what_contradicts() {
    let (dir, _) = write(&fixture::report(true));
    let read = read_back(dir.path(), FILES[0]);
    for words in [
        "version 1.0 on 2026-05-04, as stated in evimap.toml",
        "implementation status: planned → implemented",
        "A.5.7 is excluded, but 2 pieces",
        "B. Beispiel, board",
    ] {
        assert!(read.contains(words), "{words}");
        let sheets = all_texts(dir.path(), "soa-iso27001.xlsx").join("\n");
        assert!(sheets.contains(words), "xlsx: {words}");
    }
    let other = read_back(dir.path(), FILES[1]);
    assert!(other.contains("unknown: evimap.toml names no approved_ledger_head"));
    assert!(other.contains("OPEN: no version in evimap.toml"));
}

#[test]
fn the_management_version_is_bounded_whatever_comes_in() {
    let mut report = fixture::report(true);
    let most = |report: &Report<'_>| {
        let (dir, _) = write(report);
        read_back(dir.path(), FILES[2]).chars().count()
    };
    let before = most(&report);
    for action in &mut report.actions {
        action.text = "long words ".repeat(10_000);
        action.owner = "somebody ".repeat(10_000);
        action.targets = report.assessments.iter().map(|a| a.target.clone()).collect();
    }
    report.scope.insert(ISO42001.to_owned(), "scope ".repeat(20_000));
    report.systems =
        (0..400).map(|n| System { id: format!("s{n}"), ..report.systems[0].clone() }).collect();
    let found = report.diagnostics[2].clone();
    for n in 0..100 {
        let mut more = found.clone();
        more.code = format!("code-{n}");
        more.message = "contradiction ".repeat(5_000);
        report.diagnostics.push(more);
    }
    // Measured: 6 pages hold about 14,000 characters of these tables.
    assert!(most(&report) < before + 9_000, "{} after {before}", most(&report));
    let (dir, _) = write(&report);
    assert!(read_back(dir.path(), FILES[2]).contains("[cut, see gap-analysis.xlsx]"));
}

#[test]
fn hostile_text_stays_text() {
    let mut report = fixture::report(true);
    let nasty = [
        "</w:t></w:r><w:r><w:instrText>INCLUDETEXT</w:instrText>",
        "{PAGE}",
        "{NUMPAGES}",
        "invoice\u{202E}fdp.exe",
        "a\u{0}b\u{8}c\u{1b}[31md\u{FFFF}e\u{FFFE}",
        "👍 & ]]> <!-- \"x\" {{ 1 }}\r\nnext\tcell",
    ];
    report.organisation = nasty.join(" ");
    report.classification = nasty[0].to_owned();
    for (n, entry) in report.soa.values_mut().flatten().enumerate() {
        entry.justification = nasty[n % nasty.len()].to_owned();
        entry.owner = nasty[(n + 1) % nasty.len()].to_owned();
        entry.remarks = "漢字 👍 ".repeat(20_000);
    }
    let (dir, _) = write(&report);
    for file in FILES {
        for name in parts(dir.path(), file).iter().filter(|n| n.ends_with(".xml")) {
            let xml = part(dir.path(), file, name);
            let mut reader = quick_xml::Reader::from_str(&xml);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{file} {name}: {error}"),
                }
            }
            let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
            assert!(!xml.contains(bad) && !xml.contains(['\u{FFFE}', '\u{FFFF}', '\u{202E}']));
        }
        let body = part(dir.path(), file, "word/document.xml");
        assert!(!body.contains("INCLUDETEXT</w:instrText>"), "{file}: a field was smuggled in");
        assert!(!body.contains(" PAGE "), "{file}: a text became a field");
        let bytes = std::fs::metadata(dir.path().join(file)).unwrap().len();
        assert!(bytes < 3_000_000, "{file}: {bytes}");
    }
    let read = read_back(dir.path(), FILES[0]);
    assert!(read.contains("⟨U+202E⟩") && read.contains("[cut, see the CSV file]"));
}

#[test]
fn quotes_are_shown_as_far_as_the_labels_allow() {
    let mut report = fixture::report(true);
    // Of the fixture's documents, one bears no label and one is public.
    let free = ["Records/2025/Restore Test.md", "Registers/Asset Register.xlsx"];
    for row in &mut report.documents {
        if let Some(profile) = &mut row.profile {
            profile.classification = match row.path.as_str() {
                path if path == free[0] => None,
                path if path == free[1] => Some("Public".to_owned()),
                _ => Some("Strictly confidential".to_owned()),
            };
        }
    }
    let shown = |quotes: Quotes| {
        let mut report = report.clone();
        report.quotes = quotes;
        let (dir, _) = write(&report);
        let (_, rows) = tests::csv_rows(&text(dir.path(), "evidence-index.csv"));
        let secret = report
            .assessments
            .iter()
            .flat_map(|a| &a.evidence)
            .find(|e| e.document.ends_with("Policy v3.docx"))
            .unwrap();
        for file in OUTPUTS.map(|(name, ..)| name) {
            let says = match file.rsplit('.').next().unwrap() {
                "xlsx" => all_texts(dir.path(), file).join("\n"),
                "docx" => read_back(dir.path(), file),
                _ => text(dir.path(), file).replace("&#x2f;", "/"),
            };
            // The same words may stand in another document; so look for them beside this one only.
            let beside = format!("“{}”\n{}", secret.quote, secret.document);
            assert!(quotes == Quotes::All || !says.contains(&beside), "{file}");
            let named = ["proposals.jsonl", "documents.csv"].contains(&file)
                || file.starts_with("soa-joint")
                || ["gap-analysis.docx", "gap-analysis.md", "management-review.md"].contains(&file)
                // No quotes in these, and no places.
                || [
                    "ai-use",
                    "audit-programme",
                    "ciso-assistant",
                    "oscal/plan",
                    "oscal/component",
                    "risk-register",
                ]
                    .iter()
                    .any(|start| file.starts_with(start));
            assert!(named || says.contains(&secret.document), "{file}: the place is kept");
        }
        rows.iter()
            .map(|row| {
                assert!(!row["locator"].is_empty());
                assert!(row["document_hash"].len() == 64 || row["document"].starts_with("Ticket"));
                assert!(row.contains_key("classification"));
                let hidden = row["quote"].starts_with("[quote not shown");
                assert!(!hidden || row["quote"].contains("its SHA-256 is "));
                (row["document"].clone(), hidden)
            })
            .collect::<Vec<_>>()
    };
    assert!(shown(Quotes::All).iter().all(|(_, hidden)| !hidden));
    assert!(shown(Quotes::None).iter().all(|(_, hidden)| *hidden));
    let some = shown(Quotes::Unlabelled);
    for (document, hidden) in &some {
        let free = free.contains(&document.as_str()) || document.starts_with("Ticket");
        assert_eq!(*hidden, !free, "{document}");
    }
    assert!(some.iter().any(|(_, hidden)| *hidden) && some.iter().any(|(_, hidden)| !hidden));
}

#[test]
fn every_report_bears_its_label() {
    let mut report = fixture::report(true);
    report.classification = "Restricted – board only".to_owned();
    let (dir, _) = write(&report);
    for file in OUTPUTS.map(|(name, ..)| name).into_iter().filter(|n| {
        // The ranking holds no words of people; the other is what another tool's import knows.
        *n != "proposals.jsonl" && !n.starts_with("ciso-assistant")
    }) {
        let says = match file.rsplit('.').next().unwrap() {
            "xlsx" => all_texts(dir.path(), file).join("\n"),
            "docx" => read_back(dir.path(), file),
            _ => text(dir.path(), file),
        };
        assert!(says.contains("Restricted – board only"), "{file}");
    }
}
