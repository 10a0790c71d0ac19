//! What comes in from elsewhere: the data that a PDF of this program carries, and the forms that
//! other programs wrote.
//!
//! [`extract()`] takes data out again as it was put in, byte for byte. [`import()`] reads tables
//! (`read`), finds the forms in them by the words of the form definition (`recognise`), and writes
//! them as data files (`write`). Words are never corrected; what is not certain is marked.

mod amounts;
mod embedded_files;
mod extract;
mod read;
mod recognise;
mod table;
mod write;

pub use embedded_files::{EmbeddedFile, Unreadable, embedded_files};
pub use extract::{Extracted, extract};
pub use write::Known;

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use crate::data::todo::TO_REVIEW;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::workspace::{Forms, Workspace};

static UNREADABLE: Rule = Rule {
    code: "E705",
    name: "导入的文件读不出",
    severity: Severity::Error,
    explanation: r#"看什么：import 后面的文件能不能读，是不是认识的格式。
为什么：读不出，就没有数据可以导入。
反例：有密码的 Excel 文件；扫描的图片。
正例：用 Excel 或 WPS 打开，去掉密码，另存为 xlsx。"#,
};
static NO_FORM: Rule = Rule {
    code: "E706",
    name: "没有找到表",
    severity: Severity::Error,
    explanation: r#"看什么：文件里有没有这个表样的表。
为什么：程序按表样上的字（项目名称、二级指标等）认表，别的表认不出来。
反例：导入一张工资表；表样不是附件2，却没有用 --template 指明。
正例：去年公开的绩效目标表。"#,
};
static WANTING: Rule = Rule {
    code: "E707",
    name: "不知道导入到哪里",
    severity: Severity::Error,
    explanation: r#"看什么：表上有没有年度和主管部门。
为什么：数据放在 data/年度/代码-部门/ 里；不知道年度和部门，就不知道放在哪里。
反例：从表的中间复制，没有带上标题和年度。
正例：加上 --year 2023 --department 平罗县灵沙乡人民政府。"#,
};
static IN_THE_WAY: Rule = Rule {
    code: "E708",
    name: "已有数据",
    severity: Severity::Error,
    explanation: r#"看什么：要写的部门和项目，是不是已经有了。
为什么：现有的文件可能已经改过，不能盖掉；所以一个文件也不写。
反例：同一个文件导入两次。
正例：把原来的文件移走，再导入一次。"#,
};
static UNPLACED: Rule = Rule {
    code: "E709",
    name: "没有放进数据",
    severity: Severity::Error,
    explanation: r#"看什么：文件里的每一格，是不是都放进了数据。
为什么：表样上没有的内容放不进数据文件；不说出来，就会不知不觉地少了。
反例：表的下面写着“填表人：张三”。
正例：看一眼说出来的每一处，要用的自己写进数据文件。"#,
};
static NOT_WRITTEN: Rule = Rule {
    code: "E710",
    name: "导入写不出",
    severity: Severity::Error,
    explanation: r#"看什么：导入的文件能不能写到 data 文件夹里。
为什么：要么全部写成，要么一个也不写，不会留下半个部门。
反例：data 文件夹是只读的，或者磁盘已满。
正例：确认有写的权限，再运行一次。"#,
};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    let own = [&UNREADABLE, &NO_FORM, &WANTING, &IN_THE_WAY, &UNPLACED, &NOT_WRITTEN];
    extract::RULES.iter().copied().chain(own)
}

/// What was made of a file.
#[derive(Debug)]
pub struct Imported {
    /// The files that were written, or would be.
    pub files: Vec<PathBuf>,
    /// How many projects they are.
    pub projects: usize,
    /// How many departments as a whole they are about.
    pub wholes: usize,
    /// How many places have to be reviewed.
    pub to_review: usize,
    /// How many tables of all projects were passed over.
    pub summaries: usize,
    /// What could not be put into them.
    pub unplaced: Vec<Finding>,
}

/// Imports the forms of a file. `bytes` are what is in it; its name is only for messages. With
/// `dry_run`, nothing is written.
///
/// # Errors
/// If it cannot be read, has no forms, or they cannot be written. Nothing is written then.
pub fn import(
    workspace: &Workspace,
    forms: &Forms,
    name: &Path,
    bytes: Vec<u8>,
    known: Known<'_>,
    dry_run: bool,
) -> Result<Imported, Vec<Finding>> {
    let tables = read::tables(bytes).map_err(|reason| {
        let (message, help) = reason.in_chinese();
        vec![Finding::about(&UNREADABLE, name, message).help(help)]
    })?;
    // Which edition it is, the words on it tell: that of which most is found and least is left. Of
    // equals it is the first.
    // What is printed of another form's data has none of its own.
    let editions = forms.all().map(|form| &form.definition);
    let editions = editions.filter(|form| !form.class.is_view());
    let found = editions.map(|form| (form, recognise::forms(form, &tables)));
    let found = found
        .filter(|(_, found)| !found.forms.is_empty())
        .min_by_key(|(_, found)| Reverse(found.fit()));
    let Some((form, found)) = found else {
        let finding = Finding::about(&NO_FORM, name, "里面没有找到这个表样的表");
        let help = "看看文件对不对；用的是别的表样，加上 --template 指明";
        return Err(vec![finding.help(help)]);
    };
    let count = found.forms.len();
    let (projects, wholes) = if form.class.is_whole() { (0, count) } else { (count, 0) };
    let mut plan = write::plan(workspace, forms, form, found.forms, known, name)?;
    if !dry_run {
        write::write(&plan.files)?;
    }
    let mark = format!("# {TO_REVIEW}");
    let to_review = plan.files.iter().map(|file| file.text.matches(&mark).count()).sum();
    let mut unplaced = found.unplaced;
    unplaced.append(&mut plan.unplaced);
    let unplaced = unplaced.into_iter().map(|it| {
        let message = format!("{}：“{}”没有放进数据：{}", it.place, it.text, it.reason);
        Finding::about(&UNPLACED, name, message).help("要用的，自己写进数据文件")
    });
    Ok(Imported {
        files: plan.files.into_iter().map(|file| file.path).collect(),
        projects,
        wholes,
        to_review,
        summaries: found.summaries,
        unplaced: unplaced.collect(),
    })
}
