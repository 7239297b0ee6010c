//! Mails: headers, bodies, attachments.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    evimap_fuzz::read("eml", data);
});
