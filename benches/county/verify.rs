//! What a PDF reader finds in a combined document of many departments.

use std::path::Path;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};
use jixiao::data::Department;

use crate::support::pdf;
use crate::support::structure::{bookmarks, catalog, tables, text};

/// Whether a document has a page number on every page, a bookmark for every department and project
/// that leads to its form, and a tagged table on every page with a form.
///
/// # Errors
/// What is not as it should be.
pub fn combined(path: &Path, departments: &[Department]) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let pdf = Pdf::new(bytes).map_err(|error| format!("{error:?}"))?;
    let pages: Vec<PageText> = pdf::read(path).iter().map(PageText::of).collect();
    page_numbers(&pages)?;
    tags(&pdf, pages.len())?;
    outline(&pdf, &pages, departments)
}

struct PageText {
    outside_tables: String,
    all: String,
}

impl PageText {
    fn of(page: &pdf::Page) -> Self {
        Self { outside_tables: page.text_outside_tables(), all: page.text() }
    }
}

fn page_numbers(pages: &[PageText]) -> Result<(), String> {
    for (number, page) in (1..).zip(pages) {
        if !page.outside_tables.contains(&format!("— {number} —")) {
            return Err(format!("第 {number} 页上没有这个页码"));
        }
    }
    Ok(())
}

/// One table for every page.
fn tags(pdf: &Pdf, pages: usize) -> Result<(), String> {
    let root: Dict<'_> = catalog(pdf).get("StructTreeRoot").ok_or("没有结构标签")?;
    match tables(&root).len() {
        found if found == pages => Ok(()),
        found => Err(format!("带标签的表应有 {pages} 个，实有 {found} 个")),
    }
}

fn outline(pdf: &Pdf, pages: &[PageText], departments: &[Department]) -> Result<(), String> {
    let ids: Vec<_> = pdf.pages().iter().map(|page| page.raw().obj_id()).collect();
    let root: Dict<'_> = catalog(pdf).get("Outlines").ok_or("没有书签")?;
    let found = bookmarks(&root);
    // The first is that of the summary.
    if found.len() != departments.len() + 1 {
        return Err(format!(
            "部门的书签应有 {} 个，实有 {} 个",
            departments.len(),
            found.len() - 1
        ));
    }
    for (bookmark, department) in found.iter().skip(1).zip(departments) {
        check_bookmark(bookmark, department.name(), &ids, pages)?;
        let found = bookmarks(bookmark);
        if found.len() != department.projects.len() {
            return Err(format!("“{}”下面的书签个数不对", department.name()));
        }
        for (bookmark, project) in found.iter().zip(&department.projects) {
            check_bookmark(bookmark, project.name(), &ids, pages)?;
        }
    }
    Ok(())
}

/// A bookmark has a name and leads to a page on which that name is printed.
fn check_bookmark(
    bookmark: &Dict<'_>,
    name: &str,
    ids: &[Option<ObjectIdentifier>],
    pages: &[PageText],
) -> Result<(), String> {
    let title = text(bookmark, "Title").unwrap_or_default();
    if !title.starts_with(name) {
        return Err(format!("“{name}”的书签写作“{title}”"));
    }
    let target: Option<Array<'_>> = bookmark.get("Dest");
    let target = target.and_then(|target| match target.raw_iter().next() {
        Some(MaybeRef::Ref(page)) => Some(ObjectIdentifier::from(page)),
        Some(MaybeRef::NotRef(Object::Dict(page))) => page.obj_id(),
        _ => None,
    });
    let page = target.and_then(|target| ids.iter().position(|&id| id == Some(target)));
    match page.and_then(|page| pages.get(page)) {
        Some(page) if page.all.contains(name) => Ok(()),
        Some(_) => Err(format!("“{name}”的书签指到了别的页")),
        None => Err(format!("“{name}”的书签没有指到哪一页")),
    }
}
