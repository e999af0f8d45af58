//! Patterns that somebody should look at, and what people decided about them.
//!
//! Flags are worked out like results; only decisions are kept. They are for the
//! staff: a flag is a question, and no verdict.

use std::{collections::BTreeMap, fmt, str::FromStr};

use lodge_access::Action;
use lodge_activity::Period;
use lodge_checks::{Flag, FlagKind, Severity, flags};
use lodge_courses::{Act, settings::Deadline};
use lodge_kernel::{CourseId, StudentId, TeamId, Timestamp, hex};
use lodge_storage::{FlagDecision, Listing, StorageError, TeamFilter, UnitOfWork};
use lodge_teams::{FlagState, Student, Team};

use super::facts::teams;
use crate::{
    Caller, Standing, Teaching, TeachingError,
    activity::Everybody,
    standing::{standing, standing_for},
    teams::seen_team,
};

/// The most flags of an answer: the newest.
const MOST: usize = 500;

/// The most teams of a student whose notes go.
const MOST_TEAMS: usize = 1_000;

const UNKNOWN: TeachingError = TeachingError::NotFound("flag");

/// Which flag: the same for the same pattern whenever it is worked out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlagId {
    /// Of which team.
    pub team: TeamId,
    /// Half of the SHA-256 of its key, in hexadecimal digits.
    digest: String,
}

impl FlagId {
    const PREFIX: &'static str = "flag_";
    const DIGITS: usize = 32;
}

impl fmt::Display for FlagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}_{}", Self::PREFIX, self.team.as_uuid().simple(), self.digest)
    }
}

/// A text is not the id of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a flag is `flag_`, 32 hexadecimal digits, `_` and 32 more")]
pub struct ParseFlagIdError;

impl FromStr for FlagId {
    type Err = ParseFlagIdError;

    fn from_str(text: &str) -> Result<Self, ParseFlagIdError> {
        let id = || {
            let (team, digest) = text.strip_prefix(Self::PREFIX)?.split_once('_')?;
            let is_digit = |it: u8| it.is_ascii_digit() || matches!(it, b'a'..=b'f');
            let fits = digest.len() == Self::DIGITS && digest.bytes().all(is_digit);
            let team = format!("{}{team}", TeamId::PREFIX).parse().ok()?;
            fits.then(|| Self { team, digest: digest.to_owned() })
        };
        id().ok_or(ParseFlagIdError)
    }
}

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

/// What is decided; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionDraft {
    /// Where it stands.
    pub state: Option<FlagState>,
    /// Why; without a text inside, the note goes.
    pub note: Option<Option<String>>,
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

    /// Confirms or dismisses a flag, or opens it again, and says why. The last
    /// decision counts. No score changes.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Invalid`] for a note that is too long
    /// and for nothing to decide.
    #[tracing::instrument(name = "teaching.decide_flag", skip_all)]
    pub async fn decide_flag(
        &self,
        caller: &Caller,
        id: &FlagId,
        draft: DecisionDraft,
    ) -> Result<SeenFlag, TeachingError> {
        let note = draft.note.map(|it| it.map(|it| it.trim().to_owned()));
        check(draft.state, note.as_ref())?;
        // Worked out before the database is asked to change anything.
        let seen = self.find_flag(caller, id).await?;
        let mut work = self.storage.begin().await?;
        let team = work.teams().find(caller.tenant()?, id.team).await?.ok_or(UNKNOWN)?;
        let known = standing_for(&mut *work, caller, team.course, "flag").await?;
        known.may_change(caller, Act::Grade)?;
        let before = work.flag_decisions().of_team(team.tenant, team.id).await?;
        let before = before.into_iter().find(|it| it.flag == id.digest);
        let (was, said) = before.map_or((FlagState::Open, None), |it| (it.state, it.note));
        let decision = FlagDecision {
            tenant: team.tenant,
            course: team.course,
            team: team.id,
            flag: id.digest.clone(),
            state: draft.state.unwrap_or(was),
            note: note.unwrap_or(said).filter(|it| !it.is_empty()),
            decided_by: match caller {
                Caller::Bootstrap { .. } => None,
                Caller::Person(person) => Some(person.user),
            },
            decided_at: self.now(),
        };
        work.flag_decisions().put(&decision).await?;
        let state = decision.state.name();
        let decided = Action::FlagDecided;
        self.audit(&mut *work, (team.tenant, caller), decided, |it| it.to(id).because(state))
            .await?;
        work.commit().await?;
        Ok(SeenFlag { decision: Some(decision), ..seen })
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
            let mut digest = hex::encode(&self.keys.digest(flag.key().as_bytes()).0);
            digest.truncate(FlagId::DIGITS);
            let named = |it: &StudentId| (*it, everybody.name(*it, known));
            SeenFlag {
                decision: decisions.remove(&digest),
                id: FlagId { team: facts.team.id, digest },
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

fn check(state: Option<FlagState>, note: Option<&Option<String>>) -> Result<(), TeachingError> {
    if state.is_none() && note.is_none() {
        return Err(TeachingError::invalid("state", "say a `state`, a `note`, or both"));
    }
    let text = note.and_then(|it| it.as_deref()).unwrap_or_default();
    if text.chars().count() > FlagDecision::LONGEST_NOTE {
        return Err(TeachingError::invalid("note", "a note has at most 2,000 characters"));
    }
    if text.contains('\0') {
        return Err(TeachingError::invalid("note", "a note has no NUL"));
    }
    Ok(())
}

/// Takes the notes of the flags of a student's teams: a name may stand in them.
/// What was decided stays.
///
/// # Errors
///
/// [`StorageError`].
pub(crate) async fn forget_notes(
    work: &mut dyn UnitOfWork,
    student: &Student,
) -> Result<(), StorageError> {
    let filter = TeamFilter { member: Some(student.id), state: None };
    let listing = Listing::first(MOST_TEAMS);
    let teams = work.teams().list(student.tenant, student.course, filter, &listing).await?;
    for team in teams {
        let decisions = work.flag_decisions().of_team(team.tenant, team.id).await?;
        for it in decisions.into_iter().filter(|it| it.note.is_some()) {
            work.flag_decisions().put(&FlagDecision { note: None, ..it }).await?;
        }
    }
    Ok(())
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

    use lodge_testkit::builders::{NOW, team_id};

    use super::*;

    #[test]
    fn an_id_survives_its_text_and_no_other_text_is_one() {
        let id = FlagId { team: team_id(7), digest: "0123456789abcdef".repeat(2) };
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        let upper = text.to_uppercase();
        for wrong in ["", "flag_", "flag__", &text[..60], &upper, &format!("{text}0")] {
            assert_eq!(wrong.parse::<FlagId>(), Err(ParseFlagIdError), "{wrong}");
        }
    }

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
