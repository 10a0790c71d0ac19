//! The typed view on a TOML table.

mod list;

use std::ops::Range;

use indexmap::IndexMap;
use toml::Spanned;

use super::Document;
use super::bare::{Reading, as_amount, as_text};
use super::characters::{disguise, meant};
use super::quotes::quoted;
use super::syntax::VALUE_QUOTES;
use super::tree::{Digits, Node, Value};
use crate::amount::{Format, Money, MoneyError, Unit};
use crate::diagnostics::{Finding, Rule, Severity, Span};

static UNKNOWN_KEY: Rule = Rule {
    code: "E110",
    name: "不认识的键",
    severity: Severity::Error,
    explanation: r#"看什么：每个键和表名是不是表样上有的栏目。
为什么：打错的栏目名不会印出来，等于没有填。
反例：`"项目明称" = "办公经费"`
正例：`"项目名称" = "办公经费"`"#,
};
pub(crate) static MISSING_KEY: Rule = Rule {
    code: "E111",
    name: "缺少键",
    severity: Severity::Error,
    explanation: r#"看什么：表样规定要写的栏目有没有写。
为什么：缺了栏目的表不完整，财政部门会退回。
反例：文件里没有 `"项目期"` 这一行。
正例：`"项目期" = "1年"`"#,
};
static WRONG_TYPE: Rule = Rule {
    code: "E112",
    name: "类型不对",
    severity: Severity::Error,
    explanation: r#"看什么：值的种类对不对：文字加引号，金额不加引号。
为什么：金额要参加计算，文字要原样打印，写错了种类就做不到。
反例：`"财政拨款" = "22"`
正例：`"财政拨款" = 22`"#,
};
pub(crate) static EMPTY_TEXT: Rule = Rule {
    code: "E113",
    name: "内容为空",
    severity: Severity::Error,
    explanation: r#"看什么：必须填写的内容是不是空的。
为什么：空着的必填栏等于没有填。
反例：`"项目期" = ""`
正例：`"项目期" = "1年"`"#,
};
static BAD_AMOUNT: Rule = Rule {
    code: "E120",
    name: "金额不合规",
    severity: Severity::Error,
    explanation: r#"看什么：金额是不是能用的数：不是负数，按表样的单位写，小数不比表上印的多（万元到 6 位、元到 2 位就是 1 分钱）。
为什么：金额要精确到分，多出来的小数位多半是点错了小数点。
反例：`"财政拨款" = 0.00000022`
正例：`"财政拨款" = 0.22`"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] =
    &[&UNKNOWN_KEY, &MISSING_KEY, &WRONG_TYPE, &EMPTY_TEXT, &BAD_AMOUNT];

/// Whether a key has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It may be left out.
    Optional,
    /// It must be there; its text may be empty.
    Present,
    /// It must be there with a text that is not empty.
    Filled,
}

/// A TOML table, read by asking for its keys.
///
/// Whatever is missing, of the wrong type or unknown is reported where it stands; the caller gets
/// `None` and goes on, so that one run reports everything.
#[derive(Debug)]
pub struct Table<'d> {
    document: &'d Document<'d>,
    /// The key it stands under; `None` for the whole file.
    name: Option<String>,
    range: Range<usize>,
    entries: IndexMap<String, Entry<'d>>,
    asked: Vec<String>,
    /// The keys that were asked for and are not there, each with what is to be said about it.
    absent: IndexMap<String, Option<Finding>>,
}

/// A key with its value.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'d> {
    document: &'d Document<'d>,
    node: &'d Node,
}

impl<'d> Table<'d> {
    pub(super) fn new(
        document: &'d Document<'d>,
        name: Option<String>,
        range: Range<usize>,
        nodes: &'d [Node],
    ) -> Self {
        let entry = |node: &'d Node| (node.key.clone(), Entry { document, node });
        let entries = nodes.iter().map(entry).collect();
        let (asked, absent) = Default::default();
        Self { document, name, range, entries, asked, absent }
    }

    /// The key it stands under, or the file.
    pub fn place(&self) -> String {
        match &self.name {
            Some(name) => format!("[\"{name}\"]"),
            None => "文件开头".to_owned(),
        }
    }

    /// Its header, or the first line of the file.
    pub fn span(&self) -> Span {
        match self.name {
            Some(_) => self.document.span(self.range.clone()),
            None => self.document.span(0..0),
        }
    }

