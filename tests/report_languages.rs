//! Reports and review files in German and French, from the command line to the import.

use std::{
    collections::BTreeSet,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use evimap::{domain::Language, words::Words};

/// A workspace over a few documents of the sample.
struct Case {
    dir: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("isms");
        fs::create_dir_all(&source).unwrap();
        fs::write(
            source.join("access.md"),
            "# Access control policy\n\nApproved by the board on 2026-03-01, version 2.0.\n\n\
             ## Access rules\n\nAccess to information is granted by role and only as far as the work \
             needs it. Rules for physical and logical access are laid down for each system.\n\n\
             ## Review of access rights\n\nAccess rights are reviewed every quarter by the owners of \
             the systems. The review of 2026-04-12 removed 14 accounts of people who had left.\n",
        )
        .unwrap();
        fs::write(
            source.join("audit.md"),
            "# Internal audit report 2026\n\nThe internal audit of 2026-05-04 looked at the \
             information security management system. Two findings were reported to management.\n\n\
             # Management review\n\nTop management reviewed the information security management \
             system on 2026-06-02 and decided on resources and improvements.\n",
        )
        .unwrap();
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path("w").join(name)).unwrap()
    }

    fn evimap(&self, arguments: &[&str]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_evimap"))
            .args(arguments)
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    fn run(&self, more: &[&str]) -> String {
        let mut arguments = vec!["run", "isms", "-w", "w", "--as-of", "2026-11-24"];
        arguments.extend(more);
        String::from_utf8(self.evimap(&arguments).stderr).unwrap()
    }
}

/// What stands in a workbook or Word file, its markup taken out.
fn inside(path: &Path) -> String {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut out = String::new();
    for n in 0..zip.len() {
        let mut part = zip.by_index(n).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.ends_with(".xml") && !name.contains("docProps") {
            part.read_to_string(&mut out).unwrap();
        }
    }
    let mut text = String::new();
    let mut markup = false;
    for c in out.chars() {
        match c {
            '<' => markup = true,
            '>' => {
                markup = false;
                text.push('\n');
            }
            c if !markup => text.push(c),
            _ => {}
        }
    }
    text.replace("&apos;", "'").replace("&amp;", "&").replace("&quot;", "\"")
}

/// One part of a workbook or Word file.
fn part(path: &Path, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut out = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut out).unwrap();
    out
}

/// Labels of English that another language says otherwise, by families of ids.
fn english(families: &[&str], other: &Words) -> Vec<(String, String)> {
    let mut labels = Vec::new();
    for family in families {
        for (id, forms) in Words::of(Language::En).family(family) {
            let fixed: Vec<&str> = forms.other.split(['{', '}']).step_by(2).collect();
            let label = fixed.iter().max_by_key(|part| part.len()).unwrap().trim();
            let told = &other.family(id)[id].other;
            // Short words occur in quotes, and some words are the same in both.
            if label.len() >= 12 && label.contains(' ') && !told.contains(label) {
                labels.push((id.to_owned(), label.to_owned()));
            }
        }
    }
    assert!(labels.len() > 20, "{labels:?}");
    labels
}

#[test]
fn no_english_label_is_left_in_another_language() {
    for (code, language) in [("de", Language::De), ("fr", Language::Fr)] {
        let case = Case::new();
        case.run(&["--lang", code]);
        let words = Words::of(language);
        let reports = case.path("w/reports");
        let page = case.text("reports/gap-analysis.html");
        let desk = case.text("reports/review-desk.html");
        for html in [&page, &desk] {
            assert!(html.contains(&format!("<html lang=\"{code}\">")));
        }
        // The desk's words stand in its data, English ones of the vocabulary as keys.
        let desk = desk.split("\"vocabulary\":").next().unwrap().to_owned();
        let mut shown = vec![("gap-analysis.html".to_owned(), page), ("desk".to_owned(), desk)];
        for name in [
            "soa-iso27001.xlsx",
            "soa-iso27001.docx",
            "soa-iso42001.xlsx",
            "soa-joint.xlsx",
            "gap-analysis.xlsx",
            "gap-analysis.docx",
            "risk-register.xlsx",
        ] {
            shown.push((name.to_owned(), inside(&reports.join(name))));
        }
        for name in ["gap-analysis.md", "management-review.md"] {
            shown.push((name.to_owned(), case.text(&format!("reports/{name}"))));
        }
        let families = [
            "disclaimer",
            "nothing-",
            "state-",
            "soa",
            "count-",
            "lacks-",
            "status-",
            "sign-",
            "gap-",
            "html-",
            "page-",
            "desk-",
            "col-",
            "band-",
            "sheet-",
            "fact-",
            "meaning-",
            "read-",
            "reuse-",
            "joint-",
            "what-",
            "pack-",
            "caveat-",
            "cut-",
            "more-",
            "risk-",
            "impact",
            "asset",
            "matrix-",
            "register-",
        ];
        let labels = english(&families, words);
        let mut left = BTreeSet::new();
        for (file, text) in &shown {
            for (id, label) in &labels {
                // Parts of common controls stay English, and name such things.
                let typical = file == "gap-analysis.xlsx"
                    && ["soa", "soa-of-draft", "html-eyebrow"].contains(&id.as_str());
                if !typical && text.contains(label.as_str()) {
                    left.insert(format!("{code} {file}: {id} = {label}"));
                }
            }
        }
        assert!(left.is_empty(), "{left:#?}");
        let styles = part(&reports.join("soa-iso27001.docx"), "word/styles.xml");
        assert!(styles.contains(&format!("<w:lang w:val=\"{code}-{}\"/>", code.to_uppercase())));
        let title = words.text("soa");
        for (file, text) in shown.iter().filter(|(file, _)| file.starts_with("soa-iso")) {
            assert!(text.contains(title), "{file} is no {title}");
        }
    }
}

