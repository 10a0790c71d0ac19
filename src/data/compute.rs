//! What formulas of the form (算式) come to.

use rust_decimal::Decimal;
use toml::Spanned;

use super::{Indicator, Project};
use crate::amount::in_unit;
use crate::diagnostics::Span;
use crate::form::{Definition, Expression, Formula, Operator};

/// What a formula comes to for a project.
#[derive(Debug)]
pub struct Computed {
    /// The value, rounded as it is printed.
    pub value: Result<Decimal, NoValue>,
    /// Where what it is computed from stands.
    pub places: Vec<Span>,
}

/// Why a formula comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoValue {
    /// It divides by zero.
    ByZero,
    /// Its figures are too large to compute with.
    TooLarge,
}

/// Computes a formula. What has not been written counts as nothing.
pub fn compute(form: &Definition, project: &Project, formula: &Formula) -> Computed {
    computed(form, project, None, formula)
}

/// Computes the formula of a column for a row.
pub fn compute_row(
    form: &Definition,
    project: &Project,
    row: &Indicator,
    formula: &Formula,
) -> Computed {
    computed(form, project, Some(row), formula)
}

fn computed(
    form: &Definition,
    project: &Project,
    row: Option<&Indicator>,
    formula: &Formula,
) -> Computed {
    let mut computer = Computer { form, project, row, places: Vec::new() };
    let value = computer.formula(formula);
    Computed { value, places: computer.places }
}

struct Computer<'c> {
    form: &'c Definition,
    project: &'c Project,
    /// The row that is computed, if it is one.
    row: Option<&'c Indicator>,
    places: Vec<Span>,
}

impl Computer<'_> {
    fn formula(&mut self, formula: &Formula) -> Result<Decimal, NoValue> {
        self.value(&formula.expression).map(|value| formula.round(value))
    }

    /// The number that is written in a column of a row.
    fn written(&mut self, row: &Indicator, column: &str) -> Decimal {
        let Some(text) = row.values.get(column) else { return Decimal::ZERO };
        self.places.push(self.project.span(text.span()));
        number(text).unwrap_or_default()
    }

    fn value(&mut self, expression: &Expression) -> Result<Decimal, NoValue> {
        let project = self.project;
        match expression {
            Expression::Number(number) => Ok(*number),
            Expression::Amount(key) => {
                let funding = &self.form.funding;
                let line = funding.line(&key.line);
                let Some((line, amounts)) = line.zip(project.funding.column(funding, key)) else {
                    return Ok(Decimal::ZERO);
                };
                self.places.extend(amounts.parts(line).map(|it| project.span(it.span())));
                Ok(in_unit(amounts.amount(line).wan_yuan(), funding.unit()))
            }
            Expression::Field(name) => {
                let text = project.fields.get(name);
                self.places.extend(text.map(|text| project.span(text.span())));
                Ok(text.and_then(number).unwrap_or_default())
            }
            Expression::Sum(column) => {
                let mut sum = Decimal::ZERO;
                for (group, row) in project.rows() {
                    let columns = self.form.columns_of(group.name.get_ref());
                    let Some(column) = columns.iter().find(|it| it.name == *column) else {
                        continue;
                    };
                    let number = match &column.computed {
                        Some(formula) => {
                            let before = self.row.replace(row);
                            let number = self.formula(formula);
                            self.row = before;
                            number?
                        }
                        None => self.written(row, &column.name),
                    };
                    sum = sum.checked_add(number).ok_or(NoValue::TooLarge)?;
                }
                Ok(sum)
            }
            Expression::Column(name) => {
                Ok(self.row.map(|row| self.written(row, name)).unwrap_or_default())
            }
            Expression::Formula(name) => {
                let formula = self.form.formulas.iter().find(|formula| formula.name == *name);
                // The form has read its formulas: each uses those before it.
                formula.map_or(Ok(Decimal::ZERO), |formula| self.formula(formula))
            }
            Expression::Pair(operator, pair) => {
                let [left, right] = &**pair;
                let (left, right) = (self.value(left)?, self.value(right)?);
                let value = match operator {
                    Operator::Plus => left.checked_add(right),
                    Operator::Minus => left.checked_sub(right),
                    Operator::Times => left.checked_mul(right),
                    Operator::Over if right.is_zero() => return Err(NoValue::ByZero),
                    Operator::Over => left.checked_div(right),
                };
                value.ok_or(NoValue::TooLarge)
            }
            Expression::Least(all) => {
                let mut least = None;
                for part in all {
                    let value = self.value(part)?;
                    least = Some(least.map_or(value, |least: Decimal| least.min(value)));
                }
                Ok(least.unwrap_or_default())
            }
        }
    }
}

/// A number of a column or a field, as loading has spelled it.
pub fn number(text: &Spanned<String>) -> Option<Decimal> {
    Decimal::from_str_exact(text.get_ref()).ok()
}
