//! Older versions of a document that lie beside the newer one.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;

use crate::domain::{DocumentProfile, DocumentStatus, DocumentType};

/// A version or date in a file name, with what sets it apart from the name.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)[\s_.(\[-]*(?:",
        r"(20\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])",
        r"|(?:\b|_)(?:version|rev(?:ision)?|v)[\s_.-]*(\d{1,3})(?:[._-](\d{1,3}))?(?:[._-](\d{1,3}))?",
        r")[\s)\]]*$",
    ))
    .expect("constant")
});

/// What of a name comes first: a version before a date, then the numbers.
type Mark = (bool, Vec<u32>);

/// Marks documents as superseded that have a newer version in the same folder: same name but for a
/// version number or a date, and the newer one is in force. Only policies and procedures: of records,
/// minutes, letters and declarations each is one of its own. What a document says of itself is left
/// alone: one that says that it is approved is superseded only by another that says so. A number
/// without a word before it may be that of a clause.
pub fn supersede<'d>(documents: impl Iterator<Item = (&'d str, &'d mut DocumentProfile)>) {
    let mut families: BTreeMap<String, Vec<(Mark, &mut DocumentProfile)>> = BTreeMap::new();
    for (path, profile) in documents.filter(|(_, profile)| lays_down(profile.document_type)) {
        if let Some((family, mark)) = taken_apart(path) {
            families.entry(family).or_default().push((mark, profile));
        }
    }
    for members in families.values_mut() {
        let in_force =
            |status| matches!(status, DocumentStatus::Approved | DocumentStatus::Unstated);
        let newest = |counts: &dyn Fn(DocumentStatus) -> bool| {
            let members = members.iter().filter(|(_, profile)| counts(profile.status));
            members.map(|(mark, _)| mark.clone()).max()
        };
        let approved = newest(&|status| status == DocumentStatus::Approved);
        let any = newest(&in_force);
        for (mark, profile) in members {
            let newest = match profile.status {
                DocumentStatus::Approved => &approved,
                _ => &any,
            };
            let older = newest.as_ref().is_some_and(|newest| *mark < *newest && mark.0 == newest.0);
            if older && in_force(profile.status) {
                profile.status = DocumentStatus::Superseded;
            }
        }
    }
}

fn lays_down(kind: DocumentType) -> bool {
    matches!(kind, DocumentType::Policy | DocumentType::Procedure)
}

/// Folder and name without the mark, and the mark; `None` if the name has none.
fn taken_apart(path: &str) -> Option<(String, Mark)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, _) = name.rsplit_once('.').unwrap_or((name, ""));
    let caught = MARK.captures(stem)?;
    let whole = caught.get(0)?;
    let numbers = |groups: std::ops::RangeInclusive<usize>| -> Vec<u32> {
        let mut numbers: Vec<u32> =
            groups.filter_map(|n| caught.get(n)?.as_str().parse().ok()).collect();
        // 2 and 2.0 are one version.
        while numbers.len() > 1 && numbers.last() == Some(&0) {
            numbers.pop();
        }
        numbers
    };
    let date = numbers(1..=3);
    let mark = if date.is_empty() { (true, numbers(4..=6)) } else { (false, date) };
    let name: String = stem[..whole.start()]
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    (name.chars().filter(|c| c.is_alphabetic()).count() >= 4)
        .then(|| (format!("{folder}/{name}"), mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DocumentStatus::{Approved, Draft, Superseded, Unstated};
    use DocumentType::{Minutes, Policy, Statement};

    fn statuses(documents: &[(&str, DocumentType, DocumentStatus)]) -> Vec<DocumentStatus> {
        let mut profiles: Vec<DocumentProfile> = documents
            .iter()
            .map(|(_, document_type, status)| DocumentProfile::bare(*document_type, *status))
            .collect();
        supersede(documents.iter().map(|(path, ..)| *path).zip(&mut profiles));
        profiles.iter().map(|profile| profile.status).collect()
    }

    #[test]
    fn a_lower_version_beside_a_higher_one_is_superseded() {
        assert_eq!(
            statuses(&[
                ("p/Backup policy v1.9.docx", Policy, Approved),
                ("p/Backup policy v1.10.pdf", Policy, Approved),
                ("p/backup_policy_V1.docx", Policy, Unstated),
                ("p/Access policy v1.docx", Policy, Approved),
                ("q/Backup policy v2.docx", Policy, Approved),
                ("p/Log policy 2023-05-01.docx", Policy, Unstated),
                ("p/Log policy 20250501.docx", Policy, Unstated),
            ]),
            [Superseded, Approved, Superseded, Approved, Approved, Superseded, Unstated]
        );
    }

    #[test]
    fn drafts_records_and_other_numbers_supersede_nothing() {
        assert_eq!(
            statuses(&[
                ("Backup policy v1.docx", Policy, Approved),
                ("Backup policy v2.docx", Policy, Draft),
                ("Board 2025-01-10.docx", Minutes, Approved),
                ("Board 2025-02-10.docx", Minutes, Approved),
                ("ISO 27001.docx", Policy, Approved),
                ("ISO 42001.docx", Policy, Approved),
                ("Policy 5.1.docx", Policy, Approved),
                ("Policy 5.2.docx", Policy, Approved),
                ("Log policy v1.docx", Policy, Approved),
                ("Log policy v2.docx", Policy, Unstated),
                ("Key policy v2.docx", Policy, Approved),
                ("Key policy v2.0.docx", Policy, Approved),
                ("Appointment 2025-01-10.docx", Statement, Approved),
                ("Appointment 2025-02-10.docx", Statement, Approved),
                ("v1.docx", Policy, Approved),
                ("v2.docx", Policy, Approved),
            ]),
            [
                Approved, Draft, Approved, Approved, Approved, Approved, Approved, Approved,
                Approved, Unstated, Approved, Approved, Approved, Approved, Approved, Approved
            ]
        );
    }
}
