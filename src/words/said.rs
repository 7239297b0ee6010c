//! Sentences that earlier stages wrote in English (reasons, notes, actions, diagnostics), told in
//! another language: the English message is the pattern that a sentence is known by. What no message
//! fits stays English; what a person or a document said is never touched.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeSet, sync::LazyLock};

use regex::{Regex, RegexSet};

use super::{Arg, Forms, Words};
use crate::domain::Language;

/// Ids of such messages begin with it.
const SAID: &str = "said-";

/// Here stands a sentence of ours, or a word, that is told as well.
const SENTENCE: &str = "what";
/// Here stand words of the vocabulary only; with anything else in the place it is another sentence.
const VOCABULARY: [&str; 4] = ["state", "kind", "old", "new"];
/// Before what a person wrote, and what stands there if nobody wrote anything.
const FOUND: &str = "the evidence was found insufficient: ";
const FOUND_BARE: &str = "find or produce what is missing";
/// What goes before the systems that are better than the weakest.
const WEAKEST: &str = "weakest: ";
/// Here are systems, each with its state.
const SYSTEMS: &str = "systems";
/// Here are places in documents.
const PLACE: &str = "place";

struct Templates {
    set: RegexSet,
    /// Id, pattern, and how many letters of it are ours: the longer the more exact.
    all: Vec<(&'static str, Regex, usize)>,
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (id, Forms { one, other }) in Words::english().family(SAID) {
        let forms = if one == other { vec![other] } else { vec![one, other] };
        all.extend(forms.into_iter().filter_map(|form| {
            let (pattern, weight) = pattern(form);
            Some((id, Regex::new(&pattern).ok()?, weight))
        }));
    }
    let set = RegexSet::new(all.iter().map(|(_, regex, _)| regex.as_str())).unwrap_or_default();
    Templates { set, all }
});

/// Whether there are words of the vocabulary only, with `, ` between them and who provides it in
/// brackets after them, or `–`.
fn is_vocabulary(text: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| Words::english().vocabulary().into_keys().collect());
    let words = match text.split_once(" (") {
        Some((words, _)) if text.ends_with(')') => words,
        _ => text,
    };
    words.split(", ").all(|word| word == "–" || WORDS.contains(word))
}

/// The pattern of a message's text, and the letters of it that are not put in.
fn pattern(form: &str) -> (String, usize) {
    let (mut out, mut weight) = (String::from("(?s)^"), 0);
    for (n, part) in form.split('{').enumerate() {
        let literal = match part.split_once('}').filter(|_| n > 0) {
            Some((name, rest)) => {
                let kind = match name {
                    "n" | "all" => r"\d+",
                    "id" => r"[A-Z]+[0-9]*:[0-9A-Za-z.\-]+(?: \([^)]*\))?",
                    _ => ".+?",
                };
                out.push_str(&format!("(?P<{name}>{kind})"));
                rest
            }
            None => part,
        };
        out.push_str(&regex::escape(literal));
        weight += literal.chars().count();
    }
    out.push('$');
    (out, weight)
}

static PLACES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?P<before>, )(?P<what>page|slide|lines?|paragraphs?) (?P<number>\d)").ok()
});

