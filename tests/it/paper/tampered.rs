//! Layouts that are broken on purpose: each is refused where the data is that it spoils, and nothing
//! is written. So is a form that asks for what it does not print.

use std::path::Path;
use std::process::Output;

use crate::support;

/// The parts of the layout that the tests replace.
const CELL: &str = "  table.cell(colspan: columns, rowspan: rows, ..settings, body)";
const STROKE: &str = "    stroke: 0.5pt,";
const TABLE: &str = "  table(\n    columns";
const CELLS: &str = "..page.cells.map(cell),";
const BEFORE: &str = "  for line in page.before { above(line) }";
const LEADING: &str = "  leading: data.text.leading * 1pt,";
const END: &str = "  if page.after.len() > 0 {";

fn workspace() -> tempfile::TempDir {
    let goal = "做好工作，保障群众。".repeat(8);
    let project = support::project("村级工作经费", &goal, |level| {
        vec![(format!("{level}的内容，要写得比一行长一些"), "≥1个".to_owned())]
    });
    let workspace = support::workspace(&[("01.toml", &project)]);
    let template = workspace.path().join("表样");
    std::fs::create_dir(&template).expect("a folder");
    for (from, to) in [("附件2/form.toml", "form.toml"), ("layout.typ", "layout.typ")] {
        let from = support::repository().join("templates").join(from);
        std::fs::copy(from, template.join(to)).expect("a copy");
    }
    workspace
}

fn replace(file: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(file).expect("a file");
    assert!(text.contains(old), "{old} is not in {}", file.display());
    std::fs::write(file, text.replace(old, new)).expect("a file");
}

fn render(workspace: &Path) -> (Output, String) {
    let arguments = ["render", "--template", "表样", "-o", "a.pdf"];
    let output = support::jixiao(workspace, &arguments).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, said)
}

/// Asserts that a layout with these replacements is refused with this message at this place.
#[track_caller]
fn assert_refused(replacements: &[(&str, &str)], place: &str, message: &str) {
    let workspace = workspace();
    for (old, new) in replacements {
        replace(&workspace.path().join("表样/layout.typ"), old, new);
    }
    let (output, said) = render(workspace.path());
    assert_eq!(output.status.code(), Some(1), "{replacements:?}\n{said}");
    assert!(said.contains("E504"), "{replacements:?}\n{said}");
    assert!(said.contains(message), "{replacements:?}\n{said}");
    assert!(said.contains(place), "{replacements:?}\n{said}");
    assert!(!workspace.path().join("a.pdf").exists());
    // So says a check of the pages, which a check of the data alone cannot know.
    let check = |arguments| support::try_run(workspace.path(), arguments);
    let checked = check(&["check", "--template", "表样", "--print"]);
    assert_eq!(checked.status, Some(1), "{replacements:?}\n{}", checked.messages);
    for words in ["E504", message, place] {
        assert!(checked.results.contains(words), "{replacements:?}\n{}", checked.results);
    }
    assert!(!checked.results.contains("每一页都和数据一样"), "{}", checked.results);
    assert_eq!(check(&["check", "--template", "表样"]).status, Some(0), "{replacements:?}");
    assert!(!workspace.path().join("output").exists());
}

#[test]
fn a_check_of_the_pages_says_how_many_are_right_and_writes_nothing() {
    let workspace = workspace();
    let checked = support::run(workspace.path(), &["check", "--print"]);
    assert!(checked.results.ends_with("排出 1 页，每一页都和数据一样\n"), "{}", checked.results);
    // A department that cannot be read.
    let broken = workspace.path().join("data/2023/001-测试单位/01.toml");
    std::fs::write(&broken, "\"项目名称\" = 5\n").expect("a file");
    let checked = support::try_run(workspace.path(), &["check", "--print"]);
    assert_eq!(checked.status, Some(1));
    assert!(checked.results.contains("没有一页能排出来"), "{}", checked.results);
    assert!(!workspace.path().join("output").exists());
}

const DATA: &str = "data/2023/001-测试单位/01.toml:";
const LAYOUT: &str = "表样/layout.typ";

#[test]
fn a_copy_of_the_shipped_layout_prints_the_same_pages() {
    let workspace = workspace();
    let (output, said) = render(workspace.path());
    assert!(output.status.success(), "{said}");
    support::run(workspace.path(), &["render", "-o", "b.pdf"]);
    let [own, shipped] = ["a.pdf", "b.pdf"].map(|file| {
        let pages = support::pdf::read(&workspace.path().join(file));
        pages.iter().map(support::pdf::Page::text).collect::<String>()
    });
    assert_eq!(own, shipped);
}

