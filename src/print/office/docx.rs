//! Sheets → a Word document: titles as paragraphs, and tables whose heads are printed on every page.

use std::collections::BTreeSet;
use std::ops::Range;

use super::contents::{Contents, OFFICE_RELATIONS};
use super::xml::{DECLARATION, number, text};
use super::{BELOW, Families, PAGE_NUMBER};
use crate::files::package::Part;
use crate::grid::Cell;
use crate::print::pages::{Align, Page, Paged, SetCell, SetLine};
use crate::print::typeset::About;
use crate::sheet::{BandKind, LineStyle, Look, Run, Value};

/// Lengths are in twentieths of a point.
const TWIP: f64 = 20.0;
/// The air between the lines of a title, in points.
const TITLE_LEADING: f64 = 8.0;
/// What a row is higher than it is asked to be: its rule, and what rounding may add, in points.
const RULE: f64 = 1.0;
/// A row that takes more of a page than this may be parted.
const LONG_ROW: f64 = 0.8;

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The parts of a document with these sheets, each from a page of its own on.
pub fn document(about: &About, families: Families<'_>, sheets: &[Paged<'_>]) -> Vec<Part> {
    let writer = Writer { families, pages: pages(sheets) };
    let first_form = usize::from(!writer.pages.is_empty());
    let mut body = String::new();
    for (index, paged) in sheets.iter().enumerate() {
        let (before, next) =
            (index.checked_sub(1).and_then(|it| sheets.get(it)), sheets.get(index + 1));
        // Another paper is another section, and begins a page by itself.
        let breaks = before.is_some_and(|before| same_paper(before, paged));
        let number = index.checked_sub(first_form).map_or(0, |number| number + 1);
        writer.start(&mut body, breaks, number);
        writer.sheet(&mut body, paged);
        if next.is_some_and(|next| !same_paper(paged, next)) {
            body += &tiny(&section(paged));
        }
    }
    if let Some(last) = sheets.last() {
        // A document ends with a paragraph.
        body += &tiny("");
        body += &section(last);
    }
    let xml = format!(
        "{DECLARATION}<w:document xmlns:w=\"{MAIN}\" xmlns:r=\"{OFFICE_RELATIONS}\"><w:body>{body}</w:body></w:document>"
    );
    let mut contents =
        Contents::new(about, "word/document.xml", xml, &format!("{KIND}.document.main+xml"));
    for (id, name, kind, xml) in [
        ("styles", "styles", "styles", writer.styles()),
        ("settings", "settings", "settings", settings()),
        ("odd", "footer1", "footer", writer.footer("right")),
        ("even", "footer2", "footer", writer.footer("left")),
    ] {
        let full_kind = format!("{KIND}.{kind}+xml");
        contents.add(id, kind, &format!("word/{name}.xml"), &full_kind, xml.into_bytes());
    }
    contents.parts()
}

/// The pages on which forms start, if the first of these sheets names them: one for each sheet behind
/// it, in their order.
fn pages(sheets: &[Paged<'_>]) -> Vec<usize> {
    let cells = sheets.first().map_or(&[][..], |first| first.sheet.grid.cells());
    let named: BTreeSet<usize> = cells
        .iter()
        .filter_map(|cell| match cell.content.value {
            Value::Page(page) => Some(page),
            _ => None,
        })
        .collect();
    named.into_iter().collect()
}

/// A paragraph that takes no room to speak of.
fn tiny(more: &str) -> String {
    format!(
        "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>{more}</w:pPr></w:p>"
    )
}

fn same_paper(a: &Paged<'_>, b: &Paged<'_>) -> bool {
    let (a, b) = (&a.sheet.sizes, &b.sheet.sizes);
    a.landscape == b.landscape && a.margins == b.margins
}

fn section(paged: &Paged<'_>) -> String {
    let sizes = &paged.sheet.sizes;
    let [width, height] = sizes.paper();
    let [top, bottom, left, right] = sizes.margins;
    let orientation = if sizes.landscape { " w:orient=\"landscape\"" } else { "" };
    let footer = (bottom - BELOW - PAGE_NUMBER).max(0.0);
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"odd\"/>\
         <w:footerReference w:type=\"even\" r:id=\"even\"/><w:type w:val=\"nextPage\"/>\
         <w:pgSz w:w=\"{}\" w:h=\"{}\"{orientation}/>\
         <w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"{}\" w:footer=\"{}\" w:gutter=\"0\"/>\
         </w:sectPr>",
        twips(width),
        twips(height),
        twips(top),
        twips(right),
        twips(bottom),
        twips(left),
        twips(top / 2.0),
        twips(footer)
    )
}

