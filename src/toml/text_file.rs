//! Text files as people save them (UTF-8 with or without a byte order mark, any line ends), read
//! and put back.

use std::path::Path;
use std::sync::Arc;

use encoding_rs::{Encoding, GBK, UTF_16BE, UTF_16LE};

use super::syntax::NO_DATA;
use crate::diagnostics::{BYTE_ORDER_MARK, Finding, Rule, Severity, SourceFile, Span, shown};
use crate::files::{atomic_file, io_error};

static UNREADABLE: Rule = Rule {
    code: "E001",
    name: "读不出文件",
    severity: Severity::Error,
    explanation: r#"看什么：程序能不能读到文件。
为什么：读不到的文件不会出现在附件里，漏掉一个项目就是漏报。
反例：文件被删掉、没有权限读，或者根本不是普通文件。
正例：文件在部门文件夹里，双击能用记事本打开。"#,
};
static NOT_UTF8: Rule = Rule {
    code: "E002",
    name: "编码不对",
    severity: Severity::Error,
    explanation: r#"看什么：文件是不是按 UTF-8 编码保存的。
为什么：别的编码（GBK、UTF-16）在另一台电脑上会读成乱码。
反例：用旧版记事本按 ANSI 保存的文件。
正例：“另存为”时编码选 UTF-8。"#,
};

static EMPTY: Rule = Rule {
    code: "E003",
    name: "文件是空的",
    severity: Severity::Error,
    explanation: r#"看什么：数据文件里有没有内容。
为什么：空文件多半是保存时出了问题，内容丢了。
反例：大小为 0 的 .toml 文件。
正例：写上项目的内容；不用的文件删掉。"#,
};

static TOO_LARGE: Rule = Rule {
    code: "E004",
    name: "文件太大",
    severity: Severity::Error,
    explanation: r#"看什么：数据文件有没有超过 1 MB。
为什么：一个项目的文件只有几 KB；大到 1 MB 的，一定是放错了别的文件。
反例：把扫描件改名成 01-办公经费.toml。
正例：每个项目一个文本文件，只写表上的栏目。"#,
};

static UNWRITABLE: Rule = Rule {
    code: "E604",
    name: "改不了文件",
    severity: Severity::Error,
    explanation: r#"看什么：check --fix 和 fmt 能不能把改好的内容写回文件。
为什么：写不进去时，原来的文件保持不动，不会只改一半。
反例：文件是只读的，或者程序读它以后别人又保存过。
正例：关掉别的编辑器，确认有写的权限，再运行一次。"#,
};

/// The kinds of findings reported here.
pub(crate) const RULES: &[&Rule] = &[&UNREADABLE, &NOT_UTF8, &EMPTY, &TOO_LARGE, &UNWRITABLE];

/// No file of a project is nearly as large; whatever is would only take time and memory.
const MAX_SIZE: u64 = 1 << 20;

const SAVE_AS_UTF8: &str = "用记事本打开这个文件，“另存为”时把编码选成 UTF-8";

/// A file that holds nothing to be read.
pub(super) fn no_content(span: &Span, message: &str) -> Finding {
    Finding::at(&EMPTY, span.clone(), message).help("照着别的文件写上内容；不用的文件请删掉")
}

/// Reads a text file.
///
/// # Errors
/// A finding if it cannot be read, is empty or is not UTF-8.
pub fn read(path: &Path) -> Result<Arc<SourceFile>, Box<Finding>> {
    size_fits(path)?;
    match std::fs::read(path) {
        Ok(bytes) => decode(path, &bytes),
        Err(error) => {
            let message = format!("读不出这个文件：{}", io_error::in_chinese(&error));
            let finding = Finding::about(&UNREADABLE, path, message);
            Err(Box::new(finding.help("确认文件还在，并且有权限读它")))
        }
    }
}

