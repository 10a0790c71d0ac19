//! One run serves one workspace: the next finds it.
//!
//! Its address, which is all that is needed to get in, is in a file that only its owner can read.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::workspace::Workspace;

/// How long a run that is there may take to say so.
const PATIENCE: Duration = Duration::from_secs(2);

/// A secret for who may get in.
pub(super) fn token() -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The file with the address; taken away when the run ends.
#[derive(Debug)]
pub(super) struct Registered(PathBuf);

impl Drop for Registered {
    fn drop(&mut self) {
        // One that is left behind leads nowhere, which shows.
        let _ = fs::remove_file(&self.0);
    }
}

/// Says where a workspace is served. Where that cannot be said, the next run is one of its own.
pub(super) fn register(workspace: &Workspace, address: &str) -> Option<Registered> {
    let path = file(workspace)?;
    let _ = fs::remove_file(&path);
    private_file(&path)?.write_all(address.as_bytes()).ok()?;
    Some(Registered(path))
}

/// The address at which a run serves a workspace already.
pub(super) fn running(workspace: &Workspace) -> Option<String> {
    let address = fs::read_to_string(file(workspace)?).ok()?;
    let (own, token) = address.strip_prefix("http://")?.split_once('/')?;
    let socket: SocketAddr = own.parse().ok().filter(|it: &SocketAddr| it.ip().is_loopback())?;
    let mut stream = TcpStream::connect_timeout(&socket, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let request = format!("GET /{token}icon.svg HTTP/1.1\r\nHost: {own}\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).ok()?;
    (answer == *b"HTTP/1.1 200").then_some(address)
}

/// The file for a workspace, in a folder of the user's own.
fn file(workspace: &Workspace) -> Option<PathBuf> {
    let root = workspace.root().canonicalize().ok()?;
    let name = blake3::hash(root.to_string_lossy().as_bytes()).to_hex();
    let folder = private_folder()?;
    Some(folder.join(format!("edit-{}", name.as_str().get(..16)?)))
}

/// A folder that nobody else can write to: that of the session, or one of our own beside temporary
/// files.
#[cfg(unix)]
fn private_folder() -> Option<PathBuf> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let folder = match runtime.filter(|folder| folder.is_dir()) {
        Some(folder) => folder.join("jixiao"),
        None => {
            let own = tempfile::tempfile().ok()?.metadata().ok()?.uid();
            std::env::temp_dir().join(format!("jixiao-{own}"))
        }
    };
    let _ = fs::DirBuilder::new().mode(0o700).create(&folder);
    let own = tempfile::tempfile().ok()?.metadata().ok()?.uid();
    let there = folder.symlink_metadata().ok()?;
    // Somebody else may have made it, to read what is put there.
    (there.is_dir() && there.uid() == own && there.mode() & 0o077 == 0).then_some(folder)
}

#[cfg(not(unix))]
fn private_folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("LOCALAPPDATA")?).join("jixiao");
    fs::create_dir_all(&folder).ok()?;
    Some(folder)
}

/// A new file that only its owner can read.
fn private_file(path: &Path) -> Option<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).ok()
}
