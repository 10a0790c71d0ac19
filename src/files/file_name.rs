//! Names of things → names of files.

/// The longest stem of a file name in bytes, so that name, page number and extension stay within
/// the 255 bytes of every common file system.
const MAX_STEM: usize = 200;

/// A name that is a safe file name on every system, Windows included.
pub fn file_stem(name: &str) -> String {
    let options = sanitize_filename::Options { windows: true, truncate: false, replacement: "_" };
    let mut stem = sanitize_filename::sanitize_with_options(name, options);
    stem.truncate(stem.floor_char_boundary(MAX_STEM));
    if stem.is_empty() { "_".to_owned() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_safe_file_names() {
        for (name, expected) in [
            ("056-灵沙乡", "056-灵沙乡"),
            ("乡镇“两个中心”", "乡镇“两个中心”"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j"),
            ("CON", "_"),
            ("尾部的点和空格. ", "尾部的点和空格_"),
            ("..", "_"),
        ] {
            assert_eq!(file_stem(name), expected, "{name}");
        }
        let long = file_stem(&"长".repeat(100));
        assert!(long.len() <= MAX_STEM && long.chars().all(|c| c == '长'));
    }
}
