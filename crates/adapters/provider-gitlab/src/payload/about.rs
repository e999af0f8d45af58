//! What a delivery is about: the frame that all bodies share, of webhooks and
//! of system hooks.
//!
//! Source: <https://docs.gitlab.com/user/project/integrations/webhook_events/>,
//! <https://docs.gitlab.com/administration/system_hooks/>.

use lodge_intake::Kind;
use lodge_provider::{About, BoxError};
use lodge_provider_kit::{Text, read_json};
use serde::Deserialize;

use super::filled;

/// The frame. Everything else is passed over without being kept.
#[derive(Debug, Deserialize)]
struct FramePayload<'a> {
    #[serde(borrow)]
    object_kind: Option<Text<'a>>,
    #[serde(borrow)]
    event_name: Option<Text<'a>>,
    project_id: Option<u64>,
    #[serde(borrow)]
    path_with_namespace: Option<Text<'a>>,
    #[serde(borrow)]
    project: Option<PlacePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    path_with_namespace: Option<Text<'a>>,
}

fn kind(word: &str) -> Kind {
    match word {
        "push" => Kind::Push,
        "tag_push" => Kind::Tag,
        "merge_request" => Kind::MergeRequest,
        "note" => Kind::Note,
        "issue" | "work_item" => Kind::Issue,
        "pipeline" => Kind::Pipeline,
        "build" => Kind::Job,
        "release" => Kind::Release,
        "deployment" => Kind::Deployment,
        _ => Kind::Other,
    }
}

/// What `body` is about; `header` is what `X-Gitlab-Event` says.
///
/// # Errors
///
/// When it is not JSON, or not as GitLab writes it.
pub(crate) fn read(header: Option<&str>, body: &[u8]) -> Result<About, BoxError> {
    let frame: FramePayload<'_> = read_json(body)?;
    let word = filled(frame.object_kind).or_else(|| filled(frame.event_name));
    let word = word.as_deref().unwrap_or_default();
    let (id, path) = match frame.project {
        Some(project) => (project.id, filled(project.path_with_namespace)),
        None => (None, None),
    };
    let id = id.or(frame.project_id).map(|it| it.to_string());
    let path = path.or_else(|| filled(frame.path_with_namespace));
    Ok(About::new(kind(word), header.unwrap_or(word), id, path))
}
