//! One worker process as its parent sees it.

use std::{
    io,
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use super::super::{
    Limits, Stop,
    worker::{Reply, Request, WORKER_ARGUMENT, read_reply, write_frame},
};
use crate::diag::Diagnostic;

/// glibc's allocator gives memory back and fetches it again for each file unless told otherwise:
/// 5 % of the processor time. Up to these bytes it keeps what it has; the worker's own limits hold
/// all the same. Other allocators don't look at these names.
const ALLOCATOR: [(&str, &str); 4] = [
    ("MALLOC_ARENA_MAX", "1"),
    ("MALLOC_TOP_PAD_", "1048576"),
    ("MALLOC_TRIM_THRESHOLD_", "16777216"),
    ("MALLOC_MMAP_THRESHOLD_", "4194304"),
];

/// How often somebody who waits for an answer looks whether the run is to end.
const LOOK: Duration = Duration::from_millis(50);

pub(super) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    replies: mpsc::Receiver<Reply>,
    timed_out: bool,
    stopped: bool,
}

impl Process {
    pub fn start(exe: &Path) -> io::Result<Self> {
        let mut command = Command::new(exe);
        // A group of its own: a key at the terminal reaches the parent only, which would otherwise
        // take the worker's end for a fault of the file; and OCR's programs end with the worker.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .arg(WORKER_ARGUMENT)
            .envs(ALLOCATOR)
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
            while let Ok(Some(reply)) = read_reply(&mut stdout) {
                if sender.send(reply).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, stdin, replies, timed_out: false, stopped: false })
    }

    /// Puts a request behind those that were not answered yet. A worker that is gone shows when its
    /// answer is due.
    pub fn ask(&mut self, request: &Request) {
        let _ = self.stdin.as_mut().map(|stdin| write_frame(stdin, request));
    }

    /// The next answer. `None` if the worker died or took too long, or the run is to end.
    pub fn answer(&mut self, wall: Duration, stop: &Stop) -> Option<Reply> {
        let since = Instant::now();
        loop {
            let left = wall.saturating_sub(since.elapsed());
            match self.replies.recv_timeout(left.min(LOOK)) {
                Ok(reply) => return Some(reply),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    self.stopped = stop.asked();
                    self.timed_out = left.is_zero();
                    if self.stopped || self.timed_out {
                        return None;
                    }
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    self.stopped = stop.asked();
                    return None;
                }
            }
        }
    }

    /// Ends the process and says what it died of.
    pub fn autopsy(mut self, limits: &Limits) -> Diagnostic {
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
        let patience = if self.timed_out || self.stopped { 0 } else { 2000 };
        for _ in 0..patience {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(1)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
        self.kill();
        self.child.wait().ok()
    }

    /// Kills the worker and what it has started.
    fn kill(&mut self) {
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::KILL,
        );
        let _ = self.child.kill();
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
