//! What was written for other years: suggestions for who writes the same again.

use std::path::Path;

use crate::data::{self, Fields};
use crate::form::FieldMeaning;
use crate::toml::text_file;
use crate::workspace::{DEPARTMENT_FILE, Forms, Workspace, folder_name};

/// A department as it was written.
#[derive(Debug)]
pub struct KnownDepartment {
    /// The years it is in, the newest first.
    pub years: Vec<String>,
    /// Its header fields.
    pub fields: Fields,
}

impl KnownDepartment {
    /// 主管部门.
    pub fn name(&self) -> &str {
        self.about(FieldMeaning::DepartmentName)
    }

    /// 代码.
    pub fn code(&self) -> &str {
        self.about(FieldMeaning::DepartmentCode)
    }

    /// Whether it is in this year already.
    pub fn is_in(&self, year: Option<&str>) -> bool {
        self.years.iter().any(|other| Some(other.as_str()) == year)
    }

    /// A header field; empty if it was not written.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.get_ref().trim())
    }

    fn about(&self, meaning: FieldMeaning) -> &str {
        self.fields.about(meaning).map_or("", |text| text.get_ref().trim())
    }
}

/// The departments of all years, the newest first, each name once.
pub fn departments(workspace: &Workspace, forms: &Forms) -> Vec<KnownDepartment> {
    let mut known: Vec<KnownDepartment> = Vec::new();
    for year in workspace.years().unwrap_or_default().iter().rev() {
        // What is wrong with them is for `check` to say.
        let folders = workspace.year(Some(year)).map(|year| year.departments).unwrap_or_default();
        for folder in folders {
            let Ok(source) = text_file::read(&folder.join(DEPARTMENT_FILE)) else { continue };
            let form = &forms.of(&folder).definition;
            let (fields, _) = data::department_file(&source, form, &mut Vec::new());
            let department = KnownDepartment { years: vec![year.clone()], fields };
            let name = department.name();
            match known.iter_mut().find(|other| other.name() == name) {
                Some(newer) => newer.years.push(year.clone()),
                None if name.is_empty() => {}
                None => known.push(department),
            }
        }
    }
    known
}

/// The projects that a department had in the newest earlier year, but for those it has.
pub fn projects(workspace: &Workspace, forms: &Forms, year: &str, folder: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let department = data::department(folder, forms, &mut Vec::new());
        let projects = department.map(|department| department.projects).unwrap_or_default();
        projects.iter().map(|project| project.name().trim().to_owned()).collect()
    };
    let years = workspace.years().unwrap_or_default();
    let earlier = years.iter().rev().filter(|other| other.as_str() < year);
    let earlier = earlier
        .map(|year| workspace.year_folder(year).join(folder_name(folder)))
        .find(|folder| folder.is_dir());
    let present = names(folder);
    let mut known = earlier.map(|folder| names(&folder)).unwrap_or_default();
    known.retain(|name| !name.is_empty() && !present.contains(name));
    known
}
