//! Cells that no spreadsheet program takes for a formula, in a way that import undoes exactly.

/// What a spreadsheet program may run: `= + - @` (also full width, also after blanks), or a
/// leading control character, which some programs skip.
fn runs(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Puts an apostrophe before a cell that would run, or that looks as if it had been escaped.
pub fn escape(text: &str) -> String {
    if runs(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() }
}

/// Takes away what [`escape`] put there.
pub(super) fn unescape(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if runs(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// The error values of spreadsheet programs, in the languages that reviewers work in.
pub(super) fn is_error_value(text: &str) -> bool {
    const KNOWN: [&str; 33] = [
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#ERROR!",
        "#GETTING_DATA", // English
        "#WERT!",
        "#BEZUG!",
        "#ZAHL!",
        "#NV",
        "#ÜBERLAUF!",
        "#KALK!", // German
        "#VALEUR!",
        "#NOM?",
        "#NOMBRE!",
        "#NUL!", // French
        "#¡VALOR!",
        "#¡REF!",
        "#¿NOMBRE?",
        "#¡NUM!",
        "#¡DIV/0!",
        "#N/D", // Spanish, Italian
        "#VALORE!",
        "#RIF!",
        "#NOME?", // Italian
        "#WAARDE!",
        "#VERW!", // Dutch
    ];
    text.starts_with('#') && KNOWN.contains(&text.to_uppercase().as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_escaped_and_words_are_not() {
        for (plain, safe) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("-5", "'-5"),
            (" \u{a0}@SUM", "' \u{a0}@SUM"),
            ("\tx", "'\tx"),
            ("'=x", "''=x"),
            ("'tis", "'tis"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(escape(plain), safe);
            assert_eq!(unescape(safe), plain);
        }
    }

    proptest! {
        #[test]
        fn unescape_undoes_escape(text in "['=+@\t\r -]{0,4}.{0,6}") {
            let safe = escape(&text);
            prop_assert!(!runs(&safe));
            prop_assert_eq!(unescape(&safe), text);
        }
    }
}
