//! Feeds files to worker processes and gives the results back in the order of the input.

mod process;
mod queue;

use std::{
    collections::{BTreeMap, VecDeque},
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use sha2::{Digest, Sha256};

use self::{process::Process, queue::Queue};
use super::{Limits, Ocr, Stop, ocr, read::lost, worker::Request};
use crate::{diag::Diagnostic, domain::Extracted};

/// How often the receiving side looks whether to end.
const LOOK: Duration = Duration::from_millis(50);

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
    /// The binary that calls [`worker_main`](super::worker_main) on
    /// [`WORKER_ARGUMENT`](super::WORKER_ARGUMENT); this process's own if `None`.
    pub worker_exe: Option<PathBuf>,
    /// Ends the reading early: workers are killed, files that were not read have no result.
    pub stop: Stop,
}

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
    run(files, options, &|job, json| parse(job, &json), on_done)
}

/// As [`extract_all`], with each result as the JSON of an [`Extracted`] on one line, as its worker
/// wrote it.
///
/// # Errors
/// As [`extract_all`].
pub fn extract_json(
    files: &[Job],
    options: &Options,
    on_done: &mut dyn FnMut(usize, Vec<u8>),
) -> io::Result<()> {
    let one_line = |job: &Job, json: Vec<u8>| {
        if json.contains(&b'\n') { to_json(&parse(job, &json)) } else { json }
    };
    run(files, options, &one_line, on_done)
}

