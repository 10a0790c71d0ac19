//! What lies on the desk: the files that somebody edits in the page, each with what it was before.
//!
//! Files are written when somebody asks for it, and only over what they were when the editing began.
//! What the page asks for is named by year, folder and file; a name is looked for among those that are
//! there, and never made a path of.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

use super::view::{self, Read};
use crate::author::patch::{self, Change};
use crate::author::scaffold::{self, NewDepartment, NewProject, fit};
use crate::diagnostics::{self, Finding, SourceFile, shown};
use crate::form::FieldMeaning;
use crate::import::{self, Known};
use crate::lint::{FILL_IN, REVIEW};
use crate::live::{Page, Preview, Session};
use crate::print::typeset::PdfSettings;
use crate::print::{Binding, Mode, Output, Plan, Renderer, Run, Settings, Stop, default_jobs};
use crate::toml::text_file;
use crate::workspace::{
    DEPARTMENT_FILE, Stock, Tier, Year, department_of, file_name, folder_name, owner_of, unit_of,
    units,
};

/// A file by its names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct At {
    year: String,
    department: String,
    file: String,
}

/// What a page asks for.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Wish {
    /// All departments of a year, or of the newest.
    Year {
        year: Option<String>,
    },
    /// The projects of a department.
    Department {
        year: String,
        department: String,
    },
    /// A file with all that is in it.
    File {
        at: At,
    },
    /// The printed pages of a department.
    Pages {
        year: String,
        department: String,
    },
    /// The outlines of glyphs that are used on pages, by their names.
    Glyphs {
        names: Vec<String>,
    },
    /// What is printed at a place of a page, in points.
    Hit {
        page: String,
        x: f64,
        y: f64,
    },
    /// Where a value of a file is printed.
    Spot {
        at: At,
        path: Vec<String>,
    },
    /// A change in the form; whether the pages that it leads to are wanted as well.
    Change {
        at: At,
        change: Change,
        #[serde(default)]
        pages: bool,
    },
    /// Another text; `seen` is the text that it was made of.
    Text {
        at: At,
        seen: String,
        text: String,
    },
    Undo {
        at: At,
    },
    Redo {
        at: At,
    },
    /// Repairs one finding, or everything in the file that has only one way to be put right.
    Repair {
        at: At,
        finding: Option<String>,
    },
    /// Takes away the mark that something is to be filled in or reviewed.
    Done {
        at: At,
        finding: String,
    },
    /// Writes all files that were edited.
    Save,
    /// Keeps one of two versions of a file that another program changed too.
    Keep {
        at: At,
        version: Version,
    },
    NewProject {
        year: String,
        department: String,
        name: String,
    },
    NewDepartment {
        year: String,
        name: String,
        code: String,
    },
    /// Takes in the forms of a file of another program; year and department are empty where the
    /// file says them.
    Import {
        name: String,
        base64: String,
        year: String,
        department: String,
    },
    /// Prints a department.
    Print {
        year: String,
        department: String,
    },
    /// Ends the program; `anyway` even if something is not saved.
    Quit {
        anyway: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Version {
    /// That of the page.
    Mine,
    /// That on the disk.
    Disk,
}

/// The answer to a wish.
#[derive(Debug)]
pub(super) struct Answer {
    pub value: Value,
    /// Whether other pages show something old now.
    pub is_news: bool,
    /// Whether it was the last.
    pub is_end: bool,
}

/// Why a wish was not granted, in words for people.
type Refused = String;

/// The files that are being edited.
pub(super) type Drafts = BTreeMap<PathBuf, Draft>;

/// A file that is being edited.
#[derive(Debug)]
pub(super) struct Draft {
    /// What the file was when the editing began, or was last written.
    base: Arc<[u8]>,
    now: Arc<[u8]>,
    undo: Vec<Arc<[u8]>>,
    redo: Vec<Arc<[u8]>>,
    /// Where the last change was: typing goes on there without a step of its own.
    last: Option<Vec<String>>,
}

/// So many pages a key stroke changes, as a rule.
const FEW_PAGES: usize = 3;

/// What the names in a picture mean.
const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// More steps back than that nobody wants.
const MOST_STEPS: usize = 200;

impl Draft {
    fn is_saved(&self) -> bool {
        self.base == self.now
    }
}

pub(super) struct Desk<'g> {
    session: Session<'g>,
    preview: Preview<'g>,
    drafts: Drafts,
    /// The pages that were shown last, and of which department.
    pages: Vec<Page>,
}

