//! What a file's version holds, as far as a diff shows it.

use gix::{
    ObjectId, Repository,
    bstr::ByteSlice,
    objs::{self, tree::EntryKind},
};
use lodge_provider::ProviderError;

use super::{changes::Side, deltas::Known};
use crate::{job::Job, objects};

/// The largest file that is compared, in bytes.
pub(super) const LARGEST: u64 = 2 << 20;
/// The most lines that a file may have: finding where repeated lines belong
/// takes longest of all, and cannot be interrupted.
const MOST_LINES: usize = 100_000;
/// How far a zero byte is looked for; Git looks as far.
const PROBED: usize = 8_000;

/// One version of a file.
#[derive(Debug)]
pub(super) enum Content {
    Text(Vec<u8>),
    Binary,
    TooLarge,
}

impl Content {
    /// The content of `side`; nothing when there is no such version.
    pub(super) fn of(
        repository: &Repository,
        known: &Known,
        side: Option<Side>,
        job: &Job,
    ) -> Result<Self, ProviderError> {
        match side {
            None => Ok(Self::Text(Vec::new())),
            Some(Side { kind: EntryKind::Commit, id }) => {
                Ok(Self::Text(format!("Subproject commit {id}\n").into_bytes()))
            }
            Some(Side { id, .. }) => match bytes(repository, known, id, job)? {
                None => Ok(Self::TooLarge),
                Some(bytes) if is_binary(&bytes) => Ok(Self::Binary),
                Some(bytes) if has_many_lines(&bytes) => Ok(Self::TooLarge),
                Some(bytes) => Ok(Self::Text(bytes)),
            },
        }
    }
}

/// The blob `id`. `None` when it is too large to be compared.
pub(super) fn bytes(
    repository: &Repository,
    known: &Known,
    id: ObjectId,
    job: &Job,
) -> Result<Option<Vec<u8>>, ProviderError> {
    let header = match known.get(&id) {
        Some(header) => Some(*header),
        None => repository.try_find_header(id).map_err(|error| job.broken(error))?,
    };
    let header = header.ok_or_else(|| job.missing(id))?;
    if header.kind() != objs::Kind::Blob {
        return Err(job.broken(format!("{id} is a {}, not a blob", header.kind())));
    }
    if header.size() > LARGEST {
        return Ok(None);
    }
    let mut object = objects::need(repository, id, job)?;
    Ok(Some(std::mem::take(&mut object.data)))
}

pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.get(..PROBED).unwrap_or(bytes).find_byte(0).is_some()
}

fn has_many_lines(bytes: &[u8]) -> bool {
    // Nearly every file is too short to have them, and need not be read for it.
    bytes.len() > MOST_LINES && bytes.split(|byte| *byte == b'\n').nth(MOST_LINES + 1).is_some()
}
