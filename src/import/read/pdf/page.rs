//! The instructions of a page → its characters and its rules, each with its place.

use std::collections::HashMap;
use std::rc::Rc;

use encoding_rs::UTF_16BE;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Do;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, String as Text};
use hayro_syntax::page::{Page, Resources};

use super::font::Font;
use super::{MOST_INSTRUCTIONS, content, instructions};
use crate::import::read::{MOST_TEXTS, Unreadable};

/// How deep drawings stand in drawings at most.
const DEEPEST: usize = 12;
/// How deep states and marks are nested at most.
const MOST_STATES: usize = 10_000;
/// How thick a filled shape may be to be a rule, in points.
const THICKEST: f64 = 3.0;
/// How much a rule may lean.
const LEAN: f64 = 0.5;

/// What is printed on a page; places are in points from its top left corner.
#[derive(Debug, Default)]
pub struct Printed {
    pub glyphs: Vec<Glyph>,
    /// Rules from left to right.
    pub across: Vec<Rule>,
    /// Rules from top to bottom.
    pub down: Vec<Rule>,
}

/// A character.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    pub character: char,
    pub left: f64,
    pub right: f64,
    /// Its baseline.
    pub base: f64,
    /// How high the font is.
    pub size: f64,
}

/// A straight line: where it is, and from where to where.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// `[a b c d e f]`, as the format writes it.
#[derive(Debug, Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First this, then the other.
    fn then(self, other: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, other.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }

    fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    fn place(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }
}

fn matrix(numbers: [Number; 6]) -> Matrix {
    Matrix(numbers.map(|number| number.as_f64()))
}

#[derive(Clone)]
struct State {
    to_page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    between: f64,
    between_words: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// A part of a page that is marked.
enum Mark {
    Plain,
    /// What stands at the edge of every page.
    Furniture,
    /// What it says, until it has been said.
    Says(Option<String>),
}

/// Reads pages; fonts are read once.
pub struct Reader {
    fonts: HashMap<ObjectIdentifier, Rc<Font>>,
    instructions: usize,
    glyphs: usize,
}

impl Reader {
    pub fn new() -> Self {
        Self { fonts: HashMap::new(), instructions: 0, glyphs: 0 }
    }

    /// What is printed on a page.
    pub fn page(&mut self, page: &Page<'_>) -> Result<Printed, Unreadable> {
        let all = instructions(page)?;
        self.unfolded(all.len())?;
        let area = page.intersected_crop_box();
        let (_, height) = page.base_dimensions();
        let to_page = Matrix::shift(-area.x0, -area.y0).then(Matrix([
            1.0,
            0.0,
            0.0,
            -1.0,
            0.0,
            f64::from(height),
        ]));
        let (width, height) = page.base_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let turned = match page.rotation() {
            hayro_syntax::page::Rotation::None => Matrix::IDENTITY,
            hayro_syntax::page::Rotation::Horizontal => Matrix([0.0, 1.0, -1.0, 0.0, height, 0.0]),
            hayro_syntax::page::Rotation::Flipped => Matrix([-1.0, 0.0, 0.0, -1.0, width, height]),
            hayro_syntax::page::Rotation::FlippedHorizontal => {
                Matrix([0.0, -1.0, 1.0, 0.0, 0.0, width])
            }
        };
        let mut printed = Printed::default();
        self.draw(&all, page.resources(), to_page.then(turned), 0, &mut printed)?;
        Ok(printed)
    }

