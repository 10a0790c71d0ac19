//! What it costs to end a line at each place of a text.
//!
//! A cost below [`BEHIND_JOINT`] is a matter of looks: it is weighed against how full the lines are, in em².
//! From there on each step outweighs everything before it: a text is only broken there if it cannot
//! be set otherwise.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::marks::{
    is_digit, is_forbidden_at_end, is_forbidden_at_start, is_glue, is_han, is_han_digit,
    is_item_number, is_latin, is_space,
};

/// Between two Han characters that nothing holds together.
const BETWEEN_HAN: f64 = 9.0;
/// Where a word would be torn that is on every form, or a suffix from its word.
const INSIDE_WORD: f64 = 18.0;
/// Inside a short pair of brackets.
const INSIDE_BRACKETS: f64 = 20.0;
/// LED|路灯: it may be a word, it may be two.
const BESIDE_LATIN: f64 = 8.0;
/// 11个|村.
const COUNTER_AND_NOUN: f64 = 14.0;
/// 两|个, 一|期: a number in words and what it counts.
const HAN_NUMBER: f64 = 30.0;
/// 2023年|12月, then 12月|31日: where a date is best broken.
const BEHIND_YEAR: f64 = 40.0;
const INSIDE_DATE: f64 = 44.0;
/// 12345|热线: a number and a noun.
pub(super) const NUMBER_AND_NOUN: f64 = 40.0;

/// One character away from a bracket, （一|期）: worth a line more in narrow cells.
const BESIDE_BRACKET: f64 = 3e4;
/// 万元/|公里, 2023.07-|2024.01.
const BEHIND_JOINT: f64 = 1e6;
/// 3年|以上.
const BEFORE_BOUND: f64 = 2e6;
/// 8|元.
const BEFORE_UNIT: f64 = 4e6;
/// 8,827,|620, 平方|米, PM|2.5.
const INSIDE_UNIT: f64 = 1e8;
/// Anywhere in a word or number; with a single letter left on one side.
const INSIDE_LETTERS: f64 = 1e9;
const BESIDE_LETTER: f64 = 2e9;
/// 万元|/公里.
const BEFORE_JOINT: f64 = 1e10;
/// What GB/T 15834 forbids.
const FORBIDDEN: f64 = 1e11;
/// —|—, …|….
const INSIDE_MARK: f64 = 1e12;

/// Signs that join what is on both sides: a line may end with one of these.
const JOINTS: &str = "/-_@&=+~\\－／＋＝～—–×÷?";
/// Units of one character. A number is not torn from them; the list errs on the long side, since a
/// noun kept with its number does no harm.
const MEASURES: &str = "元个名人次件套台辆户亩吨年月日号天时项处所座条栋间只头株棵册本份场期批家村镇乡县区段\
    类级米克升度周分秒门节班组队轮届块片张支箱万亿千百十倍折成斤公顷里字页篇幅盏口眼孔根枚艘架趟\
    餐顿床席桌副双对把面层排路线股岁里站点亩座颗桶袋瓶盒包车节课例起宗笔员位吋寸丈尺卷集部首盘园";
