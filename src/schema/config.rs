//! The schema of `jixiao.toml`.

use super::{Schema, adjustable_rules};
use crate::lint::LEVELS;
use crate::toml::Need;
use crate::workspace::{CHOICE_KEYS, CONFIG_FILE, PERIODS};

pub(super) fn schema() -> Schema {
    let help = "工作文件夹的设置；没有这个文件就全用默认的";
    let mut root = Schema::table().described(CONFIG_FILE, [help]);
    root.declare("字体", Need::Optional, fonts());
    root.declare("规则", Need::Optional, rules());
    let mut choice = Schema::table().described("表样", ["一种表样用在哪里"]);
    for (key, help) in CHOICE_KEYS {
        let (need, schema) = match key {
            "采用" => (Need::Filled, Schema::text(Need::Filled)),
            "部门" => (Need::Optional, Schema::texts()),
            _ => (Need::Optional, Schema::text(Need::Optional)),
        };
        choice.declare(key, need, schema.described(key, [help]));
    }
    let help = "各年度、各部门用哪种表样，写在后面的优先；不写就用附件2";
    root.declare("表样", Need::Optional, Schema::list_of(choice).described("表样", [help]));
    let help = "监控表监控的是哪几个月，一年一行，例如 `\"2023\" = \"1-7月\"`";
    let periods = Schema::table_of(Schema::text(Need::Filled));
    root.declare(PERIODS, Need::Optional, periods.described(PERIODS, [help]));
    root
}

fn fonts() -> Schema {
    let help = "用单位自己的字体；用 `jixiao fonts` 看找到的字体和它们的名称";
    let mut table = Schema::table().described("字体", [help]);
    let folder = "放字体文件的文件夹，例如 `\"字体\"` 或 `\"C:/Windows/Fonts\"`";
    table.declare(
        "文件夹",
        Need::Optional,
        Schema::text(Need::Optional).described("文件夹", [folder]),
    );
    let order = "按先后使用；没有的字用程序自带的字体";
    for (role, help) in [
        ("正文", "表里的字，例如 `[\"SimSun\"]`"),
        ("标题", "表的标题，例如 `[\"FZXiaoBiaoSong-B05S\"]`"),
        ("标记", "“附件2”这样的标记，例如 `[\"SimHei\"]`"),
    ] {
        table.declare(role, Need::Optional, Schema::texts().described(role, [help, order]));
    }
    table
}

fn rules() -> Schema {
    let help = "整个单位不用的规则，或要当作错误的规则，一行一条：`\"编号\" = \"级别\"`";
    let mut table = Schema::table().described("规则", [help]);
    let levels: Vec<String> = LEVELS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let choices = format!("写 {}", levels.join("、"));
    for rule in adjustable_rules() {
        let title = format!("{} {}", rule.code, rule.name);
        let default = format!("{choices}；不写就是{}", rule.severity.name());
        let parts = [title.as_str(), rule.looks_at(), &default];
        let level = Schema { choices: levels.clone(), ..Schema::text(Need::Optional) };
        table.declare(rule.code, Need::Optional, level.described(&title, parts));
    }
    table
}