    fn font<'a>(&mut self, resources: &Resources<'a>, name: &Name<'_>) -> Option<Rc<Font>> {
        let font = resources.get_font(name)?;
        let id = font.obj_id();
        if let Some(font) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(font.clone());
        }
        let (font, unfolded) = Font::new(&font);
        let font = Rc::new(font);
        self.instructions += 100 + unfolded / 50;
        if let Some(id) = id {
            self.fonts.insert(id, font.clone());
        }
        Some(font)
    }

    fn draw(
        &mut self,
        all: &[u8],
        resources: &Resources<'_>,
        to_page: Matrix,
        depth: usize,
        printed: &mut Printed,
    ) -> Result<(), Unreadable> {
        let mut state = State {
            to_page,
            font: None,
            size: 0.0,
            between: 0.0,
            between_words: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut states: Vec<State> = Vec::new();
        let mut marks: Vec<Mark> = Vec::new();
        let (mut line, mut at) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut path = Path::default();
        let mut fonts: HashMap<Vec<u8>, Option<Rc<Font>>> = HashMap::new();
        let mut all = TypedIter::new(all);
        while let Some(instruction) = all.next() {
            self.instructions += 1;
            if self.instructions > MOST_INSTRUCTIONS
                || states.len() > MOST_STATES
                || marks.len() > MOST_STATES
                || self.glyphs > MOST_TEXTS / 8
            {
                return Err(Unreadable::TooLarge);
            }
            match instruction {
                Do::SaveState(_) => states.push(state.clone()),
                Do::RestoreState(_) => {
                    if let Some(saved) = states.pop() {
                        state = saved;
                    }
                }
                Do::Transform(it) => {
                    state.to_page =
                        matrix([it.0, it.1, it.2, it.3, it.4, it.5]).then(state.to_page);
                }
                // ---- Rules ----
                Do::MoveTo(it) => path.start(state.to_page.place(it.0.as_f64(), it.1.as_f64())),
                Do::LineTo(it) => path.go(state.to_page.place(it.0.as_f64(), it.1.as_f64())),
                Do::CubicTo(it) => path.curve(state.to_page.place(it.4.as_f64(), it.5.as_f64())),
                Do::CubicStartTo(it) => {
                    path.curve(state.to_page.place(it.2.as_f64(), it.3.as_f64()))
                }
                Do::CubicEndTo(it) => path.curve(state.to_page.place(it.2.as_f64(), it.3.as_f64())),
                Do::ClosePath(_) => path.close(),
                Do::RectPath(it) => {
                    let (x, y) = (it.0.as_f64(), it.1.as_f64());
                    let (width, height) = (it.2.as_f64(), it.3.as_f64());
                    path.start(state.to_page.place(x, y));
                    path.go(state.to_page.place(x + width, y));
                    path.go(state.to_page.place(x + width, y + height));
                    path.go(state.to_page.place(x, y + height));
                    path.close();
                }
                Do::StrokePath(_) => path.stroke(printed),
                Do::CloseAndStrokePath(_) => {
                    path.close();
                    path.stroke(printed);
                }
                Do::FillPathNonZero(_)
                | Do::FillPathNonZeroCompatibility(_)
                | Do::FillPathEvenOdd(_) => path.fill(printed),
                Do::FillAndStrokeNonZero(_) | Do::FillAndStrokeEvenOdd(_) => path.stroke(printed),
                Do::CloseFillAndStrokeNonZero(_) | Do::CloseFillAndStrokeEvenOdd(_) => {
                    path.close();
                    path.stroke(printed);
                }
                Do::EndPath(_) => path = Path::default(),
                // ---- Characters ----
                Do::BeginText(_) => (line, at) = (Matrix::IDENTITY, Matrix::IDENTITY),
                Do::TextFont(it) => {
                    let key = it.0.as_ref().to_vec();
                    let font = fonts.entry(key).or_insert_with(|| self.font(resources, it.0));
                    state.font = font.clone();
                    state.size = it.1.as_f64();
                }
                Do::CharacterSpacing(it) => state.between = it.0.as_f64(),
                Do::WordSpacing(it) => state.between_words = it.0.as_f64(),
                Do::HorizontalScaling(it) => state.stretch = it.0.as_f64() / 100.0,
                Do::TextLeading(it) => state.leading = it.0.as_f64(),
                Do::TextRise(it) => state.rise = it.0.as_f64(),
                Do::NextLine(it) => {
                    line = Matrix::shift(it.0.as_f64(), it.1.as_f64()).then(line);
                    at = line;
                }
                Do::NextLineAndSetLeading(it) => {
                    state.leading = -it.1.as_f64();
                    line = Matrix::shift(it.0.as_f64(), it.1.as_f64()).then(line);
                    at = line;
                }
                Do::SetTextMatrix(it) => {
                    line = matrix([it.0, it.1, it.2, it.3, it.4, it.5]);
                    at = line;
                }
                Do::NextLineUsingLeading(_) => {
                    line = Matrix::shift(0.0, -state.leading).then(line);
                    at = line;
                }
                Do::ShowText(it) => {
                    self.show(it.0.as_bytes(), &state, &mut at, &mut marks, printed);
                }
                Do::NextLineAndShowText(it) => {
                    line = Matrix::shift(0.0, -state.leading).then(line);
                    at = line;
                    self.show(it.0.as_bytes(), &state, &mut at, &mut marks, printed);
                }
                Do::ShowTextWithParameters(it) => {
                    (state.between_words, state.between) = (it.0.as_f64(), it.1.as_f64());
                    line = Matrix::shift(0.0, -state.leading).then(line);
                    at = line;
                    self.show(it.2.as_bytes(), &state, &mut at, &mut marks, printed);
                }
                Do::ShowTexts(it) => {
                    for item in it.0.iter::<Object<'_>>() {
                        match item {
                            Object::String(text) => {
                                self.show(text.as_bytes(), &state, &mut at, &mut marks, printed);
                            }
                            Object::Number(number) => {
                                let back = number.as_f64() / 1000.0 * state.size * state.stretch;
                                at = Matrix::shift(-back, 0.0).then(at);
                            }
                            _ => {}
                        }
                    }
                }
                Do::BeginMarkedContent(_) => marks.push(Mark::Plain),
                Do::BeginMarkedContentWithProperties(it) => {
                    let properties = match it.1 {
                        Object::Dict(properties) => Some(properties.clone()),
                        Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
                        _ => None,
                    };
                    marks.push(mark(it.0, properties.as_ref()));
                }
                Do::EndMarkedContent(_) => {
                    marks.pop();
                }
                Do::XObject(it) => {
                    let Some(stream) = resources.get_x_object(it.0) else { continue };
                    let is_drawing = stream
                        .dict()
                        .get::<Name<'_>>("Subtype")
                        .is_some_and(|name| name.as_str() == "Form");
                    if !is_drawing {
                        continue;
                    }
                    if depth >= DEEPEST {
                        return Err(Unreadable::TooLarge);
                    }
                    let own = stream.dict().get::<Dict<'_>>("Resources").map(Resources::new);
                    let placed = stream.dict().get::<Array<'_>>("Matrix").and_then(|numbers| {
                        let numbers: Vec<f64> =
                            numbers.iter::<Number>().map(|number| number.as_f64()).collect();
                        Some(Matrix(numbers.try_into().ok()?))
                    });
                    let to_page = placed.unwrap_or(Matrix::IDENTITY).then(state.to_page);
                    let drawing = content(&stream)?;
                    self.unfolded(drawing.len())?;
                    let resources = own.as_ref().unwrap_or(resources);
                    self.draw(&drawing, resources, to_page, depth + 1, printed)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Counts what was unfolded as instructions: that, too, takes its time.
    fn unfolded(&mut self, bytes: usize) -> Result<(), Unreadable> {
        self.instructions += 100 + bytes / 50;
        if self.instructions > MOST_INSTRUCTIONS {
            return Err(Unreadable::TooLarge);
        }
        Ok(())
    }

    fn show(
        &mut self,
        bytes: &[u8],
        state: &State,
        at: &mut Matrix,
        marks: &mut [Mark],
        printed: &mut Printed,
    ) {
        // Without its font, no one knows what a text says: but there is one.
        let font = state.font.clone().unwrap_or_default();
        let is_furniture = marks.iter().any(|mark| matches!(mark, Mark::Furniture));
        let mut said = marks.iter_mut().find_map(|mark| match mark {
            Mark::Says(text) => Some(text),
            _ => None,
        });
        let glyphs = &mut self.glyphs;
        font.codes(bytes, |code| {
            let word = if code.is_space { state.between_words } else { 0.0 };
            let advance = code.width * state.size * state.stretch;
            let to_page = at.then(state.to_page);
            let (left, base) = to_page.place(0.0, state.rise);
            let (right, _) = to_page.place(advance, state.rise);
            let (_, top) = to_page.place(0.0, state.rise + state.size);
            let ahead = advance + (state.between + word) * state.stretch;
            *at = Matrix::shift(ahead, 0.0).then(*at);
            *glyphs += 1;
            if is_furniture {
                return;
            }
            let text = match &mut said {
                Some(said) => said.take().unwrap_or_default(),
                None if code.text.is_empty() => char::REPLACEMENT_CHARACTER.to_string(),
                None => code.text,
            };
            let each = (right - left) / text.chars().count().max(1) as f64;
            for (index, character) in text.chars().enumerate() {
                *glyphs += 1;
                let left = left + each * index as f64;
                let size = (base - top).abs();
                let glyph = Glyph { character, left, right: left + each, base, size };
                if [glyph.left, glyph.right, base, size].iter().all(|it| it.abs() < 1e6) {
                    printed.glyphs.push(glyph);
                }
            }
        });
    }
}

/// What a mark says of what stands in it.
fn mark(kind: &Name<'_>, properties: Option<&Dict<'_>>) -> Mark {
    let Some(properties) = properties else { return Mark::Plain };
    let is = |key: &str, wanted: &str| {
        properties.get::<Name<'_>>(key).is_some_and(|name| name.as_str() == wanted)
    };
    if kind.as_str() == "Artifact" && (is("Subtype", "Header") || is("Subtype", "Footer")) {
        return Mark::Furniture;
    }
    match properties.get::<Text<'_>>("ActualText") {
        Some(text) => {
            let bytes = text.as_bytes();
            let text = match bytes.strip_prefix(b"\xfe\xff") {
                Some(utf16) => UTF_16BE.decode_without_bom_handling(utf16).0.into_owned(),
                None => String::from_utf8_lossy(bytes).into_owned(),
            };
            Mark::Says(Some(text))
        }
        None => Mark::Plain,
    }
}

