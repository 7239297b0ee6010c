//! Feeds files to worker processes and gives the results back in the order of the input.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use sha2::{Digest, Sha256};

use super::{
    Limits, Ocr, ocr,
    read::lost,
    worker::{Reply, Request, WORKER_ARGUMENT, read_frame, write_frame},
};
use crate::{diag::Diagnostic, domain::Extracted};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub path: PathBuf,
    /// What the result is called. Its extension counts where the content leaves the format open.
    pub name: String,
}

/// How to run the workers.
#[derive(Debug, Clone)]
pub struct Options {
    /// Number of processes; 0 counts as 1.
    pub workers: usize,
    pub limits: Limits,
    /// Read pictures with it.
    pub ocr: Option<Ocr>,
    /// The binary that calls [`worker_main`](super::worker_main) on [`WORKER_ARGUMENT`]; this
    /// process's own if `None`.
    pub worker_exe: Option<PathBuf>,
}

/// Results that may wait for an earlier one, per worker. Bounds the memory.
const AHEAD: usize = 8;

/// Reads all files and calls `on_done` with the index and the result of each, in order. A file that
/// takes its worker down costs that file only: it is tried once more with the next reader, in a new
/// worker.
///
/// # Errors
/// A worker can't be started at all.
pub fn extract_all(
    files: &[Job],
    options: &Options,
    on_done: &mut dyn FnMut(usize, Extracted),
) -> io::Result<()> {
    let workers = options.workers.clamp(1, files.len().max(1));
    let exe = match &options.worker_exe {
        Some(exe) => exe.clone(),
        None => std::env::current_exe()?,
    };
    // Workers may be killed at any time; what they leave behind goes with this folder.
    let scratch = match &options.ocr {
        Some(_) => Some(private_folder()?),
        None => None,
    };
    let ocr = options.ocr.clone().zip(scratch.as_ref()).map(|(mut ocr, scratch)| {
        scratch.path().clone_into(&mut ocr.scratch);
        ocr
    });
    let queue = Queue { state: Mutex::default(), moved: Condvar::new(), ahead: workers * AHEAD };
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, queue, exe, ocr) = (sender.clone(), &queue, &exe, ocr.as_ref());
            scope.spawn(move || {
                let mut driver = Driver { exe, limits: &options.limits, ocr, process: None };
                while let Some(index) = queue.next(files.len()) {
                    let result = driver.run(&files[index]);
                    let failed = result.is_err();
                    if sender.send((index, result)).is_err() || failed {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let _stop = StopOnDrop(&queue);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (index, result) in results {
            waiting.insert(index, result?);
            while let Some(extracted) = waiting.remove(&next) {
                on_done(next, extracted);
                next += 1;
                queue.done(next);
            }
        }
        Ok(())
    })
}

/// A temporary folder that, on Unix, only its owner can look into.
fn private_folder() -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("evimap-ocr-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

/// Which file is next, and how far the results are.
struct Queue {
    state: Mutex<State>,
    moved: Condvar,
    ahead: usize,
}

#[derive(Default)]
struct State {
    next: usize,
    done: usize,
    stop: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next file, as soon as it is not too far ahead of the results. `None` at the end.
    fn next(&self, count: usize) -> Option<usize> {
        let mut state = self.lock();
        while !state.stop && state.next < count && state.next >= state.done + self.ahead {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stop || state.next >= count {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn done(&self, done: usize) {
        self.lock().done = done;
        self.moved.notify_all();
    }
}

/// Lets the workers end when the receiving side ends early.
struct StopOnDrop<'a>(&'a Queue);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.lock().stop = true;
        self.0.moved.notify_all();
    }
}

/// Owns one worker process at a time.
struct Driver<'a> {
    exe: &'a PathBuf,
    limits: &'a Limits,
    ocr: Option<&'a Ocr>,
    process: Option<Process>,
}

impl Driver<'_> {
    /// # Errors
    /// A worker can't be started.
    fn run(&mut self, job: &Job) -> io::Result<Extracted> {
        let mut deaths = Vec::new();
        for skip in 0..2 {
            let process = match &mut self.process {
                Some(process) => process,
                None => self.process.insert(Process::start(self.exe)?),
            };
            let request = Request::new(&job.path, &job.name, self.limits, self.ocr, skip);
            let extra = self.ocr.map_or(0, |_| ocr::extra_seconds(self.limits));
            let wall = Duration::from_secs(self.limits.wall_seconds.max(1).saturating_add(extra));
            match process.ask(&request, wall) {
                Some(reply) => {
                    if reply.retire {
                        self.process = None;
                    }
                    let mut extracted = reply.extracted;
                    let deaths = deaths.into_iter().map(|d: Diagnostic| d.in_file(&job.name));
                    extracted.diagnostics.extend(deaths);
                    return Ok(extracted);
                }
                None => {
                    let process = self.process.take();
                    deaths.extend(process.map(|process| process.autopsy(self.limits)));
                }
            }
        }
        let mut extracted = lost(&job.name, deaths);
        extracted.hash = hash_file(&job.path).unwrap_or_default();
        Ok(extracted)
    }
}

