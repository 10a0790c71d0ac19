//! The parts of `cargo bench` that could be wrong: the data it makes up, and what it says about a
//! combined document.

use crate::support;

#[path = "../../benches/county/generate.rs"]
mod generate;
#[path = "../../benches/county/verify.rs"]
mod verify;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hayro_syntax::Pdf;
use jixiao::data::Department;
use jixiao::workspace::Workspace;

const DEPARTMENTS: usize = 3;
const PROJECTS: usize = 12;

/// A county in a workspace of its own.
fn county() -> tempfile::TempDir {
    let workspace = support::empty_workspace();
    generate::Words::of(&support::sample())
        .write(workspace.path(), DEPARTMENTS, PROJECTS)
        .expect("files");
    workspace
}

fn departments(workspace: &Path) -> Vec<PathBuf> {
    Workspace::new(workspace).year(Some(generate::YEAR)).expect("a year").departments
}

#[test]
fn the_same_sizes_give_the_same_files_and_no_two_projects_are_alike() {
    let (first, second) = (county(), county());
    let files_of_first = support::files(first.path());
    assert_eq!(files_of_first, support::files(second.path()));
    assert_eq!(files_of_first.len(), DEPARTMENTS * (PROJECTS + 1));
    let different: BTreeSet<&Vec<u8>> = files_of_first.values().collect();
    assert_eq!(different.len(), files_of_first.len());
}

#[test]
fn every_form_can_be_printed_and_one_in_thirty_takes_two_pages() {
    let workspace = county();
    support::run(workspace.path(), &["render"]);
    let printed = workspace.path().join("output").join(generate::YEAR);
    let pages: usize = std::fs::read_dir(printed)
        .expect("a folder")
        .map(|file| std::fs::read(file.expect("a file").path()).expect("a file"))
        .map(|bytes| Pdf::new(bytes).expect("a PDF").pages().len())
        .sum();
    let forms = DEPARTMENTS * PROJECTS;
    assert_eq!(pages, forms + forms / generate::LONG_EVERY);
}

#[test]
fn a_combined_document_is_read_back_and_what_is_wrong_in_it_is_found() {
    let workspace = county();
    support::run(workspace.path(), &["render", "--combined", "-o", "a.pdf"]);
    let file = workspace.path().join("a.pdf");
    let mut data: Vec<Department> =
        departments(workspace.path()).iter().map(|dir| support::load_department(dir)).collect();
    assert_eq!(verify::combined(&file, &data), Ok(()));

    data.reverse();
    let problem = verify::combined(&file, &data).expect_err("other departments");
    assert!(problem.contains("书签写作"), "{problem}");
    data.pop();
    let problem = verify::combined(&file, &data).expect_err("fewer departments");
    assert!(problem.contains("应有 2 个，实有 3 个"), "{problem}");
}
