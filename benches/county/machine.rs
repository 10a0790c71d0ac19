//! What the figures were measured on.

use std::fs;
use std::process::Command;

/// Processor, memory and system; what a system does not tell is left out.
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = field("/proc/meminfo", "MemTotal:")
        .and_then(|size| size.trim_end_matches("kB").trim().parse::<f64>().ok())
        .map(|kibibytes| format!("内存 {:.0} GiB", kibibytes / 1024.0 / 1024.0));
    let system = field("/etc/os-release", "PRETTY_NAME=")
        .map_or_else(|| std::env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")
        .map(|release| format!("Linux {}", release.trim()));
    let parts = [
        field("/proc/cpuinfo", "model name")
            .map(|name| name.trim_start_matches([':', ' ', '\t']).to_owned()),
        Some(format!("{cores} 个核")),
        memory,
        Some(system),
        kernel.ok(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// Today (UTC).
pub fn today() -> String {
    time::OffsetDateTime::now_utc().date().to_string()
}

/// The compiler's version.
pub fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    output.map_or_else(
        |_| "rustc".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// What stands behind a name at the beginning of a line.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(value.trim().to_owned())
}
