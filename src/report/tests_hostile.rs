//! What foreign text must not do to a reader, and what our own words must not say.

use std::collections::{BTreeMap, BTreeSet};

use calamine::Reader;
use serde_json::Value;

use super::{
    OUTPUTS, Report, fixture,
    tests::{all_texts, book, csv_rows, table, text, write},
};

const SCRIPT: &str = "</td><script>alert(1)</script><img src=x onerror=alert(2)>";

/// What CISO Assistant calls the result of a requirement.
const RESULTS: [&str; 5] =
    ["not_assessed", "partially_compliant", "non_compliant", "compliant", "not_applicable"];

/// A report whose documents attack the reader.
fn hostile() -> Report<'static> {
    let mut report = fixture::report(true);
    let nasty = [
        SCRIPT.to_owned(),
        "=cmd|' /C calc'!A0".to_owned(),
        "invoice\u{202E}fdp.exe".to_owned(),
        "a\u{0}b\u{8}c\u{1b}[31md\u{FFFF}".to_owned(),
        "漢字 👍 ".repeat(10_000),
        "{{ 7 * 7 }} {% raw %} ]]> --> &amp; \"quoted\" 'single'".to_owned(),
        "@SUM(1+1)".to_owned(),
    ];
    report.organisation = format!("{SCRIPT} & \u{202E}Söhne &P");
    for (n, assessment) in report.assessments.iter_mut().enumerate() {
        let text = &nasty[n % nasty.len()];
        assessment.coverage_note = text.clone();
        for evidence in &mut assessment.evidence {
            evidence.quote = text.clone();
            evidence.document = format!("{}.docx", text.chars().take(60).collect::<String>());
            evidence.decided_by = text.chars().take(80).collect();
        }
        if let Some(position) = &mut assessment.position {
            position.owner = text.clone();
        }
        if let Some(miss) = &mut assessment.view.nearest_miss {
            miss.why = text.clone();
        }
    }
    for (n, proposal) in report.proposals.iter_mut().enumerate() {
        proposal.quote = nasty[n % nasty.len()].clone();
        proposal.document = nasty[(n + 1) % 4].clone();
        proposal.reasons = vec![nasty[(n + 2) % 4].clone()];
    }
    for (n, entry) in report.soa.values_mut().flatten().enumerate() {
        entry.justification = nasty[n % nasty.len()].clone();
        entry.remarks = nasty[(n + 1) % nasty.len()].clone();
    }
    for (n, document) in report.documents.iter_mut().enumerate() {
        document.why = nasty[n % nasty.len()].clone();
    }
    for diagnostic in &mut report.diagnostics {
        diagnostic.message = SCRIPT.to_owned();
    }
    report
}

