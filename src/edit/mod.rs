//! The page on which people fill in forms in their browser, and the server that it comes from.
//!
//! It listens on this machine alone, for who knows the token: every address begins with it. A request
//! that names another host, or comes from another page, is refused before anything is looked at.
//! The desk holds the files; it stands in one thread, and each connection asks it in turn.

mod desk;
mod http;
mod instance;
mod view;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use notify_debouncer_full::notify::RecursiveMode;
use notify_debouncer_full::{DebounceEventResult, new_debouncer};

use crate::diagnostics::Finding;
use crate::live::{Ground, Session};
use crate::workspace::{CONFIG_FILE, Workspace};
use desk::{Answer, Desk, Drafts, Wish};
use http::{Request, Response};

/// So many connections are served at once; a browser opens six.
const MOST_CONNECTIONS: usize = 48;
/// So many of them may be waiting for news: one for each page that is open.
const MOST_LISTENERS: usize = 16;
/// How long nothing is said to who waits for news.
const SILENCE: Duration = Duration::from_secs(15);
/// What other programs save within this time is one change.
const QUIET_TIME: Duration = Duration::from_millis(60);
/// How long answers may take to be sent when the program ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// What is served, and how.
#[derive(Debug, Clone, Copy)]
pub struct Options<'o> {
    /// The folder people work in.
    pub workspace: &'o Workspace,
    /// The form's folder, in place of the built-in form.
    pub template: Option<&'o Path>,
    /// Where to listen; 0 for anywhere.
    pub port: u16,
}

/// Why nothing is served.
#[derive(Debug)]
pub enum Failed {
    /// What is wrong with the form.
    Form(Vec<Finding>),
    /// The system does not let us listen.
    Listen(io::Error),
    /// The system gives no random numbers, without which nobody could be kept out.
    Random,
}

/// What is told while the page is served.
#[derive(Debug, Clone, Copy)]
pub enum News<'n> {
    /// The page is at this address; `was_there` if another run serves it already.
    At {
        /// The address, token and all.
        address: &'n str,
        /// Whether another run serves it.
        was_there: bool,
    },
    /// So many files are not saved, and somebody has asked for the end: they have to ask again.
    Unsaved(usize),
}

/// Serves the page until somebody asks for the end.
///
/// # Errors
/// As [`Failed`] says.
pub fn serve(options: &Options<'_>, mut tell: impl FnMut(News<'_>)) -> Result<(), Failed> {
    if let Some(address) = instance::running(options.workspace) {
        tell(News::At { address: &address, was_there: true });
        return Ok(());
    }
    let mut ground = Ground::open(options.workspace, options.template).map_err(Failed::Form)?;
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).map_err(Failed::Listen)?;
    let own = listener.local_addr().map_err(Failed::Listen)?;
    let token = instance::token().ok_or(Failed::Random)?;
    let address = format!("http://{own}/{token}/");
    let (asks, asked) = channel();
    let shared = Arc::new(Shared {
        token,
        own,
        asks: asks.clone(),
        connections: Arc::default(),
        listeners: Arc::default(),
        news: Mutex::default(),
        has_news: Condvar::new(),
    });
    let _watcher = watch(options.workspace, &asks);
    let interrupts = asks;
    // Where it cannot be set, Ctrl-C ends the process as ever.
    let _ = ctrlc::set_handler(move || drop(interrupts.send(Ask::Interrupt)));
    let accepting = Arc::clone(&shared);
    thread::spawn(move || accept(&listener, &accepting));
    let _registered = instance::register(options.workspace, &address);
    tell(News::At { address: &address, was_there: false });
    let mut session = Session::new(options.workspace, &ground).put_down();
    let mut drafts = Drafts::new();
    loop {
        let mut desk = Desk::new(session.go_on(&ground), drafts);
        let ended = attend(&mut desk, &asked, &shared, options.workspace, &mut tell);
        (session, drafts) = desk.put_down();
        if ended == Ended::Done {
            break;
        }
        // What is wrong with the form keeps the old one.
        if let Ok(new) = Ground::open(options.workspace, options.template) {
            ground = new;
        }
        shared.announce("");
    }
    let until = Instant::now() + FAREWELL;
    let is_busy =
        || shared.connections.load(Ordering::Relaxed) > shared.listeners.load(Ordering::Relaxed);
    while is_busy() && Instant::now() < until {
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// What the desk is asked, each time with where the answer goes.
enum Ask {
    /// By the page of this name.
    Wish(Box<Wish>, String, SyncSender<String>),
    Picture(String, SyncSender<Option<Arc<str>>>),
    Printed {
        year: String,
        department: String,
        answer: SyncSender<Option<Vec<u8>>>,
    },
    Changed(Vec<PathBuf>),
    Interrupt,
}

#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Done,
    OnOtherGround,
}

