//! What a department's file and a project's have in common: header fields and waivers.

use super::keywords::Type;
use super::{Schema, adjustable_rules};
use crate::data::WAIVERS;
use crate::form::{Field, Kind};
use crate::toml::Need;

/// Declares a header field.
pub(super) fn declare_field(root: &mut Schema, field: &Field, need: Need, remark: &str) {
    let parts = [field.description.as_str(), need_in_words(need), remark];
    root.declare(&field.name, need, written(&field.kind, need).described(&field.name, parts));
}

/// What is written in a field or a column.
pub(super) fn written(kind: &Kind, need: Need) -> Schema {
    match kind {
        Kind::Text | Kind::Paragraph => Schema::text(need),
        Kind::Number(_) => Schema { kind: Some(Type::Number), ..Schema::default() },
        Kind::Choice(choices) => {
            let mut choices = choices.words.clone();
            if need != Need::Filled {
                choices.push(String::new());
            }
            Schema { choices, ..Schema::text(Need::Optional) }
        }
    }
}

/// Declares the table of waivers. A code that is none is only remarked on, so any key fits.
pub(super) fn declare_waivers(root: &mut Schema) {
    let reason = Schema::text(Need::Filled).described("豁免", ["在引号里写明为什么这样填是对的"]);
    let mut waivers = Schema::table_of(reason).described(
        "豁免",
        ["核对过、确实不用改的警告，一行一条：`\"编号\" = \"理由\"`，例如 `\"W501\" = \"今年新增三个村\"`"],
    );
    for rule in adjustable_rules() {
        let title = format!("{} {}", rule.code, rule.name);
        let parts = [title.as_str(), rule.looks_at(), "在引号里写明为什么这样填是对的"];
        let reason = Schema::text(Need::Filled).described(&title, parts);
        waivers.declare(rule.code, Need::Optional, reason);
    }
    root.declare(WAIVERS, Need::Optional, waivers);
}

/// Whether a key has to be there, for its help.
pub(super) fn need_in_words(need: Need) -> &'static str {
    match need {
        Need::Filled => "必填",
        Need::Present => "必须写这一行，内容可以是空的",
        Need::Optional => "可以不写",
    }
}
