//! The picture of a form in `form.toml`: what is printed where, section by section.
//!
//! A row is a list of cells. Words are labels, `{…}` is a value, `{}` an empty cell; `↑` joins the
//! cell above and `←` the one to the left. The last cell of a row that is shorter than its
//! section takes the rest.

use crate::diagnostics::{Finding, Rule, Span};
use crate::grid::{Cell, Grid, Width};
use crate::toml::{Entry, Need, Table};

use super::template::{Reference, Scope, Template};

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
    /// The row below those of each department, if there are several (每个部门).
    pub department: Option<Grid<Template>>,
    /// The rows below all others (末行).
    pub last: Grid<Template>,
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
    /// Everything in it.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let each = self.each.as_ref().map(|(_, row)| row);
        [&self.head, &self.rows, &self.last]
            .into_iter()
            .chain(each)
            .chain(&self.department)
            .flat_map(|grid| grid.cells().iter().map(|cell| &cell.content))
    }
}

/// Reads sections: knows what the words between braces mean.
pub(super) struct Reader<'r> {
    pub rule: &'static Rule,
    /// What a word between braces stands for, or why it stands for nothing.
    pub resolve: &'r dyn Fn(&str) -> Result<Reference, String>,
    /// What the fixed rows are about.
    pub scope: Scope,
}

impl Reader<'_> {
    /// Reads one `[["版面"]]`. `None` if there are mistakes in it.
    pub fn section(&self, table: &mut Table<'_>, findings: &mut Vec<Finding>) -> Option<Section> {
        let before = findings.len();
        let place = table.span();
        let widths = self.widths(table, findings);
        let [head, fixed, indicator, project, department, last] =
            ["表头", "行", "每条指标", "每个项目", "每个部门", "末行"]
                .map(|key| table.list(key, Need::Optional, findings));
        if let (Some(_), Some(extra)) = (&indicator, project.as_ref().and_then(|row| row.first())) {
            let message = "一段里只能有“每条指标”和“每个项目”中的一种";
            findings.push(Finding::at(self.rule, extra.key_span(), message).help("分成两段写"));
        }
        let each = match (indicator, project) {
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
                longest.chain(own).max().unwrap_or(0)
            },
            Vec::len,
        );
        let head = self.grid(head, columns, Scope::Form, findings);
        let fixed = self.grid(fixed, columns, self.scope, findings);
        let each = each.map(|(each, scope, row)| (each, self.row(row, columns, scope, findings)));
        let department = department.map(|row| self.row(row, columns, Scope::Department, findings));
        let last = self.grid(last, columns, self.scope, findings);
        let widths = widths.unwrap_or_else(|| vec![Width::Share(1); columns]);
        if columns == 0 {
            let finding = Finding::at(self.rule, place, "这一段里没有内容");
            findings.push(finding.help("补上“行”“表头”“每条指标”或“每个项目”"));
        }
        if findings.len() > before {
            return None;
        }
        Some(Section { widths, head, rows: fixed, each, department, last })
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
        (widths.len() == items.len() && !widths.is_empty()).then_some(widths)
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
        let place = cells.first().map(|(_, span)| span.clone());
        let count = rows.len();
        let cells = cells.into_iter().map(|(cell, _)| cell).collect();
        let widths = vec![Width::Share(1); columns];
        Grid::new(widths, count, cells).unwrap_or_else(|untiled| {
            if let Some(place) = place {
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
        match left.find(|cell| cell.end_column() == column) {
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
    resolve: &dyn Fn(&str) -> Result<Reference, String>,
    findings: &mut Vec<Finding>,
) -> Template {
    let resolved = Template::parse(text, |name| {
        let reference = resolve(name)?;
        if reference.scope() > scope {
            return Err(format!("“{{{name}}}”不能写在这里：这一行不是一{}一行", unit(&reference)));
        }
        Ok(reference)
    });
    resolved.unwrap_or_else(|(message, at)| {
        // The text stands in the file as it is, behind its quote, unless it is spelled otherwise.
        let wanted = text.get(at).unwrap_or_default();
        let span = match place.text().find(wanted) {
            Some(start) => {
                let start = place.range.start + start;
                place.source.span(start..start + wanted.len())
            }
            None => place,
        };
        findings.push(
            Finding::at(rule, span, message).help(
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
