//! What every file of an office program is made of, whatever it holds.

use super::stamp::{STAMP_KIND, STAMP_PART};
use super::xml::{content_types, core_properties, relations};
use crate::files::package::Part;
use crate::print::typeset::About;

/// What relations between parts are called by.
pub const OFFICE_RELATIONS: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE_RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const CORE_KIND: &str = "application/vnd.openxmlformats-package.core-properties+xml";

/// A file on its way to its parts: a main part, and those that it names.
#[derive(Debug)]
pub struct Contents<'a> {
    about: &'a About,
    main: (&'static str, String),
    kinds: Vec<(String, String)>,
    links: Vec<(String, String, String)>,
    parts: Vec<Part>,
}

impl<'a> Contents<'a> {
    /// A file whose main part is this.
    pub fn new(about: &'a About, main: &'static str, xml: String, kind: &str) -> Self {
        let kinds = vec![(main.to_owned(), kind.to_owned())];
        Self { about, main: (main, xml), kinds, links: Vec::new(), parts: Vec::new() }
    }

    /// Adds a part that the main one names by `id`; `relation` is what it is to that.
    pub fn add(&mut self, id: &str, relation: &str, name: &str, kind: &str, bytes: Vec<u8>) {
        let target = name.split_once('/').map_or(name, |(_, file)| file);
        let relation = format!("{OFFICE_RELATIONS}/{relation}");
        self.links.push((id.to_owned(), relation, target.to_owned()));
        self.kinds.push((name.to_owned(), kind.to_owned()));
        self.parts.push((name.to_owned(), bytes));
    }

    /// All parts; the stamp is still to be added.
    pub fn parts(self) -> Vec<Part> {
        let (main, main_xml) = self.main;
        let mut kinds = self.kinds;
        kinds.push(("docProps/core.xml".to_owned(), CORE_KIND.to_owned()));
        kinds.push((STAMP_PART.to_owned(), STAMP_KIND.to_owned()));
        let relation =
            |id: &str, kind: String, target: &str| (id.to_owned(), kind, target.to_owned());
        let root = [
            relation("rId1", format!("{OFFICE_RELATIONS}/officeDocument"), main),
            relation(
                "rId2",
                format!("{PACKAGE_RELATIONS}/metadata/core-properties"),
                "docProps/core.xml",
            ),
            relation("rId3", format!("{OFFICE_RELATIONS}/custom-properties"), STAMP_PART),
        ];
        let part = |name: &str, xml: String| (name.to_owned(), xml.into_bytes());
        let (folder, file) = main.split_once('/').unwrap_or(("", main));
        let core = core_properties(self.about.title(), self.about.authors());
        let mut all = vec![
            part("[Content_Types].xml", content_types(&kinds)),
            part("_rels/.rels", relations(&root)),
            part("docProps/core.xml", core),
            part(main, main_xml),
            part(&format!("{folder}/_rels/{file}.rels"), relations(&self.links)),
        ];
        all.extend(self.parts);
        all
    }
}
