//! A project in the terms of another form: what that form calls by the same word, or else by one of the
//! same meaning. So two years on two editions can be compared, and a form can follow from another.

use std::sync::Arc;

use toml::Spanned;

use super::model::{Fields, Indicator, IndicatorGroup, Project, Values};
use crate::form::{Column, ColumnMeaning, Definition, Kind, SecondLevel};

/// The header fields of a project or of its department as another form has them; what it has no place
/// for is left out.
pub fn fields(of: &Fields, to: &Definition) -> Fields {
    let mut fields = Fields::default();
    for field in to.project_fields.iter().chain(&to.department_fields) {
        let about = || of.about(field.meaning?);
        if let Some(text) = of.get(&field.name).or_else(about) {
            fields.insert(&field.name, field.meaning, text.clone());
        }
    }
    fields
}

/// What a project promises, as another form has it. Of a row's columns, those are there that the other
/// form has; a second-level indicator that it does not have keeps its name.
pub fn indicators(project: &Project, from: &Definition, to: &Definition) -> Vec<IndicatorGroup> {
    let mut groups: Vec<IndicatorGroup> = Vec::new();
    for group in &project.indicators {
        let written = group.name.get_ref();
        let name = level(written, from, to).map_or(written, |level| &level.key).clone();
        let own = to.columns_of(&name);
        let is_table = !std::ptr::eq(own, &to.columns[..]);
        let rows = group.indicators.iter().map(|row| Indicator {
            name: row.name.clone(),
            values: match is_table {
                true => same_columns(&row.values, own),
                false => values(&row.values, from, to),
            },
        });
        match groups.iter_mut().find(|known| *known.name.get_ref() == name) {
            Some(known) => known.indicators.extend(rows),
            None => groups.push(IndicatorGroup {
                name: Spanned::new(group.name.span(), name),
                indicators: rows.collect(),
            }),
        }
    }
    groups
}

/// A project as another form has it, with the amounts as they are.
pub fn project(project: &Project, from: &Definition, to: &Definition) -> Project {
    Project {
        source: Arc::clone(&project.source),
        fields: fields(&project.fields, to),
        funding: project.funding.clone(),
        indicators: indicators(project, from, to),
        unread: project.unread.clone(),
        waivers: project.waivers.clone(),
    }
}

/// The second-level indicator of a form that one of another form is, by its word or its meaning.
/// What is aimed at in several years stays that, if the other form tells it apart.
fn level<'t>(key: &str, from: &Definition, to: &'t Definition) -> Option<&'t SecondLevel> {
    let same = to.level(key).map(|(_, level)| level);
    let (_, own) = from.level(key)?;
    let find = |is_it: &dyn Fn(&SecondLevel) -> bool| {
        let all = || to.second_levels().filter(|level| is_it(level));
        let is_long_term = from.is_long_term(key);
        let kept = all().find(|level| to.is_long_term(&level.key) == is_long_term);
        kept.or_else(|| all().next())
    };
    same.or_else(|| find(&|level| level.name == own.name))
        .or_else(|| find(&|level| own.meaning.is_some() && level.meaning == own.meaning))
}

/// What a row says in columns of the same names.
fn same_columns(row: &Values, columns: &[Column]) -> Values {
    let mut values = Values::default();
    for column in columns {
        if let Some(text) = row.get(&column.name) {
            values.insert(&column.name, column.meaning, text.clone());
        }
    }
    values
}

/// The columns of a row as another form has them. What one form writes in three columns (≥, 95, %) is
/// one text on another that has no columns for the sign and the unit.
fn values(row: &Values, from: &Definition, to: &Definition) -> Values {
    let has = |form: &Definition, meaning| {
        form.columns.iter().any(|column| column.meaning == Some(meaning))
    };
    let joins = |meaning| has(from, meaning) && !has(to, meaning);
    let parts = row.about(ColumnMeaning::Target).map(|target| {
        let about = |meaning| row.about(meaning).map_or("", |text| text.get_ref().trim());
        let [sign, unit] = [ColumnMeaning::Sign, ColumnMeaning::Unit];
        let before = if joins(sign) { about(sign) } else { "" };
        // 定性 says that there is nothing to calculate.
        let before = if before.starts_with('定') { "" } else { before };
        let behind = if joins(unit) { about(unit) } else { "" };
        let text = Spanned::new(target.span(), format!("{before}{}{behind}", target.get_ref()));
        let splits = |meaning| !has(from, meaning) && has(to, meaning);
        match splits(sign) || splits(unit) {
            true => Parts::of(text, to),
            false => Parts { sign: None, target: text, unit: None },
        }
    });
    let mut values = Values::default();
    for column in &to.columns {
        let said = match column.meaning {
            Some(ColumnMeaning::Target) => parts.as_ref().map(|parts| parts.target.clone()),
            Some(ColumnMeaning::Sign) if !has(from, ColumnMeaning::Sign) => {
                parts.as_ref().and_then(|parts| parts.sign.clone())
            }
            Some(ColumnMeaning::Unit) if !has(from, ColumnMeaning::Unit) => {
                parts.as_ref().and_then(|parts| parts.unit.clone())
            }
            meaning => {
                let about = || row.about(meaning?);
                row.get(&column.name).or_else(about).cloned()
            }
        };
        if let Some(text) = said {
            values.insert(&column.name, column.meaning, text);
        }
    }
    values
}