#[test]
fn a_hostile_text_can_not_run_in_the_page() {
    let (dir, _) = write(&hostile());
    let html = text(dir.path(), "gap-analysis.html");
    assert_eq!(html.matches("<script").count(), 1, "only our own script");
    assert_eq!(html.matches("</script").count(), 1);
    assert!(!html.contains("<img"));
    assert!(html.contains("&lt;script&gt;alert(1)"));
    assert!(html.contains("{{ 7 * 7 }}"), "a document is data, not a template");
    assert!(html.contains("invoice⟨U+202E⟩fdp.exe"));
    assert!(!html.contains(['\u{202E}', '\u{0}', '\u{8}', '\u{1b}', '\u{FFFF}']));

    // The policy allows the script that stands there, and nothing else.
    let script = html.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    let hash = {
        use sha2::{Digest, Sha256};
        data_encoding::BASE64.encode(&Sha256::digest(script))
    };
    let policy = html.split_once("Content-Security-Policy\" content=\"").unwrap().1;
    let policy = policy.split_once("\">").unwrap().0.replace("&#x27;", "'").replace("&#x2f;", "/");
    assert!(policy.contains(&format!("script-src 'sha256-{hash}'")), "{policy}");
    assert!(policy.starts_with("default-src 'none'"));
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let (dir, _) = write(&fixture::report(true));
    let html = text(dir.path(), "gap-analysis.html");
    for outside in ["http://", "https://", "<link", "@import", "src=\"", "<iframe"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(!html.replace("url(#hatch)", "").contains("url("));
    assert!(html.contains("<html lang=\"en\">") && html.contains("prefers-color-scheme:dark"));
}

#[test]
fn a_hostile_text_can_not_run_in_a_spreadsheet() {
    let (dir, _) = write(&hostile());
    for (name, ..) in OUTPUTS.iter().filter(|(name, ..)| name.ends_with(".csv")) {
        let (_, rows) = csv_rows(&text(dir.path(), name));
        assert!(!rows.is_empty(), "{name}");
        for cell in rows.iter().flat_map(BTreeMap::values) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{name}: {cell}");
            assert!(!cell.contains(['\u{0}', '\u{8}', '\u{1b}']), "{name}: {cell:?}");
        }
    }
    let (_, rows) = csv_rows(&text(dir.path(), "evidence-index.csv"));
    assert!(rows.iter().any(|row| row["quote"] == "'=cmd|' /C calc'!A0"));
    assert!(rows.iter().any(|row| row["quote"].chars().count() == 50_000), "quotes are not cut");

    let mut cut = false;
    for (name, ..) in OUTPUTS.iter().filter(|(name, ..)| name.ends_with(".xlsx")) {
        let mut book = book(dir.path(), name);
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            assert!(formulas.cells().all(|(_, _, f)| f.is_empty()), "{name} {sheet} has formulas");
        }
        for cell in all_texts(dir.path(), name) {
            assert!(cell.encode_utf16().count() <= 32_767, "{name}");
            assert!(!cell.contains(['\u{0}', '\u{8}', '\u{1b}', '\u{202E}']), "{name}: {cell}");
            cut |= cell.ends_with("… [cut at Excel's limit for a cell, see the CSV file]");
        }
    }
    assert!(cut, "a long text is cut visibly");
    let mut gap = book(dir.path(), "gap-analysis.xlsx");
    let quotes: Vec<String> =
        table(&mut gap, "Evidence").into_iter().map(|r| r["Quote"].clone()).collect();
    assert!(quotes.iter().any(|quote| quote == "=cmd|' /C calc'!A0"), "texts stay texts");
}

#[test]
fn a_hostile_text_is_no_markup_where_markdown_is_read() {
    let mut report = hostile();
    for (n, action) in report.actions.iter_mut().enumerate() {
        let nasty = [SCRIPT, "a\n# b | c", "[x](javascript:alert(1)) ![i](https://e.x/p)\u{202E}"];
        action.text = nasty[n % 3].to_owned();
        action.owner = "`\u{0}<b>".to_owned();
        action.system = Some(String::from("\n\n---\n"));
    }
    let (dir, _) = write(&report);
    for (name, ..) in OUTPUTS.iter().filter(|(n, ..)| n.starts_with("oscal/") || n.ends_with(".md"))
    {
        let mut page = text(dir.path(), name);
        if name.starts_with("oscal/") {
            let document: Value = serde_json::from_str(&page).unwrap();
            page = ["title", "description", "remarks"]
                .iter()
                .flat_map(|key| super::tests_interop::all(&document, key))
                .collect::<Vec<_>>()
                .join("\n");
        }
        assert!(!page.contains(['\u{202E}', '\u{0}', '\u{8}', '\u{1b}', '\u{FFFF}']), "{name}");
        // Every sign that opens a tag, a link, a picture or code is escaped; ours opens a quote only.
        let mut before = '\n';
        for c in page.chars() {
            assert!(!matches!(c, '<' | '[' | '`' | '!') || before == '\\', "{name}: {before}{c}");
            before = c;
        }
        assert!(!page.contains("https://e.x"), "{name}");
    }
    let page = text(dir.path(), "gap-analysis.md");
    assert!(page.contains(r"| a \# b \| c |"), "a cell stays a cell");
    let headings = page.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(headings, 7, "only our own");
}

