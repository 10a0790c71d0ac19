//! The funds on a form (资金): their lines and columns, and how amounts are written and printed.

use std::fmt;

use crate::amount::{Format, Unit};
use crate::diagnostics::{Finding, Rule};
use crate::toml::{Entry, Need, Table};

/// The funds on a form.
#[derive(Debug, Clone)]
pub struct Funding {
    /// The key of their table in a project's file, such as `项目资金` (表名); without one, the
    /// amounts stand among the fields of the project.
    pub table: Option<String>,
    /// The funds of the year as a whole, with the parts that add up to them (合计, 分项).
    pub total: Line,
    /// The columns of amounts that each line has (列), such as 年初预算数 and 全年执行数. What rules,
    /// comparisons and tables of departments say of the funds, they say of the first. Without
    /// any, a line has one amount.
    pub columns: Vec<String>,
    /// How amounts are written and printed.
    pub format: Format,
    /// What belongs there, for who fills it in (说明); may be empty.
    pub description: String,
}

/// A line of the funds. One with parts is their sum, one without is what people write: so nothing
/// is ever counted twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The key, which is the word on the form.
    pub name: String,
    /// The parts that add up to it.
    pub parts: Vec<Line>,
}

/// An amount on a form: a line of the funds, in one of the columns if the form has some.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AmountKey {
    /// The line.
    pub line: String,
    /// The column.
    pub column: Option<String>,
}

impl AmountKey {
    /// What it is called where people read of it: `财政拨款（全年执行数）`.
    pub fn label(&self) -> String {
        match &self.column {
            Some(column) => format!("{}（{column}）", self.line),
            None => self.line.clone(),
        }
    }
}

/// As a form refers to it: `财政拨款.全年执行数`.
impl fmt::Display for AmountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)?;
        self.column.as_ref().map_or(Ok(()), |column| write!(f, ".{column}"))
    }
}

impl Line {
    /// It and all its parts, from top to bottom.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        let mut rest = vec![self];
        std::iter::from_fn(move || {
            let line = rest.pop()?;
            rest.extend(line.parts.iter().rev());
            Some(line)
        })
    }

    /// What of it people write: its parts that have none themselves, or it itself.
    pub fn leaves(&self) -> impl Iterator<Item = &Line> {
        self.lines().filter(|line| line.parts.is_empty())
    }
}

impl Funding {
    /// The funds of a form that has none.
    pub(super) fn none() -> Self {
        let total = Line { name: String::new(), parts: Vec::new() };
        let format = Format::default();
        let (table, columns, description) = Default::default();
        Self { table, total, columns, format, description }
    }

    /// All lines, the total first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        // A form without funds has no line, not even for their total.
        self.total.lines().filter(|line| !line.name.is_empty())
    }

    /// The lines that people write.
    pub fn leaves(&self) -> impl Iterator<Item = &Line> {
        self.lines().filter(|line| line.parts.is_empty())
    }

    /// The lines that are the sums of others.
    pub fn sums(&self) -> impl Iterator<Item = &Line> {
        self.lines().filter(|line| !line.parts.is_empty())
    }

    /// Its columns; of a form without any, the only one, which has no name.
    pub fn column_names(&self) -> impl Iterator<Item = Option<&str>> {
        let only = self.columns.is_empty().then_some(None);
        only.into_iter().chain(self.columns.iter().map(|column| Some(column.as_str())))
    }

    /// The amounts of a line, from left to right.
    pub fn keys_of(&self, line: &Line) -> impl Iterator<Item = AmountKey> {
        let names = self.column_names().map(|column| column.map(str::to_owned));
        names.map(|column| AmountKey { line: line.name.clone(), column })
    }

    /// All amounts, line by line.
    pub fn amounts(&self) -> impl Iterator<Item = AmountKey> {
        self.lines().flat_map(|line| self.keys_of(line))
    }

    /// What a path of a project's file leads to within the funds; `None` if it leads elsewhere.
    pub fn within<'p>(&self, path: &'p [String]) -> Option<&'p [String]> {
        match (&self.table, path) {
            (None, path) => Some(path),
            (Some(table), [first, rest @ ..]) if first == table => Some(rest),
            (Some(_), _) => None,
        }
    }

    /// The line of a name.
    pub fn line(&self, name: &str) -> Option<&Line> {
        self.lines().find(|line| line.name == name)
    }

    /// The unit of amounts.
    pub fn unit(&self) -> Unit {
        self.format.unit
    }

    /// The keys of a project's file that funds have: their table, or their lines.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let lines = self.table.is_none().then(|| self.lines().map(|line| line.name.as_str()));
        self.table.as_deref().into_iter().chain(lines.into_iter().flatten())
    }

    /// Reads `["资金"]`.
    pub(super) fn parse(
        root: &mut Table<'_>,
        rule: &'static Rule,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let mut table = root.table("资金", Need::Present, findings)?;
        let key = match table.has("表名") {
            true => Some(table.text("表名", Need::Filled, findings)),
            false => None,
        };
        let mut names = Vec::new();
        let total = table.text("合计", Need::Filled, findings);
        let total = total.map(|name| {
            names.push(name.get_ref().clone());
            name.into_inner()
        });
        let reader = Reader { rule };
        let parts = table.list("分项", Need::Optional, findings).unwrap_or_default();
        let parts = reader.parts(&parts, &mut names, findings);
        let columns = reader.columns(&mut table, &names, findings);
        let format = reader.format(&mut table, findings);
        let description = table.text("说明", Need::Optional, findings);
        table.finish(findings);
        Some(Self {
            table: match key {
                Some(key) => Some(key?.into_inner()),
                None => None,
            },
            total: Line { name: total?, parts },
            columns,
            format,
            description: description.map(|text| text.into_inner()).unwrap_or_default(),
        })
    }
}

