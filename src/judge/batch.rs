//! Many cases: looked up, judged a few at a time, counted.

use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use serde::{Deserialize, Serialize};

use super::{
    CallRecord, Case, Judge, JudgeError, Tokens, Trace, Unasked, answer::suspicion, case_key,
    chat::failure, injection,
};
use crate::{
    diag::Diagnostic,
    domain::{Judgement, TargetId, TargetJudgement},
};

/// What a case came to. Stored under its key, it saves the call next time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    pub judgements: Vec<Judgement>,
    /// What was said about the target as a whole.
    pub target: Option<TargetJudgement>,
    pub diagnostics: Vec<Diagnostic>,
    /// Unset where a call failed half-way: such an opinion is not taken from a cache.
    pub complete: bool,
}

/// What happens to a case, as it happens; a run that stores these can be resumed.
#[derive(Debug)]
pub enum Event<'a> {
    /// The lookup had it.
    Cached {
        target: &'a TargetId,
    },
    Judged {
        target: &'a TargetId,
        key: &'a str,
        opinion: &'a Opinion,
        records: &'a [CallRecord],
    },
    Failed {
        target: &'a TargetId,
        error: &'a JudgeError,
        records: &'a [CallRecord],
    },
}

/// The result of a batch, in the order of its cases.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    pub judgements: Vec<Judgement>,
    /// One a target and system.
    pub targets: Vec<TargetJudgement>,
    pub diagnostics: Vec<Diagnostic>,
    /// One for each HTTP call.
    pub records: Vec<CallRecord>,
    pub calls: usize,
    /// Cases answered by the lookup.
    pub cached: usize,
    /// Cases without an opinion, or with one of which a part failed.
    pub failed: usize,
    /// Those of them that were not put to the endpoint.
    pub unasked: usize,
    /// As the endpoint counted them.
    pub tokens: Tokens,
}

/// More calls at once than this help no endpoint.
const MAX_WORKERS: usize = 32;

type Judged = (Result<Opinion, JudgeError>, Vec<CallRecord>);

/// Judges all cases on at most `workers` threads (and never over 32). `lookup` gets a [`case_key`] and
/// gives what an earlier run stored under it; an unchanged case makes no call. Events come on the calling
/// thread. Failed calls are no errors, they are diagnostics of their case.
pub fn judge_with(
    judge: &dyn Judge,
    cases: &[Case],
    workers: usize,
    lookup: impl Fn(&str) -> Option<Opinion>,
    mut on_event: impl FnMut(Event<'_>),
) -> Outcome {
    let keys: Vec<String> = cases.iter().map(|case| case_key(judge.model(), case)).collect();
    let mut results: Vec<Option<Judged>> = Vec::new();
    let mut open = Vec::new();
    let mut cached = 0;
    for (n, (case, key)) in cases.iter().zip(&keys).enumerate() {
        let found = lookup(key).filter(|opinion| opinion.complete);
        if found.is_some() {
            cached += 1;
            on_event(Event::Cached { target: &case.target.id });
        } else {
            open.push(n);
        }
        results.push(found.map(|opinion| (Ok(opinion), Vec::new())));
    }

    let next = AtomicUsize::new(0);
    // Nobody asks on before his last answer is taken, and one is taken once the one before it is kept.
    let (done, incoming) = mpsc::sync_channel(0);
    thread::scope(|scope| {
        for _ in 0..workers.min(open.len()).clamp(1, MAX_WORKERS) {
            let (done, next, open) = (done.clone(), &next, &open);
            scope.spawn(move || {
                while let Some(&n) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if done.send((n, judge_one(judge, &cases[n]))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        for (n, judged) in incoming {
            let (target, key, records) = (&cases[n].target.id, &keys[n], &judged.1);
            on_event(match &judged.0 {
                Ok(opinion) => Event::Judged { target, key, opinion, records },
                Err(error) => Event::Failed { target, error, records },
            });
            results[n] = Some(judged);
        }
    });

    let mut outcome = Outcome { cached, ..Outcome::default() };
    let mut why = None;
    for (case, judged) in cases.iter().zip(results.into_iter().flatten()) {
        outcome.add(case, judged, &mut why);
    }
    if let Some(why) = why {
        let message = format!(
            "{} of {} questions were not put to the endpoint: {why}; their proposals keep what matching \
             gave them",
            outcome.unasked,
            cases.len()
        );
        let stopped = Diagnostic::warning("judge-stopped", message).help(why.help());
        outcome.diagnostics.insert(0, stopped);
    }
    outcome.targets = TargetJudgement::merged(outcome.targets);
    outcome
}

fn judge_one(judge: &dyn Judge, case: &Case) -> Judged {
    let mut trace = Trace::default();
    let result = judge.judge(case, &mut trace).map(|judgements| Opinion {
        judgements,
        target: trace.target,
        diagnostics: trace.diagnostics,
        complete: !trace.incomplete,
    });
    (result, trace.records)
}

impl Outcome {
    fn add(&mut self, case: &Case, (result, records): Judged, why: &mut Option<Unasked>) {
        for candidate in case.candidates.iter().filter(|c| injection::suspected(&c.quote)) {
            self.diagnose(suspicion(candidate));
        }
        match result {
            Ok(opinion) => {
                self.failed += usize::from(!opinion.complete);
                self.judgements.extend(opinion.judgements);
                self.targets.extend(opinion.target);
                opinion.diagnostics.into_iter().for_each(|d| self.diagnose(d));
            }
            Err(JudgeError::Unasked(reason)) => {
                (self.failed, self.unasked) = (self.failed + 1, self.unasked + 1);
                why.get_or_insert(reason);
            }
            Err(error) => {
                self.failed += 1;
                self.diagnose(failure(case, &error));
            }
        }
        self.calls += records.len();
        records.iter().for_each(|record| self.tokens += record.tokens);
        self.records.extend(records);
    }

    /// Adds a diagnostic. A suspicion about a place is told once, however many targets it came up
    /// for.
    fn diagnose(&mut self, diagnostic: Diagnostic) {
        let told =
            diagnostic.code == "suspected-injection" && self.diagnostics.contains(&diagnostic);
        if !told {
            self.diagnostics.push(diagnostic);
        }
    }
}
