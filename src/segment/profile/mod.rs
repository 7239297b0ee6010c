//! What a document is: type, status, dates, whether it is talk.
//!
//! Every signal is taken from the document itself (title, document control, layout, wording) or
//! from its place in the folder; where a document says nothing, the profile says nothing.

mod event;
mod interval;
mod kind;
mod name;
mod own;
mod rows;
mod status;
mod talk;
mod text;
mod words;

#[cfg(test)]
mod tests;

use super::dates::{DateFinding, find_dates, find_periods};
use crate::domain::{
    BlockKind, Date, DocumentProfile, DocumentType, Extracted, Language, squash_whitespace,
};
use text::property;

/// Derives a document's profile. `system` and `language` are left to the caller, who knows the
/// configuration and the other documents; `told` is the
/// language as its text or a person tells it, which says how dates are meant.
pub fn profile(document: &Extracted, told: Option<Language>) -> DocumentProfile {
    let title = title(document);
    let head = text::head(document);
    let document_type = kind::document_type(document, &title);
    let status = status::status(document, document_type, &title, &head);
    let date = |key: &str| property_date(document, key, told);
    let review = review_date(document, document_type, told);
    let talk = talk::talk(document, document_type, status, &title, &head);
    DocumentProfile {
        document_type,
        status,
        version: property(document, "version"),
        owner: property(document, "owner").filter(|who| !talk::is_placeholder(who)),
        approved_by: property(document, "approved_by").filter(|who| !status::is_blank(who)),
        approved_on: date("approved_on"),
        effective_on: date("effective_on"),
        reviewed_on: date("reviewed_on").or(review.last),
        next_review_on: date("next_review_on")
            .or_else(|| end_of_period(document, "next_review_on"))
            .or(review.next),
        event_on: event::event_on(document, document_type, &title, &head, told),
        // What talks about a subject states no interval for it.
        stated_interval: interval::stated_interval(document, document_type)
            .filter(|_| talk.is_none()),
        classification: property(document, "classification"),
        talk,
        system: None,
        language: Language::default(),
        title,
    }
}

/// The day that a property holds; none if it is ambiguous.
fn property_date(document: &Extracted, key: &str, told: Option<Language>) -> Option<Date> {
    match find_dates(document.properties.get(key)?, told).first()?.1 {
        DateFinding::Date(date) => Some(date),
        DateFinding::Ambiguous => None,
    }
}

/// Something that is due in a month is due by its end.
fn end_of_period(document: &Extracted, key: &str) -> Option<Date> {
    Some(find_periods(document.properties.get(key)?).first()?.last)
}

#[derive(Default)]
struct Review {
    last: Option<Date>,
    next: Option<Date>,
}

/// A "review date" is a record's own; elsewhere it is the last or the next one, whichever the
/// file's other dates leave possible.
fn review_date(document: &Extracted, kind: DocumentType, told: Option<Language>) -> Review {
    use DocumentType as T;
    let Some(day) = property_date(document, "review_date", told) else { return Review::default() };
    if matches!(kind, T::Record | T::Report | T::Minutes | T::Assessment) {
        return Review { last: Some(day), next: None };
    }
    let date = |key| property_date(document, key, told);
    let saved = date("modified").or_else(|| date("approved_on"));
    match saved {
        Some(saved) if day > saved => Review { last: None, next: Some(day) },
        Some(_) => Review { last: Some(day), next: None },
        None => Review::default(),
    }
}

fn title(document: &Extracted) -> String {
    let first_heading = document.blocks.iter().find(|b| b.kind == BlockKind::Heading);
    let usable = |text: &String| {
        text.chars().filter(|c| c.is_alphabetic()).count() >= 4 && !is_default_title(text)
    };
    property(document, "title")
        .filter(usable)
        .or_else(|| first_heading.map(|b| squash_whitespace(b.text.trim_start_matches(['#', ' ']))))
        .filter(usable)
        .unwrap_or_else(|| {
            let stem = name::stem(name::file(&document.path));
            squash_whitespace(&stem.replace(['_', '-'], " "))
        })
}

/// A title that a program gave, not a person.
fn is_default_title(title: &str) -> bool {
    const DEFAULTS: [&str; 12] = [
        "untitled",
        "unspecified",
        "microsoft word",
        "microsoft excel",
        "powerpoint presentation",
        "powerpoint präsentation",
        "presentation",
        "präsentation",
        "dokument",
        "document",
        "book",
        "mappe",
    ];
    let name = title.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    DEFAULTS.contains(&name.as_str()) || name.starts_with("microsoft word - ")
}