#[test]
fn a_column_that_is_left_out_is_missed() {
    let show = format!("  show table.cell.where(x: 6): none\n{TABLE}");
    assert_refused(&[(TABLE, &show)], DATA, "少印了");
    // One less than there are cells for: the engine itself refuses.
    let workspace = workspace();
    let layout = workspace.path().join("表样/layout.typ");
    replace(
        &layout,
        "columns: widths.at(page.widths),",
        "columns: widths.at(page.widths).slice(0, -1),",
    );
    let (output, said) = render(workspace.path());
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("E503") && said.contains(LAYOUT), "{said}");
    assert!(!workspace.path().join("a.pdf").exists());
}

#[test]
fn a_cell_that_is_left_out_or_emptied_or_moved_is_missed() {
    assert_refused(&[(CELLS, "..page.cells.slice(0, -1).map(cell),")], DATA, "少印了");
    assert_refused(
        &[(CELL, "  table.cell(colspan: columns, rowspan: rows, ..settings, hide(body))")],
        DATA,
        "少印了",
    );
    // Two values in each other's place.
    let swapped =
        "..page.cells.slice(0, -2).map(cell), cell(page.cells.last()), cell(page.cells.at(-2)),";
    assert_refused(&[(CELLS, swapped)], DATA, "没有印出来");
}

#[test]
fn texts_over_each_other_are_seen() {
    assert_refused(&[(LEADING, "  leading: -6pt,")], DATA, "叠在一起");
    let twice = CELL.replace("body)", "place(dx: 1pt, body) + body)");
    assert_refused(&[(CELL, &twice)], DATA, "");
    // All letters of a word in one place, or nearly.
    assert_refused(&[("  lang: \"zh\",", "  lang: \"zh\", tracking: -0.9em,")], DATA, "");
    assert_refused(&[("  lang: \"zh\",", "  lang: \"zh\", tracking: -0.6em,")], DATA, "");
}

#[test]
fn what_is_clipped_scaled_or_turned_is_seen() {
    for (wrapped, message) in [
        ("block(clip: true, height: 5pt, body))", "裁掉"),
        ("scale(80%, body))", "缩放"),
        ("scale(x: -100%, body))", "缩放"),
        ("rotate(3deg, body))", "转动"),
        ("skew(ax: 20deg, body))", ""),
    ] {
        assert_refused(&[(CELL, &CELL.replace("body)", wrapped))], DATA, message);
    }
}

#[test]
fn what_is_printed_outside_its_rules_is_seen() {
    for wrapped in ["move(dx: 200pt, body))", "move(dy: 30pt, body))", "pad(left: -40pt, body))"] {
        assert_refused(&[(CELL, &CELL.replace("body)", wrapped))], DATA, "印到了格子外面");
    }
    // Rows that are too low.
    let low = ("height => height * 1pt)", "height => height * 0.4pt)");
    assert_refused(&[low], DATA, "印到了格子外面");
}

#[test]
fn what_nobody_can_see_is_refused() {
    for wrapped in [
        "text(fill: white, body))",
        "text(fill: luma(240), body))",
        "text(fill: rgb(0, 0, 0, 0), body))",
        "text(fill: gradient.linear(white, white), body))",
    ] {
        assert_refused(&[(CELL, &CELL.replace("body)", wrapped))], DATA, "看不见");
    }
    // Dark on dark: cells, pages, half a cell.
    assert_refused(&[(STROKE, "    stroke: 0.5pt,\n    fill: black,")], DATA, "看不见");
    let gradient = "    stroke: 0.5pt,\n    fill: gradient.linear(black, black),";
    assert_refused(&[(STROKE, gradient)], DATA, "看不见");
    assert_refused(&[("#set page(\n", "#set page(\n  fill: black,\n")], DATA, "看不见");
    let half = CELL
        .replace("body)", "place(left + top, rect(width: 50%, height: 100%, fill: black)) + body)");
    assert_refused(&[(CELL, &half)], DATA, "看不见");
    let picture = "image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>\"), format: \"svg\", width: 100%)";
    let background = format!("#set page(\n  background: {picture},\n");
    assert_refused(&[("#set page(\n", &background)], DATA, "");
}

#[test]
fn what_covers_a_cell_is_seen() {
    let over = |what: &str| format!("  place(top, dy: 200pt, {what})\n{END}");
    let picture = "image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>\"), format: \"svg\", width: 300pt)";
    for cover in [
        "rect(width: 400pt, height: 200pt, fill: white)",
        "circle(radius: 100pt, fill: black)",
        "rect(width: 300pt, height: 200pt, stroke: 80pt)",
        "line(length: 400pt, stroke: 60pt)",
        "polygon(fill: white, (0pt, 0pt), (300pt, 0pt), (300pt, 300pt))",
        picture,
    ] {
        assert_refused(&[(END, &over(cover))], "", "盖住");
    }
    // Other letters over those of the table.
    assert_refused(&[(END, &over("text(size: 90pt)[作废]"))], "", "");
    assert_refused(
        &[("#set page(\n", "#set page(\n  foreground: text(size: 30pt)[样张],\n")],
        "",
        "",
    );
    // Rules so thick that the letters are under them.
    assert_refused(&[(STROKE, "    stroke: 14pt,")], "", "");
}

