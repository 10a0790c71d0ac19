//! The paper says what the data says: generated texts in every kind of cell, pages that are broken on
//! purpose, and texts that were printed wrong once. What is printed is read back from the PDF by a
//! reader that is not the program's own.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod support;

#[path = "paper/cases.rs"]
mod cases;
#[path = "paper/property.rs"]
mod property;
#[path = "paper/read.rs"]
mod read;
#[path = "paper/tampered.rs"]
mod tampered;
#[path = "paper/texts.rs"]
mod texts;
