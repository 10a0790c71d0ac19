//! Sheets → an Excel workbook: a worksheet for each, amounts as numbers.

use indexmap::IndexSet;

use super::contents::{Contents, OFFICE_RELATIONS};
use super::xml::{DECLARATION, number, text};
use super::{BELOW, Families, PAGE_NUMBER, too_long};
use crate::diagnostics::Finding;
use crate::files::package::Part;
use crate::grid::column_letters;
use crate::print::pages::{Align, Paged, SetLine};
use crate::print::typeset::About;
use crate::sheet::{BandKind, LineStyle, Printed, Run, Value};

/// The most that a cell holds, in UTF-16 units.
const MOST_IN_A_CELL: usize = 32_767;
/// The most that the name of a worksheet holds, in UTF-16 units.
const LONGEST_NAME: usize = 31;
/// The name of the worksheet that no bookmark leads to.
const SUMMARY: &str = "汇总表";
/// No row is higher, in points.
const HIGHEST_ROW: f64 = 409.0;
/// The most digits that a number keeps.
const MOST_DIGITS: usize = 15;
/// The widths of columns are told in digits of the standard font, 宋体 of 12 points: so many points
/// each.
const DIGIT: f64 = 6.0;
/// A step of indentation, in points.
const INDENT: f64 = 6.75;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// The parts of a workbook with a worksheet for each of these sheets.
///
/// # Errors
/// A text that no cell holds.
pub fn workbook(
    about: &About,
    families: Families<'_>,
    sheets: &[Paged<'_>],
) -> Result<Vec<Part>, Vec<Finding>> {
    let mut book = Workbook { families, styles: IndexSet::new(), strings: IndexSet::new() };
    // Where nothing else is said.
    book.styles.insert(Style::default());
    let names = worksheet_names(sheets.iter().map(|paged| match paged.sheet.bookmark.as_str() {
        "" => SUMMARY,
        name => name,
    }));
    let (mut list, mut titles) = (String::new(), String::new());
    let (mut worksheets, mut findings) = (Vec::new(), Vec::new());
    for (index, (paged, name)) in sheets.iter().zip(&names).enumerate() {
        let id = index + 1;
        let worksheet = Worksheet::new(&mut book, paged, &mut findings);
        if let Some((first, last)) = worksheet.repeated {
            titles += &format!(
                "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{index}\">{}!${first}:${last}</definedName>",
                text(&format!("'{}'", name.replace('\'', "''")))
            );
        }
        list += &format!("<sheet name=\"{}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>", text(name));
        worksheets.push(worksheet.xml(paged, families));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let titles = match titles.as_str() {
        "" => String::new(),
        titles => format!("<definedNames>{titles}</definedNames>"),
    };
    let workbook = format!(
        "{DECLARATION}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE_RELATIONS}\"><sheets>{list}</sheets>{titles}</workbook>"
    );
    let mut contents =
        Contents::new(about, "xl/workbook.xml", workbook, &format!("{KIND}.sheet.main+xml"));
    for (index, worksheet) in worksheets.into_iter().enumerate() {
        let id = index + 1;
        let name = format!("xl/worksheets/sheet{id}.xml");
        let kind = format!("{KIND}.worksheet+xml");
        contents.add(&format!("rId{id}"), "worksheet", &name, &kind, worksheet);
    }
    for (name, xml) in [("styles", book.style_sheet()), ("sharedStrings", book.shared_strings())] {
        let kind = format!("{KIND}.{name}+xml");
        contents.add(name, name, &format!("xl/{name}.xml"), &kind, xml);
    }
    Ok(contents.parts())
}

/// A name for each worksheet: none too long, none twice, without what no name may have.
fn worksheet_names<'n>(wanted: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    // Case does not tell worksheets apart.
    let mut taken = std::collections::HashSet::new();
    for name in wanted {
        let allowed = name
            .chars()
            .filter(|c| !c.is_control() && !"[]:*?/\\".contains(*c))
            .collect::<String>();
        let name = allowed.trim().trim_matches('\'');
        let name = if name.is_empty() { "表" } else { name };
        let mut number = 1_usize;
        let name = loop {
            let end = if number == 1 { String::new() } else { format!("（{number}）") };
            let candidate = shortened(name, LONGEST_NAME - end.encode_utf16().count()) + &end;
            if taken.insert(candidate.to_lowercase()) {
                break candidate;
            }
            number += 1;
        };
        names.push(name);
    }
    names
}

/// The beginning of a text, no longer than so many UTF-16 units.
fn shortened(text: &str, most: usize) -> String {
    let mut length = 0;
    let fits = |c: &char| {
        length += c.len_utf16();
        length <= most
    };
    text.chars().take_while(fits).collect()
}

/// What all worksheets share.
struct Workbook<'f> {
    families: Families<'f>,
    styles: IndexSet<Style>,
    /// The XML of each text.
    strings: IndexSet<String>,
}

