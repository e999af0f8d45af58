//! What came, for people: looked at, counted, replayed, discarded.

use std::{cmp::Reverse, time::Duration};

use lodge_access::Action;
use lodge_courses::{Act, TokenScope};
use lodge_firewall::{Firewall, Tally as Masked};
use lodge_intake::{Attempt, Intake, NotAllowed, Reason, State, Tally};
use lodge_kernel::{IntakeId, TeamId};
use lodge_storage::{IntakeFilter, Listing, ProjectFilter, StorageError};

use super::{hooks::keeper, parcel};
use crate::{Caller, Teaching, TeachingError, teams::seen_team};

/// Over how long the rate of deliveries is taken.
pub const RATE_OVER: Duration = Duration::from_mins(5);
/// How many one request may replay.
pub const MOST_REPLAYED: usize = 1_000;
/// The most projects of a team whose deliveries are listed.
const MOST_PROJECTS: usize = 200;

/// One delivery with what is beside it.
#[derive(Clone, Debug)]
pub struct EventDetail {
    /// The delivery.
    pub intake: Intake,
    /// Its headers, without those that proved it. Empty when it cannot be
    /// opened any more.
    pub headers: Vec<(String, String)>,
    /// Its body, in which what looks like a secret is masked. `None` when it
    /// cannot be opened any more.
    pub body: Option<String>,
    /// How its tries went.
    pub attempts: Vec<Attempt>,
}

/// How intake is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// What must add up.
    pub tally: Tally,
    /// How long the oldest that waits has waited.
    pub lag: Duration,
    /// How many came in the last five minutes.
    pub lately: u64,
}

/// What a replay comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// How many wait again, or would.
    pub events: u64,
    /// How many are meant and left.
    pub left: u64,
    /// The oldest of those that wait again, where some are left: they are
    /// before it.
    pub next: Option<IntakeId>,
}

