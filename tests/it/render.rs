//! What `jixiao render` leaves on the disk, and what no folder or file may do to it.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

type Result = std::result::Result<(), Box<dyn Error>>;

const DEPARTMENT: &str = "\
\"主管部门\" = \"甲乡人民政府\"
\"代码\" = \"001\"
\"实施单位\" = \"甲乡人民政府本级\"
";

const PROJECT: &str = "\
\"项目名称\" = \"村级办公经费\"
\"项目属性\" = \"0101-一年期项目\"
\"项目期\" = \"1年\"
\"年度总体目标\" = \"\"
[\"项目资金\"]
\"财政拨款\" = 22
\"其他资金\" = 0
[\"数量指标\"]
\"村数\" = \"11个\"
[\"质量指标\"]
\"合格率\" = \"100%\"
[\"时效指标\"]
\"完成时间\" = \"2023年\"
[\"成本指标\"]
\"经费\" = \"22万元\"
[\"社会效益指标\"]
\"服务水平\" = \"提高\"
[\"经济效益指标\"]
\"办公条件\" = \"改善\"
[\"生态效益指标\"]
\"环境\" = \"改善\"
[\"可持续影响指标\"]
\"运转\" = \"持续\"
[\"服务对象满意度指标\"]
\"满意度\" = \"≥95%\"
";

/// A workspace with one department for each name, each with one good project.
fn workspace(departments: &[&str]) -> std::io::Result<TempDir> {
    let dir = TempDir::new()?;
    for name in departments {
        let folder = dir.path().join("data/2023").join(name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("部门.toml"), DEPARTMENT)?;
        fs::write(folder.join("01.toml"), PROJECT)?;
    }
    Ok(dir)
}

fn render(workspace: &Path, arguments: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_jixiao"))
        .arg("-C")
        .arg(workspace)
        .arg("render")
        .args(arguments)
        .output()
}

/// Renders a workspace whose `01.toml` holds `text`, expecting errors, and returns the messages.
fn refusal(text: impl AsRef<[u8]>) -> std::result::Result<String, Box<dyn Error>> {
    let dir = workspace(&["001-甲乡"])?;
    fs::write(dir.path().join("data/2023/001-甲乡/01.toml"), text)?;
    let output = render(dir.path(), &[])?;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    Ok(String::from_utf8(output.stderr)?)
}

#[test]
fn combined_keeps_the_old_file_if_one_department_is_bad() -> Result {
    let dir = workspace(&["001-甲乡", "002-乙镇"])?;
    let old = dir.path().join("output/2023/附件2.pdf");
    fs::create_dir_all(dir.path().join("output/2023"))?;
    fs::write(&old, "old")?;
    let bad = PROJECT.replace("11个", "全部");
    fs::write(dir.path().join("data/2023/002-乙镇/01.toml"), bad)?;
    let output = render(dir.path(), &["--combined"])?;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&old)?, "old");
    assert_eq!(fs::read_dir(dir.path().join("output/2023"))?.count(), 1, "only the old file");
    Ok(())
}

#[test]
fn a_good_department_is_written_beside_a_bad_one() -> Result {
    let dir = workspace(&["001-甲乡", "002-乙镇"])?;
    fs::write(dir.path().join("data/2023/002-乙镇/部门.toml"), "\"代码\" = 2\n")?;
    let output = render(dir.path(), &[])?;
    assert_eq!(output.status.code(), Some(1));
    assert!(dir.path().join("output/2023/001-甲乡.pdf").exists());
    assert!(!dir.path().join("output/2023/002-乙镇.pdf").exists());
    Ok(())
}

/// Only there can two folders differ in case alone.
#[cfg(target_os = "linux")]
#[test]
fn two_departments_never_share_a_file() -> Result {
    let dir = workspace(&["001-A乡", "001-a乡", "002-B乡"])?;
    let output = render(dir.path(), &[])?;
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr)?;
    assert!(message.contains("E601") && message.contains("001-a乡"), "{message}");
    assert!(!dir.path().join("output").exists());
    Ok(())
}

#[test]
fn a_folder_named_like_a_file_is_no_project() -> Result {
    let dir = workspace(&["001-甲乡"])?;
    fs::create_dir(dir.path().join("data/2023/001-甲乡/02.toml"))?;
    assert_eq!(render(dir.path(), &[])?.status.code(), Some(0));
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_named() -> Result {
    let dir = workspace(&["001-甲乡"])?;
    std::os::unix::fs::symlink("没有", dir.path().join("data/2023/001-甲乡/02.toml"))?;
    let output = render(dir.path(), &[])?;
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr)?;
    assert!(message.contains("E001") && message.contains("02.toml"), "{message}");
    Ok(())
}

#[test]
fn deep_nesting_is_refused() -> Result {
    for text in [
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{ a = ".repeat(100_000)),
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[a{}]", ".a".repeat(100_000)),
        "a = {\n".repeat(20_000),
        "a\n".repeat(2_000),
    ] {
        let message = refusal(&text)?;
        assert!(message.contains("错误[E"), "{:.20}: {message:.300}", text);
    }
    Ok(())
}

#[test]
fn a_line_of_megabytes_is_refused_in_short() -> Result {
    for text in ["字".repeat(1_700_000), format!("\"项目名称\" = \"{}", "字".repeat(1_700_000))]
    {
        let message = refusal(&text)?;
        assert!(message.len() < 100_000, "{} bytes", message.len());
    }
    Ok(())
}
