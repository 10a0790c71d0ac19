//! PDF files as bytes: making them smaller, and stamping what they are made from.

mod pack;
mod stamp;

pub use pack::{pack, unpacked};
pub use stamp::{stamp, stamped_inputs};
