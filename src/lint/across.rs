//! What departments have in common and should not: it shows only when all are looked at.

use std::collections::HashMap;
use std::sync::Arc;

use blake3::Hash;

use super::text::Text;
use crate::data::Department;
use crate::diagnostics::Span;
use crate::text::folded;

/// What the rules about all departments together look at.
#[derive(Debug)]
pub(super) struct Facts {
    /// The name of the department's folder.
    pub folder: String,
    /// What the department or the unit is called.
    pub named: Option<Fact>,
    /// Its code.
    pub code: Option<Fact>,
    /// The files of its projects by what is in them.
    pub files: Vec<(Hash, String)>,
}

/// A text that departments may share, and where it stands.
#[derive(Debug)]
pub(super) struct Fact {
    /// For comparing.
    pub text: String,
    /// In the file.
    pub place: Span,
}

impl Facts {
    pub fn of(department: &Department) -> Self {
        let (source, fields, _) = department.own();
        let [name, code] = department.naming();
        // The units of different departments may be called alike.
        let within = match department.unit {
            Some(_) => format!("{}/", department.department_folder()),
            None => String::new(),
        };
        let fact = |meaning| {
            let text = fields.about(meaning)?;
            let place = Text::new(source, text).inner();
            Some(Fact { text: format!("{within}{}", folded(text.get_ref())), place })
        };
        let files = department.projects.iter().map(|project| {
            let lines = project.source.text().lines().map(str::trim_end);
            let mut hasher = blake3::Hasher::new();
            for line in lines.filter(|line| !line.is_empty()) {
                hasher.update(line.as_bytes()).update(b"\n");
            }
            (hasher.finalize(), project.source.name().to_owned())
        });
        Self {
            folder: department.folder.clone(),
            named: fact(name),
            code: fact(code),
            files: files.collect(),
        }
    }

    /// What the department is called.
    pub fn name(&self) -> &str {
        self.named.as_ref().map_or(&self.folder, |name| name.place.text())
    }
}

/// The departments of a run that were looked at so far.
#[derive(Debug, Default)]
pub struct Seen {
    names: HashMap<String, Arc<Facts>>,
    codes: HashMap<String, Arc<Facts>>,
    contents: HashMap<Hash, (Arc<Facts>, usize)>,
}

impl Seen {
    /// The first department of a name.
    pub(super) fn with_name(&self, name: &str) -> Option<(&Facts, &Fact)> {
        let facts = self.names.get(name)?;
        Some((facts, facts.named.as_ref()?))
    }

    /// The first department of a code.
    pub(super) fn with_code(&self, code: &str) -> Option<(&Facts, &Fact)> {
        let facts = self.codes.get(code)?;
        Some((facts, facts.code.as_ref()?))
    }

    /// The first department with such a project's file, and the file.
    pub(super) fn with_content(&self, content: &Hash) -> Option<(&Facts, &str)> {
        let (facts, index) = self.contents.get(content)?;
        Some((facts, &facts.files.get(*index)?.1))
    }

    /// Forgets all of them, but keeps the room they took: they are looked at again and again.
    pub fn clear(&mut self) {
        self.names.clear();
        self.codes.clear();
        self.contents.clear();
    }

    /// Adds a department.
    pub(super) fn add(&mut self, facts: &Arc<Facts>) {
        if let Some(name) = &facts.named {
            self.names.entry(name.text.clone()).or_insert_with(|| Arc::clone(facts));
        }
        if let Some(code) = &facts.code {
            self.codes.entry(code.text.clone()).or_insert_with(|| Arc::clone(facts));
        }
        for (index, (content, _)) in facts.files.iter().enumerate() {
            self.contents.entry(*content).or_insert_with(|| (Arc::clone(facts), index));
        }
    }
}
