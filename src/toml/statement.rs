//! A line of TOML that is wrong, read the way its author meant it.
//!
//! The reader goes through a line (or the lines that one pair of brackets holds together) from left
//! to right and takes what an input method, a word processor or a slip of the finger has put there
//! for what it stands for: `＝` for `=`, `【` for `[`, a no-break space for nothing. Each of these is
//! a [`Slip`], with the edits that put it right. With all its edits made, the line is TOML; whether
//! that is so is tried on the parser, by the caller.

use std::ops::Range;
use std::sync::Arc;

use super::characters::{described, is_blank, name as character_name};
use super::lexer::{is_closed, token_length};
use super::quotes::{content, is_quote, is_wrong, quoted};
use super::syntax::{KEY_QUOTES, SYNTAX, VALUE_QUOTES};
use crate::diagnostics::{Finding, Rule, SourceFile};

/// Brackets within brackets within brackets: more than any form needs.
const DEEPEST: usize = 8;

/// A change to the text: what comes in the place of a range.
pub(super) type Edit = (Range<usize>, String);

/// Something that is wrong in a statement.
#[derive(Debug)]
pub(super) struct Slip {
    pub finding: Finding,
    /// What puts it right; without these, only its author knows.
    pub edits: Vec<Edit>,
}

/// What was made of a statement.
#[derive(Debug, Default)]
pub(super) struct Statement {
    pub slips: Vec<Slip>,
    /// The values that stand there without quotes. What they are, a text or an amount, is up to
    /// who asks for them.
    pub bare: Vec<Range<usize>>,
    /// The values of which nobody can say what they are.
    pub broken: Vec<Range<usize>>,
    /// What stands behind the statement and should not, and is left out of what is read.
    pub extra: Option<Range<usize>>,
    /// Whether it is the header of a table.
    pub is_header: bool,
    /// Whether nothing can be made of it.
    pub is_lost: bool,
    /// Whether a text begins in it that may go on in the next lines.
    pub is_open: bool,
    /// Whether it had an equals sign or a bracket, and so was meant for TOML at all.
    pub has_sign: bool,
}

impl Statement {
    /// Whether all that is wrong in it can be put right.
    pub fn is_certain(&self) -> bool {
        !self.is_lost && self.slips.iter().all(|slip| !slip.edits.is_empty())
    }

    /// The edits that make TOML of it, in order.
    pub fn edits(&self, text: &str) -> Vec<Edit> {
        let own = self.slips.iter().flat_map(|slip| slip.edits.iter().cloned());
        let bare = self.bare.iter().map(|range| (range.clone(), quoted(&text[range.clone()])));
        let is_out = |range: &Range<usize>| {
            let within =
                |other: &Range<usize>| other.start <= range.start && range.end <= other.end;
            self.broken.iter().chain(&self.extra).any(within)
        };
        let mut edits: Vec<Edit> = own.chain(bare).filter(|(range, _)| !is_out(range)).collect();
        edits.extend(self.broken.iter().map(|range| (range.clone(), "\"\"".to_owned())));
        edits.extend(self.extra.iter().map(|range| (range.clone(), String::new())));
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        edits
    }
}

/// Reads the statement in `range`. `goes_on` says whether the line behind it reads like the rest of
/// a text.
pub(super) fn read(source: &Arc<SourceFile>, range: Range<usize>, goes_on: bool) -> Statement {
    let mut reader = Reader {
        source,
        text: &source.text()[..range.end],
        at: range.start,
        goes_on,
        depth: 0,
        out: Statement::default(),
    };
    reader.statement();
    reader.out
}

/// Whether a line begins a statement of its own, well written or not, or is empty or a comment.
pub(super) fn begins(line: &str) -> bool {
    let line = line.trim();
    let body = line[..comment_in(line).unwrap_or(line.len())].trim_end_matches(is_noise);
    body.is_empty()
        || body.starts_with(is_quote) && body.chars().nth(1).is_some()
        || body.starts_with(is_opening) && body.ends_with(is_closing)
        || equals_in(line).is_some_and(|at| line[at..].starts_with(['=', '＝']))
}

/// Whether a line of which nothing can be made was meant for the header of a table: a name with a
/// bracket before or behind it.
pub(super) fn may_be_header(line: &str) -> bool {
    let line = line[..comment_in(line).unwrap_or(line.len())].trim_matches(is_noise);
    opens_name(line) || closes_name(line)
}

