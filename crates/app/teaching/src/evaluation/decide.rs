//! What people decide about flags.

use lodge_access::Action;
use lodge_courses::Act;
use lodge_storage::{FlagDecision, Listing, StorageError, TeamFilter, UnitOfWork};
use lodge_teams::{FlagState, Student};

use super::{
    flag_id::FlagId,
    flags::{SeenFlag, UNKNOWN},
};
use crate::{Caller, Teaching, TeachingError, standing::standing_for};

/// The most teams of a student whose notes go.
const MOST_TEAMS: usize = 1_000;

/// What is decided; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionDraft {
    /// Where it stands.
    pub state: Option<FlagState>,
    /// Why; without a text inside, the note goes.
    pub note: Option<Option<String>>,
}

impl Teaching {
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
