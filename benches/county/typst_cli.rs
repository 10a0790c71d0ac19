//! The same documents through the `typst` program.
//!
//! It gets the very files of the template and of the fonts. Only the data takes another way: a
//! command line cannot hand over a dictionary, so it lies in a JSON file of each document.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jixiao::form::{Form, LAYOUT_FILE};
use jixiao::typeset::PdfSettings;
use typst::foundations::Dict;

use crate::generate::YEAR;
use crate::support::repository;

/// Put before each file of the layout: what it calls `sys.inputs` is what the JSON file holds.
const INPUTS: &str = "#let sys = (inputs: json(sys.inputs.data))\n";

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

    /// Lays out a form and the data of a document for it.
    pub fn prepare(&self, form: &Form, documents: &[Dict]) {
        let template = form.files.iter();
        for (path, bytes) in template.filter(|(path, _)| path.ends_with(".typ")) {
            let path = self.root.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, [INPUTS.as_bytes(), bytes].concat()).expect("a file");
        }
        for (index, inputs) in documents.iter().enumerate() {
            let json = serde_json::to_vec(inputs).expect("data");
            fs::write(self.root.join(data(index)), json).expect("a file");
        }
    }

    /// Makes a PDF of a document that was prepared.
    pub fn compile(&self, index: usize, output: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("compile")
            .arg("--root")
            .arg(&self.root)
            .arg("--font-path")
            .arg(repository().join("fonts"))
            .args(["--ignore-system-fonts", "--ignore-embedded-fonts"])
            .args(["--features", "a11y-extras"])
            .args(["--pdf-standard", &PdfSettings::DEFAULT_STANDARDS.join(",")])
            .args(["--creation-timestamp", &first_day().to_string()])
            .args(["--input", &format!("data=/{}", data(index))])
            .arg(self.root.join(LAYOUT_FILE))
            .arg(output)
            .env_remove("SOURCE_DATE_EPOCH");
        command
    }
}

/// The file with the data of a document.
fn data(index: usize) -> String {
    format!("{index}.json")
}

/// The first day of the data's year, in seconds after 1970: the date our PDF files have.
fn first_day() -> i64 {
    let year = YEAR.parse().expect("a year");
    let day = time::Date::from_calendar_date(year, time::Month::January, 1).expect("a date");
    day.midnight().assume_utc().unix_timestamp()
}
