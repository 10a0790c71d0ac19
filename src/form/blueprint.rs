//! What a printed table looks like but for its data: its titles, its sections, its sizes.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::section::{Reader, Resolve, Section, template};
use super::template::{Scope, Template};
use crate::diagnostics::{Finding, Rule};
use crate::grid::Width;
use crate::toml::{Entry, Need, Table};

/// A table as it is to be printed.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// The title above it (标题).
    pub title: Template,
    /// The line below the title (副标题); may be nothing.
    pub subtitle: Template,
    /// The line right above the table (表上), at its left and its right end.
    pub above: [Template; 2],
    /// The line right below the table (表下), at its left and its right end.
    pub below: [Template; 2],
    /// The sections, from top to bottom (版面).
    pub sections: Vec<Section>,
    /// The paper and all that lines and heights hang on.
    pub sizes: Sizes,
}

/// The paper and all that lines and heights hang on. Lengths are in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes {
    /// Whether the paper lies on its side (横).
    pub landscape: bool,
    /// The margins: top, bottom, left, right.
    pub margins: [f64; 4],
    /// The size of the letters in cells (字号).
    pub text: f64,
    /// The air between two lines of a cell (行距).
    pub leading: f64,
    /// The air left and right of a cell's text (格内留白).
    pub inset: f64,
    /// The least and the most air above and below a row's text (上下留白).
    pub air: [f64; 2],
    /// The size of the title (标题字号).
    pub title: f64,
    /// The size of the title of a whole document (附件标题字号).
    pub document_title: f64,
}

/// A millimetre in points.
const MILLIMETRE: f64 = 72.0 / 25.4;
/// The short side of A4.
const SHORT_SIDE: f64 = 210.0 * MILLIMETRE;
/// The long side of A4.
const LONG_SIDE: f64 = 297.0 * MILLIMETRE;

impl Default for Sizes {
    /// A4 with the type area of 156 mm × 225 mm of GB/T 9704-2012, text of 五号 (10.5 pt).
    fn default() -> Self {
        Self {
            landscape: false,
            margins: [37.0, 35.0, 28.0, 26.0].map(|margin| margin * MILLIMETRE),
            text: 10.5,
            leading: 3.8,
            inset: 4.2,
            air: [2.6, 8.0],
            title: 18.0,
            document_title: 20.0,
        }
    }
}

/// A key of `["尺寸"]` with lengths.
#[derive(Debug)]
pub struct SizeKey {
    /// The key.
    pub key: &'static str,
    /// What it is, for who writes a form.
    pub help: &'static str,
    /// How many lengths it has.
    pub count: usize,
    /// The least and the most that each may be.
    pub range: [f64; 2],
}

impl SizeKey {
    const fn new(key: &'static str, help: &'static str, count: usize, range: [f64; 2]) -> Self {
        Self { key, help, count, range }
    }

    fn read(
        &self,
        table: &mut Table<'_>,
        rule: &'static Rule,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<f64>> {
        let items = match self.count {
            1 => vec![table.take(self.key)?],
            _ => table.list(self.key, Need::Optional, findings)?,
        };
        let place = items.first().map(Entry::key_span)?;
        let [least, most] = self.range;
        let numbers: Vec<f64> = items
            .iter()
            .filter_map(|item| item.number(findings))
            .filter_map(|number: toml::Spanned<Decimal>| number.get_ref().to_f64())
            .filter(|number| (least..=most).contains(number))
            .collect();
        if numbers.len() == self.count && items.len() == self.count {
            return Some(numbers);
        }
        let (key, count) = (self.key, self.count);
        let message = format!("“{key}”要写 {count} 个 {least} 到 {most} 之间的数");
        findings.push(Finding::at(rule, place, message).help("照着程序自带的表样写，或删掉这一行"));
        None
    }
}

impl Sizes {
    /// What may be written in `["尺寸"]` beside 纸张.
    pub const KEYS: [SizeKey; 7] = [
        SizeKey::new("页边", "上、下、左、右的页边，毫米", 4, [5.0, 80.0]),
        SizeKey::new("字号", "格里的字的大小，磅", 1, [5.0, 20.0]),
        SizeKey::new("行距", "格里两行字之间的空，磅", 1, [0.0, 20.0]),
        SizeKey::new("格内留白", "格里的字左右的空，磅", 1, [0.5, 20.0]),
        SizeKey::new("上下留白", "格里的字上下的空，最少和最多，磅", 2, [0.5, 20.0]),
        SizeKey::new("标题字号", "表的标题的大小，磅", 1, [8.0, 40.0]),
        SizeKey::new("附件标题字号", "整份附件的标题的大小，磅", 1, [8.0, 40.0]),
    ];

    fn set(&mut self, key: &SizeKey, lengths: &[f64]) {
        match (key.key, lengths) {
            ("页边", &[top, bottom, left, right]) => {
                self.margins = [top, bottom, left, right].map(|margin| margin * MILLIMETRE);
            }
            ("字号", &[size]) => self.text = size,
            ("行距", &[size]) => self.leading = size,
            ("格内留白", &[size]) => self.inset = size,
            ("上下留白", &[least, most]) => self.air = [least.min(most), most.max(least)],
            ("标题字号", &[size]) => self.title = size,
            ("附件标题字号", &[size]) => self.document_title = size,
            _ => {}
        }
    }

