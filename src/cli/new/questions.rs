//! What `jixiao new` asks on the terminal. What was written for other years is offered: nobody
//! has to type it again.

use crate::author::scaffold::KnownDepartment;
use crate::author::scaffold::fit::{self, Unfit};
use crate::cli::failure::Failure;
use crate::cli::prompt;
use crate::form::{Definition, FieldMeaning};
use crate::workspace::Workspace;

/// More than these would push the question off the screen.
const MOST_OFFERED: usize = 9;

/// The name of a department that is not in the year yet.
pub(super) fn name(known: &[KnownDepartment], year: Option<&str>) -> Result<String, Failure> {
    let known = known.iter().filter(|known| !known.is_in(year));
    let known: Vec<String> = known.map(|known| known.name().to_owned()).collect();
    offering("主管部门的全称", &known, fit::name)
}

/// The code of a department, which may have been written for another year.
pub(super) fn code(same: Option<&KnownDepartment>) -> Result<String, Failure> {
    let written = same.map(KnownDepartment::code).filter(|code| fit::code(code).is_ok());
    let question = match written {
        Some(code) => format!("部门的代码（回车就用以前写过的 {code}）"),
        None => "部门的代码（如 056）".to_owned(),
    };
    prompt::text(&question, |answer| match (answer, written) {
        ("", Some(code)) => Ok(code.to_owned()),
        (answer, _) => fit::code(answer).map_err(|unfit| unfit.to_string()),
    })
}

/// The year of the data.
pub(super) fn year(workspace: &Workspace) -> Result<String, Failure> {
    prompt::text("年度（四位数字）", |answer| {
        fit::year(answer, workspace).map_err(|unfit| unfit.to_string())
    })
}

/// The header fields beside name and code, by their names: those of which there is something to
/// offer. They may be left to be filled in, as they are where nobody can be asked.
pub(super) fn other_fields(
    form: &Definition,
    known: &[KnownDepartment],
) -> Result<Vec<(String, String)>, Failure> {
    let mut fields = Vec::new();
    if !prompt::is_possible() {
        return Ok(fields);
    }
    for field in &form.department_fields {
        let name = &field.name;
        let mut written: Vec<String> = Vec::new();
        for text in known.iter().map(|known| known.field(name)) {
            if !text.is_empty() && !written.iter().any(|other| other == text) {
                written.push(text.to_owned());
            }
        }
        if written.is_empty() || field.meaning.is_some_and(FieldMeaning::is_of_department) {
            continue;
        }
        let question = format!("{name}（回车先空着）");
        let answer = offering(&question, &written, |answer| match answer {
            "" => Ok(String::new()),
            answer => fit::name(answer),
        })?;
        fields.push((name.clone(), answer));
    }
    Ok(fields)
}

/// The name of a project.
pub(super) fn project(known: &[String]) -> Result<String, Failure> {
    offering("项目的名称", known, fit::name)
}

/// Asks for a text, which may be the number of one that was written before.
fn offering(
    question: &str,
    written: &[String],
    fit: impl Fn(&str) -> Result<String, Unfit>,
) -> Result<String, Failure> {
    let offered = &written[..written.len().min(MOST_OFFERED)];
    let question = match offered {
        [] => question.to_owned(),
        offered => {
            prompt::offer("以前写过的：", offered);
            format!("{question}（写序号就用以前写过的）")
        }
    };
    prompt::text(&question, |answer| match prompt::numbered(answer, offered.len()) {
        Some(index) => Ok(offered[index].clone()),
        None => fit(answer).map_err(|unfit| unfit.to_string()),
    })
}
