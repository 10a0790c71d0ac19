//! The PDF as a file: its size, and the data it may carry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support;
use crate::support::pdf;
use hayro_syntax::Pdf;
use hayro_syntax::object::{Name, Object, ObjectIdentifier};
use tempfile::TempDir;

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Renders a workspace to one file with further arguments.
fn render(workspace: &Path, target: &Path, arguments: &[&str]) -> Vec<u8> {
    let target_text = target.to_string_lossy();
    support::run(workspace, &[&["render", "-o", &target_text], arguments].concat());
    fs::read(target).expect("a file")
}

fn pages(path: &Path) -> Vec<(String, Vec<pdf::Cell>)> {
    pdf::read(path).iter().map(|page| (page.text(), page.table())).collect()
}

#[test]
fn compression_halves_the_file_and_changes_nothing_else() {
    let output = support::empty_workspace();
    let (packed_path, plain_path) = (output.path().join("a.pdf"), output.path().join("b.pdf"));
    let packed = render(support::repository(), &packed_path, &[]);
    let plain = render(support::repository(), &plain_path, &["--no-compress"]);
    assert!(packed.len() <= 135_000, "{} bytes", packed.len());
    assert!(packed.len() * 3 < plain.len() * 2, "{} of {}", packed.len(), plain.len());
    assert_eq!(pages(&packed_path), pages(&plain_path));

    // What PDF/A asks of the file itself: a comment of binary bytes after the header, metadata
    // that can be read without unpacking, an ID.
    assert_eq!(packed[..packed.len().min(16)], plain[..16]);
    assert!(packed[10..14].iter().all(|byte| *byte > 127));
    for text in ["<x:xmpmeta", "pdfaid:part", "/Type/Metadata/Subtype/XML", "/ID["] {
        assert!(contains(&packed, text), "{text}");
    }

    // Every object is still there and the same; new are the streams they are packed in and the
    // table.
    let [packed, plain] = [packed, plain].map(|bytes| Pdf::new(bytes).expect("a PDF"));
    let (mut packed, plain) = (objects(&packed), objects(&plain));
    assert!(plain.len() > 900, "{} objects", plain.len());
    for (number, object) in &plain {
        assert_eq!(packed.remove(number).as_ref(), Some(object), "object {number}");
    }
    let new = packed.into_values().map(|object| {
        let kind = object.into_stream().and_then(|stream| stream.dict().get::<Name<'_>>("Type"));
        kind.expect("a stream of some type").as_str().to_owned()
    });
    let kinds: BTreeSet<String> = new.collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["ObjStm", "XRef"]);
}

/// All objects of a file by their numbers.
fn objects(pdf: &Pdf) -> BTreeMap<u32, Object<'_>> {
    let text = String::from_utf8_lossy(pdf.data().as_ref());
    let (_, size) = text.rsplit_once("/Size ").expect("the number of objects");
    let size = size.split(|c: char| !c.is_ascii_digit()).next();
    let size: u32 = size.and_then(|size| size.parse().ok()).expect("a number");
    let object = |number| pdf.xref().get(ObjectIdentifier::new(number, 0));
    (1..size).filter_map(|number| Some((number, object(number)?))).collect()
}

#[test]
fn a_pdf_of_before_object_streams_stays_as_it_is() {
    let output = support::empty_workspace();
    let bytes =
        render(support::repository(), &output.path().join("a.pdf"), &["--pdf-standard", "1.4"]);
    assert!(bytes.starts_with(b"%PDF-1.4") && !contains(&bytes, "/ObjStm"));
}

/// A workspace with a file that begins with a byte order mark and ends its lines as Windows does.
fn windows_workspace() -> TempDir {
    let project = support::project("甲", "乙", support::one_row).replace('\n', "\r\n");
    let windows = format!("\u{FEFF}# 只给自己看的注释\r\n{project}");
    let unix = support::project("丙", "丁", support::one_row);
    support::workspace(&[("01-甲.toml", &windows), ("02 丙.toml", &unix)])
}

fn extract(pdf: &Path, folder: &Path) -> (Option<i32>, String) {
    let (pdf, folder) = (pdf.to_string_lossy(), folder.to_string_lossy());
    let run = support::try_run(Path::new("."), &["extract", &pdf, "-o", &folder]);
    (run.status, run.messages)
}

