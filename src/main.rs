//! The `evimap` binary: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    evimap::cli::main()
}
