//! Excel 97 workbooks (xls): records in a compound file ([MS-XLS]).

use std::collections::HashMap;
use std::sync::Arc;

use super::compound::{Compound, u16_at, u32_at};
use super::number_format::{built_in, shown};
use super::{MOST_CELLS, Unreadable};
use crate::grid::column_letters;
use crate::import::table::{Cell, Table};

/// The records that matter, by the names of the specification.
mod record {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000a;
    pub const FILE_PASS: u16 = 0x002f;
    pub const CONTINUE: u16 = 0x003c;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00bd;
    pub const XF: u16 = 0x00e0;
    pub const MERGE_CELLS: u16 = 0x00e5;
    pub const SST: u16 = 0x00fc;
    pub const LABEL_SST: u16 = 0x00fd;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_ERR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const RK: u16 = 0x027e;
    pub const FORMAT: u16 = 0x041e;
    pub const BOF: u16 = 0x0809;
}

/// The most worksheets of a workbook.
const MOST_SHEETS: usize = 10_000;

/// The worksheets of a workbook, in its order; `None` if there is no workbook in the file.
pub fn tables(file: &Compound<'_>) -> Result<Option<Vec<Table>>, Unreadable> {
    let Some(stream) = file.stream("Workbook")? else { return Ok(None) };
    let mut book = Book::default();
    book.globals(&stream)?;
    let mut tables = Vec::new();
    let mut count = 0;
    // Each ends where another begins, at the latest: no record is read twice.
    let mut ends: Vec<usize> = book.sheets.iter().map(|(_, start)| *start).collect();
    ends.sort_unstable();
    for (name, start) in std::mem::take(&mut book.sheets) {
        let next = ends.partition_point(|end| *end <= start);
        let end = ends.get(next).copied().unwrap_or(stream.len());
        let records = stream.get(start..end).ok_or(Unreadable::Damaged)?;
        let name = format!("工作表“{name}”");
        tables.push(book.worksheet(name, records, &mut count)?);
    }
    Ok(Some(tables))
}

#[derive(Default)]
struct Book {
    sheets: Vec<(String, usize)>,
    strings: Vec<Arc<str>>,
    formats: HashMap<u16, String>,
    /// For each style of cells, the number of its format.
    styles: Vec<u16>,
}

/// The records of a stream: kind and bytes, to the end of their part.
struct Records<'s>(&'s [u8]);

impl<'s> Records<'s> {
    fn next(&mut self) -> Option<(u16, &'s [u8])> {
        let (kind, length) = (u16_at(self.0, 0)?, usize::from(u16_at(self.0, 2)?));
        let body = self.0.get(4..4 + length)?;
        self.0 = self.0.get(4 + length..)?;
        Some((kind, body))
    }

    /// The records that go on with the last one.
    fn continued(&mut self) -> Vec<&'s [u8]> {
        let mut parts = Vec::new();
        while u16_at(self.0, 0) == Some(record::CONTINUE) {
            parts.extend(self.next().map(|(_, body)| body));
        }
        parts
    }
}

impl Book {
    fn globals(&mut self, stream: &[u8]) -> Result<(), Unreadable> {
        let mut records = Records(stream);
        while let Some((kind, body)) = records.next() {
            match kind {
                // Only the version since 1997 writes Unicode.
                record::BOF if u16_at(body, 0) != Some(0x0600) => return Err(Unreadable::Damaged),
                record::FILE_PASS => return Err(Unreadable::Encrypted),
                record::BOUND_SHEET => {
                    let start = u32_at(body, 0).and_then(|it| usize::try_from(it).ok());
                    let is_worksheet = body.get(5) == Some(&0);
                    let name = body.get(6..).and_then(|body| {
                        let (length, rest) = body.split_first()?;
                        short_text(usize::from(*length), rest)
                    });
                    let is_new = |start| self.sheets.iter().all(|(_, known)| *known != start);
                    if let (Some(start), true, Some(name)) = (start, is_worksheet, name)
                        && is_new(start)
                    {
                        self.sheets.push((name, start));
                    }
                    if self.sheets.len() > MOST_SHEETS {
                        return Err(Unreadable::TooLarge);
                    }
                }
                record::FORMAT => {
                    if let (Some(id), Some(length)) = (u16_at(body, 0), u16_at(body, 2))
                        && let Some(text) =
                            body.get(4..).and_then(|it| short_text(length.into(), it))
                    {
                        self.formats.insert(id, text);
                    }
                }
                record::XF => self.styles.push(u16_at(body, 2).unwrap_or(0)),
                record::SST => {
                    let mut parts = vec![body];
                    parts.extend(records.continued());
                    self.strings = Strings { parts, part: 0, at: 8 }.all();
                }
                record::EOF => return Ok(()),
                _ => {}
            }
        }
        Err(Unreadable::Damaged)
    }

