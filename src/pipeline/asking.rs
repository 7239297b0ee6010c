//! The optional judge: which proposals are shown to it, and what is kept of its answers.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{
    Collection, Event, PipelineError, RunOptions, Stage, Watcher, Workspace,
    judging::{self, Came, SentLog},
};
use crate::{
    catalog::Catalog,
    config::{Amount, Format, JudgeConfig, KeySource},
    diag::Diagnostic,
    domain::{Judgement, Target, TargetJudgement},
    extract::Stop,
    judge::{self, CallRecord, ChatJudge, Judge, Replay, Spent},
    matching::Matched,
    store::{Store, StoreError},
};

/// How the endpoint is asked, over what the configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// Send in plain text also to other computers.
    pub insecure: bool,
    /// Money of the run.
    pub max_cost: Option<Amount>,
}

/// What the endpoint said, now or earlier.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    pub judgements: Vec<Judgement>,
    pub targets: Vec<TargetJudgement>,
    pub diagnostics: Vec<Diagnostic>,
    pub calls: usize,
    /// Questions without an answer, and those of them that were not put.
    pub failed: usize,
    pub unasked: usize,
    pub spent: Spent,
}

/// Prefix of the keys under which answers are kept, one by one.
const OPINION: &str = "judge-opinion ";
/// The form of answer that each endpoint takes.
const FORMATS: &str = "judge-formats";

type Opinions = BTreeMap<String, judge::Opinion>;

/// All answers that are kept. What another version kept can't be read, and counts as nothing.
fn opinions(store: &Store) -> Result<Opinions, PipelineError> {
    let known = store.metas(OPINION)?.into_iter();
    Ok(known.filter_map(|(key, text)| Some((key, serde_json::from_str(&text).ok()?))).collect())
}

