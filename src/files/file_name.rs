//! Names of things → names of files.

/// The longest stem of a file name in bytes, so that name, page number and extension stay within
/// the 255 bytes of every common file system.
const MAX_STEM: usize = 200;

/// What keeps two things apart already.
const SEPARATORS: [char; 4] = ['-', '_', ' ', '、'];

/// A name that is a safe file name on every system, Windows included, and is not taken for a hidden
/// or temporary one. What stands between two things keeps them apart (`2023/2024` → `2023_2024`);
/// other characters that no file name may have are left out.
pub fn file_stem(name: &str) -> String {
    let mut stem = String::new();
    let mut is_apart = false;
    for c in name.chars() {
        match c {
            '/' | '\\' | ':' | '|' => is_apart = true,
            '<' | '>' | '"' | '?' | '*' => {}
            c if c.is_control() => {}
            c => {
                if is_apart && !stem.is_empty() && !stem.ends_with(SEPARATORS) {
                    stem.push('_');
                }
                is_apart = false;
                stem.push(c);
            }
        }
    }
    let stem = stem.trim_start_matches(['.', '~', ' ']);
    let stem = stem[..stem.floor_char_boundary(MAX_STEM)].trim_end_matches(['.', ' ']);
    let first = stem.split('.').next().unwrap_or_default();
    match stem {
        "" => "_".to_owned(),
        stem if is_device(first) => format!("{first}_{}", &stem[first.len()..]),
        stem => stem.to_owned(),
    }
}

/// Whether Windows takes a name for a device; it does not look behind the first dot.
fn is_device(name: &str) -> bool {
    let name = name.trim_end().to_ascii_uppercase();
    // It takes the superscripts for figures, too.
    let is_port = |name: &str| {
        let mut characters = name.chars();
        let number = characters.next().filter(|_| characters.next().is_none());
        matches!(number, Some('1'..='9' | '¹' | '²' | '³'))
    };
    matches!(&*name, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || ["COM", "LPT"].iter().any(|port| name.strip_prefix(port).is_some_and(is_port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_safe_file_names() {
        for (name, expected) in [
            ("056-灵沙乡", "056-灵沙乡"),
            ("乡镇“两个中心”", "乡镇“两个中心”"),
            ("\"两个中心\"运行费", "两个中心运行费"),
            ("什么是<绩效>?", "什么是绩效"),
            ("2023/2024年度:结转|补助", "2023_2024年度_结转_补助"),
            ("a\\b*c\u{7}", "a_bc"),
            ("/公路/", "公路"),
            ("尾部的点和空格. ", "尾部的点和空格"),
            (".隐藏", "隐藏"),
            ("~临时", "临时"),
            ("CON", "CON_"),
            ("con.表", "con_.表"),
            ("lpt1", "lpt1_"),
            ("COM¹", "COM¹_"),
            ("conin$", "conin$_"),
            ("NUL .表", "NUL _.表"),
            ("C:表", "C_表"),
            ("尾部...", "尾部"),
            ("03-CON", "03-CON"),
            ("COM0", "COM0"),
            ("CONE", "CONE"),
            ("COM10", "COM10"),
            ("..", "_"),
            ("\"\"", "_"),
            ("", "_"),
        ] {
            assert_eq!(file_stem(name), expected, "{name}");
            assert_eq!(file_stem(expected), expected, "{name}");
        }
        let long = file_stem(&"长".repeat(100));
        assert!(long.len() <= MAX_STEM && long.chars().all(|c| c == '长'));
    }
}
