//! The files of a template folder, held in memory: the layout can read these and nothing else.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::{Class, DEFAULT_FORM, DEFINITION_FILE, Definition, LAYOUT_FILE};
use crate::diagnostics::{Finding, SourceFile};
use crate::toml::text_file;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The names of the built-in forms: 附件2 first, the others in their order.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&str> = EMBEDDED
        .dirs()
        .filter(|dir| dir.get_file(dir.path().join(DEFINITION_FILE)).is_some())
        .filter_map(|dir| dir.path().to_str())
        .collect();
    names.sort_by_key(|name| (*name != DEFAULT_FORM, *name));
    names.into_iter()
}

/// The files of a template folder by their path within it, with `/` between the parts.
#[derive(Debug, Clone, Default)]
pub struct TemplateFiles {
    root: PathBuf,
    files: BTreeMap<String, Vec<u8>>,
}

impl TemplateFiles {
    /// The files of a built-in form, with the layout that all forms share; empty if there is no
    /// form of that name.
    pub fn embedded(form: &str) -> Self {
        Self::own(form).with_shared_layout()
    }

    /// The files of a built-in form that it shares with no other.
    pub fn own(form: &str) -> Self {
        let mut files = BTreeMap::new();
        if let Some(dir) = EMBEDDED.get_dir(form) {
            collect_embedded(dir, dir.path(), &mut files);
        }
        Self { root: Path::new("templates").join(form), files }
    }

    /// With the layout that all forms share, if there is none of its own.
    fn with_shared_layout(mut self) -> Self {
        if let Some(layout) = EMBEDDED.get_file(LAYOUT_FILE) {
            let own = self.files.entry(LAYOUT_FILE.to_owned());
            own.or_insert_with(|| layout.contents().to_vec());
        }
        self
    }

    /// Reads a folder with everything below it. Hidden files and links to folders are left out.
    ///
    /// # Errors
    /// The path that could not be read, and why.
    pub fn read(root: &Path) -> Result<Self, (PathBuf, io::Error)> {
        let mut files = BTreeMap::new();
        collect(root, "", &mut files)?;
        Ok(Self { root: root.to_owned(), files }.with_shared_layout())
    }

    /// A file's bytes.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The definition of the form, as it was written.
    ///
    /// # Errors
    /// If it is no text.
    pub fn definition(&self) -> Result<Arc<SourceFile>, Vec<Finding>> {
        let bytes = self.get(DEFINITION_FILE).unwrap_or_default();
        let path = self.shown_path(DEFINITION_FILE);
        text_file::decode(&path, bytes).map_err(|finding| vec![*finding])
    }

    /// The class of the form.
    ///
    /// # Errors
    /// As [`TemplateFiles::definition`].
    pub fn class(&self) -> Result<Class, Vec<Finding>> {
        self.definition().map(|source| Definition::class_of(&source))
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// A file's path as the user knows it.
    pub fn shown_path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

fn collect_embedded(dir: &Dir<'_>, root: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for file in dir.files() {
        let path = file.path().strip_prefix(root).unwrap_or(file.path());
        files.insert(path.to_string_lossy().replace('\\', "/"), file.contents().to_vec());
    }
    for dir in dir.dirs() {
        collect_embedded(dir, root, files);
    }
}

fn collect(
    dir: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), (PathBuf, io::Error)> {
    for entry in std::fs::read_dir(dir).map_err(|error| (dir.to_owned(), error))? {
        let entry = entry.map_err(|error| (dir.to_owned(), error))?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // `file_type` does not follow links: a link to a parent folder cannot trap us.
        let kind = entry.file_type().map_err(|error| (path.clone(), error))?;
        if kind.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else if path.is_file() {
            let bytes = std::fs::read(&path).map_err(|error| (path.clone(), error))?;
            files.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}
