//! Where a path leads.

use std::path::{Component, Path, PathBuf};

/// The place a path leads to, all links and `..` resolved: also one that is not there yet, as it
/// would be made.
pub fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut place = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(place.pop()),
            Component::Normal(name) => {
                place.push(name);
                place = place.canonicalize().unwrap_or(place);
            }
            part => place.push(part),
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_resolved_as_far_as_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().canonicalize().unwrap().join("data");
        std::fs::create_dir(&data).unwrap();
        let mut ways =
            vec!["data", "data/", "data/.", "data/../data", "没有/../data", "data/没有/.."];
        if cfg!(unix) {
            #[cfg(unix)]
            std::os::unix::fs::symlink("data", folder.path().join("链接")).unwrap();
            ways.extend(["链接", "data/../链接", "没有/../链接"]);
        }
        for way in ways {
            assert_eq!(resolved(&folder.path().join(way)), data, "{way}");
        }
        assert_eq!(resolved(&folder.path().join("data/a/../b")), data.join("b"));
    }
}
