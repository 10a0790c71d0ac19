//! Reads a printed page back from the PDF alone: its characters and its ruled tables. It knows
//! nothing of how the page was made, so what it finds is what a reader sees.

use std::collections::BTreeSet;
use std::path::Path;

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use kurbo::{Affine, BezPath, Point, Rect, Shape};

/// A page as it is seen.
#[derive(Debug, Default)]
pub struct Page {
    /// Its characters in the order they are drawn.
    pub glyphs: Vec<Printed>,
    rules: Vec<Rect>,
}

/// A printed character; places are in points from the top left corner.
#[derive(Debug, Clone, Copy)]
pub struct Printed {
    /// The character.
    pub character: char,
    /// The box of its ink.
    pub ink: Rect,
    /// Where it stands on its baseline.
    pub origin: Point,
}

/// A cell of a ruled table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its lines.
    pub lines: Vec<String>,
    /// Its text without line breaks.
    pub text: String,
    /// The rows it covers.
    pub rows: std::ops::Range<usize>,
    /// The columns it covers.
    pub columns: std::ops::Range<usize>,
}

/// Reads all pages of a file.
pub fn read(path: &Path) -> Vec<Page> {
    let bytes = std::fs::read(path).expect("the PDF is there");
    let pdf = Pdf::new(bytes).expect("a PDF");
    let pages = pdf.pages().iter().map(|page| {
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let cache = InterpreterCache::new();
        let settings = InterpreterSettings::default();
        let mut context = Context::new(transform, area, &cache, page.xref(), settings);
        let mut reader = Page::default();
        interpret_page(page, &mut context, &mut reader);
        reader
    });
    pages.collect()
}

impl Page {
    /// All text in reading order, without line breaks.
    pub fn text(&self) -> String {
        in_reading_order(self.glyphs.iter())
    }

    /// The text outside any table.
    pub fn text_outside_tables(&self) -> String {
        let table = self.table_area();
        in_reading_order(self.glyphs.iter().filter(|glyph| !table.contains(glyph.ink.center())))
    }

    /// The area the rules cover.
    pub fn table_area(&self) -> Rect {
        self.rules.iter().copied().reduce(|a, b| a.union(b)).unwrap_or(Rect::ZERO)
    }

    /// Whether a rule stands between two characters of a line.
    pub fn are_parted(&self, a: &Printed, b: &Printed) -> bool {
        let between = (a.origin.x + 0.5)..b.origin.x;
        let mut rules = self.rules.iter().filter(|rule| rule.height() > rule.width());
        rules.any(|rule| {
            between.contains(&rule.center().x) && (rule.y0..rule.y1).contains(&a.origin.y)
        })
    }

    /// The cells of the page's table, row by row.
    ///
    /// # Panics
    /// If a character stands on a rule or the rules do not close a cell to a rectangle.
    pub fn table(&self) -> Vec<Cell> {
        let (vertical, horizontal): (Vec<&Rect>, Vec<&Rect>) =
            self.rules.iter().partition(|rule| rule.height() > rule.width());
        let xs = positions(vertical.iter().map(|rule| rule.center().x));
        let ys = positions(horizontal.iter().map(|rule| rule.center().y));
        let has_left = |column: usize, y: f64| {
            vertical.iter().any(|rule| {
                near(rule.center().x, xs[column]) && rule.y0 - 0.5 <= y && y <= rule.y1 + 0.5
            })
        };
        let has_top = |row: usize, x: f64| {
            horizontal.iter().any(|rule| {
                near(rule.center().y, ys[row]) && rule.x0 - 0.5 <= x && x <= rule.x1 + 0.5
            })
        };
        let (columns, rows) = (xs.len() - 1, ys.len() - 1);
        let middle =
            |positions: &[f64], index: usize| (positions[index] + positions[index + 1]) / 2.0;
        let mut taken = vec![vec![false; columns]; rows];
        let mut cells = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                if taken[row][column] {
                    continue;
                }
                let (x, y) = (middle(&xs, column), middle(&ys, row));
                let right = (column + 1..columns).find(|&c| has_left(c, y)).unwrap_or(columns);
                let bottom = (row + 1..rows).find(|&r| has_top(r, x)).unwrap_or(rows);
                for (r, taken) in taken.iter_mut().enumerate().take(bottom).skip(row) {
                    for (c, taken) in taken.iter_mut().enumerate().take(right).skip(column) {
                        assert!(!*taken, "row {r}, column {c} belongs to two cells");
                        *taken = true;
                        assert!(
                            c == column || !has_left(c, middle(&ys, r)),
                            "a rule within a cell"
                        );
                        assert!(r == row || !has_top(r, middle(&xs, c)), "a rule within a cell");
                    }
                }
                let area = Rect::new(xs[column], ys[row], xs[right], ys[bottom]);
                let inside = self.glyphs.iter().filter(|glyph| area.contains(glyph.ink.center()));
                for glyph in inside.clone() {
                    let fits = glyph.ink.is_zero_area() || area.union(glyph.ink) == area;
                    assert!(fits, "{glyph:?} leaves its cell {area:?}");
                }
                let text = in_reading_order(inside.clone());
                assert_in_order(inside.clone());
                let lines = lines(inside);
                cells.push(Cell { lines, text, rows: row..bottom, columns: column..right });
            }
        }
        cells
    }

    /// Pairs of characters whose ink overlaps. Neighbours may be as close as their font has them:
    /// AV, //, ——.
    pub fn overlaps(&self) -> Vec<(char, char)> {
        let mut overlaps = Vec::new();
        for (index, a) in self.glyphs.iter().enumerate() {
            for (distance, b) in self.glyphs[index + 1..].iter().enumerate() {
                let common = a.ink.intersect(b.ink);
                let are_neighbours = distance == 0
                    && near(a.origin.y, b.origin.y)
                    && b.origin.x - a.origin.x > a.ink.width() * 0.6;
                if common.width() > 0.5 && common.height() > 0.5 && !are_neighbours {
                    overlaps.push((a.character, b.character));
                }
            }
        }
        overlaps
    }
}

