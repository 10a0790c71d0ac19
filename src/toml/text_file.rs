//! Text files as people save them (UTF-8 with or without a byte order mark, any line ends), read
//! and put back.

use std::path::Path;
use std::sync::Arc;

use encoding_rs::{GBK, UTF_16BE, UTF_16LE};

use crate::diagnostics::{BYTE_ORDER_MARK, Finding, Rule, Severity, SourceFile, shown};
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

/// Reads a text file.
///
/// # Errors
/// A finding if it cannot be read, is empty or is not UTF-8.
pub fn read(path: &Path) -> Result<Arc<SourceFile>, Box<Finding>> {
    // Asked before reading: a pipe would never end.
    if let Ok(metadata) = std::fs::metadata(path) {
        if !metadata.is_file() {
            let finding = Finding::about(&UNREADABLE, path, "这不是一个普通的文件");
            return Err(Box::new(finding.help("数据要写在 .toml 文本文件里；把它移走")));
        }
        if metadata.len() > MAX_SIZE {
            let message = format!("文件有 {} MB，超过了 1 MB", metadata.len() >> 20);
            let finding = Finding::about(&TOO_LARGE, path, message);
            return Err(Box::new(finding.help("确认它是数据文件；每个项目只要几 KB")));
        }
    }
    match std::fs::read(path) {
        Ok(bytes) => decode(path, &bytes),
        Err(error) => {
            let message = format!("读不出这个文件：{}", io_error::in_chinese(&error));
            let finding = Finding::about(&UNREADABLE, path, message);
            Err(Box::new(finding.help("确认文件还在，并且有权限读它")))
        }
    }
}

/// Takes bytes for UTF-8 text, without its byte order mark.
///
/// # Errors
/// A finding that says which encoding the bytes seem to have, at the first place that shows it.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Arc<SourceFile>, Box<Finding>> {
    let marked = bytes.strip_prefix(BYTE_ORDER_MARK);
    let text = marked.unwrap_or(bytes);
    let error = match std::str::from_utf8(text) {
        Ok(text) if text.trim().is_empty() => {
            let finding = Finding::about(&EMPTY, path, "这个文件是空的");
            return Err(Box::new(finding.help("照着别的文件写上内容；不用的文件请删掉")));
        }
        Ok(text) if marked.is_some() => {
            return Ok(SourceFile::after_byte_order_mark(shown(path), text));
        }
        Ok(text) => return Ok(SourceFile::new(shown(path), text)),
        Err(error) => error,
    };
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        let encoding = if bytes[0] == 0xFF { UTF_16LE } else { UTF_16BE };
        let (decoded, _) = encoding.decode_with_bom_removal(bytes);
        let source = SourceFile::new(shown(path), decoded);
        let message = "文件是 UTF-16 编码（记事本里叫 Unicode），不是 UTF-8";
        let finding = Finding::at(&NOT_UTF8, source.span(0..0), message).help(SAVE_AS_UTF8);
        return Err(Box::new(finding));
    }
    // All ASCII is the same in both, so the first other byte stands at the same offset.
    let first = text.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    // Some GBK characters pass for UTF-8, but not for the three bytes a Chinese one has there.
    let is_mixed = str::from_utf8(&text[..error.valid_up_to()])
        .is_ok_and(|valid| valid.chars().any(|c| c.len_utf8() > 2));
    let finding = match GBK.decode_without_bom_handling_and_without_replacement(text) {
        _ if is_mixed => {
            let valid = error.valid_up_to();
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
            let valid = error.valid_up_to();
            let source = SourceFile::new(shown(path), String::from_utf8_lossy(text));
            Finding::at(&NOT_UTF8, source.span(valid..valid + 1), "文件不是 UTF-8 编码的文字")
                .label("从这里起不是 UTF-8")
                .help("确认它是文本文件，不是 Word 或 Excel 文件改的名；再按 UTF-8 编码保存一次")
        }
    };
    Err(Box::new(finding))
}

/// Puts new content into a file that was read, if it still says what was read. It keeps its
/// permissions, and a link stays a link: what it points to is replaced.
///
/// # Errors
/// A finding that says why the file is as it was.
pub fn rewrite(source: &SourceFile, bytes: &[u8]) -> Result<(), Box<Finding>> {
    let path = Path::new(source.name());
    replace_unchanged(path, &source.bytes(), bytes).map_err(|message| {
        let finding = Finding::about(&UNWRITABLE, path, message);
        Box::new(finding.help("确认没有别的程序正在用它，再运行一次"))
    })
}

fn replace_unchanged(path: &Path, old: &[u8], new: &[u8]) -> Result<(), String> {
    let reason = |error: std::io::Error| {
        format!("改不了这个文件：{}；原来的文件没有改动", io_error::in_chinese(&error))
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
