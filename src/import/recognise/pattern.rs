//! A text of the form with places for values ↔ a text on a page: which part of it is which value.

use crate::amount::Unit;
use crate::form::{Part, Reference, Template};
use crate::text::{folded, narrow};

/// What two texts have in common that are printed alike: without spaces, marks and widths.
pub fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    for c in text.chars() {
        match narrow(c) {
            c @ ('0'..='9' | 'a'..='z' | 'A'..='Z' | '一'..='鿿') => bare.push(c),
            '\0'..='\x7f' | '、' | '。' | '《' | '》' | '“' | '”' | '—' | '…' | '≥' | '≤' =>
                {}
            // What is not plain, Unicode folds; that takes many times as long.
            _ => return bare_of_any(text),
        }
    }
    bare
}

fn bare_of_any(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a label in every way in which they may be written: with each unit, and without.
pub fn spellings(template: &Template) -> Vec<(String, Option<Unit>)> {
    let with = |unit: Option<Unit>| {
        let parts = template.parts.iter().map(|part| match part {
            Part::Text(words) => words.as_str(),
            Part::Value(Reference::Unit) => unit.map_or("", Unit::name),
            Part::Value(_) => "",
        });
        (bare(&parts.collect::<String>()), unit)
    };
    match template.references().any(|reference| *reference == Reference::Unit) {
        true => Unit::ALL.into_iter().map(Some).chain([None]).map(with).collect(),
        false => vec![with(None)],
    }
}

/// A value of a template that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value<'t> {
    /// What it is.
    pub reference: &'t Reference,
    /// What it says.
    pub text: String,
    /// Whether where it ends was guessed.
    pub guessed: bool,
}

/// The values of a template in a text; `None` if its words are not there. `codes` are the fields
/// with codes.
pub fn values<'t>(template: &'t Template, text: &str, codes: &[&str]) -> Option<Vec<Value<'t>>> {
    let mut values: Vec<Value<'t>> = Vec::new();
    let mut rest = text;
    // The values whose end is still to be found, and the mark between two.
    let mut open: Vec<&'t Reference> = Vec::new();
    let mut between = "";
    let mut parts = template.parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Value(reference) => open.push(reference),
            Part::Text(words) => {
                let mark = bare(words);
                // Marks and spaces alone part two values, or stand around one.
                if mark.is_empty() {
                    between = if open.is_empty() { "" } else { words.trim() };
                    continue;
                }
                // The last value before words at the end takes all but them.
                let found = find(rest, &mark, parts.peek().is_none())?;
                close(&mut values, &mut open, between, rest.get(..found.start)?, codes)?;
                // The marks behind the words are theirs, in whatever width.
                let marks = words.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
                let marks: Vec<char> =
                    words.get(marks..).unwrap_or_default().chars().map(mark_alike).collect();
                rest = rest.get(found.end..)?;
                rest = rest.trim_start_matches(|c| marks.contains(&mark_alike(c)));
            }
        }
    }
    if open.is_empty() && !bare(rest).is_empty() {
        return None;
    }
    close(&mut values, &mut open, between, rest, codes)?;
    Some(values)
}

/// Gives the values that are open what stands before the next words of the template.
fn close<'t>(
    values: &mut Vec<Value<'t>>,
    open: &mut Vec<&'t Reference>,
    between: &str,
    text: &str,
    codes: &[&str],
) -> Option<()> {
    let around = |c: char| c.is_whitespace() || "（）():：".contains(c);
    let is_alone = values.is_empty() && open.len() == 1;
    let mut text = if is_alone { text.trim_matches(['\n', ' ']) } else { text.trim() };
    // A code in front of a name ends where the form's mark is, or where its figures do; the page may
    // have it behind, or have none.
    if let [first, _, ..] = open[..]
        && is_code(first, codes)
    {
        let (code, name) = code_before(between, text).unwrap_or_else(|| code_in_front(text));
        let (name, code, guessed) = match code {
            "" => last_value(first, text, codes),
            code => (name, code, false),
        };
        open.remove(0);
        values.push(Value { reference: first, text: code.to_owned(), guessed });
        text = name;
    }
    while let Some(reference) = open.pop() {
        if open.is_empty() {
            let text = match reference {
                Reference::Year(_) => text.trim_matches(around),
                _ => text,
            };
            let at = values.len();
            values.insert(at, Value { reference, text: text.to_owned(), guessed: false });
            return Some(());
        }
        let (before, value, guessed) = last_value(reference, text, codes);
        values.push(Value { reference, text: value.to_owned(), guessed });
        text = before.trim_end();
    }
    bare(text).is_empty().then_some(())
}

/// Whether a value is a code.
fn is_code(reference: &Reference, codes: &[&str]) -> bool {
    matches!(reference, Reference::DepartmentField(name) | Reference::ProjectField(name)
        if codes.contains(&name.as_str()))
}

/// What marks have in common that are written alike: in whatever width, dashes of any length.
fn mark_alike(c: char) -> char {
    if "—–".contains(c) { '-' } else { narrow(c) }
}

/// The code that stands before a mark of the form, in whatever width, and the name behind it.
fn code_before<'x>(mark: &str, text: &'x str) -> Option<(&'x str, &'x str)> {
    let mark = mark_alike(mark.chars().next()?);
    let (at, found) = text.char_indices().find(|(_, c)| mark_alike(*c) == mark)?;
    let (code, name) = (text.get(..at)?.trim(), text.get(at + found.len_utf8()..)?.trim());
    code.contains(|c: char| c.is_ascii_digit()).then_some((code, name))
}

