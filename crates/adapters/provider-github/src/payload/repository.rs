//! `Repository`, from `GET /user/repos`, and `Full Repository`, from
//! `GET /repositories/{id}`.
//!
//! Source: <https://docs.github.com/en/rest/repos/repos#get-a-repository>,
//! API version 2022-11-28.

use lodge_forge::{
    NameError, ProviderName, Repository, RepositoryId, RepositoryPermissions, Visibility,
};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{filled, instant};

#[derive(Debug, Deserialize)]
pub(crate) struct RepositoryPayload<'a> {
    id: u64,
    #[serde(borrow)]
    full_name: Text<'a>,
    description: Option<Text<'a>>,
    default_branch: Option<Text<'a>>,
    visibility: Option<Text<'a>>,
    private: Option<bool>,
    archived: Option<bool>,
    fork: Option<bool>,
    parent: Option<ParentPayload>,
    language: Option<Text<'a>>,
    /// In KiB, worked out about once an hour.
    size: Option<u64>,
    clone_url: Option<Text<'a>>,
    html_url: Option<Text<'a>>,
    created_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
    pushed_at: Option<Text<'a>>,
    permissions: Option<PermissionsPayload>,
}

#[derive(Debug, Deserialize)]
struct ParentPayload {
    id: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PermissionsPayload {
    pull: bool,
    push: bool,
    admin: bool,
}

/// `GET /user/installations`: what a GitHub App may see, account by account.
#[derive(Debug, Deserialize)]
pub(crate) struct InstallationsPayload<'a> {
    #[serde(borrow)]
    pub(crate) installations: Few<InstallationPayload<'a>, 100>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct InstallationPayload<'a> {
    pub(crate) id: u64,
    #[serde(borrow)]
    pub(crate) suspended_at: Option<Text<'a>>,
}

/// `GET /user/installations/{id}/repositories`.
#[derive(Debug, Deserialize)]
pub(crate) struct InstalledPayload<'a> {
    #[serde(borrow)]
    pub(crate) repositories: Few<RepositoryPayload<'a>, 100>,
}

impl RepositoryPayload<'_> {
    pub(crate) fn into_default_branch(self) -> Option<String> {
        filled(self.default_branch)
    }

    pub(crate) fn into_repository(self, provider: ProviderName) -> Result<Repository, NameError> {
        let native_id = self.id.to_string();
        let (namespace, name) = self.full_name.rsplit_once('/').unwrap_or(("", &self.full_name));
        Ok(Repository {
            id: RepositoryId::parse(&native_id)?,
            provider,
            native_id,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            description: filled(self.description),
            default_branch: filled(self.default_branch),
            visibility: match (self.visibility.as_deref(), self.private) {
                (Some("public"), _) | (None, Some(false)) => Visibility::Public,
                (Some("internal"), _) => Visibility::Internal,
                _ => Visibility::Private,
            },
            archived: self.archived,
            fork: self.fork,
            parent_id: self.parent.map(|it| it.id.to_string()),
            language: filled(self.language),
            size_bytes: self.size.map(|it| it.saturating_mul(1024)),
            object_format: None,
            clone_url: filled(self.clone_url),
            web_url: filled(self.html_url),
            created_at: instant(self.created_at),
            updated_at: instant(self.updated_at),
            pushed_at: instant(self.pushed_at),
            permissions: self.permissions.map(|it| RepositoryPermissions {
                read: it.pull,
                write: it.push,
                admin: it.admin,
            }),
            full_name: self.full_name.into(),
        })
    }
}
