//! Patterns that ask somebody to look.

use lodge_checks::{Flag, flags::flags};
use lodge_courses::Act;
use lodge_kernel::TeamId;

use super::facts::TeamFacts;
use crate::{Caller, Standing, Teaching, TeachingError, activity::Everybody, teams::seen_team};

/// The flags of a team.
pub struct TeamFlags {
    /// As whom the caller sees them.
    pub known: Standing,
    /// Newest first.
    pub flags: Vec<SeenFlag>,
    /// There is more than is judged at once, and what is oldest is left out.
    pub truncated: bool,
}

/// A flag, as the caller sees it.
pub struct SeenFlag {
    /// What was seen.
    pub flag: Flag,
    /// The names of its students, in its order.
    pub names: Vec<Option<String>>,
}

impl Teaching {
    /// The flags of a team, for those who see every team.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.team_flags", skip_all)]
    pub async fn team_flags(
        &self,
        caller: &Caller,
        id: TeamId,
    ) -> Result<TeamFlags, TeachingError> {
        let mut work = self.storage.read().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let everybody = Everybody::of_course(&mut *work, team.tenant, team.course).await?;
        let facts = TeamFacts::read(&mut *work, team).await?;
        let seen = |flag: Flag| {
            let names = flag.students.iter().map(|it| everybody.name(*it, &known)).collect();
            SeenFlag { flag, names }
        };
        let found = flags(&facts.record(&everybody.people)).into_iter().map(seen).collect();
        Ok(TeamFlags { flags: found, truncated: facts.truncated, known })
    }
}
