//! The form definition (`form.toml`).

use std::sync::Arc;

use crate::diagnostics::{Finding, Rule, SourceFile, Span};
use crate::toml::{self, Document, Need, Table};

use super::blueprint::Blueprint;
use super::class::Class;
use super::formula::{self, Formula};
use super::funding::{AmountKey, Funding};
use super::kind::Kind;
use super::meaning::{ColumnMeaning, FieldMeaning, LevelMeaning, Meaning as _};
use super::parts::{
    BAD_DEFINITION, Column, DETAILS, Field, FirstLevel, SecondLevel, Tree, columns, details,
    fields, first_levels, kinds, trees,
};
use super::section::{Section, TREES, template};
use super::template::{Reference, Scope, Template};

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
    /// The trees of indicators, if they have names: there are several, or one is called so.
    pub trees: Vec<Tree>,
    /// The first-level indicators, those of each tree one after the other.
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
        let trees = trees(&mut root, findings);
        let first_levels = first_levels(&mut root, &trees, findings);
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
            let keys = fields.chain(levels.map(|level| level.key.as_str()));
            let keys = keys.chain(trees.iter().map(|tree| tree.name.as_str()));
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
            let parts = SectionParts::new(&trees, first_levels);
            parts.unknown(blueprint, source, findings);
            parts.unprinted(blueprint, source, findings);
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
            trees,
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
        if let Some(blueprint) = &blueprint {
            SectionParts::new(&data.trees, &data.first_levels).unknown(blueprint, source, findings);
        }
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
        let trees = self.trees.iter().map(|tree| tree.name.clone());
        let levels = trees.chain(self.first_levels.iter().map(|first| first.name.clone()));
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

    /// The second-level indicator whose table is called so, and the first-level one it is below.
    pub fn level(&self, key: &str) -> Option<(&FirstLevel, &SecondLevel)> {
        self.first_levels.iter().find_map(|first| {
            let mut levels = first.second_levels.iter();
            levels.find(|level| level.key == key).map(|level| (first, level))
        })
    }

    /// Whether the rows of such a table say what is aimed at in several years.
    pub fn is_long_term(&self, key: &str) -> bool {
        let tree = self.level(key).and_then(|(first, _)| first.tree.as_ref());
        tree.is_some_and(|tree| tree.long_term)
    }

    /// A data file of this form: what stands in a tree with a name counts as standing at the top,
    /// under both names.
    pub fn document<'s>(
        &self,
        source: &'s Arc<SourceFile>,
        findings: &mut Vec<Finding>,
    ) -> Document<'s> {
        let trees = self.trees.iter().map(|tree| tree.name.clone());
        Document::parse(source, findings).joined(trees.collect())
    }

    /// The header that begins such a table in a data file: `["数量指标"]`, or in a tree with a name
    /// `["长期绩效指标"."数量指标"]`.
    pub fn header(&self, key: &str) -> String {
        let level = self.level(key);
        match level.and_then(|(first, level)| Some((first.tree.as_ref()?, level))) {
            Some((tree, level)) => toml::header(&[&tree.name, &level.name]),
            None => toml::header(&[key]),
        }
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
        let levels = self.second_levels().map(|level| level.key.as_str());
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

/// What a section may be about: the tables with columns of their own and the trees with names.
struct SectionParts<'f> {
    tables: Vec<&'f str>,
    trees: Vec<&'f str>,
}

impl<'f> SectionParts<'f> {
    fn new(trees: &'f [Tree], first_levels: &'f [FirstLevel]) -> Self {
        let tables = first_levels.iter().filter(|first| first.detail.is_some());
        Self {
            tables: tables.map(|first| first.name.as_str()).collect(),
            trees: trees.iter().map(|tree| tree.name.as_str()).collect(),
        }
    }

    /// Reports sections that print what is not there, or do not say what of it they print.
    fn unknown(
        &self,
        blueprint: &Blueprint,
        source: &Arc<SourceFile>,
        findings: &mut Vec<Finding>,
    ) {
        for section in &blueprint.sections {
            let table = section.detail.as_deref().map(|name| (&self.tables, DETAILS, name));
            let tree = section.tree.as_deref().map(|name| (&self.trees, TREES, name));
            for (known, what, name) in table.into_iter().chain(tree) {
                if !known.contains(&name) {
                    let message = format!("没有{what}“{name}”");
                    let finding = Finding::at(&BAD_DEFINITION, declared(source, name), message);
                    findings.push(finding.help(match what {
                        TREES => "写 [\"指标树\"] 里的名称",
                        _ => "写 [\"明细表\".\"名称\"] 里的名称",
                    }));
                }
            }
            if self.trees.len() > 1 && section.has_all_trees() && !section.names_tree() {
                let message = "有几棵指标树，这一段看不出印的是哪一棵";
                let place = declared(source, "每条指标");
                let finding = Finding::at(&BAD_DEFINITION, place, message);
                let names = self.trees.join("、");
                findings.push(finding.help(format!(
                    "在“每条指标”里写上 {{指标树}}；或者一棵写一段，段里写 \"指标树\" = 它的名称（{names}）"
                )));
            }
        }
    }

    /// Reports what no section prints.
    fn unprinted(
        &self,
        blueprint: &Blueprint,
        source: &Arc<SourceFile>,
        findings: &mut Vec<Finding>,
    ) {
        let sections = || blueprint.sections.iter();
        for name in &self.tables {
            if !sections().any(|section| section.detail.as_deref() == Some(name)) {
                let message = format!("明细表“{name}”没有印在表上");
                let finding = Finding::at(&BAD_DEFINITION, declared(source, name), message);
                let help = format!("在版面的一段里写 \"明细表\" = \"{name}\" 和“每行”");
                findings.push(finding.help(help));
            }
        }
        for name in &self.trees {
            let prints = |it: &Section| it.has_all_trees() || it.tree.as_deref() == Some(name);
            if !sections().any(prints) {
                let message = format!("指标树“{name}”没有印在表上");
                let finding = Finding::at(&BAD_DEFINITION, declared(source, name), message);
                let help = format!("在版面的一段里写 \"指标树\" = \"{name}\" 和“每条指标”");
                findings.push(finding.help(help));
            }
        }
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
        TREES => Reference::Tree,
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

const ATTACHMENT: &str = "附件";

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
