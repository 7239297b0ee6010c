//! Words of Statements of Applicability, in all languages that documents are read in.

use super::super::{fields::norm, words};
use crate::domain::{Applicability, ImplementationStatus};

/// Yes or no: words, marks, and `1` and `0`.
pub(super) fn flag(cell: &str) -> Option<bool> {
    match cell.trim() {
        "x" | "X" | "✓" | "✔" | "☑" | "1" => return Some(true),
        "-" | "–" | "—" | "✗" | "✘" | "☐" | "☒" | "0" => return Some(false),
        _ => {}
    }
    match norm(cell).as_str() {
        "yes" | "y" | "ja" | "j" | "true" | "wahr" | "oui" | "sí" | "si" | "sì" | "sim"
        | "vrai" | "verdadero" | "vero" | "waar" => Some(true),
        "no" | "n" | "nein" | "false" | "falsch" | "non" | "não" | "nee" | "faux" | "falso"
        | "onwaar" => Some(false),
        _ => None,
    }
}

/// What a cell of an applicability column says, whatever is explained behind its first words:
/// `Nein – keine eigene Entwicklung` is not applicable.
pub(super) fn applicability(cell: &str) -> Option<Applicability> {
    let known = |text: &str| {
        if let Some(yes) = flag(text) {
            let (one, other) = (Applicability::Applicable, Applicability::NotApplicable);
            return Some(if yes { one } else { other });
        }
        words::find(words::APPLICABILITY, text).or(match norm(text).as_str() {
            "included" | "selected" | "relevant" | "in scope" | "eingeschlossen" | "ausgewählt"
            | "applies" => Some(Applicability::Applicable),
            "not relevant" | "not selected" | "out of scope" | "nicht relevant"
            | "nicht ausgewählt" | "does not apply" | "n a" => Some(Applicability::NotApplicable),
            _ => None,
        })
    };
    known(cell).or_else(|| known(head(cell)?))
}

/// How far a control is implemented. Whole percentages count: 100 is implemented, 0 is not.
pub(super) fn status(cell: &str) -> Option<ImplementationStatus> {
    let known = |text: &str| {
        use ImplementationStatus::{Implemented, NotImplemented, PartiallyImplemented, Planned};
        words::find(words::STATUSES, text).or_else(|| match norm(text).as_str() {
            "complete"
            | "completed"
            | "in place"
            | "done"
            | "erledigt"
            | "abgeschlossen"
            | "voll umgesetzt"
            | "fully"
            | "vollständig implementiert"
            | "100%"
            | "operational"
            | "in betrieb" => Some(Implemented),
            "partly" | "in part" | "zum teil umgesetzt" | "tlw umgesetzt" | "teilw umgesetzt" => {
                Some(PartiallyImplemented)
            }
            "to be implemented" | "vorgesehen" | "zu planen" | "scheduled" => Some(Planned),
            "not started" | "open" | "offen" | "nicht begonnen" | "missing" | "0%"
            | "not in place" => Some(NotImplemented),
            other => {
                let share: u32 = other.strip_suffix('%')?.trim().parse().ok()?;
                (share < 100).then_some(PartiallyImplemented)
            }
        })
    };
    known(cell).or_else(|| known(head(cell)?))
}

/// The words before the first sign that begins an explanation.
fn head(cell: &str) -> Option<&str> {
    let end = cell.find(|c: char| ",;:(–—\n".contains(c)).or_else(|| cell.find(" - "))?;
    Some(cell[..end].trim()).filter(|head| !head.is_empty())
}
