//! Arguments for the optional LLM endpoint.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::{
    config::Amount,
    history::Policy,
    pipeline::{Asking, Judging},
};

#[derive(Debug, Clone, Args)]
pub struct JudgeArgs {
    /// Ask the LLM endpoint of evimap.toml for its opinion
    #[arg(long)]
    pub judge: bool,
    /// With --judge: print what would be sent, how much and where; send and write nothing
    #[arg(long, requires = "judge")]
    pub dry_run: bool,
    /// With --judge: end with exit code 1 if a question got no answer; reports are written all the same
    #[arg(long, requires = "judge")]
    pub require_judge: bool,
    /// With --judge: money that this run may spend at most, in the currency of evimap.toml's prices
    #[arg(long, value_name = "AMOUNT", requires = "judge")]
    pub max_cost: Option<Amount>,
    /// With --judge: send in plain text (http) also to other computers
    #[arg(long, requires = "judge")]
    pub insecure_endpoint: bool,
    /// With --judge: ask everything anew and write every exchange to this file
    #[arg(long, value_name = "FILE", requires = "judge")]
    pub judge_record: Option<PathBuf>,
    /// Take the answers from a recording; nothing is sent
    #[arg(long, value_name = "FILE", conflicts_with_all = ["judge", "judge_record"])]
    pub judge_replay: Option<PathBuf>,
    /// With --judge: keep what is sent in .evimap/judge-sent.jsonl as text, not only its hash
    #[arg(long, requires = "judge")]
    pub log_sent: bool,
}

impl JudgeArgs {
    /// How to ask, if at all.
    pub fn asking(&self) -> Option<Asking> {
        let Self { insecure_endpoint: insecure, max_cost, .. } = *self;
        self.judge.then_some(Asking { insecure, max_cost })
    }

    /// How that is recorded or replayed.
    pub fn judging(&self) -> Judging {
        Judging {
            record: self.judge_record.clone(),
            replay: self.judge_replay.clone(),
            log_sent: self.log_sent,
        }
    }

    /// The policies of a run, with that of `--require-judge`.
    pub fn policies(&self, mut given: Vec<Policy>) -> Vec<Policy> {
        if self.require_judge && !given.contains(&Policy::Judge) {
            given.push(Policy::Judge);
        }
        given
    }
}

#[derive(Debug, Subcommand)]
pub enum JudgeCommand {
    /// Agreement, changes and cost of two judged runs: two models, or two prompts
    #[command(after_help = "\
Examples:
  evimap judge compare small.jsonl large.jsonl   two files written by --judge-record
  evimap judge compare 7 9 -w work               two judged runs of a workspace")]
    Compare {
        /// A recording, or with -w the number of a judged run
        #[arg(value_name = "A")]
        first: String,
        /// The other
        #[arg(value_name = "B")]
        second: String,
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: Option<PathBuf>,
    },
}
