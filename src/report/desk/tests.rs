use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    super::{
        fixture,
        tests::{text, write},
    },
    *,
};

fn page(report: &super::super::Report<'_>) -> String {
    let (dir, _) = write(report);
    text(dir.path(), "review-desk.html")
}

/// The JSON block of a page, as a browser reads it: up to the first end of its element.
fn block(html: &str) -> &str {
    let (_, rest) = html.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    rest.split_once("</script").unwrap().0
}

#[test]
fn a_hostile_text_neither_ends_its_block_nor_is_lost() {
    let nasty = [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "a\u{2028}b\u{2029}c",
        "invoice\u{202E}fdp.exe \u{2066}x\u{2069}",
        "nul\u{0} esc\u{1b}[31m del\u{7f} \u{85} \u{FFFE}\u{FFFF} \u{1FFFF}",
        "{{ 7 * 7 }} {% raw %} \\u003c \\\" \" ' &amp; &lt;",
        "👍🏽 漢字 e\u{301}",
    ];
    let mut report = fixture::report(false);
    let long = "=\"<&>,\r\n".repeat(12_500);
    assert_eq!(long.len(), 100_000);
    for (n, row) in report.desk.rows.iter_mut().enumerate() {
        let text = if n == 3 { &long } else { nasty[n % nasty.len()] };
        row.cells.iter_mut().skip(1).for_each(|cell| *cell = text.to_owned());
        row.before = text.to_owned();
    }
    report.organisation = nasty.concat();
    let html = page(&report);
    assert_eq!(html.matches("<script").count(), 2, "the data and our own script");
    assert_eq!(html.matches("</script").count(), 2);
    for bad in
        ['\u{0}', '\u{1b}', '\u{7f}', '\u{85}', '\u{202E}', '\u{2066}', '\u{FFFE}', '\u{FFFF}']
    {
        assert!(!html.contains(bad), "{bad:?}");
    }
    let json = block(&html);
    assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}', '\u{1FFFF}']));

    let data: Value = serde_json::from_str(json).unwrap();
    assert_eq!(data["organisation"], report.organisation);
    let strings = data["strings"].as_array().unwrap();
    let rows = data["rows"].as_array().unwrap();
    assert_eq!(rows.len(), report.desk.rows.len());
    for (shown, row) in rows.iter().zip(&report.desk.rows) {
        let at = |value: &Value| strings[value.as_u64().unwrap() as usize].as_str().unwrap();
        let cells: Vec<&str> = shown["c"].as_array().unwrap().iter().map(at).collect();
        assert_eq!(cells, row.cells, "verbatim, so that the CSV is");
        assert_eq!(at(&shown["before"]), row.before);
        assert_eq!(shown["l"], row.listed);
    }
}

#[test]
fn the_policy_allows_our_style_and_script_and_nothing_else() {
    let html = page(&fixture::report(true));
    let between =
        |start: &str, end: &str| html.split_once(start).unwrap().1.split_once(end).unwrap().0;
    let policy = between("Content-Security-Policy\" content=\"", "\">")
        .replace("&#x27;", "'")
        .replace("&#x2f;", "/");
    let hash = |text: &str| data_encoding::BASE64.encode(&Sha256::digest(text));
    let style = hash(between("<style>", "</style>"));
    let script = hash(between("</script>\n<script>", "</script>"));
    assert!(policy.contains(&format!("style-src 'sha256-{style}';")), "{policy}");
    assert!(policy.contains(&format!("script-src 'sha256-{script}';")), "{policy}");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    for outside in
        ["http://", "https://", "<link", "@import", "src=\"", "<iframe", "url(", "style=\""]
    {
        assert!(!html.contains(outside), "{outside}");
    }
}

/// Document text may become text nodes and attributes, never markup or code.
#[test]
fn the_script_has_no_way_to_make_markup_or_code_of_a_text() {
    for way in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "eval(",
        "Function(",
        "setTimeout(\"",
        "createContextualFragment",
        "srcdoc",
        "fetch(",
        "XMLHttpRequest",
        "import(",
        "WebSocket",
    ] {
        assert!(!SCRIPT.contains(way), "{way}");
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/templates/desk");
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let source = std::fs::read_to_string(&path).unwrap();
        assert!(source.lines().count() <= 300, "{name} is long: split it by subject");
        if name.ends_with(".js") {
            assert!(SCRIPT.contains(&source), "{name} is in the page");
            seen.insert(name);
        }
    }
    assert_eq!(seen.len(), 10);
}

#[test]
fn evidence_for_both_standards_is_counted_once_a_passage() {
    let mut report = fixture::report(true);
    let (one, other) = ("ISO27001:A.5.1".parse().unwrap(), "ISO42001:A.2.2".parse().unwrap());
    report.proposals.retain(|p| p.target == one || p.target == other);
    report.proposals.iter_mut().for_each(|p| {
        p.document = "Policy.docx".to_owned();
        p.quote = "The same words.".to_owned();
        p.band = crate::domain::Band::Strong;
    });
    report.assessments.iter_mut().for_each(|a| a.evidence.clear());
    let view = View::new(&report);
    let data = serde_json::to_value(data::of(&view)).unwrap();
    let shared = &data["shared"];
    let sum = |key: &str| -> u64 {
        let lines = shared[key].as_array().unwrap();
        lines.iter().flat_map(|l| l.as_array().unwrap()).map(|n| n.as_u64().unwrap()).sum()
    };
    assert_eq!((sum("proposed"), sum("accepted")), (1, 0));
    let place = |key: &str, theme: &str| {
        shared[key].as_array().unwrap().iter().position(|name| name == theme).unwrap()
    };
    let theme = |id| report.catalog.get(id).unwrap().theme.as_str();
    let (line, column) = (place("lines", theme(&one)), place("columns", theme(&other)));
    assert_eq!(shared["proposed"][line][column], 1);
}
