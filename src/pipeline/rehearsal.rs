//! What a run with `--judge` would send: as far as that run, and nothing is sent or written.

use super::{
    Event, PipelineError, RunOptions, Watcher, Workspace, asking, go_on, ingest, learning, propose,
    reading, ready,
};
use crate::judge::Plan;

/// Reads and matches as a run does, and says what it would send. What was read stays in the cache of a
/// workspace that exists; reports, review files, configuration and records are left alone.
///
/// # Errors
/// As [`run`](super::run); also if the endpoint is not to be asked at all.
pub fn rehearse(
    workspace: &mut Workspace,
    options: &RunOptions,
    watch: &mut Watcher<'_>,
) -> Result<Plan, PipelineError> {
    let Some(ready) = ready(workspace, options)? else {
        let help = "add --judge";
        return Err(PipelineError::input("judge", "the endpoint is not to be asked", help));
    };
    let roots = workspace.roots()?;
    asking::keep_key_out(workspace, &roots)?;
    for notice in std::mem::take(&mut workspace.notices) {
        watch(Event::Notice(&notice));
    }
    let (reading, missing) = reading(workspace, options);
    if let Some(missing) = missing {
        watch(Event::Notice(&missing));
    }
    let looked = ingest::look(&roots, &workspace.config, &reading, Some(&workspace.store), watch)?;
    let store = Some(&mut workspace.store);
    let collection = ingest::read(looked, &roots, &workspace.config, &reading, store, watch)?;
    go_on(&options.stop)?;
    let learned = if options.learn { learning::current(&workspace.store)? } else { None };
    let catalog = workspace.catalog.clone();
    let matched = propose(&catalog, workspace, &collection, learned, watch)?;
    let (plan, told) = asking::plan(&catalog, workspace, &ready, (&collection, &matched), options)?;
    for notice in &told {
        watch(Event::Notice(notice));
    }
    Ok(plan)
}
