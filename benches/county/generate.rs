//! The data of a whole county, made up from the sample department.
//!
//! Every project differs from every other: its words are those of the sample, recombined, with
//! other places, figures and amounts. The same sizes always give the same files.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use jixiao::data::Department;
use jixiao::form::FieldMeaning;
use jixiao::workspace::DEPARTMENT_FILE;

/// The year of the data.
pub const YEAR: &str = "2023";

/// One project in so many is too long for a page.
pub const LONG_EVERY: usize = 30;

/// The characters of made-up place names.
const FIRST: [&str; 16] = [
    "灵", "东", "西", "南", "北", "新", "长", "高", "永", "兴", "宝", "红", "金", "清", "安", "平",
];
const SECOND: [&str; 16] = [
    "沙", "河", "山", "泉", "湖", "塘", "桥", "林", "庄", "坪", "原", "口", "湾", "岭", "台", "渠",
];
const AUTHORITIES: [&str; 4] = ["乡人民政府", "镇人民政府", "街道办事处", "农场管理委员会"];

/// The words of the sample, from which projects are put together.
#[derive(Debug)]
pub struct Words {
    projects: Vec<Heading>,
    /// The clauses of all goals.
    clauses: Vec<String>,
    /// The second-level indicators, each with its rows.
    indicators: Vec<(String, Vec<Row>)>,
}

#[derive(Debug)]
struct Heading {
    name: String,
    kind: String,
    term: String,
}

#[derive(Debug)]
struct Row {
    name: String,
    value: String,
}

impl Words {
    /// The words of a department that has rows under every second-level indicator.
    pub fn of(sample: &Department) -> Self {
        let mut words = Self { projects: Vec::new(), clauses: Vec::new(), indicators: Vec::new() };
        for project in &sample.projects {
            let field = |about| project.fields.about(about).map(|text| text.get_ref().clone());
            words.projects.push(Heading {
                name: project.name().to_owned(),
                kind: field(FieldMeaning::ProjectKind).unwrap_or_default(),
                term: field(FieldMeaning::ProjectTerm).unwrap_or_default(),
            });
            let goal = field(FieldMeaning::Goal).unwrap_or_default();
            let clauses = goal.split(['，', '。']).filter(|clause| !clause.is_empty());
            words.clauses.extend(clauses.map(str::to_owned));
            for (group, row) in project.rows() {
                let value = row.value().map_or_else(String::new, |value| value.get_ref().clone());
                let row = Row { name: row.name.get_ref().clone(), value };
                let level = group.name.get_ref();
                match words.indicators.iter_mut().find(|(name, _)| name == level) {
                    Some((_, rows)) => rows.push(row),
                    None => words.indicators.push((level.clone(), vec![row])),
                }
            }
        }
        words
    }

    /// Writes so many departments, each of so many projects, as the data of a workspace.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn write(&self, workspace: &Path, departments: usize, projects: usize) -> io::Result<()> {
        for index in 0..departments {
            let place = format!("{}{}", FIRST[index % 16], SECOND[index / 16 % 16]);
            let number = index + 1;
            let folder = workspace.join("data").join(YEAR).join(format!("{number:03}-{place}"));
            fs::create_dir_all(&folder)?;
            let name = format!("平罗县{place}{}", AUTHORITIES[index / 256 % 4]);
            let department = format!(
                "\"主管部门\" = {name:?}\n\"代码\" = \"{number:03}\"\n\"实施单位\" = \"{name}本级\"\n"
            );
            fs::write(folder.join(DEPARTMENT_FILE), department)?;
            for project in 0..projects {
                let text = self.project(index * projects + project, project);
                fs::write(folder.join(format!("{:02}.toml", project + 1)), text)?;
            }
        }
        Ok(())
    }

    /// The file of a project: the `index`th of all, the `number`th of its department.
    fn project(&self, index: usize, number: usize) -> String {
        let random = &mut Random(index as u64);
        let is_long = index % LONG_EVERY == LONG_EVERY - 1;
        let Heading { name, kind, term } = &self.projects[number % self.projects.len()];
        // Different within a department, whatever the places.
        let batch = match number / self.projects.len() {
            0 => String::new(),
            batch => format!("第{}批", batch + 1),
        };
        let name = format!("{name}（{}{batch}）", random.village());
        let goal = if is_long { self.long_goal(random) } else { self.goal(random) };
        let mut text = format!(
            "\"项目名称\" = {name:?}\n\"项目属性\" = {kind:?}\n\"项目期\" = {term:?}\n\
             \"年度总体目标\" = {goal:?}\n\n[\"项目资金\"]  # 万元\n\"财政拨款\" = {}\n\"其他资金\" = {}\n",
            random.amount(),
            if random.below(5) == 0 { random.amount() } else { "0".to_owned() },
        );
        for (level, pool) in &self.indicators {
            let count = if is_long { 3 + random.below(2) } else { [1, 1, 1, 2][random.below(4)] };
            text += &format!("\n[\"{level}\"]\n");
            let mut names = HashSet::new();
            while names.len() < count {
                let row = random.pick(pool);
                let (name, value) = (random.vary_name(&row.name), random.vary(&row.value));
                if names.insert(name.clone()) {
                    text += &format!("{name:?} = {value:?}\n");
                }
            }
        }
        text
    }

    /// A goal of a few clauses; some have none, as in the sample.
    fn goal(&self, random: &mut Random) -> String {
        if random.below(11) == 0 { String::new() } else { self.sentence(random) }
    }

    fn long_goal(&self, random: &mut Random) -> String {
        let goals = (1..=4).map(|number| format!("目标{number}：{}", self.sentence(random)));
        goals.collect::<Vec<_>>().join("\n")
    }

    fn sentence(&self, random: &mut Random) -> String {
        let count = 1 + random.below(5);
        let clauses = (0..count).map(|_| {
            let clause = random.pick(&self.clauses);
            random.vary_name(clause)
        });
        clauses.collect::<Vec<_>>().join("，") + "。"
    }
}

/// A small generator of numbers (SplitMix64), the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    fn village(&mut self) -> String {
        format!("{}{}村", self.pick(&FIRST), self.pick(&SECOND))
    }

    /// Some 万元, with or without decimals.
    fn amount(&mut self) -> String {
        let whole = 1 + self.below(200);
        match self.below(3) {
            0 => whole.to_string(),
            1 => format!("{whole}.{}", 1 + self.below(9)),
            _ => format!("{whole}.{:04}", self.below(10_000)),
        }
    }

    /// The same words about another place, with other figures.
    fn vary_name(&mut self, text: &str) -> String {
        let village = self.village();
        let text = self.vary(text);
        match text.find('村') {
            Some(at) => format!("{}{village}{}", &text[..at], &text[at + '村'.len_utf8()..]),
            None => village + &text,
        }
    }

    /// The same words with other figures; dates and periods stay as they are.
    fn vary(&mut self, text: &str) -> String {
        if text.contains(['年', '月']) {
            return text.to_owned();
        }
        if text.ends_with('%') {
            let sign = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '%');
            return format!("{sign}{}%", 80 + self.below(21));
        }
        let digit =
            |c: char| if c.is_ascii_digit() { char::from(b'1' + self.below(9) as u8) } else { c };
        text.chars().map(digit).collect()
    }
}
