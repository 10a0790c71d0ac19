//! The form definition (`form.toml`).

use std::sync::Arc;

use crate::diagnostics::{Finding, Rule, Severity, SourceFile, Span};
use crate::toml::{Document, Entry, Need, Table};

use super::blueprint::Blueprint;
use super::class::Class;
use super::formula::{self, Formula};
use super::funding::{AmountKey, Funding};
use super::kind::{Kind, Limits, MOST};
use super::meaning::{ColumnMeaning, FieldMeaning, LevelMeaning, MEANING, Meaning, NO_MEANING};
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
    /// What it is for in the year of a project (类).
    pub class: Class,
    /// The number in the corner of an attachment, such as `附件2`, if it has one (附件).
    pub attachment: Option<String>,
    /// What has a table of its own (主体).
    pub subject: Subject,
    /// The order of the indicators (顺序).
    pub order: Order,
    /// What the table looks like.
    pub blueprint: Blueprint,
    /// The table of all projects that comes before the forms (汇总表); a form may do without.
    pub summary: Option<Blueprint>,
    /// The header fields in `部门.toml`.
    pub department_fields: Vec<Field>,
    /// The header fields at the start of a project's file.
    pub project_fields: Vec<Field>,
    /// The funds: their lines, and how amounts are printed.
    pub funding: Funding,
    /// The columns right of the third-level indicator; one is the target value.
    pub columns: Vec<Column>,
    /// What is computed for each project (算式); each may use those before it.
    pub formulas: Vec<Formula>,
    /// The tree of indicators.
    pub first_levels: Vec<FirstLevel>,
}

/// What has a table of its own (主体).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Each project. Above the first one of a department stands the title of its attachment.
    Project {
        /// That title (附件标题).
        attachment_title: Template,
    },
    /// Each department: its table has rows for all its projects.
    Department,
    /// Each department, of which there is one file: what it does as a whole (整体).
    Whole,
}

/// The order of a project's indicators (顺序).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// That of the form, whose second-level indicators are printed even where they have no rows.
    Form,
    /// That of the file, and nothing is printed that is not written there.
    Written,
}

/// A header field.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key, which is the word on the form.
    pub name: String,
    /// What it is about, if that is known.
    pub meaning: Option<FieldMeaning>,
    /// What is written there.
    pub kind: Kind,
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
    /// What it is about, if that is known; one column is the target value.
    pub meaning: Option<ColumnMeaning>,
    /// What is written there.
    pub kind: Kind,
    /// Whether every row must have it.
    pub need: Need,
    /// If only some rows must have it: those whose number in one column is less than that in
    /// another (`"必填" = "得分 < 分值"`).
    pub needed_if_less: Option<(String, String)>,
    /// If nobody writes it: how it is computed from the columns before it (算).
    pub computed: Option<Formula>,
    /// What belongs there; may be empty.
    pub description: String,
}

/// A first-level indicator (一级指标), such as 产出指标.
#[derive(Debug, Clone)]
pub struct FirstLevel {
    /// The word on the form.
    pub name: String,
    /// What all below it is about, if that is known.
    pub meaning: Option<LevelMeaning>,
    /// Whether it is printed only where a project has rows below it (没有不印).
    pub if_any: bool,
    /// Its second-level indicators.
    pub second_levels: Vec<SecondLevel>,
    /// If it is no indicator, but a table with columns of its own (明细表): its rows are those of its only
    /// second level.
    pub detail: Option<Detail>,
}

/// A table of a form with columns of its own (明细表), such as 年度主要任务.
#[derive(Debug, Clone)]
pub struct Detail {
    /// What the rows are called by (名称), such as 任务名称.
    pub row_name: String,
    /// Its other columns.
    pub columns: Vec<Column>,
}

