//! What is different between two states of the data → a sheet (调整对照表): 栏目 | 调整前 | 调整后 |
//! 增减, a heading for each department and project.

use super::{Band, BandKind, Kind, Line, LineStyle, Look, Origin, Printed, Run, Sheet, Value};
use crate::diagnostics::Span;
use crate::form::Sizes;
use crate::grid::{Cell, Grid, Width};

/// How wide the columns of texts are; amounts take what they need.
const WIDTHS: [Width; 4] = [Width::Share(37), Width::Share(47), Width::Share(47), Width::Fit];

/// The air above and below a row's text, in points.
const AIR: f64 = 5.0;

/// What is different. Everything in it is printed as it is.
#[derive(Debug)]
pub struct Compared {
    /// The year of the data, or more than one (`2023、2024`); empty if it is not known.
    pub year: String,
    /// The title above the table, also that of the PDF.
    pub title: String,
    /// The departments that differ.
    pub departments: Vec<ComparedDepartment>,
    /// The funds of all projects, also of those that do not differ.
    pub total: ComparedRow,
    /// The unit of all amounts.
    pub unit: &'static str,
}

/// The differences within a department.
#[derive(Debug)]
pub struct ComparedDepartment {
    /// Its name; empty if files are compared without theirs.
    pub name: String,
    /// Where its name stands.
    pub places: Vec<Span>,
    /// 新增 or 删去 if only one side has it; empty if both have.
    pub done: &'static str,
    /// What differs in its own fields.
    pub rows: Vec<ComparedRow>,
    /// The projects that differ.
    pub projects: Vec<ComparedProject>,
    /// The funds of all its projects; `None` if files are compared without it.
    pub total: Option<ComparedRow>,
}

/// The differences within a project.
#[derive(Debug)]
pub struct ComparedProject {
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub places: Vec<Span>,
    /// 新增 or 删去 if only one side has it; empty if both have.
    pub done: &'static str,
    /// What differs.
    pub rows: Vec<ComparedRow>,
}

/// A row: 栏目 | 调整前 | 调整后 | 增减.
#[derive(Debug)]
pub struct ComparedRow {
    /// What it is about.
    pub item: ComparedText,
    /// Whether the other cells are amounts of money.
    pub amount: bool,
    /// Before; what the other side does not have is bold. Nothing if it was not there.
    pub old: ComparedText,
    /// After; nothing if it is not there any more.
    pub new: ComparedText,
    /// By how much, or in what way, it changed.
    pub change: String,
}

/// What a cell says, and where in the data that stands.
#[derive(Debug, Clone, Default)]
pub struct ComparedText {
    /// Its text.
    pub runs: Vec<Run>,
    /// The places in the data; nothing for the words of the form and for what is computed.
    pub places: Vec<Span>,
}

/// The sheet of a comparison.
pub fn comparison(compared: &Compared) -> Sheet {
    let mut before = vec![line(LineStyle::DocumentTitle, compared.title.clone())];
    if !compared.year.is_empty() {
        before.push(line(LineStyle::Subtitle, format!("（{}年度）", compared.year)));
    }
    let mut note = line(LineStyle::Note, String::new());
    note.texts.push(plain(format!("单位：{}", compared.unit), Kind::RowHead, Look::Centred));
    before.push(note);

    let mut table = Table::default();
    table.head();
    let several = compared.departments.len() > 1;
    let level = if several { 3 } else { 2 };
    for department in &compared.departments {
        if several {
            let name = named(&department.name, department.done);
            table.heading(name, &department.places, 2, Look::Centred);
        }
        for row in &department.rows {
            table.row(row, false);
        }
        for (number, project) in (1..).zip(&department.projects) {
            let name = named(&project.name, project.done);
            let name = format!("{number}．{name}");
            table.heading(name, &project.places, level, Look::Left);
            for row in &project.rows {
                table.row(row, false);
            }
        }
        if let (Some(total), true) = (&department.total, several) {
            table.total(total);
        }
    }
    table.total(&compared.total);
    let sizes = Sizes { air: [AIR; 2], ..Sizes::default() };
    let (grid, bands) = table.finish();
    Sheet { bookmark: String::new(), before, grid, bands, after: Vec::new(), sizes }
}

fn named(name: &str, done: &str) -> String {
    if done.is_empty() { name.to_owned() } else { format!("{name}（{done}）") }
}

fn line(style: LineStyle, text: String) -> Line {
    Line { style, texts: vec![plain(text, Kind::RowHead, Look::Centred)] }
}

fn plain(text: String, kind: Kind, look: Look) -> Printed {
    printed(vec![Run { text, strong: false }], &[], kind, look)
}

