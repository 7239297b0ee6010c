//! What must hold of everything that a reader gives, whatever it was given.

use evimap::{
    domain::{Block, BlockKind, Date, ExtractStatus, Extracted, Passage},
    segment::{DateFinding, find_dates, profile, segment, sentences},
};

/// Holds a document as it comes out of `extract`, its passages and its profile against the rules.
pub fn document(document: &Extracted) {
    let ok = document.status == ExtractStatus::Ok;
    assert_eq!(ok, !document.blocks.is_empty(), "status and blocks contradict each other");
    assert!(ok || !document.diagnostics.is_empty(), "no text, and nothing says why");
    for block in &document.blocks {
        plain(&block.text);
        block.heading.iter().for_each(|heading| plain(heading));
        assert!(!block.text.trim().is_empty(), "a blank block");
    }
    for (key, value) in &document.properties {
        plain(value);
        assert!(!value.trim().is_empty(), "blank property {key}");
    }
    // A worker sends it home as JSON.
    let sent = serde_json::to_string(document).expect("serialises");
    let got: Extracted = serde_json::from_str(&sent).expect("reads what it wrote");
    assert_eq!(&got, document);

    let passages = segment(document);
    every_letter_once(&document.blocks, &passages);
    for (n, passage) in passages.iter().enumerate() {
        let text = passage.text();
        assert_eq!(passage.ordinal as usize, n);
        assert_eq!(&passage.locate(&(0..text.len())), passage.locator());
        let heading = |block: &&Block| block.heading == passage.heading;
        assert!(document.blocks.iter().any(|b| heading(&b)), "a heading path of no block");
        sentences_and_dates(text);
    }
    let profile = profile(document, None);
    let dates =
        [profile.approved_on, profile.effective_on, profile.reviewed_on, profile.next_review_on];
    dates.into_iter().flatten().for_each(round_trip);
}

/// No control characters: a quote reaches terminals, CSV and HTML.
fn plain(text: &str) {
    let bad = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    assert_eq!(bad, None, "a control character in {text:?}");
}

/// Passages hold what the blocks hold, in order, and nothing else.
fn every_letter_once(blocks: &[Block], passages: &[Passage]) {
    let cited = |block: &&Block| {
        !matches!(block.kind, BlockKind::Heading | BlockKind::Header | BlockKind::Footer)
    };
    let wanted = blocks.iter().filter(cited).flat_map(|block| visible(&block.text));
    let got = passages.iter().flat_map(|passage| visible(passage.text()));
    assert!(wanted.eq(got), "passages lose or repeat text");
}

fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

/// Every visible character lies in exactly one sentence; offsets can be sliced; a date survives
/// being written.
pub fn sentences_and_dates(text: &str) {
    let mut end = 0;
    for range in sentences(text) {
        assert!(end <= range.start, "sentences overlap in {text:?}");
        let between = text.get(end..range.start).expect("on character bounds");
        assert!(between.trim().is_empty(), "{between:?} is in no sentence");
        let sentence = text.get(range.clone()).expect("on character bounds");
        assert!(!sentence.is_empty() && sentence == sentence.trim(), "{sentence:?} is not trimmed");
        end = range.end;
    }
    assert!(
        text.get(end..).is_some_and(|rest| rest.trim().is_empty()),
        "the end is in no sentence"
    );

    let mut last = None;
    for (at, found) in find_dates(text, None) {
        assert!(text.get(at..).is_some(), "a date between characters");
        assert!(last < Some(at), "dates out of order");
        last = Some(at);
        if let DateFinding::Date(date) = found {
            round_trip(date);
        }
    }
}

fn round_trip(date: Date) {
    assert_eq!(date.to_string().parse::<Date>(), Ok(date));
    assert_eq!(find_dates(&date.to_string(), None), [(0, DateFinding::Date(date))]);
}

/// The text, if it is plain UTF-8 that no reader may read in another way: no control characters but
/// line feeds, and nothing that stands for a byte order mark or a lost character.
pub fn unmistakable(data: &[u8]) -> Option<&str> {
    let odd = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{feff}' | '\u{fffd}'..='\u{ffff}')
    };
    std::str::from_utf8(data).ok().filter(|text| !text.contains(odd))
}

/// The blocks hold the letters and digits of the source, in order.
pub fn same_letters(source: &str, read: &Extracted) {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let got: String = read.blocks.iter().map(|block| letters(&block.text)).collect();
    assert_eq!(got, letters(source), "letters are lost, repeated or moved");
}