    /// Declares a key and takes its entry out, if it is there.
    pub fn take(&mut self, key: &str) -> Option<Entry<'d>> {
        self.asked.push(key.to_owned());
        let entry = self.entries.shift_remove(key);
        if entry.is_none() {
            self.absent.insert(key.to_owned(), None);
        }
        entry
    }

    /// Takes out the entries whose keys are among `keys`.
    pub fn take_any<'k>(&mut self, keys: impl Iterator<Item = &'k str>) -> Vec<Entry<'d>> {
        keys.filter_map(|key| self.entries.shift_remove(key)).collect()
    }

    /// Says that a key stands somewhere else, and its absence here needs no report of its own.
    pub fn stands_elsewhere(&mut self, key: &str) {
        if let Some(report) = self.absent.get_mut(key) {
            *report = None;
        }
    }

    /// Takes out all entries that are left, in their order.
    pub fn take_rest(&mut self) -> impl Iterator<Item = Entry<'d>> + use<'d> {
        std::mem::take(&mut self.entries).into_values()
    }

    /// Declares a text.
    pub fn text(
        &mut self,
        key: &str,
        need: Need,
        findings: &mut Vec<Finding>,
    ) -> Option<Spanned<String>> {
        let entry = self.take_needed(key, need, &format!("\"{key}\" = \"……\""))?;
        entry.filled_text(need, findings)
    }

    /// Declares an amount that is printed so.
    pub fn money(
        &mut self,
        key: &str,
        need: Need,
        format: &Format,
        findings: &mut Vec<Finding>,
    ) -> Option<Spanned<Money>> {
        self.take_needed(key, need, &format!("\"{key}\" = 0"))?.money(format, findings)
    }

    /// Declares a yes or no; absent means no.
    pub fn flag(&mut self, key: &str, findings: &mut Vec<Finding>) -> bool {
        self.take(key).and_then(|entry| entry.flag(findings)).unwrap_or(false)
    }

    /// Declares a list of texts.
    pub fn texts(
        &mut self,
        key: &str,
        need: Need,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<Spanned<String>>> {
        let entry = self.take_needed(key, need, &format!("\"{key}\" = [\"……\"]"))?;
        entry.texts(findings)
    }

    /// Declares a table within this one.
    pub fn table(
        &mut self,
        key: &str,
        need: Need,
        findings: &mut Vec<Finding>,
    ) -> Option<Table<'d>> {
        self.take_needed(key, need, &format!("[\"{key}\"]"))?.table(findings)
    }

    /// Declares a key that has to be there as far as it is needed; the example says how it is
    /// written.
    pub fn take_needed(&mut self, key: &str, need: Need, example: &str) -> Option<Entry<'d>> {
        let entry = self.take(key);
        if entry.is_none() && need != Need::Optional && !self.document.may_be_lost(key) {
            let message = format!("{}缺少“{key}”", self.place());
            let finding =
                Finding::at(&MISSING_KEY, self.span(), message).help(format!("补上：{example}"));
            self.absent.insert(key.to_owned(), Some(finding));
        }
        entry
    }

    /// Reports the keys nobody asked for and the keys that are missing. A mistyped key is both,
    /// and reported once; the keys that were meant are returned.
    pub fn finish(mut self, findings: &mut Vec<Finding>) -> Vec<String> {
        if !self.document.is_data {
            return Vec::new();
        }
        let place = self.place();
        let mut found = Vec::new();
        for entry in self.entries.values() {
            entry.report_bare(findings);
            if entry.node.is_lost() {
                continue; // That its name cannot be read has been reported.
            }
            let key = entry.key();
            let message = format!("{place}没有“{key}”这个键");
            let finding = Finding::at(&UNKNOWN_KEY, entry.key_span(), message);
            let document = self.document;
            let known = || {
                // What is within a table that counts as none is called by both names.
                let outer = document.outer.iter().filter(|_| self.name.is_none());
                self.absent.keys().chain(outer)
            };
            let mut without_outer = known()
                .filter(|known| document.parted(known).is_some_and(|(_, inner)| inner == key))
                .map(|known| document.spelled(known))
                .peekable();
            let is_meant = |known: &&String| meant(known) == meant(key);
            let finding = if let Some(known) = known().find(is_meant) {
                found.push(known.clone());
                let label = disguise(key).unwrap_or_else(|| format!("是不是“{known}”？"));
                let finding = finding.label(label);
                // What may stand in the key's own place.
                let right = match (document.parted(known), document.parted(key)) {
                    (Some((outer, right)), Some((own, _))) if outer == own => Some(right),
                    (None, None) => Some(known.as_str()),
                    _ => None,
                };
                match right.map(quoted) {
                    Some(right) => {
                        finding.help(format!("改成 {right}")).fix(entry.key_span(), right)
                    }
                    None => finding.help(format!("改成 {}", document.spelled(known))),
                }
            } else if without_outer.peek().is_some() {
                let right = without_outer.collect::<Vec<_>>().join(" 或 ");
                finding.help(format!("写明是哪一个里面的：{right}"))
            } else if let Some(known) = closest(key, known()) {
                found.push(known.to_owned());
                let right = document.spelled(known);
                finding.label(format!("是不是“{known}”？")).help(format!("改成 {right}"))
            } else if self.asked.is_empty() {
                finding.help("删掉这一行")
            } else {
                finding.help(format!("这里可以写：{}", self.asked.join("、")))
            };
            findings.push(finding);
        }
        self.absent.retain(|key, _| !found.contains(key));
        findings.extend(self.absent.into_values().flatten());
        found
    }
}

