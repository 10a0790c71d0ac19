//! A part of the work, for one of several machines.

use std::str::FromStr;

/// The `number`th of `count` parts: of a list, every `count`th item from there on. The parts have no
/// item in common, and together they are the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    count: usize,
}

impl FromStr for Shard {
    type Err = &'static str;

    /// Reads `K/N`, K from 1 to N.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/').and_then(|(number, count)| {
            Some(Self { number: number.parse().ok()?, count: count.parse().ok()? })
        });
        numbers
            .filter(|shard| (1..=shard.count).contains(&shard.number))
            .ok_or("写成 K/N：分成 N 部分，印第 K 部分，K 从 1 到 N，例如 2/8")
    }
}

impl Shard {
    /// Its items of a list.
    pub(super) fn of<T>(self, items: Vec<T>) -> Vec<T> {
        items.into_iter().skip(self.number - 1).step_by(self.count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_disjoint_and_complete() {
        for total in [0, 1, 2, 7, 100] {
            for count in [1, 2, 3, 7, 101] {
                let parts = (1..=count).map(|number| Shard { number, count });
                let mut all: Vec<usize> =
                    parts.flat_map(|part| part.of((0..total).collect())).collect();
                all.sort_unstable();
                assert_eq!(all, (0..total).collect::<Vec<_>>(), "{total} in {count} parts");
            }
        }
    }

    #[test]
    fn only_a_number_within_the_count_is_a_part() {
        assert_eq!("2/8".parse(), Ok(Shard { number: 2, count: 8 }));
        for wrong in ["0/8", "9/8", "1/0", "8", "/", "1/", "a/b", "-1/2", "1/2/3", "１/２", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
