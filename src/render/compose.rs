//! Departments → the pages of one document.
//!
//! Each department is set by itself, several at once, and forgotten by the engine; then the pages
//! are put together. So a form costs the same in an attachment of ten and of ten thousand. Page
//! numbers run through the document though, and a summary before them names the pages.

use std::io;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{Run, workers};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::io_error;
use crate::typeset::{Attachment, Pages, Part, Typesetter};

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

/// Sets the pages of an attachment. `None` if asked to stop before they are done.
///
/// # Errors
/// As [`Typesetter::department`] and [`Typesetter::summary`].
pub(super) fn pages<'t>(
    typesetter: &'t Typesetter<'_>,
    attachment: &Attachment<'_>,
    run: &Run,
) -> Result<Option<Pages<'t>>, Vec<Finding>> {
    // How many pages the summary takes does not depend on the page numbers in it.
    let summary_pages = if attachment.summary {
        let unknown = vec![1; attachment.projects()];
        typesetter.summary(attachment, &unknown)?.page_count()
    } else {
        0
    };
    let Some(parts) = departments(typesetter, attachment, summary_pages + 1, run)? else {
        return Ok(None);
    };
    if !attachment.summary {
        return Ok(Some(typesetter.join(parts)));
    }
    let mut form_pages = Vec::new();
    let mut next_page = summary_pages + 1;
    for part in &parts {
        form_pages.extend(part.form_pages().iter().map(|page| page + next_page));
        next_page += part.page_count();
    }
    let summary = typesetter.summary(attachment, &form_pages)?;
    // A large table fills the engine's memory, which the export needs from here on.
    comemo::evict(0);
    Ok(Some(typesetter.join(std::iter::once(summary).chain(parts))))
}

/// Sets every department, its pages numbered on from the one before.
fn departments(
    typesetter: &Typesetter<'_>,
    attachment: &Attachment<'_>,
    first_page: usize,
    run: &Run,
) -> Result<Option<Vec<Part>>, Vec<Finding>> {
    let forms = attachment.departments.iter().map(|department| department.projects.len());
    let counts = PageCounts::new(forms);
    let set = |index: usize| {
        let expected = counts.expected_before(index);
        let mut settling = Settling { counts: &counts, index, pages: None };
        let mut part = typesetter.department(attachment, index, first_page + expected);
        settling.pages = part.as_ref().ok().map(Part::page_count);
        drop(settling);
        let before = counts.before(index);
        if part.is_ok() && before != expected {
            part = typesetter.department(attachment, index, first_page + before);
        }
        forget(run);
        part
    };
    if attachment.departments.len() == 1 {
        return set(0).map(|part| Some(vec![part]));
    }
    let indices: Vec<usize> = (0..attachment.departments.len()).collect();
    let mut parts = Vec::with_capacity(indices.len());
    let mut findings: Vec<Finding> = Vec::new();
    workers::in_order(
        run.jobs,
        &indices,
        &run.stop,
        |&index| set(index),
        |_, part| match part {
            Ok(part) => parts.push(part),
            Err(errors) => findings.extend(errors),
        },
    )
    .map_err(|error| vec![no_threads(&error)])?;
    match (findings.is_empty(), run.stop.is_asked()) {
        (false, _) => Err(findings),
        (true, true) => Ok(None),
        (true, false) => Ok(Some(parts)),
    }
}

fn no_threads(error: &io::Error) -> Finding {
    let message = format!("系统开不了线程：{}", io_error::in_chinese(error));
    Finding::about(&NO_THREADS, Path::new("."), message)
        .help("关掉别的程序，或用 --jobs 1 再运行一次")
}

/// The engine remembers every layout and would grow with each department. What the last ones used
/// is kept: the next one has the same labels (measured: an eighth faster). All workers share the
/// memory, and each one's evictions age what the others are using.
fn forget(run: &Run) {
    comemo::evict(run.jobs.get() / 2 + 1);
}

/// How many pages each department takes. Most forms take one page, so a worker expects that of the
/// departments that are not done, and sets its own again if it was wrong.
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

    /// The pages before a department, as far as is known.
    fn expected_before(&self, index: usize) -> usize {
        self.lock()[..index].iter().map(|count| count.pages).sum()
    }

    /// The pages before a department, once all of those are settled. They were begun before it, so
    /// others are at work on them.
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

/// Tells the pages of a department in the end, be it by a panic: nobody may wait for it for ever.
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
