//! The part of JSON Schema that is needed here.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Number, Value};

use crate::toml::Need;

/// A JSON Schema. Its keywords are written in the order of these fields, its properties in the
/// order they were declared.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the keywords are those of JSON Schema")]
pub struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub dialect: Option<&'static str>,
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Type>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    #[serde(rename = "const", skip_serializing_if = "Option::is_none")]
    pub constant: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_properties: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub properties: IndexMap<String, Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property_names: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_properties: Option<Rest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub default: IndexMap<String, Value>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub definitions: IndexMap<&'static str, Schema>,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the types are those of JSON Schema")]
pub enum Type {
    String,
    Number,
    Boolean,
    Array,
    Object,
    /// One of two: a text, or a table in its place.
    #[serde(untagged)]
    Either([&'static str; 2]),
}

/// What holds of the properties that are not declared.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Rest {
    /// `false`: there must be none.
    Allowed(bool),
    /// Each fits a schema.
    Each(Box<Schema>),
}

impl Schema {
    /// The newest draft that both editor extensions read: Tombi and Even Better TOML (taplo).
    pub const DRAFT_7: &str = "http://json-schema.org/draft-07/schema#";

    /// The pattern of a text that is not blank.
    const FILLED: &str = r"\S";

    /// A text that is filled in as far as the key needs it.
    pub fn text(need: Need) -> Self {
        let pattern = (need == Need::Filled).then_some(Self::FILLED);
        Self { kind: Some(Type::String), pattern, ..Self::default() }
    }

    /// A list of what fits `item`.
    pub fn list_of(item: Self) -> Self {
        Self { kind: Some(Type::Array), items: Some(Box::new(item)), ..Self::default() }
    }

    /// A list of texts.
    pub fn texts() -> Self {
        Self::list_of(Self::text(Need::Optional))
    }

    /// An amount of money. How many decimals it may have is left to the check: a schema would count
    /// them in binary.
    pub fn amount() -> Self {
        Self { kind: Some(Type::Number), minimum: Some(0.into()), ..Self::default() }
    }

    /// A number from a least to a most.
    pub fn number([least, most]: [f64; 2]) -> Self {
        let [minimum, maximum] = [least, most].map(Number::from_f64);
        Self { kind: Some(Type::Number), minimum, maximum, ..Self::default() }
    }

    /// A yes or no.
    pub fn flag() -> Self {
        Self { kind: Some(Type::Boolean), ..Self::default() }
    }

    /// A table of declared keys.
    pub fn table() -> Self {
        let additional_properties = Some(Rest::Allowed(false));
        Self { kind: Some(Type::Object), additional_properties, ..Self::default() }
    }

    /// A table of keys the author chooses, whose values all fit `value`.
    pub fn table_of(value: Self) -> Self {
        let additional_properties = Some(Rest::Each(Box::new(value)));
        Self { kind: Some(Type::Object), additional_properties, ..Self::default() }
    }

    /// What `definitions` holds under a name. The name is ASCII: taplo does not find others.
    pub fn reference(name: &str) -> Self {
        Self { reference: Some(format!("#/definitions/{name}")), ..Self::default() }
    }

    /// Gives it a title and its help, a paragraph a part; empty parts are left out.
    pub fn described<'p>(
        mut self,
        title: impl Into<String>,
        parts: impl IntoIterator<Item = &'p str>,
    ) -> Self {
        self.title = title.into();
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.description = parts.join("\n\n");
        self
    }

    /// Declares a key of a table. As in a file that is read, the first declaration counts.
    pub fn declare(&mut self, key: &str, need: Need, value: Self) {
        if self.properties.contains_key(key) {
            return;
        }
        self.properties.insert(key.to_owned(), value);
        if need != Need::Optional {
            self.required.push(key.to_owned());
        }
    }

    /// The text of a schema file.
    ///
    /// # Errors
    /// Never in practice: all keys are strings.
    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}
