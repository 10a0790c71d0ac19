//! What writes data files: new ones to fill in ([`scaffold`]), last year's as this year's drafts
//! ([`rollover`]), all in one style ([`mod@format`]), and repairs of what has one reading ([`fix`]).

pub mod fix;
pub mod format;
pub mod rollover;
pub mod scaffold;
