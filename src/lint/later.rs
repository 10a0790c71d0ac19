//! A later form beside the first form of the same department.

use crate::data::{Department, Project};
use crate::form::Definition;

/// A department's data for a later form, and for the first form that it follows.
#[derive(Debug, Clone, Copy)]
pub(super) struct LaterForm<'a> {
    pub later: &'a Department,
    pub first: &'a Department,
    pub form: &'a Definition,
}

impl<'a> LaterForm<'a> {
    /// The projects of the later form, each with what the first form has of it.
    pub fn projects(&self) -> Box<dyn Iterator<Item = (&'a Project, Option<&'a Project>)> + 'a> {
        let all = self.first.projects.iter();
        // Of a department as a whole there is one file.
        if self.form.class.is_whole() {
            let first = self.first.projects.first();
            let both = move |project| (project, first);
            return Box::new(self.later.projects.iter().map(both));
        }
        let find = move |project: &Project| project.counterpart(all.clone());
        Box::new(self.later.projects.iter().map(move |project| (project, find(project))))
    }

    /// The projects of the first form that the later one does not have.
    pub fn missing(&self) -> impl Iterator<Item = &'a Project> {
        let there = self.later.projects.iter();
        let is_whole = self.form.class.is_whole();
        self.first
            .projects
            .iter()
            .filter(move |project| !is_whole && project.counterpart(there.clone()).is_none())
    }
}
