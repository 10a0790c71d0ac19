//! PDF files as bytes: making them smaller.

mod pack;

pub use pack::pack;