#[test]
fn a_rule_that_is_left_out_or_not_seen_is_missed() {
    for (stroke, place) in [
        ("    stroke: none,", LAYOUT),
        ("    stroke: (x: 0.5pt, y: none),", LAYOUT),
        ("    stroke: (x: none, y: 0.5pt),", LAYOUT),
        (
            "    stroke: (x, y) => (x: 0.5pt, top: if y != 3 { 0.5pt }, bottom: if y != 2 { 0.5pt }),",
            "",
        ),
        ("    stroke: 0.5pt + white,", ""),
        ("    stroke: 0pt,", ""),
    ] {
        assert_refused(&[(STROKE, stroke)], place, "");
    }
    // Struck out is not what the data says.
    assert_refused(&[(CELL, &CELL.replace("body)", "strike(body))"))], "", "");
}

#[test]
fn pages_without_a_tagged_table_are_refused_with_the_reason() {
    let none = "  let _ = table(\n    columns";
    assert_refused(&[(TABLE, none)], LAYOUT, "应当是一张");
    // Two tables on a page are no better.
    assert_refused(
        &[(END, &format!("  place(top, table([多]))\n{END}"))],
        LAYOUT,
        "一页上有 2 张表",
    );
}

#[test]
fn a_title_that_is_left_out_hidden_or_spoilt_is_missed() {
    assert_refused(&[(BEFORE, "")], LAYOUT, "少印了这些字");
    let white = "  for line in page.before { text(fill: white, above(line)) }";
    assert_refused(&[(BEFORE, white)], LAYOUT, "看不见");
    // Beside the paper, over the table, over each other, under something.
    let beside = "  for line in page.before { move(dx: 900pt, above(line)) }";
    assert_refused(&[(BEFORE, beside)], LAYOUT, "");
    let over_table = "  for line in page.before { move(dy: 150pt, above(line)) }";
    assert_refused(&[(BEFORE, over_table)], LAYOUT, "");
    let over_each_other = "  for line in page.before { place(above(line)) }\n  v(150pt)";
    assert_refused(&[(BEFORE, over_each_other)], LAYOUT, "");
    let covered = format!("{BEFORE}\n  place(top, rect(width: 100%, height: 100pt, fill: white))");
    assert_refused(&[(BEFORE, &covered)], "", "");
}

#[test]
fn a_page_too_many_and_a_page_too_small_are_refused() {
    assert_refused(&[("#let widths", "#page[多一页]\n#let widths")], LAYOUT, "应当是 1 页");
    assert_refused(&[("  width: paper.width * 1pt,", "  width: 300pt,")], "", "");
    assert_refused(&[("  height: paper.height * 1pt,", "  height: 700pt,")], "", "");
    let pushed = TABLE.replace("table(", "pad(left: 300pt, right: -300pt, table(");
    assert_refused(&[(TABLE, &pushed), (CELLS, "..page.cells.map(cell),\n  )")], "", "");
}

/// Asserts that a form with this replacement is refused at this line.
#[track_caller]
fn assert_form_refused(old: &str, new: &str, word: &str) {
    let workspace = workspace();
    let form = workspace.path().join("表样/form.toml");
    replace(&form, old, new);
    let text = std::fs::read_to_string(&form).expect("a file");
    let line = text.lines().position(|line| line.contains(&format!("\"{word}\""))).expect("a line");
    let (output, said) = render(workspace.path());
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("E502") && said.contains(&format!("“{word}”要填，却没有印在表上")),
        "{said}"
    );
    assert!(said.contains(&format!("表样/form.toml:{}:", line + 1)), "{said}");
    assert!(!workspace.path().join("a.pdf").exists());
}

#[test]
fn what_a_form_asks_for_and_prints_nowhere_is_an_error_where_it_is_declared() {
    assert_form_refused(
        "[\"项目\"] ",
        "[\"项目\"]\n\"立项依据\" = { \"必填\" = true }\n# ",
        "立项依据",
    );
    assert_form_refused("[\"部门\"] ", "[\"部门\"]\n\"联系电话\" = {}\n# ", "联系电话");
    assert_form_refused(
        "\"指标值\" = { \"必填\"",
        "\"度量单位\" = {}\n\"指标值\" = { \"必填\"",
        "度量单位",
    );
    assert_form_refused(
        "[\"财政拨款\", \"其他资金\"]",
        "[\"财政拨款\", \"其他资金\", \"单位自筹\"]",
        "单位自筹",
    );
    assert_form_refused("{项目期}", "{项目属性}", "项目期");
}
