//! Changes to a data file that somebody makes in a form: the bytes of a value, or the lines of a row,
//! and nothing else.
//!
//! Everything else stays as it is: comments, order, spelling, line ends. Each change is tried in
//! memory, and what the file says afterwards is held against what it said before; whatever is not
//! meant and changed all the same is a reason to make no change at all.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::SourceFile;
use crate::form::{Definition, Kind, Reference};
use crate::toml::{Located, quoted};

/// A change to a data file. Keys are the words of the form; an empty table is the top of the file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Change {
    /// Gives a value, which need not be there yet: of a field, an amount, a column of a row.
    Value {
        /// The keys that lead to it: `[key]`, `[table, key]` or `[table, row, column]`.
        path: Vec<String>,
        /// What it is to say.
        text: String,
    },
    /// Gives a row another name.
    Rename {
        /// The table.
        table: String,
        /// The row.
        row: String,
        /// Its new name.
        name: String,
    },
    /// Adds a row behind the last one.
    Add {
        /// The table, which need not be there yet.
        table: String,
        /// The row's name.
        row: String,
    },
    /// Takes a row away, or a field.
    Remove {
        /// The keys that lead to it.
        path: Vec<String>,
    },
    /// Moves a row within its table.
    Move {
        /// The table.
        table: String,
        /// The row.
        row: String,
        /// How many rows are before it afterwards.
        to: usize,
    },
}

/// Why a change was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no such row or key any more.
    Gone,
    /// Another row of the table has this name.
    Taken,
    /// It is written in a way that only a person can change.
    ByHand,
}

impl Refused {
    /// What to tell, and what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::Gone => "这一行已经不在了，没有改动；重新打开这个项目看看",
            Self::Taken => "这张表里已经有同名的一行，没有改动；换一个名称",
            Self::ByHand => "这一处的写法不能在表里改，没有改动；点“改文本”，在文本里改",
        }
    }
}

/// The text of a data file with a change made.
///
/// # Errors
/// Why it cannot be made; nothing is changed then.
pub fn changed(
    source: &Arc<SourceFile>,
    form: &Definition,
    change: &Change,
) -> Result<String, Refused> {
    let mut findings = Vec::new();
    let located = form.document(source, &mut findings).located();
    if !findings.is_empty() {
        return Err(Refused::ByHand);
    }
    let file = File { text: source.text(), located: &located, form };
    let text = file.edits(change)?.made(source.text());
    let new = source.with_text(text.as_str());
    let now = form.document(&new, &mut findings).located();
    if !findings.is_empty() || !is_as_meant(&located, &now, change) {
        return Err(Refused::ByHand);
    }
    Ok(text)
}

/// The text without a comment, and without its line if it has one of its own.
pub fn without_comment(text: &str, comment: Range<usize>) -> String {
    let (before, behind) = (text.get(..comment.start), text.get(comment.end..));
    let (before, behind) = (before.unwrap_or_default(), behind.unwrap_or_default());
    let kept = before.trim_end_matches([' ', '\t']);
    if kept.is_empty() || kept.ends_with('\n') {
        let rest = behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix('\n'));
        return format!("{kept}{}", rest.unwrap_or(behind));
    }
    format!("{kept}{behind}")
}

/// Texts in the places of others, in order.
#[derive(Debug, Default)]
struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    fn of(range: Range<usize>, text: impl Into<String>) -> Self {
        Self(vec![(range, text.into())])
    }

    fn made(self, text: &str) -> String {
        let mut made = String::with_capacity(text.len() + 64);
        let mut end = 0;
        for (range, new) in self.0 {
            made += text.get(end..range.start).unwrap_or_default();
            made += &new;
            end = range.end;
        }
        made + text.get(end..).unwrap_or_default()
    }
}

