//! Which outputs are made of which departments, and where they go.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Format, Shard};
use crate::diagnostics::{Finding, Rule, Severity, shown};
use crate::files::file_name::file_stem;
use crate::workspace::{Forms, Year};

static SAME_OUTPUT: Rule = Rule {
    code: "E601",
    name: "输出同名",
    severity: Severity::Error,
    explanation: r#"看什么：两个部门会不会写到同一个输出文件。
为什么：后写的会盖掉先写的，少一份附件。
反例：`056-A` 和 `056-a` 两个部门文件夹。
正例：文件夹名不要只差大小写。"#,
};
static BAD_OUTPUT: Rule = Rule {
    code: "E602",
    name: "输出位置不对",
    severity: Severity::Error,
    explanation: r#"看什么：输出位置能不能放下要写的文件。
为什么：几个部门不能写进同一个文件。
反例：`jixiao render -o 附件.pdf`，而有三个部门。
正例：`jixiao render --combined -o 附件.pdf`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&SAME_OUTPUT, &BAD_OUTPUT];

/// Where outputs go.
#[derive(Debug, Clone)]
pub enum Destination {
    /// `<folder>/<year>/<department>.pdf`.
    Folder(PathBuf),
    /// This very file; for one output only.
    File(PathBuf),
}

/// Everything about a run that is settled before any work.
#[derive(Debug)]
pub struct Plan {
    /// The year of the data.
    pub year: String,
    /// The kind of files.
    pub format: Format,
    /// The outputs, in the order of their departments.
    pub outputs: Vec<Output>,
}

/// A file to be made, or several pictures.
#[derive(Debug)]
pub struct Output {
    /// The folders of its departments, in order.
    pub folders: Vec<PathBuf>,
    /// Its file; pictures put the number of the page before the extension.
    pub path: PathBuf,
}

impl Destination {
    /// What the user means by a path: a file if it ends like one, else a folder.
    pub fn from_path(path: &Path, format: Format) -> Self {
        let is_file = path.extension().is_some_and(|e| e.eq_ignore_ascii_case(format.extension()));
        if is_file && !path.is_dir() {
            Self::File(path.to_owned())
        } else {
            Self::Folder(path.to_owned())
        }
    }
}

impl Plan {
    /// An output for each department, or one for all (`combined`), named after the attachment.
    ///
    /// # Errors
    /// A finding for each pair of departments that would be written to one file, if one file is
    /// given for several outputs, and if departments in one file have different forms.
    pub fn new(
        year: Year,
        forms: &Forms,
        destination: &Destination,
        format: Format,
        combined: bool,
    ) -> Result<Self, Vec<Finding>> {
        let path = |folder: &Path, name: &str| {
            folder.join(&year.name).join(format!("{}.{}", file_stem(name), format.extension()))
        };
        let groups: Vec<(String, Vec<PathBuf>)> = if combined {
            let folders = year.departments.iter().map(PathBuf::as_path);
            let Some(form) = forms.common(folders) else {
                let place = year.departments.first().cloned().unwrap_or_default();
                let message = "这些部门用的表样不同，不能合成一份";
                let help = "各印各的，或者在命令后面只写用同一种表样的部门";
                return Err(vec![Finding::about(&BAD_OUTPUT, &place, message).help(help)]);
            };
            vec![(form.definition.document_name(), year.departments)]
        } else {
            let name =
                |dir: &PathBuf| dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
            year.departments.into_iter().map(|dir| (name(&dir), vec![dir])).collect()
        };
        let outputs: Vec<Output> = match destination {
            Destination::Folder(folder) => groups
                .into_iter()
                .map(|(name, folders)| Output { folders, path: path(folder, &name) })
                .collect(),
            Destination::File(path) if groups.len() == 1 => groups
                .into_iter()
                .map(|(_, folders)| Output { folders, path: path.clone() })
                .collect(),
            Destination::File(path) => {
                let message = format!("{} 个部门不能写进一个文件", groups.len());
                let finding = Finding::about(&BAD_OUTPUT, path, message)
                    .help("合成一份用 --combined；各写各的，-o 后面写文件夹");
                return Err(vec![finding]);
            }
        };
        let findings = collisions(&outputs);
        if findings.is_empty() {
            Ok(Self { year: year.name, format, outputs })
        } else {
            Err(findings)
        }
    }

    /// Leaves this part of the outputs; that no two of all go to one file is settled before.
    pub fn shard(self, shard: Shard) -> Self {
        Self { outputs: shard.of(self.outputs), ..self }
    }
}

/// Documents that would overwrite each other. Case does not tell files apart on every system.
fn collisions(outputs: &[Output]) -> Vec<Finding> {
    let mut seen: HashMap<String, &Output> = HashMap::new();
    let mut findings = Vec::new();
    for output in outputs {
        let key = output.path.to_string_lossy().to_lowercase();
        let Some(first) = seen.get(&key) else {
            seen.insert(key, output);
            continue;
        };
        let folder = |output: &Output| output.folders.first().cloned().unwrap_or_default();
        let message = format!(
            "这个部门和“{}”会写到同一个文件 {}",
            shown(&folder(first)),
            shown(&output.path)
        );
        findings.push(
            Finding::about(&SAME_OUTPUT, &folder(output), message)
                .help("给其中一个部门文件夹改名（不计大小写和特殊符号也要不同）"),
        );
    }
    findings
}
