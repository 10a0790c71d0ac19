//! As much of HTTP as the page needs: one request a connection, everything bounded.
//!
//! Who connects may be anyone on this machine, and any page that a browser shows may try. So nothing
//! is read that is longer than it may be, nobody is waited for long, and no more are served at once
//! than there are threads for.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The longest line of a request and its headers, all together.
const LONGEST_HEAD: u64 = 16 << 10;
/// The longest body: a file of data is at most 1 MB, and JSON may double it.
const LONGEST_BODY: usize = 4 << 20;
/// How long a request may take to come, and an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one read or write may take.
const STEP: Duration = Duration::from_secs(2);

/// A request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub method: String,
    /// The path as it was sent, and what is behind its question mark.
    pub path: String,
    pub host: Option<String>,
    pub origin: Option<String>,
    /// What a browser says of the page that asks: `same-origin`, `cross-site`.
    pub site: Option<String>,
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Response {
    pub status: u16,
    pub kind: &'static str,
    /// Whether it is the same for ever.
    pub is_constant: bool,
    pub body: Vec<u8>,
}

impl Response {
    pub fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, kind, is_constant: false, body: body.into() }
    }

    /// An answer in words.
    pub fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{text}\n"))
    }
}

/// What goes with every answer: it is for this page alone, and nothing but what came with the page
/// may be loaded or run; pictures may be within what came.
const ALWAYS: &str = "Connection: close\r\n\
    X-Content-Type-Options: nosniff\r\n\
    Referrer-Policy: no-referrer\r\n\
    Cross-Origin-Resource-Policy: same-origin\r\n\
    Cross-Origin-Opener-Policy: same-origin\r\n\
    Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";

/// Reads a request.
///
/// # Errors
/// The answer to what is no request, or too long, or comes too slowly.
pub(super) fn read(stream: &TcpStream) -> Result<Request, Response> {
    let deadline = Deadline { stream, until: Instant::now() + PATIENCE };
    let mut reader = BufReader::new(deadline);
    let mut left = LONGEST_HEAD;
    let mut line = || -> Result<String, Response> {
        let mut line = Vec::new();
        let mut limited = (&mut reader).take(left);
        let read = limited.read_until(b'\n', &mut line).map_err(|_| too_slow())?;
        left = left.saturating_sub(read as u64);
        if !line.ends_with(b"\n") {
            return Err(if left == 0 { Response::text(431, "请求太长") } else { bad() });
        }
        let line = String::from_utf8(line).map_err(|_| bad())?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, path, version) = (words.next(), words.next(), words.next());
    let (Some(method), Some(path), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (method, path, version, words.next())
    else {
        return Err(bad());
    };
    let mut request =
        Request { method: method.to_owned(), path: path.to_owned(), ..Request::default() };
    let mut length = None;
    loop {
        let header = line()?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').ok_or_else(bad)?;
        let value = value.trim().to_owned();
        // Of two, nobody knows which is meant.
        let only = |place: &mut Option<String>| match place.replace(value.clone()) {
            Some(_) => Err(bad()),
            None => Ok(()),
        };
        match name.to_ascii_lowercase().as_str() {
            "host" => only(&mut request.host)?,
            "origin" => only(&mut request.origin)?,
            "sec-fetch-site" => only(&mut request.site)?,
            "content-length" => only(&mut length)?,
            "transfer-encoding" => return Err(Response::text(411, "请求要写明长度")),
            _ => {}
        }
    }
    if let Some(length) = length {
        let is_number = length.bytes().all(|byte| byte.is_ascii_digit());
        let length: usize = length.parse().ok().filter(|_| is_number).unwrap_or(usize::MAX);
        if length > LONGEST_BODY {
            return Err(Response::text(413, "内容太长"));
        }
        request.body = vec![0; length];
        reader.read_exact(&mut request.body).map_err(|_| too_slow())?;
    }
    Ok(request)
}

fn bad() -> Response {
    Response::text(400, "请求看不懂")
}

fn too_slow() -> Response {
    Response::text(408, "请求没有来全")
}

/// A connection that is read from until some time.
struct Deadline<'s> {
    stream: &'s TcpStream,
    until: Instant,
}

impl Read for Deadline<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left.min(PATIENCE)))?;
        let mut stream = self.stream;
        stream.read(buffer)
    }
}

/// Sends an answer; whoever takes too long to take it does not get it.
pub(super) fn write(stream: &TcpStream, response: &Response) -> io::Result<()> {
    let Response { status, kind, is_constant, body } = response;
    let reason = match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Error",
    };
    let cache = if *is_constant { "private, max-age=31536000, immutable" } else { "no-store" };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Cache-Control: {cache}\r\n{ALWAYS}\r\n"
    );
    let until = Instant::now() + PATIENCE;
    send(stream, head.as_bytes(), until)?;
    send(stream, body, until)
}

/// Begins an answer that goes on for as long as somebody listens.
pub(super) fn begin_events(stream: &TcpStream) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n{ALWAYS}\r\n"
    );
    send(stream, head.as_bytes(), Instant::now() + PATIENCE)
}

/// Sends one event.
pub(super) fn event(stream: &TcpStream, data: &str) -> io::Result<()> {
    send(stream, format!("data: {data}\n\n").as_bytes(), Instant::now() + STEP)
}

fn send(mut stream: &TcpStream, bytes: &[u8], until: Instant) -> io::Result<()> {
    for part in bytes.chunks(64 << 10) {
        if Instant::now() > until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_write_timeout(Some(STEP))?;
        stream.write_all(part)?;
    }
    stream.flush()
}

/// What somebody may still be sending is read away, for a while: else they would not get the answer.
pub(super) fn close(mut stream: &TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    let mut left: usize = 1 << 20;
    let mut buffer = [0; 16 << 10];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        left = left.saturating_sub(read);
        if left == 0 {
            break;
        }
    }
}
