//! The schema of a form definition.

use serde_json::json;

use super::Schema;
use super::keywords::Type;
use crate::amount::Unit;
use crate::form::{
    CHOICES, Class, ColumnMeaning, DEFINITION_FILE, FORMULAS, FieldMeaning, IF_ANY, KIND, KINDS,
    LevelMeaning, MEANING, MOST, Meaning, NO_MEANING, SUM, Sizes, TICKED, TREES,
};
use crate::toml::Need;

/// A line of the funds.
const LINE: &str = "fundingLine";

pub(super) fn schema() -> Schema {
    let help = "表样定义：表上有哪些栏目，哪些必填，哪些要有数字，什么印在哪里";
    let mut root = Schema::table().described(DEFINITION_FILE, [help]);
    for (key, help) in [
        ("附件", "附件的标记，例如 `\"附件2\"`；不写就没有"),
        ("附件标题", "一个部门的附件的标题；`{主管部门}` 换成部门的名称。一个部门一张表的不写"),
    ] {
        root.declare(key, Need::Optional, Schema::text(Need::Filled).described(key, [help]));
    }
    let classes = Class::ALL.map(|class| class.word().to_owned()).to_vec();
    let schema = Schema { choices: classes, ..Schema::text(Need::Optional) };
    let help = "这张表在一年里派什么用；不写就是目标";
    root.declare("类", Need::Optional, schema.described("类", [help]));
    for (key, words, help) in [
        ("主体", ["项目", "部门"], "一个项目一张表，还是一个部门一张表；不写就是项目"),
        ("顺序", ["表样", "所写"], "指标照表样的顺序印，还是照数据文件里的；不写就是表样"),
    ] {
        let choices = words.map(str::to_owned).to_vec();
        let schema = Schema { choices, ..Schema::text(Need::Optional) };
        root.declare(key, Need::Optional, schema.described(key, [help]));
    }
    declare_blueprint(&mut root);
    // A list has none of these: it prints what another form declares.
    let help = "写在 部门.toml 里的栏目";
    root.declare("部门", Need::Optional, fields("部门", help, FieldMeaning::DepartmentName));
    let help = "写在项目文件开头的栏目";
    root.declare("项目", Need::Optional, fields("项目", help, FieldMeaning::ProjectName));
    let help = "整体、整体自评的表：写在 整体/部门.toml 开头的栏目";
    let mut own = fields("栏目", help, FieldMeaning::ProjectName);
    own.default.clear();
    root.declare("栏目", Need::Optional, own);
    root.declare("资金", Need::Optional, funding());
    root.declare("指标列", Need::Optional, columns());
    root.declare(FORMULAS, Need::Optional, formulas());
    root.declare(TREES, Need::Optional, trees());
    root.declare("一级指标", Need::Optional, first_levels());
    root.declare("明细表", Need::Optional, details());
    let help = "所有项目的一张表，印在最前面；没有这一段就没有汇总表";
    let mut summary = Schema::table().described("汇总表", [help]);
    declare_blueprint(&mut summary);
    root.declare("汇总表", Need::Optional, summary);
    root.definitions.insert(LINE, line());
    root
}

/// What a printed table looks like: its titles, its sizes, its sections.
fn declare_blueprint(table: &mut Schema) {
    let text = |key, need, help| Schema::text(need).described(key, [help, VALUES]);
    let title = text("标题", Need::Filled, "表的标题，必填");
    table.declare("标题", Need::Filled, title);
    let help = "标题下面的一行，例如 `\"（{年度}年度）\"`";
    table.declare("副标题", Need::Optional, text("副标题", Need::Optional, help));
    for (key, help) in [
        ("表上", "紧挨着表的上面的一行：一段字印在右边，两段印在左右两边"),
        ("表下", "紧挨着表的下面的一行：一段字印在右边，两段印在左右两边"),
    ] {
        let example = "例如 `[\"单位：{单位}\"]`";
        table.declare(key, Need::Optional, Schema::texts().described(key, [help, example, VALUES]));
    }
    table.declare("尺寸", Need::Optional, sizes());
    let help = "什么印在哪里，从上到下，一段一段地写";
    let sections = Schema::list_of(section()).described("版面", [help]);
    table.declare("版面", Need::Present, sections);
}

/// What may stand between braces.
const VALUES: &str = "花括号里是数据：`{项目名称}`、`{年度}`、`{单位}` 等；字就是字";

fn sizes() -> Schema {
    let help = "纸张和大小；不写就按 GB/T 9704-2012";
    let mut table = Schema::table().described("尺寸", [help]);
    let paper = Schema {
        choices: vec!["竖".to_owned(), "横".to_owned()],
        ..Schema::text(Need::Optional)
    };
    table.declare("纸张", Need::Optional, paper.described("纸张", ["A4 纸竖放还是横放"]));
    for size in Sizes::KEYS {
        let number = Schema::number(size.range);
        let [least, most] = size.range;
        let range = format!("{least} 到 {most}");
        let schema = match size.count {
            1 => number,
            _ => Schema::list_of(number),
        };
        table.declare(size.key, Need::Optional, schema.described(size.key, [size.help, &range]));
    }
    table
}

