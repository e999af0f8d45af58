//! `GET /api/v1/jobs/{jobId}/stream`

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use actix_web::{
    HttpResponse,
    http::{Method, StatusCode, header},
    web::{Bytes, Data},
};
use futures_util::stream;
use lodge_jobs::Job;
use serde::Deserialize;
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::{
    streams::{Encoded, Signal, Topic},
    told::{HEARTBEAT, retry},
};
use crate::{
    Surface,
    teaching::{
        caller::Teacher,
        problem::{Refusal, RefusalBody},
        respond::Answer,
    },
};

/// How long a listener waits that could not read the database.
const PAUSE: Duration = Duration::from_secs(1);
/// How long one answer lasts. Browsers come back by themselves, and are asked
/// anew what they may see.
const LONGEST: Duration = Duration::from_mins(15);

/// From where on.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StreamQuery {
    last_event_id: Option<String>,
}

/// What a job tells, as it tells it.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{jobId}/stream",
    tag = "Jobs",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("jobId" = String, Path, description = "The job"),
        ("last_event_id" = Option<u32>, Query, description = "Everything after this event; the header `Last-Event-ID` counts more"),
        ("Last-Event-ID" = Option<u32>, Header, description = "Everything after this event: browsers send it"),
    ),
    responses(
        (status = 200, description = "Server-sent events: `progress`, `log`, `done`, `failed`, `cancelled`, `heartbeat`", body = String, content_type = "text/event-stream"),
        (status = 204, description = "The job has ended, and everything was told: do not come back"),
        (status = 400, description = "The last event's id is no number", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The token is for less", body = RefusalBody),
        (status = 404, description = "There is no such job", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.stream_job", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let id = teacher.segment("jobId", "job")?;
    let job = teacher.teaching().find_job(&teacher.caller, id).await?;
    // A place ahead of the job is of another one: everything is told then.
    let last = last_event_id(&teacher)?;
    let last = if last > job.sequence { 0 } else { last };
    if job.state.standing().has_ended() && last == job.sequence {
        return Ok(HttpResponse::NoContent().finish());
    }
    let mut response = HttpResponse::build(StatusCode::OK);
    response
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // nginx would wait for a buffer's worth.
        .insert_header(("X-Accel-Buffering", "no"));
    if teacher.request.method() == Method::HEAD {
        return Ok(response.finish());
    }
    let listener = Listener::new(Data::clone(&teacher.surface), &job, last);
    Ok(response.streaming(stream::unfold(listener, Listener::next)))
}

/// The last event that the client has heard, 0 for none.
fn last_event_id(teacher: &Teacher) -> Result<u32, Refusal> {
    let query: StreamQuery = teacher.query()?;
    let header = teacher.request.headers().get("last-event-id");
    let header = header.map(|it| it.to_str().unwrap_or("?").to_owned());
    let Some(text) = header.or(query.last_event_id).filter(|it| !it.is_empty()) else {
        return Ok(0);
    };
    text.parse()
        .map_err(|_not_a_number| Refusal::invalid("the last event's id is the number after `id:`"))
}

/// One client that listens.
struct Listener {
    surface: Data<Surface>,
    topic: Arc<Topic>,
    signal: watch::Receiver<Signal>,
    last: u32,
    beats: u32,
    /// What is still to be sent.
    waiting: VecDeque<Encoded>,
    /// When the answer ends, whatever the job does.
    until: Instant,
    /// Nothing was sent yet.
    fresh: bool,
    /// The job's last event was sent.
    over: bool,
}

impl Listener {
    fn new(surface: Data<Surface>, job: &Job, last: u32) -> Self {
        let (topic, signal) = surface.job_streams.listen(job);
        let beats = signal.borrow().beats;
        let waiting = VecDeque::new();
        let until = Instant::now() + LONGEST;
        Self { surface, topic, signal, last, beats, waiting, until, fresh: true, over: false }
    }

    /// The next piece of the answer. It is asked for when the one before was
    /// written: a slow client holds up nobody, and nothing piles up for it.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        let bytes = self.piece().await?;
        Some((Ok(bytes), self))
    }

    async fn piece(&mut self) -> Option<Bytes> {
        if self.fresh {
            self.fresh = false;
            let mut chance = [0; 1];
            self.surface.teaching.entropy.fill(&mut chance);
            let [chance] = chance;
            return Some(retry(chance));
        }
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.last = event.sequence;
                self.over = event.is_last;
                return Some(event.bytes);
            }
            let signal = *self.signal.borrow_and_update();
            if self.over || signal.over || Instant::now() >= self.until {
                return None;
            }
            if self.last < signal.head {
                match self.topic.after(&self.surface.teaching, self.last).await {
                    // They were cleaned up meanwhile.
                    Ok(events) if events.is_empty() => return None,
                    Ok(events) => self.waiting.extend(events),
                    Err(error) => {
                        tracing::warn!(%error, "a listener of a job has to wait");
                        sleep(PAUSE).await;
                    }
                }
                continue;
            }
            if signal.beats != self.beats {
                self.beats = signal.beats;
                return Some(HEARTBEAT);
            }
            self.signal.changed().await.ok()?;
        }
    }
}
