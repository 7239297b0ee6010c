//! What reports and review files say, by message id and language. All of it stands in
//! `seeds/messages/`, one Fluent file a language, embedded; what a language lacks is said in English.
//!
//! Words of the vocabulary (`not reviewed`, `design`) are messages too: [`Words::word`] finds them by
//! the English word, which stays what machines read.

mod said;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::OnceLock,
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};

use crate::domain::Language;

const EN: &str = include_str!("../../seeds/messages/en.ftl");
const DE: &str = include_str!("../../seeds/messages/de.ftl");
const FR: &str = include_str!("../../seeds/messages/fr.ftl");

/// Ids of the words of the vocabulary begin with it.
const WORD: &str = "word-";

/// What is put into a message.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    Text(&'a str),
    /// Chooses singular or plural where a message has both.
    Number(usize),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

/// A message as a text with `{name}` where something is put in: one for a single thing, one for
/// several. Both are the same where the message does not tell them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    pub one: String,
    pub other: String,
}

/// The messages of one language.
pub struct Words {
    language: Language,
    forms: BTreeMap<String, Forms>,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.language)
    }
}

impl Words {
    /// The words of a language; English for one that nothing is written in.
    pub fn of(language: Language) -> &'static Self {
        static READ: [OnceLock<Words>; Language::WRITTEN.len()] =
            [const { OnceLock::new() }; Language::WRITTEN.len()];
        let at = Language::WRITTEN.iter().position(|own| *own == language).unwrap_or(0);
        READ[at].get_or_init(|| Self::read(Language::WRITTEN[at]))
    }

    /// The words that machines read.
    pub fn english() -> &'static Self {
        Self::of(Language::En)
    }

    fn read(language: Language) -> Self {
        let own = match language {
            Language::De => DE,
            Language::Fr => FR,
            _ => "",
        };
        let locale = language.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Marks around what is put in would be in the way of everything that looks for a text.
        bundle.set_use_isolating(false);
        let mut forms = BTreeMap::new();
        for text in [EN, own] {
            // That every file is sound is held by a test; of one that is not, what can be read counts.
            let resource =
                FluentResource::try_new(text.to_owned()).unwrap_or_else(|(read, _)| read);
            for (id, pattern) in messages(&resource) {
                let form = |plural| {
                    let mut out = String::new();
                    expand(pattern, plural, &mut out);
                    out
                };
                forms.insert(id.to_owned(), Forms { one: form("one"), other: form("other") });
            }
            bundle.add_resource_overriding(resource);
        }
        Self { language, forms, bundle }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// A message into which nothing is put. What is no id is its own text.
    pub fn text<'t>(&'t self, id: &'t str) -> &'t str {
        self.forms.get(id).map_or(id, |forms| &forms.other)
    }

    /// A message with what is put into it.
    pub fn with(&self, id: &str, put: &[(&str, Arg<'_>)]) -> String {
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        let Some(pattern) = pattern else { return id.to_owned() };
        let mut args = FluentArgs::with_capacity(put.len());
        for (name, value) in put {
            args.set(
                *name,
                match value {
                    Arg::Text(text) => FluentValue::String(Cow::Borrowed(text)),
                    Arg::Number(number) => FluentValue::from(*number),
                },
            );
        }
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// A word of the vocabulary, by the English one; what is none stays as it is.
    pub fn word<'t>(&'t self, english: &'t str) -> &'t str {
        self.forms.get(&word_id(english)).map_or(english, |forms| &forms.other)
    }

    /// Several words of the vocabulary with `; ` between them.
    pub fn words(&self, english: &str) -> String {
        english.split("; ").map(|word| self.word(word)).collect::<Vec<_>>().join("; ")
    }

    /// The messages whose ids begin so, for a page that says them by its own script.
    pub fn family(&self, prefix: &str) -> BTreeMap<&str, &Forms> {
        let from = self.forms.range(prefix.to_owned()..);
        from.take_while(|(id, _)| id.starts_with(prefix)).map(|(id, f)| (id.as_str(), f)).collect()
    }

    /// The words of the vocabulary: English, and in this language.
    pub fn vocabulary(&self) -> BTreeMap<&'static str, &str> {
        let english = Self::english().family(WORD);
        english.into_iter().map(|(id, forms)| (forms.other.as_str(), self.text_of(id))).collect()
    }

    fn text_of(&self, id: &str) -> &str {
        self.forms.get(id).map_or("", |forms| &forms.other)
    }
}

/// `word-` and the English word in small letters, with `-` for all that is neither letter nor digit.
fn word_id(english: &str) -> String {
    let mut id = WORD.to_owned();
    for c in english.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_alphanumeric() => id.push(c),
            _ if !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    id
}

fn messages(resource: &FluentResource) -> impl Iterator<Item = (&str, &Pattern<&str>)> {
    resource.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name, message.value.as_ref()?)),
        _ => None,
    })
}

/// Writes a pattern with `{name}` for what is put in, and the given form where it has several.
fn expand(pattern: &Pattern<&str>, plural: &str, out: &mut String) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => out.push_str(value),
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(inline) => inline_expression(inline, out),
                Expression::Select { variants, .. } => {
                    let fits = |key: &VariantKey<&str>| matches!(key, VariantKey::Identifier { name } if *name == plural);
                    let chosen = variants.iter().find(|v| fits(&v.key));
                    if let Some(variant) = chosen.or_else(|| variants.iter().find(|v| v.default)) {
                        expand(&variant.value, plural, out);
                    }
                }
            },
        }
    }
}

fn inline_expression(expression: &InlineExpression<&str>, out: &mut String) {
    match expression {
        InlineExpression::StringLiteral { value } => out.push_str(value),
        InlineExpression::VariableReference { id } => {
            out.push_str(&format!("{{{}}}", id.name));
        }
        _ => {}
    }
}

/// What is put into a message, by name.
pub fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}
