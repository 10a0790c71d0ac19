//! Comments that say something is still to be done.

/// What a comment begins with where something has to be filled in.
pub const TO_FILL_IN: &str = "待填";
/// What a comment begins with where something was taken over and has to be reviewed.
pub const TO_REVIEW: &str = "待核对";

/// What a comment says behind the word it begins with, if it is that one: `# 待填：万元`.
pub fn after_word<'c>(comment: &'c str, word: &str) -> Option<&'c str> {
    let text = comment.trim_start_matches('#').trim_start();
    text.strip_prefix(word).map(|about| about.trim_start_matches(['：', ':', ' ']))
}
