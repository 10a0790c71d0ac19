//! Departments → the pages of one document.
//!
//! Each piece (a department, or some of its forms) is set by itself, several at once, and forgotten
//! by the engine; then the pages are put together. So a form costs the same in an attachment of ten
//! and of ten thousand. Page numbers run through the document though, and a summary before them
//! names the pages.

use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::typeset::{Attachment, Pages, Part, Piece, Typesetter};
use super::{Run, workers};
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

/// After so many pieces of a document, the engine forgets those before the last ones.
const PIECES_REMEMBERED: usize = 8;

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_THREADS];

/// Sets the pages of an attachment, so many pieces at once. `None` if asked to stop before they are
/// done.
///
/// # Errors
/// As [`Typesetter::piece`] and [`Typesetter::summary`].
pub(super) fn pages<'t>(
    typesetter: &'t Typesetter<'_>,
    attachment: &Attachment<'_>,
    at_once: NonZeroUsize,
    run: &Run,
) -> Result<Option<Pages<'t>>, Vec<Finding>> {
    // How many pages the summary takes does not depend on the page numbers in it.
    let summary_pages =
        if attachment.summary { typesetter.summary(attachment, None)?.page_count() } else { 0 };
    let pieces = Pieces {
        typesetter,
        attachment,
        pieces: typesetter.pieces(attachment, at_once),
        first_page: summary_pages + 1,
        run,
    };
    let parts = if at_once.get() == 1 || pieces.pieces.len() == 1 {
        pieces.set_in_turn()
    } else {
        pieces.set_at_once(at_once)
    };
    let Some(parts) = parts? else { return Ok(None) };
    if !attachment.summary {
        return Ok(Some(typesetter.join(parts)));
    }
    let mut form_pages = Vec::new();
    let mut next_page = summary_pages + 1;
    for part in &parts {
        form_pages.extend(part.form_pages().iter().map(|page| page + next_page));
        next_page += part.page_count();
    }
    let summary = typesetter.summary(attachment, Some(&form_pages))?;
    // A large table fills the engine's memory, which the export needs from here on.
    comemo::evict(0);
    Ok(Some(typesetter.join(std::iter::once(summary).chain(parts))))
}

/// What is to be set, piece by piece.
struct Pieces<'a> {
    typesetter: &'a Typesetter<'a>,
    attachment: &'a Attachment<'a>,
    pieces: Vec<Piece>,
    /// The number of the first page of all.
    first_page: usize,
    run: &'a Run,
}

type Parts = Result<Option<Vec<Part>>, Vec<Finding>>;

impl Pieces<'_> {
    /// Sets a piece that so many pages come before.
    fn set(&self, piece: &Piece, pages_before: usize) -> Result<Part, Vec<Finding>> {
        self.typesetter.piece(self.attachment, piece, self.first_page + pages_before)
    }

    /// Sets every piece once the pages before it are counted.
    fn set_in_turn(&self) -> Parts {
        let mut all = Collected::default();
        let mut pages = 0;
        for (index, piece) in self.pieces.iter().enumerate() {
            if self.run.stop.is_asked() {
                return all.parts_if(false);
            }
            let part = self.set(piece, pages);
            pages += part.as_ref().map_or(0, Part::page_count);
            all.add(part);
            self.forget(index);
        }
        all.parts_if(true)
    }

    /// Sets several pieces at once.
    fn set_at_once(&self, at_once: NonZeroUsize) -> Parts {
        let counts = PageCounts::new(self.pieces.iter().map(Piece::forms));
        let set = |index: usize| {
            let piece = &self.pieces[index];
            let expected = counts.expected_before(index);
            let mut settling = Settling { counts: &counts, index, pages: None };
            let mut part = self.set(piece, expected);
            settling.pages = part.as_ref().ok().map(Part::page_count);
            drop(settling);
            let before = counts.before(index);
            if part.is_ok() && before != expected {
                part = self.set(piece, before);
            }
            self.forget(index);
            part
        };
        let indices: Vec<usize> = (0..self.pieces.len()).collect();
        let mut all = Collected::default();
        let stop = &self.run.stop;
        workers::in_order(at_once, &indices, stop, |&index| set(index), |_, part| all.add(part))
            .map_err(|error| vec![no_threads(&error)])?;
        all.parts_if(!stop.is_asked())
    }

    /// The engine remembers every layout and would grow with each piece. What the last ones used is
    /// kept: the next one has the same labels (measured: an eighth faster). All workers share the
    /// memory, and each one's evictions age what the others are using. Of a long document, only every
    /// few pieces, as each look through a memory that a large summary has filled takes a while.
    fn forget(&self, index: usize) {
        let done = index + 1;
        if done == self.pieces.len() || done.is_multiple_of(PIECES_REMEMBERED) {
            comemo::evict(self.run.jobs.get() / 2 + 1);
        }
    }
}

/// Parts in their order, or what is wrong with them.
#[derive(Default)]
struct Collected {
    parts: Vec<Part>,
    findings: Vec<Finding>,
}

impl Collected {
    fn add(&mut self, part: Result<Part, Vec<Finding>>) {
        match part {
            Ok(part) => self.parts.push(part),
            Err(findings) => self.findings.extend(findings),
        }
    }

    /// The parts, if these are all.
    fn parts_if(self, is_complete: bool) -> Parts {
        match self.findings.is_empty() {
            true => Ok(is_complete.then_some(self.parts)),
            false => Err(self.findings),
        }
    }
}

fn no_threads(error: &io::Error) -> Finding {
    let message = format!("系统开不了线程：{}", io_error::in_chinese(error));
    Finding::about(&NO_THREADS, Path::new("."), message)
        .help("关掉别的程序，或用 --jobs 1 再运行一次")
}

/// How many pages each piece takes. Most forms take one page, so a worker expects that of the pieces
/// that are not done, and sets its own again if it was wrong.
struct PageCounts {
    counts: Mutex<Vec<Count>>,
    settled: Condvar,
}

#[derive(Clone, Copy)]
struct Count {
    pages: usize,
    is_settled: bool,
}

impl PageCounts {
    fn new(expected: impl Iterator<Item = usize>) -> Self {
        let counts = expected.map(|pages| Count { pages, is_settled: false }).collect();
        Self { counts: Mutex::new(counts), settled: Condvar::new() }
    }

    /// The pages before a piece, as far as is known.
    fn expected_before(&self, index: usize) -> usize {
        self.lock()[..index].iter().map(|count| count.pages).sum()
    }

    /// The pages before a piece, once all of those are settled. They were begun before it, so others
    /// are at work on them.
    fn before(&self, index: usize) -> usize {
        let mut counts = self.lock();
        while counts[..index].iter().any(|count| !count.is_settled) {
            counts = self.settled.wait(counts).unwrap_or_else(PoisonError::into_inner);
        }
        counts[..index].iter().map(|count| count.pages).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Count>> {
        // Nothing that holds the lock can panic half way.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the pages of a piece in the end, be it by a panic: nobody may wait for it for ever.
struct Settling<'c> {
    counts: &'c PageCounts,
    index: usize,
    /// `None` if it has errors; it stays as expected then.
    pages: Option<usize>,
}

impl Drop for Settling<'_> {
    fn drop(&mut self) {
        let mut counts = self.counts.lock();
        let count = &mut counts[self.index];
        *count = Count { pages: self.pages.unwrap_or(count.pages), is_settled: true };
        self.counts.settled.notify_all();
    }
}