/// Refuses what is no file, or one too large for a data file: to be asked before reading, for a pipe
/// would never end.
///
/// # Errors
/// A finding that says so.
pub fn size_fits(path: &Path) -> Result<(), Box<Finding>> {
    if let Ok(metadata) = std::fs::metadata(path) {
        if !metadata.is_file() {
            let finding = Finding::about(&UNREADABLE, path, "这不是一个普通的文件");
            return Err(Box::new(finding.help("数据要写在 .toml 文本文件里；把它移走")));
        }
        fits(path, metadata.len())?;
    }
    Ok(())
}

/// Refuses a text that is too large to be a data file.
fn fits(path: &Path, bytes: u64) -> Result<(), Box<Finding>> {
    if bytes <= MAX_SIZE {
        return Ok(());
    }
    let message = format!("文件有 {} MB，超过了 1 MB", bytes >> 20);
    let finding = Finding::about(&TOO_LARGE, path, message);
    Err(Box::new(finding.help("确认它是数据文件；每个项目只要几 KB")))
}

/// Takes bytes for the text of a file, as [`read`] does.
///
/// # Errors
/// As [`read`], for what bytes can show.
pub fn take(path: &Path, bytes: &[u8]) -> Result<Arc<SourceFile>, Box<Finding>> {
    fits(path, bytes.len() as u64)?;
    decode(path, bytes)
}

/// Takes bytes for UTF-8 text, without its byte order mark.
///
/// # Errors
/// A finding that says which encoding the bytes seem to have, at the first place that shows it, or
/// that they are no text at all.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Arc<SourceFile>, Box<Finding>> {
    if let Some(kind) = foreign_format(bytes) {
        let message = format!("这不是数据文件，是{kind}改了名");
        let help = "内容要写在文本文件里：用 jixiao new 新建一个，把内容填进去，再把这个文件移走";
        return Err(Box::new(Finding::about(&NO_DATA, path, message).help(help)));
    }
    let marked = bytes.strip_prefix(BYTE_ORDER_MARK);
    let text = marked.unwrap_or(bytes);
    let encoding = utf_16(bytes);
    let error = match std::str::from_utf8(text) {
        _ if encoding.is_some() => None,
        Ok(text) if text.trim().is_empty() => {
            let finding = Finding::about(&EMPTY, path, "这个文件是空的");
            return Err(Box::new(finding.help("照着别的文件写上内容；不用的文件请删掉")));
        }
        Ok(text) if marked.is_some() => {
            return Ok(SourceFile::after_byte_order_mark(shown(path), text));
        }
        Ok(text) => return Ok(SourceFile::new(shown(path), text)),
        Err(error) => Some(error),
    };
    if let Some(decoded) = encoding.and_then(|encoding| in_encoding(bytes, encoding)) {
        let source = SourceFile::new(shown(path), decoded);
        let message = "文件是 UTF-16 编码（记事本里叫 Unicode），不是 UTF-8";
        let finding = Finding::at(&NOT_UTF8, source.span(0..0), message).help(SAVE_AS_UTF8);
        return Err(Box::new(finding));
    }
    // All ASCII is the same in both, so the first other byte stands at the same offset.
    let first = text.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let valid = error.map_or(0, |error| error.valid_up_to());
    // Some GBK characters pass for UTF-8, but not for the three bytes a Chinese one has there.
    let is_mixed = text
        .get(..valid)
        .and_then(|valid| str::from_utf8(valid).ok())
        .is_some_and(|valid| valid.chars().any(|c| c.len_utf8() > 2));
    let finding = match in_encoding(text, GBK) {
        _ if is_mixed => {
            let source = SourceFile::new(shown(path), String::from_utf8_lossy(text));
            Finding::at(&NOT_UTF8, source.span(valid..valid + 1), "文件里有一处不是 UTF-8 编码")
                .label("从这里起不是 UTF-8")
                .help("重新输入这一处的文字，再按 UTF-8 编码保存")
        }
        Some(decoded) => {
            let source = SourceFile::new(shown(path), decoded);
            let message = "文件不是 UTF-8 编码，看起来是 GBK（记事本里叫 ANSI）";
            Finding::at(&NOT_UTF8, source.span(first..first + 1), message)
                .label("从这里起不是 UTF-8")
                .help(SAVE_AS_UTF8)
        }
        None => {
            let source = SourceFile::new(shown(path), String::from_utf8_lossy(text));
            Finding::at(&NOT_UTF8, source.span(valid..valid + 1), "文件不是 UTF-8 编码的文字")
                .label("从这里起不是 UTF-8")
                .help("确认它是文本文件，不是 Word 或 Excel 文件改的名；再按 UTF-8 编码保存一次")
        }
    };
    Err(Box::new(finding))
}

