//! Which file is read next: the largest first, but never far ahead of the results that are out.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use super::Job;

/// How many files ahead of the first missing result may be read. A large file last would leave one
/// worker alone at the end, so it must be seen early.
const WINDOW: usize = 512;

/// Bytes of results that may wait for an earlier one. Beyond this, only the file that all wait for
/// is started.
const HELD_BYTES: usize = 16 << 20;

/// The files still to be read, shared by the threads that drive the workers.
pub(super) struct Queue<'a> {
    files: &'a [Job],
    workers: usize,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// Cost and place of files in the window that nobody has taken.
    open: BTreeSet<(u64, Reverse<usize>)>,
    /// Cost of each file that the window has reached.
    costs: Vec<u64>,
    /// Results before this one are out.
    done: usize,
    held: usize,
    stop: bool,
}

impl State {
    fn look_ahead(&mut self, files: &[Job]) {
        let end = files.len().min(self.done.saturating_add(WINDOW));
        for (index, job) in files.iter().enumerate().take(end).skip(self.costs.len()) {
            let cost = cost(&job.path);
            self.costs.push(cost);
            self.open.insert((cost, Reverse(index)));
        }
    }

    fn take(&mut self, small: bool) -> Option<usize> {
        if self.held >= HELD_BYTES {
            let awaited = (*self.costs.get(self.done)?, Reverse(self.done));
            return self.open.remove(&awaited).then_some(self.done);
        }
        let next = if small { self.open.pop_first() } else { self.open.pop_last() };
        next.map(|(_, Reverse(index))| index)
    }
}

/// Bytes, weighed by how long such a byte takes. Only the order matters; 0 if it can't be looked at.
fn cost(path: &Path) -> u64 {
    let bytes = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let is = |ending: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
    let weight = match () {
        () if is("pdf") => 8,
        // Text all through: little of it is pictures, and nothing is packed.
        () if ["csv", "html", "htm", "md", "txt", "rtf", "xls", "xlsx"].iter().any(|e| is(e)) => 3,
        () => 1,
    };
    bytes.saturating_mul(weight)
}

impl<'a> Queue<'a> {
    pub fn new(files: &'a [Job], workers: usize) -> Self {
        Self { files, workers, state: Mutex::default(), moved: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The largest file within reach; waits until there is one. `None` at the end.
    pub fn next(&self) -> Option<usize> {
        let mut state = self.lock();
        loop {
            state.look_ahead(self.files);
            if state.stop || state.done >= self.files.len() {
                return None;
            }
            if let Some(index) = state.take(false) {
                return Some(index);
            }
            if state.open.is_empty() && state.costs.len() >= self.files.len() {
                return None;
            }
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A file to have at hand while another one is read, `small` or large; `None` if there is none
    /// just now.
    pub fn spare(&self, small: bool) -> Option<usize> {
        let mut state = self.lock();
        state.look_ahead(self.files);
        // What another worker could start now is not parked behind a file that is being read.
        if state.stop || state.held >= HELD_BYTES || state.open.len() < self.workers {
            return None;
        }
        state.take(small)
    }

    /// A result of so many bytes waits for its turn.
    pub fn hold(&self, bytes: usize) {
        let mut state = self.lock();
        state.held = state.held.saturating_add(bytes);
    }

    /// Results before `done` are out, the last one of so many bytes.
    pub fn release(&self, done: usize, bytes: usize) {
        let mut state = self.lock();
        state.done = done;
        state.held = state.held.saturating_sub(bytes);
        drop(state);
        self.moved.notify_all();
    }

    pub fn stop(&self) {
        self.lock().stop = true;
        self.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs(sizes: &[usize]) -> (tempfile::TempDir, Vec<Job>) {
        let dir = tempfile::tempdir().unwrap();
        let jobs = sizes.iter().enumerate().map(|(n, size)| {
            let path = dir.path().join(format!("{n}.bin"));
            std::fs::write(&path, vec![0; *size]).unwrap();
            Job { path, name: n.to_string() }
        });
        let jobs = jobs.collect();
        (dir, jobs)
    }

    #[test]
    fn large_files_come_first_and_small_ones_are_spare() {
        let (_dir, jobs) = jobs(&[5, 50, 7, 50, 1]);
        let queue = Queue::new(&jobs, 1);
        assert_eq!(queue.next(), Some(1));
        assert_eq!(queue.spare(true), Some(4));
        assert_eq!(queue.next(), Some(3));
        assert_eq!((queue.next(), queue.next(), queue.next()), (Some(2), Some(0), None));
        assert_eq!(queue.spare(true), None);
    }

    #[test]
    fn the_window_moves_with_the_results() {
        let (_dir, mut jobs) = jobs(&[1, 2]);
        let small = jobs[0].clone();
        let large = jobs.pop().unwrap();
        jobs = vec![small; WINDOW];
        jobs.push(large);
        let queue = Queue::new(&jobs, 1);
        assert_eq!(queue.next(), Some(0));
        queue.release(1, 0);
        assert_eq!(queue.next(), Some(WINDOW));
    }

    #[test]
    fn with_too_much_waiting_only_the_awaited_file_starts() {
        let (_dir, jobs) = jobs(&[1, 50, 7]);
        let queue = Queue::new(&jobs, 1);
        assert_eq!(queue.next(), Some(1));
        queue.hold(HELD_BYTES);
        assert_eq!(queue.next(), Some(0));
        assert_eq!(queue.spare(true), None);
        queue.release(2, HELD_BYTES);
        assert_eq!(queue.next(), Some(2));
    }
}
