//! The rules a form must keep beyond being readable: one file a rule.
//!
//! A rule looks at a loaded project or department and reports findings. To add one, copy a
//! neighbour and name it in [`PROJECT_RULES`] or [`DEPARTMENT_RULES`].

mod duplicate_project;
mod funding_total;
mod quantified_indicator;
mod required_indicator;

use crate::diagnostics::Finding;
use crate::form::Definition;
use crate::model::{Department, Project};

type ProjectRule = fn(&Project, &Definition, &mut Vec<Finding>);
type DepartmentRule = fn(&Department, &mut Vec<Finding>);

const PROJECT_RULES: &[ProjectRule] =
    &[funding_total::check, required_indicator::check, quantified_indicator::check];
const DEPARTMENT_RULES: &[DepartmentRule] = &[duplicate_project::check];

/// Applies every rule to a department and its projects.
pub fn check(department: &Department, form: &Definition, findings: &mut Vec<Finding>) {
    for rule in DEPARTMENT_RULES {
        rule(department, findings);
    }
    for project in &department.projects {
        for rule in PROJECT_RULES {
            rule(project, form, findings);
        }
    }
}
