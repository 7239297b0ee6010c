//! Words that stand in more than one report, and what makes a foreign text safe to show.

use std::borrow::Cow;

use crate::{
    domain::{
        Acceptance, Applicability, Evidence, Linked, Locator, MachineView, RiskOption, SoaEntry,
        Treatment, escape_markdown, squash_whitespace,
    },
    words::Words,
};

/// Stands in every report; this is its English form, which machine formats hold.
pub const DISCLAIMER: &str = "This report assesses documents against Evimap's own points, not the \
     text of the standards. It supports a review by people and does not replace the standards, \
     professional judgement or an audit.";

/// Stands on the face of a report while no target is reviewed.
pub const NOTHING_REVIEWED: &str =
    "Nothing has been reviewed yet: all views below are machine proposals, not findings";

/// Put where a text is cut.
pub(super) const CUT: &str = "… [cut, see evidence-index.csv]";

/// Put where a cell of a workbook ends at Excel's limit.
pub(super) const CUT_CELL: &str = "… [cut at Excel's limit for a cell, see the CSV file]";

/// The same for a proposal.
pub(super) const CUT_PROPOSAL: &str = "… [cut, see proposals.jsonl]";

/// Most UTF-16 units that a cell of a workbook may hold.
pub(super) const CELL_LIMIT: usize = 32_767;

/// A text that stays on its line of Markdown and is nothing but text.
pub(super) fn line(text: &str) -> String {
    escape_markdown(&squash_whitespace(&plain(text)))
}

/// A text that can be shown and printed: control characters are dropped (line breaks and tabs stay,
/// CR LF becomes LF) and characters that reorder what follows are made visible, so that a quote
/// can't pose as something else. For people only; machine formats keep the verbatim text.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_dropped(c) || reorders(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            c if reorders(c) => out.push_str(&format!("⟨U+{:04X}⟩", c as u32)),
            c if is_dropped(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn is_dropped(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

fn reorders(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text, or its beginning and `note` if it has more than `limit` UTF-16 units (how
/// spreadsheets count). Never cuts a character in two.
pub(super) fn cut<'a>(text: &'a str, limit: usize, note: &str) -> Cow<'a, str> {
    // A UTF-8 text never has fewer bytes than UTF-16 units, so most texts need no counting.
    if text.len() <= limit || text.encode_utf16().count() <= limit {
        return Cow::Borrowed(text);
    }
    let room = limit.saturating_sub(note.encode_utf16().count());
    let mut used = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            used += c.len_utf16();
            used > room
        })
        .map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}{note}", text[..end].trim_end()))
}

/// The place, or what stands for it with an external reference.
pub(super) fn place(words: &Words, locator: Option<&Locator>) -> String {
    locator.map_or_else(
        || words.text("external-reference").to_owned(),
        |locator| locator.told(|word| words.word(word)),
    )
}

/// `document, place`.
pub(super) fn source(words: &Words, document: &str, locator: Option<&Locator>) -> String {
    format!("{document}, {}", place(words, locator))
}

/// `Policies/A.docx: page 2; page 7 (2026-01-29; stale …)`, once a
/// document, date and caveat, with so many places and characters at most.
pub(super) fn by_document(
    w: &Words,
    pieces: &[&Evidence],
    shown: usize,
    length: usize,
) -> Vec<String> {
    let mut out: Vec<(&str, Vec<String>, Vec<String>)> = Vec::new();
    for piece in pieces {
        let here = place(w, piece.locator.as_ref());
        let mut said: Vec<String> = piece.date.map(|day| day.to_string()).into_iter().collect();
        said.extend(caveats(w, piece).into_iter().map(str::to_owned));
        let same = |(document, _, other): &&mut (&str, Vec<String>, Vec<String>)| {
            *document == piece.document && *other == said
        };
        match out.iter_mut().find(same) {
            Some((_, places, _)) if places.contains(&here) => {}
            Some((_, places, _)) => places.push(here),
            None => out.push((&piece.document, vec![here], said)),
        }
    }
    let line = |(document, mut places, said): (&str, Vec<String>, Vec<String>)| {
        let more = places.len().saturating_sub(shown);
        places.truncate(shown);
        // A place names its headings first; those of the one before need not be read again.
        let mut above = String::new();
        for place in &mut places {
            let (heading, rest) = place.rsplit_once(", ").unwrap_or(("", place.as_str()));
            if !heading.is_empty() && heading == above {
                *place = rest.to_owned();
            } else {
                heading.clone_into(&mut above);
            }
        }
        if more > 0 {
            places.push(w.with("more-places", &[("n", more.into())]));
        }
        let named =
            cut(&plain(&format!("{document}: {}", places.join("; "))), length, "…").into_owned();
        if said.is_empty() { named } else { format!("{named} ({})", said.join("; ")) }
    };
    out.into_iter().map(line).collect()
}

