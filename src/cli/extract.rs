//! `evimap extract`: a stateless filter from paths to JSON lines.

use std::{
    ffi::OsString,
    io::{Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use super::{Outcome, args::ExtractArgs, render};
use crate::{
    config::{Config, Extraction},
    extract::{self, Job, Options, Root},
    pipeline::{PipelineError, default_workers},
};

pub(super) fn extract(args: ExtractArgs) -> Outcome {
    let mut paths = args.paths;
    if args.stdin {
        paths.extend(from_stdin(args.null)?);
    }
    let seeing = args.seeing.over(Extraction::default());
    let ocr = if seeing.ocr {
        let (ocr, missing) = extract::find_ocr(&seeing.ocr_languages);
        missing.iter().for_each(render::diagnostic);
        ocr
    } else {
        None
    };
    let mut jobs = Vec::new();
    let mut faults = Vec::new();
    for path in paths {
        if path.is_dir() {
            let root = Root { name: String::new(), path: path.clone() };
            match extract::walk(&[root], &[], seeing.follow_links) {
                Ok(walked) => jobs.extend(walked.found.into_iter().map(|found| Job {
                    name: path.join(&found.rel).to_string_lossy().into_owned(),
                    path: found.path,
                })),
                Err(error) => faults.push(error.to_string()),
            }
        } else {
            // A path that does not exist gets its line, too: other engines count lines.
            jobs.push(Job { name: path.to_string_lossy().into_owned(), path });
        }
    }
    if !faults.is_empty() {
        return Err(PipelineError::input("source", faults.join("; "), "check the path"));
    }
    let options = Options {
        workers: args.workers.unwrap_or_else(default_workers),
        limits: Config::default().limits,
        ocr,
        worker_exe: None,
        stop: super::signals::stop(),
    };
    let mut out = std::io::stdout().lock();
    extract::extract_json(&jobs, &options, &mut |_, mut line| {
        line.push(b'\n');
        if out.write_all(&line).and_then(|()| out.flush()).is_err() {
            std::process::exit(0); // a reader that has gone away (`| head`) is no error
        }
    })
    .map_err(|error| {
        PipelineError::Internal(format!("no worker process can be started: {error}"))
    })?;
    options.stop.signal().map_or(Ok(ExitCode::SUCCESS), |n| Err(PipelineError::Stopped(n)))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes.to_vec()).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    OsString::from(String::from_utf8_lossy(bytes).into_owned()).into()
}

fn from_stdin(null: bool) -> Result<Vec<PathBuf>, PipelineError> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| {
        PipelineError::input("stdin", error.to_string(), "give paths one a line")
    })?;
    let end = if null { 0 } else { b'\n' };
    Ok(bytes
        .split(|b| *b == end)
        .map(|line| if null { line } else { line.strip_suffix(b"\r").unwrap_or(line) })
        .filter(|line| !line.is_empty())
        .map(path_of)
        .collect())
}