impl<'g> Desk<'g> {
    pub fn new(mut session: Session<'g>, drafts: Drafts) -> Self {
        let newest = session.workspace().years().ok().and_then(|years| years.last().cloned());
        newest.iter().for_each(|year| session.open(year));
        session.refresh();
        let preview = Preview::new(session.ground());
        Self { session, preview, drafts, pages: Vec::new() }
    }

    /// What is left when the ground changes.
    pub fn put_down(self) -> (crate::live::PutDown, Drafts) {
        (self.session.put_down(), self.drafts)
    }

    /// How many files are not saved.
    pub fn unsaved(&self) -> usize {
        self.drafts.values().filter(|draft| !draft.is_saved()).count()
    }

    /// The picture of a page that was asked for before.
    pub fn picture(&self, id: &str) -> Option<Arc<str>> {
        let page = self.pages.iter().find(|page| page.id.to_hex().as_str() == id)?;
        Some(Arc::clone(&page.svg))
    }

    /// Is told of what other programs changed.
    pub fn changed(&mut self, paths: &[PathBuf]) {
        for path in paths {
            // A draft that is saved follows the file.
            if self.drafts.get(path).is_some_and(Draft::is_saved) {
                let is_same = fs::read(path).is_ok_and(|bytes| self.drafts[path].base[..] == bytes);
                if !is_same {
                    self.drafts.remove(path);
                    self.session.close(path);
                }
            }
            self.session.changed(path);
        }
        self.session.refresh();
    }

    pub fn grant(&mut self, wish: Wish) -> Answer {
        let (is_news, is_end) = match &wish {
            Wish::Year { .. }
            | Wish::Department { .. }
            | Wish::File { .. }
            | Wish::Pages { .. }
            | Wish::Glyphs { .. }
            | Wish::Hit { .. }
            | Wish::Spot { .. }
            | Wish::Print { .. } => (false, false),
            Wish::Quit { anyway } => (false, *anyway || self.unsaved() == 0),
            _ => (true, false),
        };
        let value = granted(self.try_grant(wish));
        Answer { value, is_news, is_end }
    }

