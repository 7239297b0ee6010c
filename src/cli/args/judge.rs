//! Arguments for the optional LLM endpoint.

use clap::Args;

use crate::{config::Amount, history::Policy, pipeline::Asking};

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
}

impl JudgeArgs {
    /// How to ask, if at all.
    pub fn asking(&self) -> Option<Asking> {
        let Self { insecure_endpoint: insecure, max_cost, .. } = *self;
        self.judge.then_some(Asking { insecure, max_cost })
    }

    /// The policies of a run, with that of `--require-judge`.
    pub fn policies(&self, mut given: Vec<Policy>) -> Vec<Policy> {
        if self.require_judge && !given.contains(&Policy::Judge) {
            given.push(Policy::Judge);
        }
        given
    }
}
