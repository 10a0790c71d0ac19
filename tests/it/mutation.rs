//! Random slips of the finger in the sample data: whatever is typed wrong, either the data is still
//! what it was, or there is a finding within one line of the slip; what is typed into a text, a
//! number or a comment changes exactly that. `--fix` changes nothing but what it names, and a second
//! `--fix` changes nothing at all.
//!
//! `MUTATIONS=100000 cargo test --release --test it mutation -- --nocapture` makes a longer run;
//! `MUTATION_SEED` begins at another place. A failure prints the text before and after the slip.

use std::collections::HashSet;
use std::fs;
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jixiao::author::fix::{Texts, settle};
use jixiao::data::{self, Department, Fields};
use jixiao::diagnostics::{self, Finding, SourceFile};
use jixiao::form::Form;
use jixiao::lint::{Scope, Seen, errors, warnings};
use jixiao::toml::{Document, Said};

const SAMPLE: &str = "data/2023/056-灵沙乡";

/// How many slips are made in each file.
const SLIPS: usize = 2_000;

/// What slips in: signs of TOML, what an input method makes of them, what cannot be seen.
const TYPED: &[&str] = &[
    "\"", "\"", "'", "=", "[", "]", "{", "}", ",", ".", "#", "\\", " ", "\n", "\t", "\r", "-", ":",
    ";", "_", "“", "”", "‘", "’", "＂", "＝", "：", "【", "】", "［", "］", "｛", "｝", "，", "。",
    "、", "；", "＃", "．", "\u{3000}", "\u{a0}", "\u{2002}", "\u{2009}", "\u{200b}", "\u{feff}",
    "\u{200e}", "\u{2028}", "\u{b}", "\u{1}", "0", "1", "9", "２", "％", "a", "x", "e", "年", "项",
    "⽬", "☑",
];

/// A project that is written in every way TOML has; the sample has them all in one.
const MANIFOLD: &str = r##"#:schema ../../schemas/project.json
'项目名称' = '农村公路养护'  # 全称
"项目属性" = "0101-一年期项目"
"项目期" = "1年"
"年度总体目标" = """
目标1：养护县道30公里；
目标2：“四好农村路”达标，\
  群众满意。"""

["项目资金"]
"年度资金总额" = 1_022.50
"财政拨款" = 1022.5
"其他资金" = 0.0

# 数量
["数量指标"]
"养护里程" = { "指标值" = "≥30公里" }
"“一村一品”和“一乡一业”" = "2个"
"涵洞" = {
  # 以验收为准
  "指标值" = "8处",
}

["质量指标"."验收合格率"]
"指标值" = "100%"

["豁免"]
"W103" = "跨年项目"
"##;

/// Numbers that look random but are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn one<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }

    fn typed(&mut self) -> String {
        (0..=self.below(3)).map(|_| *self.one(TYPED)).collect()
    }
}

/// A text with a slip in it, and where the slip is: what was replaced, and what it is now.
struct Slip {
    text: String,
    old: Range<usize>,
    new: Range<usize>,
    /// Whether all that was done is to put a table in another place.
    is_moved: bool,
}

impl Slip {
    fn replace(text: &str, old: Range<usize>, with: &str) -> Self {
        let new = old.start..old.start + with.len();
        let text = format!("{}{with}{}", &text[..old.start], &text[old.end..]);
        Self { text, old, new, is_moved: false }
    }

