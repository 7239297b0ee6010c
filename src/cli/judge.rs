//! `evimap judge`: judged runs against each other.

use std::process::ExitCode;

use serde_json::json;

use super::{
    Outcome,
    args::{JudgeCommand, Output},
    render,
};
use crate::{eval, pipeline};

pub(super) fn judge(command: JudgeCommand, output: Output) -> Outcome {
    let JudgeCommand::Compare { first, second, workspace } = command;
    let first = pipeline::judged_run(&first, workspace.as_deref())?;
    let second = pipeline::judged_run(&second, workspace.as_deref())?;
    let compared = eval::compare_judged(&first, &second);
    render::stdout(&if output.json {
        json!({ "schema_version": 1, "comparison": compared }).to_string()
    } else {
        render::clean(&eval::comparison_text(&compared))
    });
    Ok(ExitCode::SUCCESS)
}
