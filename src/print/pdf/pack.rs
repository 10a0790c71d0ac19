//! Makes a PDF smaller: its loose objects go into compressed object streams, its table of objects
//! into a compressed stream (both PDF 1.5). The engine writes neither, and the structure tree of
//! a tagged form is nearly a thousand loose objects: half of the file.
//!
//! No object is parsed or written anew: those that go into a stream are copied as they are, and
//! so are the header, the streams (the XMP metadata stays readable in plain) and the file's ID. Two
//! things about streams are put right on the way: where the data ends ([`end_of_data`]), and a
//! history in the metadata that says nothing ([`without_history`]).

use std::borrow::Cow;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// How many objects share a stream. A reader unpacks the whole stream for one of them, so that of
/// a document of thousands of pages should not be one.
const OBJECTS_PER_STREAM: usize = 1000;

/// From how many bytes on it pays to give objects of a kind a code of their own: a code takes some
/// seventy bytes.
const WORTH_A_CODE: usize = 2000;

/// The level of compression: packing the sample attachment takes 1.1 ms. The next level takes 0.35 ms
/// more and gains a fifth of a percent of the file, the best one three times as long and less than one
/// percent.
const LEVEL: Compression = Compression::new(5);

/// Packs a PDF as the engine writes it: one table of objects, nothing encrypted. What is
/// different, or older than PDF 1.5, comes back as it is.
pub fn pack(pdf: Vec<u8>) -> Vec<u8> {
    File::read(&pdf).and_then(|file| file.packed()).unwrap_or(pdf)
}

/// Puts right what [`pack`] does, and leaves a PDF unpacked, for readers that know PDF only up to
/// 1.4.
pub fn unpacked(pdf: Vec<u8>) -> Vec<u8> {
    File::read(&pdf).and_then(|file| file.unpacked()).unwrap_or(pdf)
}

/// A PDF taken apart.
struct File<'a> {
    header: &'a [u8],
    /// In the order they stand in the file.
    objects: Vec<Object<'a>>,
    /// One more than the highest number of an object.
    size: usize,
    /// What the trailer says beside the size: the catalog, the document's information, the ID.
    trailer: &'a [u8],
}

struct Object<'a> {
    number: usize,
    /// From its number to `endobj`.
    whole: &'a [u8],
    /// What is between `obj` and `endobj`.
    value: &'a [u8],
}

/// Where an object is found.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    /// At this byte.
    Loose(usize),
    /// In the stream of this number, after so many others.
    Packed(usize, usize),
}

impl<'a> File<'a> {
    fn read(pdf: &'a [u8]) -> Option<Self> {
        let version = pdf.strip_prefix(b"%PDF-")?.get(..3)?;
        if version < b"1.5".as_slice() {
            return None;
        }
        let end = pdf.windows(10).rposition(|window| window == b"startxref\n")?;
        let (table_at, _) = number(&pdf[end + 10..])?;
        let table = pdf.get(table_at..end)?.strip_prefix(b"xref\n0 ")?;
        let (size, table) = number(table)?;
        let table = table.strip_prefix(b"\n")?;
        let (entries, trailer) = table.split_at_checked(size.checked_mul(20)?)?;
        let trailer = trailer.strip_prefix(b"trailer\n<</Size ")?;
        let (_, trailer) = number(trailer)?;
        let trailer = trailer.trim_ascii_end().strip_suffix(b">>")?;

        // An entry is `0000000017 00000 n`, with an `f` for a number that is not in use.
        let mut starts = Vec::new();
        for (object, entry) in entries.chunks_exact(20).enumerate() {
            match &entry[10..18] {
                b" 00000 n" => starts.push((number(entry)?.0, object)),
                other if other.ends_with(b"f") => {}
                _ => return None,
            }
        }
        starts.sort_unstable();
        let header = pdf.get(..starts.first()?.0)?;
        let ends = starts.iter().skip(1).map(|&(start, _)| start).chain([table_at]);
        let objects = starts
            .iter()
            .zip(ends)
            .map(|(&(start, number), end)| Object::read(number, pdf.get(start..end)?))
            .collect::<Option<_>>()?;
        Some(Self { header, objects, size, trailer })
    }

