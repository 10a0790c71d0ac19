//! The syntax errors of TOML, explained to somebody who has never heard of TOML.

use std::collections::HashSet;
use std::ops::Range;

use toml::de::{DeTable, DeValue, Error};

use super::mend::{Fault, FaultKind, MendedText, WRONG_QUOTES};
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

/// Explains what was mended and the parser's errors, in the order of the text, one for each place.
pub(super) fn explain(
    text: &MendedText<'_>,
    root: &DeTable<'_>,
    errors: &[Error],
) -> Vec<SyntaxError> {
    let mut explained: Vec<SyntaxError> = Vec::new();
    // A line that says one thing wrong as a whole is not picked to pieces.
    let mut lines_explained = HashSet::new();
    for fault in &text.faults {
        if matches!(fault.kind, FaultKind::WrongBrackets | FaultKind::MissingBracket(_)) {
            lines_explained.insert(text.source.line(fault.at.start));
        }
        explained.push(Explainer { text, at: fault.at.clone() }.fault(fault));
    }
    for error in errors {
        let end = text.source.text().len();
        // What was mended may have other character boundaries than the file.
        let at = text.source.span(error.span().unwrap_or(end..end)).range;
        let line = text.source.line(at.start);
        if lines_explained.contains(&line) && error.message().contains("unquoted key") {
            continue;
        }
        let error = Explainer { text, at }.explain(root, error.message());
        if error.damage != Damage::None {
            lines_explained.insert(line);
        }
        explained.push(error);
    }
    explained.sort_by_key(|error| error.range.start);
    explained.dedup_by(|b, a| a.range == b.range && a.finding.message == b.finding.message);
    withhold_doubtful_fixes(text.source, &mut explained);
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

/// A table that stands twice in a file.
fn duplicate_table(name: &str, second: Span, first: Option<Span>) -> Finding {
    let finding = Finding::at(&DUPLICATE_KEY, second, format!("表[\"{name}\"]写了两次"))
        .label("第二次")
        .help("每张表只能写一次；把两处的内容合到一处");
    match first {
        Some(first) => finding.related(first, "第一次"),
        None => finding,
    }
}

/// A number in full-width digits, in the digits it should have.
fn with_ascii_digits(written: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        '．' | '。' => Some('.'),
        '0'..='9' | '.' => Some(c),
        _ => None,
    };
    written.chars().map(narrow).collect()
}

struct Explainer<'a> {
    text: &'a MendedText<'a>,
    at: Range<usize>,
}