/// Answers what is asked, until the end.
fn attend(
    desk: &mut Desk<'_>,
    asked: &Receiver<Ask>,
    shared: &Shared,
    workspace: &Workspace,
    tell: &mut impl FnMut(News<'_>),
) -> Ended {
    let mut was_interrupted = false;
    while let Ok(ask) = asked.recv() {
        match ask {
            Ask::Wish(wish, page, to) => {
                let Answer { value, is_news, is_end } = desk.grant(*wish);
                // Whoever has gone away needs no answer.
                let _ = to.send(value.to_string());
                if is_news {
                    shared.announce(&page);
                }
                if is_end {
                    return Ended::Done;
                }
                was_interrupted = false;
            }
            Ask::Picture(id, to) => drop(to.send(desk.picture(&id))),
            Ask::Printed { year, department, answer } => {
                drop(answer.send(desk.printed(&year, &department)));
            }
            Ask::Changed(paths) => {
                desk.changed(&paths);
                if paths.contains(&workspace.root().join(CONFIG_FILE)) {
                    return Ended::OnOtherGround;
                }
                shared.announce("");
            }
            Ask::Interrupt => match desk.unsaved() {
                unsaved if unsaved > 0 && !was_interrupted => {
                    was_interrupted = true;
                    tell(News::Unsaved(unsaved));
                }
                _ => return Ended::Done,
            },
        }
    }
    Ended::Done
}

type Watcher = notify_debouncer_full::Debouncer<
    notify_debouncer_full::notify::RecommendedWatcher,
    notify_debouncer_full::RecommendedCache,
>;

/// Tells of what other programs change. Where the system cannot, files are asked when they are saved.
fn watch(workspace: &Workspace, asks: &Sender<Ask>) -> Option<Watcher> {
    let (root, asks) = (workspace.root().to_owned(), asks.clone());
    let real = root.canonicalize().unwrap_or_else(|_| root.clone());
    let data = root.join("data");
    let (watched, settings) = (data.clone(), root.join(CONFIG_FILE));
    let tell = move |events: DebounceEventResult| {
        let Ok(events) = events else { return };
        let events = events.iter().filter(|event| !event.kind.is_access());
        let named = |path: &PathBuf| {
            let within = path.strip_prefix(&root).or_else(|_| path.strip_prefix(&real)).ok()?;
            let path = root.join(within);
            (path.starts_with(&watched) || path == settings).then_some(path)
        };
        let mut paths: Vec<PathBuf> =
            events.flat_map(|event| &event.paths).filter_map(named).collect();
        paths.sort();
        paths.dedup();
        if !paths.is_empty() {
            let _ = asks.send(Ask::Changed(paths));
        }
    };
    let mut watcher = new_debouncer(QUIET_TIME, None, tell).ok()?;
    watcher.watch(workspace.root(), RecursiveMode::NonRecursive).ok()?;
    let _ = watcher.watch(&data, RecursiveMode::Recursive);
    Some(watcher)
}

/// What all connections share.
struct Shared {
    token: String,
    own: SocketAddr,
    asks: Sender<Ask>,
    connections: Arc<AtomicUsize>,
    listeners: Arc<AtomicUsize>,
    /// How often something changed, and the page that did it last.
    news: Mutex<(u64, String)>,
    has_news: Condvar,
}

impl Shared {
    /// Tells every page that something is another now, by a page or by something else.
    fn announce(&self, page: &str) {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        *news = (news.0 + 1, page.to_owned());
        self.has_news.notify_all();
    }
}

/// One of so many, for as long as it is there.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn below(count: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let counted = Self(Arc::clone(count));
        (count.fetch_add(1, Ordering::SeqCst) < most).then_some(counted)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        let Some(counted) = Counted::below(&shared.connections, MOST_CONNECTIONS) else {
            let _ = http::write(&stream, &Response::text(503, "连接太多，等一等"));
            continue;
        };
        let shared = Arc::clone(shared);
        // Without a thread for it, the connection is closed.
        let _ = thread::Builder::new().spawn(move || {
            let _counted = counted;
            serve_one(&stream, &shared);
        });
    }
}

fn serve_one(stream: &TcpStream, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    let response = match http::read(stream) {
        Ok(request) => match respond(&request, shared) {
            Some(response) => response,
            None => return listen(stream, shared),
        },
        Err(response) => response,
    };
    // What comes too late is nobody's any more.
    let _ = http::write(stream, &response);
    http::close(stream);
}

