//! Writing whole files: beside the target, then renamed into place, so that the old file stays
//! until the new one is complete.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use tempfile::{NamedTempFile, PersistError};

use super::io_error;

const PREFIX: &str = ".jixiao-";
const SUFFIX: &str = ".tmp";

/// A file is written within moments. Half-written ones as old as this are of runs that were killed,
/// even if the clock of a network drive is some hours off.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait each time before a file that is in use is tried again. A scanner or a network drive
/// lets go of it within this second; a viewer in which somebody reads it does not.
const WAITS: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(150),
    Duration::from_millis(300),
    Duration::from_millis(500),
];

/// Writes a file, whose folder is made if need be. A file that is there already keeps its
/// permissions, and a link stays a link: what it points to is replaced. A stream is written into.
///
/// # Errors
/// Whatever the system refuses; the old file is untouched then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if is_stream(path) {
        return OpenOptions::new().append(true).open(path)?.write_all(bytes);
    }
    match path.symlink_metadata() {
        // A link that leads nowhere is an error here: nobody can want its target's name made up.
        Ok(there) if there.is_symlink() => replace(&path.canonicalize()?, bytes),
        Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        there => {
            let unfinished = beside(path, there.ok().as_ref(), bytes)?;
            let path = unlimited(path);
            put(unfinished, |file| file.persist(&path), io_error::is_in_use)
        }
    }
}

/// Writes a file that is not there yet, whose folder is made if need be.
///
/// # Errors
/// Whatever the system refuses, and [`io::ErrorKind::AlreadyExists`] if there is such a file.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = beside(path, None, bytes)?;
    let path = unlimited(path);
    put(unfinished, |file| file.persist_noclobber(&path), io_error::is_in_use)
}