/// The code that a text begins with, which may be none, and the name behind it.
fn code_in_front(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (code, name) = text.split_at(end);
    (code, name.trim_start_matches(|c: char| c.is_whitespace() || "-—_/、".contains(c)))
}

/// The last of several values in a text: what is before it, it, and whether that was guessed.
fn last_value<'x>(
    reference: &Reference,
    text: &'x str,
    codes: &[&str],
) -> (&'x str, &'x str, bool) {
    if is_code(reference, codes) {
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if start > 0 && start < digits.len() {
            let (before, code) = digits.split_at(start);
            let guessed = !before.ends_with(char::is_whitespace);
            let marks = |c: char| c.is_whitespace() || "-—_/（(、，,".contains(c);
            return (before.trim_end_matches(marks), code, guessed);
        }
        // The code may stand in front, where the form has it behind.
        let (code, name) = code_in_front(text);
        return (name, code, true);
    }
    // A year behind a name is its figures.
    if matches!(reference, Reference::Year(_)) {
        let start = text.trim_end_matches(|c: char| c.is_numeric()).len();
        if let Some((before, year)) = text.split_at_checked(start).filter(|_| start < text.len()) {
            return (before, year, false);
        }
    }
    match text.rsplit_once(char::is_whitespace) {
        Some((before, value)) => (before, value, false),
        None => (text, "", true),
    }
}

/// Where words stand in a text, spaces, marks and widths aside: the first place, or the last.
fn find(text: &str, mark: &str, last: bool) -> Option<std::ops::Range<usize>> {
    let mark: Vec<char> = mark.chars().collect();
    let mut letters: Vec<(char, usize, usize)> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        letters.extend(bare(&c.to_string()).chars().map(|letter| (letter, at, end)));
    }
    let is_here = |window: &[(char, usize, usize)]| {
        window.iter().map(|(letter, ..)| *letter).eq(mark.iter().copied())
    };
    let mut windows = letters.windows(mark.len().max(1));
    let found = if last {
        letters.windows(mark.len().max(1)).rev().find(|window| is_here(window))
    } else {
        windows.find(|window| is_here(window))
    }?;
    Some(found.first()?.1..found.last()?.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::parse(text, |word| {
            Ok(match word {
                "年度" => Reference::Year(0),
                "单位" => Reference::Unit,
                word => Reference::DepartmentField(word.to_owned()),
            })
        })
        .unwrap()
    }

    fn found(form: &str, text: &str) -> Option<Vec<String>> {
        let template = template(form);
        let mut values = values(&template, text, &["代码"])?;
        values.sort_by_key(|value| template.references().position(|it| it == value.reference));
        Some(values.into_iter().map(|value| value.text).collect())
    }

    fn some(values: &[&str]) -> Option<Vec<String>> {
        Some(values.iter().map(|&value| value.to_owned()).collect())
    }

    #[test]
    fn values_are_what_stands_between_the_words() {
        assert_eq!(found("（{年度}年度）", "(2023 年度)"), some(&["2023"]));
        assert_eq!(
            found("{主管部门} {代码}", "灵沙乡人民政府 056"),
            some(&["灵沙乡人民政府", "056"])
        );
        assert_eq!(
            found("{主管部门} {代码}", "灵沙乡人民政府056"),
            some(&["灵沙乡人民政府", "056"])
        );
        assert_eq!(
            found("{主管部门} {代码}", "056-灵沙乡人民政府"),
            some(&["灵沙乡人民政府", "056"])
        );
        assert_eq!(
            found("{代码}-{主管部门}", "056-灵沙乡人民政府"),
            some(&["056", "灵沙乡人民政府"])
        );
        assert_eq!(
            found("{代码}-{主管部门}", "灵沙乡人民政府056"),
            some(&["056", "灵沙乡人民政府"])
        );
        assert_eq!(found("{代码}-{主管部门}", "灵沙乡 人民政府"), some(&["", "灵沙乡 人民政府"]));
        assert_eq!(
            found("{代码}-{主管部门}", "5111T00001—2023年养护-二期"),
            some(&["5111T00001", "2023年养护-二期"])
        );
        assert_eq!(found("{主管部门}绩效目标表", "灵沙乡绩效目标表"), some(&["灵沙乡"]));
        assert_eq!(found("单位：{主管部门}", "单位:甲 乙"), some(&["甲 乙"]));
        assert_eq!(found("{主管部门}", "甲\n乙"), some(&["甲\n乙"]));
        assert_eq!(
            found("中期目标（{年度}年—{年度}年）", "中期目标(2023年－2025年)"),
            some(&["2023", "2025"])
        );
        assert_eq!(
            found("{主管部门}{年度}年目标表", "某镇 ２０２３年目标表"),
            some(&["某镇", "２０２３"])
        );
        assert_eq!(found("{主管部门}绩效目标表", "绩效自评表"), None);
        assert_eq!(found("表", "表格"), None);
    }

    proptest::proptest! {
        #[test]
        fn plain_texts_are_folded_as_any_other(text in "([ -~一-鿿！-～、。《》“”—…≥≤]|\\PC){0,8}") {
            proptest::prop_assert_eq!(bare(&text), bare_of_any(&text));
        }
    }

    #[test]
    fn a_label_may_name_either_unit_or_none() {
        let spellings = spellings(&template("项目资金\n（{单位}）"));
        let expected = [
            ("项目资金万元", Some(Unit::WanYuan)),
            ("项目资金元", Some(Unit::Yuan)),
            ("项目资金", None),
        ];
        let spellings: Vec<_> =
            spellings.iter().map(|(text, unit)| (text.as_str(), *unit)).collect();
        assert_eq!(spellings, expected);
    }
}
