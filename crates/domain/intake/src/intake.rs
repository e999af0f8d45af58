//! One delivery, and the steps that it takes.

use lodge_forge::ProviderName;
use lodge_kernel::{Digest, IntakeId, ProjectId, TenantId, Timestamp};

use crate::{Kind, NotAllowed, Reason, State, Tries, sameness::Door};

/// One delivery of a host. Its headers and its body are kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// The id, which the host is answered.
    pub id: IntakeId,
    /// The organisation.
    pub tenant: TenantId,
    /// By which hook it came.
    pub door: Door,
    /// The host.
    pub source: ProviderName,
    /// What it is about.
    pub kind: Kind,
    /// The host's own word for that.
    pub event: String,
    /// The host's id of the repository. `None` where it names none.
    pub repository: Option<String>,
    /// The repository's path at the host, as it was called then.
    pub path: Option<String>,
    /// The course project that it is of, once that is known.
    pub project: Option<ProjectId>,
    /// Digest of what it is known again by: see [`preimage`](crate::preimage).
    pub key: Digest,
    /// When it came.
    pub received_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How often it was taken up.
    pub tries: Tries,
}

/// How one try went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it tells is known.
    Processed,
    /// It tells nothing that is used.
    Ignored(Reason),
    /// It could not be understood, or not kept.
    Failed(Reason),
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which one: from 1.
    pub number: u32,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How it went.
    pub outcome: Outcome,
}

impl Outcome {
    /// The word in answers and in the database.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Processed => State::PROCESSED,
            Self::Ignored(_) => State::IGNORED,
            Self::Failed(_) => "failed",
        }
    }

    /// Why it did not do more.
    pub const fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Processed => None,
            Self::Ignored(reason) | Self::Failed(reason) => Some(reason),
        }
    }

    /// The outcome of that name. `None` for another name, or when the reason is
    /// missing.
    pub fn parse(name: &str, reason: Option<Reason>) -> Option<Self> {
        match (name, reason) {
            (State::PROCESSED, _) => Some(Self::Processed),
            (State::IGNORED, Some(reason)) => Some(Self::Ignored(reason)),
            ("failed", Some(reason)) => Some(Self::Failed(reason)),
            _ => None,
        }
    }
}

impl Intake {
    /// As it stands after a try that went like this. A failed one is tried
    /// again, later each time, and given up in the end.
    ///
    /// # Errors
    ///
    /// [`NotAllowed`] when it is not waiting.
    pub fn after(self, outcome: Outcome, now: Timestamp, chance: u8) -> Result<Self, NotAllowed> {
        self.needs(State::PENDING)?;
        let state = match outcome {
            Outcome::Processed => State::Processed { at: now },
            Outcome::Ignored(reason) => State::Ignored { at: now, reason },
            Outcome::Failed(reason) => match self.tries.wait(chance) {
                Some(wait) => State::Pending { next_at: now.plus(wait) },
                None => State::Dead { at: now, reason },
            },
        };
        Ok(Self { state, ..self })
    }

    /// Waiting again, as if it had just come. To take it in once more comes to
    /// the same.
    ///
    /// # Errors
    ///
    /// [`NotAllowed`] when it is waiting as it is.
    pub fn replayed(self, now: Timestamp) -> Result<Self, NotAllowed> {
        if let State::Pending { .. } = self.state {
            return Err(NotAllowed { is: State::PENDING, needed: "processed, ignored or dead" });
        }
        let tries = self.tries.forgiven();
        Ok(Self { state: State::Pending { next_at: now }, tries, ..self })
    }

    /// Discarded by somebody who looked at it.
    ///
    /// # Errors
    ///
    /// [`NotAllowed`] when it is no dead letter.
    pub fn discarded(self, reason: Reason, now: Timestamp) -> Result<Self, NotAllowed> {
        self.needs(State::DEAD)?;
        Ok(Self { state: State::Ignored { at: now, reason }, ..self })
    }

    fn needs(&self, needed: &'static str) -> Result<(), NotAllowed> {
        let is = self.state.name();
        if is == needed { Ok(()) } else { Err(NotAllowed { is, needed }) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Change, Tally};

    fn fresh(n: u8) -> Intake {
        let now = Timestamp::from_seconds(1_000);
        Intake {
            id: IntakeId::earliest(now),
            tenant: TenantId::earliest(now),
            door: None,
            source: ProviderName::parse("gitlab").unwrap(),
            kind: Kind::Push,
            event: "Push Hook".to_owned(),
            repository: Some("7".to_owned()),
            path: None,
            project: None,
            key: Digest([n; 32]),
            received_at: now,
            state: State::Pending { next_at: now },
            tries: Tries::default(),
        }
    }

    /// Takes a random step, where it is allowed; answers whether it was.
    fn step(it: &Intake, choice: u8, chance: u8, now: Timestamp) -> Option<Intake> {
        let taken = Intake { tries: Tries { made: it.tries.made + 1, ..it.tries }, ..it.clone() };
        match choice % 5 {
            0 => taken.after(Outcome::Processed, now, chance),
            1 => taken.after(Outcome::Ignored(Reason::new("no course")), now, chance),
            2 => taken.after(Outcome::Failed(Reason::new("no sense")), now, chance),
            3 => it.clone().replayed(now),
            _ => it.clone().discarded(Reason::new("seen"), now),
        }
        .ok()
    }

    proptest! {
        #[test]
        fn whatever_happens_everything_received_is_in_one_state(
            steps in prop::collection::vec((0_usize..4, any::<u8>(), any::<u8>()), 0..200),
        ) {
            let now = Timestamp::from_seconds(1_000);
            let mut all: Vec<_> = (0..4).map(fresh).collect();
            let mut tally = Tally::default();
            for _ in &all {
                tally.apply(Change::received());
            }
            for (which, choice, chance) in steps {
                if let Some(next) = step(&all[which], choice, chance, now) {
                    tally.apply(Change::between(&all[which].state, &next.state));
                    all[which] = next;
                }
                tally.pending = u64::try_from(
                    all.iter().filter(|it| it.state.name() == State::PENDING).count(),
                ).unwrap();
                prop_assert!(tally.adds_up(), "{:?}", tally);
            }
        }

        #[test]
        fn what_always_fails_is_given_up_after_six_tries(chance: u8) {
            let mut it = fresh(1);
            let mut tries = 0;
            let now = Timestamp::from_seconds(1_000);
            while let Some(next) = step(&it, 2, chance, now) {
                let later = next.state.next_at().is_none_or(|at| at > now);
                prop_assert!(later);
                it = next;
                tries += 1;
            }
            prop_assert_eq!((tries, it.state.name()), (6, State::DEAD));
        }
    }

    #[test]
    fn a_step_that_is_not_allowed_says_where_the_delivery_stands() {
        let now = Timestamp::from_seconds(1_000);
        let waiting = fresh(1).replayed(now).unwrap_err();
        assert_eq!(waiting.to_string(), "the delivery is pending, not processed, ignored or dead");
        let done = Intake { state: State::Processed { at: now }, ..fresh(1) };
        let twice = done.after(Outcome::Processed, now, 0).unwrap_err();
        assert_eq!(twice.to_string(), "the delivery is processed, not pending");
    }
}
