//! The picture of a form in `form.toml`: what is printed where, section by section.
//!
//! A row is a list of cells. Words are labels, `{…}` is a value, `{}` an empty cell; `↑` joins the
//! cell above and `←` the one to the left. The last cell of a row that is shorter than its
//! section takes the rest.

use crate::diagnostics::{Finding, Rule, Span};
use crate::grid::{Cell, Grid, Width};
use crate::toml::{Entry, Need, Table};

use super::template::{Reference, Scope, Template};

/// The key of the trees with names, and of the one that something is about.
pub const TREES: &str = "指标树";
/// Joins a cell to the one above it.
const UP: &str = "↑";
/// Joins a cell to the one on its left.
const LEFT: &str = "←";
/// A column as wide as its longest text.
const FIT: &str = "自动";

/// A stretch of a form with columns of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The widths of its columns.
    pub widths: Vec<Width>,
    /// The rows on top, which are printed again on every page its rows go on to (表头).
    pub head: Grid<Template>,
    /// Rows that are there once (行).
    pub rows: Grid<Template>,
    /// A row for each of several things (每条指标, 每个项目).
    pub each: Option<(Each, Grid<Template>)>,
    /// Right of the cells of `each`, below one first-level indicator: groups of cells that have rows of
    /// their own, each for the indicators that have a value in one of its columns.
    pub halves: Vec<Half>,
    /// The table with columns of its own that `each` is about (明细表), if it is one.
    pub detail: Option<String>,
    /// The only tree of indicators that `each` is about (指标树), if the form has several.
    pub tree: Option<String>,
    /// The row below those of each budget unit, if its department has several (每个单位).
    pub unit: Option<Grid<Template>>,
    /// The row below those of each department, if there are several (每个部门).
    pub department: Option<Grid<Template>>,
    /// The rows below all others (末行).
    pub last: Grid<Template>,
}

/// Cells that stand beside others and have rows of their own, such as 中期 | 年度.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Half {
    /// The column of the section in which it starts.
    pub column: usize,
    /// A row of it.
    pub row: Grid<Template>,
}

/// What a section has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// Every third-level indicator, in the order of the tree; a second-level one without any has
    /// an empty row.
    Indicator,
    /// Every project.
    Project,
}

impl Section {
    /// Whether it prints the indicators of all trees.
    pub(super) fn has_all_trees(&self) -> bool {
        let is_of_indicators = matches!(self.each, Some((Each::Indicator, _)));
        is_of_indicators && self.detail.is_none() && self.tree.is_none()
    }

    /// Whether its rows say which tree they are in.
    pub(super) fn names_tree(&self) -> bool {
        let mut cells = self.each.iter().flat_map(|(_, row)| row.cells());
        cells.any(|cell| cell.content.references().any(|it| *it == Reference::Tree))
    }

    /// Everything in it.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let each = self.each.as_ref().map(|(_, row)| row);
        let each = each.into_iter().chain(self.halves.iter().map(|half| &half.row));
        [&self.head, &self.rows, &self.last]
            .into_iter()
            .chain(each)
            .chain(&self.unit)
            .chain(&self.department)
            .flat_map(|grid| grid.cells().iter().map(|cell| &cell.content))
    }
}

/// What a word between braces stands for where something of a scope is printed, or why it stands
/// for nothing.
pub(super) type Resolve<'r> = dyn Fn(&str, Scope) -> Result<Reference, String> + 'r;

/// Reads sections: knows what the words between braces mean.
pub(super) struct Reader<'r> {
    pub rule: &'static Rule,
    /// What a word between braces stands for, or why it stands for nothing.
    pub resolve: &'r Resolve<'r>,
    /// What the fixed rows are about.
    pub scope: Scope,
    /// The share of the table's width that a column needs for a single letter.
    pub least_width: f64,
}