/// What a reader must know about a piece of evidence before relying on it; empty if nothing.
pub(super) fn caveats<'w>(words: &'w Words, evidence: &Evidence) -> Vec<&'w str> {
    let mut caveats = Vec::new();
    if evidence.lost {
        caveats.push(words.text("caveat-lost"));
    }
    if evidence.reconfirm.is_some() {
        caveats.push(words.text("caveat-reconfirm"));
    }
    if evidence.stale {
        caveats.push(words.text("caveat-stale"));
    }
    if evidence.document_status.caps_coverage() {
        caveats.push(words.text("caveat-not-approved"));
    }
    if !evidence.verifiable {
        caveats.push(words.text("caveat-not-verifiable"));
    }
    caveats
}

/// What a machine view means, for legends.
pub(super) fn machine_meaning(words: &Words, view: MachineView) -> &str {
    words.text(match view {
        MachineView::LikelyEvidence => "meaning-likely-evidence",
        MachineView::Unsure => "meaning-unsure",
        MachineView::LikelyGap => "meaning-likely-gap",
    })
}

/// Foreign text for a place where Markdown is read: one line of [`plain`] text that shows as it
/// stands. Marks are escaped, and so is what would become a link by itself.
pub(super) fn markdown(text: &str) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len() + 8);
    for (n, word) in text.split_whitespace().enumerate() {
        if n > 0 {
            out.push(' ');
        }
        for (at, c) in word.char_indices() {
            let marks = match c {
                '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~'
                | '&' | '@' | '$' | '!' => true,
                ':' => word[at..].starts_with("://") || word[..at].eq_ignore_ascii_case("mailto"),
                '.' => {
                    at >= 3 && word.get(at - 3..at).is_some_and(|w| w.eq_ignore_ascii_case("www"))
                }
                // Only at the beginning of a text can these open a list, a rule or a heading.
                '-' | '+' | '=' => n == 0 && at == 0,
                _ => false,
            };
            if marks {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// Words with a separator between them.
pub(super) fn join<'w>(words: impl Iterator<Item = &'w str>, separator: &str) -> String {
    words.collect::<Vec<_>>().join(separator)
}

/// Applicability as a SoA prints it.
pub(super) fn applicability<'w>(words: &'w Words, entry: &SoaEntry) -> &'w str {
    let said = entry.applicability.map(Applicability::as_str);
    said.map_or_else(|| words.text("not-decided"), |word| words.word(word))
}

/// Justification as a SoA prints it.
pub(super) fn justification<'w>(words: &'w Words, entry: &'w SoaEntry) -> &'w str {
    if entry.justification.trim().is_empty() { words.text("open") } else { &entry.justification }
}

/// What the register says of the treatment of the linked risks: `R-1: mitigate (modify)`.
pub(super) fn treatments(w: &Words, entry: &SoaEntry, separator: &str) -> String {
    let told = |register: &Linked| match register {
        Linked::Risk { treatment: known, .. } => treatment(w, known),
        Linked::Missing => w.text("linked-missing").to_owned(),
        Linked::Several => w.text("linked-several").to_owned(),
    };
    let each = entry.risks.iter().map(|risk| format!("{}: {}", risk.id, told(&risk.register)));
    each.collect::<Vec<_>>().join(separator)
}

/// What it says of the residual risk: `R-1: residual 4, accepted by the CEO on 2026-03-01`.
pub(super) fn acceptances(w: &Words, entry: &SoaEntry, separator: &str) -> String {
    let each = entry.risks.iter().filter_map(|risk| {
        let Linked::Risk { residual, acceptance: known, .. } = &risk.register else { return None };
        let accepted = acceptance(w, known);
        Some(match residual.as_str() {
            "" => format!("{}: {accepted}", risk.id),
            residual => w.with(
                "soa-residual",
                &[
                    ("risk", (&risk.id).into()),
                    ("residual", residual.into()),
                    ("acceptance", (&accepted).into()),
                ],
            ),
        })
    });
    each.collect::<Vec<_>>().join(separator)
}

pub(super) fn option(w: &Words, option: RiskOption) -> &str {
    w.text(match option {
        RiskOption::Modify => "option-modify",
        RiskOption::Retain => "option-retain",
        RiskOption::Share => "option-share",
        RiskOption::Avoid => "option-avoid",
    })
}

/// A treatment: the words of the register stand as written, the option that they were read as and
/// what is missing are told.
pub(super) fn treatment(w: &Words, treatment: &Treatment) -> String {
    let written = treatment.written.as_str();
    match treatment.option {
        None if written.is_empty() => w.text("not-decided").to_owned(),
        None => format!("{written} ({})", w.text("option-unknown")),
        Some(known) if written.eq_ignore_ascii_case(known.as_str()) => option(w, known).to_owned(),
        Some(known) => format!("{written} ({})", option(w, known)),
    }
}

/// An acceptance of a residual risk; the name stands as written.
pub(super) fn acceptance(w: &Words, acceptance: &Acceptance) -> String {
    match acceptance {
        Acceptance::Missing => w.text("risk-not-accepted").to_owned(),
        Acceptance::Open => w.text("open").to_owned(),
        Acceptance::By { who, day } if day.is_empty() => {
            w.with("risk-accepted-no-date", &[("who", who.into())])
        }
        Acceptance::By { who, day } => {
            w.with("risk-accepted-on", &[("who", who.into()), ("day", day.into())])
        }
    }
}