    fn try_grant(&mut self, wish: Wish) -> Result<Value, Refused> {
        match wish {
            Wish::Year { year } => self.year(year),
            Wish::Department { year, department } => self.department(&year, &department),
            Wish::File { at } => self.file(&at),
            Wish::Pages { year, department } => self.show_pages(&year, &department),
            Wish::Glyphs { names } => {
                Ok(json!({ "glyphs": self.outlines(names.iter().map(String::as_str)) }))
            }
            Wish::Hit { page, x, y } => Ok(self.hit(&page, x, y)),
            Wish::Spot { at, path } => self.spot(&at, &path),
            Wish::Change { at, change, pages } => {
                let path = self.path(&at)?;
                let source = self.read(&path)?;
                let text = patch::changed(&source, self.session.form_of(&path), &change)
                    .map_err(|refused| refused.message().to_owned())?;
                let typed = match change {
                    Change::Value { path, .. } => Some(path),
                    _ => None,
                };
                self.edit(&path, &source.with_text(text).bytes(), typed)?;
                let mut view = self.file(&at)?;
                if pages && let Some(view) = view.as_object_mut() {
                    let pages = self.show_pages(&at.year, &at.department);
                    view.insert("pages".to_owned(), granted(pages));
                }
                Ok(view)
            }
            Wish::Text { at, seen, text } => {
                let path = self.path(&at)?;
                let old = self.bytes(&path)?;
                if version(&old) != seen {
                    return Err("这个文件在别的窗口里也改过，没有改动；先看看现在的样子".to_owned());
                }
                // What a browser makes of line ends, the file had otherwise.
                let is_crlf = old.windows(2).any(|pair| pair == b"\r\n");
                let text = text.replace("\r\n", "\n");
                let text = if is_crlf { text.replace('\n', "\r\n") } else { text };
                let mark = if old.starts_with(diagnostics::BYTE_ORDER_MARK) {
                    diagnostics::BYTE_ORDER_MARK
                } else {
                    b""
                };
                self.edit(&path, &[mark, text.as_bytes()].concat(), Some(Vec::new()))?;
                self.file(&at)
            }
            Wish::Undo { at } => self.step(&at, |draft| {
                let before = draft.undo.pop()?;
                draft.redo.push(std::mem::replace(&mut draft.now, before));
                Some(())
            }),
            Wish::Redo { at } => self.step(&at, |draft| {
                let after = draft.redo.pop()?;
                draft.undo.push(std::mem::replace(&mut draft.now, after));
                Some(())
            }),
            Wish::Repair { at, finding } => self.repair(&at, finding.as_deref()),
            Wish::Done { at, finding } => self.done(&at, &finding),
            Wish::Save => Ok(self.save()),
            Wish::Keep { at, version } => self.keep(&at, version),
            Wish::NewProject { year, department, name } => {
                self.new_project(&year, &department, &name)
            }
            Wish::NewDepartment { year, name, code } => self.new_department(&year, &name, &code),
            Wish::Import { name, base64, year, department } => {
                let bytes = BASE64.decode(base64).map_err(|_| "文件没有传完整，再试一次")?;
                self.import(Path::new(&name), bytes, &year, &department)
            }
            Wish::Print { year, department } => self.print(&year, &department),
            Wish::Quit { anyway } => match self.unsaved() {
                0 => Ok(json!({ "ended": true })),
                _ if anyway => Ok(json!({ "ended": true })),
                unsaved => Err(format!("还有 {unsaved} 个文件没有保存")),
            },
        }
    }

    // ---- names ----

    /// The folder of a department that is there.
    fn folder(&mut self, year: &str, department: &str) -> Result<PathBuf, Refused> {
        if !self.session.years().any(|open| open == year) {
            let is_there =
                self.session.workspace().years().is_ok_and(|all| all.iter().any(|it| it == year));
            if !is_there {
                return Err(format!("没有 {year} 年度的数据"));
            }
            self.session.open(year);
            self.session.refresh();
        }
        let standings = self.session.departments(year).iter();
        let mut folders = standings.map(|standing| standing.folder());
        let found = folders.find(|folder| folder_name(folder) == department);
        found.map(Path::to_owned).ok_or_else(|| format!("没有部门“{department}”了；刷新页面看看"))
    }

    /// The files of a department: its own, then its projects.
    fn files(folder: &Path) -> Vec<PathBuf> {
        let stock = Stock::take(Tier::of_data(folder), folder).unwrap_or_default();
        stock.department_file.into_iter().chain(stock.projects).collect()
    }

    /// A file that is there.
    fn path(&mut self, at: &At) -> Result<PathBuf, Refused> {
        let folder = self.folder(&at.year, &at.department)?;
        let found = Self::files(&folder).into_iter().find(|it| file_name(it) == Some(&*at.file));
        found.ok_or_else(|| format!("没有文件“{}”了；刷新页面看看", at.file))
    }

    fn bytes(&self, path: &Path) -> Result<Arc<[u8]>, Refused> {
        match self.drafts.get(path) {
            Some(draft) => Ok(Arc::clone(&draft.now)),
            None => on_disk(path),
        }
    }

    fn read(&self, path: &Path) -> Result<Arc<SourceFile>, Refused> {
        self.session.read(path).map_err(|finding| in_words(&finding))
    }

    // ---- what there is ----

