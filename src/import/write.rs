//! Forms as they were found → the files of a workspace.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;

use super::amounts::{Amount, amount};
use super::recognise::{Form, Row, Said, Unplaced};
use super::{IN_THE_WAY, NOT_WRITTEN, WANTING};
use crate::author::format::{self, Kind};
use crate::author::scaffold::{folder_of_code, numbered_stem, stems};
use crate::data;
use crate::data::todo::TO_REVIEW;
use crate::diagnostics::{Finding, SourceFile};
use crate::files::file_name::file_stem;
use crate::files::{atomic_file, io_error};
use crate::form::{AmountKey, Definition, Field, FieldMeaning, Kind as Written, Order, Reference};
use crate::text::folded;
use crate::toml::{Need, quoted};
use crate::workspace::{DEPARTMENT_FILE, Forms, Workspace, is_year, later_form};

/// A file to be made.
#[derive(Debug)]
pub struct NewFile {
    /// Where.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// What is to be made of some forms.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files, departments first.
    pub files: Vec<NewFile>,
    /// What could not be put into them.
    pub unplaced: Vec<Unplaced>,
}

impl Plan {
    /// Adds the file of a form. `department` is what its department says.
    fn add(
        &mut self,
        path: PathBuf,
        definition: &Definition,
        form: &Form<'_>,
        department: &BTreeMap<&str, String>,
    ) {
        let text = project_text(definition, form, department, &mut self.unplaced);
        self.files.push(NewFile { path, text });
    }
}

/// What the user says of the forms.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The year.
    pub year: Option<&'a str>,
    /// The department of forms that name none.
    pub department: Option<&'a str>,
}

/// Plans the files of some forms.
///
/// # Errors
/// What is missing to know where they belong, and every file or project that is there already.
pub fn plan(
    workspace: &Workspace,
    editions: &Forms,
    definition: &Definition,
    forms: Vec<Form<'_>>,
    known: Known<'_>,
    source: &Path,
) -> Result<Plan, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut departments: Vec<Department<'_>> = Vec::new();
    for mut form in forms {
        let year = match (known.year, &form.year) {
            (Some(year), _) => year.to_owned(),
            (None, Some(year)) if is_year(year) => year.clone(),
            _ => {
                let message = format!("表上没有写年度（{}）", form.place);
                let finding = Finding::about(&WANTING, source, message);
                findings.push(finding.help("写明年度；在命令行上是 --year 2023"));
                break;
            }
        };
        if let (Some(year), Some(written)) = (known.year, &form.year)
            && year != written
        {
            form.repairs.insert(format!("表上写的是 {written} 年度"), 1);
        }
        let value = |name: &str| -> String {
            form.fields.get(name).map(|said| said.text.trim().to_owned()).unwrap_or_default()
        };
        let mut name = value(definition.field_name(FieldMeaning::DepartmentName));
        if let Some(given) = known.department.filter(|_| name.is_empty()) {
            name = given.to_owned();
        }
        if name.is_empty() {
            let word = definition.field_name(FieldMeaning::DepartmentName);
            let message = format!("表上没有写{word}（{}）", form.place);
            let finding = Finding::about(&WANTING, source, message);
            findings.push(finding.help("写明部门的全称；在命令行上是 --department 名称"));
            break;
        }
        let code = value(definition.field_name(FieldMeaning::DepartmentCode));
        let same =
            departments.iter_mut().find(|it| it.year == year && it.name == name && it.code == code);
        match same {
            Some(department) => department.forms.push(form),
            None => departments.push(Department { year, name, code, forms: vec![form] }),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut plan = Plan::default();
    let mut named = BTreeMap::new();
    for department in departments {
        department.plan(workspace, editions, definition, &mut named, &mut plan, &mut findings);
    }
    if findings.is_empty() { Ok(plan) } else { Err(findings) }
}

/// Writes files; if one cannot be written, none is left.
///
/// # Errors
/// The file that cannot be written.
pub fn write(files: &[NewFile]) -> Result<(), Vec<Finding>> {
    for (index, file) in files.iter().enumerate() {
        let Err(error) = atomic_file::create(&file.path, file.text.as_bytes()) else { continue };
        // A department without some of its projects would pass for a whole one.
        for written in files.iter().take(index) {
            let _ = fs::remove_file(&written.path);
            if let Some(folder) = written.path.parent() {
                let _ = fs::remove_dir(folder);
                let _ = later_form(folder).map(|(_, department)| fs::remove_dir(department));
            }
        }
        let reason = match error.kind() {
            io::ErrorKind::AlreadyExists => "这里刚刚有了一个同名的文件".to_owned(),
            _ => io_error::of_writing(&file.path, &error),
        };
        let message = format!("写不出这个文件：{reason}；一个文件也没有写");
        let finding = Finding::about(&NOT_WRITTEN, &file.path, message);
        return Err(vec![finding.help("确认有写的权限，再运行一次")]);
    }
    Ok(())
}

/// The forms of one department.
struct Department<'f> {
    year: String,
    name: String,
    code: String,
    forms: Vec<Form<'f>>,
}

