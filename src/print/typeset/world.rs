//! What the Typst engine can see: the template's own folder, the fonts and the data. No packages, no network, no clock, no other file.

use std::collections::HashMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, PackageError, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World, WorldExt};

use super::sources;
use super::{LAYOUT_FAILED, LAYOUT_WARNED};
use crate::diagnostics::{Finding, Rule, SourceFile};
use crate::fonts::Fonts;
use crate::form::{LAYOUT_FILE, TemplateFiles};

/// The files of a template, Typst sources parsed.
#[derive(Debug)]
pub(super) struct Template<'f> {
    layout: FileId,
    /// Attaches the sources, and includes the layout, which need not know of them.
    with_sources: FileId,
    layout_path: std::path::PathBuf,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    paths: HashMap<FileId, std::path::PathBuf>,
    fonts: &'f Fonts,
    library: LazyHash<Library>,
}

/// One part's view of a template.
pub(super) struct TypstWorld<'t> {
    template: &'t Template<'t>,
    inputs: Inputs,
}

/// What a part is made from, beside the template.
#[derive(Debug, Clone)]
pub(super) struct Inputs {
    /// `data.json`.
    pub data: Bytes,
    /// Whether files are to be attached.
    pub has_sources: bool,
}

impl Inputs {
    pub fn new(data: Vec<u8>, has_sources: bool) -> Self {
        Self { data: Bytes::new(data), has_sources }
    }
}

impl<'f> Template<'f> {
    pub fn new(template: &TemplateFiles, fonts: &'f Fonts) -> Self {
        let mut sources = HashMap::new();
        let mut files = HashMap::new();
        let mut paths = HashMap::new();
        for (path, bytes) in template.iter() {
            let Some(id) = file_id(path) else { continue };
            if path.ends_with(".typ")
                && let Ok(text) = std::str::from_utf8(bytes)
            {
                sources.insert(id, Source::new(id, text.to_owned()));
            }
            files.insert(id, Bytes::new(bytes.to_vec()));
            paths.insert(id, template.shown_path(path));
        }
        let layout = known_file_id(LAYOUT_FILE);
        let with_sources = known_file_id(sources::MAIN_FILE);
        sources.insert(with_sources, Source::new(with_sources, sources::MAIN_TEXT.to_owned()));
        let layout_path = template.shown_path(LAYOUT_FILE);
        // `pdf.header-cell` tells a screen reader which cells are labels.
        let features = Features::from_iter([Feature::A11yExtras]);
        let library = LazyHash::new(Library::builder().with_features(features).build());
        Self { layout, with_sources, layout_path, sources, files, paths, fonts, library }
    }

    /// The fonts it is set in.
    pub fn fonts(&self) -> &'f Fonts {
        self.fonts
    }

    /// Typst's errors as findings, at their place in the template.
    pub fn errors(&self, errors: &[SourceDiagnostic]) -> Vec<Finding> {
        self.findings(&LAYOUT_FAILED, "版式文件排不出来，Typst 报告", errors)
    }

    /// Typst's warnings as findings, likewise.
    pub fn warnings(&self, warnings: &[SourceDiagnostic]) -> Vec<Finding> {
        self.findings(&LAYOUT_WARNED, "版式文件排出来了，但 Typst 提醒", warnings)
    }

    fn findings(
        &self,
        rule: &'static Rule,
        lead: &str,
        diagnostics: &[SourceDiagnostic],
    ) -> Vec<Finding> {
        // Only to find places in the template's files, for which the data does not matter.
        let world = TypstWorld::new(self, Inputs::new(Vec::new(), false));
        diagnostics.iter().map(|it| self.finding(rule, lead, &world, it)).collect()
    }

    fn finding(
        &self,
        rule: &'static Rule,
        lead: &str,
        world: &TypstWorld<'_>,
        error: &SourceDiagnostic,
    ) -> Finding {
        let message = format!("{lead}：{}", error.message);
        let place = error.span.id().and_then(|id| {
            let source = self.sources.get(&id)?;
            let range = world.range(error.span)?;
            let path = crate::diagnostics::shown(self.paths.get(&id)?);
            Some(SourceFile::new(path, source.text()).span(range))
        });
        let finding = match place {
            Some(span) => Finding::at(rule, span, message),
            None => Finding::about(rule, &self.layout_path, message),
        };
        error.hints.iter().fold(finding, |finding, hint| finding.help(hint.v.as_str()))
    }
}

impl<'t> TypstWorld<'t> {
    pub fn new(template: &'t Template<'t>, inputs: Inputs) -> Self {
        Self { template, inputs }
    }
}

impl World for TypstWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.template.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.template.fonts.store().book()
    }

    fn main(&self) -> FileId {
        let template = self.template;
        if self.inputs.has_sources { template.with_sources } else { template.layout }
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.template.sources.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let file =
            if id == data_file() { Some(&self.inputs.data) } else { self.template.files.get(&id) };
        file.cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.template.fonts.store().font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    match id.get().root() {
        VirtualRoot::Package(_) => {
            let message = "版式不能引用软件包；把需要的文件放进表样文件夹".into();
            FileError::Package(PackageError::Other(Some(message)))
        }
        VirtualRoot::Project => FileError::NotFound(id.get().vpath().get_without_slash().into()),
    }
}

/// The file with the data, in the template's folder.
pub(super) fn data_file() -> FileId {
    static ID: LazyLock<FileId> = LazyLock::new(|| known_file_id("data.json"));
    *ID
}

fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

#[expect(clippy::expect_used, reason = "only for constants")]
fn known_file_id(path: &'static str) -> FileId {
    file_id(path).expect("a valid path")
}
