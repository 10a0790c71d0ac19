//! Departments → the pages of one document.
//!
//! Each chunk (a department, or some of its forms) is set by itself, several at once, and forgotten
//! by the engine; then the pages are put together. So a form costs the same in an attachment of ten
//! and of ten thousand. Page numbers run through the document, and a summary before the forms names
//! their pages: so all pages are counted first, which takes no engine.

use std::num::NonZeroUsize;
use std::ops::Range;

use indexmap::IndexSet;

use super::typeset::{About, Pages, Part, Source, Typesetter};
use super::{Run, workers};
use crate::data::Department;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::{Definition, Subject};
use crate::sheet::{Arranger, Opening, Sheet, overlooked};

static NOT_PRINTED: Rule = Rule {
    code: "E505",
    name: "有内容没有印出来",
    severity: Severity::Error,
    explanation: r#"看什么：数据里的每一项是不是都印在表上。
为什么：填了却没有印出来，公开的表就少了内容，谁也看不出来。
反例：表样的版面里少写了一个栏目。
正例：在 form.toml 的“版面”里写上它。"#,
};

/// After so many chunks of a document, the engine forgets those before the last ones.
const CHUNKS_REMEMBERED: usize = 8;

/// A document that several workers share is divided so finely that none of them waits long for the
/// last; each chunk costs a millisecond more.
const CHUNKS_PER_WORKER: usize = 2;

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NOT_PRINTED];

/// The departments that are printed as one attachment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attachment<'a> {
    /// What is on the form.
    pub form: &'a Definition,
    /// The year of the data.
    pub year: &'a str,
    /// The months of it that a monitoring form is about.
    pub period: &'a str,
    /// Its departments in their order.
    pub departments: &'a [Department],
    /// Whether a table of all projects comes first.
    pub summary: bool,
    /// Whether the files that it was made from are attached.
    pub embed_sources: bool,
}

/// Some forms of a department that are set at once.
#[derive(Debug, Clone)]
struct Chunk {
    department: usize,
    projects: Range<usize>,
}

/// The sheets of a chunk, and what of its data is in none of them.
type Arranged = (Vec<Sheet>, Vec<Finding>);

impl<'a> Attachment<'a> {
    fn arranger(&self) -> Arranger<'a> {
        Arranger { form: self.form, year: self.year, period: self.period }
    }

    fn department(&self, chunk: &Chunk) -> Option<&'a Department> {
        self.departments.get(chunk.department)
    }

    /// What stands above the first form of a department: the forms of its units go on with what it, or
    /// the first of them, began.
    fn opening(&self, index: usize) -> Opening {
        let (before, rest) = self.departments.split_at(index.min(self.departments.len()));
        let of = |it: &'a Department| it.department_folder();
        let own = rest.first().map(of);
        let goes_on = before.iter().rev().take_while(|it| Some(of(it)) == own);
        match goes_on.filter(|it| !it.projects.is_empty()).count() {
            0 if self.summary => Opening::Title,
            0 => Opening::NumberedTitle,
            _ => Opening::Nothing,
        }
    }

    fn about(&self) -> About {
        let mut all = self.departments.iter().map(Department::department_folder);
        let first = all.next();
        let title = match self.departments {
            [department, ..] if all.all(|it| Some(it) == first) => {
                self.arranger().attachment_title(department)
            }
            _ => {
                let title = self.form.blueprint.title.words();
                let number = self.form.attachment.iter().map(|number| format!("{number}："));
                format!("{}{title}（{}年度）", number.collect::<String>(), self.year)
            }
        };
        let names = self.departments.iter().map(Department::name);
        About::new(title, names.collect::<IndexSet<_>>().into_iter())
    }

    /// Its forms in chunks for so many workers: departments, or if there are too few, parts of
    /// them. It makes no difference to the pages.
    fn chunks(&self, workers: NonZeroUsize) -> Vec<Chunk> {
        let all: usize = self.departments.iter().map(|it| it.projects.len()).sum();
        let size = match workers.get() {
            1 => usize::MAX,
            workers => all.div_ceil(CHUNKS_PER_WORKER * workers).max(1),
        };
        // The table of a department is one.
        let size = match self.form.subject {
            Subject::Project { .. } => size,
            Subject::Department | Subject::Whole => usize::MAX,
        };
        let departments = self.departments.iter().enumerate();
        let chunks = departments.flat_map(|(department, it)| {
            let all = it.projects.len();
            (0..all).step_by(size).map(move |start| {
                let end = start.saturating_add(size).min(all);
                Chunk { department, projects: start..end }
            })
        });
        chunks.collect()
    }

    fn sheets(&self, chunk: &Chunk) -> Arranged {
        let Some(department) = self.department(chunk) else { return Arranged::default() };
        let opening = self.opening(chunk.department);
        let sheets = self.arranger().forms(department, chunk.projects.clone(), opening);
        // A list has only what it names.
        if self.form.class.is_view() {
            return (sheets, Vec::new());
        }
        let lost = overlooked(department, chunk.projects.clone(), &sheets);
        let findings = lost.into_iter().map(|span| {
            let message = format!("“{}”没有印在表上", span.text());
            Finding::at(&NOT_PRINTED, span, message)
                .help("在表样 form.toml 的“版面”里写上它；表上不要的，从表样和数据里删掉")
        });
        (sheets, findings.collect())
    }
}