impl Department<'_> {
    fn plan(
        &self,
        workspace: &Workspace,
        editions: &Forms,
        definition: &Definition,
        named: &mut BTreeMap<PathBuf, BTreeMap<String, PathBuf>>,
        plan: &mut Plan,
        findings: &mut Vec<Finding>,
    ) {
        let year = workspace.year_folder(&self.year);
        let name = match self.code.as_str() {
            "" => file_stem(&self.name),
            code => file_stem(&format!("{code}-{}", self.name)),
        };
        let known = match self.code.as_str() {
            "" => Some(year.join(&name)).filter(|folder| folder.exists()).or_else(|| {
                let named = named.entry(year.clone());
                let named = named.or_insert_with(|| folders_by_name(&year, editions, definition));
                named.get(&self.name).cloned()
            }),
            code => folder_of_code(&year, &name, code),
        };
        let folder = known.clone().unwrap_or_else(|| year.join(&name));
        // What is wrong with the files that are there is for `check` to say.
        let own = match definition.class.subfolder() {
            Some(name) => folder.join(name),
            None => folder.clone(),
        };
        let is_there = known.is_some() && own.is_dir();
        let there = is_there.then(|| data::department(&own, editions, &mut Vec::new())).flatten();
        let inherited = known.and_then(|it| data::inherited_fields(&it, editions, definition));
        let fields = there.as_ref().map(|department| department.fields.clone()).or(inherited);
        // A later form has a file of its own only if that of the department does not do.
        let first = &editions.of(&folder).definition;
        let is_whole = definition.class.is_whole();
        let (file, written_as) = match folder.join(DEPARTMENT_FILE) {
            _ if own == folder || !is_whole && own.join(DEPARTMENT_FILE).exists() => {
                (own.join(DEPARTMENT_FILE), definition)
            }
            file if fields.is_some() => (file, definition),
            file if !file.exists() && has_all(first, definition) => (file, first),
            file if is_whole => (file, definition),
            _ => (own.join(DEPARTMENT_FILE), definition),
        };
        let folder = own;
        let values: BTreeMap<&str, String> =
            definition.department_fields.iter().map(|field| self.value(field)).collect();
        let mut own = values.clone();
        if let Some(fields) = fields.filter(|_| file.exists()) {
            for field in &definition.department_fields {
                let written = fields.get(&field.name).map(|it| it.get_ref().as_str());
                let (written, found) =
                    (written.unwrap_or_default(), values.get(field.name.as_str()));
                let found = found.map_or("", String::as_str);
                own.insert(&field.name, written.to_owned());
                if written != found && !found.is_empty() && !field.overridable {
                    let name = &field.name;
                    let message =
                        format!("{name}不一样：这里写的是“{written}”，要导入的表上是“{found}”");
                    let finding = Finding::about(&IN_THE_WAY, &file, message);
                    findings.push(finding.help("看看哪一个对；改好这个文件或表，再运行一次"));
                }
            }
        } else {
            let text = self.department_text(written_as, definition, &values);
            plan.files.push(NewFile { path: file, text });
        }
        self.compare_totals(definition, &mut plan.unplaced);
        let projects = there.map(|department| department.projects).unwrap_or_default();
        let mut names: Vec<(String, PathBuf)> = projects
            .iter()
            .map(|project| (folded(project.name()), PathBuf::from(project.source.name())))
            .collect();
        let mut stems = stems(&folder);
        for form in &self.forms {
            if is_whole {
                let path = folder.join(DEPARTMENT_FILE);
                if path.exists() || plan.files.iter().any(|file| file.path == path) {
                    let word = definition.class.word();
                    let message = format!("已经有{word}的数据，没有改动它；一个文件也没有写");
                    let finding = Finding::about(&IN_THE_WAY, &path, message);
                    findings.push(finding.help("要重新导入，先把它移走"));
                } else {
                    plan.add(path, definition, form, &own);
                }
                continue;
            }
            let name = form.fields.get(definition.field_name(FieldMeaning::ProjectName));
            let name = name.map_or("", |said| said.text.trim());
            if let Some((_, other)) = names.iter().find(|(known, _)| *known == folded(name)) {
                let message = format!("已经有项目“{name}”，没有改动它；一个文件也没有写");
                let finding = Finding::about(&IN_THE_WAY, other, message);
                findings
                    .push(finding.help("要重新导入，先把它移走；确实是两个项目的，名称要能区分"));
                continue;
            }
            let stem = numbered_stem(&stems, &name.replace('\n', ""));
            let path = folder.join(format!("{stem}.toml"));
            names.push((folded(name), path.clone()));
            stems.push(stem);
            plan.add(path, definition, form, &own);
        }
    }

    /// Tells what the table of a department says all its projects come to, where they do not: the data
    /// has no place for it, it is computed.
    fn compare_totals(&self, definition: &Definition, unplaced: &mut Vec<Unplaced>) {
        let read = |form: &Form<'_>, said: &Said| {
            amount(said, form.unit, &definition.funding.format).map(|it| it.value)
        };
        // A department may have several tables.
        for forms in self.forms.chunk_by(|a, b| a.totals == b.totals) {
            let Some(first) = forms.first() else { continue };
            for (key, total) in &first.totals {
                let own = forms.iter().filter_map(|form| read(form, form.amounts.get(key)?));
                if read(first, total) != Some(own.sum()) {
                    let reason = "各个项目加起来不是这个数";
                    let (place, text) = (total.place.clone(), total.text.clone());
                    unplaced.push(Unplaced { place, text, reason });
                }
            }
        }
    }

    /// What the forms say of a field of the department: the first that says something.
    fn value<'d>(&self, field: &'d Field) -> (&'d str, String) {
        let said = self.forms.iter().filter_map(|form| form.fields.get(field.name.as_str()));
        let found = said.map(|said| said.text.trim()).find(|text| !text.is_empty());
        let value = match field.meaning {
            Some(FieldMeaning::DepartmentName) => self.name.as_str(),
            _ => found.unwrap_or_default(),
        };
        (&field.name, value.to_owned())
    }

    /// The file of the department, as one form has it, with what another says.
    fn department_text(
        &self,
        definition: &Definition,
        said_on: &Definition,
        values: &BTreeMap<&str, String>,
    ) -> String {
        let mut text = String::new();
        for field in &definition.department_fields {
            let said = same_field(field, said_on).map_or("", |field| &field.name);
            let value = values.get(said).map_or("", String::as_str);
            if value.is_empty() && field.need == Need::Optional {
                continue;
            }
            let said = self.forms.iter().find_map(|form| form.fields.get(said));
            let doubts = said.map_or(&[][..], |said| &said.doubts);
            line(&mut text, &field.name, &written(&field.kind, value), doubts);
        }
        formatted(text, definition, Kind::Department)
    }
}

