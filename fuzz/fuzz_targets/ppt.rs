//! Binary PowerPoint presentations: what is made of the model that office_oxide gives.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    if let Some(bytes) = evimap_fuzz::compound(data) {
        evimap_fuzz::read("ppt", &bytes);
    }
});
