//! What is computed for each project (算式): `"执行率" = "全年执行数 / 全年预算数 × 100"`.
//!
//! A formula is exact inside; what it comes to is rounded once (四舍五入), and what is printed is
//! also what other formulas go on with, so that a printed sum is the sum of what is printed.

use std::cmp::Reverse;
use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use rust_decimal::{Decimal, RoundingStrategy};

use super::funding::{AmountKey, Funding};
use super::kind::Kind;
use crate::diagnostics::{Finding, Rule, Span};
use crate::toml::{Need, Table};

/// The key of the table of formulas in `form.toml`.
pub const FORMULAS: &str = "算式";
const EXPRESSION: &str = "算";
const DECIMALS: &str = "小数";
const UNIT: &str = "单位";
const MAY_BE_ABSENT: &str = "可空";
const GRADES: &str = "档";
/// Rounded to so many decimals if nothing is said and it is more than a sum.
const USUAL_DECIMALS: u32 = 2;
/// No figure on a form has more.
const MOST_DECIMALS: u32 = 6;

/// A formula of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// The word between braces that it is printed by.
    pub name: String,
    /// How it is computed.
    pub expression: Expression,
    /// To how many decimals it is rounded.
    pub decimals: u32,
    /// What is printed behind the figures, such as `%` (单位); may be empty.
    pub unit: String,
    /// Whether all of them are printed, zeros too; they are if the form says how many.
    pub padded: bool,
    /// If a word is printed for the figures (档): each with the least of them, the highest first. What
    /// is less than all has the last word.
    pub grades: Vec<(String, Decimal)>,
    /// Whether it is nothing to query if it divides by zero (可空): the rate of a part without funds.
    pub may_be_absent: bool,
}

/// How something is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A number as it stands.
    Number(Decimal),
    /// An amount of the project, in the unit of the form.
    Amount(AmountKey),
    /// A header field of the project that is a number.
    Field(String),
    /// The numbers of a column, all rows together (Σ).
    Sum(String),
    /// The number of a column in the row that is computed.
    Column(String),
    /// What a formula before this one comes to, as it is printed.
    Formula(String),
    /// Two things put together.
    Pair(Operator, Box<[Expression; 2]>),
    /// The least of several (min).
    Least(Vec<Expression>),
}

/// What two things are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Plus,
    /// `−`, `-`
    Minus,
    /// `×`, `*`
    Times,
    /// `÷`, `/`
    Over,
}

impl Expression {
    /// Whether it only adds and subtracts.
    fn is_sum(&self) -> bool {
        match self {
            Self::Pair(Operator::Times | Operator::Over, _) => false,
            Self::Pair(_, pair) => pair.iter().all(Self::is_sum),
            Self::Least(all) => all.iter().all(Self::is_sum),
            _ => true,
        }
    }
}

impl Formula {
    /// What the formula comes to, rounded as it is printed.
    pub fn round(&self, value: Decimal) -> Decimal {
        value.round_dp_with_strategy(self.decimals, RoundingStrategy::MidpointAwayFromZero)
    }

    /// A rounded value as it is printed.
    pub fn print(&self, rounded: Decimal) -> String {
        let reached = self.grades.iter().find(|(_, least)| rounded >= *least);
        if let Some((word, _)) = reached.or(self.grades.last()) {
            return word.clone();
        }
        let mut printed = rounded.normalize();
        if self.padded {
            printed.rescale(self.decimals);
        }
        format!("{printed}{}", self.unit)
    }
}

/// What formulas may speak of.
pub(super) struct Words<'w> {
    pub funding: Option<&'w Funding>,
    /// The header fields of a project, and what is written there.
    pub fields: Vec<(&'w str, &'w Kind)>,
    /// Likewise the columns.
    pub columns: Vec<(&'w str, &'w Kind)>,
    /// Likewise the columns of the row that is computed, if it is one.
    pub row: Vec<(&'w str, &'w Kind)>,
}

/// What is said of a formula besides its expression, and that as it is written.
#[derive(Debug, Default)]
struct Written {
    expression: Option<(Span, String)>,
    decimals: Option<u32>,
    unit: String,
    grades: Vec<(String, Decimal)>,
    may_be_absent: bool,
}