/// What bytes are that are no text of ours, if they show it by how they begin.
fn foreign_format(bytes: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: &[(&[u8], &str)] = &[
        (b"%PDF-", " PDF 文件"),
        (b"{\\rtf", " RTF 文件（写字板或 Word 存的）"),
        (b"PK\x03\x04", "压缩包或者 Word、Excel 文件（docx、xlsx）"),
        (b"PK\x05\x06", "压缩包"),
        (b"\xD0\xCF\x11\xE0", "旧版的 Word、Excel 或 WPS 文件（doc、xls）"),
        (b"Rar!", "压缩包"),
        (b"7z\xBC\xAF", "压缩包"),
        (b"\x1F\x8B", "压缩包"),
        (b"\x89PNG", "图片"),
        (b"\xFF\xD8\xFF", "图片"),
        (b"GIF8", "图片"),
    ];
    let found = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    if let Some(&(_, kind)) = found {
        return Some(kind);
    }
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_start();
    let end = text.trim_ascii_end();
    if text.starts_with(b"<") && end.ends_with(b">") {
        return Some("网页或者 XML 文件");
    }
    let is_json = text.starts_with(b"{")
        && text
            .get(1..)
            .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"") && end.ends_with(b"}"));
    is_json.then_some(" JSON 文件")
}

/// The UTF-16 encoding that bytes have, by their byte order mark or because every other byte of
/// the first few is zero.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        [1..=255, 0, ..] if bytes.len().is_multiple_of(2) => Some(UTF_16LE),
        [0, 1..=255, ..] if bytes.len().is_multiple_of(2) => Some(UTF_16BE),
        _ => None,
    }
}

/// The text that bytes are in an encoding, without a byte order mark; `None` if they are not.
fn in_encoding(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    let bytes = match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => bytes.get(length..)?,
        _ => bytes,
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// A file in another encoding, taken for what it is.
#[derive(Debug)]
pub struct Converted {
    /// The file as it was.
    pub bytes: Vec<u8>,
    /// What its encoding is called.
    pub encoding: &'static str,
    /// Its text.
    pub source: Arc<SourceFile>,
}

/// The text of the file that a finding calls one in another encoding, if there is no doubt which.
pub fn convert(finding: &Finding) -> Option<Converted> {
    if !std::ptr::eq(finding.rule, &raw const NOT_UTF8) {
        return None;
    }
    let bytes = std::fs::read(finding.file()).ok()?;
    let (encoding, name) = match utf_16(&bytes) {
        Some(encoding) => (encoding, "UTF-16（Unicode）"),
        None => (GBK, "GBK（ANSI）"),
    };
    let text = in_encoding(&bytes, encoding)?;
    let is_certain = encoding != GBK || is_gb2312(&bytes);
    let is_data = text.contains('=') && !text.contains('\u{0}');
    let source = SourceFile::new(finding.file(), text);
    (is_certain && is_data).then_some(Converted { bytes, encoding: name, source })
}

/// Whether nearly all characters of a text in GBK are among those in use: other encodings, read as
/// GBK, give rare ones.
fn is_gb2312(bytes: &[u8]) -> bool {
    let (mut all, mut common) = (0_usize, 0_usize);
    let mut rest = bytes;
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        if first.is_ascii() {
            continue;
        }
        let second = behind.first().copied().unwrap_or(0);
        rest = behind.get(1..).unwrap_or_default();
        all += 1;
        common += usize::from((0xA1..=0xF7).contains(&first) && second >= 0xA1);
    }
    all > 0 && common * 10 >= all * 9
}

