//! Sentences that earlier stages wrote in English (reasons, notes, actions, diagnostics), told in
//! another language: the English message is the pattern that a sentence is known by. What no message
//! fits stays English; what a person or a document said is never touched.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Regex, RegexSet};

use super::{Arg, Forms, Words};
use crate::domain::Language;

/// Ids of such messages begin with it.
const SAID: &str = "said-";

/// What stands in these places is a sentence or a word of ours, and is told as well.
const OURS: [&str; 5] = ["what", "state", "kind", "old", "new"];
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
    Regex::new(r"(?P<before>^|, )(?P<what>page|slide|lines?|paragraphs?) (?P<number>\d)").ok()
});

impl Words {
    /// A sentence that an earlier stage wrote, or several with `; ` between them, in this language.
    pub fn said<'t>(&self, english: &'t str) -> Cow<'t, str> {
        if self.language() == Language::En || english.is_empty() {
            return Cow::Borrowed(english);
        }
        let parts: Vec<Cow<'_, str>> =
            english.split("; ").map(|part| self.sentence(part)).collect();
        if parts.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
            return Cow::Borrowed(english);
        }
        Cow::Owned(parts.join("; "))
    }

    fn sentence<'t>(&self, english: &'t str) -> Cow<'t, str> {
        let templates = &*TEMPLATES;
        let fitting = templates.set.matches(english);
        let best = fitting.iter().filter_map(|at| templates.all.get(at)).max_by_key(|t| t.2);
        let Some((id, regex, _)) = best else {
            let word = self.word(english);
            return if word == english { Cow::Borrowed(english) } else { word.to_owned().into() };
        };
        let Some(found) = regex.captures(english) else { return Cow::Borrowed(english) };
        let put: Vec<(&str, String)> = regex
            .capture_names()
            .flatten()
            .filter_map(|name| {
                let text = found.name(name)?.as_str();
                let told = match name {
                    name if OURS.contains(&name) => self.said(text).into_owned(),
                    PLACE => self.places(text),
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

    /// Pages, lines and paragraphs in a list of places.
    fn places(&self, english: &str) -> String {
        let Some(places) = &*PLACES else { return english.to_owned() };
        let told = |found: &regex::Captures<'_>| {
            format!("{}{} {}", &found["before"], self.word(&found["what"]), &found["number"])
        };
        places.replace_all(english, told).into_owned()
    }
}
