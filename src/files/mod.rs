//! Files as the system has them: whole-file writing, where paths lead, names that every system
//! allows, and the system's errors in Chinese.

pub mod atomic_file;
pub mod file_name;
pub mod io_error;
pub mod location;
pub mod package;
