//! Reads what a PDF says beside its pages: the bookmarks, and the structure tree that a screen
//! reader follows.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, String as Text};

/// The entries of a file's catalog.
pub fn catalog(pdf: &Pdf) -> Dict<'_> {
    pdf.xref().get(pdf.xref().root_id()).expect("a catalog")
}

/// The bookmarks directly below one, or below the outline itself.
pub fn bookmarks<'a>(parent: &Dict<'a>) -> Vec<Dict<'a>> {
    let first: Option<Dict<'a>> = parent.get("First");
    std::iter::successors(first, |bookmark| bookmark.get("Next")).collect()
}

/// The tables of a structure tree, in order.
pub fn tables<'a>(root: &Dict<'a>) -> Vec<Dict<'a>> {
    let mut tables = Vec::new();
    collect_tables(root, &mut tables);
    tables
}

fn collect_tables<'a>(element: &Dict<'a>, tables: &mut Vec<Dict<'a>>) {
    for kid in kids(element) {
        if kind(&kid) == "Table" { tables.push(kid) } else { collect_tables(&kid, tables) }
    }
}

/// The structure elements below one; what is left out are references to the page's content.
pub fn kids<'a>(element: &Dict<'a>) -> Vec<Dict<'a>> {
    let kids = match element.get::<Array<'a>>("K") {
        Some(kids) => kids.iter::<Object<'a>>().filter_map(Object::into_dict).collect(),
        None => element.get::<Dict<'a>>("K").into_iter().collect::<Vec<_>>(),
    };
    kids.into_iter().filter(|kid| kid.contains_key("S")).collect()
}

/// What a structure element is, such as `Table`.
pub fn kind(element: &Dict<'_>) -> String {
    element.get::<Name<'_>>("S").map(|name| name.as_str().to_owned()).unwrap_or_default()
}

/// A text in a dictionary.
pub fn text(dict: &Dict<'_>, key: &str) -> Option<String> {
    dict.get::<Text<'_>>(key).map(|text| decoded(text.as_bytes()))
}

/// A text string: UTF-16 with a byte order mark, or else ASCII.
pub fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(utf16) => encoding_rs::UTF_16BE.decode_without_bom_handling(utf16).0.into_owned(),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
