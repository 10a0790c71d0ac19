//! `jixiao.toml`: what a workspace sets for itself. The file may be absent.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::forms::{BAD_CHOICE, Choice, Chosen, PERIODS};
use super::names::{CONFIG_FILE, is_year};
use crate::diagnostics::{Finding, SourceFile};
use crate::fonts::FontConfig;
use crate::toml::text_file;
use crate::toml::{Document, Need};

/// The settings of a workspace.
#[derive(Debug, Default)]
pub struct Config {
    /// The file they were read from; `None` if there is none.
    pub source: Option<Arc<SourceFile>>,
    /// `["字体"]`.
    pub fonts: FontConfig,
    /// `["规则"]`: codes of rules with the level each is given, as written.
    pub levels: Vec<(Spanned<String>, Spanned<String>)>,
    /// `[["表样"]]` and `["监控"]`: which forms apply.
    pub forms: Chosen,
}

impl Config {
    /// Reads the settings of a workspace.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn load(root: &Path) -> Result<Self, Vec<Finding>> {
        let path = root.join(CONFIG_FILE);
        // Only a file that is not there is no settings; a broken link or a folder is a mistake.
        if path.symlink_metadata().is_err() {
            return Ok(Self::default());
        }
        let source = text_file::read(&path).map_err(|finding| vec![*finding])?;
        let mut findings = Vec::new();
        let config = Self::parse(root, &source, &mut findings);
        if findings.is_empty() { Ok(config) } else { Err(findings) }
    }

    fn parse(root: &Path, source: &Arc<SourceFile>, findings: &mut Vec<Finding>) -> Self {
        let document = Document::parse(source, findings);
        let mut top = document.root();
        let mut fonts = FontConfig { source: Some(Arc::clone(source)), ..FontConfig::default() };
        if let Some(mut table) = top.table("字体", Need::Optional, findings) {
            let folder = table.text("文件夹", Need::Optional, findings);
            fonts.folder = folder.map(|folder| root.join(folder.get_ref()));
            let mut families = |key| table.texts(key, Need::Optional, findings).unwrap_or_default();
            fonts.body = families("正文");
            fonts.title = families("标题");
            fonts.attachment_number = families("标记");
            table.finish(findings);
        }
        let mut levels = Vec::new();
        if let Some(mut table) = top.table("规则", Need::Optional, findings) {
            for entry in table.take_rest() {
                levels.extend(entry.text(findings).map(|level| (entry.spanned_key(), level)));
            }
        }
        let mut forms = Vec::new();
        for mut table in top.tables("表样", findings) {
            forms.extend(Choice::parse(&mut table, findings));
            table.finish(findings);
        }
        let mut periods = BTreeMap::new();
        if let Some(mut table) = top.table(PERIODS, Need::Optional, findings) {
            for entry in table.take_rest() {
                let Some(period) = entry.filled_text(Need::Filled, findings) else { continue };
                if !is_year(entry.key()) {
                    let message = format!("“{}”不是年度", entry.key());
                    let finding = Finding::at(&BAD_CHOICE, entry.key_span(), message);
                    findings.push(finding.help("写四位数字的年度，例如 \"2023\" = \"1-7月\""));
                }
                periods.insert(entry.key().to_owned(), period.into_inner());
            }
        }
        let forms = Chosen { choices: forms, periods };
        top.finish(findings);
        Self { source: Some(Arc::clone(source)), fonts, levels, forms }
    }
}
