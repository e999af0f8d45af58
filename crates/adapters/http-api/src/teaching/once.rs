//! `Idempotency-Key`: a request that is sent again has its effect once.
//!
//! The first answer is kept for 24 hours, sealed, and given again to the same
//! caller for the same route and body. The work goes on when its client is
//! gone, so that a client that lost the connection finds the answer.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::HeaderName},
    rt,
    web::Bytes,
};
use lodge_gateway::audit::whence;
use lodge_teaching::once::{Once, OnceKey};
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use super::{
    caller::Teacher,
    problem::{Refusal, RefusalCode},
    respond::{Answer, Reply},
};
use crate::problem::Problem;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What is kept of an answer.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    revision: Option<u64>,
    location: Option<String>,
    body: String,
}

/// Does `work` once for each key of the caller; each time when there is none.
pub(crate) async fn once<W, F>(teacher: Teacher, body: Bytes, work: W) -> Answer
where
    W: FnOnce(Teacher, Bytes) -> F + 'static,
    F: Future<Output = Result<Reply, Refusal>> + 'static,
{
    let Some(key) = key(&teacher)? else { return Ok(work(teacher, body).await?.send()) };
    let place = format!("{} {}", teacher.request.method(), teacher.request.uri());
    let begun = teacher.teaching().begin_once(&teacher.caller, &place, &key, &body).await?;
    let key = match begun {
        Once::Begun(key) => key,
        Once::Answered(kept) => return again(&kept),
        Once::Other => {
            let message = "this `Idempotency-Key` was used for another request: take a new one";
            return Err(Refusal::new(RefusalCode::Conflict, message));
        }
        Once::Running => {
            let message = "the first request with this `Idempotency-Key` has no answer yet: \
                           wait, or look whether it was done";
            return Err(Refusal::new(RefusalCode::Conflict, message));
        }
    };
    // A client that hangs up ends its own request, but not what was begun.
    let task = whence::scope(whence::current(), finish(teacher, body, key, work));
    rt::spawn(task.in_current_span()).await.map_err(|error| Problem::internal(&error))?
}

async fn finish<W, F>(teacher: Teacher, body: Bytes, key: OnceKey, work: W) -> Answer
where
    W: FnOnce(Teacher, Bytes) -> F,
    F: Future<Output = Result<Reply, Refusal>>,
{
    let done = work(teacher.clone(), body).await;
    let teaching = teacher.teaching();
    match done {
        Ok(reply) => {
            let kept = Kept {
                status: reply.status.as_u16(),
                revision: reply.revision,
                location: reply.location.clone(),
                body: String::from_utf8_lossy(&reply.body).into_owned(),
            };
            let kept = serde_json::to_vec(&kept).map_err(|error| Problem::internal(&error))?;
            teaching.keep_once(&key, &kept).await?;
            Ok(reply.send())
        }
        Err(refusal) => {
            // Nothing has changed: what is corrected may come with the same key.
            teaching.release_once(&key).await?;
            Err(refusal)
        }
    }
}

fn again(kept: &[u8]) -> Answer {
    let kept: Kept = serde_json::from_slice(kept).map_err(|error| Problem::internal(&error))?;
    let Kept { status, revision, location, body } = kept;
    let status = StatusCode::from_u16(status).map_err(|error| Problem::internal(&error))?;
    let mut response: HttpResponse =
        Reply { status, revision, role: None, location, body: body.into_bytes() }.send();
    let yes = actix_web::http::header::HeaderValue::from_static("true");
    response.headers_mut().insert(REPLAYED, yes);
    Ok(response)
}

fn key(teacher: &Teacher) -> Result<Option<String>, Refusal> {
    let Some(value) = teacher.request.headers().get(KEY) else { return Ok(None) };
    let text = value.to_str().ok().filter(|it| (1..=255).contains(&it.len()));
    let unusable = || Refusal::invalid("an `Idempotency-Key` has 1 to 255 visible characters");
    text.map(|it| Some(it.to_owned())).ok_or_else(unusable)
}