impl Teaching {
    /// The deliveries that `filter` means, newest first: at most `limit` before
    /// `before`.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_events", skip_all)]
    pub async fn events(
        &self,
        caller: &Caller,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
        limit: usize,
    ) -> Result<Vec<Intake>, TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesRead)?;
        let mut work = self.storage.read().await?;
        let found = work.intake().newest(tenant, filter, before, limit).await?;
        Ok(found)
    }

    /// The deliveries about the projects of a team that `filter` means, newest
    /// first: at most `limit` before `before`. For those who see every team:
    /// students are not shown what hosts deliver.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.team_events", skip_all)]
    pub async fn team_events(
        &self,
        caller: &Caller,
        id: TeamId,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
        limit: usize,
    ) -> Result<Vec<Intake>, TeachingError> {
        let mut work = self.storage.read().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let of_team = ProjectFilter { team: Some(id), ..ProjectFilter::default() };
        let listing = Listing::first(MOST_PROJECTS);
        let projects = work.projects().list(team.tenant, team.course, of_team, &listing).await?;
        let projects: Vec<_> = projects.into_iter().map(|it| it.id).collect();
        if projects.is_empty() {
            // A filter without projects would mean those of everybody.
            return Ok(Vec::new());
        }
        let filter = IntakeFilter { projects, ..filter.clone() };
        let found = work.intake().newest(team.tenant, &filter, before, limit).await?;
        Ok(found)
    }

    /// One delivery, with its headers, its masked body and its tries.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.find_event", skip_all)]
    pub async fn event(&self, caller: &Caller, id: IntakeId) -> Result<EventDetail, TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesRead)?;
        let mut work = self.storage.read().await?;
        let intake = work.intake().find(tenant, id).await?;
        let intake = intake.ok_or(TeachingError::NotFound("event"))?;
        let attempts = work.intake().attempts(tenant, id).await?;
        let sealed = work.intake().parcel(tenant, id).await?.unwrap_or_default();
        drop(work);
        let opened = parcel::open(&*self.keys, tenant, id, &sealed, intake.received_at);
        let Some(delivery) = opened else {
            return Ok(EventDetail { intake, headers: Vec::new(), body: None, attempts });
        };
        let firewall = Firewall::new(&self.intake.rules, &*self.keys, tenant);
        let text = String::from_utf8_lossy(&delivery.body).into_owned();
        let body = Some(firewall.review_text(text, &mut Masked::default()));
        Ok(EventDetail { intake, headers: delivery.headers, body, attempts })
    }

    /// How intake of the caller's organisation is doing.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.event_numbers", skip_all)]
    pub async fn event_numbers(&self, caller: &Caller) -> Result<Numbers, TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesRead)?;
        let now = self.now();
        let mut work = self.storage.read().await?;
        let tally = work.intake().tally(Some(tenant)).await?;
        let oldest = work.intake().oldest_pending(Some(tenant)).await?;
        let since = Some(now.minus(RATE_OVER));
        let filter = IntakeFilter { since, ..IntakeFilter::default() };
        let lately = work.intake().count(tenant, &filter, None).await?;
        let lag = oldest.map(|it| now.since(it)).unwrap_or_default();
        Ok(Numbers { tally, lag, lately })
    }

    /// How intake of all organisations is doing, for metrics: what must add up,
    /// and how long the oldest that waits has waited.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn intake_of_all(&self) -> Result<(Tally, Duration), StorageError> {
        let mut work = self.storage.read().await?;
        let tally = work.intake().tally(None).await?;
        let oldest = work.intake().oldest_pending(None).await?;
        Ok((tally, oldest.map(|it| self.now().since(it)).unwrap_or_default()))
    }

    /// Makes one that has ended wait again.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Blocked`] for one that waits.
    #[tracing::instrument(name = "teaching.replay_event", skip_all)]
    pub async fn replay_event(
        &self,
        caller: &Caller,
        id: IntakeId,
    ) -> Result<Intake, TeachingError> {
        let again = |it: Intake| it.replayed(self.now());
        self.step(
            caller,
            id,
            Action::EventReplayed,
            "it is waiting: there is nothing to replay",
            again,
        )
        .await
    }

    /// Discards a dead letter: it counts as ignored, and is forgotten with the
    /// others.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Blocked`] for what is no dead letter.
    #[tracing::instrument(name = "teaching.discard_event", skip_all)]
    pub async fn discard_event(
        &self,
        caller: &Caller,
        id: IntakeId,
    ) -> Result<Intake, TeachingError> {
        let reason = Reason::new(format!("discarded by {}", caller.actor()));
        let gone = |it: Intake| it.discarded(reason, self.now());
        self.step(caller, id, Action::EventDiscarded, "it is no dead letter", gone).await
    }

    async fn step(
        &self,
        caller: &Caller,
        id: IntakeId,
        action: Action,
        blocked: &'static str,
        step: impl FnOnce(Intake) -> Result<Intake, NotAllowed> + Send,
    ) -> Result<Intake, TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesWrite)?;
        let mut work = self.storage.begin().await?;
        let known = work.intake().find(tenant, id).await?;
        let known = known.ok_or(TeachingError::NotFound("event"))?;
        let next = step(known.clone()).map_err(|_not_allowed| TeachingError::Blocked(blocked))?;
        let overtaken = work.intake().change(&[(known, next.clone())]).await?;
        if !overtaken.is_empty() {
            return Err(TeachingError::Blocked("somebody else was there first: look again"));
        }
        self.audit(&mut *work, (tenant, caller), action, |it| it.to(id)).await?;
        work.commit().await?;
        Ok(next)
    }

    /// Makes the newest of those wait again that `filter` means and that have
    /// ended, up to [`MOST_REPLAYED`] before `before`. With `dry_run` it only
    /// counts.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.replay_events", skip_all)]
    pub async fn replay_events(
        &self,
        caller: &Caller,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
        dry_run: bool,
    ) -> Result<Replayed, TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesWrite)?;
        if filter.state == Some(State::PENDING) {
            let problem = "what is pending is not replayed: processed, ignored or dead";
            return Err(TeachingError::invalid("status", problem));
        }
        let mut work = self.storage.begin().await?;
        let ended: Vec<_> = match filter.state {
            Some(state) => vec![state],
            None => vec![State::PROCESSED, State::IGNORED, State::DEAD],
        };
        let (mut found, mut meant) = (Vec::new(), 0);
        for state in ended {
            let filter = IntakeFilter { state: Some(state), ..filter.clone() };
            meant += work.intake().count(tenant, &filter, before).await?;
            if !dry_run {
                found.extend(work.intake().newest(tenant, &filter, before, MOST_REPLAYED).await?);
            }
        }
        if dry_run {
            return Ok(Replayed { events: meant, ..Replayed::default() });
        }
        found.sort_by_key(|it| Reverse(it.id));
        found.truncate(MOST_REPLAYED);
        // They end again soon, and are meant again then: the next ones are older.
        let left = meant.saturating_sub(number(found.len()));
        let next = found.last().filter(|_| left > 0).map(|it| it.id);
        let now = self.now();
        let again = |it: Intake| Some((it.clone(), it.replayed(now).ok()?));
        let steps: Vec<_> = found.into_iter().filter_map(again).collect();
        let overtaken = work.intake().change(&steps).await?;
        let events = number(steps.len().saturating_sub(overtaken.len()));
        if events > 0 {
            let say = |it: lodge_gateway::audit::Happened| it.because(format!("{events} events"));
            self.audit(&mut *work, (tenant, caller), Action::EventReplayed, say).await?;
            work.commit().await?;
        }
        Ok(Replayed { events, left, next })
    }
}

fn number(it: usize) -> u64 {
    u64::try_from(it).unwrap_or(u64::MAX)
}
