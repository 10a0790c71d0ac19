//! A line of a data file with what is said about it.

use std::ops::Range;

/// A line of the formatted text, with the comments that belong to it.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// A key with its value, or the header of a table.
    pub text: String,
    /// Whether it is the header of a table.
    pub is_header: bool,
    /// Where it stands in the source. A table that dotted keys make has no place of its own.
    pub place: Option<Range<usize>>,
    /// Where the values of an indicator stand that is not written on one line.
    pub parts: Vec<Range<usize>>,
    /// The comments on the lines above it.
    pub above: Vec<Comment>,
    /// The comment at its end.
    pub beside: Option<String>,
    /// The comments on the lines below it: it is the last of its table.
    pub below: Vec<Comment>,
}

/// A comment on a line of its own.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub text: String,
    /// Whether its author left a blank line before it.
    pub after_blank: bool,
}