    fn unpacked(&self) -> Option<Vec<u8>> {
        let mut pdf = self.header.to_vec();
        let mut rows = vec![b"0000000000 65535 f\r\n".to_vec(); self.size];
        for object in &self.objects {
            *rows.get_mut(object.number)? = format!("{:010} 00000 n\r\n", pdf.len()).into_bytes();
            if object.is_stream() {
                object.write_stream(&mut pdf);
            } else {
                pdf.extend_from_slice(object.whole);
                pdf.push(b'\n');
            }
        }
        let start = pdf.len();
        pdf.extend_from_slice(format!("xref\n0 {}\n", self.size).as_bytes());
        pdf.extend(rows.concat());
        pdf.extend_from_slice(format!("trailer\n<</Size {}", self.size).as_bytes());
        pdf.extend_from_slice(self.trailer);
        pdf.extend_from_slice(format!(">>\nstartxref\n{start}\n%%EOF").as_bytes());
        Some(pdf)
    }

    fn packed(&self) -> Option<Vec<u8>> {
        let mut pdf = self.header.to_vec();
        let mut places = vec![Place::Nowhere; self.size];
        let (streams, mut loose): (Vec<&Object<'_>>, Vec<&Object<'_>>) =
            self.objects.iter().partition(|object| object.is_stream());
        for object in streams {
            places[object.number] = Place::Loose(pdf.len());
            object.write_stream(&mut pdf);
        }
        for objects in loose.chunks_mut(OBJECTS_PER_STREAM) {
            let stream = places.len();
            let mut index = Vec::new();
            let mut values = Vec::new();
            // Where the compression is told to start afresh.
            let mut cuts = Vec::new();
            // Alike to alike, which is worth a seventh of the stream. The sort is stable, so the
            // numbers within a kind ascend.
            objects.sort_by_cached_key(|object| object.kind());
            let mut kind = None;
            for (position, object) in objects.iter().enumerate() {
                let last_cut = cuts.last().copied().unwrap_or_default();
                if kind.replace(object.kind()).is_some_and(|kind| kind != object.kind())
                    && values.len() - last_cut > WORTH_A_CODE
                {
                    cuts.push(values.len());
                }
                places[object.number] = Place::Packed(stream, position);
                write!(index, "{} {} ", object.number, values.len()).ok()?;
                values.extend_from_slice(object.value);
                values.push(b'\n');
            }
            let dictionary = format!("/Type/ObjStm/N {}/First {}", objects.len(), index.len());
            places.push(Place::Loose(pdf.len()));
            let mut parts = vec![index.as_slice()];
            let mut start = 0;
            for cut in cuts {
                parts.push(&values[start..cut]);
                start = cut;
            }
            parts.push(&values[start..]);
            write_stream(&mut pdf, stream, dictionary.as_bytes(), &parts)?;
        }
        let start = pdf.len();
        let table = places.len();
        places.push(Place::Loose(start));
        let width = (start.ilog2() / 8 + 1) as usize;
        let size = format!("/Type/XRef/Size {}", places.len());
        let layout = format!(
            "/W[1 {width} 2]/DecodeParms<</Predictor 12/Columns {columns}>>",
            columns = 1 + width + 2
        );
        let dictionary = [size.as_bytes(), self.trailer, layout.as_bytes()].concat();
        write_stream(&mut pdf, table, &dictionary, &[&rows(&places, width)?])?;
        pdf.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
        Some(pdf)
    }
}

impl<'a> Object<'a> {
    fn read(number: usize, bytes: &'a [u8]) -> Option<Self> {
        let whole = bytes.trim_ascii_end();
        let value = whole.strip_prefix(format!("{number} 0 obj\n").as_bytes())?;
        let value = value.strip_suffix(b"endobj")?.trim_ascii_end();
        Some(Self { number, whole, value })
    }

    /// What it begins with, before its first number: what sort of thing it is.
    fn kind(&self) -> &'a [u8] {
        let end = self.value.iter().position(u8::is_ascii_digit).unwrap_or(self.value.len());
        &self.value[..end]
    }

    fn write_stream(&self, pdf: &mut Vec<u8>) {
        let whole = without_history(self.whole);
        match whole.strip_suffix(END_OF_STREAM) {
            Some(data) => {
                pdf.extend_from_slice(data);
                pdf.extend_from_slice(end_of_data(data));
                pdf.extend_from_slice(b"endstream\nendobj\n");
            }
            None => {
                pdf.extend_from_slice(&whole);
                pdf.push(b'\n');
            }
        }
    }

    fn is_stream(&self) -> bool {
        // Any other value ends with a delimiter, a number, a name or `R`; the engine names nothing
        // like this.
        self.value.ends_with(b"\nendstream")
    }
}

