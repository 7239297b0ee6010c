//! What the fuzz targets share: which panics count, what must hold of everything that a reader
//! gives, and containers built from a plain input, so that a mutation reaches the parts inside.

mod containers;
mod holds;

pub use containers::{compound, parts, zip};
pub use holds::{document, same_letters, sentences_and_dates, unmistakable};

use std::{backtrace::Backtrace, panic};

/// Lets panics of other crates pass: a worker process catches those, and the next reader takes
/// over. One of Evimap's own code ends the run, also behind a `catch_unwind`.
pub fn only_own_panics() {
    let abort = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let file = info.location().map_or("", |at| at.file());
        if foreign(file) || (standard(file) && foreign_caller()) {
            return;
        }
        abort(info);
    }));
}

fn foreign(file: &str) -> bool {
    file.contains("/registry/src/")
}

fn standard(file: &str) -> bool {
    file.contains("/rustc/") || file.starts_with("library/") || file.contains("/lib/rustlib/")
}

/// Whether the innermost code outside the standard library is another crate's.
fn foreign_caller() -> bool {
    let trace = Backtrace::force_capture().to_string();
    let lines: Vec<&str> = trace.lines().map(str::trim).collect();
    // The frames above the last one of the panic machinery are this hook's.
    let start = lines.iter().rposition(|line| line.contains("panicking::")).map_or(0, |n| n + 2);
    let mut files = lines.iter().skip(start).filter_map(|line| line.strip_prefix("at "));
    files.find(|file| !standard(file)).is_some_and(foreign)
}

/// What ends a run if a reader does not give a document at all.
pub fn read(extension: &str, bytes: &[u8]) {
    let document = evimap::extract::fuzzing::read(extension, bytes);
    document_of(document.as_ref());
}

fn document_of(read: Option<&evimap::domain::Extracted>) {
    let Some(read) = read else { panic!("no such format") };
    document(read);
}