impl Cell {
    /// Pairs of lines between which nobody would break: punctuation at the wrong end of a line, a
    /// number apart from its unit.
    pub fn bad_breaks(&self) -> Vec<(&str, &str)> {
        let pairs = self.lines.iter().zip(self.lines.iter().skip(1));
        pairs
            .filter(|(line, next)| {
                let (Some(last), Some(first)) = (line.chars().last(), next.chars().next()) else {
                    return true;
                };
                let number_apart = last.is_ascii_digit()
                    && (first == '%' || first.is_ascii_digit() || ('一'..='龥').contains(&first));
                "，。、；：？！）》”’…%".contains(first) || "（《“‘".contains(last) || number_apart
            })
            .map(|(line, next)| (line.as_str(), next.as_str()))
            .collect()
    }
}

/// Lines are drawn from top to bottom and each from left to right.
fn in_reading_order<'a>(glyphs: impl Iterator<Item = &'a Printed>) -> String {
    glyphs.map(|glyph| glyph.character).collect()
}

/// # Panics
/// If a line is not below the one drawn before it, or a character left of the one before it.
fn assert_in_order<'a>(glyphs: impl Iterator<Item = &'a Printed> + Clone) {
    for (a, b) in glyphs.clone().zip(glyphs.skip(1)) {
        let is_beside = near(a.origin.y, b.origin.y) && a.origin.x <= b.origin.x + 0.01;
        assert!(is_beside || b.origin.y > a.origin.y + 1.0, "{a:?} and {b:?} are not in order");
    }
}

fn lines<'a>(glyphs: impl Iterator<Item = &'a Printed>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut baseline = f64::NEG_INFINITY;
    for glyph in glyphs {
        if near(glyph.origin.y, baseline) {
            if let Some(line) = lines.last_mut() {
                line.push(glyph.character);
            }
        } else {
            lines.push(glyph.character.to_string());
            baseline = glyph.origin.y;
        }
    }
    lines
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1.0
}

fn positions(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let sorted: BTreeSet<i64> = values.map(|value| (value * 100.0).round() as i64).collect();
    let mut positions: Vec<f64> = Vec::new();
    for value in sorted {
        let value = value as f64 / 100.0;
        if positions.last().is_none_or(|&last| !near(last, value)) {
            positions.push(value);
        }
    }
    positions
}

impl<'a> Device<'a> for Page {
    fn draw_path(&mut self, path: &BezPath, transform: Affine, _: &Paint<'a>, _: &PathDrawMode) {
        self.rules.push((transform * path.clone()).bounding_box());
    }

    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'a>,
        _: &GlyphDrawMode,
    ) {
        let Glyph::Outline(outline) = glyph else { return };
        let position = transform * glyph_transform;
        let origin = position * Point::ORIGIN;
        let outline = (position * outline.outline()).bounding_box();
        // A space has no ink; it stands where it was put.
        let ink = if outline.is_zero_area() { Rect::from_points(origin, origin) } else { outline };
        let text = match glyph.as_unicode() {
            Some(BfString::Char(character)) => character.to_string(),
            Some(BfString::String(text)) => text,
            None => '\u{FFFD}'.to_string(),
        };
        let printed = text.chars().map(|character| Printed { character, ink, origin });
        self.glyphs.extend(printed);
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
