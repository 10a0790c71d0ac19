//! A text of the form with places for values: `{主管部门} {代码}`.

use std::borrow::Cow;
use std::ops::Range;

use super::funding::AmountKey;

/// A text with places for values. Nothing at all is an empty cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// Its parts, from left to right.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words of the form.
    Text(String),
    /// What the data, or the form itself, has for this.
    Value(Reference),
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reference {
    /// `{年度}`, `{年度+2}`: the year of the data, so many years later.
    Year(i32),
    /// `{单位}`: the unit of amounts.
    Unit,
    /// `{监控期}`: the months of the year that a monitoring form is about, such as `1-7月`.
    Period,
    /// A header field of the department, or what the project writes in its place.
    DepartmentField(String),
    /// A header field of the project.
    ProjectField(String),
    /// A line of the funds, in one of their columns; of several projects, their sum.
    Amount(AmountKey),
    /// What a formula of the form says of the project (算式).
    Formula(String),
    /// `{指标树}`: the name of the tree, if the form has several.
    Tree,
    /// `{一级指标}`.
    FirstLevel,
    /// `{二级指标}`.
    SecondLevel,
    /// `{标注}`: what the form prints behind a second-level indicator.
    Note,
    /// `{三级指标}`: the name of the row.
    Indicator,
    /// A column right of the third-level indicator.
    Column(String),
    /// `{序号}`: the number of the project in the table.
    Number,
    /// `{页码}`: the page on which the project's own form starts.
    Page,
}

/// What a row or a line of a form is about, from the least to the most particular: a value needs
/// something at least as particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Any form of the year.
    Form,
    /// All projects of all departments.
    All,
    /// One department.
    Department,
    /// One project.
    Project,
    /// One indicator of a project.
    Indicator,
}

impl Reference {
    /// The word for it between braces.
    pub fn word(&self) -> Cow<'_, str> {
        match self {
            Self::Year(0) => "年度".into(),
            Self::Year(later) => format!("年度+{later}").into(),
            Self::Unit => "单位".into(),
            Self::Period => "监控期".into(),
            Self::DepartmentField(word)
            | Self::ProjectField(word)
            | Self::Formula(word)
            | Self::Column(word) => word.into(),
            Self::Amount(amount) => amount.to_string().into(),
            Self::Tree => "指标树".into(),
            Self::FirstLevel => "一级指标".into(),
            Self::SecondLevel => "二级指标".into(),
            Self::Note => "标注".into(),
            Self::Indicator => "三级指标".into(),
            Self::Number => "序号".into(),
            Self::Page => "页码".into(),
        }
    }

    /// What it has to be about.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Year(_) | Self::Unit | Self::Period => Scope::Form,
            Self::Amount(_) => Scope::All,
            Self::DepartmentField(_) => Scope::Department,
            Self::ProjectField(_) | Self::Formula(_) | Self::Number | Self::Page => Scope::Project,
            Self::Tree
            | Self::FirstLevel
            | Self::SecondLevel
            | Self::Note
            | Self::Indicator
            | Self::Column(_) => Scope::Indicator,
        }
    }
}

impl Template {
    /// Reads a text; `resolve` knows what stands between braces.
    ///
    /// # Errors
    /// What is wrong, and the bytes of the text where.
    pub fn parse(
        text: &str,
        mut resolve: impl FnMut(&str) -> Result<Reference, String>,
    ) -> Result<Self, (String, Range<usize>)> {
        let mut parts = Vec::new();
        let mut rest = text;
        let at = |rest: &str| text.len() - rest.len();
        while let Some(open) = rest.find(['{', '}']) {
            let (before, behind) = rest.split_at(open);
            let start = at(behind);
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let close = behind.starts_with('{').then(|| behind.find('}')).flatten();
            let Some(close) = close else {
                return Err(("花括号没有配对".to_owned(), start..start + 1));
            };
            let name = behind.get(1..close).unwrap_or_default().trim();
            // `{}` is an empty cell.
            if !name.is_empty() {
                let value = resolve(name).map_err(|message| (message, start..start + close + 1))?;
                parts.push(Part::Value(value));
            }
            rest = behind.get(close + 1..).unwrap_or_default();
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The values in it.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(reference) => Some(reference),
            Part::Text(_) => None,
        })
    }

    /// Its words, without the values.
    pub fn words(&self) -> String {
        let words = self.parts.iter().filter_map(|part| match part {
            Part::Text(words) => Some(words.as_str()),
            Part::Value(_) => None,
        });
        words.collect()
    }

    /// It as it is written in the form: `{年度}年度`.
    pub fn spelled(&self) -> String {
        let spelled = self.parts.iter().map(|part| match part {
            Part::Text(words) => words.clone(),
            Part::Value(reference) => format!("{{{}}}", reference.word()),
        });
        spelled.collect()
    }

    /// Whether it says the same on every form of a year, and says something: a label.
    pub fn is_label(&self) -> bool {
        !self.parts.is_empty() && self.references().all(|value| value.scope() == Scope::Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Template, (String, Range<usize>)> {
        Template::parse(text, |name| match name {
            "年度" => Ok(Reference::Year(0)),
            "代码" => Ok(Reference::DepartmentField(name.to_owned())),
            _ => Err(format!("没有{name}")),
        })
    }

    #[test]
    fn braces_are_values_and_the_rest_is_words() {
        let template = parse("部门 {代码}（{年度}）").unwrap();
        assert_eq!(template.parts.len(), 5);
        assert!(!template.is_label());
        assert!(parse("{年度}年").unwrap().is_label());
        assert!(!parse("{}").unwrap().is_label());
        assert_eq!(parse("{}").unwrap(), Template::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        assert_eq!(parse("一{甲}"), Err(("没有甲".to_owned(), 3..8)));
        assert_eq!(parse("一{代码").map_err(|(_, at)| at), Err(3..4));
        assert_eq!(parse("一}代码").map_err(|(_, at)| at), Err(3..4));
    }
}
