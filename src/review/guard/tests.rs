//! Nothing that a person typed is ever written over.

use std::{cell::RefCell, collections::BTreeMap};

use super::{
    super::export::{Dress, to_workbook},
    *,
};
use crate::domain::Date;

/// A folder and what the workspace remembers of its files.
struct Place {
    dir: tempfile::TempDir,
    last: RefCell<BTreeMap<String, Last>>,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), last: RefCell::default() }
    }

    fn review(&self) -> PathBuf {
        self.dir.path().join("review")
    }

    fn write(&self, table: &Table) -> Written {
        self.write_bytes(table, &table.to_csv())
    }

    fn write_workbook(&self, table: &Table) -> Written {
        let table = table.clone().as_workbook();
        let bytes = workbook(&table);
        self.write_bytes(&table, &bytes)
    }

    fn write_bytes(&self, table: &Table, bytes: &[u8]) -> Written {
        let written =
            write_guarded(&self.review(), table, bytes, &|name| self.remembered(name)).unwrap();
        let last = Last { hash: written.hash.clone(), cells: written.cells.clone() };
        self.last.borrow_mut().insert(written.file.clone(), last);
        written
    }

    fn remembered(&self, name: &str) -> Option<Last> {
        self.last.borrow().get(name).cloned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.review().join(name)).unwrap()
    }

    /// Replaces text in a file, as a person would.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let before = self.read(name);
        assert!(before.contains(from), "{before}");
        fs::write(self.review().join(name), before.replace(from, to)).unwrap();
    }

    /// What an import does once a file was applied.
    fn imported(&self, name: &str) {
        let bytes = fs::read(self.review().join(name)).unwrap();
        let before = self.remembered(name).map(|last| last.cells);
        let now = imported_cells(name, &bytes, before.as_ref()).unwrap();
        self.last.borrow_mut().insert(name.to_owned(), now);
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.review()).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn workbook(table: &Table) -> Vec<u8> {
    let dress = Dress {
        as_of: as_of(),
        program: "0",
        words: crate::words::Words::english(),
        systems: &[],
        link: &|_| None,
    };
    to_workbook(table, &dress).unwrap().0
}

/// Rows `p-…` with a comment each.
fn table(rows: &[(&str, &str)]) -> Table {
    let mut table = Table::new(FileKind::Suggestions);
    for (id, comment) in rows {
        let cells = [
            ("proposal_id", (*id).to_owned()),
            ("quote", "a quote".to_owned()),
            ("evidence_date", "2026-03-12".to_owned()),
            ("points", "ISO27001:A.5.15#d1".to_owned()),
            ("comment", (*comment).to_owned()),
        ];
        table.push((*id).to_owned(), cells.into());
    }
    table
}

fn as_of() -> Date {
    "2026-11-24".parse().unwrap()
}

const ONE: &str = "p-aaaaaaaaaaaaaaaa";
const TWO: &str = "p-bbbbbbbbbbbbbbbb";

#[test]
fn an_untouched_file_is_written_anew() {
    let place = Place::new();
    assert_eq!(place.write(&table(&[(ONE, "")])).kept, []);
    let written = place.write(&table(&[(TWO, "")]));
    assert_eq!((written.file.as_str(), written.kept.len()), ("suggestions.csv", 0));
    assert!(place.read("suggestions.csv").contains(TWO));
    assert_eq!(place.names(), ["suggestions.csv"]);
    assert_eq!(written.hash.len(), "sha256:".len() + 64);
}

#[test]
fn an_edited_file_is_kept_until_it_is_imported() {
    let place = Place::new();
    place.write(&table(&[(ONE, "seen")]));
    place.edit("suggestions.csv", ",,,,seen", ",accept,,,my words");
    let written = place.write(&table(&[(TWO, "")]));
    assert_eq!(written.file, "suggestions.new.csv");
    let warning = &written.kept[0];
    assert!(warning.message.starts_with("2 edited cells"), "{}", warning.message);
    let help = warning.help.as_deref().unwrap();
    assert!(help.starts_with("evimap review import") && help.contains("suggestions.csv"), "{help}");
    assert!(place.read("suggestions.csv").contains("my words"));
    assert!(place.read("suggestions.new.csv").contains(TWO));

    place.imported("suggestions.csv");
    let written = place.write(&table(&[(TWO, "")]));
    assert_eq!((written.file.as_str(), written.kept.len()), ("suggestions.csv", 0));
    assert_eq!(place.names(), ["suggestions.csv"], "the alternative is of no more use");
}

