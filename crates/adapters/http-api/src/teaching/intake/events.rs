//! `GET /api/v1/events/` and below, and `GET /api/v1/teams/{teamId}/events`: what
//! hosts delivered.

use actix_web::http::StatusCode;
use lodge_intake::{Kind, State};
use lodge_kernel::{IntakeId, ProjectId, TeamId, Timestamp};
use lodge_storage::IntakeFilter;
use serde::Deserialize;

use super::view::{EventDetailView, EventView, NumbersView};
use crate::{
    query::limit,
    teaching::{
        caller::Teacher,
        page::Pager,
        problem::{Refusal, RefusalBody},
        respond::{Answer, Many, One},
    },
};

/// What is meant, in a query or in a body.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilterFields {
    /// `pending`, `processed`, `ignored` or `dead`.
    status: Option<String>,
    /// The kind of event.
    r#type: Option<String>,
    project_id: Option<String>,
    /// Those that came then or later: RFC 3339, to the millisecond.
    since: Option<String>,
    /// Those that came before then.
    until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsQuery {
    limit: Option<String>,
    cursor: Option<String>,
    status: Option<String>,
    r#type: Option<String>,
    project_id: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

impl FilterFields {
    /// The filter that they stand for.
    pub(crate) fn parse(&self) -> Result<IntakeFilter, Refusal> {
        let state = self.status.as_deref().map(|name| {
            let known = State::NAMES.into_iter().find(|it| *it == name);
            known.ok_or_else(|| {
                Refusal::invalid(format!("`status` is one of {}", list(State::NAMES)))
            })
        });
        let kind = self.r#type.as_deref().map(|name| {
            let names = Kind::ALL.map(Kind::name);
            Kind::parse(name)
                .ok_or_else(|| Refusal::invalid(format!("`type` is one of {}", list(names))))
        });
        let project = self.project_id.as_deref().map(|it| {
            it.parse::<ProjectId>().map_err(|_not_an_id| {
                Refusal::invalid("`project_id` is an id that begins with `project_`")
            })
        });
        let instant = |name: &str, text: &Option<String>| {
            let parsed = text.as_deref().map(|it| {
                Timestamp::parse(it).map_err(|_not_a_time| {
                    Refusal::invalid(format!("`{name}` is like 2026-11-22T14:30:00Z"))
                })
            });
            parsed.transpose()
        };
        Ok(IntakeFilter {
            state: state.transpose()?,
            kind: kind.transpose()?,
            projects: project.transpose()?.into_iter().collect(),
            repository: None,
            since: instant("since", &self.since)?,
            until: instant("until", &self.until)?,
        })
    }

    fn named(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("status", &self.status),
            ("type", &self.r#type),
            ("project", &self.project_id),
            ("since", &self.since),
            ("until", &self.until),
        ];
        all.into_iter().filter_map(|(name, it)| Some((name, it.clone()?))).collect()
    }
}