    fn random(text: &str, random: &mut Random) -> Self {
        let at = place(text, random);
        let end = |count| text[at..].char_indices().nth(count).map_or(text.len(), |(n, _)| at + n);
        let length = 1 + random.below(3);
        match random.below(13) {
            12 => {
                let (mut tables, end) = (tables(text), text.len());
                if tables.len() < 2 {
                    return Self::replace(text, at..at, " ");
                }
                let moved = tables.remove(random.below(tables.len()));
                let to = *random.one(&tables);
                let until =
                    |from: usize| text[from + 1..].find("\n[").map_or(end, |n| from + n + 2);
                let (block, rest) =
                    (moved..until(moved), |a: usize, b: usize| text.get(a..b).unwrap_or(""));
                let block_text = format!("{}\n", rest(block.start, block.end).trim_end());
                let text = if to < moved {
                    [rest(0, to), &block_text, "\n", rest(to, block.start), rest(block.end, end)]
                        .concat()
                } else {
                    [rest(0, block.start), rest(block.end, to), &block_text, "\n", rest(to, end)]
                        .concat()
                };
                let all = 0..text.len();
                Self { text, old: all.clone(), new: all, is_moved: true }
            }
            0..=3 => Self::replace(text, at..at, &random.typed()),
            4..=5 => Self::replace(text, at..end(length), ""),
            6..=8 => Self::replace(text, at..end(length), &random.typed()),
            9 => {
                let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
                let end = text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
                let line = text[start..end].to_owned();
                let line = if line.ends_with('\n') { line } else { format!("\n{line}") };
                Self::replace(text, end..end, &line)
            }
            10 => {
                let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
                let index = random.below(quotes.len());
                let with = *random.one(&["“", "”", "'", "‘", "＂", "「", "", "\"\""]);
                let first = quotes[index];
                match quotes.get(index + 1).filter(|_| random.below(2) == 0) {
                    None => Self::replace(text, first..first + 1, with),
                    Some(&second) => {
                        let closing = match with {
                            "“" => "”",
                            "‘" => "’",
                            "「" => "」",
                            same => same,
                        };
                        let inside = text[first + 1..second].to_owned();
                        Self::replace(text, first..second + 1, &format!("{with}{inside}{closing}"))
                    }
                }
            }
            _ => {
                let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
                let at = *random.one(&spaces);
                let with =
                    *random.one(&["\u{3000}", "\u{a0}", "\u{2003}", "\u{200b}", "", "  ", "\t"]);
                Self::replace(text, at..at + 1, with)
            }
        }
    }
}

/// A random place; half of the time one that is not within a text.
fn place(text: &str, random: &mut Random) -> usize {
    let mut at = text.floor_char_boundary(random.below(text.len() + 1));
    for _ in 0..8 {
        if random.below(2) == 0 || !contents(text).iter().any(|own| own.contains(&at)) {
            break;
        }
        at = text.floor_char_boundary(random.below(text.len() + 1));
    }
    at
}

/// Where the tables begin.
fn tables(text: &str) -> Vec<usize> {
    text.match_indices("\n[").map(|(at, _)| at + 1).collect()
}

/// The insides of texts, the numbers and the comments of a sound text.
fn contents(text: &str) -> Vec<Range<usize>> {
    let mut contents: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for (kind, range) in jixiao::toml::lexemes(text) {
        let numbers =
            text[end..range.start].match_indices(|c: char| c.is_ascii_digit() || c == '.');
        contents.extend(numbers.map(|(at, _)| end + at..end + at + 1));
        end = range.end;
        contents.push(match kind {
            jixiao::toml::Lexeme::Text => range.start + 1..range.end - 1,
            jixiao::toml::Lexeme::Comment => range.start + 1..range.end,
        });
    }
    contents
}

/// What is said about a file of the sample.
struct Check<'f> {
    form: &'f Form,
    is_department: bool,
}

