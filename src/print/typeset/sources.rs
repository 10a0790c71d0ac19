//! The TOML files a document is made from, as attachments of its PDF.
//!
//! Templates are the user's and need not know of it: another file includes the layout and attaches
//! the files.

use serde::Serialize;

use crate::data::Department;

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
    /// The files of a department.
    pub fn of(year: &str, department: &Department) -> Vec<Self> {
        let sources = department.sources().map(|source| Self {
            path: format!("{year}/{}/{}", department.folder, source.file_name()),
            text: String::from_utf8_lossy(&source.bytes()).into_owned(),
        });
        sources.collect()
    }
}
