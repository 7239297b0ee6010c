//! Decisions over time: documents are renamed, moved, converted, edited and deleted between two
//! runs, and the next export asks exactly what needs a person.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use common::{AS_OF, run};
use serde_json::Value;

const TITLE: &str = "Access Control Policy";
const CONTROL: &str = "Version: 1.0. Status: Approved. Approved by Ada Muster on 2026-03-01.";
const RULE: &str = "Access rights to information and other associated assets are granted on a \
                    need-to-know basis and are reviewed twice a year by the owner of each system.";
const LEAVERS: &str = "Access rights of leavers are removed on their last working day by the \
                       service desk, which records the removal in a ticket.";
const ROW: [&str; 3] = [
    "Payroll server",
    "Access rights reviewed by Anna Schmidt, system owner",
    "Two accounts removed on 2026-03-12",
];

/// What the texts above are evidence for.
const TARGETS: [&str; 4] =
    ["ISO27001:A.5.15", "ISO27001:A.5.18", "ISO27001:A.6.5", "ISO27001:A.8.2"];

/// A row of a review file, by column.
type Row = BTreeMap<String, String>;

fn rows(file: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(|c| c.trim_start_matches('\u{feff}').to_owned())
        .collect();
    reader
        .records()
        .map(|row| header.iter().cloned().zip(row.unwrap().iter().map(str::to_owned)).collect())
        .collect()
}

