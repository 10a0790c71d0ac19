//! Fonts: those that ship with the program, which give the same output on every machine, and
//! before them those a workspace names.

mod missing;
mod widths;

pub use widths::Widths;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use toml::Spanned;
use typst::foundations::Bytes;
use typst::text::Font;
use typst_kit::fonts::{FontPath, FontStore, scan};

use crate::diagnostics::{Finding, Rule, Severity, SourceFile};

static NO_SUCH_FONT: Rule = Rule {
    code: "E402",
    name: "没有这种字体",
    severity: Severity::Error,
    explanation: r#"看什么：jixiao.toml 的 ["字体"] 里写的文件夹和字体名称，是不是找得到。
为什么：找不到就只能换一种字体印，印出来和要求的不一样。
反例：`"标题" = ["方正小标宋简体"]`，而字体文件夹里没有这种字体
正例：把字体文件放进字体文件夹，写 jixiao fonts 列出来的名称"#,
};

/// The kinds of findings reported here.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    missing::RULES.iter().copied().chain([&NO_SUCH_FONT])
}

/// Body and titles in Noto Serif SC (宋体), the number of the attachment in Noto Sans SC (黑体).
const BUNDLED: [&[u8]; 3] = [
    jixiao_noto_serif_sc_regular::FONT,
    jixiao_noto_serif_sc_bold::FONT,
    jixiao_noto_sans_sc_medium::FONT,
];

/// Which fonts to use before the bundled ones.
#[derive(Debug, Clone, Default)]
pub struct FontConfig {
    /// Where it is written, for messages; `None` if nothing is.
    pub source: Option<Arc<SourceFile>>,
    /// A folder with font files (`文件夹`), relative to the workspace as it was called.
    pub folder: Option<PathBuf>,
    /// Families for running text (`正文`).
    pub body: Vec<Spanned<String>>,
    /// Families for titles (`标题`).
    pub title: Vec<Spanned<String>>,
    /// Families for the attachment's number, `附件2` (`标记`).
    pub attachment_number: Vec<Spanned<String>>,
}

/// What a font is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Running text (正文).
    Body,
    /// Titles (标题).
    Title,
    /// The attachment's number, `附件2` (标记).
    AttachmentNumber,
}

/// All fonts of a run, and which families each role uses, in order of preference.
pub struct Fonts {
    store: FontStore,
    origins: Vec<Option<PathBuf>>,
    folder: Option<PathBuf>,
    roles: [Vec<String>; 3],
    /// A bit for each character that any font has, once they were asked for.
    characters: OnceLock<Vec<u64>>,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Body, Self::Title, Self::AttachmentNumber];

    /// Its name in `jixiao.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "正文",
            Self::Title => "标题",
            Self::AttachmentNumber => "标记",
        }
    }

    fn bundled_family(self) -> &'static str {
        match self {
            Self::Body | Self::Title => "Noto Serif SC",
            Self::AttachmentNumber => "Noto Sans SC",
        }
    }

    fn configured(self, config: &FontConfig) -> &[Spanned<String>] {
        match self {
            Self::Body => &config.body,
            Self::Title => &config.title,
            Self::AttachmentNumber => &config.attachment_number,
        }
    }
}

impl Fonts {
    /// The bundled fonts and those of the workspace's folder.
    ///
    /// # Errors
    /// A finding for each family that is named but not there, and for a folder that is not there.
    pub fn new(config: &FontConfig) -> Result<Self, Vec<Finding>> {
        let mut fonts = Self {
            store: FontStore::new(),
            origins: Vec::new(),
            folder: config.folder.clone(),
            roles: Default::default(),
            characters: OnceLock::new(),
        };
        // To list the characters of one takes some milliseconds.
        let bundled = BUNDLED.par_iter().flat_map_iter(|&data| Font::iter(Bytes::new(data)));
        for font in bundled.collect::<Vec<Font>>() {
            let info = font.info().clone();
            fonts.store.push((font, info));
            fonts.origins.push(None);
        }
        if let Some(folder) = &config.folder {
            if !folder.is_dir() {
                let finding = Finding::about(&NO_SUCH_FONT, folder, "没有这个字体文件夹")
                    .help("检查 jixiao.toml 里[\"字体\"]的“文件夹”");
                return Err(vec![finding]);
            }
            // The order of a folder's entries differs between machines.
            let mut found: Vec<(FontPath, _)> = scan(folder).collect();
            found.sort_by(|(a, _), (b, _)| (&a.path, a.index).cmp(&(&b.path, b.index)));
            for (font, info) in found {
                fonts.origins.push(Some(font.path.clone()));
                fonts.store.push((font, info));
            }
        }
        let mut findings = Vec::new();
        for role in Role::ALL {
            fonts.roles[role as usize] = fonts.families(role, config, &mut findings);
        }
        if findings.is_empty() { Ok(fonts) } else { Err(findings) }
    }

