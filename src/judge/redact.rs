//! Takes out of a text what is nobody's business outside: addresses, numbers, keys, names. Each find
//! becomes a placeholder (`[EMAIL-1]`), the same find in a question the same one, and a quote that
//! comes back with placeholders is found at its place in the text as it stands.
//!
//! Patterns find what has a form. A name has none: it goes only if it is listed.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use unicode_normalization::UnicodeNormalization;

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Secret,
    Iban,
    Email,
    Phone,
    Name,
}

impl Kind {
    /// Word of the log and the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Iban => "iban",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
        }
    }

    fn mark(self) -> &'static str {
        match self {
            Self::Secret => "SECRET",
            Self::Iban => "IBAN",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Name => "NAME",
        }
    }
}

/// Longest number that can be an IBAN.
const IBAN: Range<usize> = 15..35;
/// Digits of a telephone number.
const PHONE: Range<usize> = 7..16;

/// A form, and what more has to hold of a match. Group 1 is what goes, or else the whole match.
struct Form {
    kind: Kind,
    pattern: &'static str,
    holds: fn(&str) -> bool,
}

const fn form(kind: Kind, pattern: &'static str, holds: fn(&str) -> bool) -> Form {
    Form { kind, pattern, holds }
}

static FORMS: [Form; 14] = [
    form(
        Kind::Secret,
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)",
        always,
    ),
    // Keys that bear their maker's mark.
    form(
        Kind::Secret,
        r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|[sr]k[-_][A-Za-z0-9_-]{16,}|AIza[\w-]{30,}|hvs\.\w{20,})",
        always,
    ),
    form(Kind::Secret, r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?", always),
    form(Kind::Secret, r"(?i)\bbearer\s+([\w.~+/=-]{16,})", always),
    form(Kind::Secret, r"://[^\s/:@]+:([^\s/@]+)@", always),
    form(
        Kind::Secret,
        r#"(?i)\b(?:pass(?:word|wort|phrase|code)?|passwd|pwd|kennwort|secret|pin|api[ _-]?key|access[ _-]?key|token|client[ _-]?secret|contraseña|mot de passe)\b["'`*]*\s*(?:is|ist|lautet|[:=])\s*["'`]?([^\s"'`]{4,})"#,
        opaque,
    ),
    // Long and mixed: a key, a digest, a blob.
    form(Kind::Secret, r"[A-Za-z0-9+]{32,}={0,2}", mixed),
    form(
        Kind::Iban,
        r"(?i)\b[a-z]{2}[0-9]{2}[ \u{a0}]?[a-z0-9](?:[ \u{a0}]?[a-z0-9]){9,40}",
        always,
    ),
    form(
        Kind::Email,
        r"(?i)[\p{L}0-9._%+'-]+\s?(?:@|\[at\]|\(at\))\s?[\p{L}0-9-]+(?:(?:\.|\s?\[dot\]\s?|\s?\(dot\)\s?)[\p{L}0-9-]+)+",
        always,
    ),
    form(Kind::Phone, r"\+[1-9][\d\s()./\u{2010}-\u{2013}-]{5,20}\d", number),
    form(Kind::Phone, r"\b00[1-9][\d\s()./\u{2010}-\u{2013}-]{8,20}\d", national),
    form(
        Kind::Phone,
        r"\(?\b0\d{1,5}\)?[ \u{a0}/.\u{2010}-\u{2013}-]{1,3}\d[\d \u{a0}./\u{2010}-\u{2013}-]{4,14}\d",
        national,
    ),
    form(Kind::Phone, r"\(\d{3}\)\s?\d{3}[-.\s]\d{4}\b|\b\d{3}[-.]\d{3}[-.]\d{4}\b", always),
    form(
        Kind::Phone,
        r"(?i)\b(?:tel(?:efon|ephone|éfono)?|phone|fon|mobile?|cell|handy|fax)\b\.?\s*(?:no\.?|nr\.?)?\s*:?\s*(\(?\d[\d\s()/-]{4,16}\d)",
        number,
    ),
];

/// The forms that could be compiled; a test holds that all can.
static COMPILED: LazyLock<Vec<(Regex, &'static Form)>> = LazyLock::new(|| {
    FORMS.iter().filter_map(|form| Some((Regex::new(form.pattern).ok()?, form))).collect()
});

static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})\b",
    )
    .ok()
});

