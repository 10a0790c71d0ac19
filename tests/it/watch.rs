//! `render --watch` renders on every save and outlives a broken file.

use crate::support;
use crate::support::running::Running;

#[test]
fn a_save_renders_again_and_a_broken_file_keeps_the_old_pdf() {
    let project = support::project("项目", "目标", support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let source = "data/2023/001-测试单位/01.toml";
    let target = workspace.path().join("output/2023/001-测试单位.pdf");
    let printed = || std::fs::read(&target).expect("the PDF");
    let watch = Running::start(support::jixiao(
        workspace.path(),
        &["render", "--watch", "--color", "never"],
    ));
    watch.wait_for_message("正在监视");
    let first = printed();

    let broken = project.replace("\"财政拨款\" = 1", "\"财政拨款\" = -1");
    support::write(workspace.path(), source, broken);
    watch.wait_for_message("“财政拨款”是负数");
    watch.wait_for_message("个错误没有写出");
    assert_eq!(printed(), first);

    let changed = project.replace("\"财政拨款\" = 1", "\"财政拨款\" = 2");
    support::write(workspace.path(), source, changed);
    watch.wait_for_message("写出 1 份");
    assert_ne!(printed(), first);
}
