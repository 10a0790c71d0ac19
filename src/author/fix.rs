//! Repairs: the edits that findings carry, made in the files.
//!
//! A repair is tried in memory first. The department is looked at again with the repair made; if
//! there is then something to say that was not to be said before, or a value says something else
//! that the repair was not about, the repair is not made, and the reason is told.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostics::{Edit, Finding, Rule, Severity, SourceFile, repaired, shown};
use crate::lint::Reviewer;
use crate::toml::{Document, text_file};

pub(crate) static NOT_REPAIRED: Rule = Rule {
    code: "W605",
    name: "没有自动改",
    severity: Severity::Warning,
    explanation: r#"看什么：check --fix 有没有哪一处改不下去。
为什么：改一处不能带出新的问题，也不能动到别的内容；有这样的情况就不改，留给人来定。
反例：`"培训2期"` 和 `"培训２期"` 两行，全角数字改成半角就成了两个同样的键。
正例：先把两行的文字区分开，再运行 check --fix。"#,
};

/// The kinds of findings reported here.
pub(crate) const RULES: &[&Rule] = &[&NOT_REPAIRED];

/// Repairs are repeated until nothing is left to repair; a repair may uncover another.
const MOST_ROUNDS: usize = 10;

/// How many findings are looked at again to find out which of many repairs does harm: some seconds'
/// worth. Whoever has more to repair than that has another trouble.
const MOST_LOOKED_AT: usize = 100_000;

/// What was repaired in a department.
#[derive(Debug, Default)]
pub struct Repairs {
    /// What was done, one line each.
    pub made: Vec<String>,
    /// Which repairs were not made and why, and what kept files from being written.
    pub findings: Vec<Finding>,
}

/// Files by their names, where they say something else than on the disk.
pub type Texts = HashMap<String, Arc<SourceFile>>;

/// Repairs what can be repaired in a department.
pub fn repair(reviewer: &Reviewer<'_>, folder: &Path) -> Repairs {
    let look = |texts: &Texts| {
        let read = |path: &Path| match texts.get(&shown(path)) {
            Some(source) => Ok(Arc::clone(source)),
            None => text_file::read(path),
        };
        reviewer.look_at(&read, folder)
    };
    let mut texts = Texts::new();
    let mut made = Vec::new();
    let mut originals = BTreeMap::new();
    for finding in look(&texts) {
        if let Some(text_file::Converted { bytes, encoding, source }) = text_file::convert(&finding)
        {
            made.push(format!("{} 文件原来是 {encoding} 编码，已改成 UTF-8", source.name()));
            originals.insert(source.name().to_owned(), bytes);
            texts.insert(source.name().to_owned(), source);
        }
    }
    let settled = settle(texts, &look);
    let mut findings = settled.refused;
    let mut unwritten = HashSet::new();
    for (name, source) in settled.texts {
        let old = match originals.remove(&name).or_else(|| settled.originals.get(&name).cloned()) {
            Some(old) => old,
            None => continue,
        };
        if let Err(finding) = text_file::replace(&name, &old, &source.bytes()) {
            findings.push(*finding);
            unwritten.insert(name);
        }
    }
    made.extend(settled.made);
    made.retain(|line| !unwritten.iter().any(|name| line.starts_with(name.as_str())));
    Repairs { made, findings }
}

/// What came of repairing files in memory.
#[derive(Debug, Default)]
pub struct Settled {
    /// The files as they are now.
    pub texts: Texts,
    /// What was done, one line each.
    pub made: Vec<String>,
    /// The repairs that were not made.
    pub refused: Vec<Finding>,
    /// What the repaired files held before.
    originals: HashMap<String, Vec<u8>>,
}

/// Looks at files, some of which say something else than on the disk.
pub type Look<'l> = dyn Fn(&Texts) -> Vec<Finding> + 'l;