    /// The width and height of the paper.
    pub fn paper(&self) -> [f64; 2] {
        if self.landscape { [LONG_SIDE, SHORT_SIDE] } else { [SHORT_SIDE, LONG_SIDE] }
    }

    /// The width and height of what may be printed on, the page's number aside.
    pub fn type_area(&self) -> [f64; 2] {
        let [width, height] = self.paper();
        let [top, bottom, left, right] = self.margins;
        [width - left - right, height - top - bottom]
    }

    /// The least width of a column: any letter has room in it.
    pub fn least_column(&self) -> f64 {
        /// Few letters are wider than this, in em.
        const WIDEST_LETTER: f64 = 1.2;
        WIDEST_LETTER * self.text + 2.0 * self.inset
    }

    /// Reads `["尺寸"]`; what is not written is as GB/T 9704-2012 has it.
    pub(super) fn parse(
        table: Option<Table<'_>>,
        rule: &'static Rule,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut sizes = Self::default();
        let Some(mut table) = table else { return sizes };
        if let Some(paper) = table.text("纸张", Need::Optional, findings) {
            match paper.get_ref().as_str() {
                "竖" => {}
                "横" => {
                    sizes.landscape = true;
                    // The same type area, turned with the paper.
                    let [top, bottom, left, right] = sizes.margins;
                    sizes.margins = [left, right, bottom, top];
                }
                other => {
                    let message = format!("纸张没有“{other}”这种放法");
                    let span = table.span_of(&paper);
                    findings.push(Finding::at(rule, span, message).help("写 \"竖\" 或 \"横\""));
                }
            }
        }
        for key in &Self::KEYS {
            if let Some(lengths) = key.read(&mut table, rule, findings) {
                sizes.set(key, &lengths);
            }
        }
        table.finish(findings);
        sizes
    }
}

