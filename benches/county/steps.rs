//! What is measured, step by step.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use jixiao::data;
use jixiao::data::Department;
use jixiao::fonts::Fonts;
use jixiao::form::Form;
use jixiao::lint::{self, Scope};
use jixiao::print::typeset::{Attachment, Typesetter};
use jixiao::workspace::Config;
use jixiao::workspace::Workspace;
use tempfile::TempDir;

use crate::bare_loop::BareLoop;
use crate::generate::{Words, YEAR};
use crate::machine;
use crate::measure::{self, Run, Series, series};
use crate::report::{Report, Row, mebibytes, milliseconds, seconds};
use crate::support::{self, jixiao, pdf, repository};
use crate::typst_cli::TypstCli;
use crate::verify;

/// How many projects a department has, like the sample.
const PROJECTS: usize = 11;
/// How many it has in a combined document, which makes the numbers of forms round.
const COMBINED_PROJECTS: usize = 10;
/// How many processes or threads others may use at a time.
const AT_A_TIME: usize = 2;
/// The department of the sample data.
const SAMPLE: &str = "056-灵沙乡";

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// The departments of the larger county; the smaller has a tenth.
    pub departments: usize,
    /// The forms of the combined document; others have a fortieth, and two and a half times as many.
    pub forms: usize,
    /// Whether everything runs only once or twice.
    pub is_quick: bool,
}

/// The steps, with what they share.
#[derive(Debug)]
pub struct Bench {
    /// What was found so far.
    pub report: Report,
    sizes: Sizes,
    form: Form,
    words: Words,
    folder: TempDir,
    start: Instant,
}

impl Bench {
    pub fn new(sizes: Sizes) -> Self {
        // Beside the program, on the disk that the compiler writes to as well.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let words = Words::of(&support::sample());
        let (report, form) = (Report::default(), support::form());
        Self { report, sizes, form, words, folder, start: Instant::now() }
    }

    /// When, where and how all this is measured.
    pub fn remarks(&self) -> Vec<String> {
        let typst = match self.typst("version") {
            Some(typst) => typst.version(),
            None => "没有 typst 程序，和它比的各行没有测".to_owned(),
        };
        vec![
            format!("日期：{}（UTC）", machine::today()),
            format!("机器：{}", machine::describe()),
            format!(
                "版本：jixiao {}，引擎 Typst {}；对照：{typst}；{}",
                env!("CARGO_PKG_VERSION"),
                typst::utils::version().raw(),
                machine::compiler(),
            ),
            "每一格是中位数，括号里是最短、最长和次数；一行的两边在同一次运行里轮流测".to_owned(),
            format!("全部测一遍用了 {:.1} 分钟", self.start.elapsed().as_secs_f64() / 60.0),
        ]
    }

    /// One department, one new process.
    pub fn cold(&mut self) {
        let times = if self.sizes.is_quick { 3 } else { 21 };
        self.progress(&format!("一个部门：{PROJECTS} 张表，{times} 次"));
        let output = self.folder.path().join("cold");
        let what = format!("新开一个进程，印一个部门（{PROJECTS} 张表）");
        let ours = || {
            clear(&output);
            let mut command = jixiao(repository(), &["render", "--year", YEAR, SAMPLE, "-o"]);
            measure::run(command.arg(&output))
        };
        let Some(typst) = self.typst("cold-typst") else {
            let ours = series(&repeat(times, ours)).0;
            self.report.add(Row { what, ours: seconds(&ours), ..Row::default() });
            return;
        };
        typst.prepare(&self.form, &self.inputs(&[support::sample()]));
        let theirs_file = self.folder.path().join("cold.pdf");
        let theirs = || measure::run(&mut typst.compile(0, &theirs_file));
        let (ours, theirs) = by_turns(times, ours, theirs);
        let ours_file = output.join(YEAR).join(format!("{SAMPLE}.pdf"));
        assert_eq!(printed(&ours_file), printed(&theirs_file), "typst prints something else");
        let (ours, theirs) = (series(&ours).0, series(&theirs).0);
        self.report.add(Row {
            what: format!("{what}；对照 `typst compile`，已核对印出的字和位置完全相同"),
            ours: seconds(&ours),
            other: seconds(&theirs),
            ratio: ratio(&ours, &theirs),
            target: "≤ 0.70".to_owned(),
        });
    }