#[test]
fn machines_read_the_same_in_every_language() {
    let case = Case::new();
    case.run(&[]);
    let names = [
        "reports/gap-analysis.json",
        "reports/gap-analysis.csv",
        "reports/soa-iso27001.csv",
        "reports/evidence-index.csv",
        "reports/documents.csv",
        "reports/proposals.jsonl",
        "reports/oscal/assessment-results.json",
        "reports/ciso-assistant-iso27001.csv",
        "reports/risk-register.csv",
    ];
    let before = names.map(|name| case.text(name));
    let page = case.text("reports/gap-analysis.html");
    let told = case.run(&["--lang", "de"]);
    assert!(!told.contains("Nothing changed"), "another language is a change: {told}");
    assert_ne!(page, case.text("reports/gap-analysis.html"));
    for (name, before) in names.iter().zip(before) {
        assert!(before == case.text(name), "{name} hangs on the language");
    }
    assert!(case.run(&["--lang", "de"]).contains("Nothing changed"));
    // The configuration asks as well, and the command line comes first.
    let config = case.text("evimap.toml");
    fs::write(case.path("w/evimap.toml"), format!("{config}\n[reports]\nlanguage = \"fr\"\n"))
        .unwrap();
    case.run(&[]);
    assert!(case.text("reports/gap-analysis.html").contains("<html lang=\"fr\">"));
    case.evimap(&["report", "-w", "w", "--as-of", "2026-11-24", "--lang", "en"]);
    assert_eq!(page, case.text("reports/gap-analysis.html"));
}

/// What the review desk saves is suggestions.csv with English columns and words, whatever its
/// language; so is what `review export` writes.
#[test]
fn a_german_review_comes_back() {
    let case = Case::new();
    case.run(&["--lang", "de"]);
    let text = case.text("review/suggestions.csv");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(!rows.is_empty());
    let german = Words::of(Language::De);
    let mut out = csv::Writer::from_path(case.path("decisions.csv")).unwrap();
    out.write_record(&header).unwrap();
    let row = rows.remove(0);
    let cells: Vec<&str> = header
        .iter()
        .zip(&row)
        .map(|(column, cell)| match column {
            // A person may write the German word, too.
            "decision" => german.word("accepted"),
            "reviewer" => "Erika Muster",
            "decided_on" => "24.11.2026",
            _ => cell,
        })
        .collect();
    assert_eq!(cells[at("target")].split(':').count(), 2);
    out.write_record(&cells).unwrap();
    out.flush().unwrap();
    let done =
        case.evimap(&["review", "import", "decisions.csv", "-w", "w", "--as-of", "2026-11-24"]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(told.contains("added 1 decisions"), "{told}");
    case.run(&["--lang", "de"]);
    let page = case.text("reports/gap-analysis.html");
    assert!(page.contains("angenommen von <bdi>Erika Muster</bdi> am 2026-11-24"));
}

/// German and French reports that lie among the sources are known as our own.
#[test]
fn our_own_reports_are_no_evidence_in_any_language() {
    let case = Case::new();
    for code in ["de", "fr"] {
        case.run(&["--lang", code]);
        for name in ["gap-analysis.md", "management-review.md", "gap-analysis.html"] {
            let to = case.path("isms").join(format!("{code}-{name}"));
            fs::copy(case.path("w/reports").join(name), to).unwrap();
        }
    }
    case.run(&[]);
    let documents = case.text("reports/documents.csv");
    for line in documents.lines().filter(|line| line.starts_with("de-") || line.starts_with("fr-"))
    {
        assert!(line.contains("own-output"), "{line}");
    }
    assert_eq!(documents.matches("own-output").count(), 6);
}
