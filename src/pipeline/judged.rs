//! Judged runs, to be compared and measured.

use std::{collections::BTreeMap, fs, path::Path};

use super::{PipelineError, Workspace, judging::judged_runs};
use crate::{
    diag::Diagnostic,
    domain::{Proposal, ProposalId, Stance},
    eval::JudgedRun,
    judge::Recording,
};

/// Takes a judged run: the number of one in a workspace, or a recording.
///
/// # Errors
/// There is no such run or file, or the file is no recording.
pub fn judged_run(name: &str, workspace: Option<&Path>) -> Result<JudgedRun, PipelineError> {
    if let (Ok(number), Some(dir)) = (name.parse::<u64>(), workspace) {
        let (_, store) = Workspace::open_read(dir)?;
        let runs = judged_runs(&store)?;
        let known: Vec<String> = runs.keys().map(u64::to_string).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let run = runs.get(&number).ok_or_else(|| {
            PipelineError::input(
                "judge",
                format!("run {number} is not among the judged runs that are kept"),
                &format!("judged runs of this workspace: {known}"),
            )
        })?;
        return Ok(taken(&format!("run {number}"), run));
    }
    let text = fs::read_to_string(name).map_err(|error| {
        PipelineError::Input(vec![
            Diagnostic::error("judge", format!("can't be read: {error}"))
                .in_file(name)
                .help("name a recording, or with -w the number of a judged run"),
        ])
    })?;
    Recording::parse(name, &text).map(|found| taken(name, &found)).map_err(PipelineError::Input)
}

fn taken(name: &str, recording: &Recording) -> JudgedRun {
    let said = &recording.said;
    let points = said.iter().flat_map(|s| {
        s.points
            .iter()
            .filter_map(|(point, stance)| Some(((s.proposal.clone(), point.clone()?), *stance)))
    });
    JudgedRun {
        name: name.to_owned(),
        model: recording.model.clone(),
        prompt: recording.prompt_version.clone(),
        proposals: said
            .iter()
            .map(|s| (s.proposal.clone(), (s.target.clone(), s.verdict)))
            .collect(),
        points: points.collect(),
        targets: recording
            .targets
            .iter()
            .map(|t| ((t.target.clone(), t.system.clone()), t.verdict))
            .collect(),
        calls: recording.calls,
        bytes: recording.bytes,
        prompt_tokens: recording.tokens.prompt,
        completion_tokens: recording.tokens.completion,
    }
}

/// The ranks of the last run's proposals with the verdicts of a judged run applied, from 1.
///
/// # Errors
/// The workspace can't be read.
pub fn judged_ranks(
    dir: &Path,
    run: &JudgedRun,
) -> Result<BTreeMap<ProposalId, u32>, PipelineError> {
    let (_, store) = Workspace::open_read(dir)?;
    let mut proposals: Vec<Proposal> = store.proposals()?;
    let stance = |p: &Proposal| -> Option<Stance> { run.proposals.get(&p.id).map(|(_, s)| *s) };
    proposals.sort_by(|a, b| {
        let key = |p: &Proposal| (Stance::place(stance(p)), p.rank);
        (&a.target, &a.system).cmp(&(&b.target, &b.system)).then_with(|| key(a).cmp(&key(b)))
    });
    let rows = proposals.chunk_by(|a, b| (&a.target, &a.system) == (&b.target, &b.system));
    Ok(rows.flat_map(|row| row.iter().map(|p| p.id.clone()).zip(1..)).collect())
}
