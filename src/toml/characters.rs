//! Characters that do not look like what they are: invisible ones, odd spaces, and those that look
//! like an ordinary character.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// What an invisible character, or a space that is not the ordinary one, is called. Line feed and
/// tab are at home in every text.
pub fn name(c: char) -> Option<&'static str> {
    Some(match c {
        '\n' | '\t' | ' ' => return None,
        '\u{b}' => "垂直制表符",
        '\u{c}' => "换页符",
        '\r' => "回车符",
        '\u{7f}' => "删除符",
        '\u{85}' => "换行符",
        '\u{a0}' => "不换行空格",
        '\u{ad}' => "软连字符",
        '\u{34f}' => "组合用连接符",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => {
            "方向字符"
        }
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "谚文填充符",
        '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            "变体选择符"
        }
        '\u{2002}' => "半角空格",
        '\u{2003}' => "全身空格",
        '\u{2009}' => "窄空格",
        '\u{200a}' => "极窄空格",
        '\u{200b}' => "零宽空格",
        '\u{200c}' => "零宽不连字",
        '\u{200d}' => "零宽连字",
        '\u{2028}' => "行分隔符",
        '\u{2029}' => "段分隔符",
        '\u{202f}' => "窄不换行空格",
        '\u{2060}' => "零宽连接符",
        '\u{2061}'..='\u{2065}' => "看不见的运算符",
        '\u{2800}' => "盲文空格",
        '\u{3000}' => "全角空格",
        '\u{feff}' => "零宽不换行空格",
        '\u{fff9}'..='\u{fffb}' => "注音控制符",
        '\u{fffc}' => "对象替换符",
        '\u{e0000}'..='\u{e007f}' => "标签字符",
        c if c.is_control() => "控制字符",
        c if c.is_whitespace() => "排版空格",
        _ => return None,
    })
}

/// An invisible character or odd space, by its name and number.
pub fn described(c: char) -> String {
    format!("{}（U+{:04X}）", name(c).unwrap_or("字符"), u32::from(c))
}

/// Whether a character with a name of its own is as wide as a space.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

/// The ordinary Han character that a radical or a compatibility character looks like.
pub fn ordinary(c: char) -> Option<char> {
    match c {
        '\u{2e80}'..='\u{2eff}' => {
            let index = RADICALS.chars().position(|radical| radical == c)?;
            IDEOGRAPHS.chars().nth(index)
        }
        '\u{2f00}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}' => {
            std::iter::once(c).nfkc().next().filter(|&ordinary| ordinary != c)
        }
        _ => None,
    }
}

/// A key as it was meant, whatever it was pasted from: ordinary characters, no invisible ones, no
/// space around it, no leftovers of a spreadsheet or a web page.
pub(super) fn meant(key: &str) -> Cow<'_, str> {
    let is_plain =
        |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | 'a'..='z' | 'A'..='Z' | '0'..='9');
    if key.chars().all(is_plain) {
        return Cow::Borrowed(key);
    }
    let ordinary = key.chars().map(|c| ordinary(c).unwrap_or(c));
    let is_seen = |&c: &char| name(c).is_none() || is_blank(c);
    let visible = ordinary.filter(is_seen).map(|c| if is_blank(c) { ' ' } else { c });
    let visible: String = visible.collect();
    let mut meant = visible;
    for leftover in LEFTOVERS {
        meant = meant.replace(leftover, " ");
    }
    let meant = meant.trim();
    if meant == key { Cow::Borrowed(key) } else { Cow::Owned(meant.to_owned()) }
}

/// The first character of a key that is not what it looks like, in words: what it is, and which
/// one was meant.
pub(super) fn disguise(key: &str) -> Option<String> {
    key.chars().find_map(|c| {
        if let Some(ordinary) = ordinary(c) {
            let (is, meant) = (u32::from(c), u32::from(ordinary));
            return Some(format!("“{c}”是部首 U+{is:04X}，不是汉字“{ordinary}” U+{meant:04X}"));
        }
        name(c).map(|_| format!("里面有{}", described(c)))
    })
}

/// What spreadsheets and web pages leave in pasted texts.
const LEFTOVERS: &[&str] = &["_x000D_", "_x000A_", "_x0009_", "&nbsp;", "&#160;"];

/// The radicals of the block U+2E80 that Unicode takes for an ideograph
/// (EquivalentUnifiedIdeograph.txt); normalization leaves them as they are.
const RADICALS: &str = "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳";

/// The ideographs of [`RADICALS`], one for each.
const IDEOGRAPHS: &str = "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_are_the_characters_they_look_like() {
        assert_eq!(RADICALS.chars().count(), IDEOGRAPHS.chars().count());
        let ordinary: String =
            "⼈⺠⽣活⽬⻋⾯﨎豈".chars().map(|c| ordinary(c).unwrap_or(c)).collect();
        assert_eq!(ordinary, "人民生活目车面﨎豈");
        assert!(
            RADICALS.chars().chain('\u{2f00}'..='\u{2fd5}').all(|c| super::ordinary(c).is_some())
        );
    }

    #[test]
    fn a_key_is_meant_without_what_was_pasted_with_it() {
        for pasted in
            ["项⽬名称", " 项目名称\u{a0}", "项目\u{200b}名称", "项目名称_x000D_", "&nbsp;项目名称"]
        {
            assert_eq!(meant(pasted), "项目名称");
        }
        assert!(matches!(meant("“一村一品”和“一乡一业”"), Cow::Borrowed(_)));
        assert!(disguise("项⽬名称").is_some_and(|text| text.contains("U+2F6C")));
    }

    #[test]
    fn what_belongs_in_a_text_has_no_name() {
        assert!("汉字 aA0，。“”—·①㎡\t\n".chars().all(|c| name(c).is_none()));
        assert_eq!(described('\u{a0}'), "不换行空格（U+00A0）");
        assert_eq!(described('\u{1}'), "控制字符（U+0001）");
    }
}
