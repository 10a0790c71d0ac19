//! Word, Excel and OpenDocument files as what they are: zip archives of named parts.

use std::io::{self, Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

/// A part of a package: its name and its bytes.
pub type Part = (String, Vec<u8>);

/// The most that a part may have, and all that are read of one package. Forms of a whole county
/// are a hundredth of it; what is larger was made to fill the memory.
const MOST: u64 = 64 << 20;

/// The most parts of a package.
const MOST_PARTS: usize = 20_000;

/// Why a package cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no zip archive, or a damaged one.
    Damaged,
    /// It needs a password.
    Encrypted,
    /// It is larger than any form.
    TooLarge,
}

/// A package that is read part by part.
#[derive(Debug)]
pub struct Package {
    archive: ZipArchive<Cursor<Vec<u8>>>,
    /// What may still be read.
    left: u64,
}

impl Package {
    /// Opens a package.
    ///
    /// # Errors
    /// If it is none.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| reason(&error))?;
        if archive.len() > MOST_PARTS {
            return Err(Unreadable::TooLarge);
        }
        Ok(Self { archive, left: MOST })
    }

    /// The names of its parts, in their order.
    pub fn names(&self) -> Vec<String> {
        self.archive.file_names().map(str::to_owned).collect()
    }

    /// A part; `None` if there is none of that name.
    ///
    /// # Errors
    /// If it is damaged or too large, whatever size it says that it has.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let part = match self.archive.by_name(name) {
            Err(ZipError::FileNotFound) => return Ok(None),
            part => part.map_err(|error| reason(&error))?,
        };
        let mut bytes = Vec::new();
        let read = part.take(self.left + 1).read_to_end(&mut bytes);
        read.map_err(|_| Unreadable::Damaged)?;
        match self.left.checked_sub(bytes.len() as u64) {
            Some(left) => self.left = left,
            None => return Err(Unreadable::TooLarge),
        }
        Ok(Some(bytes))
    }
}

fn reason(error: &ZipError) -> Unreadable {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unreadable::Encrypted,
        _ => Unreadable::Damaged,
    }
}

/// Makes a package: the same bytes of the same parts, on every system and at any time.
///
/// # Errors
/// If it would be larger than an archive can be.
pub fn pack(parts: &[Part]) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .system(System::Unix);
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(size: usize) -> Vec<u8> {
        pack(&[("甲.xml".to_owned(), vec![b' '; size]), ("b".to_owned(), b"2".to_vec())]).unwrap()
    }

    #[test]
    fn parts_are_read_back() {
        let mut package = Package::open(packed(3)).unwrap();
        assert_eq!(package.names(), ["甲.xml", "b"]);
        assert_eq!(package.part("甲.xml"), Ok(Some(b"   ".to_vec())));
        assert_eq!(package.part("b"), Ok(Some(b"2".to_vec())));
        assert_eq!(package.part("c"), Ok(None));
        assert_eq!(packed(3), packed(3));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = packed(2 * usize::try_from(MOST).unwrap());
        assert!(bomb.len() < 200_000);
        let mut package = Package::open(bomb).unwrap();
        assert_eq!(package.part("甲.xml"), Err(Unreadable::TooLarge));
    }

    #[test]
    fn what_is_no_package_is_told() {
        for bytes in [&b""[..], b"PK", b"PK\x03\x04 damaged", b"<html>"] {
            assert_eq!(Package::open(bytes.to_vec()).err(), Some(Unreadable::Damaged));
        }
        let mut cut = packed(3);
        cut.truncate(cut.len() / 2);
        assert!(Package::open(cut).is_err());
    }
}