fn section() -> Schema {
    let row = || Schema::list_of(Schema::text(Need::Optional));
    let rows = || Schema::list_of(row());
    let mut table = Schema::table().described("一段", ["表的一段，有自己的各列"]);
    let width = Schema { kind: Some(Type::Either(["number", "string"])), ..Schema::default() };
    let cells = Schema { kind: Some(Type::Either(["string", "array"])), ..Schema::default() };
    for (key, schema, help) in [
        (
            "宽",
            Schema::list_of(width),
            "各列宽度的比例，例如 `[29, 48, 79]`；`\"自动\"` 是和最长的字一样宽",
        ),
        ("表头", rows(), "一行一行的格；表接到下一页时再印一次"),
        (
            "行",
            rows(),
            "一行一行的格：`↑` 和上面的格合成一格，`←` 和左边的合成一格；比列数少的行，最后一格占去其余的列",
        ),
        (
            "每条指标",
            Schema::list_of(cells),
            "每条三级指标印这样一行；几行一样的栏目名合成一格。分成几个列表，就是几组并排，各排各的",
        ),
        (
            "明细表",
            Schema::text(Need::Optional),
            "这一段印的是哪一个明细表，例如 `\"年度主要任务\"`；和“每行”一起写",
        ),
        (
            TREES,
            Schema::text(Need::Optional),
            "有几棵指标树时，这一段印的是哪一棵；不写，几棵都印，用 `{指标树}` 印出是哪一棵",
        ),
        ("每行", row(), "明细表的每一行印这样一行"),
        ("每个项目", row(), "每个项目印这样一行；用在汇总表里"),
        ("每个单位", row(), "部门有几个下属单位时，每个单位后面的小计"),
        ("每个部门", row(), "几个部门时，每个部门后面的小计"),
        ("末行", rows(), "最后的几行，例如合计"),
    ] {
        table.declare(key, Need::Optional, schema.described(key, [help]));
    }
    table
}

/// The header fields of a file, among them the one that names it, whatever it is called.
fn fields(key: &str, help: &str, naming: FieldMeaning) -> Schema {
    let remark = format!(
        "一行一个：`\"栏目\" = {{ \"必填\" = true }}`；含义是“{}”的一定要有，而且必填",
        naming.word()
    );
    let fits = |it: &FieldMeaning| it.is_of_department() == naming.is_of_department();
    let meanings = FieldMeaning::ALL.iter().copied().filter(fits);
    let mut table = Schema::table_of(field(meanings))
        .described(key, [help, "栏目的名称就是表上印的字", &remark]);
    let word = naming.standard_words().first().copied().unwrap_or(naming.word());
    table.default.insert(word.to_owned(), json!({ "必填": true }));
    table
}

fn field(meanings: impl Iterator<Item = FieldMeaning>) -> Schema {
    let mut table = Schema::table().described("栏目", ["一个栏目"]);
    declare_need(&mut table);
    let help = "部门的栏目，单个项目可以另写一个";
    table.declare("项目可改", Need::Optional, Schema::flag().described("项目可改", [help]));
    declare_meaning(&mut table, meanings);
    declare_kind(&mut table);
    declare_description(&mut table);
    table
}

/// What is written in a field or a column.
fn declare_kind(table: &mut Schema) {
    let choices = KINDS.iter().map(|kind| (*kind).to_owned()).collect();
    let kind = Schema { choices, ..Schema::text(Need::Optional) };
    let help = "填的是什么：数不加引号，段落一行一行排满；不写就是文字";
    table.declare(KIND, Need::Optional, kind.described(KIND, [help]));
    let help = "只能填其中的一个，例如 `[\"≥\", \"≤\", \"＝\", \"定性\"]`";
    table.declare(CHOICES, Need::Optional, Schema::texts().described(CHOICES, [help]));
    let help = "选项全都印出来，选中的前面印“√”，别的印“□”";
    table.declare(TICKED, Need::Optional, Schema::flag().described(TICKED, [help]));
}

/// What a part of the form is about, where its word does not say it.
fn declare_meaning<M: Meaning>(table: &mut Schema, meanings: impl Iterator<Item = M>) {
    let mut choices = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for meaning in meanings {
        choices.push(meaning.word().to_owned());
        known.extend(meaning.standard_words());
    }
    choices.push(NO_MEANING.to_owned());
    let help = format!("它说的是什么，检查和对照靠它；{}不用写", known.join("、"));
    let text = Schema { choices, ..Schema::text(Need::Optional) };
    table.declare(MEANING, Need::Optional, text.described(MEANING, [&*help]));
}

