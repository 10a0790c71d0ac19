//! What `jixiao diff` makes of a real repository, and git set up as the README says.

use std::fs;

use crate::support::git::Repository;
use crate::support::{self, Run};

const FOLDER: &str = "data/2023/056-灵沙乡";

/// A repository with the sample committed, if there is git.
fn repository() -> Option<Repository> {
    let repository = Repository::new()?;
    support::add_sample(repository.path());
    let attributes = repository.path().join(".gitattributes");
    fs::write(attributes, "data/**/*.toml diff=jixiao\n").expect("a file");
    let command = format!("'{}' diff --git", env!("CARGO_BIN_EXE_jixiao"));
    repository.git(&["config", "diff.jixiao.command", &command]);
    repository.commit();
    Some(repository)
}

fn file(name: &str) -> String {
    format!("{FOLDER}/{name}.toml")
}

/// Changes an amount, a goal, a project's name, and where an indicator stands.
fn make_four_changes(repository: &Repository) {
    let replace = |name: &str, old, new| repository.replace(&file(name), old, new);
    replace("01-村级创新社会管理工作经费", "= 22\n", "= 25.5\n");
    replace("02-助力乡村振兴驻村工作队经费", "持续稳定增收", "持续增收");
    replace("03-村委会办公经费", "\"村委会办公经费\"", "\"村委会运转经费\"");
    let row = "\"促进中心维护支出\" = \"不断改变\"\n";
    let other = "\"全面提升政务服务水平和服务效率\" = \"明显提升\"\n";
    replace("05-乡镇两个中心运行费", row, "");
    replace("05-乡镇两个中心运行费", other, &format!("{other}{row}"));
}

#[test]
fn four_changes_are_told_and_nothing_else() {
    let Some(repository) = repository() else { return };
    let unchanged = repository.jixiao(&["diff", "HEAD"]);
    assert_eq!((unchanged.status, unchanged.results.as_str()), (Some(0), ""));
    assert_eq!(repository.git(&["diff"]), "");
    make_four_changes(&repository);
    assert_eq!(
        repository.diff(&["HEAD"]),
        "\
2023年度 056-灵沙乡（平罗县灵沙乡人民政府）
  01-村级创新社会管理工作经费.toml
    资金  财政拨款：22 → 25.5 万元（+3.5）
  02-助力乡村振兴驻村工作队经费.toml
    修改  年度总体目标：通过项目的实施，改善村级落后的生产生活条件，带动群众持续[-稳定-]增收。
  村委会运转经费（03-村委会办公经费.toml）
    改名  项目名称：村委会办公经费 → 村委会运转经费
  乡镇“两个中心”运行费（05-乡镇两个中心运行费.toml）
    移动  经济效益指标 → 社会效益指标 / 促进中心维护支出：不断改变

4 个项目有改动，资金合计 312.7584 → 316.2584 万元（+3.5）
"
    );
    let of_git = "\
data/2023/056-灵沙乡/01-村级创新社会管理工作经费.toml
01-村级创新社会管理工作经费.toml
  资金  财政拨款：22 → 25.5 万元（+3.5）

data/2023/056-灵沙乡/02-助力乡村振兴驻村工作队经费.toml
02-助力乡村振兴驻村工作队经费.toml
  修改  年度总体目标：通过项目的实施，改善村级落后的生产生活条件，带动群众持续[-稳定-]增收。

data/2023/056-灵沙乡/03-村委会办公经费.toml
村委会运转经费（03-村委会办公经费.toml）
  改名  项目名称：村委会办公经费 → 村委会运转经费

data/2023/056-灵沙乡/05-乡镇两个中心运行费.toml
乡镇“两个中心”运行费（05-乡镇两个中心运行费.toml）
  移动  经济效益指标 → 社会效益指标 / 促进中心维护支出：不断改变

";
    assert_eq!(repository.git(&["diff"]), of_git);
    // The next commit against the one before, git or not.
    repository.commit();
    assert_eq!(repository.git(&["diff", "HEAD~1", "HEAD"]), of_git);
    let again = repository.jixiao(&["diff", "HEAD"]);
    assert_eq!(again.status, Some(0));
}

#[test]
fn a_renamed_file_is_the_same_project() {
    let Some(repository) = repository() else { return };
    repository.git(&["mv", &file("03-村委会办公经费"), &file("03-村委会运转经费")]);
    // A file's name is not printed.
    assert_eq!(repository.jixiao(&["diff", "HEAD"]).status, Some(0));
    repository.replace(&file("03-村委会运转经费"), "\"村委会办公经费\"", "\"村委会运转经费\"");
    assert_eq!(
        repository.diff(&["HEAD"]),
        "\
2023年度 056-灵沙乡（平罗县灵沙乡人民政府）
  03-村委会办公经费.toml → 03-村委会运转经费.toml
    改名  项目名称：村委会办公经费 → 村委会运转经费

1 个项目有改动，资金合计 312.7584 万元，没有增减
"
    );
    assert_eq!(
        repository.git(&["diff", "HEAD"]),
        "\
data/2023/056-灵沙乡/03-村委会办公经费.toml → data/2023/056-灵沙乡/03-村委会运转经费.toml
03-村委会办公经费.toml → 03-村委会运转经费.toml
  改名  项目名称：村委会办公经费 → 村委会运转经费

"
    );
}

