//! What is signed and kept elsewhere, so that a missing end is noticed.

use std::fmt;

use lodge_kernel::{Digest, Timestamp, hex};

use super::{Head, ParseAuditError};

/// How a chain stood at an instant, to be signed and kept elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The end of the chain.
    pub head: Head,
    /// When.
    pub at: Timestamp,
}

impl Checkpoint {
    const MARK: &'static str = "gitlodge-checkpoint-1";

    /// Reads what [`fmt::Display`] wrote.
    ///
    /// # Errors
    ///
    /// [`ParseAuditError`] when `text` is anything else.
    pub fn parse(text: &str) -> Result<Self, ParseAuditError> {
        let wrong = ParseAuditError { expected: "checkpoint" };
        let mut words = text.split(' ');
        let mut word = || words.next().ok_or(wrong);
        if word()? != Self::MARK {
            return Err(wrong);
        }
        let chain = word()?.parse()?;
        let size = word()?.parse().map_err(|_not_a_number| wrong)?;
        let hash = hex::decode(word()?).ok_or(wrong)?;
        let at = Timestamp::parse(word()?).map_err(|_no_instant| wrong)?;
        let read = Self { head: Head { chain, size, hash: Digest(hash) }, at };
        // One text for one checkpoint: the signature covers the text.
        if words.next().is_none() && read.to_string() == text { Ok(read) } else { Err(wrong) }
    }
}

impl fmt::Display for Checkpoint {
    /// One line: mark, chain, size, hash and instant, separated by a blank.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { chain, size, hash } = &self.head;
        write!(f, "{} {chain} {size} {} {}", Self::MARK, hex::encode(&hash.0), self.at)
    }
}
