//! The syntax errors of TOML, explained to somebody who has never heard of TOML.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue, Error};

use crate::diagnostics::{Finding, Rule, Severity, SourceFile, Span};

static SYNTAX: Rule = Rule {
    code: "E101",
    name: "写法有误",
    severity: Severity::Error,
    explanation: r#"看什么：每一行是不是 TOML 的写法：键、等号、值，引号和括号成对。
为什么：写法不对，程序就不能确定这一行说的是什么，后面的内容也可能读错。
反例：`"项目期"："1年"`（用了冒号）
正例：`"项目期" = "1年"`"#,
};
static KEY_QUOTES: Rule = Rule {
    code: "E102",
    name: "键的引号",
    severity: Severity::Error,
    explanation: r#"看什么：等号左边的键有没有加半角引号。
为什么：TOML 规定中文的键要加半角引号。这一处可以用 jixiao check --fix 自动补上。
反例：`项目期 = "1年"`；`“项目期” = "1年"`
正例：`"项目期" = "1年"`"#,
};
static VALUE_QUOTES: Rule = Rule {
    code: "E103",
    name: "值的引号",
    severity: Severity::Error,
    explanation: r#"看什么：等号右边的文字有没有加半角引号。
为什么：没有引号就分不清文字从哪里开始、到哪里结束。用了全角引号的可以用 jixiao check --fix 自动改。
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

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&SYNTAX, &KEY_QUOTES, &VALUE_QUOTES, &DUPLICATE_KEY];

/// Quotation marks an input method puts where TOML wants `"`.
const WRONG_QUOTES: &[char] = &['“', '”', '‘', '’', '＂', '「', '」', '『', '』', '〝', '〞', '＇'];

/// A syntax error in our words.
pub(super) struct SyntaxError {
    pub finding: Finding,
    pub range: Range<usize>,
    pub damage: Damage,
}

/// How far a syntax error keeps the rest of the file from being checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Damage {
    /// None: there is only one reading, or only the value is lost.
    None,
    /// What the line says is lost.
    Line,
    /// What comes after may be read as part of something else.
    Structure,
}

/// The key an author meant: without the wrong quotes and stray spaces around it.
pub(super) fn intended_key(key: &str) -> &str {
    let is_noise = |c: char| c.is_whitespace() || c == '"' || WRONG_QUOTES.contains(&c);
    // A correctly quoted key may contain anything; only noise on both ends is a slip.
    let trimmed = key.trim_matches(is_noise);
    let wrapped = key.starts_with(is_noise) && (key.ends_with(is_noise));
    if wrapped && !trimmed.is_empty() { trimmed } else { key }
}

/// Explains the parser's errors, in the order of the text, one for each place.
pub(super) fn explain(
    source: &Arc<SourceFile>,
    root: &DeTable<'_>,
    errors: &[Error],
) -> Vec<SyntaxError> {
    let mut explained: Vec<SyntaxError> = Vec::new();
    let mut lines_explained = HashSet::new();
    let mut ordered: Vec<&Error> = errors.iter().collect();
    // An error that says the line has no `=` explains its line better than one about the key.
    ordered.sort_by_key(|error| (!is_about_assignment(error), error.span().map(|s| s.start)));
    for error in ordered {
        let end = source.text().len();
        let at = error.span().unwrap_or(end..end);
        let line = source.line(at.start);
        let is_echo = lines_explained.contains(&line) && error.message().contains("unquoted key");
        if is_echo {
            continue;
        }
        let error = Explainer { source, at }.explain(root, error.message());
        if error.damage != Damage::None {
            lines_explained.insert(line);
        }
        explained.push(error);
    }
    explained.sort_by_key(|error| error.range.start);
    withhold_doubtful_fixes(source, &mut explained);
    explained
}

/// A line is repaired only if all that is wrong in it can be: quotes put around half of a broken
/// line would make it say something else.
fn withhold_doubtful_fixes(source: &SourceFile, errors: &mut [SyntaxError]) {
    let line = |error: &SyntaxError| source.line(error.range.start);
    let doubtful: HashSet<usize> =
        errors.iter().filter(|error| error.finding.fix.is_empty()).map(line).collect();
    for error in errors {
        if doubtful.contains(&line(error)) {
            error.finding.fix.clear();
        }
    }
}

fn is_about_assignment(error: &Error) -> bool {
    error.message().starts_with("key with no value")
}

/// A key that stands twice in one table.
pub(super) fn duplicate(key: &str, second: Span, first: Option<Span>) -> Finding {
    let finding = Finding::at(&DUPLICATE_KEY, second, format!("键“{key}”写了两次"))
        .label("第二次")
        .help("同一张表里每个键只能写一次；删掉一行，或把两行的文字区分开");
    match first {
        Some(first) => finding.related(first, "第一次"),
        None => finding,
    }
}

