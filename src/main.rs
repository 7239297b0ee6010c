//! Stand-in until the command line is there: `evimap extract PATH…`.

use std::{io::Write, path::PathBuf, process::ExitCode};

use evimap::extract::{self, Job, Limits, Options, Root, WORKER_ARGUMENT};

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let first = args.next().unwrap_or_default();
    if first == WORKER_ARGUMENT {
        return extract::worker_main();
    }
    let mut workers = 2;
    let mut jobs = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--workers" {
            workers = args.next().and_then(|n| n.to_str()?.parse().ok()).unwrap_or(workers);
            continue;
        }
        let path = PathBuf::from(&arg);
        let shown = path.to_string_lossy().into_owned();
        let walked =
            match extract::walk(&[Root { name: String::new(), path: path.clone() }], &[], false) {
                Ok(walked) => walked,
                Err(error) => {
                    eprintln!("{error}");
                    return ExitCode::from(2);
                }
            };
        for found in walked.found {
            let name = if path.is_dir() {
                format!("{}/{}", shown.trim_end_matches('/'), found.rel)
            } else {
                shown.clone()
            };
            jobs.push(Job { path: found.path, name });
        }
    }
    let options = Options { workers, limits: Limits::default(), worker_exe: None };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let done = extract::extract_all(&jobs, &options, &mut |_, extracted| {
        let line = serde_json::to_string(&extracted).expect("plain data");
        let _ = writeln!(out, "{line}");
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}
