//! Questions on the terminal, each answered in a line. Whoever asks has made sure that there is
//! somebody to answer: [`is_possible`]. What cannot be understood is asked again, with the reason;
//! whoever ends the input (Ctrl-D) abandons the command.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use super::failure::Failure;

/// Whether there is somebody to ask: neither the answers nor the questions go through a pipe.
pub(super) fn is_possible() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks until the answer is one that can be `understood`, which says why it is not.
pub(super) fn text<T>(
    question: &str,
    understood: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    ask(&mut stdin().lock(), &mut stderr(), question, understood).ok_or(Failure::Abandoned)
}

/// Asks until an answer is understood; `None` if the answers come to an end before.
fn ask<T>(
    answers: &mut impl BufRead,
    questions: &mut impl Write,
    question: &str,
    understood: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    loop {
        // Where questions cannot be written, nobody can be told so.
        let _ = write!(questions, "{question}：").and_then(|()| questions.flush());
        let mut line = Vec::new();
        if !matches!(answers.read_until(b'\n', &mut line), Ok(1..)) {
            // The question still waits in its line.
            let _ = writeln!(questions);
            return None;
        }
        match understood(String::from_utf8_lossy(&line).trim()) {
            Ok(answer) => return Some(answer),
            Err(reason) => drop(writeln!(questions, "  {reason}")),
        }
    }
}

/// Asks for one of several things.
pub(super) fn one_of(question: &str, things: &[String]) -> Result<usize, Failure> {
    offer(&format!("{question}？"), things);
    text("写前面的序号", |answer| index(answer, things))
}

/// Asks which of several things, all of them or none.
pub(super) fn some_of(question: &str, things: &[String]) -> Result<Vec<usize>, Failure> {
    offer(&format!("{question}？"), things);
    text(
        "写前面的序号，用空格隔开；所有的就写“全部”，一个也不要就写 0",
        |answer| match answer {
            "" => Err("要写明是哪些；不想决定就按 Ctrl-D 结束".to_owned()),
            "全部" => Ok((0..things.len()).collect()),
            "0" => Ok(Vec::new()),
            answer => answer
                .split([' ', ',', '，', '、', '\u{3000}'])
                .filter(|part| !part.is_empty())
                .map(|part| index(part, things))
                .collect(),
        },
    )
}

/// Asks something that is so or not.
pub(super) fn is_so(question: &str) -> Result<bool, Failure> {
    text(&format!("{question}（是/否）"), |answer| match answer {
        "是" | "y" | "Y" | "yes" => Ok(true),
        "否" | "不是" | "n" | "N" | "no" => Ok(false),
        _ => Err("写“是”或“否”".to_owned()),
    })
}

/// Shows things with their numbers.
pub(super) fn offer(title: &str, things: &[String]) {
    let _ = writeln!(stderr(), "{title}");
    for (number, thing) in (1..).zip(things) {
        let _ = writeln!(stderr(), "  {number} {thing}");
    }
}

/// The thing that a number of the list stands for, or a part of one thing's name.
fn index(answer: &str, things: &[String]) -> Result<usize, String> {
    let count = things.len();
    if let Some(index) = numbered(answer, count) {
        return Ok(index);
    }
    let mut named = (0..count).filter(|&index| things[index].contains(answer));
    match (named.next(), named.next()) {
        (Some(index), None) if !answer.is_empty() => Ok(index),
        _ if answer.is_empty() => Err(format!("要写序号，1 到 {count}")),
        _ => Err(format!("没有“{answer}”；写序号，1 到 {count}")),
    }
}

/// What a number of a list of so many stands for.
pub(super) fn numbered(answer: &str, count: usize) -> Option<usize> {
    let number: usize = answer.parse().ok()?;
    (1..=count).contains(&number).then(|| number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(mut answers: &[u8]) -> (Option<usize>, String) {
        let mut questions = Vec::new();
        let answer = ask(&mut answers, &mut questions, "几个", |answer| {
            answer.parse().map_err(|_| format!("“{answer}”不是数"))
        });
        (answer, String::from_utf8_lossy(&questions).into_owned())
    }

    #[test]
    fn what_is_not_understood_is_asked_again_with_the_reason() {
        let (answer, questions) = asked(&[b"\n ", "三".as_bytes(), b"\r\n\xff\n 3 \n4\n"].concat());
        assert_eq!(answer, Some(3));
        assert!(
            questions.starts_with("几个：  “”不是数\n几个：  “三”不是数\n几个："),
            "{questions}"
        );
    }

    #[test]
    fn an_end_of_the_answers_ends_the_questions() {
        for answers in [&b""[..], b"\n", b"x", b"\xff\n"] {
            let (answer, questions) = asked(answers);
            assert_eq!(answer, None);
            assert!(questions.ends_with("几个：\n"), "{questions}");
        }
        // A last line without its end is an answer.
        assert_eq!(asked(b"3").0, Some(3));
    }

    #[test]
    fn a_thing_is_meant_by_its_number_or_a_part_of_its_name() {
        let things = ["001-甲乡", "002-乙乡"].map(str::to_owned);
        for (answer, expected) in
            [("1", Some(0)), ("2", Some(1)), ("乙", Some(1)), ("001", Some(0))]
        {
            assert_eq!(index(answer, &things).ok(), expected, "{answer}");
        }
        for answer in ["", "0", "3", "乡", "丙", "-1"] {
            assert!(index(answer, &things).is_err(), "{answer}");
        }
    }
}