/// Sets the pages of an attachment, so many chunks at once. `None` if asked to stop before they
/// are done.
///
/// # Errors
/// As [`Typesetter::set`]; a value that is in no sheet.
pub(super) fn pages<'t>(
    typesetter: &'t Typesetter<'_>,
    attachment: &Attachment<'_>,
    at_once: NonZeroUsize,
    run: &Run,
) -> Result<Option<Pages<'t>>, Vec<Finding>> {
    let chunks = attachment.chunks(at_once);
    let setting = Setting { typesetter, attachment, about: attachment.about(), chunks, run };
    let mut first_pages = vec![1];
    let mut parts = Vec::new();
    if attachment.summary || setting.chunks.len() > 1 {
        let Some(counts) = setting.count(at_once)? else { return Ok(None) };
        let mut next = 1;
        if let Some(sheet) = setting.summary(&counts)? {
            let paged = typesetter.paginate(&sheet)?;
            let part = typesetter.set(&setting.about, &[paged], 1, Vec::new())?;
            // A large table fills the engine's memory.
            comemo::evict(0);
            next += part.page_count();
            parts.push(part);
        }
        first_pages.clear();
        for pages in counts {
            first_pages.push(next);
            next += pages.iter().sum::<usize>();
        }
    }
    let Some(forms) = setting.set(&first_pages, at_once)? else { return Ok(None) };
    parts.extend(forms);
    Ok(Some(typesetter.join(parts)))
}

/// The sheets of an attachment in their order, for programs that find the ends of pages themselves.
/// `None` if asked to stop before they are there.
///
/// # Errors
/// A text that a page does not hold, if a summary has to know the pages; a value that is in no
/// sheet.
pub(super) fn sheets(
    typesetter: &Typesetter<'_>,
    attachment: &Attachment<'_>,
    at_once: NonZeroUsize,
    run: &Run,
) -> Result<Option<(About, Vec<Sheet>)>, Vec<Finding>> {
    let chunks = attachment.chunks(at_once);
    let setting = Setting { typesetter, attachment, about: attachment.about(), chunks, run };
    let mut sheets = Vec::new();
    if attachment.summary {
        let Some(counts) = setting.count(at_once)? else { return Ok(None) };
        sheets.extend(setting.summary(&counts)?);
    }
    let (mut findings, mut forms) = (Vec::new(), Vec::new());
    for (of_chunk, found) in setting.chunks.iter().map(|chunk| attachment.sheets(chunk)) {
        forms.extend(of_chunk);
        findings.extend(found);
    }
    sheets.extend(forms);
    if findings.is_empty() { Ok(Some((setting.about, sheets))) } else { Err(findings) }
}

/// What is to be set, chunk by chunk.
struct Setting<'a> {
    typesetter: &'a Typesetter<'a>,
    attachment: &'a Attachment<'a>,
    about: About,
    chunks: Vec<Chunk>,
    run: &'a Run,
}

type Done<T> = Result<Option<Vec<T>>, Vec<Finding>>;

