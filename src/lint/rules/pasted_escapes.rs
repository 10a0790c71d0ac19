//! Nothing of the spelling of a page, a table or a program is left in a text.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W410",
    name: "粘贴来的代码",
    severity: Severity::Warning,
    explanation: r#"看什么：文字里有没有从网页、Excel 或程序里带来的代码：`&nbsp;`、`&lt;`、`<br>`、`_x000D_`、`\n`。
为什么：这些代码会原样印在表上。只有一种读法的可以用 jixiao check --fix 自动改。
反例：`"满意度&ge;95%"`
正例：`"满意度≥95%"`"#,
};

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let content = text.as_str();
    let mut at = 0;
    while let Some(offset) = content[at..].find(['&', '<', '_', '\\']) {
        let start = at + offset;
        let Some((length, right)) = escape(&content[start..]) else {
            at = start + 1;
            continue;
        };
        at = start + length;
        let written = &content[start..at];
        let message = format!("“{written}”是粘贴带来的代码，会原样印出来");
        let finding = Finding::at(&RULE, text.near(start..at), message);
        let help = match right.as_deref() {
            None => "删掉它，写出要印的文字".to_owned(),
            Some("") => "删掉它".to_owned(),
            Some("\n") => "删掉它；要换行就写 \\n，文字前后用半角双引号".to_owned(),
            Some(" ") => "改成空格，不需要就删掉".to_owned(),
            Some(right) => format!("改成“{right}”"),
        };
        // What has a meaning in the file itself is left to a person.
        let is_plain = |right: &&String| !right.contains(['"', '\'', '\\', '\n']);
        let place = text.part(start..at).filter(|_| !written.contains('\\'));
        findings.push(match (place, right.as_ref().filter(is_plain)) {
            (Some(span), Some(right)) => finding.help(help).fix(span, right.clone()),
            _ => finding.help(help),
        });
    }
}

/// How long the escape is that a text begins with, and what it stands for, if that is certain.
fn escape(text: &str) -> Option<(usize, Option<String>)> {
    match text.as_bytes().first()? {
        b'&' => entity(text),
        b'<' => tag(text),
        b'_' => control(text),
        _ => backslash(text),
    }
}

/// `&nbsp;`, `&#8805;`, `&#x2265;`
fn entity(text: &str) -> Option<(usize, Option<String>)> {
    const NAMED: &[(&str, &str)] = &[
        ("nbsp", " "),
        ("ensp", " "),
        ("emsp", " "),
        ("thinsp", " "),
        ("lt", "<"),
        ("gt", ">"),
        ("amp", "&"),
        ("quot", "\""),
        ("apos", "'"),
        ("ldquo", "“"),
        ("rdquo", "”"),
        ("lsquo", "‘"),
        ("rsquo", "’"),
        ("middot", "·"),
        ("mdash", "—"),
        ("ndash", "–"),
        ("hellip", "…"),
        ("times", "×"),
        ("divide", "÷"),
        ("plusmn", "±"),
        ("deg", "°"),
        ("permil", "‰"),
        ("le", "≤"),
        ("ge", "≥"),
        ("ne", "≠"),
        ("yen", "¥"),
        ("laquo", "«"),
        ("raquo", "»"),
    ];
    let length = text.find(';').filter(|&length| length <= 10)?;
    let name = &text[1..length];
    let number = name.strip_prefix('#').map(|number| match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    });
    let right = match number {
        Some(number) => char::from_u32(number.ok()?)
            .map(|c| if c == '\u{a0}' { ' ' } else { c })
            .filter(|c| !c.is_control())
            .map(String::from),
        None => Some(NAMED.iter().find(|&&(known, _)| known == name)?.1.to_owned()),
    };
    Some((length + 1, right))
}

/// `<br>`, `</p>`, `<span style=…>`
fn tag(text: &str) -> Option<(usize, Option<String>)> {
    const NAMES: &[&str] = &[
        "br", "p", "div", "span", "b", "i", "u", "strong", "em", "font", "sup", "sub", "td", "tr",
        "th", "table", "tbody", "li", "ul", "ol", "a", "img", "o:p", "h1", "h2", "h3",
    ];
    let inner = text.split('>').next().filter(|inner| inner.len() < text.len())?;
    let name = inner[1..].trim_start_matches('/').split([' ', '/']).next()?.to_ascii_lowercase();
    let right = if name == "br" { "\n" } else { "" };
    NAMES.contains(&name.as_str()).then(|| (inner.len() + 1, Some(right.to_owned())))
}

/// `_x000D_`, as Excel writes a carriage return.
fn control(text: &str) -> Option<(usize, Option<String>)> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let code = u32::from_str_radix(digits, 16).ok()?;
    text[6..].starts_with('_').then_some(())?;
    let right = match char::from_u32(code) {
        // The line feed comes with it.
        Some('\r') => Some(String::new()),
        Some('\n') => Some("\n".to_owned()),
        Some(c) if c.is_control() => Some(String::new()),
        c => c.map(String::from),
    };
    Some((7, right))
}

/// `\n`, `\t`, `\u4e2d` in the text itself.
fn backslash(text: &str) -> Option<(usize, Option<String>)> {
    let rest = &text[1..];
    if let Some(digits) = rest.strip_prefix('u').and_then(|rest| rest.get(..4)) {
        let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
        return Some((6, Some(c.to_string())));
    }
    let length = ["r\\n", "n", "r", "t"].iter().find(|&&known| rest.starts_with(known))?.len();
    let is_word = rest[length..].starts_with(|c: char| c.is_ascii_alphabetic());
    let right = if rest.starts_with('t') { " " } else { "\n" };
    (!is_word).then(|| (length + 1, Some(right.to_owned())))
}
