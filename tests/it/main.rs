//! What the program does for those who run it: a module a topic. One binary, because each one links
//! the whole engine.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at what it did not expect"
)]

mod support;

mod accounting;
mod bench;
mod check;
mod choosing;
mod cli;
mod cli_writing;
mod comparison;
mod diff;
mod diff_git;
mod document;
mod drafts;
mod edit;
mod editions;
mod faults;
mod figures;
mod fonts;
mod format;
mod funding;
mod import;
mod later_forms;
mod loading;
mod lsp;
mod meaning;
mod mutation;
mod newcomer;
mod ordinary_user;
mod packaging;
mod paper;
mod pdf_file;
mod pictures;
mod printed_form;
mod render;
mod sample_data;
mod schema;
mod shards;
mod slips;
mod structure;
mod template;
mod trees;
mod units;
mod up_to_date;
mod watch;
mod workbook;
