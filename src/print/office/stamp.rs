//! What says in a file of an office program what it was made from: a property of the document.
//!
//! It holds the hash of the inputs and that of all other parts. A program that saves the file anew
//! keeps the property, but not the parts as they were.

use std::io;

use blake3::{Hash, Hasher};

use super::xml::DECLARATION;
use crate::files::package::{Package, Part, pack};

/// The part with the properties of our own.
pub const STAMP_PART: &str = "docProps/custom.xml";
/// Its kind.
pub const STAMP_KIND: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";

const START: &str = "<vt:lpwstr>jixiao ";
const HASH_LENGTH: usize = blake3::OUT_LEN * 2;

/// The file of these parts, stamped with the hash of what they were made from.
///
/// # Errors
/// As [`pack`].
pub fn stamp(mut parts: Vec<Part>, inputs: Hash) -> io::Result<Vec<u8>> {
    let rest = hash(inputs, parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    let xml = format!(
        "{DECLARATION}<Properties \
         xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
         xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">\
         <property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"2\" name=\"jixiao\">\
         {START}{} {}</vt:lpwstr></property></Properties>",
        inputs.to_hex(),
        rest.to_hex()
    );
    parts.push((STAMP_PART.to_owned(), xml.into_bytes()));
    pack(&parts)
}

/// The hash of what a file was made from, if it has a stamp and is still as it was written.
pub fn stamped_inputs(file: Vec<u8>) -> Option<Hash> {
    let mut package = Package::open(file).ok()?;
    let stamp = package.part(STAMP_PART).ok()??;
    let stamp = std::str::from_utf8(&stamp).ok()?;
    let hashes = stamp.get(stamp.find(START)? + START.len()..)?;
    let inputs = Hash::from_hex(hashes.get(..HASH_LENGTH)?).ok()?;
    let rest = Hash::from_hex(hashes.get(HASH_LENGTH + 1..)?.get(..HASH_LENGTH)?).ok()?;
    let mut parts = Vec::new();
    for name in package.names().into_iter().filter(|name| name != STAMP_PART) {
        let bytes = package.part(&name).ok()??;
        parts.push((name, bytes));
    }
    let parts = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    (hash(inputs, parts) == rest).then_some(inputs)
}

fn hash<'p>(inputs: Hash, parts: impl Iterator<Item = (&'p str, &'p [u8])>) -> Hash {
    let mut hasher = Hasher::new();
    hasher.update(inputs.as_bytes());
    for (name, bytes) in parts {
        for field in [name.as_bytes(), bytes] {
            hasher.update(&(field.len() as u64).to_le_bytes()).update(field);
        }
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_back_and_any_change_voids_it() {
        let part = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let inputs = blake3::hash(b"inputs");
        let stamped = stamp(vec![part("a", "1"), part("b", "2")], inputs).unwrap();
        assert_eq!(stamped_inputs(stamped.clone()), Some(inputs));
        assert_eq!(stamped_inputs(pack(&[part("a", "1")]).unwrap()), None, "without a stamp");
        let mut package = Package::open(stamped).unwrap();
        let custom = package.part(STAMP_PART).unwrap().unwrap();
        for parts in [
            vec![part("a", "1"), part("b", "3")],
            vec![part("a", "1")],
            vec![part("a", "1"), part("b", "2"), part("c", "")],
        ] {
            let parts = [parts, vec![(STAMP_PART.to_owned(), custom.clone())]].concat();
            assert_eq!(stamped_inputs(pack(&parts).unwrap()), None);
        }
    }
}
