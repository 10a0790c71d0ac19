//! Characters that look like others: what a text says, whatever code it is written in.
//!
//! Copied from a PDF, 人 may come as ⼈ (U+2F08, a radical of a dictionary) and 都 as 都 (U+FA26, kept
//! for old character sets). They look alike in print, but are not found, sorted or compared as the
//! same.

use unicode_normalization::UnicodeNormalization;

/// Each radical with the ideograph it is in use for, where Unicode's own normalisation does not
/// know it (from its table `EquivalentUnifiedIdeograph`), or gives the traditional form of what
/// simplified texts print.
const RADICALS: &str = "⼾户⾭青⿈黄\
    ⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡\
    ⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫\
    ⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑\
    ⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄\
    ⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";

/// The ideograph that a radical or a compatibility character stands for, if it is one.
pub fn ideograph(c: char) -> Option<char> {
    if !matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}') {
        return None;
    }
    let mut pairs = RADICALS.chars();
    while let (Some(radical), Some(ideograph)) = (pairs.next(), pairs.next()) {
        if radical == c {
            return Some(ideograph);
        }
    }
    let mut normal = std::iter::once(c).nfkc();
    normal.next().filter(|&normal| normal != c)
}

/// What a name says, for comparing: without spaces and invisible characters, in one code for what
/// looks alike, full-width or half-width.
pub fn folded(name: &str) -> String {
    let visible = name.chars().filter(|&c| !c.is_whitespace() && !is_invisible(c));
    visible.map(|c| ideograph(c).unwrap_or(c)).nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// A full-width digit, letter or sign of ASCII in its half-width form; other characters as they are.
pub fn narrow(c: char) -> char {
    match c {
        // The full-width block repeats ASCII in its order.
        '！'..='～' => {
            char::from_u32(u32::from(c) - u32::from('！') + u32::from('!')).unwrap_or(c)
        }
        c => c,
    }
}

/// Whether a character takes no room and shows nothing: zero-width characters, those that change
/// the direction of writing, control characters.
pub fn is_invisible(c: char) -> bool {
    is_zero_width(c) || is_direction(c) || c.is_control()
}

/// Whether a character takes no room: joiners, soft hyphens, byte order marks, variation selectors.
pub fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}')
        || matches!(c, '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character changes the direction of writing.
pub fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_one_character() {
        let fold = |text: &str| text.chars().map(|c| ideograph(c).unwrap_or(c)).collect::<String>();
        assert_eq!(fold("⼈⺠⽣活补助"), "人民生活补助");
        assert_eq!(fold("贫困⼾⻝品、⻘年、⻚码"), "贫困户食品、青年、页码");
        // Two that Unicode keeps beside the ideographs for old character sets, and one of its own.
        assert_eq!(fold("\u{fa26}\u{f9e8}\u{fa0e}"), "都裡\u{fa0e}");
        assert_eq!(fold("㎡①〇，：％"), "㎡①〇，：％");
        assert_eq!("８．５％，Ａ。".chars().map(narrow).collect::<String>(), "8.5%,A。");
    }

    #[test]
    fn names_are_compared_by_what_they_say() {
        for (a, b) in [
            ("测试项⽬", "测试项目"),
            ("办公经费 ", "办公经费"),
            ("办公\u{2002}经\u{200b}费", "办公经费"),
            ("ＩＴ运维（２期）", "IT运维(2期)"),
        ] {
            assert_eq!(folded(a), folded(b), "{a}");
        }
        assert_ne!(folded("办公经费"), folded("办公费"));
    }
}
