//! The rules a form must keep beyond being readable: one file a rule.
//!
//! A rule is a `static RULE` that explains it and a function that looks at a part of the data and
//! reports findings. To add one, copy a neighbour and name it in one of the lists below. Errors
//! make a form invalid and are looked for whenever one is printed ([`errors`]); warnings are what
//! a reviewer would query ([`warnings`]).

mod ascii_punctuation;
mod bare_quantity;
mod changed_funding;
mod column_sum;
mod commented_out;
mod cost_differs;
mod cost_without_amount;
mod cost_without_unit;
mod duplicate_project;
mod empty_goal;
mod folder_number;
mod full_width_characters;
mod funding_total;
mod impossible_figure;
mod invisible_characters;
mod kind_and_term;
mod last_years_text;
mod long_text;
mod malformed_code;
mod malformed_kind;
mod missing_reason;
mod mojibake;
mod no_result;
mod not_reported;
mod odd_spaces;
mod over_hundred_percent;
mod over_most;
mod pasted_escapes;
mod percentage_as_quantity;
mod quantified_indicator;
mod radical_characters;
mod rate_without_percentage;
mod repeated_department;
mod repeated_file;
mod repeated_goal;
mod repeated_indicator;
mod required_indicator;
mod satisfaction_without_sign;
mod shared_code;
mod space_before_figure;
mod target_differs;
mod title_as_indicator;
mod unbalanced_brackets;
mod unfilled;
mod unreviewed;
mod vague_output;
mod waiver;
mod wrong_year;

pub(crate) use unfilled::RULE as FILL_IN;
pub(crate) use unreviewed::RULE as REVIEW;
pub(super) use waiver::Waivers;

use std::collections::HashSet;
use std::sync::Arc;

use super::across::{Facts, Seen};
use super::comment::Comment;
use super::later::LaterForm;
use super::scope::Scope;
use super::text::{Text, is_plain};
use crate::data::Department;
use crate::diagnostics::{Finding, Rule, has_errors};
use crate::workspace::UNREAD;

type DepartmentRule = (&'static Rule, fn(&Department, &mut Vec<Finding>));
type ProjectRule = (&'static Rule, fn(&Scope<'_>, &mut Vec<Finding>));
type CommentRule = (&'static Rule, fn(&Comment<'_>, &mut Vec<Finding>));
type TextRule = (&'static Rule, fn(&Text<'_>, &mut Vec<Finding>));
type LaterRule = (&'static Rule, fn(&LaterForm<'_>, &mut Vec<Finding>));
type RunRule = (&'static Rule, fn(&Facts, &Seen, &mut Vec<Finding>));

const DEPARTMENT_ERRORS: &[DepartmentRule] =
    &[(&duplicate_project::RULE, duplicate_project::check)];

const PROJECT_ERRORS: &[ProjectRule] = &[
    (&funding_total::RULE, funding_total::check),
    (&required_indicator::RULE, required_indicator::check),
    (&quantified_indicator::RULE, quantified_indicator::check),
    (&missing_reason::RULE, missing_reason::check),
];

const PROJECT_WARNINGS: &[ProjectRule] = &[
    (&empty_goal::RULE, empty_goal::check),
    (&repeated_goal::RULE, repeated_goal::check),
    (&wrong_year::RULE, wrong_year::check),
    (&cost_differs::RULE, cost_differs::check),
    (&cost_without_unit::RULE, cost_without_unit::check),
    (&cost_without_amount::RULE, cost_without_amount::check),
    (&rate_without_percentage::RULE, rate_without_percentage::check),
    (&over_hundred_percent::RULE, over_hundred_percent::check),
    (&satisfaction_without_sign::RULE, satisfaction_without_sign::check),
    (&percentage_as_quantity::RULE, percentage_as_quantity::check),
    (&bare_quantity::RULE, bare_quantity::check),
    (&vague_output::RULE, vague_output::check),
    (&repeated_indicator::RULE, repeated_indicator::check),
    (&title_as_indicator::RULE, title_as_indicator::check),
    (&column_sum::RULE, column_sum::check),
    (&over_most::RULE, over_most::check),
    (&no_result::RULE, no_result::check),
    (&malformed_kind::RULE, malformed_kind::check),
    (&kind_and_term::RULE, kind_and_term::check),
    (&impossible_figure::RULE, impossible_figure::check),
    (&changed_funding::RULE, changed_funding::check),
    (&last_years_text::RULE, last_years_text::check),
];

/// Those of them that a form is looked at for whose targets were looked at with another form.
const RESULT_WARNINGS: &[ProjectRule] = &[
    (&column_sum::RULE, column_sum::check),
    (&over_most::RULE, over_most::check),
    (&no_result::RULE, no_result::check),
];

const DEPARTMENT_WARNINGS: &[DepartmentRule] =
    &[(&malformed_code::RULE, malformed_code::check), (&folder_number::RULE, folder_number::check)];

const COMMENT_WARNINGS: &[CommentRule] = &[
    (&unfilled::RULE, unfilled::check),
    (&unreviewed::RULE, unreviewed::check),
    (&commented_out::RULE, commented_out::check),
];

const TEXT_WARNINGS: &[TextRule] = &[
    (&ascii_punctuation::RULE, ascii_punctuation::check),
    (&full_width_characters::RULE, full_width_characters::check),
    (&space_before_figure::RULE, space_before_figure::check),
    (&odd_spaces::RULE, odd_spaces::check),
    (&unbalanced_brackets::RULE, unbalanced_brackets::check),
    (&invisible_characters::RULE, invisible_characters::check),
    (&radical_characters::RULE, radical_characters::check),
    (&pasted_escapes::RULE, pasted_escapes::check),
    (&mojibake::RULE, mojibake::check),
];

/// The rules about a later form beside the first.
const LATER_WARNINGS: &[LaterRule] =
    &[(&target_differs::RULE, target_differs::check), (&not_reported::RULE, not_reported::check)];

/// The rules about all departments of a run together.
const RUN_WARNINGS: &[RunRule] = &[
    (&shared_code::RULE, shared_code::check),
    (&repeated_department::RULE, repeated_department::check),
    (&repeated_file::RULE, repeated_file::check),
];

/// The rules about what is not read, about the waivers themselves, and the one that keeps the others
/// from a text.
const OTHER_WARNINGS: &[&Rule] = &[&long_text::RULE, &UNREAD, &waiver::UNUSED, &waiver::UNKNOWN];

/// The rules whose findings are warnings unless the workspace says otherwise.
pub fn warning_rules() -> impl Iterator<Item = &'static Rule> {
    let project = PROJECT_WARNINGS.iter().map(|&(rule, _)| rule);
    let department = DEPARTMENT_WARNINGS.iter().map(|&(rule, _)| rule);
    let comment = COMMENT_WARNINGS.iter().map(|&(rule, _)| rule);
    let text = TEXT_WARNINGS.iter().map(|&(rule, _)| rule);
    let later = LATER_WARNINGS.iter().map(|&(rule, _)| rule);
    let run = RUN_WARNINGS.iter().map(|&(rule, _)| rule);
    let other = OTHER_WARNINGS.iter().copied();
    project.chain(later).chain(department).chain(comment).chain(text).chain(run).chain(other)
}

