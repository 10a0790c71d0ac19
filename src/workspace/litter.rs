//! What systems, editors and file servers leave in folders: nobody wrote it, nobody misses it.

/// Folders and files by name, in lower case.
const NAMES: &[&str] = &[
    "$recycle.bin",
    "recycler",
    "recycled",
    "system volume information",
    "found.000",
    "lost+found",
    "__macosx",
    "network trash folder",
    "temporary items",
    "icon\r",
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "autorun.inf",
    // File servers.
    "@eadir",
    "@recycle",
    "@recently-snapshot",
    "@sharebin",
    "@tmp",
    "#recycle",
    "#snapshot",
    // The file by which vim finds out whether it may write.
    "4913",
];

/// What their names end with, in lower case.
const ENDINGS: &[&str] =
    &["@synoresource", "@synoeastream", ".swp", ".swo", ".swx", "___jb_tmp___", ".kate-swp"];

/// What a copy that an editor keeps of a file adds to its name.
const COPY_ENDINGS: &[&str] =
    &["~", ".bak", ".bk", ".backup", ".old", ".orig", ".tmp", ".temp", ".save", "___jb_old___"];

/// Whether an entry of this name is litter, wherever it stands: hidden files, too.
pub(super) fn is_litter(name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_hidden = name.starts_with('.') && lower != ".toml";
    // `~$方案.docx` is kept by Word while 方案.docx is open, `#方案#` by Emacs.
    is_hidden
        || name.starts_with('~')
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || NAMES.contains(&lower.as_str())
        || ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

/// The name of the file that one of this name is an editor's copy of. It is litter only beside
/// that: alone it may be all that is left of a project.
pub(super) fn copy_of(name: &str) -> Option<&str> {
    COPY_ENDINGS.iter().find_map(|ending| {
        let stem = name.get(..name.len().checked_sub(ending.len())?)?;
        (!stem.is_empty() && name[stem.len()..].eq_ignore_ascii_case(ending)).then_some(stem)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn litter_is_known_by_its_name() {
        for name in [
            ".DS_Store",
            "._02-办公费.toml",
            ".02-办公费.toml.swp",
            ".~lock.办公费.toml#",
            "~$02-办公费.toml",
            "Thumbs.db",
            "DESKTOP.INI",
            "$RECYCLE.BIN",
            "@eaDir",
            "02-办公费.toml@SynoEAStream",
            "#02-办公费.toml#",
            "__MACOSX",
        ] {
            assert!(is_litter(name), "{name}");
        }
        for name in ["02-办公费.toml", "#1-办公费.toml", ".toml", "说明.txt", "02-办公费.toml~"]
        {
            assert!(!is_litter(name), "{name}");
        }
        assert_eq!(copy_of("02-办公费.toml~"), Some("02-办公费.toml"));
        assert_eq!(copy_of("02-办公费.toml.BAK"), Some("02-办公费.toml"));
        assert_eq!(copy_of("02-办公费.toml"), None);
        assert_eq!(copy_of("~"), None);
    }
}