    fn year(&mut self, asked: Option<String>) -> Result<Value, Refused> {
        let years = self.session.workspace().years().map_err(|finding| in_words(&finding))?;
        let newest = years.last().cloned().unwrap_or_default();
        let year = asked.filter(|year| years.contains(year)).unwrap_or(newest);
        self.session.open(&year);
        self.session.refresh();
        let departments: Vec<Value> =
            self.session.departments(&year).iter().map(view::department).collect();
        let own: Vec<String> = self.session.own_findings().map(in_words).collect();
        let folder = self.session.workspace().root().canonicalize();
        let folder = folder.unwrap_or_else(|_| self.session.workspace().root().to_owned());
        let form = &self.session.ground().forms.named(Some(&year), None).definition;
        Ok(json!({
            "year": year,
            "years": years,
            "departments": departments,
            "own": own,
            "workspace": file_name(&folder).unwrap_or_default(),
            "unsaved": self.unsaved(),
            "codeLabel": form.field_name(FieldMeaning::DepartmentCode),
            "nameLabel": form.field_name(FieldMeaning::DepartmentName),
        }))
    }

    fn department(&mut self, year: &str, department: &str) -> Result<Value, Refused> {
        let folder = self.folder(year, department)?;
        let loaded = self.session.department(&folder);
        let findings = self.session.standing(&folder).map_or(&[][..], |it| it.findings());
        let files: Vec<Value> = Self::files(&folder)
            .iter()
            .map(|path| {
                let name = shown(path);
                let project = loaded.as_ref().and_then(|department| {
                    department.projects.iter().find(|project| project.source.name() == name)
                });
                let title = match project {
                    Some(project) => project.name().trim().to_owned(),
                    None => {
                        file_name(path).unwrap_or_default().trim_end_matches(".toml").to_owned()
                    }
                };
                let own = findings.iter().filter(|finding| finding.file() == name);
                json!({
                    "file": file_name(path).unwrap_or_default(),
                    "title": title,
                    "counts": view::counts(own),
                    "unsaved": self.drafts.get(path).is_some_and(|draft| !draft.is_saved()),
                })
            })
            .collect();
        let is_known =
            |finding: &&Finding| Self::files(&folder).iter().any(|it| shown(it) == finding.file());
        let others: Vec<String> =
            findings.iter().filter(|it| !is_known(it)).map(in_words).collect();
        let standing = self.session.standing(&folder).map(view::department);
        Ok(json!({ "files": files, "others": others, "department": standing }))
    }

    fn file(&mut self, at: &At) -> Result<Value, Refused> {
        let path = self.path(at)?;
        let bytes = self.bytes(&path)?;
        let draft = self.drafts.get(&path);
        let is_saved = draft.is_none_or(Draft::is_saved);
        // Asked each time: whoever changed it may not have told anybody.
        let disk = draft.filter(|draft| !draft.is_saved()).map(|draft| {
            let disk = fs::read(&path).unwrap_or_default();
            (disk != draft.base[..]).then(|| String::from_utf8_lossy(&disk).into_owned())
        });
        let standing = self.session.place(&path).map(|place| place.department);
        let standing = standing.and_then(|folder| self.session.standing(&folder));
        let name = shown(&path);
        let findings = standing.map_or(&[][..], |it| it.findings());
        let mut value = json!({
            "at": { "year": at.year, "department": at.department, "file": at.file },
            "version": version(&bytes),
            "saved": is_saved,
            "unsaved": self.unsaved(),
            "undo": draft.is_some_and(|draft| !draft.undo.is_empty()),
            "redo": draft.is_some_and(|draft| !draft.redo.is_empty()),
            "disk": disk.flatten(),
            "counts": view::counts(findings.iter().filter(|finding| finding.file() == name)),
            "department": standing.map(view::department),
        });
        let Some(fields) = value.as_object_mut() else { return Ok(value) };
        let source = match self.session.read(&path) {
            Ok(source) => source,
            Err(_) => {
                // Only an empty file can be written into all the same.
                let text = std::str::from_utf8(&bytes).unwrap_or_default();
                let told: Vec<Value> =
                    findings.iter().filter(|it| it.file() == name).map(view::unplaced).collect();
                fields.insert("text".to_owned(), json!(text));
                fields.insert("readable".to_owned(), json!(std::str::from_utf8(&bytes).is_ok()));
                fields.insert("sound".to_owned(), json!(false));
                fields.insert("findings".to_owned(), json!(told));
                return Ok(value);
            }
        };
        let read = Read::new(&source, self.session.form_of(&path));
        fields.insert("text".to_owned(), json!(source.text()));
        fields.insert("readable".to_owned(), json!(true));
        fields.insert("sound".to_owned(), json!(read.is_sound));
        fields.insert("findings".to_owned(), json!(read.findings(findings.iter())));
        if read.is_sound {
            fields.insert("sections".to_owned(), json!(read.sections()));
        }
        Ok(value)
    }

