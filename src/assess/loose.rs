//! A quote in a document that is laid out otherwise: in pages, in another format.

use crate::domain::{Passage, is_list_number, letters_and_digits};

/// Letters and digits that a page's foot, or the next one's head, may have: two lines of print.
/// Readers mark what stands on every page of three or more; on two pages they can't tell.
const FURNITURE: usize = 150;

/// Letters at either end of a quote that are looked for before anything else is compared.
const PROBE: usize = 8;

/// Whether a quote stands in these passages of a document, page breaks aside; in another format
/// also list numbers and footnote marks, which a text processor makes and a page shows.
pub(super) fn stands(quote: &str, passages: &[&Passage], converted: bool) -> bool {
    let key: Vec<char> = form(quote, converted).chars().collect();
    if key.len() < 2 * PROBE {
        return false;
    }
    let mut pages: Vec<(Option<u32>, Vec<char>)> = Vec::new();
    for passage in passages {
        let number = passage.locator().page_number();
        let text = form(passage.text(), converted);
        match pages.last_mut().filter(|(last, _)| *last == number) {
            Some((_, page)) => page.extend(text.chars()),
            None => pages.push((number, text.chars().collect())),
        }
    }
    let within = converted && pages.iter().any(|(_, page)| find(page, &key).is_some());
    within || pages.windows(2).any(|two| over(&key, &two[0].1, &two[1].1))
}

/// Whether a quote begins at the end of one page and ends at the beginning of the next.
fn over(key: &[char], page: &[char], next: &[char]) -> bool {
    let reach = key.len() + FURNITURE;
    let (foot, head) = (&page[page.len().saturating_sub(reach)..], &next[..next.len().min(reach)]);
    let Some(start) = rfind(foot, &key[..PROBE]) else { return false };
    let Some(end) = find(head, &key[key.len() - PROBE..]).map(|at| at + PROBE) else {
        return false;
    };
    // As much as fits at the foot, the rest at the head.
    let first = foot[start..].iter().zip(key).take_while(|(a, b)| a == b).count();
    let rest = head[..end].iter().rev().zip(key.iter().rev()).take_while(|(a, b)| a == b).count();
    let gap = foot.len() - start - first.min(foot.len() - start);
    first + rest >= key.len() && gap <= FURNITURE && end.saturating_sub(rest) <= FURNITURE
}

fn find(text: &[char], key: &[char]) -> Option<usize> {
    text.windows(key.len()).position(|window| window == key)
}

fn rfind(text: &[char], key: &[char]) -> Option<usize> {
    text.windows(key.len()).rposition(|window| window == key)
}

fn form(text: &str, converted: bool) -> String {
    if !converted {
        return letters_and_digits(text);
    }
    let words = text.split_whitespace().filter(|word| !is_list_number(word));
    words.map(|word| letters_and_digits(without_mark(word))).collect()
}

/// `noted.1` without the mark of its footnote. A control's number (`A.5`) has no word before it.
fn without_mark(word: &str) -> &str {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let marked = (1..=2).contains(&(word.len() - bare.len())) && bare.ends_with(['.', ',', ';']);
    let text = bare.trim_end_matches(['.', ',', ';']);
    let is_word = text.chars().count() >= 3 && text.chars().all(char::is_alphabetic);
    if marked && is_word { bare } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BlockKind, Locator, Part};

    fn page(number: u32, text: &str) -> Passage {
        let parts = vec![Part { range: 0..text.len(), locator: Locator::page(number) }];
        let made = Passage::new("a.pdf".into(), 0, BlockKind::Body, vec![], text.to_owned(), parts);
        made.unwrap()
    }

    const QUOTE: &str =
        "HR reminds the person in writing which duties of confidentiality continue.";

    #[test]
    fn a_quote_runs_over_a_page_break_with_what_stands_on_every_page() {
        let first = page(1, "In the exit talk HR reminds the person in writing which duties of");
        let foot = page(1, "POL-08 Version 2.0 - Approved Page 1 of 2");
        let second =
            page(2, "Muster Ltd People Security Policy\nconfidentiality continue. Badges too.");
        assert!(stands(QUOTE, &[&first, &foot, &second], false));
        // Something that belongs to neither page's edge.
        let more = "and much more is said here, ".repeat(8);
        assert!(!stands(QUOTE, &[&first, &page(1, &more), &second], false));
        // Changed on either side of the break.
        let other = page(2, "confidentiality end. Badges too.");
        assert!(!stands(QUOTE, &[&first, &foot, &other], false));
        let other = page(1, "HR reminds the person by word of mouth which duties of");
        assert!(!stands(QUOTE, &[&other, &foot, &second], false));
    }

    #[test]
    fn numbers_that_a_text_processor_makes_are_set_aside_in_another_format() {
        let quote = "List the people concerned. List benefits and harms; the reasons are noted.";
        let text = page(
            1,
            "1. List the people concerned.\n2. List benefits and harms; the reasons are noted.1",
        );
        assert!(stands(quote, &[&text], true));
        assert!(!stands(quote, &[&text], false));
        let changed =
            page(1, "1. List the people concerned.\n2. List harms; the reasons are noted.1");
        assert!(!stands(quote, &[&changed], true));
        // Numbers that say something stay.
        let days = page(1, "Access is removed within 30 days of leaving, see A.6.");
        assert!(stands("Access is removed within 30 days of leaving, see A.6.", &[&days], true));
        assert!(!stands("Access is removed within 20 days of leaving, see A.6.", &[&days], true));
        assert!(!stands("Access is removed within 30 days of leaving, see A.5.", &[&days], true));
    }
}