impl Reader<'_> {
    /// Reads one `[["版面"]]`. `None` if there are mistakes in it.
    pub fn section(&self, table: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Section> {
        let before = findings.len();
        let place = table.span();
        let widths = self.widths(table, findings);
        let detail = table.text("明细表", Need::Optional, findings);
        let detail = detail.map(|name| name.into_inner());
        let tree = table.text(TREES, Need::Optional, findings);
        let tree = tree.map(|name| name.into_inner());
        let of_each = if detail.is_some() { "每行" } else { "每条指标" };
        let [head, fixed, indicator, project, unit, department, last] =
            ["表头", "行", of_each, "每个项目", "每个单位", "每个部门", "末行"]
                .map(|key| table.list(key, Need::Optional, findings));
        if let (Some(_), Some(extra)) = (&indicator, project.as_ref().and_then(|row| row.first())) {
            let message = "一段里只能有“每条指标”和“每个项目”中的一种";
            findings.push(Finding::at(self.rule, extra.key_span(), message).help("分成两段写"));
        }
        // Several lists are groups beside each other.
        let mut groups = match &indicator {
            Some(row) if row.iter().any(|item| !item.is_text()) => {
                let groups = row.iter().map(|group| group.items(findings).unwrap_or_default());
                groups.collect()
            }
            _ => Vec::new(),
        };
        let all_groups: usize = groups.iter().map(Vec::len).sum();
        let each = match (indicator, project) {
            (Some(_), _) if !groups.is_empty() => {
                Some((Each::Indicator, Scope::Indicator, groups.remove(0)))
            }
            (Some(row), _) => Some((Each::Indicator, Scope::Indicator, row)),
            (None, Some(row)) => Some((Each::Project, Scope::Project, row)),
            (None, None) => None,
        };
        // Without widths, all columns of the longest row are equally wide.
        let columns = widths.as_ref().map_or_else(
            || {
                let lists = [&head, &fixed, &last].into_iter().flatten().flatten();
                let longest = lists.filter_map(|row| Some(row.items(&mut Vec::new())?.len()));
                let own = each.iter().map(|(_, _, row)| row.len());
                longest.chain(own).chain([all_groups]).max().unwrap_or(0)
            },
            Vec::len,
        );
        let head = self.grid(head, columns, Scope::Form, findings);
        let fixed = self.grid(fixed, columns, self.scope, findings);
        if all_groups > 0 && all_groups != columns && findings.len() == before {
            let message = format!("各组一共 {all_groups} 格，这一段有 {columns} 列");
            let finding = Finding::at(self.rule, place.clone(), message);
            findings.push(finding.help("几组并排时，每一列都要写一格"));
        }
        let mut halves = Vec::new();
        let mut start = each.as_ref().map_or(0, |(_, _, row)| row.len());
        for group in groups {
            let (column, width) = (start, group.len());
            start += width;
            halves.push(Half { column, row: self.row(group, width, Scope::Indicator, findings) });
        }
        let each = each.map(|(each, scope, row)| {
            // Where others stand beside it, its last cell does not take the rest.
            let width = if halves.is_empty() { columns } else { row.len() };
            (each, self.row(row, width, scope, findings))
        });
        let unit = unit.map(|row| self.row(row, columns, Scope::Department, findings));
        let department = department.map(|row| self.row(row, columns, Scope::Department, findings));
        let last = self.grid(last, columns, self.scope, findings);
        let widths = widths.unwrap_or_else(|| vec![Width::Share(1); columns]);
        let is_empty = [&head, &fixed, &last].iter().all(|rows| rows.rows() == 0) && each.is_none();
        if (columns == 0 || is_empty) && findings.len() == before {
            let finding = Finding::at(self.rule, place.clone(), "这一段里没有内容");
            findings.push(finding.help("补上“行”“表头”“每条指标”或“每个项目”"));
        }
        if findings.len() == before && self.too_narrow(&widths).is_some() {
            let finding = Finding::at(self.rule, place, "这一段的列太多，一列放不下一个字");
            findings.push(finding.help("去掉几列，把纸横过来（\"纸张\" = \"横\"），或改小字号"));
        }
        if findings.len() > before {
            return None;
        }
        let rows = fixed;
        Some(Section { widths, head, rows, each, halves, detail, tree, unit, department, last })
    }

    fn widths(&self, table: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Vec<Width>> {
        let items = table.list("宽", Need::Optional, findings)?;
        let width = |item: &Entry<'_>, findings: &mut Vec<Finding>| {
            if item.is_text() && item.text(findings)?.get_ref() == FIT {
                return Some(Width::Fit);
            }
            let number = item.number(findings)?;
            let share = number.get_ref().to_string().parse().ok().filter(|share| *share > 0);
            if share.is_none() {
                let message = "列宽要是大于 0 的整数";
                let finding = Finding::at(self.rule, item.value_span(), message);
                findings.push(finding.help(format!(
                    "写各列宽度的比例，例如 \"宽\" = [29, 48, 79]；和最长的字一样宽的写 \"{FIT}\""
                )));
            }
            share.map(Width::Share)
        };
        let widths: Vec<Width> = items.iter().filter_map(|item| width(item, findings)).collect();
        if widths.len() != items.len() || widths.is_empty() {
            return None;
        }
        if let Some(narrow) = self.too_narrow(&widths).and_then(|column| items.get(column)) {
            let finding = Finding::at(self.rule, narrow.value_span(), "这一列太窄，放不下一个字");
            findings.push(
                finding.help("写大些；列太多，就把纸横过来（\"纸张\" = \"横\"），或改小字号"),
            );
        }
        Some(widths)
    }

    /// The first column that has no room for a letter. Those as wide as their texts leave the
    /// others what they need.
    fn too_narrow(&self, widths: &[Width]) -> Option<usize> {
        let shares = widths.iter().map(|width| match width {
            Width::Share(share) => Some(f64::from(*share)),
            Width::Fit => None,
        });
        let Some(shares) = shares.collect::<Option<Vec<f64>>>() else {
            let least: f64 = widths.iter().map(|_| self.least_width).sum();
            return (least > 1.0).then_some(widths.len() - 1);
        };
        let sum: f64 = shares.iter().sum();
        shares.iter().position(|share| *share < sum * self.least_width)
    }

    /// A single row, written as a list of cells.
    fn row(
        &self,
        cells: Vec<Entry<'_>>,
        columns: usize,
        scope: Scope,
        findings: &mut Vec<Finding>,
    ) -> Grid<Template> {
        self.cells(vec![cells], columns, scope, findings)
    }

    /// Rows, written as a list of lists of cells.
    fn grid(
        &self,
        rows: Option<Vec<Entry<'_>>>,
        columns: usize,
        scope: Scope,
        findings: &mut Vec<Finding>,
    ) -> Grid<Template> {
        let rows = rows.unwrap_or_default();
        let rows = rows.iter().map(|row| row.items(findings).unwrap_or_default()).collect();
        self.cells(rows, columns, scope, findings)
    }

    fn cells(
        &self,
        rows: Vec<Vec<Entry<'_>>>,
        columns: usize,
        scope: Scope,
        findings: &mut Vec<Finding>,
    ) -> Grid<Template> {
        let mut cells: Vec<(Cell<Template>, Span)> = Vec::new();
        for (row, items) in rows.iter().enumerate() {
            if let Some(extra) = items.get(columns) {
                let message = format!("这一行有 {} 格，这一段只有 {columns} 列", items.len());
                let finding = Finding::at(self.rule, extra.value_span(), message);
                findings.push(finding.help("去掉多的格，或在“宽”里加一列"));
            }
            for (column, item) in items.iter().enumerate().take(columns) {
                let Some(text) = item.text(findings) else { continue };
                let rest = if column + 1 == items.len() { columns - column } else { 1 };
                let joined = match text.get_ref().as_str() {
                    UP => self.join_above(&mut cells, row, column, rest),
                    LEFT => self.join_left(&mut cells, row, column, rest),
                    text => {
                        let content = self.template(text, item, scope, findings);
                        let cell = Cell { row, column, rows: 1, columns: rest, content };
                        cells.push((cell, item.value_span()));
                        Ok(())
                    }
                };
                if let Err(message) = joined {
                    let finding = Finding::at(self.rule, item.value_span(), message);
                    findings.push(finding.help("“↑”和上面的格合成一格，“←”和左边的合成一格"));
                }
            }
        }
        let count = rows.len();
        let cells = cells.into_iter().map(|(cell, _)| cell).collect();
        let widths = vec![Width::Share(1); columns];
        Grid::new(widths, count, cells).unwrap_or_else(|untiled| {
            // The cell that is written there, or the last one before.
            let row = rows.get(untiled.row).map_or(&[][..], Vec::as_slice);
            let item = row.get(untiled.column).or(row.last());
            if let Some(place) = item.or(rows.iter().flatten().next()).map(Entry::value_span) {
                let message = format!(
                    "第 {} 行第 {} 列的格拼不成长方形",
                    untiled.row + 1,
                    untiled.column + 1
                );
                let finding = Finding::at(self.rule, place, message);
                findings.push(finding.help("检查“↑”和“←”：合起来的格要是一个长方形"));
            }
            Grid::default()
        })
    }

    /// Lets the cell above reach down into a row.
    fn join_above(
        &self,
        cells: &mut [(Cell<Template>, Span)],
        row: usize,
        column: usize,
        columns: usize,
    ) -> Result<(), &'static str> {
        let above = cells.iter_mut().map(|(cell, _)| cell);
        let above = above
            .filter(|cell| cell.end_row() == row || cell.end_row() == row + 1)
            .find(|cell| (cell.column..cell.end_column()).contains(&column) && cell.row < row);
        match above {
            Some(cell) if cell.column == column && cell.columns == columns => {
                cell.rows = row + 1 - cell.row;
                Ok(())
            }
            // A cell that is several columns wide is joined by as many `↑`.
            Some(cell) if cell.end_column() >= column + columns => {
                cell.rows = row + 1 - cell.row;
                Ok(())
            }
            Some(_) => Err("“↑”和上面的格不一样宽"),
            None => Err("“↑”上面没有可以合并的格"),
        }
    }

    /// Lets the cell to the left reach into a column.
    fn join_left(
        &self,
        cells: &mut [(Cell<Template>, Span)],
        row: usize,
        column: usize,
        columns: usize,
    ) -> Result<(), &'static str> {
        let left = cells.iter_mut().map(|(cell, _)| cell);
        let mut left = left.filter(|cell| (cell.row..cell.end_row()).contains(&row));
        match left.find(|cell| cell.column < column && column <= cell.end_column()) {
            // It came down with the cell above: `↑`, `←` below a cell of two columns.
            Some(cell) if column < cell.end_column() => Ok(()),
            Some(cell) => {
                cell.columns += columns;
                Ok(())
            }
            None => Err("“←”左边没有可以合并的格"),
        }
    }

    fn template(
        &self,
        text: &str,
        item: &Entry<'_>,
        scope: Scope,
        findings: &mut Vec<Finding>,
    ) -> Template {
        template(self.rule, text, item.value_span(), scope, self.resolve, findings)
    }
}

