//! Markdown; every letter and digit comes out once, and each block stands in the file.
#![no_main]

use evimap::domain::squash_whitespace;

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    evimap_fuzz::read("md", data);
    let Some(text) = evimap_fuzz::unmistakable(data) else { return };
    let Some(read) = evimap::extract::fuzzing::read("md", data) else { return };
    evimap_fuzz::same_letters(text, &read);
    let source = squash_whitespace(text);
    for block in &read.blocks {
        assert!(source.contains(&squash_whitespace(&block.text)), "{:?} is not verbatim", block.text);
    }
});
