//! The files attached to a PDF.

use std::fmt;

use encoding_rs::UTF_16BE;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Text};
use hayro_syntax::{LoadPdfError, Pdf};

/// More nodes than any tree of names needs; one that contains itself must not trap us.
const MAX_NODES: usize = 10_000;

/// A file attached to a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedFile {
    /// Its path, `/` between the parts, as the PDF gives it: it may be anything.
    pub path: String,
    /// What it is to the document (`AFRelationship`), such as `Source`.
    pub relationship: Option<String>,
    /// Its content; `None` if it is damaged.
    pub content: Option<Vec<u8>>,
}

/// Why a PDF cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no PDF, or a damaged one.
    NoPdf,
    /// It is encrypted.
    Encrypted,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPdf => "这不是 PDF 文件，或者已经损坏",
            Self::Encrypted => "这个 PDF 加了密码",
        })
    }
}

/// The files attached to a PDF, in the order of their paths.
///
/// # Errors
/// If it is no PDF, or encrypted.
pub fn embedded_files(pdf: Vec<u8>) -> Result<Vec<EmbeddedFile>, Unreadable> {
    let pdf = Pdf::new(pdf).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unreadable::Encrypted,
        LoadPdfError::Invalid => Unreadable::NoPdf,
    })?;
    Ok(attached(&pdf))
}

/// Whether a PDF carries the data it was made from.
pub(super) fn has_sources(pdf: &Pdf) -> bool {
    let mut files = attached(pdf).into_iter();
    files.any(|file| {
        file.path.ends_with(".toml") && file.relationship.is_none_or(|name| name == "Source")
    })
}

fn attached(pdf: &Pdf) -> Vec<EmbeddedFile> {
    let catalog: Option<Dict<'_>> = pdf.xref().get(pdf.xref().root_id());
    let names = catalog.and_then(|catalog| catalog.get::<Dict<'_>>("Names"));
    let tree = names.and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"));
    let mut found = Vec::new();
    let mut nodes: Vec<Dict<'_>> = tree.into_iter().collect();
    for _ in 0..MAX_NODES {
        let Some(node) = nodes.pop() else { break };
        // Names and what they stand for take turns; only the latter are dictionaries.
        found.extend(dictionaries(&node, "Names").filter_map(|file| embedded_file(&file)));
        nodes.extend(dictionaries(&node, "Kids"));
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn dictionaries<'a>(node: &Dict<'a>, key: &str) -> impl Iterator<Item = Dict<'a>> + use<'a> {
    let items = node.get::<Array<'a>>(key).unwrap_or_default();
    items.iter::<Object<'a>>().filter_map(Object::into_dict)
}

fn embedded_file(file: &Dict<'_>) -> Option<EmbeddedFile> {
    let path = file.get::<Text<'_>>("UF").or_else(|| file.get("F"))?;
    let contents = file.get::<Dict<'_>>("EF")?;
    let stream = contents.get::<Stream<'_>>("UF").or_else(|| contents.get("F"));
    let relationship = file.get::<Name<'_>>("AFRelationship");
    Some(EmbeddedFile {
        path: text(path.as_bytes()),
        relationship: relationship.map(|name| name.as_str().to_owned()),
        content: stream.and_then(|stream| Some(stream.decoded().ok()?.into_owned())),
    })
}

/// A text string: UTF-16 with a byte order mark, or else taken for UTF-8.
fn text(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(utf16) => UTF_16BE.decode_without_bom_handling(utf16).0.into_owned(),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
