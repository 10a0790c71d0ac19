//! The pages of a department as they will be printed, while its files are being edited.
//!
//! Each form is set by itself and remembered; it is set again only if something on it, or the number
//! of its first page, is another than before.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Ground;
use crate::data::Department;
use crate::diagnostics::{Finding, Span};
use crate::form::{Definition, Subject};
use crate::print::typeset::{About, Typesetter};
use crate::sheet::{Arranger, Opening, Origin};

/// The pages of one department, kept up to date.
#[derive(Debug)]
pub struct Preview<'g> {
    ground: &'g Ground,
    /// That of the form of the department; `None` without fonts.
    typesetter: Option<Typesetter<'g>>,
    folder: PathBuf,
    forms: Vec<Set>,
    glyphs: Glyphs,
}

/// The outlines of glyphs, as SVG symbols, by what pictures call them. The names are hashes of what is
/// drawn: they are never forgotten, and never mean something else.
type Glyphs = HashMap<String, Box<str>>;

/// A form as it was set.
#[derive(Debug, Clone)]
struct Set {
    /// What it was set from.
    made_from: blake3::Hash,
    first_page: usize,
    pages: Vec<Page>,
    findings: Vec<Finding>,
}

/// A page as it will be printed.
#[derive(Debug, Clone)]
pub struct Page {
    /// The same for pages that look the same.
    pub id: blake3::Hash,
    /// The project that it is of, by its place among those of the department; of a table of all
    /// projects, the first.
    pub project: usize,
    /// Its width and height, in points.
    pub size: [f64; 2],
    /// The picture, without the outlines of its glyphs: they are most of it, and the same on all pages.
    pub svg: Arc<str>,
    /// Where its cells are.
    pub areas: Arc<[Area]>,
}

impl Page {
    /// The names of the outlines that its picture uses.
    pub fn outlines(&self) -> impl Iterator<Item = &str> {
        self.svg.split("<use xlink:href=\"#").skip(1).filter_map(|it| it.split('"').next())
    }
}

/// A cell on a page, and the places in the data that it comes from.
#[derive(Debug, Clone)]
pub struct Area {
    /// Left, top, right and bottom, in points.
    pub sides: [f64; 4],
    /// The file.
    pub file: String,
    /// Where in the file its first place starts, in bytes.
    pub at: usize,
}

/// What the engine remembers longer than that is forgotten: so many forms ago.
const REMEMBERED: usize = 12;

impl<'g> Preview<'g> {
    /// Nothing is set yet.
    pub fn new(ground: &'g Ground) -> Self {
        let (folder, forms, glyphs) = Default::default();
        Self { ground, typesetter: None, folder, forms, glyphs }
    }

    /// The outline of a glyph that is used on a page, as an SVG symbol of that name.
    pub fn glyph(&self, name: &str) -> Option<&str> {
        self.glyphs.get(name).map(|symbol| &**symbol)
    }

    /// The pages of a department, and what keeps some of them from being set. What of a file cannot be
    /// read is not on them: whether they may be printed is for the findings to say.
    pub fn pages(
        &mut self,
        folder: &Path,
        year: &str,
        department: &Department,
    ) -> (Vec<Page>, Vec<Finding>) {
        if self.folder != folder {
            self.folder = folder.to_owned();
            self.forms.clear();
            let form = self.ground.forms.of(folder);
            let fonts = self.ground.fonts.as_ref();
            self.typesetter = fonts.map(|fonts| Typesetter::new(form, fonts));
        }
        // One table for all projects is one form.
        let chunks: Vec<Range<usize>> = match self.form().subject {
            Subject::Project { .. } => {
                (0..department.projects.len()).map(|index| index..index + 1).collect()
            }
            Subject::Department | Subject::Whole => {
                std::iter::once(0..department.projects.len()).collect()
            }
        };
        self.forms.truncate(chunks.len());
        let mut first_page = 1;
        for (index, projects) in chunks.into_iter().enumerate() {
            let made_from = inputs(year, department, &projects);
            let is_current = |set: &Set| (set.made_from, set.first_page) == (made_from, first_page);
            if !self.forms.get(index).is_some_and(is_current) {
                let set = self.set(year, department, projects, first_page, made_from);
                match self.forms.get_mut(index) {
                    Some(old) => *old = set,
                    None => self.forms.push(set),
                }
            }
            first_page += self.forms.get(index).map_or(0, |set| set.pages.len());
        }
        let pages = self.forms.iter().flat_map(|set| set.pages.iter().cloned()).collect();
        let findings = self.forms.iter().flat_map(|set| set.findings.iter().cloned()).collect();
        (pages, findings)
    }

