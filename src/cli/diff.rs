//! `evimap diff`: what is different between two runs.

use std::process::ExitCode;

use super::{
    Outcome,
    args::{DiffArgs, DiffFormat, Output},
    render,
};
use crate::{
    history::{self, Format},
    pipeline::{self, PipelineError},
};

pub(super) fn diff(args: DiffArgs, output: Output) -> Outcome {
    let difference = pipeline::diff(&args.workspace, args.from, args.to)?;
    let format = match args.format {
        _ if output.json => Format::Json,
        DiffFormat::Text => Format::Text,
        DiffFormat::Md => Format::Markdown,
        DiffFormat::Json => Format::Json,
        DiffFormat::Html => Format::Html,
    };
    let page = history::render(&difference, format).map_err(PipelineError::Internal)?;
    render::stdout(page.trim_end());
    Ok(ExitCode::SUCCESS)
}
