//! Where a command speaks: results to stdout, messages to stderr.

use std::io::{self, Write};

use anstream::ColorChoice;
use clap::builder::Styles;

use super::Color;
use super::failure::Failure;
use crate::diagnostics::{Finding, HumanPrinter};

/// The two streams, with what the user asked of them.
#[derive(Debug)]
pub(super) struct Console {
    quiet: bool,
    printer: HumanPrinter,
}

impl Console {
    pub fn new(color: Color, quiet: bool) -> Self {
        match color {
            // `auto` also heeds NO_COLOR, CLICOLOR and TERM.
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
        Self { quiet, printer: HumanPrinter::new() }
    }

    /// Whether only errors are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// What was asked for, however quiet. A reader that has gone away (`| head`) has got what it
    /// wanted; whatever else keeps a result from being written is a failure.
    pub fn output(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = anstream::stdout();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::standard_output(&error))
            }
            _ => Ok(()),
        }
    }

    /// A result that tells how the work went.
    pub fn result(&self, text: &str) -> Result<(), Failure> {
        if self.quiet { Ok(()) } else { self.output(text) }
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

    /// Why a command ended without doing what it was asked.
    pub fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Findings(findings) => self.findings(findings),
            Failure::Incomparable(failure) => self.failure(failure),
            Failure::NoCommand(help) => self.message(help),
            Failure::Abandoned => self.message("已放弃，没有写任何文件"),
            Failure::Usage { message, help } | Failure::Outside { message, help } => {
                let styles = Styles::styled();
                let style = styles.get_error();
                self.message(&format!("{style}错误{style:#}: {message}\n怎么办: {help}"));
            }
        }
    }

    /// A message that has to be seen, however quiet. Where messages cannot be written, nobody can
    /// be told so.
    pub fn message(&self, text: &str) {
        let _ = writeln!(anstream::stderr(), "{text}");
    }
}
