//! The form definition (`form.toml`).

use std::sync::Arc;

use crate::diagnostics::{Finding, Rule, Severity, SourceFile, Span};
use crate::form::{ANNUAL_GOAL, DEPARTMENT_NAME, PROJECT_NAME};
use crate::toml::{Document, Need, Table};

use super::blueprint::Blueprint;
use super::funding::Funding;
use super::section::template;
use super::template::{Reference, Scope, Template};

static BAD_DEFINITION: Rule = Rule {
    code: "E502",
    name: "表样有误",
    severity: Severity::Error,
    explanation: r#"看什么：表样的 form.toml 写得对不对。
为什么：数据里每个键的意思都由表样规定，表样错了，所有的表都会错。
反例：两个一级指标下面有同名的二级指标。
正例：每个二级指标的名称只出现一次。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&BAD_DEFINITION];

/// What is on a form, in its order.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The number in the corner of an attachment, such as `附件2`.
    pub attachment: String,
    /// The title of a department's attachment.
    pub attachment_title: Template,
    /// What is printed for each project.
    pub blueprint: Blueprint,
    /// The table of all projects that comes before the forms (汇总表); a form may do without.
    pub summary: Option<Blueprint>,
    /// The header fields in `部门.toml`.
    pub department_fields: Vec<Field>,
    /// The header fields at the start of a project's file.
    pub project_fields: Vec<Field>,
    /// The funds: their lines, and how amounts are printed.
    pub funding: Funding,
    /// The columns right of the third-level indicator; the first is the target value.
    pub columns: Vec<Column>,
    /// The tree of indicators.
    pub first_levels: Vec<FirstLevel>,
}

/// A header field.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key, which is the word on the form.
    pub name: String,
    /// Whether it must be written, and filled in.
    pub need: Need,
    /// For a field of the department: whether a project may override it.
    pub overridable: bool,
    /// What belongs there, for who fills it in; may be empty.
    pub description: String,
}

/// A column right of the third-level indicator.
#[derive(Debug, Clone)]
pub struct Column {
    /// The key, which is the word in the table's head.
    pub name: String,
    /// Whether every row must have it.
    pub need: Need,
    /// What belongs there; may be empty.
    pub description: String,
}

/// A first-level indicator (一级指标), such as 产出指标.
#[derive(Debug, Clone)]
pub struct FirstLevel {
    /// The word on the form.
    pub name: String,
    /// Its second-level indicators.
    pub second_levels: Vec<SecondLevel>,
}

/// A second-level indicator (二级指标), such as 数量指标.
#[derive(Debug, Clone)]
pub struct SecondLevel {
    /// The key of its table, which is the word on the form.
    pub name: String,
    /// What is printed behind the word, such as `（必填硬性指标）`; may be empty.
    pub note: String,
    /// Whether it needs at least one row (必填).
    pub required: bool,
    /// Whether each of its values needs a figure (硬性).
    pub quantified: bool,
    /// What belongs there; may be empty.
    pub description: String,
}

impl Definition {
    /// Reads a definition and reports all its mistakes. `None` only if there are some.
    pub fn parse(source: &Arc<SourceFile>, findings: &mut Vec<Finding>) -> Option<Self> {
        let document = Document::parse(source, findings);
        let mut root = document.root();
        let attachment = root.text("附件", Need::Filled, findings);
        let attachment_title = root.text("附件标题", Need::Filled, findings);
        let department_fields = fields(&mut root, "部门", DEPARTMENT_NAME, findings);
        let project_fields = fields(&mut root, "项目", PROJECT_NAME, findings);
        let funding = Funding::parse(&mut root, &BAD_DEFINITION, findings);
        let columns = columns(&mut root, findings);
        let first_levels = first_levels(&mut root, findings);
        if let (Some(project_fields), Some(funding), Some(first_levels)) =
            (&project_fields, &funding, &first_levels)
        {
            let fields = project_fields.iter().map(|field| field.name.as_str());
            let levels = first_levels.iter().flat_map(|first| &first.second_levels);
            let keys = fields.chain(levels.map(|level| level.name.as_str()));
            twice(&keys.collect::<Vec<_>>(), funding, source, findings);
        }
        let known = findings.len();
        let words = Words {
            department_fields: department_fields.as_deref().unwrap_or_default(),
            project_fields: project_fields.as_deref().unwrap_or_default(),
            funding: funding.as_ref(),
            columns: columns.as_deref().unwrap_or_default(),
        };
        let resolve = |word: &str| words.resolve(word);
        let blueprint =
            Blueprint::parse(&mut root, Scope::Project, &BAD_DEFINITION, &resolve, findings);
        let attachment_title = attachment_title.map(|title| {
            let (text, place) = (title.get_ref(), root.span_of(&title));
            template(&BAD_DEFINITION, text, place, Scope::Department, &resolve, findings)
        });
        let summary = root.table("汇总表", Need::Optional, findings);
        let summary = summary.and_then(|mut table| {
            let summary =
                Blueprint::parse(&mut table, Scope::All, &BAD_DEFINITION, &resolve, findings);
            table.finish(findings);
            summary
        });
        // Of a form that has mistakes, it is not known what is printed.
        if findings.len() == known
            && let (Some(blueprint), Some(title)) = (&blueprint, &attachment_title)
        {
            let printed: Vec<&Reference> =
                blueprint.templates().chain([title]).flat_map(Template::references).collect();
            words.overlooked(&printed, source, findings);
        }
        root.finish(findings);
        Some(Self {
            attachment: attachment?.into_inner(),
            attachment_title: attachment_title?,
            blueprint: blueprint?,
            summary,
            department_fields: department_fields?,
            project_fields: project_fields?,
            funding: funding?,
            columns: columns?,
            first_levels: first_levels?,
        })
    }

