//! Files of other programs → tables: a reader for each format.

mod compound;
mod docx;
mod number_format;
mod ods;
mod pdf;
mod text;
mod xls;
mod xlsx;
mod xml;

pub use number_format::exact;

use crate::files::package::{self, Package};

use super::table::Table;
use compound::Compound;

/// The most cells that are read of a file: those of some thousand forms.
const MOST_CELLS: usize = 400_000;

/// The most bytes of a cell's text: no program lets a cell have as many.
const MOST_TEXT: usize = 256 << 10;
/// The most bytes of all texts.
const MOST_TEXTS: usize = 16 << 20;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is damaged.
    Damaged,
    /// It needs a password.
    Encrypted,
    /// It is larger than any forms.
    TooLarge,
    /// It is of another kind: which, and what to do.
    Unknown(&'static str),
    /// It is locked: how to unlock it.
    Locked(&'static str),
    /// Its kind is known, what is in it cannot be read: why, and what to do.
    Unfit(&'static str),
    /// It has the data themselves: how to get them.
    Unneeded(&'static str),
}

impl From<package::Unreadable> for Unreadable {
    fn from(reason: package::Unreadable) -> Self {
        match reason {
            package::Unreadable::Damaged => Self::Damaged,
            package::Unreadable::Encrypted => Self::Encrypted,
            package::Unreadable::TooLarge => Self::TooLarge,
        }
    }
}

impl Unreadable {
    /// What is wrong, and what to do.
    pub fn in_chinese(&self) -> (&'static str, &'static str) {
        match self {
            Self::Damaged => (
                "这个文件损坏了，读不出来",
                "用 Excel、Word 或 WPS 打开，另存为 xlsx 或 docx，再运行一次",
            ),
            Self::Encrypted => {
                ("这个文件有密码", "用 Excel、Word 或 WPS 打开，去掉密码，另存一份，再运行一次")
            }
            Self::TooLarge => (
                "这个文件太大，不像是绩效目标表",
                "把里面的表复制到一个新的文件里，只留要导入的，再运行一次",
            ),
            Self::Unknown(help) => ("不认识这种文件", help),
            Self::Locked(help) => ("这个文件有密码", help),
            Self::Unfit(help) => ("读不出里面的字", help),
            Self::Unneeded(help) => ("不用导入这个文件", help),
        }
    }
}

/// Reads the tables of a file. What kind it is, its bytes tell.
///
/// # Errors
/// If it cannot be read.
pub fn tables(bytes: Vec<u8>) -> Result<Vec<Table>, Unreadable> {
    let tables = read(bytes)?;
    let lengths = || tables.iter().flat_map(|table| &table.cells).map(|cell| cell.text.len());
    if lengths().any(|length| length > MOST_TEXT) || lengths().sum::<usize>() > MOST_TEXTS {
        return Err(Unreadable::TooLarge);
    }
    Ok(tables)
}

fn read(bytes: Vec<u8>) -> Result<Vec<Table>, Unreadable> {
    const OTHERS: &str = "可以导入 xlsx、xls、ods、docx、PDF 和文本文件；别的先用 Excel、Word 或 WPS 另存为 xlsx 或 docx";
    const OLD_WORD: &str = "这是旧的 Word 文件（doc）：用 Word 或 WPS 打开，另存为 docx，再导入";
    const PAGE: &str = "这是网页，只是改了名字：用 Excel 或 WPS 打开，另存为 xlsx，再导入";
    match bytes.as_slice() {
        [b'P', b'K', ..] => {
            let mut package = Package::open(bytes)?;
            let names = package.names();
            if names.iter().any(|name| name == "xl/workbook.xml") {
                xlsx::tables(&mut package)
            } else if names.iter().any(|name| docx::is_main(name)) {
                docx::tables(&mut package)
            } else if ods::is_spreadsheet(&mut package)? {
                ods::tables(&mut package)
            } else {
                Err(Unreadable::Unknown(OTHERS))
            }
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => match Compound::open(&bytes)? {
            // Word and Excel put what has a password into a container of the old kind.
            file if file.has("EncryptedPackage") => Err(Unreadable::Encrypted),
            file if file.has("WordDocument") => Err(Unreadable::Unknown(OLD_WORD)),
            file => xls::tables(&file)?.ok_or(Unreadable::Unknown(OTHERS)),
        },
        [b'%', b'P', b'D', b'F', ..] => pdf::tables(bytes),
        bytes if is_page(bytes) => Err(Unreadable::Unknown(PAGE)),
        _ => Ok(vec![text::table(&bytes)?.ok_or(Unreadable::Unknown(OTHERS))?]),
    }
}

/// Whether a file is a page of the web, as some programs write it under the names of workbooks.
fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.get(..1000).unwrap_or(bytes);
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    start.starts_with('<')
        && ["<html", "<table", "<!doctype html"].iter().any(|it| start.contains(it))
}
