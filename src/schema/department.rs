//! The schemas of `部门.toml` and `单位.toml`.

use super::Schema;
use super::header::{declare_field, declare_waivers};
use crate::form::{Definition, FieldMeaning};
use crate::toml::Need;

pub(super) fn schema(form: &Definition) -> Schema {
    let help = "部门的栏目，一个部门文件夹一个";
    let mut root =
        Schema::table().described(format!("部门文件：{}", form.blueprint.title.words()), [help]);
    for field in &form.department_fields {
        let remark = if field.overridable {
            "某个项目不同时，在项目文件里另写一个"
        } else {
            ""
        };
        declare_field(&mut root, field, field.need, remark);
    }
    declare_waivers(&mut root);
    root
}

pub(super) fn unit(form: &Definition) -> Schema {
    let help = "下属单位的栏目，一个单位文件夹一个；不写的，和部门的一样";
    let mut root =
        Schema::table().described(format!("单位文件：{}", form.blueprint.title.words()), [help]);
    for field in &form.department_fields {
        match field.meaning {
            Some(FieldMeaning::UnitName) => declare_field(&mut root, field, Need::Filled, ""),
            _ => declare_field(&mut root, field, Need::Optional, "和部门的不同时才写"),
        }
    }
    declare_waivers(&mut root);
    root
}
