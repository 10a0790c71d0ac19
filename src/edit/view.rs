//! What the page shows of a file: the form's words with the values that are written, and what is said
//! of them.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::author::format::Kind;
use crate::data;
use crate::data::WAIVERS;
use crate::diagnostics::{self, Finding, SourceFile};
use crate::form::{self, Definition, Field, FieldMeaning};
use crate::lint::{FILL_IN, REVIEW};
use crate::live::Standing;
use crate::toml::{Located, Need};

/// A text with the places of its keys.
pub(super) struct Read<'f> {
    source: Arc<SourceFile>,
    located: Vec<Located>,
    /// Whether its syntax leaves no doubt; otherwise it is mended as a text.
    pub is_sound: bool,
    form: &'f Definition,
    kind: Kind,
}

impl<'f> Read<'f> {
    pub fn new(source: &Arc<SourceFile>, form: &'f Definition) -> Self {
        let mut findings = Vec::new();
        let located = form.document(source, &mut findings).located();
        let kind = Kind::of(Path::new(source.name()));
        Self { source: Arc::clone(source), located, is_sound: findings.is_empty(), form, kind }
    }

    fn said(&self, path: &[&str]) -> Option<&Located> {
        self.located.iter().find(|it| it.path == path)
    }

    fn text(&self, path: &[&str]) -> Option<&str> {
        self.said(path)?.text.as_deref()
    }

    /// The keys that lead to a place; none for one that is in no value. The one value of a row is that
    /// of its first column.
    pub fn path(&self, at: usize) -> Option<Vec<String>> {
        let is_at_value =
            |it: &Located| it.value.contains(&at) || it.value.end == at && !it.is_table;
        let holds = |it: &&Located| it.key.contains(&at) || is_at_value(it);
        let found = self.located.iter().filter(holds).max_by_key(|it| it.path.len())?;
        let is_row = |table: &str| self.form.level(table).is_some();
        let column = match &found.path[..] {
            [table, _] if is_row(table) && !found.is_table && is_at_value(found) => {
                self.form.columns_of(table).first().map(|column| column.name.clone())
            }
            _ => None,
        };
        Some(found.path.iter().cloned().chain(column).collect())
    }

    /// The sections of the form, from top to bottom.
    pub fn sections(&self) -> Vec<Value> {
        let of_whom = match self.kind {
            Kind::Department => Some("部门"),
            Kind::Unit => Some("单位"),
            Kind::Project => None,
        };
        if let Some(title) = of_whom {
            // What a unit does not say is as the department says it.
            let is_override = |field: &Field| {
                self.kind == Kind::Unit && field.meaning != Some(FieldMeaning::UnitName)
            };
            let fields = self.form.department_fields.iter();
            let fields: Vec<Value> =
                fields.map(|field| self.field(field, is_override(field))).collect();
            return vec![json!({ "title": title, "fields": fields }), self.waivers()];
        }
        let mut fields: Vec<Value> =
            self.form.project_fields.iter().map(|field| self.field(field, false)).collect();
        let others = self.form.department_fields.iter().filter(|field| field.overridable);
        fields.extend(others.map(|field| self.field(field, true)));
        let (title, has_funds) = match self.form.class.is_whole() {
            true => ("部门", self.form.funding.lines().next().is_some()),
            false => ("项目", true),
        };
        let mut sections = vec![json!({ "title": title, "fields": fields })];
        sections.extend(has_funds.then(|| self.funding()));
        sections.extend(self.form.first_levels.iter().map(|first| {
            let groups: Vec<Value> = first.second_levels.iter().map(|it| self.group(it)).collect();
            let tree = first.tree.as_ref().map(|tree| format!("{} · ", tree.name));
            json!({ "title": tree.unwrap_or_default() + &first.name, "groups": groups })
        }));
        sections.push(self.waivers());
        sections
    }

    fn field(&self, field: &Field, is_override: bool) -> Value {
        let help = match is_override {
            true => format!("和部门的不一样时才填。{}", field.description),
            false => field.description.clone(),
        };
        json!({
            "path": [field.name],
            "label": field.name,
            "help": help,
            "kind": kind(&field.kind),
            "choices": choices(&field.kind),
            "required": !is_override && field.need == Need::Filled,
            "override": is_override,
            "value": self.text(&[&field.name]).unwrap_or_default(),
        })
    }

