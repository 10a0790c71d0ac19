//! What score a row of an evaluation would get, by what was reached of its target. It is only ever
//! suggested: a person decides.
//!
//! The rules are those of 财预〔2020〕10号《项目支出绩效评价管理办法》 as counties apply them: a figure that
//! is met has all points, one that is missed has them in proportion, words are judged in three bands.

use rust_decimal::{Decimal, RoundingStrategy};

use super::figure::figures;
use super::reading::Reading;
use super::text::Text;
use crate::data::{Indicator, Project, number};
use crate::form::{ColumnMeaning, Definition, LevelMeaning};
use crate::text::folded;

/// From so much more than the target on, it was set too low.
const FAR_BEYOND: Decimal = Decimal::from_parts(15, 0, 0, false, 1);
/// The bands in which words are judged, in hundredths of the points: from 100 to the first and so on.
const BANDS: [u32; 2] = [80, 60];

/// Signs and words of a target that is not to be exceeded.
const AT_MOST: &[&str] = &["≤", "<", "＜", "不超过", "不高于", "不大于", "不多于", "控制在"];

/// What is suggested for a row, in words; `None` if it is not known what was reached, or how many points
/// there are.
pub fn suggested(
    project: &Project,
    form: &Definition,
    level: &str,
    row: &Indicator,
) -> Option<String> {
    let about = |meaning| row.values.about(meaning);
    let points =
        about(ColumnMeaning::Weight).and_then(number).filter(|points| !points.is_zero())?;
    let reached = about(ColumnMeaning::Result)?.get_ref().trim();
    if reached.is_empty() {
        return None;
    }
    let said = |meaning| about(meaning).map(|text| text.get_ref().as_str());
    let target = Text::new(&project.source, row.value()?);
    let target = Reading::new(said(ColumnMeaning::Sign), target, said(ColumnMeaning::Unit));
    let is_cost = form.levels_about(LevelMeaning::Cost).any(|it| it.name == level);
    Some(match ratio(target.as_str(), reached, said(ColumnMeaning::Unit), is_cost) {
        Some((share, _)) if share < Decimal::ONE => {
            let percent = (share * Decimal::ONE_HUNDRED).round_dp(1).normalize();
            format!("{}（完成了 {percent}%）", of(points, share))
        }
        Some((_, true)) => format!("{}；超出目标很多，要说明原因", of(points, Decimal::ONE)),
        Some(_) => of(points, Decimal::ONE).to_string(),
        None => {
            let [good, fair] = BANDS.map(|band| of(points, Decimal::new(i64::from(band), 2)));
            let all = of(points, Decimal::ONE);
            format!(
                "看完成程度定：达成的 {good} 到 {all}，部分达成的 {fair} 到 {good}，没有达成的不到 {fair}"
            )
        }
    })
}

/// A share of the points, as scores are written.
fn of(points: Decimal, share: Decimal) -> Decimal {
    let score = points * share;
    score.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// How much of a target was reached, and whether that is far more than was aimed at; `None` if they are no
/// figures of the same unit.
fn ratio(
    target: &str,
    reached: &str,
    unit: Option<&str>,
    is_cost: bool,
) -> Option<(Decimal, bool)> {
    let single = |text: &str| match figures(text).as_slice() {
        [figure] => {
            Some((figure.value, folded(figure.unit), text[..figure.range.start].to_owned()))
        }
        _ => None,
    };
    let ((wanted, of, sign), (done, counted, _)) = (single(target)?, single(reached)?);
    // Where the unit has a column of its own, what was reached is counted in it, too.
    let is_same = of == counted || (counted.is_empty() && unit.is_some());
    if !is_same {
        return None;
    }
    let sign = folded(sign.trim());
    let is_most = AT_MOST.iter().any(|word| sign.contains(&folded(word)));
    let (part, whole) =
        if is_most || is_cost && sign.is_empty() { (wanted, done) } else { (done, wanted) };
    if whole.is_zero() {
        return Some((Decimal::ONE, false));
    }
    let share = part.checked_div(whole)?;
    let is_far = !is_most && !is_cost && share >= FAR_BEYOND;
    Some((share.min(Decimal::ONE), is_far))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_held_against_each_other_in_the_direction_of_the_target() {
        for (target, reached, is_cost, expected) in [
            ("≥50个", "52个", false, Some(("1", false))),
            ("≥50个", "40个", false, Some(("0.8", false))),
            ("≥50个", "75个", false, Some(("1", true))),
            ("≥95%", "90.25%", false, Some(("0.95", false))),
            ("≤90万元", "89.974万元", true, Some(("1", false))),
            ("≤90万元", "100万元", true, Some(("0.9", false))),
            ("90万元", "100万元", true, Some(("0.9", false))),
            ("≤2起", "0起", false, Some(("1", false))),
            ("≤0起", "1起", false, Some(("0", false))),
            ("≥0个", "0个", false, Some(("1", false))),
            ("≥50个", "52件", false, None),
            ("明显提高", "明显提高", false, None),
            ("2023年6月", "2023年5月", false, None),
        ] {
            let found = ratio(target, reached, None, is_cost);
            let found = found.map(|(share, far)| (share.normalize().to_string(), far));
            let found = found.as_ref().map(|(share, far)| (share.as_str(), *far));
            assert_eq!(found, expected, "{target} {reached}");
        }
        assert_eq!(ratio("≥95%", "95", Some("%"), false), Some((Decimal::ONE, false)));
    }
}
