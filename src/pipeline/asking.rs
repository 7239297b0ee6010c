//! The optional judge: which proposals are shown to it, and what is kept of its answers.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{Event, PipelineError, Stage, Watcher, Workspace};
use crate::{
    catalog::Catalog,
    config::{Amount, Format, JudgeConfig, KeySource},
    diag::Diagnostic,
    domain::{Band, Judgement, Target},
    extract::Stop,
    judge::{self, Case, ChatJudge, Spent},
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
    pub diagnostics: Vec<Diagnostic>,
    pub calls: usize,
    /// Questions without an answer, and those of them that were not put.
    pub failed: usize,
    pub unasked: usize,
    pub spent: Spent,
}

/// Prefix of the keys under which answers are kept, one by one.
const OPINION: &str = "judge-opinion ";
/// Keys of the answers to the last run's questions.
const CURRENT: &str = "judge-current";
/// The form of answer that each endpoint takes.
const FORMATS: &str = "judge-formats";

type Opinions = BTreeMap<String, judge::Opinion>;

/// All answers that are kept. What another version kept can't be read, and counts as nothing.
fn opinions(store: &Store) -> Result<Opinions, PipelineError> {
    let known = store.metas(OPINION)?.into_iter();
    Ok(known.filter_map(|(key, text)| Some((key, serde_json::from_str(&text).ok()?))).collect())
}

/// Judgements of the last run that asked.
pub(super) fn stored(store: &Store) -> Result<Judged, PipelineError> {
    let current: Vec<String> = read(store, CURRENT)?.unwrap_or_default();
    let mut known = opinions(store)?;
    let judgements =
        current.iter().filter_map(|key| known.remove(key)).flat_map(|o| o.judgements).collect();
    Ok(Judged { judgements, ..Judged::default() })
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

/// One question for every few proposals that a person will be shown.
fn questions(catalog: &Catalog, matched: &Matched) -> Vec<Case> {
    let targets: Vec<Target> = catalog.targets().cloned().collect();
    let shown = matched.proposals.iter().filter(|p| p.band != Band::Possible);
    judge::cases(&targets, shown)
}

/// What [`ask`] would send.
pub(super) fn plan(
    catalog: &Catalog,
    workspace: &Workspace,
    ready: &Ready,
    matched: &Matched,
) -> Result<judge::Plan, PipelineError> {
    let known = opinions(&workspace.store)?;
    Ok(ready.judge.plan(&questions(catalog, matched), |key| known.get(key).cloned()))
}

/// Asks about every proposal that a person will be shown. Answers are kept as they come, so a run
/// that is stopped asks nothing twice.
pub(super) fn ask(
    catalog: &Catalog,
    workspace: &mut Workspace,
    ready: &Ready,
    matched: &Matched,
    watch: &mut Watcher<'_>,
) -> Result<Judged, PipelineError> {
    let Ready { config, judge, known: form } = ready;
    let cases = questions(catalog, matched);
    watch(Event::Begin { stage: Stage::Judge, total: Some(cases.len() as u64) });
    let known = opinions(&workspace.store)?;
    let store = &mut workspace.store;
    let keys: Vec<String> = cases.iter().map(|c| judge::case_key(&config.model, c)).collect();
    let mut failure = write(store, CURRENT, &keys).err();
    let workers = usize::try_from(config.concurrency).unwrap_or(usize::MAX);
    let mut form = *form;
    let outcome = judge::judge_with(
        judge,
        &cases,
        workers,
        |key| known.get(key).cloned(),
        |event| {
            if let judge::Event::Judged { key, opinion, .. } = event {
                failure =
                    failure.take().or(write(store, &format!("{OPINION}{key}"), opinion).err());
                if judge.found() != form && judge.found().is_some() {
                    form = judge.found();
                    failure = failure.take().or(remember(store, config, form).err());
                }
            }
            watch(Event::Detail(&told(&judge.spent())));
            watch(Event::Step);
        },
    );
    watch(Event::End);
    if let Some(error) = failure {
        return Err(error.into());
    }
    let spent = judge.spent();
    let mut diagnostics = outcome.diagnostics;
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
        diagnostics,
        calls: outcome.calls,
        failed: outcome.failed,
        unasked: outcome.unasked,
        spent,
    })
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