    /// All second-level indicators in the order of the form.
    pub fn second_levels(&self) -> impl Iterator<Item = &SecondLevel> {
        self.first_levels.iter().flat_map(|first| &first.second_levels)
    }

    /// Whether a header field of the project is a paragraph: its lines are filled.
    pub fn is_paragraph(&self, field: &str) -> bool {
        field == ANNUAL_GOAL
    }

    /// Every key with a fixed meaning in a data file, in the order of the form.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let fields = self.department_fields.iter().chain(&self.project_fields);
        let levels = self.second_levels().map(|level| level.name.as_str());
        fields
            .map(|field| field.name.as_str())
            .chain(self.funding.table.as_deref())
            .chain(self.funding.lines().map(|line| line.name.as_str()))
            .chain(levels)
    }
}

/// The words that may stand between braces.
struct Words<'w> {
    department_fields: &'w [Field],
    project_fields: &'w [Field],
    funding: Option<&'w Funding>,
    columns: &'w [Column],
}

impl Words<'_> {
    fn amounts(&self) -> impl Iterator<Item = &String> {
        self.funding.into_iter().flat_map(Funding::lines).map(|line| &line.name)
    }

    /// What a word stands for.
    fn resolve(&self, word: &str) -> Result<Reference, String> {
        let is = |name: &String| name == word;
        let names = |fields: &[Field]| fields.iter().any(|field| is(&field.name));
        let owned = word.to_owned();
        if let Some(reference) = fixed_word(word) {
            Ok(reference)
        } else if names(self.department_fields) {
            Ok(Reference::DepartmentField(owned))
        } else if names(self.project_fields) {
            Ok(Reference::ProjectField(owned))
        } else if self.amounts().any(is) {
            Ok(Reference::Amount(owned))
        } else if self.columns.iter().any(|column| is(&column.name)) {
            Ok(Reference::Column(owned))
        } else {
            Err(format!("表样里没有“{word}”"))
        }
    }

    /// Reports what data is asked for and never printed.
    fn overlooked(
        &self,
        printed: &[&Reference],
        source: &Arc<SourceFile>,
        findings: &mut Vec<Finding>,
    ) {
        let fields = |fields: &'_ [Field], reference: fn(String) -> Reference| {
            fields.iter().map(|field| reference(field.name.clone())).collect::<Vec<_>>()
        };
        let mut asked = fields(self.department_fields, Reference::DepartmentField);
        asked.extend(fields(self.project_fields, Reference::ProjectField));
        asked.extend(self.amounts().cloned().map(Reference::Amount));
        asked.extend(self.columns.iter().map(|column| Reference::Column(column.name.clone())));
        asked.extend([Reference::SecondLevel, Reference::Indicator]);
        for reference in asked.iter().filter(|asked| !printed.contains(asked)) {
            let word = match reference {
                Reference::DepartmentField(word)
                | Reference::ProjectField(word)
                | Reference::Amount(word)
                | Reference::Column(word) => word.as_str(),
                Reference::SecondLevel => "二级指标",
                _ => "三级指标",
            };
            let message = format!("“{word}”要填，却没有印在表上");
            let help = format!("在“版面”里写上 \"{{{word}}}\"；表上不要的，从表样里删掉");
            findings.push(Finding::at(&BAD_DEFINITION, declared(source, word), message).help(help));
        }
    }
}

/// Reports the keys of funds that a project's file has for something else already.
fn twice(keys: &[&str], funding: &Funding, source: &Arc<SourceFile>, findings: &mut Vec<Finding>) {
    for key in funding.keys().filter(|key| keys.contains(key)) {
        let message = format!("“{key}”既是资金，又是别的栏目");
        let finding = Finding::at(&BAD_DEFINITION, declared(source, key), message);
        findings.push(finding.help("数据文件里同一个词只能是一样东西；改一个名称"));
    }
}

