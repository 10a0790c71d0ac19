//! PDF files as bytes: making them smaller, and taking attached files out of them.

mod attachments;
mod pack;

pub use attachments::{Attachment, Unreadable, attachments};
pub use pack::pack;
