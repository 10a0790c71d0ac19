//! Writing whole files: beside the target, then renamed into place, so that the old file stays
//! until the new one is complete.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

const PREFIX: &str = ".jixiao-";
const SUFFIX: &str = ".tmp";

/// A file is written within moments. Half-written ones as old as this are of runs that were killed,
/// even if the clock of a network drive is some hours off.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// Writes a file, whose folder is made if need be.
///
/// # Errors
/// Whatever the system refuses; the old file is untouched then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, bytes)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file that is not there yet, whose folder is made if need be.
///
/// # Errors
/// Whatever the system refuses, and [`io::ErrorKind::AlreadyExists`] if there is such a file.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, bytes)?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes the bytes to a temporary file in the folder of `path`.
fn beside(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A temporary file is private by default; what is published is not (the umask applies).
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    // Without this, a power cut after the rename could leave the new name with no content.
    file.as_file().sync_data()?;
    Ok(file)
}

/// Takes away what runs that were killed have left half-written in a folder. They are hidden and
/// in nobody's way, so that a failure does not matter.
pub fn remove_leftovers(folder: &Path) {
    let Some(long_ago) = SystemTime::now().checked_sub(LEFT_BEHIND) else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX)
            && name.ends_with(SUFFIX)
            && entry.metadata().and_then(|file| file.modified()).is_ok_and(|time| time < long_ago)
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_half_written_files_are_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let long_ago = SystemTime::now() - 2 * LEFT_BEHIND;
        for (name, is_old) in [
            (".jixiao-old.tmp", true),
            (".jixiao-new.tmp", false),
            (".jixiao-.txt", true),
            ("附件.pdf", true),
        ] {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            if is_old {
                file.set_modified(long_ago).unwrap();
            }
        }
        remove_leftovers(folder.path());
        let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut left: Vec<_> = left.collect();
        left.sort();
        assert_eq!(left, [".jixiao-.txt", ".jixiao-new.tmp", "附件.pdf"]);
    }
}