/// A second-level indicator (二级指标), such as 数量指标.
#[derive(Debug, Clone)]
pub struct SecondLevel {
    /// The key of its table, which is the word on the form.
    pub name: String,
    /// What it is about, if that is known. Several may be about the same.
    pub meaning: Option<LevelMeaning>,
    /// What is printed behind the word, such as `（必填硬性指标）`; may be empty.
    pub note: String,
    /// Whether it is printed only where a project has rows below it (没有不印).
    pub if_any: bool,
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
        let class = class(&mut root, findings);
        let attachment = attachment(&mut root, findings);
        let of_department = word(&mut root, "主体", ["项目", "部门"], findings) == Some("部门");
        let order = match word(&mut root, "顺序", ["表样", "所写"], findings) {
            Some("所写") => Order::Written,
            _ => Order::Form,
        };
        let attachment_title = match of_department || class.is_whole() {
            true => None,
            false => root.text("附件标题", Need::Filled, findings),
        };
        let naming = Some(FieldMeaning::DepartmentName);
        let department_fields = fields(&mut root, "部门", naming, findings);
        // A form of the whole department has a single file, which needs no name.
        let project_fields = match class.is_whole() {
            true => fields(&mut root, "栏目", None, findings),
            false => fields(&mut root, "项目", Some(FieldMeaning::ProjectName), findings),
        };
        let funding = match class.is_whole() && !root.has("资金") {
            true => Some(Funding::none()),
            false => Funding::parse(&mut root, &BAD_DEFINITION, findings),
        };
        let columns = columns(&mut root, findings);
        let details = details(&mut root, findings);
        let first_levels = first_levels(&mut root, findings);
        let first_levels =
            first_levels.map(|levels| details.into_iter().chain(levels).collect::<Vec<_>>());
        let tables = first_levels.iter().flatten().filter_map(|first| first.detail.as_ref());
        let all_columns: Vec<&Column> =
            columns.iter().flatten().chain(tables.flat_map(|table| &table.columns)).collect();
        let formulas = formula::formulas(
            &mut root,
            &formula::Words {
                funding: funding.as_ref(),
                fields: kinds(project_fields.as_ref(), |it: &Field| (&it.name, &it.kind)),
                columns: all_columns.iter().map(|it| (it.name.as_str(), &it.kind)).collect(),
                row: Vec::new(),
            },
            &[],
            &BAD_DEFINITION,
            findings,
        );
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
            columns: all_columns,
            row_names: row_names(first_levels.iter().flatten()),
            formulas: &formulas,
        };
        let resolve = |word: &str, scope| words.resolve_but_pages(word, scope);
        let scope = if of_department { Scope::Department } else { Scope::Project };
        let blueprint = Blueprint::parse(&mut root, scope, &BAD_DEFINITION, &resolve, findings);
        if let (Some(blueprint), Some(first_levels)) = (&blueprint, &first_levels) {
            unprinted_details(first_levels, blueprint, source, findings);
        }
        let attachment_title = attachment_title.map(|title| {
            let (text, place) = (title.get_ref(), root.span_of(&title));
            template(&BAD_DEFINITION, text, place, Scope::Department, &resolve, findings)
        });
        let summary = root.table("汇总表", Need::Optional, findings);
        let summary = summary.and_then(|mut table| {
            let resolve = |word: &str, scope| words.resolve(word, scope);
            let summary =
                Blueprint::parse(&mut table, Scope::All, &BAD_DEFINITION, &resolve, findings);
            table.finish(findings);
            summary
        });
        // Of a form that has mistakes, it is not known what is printed.
        if findings.len() == known
            && let Some(blueprint) = &blueprint
        {
            let printed = blueprint.templates().chain(&attachment_title);
            let printed: Vec<&Reference> = printed.flat_map(Template::references).collect();
            words.overlooked(&printed, source, findings);
        }
        root.finish(findings);
        let subject = match of_department {
            _ if class.is_whole() => Subject::Whole,
            true => Subject::Department,
            false => Subject::Project { attachment_title: attachment_title? },
        };
        Some(Self {
            class,
            attachment,
            subject,
            order,
            blueprint: blueprint?,
            summary,
            department_fields: department_fields?,
            project_fields: project_fields?,
            funding: funding?,
            columns: columns?,
            formulas,
            first_levels: first_levels?,
        })
    }

    /// Reads the definition of a list ([`Class::is_view`]), which says how data that another form
    /// declares is printed, and reports all its mistakes. `None` only if there are some.
    pub fn view(
        source: &Arc<SourceFile>,
        data: &Self,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let before = findings.len();
        let document = Document::parse(source, findings);
        let mut root = document.root();
        let class = class(&mut root, findings);
        let attachment = attachment(&mut root, findings);
        let mut words = Words::of(data);
        let formulas = formula::formulas(
            &mut root,
            &formula::Words {
                funding: Some(&data.funding),
                fields: kinds(Some(&data.project_fields), |it: &Field| (&it.name, &it.kind)),
                columns: data.all_columns().map(|it| (it.name.as_str(), &it.kind)).collect(),
                row: Vec::new(),
            },
            &data.formulas,
            &BAD_DEFINITION,
            findings,
        );
        words.formulas = &formulas;
        let resolve = |word: &str, scope| words.resolve_but_pages(word, scope);
        let scope = Scope::Department;
        let blueprint = Blueprint::parse(&mut root, scope, &BAD_DEFINITION, &resolve, findings);
        root.finish(findings);
        let is_right = findings.len() == before;
        Some(Self {
            class,
            attachment,
            subject: Subject::Department,
            // Only what is there has a place in a list.
            order: Order::Written,
            blueprint: blueprint.filter(|_| is_right)?,
            summary: None,
            formulas,
            ..data.clone()
        })
    }

    /// The class of a form, as far as its definition can be read.
    pub fn class_of(source: &Arc<SourceFile>) -> Class {
        let mut ignored = Vec::new();
        let document = Document::parse(source, &mut ignored);
        class(&mut document.root(), &mut ignored)
    }

    /// The title of all that is printed of a department.
    pub fn document_title(&self) -> &Template {
        match &self.subject {
            Subject::Project { attachment_title } => attachment_title,
            Subject::Department | Subject::Whole => &self.blueprint.title,
        }
    }

    /// What a file with the tables of several departments is called: by its number, or else by
    /// the words of its title.
    pub fn document_name(&self) -> String {
        self.attachment.clone().unwrap_or_else(|| self.blueprint.title.words())
    }

    /// Whether the months that it is about are printed on it.
    pub fn prints_period(&self) -> bool {
        let mut references = self.blueprint.templates().flat_map(Template::references);
        references.any(|reference| *reference == Reference::Period)
    }

    /// All words of its own that are printed, without those that stand for values.
    pub fn words(&self) -> String {
        let blueprints = std::iter::once(&self.blueprint).chain(&self.summary);
        let templates = blueprints.flat_map(Blueprint::templates).chain([self.document_title()]);
        let levels = self.first_levels.iter().map(|first| first.name.clone());
        let second = self.second_levels().map(|level| format!("{}{}", level.name, level.note));
        let words = templates.map(Template::words).chain(levels).chain(second);
        words.chain(self.attachment.clone()).collect()
    }

    /// The columns of the rows below a second-level indicator, or of a table of that name.
    pub fn columns_of(&self, group: &str) -> &[Column] {
        let mut levels = self.first_levels.iter().filter(|first| first.name == group);
        let detail = levels.find_map(|first| first.detail.as_ref());
        detail.map_or(&self.columns, |detail| &detail.columns)
    }

    /// The columns that people write, of the rows below a second-level indicator or of a table.
    pub fn written_columns(&self, group: &str) -> impl Iterator<Item = &Column> {
        self.columns_of(group).iter().filter(|column| column.computed.is_none())
    }

    /// The columns of all rows, whatever table they are in.
    pub fn all_columns(&self) -> impl Iterator<Item = &Column> {
        let tables = self.first_levels.iter().filter_map(|first| first.detail.as_ref());
        self.columns.iter().chain(tables.flat_map(|table| &table.columns))
    }

    /// All second-level indicators in the order of the form.
    pub fn second_levels(&self) -> impl Iterator<Item = &SecondLevel> {
        self.first_levels.iter().flat_map(|first| &first.second_levels)
    }

    /// The header field that is about this, of the department or of the project.
    pub fn field_about(&self, meaning: FieldMeaning) -> Option<&Field> {
        let fields = self.department_fields.iter().chain(&self.project_fields);
        fields.into_iter().find(|field| field.meaning == Some(meaning))
    }

    /// The word on the form for what such a header field is about; where the form has none, the
    /// word for the meaning.
    pub fn field_name(&self, meaning: FieldMeaning) -> &str {
        self.field_about(meaning).map_or(meaning.word(), |field| &field.name)
    }

    /// The second-level indicators about this, in the order of the form.
    pub fn levels_about(&self, meaning: LevelMeaning) -> impl Iterator<Item = &SecondLevel> {
        self.second_levels().filter(move |level| level.meaning == Some(meaning))
    }

    /// What is written in a field or a column, if there is such a one.
    pub fn kind(&self, reference: &Reference) -> Option<&Kind> {
        let (fields, name) = match reference {
            Reference::DepartmentField(name) => (&self.department_fields, name),
            Reference::ProjectField(name) => (&self.project_fields, name),
            Reference::Column(name) => {
                let column = self.columns.iter().find(|column| column.name == *name)?;
                return Some(&column.kind);
            }
            _ => return None,
        };
        fields.iter().find(|field| field.name == *name).map(|field| &field.kind)
    }

    /// The column of the target value.
    pub fn target(&self) -> Option<&Column> {
        self.columns.iter().find(|column| column.meaning == Some(ColumnMeaning::Target))
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
    columns: Vec<&'w Column>,
    /// What the rows of tables are called by.
    row_names: Vec<&'w str>,
    formulas: &'w [Formula],
}

