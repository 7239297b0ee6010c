//! Lines of document control: a label and its value, or several of them in a row.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{
    labels::{self, Label},
    pattern,
    values::{self, Standing},
};
use crate::domain::{BlockKind, Properties};

/// A label after the start of a line or a separator. Groups: `p` what stands before it, `l` the
/// label, `s` what separates it from its value.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?P<p>^|[|•·;\t]|\s{{2,}}|\s[-–—]\s|,\s|\.\s)[\s*_#>-]*(?P<l>{})(?P<s>[\s*_]*[:|=]+|[\s*_]+)[\s*_|:]*",
        labels::alternatives()
    ))
});

/// Without one of these the next pattern does not match. It is large: building it takes as long as
/// reading several files, and most files don't need it.
const APPROVED: &[&str] = &["approved", "released", "adopted", "authori"];

/// The same for its German counterpart.
const APPROVED_DE: &[&str] = &["freigegeben", "genehmigt", "verabschiedet", "beschlossen"];

/// "This policy was approved by the board on 1 March 2026".
static OWN_APPROVAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)\bthis\s(?:version\sof\s(?:this|the)\s)?(?:document|policy|procedure|standard|plan|guideline|manual|statement|version|process|programme|register)\s
        (?:was|has\sbeen|is)\s(?:formally\s)?(?:approved|released|adopted|authori[sz]ed)\s
        (?:by\s(?P<who>[^.;]{{3,80}}?)\s+(?:on\s)?(?P<d1>{DATE}) | on\s(?P<d2>{DATE})(?:\sby\s(?P<who2>[^.;\n]{{3,80}}))?)",
        DATE = values::DATE.replace(' ', r"\ ")
    ))
});

/// "Diese Richtlinie wurde am 1. März 2026 durch die Geschäftsführung freigegeben".
static OWN_APPROVAL_DE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)\b(?:diese[rs]?\s(?:\p{{L}}*(?:richtlinie|leitlinie|anweisung|dokument|konzept|handbuch|plan|verfahren|fassung|version)))\s(?:wurde|ist)\s
        (?:am\s(?P<d1>{DATE})\s(?:durch|von|vom)\s(?P<who>[^.;]{{3,80}}?) | (?:durch|von|vom)\s(?P<who2>[^.;]{{3,80}}?)\sam\s(?P<d2>{DATE}))
        \s(?:freigegeben|genehmigt|verabschiedet|beschlossen)",
        DATE = values::DATE.replace(' ', r"\ ")
    ))
});

/// What a value says about a property: usually one, an approval both who and when.
pub(super) fn values_of(key: &str, raw: &str, own_cell: bool) -> Vec<(String, String)> {
    stated(key, raw, Standing { explicit: own_cell, among_others: own_cell, spaced: false })
}

fn stated(key: &str, raw: &str, standing: Standing) -> Vec<(String, String)> {
    let one = |value: Option<String>| value.map(|v| (key.to_owned(), v)).into_iter().collect();
    let raw = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '"'));
    if matches!(key, "approved_by" | "approved_on") {
        if values::is_unfilled(raw) && (standing.explicit || standing.among_others) {
            return one(Some(raw.to_owned()));
        }
        let (who, date) = values::approval(key, raw);
        if date.is_some() {
            let pairs = [("approved_by", who), ("approved_on", date)];
            return pairs.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?))).collect();
        }
    }
    if values::is_typed(key) {
        return one(values::typed(key, raw).map(str::to_owned));
    }
    one(values::free(raw, standing))
}

/// The facts of a line. `among_others`: the block or its neighbours are document control, too.
/// `first`: the line is among a document's first, where control may follow the title.
pub(super) fn facts(
    line: &str,
    kind: BlockKind,
    among_others: bool,
    first: bool,
    properties: &mut Properties,
) {
    if labels::run(line).is_some_and(|labels| labels.len() > 1) {
        return;
    }
    own_approval(line, properties);
    let found: Vec<Captures<'_>> = LABELLED.captures_iter(line).collect();
    // A comma or full stop before a label is weak: only a line that is control anyway goes on so.
    let weak =
        |c: &Captures<'_>| matches!(c.name("p").map_or("", |m| m.as_str().trim()), "," | ".");
    let leads = found.first().is_some_and(|c| !weak(c));
    let certain = found.iter().enumerate().filter(|(n, c)| is_certain(line, &found, *n, c)).count();
    let control_line = certain >= 1 && found.len() >= 2;
    for (n, caught) in found.iter().enumerate() {
        let Some((label, separator, rest)) = parts(line, &found, n, caught) else { continue };
        let Some(key) = labels::key_of(label) else { continue };
        let explicit = !separator.trim().is_empty();
        let sure = is_certain(line, &found, n, caught);
        if weak(caught) && !((leads && control_line) || (explicit && sure) || (first && sure)) {
            continue;
        }
        let standing = Standing {
            explicit,
            among_others: among_others || control_line,
            // "Information Classification Policy" is a title.
            spaced: label.contains(' ')
                && !weak(caught)
                && kind != BlockKind::Heading
                && (key != "classification" || values::is_class(rest)),
        };
        if kind == BlockKind::Row && n + 1 == found.len() {
            joined_pairs(key, rest, standing, properties);
        } else {
            put(properties, stated(key, rest, standing));
        }
    }
}

