//! What is measured, step by step.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use jixiao::data;
use jixiao::data::Department;
use jixiao::fonts::{FontConfig, Fonts, Role};
use jixiao::form::{Form, LAYOUT_FILE};
use jixiao::lint::{self, Scope};
use jixiao::print::typeset::{About, Typesetter};
use jixiao::sheet::{Arranger, Opening, Sheet};
use jixiao::workspace::Workspace;
use tempfile::TempDir;

use crate::bare_loop::BareLoop;
use crate::generate::{Words, YEAR};
use crate::machine;
use crate::measure::{self, Run, Series, series};
use crate::plain::{self, Margins};
use crate::pypi::PyPi;
use crate::report::{Report, Row, mebibytes, milliseconds, seconds};
use crate::support::{self, jixiao, pdf, repository};
use crate::typst_cli::TypstCli;
use crate::{stages, verify};

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
        let others = [
            self.typst("version").map(|typst| typst.version()),
            self.pypi("version").map(|pypi| pypi.version()),
            before().map(|program| format!("以前的 {}", program.display())),
        ];
        let others: Vec<String> = others.into_iter().flatten().collect();
        let others =
            if others.is_empty() { "没有别的程序".to_owned() } else { others.join("、") };
        vec![
            format!("日期：{}（UTC）", machine::today()),
            format!("机器：{}", machine::describe()),
            format!(
                "版本：jixiao {}，引擎 Typst {}；对照：{others}；{}",
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
        let folder = |name: &str| self.folder.path().join(name);
        let [output, output_before, theirs_file] = ["cold", "cold-before", "cold.pdf"].map(folder);
        let what = format!("新开一个进程，印一个部门（{PROJECTS} 张表）");
        let render = |mut command: std::process::Command, output: &Path| {
            clear(output);
            command.args(["render", "--year", YEAR, SAMPLE, "-o"]);
            measure::run(command.arg(output))
        };
        let before = before();
        let typst = self.typst("cold-typst");
        if let Some(typst) = &typst {
            typst.prepare(&self.form, &self.inputs(&[support::sample()]));
        }
        let (mut ours, mut others, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..times {
            ours.push(render(jixiao(repository(), &[]), &output));
            if let Some(program) = &before {
                others.push(render(other_program(program, repository()), &output_before));
            }
            if let Some(typst) = &typst {
                theirs.push(measure::run(&mut typst.compile(0, &theirs_file)));
            }
        }
        let ours = series(&ours).0;
        if others.is_empty() && theirs.is_empty() {
            self.report.add(Row { what: what.clone(), ours: seconds(&ours), ..Row::default() });
        }
        if !others.is_empty() {
            let others = series(&others).0;
            self.report.add(Row {
                what: format!("{what}；对照：以前的程序"),
                ours: seconds(&ours),
                other: seconds(&others),
                ratio: ratio(&ours, &others),
                target: "≤ 1.1".to_owned(),
            });
        }
        if !theirs.is_empty() {
            let ours_file = output.join(YEAR).join(format!("{SAMPLE}.pdf"));
            let is_same = printed(&ours_file) == printed(&theirs_file);
            assert!(is_same, "typst prints something else");
            let theirs = series(&theirs).0;
            self.report.add(Row {
                what: format!(
                    "{what}；对照：`typst compile` 用同样的版式和数据，已核对印出的字和位置完全相同"
                ),
                ours: seconds(&ours),
                other: seconds(&theirs),
                ratio: ratio(&ours, &theirs),
                ..Row::default()
            });
        }
    }

    /// Some departments: against the engine alone with the plain table and with our layout, against
    /// PyPI `typst`, the program of before, and `typst compile`. Returns the memory they take.
    pub fn batch(&mut self) -> Series {
        let count = self.sizes.departments / 10;
        let times = if self.sizes.is_quick { 2 } else { 7 };
        self.progress(&format!("{count} 个部门，{times} 次"));
        let workspace = self.county("batch", count, PROJECTS);
        let departments = load(&workspace);
        let inputs = self.inputs(&departments);
        let layout = self.form.files.get(LAYOUT_FILE).expect("a layout");
        let thin = BareLoop::new(std::str::from_utf8(layout).expect("UTF-8"));
        let plain_inputs = self.plain_inputs(&departments, Margins::OfTheForm);
        let plain = BareLoop::new(plain::LAYOUT);
        let pypi = self.pypi("pypi");
        if let Some(pypi) = &pypi {
            pypi.prepare(&self.plain_inputs(&departments, Margins::Ordinary));
        }
        let typst = self.typst("batch-typst");
        if let Some(typst) = &typst {
            typst.prepare(&self.form, &inputs);
        }
        let before = before();
        let theirs_folder = self.folder.path().join("batch-output");
        fs::create_dir_all(&theirs_folder).expect("a folder");
        let mut ours = Vec::new();
        let mut others: [Vec<f64>; 5] = Default::default();
        for _ in 0..times {
            let [of_plain, of_thin, of_pypi, of_before, of_typst] = &mut others;
            ours.push(render(&workspace, &[]));
            of_plain.push(plain.run(&plain_inputs, AT_A_TIME));
            of_thin.push(thin.run(&inputs, AT_A_TIME));
            of_pypi.extend(pypi.as_ref().map(PyPi::run));
            if let Some(program) = &before {
                let output = workspace.join("output");
                clear(&output);
                let mut command = other_program(program, &workspace);
                of_before.push(measure::run(command.arg("render")).seconds);
                clear(&output);
            }
            if let Some(typst) = &typst {
                let pdf = |index| theirs_folder.join(format!("{index}.pdf"));
                let commands = (0..count).map(|index| typst.compile(index, &pdf(index)));
                of_typst.push(measure::run_all(commands.collect(), AT_A_TIME));
            }
        }
        let (ours, peak) = series(&ours);
        let what = format!("{count} 个部门 × {PROJECTS} 张表，每个部门一份");
        let names = [
            (
                "只调用引擎，两个线程，用[最简单的表格](../benches/county/plain.typ)排版、导出，不检查、不压缩、不写文件",
                "≤ 0.95",
            ),
            ("同上，用本程序的版式和算好的数据", ""),
            (
                "PyPI 的 `typst`，一个进程，用最简单的表格、普通的页边，印普通的 PDF",
                "≤ 0.71（快 1.4 倍）",
            ),
            ("以前的程序", ""),
            ("每个部门一次 `typst compile`，用本程序的版式和算好的数据，同时两个进程", ""),
        ];
        for ((name, target), other) in names.into_iter().zip(others) {
            if other.is_empty() {
                continue;
            }
            let other = Series::new(other);
            self.report.add(Row {
                what: format!("{what}；对照：{name}"),
                ours: seconds(&ours),
                other: seconds(&other),
                ratio: ratio(&ours, &other),
                target: target.to_owned(),
            });
        }
        let stages = stages::measure(&workspace, &self.form, YEAR);
        self.report.add(Row {
            what: format!("{count} 个部门，一个线程，各步占的时间"),
            ours: stages.shares(),
            ..Row::default()
        });
        self.report.add(Row {
            what: "核对印出来的每一页，占全部时间".to_owned(),
            ours: format!("{:.1}%", 100.0 * stages.share_of_proof()),
            target: "< 5%".to_owned(),
            ..Row::default()
        });
        peak
    }

    /// Many departments: all of them, then nothing new, then one changed file. `small_peak` is the
    /// memory that a tenth of them takes.
    pub fn many(&mut self, small_peak: Option<&Series>) {
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
            other: small_peak.map(mebibytes).unwrap_or_default(),
            ratio: small_peak.map(|small| ratio(&peak, small)).unwrap_or_default(),
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
            reading.push(measure::seconds(|| departments = load(&workspace)));
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
            ours: verify::combined(&file, &load(&large))
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

    fn pypi(&self, folder: &str) -> Option<PyPi> {
        PyPi::from_environment(&self.folder.path().join(folder))
    }

    /// What the layout gets for each department.
    fn inputs(&self, departments: &[Department]) -> Vec<Vec<u8>> {
        let fonts = Fonts::new(&FontConfig::default()).expect("the bundled fonts");
        let typesetter = Typesetter::new(&self.form, &fonts);
        self.each(departments, |title, name, sheets| {
            let paged = typesetter.paginate_all(sheets).expect("pages");
            let about = About::new(title, std::iter::once(name));
            typesetter.data(&about, &paged, 1, Vec::new()).expect("data")
        })
    }

    /// What the plain table gets for each department.
    fn plain_inputs(&self, departments: &[Department], margins: Margins) -> Vec<Vec<u8>> {
        let fonts = Fonts::new(&FontConfig::default()).expect("the bundled fonts");
        let font = fonts.role(Role::Body).first().expect("a font");
        self.each(departments, |title, _, sheets| plain::data(&title, font, sheets, margins))
    }

    /// Something made of the title, the name and the sheets of each department.
    fn each<T>(
        &self,
        departments: &[Department],
        make: impl Fn(String, &str, &[Sheet]) -> T,
    ) -> Vec<T> {
        let arranger = Arranger { form: &self.form.definition, year: YEAR, period: "" };
        let of = |department: &Department| {
            let title = arranger.attachment_title(department);
            let sheets =
                arranger.forms(department, 0..department.projects.len(), Opening::NumberedTitle);
            make(title, department.name(), &sheets)
        };
        departments.iter().map(of).collect()
    }
}

/// The program of before that the environment variable `BEFORE` names.
fn before() -> Option<PathBuf> {
    std::env::var_os("BEFORE").map(PathBuf::from)
}

fn repeat(times: usize, mut work: impl FnMut() -> Run) -> Vec<Run> {
    (0..times).map(|_| work()).collect()
}

fn ratio(a: &Series, b: &Series) -> String {
    format!("{:.2}", a.median() / b.median())
}

/// Another program than the one that is measured, run in a workspace likewise.
fn other_program(path: &Path, workspace: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(path);
    command.current_dir(workspace).env_remove("SOURCE_DATE_EPOCH");
    command
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

fn load(workspace: &Path) -> Vec<Department> {
    let year = Workspace::new(workspace).year(Some(YEAR)).expect("a year");
    let mut findings = Vec::new();
    let departments: Vec<Department> = year
        .departments
        .iter()
        .filter_map(|folder| data::department(folder, &crate::support::forms(), &mut findings))
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
    workspace.join("output").join(YEAR).join(format!("{}.pdf", form.definition.document_name()))
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