/// What the rows of tables are called by.
fn row_names<'f>(first_levels: impl Iterator<Item = &'f FirstLevel>) -> Vec<&'f str> {
    first_levels.filter_map(|first| Some(first.detail.as_ref()?.row_name.as_str())).collect()
}

/// Reports tables that no section prints, and sections that print a table that is not there.
fn unprinted_details(
    first_levels: &[FirstLevel],
    blueprint: &Blueprint,
    source: &Arc<SourceFile>,
    findings: &mut Vec<Finding>,
) {
    let tables = first_levels.iter().filter(|first| first.detail.is_some());
    let tables: Vec<&str> = tables.map(|first| first.name.as_str()).collect();
    let sections = blueprint.sections.iter();
    let printed: Vec<&str> = sections.filter_map(|section| section.detail.as_deref()).collect();
    for name in tables.iter().filter(|name| !printed.contains(name)) {
        let message = format!("明细表“{name}”没有印在表上");
        let finding = Finding::at(&BAD_DEFINITION, declared(source, name), message);
        let help = format!("在版面的一段里写 \"明细表\" = \"{name}\" 和“每行”");
        findings.push(finding.help(help));
    }
    for name in printed.iter().filter(|name| !tables.contains(name)) {
        let message = format!("没有明细表“{name}”");
        let finding = Finding::at(&BAD_DEFINITION, declared(source, name), message);
        findings.push(finding.help("写 [\"明细表\".\"名称\"] 里的名称"));
    }
}

