//! `[judge]`: what of the documents may leave, and how much at once.

use globset::GlobBuilder;

use super::section::Section;
use crate::diag::Sink;

/// Words of labels whose documents stay here unless the configuration says otherwise: what a label of
/// the classification scheme commonly says of what is not for everybody in the house.
const LABELS: [&str; 13] = [
    "confidential",
    "secret",
    "restricted",
    "vertraulich",
    "geheim",
    "verschlusssache",
    "confidentiel",
    "confidencial",
    "riservato",
    "vertrouwelijk",
    "tlp:red",
    "tlp:amber",
    "tlp:amber+strict",
];

/// Most passages of one question.
const MOST_PASSAGES: u64 = 20;
/// Fewest tokens that a question with one short passage has.
const FEWEST_TOKENS: u64 = 1500;
/// Most names of `redact_names`.
const MOST_NAMES: usize = 5000;
/// Shorter names would be found in ordinary words.
const SHORTEST_NAME: usize = 2;

/// What may leave, and how much of it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeContent {
    /// Globs of documents that are never sent; as those of a system's paths.
    pub never_send: Vec<String>,
    /// Lower-case words: a document whose label holds one of them is never sent.
    pub never_send_labels: Vec<String>,
    /// Take out e-mail addresses, telephone numbers, IBANs and keys.
    pub redact: bool,
    /// Take these out as well.
    pub redact_names: Vec<String>,
    /// Most passages of one question.
    pub passages_per_call: usize,
    /// Most tokens of one question, estimated.
    pub tokens_per_call: usize,
    /// Keep what was sent in the log as text, and not only its hash.
    pub log_sent: bool,
    /// Keep every exchange under `.evimap/`.
    pub record: bool,
}

impl Default for JudgeContent {
    fn default() -> Self {
        Self {
            never_send: Vec::new(),
            never_send_labels: LABELS.map(str::to_owned).to_vec(),
            redact: true,
            redact_names: Vec::new(),
            passages_per_call: 4,
            tokens_per_call: 6000,
            log_sent: false,
            record: false,
        }
    }
}

/// The keys of `[judge]` about content.
pub(super) fn content(entry: &mut Section<'_>, sink: &mut Sink) -> JudgeContent {
    let mut content = JudgeContent::default();
    for (glob, line) in entry.placed_strings(sink, "never_send").unwrap_or_default() {
        match GlobBuilder::new(&glob).literal_separator(true).build() {
            Ok(_) => content.never_send.push(glob),
            Err(error) => {
                let message = format!("`judge.never_send`: {error}");
                entry.fault(sink, line, message, "mend the pattern, for example \"hr/**\"");
            }
        }
    }
    if let Some(labels) = entry.placed_strings(sink, "never_send_labels") {
        content.never_send_labels.clear();
        for (label, line) in labels {
            let label = label.trim().to_lowercase();
            if label.is_empty() {
                let message = "`judge.never_send_labels` holds an empty text".to_owned();
                entry.fault(sink, line, message, "name a word of the label, or remove it");
            } else {
                content.never_send_labels.push(label);
            }
        }
    }
    content.redact = entry.boolean(sink, "redact").unwrap_or(true);
    let names = entry.placed_strings(sink, "redact_names").unwrap_or_default();
    if names.len() > MOST_NAMES {
        let message =
            format!("`judge.redact_names` has {} names; {MOST_NAMES} are read", names.len());
        entry.fault(sink, entry.line_of("redact_names"), message, "shorten the list");
    }
    for (name, line) in names {
        if name.trim().chars().count() < SHORTEST_NAME {
            let message = format!("`judge.redact_names` holds `{name}`, which is too short a name");
            entry.fault(sink, line, message, "write the name in full");
        } else {
            content.redact_names.push(name);
        }
    }
    let bounded = |key,
                   least: u64,
                   most: u64,
                   slot: &mut usize,
                   entry: &mut Section<'_>,
                   sink: &mut Sink| {
        let Some(value) = entry.number(sink, key) else { return };
        if (least..=most).contains(&value) {
            *slot = usize::try_from(value).unwrap_or(usize::MAX);
        } else {
            let message = format!("`judge.{key}` is {value}; it can be {least} to {most}");
            entry.fault(sink, entry.line_of(key), message, "correct the number, or remove the key");
        }
    };
    bounded("passages_per_call", 1, MOST_PASSAGES, &mut content.passages_per_call, entry, sink);
    bounded("tokens_per_call", FEWEST_TOKENS, 1 << 20, &mut content.tokens_per_call, entry, sink);
    content.log_sent = entry.boolean(sink, "log_sent").unwrap_or(false);
    content.record = entry.boolean(sink, "record").unwrap_or(false);
    content
}

#[cfg(test)]
mod tests {
    use super::{super::Config, *};

    fn parse(keys: &str) -> Result<JudgeContent, Vec<u32>> {
        let text = format!("[judge]\nbase_url = 'http://127.0.0.1/v1'\nmodel = 'm'\n{keys}");
        let lines = |faults: Vec<crate::diag::Diagnostic>| {
            faults.into_iter().filter_map(|fault| fault.line).collect()
        };
        Config::parse("evimap.toml", &text).map(|c| c.judge.unwrap().content).map_err(lines)
    }

    #[test]
    fn what_is_labelled_stays_here_unless_told_otherwise() {
        let content = parse("").unwrap();
        assert_eq!(content, JudgeContent::default());
        assert!(content.redact && content.never_send_labels.contains(&"confidential".to_owned()));
        assert_eq!(parse("never_send_labels = []").unwrap().never_send_labels, [""; 0]);
        let content = parse(
            "never_send = ['hr/**']\nnever_send_labels = [' Top Secret ']\nredact = false\n\
             redact_names = ['Jane Doe']\npassages_per_call = 2\ntokens_per_call = 2000\n\
             log_sent = true\nrecord = true\n",
        )
        .unwrap();
        assert_eq!(
            (&content.never_send[..], &content.never_send_labels[..]),
            (&["hr/**".to_owned()][..], &["top secret".to_owned()][..])
        );
        assert_eq!((content.passages_per_call, content.tokens_per_call), (2, 2000));
        assert!(!content.redact && content.log_sent && content.record);
    }

    #[test]
    fn each_fault_has_its_line() {
        let keys = "never_send = ['hr/[']\nnever_send_labels = ['']\nredact = 'yes'\n\
                    redact_names = ['J']\npassages_per_call = 0\ntokens_per_call = 10\n";
        assert_eq!(parse(keys).unwrap_err(), [4, 5, 6, 7, 8, 9]);
    }
}