fn settings() -> String {
    format!(
        "{DECLARATION}<w:settings xmlns:w=\"{MAIN}\"><w:evenAndOddHeaders/>\
         <w:characterSpacingControl w:val=\"doNotCompress\"/>\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

fn twips(points: f64) -> String {
    number((points * TWIP).round())
}

struct Writer<'f> {
    families: Families<'f>,
    /// The pages on which forms start, as the table of all projects names them.
    pages: Vec<usize>,
}

impl Writer<'_> {
    fn styles(&self) -> String {
        format!(
            "{DECLARATION}<w:styles xmlns:w=\"{MAIN}\"><w:docDefaults><w:rPrDefault><w:rPr>{}\
             <w:lang w:val=\"zh-CN\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>\
             <w:pPrDefault><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/></w:pPr></w:pPrDefault></w:docDefaults>\
             <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/>\
             <w:pPr><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/></w:pPr></w:style>\
             </w:styles>",
            letters(self.families.body, 10.5, false)
        )
    }

    fn footer(&self, side: &str) -> String {
        let run = |inner: &str| {
            format!(
                "<w:r><w:rPr>{}</w:rPr>{inner}</w:r>",
                letters(self.families.body, PAGE_NUMBER, false)
            )
        };
        // A letter's width from the edge.
        let indent = twips(PAGE_NUMBER);
        format!(
            "{DECLARATION}<w:ftr xmlns:w=\"{MAIN}\"><w:p><w:pPr><w:ind w:{side}=\"{indent}\"/><w:jc w:val=\"{side}\"/></w:pPr>\
             {}<w:fldSimple w:instr=\" PAGE \">{}</w:fldSimple>{}</w:p></w:ftr>",
            run("<w:t xml:space=\"preserve\">— </w:t>"),
            run("<w:t>1</w:t>"),
            run("<w:t xml:space=\"preserve\"> —</w:t>")
        )
    }

    /// What a sheet begins with: a new page, and the mark of the form of this number, from 1.
    fn start(&self, xml: &mut String, on_a_new_page: bool, number: usize) {
        let page = if on_a_new_page { "<w:pageBreakBefore/>" } else { "" };
        let mark = match number {
            0 => String::new(),
            _ if self.pages.is_empty() => String::new(),
            number => format!(
                "<w:bookmarkStart w:id=\"{number}\" w:name=\"form{number}\"/><w:bookmarkEnd w:id=\"{number}\"/>"
            ),
        };
        if !page.is_empty() || !mark.is_empty() {
            *xml += &format!(
                "<w:p><w:pPr><w:keepNext/>{page}<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" \
                 w:lineRule=\"exact\"/></w:pPr>{mark}</w:p>"
            );
        }
    }

    fn sheet(&self, xml: &mut String, paged: &Paged<'_>) {
        for line in &paged.before {
            self.line(xml, paged, line);
        }
        for page in &paged.pages {
            for (index, rows) in tables(paged).into_iter().enumerate() {
                if index > 0 {
                    // Else the tables would be one.
                    *xml += &tiny("");
                }
                self.table(xml, paged, page, rows);
            }
        }
        for line in &paged.after {
            self.line(xml, paged, line);
        }
    }

    /// A title, or a line with texts at its ends.
    fn line(&self, xml: &mut String, paged: &Paged<'_>, line: &SetLine<'_>) {
        let (family, strong) = match line.style {
            LineStyle::AttachmentNumber => (self.families.number, false),
            LineStyle::DocumentTitle | LineStyle::Title => (self.families.title, true),
            LineStyle::Subtitle | LineStyle::Note => (self.families.body, false),
        };
        let side = match line.style {
            LineStyle::AttachmentNumber | LineStyle::Note => "left",
            _ => "center",
        };
        let width: f64 = paged.widths.iter().sum();
        let tab = match line.style {
            LineStyle::Note => {
                format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", twips(width))
            }
            _ => String::new(),
        };
        let level = match line.style {
            LineStyle::DocumentTitle => "<w:outlineLvl w:val=\"0\"/>",
            LineStyle::Title => "<w:outlineLvl w:val=\"1\"/>",
            _ => "",
        };
        // One text of a note stands at the right.
        let texts: Vec<String> = line
            .texts
            .iter()
            .map(|(printed, _)| {
                let runs = printed.runs.iter().map(|run| Run { strong, ..run.clone() });
                self.runs(&runs.collect::<Vec<_>>(), family, line.size)
            })
            .collect();
        let content = match (line.style, &texts[..]) {
            (LineStyle::Note, [right]) => format!("<w:r><w:tab/></w:r>{right}"),
            (_, texts) => texts.join("<w:r><w:tab/></w:r>"),
        };
        *xml += &format!(
            "<w:p><w:pPr><w:keepNext/>{tab}<w:spacing w:before=\"0\" w:after=\"{}\" w:line=\"{}\" w:lineRule=\"exact\"/>\
             <w:jc w:val=\"{side}\"/>{level}</w:pPr>{content}</w:p>",
            twips((line.gap - TITLE_LEADING).max(0.0)),
            twips(line.size + TITLE_LEADING.min(line.gap))
        );
    }

    /// The table of some rows; those of their head are printed on every page.
    fn table(&self, xml: &mut String, paged: &Paged<'_>, page: &Page<'_>, rows: Range<usize>) {
        let sizes = &paged.sheet.sizes;
        let width: f64 = paged.widths.iter().sum();
        let goes_on = rows.end < paged.sheet.grid.rows();
        let line = |side: &str| match side {
            // The next table has it.
            "bottom" if goes_on => "<w:bottom w:val=\"nil\"/>".to_owned(),
            side => {
                format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>")
            }
        };
        let sides = ["top", "left", "bottom", "right", "insideH", "insideV"];
        let lines: String = sides.into_iter().map(line).collect();
        let inset = twips(sizes.inset);
        *xml += &format!(
            "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{lines}</w:tblBorders>\
             <w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"{inset}\" w:type=\"dxa\"/>\
             <w:right w:w=\"{inset}\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
            twips(width)
        );
        for width in &paged.widths {
            *xml += &format!("<w:gridCol w:w=\"{}\"/>", twips(*width));
        }
        *xml += "</w:tblGrid>";
        let heads = paged.sheet.bands.iter().filter(|band| band.kind == BandKind::Head);
        let heads: Vec<usize> = heads.flat_map(|band| band.rows.clone()).collect();
        let [_, room] = sizes.type_area();
        for row in rows {
            let height = page.heights.get(row).map_or(0.0, |height| (height - RULE).max(0.0));
            let mut cells: Vec<&Cell<SetCell<'_>>> =
                page.cells.iter().filter(|cell| cell.row <= row && row < cell.end_row()).collect();
            cells.sort_by_key(|cell| cell.column);
            let flows = cells.iter().any(|cell| cell.content.printed.look == Look::Prose);
            let whole = if flows || height > room * LONG_ROW { "" } else { "<w:cantSplit/>" };
            let head = if heads.contains(&row) { "<w:tblHeader/>" } else { "" };
            *xml += &format!(
                "<w:tr><w:trPr>{whole}<w:trHeight w:val=\"{}\" w:hRule=\"atLeast\"/>{head}</w:trPr>",
                twips(height)
            );
            for cell in cells {
                self.cell(xml, paged, cell, row);
            }
            *xml += "</w:tr>";
        }
        *xml += "</w:tbl>";
    }

    fn cell(&self, xml: &mut String, paged: &Paged<'_>, cell: &Cell<SetCell<'_>>, row: usize) {
        let sizes = &paged.sheet.sizes;
        let widths = paged.widths.get(cell.column..cell.end_column()).unwrap_or_default();
        let width: f64 = widths.iter().sum();
        let span = match cell.columns {
            1 => String::new(),
            columns => format!("<w:gridSpan w:val=\"{columns}\"/>"),
        };
        let joined = match (cell.rows, row == cell.row) {
            (1, _) => "",
            (_, true) => "<w:vMerge w:val=\"restart\"/>",
            (_, false) => "<w:vMerge/>",
        };
        *xml += &format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{span}{joined}<w:vAlign w:val=\"center\"/></w:tcPr>",
            twips(width)
        );
        let (side, indent) = match cell.content.align {
            Align::Centre => ("center", String::new()),
            Align::Left => ("left", String::new()),
            Align::Right(air) => {
                let air = twips((air - sizes.inset).max(0.0));
                ("right", format!("<w:ind w:right=\"{air}\"/>"))
            }
        };
        let printed = cell.content.printed;
        let content = match row == cell.row {
            true => self.runs(&printed.runs, self.families.body, sizes.text),
            false => String::new(),
        };
        let form = match printed.value {
            Value::Page(page) => self.pages.binary_search(&page).ok(),
            _ => None,
        };
        // The program that opens it keeps the page up to date.
        let content = match form {
            Some(form) => {
                let field = format!("<w:fldSimple w:instr=\" PAGEREF form{} \\h \">", form + 1);
                field + &content + "</w:fldSimple>"
            }
            None => content,
        };
        *xml += &format!(
            "<w:p><w:pPr><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"{}\" w:lineRule=\"exact\"/>\
             {indent}<w:jc w:val=\"{side}\"/></w:pPr>{content}</w:p></w:tc>",
            twips(sizes.text + sizes.leading)
        );
    }

    fn runs(&self, runs: &[Run], family: &str, size: f64) -> String {
        let runs = runs.iter().filter(|run| !run.text.is_empty()).map(|run| {
            let mut content = String::new();
            for (index, line) in run.text.split('\n').enumerate() {
                if index > 0 {
                    content += "<w:br/>";
                }
                if !line.is_empty() {
                    content += &format!("<w:t xml:space=\"preserve\">{}</w:t>", text(line));
                }
            }
            format!("<w:r><w:rPr>{}</w:rPr>{content}</w:r>", letters(family, size, run.strong))
        });
        runs.collect()
    }
}

/// The rows of each table that a sheet becomes: Word prints the head of a table again only if the
/// table begins with it.
fn tables(paged: &Paged<'_>) -> Vec<Range<usize>> {
    let grid = &paged.sheet.grid;
    let heads = paged.sheet.bands.iter().filter(|band| band.kind == BandKind::Head);
    let is_whole = |start: &usize| {
        *start > 0 && !grid.cells().iter().any(|it| it.row < *start && *start < it.end_row())
    };
    let starts = heads.map(|band| band.rows.start).filter(is_whole);
    let mut edges: Vec<usize> = std::iter::once(0).chain(starts).collect();
    edges.push(grid.rows());
    edges.windows(2).filter_map(|pair| Some(*pair.first()?..*pair.last()?)).collect()
}

fn letters(family: &str, size: f64, strong: bool) -> String {
    let family = text(family);
    let strong = if strong { "<w:b/>" } else { "" };
    let half_points = number((size * 2.0).round());
    format!(
        "<w:rFonts w:ascii=\"{family}\" w:hAnsi=\"{family}\" w:eastAsia=\"{family}\" w:hint=\"eastAsia\"/>\
         {strong}<w:sz w:val=\"{half_points}\"/><w:szCs w:val=\"{half_points}\"/>"
    )
}
