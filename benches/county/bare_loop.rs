//! The engine alone: the same documents compiled and exported in process, and nothing else.
//!
//! The data is loaded already; nothing is checked, packed or written. With the plain table, that is
//! the floor of the engine: what a program that leaves all to it would take at the least.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World};
use typst_kit::fonts::{FontStore, scan};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::measure::seconds;
use crate::support::repository;

/// A layout and the fonts.
pub struct BareLoop {
    layout: Source,
    fonts: FontStore,
    library: LazyHash<Library>,
    options: PdfOptions,
}

struct Document<'a> {
    engine: &'a BareLoop,
    data: Bytes,
}

impl BareLoop {
    /// A layout that is one file, and reads `data.json`.
    pub fn new(layout: &str) -> Self {
        let layout = Source::new(file_id("layout.typ"), layout.to_owned());
        let mut fonts = FontStore::new();
        fonts.extend(scan(&repository().join("fonts")));
        // Read from the disk now, not when the first document is timed.
        let count = (0..).map_while(|index| fonts.font(index)).count();
        assert!(count > 0, "no fonts");
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
        // PDF/A wants a date, whichever.
        let date = Datetime::from_ymd_hms(2023, 1, 1, 0, 0, 0).expect("a date");
        let options = PdfOptions {
            standards: standards.expect("standards"),
            timestamp: Some(Timestamp::new_utc(date)),
            ..PdfOptions::default()
        };
        let features = Features::from_iter([Feature::A11yExtras]);
        let library = LazyHash::new(Library::builder().with_features(features).build());
        Self { layout, fonts, library, options }
    }

    /// Makes the PDF of each document on so many threads, and returns how long that took.
    pub fn run(&self, documents: &[Vec<u8>], threads: usize) -> f64 {
        let next = AtomicUsize::new(0);
        let work = || {
            // The export runs on rayon; a thread of its own keeps it from waiting for the others.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
            pool.install(|| {
                while let Some(data) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    std::hint::black_box(self.pdf(data));
                    comemo::evict(threads);
                }
            });
        };
        // Nothing is left of an earlier run.
        comemo::evict(0);
        seconds(|| {
            thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(work);
                }
            });
        })
    }

    fn pdf(&self, data: &[u8]) -> Vec<u8> {
        let world = Document { engine: self, data: Bytes::new(data.to_vec()) };
        let document = typst::compile::<PagedDocument>(&world).output.expect("pages");
        typst_pdf::pdf(&document, &self.options).expect("a PDF")
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Document<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.engine.fonts.book()
    }

    fn main(&self) -> FileId {
        self.engine.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let layout = &self.engine.layout;
        if id == layout.id() { Ok(layout.clone()) } else { Err(missing(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == file_id("data.json") { Ok(self.data.clone()) } else { Err(missing(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
