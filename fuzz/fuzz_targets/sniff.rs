//! Whole files by what they look like. The first byte chooses the name.
#![no_main]

const NAMES: [&str; 8] =
    ["a.txt", "b.csv", "c.md", "d.eml", "e.html", "f.xls", "g", "some/path.with/dots.tsv"];

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    let Some((name, data)) = data.split_first() else { return };
    // The PDF parsers are other crates, and take minutes over a broken file.
    if data.windows(5).any(|window| window == b"%PDF-") {
        return;
    }
    let name = NAMES[usize::from(*name) % NAMES.len()];
    evimap_fuzz::document(&evimap::extract::fuzzing::read_any(name, data));
});
