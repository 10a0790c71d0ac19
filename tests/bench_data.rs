//! The data that `cargo bench` makes up is always the same and always valid.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what it did not expect")]

#[path = "../benches/county/generate.rs"]
mod generate;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hayro_syntax::Pdf;
use jixiao::load::Workspace;

const DEPARTMENTS: usize = 10;
const PROJECTS: usize = 12;

/// A county in a workspace of its own.
fn county() -> tempfile::TempDir {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    generate::Words::of(&support::sample())
        .write(workspace.path(), DEPARTMENTS, PROJECTS)
        .expect("files");
    workspace
}

fn departments(workspace: &Path) -> Vec<PathBuf> {
    Workspace::new(workspace).year(Some(generate::YEAR)).expect("a year").departments
}

fn files(workspace: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let folders = departments(workspace).into_iter();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
    files
        .map(|file| file.expect("a file").path())
        .map(|path| {
            let bytes = std::fs::read(&path).expect("a file");
            (path.strip_prefix(workspace).expect("a path within").to_owned(), bytes)
        })
        .collect()
}

#[test]
fn the_same_sizes_give_the_same_files_and_no_two_projects_are_alike() {
    let (first, second) = (county(), county());
    let files_of_first = files(first.path());
    assert_eq!(files_of_first, files(second.path()));
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
