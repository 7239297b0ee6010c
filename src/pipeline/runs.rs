//! Recorded runs: which there are, what they saw, and how two of them differ.

use std::{collections::BTreeSet, path::Path};

use super::{PipelineError, Workspace};
use crate::{
    history::{self, Difference, Record, Side, Snapshot},
    store::Store,
};

/// A run as it is recorded.
#[derive(Debug, Clone)]
pub struct Past {
    pub run: u64,
    pub record: Record,
    /// False while it goes on, and for good if it was killed.
    pub finished: bool,
}

/// A run to compare with.
pub(super) struct Base {
    pub(super) run: u64,
    pub(super) record: Record,
    pub(super) snapshot: Snapshot,
}

/// All recorded runs of a workspace, first one first.
///
/// # Errors
/// The workspace is none, or its state is damaged.
pub fn runs(dir: &Path) -> Result<Vec<Past>, PipelineError> {
    past(&Workspace::open_read(dir)?.1)
}

/// How two runs differ: the last two that can be compared, a run and the last, or two runs.
///
/// # Errors
/// There are no such runs, or they can't be compared.
pub fn diff(dir: &Path, from: Option<u64>, to: Option<u64>) -> Result<Difference, PipelineError> {
    let (_, store) = Workspace::open_read(dir)?;
    let all = past(&store)?;
    let mut known: Vec<u64> =
        all.iter().filter(|p| p.record.snapshot.is_some()).map(|p| p.run).collect();
    let last = known.pop();
    let (from, to) = match (from, to) {
        (None, _) => (known.pop(), last),
        (from, None) => (from, last),
        both => both,
    };
    let (Some(from), Some(to)) = (from, to) else {
        return Err(PipelineError::input(
            "runs",
            "there are no two runs to compare yet",
            "run `evimap run -w WORKSPACE` again, then compare",
        ));
    };
    let (a, b) = (named(&store, &all, from)?, named(&store, &all, to)?);
    Ok(difference(&a, b.run, &b.record, &b.snapshot))
}

/// How a run differs from an earlier one.
pub(super) fn difference(
    base: &Base,
    run: u64,
    record: &Record,
    snapshot: &Snapshot,
) -> Difference {
    let from = Side::of(base.run, &base.record);
    history::compare((from, &base.snapshot), (Side::of(run, record), snapshot))
}

pub(super) fn past(store: &Store) -> Result<Vec<Past>, PipelineError> {
    let read = |value| serde_json::from_value::<Record>(value).unwrap_or_default();
    let all = store.runs()?.into_iter().map(|run| Past {
        run: run.id,
        finished: run.finished.is_some(),
        record: read(run.finished.unwrap_or(run.started)),
    });
    Ok(all.collect())
}

/// What a run is compared with: `since`, or else the last run that looked at the documents. `None`
/// on the first, and where the last one can't be read any more.
///
/// # Errors
/// There is no such run as `since`.
pub(super) fn base(store: &Store, since: Option<u64>) -> Result<Option<Base>, PipelineError> {
    let all = past(store)?;
    if let Some(run) = since {
        return named(store, &all, run).map(Some);
    }
    let comparable = |p: &&Past| p.record.is_run() && p.record.snapshot.is_some();
    let Some(last) = all.iter().rev().find(comparable) else { return Ok(None) };
    Ok(snapshot(store, &last.record)?.ok().map(|snapshot| Base {
        run: last.run,
        record: last.record.clone(),
        snapshot,
    }))
}

fn named(store: &Store, all: &[Past], run: u64) -> Result<Base, PipelineError> {
    let why = match all.iter().find(|p| p.run == run) {
        None => "is not recorded (any more)".to_owned(),
        Some(Past { record, .. }) => match snapshot(store, record)? {
            Ok(snapshot) => return Ok(Base { run, record: record.clone(), snapshot }),
            Err(why) => format!("can't be compared: {why}"),
        },
    };
    Err(PipelineError::input(
        "runs",
        format!("run {run} {why}"),
        "`evimap runs -w WORKSPACE` lists the runs; `[runs] keep` in evimap.toml says how many are kept",
    ))
}

/// What a run saw; inside, why that is not known.
pub(super) fn snapshot(
    store: &Store,
    record: &Record,
) -> Result<Result<Snapshot, String>, PipelineError> {
    let Some(name) = &record.snapshot else {
        let why = if record.kind == "import" { "an import" } else { "a run without an end" };
        return Ok(Err(format!("{why} has no snapshot")));
    };
    let part = |name: &str| match store.part(name) {
        Ok(part) => part.ok_or_else(|| "a part of its snapshot is missing".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    Ok(part(name).and_then(|manifest| history::unpack(&manifest, part)))
}

/// Forgets the oldest runs beyond `keep`, and the parts that no other needs. The last run that looked
/// at the documents stays: the next one is compared with it.
pub(super) fn retain(store: &mut Store, keep: usize) -> Result<(), PipelineError> {
    let all = past(store)?;
    if all.len() <= keep {
        return Ok(());
    }
    let last = all.iter().rev().find(|p| p.record.is_run() && p.record.snapshot.is_some());
    let last = last.map(|p| p.run);
    let (old, kept): (Vec<&Past>, Vec<&Past>) =
        all.iter().partition(|p| Some(p.run) != last && p.run <= all[all.len() - keep - 1].run);
    let mut parts = BTreeSet::new();
    for name in kept.iter().filter_map(|p| p.record.snapshot.as_ref()) {
        if parts.insert(name.clone())
            && let Some(manifest) = store.part(name)?
        {
            // One of another layout lists nothing that we could keep.
            parts.extend(history::parts_of(&manifest).unwrap_or_default());
        }
    }
    let old: Vec<u64> = old.iter().map(|p| p.run).collect();
    Ok(store.forget_runs(&old, &parts)?)
}
