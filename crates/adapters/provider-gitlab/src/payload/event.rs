//! What a webhook delivers.
//!
//! Source: <https://docs.gitlab.com/user/project/integrations/webhook_events/>,
//! API v4. Every kind of event has a body of its own; here is what they share.

mod check;
mod deployment;
mod pull_request;
mod push;
mod release;

use lodge_forge::{Event, EventKind, ProviderName, RepositoryId, Subject};
use lodge_kernel::Timestamp;
use lodge_provider::BoxError;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, filled, profile::PersonPayload};

/// What every body has.
#[derive(Debug, Deserialize)]
struct KindPayload<'a> {
    #[serde(borrow)]
    object_kind: Option<Text<'a>>,
    project_id: Option<u64>,
    #[serde(borrow)]
    project: Option<PlacePayload<'a>>,
    object_attributes: Option<TargetPayload>,
    #[serde(borrow)]
    user: Option<PersonPayload<'a>>,
    #[serde(borrow)]
    user_username: Option<Text<'a>>,
    #[serde(borrow)]
    user_name: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    path_with_namespace: Option<Text<'a>>,
}

/// Where a merge request goes. Old versions name the project nowhere else.
#[derive(Debug, Deserialize)]
struct TargetPayload {
    target_project_id: Option<u64>,
}

/// What one kind of body tells. `None` for what has no unified kind.
type Told = Option<(EventKind, Option<Timestamp>, Subject)>;

/// What `body` tells. Nothing for an event that has no unified kind.
///
/// # Errors
///
/// When it is not GitLab's.
pub(crate) fn read(provider: ProviderName, body: &[u8]) -> Result<Vec<Event>, BoxError> {
    let kind: KindPayload<'_> = serde_json::from_slice(body)?;
    let told = match kind.object_kind.as_deref() {
        Some("push") => push::branch(body)?,
        Some("tag_push") => push::tag(body)?,
        Some("merge_request") => pull_request::read(body)?,
        Some("pipeline") => check::pipeline(body)?,
        Some("build") => check::job(body)?,
        Some("release") => release::read(body)?,
        Some("deployment") => deployment::read(body)?,
        _ => None,
    };
    let Some((event, occurred_at, subject)) = told else { return Ok(Vec::new()) };
    let (id, name) = match kind.project {
        Some(project) => (project.id, filled(project.path_with_namespace)),
        None => (None, None),
    };
    let target = kind.object_attributes.and_then(|it| it.target_project_id);
    let id = id.or(kind.project_id).or(target).ok_or("it names no project")?;
    let actor = kind.user.and_then(PersonPayload::called);
    Ok(vec![Event {
        kind: event,
        provider,
        repository: RepositoryId::parse(&id.to_string())?,
        repository_name: name,
        occurred_at,
        actor: actor.or_else(|| filled(kind.user_username)).or_else(|| filled(kind.user_name)),
        subject,
    }])
}

/// A hash, unless it is the zeros that stand for nothing.
pub(crate) fn something(sha: Option<Text<'_>>) -> Option<String> {
    filled(sha).filter(|it| it.bytes().any(|byte| byte != b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_body_makes_the_reader_panic(
            kind in "push|tag_push|merge_request|pipeline|build|release|deployment|[a-z]{0,9}",
            name in "ref|before|commits|object_attributes|status|tag|action|environment",
            value in "null|7|-1|\"\"|\"é\"|\"refs/heads/\"|\"create\"|\\[\\]|\\[7\\]|\\{\\}|\\{\"id\":1,\"iid\":2\\}",
            bytes: Vec<u8>,
        ) {
            let gitlab = ProviderName::parse("gitlab").unwrap();
            let body = format!(r#"{{"object_kind":"{kind}","project_id":7,"{name}":{value}}}"#);
            let _ = read(gitlab.clone(), body.as_bytes());
            let _ = read(gitlab, &bytes);
        }
    }
}