/// The rules that keep a form from being printed.
pub fn error_rules() -> impl Iterator<Item = &'static Rule> {
    let department = DEPARTMENT_ERRORS.iter().map(|&(rule, _)| rule);
    PROJECT_ERRORS.iter().map(|&(rule, _)| rule).chain(department)
}

/// Looks for what makes the forms of a department invalid.
pub fn errors(scopes: &[Scope<'_>], department: &Department, findings: &mut Vec<Finding>) {
    for (_, check) in DEPARTMENT_ERRORS {
        check(department, findings);
    }
    for scope in scopes {
        for (_, check) in PROJECT_ERRORS {
            check(scope, findings);
        }
    }
}

/// Looks for what a reviewer would query in a department, and remarks on its waivers; `seen` knows
/// the departments of the run that were looked at before. Where `findings` has errors already,
/// nothing is said of unused waivers: what they are for may not have been read.
pub fn warnings(
    scopes: &[Scope<'_>],
    department: &Department,
    seen: &mut Seen,
    findings: &mut Vec<Finding>,
) {
    let mut found = own_warnings(scopes, department, None);
    run_warnings(&Arc::new(Facts::of(department)), seen, &mut found);
    Waivers::of(department).apply(!has_errors(findings), &mut found);
    findings.append(&mut found);
}

/// What a reviewer would query in a department by itself.
/// What a later form has from the first is not looked at again.
pub(super) fn own_warnings(
    scopes: &[Scope<'_>],
    department: &Department,
    later: Option<&LaterForm<'_>>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut firsts = later.into_iter().flat_map(|forms| forms.projects().map(|(_, first)| first));
    for (_, check) in DEPARTMENT_WARNINGS {
        check(department, &mut found);
    }
    for comment in Comment::all(department) {
        for (_, check) in COMMENT_WARNINGS {
            check(&comment, &mut found);
        }
    }
    let own = department.own_fields().map(|(source, _, text)| Text::new(source, text));
    check_texts(own, &mut found);
    for scope in scopes {
        let first = firsts.next().flatten();
        let known: HashSet<&str> =
            first.iter().flat_map(|it| it.texts()).map(|text| text.get_ref().as_str()).collect();
        let texts = scope.project.texts().filter(|text| !known.contains(text.get_ref().as_str()));
        if check_texts(texts.map(|text| scope.text(text)), &mut found) {
            let rules = if first.is_some() { RESULT_WARNINGS } else { PROJECT_WARNINGS };
            for (_, check) in rules {
                check(scope, &mut found);
            }
        }
    }
    if let Some(forms) = later {
        for (_, check) in LATER_WARNINGS {
            check(forms, &mut found);
        }
    }
    found
}

/// What a reviewer would query in a department beside those that were looked at before.
pub(super) fn run_warnings(facts: &Arc<Facts>, seen: &mut Seen, findings: &mut Vec<Finding>) {
    for (_, check) in RUN_WARNINGS {
        check(facts, seen, findings);
    }
    seen.add(facts);
}

/// Applies the rules about texts. Of a text that is far too long only that is said: finding the
/// places in it takes time that grows with its square. Whether all texts were fit to be looked at.
fn check_texts<'a>(texts: impl Iterator<Item = Text<'a>>, findings: &mut Vec<Finding>) -> bool {
    let mut all_fit = true;
    for text in texts {
        let before = findings.len();
        long_text::check(&text, findings);
        if findings.len() > before {
            all_fit = false;
            continue;
        }
        if !is_plain(text.as_str()) {
            check_text(&text, findings);
        }
    }
    all_fit
}

/// Applies the rules about the characters of a text.
pub(super) fn check_text(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for (_, check) in TEXT_WARNINGS {
        check(text, findings);
    }
}
