//! The paper says what the data says: generated texts in every kind of cell, pages that are broken on
//! purpose, and texts that were printed wrong once. What is printed is read back from the PDF by a
//! reader that is not the program's own.

mod cases;
mod property;
mod read;
mod tampered;
mod texts;
