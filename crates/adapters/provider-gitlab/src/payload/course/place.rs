//! `GET /groups/:id`, `…/subgroups`, `…/projects` and `GET /projects/:id`.
//!
//! Source: <https://docs.gitlab.com/api/groups/>,
//! <https://docs.gitlab.com/api/projects/>, API v4.

use lodge_forge::RepositoryId;
use lodge_provider::{RemoteGroup, RemoteProject};
use lodge_provider_kit::Text;
use serde::Deserialize;

use crate::payload::{filled, plain};

#[derive(Debug, Deserialize)]
pub(crate) struct GroupPayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    full_path: Option<Text<'a>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

impl GroupPayload<'_> {
    pub(crate) fn into_group(self) -> RemoteGroup {
        RemoteGroup {
            id: self.id.to_string(),
            name: plain(self.name),
            path: plain(self.full_path),
            web_url: filled(self.web_url),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct ProjectPayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    path_with_namespace: Option<Text<'a>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

impl ProjectPayload<'_> {
    /// `None` when the id cannot be one.
    pub(crate) fn into_project(self) -> Option<RemoteProject> {
        Some(RemoteProject {
            id: RepositoryId::parse(&self.id.to_string()).ok()?,
            name: plain(self.name),
            path: plain(self.path_with_namespace),
            web_url: filled(self.web_url),
        })
    }
}