/// The answer to a request; `None` for who waits for news.
fn respond(request: &Request, shared: &Shared) -> Option<Response> {
    let own = shared.own;
    let is_own_host =
        |host: &str| host == own.to_string() || host == format!("localhost:{}", own.port());
    let is_own_origin = |origin: &str| origin.strip_prefix("http://").is_some_and(is_own_host);
    let is_own = request.host.as_deref().is_some_and(is_own_host)
        && request.origin.as_deref().is_none_or(is_own_origin)
        && request.site.as_deref().is_none_or(|site| matches!(site, "same-origin" | "none"));
    let within = request.path.strip_prefix('/').and_then(|path| path.split_once('/'));
    // By their hashes: how long the comparison takes says nothing about the token.
    let is_token = |it: &str| blake3::hash(it.as_bytes()) == blake3::hash(shared.token.as_bytes());
    let Some((_, path)) = within.filter(|(token, _)| is_own && is_token(token)) else {
        return Some(Response::text(403, "没有权限：从 jixiao edit 给出的网址打开"));
    };
    let response = match (request.method.as_str(), path) {
        ("GET", "events") => return None,
        ("GET", path) => page(path).or_else(|| made(path, shared)),
        ("POST", "wish") => Some(wish(request, shared)),
        _ => Some(Response::text(405, "不能这样请求")),
    };
    Some(response.unwrap_or_else(|| Response::text(404, "没有这个")))
}

/// What came with the program.
fn page(path: &str) -> Option<Response> {
    let (kind, body): (_, &[u8]) = match path {
        "" => ("text/html; charset=utf-8", include_bytes!("page/index.html")),
        "page.css" => ("text/css; charset=utf-8", include_bytes!("page/page.css")),
        "main.js" => ("text/javascript; charset=utf-8", include_bytes!("page/main.js")),
        "server.js" => ("text/javascript; charset=utf-8", include_bytes!("page/server.js")),
        "form.js" => ("text/javascript; charset=utf-8", include_bytes!("page/form.js")),
        "paper.js" => ("text/javascript; charset=utf-8", include_bytes!("page/paper.js")),
        "dom.js" => ("text/javascript; charset=utf-8", include_bytes!("page/dom.js")),
        "icon.svg" => ("image/svg+xml", include_bytes!("page/icon.svg")),
        _ => return None,
    };
    Some(Response::new(200, kind, body))
}

/// What is made of the data.
fn made(path: &str, shared: &Shared) -> Option<Response> {
    let parts: Vec<String> = path.split('/').map(decoded).collect::<Option<_>>()?;
    match &parts[..] {
        [kind, id] if kind == "page" => {
            let id = id.strip_suffix(".svg")?.to_owned();
            let (answer, answered) = sync_channel(1);
            shared.asks.send(Ask::Picture(id, answer)).ok()?;
            let svg = answered.recv().ok()??;
            let response = Response::new(200, "image/svg+xml", svg.as_bytes());
            Some(Response { is_constant: true, ..response })
        }
        [kind, year, name] if kind == "pdf" => {
            let (year, department) = (year.clone(), name.strip_suffix(".pdf")?.to_owned());
            let (answer, answered) = sync_channel(1);
            shared.asks.send(Ask::Printed { year, department, answer }).ok()?;
            Some(Response::new(200, "application/pdf", answered.recv().ok()??))
        }
        _ => None,
    }
}

/// A part of a path without its escapes.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut left = part.bytes();
    while let Some(byte) = left.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [left.next()?, left.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                u8::from_str_radix(digits, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// What a page sends: a wish, and its own name.
#[derive(serde::Deserialize)]
struct Sent {
    page: String,
    wish: Wish,
}

fn wish(request: &Request, shared: &Shared) -> Response {
    let Ok(Sent { page, wish }) = serde_json::from_slice(&request.body) else {
        return Response::text(400, "请求看不懂");
    };
    let (answer, answered) = sync_channel(1);
    let asked = shared.asks.send(Ask::Wish(Box::new(wish), page, answer));
    match asked.ok().and_then(|()| answered.recv().ok()) {
        Some(body) => Response::new(200, "application/json", body),
        None => Response::text(503, "程序正在结束"),
    }
}

/// Tells a page of news until it is closed. One that is slow misses some, and hears of the last.
fn listen(stream: &TcpStream, shared: &Shared) {
    let Some(_counted) = Counted::below(&shared.listeners, MOST_LISTENERS) else {
        let _ = http::write(stream, &Response::text(503, "打开的页面太多"));
        return;
    };
    if http::begin_events(stream).is_err() {
        return;
    }
    let mut told = shared.news.lock().unwrap_or_else(PoisonError::into_inner).0;
    loop {
        let news = shared.news.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = shared.has_news.wait_timeout_while(news, SILENCE, |news| news.0 == told);
        let (count, page) = waited.unwrap_or_else(PoisonError::into_inner).0.clone();
        // Of several changes, not all may be the page's own.
        let by = if count == told + 1 { page } else { String::new() };
        let data = serde_json::json!({ "news": count != told, "by": by }).to_string();
        told = count;
        if http::event(stream, &data).is_err() {
            return;
        }
    }
}
