//! A form of a test's own: the least that a form has, and what the test says is different.

use jixiao::diagnostics::SourceFile;
use jixiao::form::{DEFINITION_FILE, Definition};

/// What has to be filled in.
pub const REQUIRED: &str = "\"必填\" = true";
/// What has to be there, but may be empty.
pub const MAY_BE_EMPTY: &str = "\"必填\" = true, \"可空\" = true";
/// A second-level indicator that needs figures.
pub const QUANTIFIED: &str = "\"必填\" = true, \"硬性\" = true";
/// What may be left out.
pub const OPTIONAL: &str = "";

/// Names, each with its options.
type Names = &'static [(&'static str, &'static str)];

/// What is on a form.
#[derive(Debug, Clone, Copy)]
pub struct FormParts {
    /// The fields in `部门.toml`.
    pub department: Names,
    /// The fields at the start of a project's file.
    pub project: Names,
    /// The funding table's key, the total's, and those of the parts.
    pub funding: (&'static str, &'static str, &'static [&'static str]),
    /// The columns right of the third-level indicator.
    pub columns: Names,
    /// The first-level indicators, each with its second-level ones.
    pub levels: &'static [(&'static str, Names)],
}

impl FormParts {
    /// The least there can be.
    pub const LEAST: Self = Self {
        department: &[("主管部门", REQUIRED)],
        project: &[("项目名称", REQUIRED)],
        funding: ("资金", "总额", &["财政资金"]),
        columns: &[("指标值", REQUIRED)],
        levels: &[("成本指标", &[("经济成本指标", QUANTIFIED)])],
    };

    /// The whole `form.toml`: everything is printed, one below the other.
    pub fn toml(&self) -> String {
        self.declared() + &self.sections()
    }

    /// The `form.toml` without its sections.
    pub fn declared(&self) -> String {
        let (key, total, lines) = self.funding;
        let mut text = "\"附件\" = \"附表3\"\n\
                        \"附件标题\" = \"{主管部门}绩效目标申报表\"\n\
                        \"标题\" = \"项目绩效目标申报表\"\n"
            .to_owned();
        text += &table("\"部门\"", self.department);
        text += &table("\"项目\"", self.project);
        text += &format!(
            "[\"资金\"]\n\"表名\" = {key:?}\n\"合计\" = {total:?}\n\"分项\" = {lines:?}\n"
        );
        text += &table("\"指标列\"", self.columns);
        for (first, second) in self.levels {
            text += &table(&format!("\"一级指标\".{first:?}"), second);
        }
        text
    }

    /// A row for each field and amount, and below them the indicators.
    fn sections(&self) -> String {
        let (_, total, lines) = self.funding;
        let fields = self.department.iter().chain(self.project).map(|(name, _)| *name);
        let rows: String = fields
            .chain([total])
            .chain(lines.iter().copied())
            .map(|name| format!("  [\"{name}：\", \"{{{name}}}\"],\n"))
            .collect();
        let columns = |cell: fn(&str) -> String| -> String {
            self.columns.iter().map(|(name, _)| cell(name)).collect()
        };
        let head = columns(|name| format!(", {name:?}"));
        let cells = columns(|name| format!(", \"{{{name}}}\""));
        format!(
            "[[\"版面\"]]\n\"宽\" = [1, 3]\n\"行\" = [\n{rows}]\n\
             [[\"版面\"]]\n\"表头\" = [[\"一级\", \"二级\", \"三级\"{head}]]\n\
             \"每条指标\" = [\"{{一级指标}}\", \"{{二级指标}}{{标注}}\", \"{{三级指标}}\"{cells}]\n"
        )
    }

    /// The form as the program reads it.
    pub fn definition(&self) -> Definition {
        let mut findings = Vec::new();
        let form = Definition::parse(&SourceFile::new(DEFINITION_FILE, self.toml()), &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        form.expect("a form")
    }
}

fn table(name: &str, entries: Names) -> String {
    let lines = entries.iter().map(|(name, options)| match *options {
        "" => format!("{name:?} = {{}}\n"),
        options => format!("{name:?} = {{ {options} }}\n"),
    });
    format!("[{name}]\n{}", lines.collect::<String>())
}
