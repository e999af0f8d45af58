//! Where a course is brought in from.

use std::time::Duration;

use lodge_forge::ProviderName;
use lodge_kernel::{ConnectionId, CourseId, ProjectId, TenantId, Timestamp};

/// What a course is brought in from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A group: its groups are teams.
    Group,
    /// One repository: one team.
    Project,
}

impl SourceKind {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Project => "project",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Group, Self::Project].into_iter().find(|it| it.name() == name)
    }
}

/// Where a course is brought in from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseSource {
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// The host.
    pub host: ProviderName,
    /// The account that it is read through; `None` for the operator's own.
    pub connection: Option<ConnectionId>,
    /// What it is.
    pub kind: SourceKind,
    /// The host's id of it.
    pub remote_id: String,
    /// The address that a teacher gave.
    pub address: String,
    /// It is kept up by itself.
    pub auto_sync: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last brought in to its end.
    pub synced_at: Option<Timestamp>,
    /// When that was last tried, or asked for.
    pub tried_at: Option<Timestamp>,
    /// Why it cannot be brought in; `None` when the last attempt came to its end.
    pub failure: Option<SourceFailure>,
}

/// Attempts to bring a source in that have failed in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFailure {
    /// How many: those that were made before the wait was over count as the one
    /// before.
    pub in_a_row: u32,
    /// Why the last one did, for people.
    pub reason: String,
    /// It is not tried by itself before.
    pub retry_at: Timestamp,
}

impl SourceFailure {
    /// How long the reason may be, in characters.
    const LONGEST: usize = 500;
    /// How long it is left alone after the first failure. Each time, it is twice
    /// as long.
    const FIRST_WAIT: Duration = Duration::from_mins(15);
    /// The longest time that it is left alone.
    const LONGEST_WAIT: Duration = Duration::from_hours(24);

    /// How long it is left alone after so many failures in a row.
    fn wait(in_a_row: u32) -> Duration {
        let times = 2_u32.saturating_pow(in_a_row.saturating_sub(1));
        Self::FIRST_WAIT.saturating_mul(times).min(Self::LONGEST_WAIT)
    }
}

impl CourseSource {
    /// It was brought in to its end, by an attempt that began at `at`.
    #[must_use]
    pub fn brought_in(self, at: Timestamp) -> Self {
        Self { synced_at: Some(at), tried_at: Some(at), failure: None, ..self }
    }

    /// It could not be brought in.
    #[must_use]
    pub fn failed(self, reason: &str, now: Timestamp) -> Self {
        // PostgreSQL keeps no text with a zero character, and hosts may say anything.
        let reason = reason.chars().filter(|it| !it.is_control());
        let reason = reason.take(SourceFailure::LONGEST).collect();
        let failure = match self.failure {
            // Somebody asked, or the job was tried again, before the wait was over.
            Some(before) if now < before.retry_at => SourceFailure { reason, ..before },
            before => {
                let in_a_row = before.map_or(0, |it| it.in_a_row).saturating_add(1);
                let retry_at = now.plus(SourceFailure::wait(in_a_row));
                SourceFailure { in_a_row, reason, retry_at }
            }
        };
        Self { tried_at: Some(now), failure: Some(failure), ..self }
    }
}

/// How far a project is kept up with its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectSync {
    /// The organisation.
    pub tenant: TenantId,
    /// The project.
    pub project: ProjectId,
    /// The host's id of the source that it was last read from: the account of
    /// that source is the one that sees it.
    pub source: String,
    /// When the last reading to its end began: what changed before is known.
    pub read_since: Option<Timestamp>,
    /// When it ended.
    pub synced_at: Option<Timestamp>,
    /// Why the last one did not come to its end; `None` when it did.
    pub problem: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::EPOCH;

    fn a_source() -> CourseSource {
        CourseSource {
            tenant: TenantId::nil(),
            course: CourseId::nil(),
            host: ProviderName::parse("gitlab").unwrap(),
            connection: None,
            kind: SourceKind::Group,
            remote_id: "1".to_owned(),
            address: "https://git/course".to_owned(),
            auto_sync: true,
            created_at: NOW,
            synced_at: None,
            tried_at: None,
            failure: None,
        }
    }

    #[test]
    fn a_source_that_fails_is_left_alone_twice_as_long_each_time_up_to_a_day() {
        let (mut source, mut now, mut waits) = (a_source(), NOW, Vec::new());
        for _ in 0..40 {
            source = source.failed("the account sees nothing", now);
            let retry_at = source.failure.as_ref().unwrap().retry_at;
            waits.push(retry_at.since(now).as_secs() / 60);
            now = retry_at;
        }
        assert_eq!(waits[..9], [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440]);
        assert!(waits[9..].iter().all(|it| *it == 1_440));
        let source = source.brought_in(now);
        assert_eq!((source.synced_at, source.failure), (Some(now), None));
    }

    #[test]
    fn attempts_before_the_wait_is_over_count_as_one_and_tell_the_newest_reason() {
        let first = a_source().failed("one", NOW);
        let soon = NOW.plus(Duration::from_mins(14));
        let again = first.clone().failed(&"x\0".repeat(900), soon);
        assert_eq!(again.tried_at, Some(soon));
        let (first, again) = (first.failure.unwrap(), again.failure.unwrap());
        assert_eq!((again.in_a_row, again.retry_at), (1, first.retry_at));
        assert_eq!(again.reason, "x".repeat(500));
    }
}
