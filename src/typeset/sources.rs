//! The TOML files a document is made from, as attachments of its PDF.
//!
//! Templates are the user's and need not know of it: another file includes the layout and attaches
//! the files.

use typst::foundations::{Array, Bytes, IntoValue, dict};

use crate::model::Department;

/// The file that Typst starts with. Hidden files of a template are not read, so it cannot stand in
/// the way of one.
pub(super) const MAIN_FILE: &str = ".sources.typ";

/// Its text.
pub(super) const MAIN_TEXT: &str = r#"
#for source in sys.inputs.sources {
  pdf.attach(
    "/" + source.path,
    source.content,
    relationship: "source",
    mime-type: "application/toml",
    description: "印成这份 PDF 的数据",
  )
}
#include "layout.typ"
"#;

/// The files of departments: their paths within the data, and their bytes as they were read.
pub(super) fn sources(year: &str, departments: &[&Department]) -> Array {
    let mut sources = Array::new();
    for department in departments {
        for source in department.sources() {
            let path = format!("{year}/{}/{}", department.folder, source.file_name());
            let content = Bytes::new(source.bytes());
            sources.push(dict! { "path" => path, "content" => content }.into_value());
        }
    }
    sources
}
