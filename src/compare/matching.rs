//! Which things of the old side are the same things on the new side.
//!
//! The steps treat both sides alike, so that swapping the sides gives the same pairs.

use std::collections::HashMap;
use std::hash::Hash;

/// Beyond this many pairs to look at, things are no longer recognised by similarity: no real form
/// has so many, and comparing must not take minutes.
const MOST_PAIRS: usize = 250_000;

/// Pairs of positions, found step by step, the surest way first.
#[derive(Debug)]
pub(super) struct Matching {
    old: Vec<Option<usize>>,
    new: Vec<Option<usize>>,
}

impl Matching {
    /// Nothing is paired yet.
    pub fn new(old: usize, new: usize) -> Self {
        Self { old: vec![None; old], new: vec![None; new] }
    }

    /// Pairs what has the same key; of several with one key the first with the first, and so on.
    /// What has no key is left alone.
    pub fn by_key<K: Eq + Hash>(
        &mut self,
        old: impl Fn(usize) -> Option<K>,
        new: impl Fn(usize) -> Option<K>,
    ) {
        let mut waiting: HashMap<K, Vec<usize>> = HashMap::new();
        for index in free(&self.old).into_iter().rev() {
            if let Some(key) = old(index) {
                waiting.entry(key).or_default().push(index);
            }
        }
        for index in free(&self.new) {
            if let Some(found) = new(index).and_then(|key| waiting.get_mut(&key)?.pop()) {
                self.pair(found, index);
            }
        }
    }

    /// Pairs what is alike, the most similar first; `score` is from 0 to 1, what is below
    /// `threshold` stays alone. Of equal scores, the pair whose positions differ less goes first.
    pub fn by_similarity(&mut self, threshold: f64, score: impl Fn(usize, usize) -> f64) {
        let (old, new) = (free(&self.old), free(&self.new));
        if old.len().saturating_mul(new.len()) > MOST_PAIRS {
            return;
        }
        let pairs = old.iter().flat_map(|&old| new.iter().map(move |&new| (old, new)));
        let mut scored: Vec<(f64, usize, usize)> = pairs
            .map(|(old, new)| (score(old, new), old, new))
            .filter(|(score, ..)| *score >= threshold)
            .collect();
        scored.sort_by(|(a, old_a, new_a), (b, old_b, new_b)| {
            let place = |old: usize, new: usize| (old.abs_diff(new), old + new);
            b.total_cmp(a).then_with(|| place(*old_a, *new_a).cmp(&place(*old_b, *new_b)))
        });
        for (_, old, new) in scored {
            if self.old[old].is_none() && self.new[new].is_none() {
                self.pair(old, new);
            }
        }
    }

    /// All pairs `(old, new)`, in the order of the old side.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.old.iter().enumerate().filter_map(|(old, new)| Some((old, (*new)?)))
    }

    /// Everything once, as `(old, new)`, in the order of the new side; what is only on the old side
    /// stands where it stood there.
    pub fn all(&self) -> Vec<(Option<usize>, Option<usize>)> {
        let gone = self.old.iter().enumerate().filter(|(_, new)| new.is_none());
        let gone = gone.map(|(old, _)| (old, (Some(old), None)));
        let there = self.new.iter().enumerate().map(|(new, old)| (new, (*old, Some(new))));
        let mut all: Vec<_> = gone.chain(there).collect();
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, pair)| pair).collect()
    }

    fn pair(&mut self, old: usize, new: usize) {
        self.old[old] = Some(new);
        self.new[new] = Some(old);
    }
}

fn free(side: &[Option<usize>]) -> Vec<usize> {
    (0..side.len()).filter(|&index| side[index].is_none()).collect()
}

/// A text as the sorted pairs of neighbouring characters, to tell how alike two texts are.
#[derive(Debug)]
pub(super) struct Bigrams(Vec<(char, char)>);

impl Bigrams {
    /// Takes in a text; spaces do not count.
    pub fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut pairs: Vec<_> = characters.windows(2).map(|pair| (pair[0], pair[1])).collect();
        // A single character has no neighbour.
        if let [only] = characters[..] {
            pairs.push((only, only));
        }
        pairs.sort_unstable();
        Self(pairs)
    }

    /// The Sørensen–Dice coefficient, from 0 (nothing in common) to 1.
    pub fn similarity(&self, other: &Self) -> f64 {
        dice(&self.0, &other.0)
    }
}

/// The Sørensen–Dice coefficient of two sorted lists: twice what they share over what they have.
pub(super) fn dice<T: Ord>(a: &[T], b: &[T]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a length is far below 2^52")]
    let ratio = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    ratio(2 * common, a.len() + b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_of_neighbouring_characters() {
        let similarity = |a, b| Bigrams::new(a).similarity(&Bigrams::new(b));
        assert!(similarity("村级办公经费", "村级办公经费补助") > 0.8);
        assert!(similarity("村级办公经费", "学校食堂改造") < 0.1);
        assert!((similarity("人", "人") - 1.0).abs() < f64::EPSILON);
        assert!(similarity("", "").abs() < f64::EPSILON);
    }

    #[test]
    fn the_surest_pairs_come_first() {
        let (old, new) = (["甲", "乙", "甲"], ["丙", "甲", "甲"]);
        let mut matching = Matching::new(3, 3);
        matching.by_key(|i| Some(old[i]), |i| Some(new[i]));
        assert_eq!(matching.pairs().collect::<Vec<_>>(), [(0, 1), (2, 2)]);
        matching.by_similarity(0.5, |_, _| 0.4);
        assert_eq!(
            matching.all(),
            [(None, Some(0)), (Some(1), None), (Some(0), Some(1)), (Some(2), Some(2))]
        );
        matching.by_similarity(0.5, |_, _| 0.6);
        assert!(matching.pairs().any(|pair| pair == (1, 0)));
    }

    #[test]
    fn of_equally_similar_things_the_same_are_paired_from_both_sides() {
        for (old, new) in (0..4).flat_map(|old| (0..4).map(move |new| (old, new))) {
            let mut there = Matching::new(old, new);
            there.by_similarity(0.5, |_, _| 0.6);
            let mut back = Matching::new(new, old);
            back.by_similarity(0.5, |_, _| 0.6);
            let mut mirrored: Vec<_> = back.pairs().map(|(new, old)| (old, new)).collect();
            mirrored.sort_unstable();
            assert_eq!(there.pairs().collect::<Vec<_>>(), mirrored);
        }
    }
}