    fn worksheet(
        &self,
        name: String,
        stream: &[u8],
        count: &mut usize,
    ) -> Result<Table, Unreadable> {
        let mut table = Table { name, cells: Vec::new(), ruled: true };
        let mut joined = HashMap::new();
        let mut records = Records(stream);
        // A formula whose text follows: its place.
        let mut formula = None;
        // Charts within the sheet have parts of their own.
        let mut depth = 0;
        while let Some((kind, body)) = records.next() {
            match kind {
                record::BOF => depth += 1,
                record::EOF => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ if depth != 1 => continue,
                _ => {}
            }
            let at = || Some((usize::from(u16_at(body, 0)?), usize::from(u16_at(body, 2)?)));
            let style = u16_at(body, 4).unwrap_or(0);
            let mut found: Vec<((usize, usize), Cell)> = Vec::new();
            match kind {
                record::LABEL_SST => {
                    let index = u32_at(body, 6).and_then(|it| usize::try_from(it).ok());
                    let text = index.and_then(|index| self.strings.get(index));
                    let text = Arc::clone(text.ok_or(Unreadable::Damaged)?);
                    found.extend(at().map(|at| (at, Cell { text, ..Cell::default() })));
                }
                record::LABEL => {
                    let length = u16_at(body, 6).unwrap_or(0);
                    let text = body.get(8..).and_then(|it| short_text(length.into(), it));
                    found.extend(at().zip(text).map(|(at, text)| (at, said(&text))));
                }
                record::NUMBER => {
                    let number = f64_at(body, 6);
                    found.extend(
                        at().zip(number).map(|(at, number)| (at, self.number(number, style))),
                    );
                }
                record::RK => {
                    let number = u32_at(body, 6).map(rk);
                    found.extend(
                        at().zip(number).map(|(at, number)| (at, self.number(number, style))),
                    );
                }
                record::MUL_RK => {
                    let pairs = body.get(4..body.len().saturating_sub(2)).unwrap_or_default();
                    for (offset, pair) in pairs.chunks_exact(6).enumerate() {
                        let (style, number) =
                            (u16_at(pair, 0).unwrap_or(0), u32_at(pair, 2).map(rk));
                        if let (Some((row, column)), Some(number)) = (at(), number) {
                            found.push(((row, column + offset), self.number(number, style)));
                        }
                    }
                }
                // What a formula gave: a number, or of what else it is.
                record::FORMULA => match body.get(6..14) {
                    Some([0, .., 0xff, 0xff]) => formula = at(),
                    Some([1, _, value, .., 0xff, 0xff]) => {
                        found.extend(at().map(|at| (at, truth(*value))));
                    }
                    Some([2, _, error, .., 0xff, 0xff]) => {
                        found.extend(at().map(|at| (at, failed(*error))));
                    }
                    Some([_, .., 0xff, 0xff]) | None => {}
                    Some(_) => {
                        let number = f64_at(body, 6);
                        found.extend(at().zip(number).map(|(at, it)| (at, self.number(it, style))));
                    }
                },
                record::STRING => {
                    let text = u16_at(body, 0).zip(body.get(2..));
                    let text = text.and_then(|(length, body)| short_text(length.into(), body));
                    found.extend(formula.take().zip(text).map(|(at, text)| (at, said(&text))));
                }
                record::BOOL_ERR => {
                    let cell = match body.get(6..8) {
                        Some([value, 0]) => Some(truth(*value)),
                        Some([error, _]) => Some(failed(*error)),
                        _ => None,
                    };
                    found.extend(at().zip(cell));
                }
                record::MERGE_CELLS => {
                    for range in body.get(2..).unwrap_or_default().chunks_exact(8) {
                        let edge = |at: usize| u16_at(range, at).map_or(0, usize::from);
                        joined.insert((edge(0), edge(4)), edge(6).saturating_sub(edge(4)) + 1);
                    }
                }
                _ => {}
            }
            for ((row, column), cell) in found {
                if cell.text.trim().is_empty() {
                    continue;
                }
                *count += 1;
                if *count > MOST_CELLS {
                    return Err(Unreadable::TooLarge);
                }
                let place = format!("{}{}", column_letters(column), row + 1);
                table.cells.push(Cell { row, column, columns: 1, place, ..cell });
            }
        }
        table.cells.sort_by_key(|cell| (cell.row, cell.column));
        for cell in &mut table.cells {
            cell.columns = joined.get(&(cell.row, cell.column)).copied().unwrap_or(1);
        }
        Ok(table)
    }