impl Written {
    fn read(options: &mut Table<'_>, rule: &'static Rule, findings: &mut Vec<Finding>) -> Self {
        let mut written = Self::default();
        if let Some(text) = options.text(EXPRESSION, Need::Filled, findings) {
            written.expression = Some((options.span_of(&text), text.into_inner()));
        }
        let place = options.place_of(DECIMALS);
        if let Some((number, place)) = options.number(DECIMALS, findings).zip(place) {
            let decimals = number.get_ref().to_string().parse().ok();
            written.decimals = decimals.filter(|it| *it <= MOST_DECIMALS);
            if written.decimals.is_none() {
                let message = format!("小数只能是 0 到 {MOST_DECIMALS} 位");
                let help = "写保留几位小数，四舍五入；不写就最多保留 2 位";
                findings.push(Finding::at(rule, place, message).help(help));
            }
        }
        let unit = options.text(UNIT, Need::Optional, findings);
        written.unit = unit.map(|text| text.into_inner()).unwrap_or_default();
        written.may_be_absent = options.flag(MAY_BE_ABSENT, findings);
        if let Some(mut table) = options.table(GRADES, Need::Optional, findings) {
            let all = table.take_rest().filter_map(|entry| {
                Some((entry.key().to_owned(), *entry.number(findings)?.get_ref()))
            });
            written.grades = all.collect();
            written.grades.sort_by_key(|(_, least)| Reverse(*least));
        }
        written
    }

    /// The formula, if it can be understood.
    fn formula(
        self,
        name: &str,
        words: &Words<'_>,
        before: &[Formula],
        rule: &'static Rule,
        findings: &mut Vec<Finding>,
    ) -> Option<Formula> {
        let (place, text) = self.expression?;
        let expression = Parser::new(&text, words, before).whole();
        let expression = expression.map_err(|Wrong { message, at }| {
            let finding = Finding::at(rule, place.part(&text, at), message);
            findings.push(finding.help(
                "写成 \"全年执行数 / 全年预算数\" 的样子：可以用 + - × ÷ ( )、min(…, …)、Σ列名；\
                 名称是资金的列、“行.列”、写在前面的算式，或者是数的栏目",
            ));
        });
        let expression = expression.ok()?;
        // A sum has the decimals of what it adds up.
        let usual = if expression.is_sum() { MOST_DECIMALS } else { USUAL_DECIMALS };
        Some(Formula {
            name: name.to_owned(),
            expression,
            decimals: self.decimals.unwrap_or(usual),
            padded: self.decimals.is_some(),
            unit: self.unit,
            grades: self.grades,
            may_be_absent: self.may_be_absent,
        })
    }
}

/// The formula of a column that is computed row by row (算), from those before it; `None` if it is not.
pub(super) fn of_column(
    name: &str,
    options: &mut Table<'_>,
    before: Vec<(&str, &Kind)>,
    rule: &'static Rule,
    findings: &mut Vec<Finding>,
) -> Option<Formula> {
    if !options.has(EXPRESSION) {
        return None;
    }
    let words = Words { funding: None, fields: Vec::new(), columns: Vec::new(), row: before };
    Written::read(options, rule, findings).formula(name, &words, &[], rule, findings)
}

/// Reads `["算式"]`, behind the formulas that there are already.
pub(super) fn formulas(
    root: &mut Table<'_>,
    words: &Words<'_>,
    before: &[Formula],
    rule: &'static Rule,
    findings: &mut Vec<Finding>,
) -> Vec<Formula> {
    let mut formulas = before.to_vec();
    let Some(mut table) = root.table(FORMULAS, Need::Optional, findings) else { return formulas };
    for entry in table.take_rest() {
        let mut written = Written::default();
        if entry.is_table() {
            let Some(mut options) = entry.table(findings) else { continue };
            written = Written::read(&mut options, rule, findings);
            options.finish(findings);
        } else if let Some(text) = entry.filled_text(Need::Filled, findings) {
            written.expression = Some((entry.value_span(), text.into_inner()));
        }
        let formula = written.formula(entry.key(), words, &formulas, rule, findings);
        formulas.extend(formula);
    }
    table.finish(findings);
    formulas
}

/// What is wrong with a formula, and the bytes of its text where.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    message: String,
    at: Range<usize>,
}

