//! An editor at the other end of `jixiao lsp`: it says what it is told to, and keeps what it hears.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::support;

/// An editor with the server that it has started.
pub struct Editor {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    root: PathBuf,
    requests: u64,
    /// What is shown of each file that something is said of.
    shown: BTreeMap<String, Vec<Value>>,
}

impl Editor {
    /// Opens a folder, and has the server started there.
    pub fn open(root: &Path) -> Self {
        let mut command = support::jixiao(root, &["lsp"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the program starts");
        let to = process.stdin.take().expect("a pipe");
        let from = BufReader::new(process.stdout.take().expect("a pipe"));
        let (root, shown) = (root.to_owned(), BTreeMap::new());
        let mut editor = Self { process, to, from, root, requests: 0, shown };
        let capabilities = json!({
            "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } },
            "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
        });
        let folder = editor.uri("");
        let params = json!({ "processId": null, "rootUri": folder, "capabilities": capabilities });
        let answer = editor.request("initialize", params);
        assert_eq!(answer["serverInfo"]["name"], "jixiao");
        editor.notify("initialized", json!({}));
        editor
    }

    /// The URI of a file of the folder.
    pub fn uri(&self, file: &str) -> String {
        let path = self.root.join(file);
        let path = path.to_str().expect("a path").trim_end_matches('/');
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02x}"),
        };
        format!("file://{}", path.bytes().map(byte).collect::<String>())
    }

    /// Says something that is not answered.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks, and waits for the answer; whatever comes before it is taken in.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return match message.get("error") {
                    Some(error) => Err(error["message"].as_str().expect("a message").to_owned()),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    /// Asks for what is to be had.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        self.ask(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Opens a file with a text.
    pub fn show(&mut self, file: &str, text: &str) {
        let uri = self.uri(file);
        let document = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Makes another text of a file that is open.
    pub fn write(&mut self, file: &str, text: &str) {
        let document = json!({ "uri": self.uri(file), "version": 2 });
        let changes = json!([{ "text": text }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// Says that a file on the disk is another now.
    pub fn changed_outside(&mut self, file: &str) {
        let change = json!({ "uri": self.uri(file), "type": 2 });
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    }

    /// Asks about a place: where `|` is in the text, which is what the file says from now on.
    pub fn ask_at(&mut self, method: &str, file: &str, text: &str) -> Value {
        let at = text.find('|').expect("a place");
        let before = &text[..at];
        self.write(file, &text.replace('|', ""));
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let character = before[start..].encode_utf16().count();
        let params = json!({
            "textDocument": { "uri": self.uri(file) },
            "position": { "line": line, "character": character },
        });
        self.request(method, params)
    }

    /// All that is shown now, as `code line:column` of each file; the line and the column from 1.
    pub fn shown(&mut self) -> BTreeMap<String, Vec<String>> {
        // What was said before this answer is taken in by then.
        let _ = self.ask("nothing", json!({}));
        let said = |it: &Value| {
            let start = &it["range"]["start"];
            let number = |key: &str| start[key].as_u64().expect("a number") + 1;
            let (line, column) = (number("line"), number("character"));
            format!("{} {line}:{column}", it["code"].as_str().expect("a code"))
        };
        let files = self.shown.iter();
        files.map(|(uri, all)| (uri.clone(), all.iter().map(said).collect())).collect()
    }

    /// What is shown of a file.
    pub fn diagnostics(&mut self, file: &str) -> Vec<Value> {
        let _ = self.ask("nothing", json!({}));
        self.shown.get(&self.uri(file).to_uppercase()).cloned().unwrap_or_default()
    }

    /// Ends as the protocol has it; the exit status.
    pub fn quit(mut self) -> Option<i32> {
        assert!(self.request("shutdown", Value::Null).is_null());
        self.notify("exit", Value::Null);
        self.process.wait().expect("it ends").code()
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it listens");
        self.to.flush().expect("it listens");
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.from.read_line(&mut line).expect("a line"), 0, "it has gone away");
            match line.trim() {
                "" => break,
                header => {
                    if let Some(value) = header.strip_prefix("Content-Length: ") {
                        length = value.parse().expect("a length");
                    }
                }
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).expect("a message");
        let message: Value = serde_json::from_slice(&body).expect("JSON");
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().expect("a URI").to_uppercase();
            let all = params["diagnostics"].as_array().expect("a list").clone();
            match all.is_empty() {
                true => drop(self.shown.remove(&uri)),
                false => drop(self.shown.insert(uri, all)),
            }
        }
        message
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
