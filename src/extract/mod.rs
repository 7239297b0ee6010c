//! Source files in, [`Extracted`](crate::domain::Extracted) out: walking a folder, one reader per
//! format behind one list, and a pool of worker processes so that no file can take a run down.
//!
//! A reader gets bytes and gives [`Content`]; it never touches the file system, the network or
//! another reader. `registry` is the one list of readers and says in which order they are tried;
//! `read` runs the list over one file, `worker` does so in a process of its own, `pool` feeds the
//! workers and gives the results back in order.

mod archive;
mod builder;
mod control;
mod csv;
mod decode;
mod html;
mod mail;
mod markdown;
mod ocr;
mod pdf;
mod pool;
mod read;
mod registry;
mod sniff;
mod stop;
mod text;
mod walk;
mod worker;

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
pub mod office;

use crate::{
    diag::Diagnostic,
    domain::{Block, Properties},
};

pub use control::labels;
#[cfg(test)]
pub(crate) use control::{PENDING, STATUS_WORDS};
pub use ocr::{Ocr, find as find_ocr, is_language, matters as ocr_matters};
pub use pool::{Job, Options, extract_all, extract_json, hash_file};
pub use read::{READER_VERSION, read_file};
pub use stop::Stop;
pub use walk::{Found, Root, Skipped, WalkError, Walked, walk};
pub use worker::{WORKER_ARGUMENT, worker_main};

/// What a reader gets: a name (for its extension only) and the whole content.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub limits: &'a Limits,
}

/// What a reader gives. No blocks means that the file is sound and holds no text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    pub blocks: Vec<Block>,
    pub properties: Properties,
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a reader gave nothing. The text says what was wrong and, where it helps, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("{0}")]
    Encrypted(String),
    #[error("{0}")]
    Unsupported(String),
    #[error("{0}")]
    Failed(String),
}

/// One format, one reader.
pub trait Reader: Sync {
    /// Short name, for diagnostics and the cache key.
    fn name(&self) -> &'static str;

    /// Reads a whole file. Must not panic on hostile input, but a worker process survives it if it
    /// does.
    fn read(&self, input: Input<'_>) -> Result<Content, ReadError>;

    /// Reads a whole file some of whose pages have no text of their own: `see` gives the text of a
    /// page (from 1) by OCR. Readers of formats without pictures of pages keep this default.
    ///
    /// # Errors
    /// As [`Reader::read`].
    fn read_seeing(
        &self,
        input: Input<'_>,
        see: &mut dyn FnMut(u32) -> Option<String>,
    ) -> Result<Content, ReadError> {
        let _ = see;
        self.read(input)
    }

    /// Reads a container (a mail, an archive): its own text, and each member by its name and bytes
    /// to `member`, in order. Readers of plain formats keep this default.
    ///
    /// # Errors
    /// As [`Reader::read`]; members that were visited before count all the same.
    fn open(
        &self,
        input: Input<'_>,
        member: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<Content, ReadError> {
        let _ = member;
        self.read(input)
    }
}

/// Bounds on one file. A file over a bound gets a diagnostic; the run goes on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Limits {
    /// Larger files are not opened.
    pub file_bytes: u64,
    /// Text kept per file; the rest is cut at a block with a diagnostic.
    pub text_bytes: usize,
    /// Sum of what an archive-based format may unpack to.
    pub unpacked_bytes: u64,
    /// Address space of a worker process, in MiB.
    pub worker_memory_mb: u64,
    /// Processor seconds that one file may take.
    pub cpu_seconds: u64,
    /// Wall-clock seconds that one file may take; with OCR, each program that reads a picture.
    pub wall_seconds: u64,
    /// Pages of one file that OCR reads.
    pub ocr_pages: u32,
    /// Wall-clock seconds that OCR may take for one file, on top of `wall_seconds`.
    pub ocr_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 200 << 20,
            text_bytes: 20 << 20,
            unpacked_bytes: 400 << 20,
            worker_memory_mb: 1024,
            cpu_seconds: 60,
            wall_seconds: 120,
            // 200 pages of 3 s: a full page takes 2.6 s of processor time (docs/extraction.md).
            ocr_pages: 200,
            ocr_seconds: 600,
        }
    }
}
