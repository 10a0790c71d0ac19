//! What the parts of a form are about, whatever the words are that are printed. Rules, messages,
//! comparisons and bookmarks hang on meanings (含义). A standard word has its meaning by itself, so
//! that most forms say nothing of them.

/// The key in `form.toml` that says what a part is about.
pub const MEANING: &str = "含义";
/// What it says of a part that has no meaning, whatever its word.
pub const NO_MEANING: &str = "无";

/// A set of meanings that parts of one kind may have.
pub trait Meaning: Copy + PartialEq + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// The word for it in `form.toml`.
    fn word(self) -> &'static str;

    /// The words on forms that mean this if nothing else is said.
    fn standard_words(self) -> &'static [&'static str];

    /// What a word on a form means by itself.
    fn of_standard_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|meaning| meaning.standard_words().contains(&word))
    }
}

/// What a header field is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldMeaning {
    /// What the department is called (部门名称).
    DepartmentName,
    /// Its code in the budget system (部门代码).
    DepartmentCode,
    /// What the budget unit is called whose project it is (单位名称).
    UnitName,
    /// Its code in the budget system (单位代码).
    UnitCode,
    /// What the project is called (项目名称).
    ProjectName,
    /// Its code in the budget system (项目代码).
    ProjectCode,
    /// Its kind by the budget system's table of codes (项目属性), such as `0101-一年期项目`.
    ProjectKind,
    /// How long it runs (项目期).
    ProjectTerm,
    /// What it is to reach in the year (目标).
    Goal,
    /// What it is to reach in several years (中期目标).
    LongTermGoal,
}

/// What an indicator level is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelMeaning {
    /// What a project itself puts out (产出): a first level.
    Output,
    /// How much is done (数量).
    Quantity,
    /// When it is done (时效).
    Timeliness,
    /// What it costs, in money (成本).
    Cost,
    /// How content those are whom it serves (满意度).
    Satisfaction,
}

/// What a column right of the third-level indicator is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnMeaning {
    /// What is to be reached (目标值).
    Target,
    /// What is to be reached in several years (中期目标值).
    LongTermTarget,
    /// How what is reached is held against it (计算符号): ≥, ≤.
    Sign,
    /// What it is counted in (计量单位).
    Unit,
    /// How many points it may get, or how much it counts among the others (权重).
    Weight,
    /// What was reached (完成情况).
    Result,
}

impl Meaning for FieldMeaning {
    const ALL: &'static [Self] = &[
        Self::DepartmentName,
        Self::DepartmentCode,
        Self::UnitName,
        Self::UnitCode,
        Self::ProjectName,
        Self::ProjectCode,
        Self::ProjectKind,
        Self::ProjectTerm,
        Self::Goal,
        Self::LongTermGoal,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::DepartmentName => "部门名称",
            Self::DepartmentCode => "部门代码",
            Self::UnitName => "单位名称",
            Self::UnitCode => "单位代码",
            Self::ProjectName => "项目名称",
            Self::ProjectCode => "项目代码",
            Self::ProjectKind => "项目属性",
            Self::ProjectTerm => "项目期",
            Self::Goal => "目标",
            Self::LongTermGoal => "中期目标",
        }
    }

    fn standard_words(self) -> &'static [&'static str] {
        match self {
            Self::DepartmentName => &["主管部门", "部门名称", "部门（单位）名称"],
            Self::DepartmentCode => &["代码", "部门代码"],
            Self::UnitName => &["单位名称", "实施单位", "项目单位", "预算单位"],
            Self::UnitCode => &["单位代码"],
            Self::ProjectName => &["项目名称"],
            Self::ProjectCode => &["项目代码", "项目编码"],
            Self::ProjectKind => &["项目属性"],
            Self::ProjectTerm => &["项目期", "项目期限"],
            Self::Goal => &["年度总体目标", "年度绩效目标", "年度目标", "总体目标"],
            Self::LongTermGoal => &["中期目标", "中期总体目标", "长期目标"],
        }
    }
}

impl FieldMeaning {
    /// Whether the department or the unit has it, in `部门.toml` or `单位.toml`.
    pub fn is_of_department(self) -> bool {
        use FieldMeaning::{DepartmentCode, DepartmentName, UnitCode, UnitName};
        matches!(self, DepartmentName | DepartmentCode | UnitName | UnitCode)
    }
}

impl Meaning for LevelMeaning {
    const ALL: &'static [Self] =
        &[Self::Output, Self::Quantity, Self::Timeliness, Self::Cost, Self::Satisfaction];

    fn word(self) -> &'static str {
        match self {
            Self::Output => "产出",
            Self::Quantity => "数量",
            Self::Timeliness => "时效",
            Self::Cost => "成本",
            Self::Satisfaction => "满意度",
        }
    }

    fn standard_words(self) -> &'static [&'static str] {
        match self {
            Self::Output => &["产出指标"],
            Self::Quantity => &["数量指标"],
            Self::Timeliness => &["时效指标"],
            // What a project costs society or nature is not counted in money.
            Self::Cost => &["成本指标", "经济成本指标"],
            Self::Satisfaction => &["服务对象满意度指标", "满意度指标"],
        }
    }
}

impl Meaning for ColumnMeaning {
    const ALL: &'static [Self] =
        &[Self::Target, Self::LongTermTarget, Self::Sign, Self::Unit, Self::Weight, Self::Result];

    fn word(self) -> &'static str {
        match self {
            Self::Target => "目标值",
            Self::LongTermTarget => "中期目标值",
            Self::Sign => "计算符号",
            Self::Unit => "计量单位",
            Self::Weight => "权重",
            Self::Result => "完成情况",
        }
    }

    fn standard_words(self) -> &'static [&'static str] {
        match self {
            Self::Target => &["指标值", "年度指标值", "目标值"],
            Self::LongTermTarget => &["中期指标值", "长期指标值"],
            Self::Sign => &["计算符号", "指标性质"],
            Self::Unit => &["计量单位", "度量单位", "单位"],
            Self::Weight => &["权重", "分值"],
            Self::Result => &["实际完成值", "完成值", "完成情况"],
        }
    }
}
