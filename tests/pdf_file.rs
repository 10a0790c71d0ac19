//! The PDF as a file: its size and its parts.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod support;

use std::fs;
use std::path::Path;

use hayro::hayro_syntax::Pdf;
use support::pdf;

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
    let output = tempfile::tempdir().expect("a temporary folder");
    let (packed_path, plain_path) = (output.path().join("a.pdf"), output.path().join("b.pdf"));
    let packed = render(support::repository(), &packed_path, &[]);
    let plain = render(support::repository(), &plain_path, &["--no-compress"]);
    assert!(packed.len() < 140_000, "{} bytes", packed.len());
    assert!(packed.len() * 3 < plain.len() * 2, "{} of {}", packed.len(), plain.len());
    assert_eq!(pages(&packed_path), pages(&plain_path));

    // What PDF/A asks of the file itself: a comment of binary bytes after the header, metadata
    // that can be read without unpacking, an ID.
    assert_eq!(packed[..packed.len().min(16)], plain[..16]);
    assert!(packed[10..14].iter().all(|byte| *byte > 127));
    for text in ["<x:xmpmeta", "pdfaid:part", "/Type/Metadata/Subtype/XML", "/ID["] {
        assert!(contains(&packed, text), "{text}");
    }

    // Every object is still there; two are new: the stream they are packed in and the table.
    let objects = |bytes: &[u8]| {
        let pdf = Pdf::new(bytes.to_vec()).expect("a PDF");
        let objects = pdf.objects().into_iter().count();
        (objects, pdf.len())
    };
    let ((packed_objects, _), (plain_objects, _)) = (objects(&packed), objects(&plain));
    assert_eq!(packed_objects, plain_objects + 2);
}

#[test]
fn a_pdf_of_before_object_streams_stays_as_it_is() {
    let output = tempfile::tempdir().expect("a temporary folder");
    let bytes =
        render(support::repository(), &output.path().join("a.pdf"), &["--pdf-standard", "1.4"]);
    assert!(bytes.starts_with(b"%PDF-1.4") && !contains(&bytes, "/ObjStm"));
}
