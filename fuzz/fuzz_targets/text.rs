//! Plain text in any encoding: each block stands on the lines that it says.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    evimap_fuzz::read("txt", data);
    let Some(text) = evimap_fuzz::unmistakable(data) else { return };
    let Some(read) = evimap::extract::fuzzing::read("txt", data) else { return };
    evimap_fuzz::same_letters(text, &read);
    let lines: Vec<&str> = text.split('\n').collect();
    for block in &read.blocks {
        let (first, last) = block.locator.line_range().expect("text has lines");
        let place = lines[first as usize - 1..last as usize].join("\n");
        assert_eq!(place.trim(), block.text, "lines {first} to {last}");
    }
});
