//! CSV; every letter and digit comes out once, but for the separator hint of Excel.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    evimap_fuzz::read("csv", data);
    let Some(text) = evimap_fuzz::unmistakable(data) else { return };
    let Some(read) = evimap::extract::fuzzing::read("csv", data) else { return };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let hint = first.trim_matches(' ').to_ascii_lowercase();
    let hint = hint.starts_with("sep=") && hint.len() == 5;
    evimap_fuzz::same_letters(if hint { rest } else { text }, &read);
});
