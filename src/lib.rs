//! `jixiao` (绩效) turns plain TOML, one file per project, into the official printable
//! 部门项目支出预算绩效目标表 that Chinese budget units publish every year.
//!
//! # The pipeline
//! [`load`] reads `data/<year>/<department>/*.toml` into the [`model`], [`check`] applies the rules
//! of the form, [`typeset`] hands the model to the form's Typst layout and gets pages back, and
//! [`render`] runs all of it for each department, several at once, and puts whole files under
//! `output/`, but for those that are there and up to date; [`extract`] gets the data back out of a
//! PDF that carries it. What is on the form is data too: [`form`] reads
//! it from `templates/`. Everything that is wrong on the way becomes a [`diagnostics::Finding`]
//! with its place in the file; only [`cli`] prints. [`review`] runs the first two steps with all
//! rules, those of a reviewer too, and repairs what has one reading. [`scaffold`] writes new files
//! to fill in, [`rollover`] makes last year's data this year's drafts, [`format`] gives all files
//! one style, [`schema`] tells editors what they may hold,
//! [`compare`] tells what is different between two states of the data.
//!
//! Imports run downward only:
//!
//! ```text
//! cli
//! rules · schema
//! render · review · compare · extract · format · scaffold · rollover
//! load · check · typeset
//! form · config
//! document · text_file · model
//! diagnostics · money · io_error · atomic_file · file_name · pdf
//! ```
//!
//! # Glossary
//! | on the form | in the code |
//! |---|---|
//! | 主管部门 | department |
//! | 代码 | code |
//! | 实施单位 | implementing unit |
//! | 项目 / 项目名称 | project / its name |
//! | 项目资金，年度资金总额 | funding, its total |
//! | 财政拨款 / 其他资金 | fiscal appropriation / other funds |
//! | 年度总体目标 | annual goal |
//! | 一级指标：产出 / 效益 / 满意度指标 | first-level indicator: output / benefit / satisfaction |
//! | 二级指标 | second-level indicator, in a project an indicator group |
//! | 三级指标 / 指标值 | indicator (a row) / its value |
//! | 必填 / 硬性 | required / quantified |
//! | 附件 | attachment |
//! | 调整对照表 | comparison table |
//! | 表样 / 版式 | form definition / layout |
//!
//! Money is in 万元 (ten thousand yuan) everywhere; see [`money`].

pub mod amount;
pub mod author;
pub mod cli;
pub mod compare;
pub mod data;
pub mod diagnostics;
pub mod files;
pub mod fonts;
pub mod form;
pub mod import;
pub mod lint;
pub mod print;
pub mod rules;
pub mod schema;
pub mod text;
pub mod toml;
pub mod workspace;
