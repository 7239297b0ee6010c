//! One run of a program against the clock.

use std::{
    ffi::OsStr,
    io::{self, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How often to look whether the child has ended.
const LOOK: Duration = Duration::from_millis(10);

/// How long the pipes of a child that has ended may take to say so.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What a program said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    pub stdout: String,
    pub stderr: String,
    /// It ended by itself, with status 0.
    pub success: bool,
    /// It was killed because its time was over; `stdout` holds what it had written.
    pub timed_out: bool,
}

/// Runs a program without a shell and without input, for `wall` at most; it is killed then. Keeps
/// `most` bytes of each of its outputs.
///
/// # Errors
/// It can't be started.
pub(super) fn run(
    program: &Path,
    arguments: &[&OsStr],
    wall: Duration,
    most: usize,
) -> io::Result<Output> {
    let child = Command::new(program)
        .args(arguments)
        // One thread: workers run side by side already, and more of them cost address space.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut child = Guard(child);
    let stdout = child.0.stdout.take().map(|pipe| collect(pipe, most));
    let stderr = child.0.stderr.take().map(|pipe| collect(pipe, most));
    let end = Instant::now() + wall;
    let mut timed_out = false;
    let status = loop {
        match child.0.try_wait()? {
            Some(status) => break Some(status),
            None if Instant::now() >= end => {
                timed_out = true;
                break None;
            }
            None => thread::sleep(LOOK),
        }
    };
    drop(child);
    let text = |pipe: Option<Pipe>| pipe.map(Pipe::text).unwrap_or_default();
    let success = status.is_some_and(|status| status.success());
    Ok(Output { stdout: text(stdout), stderr: text(stderr), success, timed_out })
}

/// A pipe that is read in a thread of its own, so that the child never waits for us.
struct Pipe {
    kept: Arc<Mutex<Vec<u8>>>,
    thread: thread::JoinHandle<()>,
}

fn collect(mut pipe: impl Read + Send + 'static, most: usize) -> Pipe {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let ours = Arc::clone(&kept);
    let thread = thread::spawn(move || {
        let mut part = vec![0; 1 << 14];
        while let Ok(size @ 1..) = pipe.read(&mut part) {
            let mut kept = ours.lock().unwrap_or_else(PoisonError::into_inner);
            let room = most.saturating_sub(kept.len()).min(size);
            kept.extend_from_slice(&part[..room]);
        }
    });
    Pipe { kept, thread }
}

impl Pipe {
    /// What was written. A grandchild may hold the pipe open: that is not waited for.
    fn text(self) -> String {
        let end = Instant::now() + LAST_WORDS;
        while !self.thread.is_finished() && Instant::now() < end {
            thread::sleep(LOOK);
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept).into_owned()
    }
}

/// A child that does not outlive its owner.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
