//! Which places of a mended text are which places of the file.

use std::ops::Range;

/// What begins the name that stands for the name of a table which cannot be read: no one can have
/// typed it.
pub(super) const LOST_TABLE: char = '\0';

/// Where what stands in a mended text stands in the file.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// What was replaced, in order: by its place in the mended text, and in the file.
    pub(super) edits: Vec<(Range<usize>, Range<usize>)>,
}

impl Places {
    /// The place in the file of a place in the mended text.
    pub fn in_file(&self, range: Range<usize>) -> Range<usize> {
        let start = self.edits.partition_point(|(new, _)| new.start <= range.start);
        let start = match self.edits[..start].last() {
            Some((new, old)) if range.start < new.end => old.start,
            Some((new, old)) => old.end + (range.start - new.end),
            None => range.start,
        };
        let end = self.edits.partition_point(|(new, _)| new.start < range.end);
        let end = match self.edits[..end].last() {
            Some((new, old)) if range.end <= new.end => old.end,
            Some((new, old)) => old.end + (range.end - new.end),
            None => range.end,
        };
        start..end.max(start)
    }
}

/// What of a text is not what the parser takes it for.
#[derive(Debug, Default)]
pub(super) struct Mends {
    pub places: Places,
    /// The values without quotes, by their places in the file.
    pub bare: Vec<Range<usize>>,
    /// The values of which nobody can say what they are.
    pub broken: Vec<Range<usize>>,
}