fn funding() -> Schema {
    let mut table = Schema::table().described("资金", ["资金的表和它的各项"]);
    let help = "资金在数据文件里的表名，例如 `\"项目资金\"`；不写，金额就和项目的栏目写在一起";
    let text = Schema::text(Need::Filled).described("表名", [help]);
    table.declare("表名", Need::Optional, text);
    let help = "合计叫什么，例如 `\"年度资金总额\"`；有分项的，由程序相加";
    let text = Schema::text(Need::Filled).described("合计", [help, "必填"]);
    table.declare("合计", Need::Filled, text);
    table.default.insert("表名".to_owned(), json!("项目资金"));
    table.default.insert("合计".to_owned(), json!("年度资金总额"));
    table.declare("分项", Need::Optional, parts());
    table.default.insert("分项".to_owned(), json!(["财政拨款", "其他资金"]));
    let help =
        "每一项有几个金额时，各列的名称，例如 `[\"年初预算数\", \"全年预算数\", \"全年执行数\"]`";
    table.declare("列", Need::Optional, Schema::texts().described("列", [help]));
    let units = Unit::ALL.map(|unit| unit.name().to_owned()).to_vec();
    let unit = Schema { choices: units, ..Schema::text(Need::Optional) };
    let help = "填表和印表都用这个单位；不写就是万元";
    table.declare("单位", Need::Optional, unit.described("单位", [help]));
    let decimals = Schema { kind: Some(Type::Either(["number", "string"])), ..Schema::default() };
    let help = "印几位小数，不写就印到分（万元 6 位，元 2 位）；`\"不补零\"` 是有几位印几位";
    table.declare("小数", Need::Optional, decimals.described("小数", [help]));
    let help = "整数部分每三位加一个逗号";
    table.declare("千分位", Need::Optional, Schema::flag().described("千分位", [help]));
    let zero = Schema::text(Need::Optional);
    let help = "金额是零时印什么，例如 `\"0.00\"` 或 `\"—\"`；不写就印 0";
    table.declare("零", Need::Optional, zero.described("零", [help]));
    declare_description(&mut table);
    table
}

/// The parts of a line of the funds.
fn parts() -> Schema {
    let help = "加起来是合计的各项，例如 `[\"财政拨款\", \"其他资金\"]`；没有分项，就直接填合计";
    let nested =
        "某一项又有分项的，写成 `{ \"名称\" = \"财政拨款\", \"分项\" = [\"中央\", \"地方\"] }`";
    Schema::list_of(Schema::reference(LINE)).described("分项", [help, nested])
}

/// A line of the funds: its name, or a table with its name and its parts.
fn line() -> Schema {
    let mut table = Schema::table();
    table.declare("名称", Need::Filled, Schema::text(Need::Filled).described("名称", ["必填"]));
    table.declare("分项", Need::Optional, parts());
    let pattern = Schema::text(Need::Filled).pattern;
    Schema { kind: Some(Type::Either(["string", "object"])), pattern, ..table }
        .described("一项资金", ["名称就是表上印的字"])
}

/// What is computed.
fn formulas() -> Schema {
    let mut formula = Schema::table();
    let help = "算式，例如 `\"全年执行数 / 全年预算数 * 100\"`";
    formula.declare("算", Need::Filled, Schema::text(Need::Filled).described("算", [help, "必填"]));
    declare_printed(&mut formula);
    let pattern = Schema::text(Need::Filled).pattern;
    let formula = Schema { kind: Some(Type::Either(["string", "object"])), pattern, ..formula };
    let help = "由程序计算的数，一行一个，印在写 `{名称}` 的地方";
    let may =
        "可以用 + - × ÷ ( )、min(…, …)、Σ列名；名称是资金的列、`行.列`、前面的算式、是数的栏目";
    Schema::table_of(formula.described("算式", [may])).described(FORMULAS, [help, may])
}

/// How what is computed is printed.
fn declare_printed(table: &mut Schema) {
    let help = "四舍五入到几位小数，末尾的零也印；不写，只有加减的有几位印几位，别的最多 2 位";
    table.declare("小数", Need::Optional, Schema::number([0.0, 6.0]).described("小数", [help]));
    let help = "印在数后面的，例如 `\"%\"`";
    table.declare("单位", Need::Optional, Schema::text(Need::Optional).described("单位", [help]));
    let help = "除数是零时印“—”，不提醒";
    table.declare("可空", Need::Optional, Schema::flag().described("可空", [help]));
    let help = "印一个词，不印数：每个词后面是最少多少，例如 `{ \"优\" = 90, \"差\" = 0 }`";
    let least = Schema { kind: Some(Type::Number), ..Schema::default() };
    table.declare("档", Need::Optional, Schema::table_of(least).described("档", [help]));
}

