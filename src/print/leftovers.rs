//! What earlier runs printed and no department stands for any more.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Binding, Destination, Format, Plan};
use crate::form::Class;
use crate::workspace::{Forms, Year};

/// The files of a format in a year's folder of the output that we wrote, that are as we wrote them,
/// and that neither a department nor the year as a whole stands for.
///
/// # Errors
/// Whatever the system refuses; that there is no such folder is no error.
pub fn leftovers(
    year: &Year,
    forms: &Forms,
    output: &Path,
    format: Format,
) -> io::Result<Vec<PathBuf>> {
    let wanted = wanted(year, forms, output, format);
    let folder = output.join(&year.name);
    let of_classes = Class::ALL.into_iter().map(|class| folder.join(class.word()));
    let mut leftovers = Vec::new();
    let mut folders: Vec<(PathBuf, bool)> = of_classes.map(|folder| (folder, true)).collect();
    folders.push((folder, true));
    while let Some((folder, has_units)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            // The files of a department's units.
            let is_class = Class::ALL.iter().any(|it| entry.file_name() == it.word());
            if has_units && entry.file_type()?.is_dir() && !is_class {
                folders.push((path, false));
                continue;
            }
            let extension = format.extension();
            let is_such = path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension));
            // A link is somebody else's doing.
            if is_such && entry.file_type()?.is_file() && !wanted.contains(&key(&path)) {
                let is_ours = format.stamped_inputs(fs::read(&path)?).is_some();
                leftovers.extend(is_ours.then_some(path));
            }
        }
    }
    leftovers.sort();
    Ok(leftovers)
}

/// Where all departments of a year are printed: unit by unit, each for itself, and all in one.
fn wanted(year: &Year, forms: &Forms, output: &Path, format: Format) -> HashSet<String> {
    let destination = Destination::Folder(output.to_owned());
    let plans = [Binding::Unit, Binding::Department, Binding::All]
        .map(|binding| Plan::new(year.clone(), forms, &destination, format, binding));
    let outputs = plans.into_iter().flatten().flat_map(|plan| plan.outputs);
    outputs.map(|output| key(&output.path)).collect()
}

/// A file's name for comparing: case does not tell files apart on every system.
fn key(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}
