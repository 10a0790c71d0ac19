//! The words of a form that rules, messages and bookmarks hang on.

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