#[test]
fn an_edited_alternative_is_kept_too() {
    let place = Place::new();
    place.write(&table(&[(ONE, "seen")]));
    place.edit("suggestions.csv", ",,,,seen", ",accept,,,my words");
    place.write(&table(&[(ONE, "seen"), (TWO, "seen")]));
    place.edit("suggestions.new.csv", "seen", "other words");
    let written = place.write(&table(&[(TWO, "seen")]));
    assert_eq!((written.file.as_str(), written.kept.len()), ("suggestions.new2.csv", 2));
    place.imported("suggestions.csv");
    place.write(&table(&[(TWO, "seen")]));
    assert_eq!(place.names(), ["suggestions.csv", "suggestions.new.csv"]);
    assert!(place.read("suggestions.new.csv").contains("other words"));
}

#[test]
fn what_a_spreadsheet_program_rewrites_is_no_edit() {
    let place = Place::new();
    place.write(&table(&[(ONE, "two  words"), (TWO, "")]));
    place.edit("suggestions.csv", "2026-03-12", "3/12/2026");
    place.edit("suggestions.csv", "two  words", "two words");
    place.edit("suggestions.csv", "\u{feff}", "");
    place.edit("suggestions.csv", ",", ";");
    // A filtered export: the last row is not in it.
    let text = place.read("suggestions.csv");
    fs::write(place.review().join("suggestions.csv"), &text[..text.find(TWO).unwrap()]).unwrap();
    let written = place.write(&table(&[(ONE, "")]));
    assert_eq!((written.file.as_str(), written.kept), ("suggestions.csv", Vec::new()));
}

#[test]
fn a_row_added_by_hand_is_an_edit_whether_or_not_it_is_decided() {
    for (decision, imports) in [("accept", true), ("", false)] {
        let place = Place::new();
        place.write(&table(&[(ONE, "")]));
        let mut text = place.read("suggestions.csv");
        text.push_str(",ISO27001:A.5.15,,,,,,policy.md,,,words,,,,,,,,,");
        text.push_str(&format!("{decision},,,\r\n"));
        fs::write(place.review().join("suggestions.csv"), text).unwrap();
        assert_eq!(place.write(&table(&[(ONE, "")])).file, "suggestions.new.csv");
        place.imported("suggestions.csv");
        let written = place.write(&table(&[(ONE, "")]));
        assert_eq!(written.file == "suggestions.csv", imports, "{decision}");
    }
}

#[test]
fn what_was_begun_in_a_row_without_a_decision_survives_the_import() {
    let place = Place::new();
    place.write(&table(&[(ONE, ""), (TWO, "")]));
    let text = place.read("suggestions.csv");
    let begun = text.trim_end().to_owned() + "ask Eve\r\n";
    fs::write(place.review().join("suggestions.csv"), begun).unwrap();
    place.imported("suggestions.csv");
    let written = place.write(&table(&[(ONE, ""), (TWO, "")]));
    assert_eq!(written.file, "suggestions.new.csv");
    assert!(place.read("suggestions.csv").contains("ask Eve"));
}

#[test]
fn signed_positions_without_content_do_not_count_as_imported() {
    let cells = |rows: &str| {
        let file = format!("target,system,owner,decided_by\n{rows}");
        imported_cells("positions.csv", file.as_bytes(), None).unwrap().cells
    };
    assert!(cells("ISO27001:A.5.15,,,Jane\n").is_empty());
    assert_eq!(cells("iso27001:a.5.15,,Ops,Jane\n")["ISO27001:A.5.15|"]["owner"], "Ops");
}

#[test]
fn an_edit_that_the_new_table_has_anyway_is_not_lost_by_writing_it() {
    let place = Place::new();
    place.write(&table(&[(ONE, "")]));
    place.edit("suggestions.csv", "#d1,", "#o1,");
    let mut now = table(&[(ONE, "")]);
    let at = now.header.iter().position(|c| c == "points").unwrap();
    assert_eq!(place.write(&now).file, "suggestions.new.csv");
    now.rows[0][at] = "ISO27001:A.5.15#o1".to_owned();
    assert_eq!(place.write(&now).file, "suggestions.csv");
}