impl Explainer<'_> {
    fn fault(self, fault: &Fault) -> SyntaxError {
        match fault.kind {
            FaultKind::WrongEquals if self.text() == "＝" => {
                self.value("等号是全角的", "要用半角等号", "改成半角等号 =")
            }
            FaultKind::WrongEquals => {
                let help = "改成半角等号 =，写成 \"键\" = \"值\" 的样子";
                self.value("键和值之间不是等号", "这里要用 =", help)
            }
            FaultKind::WrongBrackets => {
                let help = "改成半角方括号和半角引号，写成 [\"数量指标\"] 的样子";
                self.value("表名用了全角括号", "要用半角方括号", help)
            }
            FaultKind::MissingBracket(bracket) => {
                let side = if bracket == '[' { "左" } else { "右" };
                let message = format!("表名缺少{side}方括号");
                let label = format!("这里应该有 {bracket}");
                self.value(&message, &label, "表名写成 [\"数量指标\"] 的样子")
            }
            FaultKind::ExtraEquals => {
                self.value("多了一个等号", "多余的等号", "键和值之间只写一个 =")
            }
            FaultKind::NoEquals => self.no_equals(),
            FaultKind::Unclosed('{') => {
                let help = "在同一对 { } 里写完，并补上 }";
                self.line("大括号没有结束", "这里应该有 }", help)
            }
            FaultKind::Unclosed('[') => self.line("方括号没有结束", "这里应该有 ]", "补上 ]"),
            FaultKind::Unclosed(_) => {
                let help = "在文字结束的地方补上三个半角引号 \"\"\"";
                self.line("三个引号开头的文字没有结束", "从这里开始", help)
            }
        }
    }

    fn explain(self, root: &DeTable<'_>, message: &str) -> SyntaxError {
        let about = |text: &str| message.starts_with(text);
        if about("invalid unquoted key") {
            self.unquoted_key()
        } else if about("string values must be quoted")
            || (about("invalid literal string") && !self.line_text().contains('\''))
            || ["invalid date", "invalid time", "invalid offset"].into_iter().any(about)
        {
            self.unquoted_value()
        } else if about("missing assignment") {
            let help = "大括号里写成 { \"指标值\" = \"≥11\" } 的样子";
            self.line("键和值之间缺少等号", "这里应该有 =", help)
        } else if about("missing comma") {
            self.line("两项之间缺少逗号", "这里应该有半角逗号", "两项之间用半角逗号 , 隔开")
        } else if about("unquoted keys cannot be empty") {
            let help = "写成 \"键\" = \"值\" 或 [\"表名\"] 的样子，名称要加半角引号";
            if self.line_text().trim_start().starts_with('[') {
                return self.broken("表没有名称", "这里要写名称", help);
            }
            self.line("等号左边没有名称", "这里要写名称", help)
        } else if about("invalid key-value pair") || about("missing table open") {
            let help = "写成 \"键\" = \"值\" 或 [\"表名\"] 的样子；不要的行就删掉";
            self.line("这一行的开头不对", "多余的符号", help)
        } else if about("duplicate key") {
            self.duplicate_key(root)
        } else if about("invalid basic string") || about("invalid literal string") {
            self.unclosed_string()
        } else if about("invalid multi-line") {
            let help = "在文字前后各写三个半角引号 \"\"\"；文字里要印出反斜杠时写两个：\\\\";
            self.broken("三个引号之间的文字写法不对", "", help)
        } else if about("unclosed table") || about("unclosed array table") {
            self.broken("表名缺少右方括号", "这里应该有 ]", "表名写成 [\"数量指标\"] 的样子")
        } else if about("unclosed inline table") {
            self.broken("大括号没有结束", "这里应该有 }", "在同一对 { } 里写完，并补上 }")
        } else if about("unclosed array") {
            self.broken("方括号没有结束", "这里应该有 ]", "补上 ]")
        } else if message.contains("inline table") || message.contains("array") {
            let help = "写成 { \"指标值\" = \"≥11\" } 的样子；检查括号、逗号和等号";
            self.line("括号里的写法不对", "", help)
        } else if about("unexpected key or value") || about("unexpected content") {
            self.extra_content()
        } else if about("missing escaped value") || about("too few unicode") {
            let help = "文字里要印出反斜杠时写两个：\\\\；一般不需要反斜杠";
            self.value("反斜杠 \\ 后面不能是这个字符", "", help)
        } else if about("invalid comment character") {
            self.value("注释里有看不见的控制字符", "", "删掉这个字符")
        } else if about("carriage return must be followed by newline") {
            self.value("换行符不完整（只有回车，没有换行）", "", "用编辑器把换行统一为 LF 或 CRLF")
        } else if about("recursion limit") {
            let help = "键写成 \"……\" 的样子，不用点号连接";
            self.broken("有一个键里的点号太多", "", help)
        } else if about("cannot recurse") {
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
        let inner = written.trim_matches(|c| c == '"' || WRONG_QUOTES.contains(&c));
        let (message, label, help) = if written.is_empty() {
            let help = "没有内容时写 \"\"，金额为零时写 0".to_owned();
            ("等号后面没有内容", "这里要写值", help)
        } else if let Some(digits) = with_ascii_digits(written) {
            ("数字是全角的", "要用半角数字", format!("金额写成 {digits}；文字写成 \"{inner}\""))
        } else if written.starts_with(WRONG_QUOTES) || written.ends_with(WRONG_QUOTES) {
            ("文字用了全角引号", "要用半角引号", format!("改成 \"{inner}\""))
        } else if written.starts_with(|c: char| c.is_ascii_digit()) {
            let help = format!("金额只写数字，如 22 或 4.5，不写单位；文字写成 \"{inner}\"");
            ("等号后面不是数字，也没有加引号", "金额不写单位，文字要加引号", help)
        } else {
            let help = format!("文字写成 \"{inner}\"；金额只写数字，如 22 或 4.5");
            ("等号后面的文字没有加引号", "要加半角引号", help)
        };
        let finding = Finding::at(&VALUE_QUOTES, self.span(), message).label(label).help(help);
        // An amount with its unit (`22万元`) may be meant as a number; only its author knows.
        let is_amount = with_ascii_digits(written).is_some()
            || written.starts_with(|c: char| c.is_ascii_digit())
                && written.contains(['元', ',', '，']);
        let is_certain = !inner.is_empty() && !inner.contains(['"', '\\']) && !is_amount;
        let finding = match self.text().find(written) {
            Some(offset) if is_certain => {
                let start = self.at.start + offset;
                let span = self.text.source.span(start..start + written.len());
                finding.fix(span, format!("\"{inner}\""))
            }
            _ => finding,
        };
        SyntaxError { finding, range: self.at, damage: Damage::None }
    }

    fn no_equals(self) -> SyntaxError {
        let text = self.text();
        let has_value = text.split_whitespace().nth(1).is_some_and(|word| !word.starts_with('#'))
            || text.matches('"').count() > 2;
        if has_value {
            self.line("键和值之间缺少等号", "", "写成 \"键\" = \"值\" 的样子")
        } else {
            let help = "写成 \"键\" = \"值\" 的样子；不要的行就删掉";
            self.line("这一行只有键，没有值", "", help)
        }
    }

    fn unclosed_string(self) -> SyntaxError {
        let next = self.text.source.line(self.at.start) + 1;
        let help = if self.text.continued.contains(&next) {
            "文字要分几行写时，前后各用三个半角引号 \"\"\""
        } else if self.line_text().contains(WRONG_QUOTES) {
            "文字前后都用半角引号；全角引号只能用在文字里面"
        } else {
            "在文字结束的地方补上半角引号"
        };
        self.value("引号没有配对", "到行尾还没有结束的引号", help)
    }

    fn extra_content(self) -> SyntaxError {
        let (_, rest) = self.line_split();
        let rest = rest.trim_end();
        let after_comma = rest.trim_start_matches([',', '，']);
        if after_comma.len() < rest.len() && after_comma.starts_with(|c: char| c.is_ascii_digit()) {
            let range = self.at.start..self.at.start + rest.len();
            let help = "数字里不写逗号，例如 1234.56";
            return Explainer { at: range, ..self }.line("数字里有逗号", "多余的内容", help);
        }
        let help = if rest.starts_with(['，', ',', ';', '；', '。', '、']) {
            "删掉行尾的标点"
        } else {
            "一行只写一个键；文字里的引号用全角的“ ”，不能用半角引号"
        };
        let range = self.at.start..self.at.start + rest.len();
        Explainer { at: range, ..self }.line("这一行写完之后还有多余的内容", "多余的内容", help)
    }

    fn number(self) -> SyntaxError {
        let is_in_number = |c: char| c.is_ascii_alphanumeric() || ".+-_".contains(c);
        let (before, after) = self.line_split();
        let start = self.line_start() + before.trim_end_matches(is_in_number).len();
        let end = self.at.start + after.len() - after.trim_start_matches(is_in_number).len();
        Explainer { at: start..end, ..self }.value(
            "数字的写法不对",
            "",
            "写成 22 或 4.5 的样子：不以 0 或小数点开头，不以小数点结尾",
        )
    }

    fn duplicate_key(self, root: &DeTable<'_>) -> SyntaxError {
        let key = intended_key(self.text().trim_matches(['"', '\''])).to_owned();
        let before = &self.text.source.text()[..self.at.start];
        let finding = if before.trim_end().ends_with('[') {
            // The parser keeps only the second header of a table.
            let header = format!("[{}", self.text());
            let first = before.rfind(&header).map(|at| at + 1..at + header.len());
            duplicate_table(&key, self.span(), first.map(|first| self.text.source.span(first)))
        } else {
            let first = last_key_before(root, &key, self.at.start);
            duplicate(&key, self.span(), first.map(|first| self.text.source.span(first)))
        };
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
        self.text.source.span(self.at.clone())
    }

    fn text(&self) -> &str {
        self.text.source.text().get(self.at.clone()).unwrap_or_default()
    }

    fn line_start(&self) -> usize {
        self.text.source.line_start(self.text.source.line(self.at.start))
    }

    /// The line before and after the place of the error.
    fn line_split(&self) -> (&str, &str) {
        let line = self.line_text();
        line.split_at(line.len().min(self.at.start - self.line_start()))
    }

    fn line_text(&self) -> &str {
        self.text.source.line_text(self.text.source.line(self.at.start))
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