    /// Some departments: against `typst compile` for each of them, and against the engine alone.
    /// Returns the memory they take.
    pub fn batch(&mut self) -> Series {
        let count = self.sizes.departments / 10;
        let times = if self.sizes.is_quick { 2 } else { 5 };
        self.progress(&format!("{count} 个部门，{times} 次"));
        let workspace = self.county("batch", count, PROJECTS);
        let inputs = self.inputs(&load(&workspace, &self.form));
        let typst = self.typst("batch-typst");
        if let Some(typst) = &typst {
            typst.prepare(&self.form, &inputs);
        }
        let bare_loop = BareLoop::new(&self.form);
        let theirs_folder = self.folder.path().join("batch-output");
        fs::create_dir_all(&theirs_folder).expect("a folder");
        let (mut ours, mut theirs, mut bare) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..times {
            ours.push(render(&workspace, &[]));
            if let Some(typst) = &typst {
                let pdf = |index| theirs_folder.join(format!("{index}.pdf"));
                let commands = (0..count).map(|index| typst.compile(index, &pdf(index)));
                theirs.push(measure::run_all(commands.collect(), AT_A_TIME));
            }
            bare.push(bare_loop.run(&inputs, AT_A_TIME));
        }
        let (ours, peak) = series(&ours);
        let bare = Series::new(bare);
        let what = format!("{count} 个部门 × {PROJECTS} 张表，每个部门一份");
        if typst.is_some() {
            let theirs = Series::new(theirs);
            self.report.add(Row {
                what: format!("{what}；对照：每个部门一次 `typst compile`，同时两个进程"),
                ours: seconds(&ours),
                other: seconds(&theirs),
                ratio: format!("速度 {} 倍", ratio(&theirs, &ours)),
                target: "≥ 3 倍".to_owned(),
            });
        }
        self.report.add(Row {
            what: format!(
                "{what}；对照：数据已在内存里，两个线程只调用引擎排版、导出，不检查、不压缩、不写文件"
            ),
            ours: seconds(&ours),
            other: seconds(&bare),
            ratio: format!("速度 {} 倍", ratio(&bare, &ours)),
            target: "≥ 0.9 倍".to_owned(),
        });
        peak
    }

    /// Many departments: all of them, then nothing new, then one changed file. `small_peak` is the
    /// memory that a tenth of them takes.
    pub fn many(&mut self, small_peak: &Series) {
        let count = self.sizes.departments;
        let times = if self.sizes.is_quick { 1 } else { 3 };
        self.progress(&format!("{count} 个部门，{times} 次"));
        let workspace = self.county("many", count, PROJECTS);
        let (mut full, mut idle, mut one) = (Vec::new(), Vec::new(), Vec::new());
        let mut written = Vec::new();
        for turn in 0..times {
            full.push(render(&workspace, &[]));
            idle.push(render_again(&workspace));
            let before = modified(&workspace);
            change_a_project(&workspace, turn * count / times);
            one.push(render_again(&workspace));
            let after = modified(&workspace);
            written
                .push(after.iter().filter(|(path, time)| before.get(*path) != Some(time)).count());
        }
        let (full, peak) = series(&full);
        let ((idle, _), (one, _)) = (series(&idle), series(&one));
        self.report.add(Row {
            what: format!("{count} 个部门 × {PROJECTS} 张表，每个部门一份"),
            ours: seconds(&full),
            ..Row::default()
        });
        self.report.add(Row {
            what: format!("内存峰值，{count} 个部门；对照：{} 个部门", count / 10),
            ours: mebibytes(&peak),
            other: mebibytes(small_peak),
            ratio: ratio(&peak, small_peak),
            target: "≤ 1.3，≤ 300 MiB".to_owned(),
        });
        self.report.add(Row {
            what: format!("{count} 个部门都没有改动，再运行一次；对照：全部印一遍"),
            ours: seconds(&idle),
            other: seconds(&full),
            ratio: format!("{:.1}%", 100.0 * idle.median() / full.median()),
            target: "≤ 3%".to_owned(),
        });
        let written: Vec<String> = written.iter().map(ToString::to_string).collect();
        self.report.add(Row {
            what: format!("{count} 个部门，只改了一个项目文件，再运行一次；写出几份"),
            ours: format!("{}，写出 {} 份", seconds(&one), written.join("、")),
            target: "1 份".to_owned(),
            ..Row::default()
        });
    }