/// A target value in its parts: how it is held against what is reached, the figure, what it is counted in.
#[derive(Debug)]
struct Parts {
    sign: Option<Spanned<String>>,
    target: Spanned<String>,
    unit: Option<Spanned<String>>,
}

impl Parts {
    /// A value is taken apart only where it is a sign, a figure and a unit, and nothing else.
    fn of(text: Spanned<String>, to: &Definition) -> Self {
        let column = |meaning| to.columns.iter().find(|column| column.meaning == Some(meaning));
        let signs = match column(ColumnMeaning::Sign).map(|column| &column.kind) {
            Some(Kind::Choice(choices)) => &choices.words[..],
            _ => &[],
        };
        let whole = text.get_ref().trim();
        let sign = signs.iter().filter(|sign| whole.starts_with(sign.as_str()));
        let sign = sign.max_by_key(|sign| sign.len());
        let rest = sign.map_or(whole, |sign| whole[sign.len()..].trim_start());
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (figure, unit) = rest.split_at(end);
        let is_unit = !unit.contains(|c: char| c.is_ascii_digit());
        if figure.is_empty() || !is_unit {
            return Self { sign: None, target: text, unit: None };
        }
        let placed = |part: &str| Spanned::new(text.span(), part.to_owned());
        let has_unit = column(ColumnMeaning::Unit).is_some();
        Self {
            sign: sign.map(|sign| placed(sign)),
            target: placed(if has_unit { figure } else { rest }),
            unit: has_unit.then(|| placed(unit.trim())).filter(|unit| !unit.get_ref().is_empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceFile;
    use crate::form::Form;

    fn builtin(name: &str) -> Definition {
        Form::builtin_named(name).unwrap().unwrap().definition
    }

    #[test]
    fn a_value_is_one_text_or_three_as_the_form_has_columns() {
        let (one, three) = (builtin("附件2"), builtin("部门申报表"));
        let read = |text: &str, form: &Definition| {
            let source = SourceFile::new("a.toml", text);
            crate::data::project(&source, form, &mut Vec::new()).unwrap()
        };
        let said = |project: &Project, from: &Definition, to: &Definition| -> Vec<String> {
            let groups = indicators(project, from, to);
            let rows = groups.iter().flat_map(|group| &group.indicators);
            rows.map(|row| {
                let values: Vec<&str> =
                    row.values.values().map(|it| it.get_ref().as_str()).collect();
                values.join("|")
            })
            .collect()
        };
        let written = "[\"数量指标\"]\n\"甲\" = \"≥95%\"\n\"乙\" = \"230个\"\n\"丙\" = \"明显提高\"\n\
                       \"丁\" = \"2023年6月\"\n\"戊\" = \"≤1.5万元/公里\"\n";
        let project = read(written, &one);
        let expected = ["≥|95|%", "230|个", "明显提高", "2023年6月", "≤|1.5|万元/公里"];
        assert_eq!(said(&project, &one, &three), expected);
        let row = |sign: &str, value: &str, unit: &str| {
            format!(
                "{{ \"指标性质\" = \"{sign}\", \"指标值\" = \"{value}\", \"度量单位\" = \"{unit}\", \
                 \"权重\" = 1, \"指标方向性\" = \"正向指标\" }}"
            )
        };
        let written = format!(
            "[\"数量指标\"]\n\"甲\" = {}\n\"乙\" = {}\n",
            row("≥", "95", "%"),
            row("定性", "明显提高", "")
        );
        let project = read(&written, &three);
        assert_eq!(said(&project, &three, &one), ["≥95%", "明显提高"]);
    }
}
