//! Proof.
use std::path::Path;

use typst_layout::Page;

use crate::diagnostics::{Finding, Rule};
use crate::print::pages::Paged;

pub(super) const RULES: &[&Rule] = &[];

pub(super) fn check(_: &[Page], _: &[Paged<'_>], _: &Path) -> Result<(), Vec<Finding>> {
    Ok(())
}
