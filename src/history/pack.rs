//! Snapshots as small compressed parts, each named by its content.
//!
//! Rows are spread over a fixed number of parts by the hash of their key, so that a changed document
//! makes one new part and leaves the others as they are. A manifest lists the parts; it is a part
//! itself, and its name stands for the snapshot.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::Snapshot;

/// Layout of the parts. Snapshots of another layout are not compared.
const LAYOUT: u32 = 1;

/// Parts for each section: about 150 rows in each for 10,000 documents.
const DOCUMENTS: usize = 64;
const EVIDENCE: usize = 16;
const SUGGESTIONS: usize = 32;
const OTHERS: usize = 1;

/// More than any part of a real snapshot unpacks to, in bytes: bounds what damage can do.
const LARGEST: u64 = 1 << 28;

/// A snapshot ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Name of the manifest.
    pub name: String,
    /// All parts by name, the manifest included.
    pub parts: BTreeMap<String, Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    layout: u32,
    documents: Vec<String>,
    targets: Vec<String>,
    evidence: Vec<String>,
    suggestions: Vec<String>,
    overdue: Vec<String>,
    conflicts: Vec<String>,
}

/// Packs a snapshot. The same snapshot gives the same parts.
///
/// # Errors
/// A row can't be written as JSON, or compressing fails.
pub fn pack(snapshot: &Snapshot) -> Result<Packed, String> {
    let mut parts = BTreeMap::new();
    let manifest = Manifest {
        layout: LAYOUT,
        documents: section(&snapshot.documents, DOCUMENTS, &mut parts)?,
        targets: section(&snapshot.targets, OTHERS, &mut parts)?,
        evidence: section(&snapshot.evidence, EVIDENCE, &mut parts)?,
        suggestions: section(&snapshot.suggestions, SUGGESTIONS, &mut parts)?,
        overdue: section(&snapshot.overdue, OTHERS, &mut parts)?,
        conflicts: section(&snapshot.conflicts, OTHERS, &mut parts)?,
    };
    let name = part(&manifest, &mut parts)?;
    Ok(Packed { name, parts })
}

/// The names of all parts that a manifest lists, itself not included.
///
/// # Errors
/// The bytes are no manifest of this layout.
pub fn parts_of(manifest: &[u8]) -> Result<Vec<String>, String> {
    let m: Manifest = read(manifest)?;
    if m.layout != LAYOUT {
        return Err(format!("layout {}, and this evimap reads {LAYOUT}", m.layout));
    }
    let sections = [m.documents, m.targets, m.evidence, m.suggestions, m.overdue, m.conflicts];
    Ok(sections.into_iter().flatten().collect())
}

/// Puts a snapshot together again from its manifest; `get` gives a part by its name.
///
/// # Errors
/// A part is missing or damaged, or was written in another layout.
pub fn unpack<E: From<String>>(
    manifest: &[u8],
    mut get: impl FnMut(&str) -> Result<Vec<u8>, E>,
) -> Result<Snapshot, E> {
    let m: Manifest = read(manifest)?;
    if m.layout != LAYOUT {
        return Err(format!("layout {}, and this evimap reads {LAYOUT}", m.layout).into());
    }
    Ok(Snapshot {
        documents: rows(&m.documents, &mut get)?,
        targets: rows(&m.targets, &mut get)?,
        evidence: rows(&m.evidence, &mut get)?,
        suggestions: rows(&m.suggestions, &mut get)?,
        overdue: rows(&m.overdue, &mut get)?,
        conflicts: rows(&m.conflicts, &mut get)?,
    })
}

fn section<T: Serialize>(
    rows: &BTreeMap<String, T>,
    count: usize,
    parts: &mut BTreeMap<String, Vec<u8>>,
) -> Result<Vec<String>, String> {
    let mut buckets: Vec<BTreeMap<&str, &T>> = (0..count).map(|_| BTreeMap::new()).collect();
    for (key, row) in rows {
        let bucket = usize::from(Sha256::digest(key)[0]) % count;
        buckets[bucket].insert(key, row);
    }
    buckets.iter().filter(|b| !b.is_empty()).map(|bucket| part(bucket, parts)).collect()
}

fn rows<T: DeserializeOwned, E: From<String>>(
    names: &[String],
    get: &mut impl FnMut(&str) -> Result<Vec<u8>, E>,
) -> Result<BTreeMap<String, T>, E> {
    let mut all = BTreeMap::new();
    for name in names {
        let bucket: BTreeMap<String, T> = read(&get(name)?)?;
        all.extend(bucket);
    }
    Ok(all)
}

fn part(value: &impl Serialize, parts: &mut BTreeMap<String, Vec<u8>>) -> Result<String, String> {
    let text = serde_json::to_vec(value).map_err(|error| error.to_string())?;
    let name = data_encoding::HEXLOWER.encode(&Sha256::digest(&text)[..16]);
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(&text).and_then(|()| encoder.finish());
    parts.insert(name.clone(), packed.map_err(|error| error.to_string())?);
    Ok(name)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let mut text = Vec::new();
    let decoder = DeflateDecoder::new(bytes);
    decoder.take(LARGEST).read_to_end(&mut text).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}
