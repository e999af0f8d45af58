//! `GitRepository`, from `GET /{organization}/_apis/git/repositories`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/repositories/list>,
//! API version 7.1.

use lodge_forge::{ProviderName, Repository, Visibility};
use serde::Deserialize;

use super::{Text, short_name};
use crate::place;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoryPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) project: Option<ProjectPayload<'a>>,
    #[serde(borrow)]
    default_branch: Option<Text<'a>>,
    #[serde(borrow)]
    remote_url: Option<Text<'a>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
    #[serde(borrow)]
    parent_repository: Option<ParentPayload<'a>>,
    size: Option<u64>,
    is_disabled: Option<bool>,
    is_fork: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ProjectPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    visibility: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ParentPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

impl RepositoryPayload<'_> {
    /// The default branch, without `refs/heads/`.
    pub(crate) fn default_branch(&self) -> Option<String> {
        self.default_branch.as_ref().map(|it| short_name(it).to_owned())
    }

    /// `organization/project/name`.
    pub(crate) fn full_name(&self, organization: &str) -> Option<String> {
        let project = self.project.as_ref()?.name.as_ref()?;
        Some(format!("{organization}/{}/{}", &**project, &**self.name.as_ref()?))
    }

    /// The repository in unified words. `None` for one whose id is none.
    pub(crate) fn into_repository(
        self,
        provider: &ProviderName,
        organization: &str,
    ) -> Option<Repository> {
        let default_branch = self.default_branch();
        let name = self.name.map(Text::into_owned).unwrap_or_default();
        let (project, visibility) = match self.project {
            Some(project) => (project.name.map(Text::into_owned), project.visibility),
            None => (None, None),
        };
        let namespace = match project {
            Some(project) => format!("{organization}/{project}"),
            None => organization.to_owned(),
        };
        let parent = self.parent_repository.and_then(|it| it.id);
        Some(Repository {
            id: place::id(organization, &self.id)?,
            provider: provider.clone(),
            native_id: self.id.into_owned(),
            full_name: format!("{namespace}/{name}"),
            namespace,
            name,
            description: None,
            default_branch,
            visibility: match visibility.as_deref() {
                Some("public") => Visibility::Public,
                Some("organization") => Visibility::Internal,
                _ => Visibility::Private,
            },
            archived: self.is_disabled,
            fork: self.is_fork,
            parent_id: parent.and_then(|it| Some(place::id(organization, &it)?.to_string())),
            language: None,
            size_bytes: self.size,
            object_format: None,
            clone_url: self.remote_url.and_then(Text::filled),
            web_url: self.web_url.and_then(Text::filled),
            created_at: None,
            updated_at: None,
            pushed_at: None,
            permissions: None,
        })
    }
}
