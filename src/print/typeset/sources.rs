//! The TOML files a document is made from, as attachments of its PDF.
//!
//! Templates are the user's and need not know of it: another file includes the layout and attaches
//! the files.

use std::path::Path;

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
        let sources = department.sources().map(|source| (source, folder_of(source, department)));
        let sources = sources.filter(|(_, folder)| {
            is_first || department.unit.is_none() || *folder != department.department_folder()
        });
        let sources = sources.map(|(source, folder)| Self {
            path: format!("{year}/{folder}/{}", source.file_name()),
            text: String::from_utf8_lossy(&source.bytes()).into_owned(),
        });
        sources.collect()
    }
}

/// The folder of data that a file of a department stands in: what a unit or a later form has of its
/// department stands in the department's.
fn folder_of<'d>(source: &SourceFile, department: &'d Department) -> &'d str {
    let own = department.folder.as_str();
    let around = own.rmatch_indices('/').filter_map(|(end, _)| own.get(..end));
    let place = Path::new(source.name()).parent().unwrap_or(Path::new(""));
    std::iter::once(own).chain(around).find(|folder| place.ends_with(folder)).unwrap_or(own)
}
