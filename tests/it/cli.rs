//! What the program says on the terminal, to the letter.
//!
//! A case is `cmd/<case>.toml` (the command and its exit status), `cmd/<case>.in/` (the folder it
//! runs in) and what it prints: `cmd/<case>.stdout` and `cmd/<case>.stderr`. After a change of a
//! message, `TRYCMD=overwrite cargo test --test it cli` writes them anew; read the diff.

#[test]
fn transcripts() {
    trycmd::TestCases::new().env("NO_COLOR", "1").case("tests/cmd/*.toml");
}
