//! Comparable forms of a text.

use unicode_normalization::UnicodeNormalization;

/// The lower-cased letters and digits of a text after NFKC: what two quotes must share to be the
/// same quote.
pub fn letters_and_digits(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Lower case, composed, signs as blanks: `Umsetzungs-\nstatus (IST)` is `umsetzungs status ist`.
pub fn plain_words(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    folded
        .split(|c: char| !c.is_alphanumeric() && c != '%')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text with whatever Markdown could read as markup made plain.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '*' | '_' | '`' | '<' | '[' | ']' | '|' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One blank for each run of white space, none at the ends.
pub fn squash_whitespace(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether two names are one person's: letter case and extra blanks don't count.
pub fn same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| squash_whitespace(name).to_lowercase();
    plain(one) == plain(other)
}

/// Whether a word is the number of an item in a list: `2.`, `b)`, `(iv)`. Text processors make
/// them; a page shows them.
pub fn is_list_number(word: &str) -> bool {
    let inner = word.trim_start_matches('(');
    let bare = inner.trim_end_matches(['.', ')']);
    bare.len() < inner.len()
        && (1..=3).contains(&bare.len())
        && (bare.chars().all(|c| c.is_ascii_digit())
            || bare.len() == 1
            || bare.chars().all(|c| matches!(c, 'i' | 'v' | 'x')))
}