impl<'w> Words<'w> {
    /// The words that a whole definition declares.
    fn of(form: &'w Definition) -> Self {
        Self {
            department_fields: &form.department_fields,
            project_fields: &form.project_fields,
            funding: Some(&form.funding),
            columns: form.all_columns().collect(),
            row_names: row_names(form.first_levels.iter()),
            formulas: &form.formulas,
        }
    }

    /// [`Words::resolve`], but for what only a table of all projects knows.
    fn resolve_but_pages(&self, word: &str, scope: Scope) -> Result<Reference, String> {
        match self.resolve(word, scope) {
            Ok(Reference::Page) => Err("“{页码}”只能写在汇总表里".to_owned()),
            resolved => resolved,
        }
    }

    fn amounts(&self) -> impl Iterator<Item = AmountKey> {
        self.funding.into_iter().flat_map(Funding::amounts)
    }

    /// What a word stands for where something of this scope is printed: the most particular thing
    /// of that name. So a column may be called 单位, and the unit of amounts is `{单位}` elsewhere.
    fn resolve(&self, word: &str, scope: Scope) -> Result<Reference, String> {
        let is = |name: &String| name == word;
        let names = |fields: &[Field]| fields.iter().any(|field| is(&field.name));
        let of = |is_there: bool, reference: fn(String) -> Reference| {
            is_there.then(|| reference(word.to_owned()))
        };
        let meant = [
            of(self.columns.iter().any(|column| is(&column.name)), Reference::Column),
            of(names(self.project_fields), Reference::ProjectField),
            of(names(self.department_fields), Reference::DepartmentField),
            of(self.formulas.iter().any(|formula| is(&formula.name)), Reference::Formula),
            self.amounts().find(|amount| amount.to_string() == word).map(Reference::Amount),
            self.row_names.contains(&word).then_some(Reference::Indicator),
            fixed_word(word),
        ];
        let mut meant = meant.into_iter().flatten().peekable();
        let first = meant.peek().cloned();
        let fitting = meant.find(|reference| reference.scope() <= scope);
        fitting.or(first).ok_or_else(|| match self.amounts().find(|it| it.line == word) {
            Some(amount) => format!("“{word}”有几列，写明是哪一列，例如 {{{amount}}}"),
            None => format!("表样里没有“{word}”"),
        })
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
        asked.extend(self.amounts().map(Reference::Amount));
        let columns = self.columns.iter().filter(|column| column.computed.is_none());
        asked.extend(columns.map(|column| Reference::Column(column.name.clone())));
        asked.extend([Reference::SecondLevel, Reference::Indicator]);
        for reference in asked.iter().filter(|asked| !printed.contains(asked)) {
            let word = reference.word();
            let declared_as = match reference {
                Reference::Amount(amount) => amount.column.as_ref().unwrap_or(&amount.line),
                _ => &*word,
            };
            let message = format!("“{word}”要填，却没有印在表上");
            let help = format!("在“版面”里写上 \"{{{word}}}\"；表上不要的，从表样里删掉");
            findings.push(
                Finding::at(&BAD_DEFINITION, declared(source, declared_as), message).help(help),
            );
        }
    }
}

