//! What is different between two states of the data → a sheet (调整对照表): 栏目 | 调整前 | 调整后 |
//! 增减, a heading for each department and project.

use super::{Band, BandKind, Kind, Line, LineStyle, Look, Origin, Printed, Run, Sheet, Value};
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
}

/// The differences within a department.
#[derive(Debug)]
pub struct ComparedDepartment {
    /// Its name; empty if files are compared without theirs.
    pub name: String,
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
    /// 新增 or 删去 if only one side has it; empty if both have.
    pub done: &'static str,
    /// What differs.
    pub rows: Vec<ComparedRow>,
}

/// A row: 栏目 | 调整前 | 调整后 | 增减.
#[derive(Debug)]
pub struct ComparedRow {
    /// What it is about.
    pub item: String,
    /// Whether the other cells are amounts of money, in 万元.
    pub amount: bool,
    /// Before; what the other side does not have is bold. Nothing if it was not there.
    pub old: Vec<Run>,
    /// After; nothing if it is not there any more.
    pub new: Vec<Run>,
    /// By how much, or in what way, it changed.
    pub change: String,
}

/// The sheet of a comparison.
pub fn comparison(compared: &Compared) -> Sheet {
    let mut before = vec![line(LineStyle::DocumentTitle, compared.title.clone())];
    if !compared.year.is_empty() {
        before.push(line(LineStyle::Subtitle, format!("（{}年度）", compared.year)));
    }
    let mut note = line(LineStyle::Note, String::new());
    note.texts.push(plain("单位：万元".to_owned(), Kind::RowHead, Look::Centred));
    before.push(note);

    let mut table = Table::default();
    table.head();
    let several = compared.departments.len() > 1;
    let level = if several { 3 } else { 2 };
    for department in &compared.departments {
        if several {
            table.heading(named(&department.name, department.done), 2, Look::Centred);
        }
        for row in &department.rows {
            table.row(row, false);
        }
        for (number, project) in (1..).zip(&department.projects) {
            let name = named(&project.name, project.done);
            table.heading(format!("{number}．{name}"), level, Look::Left);
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
    of_runs(vec![Run { text, strong: false }], kind, look)
}

fn of_runs(runs: Vec<Run>, kind: Kind, look: Look) -> Printed {
    Printed { kind, runs, value: Value::Text, look, origin: Origin::Form }
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
    fn heading(&mut self, text: String, level: u8, look: Look) {
        let runs = vec![Run { text, strong: true }];
        let content = of_runs(runs, Kind::Heading(level), look);
        self.cells.push(Cell { row: self.rows, column: 0, rows: 1, columns: 4, content });
        self.open.get_or_insert(self.rows);
        self.rows += 1;
    }

    fn row(&mut self, row: &ComparedRow, strong: bool) {
        let look = if row.amount { Look::Figures } else { Look::Short };
        let side = |runs: &[Run]| match runs {
            [] => plain("—".to_owned(), Kind::Value, look),
            runs => of_runs(runs.to_vec(), Kind::Value, look),
        };
        let item = plain(row.item.clone(), Kind::RowHead, Look::Short);
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
