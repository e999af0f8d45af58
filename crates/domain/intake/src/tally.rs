//! What must add up.

use crate::State;

/// How many deliveries there have been, and how they ended. What was forgotten
/// stays counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that came, each once.
    pub received: u64,
    /// Those of which it is known what they tell.
    pub processed: u64,
    /// Those that tell nothing of use.
    pub ignored: u64,
    /// Those that were given up.
    pub dead: u64,
    /// Those that wait: counted where they wait, not kept as a number.
    pub pending: u64,
}

/// What one step changes in the four numbers that are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// In [`Tally::received`].
    pub received: i64,
    /// In [`Tally::processed`].
    pub processed: i64,
    /// In [`Tally::ignored`].
    pub ignored: i64,
    /// In [`Tally::dead`].
    pub dead: i64,
}

impl Change {
    /// One came.
    pub const fn received() -> Self {
        Self { received: 1, processed: 0, ignored: 0, dead: 0 }
    }

    /// One went from one state to another.
    pub const fn between(from: &State, to: &State) -> Self {
        let (from, to) = (Self::standing(from), Self::standing(to));
        Self {
            received: 0,
            processed: to.processed - from.processed,
            ignored: to.ignored - from.ignored,
            dead: to.dead - from.dead,
        }
    }

    /// It changes nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    const fn standing(state: &State) -> Self {
        let nothing = Self { received: 0, processed: 0, ignored: 0, dead: 0 };
        match state {
            State::Pending { .. } => nothing,
            State::Processed { .. } => Self { processed: 1, ..nothing },
            State::Ignored { .. } => Self { ignored: 1, ..nothing },
            State::Dead { .. } => Self { dead: 1, ..nothing },
        }
    }
}

impl std::ops::AddAssign for Change {
    fn add_assign(&mut self, it: Self) {
        self.received += it.received;
        self.processed += it.processed;
        self.ignored += it.ignored;
        self.dead += it.dead;
    }
}

impl Tally {
    /// Everything that came is in one state. Where it is not, something was
    /// lost or counted twice.
    pub const fn adds_up(&self) -> bool {
        self.received == self.processed + self.ignored + self.dead + self.pending
    }

    /// Takes `change` into account; `pending` is counted elsewhere.
    pub const fn apply(&mut self, change: Change) {
        self.received = self.received.saturating_add_signed(change.received);
        self.processed = self.processed.saturating_add_signed(change.processed);
        self.ignored = self.ignored.saturating_add_signed(change.ignored);
        self.dead = self.dead.saturating_add_signed(change.dead);
    }
}
