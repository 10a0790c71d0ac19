//! Lists within a table: tables one after the other (`[["版面"]]`), rows of texts, and numbers.

use rust_decimal::Decimal;
use toml::Spanned;

use super::{Digits, Entry, Need, Table, Value};
use crate::diagnostics::{Finding, Span};

impl<'d> Table<'d> {
    /// Whether there is such a key, which declares nothing.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Where the value of a key stands, which declares nothing.
    pub fn place_of(&self, key: &str) -> Option<Span> {
        self.entries.get(key).map(Entry::value_span)
    }

    /// Takes out the entry of a key whose value is a text, where other values mean something else.
    pub fn take_text(&mut self, key: &str) -> Option<Entry<'d>> {
        let is_text = self.entries.get(key).is_some_and(Entry::is_text);
        is_text.then(|| self.take(key)).flatten()
    }

    /// Where a text that was read from this file stands.
    pub fn span_of(&self, text: &Spanned<String>) -> Span {
        self.document.span(text.span())
    }

    /// Declares tables one after the other; absent means none.
    pub fn tables(&mut self, key: &str, findings: &mut Vec<Finding>) -> Vec<Table<'d>> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        if !entry.is_list() {
            let help = format!("写成 [[\"{key}\"]]，每一段写一次，内容写在它下面");
            let _: Option<()> = entry.wrong_type("几段内容", &help, None, findings);
            return Vec::new();
        }
        let items = entry.items(findings).unwrap_or_default();
        items.iter().filter_map(|item| item.table(findings)).collect()
    }

    /// Declares a number; `None` if it is not there.
    pub fn number(&mut self, key: &str, findings: &mut Vec<Finding>) -> Option<Spanned<Decimal>> {
        self.take(key)?.number(findings)
    }

    /// Declares a list whose items are read one by one.
    pub fn list(
        &mut self,
        key: &str,
        need: Need,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<Entry<'d>>> {
        self.take_needed(key, need, &format!("\"{key}\" = [[\"……\"]]"))?.items(findings)
    }
}

impl<'d> Entry<'d> {
    /// The items of a list, each as if it stood under the list's key.
    pub fn items(&self, findings: &mut Vec<Finding>) -> Option<Vec<Entry<'d>>> {
        let Value::List(items) = &self.node.value else {
            return self.wrong_type("一列值", "写成 [\"甲\", \"乙\"] 的样子", None, findings);
        };
        Some(items.iter().map(|node| Entry { node, document: self.document }).collect())
    }

    /// Whether the value is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.node.value, Value::List(_))
    }

    /// Whether the value is a text.
    pub fn is_text(&self) -> bool {
        matches!(self.node.value, Value::Text(_))
    }

    /// The value as a number, exact.
    pub fn number(&self, findings: &mut Vec<Finding>) -> Option<Spanned<Decimal>> {
        let number = match &self.node.value {
            Value::Number(Digits::Decimal(digits)) => {
                Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits)).ok()
            }
            _ => None,
        };
        match number {
            Some(number) => Some(Spanned::new(self.node.range.clone(), number)),
            None => {
                let right = match &self.node.value {
                    Value::Text(text) => Decimal::from_str_exact(text.trim()).ok(),
                    _ => None,
                };
                let right = right.map(|number| (self.value_span(), number.to_string()));
                let help = "只写数字，如 10.5，不加引号和单位";
                self.wrong_type("数字", help, right, findings)
            }
        }
    }
}
