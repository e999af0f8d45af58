//! How the results of a course went, week by week.

use std::{future::poll_fn, task::Poll};

use lodge_activity::Offset;
use lodge_checks::{Light, Points, evaluate, mean};
use lodge_courses::Act;
use lodge_kernel::{CourseId, Day, Timestamp};

use super::facts::{TeamFacts, teams};
use crate::{Caller, Standing, Teaching, TeachingError, activity::Everybody, standing::standing};

/// How the results went.
pub struct Trend {
    /// As whom the caller sees it.
    pub known: Standing,
    /// Each week, oldest first. The last one is this week, up to now.
    pub steps: Vec<TrendStep>,
    /// In some team there is more than is judged at once, and what is oldest is
    /// left out.
    pub truncated: bool,
}

/// How results stood at the end of a week.
pub struct TrendStep {
    /// The week's Monday, in the course's time zone.
    pub week: Day,
    /// When results are of: the end of the week, or now.
    pub at: Timestamp,
    /// The mean of the teams' scores. `None` when nobody could be judged.
    pub score: Option<Points>,
    /// How many teams have which light: green, yellow, red.
    pub lights: [u32; 3],
}

impl Teaching {
    /// How the results of a course went in the last `weeks`, for those who see
    /// everybody in it: with the members, the settings and the texts of now.
    /// `zone` knows the clocks of a time zone.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.trend", skip_all)]
    pub async fn course_trend<Zone: Fn(Timestamp) -> i32 + Send>(
        &self,
        caller: &Caller,
        id: CourseId,
        weeks: u32,
        zone: impl Fn(&str) -> Zone + Send,
    ) -> Result<Trend, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let tenant = known.course.tenant;
        let everybody = Everybody::of_course(&mut *work, tenant, id).await?;
        let ends = ends(self.now(), weeks, &zone(&known.course.details.time_zone));
        let (mut scores, mut truncated) = (vec![Vec::new(); ends.len()], false);
        for team in teams(&mut *work, tenant, id).await? {
            let facts = self.team_facts(&mut *work, team).await?;
            truncated |= facts.truncated;
            for ((_, at), scores) in ends.iter().zip(&mut scores) {
                scores.push(score(&facts, &everybody, &known, *at));
                // One team's semester is a long way for others to wait.
                pass().await;
            }
        }
        let thresholds = known.course.settings.thresholds;
        let step = |((week, at), scores): ((Day, Timestamp), Vec<Option<Points>>)| {
            let count = |wanted| {
                let lit = scores.iter().flatten().filter(|it| it.light(thresholds) == wanted);
                u32::try_from(lit.count()).unwrap_or(u32::MAX)
            };
            let lights = [Light::Green, Light::Yellow, Light::Red].map(count);
            TrendStep { week, at, score: mean(scores.iter().copied()), lights }
        };
        let steps = ends.into_iter().zip(scores).map(step).collect();
        Ok(Trend { known, steps, truncated })
    }
}

fn score(
    facts: &TeamFacts,
    everybody: &Everybody,
    known: &Standing,
    at: Timestamp,
) -> Option<Points> {
    let then = facts.as_of(at);
    let results = evaluate(&known.course.settings, &then.record(&everybody.people));
    mean(results.iter().map(|it| it.score))
}

/// The Mondays of the last weeks and when each week ends, the last one now.
fn ends(now: Timestamp, weeks: u32, offset: Offset<'_>) -> Vec<(Day, Timestamp)> {
    let this = Day::of(now, offset(now)).monday();
    let ends = (0..weeks).rev().map(|before| {
        let week = this.weeks_before(before);
        let end = week.next_week().start(offset);
        (week, end.min(now))
    });
    ends.collect()
}

/// Lets others go on.
async fn pass() {
    let mut passed = false;
    poll_fn(|context| {
        if passed {
            return Poll::Ready(());
        }
        passed = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