fn printed(runs: Vec<Run>, places: &[Span], kind: Kind, look: Look) -> Printed {
    let origin = match places {
        [] => Origin::Form,
        places => Origin::Data(places.to_vec()),
    };
    Printed { kind, runs, value: Value::Text, look, origin }
}

#[derive(Default)]
struct Table {
    rows: usize,
    cells: Vec<Cell<Printed>>,
    bands: Vec<Band>,
    /// Where a stretch starts that is not parted from the next row: a heading.
    open: Option<usize>,
}

impl Table {
    fn head(&mut self) {
        let heads = ["栏目", "调整前", "调整后", "增减"];
        let heads = heads.map(|head| plain(head.to_owned(), Kind::ColumnHead, Look::Centred));
        self.cells_of(heads);
        self.bands.push(Band { rows: 0..1, head: 0..0, kind: BandKind::Head });
    }

    /// A row that names what follows, which is not parted from it.
    fn heading(&mut self, text: String, places: &[Span], level: u8, look: Look) {
        let runs = vec![Run { text, strong: true }];
        let content = printed(runs, places, Kind::Heading(level), look);
        self.cells.push(Cell { row: self.rows, column: 0, rows: 1, columns: 4, content });
        self.open.get_or_insert(self.rows);
        self.rows += 1;
    }

    fn row(&mut self, row: &ComparedRow, strong: bool) {
        let look = if row.amount { Look::Figures } else { Look::Short };
        let text =
            |text: &ComparedText, kind, look| printed(text.runs.clone(), &text.places, kind, look);
        let side = |side: &ComparedText| match side.runs[..] {
            [] => plain("—".to_owned(), Kind::Value, look),
            _ => text(side, Kind::Value, look),
        };
        let item = text(&row.item, Kind::RowHead, Look::Short);
        let change = plain(row.change.clone(), Kind::Value, look);
        let mut cells = [item, side(&row.old), side(&row.new), change];
        if strong {
            let runs = cells.iter_mut().flat_map(|cell| &mut cell.runs);
            runs.for_each(|run| run.strong = true);
        }
        let (start, kind) = match self.open.take() {
            Some(start) => (start, BandKind::Together),
            None => (self.rows, BandKind::Body),
        };
        self.cells_of(cells);
        self.bands.push(Band { rows: start..self.rows, head: 0..1, kind });
    }

    /// A row that closes what is above it, and is not parted from the row above.
    fn total(&mut self, row: &ComparedRow) {
        self.row(row, true);
        let total = self.bands.pop();
        match (self.bands.last_mut(), total) {
            (Some(band), Some(total)) if band.kind != BandKind::Head => {
                band.rows.end = total.rows.end;
                band.kind = BandKind::Together;
            }
            (_, total) => self.bands.extend(total),
        }
    }

    fn cells_of(&mut self, cells: [Printed; 4]) {
        for (column, content) in cells.into_iter().enumerate() {
            self.cells.push(Cell { row: self.rows, column, rows: 1, columns: 1, content });
        }
        self.rows += 1;
    }

    fn finish(self) -> (Grid<Printed>, Vec<Band>) {
        // Each row is a heading or four cells, so this does not fail.
        (Grid::new(WIDTHS.to_vec(), self.rows, self.cells).unwrap_or_default(), self.bands)
    }
}

#[cfg(test)]
mod tests {
    use super::BandKind::{Body, Head, Together};
    use super::*;

    fn run(text: &str, strong: bool) -> Run {
        Run { text: text.to_owned(), strong }
    }

    fn text(runs: &[Run]) -> ComparedText {
        ComparedText { runs: runs.to_vec(), places: Vec::new() }
    }

    fn text_row(item: &str, old: &[Run], new: &[Run], change: &str) -> ComparedRow {
        ComparedRow {
            item: text(&[run(item, false)]),
            amount: false,
            old: text(old),
            new: text(new),
            change: change.to_owned(),
        }
    }

    fn amount_row(item: &str, old: &str, new: &str, change: &str) -> ComparedRow {
        let side = |text: &str| if text.is_empty() { Vec::new() } else { vec![run(text, false)] };
        ComparedRow { amount: true, ..text_row(item, &side(old), &side(new), change) }
    }

    fn project(name: &str, done: &'static str, rows: Vec<ComparedRow>) -> ComparedProject {
        ComparedProject { name: name.to_owned(), places: Vec::new(), done, rows }
    }

    fn department(name: &str, projects: Vec<ComparedProject>) -> ComparedDepartment {
        ComparedDepartment {
            name: name.to_owned(),
            places: Vec::new(),
            done: "",
            rows: Vec::new(),
            projects,
            total: Some(amount_row("小计", "1.000000", "2.000000", "+1.000000")),
        }
    }

