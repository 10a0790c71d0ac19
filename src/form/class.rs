//! What a form is for in the year of a project (类).

use std::ffi::OsStr;

/// What a form is for. A department has at most one form of each class in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// What the projects are to reach (目标): the first form; all others follow it.
    Target,
    /// A list of all projects (一览), of the data of the first form.
    List,
    /// What the department as a whole is to reach (整体).
    Whole,
    /// How far the projects have come during the year (监控).
    Monitoring,
    /// What they have reached at the year's end (自评).
    Evaluation,
    /// A list of what the projects have reached (自评汇总), of the data of their evaluations.
    EvaluationList,
    /// What the department as a whole has reached (整体自评).
    WholeEvaluation,
}

impl Class {
    /// All of them, in the order in which a department's forms are dealt with.
    pub const ALL: [Self; 7] = [
        Self::Target,
        Self::List,
        Self::Whole,
        Self::Monitoring,
        Self::Evaluation,
        Self::EvaluationList,
        Self::WholeEvaluation,
    ];

    /// The word for it, in `form.toml` and as the name of folders.
    pub fn word(self) -> &'static str {
        match self {
            Self::Target => "目标",
            Self::Monitoring => "监控",
            Self::Evaluation => "自评",
            Self::Whole => "整体",
            Self::WholeEvaluation => "整体自评",
            Self::List => "一览",
            Self::EvaluationList => "自评汇总",
        }
    }

    /// The class of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// The class of which the data in a department's subfolder is, by the subfolder's name.
    pub fn of_subfolder(name: &OsStr) -> Option<Self> {
        Self::of_word(name.to_str()?).filter(|class| class.subfolder().is_some())
    }

    /// Where a department's data of this class lies: in a subfolder of this name, or in the
    /// department's own folder.
    pub fn subfolder(self) -> Option<&'static str> {
        (self != Self::Target && !self.is_view()).then(|| self.word())
    }

    /// Whether it is about the department as a whole: it has one form, whose data is in one file.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Whole | Self::WholeEvaluation)
    }

    /// Whether it has no data of its own, but prints that of another class.
    pub fn is_view(self) -> bool {
        self.data() != self
    }

    /// The class whose data it prints: its own, but for lists.
    pub fn data(self) -> Self {
        match self {
            Self::List => Self::Target,
            Self::EvaluationList => Self::Evaluation,
            own => own,
        }
    }

    /// The class that says what is to be reached, for one that says what was reached.
    pub fn first(self) -> Option<Self> {
        match self.data() {
            Self::Monitoring | Self::Evaluation => Some(Self::Target),
            Self::WholeEvaluation => Some(Self::Whole),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_known_by_its_word_and_has_one_place_for_its_data() {
        for class in Class::ALL {
            assert_eq!(Class::of_word(class.word()), Some(class));
            assert_eq!(class.data().data(), class.data());
            let by_folder = class.subfolder().and_then(|it| Class::of_subfolder(it.as_ref()));
            assert_eq!(by_folder, class.subfolder().map(|_| class));
        }
        let names = Class::ALL.map(Class::subfolder);
        assert_eq!(names.into_iter().flatten().count(), 4);
        assert_eq!(Class::of_subfolder("一览".as_ref()), None);
    }
}