fn always(_: &str) -> bool {
    true
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn number(text: &str) -> bool {
    PHONE.contains(&digits(text))
}

/// A number without a country could be a date or a version as well, which the judge needs.
fn national(text: &str) -> bool {
    (9..PHONE.end).contains(&digits(text)) && DAY.as_ref().is_none_or(|day| !day.is_match(text))
}

/// What follows "password:" is a word of the sentence, or the password.
fn opaque(text: &str) -> bool {
    let inner = text.trim_end_matches(['.', ',', ';', ')']);
    inner.chars().any(|c| !c.is_alphabetic() && !matches!(c, '-' | '/' | '…'))
}

fn mixed(text: &str) -> bool {
    digits(text) > 2 && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The longest start of a text that is a sound IBAN (its check digits hold), in bytes.
fn iban(text: &str) -> Option<usize> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let ends: Vec<usize> = ends.filter(|end| text.is_char_boundary(*end)).collect();
    ends.into_iter().rev().find(|end| {
        let Some(head) = text.get(..*end) else { return false };
        let plain: String = head.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        IBAN.contains(&plain.len())
            && head.ends_with(|c: char| c.is_ascii_alphanumeric())
            && checks(&plain.to_ascii_uppercase())
    })
}

/// ISO 7064, modulo 97: the first four characters moved to the end, letters as 10 to 35.
fn checks(iban: &str) -> bool {
    let Some((head, tail)) = iban.split_at_checked(4) else { return false };
    let remainder = tail.chars().chain(head.chars()).filter_map(|c| c.to_digit(36)).fold(
        0u32,
        |rest, value| {
            if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 }
        },
    );
    remainder == 1
}

/// What may stand between the words of a name: in a path it is a sign.
const JOINT: &str = r"[\s_.\u{ad}\u{2010}-\u{2015}-]+";

/// Listed names, each in the forms that a text may write its letters in.
#[derive(Debug, Clone)]
struct Names {
    all: RegexSet,
    each: Vec<Regex>,
}

impl Names {
    fn new(patterns: &[String]) -> Result<Self, regex::Error> {
        let one = |text: &String| RegexBuilder::new(text).case_insensitive(true).build();
        let all =
            RegexSetBuilder::new(patterns).case_insensitive(true).size_limit(64 << 20).build()?;
        Ok(Self { all, each: patterns.iter().map(one).collect::<Result<_, _>>()? })
    }

    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for regex in self.all.matches(text).iter().filter_map(|at| self.each.get(at)) {
            let mut from = 0;
            while let Some(next) = regex.find_at(text, from) {
                from = next.end();
                if alone(text, &next.range()) {
                    found.push(next.range());
                } else {
                    // The name may begin again inside of what was no name.
                    let first = next.as_str().chars().next().map_or(1, char::len_utf8);
                    from = next.start() + first;
                }
            }
        }
        found
    }
}

/// Whether a name is not a part of a longer word.
fn alone(text: &str, name: &Range<usize>) -> bool {
    let (Some(before), Some(inner), Some(after)) =
        (text.get(..name.start), text.get(name.clone()), text.get(name.end..))
    else {
        return false;
    };
    let before = before.chars().next_back().zip(inner.chars().next());
    let after = inner.chars().next_back().zip(after.chars().next());
    !before.is_some_and(one_word) && !after.is_some_and(one_word)
}

/// Whether two letters, or two digits, side by side belong to one word.
fn one_word((a, b): (char, char)) -> bool {
    let letters = a.is_alphabetic() && b.is_alphabetic() && !blankless(a) && !blankless(b);
    letters || (a.is_numeric() && b.is_numeric())
}

/// Scripts that write no blanks between words, or (Hangul) tie particles to a name.
fn blankless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}

/// The pattern of a name; empty for none.
fn name_pattern(name: &str) -> String {
    let written = |name: String| {
        let sign =
            |c: char| c.is_whitespace() || matches!(c, '_' | '.' | '-' | '\u{2010}'..='\u{2015}');
        let words: Vec<String> =
            name.split(sign).filter(|word| !word.is_empty()).map(regex::escape).collect();
        // A name of nothing but signs is taken as it stands.
        if words.is_empty() { regex::escape(name.trim()) } else { words.join(JOINT) }
    };
    let (composed, apart) = (written(name.nfc().collect()), written(name.nfd().collect()));
    if composed == apart { composed } else { format!("{composed}|{apart}") }
}

/// Finds what has to go.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    forms: bool,
    names: Option<Names>,
}

impl Redactor {
    /// `forms` takes out addresses, numbers and keys; `names` are taken out in any letter case, with
    /// any white space, dot, hyphen or underscore between their words, with accents as one letter or
    /// as two. A part of a longer word is no name.
    ///
    /// # Errors
    /// The names are too many for one pattern.
    pub fn new(forms: bool, names: &[String]) -> Result<Self, String> {
        let patterns: Vec<String> =
            names.iter().map(|name| name_pattern(name)).filter(|p| !p.is_empty()).collect();
        let names = match patterns.is_empty() {
            true => None,
            false => Some(
                Names::new(&patterns)
                    .map_err(|_| "the names are too many for one pattern".to_owned())?,
            ),
        };
        Ok(Self { forms, names })
    }

