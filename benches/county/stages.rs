//! Where the time of a batch goes: the steps of the work, one after the other on one thread.

use std::path::Path;
use std::time::{Duration, Instant};

use jixiao::data;
use jixiao::fonts::{FontConfig, Fonts};
use jixiao::form::Form;
use jixiao::lint::{self, Scope};
use jixiao::print::pdf;
use jixiao::print::typeset::{About, PdfSettings, Typesetter};
use jixiao::sheet::{Arranger, Opening, overlooked};
use jixiao::workspace::Workspace;

/// The steps in their order.
const NAMES: [&str; 7] =
    ["读入和检查", "排成表", "分行分页", "Typst 排版", "核对", "导出 PDF", "压缩和写文件"];
/// Which of them is the proof.
const PROOF: usize = 4;

/// How long each step took, for all departments together.
#[derive(Debug, Default)]
pub struct Stages([Duration; NAMES.len()]);

impl Stages {
    /// The time and the share of each step.
    pub fn shares(&self) -> String {
        let shares = NAMES.iter().zip(self.0).map(|(name, time)| {
            let share = 100.0 * time.as_secs_f64() / self.total();
            format!("{name} {:.3} 秒（{share:.1}%）", time.as_secs_f64())
        });
        shares.collect::<Vec<_>>().join("，")
    }

    /// The share of the proof of print.
    pub fn share_of_proof(&self) -> f64 {
        self.0[PROOF].as_secs_f64() / self.total()
    }

    fn total(&self) -> f64 {
        self.0.iter().sum::<Duration>().as_secs_f64()
    }
}

/// Prints the departments of a workspace as the program does, on one thread.
pub fn measure(workspace: &Path, form: &Form, year: &str) -> Stages {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    comemo::evict(0);
    pool.install(|| print(workspace, form, year))
}

fn print(workspace: &Path, form: &Form, year: &str) -> Stages {
    let fonts = Fonts::new(&FontConfig::default()).expect("the bundled fonts");
    let typesetter = Typesetter::new(form, &fonts);
    let settings = PdfSettings::new(year, None, PdfSettings::DEFAULT_STANDARDS).expect("settings");
    let plain_settings = settings.clone().without_compression();
    let arranger = Arranger { form: &form.definition, year, period: "" };
    let output = workspace.join("stages.pdf");
    let mut stages = Stages::default();
    let year_folders = Workspace::new(workspace).year(Some(year)).expect("a year");
    for folder in &year_folders.departments {
        let mut clock = Clock { stages: &mut stages, step: 0, start: Instant::now() };
        let mut findings = Vec::new();
        let department = data::department(folder, &crate::support::forms(), &mut findings)
            .expect("a department");
        let scopes = Scope::of(&department, &form.definition, year, None);
        lint::errors(&scopes, &department, &mut findings);
        assert!(findings.is_empty(), "the data is valid");
        clock.next();
        let all = 0..department.projects.len();
        let sheets = arranger.forms(&department, all.clone(), Opening::NumberedTitle);
        assert!(overlooked(&department, all, &sheets).is_empty(), "everything is printed");
        clock.next();
        let paged = typesetter.paginate_all(&sheets).expect("pages");
        clock.next();
        let title = arranger.attachment_title(&department);
        let about = About::new(title, std::iter::once(department.name()));
        let laid_out = typesetter.lay_out(&about, &paged, 1, Vec::new()).expect("pages");
        clock.next();
        typesetter.prove(&laid_out, &paged).expect("the pages are right");
        clock.next();
        let pages = typesetter.join([laid_out.into()]);
        let unpacked = pages.pdf(&plain_settings).expect("a PDF");
        clock.next();
        let packed = pdf::stamp(pdf::pack(unpacked), blake3::hash(b""));
        std::fs::write(&output, packed).expect("a file");
        clock.next();
        comemo::evict(2);
    }
    stages
}

struct Clock<'s> {
    stages: &'s mut Stages,
    step: usize,
    start: Instant,
}

impl Clock<'_> {
    /// Ends a step and begins the next.
    fn next(&mut self) {
        self.stages.0[self.step] += self.start.elapsed();
        self.step += 1;
        self.start = Instant::now();
    }
}
