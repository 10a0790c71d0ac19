//! Files, some of them edited, and what is to be said of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::Ground;
use crate::author::fix;
use crate::data::{self, Department, Figures};
use crate::diagnostics::{self, Finding, SourceFile, Span, shown};
use crate::form::Definition;
use crate::lint::{Looked, Review, Seen};
use crate::print::Binding;
use crate::toml::text_file;
use crate::workspace::{UNIT_FILE, Workspace, later_form, unit_of};

/// A workspace that is held open.
#[derive(Debug)]
pub struct Session<'g> {
    workspace: Workspace,
    ground: &'g Ground,
    /// The files that were edited and not saved, byte for byte.
    edited: Edited,
    /// The years that somebody looks at, by name.
    years: BTreeMap<String, OpenYear>,
    /// What was read of the last department that was looked at again by itself; nothing changed since.
    kept: Option<Kept>,
}

type Kept = (PathBuf, Arc<Department>);

type Edited = HashMap<PathBuf, Arc<[u8]>>;

/// A session that was put down while its ground is laid anew.
#[derive(Debug)]
pub struct PutDown {
    workspace: Workspace,
    edited: Edited,
    years: Vec<String>,
}

impl PutDown {
    /// Goes on, on another ground: all is looked at anew.
    pub fn go_on(self, ground: &Ground) -> Session<'_> {
        let mut session = Session { edited: self.edited, ..Session::new(&self.workspace, ground) };
        self.years.iter().for_each(|year| session.open(year));
        session
    }
}

/// Where in the data a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The year.
    pub year: String,
    /// The folder of the department's data: its own, or that of a later form in it.
    pub department: PathBuf,
    /// The file, as findings name it.
    pub file: PathBuf,
}

/// A year that is held open.
#[derive(Debug, Default)]
struct OpenYear {
    /// What is wrong with the year itself: what is not read, and departments that would be printed to
    /// one file.
    findings: Vec<Finding>,
    departments: Vec<Standing>,
    /// What they have in common is looked for anew after each change.
    seen: Seen,
    /// The departments that have to be looked at again.
    stale: BTreeSet<PathBuf>,
    /// Whether the list of departments may be another one.
    is_unlisted: bool,
}

/// A department, and what is said of it.
#[derive(Debug)]
pub struct Standing {
    folder: PathBuf,
    looked: Looked,
    /// What is said of it beside the others.
    beside: Vec<Finding>,
    review: Review,
}

impl Standing {
    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How much there is of it.
    pub fn figures(&self) -> &Figures {
        &self.review.figures
    }

    /// All that is to be said of it.
    pub fn findings(&self) -> &[Finding] {
        &self.review.findings
    }
}

impl<'g> Session<'g> {
    /// Holds a workspace open; no year is read yet.
    pub fn new(workspace: &Workspace, ground: &'g Ground) -> Self {
        let (edited, years, kept) = Default::default();
        Self { workspace: workspace.clone(), ground, edited, years, kept }
    }

    /// Keeps the files as they were edited, to go on with them on another ground.
    pub fn put_down(self) -> PutDown {
        let years = self.years.into_keys().collect();
        PutDown { workspace: self.workspace, edited: self.edited, years }
    }