/// Makes the repairs that are found by looking at files, and looks again, until nothing is left to
/// repair.
pub fn settle(texts: Texts, look: &Look<'_>) -> Settled {
    let mut settled = Settled { texts, ..Settled::default() };
    let mut refused = HashSet::new();
    let mut looked_at = 0;
    let mut findings = look(&settled.texts);
    for round in 0..=MOST_ROUNDS {
        let mut fixes: Vec<&Finding> = findings.iter().collect();
        fixes.retain(|finding| !finding.fix.is_empty() && !refused.contains(&identity(finding)));
        if fixes.is_empty() {
            break;
        }
        if round == MOST_ROUNDS {
            settled.refused.extend(fixes.into_iter().map(|fix| not_repaired(fix, ENDLESS)));
            break;
        }
        let mut trial = Trial::new(look, settled.texts.clone(), &findings, looked_at);
        trial.split(&fixes);
        looked_at = trial.looked_at;
        let Trial { accepted, rejected, untried, .. } = trial;
        for (fix, why) in &rejected {
            refused.insert(identity(fix));
            settled.refused.push(not_repaired(fix, why));
        }
        refused.extend(untried.iter().map(|fix| identity(fix)));
        if let Some(first) = untried.first() {
            let why = format!("要改的太多，连它一共 {} 处没有改", untried.len());
            settled.refused.push(not_repaired(first, &why));
        }
        let (changed, made) = apply(&accepted);
        if !made.is_empty() {
            // What did harm before may do none now.
            refused.clear();
            settled.refused.clear();
        }
        settled.made.extend(made.iter().map(|fix| described(fix)));
        for (name, new) in changed {
            let old = made.iter().find_map(|fix| repaired_file(fix, &name));
            if let Some(old) = old {
                settled.originals.entry(name.clone()).or_insert_with(|| old.bytes());
            }
            settled.texts.insert(name, new);
        }
        findings = look(&settled.texts);
    }
    settled
}

/// What is said of repairs that bring back what they repair.
const ENDLESS: &str = "改了又会再出现";

/// Says that a repair was not made.
fn not_repaired(finding: &Finding, why: &str) -> Finding {
    let message = format!("这一处没有自动改（{}）：{why}", finding.message);
    let help = "看清楚以后自己改；改好再检查一次";
    match finding.span() {
        Some(span) => Finding::at(&NOT_REPAIRED, span.clone(), message).help(help),
        None => Finding::about(&NOT_REPAIRED, Path::new(finding.file()), message).help(help),
    }
}

/// What a repair did, in one line: where, what was wrong, and what was made of it.
fn described(finding: &Finding) -> String {
    let place = finding.span().map(|span| format!(":{}:{}", span.line(), span.column()));
    let help = finding.help.first().map(String::as_str).unwrap_or_default();
    let is_deed =
        ["改成", "删掉", "补上", "加上", "换成"].iter().any(|verb| help.starts_with(verb));
    let deed = if is_deed { format!("，已{help}") } else { String::new() };
    format!("{}{} {}{deed}", finding.file(), place.unwrap_or_default(), finding.message)
}

/// The file of this name, if a repair changes it.
fn repaired_file<'f>(fix: &'f Finding, name: &str) -> Option<&'f Arc<SourceFile>> {
    fix.fix.first().map(|edit| &edit.span.source).filter(|source| source.name() == name)
}