/// Units of several characters: none is broken inside. Longer ones first where one begins another.
const UNITS: &[&str] = &[
    "万人次",
    "万平方米",
    "万立方米",
    "亿立方米",
    "平方公里",
    "平方千米",
    "个百分点",
    "百分点",
    "工作日",
    "自然村",
    "行政村",
    "平方米",
    "立方米",
    "千瓦时",
    "兆瓦时",
    "公里",
    "千米",
    "公顷",
    "公斤",
    "千克",
    "毫克",
    "微克",
    "毫米",
    "厘米",
    "分米",
    "毫升",
    "千瓦",
    "兆瓦",
    "万元",
    "亿元",
    "千元",
    "百元",
    "人次",
    "人天",
    "人日",
    "人月",
    "户次",
    "台次",
    "车次",
    "场次",
    "班次",
    "课时",
    "学时",
    "学分",
    "万人",
    "万户",
    "万亩",
    "万吨",
    "万头",
    "万只",
    "万株",
    "万册",
    "万套",
    "万次",
    "万件",
    "万名",
    "亿吨",
    "个月",
    "小时",
    "分钟",
    "季度",
    "年度",
    "学期",
    "周年",
    "周岁",
    "星期",
    "平米",
    "海里",
    "摄氏度",
    "个人",
    "标段",
];
/// What bounds a quantity: 3年以上, 2023年底. It stays with the unit.
const BOUNDS: &[&str] = &[
    "以上", "以下", "以内", "以外", "以前", "以后", "之前", "之后", "之内", "左右", "不等", "上下",
];
/// The same in one character, behind a unit of time or money: 12月31日前.
const SHORT_BOUNDS: &str = "前后底末初内中起止整多";
/// 100余人, 20多个: between a number and its unit.
const ABOUT: &str = "余多几来";
/// Units of time that a date goes on after.
const DATE_UNITS: &str = "年月日时分号";
/// Units that a noun follows: 11个村.
const COUNTERS: &str = "个名位项条套台辆件座所处份只头株棵间次家支类种";
/// G109国道, S203省道: a road's number belongs to its kind.
const ROADS: &[&str] = &["国道", "省道", "县道", "乡道", "村道", "高速", "公路", "线"];

/// Pairs of characters that belong together, of the words that the forms themselves are made of. No
/// dictionary: what stands here is on every other page, and a reader stumbles each time it is torn.
static WORDS: LazyLock<HashSet<[char; 2]>> = LazyLock::new(|| {
    let words = "\
        指标 绩效 目标 项目 资金 预算 经费 补助 补贴 财政 拨款 支出 收入 金额 总额 结转 其他 其中 \
        数量 质量 时效 成本 产出 效益 影响 社会 经济 生态 持续 可持 满意 意度 服务 对象 群众 必填 硬性 \
        人民 政府 单位 部门 主管 名称 代码 属性 实施 年度 总体 中期 本级 上级 机构 委员 公司 办公 中心 \
        执行 完成 合计 得分 权重 偏差 原因 措施 自评 计量 符号 内容 说明 备注 负责 责人 联系 电话 填报 \
        日期 开始 结束 时间 当年 上年 全年 长期 \
        不少 少于 不低 低于 不超 超过 不高 高于 达到 符合 控制 有效 明显 显著 及时 正常 稳定 \
        工作 人员 干部 队伍 管理 保障 提升 提高 促进 发展 运行 维护 建设 改善 改造 推进 推动 加强 加快 \
        优化 解决 确保 巩固 治理 组织 参加 培训 宣传 活动 发放 验收 使用 标准 比例 情况 覆盖 全覆 合格 \
        机制 能力 水平 效率 成果 秩序 环境 安全 生活 生产 产业 基层 基本 公共 设施 设备 信息 系统 平台 \
        农村 乡村 村级 集体 乡镇 街道 居民 村民 振兴 战略 脱贫 攻坚 增收 教育 医疗 卫生 文化 科技 住房 \
        民族 团结 平安 网格 矛盾 纠纷 示范 问题 需求 进一 一步 \
        事务 机关 行政 执法 农业 工业 园区 资源 媒体 残疾 疾人 退役 军人 应急 市场 监督 登记 储备 \
        青年 妇女 儿童 老年 乡村 社区 村委 党委 办结 受理 热线 巡查 走访 人居 居环 实事";
    let pair = |word: &str| {
        let mut chars = word.chars();
        Some([chars.next()?, chars.next()?])
    };
    words.split_whitespace().filter_map(pair).collect()
});
/// What never begins a word.
const SUFFIXES: &str = "的了着们率者性化度";
/// What goes with the word behind it.
const PREFIXES: &str = "不未无各每约近超和及与或";

/// The cost of a line's end before each character. `chars` are the first characters of a paragraph's
/// clusters.
pub(super) fn costs(chars: &[char]) -> Vec<f64> {
    let mut text = Text { chars, costs: vec![0.0; chars.len()] };
    for place in 1..chars.len() {
        let cost = text.between(place);
        text.raise(place, cost);
    }
    text.words();
    text.brackets();
    text.tokens();
    text.letters();
    for place in 1..chars.len() {
        text.forbid(place);
    }
    text.costs
}