    /// The workspace.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// What everything is judged by.
    pub fn ground(&self) -> &'g Ground {
        self.ground
    }

    /// Looks at a year from now on.
    pub fn open(&mut self, year: &str) {
        self.years.entry(year.to_owned()).or_insert_with(OpenYear::unread);
    }

    /// The years that are looked at.
    pub fn years(&self) -> impl Iterator<Item = &str> {
        self.years.keys().map(String::as_str)
    }

    /// Where a path leads, if that is into a department.
    pub fn place(&self, path: &Path) -> Option<Place> {
        let within = path.strip_prefix(self.workspace.root().join("data")).ok()?;
        let mut parts = within.components();
        let year = parts.next()?.as_os_str().to_str()?.to_owned();
        let mut department = self.workspace.year_folder(&year).join(parts.next()?);
        let mut rest = parts.as_path();
        // The folder of a unit, that of a later form, or one within the other.
        while let Some(part) = parts.next() {
            let inner = department.join(part);
            if later_form(&inner).is_none() && unit_of(&inner).is_none() {
                break;
            }
            department = inner;
            rest = parts.as_path();
        }
        let file =
            if rest.as_os_str().is_empty() { department.clone() } else { department.join(rest) };
        Some(Place { year, department, file })
    }

    /// The form of the department that a path leads to.
    pub fn form_of(&self, path: &Path) -> &'g Definition {
        let place = self.place(path);
        let folder = place.as_ref().map_or(path, |place| &place.department);
        &self.ground.forms.of(folder).definition
    }

    /// Takes a file for what somebody has made of it, until it is [closed](Self::close).
    pub fn edit(&mut self, path: &Path, bytes: impl Into<Arc<[u8]>>) {
        self.edited.insert(path.to_owned(), bytes.into());
        self.changed(path);
    }

    /// Takes a file for what it is on the disk again.
    pub fn close(&mut self, path: &Path) {
        if self.edited.remove(path).is_some() {
            self.changed(path);
        }
    }

    /// Is told that something under `data/` is another than it was: a file, or a folder with all that
    /// is in it.
    pub fn changed(&mut self, path: &Path) {
        self.kept = None;
        let Some(Place { year, department, .. }) = self.place(path) else {
            self.years.values_mut().for_each(|year| year.is_unlisted = true);
            return;
        };
        // A department is also what the next year's is compared with.
        let next = year.parse::<u32>().map(|year| format!("{:04}", year + 1)).ok();
        let within = department.strip_prefix(self.workspace.year_folder(&year)).ok();
        for (name, open) in &mut self.years {
            if *name == year {
                let is_known = open.departments.iter().any(|it| it.folder == department);
                let is_of_unit = path.file_name().is_some_and(|name| name == UNIT_FILE);
                open.is_unlisted |= !is_known || path == department || is_of_unit;
                open.stale.insert(department.clone());
                // Its later forms are held against it, and its units say what it says.
                let all = open.departments.iter().map(|it| &it.folder);
                let within = all.filter(|it| it.starts_with(&department)).cloned();
                open.stale.extend(within.collect::<Vec<_>>());
            } else if Some(name) == next.as_ref()
                && let Some(within) = within
            {
                open.stale.insert(self.workspace.year_folder(name).join(within));
            }
        }
    }

    /// Reads a file, as it was edited.
    ///
    /// # Errors
    /// As [`text_file::read`].
    pub fn read(&self, path: &Path) -> Result<Arc<SourceFile>, Box<Finding>> {
        read(&self.edited, path)
    }

    /// Reads a department, its files as they were edited, with what is wrong in them. `None` if its
    /// folder cannot be read.
    pub fn department(&self, folder: &Path) -> Option<Arc<Department>> {
        if let Some((kept, department)) = &self.kept
            && kept == folder
        {
            return Some(Arc::clone(department));
        }
        let read = |path: &Path| read(&self.edited, path);
        data::department_read_by(&read, folder, &self.ground.forms, &mut Vec::new()).map(Arc::new)
    }

    /// Repairs in memory what has only one way to be put right in a file, or only this one finding of
    /// it; the text is as it is now, if there is nothing to repair. What is not repaired, and why, is
    /// among the findings.
    pub fn repaired(
        &self,
        path: &Path,
        only: Option<&Finding>,
    ) -> Option<(Arc<SourceFile>, Vec<Finding>)> {
        let Place { year, department, .. } = self.place(path)?;
        let name = shown(path);
        let reviewer = self.ground.reviewer(&self.workspace, &year);
        let wanted = only.map(diagnostics::short);
        let look = |texts: &fix::Texts| {
            let read = |path: &Path| match texts.get(&shown(path)) {
                Some(source) => Ok(Arc::clone(source)),
                None => read(&self.edited, path),
            };
            let mut findings = reviewer.look_at(&read, &department);
            for finding in &mut findings {
                let is_wanted = wanted.as_ref().is_none_or(|it| *it == diagnostics::short(finding));
                if finding.file() != name || !is_wanted {
                    finding.fix.clear();
                }
            }
            findings
        };
        let mut settled = fix::settle(fix::Texts::new(), &look);
        let source = settled.texts.remove(&name).or_else(|| self.read(path).ok())?;
        Some((source, settled.refused))
    }

    /// Brings everything up to date, and returns the departments of which something else is said now
    /// than before; among them those that are no longer there.
    pub fn refresh(&mut self) -> Vec<PathBuf> {
        let Self { workspace, ground, edited, years, kept } = self;
        let mut changed = Vec::new();
        for (name, year) in years {
            changed.extend(year.refresh(name, workspace, ground, edited, kept));
        }
        changed
    }

    /// What is said of the settings, and of the years themselves.
    pub fn own_findings(&self) -> impl Iterator<Item = &Finding> {
        self.ground.findings.iter().chain(self.years.values().flat_map(|year| &year.findings))
    }

    /// All that `check` says of a year: of the settings, of the year itself, and of each department.
    pub fn findings(&self, year: &str) -> impl Iterator<Item = &Finding> {
        let year = self.years.get(year);
        let own = year.into_iter().flat_map(|year| &year.findings);
        let departments = year.into_iter().flat_map(|year| &year.departments);
        self.ground.findings.iter().chain(own).chain(departments.flat_map(Standing::findings))
    }

    /// The departments of a year in their order, each with what is said of it.
    pub fn departments(&self, year: &str) -> &[Standing] {
        self.years.get(year).map_or(&[], |year| &year.departments)
    }

    /// What is said of a department, if it is in a year that is looked at.
    pub fn standing(&self, folder: &Path) -> Option<&Standing> {
        let year = self.years.get(&self.place(folder)?.year)?;
        year.departments.iter().find(|standing| standing.folder == folder)
    }
}