#[test]
fn machine_formats_keep_quotes_verbatim() {
    let report = hostile();
    let (dir, _) = write(&report);
    let json: Value = serde_json::from_str(&text(dir.path(), "gap-analysis.json")).unwrap();
    let quotes: BTreeSet<&str> = json["targets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|target| target["evidence"].as_array().unwrap())
        .map(|evidence| evidence["quote"].as_str().unwrap())
        .collect();
    for evidence in report.assessments.iter().flat_map(|a| &a.evidence) {
        assert!(quotes.contains(evidence.quote.as_str()));
    }
    let lines = text(dir.path(), "proposals.jsonl");
    let wanted: BTreeSet<_> = report.proposals.iter().map(|p| &p.quote).collect();
    let found: BTreeSet<String> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["quote"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(wanted.iter().all(|quote| found.contains(*quote)));
}

#[test]
fn no_report_judges_in_words_or_percentages() {
    // Titles and quotes are foreign; what remains are our own words.
    for reviewed in [false, true] {
        let mut report = fixture::report(reviewed);
        for a in &mut report.assessments {
            a.title = "Title".to_owned();
            a.points.iter_mut().for_each(|p| p.text = "Point".to_owned());
            a.evidence.iter_mut().for_each(|e| e.quote = "Quote".to_owned());
            if let Some(miss) = &mut a.view.nearest_miss {
                miss.quote = "Quote".to_owned();
            }
        }
        for entry in report.soa.values_mut().flatten() {
            entry.title = "Title".to_owned();
            entry.how_implemented = "Quote".to_owned();
            entry.evidence.iter_mut().for_each(|e| e.quote = "Quote".to_owned());
        }
        report.proposals.iter_mut().for_each(|p| p.quote = "Quote".to_owned());
        report.actions.iter_mut().for_each(|a| a.text = "Action".to_owned());
        report.desk.rows.iter_mut().for_each(|r| r.cells.iter_mut().for_each(String::clear));
        let (dir, _) = write(&report);
        let catalog = report.catalog;
        let controls = catalog.common_controls().iter();
        let mut known: Vec<String> = controls
            .flat_map(|c| [&c.title, &c.purpose, &c.accountable])
            .chain(catalog.targets().flat_map(|t| &t.points).map(|p| &p.typical_evidence))
            .flat_map(|own| [own.to_lowercase(), own.to_lowercase().replace('"', "\"\"")])
            .filter(|own| !own.is_empty())
            .collect();
        // The longer ones first: some hold others.
        known.sort_by_key(|own| std::cmp::Reverse(own.len()));
        known.dedup();
        for (name, ..) in OUTPUTS {
            let words = if name.ends_with(".xlsx") {
                all_texts(dir.path(), name).join("\n")
            } else if name.ends_with(".docx") {
                super::tests_docx::read_back(dir.path(), name)
            } else if name.starts_with("ciso-assistant-") {
                // The one exception: that tool knows results by these words only. They may stand in
                // its column, as whole cells, and nowhere else in the file.
                let (_, mut rows) = csv_rows(&text(dir.path(), name));
                for row in &mut rows {
                    let result = row.remove("compliance_result").unwrap();
                    assert!(RESULTS.contains(&result.as_str()), "{name}: {result}");
                    assert!(reviewed || result == "not_assessed", "{name}: {result}");
                }
                let cells = rows.iter().flat_map(|row| row.iter().map(|(k, v)| format!("{k} {v}")));
                cells.collect::<Vec<_>>().join("\n")
            } else {
                text(dir.path(), name)
            }
            .to_lowercase();
            // Titles and points of the catalogue are not ours to judge either.
            let words = match words.split_once("<script type=\"application/json\"") {
                Some((page, rest)) => format!("{page}{}", rest.split_once("</script>").unwrap().1),
                None => words,
            };
            let words =
                known.iter().fold(words, |words, own| words.replace(own.as_str(), "catalogue"));
            for word in [
                "complian",
                "conforming",
                "conformity",
                "conformant",
                "certified",
                "audit-ready",
                "audit ready",
            ] {
                assert!(!words.contains(word), "{name}: {word}");
            }
            // The style sheet and the script of the page have their own use for the sign.
            let body = words.split_once("<body>").map_or(words.as_str(), |(_, body)| body);
            let body = body.split_once("<script").map_or(body, |(body, _)| body);
            assert!(!body.contains('%'), "{name} gives a percentage");
        }
    }
}
