//! PDF files: what is ruled on a page is a grid, what is printed in it its texts. Nothing is drawn,
//! no font is opened, no picture unpacked.

mod font;
mod grid;
mod page;

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::object::{Array, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::{Filter, LoadPdfError, Pdf};

use super::Unreadable;
use crate::import::embedded_files::has_sources;
use crate::import::table::Table;

/// The most pages that are read.
const MOST_PAGES: usize = 3000;
/// The most bytes that all streams of a file unfold to; those of a page, too.
const MOST_UNFOLDED: u64 = 96 << 20;
/// The most streams of a file.
const MOST_STREAMS: usize = 100_000;
/// The most instructions on all pages: so many take some seconds.
const MOST_INSTRUCTIONS: usize = 20_000_000;

const NO_TEXT: &str = "这份 PDF 里没有文字，是扫描的图片：找做这份表的人要 Word 或 Excel 文件；\
     没有的话，先用带文字识别的软件转成 Word，核对以后再导入";
const NO_UNICODE: &str = "这份 PDF 里的字没有编码，只能看，不能复制：找做这份表的人要 Word 或 Excel 文件，\
     或者用原来的软件重新存成 PDF";
const OLD_PACKING: &str =
    "这份 PDF 的压缩方式很少见，为了安全没有读：用浏览器或 WPS 打开，打印成新的 PDF，再导入";
const SOURCES: &str = "这份 PDF 附带了数据文件，不用猜：用 jixiao extract 取出来，一字不差";
const ENCRYPTED: &str = "用浏览器或 WPS 打开（要密码，就问做这份表的人），打印成一份没有密码的 PDF，再导入；\
     有些文件打开不用密码，改动要密码，也这样做";

/// The tables on the pages of a file and the lines around them, in their order.
pub fn tables(bytes: Vec<u8>) -> Result<Vec<Table>, Unreadable> {
    unfolds_to_little(&bytes)?;
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unreadable::Locked(ENCRYPTED),
        LoadPdfError::Invalid => Unreadable::Damaged,
    })?;
    if has_sources(&pdf) {
        return Err(Unreadable::Unneeded(SOURCES));
    }
    let pages = pdf.pages();
    if pages.len() > MOST_PAGES {
        return Err(Unreadable::TooLarge);
    }
    let mut reader = page::Reader::new();
    let mut sheets = grid::Sheets::default();
    let mut seen = Seen::default();
    for (index, page) in pages.iter().enumerate() {
        let printed = reader.page(page)?;
        for glyph in &printed.glyphs {
            match glyph.character {
                char::REPLACEMENT_CHARACTER => seen.unknown += 1,
                _ => seen.known += 1,
            }
        }
        sheets.add(index + 1, &printed)?;
    }
    match seen {
        Seen { known: 0, unknown: 0 } => Err(Unreadable::Unfit(NO_TEXT)),
        // Some marks or figures may be readable where the Chinese is not.
        Seen { known, unknown } if unknown > known => Err(Unreadable::Unfit(NO_UNICODE)),
        _ => Ok(sheets.tables()),
    }
}

/// How many characters there are.
#[derive(Default)]
struct Seen {
    known: usize,
    unknown: usize,
}

/// Makes sure of a file, before it is opened, that its streams do not unfold to more than memory
/// holds: the parser unfolds those with objects whole.
fn unfolds_to_little(bytes: &[u8]) -> Result<(), Unreadable> {
    // What is encrypted cannot be measured.
    if find(bytes, b"/Encrypt").is_some() {
        return Err(Unreadable::Locked(ENCRYPTED));
    }
    let mut unfolded = 0;
    let mut from = 0;
    let mut streams = 0;
    while let Some(at) = find(bytes.get(from..).unwrap_or_default(), b"stream") {
        let before = bytes.get(from..from + at).unwrap_or_default();
        from += at + b"stream".len();
        if before.ends_with(b"end") {
            continue;
        }
        streams += 1;
        if streams > MOST_STREAMS {
            return Err(Unreadable::TooLarge);
        }
        let start = before.windows(3).rposition(|window| window == b"obj").unwrap_or_default();
        let head = before.get(start..).unwrap_or_default();
        let says = |word: &[u8]| find(head, word).is_some();
        let has_objects = says(b"ObjStm") || says(b"XRef") || says(b"#");
        if has_objects && (says(b"LZW") || says(b"[/") && says(b"Decode/")) {
            return Err(Unreadable::Unfit(OLD_PACKING));
        }
        // Pictures are not unfolded.
        if says(b"/Image") && says(b"/Width") && !has_objects {
            continue;
        }
        let data = bytes.get(from..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let left = MOST_UNFOLDED - unfolded;
        unfolded += match measured(ZlibDecoder::new(data), left) {
            0 => measured(DeflateDecoder::new(data), left),
            count => count,
        };
        if unfolded >= MOST_UNFOLDED {
            return Err(Unreadable::TooLarge);
        }
    }
    Ok(())
}

/// How many bytes come out, `most` at most, before the end or what is damaged.
fn measured(data: impl Read, most: u64) -> u64 {
    let mut data = data.take(most);
    let mut part = [0; 8 << 10];
    let mut all = 0;
    while let Ok(count @ 1..) = data.read(&mut part) {
        all += count as u64;
    }
    all
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

/// What a stream holds.
fn content<'a>(stream: &Stream<'a>) -> Result<Cow<'a, [u8]>, Unreadable> {
    match stream.filters().as_slice() {
        [] => Ok(stream.raw_data()),
        [Filter::FlateDecode] => {
            let raw = stream.raw_data();
            let mut content = Vec::new();
            // What is there of a damaged stream is read.
            let _ = ZlibDecoder::new(&*raw).take(MOST_UNFOLDED).read_to_end(&mut content);
            Ok(Cow::Owned(content))
        }
        filters
            if filters
                .iter()
                .all(|it| matches!(it, Filter::AsciiHexDecode | Filter::Ascii85Decode)) =>
        {
            stream.decoded().map_err(|_| Unreadable::Damaged)
        }
        _ => Err(Unreadable::Unfit(OLD_PACKING)),
    }
}

/// What is to be drawn on a page.
fn instructions(page: &Page<'_>) -> Result<Vec<u8>, Unreadable> {
    let dictionary = page.raw();
    let streams: Vec<Stream<'_>> = match dictionary.get::<Stream<'_>>("Contents") {
        Some(stream) => vec![stream],
        None => {
            let parts = dictionary.get::<Array<'_>>("Contents").unwrap_or_default();
            parts.iter::<Stream<'_>>().take(MOST_PAGES).collect()
        }
    };
    let mut all = Vec::new();
    for stream in streams {
        all.extend_from_slice(&content(&stream)?);
        all.push(b'\n');
        if all.len() as u64 > MOST_UNFOLDED {
            return Err(Unreadable::TooLarge);
        }
    }
    Ok(all)
}