struct Text<'c> {
    chars: &'c [char],
    costs: Vec<f64>,
}

impl Text<'_> {
    /// The character at a place; behind the end, one that is none of the kinds asked about.
    fn at(&self, place: usize) -> char {
        self.chars.get(place).copied().unwrap_or('\0')
    }

    fn before(&self, place: usize) -> char {
        place.checked_sub(1).map_or('\0', |place| self.at(place))
    }

    fn raise(&mut self, place: usize, cost: f64) {
        if let Some(old) = self.costs.get_mut(place) {
            *old = old.max(cost);
        }
    }

    fn raise_all(&mut self, places: std::ops::Range<usize>, cost: f64) {
        for place in places {
            self.raise(place, cost);
        }
    }

    fn has(&self, place: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(index, c)| self.at(place + index) == c)
    }

    fn first_of(&self, place: usize, words: &[&str]) -> usize {
        let found = words.iter().find(|word| self.has(place, word));
        found.map_or(0, |word| word.chars().count())
    }

    /// How long the unit at a place is, or 0.
    fn unit(&self, place: usize) -> usize {
        match self.first_of(place, UNITS) {
            0 => usize::from(MEASURES.contains(self.at(place)) || self.is_latin_unit(place)),
            length => length,
        }
    }

    /// ㎡, ℃ and the like.
    fn is_latin_unit(&self, place: usize) -> bool {
        matches!(self.at(place), '\u{3380}'..='\u{33df}' | '℃' | '℉')
    }

    fn unit_or_noun(&self, place: usize) -> usize {
        match self.unit(place) {
            0 | 1 => {
                let han = (place..place + 2).take_while(|place| is_han(self.at(*place))).count();
                han.max(1)
            }
            length => length,
        }
    }

    /// What two neighbours say by themselves.
    fn between(&self, place: usize) -> f64 {
        let (before, after) = (self.before(place), self.at(place));
        if is_glue(before) || is_glue(after) {
            return INSIDE_LETTERS;
        }
        if is_space(before) || is_space(after) {
            return 0.0;
        }
        if JOINTS.contains(before) {
            return self.behind_joint(place);
        }
        if JOINTS.contains(after) {
            return BEFORE_JOINT;
        }
        if PREFIXES.contains(before) {
            return INSIDE_WORD;
        }
        match (is_latin(before), is_latin(after)) {
            (true, true) => self.inside_latin(before, after),
            (true, false) if is_han(after) && before.is_alphanumeric() => BESIDE_LATIN,
            (false, true) if is_han(before) && after.is_ascii_alphabetic() => BETWEEN_HAN / 2.0,
            _ if is_han(before) && is_han(after) => {
                if SUFFIXES.contains(after) {
                    INSIDE_WORD
                } else {
                    BETWEEN_HAN
                }
            }
            _ => 0.0,
        }
    }

    fn behind_joint(&self, place: usize) -> f64 {
        let (joint, after) = (self.before(place), self.at(place));
        let Some(first) = (place - 1).checked_sub(1).map(|place| self.at(place)) else {
            return INSIDE_LETTERS; // a sign: -5
        };
        if JOINTS.contains(after) {
            return BEFORE_JOINT; // https://
        }
        let is_sign = matches!(joint, '-' | '+' | '－' | '＋') && is_digit(after);
        if is_sign
            && !is_latin(first)
            && !is_han(first)
            && !is_digit(first)
            && !"）)%％‰℃".contains(first)
        {
            return INSIDE_LETTERS;
        }
        if joint == '—' && first == '—' {
            return 0.0;
        }
        match (is_han(first), is_han(after)) {
            (true, true) => BETWEEN_HAN / 2.0,
            (false, true) if matches!(joint, '-' | '—' | '－') => BESIDE_LATIN,
            _ => BEHIND_JOINT,
        }
    }

    fn inside_latin(&self, before: char, after: char) -> f64 {
        match (before, after) {
            ('%', _) | (_, '(' | '[' | '{') | (')' | ']' | '}' | ';' | '!' | '"', _) => {
                BEHIND_JOINT
            }
            (_, '<' | '>' | '$' | '"') => BEHIND_JOINT,
            ('.' | ',' | ':', _) => INSIDE_UNIT,
            _ if before.is_ascii_digit() != after.is_ascii_digit()
                && before.is_alphanumeric()
                && after.is_alphanumeric() =>
            {
                INSIDE_UNIT
            }
            _ => INSIDE_LETTERS,
        }
    }

    fn words(&mut self) {
        for place in 1..self.chars.len() {
            if WORDS.contains(&[self.before(place), self.at(place)]) {
                self.raise(place, INSIDE_WORD);
            }
        }
    }

    /// A few words in brackets or quotation marks stay together, and more so one alone with its
    /// bracket. A number in brackets belongs to what it counts: （一）村级.
    fn brackets(&mut self) {
        const SHORT: usize = 12;
        let mut open: Vec<usize> = Vec::new();
        for place in 0..self.chars.len() {
            let c = self.at(place);
            if "（《“‘【〔「『〈([".contains(c) {
                open.push(place);
            } else if "）》”’】〕」』〉)]".contains(c)
                && let Some(start) = open.pop()
            {
                if place - start <= SHORT {
                    self.raise_all(start + 2..place, INSIDE_BRACKETS);
                }
                let inside = start + 1..place;
                let is_number = |place| is_digit(self.at(place)) || is_han_digit(self.at(place));
                if !inside.is_empty()
                    && inside.clone().all(is_number)
                    && "（(".contains(self.at(start))
                {
                    self.raise(place + 1, HAN_NUMBER);
                }
                if place - start > 2 {
                    self.raise(start + 2, BESIDE_BRACKET);
                    self.raise(place - 1, BESIDE_BRACKET);
                }
            }
        }
    }

    /// If a word is torn at all, then not with one letter left over.
    fn letters(&mut self) {
        let mut start = 0;
        while start < self.chars.len() {
            let end = self.skip(start, |c| c.is_ascii_alphanumeric());
            for place in [start + 1, end.saturating_sub(1)] {
                if start < place && place < end {
                    self.raise(place, BESIDE_LETTER);
                }
            }
            start = end + 1;
        }
    }

    /// Numbers with their units, names like G109, and numbers in words.
    fn tokens(&mut self) {
        let mut place = 0;
        while place < self.chars.len() {
            let c = self.at(place);
            place = if c.is_ascii_alphabetic() {
                self.name(place)
            } else if is_digit(c) {
                self.number(place)
            } else if is_han_digit(c) {
                self.number_in_words(place)
            } else if is_item_number(c) {
                self.raise(place + 1, BEFORE_UNIT);
                place + 1
            } else {
                place + 1
            };
        }
    }

    /// G109, PM2.5, ISO9001: not a number with a unit.
    fn name(&mut self, start: usize) -> usize {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let end = self.skip(start, is_part);
        if self.before(end).is_ascii_digit() {
            let road = self.first_of(end, ROADS);
            if road > 0 {
                self.raise(end, BEFORE_UNIT);
                self.raise_all(end + 1..end + road, INSIDE_UNIT);
            }
        }
        end
    }

    fn skip(&self, start: usize, is_part: impl Fn(char) -> bool) -> usize {
        let rest = self.chars.get(start..).unwrap_or_default();
        start + rest.iter().take_while(|c| is_part(**c)).count()
    }

    fn number(&mut self, start: usize) -> usize {
        let mut end = self.skip(start, |c| is_digit(c) || matches!(c, '.' | ',' | '．'));
        while matches!(self.before(end), '.' | ',' | '．') {
            end -= 1;
        }
        if self.before(start) == '第' {
            self.raise(start, INSIDE_UNIT);
        } else if PREFIXES.contains(self.before(start)) {
            self.raise(start, INSIDE_WORD);
        }
        if self.is_enumeration(start, end) {
            let text = self.skip(end + 1, is_space);
            self.raise(text, BEFORE_UNIT);
            return text;
        }
        if end < self.chars.len() && ABOUT.contains(self.at(end)) && self.unit(end + 1) > 0 {
            self.raise(end, BEFORE_UNIT);
            self.raise(end + 1, INSIDE_UNIT);
            end += 1;
        }
        // Text taken off a page often has a space before the unit.
        let gap = self.skip(end, |c| c == ' ');
        let unit_start = if gap == end + 1 { gap } else { end };
        let length = self.unit(unit_start);
        if length == 0 {
            let bounded = self.bound(end);
            if bounded == end && unit_start == end && is_han(self.at(end)) {
                self.raise(end, NUMBER_AND_NOUN);
            }
            return bounded.max(end).max(start + 1);
        }
        self.raise(unit_start, BEFORE_UNIT);
        self.raise_all(unit_start + 1..unit_start + length, INSIDE_UNIT);
        self.behind_unit(unit_start + length)
    }

    /// 1. or 2、 at the beginning of an item: it stays with the item.
    fn is_enumeration(&self, start: usize, end: usize) -> bool {
        let before = self.before(start);
        matches!(self.at(end), '.' | '．' | '、')
            && end + 1 < self.chars.len()
            && !is_digit(self.at(end + 1))
            && (start == 0 || is_space(before) || "。；：，;:,".contains(before))
    }

    /// What goes on behind a unit: /公里, ·年, 以上, 前, the rest of a date.
    fn behind_unit(&mut self, mut end: usize) -> usize {
        while matches!(self.at(end), '/' | '／' | '·' | '每') {
            let length = self.unit_or_noun(end + 1);
            if end + 1 >= self.chars.len() {
                return end + 1;
            }
            if self.at(end) == '每' {
                self.raise(end, BEHIND_JOINT);
            } else {
                self.raise(end + 1, BEHIND_JOINT);
            }
            self.raise_all(end + 2..end + 1 + length, INSIDE_UNIT);
            end += 1 + length;
        }
        let unit = self.before(end);
        let bounded = self.bound(end);
        if bounded > end {
            return bounded;
        }
        if DATE_UNITS.contains(unit) && is_digit(self.at(end)) {
            self.raise(end, if unit == '年' { BEHIND_YEAR } else { INSIDE_DATE });
        }
        if (DATE_UNITS.contains(unit) || unit == '元') && SHORT_BOUNDS.contains(self.at(end)) {
            let bounded = self.skip(end, |c| SHORT_BOUNDS.contains(c)).min(end + 2);
            self.raise_all(end..bounded, BEFORE_UNIT); // 12月底前
            return bounded;
        }
        if COUNTERS.contains(unit) && is_han(self.at(end)) {
            self.raise(end, COUNTER_AND_NOUN);
        }
        end
    }

    fn bound(&mut self, place: usize) -> usize {
        // Behind the sign of a percentage too.
        let start = self.skip(place, |c| "%％‰℃".contains(c));
        let length = self.first_of(start, BOUNDS);
        if length == 0 {
            return start;
        }
        self.raise(start, BEFORE_BOUND);
        self.raise_all(start + 1..start + length, INSIDE_UNIT);
        start + length
    }

    fn number_in_words(&mut self, start: usize) -> usize {
        let end = self.skip(start, is_han_digit);
        let is_ordinal = self.before(start) == '第';
        if is_ordinal {
            self.raise(start, INSIDE_UNIT);
        }
        self.raise_all(start + 1..end, HAN_NUMBER);
        let length = self.unit(end);
        if length > 0 {
            self.raise(end, HAN_NUMBER);
            self.raise_all(end + 1..end + length, HAN_NUMBER);
        }
        if self.is_enumeration(start, end) {
            self.raise(end + 1, BEFORE_UNIT);
        }
        end + length
    }

    /// What GB/T 15834 forbids, and marks of two characters.
    fn forbid(&mut self, place: usize) {
        let (before, after) = (self.before(place), self.at(place));
        if is_forbidden_at_start(after) || is_forbidden_at_end(before) {
            self.raise(place, FORBIDDEN);
        }
        if before == after && matches!(after, '—' | '…' | '⸺') {
            self.raise(place, INSIDE_MARK);
        }
    }
}
