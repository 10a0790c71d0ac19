//! Holds the order of the rooms: what is used stands below who uses it.
//!
//! The one list of floors is the table under “The rooms” in `lib.rs`. Each file under `src/` is cut
//! into tokens, so that no comment and no text counts, and every path into the crate is followed:
//! `crate::…`, `super::…`, groups, paths in the middle of code, and names that a `mod.rs` hands on.
//!
//! Code under `#[cfg(test)]` is held to the same order. A test that needs a room above its own tests
//! that room and belongs there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

const ROOMS: &str = "//! # The rooms";
const NEXT_PART: &str = "//! # ";

/// A module's path from the root of the crate, its room first; what is used is written likewise.
type Names = Vec<String>;

/// The modules that are files of their own, each with what it uses.
type Files = BTreeMap<Names, Uses>;

#[derive(Debug, Default)]
struct Uses {
    paths: BTreeSet<Names>,
    /// What its `use` lines bring in; others may ask for it here.
    brought_in: BTreeMap<String, Names>,
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let floors = floors();
    let floor = |room: &str| floors.iter().position(|name| name == room);
    let mut wrong = Vec::new();
    for (module, uses) in &files() {
        let Some(room) = module.first() else { continue };
        let Some(own) = floor(room) else { continue };
        for path in uses.paths.iter().filter(|path| path.first() != Some(room)) {
            if path.first().and_then(|used| floor(used)).is_none_or(|used| used <= own) {
                wrong.push(format!("{} uses crate::{}", module.join("::"), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "not downward:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_has_every_room_and_no_other() {
    let files = files();
    let rooms: BTreeSet<&String> = files.keys().filter_map(|module| module.first()).collect();
    assert_eq!(rooms, floors().iter().collect());
}

/// A file and the `mod.rs` above it may use each other: they are one room's front and inside.
#[test]
fn no_files_of_a_room_use_each_other_in_a_circle() {
    let files = files();
    let mut below: BTreeMap<&Names, BTreeSet<&Names>> = BTreeMap::new();
    for (from, uses) in &files {
        let used = uses.paths.iter().filter_map(|path| file_of(&files, path));
        let used = used.filter(|to| to.first() == from.first() && !from.starts_with(to));
        below.insert(from, used.collect());
    }
    // Again and again without the files that use none of those that are left; circles stay.
    while let Some(from) = below.iter().find(|(_, used)| used.is_empty()).map(|(from, _)| *from) {
        below.remove(from);
        below.values_mut().for_each(|used| used.retain(|to| *to != from));
    }
    assert!(below.is_empty(), "circles, and what leads to them: {below:#?}");
}

/// An empty list would make every other test here pass.
#[test]
fn upward_paths_are_found_wherever_they_are_written() {
    let text = r##"
        //! crate::comment
        use crate::{one, two::{Three, four as Four}};
        pub(crate) use super::super::five::*;
        use std::fmt; // crate::comment
        mod inside {
            use super::super::Six;
            fn f() -> &'static str { "crate::text" }
        }
        #[cfg(test)]
        mod tests { fn f() { let _ = vec![crate::seven::eight::<u8>()]; } }
        const R: &str = r#"crate::text"#;
    "##;
    let module = ["room", "file"].map(str::to_owned);
    let mut uses = Uses::default();
    collect(text.parse().unwrap(), &module, &mut uses);
    let found: Vec<String> = uses.paths.iter().map(|path| path.join("::")).collect();
    let expected = ["five", "one", "room::Six", "seven::eight", "two::Three", "two::four"];
    assert_eq!(found, expected);
}

/// The rooms from the top down, as the crate's front page lists them.
fn floors() -> Vec<String> {
    let front = std::fs::read_to_string(sources().join("lib.rs")).unwrap();
    let part = front.lines().skip_while(|line| *line != ROOMS).skip(1);
    let rows = part.take_while(|line| !line.starts_with(NEXT_PART));
    let names = rows.filter_map(|row| row.strip_prefix("//! | ")?.split(" | ").next());
    names.filter_map(|name| Some(name.split('`').nth(1)?.to_owned())).collect()
}

fn sources() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

fn files() -> Files {
    let mut files = Files::new();
    read_folder(sources(), &[], &mut files);
    // This file is a test and no room.
    files.retain(|module, _| !module_path!().ends_with(&module.join("::")));
    files
}

fn read_folder(folder: &Path, names: &[String], files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut module = names.to_vec();
        if path.is_dir() {
            module.push(name);
            read_folder(&path, &module, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            if !["mod", "lib"].contains(&name.as_str()) {
                module.push(name);
            }
            let tokens = std::fs::read_to_string(&path).unwrap().parse().unwrap();
            let uses = files.entry(module.clone()).or_default();
            collect(tokens, &module, uses);
        }
    }
}

/// The file that a path leads to, through the names that a module's file hands on.
fn file_of<'f>(files: &'f Files, path: &[String]) -> Option<&'f Names> {
    let within = (0..=path.len()).rev().find(|&end| files.contains_key(&path[..end]))?;
    let (file, uses) = files.get_key_value(&path[..within])?;
    let handed_on = path.get(within).and_then(|name| uses.brought_in.get(name));
    handed_on.filter(|to| *to != path).map_or(Some(file), |to| file_of(files, to))
}

/// Gathers all paths into the crate from the code of a module.
fn collect(code: TokenStream, module: &[String], uses: &mut Uses) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut modules_within = BTreeSet::new();
    for pair in tokens.windows(2) {
        if is_word(&pair[0], "mod") {
            modules_within.insert(pair[1].to_string());
        }
    }
    for (index, token) in tokens.iter().enumerate() {
        let before = |back: usize| index.checked_sub(back).map(|index| &tokens[index]);
        if let TokenTree::Group(group) = token {
            let mut module = module.to_vec();
            if before(2).is_some_and(|token| is_word(token, "mod")) {
                module.extend(before(1).map(ToString::to_string));
            }
            // A group of `use` has been read with the path before it.
            if !starts_path(&tokens[..index]) {
                collect(group.stream(), &module, uses);
            }
            continue;
        }
        if starts_path(&tokens[..index]) {
            continue;
        }
        let is_use = before(1).is_some_and(|token| is_word(token, "use"));
        let is_path = tokens.get(index + 1).is_some_and(|next| is_mark(next, ':'));
        let mut base = module.to_vec();
        match token.to_string().as_str() {
            // The program, which is a crate of its own, calls this one by its name.
            "crate" | env!("CARGO_PKG_NAME") if is_path => base.clear(),
            "super" if is_path => drop(base.pop()),
            "self" if is_path => {}
            name if is_path && modules_within.contains(name) => base.push(name.to_owned()),
            _ => continue,
        }
        let mut found = Vec::new();
        follow(&tokens[index + 1..], base, &mut found);
        if is_use {
            let named = |path: &Names| Some((path.last()?.clone(), path.clone()));
            uses.brought_in.extend(found.iter().filter_map(named));
        }
        uses.paths.extend(found);
    }
}

/// Whether what comes next continues a path: it stands behind `::`.
fn starts_path(before: &[TokenTree]) -> bool {
    matches!(before, [.., first, second] if is_mark(first, ':') && is_mark(second, ':'))
}

/// Follows a path from the `::` behind its first name, into every branch of a group.
fn follow(mut tokens: &[TokenTree], mut path: Names, found: &mut Vec<Names>) {
    while let [first, second, next, rest @ ..] = tokens {
        if !is_mark(first, ':') || !is_mark(second, ':') {
            break;
        }
        match next {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let branches: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in branches.split(|token| is_mark(token, ',')) {
                    let Some((name, rest)) = branch.split_first() else { continue };
                    let mut path = path.clone();
                    step(&mut path, name);
                    follow(rest, path, found);
                }
                return;
            }
            TokenTree::Ident(_) => step(&mut path, next),
            _ => break,
        }
        tokens = rest;
    }
    found.push(path);
}

fn step(path: &mut Names, name: &TokenTree) {
    match name.to_string().as_str() {
        "super" => drop(path.pop()),
        "self" | "*" => {}
        name => path.push(name.to_owned()),
    }
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}
