//! What a test does that finds it cannot test.

use std::io::Write;

/// Says that a test cannot do its work here. In the gate (`.ci/run`) that is a failure: nothing may
/// pass there without having been tested.
pub fn cannot_test(why: &str) {
    assert!(std::env::var_os("JIXIAO_GATE").is_none(), "nothing was tested: {why}");
    // Not by `eprintln!`: the test runner would keep to itself what a test that passes prints.
    let _ = writeln!(std::io::stderr(), "nothing was tested: {why}");
}
