//! Evimap reads an existing ISMS and proposes which passage is evidence for what, for ISO/IEC
//! 27001:2022 and ISO/IEC 42001:2023 at once. People decide in CSV.
//!
//! ```text
//! SourceFile → Document → Passage → Hit → Proposal ─(Judgement)→ review/*.csv → Decision → Assessment → SoaEntry → reports/
//!   walk        extract   segment   search  match      judge        review                  assess                report
//! ```
//!
//! One direction, no stage reaches back. [`pipeline`] alone knows the order of the stages; a stage
//! knows only the domain types that it takes and gives (and `diag`, `config`, `catalog`).
//! `tests/imports.rs` holds who may import whom.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr))]

pub mod assess;
pub mod catalog;
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "the only module with a terminal")]
pub mod cli;
pub mod config;
pub mod diag;
pub mod domain;
pub mod eval;
pub mod extract;
pub mod files;
pub mod history;
pub mod index;
pub mod judge;
pub mod matching;
pub mod pipeline;
pub mod report;
pub mod review;
pub mod segment;
pub mod store;
pub mod words;