/// A folder of documents and a workspace over it.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    /// One document, and what it proposes accepted by Ada.
    fn decided(name: &str, bytes: &[u8]) -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        place.write(name, bytes);
        place.write("other.md", b"# Canteen\n\nThe canteen opens at eleven.\n");
        place.run();
        place.export_all();
        let open = place.open();
        assert!(open.iter().all(|row| row["reasons"].starts_with("new; ")));
        let wanted = |row: &Row| {
            row["document"] == name
                && TARGETS.contains(&row["target"].as_str())
                && !row["quote"].contains("Approved")
        };
        assert!(open.iter().filter(|row| wanted(row)).count() >= TARGETS.len(), "{open:#?}");
        place.decide(|row| wanted(row).then_some(("accept", "Ada")));
        place.run();
        assert_eq!(place.asked(), [""; 0]);
        place
    }

    fn source(&self) -> PathBuf {
        self.dir.path().join("isms")
    }

    fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.source().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.source().join(name)).unwrap();
    }

    /// Writes a table into evimap.toml.
    fn configure(&self, table: &str) {
        let file = self.work().join("evimap.toml");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("[scope]\n", &format!("{table}\n[scope]\n"))).unwrap();
    }

    fn run(&self) -> Value {
        let (source, work) = (self.source(), self.work());
        let args = [
            "run",
            source.to_str().unwrap(),
            "-w",
            work.to_str().unwrap(),
            "--as-of",
            AS_OF,
            "--json",
            "-q",
        ];
        serde_json::from_str(&run(0, &args).0).unwrap()
    }

    /// Every row into suggestions.csv: a collection as small as this has no likely ones.
    fn export_all(&self) {
        let work = self.work();
        run(
            0,
            &["review", "export", "--all", "-w", work.to_str().unwrap(), "--as-of", AS_OF, "-q"],
        );
    }

    /// The rows of suggestions.csv.
    fn open(&self) -> Vec<Row> {
        rows(&self.work().join("review/suggestions.csv"))
    }

    /// The reasons of all rows that ask again.
    fn asked(&self) -> Vec<String> {
        let reasons = self.open().into_iter().map(|row| row["reasons"].clone());
        reasons.filter(|text| !text.starts_with("new")).collect()
    }

    /// Decides rows of suggestions.csv, imports them, and gives what the import said.
    fn decide(&self, verdict: impl Fn(&Row) -> Option<(&'static str, &'static str)>) -> String {
        let file = self.dir.path().join("decided.csv");
        let open = self.open();
        let header: Vec<String> = open[0].keys().cloned().collect();
        let mut writer = csv::Writer::from_path(&file).unwrap();
        writer.write_record(&header).unwrap();
        for mut row in open {
            if let Some((decision, reviewer)) = verdict(&row) {
                row.insert("decision".into(), decision.into());
                row.insert("reviewer".into(), reviewer.into());
            }
            writer.write_record(header.iter().map(|column| &row[column])).unwrap();
        }
        writer.flush().unwrap();
        let work = self.work();
        let args = [
            "review",
            "import",
            file.to_str().unwrap(),
            "-w",
            work.to_str().unwrap(),
            "--as-of",
            AS_OF,
        ];
        run(0, &args).1
    }

    fn gap(&self) -> Value {
        let text = fs::read_to_string(self.work().join("reports/gap-analysis.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Coverage and reasons of all targets with evidence or something unsettled.
    fn coverage(&self) -> Vec<String> {
        let gap = self.gap();
        let rows = gap["targets"].as_array().unwrap().iter().filter(|row| {
            let some = |key: &str| !row[key].as_array().unwrap().is_empty();
            some("evidence") || some("unsettled")
        });
        rows.map(|row| format!("{} {} {}", row["target"], row["coverage"], row["coverage_reasons"]))
            .collect()
    }

    /// Messages of the diagnostics with a code.
    fn found(&self, code: &str) -> Vec<String> {
        let gap = self.gap();
        let all = gap["diagnostics"].as_array().unwrap().iter().filter(|d| d["code"] == code);
        all.map(|d| d["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The documents that evidence stands in, lost or not.
    fn cited(&self) -> Vec<String> {
        let gap = self.gap();
        let evidence = gap["targets"].as_array().unwrap().iter().flat_map(|row| {
            row["evidence"]
                .as_array()
                .unwrap()
                .iter()
                .map(|e| e["document"].as_str().unwrap().to_owned())
        });
        let mut all: Vec<String> = evidence.collect();
        all.sort();
        all.dedup();
        all
    }
}

fn markdown(paragraphs: &[&str]) -> Vec<u8> {
    // Each under its own heading, so that no quote runs over two.
    let text: String =
        (1..).zip(paragraphs).map(|(n, text)| format!("## Section {n}\n\n{text}\n\n")).collect();
    format!("# {TITLE}\n\n{text}").into_bytes()
}

/// A Word document: a title, paragraphs, a table of one row below its header.
fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let cell = |text: &str| format!("<w:tc><w:p>{}</w:p></w:tc>", run(text));
    let row = |cells: [&str; 3]| format!("<w:tr>{}</w:tr>", cells.map(cell).concat());
    let text: String = paragraphs.iter().map(|p| format!("<w:p>{}</w:p>", run(p))).collect();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document \
         xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>\
         <w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr>{}</w:p>{text}<w:tbl>{}{}</w:tbl>\
         </w:body></w:document>",
        run(TITLE),
        row(["Asset", "Review", "Result"]),
        row(ROW),
    );
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let files = [
        (
            "[Content_Types].xml",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types \
                 xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
                 Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override \
                 PartName=\"/word/document.xml\" ContentType=\"{kind}\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships \
             xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
             Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
             Target=\"word/document.xml\"/></Relationships>"
                .to_owned(),
        ),
        ("word/document.xml", body),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A PDF of pages, each a list of texts with their place from the top left, in points.
fn pdf(pages: &[Vec<(u32, u32, &str)>]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        String::new(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    ];
    let mut kids = Vec::new();
    for page in pages {
        let text: String = page
            .iter()
            .map(|(x, y, text)| format!("BT /F1 10 Tf {x} {} Td ({text}) Tj ET\n", 842 - y))
            .collect();
        objects.push(format!("<< /Length {} >>\nstream\n{text}endstream", text.len()));
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << \
             /Font << /F1 3 0 R >> >> >>",
            objects.len()
        ));
        kids.push(format!("{} 0 R", objects.len()));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len());
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).into_bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let end = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend(end.into_bytes());
    out
}

#[test]
fn decisions_follow_renames_moves_and_edits_elsewhere() {
    let place = Place::decided("access.md", &markdown(&[CONTROL, RULE, LEAVERS]));
    let before = place.coverage();

    place.remove("access.md");
    place.write("policies/2026/access control.md", &markdown(&[CONTROL, RULE, LEAVERS]));
    place.run();
    assert_eq!(place.asked(), [""; 0], "renamed and moved");
    assert_eq!(place.cited(), ["policies/2026/access control.md"]);
    assert_eq!(place.coverage(), before);

    let edited = markdown(&[CONTROL, "A paragraph that is new.", LEAVERS, RULE, "The end."]);
    place.write("policies/2026/access control.md", &edited);
    place.run();
    assert_eq!(place.asked(), [""; 0], "edited elsewhere");
    assert_eq!(place.coverage(), before);

    // Renamed and edited in one go: known by its title.
    place.remove("policies/2026/access control.md");
    place.write("rules/rights.md", &markdown(&[CONTROL, RULE, "Another new one.", LEAVERS]));
    place.run();
    assert_eq!(place.asked(), [""; 0], "renamed and edited");
    assert_eq!(place.cited(), ["rules/rights.md"]);
    assert_eq!(place.coverage(), before);
    assert_eq!(place.found("evidence-lost"), [""; 0]);
}

#[test]
fn decisions_follow_a_document_into_another_format() {
    let place = Place::decided("policies/access.docx", &docx(&[CONTROL, RULE, LEAVERS]));
    let before = place.coverage();
    let quotes: Vec<String> = {
        let gap = place.gap();
        let rows = gap["targets"].as_array().unwrap().clone();
        let all = rows.iter().flat_map(|r| r["evidence"].as_array().unwrap().clone());
        all.map(|e| e["quote"].as_str().unwrap().to_owned()).collect()
    };
    assert!(quotes.iter().any(|q| q.contains("Payroll server")), "a table row: {quotes:#?}");
    assert!(quotes.iter().any(|q| q.contains("need-to-know")), "{quotes:#?}");

    // The same text as a printer lays it out: hyphens at line ends, a sentence over two pages with
    // a footer between, cells of a row side by side in several lines.
    place.remove("policies/access.docx");
    let footer = |page| (270, 810, page);
    let pages = [
        vec![
            (70, 60, TITLE),
            (70, 100, CONTROL),
            (70, 730, "Access rights to information and other associ-"),
            (70, 743, "ated assets are granted on a need-to-"),
            (70, 756, "know basis and are reviewed twice a year by the"),
            footer("Page 1 of 2"),
        ],
        vec![
            (70, 60, "owner of each system."),
            (
                70,
                100,
                "Access rights of leavers are removed on their last working day by the service",
            ),
            (70, 113, "desk, which records the removal in a ticket."),
            (70, 160, "Asset"),
            (200, 160, "Review"),
            (380, 160, "Result"),
            (70, 190, "Payroll"),
            (200, 190, "Access rights reviewed by"),
            (380, 190, "Two accounts removed on"),
            (70, 203, "server"),
            (200, 203, "Anna Schmidt, system owner"),
            (380, 203, "2026-03-12"),
            footer("Page 2 of 2"),
        ],
    ];
    place.write("policies/access.pdf", &pdf(&pages));
    place.run();
    assert_eq!(place.found("evidence-lost"), [""; 0]);
    assert_eq!(place.asked(), [""; 0]);
    assert_eq!(place.cited(), ["policies/access.pdf"]);
    assert_eq!(place.coverage(), before);
}

#[test]
fn a_changed_quote_asks_with_a_diff_and_an_answer_settles_it() {
    let place = Place::decided("access.md", &markdown(&[CONTROL, RULE, LEAVERS]));
    let before = place.coverage();
    let new = RULE.replace("by the owner of", "by the manager of");
    place.write("access.md", &markdown(&[CONTROL, &new, LEAVERS]));
    place.run();
    let asked = place.asked();
    assert!(!asked.is_empty());
    for text in &asked {
        assert!(text.starts_with("reconfirm: the quote was changed: "), "{text}");
        assert!(
            text.contains("[-owner-] {+manager+}") && text.contains("(Ada accepted on "),
            "{text}"
        );
    }
    let open = place.open();
    let rows: Vec<_> = open.iter().filter(|row| row["reasons"].starts_with("reconfirm")).collect();
    assert!(
        rows.iter()
            .all(|row| row["quote"].contains("the manager of") && row["decision"].is_empty())
    );
    assert!(open.iter().filter(|row| row["quote"] == rows[0]["quote"]).count() >= 1);
    assert!(
        place.coverage().iter().any(|row| row.contains("reconfirm")),
        "{:#?}",
        place.coverage()
    );
    assert!(!place.coverage().iter().any(|row| row.contains("evidence lost")));
    assert_eq!(place.found("evidence-changed").len(), asked.len());

    place.decide(|row| row["reasons"].starts_with("reconfirm").then_some(("accept", "Ada")));
    place.run();
    assert_eq!(place.asked(), [""; 0]);
    assert_eq!(place.coverage(), before);
    assert_eq!(place.found("evidence-changed"), [""; 0]);
    // Verification looks for the words in force, not for those that they replaced.
    let work = place.work();
    run(0, &["verify", "-w", work.to_str().unwrap()]);
}

#[test]
fn version_status_scope_and_points_ask_for_reconfirmation() {
    let text = markdown(&[CONTROL, RULE, LEAVERS]);
    let changed = |from: &str, to: &str| {
        String::from_utf8(text.clone()).unwrap().replace(from, to).into_bytes()
    };
    let place = Place::decided("access.md", &text);
    let quotes = place.gap()["counts"]["evidence"].as_u64().unwrap() as usize;

    let all = |expected: &str| {
        let asked = place.asked();
        assert!(!asked.is_empty(), "{expected}");
        for reason in &asked {
            assert!(reason.starts_with("reconfirm: ") && reason.contains(expected), "{reason}");
        }
        assert!(place.found("evidence-changed").iter().all(|m| m.contains(expected)));
        assert_eq!(place.gap()["counts"]["evidence_to_reconfirm"], quotes);
        place.decide(|row| row["reasons"].starts_with("reconfirm").then_some(("accept", "Ada")));
        place.run();
        assert_eq!(place.asked(), [""; 0], "reconfirmed: {expected}");
    };
    place.write("access.md", &changed("Version: 1.0", "Version: 2.0"));
    place.run();
    all("the document's version was 1.0 and is 2.0");

    place.write(
        "access.md",
        &changed("Version: 1.0. Status: Approved", "Version: 2.0. Status: Draft"),
    );
    place.run();
    all("the document's status was approved and is draft");

    place.write("access.md", &changed("Version: 1.0", "Version: 2.0"));
    place.run();
    all("the document's status was draft and is approved");

    let toml = place.work().join("evimap.toml");
    let scope = |from: &str, to: &str| {
        let text = fs::read_to_string(&toml).unwrap();
        let new = ["ISO27001", "ISO42001"].iter().fold(text, |text, standard| {
            text.replace(&format!("{standard} = \"{from}\""), &format!("{standard} = \"{to}\""))
        });
        fs::write(&toml, new).unwrap();
        place.run();
    };
    scope("", "The whole company.");
    assert_eq!(place.asked(), [""; 0], "written down for the first time");
    // Decisions from now on know the scope.
    place.write("access.md", &changed("Version: 1.0", "Version: 2.1"));
    place.run();
    all("was 2.0 and is 2.1");
    scope("The whole company.", "The site in Berlin.");
    all("changed");
}

#[test]
fn a_deleted_document_is_reported_and_coverage_falls() {
    let place = Place::decided("access.md", &markdown(&[CONTROL, RULE, LEAVERS]));
    place.remove("access.md");
    place.run();
    assert_eq!(place.asked(), [""; 0]);
    assert!(!place.found("evidence-lost").is_empty());
    for row in place.coverage() {
        assert!(row.contains("\"not reviewed\" [\"evidence lost\"]"), "{row}");
    }
    // It comes back: nothing has to be decided again.
    place.write("restored/access.md", &markdown(&[CONTROL, RULE, LEAVERS]));
    place.run();
    assert_eq!((place.asked(), place.found("evidence-lost")), (vec![], vec![]));
}

#[test]
fn people_who_differ_come_back_until_a_lead_decides() {
    let place = Place::decided("access.md", &markdown(&[CONTROL, RULE, LEAVERS]));
    place.configure("[[reviewer]]\nname = \"Lena\"\nlead = true\n");
    // Ben has an export from before Ada's decisions: here, one with everything.
    place.export_all();
    let one = place.open().into_iter().find(|row| row["decision"] == "accept").unwrap();
    let said =
        place.decide(|row| (row["proposal_id"] == one["proposal_id"]).then_some(("reject", "Ben")));
    assert!(said.contains("reject is against Ada's accept of"), "{said}");
    place.run();
    let asked = place.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].starts_with("conflict: Ada accepted on "), "{asked:?}");
    assert!(asked[0].contains("Ben rejected on ") && asked[0].contains("a lead has to decide"));
    assert_eq!(place.found("conflict").len(), 1);
    assert_eq!(place.gap()["counts"]["unsettled"], 1);
    assert!(place.coverage().iter().any(|row| row.contains("\"conflict\"")));

    place.decide(|row| row["reasons"].starts_with("conflict").then_some(("reject", "Lena")));
    place.run();
    assert_eq!((place.asked(), place.found("conflict")), (vec![], vec![]));
}

#[test]
fn under_four_eyes_a_second_person_is_asked() {
    let place = Place::decided("access.md", &markdown(&[CONTROL, RULE, LEAVERS]));
    let before = place.coverage();
    place.configure("[review]\nfour_eyes = [\"*\"]\n");
    place.run();
    let asked = place.asked();
    assert!(
        asked.iter().all(|text| text.starts_with("second person: Ada accepted on ")),
        "{asked:?}"
    );
    assert_eq!(place.gap()["counts"]["evidence"], 0);
    assert_eq!(place.found("second-person").len(), asked.len());

    // Saying it again helps nobody.
    let again =
        |row: &Row| row["reasons"].starts_with("second person").then_some(("accept", "ada"));
    assert!(place.decide(again).contains("added 0 decisions"));
    place.decide(|row| row["reasons"].starts_with("second person").then_some(("accept", "Ben")));
    place.run();
    assert_eq!(place.asked(), [""; 0]);
    assert_eq!(place.coverage(), before);
}
