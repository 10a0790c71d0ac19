//! What is written in a field or a column (种类), and what may be written there.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::diagnostics::{Finding, Rule};
use crate::toml::{Need, Table};

/// The key in `form.toml` that says what is written in a field or a column.
pub const KIND: &str = "种类";
/// The key with the words of which one is written.
pub const CHOICES: &str = "选项";
/// The key that says whether all words are printed, with a tick before the one.
pub const TICKED: &str = "打勾";
/// The key with what the numbers of a column add up to.
pub const SUM: &str = "合计";
/// The key with the column whose numbers are the most a number may be.
pub const MOST: &str = "最大";
/// The words for kinds.
pub const KINDS: [&str; 3] = [TEXT, PARAGRAPH, NUMBER];

const TEXT: &str = "文字";
const PARAGRAPH: &str = "段落";
const NUMBER: &str = "数";

/// What is written in a field or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text of sentences (段落), whose lines are filled.
    Paragraph,
    /// A number (数), written without quotes.
    Number(Limits),
    /// One of some words (选项).
    Choice(Choices),
}

/// Some words of which one is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// The words.
    pub words: Vec<String>,
    /// Whether all of them are printed, with a tick before the one (打勾).
    pub ticked: bool,
}

/// What stands before the word that is chosen, and before the others. There is no ticked box in
/// the fonts of official papers.
const TICK: char = '√';
const BOX: char = '□';

impl Choices {
    /// The chosen word as it is printed; nothing is ticked if none is chosen.
    pub fn printed(&self, chosen: &str) -> String {
        if !self.ticked {
            return chosen.to_owned();
        }
        let tick = |word: &String| format!("{}{word}", if word == chosen { TICK } else { BOX });
        self.words.iter().map(tick).collect::<Vec<_>>().join("\n")
    }

    /// The word that is ticked in a printed list; `None` if it is no such list, or if not just one
    /// is ticked.
    pub fn ticked_in(&self, printed: &str) -> Option<&str> {
        let is_tick = |c: char| matches!(c, '√' | '✓' | '✔' | '☑' | '☒' | '■' | '▣');
        let is_box = |c: char| matches!(c, '□' | '☐' | '▢');
        let mut ticked = None;
        let mut rest = printed;
        for word in &self.words {
            let (before, behind) = rest.split_once(word.as_str())?;
            let mark = before.trim_end().chars().next_back()?;
            if is_tick(mark) {
                if ticked.replace(word.as_str()).is_some() {
                    return None;
                }
            } else if !is_box(mark) {
                return None;
            }
            rest = behind;
        }
        ticked
    }
}

/// What numbers of a column are held against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// What those of a project add up to (合计).
    pub sum: Option<Decimal>,
    /// The column of the number that they may not exceed (最大).
    pub most: Option<String>,
}

impl Kind {
    /// Reads what a field or a column says of what is written there; `None` if it says nothing.
    /// Numbers of a column may have limits.
    pub(super) fn parse(
        options: &mut Table<'_>,
        is_column: bool,
        rule: &'static Rule,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let choices = options.place_of(CHOICES);
        let kind = options.place_of(KIND);
        let limit = [SUM, MOST].iter().filter(|_| is_column).find_map(|key| options.place_of(key));
        if let (Some(_), Some(other)) = (&choices, kind.as_ref().or(limit.as_ref())) {
            let message = "写了“选项”，就是从里面选一个，不再是别的种类";
            let finding = Finding::at(rule, other.clone(), message);
            findings.push(finding.help("删掉这一处，或者删掉“选项”"));
        }
        if let Some(place) = choices {
            let choices = options.texts(CHOICES, Need::Optional, findings).unwrap_or_default();
            let choices: Vec<String> = choices.into_iter().map(|it| it.into_inner()).collect();
            let distinct: BTreeSet<&str> = choices.iter().map(|choice| choice.trim()).collect();
            if distinct.is_empty() || distinct.len() < choices.len() || distinct.contains("") {
                let help = "例如 \"选项\" = [\"≥\", \"≤\", \"＝\", \"定性\"]";
                let finding =
                    Finding::at(rule, place, "“选项”要写不同的词；只有一个词的，就是填它或者不填");
                findings.push(finding.help(help));
            }
            // What else is said has been reported.
            for key in [KIND, SUM, MOST] {
                let _ = options.take(key);
            }
            let ticked = options.flag(TICKED, findings);
            return Some(Self::Choice(Choices { words: choices, ticked }));
        }
        let mut limits = Limits::default();
        if is_column {
            limits.sum = options.number(SUM, findings).map(|sum| sum.into_inner());
            let most = options.text(MOST, Need::Optional, findings);
            limits.most = most.map(|most| most.into_inner());
        }
        let Some(word) = options.text(KIND, Need::Optional, findings) else {
            return limit.map(|_| Self::Number(limits));
        };
        let place = options.span_of(&word);
        let (kind, message, help) = match (word.get_ref().as_str(), limit) {
            (NUMBER, _) => return Some(Self::Number(limits)),
            (TEXT, None) => return Some(Self::Text),
            (PARAGRAPH, None) => return Some(Self::Paragraph),
            (TEXT | PARAGRAPH, Some(_)) => (
                Self::Number(limits),
                "只有数才有“合计”“最大”".to_owned(),
                "改成 \"种类\" = \"数\"，或者删掉“合计”“最大”",
            ),
            (other, _) => (
                Self::Text,
                format!("没有“{other}”这个种类"),
                "写 \"文字\"、\"段落\" 或 \"数\"；从几个词里选一个的，写“选项”",
            ),
        };
        findings.push(Finding::at(rule, place, message).help(help));
        Some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_word_is_ticked_and_found_again() {
        let words = ["能", "可能", "不可能"].map(str::to_owned).to_vec();
        let choices = Choices { words: words.clone(), ticked: true };
        assert_eq!(choices.printed("可能"), "□能\n√可能\n□不可能");
        assert_eq!(choices.printed(""), "□能\n□可能\n□不可能");
        for word in &words {
            assert_eq!(choices.ticked_in(&choices.printed(word)), Some(word.as_str()));
        }
        assert_eq!(choices.ticked_in("☐ 能  ☐ 可能  ☑ 不可能"), Some("不可能"));
        for text in ["", "能", "□能□可能□不可能", "√能√可能□不可能", "√能", "能√可能□不可能"]
        {
            assert_eq!(choices.ticked_in(text), None, "{text}");
        }
        assert_eq!(Choices { words, ticked: false }.printed("能"), "能");
    }
}