/// The same path in the form that may be longer than 260 characters on Windows. The standard library
/// sees to that by itself, but not the renaming of a temporary file. Its folder is there.
fn unlimited(path: &Path) -> PathBuf {
    if !cfg!(windows) {
        return path.to_owned();
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Some drives (in memory, or made by `subst`) have no such form.
    match (folder.unwrap_or(Path::new(".")).canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Puts a file in its place; one that is in use is tried again a few times.
fn put(
    mut file: NamedTempFile,
    into_place: impl Fn(NamedTempFile) -> Result<File, PersistError>,
    is_in_use: impl Fn(&io::Error) -> bool,
) -> io::Result<()> {
    for wait in WAITS {
        match into_place(file) {
            Err(refused) if is_in_use(&refused.error) => file = refused.file,
            ended => return Ok(ended.map(drop)?),
        }
        thread::sleep(wait);
    }
    Ok(into_place(file).map(drop)?)
}

/// Whether bytes go through a path rather than stay there: a device, a pipe, or a name for what the
/// process has open, such as `/dev/stdout`, even where that is a file.
pub fn is_stream(path: &Path) -> bool {
    let names_what_is_open =
        || path.is_symlink() && (path.starts_with("/dev") || path.starts_with("/proc"));
    path.metadata().is_ok_and(|it| !it.is_dir() && (!it.is_file() || names_what_is_open()))
}

/// Writes the bytes to a temporary file in the folder of `path`, with the permissions of the file
/// it is to replace.
fn beside(path: &Path, old: Option<&Metadata>, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let folder = &unlimited(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    if old.is_none() {
        use std::os::unix::fs::PermissionsExt;
        // A temporary file is private by default; what is published is not (the umask applies).
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    if let Some(old) = old {
        // Before there is anything to read.
        take_after(file.as_file(), old)?;
    }
    file.write_all(bytes)?;
    // Without this, a power cut after the rename could leave the new name with no content.
    file.as_file().sync_data()?;
    Ok(file)
}

/// Gives a file the permissions of another, and as far as the system allows its owner.
#[cfg(unix)]
fn take_after(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    // Only an administrator may give a file away; whoever else writes it owns it.
    let _ = fchown(file, None, Some(old.gid()));
    let _ = fchown(file, Some(old.uid()), None);
    file.set_permissions(old.permissions())
}

/// Permissions come from the folder here.
#[cfg(not(unix))]
fn take_after(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
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

    #[test]
    fn a_file_that_is_in_use_is_tried_again_and_the_old_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("附件2.pdf");
        fs::write(&path, "旧").unwrap();
        for (refusals, expected) in [(WAITS.len(), "新"), (WAITS.len() + 1, "旧")] {
            fs::write(&path, "旧").unwrap();
            let left = std::cell::Cell::new(refusals);
            let into_place = |file: NamedTempFile| {
                if left.get() == 0 {
                    return file.persist(&path);
                }
                left.set(left.get() - 1);
                Err(PersistError { error: io::ErrorKind::ResourceBusy.into(), file })
            };
            let is_in_use = |error: &io::Error| error.kind() == io::ErrorKind::ResourceBusy;
            let unfinished = beside(&path, None, "新".as_bytes()).unwrap();
            assert_eq!(put(unfinished, into_place, is_in_use).is_ok(), expected == "新");
            assert_eq!(fs::read_to_string(&path).unwrap(), expected);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_file_far_down_is_written_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = (0..12).fold(folder.path().to_owned(), |path, _| path.join("长".repeat(30)));
        let path = path.join("附件2.pdf");
        assert!(path.as_os_str().len() > 260);
        create(&path, b"1").unwrap();
        replace(&path, b"2").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"2");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_as_private_as_the_one_it_replaces() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        for mode in [0o600, 0o640, 0o644] {
            fs::write(&path, "旧").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let old = fs::metadata(&path).unwrap();
            let unfinished = beside(&path, Some(&old), "新".as_bytes()).unwrap();
            let beside = unfinished.as_file().metadata().unwrap().permissions().mode();
            assert_eq!(beside & 0o777, mode);
            replace(&path, "新".as_bytes()).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
            assert_eq!(fs::read(&path).unwrap(), "新".as_bytes());
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_lead_somewhere() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let [file, link, nowhere, circle] =
            ["file", "link", "nowhere", "circle"].map(|name| folder.path().join(name));
        fs::write(&file, "旧").unwrap();
        symlink(&file, &link).unwrap();
        symlink("没有", &nowhere).unwrap();
        symlink("circle", &circle).unwrap();
        replace(&link, b"1").unwrap();
        assert!(link.is_symlink() && fs::read(&file).unwrap() == b"1");
        for path in [&nowhere, &circle] {
            assert!(replace(path, b"1").is_err() && create(path, b"1").is_err());
            assert!(path.is_symlink());
        }
        assert!(replace(folder.path(), b"1").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[cfg(unix)]
    #[test]
    fn a_stream_is_written_into() {
        for path in ["/dev/null", "/dev/zero"].map(Path::new) {
            assert!(is_stream(path), "{path:?}");
            replace(path, b"1").unwrap();
            assert!(is_stream(path), "{path:?}");
        }
        assert!(!is_stream(Path::new("/dev")) && !is_stream(Path::new("Cargo.toml")));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, circle] = ["文件", "链接", "圈"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink("圈", &circle).unwrap();
        fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink("没有", &link).unwrap();
        for (path, expected) in [
            (file.join("a.json"), "文件”是文件，不是文件夹"),
            (link.clone(), "链接”是链接，它指向的“没有”不存在"),
            (link.join("a.json"), "链接”是链接，它指向的“没有”不存在"),
            (circle.join("a.json"), "链接绕成了圈，找不到它指向的文件"),
            (folder.path().to_owned(), "是文件夹，不是文件"),
        ] {
            let error = replace(&path, b"").unwrap_err();
            let reason = io_error::of_writing(&path, &error);
            assert!(reason.ends_with(expected), "{reason}");
        }
    }
}
