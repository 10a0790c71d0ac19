//! The TOML files a document is made from, as attachments of its PDF.
//!
//! Templates are the user's and need not know of it: another file includes the layout and attaches
//! the files.

use serde::Serialize;

use crate::data::Department;
use crate::diagnostics::SourceFile;

/// The file that Typst starts with. Hidden files of a template are not read, so it cannot stand in
/// the way of one.
pub(super) const MAIN_FILE: &str = ".sources.typ";

/// Its text.
pub(super) const MAIN_TEXT: &str = r#"
#for source in json("data.json").sources {
  pdf.attach(
    "/" + source.path,
    bytes(source.text),
    relationship: "source",
    mime-type: "application/toml",
    description: "印成这份 PDF 的数据",
  )
}
#include "layout.typ"
"#;

/// A file as it was read.
#[derive(Debug, Serialize)]
pub struct Source {
    /// Where it stands in the data.
    path: String,
    /// What is in it, with its byte order mark if it has one.
    text: String,
}

impl Source {
    /// The files of a department or of a unit of one; if it is not the first of them in the document,
    /// without that of the department, which is there already.
    pub fn of(year: &str, department: &Department, is_first: bool) -> Vec<Self> {
        let is_of_another = |source: &SourceFile| {
            department.unit.is_some() && std::ptr::eq(source, &*department.source)
        };
        let sources = department.sources().filter(|it| is_first || !is_of_another(it));
        let sources = sources.map(|source| {
            let folder = match is_of_another(source) {
                true => department.department_folder(),
                false => &department.folder,
            };
            Self {
                path: format!("{year}/{folder}/{}", source.file_name()),
                text: String::from_utf8_lossy(&source.bytes()).into_owned(),
            }
        });
        sources.collect()
    }
}