impl<'d> Entry<'d> {
    /// The key.
    pub fn key(&self) -> &'d str {
        &self.node.key
    }

    /// Where the key stands.
    pub fn key_span(&self) -> Span {
        self.document.span(self.node.key_range.clone())
    }

    /// Where the value stands.
    pub fn value_span(&self) -> Span {
        self.document.span(self.node.range.clone())
    }

    /// The key with its place.
    pub fn spanned_key(&self) -> Spanned<String> {
        Spanned::new(self.node.key_range.clone(), self.node.key.clone())
    }

    /// Whether the value is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.node.value, Value::Table(_))
    }

    /// Whether the value cannot be read, which has been reported.
    pub fn is_broken(&self) -> bool {
        matches!(self.node.value, Value::Broken)
    }

    /// The value as a text, its line breaks as `\n`.
    pub fn text(&self, findings: &mut Vec<Finding>) -> Option<Spanned<String>> {
        let text = self.as_text(&self.node.value, self.value_span(), findings)?;
        Some(Spanned::new(self.node.range.clone(), text))
    }

    fn as_text(&self, value: &Value, span: Span, findings: &mut Vec<Finding>) -> Option<String> {
        match value {
            Value::Text(text) => Some(text.replace("\r\n", "\n")),
            Value::Bare(written) => Some(take(as_text(written), span, findings)),
            Value::Table(_) | Value::List(_) => {
                self.wrong_type("文字", "写成 \"……\"，一行写一个值", None, findings)
            }
            Value::Broken => None,
            _ => {
                let right = quoted(span.text());
                let help = format!("加上半角引号：{right}");
                self.wrong_type("文字", &help, Some((span, right)), findings)
            }
        }
    }

    /// The value as a text that is filled in as far as the key needs it.
    pub fn filled_text(&self, need: Need, findings: &mut Vec<Finding>) -> Option<Spanned<String>> {
        let text = self.text(findings)?;
        if need == Need::Filled && text.get_ref().trim().is_empty() {
            let message = format!("“{}”是空的", self.key());
            let finding = Finding::at(&EMPTY_TEXT, self.value_span(), message);
            findings.push(finding.help("在引号里填上内容"));
            return None;
        }
        Some(text)
    }

    /// The value as a yes or no.
    pub fn flag(&self, findings: &mut Vec<Finding>) -> Option<bool> {
        match self.node.value {
            Value::Flag(flag) => Some(flag),
            _ => {
                let help = "写 true（是）或 false（否），不加引号";
                self.wrong_type("true 或 false", help, None, findings)
            }
        }
    }

    /// The value as a table.
    pub fn table(&self, findings: &mut Vec<Finding>) -> Option<Table<'d>> {
        match &self.node.value {
            Value::Table(nodes) => {
                let name = Some(self.key().to_owned());
                Some(Table::new(self.document, name, self.node.range.clone(), nodes))
            }
            _ => {
                let help = format!("另起一行写 [\"{}\"]，内容写在它下面", self.key());
                self.wrong_type("一张表", &help, None, findings)
            }
        }
    }

    /// The value as an amount that is printed so.
    pub fn money(&self, format: &Format, findings: &mut Vec<Finding>) -> Option<Spanned<Money>> {
        let (unit, decimals) = (format.unit, format.most_decimals());
        let parse = |digits: &str| Money::parse(digits, unit, decimals);
        let example = match unit {
            Unit::WanYuan => "22 或 4.5",
            Unit::Yuan => "220000 或 4500.5",
        };
        let parsed = match &self.node.value {
            Value::Number(Digits::Decimal(digits)) => parse(digits),
            Value::Number(Digits::Other) => Err(MoneyError::NotDecimal),
            Value::Bare(written) => {
                let Some(amount) = as_amount(written, unit) else {
                    let message = "等号后面不是数字，也没有加引号";
                    let finding = Finding::at(&VALUE_QUOTES, self.value_span(), message)
                        .label("金额不写单位，文字要加引号")
                        .help(format!("金额只写数字，如 {example}，单位是{unit}"));
                    findings.push(finding);
                    return None;
                };
                parse(&take(amount, self.value_span(), findings))
            }
            Value::Text(text) => {
                let right = as_amount(text, unit).map(|amount| (self.value_span(), amount.value));
                let help = match &right {
                    Some((_, right)) => {
                        format!("改成 {right}：只写数字，单位是{unit}，不加引号和单位")
                    }
                    None => format!("只写数字，单位是{unit}，如 {example}，不加引号和单位"),
                };
                return self.wrong_type("金额", &help, right, findings);
            }
            _ => {
                let help = format!("只写数字，单位是{unit}，如 {example}，不加引号和单位");
                return self.wrong_type("金额", &help, None, findings);
            }
        };
        let error = match parsed {
            Ok(money) => return Some(Spanned::new(self.node.range.clone(), money)),
            Err(error) => error,
        };
        let key = self.key();
        let (message, help) = match error {
            MoneyError::Negative => (format!("“{key}”是负数"), "预算金额不能小于 0".to_owned()),
            MoneyError::NotFinite => {
                (format!("“{key}”不是一个确定的数"), format!("写出具体金额，单位{unit}"))
            }
            MoneyError::TooPrecise => (
                format!("“{key}”的小数超过 {decimals} 位"),
                match unit.decimals() {
                    most if most == decimals => {
                        format!("单位是{unit}，第 {most} 位小数就是 1 分钱；检查小数点的位置")
                    }
                    _ => {
                        format!("单位是{unit}，表上只印 {decimals} 位小数；多的印不出来，要先取舍")
                    }
                },
            ),
            MoneyError::TooLarge => {
                let help = match unit {
                    Unit::WanYuan => "单位是万元，不是元；检查小数点的位置",
                    Unit::Yuan => "单位是元；检查小数点的位置",
                };
                (format!("“{key}”的金额过大"), help.to_owned())
            }
            MoneyError::NotDecimal => {
                (format!("“{key}”不是十进制数"), format!("写成 {example} 的样子"))
            }
        };
        findings.push(Finding::at(&BAD_AMOUNT, self.value_span(), message).help(help));
        None
    }

    /// The value as a list of texts.
    fn texts(&self, findings: &mut Vec<Finding>) -> Option<Vec<Spanned<String>>> {
        let items = self.items(findings)?;
        items.iter().map(|item| item.text(findings)).collect()
    }

    /// Says of values without quotes that nobody asks for that they have none.
    fn report_bare(&self, findings: &mut Vec<Finding>) {
        match &self.node.value {
            Value::Bare(written) => drop(take(as_text(written), self.value_span(), findings)),
            Value::Table(nodes) => nodes
                .iter()
                .for_each(|node| Entry { node, document: self.document }.report_bare(findings)),
            _ => {}
        }
    }

    fn wrong_type<T>(
        &self,
        wanted: &str,
        help: &str,
        right: Option<(Span, String)>,
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        if !self.is_broken() {
            let message = format!("“{}”应该是{wanted}", self.key());
            let label = format!("这里是{}", type_name(&self.node.value));
            let finding = Finding::at(&WRONG_TYPE, self.value_span(), message);
            let finding = finding.label(label).help(help);
            findings.push(match right {
                Some((span, right)) => finding.fix(span, right),
                None => finding,
            });
        }
        None
    }
}

/// Says what is wrong with a value without quotes, and how it is read.
fn take(reading: Reading, span: Span, findings: &mut Vec<Finding>) -> String {
    let finding = Finding::at(&VALUE_QUOTES, span.clone(), reading.message)
        .label(reading.label)
        .help(reading.help)
        .fix(span, reading.right);
    findings.push(finding);
    reading.value
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Text(_) | Value::Bare(_) | Value::Broken => "文字",
        Value::Number(_) => "数字",
        Value::Flag(_) => "真假值",
        Value::Date(_) => "日期",
        Value::List(_) => "一列值",
        Value::Table(_) => "一张表",
    }
}

/// The known key that a mistyped one most likely meant.
fn closest<'a>(key: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    let length = key.chars().count();
    known
        .map(|candidate| (strsim::osa_distance(key, candidate), candidate))
        .filter(|&(distance, candidate)| {
            distance * 2 <= length.max(candidate.chars().count()).max(2)
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate.as_str())
}