    /// Everything that has to go, in order and apart.
    fn found(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
        for (regex, form) in COMPILED.iter().filter(|_| self.forms) {
            for caught in regex.captures_iter(text) {
                let Some(part) = caught.get(1).or_else(|| caught.get(0)) else { continue };
                let mut range = part.range();
                if form.kind == Kind::Iban {
                    let Some(length) = iban(part.as_str()) else { continue };
                    range.end = range.start + length;
                } else if !(form.holds)(part.as_str()) {
                    continue;
                }
                found.push((range, form.kind));
            }
        }
        if let Some(names) = &self.names {
            found.extend(names.found(text).into_iter().map(|range| (range, Kind::Name)));
        }
        found.sort_by_key(|(range, kind)| (range.start, *kind, std::cmp::Reverse(range.end)));
        let mut apart: Vec<(Range<usize>, Kind)> = Vec::new();
        for (range, kind) in found {
            match apart.last_mut() {
                // What overlaps goes as one: nothing of either may stay.
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                _ => apart.push((range, kind)),
            }
        }
        apart
    }
}

/// The placeholders of one question: what each stands for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Placeholders {
    known: BTreeMap<(Kind, String), String>,
    counts: BTreeMap<Kind, usize>,
}

impl Placeholders {
    fn of(&mut self, kind: Kind, what: &str) -> String {
        let next = self.counts.get(&kind).copied().unwrap_or(0) + 1;
        self.known
            .entry((kind, what.to_owned()))
            .or_insert_with(|| {
                self.counts.insert(kind, next);
                format!("[{}-{next}]", kind.mark())
            })
            .clone()
    }

    /// A model's own words with what its placeholders stand for, for people on this computer.
    pub(super) fn restore(&self, text: &str) -> String {
        if !text.contains('[') {
            return text.to_owned();
        }
        let mut out = text.to_owned();
        for ((_, what), mark) in &self.known {
            out = out.replace(mark.as_str(), what);
        }
        out
    }

    /// How many different finds of each kind.
    pub(super) fn counts(&self) -> BTreeMap<String, usize> {
        self.counts.iter().map(|(kind, n)| (kind.as_str().to_owned(), *n)).collect()
    }
}

/// A text with placeholders, and where they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Redacted {
    pub(super) text: String,
    /// Of each placeholder: its place here, and the place in the source of what it stands for.
    marks: Vec<(Range<usize>, Range<usize>)>,
}

impl Redacted {
    pub(super) fn new(redactor: &Redactor, text: &str, placeholders: &mut Placeholders) -> Self {
        let mut out = Self { text: String::with_capacity(text.len()), marks: Vec::new() };
        let mut from = 0;
        for (range, kind) in redactor.found(text) {
            let (Some(before), Some(what)) = (text.get(from..range.start), text.get(range.clone()))
            else {
                continue;
            };
            out.text.push_str(before);
            let start = out.text.len();
            out.text.push_str(&placeholders.of(kind, what));
            out.marks.push((start..out.text.len(), range.clone()));
            from = range.end;
        }
        out.text.push_str(text.get(from..).unwrap_or_default());
        out
    }

    /// The place in the source of a place in the redacted text, widened to whole placeholders.
    pub(super) fn source(&self, place: &Range<usize>) -> Range<usize> {
        self.edge(place.start, false)..self.edge(place.end, true)
    }

