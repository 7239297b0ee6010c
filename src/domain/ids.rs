//! Identifiers. A target id always names its framework, because both standards use A.5 to A.8.

use std::{borrow::Borrow, cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// ISO/IEC 27001:2022.
pub const ISO27001: &str = "ISO27001";
/// ISO/IEC 42001:2023.
pub const ISO42001: &str = "ISO42001";

/// Short id of a framework, for example `ISO27001`.
pub type FrameworkId = String;

/// `FRAMEWORK:LOCAL`, for example `ISO27001:9.2.1` or `ISO42001:A.6.2.4`.
///
/// Ordered as a reader expects: clauses before annexes, `A.5.2` before `A.5.10`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TargetId(String);

/// An id that does not have the form `FRAMEWORK:LOCAL`.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is not a target id; write FRAMEWORK:ID, for example ISO27001:A.5.18")]
pub struct BadTargetId(pub String);

impl TargetId {
    /// The framework part, for example `ISO27001`.
    pub fn framework(&self) -> &str {
        self.0.split_once(':').map_or("", |(framework, _)| framework)
    }

    /// The part after the framework, for example `A.5.18` or `9.2.1`.
    pub fn local(&self) -> &str {
        self.0.split_once(':').map_or(self.0.as_str(), |(_, local)| local)
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn sort_key(&self) -> (&str, bool, Vec<(u32, &str)>) {
        let local = self.local();
        let annex = local.starts_with(|c: char| c.is_ascii_alphabetic());
        let parts = local.split('.').map(|part| (part.parse().unwrap_or(0), part)).collect();
        (self.framework(), annex, parts)
    }
}

impl FromStr for TargetId {
    type Err = BadTargetId;

    /// Accepts any letter case and surrounding blanks; the canonical form is upper case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadTargetId(text.to_owned());
        let upper = text.trim().to_ascii_uppercase();
        let (framework, local) = upper.split_once(':').ok_or_else(bad)?;
        let plain = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        };
        if plain(framework) && plain(local) { Ok(Self(upper.clone())) } else { Err(bad()) }
    }
}

impl TryFrom<String> for TargetId {
    type Error = BadTargetId;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TargetId> for String {
    fn from(id: TargetId) -> Self {
        id.0
    }
}

impl Borrow<str> for TargetId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Ord for TargetId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sort_key().cmp(&other.sort_key()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for TargetId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A point of a target: `ISO27001:A.5.15#d1`. Stable over releases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PointId(String);

impl PointId {
    /// Joins a target and the short id of one of its points.
    pub fn new(target: &TargetId, short: &str) -> Self {
        Self(format!("{target}#{short}"))
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after `#`, for example `d1`.
    pub fn short(&self) -> &str {
        self.0.rsplit_once('#').map_or("", |(_, short)| short)
    }

    /// The target that the point belongs to, if the id is well formed.
    pub fn target(&self) -> Option<TargetId> {
        self.0.rsplit_once('#').and_then(|(target, _)| target.parse().ok())
    }
}

impl FromStr for PointId {
    type Err = BadTargetId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (target, short) =
            text.trim().rsplit_once('#').ok_or_else(|| BadTargetId(text.to_owned()))?;
        Ok(Self::new(&target.parse()?, &short.to_ascii_lowercase()))
    }
}

impl fmt::Display for PointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `p-` and 16 lower-case base32 letters: the hash of target, system and the quote's letters and
/// digits. Position, path and catalogue version don't enter, so the id survives moves and upgrades.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProposalId(String);

impl ProposalId {
    /// Derives the id of a proposal. Deterministic, the same on every machine.
    pub fn derive(target: &TargetId, system: Option<&str>, quote: &str) -> Self {
        use sha2::{Digest, Sha256};
        let mut hasher = Sha256::new();
        for field in [target.as_str(), system.unwrap_or(""), &super::letters_and_digits(quote)] {
            hasher.update((field.len() as u64).to_le_bytes());
            hasher.update(field.as_bytes());
        }
        let digest = hasher.finalize();
        let text = data_encoding::BASE32_NOPAD.encode(&digest[..10]).to_ascii_lowercase();
        Self(format!("p-{text}"))
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProposalId {
    type Err = String;

    /// Accepts any letter case and surrounding blanks.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.trim().to_ascii_lowercase();
        let ok = lower.strip_prefix("p-").is_some_and(|rest| {
            rest.len() == 16 && rest.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))
        });
        if ok { Ok(Self(lower)) } else { Err(format!("`{text}` is not a proposal id")) }
    }
}

impl fmt::Display for ProposalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_sort_like_a_table_of_contents() {
        let mut ids: Vec<TargetId> = [
            "ISO27001:A.5.10",
            "ISO27001:A.5.2",
            "ISO27001:10.1",
            "ISO27001:9.2.1",
            "ISO42001:4.1",
        ]
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
        ids.sort();
        let text: Vec<_> = ids.iter().map(TargetId::as_str).collect();
        assert_eq!(
            text,
            [
                "ISO27001:9.2.1",
                "ISO27001:10.1",
                "ISO27001:A.5.2",
                "ISO27001:A.5.10",
                "ISO42001:4.1"
            ]
        );
    }

    #[test]
    fn ids_are_read_in_any_case_and_a_bare_id_is_refused() {
        assert_eq!("iso27001:a.5.1".parse::<TargetId>().unwrap().as_str(), "ISO27001:A.5.1");
        assert!("A.5.1".parse::<TargetId>().is_err());
        assert!("ISO27001:".parse::<TargetId>().is_err());
        assert_eq!(
            " P-ABCDEFGHIJKLMNOP".parse::<ProposalId>().unwrap().as_str(),
            "p-abcdefghijklmnop"
        );
    }

    #[test]
    fn a_proposal_id_ignores_layout_but_not_system() {
        let target: TargetId = "ISO42001:A.6.2.4".parse().unwrap();
        let one = ProposalId::derive(&target, Some("triage"), "Recall was 0.91,\n checked.");
        assert_eq!(one, ProposalId::derive(&target, Some("triage"), "recall was 0.91 — checked"));
        assert_ne!(one, ProposalId::derive(&target, None, "Recall was 0.91, checked."));
        assert_eq!(one.as_str().len(), 18);
    }
}
