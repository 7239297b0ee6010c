//! OpenDocument: the XML parts. The first byte says whether text, slides or cells.
#![no_main]

libfuzzer_sys::fuzz_target!(init: evimap_fuzz::only_own_panics(), |data: &[u8]| {
    let Some((kind, data)) = data.split_first() else { return };
    if let Some(bytes) = evimap_fuzz::zip(data) {
        evimap_fuzz::read(["odt", "odp", "ods"][usize::from(*kind) % 3], &bytes);
    }
});