/// The label, its separator and what follows up to the next label.
fn parts<'a>(
    line: &'a str,
    found: &[Captures<'a>],
    n: usize,
    caught: &Captures<'a>,
) -> Option<(&'a str, &'a str, &'a str)> {
    let (whole, label, separator) = (caught.get(0)?, caught.name("l")?, caught.name("s")?);
    let end = found.get(n + 1).and_then(|next| next.get(0)).map_or(line.len(), |m| m.start());
    let rest = line.get(whole.end()..end).unwrap_or_default();
    let rest = rest.split(['|', '\t', '•', '·']).next().unwrap_or_default();
    Some((label.as_str(), separator.as_str(), rest))
}

/// True if a label is followed by a value of its own form, which prose hardly does by chance.
fn is_certain(line: &str, found: &[Captures<'_>], n: usize, caught: &Captures<'_>) -> bool {
    parts(line, found, n, caught).is_some_and(|(label, _, rest)| {
        let Some(key) = labels::key_of(label) else { return false };
        match key {
            "approved_by" | "approved_on" => values::approval(key, rest.trim()).1.is_some(),
            _ => values::typed(key, rest.trim()).is_some(),
        }
    })
}

/// `Version 2.1 Status Approved Owner CISO`: pairs whose cells have lost their bounds. A pair ends
/// where a value of known form ends before a label, or where a label stands before such a value.
fn joined_pairs(key: &'static str, raw: &str, standing: Standing, properties: &mut Properties) {
    let (mut key, mut rest) = (key, raw.trim());
    loop {
        if let Some(value) = values::typed(key, rest) {
            let after = rest.get(value.len()..).unwrap_or_default();
            match labels::at_start(after.trim_start()) {
                Some((Label::Key(next), tail)) if !tail.is_empty() => {
                    put(properties, vec![(key.to_owned(), value.to_owned())]);
                    (key, rest) = (next, tail);
                    continue;
                }
                _ => return put(properties, stated(key, rest, standing)),
            }
        }
        let next = rest.match_indices(' ').find_map(|(at, _)| {
            let tail = rest.get(at + 1..)?;
            if !tail.starts_with(char::is_uppercase) {
                return None;
            }
            let (Label::Key(next), after) = labels::at_start(tail)? else { return None };
            values::typed(next, after)?;
            Some((at, next, after))
        });
        let Some((at, next, after)) = next else {
            return put(properties, stated(key, rest, standing));
        };
        put(properties, stated(key, rest.get(..at).unwrap_or_default(), standing));
        (key, rest) = (next, after);
    }
}

fn own_approval(line: &str, properties: &mut Properties) {
    for (pattern, words) in [(&OWN_APPROVAL, APPROVED), (&OWN_APPROVAL_DE, APPROVED_DE)] {
        if !words.iter().any(|word| holds(line, word)) {
            continue;
        }
        let Some(caught) = pattern.captures(line) else { continue };
        let either = |a: &str, b: &str| caught.name(a).or(caught.name(b)).map(|m| m.as_str());
        let who = either("who", "who2").and_then(values::cleaned);
        let date = either("d1", "d2").map(str::to_owned);
        let pairs = [("approved_by", who), ("approved_on", date)];
        put(properties, pairs.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?))).collect());
    }
}

/// Whether a text holds an ASCII word in lower, upper or mixed case.
fn holds(text: &str, word: &str) -> bool {
    text.len() >= word.len()
        && text
            .as_bytes()
            .windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

fn put(properties: &mut Properties, pairs: Vec<(String, String)>) {
    for (key, value) in pairs {
        properties.entry(key).or_insert(value);
    }
}
