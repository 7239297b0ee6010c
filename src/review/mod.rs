//! Review: CSV out, a person's edits back in. The only producer of Decisions and Positions.
//!
//! ```text
//! Proposals, Assessments → export → Table → guard → review/*.csv
//! review/*.csv (edited)  → sheet  → Sheet → import → Decisions, Positions
//! ```
//!
//! Nothing here keeps state: what the workspace remembers comes in by [`Context`], what it has to
//! remember goes out by [`Import`]. Only `guard` touches the file system.

mod cell;
mod columns;
mod dates;
mod export;
mod guard;
mod import;
mod sheet;
mod table;
mod words;

pub use columns::{ACTIONS, FileKind, POSITIONS, SUGGESTIONS};
pub use export::{export_actions, export_positions, export_suggestions};
pub use guard::{GuardError, Written, imported_cells, write_guarded};
pub use import::{Context, DocumentText, Import, import};
pub use sheet::{Sheet, SheetRow, read_table};
pub use table::{Cells, Table};
