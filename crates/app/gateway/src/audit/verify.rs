//! Whether the audit trail is what was written.

use std::collections::BTreeMap;

use lodge_access::{
    Chain, Checkpoint, Head,
    audit::{Fault, Walk, Witness},
};
use lodge_kernel::Keyring;
use lodge_storage::{Storage, StorageError, UnitOfWork};

/// How many entries are read at once.
const PAGE: usize = 500;
/// How many faults of one chain are told.
pub const MOST_FAULTS: usize = 100;

/// What was found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// How many chains were walked.
    pub chains: usize,
    /// How many entries were read.
    pub entries: u64,
    /// How many checkpoints were compared.
    pub checkpoints: usize,
    /// What is wrong, chain by chain; at most [`MOST_FAULTS`] of each.
    pub faults: Vec<(Chain, Fault)>,
}

/// Walks every chain, and compares it with the heads beside it and with
/// `checkpoints`, whose signatures were checked.
///
/// # Errors
///
/// [`StorageError`] when the trail cannot be read; what is wrong with it is no
/// error.
pub async fn verify(
    storage: &dyn Storage,
    keys: &dyn Keyring,
    checkpoints: &[Checkpoint],
) -> Result<Verdict, StorageError> {
    // One state of the database, however long it takes.
    let mut work = storage.read().await?;
    let mut witnesses = BTreeMap::<Chain, Vec<(Head, Witness)>>::new();
    for chain in work.audit().chains().await? {
        witnesses.entry(chain).or_default();
    }
    for head in work.audit().heads().await? {
        witnesses.entry(head.chain).or_default().push((head, Witness::Head));
    }
    for it in checkpoints {
        let witness = (it.head, Witness::Checkpoint(it.at));
        witnesses.entry(it.head.chain).or_default().push(witness);
    }
    let mut verdict = Verdict { checkpoints: checkpoints.len(), ..Verdict::default() };
    for (chain, witnesses) in witnesses {
        let (size, faults) = walk(&mut *work, keys, chain, &witnesses).await?;
        verdict.chains += 1;
        verdict.entries += size;
        verdict.faults.extend(faults.into_iter().take(MOST_FAULTS).map(|it| (chain, it)));
    }
    Ok(verdict)
}

/// How far a chain goes, and what is wrong with it.
async fn walk(
    work: &mut dyn UnitOfWork,
    keys: &dyn Keyring,
    chain: Chain,
    witnesses: &[(Head, Witness)],
) -> Result<(u64, Vec<Fault>), StorageError> {
    let (mut walk, mut faults, mut page) = (Walk::new(chain), Vec::new(), PAGE);
    loop {
        let entries = match work.audit().walk(chain, walk.head().size, page).await {
            Ok(entries) => entries,
            // One by one, so that it is known which.
            Err(StorageError::Corrupt { .. }) if page > 1 => {
                page = 1;
                continue;
            }
            Err(StorageError::Corrupt { .. }) => {
                // What follows hangs on what cannot be read.
                faults.push(Fault::Unreadable { sequence: walk.head().size + 1 });
                return Ok((walk.head().size, faults));
            }
            Err(error) => return Err(error),
        };
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            let head = entry.head();
            faults.extend(walk.step(&entry, |bytes| keys.digest(bytes)).err());
            for (known, witness) in witnesses {
                if known.size == head.size && known.hash != head.hash {
                    let fault = Fault::Rewritten { sequence: head.size, witness: *witness };
                    faults.push(fault);
                }
            }
        }
    }
    let size = walk.head().size;
    let cut = witnesses.iter().filter(|(known, _)| known.size > size);
    faults.extend(cut.map(|(known, witness)| Fault::Truncated {
        size,
        known: known.size,
        witness: *witness,
    }));
    Ok((size, faults))
}
