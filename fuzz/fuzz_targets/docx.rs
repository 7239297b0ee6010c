//! Word documents: the XML parts.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    if let Some(bytes) = evimap_fuzz::zip(data) {
        evimap_fuzz::read("docx", &bytes);
    }
});