    fn number(&self, number: f64, style: u16) -> Cell {
        let id = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        let format = self.formats.get(&id).map(String::as_str).or_else(|| built_in(id.into()));
        let figures = number.to_string();
        let shown = shown(&figures, format);
        Cell {
            text: Arc::from(shown.text),
            number: Some(figures),
            doubt: shown.doubt,
            ..Cell::default()
        }
    }
}

fn said(text: &str) -> Cell {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cell { text: Arc::from(text), ..Cell::default() }
}

fn truth(value: u8) -> Cell {
    said(if value == 1 { "是" } else { "否" })
}

/// What a formula that failed shows.
fn failed(error: u8) -> Cell {
    let shown = match error {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    Cell { doubt: Some(format!("表上的公式有错：{shown}")), ..said(shown) }
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// A number in four bytes: an integer or the front of a fraction, maybe a hundred times too large.
fn rk(bits: u32) -> f64 {
    let number = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { number / 100.0 } else { number }
}

/// A text in one piece, behind its length: a byte says how wide its letters are.
fn short_text(length: usize, bytes: &[u8]) -> Option<String> {
    let (flags, rest) = bytes.split_first()?;
    if flags & 1 == 0 {
        return Some(rest.get(..length)?.iter().map(|&byte| char::from(byte)).collect());
    }
    let units: Vec<u16> =
        (0..length).map(|index| u16_at(rest, 2 * index)).collect::<Option<_>>()?;
    Some(String::from_utf16_lossy(&units))
}

/// The table of texts, which may be parted anywhere over several records.
struct Strings<'s> {
    parts: Vec<&'s [u8]>,
    part: usize,
    at: usize,
}

impl Strings<'_> {
    fn all(mut self) -> Vec<Arc<str>> {
        let mut strings = Vec::new();
        while let Some(text) = self.text() {
            strings.push(Arc::from(text.replace("\r\n", "\n").replace('\r', "\n")));
        }
        strings
    }

    fn rest(&self) -> &[u8] {
        self.parts.get(self.part).and_then(|part| part.get(self.at..)).unwrap_or_default()
    }

    /// So many bytes, wherever a record ends between them.
    fn bytes(&mut self, count: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            if self.rest().is_empty() {
                self.part += 1;
                self.at = 0;
                self.parts.get(self.part)?;
                continue;
            }
            let rest = self.rest();
            let taken = rest.get(..count - bytes.len()).unwrap_or(rest).to_vec();
            self.at += taken.len();
            bytes.extend(taken);
        }
        Some(bytes)
    }

    fn text(&mut self) -> Option<String> {
        let head = self.bytes(3)?;
        let length = usize::from(u16_at(&head, 0)?);
        let mut flags = *head.get(2)?;
        let runs = if flags & 8 != 0 { usize::from(u16_at(&self.bytes(2)?, 0)?) } else { 0 };
        let extra =
            if flags & 4 != 0 { usize::try_from(u32_at(&self.bytes(4)?, 0)?).ok()? } else { 0 };
        let mut units: Vec<u16> = Vec::with_capacity(length.min(1 << 15));
        while units.len() < length {
            if self.rest().is_empty() {
                // Letters that go on in another record may be of another width there.
                self.part += 1;
                self.at = 1;
                flags = *self.parts.get(self.part)?.first()?;
                continue;
            }
            if flags & 1 == 0 {
                units.push(u16::from(*self.bytes(1)?.first()?));
            } else {
                units.push(u16_at(&self.bytes(2)?, 0)?);
            }
        }
        self.skip(runs.checked_mul(4)?.checked_add(extra)?)?;
        Some(String::from_utf16_lossy(&units))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let length = self.rest().len();
            if length == 0 {
                self.part += 1;
                self.at = 0;
                self.parts.get(self.part)?;
                continue;
            }
            let step = length.min(count);
            self.at += step;
            count -= step;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_four_bytes() {
        assert_eq!(rk(0x3ff0_0000), 1.0);
        assert_eq!(rk(0x3ff0_0001), 0.01);
        assert_eq!(rk((55 << 2) | 2), 55.0);
        assert_eq!(rk((1234 << 2) | 3), 12.34);
    }

    #[test]
    fn a_text_that_is_parted_over_records_is_whole() {
        // Two letters of one byte, then one of two bytes in the next record.
        let parts = vec![&[0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, b'a', b'b'][..], &[1, 0x32, 0x75][..]];
        assert_eq!(Strings { parts, part: 0, at: 8 }.all(), [Arc::from("ab甲")]);
    }
}
