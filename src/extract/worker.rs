//! The worker process: reads requests from stdin, answers on stdout, one frame each. It limits its
//! own memory and processor time, so that a hostile file ends this process and nothing else.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Limits, Ocr, read::read_file};
use crate::domain::Extracted;

/// First argument that turns the binary into a worker.
pub const WORKER_ARGUMENT: &str = "__extract-worker";

/// Deeply nested files recurse deeply in the parsers.
const STACK_BYTES: usize = 64 << 20;

/// A worker that has grown beyond this is replaced, so that one large file does not hold memory for
/// the rest of the run.
const RETIRE_BYTES: u64 = 192 << 20;

/// Longer frames are a fault of the protocol.
const FRAME_BYTES: u32 = 1 << 30;

/// Asks for one file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    path: String,
    pub name: String,
    pub limits: Limits,
    /// Set if pictures are to be read.
    pub ocr: Option<Ocr>,
    /// How many readers of the chain to leave out.
    pub skip: usize,
}

impl Request {
    /// A path may hold bytes that JSON can't; on Unix it travels as hex.
    pub fn new(path: &Path, name: &str, limits: &Limits, ocr: Option<&Ocr>, skip: usize) -> Self {
        let path = if cfg!(unix) {
            data_encoding::HEXLOWER.encode(path.as_os_str().as_encoded_bytes())
        } else {
            path.to_string_lossy().into_owned()
        };
        let (name, limits) = (name.to_owned(), limits.clone());
        Self { path, name, limits, ocr: ocr.cloned(), skip }
    }

    #[cfg(unix)]
    fn path(&self) -> PathBuf {
        use std::os::unix::ffi::OsStringExt;
        let bytes = data_encoding::HEXLOWER.decode(self.path.as_bytes()).unwrap_or_default();
        std::ffi::OsString::from_vec(bytes).into()
    }

    #[cfg(not(unix))]
    fn path(&self) -> PathBuf {
        PathBuf::from(&self.path)
    }
}

/// The answer to a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// An [`Extracted`]. It may go out as it is, so the parent does not have to read it.
    pub json: Vec<u8>,
    /// The worker asks to be replaced. It reads no further request.
    pub retire: bool,
}

/// Writes a value as JSON behind its length (four bytes, little end first).
pub(super) fn write_frame(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, value)?;
    let length = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    out.write_all(&frame)?;
    out.flush()
}

/// Reads a frame. `None` at the end of the stream.
pub(super) fn read_frame<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    Ok(match read_bytes(input)? {
        Some(frame) => Some(serde_json::from_slice(&frame)?),
        None => None,
    })
}

fn read_bytes(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length);
    if length > FRAME_BYTES {
        return Err(io::Error::other("frame too long"));
    }
    let mut frame = Vec::new();
    if input.take(length.into()).read_to_end(&mut frame)? != length as usize {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
    }
    Ok(Some(frame))
}

/// Writes a result behind a byte that says whether the worker retires, and the length of both.
fn write_reply(out: &mut impl Write, extracted: &Extracted, retire: bool) -> io::Result<()> {
    let mut frame = vec![0; 5];
    serde_json::to_writer(&mut frame, extracted)?;
    let length = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    frame[4] = retire.into();
    out.write_all(&frame)
}

/// Reads an answer. `None` at the end of the stream.
pub(super) fn read_reply(input: &mut impl Read) -> io::Result<Option<Reply>> {
    let Some(mut json) = read_bytes(input)? else { return Ok(None) };
    let Some(retire) = json.first().map(|byte| *byte != 0) else {
        return Err(io::Error::other("empty answer"));
    };
    json.drain(..1);
    Ok(Some(Reply { json, retire }))
}

/// The whole life of a worker process: until stdin ends. Called by the binary when its first
/// argument is [`WORKER_ARGUMENT`].
pub fn worker_main() -> ExitCode {
    std::panic::set_hook(Box::new(|_| {}));
    outlive_signals();
    let life = thread::Builder::new().stack_size(STACK_BYTES).spawn(serve);
    match life.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// A service manager signals every process of a service at once. The parent says when a worker ends;
/// one that ended by itself would look like a fault of its file. Programs that it starts don't
/// inherit this.
#[cfg(unix)]
fn outlive_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let nobody_looks = std::sync::Arc::default();
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        // A system that refuses leaves the worker as it was.
        let _ = signal_hook::flag::register(signal, std::sync::Arc::clone(&nobody_looks));
    }
}

