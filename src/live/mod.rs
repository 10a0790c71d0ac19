//! A workspace that is held open: its files as they are on the disk, or as somebody has edited them
//! and not yet saved; what is to be said of them, and their pages.
//!
//! [`Session`] is told of each change and brings up to date only what depends on it: the department
//! is loaded and looked at anew, of all others a row of facts is enough. [`Preview`] sets only the
//! forms that changed. Neither knows who is editing, nor waits for anything.

mod ground;
mod preview;
mod session;

pub use ground::Ground;
pub use preview::{Area, Page, Preview};
pub use session::{Place, PutDown, Session, Standing};
