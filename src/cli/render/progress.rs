//! A bar that shows how far a run is, on a terminal only.

use std::fmt::Write;
use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

const TEMPLATE: &str = "{bar:24} {pos}/{len} 份  {forms}  {left}";

/// The bar, or nothing where nobody would see it.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    forms: Arc<AtomicUsize>,
}

impl Progress {
    /// A bar for so many documents; for one document there is nothing to show.
    pub fn new(documents: usize, is_quiet: bool) -> Self {
        let forms = Arc::new(AtomicUsize::new(0));
        if documents < 2 || is_quiet || !stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), forms };
        }
        let counted = Arc::clone(&forms);
        let rate = move |state: &ProgressState, text: &mut dyn Write| {
            let forms = counted.load(Ordering::Relaxed) as f64;
            let _ = write!(text, "每秒 {:.0} 张表", forms / state.elapsed().as_secs_f64().max(0.1));
        };
        let left = |state: &ProgressState, text: &mut dyn Write| {
            let seconds = state.eta().as_secs();
            let _ = match seconds / 60 {
                // Nothing is known before the first.
                _ if state.pos() == 0 => Ok(()),
                0 => write!(text, "还要 {seconds} 秒"),
                minutes => write!(text, "还要 {minutes} 分 {} 秒", seconds % 60),
            };
        };
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("forms", rate)
            .with_key("left", left);
        Self { bar: ProgressBar::new(documents as u64).with_style(style), forms }
    }

    /// One more document is done, with so many forms set anew.
    pub fn step(&self, forms: usize) {
        self.forms.fetch_add(forms, Ordering::Relaxed);
        self.bar.inc(1);
    }

    /// Takes the bar away while something else is printed.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the bar away for good.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