fn list<const N: usize>(names: [&'static str; N]) -> String {
    names.join(", ")
}

/// What hosts delivered, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/events/",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("limit" = Option<u8>, Query, description = "1 to 100; 25 when nothing is said"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("status" = Option<String>, Query, description = "`pending`, `processed`, `ignored` or `dead`"),
        ("type" = Option<String>, Query, description = "The kind of event"),
        ("project_id" = Option<String>, Query, description = "A course project"),
        ("since" = Option<String>, Query, description = "Those that came then or later, RFC 3339"),
        ("until" = Option<String>, Query, description = "Those that came before then"),
    ),
    responses(
        (status = 200, description = "A page of events", body = Many<EventView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.events", skip_all)]
pub(crate) async fn list_events(teacher: Teacher) -> Answer {
    let EventsQuery { limit, cursor, status, r#type, project_id, since, until } =
        teacher.query()?;
    let fields = FilterFields { status, r#type, project_id, since, until };
    page(&teacher, fields, None, (limit.as_deref(), cursor.as_deref())).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    limit: Option<String>,
    cursor: Option<String>,
}

/// What was given up, newest first, with the reasons.
#[utoipa::path(
    get,
    path = "/api/v1/events/dead-letters",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("limit" = Option<u8>, Query, description = "1 to 100; 25 when nothing is said"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of dead letters", body = Many<EventView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.dead_letters", skip_all)]
pub(crate) async fn dead_letters(teacher: Teacher) -> Answer {
    let PageQuery { limit, cursor } = teacher.query()?;
    let fields = FilterFields { status: Some(State::DEAD.to_owned()), ..FilterFields::default() };
    page(&teacher, fields, None, (limit.as_deref(), cursor.as_deref())).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamEventsQuery {
    limit: Option<String>,
    cursor: Option<String>,
    status: Option<String>,
    r#type: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

/// What hosts delivered about the projects of a team, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/events",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("limit" = Option<u8>, Query, description = "1 to 100; 25 when nothing is said"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
        ("status" = Option<String>, Query, description = "`pending`, `processed`, `ignored` or `dead`"),
        ("type" = Option<String>, Query, description = "The kind of event"),
        ("since" = Option<String>, Query, description = "Those that came then or later, RFC 3339"),
        ("until" = Option<String>, Query, description = "Those that came before then"),
    ),
    responses(
        (status = 200, description = "A page of events", body = Many<EventView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.events", skip_all)]
pub(crate) async fn of_team(teacher: Teacher) -> Answer {
    let team: TeamId = teacher.segment("teamId", "team")?;
    let TeamEventsQuery { limit, cursor, status, r#type, since, until } = teacher.query()?;
    let fields = FilterFields { status, r#type, project_id: None, since, until };
    page(&teacher, fields, Some(team), (limit.as_deref(), cursor.as_deref())).await
}

/// A page of what came: about a team, or everything.
async fn page(
    teacher: &Teacher,
    fields: FilterFields,
    team: Option<TeamId>,
    (most, cursor): (Option<&str>, Option<&str>),
) -> Answer {
    let filter = fields.parse()?;
    let limit = limit(most)?;
    let mut named = fields.named();
    named.extend(team.map(|it| ("team", it.to_string())));
    let pager = Pager::of(teacher, limit, named);
    let before = cursor.map(|it| pager.open::<IntakeId>(teacher, it)).transpose()?;
    let (before, most) = (before.map(|it| it.id), limit.get() + 1);
    let (teaching, caller) = (teacher.teaching(), &teacher.caller);
    let found = match team {
        Some(team) => teaching.team_events(caller, team, &filter, before, most).await?,
        None => teaching.events(caller, &filter, before, most).await?,
    };
    pager.many(teacher, found, |it| (it.id.to_string(), String::new()), |it| EventView::from(&it))
}

/// One event, with its headers, its body and its tries.
#[utoipa::path(
    get,
    path = "/api/v1/events/{eventId}",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("eventId" = String, Path, description = "The event's id")),
    responses(
        (status = 200, description = "The event", body = One<EventDetailView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.event", skip_all)]
pub(crate) async fn find_event(teacher: Teacher) -> Answer {
    let id: IntakeId = teacher.segment("eventId", "event")?;
    let found = teacher.teaching().event(&teacher.caller, id).await?;
    Ok(teacher.one(StatusCode::OK, EventDetailView::from(found))?.send())
}

/// How intake is doing: what must add up, the lag, and what came lately.
#[utoipa::path(
    get,
    path = "/api/v1/events/stats",
    tag = "Events of courses",
    security(("teacher_token" = []), ("user_session" = [])),
    responses(
        (status = 200, description = "The numbers", body = One<NumbersView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Only those who administer the organisation may", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.event_stats", skip_all)]
pub(crate) async fn stats(teacher: Teacher) -> Answer {
    let numbers = teacher.teaching().event_numbers(&teacher.caller).await?;
    Ok(teacher.one(StatusCode::OK, NumbersView::from(numbers))?.send())
}
