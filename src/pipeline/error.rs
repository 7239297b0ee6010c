//! Why a run ends early. Trouble with single files never comes here.

use crate::{
    diag::Diagnostic, index::IndexError, judge::SetupError, report::ReportError, store::StoreError,
};

/// An error that ends a run.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Bad usage, configuration or input: nothing was changed. Exit code 2.
    #[error("{}", .0.first().map_or("bad input", |d| d.message.as_str()))]
    Input(Vec<Diagnostic>),
    /// The workspace can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The endpoint can't be used as configured; nothing was sent.
    #[error(transparent)]
    Judge(#[from] SetupError),
    /// A signal asked the process to end, and it did so at a good place. Exit code 128 + signal.
    #[error("stopped by {}; what was read and decided is kept, the same command goes on from there", signal_name(*.0))]
    Stopped(i32),
    #[error("{0}")]
    Internal(String),
}

fn signal_name(signal: i32) -> String {
    match signal {
        2 => "SIGINT".to_owned(),
        15 => "SIGTERM".to_owned(),
        other => format!("signal {other}"),
    }
}

impl PipelineError {
    /// One fault of an input.
    pub fn input(code: &str, message: impl Into<String>, help: &str) -> Self {
        Self::Input(vec![Diagnostic::error(code, message).help(help)])
    }

    /// True for what the user can mend by another command line, configuration or input.
    pub fn is_users(&self) -> bool {
        match self {
            Self::Input(_) | Self::Judge(_) => true,
            Self::Store(error) => {
                !matches!(error, StoreError::Sql { .. } | StoreError::Full { .. })
            }
            Self::Index(_) | Self::Report(_) | Self::Stopped(_) | Self::Internal(_) => false,
        }
    }
}