    /// Reading and checking alone.
    pub fn reading(&mut self) {
        let count = self.sizes.departments;
        let times = if self.sizes.is_quick { 1 } else { 3 };
        self.progress(&format!("读入、检查 {count} 个部门，{times} 次"));
        let workspace = self.county("many", count, PROJECTS);
        let form = &self.form.definition;
        let (mut reading, mut errors, mut command) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..times {
            let mut departments = Vec::new();
            reading.push(measure::seconds(|| departments = load(&workspace, &self.form)));
            errors.push(measure::seconds(|| {
                let mut findings = Vec::new();
                for department in &departments {
                    let scopes = Scope::of(department, form, YEAR, None);
                    lint::errors(&scopes, department, &mut findings);
                }
                assert!(findings.is_empty(), "the data is valid");
            }));
            command.push(measure::run(&mut jixiao(&workspace, &["check"])));
        }
        let (command, peak) = series(&command);
        for (what, ours) in [
            (format!("读入 {count} 个部门的数据（一个线程）"), seconds(&Series::new(reading))),
            (
                format!("查 {count} 个部门的错误（一个线程，数据已读入）"),
                seconds(&Series::new(errors)),
            ),
            (
                format!("`jixiao check`，{count} 个部门，全部规则"),
                format!("{}；内存峰值 {}", seconds(&command), mebibytes(&peak)),
            ),
        ] {
            self.report.add(Row { what, ours, ..Row::default() });
        }
    }

    /// All departments as one document.
    pub fn combined(&mut self) {
        let most = self.sizes.forms * 5 / 2;
        let [few, many, most] = [self.sizes.forms / 40, self.sizes.forms, most]
            .map(|forms| forms.div_ceil(COMBINED_PROJECTS) * COMBINED_PROJECTS);
        let times = if self.sizes.is_quick { 1 } else { 3 };
        self.progress(&format!("合成一份：{few} 张表和 {many} 张表，{times} 次"));
        let [small, large, largest] = [few, many, most].map(|forms| {
            self.county(&format!("combined-{forms}"), forms / COMBINED_PROJECTS, COMBINED_PROJECTS)
        });
        let combined = |workspace: &Path| render(workspace, &["--combined"]);
        let (mut short, mut long) = (Vec::new(), Vec::new());
        for _ in 0..times {
            short.extend(repeat(3, || combined(&small)));
            long.push(combined(&large));
        }
        let per_form = |runs: &[Run], forms: usize| {
            Series::new(runs.iter().map(|run| run.seconds / forms as f64).collect())
        };
        let (short, each) = (per_form(&short, few), per_form(&long, many));
        self.report.add(Row {
            what: format!("合成一份，平均每张表：共 {many} 张；对照：共 {few} 张"),
            ours: milliseconds(&each),
            other: milliseconds(&short),
            ratio: ratio(&each, &short),
            target: "≤ 1.15".to_owned(),
        });
        let (time, peak) = series(&long);
        self.report.add(Row {
            what: format!("合成一份，{many} 张表：用时和内存峰值"),
            ours: format!("{}；{}", seconds(&time), mebibytes(&peak)),
            target: "≤ 2048 MiB".to_owned(),
            ..Row::default()
        });
        self.progress("用 PDF 阅读程序核对合成的一份");
        let file = combined_file(&large, &self.form);
        self.report.add(Row {
            what: format!("用 PDF 阅读程序核对这 {many} 张表：每页的页码，每个部门和项目的书签，每页的表格标签"),
            ours: verify::combined(&file, &load(&large, &self.form))
                .map_or_else(|problem| format!("不符：{problem}"), |()| "全部相符".to_owned()),
            target: "全部相符".to_owned(),
            ..Row::default()
        });
        self.progress(&format!("合成一份：{most} 张表，1 次"));
        let (time, peak) = series(&[combined(&largest)]);
        self.report.add(Row {
            what: format!("合成一份，{most} 张表：用时和内存峰值"),
            ours: format!("{}；{}", seconds(&time), mebibytes(&peak)),
            target: "印得完".to_owned(),
            ..Row::default()
        });
    }