/// A path that is being drawn.
#[derive(Default)]
struct Path {
    /// The parts of it; `None` where one has curves.
    parts: Vec<Option<Vec<(f64, f64)>>>,
}

impl Path {
    fn start(&mut self, point: (f64, f64)) {
        self.parts.push(Some(vec![point]));
    }

    fn go(&mut self, point: (f64, f64)) {
        if let Some(Some(points)) = self.parts.last_mut() {
            points.push(point);
        }
    }

    fn curve(&mut self, _: (f64, f64)) {
        if let Some(part) = self.parts.last_mut() {
            *part = None;
        }
    }

    fn close(&mut self) {
        if let Some(Some(points)) = self.parts.last_mut()
            && let Some(first) = points.first().copied()
        {
            points.push(first);
        }
    }

    fn stroke(&mut self, printed: &mut Printed) {
        for points in std::mem::take(&mut self.parts).into_iter().flatten() {
            // What is so thin is drawn as a line, whichever way.
            if points.len() > 2 && thin(&points, printed) {
                continue;
            }
            for (a, b) in points.iter().zip(points.iter().skip(1)) {
                straight(*a, *b, printed);
            }
        }
    }

    fn fill(&mut self, printed: &mut Printed) {
        for points in std::mem::take(&mut self.parts).into_iter().flatten() {
            thin(&points, printed);
        }
    }
}