    fn show_pages(&mut self, year: &str, department: &str) -> Result<Value, Refused> {
        let folder = self.folder(year, department)?;
        let Some(loaded) = self.session.department(&folder) else {
            return Err(format!("读不出部门“{department}”的文件夹"));
        };
        let (pages, findings) = self.preview.pages(&folder, year, &loaded);
        let findings_of = self.session.standing(&folder).map_or(&[][..], |it| it.findings());
        let errors: Vec<&str> =
            findings_of.iter().filter(|it| it.is_error()).map(Finding::file).collect();
        let shown: HashSet<_> = self.pages.iter().map(|page| page.id).collect();
        let is_new = |page: &Page| !shown.contains(&page.id);
        // What a key stroke changes is sent along; what is many pages is asked for when it is seen.
        let is_stroke = pages.iter().filter(|page| is_new(page)).count() <= FEW_PAGES;
        let list: Vec<Value> = pages
            .iter()
            .enumerate()
            .map(|(index, page)| {
                let sent = Some(page).filter(|page| is_stroke && is_new(page));
                // Whoever saw the page before has the outlines that were on it.
                let before = self.pages.get(index);
                let project = loaded.projects.get(page.project);
                let [width, height] = page.size;
                json!({
                    "id": page.id.to_hex().as_str(),
                    "file": project.map(|project| project.source.file_name()),
                    // A department is printed as a whole, but it is the file that is to be mended.
                    "isPrintable": project.is_none_or(|it| {
                        let sources = [&it.source, &loaded.source, loaded.own().0];
                        !errors.iter().any(|file| sources.iter().any(|it| it.name() == *file))
                    }),
                    "width": width,
                    "height": height,
                    "svg": sent.map(|page| &*page.svg),
                    "glyphs": sent.and_then(|page| {
                        let known: HashSet<&str> =
                            before.into_iter().flat_map(Page::outlines).collect();
                        let new: BTreeSet<&str> =
                            page.outlines().filter(|name| !known.contains(name)).collect();
                        (!new.is_empty()).then(|| self.outlines(new))
                    }),
                })
            })
            .collect();
        self.pages = pages;
        let told: Vec<String> = findings.iter().map(in_words).collect();
        Ok(json!({ "pages": list, "findings": told }))
    }

    /// The outlines of these names, as one picture.
    fn outlines<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> String {
        let names = names.into_iter();
        let symbols: String = names.filter_map(|name| self.preview.glyph(name)).collect();
        format!("<svg xmlns=\"{SVG}\" xmlns:xlink=\"{XLINK}\">{symbols}</svg>")
    }

    fn hit(&self, id: &str, x: f64, y: f64) -> Value {
        let page = self.pages.iter().find(|page| page.id.to_hex().as_str() == id);
        let areas = page.map_or(&[][..], |page| &page.areas);
        let area = areas.iter().find(|area| {
            let [left, top, right, bottom] = area.sides;
            (left..right).contains(&x) && (top..bottom).contains(&y)
        });
        let Some(area) = area else { return json!({}) };
        let path = Path::new(&area.file);
        let file = file_name(path);
        let found = self
            .session
            .read(path)
            .ok()
            .and_then(|source| Read::new(&source, self.session.form_of(path)).path(area.at));
        json!({ "file": file, "path": found })
    }

