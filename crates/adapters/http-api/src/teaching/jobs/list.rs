//! `GET /api/v1/jobs/`

use lodge_jobs::{KindName, Standing};
use lodge_kernel::{CourseId, JobId};
use lodge_storage::JobFilter;
use serde::Deserialize;

use super::view::JobView;
use crate::{
    query::limit,
    teaching::{
        caller::Teacher,
        page::Pager,
        problem::{Refusal, RefusalBody},
        respond::{Answer, Many},
    },
};

/// Which jobs are meant.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobQuery {
    limit: Option<String>,
    cursor: Option<String>,
    course_id: Option<String>,
    kind: Option<String>,
    state: Option<String>,
}

impl JobQuery {
    fn filter(&self) -> Result<JobFilter, Refusal> {
        let course = self.course_id.as_deref();
        let course: Option<CourseId> = course
            .map(|it| it.parse().map_err(|_not_an_id| Refusal::missing("course")))
            .transpose()?;
        let standing = self.state.as_deref().map(|name| {
            Standing::parse(name).ok_or_else(|| {
                let words: Vec<_> = Standing::ALL.into_iter().map(Standing::name).collect();
                Refusal::invalid(format!("`state` is one of {}", words.join(", ")))
            })
        });
        let standing = standing.transpose()?;
        let kind = self.kind.as_deref().map(KindName::parse).transpose();
        let kind = kind.map_err(|error| Refusal::invalid(format!("`kind`: {error}")))?;
        Ok(JobFilter { tenants: Vec::new(), course, kind, standing })
    }

    /// What a cursor is bound to.
    fn named(&self) -> Vec<(&'static str, String)> {
        let all = [("course", &self.course_id), ("kind", &self.kind), ("state", &self.state)];
        all.into_iter().filter_map(|(name, it)| Some((name, it.clone()?))).collect()
    }
}

/// Jobs, the newest first: of a course, for its teachers; of the organisation,
/// for its administrators.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/",
    tag = "Jobs",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("course_id" = Option<String>, Query, description = "Those about this course"),
        ("kind" = Option<String>, Query, description = "Those of this kind"),
        ("state" = Option<String>, Query, description = "queued, running, done, failed, cancelled or dead"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<JobView>),
        (status = 400, description = "A parameter cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is no such course", body = RefusalBody),
        (status = 422, description = "A course must be named", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.list_jobs", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let query: JobQuery = teacher.query()?;
    let limit = limit(query.limit.as_deref())?;
    let pager = Pager::of(&teacher, limit, query.named());
    let cursor = query.cursor.as_deref();
    let before = cursor.map(|it| pager.open::<JobId>(&teacher, it)).transpose()?.map(|it| it.id);
    let filter = query.filter()?;
    let found = teacher.teaching().list_jobs(&teacher.caller, filter, before, limit.get() + 1);
    pager.many(&teacher, found.await?, |it| (it.id.to_string(), String::new()), JobView::from)
}