fn read(edited: &Edited, path: &Path) -> Result<Arc<SourceFile>, Box<Finding>> {
    match edited.get(path) {
        Some(bytes) => text_file::take(path, bytes),
        None => text_file::read(path),
    }
}

impl OpenYear {
    fn unread() -> Self {
        Self { is_unlisted: true, ..Self::default() }
    }

    fn refresh(
        &mut self,
        name: &str,
        workspace: &Workspace,
        ground: &Ground,
        edited: &Edited,
        kept: &mut Option<Kept>,
    ) -> Vec<PathBuf> {
        let mut stale = std::mem::take(&mut self.stale);
        let mut changed = Vec::new();
        let before = std::mem::take(&mut self.departments);
        // Each department of the list, with what is known of it.
        let mut listed: Vec<(PathBuf, Option<Standing>)> = Vec::new();
        if std::mem::take(&mut self.is_unlisted) {
            let mut known: HashMap<PathBuf, Standing> =
                before.into_iter().map(|it| (it.folder.clone(), it)).collect();
            for folder in self.list(name, workspace, ground) {
                let standing = known.remove(&folder);
                listed.push((folder, standing));
            }
            let mut gone: Vec<PathBuf> = known.into_keys().collect();
            gone.sort();
            changed.extend(gone);
        } else {
            listed.extend(before.into_iter().map(|it| (it.folder.clone(), Some(it))));
        }
        let new = listed.iter().filter(|(_, known)| known.is_none());
        stale.extend(new.map(|(folder, _)| folder.clone()));
        let reviewer = ground.reviewer(workspace, name);
        let read = |path: &Path| read(edited, path);
        let folders = listed.iter().map(|(folder, _)| folder);
        let wanted: Vec<PathBuf> = folders.filter(|it| stale.contains(*it)).cloned().collect();
        let looked: Vec<Looked> = match &wanted[..] {
            // Somebody edits it, and will want to see its pages.
            [folder] => {
                let (looked, department) = reviewer.look_and_read(&read, folder);
                *kept = department.map(|department| (folder.clone(), Arc::new(department)));
                vec![looked]
            }
            _ => wanted.par_iter().map(|folder| reviewer.look_by(&read, folder)).collect(),
        };
        // In the order of the list.
        let mut looked = wanted.into_iter().zip(looked).peekable();
        let seen = &mut self.seen;
        seen.clear();
        for (folder, known) in listed {
            let looked = looked.next_if(|(wanted, _)| *wanted == folder).map(|(_, looked)| looked);
            let standing = match (looked, known) {
                (None, None) => continue,
                (None, Some(before)) => {
                    let beside = before.looked.beside(seen);
                    let mut pairs = beside.iter().zip(&before.beside);
                    let is_as_long = beside.len() == before.beside.len();
                    if is_as_long && pairs.all(|(a, b)| is_same(a, b)) {
                        before
                    } else {
                        changed.push(folder);
                        let review = reviewer.conclude(before.looked.clone(), beside.clone());
                        Standing { beside, review, ..before }
                    }
                }
                (Some(looked), _) => {
                    changed.push(folder.clone());
                    let beside = looked.beside(seen);
                    let review = reviewer.conclude(looked.clone(), beside.clone());
                    Standing { folder, looked, beside, review }
                }
            };
            self.departments.push(standing);
        }
        changed
    }