/// Tables with columns of their own.
fn details() -> Schema {
    let mut table = Schema::table_of(column());
    let help = "每一行叫什么，例如 `\"任务名称\"`：写在等号左边的";
    table.declare("名称", Need::Filled, Schema::text(Need::Filled).described("名称", [help]));
    let help = "自己有各列的表，例如年度主要任务；`\"名称\"` 以外的键是它的各列，和指标列一样写";
    Schema::table_of(table.described("明细表", [help])).described("明细表", [help])
}

fn column() -> Schema {
    let mut column = Schema::table().described("指标列", ["一列"]);
    let help = "不用填、由前面的几列算出来的列，例如 `\"财政拨款 + 其他资金\"`";
    column.declare("算", Need::Optional, Schema::text(Need::Filled).described("算", [help]));
    declare_printed(&mut column);
    let need = Schema { kind: Some(Type::Either(["boolean", "string"])), ..Schema::default() };
    let help =
        "数据文件里必须写，而且不能是空的；写成 `\"得分 < 分值\"`，就是得分不到分值的行才必填";
    column.declare("必填", Need::Optional, need.described("必填", [help]));
    declare_need(&mut column);
    declare_meaning(&mut column, ColumnMeaning::ALL.iter().copied());
    declare_kind(&mut column);
    let help = "一个项目各行的数加起来是多少，例如权重是 100；检查时核对";
    let sum = Schema { kind: Some(Type::Number), ..Schema::default() };
    column.declare(SUM, Need::Optional, sum.described(SUM, [help]));
    let help = "哪一列的数是这一列的最大值，例如得分的最大值是 `\"分值\"`；检查时核对";
    column.declare(MOST, Need::Optional, Schema::text(Need::Optional).described(MOST, [help]));
    declare_description(&mut column);
    column
}

fn columns() -> Schema {
    let help = "三级指标右边的各列；哪一列也不叫“指标值”的，第一列就是指标值";
    let mut table = Schema::table_of(column()).described("指标列", [help]);
    table.min_properties = Some(1);
    table.default.insert("指标值".to_owned(), json!({ "必填": true }));
    table
}

const IF_ANY_HELP: &str = "下面一条三级指标也没有的项目，不印这一行";

fn first_levels() -> Schema {
    let mut level = Schema::table().described("二级指标", ["一个二级指标"]);
    for (key, schema, help) in [
        ("标注", Schema::text(Need::Optional), "印在二级指标名称后面的字，例如 `\"（必填）\"`"),
        ("必填", Schema::flag(), "至少要有一条三级指标"),
        ("硬性", Schema::flag(), "指标值里要有数字"),
        (IF_ANY, Schema::flag(), IF_ANY_HELP),
    ] {
        level.declare(key, Need::Optional, schema.described(key, [help]));
    }
    let is_second = |it: &LevelMeaning| *it != LevelMeaning::Output;
    declare_meaning(&mut level, LevelMeaning::ALL.iter().copied().filter(is_second));
    declare_description(&mut level);
    let help = "一个一级指标和它下面的二级指标，按表上的顺序；二级指标的名称不能重复";
    let mut first = Schema::table_of(level).described("一级指标", [help]);
    declare_meaning(&mut first, std::iter::once(LevelMeaning::Output));
    first.declare(IF_ANY, Need::Optional, Schema::flag().described(IF_ANY, [IF_ANY_HELP]));
    let help = "只在这一棵指标树里；每一棵里都有的不写";
    first.declare(TREES, Need::Optional, Schema::text(Need::Optional).described(TREES, [help]));
    let example = "一个一级指标一张表：`[\"一级指标\".\"产出指标\"]`";
    Schema::table_of(first).described("一级指标", ["指标树，按表上的顺序", example])
}

/// The trees with names.
fn trees() -> Schema {
    let mut tree = Schema::table().described("一棵指标树", ["没有别的要写的，写 `{}`"]);
    let help = "写的是几年里要达到的，里面可以写别的年份";
    tree.declare("多年", Need::Optional, Schema::flag().described("多年", [help]));
    let help = "表上有几棵指标树时，各棵的名称，例如 `\"长期绩效指标\"`、`\"年度绩效指标\"`";
    Schema::table_of(tree).described(TREES, [help])
}

fn declare_need(table: &mut Schema) {
    for (key, help) in [
        ("必填", "数据文件里必须写，而且不能是空的"),
        ("可空", "和“必填”一起用：必须写，但内容可以是空的"),
    ] {
        table.declare(key, Need::Optional, Schema::flag().described(key, [help]));
    }
}

fn declare_description(table: &mut Schema) {
    let help = "给填表的人看的：这里该填什么；不会印出来";
    let text = Schema::text(Need::Optional).described("说明", [help]);
    table.declare("说明", Need::Optional, text);
}
