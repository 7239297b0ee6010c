//! Accepted evidence is re-verified in the files themselves.

mod common;

use std::fs;

use common::{AS_OF, run};
use serde_json::Value;

const POLICY: &str = "# Access control policy\n\nVersion 1.0, approved by the CEO on 2026-02-01.\n\n\
## Reviews\n\nAccess rights are reviewed every quarter by the owner of each system.\n\n\
## Leavers\n\nAccess is removed on the last working day.\n";

#[test]
fn a_quote_stands_moves_and_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (isms, work) = (dir.path().join("isms"), dir.path().join("work"));
    fs::create_dir(&isms).unwrap();
    let policy = isms.join("access-control-policy.md");
    fs::write(&policy, POLICY).unwrap();
    let workspace = work.to_str().unwrap();
    run(0, &["run", isms.to_str().unwrap(), "-w", workspace, "--as-of", AS_OF, "-q"]);

    let decided = dir.path().join("decided.csv");
    let quote = "Access rights are reviewed every quarter by the owner of each system.";
    fs::write(
        &decided,
        format!(
            "proposal_id,target,document,quote,evidence_kind,points,decision,reviewer\n\
             ,ISO27001:A.5.18,access-control-policy.md,{quote},design,d1,accept,Jane Doe\n"
        ),
    )
    .unwrap();
    run(0, &["review", "import", decided.to_str().unwrap(), "-w", workspace, "--as-of", AS_OF]);

    let standing = |code: i32| {
        let (out, _) = run(code, &["verify", "-w", workspace, "--json"]);
        let all: Value = serde_json::from_str(&out).unwrap();
        let one = &all["evidence"][0];
        (one["standing"].as_str().unwrap().to_owned(), one["unchanged"].as_bool().unwrap())
    };
    assert_eq!(standing(0), ("stands".to_owned(), true));

    fs::write(
        &policy,
        POLICY.replace("# Access control policy", "# Access control policy\n\nNew preface."),
    )
    .unwrap();
    assert_eq!(standing(0), ("moved".to_owned(), false));

    fs::write(&policy, POLICY.replace("every quarter", "every year")).unwrap();
    assert_eq!(standing(1), ("lost".to_owned(), false));

    fs::remove_file(&policy).unwrap();
    assert_eq!(standing(1), ("unreadable".to_owned(), false));
}
