//! `jixiao edit`: who may come in, and how much of it. Each request is written byte by byte.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{self, pdf};
use crate::trees;

/// Longer than any machine needs; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page that is served; it ends with the test.
struct Served {
    process: Child,
    /// Kept open: what is told later is no error.
    _results: ChildStdout,
    host: String,
    token: String,
    /// Where the address is kept.
    runtime: TempDir,
}

fn first_line(results: &mut ChildStdout) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while results.read(&mut byte).expect("results") == 1 && byte != *b"\n" {
        line.push(byte[0]);
    }
    String::from_utf8(line).expect("text")
}

impl Served {
    fn start(workspace: &Path) -> Self {
        let runtime = tempfile::tempdir().expect("a folder");
        let mut command = support::jixiao(workspace, &["edit", "--no-open", "--quiet"]);
        let command = command.env("XDG_RUNTIME_DIR", runtime.path()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the program starts");
        let mut results = process.stdout.take().expect("a pipe");
        let address = first_line(&mut results);
        let rest = address.strip_prefix("http://").unwrap_or_else(|| panic!("{address}"));
        let (host, token) = rest.split_once('/').expect("a token");
        let (host, token) = (host.to_owned(), token.trim_end_matches('/').to_owned());
        Self { process, _results: results, host, token, runtime }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream
    }

    /// Sends bytes, and returns the status and the body of the answer.
    fn send(&self, request: &[u8]) -> (u16, String) {
        let mut stream = self.connect();
        // Whoever is refused early need not have been listened to.
        let _ = stream.write_all(request);
        answer(&mut stream)
    }

    /// Asks for a path below the token, with further headers.
    fn get(&self, path: &str, headers: &str) -> (u16, String) {
        let Self { host, token, .. } = self;
        self.send(
            format!("GET /{token}/{path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n").as_bytes(),
        )
    }

    fn post(&self, body: &str) -> (u16, String) {
        let Self { host, token, .. } = self;
        let length = body.len();
        let head =
            format!("POST /{token}/wish HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}");
        self.send(format!("{head}\r\n\r\n{body}").as_bytes())
    }

    /// A wish of the page.
    fn wish(&self, wish: Value) -> Value {
        let (status, body) = self.post(&json!({ "page": "a", "wish": wish }).to_string());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    fn is_running(&mut self) -> bool {
        self.process.try_wait().expect("it can be asked").is_none()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes)
        && error.kind() != ErrorKind::ConnectionReset
    {
        panic!("{error}");
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}

fn served() -> (TempDir, Served) {
    let project = support::simple_project("目标");
    let workspace = support::workspace(&[("01.toml", &project)]);
    let served = Served::start(workspace.path());
    (workspace, served)
}

const FILE: &str = "data/2023/001-测试单位/01.toml";

fn at(file: &str) -> Value {
    json!({ "year": "2023", "department": "001-测试单位", "file": file })
}

#[test]
fn only_the_page_itself_gets_in() {
    let (_workspace, served) = served();
    let Served { host, token, .. } = &served;
    let port = host.rsplit(':').next().expect("a port");
    assert_eq!(served.get("", "").0, 200);
    let same = format!("Origin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n");
    assert_eq!(served.get("main.js", &same).0, 200);
    for headers in [
        "Origin: http://example.com\r\n",
        "Origin: null\r\n",
        "Origin: http://127.0.0.1:1\r\n",
        &format!("Origin: https://{host}\r\n"),
        &format!("Origin: http://{host}.example.com\r\n"),
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        assert_eq!(served.get("", headers).0, 403, "{headers}");
    }
    let raw = |path: &str, host: &str| {
        served.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).0
    };
    let right = format!("/{token}/");
    assert_eq!(raw(&right, &format!("localhost:{port}")), 200);
    for foreign in ["example.com", "127.0.0.1", "localhost", &format!("example.com:{port}"), ""] {
        assert_eq!(raw(&right, foreign), 403, "{foreign}");
    }
    let mut wrong = token.clone();
    wrong.replace_range(31.., if token.ends_with('0') { "1" } else { "0" });
    for path in [
        "/".to_owned(),
        format!("/{wrong}/"),
        format!("/{token}"),
        format!("//{token}/"),
        format!("/x/../{token}/"),
        format!("/{}/", token.to_uppercase() + "A"),
    ] {
        assert_eq!(raw(&path, host), 403, "{path}");
    }
    let no_host = format!("GET {right} HTTP/1.1\r\n\r\n");
    assert_eq!(served.send(no_host.as_bytes()).0, 403);
    let two = format!("GET {right} HTTP/1.1\r\nHost: {host}\r\nHost: example.com\r\n\r\n");
    assert_eq!(served.send(two.as_bytes()).0, 400);
}

#[test]
fn nothing_but_the_page_and_the_data_is_given_out() {
    let (workspace, served) = served();
    support::write(workspace.path(), "geheim.toml", "\"项目名称\" = \"x\"\n");
    support::write(workspace.path(), "data/2023/geheim.toml", "\"项目名称\" = \"x\"\n");
    for path in [
        "../geheim.toml",
        "%2e%2e/geheim.toml",
        "..%2fgeheim.toml",
        "page/../../geheim.toml",
        "page/..%5c..%5cgeheim.toml",
        "pdf/2023/..%2f..%2fgeheim.toml.pdf",
        "pdf/..%2f../geheim.pdf",
        "page/%00.svg",
        "page/%ff.svg",
        "page/%.svg",
        "page/0123.svg",
        "data/2023/001-测试单位/01.toml",
        "Cargo.toml",
        "index.html",
    ] {
        assert_eq!(served.get(path, "").0, 404, "{path}");
    }
    for (year, department, file) in [
        ("2023", "..", "geheim.toml"),
        ("2023", "001-测试单位", "../geheim.toml"),
        ("2023", "001-测试单位", "..\\geheim.toml"),
        ("2023", "001-测试单位", "%2e%2e/geheim.toml"),
        ("2023", "001-测试单位/..", "geheim.toml"),
        ("..", ".", "geheim.toml"),
        ("2023/..", "2023", "geheim.toml"),
        ("2023", "", "geheim.toml"),
        ("2023", "001-测试单位", ""),
        ("2023", "001-测试单位", "/etc/passwd"),
    ] {
        let at = json!({ "year": year, "department": department, "file": file });
        let answer = served.wish(json!({ "do": "file", "at": at }));
        assert!(answer["refused"].is_string() && answer["text"].is_null(), "{at} {answer}");
        let text = json!({ "do": "text", "at": at, "seen": "", "text": "x" });
        assert!(served.wish(text)["refused"].is_string(), "{at}");
    }
    let names = json!({ "do": "new_project", "year": "2023", "department": "001-测试单位", "name": "../../甲" });
    let made = served.wish(names);
    let file = made["at"]["file"].as_str().expect("a file");
    assert!(!file.contains('/'), "{file}");
    assert!(workspace.path().join("data/2023/001-测试单位").join(file).is_file());
    let year = json!({ "do": "new_department", "year": "../2023", "name": "甲", "code": "009" });
    assert!(served.wish(year)["refused"].is_string());
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_data_is_read_as_everywhere_and_no_other_file_is() {
    let (workspace, served) = served();
    // `check` reads what a link in a department points to; a folder of links is no department.
    std::os::unix::fs::symlink("/etc", workspace.path().join("data/2023/etc")).expect("a link");
    served.wish(json!({ "do": "year", "year": "2023" }));
    let at = json!({ "year": "2023", "department": "etc", "file": "passwd" });
    assert!(served.wish(json!({ "do": "file", "at": at }))["refused"].is_string());
}

#[test]
fn what_is_too_long_or_no_request_is_refused() {
    let (_workspace, mut served) = served();
    let Served { host, token, .. } = &served;
    let head = |length: &str| {
        format!("POST /{token}/wish HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n")
    };
    // A hundred megabytes, of which some come.
    let mut body = head("104857600").into_bytes();
    body.resize(body.len() + (2 << 20), b'x');
    assert_eq!(served.send(&body).0, 413);
    for length in ["-1", "1e3", "99999999999999999999999", "0x10", "+5", ""] {
        let status = served.send(head(length).as_bytes()).0;
        assert!(matches!(status, 400 | 413), "{length} {status}");
    }
    let chunked = format!(
        "POST /{token}/wish HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    );
    assert_eq!(served.send(chunked.as_bytes()).0, 411);
    let many = format!("GET /{token}/ HTTP/1.1\r\nHost: {host}\r\n{}\r\n", "A: b\r\n".repeat(9000));
    assert_eq!(served.send(many.as_bytes()).0, 431);
    let long = format!("GET /{}", "a".repeat(100_000));
    assert_eq!(served.send(long.as_bytes()).0, 431);
    for nonsense in
        ["\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2\r\n\r\n", "\u{1}\u{2}\r\n\r\n", "a b c d\r\n\r\n"]
    {
        assert_eq!(served.send(nonsense.as_bytes()).0, 400, "{nonsense:?}");
    }
    for body in [
        "",
        "{",
        "[]",
        r#"{"page":"a","wish":{"do":"shell"}}"#,
        r#"{"page":1,"wish":{"do":"save"}}"#,
    ] {
        assert_eq!(served.post(body).0, 400, "{body}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(served.post(&deep).0, 400);
    for method in ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"] {
        let request = format!("{method} /{token}/wish HTTP/1.1\r\nHost: {host}\r\n\r\n");
        assert_eq!(served.send(request.as_bytes()).0, 405, "{method}");
    }
    assert!(served.is_running());
    assert_eq!(served.get("", "").0, 200);
}

#[test]
fn fifty_connections_and_slow_ones_keep_nobody_out_for_long() {
    let (_workspace, mut served) = served();
    // Fifty that say nothing: those beyond what is served are told so at once.
    let silent: Vec<TcpStream> = (0..50).map(|_| served.connect()).collect();
    let begun = Instant::now();
    let mut refused = 0;
    loop {
        match served.get("", "").0 {
            200 => break,
            _ => refused += 1,
        }
        assert!(begun.elapsed() < PATIENCE, "nobody gets in any more");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(refused > 0, "they are bounded");
    drop(silent);
    // Who waits for news is bounded too, and the page still comes.
    let Served { host, token, .. } = &served;
    let request = format!("GET /{token}/events HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let listeners: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = served.connect();
            stream.write_all(request.as_bytes()).expect("it listens");
            stream
        })
        .collect();
    let mut told = 0;
    for mut stream in &listeners {
        let mut start = [0; 12];
        stream.read_exact(&mut start).expect("an answer");
        told += usize::from(start == *b"HTTP/1.1 503");
    }
    assert_eq!(told, 4);
    // They read nothing of all the news, and what is done is done all the same.
    for number in 0..200 {
        let change = json!({ "kind": "value", "path": ["项目期"], "text": format!("{number}年") });
        let answer = served.wish(json!({ "do": "change", "at": at("01.toml"), "change": change }));
        assert!(answer["refused"].is_null(), "{answer}");
    }
    // A reader that takes nothing of a page.
    let year = json!({ "do": "pages", "year": "2023", "department": "001-测试单位" });
    let pages = served.wish(year);
    let id = pages["pages"][0]["id"].as_str().expect("a page").to_owned();
    let mut slow = served.connect();
    let page = format!("GET /{token}/page/{id}.svg HTTP/1.1\r\nHost: {host}\r\n\r\n");
    slow.write_all(page.as_bytes()).expect("it listens");
    assert_eq!(served.get(&format!("page/{id}.svg"), "").0, 200);
    assert!(served.is_running());
}

#[test]
fn a_page_comes_without_its_outlines_and_they_come_when_they_are_asked_for() {
    let (_workspace, served) = served();
    let pages = served.wish(json!({ "do": "pages", "year": "2023", "department": "001-测试单位" }));
    let id = pages["pages"][0]["id"].as_str().expect("a page");
    let (status, picture) = served.get(&format!("page/{id}.svg"), "");
    assert_eq!(status, 200);
    assert!(!picture.contains("<symbol"), "{picture}");
    let mut names = picture.split("<use xlink:href=\"#").skip(1);
    let name = names.next().and_then(|it| it.split('"').next()).expect("a glyph");
    let glyphs = |names: &[&str]| {
        let answer = served.wish(json!({ "do": "glyphs", "names": names }));
        answer["glyphs"].as_str().expect("a picture").to_owned()
    };
    let symbols = glyphs(&[name, "<script>", ""]);
    assert!(symbols.starts_with("<svg xmlns=") && symbols.ends_with("</svg>"), "{symbols}");
    assert_eq!(symbols.matches("<symbol").count(), 1, "{symbols}");
    assert!(symbols.contains(&format!("<symbol id=\"{name}\"")) && !symbols.contains("script"));
    assert!(!glyphs(&[]).contains("<symbol"));
}

#[test]
fn a_save_changes_the_bytes_of_the_value_and_never_what_somebody_else_wrote() {
    let (workspace, served) = served();
    let root = workspace.path();
    let before = fs::read_to_string(root.join(FILE)).expect("a file");
    let change = |text: &str| {
        let change = json!({ "kind": "value", "path": ["项目期"], "text": text });
        served.wish(json!({ "do": "change", "at": at("01.toml"), "change": change }))
    };
    let answer = change("2年");
    assert_eq!(answer["unsaved"], 1);
    assert_eq!(
        fs::read_to_string(root.join(FILE)).expect("a file"),
        before,
        "nothing is saved yet"
    );
    assert_eq!(served.wish(json!({ "do": "save" }))["saved"], 1);
    let saved = before.replace("\"项目期\" = \"1年\"", "\"项目期\" = \"2年\"");
    assert_eq!(fs::read_to_string(root.join(FILE)).expect("a file"), saved);

    // Another program writes it meanwhile: both versions are there, and neither is lost.
    change("3年");
    let theirs = format!("{saved}# 别人\n");
    support::write(root, FILE, &theirs);
    let answer = served.wish(json!({ "do": "save" }));
    assert_eq!(answer["saved"], 0);
    assert!(answer["kept"][0].as_str().is_some_and(|it| it.contains("又被改过")), "{answer}");
    assert_eq!(fs::read_to_string(root.join(FILE)).expect("a file"), theirs);
    let both = served.wish(json!({ "do": "file", "at": at("01.toml") }));
    assert_eq!(both["disk"], theirs);
    assert!(both["text"].as_str().is_some_and(|text| text.contains("3年")));
    let kept = served.wish(json!({ "do": "keep", "at": at("01.toml"), "version": "mine" }));
    assert!(kept["disk"].is_null());
    assert_eq!(served.wish(json!({ "do": "save" }))["saved"], 1);
    assert_eq!(fs::read_to_string(root.join(FILE)).expect("a file"), saved.replace("2年", "3年"));

    // What was made of another text than it is now is not taken.
    let text = json!({ "do": "text", "at": at("01.toml"), "seen": "0123", "text": "" });
    assert!(served.wish(text)["refused"].is_string());
    let undone = served.wish(json!({ "do": "undo", "at": at("01.toml") }));
    assert!(undone["text"].as_str().is_some_and(|text| text.contains("2年")), "{undone}");
}

#[test]
fn rows_of_two_trees_are_told_apart() {
    let workspace = trees::workspace(trees::TOGETHER);
    let root = workspace.path();
    let served = Served::start(root);
    let at = json!({ "year": "2024", "department": "012-乙县交通局", "file": "01-修路.toml" });
    let file = served.wish(json!({ "do": "file", "at": at }));
    let groups: Vec<(&str, &str, &str)> = file["sections"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|section| {
            let title = section["title"].as_str().unwrap_or_default();
            let groups = section["groups"].as_array().into_iter().flatten();
            groups.map(move |it| {
                let word = |key: &str| it[key].as_str().unwrap_or_default();
                (title, word("name"), word("table"))
            })
        })
        .collect();
    assert!(
        groups.contains(&("长期绩效指标 · 产出指标", "数量指标", "长期绩效指标.数量指标")),
        "{groups:?}"
    );
    assert!(groups.contains(&("年度绩效指标 · 产出指标", "数量指标", "年度绩效指标.数量指标")));
    for change in [
        json!({ "kind": "value", "path": ["年度绩效指标.数量指标", "新修村道"], "text": "9公里" }),
        json!({ "kind": "add", "table": "长期绩效指标.质量指标", "row": "路况" }),
        json!({ "kind": "rename", "table": "长期绩效指标.数量指标", "row": "加宽村道", "name": "加宽乡道" }),
    ] {
        let answer = served.wish(json!({ "do": "change", "at": at, "change": change }));
        assert!(answer["refused"].is_null(), "{answer}");
    }
    served.wish(json!({ "do": "save" }));
    let wanted = trees::PROJECT
        .replace("\"10公里\"", "\"9公里\"")
        .replace("加宽村道", "加宽乡道")
        .replace(
            "[\"长期绩效指标\".\"社会效益指标\"]",
            "[\"长期绩效指标\".\"质量指标\"]\n\"路况\" = \"\"\n\n[\"长期绩效指标\".\"社会效益指标\"]",
        );
    assert_eq!(fs::read_to_string(root.join(trees::FILE)).expect("a file"), wanted);
}

#[test]
fn the_forms_of_a_workbook_are_taken_in_and_never_twice() {
    let (workspace, served) = served();
    let workbook = fs::read(support::repository().join("tests/import/openpyxl.xlsx"));
    let base64 = BASE64.encode(workbook.expect("a workbook"));
    let take = |base64: &str, year: &str| {
        let wish = json!({ "do": "import", "name": "表.xlsx", "base64": base64, "year": year, "department": "" });
        served.wish(wish)
    };
    for (base64, year, expected) in
        [("AAAA", "", "表.xlsx"), ("*", "", "再试一次"), (&*base64, "二零", "年度")]
    {
        let answer = take(base64, year);
        assert!(answer["refused"].as_str().is_some_and(|it| it.contains(expected)), "{answer}");
    }
    let answer = take(&base64, "");
    assert_eq!(answer["projects"], 3, "{answer}");
    // What has no place is told, and nothing else.
    assert_eq!(answer["unplaced"].as_array().map(Vec::len), Some(1), "{answer}");
    assert!(answer["unplaced"][0].as_str().is_some_and(|it| it.contains("填表人")), "{answer}");
    let (year, department) = (&answer["year"], &answer["department"]);
    let wish = json!({ "do": "department", "year": year, "department": department });
    let files = served.wish(wish)["files"].as_array().map(Vec::len);
    assert_eq!(files, Some(4), "{answer}");
    let folder = workspace.path().join("data").join(year.as_str().expect("a year"));
    let there = fs::read_dir(folder.join(department.as_str().expect("a folder")));
    assert_eq!(there.expect("the department").count(), 4);
    let again = take(&base64, "");
    assert!(again["refused"].as_str().is_some_and(|it| it.contains("已经有")), "{again}");
}

#[test]
fn what_is_said_on_the_page_is_what_check_says() {
    let (workspace, served) = served();
    let text = fs::read_to_string(workspace.path().join(FILE)).expect("a file");
    let text = text.replace("≥1个", "1%，(一)");
    support::write(workspace.path(), FILE, text);
    let folder = workspace.path().to_str().expect("a path");
    let run = support::try_run(Path::new("/"), &["-C", folder, "check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.results).expect("JSON");
    let of_file = |it: &&Value| it["file"].as_str().is_some_and(|file| file.ends_with("01.toml"));
    let said = |it: &Value| (it["code"].clone(), it["message"].clone(), it["region"].clone());
    let expected: Vec<_> =
        report["findings"].as_array().expect("a list").iter().filter(of_file).map(said).collect();
    assert!(expected.len() > 1, "{expected:?}");
    let begun = Instant::now();
    loop {
        let file = served.wish(json!({ "do": "file", "at": at("01.toml") }));
        let shown: Vec<_> = file["findings"].as_array().expect("a list").iter().map(said).collect();
        if shown == expected {
            break;
        }
        // The system tells of the change when it likes.
        assert!(begun.elapsed() < PATIENCE, "{shown:?} {expected:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_second_run_finds_the_first_which_ends_when_it_is_asked_to() {
    let (workspace, mut served) = served();
    let runtime = served.runtime.path().to_owned();
    #[cfg(unix)]
    for (path, expected) in
        [(runtime.join("jixiao"), 0o700), (only_file(&runtime.join("jixiao")), 0o600)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode, expected);
    }
    let again = |arguments: &[&str]| {
        let mut command = support::jixiao(workspace.path(), arguments);
        support::Run::of(command.env("XDG_RUNTIME_DIR", &runtime))
    };
    let run = again(&["edit", "--no-open"]);
    let address = format!("http://{}/{}/\n", served.host, served.token);
    assert_eq!((run.status, run.results), (Some(0), address));
    assert!(run.messages.contains("已经在编辑了"));

    // What is not saved keeps it from ending, unless that is meant.
    let change = json!({ "kind": "value", "path": ["项目期"], "text": "2年" });
    served.wish(json!({ "do": "change", "at": at("01.toml"), "change": change }));
    assert!(served.wish(json!({ "do": "quit", "anyway": false }))["refused"].is_string());
    assert!(served.is_running());
    assert_eq!(served.wish(json!({ "do": "quit", "anyway": true }))["ended"], true);
    assert!(served.process.wait().expect("it ends").success());
    assert_eq!(fs::read_dir(runtime.join("jixiao")).expect("a folder").count(), 0);
}

#[cfg(unix)]
fn only_file(folder: &Path) -> std::path::PathBuf {
    let mut entries = fs::read_dir(folder).expect("a folder");
    entries.next().expect("a file").expect("an entry").path()
}

#[test]
fn a_department_is_printed_with_its_units_and_a_unit_for_itself() {
    let workspace = crate::units::workspace();
    let root = workspace.path();
    let served = Served::start(root);
    let print = |department: &str| {
        let wish = json!({ "do": "print", "year": "2023", "department": department });
        served.wish(wish)
    };
    let pages = |file: &str| pdf::read(&root.join("output/2023").join(file)).len();
    print("219-教育局");
    assert_eq!(pages("219-教育局.pdf"), 4);
    print("219-教育局/219001-第一小学");
    assert_eq!(pages("219-教育局/219001-第一小学.pdf"), 2);
    assert_eq!(pages("219-教育局.pdf"), 4, "the department as a whole stays as it was");
}
