//! `jixiao completions`: the command line → a shell's completions.

use clap_complete::Shell;

use super::Status;
use super::console::Console;
use super::failure::Failure;

/// 命令补全：在终端里按 Tab 键补全命令和选项
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao completions <终端>")]
#[command(after_help = "\
印到屏幕上的内容要存到各种终端找得到的地方，重新打开终端就能用：

bash：
  mkdir -p ~/.local/share/bash-completion/completions
  jixiao completions bash > ~/.local/share/bash-completion/completions/jixiao

zsh：先在 ~/.zshrc 里写上 fpath=(~/.zfunc $fpath)，下一行 autoload -U compinit && compinit
  mkdir -p ~/.zfunc
  jixiao completions zsh > ~/.zfunc/_jixiao

fish：
  jixiao completions fish > ~/.config/fish/completions/jixiao.fish

powershell（7 以上）：
  jixiao completions powershell >> $PROFILE

elvish：再在 rc.elv 里写上 use jixiao
  jixiao completions elvish > ~/.config/elvish/lib/jixiao.elv

程序更新以后再存一次。")]
pub(super) struct Arguments {
    /// 哪种终端：bash、zsh、fish、powershell、elvish
    #[arg(value_name = "终端", value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Status, Failure> {
    console.output(script(arguments.shell).trim_end())?;
    Ok(Status::Fine)
}

fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "jixiao", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_knows_every_command_and_option() {
        for shell in Shell::value_variants() {
            let script = script(*shell);
            let words: Vec<&str> = script
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .map(|word| word.trim_start_matches('-'))
                .collect();
            for command in super::super::command().get_subcommands() {
                let name = command.get_name();
                assert!(words.contains(&name), "{shell} {name}");
                for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                    assert!(words.contains(&option), "{shell} {name} --{option}");
                }
            }
        }
    }
}