impl Words {
    /// A sentence that an earlier stage wrote, or several with `; ` between them, in this language.
    pub fn said<'t>(&self, english: &'t str) -> Cow<'t, str> {
        if self.language() == Language::En || english.is_empty() {
            return Cow::Borrowed(english);
        }
        // What a person wrote to the end may have a `; ` of its own.
        let own = english.find(FOUND).map(|at| at + FOUND.len());
        let own = own.filter(|at| !english[*at..].starts_with(FOUND_BARE));
        let (ours, theirs) = english.split_at(own.unwrap_or(english.len()));
        let mut pieces: Vec<&str> = ours.split("; ").collect();
        if let Some(last) = pieces.pop() {
            pieces.push(&english[ours.len() - last.len()..ours.len() + theirs.len()]);
        }
        let mut weakest = false;
        let parts: Vec<Cow<'_, str>> = pieces
            .into_iter()
            .map(|piece| match std::mem::replace(&mut weakest, piece.starts_with(WEAKEST)) {
                true => self.systems(piece).into(),
                false => self.sentence(piece),
            })
            .collect();
        if parts.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
            return Cow::Borrowed(english);
        }
        Cow::Owned(parts.join("; "))
    }

    fn sentence<'t>(&self, english: &'t str) -> Cow<'t, str> {
        if let Some(comment) = english.strip_prefix(FOUND).filter(|c| !c.starts_with(FOUND_BARE)) {
            return self.with("said-insufficient", &[("text", comment.into())]).into();
        }
        let templates = &*TEMPLATES;
        let fitting = templates.set.matches(english);
        let mut fitting: Vec<_> = fitting.iter().filter_map(|at| templates.all.get(at)).collect();
        fitting.sort_by_key(|(_, _, weight)| Reverse(*weight));
        let best = fitting.into_iter().find_map(|(id, regex, _)| {
            let found = regex.captures(english)?;
            let place = |name| found.name(name).is_none_or(|text| is_vocabulary(text.as_str()));
            VOCABULARY.into_iter().all(place).then_some((id, regex, found))
        });
        let Some((id, regex, found)) = best else { return Cow::Borrowed(english) };
        let put: Vec<(&str, String)> = regex
            .capture_names()
            .flatten()
            .filter_map(|name| {
                let text = found.name(name)?.as_str();
                let told = match name {
                    SENTENCE => match self.said(text) {
                        Cow::Borrowed(word) => self.word(word).to_owned(),
                        Cow::Owned(told) => told,
                    },
                    name if VOCABULARY.contains(&name) => self.listed(text),
                    PLACE => self.places(text),
                    SYSTEMS => self.systems(text),
                    _ => text.to_owned(),
                };
                Some((name, told))
            })
            .collect();
        let args: Vec<(&str, Arg<'_>)> = put
            .iter()
            .map(|(name, text)| match text.parse() {
                Ok(number) if matches!(*name, "n" | "all") => (*name, Arg::Number(number)),
                _ => (*name, Arg::Text(text)),
            })
            .collect();
        self.with(id, &args).into()
    }

    /// How a control is implemented: the kinds and where it stands are told, names of documents are
    /// not.
    pub fn how(&self, english: &str) -> String {
        let told = |part: &str| {
            for (begin, id) in
                [("design: ", "said-design-at"), ("operation: ", "said-operation-at")]
            {
                if let Some(place) = part.strip_prefix(begin) {
                    return self.with(id, &[("place", (&self.places(place)).into())]);
                }
            }
            let more = part.strip_prefix("and ").and_then(|rest| rest.strip_suffix(" more"));
            match more.and_then(|n| n.parse::<usize>().ok()) {
                Some(n) => self.with("said-and-more", &[("n", n.into())]),
                None => self.places(part),
            }
        };
        if self.language() == Language::En {
            return english.to_owned();
        }
        english.split("; ").map(told).collect::<Vec<_>>().join("; ")
    }

    /// Systems with `, ` between them, each with its state.
    fn systems(&self, english: &str) -> String {
        let told = |part: &str| {
            // The state may have several words, and so may the system: the longest state counts.
            let mut blanks = part.match_indices(' ').map(|(at, _)| part.split_at(at + 1));
            let found = blanks.find(|(_, state)| is_vocabulary(state));
            found.map_or_else(
                || part.to_owned(),
                |(system, state)| format!("{system}{}", self.word(state)),
            )
        };
        english.split(", ").map(told).collect::<Vec<_>>().join(", ")
    }

    /// Words of the vocabulary with `, ` between them, and what follows in brackets as it stands.
    fn listed(&self, english: &str) -> String {
        let (words, rest) = english.split_at(english.find(" (").unwrap_or(english.len()));
        let told: Vec<&str> = words.split(", ").map(|word| self.word(word)).collect();
        told.join(", ") + rest
    }

    /// Pages, lines and paragraphs in a list of places.
    fn places(&self, english: &str) -> String {
        let Some(places) = &*PLACES else { return english.to_owned() };
        let told = |found: &regex::Captures<'_>| {
            format!("{}{} {}", &found["before"], self.word(&found["what"]), &found["number"])
        };
        places.replace_all(english, told).into_owned()
    }
}
