//! Whole files or none, with this module's error.

use std::path::Path;

use super::PipelineError;

/// Replaces a file atomically; see [`crate::files::replace`].
///
/// # Errors
/// The folder can't be written, or there is no space.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), PipelineError> {
    crate::files::replace(path, bytes).map_err(|error| {
        PipelineError::Internal(format!(
            "{} can't be written: {error}; check space and permissions, then run again",
            path.display()
        ))
    })
}