#[test]
fn git_shows_what_is_new_gone_or_broken() {
    let Some(repository) = repository() else { return };
    let path = |name: &str| repository.path().join(file(name));
    fs::remove_file(path("06-村干部任职补贴")).expect("a file");
    let new = support::project("会议费", "开会", support::one_row);
    fs::write(path("12-会议费"), new).expect("a file");
    repository.replace(&format!("{FOLDER}/部门.toml"), "本级", "");
    repository.replace(&file("07-村干部民族团结奖"), "\"项目期\" = \"1年\"", "\"项目期\" = 1");
    repository.git(&["add", "--all"]);
    let output = repository.run_git(&["diff", "HEAD"]);
    assert_eq!(
        output.results,
        "\
data/2023/056-灵沙乡/06-村干部任职补贴.toml
删去项目  06-村干部任职补贴.toml：资金 168.696 万元，9 条指标

data/2023/056-灵沙乡/07-村干部民族团结奖.toml
  有错误，不能比较；用 git diff --no-ext-diff 看原文

data/2023/056-灵沙乡/12-会议费.toml
新增项目  12-会议费.toml：资金 1 万元，9 条指标

data/2023/056-灵沙乡/部门.toml
修改  实施单位：平罗县灵沙乡人民政府本级 → 平罗县灵沙乡人民政府

"
    );
    // git has written the committed state somewhere else; the user knows it by this name.
    repository.commit();
    repository.replace(&file("07-村干部民族团结奖"), "\"项目期\" = 1", "\"项目期\" = \"1年\"");
    let output = repository.run_git(&["diff", "HEAD"]);
    let said = output.messages;
    assert!(said.contains("--> data/2023/056-灵沙乡/07-村干部民族团结奖.toml:3:"), "{said}");
}

#[test]
fn a_folder_laid_out_by_git_is_compared_too() {
    let Some(repository) = repository() else { return };
    make_four_changes(&repository);
    let command = format!("'{}' diff \"$LOCAL\" \"$REMOTE\"", env!("CARGO_BIN_EXE_jixiao"));
    repository.git(&["config", "difftool.jixiao.cmd", &command]);
    let told = repository.git(&["difftool", "--dir-diff", "--no-prompt", "--tool", "jixiao"]);
    // Only the files that differ are there: neither the department's name is known nor its total.
    let expected = repository.diff(&["HEAD"]);
    let expected = expected.replace("（平罗县灵沙乡人民政府）", "");
    assert_eq!(told, expected.replace("312.7584 → 316.2584", "58 → 61.5"));
}

/// A clerk may commit before everything is filled in.
#[test]
fn a_project_without_a_name_goes_by_its_file() {
    let Some(repository) = repository() else { return };
    let file = file("01-村级创新社会管理工作经费");
    repository.replace(&file, "= \"村级创新社会管理工作经费\"", "= \"\"");
    repository.commit();
    let told = |arguments: &[&str]| {
        let text = repository.diff(arguments);
        text.lines().skip(1).take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        told(&["HEAD~1", "HEAD"]),
        "  01-村级创新社会管理工作经费.toml
    删去  项目名称：村级创新社会管理工作经费"
    );
    fs::remove_file(repository.path().join(&file)).expect("a file");
    assert_eq!(
        told(&["HEAD"]),
        "  删去项目  01-村级创新社会管理工作经费.toml：资金 22 万元，9 条指标"
    );
}

#[test]
fn before_the_first_commit_the_program_says_what_to_do() {
    let Some(repository) = Repository::new() else { return };
    support::add_sample(repository.path());
    let output = repository.jixiao(&["diff", "HEAD"]);
    assert_eq!(output.status, Some(2));
    let message = output.messages;
    assert!(message.contains("还没有保存过任何版本"), "{message}");
    assert!(message.contains("先用 git add data、git commit"), "{message}");
}

#[test]
fn without_git_the_program_says_what_to_do() {
    let workspace = support::empty_workspace();
    support::add_sample(workspace.path());
    let mut command = support::jixiao(workspace.path(), &["diff", "HEAD"]);
    let output = Run::of(command.env("PATH", workspace.path()));
    assert_eq!(output.status, Some(2));
    assert_eq!(
        output.messages,
        "\
错误[E901]: 没有文件或文件夹“HEAD”，也没有安装 git，不能和以前的版本比较
--> HEAD
 = 怎么办: 检查名称有没有写错；要比较版本，先安装 git

"
    );
}