/// How a cell looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Style {
    font: Letters,
    bordered: bool,
    /// Horizontally, and by how many steps.
    align: (&'static str, u32),
    /// The format of its number; empty for none.
    format: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Letters {
    /// Empty for the standard font.
    family: String,
    /// In points, as it is written.
    size: String,
    strong: bool,
}

impl Letters {
    fn xml(&self) -> String {
        let strong = if self.strong { "<b/>" } else { "" };
        // Where the family is not there, one for Chinese is taken.
        match self.family.as_str() {
            "" => {
                "<font><sz val=\"12\"/><name val=\"宋体\"/><charset val=\"134\"/></font>".to_owned()
            }
            family => format!(
                "<font>{strong}<sz val=\"{}\"/><name val=\"{}\"/><charset val=\"134\"/></font>",
                self.size,
                text(family)
            ),
        }
    }
}

impl Workbook<'_> {
    fn style(&mut self, style: Style) -> usize {
        self.styles.insert_full(style).0
    }

    /// The index of a text.
    fn string(&mut self, runs: &[Run], letters: &Letters) -> usize {
        let all_alike = runs.iter().all(|run| run.strong == letters.strong);
        let xml = if all_alike {
            let whole: String = runs.iter().map(|run| run.text.as_str()).collect();
            format!("<si>{}</si>", string_item(&whole))
        } else {
            let runs = runs.iter().map(|run| {
                let strong = if run.strong { "<b/>" } else { "" };
                format!(
                    "<r><rPr>{strong}<sz val=\"{}\"/><rFont val=\"{}\"/><charset val=\"134\"/></rPr>{}</r>",
                    letters.size,
                    text(&letters.family),
                    string_item(&run.text)
                )
            });
            format!("<si>{}</si>", runs.collect::<String>())
        };
        self.strings.insert_full(xml).0
    }

    fn shared_strings(&self) -> Vec<u8> {
        let mut xml =
            format!("{DECLARATION}<sst xmlns=\"{MAIN}\" uniqueCount=\"{}\">", self.strings.len());
        self.strings.iter().for_each(|item| xml += item);
        (xml + "</sst>").into_bytes()
    }

    fn style_sheet(&self) -> Vec<u8> {
        let mut letters: IndexSet<&Letters> = IndexSet::new();
        let mut formats: IndexSet<&str> = IndexSet::new();
        let mut cells = String::new();
        for style in &self.styles {
            let font = letters.insert_full(&style.font).0;
            let format = match style.format.as_str() {
                "" => 0,
                // The numbers below are those of the program's own formats.
                format => 164 + formats.insert_full(format).0,
            };
            let (horizontal, indent) = style.align;
            let horizontal = match horizontal {
                "" => String::new(),
                word => format!(" horizontal=\"{word}\""),
            };
            let indent = if indent > 0 { format!(" indent=\"{indent}\"") } else { String::new() };
            cells += &format!(
                "<xf numFmtId=\"{format}\" fontId=\"{font}\" fillId=\"0\" borderId=\"{}\" xfId=\"0\" \
                 applyNumberFormat=\"1\" applyFont=\"1\" applyBorder=\"1\" applyAlignment=\"1\">\
                 <alignment{horizontal} vertical=\"{}\" wrapText=\"1\"{indent}/></xf>",
                u8::from(style.bordered),
                // Lines above the table have their air below them.
                if style.bordered { "center" } else { "top" }
            );
        }
        let fonts: String = letters.iter().map(|it| it.xml()).collect();
        let formats = match formats.len() {
            0 => String::new(),
            count => {
                let list = formats.iter().enumerate().map(|(index, code)| {
                    format!("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 164 + index, text(code))
                });
                format!("<numFmts count=\"{count}\">{}</numFmts>", list.collect::<String>())
            }
        };
        let line = |side: &str| format!("<{side} style=\"thin\"><color auto=\"1\"/></{side}>");
        let lines: String = ["left", "right", "top", "bottom"].into_iter().map(line).collect();
        format!(
            "{DECLARATION}<styleSheet xmlns=\"{MAIN}\">{formats}\
             <fonts count=\"{}\">{fonts}</fonts>\
             <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
             <fill><patternFill patternType=\"gray125\"/></fill></fills>\
             <borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>\
             <border>{lines}<diagonal/></border></borders>\
             <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
             <cellXfs count=\"{}\">{cells}</cellXfs>\
             <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>\
             </styleSheet>",
            letters.len(),
            self.styles.len()
        )
        .into_bytes()
    }
}

/// A text of a workbook. Its programs read `_x000A_` as a character.
fn string_item(content: &str) -> String {
    let mut escaped = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find("_x") {
        let (before, behind) = rest.split_at(at);
        escaped += before;
        let is_code = behind.as_bytes().get(2..7).is_some_and(|code| {
            code.ends_with(b"_") && code.iter().take(4).all(u8::is_ascii_hexdigit)
        });
        escaped += if is_code { "_x005F_x" } else { "_x" };
        rest = behind.get(2..).unwrap_or_default();
    }
    escaped += rest;
    format!("<t xml:space=\"preserve\">{}</t>", text(&escaped))
}

/// A worksheet on its way to XML.
struct Worksheet {
    /// For each row: its height, and its cells as (column, style, value).
    rows: Vec<(f64, Vec<PlacedCell>)>,
    /// What is joined, as (row, column) of the first and the last cell.
    joined: Vec<[(usize, usize); 2]>,
    /// The first and the last of the rows that are printed on every page, from 1.
    repeated: Option<(usize, usize)>,
}

/// A cell's column, its style, and what is in it.
type PlacedCell = (usize, usize, CellValue);

enum CellValue {
    Empty,
    Number(String),
    /// The index of a text.
    Text(usize),
}

impl Worksheet {
    fn new(book: &mut Workbook<'_>, paged: &Paged<'_>, findings: &mut Vec<Finding>) -> Self {
        let mut sheet = Self { rows: Vec::new(), joined: Vec::new(), repeated: None };
        sheet.lines(book, paged, &paged.before);
        // Each row of the table is a row, or several if it is higher than a row can be.
        let mut starts = Vec::new();
        let sizes = &paged.sheet.sizes;
        let body = Letters {
            family: book.families.body.to_owned(),
            size: number(sizes.text),
            strong: false,
        };
        for page in &paged.pages {
            for height in &page.heights {
                starts.push(sheet.rows.len());
                let mut left = *height;
                loop {
                    sheet.rows.push((left.min(HIGHEST_ROW), Vec::new()));
                    left -= HIGHEST_ROW;
                    if left <= 0.0 {
                        break;
                    }
                }
            }
            starts.push(sheet.rows.len());
            for cell in &page.cells {
                let printed = cell.content.printed;
                if printed.text().encode_utf16().count() > MOST_IN_A_CELL {
                    findings.push(too_long(printed));
                }
                let (Some(&row), Some(&end)) = (starts.get(cell.row), starts.get(cell.end_row()))
                else {
                    continue;
                };
                let align = match cell.content.align {
                    Align::Centre => ("center", 0),
                    Align::Left => ("left", 0),
                    Align::Right(air) => ("right", steps(air - sizes.inset)),
                };
                let strong = printed.runs.iter().all(|run| run.strong) && !printed.runs.is_empty();
                let letters = Letters { strong, ..body.clone() };
                let (value, format) = value(book, printed, &letters);
                let style = Style { font: letters, bordered: true, align, format };
                let style = book.style(style);
                sheet.put((row, cell.column), (end - 1, cell.end_column() - 1), style, value);
            }
        }
        let heads = paged.sheet.bands.iter().find(|band| band.kind == BandKind::Head);
        sheet.repeated = heads
            .and_then(|band| Some((starts.get(band.rows.start)? + 1, *starts.get(band.rows.end)?)));
        sheet.lines(book, paged, &paged.after);
        sheet
    }

    /// The lines above or below the table, each a row of its own.
    fn lines(&mut self, book: &mut Workbook<'_>, paged: &Paged<'_>, lines: &[SetLine<'_>]) {
        let columns = paged.widths.len();
        for line in lines {
            let family = match line.style {
                LineStyle::AttachmentNumber => book.families.number,
                LineStyle::DocumentTitle | LineStyle::Title => book.families.title,
                LineStyle::Subtitle | LineStyle::Note => book.families.body,
            };
            let strong = matches!(line.style, LineStyle::DocumentTitle | LineStyle::Title);
            let letters = Letters { family: family.to_owned(), size: number(line.size), strong };
            let row = self.rows.len();
            self.rows.push((line.height().min(HIGHEST_ROW), Vec::new()));
            // Two texts stand at the ends of the line, each in one part of the columns.
            let middle = (columns / 2).max(1);
            let spans: &[(usize, usize, &'static str)] = match (&line.texts[..], line.style) {
                ([_, _], _) if columns > 1 => &[(0, middle, "left"), (middle, columns, "right")],
                (_, LineStyle::AttachmentNumber) => &[(0, columns, "left")],
                (_, LineStyle::Note) => &[(0, columns, "right")],
                _ => &[(0, columns, "center")],
            };
            for ((printed, _), &(start, end, align)) in line.texts.iter().zip(spans) {
                if end <= start {
                    continue;
                }
                let runs: Vec<Run> =
                    printed.runs.iter().map(|run| Run { strong, ..run.clone() }).collect();
                let value = match printed.is_empty() {
                    true => CellValue::Empty,
                    false => CellValue::Text(book.string(&runs, &letters)),
                };
                let style = Style {
                    font: letters.clone(),
                    bordered: false,
                    align: (align, 0),
                    format: String::new(),
                };
                let style = book.style(style);
                self.put((row, start), (row, end - 1), style, value);
            }
        }
    }

    /// Puts a cell over all these rows and columns.
    fn put(&mut self, first: (usize, usize), last: (usize, usize), style: usize, value: CellValue) {
        let mut value = Some(value);
        for row in first.0..=last.0 {
            for column in first.1..=last.1 {
                if let Some((_, cells)) = self.rows.get_mut(row) {
                    cells.push((column, style, value.take().unwrap_or(CellValue::Empty)));
                }
            }
        }
        if first != last {
            self.joined.push([first, last]);
        }
    }

    fn xml(mut self, paged: &Paged<'_>, families: Families<'_>) -> Vec<u8> {
        let mut xml = format!(
            "{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>\
             <sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\"/></sheetViews>\
             <sheetFormatPr defaultRowHeight=\"15\"/><cols>"
        );
        for (column, width) in paged.widths.iter().enumerate() {
            let (column, width) = (column + 1, number(width / DIGIT));
            xml += &format!(
                "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>"
            );
        }
        xml += "</cols><sheetData>";
        for (index, (height, cells)) in self.rows.iter_mut().enumerate() {
            let row = index + 1;
            xml += &format!("<row r=\"{row}\" ht=\"{}\" customHeight=\"1\">", number(*height));
            cells.sort_by_key(|(column, ..)| *column);
            for (column, style, value) in cells {
                let place = format!("r=\"{}\" s=\"{style}\"", name_of((index, *column)));
                xml += &match value {
                    CellValue::Empty => format!("<c {place}/>"),
                    CellValue::Number(figures) => format!("<c {place}><v>{figures}</v></c>"),
                    CellValue::Text(text) => format!("<c {place} t=\"s\"><v>{text}</v></c>"),
                };
            }
            xml += "</row>";
        }
        xml += "</sheetData>";
        if !self.joined.is_empty() {
            xml += &format!("<mergeCells count=\"{}\">", self.joined.len());
            for [first, last] in &self.joined {
                xml += &format!("<mergeCell ref=\"{}:{}\"/>", name_of(*first), name_of(*last));
            }
            xml += "</mergeCells>";
        }
        let sizes = &paged.sheet.sizes;
        let inches = |points: f64| number(points / 72.0);
        let [top, bottom, left, right] = sizes.margins;
        let footer = (bottom - BELOW - PAGE_NUMBER).max(0.0);
        let orientation = if sizes.landscape { "landscape" } else { "portrait" };
        let letters = format!("&\"{},Regular\"&{}", families.body, number(PAGE_NUMBER));
        let letters = text(&letters);
        xml += &format!(
            "<printOptions horizontalCentered=\"1\"/>\
             <pageMargins left=\"{}\" right=\"{}\" top=\"{}\" bottom=\"{}\" header=\"{}\" footer=\"{}\"/>\
             <pageSetup paperSize=\"9\" orientation=\"{orientation}\" fitToHeight=\"0\"/>\
             <headerFooter differentOddEven=\"1\"><oddFooter>&amp;R{letters}— &amp;P —</oddFooter>\
             <evenFooter>&amp;L{letters}— &amp;P —</evenFooter></headerFooter>",
            inches(left),
            inches(right),
            inches(top),
            inches(bottom),
            inches(top / 2.0),
            inches(footer)
        );
        // Codes and numbers among texts are texts; the program need not remark on each.
        let last = name_of((self.rows.len().max(1) - 1, paged.widths.len().max(1) - 1));
        xml += &format!(
            "<ignoredErrors><ignoredError sqref=\"A1:{last}\" numberStoredAsText=\"1\"/></ignoredErrors>"
        );
        (xml + "</worksheet>").into_bytes()
    }
}

/// A length in steps of indentation.
fn steps(length: f64) -> u32 {
    // Far below what an integer holds.
    (length / INDENT).round().clamp(0.0, 100.0) as u32
}

/// What a cell holds, and the format of its number.
fn value(book: &mut Workbook<'_>, printed: &Printed, letters: &Letters) -> (CellValue, String) {
    let shown = printed.text();
    let as_number = match printed.value {
        Value::Text => None,
        Value::Page(page) => Some((page.to_string(), "0".to_owned())),
        Value::Amount(amount) => {
            let figures = amount.shortest();
            amount_format(&shown, &figures).map(|format| (figures, format))
        }
    };
    match as_number {
        Some((figures, format)) => (CellValue::Number(figures), format),
        None if shown.is_empty() => (CellValue::Empty, String::new()),
        None => (CellValue::Text(book.string(&printed.runs, letters)), String::new()),
    }
}

/// The format in which a program shows figures as they are printed; `None` if it cannot.
fn amount_format(shown: &str, figures: &str) -> Option<String> {
    let digits = figures.trim_start_matches(['0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if digits > MOST_DIGITS {
        return None;
    }
    let is_zero = digits == 0;
    let is_figures = shown.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    if is_zero {
        // Nothing is printed as the form says.
        return Some(format!("0;-0;\"{}\"", shown.replace('"', "")));
    }
    if !is_figures {
        return None;
    }
    let whole = if shown.contains(',') { "#,##0" } else { "0" };
    let decimals = shown.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    Some(if decimals == 0 { whole.to_owned() } else { format!("{whole}.{}", "0".repeat(decimals)) })
}

/// A cell by its letters and number.
fn name_of((row, column): (usize, usize)) -> String {
    column_letters(column) + &(row + 1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worksheets_are_told_apart() {
        let long = "很".repeat(40);
        let names = [
            "办公费",
            "办公费",
            "a/b[1]",
            "'",
            "",
            "ABC",
            "abc",
            &long,
            &long,
            "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷",
        ];
        let names = worksheet_names(names.into_iter());
        assert_eq!(
            names[..7],
            ["办公费", "办公费（2）", "ab1", "表", "表（2）", "ABC", "abc（2）"]
        );
        assert_eq!(names[7], "很".repeat(31));
        assert_eq!(names[8], "很".repeat(28) + "（2）");
        assert!(names.iter().all(|name| name.encode_utf16().count() <= LONGEST_NAME));
    }

    #[test]
    fn a_text_that_looks_like_a_code_stays_a_text() {
        for (text, expected) in [
            ("a_x000A_b", "a_x005F_x000A_b"),
            ("_xx_x00", "_xx_x00"),
            ("<_x005F_>", "&lt;_x005F_x005F_&gt;"),
        ] {
            let item = format!("<t xml:space=\"preserve\">{expected}</t>");
            assert_eq!(string_item(text), item);
        }
    }

    #[test]
    fn figures_are_shown_as_they_are_printed() {
        let format = amount_format;
        assert_eq!(format("22.000000", "22").as_deref(), Some("0.000000"));
        assert_eq!(format("0", "0").as_deref(), Some("0;-0;\"0\""));
        assert_eq!(format("—", "0").as_deref(), Some("0;-0;\"—\""));
        assert_eq!(format("3,309,840.00", "3309840").as_deref(), Some("#,##0.00"));
        assert_eq!(format("90", "90").as_deref(), Some("0"));
        assert_eq!(format("999999999999.999999", "999999999999.999999"), None);
    }
}