impl Setting<'_> {
    /// How many pages the forms of each chunk take.
    fn count(&self, at_once: NonZeroUsize) -> Done<Vec<usize>> {
        self.each(at_once, |index| {
            let Some(chunk) = self.chunks.get(index) else { return Ok(Vec::new()) };
            let (sheets, findings) = self.attachment.sheets(chunk);
            if !findings.is_empty() {
                return Err(findings);
            }
            let paged = self.typesetter.paginate_all(&sheets)?;
            let pages = paged.iter().map(|paged| paged.pages.len());
            // Projects that share a table begin on its first page.
            let others = chunk.projects.len().saturating_sub(sheets.len());
            Ok(std::iter::repeat_n(0, others).chain(pages).collect())
        })
    }

    /// The table of all projects, if it is wanted; `counts` are the pages of the forms.
    fn summary(&self, counts: &[Vec<usize>]) -> Result<Option<Sheet>, Vec<Finding>> {
        let Attachment { departments, summary: true, .. } = *self.attachment else {
            return Ok(None);
        };
        let arranger = self.attachment.arranger();
        // How many pages the table takes itself is only known when it is there; the numbers in it
        // are settled at the second try, or at the third if they are a digit longer then.
        let mut own = 1;
        loop {
            let mut next = own + 1;
            let pages = counts.iter().flatten().map(|count| {
                let first = next;
                next += count;
                first
            });
            let pages: Vec<usize> = pages.collect();
            let Some(sheet) = arranger.summary(departments, &pages) else { return Ok(None) };
            let taken = self.typesetter.paginate(&sheet)?.pages.len();
            if taken <= own {
                return Ok(Some(sheet));
            }
            own = taken;
        }
    }

    /// Sets every chunk, whose first pages are known.
    fn set(&self, first_pages: &[usize], at_once: NonZeroUsize) -> Done<Part> {
        self.each(at_once, |index| {
            let part = self.set_chunk(index, first_pages.get(index).copied().unwrap_or(1));
            self.forget(index);
            part
        })
    }

    fn set_chunk(&self, index: usize, first_page: usize) -> Result<Part, Vec<Finding>> {
        let Some(chunk) = self.chunks.get(index) else { return Err(Vec::new()) };
        let (sheets, findings) = self.attachment.sheets(chunk);
        if !findings.is_empty() {
            return Err(findings);
        }
        let paged = self.typesetter.paginate_all(&sheets)?;
        let sources = match self.attachment.department(chunk) {
            Some(department) if self.attachment.embed_sources && chunk.projects.start == 0 => {
                let is_first = self.attachment.opening(chunk.department) != Opening::Nothing;
                Source::of(self.attachment.year, department, is_first)
            }
            _ => Vec::new(),
        };
        self.typesetter.set(&self.about, &paged, first_page, sources)
    }

    /// Works on all chunks by their index, so many at once.
    fn each<T: Send>(
        &self,
        at_once: NonZeroUsize,
        work: impl Fn(usize) -> Result<T, Vec<Finding>> + Sync,
    ) -> Done<T> {
        let (mut done, mut findings) = (Vec::new(), Vec::new());
        let mut add = |result: Result<T, Vec<Finding>>| match result {
            Ok(item) => done.push(item),
            Err(errors) => findings.extend(errors),
        };
        let stop = &self.run.stop;
        let indices: Vec<usize> = (0..self.chunks.len()).collect();
        if at_once.get() == 1 || indices.len() == 1 {
            for index in indices {
                if stop.is_asked() {
                    break;
                }
                add(work(index));
            }
        } else {
            workers::in_order(at_once, &indices, stop, |&index| work(index), |_, it| add(it))?;
        }
        match findings.is_empty() {
            true => Ok((done.len() == self.chunks.len()).then_some(done)),
            false => Err(findings),
        }
    }

    /// The engine remembers every layout and would grow with each chunk. What the last ones used is
    /// kept: the next one has the same labels (measured: an eighth faster). All workers share the
    /// memory, and each one's evictions age what the others are using. Of a long document, only every
    /// few chunks.
    fn forget(&self, index: usize) {
        let done = index + 1;
        if done == self.chunks.len() || done.is_multiple_of(CHUNKS_REMEMBERED) {
            comemo::evict(self.run.jobs.get() / 2 + 1);
        }
    }
}