#[test]
fn the_data_comes_back_byte_for_byte() {
    let workspace = windows_workspace();
    let data = support::files(&workspace.path().join("data"));
    for arguments in [
        &["--embed-source"][..],
        &["--embed-source", "--no-compress"],
        &["--embed-source", "--combined"],
        &["--embed-source", "--pdf-standard", "1.7"],
        &["--embed-source", "--pdf-standard", "a-4f"],
    ] {
        let pdf = workspace.path().join("a.pdf");
        render(workspace.path(), &pdf, arguments);
        let folder = support::empty_workspace();
        let target = folder.path().join("new/data");
        assert_eq!(extract(&pdf, &target), (Some(0), String::new()), "{arguments:?}");
        assert_eq!(support::files(&target), data, "{arguments:?}");
    }
}

#[test]
fn carrying_the_data_does_not_change_the_pages() {
    let output = support::empty_workspace();
    let (with, without) = (output.path().join("a.pdf"), output.path().join("b.pdf"));
    let bytes = render(support::repository(), &with, &["--embed-source"]);
    let plain = render(support::repository(), &without, &[]);
    assert_eq!(pages(&with), pages(&without));
    assert!(contains(&bytes, "<pdfaid:part>3</pdfaid:part>"));
    assert!(contains(&plain, "<pdfaid:part>2</pdfaid:part>"));
    assert!(!contains(&plain, "/EmbeddedFile"));
}

#[test]
fn extracting_never_changes_a_file() {
    let workspace = windows_workspace();
    let pdf = workspace.path().join("a.pdf");
    render(workspace.path(), &pdf, &["--embed-source"]);
    let folder = support::empty_workspace();
    assert_eq!(extract(&pdf, folder.path()).0, Some(0));
    let changed = folder.path().join("2023/001-测试单位/02 丙.toml");
    let missing = folder.path().join("2023/001-测试单位/部门.toml");
    assert_eq!(extract(&pdf, folder.path()), (Some(0), String::new()), "all are there already");
    fs::write(&changed, "改过了").expect("a file");
    fs::remove_file(&missing).expect("a file");
    let (status, message) = extract(&pdf, folder.path());
    assert_eq!(status, Some(1));
    assert!(message.contains("02 丙.toml") && message.contains("内容不同"), "{message}");
    assert_eq!(fs::read_to_string(&changed).expect("a file"), "改过了");
    assert!(!missing.exists(), "nothing is written beside it either");
}

#[test]
fn a_file_without_data_is_named_as_such() {
    let output = support::empty_workspace();
    let pdf = output.path().join("a.pdf");
    render(support::repository(), &pdf, &[]);
    for (path, expected) in [
        (pdf.clone(), "没有附带数据文件"),
        (support::repository().join("Cargo.toml"), "不是 PDF"),
        (output.path().join("none.pdf"), "不存在"),
        (output.path().to_owned(), "读不出"),
    ] {
        let (status, message) = extract(&path, &output.path().join("new"));
        assert_eq!(status, Some(1), "{}", path.display());
        assert!(message.contains(expected), "{message}");
    }
    assert!(!output.path().join("new").exists());
}

#[test]
fn damaged_files_are_read_without_harm() {
    let output = support::empty_workspace();
    let whole = render(support::repository(), &output.path().join("a.pdf"), &["--embed-source"]);
    for step in 0..100 {
        let mut damaged = whole.clone();
        // Most of what is fragile stands at the end.
        let at = whole.len() - 1 - step * step;
        damaged[at] = b"0[<R "[step % 5];
        let _ = jixiao::import::embedded_files(damaged.clone());
        let _ = jixiao::print::pdf::pack(damaged.clone());
        damaged.truncate(at);
        let _ = jixiao::import::embedded_files(damaged.clone());
        let _ = jixiao::print::pdf::pack(damaged);
    }
}

#[test]
fn data_is_not_carried_where_it_may_not_be() {
    for arguments in
        [&["--embed-source", "--pdf-standard", "a-2a"][..], &["--embed-source", "--format", "png"]]
    {
        let output = support::empty_workspace();
        let target = output.path().to_string_lossy();
        let arguments = [&["render", "-o", &target], arguments].concat();
        let run = support::try_run(support::repository(), &arguments);
        assert_eq!(run.status, Some(2), "{arguments:?}");
        assert_eq!(fs::read_dir(output.path()).map_or(0, Iterator::count), 0);
    }
}
