//! What a form asks for: header fields, columns, the trees of indicators and the tables beside them.

use crate::diagnostics::{Finding, Rule, Severity, Span};
use crate::toml::{self, Entry, Need, Table};

use super::formula::{self, Formula};
use super::kind::{Kind, Limits, MOST};
use super::meaning::{ColumnMeaning, FieldMeaning, LevelMeaning, MEANING, Meaning, NO_MEANING};
use super::section::TREES;

pub(super) static BAD_DEFINITION: Rule = Rule {
    code: "E502",
    name: "表样有误",
    severity: Severity::Error,
    explanation: r#"看什么：表样的 form.toml 写得对不对。
为什么：数据里每个键的意思都由表样规定，表样错了，所有的表都会错。
反例：两个一级指标下面有同名的二级指标。
正例：每个二级指标的名称只出现一次。"#,
};

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

/// A tree of indicators with a name of its own (指标树), such as 长期绩效指标.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tree {
    /// Its name, which is the word on the form and the outer key of its tables.
    pub name: String,
    /// Whether it says what is aimed at in several years (多年).
    pub long_term: bool,
}

/// A first-level indicator (一级指标), such as 产出指标.
#[derive(Debug, Clone)]
pub struct FirstLevel {
    /// The tree it is in, if the form has trees with names.
    pub tree: Option<Tree>,
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
    /// What its table is called: by its name, or in a tree with a name by both:
    /// `长期绩效指标.数量指标`.
    pub key: String,
    /// The word on the form.
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

/// The names of some parts of a form, and what is written there.
pub(super) fn kinds<'p, P>(
    parts: Option<&'p Vec<P>>,
    of: impl Fn(&'p P) -> (&'p String, &'p Kind),
) -> Vec<(&'p str, &'p Kind)> {
    let parts = parts.into_iter().flatten().map(of);
    parts.map(|(name, kind)| (name.as_str(), kind)).collect()
}

pub(super) fn fields(
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

pub(super) fn columns(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Vec<Column>> {
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
pub(super) fn details(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Vec<FirstLevel> {
    let mut details = Vec::new();
    let Some(mut tables) = root.table(DETAILS, Need::Optional, findings) else { return details };
    for entry in tables.take_rest() {
        let name = entry.key().to_owned();
        let Some(mut table) = entry.table(findings) else { continue };
        let row_name = table.text("名称", Need::Filled, findings);
        let columns = columns_in(&mut table, findings);
        let Some(row_name) = row_name else { continue };
        let rows = SecondLevel {
            key: name.clone(),
            name: name.clone(),
            meaning: None,
            note: String::new(),
            if_any: false,
            required: false,
            quantified: false,
            description: String::new(),
        };
        details.push(FirstLevel {
            tree: None,
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

/// The trees with names (指标树).
pub(super) fn trees(root: &mut Table<'_>, findings: &mut Vec<Finding>) -> Vec<Tree> {
    let Some(mut table) = root.table(TREES, Need::Optional, findings) else { return Vec::new() };
    let mut trees = Vec::new();
    for entry in table.take_rest() {
        let Some(mut options) = entry.table(findings) else { continue };
        let long_term = options.flag("多年", findings);
        options.finish(findings);
        trees.push(Tree { name: entry.key().to_owned(), long_term });
    }
    trees
}

/// The first-level indicators, those of each tree one after the other.
pub(super) fn first_levels(
    root: &mut Table<'_>,
    trees: &[Tree],
    findings: &mut Vec<Finding>,
) -> Option<Vec<FirstLevel>> {
    let mut table = root.table("一级指标", Need::Present, findings)?;
    // Each with the one tree it is in, if it is not in all of them.
    let mut written: Vec<(Option<String>, FirstLevel)> = Vec::new();
    for entry in table.take_rest() {
        let Some(mut group) = entry.table(findings) else { continue };
        let only = only_tree(&mut group, trees, findings);
        let meaning = level_meaning(&entry, &mut group, true, findings);
        let if_any = group.flag(IF_ANY, findings);
        let mut second_levels: Vec<SecondLevel> = Vec::new();
        for entry in group.take_rest() {
            let name = entry.key().to_owned();
            let shares_tree = |it: &Option<String>| it.is_none() || only.is_none() || *it == only;
            let known = written.iter().filter(|(other, _)| shares_tree(other));
            let known = known.flat_map(|(_, first)| &first.second_levels);
            if known.chain(&second_levels).any(|level| level.name == name) {
                let message = format!("二级指标“{name}”写了两次");
                let finding = Finding::at(&BAD_DEFINITION, entry.key_span(), message)
                    .help("数据文件只按二级指标的名称分表，所以名称不能重复");
                findings.push(finding);
            }
            let Some(mut options) = entry.table(findings) else { continue };
            second_levels.push(SecondLevel {
                key: name.clone(),
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
        let name = entry.key().to_owned();
        let detail = None;
        let first = FirstLevel { tree: None, name, meaning, if_any, second_levels, detail };
        written.push((only, first));
    }
    if trees.is_empty() {
        return Some(written.into_iter().map(|(_, first)| first).collect());
    }
    let in_tree = |tree: &Tree| {
        let is_here = |only: &Option<String>| only.as_ref().is_none_or(|only| *only == tree.name);
        let own = written.iter().filter(|(only, _)| is_here(only));
        own.map(|(_, first)| first.in_tree(tree)).collect::<Vec<_>>()
    };
    Some(trees.iter().flat_map(in_tree).collect())
}

/// The tree a first-level indicator is in, if it says that it is in one only.
fn only_tree(group: &mut Table<'_>, trees: &[Tree], findings: &mut Vec<Finding>) -> Option<String> {
    let written = group.text(TREES, Need::Optional, findings)?;
    if !trees.iter().any(|tree| tree.name == *written.get_ref()) {
        let message = format!("没有{TREES}“{}”", written.get_ref());
        let finding = Finding::at(&BAD_DEFINITION, group.span_of(&written), message);
        findings.push(finding.help("写 [\"指标树\"] 里的名称；每一棵里都有的，不用写"));
        return None;
    }
    Some(written.into_inner())
}

impl FirstLevel {
    /// The same in a tree with a name.
    fn in_tree(&self, tree: &Tree) -> Self {
        let in_tree = |level: &SecondLevel| SecondLevel {
            key: toml::joined(&tree.name, &level.name),
            ..level.clone()
        };
        Self {
            tree: Some(tree.clone()),
            second_levels: self.second_levels.iter().map(in_tree).collect(),
            ..self.clone()
        }
    }
}

/// The key in `form.toml` of what has to be filled in.
const REQUIRED: &str = "必填";
/// The key in `form.toml` of what is not printed where there is nothing of it.
pub const IF_ANY: &str = "没有不印";

/// The key of the tables with columns of their own.
pub(super) const DETAILS: &str = "明细表";

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
