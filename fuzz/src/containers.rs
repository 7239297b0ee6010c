//! Containers from a plain input: `=== NAME` lines, each followed by the bytes of that part. A
//! fuzzer gets nowhere through checksums and sector tables, and those are other crates' anyway.

use std::{
    io::{Cursor, Write},
    panic::catch_unwind,
};

const MARK: &[u8] = b"=== ";

/// Name and bytes of each part. What stands before the first name is dropped.
pub fn parts(data: &[u8]) -> Vec<(&str, &[u8])> {
    let mut starts = Vec::new();
    let mut fresh = true;
    for at in 0..data.len() {
        if fresh && data[at..].starts_with(MARK) {
            starts.push(at);
        }
        fresh = data[at] == b'\n';
    }
    let ends = starts.iter().skip(1).copied().chain([data.len()]);
    let part = |(start, end): (&usize, usize)| {
        let part = &data[start + MARK.len()..end];
        let line = part.iter().position(|b| *b == b'\n')?;
        let name = std::str::from_utf8(&part[..line]).ok()?;
        let content = &part[line + 1..];
        let content = if end < data.len() { content.strip_suffix(b"\n")? } else { content };
        Some((name, content))
    };
    starts.iter().zip(ends).filter_map(part).take(40).collect()
}

/// A ZIP archive of the parts, not compressed. An input that is one already stays as it is.
pub fn zip(data: &[u8]) -> Option<Vec<u8>> {
    if data.starts_with(b"PK") {
        return Some(data.to_vec());
    }
    let mut archive = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts(data) {
        let options = ::zip::write::SimpleFileOptions::default()
            .compression_method(::zip::CompressionMethod::Stored);
        if archive.start_file(name, options).is_ok() {
            archive.write_all(content).ok()?;
        }
    }
    Some(archive.finish().ok()?.into_inner())
}

/// A compound file of the parts, whose names may be paths. One that is one already stays as it is.
pub fn compound(data: &[u8]) -> Option<Vec<u8>> {
    if data.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some(data.to_vec());
    }
    // The writer breaks on some names; that is no finding.
    catch_unwind(|| written(data)).ok().flatten()
}

fn written(data: &[u8]) -> Option<Vec<u8>> {
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).ok()?;
    for (name, content) in parts(data) {
        if let Some((folder, _)) = name.rsplit_once('/')
            && file.create_storage_all(folder).is_err()
        {
            continue;
        }
        if let Ok(mut stream) = file.create_stream(name) {
            stream.write_all(content).ok()?;
        }
    }
    file.flush().ok()?;
    Some(file.into_inner().into_inner())
}