    fn compared(year: &str, departments: Vec<ComparedDepartment>) -> Compared {
        Compared {
            unit: "万元",
            year: year.to_owned(),
            title: "甲局对照表".to_owned(),
            departments,
            total: amount_row("资金合计", "1.000000", "2.000000", "+1.000000"),
        }
    }

    fn bands(sheet: &Sheet) -> Vec<(std::ops::Range<usize>, BandKind)> {
        sheet.bands.iter().map(|it| (it.rows.clone(), it.kind)).collect()
    }

    #[test]
    fn the_differences_of_one_department() {
        let goal = text_row(
            "目标",
            &[run("保障", false), run("11", true), run("个村", false)],
            &[run("保障", false), run("12", true), run("个村", false)],
            "修改",
        );
        let funds = amount_row("财政拨款", "1.000000", "2.000000", "+1.000000");
        let removed = vec![amount_row("总额", "1.000000", "", "-1.000000")];
        let projects =
            vec![project("修路", "", vec![goal, funds]), project("架桥", "删去", removed)];
        let sheet = comparison(&compared("2023、2024", vec![department("甲局", projects)]));
        assert_eq!(
            sheet.grid.to_string(),
            "│ [栏目] │ [调整前] │ [调整后] │ [增减] │\n\
             │ [*1．修路*] │ ← │ ← │ ← │\n\
             │ [目标] │ 保障*11*个村 │ 保障*12*个村 │ 修改 │\n\
             │ [财政拨款] │ 1.000000 │ 2.000000 │ +1.000000 │\n\
             │ [*2．架桥（删去）*] │ ← │ ← │ ← │\n\
             │ [总额] │ 1.000000 │ — │ -1.000000 │\n\
             │ [*资金合计*] │ *1.000000* │ *2.000000* │ *+1.000000* │\n"
        );
        let lines: Vec<String> = sheet.before.iter().map(|it| it.texts[0].text()).collect();
        assert_eq!(lines, ["甲局对照表", "（2023、2024年度）", ""]);
        assert_eq!(sheet.before[2].texts[1].text(), "单位：万元");
        // A name stays with the first row below it, the total with the last one above.
        assert_eq!(bands(&sheet), [(0..1, Head), (1..3, Together), (3..4, Body), (4..7, Together)]);
        assert!(sheet.bands[1..].iter().all(|it| it.head == (0..1)));
        let kinds: Vec<Kind> = sheet.grid.cells().iter().map(|it| it.content.kind).collect();
        assert_eq!(kinds[0], Kind::ColumnHead);
        assert_eq!(kinds[4], Kind::Heading(2));
    }

    #[test]
    fn the_differences_of_several_departments_have_their_names_and_subtotals() {
        let row = || vec![text_row("目标", &[run("甲", true)], &[run("乙", true)], "修改")];
        let mut second = department("乙乡", vec![project("办公", "新增", row())]);
        second.done = "新增";
        second.rows = vec![text_row("代码", &[], &[run("012", false)], "新增")];
        let first = department("甲局", vec![project("修路", "", row())]);
        let sheet = comparison(&compared("", vec![first, second]));
        assert_eq!(
            sheet.grid.to_string(),
            "│ [栏目] │ [调整前] │ [调整后] │ [增减] │\n\
             │ [*甲局*] │ ← │ ← │ ← │\n\
             │ [*1．修路*] │ ← │ ← │ ← │\n\
             │ [目标] │ *甲* │ *乙* │ 修改 │\n\
             │ [*小计*] │ *1.000000* │ *2.000000* │ *+1.000000* │\n\
             │ [*乙乡（新增）*] │ ← │ ← │ ← │\n\
             │ [代码] │ — │ 012 │ 新增 │\n\
             │ [*1．办公（新增）*] │ ← │ ← │ ← │\n\
             │ [目标] │ *甲* │ *乙* │ 修改 │\n\
             │ [*小计*] │ *1.000000* │ *2.000000* │ *+1.000000* │\n\
             │ [*资金合计*] │ *1.000000* │ *2.000000* │ *+1.000000* │\n"
        );
        assert_eq!(sheet.before.len(), 2, "a year that is not known is not printed");
        let expected = [(0..1, Head), (1..5, Together), (5..7, Together), (7..11, Together)];
        assert_eq!(bands(&sheet), expected);
    }

    #[test]
    fn a_project_of_which_nothing_is_told_keeps_its_name_with_what_follows() {
        let projects = vec![project("修路", "", Vec::new())];
        let sheet = comparison(&compared("2023", vec![department("甲局", projects)]));
        assert_eq!(bands(&sheet), [(0..1, Head), (1..3, Together)]);
        assert_eq!(sheet.grid.rows(), 3);
    }
}
