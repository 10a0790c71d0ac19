//! Ctrl-C: the run ends after the documents in hand and says how far it got.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::print::Stop;

/// How long the documents in hand may take; with more, a clerk would think that nothing happens.
const GRACE: Duration = Duration::from_millis(800);

/// Listens for Ctrl-C.
#[derive(Debug, Clone)]
pub(super) struct Interrupt {
    /// Asked at the first Ctrl-C.
    pub stop: Stop,
    documents: usize,
    done: Arc<AtomicUsize>,
    /// What to do to get the rest.
    advice: &'static str,
}

impl Interrupt {
    /// Leaves Ctrl-C as it is: it ends the process.
    pub fn none(documents: usize, advice: &'static str) -> Self {
        Self { stop: Stop::default(), documents, done: Arc::default(), advice }
    }

    /// Listens from now on, while so many documents are rendered.
    pub fn listen(documents: usize, advice: &'static str) -> Self {
        let interrupt = Self::none(documents, advice);
        let handler = interrupt.clone();
        // If it cannot be set, Ctrl-C ends the process as ever; files are whole all the same.
        let _ = ctrlc::set_handler(move || handler.interrupted());
        interrupt
    }

    /// Counts a document that is done.
    pub fn count(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// What to tell about a run that was stopped; `None` if it came to its end.
    pub fn message(&self) -> Option<String> {
        let (done, documents) = (self.done.load(Ordering::Relaxed), self.documents);
        (self.stop.is_asked() && done < documents).then(|| {
            format!(
                "按 Ctrl-C 停下了：{documents} 份里做完了 {done} 份，写出的文件都是完整的\n怎么办: {}",
                self.advice
            )
        })
    }

    /// At the second Ctrl-C, or if the first takes too long, the process ends at once: files are
    /// put in their places whole.
    fn interrupted(&self) {
        if self.stop.is_asked() {
            self.exit();
        }
        self.stop.ask();
        let interrupt = self.clone();
        thread::spawn(move || {
            thread::sleep(GRACE);
            interrupt.exit();
        });
    }

    fn exit(&self) -> ! {
        // Not by the console: whoever is being interrupted may be in the middle of printing.
        if let Some(message) = self.message() {
            eprintln!("\n{message}");
        }
        std::process::exit(1)
    }
}
