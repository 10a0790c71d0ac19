//! The words of a form that rules, messages and bookmarks hang on.

use super::{Definition, SecondLevel};

/// The header field that names a department (主管部门).
pub const DEPARTMENT_NAME: &str = "主管部门";
/// The header field that names a project (项目名称).
pub const PROJECT_NAME: &str = "项目名称";
/// The header field with a department's code (代码).
pub const DEPARTMENT_CODE: &str = "代码";
/// The header field with a project's kind (项目属性), such as `0101-一年期项目`.
pub const PROJECT_KIND: &str = "项目属性";
/// The header field that says how long a project runs (项目期).
pub const PROJECT_TERM: &str = "项目期";
/// The header field with the annual goal (年度总体目标).
pub const ANNUAL_GOAL: &str = "年度总体目标";
/// The first-level indicator for what a project puts out (产出指标).
pub const OUTPUT: &str = "产出指标";
/// The second-level indicator for quantities (数量指标).
pub const QUANTITY: &str = "数量指标";
/// The second-level indicator for costs (成本指标).
pub const COST: &str = "成本指标";
/// The second-level indicator for when something is done (时效指标).
pub const TIMELINESS: &str = "时效指标";

/// What second-level indicators are about, whatever tree they stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// How much is done (数量).
    Quantity,
    /// When it is done (时效).
    Timeliness,
    /// What it costs (成本), in money: 成本指标, or 经济成本指标 where costs are a first level.
    Cost,
    /// What a project itself puts out (产出).
    Output,
}

impl Definition {
    /// The second-level indicators of this meaning, in the order of the form.
    pub fn levels_about(&self, meaning: Meaning) -> impl Iterator<Item = &SecondLevel> {
        let levels = self.first_levels.iter().flat_map(|first| {
            first.second_levels.iter().map(move |second| (first.name.as_str(), second))
        });
        let is_about = move |first: &str, second: &str| match meaning {
            Meaning::Quantity => second == QUANTITY,
            Meaning::Timeliness => second == TIMELINESS,
            Meaning::Output => first == OUTPUT,
            // What a project costs society or nature is not counted in money.
            Meaning::Cost if first == COST => {
                !second.starts_with("社会") && !second.starts_with("生态")
            }
            Meaning::Cost => second == COST,
        };
        levels
            .filter(move |(first, second)| is_about(first, &second.name))
            .map(|(_, second)| second)
    }
}