/// Whether a line begins with the brackets of a table right before its name.
fn opens_name(line: &str) -> bool {
    let name = line.trim_start_matches(is_opening).trim_end_matches(is_closing);
    let is_sign = |c: char| matches!(c, '=' | '＝' | ':' | '：' | '#' | '＃' | '/' | '{' | '}');
    line.starts_with(is_opening)
        && !name.starts_with(is_noise)
        && !name.contains(is_sign)
        && name.matches(is_quote).count() < 4
        && name.chars().filter(|c| c.is_alphabetic()).count() > 1
}

/// Whether a line ends with the brackets of a table right behind its name, the brackets before it
/// missing.
fn closes_name(line: &str) -> bool {
    let name = line.trim_end_matches(is_closing);
    let is_quoted = |name: &str| name.ends_with(is_quote) || !name.starts_with(is_quote);
    name.len() < line.len()
        && is_quoted(name)
        && !name.ends_with(is_noise)
        && !name.contains(['=', '＝', '{', '\n'])
        && name.matches(is_quote).count() < 4
        && name.contains(char::is_alphanumeric)
}

/// Whether what stands behind a statement may end with the header of a table, which lost its own
/// line.
pub(super) fn ends_with_header(extra: &str) -> bool {
    let extra = extra[..comment_in(extra).unwrap_or(extra.len())].trim_matches(is_noise);
    let name = extra.trim_end_matches(is_closing);
    name.len() < extra.len() && name.ends_with(is_quote) && name.chars().any(char::is_alphabetic)
}

struct Reader<'a> {
    source: &'a Arc<SourceFile>,
    /// The text up to the end of the statement.
    text: &'a str,
    at: usize,
    goes_on: bool,
    depth: usize,
    out: Statement,
}

/// What a value stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Line,
    Brackets,
}

fn is_opening(c: char) -> bool {
    matches!(c, '[' | '【' | '［' | '〔')
}

fn is_closing(c: char) -> bool {
    matches!(c, ']' | '】' | '］' | '〕')
}

fn is_equals(c: char) -> bool {
    matches!(c, '=' | '＝' | ':' | '：')
}

fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | ';' | '；')
}

fn is_noise(c: char) -> bool {
    c == ' ' || c == '\t' || (c != '\n' && character_name(c).is_some())
}

fn without_noise(text: &str) -> &str {
    text.trim_start_matches(is_noise)
}

/// Where a comment begins at the end of a line: at a `#` that does not cling to what is before it.
fn comment_in(text: &str) -> Option<usize> {
    text.char_indices().find_map(|(at, c)| {
        let is_apart = text[..at].chars().next_back().is_none_or(is_noise);
        (matches!(c, '#' | '＃') && is_apart).then_some(at)
    })
}