    fn form(&self) -> &'g Definition {
        &self.ground.forms.of(&self.folder).definition
    }

    fn set(
        &mut self,
        year: &str,
        department: &Department,
        projects: Range<usize>,
        first_page: usize,
        made_from: blake3::Hash,
    ) -> Set {
        let mut glyphs = std::mem::take(&mut self.glyphs);
        let set = self.try_set(year, department, projects, first_page, &mut glyphs);
        self.glyphs = glyphs;
        let (pages, findings) = match set {
            Ok(pages) => (pages, Vec::new()),
            Err(findings) => (Vec::new(), findings),
        };
        Set { made_from, first_page, pages, findings }
    }

    fn try_set(
        &self,
        year: &str,
        department: &Department,
        projects: Range<usize>,
        first_page: usize,
        glyphs: &mut Glyphs,
    ) -> Result<Vec<Page>, Vec<Finding>> {
        // What is wrong with the fonts is told with the settings.
        let Some(typesetter) = &self.typesetter else { return Ok(Vec::new()) };
        let period = self.ground.forms.period(year);
        let arranger = Arranger { form: self.form(), year, period };
        let about =
            About::new(arranger.attachment_title(department), std::iter::once(department.name()));
        let sheets = arranger.forms(department, projects.clone(), Opening::NumberedTitle);
        let paged = typesetter.paginate_all(&sheets)?;
        let laid_out = typesetter.lay_out(&about, &paged, first_page, Vec::new())?;
        comemo::evict(REMEMBERED);
        typesetter.prove(&laid_out, &paged)?;
        let areas = typesetter.areas(&laid_out, &paged);
        let size = sheets.first().map_or([0.0; 2], |sheet| sheet.sizes.paper());
        let pictures = typesetter.join([laid_out.into()]).svg();
        let pages = pictures.into_iter().zip(areas).map(|(svg, areas)| {
            let svg: Arc<str> = without_glyphs(&String::from_utf8_lossy(&svg), glyphs).into();
            let area = |(sides, printed): ([f64; 4], &crate::sheet::Printed)| {
                let span = place(&printed.origin)?;
                Some(Area { sides, file: span.source.name().to_owned(), at: span.range.start })
            };
            let areas = areas.into_iter().filter_map(area).collect();
            Page { id: blake3::hash(svg.as_bytes()), project: projects.start, size, svg, areas }
        });
        Ok(pages.collect())
    }
}

/// A picture without the outlines of its glyphs, which are put among the others. What of a text could
/// be taken for an outline stands in it escaped.
fn without_glyphs(svg: &str, glyphs: &mut Glyphs) -> String {
    const START: &str = "<symbol id=\"";
    const END: &str = "</symbol>";
    let (mut drawing, mut left) = (String::new(), svg);
    while let Some((before, rest)) = left.split_once(START)
        && let Some((symbol, after)) = rest.split_once(END)
    {
        drawing.push_str(before);
        if let Some((name, _)) = symbol.split_once('"')
            && !glyphs.contains_key(name)
        {
            glyphs.insert(name.to_owned(), format!("{START}{symbol}{END}").into());
        }
        left = after;
    }
    drawing + left
}

/// Where what is printed comes from. A sum comes from its first part.
fn place(origin: &Origin) -> Option<&Span> {
    origin.places().first()
}

/// The hash of all that a form of a department is made from.
fn inputs(year: &str, department: &Department, projects: &Range<usize>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let of_unit = department.unit.iter().map(|unit| &unit.source);
    let own = std::iter::once(&department.source).chain(of_unit);
    let all = department.projects.get(projects.clone()).unwrap_or_default();
    let sources = all.iter().map(|project| &project.source);
    // Its number, and whether it comes first.
    hasher.update(year.as_bytes()).update(&projects.start.to_le_bytes());
    hasher.update(department.folder.as_bytes());
    for source in own.chain(sources) {
        hasher.update(&source.text().len().to_le_bytes()).update(source.text().as_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Session;
    use crate::workspace::Workspace;

    #[test]
    fn only_what_changed_is_set_again_and_its_pages_are_those_that_are_printed() {
        let workspace = Workspace::new(env!("CARGO_MANIFEST_DIR"));
        let ground = Ground::open(&workspace, None).unwrap();
        let mut session = Session::new(&workspace, &ground);
        session.open("2023");
        session.refresh();
        let folder = session.departments("2023").first().unwrap().folder().to_owned();
        let mut preview = Preview::new(&ground);
        let department = session.department(&folder).unwrap();
        let (before, findings) = preview.pages(&folder, "2023", &department);
        assert!(findings.is_empty(), "{findings:?}");

        let file = folder.join("03-村委会办公经费.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        session.edit(&file, text.replace("\"1年\"", "\"2年\"").as_bytes());
        let department = session.department(&folder).unwrap();
        let (after, _) = preview.pages(&folder, "2023", &department);
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before.id == after.id, before.project != 2, "{}", before.project);
            // What did not change was not even set again.
            assert_eq!(Arc::ptr_eq(&before.svg, &after.svg), before.project != 2);
        }

        // What a picture uses is found by its name.
        for page in &after {
            assert!(
                page.svg.len() < 100_000 && !page.svg.contains("<symbol"),
                "{}",
                page.svg.len()
            );
            let mut names = page.svg.split("<use xlink:href=\"#").skip(1);
            assert!(names.clone().count() > 100);
            assert!(names.all(|it| preview.glyph(it.split('"').next().unwrap()).is_some()));
        }

        // A click on a cell leads to its text.
        let source = &department.projects.get(2).unwrap().source;
        let at = source.text().find("\"2年\"").unwrap();
        let page = after.iter().find(|page| page.project == 2).unwrap();
        let area = page.areas.iter().find(|area| area.at == at && area.file == source.name());
        let [left, top, right, bottom] = area.unwrap().sides;
        assert!(0.0 < left && left < right && 0.0 < top && top < bottom && bottom < 842.0);
    }
}
