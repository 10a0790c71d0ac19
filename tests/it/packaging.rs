//! What goes into the packages, without making one: their lists name what is there, and leave out
//! nothing that has to come along.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::run;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The lines of packaging/files: where something is here, and where in the package.
fn listed() -> Vec<(String, String)> {
    let mut listed = Vec::new();
    for line in read("packaging/files").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [from, to] = words[..] else { panic!("not two names: {line}") };
        listed.push((from.to_owned(), to.to_owned()));
    }
    listed
}

/// Everything directly in a folder.
fn entries(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_a_package_takes_is_there_and_lands_on_nothing_else() {
    let listed = listed();
    assert!(listed.len() > 4, "{listed:?}");
    for (from, to) in &listed {
        assert!(root().join(from).exists(), "packaging/files names {from}, which is not there");
        let same = listed.iter().filter(|(_, other)| other == to).count();
        assert_eq!(same, 1, "two things would be {to}");
    }
}

/// A font's licence comes along: the Bold's is the Regular's, word for word.
#[test]
fn every_licence_comes_along() {
    let mut licences: Vec<PathBuf> = entries("fonts").iter().map(|it| it.join("OFL.txt")).collect();
    licences.extend(
        entries(".")
            .into_iter()
            .filter(|it| it.file_name().unwrap().to_string_lossy().starts_with("LICENSE")),
    );
    assert!(licences.len() >= 5, "{licences:?}");
    let brought: Vec<String> = listed()
        .iter()
        .filter(|(_, to)| to.starts_with("许可/"))
        .map(|(from, _)| read(from))
        .collect();
    for licence in licences {
        let text = fs::read_to_string(&licence).unwrap();
        assert!(brought.contains(&text), "{} is in no package", licence.display());
    }
}

/// The notes tell people to type commands and to open files; they are there.
#[test]
fn the_notes_name_commands_and_files_that_there_are() {
    let help = run(root(), &["help"]);
    let scripts =
        [read("packaging/windows"), read("packaging/linux"), read("packaging/common.sh")].concat();
    let mut commands = 0;
    for notes in ["windows", "linux"] {
        let text = read(&format!("packaging/说明/{notes}.txt"));
        assert!(scripts.contains(&format!("packaging/说明/{notes}.txt")), "{notes}");
        for line in text.lines() {
            let Some(typed) = line.strip_prefix("    ") else { continue };
            let words: Vec<&str> = typed.split_whitespace().collect();
            if let ["jixiao" | "./jixiao", command, ..] = words[..] {
                commands += 1;
                assert!(
                    help.results
                        .lines()
                        .any(|line| line.split_whitespace().next() == Some(command)),
                    "{notes}: {command}\n{}",
                    help.results
                );
            }
        }
        for folder in ["data", "手册"] {
            assert!(text.contains(folder), "{notes}: {folder}");
            assert!(listed().iter().any(|(_, to)| to.starts_with(folder)), "{folder}");
        }
    }
    assert!(commands >= 6, "{commands}");
}

/// A package is made for each system that docs/install.md offers one for, and the release makes it.
#[test]
fn what_is_offered_is_made_and_released() {
    let offered = read("docs/install.md");
    let release = read(".github/workflows/release.yml");
    for (script, processor) in
        [("packaging/windows", ""), ("packaging/linux", "x86_64"), ("packaging/linux", "aarch64")]
    {
        let text = read(script);
        let name = text.split("name=").nth(1).and_then(|rest| rest.split_whitespace().next());
        let name = name.unwrap().trim_matches('"').replace("$processor", processor);
        assert!(offered.contains(&format!("-{name}.")), "{name}");
        let run = match processor {
            "aarch64" => format!("{script} {processor}"),
            _ => script.to_owned(),
        };
        assert!(release.contains(&format!("run: {run}\n")), "{run}");
    }
}
