//! The command line: arguments in, exit code out. Imported by nobody.
//!
//! One file per command. Results that a machine reads go to stdout, everything else to stderr.

mod args;
mod bench;
mod catalog;
mod diff;
mod doctor;
mod dry_run;
mod eval;
mod explain;
mod extract;
mod import;
mod judge;
mod ledger;
mod matching;
mod progress;
mod render;
mod review;
mod run;
mod runs;
mod search;
mod signals;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, error::ErrorKind};

use crate::{extract::WORKER_ARGUMENT, pipeline::PipelineError};
use args::{Cli, Command};

/// How a command ended; `Err` carries what is printed.
type Outcome = Result<ExitCode, PipelineError>;

/// Runs the program.
pub fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|arg| arg == WORKER_ARGUMENT) {
        return crate::extract::worker_main();
    }
    // From here on time is taken.
    run::elapsed();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let wanted = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Nothing can be done if the terminal is gone.
            let _ = error.print();
            return if wanted { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    signals::stop();
    let output = cli.output;
    let outcome = match cli.command {
        Command::Run(args) => run::run(args, output, run::Extent::Everything),
        Command::Propose(args) => run::run(args, output, run::Extent::Propose),
        Command::Init(args) => run::init(args, output),
        Command::Extract(args) => extract::extract(args),
        Command::Review(command) => review::review(command, output),
        Command::Import(command) => import::import(command, output),
        Command::Assess(args) => run::assess(args, output),
        Command::Report(args) => run::report(args, output),
        Command::Diff(args) => diff::diff(args, output),
        Command::Runs(args) => runs::runs(args, output),
        Command::Verify(args) => verify::verify(args, output),
        Command::Ledger(command) => ledger::ledger(command, output),
        Command::Doctor(args) => doctor::doctor(args, output),
        Command::Backup(args) => doctor::backup(args, output),
        Command::Restore(args) => doctor::restore(args, output),
        Command::Search(args) => search::search(args, output),
        Command::Match(args) => matching::matching(args),
        Command::Eval(args) => eval::eval(args, output),
        Command::Judge(command) => judge::judge(command, output),
        Command::Explain(args) => explain::explain(args, output),
        Command::Bench(args) => bench::bench(args, output),
        Command::Catalog(args) => catalog::catalog(args, output),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "evimap", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            render::error(&error, output);
            ExitCode::from(match error {
                PipelineError::Stopped(signal) => u8::try_from(128 + signal).unwrap_or(3),
                error if error.is_users() => 2,
                _ => 3,
            })
        }
    }
}
