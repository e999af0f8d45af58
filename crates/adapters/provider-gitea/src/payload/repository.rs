//! `Repository`, from `GET /user/repos` and `GET /repositories/{id}`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoGetByID>.

use lodge_forge::{
    ProviderName, Repository, RepositoryId, RepositoryPermissions, Resource, Visibility,
};
use lodge_provider::ProviderError;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{count, filled, instant};
use crate::place::Place;

#[derive(Debug, Deserialize)]
pub(crate) struct RepositoryPayload<'a> {
    id: u64,
    #[serde(borrow)]
    full_name: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    default_branch: Option<Text<'a>>,
    empty: Option<bool>,
    private: Option<bool>,
    internal: Option<bool>,
    archived: Option<bool>,
    fork: Option<bool>,
    parent: Option<ParentPayload>,
    #[serde(borrow)]
    language: Option<Text<'a>>,
    /// In KiB.
    size: Option<i64>,
    #[serde(borrow)]
    object_format_name: Option<Text<'a>>,
    #[serde(borrow)]
    clone_url: Option<Text<'a>>,
    #[serde(borrow)]
    html_url: Option<Text<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    updated_at: Option<Text<'a>>,
    permissions: Option<PermissionsPayload>,
}

#[derive(Debug, Deserialize)]
struct ParentPayload {
    id: u64,
}

#[derive(Debug, Deserialize)]
struct PermissionsPayload {
    admin: Option<bool>,
    push: Option<bool>,
    pull: Option<bool>,
}

/// What events tell of a repository.
#[derive(Debug, Deserialize)]
pub(crate) struct RepositoryNamePayload<'a> {
    pub(crate) id: u64,
    #[serde(borrow)]
    pub(crate) full_name: Text<'a>,
}

impl RepositoryPayload<'_> {
    pub(crate) fn into_repository(
        self,
        provider: &ProviderName,
    ) -> Result<Repository, ProviderError> {
        let place = self.place()?;
        Ok(Repository {
            id: repository_id(self.id)?,
            provider: provider.clone(),
            native_id: self.id.to_string(),
            full_name: self.full_name.into(),
            namespace: place.owner,
            name: self.name.into(),
            description: filled(self.description),
            default_branch: place.default_branch,
            visibility: match (self.private, self.internal) {
                (Some(true), _) => Visibility::Private,
                (_, Some(true)) => Visibility::Internal,
                _ => Visibility::Public,
            },
            archived: self.archived,
            fork: self.fork,
            parent_id: self.parent.map(|it| it.id.to_string()),
            language: filled(self.language),
            size_bytes: count(self.size).map(|it| it.saturating_mul(1024)),
            object_format: filled(self.object_format_name),
            clone_url: filled(self.clone_url),
            web_url: filled(self.html_url),
            created_at: instant(self.created_at.as_ref()),
            updated_at: instant(self.updated_at.as_ref()),
            pushed_at: None,
            permissions: self.permissions.map(|it| RepositoryPermissions {
                read: it.pull.unwrap_or_default(),
                write: it.push.unwrap_or_default(),
                admin: it.admin.unwrap_or_default(),
            }),
        })
    }

    /// Where it is.
    pub(crate) fn place(&self) -> Result<Place, ProviderError> {
        let Some((owner, name)) = self.full_name.split_once('/') else {
            return Err(ProviderError::Malformed {
                resource: Resource::Repositories,
                source: "its full name has no owner".into(),
            });
        };
        // An empty repository has a default branch that is not there.
        let default_branch = self.default_branch.as_deref().filter(|it| !it.is_empty());
        let default_branch = default_branch.filter(|_| self.empty != Some(true));
        Ok(Place {
            owner: owner.to_owned(),
            name: name.to_owned(),
            default_branch: default_branch.map(str::to_owned),
        })
    }
}

/// Numbers are ids of their own.
pub(crate) fn repository_id(number: u64) -> Result<RepositoryId, ProviderError> {
    RepositoryId::parse(&number.to_string()).map_err(|error| ProviderError::Malformed {
        resource: Resource::Repositories,
        source: error.into(),
    })
}
