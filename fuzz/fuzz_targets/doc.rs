//! Binary Word documents, and those of Word 2.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    // Word 2 has no container.
    if matches!(data, [0xdb | 0x9b, 0xa5, ..]) {
        evimap_fuzz::read("doc", data);
    } else if let Some(bytes) = evimap_fuzz::compound(data) {
        evimap_fuzz::read("doc", &bytes);
    }
});
