//! The font Noto Serif SC Bold, to be built into a program. Its licence is beside it, in OFL.txt.

#![no_std]
#![forbid(unsafe_code)]

/// The font's file.
pub const FONT: &[u8] = include_bytes!("NotoSerifSC-Bold.ttf");
