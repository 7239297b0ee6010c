//! The optional judge: which proposals are shown to it, and what is kept of its answers.

use std::collections::BTreeMap;

use super::{Event, PipelineError, Stage, Watcher, Workspace};
use crate::{
    catalog::Catalog,
    diag::Diagnostic,
    domain::{Band, Judgement, Target},
    judge,
    matching::Matched,
    store::Store,
};

/// What the endpoint said, now or earlier.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    pub judgements: Vec<Judgement>,
    pub diagnostics: Vec<Diagnostic>,
    pub calls: usize,
    pub failed: usize,
}

const OPINIONS: &str = "judge-opinions";

type Opinions = BTreeMap<String, judge::Opinion>;

fn opinions(store: &Store) -> Result<Opinions, PipelineError> {
    Ok(store.meta(OPINIONS)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Judgements of earlier runs.
pub(super) fn stored(store: &Store) -> Result<Judged, PipelineError> {
    let judgements = opinions(store)?.into_values().flat_map(|o| o.judgements).collect();
    Ok(Judged { judgements, ..Judged::default() })
}

/// Asks about every proposal that a person will be shown. Answers are kept as they come, so a run
/// that is stopped asks nothing twice.
pub(super) fn ask(
    catalog: &Catalog,
    workspace: &mut Workspace,
    matched: &Matched,
    watch: &mut Watcher<'_>,
) -> Result<Judged, PipelineError> {
    let Some(config) = workspace.config.judge.clone() else {
        return Err(PipelineError::input(
            "judge",
            "--judge is given and evimap.toml has no [judge]",
            "add base_url and model to the workspace's evimap.toml, or leave out --judge",
        ));
    };
    let targets: Vec<Target> = catalog.targets().cloned().collect();
    let shown = matched.proposals.iter().filter(|p| p.band != Band::Possible);
    let cases = judge::cases(&targets, shown);
    watch(Event::Begin { stage: Stage::Judge, total: Some(cases.len() as u64) });
    let known = opinions(&workspace.store)?;
    let mut kept = known.clone();
    let mut failure = None;
    let store = &mut workspace.store;
    let outcome = judge::judge_all(
        &cases,
        &config,
        |key| known.get(key).cloned(),
        |event| {
            if let judge::Event::Judged { key, opinion, .. } = event {
                kept.insert(key.to_owned(), opinion.clone());
                match serde_json::to_string(&kept) {
                    Ok(text) => failure = failure.take().or(store.set_meta(OPINIONS, &text).err()),
                    Err(error) => debug_assert!(false, "opinions are plain data: {error}"),
                }
            }
            watch(Event::Step);
        },
    )?;
    watch(Event::End);
    if let Some(error) = failure {
        return Err(error.into());
    }
    Ok(Judged {
        judgements: outcome.judgements,
        diagnostics: outcome.diagnostics,
        calls: outcome.calls,
        failed: outcome.failed,
    })
}
