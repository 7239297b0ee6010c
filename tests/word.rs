//! The Word files as another program meets them: our own reader takes them apart, and never as
//! evidence; the cover follows the ledger.

mod common;

use std::fs;

use common::{AS_OF, run};
use serde_json::Value;

const POLICY: &str = "# Access control policy\n\nVersion 1.0, approved by the CEO on 2026-02-01.\n\n\
## Reviews\n\nAccess rights are reviewed every quarter by the owner of each system.\n";

/// Heads and text of what `evimap extract` gives for a file.
fn extracted(path: &std::path::Path) -> (Value, String) {
    let (out, _) = run(0, &["extract", path.to_str().unwrap()]);
    let document: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    let blocks = document["blocks"].as_array().unwrap();
    let text: Vec<&str> = blocks.iter().filter_map(|b| b["text"].as_str()).collect();
    (document.clone(), text.join("\n"))
}

#[test]
fn word_files_are_read_back_and_are_no_evidence_and_the_cover_follows_the_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let (isms, work) = (dir.path().join("isms"), dir.path().join("work"));
    fs::create_dir(&isms).unwrap();
    fs::write(isms.join("access-control-policy.md"), POLICY).unwrap();
    let workspace = work.to_str().unwrap();
    let again = || run(0, &["report", "-w", workspace, "--as-of", AS_OF, "-q"]);
    run(0, &["run", isms.to_str().unwrap(), "-w", workspace, "--as-of", AS_OF, "-q"]);
    let state = |row: &str| {
        let file = dir.path().join("positions-edited.csv");
        let head = "target,applicability,inclusion_reasons,risk_ids,justification,\
                    implementation_status,owner,decided_by,decided_on";
        fs::write(&file, format!("{head}\n{row}\n")).unwrap();
        run(0, &["review", "import", file.to_str().unwrap(), "-w", workspace, "--as-of", AS_OF]);
    };
    state(&format!(
        "ISO27001:A.5.15,applicable,risk,R-1,Files lie on shared drives.,not implemented,IT,Jane Doe,{AS_OF}"
    ));
    let record = |key: &str| -> String {
        again();
        let json = fs::read_to_string(work.join("reports/gap-analysis.json")).unwrap();
        let all: Value = serde_json::from_str(&json).unwrap();
        all[key].as_str().unwrap().to_owned()
    };
    let head = record("ledger_head");
    let toml = work.join("evimap.toml");
    let text = fs::read_to_string(&toml).unwrap();
    let with = |head: &str| {
        let more = format!(
            "\n[soa.ISO27001]\nversion = \"1.1\"\napproved_version = \"1.0\"\n\
             approved_on = \"2026-05-04\"\napproved_ledger_head = \"{head}\"\n"
        );
        fs::write(&toml, format!("{text}{more}")).unwrap();
        again();
        extracted(&work.join("reports/soa-iso27001.docx")).1
    };
    assert!(with(&"0".repeat(64)).contains("is not in this ledger"));
    assert!(with(&head).contains("nothing was stated or decided on a control since"));
    state(&format!(
        "ISO27001:A.5.15,applicable,risk,R-1,Files lie on shared drives.,implemented,IT,Jane Doe,{AS_OF}"
    ));
    let soa = with(&head);
    for words in [
        "implementation status: not implemented → implemented",
        "1 control, see Changes",
        "stated as implemented, but is not reviewed",
        "version 1.0 on 2026-05-04",
    ] {
        assert!(soa.contains(words), "{words}\n{soa}");
    }
    for control in ["A.5.1", "A.5.37", "A.8.34"] {
        assert!(soa.contains(control), "{control}");
    }

    // An export for those who may not see the words: they are blank, and it imports.
    run(0, &["review", "export", "--all", "-w", workspace, "--as-of", AS_OF, "--quotes", "none"]);
    let file = work.join("review/suggestions.csv");
    let blank = fs::read_to_string(&file).unwrap();
    assert!(
        blank.contains("access-control-policy.md") && !blank.contains("reviewed every quarter")
    );
    let (_, said) = run(0, &["review", "import", file.to_str().unwrap(), "-w", workspace]);
    assert!(!said.contains("review-quote"), "{said}");
    run(0, &["review", "export", "--all", "-w", workspace, "--as-of", AS_OF]);
    assert!(fs::read_to_string(&file).unwrap().contains("reviewed every quarter"));

    // Back in a source, a Word file of ours is known as such, whatever its name.
    let back = dir.path().join("back");
    fs::create_dir(&back).unwrap();
    for name in ["soa-iso27001.docx", "soa-iso42001.docx", "gap-analysis.docx"] {
        fs::copy(work.join("reports").join(name), back.join(format!("our {name}"))).unwrap();
    }
    let other = dir.path().join("other");
    let other = other.to_str().unwrap();
    run(0, &["run", back.to_str().unwrap(), "-w", other, "--as-of", AS_OF, "-q"]);
    let documents = fs::read_to_string(format!("{other}/reports/documents.csv")).unwrap();
    assert_eq!(documents.matches(",own-output,").count(), 3, "{documents}");
    let proposals = fs::read_to_string(format!("{other}/reports/proposals.jsonl")).unwrap();
    // They stay in the full ranking, as what they are, and are never shown for review.
    for line in proposals.lines() {
        let proposal: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&proposal["talk"], &proposal["band"]),
            (&"own-output".into(), &"possible".into())
        );
    }
}
