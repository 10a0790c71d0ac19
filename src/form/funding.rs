//! The funds on a form (资金): their lines, and how amounts are written and printed.

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
    /// All lines, the total first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.total.lines()
    }

    /// The lines that people write.
    pub fn leaves(&self) -> impl Iterator<Item = &Line> {
        self.total.leaves()
    }

    /// The lines that are the sums of others.
    pub fn sums(&self) -> impl Iterator<Item = &Line> {
        self.lines().filter(|line| !line.parts.is_empty())
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
        let format = reader.format(&mut table, findings);
        let description = table.text("说明", Need::Optional, findings);
        table.finish(findings);
        Some(Self {
            table: match key {
                Some(key) => Some(key?.into_inner()),
                None => None,
            },
            total: Line { name: total?, parts },
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