/// The folders of a year by the names of their departments, for a later form that has no codes. Of several
/// with one name it is the first.
fn folders_by_name(
    year: &Path,
    editions: &Forms,
    definition: &Definition,
) -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(year).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    folders.sort();
    // Of equals the last one put in stays.
    let named = folders.into_iter().rev().filter_map(|folder| {
        let fields = data::inherited_fields(&folder, editions, definition)?;
        let name = fields.about(FieldMeaning::DepartmentName)?;
        Some((name.get_ref().trim().to_owned(), folder))
    });
    named.collect()
}

/// The field of the department on a form that is called so, or about the same, on another.
fn same_field<'d>(field: &Field, on: &'d Definition) -> Option<&'d Field> {
    let mut fields = on.department_fields.iter();
    let is_about = |it: &&Field| field.meaning.is_some() && it.meaning == field.meaning;
    fields.clone().find(|it| it.name == field.name).or_else(|| fields.find(is_about))
}

/// Whether what a form needs of the department is on another, too.
fn has_all(on: &Definition, form: &Definition) -> bool {
    let mut fields = form.department_fields.iter();
    fields.all(|field| field.need == Need::Optional || same_field(field, on).is_some())
}

/// The text of a project's file. `department` is what its department says.
fn project_text(
    definition: &Definition,
    form: &Form<'_>,
    department: &BTreeMap<&str, String>,
    unplaced: &mut Vec<Unplaced>,
) -> String {
    let mut text = String::new();
    for (repair, count) in &form.repairs {
        text += &format!("# {TO_REVIEW}：{}（{count} 处）\n", plain(repair));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    for field in &definition.project_fields {
        match form.fields.get(field.name.as_str()) {
            Some(said) => {
                line(&mut text, &field.name, &written(&field.kind, &said.text), &said.doubts);
            }
            None if field.need == Need::Optional => {}
            None => line(&mut text, &field.name, "\"\"", &["表上没有找到".to_owned()]),
        }
    }
    for field in definition.department_fields.iter().filter(|field| field.overridable) {
        let (said, own) = (form.fields.get(field.name.as_str()), department.get(&*field.name));
        if let Some(said) = said.filter(|said| Some(said.text.trim()) != own.map(|it| it.trim())) {
            line(&mut text, &field.name, &written(&field.kind, &said.text), &said.doubts);
        }
    }
    if let Some(key) = &definition.funding.table {
        text += &format!("\n[{}]\n", quoted(key));
    }
    funding_text(&mut text, definition, form, unplaced);
    let levels: Vec<&str> = match definition.order {
        Order::Form => definition.second_levels().map(|level| level.key.as_str()).collect(),
        Order::Written => form.groups.keys().copied().collect(),
    };
    for level in levels {
        let rows = form.groups.get(level).map_or(&[][..], Vec::as_slice);
        if rows.is_empty() {
            continue;
        }
        text += &format!("\n{}\n", definition.header(level));
        for row in rows {
            // What is one of the words to choose from leaves no doubt.
            let is_chosen = |name: &str, text: &str| {
                let mut columns = definition.columns_of(level).iter();
                let column = columns.find(|column| column.name == name);
                matches!(column.map(|it| &it.kind), Some(Written::Choice(choices))
                    if choices.ticked_in(text).is_some())
            };
            let values = row.values.iter();
            let unsure = values.filter(|(name, said)| !is_chosen(name, &said.text));
            let doubts = unsure.flat_map(|(_, said)| &said.doubts);
            let mut doubts: Vec<String> = row.name.doubts.iter().chain(doubts).cloned().collect();
            doubts.dedup();
            line(&mut text, &row.name.text, &row_values(definition, level, row), &doubts);
        }
    }
    formatted(text, definition, Kind::Project)
}

/// What stands behind the name of an indicator: the target value, or a table with all columns.
fn row_values(definition: &Definition, level: &str, row: &Row<'_>) -> String {
    let target = definition.target().map(|column| column.name.as_str());
    let mut cells = Vec::new();
    for column in definition.written_columns(level) {
        let Some(said) = row.values.get(column.name.as_str()) else { continue };
        cells.push((column.name.as_str(), written(&column.kind, &said.text)));
    }
    match &cells[..] {
        [] => quoted(""),
        [(name, value)] if Some(*name) == target => value.clone(),
        cells => table(cells.iter().map(|(name, value)| (*name, value.as_str()))),
    }
}

/// A table on one line: names, and the values as they are written.
fn table<'c>(cells: impl Iterator<Item = (&'c str, &'c str)>) -> String {
    let cells = cells.map(|(name, value)| format!("{} = {value}", quoted(name)));
    format!("{{ {} }}", cells.collect::<Vec<_>>().join(", "))
}