#[cfg(not(unix))]
fn outlive_signals() {}

fn serve() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut limited = false;
    while let Some(request) = read_frame::<Request>(&mut input)? {
        if !limited {
            limit_memory(&request.limits);
            limited = true;
        }
        arm_cpu(&request.limits);
        let (path, ocr) = (request.path(), request.ocr.as_ref());
        let extracted = read_file(&path, &request.name, &request.limits, ocr, request.skip);
        let retire = resident().is_some_and(|bytes| bytes > RETIRE_BYTES);
        write_reply(&mut output, &extracted, retire)?;
        output.flush()?;
        if retire {
            break;
        }
    }
    Ok(())
}

/// Bounds the address space. A system that refuses leaves the worker without that bound; the
/// parent's clock still holds.
#[cfg(unix)]
fn limit_memory(limits: &Limits) {
    use rlimit::Resource;
    let bytes = limits.worker_memory_mb << 20;
    for (resource, wanted) in [(Resource::AS, bytes), (Resource::CORE, 0)] {
        if let Ok((soft, hard)) = rlimit::getrlimit(resource) {
            let _ = rlimit::setrlimit(resource, wanted.min(soft), hard);
        }
    }
}

/// Allows the next file its processor seconds on top of what was used so far: the system's limit
/// counts from the start of the process.
#[cfg(unix)]
fn arm_cpu(limits: &Limits) {
    use rlimit::Resource;
    let Some(used) = cpu_seconds() else { return };
    if let Ok((_, hard)) = rlimit::getrlimit(Resource::CPU) {
        let soft = used.saturating_add(limits.cpu_seconds.max(1)).min(hard);
        let _ = rlimit::setrlimit(Resource::CPU, soft, hard);
    }
}

#[cfg(not(unix))]
fn limit_memory(_: &Limits) {}

#[cfg(not(unix))]
fn arm_cpu(_: &Limits) {}

/// Processor seconds of this process, rounded up. Known on Linux only.
#[cfg(unix)]
fn cpu_seconds() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is a name in brackets that may hold blanks; user and system time are
    // fields 14 and 15, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks.div_ceil(100))
}

/// Resident bytes of this process. Known on Linux only.
fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_the_way_and_a_cut_one_is_an_error() {
        let request = Request::new(Path::new("/a/b.md"), "b.md", &Limits::default(), None, 1);
        let mut bytes = Vec::new();
        write_frame(&mut bytes, &request).unwrap();
        let back: Request = read_frame(&mut &bytes[..]).unwrap().unwrap();
        assert_eq!((back.path().to_str(), back.skip), (Some("/a/b.md"), 1));
        assert!(read_frame::<Request>(&mut &bytes[..0]).unwrap().is_none());
        assert!(read_frame::<Request>(&mut &bytes[..bytes.len() - 1]).is_err());
        assert!(read_frame::<Request>(&mut &b"\xff\xff\xff\xff"[..]).is_err());
    }

    #[test]
    fn answers_survive_the_way_and_a_cut_one_is_an_error() {
        let extracted = super::super::read::lost("a.md", Vec::new());
        let mut bytes = Vec::new();
        write_reply(&mut bytes, &extracted, true).unwrap();
        let back = read_reply(&mut &bytes[..]).unwrap().unwrap();
        assert!(back.retire);
        assert_eq!(serde_json::from_slice::<Extracted>(&back.json).unwrap(), extracted);
        assert_eq!(read_reply(&mut &bytes[..0]).unwrap(), None);
        assert!(read_reply(&mut &bytes[..bytes.len() - 1]).is_err());
        assert!(read_reply(&mut &b"\0\0\0\0"[..]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_utf8_survives_the_way() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/caf\xe9"));
        assert_eq!(Request::new(path, "x", &Limits::default(), None, 0).path(), path);
    }
}
