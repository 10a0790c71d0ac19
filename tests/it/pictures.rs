//! Every page of the sample attachment looks as it did when somebody last looked at it and
//! approved it: `tests/pictures/<page>.png`.
//!
//! After a change of the layout that is meant, look at the pictures under `target/tmp/pictures/`
//! (expected | printed | difference) and approve the new ones:
//!
//! ```console
//! $ JIXIAO_APPROVE=1 cargo test --test it pictures
//! ```

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use crate::support;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings, render};
use png::{BitDepth, ColorType};

/// Enough to see every line and every character move; the words are tested elsewhere.
const DOTS_PER_INCH: f32 = 50.0;

/// Pictures have 16 greys, 0 is black.
const WHITE_GREY: u8 = 15;

/// How far a grey may be off. The rasteriser uses the vector instructions of each machine, which
/// round differently; that moves a pixel across the border to the next grey, never further.
/// A line or character that moves by a fifth of a pixel (0.1 mm) changes more.
const TOLERANCE: u8 = 1;

/// A picture in greys, row by row.
#[derive(Clone, PartialEq, Eq)]
struct Picture {
    width: usize,
    greys: Vec<u8>,
}

#[test]
fn every_page_looks_as_approved() {
    let printed = print_sample();
    let approved = support::repository().join("tests/pictures");
    let differences = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    let _ = fs::remove_dir_all(&differences);
    if std::env::var_os("JIXIAO_APPROVE").is_some() {
        let _ = fs::remove_dir_all(&approved);
        for (number, picture) in (1..).zip(&printed) {
            picture.write(&page_path(&approved, number));
        }
        return;
    }
    let mut messages = Vec::new();
    let pages = printed.len().max(fs::read_dir(&approved).map_or(0, Iterator::count));
    for number in 1..=pages {
        let expected = Picture::read(&page_path(&approved, number));
        let actual = printed.get(number - 1);
        let difference = page_path(&differences, number);
        match (expected, actual) {
            (Some(expected), Some(actual)) => {
                let different = expected.different_pixels(actual);
                if different > 0 {
                    expected.beside(actual).write(&difference);
                    let path = difference.display();
                    messages.push(format!("page {number}: {different} pixels differ, see {path}"));
                }
            }
            (None, Some(actual)) => {
                actual.write(&difference);
                let path = difference.display();
                messages.push(format!("page {number} is new, see {path}"));
            }
            (_, None) => messages.push(format!("page {number} is gone")),
        }
    }
    assert!(
        messages.is_empty(),
        "the sample attachment looks different:\n{}\n\
         If it should, approve it: JIXIAO_APPROVE=1 cargo test --test it pictures",
        messages.join("\n")
    );
}

fn page_path(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{number:02}.png"))
}

/// The pages of the sample attachment, the table of all projects first.
fn print_sample() -> Vec<Picture> {
    let output = tempfile::tempdir().expect("a temporary folder");
    let target = output.path().join("a.pdf");
    let target_text = target.to_string_lossy();
    support::run(support::repository(), &["render", "--combined", "-o", &target_text]);
    let pdf = Pdf::new(fs::read(&target).expect("a file")).expect("a PDF");
    let scale = DOTS_PER_INCH / 72.0;
    let settings =
        RenderSettings { x_scale: scale, y_scale: scale, bg_color: WHITE, ..Default::default() };
    let interpreter = InterpreterSettings::default();
    let pages = pdf.pages().iter().map(|page| {
        let cache = RenderCache::new();
        let pixels = render(page, &cache, &interpreter, &settings);
        let grey = |rgba: &[u8]| {
            let sum: u32 = rgba[..3].iter().map(|&channel| u32::from(channel)).sum();
            ((sum * u32::from(WHITE_GREY) + 3 * 255 / 2) / (3 * 255)) as u8
        };
        let greys = pixels.data_as_u8_slice().chunks_exact(4).map(grey).collect();
        Picture { width: usize::from(pixels.width()), greys }
    });
    pages.collect()
}

impl Picture {
    fn height(&self) -> usize {
        self.greys.len() / self.width
    }

    fn different_pixels(&self, other: &Self) -> usize {
        if self.width != other.width || self.height() != other.height() {
            return self.greys.len().max(other.greys.len());
        }
        let pixels = self.greys.iter().zip(&other.greys);
        pixels.filter(|(a, b)| a.abs_diff(**b) > TOLERANCE).count()
    }

    /// This picture, the other one and their difference, side by side.
    fn beside(&self, other: &Self) -> Self {
        let width = self.width.max(other.width);
        let mut greys = Vec::new();
        for y in 0..self.height().max(other.height()) {
            let row = |picture: &Self| -> Vec<u8> {
                (0..width).map(|x| picture.grey(x, y).unwrap_or(WHITE_GREY / 2)).collect()
            };
            let (expected, actual) = (row(self), row(other));
            // What is the same stays visible, pale, to find one's way.
            let difference = expected.iter().zip(&actual).map(|(a, b)| {
                if a.abs_diff(*b) > TOLERANCE { 0 } else { WHITE_GREY - (WHITE_GREY - a) / 4 }
            });
            greys.extend(expected.iter().chain(&actual).copied().chain(difference));
        }
        Self { width: 3 * width, greys }
    }

    fn grey(&self, x: usize, y: usize) -> Option<u8> {
        (x < self.width).then(|| self.greys.get(y * self.width + x).copied()).flatten()
    }

    /// Reads a picture of 16 greys; `None` if there is none.
    fn read(path: &Path) -> Option<Self> {
        let file = BufReader::new(File::open(path).ok()?);
        let mut reader = png::Decoder::new(file).read_info().expect("a PNG file");
        let (width, height) = reader.info().size();
        let format = (reader.info().color_type, reader.info().bit_depth);
        assert_eq!(format, (ColorType::Grayscale, BitDepth::Four), "{}", path.display());
        let width = width as usize;
        let row_bytes = width.div_ceil(2);
        let mut bytes = vec![0; row_bytes * height as usize];
        reader.next_frame(&mut bytes).expect("a whole picture");
        let rows = bytes.chunks_exact(row_bytes);
        let greys =
            rows.flat_map(|row| row.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(width));
        Some(Self { width, greys: greys.collect() })
    }

    fn write(&self, path: &Path) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let file = BufWriter::new(File::create(path).expect("a file"));
        let mut encoder = png::Encoder::new(file, self.width as u32, self.height() as u32);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::Four);
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        let bytes: Vec<u8> = self
            .greys
            .chunks_exact(self.width)
            .flat_map(|row| row.chunks(2))
            .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
            .collect();
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&bytes).expect("a whole picture");
    }
}