/// The table of objects: for each a row of its kind and two numbers, and of every row only the
/// difference to the one above, which leaves next to nothing after compression.
fn rows(places: &[Place], width: usize) -> Option<Vec<u8>> {
    let mut table = Vec::new();
    let mut above = vec![0; 1 + width + 2];
    for &place in places {
        let (kind, first, second) = match place {
            Place::Nowhere => (0, 0, usize::from(u16::MAX)),
            Place::Loose(offset) => (1, offset, 0),
            Place::Packed(stream, position) => (2, stream, position),
        };
        let mut row = vec![kind];
        row.extend_from_slice(&first.to_be_bytes()[size_of::<usize>() - width..]);
        row.extend_from_slice(&u16::try_from(second).ok()?.to_be_bytes());
        table.push(2); // The predictor “up”.
        table.extend(
            row.iter().zip(&above).map(|(byte, above): (&u8, &u8)| byte.wrapping_sub(*above)),
        );
        above = row;
    }
    Some(table)
}

/// Writes a compressed stream of some parts that differ in kind: each gets a code that suits it.
fn write_stream(
    pdf: &mut Vec<u8>,
    number: usize,
    dictionary: &[u8],
    parts: &[&[u8]],
) -> Option<()> {
    let mut encoder = ZlibEncoder::new(Vec::new(), LEVEL);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            // Ends a block of the compressed data, and with it the code in use.
            encoder.flush().ok()?;
        }
        encoder.write_all(part).ok()?;
    }
    let content = encoder.finish().ok()?;
    pdf.extend_from_slice(format!("{number} 0 obj\n<<").as_bytes());
    pdf.extend_from_slice(dictionary);
    let length = format!("/Filter/FlateDecode/Length {}>>\nstream\n", content.len());
    pdf.extend_from_slice(length.as_bytes());
    pdf.extend_from_slice(&content);
    pdf.extend_from_slice(end_of_data(&content));
    pdf.extend_from_slice(b"endstream\nendobj\n");
    Some(())
}

/// How the engine ends an object that is a stream.
const END_OF_STREAM: &[u8] = b"\nendstream\nendobj";

/// The line end between the data of a stream and `endstream`. Strict readers take a carriage
/// return and a line feed for one line end, which must not begin within the data.
fn end_of_data(data: &[u8]) -> &'static [u8] {
    if data.ends_with(b"\r") { b"\r\n" } else { b"\n" }
}

