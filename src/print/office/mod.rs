//! Sheets → files of office programs, for those who go on working on them there.
//!
//! They hold the same texts as the pages, in cells joined the same way, with the widths and heights
//! of the paper; where a page ends, the program that opens them decides.

mod contents;
pub mod docx;
mod stamp;
pub mod xlsx;
mod xml;

pub use stamp::{stamp, stamped_inputs};

use crate::diagnostics::{Finding, Rule, Severity};
use crate::fonts::{Fonts, Role};

static TOO_LONG_FOR_A_CELL: Rule = Rule {
    code: "E508",
    name: "一格放不下",
    severity: Severity::Error,
    explanation: r#"看什么：一格里的字，Excel 放不放得下。
为什么：Excel 的一格最多放 32767 个字，多的会丢掉。
反例：把整份实施方案写进了年度总体目标。
正例：目标写几句话；方案另附。"#,
};

/// The size of the page's number (四号), in points.
const PAGE_NUMBER: f64 = 14.0;
/// How far below the type area the page's number stands: 7 mm.
const BELOW: f64 = 7.0 * 72.0 / 25.4;

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&TOO_LONG_FOR_A_CELL];

/// The family that is asked for first for each use: office programs take one name.
#[derive(Debug, Clone, Copy)]
pub struct Families<'f> {
    body: &'f str,
    title: &'f str,
    number: &'f str,
}

impl<'f> Families<'f> {
    /// The first families of these fonts.
    pub fn of(fonts: &'f Fonts) -> Self {
        let first = |role| fonts.role(role).first().map_or("", String::as_str);
        Self {
            body: first(Role::Body),
            title: first(Role::Title),
            number: first(Role::AttachmentNumber),
        }
    }
}

fn too_long(printed: &crate::sheet::Printed) -> Finding {
    let message = "这些字太多，Excel 的一格放不下（最多 32767 个字）";
    let finding = match printed.origin.places().first() {
        Some(place) => Finding::at(&TOO_LONG_FOR_A_CELL, place.clone(), message),
        None => {
            let start: String = printed.text().chars().take(20).collect();
            let message = format!("“{start}……”：{message}");
            Finding::about(&TOO_LONG_FOR_A_CELL, std::path::Path::new("form.toml"), message)
        }
    };
    finding.help("写短一些，或者印成 PDF")
}
