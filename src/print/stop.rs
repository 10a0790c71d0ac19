//! A wish to stop, seen by whoever works.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Asks work that is under way to stop soon. Copies share the wish, so that one of them can be
/// handed to whatever listens for Ctrl-C.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to stop.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it has been asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
