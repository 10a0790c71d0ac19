//! Questions on the terminal. Whoever asks has made sure there is one: [`is_possible`].

use std::fmt;
use std::io::IsTerminal;

use dialoguer::console::Term;
use dialoguer::theme::Theme;
use dialoguer::{Input, MultiSelect, Select};

/// Whether there is somebody to ask: neither the answers nor the questions go through a pipe.
pub(super) fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for a text; `None` if nothing is typed.
pub(super) fn text(question: &str) -> Option<String> {
    let input = Input::<String>::with_theme(&Chinese).with_prompt(question).allow_empty(true);
    let answer = input.interact().ok()?.trim().to_owned();
    (!answer.is_empty()).then_some(answer)
}

/// Asks for one of several things; `None` if the question is left with Esc.
pub(super) fn one_of(question: &str, things: &[String]) -> Option<usize> {
    let question = format!("{question}（↑↓ 选，回车确定，Esc 放弃）");
    show_cursor_after_ctrl_c();
    let select = Select::with_theme(&Chinese).with_prompt(question).items(things).default(0);
    select.interact_opt().ok()?
}

/// Asks which of several things, all of them to begin with; `None` if the question is left with
/// Esc.
pub(super) fn some_of(question: &str, things: &[String]) -> Option<Vec<usize>> {
    let question = format!("{question}（空格选，回车确定，Esc 放弃）");
    show_cursor_after_ctrl_c();
    let select = MultiSelect::with_theme(&Chinese).with_prompt(question).items(things);
    select.defaults(&vec![true; things.len()]).report(false).interact_opt().ok()?
}

/// A list hides the cursor; who leaves it with Ctrl-C gets it back.
fn show_cursor_after_ctrl_c() {
    // It fails only where there is a handler already.
    let _ = ctrlc::set_handler(|| {
        let _ = Term::stderr().show_cursor();
        // What a shell reports of a program that was interrupted.
        std::process::exit(130);
    });
}

/// Questions end in a full-width colon.
struct Chinese;

impl Theme for Chinese {
    fn format_prompt(&self, f: &mut dyn fmt::Write, prompt: &str) -> fmt::Result {
        write!(f, "{prompt}：")
    }

    fn format_input_prompt(
        &self,
        f: &mut dyn fmt::Write,
        prompt: &str,
        _default: Option<&str>,
    ) -> fmt::Result {
        write!(f, "{prompt}：")
    }

    fn format_input_prompt_selection(
        &self,
        f: &mut dyn fmt::Write,
        prompt: &str,
        selected: &str,
    ) -> fmt::Result {
        write!(f, "{prompt}：{selected}")
    }
}
