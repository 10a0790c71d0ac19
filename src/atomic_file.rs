//! Writing whole files: beside the target, then renamed into place, so that the old file stays
//! until the new one is complete.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

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
    builder.prefix(".jixiao-").suffix(".tmp");
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
