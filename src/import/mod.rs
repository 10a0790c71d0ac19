//! What comes in from elsewhere: today, the data that a PDF of this program carries.
//!
//! [`extract()`] takes it out again as it was put in, byte for byte.

mod embedded_files;
mod extract;

pub use embedded_files::{EmbeddedFile, Unreadable, embedded_files};
pub(crate) use extract::RULES;
pub use extract::{Extracted, extract};