/// The names of some parts of a form, and what is written there.
fn kinds<'p, P>(
    parts: Option<&'p Vec<P>>,
    of: impl Fn(&'p P) -> (&'p String, &'p Kind),
) -> Vec<(&'p str, &'p Kind)> {
    let parts = parts.into_iter().flatten().map(of);
    parts.map(|(name, kind)| (name.as_str(), kind)).collect()
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

/// The class of a form (类): 目标, if nothing else is said.
fn class(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Class {
    let Some(written) = root.text("类", Need::Optional, findings) else { return Class::Target };
    Class::of_word(written.get_ref()).unwrap_or_else(|| {
        let message = format!("“类”不能写“{}”", written.get_ref());
        let words = Class::ALL.map(Class::word).join("、");
        let finding = Finding::at(&BAD_DEFINITION, root.span_of(&written), message);
        findings.push(finding.help(format!("写下面的一个：{words}；不写就是目标")));
        Class::Target
    })
}

/// The number of an attachment, if the form has one.
fn attachment(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<String> {
    let written = match root.has(ATTACHMENT) {
        true => root.text(ATTACHMENT, Need::Filled, findings),
        false => root.take(ATTACHMENT).and(None),
    };
    written.map(|written| written.into_inner())
}

/// The words that mean the same on every form.
fn fixed_word(word: &str) -> Option<Reference> {
    Some(match word {
        "单位" => Reference::Unit,
        "监控期" => Reference::Period,
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
    naming: Option<FieldMeaning>,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Field>> {
    let mut table = root.table(key, Need::Present, findings)?;
    let span = table.span();
    let (mut fields, mut kinds) = (Vec::new(), Vec::new());
    let is_of_department = naming.is_some_and(FieldMeaning::is_of_department);
    let mut meanings = Meanings::new(|it: FieldMeaning| it.is_of_department() == is_of_department);
    for entry in table.take_rest() {
        let name = entry.key().to_owned();
        let Some(mut options) = entry.table(findings) else { continue };
        meanings.read(&entry, &mut options, findings);
        let need = need(&mut options, findings);
        kinds.push(Kind::parse(&mut options, false, &BAD_DEFINITION, findings));
        let overridable = options.flag("项目可改", findings);
        let description = words(&mut options, "说明", findings);
        options.finish(findings);
        let (meaning, kind) = (None, Kind::Text);
        fields.push(Field { name, meaning, kind, need, overridable, description });
    }
    let meanings = meanings.settled(findings);
    for ((field, meaning), kind) in fields.iter_mut().zip(meanings).zip(kinds) {
        field.meaning = meaning;
        // A goal is told in sentences.
        let is_goal = meaning == Some(FieldMeaning::Goal);
        field.kind = kind.unwrap_or(if is_goal { Kind::Paragraph } else { Kind::Text });
    }
    let Some(naming) = naming else { return Some(fields) };
    let is_naming = |field: &&Field| field.meaning == Some(naming);
    if !fields.iter().any(|field| is_naming(&field) && field.need == Need::Filled) {
        let word = naming.word();
        let message = format!("[\"{key}\"]里要有必填的“{word}”：目录和报错都靠它称呼");
        let help = match fields.iter().find(is_naming) {
            Some(Field { name, .. }) => format!("“{name}”后面写上 \"必填\" = true，不写“可空”"),
            None => format!(
                "补上：\"{word}\" = {{ \"必填\" = true }}；表上叫别的名称的，写上 \"含义\" = \"{word}\""
            ),
        };
        findings.push(Finding::at(&BAD_DEFINITION, span, message).help(help));
    }
    Some(fields)
}

/// The meanings of the parts of one table, as they are read.
struct Meanings<M> {
    /// Which may be given here.
    allowed: Vec<M>,
    parts: Vec<Part<M>>,
}

/// A part of a form and what is said of its meaning.
struct Part<M> {
    name: String,
    place: Span,
    said: Said<M>,
}

/// What is said of a meaning.
enum Said<M> {
    /// Nothing: its word says it, if it is a standard one.
    Nothing,
    /// It has none.
    None,
    This(M),
}

impl<M: Meaning> Meanings<M> {
    fn new(is_allowed: impl Fn(M) -> bool) -> Self {
        let allowed = M::ALL.iter().copied().filter(|it| is_allowed(*it)).collect();
        Self { allowed, parts: Vec::new() }
    }

    /// Reads what a part says of its meaning (含义).
    fn read(&mut self, part: &Entry<'_>, options: &mut Table<'_>, findings: &mut Vec<Finding>) {
        let mut place = part.key_span();
        let said = options.text(MEANING, Need::Optional, findings).map(|word| {
            place = options.span_of(&word);
            word.into_inner()
        });
        let said = match said.as_deref() {
            None => Said::Nothing,
            Some(NO_MEANING) => Said::None,
            Some(word) => match self.allowed.iter().find(|it| it.word() == word) {
                Some(meaning) => Said::This(*meaning),
                None => {
                    let all: Vec<&str> = self.allowed.iter().map(|it| it.word()).collect();
                    let message = format!("这里没有“{word}”这个含义");
                    let finding = Finding::at(&BAD_DEFINITION, place.clone(), message);
                    findings.push(finding.help(format!(
                        "写下面的一个：{}；都不是的，删掉“{MEANING}”",
                        all.join("、")
                    )));
                    Said::None
                }
            },
        };
        self.parts.push(Part { name: part.key().to_owned(), place, said });
    }

    /// The meanings of all parts in their order: what they say, or else what their words mean by
    /// themselves, unless another part says it. That two parts mean the same is reported.
    fn settled(&self, findings: &mut Vec<Finding>) -> Vec<Option<M>> {
        let is_said = |meaning: M| {
            self.parts.iter().any(|part| matches!(part.said, Said::This(said) if said == meaning))
        };
        let mut settled: Vec<Option<M>> = Vec::new();
        for part in &self.parts {
            let meaning = match part.said {
                Said::This(meaning) => Some(meaning),
                Said::None => None,
                Said::Nothing => M::of_standard_word(&part.name)
                    .filter(|meaning| self.allowed.contains(meaning) && !is_said(*meaning)),
            };
            let first = settled.iter().position(|other| meaning.is_some() && *other == meaning);
            if let (Some(meaning), Some(first)) = (meaning, first.and_then(|it| self.parts.get(it)))
            {
                let (word, name) = (meaning.word(), &part.name);
                let message = format!("“{}”和“{name}”的含义都是{word}", first.name);
                let finding = Finding::at(&BAD_DEFINITION, part.place.clone(), message)
                    .related(first.place.clone(), "先有的一个")
                    .help(format!("不是{word}的一个，写上 \"{MEANING}\" = \"{NO_MEANING}\""));
                findings.push(finding);
            }
            settled.push(meaning);
        }
        settled
    }
}

fn need(options: &mut Table<'_>, findings: &mut Vec<Finding>) -> Need {
    let required = options.flag(REQUIRED, findings);
    let may_be_empty = options.flag("可空", findings);
    match (required, may_be_empty) {
        (false, _) => Need::Optional,
        (true, true) => Need::Present,
        (true, false) => Need::Filled,
    }
}

/// When a column must be filled in, if that hangs on two others (`"必填" = "得分 < 分值"`), and
/// where that is said.
fn condition(
    options: &mut Table<'_>,
    findings: &mut Vec<Finding>,
) -> Option<((String, String), Span)> {
    let entry = options.take_text(REQUIRED)?;
    let text = entry.text(findings)?;
    let sides = text.get_ref().split_once(['<', '＜']);
    if sides.is_none() {
        let message = format!("看不懂“{}”", text.get_ref());
        let help = "写 true、false，或者 \"得分 < 分值\"：得分不到分值的行才必填";
        findings.push(Finding::at(&BAD_DEFINITION, entry.value_span(), message).help(help));
    }
    let (less, more) = sides?;
    Some(((less.trim().to_owned(), more.trim().to_owned()), entry.value_span()))
}

/// A text that may be left out.
fn words(options: &mut Table<'_>, key: &str, findings: &mut Vec<Finding>) -> String {
    options.text(key, Need::Optional, findings).map(|text| text.into_inner()).unwrap_or_default()
}

fn columns(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Vec<Column>> {
    let mut table = root.table("指标列", Need::Present, findings)?;
    let span = table.span();
    let mut columns = columns_in(&mut table, findings);
    let target = Some(ColumnMeaning::Target);
    if columns.iter().all(|column| column.meaning != target) {
        // Whatever it is called, the first column is what is to be reached.
        match columns.iter_mut().find(|column| column.meaning.is_none()) {
            Some(first) => first.meaning = target,
            None => {
                let finding = Finding::at(&BAD_DEFINITION, span, "[\"指标列\"]里要有一列指标值")
                    .help("补上：\"指标值\" = { \"必填\" = true }");
                findings.push(finding);
            }
        }
    }
    Some(columns)
}

/// The tables with columns of their own (明细表).
fn details(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Vec<FirstLevel> {
    let mut details = Vec::new();
    let Some(mut tables) = root.table(DETAILS, Need::Optional, findings) else { return details };
    for entry in tables.take_rest() {
        let name = entry.key().to_owned();
        let Some(mut table) = entry.table(findings) else { continue };
        let row_name = table.text("名称", Need::Filled, findings);
        let columns = columns_in(&mut table, findings);
        let Some(row_name) = row_name else { continue };
        let rows = SecondLevel {
            name: name.clone(),
            meaning: None,
            note: String::new(),
            if_any: false,
            required: false,
            quantified: false,
            description: String::new(),
        };
        details.push(FirstLevel {
            name,
            meaning: None,
            if_any: false,
            second_levels: vec![rows],
            detail: Some(Detail { row_name: row_name.into_inner(), columns }),
        });
    }
    tables.finish(findings);
    details
}

/// The columns that a table declares.
fn columns_in(table: &mut Table<'_>, findings: &mut Vec<Finding>) -> Vec<Column> {
    // The columns of numbers that others speak of, and where.
    let (mut columns, mut spoken_of): (Vec<Column>, _) = (Vec::new(), Vec::new());
    let mut meanings = Meanings::new(|_: ColumnMeaning| true);
    for entry in table.take_rest() {
        let name = entry.key().to_owned();
        let Some(mut options) = entry.table(findings) else { continue };
        meanings.read(&entry, &mut options, findings);
        let condition = condition(&mut options, findings);
        if let Some(((less, more), place)) = &condition {
            let help = "写成 \"得分 < 分值\" 的样子，“<”两边都是数的列名（\"种类\" = \"数\"）";
            spoken_of.extend([less, more].map(|name| (name.clone(), place.clone(), help)));
        }
        let needed_if_less = condition.map(|(pair, _)| pair);
        let need = need(&mut options, findings);
        let most_place = options.place_of(MOST);
        let kind = Kind::parse(&mut options, true, &BAD_DEFINITION, findings);
        if let Some(Kind::Number(Limits { most: Some(most), .. })) = &kind {
            let help = "“最大”后面写另一列的名称，那一列也要是数（\"种类\" = \"数\"）";
            spoken_of.extend(most_place.map(|place| (most.clone(), place, help)));
        }
        let before = kinds(Some(&columns), |it: &Column| (&it.name, &it.kind));
        let rule = &BAD_DEFINITION;
        let computed = formula::of_column(&name, &mut options, before, rule, findings);
        let description = words(&mut options, "说明", findings);
        options.finish(findings);
        let kind = match computed {
            Some(_) => Kind::Number(Limits::default()),
            None => kind.unwrap_or(Kind::Text),
        };
        let meaning = None;
        columns.push(Column { name, meaning, kind, need, needed_if_less, computed, description });
    }
    let is_number = |name: &String| {
        let mut columns = columns.iter();
        columns.any(|it: &Column| it.name == *name && matches!(it.kind, Kind::Number(_)))
    };
    for (name, place, help) in spoken_of.into_iter().filter(|(name, ..)| !is_number(name)) {
        let message = format!("没有“{name}”这一列数");
        findings.push(Finding::at(&BAD_DEFINITION, place, message).help(help));
    }
    for (column, meaning) in columns.iter_mut().zip(meanings.settled(findings)) {
        column.meaning = meaning;
    }
    columns
}

fn first_levels(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Vec<FirstLevel>> {
    let mut table = root.table("一级指标", Need::Present, findings)?;
    let mut first_levels: Vec<FirstLevel> = Vec::new();
    for entry in table.take_rest() {
        let Some(mut group) = entry.table(findings) else { continue };
        let meaning = level_meaning(&entry, &mut group, true, findings);
        let if_any = group.flag(IF_ANY, findings);
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
                meaning: level_meaning(&entry, &mut options, false, findings),
                note: words(&mut options, "标注", findings),
                if_any: options.flag(IF_ANY, findings),
                required: options.flag("必填", findings),
                quantified: options.flag("硬性", findings),
                description: words(&mut options, "说明", findings),
            });
            options.finish(findings);
        }
        first_levels.push(FirstLevel {
            name: entry.key().to_owned(),
            meaning,
            if_any,
            second_levels,
            detail: None,
        });
    }
    Some(first_levels)
}

/// The key in `form.toml` of what has to be filled in.
const REQUIRED: &str = "必填";
/// The key in `form.toml` of what is not printed where there is nothing of it.
pub const IF_ANY: &str = "没有不印";
const ATTACHMENT: &str = "附件";
/// The key of the tables with columns of their own.
const DETAILS: &str = "明细表";

/// One of two words; the first if nothing is written.
fn word<'w>(
    table: &mut Table<'_>,
    key: &str,
    words: [&'w str; 2],
    findings: &mut Vec<Finding>,
) -> Option<&'w str> {
    let written = table.text(key, Need::Optional, findings)?;
    let word = words.into_iter().find(|word| word == written.get_ref());
    if word.is_none() {
        let message = format!("“{key}”不能写“{}”", written.get_ref());
        let finding = Finding::at(&BAD_DEFINITION, table.span_of(&written), message);
        let [usual, other] = words;
        findings.push(finding.help(format!("写 \"{usual}\" 或 \"{other}\"；不写就是{usual}")));
    }
    word
}

/// What a level is about. Several may be about the same.
fn level_meaning(
    level: &Entry<'_>,
    options: &mut Table<'_>,
    is_first: bool,
    findings: &mut Vec<Finding>,
) -> Option<LevelMeaning> {
    let mut meanings = Meanings::new(|it| (it == LevelMeaning::Output) == is_first);
    meanings.read(level, options, findings);
    meanings.settled(findings).pop().flatten()
}
