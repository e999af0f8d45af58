//! How often a delivery is tried, and how long it waits in between.

use std::time::Duration;

/// How often a delivery was taken up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// How often in all. It grows when somebody takes it up, so that whoever
    /// dies at it has tried too.
    pub made: u32,
    /// How many of them lie before its last replay, and count no more.
    pub forgiven: u32,
}

impl Tries {
    /// What is waited after each failed try but the last.
    pub const WAITS: [Duration; 5] = [
        Duration::from_secs(5),
        Duration::from_secs(30),
        Duration::from_mins(2),
        Duration::from_mins(10),
        Duration::from_hours(1),
    ];

    /// How often since it came, or was replayed.
    pub const fn counted(self) -> u32 {
        self.made.saturating_sub(self.forgiven)
    }

    /// How long to wait after the last try failed: the wait of its turn, a
    /// fifth more or less as `chance` has it, so that what failed together does
    /// not come back together. `None` when it has been tried often enough.
    pub fn wait(self, chance: u8) -> Option<Duration> {
        let turn = usize::try_from(self.counted().checked_sub(1)?).ok()?;
        let percent = 80 + u32::from(chance) * 40 / 255;
        Some(*Self::WAITS.get(turn)? * percent / 100)
    }

    /// It was taken up more often than it may be: every time, whoever did
    /// ended before saying how it went.
    pub fn are_exceeded(self) -> bool {
        usize::try_from(self.counted()).is_ok_and(|it| it > Self::WAITS.len() + 1)
    }

    /// None of those so far count.
    #[must_use]
    pub const fn forgiven(self) -> Self {
        Self { forgiven: self.made, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn five_waits_lie_between_six_tries() {
        let wait = |made| Tries { made, forgiven: 0 }.wait(128).map(|it| it.as_secs());
        let waits: Vec<_> = (1..=7).map(wait).collect();
        assert_eq!(waits, [Some(5), Some(30), Some(120), Some(600), Some(3_600), None, None]);
        let exceeded = |made| Tries { made, forgiven: 0 }.are_exceeded();
        assert!(!exceeded(6) && exceeded(7));
    }

    #[test]
    fn after_a_replay_the_first_wait_comes_again() {
        let tries = Tries { made: 6, forgiven: 0 }.forgiven();
        assert_eq!(tries.counted(), 0);
        let again = Tries { made: 7, ..tries };
        assert_eq!(again.wait(255), Some(Duration::from_secs(6)));
        assert_eq!(again.wait(0), Some(Duration::from_secs(4)));
    }

    proptest! {
        #[test]
        fn no_wait_is_further_from_its_turn_than_a_fifth(made in 1_u32..=5, chance: u8) {
            let turn = Tries::WAITS[usize::try_from(made).unwrap() - 1];
            let wait = Tries { made, forgiven: 0 }.wait(chance).unwrap();
            prop_assert!(wait >= turn * 4 / 5 && wait <= turn * 6 / 5);
        }
    }
}