    fn funding(&self) -> Value {
        let funding = &self.form.funding;
        let project = data::project(&self.source, self.form, &mut Vec::new());
        let keys =
            funding.lines().flat_map(|line| funding.keys_of(line).map(move |key| (line, key)));
        let mut lines: Vec<Value> = keys
            .map(|(line, key)| {
                let path = funding.table.as_deref().into_iter().chain([key.line.as_str()]);
                let path: Vec<&str> = path.chain(key.column.as_deref()).collect();
                let amounts = project.as_ref().and_then(|it| it.funding.column(funding, &key));
                let sum = amounts.map(|amounts| amounts.amount(line));
                let is_sum = !line.parts.is_empty();
                json!({
                    "path": path,
                    "label": key.label(),
                    "help": if is_sum { "由程序相加，不用填" } else { "" },
                    "kind": if is_sum { "sum" } else { "amount" },
                    "unit": funding.unit().name(),
                    "required": !is_sum,
                    "value": match is_sum {
                        true => sum.map(|sum| sum.shortest()).unwrap_or_default(),
                        false => self.text(&path).unwrap_or_default().to_owned(),
                    },
                })
            })
            .collect();
        lines.extend(self.form.formulas.iter().map(|formula| {
            let computed = project.as_ref().map(|it| data::compute(self.form, it, formula));
            let value = computed.and_then(|computed| computed.value.ok());
            json!({
                "path": [formula.name],
                "label": formula.name,
                "help": "由程序计算，不用填",
                "kind": "sum",
                "unit": "",
                "required": false,
                "value": value.map(|value| formula.print(value)).unwrap_or_default(),
            })
        }));
        let title = funding.table.as_deref().unwrap_or("资金");
        json!({ "title": title, "help": funding.description, "fields": lines })
    }

    fn group(&self, level: &crate::form::SecondLevel) -> Value {
        let written = || self.form.written_columns(&level.key);
        let columns: Vec<Value> = written()
            .map(|it| {
                let (kind, choices) = (kind(&it.kind), choices(&it.kind));
                json!({ "name": it.name, "help": it.description, "kind": kind, "choices": choices })
            })
            .collect();
        let own = self.located.iter().filter(|it| it.path.len() == 2 && it.path[0] == level.key);
        let rows: Vec<Value> = own
            .map(|it| {
                let name = it.path[1].as_str();
                let values: Vec<&str> = written()
                    .enumerate()
                    .map(|(index, column)| {
                        let whole = it.text.as_deref().filter(|_| index == 0);
                        whole
                            .or_else(|| self.text(&[&level.key, name, &column.name]))
                            .unwrap_or_default()
                    })
                    .collect();
                json!({ "name": name, "values": values })
            })
            .collect();
        json!({
            "table": level.key,
            "name": level.name,
            "note": level.note,
            "help": level.description,
            "required": level.required,
            "quantified": level.quantified,
            "columns": columns,
            "rows": rows,
        })
    }

    fn waivers(&self) -> Value {
        let own = self.located.iter().filter(|it| it.path.len() == 2 && it.path[0] == WAIVERS);
        let waivers: Vec<Value> = own.map(|it| {
            json!({ "code": it.path[1], "reason": it.text.as_deref().unwrap_or_default() })
        }).collect();
        json!({ "title": WAIVERS, "waivers": waivers })
    }

    /// What is said of the file.
    pub fn findings<'s>(&self, findings: impl Iterator<Item = &'s Finding>) -> Vec<Value> {
        let name = self.source.name();
        findings.filter(|finding| finding.file() == name).map(|it| self.finding(it)).collect()
    }

    fn finding(&self, finding: &Finding) -> Value {
        let region = finding.span().map(|span| span.region());
        let start = finding.span().map(|span| span.range.start);
        let mut told = unplaced(finding);
        told["region"] = json!(region);
        told["start"] = json!(start.map(|at| self.units(at)));
        told["path"] = json!(start.and_then(|at| self.path(at)));
        told["fix"] = json!(!finding.fix.is_empty());
        told
    }

    /// A place as a browser counts: in UTF-16 units from the beginning.
    fn units(&self, at: usize) -> usize {
        self.source.text().get(..at).map_or(0, |text| text.encode_utf16().count())
    }
}

/// A finding about a file as a whole, which leads nowhere and is repaired nowhere.
pub(super) fn unplaced(finding: &Finding) -> Value {
    json!({
        "id": diagnostics::short(finding),
        "code": finding.rule.code,
        "name": finding.rule.name,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "fix": false,
    })
}

/// What a field of the page looks like.
fn kind(kind: &form::Kind) -> &'static str {
    match kind {
        form::Kind::Text => "text",
        form::Kind::Paragraph => "prose",
        form::Kind::Number(_) => "amount",
        form::Kind::Choice(_) => "choice",
    }
}

/// The words of which one is written.
fn choices(kind: &form::Kind) -> &[String] {
    match kind {
        form::Kind::Choice(choices) => &choices.words,
        _ => &[],
    }
}

/// How many things are said of a department, or of some of its findings.
pub(super) fn counts<'f>(findings: impl Iterator<Item = &'f Finding>) -> Value {
    let (mut errors, mut warnings, mut to_do) = (0, 0, 0);
    for finding in findings {
        if finding.is_error() {
            errors += 1;
        } else if finding.is(&FILL_IN) || finding.is(&REVIEW) {
            to_do += 1;
        } else {
            warnings += 1;
        }
    }
    json!({ "errors": errors, "warnings": warnings, "toDo": to_do })
}

/// A department in the list.
pub(super) fn department(standing: &Standing) -> Value {
    let figures = standing.figures();
    json!({
        "folder": figures.folder,
        "projects": figures.projects,
        "funding": figures.funding.to_string(),
        "counts": counts(standing.findings().iter()),
    })
}