/// Puts new content into a file that was read, if it still says what was read. It keeps its
/// permissions, and a link stays a link: what it points to is replaced.
///
/// # Errors
/// A finding that says why the file is as it was.
pub fn rewrite(source: &SourceFile, bytes: &[u8]) -> Result<(), Box<Finding>> {
    replace(source.name(), &source.bytes(), bytes)
}

/// Puts new content into the file of this name, if it still holds the old.
///
/// # Errors
/// A finding that says why the file is as it was.
pub fn replace(name: &str, old: &[u8], new: &[u8]) -> Result<(), Box<Finding>> {
    let path = Path::new(name);
    replace_unchanged(path, old, new).map_err(|message| {
        let finding = Finding::about(&UNWRITABLE, path, message);
        Box::new(finding.help("确认没有别的程序正在用它，再运行一次"))
    })
}

fn replace_unchanged(path: &Path, old: &[u8], new: &[u8]) -> Result<(), String> {
    let reason = |error: std::io::Error| {
        format!("改不了这个文件：{}；原来的文件没有改动", io_error::of_writing(path, &error))
    };
    let path = path.canonicalize().map_err(reason)?;
    if std::fs::read(&path).map_err(reason)? != old {
        return Err("读取以后文件又被改过，这一次没有动它".to_owned());
    }
    if std::fs::metadata(&path).map_err(reason)?.permissions().readonly() {
        return Err("文件是只读的，没有改动".to_owned());
    }
    atomic_file::replace(&path, new).map_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        match decode(Path::new("a.toml"), bytes) {
            Ok(_) => String::new(),
            Err(finding) => finding.message,
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let bytes = b"\xEF\xBB\xBF\"a\" = 1";
        let source = decode(Path::new("a.toml"), bytes).map(|s| (s.text().len(), s.bytes()));
        assert_eq!(source.ok(), Some((7, bytes.to_vec())));
    }

    #[test]
    fn foreign_encodings_are_named() {
        let (gbk, _, _) = GBK.encode("\"项目名称\" = \"村级\"");
        assert!(refused(&gbk).contains("GBK"));
        assert!(refused(b"\xFF\xFEa\x00").contains("UTF-16"));
        assert!(refused(b"a = \"\xFF\xFF\"").contains("不是 UTF-8 编码的文字"));
    }

    #[test]
    fn a_file_is_rewritten_only_if_it_says_what_was_read() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("a.toml");
        std::fs::write(&path, "a = 1")?;
        let source = SourceFile::new(shown(&path), "a = 1");
        assert!(rewrite(&source, b"a = 2").is_ok());
        let refused = rewrite(&source, b"a = 3").map_err(|finding| finding.message);
        assert!(refused.is_err_and(|message| message.contains("又被改过")));
        assert_eq!(std::fs::read(&path)?, b"a = 2");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_rewritten_file_keeps_its_permissions_and_its_link() -> std::io::Result<()> {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir()?;
        let (path, link) = (dir.path().join("a.toml"), dir.path().join("b.toml"));
        std::fs::write(&path, "a = 1")?;
        symlink("a.toml", &link)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640))?;
        assert!(rewrite(&SourceFile::new(shown(&link), "a = 1"), b"a = 2").is_ok());
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&path)?, b"a = 2");
        assert_eq!(std::fs::metadata(&path)?.permissions().mode() & 0o777, 0o640);

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o440))?;
        let refused = rewrite(&SourceFile::new(shown(&path), "a = 2"), b"a = 3");
        assert!(refused.is_err_and(|finding| finding.message.contains("只读")));
        Ok(())
    }
}