/// What `finish` makes of the JSON of each result, in the driving threads, goes to `on_done`.
fn run<T: Send>(
    files: &[Job],
    options: &Options,
    finish: &(dyn Fn(&Job, Vec<u8>) -> T + Sync),
    on_done: &mut dyn FnMut(usize, T),
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
    let queue = Queue::new(files, workers);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, queue, exe, ocr) = (sender.clone(), &queue, &exe, ocr.as_ref());
            scope.spawn(move || {
                let mut driver = Driver {
                    exe,
                    limits: &options.limits,
                    ocr,
                    files,
                    queue,
                    process: None,
                    asked: VecDeque::new(),
                    small: false,
                    stop: &options.stop,
                };
                while let Some(result) = driver.next() {
                    let failed = result.is_err();
                    let result = result.map(|(index, json)| {
                        let bytes = json.len();
                        queue.hold(bytes);
                        (index, bytes, finish(&files[index], json))
                    });
                    if sender.send(result).is_err() || failed {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let _stop = StopOnDrop(&queue);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        loop {
            let result = match results.recv_timeout(LOOK) {
                Ok(result) => result,
                Err(RecvTimeoutError::Timeout) if options.stop.asked() => break,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let (index, bytes, result) = result?;
            waiting.insert(index, (bytes, result));
            while let Some((bytes, result)) = waiting.remove(&next) {
                on_done(next, result);
                next += 1;
                queue.release(next, bytes);
            }
            if options.stop.asked() {
                break;
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

/// Lets the workers end when the receiving side ends early.
struct StopOnDrop<'a>(&'a Queue<'a>);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

fn parse(job: &Job, json: &[u8]) -> Extracted {
    serde_json::from_slice(json).unwrap_or_else(|error| {
        let message = format!("the reader process gave an answer that is none: {error}");
        let help = "report it, with the file if it may be shared";
        lost(&job.name, vec![Diagnostic::error("reader-crash", message).help(help)])
    })
}

fn to_json(extracted: &Extracted) -> Vec<u8> {
    // Strings, numbers and maps with string keys: there is nothing in it that JSON can't hold.
    serde_json::to_vec(extracted).unwrap_or_default()
}

/// Owns one worker process at a time.
struct Driver<'a> {
    exe: &'a Path,
    limits: &'a Limits,
    ocr: Option<&'a Ocr>,
    files: &'a [Job],
    queue: &'a Queue<'a>,
    process: Option<Process>,
    /// Files whose answer is due, in this order. The second one lies in the worker's pipe, so that
    /// the worker goes on at once when the first one is done.
    asked: VecDeque<usize>,
    /// The last one of them is a small one.
    small: bool,
    stop: &'a Stop,
}

impl Driver<'_> {
    /// The next result. `None` if there is no file left, or the reading is to end.
    ///
    /// # Errors
    /// A worker can't be started.
    fn next(&mut self) -> Option<io::Result<(usize, Vec<u8>)>> {
        if self.asked.is_empty() {
            let index = self.queue.next()?;
            if let Err(error) = self.ask(index, 0) {
                return Some(Err(error));
            }
            self.asked.push_back(index);
            self.small = false;
        }
        let index = *self.asked.front()?;
        self.spare();
        let mut deaths = Vec::new();
        for skip in 0..2 {
            if skip > 0
                && let Err(error) = self.ask(index, skip)
            {
                return Some(Err(error));
            }
            let extra = self.ocr.map_or(0, |_| ocr::extra_seconds(self.limits));
            let wall = Duration::from_secs(self.limits.wall_seconds.max(1).saturating_add(extra));
            let stop = self.stop;
            let answer = self.process.as_mut().and_then(|process| process.answer(wall, stop));
            let Some(reply) = answer else {
                // Not the file's fault, so it gets no result.
                if stop.asked() {
                    return None;
                }
                let process = self.process.take();
                deaths.extend(process.map(|process| process.autopsy(self.limits)));
                continue;
            };
            if reply.retire {
                self.process = None;
            }
            return Some(self.after(index, reply.json, deaths));
        }
        let mut extracted = lost(&self.files[index].name, deaths);
        extracted.hash = hash_file(&self.files[index].path).unwrap_or_default();
        Some(self.after(index, to_json(&extracted), Vec::new()))
    }

    /// Sees to it that a second file lies in the pipe: a small one behind a large one and the other
    /// way round, so that no large file waits for another while a worker has nothing to do.
    fn spare(&mut self) {
        // With OCR a file may take minutes: none is to wait behind it.
        if self.asked.len() > 1 || self.ocr.is_some() {
            return;
        }
        if let Some(index) = self.queue.spare(!self.small)
            && self.ask(index, 0).is_ok()
        {
            self.small = !self.small;
            self.asked.push_back(index);
        }
    }

    fn ask(&mut self, index: usize, skip: usize) -> io::Result<()> {
        let process = match &mut self.process {
            Some(process) => process,
            None => self.process.insert(Process::start(self.exe)?),
        };
        let job = &self.files[index];
        process.ask(&Request::new(&job.path, &job.name, self.limits, self.ocr, skip));
        Ok(())
    }

    /// The first file that was asked for is done. If its worker is gone, the others are asked for
    /// again.
    fn after(
        &mut self,
        index: usize,
        json: Vec<u8>,
        deaths: Vec<Diagnostic>,
    ) -> io::Result<(usize, Vec<u8>)> {
        self.asked.pop_front();
        if self.process.is_none() || !deaths.is_empty() {
            for index in self.asked.clone() {
                self.ask(index, 0)?;
            }
        }
        if deaths.is_empty() {
            return Ok((index, json));
        }
        let job = &self.files[index];
        let mut extracted = parse(job, &json);
        extracted.diagnostics.extend(deaths.into_iter().map(|death| death.in_file(&job.name)));
        Ok((index, to_json(&extracted)))
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

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, time::Instant};

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
            stop: Stop::default(),
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
    fn a_wish_to_end_kills_workers_and_blames_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.md");
        fs::write(&path, "x").unwrap();
        let stop = Stop::default();
        let pid = dir.path().join("pid");
        // A program that the worker has started has to go as well.
        let body = format!("sleep 60 & echo $! > {}; wait", pid.display());
        let options = Options {
            workers: 1,
            limits: Limits::default(),
            ocr: None,
            worker_exe: Some(script(dir.path(), &body)),
            stop: stop.clone(),
        };
        let written = || fs::read_to_string(&pid).ok().filter(|text| text.ends_with('\n'));
        let since = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| {
                while written().is_none() && since.elapsed() < Duration::from_secs(10) {
                    thread::sleep(Duration::from_millis(5));
                }
                stop.ask();
            });
            let jobs = [Job { path: path.clone(), name: "a.md".to_owned() }];
            extract_all(&jobs, &options, &mut |_, extracted| panic!("{extracted:?}")).unwrap();
        });
        assert!(since.elapsed() < Duration::from_secs(20));
        let stat = format!("/proc/{}/stat", written().unwrap().trim());
        let gone = || fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z "));
        while !gone() && since.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(gone(), "{stat} lives on");
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
            stop: Stop::default(),
        };
        assert!(extract_all(&[job], &options, &mut |_, _| {}).is_err());
    }
}
