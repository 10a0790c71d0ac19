//! A hash over everything that determines the bytes of a PDF.

use std::sync::Arc;

use blake3::{Hash, Hasher};

use super::{Around, Settings};
use crate::diagnostics::SourceFile;
use crate::fonts::Fonts;
use crate::form::{Form, TemplateFiles};

/// The program is known by what it is made of: its code, the forms and fonts that are built in, the
/// versions of its libraries. The build hashes them (`build.rs`).
const PROGRAM: &str = env!("JIXIAO_SOURCES");

/// What all documents of a run have in common, hashed.
#[derive(Debug)]
pub(super) struct Fingerprint(Fields);

/// Hashes one field after the other, each with its length, so that no two lists of fields are the
/// same bytes.
#[derive(Debug, Clone, Default)]
struct Fields(Hasher);

impl Fingerprint {
    /// The program, the form, the workspace's fonts and the settings.
    pub fn new(form: &Form, fonts: &Fonts, settings: &Settings) -> Self {
        let mut fields = Fields::default();
        fields.add(PROGRAM.as_bytes());
        fields.add_form(&form.files);
        form.data.iter().for_each(|files| fields.add_form(files));
        for part in fonts.identity() {
            fields.add(&part);
        }
        // It names every setting, also those that are still to come.
        fields.add(format!("{settings:?}").as_bytes());
        Self(fields)
    }

    /// A document of these departments, each with the name of its folder and its files, in order.
    pub fn document<'s>(
        &self,
        year: &str,
        around: &Around<'_>,
        departments: impl IntoIterator<Item = (&'s str, impl Iterator<Item = &'s Arc<SourceFile>>)>,
    ) -> Hash {
        let mut fields = self.0.clone();
        fields.add(year.as_bytes());
        around.first.iter().for_each(|form| fields.add_form(&form.files));
        fields.add(around.period.as_bytes());
        for (folder, sources) in departments {
            // A folder is told from a file by the slash, which no name has.
            fields.add(format!("{folder}/").as_bytes());
            for source in sources {
                fields.add(source.file_name().as_bytes());
                fields.add(&source.bytes());
            }
        }
        fields.0.finalize()
    }
}

impl Fields {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }

    fn add_form(&mut self, files: &TemplateFiles) {
        for (path, bytes) in files.iter() {
            self.add(path.as_bytes());
            self.add(bytes);
        }
    }
}
