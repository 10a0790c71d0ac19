//! Many items, a few workers, one order.
//!
//! The engine runs parts of its work on rayon. On a shared pool, a worker that waits for such a
//! part takes up the next document meanwhile, on its own stack, and in that one another: a
//! thousand documents overflow it. So each worker has a pool of its own with a single thread,
//! which has nobody to wait for (and is faster by a third).

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::{io, thread};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use super::Stop;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::files::io_error;

static NO_THREADS: Rule = Rule {
    code: "E605",
    name: "系统资源不足",
    severity: Severity::Error,
    explanation: r#"看什么：系统能不能给程序开几个线程，同时排几个部门。
为什么：内存或线程用完了，就没法排下去。
反例：在内存很小的机器上用 `--jobs 64`
正例：`jixiao render --combined --jobs 1`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_THREADS];

/// As large as the main thread's on most systems: layouts nest.
const STACK_SIZE: usize = 8 << 20;

/// How many items, for each worker, may be under way or done behind the first that is not done. A
/// slow item does not hold up the other workers at once, and what waits for it stays bounded.
const LOOK_AHEAD: usize = 4;

/// Each worker takes 40 MB or so; more than these have to be asked for.
const MAX_DEFAULT_JOBS: usize = 8;

/// How many workers a machine gets unless it is told otherwise: one for each processor.
pub fn default_jobs() -> NonZeroUsize {
    let most = NonZeroUsize::new(MAX_DEFAULT_JOBS).unwrap_or(NonZeroUsize::MIN);
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN).min(most)
}

/// Works on items with so many workers, and hands over the results on this thread in the order of
/// the items, each as soon as those before it are there.
///
/// Items are begun in order, so that when it stops early, what was reported is a whole beginning.
///
/// # Errors
/// If the system gives no threads.
///
/// # Panics
/// If `work` or `report` does.
pub(super) fn in_order<T: Sync, R: Send>(
    jobs: NonZeroUsize,
    items: &[T],
    stop: &Stop,
    work: impl Fn(&T) -> R + Sync,
    mut report: impl FnMut(&T, R),
) -> Result<(), Vec<Finding>> {
    let workers = jobs.get().min(items.len());
    let pools = (0..workers).map(|_| pool()).collect::<Result<Vec<_>, _>>();
    let pools = pools.map_err(|error| no_threads(&io::Error::other(error)))?;
    let queue = Queue::new(items.len(), workers * LOOK_AHEAD);
    thread::scope(|scope| {
        // Whoever leaves, in whatever way, closes the queue, so that nobody waits for them.
        let _closing = Closing(&queue);
        let (sender, results) = mpsc::channel();
        for pool in &pools {
            let (queue, work, sender) = (&queue, &work, sender.clone());
            let run = move || {
                let _closing = Closing(queue);
                while let Some(index) = queue.take(stop) {
                    let result = pool.install(|| work(&items[index]));
                    if sender.send((index, result)).is_err() {
                        break;
                    }
                }
            };
            let started = thread::Builder::new().spawn_scoped(scope, run);
            started.map_err(|error| no_threads(&error))?;
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (index, result) in results {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&next) {
                report(&items[next], result);
                next += 1;
                queue.reported(next);
            }
        }
        Ok(())
    })
}

fn no_threads(error: &io::Error) -> Vec<Finding> {
    let message = format!("系统开不了线程：{}", io_error::in_chinese(error));
    let finding = Finding::about(&NO_THREADS, Path::new("."), message);
    vec![finding.help("关掉一些程序，或加上 --jobs 1 再运行一次")]
}

fn pool() -> Result<ThreadPool, ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(1).stack_size(STACK_SIZE).build()
}

/// Which items may be begun.
struct Queue {
    look_ahead: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// The next item nobody has begun.
    next: usize,
    /// How many are reported.
    reported: usize,
    /// The first that will not be begun.
    end: usize,
}

impl Queue {
    fn new(items: usize, look_ahead: usize) -> Self {
        let state = Mutex::new(State { next: 0, reported: 0, end: items });
        Self { look_ahead, state, changed: Condvar::new() }
    }

    /// The next item to begin, as soon as it is not too far ahead; `None` if there is no more.
    fn take(&self, stop: &Stop) -> Option<usize> {
        let mut state = self.lock();
        loop {
            if stop.is_asked() || state.next >= state.end {
                return None;
            }
            if state.next < state.reported + self.look_ahead {
                state.next += 1;
                return Some(state.next - 1);
            }
            // Woken when the first open item is reported: its worker is not waiting here.
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn reported(&self, count: usize) {
        self.lock().reported = count;
        self.changed.notify_all();
    }

    fn close(&self) {
        self.lock().end = 0;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can panic half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a queue when it goes out of scope, be it by a panic.
struct Closing<'q>(&'q Queue);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn jobs(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    /// Later items are faster, so that they are done before earlier ones.
    fn slow_first(&index: &usize) -> usize {
        thread::sleep(Duration::from_millis(if index % 5 == 0 { 5 } else { 0 }));
        index
    }

    #[test]
    fn results_come_in_the_order_of_the_items_whatever_the_timing() {
        let items: Vec<usize> = (0..100).collect();
        for count in [1, 2, 7, 200] {
            let mut reported = Vec::new();
            let stop = Stop::default();
            in_order(jobs(count), &items, &stop, slow_first, |&item, result| {
                assert_eq!(item, result);
                reported.push(result);
            })
            .unwrap();
            assert_eq!(reported, items, "{count} workers");
        }
    }

    #[test]
    fn nobody_runs_far_ahead_of_a_slow_item() {
        let items: Vec<usize> = (0..100).collect();
        let begun = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        let work = |&index: &usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            if index == 0 {
                thread::sleep(Duration::from_millis(100));
                most.store(begun.load(Ordering::Relaxed), Ordering::Relaxed);
            }
        };
        in_order(jobs(3), &items, &Stop::default(), work, |_, ()| {}).unwrap();
        assert!(most.into_inner() <= 3 * LOOK_AHEAD);
    }

    #[test]
    fn a_stop_leaves_a_whole_beginning() {
        let items: Vec<usize> = (0..100).collect();
        let stop = Stop::default();
        let mut reported = Vec::new();
        in_order(jobs(3), &items, &stop, slow_first, |_, result| {
            reported.push(result);
            if result == 20 {
                stop.ask();
            }
        })
        .unwrap();
        assert!((21..50).contains(&reported.len()), "{}", reported.len());
        assert_eq!(reported, items[..reported.len()]);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_in_a_worker_is_passed_on_and_nobody_waits_for_it() {
        let items: Vec<usize> = (0..100).collect();
        let work = |&index: &usize| assert_ne!(index, 5);
        let _ = in_order(jobs(3), &items, &Stop::default(), work, |_, ()| {});
    }

    #[test]
    #[should_panic(expected = "the reader has had enough")]
    fn a_panic_of_the_reader_is_passed_on_and_nobody_waits_for_it() {
        let items: Vec<usize> = (0..100).collect();
        let report = |_: &usize, index: usize| assert!(index < 5, "the reader has had enough");
        let _ = in_order(jobs(3), &items, &Stop::default(), slow_first, report);
    }
}