    fn progress(&self, step: &str) {
        eprintln!("[{:>4.0} 秒] {step}", self.start.elapsed().as_secs_f64());
    }

    /// A workspace with made-up data.
    fn county(&self, name: &str, departments: usize, projects: usize) -> PathBuf {
        let workspace = self.folder.path().join(name);
        self.words.write(&workspace, departments, projects).expect("files");
        workspace
    }

    fn typst(&self, folder: &str) -> Option<TypstCli> {
        TypstCli::from_environment(self.folder.path().join(folder))
    }

    /// What the layout gets for each department.
    fn inputs(&self, departments: &[Department]) -> Vec<Vec<u8>> {
        let fonts = Fonts::new(&FontConfig::default()).expect("the bundled fonts");
        let typesetter = Typesetter::new(&self.form, fonts);
        let data = |department| {
            let departments = std::slice::from_ref(department);
            let attachment = Attachment { year: YEAR, departments, summary: false };
            typesetter.department_data(&attachment, 0).expect("data")
        };
        departments.iter().map(data).collect()
    }
}

fn repeat(times: usize, mut work: impl FnMut() -> Run) -> Vec<Run> {
    (0..times).map(|_| work()).collect()
}

fn by_turns(
    times: usize,
    mut ours: impl FnMut() -> Run,
    mut theirs: impl FnMut() -> Run,
) -> (Vec<Run>, Vec<Run>) {
    (0..times).map(|_| (ours(), theirs())).unzip()
}

fn ratio(a: &Series, b: &Series) -> String {
    format!("{:.2}", a.median() / b.median())
}

/// Renders everything, whatever was rendered before.
fn render(workspace: &Path, options: &[&str]) -> Run {
    clear(&workspace.join("output"));
    measure::run(&mut jixiao(workspace, &[&["render"], options].concat()))
}

/// Renders what has changed.
fn render_again(workspace: &Path) -> Run {
    measure::run(&mut jixiao(workspace, &["render"]))
}

fn clear(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("a folder that can be removed");
    }
}

fn load(workspace: &Path, form: &Form) -> Vec<Department> {
    let year = Workspace::new(workspace).year(Some(YEAR)).expect("a year");
    let mut findings = Vec::new();
    let departments: Vec<Department> = year
        .departments
        .iter()
        .filter_map(|folder| data::department(folder, &form.definition, &mut findings))
        .collect();
    assert!(findings.is_empty(), "the data is valid");
    departments
}

/// Gives a project of a department another name.
fn change_a_project(workspace: &Path, department: usize) {
    let year = Workspace::new(workspace).year(Some(YEAR)).expect("a year");
    let path = year.departments[department].join("01.toml");
    let text = fs::read_to_string(&path).expect("a file");
    let changed = text.replacen("\"项目名称\" = \"", "\"项目名称\" = \"调整后的", 1);
    assert_ne!(text, changed, "{}", path.display());
    fs::write(path, changed).expect("a file");
}

/// When each printed file was written.
fn modified(workspace: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let files = fs::read_dir(workspace.join("output").join(YEAR)).expect("printed files");
    let paths = files.map(|file| file.expect("a file").path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
        .map(|path| {
            let time = fs::metadata(&path).and_then(|data| data.modified()).expect("a time");
            (path, time)
        })
        .collect()
}

fn combined_file(workspace: &Path, form: &Form) -> PathBuf {
    workspace.join("output").join(YEAR).join(format!("{}.pdf", form.definition.attachment))
}

/// The characters of each page and where they stand.
fn printed(path: &Path) -> Vec<Vec<(char, i64, i64)>> {
    let thousandths = |points: f64| (points * 1000.0).round() as i64;
    pdf::read(path)
        .iter()
        .map(|page| {
            let glyphs = page.glyphs.iter();
            glyphs
                .map(|glyph| {
                    (glyph.character, thousandths(glyph.origin.x), thousandths(glyph.origin.y))
                })
                .collect()
        })
        .collect()
}
