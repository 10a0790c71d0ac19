//! What comes in from elsewhere: for now, the data that a PDF of this program carries.

mod embedded_files;
mod extract;

pub use embedded_files::{EmbeddedFile, Unreadable, embedded_files};
pub(crate) use extract::RULES;
pub use extract::{Extracted, extract};