    /// The families of a role, in order of preference; the last is bundled.
    pub fn role(&self, role: Role) -> &[String] {
        &self.roles[role as usize]
    }

    /// Every family with where it comes from: its file, or `None` if it is bundled.
    pub fn list(&self) -> Vec<(String, Option<&Path>)> {
        let infos = (0..self.origins.len()).filter_map(|index| self.store.book().info(index));
        let origins = self.origins.iter().map(Option::as_deref);
        let mut list: Vec<_> = infos.map(|info| info.family.clone()).zip(origins).collect();
        list.dedup();
        list
    }

    /// Whether any font of a family has a character.
    pub fn family_has(&self, family: &str, character: char) -> bool {
        let book = self.store.book();
        let covers = |index| {
            book.info(index).is_some_and(|info| info.coverage.contains(u32::from(character)))
        };
        book.select_family(&family.to_lowercase()).any(covers)
    }

    /// Whether any font has a character: what the chosen families lack is taken from the others.
    pub fn has(&self, character: char) -> bool {
        let characters = self.characters.get_or_init(|| {
            let mut bits = vec![0_u64; 0x11_0000 / 64];
            let infos = (0..self.origins.len()).filter_map(|index| self.store.book().info(index));
            for code in infos.flat_map(|info| info.coverage.iter()) {
                if let Some(word) = bits.get_mut(code as usize / 64) {
                    *word |= 1 << (code % 64);
                }
            }
            bits
        });
        let code = character as usize;
        characters.get(code / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
    }

    /// The folder with the workspace's own fonts, if it has one.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// What of the workspace's own fonts shows in print: which families the roles name, in which
    /// files there are fonts, and these files' bytes.
    ///
    /// A family that no role names can only fill in for a character that is in no other font: of
    /// its files the size has to do, since the folder may be that of the whole system.
    pub fn identity(&self) -> Vec<Vec<u8>> {
        let mut parts: Vec<Vec<u8>> =
            self.roles.iter().map(|families| families.join("\n").into_bytes()).collect();
        for (index, path) in self.origins.iter().enumerate() {
            let Some(path) = path else { continue };
            let folder = self.folder().unwrap_or(Path::new(""));
            let place = path.strip_prefix(folder).unwrap_or(path);
            parts.push(place.to_string_lossy().replace('\\', "/").into_bytes());
            // The loaded font is the one that is used; the file may be another by then.
            parts.push(match self.named(index) {
                Some(font) => blake3::hash(font.data()).as_bytes().to_vec(),
                None => path.metadata().map_or(0, |file| file.len()).to_le_bytes().to_vec(),
            });
        }
        parts
    }

    /// A font, if a role names its family.
    fn named(&self, index: usize) -> Option<Font> {
        let family = self.store.book().info(index)?.family.to_lowercase();
        let is_named = self.roles.iter().flatten().any(|name| name.to_lowercase() == family);
        if is_named { self.store.font(index) } else { None }
    }

    pub(crate) fn store(&self) -> &FontStore {
        &self.store
    }

    fn families(
        &self,
        role: Role,
        config: &FontConfig,
        findings: &mut Vec<Finding>,
    ) -> Vec<String> {
        let mut families = Vec::new();
        for family in role.configured(config) {
            let name = family.get_ref();
            if self.store.book().contains_family(&name.to_lowercase()) {
                families.push(name.clone());
            } else if let Some(source) = &config.source {
                let message = format!("没有“{name}”这种字体");
                let finding = Finding::at(&NO_SUCH_FONT, source.span(family.span()), message);
                let mut known: Vec<String> =
                    self.list().into_iter().map(|(name, _)| name).collect();
                known.dedup();
                findings.push(finding.help(format!(
                    "把字体文件放进字体文件夹，并写它的英文名称；现在有：{}",
                    known.join("、")
                )));
            }
        }
        families.push(role.bundled_family().to_owned());
        families
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("roles", &self.roles).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_gb_2312_has_a_glyph_in_every_font() {
        let rows = 0xB0..=0xF7u8;
        let hanzi: Vec<char> = rows
            .flat_map(|row| (0xA1..=0xFEu8).map(move |cell| [row, cell]))
            .filter_map(|code| {
                let text =
                    encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&code);
                text.and_then(|text| text.chars().next())
            })
            .filter(|&c| !('\u{E000}'..='\u{F8FF}').contains(&c))
            .collect();
        assert_eq!(hanzi.len(), 6763);
        let fonts = Fonts::new(&FontConfig::default()).unwrap();
        for family in ["Noto Serif SC", "Noto Sans SC"] {
            let missing: String = hanzi.iter().filter(|&&c| !fonts.family_has(family, c)).collect();
            assert_eq!(missing, "", "{family}");
        }
    }
}