/// Where a word is declared: the first place that spells it as a key or in a list.
fn declared(source: &Arc<SourceFile>, word: &str) -> Span {
    let quoted = format!("\"{word}\"");
    match source.text().find(&quoted) {
        Some(at) => source.span(at..at + quoted.len()),
        None => source.span(0..0),
    }
}

/// The words that mean the same on every form.
fn fixed_word(word: &str) -> Option<Reference> {
    Some(match word {
        "单位" => Reference::Unit,
        "一级指标" => Reference::FirstLevel,
        "二级指标" => Reference::SecondLevel,
        "标注" => Reference::Note,
        "三级指标" => Reference::Indicator,
        "序号" => Reference::Number,
        "页码" => Reference::Page,
        _ => {
            let later = word.strip_prefix("年度")?.trim();
            let years = match later {
                "" => 0,
                later => later.trim_start_matches('+').trim().parse().ok()?,
            };
            Reference::Year(years)
        }
    })
}

fn fields(
    root: &mut Table<'_>,
    key: &str,
    naming: &str,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Field>> {
    let mut table = root.table(key, Need::Present, findings)?;
    let span = table.span();
    let mut fields = Vec::new();
    for entry in table.take_rest() {
        let name = entry.key().to_owned();
        let Some(mut options) = entry.table(findings) else { continue };
        let need = need(&mut options, findings);
        let overridable = options.flag("项目可改", findings);
        let description = words(&mut options, "说明", findings);
        options.finish(findings);
        fields.push(Field { name, need, overridable, description });
    }
    let named = fields.iter().any(|field| field.name == naming && field.need == Need::Filled);
    if !named {
        let message = format!("[\"{key}\"]里要有必填的“{naming}”：目录和报错都靠它称呼");
        let help = format!("补上：\"{naming}\" = {{ \"必填\" = true }}");
        findings.push(Finding::at(&BAD_DEFINITION, span, message).help(help));
    }
    Some(fields)
}

fn need(options: &mut Table<'_>, findings: &mut Vec<Finding>) -> Need {
    let required = options.flag("必填", findings);
    let may_be_empty = options.flag("可空", findings);
    match (required, may_be_empty) {
        (false, _) => Need::Optional,
        (true, true) => Need::Present,
        (true, false) => Need::Filled,
    }
}

/// A text that may be left out.
fn words(options: &mut Table<'_>, key: &str, findings: &mut Vec<Finding>) -> String {
    options.text(key, Need::Optional, findings).map(|text| text.into_inner()).unwrap_or_default()
}

fn columns(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Vec<Column>> {
    let mut table = root.table("指标列", Need::Present, findings)?;
    let span = table.span();
    let mut columns = Vec::new();
    for entry in table.take_rest() {
        let name = entry.key().to_owned();
        let Some(mut options) = entry.table(findings) else { continue };
        let need = need(&mut options, findings);
        let description = words(&mut options, "说明", findings);
        options.finish(findings);
        columns.push(Column { name, need, description });
    }
    if columns.is_empty() {
        let finding = Finding::at(&BAD_DEFINITION, span, "[\"指标列\"]里至少要有一列")
            .help("补上：\"指标值\" = { \"必填\" = true }");
        findings.push(finding);
    }
    Some(columns)
}

fn first_levels(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Vec<FirstLevel>> {
    let mut table = root.table("一级指标", Need::Present, findings)?;
    let mut first_levels: Vec<FirstLevel> = Vec::new();
    for entry in table.take_rest() {
        let Some(mut group) = entry.table(findings) else { continue };
        let mut second_levels: Vec<SecondLevel> = Vec::new();
        for entry in group.take_rest() {
            let name = entry.key().to_owned();
            let known = first_levels.iter().flat_map(|first| &first.second_levels);
            if known.chain(&second_levels).any(|level| level.name == name) {
                let message = format!("二级指标“{name}”写了两次");
                let finding = Finding::at(&BAD_DEFINITION, entry.key_span(), message)
                    .help("数据文件只按二级指标的名称分表，所以名称不能重复");
                findings.push(finding);
            }
            let Some(mut options) = entry.table(findings) else { continue };
            second_levels.push(SecondLevel {
                name,
                note: words(&mut options, "标注", findings),
                required: options.flag("必填", findings),
                quantified: options.flag("硬性", findings),
                description: words(&mut options, "说明", findings),
            });
            options.finish(findings);
        }
        first_levels.push(FirstLevel { name: entry.key().to_owned(), second_levels });
    }
    Some(first_levels)
}
