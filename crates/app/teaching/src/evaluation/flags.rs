//! Patterns that somebody should look at, and what people decided about them.
//!
//! Flags are worked out like results; only decisions are kept. They are for the
//! staff: a flag is a question, and no verdict.

use std::collections::BTreeMap;

use lodge_activity::Period;
use lodge_checks::{Flag, FlagKind, Severity, flags};
use lodge_courses::{Act, settings::Deadline};
use lodge_kernel::{CourseId, StudentId, TeamId, Timestamp};
use lodge_storage::{FlagDecision, UnitOfWork};
use lodge_teams::{FlagState, Team};

use super::{facts::teams, flag_id::FlagId};
use crate::{
    Caller, Standing, Teaching, TeachingError,
    activity::Everybody,
    standing::{standing, standing_for},
    teams::seen_team,
};

/// The most flags of an answer: the newest.
const MOST: usize = 500;

pub(super) const UNKNOWN: TeachingError = TeachingError::NotFound("flag");

/// A flag with what somebody decided about it.
#[derive(Clone, Debug)]
pub struct SeenFlag {
    /// Which.
    pub id: FlagId,
    /// Of which team, and its name.
    pub team: (TeamId, String),
    /// Whose doing it is, with names.
    pub students: Vec<(StudentId, Option<String>)>,
    /// What was seen.
    pub flag: Flag,
    /// The last decision about it.
    pub decision: Option<FlagDecision>,
}

impl SeenFlag {
    /// Where it stands.
    pub fn state(&self) -> FlagState {
        self.decision.as_ref().map_or(FlagState::Open, |it| it.state)
    }
}

/// Flags, the newest first.
#[derive(Clone, Debug)]
pub struct Flags {
    /// At most 500.
    pub flags: Vec<SeenFlag>,
    /// There are more, or more facts than are looked at at once.
    pub truncated: bool,
}

/// Which flags are meant; what is `None` does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlagFilter {
    /// Those that stand there.
    pub state: Option<FlagState>,
    /// Those of this kind.
    pub kind: Option<FlagKind>,
    /// Those that matter as much or more.
    pub severity: Option<Severity>,
}

impl FlagFilter {
    fn has(self, it: &SeenFlag) -> bool {
        self.state.is_none_or(|state| it.state() == state)
            && self.kind.is_none_or(|kind| it.flag.kind == kind)
            && self.severity.is_none_or(|least| it.flag.severity >= least)
    }
}

impl Teaching {
    /// The flags of a team, for those who see everybody in the course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.team_flags", skip_all)]
    pub async fn team_flags(
        &self,
        caller: &Caller,
        id: TeamId,
        filter: FlagFilter,
    ) -> Result<Flags, TeachingError> {
        let mut work = self.storage.read().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let everybody = Everybody::of_course(&mut *work, team.tenant, team.course).await?;
        let (flags, truncated) = self.seen(&mut *work, &known, &everybody, team).await?;
        Ok(of(flags, filter, truncated))
    }

    /// The flags of every team of a course, for those who see everybody in it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.course_flags", skip_all)]
    pub async fn course_flags(
        &self,
        caller: &Caller,
        id: CourseId,
        filter: FlagFilter,
    ) -> Result<Flags, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let tenant = known.course.tenant;
        let everybody = Everybody::of_course(&mut *work, tenant, id).await?;
        let (mut all, mut truncated) = (Vec::new(), false);
        for team in teams(&mut *work, tenant, id).await? {
            let (flags, is_cut) = self.seen(&mut *work, &known, &everybody, team).await?;
            all.extend(flags);
            truncated |= is_cut;
        }
        Ok(of(all, filter, truncated))
    }

    /// One flag.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::NotFound`] also when it is not seen
    /// any more.
    #[tracing::instrument(name = "teaching.find_flag", skip_all)]
    pub async fn find_flag(&self, caller: &Caller, id: &FlagId) -> Result<SeenFlag, TeachingError> {
        let mut work = self.storage.read().await?;
        let tenant = caller.tenant().map_err(|_nowhere| UNKNOWN)?;
        let team = work.teams().find(tenant, id.team).await?.ok_or(UNKNOWN)?;
        let known = standing_for(&mut *work, caller, team.course, "flag").await?;
        known.may(Act::SeeEverybody)?;
        let everybody = Everybody::of_course(&mut *work, tenant, team.course).await?;
        let (flags, _) = self.seen(&mut *work, &known, &everybody, team).await?;
        flags.into_iter().find(|it| it.id == *id).ok_or(UNKNOWN)
    }

    /// What there is in a team, and whether not all of it was looked at.
    async fn seen(
        &self,
        work: &mut dyn UnitOfWork,
        known: &Standing,
        everybody: &Everybody,
        team: Team,
    ) -> Result<(Vec<SeenFlag>, bool), TeachingError> {
        let decisions = work.flag_decisions().of_team(team.tenant, team.id).await?;
        let mut decisions: BTreeMap<_, _> =
            decisions.into_iter().map(|it| (it.flag.clone(), it)).collect();
        let facts = self.team_facts(work, team).await?;
        let settings = &known.course.settings;
        let periods = periods(&settings.deadlines, self.now());
        let found = flags(&facts.record(&everybody.people), &settings.flags, &periods);
        let seen = found.into_iter().map(|flag| {
            let id = FlagId::of(facts.team.id, &flag, &*self.keys);
            let named = |it: &StudentId| (*it, everybody.name(*it, known));
            SeenFlag {
                decision: decisions.remove(&id.digest),
                id,
                team: (facts.team.id, facts.team.name.clone()),
                students: flag.students.iter().map(named).collect(),
                flag,
            }
        });
        Ok((seen.collect(), facts.truncated))
    }
}

/// Those that are meant, the newest first.
fn of(mut all: Vec<SeenFlag>, filter: FlagFilter, truncated: bool) -> Flags {
    all.retain(|it| filter.has(it));
    all.sort_by(|one, other| (other.flag.at, &one.id).cmp(&(one.flag.at, &other.id)));
    let truncated = truncated || all.len() > MOST;
    all.truncate(MOST);
    Flags { flags: all, truncated }
}

/// When work was done for each deadline that has passed: from the one before.
/// Without deadlines it is all one period, that ends with the last commit.
fn periods(deadlines: &[Deadline], now: Timestamp) -> Vec<Period> {
    if deadlines.is_empty() {
        return vec![Period::default()];
    }
    let mut ends: Vec<_> = deadlines.iter().map(|it| it.at).filter(|it| *it <= now).collect();
    ends.sort_unstable();
    ends.dedup();
    let begins = std::iter::once(None).chain(ends.iter().copied().map(Some));
    begins.zip(&ends).map(|(since, until)| Period { since, until: Some(*until) }).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use lodge_testkit::builders::NOW;

    use super::*;

    #[test]
    fn work_for_a_deadline_begins_with_the_one_before() {
        let hours = |n: u64| NOW.plus(Duration::from_hours(n));
        let due = |n| Deadline { name: "Sprint".to_owned(), at: hours(n) };
        assert_eq!(periods(&[], NOW), [Period::default()]);
        assert_eq!(periods(&[due(9)], NOW), []);
        let expected = [
            Period { since: None, until: Some(hours(1)) },
            Period { since: Some(hours(1)), until: Some(hours(5)) },
        ];
        assert_eq!(periods(&[due(5), due(1), due(9), due(1)], hours(6)), expected);
    }
}
