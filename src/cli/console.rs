//! Where a command speaks: results to stdout, messages to stderr.

use anstream::ColorChoice;

use super::{Color, Global};
use crate::diagnostics::{Finding, HumanPrinter};

/// The two streams, with what the user asked of them.
#[derive(Debug)]
pub(super) struct Console {
    quiet: bool,
    printer: HumanPrinter,
}

impl Console {
    pub fn new(global: &Global) -> Self {
        match global.color {
            // `auto` also heeds NO_COLOR, CLICOLOR and TERM.
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
        Self { quiet: global.quiet, printer: HumanPrinter::new() }
    }

    /// Whether only errors are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// What was asked for, however quiet. A reader that has gone away (`| head`) is no reason to fail.
    pub fn output(&self, text: &str) {
        let _ = std::io::Write::write_fmt(&mut anstream::stdout(), format_args!("{text}\n"));
    }

    /// A result that tells how the work went.
    pub fn result(&self, text: &str) {
        if !self.quiet {
            self.output(text);
        }
    }

    /// A message about how the work goes.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.message(text);
        }
    }

    /// Findings, each followed by a blank line.
    pub fn findings(&self, findings: &[Finding]) {
        for finding in findings.iter().filter(|finding| self.wants(finding)) {
            self.message(&format!("{}\n", self.printer.print(finding)));
        }
    }

    /// Whether a finding is to be shown.
    pub fn wants(&self, finding: &Finding) -> bool {
        finding.is_error() || !self.quiet
    }

    /// Something that went wrong outside the data.
    pub fn error(&self, text: &str) {
        self.message(&format!("错误: {text}"));
    }

    /// A message that is no error and yet has to be seen, however quiet.
    pub fn message(&self, text: &str) {
        let _ = std::io::Write::write_fmt(&mut anstream::stderr(), format_args!("{text}\n"));
    }
}