/// A part of a formula, and where it stands.
type Token = (Symbol, Range<usize>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Symbol {
    Operator(Operator),
    Open,
    Close,
    Comma,
    Sum,
    Word(String),
}

/// How deep brackets may stand in brackets.
const DEEPEST: usize = 32;

struct Parser<'w> {
    tokens: Peekable<IntoIter<Token>>,
    end: usize,
    depth: usize,
    words: &'w Words<'w>,
    before: &'w [Formula],
}

impl<'w> Parser<'w> {
    fn new(text: &str, words: &'w Words<'w>, before: &'w [Formula]) -> Self {
        let tokens = tokens(text).into_iter().peekable();
        Self { tokens, end: text.len(), depth: 0, words, before }
    }

    /// All of the text.
    fn whole(mut self) -> Result<Expression, Wrong> {
        let expression = self.sum()?;
        match self.tokens.next() {
            None => Ok(expression),
            Some((_, at)) => Err(Wrong { message: "这里多了东西".to_owned(), at }),
        }
    }

    /// What `+` and `-` put together.
    fn sum(&mut self) -> Result<Expression, Wrong> {
        self.pairs(Self::product, &[Operator::Plus, Operator::Minus])
    }

    /// What `×` and `÷` put together.
    fn product(&mut self) -> Result<Expression, Wrong> {
        self.pairs(Self::operand, &[Operator::Times, Operator::Over])
    }

