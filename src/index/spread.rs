//! Work over numbered items on all processors, with results in the order of the items.

use std::sync::atomic::{AtomicUsize, Ordering};

/// More threads than this gain little: memory is the limit.
const MOST: usize = 8;

/// How many threads work side by side: one for each processor, at most 8.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(MOST)
}

/// Calls `work` for 0 to `count`, one thread for each state. A state goes from item to item, in an
/// order that depends on timing: what `work` gives must not depend on it (a cache may).
pub fn spread<S: Send, R: Send>(
    states: &mut [S],
    count: usize,
    work: impl Fn(&mut S, usize) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let run = |state: &mut S| {
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return done;
            }
            done.push((n, work(state, n)));
        }
    };
    let wanted = count.min(states.len());
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let Some((own, others)) = states.get_mut(..wanted).and_then(|s| s.split_first_mut()) else {
            return Vec::new();
        };
        let run = &run;
        let handles: Vec<_> = others.iter_mut().map(|s| scope.spawn(move || run(s))).collect();
        let mut all = run(own);
        for handle in handles {
            match handle.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_every_item_once() {
        let mut states = vec![0usize; 3];
        let squares = spread(&mut states, 100, |seen, n| {
            *seen += 1;
            n * n
        });
        assert_eq!(squares, (0..100).map(|n| n * n).collect::<Vec<_>>());
        assert_eq!(states.iter().sum::<usize>(), 100);
        assert!(spread(&mut states, 0, |_, n| n).is_empty());
    }
}
