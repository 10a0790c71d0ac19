//! The files of a later form, from those of the first: names and targets are written down, what is new
//! is left to be filled in.

use std::path::{Path, PathBuf};

use super::NewProject;
use super::in_form::{Purpose, department_in_form, project_in_form};
use super::project::text as project_file;
use crate::data;
use crate::diagnostics::{Finding, has_errors};
use crate::form::Definition;
use crate::workspace::{DEPARTMENT_FILE, Forms};

/// A file that is to be written.
#[derive(Debug)]
pub struct LaterFile {
    /// Where.
    pub path: PathBuf,
    text: String,
}

impl LaterFile {
    /// Writes it.
    ///
    /// # Errors
    /// If there is a file, or it cannot be written.
    pub fn create(&self) -> Result<(), Vec<Finding>> {
        super::create(&self.path, &self.text)
    }
}

/// The files of a later form for the projects of a department that it does not have yet. `form` is one
/// that follows a first form ([`Class::first`](crate::form::Class::first)).
///
/// # Errors
/// The errors in the files of the first form, and of those of the later one that are there.
pub fn later_files(
    forms: &Forms,
    form: &Definition,
    department: &Path,
) -> Result<Vec<LaterFile>, Vec<Finding>> {
    let Some(name) = form.class.subfolder() else { return Ok(Vec::new()) };
    let folder = department.join(name);
    let mut findings = Vec::new();
    let Some(first_folder) = first_of(form, department) else {
        let path = folder.join(DEPARTMENT_FILE);
        let new = NewProject { folder: &folder, name: "", schema: false };
        let text = project_file(form, &new);
        return Ok(if path.exists() { Vec::new() } else { vec![LaterFile { path, text }] });
    };
    let first = data::department(&first_folder, forms, &mut findings);
    let is_there = folder.is_dir();
    // What is not filled in yet in those that are there is no reason not to go on.
    let later = is_there.then(|| data::department(&folder, forms, &mut Vec::new())).flatten();
    let Some(first) = first.filter(|_| !has_errors(&findings)) else { return Err(findings) };
    if first.projects.is_empty() {
        return Ok(Vec::new());
    }
    let known = later.map(|later| later.projects).unwrap_or_default();
    let own_form = &forms.of(&first_folder).definition;
    let mut files = Vec::new();
    let own = folder.join(DEPARTMENT_FILE);
    let is_whole = form.class.is_whole();
    if !is_whole && !own.exists() && data::inherited_fields(department, forms, form).is_none() {
        let text = department_in_form(&first.fields, form);
        files.push(LaterFile { path: own.clone(), text });
    }
    for project in &first.projects {
        if project.counterpart(known.iter()).is_some() || is_whole && own.exists() {
            continue;
        }
        let path = folder.join(project.source.file_name());
        let text = project_in_form(project, own_form, form, Purpose::Follow);
        files.push(LaterFile { path, text });
    }
    Ok(files)
}

/// Where the data of the form lies that one of these follows, if there is such a form.
fn first_of(form: &Definition, department: &Path) -> Option<PathBuf> {
    Some(match form.class.first()?.subfolder() {
        Some(name) => department.join(name),
        None => department.to_owned(),
    })
}