/// Whether a file says what was meant, and everything else as before.
fn is_as_meant(before: &[Located], now: &[Located], change: &Change) -> bool {
    let find = |path: &[String]| now.iter().find(|it| it.path == path);
    let (meant, is_right) = match change {
        Change::Value { path, text } => {
            // The one column of a row may be the row's own value.
            let row = || (path.len() > 2).then(|| find(path.get(..2)?)).flatten();
            let said = find(path).or_else(row).and_then(|it| it.text.as_deref());
            (path.clone(), said == Some(text) || said == Some(text.trim()))
        }
        Change::Rename { table, row, name } => {
            let is_there = find(&[table.clone(), name.clone()]).is_some();
            let rename = |it: &Located| {
                let mut path = it.path.clone();
                if let [first, second, ..] = &mut path[..]
                    && (&*first, &*second) == (table, row)
                {
                    second.clone_from(name);
                }
                (path, it.text.clone())
            };
            let says = |it: &Located| (it.path.clone(), it.text.clone());
            return is_there && before.iter().map(rename).eq(now.iter().map(says));
        }
        Change::Add { table, row } => {
            let path = vec![table.clone(), row.clone()];
            let is_right = find(&path).is_some();
            (path, is_right)
        }
        Change::Remove { path } => (path.clone(), find(path).is_none()),
        Change::Move { table, row, to } => {
            let own = |it: &&Located| it.path.len() == 2 && it.path.first() == Some(table);
            let place = now.iter().filter(own).position(|it| it.path.last() == Some(row));
            (vec![table.clone(), row.clone()], place == Some(*to))
        }
    };
    let is_other = |it: &&Located| {
        // A table that was not there yet says nothing by itself, nor does one within a line.
        let is_around = it.is_table && meant.starts_with(&it.path);
        !it.path.starts_with(&meant) && !is_around
    };
    // A row in one piece has its first column within itself.
    let row = |it: &Located| match (&meant[..], &it.path[..]) {
        ([table, row, _], [a, b]) if (table, row) == (a, b) => None,
        ([table, row, _], [a, b, _]) if (table, row) == (a, b) => None,
        _ => Some((it.path.clone(), it.text.clone())),
    };
    let others =
        |all: &[Located]| -> Vec<_> { all.iter().filter(is_other).filter_map(row).collect() };
    is_right && others(before) == others(now)
}

/// A file that has no errors of syntax.
struct File<'f> {
    text: &'f str,
    located: &'f [Located],
    form: &'f Definition,
}