/// A value as it is written in a data file: numbers without quotes.
fn written(kind: &Written, text: &str) -> String {
    let figures = text.trim();
    match kind {
        // What is no number is for `check` to say.
        Written::Number(_) if Decimal::from_str_exact(figures).is_ok() => figures.to_owned(),
        Written::Choice(choices) => quoted(choices.ticked_in(text).unwrap_or(text)),
        _ => quoted(text),
    }
}

/// The amounts of a project.
fn funding_text(
    text: &mut String,
    definition: &Definition,
    form: &Form<'_>,
    unplaced: &mut Vec<Unplaced>,
) {
    let funding = &definition.funding;
    let mut read = |key: &AmountKey| -> Option<Amount> {
        let said = form.amounts.get(key)?;
        let found = amount(said, form.unit, &funding.format);
        if found.is_none() && !said.text.trim().is_empty() {
            let (place, text) = (said.place.clone(), said.text.clone());
            unplaced.push(Unplaced { place, text, reason: "看不出是多少钱" });
        }
        found
    };
    let names_unit = || {
        let mut all = definition.blueprint.templates().flat_map(crate::form::Template::references);
        all.any(|reference| *reference == Reference::Unit)
    };
    // Where the form names the unit, the page should.
    let mut unsaid = (form.unit.is_none() && names_unit())
        .then(|| format!("表上没有写单位，当作{}", funding.unit()));
    let mut leaves: BTreeMap<AmountKey, Decimal> = BTreeMap::new();
    for leaf in funding.leaves() {
        let mut own = Vec::new();
        for key in funding.keys_of(leaf) {
            let mut found = read(&key).unwrap_or_else(|| Amount {
                value: Decimal::ZERO,
                doubts: vec!["表上没有写".to_owned()],
            });
            found.doubts.extend(unsaid.take());
            leaves.insert(key.clone(), found.value);
            own.push((key, found));
        }
        amounts_line(text, &leaf.name, own);
    }
    // Sums are computed; one that says something else is kept for a person to look at.
    for sum in funding.sums() {
        let mut own = Vec::new();
        for key in funding.keys_of(sum) {
            let Some(mut found) = read(&key) else { continue };
            let parts =
                sum.leaves().map(|leaf| AmountKey { line: leaf.name.clone(), ..key.clone() });
            let computed: Decimal = parts.filter_map(|part| leaves.get(&part)).sum();
            if computed != found.value {
                found.doubts.push(format!("分项加起来是 {}", computed.normalize()));
                own.push((key, found));
            }
        }
        if !own.is_empty() {
            amounts_line(text, &sum.name, own);
        }
    }
}

