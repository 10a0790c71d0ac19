//! What is said about the syntax of TOML, to somebody who has never heard of TOML.

use crate::diagnostics::{Finding, Rule, Severity, Span};

pub(super) static SYNTAX: Rule = Rule {
    code: "E101",
    name: "写法有误",
    severity: Severity::Error,
    explanation: r#"看什么：每一行是不是 TOML 的写法：键、等号、值，引号和括号成对。
为什么：写法不对，程序就不能确定这一行说的是什么，后面的内容也可能读错。只有一种改法的（全角的等号和括号、少了一边的括号、看不见的字符）可以用 jixiao check --fix 自动改。
反例：`"项目期"："1年"`（用了冒号）
正例：`"项目期" = "1年"`"#,
};
/// Quotes around keys that are forgotten or full-width; there is only one way to put them right.
pub(crate) static KEY_QUOTES: Rule = Rule {
    code: "E102",
    name: "键的引号",
    severity: Severity::Error,
    explanation: r#"看什么：等号左边的键有没有加半角引号。
为什么：TOML 规定中文的键要加半角引号。这一处可以用 jixiao check --fix 或 jixiao fmt 自动补上。
反例：`项目期 = "1年"`；`“项目期” = "1年"`
正例：`"项目期" = "1年"`"#,
};
pub(super) static VALUE_QUOTES: Rule = Rule {
    code: "E103",
    name: "值的引号",
    severity: Severity::Error,
    explanation: r#"看什么：等号右边的文字有没有加半角引号。
为什么：没有引号就分不清文字从哪里开始、到哪里结束。可以用 jixiao check --fix 自动补上。
反例：`"项目期" = 1年`；`"项目期" = “1年”`
正例：`"项目期" = "1年"`"#,
};
static DUPLICATE_KEY: Rule = Rule {
    code: "E104",
    name: "键重复",
    severity: Severity::Error,
    explanation: r#"看什么：同一张表里有没有两个同样的键。
为什么：两行同名，程序不知道该印哪一行。
反例：同一张表里写了两行 `"培训次数" = …`。
正例：每个键只写一行；是两件事就把文字区分开。"#,
};

pub(super) static NO_DATA: Rule = Rule {
    code: "E005",
    name: "不是数据文件",
    severity: Severity::Error,
    explanation: r#"看什么：文件里写的是不是数据：`"键" = "值"` 的行。
为什么：把 Word、Excel、PDF 文件或网页改名成 .toml，程序读不了；一个项目就漏掉了。
反例：另存为网页以后改名的 01-办公经费.toml
正例：每个项目一个文本文件，用 jixiao new 建一个，再把内容填进去。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_DATA, &SYNTAX, &KEY_QUOTES, &VALUE_QUOTES, &DUPLICATE_KEY];

/// A line that is wrong in a way that has no name.
pub(super) fn unreadable(span: Span) -> Finding {
    Finding::at(&SYNTAX, span, "这一行的写法不对")
        .help("写成 \"键\" = \"值\" 的样子；检查引号、等号和括号是不是成对")
}

/// A file whose lines are of another kind altogether.
pub(super) fn no_data(span: Span, message: &str) -> Finding {
    Finding::at(&NO_DATA, span, message)
        .help("确认没有放错文件；数据写成 \"键\" = \"值\" 的样子，用 jixiao new 可以新建一个")
}

/// A name that stands twice where it may stand once.
pub(super) fn duplicate(name: &str, is_table: bool, second: Span, first: Option<Span>) -> Finding {
    let (message, help) = if is_table {
        (format!("表[\"{name}\"]写了两次"), "每张表只能写一次；把两处的内容合到一处")
    } else {
        (
            format!("键“{name}”写了两次"),
            "同一张表里每个键只能写一次；删掉一行，或把两行的文字区分开",
        )
    };
    let finding = Finding::at(&DUPLICATE_KEY, second, message).label("第二次").help(help);
    match first {
        Some(first) => finding.related(first, "第一次"),
        None => finding,
    }
}