impl Check<'_> {
    fn findings(&self, source: &Arc<SourceFile>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let form = &self.form.definition;
        let (mut fields, mut waivers) = (Fields::default(), Vec::new());
        let mut projects = Vec::new();
        if self.is_department {
            (fields, waivers) = data::department_file(source, form, &mut findings);
        } else {
            projects.extend(data::project(source, form, &mut findings));
        }
        let own =
            if self.is_department { Arc::clone(source) } else { SourceFile::new("部门", "") };
        let department = Department {
            unit: None,
            folder: "056-灵沙乡".to_owned(),
            class: form.class,
            source: own,
            fields,
            waivers,
            projects,
        };
        let scopes = Scope::of(&department, form, "2023", None);
        errors(&scopes, &department, &mut findings);
        warnings(&scopes, &department, &mut Seen::default(), &mut findings);
        diagnostics::sort(&mut findings);
        findings
    }

    /// What is wrong with how a slip is dealt with.
    fn judge(
        &self,
        old: &Arc<SourceFile>,
        known: &HashSet<String>,
        slip: &Slip,
    ) -> Result<(), String> {
        let new = SourceFile::new(old.name(), slip.text.as_str());
        let findings = self.findings(&new);
        let is_new = |finding: &&Finding| !known.contains(&finding.message);
        let (before, after) = (said(old), said(&new));
        if slip.is_moved {
            let is_same =
                rest(all(&before), &all(&after)).is_empty() && before.len() == after.len();
            let is_fine = is_same && !findings.iter().any(|finding| is_new(&finding));
            return is_fine.then_some(()).ok_or("a moved table is another".to_owned());
        }

        // A statement of several lines is hit as a whole.
        let mut hit = old.line(slip.old.start)..=old.line(slip.old.end);
        for row in &before {
            let lines = row.lines(old);
            if lines.start() <= hit.end() && hit.start() <= lines.end() {
                hit = *hit.start().min(lines.start())..=*hit.end().max(lines.end());
            }
        }
        let (shift, count) = (old.line(slip.old.end), new.line(slip.new.end));
        let hit_now = *hit.start()..=hit.end() + count - shift;
        let is_told = findings.iter().filter(is_new).any(|finding| {
            let related = finding.related.iter().map(|(span, _)| span);
            finding.span().into_iter().chain(related).any(|span| {
                let (start, end) = (span.line(), new.line(span.range.end));
                start <= hit_now.end() + 1 && end + 1 >= *hit_now.start()
            })
        });

        // No row on another line is another. Under a table whose name was hit, or came of the slip
        // and is told, only the rows themselves can be compared, and one that stands there already
        // is told.
        let is_header = |row: &Row, source: &SourceFile, hit: &RangeInclusive<usize>| {
            row.said.value.is_empty() && row.lines(source).any(|line| hit.contains(&line))
        };
        let is_header_hit = before.iter().any(|row| is_header(row, old, &hit))
            || is_told && after.iter().any(|row| is_header(row, &new, &hit_now));
        let words = |rows: Vec<(Option<String>, Words)>| -> Vec<(Option<String>, Words)> {
            let bare = |(_, (_, key, value))| (None, (0, key, value));
            if is_header_hit { rows.into_iter().map(bare).collect() } else { rows }
        };
        let others = |rows: &[Row], source: &SourceFile, hit: &RangeInclusive<usize>| {
            let is_other = |row: &&Row| {
                let lines = row.lines(source);
                lines.end() < hit.start() || lines.start() > hit.end()
            };
            words(rows.iter().filter(is_other).map(Row::in_table).collect())
        };
        let mut lost = rest(others(&before, old, &hit), &words(all(&after)));
        let come = rest(others(&after, &new, &hit_now), &words(all(&before)));
        lost.retain(|(_, (_, key, _))| {
            let twice = format!("键“{key}”写了两次");
            !is_header_hit || !findings.iter().any(|finding| finding.message == twice)
        });
        if !lost.is_empty() || !come.is_empty() {
            return Err(format!("other values: {lost:?} → {come:?}, told: {is_told}"));
        }

        // What changed on the line itself is told, or it is one text, number or comment.
        let bare = |rows: &[Row]| rows.iter().map(Row::words).collect::<Vec<_>>();
        let (lost, come) = (rest(bare(&before), &bare(&after)), rest(bare(&after), &bare(&before)));
        let is_content = contents(old.text())
            .iter()
            .any(|own| own.start <= slip.old.end + 1 && slip.old.start <= own.end + 1);
        let is_one = is_content && lost.len() == 1 && come.len() == 1;
        if !(is_told || is_one || lost.is_empty() && come.is_empty()) {
            return Err(format!("not told: {lost:?} → {come:?}"));
        }
        self.judge_fix(&new)
    }

    /// What is wrong with how a text is repaired.
    fn judge_fix(&self, old: &Arc<SourceFile>) -> Result<(), String> {
        let fix = |source: &Arc<SourceFile>| {
            settle(Texts::new(), &|texts| self.findings(texts.get(source.name()).unwrap_or(source)))
        };
        let settled = fix(old);
        let Some(new) = settled.texts.get(old.name()) else { return Ok(()) };
        if settled.made.is_empty() {
            return Err("changed without a word".to_owned());
        }
        let lines =
            |source: &SourceFile| source.text().lines().map(str::to_owned).collect::<Vec<_>>();
        let (old_lines, new_lines) = (lines(old), lines(new));
        if old.text().matches('\n').count() != new.text().matches('\n').count() {
            return Err("--fix changed the number of lines".to_owned());
        }
        let is_changed = |number: usize| old_lines.get(number - 1) != new_lines.get(number - 1);
        let untouched = |source: &Arc<SourceFile>| {
            let is_same = |row: &Row| !row.lines(source).any(is_changed);
            let rows = said(source).into_iter().filter(is_same);
            rows.map(|row| row.words()).collect::<Vec<_>>()
        };
        if untouched(old) != untouched(new) {
            return Err("--fix changed another value".to_owned());
        }
        for (number, (old, new)) in old_lines.iter().zip(&new_lines).enumerate() {
            let place = format!(":{}:", number + 1);
            if old != new && !settled.made.iter().any(|made| made.contains(&place)) {
                return Err(format!("--fix did not name {old} → {new}: {:?}", settled.made));
            }
        }
        let second = fix(new);
        match second.texts.get(old.name()) {
            Some(third) => {
                Err(format!("a second --fix changed {:?} to {:?}", new.text(), third.text()))
            }
            None => Ok(()),
        }
    }
}

