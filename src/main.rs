//! The `jixiao` program: arguments in, exit status out; see the library for everything else.

use std::process::ExitCode;

fn main() -> ExitCode {
    jixiao::cli::run(std::env::args_os()).into()
}