/// Reads a text with values that is about `scope`; `place` is its quoted spelling.
pub(super) fn template(
    rule: &'static Rule,
    text: &str,
    place: Span,
    scope: Scope,
    resolve: &Resolve<'_>,
    findings: &mut Vec<Finding>,
) -> Template {
    let resolved = Template::parse(text, |name| {
        let reference = resolve(name, scope)?;
        if reference.scope() > scope {
            return Err(format!("“{{{name}}}”不能写在这里：这一行不是一{}一行", unit(&reference)));
        }
        Ok(reference)
    });
    resolved.unwrap_or_else(|(message, at)| {
        findings.push(
            Finding::at(rule, place.part(text, at), message).help(
                "花括号里写部门、项目的栏目，资金的各行，指标列，或 年度、单位、序号、页码 等",
            ),
        );
        Template::default()
    })
}

fn unit(reference: &Reference) -> &'static str {
    match reference.scope() {
        Scope::Indicator => "条指标",
        Scope::Project => "个项目",
        Scope::Form | Scope::All | Scope::Department => "个部门",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Severity, SourceFile};
    use crate::form::funding::AmountKey;
    use crate::form::template::Part;
    use crate::toml::Document;

    static WRONG: Rule =
        Rule { code: "E000", name: "错", severity: Severity::Error, explanation: "" };

    fn resolve(word: &str, _: Scope) -> Result<Reference, String> {
        let owned = word.to_owned();
        Ok(match word {
            "年度" => Reference::Year(0),
            "年度+2" => Reference::Year(2),
            "单位" => Reference::Unit,
            "部门" => Reference::DepartmentField(owned),
            "名称" => Reference::ProjectField(owned),
            "金额" => Reference::Amount(AmountKey { line: owned, column: None }),
            "一级" => Reference::FirstLevel,
            "三级" => Reference::Indicator,
            "值" => Reference::Column(owned),
            "序号" => Reference::Number,
            _ => return Err(format!("表样里没有“{word}”")),
        })
    }

    fn read(text: &str, scope: Scope) -> (Option<Section>, Vec<Finding>) {
        let source = SourceFile::new("form.toml", text);
        let mut findings = Vec::new();
        let document = Document::parse(&source, &mut findings);
        let mut table = document.root();
        let reader = Reader { rule: &WRONG, resolve: &resolve, scope, least_width: 0.05 };
        let section = reader.section(&mut table, &mut findings);
        table.finish(&mut findings);
        (section, findings)
    }

    #[track_caller]
    fn section(text: &str) -> Section {
        let (section, findings) = read(text, Scope::Project);
        assert!(findings.is_empty(), "{findings:?}");
        section.unwrap()
    }

    fn picture(grid: &Grid<Template>) -> String {
        let text = |template: &Template| -> String {
            let parts = template.parts.iter().map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Value(value) => format!("<{value:?}>").replace('"', ""),
            });
            parts.collect()
        };
        let cells = grid.cells().iter().map(|cell| {
            let Cell { row, column, rows, columns, ref content } = *cell;
            Cell { row, column, rows, columns, content: text(content) }
        });
        Grid::new(grid.widths().to_vec(), grid.rows(), cells.collect()).unwrap().to_string()
    }

    /// Asserts that there is one finding, on this text of this line, that says this and gives advice.
    #[track_caller]
    fn assert_wrong(text: &str, line: usize, marked: &str, message: &str) {
        let (section, findings) = read(text, Scope::Project);
        assert!(section.is_none(), "{text}");
        let [finding] = &findings[..] else { panic!("{text}\n{findings:?}") };
        let span = finding.span().unwrap();
        assert_eq!((span.line(), span.text()), (line, marked), "{text}\n{finding:?}");
        assert_eq!(finding.message, message, "{text}");
        assert!(!finding.help.is_empty(), "{text}");
    }

    #[test]
    fn a_section_is_the_picture_that_is_written() {
        let section = section(
            r#"
"宽" = [1, 2, 3]
"表头" = [["名", "{年度+2}年", "（{单位}）"]]
"行" = [
  ["甲", "{名称}", "{}"],
  ["↑", "{部门}{名称}", "←"],
  ["全部"],
]
"每条指标" = ["{一级}", "{三级}", "{值}"]
"末行" = [["共", "{金额}"]]
"#,
        );
        assert_eq!(section.widths, [1, 2, 3].map(Width::Share));
        assert_eq!(picture(&section.head), "│ 名 │ <Year(2)>年 │ （<Unit>） │\n");
        assert_eq!(
            picture(&section.rows),
            "│ 甲 │ <ProjectField(名称)> │  │\n\
             │ ↑ │ <DepartmentField(部门)><ProjectField(名称)> │ ← │\n\
             │ 全部 │ ← │ ← │\n"
        );
        let (each, row) = section.each.as_ref().unwrap();
        assert_eq!(*each, Each::Indicator);
        assert_eq!(picture(row), "│ <FirstLevel> │ <Indicator> │ <Column(值)> │\n");
        assert_eq!(
            picture(&section.last),
            "│ 共 │ <Amount(AmountKey { line: 金额, column: None })> │ ← │\n"
        );
        assert_eq!(section.department, None);
        assert_eq!(section.templates().count(), 3 + 5 + 3 + 2);
    }

    #[test]
    fn cells_join_upwards_and_to_the_left() {
        let joined =
            |rows: &str| picture(&section(&format!("\"宽\" = [1, 1, 1]\n\"行\" = [{rows}]")).rows);
        // A cell of two rows and two columns, written out or with the rest of the row.
        let block = "│ 甲 │ ← │ 乙 │\n│ ↑ │ ← │ 丙 │\n";
        assert_eq!(joined(r#"["甲", "←", "乙"], ["↑", "←", "丙"]"#), block);
        assert_eq!(joined(r#"["甲", "←", "乙"], ["↑", "↑", "丙"]"#), block);
        let rest = "│ 甲 │ 乙 │ ← │\n│ 丙 │ ↑ │ ← │\n│ 丁 │ ↑ │ ← │\n";
        assert_eq!(joined(r#"["甲", "乙"], ["丙", "↑"], ["丁", "↑"]"#), rest);
        assert_eq!(joined(r#"["甲", "乙", "←"], ["丙", "↑", "↑"], ["丁", "↑"]"#), rest);
        let tall = "│ 甲 │ 乙 │ 丙 │\n│ ↑ │ 丁 │ ← │\n│ ↑ │ 戊 │ 己 │\n";
        assert_eq!(joined(r#"["甲", "乙", "丙"], ["↑", "丁"], ["↑", "戊", "己"]"#), tall);
        assert_eq!(joined(r#"["甲", "←", "←"]"#), "│ 甲 │ ← │ ← │\n");
        assert_eq!(joined(r#"["{}"]"#), "│  │ ← │ ← │\n");
    }

    #[test]
    fn without_widths_the_columns_of_the_longest_row_are_equally_wide() {
        let section = section("\"行\" = [[\"甲\"], [\"乙\", \"丙\", \"丁\"]]\n");
        assert_eq!(section.widths, [Width::Share(1); 3]);
        assert_eq!(picture(&section.rows), "│ 甲 │ ← │ ← │\n│ 乙 │ 丙 │ 丁 │\n");
    }

    #[test]
    fn a_column_may_be_as_wide_as_its_texts() {
        let section = section("\"宽\" = [\"自动\", 3]\n\"行\" = [[\"甲\", \"乙\"]]\n");
        assert_eq!(section.widths, [Width::Fit, Width::Share(3)]);
    }

    #[test]
    fn words_between_braces_have_to_mean_something() {
        let row = |cell: &str| format!("\"宽\" = [1, 1]\n\"行\" = [\n[\"甲\", \"{cell}\"],\n]\n");
        for (cell, marked, message) in [
            ("前{没有的}后", "{没有的}", "表样里没有“没有的”"),
            ("{名称}{年}", "{年}", "表样里没有“年”"),
            ("{三级}", "{三级}", "“{三级}”不能写在这里：这一行不是一条指标一行"),
            ("{一级}（{值}）", "{一级}", "“{一级}”不能写在这里：这一行不是一条指标一行"),
            ("前{名称", "{", "花括号没有配对"),
            ("名称}", "}", "花括号没有配对"),
            ("{名称{部门}", "{名称{部门}", "表样里没有“名称{部门”"),
        ] {
            assert_wrong(&row(cell), 3, marked, message);
        }
        // Labels of the head are on every form of the year.
        let head =
            "\"宽\" = [1, 1]\n\"表头\" = [[\"甲\", \"{名称}\"]]\n\"行\" = [[\"乙\", \"丙\"]]\n";
        assert_wrong(head, 2, "{名称}", "“{名称}”不能写在这里：这一行不是一个项目一行");
        let department = "\"宽\" = [1, 1]\n\"每个项目\" = [\"{序号}\", \"{名称}\"]\n\
                          \"每个部门\" = [\"小计\", \"{名称}\"]\n";
        assert_wrong(department, 3, "{名称}", "“{名称}”不能写在这里：这一行不是一个项目一行");
    }

    #[test]
    fn of_all_projects_a_row_has_sums_and_no_names() {
        let text = "\"宽\" = [1, 1]\n\"每个项目\" = [\"{部门}\", \"{金额}\"]\n\"末行\" = [[\"{部门}\", \"{金额}\"]]\n";
        let (section, findings) = read(text, Scope::All);
        assert!(section.is_none());
        let messages: Vec<&str> = findings.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, ["“{部门}”不能写在这里：这一行不是一个部门一行"]);
    }

    #[test]
    fn joining_needs_something_to_join() {
        let rows = |rows: &str| format!("\"宽\" = [1, 1, 1]\n\"行\" = [\n{rows}\n]\n");
        for (text, line, marked, message) in [
            (rows(r#"["↑", "甲", "乙"]"#), 3, "\"↑\"", "“↑”上面没有可以合并的格"),
            (rows(r#"["←", "甲", "乙"]"#), 3, "\"←\"", "“←”左边没有可以合并的格"),
            (
                rows("[\"甲\", \"←\", \"乙\"],\n[\"丙\", \"↑\", \"丁\"]"),
                4,
                "\"丙\"",
                "第 2 行第 1 列的格拼不成长方形",
            ),
            (
                rows("[\"甲\", \"乙\", \"丙\"],\n[\"丁\", \"↑\"]"),
                4,
                "\"↑\"",
                "“↑”和上面的格不一样宽",
            ),
        ] {
            let (section, findings) = read(&text, Scope::Project);
            assert!(section.is_none(), "{text}");
            let finding = findings.first().unwrap_or_else(|| panic!("{text}"));
            let span = finding.span().unwrap();
            assert_eq!((span.line(), span.text()), (line, marked), "{text}\n{findings:#?}");
            assert_eq!(finding.message, message, "{text}");
            assert!(!finding.help.is_empty());
        }
        let each = "\"宽\" = [1, 1]\n\"每条指标\" = [\"↑\", \"{值}\"]\n";
        assert_eq!(read(each, Scope::Project).1[0].message, "“↑”上面没有可以合并的格");
    }

    #[test]
    fn a_row_has_no_more_cells_than_there_are_columns() {
        let text = "\"宽\" = [1, 1]\n\"行\" = [\n[\"甲\", \"乙\"],\n[\"丙\", \"丁\", \"戊\", \"己\"],\n]\n";
        assert_wrong(text, 4, "\"戊\"", "这一行有 4 格，这一段只有 2 列");
        let text = "\"宽\" = [1, 1]\n\"每条指标\" = [\"甲\", \"{三级}\", \"{值}\"]\n";
        assert_wrong(text, 2, "\"{值}\"", "这一行有 3 格，这一段只有 2 列");
    }

    #[test]
    fn rows_are_for_indicators_or_for_projects() {
        let text = "\"宽\" = [1, 1]\n\"每条指标\" = [\"{三级}\", \"{值}\"]\n\"每个项目\" = [\"{序号}\", \"{名称}\"]\n";
        let message = "一段里只能有“每条指标”和“每个项目”中的一种";
        assert_wrong(text, 3, "\"{序号}\"", message);
    }

    #[test]
    fn widths_are_whole_numbers_above_nothing() {
        for width in ["0", "-1", "1.5"] {
            let text = format!("\"宽\" = [1,\n{width}]\n\"行\" = [[\"甲\", \"乙\"]]\n");
            assert_wrong(&text, 2, width, "列宽要是大于 0 的整数");
        }
        let (section, findings) =
            read("\"宽\" = [1, \"宽\"]\n\"行\" = [[\"甲\"]]\n", Scope::Project);
        assert!(section.is_none());
        assert!(findings.iter().any(|it| it.span().unwrap().line() == 1 && !it.help.is_empty()));
    }

    #[test]
    fn a_section_says_something() {
        let (section, findings) = read("", Scope::Project);
        assert!(section.is_none());
        assert_eq!(findings[0].message, "这一段里没有内容");
        assert!(!findings[0].help.is_empty());
        // Neither are columns without anything in them a section.
        let (section, findings) = read("\"宽\" = [1, 2]\n", Scope::Project);
        assert!(section.is_none() && !findings.is_empty(), "{findings:?}");
    }

    #[test]
    fn words_that_are_no_part_of_a_section_are_told() {
        let (_, findings) = read("\"宽\" = [1]\n\"行\" = [[\"甲\"]]\n\"列\" = 3\n", Scope::Project);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].span().unwrap().line(), 3);
    }

    #[test]
    fn rows_that_are_no_rows_are_told() {
        for rows in ["\"甲\"", "[\"甲\"]", "[[1]]", "[[[\"甲\"]]]", "[{}]", "[]"] {
            let text = format!("\"宽\" = [1]\n\"行\" = {rows}\n");
            let (section, findings) = read(&text, Scope::Project);
            assert!(section.is_none(), "{text} {section:?}");
            assert!(!findings.is_empty(), "{text}");
            assert!(findings.iter().all(|it| !it.help.is_empty()), "{text} {findings:?}");
        }
    }
}