/// Where the sign between a key without proper quotes and its value stands.
fn equals_in(text: &str) -> Option<usize> {
    let (mut colon, mut quote, mut depth) = (None, None, 0_usize);
    let mut before = None;
    for (at, c) in text.char_indices() {
        let is_apart = before.replace(c).is_none_or(is_noise);
        if let Some(closing) = quote {
            quote = quote.filter(|_| c != closing);
            continue;
        }
        match c {
            '#' | '＃' if is_apart && depth == 0 => break,
            '"' | '\'' => quote = Some(c),
            '“' | '‘' | '「' | '『' => depth += 1,
            '”' | '’' | '」' | '』' => depth = depth.saturating_sub(1),
            '=' | '＝' if depth == 0 => return Some(at),
            ':' | '：' if depth == 0 => colon = colon.or(Some(at)),
            _ => {}
        }
    }
    let is_open = quote.is_some() || depth > 0;
    colon.or_else(|| text.find(['=', '＝']).filter(|_| is_open))
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next_is(&self, test: impl Fn(char) -> bool) -> bool {
        self.peek().is_some_and(test)
    }

    fn written(&self, range: &Range<usize>) -> &'a str {
        &self.text[range.clone()]
    }

    /// Goes over the characters of one kind.
    fn run(&mut self, test: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        self.at = self.text.len() - self.rest().trim_start_matches(test).len();
        start..self.at
    }

    fn slip(
        &mut self,
        (rule, range): (&'static Rule, Range<usize>),
        message: impl Into<String>,
        label: &str,
        help: impl Into<String>,
        edits: impl IntoIterator<Item = Edit>,
    ) {
        let finding = Finding::at(rule, self.source.span(range), message).label(label).help(help);
        self.out.slips.push(Slip { finding, edits: edits.into_iter().collect() });
    }

    /// Says what is wrong with the whole, of which nothing can be made.
    fn lose(&mut self, range: Range<usize>, message: &str, label: &str, help: &str) {
        self.slip((&SYNTAX, range), message, label, help, []);
        self.out.is_lost = true;
    }

    fn statement(&mut self) {
        self.space();
        if self.rest().is_empty() {
            return;
        }
        if self.next_is(|c| matches!(c, '#' | '＃')) {
            return self.comment();
        }
        if self.is_header() { self.header() } else { self.pair() }
    }

    /// Goes over space. Characters that are none, or look like one, are named.
    fn space(&mut self) {
        let is_start = self.text[..self.at].chars().next_back().is_none_or(|c| c == '\n');
        let range = self.run(is_noise);
        let is_edge = is_start || self.rest().is_empty();
        let is_line_end = |at: usize| self.text[range.start + at..].starts_with("\r\n");
        let odd: Vec<(Range<usize>, char)> = self
            .written(&range)
            .char_indices()
            .filter(|&(at, c)| character_name(c).is_some() && !is_line_end(at))
            .map(|(at, c)| (range.start + at..range.start + at + c.len_utf8(), c))
            .collect();
        let (Some((first, c)), Some((last, _))) = (odd.first(), odd.last()) else { return };
        let (start, end, c) = (first.start, last.end, *c);
        let needs_space = !is_edge && !self.written(&range).contains([' ', '\t']);
        let stands_for = |c: char| if needs_space && is_blank(c) { " " } else { "" };
        let mut edits: Vec<Edit> =
            odd.iter().map(|(at, c)| (at.clone(), stands_for(*c).to_owned())).collect();
        // One space is enough.
        edits
            .iter_mut()
            .skip_while(|(_, text)| text.is_empty())
            .skip(1)
            .for_each(|(_, text)| text.clear());
        let (message, help) = (format!("这里有{}", described(c)), "删掉它；要空格就用半角空格");
        let label = if is_blank(c) { "不是半角空格" } else { "看不见，但是不能有" };
        self.slip((&SYNTAX, start..end), message, label, help, edits);
    }

    /// Goes over a comment.
    fn comment(&mut self) {
        let start = self.at;
        let length = self.rest().find('\n').unwrap_or(self.rest().len());
        self.at += length;
        let range = start..self.at;
        if self.written(&range).starts_with('＃') {
            let sign = start..start + '＃'.len_utf8();
            let edit = (sign.clone(), "#".to_owned());
            self.slip(
                (&SYNTAX, sign),
                "注释用了全角的“＃”",
                "要用半角的 #",
                "改成半角的 #",
                [edit],
            );
        }
        self.forbidden(range, "注释");
    }

    /// Names the control characters that must not be in a text or a comment.
    fn forbidden(&mut self, range: Range<usize>, place: &str) {
        let is_multi_line = self.written(&range).contains('\n');
        let found: Vec<(usize, char)> = self
            .written(&range)
            .char_indices()
            .filter(|&(at, c)| {
                let is_line_end = c == '\r' && self.text[range.start + at..].starts_with("\r\n");
                (c < ' ' || c == '\u{7f}') && !matches!(c, '\t' | '\n') && !is_line_end
            })
            .collect();
        let is_basic = self.written(&range).starts_with('"');
        for (at, c) in found {
            let at = range.start + at..range.start + at + 1;
            let is_inside = at.start > range.start + 1 && at.end < range.end - 1;
            // A word processor's own line break, where a line break can stand.
            let is_break = c == '\u{b}' && is_basic && is_inside && !is_multi_line;
            let (text, help) = if is_break && place == "文字" {
                ("\\n", "改成换行 \\n；不要换行就删掉它")
            } else {
                ("", "删掉它")
            };
            let message = format!("{place}里有{}", described(c));
            let edit = (at.clone(), text.to_owned());
            self.slip((&SYNTAX, at), message, "看不见，但是不能有", help, [edit]);
        }
    }

    /// Goes over what may stand behind a value or a header; `false` if there is more than that.
    fn trailing(&mut self) -> bool {
        self.space();
        if self.rest().is_empty() {
            return true;
        }
        let marks = self.run(|c| is_comma(c) || matches!(c, '.' | '。' | '．' | ':' | '：'));
        if !marks.is_empty() {
            let behind = without_noise(self.rest());
            if !behind.is_empty() && !behind.starts_with(['#', '＃']) {
                self.at = marks.start;
                return false;
            }
            let edit = (marks.clone(), String::new());
            let message = format!("行尾有多余的标点“{}”", self.written(&marks));
            self.slip((&SYNTAX, marks), message, "多余的标点", "删掉它", [edit]);
            self.space();
        }
        if self.next_is(|c| matches!(c, '#' | '＃')) {
            self.comment();
        }
        self.rest().is_empty()
    }

    /// Says that there is more behind a value or a header than there should be, and leaves it out.
    fn extra_content(&mut self) {
        let end = self.at + self.rest().trim_end().len();
        let help = "一行只写一个键；文字里的引号用全角的“ ”，不能用半角引号";
        let (range, message) = (self.at..end, "这一行写完之后还有多余的内容");
        self.slip((&SYNTAX, range), message, "多余的内容", help, []);
        self.out.extra = Some(self.at..self.text.len());
        self.at = self.text.len();
    }

    /// Whether the line is the header of a table.
    fn is_header(&self) -> bool {
        let line = self.rest();
        let body = &line[..comment_in(line).unwrap_or(line.len())];
        let equals = equals_in(body);
        if body.starts_with(is_opening) {
            let inside = body.trim_start_matches(is_opening);
            let name = inside.find(is_closing).map_or(inside, |end| &inside[..end]);
            let start = body.len() - inside.len();
            // An equals sign behind the brackets is the next line's, which lost its line break.
            let is_before = |equals| start + name.len() < equals;
            return match equals {
                Some(equals) => is_before(equals) && name.contains(char::is_alphanumeric),
                None => body.trim_end_matches(is_noise).ends_with(is_closing) || opens_name(body),
            };
        }
        let body = body.trim_end_matches(|c| is_noise(c) || is_comma(c) || c == '。');
        closes_name(body) && equals.is_none()
    }

    /// `["名称"]`
    fn header(&mut self) {
        self.out.is_header = true;
        self.out.has_sign = true;
        let start = self.at;
        let opening = self.run(is_opening);
        let mut edits = Vec::new();
        let mut names = Vec::new();
        loop {
            self.space();
            let fits = |rest: &str| {
                rest.is_empty()
                    || rest.starts_with(|c| is_closing(c) || matches!(c, '.' | '#' | '＃'))
            };
            let ends = |rest: &str| {
                let stop = |c: char| is_closing(c) || c == '.' || c == '=' || c == '＝';
                let end = rest.find(stop).unwrap_or(rest.len());
                comment_in(&rest[..end]).unwrap_or(end)
            };
            match self.name(fits, ends) {
                Some(name) => names.push(name),
                None => {
                    return self.lose(start..self.text.len(), "表没有名称", "这里要写名称", NAMES);
                }
            }
            self.space();
            if !self.next_is(|c| c == '.') {
                break;
            }
            self.at += 1;
        }
        let after_names = self.at;
        let closing = self.run(is_closing);
        let count = |range: &Range<usize>| self.text[range.clone()].chars().count();
        let (opened, closed) = (count(&opening), count(&closing));
        let wanted = if opened == closed { opened.min(2) } else { 1 };
        for (range, bracket) in [(opening.clone(), "["), (closing.clone(), "]")] {
            let right = bracket.repeat(wanted);
            if self.written(&range) != right {
                edits.push((range, right));
            }
        }
        if edits.is_empty() {
            for name in names {
                self.key_quotes(name);
            }
        } else {
            let shown: Vec<String> = names.iter().map(|name| quoted(&name.text)).collect();
            let shown = format!("{}{}{}", "[".repeat(wanted), shown.join("."), "]".repeat(wanted));
            // With a quote and a bracket missing, part of the name may be missing too.
            let is_whole = |name: &Name| name.is_certain && (opened == closed || !name.is_half);
            let is_certain = names.iter().all(is_whole);
            edits.extend(names.into_iter().filter_map(|name| name.edit));
            let all = start..closing.end.max(after_names);
            let end = all.start + self.written(&all).trim_end_matches(is_noise).len();
            let is_wide =
                |range: &Range<usize>| self.written(range).contains(|c| !matches!(c, '[' | ']'));
            let (range, message, label) = if is_wide(&opening) || is_wide(&closing) {
                (start..end, "表名用了全角括号", "要用半角方括号")
            } else if closed == 0 {
                (end..end, "表名缺少右方括号", "这里应该有 ]")
            } else if opened == 0 {
                (start..start, "表名缺少左方括号", "这里应该有 [")
            } else {
                (start..end, "表名的方括号不成对", "前后各写一个")
            };
            let edits = if is_certain { edits } else { Vec::new() };
            self.out.is_lost |= !is_certain;
            self.slip((&SYNTAX, range), message, label, format!("改成 {shown}"), edits);
        }
        if !self.trailing() {
            self.extra_content();
        }
    }

    /// A name: between quotes, or up to where it must end. `fits` says whether what is behind a
    /// closing quote may stand there.
    fn name(&mut self, fits: impl Fn(&str) -> bool, ends: impl Fn(&str) -> usize) -> Option<Name> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        let start = self.at;
        if matches!(first, '"' | '\'') && !rest.starts_with("\"\"\"") && !rest.starts_with("'''") {
            let token = &rest[..token_length(rest)];
            if is_closed(token) && fits(without_noise(&rest[token.len()..])) {
                let range = start..start + token.len();
                let text = token[1..token.len() - 1].to_owned();
                self.at = range.end;
                self.forbidden(range.clone(), "名称");
                return Some(Name {
                    range,
                    text,
                    edit: None,
                    had_quotes: true,
                    is_half: false,
                    is_certain: true,
                });
            }
        }
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let closing = || {
            let quotes = line.char_indices().skip(1).filter(|&(_, c)| is_quote(c));
            let mut behind = quotes.map(|(at, c)| at + c.len_utf8());
            behind.find(|&behind| fits(without_noise(&line[behind..])))
        };
        let length = is_quote(first).then(closing).flatten().unwrap_or_else(|| ends(line));
        let written = line[..length].trim_end_matches(is_noise);
        if written.is_empty() {
            return None;
        }
        let range = start..start + written.len();
        let is_bare = written.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let content = content(written);
        let text = content.text.to_owned();
        let edit = (!is_bare).then(|| (range.clone(), format!("\"{text}\"")));
        let (had_quotes, is_certain) = (content.had_quotes, is_bare || content.is_certain);
        self.at = range.end;
        let is_half = had_quotes && !(written.starts_with(is_quote) && written.ends_with(is_quote));
        Some(Name { range, text, edit, had_quotes, is_half, is_certain })
    }

    /// Says that a name has not the quotes it needs.
    fn key_quotes(&mut self, name: Name) {
        let Name { range, text, edit: Some(edit), had_quotes, is_certain, .. } = name else {
            return;
        };
        let (message, label) = if !had_quotes {
            (format!("键“{text}”没有加引号"), "要加半角引号")
        } else if self.written(&range).contains(is_wrong) {
            (format!("键“{text}”用了全角引号"), "要用半角引号")
        } else {
            (format!("键“{text}”的引号没有配对"), "前后都要有半角引号")
        };
        let help = format!("改成 \"{}\"（半角引号）", text.replace(['"', '\\'], ""));
        self.out.is_lost |= !is_certain;
        self.slip((&KEY_QUOTES, range), message, label, help, is_certain.then_some(edit));
    }

    /// `"键" = "值"` on a line of its own.
    fn pair(&mut self) {
        let start = self.at;
        if !self.key() {
            return self.no_pair(start);
        }
        self.out.has_sign = true;
        if !self.equals() {
            return self.no_pair(start);
        }
        let value = self.at;
        self.value(Within::Line);
        if self.out.is_lost || self.rest().is_empty() {
            return;
        }
        if !self.trailing() {
            self.break_value(value);
            self.extra_content();
        }
    }

    /// A key with all its parts; `false` if there is none.
    fn key(&mut self) -> bool {
        loop {
            let fits = |rest: &str| rest.starts_with(is_equals) || rest.starts_with('.');
            let name = self.name(fits, |rest| equals_in(rest).unwrap_or(0));
            match name {
                Some(name) => self.key_quotes(name),
                None => return false,
            }
            self.space();
            if !self.next_is(|c| c == '.') {
                return true;
            }
            self.at += 1;
            self.space();
        }
    }

    /// The sign between a key and its value; `false` if there is none.
    fn equals(&mut self) -> bool {
        let signs = self.run(is_equals);
        let Some(sign) = self.written(&signs).chars().next() else { return false };
        let first = signs.start..signs.start + sign.len_utf8();
        let is_apart = |text: Option<char>| text.is_some_and(|c| is_noise(c) || is_equals(c));
        let before = if is_apart(self.text[..first.start].chars().next_back()) { "" } else { " " };
        let behind = if is_apart(self.text[first.end..].chars().next()) { "" } else { " " };
        let edit = (first.clone(), format!("{before}={behind}"));
        if sign == '＝' {
            let (message, help) = ("等号是全角的", "改成半角等号 =");
            self.slip((&SYNTAX, first.clone()), message, "要用半角等号", help, [edit]);
        } else if sign != '=' {
            let help = "改成半角等号 =，写成 \"键\" = \"值\" 的样子";
            self.slip((&SYNTAX, first.clone()), "键和值之间不是等号", "这里要用 =", help, [edit]);
        }
        self.at = first.end;
        self.space();
        loop {
            let more = self.run(is_equals);
            if more.is_empty() {
                return true;
            }
            let edit = (more.clone(), String::new());
            self.slip(
                (&SYNTAX, more),
                "多了一个等号",
                "多余的等号",
                "删掉多余的等号，键和值之间只写一个 =",
                [edit],
            );
            self.space();
        }
    }

    /// Says what is wrong with a line that is neither a header nor has a key with a value.
    fn no_pair(&mut self, start: usize) {
        self.out.slips.retain(|slip| std::ptr::eq(slip.finding.rule, &raw const SYNTAX));
        self.at = start;
        let line = self.rest();
        let line = line[..comment_in(line).unwrap_or(line.len())].trim_end();
        let whole = start..start + line.len();
        let first = line.chars().next().unwrap_or(' ');
        let key = if is_quote(first) { &line[..token_length(line)] } else { "" };
        let value = without_noise(&line[key.len()..]);
        let is_apart = key.len() + value.len() < line.len();
        let are_texts = is_closed(key) && is_closed(value) && token_length(value) == value.len();
        if is_equals(first) {
            self.out.has_sign = true;
            let at = start..start + first.len_utf8();
            self.lose(at, "等号左边没有名称", "这里要写名称", NAMES);
        } else if are_texts && is_apart {
            let at = start + key.len();
            let help = "补上等号，写成 \"键\" = \"值\" 的样子";
            let edit = (at..at, " =".to_owned());
            self.slip((&SYNTAX, whole), "键和值之间缺少等号", "", help, [edit]);
        } else if line.split_whitespace().nth(1).is_some() || !key.is_empty() && !value.is_empty() {
            self.lose(whole, "键和值之间缺少等号", "", "写成 \"键\" = \"值\" 的样子");
            self.out.is_open = true;
        } else if first.is_ascii_punctuation() && !is_quote(first) {
            let help = "写成 \"键\" = \"值\" 或 [\"表名\"] 的样子；不要的行就删掉";
            self.lose(start..start + 1, "这一行的开头不对", "多余的符号", help);
        } else {
            let help = "写成 \"键\" = \"值\" 的样子；不要的行就删掉";
            self.lose(whole, "这一行只有键，没有值", "", help);
            self.out.is_open = true;
        }
    }

    /// A value that cannot be made out, from where it starts.
    fn break_value(&mut self, start: usize) {
        let text = self.text[start..self.at].trim_end();
        self.out.bare.retain(|bare| bare.start < start);
        self.out.broken.retain(|broken| broken.start < start);
        self.out.broken.push(start..start + text.len());
    }

    /// Says what is wrong with a value of which nothing can be made.
    fn broken(&mut self, range: Range<usize>, message: &str, label: &str, help: &str) {
        self.slip((&SYNTAX, range), message, label, help, []);
    }

    /// A value, up to its end.
    fn value(&mut self, within: Within) {
        let is_end = |c: char| {
            matches!(c, '#' | '＃' | '\n') || (within == Within::Brackets && ends_item(c))
        };
        match self.peek() {
            None => self.no_value(),
            Some(c) if is_end(c) => self.no_value(),
            Some('"' | '\'') => self.string(within),
            Some('{' | '｛') => self.brackets(true),
            Some(c) if is_opening(c) && (c == '[' || self.is_list()) => self.brackets(false),
            Some(_) => self.bare(within),
        }
    }

    fn no_value(&mut self) {
        let help = "没有内容时写 \"\"，金额为零时写 0";
        self.slip((&VALUE_QUOTES, self.at..self.at), "等号后面没有内容", "这里要写值", help, []);
        self.out.is_open = true;
        self.out.broken.push(self.at..self.at);
    }

    /// Whether a full-width bracket opens a list and not a text such as `【重点】项目`.
    fn is_list(&self) -> bool {
        let line = self.rest().lines().next().unwrap_or_default();
        let inside = without_noise(line.trim_start_matches(is_opening));
        inside.starts_with(['"', '\'', '“']) && line.trim_end().ends_with(is_closing)
    }

    /// A value that begins with a quote.
    fn string(&mut self, within: Within) {
        let start = self.at;
        let rest = self.rest();
        let token = &rest[..token_length(rest)];
        let is_multi_line = token.starts_with("\"\"\"") || token.starts_with("'''");
        if is_closed(token) {
            self.at += token.len();
            self.escapes(start..self.at);
            return self.forbidden(start..self.at, "文字");
        }
        if is_multi_line {
            let help = "在文字结束的地方补上三个半角引号 \"\"\"";
            self.broken(start..start + 3, "三个引号开头的文字没有结束", "从这里开始", help);
            self.out.is_open = true;
            self.at = self.text.len();
            return self.break_value(start);
        }
        let written = token.trim_end_matches(is_noise);
        let content = content(written);
        let is_certain = within == Within::Line
            && !self.goes_on
            && content.is_certain
            && content.had_quotes
            && !content.text.contains(['\'', '=', '＝'])
            && comment_in(written).is_none();
        let range = start..start + written.len();
        let help = if self.goes_on {
            "文字要分几行写时，前后各用三个半角引号 \"\"\"".to_owned()
        } else if is_certain {
            format!("补上半角引号，写成 \"{}\"", content.text)
        } else if written.contains(is_wrong) {
            "文字前后都用半角引号；全角引号只能用在文字里面".to_owned()
        } else {
            "在文字结束的地方补上半角引号".to_owned()
        };
        let edit = (range.clone(), format!("\"{}\"", content.text));
        let (at, label) = (range.end..range.end, "到行尾还没有结束的引号");
        self.slip((&SYNTAX, at), "引号没有配对", label, help, is_certain.then_some(edit));
        self.out.is_open = true;
        self.at += token.len();
        if is_certain { self.at = range.end } else { self.break_value(start) }
    }

    /// Names the backslashes that mean nothing.
    fn escapes(&mut self, range: Range<usize>) {
        let token = self.written(&range);
        if !token.starts_with('"') {
            return;
        }
        let is_multi_line = token.starts_with("\"\"\"");
        let mut wrong = Vec::new();
        let mut characters = token.char_indices();
        while let Some((at, c)) = characters.next() {
            if c != '\\' {
                continue;
            }
            let hex = |digits| {
                let digits = token.get(at + 2..at + 2 + digits);
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                code.and_then(char::from_u32).is_some()
            };
            let is_right = match characters.next().map(|(_, c)| c) {
                Some('b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\') => true,
                Some('x') => hex(2),
                Some('u') => hex(4),
                Some('U') => hex(8),
                Some(' ' | '\t' | '\r' | '\n') => is_multi_line,
                _ => false,
            };
            if !is_right {
                wrong.push(range.start + at..range.start + at + 1);
            }
        }
        for at in wrong {
            let help = "文字里要印出反斜杠时写两个：\\\\；一般不需要反斜杠";
            let at = at.end..at.end;
            self.broken(at, "反斜杠 \\ 后面不能是这个字符", "", help);
            self.break_value(range.start);
        }
    }

    /// A value without quotes. Nobody but who asks for it knows what it should be.
    fn bare(&mut self, within: Within) {
        let start = self.at;
        let rest = self.rest();
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let line = match within {
            Within::Line => line,
            Within::Brackets => &line[..line.find(ends_item).unwrap_or(line.len())],
        };
        let written = line[..comment_in(line).unwrap_or(line.len())].trim_end_matches(is_noise);
        let range = start..start + written.len();
        self.at = range.end;
        if is_toml(written) {
            return;
        }
        let content = content(written);
        let slips = self.out.slips.len();
        self.forbidden(range.clone(), "文字");
        let is_clean = self.out.slips.len() == slips;
        if is_clean && content.is_certain && !content.text.contains(['=', '＝', '#']) {
            self.out.bare.push(range);
            return;
        }
        let (message, label) = if content.had_quotes {
            ("文字的引号没有配对", "前后都要有半角引号")
        } else {
            ("等号后面的文字没有加引号", "要加半角引号")
        };
        let help = "文字写在一对半角引号里；文字里的引号用全角的“ ”";
        self.slip((&VALUE_QUOTES, range.clone()), message, label, help, []);
        self.break_value(start);
    }

    /// `{ "列" = "值" }` or `["甲", "乙"]`.
    fn brackets(&mut self, is_table: bool) {
        let start = self.at;
        if !self.items(is_table) {
            // What is left of the line cannot be told apart from what is in the brackets.
            self.at = self.text.len();
            self.break_value(start);
        }
    }

    /// What is between brackets, and the brackets; `false` if it cannot be made out, which is said.
    fn items(&mut self, is_table: bool) -> bool {
        let (opening, closing, wide) = if is_table { ('{', '}', '｝') } else { ('[', ']', '】') };
        let start = self.at;
        self.depth += 1;
        if self.depth > DEEPEST {
            let help = "这种表只需要一层大括号，请检查这一行的括号";
            self.broken(start..start + 1, "括号嵌套得太深", "", help);
            return false;
        }
        self.sign(opening);
        let mut end = self.at;
        let mut is_complete = false;
        loop {
            self.gap();
            let is_end = |c: char| c == closing || c == wide || (!is_table && is_closing(c));
            if self.next_is(is_end) {
                self.sign(closing);
                self.depth -= 1;
                return true;
            }
            if self.rest().is_empty() {
                return self.unclosed(is_table, end, is_complete);
            }
            if is_complete {
                let help = "两项之间用半角逗号 , 隔开";
                let message = if self.next_is(is_equals) {
                    "括号里的写法不对"
                } else {
                    "两项之间缺少逗号"
                };
                self.broken(self.at..self.at, message, "这里应该有半角逗号", help);
                return false;
            }
            if is_table && !self.inner_key() {
                return false;
            }
            let (slips, broken) = (self.out.slips.len(), self.out.broken.len());
            let before = self.at;
            self.value(Within::Brackets);
            if self.out.broken.len() > broken || self.at == before {
                if self.out.slips.len() == slips {
                    let help = "写成 { \"指标值\" = \"≥11\" } 的样子；检查括号、逗号和等号";
                    self.broken(before..before, "括号里的写法不对", "", help);
                }
                return false;
            }
            end = self.at;
            self.gap();
            is_complete = !self.next_is(is_comma);
            if !is_complete {
                self.sign(',');
            }
        }
    }

    fn inner_key(&mut self) -> bool {
        let at = self.at;
        let slips = self.out.slips.len();
        if self.next_is(is_equals) {
            self.broken(at..at, "等号左边没有名称", "这里要写名称", NAMES);
            return false;
        }
        if self.next_is(|c| is_comma(c) || matches!(c, '{' | '}' | '[' | ']')) {
            let help = "写成 { \"指标值\" = \"≥11\" } 的样子；检查括号、逗号和等号";
            self.broken(at..at, "括号里的写法不对", "", help);
            return false;
        }
        let is_read = self.key() && self.equals();
        if !is_read || self.out.is_lost {
            // A key in brackets spoils the value of its line, not the line.
            self.out.is_lost = false;
            if !is_read {
                self.out.slips.truncate(slips);
                let key = token_length(&self.text[at..]);
                let behind = self.text[at + key..].trim_start();
                let at = self.text.len() - behind.len();
                let help = "大括号里写成 { \"指标值\" = \"≥11\" } 的样子";
                self.broken(at..at, "键和值之间缺少等号", "这里应该有 =", help);
            }
            return false;
        }
        true
    }

    /// Says that nothing closes a bracket; `true` if it is clear where it closes.
    fn unclosed(&mut self, is_table: bool, end: usize, is_complete: bool) -> bool {
        let (message, label, bracket) = if is_table {
            ("大括号没有结束", "这里应该有 }", " }")
        } else {
            ("方括号没有结束", "这里应该有 ]", "]")
        };
        let is_certain = is_complete && self.depth == 1 && !self.text[..end].ends_with('\n');
        let help = if is_table { "在同一对 { } 里写完，并补上 }" } else { "补上 ]" };
        let help = if is_certain { format!("补上 {}", bracket.trim()) } else { help.to_owned() };
        let edit = is_certain.then(|| (end..end, bracket.to_owned()));
        self.slip((&SYNTAX, end..end), message, label, help, edit);
        self.depth -= 1;
        is_certain
    }

    /// A sign that may be full-width.
    fn sign(&mut self, right: char) {
        let Some(written) = self.peek() else { return };
        let range = self.at..self.at + written.len_utf8();
        self.at = range.end;
        if written != right {
            let edit = (range.clone(), right.to_string());
            let message = format!("括号里用了“{written}”");
            let help = format!("改成半角的 {right}");
            self.slip((&SYNTAX, range), message, "要用半角符号", help, [edit]);
        }
    }

    /// Goes over space, line breaks and comments between brackets.
    fn gap(&mut self) {
        loop {
            self.space();
            if self.next_is(|c| matches!(c, '#' | '＃')) {
                self.comment();
            }
            if !self.next_is(|c| c == '\n') {
                return;
            }
            self.at += 1;
        }
    }
}

/// A key, or the name of a table.
struct Name {
    range: Range<usize>,
    text: String,
    /// What gives it the quotes it needs.
    edit: Option<Edit>,
    had_quotes: bool,
    /// Whether one of its quotes is missing.
    is_half: bool,
    is_certain: bool,
}

const NAMES: &str = "写成 \"键\" = \"值\" 或 [\"表名\"] 的样子，名称要加半角引号";

/// What ends an item between brackets.
fn ends_item(c: char) -> bool {
    is_comma(c) && c != '、' || matches!(c, '}' | '｝' | ']' | '\n')
}

/// Whether a value is right as it stands.
fn is_toml(written: &str) -> bool {
    toml::de::DeValue::parse(written).is_ok()
}