    fn spot(&mut self, at: &At, wanted: &[String]) -> Result<Value, Refused> {
        let path = self.path(at)?;
        let source = self.read(&path)?;
        let read = Read::new(&source, self.session.form_of(&path));
        let name = shown(&path);
        let spots =
            self.pages.iter().flat_map(|page| page.areas.iter().map(move |area| (page, area)));
        let is_there = |found: Vec<String>| found == wanted;
        let mut own = spots.filter(|(_, area)| area.file == name);
        Ok(match own.find(|(_, area)| read.path(area.at).is_some_and(is_there)) {
            Some((page, area)) => json!({ "page": page.id.to_hex().as_str(), "sides": area.sides }),
            None => json!({}),
        })
    }

    // ---- changes ----

    /// Makes something else of a file; `typed` is where somebody types.
    fn edit(
        &mut self,
        path: &Path,
        bytes: &[u8],
        typed: Option<Vec<String>>,
    ) -> Result<(), Refused> {
        if !self.drafts.contains_key(path) {
            let base = on_disk(path)?;
            let draft =
                Draft { now: Arc::clone(&base), base, undo: vec![], redo: vec![], last: None };
            self.drafts.insert(path.to_owned(), draft);
        }
        let Some(draft) = self.drafts.get_mut(path) else { return Ok(()) };
        if draft.now[..] == *bytes {
            return Ok(());
        }
        let now: Arc<[u8]> = bytes.into();
        let before = std::mem::replace(&mut draft.now, Arc::clone(&now));
        let goes_on = typed.is_some() && draft.last == typed && draft.redo.is_empty();
        if !goes_on || draft.undo.is_empty() {
            draft.undo.push(before);
            let too_many = draft.undo.len().saturating_sub(MOST_STEPS);
            draft.undo.drain(..too_many);
        }
        draft.redo.clear();
        draft.last = typed;
        self.session.edit(path, now);
        self.session.refresh();
        Ok(())
    }

    fn step(
        &mut self,
        at: &At,
        step: impl FnOnce(&mut Draft) -> Option<()>,
    ) -> Result<Value, Refused> {
        let path = self.path(at)?;
        if let Some(draft) = self.drafts.get_mut(&path)
            && step(draft).is_some()
        {
            draft.last = None;
            let now = Arc::clone(&draft.now);
            self.session.edit(&path, now);
            self.session.refresh();
        }
        self.file(at)
    }

    /// A finding of a file by what it says.
    fn finding(&self, path: &Path, said: &str) -> Result<Finding, Refused> {
        let place = self.session.place(path);
        let standing = place.and_then(|place| self.session.standing(&place.department));
        let mut findings = standing.map_or(&[][..], |it| it.findings()).iter();
        let found = findings.find(|it| diagnostics::short(it) == said).cloned();
        found.ok_or_else(|| "这个问题已经不在了".to_owned())
    }

    fn repair(&mut self, at: &At, finding: Option<&str>) -> Result<Value, Refused> {
        let path = self.path(at)?;
        let finding = finding.map(|said| self.finding(&path, said)).transpose()?;
        let repaired = self.session.repaired(&path, finding.as_ref());
        let Some((source, refused)) = repaired else { return self.file(at) };
        self.edit(&path, &source.bytes(), None)?;
        let mut value = self.file(at)?;
        if let (Some(fields), Some(first)) = (value.as_object_mut(), refused.first()) {
            fields.insert("told".to_owned(), json!(first.message));
        }
        Ok(value)
    }