    /// Lists the departments of the year, and finds what is wrong with the list.
    fn list(&mut self, name: &str, workspace: &Workspace, ground: &Ground) -> Vec<PathBuf> {
        let year = match workspace.year(Some(name)) {
            Ok(year) => year,
            Err(findings) => {
                self.findings = findings;
                return Vec::new();
            }
        };
        let mut findings = year.strays.clone();
        ground.levels.apply(&mut findings);
        let departments = &year.departments;
        let folders = departments.iter().flat_map(|it| ground.forms.folders(it)).collect();
        let plan = ground.plan(year, workspace, Binding::Department);
        findings.extend(plan.err().into_iter().flatten());
        self.findings = findings;
        folders
    }
}

/// Whether two findings say the same of the same texts: a file that was read again is another text.
fn is_same(a: &Finding, b: &Finding) -> bool {
    let is_span = |a: &Span, b: &Span| Arc::ptr_eq(&a.source, &b.source) && a.range == b.range;
    let is_place = match (&a.place, &b.place) {
        (diagnostics::Place::Text(a), diagnostics::Place::Text(b)) => is_span(a, b),
        (diagnostics::Place::Path(a), diagnostics::Place::Path(b)) => a == b,
        _ => false,
    };
    let is_related = |((a, about_a), (b, about_b)): (&(Span, String), &(Span, String))| {
        is_span(a, b) && about_a == about_b
    };
    is_place
        && std::ptr::eq(a.rule, b.rule)
        && (&a.message, &a.label, &a.help) == (&b.message, &b.label, &b.help)
        && a.related.len() == b.related.len()
        && a.related.iter().zip(&b.related).all(is_related)
        && a.fix.is_empty()
        && b.fix.is_empty()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const PROJECT: &str = "\"项目名称\" = \"修路\"\n\"项目属性\" = \"0101-一年期项目\"\n\
        \"项目期\" = \"1年\"\n\"年度总体目标\" = \"修好村里的路\"\n\n[\"项目资金\"]\n\
        \"财政拨款\" = 1\n\"其他资金\" = 0\n";

    fn department(root: &Path, place: &str, code: &str) -> PathBuf {
        let folder = root.join("data").join(place);
        fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "\"主管部门\" = \"部门{code}\"\n\"代码\" = \"{code}\"\n\"实施单位\" = \"本级\"\n"
        );
        fs::write(folder.join("部门.toml"), text).unwrap();
        fs::write(folder.join("01.toml"), PROJECT.replace("修路", &format!("修路{code}"))).unwrap();
        folder
    }

    fn said(session: &Session<'_>, year: &str) -> Vec<String> {
        session.findings(year).map(diagnostics::short).collect()
    }

    /// Holds a session against one that is opened now, with the same files edited.
    fn assert_current(session: &mut Session<'_>) {
        session.refresh();
        let mut other = Session::new(session.workspace(), session.ground());
        other.edited = session.edited.clone();
        for year in session.years() {
            other.open(year);
        }
        other.refresh();
        for year in session.years() {
            assert_eq!(said(session, year), said(&other, year), "{year}");
        }
    }

    #[test]
    fn after_every_change_everything_is_said_that_is_said_of_the_files_as_they_are() {
        let root = tempfile::tempdir().unwrap();
        let (a, b) = (
            department(root.path(), "2023/001-甲", "001"),
            department(root.path(), "2023/002-乙", "002"),
        );
        let later = department(root.path(), "2024/001-甲", "001");
        let workspace = Workspace::new(root.path());
        let ground = Ground::open(&workspace, None).unwrap();
        let mut session = Session::new(&workspace, &ground);
        session.open("2023");
        session.open("2024");
        assert_eq!(session.refresh(), [a.clone(), b.clone(), later]);
        assert!(session.refresh().is_empty());

        // The other department has the code of the first now: it is the second that is told so.
        let text = fs::read_to_string(b.join("部门.toml")).unwrap().replace("002", "001");
        session.edit(&b.join("部门.toml"), text.as_bytes());
        assert_current(&mut session);
        assert!(
            said(&session, "2023").iter().any(|line| line.contains("代码")),
            "{:?}",
            said(&session, "2023")
        );
        session.close(&b.join("部门.toml"));
        assert_current(&mut session);

        // What the first was a year before is what its text is compared with.
        session.edit(&a.join("01.toml"), PROJECT.replace("= 1\n", "= 900\n").as_bytes());
        assert_current(&mut session);
        for text in ["", "\"", "[\"项目资金\"\n", "\u{feff}\"项目名称\" = \"甲\""] {
            session.edit(&a.join("01.toml"), text.as_bytes());
            assert_current(&mut session);
        }
        session.close(&a.join("01.toml"));

        // What was read when it was looked at is what is there, until something changes.
        let goal = |session: &Session<'_>| {
            let department = session.department(&a).unwrap();
            department.projects.first().unwrap().source.text().to_owned()
        };
        session.edit(&a.join("01.toml"), PROJECT.replace("修好", "修通").as_bytes());
        assert!(goal(&session).contains("修通"));
        session.refresh();
        assert!(session.kept.is_some() && goal(&session).contains("修通"));
        session.close(&a.join("01.toml"));
        assert!(goal(&session).contains("修好"));
        session.refresh();
        assert!(goal(&session).contains("修好"));

        // Files and departments come and go.
        fs::write(b.join("02.toml.txt"), PROJECT).unwrap();
        session.changed(&b.join("02.toml.txt"));
        assert_current(&mut session);
        let third = department(root.path(), "2023/003-丙", "002");
        session.changed(&third.join("部门.toml"));
        assert_current(&mut session);
        assert!(session.standing(&third).is_some());
        fs::remove_dir_all(&b).unwrap();
        session.changed(&b);
        assert_current(&mut session);
        assert!(session.standing(&b).is_none());
        fs::remove_dir_all(root.path().join("data")).unwrap();
        session.changed(&root.path().join("data"));
        assert_current(&mut session);
        assert!(session.departments("2023").is_empty());
    }

    #[test]
    fn an_edited_file_is_on_any_ground_what_was_made_of_it() {
        let root = tempfile::tempdir().unwrap();
        let folder = department(root.path(), "2023/001-甲", "001");
        let workspace = Workspace::new(root.path());
        let ground = Ground::open(&workspace, None).unwrap();
        let mut session = Session::new(&workspace, &ground);
        session.open("2023");
        session.edit(&folder.join("01.toml"), PROJECT.as_bytes());
        let other = Ground::open(&workspace, None).unwrap();
        let mut session = session.put_down().go_on(&other);
        session.refresh();
        let department = session.department(&folder).unwrap();
        let projects = &department.projects;
        assert_eq!(projects.first().map(|it| it.name().to_owned()).as_deref(), Some("修路"));
        assert_eq!(session.place(Path::new("/etc/passwd")), None);
        assert_eq!(session.place(&folder).map(|place| place.department), Some(folder));
    }
}
