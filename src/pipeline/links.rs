//! What imported Statements of Applicability say of where evidence is, kept for the matcher.

use std::collections::BTreeSet;

use super::PipelineError;
use crate::{domain::SoaLink, store::Store};

const LINKS: &str = "soa-links";

/// The name by which a file is known again.
pub(super) fn name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// Keeps the rows of the files that were imported; what was kept of them before goes, that of others stays.
pub(super) fn remember(
    store: &mut Store,
    files: &BTreeSet<&str>,
    links: &[SoaLink],
) -> Result<(), PipelineError> {
    let mut all = recall(store)?;
    all.retain(|link| !files.contains(link.file.as_str()));
    all.extend(links.iter().cloned());
    all.sort_by(|a, b| (&a.file, a.row, &a.text).cmp(&(&b.file, b.row, &b.text)));
    let text = serde_json::to_string(&all).map_err(|e| PipelineError::Internal(e.to_string()))?;
    Ok(store.set_meta(LINKS, &text)?)
}

/// The rows of all imports so far. What another version kept can't be read, and counts as nothing.
pub(super) fn recall(store: &Store) -> Result<Vec<SoaLink>, PipelineError> {
    let text = store.meta(LINKS)?.unwrap_or_default();
    Ok(serde_json::from_str(&text).unwrap_or_default())
}
