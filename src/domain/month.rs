//! The months by their names.

use std::cmp::Reverse;

use super::ByLanguage;

/// The months' names, January first, the whole name before its short forms, lower case.
pub const MONTHS: ByLanguage<[&[&str]; 12]> = ByLanguage {
    en: [
        &["january", "jan"],
        &["february", "feb"],
        &["march", "mar"],
        &["april", "apr"],
        &["may"],
        &["june", "jun"],
        &["july", "jul"],
        &["august", "aug"],
        &["september", "sep", "sept"],
        &["october", "oct"],
        &["november", "nov"],
        &["december", "dec"],
    ],
    de: [
        &["januar", "jänner", "jaenner", "jän"],
        &["februar", "feber"],
        &["märz", "maerz", "mrz", "mär"],
        &["april"],
        &["mai"],
        &["juni"],
        &["juli"],
        &["august"],
        &["september"],
        &["oktober", "okt"],
        &["november"],
        &["dezember", "dez"],
    ],
    fr: [
        &["janvier", "janv"],
        &["février", "fevrier", "févr", "fevr", "fév"],
        &["mars"],
        &["avril", "avr"],
        &["mai"],
        &["juin"],
        &["juillet", "juil"],
        &["août", "aout"],
        &["septembre", "sept"],
        &["octobre"],
        &["novembre"],
        &["décembre", "decembre", "déc"],
    ],
    es: [
        &["enero", "ene"],
        &["febrero"],
        &["marzo"],
        &["abril", "abr"],
        &["mayo"],
        &["junio"],
        &["julio"],
        &["agosto", "ago"],
        &["septiembre", "setiembre", "sept", "set"],
        &["octubre"],
        &["noviembre"],
        &["diciembre", "dic"],
    ],
    it: [
        &["gennaio", "gen"],
        &["febbraio"],
        &["marzo"],
        &["aprile"],
        &["maggio", "mag"],
        &["giugno", "giu"],
        &["luglio", "lug"],
        &["agosto", "ago"],
        &["settembre", "set"],
        &["ottobre", "ott"],
        &["novembre"],
        &["dicembre", "dic"],
    ],
    pt: [
        &["janeiro"],
        &["fevereiro", "fev"],
        &["março", "marco"],
        &["abril", "abr"],
        &["maio"],
        &["junho"],
        &["julho"],
        &["agosto", "ago"],
        &["setembro", "set"],
        &["outubro", "out"],
        &["novembro"],
        &["dezembro"],
    ],
    nl: [
        &["januari"],
        &["februari", "febr"],
        &["maart", "mrt"],
        &["april"],
        &["mei"],
        &["juni"],
        &["juli"],
        &["augustus"],
        &["september"],
        &["oktober"],
        &["november"],
        &["december"],
    ],
};

/// The number that a word is, in lower case, with or without what makes it an ordinal.
pub fn ordinal(word: &str) -> Option<u16> {
    const SIGNS: [&str; 11] = ["st", "nd", "rd", "th", "er", "ste", "ro", "de", "e", "º", "ª"];
    SIGNS.iter().find_map(|sign| word.strip_suffix(sign)).unwrap_or(word).parse().ok()
}

/// Signs behind the number of a day or quarter, as part of a pattern: 1st, 1er, 1., 1.º, 1°, 1ro, 1ste.
pub const ORDINAL: &str = r"(?:st|nd|rd|th|er|e|ro|ste|de|\.?[º°ª]|\.)?";

/// The month that a name or short name in lower case is of, 1 to 12, in any language.
pub fn month_of(word: &str) -> Option<u8> {
    let of = |months: &[&[&str]; 12]| months.iter().position(|names| names.contains(&word));
    let month = MONTHS.all().iter().find_map(|(_, months)| of(months))?;
    u8::try_from(month + 1).ok()
}

/// Every name once, longer ones before those that they begin with: for alternatives of a pattern.
pub fn month_names() -> Vec<&'static str> {
    let all = MONTHS.all();
    let mut names: Vec<&str> =
        all.iter().flat_map(|(_, months)| months.iter().copied().flatten().copied()).collect();
    names.sort_by_key(|name| (Reverse(name.len()), *name));
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_month_in_all_languages() {
        for (language, months) in MONTHS.all() {
            for (n, names) in months.iter().enumerate() {
                for name in *names {
                    assert_eq!(month_of(name), u8::try_from(n + 1).ok(), "{language} {name}");
                    assert_eq!(name.to_lowercase(), *name);
                }
            }
        }
        assert_eq!(month_of("month"), None);
    }
}
