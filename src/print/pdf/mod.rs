//! PDF files as bytes: making them smaller, and marking what they are made from.

mod mark;
mod pack;

pub use mark::{mark, marked_inputs};
pub use pack::pack;