fn read<T: serde::de::DeserializeOwned>(
    store: &Store,
    key: &str,
) -> Result<Option<T>, PipelineError> {
    Ok(store.meta(key)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn write<T: serde::Serialize>(store: &mut Store, key: &str, value: &T) -> Result<(), StoreError> {
    // Plain data always serialises.
    store.set_meta(key, &serde_json::to_string(value).unwrap_or_default())
}

/// An endpoint that is ready to be asked.
pub(super) struct Ready {
    config: JudgeConfig,
    judge: ChatJudge,
    known: Option<Format>,
}

/// Whose form of answer is remembered.
fn whose(config: &JudgeConfig) -> String {
    format!("{} {}", config.base_url, config.model)
}

/// Gets ready for asking. Comes before anything is read, so that a fault is told at once.
///
/// # Errors
/// There is no `[judge]`, or it can't be used.
pub(super) fn prepare(
    workspace: &Workspace,
    asking: &Asking,
    stop: &Stop,
) -> Result<Ready, PipelineError> {
    let Some(mut config) = workspace.config.judge.clone() else {
        return Err(PipelineError::input(
            "judge",
            "--judge is given and evimap.toml has no [judge]",
            "add base_url and model to the workspace's evimap.toml, or leave out --judge",
        ));
    };
    config.insecure = asking.insecure;
    config.max_cost = asking.max_cost.or(config.max_cost);
    if config.max_cost.is_some() && config.prices.is_none() {
        return Err(PipelineError::input(
            "judge",
            "--max-cost is given and [judge] has no prices",
            "add input_price and output_price, each for a million tokens, to evimap.toml",
        ));
    }
    let forms: BTreeMap<String, String> = read(&workspace.store, FORMATS)?.unwrap_or_default();
    let known = forms.get(&whose(&config)).and_then(|word| Format::from_word(word));
    let stop = stop.clone();
    let dir = workspace.config_dir();
    let judge = ChatJudge::new(&config, dir, known, move || stop.asked())?;
    Ok(Ready { config, judge, known })
}

/// Refuses to read a folder in which the key of the endpoint lies: it would become a document.
///
/// # Errors
/// It does.
pub(super) fn keep_key_out(workspace: &Workspace, roots: &[PathBuf]) -> Result<(), PipelineError> {
    let Some(JudgeConfig { api_key: KeySource::File(name), .. }) = &workspace.config.judge else {
        return Ok(());
    };
    let Ok(file) = fs::canonicalize(workspace.config_dir().join(name)) else { return Ok(()) };
    let inside = |root: &&PathBuf| fs::canonicalize(root).is_ok_and(|root| file.starts_with(root));
    match roots.iter().find(inside) {
        Some(root) => Err(PipelineError::input(
            "judge",
            format!(
                "the key file {name} (`judge.api_key_file`) lies in the source {}",
                root.display()
            ),
            "move it out of the folders that are read: what lies there becomes a document",
        )),
        None => Ok(()),
    }
}

/// What [`ask`] would send, and what it would hold back.
pub(super) fn plan(
    catalog: &Catalog,
    workspace: &Workspace,
    ready: &Ready,
    (collection, matched): (&Collection, &Matched),
    options: &RunOptions,
) -> Result<(judge::Plan, Vec<Diagnostic>), PipelineError> {
    let targets: Vec<Target> = catalog.targets().cloned().collect();
    let shown = judging::asked_about(matched);
    let plan = judging::plan(workspace, collection, &targets, shown, options, 0)?;
    let known = opinions(&workspace.store)?;
    let anew = options.judging.record.is_some();
    let lookup = |key: &str| known.get(key).filter(|_| !anew).cloned();
    Ok((ready.judge.plan(&plan.cases, lookup), plan.told))
}

/// Asks about every proposal that a person will be shown. Answers are kept as they come, so a run
/// that is stopped asks nothing twice.
pub(super) fn ask(
    catalog: &Catalog,
    workspace: &mut Workspace,
    ready: Option<&Ready>,
    (collection, matched): (&Collection, &Matched),
    (options, run): (&RunOptions, u64),
    watch: &mut Watcher<'_>,
) -> Result<Judged, PipelineError> {
    let targets: Vec<Target> = catalog.targets().cloned().collect();
    let shown = judging::asked_about(matched);
    let plan = judging::plan(workspace, collection, &targets, shown, options, run)?;
    watch(Event::Begin { stage: Stage::Judge, total: Some(plan.cases.len() as u64) });
    let (outcome, spent, base_url, model) = match (&plan.replay, ready) {
        (Some(recording), _) => {
            let replay = Replay(recording);
            let told = |_: judge::Event<'_>| watch(Event::Step);
            let outcome = judge::judge_with(&replay, &plan.cases, 1, |_| None, told);
            (outcome, Spent::default(), String::new(), replay.model().to_owned())
        }
        (None, Some(ready)) => {
            let outcome = put(&plan, workspace, ready, options, watch)?;
            let config = &ready.config;
            (outcome, ready.judge.spent(), config.base_url.clone(), config.model.clone())
        }
        (None, None) => return Ok(Judged::default()),
    };
    watch(Event::End);
    judging::keep(
        &plan,
        &Came { base_url: &base_url, model: &model, outcome: &outcome },
        workspace,
    )?;
    let mut diagnostics = plan.told;
    diagnostics.extend(outcome.diagnostics);
    if spent.guessed > 0 {
        let message = format!(
            "{} of {} calls count by their worst case: the endpoint gave no believable usage for them",
            spent.guessed, outcome.calls
        );
        let help = "they may have cost less; docs/judge.md says how a call is counted";
        diagnostics.push(Diagnostic::note("judge-usage", message).help(help));
    }
    Ok(Judged {
        judgements: outcome.judgements,
        targets: outcome.targets,
        diagnostics,
        calls: outcome.calls,
        failed: outcome.failed,
        unasked: outcome.unasked,
        spent,
    })
}

/// Puts the questions to the endpoint.
fn put(
    plan: &judging::Plan,
    workspace: &mut Workspace,
    ready: &Ready,
    options: &RunOptions,
    watch: &mut Watcher<'_>,
) -> Result<judge::Outcome, PipelineError> {
    let Ready { config, judge, known: form } = ready;
    let known = opinions(&workspace.store)?;
    let log = SentLog::new(plan, &workspace.dir, &config.model);
    let store = &mut workspace.store;
    let anew = options.judging.record.is_some();
    let workers = usize::try_from(config.concurrency).unwrap_or(usize::MAX);
    let (mut form, mut failure) = (*form, None);
    let mut note = |done: Result<(), PipelineError>| failure = failure.take().or(done.err());
    let outcome = judge::judge_with(
        judge,
        &plan.cases,
        workers,
        |key| known.get(key).filter(|_| !anew).cloned(),
        |event| {
            let records: &[CallRecord] = match &event {
                judge::Event::Judged { records, .. } | judge::Event::Failed { records, .. } => {
                    records
                }
                judge::Event::Cached { .. } => &[],
            };
            note(log.note(records));
            if let judge::Event::Judged { key, opinion, .. } = event {
                note(write(store, &format!("{OPINION}{key}"), opinion).map_err(Into::into));
                if judge.found() != form && judge.found().is_some() {
                    form = judge.found();
                    note(remember(store, config, form).map_err(Into::into));
                }
            }
            watch(Event::Detail(&told(&judge.spent())));
            watch(Event::Step);
        },
    );
    failure.map_or(Ok(outcome), Err)
}

fn remember(
    store: &mut Store,
    config: &JudgeConfig,
    form: Option<Format>,
) -> Result<(), StoreError> {
    let text = store.meta(FORMATS)?.unwrap_or_default();
    let mut forms: BTreeMap<String, String> = serde_json::from_str(&text).unwrap_or_default();
    forms.extend(form.map(|form| (whose(config), form.as_str().to_owned())));
    write(store, FORMATS, &forms)
}

/// What was spent, for people.
fn told(spent: &Spent) -> String {
    let tokens = format!("{} tokens", spent.tokens.sum());
    match &spent.cost {
        Some((cost, currency)) => format!("{tokens}, {cost} {currency}"),
        None => tokens,
    }
}