/// Implementation status as a SoA prints it. An excluded control has none to state.
pub(super) fn implementation<'w>(words: &'w Words, entry: &'w SoaEntry) -> &'w str {
    match entry.implementation_status.trim() {
        "" if entry.applicability == Some(Applicability::NotApplicable) => words.text("no-status"),
        "" => words.text("not-decided"),
        status => words.word(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_once_with_its_places() {
        let report = super::super::fixture::report(true);
        let piece = report.assessments.iter().flat_map(|a| &a.evidence).next().unwrap();
        let at = |page: u32| Evidence {
            locator: Some(crate::domain::Locator::page(page)),
            lost: false,
            reconfirm: None,
            stale: false,
            ..piece.clone()
        };
        let (two, seven) = (at(2), at(7));
        let other = Evidence { document: "other.md".to_owned(), ..at(1) };
        let said = by_document(Words::english(), &[&two, &other, &seven, &two], 3, 200);
        assert_eq!(said.len(), 2, "{said:?}");
        // What is stale is not said of the rest.
        let stale = Evidence { stale: true, ..at(9) };
        assert_eq!(by_document(Words::english(), &[&two, &stale], 3, 200).len(), 2);
        assert!(said[0].starts_with(&format!("{}: page 2; page 7", piece.document)), "{said:?}");
    }

    #[test]
    fn what_the_register_says_of_a_risk_is_told_around_its_own_words() {
        let german = Words::of(crate::domain::Language::De);
        let french = Words::of(crate::domain::Language::Fr);
        let by = |who: &str, day: &str| Acceptance::By { who: who.to_owned(), day: day.to_owned() };
        for (stated, en, de, fr) in [
            (Acceptance::Missing, "NOT ACCEPTED", "NICHT AKZEPTIERT", "NON ACCEPTÉ"),
            (Acceptance::Open, "OPEN", german.text("open"), french.text("open")),
            (
                by("Head on call", "2026-03-01"),
                "accepted by Head on call on 2026-03-01",
                "akzeptiert von Head on call am 2026-03-01",
                "accepté par Head on call le 2026-03-01",
            ),
            (
                by("the CEO", ""),
                "accepted by the CEO, no date",
                "akzeptiert von the CEO, kein Datum",
                "accepté par the CEO, sans date",
            ),
        ] {
            assert_eq!(acceptance(Words::english(), &stated), en);
            assert_eq!(acceptance(german, &stated), de);
            assert_eq!(acceptance(french, &stated), fr);
        }
        for (written, option, en, de) in [
            ("", None, "NOT DECIDED", "NICHT ENTSCHIEDEN"),
            ("Mitigate", Some(RiskOption::Modify), "Mitigate (modify)", "Mitigate (verändern)"),
            ("Retain", Some(RiskOption::Retain), "retain", "beibehalten"),
            ("None", None, "None (no option that is known)", "None (keine bekannte Option)"),
            // What looks like a sentence of ours stays a person's.
            (
                "Watch (retain)",
                None,
                "Watch (retain) (no option that is known)",
                "Watch (retain) (keine bekannte Option)",
            ),
        ] {
            let stated = Treatment { written: written.to_owned(), option };
            assert_eq!(treatment(Words::english(), &stated), en);
            assert_eq!(treatment(german, &stated), de);
        }
    }

    #[test]
    fn what_can_not_be_printed_goes_and_what_reorders_becomes_visible() {
        assert_eq!(plain("a\u{0}b\u{1b}[31m\r\nc\td\re"), "ab[31m\nc\td\ne");
        assert_eq!(plain("exe\u{202E}fdp"), "exe⟨U+202E⟩fdp");
        assert!(matches!(plain("Zürich – 漢字 👍\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_foreign_text_is_no_markdown() {
        assert_eq!(markdown("a  b\n# c\r\n\n- d"), "a b \\# c - d");
        assert_eq!(markdown("- x | y"), "\\- x \\| y");
        assert_eq!(markdown("<b>![i](https://e.x/)"), r"\<b\>\!\[i\](https\://e.x/)");
        assert_eq!(markdown("see www.e.x or a@b.c"), r"see www\.e.x or a\@b.c");
        assert_eq!(markdown("ISO27001:A.5.1, 3.2"), "ISO27001:A.5.1, 3.2");
        assert_eq!(markdown("a\u{202E}b\u{0}"), "a⟨U+202E⟩b");
    }

    #[test]
    fn a_cut_is_visible_counts_as_spreadsheets_do_and_keeps_characters_whole() {
        assert_eq!(cut("short", 5, CUT), "short");
        let long = "👍".repeat(40_000);
        let cut = cut(&long, CELL_LIMIT, CUT);
        assert!(cut.ends_with(CUT));
        let units = cut.encode_utf16().count();
        assert!((CELL_LIMIT - 1..=CELL_LIMIT).contains(&units), "{units}");
    }
}