impl File<'_> {
    fn edits(&self, change: &Change) -> Result<Edits, Refused> {
        match change {
            Change::Value { path, text } => self.value(path, text),
            Change::Rename { table, row, name } => {
                let row = self.row(table, row)?;
                if self.find(&[table.clone(), name.clone()]).is_some() {
                    return Err(Refused::Taken);
                }
                Ok(Edits::of(row.key.clone(), quoted(name)))
            }
            Change::Add { table, row } => {
                let path = [table.clone(), row.clone()];
                if self.find(&path).is_some() {
                    return Err(Refused::Taken);
                }
                let columns: Vec<_> = self.form.written_columns(table).collect();
                let value = match &columns[..] {
                    [only] if only.meaning.is_some() => "\"\"".to_owned(),
                    columns => {
                        let cell = |name: &String| format!("{} = \"\"", quoted(name));
                        let cells: Vec<_> = columns.iter().map(|it| cell(&it.name)).collect();
                        format!("{{ {} }}", cells.join(", "))
                    }
                };
                self.insert(&path, &value)
            }
            Change::Remove { path } => {
                let it = self.find(path).ok_or(Refused::Gone)?;
                Ok(Edits::of(self.block(it)?, ""))
            }
            Change::Move { table, row, to } => self.move_row(table, row, *to),
        }
    }

    fn find(&self, path: &[String]) -> Option<&Located> {
        self.located.iter().find(|it| it.path == path)
    }

    fn row(&self, table: &str, row: &str) -> Result<&Located, Refused> {
        self.find(&[table.to_owned(), row.to_owned()]).ok_or(Refused::Gone)
    }

    fn value(&self, path: &[String], text: &str) -> Result<Edits, Refused> {
        let is_number = self.is_number(path);
        if let Some(it) = self.find(path) {
            if it.is_table {
                return Err(Refused::ByHand);
            }
            let old = self.text.get(it.value.clone()).unwrap_or_default();
            return Ok(Edits::of(it.value.clone(), self.written(text, is_number, Some(old))));
        }
        let new = self.written(text, is_number, None);
        match path {
            [table, row, column] => {
                let it = self.row(table, row)?;
                let first = self.form.columns_of(table).first();
                let first = first.filter(|it| it.meaning.is_some()).map(|it| &it.name);
                let old = self.text.get(it.value.clone()).unwrap_or_default();
                let cell = format!("{} = {new}", quoted(column));
                if !it.is_table && first == Some(column) {
                    let new = self.written(text, is_number, Some(old));
                    Ok(Edits::of(it.value.clone(), new))
                } else if let (false, Some(first)) = (it.is_table, first) {
                    let row = format!("{{ {} = {old}, {cell} }}", quoted(first));
                    Ok(Edits::of(it.value.clone(), row))
                } else if let Some(inside) =
                    old.strip_prefix('{').and_then(|it| it.strip_suffix('}'))
                {
                    let written = inside.trim_end();
                    let comma = if written.trim().is_empty() { " " } else { ", " };
                    let at = it.value.start + 1 + written.len();
                    Ok(Edits::of(at..it.value.end, format!("{comma}{cell} }}")))
                } else {
                    Err(Refused::ByHand)
                }
            }
            _ => self.insert(path, &new),
        }
    }

    /// Whether a number belongs there: an amount, or the figure of a column.
    fn is_number(&self, path: &[String]) -> bool {
        let funding = &self.form.funding;
        let is_amount = match funding.within(path) {
            Some([line]) => funding.columns.is_empty() && funding.line(line).is_some(),
            Some([line, column]) => {
                funding.line(line).is_some() && funding.columns.contains(column)
            }
            _ => false,
        };
        match path {
            _ if is_amount => true,
            [_, _, column] => {
                let kind = self.form.kind(&Reference::Column(column.clone()));
                matches!(kind, Some(Kind::Number(_)))
            }
            _ => false,
        }
    }

    /// A value as it is written, as the old one was.
    fn written(&self, text: &str, is_number: bool, old: Option<&str>) -> String {
        // What is no number yet stands there as a text, and is found to be none.
        if is_number && self::is_number(text.trim()) {
            return text.trim().to_owned();
        }
        let old = old.unwrap_or_default();
        let is_literal = old.starts_with('\'') && !old.starts_with("'''");
        if is_literal && !text.contains(|c: char| c == '\'' || c.is_control()) {
            return format!("'{text}'");
        }
        let is_long = old.starts_with("\"\"\"") || old.starts_with("'''");
        if !is_long && !text.contains('\n') {
            return quoted(text);
        }
        // A line break right behind the quotes does not count.
        let begins_below = old.get(3..).is_some_and(|rest| rest.starts_with(['\n', '\r']));
        let first =
            if begins_below || text.starts_with('\n') || !is_long { self.line_end() } else { "" };
        let mut lines = text.split('\n').map(|line| {
            let line = quoted(line);
            // Quotes need no backslash here, but for three of them, or one at the end.
            line.get(1..line.len() - 1).unwrap_or_default().to_owned()
        });
        let body = lines.next().unwrap_or_default();
        let body = lines.fold(body, |body, line| body + self.line_end() + &line);
        format!("\"\"\"{first}{body}\"\"\"")
    }

    fn line_end(&self) -> &'static str {
        let first = self.text.find('\n').and_then(|at| at.checked_sub(1));
        match first.and_then(|at| self.text.as_bytes().get(at)) {
            Some(b'\r') => "\r\n",
            _ => "\n",
        }
    }

    /// Writes a key that is not there yet.
    fn insert(&self, path: &[String], value: &str) -> Result<Edits, Refused> {
        let (key, end) = (path.last().ok_or(Refused::Gone)?, self.line_end());
        let line = format!("{} = {value}{end}", quoted(key));
        let [table, _] = path else {
            return Ok(self.line_at(self.place_at_top(key), line));
        };
        let Some(header) = self.find(std::slice::from_ref(table)) else {
            let (at, is_before) = self.place_of_table(table);
            let header = self.form.header(table);
            let text = match is_before {
                true => format!("{header}{end}{line}{end}"),
                false => format!("{end}{header}{end}{line}"),
            };
            return Ok(self.line_at(at, text));
        };
        if !self.text.get(header.value.clone()).is_some_and(|it| it.starts_with('[')) {
            return Err(Refused::ByHand);
        }
        let own =
            self.located.iter().filter(|it| it.path.len() > 1 && it.path.first() == Some(table));
        let last = own.map(|it| it.value.end.max(it.key.end)).max();
        // Below what is said of the table itself.
        let at = match last {
            Some(last) => self.end_of_line(last),
            None => self.below_comments(self.end_of_line(header.value.end)),
        };
        Ok(self.line_at(at, line))
    }

    /// A line of its own at a place where one begins, or at the end of a file that ends without one.
    fn line_at(&self, at: usize, line: String) -> Edits {
        let before = self.text.get(..at).unwrap_or_default();
        let is_open = !before.is_empty() && !before.ends_with('\n');
        Edits::of(at..at, if is_open { format!("{}{line}", self.line_end()) } else { line })
    }

    /// Where a field of the top begins: in the order of the form.
    fn place_at_top(&self, key: &str) -> usize {
        let form = self.form;
        let fields = form.project_fields.iter().chain(&form.department_fields);
        let order: Vec<&str> =
            fields.map(|field| field.name.as_str()).chain(form.funding.keys()).collect();
        let rank = |key: &str| order.iter().position(|it| *it == key).unwrap_or(order.len());
        let own = || self.located.iter().filter(|it| it.path.len() == 1 && !it.is_table);
        let name = |it: &Located| it.path.first().map_or(usize::MAX, |name| rank(name));
        let before = own().filter(|it| name(it) < rank(key)).map(|it| it.value.end).max();
        match (before, own().next()) {
            (Some(end), _) => self.end_of_line(end),
            (None, Some(first)) => self.start_of_line(first.key.start),
            (None, None) => match self.located.first() {
                Some(table) => self.above_comments(self.start_of_line(table.key.start)),
                None => self.text.len(),
            },
        }
    }

    /// Where a table begins, and whether that is before another one: in the order of the form.
    fn place_of_table(&self, table: &str) -> (usize, bool) {
        let funding = self.form.funding.table.as_deref();
        let levels = self.form.second_levels().map(|level| level.key.as_str());
        let mut order = funding.into_iter().chain(levels).skip_while(|name| *name != table).skip(1);
        let next = order.find_map(|name| self.find(&[name.to_owned()]));
        match next {
            Some(next) => (self.above_comments(self.start_of_line(next.value.start)), true),
            None => (self.text.len(), false),
        }
    }

    fn move_row(&self, table: &str, row: &str, to: usize) -> Result<Edits, Refused> {
        let own =
            |it: &&Located| it.path.len() == 2 && it.path.first().is_some_and(|it| it == table);
        let rows: Vec<&Located> = self.located.iter().filter(own).collect();
        let from = rows.iter().position(|it| it.path.last().is_some_and(|it| it == row));
        let from = from.ok_or(Refused::Gone)?;
        let target = rows.get(to).ok_or(Refused::Gone)?;
        if from == to {
            return Ok(Edits::default());
        }
        let (block, target) =
            (self.block(rows.get(from).ok_or(Refused::Gone)?)?, self.block(target)?);
        let written = self.text.get(block.clone()).ok_or(Refused::Gone)?;
        let end = self.line_end();
        let (whole, open) = match written.ends_with('\n') {
            true => (written.to_owned(), ""),
            false => (format!("{written}{end}"), end),
        };
        Ok(Edits(if to < from {
            vec![(target.start..target.start, whole), (block, String::new())]
        } else {
            let is_open = !self.text.get(..target.end).is_some_and(|it| it.ends_with('\n'));
            let before = if is_open { end } else { open };
            vec![(block, String::new()), (target.end..target.end, format!("{before}{whole}"))]
        }))
    }

    /// The lines of a row, with the comments right above it; those right below the header of its table
    /// are about the table.
    fn block(&self, it: &Located) -> Result<Range<usize>, Refused> {
        if it.is_table && !self.text.get(it.value.clone()).is_some_and(|it| it.starts_with('{')) {
            return Err(Refused::ByHand);
        }
        let start = self.start_of_line(it.key.start);
        let above = self.above_comments(start);
        let before = self.text.get(..above).unwrap_or_default();
        let is_below_header =
            before.lines().last().is_some_and(|line| line.trim_start().starts_with('['));
        let start = if is_below_header || above == 0 { start } else { above };
        Ok(start..self.end_of_line(it.value.end))
    }

    fn start_of_line(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |at| at + 1)
    }

    /// Behind the line break of a line.
    fn end_of_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.find('\n').map_or(rest.len(), |end| end + 1)
    }

    /// Above the comments that are right above a line.
    fn above_comments(&self, start: usize) -> usize {
        let mut start = start;
        while start > 0 {
            let above = self.start_of_line(start - 1);
            let line = self.text.get(above..start).unwrap_or_default();
            if !line.trim_start().starts_with('#') {
                break;
            }
            start = above;
        }
        start
    }

    /// Below the comments that are right below a line.
    fn below_comments(&self, mut at: usize) -> usize {
        loop {
            let end = self.end_of_line(at);
            let line = self.text.get(at..end).unwrap_or_default();
            if end == at || !line.trim_start().starts_with('#') {
                return at;
            }
            at = end;
        }
    }
}

