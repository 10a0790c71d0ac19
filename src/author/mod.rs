//! What writes data files: new ones to fill in ([`scaffold`]), last year's as this year's drafts
//! ([`rollover`]), all in one style ([`mod@format`]), repairs of what has one reading ([`fix`]), and what
//! is typed into a form ([`patch`]); and scores that are suggested ([`suggest`]).

pub mod fix;
pub mod format;
pub mod patch;
pub mod rollover;
pub mod scaffold;
pub mod suggest;
