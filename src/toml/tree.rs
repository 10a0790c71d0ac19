//! What a TOML text says: keys and values, each with its place in the file.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::places::{LOST_TABLE, Mends};

/// A key with its value.
#[derive(Debug)]
pub(super) struct Node {
    pub key: String,
    pub key_range: Range<usize>,
    pub value: Value,
    pub range: Range<usize>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Digits {
    /// Digits as TOML has them, underscores taken out.
    Decimal(String),
    /// Hexadecimal, octal or binary.
    Other,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    /// It stands there without quotes and is no TOML; whether it is a text or an amount is up to
    /// who asks for it.
    Bare(String),
    /// Nobody can say what it is, which has been reported.
    Broken,
    Number(Digits),
    Flag(bool),
    Date(String),
    /// Its items, each under the key of the list.
    List(Vec<Node>),
    Table(Vec<Node>),
}

/// A key and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Within how many tables it stands.
    pub depth: usize,
    /// The key.
    pub key: String,
    /// Its value in words of its own; nothing for a table.
    pub value: String,
    /// Where it stands, with its value; of a table with a header, where its name does.
    pub range: Range<usize>,
}

/// A key, by its path from the top of the file, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The keys of the tables it is in, and its own.
    pub path: Vec<String>,
    /// Where the key stands.
    pub key: Range<usize>,
    /// Where the value stands; of a table with a header, the header.
    pub value: Range<usize>,
    /// What the value says, if it is a text or a number.
    pub text: Option<String>,
    /// Whether the value is a table.
    pub is_table: bool,
}

impl Mends {
    /// The nodes of a table.
    pub fn nodes(&self, table: DeTable<'_>) -> Vec<Node> {
        let node = |(key, value): (Spanned<Cow<'_, str>>, Spanned<DeValue<'_>>)| {
            let key_range = self.places.in_file(key.span());
            let key = key.into_inner().into_owned();
            let (value, range) = self.value(&key, value);
            Node { key, key_range, value, range }
        };
        table.into_iter().map(node).collect()
    }

    fn value(&self, key: &str, value: Spanned<DeValue<'_>>) -> (Value, Range<usize>) {
        let range = self.places.in_file(value.span());
        let is_among = |ranges: &[Range<usize>]| {
            let index = ranges.partition_point(|other| other.start < range.start);
            ranges.get(index).is_some_and(|other| *other == range)
        };
        let value = match value.into_inner() {
            _ if is_among(&self.broken) => Value::Broken,
            DeValue::String(text) if is_among(&self.bare) => Value::Bare(text.into_owned()),
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(number) if number.radix() != 10 => Value::Number(Digits::Other),
            DeValue::Integer(number) => Value::Number(Digits::Decimal(number.as_str().to_owned())),
            DeValue::Float(number) => Value::Number(Digits::Decimal(number.as_str().to_owned())),
            DeValue::Boolean(flag) => Value::Flag(flag),
            DeValue::Datetime(date) => Value::Date(date.to_string()),
            DeValue::Array(items) => {
                let node = |item| {
                    let (value, range) = self.value(key, item);
                    Node { key: key.to_owned(), key_range: range.clone(), value, range }
                };
                Value::List(items.into_iter().map(node).collect())
            }
            DeValue::Table(table) => Value::Table(self.nodes(table)),
        };
        (value, range)
    }
}

impl Node {
    /// What is in it under both names, if it is such a table.
    pub fn joined(self, outer: &[String]) -> Vec<Self> {
        match self.value {
            Value::Table(inner) if outer.contains(&self.key) => {
                let join = |node: Self| match node.is_lost() {
                    true => node,
                    false => Self { key: super::joined(&self.key, &node.key), ..node },
                };
                inner.into_iter().map(join).collect()
            }
            _ => vec![self],
        }
    }

    /// Whether it is a table whose name could not be read.
    pub fn is_lost(&self) -> bool {
        self.key.starts_with(LOST_TABLE)
    }
}

/// What the nodes of a table say.
pub(super) fn statements(nodes: &[Node], depth: usize, said: &mut Vec<Said>) {
    for node in nodes {
        let (key, range) = (node.key.clone(), node.key_range.clone());
        let value = node.value.in_words();
        // The header of a table begins before its name.
        let end = if node.range.start < range.start { range.end } else { node.range.end };
        said.push(Said { depth, key, value, range: range.start..end.max(range.end) });
        if let Value::Table(nodes) = &node.value {
            statements(nodes, depth + 1, said);
        }
    }
}

/// The nodes of a table and all that is in them.
pub(super) fn located(nodes: &[Node], within: &[String], located: &mut Vec<Located>) {
    for node in nodes.iter().filter(|node| !node.is_lost()) {
        let path: Vec<String> = within.iter().chain([&node.key]).cloned().collect();
        let text = match &node.value {
            Value::Text(text) => Some(text.replace("\r\n", "\n")),
            Value::Bare(text) | Value::Number(Digits::Decimal(text)) => Some(text.clone()),
            _ => None,
        };
        let is_table = matches!(node.value, Value::Table(_));
        let (key, value) = (node.key_range.clone(), node.range.clone());
        located.push(Located { path: path.clone(), key, value, text, is_table });
        if let Value::Table(nodes) = &node.value {
            self::located(nodes, &path, located);
        }
    }
}

impl Value {
    /// What it says, different for what is different.
    fn in_words(&self) -> String {
        match self {
            Self::Text(text) => format!("“{text}”"),
            Self::Bare(written) => format!("={written}"),
            Self::Broken => "?".to_owned(),
            Self::Number(Digits::Decimal(digits)) => digits.clone(),
            Self::Number(Digits::Other) => "0x".to_owned(),
            Self::Flag(flag) => flag.to_string(),
            Self::Date(date) => date.clone(),
            Self::List(items) => items.iter().map(|item| item.value.in_words() + "，").collect(),
            Self::Table(_) => String::new(),
        }
    }
}

/// The last key of that name that starts before `before`, in whatever table.
pub(super) fn last_key_before(nodes: &[Node], name: &str, before: usize) -> Option<Range<usize>> {
    let own = nodes.iter().filter(|node| node.key == name).map(|node| node.key_range.clone());
    let inside = nodes.iter().filter_map(|node| match &node.value {
        Value::Table(nodes) => last_key_before(nodes, name, before),
        _ => None,
    });
    own.chain(inside).filter(|range| range.start < before).max_by_key(|range| range.start)
}
