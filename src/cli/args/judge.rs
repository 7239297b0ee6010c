//! Arguments about the judge.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::pipeline::Judging;

/// How a judged run is recorded or replayed.
#[derive(Debug, Clone, Args)]
pub struct JudgingArgs {
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

impl From<JudgingArgs> for Judging {
    fn from(args: JudgingArgs) -> Self {
        Self { record: args.judge_record, replay: args.judge_replay, log_sent: args.log_sent }
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
