//! Arguments of `evimap import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::{domain::Date, review::ColumnMap};

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Propose positions from an existing Statement of Applicability or control matrix; none counts
    /// before a person signs it
    #[command(after_help = "\
Examples:
  evimap import soa SoA-2019.xlsx -w work             columns are found by header and content
  evimap import soa SoA.xlsx --framework ISO27001:2013 --map C=applicable,E=owner -w work

Writes review/positions-from-soa.csv. Put your name into decided_by of each row that holds, then
`evimap review import` it. See docs/imports.md.")]
    Soa {
        /// XLSX, XLSM, XLSB, XLS, ODS or CSV; several are read as one SoA
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        columns: Columns,
        /// The standard that its ids are of: ISO27001:2013, ISO27001 or ISO42001
        #[arg(long, value_name = "ID")]
        framework: Option<String>,
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: PathBuf,
        /// Show the columns and what would be proposed, write nothing
        #[arg(long)]
        check: bool,
    },
    /// Merge risk registers into review/risks.csv; what people changed there stays
    #[command(after_help = "\
Examples:
  evimap import risks security.xlsx ai.csv -w work
  evimap import risks ai.csv --framework ISO42001 --map D=cause -w work

Likely doubles are named in likely_same_as, never merged. See docs/imports.md.")]
    Risks {
        /// Registers as XLSX, XLSM, XLSB, XLS, ODS or CSV
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        columns: Columns,
        /// Standards that all risks of these files concern: ISO27001, ISO42001
        #[arg(long, value_name = "ID", value_delimiter = ',')]
        framework: Vec<String>,
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: PathBuf,
        /// Show the columns and what would change, write nothing
        #[arg(long)]
        check: bool,
    },
    /// Merge inventories of assets and AI systems into review/assets.csv; what people changed there stays
    #[command(after_help = "\
Examples:
  evimap import assets assets.xlsx ai-systems.xlsx -w work
  evimap import assets CMDB.csv --map C=kind,F=classification -w work

AI systems that evimap.toml does not declare are named with the lines to add, never added. See docs/imports.md.")]
    Assets {
        /// Inventories as XLSX, XLSM, XLSB, XLS, ODS or CSV
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        columns: Columns,
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: PathBuf,
        /// Show the columns and what would change, write nothing
        #[arg(long)]
        check: bool,
    },
    /// Merge impact assessments of AI systems into review/impact-assessments.csv; what people changed
    /// there stays
    #[command(after_help = "\
Examples:
  evimap import impact-assessments assessments.xlsx -w work
  evimap import impact-assessments AI-inventory.xlsx --map G=done -w work

A row is what its register states, no accepted evidence. See docs/imports.md.")]
    ImpactAssessments {
        /// Registers, or inventories that speak of assessments: XLSX, XLSM, XLSB, XLS, ODS or CSV
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        columns: Columns,
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: PathBuf,
        /// The day that counts as today for what is overdue
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<Date>,
        /// Show the columns and what would change, write nothing
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Clone, Args)]
pub struct Columns {
    /// What a column means, by its letter or header; NAME is blank to leave the column out
    #[arg(long, value_name = "COLUMN=NAME", value_delimiter = ',')]
    pub map: Vec<ColumnMap>,
}
