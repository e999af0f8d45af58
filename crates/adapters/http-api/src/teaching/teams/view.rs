//! A team and where it comes from, as answers show them and bodies name them.

use lodge_forge::ProviderName;
use lodge_teams::{Origin, Team};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{teaching::problem::Refusal, views::Time};

/// What a team or a project is at a host.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OriginView {
    /// The host's name, as `GET /v1/providers` lists it.
    host: String,
    /// The host's id of it.
    remote_id: String,
    /// Where people see it.
    web_url: Option<String>,
}

impl From<Origin> for OriginView {
    fn from(it: Origin) -> Self {
        let host = it.host.as_str().to_owned();
        Self { host, remote_id: it.remote_id, web_url: it.web_url }
    }
}

impl OriginView {
    /// The same, for the domain.
    pub(crate) fn origin(self) -> Result<Origin, Refusal> {
        let host = ProviderName::parse(&self.host)
            .map_err(|error| Refusal::field("origin.host", error.to_string()))?;
        Ok(Origin { host, remote_id: self.remote_id, web_url: self.web_url })
    }
}

/// A team.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamView {
    id: String,
    course_id: String,
    name: String,
    /// Its members and projects stay as they are.
    locked: bool,
    /// What it is at a host; absent when somebody made it here.
    origin: Option<OriginView>,
    /// `active`, or `gone` when its host has it no more.
    state: &'static str,
    revision: u64,
    created_at: Time,
    updated_at: Time,
}

impl From<Team> for TeamView {
    fn from(it: Team) -> Self {
        Self {
            id: it.id.to_string(),
            course_id: it.course.to_string(),
            name: it.name,
            locked: it.locked,
            origin: it.origin.map(OriginView::from),
            state: it.state.name(),
            revision: it.revision,
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
        }
    }
}
