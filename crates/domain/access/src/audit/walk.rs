//! Going along a chain, and what can be wrong with it.

use std::fmt;

use lodge_kernel::{Digest, Timestamp};

use super::{AuditEntry, Chain, Head};

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is not there, though a later one is.
    #[error("entry {sequence} is missing")]
    Missing {
        /// Its place.
        sequence: u64,
    },
    /// An entry, or one before it, is not what it was.
    #[error("entry {sequence} was changed, or stands in another's place")]
    Changed {
        /// Its place.
        sequence: u64,
    },
    /// An entry cannot be read at all.
    #[error("entry {sequence} cannot be read")]
    Unreadable {
        /// Its place.
        sequence: u64,
    },
    /// The end was cut off: the chain once had more entries.
    #[error("the chain ends with entry {size}, and had {known} entries {witness}")]
    Truncated {
        /// How many are there.
        size: u64,
        /// How many there were.
        known: u64,
        /// Who says so.
        witness: Witness,
    },
    /// The whole chain was written anew.
    #[error("entry {sequence} is not the one that was there {witness}")]
    Rewritten {
        /// Its place.
        sequence: u64,
        /// Who says so.
        witness: Witness,
    },
}

/// Who remembers another chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The table of heads.
    Head,
    /// A checkpoint of that instant.
    Checkpoint(Timestamp),
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("as its head says"),
            Self::Checkpoint(at) => write!(f, "at the checkpoint of {at}"),
        }
    }
}

/// Goes along a chain and compares.
#[derive(Debug)]
pub struct Walk {
    head: Head,
}

impl Walk {
    /// Begins before the first entry of `chain`.
    pub const fn new(chain: Chain) -> Self {
        Self { head: Head::empty(chain) }
    }

    /// How far it has come.
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Takes the next entry.
    ///
    /// # Errors
    ///
    /// [`Fault::Missing`] or [`Fault::Changed`]. The walk then goes on from the
    /// entry as it is, so that one fault is told once.
    pub fn step(
        &mut self,
        entry: &AuditEntry,
        digest: impl FnOnce(&[u8]) -> Digest,
    ) -> Result<(), Fault> {
        let expected = self.head.size.saturating_add(1);
        let told = self.head.next(entry.event.clone(), digest);
        let chain = self.head.chain;
        self.head = Head { chain, ..entry.head() };
        if entry.sequence != expected {
            return Err(Fault::Missing { sequence: expected });
        }
        if entry.event.chain != chain || told.hash != entry.hash {
            return Err(Fault::Changed { sequence: expected });
        }
        Ok(())
    }
}