/// Adds the amounts of a line, from left to right.
fn amounts_line(text: &mut String, name: &str, amounts: Vec<(AmountKey, Amount)>) {
    if let [(AmountKey { column: None, .. }, amount)] = &amounts[..] {
        return line(text, name, &amount.value.to_string(), &amount.doubts);
    }
    let (mut cells, mut doubts) = (Vec::new(), Vec::new());
    for (key, amount) in amounts {
        let column = key.column.unwrap_or_default();
        doubts.extend(amount.doubts.iter().map(|doubt| format!("{column}{doubt}")));
        cells.push((column, amount.value.to_string()));
    }
    let value = table(cells.iter().map(|(column, value)| (column.as_str(), value.as_str())));
    line(text, name, &value, &doubts);
}

/// Adds a key with its value, and why it is not sure.
fn line(text: &mut String, key: &str, value: &str, doubts: &[String]) {
    *text += &format!("{} = {value}", quoted(key));
    if !doubts.is_empty() {
        *text += &format!("  # {TO_REVIEW}：{}", plain(&doubts.join("；")));
    }
    text.push('\n');
}

/// A text that ends on the line it begins on.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// In the one style of data files. What is not yet as it should be stays as it is, for `check`.
fn formatted(text: String, definition: &Definition, kind: Kind) -> String {
    let source = SourceFile::new("导入", text.clone());
    format::format(&source, definition, kind).unwrap_or(text)
}
