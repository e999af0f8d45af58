//! Where a delivery stands.

use lodge_kernel::Timestamp;

/// Why a delivery was ignored or given up, for people: one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The longest one, in bytes.
    pub const LONGEST: usize = 500;

    /// What `text` says, on one line, cut where it is too long.
    pub fn new(text: impl Into<String>) -> Self {
        let mut text: String =
            text.into().chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
        text.truncate(text.floor_char_boundary(Self::LONGEST));
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It will be taken up at its time.
    Pending {
        /// When. While somebody is at it, it lies ahead, so that nobody else
        /// is; who dies at it is replaced then.
        next_at: Timestamp,
    },
    /// What it tells is known.
    Processed {
        /// Since when.
        at: Timestamp,
    },
    /// It tells nothing that courses use.
    Ignored {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// It was given up: a dead letter. People may replay or discard it.
    Dead {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
}

/// A delivery is not in the state that a step needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery is {is}, not {needed}")]
pub struct NotAllowed {
    /// Where it stands.
    pub is: &'static str,
    /// Where it would have to stand.
    pub needed: &'static str,
}

impl State {
    /// The name of [`Pending`](Self::Pending).
    pub const PENDING: &'static str = "pending";
    /// The name of [`Processed`](Self::Processed).
    pub const PROCESSED: &'static str = "processed";
    /// The name of [`Ignored`](Self::Ignored).
    pub const IGNORED: &'static str = "ignored";
    /// The name of [`Dead`](Self::Dead).
    pub const DEAD: &'static str = "dead";
    /// The names of all.
    pub const NAMES: [&'static str; 4] =
        [Self::PENDING, Self::PROCESSED, Self::IGNORED, Self::DEAD];

    /// The word in answers, in metrics and in the database.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pending { .. } => Self::PENDING,
            Self::Processed { .. } => Self::PROCESSED,
            Self::Ignored { .. } => Self::IGNORED,
            Self::Dead { .. } => Self::DEAD,
        }
    }

    /// Why it was ignored or given up.
    pub const fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Pending { .. } | Self::Processed { .. } => None,
            Self::Ignored { reason, .. } | Self::Dead { reason, .. } => Some(reason),
        }
    }

    /// When it ended. `None` while it waits.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { .. } => None,
            Self::Processed { at } | Self::Ignored { at, .. } | Self::Dead { at, .. } => Some(*at),
        }
    }

    /// When it is taken up next. `None` when it has ended.
    pub const fn next_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { next_at } => Some(*next_at),
            Self::Processed { .. } | Self::Ignored { .. } | Self::Dead { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_reason_is_one_line_and_not_too_long(text: String) {
            let reason = Reason::new(text.repeat(30));
            prop_assert!(reason.as_str().len() <= Reason::LONGEST);
            prop_assert!(!reason.as_str().contains(char::is_control));
        }
    }
}
