//! How a PDF is written: its standards, its date.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// How a PDF is written.
#[derive(Debug, Clone)]
pub struct PdfSettings {
    /// When it says it was made.
    date: Option<Datetime>,
    standards: PdfStandards,
    /// The standards as they are named. The engine's own do not tell what they are.
    #[expect(dead_code, reason = "for `Debug`, which has to name every setting")]
    names: Vec<String>,
    pub(super) compress: bool,
}

impl PdfSettings {
    /// All standards there are, as they are named.
    pub const STANDARDS: [&'static str; 17] = [
        "1.4", "1.5", "1.6", "1.7", "2.0", "a-1a", "a-1b", "a-2a", "a-2b", "a-2u", "a-3a", "a-3b",
        "a-3u", "a-4", "a-4e", "a-4f", "ua-1",
    ];

    /// The standards a PDF keeps unless others are asked for: PDF/A-2a for archives and PDF/UA-1
    /// for readers who do not see.
    pub const DEFAULT_STANDARDS: &'static [&'static str] = &["a-2a", "ua-1"];

    /// The same for a PDF with attached files, which PDF/A allows from its third part on.
    pub const STANDARDS_WITH_FILES: &'static [&'static str] = &["a-3a", "ua-1"];

    /// Settings for data of a year.
    ///
    /// The same data gives the same bytes, so the date is not today's: it is `epoch` (in seconds,
    /// see <https://reproducible-builds.org/specs/source-date-epoch/>) or the first day of the
    /// data's year.
    ///
    /// # Errors
    /// In Chinese, if one is not among [`Self::STANDARDS`], or they exclude each other.
    pub fn new(
        year: &str,
        epoch: Option<i64>,
        standards: &[impl AsRef<str>],
    ) -> Result<Self, String> {
        let names: Vec<String> = standards.iter().map(|name| name.as_ref().to_owned()).collect();
        let standards: Vec<PdfStandard> = names
            .iter()
            .map(|name| {
                let name: StrDeserializer<'_, serde::de::value::Error> =
                    name.as_str().into_deserializer();
                PdfStandard::deserialize(name)
            })
            .collect::<Result<_, _>>()
            .map_err(|_| format!("没有“{}”这样的 PDF 标准", names.join(",")))?;
        let standards = PdfStandards::new(&standards)
            .map_err(|_| format!("这几个 PDF 标准不能一起用：{}", names.join("、")))?;
        let date = match epoch {
            Some(seconds) => date_of(seconds),
            None => year.parse().ok().and_then(|year| Datetime::from_ymd_hms(year, 1, 1, 0, 0, 0)),
        };
        Ok(Self { date, standards, names, compress: true })
    }

    /// The same in the engine's terms.
    pub(super) fn options(&self) -> PdfOptions {
        PdfOptions {
            creator: Smart::Custom(Some(format!("jixiao {}", env!("CARGO_PKG_VERSION")))),
            timestamp: self.date.map(Timestamp::new_utc),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        }
    }

    /// Leaves out the compression that makes a file half as big, for programs that know PDF only
    /// up to 1.4.
    pub fn without_compression(self) -> Self {
        Self { compress: false, ..self }
    }
}

/// The UTC date and time that many seconds after 1970.
fn date_of(seconds: i64) -> Option<Datetime> {
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    Datetime::from_ymd_hms(
        time.year(),
        time.month().into(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_knows_every_standard_by_its_name() {
        for name in PdfSettings::STANDARDS {
            assert!(PdfSettings::new("2023", None, &[name]).is_ok(), "{name}");
        }
    }

    #[test]
    fn standards_that_exclude_each_other_are_named() {
        for standards in [&["a-2a", "a-3a"][..], &["1.4", "1.7"], &["a-1b", "ua-1", "2.0"]] {
            let refused = PdfSettings::new("2023", None, standards).err();
            let expected = format!("这几个 PDF 标准不能一起用：{}", standards.join("、"));
            assert_eq!(refused, Some(expected));
        }
    }
}
