//! PDF files as bytes: making them smaller, marking what they are made from, and taking attached
//! files out of them.

mod attachments;
mod mark;
mod pack;

pub use attachments::{Attachment, Unreadable, attachments};
pub use mark::{mark, marked_inputs};
pub use pack::pack;