/// How deep a row stands, its key and its value.
type Words = (usize, String, String);

/// A key with its value and the table it stands in.
#[derive(Debug)]
struct Row {
    parent: Option<String>,
    said: Said,
}

impl Row {
    fn words(&self) -> Words {
        (self.said.depth, self.said.key.clone(), self.said.value.clone())
    }

    fn in_table(&self) -> (Option<String>, Words) {
        (self.parent.clone(), self.words())
    }

    fn lines(&self, source: &SourceFile) -> RangeInclusive<usize> {
        source.line(self.said.range.start)..=source.line(self.said.range.end)
    }
}

fn all(rows: &[Row]) -> Vec<(Option<String>, Words)> {
    rows.iter().map(Row::in_table).collect()
}

/// What is left of `rows` when the others are taken out, each once.
fn rest<T: PartialEq + Clone>(rows: Vec<T>, others: &[T]) -> Vec<T> {
    let mut others = others.to_vec();
    let is_left = |row: &T| match others.iter().position(|other| other == row) {
        Some(index) => {
            others.remove(index);
            false
        }
        None => true,
    };
    let mut is_left = is_left;
    rows.into_iter().filter(|row| is_left(row)).collect()
}

fn said(source: &Arc<SourceFile>) -> Vec<Row> {
    let mut tables: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for said in Document::parse(source, &mut Vec::new()).statements() {
        tables.truncate(said.depth);
        let parent = tables.last().cloned();
        if said.value.is_empty() {
            tables.push(said.key.clone());
        }
        rows.push(Row { parent, said });
    }
    rows
}

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn slips_of_the_finger_are_told_and_change_nothing_else() {
    let form = Form::builtin().unwrap();
    let mut files: Vec<std::path::PathBuf> =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
    files.sort();
    let mut texts: Vec<(String, String)> = files
        .iter()
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    texts.push(("多样.toml".to_owned(), MANIFOLD.to_owned()));
    texts.push(("回车.toml".to_owned(), MANIFOLD.replace('\n', "\r\n")));
    let count = number("MUTATIONS").map_or(SLIPS, |all| all / texts.len() + 1);
    let seed = u64::try_from(number("MUTATION_SEED").unwrap_or(7)).unwrap();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failures: Vec<String> = std::thread::scope(|scope| {
        let work = || {
            let mut failures = Vec::new();
            while let Some((name, text)) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                let source = SourceFile::new(name, text);
                let check = Check { form: &form, is_department: name == "部门.toml" };
                let known =
                    check.findings(&source).into_iter().map(|finding| finding.message).collect();
                let mut random = Random(
                    seed ^ u64::from(name.as_bytes()[1]) << 32
                        ^ u64::from(name.as_bytes()[0]) << 40,
                );
                for _ in 0..count {
                    let slip = Slip::random(source.text(), &mut random);
                    done.fetch_add(1, Ordering::Relaxed);
                    if let Err(reason) = check.judge(&source, &known, &slip) {
                        let line = |text: &str, at: &Range<usize>| {
                            let start = text[..at.start].rfind('\n').map_or(0, |n| n + 1);
                            let end = text[at.end..].find('\n').map_or(text.len(), |n| at.end + n);
                            text[start..end].to_owned()
                        };
                        let (old, new) =
                            (line(source.text(), &slip.old), line(&slip.text, &slip.new));
                        failures.push(format!("{name}: {reason}\n  {old:?}\n  {new:?}"));
                    }
                }
            }
            failures
        };
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    println!("{} slips, {} failures", done.into_inner(), failures.len());
    assert!(
        failures.is_empty(),
        "{}",
        failures.iter().take(60).map(|f| format!("{f}\n")).collect::<String>()
    );
}