#[test]
fn a_file_that_is_not_on_record_is_kept_if_a_person_decided_in_it() {
    let place = Place::new();
    place.write(&table(&[(ONE, "")]));
    place.last.borrow_mut().clear();
    assert_eq!(place.write(&table(&[(TWO, "")])).file, "suggestions.csv");
    place.write(&table(&[(ONE, "said")]));
    place.last.borrow_mut().clear();
    assert_eq!(place.write(&table(&[(TWO, "")])).file, "suggestions.new.csv");
}

#[test]
fn a_file_of_another_kind_is_never_replaced() {
    let place = Place::new();
    fs::create_dir(place.review()).unwrap();
    fs::write(place.review().join("suggestions.csv"), "PK\u{3}\u{4}workbook").unwrap();
    let written = place.write(&table(&[(ONE, "")]));
    assert_eq!(written.file, "suggestions.new.csv");
    assert!(written.kept[0].message.contains("not a file that evimap wrote"));
    assert!(place.read("suggestions.csv").starts_with("PK"));
}

#[test]
fn a_file_that_can_not_be_read_is_an_error_that_names_it() {
    let place = Place::new();
    fs::create_dir_all(place.review().join("suggestions.csv")).unwrap();
    let error =
        write_guarded(&place.review(), &table(&[]), b"", &|_| None).unwrap_err().to_string();
    assert!(error.contains("suggestions.csv") && error.contains("close it"), "{error}");
}

#[test]
fn an_edited_workbook_is_kept_until_it_is_imported() {
    let place = Place::new();
    place.write_workbook(&table(&[(ONE, "")]));
    let mut edited = table(&[(ONE, "my words")]);
    assert_eq!(place.write_workbook(&edited).kept, [], "nobody touched it");
    place.write_workbook(&table(&[(ONE, "")]));
    let at = edited.header.iter().position(|c| c == "decision").unwrap();
    edited.rows[0][at] = "accept".to_owned();
    fs::write(place.review().join("suggestions.xlsx"), workbook(&edited)).unwrap();
    let waits = waiting(&place.review(), &[], &|name| place.remembered(name)).unwrap();
    assert_eq!(waits.len(), 1);
    assert!(waits[0].message.starts_with("2 edited cells"), "{}", waits[0].message);

    let written = place.write_workbook(&table(&[(TWO, "")]));
    assert_eq!((written.file.as_str(), written.kept.len()), ("suggestions.new.xlsx", 1));
    place.imported("suggestions.xlsx");
    assert_eq!(waiting(&place.review(), &[], &|name| place.remembered(name)).unwrap(), []);
    assert_eq!(place.write_workbook(&table(&[(TWO, "")])).file, "suggestions.xlsx");
    assert_eq!(place.names(), ["suggestions.xlsx"]);
}

#[test]
fn files_of_a_former_split_go_unless_somebody_worked_on_them() {
    let place = Place::new();
    let part = |who: &str| Table { name: format!("suggestions.{who}.csv"), ..table(&[(ONE, "")]) };
    for who in ["ann", "bob", "eve"] {
        place.write(&part(who));
    }
    place.write(&table(&[(ONE, "")]));
    fs::write(place.review().join("suggestions.mine.csv"), "not ours").unwrap();
    place.edit("suggestions.bob.csv", ",,,,\r\n", ",accept,Bob,,\r\n");
    let written = ["suggestions.ann.csv".to_owned()];
    let last = |name: &str| place.remembered(name);
    let (removed, kept) =
        clear_former(&place.review(), FileKind::Suggestions, ".csv", &written, &last).unwrap();
    assert_eq!(removed, ["suggestions.eve.csv"]);
    assert_eq!(kept.len(), 1);
    assert!(kept[0].file.as_deref().unwrap().contains("bob"));
    let left =
        ["suggestions.ann.csv", "suggestions.bob.csv", "suggestions.csv", "suggestions.mine.csv"];
    assert_eq!(place.names(), left);
}
