//! Who decides, and what holds between people who differ.

use super::{Config, Section};
use crate::{
    diag::Sink,
    domain::{TargetId, same_name},
};

/// A person who may decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    pub name: String,
    pub role: String,
    /// A lead settles conflicts.
    pub lead: bool,
}

/// What settles opposite verdicts of two people on one proposal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ConflictRule {
    /// A lead's verdict; without one, or between leads who differ, it stays a conflict.
    #[default]
    Lead,
    /// The verdict that was imported last.
    Latest,
    /// A reject.
    Strictest,
}

impl ConflictRule {
    const WORDS: [(&str, Self); 3] =
        [("lead", Self::Lead), ("latest", Self::Latest), ("strictest", Self::Strictest)];
}

impl Config {
    pub(super) fn review(&mut self, root: &mut Section<'_>, sink: &mut Sink) {
        let mut review = root.table(sink, "review");
        self.strict_reviewers = review.boolean(sink, "strict").unwrap_or(false);
        self.four_eyes = review.strings(sink, "four_eyes").unwrap_or_default();
        if let Some(word) = review.string(sink, "conflict") {
            match ConflictRule::WORDS.iter().find(|(known, _)| *known == word) {
                Some((_, rule)) => self.conflict = *rule,
                None => {
                    let line = review.line_of("conflict");
                    let message = format!("`{word}` settles no conflict");
                    review.fault(sink, line, message, "write lead, latest or strictest");
                }
            }
        }
        review.finish(sink);
    }

    /// Whether a person on the list is a lead.
    pub fn is_lead(&self, name: &str) -> bool {
        self.reviewers.iter().any(|r| r.lead && same_name(&r.name, name))
    }

    /// Whether two people must accept the evidence for a target.
    pub fn needs_four_eyes(&self, target: &TargetId) -> bool {
        self.four_eyes.iter().any(|pattern| fits(pattern, target.as_str()))
    }
}

/// Whether a text fits a pattern in which `*` stands for anything; letter case does not count.
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.trim().to_ascii_lowercase(), text.to_ascii_lowercase());
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_the_review_are_read_and_a_wrong_word_is_refused() {
        let text = "[review]\nconflict = \"strictest\"\nfour_eyes = [\"ISO27001:A.5.*\"]\n";
        let config = Config::parse("evimap.toml", text).unwrap();
        assert_eq!(config.conflict, ConflictRule::Strictest);
        assert!(config.needs_four_eyes(&"ISO27001:A.5.15".parse().unwrap()));
        assert!(!config.needs_four_eyes(&"ISO42001:A.5.2".parse().unwrap()));
        assert_eq!(Config::parse("evimap.toml", "").unwrap().conflict, ConflictRule::Lead);

        let faults = Config::parse("evimap.toml", "[review]\nconflict = \"last\"\n").unwrap_err();
        assert_eq!(faults[0].line, Some(2));
        assert!(faults[0].help.as_ref().unwrap().contains("strictest"));
    }

    #[test]
    fn patterns_name_targets() {
        for (pattern, id, expected) in [
            ("ISO27001:A.5.*", "ISO27001:A.5.15", true),
            ("iso27001:a.5.15", "ISO27001:A.5.15", true),
            ("ISO27001:A.5.1", "ISO27001:A.5.15", false),
            ("*", "ISO42001:8.4", true),
            ("*:A.*.2", "ISO42001:A.6.2", true),
            ("*:A.*.2", "ISO42001:A.6.2.4", false),
            ("ISO42001:*", "ISO27001:4.1", false),
            ("A.5.*", "ISO27001:A.5.15", false),
        ] {
            assert_eq!(fits(pattern, id), expected, "{pattern} {id}");
        }
    }
}
