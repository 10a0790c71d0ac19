//! The same documents through the `typst` program.
//!
//! It gets the very files of the template, the fonts and the data: a folder for each document.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jixiao::form::{Form, LAYOUT_FILE};
use jixiao::print::typeset::PdfSettings;

use crate::generate::YEAR;
use crate::support::repository;

/// The program, and a folder with what it reads.
#[derive(Debug)]
pub struct TypstCli {
    program: PathBuf,
    root: PathBuf,
}

impl TypstCli {
    /// The program that the environment variable `TYPST` names, to work in a folder of its own.
    pub fn from_environment(root: PathBuf) -> Option<Self> {
        let program = std::env::var_os("TYPST").map(PathBuf::from)?;
        Some(Self { program, root })
    }

    /// What it calls itself.
    pub fn version(&self) -> String {
        let output = Command::new(&self.program).arg("--version").output().expect("typst starts");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Lays out a form and the data of each document.
    pub fn prepare(&self, form: &Form, documents: &[Vec<u8>]) {
        for (index, data) in documents.iter().enumerate() {
            let template = form.files.iter().filter(|(path, _)| path.ends_with(".typ"));
            let inputs = [("data.json", &data[..])];
            for (path, bytes) in template.chain(inputs) {
                let path = self.folder(index).join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, bytes).expect("a file");
            }
        }
    }

    fn folder(&self, index: usize) -> PathBuf {
        self.root.join(index.to_string())
    }

    /// Makes a PDF of a document that was prepared.
    pub fn compile(&self, index: usize, output: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("compile")
            .arg("--root")
            .arg(self.folder(index))
            .arg("--font-path")
            .arg(repository().join("fonts"))
            .args(["--ignore-system-fonts", "--ignore-embedded-fonts"])
            .args(["--features", "a11y-extras"])
            .args(["--pdf-standard", &PdfSettings::DEFAULT_STANDARDS.join(",")])
            .args(["--creation-timestamp", &first_day().to_string()])
            .arg(self.folder(index).join(LAYOUT_FILE))
            .arg(output)
            .env_remove("SOURCE_DATE_EPOCH");
        command
    }
}

/// The first day of the data's year, in seconds after 1970: the date our PDF files have.
fn first_day() -> i64 {
    let year = YEAR.parse().expect("a year");
    let day = time::Date::from_calendar_date(year, time::Month::January, 1).expect("a date");
    day.midnight().assume_utc().unix_timestamp()
}
