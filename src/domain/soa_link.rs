//! What an existing Statement of Applicability says of where the evidence for a control is.

use serde::{Deserialize, Serialize};

use super::TargetId;

/// A row of an imported Statement of Applicability, as far as it may name documents. It is a hint of where
/// to look, as a Statement among the sources is; it decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoaLink {
    /// Name of the file.
    pub file: String,
    /// Number of the row as spreadsheet programs show it.
    pub row: u32,
    /// The control; of a number of 2013, all that it became.
    pub targets: Vec<TargetId>,
    /// The number of ISO/IEC 27001:2013 that the row has, if it has one: `A.9.2.5`.
    pub from_2013: Option<String>,
    /// Its words that may name documents, as they stand there.
    pub text: String,
}
