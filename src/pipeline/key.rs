//! What a cached text hangs on: its content and the readers, and where that matters also how OCR and
//! the limits were set. So switching OCR on reads the files with pictures again, and no other.

use sha2::{Digest, Sha256};

use crate::{
    domain::{ExtractStatus, Extracted},
    extract::{self, Limits, Ocr, READER_VERSION},
    store::{Store, StoreError},
};

/// Diagnostics of readings that another limit would change.
const BOUNDED: [&str; 6] =
    ["text-limit", "unpacked-limit", "damaged", "time-limit", "cpu-limit", "reader-crash"];

/// How files are read in a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Key {
    /// Everything that a reading may hang on.
    exact: String,
    /// Languages of OCR, if it is on: `eng+deu`.
    pub(super) languages: Option<String>,
}

impl Key {
    /// The key of a run with these settings.
    pub fn new(ocr: Option<&Ocr>, limits: &Limits) -> Self {
        let bounds = serde_json::to_vec(limits).unwrap_or_default();
        let bounds = data_encoding::HEXLOWER.encode(&Sha256::digest(bounds)[..8]);
        let seen = ocr.map_or_else(|| "off".to_owned(), Ocr::key);
        Self {
            exact: format!("{READER_VERSION}; limits {bounds}; ocr {seen}"),
            languages: ocr.map(|ocr| ocr.languages().to_owned()),
        }
    }

    /// The key that a stored run was made with, from what [`Key::stored`] gave.
    pub(super) fn restore((exact, languages): (String, Option<String>)) -> Self {
        Self { exact, languages }
    }

    /// As it is stored with a run.
    pub(super) fn stored(&self) -> (&str, Option<&str>) {
        (&self.exact, self.languages())
    }

    /// Languages of OCR, if it is on.
    pub fn languages(&self) -> Option<&str> {
        self.languages.as_deref()
    }

    /// What a content gave when it was read in this way.
    ///
    /// # Errors
    /// The state is damaged.
    pub(super) fn lookup(
        &self,
        store: &Store,
        hash: &str,
    ) -> Result<Option<Extracted>, StoreError> {
        if let Some(extracted) = store.cached(hash, READER_VERSION)? {
            return Ok(Some(extracted));
        }
        store.cached(hash, &self.exact)
    }

    /// Keeps what reading in this way gave.
    ///
    /// # Errors
    /// The state can't be written.
    pub(super) fn keep(&self, store: &mut Store, batch: &[Extracted]) -> Result<(), StoreError> {
        let (exact, plain): (Vec<_>, Vec<_>) = batch.iter().partition(|e| hangs_on_settings(e));
        store.cache(plain, READER_VERSION)?;
        store.cache(exact, &self.exact)
    }
}

fn hangs_on_settings(extracted: &Extracted) -> bool {
    extracted.status == ExtractStatus::Failed
        || extract::ocr_matters(extracted)
        || extracted.diagnostics.iter().any(|d| BOUNDED.contains(&d.code.as_str()))
}