/// Whether a text is a number as amounts are written.
fn is_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    // TOML takes no number for one that begins with more zeros than one.
    is_digits(whole) && is_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::form::Form;

    #[test]
    fn a_figure_of_a_column_is_written_without_quotes() {
        let form = Form::builtin_named("部门申报表").unwrap().unwrap().definition;
        let text = "[\"数量指标\"]\n\"修路\" = { \"指标值\" = \"3\", \"权重\" = 10 }\n";
        let give = |column: &str, text: &str| {
            let path = ["数量指标", "修路", column].map(str::to_owned).to_vec();
            Change::Value { path, text: text.to_owned() }
        };
        for (change, expected) in [
            (give("权重", " 12.5"), "{ \"指标值\" = \"3\", \"权重\" = 12.5 }"),
            (give("权重", "一"), "{ \"指标值\" = \"3\", \"权重\" = \"一\" }"),
            (give("指标值", "4"), "{ \"指标值\" = \"4\", \"权重\" = 10 }"),
        ] {
            let made = changed(&SourceFile::new("01.toml", text), &form, &change).unwrap();
            assert_eq!(made, format!("[\"数量指标\"]\n\"修路\" = {expected}\n"), "{change:?}");
        }
    }

    fn made(text: &str, change: &Change) -> Result<String, Refused> {
        let form = Form::builtin().unwrap();
        changed(&SourceFile::new("01.toml", text), &form.definition, change)
    }

    fn path(path: &str) -> Vec<String> {
        path.split('.').map(str::to_owned).collect()
    }

    fn value(at: &str, text: &str) -> Change {
        Change::Value { path: path(at), text: text.to_owned() }
    }

    const TEXT: &str = "# 一\n'项目名称' = '修路'  # 二\n\"项目期\" = \"1年\"\n\n[\"项目资金\"]\n\"财政拨款\" = 1.0 # 三\n\n\
        # 表\n[\"数量指标\"]\n# 例\n\"甲\" = \"1个\"\n# 乙的\n\"乙\" = { '指标值' = \"2个\" }  # 四\n\"丙\" = \"3个\"";

    #[test]
    fn only_the_bytes_of_a_value_change() {
        for (change, old, new) in [
            (value("项目名称", "架桥"), "'修路'", "'架桥'"),
            (value("项目名称", "架'桥"), "'修路'", "\"架'桥\""),
            (value("项目期", "2\"年"), "\"1年\"", "\"2\\\"年\""),
            (value("项目资金.财政拨款", " 22.5 "), "1.0", "22.5"),
            (value("项目资金.财政拨款", "约22"), "1.0", "\"约22\""),
            (value("项目资金.财政拨款", "22."), "1.0", "\"22.\""),
            (value("项目资金.财政拨款", "007"), "1.0", "\"007\""),
            (value("数量指标.甲", "9\\个"), "\"1个\"", "\"9\\\\个\""),
            (value("数量指标.甲.指标值", "9个"), "\"1个\"", "\"9个\""),
            (value("数量指标.乙.指标值", "9个"), "\"2个\"", "\"9个\""),
            (value("项目期", "一\n二"), "\"1年\"", "\"\"\"\n一\n二\"\"\""),
        ] {
            assert_eq!(made(TEXT, &change), Ok(TEXT.replacen(old, new, 1)), "{change:?}");
        }
    }

    #[test]
    fn a_long_text_stays_as_it_is_written() {
        for (old, text, new) in [
            ("\"\"\"一\n二\"\"\"", "三", "\"\"\"三\"\"\""),
            ("\"\"\"\n一\"\"\"", "二\n\"三\"", "\"\"\"\n二\n\\\"三\\\"\"\"\""),
            ("'''一'''", "\n二", "\"\"\"\n\n二\"\"\""),
        ] {
            let file = |value: &str| format!("\"年度总体目标\" = {value}\n\"项目期\" = \"1年\"\n");
            assert_eq!(made(&file(old), &value("年度总体目标", text)), Ok(file(new)), "{old}");
            let crlf = |text: &str| text.replace('\n', "\r\n");
            assert_eq!(made(&crlf(&file(old)), &value("年度总体目标", text)), Ok(crlf(&file(new))));
        }
    }

    #[test]
    fn what_is_missing_is_written_where_it_belongs() {
        let insert = |change, before: &str, line: &str| {
            let at = TEXT.find(before).unwrap_or(TEXT.len());
            assert_eq!(made(TEXT, &change), Ok(format!("{}{line}{}", &TEXT[..at], &TEXT[at..])));
        };
        insert(value("项目属性", "甲"), "\"项目期\"", "\"项目属性\" = \"甲\"\n");
        insert(value("实施单位", "甲"), "\n[\"项目资金", "\"实施单位\" = \"甲\"\n");
        insert(value("项目资金.其他资金", "2"), "\n# 表", "\"其他资金\" = 2\n");
        let add = |table: &str| Change::Add { table: table.to_owned(), row: "丁".to_owned() };
        insert(add("数量指标"), "没有", "\n\"丁\" = \"\"\n");
        insert(add("质量指标"), "没有", "\n\n[\"质量指标\"]\n\"丁\" = \"\"\n");
        let text = "[\"质量指标\"]\n# 例\n\n# 下一张\n[\"成本指标\"]";
        assert_eq!(
            made(text, &add("质量指标")).unwrap(),
            text.replace("# 例\n", "# 例\n\"丁\" = \"\"\n")
        );
        let new = "# 下一张\n[\"时效指标\"]\n\"丁\" = \"\"\n\n[\"成本指标\"]";
        let above = "[\"时效指标\"]\n\"丁\" = \"\"\n\n# 下一张\n[\"成本指标\"]";
        assert_ne!(
            made(text, &add("时效指标")).unwrap(),
            text.replace("# 下一张\n[\"成本指标\"]", new)
        );
        assert_eq!(
            made(text, &add("时效指标")).unwrap(),
            text.replace("# 下一张\n[\"成本指标\"]", above)
        );
        assert_eq!(made("", &value("项目名称", "甲")), Ok("\"项目名称\" = \"甲\"\n".to_owned()));
    }

    #[test]
    fn rows_are_named_moved_and_taken_away_with_their_comments() {
        let table = || "数量指标".to_owned();
        let rename = |row: &str, name: &str| {
            let (row, name) = (row.to_owned(), name.to_owned());
            made(TEXT, &Change::Rename { table: table(), row, name })
        };
        assert_eq!(rename("乙", "\"丁\""), Ok(TEXT.replace("\"乙\"", "\"\\\"丁\\\"\"")));
        assert_eq!(rename("乙", "丙"), Err(Refused::Taken));
        assert_eq!(rename("没有", "丁"), Err(Refused::Gone));
        let (a, b, c) = (
            "\"甲\" = \"1个\"\n",
            "# 乙的\n\"乙\" = { '指标值' = \"2个\" }  # 四\n",
            "\"丙\" = \"3个\"",
        );
        let remove =
            |row: &str| made(TEXT, &Change::Remove { path: vec![table(), row.to_owned()] });
        // What is right below the header is about the table.
        assert_eq!(remove("甲"), Ok(TEXT.replace(a, "")));
        assert_eq!(remove("乙"), Ok(TEXT.replace(b, "")));
        let head = TEXT.strip_suffix(&format!("{a}{b}{c}")).unwrap();
        let move_row = |row: &str, to| {
            made(TEXT, &Change::Move { table: table(), row: row.to_owned(), to }).unwrap()
        };
        assert_eq!(move_row("甲", 0), TEXT);
        assert_eq!(move_row("甲", 1), format!("{head}{b}{a}{c}"));
        assert_eq!(move_row("甲", 2), format!("{head}{b}{c}\n{a}"));
        assert_eq!(move_row("丙", 0), format!("{head}{c}\n{a}{b}"));
        assert_eq!(move_row("乙", 0), format!("{head}{b}{a}{c}"));
    }

    #[test]
    fn what_cannot_be_changed_surely_is_left_alone() {
        for text in [
            "[\"数量指标\".\"甲\"]\n\"指标值\" = \"1\"\n",
            "\"数量指标\".\"甲\" = \"1\"\n",
            "[\"数量指标\"\n\"甲\" = \"1\"\n",
        ] {
            let (table, row) = ("数量指标".to_owned(), "甲".to_owned());
            let remove = Change::Remove { path: vec![table.clone()] };
            assert_eq!(made(text, &remove), Err(Refused::ByHand), "{text}");
            let _ = made(text, &Change::Move { table, row, to: 0 });
        }
    }

    #[test]
    fn a_comment_goes_with_its_line_or_leaves_the_line() {
        for (text, expected) in [
            ("甲 = 1  # 记号\r\n乙", "甲 = 1\r\n乙"),
            ("甲\n  # 记号\n乙", "甲\n乙"),
            ("# 记号", ""),
        ] {
            let at = text.find('#').unwrap();
            assert_eq!(without_comment(text, at..at + "# 记号".len()), expected);
        }
    }

    proptest! {
        /// Whatever is typed into a field, the file says that, and everything else as before.
        #[test]
        fn any_text_can_be_typed(text in "[\\PC\n\"'\\\\#=\\[\\]{}]{0,20}", at in 0..6_usize) {
            let places = ["项目名称", "项目期", "实施单位", "数量指标.甲", "数量指标.乙.指标值", "项目资金.财政拨款"];
            let change = value(places[at], &text);
            let new = made(TEXT, &change);
            prop_assert!(new.is_ok(), "{change:?}");
            let source = SourceFile::new("01.toml", new.unwrap());
            let located = crate::toml::Document::parse(&source, &mut Vec::new()).located();
            let said = located.iter().find(|it| it.path == path(places[at])).and_then(|it| it.text.clone());
            let said = said.unwrap_or_default();
            prop_assert_eq!(said.trim(), text.trim());
        }
    }
}
