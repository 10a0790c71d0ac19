//! A stamp in a PDF that says what the file was made from.
//!
//! It is a comment, which readers skip, in front of the file's last lines:
//!
//! ```text
//! %jixiao <hash of the inputs> <hash of the rest of the file>
//! startxref
//! 51423
//! %%EOF
//! ```
//!
//! There it moves nothing that the table of objects points at, and nothing follows the end of the
//! file, which PDF/A forbids. The second hash tells a file as it was written from one that was
//! changed, cut off or added to.

use blake3::{Hash, Hasher};

const START: &[u8] = b"%jixiao ";
const END: &[u8] = b"startxref\n";
const HASH_LENGTH: usize = blake3::OUT_LEN * 2;
const LENGTH: usize = START.len() + HASH_LENGTH + 1 + HASH_LENGTH + 1;

/// Stamps a PDF with the hash of what it was made from. What does not end like a PDF stays as it
/// is.
pub fn stamp(mut pdf: Vec<u8>, inputs: Hash) -> Vec<u8> {
    let Some(at) = end(&pdf) else { return pdf };
    let rest = hash(&pdf[..at], inputs, &pdf[at..]);
    let stamp = format!("%jixiao {} {}\n", inputs.to_hex(), rest.to_hex());
    pdf.splice(at..at, stamp.into_bytes());
    pdf
}

/// The hash of what a PDF was made from, if it has a stamp and is still as it was written.
pub fn stamped_inputs(pdf: &[u8]) -> Option<Hash> {
    let (before, last_lines) = pdf.split_at(end(pdf)?);
    let (before, stamp) = before.split_at(before.len().checked_sub(LENGTH)?);
    let (inputs, rest) = stamp.strip_prefix(START)?.split_at(HASH_LENGTH);
    let inputs = Hash::from_hex(inputs).ok()?;
    let rest = Hash::from_hex(rest.trim_ascii()).ok()?;
    (hash(before, inputs, last_lines) == rest).then_some(inputs)
}

/// Where the last lines begin.
fn end(pdf: &[u8]) -> Option<usize> {
    pdf.windows(END.len()).rposition(|window| window == END)
}

fn hash(before: &[u8], inputs: Hash, last_lines: &[u8]) -> Hash {
    let mut hasher = Hasher::new();
    hasher.update(before).update(inputs.as_bytes()).update(last_lines);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_and_any_change_voids_it() {
        let pdf = b"%PDF-1.7\n1 0 obj\nendobj\nxref\ntrailer\n<<>>\nstartxref\n24\n%%EOF".to_vec();
        let inputs = blake3::hash(b"inputs");
        let stamped = stamp(pdf.clone(), inputs);
        assert_eq!(stamped.len(), pdf.len() + LENGTH);
        assert_eq!(stamped_inputs(&stamped), Some(inputs));
        assert_eq!(stamped_inputs(&pdf), None, "without a stamp");
        for at in 0..stamped.len() {
            assert_eq!(stamped_inputs(&stamped[..at]), None, "cut off at {at}");
            let mut changed = stamped.clone();
            changed[at] ^= 1;
            assert_eq!(stamped_inputs(&changed), None, "changed at {at}");
        }
        assert_eq!(stamped_inputs(&[&stamped[..], b"\n"].concat()), None, "added to");
    }
}
