//! Hashes all that the program is made of into `JIXIAO_SOURCES`. A PDF is up to date only if the same
//! program would make it, and the number of a version stays the same while it is worked on.

use std::io;
use std::path::Path;

use blake3::Hasher;

/// The code and the forms that are built in, and the versions of the libraries.
const MADE_OF: [&str; 3] = ["src", "templates", "Cargo.lock"];

/// The fonts that are built in.
const FONTS: [&[u8]; 3] = [
    jixiao_noto_serif_sc_regular::FONT,
    jixiao_noto_serif_sc_bold::FONT,
    jixiao_noto_sans_sc_medium::FONT,
];

fn main() -> io::Result<()> {
    let mut hasher = Hasher::new();
    for name in MADE_OF {
        println!("cargo::rerun-if-changed={name}");
        add(Path::new(name), name, &mut hasher)?;
    }
    for font in FONTS {
        hasher.update(&(font.len() as u64).to_le_bytes()).update(font);
    }
    println!("cargo::rustc-env=JIXIAO_SOURCES={}", hasher.finalize());
    Ok(())
}

/// Adds a file, or a folder with everything below it in the order of its names, so that the hash is
/// the same on every system (`.gitattributes` sees to line ends). Hidden files are left out: they
/// are what editors and systems leave behind.
fn add(path: &Path, name: &str, hasher: &mut Hasher) -> io::Result<()> {
    if !path.is_dir() {
        let bytes = std::fs::read(path)?;
        // With their lengths, so that no two lists of files are the same bytes.
        for part in [name.as_bytes(), &bytes] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    for inner in names.iter().filter(|inner| !inner.starts_with('.')) {
        add(&path.join(inner), &format!("{name}/{inner}"), hasher)?;
    }
    Ok(())
}