/// SHA-256 of a file's content, lower-case hex.
///
/// # Errors
/// It can't be read, or is no regular file.
pub fn hash_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let (mut hasher, mut part) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(data_encoding::HEXLOWER.encode(&hasher.finalize())),
            size => hasher.update(&part[..size]),
        }
    }
}

struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    replies: mpsc::Receiver<Reply>,
    timed_out: bool,
}

impl Process {
    fn start(exe: &PathBuf) -> io::Result<Self> {
        let mut child = Command::new(exe)
            .arg(WORKER_ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                io::Error::new(error.kind(), format!("worker {}: {error}", exe.display()))
            })?;
        let stdin = child.stdin.take();
        let mut stdout = child.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        let (sender, replies) = mpsc::channel();
        // A thread of its own, because a pipe can't be read with a time limit.
        thread::spawn(move || {
            while let Ok(Some(reply)) = read_frame::<Reply>(&mut stdout) {
                if sender.send(reply).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, stdin, replies, timed_out: false })
    }

    /// `None` if the worker died or took too long.
    fn ask(&mut self, request: &Request, wall: Duration) -> Option<Reply> {
        write_frame(self.stdin.as_mut()?, request).ok()?;
        match self.replies.recv_timeout(wall) {
            Ok(reply) => Some(reply),
            Err(error) => {
                self.timed_out = error == mpsc::RecvTimeoutError::Timeout;
                None
            }
        }
    }

    /// Ends the process and says what it died of.
    fn autopsy(mut self, limits: &Limits) -> Diagnostic {
        if self.timed_out {
            let message = format!("reading took more than {} s", limits.wall_seconds);
            return Diagnostic::error("time-limit", message)
                .help("raise `limits.wall_seconds` in evimap.toml, or split the file");
        }
        let status = self.end();
        if status.and_then(signal) == Some(24) {
            let message =
                format!("reading took more than {} processor seconds", limits.cpu_seconds);
            return Diagnostic::error("cpu-limit", message)
                .help("raise `limits.cpu_seconds` in evimap.toml, or split the file");
        }
        let how = status.map_or_else(|| "unknown status".to_owned(), |s| s.to_string());
        let message = format!(
            "the reader process ended ({how}): out of memory ({} MB) or nested too deeply",
            limits.worker_memory_mb
        );
        Diagnostic::error("reader-crash", message)
            .help("raise `limits.worker_memory_mb` in evimap.toml, or save the file anew")
    }

    /// Closes the worker's input, on which it ends by itself, and waits for that; kills it if it
    /// is busy over time or does not end.
    fn end(&mut self) -> Option<ExitStatus> {
        self.stdin = None;
        let patience = if self.timed_out { 0 } else { 2000 };
        for _ in 0..patience {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(1)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
        let _ = self.child.kill();
        self.child.wait().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Instant};

    use super::*;
    use crate::domain::ExtractStatus;

    fn script(dir: &Path, body: &str) -> PathBuf {
        let path = dir.join("worker.sh");
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn run(body: &str, files: usize) -> Vec<Extracted> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.md");
        fs::write(&path, "x").unwrap();
        let jobs: Vec<_> =
            (0..files).map(|n| Job { path: path.clone(), name: format!("{n}.md") }).collect();
        let options = Options {
            workers: 2,
            limits: Limits { wall_seconds: 1, ..Limits::default() },
            ocr: None,
            worker_exe: Some(script(dir.path(), body)),
        };
        let mut out = Vec::new();
        extract_all(&jobs, &options, &mut |index, extracted| {
            assert_eq!(index, out.len());
            out.push(extracted);
        })
        .unwrap();
        out
    }

    #[test]
    fn a_dying_worker_costs_only_its_file() {
        let got = run("exit 3", 40);
        assert_eq!(got.len(), 40);
        for (n, extracted) in got.iter().enumerate() {
            assert_eq!(extracted.path, format!("{n}.md"));
            assert_eq!(extracted.status, ExtractStatus::Failed);
            assert_eq!(extracted.diagnostics[0].code, "reader-crash");
            assert_eq!(extracted.hash.len(), 64);
        }
    }

    #[test]
    fn a_hanging_worker_is_killed() {
        let start = Instant::now();
        let got = run("exec sleep 60", 1);
        assert_eq!(got[0].diagnostics[0].code, "time-limit");
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_processor_limit_is_named() {
        let got = run("kill -XCPU $$", 1);
        assert_eq!(got[0].diagnostics[0].code, "cpu-limit");
    }

    #[test]
    fn a_worker_that_can_not_start_is_an_error() {
        let job = Job { path: "x".into(), name: "x".to_owned() };
        let options = Options {
            workers: 1,
            limits: Limits::default(),
            ocr: None,
            worker_exe: Some("/nowhere/evimap".into()),
        };
        assert!(extract_all(&[job], &options, &mut |_, _| {}).is_err());
    }
}
