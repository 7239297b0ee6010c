//! The optional judge: which proposals are shown to it, and what is kept of its answers.

use std::collections::BTreeMap;

use super::{
    Collection, Event, PipelineError, RunOptions, Stage, Watcher, Workspace,
    judging::{self, Came, SentLog},
};
use crate::{
    catalog::Catalog,
    diag::Diagnostic,
    domain::{Judgement, Target, TargetJudgement},
    judge::{self, CallRecord, Judge, Replay},
    matching::Matched,
    store::Store,
};

/// What the endpoint said, now or earlier.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    pub judgements: Vec<Judgement>,
    pub targets: Vec<TargetJudgement>,
    pub diagnostics: Vec<Diagnostic>,
    pub calls: usize,
    pub failed: usize,
}

const OPINIONS: &str = "judge-opinions";

type Opinions = BTreeMap<String, judge::Opinion>;

fn opinions(store: &Store) -> Result<Opinions, PipelineError> {
    Ok(store.meta(OPINIONS)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Asks about every proposal that a person will be shown. Answers are kept as they come, so a run
/// that is stopped asks nothing twice.
pub(super) fn ask(
    catalog: &Catalog,
    workspace: &mut Workspace,
    collection: &Collection,
    matched: &Matched,
    options: &RunOptions,
    run: u64,
    watch: &mut Watcher<'_>,
) -> Result<Judged, PipelineError> {
    let config = workspace.config.judge.clone();
    let targets: Vec<Target> = catalog.targets().cloned().collect();
    let shown = judging::asked_about(matched);
    let plan = judging::plan(workspace, collection, &targets, shown, options, run)?;
    watch(Event::Begin { stage: Stage::Judge, total: Some(plan.cases.len() as u64) });
    let (outcome, base_url, model) = if let Some(recording) = &plan.replay {
        let replay = Replay(recording);
        let told = |_: judge::Event<'_>| watch(Event::Step);
        let outcome = judge::judge_with(&replay, &plan.cases, 1, |_| None, told);
        (outcome, String::new(), replay.model().to_owned())
    } else {
        let Some(config) = config else {
            return Err(PipelineError::input(
                "judge",
                "--judge is given and evimap.toml has no [judge]",
                "add base_url and model to the workspace's evimap.toml, or leave out --judge",
            ));
        };
        let known = opinions(&workspace.store)?;
        let mut kept = known.clone();
        let mut failure: Option<PipelineError> = None;
        let log = SentLog::new(&plan, &workspace.dir, &config.model);
        let store = &mut workspace.store;
        let anew = options.judging.record.is_some();
        let outcome = judge::judge_all(
            &plan.cases,
            &config,
            |key| known.get(key).filter(|_| !anew).cloned(),
            |event| {
                let mut note = |records: &[CallRecord]| {
                    failure = failure.take().or(log.note(records).err());
                };
                match event {
                    judge::Event::Judged { key, opinion, records, .. } => {
                        note(records);
                        kept.insert(key.to_owned(), opinion.clone());
                        match serde_json::to_string(&kept) {
                            Ok(text) => {
                                let put = store.set_meta(OPINIONS, &text).err();
                                failure = failure.take().or(put.map(Into::into));
                            }
                            Err(error) => debug_assert!(false, "opinions are plain data: {error}"),
                        }
                    }
                    judge::Event::Failed { records, .. } => note(records),
                    judge::Event::Cached { .. } => {}
                }
                watch(Event::Step);
            },
        )?;
        if let Some(error) = failure {
            return Err(error);
        }
        (outcome, config.base_url, config.model)
    };
    watch(Event::End);
    let came = Came { base_url: &base_url, model: &model, outcome: &outcome };
    judging::keep(&plan, &came, workspace)?;
    let mut diagnostics = plan.told;
    diagnostics.extend(outcome.diagnostics);
    Ok(Judged {
        judgements: outcome.judgements,
        targets: outcome.targets,
        diagnostics,
        calls: outcome.calls,
        failed: outcome.failed,
    })
}
