//! `jixiao` (绩效) turns plain TOML, one file per project, into the official printable
//! 部门项目支出预算绩效目标表 that Chinese budget units make public every year.
//!
//! **The promise: the paper says exactly what the data says, or nothing is printed and the reason is
//! told.** Every part below is cut so that it can keep its share of it.
//!
//! # The picture
//! ```text
//!                        form.toml ──form──▶ Definition
//!                                                │
//!    data/<year>/<department>/*.toml ──toml──▶ data ──▶ Department ──print──▶ pages ──▶ PDF · PNG · SVG · Excel · Word
//!             ▲                                              │                           │
//!             │                                              ├──lint─────▶ findings      │
//!             │                                              ├──compare──▶ changes       │
//!             └──author (new, rollover, fmt, fixes)◀─────────┘                           │
//!             └──import (the data that a PDF carries; forms of other programs)◀───────────┘
//! ```
//! What is wrong on the way becomes a [`diagnostics::Finding`] with its place in the file and, where
//! there is only one way to put it right, its fix. Rooms hand findings up; only [`cli`] prints.
//!
//! # The rooms
//! From the top down. A room uses rooms below it and none above; a test (`src/floors.rs`) reads this
//! table and fails on an upward import. So a room can be read, tested and changed without knowing
//! what stands on it. A new room gets its row here.
//!
//! | room | its one job | what it must never know |
//! |---|---|---|
//! | `main` | Arguments in, exit status out. | Anything but [`cli`]. |
//! | [`cli`] | One file a command, thin: reads arguments, calls a room, prints what comes back. | A rule, a form's words, how a page is set. |
//! | [`edit`] | The page on which people fill in forms in their browser, and the server that it comes from. | A rule; how a command is called; any other machine. |
//! | [`lsp`] | What an editor asks about the files of a workspace, in the editor's own protocol. | A rule; how a command is called. |
//! | [`rules`] | Lists every rule of every room, for `jixiao explain` and `docs/rules.md`. | What a rule looks for. |
//! | [`live`] | A workspace that is held open while people edit it: what is to be said of its files as they stand, and their pages. | Who edits, in which window, over which wire. |
//! | [`schema`] | Tells editors, as JSON Schemas, what the files people write may hold. | What takes two files or a sum to find: it is never stricter than [`data`] and [`lint`]. |
//! | [`import`] | Gets data out of what comes from elsewhere: out of a PDF that carries it, and out of forms that other programs wrote. | Whether what it finds is good; it corrects no word. |
//! | [`compare`] | Two states of the data → what is different in meaning. | Who made the change, and whether it is right. |
//! | [`author`] | All that writes data files: new ones, last year's as drafts, one style, fixes. | How a page looks; and it never changes what a person wrote without being asked. |
//! | [`print`](mod@print) | Departments → whole files under `output/`, several at once, but for those that are up to date. | Warnings, waivers, who is asking; it prints nothing on a terminal. |
//! | [`lint`] | Departments → everything a reviewer would say; one file a rule. | Pages, outputs; it changes no file, a fix is data. |
//! | [`sheet`] | Form + data → ruled sheets: the final text of every cell, and where it comes from. | Fonts, pages, files. |
//! | [`data`] | TOML files → the model of a year: departments, projects, indicators. | Whether what is written is good, and how it looks on paper. |
//! | [`workspace`] | The folder people work in: its years and departments, what lies among them and is not read, and `jixiao.toml`. | What is inside a data file. |
//! | [`form`] | What is on a form and what each part means, read from `templates/`. | Any data. |
//! | [`fonts`] | Which fonts there are, what each is for, which characters they have, and what is said of one that is in none. | What is printed with them. |
//! | [`toml`] | TOML text → tables whose keys and values know their place. | What a key means. |
//! | [`diagnostics`] | What a finding is, and how it reads for people and programs. | Who found it. |
//! | [`files`] | Whole-file writing, archives of parts, names that every system allows, the system's errors in Chinese. | What is in a file. |
//! | [`grid`] | Geometry: cells that tile rows and columns. | What is in a cell. |
//! | [`text`] | Characters that look like others: what a text says, whatever code it is written in. | Where the text stands. |
//! | [`amount`] | Exact money. | Where it is written or printed. |
//!
//! # Glossary
//! One word for one thing; where the code and this table differ, the code is wrong.
//!
//! What is on the form:
//!
//! | on the form | in the code |
//! |---|---|
//! | 表样 / 版式 | form definition / layout |
//! | 类：目标 / 监控、自评、整体 / 一览 | class of a form: the first form / later forms, each in a folder of that name / a list, which has no data of its own |
//! | 主管部门 | department |
//! | 预算单位（下属单位） | budget unit, of a department |
//! | 代码 | code |
//! | 实施单位 | implementing unit |
//! | 项目 / 项目名称 | project / its name |
//! | 栏目 | field |
//! | 项目资金，年度资金总额 | funding, its total |
//! | 财政拨款 / 其他资金 | fiscal appropriation / other funds |
//! | 年度总体目标 | annual goal |
//! | 一级指标：产出 / 效益 / 满意度指标 | first-level indicator: output / benefit / satisfaction |
//! | 二级指标 | second-level indicator, in a project an indicator group |
//! | 三级指标 / 指标值 | indicator (a row) / its value |
//! | 指标列 | column |
//! | 指标树 | tree: of several trees of indicators, one with its name |
//! | 明细表 | detail: a table with columns of its own |
//! | 算式 | formula |
//! | 必填 / 硬性 | required / quantified |
//! | 标注：“（必填硬性指标）” | note |
//! | 附件 | attachment: what is bound to a budget, the forms of one department or of many |
//! | “附件2” | attachment number; its font, 标记, bears its name |
//! | 汇总表 / 调整对照表 | summary / comparison table |
//!
//! What is done with it:
//!
//! | the word | what it is |
//! |---|---|
//! | finding | something wrong, with its place and what to do; an error or a warning |
//! | rule | a kind of finding with its code, such as `E101`, and its explanation |
//! | fix | the edits that put right what has only one right way |
//! | waiver (豁免) | a reason in the data why a warning does not apply |
//! | level | what a workspace makes of a rule: 关闭, 警告 or 错误 |
//! | stray | what lies under `data/` and is not read; litter is what nobody wrote and nobody misses |
//! | to-do (待填, 待核对) | a comment that says what is still to be filled in or reviewed |
//! | output | a file to be made; the plan names them all before any work |
//! | part | some pages of an attachment that are set on their own |
//! | shard | the share of the outputs that one of several machines makes |
//! | stamp | what says in a PDF what it was made from |
//! | fingerprint | the hash over all that determines the bytes of a PDF; it is what a stamp holds |
//! | document | the parsed text of a TOML file; what the engine calls so is only in [`print`](mod@print) |
//! | stop | a person's wish that the work end soon |
//!
//! Money knows the unit that it is written in, 万元 (ten thousand yuan) or 元; see [`amount`].

#[cfg(test)]
mod floors;

pub mod amount;
pub mod author;
pub mod cli;
pub mod compare;
pub mod data;
pub mod diagnostics;
pub mod edit;
pub mod files;
pub mod fonts;
pub mod form;
pub mod grid;
pub mod import;
pub mod lint;
pub mod live;
pub mod lsp;
pub mod print;
pub mod rules;
pub mod schema;
pub mod sheet;
pub mod text;
pub mod toml;
pub mod workspace;
