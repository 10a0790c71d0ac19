//! Which characters of a text changed. Chinese has no spaces, so characters are what is compared;
//! only a number or a Latin word is one whole.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Texts whose differing middles have more pairs of characters than this are not compared any
/// closer: such a text is another text.
const MOST_PAIRS: usize = 4_000_000;

/// A stretch of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Both have it.
    Same(&'t str),
    /// Only the old text has it.
    Removed(&'t str),
    /// Only the new text has it.
    Added(&'t str),
}

/// A stretch of tokens on both sides, either the same or replaced.
#[derive(Debug, Clone)]
struct Block {
    old: Range<usize>,
    new: Range<usize>,
    is_same: bool,
}

/// The stretches of two texts from beginning to end; what is replaced is removed, then added.
pub fn pieces<'t>(old: &'t str, new: &'t str) -> Vec<Piece<'t>> {
    let (old_tokens, new_tokens) = (tokens(old), tokens(new));
    let (mut old_rest, mut new_rest) = (old, new);
    let mut pieces = Vec::new();
    for block in blocks(&old_tokens, &new_tokens) {
        let removed = take(&mut old_rest, &old_tokens[block.old]);
        let added = take(&mut new_rest, &new_tokens[block.new]);
        if block.is_same {
            pieces.push(Piece::Same(removed));
            continue;
        }
        pieces.extend((!removed.is_empty()).then_some(Piece::Removed(removed)));
        pieces.extend((!added.is_empty()).then_some(Piece::Added(added)));
    }
    pieces
}

/// Characters, and runs of ASCII letters or digits (with the point in between) as one.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| match first {
            '0'..='9' => c.is_ascii_digit() || c == '.',
            _ => c.is_ascii_alphabetic(),
        };
        let length = match first.is_ascii_alphanumeric() {
            true => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Takes the text of some tokens off the front.
fn take<'t>(rest: &mut &'t str, tokens: &[&str]) -> &'t str {
    let (front, after) = rest.split_at(tokens.iter().map(|token| token.len()).sum());
    *rest = after;
    front
}

fn blocks(old: &[&str], new: &[&str]) -> Vec<Block> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let mut blocks = vec![Block { old: 0..start, new: 0..start, is_same: true }];
    if (old_end - start).saturating_mul(new_end - start) > MOST_PAIRS {
        blocks.push(Block { old: start..old_end, new: start..new_end, is_same: false });
    } else {
        let (old, new) = (&old[start..old_end], &new[start..new_end]);
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            let (tag, old, new) = op.as_tag_tuple();
            blocks.push(Block {
                old: old.start + start..old.end + start,
                new: new.start + start..new.end + start,
                is_same: tag == DiffTag::Equal,
            });
        }
    }
    blocks.push(Block { old: old_end..old.len(), new: new_end..new.len(), is_same: true });
    joined(blocks)
}

/// Puts neighbours together, and replaces what is the same between two changes that are both
/// longer: a character that happens to occur in both only tears the words apart.
fn joined(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::new();
    for block in blocks {
        if block.old.is_empty() && block.new.is_empty() {
            continue;
        }
        match joined.last_mut() {
            Some(last) if last.is_same == block.is_same => last.extend_to(&block),
            _ => joined.push(block),
        }
        while let [.., before, island, after] = &mut joined[..]
            && island.is_same
            && island.old.len() < before.size().min(after.size())
        {
            before.extend_to(after);
            joined.truncate(joined.len() - 2);
        }
    }
    joined
}

impl Block {
    fn extend_to(&mut self, next: &Self) {
        self.old.end = next.old.end;
        self.new.end = next.new.end;
    }

    fn size(&self) -> usize {
        self.old.len().max(self.new.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> String {
        let shown = |piece: &Piece<'_>| match piece {
            Piece::Same(text) => (*text).to_owned(),
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("{{+{text}+}}"),
        };
        pieces(old, new).iter().map(shown).collect()
    }

    #[test]
    fn marks_characters() {
        for (old, new, expected) in [
            ("", "", ""),
            ("办公", "办公", "办公"),
            ("", "办公", "{+办公+}"),
            ("办公", "", "[-办公-]"),
            ("完善服务设施", "改善服务设施", "[-完-]{+改+}善服务设施"),
            ("完善服务设施", "完善公共服务设施", "完善{+公共+}服务设施"),
            // A number is one whole; so is a word.
            ("保障2023年11个村", "保障2024年12个村", "保障[-2023-]{+2024+}年[-11-]{+12+}个村"),
            ("增长1.25倍", "增长1.5倍", "增长[-1.25-]{+1.5+}倍"),
            ("Excel表", "Word表", "[-Excel-]{+Word+}表"),
            // What happens to be the same within a change does not tear it apart.
            ("网格员培训会议", "驻村员学习会议", "[-网格员培训-]{+驻村员学习+}会议"),
            ("加强队伍建设", "提升队伍素质", "[-加强-]{+提升+}队伍[-建设-]{+素质+}"),
        ] {
            assert_eq!(marked(old, new), expected);
        }
    }

    #[test]
    fn does_not_compare_what_would_take_too_long() {
        let (old, new) = ("甲乙".repeat(2000), "乙丙丁".repeat(2000));
        assert_eq!(pieces(&old, &new), [Piece::Removed(old.as_str()), Piece::Added(new.as_str())]);
    }
}