impl Blueprint {
    /// Reads the keys of a table that say how it is printed. `scope` is what a table is about.
    pub(super) fn parse(
        table: &mut Table<'_>,
        scope: Scope,
        rule: &'static Rule,
        resolve: &Resolve<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let before = findings.len();
        let one = |key: &str, need: Need, table: &mut Table<'_>, findings: &mut Vec<Finding>| {
            let text = table.text(key, need, findings)?;
            let span = table.span_of(&text);
            Some(template(rule, text.get_ref(), span, scope, resolve, findings))
        };
        let title = one("标题", Need::Filled, table, findings);
        let subtitle = one("副标题", Need::Optional, table, findings).unwrap_or_default();
        let ends = |key: &str, table: &mut Table<'_>, findings: &mut Vec<Finding>| {
            let texts = table.texts(key, Need::Optional, findings).unwrap_or_default();
            if let Some(extra) = texts.get(2) {
                let message = format!("“{key}”只有左右两端，写了 {} 个", texts.len());
                let finding = Finding::at(rule, table.span_of(extra), message);
                findings.push(finding.help("最多写两个：一左一右；要印在一起的写成一个"));
            }
            let mut texts: Vec<Template> = texts
                .iter()
                .map(|text| {
                    let span = table.span_of(text);
                    template(rule, text.get_ref(), span, scope, resolve, findings)
                })
                .collect();
            // A single one stands at the right, where 单位：万元 is.
            let right = texts.pop().unwrap_or_default();
            [texts.pop().unwrap_or_default(), right]
        };
        let above = ends("表上", table, findings);
        let below = ends("表下", table, findings);
        let sizes = table.table("尺寸", Need::Optional, findings);
        let sizes = Sizes::parse(sizes, rule, findings);
        let [width, _] = sizes.type_area();
        let least_width = sizes.least_column() / width;
        let reader = Reader { rule, resolve, scope, least_width };
        let mut sections = Vec::new();
        let place = table.span();
        let is_written = table.has("版面");
        for mut section in table.tables("版面", findings) {
            sections.extend(reader.section(&mut section, findings));
            section.finish(findings);
        }
        // A column as wide as its texts has no place among those of other sections.
        if sections.len() > 1
            && sections.iter().any(|section: &Section| section.widths.contains(&Width::Fit))
        {
            let message = "几段的表里，列宽不能写“自动”";
            findings.push(Finding::at(rule, place.clone(), message).help("写宽度的比例"));
        }
        if !is_written {
            let finding = Finding::at(rule, place, "没有写“版面”：不知道什么印在哪里");
            findings.push(finding.help("照着程序自带的 templates/附件2/form.toml 写 [[\"版面\"]]"));
        }
        if findings.len() > before {
            return None;
        }
        Some(Self { title: title?, subtitle, above, below, sections, sizes })
    }

    /// Everything that is printed.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let lines = [&self.title, &self.subtitle].into_iter().chain(&self.above).chain(&self.below);
        lines.chain(self.sections.iter().flat_map(Section::templates))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Severity, SourceFile};
    use crate::form::Reference;
    use crate::toml::Document;

    static WRONG: Rule =
        Rule { code: "E000", name: "错", severity: Severity::Error, explanation: "" };

    fn read(text: &str) -> (Option<Blueprint>, Vec<Finding>) {
        let source = SourceFile::new("form.toml", text);
        let mut findings = Vec::new();
        let document = Document::parse(&source, &mut findings);
        let mut table = document.root();
        let resolve = |word: &str, _: Scope| match word {
            "名称" => Ok(Reference::ProjectField(word.to_owned())),
            "三级" => Ok(Reference::Indicator),
            "年度" => Ok(Reference::Year(0)),
            _ => Err(format!("表样里没有“{word}”")),
        };
        let blueprint =
            Blueprint::parse(&mut table, Scope::Project, &WRONG, &resolve, &mut findings);
        table.finish(&mut findings);
        (blueprint, findings)
    }

    const SECTION: &str = "[[\"版面\"]]\n\"行\" = [[\"{名称}\"]]\n";

    #[track_caller]
    fn assert_wrong(text: &str, line: usize, message: &str) {
        let (blueprint, findings) = read(text);
        assert!(blueprint.is_none(), "{text}");
        let [finding] = &findings[..] else { panic!("{text}\n{findings:#?}") };
        assert_eq!((finding.span().unwrap().line(), &finding.message[..]), (line, message));
        assert!(!finding.help.is_empty());
    }

    #[test]
    fn notes_stand_at_the_right_or_at_both_ends() {
        let text = format!(
            "\"标题\" = \"{{名称}}表\"\n\"表上\" = [\"单位：万元\"]\n\"表下\" = [\"甲\", \"{{名称}}\"]\n{SECTION}"
        );
        let (blueprint, findings) = read(&text);
        assert!(findings.is_empty(), "{findings:?}");
        let blueprint = blueprint.unwrap();
        assert_eq!(blueprint.above.each_ref().map(Template::words), ["", "单位：万元"]);
        assert_eq!(blueprint.below.each_ref().map(Template::words), ["甲", ""]);
        assert_eq!(blueprint.title.words(), "表");
        assert_eq!(blueprint.templates().count(), 2 + 2 + 2 + 1);
    }

    #[test]
    fn a_note_has_no_more_than_two_ends() {
        let text = format!("\"标题\" = \"表\"\n\"表上\" = [\"甲\", \"乙\", \"丙\"]\n{SECTION}");
        let (blueprint, findings) = read(&text);
        assert!(blueprint.is_none() && findings.len() == 1, "{findings:?}");
    }

    #[test]
    fn a_form_has_a_layout() {
        assert_wrong("\"标题\" = \"表\"\n", 1, "没有写“版面”：不知道什么印在哪里");
    }

    #[test]
    fn columns_as_wide_as_their_texts_are_for_a_form_of_one_section() {
        let fit = "[[\"版面\"]]\n\"宽\" = [\"自动\", 1]\n\"行\" = [[\"甲\", \"乙\"]]\n";
        assert!(read(&format!("\"标题\" = \"表\"\n{fit}")).0.is_some());
        let text = format!("\"标题\" = \"表\"\n{SECTION}{fit}");
        assert_wrong(&text, 1, "几段的表里，列宽不能写“自动”");
    }

    #[test]
    fn a_title_is_about_what_the_table_is_about() {
        let text = format!("\"标题\" = \"{{三级}}表\"\n{SECTION}");
        assert_wrong(&text, 1, "“{三级}”不能写在这里：这一行不是一条指标一行");
    }

    #[test]
    fn sizes_are_lengths_that_can_be_printed() {
        let read_sizes =
            |sizes: &str| read(&format!("\"标题\" = \"表\"\n\"尺寸\" = {{ {sizes} }}\n{SECTION}"));
        let (blueprint, findings) =
            read_sizes("\"字号\" = 9, \"上下留白\" = [6, 3], \"纸张\" = \"横\"");
        assert!(findings.is_empty(), "{findings:?}");
        let sizes = blueprint.unwrap().sizes;
        assert_eq!((sizes.text, sizes.air, sizes.landscape), (9.0, [3.0, 6.0], true));
        let [width, height] = sizes.type_area();
        assert!((width / MILLIMETRE - 225.0).abs() < 0.01, "{width}");
        assert!((height / MILLIMETRE - 156.0).abs() < 0.01, "{height}");
        for sizes in [
            "\"字号\" = 0",
            "\"字号\" = 100",
            "\"字号\" = \"大\"",
            "\"页边\" = [30, 30]",
            "\"页边\" = [80, 80, 80, 200]",
            "\"上下留白\" = 3",
            "\"纸张\" = \"斜\"",
            "\"行高\" = 3",
        ] {
            let (_, findings) = read_sizes(sizes);
            assert!(!findings.is_empty(), "{sizes}");
            let has_advice = |it: &Finding| it.span().unwrap().line() == 2 && !it.help.is_empty();
            assert!(findings.iter().all(has_advice), "{sizes} {findings:#?}");
        }
    }
}