    fn done(&mut self, at: &At, finding: &str) -> Result<Value, Refused> {
        let path = self.path(at)?;
        let finding = self.finding(&path, finding)?;
        let span = finding.span().filter(|_| finding.is(&FILL_IN) || finding.is(&REVIEW));
        let Some(span) = span else { return Err("这里没有记号".to_owned()) };
        let source = &span.source;
        let comment =
            crate::toml::comments(source.text()).find(|it| it.contains(&span.range.start));
        let Some(comment) = comment else { return Err("这里没有记号".to_owned()) };
        let text = patch::without_comment(source.text(), comment);
        self.edit(&path, &source.with_text(text).bytes(), None)?;
        self.file(at)
    }

    fn save(&mut self) -> Value {
        let (mut saved, mut kept) = (0, Vec::new());
        for (path, draft) in &mut self.drafts {
            if draft.is_saved() {
                continue;
            }
            match text_file::replace(&shown(path), &draft.base, &draft.now) {
                Ok(()) => {
                    draft.base = Arc::clone(&draft.now);
                    draft.last = None;
                    saved += 1;
                }
                Err(finding) => kept.push(in_words(&finding)),
            }
        }
        json!({ "saved": saved, "kept": kept, "unsaved": self.unsaved() })
    }

    fn keep(&mut self, at: &At, version: Version) -> Result<Value, Refused> {
        let path = self.path(at)?;
        let disk = on_disk(&path)?;
        if version == Version::Disk {
            // The other version is a step back.
            self.edit(&path, &disk, None)?;
        }
        if let Some(draft) = self.drafts.get_mut(&path) {
            draft.base = disk;
        }
        self.file(at)
    }

    fn new_project(&mut self, year: &str, department: &str, name: &str) -> Result<Value, Refused> {
        let folder = self.folder(year, department)?;
        let name = fit::name(name).map_err(|unfit| unfit.to_string())?;
        let new = NewProject { folder: &folder, name: &name, schema: false };
        let path = scaffold::project(&self.session.ground().forms, &new).map_err(all_in_words)?;
        self.session.changed(&path);
        self.session.refresh();
        self.file(&At {
            year: year.to_owned(),
            department: department.to_owned(),
            file: file_name(&path).unwrap_or_default().to_owned(),
        })
    }

    fn new_department(&mut self, year: &str, name: &str, code: &str) -> Result<Value, Refused> {
        let workspace = self.session.workspace().clone();
        let year = fit::year(year, &workspace).map_err(|unfit| unfit.to_string())?;
        let name = fit::name(name).map_err(|unfit| unfit.to_string())?;
        let code = fit::code(code).map_err(|unfit| unfit.to_string())?;
        let new =
            NewDepartment { year: &year, name: &name, code: &code, others: &[], schema: false };
        let path = scaffold::department(&workspace, &self.session.ground().forms, &new)
            .map_err(all_in_words)?;
        self.session.open(&year);
        self.session.changed(&path);
        self.session.refresh();
        let department = path.parent().and_then(file_name).unwrap_or_default().to_owned();
        let file = file_name(&path).unwrap_or_default().to_owned();
        self.file(&At { year, department, file })
    }

    /// Writes what a file of another program has as data files; those that are there stay.
    fn import(
        &mut self,
        name: &Path,
        bytes: Vec<u8>,
        year: &str,
        department: &str,
    ) -> Result<Value, Refused> {
        let workspace = self.session.workspace().clone();
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let year = given(year).map(|year| fit::year(&year, &workspace)).transpose();
        let year = year.map_err(|unfit| unfit.to_string())?;
        let department = given(department).map(|name| fit::name(&name)).transpose();
        let department = department.map_err(|unfit| unfit.to_string())?;
        let known = Known { year: year.as_deref(), department: department.as_deref() };
        let forms = &self.session.ground().forms;
        let imported = import::import(&workspace, forms, name, bytes, known, false);
        let imported = imported.map_err(all_in_words)?;
        for path in &imported.files {
            if let Some(place) = self.session.place(path) {
                self.session.open(&place.year);
            }
            self.session.changed(path);
        }
        self.session.refresh();
        let first = imported.files.first().and_then(|path| self.session.place(path));
        let unplaced: Vec<&str> = imported.unplaced.iter().map(|it| it.message.as_str()).collect();
        Ok(json!({
            "projects": imported.projects,
            "toReview": imported.to_review,
            "unplaced": unplaced,
            "year": first.as_ref().map(|place| &place.year),
            "department": first.as_ref().map(|place| folder_name(&place.department)),
        }))
    }