    fn pairs(
        &mut self,
        part: fn(&mut Self) -> Result<Expression, Wrong>,
        operators: &[Operator],
    ) -> Result<Expression, Wrong> {
        let mut left = part(self)?;
        while let Some((Symbol::Operator(operator), _)) = self.tokens.peek() {
            let operator = *operator;
            if !operators.contains(&operator) {
                break;
            }
            self.tokens.next();
            left = Expression::Pair(operator, Box::new([left, part(self)?]));
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expression, Wrong> {
        let end = self.end..self.end;
        let (symbol, at) = self
            .tokens
            .next()
            .ok_or_else(|| Wrong { message: "算式没有写完".to_owned(), at: end.clone() })?;
        match symbol {
            Symbol::Open => {
                let inside = self.deeper(&at, Self::sum)?;
                self.expect(&Symbol::Close, "括号没有配对", &at)?;
                Ok(inside)
            }
            Symbol::Sum => match self.tokens.next() {
                Some((Symbol::Word(name), at)) => self.sum_of(name, at),
                _ => Err(Wrong { message: "“Σ”后面写一列数的名称".to_owned(), at }),
            },
            Symbol::Word(word) if word == "min" => {
                self.expect(&Symbol::Open, "“min”后面写括号，例如 min(甲, 1)", &at)?;
                let mut all = vec![self.deeper(&at, Self::sum)?];
                while self.tokens.next_if(|(symbol, _)| *symbol == Symbol::Comma).is_some() {
                    all.push(self.deeper(&at, Self::sum)?);
                }
                self.expect(&Symbol::Close, "括号没有配对", &at)?;
                Ok(Expression::Least(all))
            }
            Symbol::Word(word) => self.named(&word, at),
            _ => Err(Wrong { message: "这里要写一个名称或者一个数".to_owned(), at }),
        }
    }

    fn deeper(
        &mut self,
        at: &Range<usize>,
        part: fn(&mut Self) -> Result<Expression, Wrong>,
    ) -> Result<Expression, Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Wrong { message: "括号套得太多".to_owned(), at: at.clone() });
        }
        let inside = part(self);
        self.depth -= 1;
        inside
    }

    fn expect(&mut self, wanted: &Symbol, message: &str, at: &Range<usize>) -> Result<(), Wrong> {
        match self.tokens.next_if(|(symbol, _)| symbol == wanted) {
            Some(_) => Ok(()),
            None => Err(Wrong { message: message.to_owned(), at: at.clone() }),
        }
    }

    /// The sum of a column.
    fn sum_of(&self, name: String, at: Range<usize>) -> Result<Expression, Wrong> {
        let column = self.words.columns.iter().find(|(column, _)| *column == name);
        match column {
            Some((_, Kind::Number(_))) => Ok(Expression::Sum(name)),
            Some(_) => {
                let message =
                    format!("“{name}”这一列不是数，不能相加；是数的写上 \"种类\" = \"数\"");
                Err(Wrong { message, at })
            }
            None => Err(Wrong { message: format!("指标列里没有“{name}”"), at }),
        }
    }

    /// What a word stands for.
    fn named(&self, word: &str, at: Range<usize>) -> Result<Expression, Wrong> {
        if let Ok(number) = Decimal::from_str_exact(word) {
            return Ok(Expression::Number(number));
        }
        match self.words.row.iter().find(|(column, _)| *column == word) {
            Some((_, Kind::Number(_))) => return Ok(Expression::Column(word.to_owned())),
            Some(_) => {
                let message = format!("“{word}”不是数，不能算；是数的写上 \"种类\" = \"数\"");
                return Err(Wrong { message, at });
            }
            None => {}
        }
        if self.before.iter().any(|formula| formula.name == word) {
            return Ok(Expression::Formula(word.to_owned()));
        }
        let funding = self.words.funding;
        if let Some(amount) = funding.and_then(|it| it.amounts().find(|it| it.to_string() == word))
        {
            return Ok(Expression::Amount(amount));
        }
        // A column alone is its total.
        if let Some(funding) = funding
            && let Some(column) = funding.columns.iter().find(|column| *column == word)
        {
            let (line, column) = (funding.total.name.clone(), Some(column.clone()));
            return Ok(Expression::Amount(AmountKey { line, column }));
        }
        let message = match self.words.fields.iter().find(|(field, _)| *field == word) {
            Some((_, Kind::Number(_))) => return Ok(Expression::Field(word.to_owned())),
            Some(_) => format!("“{word}”不是数，不能算"),
            None if self.words.columns.iter().any(|(column, _)| *column == word) => {
                format!("“{word}”每条指标都有一个；各行加起来写 Σ{word}")
            }
            None => format!("这里还没有“{word}”"),
        };
        Err(Wrong { message, at })
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    // Whether the word before is still going on.
    let mut is_open = false;
    for (start, c) in text.char_indices() {
        let at = start..start + c.len_utf8();
        let symbol = match c {
            '+' | '＋' => Symbol::Operator(Operator::Plus),
            '-' | '−' | '－' => Symbol::Operator(Operator::Minus),
            '*' | '×' => Symbol::Operator(Operator::Times),
            '/' | '÷' => Symbol::Operator(Operator::Over),
            '(' => Symbol::Open,
            ')' => Symbol::Close,
            ',' | '，' => Symbol::Comma,
            'Σ' | '∑' => Symbol::Sum,
            c if c.is_whitespace() => {
                is_open = false;
                continue;
            }
            c => {
                match tokens.last_mut() {
                    Some((Symbol::Word(word), span)) if is_open => {
                        word.push(c);
                        span.end = at.end;
                    }
                    _ => tokens.push((Symbol::Word(c.to_string()), at)),
                }
                is_open = true;
                continue;
            }
        };
        is_open = false;
        tokens.push((symbol, at));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Severity, SourceFile};
    use crate::form::kind::Limits;

    static WRONG: Rule =
        Rule { code: "E000", name: "错", severity: Severity::Error, explanation: "" };

    fn read(text: &str) -> (Vec<Formula>, Vec<Finding>) {
        let text = format!(
            "[\"资金\"]\n\"合计\" = \"总额\"\n\"分项\" = [\"拨款（中央）\"]\n\"列\" = [\"预算\", \"执行\"]\n[\"算式\"]\n{text}"
        );
        let source = SourceFile::new("form.toml", text);
        let mut findings = Vec::new();
        let document = crate::toml::Document::parse(&source, &mut findings);
        let mut root = document.root();
        let funding = Funding::parse(&mut root, &WRONG, &mut findings);
        let (number, text) = (Kind::Number(Limits::default()), Kind::Text);
        let columns = vec![("得分", &number), ("原因", &text)];
        let (fields, row) = Default::default();
        let words = Words { funding: funding.as_ref(), fields, columns, row };
        let formulas = formulas(&mut root, &words, &[], &WRONG, &mut findings);
        (formulas, findings)
    }

    /// A formula as it was understood, every pair in brackets.
    fn spelled(expression: &Expression) -> String {
        match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Amount(amount) => amount.to_string(),
            Expression::Field(name) | Expression::Formula(name) | Expression::Column(name) => {
                name.clone()
            }
            Expression::Sum(name) => format!("Σ{name}"),
            Expression::Pair(operator, pair) => {
                let [left, right] = pair.each_ref().map(spelled);
                let sign = match operator {
                    Operator::Plus => '+',
                    Operator::Minus => '-',
                    Operator::Times => '*',
                    Operator::Over => '/',
                };
                format!("({left}{sign}{right})")
            }
            Expression::Least(all) => {
                format!("min{:?}", all.iter().map(spelled).collect::<Vec<_>>())
            }
        }
    }

    #[test]
    fn formulas_are_read_as_people_write_them() {
        for (text, expected) in [
            ("执行 / 预算 × 100", "((总额.执行/总额.预算)*100)"),
            ("执行÷预算", "(总额.执行/总额.预算)"),
            ("1 - 2 - 3", "((1-2)-3)"),
            ("1 + 2 * 3", "(1+(2*3))"),
            ("(1 + 2) * 3", "((1+2)*3)"),
            ("拨款（中央）.执行 + Σ得分", "(拨款（中央）.执行+Σ得分)"),
            ("10 * min(执行 / 预算, 1)", "(10*min[\"(总额.执行/总额.预算)\", \"1\"])"),
        ] {
            let (formulas, findings) = read(&format!("\"甲\" = \"{text}\"\n"));
            assert!(findings.is_empty(), "{text}: {findings:#?}");
            assert_eq!(spelled(&formulas[0].expression), expected, "{text}");
        }
    }

    #[test]
    fn a_formula_uses_those_before_it_and_never_itself() {
        let (formulas, findings) = read("\"甲\" = \"执行\"\n\"乙\" = \"甲 + 1\"\n");
        assert!(findings.is_empty() && formulas.len() == 2, "{findings:#?}");
        for text in ["\"甲\" = \"甲 + 1\"\n", "\"乙\" = \"甲\"\n\"甲\" = \"1\"\n"] {
            let (_, findings) = read(text);
            assert_eq!(findings[0].message, "这里还没有“甲”", "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        for (text, message, at) in [
            ("执行 / ", "算式没有写完", "\"执行 / \""),
            ("(执行", "括号没有配对", "("),
            ("执行)", "这里多了东西", ")"),
            ("执行 预算", "这里多了东西", "预算"),
            ("* 2", "这里要写一个名称或者一个数", "*"),
            ("得分", "“得分”每条指标都有一个；各行加起来写 Σ得分", "得分"),
            ("Σ原因", "“原因”这一列不是数，不能相加；是数的写上 \"种类\" = \"数\"", "原因"),
            ("Σ没有", "指标列里没有“没有”", "没有"),
            ("Σ", "“Σ”后面写一列数的名称", "Σ"),
            ("min 2", "“min”后面写括号，例如 min(甲, 1)", "min"),
            ("没有.执行", "这里还没有“没有.执行”", "没有.执行"),
        ] {
            let (formulas, findings) = read(&format!("\"甲\" = \"{text}\"\n"));
            assert!(formulas.is_empty(), "{text}");
            let [finding] = &findings[..] else { panic!("{text}: {findings:#?}") };
            assert_eq!(finding.message, message, "{text}");
            assert_eq!(finding.span().unwrap().text(), at, "{text}");
        }
        let deep = format!("\"甲\" = \"{}1{}\"\n", "(".repeat(40), ")".repeat(40));
        assert_eq!(read(&deep).1[0].message, "括号套得太多");
    }

    #[test]
    fn what_a_formula_comes_to_is_rounded_half_up_and_printed() {
        let formula = |decimals, padded| Formula {
            name: String::new(),
            expression: Expression::Number(Decimal::ONE),
            decimals,
            padded,
            unit: String::new(),
            grades: Vec::new(),
            may_be_absent: false,
        };
        let printed = |formula: &Formula, text: &str| {
            formula.print(formula.round(Decimal::from_str_exact(text).unwrap()))
        };
        assert_eq!(printed(&formula(2, false), "99.9711111"), "99.97");
        assert_eq!(printed(&formula(2, false), "0.125"), "0.13");
        assert_eq!(printed(&formula(2, false), "90.00"), "90");
        assert_eq!(printed(&formula(2, true), "90"), "90.00");
        assert_eq!(printed(&formula(0, true), "2.5"), "3");
    }
}