/// Where something is found and by which rule; no repair changes the number of lines.
type Known = (String, &'static str, Option<usize>);

fn known(finding: &Finding) -> Known {
    let line = finding.span().map(|span| span.line());
    (finding.file().to_owned(), finding.rule.code, line)
}

/// What tells a finding from the others on its line.
fn identity(finding: &Finding) -> (Known, String) {
    (known(finding), finding.message.clone())
}

/// The files that repairs change, and the repairs that were made: of those that touch the same
/// text only the first.
fn apply<'f>(fixes: &[&'f Finding]) -> (Texts, Vec<&'f Finding>) {
    let mut files: Vec<(&Arc<SourceFile>, Vec<&'f Finding>)> = Vec::new();
    for fix in fixes {
        let Some(first) = fix.fix.first() else { continue };
        let source = &first.span.source;
        match files.iter_mut().find(|(known, _)| Arc::ptr_eq(known, source)) {
            Some((_, fixes)) => fixes.push(fix),
            None => files.push((source, vec![fix])),
        }
    }
    let mut texts = Texts::new();
    let mut made = Vec::new();
    for (source, fixes) in files {
        let edits: Vec<&[Edit]> = fixes.iter().map(|fix| fix.fix.as_slice()).collect();
        let (text, indices) = repaired(source.text(), &edits);
        made.extend(indices.into_iter().filter_map(|index| fixes.get(index)));
        texts.insert(source.name().to_owned(), source.with_text(text));
    }
    (texts, made)
}

/// Repairs that are tried on the texts as they are.
struct Trial<'t> {
    look: &'t Look<'t>,
    texts: Texts,
    findings: usize,
    /// How often what is found now.
    known: HashMap<Known, usize>,
    /// How many findings were looked at again.
    looked_at: usize,
    /// The repairs that do no harm.
    accepted: Vec<&'t Finding>,
    /// The repairs that do, each with what it does.
    rejected: Vec<(&'t Finding, String)>,
    /// The repairs that were not tried.
    untried: Vec<&'t Finding>,
}

impl<'t> Trial<'t> {
    fn new(look: &'t Look<'t>, texts: Texts, findings: &'t [Finding], looked_at: usize) -> Self {
        let mut known: HashMap<Known, usize> = HashMap::new();
        for finding in findings {
            *known.entry(self::known(finding)).or_default() += 1;
        }
        let (accepted, rejected, untried) = Default::default();
        let findings = findings.len();
        Self { look, texts, findings, known, looked_at, accepted, rejected, untried }
    }

    /// Tells the repairs that do no harm from the others, by halves.
    fn split(&mut self, fixes: &[&'t Finding]) {
        if self.looked_at >= MOST_LOOKED_AT {
            return self.untried.extend(fixes);
        }
        self.looked_at += self.findings;
        let all: Vec<&Finding> = self.accepted.iter().chain(fixes).copied().collect();
        match (self.harm(&all), fixes) {
            (None, _) => self.accepted.extend(fixes),
            (Some(_), []) => {}
            (Some(why), [fix]) => self.rejected.push((fix, why)),
            (Some(_), _) => {
                let (first, second) = fixes.split_at(fixes.len() / 2);
                self.split(first);
                self.split(second);
            }
        }
    }

    /// What is wrong with making repairs, if anything is.
    fn harm(&self, fixes: &[&Finding]) -> Option<String> {
        let (changed, made) = apply(fixes);
        for (name, new) in &changed {
            let old = made.iter().find_map(|fix| repaired_file(fix, name))?;
            let edits = made.iter().flat_map(|fix| &fix.fix);
            let own = edits.filter(|edit| edit.span.source.name() == name);
            let ranges: Vec<&Range<usize>> = own.map(|edit| &edit.span.range).collect();
            if let Some(key) = changed_value(old, new, &ranges) {
                return Some(format!("改了以后“{key}”的内容也会变"));
            }
        }
        let mut texts = self.texts.clone();
        texts.extend(changed);
        for _ in 0..MOST_ROUNDS {
            let new = self.not_known((self.look)(&texts));
            // What comes up can be repaired too (`２ 次`, then `2 次`), or it is here to stay.
            match new.iter().find(|finding| finding.fix.is_empty()) {
                Some(finding) => {
                    return Some(format!("改了以后会有新的问题：{}", finding.message));
                }
                None if new.is_empty() => return None,
                None => texts.extend(apply(&new.iter().collect::<Vec<_>>()).0),
            }
        }
        Some(ENDLESS.to_owned())
    }

    /// The findings that are more than there were.
    fn not_known(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        let mut left = self.known.clone();
        findings.retain(|finding| match left.get_mut(&known(finding)) {
            None | Some(0) => true,
            Some(count) => {
                *count -= 1;
                false
            }
        });
        findings
    }
}

/// The key of a value that says something else although no edit touches it.
fn changed_value(
    old: &Arc<SourceFile>,
    new: &Arc<SourceFile>,
    edits: &[&Range<usize>],
) -> Option<String> {
    let said = |source| Document::parse(source, &mut Vec::new()).statements();
    let (old, new) = (said(old), said(new));
    let is_meant = |range: &Range<usize>| {
        edits.iter().any(|edit| edit.start <= range.end && range.start <= edit.end)
    };
    let longer = if old.len() > new.len() { &old } else { &new };
    if old.len() != new.len() {
        let first = old.iter().zip(&new).position(|(old, new)| old.key != new.key);
        return longer.get(first.unwrap_or(old.len().min(new.len()))).map(|said| said.key.clone());
    }
    old.iter().zip(&new).find_map(|(old, new)| {
        let is_same = (old.depth, &old.key, &old.value) == (new.depth, &new.key, &new.value);
        let is_fine = is_same || is_meant(&old.range) && old.depth == new.depth;
        (!is_fine).then(|| old.key.clone())
    })
}
