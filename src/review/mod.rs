//! Review: CSV and workbooks out, a person's edits back in. The only producer of Decisions and Positions.
//!
//! ```text
//! Proposals, Assessments → export → Table → split → guard → review/*.csv, *.xlsx
//! review/* (edited)      → sheet, workbook → Sheet → import → Decisions, Positions
//! ```
//!
//! Nothing here keeps state: what the workspace remembers comes in by [`Context`], what it has to
//! remember goes out by [`Import`]. Only `guard` touches the file system.

mod assets;
mod cell;
mod columns;
mod dates;
mod export;
mod fields;
mod foreign;
mod guard;
mod impacts;
mod import;
mod register;
mod risks;
mod rules;
mod sheet;
mod soa;
mod table;
mod words;
mod workbook;

pub use assets::{ASSET_COLUMNS, ASSETS_FILE, assets, assets_csv, import_assets, read_assets};
pub use cell::escape;
pub use columns::{ACTIONS, AUDITS, FileKind, POSITIONS, SUGGESTIONS};
pub use export::{
    Advice, Decided, Dress, Facts, Split, SplitBy, export_actions, export_audits, export_positions,
    export_suggestions, split, to_workbook,
};
pub use fields::{ColumnMap, Mapped};
pub use guard::{GuardError, Last, Written, clear_former, imported_cells, waiting, write_guarded};
pub use impacts::{
    IMPACT_COLUMNS, IMPACTS_FILE, impacts, impacts_csv, import_impacts, read_impacts,
};
pub use import::{Context, DocumentText, Import, import};
pub use register::{RegisterCounts, RegisterImport, RegisterRow};
pub use risks::{
    RISK_COLUMNS, RISKS_FILE, RiskCounts, RiskImport, RiskOptions, RiskRow, import_risks,
    imported_register, read_register, register_csv, risk_faces, risk_register, unreadable,
};
pub use rules::Rules;
pub use sheet::{Sheet, SheetRow, read_table};
pub use soa::{SOA_FILE, SoaCounts, SoaImport, SoaOptions, import_soa};
pub use table::{Cells, Table};
