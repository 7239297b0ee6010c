//! Sentences and dates of any text.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    evimap_fuzz::sentences_and_dates(&String::from_utf8_lossy(data));
});