/// Reads the table of funds.
struct Reader {
    rule: &'static Rule,
}

impl Reader {
    /// The parts of a line: names, or tables with parts of their own. `names` are those of all
    /// lines so far.
    fn parts(
        &self,
        items: &[Entry<'_>],
        names: &mut Vec<String>,
        findings: &mut Vec<Finding>,
    ) -> Vec<Line> {
        items.iter().filter_map(|item| self.line(item, names, findings)).collect()
    }

    fn line(
        &self,
        item: &Entry<'_>,
        names: &mut Vec<String>,
        findings: &mut Vec<Finding>,
    ) -> Option<Line> {
        if !item.is_table() {
            let name = item.filled_text(Need::Filled, findings)?.into_inner();
            self.note(&name, item, names, findings);
            return Some(Line { name, parts: Vec::new() });
        }
        let mut table = item.table(findings)?;
        let name = table.text("名称", Need::Filled, findings);
        if let Some(name) = &name {
            self.note(name.get_ref(), item, names, findings);
        }
        let parts = table.list("分项", Need::Optional, findings).unwrap_or_default();
        let parts = self.parts(&parts, names, findings);
        table.finish(findings);
        Some(Line { name: name?.into_inner(), parts })
    }

    /// The columns (列). `lines` are the names of all lines.
    fn columns(
        &self,
        table: &mut Table<'_>,
        lines: &[String],
        findings: &mut Vec<Finding>,
    ) -> Vec<String> {
        let mut columns: Vec<String> = Vec::new();
        for column in table.texts("列", Need::Optional, findings).unwrap_or_default() {
            let name = column.get_ref().trim();
            let message = if name.is_empty() {
                "“列”里有一个空的名称".to_owned()
            } else if columns.iter().chain(lines).any(|known| known == name) {
                format!("资金里有两处“{name}”")
            } else {
                columns.push(name.to_owned());
                continue;
            };
            let finding = Finding::at(self.rule, table.span_of(&column), message);
            findings.push(finding.help("每一列写一个名称，不和别的列、别的行重复"));
        }
        columns
    }

    /// Reports a name that another line has.
    fn note(
        &self,
        name: &str,
        item: &Entry<'_>,
        names: &mut Vec<String>,
        findings: &mut Vec<Finding>,
    ) {
        if names.iter().any(|known| known == name) {
            let message = format!("资金里有两行“{name}”");
            let finding = Finding::at(self.rule, item.value_span(), message);
            findings.push(finding.help("数据文件只按名称认金额，所以名称不能重复；改一个名称"));
        }
        names.push(name.to_owned());
    }

    /// How amounts are written and printed: 单位, 小数, 千分位, 零.
    fn format(&self, table: &mut Table<'_>, findings: &mut Vec<Finding>) -> Format {
        let unit = table.text("单位", Need::Optional, findings).and_then(|unit| {
            let known = Unit::ALL.into_iter().find(|known| known.name() == unit.get_ref());
            if known.is_none() {
                let message = format!("金额没有“{}”这个单位", unit.get_ref());
                let finding = Finding::at(self.rule, table.span_of(&unit), message);
                findings.push(finding.help("写 \"万元\" 或 \"元\"；不写就是万元"));
            }
            known
        });
        let mut format = Format::of(unit.unwrap_or_default());
        if let Some(entry) = table.take(Self::DECIMALS) {
            match self.decimals(&entry, format.unit, findings) {
                Some(decimals) => format.decimals = decimals,
                None => return format,
            }
        }
        format.thousands = table.flag("千分位", findings);
        if let Some(zero) = table.text("零", Need::Optional, findings) {
            format.zero = zero.into_inner();
        }
        format
    }

    const DECIMALS: &'static str = "小数";
    /// No more decimals than an amount has.
    const AS_WRITTEN: &'static str = "不补零";

    fn decimals(
        &self,
        entry: &Entry<'_>,
        unit: Unit,
        findings: &mut Vec<Finding>,
    ) -> Option<Option<u32>> {
        if entry.is_text() && entry.text(findings)?.get_ref() == Self::AS_WRITTEN {
            return Some(None);
        }
        let most = unit.decimals();
        let number = match entry.is_text() {
            true => None,
            false => Some(entry.number(findings)?.into_inner().to_string()),
        };
        let decimals = number.and_then(|number| number.parse().ok()).filter(|it| *it <= most);
        if decimals.is_none() {
            let message = format!("单位是{unit}的金额，小数只能是 0 到 {most} 位");
            let finding = Finding::at(self.rule, entry.value_span(), message);
            findings.push(finding.help(format!(
                "第 {most} 位小数就是 1 分钱；有几位印几位的，写 \"{}\"",
                Self::AS_WRITTEN
            )));
        }
        decimals.map(Some)
    }
}
