//! Runs of programs, timed, and what many of them come to.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How often the memory of a running program is asked for. The system keeps the peak itself, so
/// only growth in the very last moment can be missed.
const SAMPLING: Duration = Duration::from_millis(20);

/// How long a program ran, and the most memory it held.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run {
    pub seconds: f64,
    /// What it took of all processors, in seconds; zero where the system does not tell. On a machine
    /// that does other things as well, this says more than the time that passed.
    pub processors: f64,
    /// In MiB; zero where the system does not tell (only Linux does).
    pub peak: f64,
}

/// What repeated runs took; the median counts.
#[derive(Debug, Clone)]
pub struct Series(Vec<f64>);

impl Series {
    /// Never of nothing.
    pub fn new(mut values: Vec<f64>) -> Self {
        assert!(!values.is_empty(), "nothing was measured");
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    pub fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        if self.0.len() % 2 == 1 {
            self.0[middle]
        } else {
            (self.0[middle - 1] + self.0[middle]) / 2.0
        }
    }

    pub fn min(&self) -> f64 {
        self.0[0]
    }

    pub fn max(&self) -> f64 {
        self.0[self.0.len() - 1]
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// Times and peaks of runs.
pub fn series(runs: &[Run]) -> (Series, Series) {
    let of = |value: fn(&Run) -> f64| Series::new(runs.iter().map(value).collect());
    (of(|run| run.seconds), of(|run| run.peak))
}

/// What runs took of all processors.
pub fn processors(runs: &[Run]) -> Series {
    Series::new(runs.iter().map(|run| run.processors).collect())
}

/// What this process and its children that have ended took of all processors, in seconds.
fn processor_time() -> f64 {
    /// Linux counts these for programs in hundredths of a second, on every machine.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which may hold anything, the 14th to the 17th field.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    let ticks = fields.skip(11).take(4).map(|ticks| ticks.parse::<f64>().unwrap_or_default());
    ticks.sum::<f64>() / TICKS
}

/// Runs a piece of work.
pub fn work(work: impl FnOnce()) -> Run {
    let before = processor_time();
    let seconds = seconds(work);
    Run { seconds, processors: processor_time() - before, peak: 0.0 }
}

/// Times one piece of work.
pub fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Runs a program to its end, which must be a good one.
pub fn run(command: &mut Command) -> Run {
    let mut messages = tempfile::tempfile().expect("a temporary file");
    let (start, before) = (Instant::now(), processor_time());
    let mut child = start_quietly(command, &messages);
    let process = child.id();
    let is_over = AtomicBool::new(false);
    let (status, seconds, peak) = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut peak = 0.0_f64;
            while !is_over.load(Ordering::Relaxed) {
                peak = peak.max(peak_memory(process).unwrap_or_default());
                thread::sleep(SAMPLING);
            }
            peak
        });
        let status = child.wait().expect("the program ends");
        let seconds = start.elapsed().as_secs_f64();
        is_over.store(true, Ordering::Relaxed);
        (status, seconds, watcher.join().expect("a peak"))
    });
    if !status.success() {
        fail(command, &mut messages);
    }
    Run { seconds, processors: processor_time() - before, peak }
}

/// Runs programs to their ends, so many at a time, and returns what all took together.
pub fn run_all(commands: Vec<Command>, at_a_time: usize) -> Run {
    let next = AtomicUsize::new(0);
    let commands: Vec<_> = commands.into_iter().map(std::sync::Mutex::new).collect();
    work(|| {
        thread::scope(|scope| {
            for _ in 0..at_a_time {
                scope.spawn(|| {
                    while let Some(command) = commands.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let command = &mut *command.lock().expect("nobody else has it");
                        let mut messages = tempfile::tempfile().expect("a temporary file");
                        let status = start_quietly(command, &messages).wait();
                        if !status.is_ok_and(|status| status.success()) {
                            fail(command, &mut messages);
                        }
                    }
                });
            }
        });
    })
}

fn start_quietly(command: &mut Command, messages: &File) -> std::process::Child {
    let messages = messages.try_clone().expect("a file");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(messages)
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}

fn fail(command: &Command, messages: &mut File) -> ! {
    let mut text = String::new();
    let _ = messages.rewind().and_then(|()| messages.read_to_string(&mut text));
    panic!("{command:?} failed:\n{text}");
}

/// The most memory a running process has held so far, in MiB.
fn peak_memory(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}