    fn edge(&self, at: usize, end: bool) -> usize {
        // How far the last placeholder before here ends in either text.
        let (mut here, mut there) = (0, 0);
        for (mark, source) in &self.marks {
            let inside = if end { mark.start < at && at <= mark.end } else { mark.contains(&at) };
            if inside {
                return if end { source.end } else { source.start };
            }
            if mark.end > at {
                break;
            }
            (here, there) = (mark.end, source.end);
        }
        there + (at - here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(text: &str) -> String {
        let redactor = Redactor::new(true, &["Ada Stone".into(), "Kim".into()]).unwrap();
        let mut placeholders = Placeholders::default();
        let made = Redacted::new(&redactor, text, &mut placeholders);
        // Whatever was taken out can be put back, and each mark leads to its source.
        for (mark, source) in &made.marks {
            assert_eq!(made.source(mark), *source, "{text}");
        }
        assert_eq!(made.source(&(0..made.text.len())), 0..text.len(), "{text}");
        made.text
    }

    #[test]
    fn every_form_compiles() {
        assert_eq!(COMPILED.len(), FORMS.len());
        assert!(DAY.is_some());
    }

    #[test]
    fn addresses_numbers_keys_and_names_go() {
        for (text, wanted) in [
            ("Write to ada.stone@example.org.", "Write to [EMAIL-1]."),
            ("kim (at) example.org, kim (at) example.org", "[EMAIL-1], [EMAIL-1]"),
            ("Call +49 (0)30 901820-12 now", "Call [PHONE-1] now"),
            ("Tel.: 4711-0815", "Tel.: [PHONE-1]"),
            ("Zentrale 030 / 9018 2012", "Zentrale [PHONE-1]"),
            ("(555) 123-4567", "[PHONE-1]"),
            ("IBAN DE89 3704 0044 0532 0130 00 BANK", "IBAN [IBAN-1] BANK"),
            ("gb29nwbk60161331926819", "[IBAN-1]"),
            ("key AKIAIOSFODNN7EXAMPLE in use", "key [SECRET-1] in use"),
            ("password: hunter2!", "password: [SECRET-1]"),
            ("Kennwort lautet Sommer2024", "Kennwort lautet [SECRET-1]"),
            ("https://root:s3cr3t@db.example.org/x", "https://root:[SECRET-1]"),
            ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer [SECRET-1]"),
            ("x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc y", "x [SECRET-1] y"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- end",
                "[SECRET-1] end",
            ),
            ("d41d8cd98f00b204e9800998ecf8427e", "[SECRET-1]"),
            ("Signed: ada\u{a0}STONE and Kim.", "Signed: [NAME-1] and [NAME-2]."),
        ] {
            let got = redact(text);
            let got =
                if wanted.starts_with("https") { got[..wanted.len()].to_owned() } else { got };
            assert_eq!(got, wanted, "{text}");
        }
    }

    #[test]
    fn what_the_judge_needs_stays() {
        for text in [
            "Reviewed on 01.02.2026 and 2026-05-04, next 01/02/2027.",
            "Restore test 03.04.2025 - 05.04.2025, ticket 00123-2025.",
            "Version 2.10.3 of ISO/IEC 27001:2022, A.5.18, RTO 4 h.",
            "Password: required, at least twelve characters.",
            "The password is changed; the token is revoked.",
            "Kimberley signs for the board.",
            "policies/access-control-policy-2024-final-version.md",
            "10.0.0.1 to 10.0.0.254 are scanned each week",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn what_overlaps_goes_as_one_and_a_place_inside_is_widened() {
        let redactor = Redactor::new(true, &["Ada Stone".into()]).unwrap();
        let text = "by Ada Stone@example.org today";
        let mut placeholders = Placeholders::default();
        let made = Redacted::new(&redactor, text, &mut placeholders);
        assert_eq!(made.text, "by [NAME-1] today");
        assert_eq!(&text[made.source(&(0..5))], "by Ada Stone@example.org");
        assert_eq!(&text[made.source(&(6..17))], "Ada Stone@example.org today");
        assert_eq!(placeholders.restore("[NAME-1] signs"), "Ada Stone@example.org signs");
        assert_eq!(placeholders.counts(), BTreeMap::from([("name".to_owned(), 1)]));
    }

    #[test]
    fn listed_names_go_in_paths_in_every_script_and_spelling() {
        let names =
            ["J. Doe Jr.", "Kim", "Kim Lee", "Ada Stone", "Jos\u{e9} D\u{ed}az", "田中", "R2"];
        let redactor = Redactor::new(false, &names.map(str::to_owned)).unwrap();
        for (text, wanted) in [
            ("signed J. Doe Jr. on Monday", "signed [NAME-1]. on Monday"),
            ("hr/Kim_review.md", "hr/[NAME-1]_review.md"),
            ("hr/Ada_Stone.md, ada-stone2024.md", "hr/[NAME-1].md, [NAME-2]2024.md"),
            ("Jose\u{301} Di\u{301}az, Jos\u{e9} D\u{ed}az", "[NAME-1], [NAME-2]"),
            ("承認者は田中です", "承認者は[NAME-1]です"),
            ("Kim Leeds and Kim Lee", "[NAME-1] Leeds and [NAME-2]"),
            ("Kimberley, Skim, R21, R2", "Kimberley, Skim, R21, [NAME-1]"),
        ] {
            let made = Redacted::new(&redactor, text, &mut Placeholders::default());
            assert_eq!(made.text, wanted, "{text}");
        }
    }

    #[test]
    fn nothing_is_taken_out_where_it_is_switched_off() {
        let redactor = Redactor::new(false, &[]).unwrap();
        let text = "ada@example.org";
        let made = Redacted::new(&redactor, text, &mut Placeholders::default());
        assert_eq!(made.text, text);
    }
}