/// The metadata without the history that the engine makes up (`saved`, `converted`, at the file's
/// own date): nothing requires it, and it is a third of a page. Anything else comes back as it is.
fn without_history(object: &[u8]) -> Cow<'_, [u8]> {
    const METADATA: &[u8] = b"/Type/Metadata/Subtype/XML>>\nstream\n";
    /// No dictionary of a stream that the engine writes is as long.
    const MOST_DICTIONARY: usize = 256;
    let shortened = || {
        let start = object.get(..object.len().min(MOST_DICTIONARY))?;
        let dictionary = find(start, METADATA)?;
        let length_at = find(start, b"/Length ")? + b"/Length ".len();
        let (length, behind) = number(object.get(length_at..)?)?;
        let start = find(object, b"<xmpMM:History>")?;
        let end = find(object, b"</xmpMM:History>")? + b"</xmpMM:History>".len();
        let taken = end.checked_sub(start)?;
        if length_at > dictionary || start < dictionary {
            return None;
        }
        let new_length = length.checked_sub(taken)?.to_string();
        let behind_length = object.len() - behind.len();
        let parts = [
            object.get(..length_at)?,
            new_length.as_bytes(),
            object.get(behind_length..start)?,
            object.get(end..)?,
        ];
        Some(parts.concat())
    };
    shortened().map_or(Cow::Borrowed(object), Cow::Owned)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The number that some bytes start with, and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at(digits);
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as the engine writes it, with one stream of this data.
    fn file(dictionary: &str, data: &[u8]) -> Vec<u8> {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        let catalog = pdf.len();
        pdf.extend_from_slice(b"1 0 obj\n<</Type/Catalog>>\nendobj\n");
        let stream = pdf.len();
        pdf.extend_from_slice(format!("2 0 obj\n<</Length {}", data.len()).as_bytes());
        pdf.extend_from_slice(format!("{dictionary}>>\nstream\n").as_bytes());
        pdf.extend_from_slice(data);
        pdf.extend_from_slice(b"\nendstream\nendobj\n");
        let table = pdf.len();
        let rows = format!(
            "xref\n0 3\n0000000000 65535 f\r\n{catalog:010} 00000 n\r\n{stream:010} 00000 n\r\n\
             trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n{table}\n%%EOF"
        );
        pdf.extend_from_slice(rows.as_bytes());
        pdf
    }

    /// The data of all streams as strict readers find it: what is between the line ends after
    /// `stream` and before `endstream`; and how long it says it is.
    fn strictly_read(pdf: &[u8]) -> Vec<(Vec<u8>, usize)> {
        let mut streams = Vec::new();
        let mut rest = pdf;
        while let Some(at) = find(rest, b">>\nstream\n") {
            let dictionary = &rest[..at];
            let start = dictionary.windows(8).rposition(|window| window == b"/Length ");
            let length =
                start.and_then(|start| number(&dictionary[start + 8..])).map_or(0, |l| l.0);
            rest = &rest[at + 10..];
            let end = find(rest, b"endstream").unwrap_or_default();
            let data = rest[..end].strip_suffix(b"\r\n").or(rest[..end].strip_suffix(b"\n"));
            streams.push((data.unwrap_or(&rest[..end]).to_vec(), length));
            rest = &rest[end..];
        }
        streams
    }

    #[test]
    fn strict_readers_find_all_data_of_a_stream() {
        for data in [&b"abc"[..], b"ab\r", b"ab\n", b"ab\r\n", b"\r", b"\r\r", b"\n", b""] {
            let original = file("", data);
            for put_right in [pack(original.clone()), unpacked(original.clone())] {
                let streams = strictly_read(&put_right);
                assert_eq!(streams.first(), Some(&(data.to_vec(), data.len())));
                assert!(streams.iter().all(|(data, length)| data.len() == *length));
            }
        }
    }

    #[test]
    fn a_line_end_does_not_begin_within_what_is_packed_here() {
        let mut ends_with_return = 0;
        for number in 0..2000_u32 {
            let mut written = Vec::new();
            assert!(write_stream(&mut written, 1, b"", &[&number.to_le_bytes()]).is_some());
            for (data, length) in strictly_read(&written) {
                assert_eq!(data.len(), length, "{number}");
                ends_with_return += usize::from(data.ends_with(b"\r"));
            }
        }
        assert!(ends_with_return > 0);
    }

    #[test]
    fn what_is_not_as_the_engine_writes_it_stays_as_it_is() {
        let original = file("", b"abc");
        assert_ne!(pack(original.clone()), original, "it was packed");
        for (from, to) in [
            ("%PDF-1.7", "%PDF-1.4"),
            ("startxref\n", "startxref\r"),
            ("xref\n0 3", "xref\n1 3"),
            ("trailer\n", "trailer "),
            ("1 0 obj\n", "1 1 obj\n"),
            ("2 0 obj\n", "3 0 obj\n"),
            ("endobj\nxref", "endobX\nxref"),
            (" 00000 n", " 00001 n"),
        ] {
            let changed = String::from_utf8_lossy(&original).replacen(from, to, 1).into_bytes();
            assert_ne!(changed, original, "{from}");
            assert_eq!(pack(changed.clone()), changed, "{from}");
        }
    }

    #[test]
    fn only_the_history_of_the_metadata_is_left_out() {
        let xmp = b"<a/><xmpMM:History><b/></xmpMM:History><c/>";
        let packed = pack(file("/Type/Metadata/Subtype/XML", xmp));
        let expected = b"<</Length 8/Type/Metadata/Subtype/XML>>\nstream\n<a/><c/>\nendstream";
        assert!(find(&packed, expected).is_some());
        let packed = pack(file("/Type/Other", xmp));
        assert!(find(&packed, xmp).is_some());
    }
}