    // ---- print ----

    fn plan(&mut self, year: &str, department: &str) -> Result<Plan, Refused> {
        let folder = self.folder(year, department)?;
        let own = owner_of(&folder);
        // A department is printed with its units, a unit for itself.
        let binding = match unit_of(own) {
            Some(_) => Binding::Unit,
            None => Binding::Department,
        };
        let departments = std::iter::once(own.to_owned()).chain(units(own)).collect();
        let year = Year { name: year.to_owned(), departments, strays: Vec::new() };
        let ground = self.session.ground();
        let mut plan =
            ground.plan(year, self.session.workspace(), binding).map_err(all_in_words)?;
        let is_meant = |output: &Output| {
            output.folders.first() == Some(&folder) && !output.form.definition.class.is_view()
        };
        plan.outputs.retain(is_meant);
        Ok(plan)
    }

    fn print(&mut self, year: &str, department: &str) -> Result<Value, Refused> {
        let folder = self.folder(year, department)?;
        let of_department = department_of(&folder).join(DEPARTMENT_FILE);
        let is_own = |(path, draft): (&PathBuf, &Draft)| {
            (path.starts_with(&folder) || *path == of_department) && !draft.is_saved()
        };
        if self.drafts.iter().any(is_own) {
            return Err("先保存，再印：印的是文件里的内容".to_owned());
        }
        let plan = self.plan(year, department)?;
        let ground = self.session.ground();
        let Some(fonts) = &ground.fonts else {
            return Err("字体的设置有误，先改好".to_owned());
        };
        let pdf = PdfSettings::new(year, None, PdfSettings::DEFAULT_STANDARDS)?;
        let settings = Settings { pdf, summary: false, embed_sources: false };
        let run = Run { jobs: default_jobs(), mode: Mode::Changed, stop: Stop::default() };
        let mut findings = Vec::new();
        let renderer = Renderer::new(&ground.forms, fonts, &settings);
        renderer
            .render(&plan, &run, |outcome| findings.extend(outcome.findings))
            .map_err(all_in_words)?;
        findings.retain(Finding::is_error);
        match plan.outputs.first() {
            Some(output) if findings.is_empty() => Ok(json!({ "printed": shown(&output.path) })),
            _ => Err(all_in_words(findings)),
        }
    }

    /// The file that a department was printed to.
    pub fn printed(&mut self, year: &str, department: &str) -> Option<Vec<u8>> {
        let plan = self.plan(year, department).ok()?;
        fs::read(&plan.outputs.first()?.path).ok()
    }
}

fn on_disk(path: &Path) -> Result<Arc<[u8]>, Refused> {
    // What may be edited is a file of a size that can be read.
    text_file::size_fits(path).map_err(|finding| in_words(&finding))?;
    fs::read(path).map(Arc::from).map_err(|error| {
        format!("读不出 {}：{}", shown(path), crate::files::io_error::in_chinese(&error))
    })
}

/// What tells one text from another.
fn version(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().as_str().chars().take(16).collect()
}

fn in_words(finding: &Finding) -> String {
    let help = finding.help.iter().map(|help| format!("；{help}")).collect::<String>();
    format!("{}：{}{help}", finding.file(), finding.message)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn all_in_words(findings: Vec<Finding>) -> Refused {
    findings.iter().map(in_words).collect::<Vec<_>>().join("\n")
}

/// What the page is told: what it wished for, or why it does not get it.
fn granted(wished: Result<Value, Refused>) -> Value {
    wished.unwrap_or_else(|refused| json!({ "refused": refused }))
}