/// Takes what is as thin as a rule for one.
fn thin(points: &[(f64, f64)], printed: &mut Printed) -> bool {
    let bounds = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::MAX, f64::MIN), |(a, b), value| (a.min(value), b.max(value)))
    };
    let (left, right) = bounds(&mut points.iter().map(|point| point.0));
    let (top, bottom) = bounds(&mut points.iter().map(|point| point.1));
    let (width, height) = (right - left, bottom - top);
    if points.len() < 2 || width.min(height) > THICKEST {
        return false;
    }
    let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
    if width > height {
        straight((left, y), (right, y), printed);
    } else {
        straight((x, top), (x, bottom), printed);
    }
    true
}

fn straight(a: (f64, f64), b: (f64, f64), printed: &mut Printed) {
    if ![a.0, a.1, b.0, b.1].iter().all(|it| it.abs() < 1e6) {
        return;
    }
    let (width, height) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
    if height <= LEAN && width > LEAN {
        let rule = Rule { at: (a.1 + b.1) / 2.0, from: a.0.min(b.0), to: a.0.max(b.0) };
        printed.across.push(rule);
    } else if width <= LEAN && height > LEAN {
        let rule = Rule { at: (a.0 + b.0) / 2.0, from: a.1.min(b.1), to: a.1.max(b.1) };
        printed.down.push(rule);
    }
}