struct Explainer<'a> {
    source: &'a Arc<SourceFile>,
    at: Range<usize>,
}

impl Explainer<'_> {
    fn explain(self, root: &DeTable<'_>, message: &str) -> SyntaxError {
        let about = |text: &str| message.starts_with(text);
        if about("invalid unquoted key") {
            self.unquoted_key()
        } else if about("string values must be quoted") {
            self.unquoted_value()
        } else if about("key with no value") || about("missing assignment") {
            self.no_assignment()
        } else if about("duplicate key") {
            self.duplicate_key(root)
        } else if about("invalid basic string") || about("invalid literal string") {
            self.unclosed_string()
        } else if about("invalid multi-line") {
            let help = "在文字结束的地方补上三个半角引号 \"\"\"";
            self.broken("三个引号开头的文字没有结束", "到这里还没有结束", help)
        } else if about("unclosed table") || about("unclosed array table") {
            self.broken("表名缺少右方括号", "这里应该有 ]", "表名写成 [\"数量指标\"] 的样子")
        } else if about("unclosed inline table") {
            self.broken("大括号没有结束", "这里应该有 }", "在同一对 { } 里写完，并补上 }")
        } else if about("unclosed array") {
            self.broken("方括号没有结束", "这里应该有 ]", "补上 ]")
        } else if about("unexpected key or value") || about("unexpected content") {
            self.extra_content()
        } else if about("missing escaped value") || about("too few unicode") {
            let help = "文字里要印出反斜杠时写两个：\\\\；一般不需要反斜杠";
            self.value("反斜杠 \\ 后面不能是这个字符", "", help)
        } else if about("invalid comment character") {
            self.value("注释里有看不见的控制字符", "", "删掉这个字符")
        } else if about("carriage return must be followed by newline") {
            self.value("换行符不完整（只有回车，没有换行）", "", "用编辑器把换行统一为 LF 或 CRLF")
        } else if about("cannot recurse") || about("recursion limit") {
            self.broken("括号嵌套得太深", "", "这种表只需要一层大括号，请检查这一行的括号")
        } else if [
            "invalid fraction",
            "invalid mantissa",
            "invalid exponent",
            "unexpected leading",
            "redundant numeric",
            "radix must",
            "integers with a radix",
            "`_` may only",
            "unexpected sign",
            "invalid value",
        ]
        .into_iter()
        .any(about)
        {
            self.number()
        } else {
            let message = format!("这里的写法不对（{message}）");
            self.broken(
                &message,
                "",
                "对照 README 里的数据格式检查这一行；常见原因是引号、等号或括号不成对",
            )
        }
    }

    fn unquoted_key(self) -> SyntaxError {
        let written = self.text();
        let key = intended_key(written);
        let help = format!("改成 \"{}\"（半角引号）", key.replace(['"', '\\'], ""));
        let message = if key.len() == written.len() {
            format!("键“{key}”没有加引号")
        } else if written.starts_with('\u{3000}') && !written[3..].starts_with(WRONG_QUOTES) {
            return SyntaxError {
                finding: Finding::at(&KEY_QUOTES, self.span(), "行首有全角空格")
                    .help("删掉这个全角空格"),
                range: self.at,
                damage: Damage::Line,
            };
        } else {
            format!("键“{key}”用了全角引号")
        };
        let label =
            if key.len() == written.len() { "要加半角引号" } else { "要用半角引号" };
        let mut finding = Finding::at(&KEY_QUOTES, self.span(), message).label(label).help(help);
        let quoted = format!("\"{key}\"");
        if !key.contains(['"', '\\']) && written != quoted {
            finding = finding.fix(self.span(), quoted);
        }
        SyntaxError { finding, range: self.at, damage: Damage::None }
    }

    fn unquoted_value(self) -> SyntaxError {
        let written = self.text().trim();
        let inner = written.trim_matches(WRONG_QUOTES);
        let finding = if written.is_empty() {
            Finding::at(&VALUE_QUOTES, self.span(), "等号后面没有内容")
                .label("这里要写值")
                .help("没有内容时写 \"\"，金额为零时写 0")
        } else if written.starts_with(WRONG_QUOTES) || written.ends_with(WRONG_QUOTES) {
            Finding::at(&VALUE_QUOTES, self.span(), "文字用了全角引号")
                .label("要用半角引号")
                .help(format!("改成 \"{inner}\""))
        } else {
            Finding::at(&VALUE_QUOTES, self.span(), "等号后面的文字没有加引号")
                .label("要加半角引号")
                .help(format!("文字写成 \"{inner}\"；金额只写数字，如 22 或 4.5，不写单位和千分位"))
        };
        // An amount with its unit (`22万元`) may be meant as a number; only its author knows.
        let is_amount = written.starts_with(|c: char| c.is_ascii_digit())
            && written.contains(['元', ',', '，']);
        let is_certain = !inner.is_empty() && !inner.contains(['"', '\\']) && !is_amount;
        let finding = match self.text().find(written) {
            Some(offset) if is_certain => {
                let start = self.at.start + offset;
                let span = self.source.span(start..start + written.len());
                finding.fix(span, format!("\"{inner}\""))
            }
            _ => finding,
        };
        SyntaxError { finding, range: self.at, damage: Damage::None }
    }

    fn no_assignment(self) -> SyntaxError {
        let line = self.line_text();
        let rest = line[self.at.start.min(self.line_end()) - self.line_start()..].trim_start();
        let (message, help) = if line.contains('＝') {
            ("等号是全角的", "改成半角等号 =")
        } else if line.contains(['：', ':']) {
            ("键和值之间不是等号", "改成半角等号 =，写成 \"键\" = \"值\" 的样子")
        } else if line.trim_start().starts_with(['【', '［', '〔']) {
            let help = "改成半角方括号，写成 [\"数量指标\"] 的样子";
            return self.broken("表名用了全角括号", "", help);
        } else if rest.is_empty() || rest.starts_with('#') {
            ("这一行只有键，没有值", "写成 \"键\" = \"值\" 的样子；不要的行就删掉")
        } else {
            ("键和值之间缺少等号", "写成 \"键\" = \"值\" 的样子")
        };
        self.line(message, "", help)
    }

    fn unclosed_string(self) -> SyntaxError {
        let help = if self.line_text().contains(WRONG_QUOTES) {
            "文字前后都用半角引号；全角引号只能用在文字里面"
        } else {
            "在文字结束的地方补上半角引号"
        };
        self.value("引号没有配对", "到行尾还没有结束的引号", help)
    }

    fn extra_content(self) -> SyntaxError {
        let rest = self.source.text()[self.at.start..self.line_end()].trim_end();
        let help = if rest.starts_with(['，', ',', ';', '；', '。', '、']) {
            "删掉行尾的标点"
        } else {
            "一行只写一个键；文字里的引号用全角的“ ”，不能用半角引号"
        };
        let range = self.at.start..self.at.start + rest.len();
        Explainer { at: range, ..self }.line("这一行写完之后还有多余的内容", "多余的内容", help)
    }

    fn number(self) -> SyntaxError {
        self.value(
            "数字的写法不对",
            "",
            "写成 22 或 4.5 的样子：不以 0 或小数点开头，不以小数点结尾",
        )
    }

    fn duplicate_key(self, root: &DeTable<'_>) -> SyntaxError {
        let key = intended_key(self.text().trim_matches(['"', '\''])).to_owned();
        let first = last_key_before(root, &key, self.at.start).map(|range| self.source.span(range));
        let finding = duplicate(&key, self.span(), first);
        SyntaxError { finding, range: self.at, damage: Damage::None }
    }

    /// An error inside one value: the keys around it are still where they were.
    fn value(self, message: &str, label: &str, help: &str) -> SyntaxError {
        SyntaxError { damage: Damage::None, ..self.broken(message, label, help) }
    }

    /// An error that loses its line and no more.
    fn line(self, message: &str, label: &str, help: &str) -> SyntaxError {
        SyntaxError { damage: Damage::Line, ..self.broken(message, label, help) }
    }

    /// An error that may shift what comes after it.
    fn broken(self, message: &str, label: &str, help: &str) -> SyntaxError {
        let finding = Finding::at(&SYNTAX, self.span(), message).label(label).help(help);
        SyntaxError { finding, range: self.at, damage: Damage::Structure }
    }

    fn span(&self) -> Span {
        self.source.span(self.at.clone())
    }

    fn text(&self) -> &str {
        self.source.text().get(self.at.clone()).unwrap_or_default()
    }

    fn line_start(&self) -> usize {
        self.source.line_start(self.source.line(self.at.start))
    }

    fn line_end(&self) -> usize {
        self.line_start() + self.line_text().len()
    }

    fn line_text(&self) -> &str {
        self.source.line_text(self.source.line(self.at.start))
    }
}

/// The last key of that name that starts before `before`, in whatever table.
fn last_key_before(table: &DeTable<'_>, name: &str, before: usize) -> Option<Range<usize>> {
    let mut last: Option<Range<usize>> = None;
    for (key, value) in table {
        let here = (key.get_ref() == name).then(|| key.span());
        let inside = match value.get_ref() {
            DeValue::Table(table) => last_key_before(table, name, before),
            _ => None,
        };
        for range in [here, inside].into_iter().flatten() {
            if range.start < before && last.as_ref().is_none_or(|last| last.start < range.start) {
                last = Some(range);
            }
        }
    }
    last
}
