//! The plain table through the `typst` package from PyPI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::plain;
use crate::support::repository;

/// A Python that has the package, and a folder with what it reads.
#[derive(Debug)]
pub struct PyPi {
    python: PathBuf,
    folder: PathBuf,
}

impl PyPi {
    /// The Python that the environment variable `PYPI_PYTHON` names, to work in a folder of its own.
    pub fn from_environment(folder: &Path) -> Option<Self> {
        let python = std::env::var_os("PYPI_PYTHON").map(PathBuf::from)?;
        Some(Self { python, folder: folder.to_owned() })
    }

    /// What the package calls itself.
    pub fn version(&self) -> String {
        let code = "import importlib.metadata as m; print(m.version('typst'))";
        let output = Command::new(&self.python).args(["-c", code]).output().expect("Python starts");
        format!("PyPI typst {}", String::from_utf8_lossy(&output.stdout).trim())
    }

    /// Lays out the data of each document.
    pub fn prepare(&self, documents: &[Vec<u8>]) {
        fs::create_dir_all(&self.folder).expect("a folder");
        fs::write(self.folder.join(plain::LAYOUT_FILE), plain::LAYOUT).expect("a file");
        for (index, data) in documents.iter().enumerate() {
            fs::write(self.folder.join(format!("{index}.json")), data).expect("a file");
        }
    }

    /// Prints all documents that were prepared, and returns how long that took in its own view.
    pub fn run(&self) -> f64 {
        let script = repository().join("benches/county/pypi.py");
        let mut command = Command::new(&self.python);
        command.arg(script).arg(&self.folder).arg(repository().join("fonts"));
        let output = command.output().expect("Python starts");
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim().parse().unwrap_or_else(|_| {
            panic!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr))
        })
    }
}
