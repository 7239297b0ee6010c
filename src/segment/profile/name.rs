//! What stands in a file's name: words, status, dates.

use std::sync::LazyLock;

use regex::Regex;

use super::text;
use crate::{
    domain::{Date, Language},
    segment::dates::{DateFinding, find_dates, find_periods},
};

pub(super) fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub(super) fn extension(file: &str) -> String {
    file.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

pub(super) fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The words of a name in lower case without accents; numbers, versions and what says nothing
/// about the kind of document are left out.
pub(super) fn bare_words(name: &str) -> Vec<String> {
    static IDIOMS: LazyLock<Regex> =
        LazyLock::new(|| text::pattern("SoA|RoPA|RoPa|eLearning|KPIs"));
    static CAMEL: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(r"(?P<a>\p{Ll})(?P<b>\p{Lu})|(?P<c>\p{Lu})(?P<d>\p{Lu}\p{Ll})")
    });
    static SKIP: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"^(draft|entwurf|final|approved|signed|copy|kopie|template|vorlage|v|rev|version|en|the|an?|le|la|les|el|los|las|die|das|il|lo|gli|i|o|os|as|l|het|een|modele|plantilla|modello|modelo|sjabloon|borrador|bozza|rascunho|copie|copia)$",
        )
    });
    let idioms = IDIOMS.replace_all(name, |c: &regex::Captures<'_>| c[0].to_lowercase());
    let spaced = CAMEL.replace_all(&idioms, "$a$c $b$d");
    text::folded(&spaced)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !word.contains(|c: char| c.is_ascii_digit()))
        .filter(|word| !SKIP.is_match(word))
        .map(str::to_owned)
        .collect()
}

/// First and last day of what a name dates: a day, a month, a quarter, or from one to another.
/// A year alone dates nothing, `INC-2026-02` is a number and `03-04-2026` may be either in
/// English.
pub(super) fn event_dates(stem: &str, told: Option<Language>) -> Option<(Date, Date)> {
    static COMPACT: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(
            r"(?P<a>^|[^0-9])(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<b>[^0-9]|$)",
        )
    });
    static SPLIT: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(r"(?P<y>20\d\d)[._](?P<m>\d\d)(?:[._](?P<d>\d\d))?(?P<b>[^0-9]|$)")
    });
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        text::pattern(r"(?P<id>\p{Lu}{2,5})-(?P<n>20\d\d-\d{1,2})(?P<b>[^0-9-]|$)")
    });
    static QUARTER: LazyLock<Regex> =
        LazyLock::new(|| text::pattern(r"(?i)(?P<a>20\d\d)(?P<b>[QH]\d)"));
    // The number of an event is not its date.
    let name = NUMBER.replace_all(stem, "$id $b");
    let name = COMPACT.replace_all(&name, "$a$y-$m-$d$b");
    let name = SPLIT.replace_all(&name, |c: &regex::Captures<'_>| {
        let day = c.name("d").map(|d| format!("-{}", d.as_str())).unwrap_or_default();
        format!("{}-{}{day}{}", &c["y"], &c["m"], &c["b"])
    });
    let name = QUARTER.replace_all(&name, "$a-$b").replace('_', " ");
    let days = find_dates(&name, told);
    if days.iter().any(|(_, d)| *d == DateFinding::Ambiguous) {
        return None;
    }
    let dates: Vec<(usize, Date)> = days
        .iter()
        .filter_map(
            |(at, d)| if let DateFinding::Date(date) = d { Some((*at, *date)) } else { None },
        )
        .collect();
    match dates.as_slice() {
        [] => {
            let periods = find_periods(&name);
            let (first, last) = (periods.first()?, periods.last()?);
            Some((first.first, last.last)).filter(|(first, last)| first <= last)
        }
        [(_, day)] => Some((*day, *day)),
        [(from_at, from), (to_at, to), ..] => {
            let between = name.get(*from_at..*to_at).unwrap_or_default();
            let range = [" to ", " bis ", "–", " - ", " until ", " au ", " al ", " tot ", " a "];
            let ranged = range.iter().any(|word| between.contains(word)) && from <= to;
            Some(if ranged { (*from, *to) } else { (*from, *from) })
        }
    }
}
