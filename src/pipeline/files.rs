//! Whole files or none.

use std::{fs, io::Write, path::Path};

use super::PipelineError;

/// Replaces a file atomically; on unix it is readable by its owner only.
///
/// # Errors
/// The folder can't be written, or there is no space.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), PipelineError> {
    let fail = |error: std::io::Error| {
        PipelineError::Internal(format!(
            "{} can't be written: {error}; check space and permissions",
            path.display()
        ))
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(fail)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}
