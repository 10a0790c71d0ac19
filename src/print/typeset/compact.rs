//! Pages in less memory.
//!
//! Thousands of pages wait to be put together, and what the engine leaves in them is made for
//! speed: lists with room to grow, and tags that hold on to every table with its cells as they were
//! written, as they were resolved, and as they were set. An exporter asks a tag only what it is, and
//! a table where its cells and lines are. (Measured: a third less for each page.)

use std::collections::HashSet;
use std::sync::Arc;

use typst::foundations::{Content, ContextElem, Packed};
use typst::introspection::{Location, Tag};
use typst::layout::grid::resolve::{Cell, CellGrid, Entry, Line};
use typst::layout::{Frame, FrameItem, GroupItem};
use typst::model::{TableCell, TableElem};
use typst_layout::Page;

/// The same pages.
pub(super) fn compact<P: FromIterator<Page>>(pages: &[Page]) -> P {
    let mut compacting = Compacting { nothing: Content::empty(), dropped: HashSet::new() };
    pages.iter().map(|page| Page { frame: compacting.frame(&page.frame), ..page.clone() }).collect()
}

struct Compacting {
    /// What stands in for content that has been set.
    nothing: Content,
    /// Each `context`: it only told its code where it is.
    dropped: HashSet<Location>,
}

impl Compacting {
    fn frame(&mut self, frame: &Frame) -> Frame {
        let items: Vec<_> =
            frame.items().filter_map(|(at, item)| Some((*at, self.item(item)?))).collect();
        let mut compact = Frame::new(frame.size(), frame.kind());
        if frame.has_baseline() {
            compact.set_baseline(frame.baseline());
        }
        // Takes as much memory as it needs, unlike pushing one by one.
        compact.push_multiple(items);
        compact
    }

    fn item(&mut self, item: &FrameItem) -> Option<FrameItem> {
        Some(match item {
            FrameItem::Group(group) => {
                FrameItem::Group(GroupItem { frame: self.frame(&group.frame), ..group.clone() })
            }
            FrameItem::Tag(Tag::Start(element, flags)) => {
                // It holds on to all that its code uses. A label may be what a link leads to.
                if element.is::<ContextElem>() && element.label().is_none() {
                    self.dropped.extend(element.location());
                    return None;
                }
                FrameItem::Tag(Tag::Start(self.element(element), *flags))
            }
            FrameItem::Tag(Tag::End(location, ..)) if self.dropped.contains(location) => {
                return None;
            }
            item => item.clone(),
        })
    }

    fn element(&self, element: &Content) -> Content {
        if let Some(table) = element.to_packed::<TableElem>() {
            self.table(table.clone()).pack()
        } else if let Some(cell) = element.to_packed::<TableCell>() {
            self.cell(cell.clone()).pack()
        } else {
            element.clone()
        }
    }

    fn table(&self, mut table: Packed<TableElem>) -> Packed<TableElem> {
        if let Some(grid) = table.grid.as_deref().and_then(|grid| self.grid(grid)) {
            table.children = Vec::new();
            table.grid = Some(Arc::new(grid));
        }
        table
    }

    /// `None` if there is a head or foot that is repeated: the engine does not let it be copied.
    fn grid(&self, grid: &CellGrid) -> Option<CellGrid> {
        let lines = |all: &[Vec<Line>]| {
            all.iter().map(|lines| lines.iter().map(line).collect()).collect::<Vec<Vec<Line>>>()
        };
        let is_plain = grid.headers.is_empty() && grid.footer.is_none();
        is_plain.then(|| CellGrid {
            entries: grid.entries.iter().map(|entry| self.entry(entry)).collect(),
            cols: grid.cols.clone(),
            rows: grid.rows.clone(),
            vlines: lines(&grid.vlines),
            hlines: lines(&grid.hlines),
            headers: Vec::new(),
            footer: None,
            has_gutter: grid.has_gutter,
        })
    }

    fn entry(&self, entry: &Entry) -> Entry {
        match entry {
            Entry::Cell(cell) => Entry::Cell(Cell {
                body: self.nothing.clone(),
                fill: cell.fill.clone(),
                colspan: cell.colspan,
                rowspan: cell.rowspan,
                stroke: cell.stroke.clone(),
                stroke_overridden: cell.stroke_overridden,
                breakable: cell.breakable,
            }),
            Entry::Merged { parent } => Entry::Merged { parent: *parent },
        }
    }

    fn cell(&self, mut cell: Packed<TableCell>) -> Packed<TableCell> {
        cell.body = self.nothing.clone();
        // The lines that count are those of the table's grid.
        cell.stroke.unset();
        cell
    }
}

fn line(line: &Line) -> Line {
    Line {
        index: line.index,
        start: line.start,
        end: line.end,
        stroke: line.stroke.clone(),
        position: line.position,
    }
}
